//! Chat: the Telegram bot's receiving half, and what one update says.
//!
//! An update is fetched as the JSON it came in, so that a kind nobody knew when this was written is kept all the same.
//! It is confirmed only by asking for what comes after it: whoever calls stores the updates and the new offset in one
//! transaction first. Telegram keeps an unconfirmed update for 24 hours. The bot's token is in every address that is
//! called; no error and no log line of ours carries it.

mod heard;
mod source;

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use teloxide::{ApiError, Bot, RequestError, net};
use url::{Host, Url};

pub use heard::heard;
pub use source::TelegramSource;

use super::reading::Attachment;

/// The longest that one call waits for updates, in seconds. The Bot API's own bound.
const LONGEST_WAIT: u32 = 50;

/// The Bot API hands over no larger file than 20 MB.
const LARGEST_FILE: u64 = 20 << 20;

/// What went wrong with the chat service, in words for the health page and for `heard doctor`. Never holds the token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChatError {
    /// The configured address cannot be one.
    #[error("the chat service's address \"{0}\" is not usable; write e.g. https://api.telegram.org")]
    Address(String),
    /// Nothing answers there, or the connection broke. Worth another try.
    #[error("the chat service cannot be reached: {0}")]
    Unreachable(String),
    /// The token is wrong or was revoked.
    #[error("the chat service does not know the bot's token; ask BotFather for it and put it into the configuration")]
    Token,
    /// Another program takes the bot's updates.
    #[error("another program takes this bot's messages ({0}); stop it, or remove its webhook")]
    Elsewhere(String),
    /// Too many calls.
    #[error("the chat service asks to wait {0:?}")]
    Busy(Duration),
    /// Whoever the chat is with has blocked the bot, or is gone.
    #[error("they have blocked our bot, or have left the chat service: nothing that we write there arrives")]
    ShutOut,
    /// It refused the call for good.
    #[error("the chat service refused: {0}")]
    Refused(String),
    /// It is in trouble itself, or something else answers at its address. Worth another try.
    #[error("the chat service gave an answer that is none of the Bot API's: {0}")]
    Answer(String),
}

impl ChatError {
    /// From teloxide's error, without the token and without anything the service quoted back.
    #[must_use]
    pub fn from_request(error: &RequestError, token: &str) -> Self {
        let text = match error {
            RequestError::RetryAfter(seconds) => return Self::Busy(seconds.duration()),
            RequestError::MigrateToChatId(_) => return Self::Refused("the chat has become another one".to_owned()),
            RequestError::InvalidJson { source, .. } => {
                // serde's own words may quote what was sent; where it went wrong is enough.
                return Self::Answer(format!("not the expected JSON at column {}", source.column()));
            }
            RequestError::Network(cause) => return Self::Unreachable(without_token(&with_causes(cause), token)),
            RequestError::Io(cause) => return Self::Unreachable(without_token(&cause.to_string(), token)),
            RequestError::Api(ApiError::InvalidToken) => return Self::Token,
            RequestError::Api(error @ (ApiError::TerminatedByOtherGetUpdates | ApiError::CantGetUpdates)) => {
                return Self::Elsewhere(without_token(&error.to_string(), token));
            }
            RequestError::Api(ApiError::Unknown(text)) => without_token(text, token),
            RequestError::Api(ApiError::BotBlocked | ApiError::UserDeactivated | ApiError::BotKicked) => {
                return Self::ShutOut;
            }
            RequestError::Api(error) => return Self::Refused(without_token(&error.to_string(), token)),
        };
        if text.starts_with("Conflict") {
            Self::Elsewhere(text)
        } else if text.starts_with("Forbidden") || text.starts_with("Bad Request") {
            Self::Refused(text)
        } else {
            Self::Answer(text)
        }
    }

