//! The answer at stage 1: written by an officer, checked by the rules, and sent with its reasons; and more time for it.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    CaseworkError, Office, acknowledged_at, act, dates, fold,
    letters::{Envelope, outgoing, thread},
    written_to,
};
use crate::{
    ids::Uuid,
    labelling::labels::Procedure,
    procedure::{
        case::CaseFile,
        decide::{Command, Refusal},
        due_dates::request_due,
        event::{Points, Recorded},
    },
    replies::{
        letters::{AnswerFacts, ExtensionFacts, Letter, PointFacts},
        render::Rendered,
        token::TokenClass,
    },
    store::{
        Tx,
        cases::{self, CaseRow, ContactDetails},
        joint, officers,
        outbox::{self, NewOutgoing},
    },
};

/// The kind of letter that answers a complaint.
pub const ANSWER: &str = "answer";

/// The kind of letter that says that the answer takes longer.
pub const EXTENSION: &str = "extension";

/// How the family gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// By a letter of ours.
    Letter,
    /// Another way, in the officer's words: by post, at a meeting.
    Otherwise(String),
}

impl Given {
    /// The key of the letter, if there is one, and how they get it otherwise.
    fn parts(self) -> (Option<Uuid>, String) {
        match self {
            Self::Letter => (Some(Uuid::now_v7()), String::new()),
            Self::Otherwise(how) => (None, how),
        }
    }
}

/// An officer gives the answer. Every point has its finding and its reasons, or it is refused. Returns the case's new version.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn give_answer(
    office: &Office,
    tx: &mut Tx,
    (id, seen): (Uuid, Option<i64>),
    by: Uuid,
    given: Given,
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let row = cases::get(tx, id).await?.ok_or(CaseworkError::NotFound)?;
    let case = fold(&cases::history(tx, id).await?, id)?;
    let (outbox, how) = given.parts();
    let version = act(office, tx, id, seen, Some(by), &Command::Answer { outbox, how }, now).await?;
    if let Some(id) = outbox {
        let letter = answer_letter(office, tx, &row, &case, by, now).await?;
        queue(office, tx, &row, Queued { id, kind: ANSWER, letter }, now).await?;
    }
    Ok(version)
}

/// What an extension would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The day on which the answer would be due.
    pub until: NaiveDate,
    /// Where that comes from, as a sentence.
    pub rule: String,
}

/// Until when the answer may take, at the longest; None when that is no later than it is due now.
///
/// # Errors
///
/// [`CaseworkError::Calendar`].
pub fn extension(
    office: &Office,
    row: &CaseRow,
    case: &CaseFile,
    history: &[Recorded],
) -> Result<Option<Extension>, CaseworkError> {
    let started = acknowledged_at(history).unwrap_or(case.received_at);
    let longer = CaseFile { extended: Some((started, String::new())), ..case.clone() };
    let dates = dates(office, &longer, started)?;
    Ok((dates.due_on > row.due_on).then_some(Extension { until: dates.due_on, rule: dates.due_rule }))
}

/// An officer takes longer for the answer, and the family is told why and until when. Returns the case's new version.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn extend(
    office: &Office,
    tx: &mut Tx,
    (id, seen): (Uuid, Option<i64>),
    by: Uuid,
    (reason, given): (&str, Given),
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let row = cases::get(tx, id).await?.ok_or(CaseworkError::NotFound)?;
    let history = cases::history(tx, id).await?;
    let case = fold(&history, id)?;
    let (outbox, how) = given.parts();
    let command = Command::Extend { outbox, how, reason: reason.to_owned() };
    let version = act(office, tx, id, seen, Some(by), &command, now).await?;
    let longer = extension(office, &row, &case, &history)?.ok_or(Refusal::NoLonger)?;
    if let Some(id) = outbox {
        let known = written_to(tx, &row).await?;
        let to = may_go(office, &row, &known).map_err(Refusal::NoLetter)?;
        let facts = ExtensionFacts {
            reference: row.reference.clone(),
            addressee: known.name,
            received_at: case.received_at,
            old_date: row.due_on,
            new_date: longer.until,
            rule: longer.rule,
            reasons: reason.trim().to_owned(),
            follow_up: FOLLOW_UP.to_owned(),
            officer: None,
        };
        let letter = (to, office.letters.render(&Letter::Extension(facts))?);
        queue(office, tx, &row, Queued { id, kind: EXTENSION, letter }, now).await?;
    }
    Ok(version)
}

/// How to answer a letter of ours.
const FOLLOW_UP: &str = "Reply to this email, or call us.";

/// How to answer one that came by post.
const FOLLOW_UP_ON_PAPER: &str = "Call us or write to us, and give your reference. Who to ask is below.";

