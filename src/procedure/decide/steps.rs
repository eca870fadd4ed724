//! Which step may be taken when, by whom, and what it must say. Pure.
//!
//! Sources stand with each rule. A refusal names its rule, so that an officer can look it up and a family can be told.

use chrono::NaiveDate;

use super::{Actor, Refusal, Setting};
use crate::{
    labelling::labels::Procedure,
    procedure::{
        case::{CaseFile, Status},
        clocks,
        contributions::Contribution,
        course::Origin,
        event::{Event, Noted, Post, RefusedBecause, Report, Stage, Step, StepKind, Taken, Tells},
        options::Options,
        state::State,
        working_days::CalendarError,
    },
};

mod people;
mod rules;

pub use rules::rule_of;

/// Why a step is refused: in words, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words} ({rule})")]
pub struct StepRefusal {
    /// In words for the officer.
    pub words: String,
    /// The rule.
    pub rule: &'static str,
}

fn refuse<T>(words: impl Into<String>, kind: StepKind) -> Result<T, Refusal> {
    Err(Refusal::Step(StepRefusal { words: words.into(), rule: rule_of(kind) }))
}

/// Whether a step of this kind may be taken now, before anything is said of it: what pages offer.
///
/// # Errors
///
/// [`Refusal`].
pub fn may_step(case: &CaseFile, kind: StepKind, actor: Actor, options: Options) -> Result<(), Refusal> {
    let state = State::of(case);
    if !rules::belongs_to(kind, state) {
        return refuse(format!("not now: the case is {}", state.shown()), kind);
    }
    if rules::only_a_manager(kind) && actor != Actor::ComplaintsManager {
        return refuse("only a complaints manager may do this", kind);
    }
    let (course, statutory) = (&case.course, case.nature.procedure == Procedure::Statutory);
    match kind {
        StepKind::NextStageAsked | StepKind::NextStageRefused => {
            if course.stage >= Stage::last_of(case.nature.procedure) {
                return refuse("there is no stage after this one: they may go to the Ombudsman", kind);
            }
            if kind == StepKind::NextStageAsked && state == State::Stage1 && !statutory {
                return refuse("there is no answer at stage 1 yet", kind);
            }
        }
        StepKind::AdvocateWanted | StepKind::EarlyReferral | StepKind::ReportCame if !statutory => {
            return refuse("this belongs to the statutory procedure", kind);
        }
        StepKind::EarlyReferral if !options.early_referral => {
            return refuse("your council has not said that it goes by this: see early_referral in [procedures]", kind);
        }
        StepKind::EarlyReferral if course.referred_early => return refuse("they were told already", kind),
        StepKind::PapersSent | StepKind::PanelHeld if course.panel.on.is_none() => {
            return refuse("fix the day of the panel first", kind);
        }
        StepKind::StatementAgreed if course.statement_on.is_some() => return refuse("it was agreed already", kind),
        StepKind::RecommendationTaken if !course.actions.iter().any(|action| action.origin == Origin::Panel) => {
            return refuse("the panel recommends nothing", kind);
        }
        StepKind::ActionDone if !course.actions.iter().any(super::super::course::Action::is_open) => {
            return refuse("nothing that was promised is still to be done", kind);
        }
        StepKind::ContributionWithdrawn if !course.contributions.iter().any(Contribution::is_open) => {
            return refuse("no contribution is waited for", kind);
        }
        StepKind::ToOmbudsman if course.ombudsman.as_ref().is_some_and(|one| one.decided.is_none()) => {
            return refuse("the Ombudsman has it already", kind);
        }
        StepKind::OmbudsmanDecided if course.ombudsman.as_ref().is_none_or(|one| one.decided.is_some()) => {
            return refuse("record first that the Ombudsman has it", kind);
        }
        StepKind::Resumed
            if course.paused.is_none() && course.withdrawn_on.is_none() && course.not_accepted.is_none() =>
        {
            return refuse("nothing waits", kind);
        }
        StepKind::Paused if course.paused.is_some() => return refuse("it waits already", kind),
        StepKind::RestrictionEnded if course.restriction.is_none() => return refuse("contact is not restricted", kind),
        StepKind::Restricted if course.restriction.is_some() => return refuse("contact is restricted already", kind),
        StepKind::Released if course.people.is_empty() => return refuse("nobody is appointed", kind),
        StepKind::AuthorityGiven if course.authority_given_on.is_some() => return refuse("it was given already", kind),
        StepKind::AdvocateOffered if course.advocate_offered_on.is_some() => {
            return refuse("they were offered one already", kind);
        }
        StepKind::NoCheckIn if course.no_check_in => return refuse("that is known already", kind),
        StepKind::ClosureTold if course.closure_told => return refuse("they were told already", kind),
        _ => {}
    }
    if kind.tells() == Tells::Always && case.unsure.is_some() {
        return Err(Refusal::ComplainantUnsure);
    }
    Ok(())
}