    /// False when another try with the same message and the same configuration must fail again.
    #[must_use]
    pub fn worth_another_try(&self) -> bool {
        !matches!(self, Self::Refused(_) | Self::ShutOut)
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

/// `text` without the token, in any of the forms it has in an address; at most 300 characters.
fn without_token(text: &str, token: &str) -> String {
    let mut clean = text.to_owned();
    let secret = token.split_once(':').map_or(token, |(_, secret)| secret);
    for form in [token, &token.replace(':', "%3A"), &token.replace(':', "%3a"), secret] {
        // No token is as short as a word.
        if form.len() >= 8 {
            clean = clean.replace(form, "[token]");
        }
    }
    clean.chars().take(300).collect()
}

/// A bot that talks to the Bot API at `api` (a council's own server, or a stand-in), or to Telegram's.
///
/// # Errors
///
/// [`ChatError::Address`] when `api` is not http(s); [`ChatError::Unreachable`] when no client can be made, e.g. because
/// this machine's certificates cannot be read.
pub fn bot(token: &SecretString, api: Option<&Url>) -> Result<Bot, ChatError> {
    let wait = Duration::from_secs(u64::from(LONGEST_WAIT) + 15);
    let mut client = net::default_reqwest_settings().timeout(wait);
    if let Some(api) = api {
        if !matches!(api.scheme(), "http" | "https") || api.cannot_be_a_base() {
            return Err(ChatError::Address(api.to_string()));
        }
        let own_machine = match api.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        if own_machine {
            client = client.no_proxy();
        }
    }
    let client = client.build().map_err(|error| ChatError::Unreachable(with_causes(&error)))?;
    let bot = Bot::with_client(token.expose_secret(), client);
    Ok(match api {
        Some(api) => bot.set_api_url(api.clone()),
        None => bot,
    })
}

/// A file that came with a chat message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatFile {
    /// What the Bot API's getFile wants.
    pub file_id: String,
    /// Name, type and size as far as the update says; the size is 0 when it does not.
    pub file: Attachment,
}

/// What one update says: a message somebody wrote to the bot, or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatLine {
    /// The chat: answers go there.
    pub chat_id: i64,
    /// Number within the chat; an edited message keeps it.
    pub message_id: i64,
    /// Who wrote it, as they call themselves; empty when they don't.
    pub from_name: String,
    /// Written by another program: never to be answered.
    pub from_bot: bool,
    /// When it was written, or changed.
    pub date: DateTime<Utc>,
    /// Its words, or those under its picture.
    pub text: String,
    /// A chat with this one person. In a group or channel nothing about a case may be said.
    pub is_private: bool,
    /// The person pressed Start.
    pub is_start_command: bool,
    /// Takes the place of an earlier text with the same `message_id`.
    pub is_edit: bool,
    /// Pictures, documents, recordings.
    pub attachments: Vec<ChatFile>,
}

/// Reads an update; `None` when nobody wrote anything in it: somebody joined, pressed a button, or it is of a kind unknown
/// here.
#[must_use]
pub fn read_update(update: &Value) -> Option<ChatLine> {
    let kinds = ["message", "edited_message", "channel_post", "edited_channel_post"];
    let (kind, message) = kinds.into_iter().find_map(|kind| Some((kind, update.get(kind)?)))?;
    let chat = message.get("chat")?;
    let is_edit = kind.starts_with("edited");
    let seconds = message.get("edit_date").filter(|_| is_edit).or_else(|| message.get("date"))?.as_i64()?;
    let text = ["text", "caption"].into_iter().find_map(|key| message.get(key)?.as_str()).unwrap_or_default();
    let attachments = files(message);
    let shared = ["contact", "location", "venue", "poll"].into_iter().any(|key| message.get(key).is_some());
    if text.is_empty() && attachments.is_empty() && !shared {
        return None;
    }
    Some(ChatLine {
        chat_id: chat.get("id")?.as_i64()?,
        message_id: message.get("message_id")?.as_i64()?,
        from_name: name(message, chat),
        from_bot: message.pointer("/from/is_bot").and_then(Value::as_bool).unwrap_or_default(),
        date: DateTime::from_timestamp(seconds, 0)?,
        text: text.to_owned(),
        is_private: chat.get("type").and_then(Value::as_str) == Some("private"),
        is_start_command: is_start(text),
        is_edit,
        attachments,
    })
}

