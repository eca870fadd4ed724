//! The bank holidays: what is known, what a change would do, and the change.

use chrono::{DateTime, Datelike, Utc};

use super::{Answer, StoreSettings};
use crate::{
    casework::{Trial, would_move},
    clock::{london_date, long_date},
    desk::sentence,
    procedure::{
        bank_holidays::{Given, HolidaysError, is_weekend},
        working_days::Calendar,
    },
    store::{
        holidays::{self, Version},
        independence::barred_from,
        officers,
    },
    web::{
        desk::DeskError,
        settings_views::{HolidayChange, HolidayRow, HolidayTrial, HolidayYear, HolidaysView},
        views::Officer,
    },
};

impl From<HolidaysError> for DeskError {
    fn from(error: HolidaysError) -> Self {
        Self::Refused(sentence(&error.to_string()))
    }
}

pub(super) async fn view(desk: &StoreSettings, now: DateTime<Utc>) -> Answer<HolidaysView> {
    let newest = holidays::newest(&mut desk.store.begin_read().await?).await?;
    let given = newest.as_ref().map(|newest| newest.given.clone()).unwrap_or_default();
    let calendar = Calendar::of(&given, &desk.office.closures, &desk.extra);
    let mut days = given.all();
    for day in &desk.extra {
        days.entry(*day).or_insert_with(|| "Extra day in the settings".to_owned());
    }
    let today = london_date(now);
    let years = (today.year()..=calendar.known_until.year()).map(|year| HolidayYear {
        year,
        given: given.years.contains(&year),
        days: days
            .iter()
            .filter(|(date, _)| date.year() == year)
            .map(|(date, title)| HolidayRow {
                date: *date,
                title: title.clone(),
                weekend: is_weekend(*date),
                in_settings: desk.extra.contains(date),
            })
            .collect(),
    });
    let mut closures: Vec<_> = desk.office.closures.iter().copied().filter(|day| *day >= today).collect();
    closures.sort_unstable();
    Ok(HolidaysView {
        years: years.collect(),
        version: newest.as_ref().map_or(0, |newest| newest.number),
        given_at: newest.as_ref().map(|newest| newest.made_at),
        given_by: newest.and_then(|newest| newest.made_by),
        known_until: calendar.known_until,
        runs_out: calendar.runs_out(today),
        closures,
    })
}

/// What the council's bank holidays are after `change`, and the change in words.
fn changed(desk: &StoreSettings, known: &Given, change: &HolidayChange) -> Answer<(Given, String)> {
    match change {
        HolidayChange::Add { date, .. } | HolidayChange::Remove { date } if desk.extra.contains(date) => {
            let day = long_date(*date);
            Err(DeskError::Refused(format!(
                "{day} stands in the settings: change it there, in [council] extra_bank_holidays, and restart Heard."
            )))
        }
        HolidayChange::Add { date, title } => Ok((known.add(*date, title)?, format!("{date} added"))),
        HolidayChange::Remove { date } => Ok((known.remove(*date)?, format!("{date} taken away"))),
    }
}

pub(super) async fn trial(desk: &StoreSettings, change: &HolidayChange, who: &Officer) -> Answer<HolidayTrial> {
    let mut tx = desk.store.begin_read().await?;
    let newest = holidays::newest(&mut tx).await?;
    let version = newest.as_ref().map_or(0, |newest| newest.number);
    let known = newest.map(|newest| newest.given).unwrap_or_default();
    let (new, _) = changed(desk, &known, change)?;
    // Whom a case is about learns nothing of it from a number either.
    let hidden = barred_from(&mut tx, who.id).await?;
    let Trial { open, moved, kept, failed, more } = would_move(&desk.office, &mut tx, &new, &hidden).await?;
    Ok(HolidayTrial { version, changes: known.changes(&new), open, moved, kept, failed, more })
}

pub(super) async fn change(
    desk: &StoreSettings,
    change: &HolidayChange,
    version: i64,
    who: &Officer,
    now: DateTime<Utc>,
) -> Answer<()> {
    let mut tx = desk.store.begin().await?;
    let newest = holidays::newest(&mut tx).await?;
    if newest.as_ref().map_or(0, |newest| newest.number) != version {
        return Err(DeskError::Changed);
    }
    let known = newest.map(|newest| newest.given).unwrap_or_default();
    let (given, what) = changed(desk, &known, change)?;
    let new = Version { number: version + 1, made_at: now, made_by: Some(who.name.clone()), what: what.clone(), given };
    if !holidays::put(&mut tx, &new).await? {
        return Err(DeskError::Changed);
    }
    officers::audit(&mut tx, Some(who.id), &format!("changed the bank holidays: {what}"), None, now).await?;
    tx.commit().await?;
    // At once, so that whoever did it sees it; the worker that follows the calendar counts the open cases anew within seconds.
    desk.office.take_up_holidays(&mut desk.store.begin_read().await?).await?;
    Ok(())
}
