use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;
use crate::{
    labelling::labels::{Procedure, Theme},
    procedure::event::Recorded,
};

fn at() -> DateTime<Utc> {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn concern() -> Nature {
    Nature { act: Act::Concern, procedure: Procedure::Unclear, theme: Theme::Delay, safeguarding: false }
}

fn opened() -> Vec<Recorded> {
    vec![Recorded {
        seq: 1,
        at: at(),
        by: None,
        event: Event::Opened { nature: concern(), received_at: at(), why: "new".into() },
    }]
}

fn run(history: &mut Vec<Recorded>, command: &Command) -> Result<Decision, Refusal> {
    let decision = decide(&CaseFile::fold(history).unwrap(), command)?;
    for event in &decision.events {
        let seq = history.len() as i64 + 1;
        history.push(Recorded { seq, at: at(), by: Some(Uuid::nil()), event: event.clone() });
    }
    Ok(decision)
}

#[test]
fn confirming_acknowledges_and_a_second_time_is_refused() {
    let mut history = opened();
    assert!(run(&mut history, &Command::Confirm).unwrap().acknowledge);
    assert_eq!(CaseFile::fold(&history).unwrap().status, Status::Open);
    assert_eq!(run(&mut history, &Command::Confirm), Err(Refusal::AlreadyConfirmed));
}

#[test]
fn nothing_is_put_aside_without_a_reason_or_as_a_complaint() {
    let mut history = opened();
    let dismiss = |act, reason: &str| Command::Dismiss { act, reason: reason.into() };
    assert_eq!(run(&mut history, &dismiss(Act::Enquiry, "  ")), Err(Refusal::ReasonMissing));
    assert_eq!(run(&mut history, &dismiss(Act::Concern, "x")), Err(Refusal::StillDissatisfaction));
    assert!(!run(&mut history, &dismiss(Act::Enquiry, "asks for term dates")).unwrap().acknowledge);
    assert_eq!(CaseFile::fold(&history).unwrap().status, Status::Dismissed);
    assert_eq!(run(&mut history, &Command::Confirm), Err(Refusal::Dismissed));
}

#[test]
fn an_acknowledgement_is_let_go_only_where_one_waits_and_the_case_is_not_put_aside() {
    let outbox = Uuid::from_u128(7);
    let release = Command::ReleaseAcknowledgement { outbox };
    let held = Event::NotAcknowledged { why: "a limit".into(), held: true };
    let mut history = opened();
    assert_eq!(run(&mut history, &release), Err(Refusal::NothingToRelease));
    history.push(Recorded { seq: 2, at: at(), by: None, event: held });
    let decision = run(&mut history, &release).unwrap();
    assert!(decision.acknowledge && decision.beyond_limits && decision.events.is_empty());
    history.push(Recorded { seq: 3, at: at(), by: None, event: Event::Acknowledged { outbox } });
    assert_eq!(run(&mut history, &release).unwrap().events, [Event::Acknowledged { outbox }]);
    run(&mut history, &Command::Dismiss { act: Act::Enquiry, reason: "asks for term dates".into() }).unwrap();
    assert_eq!(run(&mut history, &release), Err(Refusal::Dismissed));
}

#[test]
fn a_letter_is_dropped_with_a_reason_and_not_while_it_is_only_held_back() {
    let drop = |tried, why: &str| Command::DropLetter {
        outbox: Uuid::nil(),
        letter: "acknowledgement".into(),
        tried,
        why: why.into(),
    };
    let mut history = opened();
    assert_eq!(run(&mut history, &drop(true, " ")), Err(Refusal::DropReasonMissing));
    assert_eq!(run(&mut history, &drop(false, "rung up")), Err(Refusal::StillToBeSent));
    let before = CaseFile::fold(&history).unwrap();
    run(&mut history, &drop(true, "rung up")).unwrap();
    let after = CaseFile::fold(&history).unwrap();
    assert_eq!((after.status, after.acknowledgement), (before.status, before.acknowledgement));
    run(&mut history, &Command::Dismiss { act: Act::Enquiry, reason: "asks for term dates".into() }).unwrap();
    assert!(run(&mut history, &drop(false, "not a complaint")).is_ok());
}

#[test]
fn a_late_suggestion_never_overrules_an_officer() {
    let mut history = opened();
    run(&mut history, &Command::Confirm).unwrap();
    run(&mut history, &Command::Suggest(Nature { act: Act::Routine, ..concern() })).unwrap();
    assert_eq!(CaseFile::fold(&history).unwrap().nature, concern());
}

#[test]
fn the_words_of_every_event_read_back() {
    let mut history = opened();
    run(&mut history, &Command::Reclassify(Nature { act: Act::Complaint, safeguarding: true, ..concern() })).unwrap();
    run(
        &mut history,
        &Command::AddMessage {
            representation: Uuid::nil(),
            relation: Relation::UnverifiedSender,
            why: "w".into(),
            safeguarding: false,
        },
    )
    .unwrap();
    for recorded in &history {
        let text = serde_json::to_string(&recorded.event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), recorded.event, "{text}");
    }
}

fn ann(n: u128) -> Complainant {
    Complainant {
        contact: Some(Uuid::from_u128(n)),
        name: Some("Ann".into()),
        address: Some(format!("ann{n}@mail.example")),
        ..Complainant::default()
    }
}

