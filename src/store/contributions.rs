//! What managers are asked to say of a complaint, and what they said.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::ids::Uuid;

/// A contribution that is asked for.
pub struct NewContribution<'a> {
    /// Key.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// Its number in the case, from 1.
    pub number: u32,
    /// SHA-256 (hex) of the token in the link.
    pub token_hash: &'a str,
    /// Whose: their work address.
    pub email: &'a str,
    /// Their name.
    pub name: &'a str,
    /// What is asked.
    pub question: &'a str,
    /// The points they are asked about, as they stand now.
    pub points: &'a [String],
    /// By when.
    pub due: NaiveDate,
    /// Who asks.
    pub by: Uuid,
    /// When the link ends at the latest.
    pub ends_at: DateTime<Utc>,
}

/// A contribution of a case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Contribution {
    /// Key.
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// Its number in the case, from 1.
    pub number: i64,
    /// Whose: their work address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What is asked.
    pub question: String,
    /// The points they are asked about, as they stood then.
    pub points: Json<Vec<String>>,
    /// By when.
    pub due: NaiveDate,
    /// When they were asked.
    pub asked_at: DateTime<Utc>,
    /// The name of whoever asks.
    pub asked_by: String,
    /// What they said.
    pub answer: Option<String>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// When the link ends at the latest.
    pub ends_at: DateTime<Utc>,
}

statements! {
    contribution_put = "INSERT INTO contribution (id, case_id, number, token_hash, email, name, question, points, due, asked_at, asked_by, ends_at)
  VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)";
    contribution_by_token = "SELECT n.id, n.case_id, n.number, n.email, n.name, n.question, n.points, n.due, n.asked_at, o.name AS asked_by, n.answer, n.answered_at, n.withdrawn_at, n.ends_at
  FROM contribution n JOIN officer o ON o.id = n.asked_by WHERE n.token_hash = $1";
    case_contributions = "SELECT n.id, n.case_id, n.number, n.email, n.name, n.question, n.points, n.due, n.asked_at, o.name AS asked_by, n.answer, n.answered_at, n.withdrawn_at, n.ends_at
  FROM contribution n JOIN officer o ON o.id = n.asked_by WHERE n.case_id = $1 ORDER BY n.number";
    contribution_answer = "UPDATE contribution SET answer = $2, answered_at = $3 WHERE id = $1 AND answered_at IS NULL AND withdrawn_at IS NULL AND ends_at > $3";
    contribution_withdraw = "UPDATE contribution SET withdrawn_at = $3 WHERE case_id = $1 AND number = $2 AND answered_at IS NULL AND withdrawn_at IS NULL";
}

/// A contribution is asked for.
pub async fn put(tx: &mut Tx, new: &NewContribution<'_>, now: DateTime<Utc>) -> Stored<()> {
    execute!(
        tx,
        contribution_put,
        new.id,
        new.case,
        i64::from(new.number),
        new.token_hash,
        new.email,
        new.name,
        new.question,
        Json(new.points),
        new.due,
        now,
        new.by,
        new.ends_at
    )
    .map(|_| ())
}

/// The contribution whose link holds the token with this SHA-256 (hex), whatever became of it.
pub async fn by_token(tx: &mut Tx, token_hash: &str) -> Stored<Option<Contribution>> {
    fetch!(tx, contribution_by_token, Contribution, optional, token_hash)
}

/// The contributions of a case, in the order in which they were asked for.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Stored<Vec<Contribution>> {
    fetch!(tx, case_contributions, Contribution, all, case)
}

/// Keeps what they said. False when it was given, withdrawn or over already.
pub async fn answer(tx: &mut Tx, id: Uuid, words: &str, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, contribution_answer, id, words, now)? == 1)
}

/// It is not wanted any more.
pub async fn withdraw(tx: &mut Tx, case: Uuid, number: u32, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, contribution_withdraw, case, i64::from(number), now)? == 1)
}
