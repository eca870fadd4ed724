//! The contributions of managers to a case, as its page shows them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// What a manager was asked, and what they said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContributionView {
    /// Its number, from 1.
    pub number: i64,
    /// Their name.
    pub name: String,
    /// Their work address.
    pub email: String,
    /// The name of whoever asked.
    pub asked_by: String,
    /// What was asked.
    pub question: String,
    /// The points that they were shown.
    pub points: Vec<String>,
    /// By when.
    pub due: NaiveDate,
    /// When they were asked.
    pub asked_at: DateTime<Utc>,
    /// What they said.
    pub answer: Option<String>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// It is still waited for.
    pub open: bool,
}
