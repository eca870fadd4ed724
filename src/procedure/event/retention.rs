//! What is decided about how long a case is kept. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::Uuid;

/// One such thing: asked for as it is written down. Stored for ever, so variants are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Retention {
    /// Nothing of the case may go, whatever the schedule says.
    Held {
        /// Why.
        reason: String,
    },
    /// The hold was lifted.
    Lifted {
        /// Why.
        reason: String,
    },
    /// It was reviewed, and is kept until a day, when it is reviewed again.
    Until {
        /// The day.
        on: NaiveDate,
        /// Why.
        reason: String,
    },
    /// It was reviewed, and everything that says who may go.
    ToAnonymise {
        /// Why.
        reason: String,
    },
    /// When the child was born whose own complaint it is; None once that was taken out too.
    Born {
        /// The day.
        on: Option<NaiveDate>,
    },
    /// Everything that says who was taken out.
    Anonymised {
        /// The case that it was merged into and went with; None for a case of its own.
        with: Option<Uuid>,
    },
}
