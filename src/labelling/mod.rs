//! The machine's suggestion: what a message is, how sure, and because of which sentence. Never a decision.

pub mod classifier;
pub mod labels;
pub mod policy;
