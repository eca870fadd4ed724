//! Families' pages: in a browser, without scripts, on paper, in every language; what strangers, floods and hostile files get there.
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

mod faults;
mod figures;
mod languages;
mod proposals;
mod public_pages;
mod status;
mod survey;
mod tell_us;
mod tracker;
