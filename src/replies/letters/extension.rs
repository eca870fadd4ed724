//! What a family is told when the answer takes longer. Source: LGSCO Complaint Handling Code 6.4 and 6.5 (new date, reasons, the
//! Ombudsman), before the old date passes.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{december, sample_instant};
use crate::replies::council::NamedOfficer;

/// What an extension says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionFacts {
    /// The case's reference.
    pub reference: String,
    /// The addressee's own name.
    pub addressee: Option<String>,
    /// When the council received the complaint.
    pub received_at: DateTime<Utc>,
    /// By when the answer was promised.
    pub old_date: NaiveDate,
    /// By when it is promised now.
    pub new_date: NaiveDate,
    /// Where that date comes from, as a sentence.
    pub rule: String,
    /// Why, in the officer's words.
    pub reasons: String,
    /// How to answer, as sentences.
    pub follow_up: String,
    /// The case's own officer, if it has one; otherwise the council's.
    pub officer: Option<NamedOfficer>,
}

impl ExtensionFacts {
    /// Ten more working days.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            reference: crate::ids::CaseReference { year: 2026, number: 42 }.to_string(),
            addressee: Some("Priya Nair".to_owned()),
            received_at: sample_instant(),
            old_date: december(4),
            new_date: december(18),
            rule: "The answer at stage 1 at the latest, within 20 working days of the day we received it.".to_owned(),
            reasons:
                "Two of the people we must speak to are away until 9 December.\nWe do not want to answer without them."
                    .to_owned(),
            follow_up: "Reply to this email, or call us.".to_owned(),
            officer: None,
        }
    }
}
