//! The steps of a complaint through its procedure: taken by an officer, checked by the rules, told to the family by a letter of ours
//! or another way that is written down.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    CaseworkError, Office, act, contributions, fold,
    independence::whom_to_ask,
    post::{Given, Parts, Queued, follow_up, may_go, note_words, queue, write},
    reads::for_reader,
    record, setting, started, written_to,
};
use crate::{
    clock::london_date,
    ids::Uuid,
    procedure::{
        case::CaseFile,
        clocks,
        course::{Action, lines},
        decide::{Command, Decision, Refusal, decide},
        due_dates::DueDate,
        event::{Event, Post, Recorded, Stage, Step},
    },
    replies::letters::{Letter, Notice, NoticeFacts, PersonFacts},
    store::{
        Tx,
        cases::{self, CaseRow},
    },
};

mod looks;

pub use looks::{Look, in_words as looks_in_words, looks};

/// What the family is told when its clock stands still for an advocate.
const FOR_AN_ADVOCATE: &str = "We are finding an advocate for you: somebody independent, who helps you to say what you want.\n\
     The time for our answer stands still until then.";

/// An officer takes a step. Returns the case's new version.
///
/// # Errors
///
/// [`CaseworkError`], [`Refusal`] among them; then the transaction must not be committed.
pub async fn take_step(
    office: &Office,
    tx: &mut Tx,
    (id, seen): (Uuid, Option<i64>),
    by: Uuid,
    (step, given): (Step, Given),
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let row = cases::get(tx, id).await?.ok_or(CaseworkError::NotFound)?;
    if step.reaches_a_manager() {
        return contributions::take_step(office, tx, (&row, seen), by, step, now).await;
    }
    let Parts { outbox, how, words, documents } = given.parts();
    let letter = match outbox {
        Some(_) => {
            let (to, letter) = step_letter(office, tx, &row, by, &step, now).await?;
            let english = write(office, &letter, words.as_deref())?;
            let rendered = for_reader(office, tx, (row.id, &to), &letter, english).await?;
            Some((letter.name(), (to, rendered)))
        }
        None => None,
    };
    let command = Command::Step { step, outbox, how };
    let version = act(office, tx, id, seen, Some(by), &command, now).await?;
    if let Some((id, (kind, letter))) = outbox.zip(letter) {
        queue(office, tx, &row, Queued { id, kind, letter, about: version, documents }, now).await?;
        note_words(tx, &row, (by, id), words.as_deref(), now).await?;
    }
    Ok(version)
}

/// The letter about a step as it would go out now: to whom, and what it says.
///
/// # Errors
///
/// [`Refusal`] where the step may not be taken or no letter can go; the database's and the template's faults.
pub async fn step_letter(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    by: Uuid,
    step: &Step,
    now: DateTime<Utc>,
) -> Result<(String, Letter), CaseworkError> {
    let mut history = cases::history(tx, row.id).await?;
    let before = fold(&history, row.id)?;
    let in_use = office.calendar();
    let setting = office.setting(&in_use, setting::actor(tx, Some(by)).await?, now);
    let told = Command::Step { step: step.clone(), outbox: Some(Uuid::nil()), how: String::new() };
    let Decision { events, .. } = decide(&before, &told, &setting)?;
    let known = written_to(tx, row).await?;
    let to = may_go(office, row, &known).map_err(Refusal::NoLetter)?;
    let promised = promised(office, &history)?;
    record(&mut history, now, Some(by), events);
    let after = fold(&history, row.id)?;
    let date = clocks::row_date(&after, started(&after, &history), office.book(&office.calendar()))?;
    let looked = if matches!(step, Step::AccessTold) { looks::in_words(office, tx, row.id).await? } else { Vec::new() };
    let known_facts = Known { before: &before, after: &after, date, promised, looked, today: london_date(now) };
    let Some(mut facts) = known_facts.notice(office, step)? else {
        return Err(Refusal::NoLetter("there is no letter about this").into());
    };
    facts.reference.clone_from(&row.reference);
    facts.addressee = known.name;
    facts.officer = whom_to_ask(office, tx, row.id).await?;
    facts.follow_up = follow_up(&office.english(), &to);
    Ok((to, Letter::Notice(Box::new(facts))))
}

