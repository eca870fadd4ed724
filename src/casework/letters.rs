//! What a case writes by itself: the family's acknowledgement, the manager's receipt. Each is complete in the outbox before
//! the transaction that caused it is committed.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    CaseworkError, Facts, Office, chat::acknowledged, enclose, fold, independence::whom_to_ask, reads::of_writer,
    standing::rule_of, survey, track,
};
use crate::{
    clock::london_date,
    config::MailboxKind,
    ids::{CaseReference, Uuid},
    intake::{
        own_form::{Kind, WEB_FORM},
        reading::Reading,
    },
    labelling::{
        labels::Act,
        words::{a_what, only_possibly},
    },
    languages::Language,
    procedure::{
        case::{ACKNOWLEDGEMENT, Acknowledgement},
        due_dates::short_rule,
        event::Event,
    },
    replies::{
        chat::Speaker,
        courier::{Look, Outgoing},
        guard::{GuardFacts, Verdict, may_acknowledge},
        letters::{AcknowledgementFacts, Letter, NamedOfficer, ReceiptFacts, ReceiptReason},
        render::Rendered,
        token::TokenClass,
    },
    store::{
        Tx, cases,
        independence::is_barred,
        intake::{self, Representation},
        outbox::{self, NewOutgoing},
        safeguarding,
    },
};

/// Whether the limits on acknowledgements hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limits {
    /// What is beyond them waits for an officer.
    Kept,
    /// An officer lets it go. What may never be sent is not sent all the same.
    Waived,
}

/// Queues the family's acknowledgement, or tells why there is none.
pub(super) async fn acknowledge(
    office: &Office,
    tx: &mut Tx,
    facts: &Facts<'_>,
    limits: Limits,
    now: DateTime<Utc>,
) -> Result<Event, CaseworkError> {
    let verdict = may_acknowledge(&guard_facts(office, tx, facts, now).await?, &office.caps);
    let held = match verdict {
        Verdict::Never(why) => {
            let by_hand = why.leaves_somebody_waiting();
            return Ok(Event::NotAcknowledged { why: why.to_string(), held: false, by_hand });
        }
        Verdict::Hold(why) if limits == Limits::Kept => Some(why),
        Verdict::Hold(_) | Verdict::Send => None,
    };
    let chat = facts.channel == "chat";
    let to = facts.address.clone().unwrap_or_default();
    let beside = Beside {
        page: track::page(office, tx, facts.id, &to, now).await?,
        officer: whom_to_ask(office, tx, facts.id).await?,
    };
    let id = Uuid::now_v7();
    let message_id = office.keys.message_id(TokenClass::Acknowledgement, facts.reference, id, office.domain());
    let (answered, references) = thread(facts.channel, facts.reading, facts.message_id.as_deref(), &to);
    let (rendered, buttons) = if chat {
        acknowledged(office, tx, facts, &beside, now).await?
    } else {
        let language = of_writer(office, tx, facts, &to).await?;
        let letter = |speaker: &Speaker<'_>| {
            let contents = contents(office, facts, speaker, &beside, now);
            if is_thanks(facts) { Letter::Thanks(contents) } else { Letter::Acknowledgement(contents) }
        };
        (office.spoken(language, false, letter)?, Vec::new())
    };
    // A chat carries no files; by mail it goes in the print that they want, where that is known.
    let printed = if chat {
        None
    } else {
        enclose::printed(office, tx, facts.case, (facts.reference, ACKNOWLEDGEMENT, &rendered), now).await?
    };
    let mut message = outgoing(
        office,
        rendered,
        Envelope { message_id, to, reply_about: Some(facts.reference), answered, references, automatic: true },
    );
    message.enclosures = printed.into_iter().collect();
    message.buttons = buttons;
    let key = format!("acknowledgement:{}", facts.id);
    // An officer who lets a letter go that waited for a look has looked.
    if limits == Limits::Waived && safeguarding::waits_for_look(tx, &key, &message.to).await? {
        message.look = Look::Done;
    }
    let held = outbox::held_back(tx, &message, held).await?;
    let new = NewOutgoing {
        id,
        dedupe_key: &key,
        case_id: Some(facts.id),
        kind: ACKNOWLEDGEMENT,
        channel: if chat { "chat" } else { "email" },
        message: &message,
        held,
    };
    // A limit may have held it back before: then the letter of today takes its place.
    let id = outbox::put_again(tx, &new, now).await?;
    cases::add_thread_id(tx, facts.id, &message.message_id).await?;
    Ok(match held {
        Some(why) => Event::NotAcknowledged { why: why.to_string(), held: true, by_hand: false },
        None => Event::Acknowledged { outbox: id },
    })
}

