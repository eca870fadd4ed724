//! Working days, as both complaints procedures count them. Pure.
//!
//! Rule: SI 2006/1738 regulation 2 – Saturdays, Sundays, Christmas Day, Boxing Day, Good Friday and bank holidays do not
//! count. A day on which the council is shut does count: the regulation makes no exception for it. The Ombudsman's
//! Complaint Handling Code defines no working day; the same calendar is used there.
//! Unit: whole days, Europe/London. Day 0 is the day that starts the count; day 1 is the next working day.

use std::{collections::BTreeSet, fmt::Write as _};

use chrono::{Datelike, Months, NaiveDate};
use sha2::{Digest, Sha256};

use super::bank_holidays::{Given, is_weekend};
use crate::clock::long_date;

/// Why a date could not be counted. Officers see this text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A guess would show a date that is too early.
    #[error(
        "bank holidays are known only up to {}; ask whoever runs Heard to add the bank holidays of the years after it",
        long_date(*.0)
    )]
    UnknownAfter(NaiveDate),
    /// The table does not go so far back.
    #[error("bank holidays are known only from {}; check the year of the date, or count this one by hand", long_date(*.0))]
    UnknownBefore(NaiveDate),
}

/// The days that do not count, and between which days they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Days that do not count, weekends apart. Complete from `known_from` to `known_until`.
    pub holidays: BTreeSet<NaiveDate>,
    /// Days on which the council is shut. They count like any other; people are warned of them.
    pub closures: BTreeSet<NaiveDate>,
    /// First day for which `holidays` is complete.
    pub known_from: NaiveDate,
    /// Last day for which `holidays` is complete.
    pub known_until: NaiveDate,
}

impl Calendar {
    /// England's calendar. `extra_non_working` are holidays proclaimed since the table was made.
    #[must_use]
    pub fn england(closures: &[NaiveDate], extra_non_working: &[NaiveDate]) -> Self {
        Self::of(&Given::default(), closures, extra_non_working)
    }

    /// The same with the bank holidays that a council gave itself.
    #[must_use]
    pub fn of(given: &Given, closures: &[NaiveDate], extra_non_working: &[NaiveDate]) -> Self {
        let (first, last) = given.known();
        let mut holidays: BTreeSet<NaiveDate> = given.all().into_keys().collect();
        holidays.extend(extra_non_working);
        Self {
            holidays,
            closures: closures.iter().copied().collect(),
            known_from: NaiveDate::from_ymd_opt(first, 1, 1).unwrap_or(NaiveDate::MAX),
            known_until: NaiveDate::from_ymd_opt(last, 12, 31).unwrap_or(NaiveDate::MIN),
        }
    }

    /// Whether fewer than 12 months of known bank holidays lie ahead of `today`: it is time to give those of later years.
    #[must_use]
    pub fn runs_out(&self, today: NaiveDate) -> bool {
        today.checked_add_months(Months::new(12)).is_none_or(|in_a_year| in_a_year > self.known_until)
    }

    /// The same calendar with more days that do not count.
    #[must_use]
    pub fn with_non_working(&self, days: &[NaiveDate]) -> Self {
        let mut changed = self.clone();
        changed.holidays.extend(days);
        changed
    }

    /// Which calendar this is, to be kept with every date counted by it: it changes when a day that does not count does.
    /// Holidays at a weekend change nothing.
    #[must_use]
    pub fn version(&self) -> String {
        let mut hash = Sha256::new();
        for day in self.holidays.iter().filter(|day| !is_weekend(**day)) {
            hash.update(day.num_days_from_ce().to_le_bytes());
        }
        let mut version = format!("england-{}-{}-", self.known_from.year(), self.known_until.year());
        for byte in hash.finalize().iter().take(4) {
            // Writing into a String cannot fail.
            let _ = write!(version, "{byte:02x}");
        }
        version
    }

    /// Whether `day` counts.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] when the bank holidays around `day` are not known.
    pub fn is_working_day(&self, day: NaiveDate) -> Result<bool, CalendarError> {
        if day < self.known_from {
            return Err(CalendarError::UnknownBefore(self.known_from));
        }
        if day > self.known_until {
            return Err(CalendarError::UnknownAfter(self.known_until));
        }
        Ok(!is_weekend(day) && !self.holidays.contains(&day))
    }

    /// Whether the council is shut on `day` though it counts. For warnings only.
    #[must_use]
    pub fn is_closure(&self, day: NaiveDate) -> bool {
        self.closures.contains(&day)
    }

    /// The `n`th working day after `from`, which need not be one itself. `from` when `n` is 0.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] when the count leaves the known years.
    pub fn add_working_days(&self, from: NaiveDate, n: u16) -> Result<NaiveDate, CalendarError> {
        self.walk(from, n, NaiveDate::succ_opt, CalendarError::UnknownAfter(self.known_until))
    }

    /// The `n`th working day before `from`: the last day that leaves `n` working days, counting `from` if it is one.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] when the count leaves the known years.
    pub fn subtract_working_days(&self, from: NaiveDate, n: u16) -> Result<NaiveDate, CalendarError> {
        self.walk(from, n, NaiveDate::pred_opt, CalendarError::UnknownBefore(self.known_from))
    }

    /// `day` if it is a working day, else the next one.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] when the search leaves the known years.
    pub fn next_working_day_on_or_after(&self, day: NaiveDate) -> Result<NaiveDate, CalendarError> {
        if self.is_working_day(day)? { Ok(day) } else { self.add_working_days(day, 1) }
    }

