//! Intake: bytes from a source, stored with their position before anything else, then read.

pub mod body;
pub mod bounce;
pub mod chat_file;
pub mod containers;
pub mod files;
pub mod folder;
pub mod forward;
pub mod header_block;
pub mod headers;
pub(crate) mod html;
pub mod imap;
pub mod mailbox;
pub mod outline;
pub mod parse;
pub mod prepare;
pub mod reading;
pub mod repair;
pub mod screen;
pub mod settle;
pub mod shared_domains;
pub mod strip;
pub mod telegram;
