//! Labelled messages, read from JSON lines: those of `data/inbox` (labels under `gold`) or flat ones.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    classifier::Unlabelled,
    labels::{Act, Procedure, Theme},
};

/// What people decided about one message. What is None is not learnt from and not counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels {
    /// What it does.
    pub act: Option<Act>,
    /// Dissatisfaction by or for a family about the council's own service.
    pub dissatisfied: Option<bool>,
    /// A child may be at risk of harm now.
    pub safeguarding: Option<bool>,
    /// Which procedure applies.
    pub procedure: Option<Procedure>,
    /// What it is mainly about.
    pub theme: Option<Theme>,
}

/// A message with its labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labelled {
    /// Its id in its file.
    pub id: String,
    /// Its words, without what they quote.
    pub message: Unlabelled,
    /// What people decided.
    pub labels: Labels,
    /// `complaints`, `manager`, `chat`…; empty if not known.
    pub mailbox: String,
    /// Written by a person under 18, if known.
    pub child_author: Option<bool>,
    /// Somebody speaks for the complainant, if known.
    pub on_behalf: Option<bool>,
    /// Messages of one case: never on both sides when the heads are tested on what they have not seen.
    pub group: String,
    /// How much it counts in training; 1 unless given, more for officers' decisions.
    pub weight: f64,
}

/// Why labelled messages could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is not a labelled message.
    #[error("{} line {line}: {reason}", path.display())]
    Line {
        /// Which file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// The fields of a line that matter here; others are ignored.
#[derive(Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    subject: Option<String>,
    text: String,
    #[serde(default)]
    mailbox: Option<String>,
    #[serde(default)]
    weight: Option<f64>,
    #[serde(default)]
    gold: Option<Gold>,
    #[serde(flatten)]
    flat: Gold,
}

#[derive(Default, Deserialize)]
struct Gold {
    act: Option<Act>,
    dissatisfied: Option<bool>,
    safeguarding: Option<bool>,
    procedure: Option<Procedure>,
    theme: Option<Theme>,
    child_author: Option<bool>,
    on_behalf: Option<bool>,
    case_key: Option<String>,
}

/// Reads `paths` in order. `strip` leaves of a body what its author wrote now, as in production. The string is the
/// SHA-256 (hex) of the files.
///
/// # Errors
/// [`RowsError`], naming the file and the line.
pub fn read_rows(paths: &[PathBuf], strip: &dyn Fn(&str) -> String) -> Result<(Vec<Labelled>, String), RowsError> {
    let mut rows = Vec::new();
    let mut hash = Sha256::new();
    for path in paths {
        let text = fs::read_to_string(path).map_err(|source| RowsError::Read { path: path.clone(), source })?;
        hash.update(text.as_bytes());
        for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
            let row = read_line(line, path, strip);
            rows.push(row.map_err(|reason| RowsError::Line { path: path.clone(), line: number, reason })?);
        }
    }
    Ok((rows, data_encoding::HEXLOWER.encode(&hash.finalize())))
}

fn read_line(line: &str, path: &Path, strip: &dyn Fn(&str) -> String) -> Result<Labelled, String> {
    let read: Line = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let gold = read.gold.unwrap_or(read.flat);
    if let (Some(act), Some(dissatisfied)) = (gold.act, gold.dissatisfied)
        && act.is_dissatisfaction() != dissatisfied
    {
        return Err(format!(
            "act \"{act}\" and dissatisfied {dissatisfied} contradict each other; correct one of them"
        ));
    }
    let weight = read.weight.unwrap_or(1.0);
    if !(weight > 0.0 && weight <= 1000.0) {
        return Err(format!("weight {weight} is not between 0 and 1000"));
    }
    let source = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Labelled {
        group: format!("{source}/{}", gold.case_key.as_deref().unwrap_or(&read.id)),
        id: read.id,
        message: Unlabelled { subject: read.subject.unwrap_or_default(), text: strip(&read.text) },
        labels: Labels {
            act: gold.act,
            dissatisfied: gold.dissatisfied.or(gold.act.map(Act::is_dissatisfaction)),
            safeguarding: gold.safeguarding,
            procedure: gold.procedure,
            theme: gold.theme,
        },
        mailbox: read.mailbox.unwrap_or_default().split(':').next().unwrap_or("").to_owned(),
        child_author: gold.child_author,
        on_behalf: gold.on_behalf,
        weight,
    })
}

/// What the author wrote above the usual separators of replies and quoted lines. A message that is nothing but a
/// forward is kept whole. Stands in where no reader of whole messages is at hand.
#[must_use]
pub fn cut_quoted_tail(text: &str) -> String {
    let mut kept = Vec::new();
    let mut passed_on = false;
    for line in text.lines() {
        let start = line.trim_start();
        let wrote = start.starts_with("On ") && start.trim_end().ends_with("wrote:");
        passed_on = start.starts_with("-----Original Message-----");
        if wrote || passed_on {
            break;
        }
        if !start.starts_with('>') {
            kept.push(line);
        }
    }
    let own = kept.join("\n").trim().to_owned();
    let words = own.split_whitespace().count();
    if own.is_empty() || (passed_on && words < 4) { text.trim().to_owned() } else { own }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Labelled, String> {
        read_line(line, Path::new("some/haverwick.jsonl"), &cut_quoted_tail)
    }

    #[test]
    fn a_row_of_a_labelled_inbox_and_a_flat_line_are_both_read() {
        let row = read(
            r#"{"id":"B1","mailbox":"manager:ehcp","subject":"Plan","text":"Late.","to":"x","gold":{"act":"concern",
               "dissatisfied":true,"safeguarding":false,"procedure":"corporate","theme":"delay","case_key":"k"}}"#,
        )
        .unwrap();
        assert_eq!((row.mailbox.as_str(), row.group.as_str()), ("manager", "haverwick/k"));
        assert_eq!(row.labels.theme, Some(Theme::Delay));
        let flat = read(r#"{"id":"1","text":"Thanks","act":"compliment","theme":null,"weight":5}"#).unwrap();
        assert_eq!((flat.labels.act, flat.labels.dissatisfied), (Some(Act::Compliment), Some(false)));
        assert_eq!((flat.labels.safeguarding, flat.weight), (None, 5.0));
    }

    #[test]
    fn a_wrong_line_says_what_is_wrong() {
        let contradiction = read(r#"{"id":"1","text":"x","act":"routine","dissatisfied":true}"#).unwrap_err();
        assert!(contradiction.contains("contradict"), "{contradiction}");
        let word = read(r#"{"id":"1","text":"x","act":"moan"}"#).unwrap_err();
        assert!(word.contains("moan"), "{word}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, "{\"id\":\"1\",\"text\":\"x\",\"act\":\"routine\"}\n\nnonsense\n").unwrap();
        let error = read_rows(&[path], &cut_quoted_tail).unwrap_err().to_string();
        assert!(error.contains("a.jsonl line 3"), "{error}");
    }

    #[test]
    fn what_is_quoted_goes_and_what_is_only_forwarded_stays() {
        assert_eq!(cut_quoted_tail("Still late.\n\nOn 3 May, Jo wrote:\n> sorry"), "Still late.");
        let forward = "FYI\n-----Original Message-----\nFrom: A\n\nThe taxi never came.";
        assert_eq!(cut_quoted_tail(forward), forward);
    }
}
