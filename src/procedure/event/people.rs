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
