//! Takes files out of settled messages, has them scanned, and reads their words for the search. Each step is noted in a
//! transaction of its own and may run twice: files are named by their content.

use std::{
    borrow::Cow,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use futures::TryStreamExt;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_util::{bytes::Bytes, sync::CancellationToken};

use super::{
    Engine, StepError, back_off, chat_files,
    left_out::{self, Streamed},
};
use crate::{
    ids::Uuid,
    intake::{
        files::{
            Rules, kinds,
            parts::{self, Part},
            scan::{ScanError, Verdict},
            text::{self, ReadError},
        },
        outline::{LeftOut, Outline},
    },
    store::{
        attachments::{self, NewAttachment, NewFile, Open, Waiting},
        files::{ContentHash, FilesError},
    },
};

/// Taken at once.
const BATCH: i64 = 16;
/// A message on which the program died so often is left alone.
const ATTEMPTS: i64 = 5;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileCounts {
    /// Files kept.
    pub files_kept: u64,
    /// Files that were not.
    pub files_refused: u64,
    /// Files the scanner spoke on.
    pub files_scanned: u64,
    /// Files that were read for their words.
    pub files_read: u64,
    /// Messages whose files were taken out.
    #[serde(skip)]
    pub(super) messages: u64,
}

impl FileCounts {
    fn is_nothing(self) -> bool {
        self == Self::default()
    }

    fn add(&mut self, other: Self) {
        self.files_kept += other.files_kept;
        self.files_refused += other.files_refused;
        self.files_scanned += other.files_scanned;
        self.files_read += other.files_read;
        self.messages += other.messages;
    }
}

/// Keeps, scans and reads until `stop`.
pub(super) async fn run(engine: Engine, stop: CancellationToken) {
    let (mut failures, mut rest_failures) = (0, 0);
    // A scanner that is not there holds up nobody's files on their way into the folder.
    let mut rest_from = Instant::now();
    while !stop.is_cancelled() {
        let rest_too = Instant::now() >= rest_from;
        let rested = match round(&engine, &stop, rest_too).await {
            Ok((counts, well)) => {
                failures = 0;
                if !well {
                    rest_failures += 1;
                    rest_from = Instant::now() + back_off(rest_failures);
                } else if rest_too {
                    rest_failures = 0;
                }
                if !counts.is_nothing() {
                    continue;
                }
                super::sleep(Some(&engine.files.wake), Duration::from_secs(5), &stop).await
            }
            Err(error) => {
                failures += 1;
                tracing::error!(%error, "files in messages wait");
                super::sleep(None, back_off(failures), &stop).await
            }
        };
        if !rested {
            break;
        }
    }
}

/// Keeps, scans and reads until nothing is left that can be done now.
///
/// # Errors
///
/// [`StepError`] when files cannot be kept. What cannot be scanned or read now is another time.
pub async fn keep_all(engine: &Engine) -> Result<FileCounts, StepError> {
    let (mut all, stop) = (FileCounts::default(), CancellationToken::new());
    loop {
        let (counts, _) = round(engine, &stop, true).await?;
        if counts.is_nothing() {
            return Ok(all);
        }
        all.add(counts);
    }
}

/// One batch of each step; without `rest_too` only of the first. False beside the counts when scanning or reading failed
/// as a whole.
async fn round(engine: &Engine, stop: &CancellationToken, rest_too: bool) -> Result<(FileCounts, bool), StepError> {
    let mut counts = FileCounts::default();
    // Never broken off within a message: that would count as a death of the program.
    let kept = keep_some(engine, &mut counts, stop).await;
    engine.files.note(|faults| faults.keeping = kept.as_ref().err().map(ToString::to_string));
    kept?;
    let fetched = chat_files::fetch_some(engine, &mut counts, stop).await?;
    engine.files.note(|faults| faults.fetching = fetched);
    if !rest_too {
        return Ok((counts, true));
    }
    let scan_and_read = async {
        let scanned = scan_some(engine, &mut counts).await?;
        Ok::<_, StepError>((scanned, read_some(engine, &mut counts).await?))
    };
    let (scanned, read) = tokio::select! {
        () = stop.cancelled() => return Ok((counts, true)),
        both = scan_and_read => both?,
    };
    let well = scanned.is_none() && read.is_none();
    for fault in [&scanned, &read].into_iter().flatten() {
        tracing::warn!(fault, "files wait; see the health page");
    }
    engine.files.note(|faults| (faults.scanning, faults.reading) = (scanned, read));
    Ok((counts, well))
}

async fn keep_some(engine: &Engine, counts: &mut FileCounts, stop: &CancellationToken) -> Result<(), StepError> {
    let waiting = attachments::waiting(&mut engine.store.begin_read().await?, BATCH).await?;
    for message in waiting {
        if stop.is_cancelled() {
            break;
        }
        keep_of(engine, message, counts).await?;
    }
    Ok(())
}

/// Keeps the files of one message.
async fn keep_of(engine: &Engine, message: Waiting, counts: &mut FileCounts) -> Result<(), StepError> {
    let mut tx = engine.store.begin().await?;
    if message.attempts >= ATTEMPTS {
        attachments::settle(&mut tx, message.id, "failed").await?;
        tracing::error!(representation = %message.id, "the program ended whenever it took this message's files out: left in it");
        counts.messages += 1;
        return Ok(tx.commit().await?);
    }
    if !attachments::begin(&mut tx, message).await? {
        return Ok(());
    }
    tx.commit().await?;
    let raw = attachments::raw(&mut engine.store.begin_read().await?, message.id).await;
    let taken = match raw {
        Ok(Some(raw)) => match whole(engine, raw).await {
            Ok(source) => take_out(engine, message.id, source).await,
            Err(fault) => Err(fault),
        },
        Ok(None) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    };
    let mut tx = engine.store.begin().await?;
    match &taken {
        Ok(files) => {
            let now = engine.clock.now();
            for file in files {
                attachments::put(&mut tx, file, now).await?;
                match file.kept {
                    Ok(_) => counts.files_kept += 1,
                    Err(_) => counts.files_refused += 1,
                }
            }
            attachments::settle(&mut tx, message.id, "done").await?;
            counts.messages += 1;
        }
        Err(_) => attachments::give_back(&mut tx, message.id).await?,
    }
    tx.commit().await?;
    taken.map(|_| ())
}

/// The message that files are taken out of.
enum Source {
    /// Its bytes; they may be cut.
    Bytes(Vec<u8>, bool),
    /// A large one: its file, and its outline.
    File(ContentHash, Outline),
}

async fn whole(engine: &Engine, raw: attachments::Raw) -> Result<Source, StepError> {
    let Some(name) = raw.raw_file else { return Ok(Source::Bytes(raw.raw, raw.cut_from.is_some())) };
    let Ok(hash) = name.parse::<ContentHash>() else { return Ok(Source::Bytes(raw.raw, true)) };
    let (_, pieces) = engine.files.store.get(hash).await?;
    let outlined = super::raw::outlined(pieces.map_err(StepError::from)).await?;
    Ok(Source::File(hash, outlined.outline))
}

/// A file on its way from the thread that takes the message apart.
struct Found {
    about: NewAttachment,
    content: Content,
}

enum Content {
    /// Its bytes and type.
    Here(Bytes, &'static str),
    /// It is to be streamed out of the message.
    LeftOut(LeftOut),
    /// It is refused.
    Refused,
}

/// Takes the files out of a message and keeps each. One at a time is in memory beside the message.
async fn take_out(engine: &Engine, representation: Uuid, source: Source) -> Result<Vec<NewAttachment>, StepError> {
    let (send, mut receive) = mpsc::channel::<Found>(1);
    let rules = engine.files.rules.clone();
    let message = match &source {
        Source::File(hash, _) => Some(*hash),
        Source::Bytes(..) => None,
    };
    let apart = tokio::task::spawn_blocking(move || {
        let mut number = 0;
        let mut left_out = 0usize;
        let mut take = |part: Part<'_>| {
            if number >= rules.most {
                left_out += 1;
                return ControlFlow::Continue(());
            }
            number += 1;
            match send.blocking_send(judge(representation, number, part, &rules)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        };
        match &source {
            Source::Bytes(raw, cut) => parts::each(raw, *cut, &mut take),
            Source::File(_, outline) => parts::each_of_outline(outline, &mut take),
        }
        (number, left_out)
    });
    let mut files = Vec::new();
    while let Some(Found { mut about, content }) = receive.recv().await {
        match (content, message) {
            (Content::Here(bytes, media_type), _) => {
                let has_words = text::has_words(media_type) && !bytes.is_empty();
                let kept = engine.files.store.put(bytes).await?;
                about.kept = Ok(NewFile { hash: kept.hash, media_type, has_words });
            }
            (Content::LeftOut(part), Some(message)) => stream_out(engine, message, part, &mut about).await?,
            (Content::LeftOut(_) | Content::Refused, _) => {}
        }
        files.push(about);
    }
    let (number, left_out) = apart.await?;
    if left_out > 0 {
        files.push(NewAttachment {
            representation,
            number: place(number + 1),
            filename: format!("{left_out} more files"),
            inside: None,
            said_type: String::new(),
            size: 0,
            kept: Err(format!("of one message at most {} files are kept", engine.files.rules.most)),
        });
    }
    Ok(files)
}

/// Keeps a file that lies in a large message.
async fn stream_out(
    engine: &Engine,
    message: ContentHash,
    part: LeftOut,
    about: &mut NewAttachment,
) -> Result<(), StepError> {
    let rules = &engine.files.rules;
    let filename = about.filename.clone();
    let refusal = |head: &[u8]| kinds::refusal(head, &filename, &rules.refuse);
    match left_out::keep(&engine.files.store, message, part, rules.largest, refusal).await? {
        Streamed::Kept(kept, head) => {
            let media_type = kinds::by_content(&head, &about.said_type, &about.filename);
            about.size = i64::try_from(kept.size).unwrap_or(i64::MAX);
            let has_words = text::has_words(media_type) && kept.size > 0;
            about.kept = Ok(NewFile { hash: kept.hash, media_type, has_words });
        }
        Streamed::Refused(why) => about.kept = Err(why),
    }
    Ok(())
}

fn place(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Whether a file is kept, as far as can be told before it is read. Pure.
fn judge(representation: Uuid, number: usize, part: Part<'_>, rules: &Rules) -> Found {
    let size = match (&part.bytes, part.left_out) {
        (Some(bytes), _) => bytes.len() as u64,
        (None, Some(elsewhere)) => elsewhere.size,
        (None, None) => 0,
    };
    let filename = kinds::safe_name(&part.name);
    let refused = match (&part.bytes, part.left_out) {
        (None, None) => Some("the message was too large to be fetched whole, and this file is cut off".to_owned()),
        _ if size > rules.largest => Some(format!("it is larger than {} MB", rules.largest / 1_000_000)),
        (Some(bytes), _) => kinds::refusal(bytes, &filename, &rules.refuse),
        (None, Some(_)) => None,
    };
    let about = NewAttachment {
        representation,
        number: place(number),
        inside: part.inside.as_deref().map(kinds::safe_name),
        said_type: part.said_type,
        size: i64::try_from(size).unwrap_or(i64::MAX),
        kept: Err(refused.clone().unwrap_or_default()),
        filename,
    };
    let content = match (refused, part.bytes, part.left_out) {
        (None, Some(bytes), _) => {
            let media_type = kinds::by_content(&bytes, &about.said_type, &about.filename);
            Content::Here(Bytes::from(Cow::into_owned(bytes)), media_type)
        }
        (None, None, Some(elsewhere)) => Content::LeftOut(elsewhere),
        _ => Content::Refused,
    };
    Found { about, content }
}

/// Scans what no scanner has looked at. The fault, if the scanner is not there.
async fn scan_some(engine: &Engine, counts: &mut FileCounts) -> Result<Option<String>, StepError> {
    let Some(scanner) = &engine.files.scanner else { return Ok(None) };
    let due = attachments::unscanned(&mut engine.store.begin_read().await?, engine.clock.now(), BATCH).await?;
    for file in due {
        let verdict = match engine.files.store.get(file.hash).await {
            Ok((_, pieces)) => scanner.scan(pieces).await,
            Err(fault) => Err(ScanError::File(fault)),
        };
        let now = engine.clock.now();
        let mut tx = engine.store.begin().await?;
        match verdict {
            Ok(verdict) => {
                let found = match &verdict {
                    Verdict::Clean => None,
                    Verdict::Infected(name) => Some(name.as_str()),
                };
                attachments::scanned(&mut tx, file.hash, found, now).await?;
                counts.files_scanned += 1;
            }
            Err(ScanError::NotThisFile(why)) => {
                attachments::scan_later(&mut tx, file.hash, &why, now + scan_pause(file.scan_attempts)).await?;
                tracing::warn!(file = %file.hash, "a file could not be scanned; it stays closed");
            }
            Err(ScanError::File(fault)) => {
                tx = fetch_failed(tx, &file, fault, now).await?;
            }
            Err(fault @ ScanError::NotThere { .. }) => return Ok(Some(fault.to_string())),
        }
        tx.commit().await?;
    }
    Ok(None)
}

/// A file that could not be fetched: one that is gone is taken out of its message again; another fault passes.
async fn fetch_failed(
    mut tx: crate::store::Tx,
    file: &Open,
    fault: FilesError,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<crate::store::Tx, StepError> {
    let FilesError::Missing(hash) = fault else { return Err(fault.into()) };
    tracing::error!(file = %hash, "a kept file is gone; it is taken out of its message again");
    attachments::scan_later(&mut tx, hash, &fault.to_string(), now + scan_pause(file.scan_attempts)).await?;
    attachments::keep_again(&mut tx, hash).await?;
    Ok(tx)
}

/// Until a file that could not be scanned is tried again: 5 minutes, doubling to 6 hours.
fn scan_pause(attempts: i64) -> TimeDelta {
    let doubled = u32::try_from(attempts.clamp(0, 10)).unwrap_or(0);
    TimeDelta::minutes((5i64 << doubled).min(360))
}

/// Reads the words of what may be opened. The fault, if none can be read.
async fn read_some(engine: &Engine, counts: &mut FileCounts) -> Result<Option<String>, StepError> {
    let unscanned = engine.files.scanner.is_none();
    let due = attachments::unread(&mut engine.store.begin_read().await?, unscanned, BATCH).await?;
    let mut session = engine.files.reader.session();
    for file in due {
        let words = match engine.files.store.get(file.hash).await {
            Ok((size, pieces)) => session.read(&file.media_type, size, pieces).await,
            Err(fault) => Err(fault.into()),
        };
        let words = match words {
            Ok(words) => words,
            Err(ReadError::File(FilesError::Missing(hash))) => {
                let mut tx = engine.store.begin().await?;
                attachments::keep_again(&mut tx, hash).await?;
                tx.commit().await?;
                String::new()
            }
            Err(ReadError::File(fault)) => return Err(fault.into()),
            Err(fault @ ReadError::Process { .. }) => return Ok(Some(fault.to_string())),
        };
        let searched = text::for_search(&words);
        let shown = text::is_shown(&file.media_type).then_some(words.as_str()).filter(|words| !words.is_empty());
        let mut tx = engine.store.begin().await?;
        attachments::put_words(&mut tx, file.hash, Some(searched.as_str()).filter(|words| !words.is_empty()), shown)
            .await?;
        tx.commit().await?;
        counts.files_read += 1;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules { largest: 10_000_000, most: 3, refuse: vec!["exe".into()] }
    }

    fn judged(name: &str, bytes: Option<&[u8]>) -> Result<&'static str, String> {
        let part = Part {
            name: name.into(),
            said_type: "x/y".into(),
            inside: None,
            bytes: bytes.map(Cow::Borrowed),
            left_out: None,
        };
        let found = judge(Uuid::nil(), 1, part, &rules());
        match found.content {
            Content::Here(_, media_type) => Ok(media_type),
            Content::LeftOut(_) | Content::Refused => Err(found.about.kept.unwrap_err()),
        }
    }

    #[test]
    fn a_file_is_kept_by_its_content_unless_it_is_too_large_cut_off_or_runs() {
        assert_eq!(judged("a.txt", Some(b"%PDF-1.4 x")), Ok("application/pdf"));
        assert_eq!(judged("a.pdf", Some(&vec![b'x'; 10_000_001])), Err("it is larger than 10 MB".into()));
        assert!(judged("a.pdf", None).unwrap_err().contains("cut off"));
        assert!(judged("a.exe", Some(b"words")).unwrap_err().contains(".exe can run"));
    }

    #[test]
    fn a_file_that_cannot_be_scanned_is_tried_less_and_less_often() {
        let minutes: Vec<i64> = (0..9).map(|attempts| scan_pause(attempts).num_minutes()).collect();
        assert_eq!(minutes, [5, 10, 20, 40, 80, 160, 320, 360, 360]);
    }
}
