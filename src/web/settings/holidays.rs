//! The bank holidays: seen, and changed in two steps: first what it would do, then it is done.

use axum::{
    Form,
    extract::{Query, State, rejection::FormRejection},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{SECTION, settings};
use crate::web::{
    WebState,
    access::Ask,
    case::FieldFault,
    checks::DayFields,
    desk::DeskError,
    errors::WebError,
    session::Signed,
    settings_views::{HolidayChange, HolidayTrial, HolidaysView},
};

/// The longest name of a day, in characters.
const TITLE: usize = 120;

/// All that the forms may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct HolidayForm {
    /// `add` or `remove`.
    what: String,
    /// `yes` once its effect was seen.
    sure: String,
    /// The version that it changes.
    version: i64,
    /// The day to be taken away, or added for certain.
    date: String,
    #[serde(rename = "on-day")]
    on_day: String,
    #[serde(rename = "on-month")]
    on_month: String,
    #[serde(rename = "on-year")]
    on_year: String,
    title: String,
}

impl HolidayForm {
    fn on(&self) -> DayFields {
        DayFields { day: self.on_day.clone(), month: self.on_month.clone(), year: self.on_year.clone() }
    }

    /// The change, or what is wrong with the form.
    fn change(&self) -> Result<HolidayChange, Vec<FieldFault>> {
        let date = self.date.parse::<NaiveDate>().ok();
        if self.what == "remove" {
            let fault = || vec![FieldFault::new("on-day", "Choose a day from the list to take away")];
            return date.map(|date| HolidayChange::Remove { date }).ok_or_else(fault);
        }
        let title = self.title.trim();
        let mut faults = Vec::new();
        let date = date.or_else(|| self.on().read());
        if date.is_none() {
            faults.push(FieldFault::new("on-day", "Enter the day as a day, a month and a year"));
        }
        if title.is_empty() {
            faults.push(FieldFault::new("title", "Enter what the day is called"));
        } else if title.chars().count() > TITLE {
            faults.push(FieldFault::new("title", "Enter a name of at most 120 characters"));
        }
        match date {
            Some(date) if faults.is_empty() => Ok(HolidayChange::Add { date, title: title.to_owned() }),
            _ => Err(faults),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Done {
    done: Option<String>,
}

#[derive(Serialize)]
struct ListPage {
    holidays: HolidaysView,
    may_change: bool,
    done: bool,
    on: DayFields,
    title: String,
    faults: Vec<FieldFault>,
}

#[derive(Serialize)]
struct SurePage {
    adds: bool,
    date: NaiveDate,
    title: String,
    trial: HolidayTrial,
}

async fn list(
    state: &WebState,
    signed: &Signed,
    (form, faults): (&HolidayForm, Vec<FieldFault>),
    done: bool,
) -> Result<Html<String>, WebError> {
    let page = ListPage {
        holidays: settings(state, signed)?.holidays(state.clock.now()).await?,
        may_change: signed.must(Ask::ChangeSettings).is_ok(),
        done,
        on: form.on(),
        title: form.title.clone(),
        faults,
    };
    Ok(state.page_for("settings-holidays.html", signed, SECTION, &page).await?)
}

pub(in crate::web) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Query(done): Query<Done>,
) -> Result<Html<String>, WebError> {
    list(&state, &signed, (&HolidayForm::default(), Vec::new()), done.done.is_some()).await
}

pub(in crate::web) async fn change(
    State(state): State<WebState>,
    signed: Signed,
    form: Result<Form<HolidayForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::ChangeSettings)?;
    let settings = settings(&state, &signed)?;
    let Form(form) = form?;
    let refused = match form.change() {
        Err(faults) => faults,
        Ok(change) if form.sure == "yes" => {
            match settings.change_holidays(&change, form.version, &signed.0, state.clock.now()).await {
                Ok(()) => return Ok(Redirect::to("/settings/holidays?done=yes").into_response()),
                Err(DeskError::Refused(why)) => vec![FieldFault { field: "on-day", text: why }],
                Err(DeskError::Changed) => {
                    let why = "Somebody else changed the bank holidays at this moment, so nothing was changed. Look at them and do it again.";
                    vec![FieldFault::new("on-day", why)]
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(change) => match settings.try_holidays(&change, &signed.0).await {
            Ok(trial) => {
                let (adds, date, title) = match change {
                    HolidayChange::Add { date, title } => (true, date, title),
                    HolidayChange::Remove { date } => (false, date, String::new()),
                };
                let page = SurePage { adds, date, title, trial };
                return Ok(state
                    .page_for("settings-holidays-sure.html", &signed, SECTION, &page)
                    .await?
                    .into_response());
            }
            Err(DeskError::Refused(why)) => vec![FieldFault { field: "on-day", text: why }],
            Err(error) => return Err(error.into()),
        },
    };
    let page = list(&state, &signed, (&form, refused), false).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
