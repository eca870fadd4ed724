//! Files that came with messages: which messages still have some to be taken out, what was kept, what the scanner said, and
//! the words in them. The bytes lie in the [`files`](super::files) folder.

use chrono::{DateTime, Utc};

use super::{StoreError, Stored, Tx, execute, fetch, files::ContentHash, on, statements};
use crate::ids::Uuid;

/// A message whose files are still in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// The representation.
    pub id: Uuid,
    /// How often the work was begun and not ended.
    pub attempts: i64,
}

/// A message as received.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Raw {
    /// Its bytes.
    pub raw: Vec<u8>,
    /// Size on the server, if more than the bytes here.
    pub cut_from: Option<i64>,
    /// The file that holds all of it, when these are only its beginning.
    pub raw_file: Option<String>,
}

/// One file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttachment {
    /// The message.
    pub representation: Uuid,
    /// Its place among the message's files, from 1.
    pub number: i64,
    /// A safe name.
    pub filename: String,
    /// The attached message or bundle it lies in.
    pub inside: Option<String>,
    /// Media type as the sender says.
    pub said_type: String,
    /// Bytes.
    pub size: i64,
    /// Its content, or the reason why it is not kept.
    pub kept: Result<NewFile, String>,
}

/// A content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Its name in the files folder.
    pub hash: ContentHash,
    /// Media type by its bytes.
    pub media_type: &'static str,
    /// There may be words in it.
    pub has_words: bool,
}

/// A file to be scanned or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Its name in the files folder.
    pub hash: ContentHash,
    /// Media type by its bytes.
    pub media_type: String,
    /// How often it could not be scanned.
    pub scan_attempts: i64,
}

/// A file of a case, as its page shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Attachment {
    /// Key.
    pub id: Uuid,
    /// The message.
    pub representation_id: Uuid,
    /// A safe name.
    pub filename: String,
    /// The attached message or bundle it lies in.
    pub inside: Option<String>,
    /// Media type as the sender says.
    pub said_type: String,
    /// Bytes.
    pub size: i64,
    /// `kept` or `refused`.
    pub state: String,
    /// Why it is refused.
    pub why: Option<String>,
    /// Its name in the files folder, when kept.
    pub sha256: Option<String>,
    /// Media type by its bytes, when kept.
    pub media_type: Option<String>,
    /// `not-scanned`, `clean` or `infected`, when kept.
    pub scan: Option<String>,
    /// What was found, or why it could not be scanned.
    pub scan_says: Option<String>,
    /// When it was scanned.
    pub scanned_at: Option<DateTime<Utc>>,
    /// Its words, where officers see them beside it.
    pub shown: Option<String>,
}

/// How many wait, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    /// Messages with files still in them.
    pub waiting: i64,
    /// Messages whose files could not be taken out.
    pub failed: i64,
    /// Files no scanner has looked at.
    pub not_scanned: i64,
    /// Files in which something was found.
    pub infected: i64,
}

