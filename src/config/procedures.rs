//! Where the table of duties lies.

use std::path::PathBuf;

use serde::Deserialize;

/// The table of duties.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProceduresSection {
    /// Folder with the rule book and the council's own figures. Where there is none, the rule book that is built in holds.
    pub folder: PathBuf,
}

impl Default for ProceduresSection {
    fn default() -> Self {
        Self { folder: PathBuf::from("config/procedures") }
    }
}
