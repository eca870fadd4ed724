//! The date a duty gives, and by which rule. Pure: the calendar is handed in.
//!
//! A date is never bare: it keeps its day 0, its duty and the calendar it was counted with, so that it can be shown,
//! checked by hand and counted again.

use chrono::{DateTime, Months, NaiveDate, Utc};
use chrono_tz::Europe::London;
use serde::{Deserialize, Serialize};

use super::{
    duties::{Duties, Duty, Period},
    working_days::{Calendar, CalendarError},
};
use crate::clock::{london_date, long_date};

/// A date by which something must be done, and the rule it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueDate {
    /// The last day, in London, to its very end.
    pub on: NaiveDate,
    /// Which duty of the table.
    pub duty_id: String,
    /// The duty, its start and its source in one sentence.
    pub rule: String,
    /// The day the count starts from.
    pub day0: NaiveDate,
    /// [`Calendar::version`] of the calendar it was counted with.
    pub calendar_version: String,
}

impl DueDate {
    /// Overdue from the first moment of the next day in London.
    #[must_use]
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        london_date(now) > self.on
    }

    /// Working days left after today; negative when so many have passed since.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] when the bank holidays between are not known.
    pub fn working_days_left(&self, now: DateTime<Utc>, calendar: &Calendar) -> Result<i64, CalendarError> {
        let today = london_date(now);
        let left = calendar.working_days_between(today, self.on)?;
        let gone = calendar.working_days_between(self.on, today)?;
        Ok(i64::from(left) - i64::from(gone))
    }
}

/// The date that `duty` gives when its clock started at `started`.
///
/// # Errors
///
/// [`CalendarError`] when the count leaves the years whose bank holidays are known.
pub fn due(duty: &Duty, started: DateTime<Utc>, calendar: &Calendar) -> Result<DueDate, CalendarError> {
    let day0 = duty.receipt.day0(started.with_timezone(&London).naive_local(), calendar)?;
    due_from(duty, day0, calendar)
}

/// The date that `duty` gives when day 0 is known already: extensions are counted from the original one.
///
/// # Errors
///
/// [`CalendarError`] when the count leaves the years whose bank holidays are known.
pub fn due_from(duty: &Duty, day0: NaiveDate, calendar: &Calendar) -> Result<DueDate, CalendarError> {
    let rolled = |day: Option<NaiveDate>, roll: bool| {
        let day = day.ok_or(CalendarError::UnknownAfter(calendar.known_until))?;
        if roll { calendar.next_working_day_on_or_after(day) } else { Ok(day) }
    };
    let on = match duty.period {
        Period::WorkingDays(n) => calendar.add_working_days(day0, n.get())?,
        Period::WorkingDaysBefore(n) => calendar.subtract_working_days(day0, n.get())?,
        Period::Days { n, roll } => rolled(day0.checked_add_days(chrono::Days::new(n.get().into())), roll)?,
        Period::Months { n, roll } => rolled(day0.checked_add_months(Months::new(n.get().into())), roll)?,
    };
    Ok(dated(duty, on, day0, calendar, ""))
}

/// A stretch during which a clock stands still, e.g. while an advocate is being found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// The day it began. Working days up to and including it are used up.
    pub from: NaiveDate,
    /// The day the clock went on. The first working day after it counts again.
    pub resumed: NaiveDate,
}

/// The date that a duty in working days gives when its clock stood still: what was left when it stopped is counted from
/// the day it went on. Never earlier than without. Other periods aren't suspended.
///
/// # Errors
///
/// [`CalendarError`] when the count leaves the years whose bank holidays are known.
pub fn due_with_suspension(
    duty: &Duty,
    day0: NaiveDate,
    stop: Suspension,
    calendar: &Calendar,
) -> Result<DueDate, CalendarError> {
    let plain = due_from(duty, day0, calendar)?;
    let Period::WorkingDays(n) = duty.period else { return Ok(plain) };
    if stop.from >= plain.on || stop.resumed <= stop.from {
        return Ok(plain);
    }
    let used = u16::try_from(calendar.working_days_between(day0, stop.from)?).unwrap_or(u16::MAX);
    let left = n.get().saturating_sub(used);
    let on = calendar.add_working_days(stop.resumed.max(day0), left)?;
    let stopped = format!(
        "; the clock stood still from {} to {}, with {left} of them left",
        long_date(stop.from),
        long_date(stop.resumed)
    );
    Ok(dated(duty, on, day0, calendar, &stopped))
}

