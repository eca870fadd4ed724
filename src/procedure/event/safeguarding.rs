//! What happens to a case because a child may be at risk, or because an address must not be written to. Pure.

use serde::{Deserialize, Serialize};

use crate::ids::Uuid;

/// One such thing: asked for as it is written down. Stored for ever, so variants are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Safeguarding {
    /// A person has read what raised the alert, and says what they did or decided. Never taken back.
    Read {
        /// In their words.
        what: String,
    },
    /// Nobody had, in time: the next people were written to.
    Escalated {
        /// Which level, from 1.
        level: u32,
        /// How many were written to; none where the case is about all of them.
        told: u32,
    },
    /// An officer said whether it is an allegation against somebody who works with children.
    Allegation {
        /// It is.
        is: bool,
    },
    /// The Designated Officer was told of it.
    DesignatedOfficerTold {
        /// Our letter's row in the outbox; None when they were told another way.
        outbox: Option<Uuid>,
        /// How, in the officer's words; empty for a letter of ours.
        how: String,
    },
    /// An officer said whether an address must not be written to before somebody has looked.
    DoNotReply {
        /// Which, as letters to it are counted.
        address: String,
        /// It must not.
        is: bool,
    },
}

impl Safeguarding {
    /// Whether an officer may take it back.
    #[must_use]
    pub fn can_be_undone(&self) -> bool {
        matches!(self, Self::Allegation { .. } | Self::DoNotReply { .. })
    }
}
