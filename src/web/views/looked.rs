//! Who has looked at a case, as its page shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// Somebody who has looked at a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// Their name.
    pub name: String,
    /// What they are, e.g. `Complaints officer`.
    pub role: &'static str,
    /// They may not sign in any more.
    pub gone: bool,
    /// When they looked first.
    pub first_at: DateTime<Utc>,
    /// When they looked last.
    pub last_at: DateTime<Utc>,
    /// How often: the case, a file, a letter on paper.
    pub times: u64,
}