/// The event of a step, if it may be taken and says what it must. `by_letter` is the row of our letter.
pub(super) fn step(
    case: &CaseFile,
    step: &Step,
    (outbox, how): (Option<crate::ids::Uuid>, &str),
    setting: &Setting<'_>,
) -> Result<Event, Refusal> {
    let kind = step.kind();
    may_step(case, kind, setting.actor, setting.options)?;
    let how = how.trim();
    match kind.tells() {
        Tells::Always if outbox.is_none() && how.is_empty() => return Err(Refusal::HowMissing),
        Tells::Never if outbox.is_some() || !how.is_empty() => return refuse("nobody is told by this", kind),
        _ => {}
    }
    let given = |text: &str, what: &str| if text.trim().is_empty() { refuse(what, kind) } else { Ok(()) };
    let past = |day: NaiveDate| {
        if day > setting.today { refuse("that day is still to come", kind) } else { Ok(()) }
    };
    let future = |day: NaiveDate| {
        if day <= setting.today { refuse("choose a day that is still to come", kind) } else { Ok(()) }
    };
    match step {
        Step::Offered
        | Step::AuthorityAsked
        | Step::ClosureTold
        | Step::AccessTold
        | Step::NoCheckIn
        | Step::Standing { .. }
        | Step::Released { .. } => {}
        Step::Needs { .. } => {}
        Step::Noted { what, on, with, text } => {
            past(*on)?;
            given(text, "write down what was said, or what is to be known")?;
            if *what != Noted::Note {
                given(with, "say with whom")?;
            }
        }
        Step::WrittenTo { text } => given(text, "write what they are to read")?,
        Step::AuthorityGiven { on, how } => {
            past(*on)?;
            given(how, "say how it was given")?;
        }
        Step::Restricted { what, reasons, until, look_on } => {
            given(what, "say what is restricted")?;
            given(reasons, "give the reasons: the family gets them")?;
            future(*until)?;
            future(*look_on)?;
            if look_on > until {
                return refuse("look at it again before it ends", kind);
            }
        }
        Step::RestrictionEnded { reasons } => given(reasons, "say why it ends")?,
        Step::RouteTold { reasons } => {
            let told = case.course.route_told == Some(case.nature.procedure);
            if told && case.course.routes_told == case.points.routes() {
                return refuse("they were told already", kind);
            }
            given(reasons, "say why it is that procedure: the family gets it")?;
        }
        Step::TakenLate { happened_on, known_on, reasons } => {
            past(*happened_on)?;
            if known_on.is_some_and(|known| known < *happened_on || known > setting.today) {
                return refuse("it became known between the day it happened and today", kind);
            }
            given(reasons, "give the reasons why it is taken")?;
        }
        Step::NotAccepted { reasons, .. } => given(reasons, "give the reasons: the family gets them")?,
        Step::AdvocateOffered { on, how } => {
            past(*on)?;
            given(how, "say how they were offered one, and what they said")?;
        }
        Step::AdvocateWanted { on, look_on } => {
            past(*on)?;
            future(*look_on)?;
        }
        Step::AdvocateSettled { on, how } => {
            past(*on)?;
            if case.course.advocate.as_ref().is_some_and(|stop| *on < stop.from) {
                return refuse("that day is before the clock stood still", kind);
            }
            given(how, "say who the advocate is, or why there is none")?;
        }
        Step::Paused { points, reasons, look_on } => {
            given(reasons, "give the reasons: the family gets them")?;
            future(*look_on)?;
            known_points(case, points, kind)?;
        }
        Step::Resumed { on, reasons } => {
            past(*on)?;
            if case.course.paused.as_ref().is_some_and(|stop| *on < stop.from) {
                return refuse("that day is before it began to wait", kind);
            }
            given(reasons, "say why it goes on")?;
        }
        Step::NextStageAsked { on, because, .. } => asked(case, *on, because, setting)?,
        Step::NextStageRefused { why, reasons } => {
            given(reasons, "give the reasons: the family gets them")?;
            // That nobody said why is no reason (Code, stage 2), and no stage is refused for being asked for in time.
            if *why == RefusedBecause::TooLate && !is_late(case, setting.today, setting)? {
                return refuse("it is not too late to ask: the time is not over", kind);
            }
        }
        Step::Appointed { post, person } => people::may_be_appointed(case, *post, person, setting)?,
        Step::StatementAgreed { on } => {
            past(*on)?;
            after_request(case, *on, kind)?;
            if case.points.points.is_empty() {
                return Err(Refusal::NoPoints);
            }
            if case.nature.procedure == Procedure::Statutory {
                for post in [Post::InvestigatingOfficer, Post::IndependentPerson] {
                    people::must_be_appointed(case, post)?;
                }
            }
        }
        Step::ReportCame { report, on } => {
            past(*on)?;
            after_request(case, *on, kind)?;
            let post = match report {
                Report::Investigation => Post::InvestigatingOfficer,
                Report::Independent => Post::IndependentPerson,
            };
            people::must_be_appointed(case, post)?;
        }
        Step::PanelFixed { on, place } => {
            future(*on)?;
            given(place, "say at what time, and where or by which link")?;
            people::panel_is_complete(case)?;
            // Papers must still be able to go out in time.
            let papers = clocks::papers_by(*on, setting.book()).map_err(beyond)?.on;
            if papers < setting.today {
                return refuse(
                    "the papers could not go out in time: choose a later day, so that they reach them 10 working days before",
                    StepKind::PapersSent,
                );
            }
        }
        Step::PapersSent { on, papers } => {
            past(*on)?;
            given(papers, "list the papers")?;
        }
        Step::PanelHeld { on } => {
            past(*on)?;
            if case.course.panel.on.is_some_and(|fixed| *on < fixed) {
                return refuse("that day is before the day that was fixed: fix the day again first", kind);
            }
            if case.course.panel.papers_on.is_none() {
                return refuse("send the papers first", StepKind::PapersSent);
            }
        }
        Step::PanelReported { on, .. } => {
            past(*on)?;
            if case.course.panel.held_on.is_some_and(|held| *on < held) {
                return refuse("the panel had not met then", kind);
            }
        }
        Step::RecommendationTaken { action, taken, reasons, owner, due } => {
            let Some(found) = case.course.action(*action) else {
                return refuse("there is no action with that number", kind);
            };
            if found.origin != Origin::Panel {
                return refuse("that is no recommendation of the panel", kind);
            }
            if *taken != Taken::Accepted {
                given(reasons, "give the reasons for not doing all of it: the family gets them")?;
            }
            if *taken != Taken::Rejected {
                given(owner, "say who does it")?;
                if due.is_none() {
                    return refuse("say by when it is done", kind);
                }
            }
        }
        Step::ActionAdded { text, owner, due } => {
            given(text, "say what is done")?;
            given(owner, "say who does it")?;
            future(*due)?;
        }
        Step::ActionDone { action, on, evidence } => {
            past(*on)?;
            match case.course.action(*action) {
                None => return refuse("there is no action with that number", kind),
                Some(found) if !found.is_open() => return refuse("that is not to be done any more", kind),
                Some(_) => {}
            }
            given(evidence, "say what shows that it was done")?;
        }
        Step::ContributionAsked { from, name, question, points, due } => {
            people::may_contribute(case, (from, name), setting)?;
            given(question, "write what you want to know")?;
            known_points(case, points, kind)?;
            future(*due)?;
        }
        Step::ContributionWithdrawn { contribution, reasons } => {
            if case.awaits_contribution(*contribution).is_none() {
                return refuse("that contribution is not waited for", kind);
            }
            given(reasons, "say why it is not wanted any more")?;
        }
        Step::Withdrawn { on, how } => {
            past(*on)?;
            if *on < crate::clock::london_date(case.received_at) {
                return refuse("that day is before we received the complaint", kind);
            }
            given(how, "say how and in which words they withdrew it")?;
        }
        Step::Freeze { decision, reasons, .. } => {
            given(decision, "say which decision it is")?;
            given(reasons, "give the reasons")?;
        }
        Step::EarlyReferral { thorough, upheld, planned, agreed } => {
            if !(*thorough && *upheld && *planned && *agreed) {
                return refuse("all four must be true: otherwise the panel is theirs to have", kind);
            }
            if case.course.actions.is_empty() {
                return refuse("write down first what is promised, so that there is a plan", kind);
            }
        }
        Step::ToOmbudsman { reference, on, .. } => {
            past(*on)?;
            given(reference, "enter the Ombudsman’s reference")?;
        }
        Step::OmbudsmanDecided { on, .. } => past(*on)?,
    }
    Ok(Event::Step { step: step.clone(), outbox, how: how.to_owned() })
}

