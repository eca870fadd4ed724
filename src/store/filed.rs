//! Messages that a machine wrote and that belong to no case.

use chrono::{DateTime, Utc};

use super::{
    Stored, Tx, execute, fetch,
    intake::{self, Representation},
    on, statements,
};
use crate::ids::Uuid;

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

statements! {
    filed_list = "SELECT id, author_name, author_address, subject, substr(visible_text, 1, 400) AS words, received_at, mailbox, automated, automated_because
  FROM representation WHERE state = 'filed' AND automated IS NOT NULL ORDER BY received_at DESC, id DESC LIMIT $1";
    filed_count = "SELECT count(*) AS n FROM representation WHERE state = 'filed' AND automated IS NOT NULL";
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
    let found = intake::representation(tx, id).await?;
    Ok(found.filter(|message| message.state == "filed" && message.reading.automated.is_some()))
}

/// It is in a case now. False if somebody else was quicker.
pub async fn taken(tx: &mut Tx, id: Uuid, why: &str) -> Stored<bool> {
    Ok(execute!(tx, filed_taken, id, why)? == 1)
}
