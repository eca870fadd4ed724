//! What encoders that had not seen a message or its family said of it. Kept beside the encoder, so that heads can be
//! fitted to it, and the whole measured, without teaching five encoders first.

use std::{collections::HashMap, path::Path};

use safetensors::tensor::Dtype;
use sha2::{Digest, Sha256};

use crate::labelling::{
    classifier::LabellingError,
    heads::{COLUMNS, Raw, SINGLES},
    kept::{self, Array, Arrays, KeepError},
    rows::Labelled,
};

const FORMAT: &str = "heard-unseen-1";
const KEY_BYTES: usize = 8;
const NUMBERS: usize = COLUMNS + SINGLES.len();
const REMEDY: &str = "restore it from the release, or make it with `heard train --encoder`";

/// The way in which each fifth of the families was left out.
pub const BY_FAMILY: &str = "family";
/// As [`BY_FAMILY`], but without how the message came.
pub const BY_FAMILY_UNTOLD: &str = "family untold";
/// The way in which whole councils were left out.
pub const BY_COUNCIL: &str = "council";

/// Identifies a message by its words and how it came.
pub type Key = [u8; KEY_BYTES];

/// The key of a message.
#[must_use]
pub fn key(row: &Labelled) -> Key {
    let mut hash = Sha256::new();
    for part in [row.council.as_str(), row.id.as_str(), row.message.subject.as_str(), row.message.text.as_str()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(row.message.context.words());
    let digest: [u8; 32] = hash.finalize().into();
    let mut key = Key::default();
    key.iter_mut().zip(digest).for_each(|(place, byte)| *place = byte);
    key
}

/// What was said, by the way families were left out (`family`, `council`) and by message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unseen(HashMap<String, HashMap<Key, Raw>>);

impl Unseen {
    /// What an encoder taught in the way called `way` says of the message, if it had not seen it.
    #[must_use]
    pub fn get(&self, way: &str, key: &Key) -> Option<&Raw> {
        self.0.get(way)?.get(key)
    }

    /// How many messages are known in the way called `way`.
    #[must_use]
    pub fn count(&self, way: &str) -> usize {
        self.0.get(way).map_or(0, HashMap::len)
    }

    /// Takes what was said in the way called `better` for what was said in the way called `way`, where there is both or only
    /// that, of the messages with one of `keys`.
    pub fn prefer(&mut self, better: &str, way: &str, keys: &[Key]) {
        for key in keys {
            if let Some(raw) = self.get(better, key).copied() {
                self.put(way, *key, raw);
            }
        }
    }

    /// Adds what was said of one message.
    pub fn put(&mut self, way: &str, key: Key, raw: Raw) {
        self.0.entry(way.to_owned()).or_default().insert(key, raw);
    }

    /// Adds everything of `other`.
    pub fn merge(&mut self, other: Self) {
        for (way, said) in other.0 {
            self.0.entry(way).or_default().extend(said);
        }
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// [`KeepError`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, KeepError> {
        let mut arrays = Arrays::new();
        for (way, said) in &self.0 {
            let mut rows: Vec<(&Key, &Raw)> = said.iter().collect();
            rows.sort_by_key(|(key, _)| **key);
            let keys: Vec<u8> = rows.iter().flat_map(|(key, _)| key.iter().copied()).collect();
            let numbers: Vec<f32> = rows
                .iter()
                .flat_map(|(_, raw)| raw.scores.iter().chain(&raw.strongest).map(|score| *score as f32))
                .collect();
            let keys = Array { kind: Dtype::U8, shape: vec![rows.len(), KEY_BYTES], bytes: keys };
            arrays.insert(format!("{way}.keys"), keys);
            arrays.insert(format!("{way}.scores"), Array::floats(vec![rows.len(), NUMBERS], &numbers));
        }
        kept::to_bytes(FORMAT, &(), &arrays)
    }

    /// Reads what [`Self::to_bytes`] wrote. None if the bytes are cut short, changed, or of another version.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let ((), arrays) = kept::from_bytes(FORMAT, bytes)?;
        let mut unseen = Self::default();
        for (name, array) in &arrays {
            let Some(way) = name.strip_suffix(".keys") else { continue };
            let keys = array.numbers(Dtype::U8, u8::from_le_bytes)?;
            let rows = keys.len() / KEY_BYTES;
            let numbers = arrays.get(&format!("{way}.scores"))?.as_floats(&[rows, NUMBERS])?;
            for (key, said) in keys.chunks_exact(KEY_BYTES).zip(numbers.chunks_exact(NUMBERS)) {
                let mut raw = Raw::default();
                let places = raw.scores.iter_mut().chain(&mut raw.strongest);
                places.zip(said).for_each(|(place, score)| *place = f64::from(*score));
                unseen.put(way, key.try_into().ok()?, raw);
            }
        }
        Some(unseen)
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// [`LabellingError::NotLoaded`], naming the file and the remedy.
    pub fn load(path: &Path) -> Result<Self, LabellingError> {
        kept::load(path, REMEDY, Self::from_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_comes_back_by_way_and_message() {
        let row = |id: &str| Labelled { id: id.into(), ..Labelled::default() };
        let raw = |score: f64| Raw { scores: [score; COLUMNS], strongest: [score / 2.0; SINGLES.len()] };
        let mut unseen = Unseen::default();
        unseen.put("family", key(&row("1")), raw(1.5));
        let mut other = Unseen::default();
        other.put("family", key(&row("2")), raw(-0.25));
        other.put("council", key(&row("1")), raw(8.0));
        unseen.merge(other);
        let read = Unseen::from_bytes(&unseen.to_bytes().unwrap()).unwrap();
        assert_eq!(read, unseen);
        assert_eq!(read.get("council", &key(&row("1"))), Some(&raw(8.0)));
        assert_eq!((read.get("council", &key(&row("2"))), read.count("family")), (None, 2));
    }

    #[test]
    fn what_is_said_without_the_council_comes_before_what_is_said_without_the_family() {
        let raw = |score: f64| Raw { scores: [score; COLUMNS], ..Raw::default() };
        let mut unseen = Unseen::default();
        unseen.put(BY_FAMILY, [1; KEY_BYTES], raw(1.0));
        unseen.put(BY_FAMILY, [2; KEY_BYTES], raw(2.0));
        unseen.put(BY_COUNCIL, [1; KEY_BYTES], raw(7.0));
        unseen.prefer(BY_COUNCIL, BY_FAMILY, &[[1; KEY_BYTES], [2; KEY_BYTES], [3; KEY_BYTES]]);
        let said = |key: u8| unseen.get(BY_FAMILY, &[key; KEY_BYTES]).map(|raw| raw.scores[0]);
        assert_eq!((said(1), said(2), said(3)), (Some(7.0), Some(2.0), None));
    }
}
