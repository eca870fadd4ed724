//! The time of day, as a value that is handed in. The only place that asks the machine's clock.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound, Utc};
use chrono_tz::Europe::London;

/// Where the program gets the time from.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        #[allow(clippy::disallowed_methods)]
        Self(Arc::new(Utc::now))
    }

    /// A clock that says what `tell` tells: for tests in which time passes.
    #[must_use]
    pub fn by(tell: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// A clock that always says `instant`.
    #[must_use]
    pub fn fixed(instant: DateTime<Utc>) -> Self {
        Self(Arc::new(move || instant))
    }

    /// Now, UTC, cut to microseconds: Postgres keeps no more, and both databases must give back what was put in.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)().trunc_subsecs(6)
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

/// The wall clock's time in England at `instant`.
#[must_use]
pub fn london_time(instant: DateTime<Utc>) -> NaiveDateTime {
    instant.with_timezone(&London).naive_local()
}

/// The date in England at `instant`. All clocks of the procedures count these days.
#[must_use]
pub fn london_date(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&London).date_naive()
}

/// The first instant of `day` in England.
#[must_use]
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    // Clocks change at one in the morning, so there is always one midnight.
    midnight.and_local_timezone(London).earliest().map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}

/// `instant` as people in England write it: `Saturday 21 November 2026 at 9:07pm`.
#[must_use]
pub fn long_date_time(instant: DateTime<Utc>) -> String {
    let local = instant.with_timezone(&London);
    format!("{} at {}", long_date(local.date_naive()), local.format("%-I:%M%P"))
}

/// `day` as people in England write it: `Saturday 21 November 2026`.
#[must_use]
pub fn long_date(day: NaiveDate) -> String {
    day.format("%A %-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_past_eleven_at_night_in_summer_is_still_the_same_london_day() {
        let instant: DateTime<Utc> = "2026-06-30T22:59:00Z".parse().unwrap();
        assert_eq!(london_date(instant), NaiveDate::from_ymd_opt(2026, 6, 30).unwrap());
        let instant: DateTime<Utc> = "2026-06-30T23:01:00Z".parse().unwrap();
        assert_eq!(london_date(instant), NaiveDate::from_ymd_opt(2026, 7, 1).unwrap());
        assert_eq!(long_date_time(instant), "Wednesday 1 July 2026 at 12:01am");
    }
}
