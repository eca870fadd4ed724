//! What the program's letters say, as plain values. How they say it stands in `config/letters/`.
//!
//! Contents of an acknowledgement: Complaint Handling Code 3.7 and 5.6, Children Act 1989 section
//! 26A on advocacy. No letter carries anything that the family wrote, nor the name of a child: the only words that come from
//! outside are the addressee's own name, and those pass [`super::addressee::plausible_name`]. The receipt alone quotes one
//! sentence, to the member of staff who sent us the message it stands in, by [`super::quotation::quotation`]. The answer holds
//! what an officer wrote.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::labelling::labels::Procedure;

mod answer;
mod contribution;
mod digest;
mod extension;
pub mod moments;
mod notice;
mod praise;
mod safeguarding;
mod survey;

pub use answer::{AnswerFacts, PointFacts, RecommendationFacts};
pub use contribution::ContributionFacts;
pub use digest::{DigestFacts, DigestLine};
pub use extension::ExtensionFacts;
pub use notice::{Notice, NoticeFacts, PersonFacts};
pub use praise::PraiseFacts;
pub use safeguarding::DesignatedOfficerFacts;
pub use survey::SurveyFacts;

pub use super::council::{Advocacy, CouncilFacts, Danger, DangerContact, NamedOfficer, Ombudsman};

/// What an acknowledgement says about one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcknowledgementFacts {
    /// The case's reference, as [`crate::ids::CaseReference`] shows it.
    pub reference: String,
    /// The addressee's own name, as they wrote it.
    pub addressee: Option<String>,
    /// When the council received the message, wherever that was.
    pub received_at: DateTime<Utc>,
    /// How, in words that follow "We received your complaint", e.g. `by email to complaints@…`.
    pub received_how: String,
    /// True when it is a complaint or a concern; the letter then says complaint, otherwise message.
    pub dissatisfied: bool,
    /// Which procedure is suggested or decided.
    pub procedure: Procedure,
    /// True when an officer has decided the procedure.
    pub confirmed: bool,
    /// By when an officer decides, unless one has.
    pub decide_by: Option<NaiveDate>,
    /// When the answer is due.
    pub answer_by: NaiveDate,
    /// Where that date comes from, as a sentence.
    pub answer_rule: String,
    /// How to add something or ask, as sentences, e.g. `Reply to this email.`
    pub follow_up: String,
    /// Page on which the family sees where the case stands.
    pub follow_url: Option<String>,
    /// Sentence about days on which the offices are closed, when there are some before the answer is due.
    pub closure_notice: Option<String>,
    /// The case's own officer, if it has one; otherwise the council's.
    pub officer: Option<NamedOfficer>,
}

/// What a manager is told who passed a message on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptFacts {
    /// The case's reference.
    pub reference: String,
    /// The manager's name.
    pub addressee: Option<String>,
    /// When the manager's message was received.
    pub received_at: DateTime<Utc>,
    /// How, in words that follow "We received it".
    pub received_how: String,
    /// True when it was added to a case that was open before.
    pub joined: bool,
    /// What the machine takes it for and because of which sentence.
    #[serde(default)]
    pub reason: Option<ReceiptReason>,
    /// True when the family was written to.
    pub family_told: bool,
    /// Why the family was not, as a sentence without family details.
    pub why_not_told: Option<String>,
    /// By when an officer checks it.
    pub decide_by: Option<NaiveDate>,
    /// When the family's answer is due; none while nobody has been promised one.
    pub answer_by: Option<NaiveDate>,
    /// Where that date comes from, as a sentence.
    pub answer_rule: String,
    /// Sentence about days on which the offices are closed.
    pub closure_notice: Option<String>,
    /// Where to forward the family's next message.
    pub log_address: Option<String>,
    /// The case's own officer, if it has one; otherwise the council's.
    pub officer: Option<NamedOfficer>,
}

/// Why the machine takes a message for what it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptReason {
    /// Where a sentence goes on, e.g. `a complaint`.
    pub taken_for: String,
    /// It is kept for an officer's look, although most messages like it are no dissatisfaction.
    pub only_possibly: bool,
    /// The sentence that counted most, as it stands in the message.
    pub because: String,
}

