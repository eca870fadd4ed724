use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;
use crate::{
    labelling::labels::{Act, Procedure, Theme},
    procedure::{
        decide::{Actor, Command, Setting, decide},
        due_dates::due,
        duties::Duties,
        event::{Event, MergedCase, Nature, PointOutcome, Recorded},
        independence::Directory,
        options::Options,
        working_days::Calendar,
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A case received on Monday 16 November 2026, with these events after.
fn history(more: Vec<Event>) -> Vec<Recorded> {
    let at: DateTime<Utc> = "2026-11-16T09:00:00Z".parse().unwrap();
    let nature =
        Nature { act: Act::Complaint, procedure: Procedure::Statutory, theme: Theme::Transport, safeguarding: false };
    let opened = Event::Opened { nature, received_at: at, why: "new".into() };
    let all = std::iter::once(opened).chain(more);
    (1..).zip(all).map(|(seq, event)| Recorded { seq, at, by: None, event }).collect()
}

fn told() -> Vec<Recorded> {
    history(vec![Event::Acknowledged { outbox: crate::ids::Uuid::nil() }])
}

fn fold(history: &[Recorded]) -> CaseFile {
    CaseFile::fold(history).unwrap()
}

fn by(case: &CaseFile, id: &str, calendar: &Calendar) -> DueDate {
    due(Duties::built_in().unwrap().by_id(id).unwrap(), case.received_at, calendar).unwrap()
}

/// Counts the case anew by `calendar`, as the door does: what was kept so far was `was`. Returns what is kept now, and whether
/// anything was written down.
fn recount(history: &mut Vec<Recorded>, id: &str, was: NaiveDate, calendar: &Calendar) -> (NaiveDate, bool) {
    let case = fold(history);
    let counted = by(&case, id, calendar);
    let dates: Vec<Recount> = moved(&case, was, &counted, is_told(&case)).into_iter().collect();
    let command = Command::Recount { version: calendar.version(), dates };
    let duties = Duties::built_in().unwrap();
    let setting = Setting {
        today: crate::clock::london_date(case.received_at),
        duties: &duties,
        calendar,
        directory: &Directory::default(),
        actor: Actor::Program,
        options: Options::default(),
    };
    let events = decide(&case, &command, &setting).unwrap().events;
    let written = !events.is_empty();
    for event in events {
        let seq = history.len() as i64 + 1;
        history.push(Recorded { seq, at: case.received_at, by: None, event });
    }
    (kept(&fold(history), by(&case, id, calendar)).on, written)
}

fn with(days: &[&str]) -> Calendar {
    let days: Vec<NaiveDate> = days.iter().map(|text| day(text)).collect();
    Calendar::england(&[], &days)
}

#[test]
fn a_case_that_nobody_was_told_of_is_counted_anew_and_what_was_told_stays() {
    let proclaimed = with(&["2026-11-23"]);
    let (mut untold, mut known) = (history(vec![]), told());
    assert_eq!(recount(&mut untold, "S1-10", day("2026-11-30"), &proclaimed), (day("2026-12-01"), true));
    assert_eq!(recount(&mut known, "S1-10", day("2026-11-30"), &proclaimed), (day("2026-11-30"), true));
    let case = fold(&known);
    let promise = &case.promised["S1-10"];
    assert_eq!((promise.on, promise.by_calendar), (day("2026-11-30"), day("2026-12-01")));
    assert!(fold(&untold).promised.is_empty());
    let rule = kept(&case, by(&case, "S1-10", &proclaimed)).rule;
    assert!(rule.ends_with("Bank holidays have changed since: the date that was given first stays."), "{rule}");
    // The holiday is taken back, and the promise is what the calendar says again.
    assert_eq!(recount(&mut known, "S1-10", day("2026-11-30"), &with(&[])), (day("2026-11-30"), true));
    assert!(!kept(&fold(&known), by(&case, "S1-10", &with(&[]))).rule.contains("changed since"));
}

#[test]
fn a_holiday_gives_the_family_more_time_and_none_is_taken_from_them() {
    let answered = Event::Answered {
        outbox: None,
        how: "At a meeting.".into(),
        outcome: PointOutcome::Upheld,
        author: String::new(),
    };
    let mut case = history(vec![answered]);
    let (first, later) = (day("2026-12-14"), day("2026-12-15"));
    let proclaimed = with(&["2026-11-23"]);
    assert_eq!(recount(&mut case, "S2-REQ-20", first, &proclaimed), (later, true));
    assert_eq!(fold(&case).promised["S2-REQ-20"].on, first);
    assert_eq!(recount(&mut case, "S2-REQ-20", later, &with(&[])), (first, true), "what they were told holds");
    let mut other = history(vec![Event::Extended { outbox: None, how: "By telephone.".into(), reason: "x".into() }]);
    assert_eq!(recount(&mut other, "S2-REQ-20", later, &with(&[])), (later, true), "never earlier than told");
}

#[test]
fn what_was_promised_in_a_case_holds_where_it_is_merged_into() {
    let promise = |on, by_calendar| Promise { day0: day("2026-11-16"), on: day(on), by_calendar: day(by_calendar) };
    let merged = |on| {
        let promised = [("S1-10".to_owned(), promise(on, "2026-12-02"))].into();
        let case = fold(&told());
        Event::MergedFrom(Box::new(MergedCase {
            case: crate::ids::Uuid::nil(),
            reference: "HRD-26-00042-K".into(),
            messages: Vec::new(),
            parties: Vec::new(),
            received_at: case.received_at,
            safeguarding: false,
            alerted: false,
            told_at: Some(case.received_at),
            officer: None,
            joint: None,
            subjects: case.subjects,
            child_since: None,
            protection: Default::default(),
            keeping: Default::default(),
            promised,
        }))
    };
    let mut case = history(vec![merged("2026-11-30")]);
    assert_eq!(kept(&fold(&case), by(&fold(&case), "S1-10", &with(&["2026-11-23"]))).on, day("2026-11-30"));
    for (on, stricter) in [("2026-12-01", "2026-11-30"), ("2026-11-27", "2026-11-27")] {
        let seq = case.len() as i64 + 1;
        case.push(Recorded { seq, event: merged(on), ..case[0].clone() });
        assert_eq!(fold(&case).promised["S1-10"].on, day(stricter));
    }
}

#[test]
fn a_message_that_came_earlier_than_thought_keeps_the_stricter_date() {
    let mut case = told();
    recount(&mut case, "S1-10", day("2026-11-30"), &with(&["2026-11-23"]));
    let fold = fold(&case);
    let earlier = DueDate { day0: day("2026-11-12"), on: day("2026-11-27"), ..by(&fold, "S1-10", &with(&[])) };
    let later = DueDate { day0: day("2026-11-18"), on: day("2026-12-03"), ..earlier.clone() };
    assert_eq!(kept(&fold, earlier).on, day("2026-11-27"));
    assert_eq!(kept(&fold, later).on, day("2026-11-30"));
}

/// Up to four days off about the case's dates, one calendar after the other.
fn calendars() -> impl Strategy<Value = Vec<Calendar>> {
    let days = prop::collection::vec(0u64..45, 0..4);
    prop::collection::vec(days, 1..6).prop_map(|all| {
        let calendar = |offsets: Vec<u64>| {
            let days: Vec<_> = offsets.iter().map(|n| day("2026-11-14") + chrono::Days::new(*n)).collect();
            Calendar::england(&[], &days)
        };
        all.into_iter().map(calendar).collect()
    })
}

proptest! {
    #[test]
    fn what_was_told_never_moves_earlier_and_our_own_date_not_later(calendars in calendars()) {
        for (id, mut history) in [("S1-10", told()), ("DECIDE-3", told()), ("S2-REQ-20", told())] {
            let first = by(&fold(&history), id, &Calendar::england(&[], &[])).on;
            let mut was = first;
            for calendar in &calendars {
                (was, _) = recount(&mut history, id, was, calendar);
                let counted = by(&fold(&history), id, calendar).on;
                if is_theirs(id) {
                    prop_assert_eq!(was, first.max(counted));
                } else {
                    prop_assert_eq!(was, first);
                }
                if counted != first {
                    prop_assert_eq!(fold(&history).promised[id].on, first);
                    prop_assert_eq!(fold(&history).promised[id].by_calendar, counted);
                }
            }
        }
    }

    #[test]
    fn what_nobody_was_told_is_what_the_calendar_says(calendars in calendars()) {
        let mut history = history(vec![]);
        let mut was = by(&fold(&history), "S1-10", &Calendar::england(&[], &[])).on;
        for calendar in &calendars {
            (was, _) = recount(&mut history, "S1-10", was, calendar);
            prop_assert_eq!(was, by(&fold(&history), "S1-10", calendar).on);
        }
        prop_assert!(fold(&history).promised.is_empty());
    }

    #[test]
    fn counting_again_by_the_same_calendar_writes_nothing(calendars in calendars(), is_told in any::<bool>()) {
        for id in ["S1-10", "S2-REQ-20"] {
            let mut history = if is_told { told() } else { history(vec![]) };
            let mut was = by(&fold(&history), id, &Calendar::england(&[], &[])).on;
            for calendar in &calendars {
                (was, _) = recount(&mut history, id, was, calendar);
                let again = recount(&mut history, id, was, calendar);
                prop_assert_eq!(again, (was, false));
            }
        }
    }
}
