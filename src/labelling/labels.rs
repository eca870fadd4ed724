//! The labels a message can have, and the suggestion that carries them. Pure.
//!
//! The words are those of the design: `act`, `procedure`, `theme`. Officers decide with the same words.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Declares an enum of words that are the same in JSON, in the database and on the command line.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $shown:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every value, in the order shown to officers.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in JSON and in the database.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The words shown to officers.
            #[must_use]
            pub fn shown(self) -> &'static str {
                match self { $(Self::$variant => $shown,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { word: text.chars().take(40).collect(), known: [$($word),+].join(", ") }),
                }
            }
        }
    };
}

/// A word that is none of the known ones.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{word}\" is none of: {known}")]
pub struct UnknownWord {
    word: String,
    known: String,
}

words! {
    /// What a message does.
    Act {
        /// Says it is a complaint, asks for formal action, or is an outright grievance that needs an answer.
        Complaint = "complaint", "Complaint";
        /// Unhappiness put informally.
        Concern = "concern", "Concern";
        /// Thanks or praise.
        Compliment = "compliment", "Compliment";
        /// A question, or a request for a service.
        Enquiry = "enquiry", "Enquiry";
        /// Arrangements, paperwork, professionals' and suppliers' mail.
        Routine = "routine", "Routine";
        /// Sent by a machine, or bulk mail.
        Automated = "automated", "Automated";
        /// The council's staff to one another about work.
        StaffInternal = "staff-internal", "Between staff";
    }
}

impl Act {
    /// Dissatisfaction by or for a family about the council's own service: these two acts, and nothing else.
    #[must_use]
    pub fn is_dissatisfaction(self) -> bool {
        matches!(self, Self::Complaint | Self::Concern)
    }
}

words! {
    /// Which procedure applies.
    Procedure {
        /// Children Act 1989 section 26(3), SI 2006/1738: social care, fostering, adoption, leaving care.
        Statutory = "statutory", "Statutory (Children Act 1989)";
        /// The council's own procedure under the Ombudsman's Complaint Handling Code: SEND, transport, early help.
        Corporate = "corporate", "Corporate";
        /// Both, or it cannot be told.
        Unclear = "unclear", "Not yet clear";
        /// Another route applies, or nothing is complained of.
        None = "none", "None";
    }
}

words! {
    /// What it is mainly about.
    Theme {
        /// Not kept informed, calls and letters unanswered.
        Communication = "communication", "Communication";
        /// Too late, or still waiting.
        Delay = "delay", "Delay";
        /// A decision that is disputed.
        Decision = "decision", "Decision";
        /// How somebody behaved.
        StaffConduct = "staff-conduct", "Staff conduct";
        /// An assessment that is poor or wrong.
        QualityOfAssessment = "quality-of-assessment", "Quality of assessment";
        /// A service agreed or due that does not come.
        ProvisionNotDelivered = "provision-not-delivered", "Provision not delivered";
        /// Records, data, confidentiality.
        InformationAndRecords = "information-and-records", "Information and records";
        /// Contact, family time.
        ContactAndFamilyTime = "contact-and-family-time", "Contact and family time";
        /// Getting to school.
        Transport = "transport", "Transport";
        /// Money.
        Finance = "finance", "Finance";
        /// Where a child lives.
        Placement = "placement", "Placement";
        /// Anything else.
        Other = "other", "Other";
    }
}

/// What the machine thinks of one message. Shown with its reason, undone in one step, never a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Which model said so, e.g. `e5-small-0a1b2c3d+heads-3f2a9c41`.
    pub model: String,
    /// The likeliest act.
    pub act: Act,
    /// Calibrated probability of each act, in the order of [`Act::ALL`].
    pub act_scores: Vec<f64>,
    /// Calibrated probability that it is dissatisfaction (0 to 1).
    pub dissatisfied: f64,
    /// Calibrated probability that a child may be at risk of harm now (0 to 1). Independent of `act`.
    pub safeguarding: f64,
    /// The likeliest procedure.
    pub procedure: Procedure,
    /// The likeliest theme.
    pub theme: Theme,
    /// Probability of each theme, in the order of [`Theme::ALL`], if it is dissatisfaction at all.
    #[serde(default)]
    pub themes: Vec<f64>,
    /// Probability that the words are those of a person under 18 (0 to 1).
    #[serde(default)]
    pub child_author: f64,
    /// Probability that somebody other than the council's staff speaks for the complainant (0 to 1).
    #[serde(default)]
    pub on_behalf: f64,
    /// Words of the message that tell of danger to a child by themselves: then it is raised whatever the probability.
    #[serde(default)]
    pub danger: Option<String>,
    /// A language other than English that it is in, by its English name: then an officer must read it, for the machine
    /// has learnt English only.
    #[serde(default)]
    pub language: Option<String>,
    /// The sentence of the message without which the suggestion would be weakest; empty if the message has no sentence.
    pub because: String,
}

impl Suggestion {
    /// Whether it is raised that a child may be at risk: by plain words, or by a probability of at least `line`.
    #[must_use]
    pub fn raises_danger(&self, line: f64) -> bool {
        self.danger.is_some() || self.safeguarding >= line
    }
}
