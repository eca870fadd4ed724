//! Messages that a machine wrote and that belong to no case.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, execute, fetch, intake::Representation, on, statements};
use crate::{ids::Uuid, intake::reading::Reading};

/// One of them in the list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Filed {
    /// Key.
    pub id: Uuid,
    /// Who it names as its author.
    pub author_name: Option<String>,
    /// Their address.
    pub author_address: Option<String>,
    /// Subject.
    pub subject: String,
    /// How its words begin.
    pub words: String,
    /// When the council received it.
    pub received_at: DateTime<Utc>,
    /// Where it was found.
    pub mailbox: String,
    /// Which kind of machine.
    pub automated: String,
    /// The sign that said so.
    pub automated_because: Option<String>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct Whole {
    id: Uuid,
    content_key: String,
    words_key: Option<String>,
    message_id: Option<String>,
    channel: String,
    mailbox: String,
    received_at: DateTime<Utc>,
    author_name: Option<String>,
    author_address: Option<String>,
    passed_on_by: Option<String>,
    reading: Json<Reading>,
    why: String,
}

statements! {
    filed_list = "SELECT id, author_name, author_address, subject, substr(visible_text, 1, 400) AS words, received_at, mailbox, automated, automated_because
  FROM representation WHERE state = 'filed' AND automated IS NOT NULL ORDER BY received_at DESC, id DESC LIMIT $1";
    filed_count = "SELECT count(*) AS n FROM representation WHERE state = 'filed' AND automated IS NOT NULL";
    filed_get = "SELECT id, content_key, words_key, message_id, channel, mailbox, received_at, author_name, author_address, passed_on_by, reading, why
  FROM representation WHERE id = $1 AND state = 'filed' AND automated IS NOT NULL";
    filed_taken = "UPDATE representation SET state = 'in-case', why = $2 WHERE id = $1 AND state = 'filed'";
}

/// The newest of them.
pub async fn list(tx: &mut Tx, limit: i64) -> Stored<Vec<Filed>> {
    fetch!(tx, filed_list, Filed, all, limit)
}

/// How many there are.
pub async fn count(tx: &mut Tx) -> Stored<i64> {
    Ok(fetch!(tx, filed_count, (i64,), one)?.0)
}

/// One of them whole.
pub async fn get(tx: &mut Tx, id: Uuid) -> Stored<Option<Representation>> {
    let row = fetch!(tx, filed_get, Whole, optional, id)?;
    Ok(row.map(|row| Representation {
        id: row.id,
        content_key: row.content_key,
        words_key: row.words_key,
        message_id: row.message_id,
        channel: match row.channel.as_str() {
            "form" => "form",
            "chat" => "chat",
            _ => "email",
        },
        mailbox: row.mailbox,
        received_at: row.received_at,
        author_name: row.author_name,
        author_address: row.author_address,
        passed_on_by: row.passed_on_by,
        reading: row.reading.0,
        state: "filed",
        why: row.why,
    }))
}

/// It is in a case now. False if somebody else was quicker.
pub async fn taken(tx: &mut Tx, id: Uuid, why: &str) -> Stored<bool> {
    Ok(execute!(tx, filed_taken, id, why)? == 1)
}
