//! The desk and what stands behind it: accounts, cases, letters, clocks, rights and reports, on SQLite and Postgres.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "../support/council.rs"]
mod council;
#[path = "../support/databases.rs"]
mod databases;
#[path = "../support/mail_server.rs"]
mod mail_server;
#[path = "../support/outloud.rs"]
mod outloud;
#[path = "../support/oauth.rs"]
mod token_server;
#[path = "../support/visitor.rs"]
mod visitor;

mod accounts;
mod alerts;
mod answer;
mod bundle;
mod contributions;
mod corrections;
mod course;
mod delivery;
mod desk;
mod documents;
mod floods;
mod holidays;
mod identity;
mod independence;
mod joint;
mod learning;
mod lists;
mod looked;
mod matters;
mod paper;
mod reminders;
mod roles;
mod rules;
mod safeguarding;
mod search;
mod single_sign_on;
mod statements;
mod two_heards;
mod who;
