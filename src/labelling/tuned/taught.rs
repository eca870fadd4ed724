//! What a taught encoder that had not seen a message says of it: kept for those it was taught, said now of all others.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Mutex, PoisonError},
};

use super::{
    reader::{EncoderFiles, Reader},
    unseen::{BY_COUNCIL, BY_FAMILY, Key, Unseen, key},
};
use crate::labelling::{
    classifier::LabellingError,
    heads::{Raw, Scores},
    local::{raw_of, split},
    prepared::Prepared,
    rows::Labelled,
};

/// An encoder, and what is kept of others like it. Remembers what it has read, for fitting again and again to mostly the
/// same messages: some 250 bytes a text and the text itself.
#[derive(Debug)]
pub struct Taught {
    reader: Reader,
    unseen: Unseen,
    memory: Mutex<HashMap<String, Scores>>,
}

impl Taught {
    /// Loads both.
    ///
    /// # Errors
    /// [`LabellingError::NotLoaded`], naming the file and the remedy.
    pub fn start(files: &EncoderFiles, unseen: &Path, threads: usize) -> Result<Self, LabellingError> {
        let unseen = Unseen::load(unseen)?;
        Ok(Self { reader: Reader::start(files, threads)?, unseen, memory: Mutex::default() })
    }

    /// Of `rows` says from now on what an encoder says that has seen no message of their council, where one was kept from it.
    pub fn forget_council(&mut self, rows: &[Labelled]) {
        let keys: Vec<Key> = rows.iter().map(key).collect();
        self.unseen.prefer(BY_COUNCIL, BY_FAMILY, &keys);
    }

    /// The encoder.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// What is said of each of `rows`, of which `prepared` are the texts. Waits: call it from a thread that may.
    ///
    /// # Errors
    /// The encoder's.
    pub fn said(&self, rows: &[Labelled], prepared: &[Prepared]) -> Result<Vec<Raw>, LabellingError> {
        let known: Vec<Option<Raw>> = rows.iter().map(|row| self.unseen.get(BY_FAMILY, &key(row)).copied()).collect();
        let others = || prepared.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(message, _)| message);
        let texts: Vec<String> = others().flat_map(|message| message.texts().collect::<Vec<_>>()).collect();
        let scores = self.read(&texts)?;
        let mut new = split(others(), &scores).map(|(_, own)| raw_of(own)).collect::<Vec<_>>().into_iter();
        Ok(known.into_iter().map(|raw| raw.or_else(|| new.next()).unwrap_or_default()).collect())
    }

    fn read(&self, texts: &[String]) -> Result<Vec<Scores>, LabellingError> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let mut new: Vec<String> = texts.iter().filter(|text| !memory.contains_key(*text)).cloned().collect();
        new.sort_unstable();
        new.dedup();
        memory.extend(new.iter().cloned().zip(self.reader.read_and_wait(new.clone())?));
        Ok(texts.iter().filter_map(|text| memory.get(text).copied()).collect())
    }
}