    /// How many working days lie after `after` up to and including `until`; 0 when `until` is not later.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] when a day between is not in the known years.
    pub fn working_days_between(&self, after: NaiveDate, until: NaiveDate) -> Result<u32, CalendarError> {
        let mut count = 0;
        let mut day = after;
        while day < until {
            day = day.succ_opt().ok_or(CalendarError::UnknownAfter(self.known_until))?;
            count += u32::from(self.is_working_day(day)?);
        }
        Ok(count)
    }

    fn walk(
        &self,
        from: NaiveDate,
        n: u16,
        step: fn(&NaiveDate) -> Option<NaiveDate>,
        at_the_end: CalendarError,
    ) -> Result<NaiveDate, CalendarError> {
        let mut day = from;
        let mut left = n;
        while left > 0 {
            day = step(&day).ok_or_else(|| at_the_end.clone())?;
            left -= u16::from(self.is_working_day(day)?);
        }
        Ok(day)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn england() -> Calendar {
        Calendar::england(&[], &[])
    }

    /// Any day that leaves room for long counts on both sides.
    pub fn any_day() -> impl Strategy<Value = NaiveDate> {
        (0u64..365 * 9).prop_map(|offset| day("2020-06-01") + chrono::Days::new(offset))
    }

    #[test]
    fn day_one_is_the_first_working_day_after_day_zero() {
        let calendar = england();
        // Friday, Saturday and Sunday alike: Monday is day one.
        for received in ["2026-11-20", "2026-11-21", "2026-11-22"] {
            assert_eq!(calendar.add_working_days(day(received), 1).unwrap(), day("2026-11-23"));
        }
        assert_eq!(calendar.add_working_days(day("2026-11-23"), 1).unwrap(), day("2026-11-24"));
    }

    #[test]
    fn a_panel_asked_for_before_christmas_meets_by_the_middle_of_january() {
        // Regulation 19: 30 working days, with Christmas Day, the substitute Boxing Day and New Year's Day on the way.
        assert_eq!(england().add_working_days(day("2026-12-01"), 30).unwrap(), day("2027-01-15"));
    }

    #[test]
    fn papers_go_out_ten_working_days_before_the_panel() {
        // Easter 2027 is on 28 March: the Friday and the Monday do not count.
        assert_eq!(england().subtract_working_days(day("2027-04-07"), 10).unwrap(), day("2027-03-22"));
    }

    #[test]
    fn a_day_the_council_is_shut_counts_but_a_proclaimed_holiday_does_not() {
        let shut = [day("2026-12-29"), day("2026-12-30"), day("2026-12-31")];
        let calendar = Calendar::england(&shut, &[]);
        assert_eq!(calendar.add_working_days(day("2026-12-24"), 3).unwrap(), day("2026-12-31"));
        assert!(calendar.is_closure(day("2026-12-30")) && !calendar.is_closure(day("2026-12-28")));
        let proclaimed = Calendar::england(&[], &shut);
        assert_eq!(proclaimed.add_working_days(day("2026-12-24"), 3).unwrap(), day("2027-01-06"));
        assert_eq!(calendar.version(), england().version());
        assert_ne!(proclaimed.version(), england().version());
    }

    #[test]
    fn an_unknown_year_is_an_error_that_says_what_to_do_and_no_guess() {
        let calendar = england();
        let error = calendar.add_working_days(day("2030-12-20"), 10).unwrap_err();
        assert_eq!(error, CalendarError::UnknownAfter(day("2030-12-31")));
        assert_eq!(
            error.to_string(),
            "bank holidays are known only up to Tuesday 31 December 2030; ask whoever runs Heard to add the bank holidays of the years after it"
        );
        assert_eq!(
            calendar.subtract_working_days(day("2019-01-03"), 10),
            Err(CalendarError::UnknownBefore(day("2019-01-01")))
        );
        assert!(calendar.is_working_day(NaiveDate::MAX).is_err() && calendar.is_working_day(NaiveDate::MIN).is_err());
        assert!(calendar.add_working_days(NaiveDate::MAX, 1).is_err());
        assert!(calendar.subtract_working_days(NaiveDate::MIN, 1).is_err());
    }

    proptest! {
        #[test]
        fn a_count_ends_on_a_working_day_and_holds_exactly_n_of_them(from in any_day(), n in 1u16..66) {
            let calendar = england();
            let due = calendar.add_working_days(from, n).unwrap();
            prop_assert!(due > from);
            prop_assert!(calendar.is_working_day(due).unwrap());
            prop_assert_eq!(calendar.working_days_between(from, due).unwrap(), u32::from(n));
        }

        #[test]
        fn counting_back_undoes_counting_forward_from_a_working_day(from in any_day(), n in 1u16..66) {
            let calendar = england();
            let from = calendar.next_working_day_on_or_after(from).unwrap();
            let due = calendar.add_working_days(from, n).unwrap();
            prop_assert_eq!(calendar.subtract_working_days(due, n).unwrap(), from);
        }

        #[test]
        fn one_more_holiday_never_makes_a_date_earlier_nor_a_backward_one_later(
            from in any_day(), n in 1u16..66, offset in -100i64..100,
        ) {
            let before = england();
            let after = before.with_non_working(&[from + chrono::Duration::days(offset)]);
            prop_assert!(after.add_working_days(from, n).unwrap() >= before.add_working_days(from, n).unwrap());
            prop_assert!(after.subtract_working_days(from, n).unwrap() <= before.subtract_working_days(from, n).unwrap());
        }

        #[test]
        fn a_later_start_never_gives_an_earlier_date(from in any_day(), later in 0u64..40, n in 1u16..66) {
            let calendar = england();
            let second = calendar.add_working_days(from + chrono::Days::new(later), n).unwrap();
            prop_assert!(second >= calendar.add_working_days(from, n).unwrap());
        }
    }
}
