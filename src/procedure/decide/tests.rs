use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;
use crate::{
    labelling::labels::{Act, Procedure, Theme},
    procedure::event::{Complainant, MergedCase, Moved, Outcome, Recorded, Settlement},
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

/// The rule book and nobody in the directory, as `actor` decides by it on the day of [`at`].
fn by<T>(actor: Actor, then: impl FnOnce(&Setting<'_>) -> T) -> T {
    let (duties, calendar) = (Duties::built_in().unwrap(), Calendar::england(&[], &[]));
    let today = crate::clock::london_date(at());
    then(&Setting {
        today,
        duties: &duties,
        calendar: &calendar,
        directory: &Directory::default(),
        actor,
        options: Options::default(),
    })
}

fn run(history: &mut Vec<Recorded>, command: &Command) -> Result<Decision, Refusal> {
    let case = CaseFile::fold(history).unwrap();
    let decision = by(Actor::Officer, |setting| decide(&case, command, setting))?;
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
    let held = Event::NotAcknowledged { why: "a limit".into(), held: true, by_hand: false };
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

fn acknowledged() -> Vec<Recorded> {
    let mut history = opened();
    history.push(Recorded { seq: 2, at: at(), by: None, event: Event::Acknowledged { outbox: Uuid::nil() } });
    history
}

fn reported(outcome: Outcome, proven: bool) -> Command {
    let (outbox, letter, why) = (Uuid::nil(), ACKNOWLEDGEMENT.into(), "nobody has this address".into());
    Command::ReportLetter { outbox, letter, outcome, status: Some("5.1.1".into()), why, proven }
}

fn settled(how: Settlement, why: &str) -> Command {
    Command::SettleLetter { outbox: Some(Uuid::nil()), letter: ACKNOWLEDGEMENT.into(), how, why: why.into() }
}

#[test]
fn only_a_proven_final_report_says_that_the_acknowledgement_did_not_reach_them() {
    for (outcome, proven, left) in [
        (Outcome::Delayed, true, Acknowledgement::Queued),
        (Outcome::Delivered, true, Acknowledgement::Queued),
        (Outcome::Failed, false, Acknowledgement::Queued),
        (Outcome::Failed, true, Acknowledgement::NotReached),
    ] {
        let mut history = acknowledged();
        let before = CaseFile::fold(&history).unwrap();
        run(&mut history, &reported(outcome, proven)).unwrap();
        let after = CaseFile::fold(&history).unwrap();
        assert_eq!(after.acknowledgement, left, "{outcome:?} {proven}");
        // Nothing else of the case moves: no status, no clock, no officer.
        assert_eq!(
            (after.status, after.nature, after.received_at, after.officer),
            (before.status, before.nature, before.received_at, before.officer)
        );
    }
    let mut receipt = acknowledged();
    let Command::ReportLetter { outbox, outcome, status, why, proven, .. } = reported(Outcome::Failed, true) else {
        panic!()
    };
    run(&mut receipt, &Command::ReportLetter { outbox, letter: "receipt".into(), outcome, status, why, proven })
        .unwrap();
    assert_eq!(CaseFile::fold(&receipt).unwrap().acknowledgement, Acknowledgement::Queued);
}

#[test]
fn whoever_was_told_another_way_was_told_then_and_undo_takes_it_back() {
    let mut history = acknowledged();
    run(&mut history, &reported(Outcome::Failed, true)).unwrap();
    assert_eq!(run(&mut history, &settled(Settlement::Told, " ")), Err(Refusal::SettleReasonMissing));
    run(&mut history, &settled(Settlement::Told, "rung up")).unwrap();
    assert_eq!(CaseFile::fold(&history).unwrap().told_at, Some(at()));
    let undone = run(&mut history, &Command::Undo).unwrap();
    assert_eq!(undone.reopen, Some(Uuid::nil()));
    let case = CaseFile::fold(&history).unwrap();
    assert_eq!((case.told_at, case.acknowledgement), (None, Acknowledgement::NotReached));
    run(&mut history, &settled(Settlement::Arrived, "she has it")).unwrap();
    assert_eq!(CaseFile::fold(&history).unwrap().acknowledgement, Acknowledgement::Queued);
}

#[test]
fn what_came_back_is_written_anew_and_only_an_officer_sends_it_again() {
    let mut history = acknowledged();
    run(&mut history, &reported(Outcome::Failed, true)).unwrap();
    let again =
        Command::SendAgain { outbox: Uuid::nil(), letter: ACKNOWLEDGEMENT.into(), to: Some("a@b.example".into()) };
    let decision = run(&mut history, &again).unwrap();
    assert!(decision.acknowledge && decision.beyond_limits);
    assert_eq!(decision.to.as_deref(), Some("a@b.example"));
    run(&mut history, &Command::Dismiss { act: Act::Enquiry, reason: "asks for term dates".into() }).unwrap();
    assert_eq!(run(&mut history, &again), Err(Refusal::Dismissed));
}

#[test]
fn a_family_whom_no_letter_can_tell_is_told_once() {
    let by_hand = Event::NotAcknowledged { why: "no address".into(), held: false, by_hand: true };
    let told = Command::SettleLetter {
        outbox: None,
        letter: ACKNOWLEDGEMENT.into(),
        how: Settlement::Told,
        why: "rung up".into(),
    };
    let mut history = opened();
    history.push(Recorded { seq: 2, at: at(), by: None, event: by_hand });
    assert_eq!(CaseFile::fold(&history).unwrap().acknowledgement, Acknowledgement::ByHand);
    run(&mut history, &told).unwrap();
    assert_eq!(run(&mut history, &told), Err(Refusal::AlreadyTold));
    assert_eq!(run(&mut acknowledged(), &told), Err(Refusal::AlreadyTold));
}

#[test]
fn an_automatic_message_changes_nothing_whatever_the_case_is() {
    for close in [None, Some(Command::Confirm), Some(Command::Dismiss { act: Act::Enquiry, reason: "x".into() })] {
        let mut history = acknowledged();
        if let Some(close) = close {
            run(&mut history, &close).unwrap();
        }
        let before = CaseFile::fold(&history).unwrap();
        let (representation, relation, why) = (Uuid::nil(), Relation::Automatic, "out of office".into());
        let decision =
            run(&mut history, &Command::AddMessage { representation, relation, why, safeguarding: false }).unwrap();
        assert!(!decision.acknowledge && !decision.alert);
        let after = CaseFile::fold(&history).unwrap();
        assert_eq!(CaseFile { version: before.version, ..after }, before);
    }
}

#[test]
fn events_written_before_a_field_was_added_are_still_read() {
    let old = r#"{"kind":"not-acknowledged","why":"no address","held":false}"#;
    let event = Event::NotAcknowledged { why: "no address".into(), held: false, by_hand: false };
    assert_eq!(serde_json::from_str::<Event>(old).unwrap(), event);
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
        Event::NotAcknowledged { why: "the author is not certain".into(), held: true, by_hand: false },
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
    let nobody =
        Command::SetComplainant { person: Box::new(Complainant::default()), was: Box::new(Complainant::default()) };
    assert_eq!(run(&mut history, &nobody), Err(Refusal::NobodyNamed));
    // The same person may be confirmed as they are.
    let set = Command::SetComplainant { person: Box::new(ann(1)), was: Box::new(ann(1)) };
    let decision = run(&mut history, &set).unwrap();
    assert!(decision.acknowledge && !decision.anew);
    assert_eq!(CaseFile::fold(&history).unwrap().unsure, None);
    assert_eq!(run(&mut history, &set), Err(Refusal::SameComplainant));
    let by_phone =
        Complainant { name: Some("Ann".into()), phone: Some("01632 960 001".into()), ..Complainant::default() };
    assert!(
        !run(&mut history, &Command::SetComplainant { person: Box::new(by_phone), was: Box::new(ann(1)) })
            .unwrap()
            .acknowledge
    );
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
    assert!(
        !run(&mut history, &Command::SetComplainant { person: Box::new(named.clone()), was: Box::new(ann(1)) })
            .unwrap()
            .acknowledge
    );
    let decision =
        run(&mut history, &Command::SetComplainant { person: Box::new(ann(2)), was: Box::new(named) }).unwrap();
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
    let moved = |relation| Moved { representation: message, relation, why: "w".into() };
    let out = |messages| Command::MoveMessages { messages, to: Uuid::nil(), reference: "HRD".into() };
    assert_eq!(run(&mut history, &out(vec![])), Err(Refusal::NotInCase));
    assert_eq!(run(&mut history, &out(vec![moved(Relation::New)])), Err(Refusal::OpeningMessage));
    run(&mut history, &out(vec![moved(Relation::UnverifiedSender)])).unwrap();
    assert_eq!(run(&mut history, &accept), Err(Refusal::NotToVerify));
    run(&mut history, &Command::Undo).unwrap();
    assert!(CaseFile::fold(&history).unwrap().to_verify.contains(&message));
}

fn another(told_at: Option<DateTime<Utc>>) -> MergedCase {
    let moved = |n, relation| Moved { representation: Uuid::from_u128(n), relation, why: "w".into() };
    MergedCase {
        case: Uuid::from_u128(7),
        reference: "HRD-26-00007-X".into(),
        messages: vec![moved(20, Relation::New), moved(21, Relation::UnverifiedSender)],
        parties: vec![Uuid::from_u128(5)],
        received_at: "2026-10-01T09:00:00Z".parse().unwrap(),
        safeguarding: true,
        alerted: true,
        told_at,
        officer: Some(Uuid::from_u128(3)),
        joint: None,
        subjects: std::collections::BTreeMap::new(),
        promised: std::collections::BTreeMap::new(),
        child_since: None,
        protection: Default::default(),
        keeping: Default::default(),
    }
}

#[test]
fn what_is_merged_brings_its_day_0_its_danger_and_that_they_were_told() {
    let told_at = Some("2026-10-01T09:05:00Z".parse().unwrap());
    let merge = Command::Merge(Box::new(another(told_at)));
    let mut history = opened();
    let before = CaseFile::fold(&history).unwrap();
    let decision = run(&mut history, &merge).unwrap();
    assert!(!decision.alert, "somebody was alerted already");
    let case = CaseFile::fold(&history).unwrap();
    assert!(case.nature.safeguarding && case.alerted && case.received_at < before.received_at);
    assert_eq!((case.told_at, case.officer), (told_at, Some(Uuid::from_u128(3))));
    assert!(case.to_verify.contains(&Uuid::from_u128(21)) && !case.to_verify.contains(&Uuid::from_u128(20)));
    run(&mut history, &Command::Undo).unwrap();
    let after = CaseFile::fold(&history).unwrap();
    assert_eq!(CaseFile { version: before.version, ..after }, before);
    // Nobody was alerted there: then somebody is now.
    let silent = Command::Merge(Box::new(MergedCase { alerted: false, ..another(None) }));
    assert!(run(&mut history, &silent).unwrap().alert);
}

#[test]
fn a_merged_case_is_dealt_with_in_the_other_until_that_is_undone() {
    let into = Command::MergeInto { case: Uuid::from_u128(7), reference: "HRD-26-00007-X".into() };
    let mut history = opened();
    run(&mut history, &into).unwrap();
    assert_eq!(CaseFile::fold(&history).unwrap().status, Status::Merged);
    for command in [Command::Confirm, Command::Assign(Uuid::nil()), into] {
        assert_eq!(run(&mut history, &command), Err(Refusal::Merged("HRD-26-00007-X".into())));
    }
    // A message is better there than nowhere.
    let message = Uuid::from_u128(9);
    let add =
        |relation| Command::AddMessage { representation: message, relation, why: "w".into(), safeguarding: false };
    run(&mut history, &add(Relation::Automatic)).unwrap();
    run(&mut history, &Command::Undo).unwrap();
    assert_eq!(CaseFile::fold(&history).unwrap().status, Status::ToConfirm);
    run(&mut history, &Command::Confirm).unwrap();
}

#[test]
fn only_the_case_that_is_proposed_can_be_kept_apart_and_it_is_proposed_again_when_that_is_undone() {
    let (other, apart) = (Uuid::from_u128(7), |n| Command::KeepApart { case: Uuid::from_u128(n) });
    let mut history = opened();
    assert_eq!(run(&mut history, &apart(7)), Err(Refusal::NothingProposed));
    let event = Event::MayBelong { case: other, reference: "HRD-26-00007-X".into(), why: "w".into() };
    let seq = history.last().unwrap().seq + 1;
    history.push(Recorded { seq, at: history[0].at, by: None, event });
    assert_eq!(run(&mut history, &apart(8)), Err(Refusal::NothingProposed));
    run(&mut history, &apart(7)).unwrap();
    assert_eq!(CaseFile::fold(&history).unwrap().may_belong, None);
    run(&mut history, &Command::Undo).unwrap();
    assert_eq!(CaseFile::fold(&history).unwrap().may_belong.unwrap().0, other);
}

fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        Just(settled(Settlement::Told, "rung up")),
        Just(settled(Settlement::Arrived, "they have it")),
        Just(Command::Confirm),
        (0usize..Act::ALL.len(), any::<bool>()).prop_map(|(act, safeguarding)| Command::Reclassify(Nature {
            act: Act::ALL[act],
            safeguarding,
            ..concern()
        })),
        (0usize..Act::ALL.len()).prop_map(|act| Command::Dismiss { act: Act::ALL[act], reason: "because".into() }),
        any::<u128>().prop_map(|id| Command::Assign(Uuid::from_u128(id))),
        (0u128..3)
            .prop_map(|n| Command::SetComplainant { person: Box::new(ann(n)), was: Box::new(Complainant::default()) }),
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
            prop_assert_eq!((after.status, after.nature, after.officer, after.told_at, &after.last_undoable), (before.status, before.nature, before.officer, before.told_at, &before.last_undoable));
            prop_assert_eq!((after.unsure, after.to_verify, after.accepted), (before.unsure, before.to_verify, before.accepted));
            prop_assert!(after.version > before.version);
        }
    }
}
