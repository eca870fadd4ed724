//! Replies: acknowledgements, receipts, alerts; the outbox's contents; and what carries them.

pub mod addressee;
pub mod courier;
pub mod guard;
pub mod letters;
pub mod render;
pub mod token;
pub mod folder;
pub mod mime;
pub mod smtp;
