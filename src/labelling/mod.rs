//! The machine's suggestion: what a message is, how sure, and because of which sentence. Never a decision.

pub mod bert;
pub mod classifier;
pub mod heads;
pub mod labels;
pub mod metrics;
pub mod text;
