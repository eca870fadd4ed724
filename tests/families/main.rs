//! Families' pages: in a browser, without scripts, and as somebody who is up to no good would ask for them.
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
#[path = "../support/visitor.rs"]
mod visitor;

mod tracker;
