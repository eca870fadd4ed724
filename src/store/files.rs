//! Files, kept by what they hold: the name of a file is the SHA-256 of its bytes, so the same content is kept once,
//! however often it comes.
//!
//! A file is written under a temporary name, hashed on its way, flushed to disk, and only then moved to
//! `aa/bb/<sha256>`: whoever finds a file under its name finds all of it. The database names a file only after that, so a
//! program killed at any moment leaves at most a temporary file, which the next start removes.

use std::{
    fmt, io,
    ops::Range,
    path::{Path as FilePath, PathBuf},
    str::FromStr,
    sync::Arc,
    time::{Duration, SystemTime},
};

use data_encoding::HEXLOWER;
use futures::{Stream, StreamExt, stream::BoxStream};
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt, WriteMultipart, local::LocalFileSystem, path::Path,
};
use sha2::{Digest, Sha256};
use tokio_util::bytes::Bytes;

use crate::ids::Uuid;

/// Where files lie until they are whole.
const INCOMING: &str = "incoming";
/// What a killed program left there is removed after so long: no file takes a day.
const LEFT_OVER_AFTER: Duration = Duration::from_secs(24 * 60 * 60);
/// Written at once (bytes). Object stores in the cloud take no smaller parts.
const PART: usize = 5 * 1024 * 1024;
/// Parts in memory at most: one on its way to the disk while the next one fills.
const PARTS: usize = 2;
/// Hashed between two chances for the other tasks (bytes).
const AT_ONCE: usize = 256 * 1024;

/// The SHA-256 of a file's bytes, which is its name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// `aa/bb/<sha256>`: no folder ever holds too many.
    fn path(self) -> Path {
        let name = self.to_string();
        Path::from(format!("{:02x}/{:02x}/{name}", self.0[0], self.0[1]))
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is no SHA-256 in 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a file's name is the SHA-256 of its content: 64 hexadecimal digits")]
pub struct NotAHash;

impl FromStr for ContentHash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| NotAHash)?;
        Ok(Self(bytes.try_into().map_err(|_| NotAHash)?))
    }
}

/// A file that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// Its name.
    pub hash: ContentHash,
    /// Bytes.
    pub size: u64,
}

/// Why a file was not kept or not found. Names no content and nobody.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The folder.
    #[error(
        "the files folder {} cannot be used ({cause}). Remedy: create it, give the user heard the right to write it, or \
         name another in [files] folder", folder.display()
    )]
    Folder {
        /// Which.
        folder: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// Reading or writing it failed.
    #[error("the files in {place} cannot be read or written ({cause}). Remedy: {}", remedy(cause))]
    Store {
        /// Where they are kept.
        place: String,
        /// What it said.
        cause: object_store::Error,
    },
    /// There is no such file.
    #[error("the file {0} is not in the files folder: restore it from the backup of the same time as the database")]
    Missing(ContentHash),
    /// More than may be kept. Nothing of it is.
    #[error("it has more than {at_most} bytes")]
    TooLarge {
        /// The limit.
        at_most: u64,
    },
    /// What was to be kept could not be read to its end. Nothing of it is kept.
    #[error("the file could not be read to its end: {0}")]
    Source(#[from] io::Error),
}

/// How to mend it.
fn remedy(cause: &object_store::Error) -> &'static str {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(cause);
    while let Some(error) = source {
        match error.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => {
                return "the disk is full: free some space; keeping files goes on by itself afterwards";
            }
            Some(io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => {
                return "give the user heard the right to read and write the folder and all below it";
            }
            _ => source = error.source(),
        }
    }
    "check that [files] folder is there and that its disk works; it is tried again by itself"
}

/// Where files are kept. A clone is the same place.
#[derive(Clone, Debug)]
pub struct FileStore {
    inner: Arc<dyn ObjectStore>,
    place: String,
}

