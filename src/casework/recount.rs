//! Counts the dates of a case anew when the bank holidays have changed: in whatever is done to the case next, or at once by
//! the worker that follows the calendar. Each case in a transaction of its own, so that a kill leaves none half done.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};

use super::{CaseworkError, Office, acknowledged_at, fold, record};
use crate::{
    ids::Uuid,
    procedure::{
        bank_holidays::Given,
        case::CaseFile,
        clocks,
        decide::{Actor, Command, decide},
        due_dates::{DueDate, decide_due},
        event::Recorded,
        recount::{Recount, is_told, kept, moved},
        working_days::Calendar,
    },
    store::{
        Tx,
        cases::{self, CaseRow, Dates},
        holidays,
    },
};

/// How many open cases a change is tried on at most.
const MOST_TRIED: u64 = 2000;

/// What became of a case when its dates were counted anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recounted {
    /// It was counted by this calendar already.
    Before,
    /// Its dates are the same by it.
    Unmoved,
    /// Nobody had been told a date that moved.
    Moved,
    /// Somebody had: the date that they were told is kept.
    Kept,
}

/// A date that somebody was told, where it would be another by the calendar now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promised {
    /// The duty.
    pub duty: String,
    /// What they were told.
    pub promised: NaiveDate,
    /// What it would be now.
    pub by_calendar: NaiveDate,
}

/// The dates of a case that were told and would be others by the calendar now.
///
/// # Errors
///
/// [`CaseworkError::Calendar`].
pub fn promises(office: &Office, case: &CaseFile, history: &[Recorded]) -> Result<Vec<Promised>, CaseworkError> {
    if case.promised.is_empty() {
        return Ok(Vec::new());
    }
    let other = |DueDate { duty_id: duty, on: by_calendar, .. }: DueDate| {
        let promised = case.promised.get(&duty).map(|promise| promise.on).filter(|on| *on != by_calendar)?;
        Some(Promised { duty, promised, by_calendar })
    };
    let (answer, decide) = counted(office, case, acknowledged_at(history).unwrap_or(case.received_at))?;
    Ok([answer, decide].into_iter().filter_map(other).collect())
}

/// Counts one case anew if it was counted by another calendar. Returns what became of it.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn recount(office: &Office, tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<Recounted, CaseworkError> {
    let row = cases::get(tx, id).await?.ok_or(CaseworkError::NotFound)?;
    let mut history = cases::history(tx, id).await?;
    let known = history.len();
    let (version, dates_moved) = catch_up(office, tx, &row, &mut history, now).await?;
    let Some(dates_moved) = dates_moved else { return Ok(Recounted::Before) };
    let new = history.get(known..).unwrap_or_default();
    if new.is_empty() {
        let unchanged = holidays::counted_by(tx, id, row.version, &version).await?;
        return if unchanged { Ok(Recounted::Unmoved) } else { Err(CaseworkError::Changed) };
    }
    let case = fold(&history, id)?;
    let dates = dates(office, &case, acknowledged_at(&history).unwrap_or(case.received_at))?;
    let same_calendar = *dates.calendar_version == *version;
    if !same_calendar || !cases::append(tx, id, row.version, &case, &dates, new, false, now).await? {
        return Err(CaseworkError::Changed);
    }
    Ok(if dates_moved.iter().any(|date| date.told) { Recounted::Kept } else { Recounted::Moved })
}

/// What a change of the bank holidays would do to open cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// Cases that were looked at.
    pub open: u64,
    /// A date of theirs moves, and nobody was told it.
    pub moved: u64,
    /// A date of theirs moves that somebody was told.
    pub kept: u64,
    /// Their dates cannot be counted.
    pub failed: u64,
    /// There are more.
    pub more: bool,
}

