//! Letters that have not reached whom they are for, and machines' messages that belong to no case.

use std::collections::BTreeMap;

use super::{Answer, capital, count, history::letter_words, place, sentence, shown_address};
use crate::{
    ids::Uuid,
    intake::{bounce::Fault, reading::Automated},
    procedure::case::ACKNOWLEDGEMENT,
    replies::guard::{DO_NOT_REPLY, ENCLOSURE, Held},
    store::{
        Tx,
        delivery::{self, OpenLetter},
        filed::{self, Filed},
        joint, upkeep,
    },
    web::views::{FiledMessage, HeldLetter, LimitReached, NotDelivered, Undelivered, Untold, Waiting},
};

/// How many lines a list has at most.
const LINES: i64 = 500;

/// What waits on the pages about letters and mail.
pub(super) async fn waiting(tx: &mut Tx, officer: Uuid) -> Answer<Waiting> {
    Ok(Waiting {
        undelivered: not_delivered(tx, officer).await?,
        unreadable: count(upkeep::quarantine_count(tx).await?),
        joint: count(joint::suggestion_count(tx, officer).await?),
    })
}

/// How much has not reached whom it is for, of what `officer` may deal with.
pub(super) async fn not_delivered(tx: &mut Tx, officer: Uuid) -> Answer<u64> {
    Ok(count(delivery::open_count(tx, officer).await? + delivery::untold_count(tx, officer).await?))
}

/// Everything that has not reached whom it is for.
pub(super) async fn undelivered(tx: &mut Tx, officer: Uuid) -> Answer<Undelivered> {
    let letters = delivery::all_open(tx, LINES, officer).await?;
    let untold = delivery::untold(tx, LINES, officer).await?.into_iter();
    Ok(Undelivered {
        limits: limits(&letters),
        letters: letters.into_iter().map(shown).collect(),
        untold: untold
            .map(|case| Untold {
                reference: case.reference,
                family: case.family,
                received_at: case.received_at,
                version: case.version,
            })
            .collect(),
    })
}

/// The limits that were reached, with how many letters wait because of each.
fn limits(letters: &[OpenLetter]) -> Vec<LimitReached> {
    let mut reached: BTreeMap<&str, LimitReached> = BTreeMap::new();
    for letter in letters.iter().filter(|letter| letter.state == "held") {
        // An address to be careful with is no limit, nor is a file that is not there.
        let is_limit = |by: &&str| !matches!(*by, DO_NOT_REPLY | ENCLOSURE);
        let Some(setting) = letter.held_by.as_deref().filter(is_limit) else { continue };
        let limit = reached.entry(setting).or_insert_with(|| LimitReached {
            what: limit_words(setting).to_owned(),
            setting: setting.to_owned(),
            held: 0,
            since: letter.queued_at,
        });
        limit.held += 1;
        limit.since = limit.since.min(letter.queued_at);
    }
    reached.into_values().collect()
}

/// A limit in words that follow "The limit of letters".
fn limit_words(setting: &str) -> &'static str {
    let is = |held: Held| held.as_str() == setting;
    if is(Held::RecipientHour(0)) {
        "to one person in an hour"
    } else if is(Held::RecipientDay(0)) {
        "to one person in a day"
    } else if is(Held::RecipientWeek(0)) {
        "to one person in a week"
    } else if is(Held::DomainHour(0)) {
        "to one mail domain in an hour"
    } else {
        "to everybody in an hour"
    }
}

fn how(letter: &OpenLetter) -> NotDelivered {
    match (letter.state.as_str(), letter.delivery.as_deref()) {
        ("sent", Some("bounced")) => NotDelivered::CameBack,
        ("sent", _) => NotDelivered::PerhapsCameBack,
        ("failed", _) => NotDelivered::Refused,
        _ if letter.held_by.as_deref() == Some(DO_NOT_REPLY) => NotDelivered::DoNotReply,
        _ if letter.held_by.as_deref() == Some(ENCLOSURE) => NotDelivered::Enclosure,
        _ if letter.tried => NotDelivered::InDoubt,
        _ => NotDelivered::HeldBack,
    }
}

