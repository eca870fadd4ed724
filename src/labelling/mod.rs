//! The machine's suggestion: what a message is, how sure, and because of which sentence. Never a decision.

pub mod bert;
pub mod classifier;
pub mod evaluate;
pub mod fit;
pub mod heads;
pub mod heads_file;
pub mod labels;
pub mod local;
pub mod metrics;
pub mod policy;
pub mod rows;
pub mod text;
pub mod train;
