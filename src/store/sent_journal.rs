//! What was sent or is on its way, noted within microseconds.
//!
//! Between the mail server's word and the commit that marks the row lies a flush to disk; between the letter's last byte
//! and the server's word lies the network. A program killed there would send the letter again. A line appended to this
//! file survives the kill (not a power cut, where sending again is right). `ID`: taken. `?ID`: on its way. `-ID`: not taken.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::ids::Uuid;

/// What the journal knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// The server took these.
    pub sent: Vec<Uuid>,
    /// These were on their way when the program ended.
    pub in_doubt: Vec<Uuid>,
}

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

    /// Notes that the outbox row `id` was sent.
    pub fn note(&self, id: Uuid) {
        self.unmarked.lock().unwrap_or_else(PoisonError::into_inner).push(id);
        self.write(format_args!("{}", id.simple()));
    }

    /// Notes that the letter `id` is about to be handed over: from now on only the server knows.
    pub fn note_on_the_way(&self, id: Uuid) {
        self.write(format_args!("?{}", id.simple()));
    }

    /// Notes that the server did not take the letter `id`.
    pub fn note_not_taken(&self, id: Uuid) {
        self.write(format_args!("-{}", id.simple()));
    }

    /// Appends a line in one write. A fault is logged and otherwise ignored: the commit follows anyway.
    fn write(&self, line: std::fmt::Arguments<'_>) {
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
            && let Err(error) = file.write_all(format!("{line}\n").as_bytes())
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
    pub fn noted(&self) -> Noted {
        let mut text = String::new();
        let mut noted = Noted::default();
        if File::open(&self.path).and_then(|mut file| file.read_to_string(&mut text)).is_err() {
            return noted;
        }
        for line in text.lines() {
            let (sign, id) = match line.as_bytes().first() {
                Some(sign @ (b'?' | b'-')) => (Some(*sign), line.get(1..).unwrap_or_default()),
                _ => (None, line),
            };
            let Ok(id) = Uuid::try_parse(id) else { continue };
            noted.in_doubt.retain(|other| *other != id);
            match sign {
                Some(b'?') => noted.in_doubt.push(id),
                Some(_) => {}
                None => noted.sent.push(id),
            }
        }
        noted
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
        assert_eq!(after.noted(), Noted { sent: vec![first, second], in_doubt: vec![] });
        after.clear();
        assert_eq!(after.noted(), Noted::default());
    }

    #[test]
    fn only_a_letter_without_an_answer_is_in_doubt() {
        let folder = tempfile::tempdir().unwrap();
        let journal = SentJournal::beside(&folder.path().join("heard.db"));
        let [taken, refused, open] = [Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7()];
        for id in [taken, refused, open] {
            journal.note_on_the_way(id);
        }
        journal.note(taken);
        journal.note_not_taken(refused);
        assert_eq!(journal.noted(), Noted { sent: vec![taken], in_doubt: vec![open] });
    }
}
