//! What a family is told on the way through a procedure: that a stage began, who looks into it, that it waits, that it is refused,
//! withdrawn or closed. Sources: LGSCO Complaint Handling Code 2.4, 3.7, 5.7, 6.6; SI 2006/1738 for stages 2 and 3.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{december, sample_instant};
use crate::{labelling::labels::Procedure, replies::council::NamedOfficer};

/// Which notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// What an officer writes to them.
    Message,
    /// The complaints procedure is offered to somebody who has told us of a concern.
    ConcernOffer,
    /// The authority of somebody who speaks for another is asked for.
    AuthorityRequest,
    /// Contact is restricted.
    ContactRestriction,
    /// Which procedure it follows.
    RouteDecision,
    /// It, or the next stage, is not taken.
    Refusal,
    /// The clock stands still.
    ClockStopped,
    /// The clock goes on.
    ClockRuns,
    /// The next stage was asked for.
    NextStage,
    /// What stage 2 looks into, and who does.
    Stage2Statement,
    /// The day of the panel.
    PanelInvitation,
    /// The papers for the panel.
    PanelPapers,
    /// It was withdrawn.
    Withdrawal,
    /// It is closed.
    Closure,
    /// They may go to the Ombudsman before a panel.
    OmbudsmanReferral,
    /// Something that was promised is done.
    LearningUpdate,
    /// Who has looked at it.
    AccessList,
    /// Whether they have been treated differently since.
    CheckIn,
}

impl Notice {
    /// Every one.
    pub const ALL: [Self; 18] = [
        Self::Message,
        Self::ConcernOffer,
        Self::AuthorityRequest,
        Self::ContactRestriction,
        Self::RouteDecision,
        Self::Refusal,
        Self::ClockStopped,
        Self::ClockRuns,
        Self::NextStage,
        Self::Stage2Statement,
        Self::PanelInvitation,
        Self::PanelPapers,
        Self::Withdrawal,
        Self::Closure,
        Self::OmbudsmanReferral,
        Self::LearningUpdate,
        Self::AccessList,
        Self::CheckIn,
    ];

    /// Its folder in `config/letters/`, and its kind in the outbox.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::ConcernOffer => "concern-offer",
            Self::AuthorityRequest => "authority-request",
            Self::ContactRestriction => "contact-restriction",
            Self::RouteDecision => "route-decision",
            Self::Refusal => "refusal",
            Self::ClockStopped => "clock-stopped",
            Self::ClockRuns => "clock-runs",
            Self::NextStage => "next-stage",
            Self::Stage2Statement => "stage2-statement",
            Self::PanelInvitation => "panel-invitation",
            Self::PanelPapers => "panel-papers",
            Self::Withdrawal => "withdrawal",
            Self::Closure => "closure",
            Self::OmbudsmanReferral => "ombudsman-referral",
            Self::LearningUpdate => "learning-update",
            Self::AccessList => "access-list",
            Self::CheckIn => "check-in",
        }
    }

    /// In words where a sentence goes on, e.g. "the … did not arrive".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Message => "message from an officer",
            Self::ConcernOffer => "offer of the complaints procedure",
            Self::AuthorityRequest => "request for authority",
            Self::ContactRestriction => "letter about contact",
            Self::RouteDecision => "letter about the procedure",
            Self::Refusal => "refusal",
            Self::ClockStopped => "letter that it waits",
            Self::ClockRuns => "letter that it goes on",
            Self::NextStage => "letter about the next stage",
            Self::Stage2Statement => "statement of stage 2",
            Self::PanelInvitation => "invitation to the panel",
            Self::PanelPapers => "list of the panel’s papers",
            Self::Withdrawal => "confirmation of the withdrawal",
            Self::Closure => "letter that it is closed",
            Self::OmbudsmanReferral => "letter about the Ombudsman",
            Self::LearningUpdate => "letter about what was done",
            Self::AccessList => "list of who has looked",
            Self::CheckIn => "question how they are treated",
        }
    }

    /// The notice with this kind.
    #[must_use]
    pub fn named(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.name() == kind)
    }
}

/// Somebody with a part in the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonFacts {
    /// What they do, in words.
    pub post: String,
    /// Their name.
    pub name: String,
}

