//! What families are asked after the end of their case: who is asked, once; and what comes of what they answer. The ticks are counted
//! and kept for nobody. The free line is a message like any other: a case of its own for an officer to confirm, from which whoever is kept
//! out of the first is kept out too.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};

use super::{
    CaseworkError, MEMBER, Office, Opening, do_not_reply, fold,
    letters::{Envelope, outgoing},
    open,
    reads::reads,
    track::hash_of,
    written_to,
};
use crate::{
    clock::london_date,
    ids::Uuid,
    intake::{
        channel::is_chat,
        own_form::Submission,
        prepare::{self, Prepared},
    },
    labelling::{
        danger::danger_words,
        labels::Suggestion,
        policy::{self, Lines},
    },
    matching::decide::Hint,
    procedure::case::{CaseFile, Status},
    replies::{
        chat::Speaker,
        letters::{Letter, SurveyFacts},
        token::TokenClass,
        tracking::{SURVEY_PATH, place_of_survey},
    },
    reports::survey::{ANSWERED, INVITED},
    store::{
        Store, Tx,
        cases::{self, CaseRow, ContactDetails},
        chat as store_chat, corrections,
        independence::is_barred,
        intake::{self, DeliveryState, NewDelivery},
        outbox::{self, NewOutgoing},
        people, retention,
        survey::{self, Invitation},
    },
};

/// The name under which what is written in the free line is kept, beside those of mailboxes.
pub const PLACE: &str = "survey";
/// The letter's kind in the outbox.
const SURVEY: &str = "survey";
/// A link can be answered for so many days.
const ENDS_AFTER: i64 = 60;
/// Who should have been asked longer ago (days) is not asked any more: after a long standstill, or where the questions are new.
const TOO_LATE: i64 = 20;
/// Cases that were closed longer ago (days) are not looked at: more than the longest wait there can be.
const LONG_AGO: i64 = 150;
/// What officers read of how it came.
const WHY: &str = "it was written with the answers to the questions after the end of another case";
/// Why it may belong to that case.
const CAME_WITH: &str = "came with the answers to the questions after the end of this case";

/// What somebody answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// The words of the questions that they answered, each with that of the answer.
    pub chosen: Vec<(&'static str, &'static str)>,
    /// What they wrote; may be nothing.
    pub line: String,
    /// Name of the language in which they read the page, if another than English.
    pub language: String,
}

/// Asks the families of cases whose time has come. Returns how many letters were queued.
///
/// # Errors
///
/// [`CaseworkError`]. Each case is a transaction of its own: those before stand.
pub async fn invite(office: &Office, store: &Store, now: DateTime<Utc>) -> Result<usize, CaseworkError> {
    let days = office.survey_working_days;
    if !office.sending || days == 0 {
        return Ok(0);
    }
    // So many working days are never less than so many days.
    let until = now - Duration::days(i64::from(days) - 1);
    let due = survey::due(&mut store.begin_read().await?, until, now - Duration::days(LONG_AGO)).await?;
    let mut queued = 0;
    for id in due {
        let mut tx = store.begin().await?;
        if let Some(letters) = invite_to(office, &mut tx, id, now).await? {
            tx.commit().await?;
            queued += letters;
        }
    }
    Ok(queued)
}

