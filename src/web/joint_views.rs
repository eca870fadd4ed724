//! What the page about joint complaints shows and does.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::views::CaseStatus;
use crate::{
    ids::{CaseReference, Uuid},
    labelling::labels::Theme,
};

/// The joint complaints, and what is suggested as one.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Joints {
    /// What no officer has decided, the latest first.
    pub suggestions: Vec<SuggestedJoint>,
    /// The joint complaints, the latest first.
    pub joints: Vec<JointComplaint>,
}

/// Cases that may be one problem.
#[derive(Clone, Debug, Serialize)]
pub struct SuggestedJoint {
    /// Key.
    pub id: Uuid,
    /// A few words to know it by.
    pub title: String,
    /// Why, as a sentence.
    pub why: String,
    /// Reference of the joint complaint that some of the cases are in.
    pub joint: Option<String>,
    /// The cases, as they were received.
    pub cases: Vec<JointCase>,
}

/// Cases that are tied.
#[derive(Clone, Debug, Serialize)]
pub struct JointComplaint {
    /// `JNT-26-0001`.
    pub reference: String,
    /// A few words to know it by.
    pub title: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The cases, as they were received.
    pub cases: Vec<JointCase>,
}

/// One of the cases.
#[derive(Clone, Debug, Serialize)]
pub struct JointCase {
    /// `HRD-26-00042-K`.
    pub reference: String,
    /// The complainant's name; `None` when nobody said it.
    pub family: Option<String>,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// The subject, or the first words, of what opened it.
    pub about: String,
    /// The sentence that counted most for it; empty if there is none.
    pub because: String,
    /// What it is mainly about.
    pub theme: Theme,
    /// Where it stands.
    pub status: CaseStatus,
    /// Reference of the joint complaint that it is in.
    pub joint: Option<String>,
}

/// What a case's page shows of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JointOfCase {
    /// The joint complaint it is in: reference and title.
    pub joint: Option<(String, String)>,
    /// How many other cases are in that.
    pub others: u64,
    /// Why it may be one problem with other cases, as a sentence, while no officer has said.
    pub suggested: Option<String>,
}

/// What an officer does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JointAction {
    /// These cases have one problem.
    Tie {
        /// The suggestion that is answered by it.
        suggestion: Option<Uuid>,
        /// The cases.
        cases: Vec<CaseReference>,
        /// A few words to know it by; never empty.
        title: String,
    },
    /// They do not.
    Refuse {
        /// The suggestion.
        suggestion: Uuid,
    },
}
