//! Lists and views for pages and exports.

use super::{Stored, Tx, fetch, on, statements};

statements! {
    ping = "SELECT 1 AS one";
}

/// Whether the database answers.
pub async fn ping(tx: &mut Tx) -> Stored<()> {
    fetch!(tx, ping, (i32,), one).map(|_| ())
}
