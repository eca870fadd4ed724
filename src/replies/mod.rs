//! Replies: acknowledgements, receipts, alerts; the outbox's contents; and what carries them.

pub mod addressee;
pub mod blackout;
pub mod bundle;
pub mod chat;
pub mod council;
pub mod courier;
pub mod disposition;
pub mod folder;
pub mod guard;
pub mod letters;
pub mod mime;
pub mod paper;
pub mod press;
pub mod quotation;
pub mod render;
pub mod smtp;
pub mod telegram;
pub mod token;
pub mod tracking;
pub mod written;
