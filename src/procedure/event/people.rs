//! Who complains, as officers write it down.

use serde::{Deserialize, Serialize};

use crate::ids::Uuid;

/// Whose complaint it is, as an officer wrote it down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complainant {
    /// The contact in the store.
    pub contact: Option<Uuid>,
    /// Name.
    pub name: Option<String>,
    /// Email address or chat.
    pub address: Option<String>,
    /// Telephone number, as typed.
    pub phone: Option<String>,
    /// What they are to the child, e.g. `grandmother`.
    pub relationship: Option<String>,
    /// Who took it down, e.g. the manager who was rung.
    pub recorded_by: Option<String>,
    /// The contact whom letters go to in their place: an advocate, a councillor.
    pub answered: Option<Uuid>,
    /// They may write about the case. Otherwise somebody else only says that they are whose complaint it is.
    pub party: bool,
}

impl Complainant {
    /// Whether anything is said about them at all.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.name.is_some() || self.address.is_some() || self.phone.is_some()
    }

    /// Whether what they are to the child, as an officer typed it, says that they are the child.
    #[must_use]
    pub fn is_the_child(&self) -> bool {
        let typed = self.relationship.as_deref().unwrap_or_default().to_lowercase();
        let mut words: Vec<&str> = typed.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
        words.retain(|word| !["a", "the", "is"].contains(word));
        let themselves =
            |word: &str| ["self", "myself", "herself", "himself", "themselves", "themself"].contains(&word);
        match words.as_slice() {
            ["child"] | ["young", "person"] => true,
            [word] | ["child", word] | ["young", "person", word] => themselves(word),
            _ => false,
        }
    }
}

/// Somebody of the council's staff who is named in a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Work address, in lower case.
    pub email: String,
    /// Name.
    pub name: String,
    /// The line that names them, or why else it may be about them.
    pub because: String,
}

/// Whether a case is about somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The message that opened the case names them: kept out of it until an officer has said.
    Proposed,
    /// A later message names them: an officer is asked. Whoever works on a case is named in what comes after.
    Mentioned,
    /// An officer said that it is about them.
    Confirmed,
    /// An officer said that it is not.
    Cleared,
}

impl Standing {
    /// Whether they are kept out of the case.
    #[must_use]
    pub fn bars(self) -> bool {
        matches!(self, Self::Proposed | Self::Confirmed)
    }

    /// Whether an officer said that it is about them.
    #[must_use]
    pub fn is_confirmed(self) -> bool {
        self == Self::Confirmed
    }
}

/// Somebody whom a case is about, or may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Name.
    pub name: String,
    /// Why they were proposed; empty when an officer named them.
    pub because: String,
    /// Whether it is.
    pub standing: Standing,
}

/// People who complain together, as an officer entered them: a petition, a forum that speaks for its members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What they call themselves, or how they came together.
    pub name: String,
    /// Who is in it.
    pub members: Vec<Member>,
}

/// One who complains together with others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Name.
    pub name: Option<String>,
    /// Email address.
    pub address: Option<String>,
    /// The contact in the store.
    pub contact: Option<Uuid>,
}

/// By what right somebody complains. Source: Children Act 1989 sections 24D and 26(3) and (3A) to (3C), as councils publish the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// A child who is looked after or in need.
    Child,
    /// A parent.
    Parent,
    /// Somebody else with parental responsibility.
    PrHolder,
    /// A foster carer.
    FosterCarer,
    /// Somebody who was in care.
    CareLeaver,
    /// A special guardian.
    SpecialGuardian,
    /// A child under a special guardianship order, or a parent of theirs.
    SpecialGuardianshipFamily,
    /// Somebody who asked for support as a special guardian.
    SpecialGuardianshipApplicant,
    /// Somebody concerned in an adoption: child, parent, guardian, adopter.
    Adoption,
    /// Somebody whom the council thinks sufficiently interested in the child's welfare.
    SufficientInterest,
    /// Somebody who speaks for one of these.
    Representative,
    /// An advocate.
    Advocate,
    /// Not settled yet.
    Unknown,
    /// They do not say who they are.
    Anonymous,
}

impl Capacity {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 14] = [
        Self::Child,
        Self::Parent,
        Self::PrHolder,
        Self::FosterCarer,
        Self::CareLeaver,
        Self::SpecialGuardian,
        Self::SpecialGuardianshipFamily,
        Self::SpecialGuardianshipApplicant,
        Self::Adoption,
        Self::SufficientInterest,
        Self::Representative,
        Self::Advocate,
        Self::Unknown,
        Self::Anonymous,
    ];

    /// The word in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Parent => "parent",
            Self::PrHolder => "pr-holder",
            Self::FosterCarer => "foster-carer",
            Self::CareLeaver => "care-leaver",
            Self::SpecialGuardian => "special-guardian",
            Self::SpecialGuardianshipFamily => "special-guardianship-family",
            Self::SpecialGuardianshipApplicant => "special-guardianship-applicant",
            Self::Adoption => "adoption",
            Self::SufficientInterest => "sufficient-interest",
            Self::Representative => "representative",
            Self::Advocate => "advocate",
            Self::Unknown => "unknown",
            Self::Anonymous => "anonymous",
        }
    }

    /// In words, for officers.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::Child => "A child who is looked after or in need",
            Self::Parent => "A parent",
            Self::PrHolder => "Somebody else with parental responsibility",
            Self::FosterCarer => "A foster carer",
            Self::CareLeaver => "A care leaver",
            Self::SpecialGuardian => "A special guardian",
            Self::SpecialGuardianshipFamily => "A child under special guardianship, or their parent",
            Self::SpecialGuardianshipApplicant => "Somebody who asked for special guardianship support",
            Self::Adoption => "Somebody concerned in an adoption",
            Self::SufficientInterest => "Somebody sufficiently interested in the child’s welfare",
            Self::Representative => "Somebody who speaks for one of these",
            Self::Advocate => "An advocate",
            Self::Unknown => "Not settled yet",
            Self::Anonymous => "They do not say who they are",
        }
    }

    /// Whether they speak for somebody else, so that the other's authority is wanted.
    #[must_use]
    pub fn speaks_for_another(self) -> bool {
        matches!(self, Self::Representative | Self::Advocate)
    }
}