/// What a notice says. Each uses what it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeFacts {
    /// Which notice.
    pub notice: Notice,
    /// The case's reference.
    pub reference: String,
    /// The addressee's own name.
    pub addressee: Option<String>,
    /// When the council received the complaint.
    pub received_at: DateTime<Utc>,
    /// Under which procedure.
    pub procedure: Procedure,
    /// The stage that it is about, 1 to 3.
    pub stage: u8,
    /// The day it is about: when it was asked for, stopped, will meet.
    pub on: Option<NaiveDate>,
    /// The day that is promised.
    pub by: Option<NaiveDate>,
    /// Where that day comes from, as a sentence.
    pub rule: String,
    /// The day that was promised before, where it differs.
    pub old_by: Option<NaiveDate>,
    /// When it is looked at again.
    pub look_on: Option<NaiveDate>,
    /// Why it is refused, in words that follow "because".
    pub because: String,
    /// When and where a panel meets.
    pub place: String,
    /// The officer's words.
    pub reasons: String,
    /// Points, papers, or things to be done, as officers wrote them.
    pub items: Vec<String>,
    /// Who has a part in it.
    pub people: Vec<PersonFacts>,
    /// How to answer, as sentences.
    pub follow_up: String,
    /// The case's own officer, if it has one; otherwise the council's.
    pub officer: Option<NamedOfficer>,
}

impl NoticeFacts {
    /// Invented facts for `notice`.
    #[must_use]
    pub fn sample(notice: Notice) -> Self {
        let mut facts = Self {
            notice,
            reference: crate::ids::CaseReference { year: 2026, number: 42 }.to_string(),
            addressee: Some("Priya Nair".to_owned()),
            received_at: sample_instant(),
            procedure: Procedure::Statutory,
            stage: 2,
            on: Some(december(7)),
            by: Some(december(30)),
            rule: "The answer at stage 2, within 25 working days of the day stage 2 was asked for.".to_owned(),
            old_by: None,
            look_on: Some(december(21)),
            because: "it is too long ago to be looked into fairly".to_owned(),
            place: "At 10am in the Town Hall, room 4, or by video: we send you the link.".to_owned(),
            reasons: "You told me on the telephone what happened.\nI have read what you sent.".to_owned(),
            items: vec!["Nobody rings you back.".to_owned(), "The plan came late.".to_owned()],
            people: [("Investigating officer", "Ines Calloway"), ("Independent person", "Tunde Afolabi")]
                .map(|(post, name)| PersonFacts { post: post.to_owned(), name: name.to_owned() })
                .to_vec(),
            follow_up: "Reply to this email, or call us.".to_owned(),
            officer: None,
        };
        match notice {
            Notice::PanelInvitation | Notice::PanelPapers => facts.stage = 3,
            Notice::RouteDecision => {
                facts.stage = 1;
                facts.old_by = Some(december(4));
                facts.items = vec!["The plan came late. There is an appeal for this, which decides it.".to_owned()];
            }
            Notice::ContactRestriction => {
                facts.items = vec!["You can write to us once a week.".to_owned()];
            }
            Notice::AccessList => {
                facts.items = [
                    "Complaints officer, Complaints team: on Friday 4 December 2026",
                    "Complaints manager: on 5 days, from \
                     Tuesday 24 November 2026 to Monday 7 December 2026",
                ]
                .map(str::to_owned)
                .to_vec();
                facts.reasons.clear();
            }
            Notice::Message | Notice::ConcernOffer | Notice::AuthorityRequest | Notice::ClockStopped => {
                facts.stage = 1;
                facts.items.clear();
            }
            _ => {}
        }
        facts
    }

    /// Every variant of the facts, each with a label of a few words.
    #[must_use]
    pub fn samples() -> Vec<(String, Self)> {
        let mut samples = Vec::new();
        for notice in Notice::ALL {
            let sample = Self::sample(notice);
            samples.push((notice.name().to_owned(), sample.clone()));
            let bare = Self { addressee: None, procedure: Procedure::Corporate, reasons: String::new(), ..sample };
            match notice {
                Notice::NextStage => {
                    samples.push(("next-stage, corporate".to_owned(), bare.clone()));
                    samples.push(("next-stage, panel".to_owned(), Self { stage: 3, ..Self::sample(notice) }));
                }
                Notice::Refusal => {
                    samples.push(("refusal, stage 1".to_owned(), Self { stage: 1, ..Self::sample(notice) }));
                }
                Notice::RouteDecision => {
                    samples.push((
                        "route-decision, corporate".to_owned(),
                        Self { old_by: None, items: Vec::new(), ..bare },
                    ));
                }
                Notice::Stage2Statement => {
                    samples.push(("stage2-statement, corporate".to_owned(), bare));
                }
                Notice::ClockStopped => {
                    let items = vec!["The plan came late.".to_owned()];
                    samples.push(("clock-stopped, a part".to_owned(), Self { items, ..Self::sample(notice) }));
                }
                Notice::Closure => {
                    samples.push(("closure, nothing left".to_owned(), Self { items: Vec::new(), ..bare }));
                }
                _ => {}
            }
        }
        samples
    }
}
