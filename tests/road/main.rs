//! Mail and chat from end to end, against real servers, and the program's commands.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "../support/databases.rs"]
mod databases;
#[path = "../support/faulty_imap.rs"]
mod faulty_imap;
#[path = "../support/mail_server.rs"]
mod mail_server;
#[path = "../support/program.rs"]
mod program;
#[path = "../support/telegram.rs"]
mod standin;
#[path = "../support/oauth.rs"]
mod token_server;
#[path = "../support/town.rs"]
mod town;

mod bot;
mod bot_api;
mod bot_faults;
mod bounces;
mod chat;
mod cli;
mod demo;
mod doctor;
mod imap;
mod imap_faults;
mod limits;
mod mail;
mod mail_faults;
mod oauth_road;
mod tokens;
