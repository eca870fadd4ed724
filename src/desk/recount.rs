//! Dates that the bank holidays have moved, in words for officers.

use crate::{
    casework::{Office, promises},
    clock::long_date,
    procedure::{
        case::CaseFile,
        event::Recorded,
        recount::{Recount, is_theirs},
    },
    web::views::{CalendarHealth, CaseStatus, PromiseView},
};

/// What stands over it in a case's history.
pub(super) const TITLE: &str = "Counted anew: the bank holidays have changed";

/// What is said there.
pub(super) fn words(dates: &[Recount]) -> String {
    let each = dates.iter().map(|Recount { duty, was, now, told, .. }| {
        let (was, now) = (long_date(*was), long_date(*now));
        if *told {
            format!("{duty}: promised: {was}; by the calendar now: {now}.")
        } else {
            format!("{duty}: {now}, in place of {was}. Nobody had been told.")
        }
    });
    each.collect::<Vec<_>>().join(" ")
}

/// Dates of an open case that somebody was told and that would be others by the calendar now.
pub(super) fn promised(office: &Office, case: &CaseFile, history: &[Recorded], status: CaseStatus) -> Vec<PromiseView> {
    if !matches!(status, CaseStatus::ToConfirm | CaseStatus::Open) {
        return Vec::new();
    }
    // Beyond the known bank holidays nothing can be compared, and the page still opens.
    let all = promises(office, case, history).unwrap_or_default();
    let shown = all.into_iter().filter(|one| one.duty != office.duties.decision.id || status == CaseStatus::ToConfirm);
    let view = |one: crate::casework::Promised| {
        let theirs = is_theirs(&one.duty);
        let what = if theirs {
            "Ask for the next stage"
        } else if one.duty == office.duties.decision.id {
            "Decide what it is"
        } else {
            "Answer"
        };
        PromiseView { what: what.to_owned(), promised: one.promised, by_calendar: one.by_calendar, theirs }
    };
    shown.map(view).collect()
}

/// How far the bank holidays are known.
pub(super) fn health(office: &Office, now: chrono::DateTime<chrono::Utc>) -> CalendarHealth {
    let calendar = office.calendar();
    CalendarHealth {
        known_until: calendar.known_until,
        runs_out: calendar.runs_out(crate::clock::london_date(now)),
        given: office.holidays_number(),
    }
}
