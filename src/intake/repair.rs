//! Damage that is mended in the bytes before a message is parsed, and nesting that is taken out of the parser's hands.

use std::borrow::Cow;

/// What [`attached_messages_apart`] writes for `message/rfc822`.
pub const APART_RFC822: &str = "message/rfc82_";
/// What [`attached_messages_apart`] writes for `message/global`.
pub const APART_GLOBAL: &str = "message/globa_";

/// Bytes made fit for the parser: an mbox `From ` line and blank lines before the header go, line ends that are a bare CR
/// become LF, and header lines that are not UTF-8 are taken for Windows-1252 (what British and European senders of raw
/// eight-bit headers use).
#[must_use]
pub fn mended(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut start = if raw.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    while let Some(rest) = raw.get(start..) {
        let Some(line_end) = rest.iter().position(|&b| b == b'\n') else { break };
        let line = rest.get(..line_end).unwrap_or_default();
        if line.iter().all(u8::is_ascii_whitespace) || line.starts_with(b"From ") || line.starts_with(b">From ") {
            start += line_end + 1;
        } else {
            break;
        }
    }
    let raw = raw.get(start..).unwrap_or_default();
    let bare_cr = !raw.contains(&b'\n') && raw.contains(&b'\r');
    let mut bytes = Cow::Borrowed(raw);
    if bare_cr {
        bytes = Cow::Owned(raw.iter().map(|&b| if b == b'\r' { b'\n' } else { b }).collect());
    }
    let header_end = header_length(&bytes);
    let header = bytes.get(..header_end).unwrap_or_default();
    if std::str::from_utf8(header).is_err() {
        let mut mended = Vec::with_capacity(bytes.len() + 64);
        for line in header.split_inclusive(|&b| b == b'\n') {
            match std::str::from_utf8(line) {
                Ok(_) => mended.extend_from_slice(line),
                Err(_) => mended.extend_from_slice(encoding_rs::WINDOWS_1252.decode(line).0.as_bytes()),
            }
        }
        mended.extend_from_slice(bytes.get(header_end..).unwrap_or_default());
        bytes = Cow::Owned(mended);
    }
    bytes
}

/// Line ends of every kind made LF: for a message in which nothing could be read.
#[must_use]
pub fn with_plain_line_ends(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut after_cr = false;
    for &byte in raw {
        match byte {
            b'\r' => out.push(b'\n'),
            b'\n' if after_cr => {}
            _ => out.push(byte),
        }
        after_cr = byte == b'\r';
    }
    out
}

/// Length of the header section in bytes: up to the first empty line.
#[must_use]
pub fn header_length(raw: &[u8]) -> usize {
    let mut at = 0;
    for line in raw.split_inclusive(|&b| b == b'\n') {
        if line == b"\n" || line == b"\r\n" {
            break;
        }
        at += line.len();
    }
    at
}

/// Renames the type of attached messages so that the parser hands them over as bytes.
///
/// mail-parser nests attached messages as deep as a sender likes, and values nested a hundred thousand deep cannot even be
/// dropped without overflowing the stack, which no `catch_unwind` catches. So attached messages are parsed one by one with
/// a depth of our own. Every `Content-Type` line counts, wherever it stands; quoted parameters (boundaries) are kept.
#[must_use]
pub fn attached_messages_apart(raw: &[u8]) -> Cow<'_, [u8]> {
    const FIELD: &[u8] = b"content-type";
    let mut changes = Vec::new();
    let mut at = 0;
    let mut in_field = false;
    let (mut quoted, mut parameter, mut all) = (false, false, false);
    for line in raw.split_inclusive(|&b| b == b'\n') {
        let continued = in_field && line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
        let mut from = 0;
        if !continued {
            let blanks = line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            let name = line.get(blanks..blanks + FIELD.len()).unwrap_or_default();
            in_field = name.eq_ignore_ascii_case(FIELD);
            from = blanks + FIELD.len();
            (quoted, parameter) = (false, false);
            all = line.contains(&b'(');
        }
        if in_field {
            all |= line.contains(&b'(');
            for (offset, &byte) in line.iter().enumerate().skip(from) {
                match byte {
                    b'"' => quoted = parameter && !quoted,
                    b'=' if !quoted => parameter = true,
                    b';' | b' ' | b'\t' | b'\r' | b'\n' if !quoted => parameter = false,
                    _ => {}
                }
                let kept = (quoted || parameter) && !all;
                let word = line.get(offset..offset + 6).unwrap_or_default();
                if !kept && [b"rfc822", b"global", b"digest"].iter().any(|known| word.eq_ignore_ascii_case(*known)) {
                    changes.push(at + offset + 5);
                }
            }
        }
        at += line.len();
    }
    if changes.is_empty() {
        return Cow::Borrowed(raw);
    }
    let mut out = raw.to_vec();
    for change in changes {
        if let Some(byte) = out.get_mut(change) {
            *byte = b'_';
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_with_bare_cr_line_ends_gets_lines() {
        assert_eq!(mended(b"Subject: a\r\rbody\r").as_ref(), b"Subject: a\n\nbody\n");
    }

    #[test]
    fn raw_eight_bit_header_lines_become_utf8_and_the_body_stays() {
        assert_eq!(mended(b"Subject: caf\xe9\r\n\r\ncaf\xe9").as_ref(), b"Subject: caf\xc3\xa9\r\n\r\ncaf\xe9");
    }

    #[test]
    fn an_mbox_line_and_blank_lines_before_the_header_go() {
        assert_eq!(mended(b"\r\nFrom a@b.example Mon\nSubject: a\n\nb").as_ref(), b"Subject: a\n\nb");
    }

    #[test]
    fn attached_messages_are_renamed_however_their_type_is_written_and_boundaries_are_kept() {
        let raw = b"content-TYPE : Message/\n RFC822; name=rfc822; boundary=\"digest\"\n\ntext about rfc822";
        let out = String::from_utf8(attached_messages_apart(raw).into_owned()).unwrap();
        assert_eq!(out, "content-TYPE : Message/\n RFC82_; name=rfc822; boundary=\"digest\"\n\ntext about rfc822");
        let raw = b"Content-Type: message/(=\"\n rfc822\n\n";
        assert!(attached_messages_apart(raw).ends_with(b"rfc82_\n\n"));
    }
}
