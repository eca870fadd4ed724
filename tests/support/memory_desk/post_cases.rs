//! Letters that were not delivered, mail that could not be read, machines' mail: for the pages about them.

use chrono::{DateTime, Utc};
use heard::{
    ids::{CaseReference, Uuid},
    web::views::*,
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn reference(number: u32) -> String {
    CaseReference { year: 2026, number }.to_string()
}

pub fn quarantine() -> Vec<Quarantined> {
    vec![
        Quarantined {
            id: Uuid::from_u128(71),
            mailbox: "Complaints".into(),
            arrived_at: at("2026-11-19T22:10:00Z"),
            size: 48_211,
            why: "its text is said to be in a character set that does not exist (x-unknown-9)".into(),
            private: false,
            in_part: false,
            reference: None,
            head: "Return-Path: <someone@mail.example>\nSubject: =?x-unknown-9?Q?help?=\nContent-Type: text/html; \
                   charset=x-unknown-9\n\n<script>alert('not run')</script><img src=\"https://mail.example/pixel\">"
                .into(),
        },
        Quarantined {
            id: Uuid::from_u128(72),
            mailbox: "SEND complaints".into(),
            arrived_at: at("2026-11-16T07:45:00Z"),
            size: 31_000_000,
            why: "it is larger than 25 MB and has no readable part at its beginning".into(),
            private: false,
            in_part: false,
            reference: None,
            head: "Return-Path: <other@mail.example>".into(),
        },
    ]
}

pub fn letters() -> Vec<HeldLetter> {
    let letter = |id, kind: &str, case, to: &str, how, queued: &str| HeldLetter {
        id: Uuid::from_u128(id),
        reference: Some(reference(case)),
        kind: kind.into(),
        to: to.into(),
        how,
        why: String::new(),
        said: String::new(),
        advice: String::new(),
        queued_at: at(queued),
        reported_at: None,
        may_send: true,
        may_correct: false,
        may_arrive: false,
        may_drop: true,
    };
    vec![
        HeldLetter {
            why: "The mail server refused the address: no such person here.".into(),
            advice: "A child may be at risk: make sure by telephone, now, that whoever is on duty knows.".into(),
            ..letter(
                83,
                "Safeguarding alert",
                41,
                "mash@haverwick.example",
                NotDelivered::Refused,
                "2026-11-20T09:14:05Z",
            )
        },
        HeldLetter {
            why: "Nobody has this address.".into(),
            said: "5.1.1 · 550 5.1.1 <t.zielinski@mail.example>: user unknown".into(),
            advice:
                "Look at the address for a slip of the keys. Ring them or write another way: they do not know that we \
                     have heard them. If you learn the right address, send it there."
                    .into(),
            reported_at: Some(at("2026-11-12T15:22:40Z")),
            may_correct: true,
            may_arrive: true,
            ..letter(
                81,
                "Acknowledgement",
                38,
                "t.zielinski@mail.example",
                NotDelivered::CameBack,
                "2026-11-12T15:20:04Z",
            )
        },
        HeldLetter {
            why:
                "It was on its way when the program ended, and has most probably arrived; ask the family, and send it \
                  again only if it has not."
                    .into(),
            may_correct: true,
            may_arrive: true,
            ..letter(84, "Acknowledgement", 42, "a.okafor@mail.example", NotDelivered::InDoubt, "2026-11-20T08:40:00Z")
        },
        HeldLetter {
            why: "This person was sent 3 letters within an hour, which is the most.".into(),
            may_drop: false,
            ..letter(
                82,
                "Acknowledgement",
                41,
                "d.wrenfield@mail.example",
                NotDelivered::HeldBack,
                "2026-11-20T09:14:06Z",
            )
        },
    ]
}

pub fn limits(letters: &[HeldLetter]) -> Vec<LimitReached> {
    let held: Vec<_> = letters.iter().filter(|letter| letter.how == NotDelivered::HeldBack).collect();
    let limit = held.first().map(|first| LimitReached {
        what: "to one person in an hour".into(),
        setting: "per_address_an_hour".into(),
        held: held.len() as u64,
        since: first.queued_at,
    });
    limit.into_iter().collect()
}

pub fn untold() -> Vec<Untold> {
    vec![Untold {
        reference: reference(36),
        family: Some("Ivy Moss".into()),
        received_at: at("2026-11-18T10:02:00Z"),
        version: 3,
    }]
}

pub fn filed() -> Vec<FiledMessage> {
    let message = |id, from: &str, subject: &str, words: &str, received: &str, because: &str| FiledMessage {
        id: Uuid::from_u128(id),
        from: from.into(),
        subject: subject.into(),
        words: words.into(),
        received_at: at(received),
        found_in: "Complaints".into(),
        because: because.into(),
    };
    vec![
        message(
            91,
            "Tom Ellis, tom.ellis@charity.example",
            "Automatic reply: Transport",
            "I am on annual leave until 20 November.",
            "2026-11-19T17:30:00Z",
            "An out-of-office reply. What says so: Auto-Submitted: auto-replied.",
        ),
        message(
            92,
            "",
            "",
            "Top stories this week.",
            "2026-11-18T06:00:00Z",
            "Mail through a list, or bulk mail. What says so: sent through a mailing list (list-id).",
        ),
    ]
}
