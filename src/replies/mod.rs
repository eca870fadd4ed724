//! Replies: acknowledgements, receipts, alerts; the outbox's contents; and what carries them.

pub mod courier;
pub mod telegram;
