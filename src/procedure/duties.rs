//! The duties of both procedures as a table: what must be done, within how long, of what, and who says so. Pure.
//!
//! The table is `config/procedures/*.toml`; a council's own figures stand apart in `own.toml` there. One sentence names a duty
//! and its period, and families and officers are shown the same one. Which days count is [`super::working_days`], which date a
//! duty gives is [`super::due_dates`]. Figures that nobody here has read in the law or the Code themselves are marked: a council
//! checks them before it goes live.

mod table;

use std::{fmt, num::NonZeroU16};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

pub use table::DutiesError;

use super::working_days::{Calendar, CalendarError};

/// Whose rules a duty belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rules {
    /// Children Act 1989 section 26(3), SI 2006/1738.
    Statutory,
    /// The council's own procedure under the Ombudsman's Complaint Handling Code.
    Corporate,
    /// UK GDPR and the Data Protection Act 2018.
    DataProtection,
}

/// What starts a clock: the day it happens is day 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Starts {
    /// It reached the council, whoever's inbox that was.
    Receipt,
    /// We acknowledged it.
    Acknowledgement,
    /// The complainant got the stage 1 answer.
    Stage1Answer,
    /// Stage 2 was asked for, in any words.
    Stage2Request,
    /// We acknowledged that.
    Stage2Acknowledgement,
    /// The complainant got the stage 2 decision.
    Stage2Answer,
    /// The panel was asked for.
    PanelRequest,
    /// The panel met, or will.
    Panel,
    /// The panel's report came.
    PanelReport,
    /// The complaint was withdrawn.
    Withdrawal,
    /// What is complained of happened, or became known if that was later.
    Matter,
}

impl Starts {
    /// The end of "within 10 working days of …".
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::Receipt => "the day we received it",
            Self::Acknowledgement => "the day we acknowledged it",
            Self::Stage1Answer => "the day the stage 1 answer was received",
            Self::Stage2Request => "the day stage 2 was asked for",
            Self::Stage2Acknowledgement => "the day we acknowledged the request for stage 2",
            Self::Stage2Answer => "the day the stage 2 decision was received",
            Self::PanelRequest => "the day the panel was asked for",
            Self::Panel => "the day of the panel",
            Self::PanelReport => "the day we received the panel's report",
            Self::Withdrawal => "the day it was withdrawn",
            Self::Matter => "the day it happened or became known",
        }
    }
}

/// How long a duty gives. Never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// So many working days after day 0.
    WorkingDays(NonZeroU16),
    /// At least so many working days before day 0.
    WorkingDaysBefore(NonZeroU16),
    /// So many days of the calendar after day 0.
    Days {
        /// How many.
        n: NonZeroU16,
        /// A last day that is no working day moves to the next one.
        roll: bool,
    },
    /// So many months: the same day of the month, or the month's last.
    Months {
        /// How many.
        n: NonZeroU16,
        /// A last day that is no working day moves to the next one.
        roll: bool,
    },
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, n, unit) = match self {
            Self::WorkingDays(n) => ("within", n, "working day"),
            Self::WorkingDaysBefore(n) => ("at least", n, "working day"),
            Self::Days { n, .. } => ("within", n, "day"),
            Self::Months { n, .. } => ("within", n, "month"),
        };
        let plural = if n.get() == 1 { "" } else { "s" };
        let after = if matches!(self, Self::WorkingDaysBefore(_)) { "before" } else { "of" };
        write!(f, "{before} {n} {unit}{plural} {after}")
    }
}

/// Which day is day 0 of something that came at night or on a day off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptRule {
    /// The day it came, in London. The strictest, and the default.
    #[default]
    Calendar,
    /// The next working day for what comes at or after this hour or on a day off. At most one working day later.
    Deemed(NaiveTime),
}

