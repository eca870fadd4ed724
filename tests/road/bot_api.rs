//! The bot over real HTTP against the third-party Bot API stand-in: nothing is lost, nothing tells the token.

use std::time::{Duration, Instant};

use crate::standin::TelegramStandIn;
use heard::{
    intake::telegram::{ChatError, TelegramSource, bot, read_update},
    replies::{
        courier::{Courier, Delivery, Outgoing},
        telegram::TelegramCourier,
    },
};
use secrecy::SecretString;
use serde_json::json;
use url::Url;

/// As long and as shaped as a real one.
const TOKEN: &str = "1234567:AAF7-invented_for_this_test_abcdefgh";

fn source(api: &Url) -> TelegramSource {
    TelegramSource::new(bot(&SecretString::from(TOKEN), Some(api)).unwrap())
}

fn courier(api: &Url) -> TelegramCourier {
    TelegramCourier::new(bot(&SecretString::from(TOKEN), Some(api)).unwrap())
}

fn to(recipient: &str, text: &str) -> Outgoing {
    Outgoing {
        message_id: "1@heard.example".into(),
        from_name: "Heard".into(),
        from_address: "complaints@council.example".into(),
        reply_to: None,
        to: recipient.into(),
        subject: String::new(),
        text: text.into(),
        html: None,
        in_reply_to: vec![],
        references: vec![],
        automatic: true,
        enclosures: Vec::new(),
        buttons: Vec::new(),
        look: Default::default(),
    }
}

#[tokio::test]
async fn an_update_that_was_not_confirmed_comes_again_and_then_no_more() {
    let telegram = TelegramStandIn::start().await;
    let source = source(&telegram.api);
    assert_eq!(source.name().await.unwrap(), "heard_test_bot");
    telegram.person_says(TOKEN, 7, "Amara", "My social worker never rang back.").await;

    let first = source.updates(None, 5).await.unwrap();
    assert_eq!(first.len(), 1);
    // Here the program was killed before it stored anything: a new one asks the same.
    let again = self::source(&telegram.api).updates(None, 5).await.unwrap();
    assert_eq!(again, first);
    let line = read_update(&again[0].json).unwrap();
    assert_eq!((line.chat_id, line.from_name.as_str(), line.is_private), (7, "Amara", true));
    assert_eq!(line.text, "My social worker never rang back.");

    let next = again[0].update_id + 1;
    assert_eq!(source.updates(Some(next), 0).await.unwrap(), []);
    assert_eq!(source.updates(None, 0).await.unwrap(), []);
}

