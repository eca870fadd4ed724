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
