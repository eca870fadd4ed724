//! How long cases are kept: the list for complaints managers, and what is decided about one case.

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::{Form, FormRejection};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::Ask,
    case::{FieldFault, reference},
    desk::DeskError,
    errors::WebError,
    rights_views::{GoneLine, KeptCase},
    session::Signed,
};
use crate::{
    ids::CaseReference,
    procedure::{event::Retention, retention::MOST_CHARS},
};

/// The form of one decision.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct KeepForm {
    /// `hold`, `lift`, `until`, `to-anonymise`, `born`, `preview` or `anonymise`.
    #[serde(default)]
    what: String,
    #[serde(default)]
    version: i64,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    year: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    done: Option<String>,
}

#[derive(Serialize)]
struct Shown {
    case: KeptCase,
    form: KeepForm,
    faults: Vec<FieldFault>,
    /// What was just done.
    done: Option<String>,
    /// What would go.
    preview: Option<Vec<GoneLine>>,
}

pub(super) async fn list(State(state): State<WebState>, signed: Signed) -> Result<Html<String>, WebError> {
    signed.must(Ask::Retain)?;
    let kept = state.desk.kept(&signed.0, state.clock.now()).await?;
    Ok(state.page_for("retention.html", &signed, "/retention", &kept).await?)
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    Query(Wanted { done }): Query<Wanted>,
) -> Result<Response, WebError> {
    let reference = reference(&wanted)?;
    may(&state, &signed, reference).await?;
    page(&state, &signed, reference, (KeepForm::default(), done, None), Vec::new()).await
}

/// Whoever may not open the case is told the same of this as of a case that is not there.
async fn may(state: &WebState, signed: &Signed, reference: CaseReference) -> Result<(), WebError> {
    signed.must(Ask::ReadCases)?;
    state.desk.peek(reference, &signed.0, state.clock.now()).await?;
    signed.must(Ask::Retain)
}

async fn page(
    state: &WebState,
    signed: &Signed,
    reference: CaseReference,
    (form, done, preview): (KeepForm, Option<String>, Option<Vec<GoneLine>>),
    faults: Vec<FieldFault>,
) -> Result<Response, WebError> {
    let case = state.desk.kept_case(reference, &signed.0, state.clock.now()).await?;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = Shown { case, form, faults, done, preview };
    Ok((status, state.page_for("case-retention.html", signed, "/retention", &shown).await?).into_response())
}

pub(super) async fn save(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    form: Result<Form<KeepForm>, FormRejection>,
) -> Result<Response, WebError> {
    let reference = reference(&wanted)?;
    may(&state, &signed, reference).await?;
    let Form(form) = form?;
    let (of, now) = ((reference, form.version), state.clock.now());
    let done = match form.what.as_str() {
        "preview" => match state.desk.anonymise(of, &signed.0, false, now).await {
            Ok(lines) => return page(&state, &signed, reference, (form, None, Some(lines)), Vec::new()).await,
            Err(error) => Err(error),
        },
        "anonymise" => state.desk.anonymise(of, &signed.0, true, now).await.map(|_| ()),
        _ => match step(&form) {
            Ok(step) => state.desk.keep(of, &signed.0, step, now).await,
            Err(faults) => return page(&state, &signed, reference, (form, None, None), faults).await,
        },
    };
    match done {
        Ok(()) if form.what == "anonymise" => Ok(Redirect::to(&format!("/cases/{reference}")).into_response()),
        Ok(()) => Ok(Redirect::to(&format!("/cases/{reference}/retention?done={}", form.what)).into_response()),
        Err(DeskError::Refused(text)) => {
            let faults = vec![FieldFault { field: "stand", text }];
            page(&state, &signed, reference, (form, None, None), faults).await
        }
        Err(DeskError::Changed) => Err(WebError::Changed { reference: reference.to_string(), last: None }),
        Err(error) => Err(error.into()),
    }
}

/// What was decided, or every field that is wrong. Pure.
fn step(form: &KeepForm) -> Result<Retention, Vec<FieldFault>> {
    let (reason_field, on_field) = match form.what.as_str() {
        "hold" => ("hold-reason", ""),
        "lift" => ("lift-reason", ""),
        "until" => ("until-reason", "until-day"),
        "to-anonymise" => ("go-reason", ""),
        "born" => ("", "born-day"),
        _ => return Err(vec![FieldFault::new("stand", "Select what is to be done")]),
    };
    let mut faults = Vec::new();
    let on = day(form);
    if !on_field.is_empty() && on.is_none() {
        faults.push(FieldFault::new(on_field, "Enter a real date, with day, month and year, for example 27 3 2027"));
    }
    let reason = form.reason.trim().to_owned();
    if !reason_field.is_empty() && reason.is_empty() {
        faults.push(FieldFault::new(reason_field, "Enter the reason: it is kept with the case"));
    } else if reason.chars().count() > MOST_CHARS {
        faults.push(FieldFault::new(reason_field, "The reason must be 2,000 characters or fewer"));
    }
    match (faults.is_empty(), form.what.as_str(), on) {
        (true, "hold", _) => Ok(Retention::Held { reason }),
        (true, "lift", _) => Ok(Retention::Lifted { reason }),
        (true, "to-anonymise", _) => Ok(Retention::ToAnonymise { reason }),
        (true, "until", Some(on)) => Ok(Retention::Until { on, reason }),
        (true, "born", Some(on)) => Ok(Retention::Born { on: Some(on) }),
        _ => Err(faults),
    }
}

fn day(form: &KeepForm) -> Option<NaiveDate> {
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let (day, month, year) = (number(&form.day)?, number(&form.month)?, number(&form.year)?);
    let year = i32::try_from(year).ok().filter(|year| (1900..2200).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_is_wrong_is_named() {
        let form = |what: &str, reason: &str, date: [&str; 3]| KeepForm {
            what: what.into(),
            reason: reason.into(),
            day: date[0].into(),
            month: date[1].into(),
            year: date[2].into(),
            version: 1,
        };
        let fields = |form: &KeepForm| -> Vec<&str> {
            step(form).err().unwrap_or_default().iter().map(|fault| fault.field).collect()
        };
        let none = ["", "", ""];
        assert_eq!(fields(&form("hold", " ", none)), ["hold-reason"]);
        assert_eq!(fields(&form("lift", "", none)), ["lift-reason"]);
        assert_eq!(fields(&form("until", "", ["31", "2", "2030"])), ["until-day", "until-reason"]);
        assert_eq!(fields(&form("to-anonymise", &"x".repeat(2_001), none)), ["go-reason"]);
        assert_eq!(fields(&form("born", "", ["1", "x", "2010"])), ["born-day"]);
        assert_eq!(fields(&form("anonymised", "x", none)), ["stand"]);
        let until = step(&form("until", " court ", ["1", "3", "2030"])).unwrap();
        assert_eq!(until, Retention::Until { on: "2030-03-01".parse().unwrap(), reason: "court".into() });
        let born = step(&form("born", "", ["1", "5", "2010"])).unwrap();
        assert_eq!(born, Retention::Born { on: Some("2010-05-01".parse().unwrap()) });
    }
}
