//! A tree with one subfolder a mailbox, read once in the order in which the messages arrived.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};

use super::files::{Entry, FolderError, has_extension, is_mbox, list, mbox_spans};
use crate::intake::parse::header_instants;

/// So much of a message is read to learn its date (bytes): headers are shorter.
const HEADER: u64 = 64 * 1024;

/// A message in the tree; its bytes stay in the file until [`TreeMessage::load`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeMessage {
    /// Name of the subfolder.
    pub mailbox: String,
    /// When it arrived: its `Date`, else the topmost `Received`, else when the file was written.
    pub arrived_at: DateTime<Utc>,
    entry: Entry,
}

impl TreeMessage {
    /// The bytes of the message.
    ///
    /// # Errors
    ///
    /// When the file has gone or may not be read.
    pub fn load(&self) -> Result<Vec<u8>, FolderError> {
        self.entry.read(u64::MAX)
    }

    /// Its first bytes, at most `most`.
    ///
    /// # Errors
    ///
    /// As [`TreeMessage::load`].
    pub fn beginning(&self, most: u64) -> Result<Vec<u8>, FolderError> {
        self.entry.read(most)
    }

    /// Its bytes, to be read one after another.
    ///
    /// # Errors
    ///
    /// As [`TreeMessage::load`].
    pub fn open(&self) -> Result<Box<dyn std::io::Read + Send>, FolderError> {
        self.entry.open().map_err(FolderError::at(&self.entry.path))
    }

    /// A fault while its bytes were read.
    #[must_use]
    pub fn fault(&self, cause: std::io::Error) -> FolderError {
        FolderError::at(&self.entry.path)(cause)
    }

    /// The file that holds it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.entry.path
    }

    /// Its size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.entry.size
    }
}

/// What a tree holds.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Names of the mailboxes, sorted, also of empty ones.
    pub mailboxes: Vec<String>,
    /// All messages in the order in which they arrived.
    pub messages: Vec<TreeMessage>,
    /// `chat.jsonl`, if there is one.
    pub chat: Option<PathBuf>,
    /// Files that hold no message, to be named to whoever asked.
    pub passed_over: Vec<PathBuf>,
}

/// Looks through a tree: `dir/<mailbox>/…` with `.eml` files, mbox files or a Maildir, or `dir/<mailbox>.mbox`; and
/// `dir/chat.jsonl`. Reads only the headers.
///
/// # Errors
///
/// When a folder or file cannot be read.
pub fn read_tree(dir: &Path) -> Result<Tree, FolderError> {
    let mut tree = Tree::default();
    let mut mailboxes: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    let mut here: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(FolderError::at(dir))? {
        here.push(entry.map_err(FolderError::at(dir))?.path());
    }
    here.sort();
    for path in here {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            let (found, others) = list(&path)?;
            tree.passed_over.extend(others);
            mailboxes.entry(name).or_default().extend(found);
        } else if name == "chat.jsonl" {
            tree.chat = Some(path);
        } else if has_extension(&path, &["mbox", "mbx"]) && is_mbox(&path) {
            let meta = std::fs::metadata(&path).map_err(FolderError::at(&path))?;
            let written = meta.modified().map_err(FolderError::at(&path))?;
            let mailbox = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let spans = mbox_spans(&path)?.into_iter().map(|(start, length)| Entry {
                path: path.clone(),
                key: format!("{name}@{start}"),
                span: Some((start, length)),
                written,
                size: length,
            });
            mailboxes.entry(mailbox).or_default().extend(spans);
        } else {
            tree.passed_over.push(path);
        }
    }
    for (mailbox, entries) in mailboxes {
        for entry in entries {
            let (date, received) = header_instants(&entry.read(HEADER)?);
            let arrived_at = date.or(received).unwrap_or_else(|| DateTime::<Utc>::from(entry.written));
            tree.messages.push(TreeMessage { mailbox: mailbox.clone(), arrived_at, entry });
        }
        tree.mailboxes.push(mailbox);
    }
    tree.messages
        .sort_by(|a, b| (a.arrived_at, &a.mailbox, &a.entry.key).cmp(&(b.arrived_at, &b.mailbox, &b.entry.key)));
    Ok(tree)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn message(date: &str, words: &str) -> String {
        format!("From: ann@mail.example\r\nDate: {date}\r\nSubject: s\r\n\r\n{words}\r\n")
    }

    #[test]
    fn eml_mbox_and_maildir_come_in_the_order_of_their_dates() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        for folder in ["complaints", "manager-send/new", "manager-send/cur", "manager-send/tmp", "empty"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        fs::write(root.join("complaints/b.eml"), message("Tue, 5 May 2026 10:00:00 +0100", "second")).unwrap();
        fs::write(root.join("complaints/half.eml.part"), "From: x").unwrap();
        fs::write(root.join("complaints/notes.pdf"), "%PDF").unwrap();
        fs::write(root.join("manager-send/new/17.m1.host"), message("Mon, 4 May 2026 10:00:00 +0100", "first"))
            .unwrap();
        fs::write(root.join("manager-send/cur/18.m2.host:2,S"), message("Thu, 7 May 2026 10:00:00 +0100", "fifth"))
            .unwrap();
        fs::write(root.join("manager-send/tmp/19.m3.host"), "half").unwrap();
        let mbox = format!(
            "From ann@mail.example Wed May  6 10:00:00 2026\n{}>From here on\n>>From twice\n\nFrom my own words\n\nFrom ann@mail.example Wed May  6 11:00:00 2026\n{}\n",
            message("Wed, 6 May 2026 10:00:00 +0100", "third"),
            message("Wed, 6 May 2026 11:00:00 +0100", "fourth"),
        );
        fs::write(root.join("forward-log.mbox"), mbox).unwrap();
        fs::write(root.join("chat.jsonl"), "").unwrap();
        let tree = read_tree(root).unwrap();
        assert_eq!(tree.mailboxes, ["complaints", "empty", "forward-log", "manager-send"]);
        assert!(tree.chat.is_some());
        assert_eq!(tree.passed_over, [root.join("complaints/notes.pdf")]);
        let words: Vec<String> = tree
            .messages
            .iter()
            .map(|m| String::from_utf8(m.load().unwrap()).unwrap().split("\r\n\r\n").nth(1).unwrap().to_owned())
            .collect();
        assert_eq!(words[0].trim(), "first");
        assert_eq!(words[1].trim(), "second");
        assert_eq!(words[2].trim(), "third\r\nFrom here on\n>From twice\n\nFrom my own words");
        assert_eq!(words[3].trim(), "fourth");
        assert_eq!(words[4].trim(), "fifth");
        assert_eq!(tree.messages[0].mailbox, "manager-send");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let fault = read_tree(Path::new("/nowhere/at/all")).unwrap_err().to_string();
        assert!(fault.starts_with("/nowhere/at/all cannot be read"), "{fault}");
    }
}