statements! {
    files_waiting = "SELECT id, files_attempts AS attempts FROM representation WHERE files_state = 'waiting' AND channel <> 'chat'
  AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.representation_id = representation.id AND d.rest = 'wanted') ORDER BY received_at, id LIMIT $1";
    files_in_chats = "SELECT id, files_attempts AS attempts FROM representation WHERE files_state = 'waiting' AND channel = 'chat'
  AND (files_after IS NULL OR files_after <= $1) ORDER BY received_at, id LIMIT $2";
    files_fetch_later = "UPDATE representation SET files_after = $2 WHERE id = $1 AND files_state = 'waiting'";
    files_update = "SELECT mailbox, raw FROM delivery WHERE representation_id = $1 ORDER BY arrived_at, id LIMIT 1";
    files_begin = "UPDATE representation SET files_attempts = files_attempts + 1 WHERE id = $1 AND files_state = 'waiting' AND files_attempts = $2";
    files_give_back = "UPDATE representation SET files_attempts = files_attempts - 1 WHERE id = $1 AND files_state = 'waiting' AND files_attempts > 0";
    files_settle = "UPDATE representation SET files_state = $2 WHERE id = $1 AND files_state = 'waiting'";
    files_again = "UPDATE representation SET files_state = 'waiting', files_attempts = 0 WHERE files_state = 'done'
  AND id IN (SELECT representation_id FROM attachment WHERE sha256 = $1)";
    files_raw = "SELECT raw, cut_from, raw_file FROM delivery WHERE representation_id = $1 AND mailbox <> 'telegram'
  ORDER BY CASE WHEN cut_from IS NULL THEN 0 ELSE 1 END, arrived_at, id LIMIT 1";
    file_put = "INSERT INTO kept_file (sha256, size, media_type, kept_at, words_state) VALUES ($1,$2,$3,$4,$5) ON CONFLICT (sha256) DO NOTHING";
    attachment_put = "INSERT INTO attachment (id, representation_id, number, filename, inside, said_type, size, state, why, sha256)
  VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) ON CONFLICT (representation_id, number) DO NOTHING";
    files_unscanned = "SELECT sha256, media_type, scan_attempts FROM kept_file WHERE scan = 'not-scanned' AND (scan_after IS NULL OR scan_after <= $1) ORDER BY kept_at, sha256 LIMIT $2";
    file_scanned = "UPDATE kept_file SET scan = $2, scan_says = $3, scanned_at = $4, scan_after = NULL WHERE sha256 = $1";
    file_scan_later = "UPDATE kept_file SET scan_says = $2, scan_attempts = scan_attempts + 1, scan_after = $3 WHERE sha256 = $1 AND scan = 'not-scanned'";
    files_unread = "SELECT sha256, media_type, scan_attempts FROM kept_file WHERE words_state = 'waiting'
  AND (scan = 'clean' OR (scan = 'not-scanned' AND CAST($1 AS TEXT) = 'any')) ORDER BY kept_at, sha256 LIMIT $2";
    file_read = "UPDATE kept_file SET words_state = $2, words = $3, shown = $4 WHERE sha256 = $1 AND words_state = 'waiting'";
    case_attachments = "SELECT t.id, t.representation_id, t.filename, t.inside, t.said_type, t.size, t.state, t.why, t.sha256, f.media_type, f.scan, f.scan_says, f.scanned_at, f.shown
  FROM attachment t JOIN case_message m ON m.representation_id = t.representation_id LEFT JOIN kept_file f ON f.sha256 = t.sha256 WHERE m.case_id = $1 ORDER BY t.representation_id, t.number";
    case_attachment = "SELECT t.id, t.representation_id, t.filename, t.inside, t.said_type, t.size, t.state, t.why, t.sha256, f.media_type, f.scan, f.scan_says, f.scanned_at, f.shown
  FROM attachment t JOIN case_message m ON m.representation_id = t.representation_id LEFT JOIN kept_file f ON f.sha256 = t.sha256 WHERE m.case_id = $1 AND t.id = $2 LIMIT 1";
    case_files_state = "SELECT r.id, r.files_state FROM case_message m JOIN representation r ON r.id = m.representation_id WHERE m.case_id = $1";
    file_words = "SELECT words FROM kept_file WHERE sha256 = $1";
    files_counts = "SELECT (SELECT count(*) FROM representation WHERE files_state = 'waiting' AND stored_at <= $1) AS waiting,
    (SELECT count(*) FROM representation WHERE files_state = 'failed') AS failed,
    (SELECT count(*) FROM kept_file WHERE scan = 'not-scanned' AND kept_at <= $1) AS not_scanned,
    (SELECT count(*) FROM kept_file WHERE scan = 'infected') AS infected";
}

/// The messages whose files are still in them, the oldest first.
pub async fn waiting(tx: &mut Tx, limit: i64) -> Stored<Vec<Waiting>> {
    fetch!(tx, files_waiting, Waiting, all, limit)
}

