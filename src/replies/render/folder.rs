//! The folders in which a council keeps its own wording.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::LetterError;

/// The entries of `folder` that are not hidden, by name.
pub(super) fn entries(folder: &Path) -> Result<Vec<(PathBuf, String)>, LetterError> {
    let unreadable = |cause| LetterError::Unreadable { file: folder.to_owned(), cause };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            found.push((entry.path(), name));
        }
    }
    found.sort();
    Ok(found)
}
