//! Bank holidays that a council gives itself, in place of the shipped ones of the same years: read from a file, checked, and
//! compared with what is known. Pure.
//!
//! Early May, New Year's Day and the substitutes are proclaimed, sometimes at days' notice (Banking and Financial Dealings Act
//! 1971 section 1): they are to be known without a new version of the program.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::holidays;
use crate::clock::long_date;

/// Days by their dates, with what people call them.
pub type Days = BTreeMap<NaiveDate, String>;

/// What a year's weekdays off may be: England has had from 8 to 10.
const FEWEST: usize = 6;
/// The most days that a year may name.
const MOST: usize = 20;
/// The years in which a day may be.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;
/// A name of a day, in characters.
const LONGEST_TITLE: usize = 120;
/// Where everybody's file is.
pub const GOV_UK: &str = "https://www.gov.uk/bank-holidays.json";
/// What to do before the known ones run out.
pub const REMEDY: &str = "run heard holidays import FILE with the file from https://www.gov.uk/bank-holidays.json";
/// The division that England is in.
const ENGLAND: &str = "england-and-wales";

/// Why bank holidays are not taken. Whoever typed the command sees this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HolidaysError {
    /// Neither of the two kinds of file.
    #[error(
        "this is no list of bank holidays ({0}). Give the file from {GOV_UK}, or a CSV with the columns date and title"
    )]
    NotAList(String),
    /// Other parts of the kingdom only.
    #[error(
        "the file has no \"{ENGLAND}\": give the whole file from {GOV_UK}. Other parts of the kingdom have other days"
    )]
    NotEngland,
    /// No rows.
    #[error("the file holds no bank holidays: give the file from {GOV_UK}, or a CSV with a line for each day")]
    Empty,
    /// Not a date.
    #[error("\"{0}\" is no date: write it as 2027-12-27 or 27/12/2027")]
    NoDate(String),
    /// A day without a name.
    #[error("{} has no name: write what the day is called beside it", long_date(*.0))]
    NoTitle(NaiveDate),
    /// A slip of the finger.
    #[error("{0} is not between 2000 and 2100: correct its year")]
    OutOfRange(NaiveDate),
    /// One day, two names.
    #[error("{} stands twice, as \"{}\" and as \"{}\": correct the date of one, or take one out", long_date(*.0), .1, .2)]
    Twice(NaiveDate, String, String),
    /// Nothing that matters.
    #[error(
        "all its days are Saturdays or Sundays, which never count: give the whole list, with the days off in their place"
    )]
    WeekendsOnly,
    /// Part of a year.
    #[error(
        "{year} has only {n} {} off: a year has at least {FEWEST}. Give all bank holidays of {year}, or take the year out of the file",
        if *n == 1 { "weekday" } else { "weekdays" }
    )]
    TooFew {
        /// Which year.
        year: i32,
        /// Weekdays.
        n: usize,
    },
    /// Not bank holidays.
    #[error(
        "{year} has {n} days: a year has at most {MOST}. Take out what is no bank holiday; days on which only the council is shut count as working days"
    )]
    TooMany {
        /// Which year.
        year: i32,
        /// Days.
        n: usize,
    },
    /// A year between is not known.
    #[error("the bank holidays of {0} are not known: give them too, so that no year is missing between")]
    Gap(i32),
    /// One day of a year of which nothing is known.
    #[error("no bank holidays of {0} are known yet: give the whole year with heard holidays import FILE first")]
    UnknownYear(i32),
    /// Saturday or Sunday.
    #[error("{} never counts: name the weekday that is off in its place", long_date(*.0))]
    Weekend(NaiveDate),
    /// There already.
    #[error("{} is known already, as {}", long_date(*.0), .1)]
    Known(NaiveDate, String),
    /// Not there.
    #[error("{} is no bank holiday: see heard holidays list", long_date(*.0))]
    NotThere(NaiveDate),
}

/// One day that is added or taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Day {
    /// The day.
    pub date: NaiveDate,
    /// What people call it.
    pub title: String,
}

/// What another version of the holidays changes. Weekends change nothing, and are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Days that do not count any more.
    pub added: Vec<Day>,
    /// Days that count again.
    pub removed: Vec<Day>,
    /// Years of which nothing was known.
    pub new_years: Vec<i32>,
}

