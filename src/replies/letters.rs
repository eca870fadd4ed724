//! What the program's letters say, as plain values. How they say it stands in `config/letters/`.
//!
//! Contents of an acknowledgement: PROCEDURES 6.7 (Complaint Handling Code 3.7 and 5.6, Children Act 1989 section
//! 26A on advocacy). No letter carries anything that the family wrote, nor the name of a child: the only words that come from
//! outside are the addressee's own name, and those pass [`super::addressee::plausible_name`].

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::labelling::labels::Procedure;

/// The officer who answers for a case towards the family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedOfficer {
    /// Full name.
    pub name: String,
    /// Role in words, e.g. `complaints officer`.
    pub role: String,
    /// Email address.
    pub email: String,
    /// Telephone number as people dial it.
    pub phone: String,
}

/// Who helps people to complain, free of charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advocacy {
    /// Name of the service.
    pub name: String,
    /// Telephone number.
    pub phone: String,
    /// Email address.
    pub email: String,
    /// Web address, with `https://`.
    pub url: String,
}

/// Who can be asked after the council.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ombudsman {
    /// Full name.
    pub name: String,
    /// Telephone number.
    pub phone: String,
    /// Web address, with `https://`.
    pub url: String,
}

/// One number to call when a child is in danger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DangerContact {
    /// Whom one reaches, and when.
    pub who: String,
    /// Telephone number.
    pub phone: String,
}

/// The danger line. Stands in every acknowledgement, never only where danger was detected (PROCEDURES 6.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Danger {
    /// One sentence that names 999.
    pub text: String,
    /// Further numbers, most local first.
    #[serde(default)]
    pub contacts: Vec<DangerContact>,
}

/// What every letter says about the council. Comes from the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CouncilFacts {
    /// Name of the council.
    pub name: String,
    /// Name of the team that deals with complaints.
    pub service: String,
    /// Its email address.
    pub complaints_address: String,
    /// Its telephone number.
    pub complaints_phone: String,
    /// Page that tells how complaints are dealt with, with `https://`.
    pub procedure_url: String,
    /// The officer named when a case has no officer of its own yet.
    pub named_officer: NamedOfficer,
    /// Free help to complain.
    pub advocacy: Advocacy,
    /// The Local Government and Social Care Ombudsman.
    pub ombudsman: Ombudsman,
    /// What to do when a child is in danger.
    pub danger: Danger,
    /// One or more sentences: which adjustments people can ask for, and how.
    pub adjustments: String,
}

impl CouncilFacts {
    /// What is wrong with these settings: one sentence a fault that names the setting. Empty when nothing is.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let texts = [
            ("name", &self.name),
            ("service", &self.service),
            ("complaints_phone", &self.complaints_phone),
            ("named_officer.name", &self.named_officer.name),
            ("named_officer.role", &self.named_officer.role),
            ("named_officer.phone", &self.named_officer.phone),
            ("advocacy.name", &self.advocacy.name),
            ("advocacy.phone", &self.advocacy.phone),
            ("ombudsman.name", &self.ombudsman.name),
            ("ombudsman.phone", &self.ombudsman.phone),
            ("adjustments", &self.adjustments),
        ];
        faults.extend(
            texts
                .iter()
                .filter(|(_, text)| text.trim().is_empty())
                .map(|(key, _)| format!("`{key}` is empty: fill it in")),
        );
        let addresses = [
            ("complaints_address", &self.complaints_address),
            ("named_officer.email", &self.named_officer.email),
            ("advocacy.email", &self.advocacy.email),
        ];
        faults.extend(
            addresses
                .iter()
                .filter(|(_, text)| text.parse::<lettre::Address>().is_err())
                .map(|(key, text)| format!("`{key}` is \"{text}\", which is no email address")),
        );
        let pages = [
            ("procedure_url", &self.procedure_url),
            ("advocacy.url", &self.advocacy.url),
            ("ombudsman.url", &self.ombudsman.url),
        ];
        faults.extend(
            pages
                .iter()
                .filter(|(_, text)| !is_web_address(text))
                .map(|(key, text)| format!("`{key}` is \"{text}\": give a web address that begins with https://")),
        );
        if !self.danger.text.contains("999") {
            faults.push("`danger.text` does not name 999: say that people in danger should call 999".to_owned());
        }
        faults
    }

    /// An invented council, for tests and the demonstration. The national numbers are real.
    #[must_use]
    pub fn sample() -> Self {
        let contact = |who: &str, phone: &str| DangerContact { who: who.to_owned(), phone: phone.to_owned() };
        Self {
            name: "Calderbeck Council".to_owned(),
            service: "Children's complaints team".to_owned(),
            complaints_address: "complaints@calderbeck.example".to_owned(),
            complaints_phone: "01632 960 100".to_owned(),
            procedure_url: "https://www.calderbeck.example/childrens-complaints".to_owned(),
            named_officer: NamedOfficer {
                name: "Rosalind Achebe".to_owned(),
                role: "children's complaints manager".to_owned(),
                email: "rosalind.achebe@calderbeck.example".to_owned(),
                phone: "01632 960 101".to_owned(),
            },
            advocacy: Advocacy {
                name: "Calderbeck Voices".to_owned(),
                phone: "01632 960 140".to_owned(),
                email: "help@calderbeckvoices.example".to_owned(),
                url: "https://calderbeckvoices.example".to_owned(),
            },
            ombudsman: Ombudsman {
                name: "Local Government and Social Care Ombudsman".to_owned(),
                phone: "0300 061 0614".to_owned(),
                url: "https://www.lgo.org.uk".to_owned(),
            },
            danger: Danger {
                text: "If you or a child is in danger now, call 999.".to_owned(),
                contacts: vec![
                    contact("Calderbeck children's services, day and night", "01632 960 199"),
                    contact("NSPCC, if you are worried about a child", "0808 800 5000"),
                    contact("Childline, for children and young people", "0800 1111"),
                ],
            },
            adjustments: "Tell us what would make this easier for you: large print, easy read, another language, an \
                          interpreter, or a phone call in place of letters. You can ask at any time, and it is free."
                .to_owned(),
        }
    }
}

/// Tells whether `text` is a web address that a letter may link to.
fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}

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

/// What the people on duty are told when a child may be at risk. Reference and link only (PROCEDURES 6.5).
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
    /// To the family, by chat: the same facts in under 900 characters.
    ChatAcknowledgement(AcknowledgementFacts),
    /// To whoever presses Start in the chat and has said nothing yet.
    ChatGreeting,
    /// To a manager who passed a message on.
    ManagerReceipt(ReceiptFacts),
    /// To whoever is on duty.
    SafeguardingAlert(AlertFacts),
}

impl Letter {
    /// Name of the letter: its folder in `config/letters/`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Acknowledgement(_) => "acknowledgement",
            Self::ChatAcknowledgement(_) => "chat-acknowledgement",
            Self::ChatGreeting => "chat-greeting",
            Self::ManagerReceipt(_) => "manager-receipt",
            Self::SafeguardingAlert(_) => "safeguarding-alert",
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
        samples.push(("chat-greeting".to_owned(), Self::ChatGreeting));
        let receipts = ReceiptFacts::samples().into_iter();
        samples
            .extend(receipts.map(|(label, facts)| (format!("manager-receipt, {label}"), Self::ManagerReceipt(facts))));
        samples.push(("safeguarding-alert".to_owned(), Self::SafeguardingAlert(AlertFacts::sample())));
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
            ("added to a case", Self { joined: true, ..base.clone() }),
            (
                "family not told",
                Self {
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
