//! Messages that a machine wrote and that belong to no case, with the sign that said so, and the way back when it was wrong.

use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::{WebState, access::Ask, desk::DeskError, errors::WebError, session::Signed, views::FiledMessage};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    done: Option<String>,
}

#[derive(Serialize)]
struct Shown {
    list: Vec<FiledMessage>,
    /// What was just done.
    done: Option<String>,
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Query(Wanted { done }): Query<Wanted>,
) -> Result<Html<String>, WebError> {
    signed.must(Ask::ReadPost)?;
    let list = state.desk.filed().await?;
    Ok(state.page_for("filed.html", &signed, "/filed", Shown { list, done }).await?)
}

/// The address of a form, opened directly: back to the list.
pub(super) async fn back(_: Signed) -> Redirect {
    Redirect::to("/filed")
}

pub(super) async fn act(
    State(state): State<WebState>,
    signed: Signed,
    Path((id, what)): Path<(String, String)>,
) -> Result<Response, WebError> {
    signed.must(Ask::Triage)?;
    let id = id.parse().map_err(|_| WebError::NotFound)?;
    if what != "open" {
        return Err(WebError::NotFound);
    }
    match state.desk.open_filed(id, &signed.0, state.clock.now()).await {
        Ok(reference) => Ok(Redirect::to(&format!("/cases/{reference}?done=opened")).into_response()),
        // In a case, or somebody else was quicker.
        Err(DeskError::NotFound | DeskError::Changed) => Ok(Redirect::to("/filed?done=gone").into_response()),
        Err(error) => Err(error.into()),
    }
}
