//! Families' links to where their case stands: who may open them, what was asked for there, and what the page lists.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::ids::Uuid;

/// Figures are asked for at most once in so many seconds.
const ASKED_AGAIN_AFTER: i64 = 60;
/// They are good for so many minutes.
const GOOD_FOR: i64 = 15;
/// They are tried so often at most.
const TRIES: i64 = 5;
/// So often figures go out for one link in a day: whoever has only the link fills nobody's mailbox, and does not guess for ever.
const TIMES_A_DAY: i64 = 12;

/// A link.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Link {
    /// Key.
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// SHA-256 (hex) of its code.
    pub code_hash: String,
    /// Whose: the address or the chat that it was made for.
    pub address: String,
    /// `email` or `chat`.
    pub channel: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When it was opened last.
    pub opened_at: Option<DateTime<Utc>>,
    /// When it was stopped.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When the figures were asked for last.
    pub asked_at: Option<DateTime<Utc>>,
}

/// A session on the page.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Session {
    /// For which link.
    pub link_id: Uuid,
    /// Since.
    pub created_at: DateTime<Utc>,
    /// Last page.
    pub seen_at: DateTime<Utc>,
}

/// Something that was asked for on the page.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Request {
    /// `add`, `next-stage`, `withdraw` or `contact`.
    pub kind: String,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// A letter to them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Letter {
    /// `acknowledgement`, `answer`, …
    pub kind: String,
    /// To which address.
    pub recipient: String,
    /// `waiting`, `sent` or `failed`.
    pub state: String,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// When it was sent.
    pub settled_at: Option<DateTime<Utc>>,
    /// What was reported of it.
    pub delivery: Option<String>,
}

/// A message of the case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Message {
    /// Key.
    pub id: Uuid,
    /// When the council received it.
    pub received_at: DateTime<Utc>,
    /// `email`, `chat` or `form`.
    pub channel: String,
    /// Whose words these are.
    pub author_address: Option<String>,
    /// What they wrote.
    pub visible_text: String,
}

statements! {
    track_link_put = "INSERT INTO track_link (id, case_id, code_hash, address, channel, made_at) VALUES ($1,$2,$3,$4,$5,$6)";
    track_link_get = "SELECT id, case_id, code_hash, address, channel, made_at, opened_at, revoked_at, asked_at FROM track_link WHERE id = $1";
    track_link_by_code = "SELECT id, case_id, code_hash, address, channel, made_at, opened_at, revoked_at, asked_at FROM track_link WHERE code_hash = $1";
    track_link_for = "SELECT id FROM track_link WHERE case_id = $1 AND address = $2 AND revoked_at IS NULL";
    track_links_of = "SELECT id, case_id, code_hash, address, channel, made_at, opened_at, revoked_at, asked_at FROM track_link WHERE case_id = $1 ORDER BY made_at, id";
    track_link_revoke = "UPDATE track_link SET revoked_at = $3, revoked_by = $4 WHERE id = $1 AND case_id = $2 AND revoked_at IS NULL";
    track_link_opened = "UPDATE track_link SET opened_at = $2 WHERE id = $1";
    track_asked = "UPDATE track_link SET asked_at = $2, tries = 0,
    asked_first_at = CASE WHEN asked_first_at IS NULL OR asked_first_at <= $4 THEN $2 ELSE asked_first_at END,
    asked_times = CASE WHEN asked_first_at IS NULL OR asked_first_at <= $4 THEN 1 ELSE asked_times + 1 END
  WHERE id = $1 AND revoked_at IS NULL AND (asked_at IS NULL OR asked_at <= $3) AND (asked_first_at IS NULL OR asked_first_at <= $4 OR asked_times < $5)";
    track_tried = "UPDATE track_link SET tries = tries + 1 WHERE id = $1 AND revoked_at IS NULL AND tries < $2 AND asked_at > $3";
    track_used = "UPDATE track_link SET tries = $2, opened_at = $3, asked_times = 0 WHERE id = $1";
    track_session_put = "INSERT INTO track_session (token_hash, link_id, created_at, seen_at) VALUES ($1,$2,$3,$3)";
    track_session_get = "SELECT link_id, created_at, seen_at FROM track_session WHERE token_hash = $1";
    track_session_seen = "UPDATE track_session SET seen_at = $2 WHERE token_hash = $1";
    track_session_end = "DELETE FROM track_session WHERE token_hash = $1";
    track_sessions_end = "DELETE FROM track_session WHERE link_id = $1";
    track_sessions_over = "DELETE FROM track_session WHERE created_at <= $1";
    track_request_put = "INSERT INTO track_request (id, case_id, link_id, kind, asked_at, representation_id) VALUES ($1,$2,$3,$4,$5,$6)";
    track_requests_of = "SELECT r.kind, r.asked_at FROM track_request r WHERE r.link_id = $1 ORDER BY r.asked_at, r.id";
    track_version = "SELECT c.version, (SELECT count(*) FROM outbox o WHERE o.case_id = c.id AND o.state = 'sent') AS sent,
    (SELECT count(*) FROM outbox o WHERE o.case_id = c.id AND o.delivery IS NOT NULL) AS reported FROM case_file c WHERE c.id = $1";
    track_letters = "SELECT kind, recipient, state, queued_at, settled_at, delivery FROM outbox WHERE case_id = $1 AND state <> 'held' AND dropped_at IS NULL
  AND kind NOT IN ('receipt','alert','designated-officer','contribution-request','greeting','earlier acknowledgement','track-code') ORDER BY queued_at, id";
    track_messages = "SELECT r.id, r.received_at, r.channel, r.author_address, r.visible_text FROM case_message m JOIN representation r ON r.id = m.representation_id
  WHERE m.case_id = $1 AND m.relation IN ('new','same-issue','status') ORDER BY r.received_at, r.id";
    track_gone_requests = "DELETE FROM track_request WHERE case_id = $1";
    track_gone_sessions = "DELETE FROM track_session WHERE link_id IN (SELECT id FROM track_link WHERE case_id = $1)";
    track_gone_links = "DELETE FROM track_link WHERE case_id = $1";
}

