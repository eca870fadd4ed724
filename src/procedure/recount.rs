//! What becomes of a case's dates when the bank holidays change. Pure.
//!
//! Rule: a date that a person was told never moves earlier. If it would move later, it stays what we keep by, and officers see both.
//! The family's own last day, to ask for stage 2, is the later of both. A case that nobody was told of is counted anew.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    case::{Acknowledgement, CaseFile},
    due_dates::DueDate,
};

/// A date that a change of the bank holidays moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recount {
    /// The duty whose date it is.
    pub duty: String,
    /// The day its count starts from.
    pub day0: NaiveDate,
    /// The date as it was.
    pub was: NaiveDate,
    /// The date by the bank holidays as they are now.
    pub now: NaiveDate,
    /// Somebody was told the date as it was.
    pub told: bool,
}

/// A date that somebody was told, and that the bank holidays have moved since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The day its count starts from.
    pub day0: NaiveDate,
    /// The date that they were told.
    pub on: NaiveDate,
    /// The date by the bank holidays as they were when it was last counted.
    pub by_calendar: NaiveDate,
}

/// Whether the family was told the case's dates: by a letter, even one that is said to have come back, or by an officer.
#[must_use]
pub fn is_told(case: &CaseFile) -> bool {
    matches!(case.acknowledgement, Acknowledgement::Queued | Acknowledgement::NotReached)
        || case.told_at.is_some()
        || case.extended.is_some()
        || case.answered.is_some()
}

/// Whether the duty's last day is the family's own, to ask for the next stage: `S2-REQ-20`, `S3-REQ-20`, `C2-REQ-20`. A bank
/// holiday gives them more time, and a date that we told them takes none away.
#[must_use]
pub fn is_theirs(duty: &str) -> bool {
    duty.contains("-REQ-")
}

/// What is to be written down of a date that was `was` and is `counted` by the bank holidays now. None: nothing is new.
#[must_use]
pub fn moved(case: &CaseFile, was: NaiveDate, counted: &DueDate, told: bool) -> Option<Recount> {
    let promise = case.promised.get(&counted.duty_id);
    let same = match promise {
        Some(promise) => (promise.day0, promise.by_calendar) == (counted.day0, counted.on),
        None => was == counted.on,
    };
    (!same).then(|| Recount {
        duty: counted.duty_id.clone(),
        day0: counted.day0,
        was: promise.filter(|promise| promise.day0 == counted.day0).map_or(was, |promise| promise.on),
        now: counted.on,
        told: told || promise.is_some(),
    })
}

/// The date that we keep by.
#[must_use]
pub fn kept(case: &CaseFile, counted: DueDate) -> DueDate {
    let Some(promise) = case.promised.get(&counted.duty_id) else { return counted };
    let on = if is_theirs(&counted.duty_id) {
        promise.on.max(counted.on)
    } else if promise.day0 == counted.day0 {
        promise.on
    } else {
        // It came earlier or later than was thought when they were told: what is stricter holds.
        promise.on.min(counted.on)
    };
    if on == counted.on {
        return counted;
    }
    let rule = format!("{} Bank holidays have changed since: the date that was given first stays.", counted.rule);
    DueDate { on, rule, ..counted }
}

#[cfg(test)]
mod tests;
