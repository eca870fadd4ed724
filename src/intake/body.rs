//! The words of a message: the right part, in the right character set, as plain lines.

use std::{borrow::Cow, panic::AssertUnwindSafe};

use encoding_rs::{Encoding as Charset, UTF_8, WINDOWS_1252};
use mail_parser::{Encoding, Message, MessagePart, MimeHeaders, PartType};

use super::{html, repair};

/// Longest text kept from one message (bytes). The raw message is kept whole by the caller.
pub const LONGEST_TEXT: usize = 2 * 1024 * 1024;
/// So many parts are looked at; mail has tens.
const MOST_PARTS: usize = 20_000;

/// The text of a message and the parts it came from.
#[derive(Debug, Default)]
pub struct Body {
    /// Lines end with `\n`; no controls but tab.
    pub text: String,
    /// Indices of the parts that were taken as the text.
    pub parts: Vec<usize>,
}

/// Finds the words of a message.
///
/// Plain text is preferred, except that a plain part which is only a stub beside a full HTML part loses to it. When no
/// part is marked as the body (a closing boundary is missing), every text part counts; when there is none either, the
/// bytes after the header.
#[must_use]
pub fn of(message: &Message<'_>) -> Body {
    let plain: Vec<usize> = message.text_body.iter().map(|&id| id as usize).collect();
    let html: Vec<usize> = message.html_body.iter().map(|&id| id as usize).collect();
    let mut body = joined(message, &plain);
    let is_html = |id: &usize| message.parts.get(*id).is_some_and(|part| matches!(part.body, PartType::Html(_)));
    if html.iter().any(is_html) && !plain.iter().any(is_html) {
        let full = joined(message, &html);
        if is_stub(&body.text, &full.text) {
            body = full;
        }
        // Both alternatives are the body, neither is an attachment.
        body.parts = [plain, html].concat();
    }
    if body.text.trim().is_empty() {
        let texts: Vec<usize> = (0..message.parts.len().min(MOST_PARTS))
            .filter(|&id| message.parts.get(id).is_some_and(|part| part.is_text() && !is_file(part)))
            .collect();
        let found = joined(message, &texts);
        if !found.text.trim().is_empty() {
            body = found;
        }
    }
    body
}

/// HTML without a word in it is the whole body.
#[must_use]
pub fn is_only_tags(message: &Message<'_>) -> bool {
    let mut parts = message.parts.iter().filter(|part| !matches!(part.body, PartType::Multipart(_))).peekable();
    parts.peek().is_some()
        && parts.all(|part| match &part.body {
            PartType::Html(html) => html::to_text(html).trim().is_empty(),
            PartType::Text(text) => text.trim().is_empty(),
            _ => false,
        })
}

/// The bytes after the header as they are, decoded as well as can be: for a message whose structure defeats the parser.
#[must_use]
pub fn raw_text(raw: &[u8]) -> String {
    let body = raw.get(repair::header_length(raw)..).unwrap_or_default();
    let body = body.get(..LONGEST_TEXT).unwrap_or(body);
    clean(&charset_of_bytes(body, None))
}

/// A text part with a file name that the sender attached, as against one that is the message.
fn is_file(part: &MessagePart<'_>) -> bool {
    part.attachment_name().is_some() && part.content_disposition().is_some_and(|d| d.is_attachment())
}

/// A plain alternative such as "view this mail in a browser" beside the real words in HTML.
fn is_stub(plain: &str, full: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let (plain, full) = (letters(plain), letters(full));
    full > 0 && (plain == 0 || (full > plain + 150 && full > 3 * plain))
}

fn joined(message: &Message<'_>, ids: &[usize]) -> Body {
    let mut text = String::new();
    let mut parts = Vec::new();
    for &id in ids.iter().take(MOST_PARTS) {
        if parts.contains(&id) {
            continue;
        }
        let Some(part) = message.parts.get(id) else { continue };
        if text.len() > LONGEST_TEXT {
            break;
        }
        let words = match &part.body {
            PartType::Html(_) => html::to_text(&part_text(message, part)),
            PartType::Text(_) => {
                let words = part_text(message, part);
                if looks_like_html(&words) { html::to_text(&words) } else { unflowed(part, &words).into_owned() }
            }
            _ => continue,
        };
        parts.push(id);
        let words = clean(&words);
        if !words.trim().is_empty() {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(cut(&words, LONGEST_TEXT));
        }
    }
    Body { text, parts }
}

fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start().get(..15).unwrap_or_default().to_ascii_lowercase();
    start.starts_with("<html") || start.starts_with("<!doctype html")
}

