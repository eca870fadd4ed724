//! The files in a message, one after another: attachments as they were before they were encoded for the journey, what lies
//! in attached messages and in Outlook's `winmail.dat`, and what stands uuencoded in a text. Pure.

use std::{borrow::Cow, ops::ControlFlow};

use data_encoding::BASE64_NOPAD;
use mail_parser::{
    Encoding, MessageParser, MessagePart, MimeHeaders, PartType,
    decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode},
};

use crate::intake::{
    body::{self, guarded},
    containers::{self, smime, tnef, uuencode},
    outline::{self, LeftOut, Outline},
    parse, repair,
};

/// How deep attached messages are opened.
const DEEPEST: usize = 6;

/// A file in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// As given, or made up from its type.
    pub name: String,
    /// Media type as the sender says, lower case.
    pub said_type: String,
    /// The attached message or bundle it lies in.
    pub inside: Option<String>,
    /// Its bytes; None when they are elsewhere, or when the message could not be fetched whole and this file is cut off.
    pub bytes: Option<Cow<'a, [u8]>>,
    /// Where they are in the message, when this is its outline.
    pub left_out: Option<LeftOut>,
}

/// What is gone through.
#[derive(Clone, Copy, Default)]
struct Source<'a> {
    /// The message goes on behind its bytes.
    cut: bool,
    /// The files that its outline leaves out.
    left_out: &'a [LeftOut],
}

/// Calls `take` with each file in `raw`, until it has enough. `cut`: the message goes on behind `raw`.
pub fn each(raw: &[u8], cut: bool, take: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>) {
    go_through(raw, Source { cut, ..Source::default() }, take);
}

/// Calls `take` with each file in a message of which this is the outline, until it has enough.
pub fn each_of_outline(outline: &Outline, take: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>) {
    go_through(&outline.bytes, Source { cut: false, left_out: &outline.parts }, take);
}

fn go_through(raw: &[u8], source: Source<'_>, take: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>) {
    // Whatever the parser stumbles over: the files before it are there.
    let _ = guarded(|| {
        let mended = repair::mended(raw);
        if raw.contains(&b'\r') && !has_header(&mended) {
            // Mixed line ends hide everything from the parser, as when the words are read.
            let plain = repair::with_plain_line_ends(raw);
            return walk(&repair::mended(&plain), source, 0, None, take);
        }
        walk(&mended, source, 0, None, take)
    });
}

fn has_header(mended: &[u8]) -> bool {
    MessageParser::default().parse(mended).is_some_and(|message| {
        message.from().is_some() || message.subject().is_some() || !message.attachments.is_empty()
    })
}

fn walk(
    mended: &[u8],
    source: Source<'_>,
    depth: usize,
    inside: Option<&str>,
    take: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let opened = smime::opened(mended);
    let apart = repair::attached_messages_apart(&opened);
    let Some(message) = MessageParser::default().parse(apart.as_ref()) else { return ControlFlow::Continue(()) };
    let found = body::of(&message);
    let inside = inside.map(str::to_owned);
    for words in found.parts.iter().filter_map(|id| message.parts.get(*id)) {
        let PartType::Text(text) = &words.body else { continue };
        for file in uuencode::taken_out(text).map(|(_, files)| files).unwrap_or_default() {
            let (name, bytes) = (file.name, Some(file.bytes.into()));
            take(Part { name, said_type: String::new(), inside: inside.clone(), bytes, left_out: None })?;
        }
    }
    for (id, one) in parse::file_parts(&message, &found) {
        let about = parse::attachment(id, one);
        if source.cut && one.offset_end as usize + 2 >= opened.len() {
            let (name, said_type) = (about.filename, about.content_type);
            take(Part { name, said_type, inside: inside.clone(), bytes: None, left_out: None })?;
            continue;
        }
        let left_out =
            outline::number_of(one).and_then(|number| source.left_out.get(number)).filter(|part| !part.kept).copied();
        let bytes = content(&opened, one);
        let winmail = if containers::is_winmail(one) { tnef::unpacked(&bytes) } else { None };
        if let Some(open) = winmail.filter(|open| !open.files.is_empty()) {
            for file in &open.files {
                let name = if file.name.trim().is_empty() { "unnamed file" } else { &file.name };
                let inner = Part {
                    name: name.to_owned(),
                    said_type: file.said_type.clone(),
                    inside: Some(about.filename.clone()),
                    bytes: Some(file.bytes.into()),
                    left_out: None,
                };
                take(inner)?;
            }
            if open.files_only() || open.text.is_some() {
                continue;
            }
        }
        let attached = about.content_type == "message/rfc822" || about.content_type == "message/global";
        let (name, here) = (about.filename.clone(), left_out.is_none().then_some(Cow::Borrowed(&*bytes)));
        take(Part { name, said_type: about.content_type, inside: inside.clone(), bytes: here, left_out })?;
        if attached && depth < DEEPEST {
            walk(&repair::mended(&bytes), Source { cut: false, ..source }, depth + 1, Some(&about.filename), take)?;
        }
    }
    ControlFlow::Continue(())
}

