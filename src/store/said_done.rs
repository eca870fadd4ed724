//! What everybody is told that was changed because of complaints. Nothing here points at a case.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::ids::Uuid;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Its key.
    pub id: Uuid,
    /// What families said.
    pub you_said: String,
    /// What the council did.
    pub we_did: String,
    /// Since when it stands there.
    pub on_day: NaiveDate,
    /// Everybody may read it.
    pub shown: bool,
}

statements! {
    said_done_all = "SELECT id, you_said, we_did, on_day, shown FROM said_done ORDER BY on_day DESC, id DESC";
    said_done_shown = "SELECT id, you_said, we_did, on_day, shown FROM said_done WHERE shown = $1 ORDER BY on_day DESC, id DESC LIMIT 50";
    said_done_put = "INSERT INTO said_done (id, you_said, we_did, on_day, shown, by_officer, changed_at) VALUES ($1,$2,$3,$4,$5,$6,$7)
  ON CONFLICT (id) DO UPDATE SET you_said = excluded.you_said, we_did = excluded.we_did, shown = excluded.shown, by_officer = excluded.by_officer, changed_at = excluded.changed_at";
    said_done_show = "UPDATE said_done SET shown = $2, by_officer = $3, changed_at = $4 WHERE id = $1";
}

/// Every line, the newest first.
pub async fn all(tx: &mut Tx) -> Stored<Vec<Row>> {
    fetch!(tx, said_done_all, Row, all)
}

/// What everybody may read, the newest first.
pub async fn shown(tx: &mut Tx) -> Stored<Vec<Row>> {
    fetch!(tx, said_done_shown, Row, all, true)
}

/// Keeps a line, a new one or with other words. The day on which it came stays.
pub async fn put(tx: &mut Tx, row: &Row, by: Uuid, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, said_done_put, row.id, &row.you_said, &row.we_did, row.on_day, row.shown, by, now).map(|_| ())
}

/// Shows a line to everybody, or to nobody any more. False where there is none.
pub async fn show(tx: &mut Tx, id: Uuid, shown: bool, by: Uuid, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, said_done_show, id, shown, by, now)? == 1)
}