/// What it would do if the council's own bank holidays were `given`, but to the cases in `without`. Nothing is written.
///
/// # Errors
///
/// The database's.
pub async fn would_move(
    office: &Office,
    tx: &mut Tx,
    given: &Given,
    without: &BTreeSet<Uuid>,
) -> Result<Trial, CaseworkError> {
    let calendar = office.calendar_with(given);
    let mut trial = Trial::default();
    let mut last = Uuid::nil();
    loop {
        // No calendar is called that: these are all open cases.
        let some = holidays::to_count(tx, "", last).await?;
        let Some(end) = some.last() else { return Ok(trial) };
        last = *end;
        for id in some.into_iter().filter(|id| !without.contains(id)) {
            if trial.open >= MOST_TRIED {
                trial.more = true;
                return Ok(trial);
            }
            let Some(row) = cases::get(tx, id).await? else { continue };
            let history = cases::history(tx, id).await?;
            trial.open += 1;
            match moves(office, &calendar, &row, &history) {
                Ok(None) => {}
                Ok(Some(false)) => trial.moved += 1,
                Ok(Some(true)) => trial.kept += 1,
                Err(_) => trial.failed += 1,
            }
        }
    }
}

/// Whether `calendar` moves a date of the case, and if so, whether somebody was told one of them.
fn moves(
    office: &Office,
    calendar: &Calendar,
    row: &CaseRow,
    history: &[Recorded],
) -> Result<Option<bool>, CaseworkError> {
    let case = fold(history, row.id)?;
    let dates = counted_with(office, calendar, &case, acknowledged_at(history).unwrap_or(case.received_at))?;
    let moved = moved_dates(&case, row, &dates);
    Ok((!moved.is_empty()).then(|| moved.iter().any(|date| date.told)))
}

/// The dates of the case that are others by `answer` and `decide_by`.
fn moved_dates(case: &CaseFile, row: &CaseRow, (answer, decide_by): &(DueDate, DueDate)) -> Vec<Recount> {
    let told = is_told(case);
    // Staff who passed it on were told by when it is decided what it is.
    let staff_told = told || row.passed_on_by.is_some();
    let each = [(row.due_on, answer, told), (row.decide_by, decide_by, staff_told)];
    each.iter().filter_map(|(was, by_calendar, told)| moved(case, *was, by_calendar, *told)).collect()
}

/// Writes into `history` what the calendar has moved since the case was last counted, before anything else is done to it.
/// Returns the calendar's version, and what has moved; None when the case was counted by it already.
pub(super) async fn catch_up(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    history: &mut Vec<Recorded>,
    now: DateTime<Utc>,
) -> Result<(Arc<str>, Option<Vec<Recount>>), CaseworkError> {
    let counted_with = holidays::calendar_of(tx, row.id).await?;
    if counted_with.as_deref() != Some(&*office.calendar_version()) {
        // Another program may have taken up newer holidays before this one.
        office.take_up_holidays(tx).await?;
    }
    let version = office.calendar_version();
    if counted_with.as_deref() == Some(&*version) {
        return Ok((version, None));
    }
    let case = fold(history, row.id)?;
    let by_calendar = counted(office, &case, acknowledged_at(history).unwrap_or(case.received_at))?;
    let dates = moved_dates(&case, row, &by_calendar);
    let command = Command::Recount { version: version.to_string(), dates: dates.clone() };
    record(
        history,
        now,
        None,
        decide(&case, &command, &office.setting(&office.calendar(), Actor::Program, now))?.events,
    );
    Ok((version, Some(dates)))
}

/// The dates that we keep by.
pub(super) fn dates(office: &Office, case: &CaseFile, acknowledged_at: DateTime<Utc>) -> Result<Dates, CaseworkError> {
    let (answer, decide) = counted(office, case, acknowledged_at)?;
    let (answer, decide) = (kept(case, answer), kept(case, decide));
    let calendar_version = answer.calendar_version;
    Ok(Dates {
        due_on: answer.on,
        due_duty: answer.duty_id,
        due_rule: answer.rule,
        decide_by: decide.on,
        calendar_version,
    })
}

/// The dates by the calendar alone: working days from the original day 0; the corporate clock starts with the acknowledgement.
fn counted(
    office: &Office,
    case: &CaseFile,
    acknowledged_at: DateTime<Utc>,
) -> Result<(DueDate, DueDate), CaseworkError> {
    counted_with(office, &office.calendar(), case, acknowledged_at)
}

fn counted_with(
    office: &Office,
    calendar: &Calendar,
    case: &CaseFile,
    acknowledged_at: DateTime<Utc>,
) -> Result<(DueDate, DueDate), CaseworkError> {
    let started = acknowledged_at.max(case.received_at);
    let answer = clocks::row_date(case, started, office.book(calendar))?;
    Ok((answer, decide_due(case.received_at, &office.duties, calendar)?))
}
