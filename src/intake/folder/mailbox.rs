//! A folder as a mailbox: what is dropped into it arrives, in the order in which it is noticed.

use std::{
    collections::HashMap,
    fs::OpenOptions,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, UNIX_EPOCH},
};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use futures::{StreamExt, future::BoxFuture, stream::BoxStream};
use tokio_util::bytes::Bytes;

use super::files::{Entry, FolderError, list};
use crate::intake::{
    mailbox::{Arrived, Batch, BatchLimits, Listed, Listing, Mailbox, MailboxError, Position},
    parse::received_at,
};
use crate::procedure::holidays::FIRST_YEAR;

/// The file in the folder that remembers which message has which UID: a first line with the UIDVALIDITY, then one line
/// `uid<tab>name` for each message, only ever appended to.
const INDEX: &str = ".heard-uids";
/// The UIDVALIDITY where no index can be kept.
const WITHOUT_INDEX: u32 = 1;
/// How often a waiting mailbox looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A folder that messages are dropped into. Files are neither moved nor changed.
///
/// A file gets its UID when it is first seen, and keeps it in an index beside the files, so that a file which is dropped
/// later is found whatever its name. If the folder may not be written to, UIDs follow the order of time and name.
#[derive(Clone, Debug)]
pub struct FolderMailbox {
    folder: PathBuf,
    index: Arc<Mutex<Index>>,
}

#[derive(Debug, Default)]
struct Index {
    uid_validity: u32,
    uids: HashMap<String, u32>,
    highest: u32,
    /// None when the folder cannot be written to.
    file: Option<PathBuf>,
}

impl FolderMailbox {
    /// Opens a folder.
    ///
    /// # Errors
    ///
    /// [`MailboxError::Folder`] when it is not there or may not be read.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, MailboxError> {
        let folder = folder.into();
        let fault = |cause: String| MailboxError::Folder { folder: folder.display().to_string(), cause };
        std::fs::read_dir(&folder).map_err(|cause| fault(cause.to_string()))?;
        let index = Index::open(&folder).map_err(|cause| fault(format!("its index {INDEX}: {cause}")))?;
        Ok(Self { folder, index: Arc::new(Mutex::new(index)) })
    }

    /// Opens a folder that is watched already, to look at what was numbered there: writes nothing, and gives no number.
    ///
    /// # Errors
    ///
    /// [`MailboxError::Folder`] when it is not there or may not be read.
    pub fn open_to_look(folder: impl Into<PathBuf>) -> Result<Self, MailboxError> {
        let folder = folder.into();
        let fault = |cause: std::io::Error| MailboxError::Folder {
            folder: folder.display().to_string(),
            cause: cause.to_string(),
        };
        let text = match std::fs::read(folder.join(INDEX)) {
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            read => read.map_err(fault)?,
        };
        let index = Index::read(whole_lines(&String::from_utf8_lossy(&text))).unwrap_or_default();
        Ok(Self { folder, index: Arc::new(Mutex::new(index)) })
    }

    /// Runs `work` where it may block.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path, &mut Index) -> Result<T, MailboxError> + Send + 'static,
    ) -> Result<T, MailboxError> {
        let this = self.clone();
        tokio::task::spawn_blocking(move || {
            let mut index = this.index.lock().unwrap_or_else(PoisonError::into_inner);
            work(&this.folder, &mut index)
        })
        .await
        .map_err(|fault| MailboxError::Broken(fault.to_string()))?
    }
}

