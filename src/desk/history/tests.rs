use super::*;
use crate::{
    labelling::labels::{Procedure, Theme},
    procedure::event::{MergedCase, Moved},
};

#[test]
fn every_event_reads_as_plain_english() {
    let (bell, morgan) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let names = Names::from([(bell, "Rowan Bell".into()), (morgan, "Sam Morgan".into())]);
    let start: DateTime<Utc> = "2026-11-20T10:30:00Z".parse().unwrap();
    let was = Nature { act: Act::Concern, procedure: Procedure::Unclear, theme: Theme::Delay, safeguarding: false };
    let nature = Nature { act: Act::Complaint, procedure: Procedure::Statutory, safeguarding: true, ..was };
    let added =
        |relation, why: &str| Event::MessageAdded { representation: Uuid::nil(), relation, why: why.to_owned() };
    let report = |letter: &str, outcome, proven| Event::LetterReported {
        outbox: Uuid::nil(),
        letter: letter.into(),
        outcome,
        status: Some("5.1.1".into()).filter(|_| proven),
        why: "nobody has this address".into(),
        proven,
    };
    let settle = |letter: &str, how| {
        let (outbox, letter, why) = (Some(Uuid::nil()), letter.into(), "She has it, she said by telephone.".into());
        Event::LetterSettled { outbox, letter, how, why }
    };
    let sent_again = |letter: &str, other_address| Event::LetterSentAgain {
        outbox: Uuid::nil(),
        letter: letter.into(),
        other_address,
    };
    let ann = Complainant {
        name: Some("Ann Bell".into()),
        address: Some("ann@mail.example".into()),
        phone: Some("01632 960 001".into()),
        relationship: Some("grandmother".into()),
        recorded_by: Some("Jo Head".into()),
        ..Complainant::default()
    };
    let moved = |relation| Moved { representation: Uuid::nil(), relation, why: String::new() };
    let events = [
        (
            None,
            Event::Opened {
                nature: was,
                received_at: start - chrono::Duration::minutes(1),
                why: "it was sent to the complaints mailbox".into(),
            },
        ),
        (None, added(Relation::New, "it was sent to the complaints mailbox")),
        (None, Event::NotAcknowledged { why: "waits for an officer to confirm".into(), held: true, by_hand: false }),
        (None, Event::Suggested { nature: was }),
        (None, added(Relation::SameIssue, "answers a message of this case")),
        (None, added(Relation::Duplicate, "the same message, passed on")),
        (None, added(Relation::UnverifiedSender, "points at this case, but its sender is no party to it")),
        (None, added(Relation::Automatic, "an automatic answer to a message of this case")),
        (Some(bell), Event::Confirmed),
        (None, Event::Acknowledged { outbox: Uuid::nil() }),
        (Some(bell), Event::Reclassified { nature, was }),
        (None, Event::Alerted),
        (Some(bell), Event::Assigned { officer: bell }),
        (Some(morgan), Event::Assigned { officer: bell }),
        (Some(morgan), Event::Dismissed { act: Act::Enquiry, reason: "She asks for term dates.".into() }),
        (Some(morgan), Event::Undone { seq: 15 }),
        (Some(morgan), Event::Acknowledged { outbox: Uuid::nil() }),
        (
            Some(bell),
            Event::LetterDropped {
                outbox: Uuid::nil(),
                letter: "receipt".into(),
                why: "She has left the council.".into(),
            },
        ),
        (Some(Uuid::from_u128(9)), Event::NotAcknowledged { why: "no address".into(), held: false, by_hand: false }),
        (None, Event::NotAcknowledged { why: "no address".into(), held: false, by_hand: true }),
        (None, report("acknowledgement", Outcome::Delayed, true)),
        (None, report("acknowledgement", Outcome::Failed, false)),
        (None, report("acknowledgement", Outcome::Failed, true)),
        (None, report("receipt", Outcome::Failed, true)),
        (None, report("alert", Outcome::Delivered, true)),
        (Some(bell), sent_again("acknowledgement", true)),
        (Some(bell), sent_again("receipt", false)),
        (Some(bell), settle("acknowledgement", Settlement::Told)),
        (Some(bell), settle("receipt", Settlement::Told)),
        (Some(bell), settle("acknowledgement", Settlement::Arrived)),
        (None, Event::ComplainantUnsure { why: "a member of staff wrote it".into() }),
        (None, Event::MayBelong { case: Uuid::nil(), reference: "HRD-26-00042-K".into(), why: String::new() }),
        (Some(bell), Event::ComplainantSet { person: ann.clone().into(), was: Complainant::default().into() }),
        (
            Some(bell),
            Event::ComplainantSet {
                person: Complainant { name: Some("Anne Bell".into()), ..ann.clone() }.into(),
                was: ann.clone().into(),
            },
        ),
        (Some(bell), Event::ComplainantSet { person: ann.clone().into(), was: ann.clone().into() }),
        (Some(bell), Event::SenderAccepted { representation: Uuid::nil(), contact: None }),
        (
            Some(bell),
            Event::MovedOut { representation: Uuid::nil(), to: Uuid::nil(), reference: "HRD-26-00043-L".into() },
        ),
        (None, recounted()),
        (Some(bell), Event::Tied { joint: Uuid::nil(), reference: "JNT-26-0001".into() }),
        (Some(bell), Event::Untied { joint: Uuid::nil(), reference: "JNT-26-0001".into() }),
        (Some(bell), Event::KeptApart { case: Uuid::nil(), reference: "HRD-26-00042-K".into() }),
        (
            Some(bell),
            Event::MessagesMoved {
                messages: vec![moved(Relation::SameIssue), moved(Relation::UnverifiedSender)],
                to: Uuid::nil(),
                reference: "HRD-26-00044-M".into(),
            },
        ),
        (
            Some(bell),
            Event::MessagesCame {
                messages: vec![Uuid::nil()],
                from: Uuid::nil(),
                reference: "HRD-26-00044-M".into(),
                received_at: start,
            },
        ),
        (
            Some(bell),
            Event::MergedFrom(Box::new(MergedCase {
                case: Uuid::nil(),
                reference: "HRD-26-00044-M".into(),
                messages: vec![moved(Relation::New), moved(Relation::SameIssue)],
                parties: vec![],
                received_at: start,
                safeguarding: false,
                alerted: false,
                told_at: None,
                officer: None,
                joint: None,
                subjects: BTreeMap::new(),
                promised: std::collections::BTreeMap::new(),
                child_since: None,
                protection: Default::default(),
                keeping: Default::default(),
            })),
        ),
        (Some(bell), Event::MergedInto { case: Uuid::nil(), reference: "HRD-26-00042-K".into() }),
        (Some(bell), Event::WentBack { case: Uuid::nil(), reference: "HRD-26-00042-K".into() }),
        (Some(bell), Event::Assigned { officer: bell }),
    ];
    let history: Vec<Recorded> = events
        .into_iter()
        .zip(1..)
        .map(|((by, event), seq)| Recorded { seq, at: start + chrono::Duration::minutes(seq), by, event })
        .collect();
    let sent_at = Some(start + chrono::Duration::seconds(605));
    let lines: Vec<String> = entries(&history, "complaints", sent_at, &names)
        .into_iter()
        .map(|entry| format!("{} {} [{}] {}", entry.at.format("%H:%M:%S"), entry.title, entry.by, entry.detail))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
    let case = CaseFile::fold(&history).unwrap();
    let undo = undo(&history, &case, &names).unwrap();
    assert_eq!((undo.what.as_str(), undo.by.unwrap().name.as_str()), ("Taken by Rowan Bell", "Rowan Bell"));
}

/// One date that was told, and one that was not.
fn recounted() -> Event {
    let day = |text: &str| text.parse().unwrap();
    let date = |duty: &str, was, now, told| crate::procedure::recount::Recount {
        duty: duty.into(),
        day0: day("2026-11-16"),
        was: day(was),
        now: day(now),
        told,
    };
    Event::Recounted {
        version: "england-2019-2030-0a1b2c3d".into(),
        dates: vec![
            date("S1-10", "2026-11-30", "2026-12-01", true),
            date("DECIDE-3", "2026-11-19", "2026-11-20", false),
        ],
    }
}
