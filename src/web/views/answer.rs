//! The answer to a complaint, as its pages show it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::{
    ids::Uuid,
    procedure::event::{PointOutcome, Points, Step},
};

/// The answer of the stage that the case is at, written or given.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AnswerView {
    /// The points of complaint, and what was found so far.
    pub points: Points,
    /// Other cases of the joint complaint whose points are written down: reference, and how many.
    pub leads: Vec<(String, usize)>,
    /// It may be written now.
    pub may_write: bool,
    /// The case may be closed now.
    pub may_close: bool,
    /// What keeps it from being sent, each as a sentence.
    pub lacking: Vec<String>,
    /// The letter as it would go out now; none while something is lacking.
    pub letter: Option<LetterView>,
    /// The documents of the case that the letter promises, and that go with it.
    pub promised: Vec<Uuid>,
    /// Why no letter can go, as a sentence.
    pub no_letter: Option<String>,
    /// When the family was told that it takes longer, and why.
    pub extended: Option<(DateTime<Utc>, String)>,
    /// Until when it may take, and by which rule, if the family is told.
    pub may_extend: Option<(NaiveDate, String)>,
    /// When it was given.
    pub given: Option<AnswerGiven>,
    /// Why the case was closed.
    pub closed: Option<String>,
}

/// A letter, before it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LetterView {
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its words.
    pub text: String,
}

/// What a letter is about.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// The answer of the stage.
    Answer,
    /// That the answer takes longer, for this reason.
    Extension(&'a str),
    /// A step.
    Step(&'a Step),
}

/// What the family is told about a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepLetter {
    /// By this letter.
    Goes {
        /// As it would go out.
        letter: LetterView,
        /// Its text as the template has it.
        own: String,
        /// What is wrong with the officer's own words, as a sentence; then the letter is the template's.
        fault: Option<String>,
    },
    /// No letter can go: why, as a sentence.
    NoneGoes(String),
}

/// An answer that the family has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerGiven {
    /// When.
    pub at: DateTime<Utc>,
    /// What was found on all points together.
    pub outcome: PointOutcome,
    /// How it went, in the officer's words; empty for a letter of ours.
    pub how: String,
    /// By when the next stage is to be asked for; none where there is none.
    pub ask_by: Option<NaiveDate>,
    /// Our letter, as it was sent.
    pub letter: Option<LetterView>,
}
