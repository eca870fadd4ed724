//! The file of what teaching changed in the encoder: one signed byte a weight and a factor a row, since the changes are small
//! and the published weights are at hand. A quarter of the whole encoder's size.

use std::path::Path;

use safetensors::tensor::Dtype;
use serde::{Deserialize, Serialize};

use super::net::Net;
use crate::labelling::{
    classifier::LabellingError,
    e5::E5File,
    kept::{self, Array, Arrays, KeepError},
};

const FORMAT: &str = "heard-encoder-1";
/// What the name of a row's factors ends with.
const FACTORS: &str = ".factors";
const REMEDY: &str = "restore it from the release, or check [labelling] tuned in the configuration";

/// What goes with the changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TunedDetails {
    /// SHA-256 (hex) of the published encoder's file that the changes are to be added to.
    pub base_sha256: String,
    /// SHA-256 (hex) of the training files, in order.
    pub training_sha256: String,
    /// Messages learnt from.
    pub messages: usize,
}

/// What teaching changed: name, shape, numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Tuned {
    /// What goes with them.
    pub details: TunedDetails,
    /// The changes.
    pub changes: Vec<(String, Vec<usize>, Vec<f32>)>,
    /// `e5-small-` and the first 8 hex digits of the file's hash.
    pub name: String,
}

impl Tuned {
    /// The changes from `base` to `net`, as a file keeps them.
    #[must_use]
    pub fn of(net: &Net, base: &E5File, details: TunedDetails) -> Self {
        Self { details, changes: net.changes(base), name: String::new() }
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// [`KeepError`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, KeepError> {
        let mut arrays = Arrays::new();
        for (name, shape, numbers) in &self.changes {
            let [rows, columns] = shape.as_slice() else {
                arrays.insert(name.clone(), Array::floats(shape.clone(), numbers));
                continue;
            };
            let mut factors = Vec::with_capacity(*rows);
            let mut bytes = Vec::with_capacity(numbers.len());
            for row in numbers.chunks_exact((*columns).max(1)) {
                let highest = row.iter().fold(0.0_f32, |high, value| high.max(value.abs()));
                let factor = highest.max(1e-12) / f32::from(i8::MAX);
                factors.push(factor);
                bytes.extend(row.iter().flat_map(|value| ((value / factor).round() as i8).to_le_bytes()));
            }
            arrays.insert(format!("{name}{FACTORS}"), Array::floats(vec![factors.len()], &factors));
            arrays.insert(name.clone(), Array { kind: Dtype::I8, shape: shape.clone(), bytes });
        }
        kept::to_bytes(FORMAT, &self.details, &arrays)
    }

    /// Reads what [`Self::to_bytes`] wrote. None if the bytes are cut short, changed, or of another version.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (details, arrays) = kept::from_bytes(FORMAT, bytes)?;
        let mut changes = Vec::new();
        for (name, array) in arrays.iter().filter(|(name, _)| !name.ends_with(FACTORS)) {
            let numbers = match array.kind {
                Dtype::I8 => {
                    let [rows, columns] = array.shape.as_slice() else { return None };
                    let factors = arrays.get(&format!("{name}{FACTORS}"))?.as_floats(&[*rows])?;
                    let bytes = array.numbers(Dtype::I8, i8::from_le_bytes)?;
                    let rows = bytes.chunks_exact((*columns).max(1)).zip(factors);
                    rows.flat_map(|(row, factor)| row.iter().map(move |value| f32::from(*value) * factor)).collect()
                }
                _ => array.as_floats(&array.shape)?,
            };
            changes.push((name.clone(), array.shape.clone(), numbers));
        }
        Some(Self { details, changes, name: format!("e5-small-{}", kept::short_hash(bytes)) })
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
    fn changes_come_back_within_a_255th_of_the_greatest_of_their_row() {
        let numbers: Vec<f32> = (0..12).map(|n| (n as f32 - 5.5) / 100.0).collect();
        let changes = vec![
            ("a.bias".to_owned(), vec![3], vec![1.5, -2.0, 0.0]),
            ("a.weight".to_owned(), vec![3, 4], numbers.clone()),
            ("b.weight".to_owned(), vec![1, 2], vec![0.0, 0.0]),
        ];
        let tuned = Tuned { details: TunedDetails::default(), changes: changes.clone(), name: String::new() };
        let read = Tuned::from_bytes(&tuned.to_bytes().unwrap()).unwrap();
        assert!(read.name.starts_with("e5-small-") && read.name.len() == 17, "{}", read.name);
        assert_eq!(read.changes[0], changes[0]);
        assert_eq!(read.changes[2], changes[2]);
        for (row, (was, is)) in numbers.chunks(4).zip(read.changes[1].2.chunks(4)).enumerate() {
            let highest = was.iter().fold(0.0_f32, |high, value| high.max(value.abs()));
            assert!(was.iter().zip(is).all(|(a, b)| (a - b).abs() <= highest / 254.0 + 1e-9), "row {row}");
        }
    }
}
