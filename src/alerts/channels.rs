//! What carries an alert: a chat, or a web address that takes JSON.

use std::sync::Arc;

use futures::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use crate::{
    http,
    replies::courier::{Courier, Delivery, Outgoing},
    tls::TlsSetupError,
};

/// In the webhook's body, where the message goes.
pub const PLACE: &str = "@TEXT@";

/// Carries an alert.
pub trait Channel: Send + Sync {
    /// What it is, for people.
    fn name(&self) -> &'static str;

    /// Says `text`. The error is in words for people, without addresses.
    fn tell<'a>(&'a self, text: &'a str) -> BoxFuture<'a, Result<(), String>>;
}

/// A chat that the council's bot is in.
pub struct ChatChannel {
    courier: Arc<dyn Courier>,
    chat: i64,
}

impl ChatChannel {
    /// Tells the chat with this number.
    #[must_use]
    pub fn new(courier: Arc<dyn Courier>, chat: i64) -> Self {
        Self { courier, chat }
    }
}

impl Channel for ChatChannel {
    fn name(&self) -> &'static str {
        "Telegram"
    }

    fn tell<'a>(&'a self, text: &'a str) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let message = Outgoing {
                message_id: String::new(),
                from_name: String::new(),
                from_address: String::new(),
                reply_to: None,
                to: format!("telegram:{}", self.chat),
                subject: String::new(),
                text: text.to_owned(),
                html: None,
                in_reply_to: Vec::new(),
                references: Vec::new(),
                automatic: true,
                enclosures: Vec::new(),
                buttons: Vec::new(),
                look: Default::default(),
            };
            match self.courier.send(&message).await {
                Delivery::Delivered => Ok(()),
                Delivery::Wait(_, why)
                | Delivery::TryLater(why)
                | Delivery::Unavailable(_, why)
                | Delivery::Unsure(_, why)
                | Delivery::Refused(why) => Err(why),
            }
        })
    }
}

/// A web address that takes a POST with JSON: Slack, Teams, ntfy and their like. The address itself is the secret.
pub struct Webhook {
    url: SecretString,
    body: Value,
    client: reqwest::Client,
}

impl Webhook {
    /// Posts `body` to `url`, with the message in place of [`PLACE`] in every text of it.
    ///
    /// # Errors
    ///
    /// [`TlsSetupError`] when no client can be made.
    pub fn new(url: &Url, body: Value) -> Result<Self, TlsSetupError> {
        Ok(Self { client: http::client(url, None)?, url: url.to_string().into(), body })
    }

    async fn post(&self, text: &str) -> Result<(), String> {
        let request = self.client.post(self.url.expose_secret()).json(&filled(&self.body, text));
        let response =
            request.send().await.map_err(|error| format!("it cannot be reached: {}", http::call_error(error)))?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        Err(format!("it answered with status {}", status.as_u16()))
    }
}

impl Channel for Webhook {
    fn name(&self) -> &'static str {
        "webhook"
    }

    fn tell<'a>(&'a self, text: &'a str) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(self.post(text))
    }
}

/// `body` with `text` in its place, wherever that is.
fn filled(body: &Value, text: &str) -> Value {
    match body {
        Value::String(one) => Value::String(one.replace(PLACE, text)),
        Value::Array(all) => all.iter().map(|one| filled(one, text)).collect(),
        Value::Object(all) => all.iter().map(|(key, one)| (key.clone(), filled(one, text))).collect(),
        other => other.clone(),
    }
}

/// Whether the message has a place in `body`.
#[must_use]
pub fn has_place(body: &Value) -> bool {
    match body {
        Value::String(one) => one.contains(PLACE),
        Value::Array(all) => all.iter().any(has_place),
        Value::Object(all) => all.values().any(has_place),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_goes_into_its_place_however_deep_and_cannot_break_out_of_it() {
        let body =
            json!({"type": "message", "attachments": [{"content": {"body": [{"text": "Alert: @TEXT@"}], "n": 1}}]});
        assert!(has_place(&body) && !has_place(&json!({"text": "nothing", "n": [1, null]})));
        let text = "a \"quoted\"\nline, \\ and {}";
        let full = filled(&body, text);
        assert_eq!(full["attachments"][0]["content"]["body"][0]["text"], format!("Alert: {text}"));
        assert_eq!(full["attachments"][0]["content"]["n"], 1);
    }
}
