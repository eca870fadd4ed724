//! Where the table of duties lies.

use std::path::PathBuf;

use serde::Deserialize;

use crate::procedure::{
    options::{Options, Stage2From},
    retention::Schedule,
};

/// The table of duties.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProceduresSection {
    /// Folder with the rule book and the council's own figures. Where there is none, the rule book that is built in holds.
    pub folder: PathBuf,
    /// From when stage 2 of the statutory procedure is counted: `request` or `statement`.
    pub stage2_from: Stage2From,
    /// People may be sent to the Ombudsman after stage 2 when all four conditions are met.
    pub early_referral: bool,
}

impl Default for ProceduresSection {
    fn default() -> Self {
        Self { folder: PathBuf::from("config/procedures"), stage2_from: Stage2From::default(), early_referral: false }
    }
}

impl ProceduresSection {
    /// As the rules take it, with how long cases are kept.
    #[must_use]
    pub fn options(&self, schedule: Schedule) -> Options {
        Options { stage2_from: self.stage2_from, early_referral: self.early_referral, schedule }
    }
}
