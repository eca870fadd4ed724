//! Letters on paper, as the pages name them and as they are handed over.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::{
    ids::{CaseReference, Uuid},
    replies::render::Rendered,
};

/// A letter of a case that can be printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaperView {
    /// Key.
    pub id: Uuid,
    /// What it is, e.g. `Acknowledgement`.
    pub what: String,
    /// It has gone by mail or chat.
    pub sent: bool,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// The files that went, or go, with it: name and bytes.
    pub with: Vec<(String, u64)>,
}

/// Which letter is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printing {
    /// Of which case.
    pub reference: CaseReference,
    /// The one in the outbox; None for the answer as it was given, or as it would be given now.
    pub letter: Option<Uuid>,
}

/// A letter to be typeset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// What it is, in lower-case words with dashes: for the file's name.
    pub kind: String,
    /// The day it bears.
    pub date: NaiveDate,
    /// What it says.
    pub letter: Rendered,
}
