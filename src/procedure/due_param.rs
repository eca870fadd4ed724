//! The `param` column of `heard due --batch`: what a row changes in a duty's own figures. Pure.
//!
//! `key=value` pairs parted by `;`. Keys: `n` (working days; `5+10` counts ten more from the end of the five), `days`,
//! `weeks`, `months`, `roll` (`next_working_day` or `none`), `receipt` (`calendar` or `deemed`), `cutoff` (`17:00`),
//! `suspend` (`2026-11-25..2026-12-04`), `extra_non_working` (`day|day`) and `ack` (`last_day` or a day: where the second
//! part of a chain begins).

use std::num::NonZeroU16;

use chrono::{NaiveDate, NaiveTime};

use super::{
    due::DueError,
    due_dates::Suspension,
    duties::{Duty, Period, ReceiptRule},
};

/// How far a period reaches when `param` names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    WorkingDays(u16),
    Days(u16),
    Months(u16),
}

/// What `param` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Param {
    pub(super) period: Option<Asked>,
    /// The second part of a chain, in working days.
    pub(super) then: Option<NonZeroU16>,
    /// Where the second part begins, if not on the last day of the first.
    pub(super) second_from: Option<NaiveDate>,
    deemed: bool,
    cutoff: Option<NaiveTime>,
    pub(super) suspend: Option<Suspension>,
    pub(super) extra_non_working: Vec<NaiveDate>,
    roll: Option<bool>,
}

impl Param {
    pub(super) fn read(text: &str) -> Result<Self, DueError> {
        let mut param = Self::default();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            param.read_part(part).map_err(|remedy| DueError::Param { part: part.to_owned(), remedy })?;
        }
        Ok(param)
    }

    /// Reads one `key=value`, or says what to write instead.
    fn read_part(&mut self, part: &str) -> Result<(), String> {
        let (key, value) = part.split_once('=').ok_or("write key=value")?;
        let value = value.trim();
        let whole = |text: &str| text.trim().parse::<u16>().map_err(|_| "write a whole number, e.g. 10".to_owned());
        let day = |text: &str| text.trim().parse::<NaiveDate>().map_err(|_| "write days as 2026-11-23".to_owned());
        match key.trim() {
            "n" => {
                let (first, then) = value.split_once('+').map_or((value, None), |(first, then)| (first, Some(then)));
                self.set_period(Asked::WorkingDays(whole(first)?))?;
                if let Some(then) = then {
                    self.then = Some(NonZeroU16::new(whole(then)?).ok_or("write a number above 0 after the +")?);
                }
            }
            "days" => self.set_period(Asked::Days(whole(value)?))?,
            "weeks" => self.set_period(Asked::Days(whole(value)?.checked_mul(7).ok_or("write fewer weeks")?))?,
            "months" => self.set_period(Asked::Months(whole(value)?))?,
            "receipt" => {
                self.deemed = match value {
                    "calendar" => false,
                    "deemed" => true,
                    _ => return Err("write receipt=calendar or receipt=deemed".to_owned()),
                }
            }
            "cutoff" => {
                let time = NaiveTime::parse_from_str(value, "%H:%M");
                self.cutoff = Some(time.map_err(|_| "write a time of day, e.g. cutoff=17:00")?);
            }
            "suspend" => {
                let (from, resumed) = value.split_once("..").ok_or("write suspend=2026-11-25..2026-12-04")?;
                let stop = Suspension { from: day(from)?, resumed: day(resumed)? };
                if stop.resumed < stop.from {
                    return Err("the first day must not be after the second".to_owned());
                }
                self.suspend = Some(stop);
            }
            "extra_non_working" => {
                self.extra_non_working = value.split('|').map(day).collect::<Result<_, _>>()?;
            }
            "roll" => {
                self.roll = match value {
                    "next_working_day" => Some(true),
                    "none" => Some(false),
                    _ => return Err("write roll=next_working_day or roll=none".to_owned()),
                }
            }
            "ack" => self.second_from = if value == "last_day" { None } else { Some(day(value)?) },
            _ => {
                let known = "n, days, weeks, months, roll, receipt, cutoff, suspend, extra_non_working, ack";
                return Err(format!("there is no such key; use: {known}"));
            }
        }
        Ok(())
    }

    fn set_period(&mut self, period: Asked) -> Result<(), String> {
        if self.period.replace(period).is_some() {
            return Err("give only one of n, days, weeks and months, once".to_owned());
        }
        Ok(())
    }

    pub(super) fn receipt(&self, of_the_duty: ReceiptRule) -> ReceiptRule {
        if self.deemed {
            ReceiptRule::Deemed(self.cutoff.or_else(|| NaiveTime::from_hms_opt(17, 0, 0)).unwrap_or_default())
        } else {
            of_the_duty
        }
    }

    /// `duty` with the figures given here.
    pub(super) fn applied_to(&self, duty: &Duty) -> Result<Duty, DueError> {
        let zero = || param_error("0", "write a number above 0, e.g. n=10");
        let some = |n: u16| NonZeroU16::new(n).ok_or_else(zero);
        let own_roll = matches!(duty.period, Period::Days { roll: true, .. } | Period::Months { roll: true, .. });
        let roll = self.roll.unwrap_or(own_roll);
        let mut changed = match self.period {
            Some(Asked::WorkingDays(n)) => duty.with_working_days(some(n)?),
            Some(Asked::Days(n)) => Duty { period: Period::Days { n: some(n)?, roll }, ..duty.clone() },
            Some(Asked::Months(n)) => Duty { period: Period::Months { n: some(n)?, roll }, ..duty.clone() },
            None => match duty.period {
                Period::Days { n, .. } => Duty { period: Period::Days { n, roll }, ..duty.clone() },
                Period::Months { n, .. } => Duty { period: Period::Months { n, roll }, ..duty.clone() },
                Period::WorkingDays(_) | Period::WorkingDaysBefore(_) => duty.clone(),
            },
        };
        changed.receipt = self.receipt(duty.receipt);
        let counts_forward = matches!(changed.period, Period::WorkingDays(_));
        if self.suspend.is_some() && (!counts_forward || self.then.is_some()) {
            return Err(param_error("suspend", "only one count of working days can stand still; leave it out here"));
        }
        if self.then.is_some() && !counts_forward {
            return Err(param_error("n", "only a count forward can go on with a second; write one number"));
        }
        Ok(changed)
    }
}

pub(super) fn param_error(part: &str, remedy: &str) -> DueError {
    DueError::Param { part: part.to_owned(), remedy: remedy.to_owned() }
}
