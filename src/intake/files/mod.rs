//! Files that come with messages: taken out of the stored message, judged, kept by their content, scanned, and read for
//! the search.

pub mod kinds;
pub mod parts;
pub mod scan;
pub mod text;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Notify;

use super::channel::ChatService;
use crate::{config::FilesSection, store::files::FileStore};
use scan::Scanner;
use text::TextReader;

/// What is kept of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The largest file (bytes).
    pub largest: u64,
    /// Files of one message.
    pub most: usize,
    /// Endings of names that are refused.
    pub refuse: Vec<String>,
}

/// All that keeping files needs. A clone is the same keeper.
#[derive(Clone, Debug)]
pub struct FileKeeper {
    /// Where they are.
    pub store: FileStore,
    /// Which are kept.
    pub rules: Rules,
    /// What scans them. Without, none is ever called clean.
    pub scanner: Option<Scanner>,
    /// What reads their words.
    pub reader: TextReader,
    /// Something may be there to keep.
    pub wake: Arc<Notify>,
    /// Where files in chats are fetched; None where there is no chat.
    pub chat: Option<Arc<dyn ChatService>>,
    faults: Arc<Mutex<Faults>>,
}

/// What is wrong now, in words with a remedy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Files cannot be kept.
    pub keeping: Option<String>,
    /// Files cannot be fetched from the chat service.
    pub fetching: Option<String>,
    /// Files cannot be scanned.
    pub scanning: Option<String>,
    /// Their words cannot be read.
    pub reading: Option<String>,
}

impl FileKeeper {
    /// As configured, with `program` (Heard itself) to read words with.
    #[must_use]
    pub fn new(store: FileStore, settings: &FilesSection, program: PathBuf) -> Self {
        Self {
            store,
            rules: Rules {
                largest: settings.largest_mb.get_ref().saturating_mul(1_000_000),
                most: *settings.most_files.get_ref(),
                refuse: settings.refuse.clone(),
            },
            scanner: settings.clamd.as_ref().map(|clamd| Scanner::at(clamd.get_ref())),
            reader: TextReader::new(program),
            wake: Arc::new(Notify::new()),
            chat: None,
            faults: Arc::default(),
        }
    }

    /// The same with a chat service whose files are fetched.
    #[must_use]
    pub fn with_chat(self, chat: Option<Arc<dyn ChatService>>) -> Self {
        Self { chat, ..self }
    }

    /// What is wrong now.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes what is wrong, or that nothing is any more.
    pub fn note(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut self.faults.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
