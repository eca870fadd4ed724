//! The links to the family's page about a case, for officers: when each was opened, stopping one, and sending a new one.

use axum::{
    Form,
    extract::{Path, Query, State, rejection::FormRejection},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::Ask,
    case::reference,
    desk::DeskError,
    errors::WebError,
    families::track_views::{LinksView, Tracker},
    session::Signed,
};
use crate::ids::{CaseReference, Uuid};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    done: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct LinkForm {
    #[serde(default)]
    what: String,
    #[serde(default)]
    link: String,
}

#[derive(Serialize)]
struct Shown {
    view: LinksView,
    done: String,
    fault: String,
}

fn tracker(state: &WebState) -> Result<&dyn Tracker, WebError> {
    state.families.as_ref().and_then(|families| families.tracker.as_deref()).ok_or(WebError::NotFound)
}

async fn page(
    state: &WebState,
    signed: &Signed,
    reference: CaseReference,
    (done, fault): (String, String),
) -> Result<Response, WebError> {
    let view = tracker(state)?.links(reference, &signed.0, state.clock.now()).await?;
    let status = if fault.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = Shown { view, done, fault };
    Ok((status, state.page_for("case-tracker.html", signed, "/", shown).await?).into_response())
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    Query(Wanted { done }): Query<Wanted>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    signed.must(Ask::Triage)?;
    page(&state, &signed, reference(&wanted)?, (done, String::new())).await
}

pub(super) async fn save(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    form: Result<Form<LinkForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::Triage)?;
    let reference = reference(&wanted)?;
    let Form(form) = form?;
    let now = state.clock.now();
    let tracker = tracker(&state)?;
    let (done, result) = match form.what.as_str() {
        "stop" => {
            let link: Uuid = form.link.parse().map_err(|_| WebError::NotFound)?;
            ("stopped", tracker.stop(reference, &signed.0, link, now).await)
        }
        "send" => ("sent", tracker.send_new(reference, &signed.0, now).await),
        _ => return page(&state, &signed, reference, (String::new(), String::new())).await,
    };
    match result {
        Ok(()) => Ok(Redirect::to(&format!("/cases/{reference}/tracker?done={done}")).into_response()),
        Err(DeskError::Refused(fault)) => page(&state, &signed, reference, (String::new(), fault)).await,
        Err(error) => Err(error.into()),
    }
}
