//! The words in files, for the search. Files are anybody's, and readers of complicated formats crash or never end on some:
//! so a process of our own reads them, with little memory and little time, and its end is no fault of ours.

pub mod calendar;
pub mod child;
mod documents;
mod pdf;
mod reader;
mod rtf;
mod sheets;

use crate::intake::body;
pub use reader::{ReadError, Session, TextReader};

/// Longest text that is kept of one file (bytes).
pub const LONGEST: usize = 200_000;
/// The word after `heard` that makes it read a file.
pub const COMMAND: &str = "extract-text";
/// What the process says first: whatever does not say it is not ours.
const GREETING: &[u8] = b"heard reads text 1\n";
/// What stands before the text. No text holds it, nor the two below.
const BEGINS: u8 = 0x1e;
/// What stands behind it: another file may come.
const ENDS: u8 = 0x1f;
/// What stands behind the last one: the process ends.
const ENDS_ALL: u8 = 0x1d;

/// Whether there may be words in this type of file.
#[must_use]
pub fn has_words(media_type: &str) -> bool {
    matches!(
        media_type,
        "text/plain"
            | "text/csv"
            | "text/html"
            | "text/xml"
            | "text/calendar"
            | "text/vcard"
            | "message/rfc822"
            | "application/pdf"
            | "application/rtf"
            | "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            | "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            | "application/vnd.ms-excel"
            | "application/vnd.oasis.opendocument.text"
            | "application/vnd.oasis.opendocument.presentation"
            | "application/vnd.oasis.opendocument.spreadsheet"
    )
}

/// Whether officers see the words beside the file: what they would otherwise need another program for.
#[must_use]
pub fn is_shown(media_type: &str) -> bool {
    media_type == "text/calendar"
}

/// The words as the search compares them: lower case, one blank between them.
#[must_use]
pub fn for_search(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    body::cut(&out, LONGEST).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_sees_words_not_layout() {
        assert_eq!(for_search("  The TAXI\n\twas  Late.\u{a0}ÉCOLE "), "the taxi was late. école");
        assert!(for_search(&"ab ".repeat(LONGEST)).len() <= LONGEST);
    }
}
