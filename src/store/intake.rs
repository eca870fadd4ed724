//! What came in: positions, deliveries as received, representations as read, and what was forgotten.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, execute, fetch, files::KeptFile, on, statements};
use crate::{
    ids::Uuid,
    intake::{mailbox::Position, reading::Reading},
    labelling::labels::Suggestion,
};

/// One message as it lay in a mailbox.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Delivery {
    /// Key.
    pub id: Uuid,
    /// Mailbox (configured name), or `telegram`.
    pub mailbox: String,
    /// When the council received it.
    pub arrived_at: DateTime<Utc>,
    /// Its bytes; only the beginning of what lies in the files folder, or has not come to the end.
    pub raw: Vec<u8>,
    /// Size on the server in bytes, while only the beginning has come.
    pub cut_from: Option<i64>,
    /// The file that holds all of it, if it is large.
    pub raw_file: Option<String>,
    /// Bytes in that file.
    pub raw_size: Option<i64>,
    /// It was read before the rest came, and this is what was stored.
    pub representation_id: Option<Uuid>,
    /// How often reading it failed for a passing reason.
    pub attempts: i64,
}

/// One thing someone sent us, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Representation {
    /// Key.
    pub id: Uuid,
    /// Same message, same key, however often it is delivered.
    pub content_key: String,
    /// Same words by the same author, same key; None without words or author.
    pub words_key: Option<String>,
    /// `Message-ID` without brackets.
    pub message_id: Option<String>,
    /// `email`, `chat` or `form`.
    pub channel: &'static str,
    /// Where it was found first.
    pub mailbox: String,
    /// When the council received it first.
    pub received_at: DateTime<Utc>,
    /// Whose words these are: the original author when staff passed it on.
    pub author_name: Option<String>,
    /// Address of the same; None if unknown.
    pub author_address: Option<String>,
    /// Address of the member of staff who passed it on.
    pub passed_on_by: Option<String>,
    /// What was read.
    pub reading: Reading,
    /// `in-case` or `filed`.
    pub state: &'static str,
    /// The reason for that.
    pub why: String,
}

/// How a mailbox is.
#[derive(Clone, Debug, sqlx::FromRow, serde::Serialize)]
pub struct Health {
    /// Configured name.
    pub mailbox: String,
    /// Its kind.
    pub kind: String,
    /// Last time it was read to the end or to a whole batch.
    pub last_success_at: Option<DateTime<Utc>>,
    /// Messages known to wait.
    pub waiting: i64,
    /// What is wrong now.
    pub error: Option<String>,
    /// The sort of it.
    pub trouble: Option<String>,
    /// Since when.
    pub error_since: Option<DateTime<Utc>>,
    /// Failures in a row.
    pub failures: i64,
}

