//! What a member of staff is told when somebody said thank you: the words as an officer passes them on, and no family's name.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A thank-you on its way to whoever did it well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PraiseFacts {
    /// The case's reference.
    pub reference: String,
    /// The member of staff.
    pub addressee: Option<String>,
    /// When it came.
    pub received_on: NaiveDate,
    /// What was said.
    pub words: String,
}

impl PraiseFacts {
    /// Two lines.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            reference: crate::ids::CaseReference { year: 2026, number: 42 }.to_string(),
            addressee: Some("Helen Marsh".to_owned()),
            received_on: super::december(1),
            words: "Helen Marsh rang us every day that week.\nWe would not have managed without her.".to_owned(),
        }
    }
}
