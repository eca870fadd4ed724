//! The letters of a case that can be printed: those to the family, as they lie in the outbox.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::types::Json;

use super::{Stored, Tx, fetch, on, statements};
use crate::{
    ids::Uuid,
    replies::courier::{Enclosure, Outgoing},
};

/// What went with a letter, as it lies in the outbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Enclosed {
    /// The files.
    #[serde(default)]
    pub enclosures: Vec<Enclosure>,
}

/// A letter to the family, as a list names it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// Key.
    pub id: Uuid,
    /// `acknowledgement`, `answer`, …
    pub kind: String,
    /// It has gone.
    pub sent: bool,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// What goes with it.
    pub message: Json<Enclosed>,
}

// Staff's letters are never printed, nor one that went, or was to go, to the wrong person, or that an officer decided not to
// send.
statements! {
    paper_letters = "SELECT id, kind, (state = 'sent') AS sent, queued_at, message FROM outbox WHERE case_id = $1
  AND kind NOT IN ('receipt','alert','designated-officer','contribution-request','greeting','chat','chat-code','earlier acknowledgement','track-code') AND coalesce(ended_how, '') <> 'dropped' AND recipient <> '' ORDER BY queued_at, id";
    paper_letter = "SELECT kind, queued_at, message FROM outbox WHERE case_id = $1 AND id = $2
  AND kind NOT IN ('receipt','alert','designated-officer','contribution-request','greeting','chat','chat-code','earlier acknowledgement','track-code') AND coalesce(ended_how, '') <> 'dropped' AND recipient <> ''";
}

/// The letters of a case, the oldest first.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Stored<Vec<Listed>> {
    fetch!(tx, paper_letters, Listed, all, case)
}

/// One of them: its kind, when it was queued, and the letter.
pub async fn one_of_case(tx: &mut Tx, case: Uuid, id: Uuid) -> Stored<Option<(String, DateTime<Utc>, Outgoing)>> {
    let row = fetch!(tx, paper_letter, (String, DateTime<Utc>, Json<Outgoing>), optional, case, id)?;
    Ok(row.map(|(kind, at, Json(message))| (kind, at, message)))
}
