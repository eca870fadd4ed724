//! Numbers kept in a file: safetensors, with what goes with them as JSON in its metadata, and a hash over all of it, since
//! safetensors itself would not notice a changed number.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use safetensors::{
    SafeTensorError, SafeTensors,
    tensor::{Dtype, TensorView, serialize},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::classifier::LabellingError;

/// The only entry of the metadata: with several, their order and so the bytes would be left to chance.
const ENTRY: &str = "heard";

/// One array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Array {
    /// What its numbers are.
    pub kind: Dtype,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its numbers, least byte first.
    pub bytes: Vec<u8>,
}

/// Arrays by name.
pub type Arrays = BTreeMap<String, Array>;

#[derive(Serialize, Deserialize)]
struct Label {
    /// Changes whenever the layout does, so that an old file is refused and not misread.
    format: String,
    /// SHA-256 (hex) of the details and the arrays.
    sha256: String,
    /// As JSON, so that they are hashed as they are written.
    details: String,
}

/// Why numbers could not be put into bytes.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// A detail is not finite.
    #[error("the details are no JSON: {0}")]
    Details(#[from] serde_json::Error),
    /// The arrays do not fit their shapes.
    #[error("the arrays cannot be written: {0}")]
    Arrays(#[from] SafeTensorError),
}

impl Array {
    /// Of floating-point numbers.
    #[must_use]
    pub fn floats(shape: Vec<usize>, numbers: &[f32]) -> Self {
        Self { kind: Dtype::F32, shape, bytes: numbers.iter().flat_map(|v| v.to_le_bytes()).collect() }
    }

    /// Its numbers, if they are of `kind`; `read` makes one out of its bytes.
    #[must_use]
    pub fn numbers<T, const N: usize>(&self, kind: Dtype, read: fn([u8; N]) -> T) -> Option<Vec<T>> {
        (self.kind == kind)
            .then(|| self.bytes.chunks_exact(N).filter_map(|chunk| Some(read(chunk.try_into().ok()?))).collect())
    }

    /// Its floating-point numbers, if it has `shape`.
    #[must_use]
    pub fn as_floats(&self, shape: &[usize]) -> Option<Vec<f32>> {
        if self.shape != shape {
            return None;
        }
        self.numbers(Dtype::F32, f32::from_le_bytes)
    }
}

/// The bytes of a file. The same arrays and details give the same bytes.
///
/// # Errors
/// [`KeepError`].
pub fn to_bytes<D: Serialize>(format: &str, details: &D, arrays: &Arrays) -> Result<Vec<u8>, KeepError> {
    let details = serde_json::to_string(details)?;
    let label = Label { format: format.to_owned(), sha256: hash(&details, arrays), details };
    let metadata = HashMap::from([(ENTRY.to_owned(), serde_json::to_string(&label)?)]);
    let mut views = Vec::new();
    for (name, array) in arrays {
        views.push((name.as_str(), TensorView::new(array.kind, array.shape.clone(), &array.bytes)?));
    }
    Ok(serialize(views, &Some(metadata))?)
}

/// Reads what [`to_bytes`] wrote. None if the bytes are cut short, changed, or of another format.
#[must_use]
pub fn from_bytes<D: DeserializeOwned>(format: &str, bytes: &[u8]) -> Option<(D, Arrays)> {
    let (_, header) = SafeTensors::read_metadata(bytes).ok()?;
    let label: Label = serde_json::from_str(header.metadata().as_ref()?.get(ENTRY)?).ok()?;
    if label.format != format {
        return None;
    }
    let array = |(name, view): (String, TensorView<'_>)| {
        (name, Array { kind: view.dtype(), shape: view.shape().to_vec(), bytes: view.data().to_vec() })
    };
    let arrays: Arrays = SafeTensors::deserialize(bytes).ok()?.tensors().into_iter().map(array).collect();
    if hash(&label.details, &arrays) != label.sha256 {
        return None;
    }
    Some((serde_json::from_str(&label.details).ok()?, arrays))
}

/// Reads the file at `path` by `read`, which knows its format. `remedy` says what to do where it cannot be used.
///
/// # Errors
/// [`LabellingError::NotLoaded`], naming the file and the remedy.
pub fn load<T>(path: &Path, remedy: &str, read: impl FnOnce(&[u8]) -> Option<T>) -> Result<T, LabellingError> {
    let not_loaded = |why: &str| LabellingError::NotLoaded(format!("{}: {why}; {remedy}", path.display()));
    let bytes = fs::read(path).map_err(|e| not_loaded(&e.to_string()))?;
    read(&bytes).ok_or_else(|| not_loaded("damaged, or written by another version of this program"))
}

/// The first eight hex digits of the SHA-256 of `bytes`: tells one file from another in a name.
#[must_use]
pub fn short_hash(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)).chars().take(8).collect()
}

/// Writes beside `path` and renames, so that a reader never meets half a file.
///
/// # Errors
/// The file system's.
pub fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    fs::write(&beside, bytes)?;
    fs::rename(&beside, path)
}

/// SHA-256 (hex) over the details and the names and bytes of the arrays.
fn hash(details: &str, arrays: &Arrays) -> String {
    let mut hash = Sha256::new();
    hash.update((details.len() as u64).to_le_bytes());
    hash.update(details);
    for (name, array) in arrays {
        hash.update(name.as_bytes());
        hash.update((array.bytes.len() as u64).to_le_bytes());
        hash.update(&array.bytes);
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes() -> Vec<u8> {
        let arrays = Arrays::from([
            ("a".to_owned(), Array::floats(vec![2, 2], &[1.0, -2.5, 0.0, 3.0])),
            ("b".to_owned(), Array { kind: Dtype::U8, shape: vec![3], bytes: vec![1, 2, 3] }),
        ]);
        to_bytes("test-1", &"details", &arrays).unwrap()
    }

    #[test]
    fn what_was_kept_comes_back() {
        let (details, arrays): (String, Arrays) = from_bytes("test-1", &bytes()).unwrap();
        assert_eq!(details, "details");
        assert_eq!(arrays["a"].as_floats(&[2, 2]), Some(vec![1.0, -2.5, 0.0, 3.0]));
        assert_eq!(arrays["a"].as_floats(&[4]), None);
        assert_eq!(arrays["b"].numbers(Dtype::U8, u8::from_le_bytes), Some(vec![1, 2, 3]));
        assert!(from_bytes::<String>("test-2", &bytes()).is_none());
    }

    #[test]
    fn a_file_cut_short_or_changed_anywhere_is_refused() {
        let bytes = bytes();
        for end in 0..bytes.len() {
            assert!(from_bytes::<String>("test-1", &bytes[..end]).is_none(), "cut at {end}");
        }
        for at in (0..bytes.len()).filter(|at| bytes[*at] != b' ') {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(from_bytes::<String>("test-1", &changed).is_none(), "changed at {at}");
        }
    }
}
