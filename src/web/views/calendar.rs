//! What officers see of the bank holidays.

use chrono::NaiveDate;
use serde::Serialize;

/// A date that somebody was told, where it would be another by the bank holidays as they are now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PromiseView {
    /// What is due.
    pub what: String,
    /// What they were told.
    pub promised: NaiveDate,
    /// What it would be now.
    pub by_calendar: NaiveDate,
    /// It is the family's own last day.
    pub theirs: bool,
}

/// How far the bank holidays are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CalendarHealth {
    /// Last day.
    pub known_until: NaiveDate,
    /// Fewer than 12 months lie ahead.
    pub runs_out: bool,
    /// Which version of the council's own is in use; 0: none were given.
    pub given: i64,
}