/// The Start button, with the payload that a link may carry: at most 64 letters, digits, `_` and `-` (Bot API, deep
/// linking). Whoever writes more after the command says something.
fn is_start(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let command = words.next().unwrap_or_default();
    let payload = words.next().unwrap_or_default();
    let is_payload = payload.len() <= 64 && payload.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    (command == "/start" || command.starts_with("/start@")) && is_payload && words.next().is_none()
}

/// First and last name, or the user name, or the channel's title: on one line, at most 100 characters.
fn name(message: &Value, chat: &Value) -> String {
    let of = |place: &Value, key: &str| place.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let from = message.get("from").unwrap_or(chat);
    let full = format!("{} {}", of(from, "first_name"), of(from, "last_name"));
    let candidates = [full, of(from, "username"), of(message, "author_signature"), of(chat, "title")];
    let clean = |name: String| {
        let visible: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        visible.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(100).collect::<String>()
    };
    candidates.into_iter().map(clean).find(|name| !name.is_empty()).unwrap_or_default()
}

/// The files of a message. A picture comes in several sizes: the last is the largest.
fn files(message: &Value) -> Vec<ChatFile> {
    let kinds = [
        ("photo", "photo.jpg", "image/jpeg"),
        ("document", "document", "application/octet-stream"),
        ("voice", "voice.ogg", "audio/ogg"),
        ("audio", "audio", "audio/mpeg"),
        ("video", "video.mp4", "video/mp4"),
        ("video_note", "video.mp4", "video/mp4"),
        ("sticker", "sticker", "image/webp"),
    ];
    let file = |(kind, filename, content_type): (&str, &str, &str)| {
        let value = message.get(kind)?;
        let value = value.as_array().map_or(Some(value), |sizes| sizes.last())?;
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let file = Attachment {
            filename: text("file_name").unwrap_or(filename).to_owned(),
            content_type: text("mime_type").unwrap_or(content_type).to_ascii_lowercase(),
            size: value.get("file_size").and_then(Value::as_u64).unwrap_or_default(),
        };
        Some(ChatFile { file_id: text("file_id")?.to_owned(), file })
    };
    kinds.into_iter().filter_map(file).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn message(fields: Value) -> Value {
        let mut message = json!({
            "message_id": 12, "date": 1_795_000_000,
            "from": {"id": 7, "is_bot": false, "first_name": "Amara", "last_name": "Okoye"},
            "chat": {"id": 7, "type": "private", "first_name": "Amara"},
        });
        for (key, value) in fields.as_object().unwrap() {
            message[key] = value.clone();
        }
        message
    }

    #[test]
    fn a_private_message_is_read() {
        let update = json!({"update_id": 1, "message": message(json!({"text": "Nobody rang back."}))});
        assert_eq!(
            read_update(&update),
            Some(ChatLine {
                chat_id: 7,
                message_id: 12,
                from_name: "Amara Okoye".into(),
                from_bot: false,
                date: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
                text: "Nobody rang back.".into(),
                is_private: true,
                is_start_command: false,
                is_edit: false,
                attachments: vec![],
            })
        );
    }

    #[test]
    fn start_is_told_from_words_that_begin_like_it() {
        let started = |text: &str| {
            read_update(&json!({"update_id": 1, "message": message(json!({"text": text}))})).unwrap().is_start_command
        };
        assert!(started("/start") && started("/start abc") && started("/start@heard_bot"));
        assert!(!started("/started") && !started("please /start"));
        assert!(!started("/start nobody rang back") && !started("/start help!"));
    }

    #[test]
    fn an_edit_keeps_its_number_and_says_when_it_was_made() {
        let edited = message(json!({"text": "Nobody rang back twice.", "edit_date": 1_795_000_600}));
        let line = read_update(&json!({"update_id": 2, "edited_message": edited})).unwrap();
        assert!(line.is_edit);
        assert_eq!((line.message_id, line.date.timestamp()), (12, 1_795_000_600));
    }

    #[test]
    fn pictures_documents_and_recordings_are_attachments_and_a_caption_is_the_text() {
        let sizes = json!([{"file_id": "s", "file_size": 10}, {"file_id": "large", "file_size": 1000}]);
        let line = read_update(&json!({"message": message(json!({"photo": sizes, "caption": "the letter"}))})).unwrap();
        let file = &line.attachments[0];
        assert_eq!((line.text.as_str(), file.file_id.as_str(), file.file.size), ("the letter", "large", 1000));
        let document = json!({"file_id": "d", "file_name": "plan.PDF", "mime_type": "application/PDF"});
        let line = read_update(&json!({"message": message(json!({"document": document, "voice": {"file_id": "v"}}))}));
        let files: Vec<_> = line.unwrap().attachments.into_iter().map(|file| file.file).collect();
        assert_eq!(
            files[0],
            Attachment { filename: "plan.PDF".into(), content_type: "application/pdf".into(), size: 0 }
        );
        assert_eq!(files[1].content_type, "audio/ogg");
    }

    #[test]
    fn what_nobody_wrote_and_what_nobody_knows_is_no_line() {
        assert_eq!(read_update(&json!({"update_id": 1, "message": message(json!({"pinned_message": {}}))})), None);
        assert_eq!(read_update(&json!({"update_id": 1, "hologram": {"text": "hello"}})), None);
        assert!(read_update(&json!({"message": message(json!({"location": {"latitude": 1}}))})).is_some());
    }

    #[test]
    fn a_channel_post_has_no_author_and_is_not_private() {
        let post = json!({"message_id": 3, "date": 1_795_000_000, "text": "Hi", "chat": {"id": -100, "type": "channel", "title": "Parents"}});
        let line = read_update(&json!({"channel_post": post})).unwrap();
        assert_eq!((line.from_name.as_str(), line.is_private), ("Parents", false));
    }

    #[test]
    fn a_name_cannot_break_a_line_nor_fill_a_page() {
        let from = json!({"first_name": format!("Bcc:\r\n{}", "x".repeat(500)), "is_bot": true});
        let line = read_update(&json!({"message": message(json!({"text": "a", "from": from}))})).unwrap();
        assert!(line.from_bot && line.from_name.starts_with("Bcc: xxx") && line.from_name.len() == 100);
    }

    #[test]
    fn no_form_of_the_token_stays_in_a_text() {
        let token = "1234567:AAE-secret";
        let text = "error for https://x/bot1234567:AAE-secret/GetMe, bot1234567%3AAAE-secret and AAE-secret";
        assert_eq!(without_token(text, token), "error for https://x/bot[token]/GetMe, bot[token] and [token]");
        assert_eq!(without_token("Bad Request", "1:a"), "Bad Request");
        let source = TelegramSource::new(bot(&SecretString::from(token), None).unwrap());
        assert!(!format!("{source:?}").contains("secret"));
    }

    #[test]
    fn refusals_are_told_from_troubles_that_pass() {
        let of = |text: &str| ChatError::from_request(&RequestError::Api(ApiError::Unknown(text.into())), "1:a");
        assert_eq!(of("Bad Request: not enough rights"), ChatError::Refused("Bad Request: not enough rights".into()));
        assert!(!of("Forbidden: bot is not a member of the channel chat").worth_another_try());
        assert!(of("Internal Server Error").worth_another_try());
        assert!(matches!(of("Conflict: webhook is active"), ChatError::Elsewhere(_)));
        let api = |error| ChatError::from_request(&RequestError::Api(error), "1:a");
        assert_eq!(api(ApiError::InvalidToken), ChatError::Token);
        assert!(!api(ApiError::BotBlocked).worth_another_try() && !api(ApiError::ChatNotFound).worth_another_try());
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        let api = Url::parse("mailto:a@b.example").unwrap();
        assert!(matches!(bot(&SecretString::from("1:a"), Some(&api)), Err(ChatError::Address(_))));
    }

    proptest! {
        #[test]
        fn no_json_breaks_the_reading(text in "\\PC*", number in any::<i64>(), at in 0usize..6) {
            let odd = [json!(text), json!(number), json!(null), json!([text]), json!({"id": number}), json!(1.5)];
            for key in ["chat", "from", "date", "message_id", "text", "photo", "document", "caption"] {
                let mut update = json!({"update_id": 1, "message": message(json!({"text": "a"}))});
                update["message"][key] = odd[at].clone();
                let _ = read_update(&update);
            }
        }
    }
}