/// The bytes of a part as they were before they were encoded. Text keeps its own character set and line ends.
fn content<'a>(source: &'a [u8], part: &'a MessagePart<'_>) -> Cow<'a, [u8]> {
    let encoded = || source.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
    let is_base64 = || part.content_transfer_encoding().is_some_and(|cte| cte.trim().eq_ignore_ascii_case("base64"));
    match (&part.body, part.encoding) {
        (PartType::Binary(bytes) | PartType::InlineBinary(bytes), Encoding::Base64 | Encoding::QuotedPrintable) => {
            Cow::Borrowed(bytes)
        }
        (_, Encoding::Base64) => base64_decode(encoded()).map_or_else(|| Cow::Borrowed(encoded()), Cow::Owned),
        (_, Encoding::QuotedPrintable) => {
            quoted_printable_decode(encoded()).map_or_else(|| Cow::Borrowed(encoded()), Cow::Owned)
        }
        (_, Encoding::None) if part.is_encoding_problem && is_base64() => {
            lenient_base64(encoded()).map_or_else(|| Cow::Borrowed(encoded()), Cow::Owned)
        }
        (_, Encoding::None) => Cow::Borrowed(encoded()),
    }
}

/// What is base64 of a damaged part.
fn lenient_base64(encoded: &[u8]) -> Option<Vec<u8>> {
    let mut letters: Vec<u8> =
        encoded.iter().copied().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).collect();
    letters.truncate(letters.len() / 4 * 4);
    BASE64_NOPAD.decode(&letters).ok().filter(|bytes| !bytes.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::intake::containers::tnef::tests::winmail;

    /// `inside/name type bytes` of each file.
    fn files(raw: &[u8]) -> Vec<String> {
        let mut all = Vec::new();
        each(raw, false, &mut |part| {
            let inside = part.inside.map(|inside| inside + "/").unwrap_or_default();
            let bytes = part.bytes.unwrap();
            let bytes = String::from_utf8_lossy(&bytes).escape_debug().to_string();
            all.push(format!("{inside}{} {} {bytes}", part.name, part.said_type));
            ControlFlow::Continue(())
        });
        all
    }

    fn multipart(parts: &[&str]) -> String {
        let parts: String = parts.iter().map(|part| format!("--b\r\n{part}\r\n")).collect();
        format!("From: a@b.example\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n")
    }

    const WORDS: &str = "Content-Type: text/plain\r\n\r\nI want to complain.";

    #[test]
    fn each_file_comes_out_as_it_went_in() {
        let raw = multipart(&[
            WORDS,
            "Content-Type: application/pdf; name=letter.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==",
            "Content-Type: text/plain; charset=iso-8859-1; name=zoe.txt\r\nContent-Disposition: attachment\r\n\
             Content-Transfer-Encoding: base64\r\n\r\nWm/r",
            "Content-Type: text/csv\r\nContent-Disposition: attachment; filename=t.csv\r\n\
             Content-Transfer-Encoding: quoted-printable\r\n\r\na;=\r\nb=0D=0Ac",
            "Content-Type: image/png; name=p.png\r\nContent-Disposition: inline\r\n\r\nnot encoded at all",
        ]);
        assert_eq!(
            files(raw.as_bytes()),
            [
                "letter.pdf application/pdf %PDF",
                "zoe.txt text/plain Zo\u{fffd}",
                "t.csv text/csv a;b\\r\\nc",
                "p.png image/png not encoded at all",
            ]
        );
        let mut whole = Vec::new();
        each(raw.as_bytes(), false, &mut |part| {
            whole.push(part.bytes.unwrap().into_owned());
            ControlFlow::Continue(())
        });
        assert_eq!(whole[1], b"Zo\xeb");
    }

    #[test]
    fn an_attached_message_comes_out_whole_and_then_what_is_in_it() {
        let inner = multipart(&[
            WORDS,
            "Content-Type: image/jpeg; name=photo.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/",
            "Content-Type: message/rfc822\r\n\r\nFrom: c@d.example\r\nSubject: deepest\r\n\r\nword",
        ]);
        let inner = inner.replace("=b\r\n", "=inner\r\n").replace("--b", "--inner");
        let raw = multipart(&[
            WORDS,
            &format!(
                "Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=first.eml\r\n\r\n{inner}"
            ),
        ]);
        let all = files(raw.as_bytes());
        assert_eq!(all.len(), 3, "{all:?}");
        assert!(all[0].starts_with("first.eml message/rfc822 From: a@b.example"), "{}", all[0]);
        assert!(all[0].contains("message/rfc822\\r\\n\\r\\nFrom: c@d.example"), "{}", all[0]);
        assert!(all[1].starts_with("first.eml/photo.jpg image/jpeg"), "{}", all[1]);
        assert_eq!(
            all[2],
            "first.eml/attachment-3.eml message/rfc822 From: c@d.example\\r\\nSubject: deepest\\r\\n\\r\\nword"
        );
    }

    #[test]
    fn what_is_packed_in_outlooks_own_format_or_in_the_text_comes_out_too() {
        let packed = winmail(Some("words"), &[("Plan.txt", b"the plan")]);
        let part = format!(
            "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
            data_encoding::BASE64.encode(&packed)
        );
        let uu = "Content-Type: text/plain\r\n\r\nSee below.\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nBye";
        let damaged = part.replace("eJ8+", "eJ8-");
        assert_eq!(files(multipart(&[uu, &part]).as_bytes()), ["cat.txt  Cat", "winmail.dat/Plan.txt  the plan"]);
        let kept = files(multipart(&[uu, &damaged]).as_bytes());
        assert!(kept[1].starts_with("winmail.dat application/ms-tnef"), "{kept:?}");
    }

    #[test]
    fn a_damaged_file_is_kept_as_far_as_it_goes_and_a_cut_one_is_known_as_such() {
        let raw = multipart(&[
            WORDS,
            "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBE!!*RkZG\r\nzz",
        ]);
        assert_eq!(files(raw.as_bytes()).len(), 1);
        let mut cut = Vec::new();
        let start = &raw.as_bytes()[..raw.len() - 12];
        each(start, true, &mut |part| {
            cut.push((part.name, part.bytes.is_none()));
            ControlFlow::Continue(())
        });
        assert_eq!(cut, [("a.pdf".to_owned(), true)]);
    }

    #[test]
    fn whoever_has_enough_is_asked_no_more() {
        let file = "Content-Type: application/pdf; name=a.pdf\r\n\r\nx";
        let raw = multipart(&[WORDS, file, file, file]);
        let mut asked = 0;
        each(raw.as_bytes(), false, &mut |_| {
            asked += 1;
            if asked == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(asked, 2);
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(raw in proptest::collection::vec(any::<u8>(), 0..600), cut: bool) {
            each(&raw, cut, &mut |_| ControlFlow::Continue(()));
        }

        #[test]
        fn any_order_of_mail_like_lines_is_borne(lines in proptest::collection::vec(proptest::sample::select(vec![
            "From: a@b.example", "Content-Type: multipart/mixed; boundary=b", "Content-Type: message/rfc822", "--b", "--b--", "",
            "Content-Transfer-Encoding: base64", "JVBERg==", "begin 644 a", "#0V%T", "end", "Content-Type: application/ms-tnef",
            "Content-Disposition: attachment; filename=x", "Content-Type: application/pkcs7-mime", "=41=\t", "\u{0}",
        ]), 0..40)) {
            each(lines.join("\r\n").as_bytes(), false, &mut |_| ControlFlow::Continue(()));
        }
    }
}
