//! A bundle: numbered PDFs and files as one ZIP, written into a file without a name that is gone when nobody holds it any more.

use std::{
    fs::File,
    io::{self, Seek, Write},
};

use chrono::{DateTime, Datelike, Timelike, Utc};
use letterpress::{Block, Run};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::bytes::Bytes;
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

use crate::clock::london_time;

/// So much of a text is typeset as one PDF; what is longer goes on in another. Below what the press takes.
const PART_CHARS: usize = 80_000;
/// Pieces on their way to the disk.
const PIECES: usize = 2;

/// Why a bundle was not made. Names nothing of what it holds.
#[derive(Debug, thiserror::Error)]
pub enum BundleFault {
    /// More than a bundle may hold.
    #[error("it would be larger than {} MB", most / 1_000_000)]
    TooLarge {
        /// The limit in bytes.
        most: u64,
    },
    /// The folder for temporary files.
    #[error("the bundle cannot be written ({0}): free some space in the folder for temporary files (TMPDIR)")]
    Disk(#[from] io::Error),
    /// The format.
    #[error("the bundle cannot be written: {0}")]
    Zip(ZipError),
    /// The program ends.
    #[error("the bundle was not finished")]
    Ended,
}

impl From<ZipError> for BundleFault {
    fn from(fault: ZipError) -> Self {
        match fault {
            ZipError::Io(fault) => Self::Disk(fault),
            fault => Self::Zip(fault),
        }
    }
}

enum Piece {
    Entry(String),
    Bytes(Bytes),
    End,
}

/// A ZIP that is being written, apart from everything else.
pub struct Zipping {
    pieces: mpsc::Sender<Piece>,
    work: JoinHandle<Result<File, BundleFault>>,
    left: u64,
    most: u64,
}

impl Zipping {
    /// Begins one of at most `most` bytes, whose entries bear the time `now`.
    #[must_use]
    pub fn begin(most: u64, now: DateTime<Utc>) -> Self {
        let (pieces, coming) = mpsc::channel(PIECES);
        let work = tokio::task::spawn_blocking(move || write(coming, now));
        Self { pieces, work, left: most, most }
    }

    /// Begins an entry.
    ///
    /// # Errors
    ///
    /// [`BundleFault`].
    pub async fn entry(&mut self, name: &str) -> Result<(), BundleFault> {
        self.send(Piece::Entry(name.to_owned())).await
    }

    /// Goes on with the entry.
    ///
    /// # Errors
    ///
    /// [`BundleFault`].
    pub async fn bytes(&mut self, bytes: Bytes) -> Result<(), BundleFault> {
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(BundleFault::TooLarge { most: self.most })?;
        self.send(Piece::Bytes(bytes)).await
    }

    async fn send(&mut self, piece: Piece) -> Result<(), BundleFault> {
        if self.pieces.send(piece).await.is_ok() {
            return Ok(());
        }
        // The writer has ended: it says why.
        match (&mut self.work).await {
            Ok(Err(fault)) => Err(fault),
            _ => Err(BundleFault::Ended),
        }
    }

    /// Ends it: the file from its beginning, and its size.
    ///
    /// # Errors
    ///
    /// [`BundleFault`].
    pub async fn finish(mut self) -> Result<(File, u64), BundleFault> {
        self.send(Piece::End).await?;
        let mut file = self.work.await.map_err(|_| BundleFault::Ended)??;
        let size = file.seek(io::SeekFrom::End(0))?;
        file.rewind()?;
        Ok((file, size))
    }
}

/// Files mostly are compressed already, and so are PDFs: they are stored as they are.
fn write(mut coming: mpsc::Receiver<Piece>, now: DateTime<Utc>) -> Result<File, BundleFault> {
    let mut zip = ZipWriter::new(tempfile::tempfile()?);
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Stored).last_modified_time(at(now));
    while let Some(piece) = coming.blocking_recv() {
        match piece {
            Piece::Entry(name) => zip.start_file(name, options)?,
            Piece::Bytes(bytes) => zip.write_all(&bytes)?,
            Piece::End => return Ok(zip.finish()?),
        }
    }
    // Nobody waits for it any more.
    Err(BundleFault::Ended)
}

