//! Labelled messages, as the measurements of matching read them.

use std::{collections::HashMap, fs, path::Path};

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::names::as_name;
use crate::labelling::{
    heads::{Raw, THEMES},
    metrics::softmax,
    rows::{Labelled, OwnWords, RowsError, read_rows},
    train::TrainError,
    tuned::unseen::{BY_FAMILY, Unseen, key},
};

/// What a line holds beside what the classifier is fitted to.
#[derive(Deserialize)]
pub(super) struct Line {
    id: String,
    pub date: Option<DateTime<Utc>>,
    from_name: Option<String>,
    from_addr: Option<String>,
    to: Option<String>,
    pub message_id: Option<String>,
    #[serde(default)]
    pub references: Vec<String>,
    pub gold: Gold,
}

/// Its labels.
#[derive(Deserialize)]
pub(super) struct Gold {
    #[serde(default)]
    dissatisfied: bool,
    pub case_key: Option<String>,
    complainant: Option<Person>,
    pub relation: Option<String>,
    #[serde(default)]
    pub joint_with: Vec<String>,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
struct Person {
    name: Option<String>,
    addr: Option<String>,
}

/// The messages of a file that are dissatisfaction, in its order.
pub(super) fn dissatisfied(path: &Path, strip: fn(&str) -> OwnWords) -> Result<Vec<(Labelled, Line)>, TrainError> {
    let (rows, _) = read_rows(&[path.to_owned()], strip)?;
    let text = fs::read_to_string(path).map_err(|source| RowsError::Read { path: path.to_owned(), source })?;
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
    let mut lines: HashMap<String, Line> = lines.map(|line| (line.id.clone(), line)).collect();
    let messages = rows.into_iter().filter_map(|row| lines.remove(&row.id).map(|line| (row, line)));
    Ok(messages.filter(|(_, line)| line.gold.dissatisfied).collect())
}

impl Line {
    /// Name and address of who wrote it. Whom what staff or a form pass on is from is for the reading to find, and is not
    /// measured here.
    pub fn author(&self, row: &Labelled) -> (Option<&str>, Option<&str>) {
        let form = self.from_addr.as_deref().is_some_and(|from| from.starts_with("forms@"));
        match &self.gold.complainant {
            Some(person) if row.passed_on || form => (person.name.as_deref(), person.addr.as_deref()),
            _ => (self.from_name.as_deref(), self.from_addr.as_deref()),
        }
    }

    /// Names of whom it was sent to.
    pub fn recipients(&self) -> Vec<String> {
        self.to.iter().flat_map(|to| to.split(',')).map(as_name).collect()
    }
}

/// Probability of each theme, by an encoder that had not seen the message; empty if none was asked.
pub(super) fn themes(row: &Labelled, unseen: &Unseen) -> Vec<f64> {
    let themes = |raw: &Raw| softmax(raw.scores.get(THEMES).unwrap_or(&[]));
    unseen.get(BY_FAMILY, &key(row)).map(themes).unwrap_or_default()
}