/// The letter as it would go out now: to whom, and what it says.
///
/// # Errors
///
/// [`Refusal::NoLetter`] with the reason why none can go; the database's and the template's faults.
pub async fn answer_letter(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    case: &CaseFile,
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<(String, Rendered), CaseworkError> {
    let known = written_to(tx, row).await?;
    let to = may_go(office, row, &known).map_err(Refusal::NoLetter)?;
    let facts = answer_facts(office, tx, row, case, (by, known.name, FOLLOW_UP), now).await?;
    Ok((to, office.letters.render(&Letter::Answer(facts))?))
}

/// The letter as it would be posted: also to a family without an address of mail.
///
/// # Errors
///
/// The database's and the template's faults.
pub async fn answer_on_paper(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    case: &CaseFile,
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<Rendered, CaseworkError> {
    let name = written_to(tx, row).await?.name;
    let facts = answer_facts(office, tx, row, case, (by, name, FOLLOW_UP_ON_PAPER), now).await?;
    Ok(office.letters.render(&Letter::Answer(facts))?)
}

async fn answer_facts(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    case: &CaseFile,
    (by, addressee, follow_up): (Uuid, Option<String>, &str),
    now: DateTime<Utc>,
) -> Result<AnswerFacts, CaseworkError> {
    let author = officers::by_id(tx, by).await?;
    Ok(AnswerFacts {
        reference: row.reference.clone(),
        addressee,
        received_at: case.received_at,
        procedure: case.nature.procedure,
        looked_into_by: author.map(|author| author.name).unwrap_or_default(),
        // Only where the cases are tied is it known to be one problem.
        others: case.points.others && case.joint.is_some(),
        opening: case.points.opening.clone(),
        points: case.points.points.iter().filter_map(point).collect(),
        ask_by: ask_by(office, case.nature.procedure, now)?,
        follow_up: follow_up.to_owned(),
        officer: None,
    })
}

/// What was found for the other families of a joint complaint: the cases that the officer may deal with and whose points are
/// written down, each with its reference.
///
/// # Errors
///
/// [`CaseworkError`].
pub async fn lead_findings(tx: &mut Tx, case: Uuid, officer: Uuid) -> Result<Vec<(String, Points)>, CaseworkError> {
    let mut found = Vec::new();
    for (id, reference) in joint::others(tx, case, officer).await? {
        let points = fold(&cases::history(tx, id).await?, id)?.points;
        if !points.points.is_empty() {
            found.push((reference, points));
        }
    }
    Ok(found)
}

/// An officer begins with what was found for another family of the same joint complaint: its points and findings, in place of
/// those written so far; the words to this family stay its own. Returns the case's new version.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn take_points(
    office: &Office,
    tx: &mut Tx,
    (id, seen): (Uuid, Option<i64>),
    by: Uuid,
    from: &str,
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let case = fold(&cases::history(tx, id).await?, id)?;
    let lead = lead_findings(tx, id, by).await?.into_iter().find(|(reference, _)| reference == from);
    let Some((_, lead)) = lead else { return Err(Refusal::NoLead.into()) };
    let points = Points { points: lead.points, others: true, ..case.points };
    act(office, tx, id, seen, Some(by), &Command::SetPoints(Box::new(points)), now).await
}

/// By when stage 2 is to be asked for, if the answer reaches them now.
fn ask_by(office: &Office, procedure: Procedure, now: DateTime<Utc>) -> Result<NaiveDate, CaseworkError> {
    Ok(request_due(procedure, now, &office.duties, &office.calendar)?.on)
}

fn point(point: &crate::procedure::event::Point) -> Option<PointFacts> {
    let finding = point.finding.as_ref()?;
    Some(PointFacts {
        text: point.text.clone(),
        outcome: finding.outcome,
        reasons: finding.reasons.clone(),
        evidence: finding.evidence.clone(),
        remedy: finding.remedy.clone(),
        learning: finding.learning.clone(),
    })
}

/// The address that the letter goes to, or why there is none.
fn may_go(office: &Office, row: &CaseRow, known: &ContactDetails) -> Result<String, &'static str> {
    let Some(to) = known.address.clone().filter(|address| address.contains('@')) else {
        return Err("they have no email address here: give the answer another way, and say how");
    };
    if office.own_addresses().iter().any(|own| own.eq_ignore_ascii_case(&to)) {
        return Err("their address is one of ours: correct whose complaint it is");
    }
    if !office.sending {
        return Err("sending is switched off ([sending] enabled): give the answer another way, and say how");
    }
    if office.policy(&row.mailbox).record_only {
        return Err("this mailbox only records (record_only): give the answer another way, and say how");
    }
    Ok(to)
}

/// A letter to the family, ready to go.
struct Queued {
    /// Its row in the outbox.
    id: Uuid,
    kind: &'static str,
    /// To whom, and what it says.
    letter: (String, Rendered),
}

async fn queue(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    queued: Queued,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let Queued { id, kind, letter: (to, rendered) } = queued;
    let (message_id, reading) = cases::opening_message(tx, row.id).await?.unwrap_or_default();
    let reference = row.reference.parse().map_err(|_| CaseworkError::BrokenHistory(row.id))?;
    let (answered, references) = thread(&row.channel, &reading, message_id.as_deref(), &to);
    let envelope = Envelope {
        message_id: office.keys.message_id(TokenClass::Acknowledgement, reference, id, office.domain()),
        to,
        reply_about: Some(reference),
        answered,
        references,
        automatic: false,
    };
    let message = outgoing(office, rendered, envelope);
    let key = format!("{kind}:{}", row.id);
    let new = NewOutgoing {
        id,
        dedupe_key: &key,
        case_id: Some(row.id),
        kind,
        channel: "email",
        message: &message,
        held: None,
    };
    if !outbox::put(tx, &new, now).await? {
        return Err(if kind == ANSWER { Refusal::AnsweredAlready } else { Refusal::ExtendedAlready }.into());
    }
    cases::add_thread_id(tx, row.id, &message.message_id).await?;
    Ok(())
}