impl Index {
    fn open(folder: &Path) -> std::io::Result<Self> {
        let file = folder.join(INDEX);
        let text = match std::fs::read(&file) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(fault) => return Err(fault),
        };
        // A last line without its end was being written when the power went: the message is numbered again.
        let whole = whole_lines(&text);
        if let Some(mut index) = Self::read(whole) {
            if whole.len() == text.len() || std::fs::write(&file, whole).is_ok() {
                index.file = Some(file);
            }
            return Ok(index);
        }
        let mut index = Self { uid_validity: WITHOUT_INDEX, ..Self::default() };
        index.begin(&file);
        Ok(index)
    }

    /// What an index says; None if it has no UIDVALIDITY.
    fn read(whole: &str) -> Option<Self> {
        let mut lines = whole.lines();
        let uid_validity = lines.next()?.strip_prefix("uidvalidity\t")?.parse().ok()?;
        let mut index = Self { uid_validity, ..Self::default() };
        for (uid, key) in lines.filter_map(|line| line.split_once('\t')) {
            if let Ok(uid) = uid.parse::<u32>() {
                index.highest = index.highest.max(uid);
                index.uids.insert(key.to_owned(), uid);
            }
        }
        Some(index)
    }

    /// A new index has a new UIDVALIDITY, the second in which it was made, so that positions from before a lost index
    /// are not applied to new numbers.
    fn begin(&mut self, file: &Path) {
        let made = std::fs::write(file, "").and_then(|()| std::fs::metadata(file)).and_then(|meta| meta.modified());
        let Ok(made) = made else { return };
        let seconds = made.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        self.uid_validity = u32::try_from(seconds).unwrap_or(u32::MAX).max(2);
        if std::fs::write(file, format!("uidvalidity\t{}\n", self.uid_validity)).is_ok() {
            self.file = Some(file.to_owned());
        } else {
            self.uid_validity = WITHOUT_INDEX;
        }
    }

    /// Gives UIDs to the messages that have none, in the order of time and name.
    fn number(&mut self, entries: &[Entry]) -> std::io::Result<()> {
        let mut new: Vec<&Entry> = entries.iter().filter(|entry| !self.uids.contains_key(&key(entry))).collect();
        if new.is_empty() {
            return Ok(());
        }
        new.sort_by(|a, b| (a.written, &a.key).cmp(&(b.written, &b.key)));
        let mut lines = String::new();
        for entry in &new {
            self.highest += 1;
            lines.push_str(&format!("{}\t{}\n", self.highest, key(entry)));
            self.uids.insert(key(entry), self.highest);
        }
        if let Some(file) = &self.file {
            let mut file = OpenOptions::new().append(true).open(file)?;
            file.write_all(lines.as_bytes())?;
            file.sync_data()?;
        }
        Ok(())
    }
}

/// `text` without a last line that has no end.
fn whole_lines(text: &str) -> &str {
    text.rfind('\n').map_or("", |end| text.get(..=end).unwrap_or_default())
}

/// A file name may hold anything but must not end a line of the index.
fn key(entry: &Entry) -> String {
    entry.key.replace(['\n', '\r', '\t'], "?")
}

/// Headers lie within so much of a message (bytes).
const HEADERS: u64 = 64 * 1024;
/// Read from a file at once (bytes).
const PIECE: u64 = 256 * 1024;

type Reader = Box<dyn Read + Send>;

/// The message with the UID of `place`, from its first byte on.
fn open_at(folder: &Path, index: &Index, place: Position) -> Result<Reader, MailboxError> {
    if place.uid_validity != index.uid_validity {
        return Err(MailboxError::Gone);
    }
    let (entries, _) = list(folder).map_err(broken)?;
    let entry = entries.iter().find(|entry| index.uids.get(&key(entry)) == Some(&place.last_uid));
    match entry.ok_or(MailboxError::Gone)?.open() {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Err(MailboxError::Gone),
        opened => opened.map_err(|cause| MailboxError::Broken(cause.to_string())),
    }
}

fn next_piece(mut reader: Reader) -> std::io::Result<Option<(Bytes, Option<Reader>)>> {
    let mut piece = Vec::new();
    reader.by_ref().take(PIECE).read_to_end(&mut piece)?;
    Ok((!piece.is_empty()).then(|| (piece.into(), Some(reader))))
}

/// What the topmost server noted, unless it cannot be: a clock that runs ahead, or a line from before anybody could have
/// dropped the file here. Then when the file was written.
fn arrived_at(raw: &[u8], entry: &Entry) -> DateTime<Utc> {
    let written = DateTime::<Utc>::from(entry.written);
    let can_be = |at: &DateTime<Utc>| at.year() >= FIRST_YEAR && *at <= written + TimeDelta::days(1);
    received_at(raw).filter(can_be).unwrap_or(written)
}

fn broken(fault: FolderError) -> MailboxError {
    MailboxError::Broken(fault.to_string())
}