fn known_points(case: &CaseFile, points: &[u32], kind: StepKind) -> Result<(), Refusal> {
    let known = u32::try_from(case.points.points.len()).unwrap_or(u32::MAX);
    let is_known = |number: &u32| (1..=known).contains(number);
    if points.iter().all(is_known) { Ok(()) } else { refuse("there is no point with that number", kind) }
}

/// What must be said of a request for the next stage.
fn asked(case: &CaseFile, on: NaiveDate, because: &str, setting: &Setting<'_>) -> Result<(), Refusal> {
    let kind = StepKind::NextStageAsked;
    if on > setting.today {
        return refuse("that day is still to come", kind);
    }
    let answered = case.answered.map(|(at, _)| crate::clock::london_date(at));
    match answered {
        Some(day) if on < day => return refuse("that day is before they had the answer", kind),
        Some(_) if because.trim().is_empty() && is_late(case, on, setting)? => {
            return refuse(
                "it was asked for late: say why it is taken all the same, or have a complaints manager refuse it with reasons",
                kind,
            );
        }
        None if because.trim().is_empty() => {
            return refuse(
                "there is no answer at stage 1 yet: say that both agree to leave it out, or that its time is over",
                kind,
            );
        }
        _ => {}
    }
    Ok(())
}

/// Whether asking for the next stage on `day` is late.
fn is_late(case: &CaseFile, day: NaiveDate, setting: &Setting<'_>) -> Result<bool, Refusal> {
    let Some((at, _)) = case.answered else { return Ok(false) };
    Ok(day > clocks::asked_by(case, at, setting.book()).map_err(beyond)?.on)
}

