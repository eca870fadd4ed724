//! Words as officers read them.

use crate::{
    intake::{channel::is_chat, own_form::WEB_FORM},
    replies::render::Rendered,
    web::views::LetterView,
};

/// `text` with its first letter as a capital.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `text` as a sentence: a capital at the beginning, a full stop at the end.
pub(super) fn sentence(text: &str) -> String {
    let text = capital(text.trim());
    if text.is_empty() || text.ends_with(['.', '!', '?']) { text } else { text + "." }
}

/// A mailbox as officers call it.
pub(super) fn place(mailbox: &str) -> String {
    match mailbox {
        "telegram" => "Telegram".to_owned(),
        "chat" => "Chat".to_owned(),
        WEB_FORM => "the form on the website".to_owned(),
        crate::casework::track::PLACE => "Page where the family sees how it stands".to_owned(),
        crate::casework::survey::PLACE => "the free line of the questions after the end".to_owned(),
        other => other.to_owned(),
    }
}

/// An address as officers read it: a chat's number tells them nothing.
pub(super) fn shown_address(address: &str) -> String {
    if is_chat(address) { "Telegram chat".to_owned() } else { address.to_owned() }
}

/// A letter as it would go, or went, to `to`. In a chat it has no subject.
pub(super) fn shown_letter(to: &str, letter: Rendered) -> LetterView {
    let shown = shown_address(to);
    let subject = if shown == to { letter.subject } else { String::new() };
    LetterView { to: shown, subject, text: letter.text }
}