/// The date of the answer that the acknowledgement promised.
fn promised(office: &Office, history: &[Recorded]) -> Result<Option<NaiveDate>, CaseworkError> {
    let place = history.iter().position(|one| matches!(one.event, Event::Acknowledged { .. }));
    let Some((told, at)) = place.and_then(|n| Some((history.get(..=n)?, history.get(n)?.at))) else { return Ok(None) };
    let Some(case) = CaseFile::fold(told) else { return Ok(None) };
    Ok(Some(clocks::row_date(&case, at.max(case.received_at), office.book(&office.calendar()))?.on))
}

/// What a notice is made of.
struct Known<'a> {
    before: &'a CaseFile,
    after: &'a CaseFile,
    /// The date of the case after the step.
    date: DueDate,
    promised: Option<NaiveDate>,
    /// Who has looked at the case, in words.
    looked: Vec<String>,
    today: NaiveDate,
}

impl Known<'_> {
    /// What the family is told about `step`; None where nobody is told.
    fn notice(self, office: &Office, step: &Step) -> Result<Option<NoticeFacts>, CaseworkError> {
        let (before, after, today) = (self.before, self.after, self.today);
        let blank = |notice| blank(notice, after);
        let (on_date, rule) = (self.date.on, self.date.rule);
        let promise = |facts: NoticeFacts| NoticeFacts { by: Some(on_date), rule: rule.clone(), ..facts };
        let facts = match step {
            Step::Offered => blank(Notice::ConcernOffer),
            Step::WrittenTo { text } => NoticeFacts { reasons: text.clone(), ..blank(Notice::Message) },
            Step::AuthorityAsked => blank(Notice::AuthorityRequest),
            Step::Restricted { what, reasons, until, look_on } => NoticeFacts {
                on: Some(today),
                by: Some(*until),
                look_on: Some(*look_on),
                items: lines(what),
                reasons: reasons.clone(),
                ..blank(Notice::ContactRestriction)
            },
            Step::RouteTold { reasons } => {
                let old_by = self.promised.filter(|old| *old != on_date);
                let items = other_ways(after);
                promise(NoticeFacts { old_by, items, reasons: reasons.clone(), ..blank(Notice::RouteDecision) })
            }
            Step::NotAccepted { why, reasons } => NoticeFacts {
                stage: 1,
                because: why.to_them().to_owned(),
                reasons: reasons.clone(),
                ..blank(Notice::Refusal)
            },
            Step::NextStageRefused { why, reasons } => NoticeFacts {
                stage: before.course.stage.next().unwrap_or(Stage::Three).number(),
                because: why.to_them().to_owned(),
                reasons: reasons.clone(),
                ..blank(Notice::Refusal)
            },
            Step::AdvocateWanted { on, look_on } => NoticeFacts {
                on: Some(*on),
                look_on: Some(*look_on),
                reasons: FOR_AN_ADVOCATE.to_owned(),
                ..blank(Notice::ClockStopped)
            },
            Step::Paused { points, reasons, look_on } => NoticeFacts {
                on: Some(today),
                look_on: Some(*look_on),
                reasons: reasons.clone(),
                items: points.iter().filter_map(|number| point_text(after, *number)).collect(),
                ..blank(Notice::ClockStopped)
            },
            Step::AdvocateSettled { on, how: reasons } | Step::Resumed { on, reasons } => {
                promise(NoticeFacts { on: Some(*on), reasons: reasons.clone(), ..blank(Notice::ClockRuns) })
            }
            Step::NextStageAsked { on, .. } => promise(NoticeFacts { on: Some(*on), ..blank(Notice::NextStage) }),
            Step::StatementAgreed { on } => promise(NoticeFacts {
                on: Some(*on),
                items: after.points.points.iter().map(|point| point.text.clone()).collect(),
                people: people(after, |post| post.stage() == Stage::Two && post != Post::Adjudicator),
                ..blank(Notice::Stage2Statement)
            }),
            Step::PanelFixed { on, place } => {
                let papers = clocks::papers_by(*on, office.book(&office.calendar()))?;
                NoticeFacts {
                    on: Some(*on),
                    by: Some(papers.on),
                    rule: papers.rule,
                    place: place.clone(),
                    people: people(after, |post| post.stage() == Stage::Three),
                    ..blank(Notice::PanelInvitation)
                }
            }
            Step::PapersSent { papers, .. } => {
                NoticeFacts { on: after.course.panel.on, items: lines(papers), ..blank(Notice::PanelPapers) }
            }
            Step::Withdrawn { on, .. } => NoticeFacts { on: Some(*on), ..blank(Notice::Withdrawal) },
            Step::ClosureTold => NoticeFacts { items: still_to_do(after), ..blank(Notice::Closure) },
            Step::AccessTold => NoticeFacts { on: Some(today), items: self.looked, ..blank(Notice::AccessList) },
            Step::EarlyReferral { .. } => NoticeFacts { items: still_to_do(after), ..blank(Notice::OmbudsmanReferral) },
            Step::ActionDone { action, on, evidence } => NoticeFacts {
                on: Some(*on),
                items: action_text(after, *action).into_iter().collect(),
                reasons: evidence.clone(),
                ..blank(Notice::LearningUpdate)
            },
            Step::Noted { .. }
            | Step::Standing { .. }
            | Step::AuthorityGiven { .. }
            | Step::Needs { .. }
            | Step::RestrictionEnded { .. }
            | Step::TakenLate { .. }
            | Step::AdvocateOffered { .. }
            | Step::Appointed { .. }
            | Step::Released { .. }
            | Step::ReportCame { .. }
            | Step::PanelHeld { .. }
            | Step::PanelReported { .. }
            | Step::RecommendationTaken { .. }
            | Step::ActionAdded { .. }
            | Step::ContributionAsked { .. }
            | Step::ContributionWithdrawn { .. }
            | Step::NoCheckIn
            | Step::Freeze { .. }
            | Step::ToOmbudsman { .. }
            | Step::OmbudsmanDecided { .. } => return Ok(None),
        };
        Ok(Some(facts))
    }
}

