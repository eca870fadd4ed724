//! The pass over the lines of a message: which part each belongs to, and whether it stays.

use mail_parser::{MessageParser, MimeHeaders, decoders::quoted_printable::quoted_printable_decode};

use super::{LeftOut, Limits, Outline, PART_FIELD, TransferEncoding, part::is_base64};
use crate::intake::{body::guarded, reading::Beyond, repair};

/// Longer lines are gone through in pieces.
const LONGEST_LINE: usize = 64 * 1024;

/// Digits of a part's number, and of its size.
const NUMBER: usize = 6;
const SIZE: usize = 20;
/// A header field is kept up to this length (bytes).
const LONGEST_FIELD: usize = 64 * 1024;
/// Fields that are looked for beyond the limit of a header.
const ESSENTIAL: &[&[u8]] = &[
    b"from",
    b"to",
    b"cc",
    b"reply-to",
    b"sender",
    b"return-path",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"auto-submitted",
    b"content-type",
    b"content-transfer-encoding",
    b"content-disposition",
];

/// What encloses the part that is gone through.
#[derive(Debug)]
enum Level {
    /// A multipart with this boundary; parts of a digest are messages.
    Multipart { boundary: Vec<u8>, digest: bool },
    /// A message as an attachment, with its number, and how many CRs came before it.
    Message { number: usize, returns: u64 },
}

/// What the lines are just now.
#[derive(Debug)]
enum At {
    /// Before the first header line: what an mbox or a gateway put there goes, as in [`repair::mended`].
    Before,
    /// A header; of a part, or of the message.
    Header,
    /// A body that stays up to this length of the outline.
    Text { until: usize },
    /// A file: where its body begins in the outline, and its number.
    File { from: usize, most: usize, number: usize, dropped: bool },
    /// Beyond a limit.
    Nothing,
}

#[derive(Debug)]
pub(super) struct Walk {
    limits: Limits,
    out: Outline,
    levels: Vec<Level>,
    at: At,
    /// Whole lines or pieces of long ones.
    line: Vec<u8>,
    /// `line` goes on one that was given in pieces.
    goes_on: bool,
    /// The header that is gone through, as far as it is kept.
    header: Vec<u8>,
    /// Bytes of the field that the last header line belongs to; None if it is left out.
    field: Option<usize>,
    parts: usize,
    multiparts: usize,
    /// Letters of base64 in the file that is gone through, since the last padding.
    letters: u64,
    /// How the line before ended.
    line_end: u64,
    /// CRs before line ends so far.
    returns: u64,
    /// Where in the outline the size of each part goes.
    fields: Vec<usize>,
}

