//! The chat, as a council sets it up.

use serde::Deserialize;

use super::SecretSource;

/// Telegram.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chat {
    /// The bot's token.
    pub token: SecretSource,
    /// Another Bot API server.
    pub api_url: Option<url::Url>,
    /// Messages of one chat within so many days belong to one conversation.
    #[serde(default = "conversation_days")]
    pub conversation_days: u32,
    /// The bot asks, once and after the acknowledgement, for whom somebody writes and what to call them.
    #[serde(default = "questions")]
    pub questions: bool,
    /// Somebody who has been silent for so long (seconds) has said what they wanted to say: only then does the bot ask, or say that
    /// more has arrived.
    #[serde(default = "quiet_seconds")]
    pub quiet_seconds: u32,
}

fn conversation_days() -> u32 {
    14
}

fn questions() -> bool {
    true
}

fn quiet_seconds() -> u32 {
    30
}