/// What the people on duty are told when a child may be at risk. Reference and link only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertFacts {
    /// The case's reference.
    pub reference: String,
    /// When the message was received.
    pub received_at: DateTime<Utc>,
    /// How, in words that follow "A message that reached us"; without addresses of people.
    pub received_how: String,
    /// Link to the case on the officers' pages.
    pub link: String,
    /// Who must act and how soon, as a sentence.
    pub who_must_act: String,
}

/// A letter that the program writes by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Letter {
    /// To the family, by mail.
    Acknowledgement(AcknowledgementFacts),
    /// To whoever says thank you, by mail: it promises no answer by a day.
    Thanks(AcknowledgementFacts),
    /// To the family, by chat: the same facts in at most 1,200 characters.
    ChatAcknowledgement(AcknowledgementFacts),
    /// To whoever presses Start in the chat and has said nothing yet.
    ChatGreeting,
    /// To a manager who passed a message on.
    ManagerReceipt(ReceiptFacts),
    /// To the family: what was found on every point, at any stage.
    Answer(AnswerFacts),
    /// To the family: the answer takes longer.
    Extension(ExtensionFacts),
    /// To the family: what happens on the way.
    Notice(Box<NoticeFacts>),
    /// To the family, by chat: the question of [`Notice::CheckIn`] in at most 1,200 characters.
    ChatCheckIn(Box<NoticeFacts>),
    /// To an officer: what is due.
    Digest(DigestFacts),
    /// To whoever is on duty, and to those who hear next.
    SafeguardingAlert(AlertFacts),
    /// To the Designated Officer.
    DesignatedOfficer(DesignatedOfficerFacts),
    /// To a manager who is asked for their account.
    ContributionRequest(ContributionFacts),
    /// To a member of staff: somebody said thank you.
    Praise(PraiseFacts),
    /// To the family, by mail and by chat: how we did.
    Survey(SurveyFacts),
}

impl Letter {
    /// Name of the letter: its folder in `config/letters/`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Acknowledgement(_) => "acknowledgement",
            Self::Thanks(_) => "thanks",
            Self::ChatAcknowledgement(_) => "chat-acknowledgement",
            Self::ChatGreeting => "chat-greeting",
            Self::ManagerReceipt(_) => "manager-receipt",
            Self::Answer(facts) => facts.letter(),
            Self::Notice(facts) => facts.notice.name(),
            Self::ChatCheckIn(_) => "chat-check-in",
            Self::Digest(_) => "reminder",
            Self::Extension(_) => "extension",
            Self::SafeguardingAlert(_) => "safeguarding-alert",
            Self::DesignatedOfficer(_) => "designated-officer",
            Self::ContributionRequest(_) => "contribution-request",
            Self::Praise(_) => "praise",
            Self::Survey(_) => "survey",
        }
    }

    /// Every letter in every variant, with invented facts and a short label; the check at start renders them all.
    #[must_use]
    pub fn samples() -> Vec<(String, Self)> {
        let mut samples = Vec::new();
        for (label, facts) in AcknowledgementFacts::samples() {
            samples.push((format!("acknowledgement, {label}"), Self::Acknowledgement(facts.clone())));
            let chat = AcknowledgementFacts {
                received_how: "by message on Telegram".to_owned(),
                answer_rule: "The answer at stage 1, within 10 working days of the day we acknowledged it.".to_owned(),
                follow_up: "Write to us here again at any time.".to_owned(),
                ..facts
            };
            samples.push((format!("chat-acknowledgement, {label}"), Self::ChatAcknowledgement(chat)));
        }
        let message = AcknowledgementFacts {
            dissatisfied: false,
            procedure: Procedure::None,
            received_how: "by the form on our website".to_owned(),
            ..AcknowledgementFacts::sample()
        };
        samples.push((
            "thanks, no name".to_owned(),
            Self::Thanks(AcknowledgementFacts { addressee: None, ..message.clone() }),
        ));
        samples.push(("thanks".to_owned(), Self::Thanks(message)));
        samples.push(("chat-greeting".to_owned(), Self::ChatGreeting));
        let receipts = ReceiptFacts::samples().into_iter();
        samples
            .extend(receipts.map(|(label, facts)| (format!("manager-receipt, {label}"), Self::ManagerReceipt(facts))));
        let answers = AnswerFacts::samples().into_iter();
        samples.extend(answers.map(|(label, facts)| (format!("{}, {label}", facts.letter()), Self::Answer(facts))));
        let digests = DigestFacts::samples().into_iter();
        samples.extend(digests.map(|(label, facts)| (format!("reminder, {label}"), Self::Digest(facts))));
        let notices = NoticeFacts::samples().into_iter();
        samples.extend(notices.map(|(label, facts)| (label, Self::Notice(Box::new(facts)))));
        let follow_up = "Write to us here again at any time.".to_owned();
        let chat = NoticeFacts { follow_up, ..NoticeFacts::sample(Notice::CheckIn) };
        samples.push(("chat-check-in".to_owned(), Self::ChatCheckIn(Box::new(chat))));
        samples.push(("extension".to_owned(), Self::Extension(ExtensionFacts::sample())));
        samples.push(("safeguarding-alert".to_owned(), Self::SafeguardingAlert(AlertFacts::sample())));
        let officer = Self::DesignatedOfficer(DesignatedOfficerFacts::sample());
        samples.push(("designated-officer".to_owned(), officer));
        let request = Self::ContributionRequest(ContributionFacts::sample());
        samples.push(("contribution-request".to_owned(), request));
        samples.push(("praise".to_owned(), Self::Praise(PraiseFacts::sample())));
        let surveys = SurveyFacts::samples().into_iter();
        samples.extend(surveys.map(|(label, facts)| (label.to_owned(), Self::Survey(facts))));
        samples
    }
}

