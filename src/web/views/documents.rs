//! The documents of a case, as its pages show them.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::FileStanding;
use crate::ids::Uuid;

/// The documents of a case, and whether more may be added.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DocumentsView {
    /// The oldest first.
    pub list: Vec<DocumentView>,
    /// More may be added.
    pub may_add: bool,
    /// The largest that is taken, in megabytes of a million bytes.
    pub largest_mb: u64,
    /// The most that a case may have.
    pub most: usize,
    /// What one can be: word and text.
    pub kinds: Vec<(&'static str, &'static str)>,
}

/// A document of a case.
#[derive(Clone, Debug, Serialize)]
pub struct DocumentView {
    /// Under this it is opened.
    pub id: Uuid,
    /// Whose report, or what else.
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// What it is by its content, in words.
    pub is: &'static str,
    /// Size in bytes.
    pub size: u64,
    /// Whether it can be opened and sent.
    pub standing: FileStanding,
    /// It can.
    pub open: bool,
    /// What there is to know or do, in words; may be empty.
    pub note: String,
    /// When it was added.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
}
