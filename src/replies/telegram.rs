//! Carries a message out by the Telegram bot, as plain text.
//!
//! The Bot API has no name for a message that would let it know a repeated one: when the connection breaks after it took
//! a message and before it said so, the next attempt sends it again. The message then says that it may be there already.

use std::fmt;

use futures::future::BoxFuture;
use teloxide::{
    Bot, RequestError,
    payloads::SendMessageSetters,
    requests::Requester,
    types::{ChatId, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions},
};

use super::courier::{ChatButton, Courier, Delivery, OnTheWay, Outgoing};
use crate::{alerts::Trouble, intake::telegram::ChatError};

/// The Bot API takes so many UTF-16 units in one message.
const LONGEST: usize = 4096;

/// A [`Courier`] for recipients such as `telegram:1234567`.
pub struct TelegramCourier {
    bot: Bot,
}

impl fmt::Debug for TelegramCourier {
    // teloxide's own would print the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelegramCourier").finish_non_exhaustive()
    }
}

impl TelegramCourier {
    /// Sends as `bot`, made by [`crate::intake::telegram::bot`].
    #[must_use]
    pub fn new(bot: Bot) -> Self {
        Self { bot }
    }

    async fn deliver(&self, message: &Outgoing, on_the_way: Option<OnTheWay>) -> Delivery {
        let Some(chat) = chat_of(&message.to) else {
            return Delivery::Refused("the recipient is no chat: it must be telegram: and a number".to_owned());
        };
        let parts = parts(&message.text);
        let last = parts.len().saturating_sub(1);
        if let Some(on_the_way) = on_the_way {
            on_the_way();
        }
        for (place, part) in parts.into_iter().enumerate() {
            // Without a preview nobody fetches the family's private link but the family.
            let preview = LinkPreviewOptions {
                is_disabled: true,
                url: None,
                prefer_small_media: false,
                prefer_large_media: false,
                show_above_text: false,
            };
            let mut send = self.bot.send_message(chat, part).link_preview_options(preview);
            if place == last && !message.buttons.is_empty() {
                send = send.reply_markup(keyboard(&message.buttons));
            }
            if let Err(error) = send.await {
                // Where no connection came about nothing can have been taken, unless it is the rest of a long text.
                let unsure = place > 0 || matches!(&error, RequestError::Network(cause) if !cause.is_connect());
                let error = ChatError::from_request(&error, self.bot.token());
                return match &error {
                    ChatError::Busy(time) => Delivery::Wait(*time, error.to_string()),
                    ChatError::Unreachable(_) if unsure => Delivery::Unsure(Trouble::Chat, error.to_string()),
                    error if error.worth_another_try() => Delivery::Unavailable(Trouble::Chat, error.to_string()),
                    error => Delivery::Refused(error.to_string()),
                };
            }
        }
        Delivery::Delivered
    }
}

impl Courier for TelegramCourier {
    fn send<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Delivery> {
        Box::pin(self.deliver(message, None))
    }

    fn send_noting<'a>(&'a self, message: &'a Outgoing, on_the_way: OnTheWay) -> BoxFuture<'a, Delivery> {
        Box::pin(self.deliver(message, Some(on_the_way)))
    }
}

fn keyboard(buttons: &[Vec<ChatButton>]) -> InlineKeyboardMarkup {
    let row = |row: &Vec<ChatButton>| {
        let buttons = row.iter().map(|button| InlineKeyboardButton::callback(&button.label, &button.word));
        buttons.collect::<Vec<_>>()
    };
    InlineKeyboardMarkup::new(buttons.iter().map(row))
}

/// The chat that an outgoing message's `to` names.
#[must_use]
pub fn chat_of(to: &str) -> Option<ChatId> {
    to.strip_prefix("telegram:")?.parse().ok().map(ChatId)
}

/// `text` in as few messages as it needs, cut at the end of a paragraph, else of a line, else of a word, else anywhere.
/// An empty text is one empty part, for the service to refuse.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_end();
    loop {
        let mut units = 0;
        let too_far = rest.char_indices().find(|(_, c)| {
            units += c.len_utf16();
            units > LONGEST
        });
        let Some((at, _)) = too_far else { break };
        let (head, _) = rest.split_at(at);
        let cut = ["\n\n", "\n", " "].iter().find_map(|end| head.rfind(end).filter(|cut| *cut > 0)).unwrap_or(at);
        let (part, more) = rest.split_at(cut);
        parts.push(part);
        rest = more.trim_start();
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(rest);
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_a_chat_is_an_address() {
        assert_eq!(chat_of("telegram:-1001"), Some(ChatId(-1001)));
        assert_eq!(chat_of("amara@families.example"), None);
        assert_eq!(chat_of("telegram:amara"), None);
    }

    #[test]
    fn a_long_text_is_cut_between_paragraphs() {
        let text = format!("{}\n\n{}", "a ".repeat(1500), "b".repeat(2000));
        assert_eq!(parts(&text).iter().map(|part| part.len()).collect::<Vec<_>>(), [3000, 2000]);
        assert_eq!(parts("Thank you.\n"), ["Thank you."]);
        assert_eq!(parts(""), [""]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn no_word_is_lost_and_no_part_is_too_long(text in "[a-zé😀 \n]{0,12000}") {
            let parts = parts(&text);
            prop_assert!(parts.iter().all(|part| part.encode_utf16().count() <= LONGEST));
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&parts.concat()), bare(&text));
        }
    }
}
