use proptest::prelude::*;

use super::*;
use crate::{
    ids::Uuid,
    labelling::labels::{Act, Procedure, Theme},
    procedure::{
        case::Status,
        decide::{Actor, Command, Decision, Refusal, Setting},
        duties::Duties,
        event::{MergedCase, Nature},
        independence::Directory,
        options::Options,
        working_days::Calendar,
    },
};

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_170_600 + minute * 60, 0).unwrap()
}

fn nature(safeguarding: bool) -> Nature {
    Nature { act: Act::Concern, procedure: Procedure::Statutory, theme: Theme::Communication, safeguarding }
}

/// A history with one event a minute.
fn history(events: Vec<Event>) -> Vec<Recorded> {
    let recorded = |(event, seq): (Event, i64)| Recorded { seq, at: at(seq), by: Some(Uuid::from_u128(1)), event };
    events.into_iter().zip(1..).map(recorded).collect()
}

fn case(events: Vec<Event>) -> CaseFile {
    CaseFile::fold(&history(events)).unwrap()
}

fn opened(safeguarding: bool) -> Event {
    Event::Opened { nature: nature(safeguarding), received_at: at(0), why: "x".into() }
}

fn step(step: Safeguarding) -> Event {
    Event::Safeguarding(step)
}

fn read() -> Safeguarding {
    Safeguarding::Read { what: "Rang the duty worker.".into() }
}

/// As an officer decides, but for what the program does by itself.
fn decide(case: &CaseFile, command: &Command) -> Result<Decision, Refusal> {
    let (duties, calendar) = (Duties::built_in().unwrap(), Calendar::england(&[], &[]));
    let actor = if matches!(command, Command::Safeguarding(Safeguarding::Escalated { .. })) {
        Actor::Program
    } else {
        Actor::Officer
    };
    let setting = Setting {
        today: crate::clock::london_date(at(0)),
        duties: &duties,
        calendar: &calendar,
        directory: &Directory::default(),
        actor,
        options: Options::default(),
    };
    crate::procedure::decide::decide(case, command, &setting)
}