/// The messages in chats whose files are to be fetched now, the oldest first.
pub async fn waiting_in_chats(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> Stored<Vec<Waiting>> {
    fetch!(tx, files_in_chats, Waiting, all, now, limit)
}

/// The files of a message in a chat are fetched again at `at`.
pub async fn fetch_later(tx: &mut Tx, representation: Uuid, at: DateTime<Utc>) -> Stored<()> {
    execute!(tx, files_fetch_later, representation, at).map(|_| ())
}

/// The update that a message in a chat came in, and the mailbox name of its service.
pub async fn update_of(tx: &mut Tx, representation: Uuid) -> Stored<Option<(String, Vec<u8>)>> {
    fetch!(tx, files_update, (String, Vec<u8>), optional, representation)
}

/// Notes that the work on a message begins. False if another program was quicker.
pub async fn begin(tx: &mut Tx, waiting: Waiting) -> Stored<bool> {
    Ok(execute!(tx, files_begin, waiting.id, waiting.attempts)? == 1)
}

/// Takes the note back: the work ended, if not as it should, and the program is well.
pub async fn give_back(tx: &mut Tx, representation: Uuid) -> Stored<()> {
    execute!(tx, files_give_back, representation).map(|_| ())
}

/// Notes that the files are kept (`done`), or that they cannot be taken out (`failed`).
pub async fn settle(tx: &mut Tx, representation: Uuid, state: &'static str) -> Stored<bool> {
    Ok(execute!(tx, files_settle, representation, state)? == 1)
}

/// The message as received, whole if one of its deliveries is.
pub async fn raw(tx: &mut Tx, representation: Uuid) -> Stored<Option<Raw>> {
    fetch!(tx, files_raw, Raw, optional, representation)
}

/// Notes a file of a message. The same place twice is noted once.
pub async fn put(tx: &mut Tx, new: &NewAttachment, now: DateTime<Utc>) -> Stored<()> {
    let (state, why, hash) = match &new.kept {
        Ok(file) => ("kept", None, Some(file.hash.to_string())),
        Err(why) => ("refused", Some(why), None),
    };
    if let Ok(file) = &new.kept {
        keep(tx, *file, new.size, now).await?;
    }
    execute!(
        tx,
        attachment_put,
        Uuid::now_v7(),
        new.representation,
        new.number,
        &new.filename,
        &new.inside,
        &new.said_type,
        new.size,
        state,
        why,
        hash
    )
    .map(|_| ())
}

/// Notes a content, however it came; one that is known is noted once. It is scanned, and read for its words, by the worker.
pub async fn keep(tx: &mut Tx, file: NewFile, size: i64, now: DateTime<Utc>) -> Stored<()> {
    let words = if file.has_words { "waiting" } else { "none" };
    execute!(tx, file_put, file.hash.to_string(), size, file.media_type, now, words).map(|_| ())
}

type OpenRow = (String, String, i64);

fn open((sha256, media_type, scan_attempts): OpenRow) -> Stored<Open> {
    let hash = sha256.parse().map_err(|fault| StoreError::bad_row("kept_file", fault))?;
    Ok(Open { hash, media_type, scan_attempts })
}

/// Files no scanner has looked at, due now, the oldest first.
pub async fn unscanned(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> Stored<Vec<Open>> {
    fetch!(tx, files_unscanned, OpenRow, all, now, limit)?.into_iter().map(open).collect()
}

/// Notes what the scanner said: clean, or the name of what it found.
pub async fn scanned(tx: &mut Tx, hash: ContentHash, found: Option<&str>, now: DateTime<Utc>) -> Stored<()> {
    let verdict = if found.is_some() { "infected" } else { "clean" };
    execute!(tx, file_scanned, hash.to_string(), verdict, found, now).map(|_| ())
}

/// Notes that a file could not be scanned, and when it is tried again.
pub async fn scan_later(tx: &mut Tx, hash: ContentHash, why: &str, after: DateTime<Utc>) -> Stored<()> {
    execute!(tx, file_scan_later, hash.to_string(), why, after).map(|_| ())
}

/// A file is gone from the folder: the messages it came with are taken apart once more.
pub async fn keep_again(tx: &mut Tx, hash: ContentHash) -> Stored<u64> {
    execute!(tx, files_again, hash.to_string())
}

/// Files whose words are not read yet, the oldest first; only clean ones, unless `unscanned` ones may be opened too.
pub async fn unread(tx: &mut Tx, unscanned: bool, limit: i64) -> Stored<Vec<Open>> {
    let which = if unscanned { "any" } else { "clean" };
    fetch!(tx, files_unread, OpenRow, all, which, limit)?.into_iter().map(open).collect()
}

/// Notes the words of a file as the search compares them, and what officers see beside it; None when it has no words.
pub async fn put_words(tx: &mut Tx, hash: ContentHash, words: Option<&str>, shown: Option<&str>) -> Stored<()> {
    let state = if words.is_some() { "read" } else { "none" };
    execute!(tx, file_read, hash.to_string(), state, words, shown).map(|_| ())
}

/// Every file of a case, by message and place.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Stored<Vec<Attachment>> {
    fetch!(tx, case_attachments, Attachment, all, case)
}

/// One file, if it belongs to this case.
pub async fn one_of_case(tx: &mut Tx, case: Uuid, id: Uuid) -> Stored<Option<Attachment>> {
    fetch!(tx, case_attachment, Attachment, optional, case, id)
}

/// Whether the files of each message of a case are taken out: `waiting`, `done` or `failed`.
pub async fn states_of_case(tx: &mut Tx, case: Uuid) -> Stored<Vec<(Uuid, String)>> {
    fetch!(tx, case_files_state, (Uuid, String), all, case)
}

/// How many wait since before `since`, and for what.
pub async fn counts(tx: &mut Tx, since: DateTime<Utc>) -> Stored<Counts> {
    fetch!(tx, files_counts, Counts, one, since)
}

/// The words of the file with this hash, as the search compares them; None when none could be read, or not yet.
pub async fn words(tx: &mut Tx, sha256: &str) -> Stored<Option<String>> {
    Ok(fetch!(tx, file_words, (Option<String>,), optional, sha256)?.and_then(|(words,)| words))
}
