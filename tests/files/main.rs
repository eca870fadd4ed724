//! Files that come with messages, end to end: from the mail to the officer's computer, on SQLite and (where
//! `HEARD_TEST_POSTGRES` names a server) on Postgres, with a real clamd and a real openssl.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod big;
#[path = "../support/clamd.rs"]
mod clamd;

mod council;
#[path = "../support/databases.rs"]
mod databases;
mod kills;
mod limits;
mod road;
mod samples;
mod sealed;