statements! {
    cursor_get = "SELECT uid_validity, last_uid FROM cursor WHERE mailbox = $1";
    cursor_set = "INSERT INTO cursor (mailbox, uid_validity, last_uid, moved_at) VALUES ($1,$2,$3,$4)
  ON CONFLICT (mailbox) DO UPDATE SET uid_validity = excluded.uid_validity, last_uid = excluded.last_uid, moved_at = excluded.moved_at";
    delivery_put = "INSERT INTO delivery (id, mailbox, uid_validity, uid, arrived_at, raw, cut_from, state, why, representation_id, stored_at, raw_file, raw_size, rest)
  VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14) ON CONFLICT (mailbox, uid_validity, uid) DO NOTHING";
    delivery_unread = "SELECT id, mailbox, arrived_at, raw, cut_from, raw_file, raw_size, representation_id, attempts FROM delivery WHERE state = 'unread' AND attempts < $2 ORDER BY arrived_at, id LIMIT $1";
    delivery_settle = "UPDATE delivery SET state = $2, why = $3, representation_id = $4 WHERE id = $1 AND state = 'unread'";
    delivery_again = "UPDATE delivery SET state = 'unread', why = NULL, attempts = 0 WHERE id = $1 AND state = 'quarantined' AND representation_id IS NULL";
    delivery_set_aside = "UPDATE delivery SET state = 'read', why = $2 WHERE id = $1 AND state = 'quarantined'";
    delivery_forget = "DELETE FROM delivery WHERE id = $1 AND state = $2";
    delivery_mailbox = "SELECT mailbox, (representation_id IS NOT NULL) AS in_part FROM delivery WHERE id = $1 AND state = 'quarantined'";
    delivery_attempt = "UPDATE delivery SET attempts = attempts + 1 WHERE id = $1";
    delivery_unread_count = "SELECT count(*) AS n FROM delivery WHERE state = 'unread'";
    representation_put = "INSERT INTO representation (id, content_key, words_key, message_id, channel, mailbox, received_at, author_name, author_address,
  passed_on_by, subject, visible_text, quoted_text, reading, automated, state, why, stored_at, automated_because, files_state)
  VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20) ON CONFLICT (content_key) DO NOTHING";
    representation_get = "SELECT id, content_key, words_key, message_id, channel, mailbox, received_at, author_name, author_address, passed_on_by, reading, state, why
  FROM representation WHERE id = $1";
    suggestions_of = "SELECT s.body FROM suggestion s JOIN case_message m ON m.representation_id = s.representation_id WHERE m.case_id = $1";
    suggestion_get = "SELECT body FROM suggestion WHERE representation_id = $1";
    representation_by_key = "SELECT r.id, cm.case_id, r.received_at FROM representation r LEFT JOIN case_message cm ON cm.representation_id = r.id
  WHERE r.content_key = $1 LIMIT 1";
    representation_by_words = "SELECT r.id, cm.case_id, r.received_at FROM representation r JOIN case_message cm ON cm.representation_id = r.id
  WHERE r.words_key = $1 ORDER BY r.received_at LIMIT 1";
    representations_unlabelled = "SELECT r.id, cm.case_id, r.mailbox, r.channel, r.reading, (cm.relation = 'new') AS opened FROM representation r JOIN case_message cm ON cm.representation_id = r.id
  LEFT JOIN suggestion s ON s.representation_id = r.id WHERE s.representation_id IS NULL AND r.automated IS NULL
    AND NOT EXISTS (SELECT 1 FROM case_file c WHERE c.id = cm.case_id AND c.anonymised_at IS NOT NULL) ORDER BY r.received_at LIMIT $1";
    forgotten_put = "INSERT INTO forgotten (mailbox, keyed_hash) VALUES ($1,$2) ON CONFLICT (mailbox, keyed_hash) DO NOTHING";
    forgotten_count_add = "INSERT INTO forgotten_count (mailbox, on_day, n) VALUES ($1,$2,1) ON CONFLICT (mailbox, on_day) DO UPDATE SET n = forgotten_count.n + 1";
    forgotten_total = "SELECT CAST(coalesce(sum(n), 0) AS BIGINT) AS n FROM forgotten_count";
    suggestion_put = "INSERT INTO suggestion (representation_id, model, body, made_at) VALUES ($1,$2,$3,$4)
  ON CONFLICT (representation_id) DO UPDATE SET model = excluded.model, body = excluded.body, made_at = excluded.made_at";
    contact_find = "SELECT contact_id FROM contact_address WHERE address = $1";
    contact_put = "INSERT INTO contact (id, person_id, name, created_at) VALUES ($1,$1,$2,$3)";
    contact_name = "UPDATE contact SET name = $2 WHERE id = $1 AND name IS NULL";
    contact_address_put = "INSERT INTO contact_address (address, contact_id) VALUES ($1,$2) ON CONFLICT (address) DO NOTHING";
    health_good = "INSERT INTO mailbox_health (mailbox, kind, last_success_at, waiting, failures) VALUES ($1,$2,$3,$4,0)
  ON CONFLICT (mailbox) DO UPDATE SET kind = excluded.kind, last_success_at = excluded.last_success_at, waiting = excluded.waiting, error = NULL, trouble = NULL, error_since = NULL, failures = 0";
    health_bad = "INSERT INTO mailbox_health (mailbox, kind, waiting, trouble, error, error_since, failures) VALUES ($1,$2,0,$3,$4,$5,1)
  ON CONFLICT (mailbox) DO UPDATE SET kind = excluded.kind, trouble = excluded.trouble, error = excluded.error,
    error_since = coalesce(mailbox_health.error_since, excluded.error_since), failures = mailbox_health.failures + 1";
    delivery_empty = "UPDATE delivery SET state = 'read' WHERE id = $1 AND state = 'unread'";
    delivery_next_uid = "SELECT CAST(coalesce(max(uid), 0) + 1 AS BIGINT) AS uid FROM delivery WHERE mailbox = $1 AND uid_validity = 0";
    delivery_is = "SELECT count(*) AS n FROM delivery WHERE mailbox = $1 AND representation_id = $2";
    health_all = "SELECT mailbox, kind, last_success_at, waiting, error, trouble, error_since, failures FROM mailbox_health ORDER BY mailbox";
}