/// Asks the family of one case, if it is time and they can be asked. None while it is not time, or where it is decided already.
async fn invite_to(office: &Office, tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<Option<usize>, CaseworkError> {
    let Some(row) = cases::get(tx, id).await? else { return Ok(None) };
    let case = fold(&cases::history(tx, id).await?, id)?;
    let (Status::Closed, Some(closed_at)) = (case.status, case.closed_at) else { return Ok(None) };
    let (today, closed_on) = (london_date(now), london_date(closed_at));
    let due = office.calendar().add_working_days(closed_on, office.survey_working_days)?;
    if today < due || !survey::decide(tx, id, now).await? {
        return Ok(None);
    }
    if today > due + Duration::days(TOO_LATE) || !may_be_asked(office, tx, &row, &case).await? {
        return Ok(Some(0));
    }
    let mut queued = 0;
    for (address, name) in addressees(office, tx, &row).await? {
        ask(office, tx, (&row, &case), (address, name), now).await?;
        queued += 1;
    }
    Ok(Some(queued))
}

/// Whether the family of a closed case is asked at all: they got an answer to what they complained of, did not take it back, and did not
/// say that they want no letter.
async fn may_be_asked(office: &Office, tx: &mut Tx, row: &CaseRow, case: &CaseFile) -> Result<bool, CaseworkError> {
    let over = case.is_dissatisfaction() && case.answered.is_some() && case.course.withdrawn_on.is_none();
    if !over || case.course.no_check_in || case.unsure.is_some() || !office.may_write_about(&row.mailbox) {
        return Ok(false);
    }
    let (_, reading) = cases::opening_message(tx, row.id).await?.unwrap_or_default();
    Ok(reading.no_answer.is_empty())
}

/// Who is asked: whoever letters of the case go to, and those who complain with them; each person once, and nobody whom no letter
/// reaches, whose letters somebody must look at first, who works here, or who stopped messages.
async fn addressees(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
) -> Result<Vec<(String, Option<String>)>, CaseworkError> {
    let first = row.answered_id.or(row.complainant_id);
    let mut contacts: Vec<Uuid> = first.into_iter().collect();
    contacts.extend(survey::with_role(tx, row.id, MEMBER).await?);
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for contact in contacts {
        if !seen.insert(people::person_of(tx, contact).await?.unwrap_or(contact)) {
            continue;
        }
        let known = if Some(contact) == first {
            written_to(tx, row).await?
        } else {
            cases::contact_details(tx, contact).await?
        };
        let ContactDetails { name, address: Some(address), .. } = known else { continue };
        let address = address.to_lowercase();
        if reaches(office, tx, row.id, &address).await? && found.iter().all(|(other, _)| *other != address) {
            found.push((address, name));
        }
    }
    Ok(found)
}

async fn reaches(office: &Office, tx: &mut Tx, case: Uuid, address: &str) -> Result<bool, CaseworkError> {
    let chat = is_chat(address);
    let ours = office.is_staff(address) || office.own_addresses().iter().any(|own| own.eq_ignore_ascii_case(address));
    if ours || !(chat || address.contains('@')) {
        return Ok(false);
    }
    if chat && store_chat::kept(tx, address).await?.is_some_and(|kept| kept.chat.stopped_at.is_some()) {
        return Ok(false);
    }
    Ok(cases::is_participant(tx, case, address).await?
        && !is_barred(tx, case, address).await?
        && !survey::came_back(tx, address).await?
        && do_not_reply(office, tx, address).await?.is_none())
}

/// Lays one letter into the outbox, with the place of a link that is made for whom it goes to.
async fn ask(
    office: &Office,
    tx: &mut Tx,
    (row, case): (&CaseRow, &CaseFile),
    (address, addressee): (String, Option<String>),
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let reference = row.reference.parse().map_err(|_| CaseworkError::BrokenHistory(row.id))?;
    let (invitation, id, chat) = (Uuid::now_v7(), Uuid::now_v7(), is_chat(&address));
    let code = office.keys.survey_codes(invitation).next().unwrap_or_default();
    let ends_at = now + Duration::days(ENDS_AFTER);
    let new = Invitation {
        id: invitation,
        case_id: row.id,
        code_hash: hash_of(&code),
        address: address.clone(),
        made_at: now,
        ends_at,
        used: false,
    };
    survey::put(tx, &new).await?;
    survey::count(tx, month_of(now), INVITED, "").await?;
    let page = format!("{SURVEY_PATH}{}", place_of_survey(invitation));
    let said = |speaker: &Speaker<'_>| {
        Letter::Survey(SurveyFacts {
            reference: row.reference.clone(),
            addressee: addressee.clone(),
            link: office.page_in(speaker.language, &page),
            // The day that ends last whole.
            until: london_date(ends_at).pred_opt().unwrap_or_default(),
            follow_up: speaker.say(if chat { "letter-follow-survey-chat" } else { "letter-follow-survey-mail" }, &[]),
        })
    };
    // What an officer wrote down of how they want to be written to is about whom letters of the case go to, not about the others.
    let theirs = written_to(tx, row).await?.address.is_some_and(|other| other.eq_ignore_ascii_case(&address));
    let language = reads(office, tx, theirs.then_some((row.id, case)), &address).await?;
    let letter = office.spoken(language, chat, said)?;
    let envelope = Envelope {
        message_id: office.keys.message_id(TokenClass::Alert, reference, id, office.domain()),
        to: address.clone(),
        reply_about: Some(reference),
        answered: Vec::new(),
        references: Vec::new(),
        automatic: true,
    };
    let message = outgoing(office, letter, envelope);
    let key = format!("{SURVEY}:{}:{address}", row.id);
    let channel = if chat { "chat" } else { "email" };
    let new = NewOutgoing {
        id,
        dedupe_key: &key,
        case_id: Some(row.id),
        kind: SURVEY,
        channel,
        message: &message,
        held: None,
    };
    outbox::put(tx, &new, now).await?;
    Ok(())
}

