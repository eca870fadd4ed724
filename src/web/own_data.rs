//! A request for own data: whom it is about, what is held of theirs, and all of it as one download.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::extract::{Form, FormRejection};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::Ask,
    case::FieldFault,
    desk::DeskError,
    errors::WebError,
    files::handed_over,
    rights_views::{OwnDataAsk, PersonAsk, PersonView},
    session::Signed,
};
use crate::{clock::london_date, ids::CaseReference};

/// Most names that are blacked out, and the longest of them in characters.
const MOST_NAMES: usize = 200;
const NAME_CHARS: usize = 100;
/// Longest address, in characters.
const ADDRESS_CHARS: usize = 320;

/// Whom it is about.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Wanted {
    /// An address, or the reference of a case.
    #[serde(default)]
    who: String,
    #[serde(default)]
    case: String,
}

/// What was chosen and typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct OwnDataForm {
    #[serde(default)]
    who: String,
    #[serde(default)]
    include: Vec<String>,
    #[serde(default)]
    names: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    year: String,
}

#[derive(Serialize)]
struct Shown {
    person: Option<PersonView>,
    /// Nobody was found under what was typed.
    nobody: bool,
    form: OwnDataForm,
    due: Option<NaiveDate>,
    faults: Vec<FieldFault>,
}

/// Whoever is asked for: a reference is one, everything else is an address.
fn person(who: &str) -> Option<PersonAsk> {
    let who = who.trim();
    match who.parse::<CaseReference>() {
        Ok(reference) => Some(PersonAsk::Case(reference)),
        Err(_) if who.is_empty() || who.chars().count() > ADDRESS_CHARS => None,
        Err(_) => Some(PersonAsk::Address(who.to_owned())),
    }
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Query(Wanted { who, case }): Query<Wanted>,
) -> Result<Response, WebError> {
    signed.must(Ask::Retain)?;
    let who = if case.is_empty() { who } else { case };
    let now = state.clock.now();
    let today = london_date(now);
    let form = OwnDataForm {
        who: who.trim().to_owned(),
        day: today.format("%-d").to_string(),
        month: today.format("%-m").to_string(),
        year: today.format("%Y").to_string(),
        ..OwnDataForm::default()
    };
    page(&state, &signed, form, true, Vec::new()).await
}

async fn page(
    state: &WebState,
    signed: &Signed,
    mut form: OwnDataForm,
    first: bool,
    faults: Vec<FieldFault>,
) -> Result<Response, WebError> {
    let mut nobody = false;
    let found = match person(&form.who) {
        Some(ask) => match state.desk.person(&ask, &signed.0, state.clock.now()).await {
            Ok(found) => Some(found),
            // One of somebody else's is answered like one that nobody has.
            Err(DeskError::NotFound | DeskError::Excluded(_)) => {
                nobody = true;
                None
            }
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    if let (Some(found), true) = (&found, first) {
        form.names = found.names.join("\n");
        form.include = found.cases.iter().map(|one| one.reference.clone()).collect();
    }
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let due = day(&form).and_then(|asked_on| state.desk.own_data_due(asked_on));
    let shown = Shown { person: found, nobody, form, due, faults };
    Ok((status, state.page_for("own-data.html", signed, "/retention", &shown).await?).into_response())
}

pub(super) async fn make(
    State(state): State<WebState>,
    signed: Signed,
    form: Result<Form<OwnDataForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::Retain)?;
    let Form(form) = form?;
    let now = state.clock.now();
    let faults = match asked(&form, london_date(now), &state.council.name) {
        Err(faults) => faults,
        Ok(ask) => match state.desk.own_data(ask, &signed.0, now).await {
            Ok(download) => return handed_over(download),
            Err(DeskError::Refused(text)) => vec![FieldFault { field: "include", text }],
            Err(DeskError::NotFound | DeskError::Excluded(_)) => {
                vec![FieldFault::new("who", "Nothing is held under this address or reference that you may see")]
            }
            Err(error) => return Err(error.into()),
        },
    };
    page(&state, &signed, form, false, faults).await
}

fn day(form: &OwnDataForm) -> Option<NaiveDate> {
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let (day, month, year) = (number(&form.day)?, number(&form.month)?, number(&form.year)?);
    let year = i32::try_from(year).ok().filter(|year| (2000..2200).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// What is asked for, or every field that is wrong. Pure.
fn asked(form: &OwnDataForm, today: NaiveDate, council: &str) -> Result<OwnDataAsk, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let whom = person(&form.who);
    if whom.is_none() {
        faults.push(FieldFault::new("who", "Enter an address, or the reference of a case"));
    }
    if form.include.is_empty() {
        faults.push(FieldFault::new("include", "Select at least one case"));
    }
    let asked_on = day(form).filter(|day| *day <= today);
    if asked_on.is_none() {
        faults.push(FieldFault::new("asked-day", "Enter the day on which the request came, today or before"));
    }
    let names: Vec<String> =
        form.names.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if names.len() > MOST_NAMES || names.iter().any(|name| name.chars().count() > NAME_CHARS) {
        faults.push(FieldFault::new(
            "names",
            "Enter no more than 200 names, each of 100 characters or fewer, one in each line",
        ));
    }
    match (whom, asked_on) {
        (Some(person), Some(asked_on)) if faults.is_empty() => Ok(OwnDataAsk {
            person,
            asked_on,
            names,
            cases: form.include.iter().cloned().collect(),
            council: council.to_owned(),
        }),
        _ => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_is_wrong_is_named() {
        let today = "2026-11-20".parse().unwrap();
        let fields = |form: &OwnDataForm| -> Vec<&str> {
            asked(form, today, "").err().unwrap_or_default().iter().map(|fault| fault.field).collect()
        };
        assert_eq!(fields(&OwnDataForm::default()), ["who", "include", "asked-day"]);
        let whole = OwnDataForm {
            who: " noor@mail.example ".into(),
            include: vec!["HRD-26-00001-A".into()],
            names: " Sami Tregar \r\n\r\nJo".into(),
            day: "20".into(),
            month: "11".into(),
            year: "2026".into(),
        };
        let ask = asked(&whole, today, "Calderbeck").unwrap();
        assert_eq!(ask.names, ["Sami Tregar", "Jo"]);
        assert_eq!((ask.person, ask.asked_on), (PersonAsk::Address("noor@mail.example".into()), today));
        assert_eq!(fields(&OwnDataForm { day: "21".into(), ..whole.clone() }), ["asked-day"]);
        assert_eq!(fields(&OwnDataForm { names: "x".repeat(101), ..whole.clone() }), ["names"]);
        let reference = CaseReference { year: 2026, number: 42 };
        let by_case = asked(&OwnDataForm { who: reference.to_string(), ..whole }, today, "").unwrap();
        assert_eq!(by_case.person, PersonAsk::Case(reference));
    }
}
