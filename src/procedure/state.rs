//! Where a case stands in its procedure, in one word: what may be done next depends on it. Pure.

use serde::Serialize;

use super::{
    case::{CaseFile, Status},
    event::Stage,
};
use crate::labelling::labels::{Act, Procedure};

/// Where a case stands. Source: the stages of SI 2006/1738 and of the LGSCO Complaint Handling Code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Opened by the program; nobody has looked.
    ToConfirm,
    /// It is an enquiry, a compliment or the like.
    NoComplaint,
    /// Dissatisfaction that is not a formal complaint yet.
    Concern,
    /// A complaint of which nobody has said which procedure it follows.
    Undecided,
    /// Stage 1 runs.
    Stage1,
    /// Stage 1 stands still while an advocate is being found.
    AdvocateWanted,
    /// They have the answer of stage 1.
    Stage1Answered,
    /// Stage 2 runs.
    Stage2,
    /// They have the answer of stage 2.
    Stage2Answered,
    /// A panel was asked for.
    Stage3,
    /// The panel has met.
    PanelHeld,
    /// The panel's report is there.
    PanelReported,
    /// They have the council's answer to the panel.
    Stage3Answered,
    /// All of it waits for a court or the police.
    Paused,
    /// They took it back.
    Withdrawn,
    /// It was not taken.
    NotAccepted,
    /// An officer closed it.
    Closed,
    /// An officer decided that it is no complaint.
    Dismissed,
    /// It was merged into another.
    Merged,
}

impl State {
    /// Every one.
    pub const ALL: [Self; 19] = [
        Self::ToConfirm,
        Self::NoComplaint,
        Self::Concern,
        Self::Undecided,
        Self::Stage1,
        Self::AdvocateWanted,
        Self::Stage1Answered,
        Self::Stage2,
        Self::Stage2Answered,
        Self::Stage3,
        Self::PanelHeld,
        Self::PanelReported,
        Self::Stage3Answered,
        Self::Paused,
        Self::Withdrawn,
        Self::NotAccepted,
        Self::Closed,
        Self::Dismissed,
        Self::Merged,
    ];

    /// Where `case` stands.
    #[must_use]
    pub fn of(case: &CaseFile) -> Self {
        let course = &case.course;
        match case.status {
            Status::ToConfirm => return Self::ToConfirm,
            Status::Dismissed => return Self::Dismissed,
            Status::Merged => return Self::Merged,
            Status::Closed => return Self::Closed,
            Status::Open => {}
        }
        if !case.is_dissatisfaction() {
            return Self::NoComplaint;
        }
        if course.withdrawn_on.is_some() {
            return Self::Withdrawn;
        }
        if course.not_accepted.is_some() {
            return Self::NotAccepted;
        }
        if course.paused.as_ref().is_some_and(|stop| stop.points.is_empty()) {
            return Self::Paused;
        }
        match (course.stage, case.answered.is_some()) {
            (Stage::One, true) => Self::Stage1Answered,
            (Stage::Two, false) => Self::Stage2,
            (Stage::Two, true) => Self::Stage2Answered,
            (Stage::Three, true) => Self::Stage3Answered,
            (Stage::Three, false) if course.panel.report_on.is_some() => Self::PanelReported,
            (Stage::Three, false) if course.panel.held_on.is_some() => Self::PanelHeld,
            (Stage::Three, false) => Self::Stage3,
            (Stage::One, false) if course.advocate.is_some() => Self::AdvocateWanted,
            (Stage::One, false) if case.nature.act == Act::Concern => Self::Concern,
            (Stage::One, false) if !matches!(case.nature.procedure, Procedure::Statutory | Procedure::Corporate) => {
                Self::Undecided
            }
            (Stage::One, false) => Self::Stage1,
        }
    }

    /// In words that follow "the case is".
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::ToConfirm => "not confirmed yet",
            Self::NoComplaint => "no complaint and no concern",
            Self::Concern => "a concern, not a complaint",
            Self::Undecided => "a complaint whose procedure nobody has said",
            Self::Stage1 => "at stage 1",
            Self::AdvocateWanted => "at stage 1, whose clock stands still for an advocate",
            Self::Stage1Answered => "answered at stage 1",
            Self::Stage2 => "at stage 2",
            Self::Stage2Answered => "answered at stage 2",
            Self::Stage3 => "at stage 3, before the panel",
            Self::PanelHeld => "at stage 3, after the panel",
            Self::PanelReported => "at stage 3, with the panel’s report",
            Self::Stage3Answered => "answered at stage 3",
            Self::Paused => "waiting for a court or the police",
            Self::Withdrawn => "withdrawn",
            Self::NotAccepted => "not accepted",
            Self::Closed => "closed",
            Self::Dismissed => "put aside as no complaint",
            Self::Merged => "merged into another",
        }
    }

    /// Whether an answer is owed now.
    #[must_use]
    pub fn owes_answer(self) -> bool {
        matches!(
            self,
            Self::Concern
                | Self::Undecided
                | Self::Stage1
                | Self::AdvocateWanted
                | Self::Stage2
                | Self::Stage3
                | Self::PanelHeld
                | Self::PanelReported
        )
    }
}
