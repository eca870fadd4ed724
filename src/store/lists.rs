//! Lists and views for pages and exports.

use super::{Stored, Tx, execute, fetch, on, statements};

statements! {
    ping = "SELECT 1 AS one";
    probe_write = "INSERT INTO forgotten (mailbox, keyed_hash) VALUES ('probe', 'probe') ON CONFLICT (mailbox, keyed_hash) DO NOTHING";
}

/// Whether the database answers.
pub async fn ping(tx: &mut Tx) -> Stored<()> {
    fetch!(tx, ping, (i32,), one).map(|_| ())
}

/// Tries a write; the caller does not commit it.
pub async fn probe_write(tx: &mut Tx) -> Stored<()> {
    execute!(tx, probe_write).map(|_| ())
}
