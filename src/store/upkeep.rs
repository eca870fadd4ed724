//! What officers look after besides cases: the outbox, mail that could not be read, accounts.

use chrono::{DateTime, Utc};

use super::{Stored, Tx, fetch, on, statements};
use crate::ids::Uuid;

/// A delivery that could not be read.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Unreadable {
    /// Key.
    pub id: Uuid,
    /// Where it was found.
    pub mailbox: String,
    /// When the council received it.
    pub arrived_at: DateTime<Utc>,
    /// Size in bytes, on the server if it was cut.
    pub size: i64,
    /// Why.
    pub why: Option<String>,
    /// How it begins: as many bytes as were asked for.
    pub head: Vec<u8>,
    /// It was read as far as a limit.
    pub in_part: bool,
    /// The case that what was read of it is in.
    pub reference: Option<String>,
}

/// An account with what it was used for.
#[derive(Clone, Debug, sqlx::FromRow, serde::Serialize)]
pub struct OfficerUse {
    /// Key.
    pub id: Uuid,
    /// Address.
    pub email: String,
    /// Name.
    pub name: String,
    /// `officer` or `complaints_manager`.
    pub role: String,
    /// May sign in.
    pub active: bool,
    /// Last time they did.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Cases they have that have not ended.
    pub open_cases: i64,
}

/// What the audit says when somebody signed in; the list of officers finds it by these words.
pub const SIGNED_IN: &str = "signed in";

statements! {
    letter_last_error = "SELECT why FROM outbox WHERE state = 'waiting' AND why IS NOT NULL ORDER BY run_at DESC, id LIMIT 1";
    letter_oldest = "SELECT min(queued_at) AS at FROM outbox WHERE state = 'waiting'";
    quarantine_list = "SELECT id, mailbox, arrived_at, coalesce(raw_size, cut_from, CAST(length(raw) AS BIGINT)) AS size, why, substr(raw, 1, CAST($2 AS INTEGER)) AS head,
    (representation_id IS NOT NULL) AS in_part, (SELECT c.reference FROM case_message m JOIN case_file c ON c.id = m.case_id WHERE m.representation_id = delivery.representation_id ORDER BY c.reference LIMIT 1) AS reference
  FROM delivery WHERE state = 'quarantined' ORDER BY arrived_at DESC, id LIMIT $1";
    quarantine_get = "SELECT id, mailbox, arrived_at, coalesce(raw_size, cut_from, CAST(length(raw) AS BIGINT)) AS size, why, substr(raw, 1, CAST($2 AS INTEGER)) AS head,
    (representation_id IS NOT NULL) AS in_part, (SELECT c.reference FROM case_message m JOIN case_file c ON c.id = m.case_id WHERE m.representation_id = delivery.representation_id ORDER BY c.reference LIMIT 1) AS reference
  FROM delivery WHERE state = 'quarantined' AND id = $1";
    quarantine_count = "SELECT count(*) AS n FROM delivery WHERE state = 'quarantined'";
    unread_by_mailbox = "SELECT mailbox, count(*) AS n FROM delivery WHERE state = 'unread' GROUP BY mailbox ORDER BY mailbox";
    officer_use = "SELECT o.id, o.email, o.name, o.role, o.active, (SELECT max(a.at) FROM audit a WHERE a.officer_id = o.id AND a.what = 'signed in') AS last_sign_in_at,
    (SELECT count(*) FROM case_file c WHERE c.officer_id = o.id AND c.status IN ('to-confirm','open')) AS open_cases FROM officer o ORDER BY lower(o.name), o.email";
    session_account = "SELECT s.created_at, s.seen_at, o.id, o.email, o.name, o.role FROM session s JOIN officer o ON o.id = s.officer_id WHERE s.token_hash = $1 AND o.active";
}

/// When the oldest letter that waits was queued.
pub async fn oldest_waiting(tx: &mut Tx) -> Stored<Option<DateTime<Utc>>> {
    Ok(fetch!(tx, letter_oldest, (Option<DateTime<Utc>>,), one)?.0)
}

/// What went wrong with a letter that is tried again.
pub async fn last_letter_error(tx: &mut Tx) -> Stored<Option<String>> {
    Ok(fetch!(tx, letter_last_error, (String,), optional)?.map(|row| row.0))
}

/// The newest deliveries that could not be read, without their bytes.
pub async fn quarantine(tx: &mut Tx, limit: i64) -> Stored<Vec<Unreadable>> {
    fetch!(tx, quarantine_list, Unreadable, all, limit, 0i64)
}

/// One of them with its first `bytes`.
pub async fn quarantined(tx: &mut Tx, id: Uuid, bytes: i64) -> Stored<Option<Unreadable>> {
    fetch!(tx, quarantine_get, Unreadable, optional, id, bytes)
}

/// How many there are.
pub async fn quarantine_count(tx: &mut Tx) -> Stored<i64> {
    Ok(fetch!(tx, quarantine_count, (i64,), one)?.0)
}

/// How many stored messages of each mailbox are still to be read.
pub async fn unread_by_mailbox(tx: &mut Tx) -> Stored<Vec<(String, i64)>> {
    fetch!(tx, unread_by_mailbox, (String, i64), all)
}

/// Every account by name, with its last sign-in and its cases.
pub async fn officers(tx: &mut Tx) -> Stored<Vec<OfficerUse>> {
    fetch!(tx, officer_use, OfficerUse, all)
}

/// A session with its account, unless that may not sign in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SignedIn {
    /// When they signed in.
    pub created_at: DateTime<Utc>,
    /// Last request.
    pub seen_at: DateTime<Utc>,
    /// Key of the account.
    pub id: Uuid,
    /// Address.
    pub email: String,
    /// Name.
    pub name: String,
    /// `officer` or `complaints_manager`.
    pub role: String,
}

/// The session of a token.
pub async fn session(tx: &mut Tx, token_hash: &str) -> Stored<Option<SignedIn>> {
    fetch!(tx, session_account, SignedIn, optional, token_hash)
}
