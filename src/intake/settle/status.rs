//! A family asks by mail where its complaint is up to, and says nothing else: it is answered at once, in the words of the page and
//! the chat, at the address that it is known by. Its mail lies in the case like any other.

use chrono::{DateTime, Utc};

use super::{Settled, store, stored_meanwhile};
use crate::{
    casework::{self, Asking, CaseworkError, MailboxPolicy, Office, ToldOf},
    config::MailboxKind,
    ids::Uuid,
    intake::{prepare::Prepared, status_words::mail_asks},
    labelling::danger::danger_words,
    languages::Language,
    matching::decide::Candidates,
    procedure::event::Relation,
    store::{Tx, cases, chat as people_cases, independence, retention},
};

/// So many cases are told of at once.
const CASES: usize = 3;
/// So many are looked at for that.
const LOOKED_AT: i64 = 12;

/// Settles `message` if it is nothing but that question by somebody who is a party to a case. None: it is a message like any other.
pub(super) async fn status(
    office: &Office,
    tx: &mut Tx,
    policy: &MailboxPolicy,
    message: &Prepared,
    found: &Candidates,
    now: DateTime<Utc>,
) -> Result<Option<Settled>, CaseworkError> {
    if policy.kind != MailboxKind::Complaints || found.same_content.is_some() {
        return Ok(None);
    }
    let Some(address) = writes_as(office, message) else { return Ok(None) };
    let Some(language) = asked_in(office, message) else { return Ok(None) };
    let cases = whose(tx, found, address).await?;
    let Some(first) = cases.first() else { return Ok(None) };
    let mut told = Vec::new();
    for case in &cases {
        let asking = Asking { case: *case, message: &message.representation, address, language };
        told.push(casework::answer_status(office, tx, &asking, now).await?);
    }
    // What could not be answered waits for an officer, like any message.
    let refused = told.iter().find_map(|one| if let ToldOf::Not(why) = one { Some(why) } else { None });
    let (relation, why) = match refused {
        Some(why) => (Relation::SameIssue, format!("asks where it is up to; nothing was sent by itself: {why}")),
        None if told.contains(&ToldOf::Now) => {
            (Relation::Status, "asks where it is up to, and was answered at once".to_owned())
        }
        None => (Relation::Status, "asks where it is up to, less than an hour after it was told".to_owned()),
    };
    if !store(tx, message, "in-case", &why, None, now).await? {
        return stored_meanwhile(tx, message).await.map(Some);
    }
    let adding = casework::Adding { message: &message.representation, relation, why: &why, safeguarding: false };
    casework::add_message(office, tx, *first, adding, now).await?;
    Ok(Some(Settled::Joined(message.representation.id)))
}

/// The address of whoever wrote, if a person did, for themselves, and nothing speaks against it that would keep another message
/// out of a case.
fn writes_as<'a>(office: &Office, message: &'a Prepared) -> Option<&'a str> {
    let reading = &message.representation.reading;
    let address = message.representation.author_address.as_deref()?;
    let person = !message.automated && reading.no_answer.is_empty() && !message.by_staff && !office.is_staff(address);
    let own = message.speaker.as_deref() == Some(address)
        && !message.claimed
        && !message.passes_on
        && !message.disowned
        && message.unsure.is_none()
        && message.answered.is_none()
        && message.others.is_empty();
    (person && own && message.representation.channel == "email").then_some(address)
}

/// The language in which it asks, if it does nothing else: no files, nothing passed on, nothing that could not be read.
fn asked_in(office: &Office, message: &Prepared) -> Option<Language> {
    let reading = &message.representation.reading;
    let bare = reading.attachments.is_empty()
        && reading.forwarded.is_none()
        && reading.form.is_none()
        && reading.beyond.is_empty()
        && reading.sealed.is_none();
    if !bare || danger_words(&reading.subject).is_some() {
        return None;
    }
    let council = office.letters.council();
    let names = message.representation.author_name.iter().map(String::as_str).chain([
        council.named_officer.name.as_str(),
        council.name.as_str(),
        council.service.as_str(),
    ]);
    mail_asks(&reading.subject, &reading.visible_text, !message.points_at.is_empty(), names)
}

/// The case that it points at, or every one of theirs that runs; where none does, the last. A reference that is none of theirs is as if
/// nothing had been quoted.
async fn whose(tx: &mut Tx, found: &Candidates, address: &str) -> Result<Vec<Uuid>, CaseworkError> {
    let led_to = [found.token, found.thread];
    let pointed = led_to.into_iter().flatten().find(|pointed| pointed.by_party).map(|pointed| pointed.case);
    if pointed.is_none() && led_to.iter().any(Option::is_some) {
        // In the thread of somebody else's case: a stranger there.
        return Ok(Vec::new());
    }
    let quoted = found.reference.filter(|pointed| pointed.by_party).map(|pointed| pointed.case);
    // What they wrote says more than what they happened to answer.
    let candidates = match quoted.or(pointed).or(found.awaited) {
        Some(case) => vec![case],
        None => {
            let all = people_cases::cases(tx, address, LOOKED_AT).await?;
            let runs = all.iter().any(|case| !case.closed);
            let most = if runs { CASES } else { 1 };
            all.into_iter().filter(|case| case.closed != runs).map(|case| case.id).take(most).collect()
        }
    };
    let mut theirs = Vec::new();
    for case in candidates {
        // Whom it is about hears nothing of it, not even as a party.
        if cases::is_participant(tx, case, address).await?
            && !independence::is_barred(tx, case, address).await?
            && !retention::is_anonymised(tx, case).await?
        {
            theirs.push(case);
        }
    }
    Ok(theirs)
}