/// The bank holidays of the day that is asked for are not known.
fn beyond(error: CalendarError) -> Refusal {
    Refusal::Calendar(error.to_string())
}

fn after_request(case: &CaseFile, day: NaiveDate, kind: StepKind) -> Result<(), Refusal> {
    let asked = case.course.asked.get(&case.course.stage).map(|asked| asked.on);
    if asked.is_some_and(|asked| day < asked) {
        refuse("that day is before the stage was asked for", kind)
    } else {
        Ok(())
    }
}

/// What keeps the answer of the stage that the case is at from being given, apart from its points.
pub(super) fn stage_lacks(case: &CaseFile) -> Vec<Refusal> {
    let (course, statutory) = (&case.course, case.nature.procedure == Procedure::Statutory);
    let mut lacking = Vec::new();
    match (course.stage, statutory) {
        (Stage::One, _) => {}
        (Stage::Two, false) => lacking.extend(people::must_be_appointed(case, Post::Reviewer).err()),
        (Stage::Two, true) => {
            for post in [Post::InvestigatingOfficer, Post::IndependentPerson, Post::Adjudicator] {
                lacking.extend(people::must_be_appointed(case, post).err());
            }
            for (report, whose) in
                [(Report::Investigation, "the investigating officer"), (Report::Independent, "the independent person")]
            {
                if !course.reports.contains_key(&report) {
                    let words = format!("the report of {whose} has not come");
                    lacking.extend(refuse::<()>(words, StepKind::ReportCame).err());
                }
            }
        }
        (Stage::Three, _) => {
            if course.panel.report_on.is_none() {
                lacking.extend(refuse::<()>("the panel’s report has not come", StepKind::PanelReported).err());
            }
            if !case.points.with_independent {
                let words = "say that it was decided together with the independent person of stage 2";
                lacking.extend(refuse::<()>(words, StepKind::RecommendationTaken).err());
            }
            let open = (1..).zip(&course.actions).filter(|(_, one)| one.origin == Origin::Panel && one.taken.is_none());
            for (number, _) in open {
                let words = format!("say what the council does with recommendation {number}");
                lacking.extend(refuse::<()>(words, StepKind::RecommendationTaken).err());
            }
        }
    }
    lacking
}

/// Whether a case may be closed as far as its steps go: it was withdrawn, or not taken.
pub(super) fn ended_without_answer(case: &CaseFile) -> bool {
    case.status == Status::Open && (case.course.withdrawn_on.is_some() || case.course.not_accepted.is_some())
}
