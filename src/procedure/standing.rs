//! What a family may know of where its case stands: what it was told, and nothing that it was not. A reading of the events. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::{
    case::CaseFile,
    course::{Action, Origin, tells_them},
    event::{Event, PointOutcome, Points, Recorded, Step, Taken, standing},
    state::State,
};
use crate::clock::london_date;

/// Something that changed, and that the family was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What.
    pub what: Changed,
    /// When.
    pub on: NaiveDate,
    /// At which stage, or to which.
    pub stage: u8,
    /// Why, in the words that the family got; empty where none were given.
    pub reasons: String,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Changed {
    /// The answer takes longer.
    Extended,
    /// They were told which procedure it follows.
    Route,
    /// Its time stands still, for an advocate.
    AdvocateWanted,
    /// Its time stands still, or that of some points.
    Paused,
    /// Its time goes on.
    Resumed,
    /// The next stage began.
    NextStage,
    /// The next stage was refused.
    NextStageRefused,
    /// It was not taken.
    NotAccepted,
    /// What is complained of was agreed.
    StatementAgreed,
    /// The day of the panel is fixed.
    PanelFixed,
    /// The papers for the panel were sent.
    PapersSent,
    /// They took it back.
    Withdrawn,
    /// They may go to the Ombudsman before a panel.
    EarlyReferral,
    /// It was closed.
    Closed,
    /// It was opened again.
    Reopened,
}

impl Changed {
    /// Every one.
    pub const ALL: [Self; 15] = [
        Self::Extended,
        Self::Route,
        Self::AdvocateWanted,
        Self::Paused,
        Self::Resumed,
        Self::NextStage,
        Self::NextStageRefused,
        Self::NotAccepted,
        Self::StatementAgreed,
        Self::PanelFixed,
        Self::PapersSent,
        Self::Withdrawn,
        Self::EarlyReferral,
        Self::Closed,
        Self::Reopened,
    ];

    /// The word in the catalogues of messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Extended => "extended",
            Self::Route => "route",
            Self::AdvocateWanted => "advocate-wanted",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::NextStage => "next-stage",
            Self::NextStageRefused => "next-stage-refused",
            Self::NotAccepted => "not-accepted",
            Self::StatementAgreed => "statement-agreed",
            Self::PanelFixed => "panel-fixed",
            Self::PapersSent => "papers-sent",
            Self::Withdrawn => "withdrawn",
            Self::EarlyReferral => "early-referral",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
        }
    }
}

/// What changed, the oldest first. What was taken back, and what was never told, is not among it.
#[must_use]
pub fn changes(history: &[Recorded]) -> Vec<Change> {
    let mut stage = 1;
    standing(history)
        .filter_map(|recorded| {
            if matches!(&recorded.event, Event::Step { step: Step::NextStageAsked { .. }, .. }) {
                stage += 1;
            }
            change(recorded, stage)
        })
        .collect()
}

fn change(recorded: &Recorded, stage: u8) -> Option<Change> {
    let at = london_date(recorded.at);
    let say = |what, on, stage, reasons: &str| Some(Change { what, on, stage, reasons: reasons.trim().to_owned() });
    match &recorded.event {
        Event::Extended { reason, .. } => say(Changed::Extended, at, stage, reason),
        // Why an officer closed it is said to officers.
        Event::Closed { .. } => say(Changed::Closed, at, stage, ""),
        Event::Reopened { .. } => say(Changed::Reopened, at, stage, ""),
        Event::Step { step, .. } if tells_them(&recorded.event) => match step {
            Step::RouteTold { reasons } => say(Changed::Route, at, stage, reasons),
            Step::AdvocateWanted { on, .. } => say(Changed::AdvocateWanted, *on, stage, ""),
            Step::AdvocateSettled { on, .. } => say(Changed::Resumed, *on, stage, ""),
            Step::Paused { reasons, .. } => say(Changed::Paused, at, stage, reasons),
            Step::Resumed { on, reasons } => say(Changed::Resumed, *on, stage, reasons),
            Step::NextStageAsked { on, .. } => say(Changed::NextStage, *on, stage, ""),
            Step::NextStageRefused { reasons, .. } => say(Changed::NextStageRefused, at, stage + 1, reasons),
            Step::NotAccepted { reasons, .. } => say(Changed::NotAccepted, at, stage, reasons),
            Step::StatementAgreed { on } => say(Changed::StatementAgreed, *on, stage, ""),
            Step::PanelFixed { on, .. } => say(Changed::PanelFixed, *on, stage, ""),
            Step::PapersSent { on, .. } => say(Changed::PapersSent, *on, stage, ""),
            Step::Withdrawn { on, .. } => say(Changed::Withdrawn, *on, stage, ""),
            Step::EarlyReferral { .. } => say(Changed::EarlyReferral, at, stage, ""),
            _ => None,
        },
        _ => None,
    }
}

/// An answer that they got.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answered {
    /// At which stage.
    pub stage: u8,
    /// When.
    pub on: NaiveDate,
    /// When, to the minute.
    pub at: DateTime<Utc>,
    /// What was found on all points together.
    pub outcome: PointOutcome,
    /// What was found on each, with reasons and evidence.
    pub points: Points,
}

/// The answers, the first first. What is written for an answer that was not given yet is not among it.
#[must_use]
pub fn answers(case: &CaseFile) -> Vec<Answered> {
    let answers = case.course.answers.iter();
    answers
        .map(|one| Answered {
            stage: one.stage.number(),
            on: london_date(one.at),
            at: one.at,
            outcome: one.outcome,
            points: one.points.clone(),
        })
        .collect()
}

/// Something that is to be done, as the family sees it: never by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// What.
    pub text: String,
    /// `promised`, `panel` or `ombudsman`: who wants it.
    pub from: &'static str,
    /// Not decided on yet.
    pub undecided: bool,
    /// It is not done, or only some of it.
    pub rejected: bool,
    /// Why it is not done, or not all of it.
    pub reasons: String,
    /// By when.
    pub due: Option<NaiveDate>,
    /// When it was done.
    pub done_on: Option<NaiveDate>,
}

impl Promise {
    /// Whether it is still to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.done_on.is_none() && !self.rejected && !self.undecided
    }
}

impl From<&Action> for Promise {
    fn from(action: &Action) -> Self {
        Self {
            text: action.text.clone(),
            from: match action.origin {
                Origin::Promised => "promised",
                Origin::Panel => "panel",
                Origin::Ombudsman => "ombudsman",
            },
            undecided: action.taken.is_none(),
            rejected: action.taken == Some(Taken::Rejected),
            reasons: action.reasons.clone(),
            due: action.due,
            done_on: action.done.as_ref().map(|(day, _)| *day),
        }
    }
}

/// What was promised, in the order in which it came up.
#[must_use]
pub fn promises(case: &CaseFile) -> Vec<Promise> {
    case.course.actions.iter().map(Promise::from).collect()
}

/// The next stage, where the family may ask for it by itself now.
#[must_use]
pub fn next_stage(case: &CaseFile) -> Option<u8> {
    let answered = matches!(State::of(case), State::Stage1Answered | State::Stage2Answered);
    let last = super::event::Stage::last_of(case.nature.procedure);
    let refused = case.course.refused.is_some();
    (answered && !refused && case.course.stage < last).then(|| case.course.stage.number() + 1)
}

#[cfg(test)]
mod tests;