impl Changes {
    /// Whether all dates stay as they are.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.new_years.is_empty()
    }
}

/// The bank holidays that a council gave: all days of some years. The other years are as shipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The years, each whole.
    pub years: BTreeSet<i32>,
    /// Their days.
    pub days: Days,
}

impl Given {
    /// All days that are known, shipped and given.
    #[must_use]
    pub fn all(&self) -> Days {
        let shipped = holidays::england().filter(|holiday| !self.years.contains(&holiday.date.year()));
        let mut days: Days = shipped.map(|holiday| (holiday.date, holiday.name.to_owned())).collect();
        days.extend(self.days.iter().map(|(date, title)| (*date, title.clone())));
        days
    }

    /// The first and the last year whose days are known. No year between is missing.
    #[must_use]
    pub fn known(&self) -> (i32, i32) {
        let (mut first, mut last) = (holidays::FIRST_YEAR, holidays::LAST_YEAR);
        while self.years.contains(&(first - 1)) {
            first -= 1;
        }
        while self.years.contains(&(last + 1)) {
            last += 1;
        }
        (first, last)
    }

    /// With all days of some years in place of what is known of these years.
    ///
    /// # Errors
    ///
    /// [`HolidaysError`], and then nothing of it is taken.
    pub fn import(&self, days: Days) -> Result<Self, HolidaysError> {
        if days.is_empty() {
            return Err(HolidaysError::Empty);
        }
        if days.keys().all(|day| is_weekend(*day)) {
            return Err(HolidaysError::WeekendsOnly);
        }
        let years: BTreeSet<i32> = days.keys().map(Datelike::year).collect();
        let mut new = self.clone();
        new.days.retain(|day, _| !years.contains(&day.year()));
        new.days.extend(days);
        for year in &years {
            new.check(*year)?;
        }
        new.years.extend(years);
        let (first, last) = new.known();
        let beyond = |year: &&i32| **year < first || **year > last;
        match new.years.iter().find(beyond) {
            Some(year) if *year > last => Err(HolidaysError::Gap(last + 1)),
            Some(_) => Err(HolidaysError::Gap(first - 1)),
            None => Ok(new),
        }
    }

    /// With one more day.
    ///
    /// # Errors
    ///
    /// [`HolidaysError`].
    pub fn add(&self, date: NaiveDate, title: &str) -> Result<Self, HolidaysError> {
        let title = checked(date, title)?;
        if is_weekend(date) {
            return Err(HolidaysError::Weekend(date));
        }
        let mut new = self.with_year(date.year())?;
        if let Some(known) = new.days.get(&date) {
            return Err(HolidaysError::Known(date, known.clone()));
        }
        new.days.insert(date, title);
        new.check(date.year()).map(|()| new)
    }

    /// With one day less.
    ///
    /// # Errors
    ///
    /// [`HolidaysError`].
    pub fn remove(&self, date: NaiveDate) -> Result<Self, HolidaysError> {
        if is_weekend(date) {
            return Err(HolidaysError::Weekend(date));
        }
        let mut new = self.with_year(date.year())?;
        if new.days.remove(&date).is_none() {
            return Err(HolidaysError::NotThere(date));
        }
        new.check(date.year()).map(|()| new)
    }

    /// What is different in `new`.
    #[must_use]
    pub fn changes(&self, new: &Self) -> Changes {
        let (before, after) = (self.all(), new.all());
        let missing_in = |days: &Days, others: &Days| {
            let only = days.iter().filter(|(date, _)| !is_weekend(**date) && !others.contains_key(date));
            only.map(|(date, title)| Day { date: *date, title: title.clone() }).collect()
        };
        let (known, now) = (self.known(), new.known());
        Changes {
            added: missing_in(&after, &before),
            removed: missing_in(&before, &after),
            new_years: (now.0..=now.1).filter(|year| *year < known.0 || *year > known.1).collect(),
        }
    }

    /// A copy in which this year is the council's own, with the days it has now.
    fn with_year(&self, year: i32) -> Result<Self, HolidaysError> {
        let mut new = self.clone();
        if new.years.insert(year) {
            if !(holidays::FIRST_YEAR..=holidays::LAST_YEAR).contains(&year) {
                return Err(HolidaysError::UnknownYear(year));
            }
            new.days.extend(self.all().into_iter().filter(|(date, _)| date.year() == year));
        }
        Ok(new)
    }