fn shown(letter: OpenLetter) -> HeldLetter {
    let how = how(&letter);
    let fault = fault(letter.delivery_fault.as_deref());
    let is_acknowledgement = letter.kind == ACKNOWLEDGEMENT;
    let dismissed = letter.status.as_deref() == Some("dismissed");
    let (why, said) = match how {
        NotDelivered::CameBack | NotDelivered::PerhapsCameBack => (
            sentence(fault.words()),
            [letter.delivery_code.as_deref(), letter.delivery_why.as_deref()]
                .into_iter()
                .flatten()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
        ),
        _ => (sentence(letter.why.as_deref().unwrap_or_default()), String::new()),
    };
    HeldLetter {
        id: letter.id,
        advice: advice(&letter, how, fault),
        may_send: !(is_acknowledgement && dismissed),
        may_correct: is_acknowledgement && letter.channel == "email" && letter.tried && !dismissed,
        may_arrive: matches!(how, NotDelivered::CameBack | NotDelivered::PerhapsCameBack | NotDelivered::InDoubt),
        may_drop: letter.tried || dismissed || matches!(how, NotDelivered::DoNotReply | NotDelivered::Enclosure),
        reference: letter.reference,
        kind: capital(letter_words(&letter.kind)),
        to: shown_address(&letter.recipient),
        how,
        why,
        said,
        queued_at: letter.queued_at,
        reported_at: letter.delivery_at,
    }
}

/// A fault by its word in the database.
pub(super) fn fault(word: Option<&str>) -> Fault {
    word.and_then(|word| serde_json::from_value(word.into()).ok()).unwrap_or_default()
}

/// What to do about a letter.
fn advice(letter: &OpenLetter, how: NotDelivered, fault: Fault) -> String {
    match (how, letter.kind.as_str()) {
        (NotDelivered::HeldBack | NotDelivered::InDoubt, _) => String::new(),
        (NotDelivered::DoNotReply, _) => {
            "Find out first who reads this address, by telephone if you can. Send it only if that is safe; otherwise tell them another way."
                .to_owned()
        }
        (NotDelivered::Enclosure, _) => {
            "It does not go without what belongs to it. Look at the documents of the case; send it when the file can go, or give it to them another way."
                .to_owned()
        }
        (_, "alert") => {
            "A child may be at risk: make sure by telephone, now, that whoever is on duty knows.".to_owned()
        }
        (NotDelivered::PerhapsCameBack, _) => {
            "This report does not bear our key, so anybody may have sent it. Ask them \
             by telephone whether they have the letter."
                .to_owned()
        }
        (_, "receipt") => "Give them the reference another way.".to_owned(),
        (_, ACKNOWLEDGEMENT) => what_to_do(fault).to_owned(),
        _ => String::new(),
    }
}

/// What to do about a family whom the acknowledgement did not reach.
pub(super) fn what_to_do(fault: Fault) -> &'static str {
    match fault {
        Fault::NoSuchAddress | Fault::NoSuchDomain => {
            "Look at the address for a slip of the keys. Ring them or write another way: they do not know that we have heard them. If you learn the right address, send it there."
        }
        Fault::Moved => "Ring them or write another way. If you learn the new address, send it there.",
        Fault::MailboxFull => {
            "Ring them or write another way: they do not know that we have heard them. You can also send it again when they have made room."
        }
        Fault::NotWanted => {
            "Ring them or write another way: they do not know that we have heard them. If it happens with others too, tell whoever runs the council's mail."
        }
        Fault::TooLarge | Fault::NoAnswer | Fault::Unknown => {
            "Ring them or write another way: they do not know that we have heard them. You can also send it again."
        }
    }
}

/// Machines' messages that belong to no case, the newest first.
pub(super) async fn filed_messages(tx: &mut Tx) -> Answer<Vec<FiledMessage>> {
    Ok(filed::list(tx, LINES).await?.into_iter().map(filed_message).collect())
}

fn filed_message(row: Filed) -> FiledMessage {
    let address = shown_address(row.author_address.as_deref().unwrap_or_default());
    let from = match row.author_name {
        Some(name) if address.is_empty() => name,
        Some(name) => format!("{name}, {address}"),
        None => address,
    };
    let kind = serde_json::from_value(row.automated.clone().into()).ok();
    FiledMessage {
        id: row.id,
        from,
        subject: row.subject,
        words: row.words.split_whitespace().collect::<Vec<_>>().join(" "),
        received_at: row.received_at,
        found_in: place(&row.mailbox),
        because: classified(kind.as_ref(), row.automated_because.as_deref()),
    }
}

