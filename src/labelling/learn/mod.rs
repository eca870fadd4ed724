//! Learning from officers without forgetting: what a decision teaches, how much it counts, and the gate a refitted model
//! must pass before it suggests anything. Pure but for [`refit`] and [`simulate`].

pub mod decided;
pub mod figures;
pub mod gate;
pub mod refit;
pub mod simulate;
pub mod weigh;

use chrono::{DateTime, Utc};

use super::rows::Labelled;

/// A message with what an officer decided about it. Read out of the database each time it is needed, never written.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// The message as the classifier saw it, and the labels that the decision gives it. Its family names the complainant
    /// or the case: see [`weigh::is_held_out`].
    pub row: Labelled,
    /// How likely dissatisfied it was said to be (0 to 1).
    pub suggested: f64,
    /// When the decision was made that counts.
    pub decided_at: DateTime<Utc>,
}
