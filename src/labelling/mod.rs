//! The machine's suggestion: what a message is, how sure, and because of which sentence. Never a decision.

pub mod blend;
pub mod calibrate;
pub mod choose;
pub mod classifier;
pub mod context;
pub mod cross;
pub mod danger;
pub mod e5;
pub mod evaluate;
pub mod families;
pub mod fit;
pub mod heads;
pub mod heads_file;
pub mod kept;
pub mod labels;
pub mod language;
pub mod local;
pub mod metrics;
pub mod policy;
pub mod prepared;
pub mod rows;
pub mod stack;
pub mod text;
pub mod train;
pub mod tuned;
pub mod words;
