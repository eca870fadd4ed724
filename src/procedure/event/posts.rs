//! Who is appointed to what.

use serde::{Deserialize, Serialize};

use super::steps::Stage;

/// What somebody is appointed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Post {
    /// Looks into it at stage 1.
    Responder,
    /// Looks at it anew at stage 2 of the corporate procedure.
    Reviewer,
    /// Investigates at stage 2 of the statutory procedure.
    InvestigatingOfficer,
    /// Goes along with the investigation, and reports by themself (SI 2006/1738 regulation 17).
    IndependentPerson,
    /// Decides on the reports at stage 2 of the statutory procedure.
    Adjudicator,
    /// Chairs the panel.
    PanelChair,
    /// Sits on the panel.
    PanelMember,
}

impl Post {
    /// Every one, in the order of the procedure.
    pub const ALL: [Self; 7] = [
        Self::Responder,
        Self::Reviewer,
        Self::InvestigatingOfficer,
        Self::IndependentPerson,
        Self::Adjudicator,
        Self::PanelChair,
        Self::PanelMember,
    ];

    /// The word in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Responder => "responder",
            Self::Reviewer => "reviewer",
            Self::InvestigatingOfficer => "investigating-officer",
            Self::IndependentPerson => "independent-person",
            Self::Adjudicator => "adjudicator",
            Self::PanelChair => "panel-chair",
            Self::PanelMember => "panel-member",
        }
    }

    /// In words, for officers and families.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::Responder => "Looks into it at stage 1",
            Self::Reviewer => "Looks at it anew at stage 2",
            Self::InvestigatingOfficer => "Investigating officer",
            Self::IndependentPerson => "Independent person",
            Self::Adjudicator => "Adjudicating officer",
            Self::PanelChair => "Chair of the panel",
            Self::PanelMember => "Member of the panel",
        }
    }

    /// At which stage.
    #[must_use]
    pub fn stage(self) -> Stage {
        match self {
            Self::Responder => Stage::One,
            Self::Reviewer | Self::InvestigatingOfficer | Self::IndependentPerson | Self::Adjudicator => Stage::Two,
            Self::PanelChair | Self::PanelMember => Stage::Three,
        }
    }

    /// Whether they must have nothing to do with the council (SI 2006/1738 regulations 2 and 19).
    #[must_use]
    pub fn is_independent(self) -> bool {
        matches!(self, Self::IndependentPerson | Self::PanelChair | Self::PanelMember)
    }
}

/// Where somebody works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Works {
    /// In children's services.
    ChildrensServices,
    /// Elsewhere in the council.
    Council,
    /// Not for the council.
    Outside,
}

/// Somebody who is appointed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointee {
    /// Name; the family gets it.
    pub name: String,
    /// Address, in lower case; may be empty for people from outside.
    pub email: String,
    /// Where they work.
    pub works: Works,
    /// They have said that they are neither member nor officer of the council, nor the spouse or civil partner of one.
    pub unconnected: bool,
    /// Why an investigating officer is from children's services; otherwise empty.
    pub reason: String,
}

impl Appointee {
    /// Whether this is the same person: the same address, or the same name where an address is not known.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        let both = !self.email.is_empty() && !other.email.is_empty();
        if both { self.email == other.email } else { self.name.eq_ignore_ascii_case(&other.name) }
    }
}
