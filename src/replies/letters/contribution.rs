//! What a manager is told who is asked for a contribution. No name of a family or a child, nor anything of the complaint but what the
//! officer wrote to them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a manager is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContributionFacts {
    /// The case's reference.
    pub reference: String,
    /// The manager's name.
    pub addressee: Option<String>,
    /// The name of the officer who asks.
    pub asked_by: String,
    /// What they ask, as they wrote it.
    pub question: String,
    /// By when.
    pub by: NaiveDate,
    /// Link to the page on which they answer; whoever has it can.
    pub link: String,
}

impl ContributionFacts {
    /// A question of two lines.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            reference: crate::ids::CaseReference { year: 2026, number: 42 }.to_string(),
            addressee: Some("Helen Marsh".to_owned()),
            asked_by: "Tomasz Wierzba".to_owned(),
            question: "When were calls returned in October?\nWhat did your team do after the last one?".to_owned(),
            by: super::december(1),
            link: "https://heard.calderbeck.example/contribution/8c1f".to_owned(),
        }
    }
}