/// A new link of a case for `address`.
pub async fn put(tx: &mut Tx, link: &Link) -> Stored<()> {
    let Link { id, case_id, code_hash, address, channel, made_at, .. } = link;
    execute!(tx, track_link_put, *id, *case_id, code_hash, address, channel, *made_at).map(|_| ())
}

/// The link with this key.
pub async fn get(tx: &mut Tx, id: Uuid) -> Stored<Option<Link>> {
    fetch!(tx, track_link_get, Link, optional, id)
}

/// The link whose code has this SHA-256 (hex), whatever became of it.
pub async fn by_code(tx: &mut Tx, code_hash: &str) -> Stored<Option<Link>> {
    fetch!(tx, track_link_by_code, Link, optional, code_hash)
}

/// The link that `address` has in the case and that was not stopped.
pub async fn open_for(tx: &mut Tx, case: Uuid, address: &str) -> Stored<Option<Uuid>> {
    Ok(fetch!(tx, track_link_for, (Uuid,), optional, case, address)?.map(|row| row.0))
}

/// Every link of a case, the first first.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Stored<Vec<Link>> {
    fetch!(tx, track_links_of, Link, all, case)
}

/// Stops a link of the case, and whoever has it open is signed out. False if it is none, or was stopped before.
pub async fn revoke(tx: &mut Tx, case: Uuid, id: Uuid, by: Uuid, now: DateTime<Utc>) -> Stored<bool> {
    let stopped = execute!(tx, track_link_revoke, id, case, now, by)? == 1;
    if stopped {
        execute!(tx, track_sessions_end, id)?;
    }
    Ok(stopped)
}

/// Notes that the figures were asked for. False where they may not be: too soon, or too often today.
pub async fn asked(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Stored<bool> {
    let (soon, a_day_ago) = (now - Duration::seconds(ASKED_AGAIN_AFTER), now - Duration::days(1));
    Ok(execute!(tx, track_asked, id, now, soon, a_day_ago, TIMES_A_DAY)? == 1)
}

/// Counts a try at the figures. False where none is left, or they are over.
pub async fn tried(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, track_tried, id, TRIES, now - Duration::minutes(GOOD_FOR))? == 1)
}

/// The figures were right: they are used up, and a session begins, of whose token only the SHA-256 (hex) is kept.
pub async fn begin_session(tx: &mut Tx, id: Uuid, token_hash: &str, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, track_used, id, TRIES, now)?;
    execute!(tx, track_sessions_over, now - Duration::days(1))?;
    execute!(tx, track_session_put, token_hash, id, now).map(|_| ())
}

/// The session of a token.
pub async fn session(tx: &mut Tx, token_hash: &str) -> Stored<Option<Session>> {
    fetch!(tx, track_session_get, Session, optional, token_hash)
}

/// The session was used.
pub async fn session_used(tx: &mut Tx, token_hash: &str, link: Uuid, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, track_session_seen, token_hash, now)?;
    execute!(tx, track_link_opened, link, now).map(|_| ())
}

/// Ends a session.
pub async fn end_session(tx: &mut Tx, token_hash: &str) -> Stored<()> {
    execute!(tx, track_session_end, token_hash).map(|_| ())
}

/// Notes that something was asked for on the page, and in which message.
pub async fn put_request(tx: &mut Tx, link: &Link, kind: &str, message: Uuid, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, track_request_put, Uuid::now_v7(), link.case_id, link.id, kind, now, message).map(|_| ())
}

/// What was asked for on the page of a link, the first first.
pub async fn requests(tx: &mut Tx, link: Uuid) -> Stored<Vec<Request>> {
    fetch!(tx, track_requests_of, Request, all, link)
}

/// Another text whenever something changed that the page shows.
pub async fn version(tx: &mut Tx, case: Uuid) -> Stored<Option<String>> {
    let row = fetch!(tx, track_version, (i64, i64, i64), optional, case)?;
    Ok(row.map(|(version, sent, reported)| format!("{version}.{sent}.{reported}")))
}

/// The letters of a case that went, or are to go, to one of these addresses, the oldest first.
pub async fn letters(tx: &mut Tx, case: Uuid, addresses: &BTreeSet<String>) -> Stored<Vec<Letter>> {
    let mut all = fetch!(tx, track_letters, Letter, all, case)?;
    all.retain(|letter| addresses.contains(&letter.recipient));
    Ok(all)
}

/// The messages of a case that came from one of these addresses, the oldest first.
pub async fn messages(tx: &mut Tx, case: Uuid, addresses: &BTreeSet<String>) -> Stored<Vec<Message>> {
    let mut all = fetch!(tx, track_messages, Message, all, case)?;
    let theirs = |address: &Option<String>| address.as_ref().is_some_and(|one| addresses.contains(&one.to_lowercase()));
    all.retain(|message| theirs(&message.author_address));
    Ok(all)
}

/// Takes every link of a case out, with what was asked for by it. Returns how many rows of each table.
pub async fn gone(tx: &mut Tx, case: Uuid) -> Stored<[(&'static str, u64); 3]> {
    let requests = execute!(tx, track_gone_requests, case)?;
    let sessions = execute!(tx, track_gone_sessions, case)?;
    let links = execute!(tx, track_gone_links, case)?;
    Ok([("track_request", requests), ("track_session", sessions), ("track_link", links)])
}