impl ReceiptRule {
    /// Day 0 of what came at `local`, London time.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] when the bank holidays around it are not known; never under [`ReceiptRule::Calendar`].
    pub fn day0(self, local: NaiveDateTime, calendar: &Calendar) -> Result<NaiveDate, CalendarError> {
        let day = local.date();
        match self {
            Self::Calendar => Ok(day),
            Self::Deemed(cutoff) if calendar.is_working_day(day)? && local.time() < cutoff => Ok(day),
            Self::Deemed(_) => calendar.add_working_days(day, 1),
        }
    }
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Duty {
    /// Short name kept with every date, e.g. `S1-10`.
    pub id: String,
    /// Whose rules it belongs to.
    pub rules: Vec<Rules>,
    /// Its name on the command line, e.g. `stage1_response_due`.
    pub event: String,
    /// What must be done, e.g. "the answer at stage 1".
    pub what: String,
    /// Within how long.
    pub period: Period,
    /// Of what.
    pub starts: Starts,
    /// Who says so.
    pub source: String,
    /// False when the figure is known at second hand only: a council must check it.
    pub confirmed: bool,
    /// The rule book's own period, where the council's is another.
    pub instead_of: Option<Period>,
    /// Which day is day 0.
    pub receipt: ReceiptRule,
}

impl Duty {
    /// The sentence shown to a family and to officers: "the answer at stage 1, within 10 working days of the day we
    /// received it".
    #[must_use]
    pub fn words(&self) -> String {
        format!("{}, {} {}", self.what, self.period, self.starts.shown())
    }

    /// The same duty with another number of working days.
    #[must_use]
    pub fn with_working_days(&self, n: NonZeroU16) -> Self {
        let period = match self.period {
            Period::WorkingDaysBefore(_) => Period::WorkingDaysBefore(n),
            _ => Period::WorkingDays(n),
        };
        Self { period, ..self.clone() }
    }

    /// Whether the council gives itself longer than the rule book does.
    #[must_use]
    pub fn is_longer(&self) -> bool {
        match (self.instead_of, self.period) {
            (Some(Period::WorkingDaysBefore(theirs)), Period::WorkingDaysBefore(own)) => own < theirs,
            (Some(Period::WorkingDays(theirs)), Period::WorkingDays(own)) => own > theirs,
            (Some(Period::Days { n: theirs, .. }), Period::Days { n: own, .. })
            | (Some(Period::Months { n: theirs, .. }), Period::Months { n: own, .. }) => own > theirs,
            _ => false,
        }
    }
}

/// The table, in the order of the procedures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duties {
    all: Vec<Duty>,
    /// Stage 1 of the statutory procedure.
    pub statutory_answer: Duty,
    /// Stage 1 of the corporate procedure.
    pub corporate_answer: Duty,
    /// Stage 1 of the statutory procedure at the latest.
    pub statutory_extended: Duty,
    /// Stage 1 of the corporate procedure with its extension.
    pub corporate_extended: Duty,
    /// By when an officer says which procedure applies.
    pub decision: Duty,
    /// The acknowledgement, in the statutory procedure.
    pub statutory_acknowledgement: Duty,
    /// The acknowledgement, in the corporate procedure.
    pub corporate_acknowledgement: Duty,
    /// The request for stage 2, in the statutory procedure.
    pub statutory_request: Duty,
    /// The request for stage 2, in the corporate procedure.
    pub corporate_request: Duty,
}

impl Duties {
    /// Every duty.
    #[must_use]
    pub fn all(&self) -> &[Duty] {
        &self.all
    }

    /// The duty called `id`.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Duty> {
        self.all.iter().find(|duty| duty.id.eq_ignore_ascii_case(id))
    }

    /// The duty of `rules` whose event or id is `name`.
    #[must_use]
    pub fn find(&self, rules: Rules, name: &str) -> Option<&Duty> {
        self.of(rules).find(|duty| duty.event == name || duty.id.eq_ignore_ascii_case(name))
    }

    /// The duties of `rules`, in the order of the procedure.
    pub fn of(&self, rules: Rules) -> impl Iterator<Item = &Duty> {
        self.all.iter().filter(move |duty| duty.rules.contains(&rules))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_duty_reads_as_a_sentence() {
        let duties = Duties::built_in().unwrap();
        let table: Vec<String> =
            duties.all().iter().map(|duty| format!("{:<12} {} [{}]", duty.id, duty.words(), duty.source)).collect();
        insta::assert_snapshot!(table.join("\n"));
    }

    #[test]
    fn no_two_duties_share_a_name() {
        let duties = Duties::built_in().unwrap();
        for rules in [Rules::Statutory, Rules::Corporate, Rules::DataProtection] {
            let events: BTreeSet<&str> = duties.of(rules).map(|duty| duty.event.as_str()).collect();
            assert_eq!(events.len(), duties.of(rules).count());
        }
        assert_eq!(duties.find(Rules::Corporate, "stage1_response_due").unwrap().id, "C1-10");
        assert_eq!(duties.find(Rules::Statutory, "s1-10").unwrap().id, "S1-10");
        assert_eq!(duties.by_id("nothing"), None);
    }
}