/// A notice about `case` that promises nothing yet; the caller knows to whom, under which reference, and how it can be answered.
pub(super) fn blank(notice: Notice, case: &CaseFile) -> NoticeFacts {
    NoticeFacts {
        notice,
        reference: String::new(),
        addressee: None,
        received_at: case.received_at,
        procedure: case.nature.procedure,
        stage: case.course.stage.number(),
        on: None,
        by: None,
        rule: String::new(),
        old_by: None,
        look_on: None,
        because: String::new(),
        place: String::new(),
        reasons: String::new(),
        items: Vec::new(),
        people: Vec::new(),
        follow_up: String::new(),
        officer: None,
    }
}

fn point_text(case: &CaseFile, number: u32) -> Option<String> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    case.points.points.get(place).map(|point| point.text.clone())
}

/// The points that go another way than the whole, each with what the family is told about that.
fn other_ways(case: &CaseFile) -> Vec<String> {
    let procedure = case.nature.procedure;
    let points = case.points.points.iter();
    points.filter_map(|point| Some(format!("{} {}", full_stop(&point.text), point.route.to_them(procedure)?))).collect()
}

/// `text` with a full stop, if it has none.
fn full_stop(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

fn action_text(case: &CaseFile, number: u32) -> Option<String> {
    case.course.action(number).map(|action| action.text.clone())
}

fn still_to_do(case: &CaseFile) -> Vec<String> {
    case.course.actions.iter().filter(|action| action.is_open()).map(|action: &Action| action.text.clone()).collect()
}

fn people(case: &CaseFile, wanted: impl Fn(Post) -> bool) -> Vec<PersonFacts> {
    let people = case.course.people.iter().filter(|(post, _)| wanted(*post));
    people.map(|(post, one)| PersonFacts { post: post.shown().to_owned(), name: one.name.clone() }).collect()
}
