//! The words of a bare text that count, where there is no whole message to read: a line of labelled messages. Pure.

use super::{forward, strip};
use crate::labelling::rows::OwnWords;

/// What the author of `text` wrote now, and what they pass on: as intake reads it.
#[must_use]
pub fn own_words(text: &str) -> OwnWords {
    match forward::inline(text, "", None) {
        Some(inline) => OwnWords { words: format!("{}\n{}", inline.note, inline.forwarded.text), passed_on: true },
        None => OwnWords { words: strip::split(text).visible, passed_on: false },
    }
}
