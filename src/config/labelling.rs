//! The section `[labelling]`: the classifier.

use std::path::PathBuf;

use serde::Deserialize;

use crate::labelling::tuned::reader::EncoderFiles;

/// The local classifier.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labelling {
    /// Off: everything is acknowledged and waits for an officer; managers' mailboxes are not read.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Folder of the published encoder.
    #[serde(default = "encoder")]
    pub encoder: PathBuf,
    /// What teaching changed in it.
    #[serde(default = "tuned")]
    pub tuned: PathBuf,
    /// What encoders that had not seen them said of the messages it was taught; needed by `heard train` only.
    #[serde(default = "unseen")]
    pub unseen: PathBuf,
    /// The fitted heads.
    #[serde(default = "heads")]
    pub heads: PathBuf,
    /// How long a complaints mailbox waits for a suggestion before the message goes on without one (milliseconds).
    #[serde(default = "patience_ms")]
    pub patience_ms: u64,
    /// Processor threads for the model.
    #[serde(default = "threads")]
    pub threads: usize,
}

impl Labelling {
    /// Where the encoder's parts lie.
    #[must_use]
    pub fn encoder_files(&self) -> EncoderFiles {
        EncoderFiles { base: self.encoder.clone(), tuned: self.tuned.clone() }
    }
}

impl Default for Labelling {
    fn default() -> Self {
        Self {
            enabled: true,
            encoder: encoder(),
            tuned: tuned(),
            unseen: unseen(),
            heads: heads(),
            patience_ms: patience_ms(),
            threads: threads(),
        }
    }
}

fn encoder() -> PathBuf {
    "models/encoder".into()
}

fn heads() -> PathBuf {
    "models/heads.safetensors".into()
}

fn patience_ms() -> u64 {
    3000
}

fn threads() -> usize {
    1
}

fn tuned() -> PathBuf {
    "models/tuned.safetensors".into()
}

fn unseen() -> PathBuf {
    "models/unseen.safetensors".into()
}

fn yes() -> bool {
    true
}
