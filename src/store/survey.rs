//! What families are asked after the end of their case: who is asked, and how many gave which answer. Whose an answer is stands nowhere.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::ids::Uuid;

/// So many cases are looked at in one go.
const MOST_CASES: i64 = 500;

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Invitation {
    /// Key.
    pub id: Uuid,
    /// The case that is over.
    pub case_id: Uuid,
    /// SHA-256 (hex) of its code.
    pub code_hash: String,
    /// Whose: the address or the chat that it was made for.
    pub address: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Until when it can be answered.
    pub ends_at: DateTime<Utc>,
    /// It was answered.
    pub used: bool,
}

/// How many gave an answer.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Tally {
    /// The question's word, or `invited` or `answered`.
    pub what: String,
    /// The answer's word; empty for the two.
    pub answer: String,
    /// How many.
    pub n: i64,
}

statements! {
    survey_due = "SELECT c.id FROM case_file c WHERE c.status = 'closed' AND c.merged_into IS NULL AND c.anonymised_at IS NULL AND c.closed_at <= $1 AND c.closed_at > $2
  AND NOT EXISTS (SELECT 1 FROM survey_decided d WHERE d.case_id = c.id) ORDER BY c.closed_at, c.id LIMIT $3";
    survey_decide = "INSERT INTO survey_decided (case_id, decided_at) VALUES ($1,$2) ON CONFLICT (case_id) DO NOTHING";
    survey_members = "SELECT contact_id FROM case_participant WHERE case_id = $1 AND role = $2 ORDER BY contact_id";
    survey_came_back = "SELECT (SELECT count(*) FROM outbox WHERE recipient = $1 AND (state = 'failed' OR delivery IN ('bounced','said-bounced')))
  + (SELECT count(*) FROM contact_address WHERE address = $1 AND unreachable_at IS NOT NULL) AS n";
    survey_put = "INSERT INTO survey_invitation (id, case_id, code_hash, address, made_at, ends_at) VALUES ($1,$2,$3,$4,$5,$6)";
    survey_get = "SELECT id, case_id, code_hash, address, made_at, ends_at, used FROM survey_invitation WHERE id = $1";
    survey_by_code = "SELECT id, case_id, code_hash, address, made_at, ends_at, used FROM survey_invitation WHERE code_hash = $1";
    survey_use = "UPDATE survey_invitation SET used = TRUE WHERE id = $1 AND NOT used AND ends_at > $2";
    survey_count = "INSERT INTO survey_tally (month, what, answer, n) VALUES ($1,$2,$3,1) ON CONFLICT (month, what, answer) DO UPDATE SET n = survey_tally.n + 1";
    survey_tallies = "SELECT what, answer, CAST(sum(n) AS BIGINT) AS n FROM survey_tally WHERE month >= $1 AND month < $2 GROUP BY what, answer ORDER BY what, answer";
    survey_gone = "DELETE FROM survey_invitation WHERE case_id = $1";
}

/// Cases that were closed between `after` and `until` of which nobody has decided yet whether their family is asked.
pub async fn due(tx: &mut Tx, until: DateTime<Utc>, after: DateTime<Utc>) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, survey_due, (Uuid,), all, until, after, MOST_CASES)?.into_iter().map(|row| row.0).collect())
}

/// Notes that it is decided. False where somebody else did so before.
pub async fn decide(tx: &mut Tx, case: Uuid, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, survey_decide, case, now)? == 1)
}

/// The contacts that have this role in the case.
pub async fn with_role(tx: &mut Tx, case: Uuid, role: &str) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, survey_members, (Uuid,), all, case, role)?.into_iter().map(|row| row.0).collect())
}

/// Whether a letter to this address ever came back, or could not go.
pub async fn came_back(tx: &mut Tx, address: &str) -> Stored<bool> {
    Ok(fetch!(tx, survey_came_back, (i64,), one, address.to_lowercase())?.0 > 0)
}

/// A new invitation.
pub async fn put(tx: &mut Tx, new: &Invitation) -> Stored<()> {
    let Invitation { id, case_id, code_hash, address, made_at, ends_at, .. } = new;
    execute!(tx, survey_put, *id, *case_id, code_hash, address, *made_at, *ends_at).map(|_| ())
}

/// The invitation with this key.
pub async fn get(tx: &mut Tx, id: Uuid) -> Stored<Option<Invitation>> {
    fetch!(tx, survey_get, Invitation, optional, id)
}

/// The invitation whose code has this SHA-256 (hex), whatever became of it.
pub async fn by_code(tx: &mut Tx, code_hash: &str) -> Stored<Option<Invitation>> {
    fetch!(tx, survey_by_code, Invitation, optional, code_hash)
}

/// Uses an invitation up. False where it was used before, or is over.
pub async fn take(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, survey_use, id, now)? == 1)
}

/// Counts one more in the month that begins on `month`.
pub async fn count(tx: &mut Tx, month: NaiveDate, what: &str, answer: &str) -> Stored<()> {
    execute!(tx, survey_count, month, what, answer).map(|_| ())
}

/// How many there are from the month `from` until before the month `until`.
pub async fn tallies(tx: &mut Tx, from: NaiveDate, until: NaiveDate) -> Stored<Vec<Tally>> {
    fetch!(tx, survey_tallies, Tally, all, from, until)
}

/// Takes the invitations of a case out. Returns how many.
pub async fn gone(tx: &mut Tx, case: Uuid) -> Stored<u64> {
    execute!(tx, survey_gone, case)
}
