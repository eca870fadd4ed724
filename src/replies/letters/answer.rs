//! What the answer of a stage says. Source of its parts: LGSCO Complaint Handling Code 6.7 (every point, with reasons, and what is
//! done), 3.7 (the Ombudsman), Children Act 1989 section 26A (advocacy).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{december, sample_instant};
use crate::{
    labelling::labels::Procedure,
    procedure::event::{PointOutcome, Stage, Taken},
    replies::council::NamedOfficer,
};

/// What was found on one point; every text as an officer wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointFacts {
    /// What they complain of.
    pub text: String,
    /// Which other way it goes than the whole complaint, in a sentence; empty where none.
    #[serde(default)]
    pub way: String,
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

/// What the council does with a recommendation of the panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecommendationFacts {
    /// What is recommended.
    pub text: String,
    /// What the council does.
    pub taken: Taken,
    /// Why, where that is not all of it.
    pub reasons: String,
    /// Who does it; empty where nobody does.
    pub owner: String,
    /// By when.
    pub due: Option<NaiveDate>,
}

/// What an answer says.
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
    /// At which stage.
    pub stage: Stage,
    /// Who looked into it.
    pub looked_into_by: String,
    /// It says that other families have told us of the same problem.
    pub others: bool,
    /// The officer's words before the findings.
    pub opening: String,
    /// The points, in their order.
    pub points: Vec<PointFacts>,
    /// What the panel recommends, at stage 3.
    pub recommendations: Vec<RecommendationFacts>,
    /// By when the next stage is to be asked for; none where there is none.
    pub ask_by: Option<NaiveDate>,
    /// How to ask for it, as sentences.
    pub follow_up: String,
    /// The case's own officer, if it has one; otherwise the council's.
    pub officer: Option<NamedOfficer>,
}

impl AnswerFacts {
    /// Its folder in `config/letters/`.
    #[must_use]
    pub fn letter(&self) -> &'static str {
        match self.stage {
            Stage::One => "stage1-answer",
            Stage::Two => "stage2-answer",
            Stage::Three => "stage3-answer",
        }
    }

    /// Two points, one of them upheld.
    #[must_use]
    pub fn sample() -> Self {
        let point = |text: &str, outcome| PointFacts {
            text: text.to_owned(),
            way: String::new(),
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
            stage: Stage::One,
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
            recommendations: Vec::new(),
            ask_by: Some(december(30)),
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
                    points: vec![
                        PointFacts { remedy: String::new(), learning: String::new(), ..bare.clone() },
                        PointFacts {
                            text: "The school is the wrong one.".to_owned(),
                            way: "There is an appeal for this, which decides it.".to_owned(),
                            outcome: PointOutcome::Referred,
                            remedy: String::new(),
                            learning: String::new(),
                            ..bare
                        },
                    ],
                    ..base.clone()
                },
            ),
            ("statutory", Self { stage: Stage::Two, ..base.clone() }),
            ("corporate", Self { stage: Stage::Two, procedure: Procedure::Corporate, ask_by: None, ..base.clone() }),
            (
                "panel",
                Self {
                    stage: Stage::Three,
                    ask_by: None,
                    recommendations: vec![
                        RecommendationFacts {
                            text: "Say sorry in person.".to_owned(),
                            taken: Taken::Accepted,
                            reasons: String::new(),
                            owner: "Nikhil Rao".to_owned(),
                            due: Some(december(18)),
                        },
                        RecommendationFacts {
                            text: "Pay for the lost days.".to_owned(),
                            taken: Taken::Rejected,
                            reasons: "The days were made up for in May.".to_owned(),
                            owner: String::new(),
                            due: None,
                        },
                    ],
                    ..base
                },
            ),
        ]
    }
}
