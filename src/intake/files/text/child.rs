//! The process that reads files: from standard input, with limits it sets on itself before it looks at a byte.

use std::{
    io::{BufRead, Read, Write},
    process::ExitCode,
    time::{Duration, Instant},
};

use rlimit::Resource;

use super::{BEGINS, ENDS, ENDS_ALL, GREETING, LONGEST, calendar, documents, pdf, rtf, sheets};
use crate::intake::{
    body, html,
    parse::{ReadContext, read},
};

/// Memory beyond what the program needs to be there at all (bytes).
const MEMORY: u64 = 768 * 1024 * 1024;
/// Processor time (seconds).
const SECONDS: u64 = 20;
/// After so long it begins with no other file.
const ONE_LIFE: Duration = Duration::from_secs(5);
/// A media type and a number.
const LONGEST_LINE: u64 = 256;
/// Open files: input, output, and what the system's libraries open.
const FILES: u64 = 16;
/// A larger file is read only so far (bytes).
const MOST_INPUT: u64 = 64 * 1024 * 1024;

/// Reads files from standard input – for each its media type and size in a line, then its bytes – and writes their words to
/// standard output, until there are no more.
#[must_use]
pub fn run() -> ExitCode {
    // A file may make a library panic; nobody needs to hear of it.
    std::panic::set_hook(Box::new(|_| {}));
    if let Err(cause) = limit() {
        eprintln!("heard: the limits for reading files cannot be set: {cause}");
        return ExitCode::FAILURE;
    }
    let start = Instant::now();
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    if output.write_all(GREETING).and_then(|()| output.flush()).is_err() {
        return ExitCode::FAILURE;
    }
    while let Ok(Some((media_type, bytes))) = next(&mut input) {
        if output.write_all(&[BEGINS]).is_err() {
            break;
        }
        words(&media_type, &bytes, &mut Page { out: &mut output, left: LONGEST });
        // The next one gets nearly all of the processor time.
        let last = start.elapsed() > ONE_LIFE;
        let mark = if last { ENDS_ALL } else { ENDS };
        if output.write_all(&[mark]).and_then(|()| output.flush()).is_err() || last {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// The next file: its media type and its bytes, as far as they are read.
fn next(input: &mut impl BufRead) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let mut line = String::new();
    input.take(LONGEST_LINE).read_line(&mut line)?;
    let Some((media_type, size)) = line.trim_end().split_once(' ') else { return Ok(None) };
    let Ok(size) = size.parse::<u64>() else { return Ok(None) };
    let mut bytes = Vec::new();
    input.take(size.min(MOST_INPUT)).read_to_end(&mut bytes)?;
    std::io::copy(&mut input.take(size.saturating_sub(MOST_INPUT)), &mut std::io::sink())?;
    Ok(Some((media_type.to_owned(), bytes)))
}

/// What it sets on itself holds for the rest of its life.
fn limit() -> std::io::Result<()> {
    let now = std::fs::read_to_string("/proc/self/status")?;
    let size =
        now.lines().find_map(|line| line.strip_prefix("VmSize:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    let memory = size.unwrap_or(0) * 1024 + MEMORY;
    Resource::AS.set(memory, memory)?;
    Resource::CPU.set(SECONDS, SECONDS)?;
    Resource::FSIZE.set(0, 0)?;
    Resource::CORE.set(0, 0)?;
    Resource::NOFILE.set(FILES, FILES)
}

/// Where words are written, until there are enough. Each piece is out at once: what was read before a crash counts.
pub(super) struct Page<W> {
    out: W,
    left: usize,
}

impl<W: Write> Page<W> {
    /// Writes a piece. False when there are enough.
    pub(super) fn write(&mut self, text: &str) -> bool {
        let text = body::clean(text);
        let text = body::cut(&text, self.left);
        self.left -= text.len();
        let written = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        written.is_ok() && self.left > 0
    }
}

/// Writes the words of a file to `page`.
pub(super) fn words<W: Write>(media_type: &str, bytes: &[u8], page: &mut Page<W>) {
    match media_type {
        "application/pdf" => pdf::words(bytes, page),
        "text/html" => {
            page.write(&html::to_text(&decoded(bytes)));
        }
        "text/calendar" => {
            page.write(&calendar::readable(&decoded(bytes)));
        }
        "message/rfc822" => {
            page.write(&mail(bytes));
        }
        "application/rtf" => {
            page.write(&rtf::words(bytes));
        }
        kind if kind.contains("wordprocessingml") || kind.contains("presentationml") => documents::office(bytes, page),
        "application/vnd.oasis.opendocument.text" | "application/vnd.oasis.opendocument.presentation" => {
            documents::open_document(bytes, page);
        }
        kind if kind.contains("spreadsheet") || kind == "application/vnd.ms-excel" => sheets::words(bytes, page),
        kind if kind.starts_with("text/") => {
            page.write(&decoded(bytes));
        }
        _ => {}
    }
}

fn decoded(bytes: &[u8]) -> String {
    body::charset_of_bytes(bytes, None)
}

/// An attached message: who, what about, and all its words.
fn mail(bytes: &[u8]) -> String {
    let Ok(reading) = read(bytes, &ReadContext::default()) else { return String::new() };
    let person =
        |person: crate::intake::reading::Person| format!("{} {}", person.name.unwrap_or_default(), person.address);
    let forwarded = reading.forwarded.map(|inner| {
        format!("{}\n{}\n{}", inner.from.map(person).unwrap_or_default(), inner.subject.unwrap_or_default(), inner.text)
    });
    [
        reading.author.map(person).unwrap_or_default(),
        reading.subject,
        reading.visible_text,
        forwarded.unwrap_or_default(),
        reading.quoted_text,
    ]
    .join("\n")
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The words of a file, read in this process.
    pub(in super::super) fn words_of(media_type: &str, bytes: &[u8]) -> String {
        let mut out = Vec::new();
        words(media_type, bytes, &mut Page { out: &mut out, left: LONGEST });
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn texts_are_read_in_their_character_set() {
        assert_eq!(words_of("text/plain", b"Zo\xeb\r\nhere"), "Zoë\nhere");
        assert_eq!(words_of("text/plain", b"\xff\xfeh\0i\0"), "hi");
        assert_eq!(words_of("text/csv", "a;Zoë\n".as_bytes()), "a;Zoë\n");
        assert_eq!(words_of("text/html", b"<p>two <b>words</b><script>x</script></p>").trim(), "two words");
        assert_eq!(words_of("image/png", b"x"), "");
    }

    #[test]
    fn an_attached_message_is_found_by_its_sender_subject_and_words() {
        let text =
            words_of("message/rfc822", b"From: Ann Lee <ann@b.example>\r\nSubject: Taxi\r\n\r\nIt was late.\r\n");
        assert_eq!(text.trim(), "Ann Lee ann@b.example\nTaxi\nIt was late.");
    }

    #[test]
    fn no_more_is_written_than_is_kept() {
        let mut out = Vec::new();
        let mut page = Page { out: &mut out, left: 5 };
        assert!(page.write("ab\u{1e}c"));
        assert!(!page.write("äöü"));
        assert_eq!(out, "abcä".as_bytes());
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0usize..7) {
            let kinds = ["text/calendar", "message/rfc822", "application/rtf", "text/html", "text/plain", "text/vcard", "x/y"];
            words_of(kinds[at], &bytes);
        }
    }
}
