//! What was sent, noted within microseconds of the mail server's word.
//!
//! Between that word and the commit that marks the row lies a flush to disk. A program killed there would send the
//! letter again. A line appended to this file survives the kill (not a power cut, where sending again is right).

use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::ids::Uuid;

/// The file beside a SQLite database.
#[derive(Debug)]
pub struct SentJournal {
    path: PathBuf,
    file: Mutex<Option<File>>,
}

impl SentJournal {
    /// The journal of the database at `path`.
    #[must_use]
    pub fn beside(path: &Path) -> Self {
        let mut name = path.as_os_str().to_owned();
        name.push("-sent");
        Self { path: name.into(), file: Mutex::new(None) }
    }

    /// Opens the journal for this program alone and returns what the one before noted. None while another program is
    /// alive that sends from the same database: its letters are under way, not left over. The lock is the system's
    /// (flock), so it ends with the program, also when that is killed.
    #[must_use]
    pub fn take_over(&self) -> Option<Vec<Uuid>> {
        let mut held = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut file = Self::warned(self.open())?;
        file.try_lock().ok()?;
        let mut bytes = Vec::new();
        Self::warned(file.read_to_end(&mut bytes))?;
        *held = Some(file);
        // Half a line at the end is a note that a kill cut off.
        let text = String::from_utf8_lossy(&bytes);
        Some(text.lines().filter_map(|line| Uuid::try_parse(line).ok()).collect())
    }

    fn open(&self) -> std::io::Result<File> {
        OpenOptions::new().create(true).read(true).append(true).open(&self.path)
    }

    fn warned<T>(result: std::io::Result<T>) -> Option<T> {
        result.inspect_err(|error| tracing::warn!(%error, "the journal of sent letters cannot be used")).ok()
    }

    /// Notes that the outbox row `id` was sent. A fault is logged and otherwise ignored: the commit follows anyway.
    pub fn note(&self, id: Uuid) {
        let mut held = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_none() {
            *held = Self::warned(self.open());
        }
        if let Some(file) = held.as_mut() {
            // In one write: two programs may append to the file.
            Self::warned(file.write_all(format!("{}\n", id.simple()).as_bytes()));
        }
    }

    /// Forgets everything: the database knows it. Only after [`SentJournal::take_over`].
    pub fn clear(&self) {
        let mut held = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = held.as_mut() {
            Self::warned(file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0)).map(|_| ())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_there_for_the_next_start_even_with_half_a_line_behind_it() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("heard.db");
        let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
        let journal = SentJournal::beside(&database);
        journal.note(first);
        journal.note(second);
        std::fs::OpenOptions::new()
            .append(true)
            .open(folder.path().join("heard.db-sent"))
            .unwrap()
            .write_all(b"0192")
            .unwrap();
        drop(journal);
        let after = SentJournal::beside(&database);
        assert_eq!(after.take_over().unwrap(), [first, second]);
        after.clear();
        drop(after);
        assert!(SentJournal::beside(&database).take_over().unwrap().is_empty());
    }

    #[test]
    fn nobody_takes_over_while_another_program_sends() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("heard.db");
        let (living, other) = (SentJournal::beside(&database), SentJournal::beside(&database));
        assert!(living.take_over().is_some());
        assert_eq!(other.take_over(), None);
        other.note(Uuid::now_v7());
        drop(living);
        assert_eq!(other.take_over().unwrap().len(), 1);
    }
}
