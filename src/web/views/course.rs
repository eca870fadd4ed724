//! How far a complaint has come, as its pages show it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::procedure::event::{PointOutcome, Points};

/// How far a complaint has come, and what may be done next.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CourseView {
    /// In which print every letter by mail goes as a PDF besides, in words; none where letters go as they go to everybody.
    pub print: Option<&'static str>,
    /// Where it stands, in words that follow "the case is".
    pub state: &'static str,
    /// The stage that it is at, 1 to 3.
    pub stage: u8,
    /// Steps that this officer may take now.
    pub steps: Vec<StepOffer>,
    /// Who is appointed: the word of the post, the post, the name.
    pub people: Vec<(&'static str, &'static str, String)>,
    /// What is to be done, numbered from 1.
    pub actions: Vec<ActionView>,
    /// Answers of earlier stages.
    pub earlier: Vec<EarlierAnswer>,
    /// What whoever writes to them must know: how they want to be written to, what they may be told, restrictions.
    pub notes: Vec<String>,
    /// What a person should look at: authority that is missing, a procedure they were not told of.
    pub prompts: Vec<String>,
    /// What may not be done with it now.
    pub barred: Barred,
}

/// Why something may not be done now, as a sentence; none: it may.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Barred {
    /// Saying that it is something else, or follows the other procedure.
    pub kind: Option<String>,
    /// Putting it aside as no complaint.
    pub dismiss: Option<String>,
    /// Merging it with another case.
    pub merge: Option<String>,
}

/// A step that may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StepOffer {
    /// The word in addresses.
    pub word: &'static str,
    /// What a link says.
    pub title: &'static str,
    /// The family is told by it.
    pub tells: bool,
}

/// Something that is to be done.
#[derive(Clone, Debug, Serialize)]
pub struct ActionView {
    /// Its number.
    pub number: u32,
    /// What.
    pub text: String,
    /// Where it comes from, in words.
    pub from: &'static str,
    /// What the council does with it, in words; empty where nobody has said.
    pub taken: &'static str,
    /// The panel recommends it.
    pub recommended: bool,
    /// Still to be done.
    pub open: bool,
    /// Who does it.
    pub owner: String,
    /// By when.
    pub due: Option<NaiveDate>,
    /// When it was done.
    pub done_on: Option<NaiveDate>,
}

/// The answer of an earlier stage.
#[derive(Clone, Debug, Serialize)]
pub struct EarlierAnswer {
    /// Which stage.
    pub stage: u8,
    /// When.
    pub at: DateTime<Utc>,
    /// What was found on all points together.
    pub outcome: PointOutcome,
    /// What was found on each.
    pub points: Points,
}