impl Walk {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            out: Outline::default(),
            levels: Vec::new(),
            at: At::Before,
            line: Vec::new(),
            goes_on: false,
            header: Vec::new(),
            field: None,
            parts: 1,
            multiparts: 0,
            letters: 0,
            line_end: 0,
            returns: 0,
            fields: Vec::new(),
        }
    }

    pub fn size(&self) -> u64 {
        self.out.size + self.line.len() as u64
    }

    pub fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = LONGEST_LINE.saturating_sub(self.line.len()).max(1);
            let piece = bytes.get(..room).unwrap_or(bytes);
            let end = memchr(b'\n', piece);
            let (now, later) = bytes.split_at(end.map_or(piece.len(), |end| end + 1));
            bytes = later;
            self.line.extend_from_slice(now);
            if end.is_some() || self.line.len() >= LONGEST_LINE {
                self.take_line();
            }
        }
    }

    pub fn finish(mut self) -> Outline {
        if !self.line.is_empty() {
            self.take_line();
        }
        if matches!(self.at, At::Header) {
            self.end_header(b"");
        }
        self.end_part(0);
        // A message that ends in the middle of a part is read as if it ended there on purpose.
        for level in self.levels.iter().rev() {
            let Level::Multipart { boundary, .. } = level else { continue };
            let end = [b"\n--", boundary.as_slice(), b"--\n"].concat();
            if self.out.bytes.len() + end.len() <= self.limits.outline {
                self.out.bytes.extend_from_slice(&end);
            }
        }
        self.leave(0, 0);
        self.out
    }

    fn beyond(&mut self, what: Beyond) {
        if !self.out.beyond.contains(&what) {
            self.out.beyond.push(what);
        }
    }

    fn take_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let starts = !self.goes_on;
        self.goes_on = !line.ends_with(b"\n");
        match starts.then(|| self.boundary(&line)).flatten() {
            Some((level, last)) => self.divide(level, last, &line),
            None => self.one_line(&line, starts),
        }
        self.out.size += line.len() as u64;
        self.line_end = if line.ends_with(b"\r\n") { 2 } else { u64::from(line.ends_with(b"\n")) };
        self.returns += u64::from(self.line_end == 2);
        self.line = line;
        self.line.clear();
    }

    /// The multipart whose boundary `line` is, and whether it is the last.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let rest = line.strip_prefix(b"--")?.trim_ascii_end();
        let bare = rest.strip_suffix(b"--").unwrap_or(rest);
        let mut begins = None;
        for (at, level) in self.levels.iter().enumerate().rev() {
            let Level::Multipart { boundary, .. } = level else { continue };
            if rest == boundary.as_slice() || bare == boundary.as_slice() {
                return Some((at, rest != boundary.as_slice()));
            }
            // A line that only begins with the boundary will do (RFC 2046 section 5.1.1), unless it is another's.
            if begins.is_none() && rest.starts_with(boundary) {
                begins = Some((at, rest.get(boundary.len()..).is_some_and(|after| after.starts_with(b"--"))));
            }
        }
        begins
    }

    /// A boundary: the part before it ends, and the next begins.
    fn divide(&mut self, level: usize, last: bool, line: &[u8]) {
        if matches!(self.at, At::Header | At::Before) {
            self.end_header(b"");
        }
        self.end_part(self.line_end);
        self.leave(level + 1, self.line_end);
        if last {
            self.write(line);
            self.levels.pop();
            self.at = self.text();
            return;
        }
        self.parts += 1;
        if self.parts <= self.limits.parts + 1 {
            self.write(line);
        }
        if self.parts > self.limits.parts {
            self.beyond(Beyond::Parts);
            self.at = At::Nothing;
        } else {
            self.begin_header();
        }
    }

    /// All levels from `level` on are over.
    fn leave(&mut self, level: usize, line_end: u64) {
        for left in self.levels.split_off(level.min(self.levels.len())) {
            let Level::Message { number, returns } = left else { continue };
            let Some(part) = self.out.parts.get_mut(number) else { continue };
            part.length = self.out.size.saturating_sub(part.offset + line_end);
            // Line ends change with the transfer encoding, the message does not.
            let within = self.returns.saturating_sub(returns + u64::from(line_end == 2));
            part.size = part.length.saturating_sub(within);
            self.note_size(number);
        }
    }

    fn begin_header(&mut self) {
        self.header.clear();
        self.field = None;
        self.at = At::Header;
    }

    fn one_line(&mut self, line: &[u8], starts: bool) {
        match self.at {
            At::Before => {
                let line = if self.out.size == 0 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
                if !starts || line.trim_ascii().is_empty() || line.starts_with(b"From ") || line.starts_with(b">From ")
                {
                    return;
                }
                self.begin_header();
                self.one_line(line, starts);
            }
            At::Header if starts && matches!(line, b"\n" | b"\r\n") => self.end_header(line),
            At::Header => self.header_line(line, starts),
            At::Text { until } => {
                if self.out.bytes.len() + line.len() > until {
                    self.beyond(Beyond::Text);
                    self.at = At::Nothing;
                } else {
                    self.write(line);
                }
            }
            At::File { from, most, number, dropped } => {
                self.file_line(line, number);
                if !dropped && self.out.bytes.len().saturating_sub(from) + line.len() <= most && self.room(line.len()) {
                    self.write(line);
                } else if !dropped {
                    self.out.bytes.truncate(from);
                    self.at = At::File { from, most, number, dropped: true };
                }
            }
            At::Nothing => {}
        }
    }

    fn header_line(&mut self, line: &[u8], starts: bool) {
        let folded = !starts || line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
        let mut most = if self.levels.is_empty() { self.limits.header } else { self.limits.part_header };
        if !folded {
            let name = line.split(|&b| b == b':').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
            // Whom to answer, and what kind of message it is, is found behind whatever else is piled up.
            most *= if ESSENTIAL.contains(&name.as_slice()) { 2 } else { 1 };
            self.field = Some(0);
        }
        let Some(field) = &mut self.field else { return };
        *field += line.len();
        if self.header.len() + line.len() > most || *field > LONGEST_FIELD {
            self.field = None;
            if !self.header.is_empty() && !self.header.ends_with(b"\n") {
                self.header.push(b'\n');
            }
            self.beyond(Beyond::Header);
        } else {
            self.header.extend_from_slice(line);
        }
    }

    /// The header is over: what kind of body follows?
    fn end_header(&mut self, line: &[u8]) {
        let mut header = std::mem::take(&mut self.header);
        if !header.is_empty() && !header.ends_with(b"\n") {
            header.push(b'\n');
        }
        let kind = Kind::of(&header);
        let digest = matches!(self.levels.last(), Some(Level::Multipart { digest: true, .. }));
        let deep = self.levels.len() >= self.limits.depth;
        self.letters = 0;
        let after = self.out.size + line.len() as u64;
        match kind {
            Kind::Multipart { boundary, digest } if !deep && self.multiparts < self.limits.multiparts => {
                self.multiparts += 1;
                self.write(&header);
                self.levels.push(Level::Multipart { boundary, digest });
                self.at = self.text();
            }
            Kind::Multipart { .. } => {
                self.beyond(if deep { Beyond::Depth } else { Beyond::Parts });
                self.at = At::Nothing;
                return;
            }
            Kind::Message if deep => {
                self.beyond(Beyond::Depth);
                self.at = At::Nothing;
                return;
            }
            Kind::Unknown if digest && deep => {
                self.beyond(Beyond::Depth);
                self.at = At::Nothing;
                return;
            }
            Kind::Message => self.enter_message(&header, line, after),
            Kind::Unknown if digest => self.enter_message(&header, line, after),
            Kind::Text | Kind::Unknown => {
                self.write(&header);
                self.at = self.text();
            }
            Kind::File { encoding, holds_words } => {
                let most = if holds_words { self.limits.text } else { self.limits.file };
                let number = self.out.parts.len();
                self.out.parts.push(LeftOut { offset: after, encoding, kept: true, ..LeftOut::default() });
                self.number(number);
                self.write(&header);
                let from = self.out.bytes.len() + line.len().max(1);
                self.at = At::File { from, most, number, dropped: false };
            }
        }
        if !matches!(self.at, At::Header) {
            self.write(if line.is_empty() { b"\n" } else { line });
        }
        header.clear();
        self.header = header;
    }

    /// Numbers the part that begins here. Its size is written in when it is known: the field has room for it.
    fn number(&mut self, number: usize) {
        self.fields.push(self.out.bytes.len() + PART_FIELD.len() + 2 + NUMBER + 1);
        self.write(format!("{}: {number:NUMBER$} {:SIZE$}\n", *PART_FIELD, "").as_bytes());
    }

    /// The part `number` is not all in the outline: its size goes into its field.
    fn note_size(&mut self, number: usize) {
        let (Some(at), Some(part)) = (self.fields.get(number), self.out.parts.get(number)) else { return };
        let size = format!("{:SIZE$}", part.size);
        if let Some(room) = self.out.bytes.get_mut(*at..*at + size.len()) {
            room.copy_from_slice(size.as_bytes());
        }
    }

    /// A message as an attachment: its own header follows, without its files but with its words.
    fn enter_message(&mut self, header: &[u8], line: &[u8], offset: u64) {
        let number = self.out.parts.len();
        self.out.parts.push(LeftOut { offset, ..LeftOut::default() });
        self.levels.push(Level::Message { number, returns: self.returns + u64::from(line.ends_with(b"\r\n")) });
        self.number(number);
        self.write(header);
        self.write(if line.is_empty() { b"\n" } else { line });
        self.begin_header();
    }

    fn text(&self) -> At {
        At::Text { until: self.out.bytes.len() + self.limits.text }
    }

    fn file_line(&mut self, line: &[u8], number: usize) {
        let Some(part) = self.out.parts.get_mut(number) else { return };
        part.length += line.len() as u64;
        match part.encoding {
            TransferEncoding::Base64 => {
                // Padding ends a run of groups; another may follow.
                for segment in line.split_inclusive(|byte| *byte == b'=') {
                    self.letters += segment.iter().filter(|b| is_base64(**b)).count() as u64;
                    if segment.ends_with(b"=") {
                        part.size += self.letters * 3 / 4;
                        self.letters = 0;
                    }
                }
            }
            TransferEncoding::None => part.size += line.len() as u64,
            TransferEncoding::QuotedPrintable => {
                part.size += quoted_printable_decode(line).map_or(line.len(), |bytes| bytes.len()) as u64;
            }
        }
    }

    /// `line_end`: bytes of the line end before the boundary, which belong to that.
    fn end_part(&mut self, line_end: u64) {
        let At::File { number, dropped, .. } = self.at else { return };
        let Some(part) = self.out.parts.get_mut(number) else { return };
        part.kept = !dropped;
        part.length = part.length.saturating_sub(line_end);
        part.size = match part.encoding {
            TransferEncoding::Base64 => part.size + self.letters * 3 / 4,
            _ => part.size.saturating_sub(line_end),
        };
        if dropped {
            self.note_size(number);
        }
    }

    fn room(&self, more: usize) -> bool {
        self.out.bytes.len() + more <= self.limits.outline
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.room(bytes.len()) {
            self.out.bytes.extend_from_slice(bytes);
        } else {
            self.beyond(Beyond::Size);
        }
    }
}

