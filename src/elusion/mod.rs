//! Checks of what was left alone in a manager's mailbox: which messages are looked at, who may look, and what follows from
//! what was seen. Pure.
//!
//! Elusion is the share of what one looks for among what was set aside; e-discovery estimates it from a random sample. A
//! check needs the consent of the mailbox's owner. Each message of the sample is shown once to one officer, and only the
//! numbers are kept.

pub mod check;
pub mod estimate;
pub mod sample;
