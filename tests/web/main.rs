//! The officers' pages, in a browser and as text.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "../support/chromium.rs"]
mod chromium;
#[path = "../support/council.rs"]
mod council;
#[path = "../support/databases.rs"]
mod databases;
#[path = "../support/mail_server.rs"]
mod mail_server;
#[path = "../support/memory_desk/mod.rs"]
mod memory_desk;

mod browser;
mod elusion;
mod every_page;
mod govuk_macros;
mod officers;
mod pages;
mod retention;
mod settings;
mod sorting_pages;
