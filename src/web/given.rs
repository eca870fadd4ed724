//! The cases of somebody who is appointed in them: their list, one case, and handing in what they were appointed for.

use axum::{
    extract::{Multipart, Path, Query, State, multipart::MultipartRejection},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::Ask,
    account_views::{GivenCase, GivenRow},
    case::{FieldFault, reference},
    desk::DeskError,
    documents::received,
    errors::WebError,
    session::Signed,
};
use crate::ids::CaseReference;

#[derive(Serialize)]
struct List {
    list: Vec<GivenRow>,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    given: GivenCase,
    /// Something was handed in just now.
    done: bool,
    kind: String,
    name: String,
    faults: Vec<FieldFault>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    done: Option<String>,
}

pub(super) async fn list(State(state): State<WebState>, signed: Signed) -> Result<Html<String>, WebError> {
    signed.must(Ask::ReadGiven)?;
    let list = state.desk.given(&signed.0).await?;
    Ok(state.page_for("given.html", &signed, "/given", List { list }).await?)
}

async fn page(
    state: &WebState,
    signed: &Signed,
    reference: CaseReference,
    (kind, name): (String, String),
    (faults, done): (Vec<FieldFault>, bool),
) -> Result<Response, WebError> {
    let given = state.desk.given_case(reference, &signed.0, state.clock.now()).await?;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = Shown { given, done, kind, name, faults };
    Ok((status, state.page_for("given-case.html", signed, "/given", shown).await?).into_response())
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    Query(Wanted { done }): Query<Wanted>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadGiven)?;
    page(&state, &signed, reference(&wanted)?, <_>::default(), (Vec::new(), done.is_some())).await
}

pub(super) async fn hand_in(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadGiven)?;
    let reference = reference(&wanted)?;
    let now = state.clock.now();
    let (sent, document) = received(&state, &signed, reference, form).await?;
    let faults = match document {
        Err(faults) => faults,
        Ok(new) => {
            let theirs = state.desk.given_case(reference, &signed.0, now).await?.may_hand_in;
            if theirs.iter().any(|(kind, _)| *kind == new.kind.as_str()) {
                match state.desk.add_document(reference, &signed.0, new, now).await {
                    Ok(()) => return Ok(Redirect::to(&format!("/given/{reference}?done=1")).into_response()),
                    Err(DeskError::Refused(text)) => vec![FieldFault { field: "document-file", text }],
                    Err(error) => return Err(error.into()),
                }
            } else {
                vec![FieldFault::new("document-kind", "Select what you were appointed to hand in")]
            }
        }
    };
    page(&state, &signed, reference, (sent.kind, sent.name), (faults, false)).await
}

/// The address of the form, opened directly.
pub(super) async fn back(_: Signed, Path(wanted): Path<String>) -> Result<Redirect, WebError> {
    Ok(Redirect::to(&format!("/given/{}", reference(&wanted)?)))
}