/// The first day of the month of `at`.
fn month_of(at: DateTime<Utc>) -> NaiveDate {
    let day = london_date(at);
    day.with_day(1).unwrap_or(day)
}

/// The invitation with this code, if it can be answered now.
///
/// # Errors
///
/// The database's.
pub async fn good(tx: &mut Tx, code: &str, now: DateTime<Utc>) -> Result<Option<Invitation>, CaseworkError> {
    let Some(found) = survey::by_code(tx, &hash_of(code)).await? else { return Ok(None) };
    let is_good = !found.used
        && found.ends_at > now
        && !retention::is_anonymised(tx, found.case_id).await?
        && !is_barred(tx, found.case_id, &found.address).await?;
    Ok(is_good.then_some(found))
}

/// What was written in the free line as a message of whom the invitation was made for; None if nothing was.
///
/// # Errors
///
/// The database's.
pub async fn message(
    office: &Office,
    tx: &mut Tx,
    invitation: &Invitation,
    given: &Given,
    now: DateTime<Utc>,
) -> Result<Option<(Submission, Prepared)>, CaseworkError> {
    if given.line.trim().is_empty() {
        return Ok(None);
    }
    let name = match retention::contact_with(tx, &invitation.address).await? {
        Some(contact) => cases::contact_details(tx, contact).await?.name,
        None => None,
    };
    let submission = Submission {
        words: given.line.trim().to_owned(),
        name: name.unwrap_or_default(),
        email: invitation.address.clone(),
        language: given.language.clone(),
        ..Submission::default()
    };
    let mut message = prepare::survey_line(office, &submission, invitation.id, now);
    if is_chat(&invitation.address) {
        // Letters about it go where they wrote from.
        message.representation.channel = "chat";
        message.representation.author_address = Some(invitation.address.clone());
    }
    Ok(Some((submission, message)))
}

/// Takes in what was answered: uses the invitation up, counts the ticks, and opens a case for an officer to confirm with what was written
/// in the free line. False where the invitation cannot be answered.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn take(
    office: &Office,
    tx: &mut Tx,
    invitation: &Invitation,
    (given, written): (&Given, Option<&(Submission, Prepared)>),
    (suggestion, lines): (Option<&Suggestion>, &Lines),
    now: DateTime<Utc>,
) -> Result<bool, CaseworkError> {
    if !survey::take(tx, invitation.id, now).await? {
        return Ok(false);
    }
    let month = month_of(now);
    let mut chosen = given.chosen.clone();
    // In one order everywhere, so that two programs never wait for each other.
    chosen.sort_unstable();
    for (question, answer) in chosen {
        survey::count(tx, month, question, answer).await?;
    }
    survey::count(tx, month, ANSWERED, "").await?;
    if let Some((submission, message)) = written {
        open_for(office, tx, invitation, (submission, message), (suggestion, lines), now).await?;
    }
    Ok(true)
}

async fn open_for(
    office: &Office,
    tx: &mut Tx,
    invitation: &Invitation,
    (submission, message): (&Submission, &Prepared),
    (suggestion, lines): (Option<&Suggestion>, &Lines),
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let mut representation = message.representation.clone();
    WHY.clone_into(&mut representation.why);
    if !intake::put_representation(tx, &representation, now).await? {
        return Ok(());
    }
    if let Some(suggestion) = suggestion {
        intake::put_suggestion(tx, representation.id, suggestion, now).await?;
    }
    let mut nature = suggestion.map_or_else(policy::unlabelled, |suggestion| policy::nature(suggestion, lines));
    nature.safeguarding |= danger_words(&submission.words).is_some();
    let other = corrections::stands_for(tx, invitation.case_id).await?;
    let opening = Opening {
        representation: &representation,
        nature,
        why: WHY.to_owned(),
        // Most say that all is well: nobody is sent a reference for that.
        at_once: false,
        unsure: None,
        answered: None,
        claimed: false,
        // Whoever is kept out of that case is kept out of this one by it.
        may_belong_to: Some(Hint { case: other, why: CAME_WITH.into() }),
    };
    open(office, tx, &opening, now).await?;
    let raw = submission.to_mail(&[]);
    let delivery = NewDelivery {
        mailbox: PLACE,
        uid_validity: 0,
        uid: intake::next_uid(tx, PLACE).await?,
        arrived_at: now,
        raw: &raw,
        cut_from: None,
        raw_file: None,
    };
    intake::put_delivery(tx, &delivery, DeliveryState::Read(representation.id), now).await?;
    Ok(())
}
