//! The duties of both procedures as a table: what must be done, within how long, of what, and who says so. Pure.
//!
//! One sentence names a duty and its period, and families and officers are shown the same one. Which days count is
//! [`super::working_days`], which date a duty gives is [`super::due_dates`]. A council changes a period with [`Duty::with_working_days`], never the table. Figures that
//! nobody here has read in the law or the Code themselves are marked: a council checks them before it goes live.

use std::{fmt, num::NonZeroU16};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

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
    pub id: &'static str,
    /// Whose rules it belongs to.
    pub rules: &'static [Rules],
    /// Its name on the command line, e.g. `stage1_response_due`.
    pub event: &'static str,
    /// What must be done, e.g. "the answer at stage 1".
    pub what: &'static str,
    /// Within how long.
    pub period: Period,
    /// Of what.
    pub starts: Starts,
    /// Who says so.
    pub source: &'static str,
    /// False when the figure is known at second hand only: a council must check it.
    pub confirmed: bool,
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

    /// The same duty with a council's own number of working days.
    #[must_use]
    pub fn with_working_days(&self, n: NonZeroU16) -> Self {
        let period = match self.period {
            Period::WorkingDaysBefore(_) => Period::WorkingDaysBefore(n),
            _ => Period::WorkingDays(n),
        };
        Self { period, ..self.clone() }
    }
}

/// The duty called `id` in the table.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Duty> {
    DUTIES.iter().find(|duty| duty.id.eq_ignore_ascii_case(id))
}

/// The duty of `rules` whose event or id is `name`.
#[must_use]
pub fn find(rules: Rules, name: &str) -> Option<&'static Duty> {
    of(rules).find(|duty| duty.event == name || duty.id.eq_ignore_ascii_case(name))
}

/// The duties of `rules`, in the order of the procedure.
pub fn of(rules: Rules) -> impl Iterator<Item = &'static Duty> {
    DUTIES.iter().filter(move |duty| duty.rules.contains(&rules))
}

const fn n(n: u16) -> NonZeroU16 {
    match NonZeroU16::new(n) {
        Some(n) => n,
        None => NonZeroU16::MIN,
    }
}

const STATUTORY: &[Rules] = &[Rules::Statutory];
const CORPORATE: &[Rules] = &[Rules::Corporate];
const COMPLAINTS: &[Rules] = &[Rules::Statutory, Rules::Corporate];
const DATA: &[Rules] = &[Rules::DataProtection];

const REGULATIONS: &str =
    "Children Act 1989 representations procedure, SI 2006/1738; working days as in its regulation 2";
const OWN: &str = "our own rule";

const fn duty(
    rules: &'static [Rules],
    id: &'static str,
    event: &'static str,
    what: &'static str,
    period: Period,
    starts: Starts,
    source: &'static str,
) -> Duty {
    Duty { id, rules, event, what, period, starts, source, confirmed: true, receipt: ReceiptRule::Calendar }
}

const fn to_check(duty: Duty) -> Duty {
    Duty { confirmed: false, ..duty }
}

const fn wd(days: u16) -> Period {
    Period::WorkingDays(n(days))
}

/// Stage 1 of the statutory procedure.
#[rustfmt::skip]
pub const S1_10: Duty = duty(STATUTORY, "S1-10", "stage1_response_due", "the answer at stage 1", wd(10), Starts::Receipt, REGULATIONS);
/// Stage 1 of the corporate procedure.
#[rustfmt::skip]
pub const C1_10: Duty = duty(CORPORATE, "C1-10", "stage1_response_due", "the answer at stage 1", wd(10), Starts::Acknowledgement, "LGSCO Complaint Handling Code 6.3");
/// By when an officer says which procedure applies.
#[rustfmt::skip]
pub const DECIDE_3: Duty = duty(COMPLAINTS, "DECIDE-3", "procedure_decision_due", "our decision which procedure applies", wd(3), Starts::Receipt, OWN);