/// How far `mailbox` is read.
pub async fn position(tx: &mut Tx, mailbox: &str) -> Stored<Option<Position>> {
    let row = fetch!(tx, cursor_get, (i64, i64), optional, mailbox)?;
    Ok(row.map(|(uid_validity, last_uid)| Position {
        uid_validity: u32::try_from(uid_validity).unwrap_or(0),
        last_uid: u32::try_from(last_uid).unwrap_or(u32::MAX),
    }))
}

/// Moves the position. Only ever called in the transaction that stores what lies before it.
pub async fn set_position(tx: &mut Tx, mailbox: &str, position: Position, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, cursor_set, mailbox, i64::from(position.uid_validity), i64::from(position.last_uid), now)?;
    Ok(())
}

/// How a delivery is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState<'a> {
    /// To be read.
    Unread,
    /// Read; this is what it says.
    Read(Uuid),
    /// An officer must look, for this reason.
    Quarantined(&'a str),
    /// Read as far as a limit: this is what it says so far, and an officer must look at the rest, for this reason.
    InPart(Uuid, &'a str),
}

/// A delivery to store.
#[derive(Clone, Copy, Debug)]
pub struct NewDelivery<'a> {
    /// Configured name.
    pub mailbox: &'a str,
    /// Where in it.
    pub uid_validity: i64,
    /// Where in it.
    pub uid: i64,
    /// When the council received it.
    pub arrived_at: DateTime<Utc>,
    /// Its bytes.
    pub raw: &'a [u8],
    /// Size on the server, if more than has come: the rest is wanted.
    pub cut_from: Option<u64>,
    /// The file that holds all of it; then `raw` is its beginning.
    pub raw_file: Option<KeptFile>,
}

/// Stores a delivery; the same place twice is stored once. Returns its key if it is new.
pub async fn put_delivery(
    tx: &mut Tx,
    new: &NewDelivery<'_>,
    state: DeliveryState<'_>,
    now: DateTime<Utc>,
) -> Stored<Option<Uuid>> {
    let id = Uuid::now_v7();
    let (word, why, representation) = words(state);
    let number = |size: u64| i64::try_from(size).ok();
    let n = execute!(
        tx,
        delivery_put,
        id,
        new.mailbox,
        new.uid_validity,
        new.uid,
        new.arrived_at,
        new.raw,
        new.cut_from.and_then(number),
        word,
        why,
        representation,
        now,
        new.raw_file.map(|file| file.hash.to_string()),
        new.raw_file.and_then(|file| number(file.size)),
        new.cut_from.map(|_| "wanted")
    )?;
    Ok((n == 1).then_some(id))
}

fn words(state: DeliveryState<'_>) -> (&'static str, Option<&str>, Option<Uuid>) {
    match state {
        DeliveryState::Unread => ("unread", None, None),
        DeliveryState::Read(representation) => ("read", None, Some(representation)),
        DeliveryState::Quarantined(why) => ("quarantined", Some(why), None),
        DeliveryState::InPart(representation, why) => ("quarantined", Some(why), Some(representation)),
    }
}

/// The oldest unread deliveries that have failed fewer than `max_attempts` times.
pub async fn unread(tx: &mut Tx, limit: i64, max_attempts: i64) -> Stored<Vec<Delivery>> {
    fetch!(tx, delivery_unread, Delivery, all, limit, max_attempts)
}

/// How many deliveries are still to be read.
pub async fn unread_count(tx: &mut Tx) -> Stored<i64> {
    Ok(fetch!(tx, delivery_unread_count, (i64,), one)?.0)
}

/// Settles an unread delivery. False if somebody else settled it first: then nothing may be done for it.
pub async fn settle(tx: &mut Tx, delivery: Uuid, state: DeliveryState<'_>) -> Stored<bool> {
    let (word, why, representation) = words(state);
    Ok(execute!(tx, delivery_settle, delivery, word, why, representation)? == 1)
}

/// Settles a delivery in which nobody says anything (a chat service's notice): kept as received.
/// False if somebody else settled it first: then nothing may be done for it.
pub async fn settle_empty(tx: &mut Tx, delivery: Uuid) -> Stored<bool> {
    Ok(execute!(tx, delivery_empty, delivery)? == 1)
}