    fn check(&self, year: i32) -> Result<(), HolidaysError> {
        let of_year: Vec<NaiveDate> = self.days.keys().copied().filter(|day| day.year() == year).collect();
        let weekdays = of_year.iter().filter(|day| !is_weekend(**day)).count();
        if weekdays < FEWEST {
            return Err(HolidaysError::TooFew { year, n: weekdays });
        }
        if of_year.len() > MOST {
            return Err(HolidaysError::TooMany { year, n: of_year.len() });
        }
        Ok(())
    }
}

/// Whether it never counts, whatever the holidays are.
#[must_use]
pub fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

#[derive(Deserialize)]
struct Division {
    division: Option<String>,
    events: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    title: String,
    date: String,
}

/// Reads gov.uk's `bank-holidays.json`, one division of it, or a CSV with the columns `date` and `title` (or `name`).
///
/// # Errors
///
/// [`HolidaysError`] with what to do.
pub fn read(text: &str) -> Result<Days, HolidaysError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(HolidaysError::Empty);
    }
    let entries = if text.starts_with(['{', '[']) { from_json(text)? } else { from_csv(text)? };
    let mut days = Days::new();
    for Entry { title, date } in entries {
        let date = parsed(&date)?;
        let title = checked(date, &title)?;
        if let Some(other) = days.get(&date).filter(|other| **other != title) {
            return Err(HolidaysError::Twice(date, other.clone(), title));
        }
        days.insert(date, title);
    }
    if days.is_empty() { Err(HolidaysError::Empty) } else { Ok(days) }
}

fn from_json(text: &str) -> Result<Vec<Entry>, HolidaysError> {
    let not_a_list = |error: serde_json::Error| HolidaysError::NotAList(error.to_string());
    let whole: serde_json::Value = serde_json::from_str(text).map_err(not_a_list)?;
    let english = match whole.get(ENGLAND) {
        Some(english) => english.clone(),
        None if whole.get("events").is_some() => whole,
        None => return Err(HolidaysError::NotEngland),
    };
    let Division { division, events } = serde_json::from_value(english).map_err(not_a_list)?;
    if division.is_some_and(|division| division != ENGLAND) {
        return Err(HolidaysError::NotEngland);
    }
    Ok(events)
}

fn from_csv(text: &str) -> Result<Vec<Entry>, HolidaysError> {
    let not_a_list = |error: csv::Error| HolidaysError::NotAList(error.to_string());
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(not_a_list)?.clone();
    let column = |names: &[&str]| {
        let named = headers.iter().position(|header| names.iter().any(|name| header.eq_ignore_ascii_case(name)));
        named.ok_or_else(|| HolidaysError::NotAList(format!("it has no column {}", names.join(" or "))))
    };
    let (date, title) = (column(&["date"])?, column(&["title", "name"])?);
    let mut entries = Vec::new();
    for row in reader.records() {
        let row = row.map_err(not_a_list)?;
        let cell = |place: usize| row.get(place).unwrap_or_default().to_owned();
        if row.iter().any(|cell| !cell.is_empty()) {
            entries.push(Entry { title: cell(title), date: cell(date) });
        }
    }
    Ok(entries)
}

fn parsed(text: &str) -> Result<NaiveDate, HolidaysError> {
    let formats = ["%Y-%m-%d", "%d/%m/%Y"];
    formats
        .iter()
        .find_map(|format| NaiveDate::parse_from_str(text, format).ok())
        .ok_or_else(|| HolidaysError::NoDate(text.chars().filter(|c| !c.is_control()).take(40).collect()))
}

fn checked(date: NaiveDate, title: &str) -> Result<String, HolidaysError> {
    if !YEARS.contains(&date.year()) {
        return Err(HolidaysError::OutOfRange(date));
    }
    let title: String = title.trim().chars().filter(|c| !c.is_control()).take(LONGEST_TITLE).collect();
    if title.is_empty() { Err(HolidaysError::NoTitle(date)) } else { Ok(title) }
}

#[cfg(test)]
mod tests;
