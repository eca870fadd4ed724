//! What officers are reminded of. References and dates only: mail is read in many places.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::december;

/// A date of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestLine {
    /// The case's reference.
    pub reference: String,
    /// What is to be done.
    pub what: String,
    /// By when.
    pub on: NaiveDate,
    /// The case's page.
    pub link: String,
}

/// What an officer is reminded of on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestFacts {
    /// Their name.
    pub addressee: String,
    /// The day.
    pub today: NaiveDate,
    /// Dates that are over.
    pub missed: Vec<DigestLine>,
    /// Dates that are near.
    pub soon: Vec<DigestLine>,
    /// Dates that are over in other officers' cases.
    pub up_the_line: Vec<DigestLine>,
}

impl DigestFacts {
    /// Two dates, one of them over.
    #[must_use]
    pub fn sample() -> Self {
        let line = |number: u32, what: &str, day: u32| {
            let reference = crate::ids::CaseReference { year: 2026, number }.to_string();
            let link = format!("https://heard.calderbeck.example/cases/{reference}");
            DigestLine { reference, what: what.to_owned(), on: december(day), link }
        };
        Self {
            addressee: "Tomasz Wierzba".to_owned(),
            today: december(7),
            missed: vec![line(42, "Answer at stage 1", 4)],
            soon: vec![line(57, "Papers reach the family", 9)],
            up_the_line: Vec::new(),
        }
    }

    /// Every variant of the facts, each with a label of a few words.
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self::sample();
        let manager = Self { up_the_line: base.missed.clone(), missed: Vec::new(), ..base.clone() };
        vec![("an officer", base), ("a manager", manager)]
    }
}
