//! What a case has to do with others, as its page shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// What a case has to do with others.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sorting {
    /// The case that it may belong to, while an officer has not said.
    pub may_belong: Option<OtherCase>,
    /// Reference of the case that it was merged into.
    pub merged_into: Option<String>,
}

/// Another case, to be compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OtherCase {
    /// Its reference.
    pub reference: String,
    /// Why it is proposed, as a sentence.
    pub why: String,
    /// Whose complaint it is.
    pub family: Option<String>,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// The subject it opened with.
    pub subject: String,
    /// The words it opened with.
    pub text: String,
    /// Somebody else's: merged, both people are a party.
    pub somebody_else: bool,
    /// It can be merged with: neither closed nor put aside.
    pub open: bool,
}
