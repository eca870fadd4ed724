//! The steps of a complaint through its procedure, as officers take them: what is asked for, appointed, received, held and decided
//! after (or beside) the answer at stage 1.
//!
//! Sources: SI 2006/1738 (stages 2 and 3 of the statutory procedure), the LGSCO Complaint Handling Code (stage 2 of the corporate
//! one, refusals, agreed actions), the Ombudsman's fact sheet on the Children Act procedure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::labelling::labels::Procedure;

use super::{
    noted::Noted,
    people::Capacity,
    posts::{Appointee, Post},
};

/// A stage of a procedure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The first answer, by a manager.
    #[default]
    One,
    /// Statutory: an investigation with an independent person. Corporate: somebody else looks at it anew; the last stage.
    Two,
    /// Statutory only: a review panel.
    Three,
}

impl Stage {
    /// Its number.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
        }
    }

    /// The last one that `procedure` has.
    #[must_use]
    pub fn last_of(procedure: Procedure) -> Self {
        if procedure == Procedure::Statutory { Self::Three } else { Self::Two }
    }

    /// The one after it, whether or not the procedure has it.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        match self {
            Self::One => Some(Self::Two),
            Self::Two => Some(Self::Three),
            Self::Three => None,
        }
    }
}

/// A report of stage 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Report {
    /// The investigating officer's.
    Investigation,
    /// The independent person's.
    Independent,
}

/// Why a complaint, or the next stage, is not taken. Source: LGSCO Complaint Handling Code 2.2 to 2.5, 5.7; SI 2006/1738 regulations
/// 8 and 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusedBecause {
    /// It is too long ago to be looked into fairly, and there was no good reason for the delay.
    TooLate,
    /// There is an appeal, a tribunal or a court for it.
    OtherRoute,
    /// It is for another organisation.
    NotOurs,
    /// The same matter went through the procedure before.
    DecidedBefore,
    /// They may not complain about this, and do not act for somebody who may.
    NoStanding,
    /// Another reason, which the words give.
    Other,
}

impl RefusedBecause {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::TooLate, Self::OtherRoute, Self::NotOurs, Self::DecidedBefore, Self::NoStanding, Self::Other];

    /// The word in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooLate => "too-late",
            Self::OtherRoute => "other-route",
            Self::NotOurs => "not-ours",
            Self::DecidedBefore => "decided-before",
            Self::NoStanding => "no-standing",
            Self::Other => "other",
        }
    }

    /// In words that follow "because".
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::TooLate => "it is too long ago to be looked into fairly",
            Self::OtherRoute => "there is an appeal, a tribunal or a court for it",
            Self::NotOurs => "it is for another organisation",
            Self::DecidedBefore => "the same matter was looked into before",
            Self::NoStanding => "they may not complain about this, and do not act for somebody who may",
            Self::Other => "of what is written below",
        }
    }

    /// In words to the family that follow "because".
    #[must_use]
    pub fn to_them(self) -> &'static str {
        match self {
            Self::NoStanding => "this procedure is for the child and those who may speak for them",
            other => other.shown(),
        }
    }
}

/// What the council does with a recommendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Taken {
    /// All of it.
    Accepted,
    /// Some of it.
    Partly,
    /// None of it.
    Rejected,
}

/// In which print somebody wants letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// As everybody.
    #[default]
    Normal,
    /// In large print.
    LargePrint,
    /// In easy words, with much room.
    EasyRead,
}

/// Whether a disputed decision is held while the complaint runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Freeze {
    /// It was asked for.
    Requested,
    /// It is held.
    Granted,
    /// It is not.
    Refused,
    /// It was held, and is no longer.
    Ended,
}

/// What the Ombudsman decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OmbudsmanDecision {
    /// Fault was found.
    Upheld,
    /// None was found.
    NotUpheld,
    /// It was closed after first enquiries.
    ClosedEarly,
    /// It is not for the Ombudsman.
    NotForThem,
}