fn unsure() -> Vec<Recorded> {
    let mut history = opened();
    for event in [
        Event::NotAcknowledged { why: "the author is not certain".into(), held: true },
        Event::ComplainantUnsure { why: "the author is not certain".into() },
    ] {
        let seq = history.len() as i64 + 1;
        history.push(Recorded { seq, at: at(), by: None, event });
    }
    history
}

#[test]
fn nobody_is_written_to_before_an_officer_has_said_whose_complaint_it_is() {
    let mut history = unsure();
    assert!(!run(&mut history, &Command::Confirm).unwrap().acknowledge);
    let release = Command::ReleaseAcknowledgement { outbox: Uuid::nil() };
    assert_eq!(run(&mut history, &release), Err(Refusal::ComplainantUnsure));
    let nobody = Command::SetComplainant { person: Complainant::default(), was: Complainant::default() };
    assert_eq!(run(&mut history, &nobody), Err(Refusal::NobodyNamed));
    // The same person may be confirmed as they are.
    let set = Command::SetComplainant { person: ann(1), was: ann(1) };
    let decision = run(&mut history, &set).unwrap();
    assert!(decision.acknowledge && !decision.anew);
    assert_eq!(CaseFile::fold(&history).unwrap().unsure, None);
    assert_eq!(run(&mut history, &set), Err(Refusal::SameComplainant));
    let by_phone =
        Complainant { name: Some("Ann".into()), phone: Some("01632 960 001".into()), ..Complainant::default() };
    assert!(!run(&mut history, &Command::SetComplainant { person: by_phone, was: ann(1) }).unwrap().acknowledge);
    run(&mut history, &Command::Undo).unwrap();
    run(&mut history, &Command::Undo).unwrap();
    let case = CaseFile::fold(&history).unwrap();
    assert_eq!((case.unsure.is_some(), case.complainant), (true, Some(ann(1))));
}

#[test]
fn a_corrected_address_is_acknowledged_once_more_and_a_corrected_name_is_not() {
    let mut history = opened();
    history.push(Recorded { seq: 2, at: at(), by: None, event: Event::Acknowledged { outbox: Uuid::nil() } });
    let named = Complainant { name: Some("Anne".into()), ..ann(1) };
    assert!(!run(&mut history, &Command::SetComplainant { person: named.clone(), was: ann(1) }).unwrap().acknowledge);
    let decision = run(&mut history, &Command::SetComplainant { person: ann(2), was: named }).unwrap();
    assert!(decision.acknowledge && decision.anew);
}

#[test]
fn only_a_message_that_is_to_be_verified_is_accepted_or_moved_out_and_only_once() {
    let (message, contact) = (Uuid::from_u128(9), Some(Uuid::from_u128(5)));
    let accept = Command::AcceptSender { representation: message, contact };
    let mut history = opened();
    assert_eq!(run(&mut history, &accept), Err(Refusal::NotToVerify));
    let add =
        |relation| Command::AddMessage { representation: message, relation, why: "w".into(), safeguarding: false };
    run(&mut history, &add(Relation::UnverifiedSender)).unwrap();
    run(&mut history, &accept).unwrap();
    assert_eq!(CaseFile::fold(&history).unwrap().accepted.get(&message), Some(&contact));
    assert_eq!(run(&mut history, &accept), Err(Refusal::NotToVerify));
    run(&mut history, &Command::Undo).unwrap();
    let case = CaseFile::fold(&history).unwrap();
    assert!(case.to_verify.contains(&message) && case.accepted.is_empty());
    let out = Command::MoveOut { representation: message, to: Uuid::nil(), reference: "HRD".into() };
    run(&mut history, &out).unwrap();
    assert_eq!(run(&mut history, &out), Err(Refusal::NotToVerify));
}

fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        Just(Command::Confirm),
        (0usize..Act::ALL.len(), any::<bool>()).prop_map(|(act, safeguarding)| Command::Reclassify(Nature {
            act: Act::ALL[act],
            safeguarding,
            ..concern()
        })),
        (0usize..Act::ALL.len()).prop_map(|act| Command::Dismiss { act: Act::ALL[act], reason: "because".into() }),
        any::<u128>().prop_map(|id| Command::Assign(Uuid::from_u128(id))),
        (0u128..3).prop_map(|n| Command::SetComplainant { person: ann(n), was: Complainant::default() }),
        (0u128..3).prop_map(|n| Command::AcceptSender {
            representation: Uuid::from_u128(n),
            contact: Some(Uuid::from_u128(n)),
        }),
    ]
}

proptest! {
    /// Promise 5: every decision can be undone in one step, and then the case is as before.
    #[test]
    fn undo_takes_the_last_decision_back_and_nothing_else(commands in prop::collection::vec(any_command(), 0..6), last in any_command()) {
        let mut history = unsure();
        for n in 0..2 {
            let add = Command::AddMessage { representation: Uuid::from_u128(n), relation: Relation::UnverifiedSender, why: "w".into(), safeguarding: false };
            run(&mut history, &add).unwrap();
        }
        for command in &commands {
            let _ = run(&mut history, command);
        }
        let before = CaseFile::fold(&history).unwrap();
        if run(&mut history, &last).is_ok() {
            run(&mut history, &Command::Undo).unwrap();
            let after = CaseFile::fold(&history).unwrap();
            prop_assert_eq!((after.status, after.nature, after.officer, &after.last_undoable), (before.status, before.nature, before.officer, &before.last_undoable));
            prop_assert_eq!((after.unsure, after.to_verify, after.accepted), (before.unsure, before.to_verify, before.accepted));
            prop_assert!(after.version > before.version);
        }
    }
}
