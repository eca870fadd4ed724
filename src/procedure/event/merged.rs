//! Messages that went from one case to another, and cases that were merged.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Relation, Subject};
use crate::{
    ids::Uuid,
    procedure::{recount::Promise, retention::Keeping, safeguarding::Protection},
};

/// A message that went from one case to another, and how it belonged to the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Which.
    pub representation: Uuid,
    /// How it belonged.
    pub relation: Relation,
    /// Why it was matched.
    pub why: String,
}

/// A case that was merged into another, as far as the other takes something from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedCase {
    /// Which.
    pub case: Uuid,
    /// Its reference.
    pub reference: String,
    /// Its messages, and how they belonged to it.
    pub messages: Vec<Moved>,
    /// Contacts who are a party here by it.
    pub parties: Vec<Uuid>,
    /// When the council received it.
    pub received_at: DateTime<Utc>,
    /// A child may be at risk, by what is known of it.
    pub safeguarding: bool,
    /// People were alerted to that.
    pub alerted: bool,
    /// When whoever this case is to be acknowledged to heard of it there.
    pub told_at: Option<DateTime<Utc>>,
    /// Who had it.
    pub officer: Option<Uuid>,
    /// The joint complaint that it was in: key and reference.
    #[serde(default)]
    pub joint: Option<(Uuid, String)>,
    /// Whom it is about, or may be, by their addresses.
    #[serde(default)]
    pub subjects: BTreeMap<String, Subject>,
    /// Dates that somebody was told and that the bank holidays have moved since, by their duties.
    #[serde(default)]
    pub promised: BTreeMap<String, Promise>,
    /// Since when it is known that a child complains in it for themselves.
    #[serde(default)]
    pub child_since: Option<NaiveDate>,
    /// Where its alert stands, and what belongs to that.
    #[serde(default)]
    pub protection: Protection,
    /// What was decided about how long it is kept.
    #[serde(default)]
    pub keeping: Keeping,
}