/// What an acknowledgement says that does not follow from the case.
pub(super) struct Beside {
    /// The page on which they follow it, below our public address.
    page: Option<String>,
    /// Whom they ask, if not the one whom the council names.
    officer: Option<NamedOfficer>,
}

/// What an acknowledgement says, its sentences in the language of `speaker`.
pub(super) fn contents(
    office: &Office,
    facts: &Facts<'_>,
    speaker: &Speaker<'_>,
    beside: &Beside,
    now: DateTime<Utc>,
) -> AcknowledgementFacts {
    let language = speaker.language;
    let chat = facts.channel == "chat";
    let rule = rule_of(office, &facts.dates.due_duty, &facts.dates.due_rule, language);
    AcknowledgementFacts {
        reference: facts.reference.to_string(),
        addressee: facts.name.clone(),
        received_at: facts.case.received_at,
        received_how: received_how(office, speaker, (facts.channel, facts.mailbox), facts.passed_on),
        dissatisfied: facts.case.is_dissatisfaction(),
        procedure: facts.case.nature.procedure,
        confirmed: facts.confirmed,
        decide_by: (!facts.confirmed).then_some(facts.dates.decide_by),
        answer_by: facts.dates.due_on,
        answer_rule: if chat && language == Language::English { short_rule(&rule) } else { rule },
        follow_up: speaker.say(if chat { "letter-follow-chat" } else { "letter-follow-case" }, &[]),
        follow_url: beside.page.as_ref().map(|page| office.page_in(language, page)),
        closure_notice: closure_notice(&office.closures, speaker, london_date(now), facts.dates.due_on),
        officer: beside.officer.clone(),
    }
}

/// Whether whoever wrote says thank you, and nothing more: they said so themselves or an officer has, and nothing speaks of danger.
fn is_thanks(facts: &Facts<'_>) -> bool {
    let said = facts.reading.form.as_ref().is_some_and(|form| form.own == Some(Kind::Thanks));
    let nature = &facts.case.nature;
    nature.act == Act::Compliment && !nature.safeguarding && (said || facts.confirmed)
}

/// What the acknowledgement answers and refers to: the family's own message. A forward's ids are the forwarder's, and two
/// families whose messages were passed on together must not find each other by them.
pub(super) fn thread(
    channel: &str,
    reading: &Reading,
    message_id: Option<&str>,
    to: &str,
) -> (Vec<String>, Vec<String>) {
    let theirs =
        channel == "chat" || reading.author.as_ref().is_some_and(|author| author.address.eq_ignore_ascii_case(to));
    if theirs {
        let answered: Vec<String> = message_id.map(str::to_owned).into_iter().collect();
        let references = reading.references.iter().chain(&answered).cloned().collect();
        return (answered, references);
    }
    let original = reading
        .forwarded
        .as_ref()
        .filter(|inside| inside.from.as_ref().is_some_and(|from| from.address.eq_ignore_ascii_case(to)));
    let answered: Vec<String> = original.and_then(|inside| inside.message_id.clone()).into_iter().collect();
    (answered.clone(), answered)
}

