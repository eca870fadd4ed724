//! What was sent, noted within microseconds of the mail server's word.
//!
//! Between that word and the commit that marks the row lies a flush to disk. A program killed there would send the
//! letter again. A line appended to this file survives the kill (not a power cut, where sending again is right).

use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::ids::Uuid;

/// The file beside a SQLite database.
#[derive(Debug)]
pub struct SentJournal {
    path: PathBuf,
    file: Mutex<Option<File>>,
    /// Sent by this program, and not marked in the database yet.
    unmarked: Mutex<Vec<Uuid>>,
}

impl SentJournal {
    /// The journal of the database at `path`.
    #[must_use]
    pub fn beside(path: &Path) -> Self {
        let mut name = path.as_os_str().to_owned();
        name.push("-sent");
        Self { path: name.into(), file: Mutex::new(None), unmarked: Mutex::default() }
    }

    /// Notes that the outbox row `id` was sent. A fault is logged and otherwise ignored: the commit follows anyway.
    pub fn note(&self, id: Uuid) {
        self.unmarked.lock().unwrap_or_else(PoisonError::into_inner).push(id);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if file.is_none() {
            let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let made = folder.map_or(Ok(()), std::fs::create_dir_all);
            match made.and_then(|()| OpenOptions::new().create(true).append(true).open(&self.path)) {
                Ok(opened) => *file = Some(opened),
                Err(error) => tracing::warn!(%error, "the journal of sent letters cannot be written"),
            }
        }
        if let Some(file) = file.as_mut()
            && let Err(error) = writeln!(file, "{}", id.simple())
        {
            tracing::warn!(%error, "the journal of sent letters cannot be written");
        }
    }

    /// The commit that marks `id` is done.
    pub fn marked(&self, id: Uuid) {
        self.unmarked.lock().unwrap_or_else(PoisonError::into_inner).retain(|unmarked| *unmarked != id);
    }

    /// What this program sent while the commit that marks it failed.
    #[must_use]
    pub fn unmarked(&self) -> Vec<Uuid> {
        self.unmarked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes sure that no other program serves this database: the answer is held while this one does.
    ///
    /// # Errors
    ///
    /// When another program serves it, or the file cannot be made.
    pub fn serve_alone(&self) -> std::io::Result<File> {
        let path = self.path.with_extension("db-serving");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => Err(std::io::Error::other(
                "another heard serves this database already: stop it first, or use Postgres for several",
            )),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// What was noted since the last [`SentJournal::clear`].
    #[must_use]
    pub fn noted(&self) -> Vec<Uuid> {
        let mut text = String::new();
        match File::open(&self.path).and_then(|mut file| file.read_to_string(&mut text)) {
            Ok(_) => text.lines().filter_map(|line| Uuid::try_parse(line).ok()).collect(),
            Err(_) => Vec::new(),
        }
    }

    /// Forgets everything: the database knows it.
    pub fn clear(&self) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        *file = None;
        let _ = std::fs::remove_file(&self.path);
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
        let after = SentJournal::beside(&database);
        assert_eq!(after.noted(), [first, second]);
        after.clear();
        assert!(after.noted().is_empty());
    }
}
