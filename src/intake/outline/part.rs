//! A file that was left out of an outline, streamed out of the message.

use std::io::{self, BufRead, BufReader, Read};

use data_encoding::{BASE64, DecodePartial};

/// How a part is encoded (RFC 2045 section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TransferEncoding {
    /// As it is: 7bit, 8bit, binary, or unknown.
    #[default]
    None,
    /// Base64.
    Base64,
    /// Quoted-printable.
    QuotedPrintable,
}

/// Where a file lies in the message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// First byte of its body in the message.
    pub offset: u64,
    /// Bytes of its body as it is encoded.
    pub length: u64,
    /// How it is encoded.
    pub encoding: TransferEncoding,
    /// Bytes of the file, decoded: counted, so exact for what is correctly encoded.
    pub size: u64,
    /// Small enough to be in the outline as well.
    pub kept: bool,
}

/// The decoded bytes of `body`, which is a part's body as it is encoded, in flat memory. What is not base64 in base64 is
/// passed over. Reading fails when `body` cannot be read.
pub fn decoded<R: Read>(body: R, encoding: TransferEncoding) -> Decoded<R> {
    let raw = BufReader::with_capacity(64 * 1024, body);
    Decoded { raw, encoding, ready: Vec::new(), at: 0, left: Vec::new() }
}

/// See [`decoded`].
#[derive(Debug)]
pub struct Decoded<R> {
    raw: BufReader<R>,
    encoding: TransferEncoding,
    /// Decoded and not yet asked for.
    ready: Vec<u8>,
    at: usize,
    /// Letters of base64 that do not make a whole group yet.
    left: Vec<u8>,
}

/// Longest line of quoted-printable that is decoded in one piece.
const LONGEST_LINE: u64 = 64 * 1024;

impl<R: Read> Decoded<R> {
    /// Decodes the next piece. False at the end.
    fn refill(&mut self) -> io::Result<bool> {
        self.ready.clear();
        self.at = 0;
        match self.encoding {
            TransferEncoding::None => {
                let piece = self.raw.fill_buf()?;
                self.ready.extend_from_slice(piece);
                let n = piece.len();
                self.raw.consume(n);
                Ok(n > 0)
            }
            TransferEncoding::Base64 => loop {
                let piece = self.raw.fill_buf()?;
                let n = piece.len();
                for segment in piece.split_inclusive(|byte| *byte == b'=') {
                    self.left.extend(segment.iter().copied().filter(|b| is_base64(*b)));
                    // Padding ends a run of groups; another may follow.
                    let whole = if segment.ends_with(b"=") { self.left.len() } else { self.left.len() / 4 * 4 };
                    self.ready.extend(from_base64(self.left.drain(..whole).collect()));
                }
                self.raw.consume(n);
                if n == 0 {
                    self.ready.extend(from_base64(std::mem::take(&mut self.left)));
                }
                if n == 0 || !self.ready.is_empty() {
                    return Ok(!self.ready.is_empty());
                }
            },
            TransferEncoding::QuotedPrintable => {
                let mut line = Vec::new();
                if self.raw.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
                    return Ok(false);
                }
                self.ready = mail_parser::decoders::quoted_printable::quoted_printable_decode(&line).unwrap_or(line);
                Ok(true)
            }
        }
    }
}

pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// Decodes letters of base64; a last group that is not whole gives what bytes it holds.
fn from_base64(mut letters: Vec<u8>) -> Vec<u8> {
    let bytes = match letters.len() % 4 {
        0 => 0,
        1 => {
            letters.pop();
            0
        }
        n => {
            letters.extend(std::iter::repeat_n(b'A', 4 - n));
            4 - n
        }
    };
    let mut out = vec![0; letters.len() / 4 * 3];
    let n = match BASE64.decode_mut(&letters, &mut out) {
        Ok(n) => n,
        Err(DecodePartial { written, .. }) => written,
    };
    out.truncate(n.saturating_sub(bytes));
    out
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.ready.len() {
            if !self.refill()? {
                return Ok(0);
            }
        }
        let ready = self.ready.get(self.at..).unwrap_or_default();
        let n = ready.len().min(to.len());
        for (to, from) in to.iter_mut().zip(ready) {
            *to = *from;
        }
        self.at += n;
        Ok(n)
    }
}
