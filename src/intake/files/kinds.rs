//! What a file is, by what it holds; what it may be called; and whether it may be kept for opening. Pure.

use std::borrow::Cow;

/// What Heard knows about a type of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Media type.
    pub media_type: &'static str,
    /// In words, e.g. `PDF document`.
    pub words: &'static str,
    /// A download may say that it is this. All others are handed over as mere bytes: nothing that a browser would run or
    /// lay out itself stands here with its type.
    pub told: bool,
}

/// Bytes of which nothing is known.
pub const OCTETS: &str = "application/octet-stream";

/// Every type that has a name here. What is not in it is `Another kind of file`.
const KINDS: &[Kind] = &[
    told("application/pdf", "PDF document"),
    told("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word document"),
    told("application/msword", "Word document (old format)"),
    told("application/vnd.oasis.opendocument.text", "OpenDocument text"),
    told("application/rtf", "Rich text document"),
    told("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel spreadsheet"),
    told("application/vnd.ms-excel", "Excel spreadsheet (old format)"),
    told("application/vnd.oasis.opendocument.spreadsheet", "OpenDocument spreadsheet"),
    told("application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint slides"),
    told("application/vnd.ms-powerpoint", "PowerPoint slides (old format)"),
    told("application/vnd.oasis.opendocument.presentation", "OpenDocument slides"),
    told("text/plain", "Text"),
    told("text/csv", "Table (CSV)"),
    told("image/jpeg", "Photo or picture (JPEG)"),
    told("image/png", "Picture (PNG)"),
    told("image/gif", "Picture (GIF)"),
    told("image/webp", "Picture (WebP)"),
    told("image/tiff", "Picture (TIFF)"),
    told("image/bmp", "Picture (BMP)"),
    told("image/heif", "Photo (HEIC)"),
    told("image/avif", "Picture (AVIF)"),
    told("audio/mpeg", "Sound recording (MP3)"),
    told("audio/m4a", "Sound recording (M4A)"),
    told("audio/ogg", "Sound recording (Ogg)"),
    told("audio/opus", "Sound recording (Opus)"),
    told("audio/x-wav", "Sound recording (WAV)"),
    told("audio/amr", "Sound recording (AMR)"),
    told("audio/aac", "Sound recording (AAC)"),
    told("video/mp4", "Video (MP4)"),
    told("video/quicktime", "Video (QuickTime)"),
    told("video/webm", "Video (WebM)"),
    told("video/x-msvideo", "Video (AVI)"),
    bytes("text/html", "Web page"),
    bytes("text/xml", "XML"),
    bytes("text/calendar", "Calendar entry"),
    bytes("text/vcard", "Contact card"),
    bytes("message/rfc822", "Email"),
    bytes("application/pkcs7-signature", "Electronic signature"),
    bytes("application/pgp-signature", "Electronic signature"),
    bytes("application/pkcs7-mime", "Signed or encrypted message (S/MIME)"),
    bytes("application/pgp-encrypted", "Encrypted message (PGP)"),
    bytes("application/ms-tnef", "Outlook message (winmail.dat)"),
    bytes("application/zip", "ZIP archive"),
    bytes("application/vnd.rar", "RAR archive"),
    bytes("application/x-7z-compressed", "7-Zip archive"),
    bytes("application/gzip", "Compressed file (gzip)"),
    bytes("application/x-tar", "Archive (tar)"),
    bytes("application/x-ole-storage", "Office document (old format)"),
];

const fn told(media_type: &'static str, words: &'static str) -> Kind {
    Kind { media_type, words, told: true }
}

const fn bytes(media_type: &'static str, words: &'static str) -> Kind {
    Kind { media_type, words, told: false }
}

/// What is known about `media_type`.
#[must_use]
pub fn known(media_type: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.media_type == media_type)
}

/// The type in words.
#[must_use]
pub fn in_words(media_type: &str) -> &'static str {
    known(media_type).map_or("Another kind of file", |kind| kind.words)
}