/// Whether there are files to take out of a message, or to fetch.
pub(super) fn files_state(reading: &Reading) -> &'static str {
    if reading.attachments.is_empty() { "done" } else { "waiting" }
}

/// The next free number for a message that comes from no server.
pub async fn next_uid(tx: &mut Tx, mailbox: &str) -> Stored<i64> {
    Ok(fetch!(tx, delivery_next_uid, (i64,), one, mailbox)?.0)
}

/// Whether this mailbox delivered the representation before.
pub async fn is_delivered(tx: &mut Tx, mailbox: &str, representation: Uuid) -> Stored<bool> {
    Ok(fetch!(tx, delivery_is, (i64,), one, mailbox, representation)?.0 > 0)
}

/// Counts a failed attempt.
pub async fn count_attempt(tx: &mut Tx, delivery: Uuid) -> Stored<()> {
    execute!(tx, delivery_attempt, delivery).map(|_| ())
}

/// Lets a quarantined delivery be read again. False if it is not in quarantine, or was read in part.
pub async fn read_again(tx: &mut Tx, delivery: Uuid) -> Stored<bool> {
    Ok(execute!(tx, delivery_again, delivery)? == 1)
}

/// An officer decided that a quarantined delivery is nothing for us: kept as received. False if it is not in quarantine.
pub async fn set_aside(tx: &mut Tx, delivery: Uuid, why: &str) -> Stored<bool> {
    Ok(execute!(tx, delivery_set_aside, delivery, why)? == 1)
}

/// Forgets a delivery in `state` (`unread`, `quarantined`) with its bytes: private mail that is nothing for us.
pub async fn forget_delivery(tx: &mut Tx, delivery: Uuid, state: &str) -> Stored<bool> {
    Ok(execute!(tx, delivery_forget, delivery, state)? == 1)
}

/// The mailbox of a quarantined delivery, and whether it was read in part.
pub async fn quarantined_in(tx: &mut Tx, delivery: Uuid) -> Stored<Option<(String, bool)>> {
    fetch!(tx, delivery_mailbox, (String, bool), optional, delivery)
}

/// A representation that is stored already, and its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Known {
    /// Key.
    pub id: Uuid,
    /// The case it is in.
    pub case_id: Option<Uuid>,
    /// When it came first.
    pub received_at: DateTime<Utc>,
}

/// The representation of this very message, if it was delivered before.
pub async fn by_content(tx: &mut Tx, content_key: &str) -> Stored<Option<Known>> {
    fetch!(tx, representation_by_key, Known, optional, content_key)
}

/// A representation in a case with the same words by the same author.
pub async fn by_words(tx: &mut Tx, words_key: &str) -> Stored<Option<Known>> {
    fetch!(tx, representation_by_words, Known, optional, words_key)
}

/// Stores a representation. False if one with the same content is there.
pub async fn put_representation(tx: &mut Tx, new: &Representation, now: DateTime<Utc>) -> Stored<bool> {
    let reading = &new.reading;
    let automated = reading
        .automated
        .as_ref()
        .map(|kind| serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default());
    let files = files_state(reading);
    let n = execute!(
        tx,
        representation_put,
        new.id,
        &new.content_key,
        &new.words_key,
        &new.message_id,
        new.channel,
        &new.mailbox,
        new.received_at,
        &new.author_name,
        &new.author_address,
        &new.passed_on_by,
        &reading.subject,
        &reading.visible_text,
        &reading.quoted_text,
        Json(reading),
        automated,
        new.state,
        &new.why,
        now,
        &reading.automated_because,
        files
    )?;
    Ok(n == 1)
}

#[derive(sqlx::FromRow)]
struct StoredRepresentation {
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
    state: String,
    why: String,
}

/// A stored representation.
pub async fn representation(tx: &mut Tx, id: Uuid) -> Stored<Option<Representation>> {
    let row = fetch!(tx, representation_get, StoredRepresentation, optional, id)?;
    Ok(row.map(|row| Representation {
        id: row.id,
        content_key: row.content_key,
        words_key: row.words_key,
        message_id: row.message_id,
        channel: match row.channel.as_str() {
            "chat" => "chat",
            "form" => "form",
            _ => "email",
        },
        mailbox: row.mailbox,
        received_at: row.received_at,
        author_name: row.author_name,
        author_address: row.author_address,
        passed_on_by: row.passed_on_by,
        reading: row.reading.0,
        state: if row.state == "filed" { "filed" } else { "in-case" },
        why: row.why,
    }))
}

