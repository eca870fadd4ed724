//! The duties of a case with their dates, as officers see them. Pure.

use chrono::{DateTime, NaiveDate, Utc};

use super::{capital, sentence};
use crate::{
    clock::{london_date, start_of_day},
    labelling::labels::Procedure,
    procedure::{
        clocks::Running,
        due_dates::due,
        duties::{Duties, Duty, Starts},
        working_days::Calendar,
    },
    store::queue::Late,
    web::views::{CaseStatus, Due},
};

/// What the dates of a case depend on.
pub(super) struct Facts<'a> {
    pub status: CaseStatus,
    pub dissatisfaction: bool,
    pub procedure: Procedure,
    pub received_at: DateTime<Utc>,
    pub decide_by: NaiveDate,
    /// When an officer said what it is.
    pub decided_at: Option<DateTime<Utc>>,
    /// None can be sent by the program.
    pub no_acknowledgement: bool,
    /// When the acknowledgement went out.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// The family has its answer: the day is theirs then, to ask for stage 2.
    pub answered: bool,
    pub due_on: NaiveDate,
    pub due_duty: &'a str,
    pub due_rule: &'a str,
    /// The dates of later stages, and those that somebody chose.
    pub more: &'a [Running],
    /// The date that lists show is among them.
    pub in_more: bool,
}

/// The duties, the earliest date first. None when no clock runs.
pub(super) fn all(facts: &Facts<'_>, duties: &Duties, calendar: &Calendar, now: DateTime<Utc>) -> Vec<Due> {
    let today = london_date(now);
    let more = facts.more.iter().map(|one| Due {
        what: one.what.clone(),
        on: one.date.on,
        working_days_left: left(one.date.on, today, calendar),
        done_at: one.done_on.map(start_of_day),
        rule: sentence(&one.date.rule),
        source: one.date.duty_id.clone(),
    });
    let runs = matches!(facts.status, CaseStatus::ToConfirm | CaseStatus::Open);
    if !runs {
        return more.collect();
    }
    let mut dues =
        vec![named(&duties.decision, "Decide what it is", facts.decide_by, facts.decided_at, calendar, today)];
    if facts.dissatisfaction {
        let duty = acknowledgement_duty(facts.procedure, duties);
        if !(facts.no_acknowledgement && facts.acknowledged_at.is_none())
            && let Ok(date) = due(duty, facts.received_at, calendar)
        {
            dues.push(named(duty, "Acknowledge", date.on, facts.acknowledged_at, calendar, today));
        }
        if !facts.answered && !facts.in_more {
            dues.push(match duties.by_id(facts.due_duty) {
                Some(duty) => named(duty, &shown(duty), facts.due_on, None, calendar, today),
                None => Due {
                    what: "Answer".to_owned(),
                    on: facts.due_on,
                    working_days_left: left(facts.due_on, today, calendar),
                    done_at: None,
                    rule: sentence(facts.due_rule),
                    source: facts.due_duty.to_owned(),
                },
            });
        }
    }
    dues.extend(more);
    dues.sort_by_key(|due| due.on);
    dues
}

/// A duty as a heading says it.
fn shown(duty: &Duty) -> String {
    match duty.starts {
        Starts::Receipt | Starts::Acknowledgement => "Answer at stage 1".to_owned(),
        _ => capital(&duty.what),
    }
}

/// The next duty that is not done.
pub(super) fn next(facts: &Facts<'_>, duties: &Duties, calendar: &Calendar, now: DateTime<Utc>) -> Option<Due> {
    all(facts, duties, calendar, now).into_iter().find(|due| due.done_at.is_none())
}

pub(super) fn named(
    duty: &Duty,
    what: &str,
    on: NaiveDate,
    done_at: Option<DateTime<Utc>>,
    calendar: &Calendar,
    today: NaiveDate,
) -> Due {
    Due {
        what: what.to_owned(),
        on,
        working_days_left: left(on, today, calendar),
        done_at,
        rule: capital(&format!("{} {}", duty.period, duty.starts.shown())),
        source: duty.source.clone(),
    }
}

/// While nobody has decided on the procedure, the shorter period counts.
fn acknowledgement_duty(procedure: Procedure, duties: &Duties) -> &Duty {
    if procedure == Procedure::Corporate {
        &duties.corporate_acknowledgement
    } else {
        &duties.statutory_acknowledgement
    }
}

fn left(on: NaiveDate, today: NaiveDate, calendar: &Calendar) -> i64 {
    let between = |from, to| calendar.working_days_between(from, to).map(i64::from);
    match (between(today, on), between(on, today)) {
        // A day off after the last day is late, though no working day has passed since.
        (Ok(0), Ok(0)) if on < today => -1,
        (Ok(left), Ok(gone)) => left - gone,
        // Beyond the known bank holidays a page still opens; the dates themselves are never guessed.
        _ => (on - today).num_days(),
    }
}

