//! The encoder, fine-tuned to say everything the heads say: how it is built, taught, kept and asked.

pub mod file;
pub mod net;
pub mod reader;
mod short;
pub mod study;
pub mod taught;
pub mod tune;
pub mod unseen;
