//! The refit itself: the base data replayed, with officers' decisions beside it. The only place that knows how heads are
//! fitted and asked.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Correction, weigh::weights};
use crate::labelling::{
    classifier::LabellingError,
    heads::{Heads, Raw},
    labels::Suggestion,
    prepared::Prepared,
    rows::{Labelled, OwnWords, RowsError, read_rows},
    stack::Said,
    train::{TrainError, train_rows},
    tuned::taught::Taught,
};

/// Labelled messages, and what identifies them.
#[derive(Clone, Debug, Default)]
pub struct Base {
    /// The messages.
    pub rows: Vec<Labelled>,
    /// SHA-256 (hex) of their files.
    pub sha256: String,
}

impl Base {
    /// Every `.jsonl` file of `folder`, in the order of their names. None if there is none.
    ///
    /// # Errors
    /// [`RowsError`], naming the file.
    pub fn read(folder: &Path, strip: fn(&str) -> OwnWords) -> Result<Option<Self>, RowsError> {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(RowsError::Read { path: folder.to_path_buf(), source }),
        };
        let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.retain(|file| file.extension().is_some_and(|ending| ending == "jsonl"));
        files.sort();
        let (rows, sha256) = read_rows(&files, strip)?;
        Ok((!rows.is_empty()).then_some(Self { rows, sha256 }))
    }
}

/// Fits heads to all of `base` and to `corrections`, which count more ([`weights`]). `line` is the shipped model's line for
/// an officer's look. The same messages give the same heads. Waits, for minutes: call it from a thread that may.
///
/// # Errors
/// [`TrainError`].
pub fn refit(base: &Base, corrections: &[Correction], line: f64, encoder: &Taught) -> Result<Heads, TrainError> {
    let mut rows = base.rows.clone();
    let mut hash = Sha256::new();
    hash.update(base.sha256.as_bytes());
    for (correction, weight) in corrections.iter().zip(weights(corrections, base.rows.len(), line)) {
        let row = Labelled { weight, ..correction.row.clone() };
        // Which decisions, not which words: the hash stands in the file of weights.
        hash.update(format!("{}/{}/{:?}/{weight};", row.council, row.id, row.labels).as_bytes());
        rows.push(row);
    }
    let sha256 = data_encoding::HEXLOWER.encode(&hash.finalize());
    Ok(train_rows(&rows, &sha256, encoder)?.0)
}

/// What `heads` say of `rows`, without reasons.
///
/// # Errors
/// The encoder's.
pub fn ask(heads: &Heads, encoder: &Taught, rows: &[Labelled]) -> Result<Vec<Suggestion>, LabellingError> {
    let prepared: Vec<Prepared> = rows.iter().map(|row| Prepared::new(&row.message)).collect();
    let said = encoder.said(rows, &prepared)?;
    let suggestion = |(message, of_encoder): (&Prepared, Raw)| {
        let of_heads = heads.raw(message);
        let encoder = (!heads.settles(&of_heads, message.context)).then_some(of_encoder);
        heads.suggest(message, &Said { heads: of_heads, encoder })
    };
    Ok(prepared.iter().zip(said).map(suggestion).collect())
}