#[tokio::test]
async fn a_message_that_comes_while_we_wait_is_there_at_once() {
    let telegram = TelegramStandIn::start().await;
    let source = source(&telegram.api);
    let asked = Instant::now();
    let (updates, ()) = tokio::join!(source.updates(None, 30), async {
        while telegram.calls("getupdates").await.is_empty() {
            tokio::task::yield_now().await;
        }
        telegram.person_says(TOKEN, 7, "Amara", "Hello?").await;
    });
    assert_eq!(updates.unwrap().len(), 1);
    assert!(asked.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn an_update_of_an_unknown_kind_is_kept_as_it_came_between_two_known_ones() {
    let telegram = TelegramStandIn::start().await;
    let source = source(&telegram.api);
    telegram.person_says(TOKEN, 7, "Amara", "One").await;
    telegram.update(TOKEN, json!({"hologram": {"depth": 3, "says": "hello"}})).await;
    telegram.person_says(TOKEN, 7, "Amara", "Two").await;
    telegram.person_sends(TOKEN, 7, "Amara", json!({"text": "Three", "a_field_of_next_year": {"kept": true}})).await;

    let updates = source.updates(None, 5).await.unwrap();
    assert_eq!(updates.len(), 4);
    assert!(updates.is_sorted_by_key(|update| update.update_id));
    assert_eq!(updates[1].json["hologram"], json!({"depth": 3, "says": "hello"}));
    assert_eq!(updates[3].json["message"]["a_field_of_next_year"], json!({"kept": true}));
    let texts: Vec<_> = updates.iter().map(|update| read_update(&update.json).map(|line| line.text)).collect();
    assert_eq!(texts, [Some("One".into()), None, Some("Two".into()), Some("Three".into())]);
    assert_eq!(telegram.calls("getupdates").await[0]["allowed_updates"], json!([]));
}

#[tokio::test]
async fn a_message_goes_out_as_it_is_written_without_markup_or_preview() {
    let telegram = TelegramStandIn::start().await;
    let text = "We heard you. *Reference* HRD-26-00042-K <b>\nFollow it: https://heard.council.example/t/abc";
    assert_eq!(courier(&telegram.api).send(&to("telegram:7", text)).await, Delivery::Delivered);
    assert_eq!(telegram.said_to(TOKEN, 7).await, [text]);
    let call = &telegram.calls("sendmessage").await[0];
    assert_eq!(call["parse_mode"], json!(null));
    assert_eq!(call["link_preview_options"]["is_disabled"], true);
}

#[tokio::test]
async fn what_can_pass_is_tried_later_and_what_cannot_is_refused() {
    let telegram = TelegramStandIn::start().await;
    let courier = courier(&telegram.api);
    let message = to("telegram:7", "We heard you.");

    for (status, description) in
        [(400, "Bad Request: chat not found"), (400, "Bad Request: something nobody has seen yet")]
    {
        telegram.fail("sendMessage", 1, status, description).await;
        let delivery = courier.send(&message).await;
        assert!(matches!(&delivery, Delivery::Refused(why) if why.contains("refused")), "{description}: {delivery:?}");
    }
    telegram.fail("sendMessage", 1, 403, "Forbidden: bot was blocked by the user").await;
    let delivery = courier.send(&message).await;
    assert!(
        matches!(&delivery, Delivery::Refused(why) if why.starts_with("they have blocked our bot")),
        "{delivery:?}"
    );
    telegram.fail("sendMessage", 1, 401, "Unauthorized").await;
    assert!(matches!(courier.send(&message).await, Delivery::Unavailable(_, why) if why.contains("token")));
    telegram.fail("sendMessage", 1, 0, "").await;
    // The line broke: it may have been taken. Where nothing listens it was not.
    assert!(matches!(courier.send(&message).await, Delivery::Unsure(_, why) if why.contains("reached")));
    let nobody = self::courier(&"http://127.0.0.1:1".parse().unwrap()).send(&message).await;
    assert!(matches!(&nobody, Delivery::Unavailable(_, why) if why.contains("reached")), "{nobody:?}");
    let busy =
        json!({"ok": false, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 7}});
    telegram.fail_with("sendMessage", 1, 429, busy).await;
    assert!(
        matches!(courier.send(&message).await, Delivery::Wait(time, why) if time.as_secs() == 7 && why.contains("7s"))
    );
    assert_eq!(telegram.said_to(TOKEN, 7).await, [""; 0]);

    assert_eq!(courier.send(&message).await, Delivery::Delivered);
    assert_eq!(telegram.said_to(TOKEN, 7).await, ["We heard you."]);
    assert!(matches!(courier.send(&to("amara@families.example", "x")).await, Delivery::Refused(_)));
}

#[tokio::test]
async fn two_programs_on_one_bot_are_named_as_such() {
    let telegram = TelegramStandIn::start().await;
    let conflict = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    telegram.fail("getUpdates", 1, 409, conflict).await;
    assert!(matches!(source(&telegram.api).updates(None, 0).await, Err(ChatError::Elsewhere(_))));
    telegram.fail("getMe", 1, 401, "Unauthorized").await;
    assert_eq!(source(&telegram.api).name().await, Err(ChatError::Token));
}

#[tokio::test]
async fn no_error_tells_the_token() {
    // Nothing listens there any more: the error of the HTTP library names the address, which holds the token.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    for (token, path) in [(TOKEN, ""), (TOKEN, "telegram/"), ("1234567:too-short-to-look-real", "")] {
        let api: Url = format!("http://127.0.0.1:{port}/{path}").parse().unwrap();
        let secret = token.split_once(':').unwrap().1;
        let bot = bot(&SecretString::from(token), Some(&api)).unwrap();
        let source = TelegramSource::new(bot.clone());
        let error = source.updates(None, 0).await.unwrap_err();
        assert!(matches!(error, ChatError::Unreachable(_)), "{error:?}");
        let courier = TelegramCourier::new(bot);
        let delivery = courier.send(&to("telegram:7", "x")).await;
        assert!(matches!(delivery, Delivery::Unavailable(..)), "{delivery:?}");
        for text in [format!("{error} {error:?}"), format!("{delivery:?}"), format!("{source:?} {courier:?}")] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[tokio::test]
async fn something_else_at_the_address_is_named_without_quoting_what_it_said() {
    let telegram = TelegramStandIn::start().await;
    telegram.fail_with("getUpdates", 1, 200, json!({"secret words": TOKEN})).await;
    let error = source(&telegram.api).updates(None, 0).await.unwrap_err();
    assert!(matches!(error, ChatError::Answer(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("AAF7") && !format!("{error:?}").contains("secret words"), "{error:?}");
}
