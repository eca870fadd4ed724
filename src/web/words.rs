//! How the pages put numbers and times into words. Pure; each is a filter of the templates.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Europe::London;

pub use crate::labelling::words::{a_what, of_100};

use crate::labelling::labels::Procedure;

/// `Fri 4 Dec 2026`.
#[must_use]
pub fn day(date: NaiveDate) -> String {
    date.format("%a %-d %b %Y").to_string()
}

/// `Fri 4 Dec`, where the year is plain from what stands beside it.
#[must_use]
pub fn short_day(date: NaiveDate) -> String {
    date.format("%a %-d %b").to_string()
}

/// A procedure in one or two words, for tables.
#[must_use]
pub fn short_procedure(procedure: Procedure) -> &'static str {
    match procedure {
        Procedure::Statutory => "Statutory",
        other => other.shown(),
    }
}

/// `Sat 21 Nov 2026, 9:07pm`, London time.
#[must_use]
pub fn moment(at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&London);
    format!("{}, {}", day(local.date_naive()), local.format("%-I:%M%P"))
}

/// When something was done: the day alone where nothing else is known, which is kept as its first moment in London.
#[must_use]
pub fn done(at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&London);
    if local.time() == NaiveTime::MIN { day(local.date_naive()) } else { moment(at) }
}

/// How far away a due date is, in working days from today: `today`, `in 1 working day`, `2 working days overdue`.
#[must_use]
pub fn due(working_days_left: i64) -> String {
    let days = working_days_left.unsigned_abs();
    let unit = if days == 1 { "working day" } else { "working days" };
    match working_days_left {
        0 => "today".to_owned(),
        1.. => format!("in {days} {unit}"),
        _ => format!("{days} {unit} overdue"),
    }
}

/// A probability as a percentage that never claims to be certain: `87%`, `over 99%`, `under 1%`.
#[must_use]
pub fn percent(probability: f64) -> String {
    if !probability.is_finite() {
        return "not known".to_owned();
    }
    let hundredths = (probability * 100.0).round();
    if probability > 0.99 {
        "over 99%".to_owned()
    } else if hundredths < 1.0 {
        "under 1%".to_owned()
    } else {
        format!("{hundredths:.0}%")
    }
}

/// A probability in words, so that nobody reads more into the figure than is there.
#[must_use]
pub fn how_sure(probability: f64) -> &'static str {
    match probability {
        p if p >= 0.95 => "almost certain",
        p if p >= 0.8 => "very likely",
        p if p >= 0.6 => "likely",
        p if p >= 0.4 => "about even",
        p if p >= 0.2 => "unlikely",
        _ => "very unlikely",
    }
}

/// A file size: `812 bytes`, `48 KB`, `2.4 MB`.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => format!("{:.1} MB", bytes as f64 / 1_000_000.0),
    }
}

/// How long ago `at` was: `less than a minute ago`, `4 minutes ago`, `3 hours ago`, `2 days ago`.
#[must_use]
pub fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = now.signed_duration_since(at).num_minutes();
    let count = |number: i64, unit: &str| format!("{number} {unit}{} ago", if number == 1 { "" } else { "s" });
    match minutes {
        ..1 => "less than a minute ago".to_owned(),
        1..60 => count(minutes, "minute"),
        60..2_880 => count(minutes / 60, "hour"),
        _ => count(minutes / 1_440, "day"),
    }
}

/// A probability as the settings have it: `0.95`, `0.412`.
#[must_use]
pub fn line(probability: f64) -> String {
    let text = format!("{probability:.3}");
    let short = text.trim_end_matches('0');
    if short.ends_with('.') { format!("{short}0") } else { short.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn what_was_done_on_a_day_says_no_hour() {
        assert_eq!(done(at("2026-11-20T00:00:00Z")), "Fri 20 Nov 2026");
        assert_eq!(done(at("2026-06-19T23:00:00Z")), "Sat 20 Jun 2026");
        assert_eq!(done(at("2026-11-20T10:30:00Z")), "Fri 20 Nov 2026, 10:30am");
    }

    #[test]
    fn due_dates_are_told_in_working_days_from_today() {
        assert_eq!(due(0), "today");
        assert_eq!(due(1), "in 1 working day");
        assert_eq!(due(3), "in 3 working days");
        assert_eq!(due(-1), "1 working day overdue");
        assert_eq!(due(-12), "12 working days overdue");
    }

    #[test]
    fn a_probability_is_never_told_as_certain() {
        assert_eq!(percent(1.0), "over 99%");
        assert_eq!(percent(0.99), "99%");
        assert_eq!(percent(0.866), "87%");
        assert_eq!(percent(0.0), "under 1%");
        assert_eq!(percent(f64::NAN), "not known");
        assert_eq!(how_sure(0.866), "very likely");
        assert_eq!(how_sure(0.05), "very unlikely");
    }

    #[test]
    fn times_are_londons() {
        assert_eq!(moment(at("2026-06-30T23:01:00Z")), "Wed 1 Jul 2026, 12:01am");
        assert_eq!(moment(at("2026-11-21T21:07:00Z")), "Sat 21 Nov 2026, 9:07pm");
    }

    #[test]
    fn ages_and_sizes_are_rounded_to_what_a_person_would_say() {
        let now = at("2026-11-21T21:00:00Z");
        assert_eq!(ago(at("2026-11-21T20:59:30Z"), now), "less than a minute ago");
        assert_eq!(ago(at("2026-11-21T20:59:00Z"), now), "1 minute ago");
        assert_eq!(ago(at("2026-11-21T18:00:00Z"), now), "3 hours ago");
        assert_eq!(ago(at("2026-11-18T18:00:00Z"), now), "3 days ago");
        assert_eq!(size(812), "812 bytes");
        assert_eq!(size(47_200), "48 KB");
        assert_eq!(size(2_400_000), "2.4 MB");
    }
}
