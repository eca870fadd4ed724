//! `[labelling]`: the local classifier, and what it learns from officers.

use std::path::PathBuf;

use chrono::NaiveTime;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::labelling::tuned::reader::EncoderFiles;

/// The local classifier.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Labelling {
    /// Off: everything is acknowledged and waits for an officer; managers' mailboxes are not read.
    pub enabled: bool,
    /// Folder of the published encoder.
    pub encoder: PathBuf,
    /// What teaching changed in it.
    pub tuned: PathBuf,
    /// What encoders that had not seen them said of the messages it was taught; needed to fit heads.
    pub unseen: PathBuf,
    /// The fitted heads, as shipped.
    pub heads: PathBuf,
    /// How long a complaints mailbox waits for a suggestion before the message goes on without one (milliseconds).
    pub patience_ms: u64,
    /// Processor threads for the model.
    pub threads: usize,
    /// Whether the program fits the heads anew at night, with officers' decisions.
    pub learn: bool,
    /// When, in London: `02:30`.
    #[serde(deserialize_with = "time_of_day")]
    pub learn_at: NaiveTime,
    /// So many decisions must be new since the last time.
    #[serde(deserialize_with = "at_least_one")]
    pub learn_from: usize,
    /// Folder of the labelled messages the shipped heads were fitted to, which are replayed.
    pub base: PathBuf,
    /// Folder of the labelled messages that are never fitted to: what a new model is compared on.
    pub regression: PathBuf,
    /// Folder of learnt heads. By default `models` beside the SQLite database, with Postgres `data/models`.
    pub learnt: Option<PathBuf>,
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
            encoder: "models/encoder".into(),
            tuned: "models/tuned.safetensors".into(),
            unseen: "models/unseen.safetensors".into(),
            heads: "models/heads.safetensors".into(),
            patience_ms: 3000,
            threads: 1,
            learn: true,
            learn_at: NaiveTime::from_hms_opt(2, 30, 0).unwrap_or_default(),
            learn_from: 20,
            base: "models/data".into(),
            regression: "models/regression".into(),
            learnt: None,
        }
    }
}

fn time_of_day<'de, D: Deserializer<'de>>(read: D) -> Result<NaiveTime, D::Error> {
    let text = String::deserialize(read)?;
    NaiveTime::parse_from_str(&text, "%H:%M")
        .map_err(|_| D::Error::custom(format!("learn_at = \"{text}\" is no time of day: write it as \"02:30\"")))
}

fn at_least_one<'de, D: Deserializer<'de>>(read: D) -> Result<usize, D::Error> {
    match usize::deserialize(read)? {
        0 => Err(D::Error::custom("learn_from must be 1 or more; learn = false switches learning off")),
        number => Ok(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_as_shipped_and_what_is_wrong_is_told() {
        let said: Labelling = toml::from_str("learn_at = \"23:05\"\nlearn_from = 50").unwrap();
        assert_eq!((said.learn_at, said.learn_from), (NaiveTime::from_hms_opt(23, 5, 0).unwrap(), 50));
        assert_eq!((said.learn, said.enabled, said.patience_ms), (true, true, 3000));
        let fault = |text: &str| toml::from_str::<Labelling>(text).unwrap_err().to_string();
        assert!(fault("learn_at = \"half past two\"").contains("02:30"));
        assert!(fault("learn_from = 0").contains("learn = false"));
        assert!(fault("lern = true").contains("unknown field"));
    }
}
