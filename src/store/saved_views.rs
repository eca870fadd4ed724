//! Lists that an officer keeps under a name. Every statement names the officer: nobody sees or changes another's.

use chrono::{DateTime, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::ids::Uuid;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Its key.
    pub id: Uuid,
    /// What the officer calls it.
    pub name: String,
    /// Which cases, as the word in the address.
    pub filter: String,
    /// In which order, likewise; empty for the usual one.
    pub sorted: String,
}

statements! {
    saved_list = "SELECT id, name, filter, sorted FROM saved_view WHERE officer_id = $1 ORDER BY saved_at, id";
    saved_count = "SELECT count(*) AS n FROM saved_view WHERE officer_id = $1 AND name <> $2";
    saved_put = "INSERT INTO saved_view (id, officer_id, name, filter, sorted, saved_at) VALUES ($1,$2,$3,$4,$5,$6)
  ON CONFLICT (officer_id, name) DO UPDATE SET filter = excluded.filter, sorted = excluded.sorted";
    saved_rename = "UPDATE saved_view SET name = $3 WHERE officer_id = $1 AND id = $2 AND NOT EXISTS (SELECT 1 FROM saved_view o WHERE o.officer_id = $1 AND o.name = $3 AND o.id <> $2)";
    saved_delete = "DELETE FROM saved_view WHERE officer_id = $1 AND id = $2";
}

/// The officer's, in the order in which they were saved.
pub async fn list(tx: &mut Tx, officer: Uuid) -> Stored<Vec<Row>> {
    fetch!(tx, saved_list, Row, all, officer)
}

/// How many the officer has under other names.
pub async fn others(tx: &mut Tx, officer: Uuid, name: &str) -> Stored<i64> {
    Ok(fetch!(tx, saved_count, (i64,), one, officer, name)?.0)
}

/// Keeps one; what had the name before is replaced.
pub async fn put(tx: &mut Tx, officer: Uuid, row: &Row, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, saved_put, row.id, officer, &row.name, &row.filter, &row.sorted, now).map(|_| ())
}

/// Gives one another name; false where there is none, or the name is another's.
pub async fn rename(tx: &mut Tx, officer: Uuid, id: Uuid, name: &str) -> Stored<bool> {
    Ok(execute!(tx, saved_rename, officer, id, name)? == 1)
}

/// Forgets one.
pub async fn delete(tx: &mut Tx, officer: Uuid, id: Uuid) -> Stored<()> {
    execute!(tx, saved_delete, officer, id).map(|_| ())
}
