//! What the Designated Officer is told. Reference and link only.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What the Designated Officer is told of an allegation against somebody who works with children.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesignatedOfficerFacts {
    /// The case's reference.
    pub reference: String,
    /// When the council received it.
    pub received_at: DateTime<Utc>,
    /// How, in words that follow "We received it"; without addresses of people.
    pub received_how: String,
    /// Link to the case on the officers' pages.
    pub link: String,
}

impl DesignatedOfficerFacts {
    /// An allegation in a message to a manager.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            reference: crate::ids::CaseReference { year: 2026, number: 42 }.to_string(),
            received_at: super::sample_instant(),
            received_how: "in an email to a manager".to_owned(),
            link: "https://heard.calderbeck.example/cases/HRD-26-00042".to_owned(),
        }
    }
}