impl FileStore {
    /// Files in `folder`, which is made if need be, readable by its owner alone. What a program that was killed left half
    /// written is removed.
    ///
    /// # Errors
    ///
    /// [`FilesError::Folder`].
    pub fn in_folder(folder: &FilePath) -> Result<Self, FilesError> {
        let fault = |cause| FilesError::Folder { folder: folder.to_path_buf(), cause };
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(fault)?;
        sweep(&folder.join(INCOMING));
        // A family was told that we have their message: a power cut may not take its files.
        let inner = LocalFileSystem::new_with_prefix(folder).map_err(|cause| fault(io::Error::other(cause)))?;
        Ok(Self::over(Arc::new(inner.with_fsync(true)), folder.display().to_string()))
    }

    /// Files in another object store; `place` names it in messages.
    #[must_use]
    pub fn over(inner: Arc<dyn ObjectStore>, place: String) -> Self {
        Self { inner, place }
    }

    /// Where the files are, for messages.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Keeps these bytes.
    ///
    /// # Errors
    ///
    /// [`FilesError::Store`].
    pub async fn put(&self, bytes: Bytes) -> Result<KeptFile, FilesError> {
        self.put_stream(futures::stream::iter([Ok(bytes)]), u64::MAX).await
    }

    /// Keeps what `stream` gives, in flat memory, if it has at most `at_most` bytes.
    ///
    /// # Errors
    ///
    /// [`FilesError`]; then nothing of it is kept.
    pub async fn put_stream(
        &self,
        stream: impl Stream<Item = io::Result<Bytes>> + Send,
        at_most: u64,
    ) -> Result<KeptFile, FilesError> {
        let incoming = Path::from_iter([INCOMING, &Uuid::now_v7().simple().to_string()]);
        let upload = self.inner.put_multipart(&incoming).await.map_err(self.fault())?;
        let mut write = WriteMultipart::new_with_chunk_size(upload, PART);
        let kept = match self.copy(stream, &mut write, at_most).await {
            Ok(kept) => kept,
            Err(fault) => {
                // Whether or not this succeeds, the fault before it is what matters.
                let _ = write.abort().await;
                return Err(fault);
            }
        };
        write.finish().await.map_err(self.fault())?;
        if self.size(kept.hash).await? == Some(kept.size) {
            self.inner.delete(&incoming).await.map_err(self.fault())?;
        } else {
            self.inner.rename(&incoming, &kept.hash.path()).await.map_err(self.fault())?;
        }
        Ok(kept)
    }

    async fn copy(
        &self,
        stream: impl Stream<Item = io::Result<Bytes>>,
        write: &mut WriteMultipart,
        at_most: u64,
    ) -> Result<KeptFile, FilesError> {
        let (mut hash, mut size) = (Sha256::new(), 0u64);
        let mut stream = std::pin::pin!(stream);
        while let Some(bytes) = stream.next().await {
            let mut bytes = bytes?;
            size = size.saturating_add(bytes.len() as u64);
            if size > at_most {
                return Err(FilesError::TooLarge { at_most });
            }
            while !bytes.is_empty() {
                let piece = bytes.split_to(bytes.len().min(AT_ONCE));
                hash.update(&piece);
                write.wait_for_capacity(PARTS).await.map_err(self.fault())?;
                write.write(&piece);
                tokio::task::yield_now().await;
            }
        }
        Ok(KeptFile { hash: ContentHash(hash.finalize().into()), size })
    }

    /// The file's bytes, piece by piece, and how many there are.
    ///
    /// # Errors
    ///
    /// [`FilesError::Missing`], [`FilesError::Store`]; the latter also for each piece.
    pub async fn get(
        &self,
        hash: ContentHash,
    ) -> Result<(u64, BoxStream<'static, Result<Bytes, FilesError>>), FilesError> {
        let found = match self.inner.get(&hash.path()).await {
            Err(object_store::Error::NotFound { .. }) => return Err(FilesError::Missing(hash)),
            other => other.map_err(self.fault())?,
        };
        let (size, place) = (found.meta.size, self.place.clone());
        let pieces = found.into_stream();
        Ok((size, pieces.map(move |piece| piece.map_err(|cause| store_error(&place, cause))).boxed()))
    }

