//! The outline of a message: its headers, texts and structure, without its big files.
//!
//! mail-parser wants a whole message in memory and takes it apart in copies. A message of 100 MB is nearly all files, in
//! which there are no words: so one pass over its lines, in flat memory and linear time, leaves them out and remembers
//! where they lie; mail-parser reads what is left, and [`part::decoded`] streams a file out of the stored message. The
//! limits on depth, parts and header sizes are kept here too, before any parser sees them.
//!
//! Only where a part begins and ends is decided here (RFC 2046 section 5.1); what a part's header says is mail-parser's
//! reading of it.

mod part;
#[cfg(test)]
mod tests;
mod walk;

use std::{
    io::{self, Read},
    sync::LazyLock,
};

use mail_parser::{HeaderName, MessagePart};

pub use part::{LeftOut, TransferEncoding, decoded};
use walk::Walk;

use super::reading::Beyond;

/// A message of so many bytes is read by its outline.
pub const OUTLINE_FROM: usize = 1024 * 1024;

/// The header field that numbers the files in an outline and says how big they are. Its name is another one each time the
/// program runs, so that no message can bring one of its own.
static PART_FIELD: LazyLock<String> = LazyLock::new(|| format!("X-Heard-{:016x}", rand::random::<u64>()));

/// What is kept of a message that is larger than anything people write. Bytes, or counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Multiparts and messages inside one another.
    pub depth: usize,
    /// Parts in all.
    pub parts: usize,
    /// Multiparts in all: to look for a boundary that never comes costs a pass over the outline each time.
    pub multiparts: usize,
    /// The message's own header.
    pub header: usize,
    /// The header of a part.
    pub part_header: usize,
    /// One text.
    pub text: usize,
    /// A file up to this size stays in the outline.
    pub file: usize,
    /// The outline in all.
    pub outline: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 200,
            parts: 10_000,
            multiparts: 500,
            header: 1024 * 1024,
            part_header: 64 * 1024,
            text: 3 * 1024 * 1024,
            file: 32 * 1024,
            outline: 8 * 1024 * 1024,
        }
    }
}

/// A message without its big files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What mail-parser reads.
    pub bytes: Vec<u8>,
    /// The files in the order in which they stand; those that are numbered n in the outline are at n.
    pub parts: Vec<LeftOut>,
    /// The limits that the message went beyond: what lies behind them is not in the outline.
    pub beyond: Vec<Beyond>,
    /// Bytes of the whole message.
    pub size: u64,
}

/// Makes an outline piece by piece.
#[derive(Debug)]
pub struct Outliner(Walk);

impl Outliner {
    /// An outline within `limits`.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self(Walk::new(limits))
    }

    /// The next bytes of the message.
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.push(bytes);
    }

    /// Bytes given so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.size()
    }

    /// All bytes were given.
    #[must_use]
    pub fn finish(self) -> Outline {
        self.0.finish()
    }
}

/// The outline of what `reader` gives.
///
/// # Errors
///
/// Those of `reader`.
pub fn outline(mut reader: impl Read, limits: Limits) -> io::Result<Outline> {
    let mut outliner = Outliner::new(limits);
    let mut piece = vec![0; 64 * 1024];
    loop {
        match reader.read(&mut piece) {
            Ok(0) => return Ok(outliner.finish()),
            Ok(n) => outliner.push(piece.get(..n).unwrap_or_default()),
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
            Err(fault) => return Err(fault),
        }
    }
}

/// The number of a part of an outline: its place in [`Outline::parts`]. None for words, and in what is no outline.
#[must_use]
pub fn number_of(part: &MessagePart<'_>) -> Option<usize> {
    numbered(part).map(|(number, _)| number)
}

/// How big a file is that an outline has left out (bytes, decoded). None for what is there.
#[must_use]
pub fn size_of(part: &MessagePart<'_>) -> Option<usize> {
    numbered(part).and_then(|(_, size)| size)
}

fn numbered(part: &MessagePart<'_>) -> Option<(usize, Option<usize>)> {
    let is_ours =
        |name: &HeaderName<'_>| matches!(name, HeaderName::Other(name) if name.eq_ignore_ascii_case(&PART_FIELD));
    let field = part.headers.iter().find(|field| is_ours(&field.name))?.value.as_text()?;
    let mut words = field.split_ascii_whitespace();
    Some((words.next()?.parse().ok()?, words.next().and_then(|size| size.parse().ok())))
}

/// Whether a message must be read by its outline: it is big, or has more of something than the parser should be given.
/// Counts generously and fast; most mail has none of it.
#[must_use]
pub fn is_needed(raw: &[u8]) -> bool {
    /// So much is never written by a person's mail program.
    const USUAL_HEADER: usize = 256 * 1024;
    const USUAL_LINES: usize = 1_000;
    const USUAL_MULTIPARTS: usize = 50;
    if raw.len() >= OUTLINE_FROM {
        return true;
    }
    if raw.len() < 4 * 1024 {
        return false;
    }
    let (mut dashes, mut multiparts) = (0, 0);
    for line in raw.split(|&b| b == b'\n') {
        dashes += usize::from(line.starts_with(b"--"));
        // However it is written, the word is preceded by "multi".
        multiparts += line.windows(9).filter(|word| word.eq_ignore_ascii_case(b"multipart")).count();
    }
    dashes > USUAL_LINES || multiparts > USUAL_MULTIPARTS || super::repair::header_length(raw) > USUAL_HEADER
}
