//! The file the heads are kept in.

use std::path::Path;

use safetensors::tensor::Dtype;

use super::{
    classifier::LabellingError,
    context::CONTEXT,
    heads::{COLUMNS, Details, Heads, Weights},
    kept::{self, Array, Arrays, KeepError},
    text::Vocabulary,
};

/// Changes whenever the features or the layout do, so that an old file is refused and not misread.
const FORMAT: &str = "heard-heads-4";
const REMEDY: &str = "run `heard train` (or `make models`), or check [labelling] heads in the configuration";

impl Heads {
    /// The bytes of the file. The same heads give the same bytes.
    ///
    /// # Errors
    /// [`KeepError`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, KeepError> {
        let Weights { sparse, scale, context, bias } = &self.weights;
        let ngrams = self.vocabulary.len();
        let whole = |kind, shape, bytes: Vec<u8>| Array { kind, shape, bytes };
        let hashes = self.vocabulary.hashes().iter().flat_map(|v| v.to_le_bytes()).collect();
        let sparse = sparse.iter().flat_map(|v| v.to_le_bytes()).collect();
        let arrays = Arrays::from([
            ("ngram.hash".to_owned(), whole(Dtype::U32, vec![ngrams], hashes)),
            ("ngram.idf".to_owned(), Array::floats(vec![ngrams], self.vocabulary.idf())),
            ("ngram.weight".to_owned(), whole(Dtype::I16, vec![ngrams, COLUMNS], sparse)),
            ("ngram.scale".to_owned(), Array::floats(vec![COLUMNS], scale)),
            ("context.weight".to_owned(), Array::floats(vec![CONTEXT, COLUMNS], context)),
            ("bias".to_owned(), Array::floats(vec![COLUMNS], bias)),
        ]);
        kept::to_bytes(FORMAT, &self.details, &arrays)
    }

    /// Reads what [`Self::to_bytes`] wrote. None if the bytes are cut short, changed, or of another version.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (details, arrays): (Details, Arrays) = kept::from_bytes(FORMAT, bytes)?;
        let hashes = arrays.get("ngram.hash")?.numbers(Dtype::U32, u32::from_le_bytes)?;
        let sparse = arrays.get("ngram.weight")?.numbers(Dtype::I16, i16::from_le_bytes)?;
        if sparse.len() != hashes.len() * COLUMNS {
            return None;
        }
        let idf = arrays.get("ngram.idf")?.as_floats(&[hashes.len()])?;
        Some(Self {
            weights: Weights {
                sparse,
                scale: arrays.get("ngram.scale")?.as_floats(&[COLUMNS])?,
                context: arrays.get("context.weight")?.as_floats(&[CONTEXT, COLUMNS])?,
                bias: arrays.get("bias")?.as_floats(&[COLUMNS])?,
            },
            vocabulary: Vocabulary::new(hashes, idf),
            name: format!("{}+heads-{}", details.encoder, kept::short_hash(bytes)),
            details,
        })
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
    use crate::labelling::text::count_ngrams;

    fn heads() -> Heads {
        let vocabulary = Vocabulary::learn(&[count_ngrams("the taxi is late")], 1, 1000);
        let sparse = (0..vocabulary.len() * COLUMNS).map(|n| n as i16).collect();
        let weights = Weights {
            sparse,
            scale: vec![0.5; COLUMNS],
            context: vec![0.25; CONTEXT * COLUMNS],
            bias: vec![1.0; COLUMNS],
        };
        let details = Details { encoder: "e5-small-0a1b2c3d".into(), ..Details::default() };
        Heads { vocabulary, weights, details, name: String::new() }
    }

    #[test]
    fn heads_come_back_as_they_were_and_are_named_by_their_content() {
        let bytes = heads().to_bytes().unwrap();
        let read = Heads::from_bytes(&bytes).unwrap();
        assert!(read.name.starts_with("e5-small-0a1b2c3d+heads-") && read.name.len() == 32, "{}", read.name);
        assert_eq!(Heads { name: String::new(), ..read }, heads());
    }

    #[test]
    fn a_file_cut_short_or_changed_anywhere_is_refused() {
        let bytes = heads().to_bytes().unwrap();
        for end in [0, 5, 40, bytes.len() - 1] {
            assert_eq!(Heads::from_bytes(&bytes[..end]), None);
        }
        for at in [0, 15, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(Heads::from_bytes(&changed), None);
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("heads.safetensors");
        let missing = Heads::load(&path).unwrap_err().to_string();
        assert!(missing.contains("heads.safetensors") && missing.contains("heard train"), "{missing}");
        std::fs::write(&path, &bytes[..100]).unwrap();
        assert!(Heads::load(&path).unwrap_err().to_string().contains("damaged"));
    }
}
