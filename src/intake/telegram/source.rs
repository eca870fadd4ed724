//! Telegram as a [`ChatService`].

use std::{fmt, io, time::Duration};

use futures::{StreamExt, future::BoxFuture};
use serde::Serialize;
use serde_json::Value;
use teloxide::{
    Bot,
    net::Download,
    requests::{JsonRequest, Payload, Requester},
    types::{CallbackQueryId, FileId},
};

use super::{ChatError, LARGEST_FILE, LONGEST_WAIT};
use crate::intake::channel::{ChatService, FileStream, RawUpdate, TELEGRAM};

/// The Bot API's getUpdates, answered as plain JSON. teloxide's own gives typed updates, which drop unknown fields.
#[derive(Clone, Serialize)]
struct GetRawUpdates {
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    timeout: u32,
    /// Empty: every kind but those about members and reactions, kinds to come included.
    allowed_updates: [&'static str; 0],
}

impl Payload for GetRawUpdates {
    type Output = Vec<Value>;
    const NAME: &'static str = "GetUpdates";

    fn timeout_hint(&self) -> Option<Duration> {
        Some(Duration::from_secs(self.timeout.into()))
    }
}

/// Where chat messages come from.
pub struct TelegramSource {
    bot: Bot,
}

impl fmt::Debug for TelegramSource {
    // teloxide's own would print the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelegramSource").finish_non_exhaustive()
    }
}

impl TelegramSource {
    /// Updates of `bot`, made by [`bot`](super::bot): its client waits long enough.
    #[must_use]
    pub fn new(bot: Bot) -> Self {
        Self { bot }
    }

    /// The bot's user name, without the @. Shows that address and token are right.
    ///
    /// # Errors
    ///
    /// [`ChatError`].
    pub async fn name(&self) -> Result<String, ChatError> {
        let me = self.bot.get_me().await.map_err(|error| ChatError::from_request(&error, self.bot.token()))?;
        Ok(me.username().to_owned())
    }

    /// The updates from number `offset` on, oldest first, at most 100; waits up to `timeout_s` seconds (50 at most) while
    /// there is none. This confirms every update before `offset`: Telegram forgets them.
    ///
    /// # Errors
    ///
    /// [`ChatError`]; nothing is confirmed that was not before.
    pub async fn updates(&self, offset: Option<i64>, timeout_s: u32) -> Result<Vec<RawUpdate>, ChatError> {
        let call = GetRawUpdates { offset, timeout: timeout_s.min(LONGEST_WAIT), allowed_updates: [] };
        let answer = JsonRequest::new(self.bot.clone(), call).await;
        let values = answer.map_err(|error| ChatError::from_request(&error, self.bot.token()))?;
        values.into_iter().map(numbered).collect()
    }
}

impl ChatService for TelegramSource {
    fn mailbox(&self) -> &'static str {
        TELEGRAM
    }

    fn updates(&self, offset: Option<i64>, seconds: u32) -> BoxFuture<'_, Result<Vec<RawUpdate>, ChatError>> {
        Box::pin(Self::updates(self, offset, seconds))
    }

    fn noticed<'a>(&'a self, update: &'a Value) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let Some(id) = update.pointer("/callback_query/id").and_then(Value::as_str) else { return };
            if let Err(error) = self.bot.answer_callback_query(CallbackQueryId(id.to_owned())).await {
                let error = ChatError::from_request(&error, self.bot.token());
                tracing::debug!(%error, "a pressed button could not be shown as noticed");
            }
        })
    }

    fn file<'a>(&'a self, file_id: &'a str) -> BoxFuture<'a, Result<FileStream, ChatError>> {
        Box::pin(async move {
            let about = self.bot.get_file(FileId(file_id.to_owned())).await;
            let about = about.map_err(|error| ChatError::from_request(&error, self.bot.token()))?;
            let pieces = self.bot.download_file_stream(&about.path);
            // What the HTTP library says names the address, which holds the token.
            let hidden = |_| io::Error::other("the chat service broke the connection while it handed over a file");
            Ok(pieces.map(move |piece| piece.map_err(hidden)).boxed())
        })
    }

    fn largest_file(&self) -> u64 {
        LARGEST_FILE
    }
}

fn numbered(json: Value) -> Result<RawUpdate, ChatError> {
    let update_id = json.get("update_id").and_then(Value::as_i64);
    let update_id = update_id.ok_or_else(|| ChatError::Answer("an update has no number".to_owned()))?;
    Ok(RawUpdate { update_id, json })
}