/// What a part is, by its header.
enum Kind {
    Multipart {
        boundary: Vec<u8>,
        digest: bool,
    },
    Message,
    Text,
    /// `holds_words`: it may be a bundle with the message's own words in it (winmail.dat, S/MIME, PGP).
    File {
        encoding: TransferEncoding,
        holds_words: bool,
    },
    /// The header does not say.
    Unknown,
}

impl Kind {
    fn of(header: &[u8]) -> Self {
        let mended = repair::mended(header);
        let headed = [mended.as_ref(), b"\n"].concat();
        guarded(|| {
            let message = MessageParser::default().parse_headers(&headed)?;
            let part = message.parts.first()?;
            let kind = part.content_type();
            let encoding = part.content_transfer_encoding().unwrap_or_default().trim().to_ascii_lowercase();
            let encoding = match encoding.as_str() {
                "base64" => TransferEncoding::Base64,
                "quoted-printable" => TransferEncoding::QuotedPrintable,
                _ => TransferEncoding::None,
            };
            let Some(kind) = kind else { return Some(Self::Unknown) };
            let boundary = kind.attribute("boundary").filter(|boundary| !boundary.is_empty());
            let subtype = kind.subtype().unwrap_or_default().to_ascii_lowercase();
            let attached = part.content_disposition().is_some_and(|how| how.is_attachment());
            let ctype = kind.ctype().to_ascii_lowercase();
            Some(match (ctype.as_str(), boundary) {
                ("multipart", Some(boundary)) => {
                    Self::Multipart { boundary: boundary.as_bytes().to_vec(), digest: subtype == "digest" }
                }
                ("multipart", None) => Self::Text,
                ("message", _)
                    if matches!(subtype.as_str(), "rfc822" | "global") && encoding == TransferEncoding::None =>
                {
                    Self::Message
                }
                ("message", _) => Self::Text,
                ("text", _) if !attached => Self::Text,
                _ => {
                    let name = part.attachment_name().unwrap_or_default().trim().to_ascii_lowercase();
                    let bundle = ["ms-tnef", "vnd.ms-tnef", "pkcs7-mime", "x-pkcs7-mime", "pgp-encrypted"];
                    let holds_words = bundle.contains(&subtype.as_str()) || name == "winmail.dat";
                    Self::File { encoding, holds_words }
                }
            })
        })
        .flatten()
        .unwrap_or(Self::Unknown)
    }
}

fn memchr(wanted: u8, bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|&byte| byte == wanted)
}
