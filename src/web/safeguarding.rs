//! A child at risk: what the pages show of the alert, of an allegation, and of addresses to be careful with.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// What the case's page shows about safeguarding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProtectionView {
    /// Since when a child may be at risk and nobody has acknowledged it.
    pub unread_since: Option<DateTime<Utc>>,
    /// Somebody was written to about it.
    pub alerted: bool,
    /// When the next people are written to, if nobody acknowledges it.
    pub next_at: Option<DateTime<Utc>>,
    /// How many levels of those who hear next have had their turn.
    pub levels_told: u32,
    /// Who has read it, and what they did; the oldest first.
    pub read: Vec<ReadNote>,
    /// Since when it is marked as an allegation against somebody who works with children.
    pub allegation: Option<DateTime<Utc>>,
    /// Members of staff who are named in it, so that it may be one; empty where nothing is proposed.
    pub proposed_by: Vec<String>,
    /// When the Designated Officer was told, and how; empty for our letter.
    pub officer_told: Option<(DateTime<Utc>, String)>,
    /// A letter goes to them when it is marked.
    pub officer_is_written_to: bool,
}

/// Somebody has read what raised an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadNote {
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What they did or decided, in their words.
    pub what: String,
}

/// An address of somebody in a case, and whether somebody must look before anything goes there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CarefulAddress {
    /// As it is shown.
    pub address: String,
    /// As it is.
    pub key: String,
    /// An officer marked it.
    pub marked: bool,
    /// A pattern in the settings fits it.
    pub by_pattern: bool,
}

/// Alerts that nobody has acknowledged, and who would hear of the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AlertsUnread {
    /// How many.
    pub unread: u64,
    /// Since when the oldest waits.
    pub oldest: Option<DateTime<Utc>>,
    /// How many addresses hear at once.
    pub at_once: usize,
    /// How many levels hear next.
    pub levels: usize,
}