async fn guard_facts(
    office: &Office,
    tx: &mut Tx,
    facts: &Facts<'_>,
    now: DateTime<Utc>,
) -> Result<GuardFacts, CaseworkError> {
    let policy = office.policy(facts.mailbox);
    let recipient = facts.address.clone();
    let to = recipient.as_deref().unwrap_or_default();
    Ok(GuardFacts {
        // What forbids answering a forwarder or a form says nothing about the family, and an officer has looked.
        no_answer: if facts.by_officer || (facts.passed_on && facts.reading.resent_by.is_none()) {
            Vec::new()
        } else {
            facts.reading.no_answer.clone()
        },
        recipient_is_ours: office.own_addresses().iter().any(|own| own.eq_ignore_ascii_case(to)),
        already_acknowledged: facts.case.acknowledgement == Acknowledgement::Queued && !facts.anew,
        record_only: policy.record_only,
        sending_off: !office.sending,
        from_date: policy.from_date,
        received_at: facts.case.received_at,
        sent: outbox::sent_lately(tx, to, ACKNOWLEDGEMENT, now).await?,
        recipient,
    })
}

/// What may be done with a letter of `kind` to `recipient` that answers `message` and is not the family's acknowledgement.
pub(super) async fn may_answer(
    office: &Office,
    tx: &mut Tx,
    message: &Representation,
    recipient: &str,
    kind: &str,
    now: DateTime<Utc>,
) -> Result<Verdict, CaseworkError> {
    let policy = office.policy(&message.mailbox);
    let facts = GuardFacts {
        no_answer: message.reading.no_answer.clone(),
        recipient_is_ours: office.own_addresses().iter().any(|own| own.eq_ignore_ascii_case(recipient)),
        record_only: policy.record_only,
        sending_off: !office.sending,
        from_date: policy.from_date,
        sent: outbox::sent_lately(tx, recipient, kind, now).await?,
        ..GuardFacts::nothing_against(recipient, message.received_at)
    };
    Ok(may_acknowledge(&facts, &office.caps_for_colleagues))
}

/// Queues the receipt for staff who passed a message on: "logged as HRD-…".
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn queue_receipt(
    office: &Office,
    tx: &mut Tx,
    message: &Representation,
    case: Uuid,
    joined: bool,
    family_told: bool,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let Some(manager) = message.passed_on_by.as_deref() else { return Ok(()) };
    // Whom a complaint is about hears nothing of it.
    if is_barred(tx, case, manager).await? {
        return Ok(());
    }
    let Some(row) = cases::get(tx, case).await? else { return Err(CaseworkError::NotFound) };
    let reference: CaseReference = row.reference.parse().map_err(|_| CaseworkError::BrokenHistory(case))?;
    // A manager may forward a whole morning's strays, and gets one receipt a message by the key below. A mailbox that
    // forwards our receipts back to us by itself is what the limits end.
    let held = match may_answer(office, tx, message, manager, "receipt", now).await? {
        Verdict::Never(_) => return Ok(()),
        Verdict::Hold(why) => Some(why),
        Verdict::Send => None,
    };
    let letter = Letter::ManagerReceipt(ReceiptFacts {
        reference: row.reference,
        addressee: [&message.reading.resent_by, &message.reading.author]
            .into_iter()
            .flatten()
            .find(|person| person.address.eq_ignore_ascii_case(manager))
            .and_then(|person| person.name.clone()),
        received_at: message.received_at,
        received_how: received_how(office, &office.english(), (message.channel, &message.mailbox), false),
        joined,
        reason: if joined { None } else { reason(tx, message, case).await? },
        family_told,
        why_not_told: (!family_told && !joined).then(|| {
            if message.author_address.is_none() {
                "We could not find the family's address in your message.".into()
            } else {
                "An officer looks at it first.".into()
            }
        }),
        decide_by: (!joined).then_some(row.decide_by),
        answer_by: family_told.then_some(row.due_on),
        answer_rule: row.due_rule,
        closure_notice: closure_notice(&office.closures, &office.english(), london_date(now), row.due_on),
        log_address: office.log_address(),
        officer: whom_to_ask(office, tx, case).await?,
    });
    let id = Uuid::now_v7();
    let message_id = office.keys.message_id(TokenClass::Receipt, reference, id, office.domain());
    let answered: Vec<String> = message.reading.message_id.iter().cloned().collect();
    let references = message.reading.references.iter().chain(&answered).cloned().collect();
    let mail = outgoing(
        office,
        office.letters.render(&letter)?,
        Envelope { message_id, to: manager.to_owned(), reply_about: None, answered, references, automatic: true },
    );
    let key = format!("receipt:{}", message.id);
    outbox::put(
        tx,
        &NewOutgoing {
            id,
            dedupe_key: &key,
            case_id: Some(case),
            kind: "receipt",
            channel: "email",
            message: &mail,
            held,
        },
        now,
    )
    .await?;
    Ok(())
}