/// One step. What is typed by officers stands as they typed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// Somebody whose dissatisfaction was logged as a concern is offered the complaints procedure (Code 5.3).
    Offered,
    /// A call, a visit or a note is written down. The family may read it: it is a part of the file.
    Noted {
        /// What it is.
        what: Noted,
        /// When it was.
        on: NaiveDate,
        /// With whom; empty for a note.
        with: String,
        /// What was said, or is to be known.
        text: String,
    },
    /// The family is written to, in the officer's own words.
    WrittenTo {
        /// What they read.
        text: String,
    },
    /// Who complains, and what they may be told.
    Standing {
        /// By what right.
        capacity: Capacity,
        /// The child was asked, where that is possible.
        child_view_sought: bool,
        /// The child agrees, as far as is known.
        child_agrees: bool,
        /// They may be told what is in the child's records.
        may_receive_child_data: bool,
    },
    /// The authority of somebody who speaks for another is asked for. Time runs on.
    AuthorityAsked,
    /// It was given.
    AuthorityGiven {
        /// When.
        on: NaiveDate,
        /// How, e.g. signed form.
        how: String,
    },
    /// How they want to be written and spoken to; every letter shows it to whoever sends it.
    Needs {
        /// In which print.
        format: Format,
        /// Language, if not English.
        language: String,
        /// Anything else: times, telephone instead of letters, an interpreter.
        other: String,
    },
    /// Contact is restricted, because of its effect. Messages are taken in, read and looked through for danger as before.
    Restricted {
        /// What is restricted.
        what: String,
        /// Why.
        reasons: String,
        /// Until when.
        until: NaiveDate,
        /// When it is looked at again.
        look_on: NaiveDate,
    },
    /// The restriction is over.
    RestrictionEnded {
        /// Why.
        reasons: String,
    },
    /// They are told which procedure it follows, with the dates, counted from the original day.
    RouteTold {
        /// Why it is that procedure, or why it changed.
        reasons: String,
    },
    /// A complaint about something long ago is taken all the same (Code 2.2; the regulations' reg. 9).
    TakenLate {
        /// When it happened.
        happened_on: NaiveDate,
        /// When it became known, if later.
        known_on: Option<NaiveDate>,
        /// Why it is taken.
        reasons: String,
    },
    /// The complaint is not taken. Only a complaints manager says so, and the letter names the Ombudsman (Code 2.4).
    NotAccepted {
        /// Why.
        why: RefusedBecause,
        /// In words for the family.
        reasons: String,
    },
    /// The child is offered an advocate (Children Act 1989 section 26A).
    AdvocateOffered {
        /// When.
        on: NaiveDate,
        /// How, and what they said.
        how: String,
    },
    /// An advocate is being found: the clock of stage 1 stands still.
    AdvocateWanted {
        /// Since when.
        on: NaiveDate,
        /// When we look whether there is one.
        look_on: NaiveDate,
    },
    /// There is an advocate, or none is wanted any more: the clock goes on.
    AdvocateSettled {
        /// From when.
        on: NaiveDate,
        /// Who, or why not.
        how: String,
    },
    /// A court or the police deal with it: all of it, or some points, wait (regulation 8).
    Paused {
        /// The numbers of the points that wait; empty: all of it.
        points: Vec<u32>,
        /// Why.
        reasons: String,
        /// When we look whether it can go on.
        look_on: NaiveDate,
    },
    /// What waited, was withdrawn or was not taken goes on.
    Resumed {
        /// From when.
        on: NaiveDate,
        /// Why.
        reasons: String,
    },
    /// The next stage is asked for, in any words, by any way.
    NextStageAsked {
        /// When that reached the council.
        on: NaiveDate,
        /// How, and in which words.
        how: String,
        /// Why it is taken late, or before there is an answer; otherwise empty.
        because: String,
    },
    /// The next stage is refused. Only a complaints manager says so, and the letter names the Ombudsman (Code 5.7).
    NextStageRefused {
        /// Why.
        why: RefusedBecause,
        /// In words for the family.
        reasons: String,
    },
    /// Somebody is appointed.
    Appointed {
        /// To what.
        post: Post,
        /// Who.
        person: Appointee,
    },
    /// Whoever was appointed no longer is.
    Released {
        /// From what.
        post: Post,
        /// Who: their name.
        name: String,
    },
    /// What is complained of was written down and agreed with the complainant at stage 2.
    StatementAgreed {
        /// When.
        on: NaiveDate,
    },
    /// A report of stage 2 came.
    ReportCame {
        /// Whose.
        report: Report,
        /// When.
        on: NaiveDate,
    },
    /// The day of the panel is fixed, and the complainant invited.
    PanelFixed {
        /// When.
        on: NaiveDate,
        /// At what time, and where or by which link.
        place: String,
    },
    /// The papers for the panel are sent.
    PapersSent {
        /// When.
        on: NaiveDate,
        /// What they are, one a line.
        papers: String,
    },
    /// The panel met.
    PanelHeld {
        /// When.
        on: NaiveDate,
    },
    /// The panel's report came.
    PanelReported {
        /// When.
        on: NaiveDate,
        /// What it recommends, one a line; may be nothing.
        recommendations: String,
    },
    /// What the council does with a recommendation.
    RecommendationTaken {
        /// The number of the action, from 1.
        action: u32,
        /// What it does.
        taken: Taken,
        /// Why, where it is not all of it.
        reasons: String,
        /// Who does it.
        owner: String,
        /// By when.
        due: Option<NaiveDate>,
    },
    /// Something is promised: for this family, or for others.
    ActionAdded {
        /// What.
        text: String,
        /// Who does it.
        owner: String,
        /// By when.
        due: NaiveDate,
    },
    /// It was done (Code 6.6: agreed actions are tracked to their end).
    ActionDone {
        /// The number of the action, from 1.
        action: u32,
        /// When.
        on: NaiveDate,
        /// What shows it.
        evidence: String,
    },
    /// A manager is asked for their own account, by a letter with a link to a page of their own.
    ContributionAsked {
        /// Their work address.
        from: String,
        /// Their name.
        name: String,
        /// What is asked.
        question: String,
        /// The numbers of the points they are asked about; empty: none.
        points: Vec<u32>,
        /// By when.
        due: NaiveDate,
    },
    /// Their account is not wanted any more: the link ends.
    ContributionWithdrawn {
        /// The number of the contribution, from 1.
        contribution: u32,
        /// Why.
        reasons: String,
    },
    /// The complaint is withdrawn, in any words; they are told so in writing.
    Withdrawn {
        /// When that reached the council.
        on: NaiveDate,
        /// How, and in which words.
        how: String,
    },
    /// The family is told that the case is closed.
    ClosureTold,
    /// The family is told who has looked at the case.
    AccessTold,
    /// They do not want to be asked after the end how they are treated.
    NoCheckIn,
    /// A disputed decision is held while the complaint runs, or is not.
    Freeze {
        /// Which decision.
        decision: String,
        /// Whether it is held.
        state: Freeze,
        /// Why.
        reasons: String,
        /// When it is looked at again.
        look_on: Option<NaiveDate>,
    },
    /// The complainant may go to the Ombudsman before a panel, because stage 2 left little open.
    EarlyReferral {
        /// Stage 2 was thorough.
        thorough: bool,
        /// All or nearly all that matters was upheld.
        upheld: bool,
        /// There is a plan of what is done.
        planned: bool,
        /// The complainant agrees.
        agreed: bool,
    },
    /// The Ombudsman has it.
    ToOmbudsman {
        /// The Ombudsman's own reference.
        reference: String,
        /// Since when, as far as the council knows.
        on: NaiveDate,
        /// By when the Ombudsman wants answers.
        enquiry_due: Option<NaiveDate>,
    },
    /// The Ombudsman has decided.
    OmbudsmanDecided {
        /// When.
        on: NaiveDate,
        /// What.
        decision: OmbudsmanDecision,
        /// What the council must do, one a line.
        remedies: String,
        /// By when.
        due: Option<NaiveDate>,
    },
}
