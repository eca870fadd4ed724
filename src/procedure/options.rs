//! What a council may choose where the rules leave it a choice, or where a rule is not certain.

use serde::{Deserialize, Serialize};

use super::retention::Schedule;

/// From when stage 2 of the statutory procedure is counted. Both starts are in use: the Ombudsman has counted from either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage2From {
    /// From the request: the earlier, and the default.
    #[default]
    Request,
    /// From the day on which the complainant agreed to what is looked into; until then from the request.
    Statement,
}

/// What a council may choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// From when stage 2 is counted.
    pub stage2_from: Stage2From,
    /// People may be sent to the Ombudsman after stage 2 when four things are true. Nobody here has read that rule at its source, so
    /// a council says first that it goes by it.
    pub early_referral: bool,
    /// How long cases are kept.
    pub schedule: Schedule,
}
