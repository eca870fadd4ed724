//! The answer of a stage: written by an officer, checked by the rules, and sent with its reasons; and more time for it.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    CaseworkError, Office, act,
    enclose::promised,
    fold,
    independence::whom_to_ask,
    post::{CARRIES_NO_FILES, Given, Parts, Queued, follow_up, may_go, note_words, queue, write},
    reads::for_reader,
    started, written_to,
};
use crate::{
    ids::Uuid,
    labelling::labels::Procedure,
    procedure::{
        case::CaseFile,
        clocks,
        course::{Action, Origin},
        decide::{Command, Refusal},
        event::{Point, Points, Post, Recorded, Stage},
    },
    replies::{
        letters::{AnswerFacts, ExtensionFacts, Letter, PointFacts, RecommendationFacts},
        render::Rendered,
    },
    store::{
        Tx,
        cases::{self, CaseRow},
        joint, officers,
    },
};

/// The kind of letter that answers a complaint.
pub const ANSWER: &str = "answer";

/// The kind of letter that says that the answer takes longer.
pub const EXTENSION: &str = "extension";

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
    let Parts { outbox, how, words, documents } = given.parts();
    let author = author(tx, &case, by).await?.1;
    let version = act(office, tx, id, seen, Some(by), &Command::Answer { outbox, how, author }, now).await?;
    if let Some(id) = outbox {
        let (to, letter) = answer_letter(office, tx, &row, &case, by, now).await?;
        let english = write(office, &letter, words.as_deref())?;
        let rendered = for_reader(office, tx, (row.id, &to), &letter, english).await?;
        let letter = (to, rendered);
        // The letter says that the family gets both reports.
        let promised = promised(office, tx, row.id, &case).await?.into_iter().map(|document| document.id);
        let documents = promised.chain(documents).collect();
        queue(office, tx, &row, Queued { id, kind: ANSWER, letter, about: version, documents }, now).await?;
        note_words(tx, &row, (by, id), words.as_deref(), now).await?;
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
    let longer = clocks::if_extended(case, started(case, history), office.book(&office.calendar()))?;
    Ok(longer.filter(|date| date.on > row.due_on).map(|date| Extension { until: date.on, rule: date.rule }))
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
    let Parts { outbox, how, words, documents } = given.parts();
    let command = Command::Extend { outbox, how, reason: reason.to_owned() };
    let version = act(office, tx, id, seen, Some(by), &command, now).await?;
    if let Some(id) = outbox {
        let (to, letter) = extension_letter(office, tx, &row, &history, reason).await?;
        let english = write(office, &letter, words.as_deref())?;
        let rendered = for_reader(office, tx, (row.id, &to), &letter, english).await?;
        let letter = (to, rendered);
        queue(office, tx, &row, Queued { id, kind: EXTENSION, letter, about: version, documents }, now).await?;
        note_words(tx, &row, (by, id), words.as_deref(), now).await?;
    } else {
        // Told another way, it must give more time all the same.
        extension(office, &row, &fold(&history, id)?, &history)?.ok_or(Refusal::NoLonger)?;
    }
    Ok(version)
}

/// The letter about an extension as it would go out now: to whom, and what it says.
///
/// # Errors
///
/// [`Refusal::NoLonger`] where no later date is to be had, [`Refusal::NoLetter`] with the reason why none can go; the database's and
/// the template's faults.
pub async fn extension_letter(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    history: &[Recorded],
    reason: &str,
) -> Result<(String, Letter), CaseworkError> {
    let case = fold(history, row.id)?;
    let longer = extension(office, row, &case, history)?.ok_or(Refusal::NoLonger)?;
    let known = written_to(tx, row).await?;
    let to = may_go(office, row, &known).map_err(Refusal::NoLetter)?;
    let facts = ExtensionFacts {
        reference: row.reference.clone(),
        addressee: known.name,
        received_at: case.received_at,
        old_date: row.due_on,
        new_date: longer.until,
        rule: longer.rule,
        reasons: reason.trim().to_owned(),
        follow_up: follow_up(&office.english(), &to),
        officer: whom_to_ask(office, tx, row.id).await?,
    };
    Ok((to, Letter::Extension(facts)))
}

