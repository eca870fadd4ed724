//! The file the heads are kept in: safetensors, with what goes with the numbers as JSON in its metadata.

use std::{collections::HashMap, fs, path::Path};

use safetensors::{
    SafeTensorError, SafeTensors,
    tensor::{Dtype, TensorView, serialize},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    classifier::LabellingError,
    heads::{COLUMNS, DENSE, Details, Heads, Weights},
    text::Vocabulary,
};

/// Changes whenever the features or the layout do, so that an old file is refused and not misread.
const FORMAT: &str = "heard-heads-3";
/// The only entry of the metadata: with several, their order and so the bytes would be left to chance.
const ENTRY: &str = "heard";
const REMEDY: &str = "run `heard train` (or `make models`), or check [labelling] heads in the configuration";

/// What the metadata say.
#[derive(Serialize, Deserialize)]
struct Label {
    format: String,
    /// SHA-256 (hex) of the numbers: safetensors itself would not notice a changed one.
    sha256: String,
    details: Details,
}

/// Why heads could not be put into bytes.
#[derive(Debug, thiserror::Error)]
pub enum HeadsFileError {
    /// A number is not finite.
    #[error("the details are no JSON: {0}")]
    Details(#[from] serde_json::Error),
    /// The arrays do not fit each other.
    #[error("the arrays cannot be written: {0}")]
    Arrays(#[from] SafeTensorError),
}

impl Heads {
    /// The bytes of the file. The same heads give the same bytes.
    ///
    /// # Errors
    /// [`HeadsFileError`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, HeadsFileError> {
        let Weights { sparse, scale, dense, bias } = &self.weights;
        let ngrams = self.vocabulary.len();
        let floats = |numbers: &[f32]| numbers.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        let arrays: [(&str, Dtype, Vec<usize>, Vec<u8>); 6] = [
            (
                "ngram.hash",
                Dtype::U32,
                vec![ngrams],
                self.vocabulary.hashes().iter().flat_map(|v| v.to_le_bytes()).collect(),
            ),
            ("ngram.idf", Dtype::F32, vec![ngrams], floats(self.vocabulary.idf())),
            ("ngram.weight", Dtype::I16, vec![ngrams, COLUMNS], sparse.iter().flat_map(|v| v.to_le_bytes()).collect()),
            ("ngram.scale", Dtype::F32, vec![COLUMNS], floats(scale)),
            ("dense.weight", Dtype::F32, vec![DENSE, COLUMNS], floats(dense)),
            ("bias", Dtype::F32, vec![COLUMNS], floats(bias)),
        ];
        let hash = hash(arrays.iter().map(|(name, _, _, bytes)| (*name, bytes.as_slice())));
        let label = Label { format: FORMAT.into(), sha256: hash, details: self.details.clone() };
        let metadata = HashMap::from([(ENTRY.to_owned(), serde_json::to_string(&label)?)]);
        let mut views = Vec::new();
        for (name, kind, shape, bytes) in &arrays {
            views.push((*name, TensorView::new(*kind, shape.clone(), bytes)?));
        }
        Ok(serialize(views, &Some(metadata))?)
    }

    /// Reads what [`Self::to_bytes`] wrote. None if the bytes are cut short, changed, or of another version.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (_, header) = SafeTensors::read_metadata(bytes).ok()?;
        let label: Label = serde_json::from_str(header.metadata().as_ref()?.get(ENTRY)?).ok()?;
        let file = SafeTensors::deserialize(bytes).ok()?;
        let array = |name: &str, kind: Dtype, shape: &[usize]| {
            let view = file.tensor(name).ok()?;
            (view.dtype() == kind && view.shape() == shape).then(|| view.data().to_vec())
        };
        let ngrams = *file.tensor("ngram.hash").ok()?.shape().first()?;
        let arrays = [
            ("ngram.hash", array("ngram.hash", Dtype::U32, &[ngrams])?),
            ("ngram.idf", array("ngram.idf", Dtype::F32, &[ngrams])?),
            ("ngram.weight", array("ngram.weight", Dtype::I16, &[ngrams, COLUMNS])?),
            ("ngram.scale", array("ngram.scale", Dtype::F32, &[COLUMNS])?),
            ("dense.weight", array("dense.weight", Dtype::F32, &[DENSE, COLUMNS])?),
            ("bias", array("bias", Dtype::F32, &[COLUMNS])?),
        ];
        if label.format != FORMAT || hash(arrays.iter().map(|(n, b)| (*n, b.as_slice()))) != label.sha256 {
            return None;
        }
        let [(_, hashes), (_, idf), (_, sparse), (_, scale), (_, dense), (_, bias)] = arrays;
        let short: String = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)).chars().take(8).collect();
        Some(Self {
            vocabulary: Vocabulary::new(numbers(&hashes, u32::from_le_bytes), numbers(&idf, f32::from_le_bytes)),
            weights: Weights {
                sparse: numbers(&sparse, i16::from_le_bytes),
                scale: numbers(&scale, f32::from_le_bytes),
                dense: numbers(&dense, f32::from_le_bytes),
                bias: numbers(&bias, f32::from_le_bytes),
            },
            details: label.details,
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

/// SHA-256 (hex) over the names and bytes of the arrays.
fn hash<'a>(arrays: impl Iterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut hash = Sha256::new();
    for (name, bytes) in arrays {
        hash.update(name.as_bytes());
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

fn numbers<T, const N: usize>(bytes: &[u8], read: fn([u8; N]) -> T) -> Vec<T> {
    bytes.chunks_exact(N).filter_map(|chunk| Some(read(chunk.try_into().ok()?))).collect()
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
        for at in [0, 15, 300, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(Heads::from_bytes(&changed), None);
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("heads.safetensors");
        let missing = Heads::load(&path).unwrap_err().to_string();
        assert!(missing.contains("heads.safetensors") && missing.contains("heard train"), "{missing}");
        fs::write(&path, &bytes[..100]).unwrap();
        assert!(Heads::load(&path).unwrap_err().to_string().contains("damaged"));
    }
}