/// What a download says that it is.
#[must_use]
pub fn told_type(media_type: &str) -> &'static str {
    known(media_type).filter(|kind| kind.told).map_or(OCTETS, |kind| kind.media_type)
}

/// The media type by the bytes; `said` and `name`, which anybody may write, only decide between kinds of text and of
/// signatures, which look alike.
#[must_use]
pub fn by_content(bytes: &[u8], said: &str, name: &str) -> &'static str {
    let found = infer::get(bytes).map(|kind| kind.mime_type());
    match found {
        Some("application/zip") => office_in_zip(bytes).unwrap_or("application/zip"),
        // Two letters are no proof: words may begin with MZ or BC.
        Some("application/vnd.microsoft.portable-executable" | "application/x-llvm") if is_text(bytes) => {
            text_kind(bytes, said, name)
        }
        Some("text/html") => "text/html",
        Some("application/x-x509-ca-cert") | None if bytes.first() == Some(&0x30) && !is_text(bytes) => der_kind(said),
        Some("application/x-x509-ca-cert" | "application/postscript" | "text/xml") if is_text(bytes) => {
            text_kind(bytes, said, name)
        }
        Some(found) => found,
        None if is_text(bytes) => text_kind(bytes, said, name),
        None if bytes.starts_with(b"\x78\x9f\x3e\x22") => "application/ms-tnef",
        None => OCTETS,
    }
}

/// Office documents are ZIP archives; some programs pack them in an order that the magic numbers do not know. The names of
/// what is inside stand uncompressed at both ends.
fn office_in_zip(bytes: &[u8]) -> Option<&'static str> {
    const END: usize = 64 * 1024;
    let holds = |part: &str| {
        let tail = bytes.get(bytes.len().saturating_sub(END)..).unwrap_or_default();
        tail.windows(part.len()).any(|window| window == part.as_bytes())
    };
    if !holds("[Content_Types].xml") {
        return None;
    }
    [
        ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ]
    .into_iter()
    .find_map(|(part, kind)| holds(part).then_some(kind))
}

/// Signatures and sealed messages are both DER.
fn der_kind(said: &str) -> &'static str {
    match said {
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "application/pkcs7-signature",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "application/pkcs7-mime",
        _ => OCTETS,
    }
}

fn text_kind(bytes: &[u8], said: &str, name: &str) -> &'static str {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = start.get(..start.len().min(64)).unwrap_or_default().trim_ascii_start();
    let begins = |word: &str| start.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()));
    if begins("BEGIN:VCALENDAR") {
        return "text/calendar";
    }
    if begins("BEGIN:VCARD") {
        return "text/vcard";
    }
    if begins("-----BEGIN PGP MESSAGE") || said == "application/pgp-encrypted" {
        return "application/pgp-encrypted";
    }
    if begins("-----BEGIN PGP SIGNATURE") {
        return "application/pgp-signature";
    }
    match said {
        "message/rfc822" | "message/global" => "message/rfc822",
        "text/html" | "application/xhtml+xml" | "image/svg+xml" => "text/html",
        "text/csv" => "text/csv",
        _ => match ending(name).as_deref() {
            Some("csv") => "text/csv",
            Some("htm" | "html" | "xhtml" | "svg") => "text/html",
            Some("eml") => "message/rfc822",
            _ if begins("<?xml") => "text/xml",
            _ => "text/plain",
        },
    }
}

/// No zero byte (UTF-16 with its mark excepted) and hardly a control character in the first 4 kB.
fn is_text(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return true;
    }
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let odd = head.iter().filter(|byte| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)).count();
    !head.is_empty() && !head.contains(&0) && odd * 100 <= head.len()
}

