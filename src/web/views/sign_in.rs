//! How sign-in tokens are doing, and who is told when mail stands still.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// How one source of sign-in tokens is doing.
#[derive(Clone, Debug, Serialize)]
pub struct TokenHealth {
    /// As configured.
    pub name: String,
    /// What signs in with it, in words.
    pub used_by: String,
    /// When it last gave a token.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// When that token ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// What is wrong, in words; `None` when nothing is.
    pub error: Option<String>,
    /// Since when.
    pub error_since: Option<DateTime<Utc>>,
    /// What to do about it, in words; empty when nothing is wrong.
    pub advice: String,
}

/// Who is told, on another channel than mail, when mail stands still.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AlertsHealth {
    /// How, e.g. `Telegram`; empty: nobody is.
    pub channels: Vec<String>,
    /// What is being told.
    pub open: Vec<OpenAlert>,
}

/// Something that somebody is told of until it is mended.
#[derive(Clone, Debug, Serialize)]
pub struct OpenAlert {
    /// What has not worked, as a sentence without its full stop.
    pub what: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When somebody was told last; `None`: nobody could be reached yet.
    pub told_at: Option<DateTime<Utc>>,
}
