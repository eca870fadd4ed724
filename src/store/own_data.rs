//! What is held about one person: their cases, and what of each is theirs.

use chrono::{DateTime, Utc};

use super::{Stored, Tx, fetch, on, statements};
use crate::ids::Uuid;

/// A case that somebody has a part in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PartIn {
    /// Key.
    pub id: Uuid,
    /// Reference.
    pub reference: String,
    /// `complainant`, `representative`, `party`, `member` or `named`; `author` of whoever only wrote a message that is in it.
    pub role: String,
    /// When the first message was received.
    pub received_at: DateTime<Utc>,
}

statements! {
    own_cases = "SELECT c.id, c.reference, p.role, c.received_at FROM case_participant p JOIN case_file c ON c.id = p.case_id
  WHERE p.contact_id = $1 AND c.anonymised_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM case_barred b JOIN officer o ON o.email = b.email WHERE b.case_id = c.id AND o.id = $2) ORDER BY c.received_at, c.reference";
    own_written = "SELECT DISTINCT c.id, c.reference, 'author' AS role, c.received_at FROM representation r JOIN case_message m ON m.representation_id = r.id
  JOIN case_file c ON c.id = m.case_id WHERE r.author_address = $1 AND c.anonymised_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM case_barred b JOIN officer o ON o.email = b.email WHERE b.case_id = c.id AND o.id = $2) ORDER BY c.received_at, c.reference";
    own_messages = "SELECT r.id FROM case_message m JOIN representation r ON r.id = m.representation_id WHERE m.case_id = $1 AND r.author_address = $2";
    own_letters = "SELECT id FROM outbox WHERE case_id = $1 AND recipient = $2 AND state = 'sent'";
    own_files = "SELECT a.id FROM attachment a JOIN case_message m ON m.representation_id = a.representation_id WHERE m.case_id = $1 AND a.representation_id = $2";
}

/// The cases that a contact has a part in and that `officer` may know of.
pub async fn cases_of(tx: &mut Tx, contact: Uuid, officer: Uuid) -> Stored<Vec<PartIn>> {
    fetch!(tx, own_cases, PartIn, all, contact, officer)
}

/// The cases in which a message of this address lies and that `officer` may know of.
pub async fn written_in(tx: &mut Tx, address: &str, officer: Uuid) -> Stored<Vec<PartIn>> {
    fetch!(tx, own_written, PartIn, all, address, officer)
}

/// The messages in a case that were written from this address.
pub async fn messages(tx: &mut Tx, case: Uuid, address: &str) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, own_messages, (Uuid,), all, case, address)?.into_iter().map(|row| row.0).collect())
}

/// The letters of a case that went to this address.
pub async fn letters(tx: &mut Tx, case: Uuid, address: &str) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, own_letters, (Uuid,), all, case, address)?.into_iter().map(|row| row.0).collect())
}

/// The files that came with a message of the case.
pub async fn files(tx: &mut Tx, case: Uuid, message: Uuid) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, own_files, (Uuid,), all, case, message)?.into_iter().map(|row| row.0).collect())
}