/// The decoded text of a part, with the character set put right where the label is known to lie.
fn part_text<'a>(message: &'a Message<'_>, part: &'a MessagePart<'_>) -> Cow<'a, str> {
    let parsed = part.text_contents().unwrap_or_default();
    let label = part.content_type().and_then(|ct| ct.attribute("charset")).map(str::trim);
    let named = label.and_then(|label| Charset::for_label(label.as_bytes()));
    let known = named.is_some()
        || label.is_some_and(|l| mail_parser::decoders::charsets::map::charset_decoder(l.as_bytes()).is_some());
    // ASCII, Latin-1 and Windows-1252 are one decoder to encoding_rs, and the labels that lie most often.
    let doubtful = !known || named == Some(WINDOWS_1252) || label.is_none();
    let base64_broken = part.is_encoding_problem
        && part.content_transfer_encoding().is_some_and(|cte| cte.trim().eq_ignore_ascii_case("base64"));
    if !doubtful && !base64_broken && !parsed.contains('\u{fffd}') {
        return Cow::Borrowed(parsed);
    }
    let raw = message.raw_message.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
    let bytes: Option<Cow<'_, [u8]>> = match part.encoding {
        _ if base64_broken => lenient_base64(raw).map(Cow::Owned),
        Encoding::None => Some(Cow::Borrowed(raw)),
        Encoding::QuotedPrintable => {
            mail_parser::decoders::quoted_printable::quoted_printable_decode(raw).map(Cow::Owned)
        }
        Encoding::Base64 => mail_parser::decoders::base64::base64_decode(raw).map(Cow::Owned),
    };
    match bytes {
        Some(bytes) if !bytes.is_empty() => match named {
            Some(charset) if !doubtful && charset != UTF_8 => {
                let (text, _, wrong) = charset.decode(&bytes);
                if wrong { Cow::Owned(charset_of_bytes(&bytes, None)) } else { Cow::Owned(text.into_owned()) }
            }
            _ => Cow::Owned(charset_of_bytes(&bytes, named)),
        },
        _ => Cow::Borrowed(parsed),
    }
}

/// UTF-8 if it is that, else Windows-1252, unless it is UTF-8 with a few broken places.
pub(super) fn charset_of_bytes(bytes: &[u8], named: Option<&'static Charset>) -> String {
    if let Some((charset, _)) = Charset::for_bom(bytes) {
        return charset.decode(bytes).0.into_owned();
    }
    // ISO-2022-JP is ASCII to the eye; its escape sequence tells.
    if named.is_none() && bytes.windows(3).take(4096).any(|three| three == b"\x1b$B") {
        return encoding_rs::ISO_2022_JP.decode(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let lossy = String::from_utf8_lossy(bytes);
            let broken = lossy.chars().filter(|&c| c == '\u{fffd}').count();
            let whole = lossy.chars().filter(|&c| !c.is_ascii() && c != '\u{fffd}').count();
            if whole > broken { lossy.into_owned() } else { WINDOWS_1252.decode(bytes).0.into_owned() }
        }
    }
}

/// Decodes what is base64 and leaves out what is not; None when that gives no text.
fn lenient_base64(raw: &[u8]) -> Option<Vec<u8>> {
    let mut letters: Vec<u8> =
        raw.iter().copied().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).collect();
    letters.truncate(letters.len() / 4 * 4);
    let bytes = data_encoding::BASE64_NOPAD.decode(&letters).ok()?;
    let printable = bytes.iter().filter(|b| b.is_ascii_graphic() || b.is_ascii_whitespace()).count();
    (printable * 10 > bytes.len() * 7).then_some(bytes)
}

/// Joins the lines that `format=flowed` broke (RFC 3676); quotes are joined only at equal depth.
fn unflowed<'a>(part: &MessagePart<'_>, text: &'a str) -> Cow<'a, str> {
    let parameter = |name: &str| part.content_type().and_then(|ct| ct.attribute(name)).unwrap_or_default();
    if !parameter("format").eq_ignore_ascii_case("flowed") {
        return Cow::Borrowed(text);
    }
    let delete_space = parameter("delsp").eq_ignore_ascii_case("yes");
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|&b| b == b'>').count();
        let words = line.get(depth..).unwrap_or_default();
        let words = words.strip_prefix(' ').unwrap_or(words);
        let is_signature = words == "-- ";
        if open == Some(depth) && !is_signature {
            // goes on from the line before
        } else {
            if !out.is_empty() {
                out.push('\n');
            }
            for _ in 0..depth {
                out.push('>');
            }
            if depth > 0 && !words.is_empty() {
                out.push(' ');
            }
        }
        let soft = words.ends_with(' ') && !is_signature;
        out.push_str(if soft && delete_space { words.strip_suffix(' ').unwrap_or(words) } else { words });
        open = soft.then_some(depth);
    }
    Cow::Owned(out)
}

/// One kind of line end, no controls: a NUL (which PostgreSQL's text refuses) becomes U+FFFD, the rest go.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' | '\t' => out.push(c),
            '\0' => out.push('\u{fffd}'),
            '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\u{feff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Puts `more` below `text` with an empty line between, if it says anything.
pub fn add_below(text: &mut String, more: &str) {
    let more = more.trim();
    if !more.is_empty() {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(more);
    }
}

/// The first `most` bytes of `text`, at a character boundary.
#[must_use]
pub fn cut(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Runs `work`, which calls a library that has been seen to panic on bad mail.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(AssertUnwindSafe(work)).ok()
}
