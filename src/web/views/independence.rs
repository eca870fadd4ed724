//! Whom a case is about, as its page shows it.

use serde::Serialize;

use crate::procedure::event::Standing;

/// A member of staff whom a case is about, or may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SubjectView {
    /// Work address.
    pub email: String,
    /// Name.
    pub name: String,
    /// What they are; empty when the directory does not say.
    pub job: String,
    /// The line that names them, or why else it may be about them.
    pub because: String,
    /// Whether it is about them.
    pub standing: Standing,
    /// Their line manager, once an officer has said that it is about them.
    pub manager: Option<LineManager>,
}

/// The line manager of somebody whom a case is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineManager {
    /// Work address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Why they may deal with it all the same.
    pub admitted: Option<String>,
}
