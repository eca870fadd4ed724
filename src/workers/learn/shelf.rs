//! Where weights lie: the shipped ones, and a folder of learnt ones, each under its model's name. Nobody but the program's
//! user may read that folder: weights hold no words, but they were made of them.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use crate::labelling::{classifier::LabellingError, heads::Heads};

/// The two places.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// The shipped heads.
    pub shipped: PathBuf,
    /// The folder of learnt ones.
    pub learnt: PathBuf,
}

impl Shelf {
    /// Writes `heads` under their name, whole or not at all. Returns the file's name.
    ///
    /// # Errors
    /// What the system said, with the path.
    pub fn put(&self, heads: &Heads, bytes: &[u8]) -> Result<String, (PathBuf, std::io::Error)> {
        let file = format!("{}.safetensors", heads.name);
        let path = self.learnt.join(&file);
        let beside = self.learnt.join(format!("{file}.new"));
        let written = || -> std::io::Result<()> {
            let mut folder = DirBuilder::new();
            let mut options = OpenOptions::new();
            #[cfg(unix)]
            {
                std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            }
            folder.recursive(true).create(&self.learnt)?;
            let mut out = options.create(true).truncate(true).write(true).open(&beside)?;
            out.write_all(bytes)?;
            // The database will say that it is live: it must be there after a power cut too.
            out.sync_all()?;
            std::fs::rename(&beside, &path)
        };
        written().map_err(|cause| (path.clone(), cause))?;
        Ok(file)
    }

    /// The learnt heads called `name`, out of `file`.
    ///
    /// # Errors
    /// [`LabellingError::NotLoaded`], naming the file: not there, damaged, of another version, or other heads than `name`.
    pub fn load(&self, file: &str, name: &str) -> Result<Heads, LabellingError> {
        let path = self.path(file).ok_or_else(|| LabellingError::NotLoaded(format!("\"{file}\" is no file's name")))?;
        let heads = Heads::load(&path)?;
        if heads.name != name {
            let found = &heads.name;
            return Err(LabellingError::NotLoaded(format!("{}: holds {found}, not {name}", path.display())));
        }
        Ok(heads)
    }

    /// Removes learnt heads that nobody can want back. What is gone already is as wanted.
    pub fn remove(&self, file: &str) {
        if let Some(path) = self.path(file)
            && let Err(error) = std::fs::remove_file(&path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(file, %error, "the weights of an old model could not be removed");
        }
    }

    /// Whether the file is there.
    #[must_use]
    pub fn has(&self, file: &str) -> bool {
        self.path(file).is_some_and(|path| path.is_file())
    }

    fn path(&self, file: &str) -> Option<PathBuf> {
        let plain = Path::new(file).file_name().is_some_and(|name| name == file);
        plain.then(|| self.learnt.join(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(folder: &Path) -> Shelf {
        Shelf { shipped: folder.join("heads"), learnt: folder.join("data/models") }
    }

    #[test]
    #[cfg(unix)]
    fn weights_are_for_the_programs_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let shelf = shelf(folder.path());
        let heads = Heads { name: "some+heads-1".into(), ..Heads::default() };
        let file = shelf.put(&heads, b"weights").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&shelf.learnt), mode(&shelf.learnt.join(&file))), (0o700, 0o600));
        assert_eq!(std::fs::read_dir(&shelf.learnt).unwrap().count(), 1, "nothing half written is left");
        assert!(shelf.has(&file));
        shelf.remove(&file);
        assert!(!shelf.has(&file));
    }

    #[test]
    fn a_file_is_loaded_only_if_it_holds_what_its_name_says_and_lies_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = shelf(folder.path());
        let missing = shelf.load("none.safetensors", "none").unwrap_err().to_string();
        assert!(missing.contains("none.safetensors"), "{missing}");
        let outside = shelf.load("../heads", "heads").unwrap_err().to_string();
        assert!(outside.contains("no file's name"), "{outside}");
    }
}
