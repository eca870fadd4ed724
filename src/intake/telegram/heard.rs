//! What an update of the Bot API says beside messages: buttons, messages taken back, and who shut the bot out.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{LARGEST_FILE, read_update};
use crate::intake::channel::{Heard, Pressed, Wrote};

/// Reads an update; None when nobody does anything in it that concerns us.
#[must_use]
pub fn heard(update: &Value, arrived_at: DateTime<Utc>) -> Option<Heard> {
    if let Some(line) = read_update(update) {
        let start = line.is_start_command;
        let private = line.is_private;
        let too_large = line.attachments.iter().any(|file| file.file.size > LARGEST_FILE);
        let from = ["message", "edited_message"].into_iter().find_map(|kind| update.get(kind)?.get("from"));
        let language = from.and_then(language);
        return Some(Heard::Wrote(Box::new(Wrote { message: line.into(), private, start, language, too_large })));
    }
    if let Some(query) = update.get("callback_query") {
        let chat = query.pointer("/message/chat")?;
        return Some(Heard::Pressed(Pressed {
            chat: address(chat)?,
            private: is_private(chat),
            word: query.get("data")?.as_str()?.chars().take(64).collect(),
            language: query.get("from").and_then(language),
        }));
    }
    if let Some(gone) = update.get("deleted_business_messages") {
        let chat = gone.get("chat")?;
        let number = chat.get("id")?.as_i64()?;
        let ids = gone.get("message_ids")?.as_array()?.iter().filter_map(Value::as_i64);
        let messages = ids.map(|id| format!("tg:{number}:{id}")).collect();
        return Some(Heard::TookBack { chat: address(chat)?, messages, at: arrived_at });
    }
    let change = update.get("my_chat_member")?;
    let chat = change.get("chat")?;
    let status = change.pointer("/new_chat_member/status")?.as_str()?;
    let at = change.get("date").and_then(Value::as_i64).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    (is_private(chat) && status == "kicked")
        .then_some(Heard::ShutOut { chat: address(chat)?, at: at.unwrap_or(arrived_at) })
}

fn address(chat: &Value) -> Option<String> {
    Some(format!("telegram:{}", chat.get("id")?.as_i64()?))
}

fn is_private(chat: &Value) -> bool {
    chat.get("type").and_then(Value::as_str) == Some("private")
}

/// The language of somebody's app: the first part of the tag, e.g. `pl` of `pl-PL`.
fn language(from: &Value) -> Option<String> {
    let tag = from.get("language_code")?.as_str()?;
    Some(tag.split(['-', '_']).next().unwrap_or_default().to_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).unwrap()
    }

    #[test]
    fn a_button_says_whose_chat_it_is_and_which_word_it_sends() {
        let query = json!({"id": "4", "data": "status", "from": {"id": 7, "language_code": "pl-PL"},
            "message": {"message_id": 3, "date": 0, "chat": {"id": 7, "type": "private"}}});
        let pressed =
            Pressed { chat: "telegram:7".into(), private: true, word: "status".into(), language: Some("pl".into()) };
        assert_eq!(heard(&json!({"callback_query": query}), now()), Some(Heard::Pressed(pressed)));
        assert_eq!(heard(&json!({"callback_query": {"id": "4", "game_short_name": "x"}}), now()), None);
    }

    #[test]
    fn messages_taken_back_and_a_bot_shut_out_are_heard() {
        let gone = json!({"business_connection_id": "b", "chat": {"id": 7, "type": "private"}, "message_ids": [3, 4]});
        let Some(Heard::TookBack { chat, messages, .. }) = heard(&json!({"deleted_business_messages": gone}), now())
        else {
            panic!("not heard")
        };
        assert_eq!((chat.as_str(), messages), ("telegram:7", vec!["tg:7:3".to_owned(), "tg:7:4".to_owned()]));
        let of = |status: &str, kind: &str| {
            let change =
                json!({"chat": {"id": 7, "type": kind}, "date": 1_795_000_600, "new_chat_member": {"status": status}});
            heard(&json!({"my_chat_member": change}), now())
        };
        assert!(matches!(of("kicked", "private"), Some(Heard::ShutOut { .. })));
        assert_eq!(of("member", "private"), None);
        assert_eq!(of("kicked", "group"), None);
    }

    #[test]
    fn a_file_above_the_bounds_of_the_service_is_known_at_once() {
        let of = |size: u64| {
            let document = json!({"file_id": "d", "file_size": size});
            let message = json!({"message_id": 1, "date": 1_795_000_000, "chat": {"id": 7, "type": "private"}, "document": document});
            match heard(&json!({"message": message}), now()) {
                Some(Heard::Wrote(wrote)) => wrote.too_large,
                other => panic!("{other:?}"),
            }
        };
        assert!(of((20 << 20) + 1) && !of(20 << 20));
    }

    proptest! {
        #[test]
        fn no_json_breaks_the_reading(text in "\\PC*", number in any::<i64>(), at in 0usize..6) {
            let odd = [json!(text), json!(number), json!(null), json!([text]), json!({"id": number}), json!(1.5)];
            for kind in ["callback_query", "deleted_business_messages", "my_chat_member"] {
                for key in ["chat", "data", "message", "message_ids", "new_chat_member", "from", "date"] {
                    let mut update = json!({});
                    update[kind] = json!({"chat": {"id": 7, "type": "private"}, "data": "x"});
                    update[kind][key] = odd[at].clone();
                    let _ = heard(&update, now());
                }
            }
        }
    }
}
