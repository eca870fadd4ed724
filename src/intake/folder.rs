//! Messages in files: a folder that is watched as a mailbox, and a tree of folders that is read once.

mod files;
mod mailbox;
mod tree;

pub use files::FolderError;
pub use mailbox::FolderMailbox;
pub use tree::{Tree, TreeMessage, read_tree};