/// Every duty, in the order of the procedures.
#[rustfmt::skip]
pub const DUTIES: &[Duty] = &[
    DECIDE_3,
    to_check(duty(STATUTORY, "ACK-LOCAL", "acknowledgement_due", "the acknowledgement", wd(3), Starts::Receipt, "the council's own promise; the regulations give no figure")),
    S1_10,
    duty(STATUTORY, "S1-20", "stage1_extended_due", "the answer at stage 1 at the latest, when it is complex", wd(20), Starts::Receipt, REGULATIONS),
    duty(STATUTORY, "S2-REQ-20", "stage2_request_window_ends", "the request for stage 2", wd(20), Starts::Stage1Answer, REGULATIONS),
    duty(STATUTORY, "S2-25", "stage2_response_due", "the answer at stage 2", wd(25), Starts::Stage2Request, REGULATIONS),
    duty(STATUTORY, "S2-65", "stage2_maximum_due", "the answer at stage 2 at the latest", wd(65), Starts::Stage2Request, REGULATIONS),
    duty(STATUTORY, "S3-REQ-20", "stage3_request_window_ends", "the request for a panel", wd(20), Starts::Stage2Answer, REGULATIONS),
    to_check(duty(STATUTORY, "S3-ACK-2", "stage3_ack_due", "the acknowledgement of the request for a panel", wd(2), Starts::PanelRequest, "statutory guidance, not read at its source")),
    duty(STATUTORY, "S3-PANEL-30", "stage3_panel_due", "the panel", wd(30), Starts::PanelRequest, "SI 2006/1738 regulation 19"),
    duty(STATUTORY, "S3-PAPERS-10", "stage3_papers_due", "the papers for the panel", Period::WorkingDaysBefore(n(10)), Starts::Panel, "councils' published procedures"),
    duty(STATUTORY, "S3-REPORT-5", "stage3_panel_report_due", "the panel's report", wd(5), Starts::Panel, "SI 2006/1738, review panels"),
    duty(STATUTORY, "S3-RESP-15", "stage3_council_response_due", "our answer to the panel's report", wd(15), Starts::PanelReport, "SI 2006/1738, review panels"),
    duty(STATUTORY, "S3-50", "stage3_overall_due", "the end of stage 3", wd(50), Starts::PanelRequest, "the sum of the periods of stage 3"),
    duty(COMPLAINTS, "LIMIT-12M", "time_limit_last_day", "a complaint that needs no reasons for coming late", Period::Months { n: n(12), roll: false }, Starts::Matter, "SI 2006/1738; LGSCO Complaint Handling Code 2.2"),
    duty(COMPLAINTS, "WITHDRAWN-3", "withdrawal_confirmation_due", "our confirmation that it was withdrawn", wd(3), Starts::Withdrawal, OWN),
    duty(CORPORATE, "C1-ACK-5", "stage1_ack_due", "the acknowledgement", wd(5), Starts::Receipt, "LGSCO Complaint Handling Code 6.2"),
    C1_10,
    duty(CORPORATE, "C1-10+10", "stage1_extended_due", "the answer at stage 1 with the extension", wd(20), Starts::Acknowledgement, "LGSCO Complaint Handling Code 6.4"),
    duty(CORPORATE, "C2-REQ-20", "stage2_request_window_ends", "the request for stage 2", wd(20), Starts::Stage1Answer, "the council's own rule; the Code sets no limit"),
    duty(CORPORATE, "C2-ACK-5", "stage2_ack_due", "the acknowledgement of the request for stage 2", wd(5), Starts::Stage2Request, "LGSCO Complaint Handling Code, stage 2"),
    duty(CORPORATE, "C2-20", "stage2_response_due", "the answer at stage 2", wd(20), Starts::Stage2Acknowledgement, "LGSCO Complaint Handling Code, stage 2"),
    to_check(duty(CORPORATE, "C2-20+20", "stage2_extended_due", "the answer at stage 2 with the extension", wd(40), Starts::Stage2Acknowledgement, "LGSCO Complaint Handling Code, stage 2, as councils apply it")),
    duty(DATA, "DP-30D", "dp_complaint_ack_due", "the acknowledgement of a complaint about personal data", Period::Days { n: n(30), roll: true }, Starts::Receipt, "Data (Use and Access) Act 2025, counted as the ICO does"),
    duty(DATA, "SAR-1M", "sar_response_due", "the answer to a request for personal data", Period::Months { n: n(1), roll: true }, Starts::Receipt, "UK GDPR article 12(3), counted as the ICO does"),
    duty(DATA, "SAR-3M", "sar_extended_due", "the answer to a complex request for personal data", Period::Months { n: n(3), roll: true }, Starts::Receipt, "UK GDPR article 12(3), counted as the ICO does"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_duty_reads_as_a_sentence() {
        let table: Vec<String> =
            DUTIES.iter().map(|duty| format!("{:<12} {} [{}]", duty.id, duty.words(), duty.source)).collect();
        insta::assert_snapshot!(table.join("\n"));
    }

    #[test]
    fn no_two_duties_share_a_name() {
        let ids: BTreeSet<&str> = DUTIES.iter().map(|duty| duty.id).collect();
        assert_eq!(ids.len(), DUTIES.len());
        for rules in [Rules::Statutory, Rules::Corporate, Rules::DataProtection] {
            let events: BTreeSet<&str> = of(rules).map(|duty| duty.event).collect();
            assert_eq!(events.len(), of(rules).count());
        }
        assert_eq!(find(Rules::Corporate, "stage1_response_due").map(|duty| duty.id), Some("C1-10"));
        assert_eq!(find(Rules::Statutory, "s1-10").map(|duty| duty.id), Some("S1-10"));
        assert_eq!(by_id("nothing"), None);
    }
}
