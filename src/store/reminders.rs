//! What people are reminded of, and the families who are asked how they are treated.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::ids::Uuid;

/// The next date of a case that is not done.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NextDate {
    /// The case.
    pub id: Uuid,
    /// Its reference.
    pub reference: String,
    /// Who has it.
    pub officer_id: Option<Uuid>,
    /// By when.
    pub next_on: NaiveDate,
    /// What is to be done.
    pub next_what: String,
}

statements! {
    next_dates = "SELECT id, reference, officer_id, next_on, next_what FROM case_file WHERE next_on <= $1 ORDER BY next_on, reference LIMIT 5000";
    next_set = "UPDATE case_file SET next_on = $2, next_what = $3, closed_at = $4, check_ins = $5, stage = $6 WHERE id = $1";
    barred_pairs = "SELECT b.case_id, o.id FROM case_barred b JOIN officer o ON o.email = b.email";
    to_check_in = "SELECT id FROM case_file WHERE closed_at <= $1 AND closed_at > $2 AND check_ins < 2 ORDER BY closed_at LIMIT 500";
}

/// Keeps the next date of a case, when it was closed, how often its family was asked since, and the stage that it is at.
pub async fn set_next(
    tx: &mut Tx,
    case: Uuid,
    next: Option<(NaiveDate, String)>,
    closed_at: Option<DateTime<Utc>>,
    (check_ins, stage): (i64, i64),
) -> Stored<()> {
    let (on_day, what) = next.unzip();
    execute!(tx, next_set, case, on_day, what, closed_at, check_ins, stage).map(|_| ())
}

/// The next dates of cases up to `until`, the earliest first.
pub async fn next_dates(tx: &mut Tx, until: NaiveDate) -> Stored<Vec<NextDate>> {
    fetch!(tx, next_dates, NextDate, all, until)
}

/// Which officers may not know of which cases.
pub async fn barred_officers(tx: &mut Tx) -> Stored<Vec<(Uuid, Uuid)>> {
    fetch!(tx, barred_pairs, (Uuid, Uuid), all)
}

/// Cases that were closed between `after` and `until` and whose family may be asked once more.
pub async fn to_check_in(tx: &mut Tx, until: DateTime<Utc>, after: DateTime<Utc>) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, to_check_in, (Uuid,), all, until, after)?.into_iter().map(|row| row.0).collect())
}
