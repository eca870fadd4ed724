//! Large messages that were raised from their beginning, and whose rest comes later.

use sqlx::types::Json;

use super::{Stored, Tx, execute, fetch, files::KeptFile, intake::files_state, on, statements};
use crate::{ids::Uuid, intake::reading::Reading};

/// A large message whose rest is still in its mailbox.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct RestWanted {
    /// The delivery.
    pub id: Uuid,
    /// Where in the mailbox.
    pub uid_validity: i64,
    /// Where in the mailbox.
    pub uid: i64,
    /// How often the server did not give it.
    pub attempts: i64,
}

statements! {
    rest_next = "SELECT id, uid_validity, uid, attempts FROM delivery WHERE mailbox = $1 AND rest = 'wanted' AND state <> 'unread' ORDER BY arrived_at, id LIMIT 1";
    rest_here = "UPDATE delivery SET raw_file = $2, raw_size = $3, cut_from = NULL, rest = NULL, state = 'unread', why = NULL, attempts = 0 WHERE id = $1 AND rest = 'wanted' AND state <> 'unread'";
    rest_gone = "UPDATE delivery SET rest = 'gone', state = 'quarantined', why = $2 WHERE id = $1 AND rest = 'wanted'";
    representation_complete = "UPDATE representation SET visible_text = $2, quoted_text = $3, reading = $4, files_state = $5, files_attempts = 0 WHERE id = $1";
    representation_words = "SELECT reading FROM representation WHERE id = $1";
    suggestion_drop = "DELETE FROM suggestion WHERE representation_id = $1";
}

/// The oldest large message of a mailbox whose rest is to be fetched.
pub async fn wanted(tx: &mut Tx, mailbox: &str) -> Stored<Option<RestWanted>> {
    fetch!(tx, rest_next, RestWanted, optional, mailbox)
}

/// All of a large message is here, in `file`: it is to be read again. False if somebody else was quicker.
pub async fn is_here(tx: &mut Tx, delivery: Uuid, file: KeptFile) -> Stored<bool> {
    let size = i64::try_from(file.size).ok();
    Ok(execute!(tx, rest_here, delivery, file.hash.to_string(), size)? == 1)
}

/// The rest of a large message cannot be had any more: an officer sees it, for this reason.
pub async fn is_gone(tx: &mut Tx, delivery: Uuid, why: &str) -> Stored<()> {
    execute!(tx, rest_gone, delivery, why).map(|_| ())
}

/// What was read of a representation so far.
pub async fn reading_of(tx: &mut Tx, representation: Uuid) -> Stored<Option<Reading>> {
    let row = fetch!(tx, representation_words, (Json<Reading>,), optional, representation)?;
    Ok(row.map(|(Json(reading),)| reading))
}

/// More of a representation was read. Whose it is, and what it is to the cases there are, stays. `label_again`: the words
/// are others than those that were labelled.
pub async fn complete(tx: &mut Tx, representation: Uuid, reading: &Reading, label_again: bool) -> Stored<()> {
    let files = files_state(reading);
    let (visible, quoted) = (&reading.visible_text, &reading.quoted_text);
    execute!(tx, representation_complete, representation, visible, quoted, Json(reading), files)?;
    if label_again {
        execute!(tx, suggestion_drop, representation)?;
    }
    Ok(())
}
