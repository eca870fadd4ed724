//! The days that count as they are known now: shipped, given by the council, proclaimed since. A running program takes up
//! newer ones without a restart.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;

use super::Office;
use crate::{
    procedure::{bank_holidays::Given, working_days::Calendar},
    store::{Stored, Tx, holidays},
};

/// The calendar in use, which may change while the program runs.
#[derive(Debug)]
pub(super) struct LiveCalendar {
    closures: Vec<NaiveDate>,
    extra: Vec<NaiveDate>,
    known: RwLock<Known>,
}

#[derive(Clone, Debug)]
struct Known {
    calendar: Arc<Calendar>,
    version: Arc<str>,
    /// Which version of the council's own holidays; 0: none were given.
    number: i64,
}

impl LiveCalendar {
    pub(super) fn new(closures: &[NaiveDate], extra: &[NaiveDate]) -> Self {
        let known = Known::of(Calendar::england(closures, extra), 0);
        Self { closures: closures.to_vec(), extra: extra.to_vec(), known: RwLock::new(known) }
    }

    fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Known {
    fn of(calendar: Calendar, number: i64) -> Self {
        let version = calendar.version().into();
        Self { calendar: Arc::new(calendar), version, number }
    }
}

impl Office {
    /// The days that count, as they are known now.
    #[must_use]
    pub fn calendar(&self) -> Arc<Calendar> {
        self.calendar.known().calendar
    }

    /// [`Calendar::version`] of [`Office::calendar`].
    #[must_use]
    pub fn calendar_version(&self) -> Arc<str> {
        self.calendar.known().version
    }

    /// The days that would count if the council's own bank holidays were `given`.
    #[must_use]
    pub fn calendar_with(&self, given: &Given) -> Calendar {
        Calendar::of(given, &self.calendar.closures, &self.calendar.extra)
    }

    /// Which version of the council's own bank holidays is in use; 0: none were given.
    #[must_use]
    pub fn holidays_number(&self) -> i64 {
        self.calendar.known().number
    }

    /// Takes up the newest bank holidays in the database. True if they are others than before.
    ///
    /// # Errors
    ///
    /// The database's.
    pub async fn take_up_holidays(&self, tx: &mut Tx) -> Stored<bool> {
        let number = holidays::newest_number(tx).await?;
        if number == self.holidays_number() {
            return Ok(false);
        }
        let Some(newest) = holidays::newest(tx).await? else { return Ok(false) };
        self.use_holidays(&newest.given, newest.number);
        Ok(true)
    }

    fn use_holidays(&self, given: &Given, number: i64) {
        let LiveCalendar { closures, extra, known } = &self.calendar;
        let new = Known::of(Calendar::of(given, closures, extra), number);
        *known.write().unwrap_or_else(PoisonError::into_inner) = new;
    }
}
