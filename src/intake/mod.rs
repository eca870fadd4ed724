//! Intake: bytes from a source, stored with their position before anything else, then read.

pub mod imap;
pub mod mailbox;
pub mod prepare;
pub mod reading;
pub mod settle;
pub mod telegram;