/// The next date that the case keeps for reminders: any that is not done, whatever it is of. `rule` stands with it where it is the
/// date of the answer.
pub(super) fn kept(on: NaiveDate, what: &str, rule: &str, calendar: &Calendar, now: DateTime<Utc>) -> Due {
    Due {
        what: what.to_owned(),
        on,
        working_days_left: left(on, london_date(now), calendar),
        done_at: None,
        rule: sentence(rule),
        source: String::new(),
    }
}

/// The earlier of two duties; on one day the first.
pub(super) fn earlier(one: Option<Due>, other: Option<Due>) -> Option<Due> {
    [one, other].into_iter().flatten().min_by_key(|due| due.on)
}

/// What counts as late at `now`, and as near: within so many working days.
pub(super) fn late(duties: &Duties, calendar: &Calendar, days_before: u16, now: DateTime<Utc>) -> Late {
    let today = london_date(now);
    Late {
        today,
        corporate_before: late_before(acknowledgement_duty(Procedure::Corporate, duties), calendar, now),
        other_before: late_before(acknowledgement_duty(Procedure::Unclear, duties), calendar, now),
        // Beyond the known bank holidays a page still opens.
        soon_until: calendar.add_working_days(today, days_before).unwrap_or(today),
    }
}

/// Whatever was received before this moment and is not done yet is late by `duty`.
fn late_before(duty: &Duty, calendar: &Calendar, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = london_date(now);
    let mut start = start_of_day(today);
    // No acknowledgement takes a council more than a month.
    for _ in 0..31 {
        let day_before = start - chrono::Duration::hours(12);
        let is_late = due(duty, day_before, calendar).is_ok_and(|due| due.on < today);
        if is_late {
            break;
        }
        start = start_of_day(london_date(day_before));
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn duties() -> Duties {
        Duties::built_in().unwrap()
    }

    fn england() -> Calendar {
        Calendar::england(&[], &[])
    }

    fn facts() -> Facts<'static> {
        Facts {
            status: CaseStatus::ToConfirm,
            dissatisfaction: true,
            procedure: Procedure::Corporate,
            received_at: at("2026-11-20T10:00:00Z"),
            decide_by: "2026-11-25".parse().unwrap(),
            decided_at: None,
            no_acknowledgement: false,
            acknowledged_at: Some(at("2026-11-20T10:00:10Z")),
            answered: false,
            due_on: "2026-12-04".parse().unwrap(),
            due_duty: "C1-10",
            more: &[],
            due_rule: "",
            in_more: false,
        }
    }

    #[test]
    fn the_duties_come_in_the_order_of_their_dates_with_rule_and_source() {
        let now = at("2026-11-21T10:00:00Z");
        let shown: Vec<String> = all(&facts(), &duties(), &england(), now)
            .iter()
            .map(|due| {
                let done = due.done_at.is_some();
                format!("{} {} {} {done}: {} ({})", due.on, due.what, due.working_days_left, due.rule, due.source)
            })
            .collect();
        assert_eq!(
            shown,
            [
                "2026-11-25 Decide what it is 3 false: Within 3 working days of the day we received it (our own rule)",
                "2026-11-27 Acknowledge 5 true: Within 5 working days of the day we received it (LGSCO Complaint Handling Code 6.2)",
                "2026-12-04 Answer at stage 1 10 false: Within 10 working days of the day we acknowledged it (LGSCO Complaint Handling Code 6.3)",
            ]
        );
    }

    #[test]
    fn what_is_no_dissatisfaction_has_no_answer_due_and_what_was_put_aside_has_nothing() {
        let now = at("2026-11-21T10:00:00Z");
        let enquiry = Facts { dissatisfaction: false, ..facts() };
        assert_eq!(all(&enquiry, &duties(), &england(), now).len(), 1);
        let decided = Facts { decided_at: Some(now), ..enquiry };
        assert!(next(&decided, &duties(), &england(), now).is_none());
        assert!(all(&Facts { status: CaseStatus::NotAComplaint, ..facts() }, &duties(), &england(), now).is_empty());
    }

    #[test]
    fn a_last_day_before_a_weekend_is_late_on_that_weekend() {
        let days = |today: &str| left("2026-12-04".parse().unwrap(), today.parse().unwrap(), &england());
        assert_eq!((days("2026-12-03"), days("2026-12-04")), (1, 0));
        assert_eq!((days("2026-12-05"), days("2026-12-07"), days("2026-12-08")), (-1, -1, -2));
    }

    #[test]
    fn the_line_for_late_acknowledgements_agrees_with_the_duty_on_every_day_of_a_year() {
        let calendar = england();
        for n in 0..365 {
            let now = at("2026-01-10T00:30:00Z") + chrono::Duration::days(n);
            let late = late(&duties(), &calendar, 3, now);
            for (procedure, before) in
                [(Procedure::Corporate, late.corporate_before), (Procedure::Statutory, late.other_before)]
            {
                let duties = duties();
                let duty = acknowledgement_duty(procedure, &duties);
                let is_late = |received| due(duty, received, &calendar).unwrap().is_overdue(now);
                assert!(is_late(before - chrono::Duration::seconds(1)), "{now} {procedure}");
                assert!(!is_late(before), "{now} {procedure}");
            }
        }
    }
}
