//! One of every command.

use super::*;

/// Every command, each saying all it must, under the name that the table gives it.
pub(super) fn commands(case: &CaseFile) -> Vec<(String, Command)> {
    let text = || "x".to_owned();
    let reference = || "HRD-26-00009-X".to_owned();
    let moved = |relation| Moved { representation: id(3), relation, why: text() };
    let complainant = |name: &str| Box::new(Complainant { name: Some(name.into()), ..Complainant::default() });
    let letter = || ACKNOWLEDGEMENT.to_owned();
    let merged = MergedCase {
        case: id(9),
        reference: reference(),
        messages: vec![moved(Relation::New)],
        parties: vec![],
        received_at: now(),
        safeguarding: false,
        alerted: false,
        told_at: None,
        officer: None,
        joint: None,
        subjects: std::collections::BTreeMap::new(),
        promised: std::collections::BTreeMap::new(),
        child_since: None,
        protection: Default::default(),
        keeping: Default::default(),
    };
    let mut list = vec![
        ("Confirm".to_owned(), Command::Confirm),
        ("Reclassify".to_owned(), Command::Reclassify(Nature { theme: Theme::Finance, ..case.nature })),
        ("Dismiss".to_owned(), Command::Dismiss { act: Act::Routine, reason: text() }),
        ("Assign".to_owned(), Command::Assign(id(4))),
        ("Undo".to_owned(), Command::Undo),
        (
            "AddMessage".to_owned(),
            Command::AddMessage {
                representation: id(3),
                relation: Relation::SameIssue,
                why: text(),
                safeguarding: false,
            },
        ),
        ("Suggest".to_owned(), Command::Suggest(case.nature)),
        ("Worry".to_owned(), Command::Worry),
        ("ReleaseAcknowledgement".to_owned(), Command::ReleaseAcknowledgement { outbox: id(2) }),
        (
            "ReportLetter".to_owned(),
            Command::ReportLetter {
                outbox: id(2),
                letter: letter(),
                outcome: Outcome::Delivered,
                status: None,
                why: text(),
                proven: true,
            },
        ),
        (
            "SettleLetter".to_owned(),
            Command::SettleLetter { outbox: Some(id(2)), letter: letter(), how: Settlement::Told, why: text() },
        ),
        ("SendAgain".to_owned(), Command::SendAgain { outbox: id(2), letter: letter(), to: None }),
        ("DropLetter".to_owned(), Command::DropLetter { outbox: id(2), letter: letter(), tried: true, why: text() }),
        (
            "SetComplainant".to_owned(),
            Command::SetComplainant { person: complainant("Noor"), was: complainant("Sami") },
        ),
        ("AcceptSender".to_owned(), Command::AcceptSender { representation: id(5), contact: None }),
        (
            "SamePerson".to_owned(),
            Command::SamePerson {
                contact: id(6),
                address: text(),
                person: id(1),
                was: id(2),
                messages: vec![],
                shown: String::new(),
            },
        ),
        (
            "AnotherPerson".to_owned(),
            Command::AnotherPerson { contact: id(6), address: text(), person: id(1), was: id(2) },
        ),
        (
            "SetGroup".to_owned(),
            Command::SetGroup(Some(Group {
                name: text(),
                members: vec![Member { name: Some(text()), address: None, contact: None }],
            })),
        ),
        (
            "NameSubjects".to_owned(),
            Command::NameSubjects {
                people: vec![Named { email: "a@x.example".into(), name: text(), because: text() }],
                barred: false,
            },
        ),
        (
            "SetSubject".to_owned(),
            Command::SetSubject { email: "a@x.example".into(), name: text(), is: true, accounts: vec![] },
        ),
        (
            "AdmitManager".to_owned(),
            Command::AdmitManager { email: "a@x.example".into(), name: text(), reason: text() },
        ),
        ("SetPoints".to_owned(), Command::SetPoints(Box::new(Points { wanted: "more".into(), ..points() }))),
        ("Answer".to_owned(), Command::Answer { outbox: None, how: "by post".into(), author: "zoe@x.example".into() }),
        ("Extend".to_owned(), Command::Extend { outbox: None, how: "by post".into(), reason: text() }),
        ("CheckIn".to_owned(), Command::CheckIn { outbox: id(2), after_days: 30 }),
        ("Recount".to_owned(), Command::Recount { version: text(), dates: vec![] }),
        ("Safeguarding: read".to_owned(), Command::Safeguarding(Safeguarding::Read { what: text() })),
        ("Safeguarding: escalated".to_owned(), Command::Safeguarding(Safeguarding::Escalated { level: 1, told: 1 })),
        ("Safeguarding: allegation".to_owned(), Command::Safeguarding(Safeguarding::Allegation { is: true })),
        (
            "Safeguarding: Designated Officer told".to_owned(),
            Command::Safeguarding(Safeguarding::DesignatedOfficerTold { outbox: None, how: text() }),
        ),
        (
            "Safeguarding: do not reply".to_owned(),
            Command::Safeguarding(Safeguarding::DoNotReply { address: text(), is: true }),
        ),
        ("Retention: held".to_owned(), Command::Retention(Retention::Held { reason: text() })),
        ("Retention: lifted".to_owned(), Command::Retention(Retention::Lifted { reason: text() })),
        (
            "Retention: kept until".to_owned(),
            Command::Retention(Retention::Until { on: day("2030-01-01"), reason: text() }),
        ),
        ("Retention: to anonymise".to_owned(), Command::Retention(Retention::ToAnonymise { reason: text() })),
        ("Retention: born".to_owned(), Command::Retention(Retention::Born { on: Some(day("2010-05-01")) })),
        ("Retention: anonymised".to_owned(), Command::Retention(Retention::Anonymised { with: None })),
        (
            "Retention: anonymised with another".to_owned(),
            Command::Retention(Retention::Anonymised { with: Some(id(9)) }),
        ),
        ("Close".to_owned(), Command::Close { reason: text() }),
        ("Reopen".to_owned(), Command::Reopen { reason: text() }),
        (
            "MoveMessages".to_owned(),
            Command::MoveMessages { messages: vec![moved(Relation::SameIssue)], to: id(9), reference: reference() },
        ),
        (
            "TakeMessages".to_owned(),
            Command::TakeMessages {
                messages: vec![id(3)],
                from: id(9),
                reference: reference(),
                received_at: now(),
                safeguarding: false,
            },
        ),
        ("MergeInto".to_owned(), Command::MergeInto { case: id(9), reference: reference() }),
        ("Merge".to_owned(), Command::Merge(Box::new(merged))),
        ("GoBack".to_owned(), Command::GoBack { case: id(9), reference: reference() }),
        ("KeepApart".to_owned(), Command::KeepApart { case: id(9) }),
        ("Tie".to_owned(), Command::Tie { joint: id(8), reference: "HRD-J-2".into() }),
        ("Untie".to_owned(), Command::Untie),
        ("GiveContribution".to_owned(), Command::GiveContribution(1)),
        ("TakeBack".to_owned(), Command::TakeBack { seq: 1 }),
    ];
    for kind in StepKind::ALL {
        let how = if kind.tells() == crate::procedure::event::Tells::Always { "by post" } else { "" };
        let command = Command::Step { step: step(kind, case), outbox: None, how: how.into() };
        list.push((format!("step:{}", kind.as_str()), command));
    }
    list
}
