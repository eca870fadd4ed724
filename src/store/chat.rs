//! What the bot knows of a chat, and the codes that join a chat and an email address.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::{
    ids::Uuid,
    intake::conversation::{Asking, Chat, Question},
};

/// What is kept of a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The conversation.
    pub chat: Chat,
    /// The row in the outbox that waits until they have been silent for a while.
    pub later: Option<Uuid>,
    /// When they were last told that what they wrote has arrived.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// A case of a chat.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CaseOfChat {
    /// Key.
    pub id: Uuid,
    /// What people quote.
    pub reference: String,
    /// It is over.
    pub closed: bool,
}

/// A code that went to an address.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SentCode {
    /// The address.
    pub address: String,
    /// Its keyed hash; empty when it no longer holds.
    pub code_hash: String,
    /// Tries so far.
    pub tries: i64,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// How many were sent for this chat since `since`.
    pub sent: i64,
    /// See `sent`.
    pub since: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Row {
    language: Option<String>,
    asking: Option<String>,
    asking_since: Option<DateTime<Utc>>,
    asked: String,
    stopped_at: Option<DateTime<Utc>>,
    later: Option<Uuid>,
    confirmed_at: Option<DateTime<Utc>>,
}

statements! {
    chat_get = "SELECT language, asking, asking_since, asked, stopped_at, later, confirmed_at FROM chat_state WHERE chat = $1";
    chat_put = "INSERT INTO chat_state (chat, language, asking, asking_since, asked, stopped_at, later, confirmed_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)
  ON CONFLICT (chat) DO UPDATE SET language = excluded.language, asking = excluded.asking, asking_since = excluded.asking_since, asked = excluded.asked,
    stopped_at = excluded.stopped_at, later = excluded.later, confirmed_at = excluded.confirmed_at, updated_at = excluded.updated_at";
    chat_cases = "SELECT c.id, c.reference, (c.status = 'closed') AS closed FROM case_file c
  WHERE c.merged_into IS NULL AND c.anonymised_at IS NULL AND c.status <> 'dismissed' AND c.id IN (SELECT p.case_id FROM contact_address a JOIN contact k ON k.id = a.contact_id
    JOIN contact m ON m.person_id = k.person_id JOIN case_participant p ON p.contact_id = m.id WHERE a.address = $1 AND p.role <> 'named')
  ORDER BY CASE WHEN c.status = 'closed' THEN 1 ELSE 0 END, c.opened_at DESC, c.id LIMIT $2";
    chat_code_put = "INSERT INTO chat_code (chat, address, code_hash, tries, made_at, sent, since) VALUES ($1,$2,$3,0,$4,1,$4)
  ON CONFLICT (chat) DO UPDATE SET address = excluded.address, code_hash = excluded.code_hash, tries = 0, made_at = excluded.made_at,
    sent = CASE WHEN chat_code.since > $5 THEN chat_code.sent + 1 ELSE 1 END, since = CASE WHEN chat_code.since > $5 THEN chat_code.since ELSE excluded.since END";
    chat_code_get = "SELECT address, code_hash, tries, made_at, sent, since FROM chat_code WHERE chat = $1";
    chat_code_try = "UPDATE chat_code SET tries = tries + 1 WHERE chat = $1";
    chat_code_end = "UPDATE chat_code SET code_hash = '' WHERE chat = $1";
    chat_of_person = "SELECT s.language FROM contact_address a JOIN contact k ON k.id = a.contact_id JOIN contact m ON m.person_id = k.person_id
  JOIN contact_address b ON b.contact_id = m.id JOIN chat_state s ON s.chat = b.address
  WHERE a.address = $1 AND s.language IS NOT NULL ORDER BY s.updated_at DESC LIMIT 1";
    chat_gone = "DELETE FROM chat_state WHERE chat = $1";
    chat_code_gone = "DELETE FROM chat_code WHERE chat = $1 OR address = $1";
}

/// What is kept of a chat; None when it is new.
pub async fn kept(tx: &mut Tx, chat: &str) -> Stored<Option<Kept>> {
    let Some(row) = fetch!(tx, chat_get, Row, optional, chat)? else { return Ok(None) };
    let asking = row.asking.as_deref().and_then(|word| Asking::ALL.into_iter().find(|one| one.as_str() == word));
    let questions = [("who", Question::Who), ("name", Question::Name)];
    let asked: BTreeSet<Question> = questions
        .iter()
        .filter(|(word, _)| row.asked.split(' ').any(|one| one == *word))
        .map(|(_, one)| *one)
        .collect();
    Ok(Some(Kept {
        chat: Chat {
            language: row.language.and_then(|code| code.parse().ok()),
            asking: asking.zip(row.asking_since),
            asked,
            stopped_at: row.stopped_at,
        },
        later: row.later,
        confirmed_at: row.confirmed_at,
    }))
}

/// The code of the language that whoever has this address chose in a chat of theirs.
pub async fn language_of_person(tx: &mut Tx, address: &str) -> Stored<Option<String>> {
    Ok(fetch!(tx, chat_of_person, (String,), optional, address)?.map(|row| row.0))
}

/// Keeps it.
pub async fn keep(tx: &mut Tx, chat: &str, kept: &Kept, now: DateTime<Utc>) -> Stored<()> {
    let asked: Vec<&str> = kept
        .chat
        .asked
        .iter()
        .map(|question| match question {
            Question::Who => "who",
            Question::Name => "name",
        })
        .collect();
    execute!(
        tx,
        chat_put,
        chat,
        kept.chat.language.map(|language| language.code()),
        kept.chat.asking.map(|(asking, _)| asking.as_str()),
        kept.chat.asking.map(|(_, since)| since),
        asked.join(" "),
        kept.chat.stopped_at,
        kept.later,
        kept.confirmed_at,
        now
    )
    .map(|_| ())
}

/// The cases that this chat is a party of, those that run first, then the newest.
pub async fn cases(tx: &mut Tx, chat: &str, limit: i64) -> Stored<Vec<CaseOfChat>> {
    fetch!(tx, chat_cases, CaseOfChat, all, chat, limit)
}

/// A code went to `address` for this chat; one before it no longer holds.
pub async fn put_code(tx: &mut Tx, chat: &str, address: &str, hash: &str, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, chat_code_put, chat, address, hash, now, now - Duration::days(1)).map(|_| ())
}

/// The code that was sent last.
pub async fn code(tx: &mut Tx, chat: &str) -> Stored<Option<SentCode>> {
    fetch!(tx, chat_code_get, SentCode, optional, chat)
}

/// Counts a try.
pub async fn count_try(tx: &mut Tx, chat: &str) -> Stored<()> {
    execute!(tx, chat_code_try, chat).map(|_| ())
}

/// The code no longer holds.
pub async fn end_code(tx: &mut Tx, chat: &str) -> Stored<()> {
    execute!(tx, chat_code_end, chat).map(|_| ())
}

/// Removes what is kept of whoever has this address. Returns how many rows of each table.
pub async fn remove(tx: &mut Tx, address: &str) -> Stored<(u64, u64)> {
    Ok((execute!(tx, chat_gone, address)?, execute!(tx, chat_code_gone, address)?))
}