/// Which machine sent a message and what says so: "An out-of-office reply, because of …".
pub(super) fn classified(kind: Option<&Automated>, because: Option<&str>) -> String {
    let what = match kind {
        Some(Automated::Bounce) => "A mail system's report",
        Some(Automated::OutOfOffice) => "An out-of-office reply",
        Some(Automated::AutoReply) => "An automatic reply",
        Some(Automated::ReadReceipt) => "A read receipt",
        Some(Automated::List) => "Mail through a list, or bulk mail",
        Some(Automated::Calendar) => "A calendar's answer",
        Some(Automated::Own) => "Our own mail come back",
        Some(Automated::Notice) | None => "A program's notice",
    };
    match because {
        Some(because) => format!("{what}. What says so: {because}."),
        None => format!("{what}."),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::ids::Uuid;

    fn letter(state: &str, kind: &str) -> OpenLetter {
        let queued_at: DateTime<Utc> = "2026-11-20T10:30:00Z".parse().unwrap();
        OpenLetter {
            id: Uuid::nil(),
            case_id: None,
            status: Some("open".into()),
            reference: None,
            kind: kind.into(),
            channel: "email".into(),
            recipient: "a@b.example".into(),
            state: state.into(),
            tried: true,
            why: Some("550 no".into()),
            held_by: None,
            queued_at,
            delivery: None,
            delivery_code: None,
            delivery_fault: None,
            delivery_why: None,
            delivery_at: None,
        }
    }

    #[test]
    fn what_happened_to_a_letter_says_what_can_be_done_about_it() {
        let bounced = OpenLetter {
            delivery: Some("bounced".into()),
            delivery_code: Some("5.1.1".into()),
            delivery_fault: Some("no-such-address".into()),
            delivery_why: Some("550 5.1.1 user unknown".into()),
            ..letter("sent", ACKNOWLEDGEMENT)
        };
        let view = shown(bounced.clone());
        assert_eq!((view.how, view.why.as_str()), (NotDelivered::CameBack, "Nobody has this address."));
        assert_eq!(view.said, "5.1.1 · 550 5.1.1 user unknown");
        assert!(view.may_send && view.may_correct && view.may_arrive && view.may_drop && view.advice.contains("slip"));
        let forged = shown(OpenLetter { delivery: Some("said-bounced".into()), ..bounced.clone() });
        assert!(forged.how == NotDelivered::PerhapsCameBack && forged.advice.contains("does not bear our key"));
        let dismissed = shown(OpenLetter { status: Some("dismissed".into()), ..bounced });
        assert!(!dismissed.may_send && !dismissed.may_correct && dismissed.may_drop);
        let refused = shown(letter("failed", ACKNOWLEDGEMENT));
        assert!(refused.how == NotDelivered::Refused && refused.may_correct && !refused.may_arrive);
        let doubt = shown(letter("held", ACKNOWLEDGEMENT));
        assert!(doubt.how == NotDelivered::InDoubt && doubt.may_arrive);
        let held = shown(OpenLetter { tried: false, ..letter("held", ACKNOWLEDGEMENT) });
        assert!(held.how == NotDelivered::HeldBack && !held.may_drop && !held.may_correct && !held.may_arrive);
        assert!(shown(letter("failed", "alert")).advice.contains("telephone, now"));
    }

    #[test]
    fn each_limit_that_was_reached_is_named_once_with_its_setting() {
        let held = |setting: &str, minute: i64| {
            let one = letter("held", ACKNOWLEDGEMENT);
            let queued_at = one.queued_at + chrono::Duration::minutes(minute);
            OpenLetter { tried: false, held_by: Some(setting.into()), queued_at, ..one }
        };
        let all = [
            held("per_address_an_hour", 3),
            held("per_address_an_hour", 1),
            held("in_all_an_hour", 2),
            letter("failed", "alert"),
        ];
        let said: Vec<String> =
            limits(&all).iter().map(|one| format!("{} {} {}", one.held, one.what, one.since.format("%H:%M"))).collect();
        assert_eq!(said, ["1 to everybody in an hour 10:32", "2 to one person in an hour 10:31"]);
        let words: std::collections::BTreeSet<&str> = [
            Held::RecipientHour(0),
            Held::RecipientDay(0),
            Held::RecipientWeek(0),
            Held::DomainHour(0),
            Held::EveryoneHour(0),
        ]
        .iter()
        .map(|held| limit_words(held.as_str()))
        .collect();
        assert_eq!(words.len(), 5);
    }
}