    /// Part of a file, piece by piece; `range` in bytes, cut to what there is.
    ///
    /// # Errors
    ///
    /// [`FilesError::Missing`], [`FilesError::Store`]; the latter also for each piece.
    pub async fn range(
        &self,
        hash: ContentHash,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, FilesError>>, FilesError> {
        if range.is_empty() {
            return Ok(futures::stream::empty().boxed());
        }
        let wanted = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = match self.inner.get_opts(&hash.path(), wanted).await {
            Err(object_store::Error::NotFound { .. }) => return Err(FilesError::Missing(hash)),
            other => other.map_err(self.fault())?,
        };
        let place = self.place.clone();
        Ok(found.into_stream().map(move |piece| piece.map_err(|cause| store_error(&place, cause))).boxed())
    }

    /// The whole file. For what is known to be small: all of it is in memory.
    ///
    /// # Errors
    ///
    /// [`FilesError::Missing`], [`FilesError::Store`].
    pub async fn read(&self, hash: ContentHash) -> Result<Bytes, FilesError> {
        match self.inner.get(&hash.path()).await {
            Err(object_store::Error::NotFound { .. }) => Err(FilesError::Missing(hash)),
            other => other.map_err(self.fault())?.bytes().await.map_err(self.fault()),
        }
    }

    /// How many bytes the file has; None if it is not kept.
    ///
    /// # Errors
    ///
    /// [`FilesError::Store`].
    pub async fn size(&self, hash: ContentHash) -> Result<Option<u64>, FilesError> {
        match self.inner.head(&hash.path()).await {
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            other => Ok(Some(other.map_err(self.fault())?.size)),
        }
    }

    /// Erases the file; one that is not there is erased already. Whoever calls this has made sure that no row of the
    /// database names the hash any more: two messages may share a file.
    ///
    /// # Errors
    ///
    /// [`FilesError::Store`].
    pub async fn delete(&self, hash: ContentHash) -> Result<(), FilesError> {
        match self.inner.delete(&hash.path()).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => other.map_err(self.fault()),
        }
    }

    /// Tries whether files can be written and removed.
    ///
    /// # Errors
    ///
    /// [`FilesError::Store`].
    pub async fn probe(&self) -> Result<(), FilesError> {
        let probe = Path::from_iter([INCOMING, &format!("probe-{}", Uuid::now_v7().simple())]);
        self.inner.put(&probe, Bytes::from_static(b"probe").into()).await.map_err(self.fault())?;
        self.inner.delete(&probe).await.map_err(self.fault())
    }

    fn fault(&self) -> impl Fn(object_store::Error) -> FilesError + '_ {
        |cause| store_error(&self.place, cause)
    }
}

fn store_error(place: &str, cause: object_store::Error) -> FilesError {
    FilesError::Store { place: place.to_owned(), cause }
}

