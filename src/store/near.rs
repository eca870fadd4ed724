//! Cases that a message may be about although it points at none: those of its author, and those of people who bear the names
//! in it.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::{ids::Uuid, intake::reading::Reading, labelling::labels::Suggestion};

/// Cases of one author that are looked at, the latest first.
const OF_AUTHOR: i64 = 12;
/// Cases with the same names that are looked at: those with most of them first, and of as many the latest.
const BY_NAMES: i64 = 8;
/// Messages of a case that are looked at, the latest first.
const MESSAGES: i64 = 12;

statements! {
    near_of_author = "SELECT c.id FROM case_file c WHERE c.id IN (
    SELECT p.case_id FROM case_participant p JOIN contact_address a ON a.contact_id = p.contact_id WHERE a.address = $1 AND p.role <> 'named'
    UNION SELECT m.case_id FROM representation r JOIN case_message m ON m.representation_id = r.id WHERE r.author_address = $1)
  ORDER BY c.received_at DESC, c.id LIMIT $2";
    near_by_names = "SELECT c.id FROM case_file c JOIN (
    SELECT n.case_id, count(*) AS shared FROM case_name n WHERE n.name IN (SELECT value FROM json_each($1)) GROUP BY n.case_id) s ON s.case_id = c.id
  ORDER BY s.shared DESC, c.received_at DESC, c.id LIMIT $2"
        | "SELECT c.id FROM case_file c JOIN (
    SELECT n.case_id, count(*) AS shared FROM case_name n WHERE n.name IN (SELECT jsonb_array_elements_text(CAST($1 AS jsonb))) GROUP BY n.case_id) s ON s.case_id = c.id
  ORDER BY s.shared DESC, c.received_at DESC, c.id LIMIT $2";
    near_messages = "SELECT c.status, c.act, r.mailbox, r.channel, r.author_name, r.author_address, r.received_at, r.reading, s.body FROM case_file c
  JOIN case_message m ON m.case_id = c.id JOIN representation r ON r.id = m.representation_id LEFT JOIN suggestion s ON s.representation_id = r.id
  WHERE c.id = $1 AND m.relation <> 'automatic' ORDER BY r.received_at DESC, r.id LIMIT $2";
    near_turn = "SELECT CAST($1 AS TEXT) AS turn" | "SELECT CAST(pg_advisory_xact_lock(hashtextextended($1, 0)) AS TEXT) AS turn";
    near_name_put = "INSERT INTO case_name (name, case_id) VALUES ($1,$2) ON CONFLICT (name, case_id) DO NOTHING";
}

/// One message of a case, with what is known of the case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Said {
    /// The case's state.
    pub status: String,
    /// The case's act.
    pub act: String,
    /// Where the message was found.
    pub mailbox: String,
    /// How it came.
    pub channel: String,
    /// Its author's name.
    pub author_name: Option<String>,
    /// Its author's address.
    pub author_address: Option<String>,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// What was read.
    pub reading: Json<Reading>,
    /// What the machine thought of it.
    pub body: Option<Json<Suggestion>>,
}

/// Waits until no other program settles a message of this author, and keeps others waiting until the transaction ends: what
/// a family sends to five mailboxes at once must not open five cases. On SQLite whoever writes is alone anyhow.
pub async fn take_turn(tx: &mut Tx, address: &str) -> Stored<()> {
    fetch!(tx, near_turn, (String,), one, address.to_lowercase()).map(|_| ())
}

/// The cases in which this address is a party's, or has written.
pub async fn of_author(tx: &mut Tx, address: &str) -> Stored<Vec<Uuid>> {
    let rows = fetch!(tx, near_of_author, (Uuid,), all, address.to_lowercase(), OF_AUTHOR)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// The cases whose people bear some of these names.
pub async fn by_names(tx: &mut Tx, names: &[String]) -> Stored<Vec<Uuid>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let names = serde_json::Value::from(names).to_string();
    Ok(fetch!(tx, near_by_names, (Uuid,), all, names, BY_NAMES)?.into_iter().map(|row| row.0).collect())
}

/// What was said in a case, the latest first; machines' messages left out.
pub async fn said(tx: &mut Tx, case: Uuid) -> Stored<Vec<Said>> {
    fetch!(tx, near_messages, Said, all, case, MESSAGES)
}

/// From now on the case is found by these names.
pub async fn add_names(tx: &mut Tx, case: Uuid, names: &[String]) -> Stored<()> {
    for name in names {
        execute!(tx, near_name_put, name, case)?;
    }
    Ok(())
}