impl Mailbox for FolderMailbox {
    fn after(&mut self, position: Option<Position>, limits: BatchLimits) -> BoxFuture<'_, Result<Batch, MailboxError>> {
        Box::pin(self.blocking(move |folder, index| {
            let (entries, _) = list(folder).map_err(broken)?;
            let numbered = index.number(&entries);
            numbered.map_err(|cause| MailboxError::Broken(format!("{INDEX} in {}: {cause}", folder.display())))?;
            let from = match position {
                // Positions of folders were once kept under UIDVALIDITY 0.
                Some(p) if p.uid_validity == index.uid_validity || (p.uid_validity == 0 && p.last_uid == 0) => {
                    p.last_uid
                }
                _ => 0,
            };
            let mut due: Vec<(u32, &Entry)> = entries
                .iter()
                .filter_map(|e| Some((*index.uids.get(&key(e))?, e)))
                .filter(|(uid, _)| *uid > from)
                .collect();
            due.sort_by_key(|(uid, _)| *uid);
            let mut batch = Batch { uid_validity: index.uid_validity, ..Batch::default() };
            let (mut bytes, mut looked_at) = (0_u64, 0);
            for (uid, entry) in &due {
                if batch.messages.len() >= limits.messages || (bytes > 0 && bytes >= limits.bytes) {
                    break;
                }
                looked_at += 1;
                let too_big = entry.size > limits.whole_up_to;
                let raw = match entry.read(if too_big { limits.cut_to } else { u64::MAX }) {
                    Ok(raw) => raw,
                    // Taken away since it was listed: its number stays unused.
                    Err(FolderError::Io { cause, .. }) if cause.kind() == std::io::ErrorKind::NotFound => continue,
                    Err(fault) => return Err(broken(fault)),
                };
                bytes += raw.len() as u64;
                let arrived_at = arrived_at(&raw, entry);
                batch.messages.push(Arrived { uid: *uid, arrived_at, raw, cut_from: too_big.then_some(entry.size) });
            }
            batch.waiting = (due.len() - looked_at) as u64;
            Ok(batch)
        }))
    }

    fn list(&mut self, from: DateTime<Utc>, to: DateTime<Utc>) -> BoxFuture<'_, Result<Listing, MailboxError>> {
        Box::pin(self.blocking(move |folder, index| {
            let (entries, _) = list(folder).map_err(broken)?;
            let mut listing = Listing { uid_validity: index.uid_validity, ..Listing::default() };
            // What has no number yet gets one where mail is read, which may be another program.
            for (entry, uid) in entries.iter().filter_map(|entry| Some((entry, *index.uids.get(&key(entry))?))) {
                let Ok(beginning) = entry.read(HEADERS) else { continue };
                let arrived_at = arrived_at(&beginning, entry);
                if arrived_at >= from && arrived_at < to {
                    listing.messages.push(Listed { uid, arrived_at });
                }
            }
            listing.messages.sort_by_key(|one| one.uid);
            Ok(listing)
        }))
    }

    fn whole(&mut self, place: Position) -> BoxStream<'_, Result<Bytes, MailboxError>> {
        let pieces = futures::stream::try_unfold(None::<Reader>, move |open| {
            let this = self.clone();
            async move {
                let reader = match open {
                    Some(reader) => reader,
                    None => this.blocking(move |folder, index| open_at(folder, index, place)).await?,
                };
                let piece = tokio::task::spawn_blocking(move || next_piece(reader)).await;
                let piece = piece.map_err(|fault| MailboxError::Broken(fault.to_string()))?;
                piece.map_err(|fault| MailboxError::Broken(fault.to_string()))
            }
        });
        pieces.boxed()
    }

    fn wait(&mut self, at_most: Duration) -> BoxFuture<'_, Result<(), MailboxError>> {
        Box::pin(async move {
            let end = tokio::time::Instant::now() + at_most;
            loop {
                let anything = self
                    .blocking(|folder, index| {
                        let (entries, _) = list(folder).map_err(broken)?;
                        Ok(entries.iter().any(|entry| !index.uids.contains_key(&key(entry))))
                    })
                    .await?;
                let now = tokio::time::Instant::now();
                if anything || now >= end {
                    return Ok(());
                }
                tokio::time::sleep_until(end.min(now + LOOK_EVERY)).await;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const MAIL: &str = "From: ann@mail.example\r\nSubject: s\r\n\r\nwords\r\n";

    async fn uids(mailbox: &mut FolderMailbox, position: Option<Position>) -> (Vec<u32>, Option<Position>) {
        let batch = mailbox.after(position, BatchLimits::default()).await.unwrap();
        let uids: Vec<u32> = batch.messages.iter().map(|m| m.uid).collect();
        let last = uids.last().map(|&last_uid| Position { uid_validity: batch.uid_validity, last_uid });
        (uids, last.or(position))
    }

    #[tokio::test]
    async fn a_second_look_lists_what_was_numbered_and_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.eml", "b.eml"] {
            fs::write(folder.path().join(name), MAIL).unwrap();
        }
        let mut watching = FolderMailbox::open(folder.path()).unwrap();
        let (numbered, position) = uids(&mut watching, None).await;
        fs::write(folder.path().join("c.eml"), MAIL).unwrap();
        let index = fs::read(folder.path().join(INDEX)).unwrap();
        let mut looking = FolderMailbox::open_to_look(folder.path()).unwrap();
        let listing = looking.list(DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC).await.unwrap();
        assert_eq!(listing.messages.iter().map(|one| one.uid).collect::<Vec<_>>(), numbered);
        assert_eq!(listing.uid_validity, position.unwrap().uid_validity);
        assert_eq!(listing, watching.list(DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC).await.unwrap());
        assert!(looking.list(DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH).await.unwrap().messages.is_empty());
        assert_eq!(fs::read(folder.path().join(INDEX)).unwrap(), index);
    }

    #[tokio::test]
    async fn a_file_dropped_later_is_found_though_its_name_sorts_earlier_and_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("m.eml"), MAIL).unwrap();
        fs::write(dir.path().join("n.eml"), MAIL).unwrap();
        let mut mailbox = FolderMailbox::open(dir.path()).unwrap();
        let (first, position) = uids(&mut mailbox, None).await;
        assert_eq!(first, [1, 2]);
        let mut mailbox = FolderMailbox::open(dir.path()).unwrap();
        assert_eq!(uids(&mut mailbox, position).await.0, Vec::<u32>::new());
        fs::write(dir.path().join("a.eml.tmp"), MAIL).unwrap();
        assert_eq!(uids(&mut mailbox, position).await.0, Vec::<u32>::new(), "still being written");
        fs::rename(dir.path().join("a.eml.tmp"), dir.path().join("a.eml")).unwrap();
        mailbox.wait(Duration::from_secs(60)).await.unwrap();
        let (third, position) = uids(&mut mailbox, position).await;
        assert_eq!(third, [3]);
        fs::remove_file(dir.path().join("n.eml")).unwrap();
        fs::write(dir.path().join("b.eml"), MAIL).unwrap();
        assert_eq!(uids(&mut mailbox, position).await.0, [4]);
    }

    #[tokio::test]
    async fn a_lost_index_begins_again_under_another_validity_and_a_torn_line_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("m.eml"), MAIL).unwrap();
        fs::write(dir.path().join(INDEX), "uidvalidity\t77\n1\tm.eml\n2\tn.e").unwrap();
        let mut mailbox = FolderMailbox::open(dir.path()).unwrap();
        let batch = mailbox.after(None, BatchLimits::default()).await.unwrap();
        assert_eq!((batch.uid_validity, batch.messages.len()), (77, 1));
        fs::write(dir.path().join("n.eml"), MAIL).unwrap();
        let (new, _) = uids(&mut mailbox, Some(Position { uid_validity: 77, last_uid: 1 })).await;
        assert_eq!(new, [2]);
        fs::remove_file(dir.path().join(INDEX)).unwrap();
        let mut mailbox = FolderMailbox::open(dir.path()).unwrap();
        let batch =
            mailbox.after(Some(Position { uid_validity: 77, last_uid: 2 }), BatchLimits::default()).await.unwrap();
        assert_ne!(batch.uid_validity, 77);
        assert_eq!(batch.messages.len(), 2, "all are read again");
    }

    #[tokio::test]
    async fn batches_keep_to_their_limits_and_a_big_message_is_cut() {
        let dir = tempfile::tempdir().unwrap();
        for n in 0..5 {
            fs::write(dir.path().join(format!("{n}.eml")), MAIL).unwrap();
        }
        let mut mailbox = FolderMailbox::open(dir.path()).unwrap();
        let limits = BatchLimits { messages: 2, whole_up_to: 10, cut_to: 8, ..BatchLimits::default() };
        let batch = mailbox.after(None, limits).await.unwrap();
        assert_eq!((batch.messages.len(), batch.waiting), (2, 3));
        assert_eq!((batch.messages[0].raw.len(), batch.messages[0].cut_from), (8, Some(MAIL.len() as u64)));
    }

    #[tokio::test]
    async fn a_maildir_message_keeps_its_uid_when_it_is_marked_as_read() {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["new", "cur", "tmp"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        fs::write(dir.path().join("new/1.host"), MAIL).unwrap();
        let mut mailbox = FolderMailbox::open(dir.path()).unwrap();
        let (first, position) = uids(&mut mailbox, None).await;
        assert_eq!(first, [1]);
        fs::rename(dir.path().join("new/1.host"), dir.path().join("cur/1.host:2,S")).unwrap();
        assert_eq!(uids(&mut mailbox, position).await.0, Vec::<u32>::new());
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let fault = FolderMailbox::open("/nowhere/at/all").unwrap_err().to_string();
        assert!(fault.contains("/nowhere/at/all"), "{fault}");
    }
}