/// Why the machine took a new case for what it is. A sentence that may tell of a child at risk is not sent about.
async fn reason(tx: &mut Tx, message: &Representation, case: Uuid) -> Result<Option<ReceiptReason>, CaseworkError> {
    let Some(suggestion) = intake::suggestion(tx, message.id).await? else { return Ok(None) };
    let nature = fold(&cases::history(tx, case).await?, case)?.nature;
    Ok((!nature.safeguarding).then(|| ReceiptReason {
        taken_for: a_what(nature.act).to_owned(),
        only_possibly: only_possibly(nature.act, &suggestion),
        because: suggestion.because,
    }))
}

/// What stands on the outside of a letter.
pub(super) struct Envelope {
    pub message_id: String,
    pub to: String,
    /// Answers to it come back to this case.
    pub reply_about: Option<CaseReference>,
    pub answered: Vec<String>,
    pub references: Vec<String>,
    /// The program writes it by itself (RFC 3834).
    pub automatic: bool,
}

pub(super) fn outgoing(office: &Office, letter: Rendered, envelope: Envelope) -> Outgoing {
    let reply_to = envelope
        .reply_about
        .filter(|_| office.plus_addresses)
        .and_then(|reference| office.keys.reply_address(&office.from_address, reference).ok());
    let look = if office.do_not_reply.fits(&envelope.to) { Look::First } else { Look::Usual };
    Outgoing {
        message_id: envelope.message_id,
        from_name: office.from_name.clone(),
        from_address: office.from_address.clone(),
        reply_to,
        to: envelope.to,
        subject: letter.subject,
        text: letter.text,
        html: letter.html,
        in_reply_to: envelope.answered,
        references: envelope.references,
        automatic: envelope.automatic,
        enclosures: Vec::new(),
        buttons: Vec::new(),
        look,
    }
}

/// How a message reached us, in words that follow "We received your complaint". Never names a manager.
fn received_how(office: &Office, speaker: &Speaker<'_>, (channel, mailbox): (&str, &str), passed_on: bool) -> String {
    let policy = office.policy(mailbox);
    let key = match (channel, policy.kind, passed_on) {
        _ if mailbox == survey::PLACE => "letter-how-survey",
        ("chat", ..) => "letter-how-chat",
        _ if mailbox == WEB_FORM => "letter-how-form",
        (_, _, true) => "letter-how-passed-on",
        (_, MailboxKind::Manager, _) => "letter-how-manager",
        _ if policy.address.is_empty() => "letter-how-mail",
        _ => "letter-how-mail-to",
    };
    speaker.say(key, &[("address", &policy.address)])
}

fn closure_notice(
    closures: &[NaiveDate],
    speaker: &Speaker<'_>,
    today: NaiveDate,
    due_on: NaiveDate,
) -> Option<String> {
    let days: Vec<NaiveDate> = closures.iter().filter(|day| **day >= today && **day <= due_on).copied().collect();
    (!days.is_empty()).then(|| speaker.say("letter-closed", &[("days", &speaker.days(&days))]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{languages::Catalogues, replies::letters::CouncilFacts};

    #[test]
    fn closures_before_the_answer_are_told_and_change_nothing() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 12, d).unwrap();
        let (catalogues, council) = (Catalogues::built_in().unwrap(), CouncilFacts::sample());
        let speaker = Speaker {
            catalogues: &catalogues,
            language: Language::English,
            offered: &Language::ALL,
            council: &council,
        };
        let closures = [day(29), day(30)];
        assert_eq!(closure_notice(&closures, &speaker, day(1), day(15)), None);
        let said = closure_notice(&closures, &speaker, day(21), day(31)).unwrap();
        assert!(
            said.starts_with("Our offices are closed on Tuesday 29 December 2026 and Wednesday 30 December 2026."),
            "{said}"
        );
    }
}
