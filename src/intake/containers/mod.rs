//! Messages and files inside other things: uuencode in a text, Outlook's `winmail.dat`, S/MIME and PGP. What can be read
//! is read as if it had come plainly; of what cannot, the case says so.

pub mod smime;
pub mod tnef;
pub mod uuencode;

use mail_parser::{Message, MimeHeaders, PartType};
use serde::{Deserialize, Serialize};

use super::files::text::calendar;

/// Why the words of a message cannot be read here. Never an empty message without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sealed {
    /// Encrypted with S/MIME (RFC 8551): only the key in somebody's mail program opens it.
    Smime,
    /// Encrypted with PGP (RFC 3156, or as text).
    Pgp,
    /// S/MIME, but damaged or of a sort that is not known.
    Damaged,
    /// Outlook's own format without words that could be found.
    Winmail,
}

/// So many parts are looked at.
const MOST_PARTS: usize = 1_000;

/// Whether words of this message are sealed. `text` is what could be read of it.
#[must_use]
pub fn sealed(message: &Message<'_>, text: &str) -> Option<Sealed> {
    let inside = message.parts.iter().take(MOST_PARTS).find_map(|part| {
        let (kind, bytes) = (media_type(part), part_bytes(&part.body));
        match kind.as_str() {
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => match smime::content(bytes) {
                smime::Content::Encrypted => Some(Sealed::Smime),
                // Bare certificates are a file like others.
                smime::Content::Certificates => None,
                smime::Content::Signed(_) | smime::Content::Other => Some(Sealed::Damaged),
            },
            "application/pgp-encrypted" => Some(Sealed::Pgp),
            _ => None,
        }
    });
    let as_text = || text.trim_start().starts_with("-----BEGIN PGP MESSAGE-----").then_some(Sealed::Pgp);
    let unread = text.trim().is_empty();
    let winmail = || {
        let any =
            |part| is_winmail(part) && tnef::unpacked(part_bytes(&part.body)).is_none_or(|open| !open.files_only());
        (unread && message.parts.iter().take(MOST_PARTS).any(any)).then_some(Sealed::Winmail)
    };
    inside.or_else(as_text).or_else(winmail)
}

/// The words in `winmail.dat`, for a message that has none outside it.
#[must_use]
pub fn winmail_text(message: &Message<'_>) -> Option<String> {
    let winmail = message.parts.iter().take(MOST_PARTS).filter(|part| is_winmail(part));
    winmail.filter_map(|part| tnef::unpacked(part_bytes(&part.body))?.text).find(|text| !text.trim().is_empty())
}

/// A message that is a calendar entry and nothing else, as people read it.
#[must_use]
pub fn calendar_text(text: &str) -> Option<String> {
    let is_calendar = text.trim_start().get(..15).is_some_and(|head| head.eq_ignore_ascii_case("BEGIN:VCALENDAR"));
    let readable = if is_calendar { calendar::readable(text.trim_start()) } else { String::new() };
    (!readable.is_empty()).then_some(readable)
}

/// Whether this part is Outlook's own format.
#[must_use]
pub fn is_winmail(part: &mail_parser::MessagePart<'_>) -> bool {
    let kind = media_type(part);
    let named = || part.attachment_name().is_some_and(|name| name.trim().eq_ignore_ascii_case("winmail.dat"));
    matches!(kind.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef") || named()
}

fn media_type(part: &mail_parser::MessagePart<'_>) -> String {
    part.content_type()
        .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_ascii_lowercase())
        .unwrap_or_default()
}

fn part_bytes<'a>(body: &'a PartType<'_>) -> &'a [u8] {
    match body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes,
        PartType::Text(text) | PartType::Html(text) => text.as_bytes(),
        PartType::Message(_) | PartType::Multipart(_) => &[],
    }
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;

    use super::*;

    fn sealed_in(raw: &str) -> Option<Sealed> {
        let message = MessageParser::default().parse(raw.as_bytes()).unwrap();
        sealed(&message, &crate::intake::body::of(&message).text)
    }

    #[test]
    fn encrypted_mail_of_each_sort_is_known() {
        let pgp = "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/encrypted; boundary=b; \
                   protocol=\"application/pgp-encrypted\"\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\n\
                   Version: 1\r\n--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n\
                   -----BEGIN PGP MESSAGE-----\r\n\r\nabcd\r\n-----END PGP MESSAGE-----\r\n--b--\r\n";
        assert_eq!(sealed_in(pgp), Some(Sealed::Pgp));
        let inline =
            "From: a@b.example\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nabcd\r\n-----END PGP MESSAGE-----\r\n";
        assert_eq!(sealed_in(inline), Some(Sealed::Pgp));
        let damaged = "From: a@b.example\r\nContent-Type: application/pkcs7-mime; name=smime.p7m\r\n\
                       Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n";
        assert_eq!(sealed_in(damaged), Some(Sealed::Damaged));
        assert_eq!(sealed_in("From: a@b.example\r\n\r\nI want to complain.\r\n"), None);
    }

    fn read(raw: &str) -> crate::intake::reading::Reading {
        crate::intake::parse::read(raw.as_bytes(), &crate::intake::parse::ReadContext::default()).unwrap()
    }

    fn with_winmail(words: &str, packed: &[u8]) -> String {
        let packed = data_encoding::BASE64.encode(packed);
        format!(
            "From: a@b.example\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
             {words}\r\n--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n\
             {packed}\r\n--b--\r\n"
        )
    }

    #[test]
    fn the_words_in_winmail_dat_are_read_when_there_are_no_others() {
        use super::tnef::tests::winmail;
        let inside = winmail(Some("Nobody fetched him."), &[("a.txt", b"x")]);
        let reading = read(&with_winmail("", &inside));
        assert_eq!((reading.visible_text.trim(), reading.sealed), ("Nobody fetched him.", None));
        assert_eq!(read(&with_winmail("Read this.", &inside)).visible_text.trim(), "Read this.");
        let files = read(&with_winmail("", &winmail(None, &[("a.txt", b"x")])));
        assert_eq!((files.visible_text.as_str(), files.sealed), ("", None), "a photograph alone needs no words");
        assert_eq!(read(&with_winmail("", b"\x78\x9f\x3e\x22 damaged")).sealed, Some(Sealed::Winmail));
    }

    #[test]
    fn a_mail_that_is_a_calendar_entry_is_read_out() {
        let entry = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:CANCEL\r\nBEGIN:VEVENT\r\nSUMMARY:Review\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let raw = format!("From: a@b.example\r\nContent-Type: text/calendar; method=CANCEL\r\n\r\n{entry}");
        assert_eq!(read(&raw).visible_text.trim(), "Cancelled\nWhat: Review");
    }

    #[test]
    fn an_encrypted_message_that_is_passed_on_is_still_said_to_be_encrypted() {
        let inner = "From: c@d.example\r\nSubject: secret\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nabcd\r\n-----END PGP MESSAGE-----";
        let raw = format!(
            "From: a@b.example\r\nSubject: FW: secret\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nPlease log this.\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"
        );
        assert_eq!(read(&raw).sealed, Some(Sealed::Pgp));
    }
}
