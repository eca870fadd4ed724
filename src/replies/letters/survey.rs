//! What a family is asked after the end of its case: a link, until when it can be answered, and where an answer to the letter goes.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// An invitation to the questions after the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyFacts {
    /// The case's reference.
    pub reference: String,
    /// The addressee's own name.
    pub addressee: Option<String>,
    /// Link to the page; whoever has it can answer once.
    pub link: String,
    /// The last day on which it can be answered.
    pub until: NaiveDate,
    /// Where it goes if they answer the letter itself, as a sentence.
    pub follow_up: String,
}

impl SurveyFacts {
    /// By mail, and by chat.
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let mail = Self {
            reference: crate::ids::CaseReference { year: 2026, number: 42 }.to_string(),
            addressee: Some("Priya Nair".to_owned()),
            link: "https://heard.calderbeck.example/survey/8c1f".to_owned(),
            until: super::december(30),
            follow_up: "A reply to this email goes to the people who deal with your complaint.".to_owned(),
        };
        let follow_up = "What you write in this chat goes to the people who deal with your complaint.".to_owned();
        let chat = Self { addressee: None, follow_up, ..mail.clone() };
        vec![("survey", mail), ("survey, chat", chat)]
    }
}
