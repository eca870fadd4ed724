//! When people are reminded of what is due.

use chrono::NaiveTime;
use serde::Deserialize;

use crate::procedure::reminders::Limits;

/// When people are reminded.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RemindersSection {
    /// A digest goes out each working morning to whoever has something due.
    pub enabled: bool,
    /// At what time, in London.
    pub at: NaiveTime,
    /// So many working days before a date.
    pub days_before: u16,
    /// So many working days after it, the complaints managers hear as well.
    pub manager_after: u16,
    /// Families are asked 30 and 90 days after the end how they have been treated since.
    pub check_ins: bool,
}

impl Default for RemindersSection {
    fn default() -> Self {
        Self {
            enabled: true,
            at: NaiveTime::from_hms_opt(7, 30, 0).unwrap_or_default(),
            days_before: 3,
            manager_after: 1,
            check_ins: true,
        }
    }
}

impl RemindersSection {
    /// As the rules take them.
    #[must_use]
    pub fn limits(self) -> Limits {
        // No day before a date would be no reminder at all.
        Limits { days_before: self.days_before.max(1), manager_after: self.manager_after }
    }
}