/// How to answer one that came by post.
const FOLLOW_UP_ON_PAPER: &str = "Call us or write to us, and give your reference. Who to ask is below.";

/// The letter as it would go out now: to whom, and what it says.
///
/// # Errors
///
/// [`Refusal::NoLetter`] with the reason why none can go, [`Refusal::Reports`] where it would promise what does not go with it; the
/// database's and the template's faults.
pub async fn answer_letter(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    case: &CaseFile,
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<(String, Letter), CaseworkError> {
    let known = written_to(tx, row).await?;
    let to = may_go(office, row, &known).map_err(Refusal::NoLetter)?;
    let documents = promised(office, tx, row.id, case).await?;
    if !documents.is_empty() && !to.contains('@') {
        return Err(Refusal::NoLetter(CARRIES_NO_FILES).into());
    }
    let facts = answer_facts(office, tx, row, case, (by, known.name, follow_up(&office.english(), &to)), now).await?;
    Ok((to, Letter::Answer(facts)))
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
    let facts = answer_facts(office, tx, row, case, (by, name, FOLLOW_UP_ON_PAPER.to_owned()), now).await?;
    Ok(office.letters.render(&Letter::Answer(facts))?)
}

async fn answer_facts(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    case: &CaseFile,
    (by, addressee, follow_up): (Uuid, Option<String>, String),
    now: DateTime<Utc>,
) -> Result<AnswerFacts, CaseworkError> {
    Ok(AnswerFacts {
        reference: row.reference.clone(),
        addressee,
        received_at: case.received_at,
        procedure: case.nature.procedure,
        stage: case.course.stage,
        looked_into_by: author(tx, case, by).await?.0,
        // Only where the cases are tied is it known to be one problem.
        others: case.points.others && case.joint.is_some(),
        opening: case.points.opening.clone(),
        points: case.points.points.iter().filter_map(|one| point(one, case.nature.procedure)).collect(),
        recommendations: case.course.actions.iter().filter_map(recommendation).collect(),
        ask_by: ask_by(office, case, now)?,
        follow_up,
        officer: whom_to_ask(office, tx, row.id).await?,
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

/// By when the next stage is to be asked for, if the answer reaches them now; none where there is no next stage.
fn ask_by(office: &Office, case: &CaseFile, now: DateTime<Utc>) -> Result<Option<NaiveDate>, CaseworkError> {
    if case.course.stage >= Stage::last_of(case.nature.procedure) {
        return Ok(None);
    }
    Ok(Some(clocks::asked_by(case, now, office.book(&office.calendar()))?.on))
}

/// Whose answer it is, by name and work address: whoever was appointed to decide at this stage, otherwise the officer.
async fn author(tx: &mut Tx, case: &CaseFile, by: Uuid) -> Result<(String, String), CaseworkError> {
    let statutory = case.nature.procedure == Procedure::Statutory;
    let post = match case.course.stage {
        Stage::One => Post::Responder,
        Stage::Two if !statutory => Post::Reviewer,
        Stage::Two | Stage::Three => Post::Adjudicator,
    };
    if let Some(person) = case.course.appointed(post).next() {
        return Ok((person.name.clone(), person.email.clone()));
    }
    let officer = officers::by_id(tx, by).await?;
    Ok(officer.map(|officer| (officer.name, officer.email.to_lowercase())).unwrap_or_default())
}

/// A recommendation of the panel with what the council does with it.
fn recommendation(action: &Action) -> Option<RecommendationFacts> {
    let taken = action.taken.filter(|_| action.origin == Origin::Panel)?;
    Some(RecommendationFacts {
        text: action.text.clone(),
        taken,
        reasons: action.reasons.clone(),
        owner: action.owner.clone(),
        due: action.due,
    })
}

fn point(point: &Point, procedure: Procedure) -> Option<PointFacts> {
    let finding = point.finding.as_ref()?;
    Some(PointFacts {
        text: point.text.clone(),
        way: point.route.to_them(procedure).unwrap_or_default().to_owned(),
        outcome: finding.outcome,
        reasons: finding.reasons.clone(),
        evidence: finding.evidence.clone(),
        remedy: finding.remedy.clone(),
        learning: finding.learning.clone(),
    })
}