/// Why a file may not be kept for opening, in words for officers; None if it may.
#[must_use]
pub fn refusal(bytes: &[u8], name: &str, endings: &[String]) -> Option<String> {
    let program = match infer::get(bytes).map(|kind| kind.mime_type()) {
        Some("application/vnd.microsoft.portable-executable") => (!is_text(bytes)).then_some("a Windows program"),
        Some("application/x-executable") => bytes.starts_with(b"\x7fELF").then_some("a Linux program"),
        Some("application/x-mach-binary") => Some("a Mac program"),
        Some("application/java") => Some("a Java program"),
        Some("application/wasm") => Some("a program (WebAssembly)"),
        Some("application/vnd.android.dex" | "application/vnd.android.dey") => Some("an Android program"),
        Some("application/x-shockwave-flash") => Some("a Flash program"),
        Some("application/vnd.debian.binary-package" | "application/x-rpm") => Some("a package of programs"),
        Some("application/x-google-chrome-extension") => Some("a browser extension"),
        Some("text/x-shellscript") => Some("a script"),
        _ if bytes.starts_with(b"#!") && is_text(bytes) => Some("a script"),
        // A shortcut (MS-SHLLINK 2.1).
        _ if bytes.starts_with(b"\x4c\x00\x00\x00\x01\x14\x02\x00") => Some("a Windows shortcut"),
        _ => None,
    };
    if let Some(program) = program {
        return Some(format!("it is {program}"));
    }
    let ending = ending(name)?;
    endings
        .iter()
        .any(|refused| refused.trim_start_matches('.').eq_ignore_ascii_case(&ending))
        .then(|| format!("files that end in .{ending} can run on the computer that opens them"))
}

/// The last ending of a name, lower case, as Windows sees it: spaces and full stops after it do not count.
fn ending(name: &str) -> Option<String> {
    let name = name.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let (before, ending) = name.rsplit_once('.')?;
    (!before.is_empty() && ending.len() <= 20).then(|| ending.to_lowercase())
}

/// Longest name that is kept (bytes).
const LONGEST_NAME: usize = 180;

/// A name that no file system and no page misunderstands: without folders, control characters and characters that turn
/// the reading direction; what hides an ending is taken out, the ending stays.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_unseen(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let words = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    let tidy = words.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let tidy = match ending(tidy) {
        Some(ending) if tidy.len() > LONGEST_NAME => {
            let stem = crate::intake::body::cut(tidy, LONGEST_NAME - ending.len() - 1);
            Cow::Owned(format!("{}.{ending}", stem.trim_end_matches(['.', ' '])))
        }
        _ => Cow::Borrowed(crate::intake::body::cut(tidy, LONGEST_NAME)),
    };
    if tidy.is_empty() { "unnamed file".to_owned() } else { tidy.into_owned() }
}