fn refused(case: &CaseFile, step: Safeguarding) -> NotNow {
    match decide(case, &Command::Safeguarding(step)) {
        Err(Refusal::Safeguarding(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn dismiss() -> Command {
    Command::Dismiss { act: Act::Enquiry, reason: "She asks for term dates.".into() }
}

#[test]
fn a_flagged_case_waits_for_a_person_whether_or_not_anybody_was_alerted() {
    let alerted = case(vec![opened(true), Event::Alerted]);
    assert_eq!(alerted.safeguarding.alarm, Alarm { since: Some(at(1)), told_at: Some(at(2)), level: 0, read_at: None });
    let silent = case(vec![opened(true)]);
    assert_eq!(silent.safeguarding.alarm, Alarm { since: Some(at(1)), ..Alarm::default() });
    for waiting in [&alerted, &silent] {
        assert_eq!(decide(waiting, &dismiss()), Err(Refusal::Safeguarding(NotNow::ReadFirst)));
    }
    let known = case(vec![opened(true), Event::Alerted, step(read())]);
    assert_eq!((known.safeguarding.alarm.since, known.safeguarding.alarm.read_at), (None, Some(at(3))));
    assert!(decide(&known, &dismiss()).is_ok());
    assert_eq!(refused(&known, read()), NotNow::ReadAlready);
    assert_eq!(refused(&case(vec![opened(false)]), read()), NotNow::NothingRaised);
    assert!(decide(&case(vec![opened(false)]), &dismiss()).is_ok());
}

#[test]
fn acknowledging_says_what_was_done_and_is_never_taken_back() {
    let waiting = case(vec![opened(true), Event::Alerted]);
    let with = |what: String| Safeguarding::Read { what };
    assert_eq!(refused(&waiting, with(" \n ".into())), NotNow::WhatMissing);
    assert_eq!(refused(&waiting, with("x".repeat(MOST_CHARS + 1))), NotNow::TooLong);
    let kept = decide(&waiting, &Command::Safeguarding(with(format!(" {} ", "é".repeat(MOST_CHARS))))).unwrap();
    assert_eq!(kept.events, [step(with("é".repeat(MOST_CHARS)))]);
    let known = case(vec![opened(true), Event::Alerted, step(read())]);
    assert_eq!(decide(&known, &Command::Undo), Err(Refusal::NothingToUndo));
}

#[test]
fn it_is_acknowledged_in_every_state_of_a_case() {
    let closed = Event::Closed { reason: "x".into() };
    let dismissed = Event::Dismissed { act: Act::Enquiry, reason: "x".into() };
    let merged = Event::MergedInto { case: Uuid::nil(), reference: "HRD-26-00001-A".into() };
    for (end, status) in [
        (Event::Confirmed, Status::Open),
        (closed, Status::Closed),
        (dismissed, Status::Dismissed),
        (merged, Status::Merged),
    ] {
        let case = case(vec![opened(true), Event::Alerted, end]);
        assert_eq!(case.status, status);
        assert!(decide(&case, &Command::Safeguarding(read())).is_ok(), "{status:?}");
    }
}

#[test]
fn levels_hear_one_after_the_other_until_it_is_read() {
    let level = |level, told| Safeguarding::Escalated { level, told };
    let waiting = case(vec![opened(true), Event::Alerted]);
    assert!(decide(&waiting, &Command::Safeguarding(level(1, 1))).is_ok());
    assert_eq!(refused(&waiting, level(2, 1)), NotNow::NotItsTurn);
    let once = case(vec![opened(true), Event::Alerted, step(level(1, 2))]);
    assert_eq!((once.safeguarding.alarm.level, once.safeguarding.alarm.told_at), (1, Some(at(3))));
    assert_eq!(refused(&once, level(1, 1)), NotNow::NotItsTurn);
    // Nobody could be written to: the next level does not wait for another half an hour.
    let passed_over = case(vec![opened(true), Event::Alerted, step(level(1, 0))]);
    assert_eq!((passed_over.safeguarding.alarm.level, passed_over.safeguarding.alarm.told_at), (1, Some(at(2))));
    let known = case(vec![opened(true), Event::Alerted, step(read())]);
    assert_eq!(refused(&known, level(1, 1)), NotNow::ReadAlready);
}

#[test]
fn a_later_message_asks_again_only_where_nothing_was_flagged() {
    let raise = |case: &CaseFile| {
        let added = Command::AddMessage {
            representation: Uuid::nil(),
            relation: crate::procedure::event::Relation::SameIssue,
            why: "x".into(),
            safeguarding: true,
        };
        decide(case, &added).unwrap().alert
    };
    assert!(raise(&case(vec![opened(false)])));
    assert!(!raise(&case(vec![opened(true), Event::Alerted, step(read())])));
    let later = case(vec![opened(false), Event::Suggested { nature: nature(true) }, Event::Alerted]);
    assert_eq!(later.safeguarding.alarm.since, Some(at(2)));
}

#[test]
fn what_is_merged_brings_its_alert_along() {
    let other = |protection: Protection| {
        Event::MergedFrom(Box::new(MergedCase {
            case: Uuid::nil(),
            reference: "HRD-26-00002-B".into(),
            messages: vec![],
            parties: vec![],
            received_at: at(0),
            safeguarding: true,
            alerted: true,
            told_at: None,
            officer: None,
            joint: None,
            subjects: Default::default(),
            promised: Default::default(),
            child_since: None,
            protection,
            keeping: Default::default(),
        }))
    };
    let told = Protection {
        alarm: Alarm { since: Some(at(-30)), told_at: Some(at(-20)), level: 1, read_at: None },
        allegation: Some(at(-5)),
        officer_told: Some((at(-4), String::new())),
    };
    let here = case(vec![opened(false), other(told.clone())]);
    assert_eq!(here.safeguarding, told);
    assert_eq!(decide(&here, &dismiss()), Err(Refusal::Safeguarding(NotNow::ReadFirst)));
    // Read there, it is read here; but what waits here goes on waiting.
    let known = Protection { alarm: Alarm { read_at: Some(at(-10)), ..Alarm::default() }, ..Protection::default() };
    assert_eq!(case(vec![opened(false), other(known.clone())]).safeguarding.alarm.since, None);
    assert_eq!(case(vec![opened(true), other(known)]).safeguarding.alarm.since, Some(at(1)));
    // Written before there was anything to acknowledge: somebody must.
    assert_eq!(case(vec![opened(false), other(Protection::default())]).safeguarding.alarm.since, Some(at(2)));
}

#[test]
fn an_allegation_is_marked_taken_back_and_told_once() {
    let mark = |is| Safeguarding::Allegation { is };
    let told = |how: &str| Safeguarding::DesignatedOfficerTold { outbox: None, how: how.into() };
    let plain = case(vec![opened(true)]);
    assert_eq!(refused(&plain, mark(false)), NotNow::SameAllegation);
    assert_eq!(refused(&plain, told("By telephone")), NotNow::NoAllegation);
    let marked = case(vec![opened(true), step(mark(true))]);
    assert_eq!((marked.safeguarding.allegation, refused(&marked, mark(true))), (Some(at(2)), NotNow::SameAllegation));
    assert_eq!(refused(&marked, told(" ")), NotNow::HowMissing);
    assert!(decide(&marked, &Command::Safeguarding(told("By telephone"))).is_ok());
    let undone = case(vec![opened(true), step(mark(true)), Event::Undone { seq: 2 }]);
    assert_eq!(undone.safeguarding.allegation, None);
    let known = case(vec![opened(true), step(mark(true)), step(told("By telephone"))]);
    assert_eq!(refused(&known, told("Again")), NotNow::ToldAlready);
    // What was said to them stays said; the mark itself can still be taken back.
    assert_eq!(known.last_undoable.map(|(seq, _)| seq), Some(2));
}

#[test]
fn steps_are_stored_under_their_own_names() {
    let stored = serde_json::to_value(step(Safeguarding::Escalated { level: 2, told: 1 })).unwrap();
    assert_eq!(stored, serde_json::json!({"kind": "safeguarding", "step": "escalated", "level": 2, "told": 1}));
    assert_eq!(serde_json::from_value::<Event>(stored).unwrap(), step(Safeguarding::Escalated { level: 2, told: 1 }));
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::Alerted),
        Just(Event::Confirmed),
        Just(Event::Suggested { nature: nature(true) }),
        Just(Event::Closed { reason: "x".into() }),
        Just(step(read())),
        Just(step(Safeguarding::Escalated { level: 1, told: 1 })),
        Just(step(Safeguarding::Allegation { is: true })),
        (1i64..12).prop_map(|seq| Event::Undone { seq }),
    ]
}

proptest! {
    /// Whatever happens: a flagged case that no person has read is not put aside.
    #[test]
    fn nothing_flagged_is_put_aside_unread(flagged in any::<bool>(), events in prop::collection::vec(any_event(), 0..12)) {
        // Nothing takes a reading back.
        let mut all = vec![opened(flagged)];
        for event in events {
            match &event {
                Event::Undone { seq } => {
                    let target = usize::try_from(*seq - 1).ok().and_then(|place| all.get(place));
                    if target.is_some_and(Event::can_be_undone) {
                        all.push(event);
                    }
                }
                _ => all.push(event),
            }
        }
        let read = all.iter().any(|event| matches!(event, Event::Safeguarding(Safeguarding::Read { .. })));
        let case = case(all);
        if case.nature.safeguarding && !read {
            prop_assert!(decide(&case, &dismiss()).is_err());
            prop_assert!(case.safeguarding.alarm.since.is_some());
        }
    }
}