/// Saturday 21 November 2026 at 9:07pm, in London.
fn sample_instant() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_295_220, 0).unwrap_or_default()
}

/// `day` of December 2026.
fn december(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, day).unwrap_or_default()
}

impl AcknowledgementFacts {
    /// A complaint under the statutory procedure that no officer has seen yet.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            reference: crate::ids::CaseReference { year: 2026, number: 42 }.to_string(),
            addressee: Some("Priya Nair".to_owned()),
            received_at: sample_instant(),
            received_how: "by email to complaints@calderbeck.example".to_owned(),
            dissatisfied: true,
            procedure: Procedure::Statutory,
            confirmed: false,
            decide_by: Some(december(1)),
            answer_by: december(4),
            answer_rule: "That is 10 working days after the day we received it.".to_owned(),
            follow_up: "Reply to this email, or call us and give your reference. You do not have to tell us again \
                        what you have already told us."
                .to_owned(),
            follow_url: None,
            closure_notice: None,
            officer: None,
        }
    }

    /// Every variant of the facts, each with a label of a few words.
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self::sample();
        let procedure = |procedure, confirmed| Self { procedure, confirmed, ..base.clone() };
        vec![
            ("statutory", base.clone()),
            ("statutory confirmed", Self { decide_by: None, ..procedure(Procedure::Statutory, true) }),
            ("corporate", procedure(Procedure::Corporate, false)),
            ("corporate confirmed", Self { decide_by: None, ..procedure(Procedure::Corporate, true) }),
            ("unclear", procedure(Procedure::Unclear, false)),
            ("unclear without a date", Self { decide_by: None, ..procedure(Procedure::Unclear, false) }),
            ("no procedure", procedure(Procedure::None, false)),
            ("message", Self { dissatisfied: false, ..procedure(Procedure::None, false) }),
            ("message without a date", Self { dissatisfied: false, decide_by: None, ..procedure(Procedure::None, false) }),
            ("no name", Self { addressee: None, ..base.clone() }),
            (
                "Christmas",
                Self {
                    received_at: sample_instant() + chrono::TimeDelta::days(27),
                    decide_by: Some(december(23)),
                    answer_by: NaiveDate::from_ymd_opt(2027, 1, 6).unwrap_or_default(),
                    closure_notice: Some(
                        "Our offices are closed from Thursday 24 December 2026 to Friday 1 January 2027. These days do \
                         not count."
                            .to_owned(),
                    ),
                    ..base.clone()
                },
            ),
            (
                "own officer and page",
                Self {
                    follow_url: Some("https://heard.calderbeck.example/track/8c1f".to_owned()),
                    officer: Some(NamedOfficer {
                        name: "Tomasz Wierzba".to_owned(),
                        role: "complaints officer".to_owned(),
                        email: "tomasz.wierzba@calderbeck.example".to_owned(),
                        phone: "01632 960 103".to_owned(),
                    }),
                    ..base
                },
            ),
        ]
    }
}