/// Characters without a shape of their own: they hide what a name ends in.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn endings() -> Vec<String> {
        crate::config::FilesSection::default().refuse
    }

    #[test]
    fn what_a_file_is_comes_from_its_bytes() {
        let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 0x10];
        for (bytes, said, name, kind) in [
            (&b"%PDF-1.4 ..."[..], "image/png", "a.png", "application/pdf"),
            (&jpeg, "application/pdf", "letter.pdf", "image/jpeg"),
            (b"MZ is how this begins", "text/plain", "a.txt", "text/plain"),
            (b"BC, the county", "text/plain", "a.txt", "text/plain"),
            (b"<html><body>", "text/plain", "a.txt", "text/html"),
            (b"<svg onload=\"x\">", "image/svg+xml", "a.svg", "text/html"),
            (b"a,b\n1,2\n", "application/octet-stream", "Table.CSV", "text/csv"),
            (b"BEGIN:VCALENDAR\r\n", "application/octet-stream", "invite.ics", "text/calendar"),
            (b"\xef\xbb\xbfBEGIN:VCARD\r\n", "text/x-vcard", "me.vcf", "text/vcard"),
            (b"From: a@b.example\r\n\r\nx", "message/rfc822", "a.eml", "message/rfc822"),
            (b"\x30\x80\x06\x09\x2a\x86", "application/x-pkcs7-signature", "smime.p7s", "application/pkcs7-signature"),
            (b"\x30\x82\x06\x09\x2a\x86", "application/octet-stream", "x", OCTETS),
            (b"\x78\x9f\x3e\x22\x01\x00\x00", "application/ms-tnef", "winmail.dat", "application/ms-tnef"),
            (b"\x00\x01\x02\x03", "text/plain", "a.txt", OCTETS),
            (b"", "text/plain", "a.txt", OCTETS),
        ] {
            assert_eq!(by_content(bytes, said, name), kind, "{name}");
        }
    }

    #[test]
    fn only_what_no_browser_runs_is_told_by_its_type() {
        for shown in ["text/html", "text/xml", "image/svg+xml", "application/javascript", "message/rfc822", "x/y", ""] {
            assert_eq!(told_type(shown), OCTETS, "{shown}");
        }
        assert_eq!(told_type("application/pdf"), "application/pdf");
        assert_eq!(in_words("x/y"), "Another kind of file");
    }

    #[test]
    fn programs_are_refused_whatever_they_are_called() {
        let mut exe = b"MZ\x90\x00\x03\x00\x00\x00".to_vec();
        exe.resize(200, 0);
        let mut elf = b"\x7fELF\x02\x01\x01".to_vec();
        elf.resize(64, 0);
        assert_eq!(refusal(&exe, "letter.pdf", &[]).as_deref(), Some("it is a Windows program"));
        assert_eq!(refusal(&elf, "photo.jpg", &[]).as_deref(), Some("it is a Linux program"));
        assert_eq!(refusal(b"#!/usr/bin/python3\nprint(1)\n", "notes.txt", &[]).as_deref(), Some("it is a script"));
        assert_eq!(refusal(b"MZ, that is how I sign", "a.txt", &[]), None);
    }

    #[test]
    fn endings_that_run_are_refused_however_they_are_hidden() {
        for name in ["a.js", "letter.pdf.EXE", "letter.scr. . ", "x.VBS", "photo.jpg.lnk"] {
            assert!(refusal(b"var a = 1;", name, &endings()).is_some(), "{name}");
        }
        for name in ["letter.pdf", "js", ".js", "exe.txt", "IMG_1.heic", ""] {
            assert_eq!(refusal(b"words", name, &endings()), None, "{name}");
        }
    }

    #[test]
    fn names_cannot_mislead() {
        for (name, safe) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\Ann\\letter.docx", "letter.docx"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("two\r\nlines.txt", "twolines.txt"),
            ("  . .hidden ", "hidden"),
            ("a<b>\"c\".pdf", "a_b__c_.pdf"),
            ("Schülerakte für Zoë.pdf", "Schülerakte für Zoë.pdf"),
            ("\u{0}", "unnamed file"),
            ("", "unnamed file"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
        let long = safe_name(&format!("{}.docx", "ü".repeat(300)));
        assert!(long.len() <= LONGEST_NAME && long.ends_with("ü.docx"), "{long}");
    }

    proptest! {
        #[test]
        fn any_name_becomes_one_that_is_safe(name in ".{0,300}") {
            let safe = safe_name(&name);
            prop_assert!(!safe.is_empty() && safe.len() <= LONGEST_NAME);
            let forbidden = |c: char| c.is_control() || is_unseen(c) || "/\\<>:\"|?*".contains(c);
            prop_assert!(!safe.contains(forbidden) && !safe.starts_with('.'), "{:?}", safe);
            prop_assert_eq!(safe_name(&safe), safe.clone());
        }

        #[test]
        fn any_bytes_have_a_kind(bytes in proptest::collection::vec(any::<u8>(), 0..300), said in "[a-z/]{0,20}") {
            let kind = by_content(&bytes, &said, "x");
            prop_assert!(!kind.is_empty());
            let _ = refusal(&bytes, "x", &[]);
        }
    }
}
