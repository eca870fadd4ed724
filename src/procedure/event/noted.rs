//! What an officer writes down of a call, a visit, or for whoever works on the case.

use serde::{Deserialize, Serialize};

/// What an officer writes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Noted {
    /// A telephone call.
    Call,
    /// A visit or a meeting.
    Visit,
    /// Something for whoever works on the case.
    Note,
}

impl Noted {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Call, Self::Visit, Self::Note];

    /// The word in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Visit => "visit",
            Self::Note => "note",
        }
    }

    /// In words.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::Call => "A telephone call",
            Self::Visit => "A visit or a meeting",
            Self::Note => "A note for whoever works on it",
        }
    }
}