fn at(now: DateTime<Utc>) -> zip::DateTime {
    let now = london_time(now);
    let small = |n: u32| u8::try_from(n).unwrap_or(0);
    let year = u16::try_from(now.year()).unwrap_or(0);
    zip::DateTime::from_date_and_time(
        year,
        small(now.month()),
        small(now.day()),
        small(now.hour()),
        small(now.minute()),
        small(now.second()),
    )
    .unwrap_or_default()
}

/// A long text in parts, each as long as the press takes; nothing of it is left out. Pure.
#[must_use]
pub fn parts(blocks: Vec<Block>) -> Vec<Vec<Block>> {
    let mut parts: Vec<Vec<Block>> = Vec::new();
    let mut left = 0;
    for block in blocks.into_iter().flat_map(short) {
        let chars = chars(&block);
        match parts.last_mut() {
            Some(part) if chars <= left => part.push(block),
            _ => {
                parts.push(vec![block]);
                left = PART_CHARS;
            }
        }
        left = left.saturating_sub(chars);
    }
    parts
}

fn chars(block: &Block) -> usize {
    match block {
        Block::Heading { runs, .. } | Block::Paragraph(runs) => runs.iter().map(|run| run.text.chars().count()).sum(),
        Block::List { items, .. } => items.iter().flatten().map(chars).sum(),
    }
}

/// A paragraph that is too long for one PDF as several; every other block as it is.
fn short(block: Block) -> Vec<Block> {
    match block {
        Block::Paragraph(runs) if runs.iter().any(|run| run.text.chars().count() > PART_CHARS) => {
            let pieces = runs.iter().flat_map(|run| {
                let letters: Vec<char> = run.text.chars().collect();
                let pieces: Vec<Block> = letters
                    .chunks(PART_CHARS)
                    .map(|piece| Block::Paragraph(vec![Run { text: piece.iter().collect(), ..run.clone() }]))
                    .collect();
                pieces
            });
            pieces.collect()
        }
        block => vec![block],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_goes_on_in_another_part_and_nothing_is_lost() {
        let paragraph = |n: usize| Block::Paragraph(vec![Run::plain(&"word ".repeat(n))]);
        assert_eq!(parts(vec![paragraph(1), paragraph(2)]).len(), 1);
        let blocks = vec![paragraph(10_000), paragraph(10_000), paragraph(40_000), paragraph(1)];
        let whole: usize = blocks.iter().map(chars).sum();
        let parts = parts(blocks);
        assert!(parts.iter().all(|part| part.iter().map(chars).sum::<usize>() <= PART_CHARS));
        assert_eq!((parts.len(), parts.iter().flatten().map(chars).sum::<usize>()), (5, whole));
    }

    #[tokio::test]
    async fn what_is_put_in_comes_out_and_too_much_is_refused() {
        let now = "2026-11-20T10:30:00Z".parse().unwrap();
        let mut zip = Zipping::begin(10, now);
        zip.entry("01 Zoë.txt").await.unwrap();
        zip.bytes("words".into()).await.unwrap();
        let (file, size) = zip.finish().await.unwrap();
        assert_eq!(file.metadata().unwrap().len(), size);
        let mut read = zip::ZipArchive::new(file).unwrap();
        let mut entry = read.by_name("01 Zoë.txt").unwrap();
        assert_eq!(entry.last_modified().unwrap().year(), 2026);
        assert_eq!(io::read_to_string(&mut entry).unwrap(), "words");

        let mut zip = Zipping::begin(10, now);
        zip.entry("a").await.unwrap();
        let fault = zip.bytes(vec![0; 11].into()).await.unwrap_err();
        assert!(matches!(fault, BundleFault::TooLarge { .. }), "{fault}");
    }
}
