//! Bank holidays that the council gave itself, version by version, and by which calendar each case was counted.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::{ids::Uuid, procedure::bank_holidays::Given};

/// A version of the bank holidays.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its number, from 1.
    pub number: i64,
    /// When it was given.
    pub made_at: DateTime<Utc>,
    /// By whom, if that was said.
    pub made_by: Option<String>,
    /// What was done, in words.
    pub what: String,
    /// All years and days that the council gave until then.
    pub given: Given,
}

/// Cases that are counted anew in one go.
const TOGETHER: i64 = 200;

statements! {
    holidays_newest = "SELECT number, made_at, made_by, what, body FROM holiday_version ORDER BY number DESC LIMIT 1";
    holidays_number = "SELECT coalesce(max(number), 0) AS number FROM holiday_version";
    holidays_put = "INSERT INTO holiday_version (number, made_at, made_by, what, body) VALUES ($1,$2,$3,$4,$5) ON CONFLICT (number) DO NOTHING";
    case_counted = "UPDATE case_file SET calendar_version = $2 WHERE id = $1";
    case_counted_unchanged = "UPDATE case_file SET calendar_version = $3 WHERE id = $1 AND version = $2";
    case_calendar = "SELECT calendar_version FROM case_file WHERE id = $1";
    cases_to_count = "SELECT id FROM case_file WHERE status IN ('to-confirm','open') AND (calendar_version IS NULL OR calendar_version <> $1) AND id > $2 ORDER BY id LIMIT $3";
}

/// The newest version; None when the council never gave any.
pub async fn newest(tx: &mut Tx) -> Stored<Option<Version>> {
    type Row = (i64, DateTime<Utc>, Option<String>, String, Json<Given>);
    let row = fetch!(tx, holidays_newest, Row, optional)?;
    Ok(row.map(|(number, made_at, made_by, what, Json(given))| Version { number, made_at, made_by, what, given }))
}

/// The newest version's number; 0 when the council never gave any.
pub async fn newest_number(tx: &mut Tx) -> Stored<i64> {
    Ok(fetch!(tx, holidays_number, (i64,), one)?.0)
}

/// Stores a version. False if there is one with its number: somebody else was quicker.
pub async fn put(tx: &mut Tx, version: &Version) -> Stored<bool> {
    let Version { number, made_at, made_by, what, given } = version;
    Ok(execute!(tx, holidays_put, number, made_at, made_by, what, Json(given))? == 1)
}

/// The case's dates were counted by this calendar.
pub async fn counted(tx: &mut Tx, case: Uuid, calendar: &str) -> Stored<()> {
    execute!(tx, case_counted, case, calendar).map(|_| ())
}

/// The case's dates are the same by this calendar. False if the case was changed since `version`.
pub async fn counted_by(tx: &mut Tx, case: Uuid, version: i64, calendar: &str) -> Stored<bool> {
    Ok(execute!(tx, case_counted_unchanged, case, version, calendar)? == 1)
}

/// By which calendar the case was counted; None: before that was written down.
pub async fn calendar_of(tx: &mut Tx, case: Uuid) -> Stored<Option<String>> {
    Ok(fetch!(tx, case_calendar, (Option<String>,), optional, case)?.and_then(|row| row.0))
}

/// Open cases after `after`, in the order of their keys, that were counted by another calendar than this: not all at once.
pub async fn to_count(tx: &mut Tx, calendar: &str, after: Uuid) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, cases_to_count, (Uuid,), all, calendar, after, TOGETHER)?.into_iter().map(|row| row.0).collect())
}