/// A [`DueDate::rule`] without day 0 and the source, for where there is little room: a chat.
#[must_use]
pub fn short_rule(rule: &str) -> String {
    let words = rule.split_once(" (").map_or(rule, |(words, _)| words);
    let words = words.rsplit_once(", ").map_or(words, |(words, _)| words);
    format!("{}.", words.trim_end_matches('.'))
}

fn dated(duty: &Duty, on: NaiveDate, day0: NaiveDate, calendar: &Calendar, more: &str) -> DueDate {
    let mut words = duty.words();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    DueDate {
        on,
        duty_id: duty.id.clone(),
        rule: format!("{words}, {}{more} ({}: {}).", long_date(day0), duty.id, duty.source),
        day0,
        calendar_version: calendar.version(),
    }
}

/// By when we decide which procedure a complaint follows.
///
/// # Errors
///
/// [`CalendarError`] when the count leaves the years whose bank holidays are known.
pub fn decide_due(received: DateTime<Utc>, duties: &Duties, calendar: &Calendar) -> Result<DueDate, CalendarError> {
    due(&duties.decision, received, calendar)
}

/// Whether a complaint came more than 12 months after the matter, or after it became known if that was later. A prompt
/// for an officer to look at the reasons, never a rejection. 29 February counts to 28 February; no day is moved.
#[must_use]
pub fn is_late(received: NaiveDate, happened: NaiveDate, known: Option<NaiveDate>) -> bool {
    let start = known.map_or(happened, |known| known.max(happened));
    start.checked_add_months(Months::new(12)).is_some_and(|last_day| received > last_day)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;
    use proptest::prelude::*;

    use super::*;
    use crate::procedure::duties::ReceiptRule;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn duties() -> Duties {
        Duties::built_in().unwrap()
    }

    fn england() -> Calendar {
        Calendar::england(&[], &[])
    }

    #[test]
    fn a_date_names_its_rule_its_start_and_its_source() {
        let date = due(&duties().corporate_answer, at("2026-11-24T09:00:00Z"), &england()).unwrap();
        assert_eq!((date.on, date.duty_id.as_str(), date.day0), (day("2026-12-08"), "C1-10", day("2026-11-24")));
        assert_eq!(
            date.rule,
            "The answer at stage 1, within 10 working days of the day we acknowledged it, Tuesday 24 November 2026 \
             (C1-10: LGSCO Complaint Handling Code 6.3)."
        );
        assert_eq!(
            short_rule(&date.rule),
            "The answer at stage 1, within 10 working days of the day we acknowledged it."
        );
        assert!(date.calendar_version.starts_with("england-2019-2030-"));
        assert!(!date.is_overdue(at("2026-12-08T23:59:59Z")) && date.is_overdue(at("2026-12-09T00:00:00Z")));
        assert_eq!(date.working_days_left(at("2026-12-04T12:00:00Z"), &england()).unwrap(), 2);
        assert_eq!(date.working_days_left(at("2026-12-08T12:00:00Z"), &england()).unwrap(), 0);
        assert_eq!(date.working_days_left(at("2026-12-14T12:00:00Z"), &england()).unwrap(), -4);
    }

    #[test]
    fn twelve_months_run_from_the_day_it_became_known() {
        assert!(!is_late(day("2026-11-21"), day("2025-11-21"), None));
        assert!(is_late(day("2026-11-22"), day("2025-11-21"), None));
        assert!(!is_late(day("2026-11-22"), day("2024-01-01"), Some(day("2025-11-22"))));
        assert!(is_late(day("2025-03-01"), day("2024-02-29"), None));
        assert!(!is_late(day("2025-02-28"), day("2024-02-29"), Some(day("2020-01-01"))));
    }

    #[test]
    fn a_stop_before_the_start_or_after_the_end_changes_nothing() {
        let plain = due_from(&duties().statutory_answer, day("2026-11-02"), &england()).unwrap();
        for (from, resumed) in
            [("2026-11-16", "2026-12-01"), ("2026-11-05", "2026-11-05"), ("2026-10-01", "2026-10-09")]
        {
            let stop = Suspension { from: day(from), resumed: day(resumed) };
            assert_eq!(
                due_with_suspension(&duties().statutory_answer, day("2026-11-02"), stop, &england()).unwrap().on,
                plain.on
            );
        }
        // 3 and 4 November are used; eight are left after Friday 20 November.
        let stop = Suspension { from: day("2026-11-04"), resumed: day("2026-11-20") };
        let stopped = due_with_suspension(&duties().statutory_answer, day("2026-11-02"), stop, &england()).unwrap();
        assert_eq!(stopped.on, day("2026-12-02"));
        assert!(stopped.rule.contains("stood still from Wednesday 4 November 2026 to Friday 20 November 2026, with 8"));
    }

    proptest! {
        #[test]
        fn no_duty_that_counts_forward_is_due_before_day_zero(seconds in 1_600_000_000i64..1_870_000_000, which in 0..duties().all().len()) {
            let (started, duty) = (DateTime::from_timestamp(seconds, 0).unwrap(), duties().all()[which].clone());
            let date = due(&duty, started, &england()).unwrap();
            prop_assert_eq!(date.day0, london_date(started));
            prop_assert_eq!(date.on > date.day0, !matches!(duty.period, Period::WorkingDaysBefore(_)));
            prop_assert_eq!(due_from(&duty, date.day0, &england()).unwrap(), date);
        }

        #[test]
        fn the_hour_of_the_day_changes_nothing_and_the_deemed_rule_adds_one_working_day_at_most(
            days in 0u64..365 * 9, first in 0u32..86_400, second in 0u32..86_400,
        ) {
            let calendar = england();
            let date = day("2020-06-01") + chrono::Days::new(days);
            let local = |seconds| date.and_time(NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap());
            let strict = ReceiptRule::Calendar;
            prop_assert_eq!(strict.day0(local(first), &calendar).unwrap(), strict.day0(local(second), &calendar).unwrap());
            let deemed = ReceiptRule::Deemed(NaiveTime::from_hms_opt(17, 0, 0).unwrap());
            let calendar_due = calendar.add_working_days(strict.day0(local(first), &calendar).unwrap(), 10).unwrap();
            let deemed_due = calendar.add_working_days(deemed.day0(local(first), &calendar).unwrap(), 10).unwrap();
            prop_assert!(deemed_due >= calendar_due);
            prop_assert!(calendar.working_days_between(calendar_due, deemed_due).unwrap() <= 1);
        }

        #[test]
        fn an_extension_counts_from_the_original_day_and_a_stop_never_brings_the_date_forward(
            days in 0u64..365 * 9, from in -20i64..60, long in 0i64..60,
        ) {
            let calendar = england();
            let day0 = day("2020-06-01") + chrono::Days::new(days);
            let plain = due_from(&duties().statutory_answer, day0, &calendar).unwrap();
            let extended = due_from(duties().by_id("S1-20").unwrap(), day0, &calendar).unwrap();
            prop_assert_eq!(calendar.working_days_between(plain.on, extended.on).unwrap(), 10);
            let from = day0 + chrono::Duration::days(from);
            let stop = Suspension { from, resumed: from + chrono::Duration::days(long) };
            prop_assert!(due_with_suspension(&duties().statutory_answer, day0, stop, &calendar).unwrap().on >= plain.on);
        }
    }
}