/// Removes what was left half written long ago. A fault is nobody's trouble: the file only takes up space.
fn sweep(incoming: &FilePath) {
    let Ok(entries) = std::fs::read_dir(incoming) else { return };
    let now = SystemTime::now();
    for entry in entries.flatten() {
        let age = entry.metadata().and_then(|about| about.modified()).ok().and_then(|at| now.duration_since(at).ok());
        if age.is_some_and(|age| age > LEFT_OVER_AFTER) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt;
    use tokio_util::io::ReaderStream;

    use super::*;

    /// The files below a folder, as paths from there.
    fn files(folder: &FilePath) -> Vec<String> {
        let mut all = Vec::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    all.push(entry.path().strip_prefix(folder).unwrap().display().to_string());
                }
            }
        }
        all.sort();
        all
    }

    #[tokio::test]
    async fn the_same_content_twice_is_one_file_named_by_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileStore::in_folder(&folder.path().join("files")).unwrap();
        let first = store.put(Bytes::from_static(b"abc")).await.unwrap();
        let pieces = [Ok(Bytes::from_static(b"a")), Ok(Bytes::new()), Ok(Bytes::from_static(b"bc"))];
        let second = store.put_stream(futures::stream::iter(pieces), 3).await.unwrap();
        assert_eq!(first, second);
        let name = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((first.hash.to_string().as_str(), first.size), (name, 3));
        assert_eq!(files(&folder.path().join("files")), [format!("ba/78/{name}")]);
        assert_eq!(name.parse(), Ok(first.hash));
        assert_eq!(store.read(first.hash).await.unwrap(), "abc");
    }

    #[tokio::test]
    async fn a_big_file_is_the_same_when_it_comes_out_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileStore::in_folder(folder.path()).unwrap();
        let bytes: Vec<u8> = (0..2 * PART + 12_345).map(|n| (n % 251) as u8).collect();
        let kept = store.put_stream(ReaderStream::new(bytes.as_slice()), bytes.len() as u64).await.unwrap();
        assert_eq!(kept, KeptFile { hash: ContentHash::of(&bytes), size: bytes.len() as u64 });
        let (size, stream) = store.get(kept.hash).await.unwrap();
        let pieces: Vec<Bytes> = stream.try_collect().await.unwrap();
        assert_eq!(size, kept.size);
        assert!(pieces.len() > 1 && pieces.concat() == bytes);
    }

    #[tokio::test]
    async fn what_is_too_large_or_breaks_off_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileStore::in_folder(folder.path()).unwrap();
        let large = store.put_stream(ReaderStream::new([7u8; 11].as_slice()), 10).await;
        assert!(matches!(large, Err(FilesError::TooLarge { at_most: 10 })), "{large:?}");
        let pieces = [Ok(Bytes::from_static(b"half")), Err(io::Error::other("the line went dead"))];
        let broken = store.put_stream(futures::stream::iter(pieces), 100).await;
        assert!(matches!(broken, Err(FilesError::Source(_))), "{broken:?}");
        assert_eq!(files(folder.path()), [""; 0]);
    }

    #[tokio::test]
    async fn a_file_that_is_gone_is_missing_and_a_damaged_one_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileStore::in_folder(folder.path()).unwrap();
        let kept = store.put(Bytes::from_static(b"a letter")).await.unwrap();
        let path = folder.path().join(kept.hash.path().as_ref());
        std::fs::write(&path, "a le").unwrap();
        store.put(Bytes::from_static(b"a letter")).await.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"a letter");
        store.delete(kept.hash).await.unwrap();
        store.delete(kept.hash).await.unwrap();
        assert_eq!(store.size(kept.hash).await.unwrap(), None);
        assert!(matches!(store.get(kept.hash).await, Err(FilesError::Missing(hash)) if hash == kept.hash));
        assert!(matches!(store.read(kept.hash).await, Err(FilesError::Missing(_))));
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_used_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a-file");
        std::fs::write(&file, "").unwrap();
        let said = FileStore::in_folder(&file.join("files")).unwrap_err().to_string();
        assert!(said.contains("a-file/files cannot be used") && said.contains("[files] folder"), "{said}");
        let store = FileStore::in_folder(&folder.path().join("files")).unwrap();
        store.probe().await.unwrap();
        std::fs::remove_dir_all(folder.path().join("files")).unwrap();
        std::fs::write(folder.path().join("files"), "in the way").unwrap();
        let said = store.probe().await.unwrap_err().to_string();
        assert!(said.contains("Remedy") && said.contains("files"), "{said}");
    }

    #[tokio::test]
    async fn what_a_killed_program_left_goes_after_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let incoming = folder.path().join(INCOMING);
        std::fs::create_dir(&incoming).unwrap();
        for (name, hours) in [("old#1", 25), ("new#1", 23)] {
            let file = std::fs::File::create(incoming.join(name)).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(hours * 60 * 60)).unwrap();
        }
        FileStore::in_folder(folder.path()).unwrap();
        assert_eq!(files(folder.path()), ["incoming/new#1"]);
    }

    #[test]
    fn only_a_hash_is_a_name() {
        for text in ["", "../../etc/passwd", &"a".repeat(63), &"A".repeat(64), &"g".repeat(64), &"a".repeat(66)] {
            assert_eq!(text.parse::<ContentHash>(), Err(NotAHash), "{text}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_but_the_owner_can_look_in() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let files = folder.path().join("data/files");
        FileStore::in_folder(&files).unwrap();
        assert_eq!(std::fs::metadata(&files).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