impl ReceiptFacts {
    /// A new case whose family was written to.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            reference: crate::ids::CaseReference { year: 2026, number: 42 }.to_string(),
            addressee: Some("Helen Marsh".to_owned()),
            received_at: sample_instant(),
            received_how: "by email to log-a-complaint@calderbeck.example".to_owned(),
            joined: false,
            reason: Some(ReceiptReason {
                taken_for: "a complaint".to_owned(),
                only_possibly: false,
                because: "I have rung six times and nobody has ever called me back.".to_owned(),
            }),
            family_told: true,
            why_not_told: None,
            decide_by: Some(december(1)),
            answer_by: Some(december(4)),
            answer_rule: "That is 10 working days after the day the council first received it.".to_owned(),
            closure_notice: None,
            log_address: Some("log-a-complaint@calderbeck.example".to_owned()),
            officer: None,
        }
    }

    /// Every variant of the facts, each with a label of a few words.
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self::sample();
        let closed = "Our offices are closed from Thursday 24 December 2026 to Friday 1 January 2027.";
        vec![
            ("family told", base.clone()),
            ("added to a case", Self { joined: true, reason: None, ..base.clone() }),
            (
                "family not told",
                Self {
                    reason: base.reason.clone().map(|reason| ReceiptReason { only_possibly: true, ..reason }),
                    family_told: false,
                    why_not_told: Some("The forwarded message does not show the family's address.".to_owned()),
                    answer_by: None,
                    ..base.clone()
                },
            ),
            (
                "family not told, bare",
                Self {
                    addressee: None,
                    reason: None,
                    family_told: false,
                    why_not_told: None,
                    decide_by: None,
                    answer_by: None,
                    log_address: None,
                    ..base.clone()
                },
            ),
            ("Christmas", Self { closure_notice: Some(closed.to_owned()), ..base }),
        ]
    }
}

impl AlertFacts {
    /// An alert about a message to a manager.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            reference: crate::ids::CaseReference { year: 2026, number: 42 }.to_string(),
            received_at: sample_instant(),
            received_how: "in an email to a manager".to_owned(),
            link: "https://heard.calderbeck.example/cases/HRD-26-00042".to_owned(),
            who_must_act: "The complaints officer on duty, now. If nobody has opened it within 30 minutes, the \
                           children's complaints manager."
                .to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_council_has_no_faults_and_each_fault_names_its_setting() {
        assert_eq!(CouncilFacts::sample().faults(), Vec::<String>::new());
        let mut council = CouncilFacts::sample();
        council.advocacy.url = "calderbeckvoices.example".to_owned();
        council.complaints_address = "complaints".to_owned();
        council.danger.text = "Tell a friend.".to_owned();
        council.name = " ".to_owned();
        let faults = council.faults();
        for (fault, key) in faults.iter().zip(["`name`", "`complaints_address`", "`advocacy.url`", "`danger.text`"]) {
            assert!(fault.contains(key), "{fault}");
        }
        assert_eq!(faults.len(), 4);
    }

    #[test]
    fn the_sample_instant_is_the_one_it_claims_to_be() {
        assert_eq!(crate::clock::long_date_time(sample_instant()), "Saturday 21 November 2026 at 9:07pm");
    }
}
