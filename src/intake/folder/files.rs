//! Which files hold messages: `.eml`, mbox, Maildir.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// What went wrong with a folder of messages.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file or folder cannot be read.
    #[error("{path} cannot be read: {cause}; check that it exists and that this user may read it")]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
}

impl FolderError {
    pub(super) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        |cause| Self::Io { path: path.to_owned(), cause }
    }
}

/// One message in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The file.
    pub path: PathBuf,
    /// Stays the same when a Maildir program moves the file or sets its flags.
    pub key: String,
    /// Where in an mbox file: first byte after its `From ` line, and length.
    pub span: Option<(u64, u64)>,
    /// When the file was last written.
    pub written: SystemTime,
    /// Bytes in the file.
    pub size: u64,
}

impl Entry {
    /// The message, or its first `most` bytes.
    pub fn read(&self, most: u64) -> Result<Vec<u8>, FolderError> {
        let mut bytes = Vec::new();
        self.open()
            .and_then(|reader| reader.take(most).read_to_end(&mut bytes))
            .map_err(FolderError::at(&self.path))?;
        Ok(bytes)
    }

    /// The message from its first byte on.
    pub fn open(&self) -> std::io::Result<Box<dyn Read + Send>> {
        let mut file = File::open(&self.path)?;
        match self.span {
            None => Ok(Box::new(file)),
            Some((start, length)) => {
                file.seek(SeekFrom::Start(start))?;
                let lines = BufReader::with_capacity(64 * 1024, file.take(length));
                Ok(Box::new(Unescaped { lines, at_line_start: true, ready: Vec::new(), at: 0 }))
            }
        }
    }
}

/// Takes one `>` from lines `>From `, `>>From ` … (mboxrd).
struct Unescaped<R> {
    lines: R,
    at_line_start: bool,
    ready: Vec<u8>,
    at: usize,
}

/// Longer lines are gone through in pieces.
const LONGEST_LINE: u64 = 64 * 1024;

impl<R: BufRead> Read for Unescaped<R> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        if self.at >= self.ready.len() {
            self.ready.clear();
            self.lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut self.ready)?;
            let signs = self.ready.iter().take_while(|&&b| b == b'>').count();
            let quoted = self.at_line_start && signs > 0;
            self.at = usize::from(quoted && self.ready.get(signs..).is_some_and(|rest| rest.starts_with(b"From ")));
            self.at_line_start = self.ready.ends_with(b"\n");
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

/// Files that are still being written, or are not for us.
fn is_passing(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    name.starts_with('.') || [".tmp", ".part", ".partial", ".crdownload", "~"].iter().any(|end| lower.ends_with(end))
}

/// Deepest folder in a folder that is looked into.
const DEEPEST: usize = 8;

/// All messages in `folder`, in its Maildir and its subfolders, and the files that hold none.
pub(super) fn list(folder: &Path) -> Result<(Vec<Entry>, Vec<PathBuf>), FolderError> {
    let mut found = Vec::new();
    let mut others = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((here, depth)) = open.pop() {
        let in_maildir = here.file_name().is_some_and(|name| name == "cur" || name == "new");
        for entry in std::fs::read_dir(&here).map_err(FolderError::at(&here))? {
            let entry = entry.map_err(FolderError::at(&here))?;
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            // A file that is moved away between listing and looking is found again under its new name.
            let Ok(meta) = entry.metadata() else { continue };
            if meta.is_dir() {
                // Maildir's tmp holds what is being delivered.
                if name != "tmp" && depth < DEEPEST && !name.starts_with('.') {
                    open.push((path, depth + 1));
                }
                continue;
            }
            if !meta.is_file() || is_passing(&name) {
                continue;
            }
            let relative = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
            let written = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            let one = |key: String| Entry { path: path.clone(), key, span: None, written, size: meta.len() };
            if in_maildir {
                let unique = name.split(":2,").next().unwrap_or(&name);
                let parent = here.parent().and_then(|p| p.strip_prefix(folder).ok()).unwrap_or(Path::new(""));
                found.push(one(parent.join(unique).to_string_lossy().into_owned()));
            } else if has_extension(&path, &["eml"]) {
                found.push(one(relative));
            } else if is_mbox(&path) {
                for (start, length) in mbox_spans(&path)? {
                    found.push(Entry {
                        path: path.clone(),
                        key: format!("{relative}@{start}"),
                        span: Some((start, length)),
                        written,
                        size: length,
                    });
                }
            } else {
                others.push(path);
            }
        }
    }
    found.sort_by(|a, b| a.key.cmp(&b.key));
    others.sort();
    Ok((found, others))
}

pub(super) fn has_extension(path: &Path, wanted: &[&str]) -> bool {
    path.extension().is_some_and(|e| wanted.iter().any(|w| e.eq_ignore_ascii_case(w)))
}

/// An mbox file begins with `From ` whatever it is called.
pub(super) fn is_mbox(path: &Path) -> bool {
    let mut beginning = [0; 5];
    File::open(path).and_then(|mut file| file.read_exact(&mut beginning)).is_ok() && &beginning == b"From "
}

/// Where the messages lie in an mbox file. A message begins after a line `From … <year>` that follows an empty line, so
/// that a sentence beginning with "From" in an unescaped mbox does not cut a message in two.
pub(super) fn mbox_spans(path: &Path) -> Result<Vec<(u64, u64)>, FolderError> {
    let scan = || -> std::io::Result<Vec<(u64, u64)>> {
        let mut reader = BufReader::with_capacity(256 * 1024, File::open(path)?);
        let mut spans: Vec<(u64, u64)> = Vec::new();
        let (mut at, mut after_blank, mut begun) = (0_u64, true, None);
        let mut line = Vec::new();
        loop {
            line.clear();
            // A line without an end must not fill the memory.
            let length = reader.by_ref().take(1024 * 1024).read_until(b'\n', &mut line)? as u64;
            if length == 0 {
                break;
            }
            if after_blank && is_from_line(&line) {
                if let Some(start) = begun {
                    spans.push((start, at - start));
                }
                begun = Some(at + length);
            }
            after_blank = line.iter().all(|b| matches!(b, b'\r' | b'\n'));
            at += length;
        }
        if let Some(start) = begun {
            spans.push((start, at - start));
        }
        Ok(spans)
    };
    scan().map_err(FolderError::at(path))
}

fn is_from_line(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let has_time =
        rest.windows(3).any(|three| matches!(three, [a, b':', b] if a.is_ascii_digit() && b.is_ascii_digit()));
    let has_year =
        rest.windows(4).any(|four| matches!(four, [b'1' | b'2', rest @ ..] if rest.iter().all(u8::is_ascii_digit)));
    has_time && has_year
}