/// The machine's suggestion for a message, if it made one.
pub async fn suggestion(tx: &mut Tx, representation: Uuid) -> Stored<Option<Suggestion>> {
    let row = fetch!(tx, suggestion_get, (Json<Suggestion>,), optional, representation)?;
    Ok(row.map(|(Json(suggestion),)| suggestion))
}

/// The machine's suggestions for the messages of a case.
pub async fn suggestions_of(tx: &mut Tx, case: Uuid) -> Stored<Vec<Suggestion>> {
    let rows = fetch!(tx, suggestions_of, (Json<Suggestion>,), all, case)?;
    Ok(rows.into_iter().map(|(Json(suggestion),)| suggestion).collect())
}

/// A representation in a case that has no suggestion yet.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Unlabelled {
    /// Key.
    pub id: Uuid,
    /// Its case.
    pub case_id: Uuid,
    /// Where it was found.
    pub mailbox: String,
    /// `email`, `form`, `chat`.
    pub channel: String,
    /// What was read.
    pub reading: Json<Reading>,
    /// It opened its case.
    pub opened: bool,
}

/// Representations in cases that the classifier has not seen.
pub async fn unlabelled(tx: &mut Tx, limit: i64) -> Stored<Vec<Unlabelled>> {
    fetch!(tx, representations_unlabelled, Unlabelled, all, limit)
}

/// Keeps the machine's suggestion beside the message.
pub async fn put_suggestion(
    tx: &mut Tx,
    representation: Uuid,
    suggestion: &Suggestion,
    now: DateTime<Utc>,
) -> Stored<()> {
    execute!(tx, suggestion_put, representation, &suggestion.model, Json(suggestion), now).map(|_| ())
}

/// Keeps of a private message its keyed hash and one more in the day's count. False if it was forgotten before.
pub async fn forget(tx: &mut Tx, mailbox: &str, keyed_hash: &str, day: NaiveDate) -> Stored<bool> {
    let new = execute!(tx, forgotten_put, mailbox, keyed_hash)? == 1;
    if new {
        execute!(tx, forgotten_count_add, mailbox, day)?;
    }
    Ok(new)
}

/// How many private messages were looked at and forgotten, ever.
pub async fn forgotten_count(tx: &mut Tx) -> Stored<i64> {
    Ok(fetch!(tx, forgotten_total, (i64,), one)?.0)
}

/// The contact with this address (`local@domain` or `telegram:<id>`), made if need be.
pub async fn contact(tx: &mut Tx, address: &str, name: Option<&str>, now: DateTime<Utc>) -> Stored<Uuid> {
    let address = address.to_lowercase();
    if let Some((id,)) = fetch!(tx, contact_find, (Uuid,), optional, &address)? {
        if let Some(name) = name {
            execute!(tx, contact_name, id, name)?;
        }
        return Ok(id);
    }
    let id = Uuid::now_v7();
    execute!(tx, contact_put, id, name, now)?;
    if execute!(tx, contact_address_put, &address, id)? == 1 {
        return Ok(id);
    }
    // Another program stored the address between the two statements; its contact is the one.
    let (id,) = fetch!(tx, contact_find, (Uuid,), one, &address)?;
    Ok(id)
}

/// A contact without an address (an author who is named only).
pub async fn nameless_contact(tx: &mut Tx, name: Option<&str>, now: DateTime<Utc>) -> Stored<Uuid> {
    let id = Uuid::now_v7();
    execute!(tx, contact_put, id, name, now)?;
    Ok(id)
}

/// The mailbox was read; `waiting` messages remain.
pub async fn mailbox_good(tx: &mut Tx, mailbox: &str, kind: &str, waiting: u64, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, health_good, mailbox, kind, now, i64::try_from(waiting).unwrap_or(i64::MAX)).map(|_| ())
}

/// The mailbox could not be read: the sort of trouble, and its words.
pub async fn mailbox_bad(
    tx: &mut Tx,
    mailbox: &str,
    kind: &str,
    trouble: &str,
    error: &str,
    now: DateTime<Utc>,
) -> Stored<()> {
    execute!(tx, health_bad, mailbox, kind, trouble, error, now).map(|_| ())
}

/// How all mailboxes are.
pub async fn health(tx: &mut Tx) -> Stored<Vec<Health>> {
    fetch!(tx, health_all, Health, all)
}
