//! What the answer at stage 1 says. Source of its parts: LGSCO Complaint Handling Code 6.7 (every point, with reasons, and what is
//! done), 3.7 (the Ombudsman), Children Act 1989 section 26A (advocacy).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{december, sample_instant};
use crate::{labelling::labels::Procedure, procedure::event::PointOutcome, replies::council::NamedOfficer};

/// What was found on one point; every text as an officer wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointFacts {
    /// What they complain of.
    pub text: String,
    /// What was found.
    pub outcome: PointOutcome,
    /// Why.
    pub reasons: String,
    /// What that rests on.
    pub evidence: String,
    /// What is done for this family.
    pub remedy: String,
    /// What is changed for others.
    pub learning: String,
}

/// What an answer at stage 1 says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerFacts {
    /// The case's reference.
    pub reference: String,
    /// The addressee's own name.
    pub addressee: Option<String>,
    /// When the council received the complaint.
    pub received_at: DateTime<Utc>,
    /// Under which procedure.
    pub procedure: Procedure,
    /// Who looked into it.
    pub looked_into_by: String,
    /// It says that other families have told us of the same problem.
    pub others: bool,
    /// The officer's words before the findings.
    pub opening: String,
    /// The points, in their order.
    pub points: Vec<PointFacts>,
    /// By when stage 2 is to be asked for.
    pub ask_by: NaiveDate,
    /// How to ask for it, as sentences.
    pub follow_up: String,
    /// The case's own officer, if it has one; otherwise the council's.
    pub officer: Option<NamedOfficer>,
}

impl AnswerFacts {
    /// Two points, one of them upheld.
    #[must_use]
    pub fn sample() -> Self {
        let point = |text: &str, outcome| PointFacts {
            text: text.to_owned(),
            outcome,
            reasons: String::new(),
            evidence: String::new(),
            remedy: String::new(),
            learning: String::new(),
        };
        Self {
            reference: crate::ids::CaseReference { year: 2026, number: 42 }.to_string(),
            addressee: Some("Priya Nair".to_owned()),
            received_at: sample_instant(),
            procedure: Procedure::Statutory,
            looked_into_by: "Tomasz Wierzba".to_owned(),
            others: false,
            opening: "I am sorry that nobody rang you back. That was our fault.".to_owned(),
            points: vec![
                PointFacts {
                    reasons: "Nobody rang you between 3 and 24 November.\nYour four messages were not passed on."
                        .to_owned(),
                    evidence: "The telephone log of the team, and what two members of staff told me.".to_owned(),
                    remedy: "A named worker will ring you every Friday.".to_owned(),
                    learning: "Messages are now passed on the same day, and a manager checks it.".to_owned(),
                    ..point("Nobody rings you back.", PointOutcome::Upheld)
                },
                PointFacts {
                    reasons: "The plan was sent on 2 November, within the time the law gives.".to_owned(),
                    evidence: "The letter and the record of its posting.".to_owned(),
                    ..point("The plan came late.", PointOutcome::NotUpheld)
                },
            ],
            ask_by: december(30),
            follow_up: "Reply to this email, or call us.".to_owned(),
            officer: None,
        }
    }

    /// Every variant of the facts, each with a label of a few words.
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self::sample();
        let bare = PointFacts { evidence: String::new(), ..base.points[0].clone() };
        vec![
            ("statutory", base.clone()),
            (
                "corporate, bare",
                Self {
                    addressee: None,
                    procedure: Procedure::Corporate,
                    others: true,
                    opening: String::new(),
                    points: vec![PointFacts { remedy: String::new(), learning: String::new(), ..bare }],
                    ..base
                },
            ),
        ]
    }
}
