//! The file the heads are kept in: a line of JSON between a magic word and little-endian arrays, hashed at its end.

use std::{fs, path::Path};

use sha2::{Digest, Sha256};

use super::{
    classifier::LabellingError,
    heads::{COLUMNS, DENSE, Details, Heads, Weights},
    text::Vocabulary,
};

/// Changes whenever the features or the layout do, so that an old file is refused and not misread.
const MAGIC: &[u8] = b"HEARD-HEADS-1\n";
const HASH_BYTES: usize = 32;
const REMEDY: &str = "run `heard train` (or `make models`), or check [labelling] heads in the configuration";

impl Heads {
    /// The bytes of the file. The same heads give the same bytes.
    ///
    /// # Errors
    /// If the details are no JSON (a number that is not finite).
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let details = serde_json::to_vec(&self.details)?;
        let mut bytes = MAGIC.to_vec();
        for length in [details.len(), self.vocabulary.len()] {
            bytes.extend((length as u32).to_le_bytes());
        }
        bytes.extend(details);
        bytes.extend(self.vocabulary.hashes().iter().flat_map(|v| v.to_le_bytes()));
        bytes.extend(self.vocabulary.idf().iter().flat_map(|v| v.to_le_bytes()));
        bytes.extend(self.weights.sparse.iter().flat_map(|v| v.to_le_bytes()));
        for numbers in [&self.weights.scale, &self.weights.dense, &self.weights.bias] {
            bytes.extend(numbers.iter().flat_map(|v| v.to_le_bytes()));
        }
        let hash = Sha256::digest(&bytes);
        bytes.extend(hash);
        Ok(bytes)
    }

    /// Reads what [`Self::to_bytes`] wrote. None if the bytes are cut short, changed, or of another version.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (content, stored) = bytes.split_at_checked(bytes.len().checked_sub(HASH_BYTES)?)?;
        let hash = Sha256::digest(content);
        if hash.as_slice() != stored {
            return None;
        }
        let mut rest = content.strip_prefix(MAGIC)?;
        let lengths: Vec<usize> = four(take(&mut rest, 8)?).map(|b| u32::from_le_bytes(b) as usize).collect();
        let (details, known) = (*lengths.first()?, *lengths.get(1)?);
        let details: Details = serde_json::from_slice(take(&mut rest, details)?).ok()?;
        let hashes = four(take(&mut rest, known.checked_mul(4)?)?).map(u32::from_le_bytes).collect();
        let floats = |count: usize, rest: &mut &[u8]| {
            Some(four(take(rest, count.checked_mul(4)?)?).map(f32::from_le_bytes).collect::<Vec<_>>())
        };
        let idf = floats(known, &mut rest)?;
        let sparse = take(&mut rest, known.checked_mul(2 * COLUMNS)?)?;
        let sparse = sparse.chunks_exact(2).filter_map(|b| Some(i16::from_le_bytes(b.try_into().ok()?))).collect();
        let scale = floats(COLUMNS, &mut rest)?;
        let dense = floats(COLUMNS * DENSE, &mut rest)?;
        let bias = floats(COLUMNS, &mut rest)?;
        let short: String = data_encoding::HEXLOWER.encode(&hash).chars().take(8).collect();
        rest.is_empty().then(|| Self {
            vocabulary: Vocabulary::new(hashes, idf),
            weights: Weights { sparse, scale, dense, bias },
            details,
            name: format!("minilm-l6-v2+heads-{short}"),
        })
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// [`LabellingError::NotLoaded`], naming the file and the remedy.
    pub fn load(path: &Path) -> Result<Self, LabellingError> {
        let bytes =
            fs::read(path).map_err(|e| LabellingError::NotLoaded(format!("{}: {e}; {REMEDY}", path.display())))?;
        Self::from_bytes(&bytes).ok_or_else(|| {
            LabellingError::NotLoaded(format!(
                "{}: damaged, or written by another version of this program; {REMEDY}",
                path.display()
            ))
        })
    }
}

fn take<'b>(rest: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

fn four(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> {
    bytes.chunks_exact(4).filter_map(|b| b.try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labelling::text::count_ngrams;

    fn heads() -> Heads {
        let vocabulary = Vocabulary::learn(&[count_ngrams("the taxi is late")], 1, 1000);
        let sparse = (0..vocabulary.len() * COLUMNS).map(|n| n as i16).collect();
        let weights =
            Weights { sparse, scale: vec![0.5; COLUMNS], dense: vec![0.25; DENSE * COLUMNS], bias: vec![1.0; COLUMNS] };
        Heads { vocabulary, weights, details: Details::default(), name: String::new() }
    }

    #[test]
    fn heads_come_back_as_they_were_and_are_named_by_their_content() {
        let bytes = heads().to_bytes().unwrap();
        let read = Heads::from_bytes(&bytes).unwrap();
        assert!(read.name.starts_with("minilm-l6-v2+heads-") && read.name.len() == 27, "{}", read.name);
        assert_eq!(Heads { name: String::new(), ..read }, heads());
    }

    #[test]
    fn a_file_cut_short_or_changed_anywhere_is_refused() {
        let bytes = heads().to_bytes().unwrap();
        for end in [0, 5, 40, bytes.len() - 1] {
            assert_eq!(Heads::from_bytes(&bytes[..end]), None);
        }
        for at in [0, 15, 30, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(Heads::from_bytes(&changed), None);
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("heads.bin");
        let missing = Heads::load(&path).unwrap_err().to_string();
        assert!(missing.contains("heads.bin") && missing.contains("heard train"), "{missing}");
        fs::write(&path, &bytes[..100]).unwrap();
        assert!(Heads::load(&path).unwrap_err().to_string().contains("damaged"));
    }
}
