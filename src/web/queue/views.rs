//! Lists that an officer keeps under a name, as links above the queue.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::{Form, FormRejection};
use serde::Deserialize;

use super::{Wanted, bulk::with_fault};
use crate::{
    ids::Uuid,
    web::{
        WebState,
        access::Ask,
        desk::{DeskError, ViewAction},
        errors::WebError,
        session::Signed,
    },
};

/// Longest name, in characters.
const NAME_CHARS: usize = 40;
/// Where the form is on the page.
const AT: &str = "view-name";

#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct ViewForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    show: String,
    #[serde(default)]
    order: String,
}

impl ViewForm {
    /// The list that it was sent from.
    fn list(&self) -> Wanted {
        let some = |word: &str| Some(word.to_owned()).filter(|word| !word.is_empty());
        Wanted { show: some(&self.show), order: some(&self.order), ..Wanted::default() }
    }

    fn name(&self) -> Result<String, &'static str> {
        let name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        match name.chars().count() {
            0 => Err("Enter a name for the view"),
            n if n > NAME_CHARS => Err("The name must be 40 characters or fewer"),
            _ => Ok(name),
        }
    }
}

/// An address opened directly leads to the queue.
pub(in crate::web) async fn back(_: Signed) -> Redirect {
    Redirect::to("/")
}

pub(in crate::web) async fn save(
    State(state): State<WebState>,
    signed: Signed,
    form: Result<Form<ViewForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    let Form(form) = form.map_err(|_| WebError::BadForm)?;
    let query = form.list().query();
    let action = form.name().map(|name| ViewAction::Save { name, filter: query.filter, order: query.order });
    change(&state, &signed, form.list(), action, "view-saved").await
}

pub(in crate::web) async fn act(
    State(state): State<WebState>,
    signed: Signed,
    Path((id, what)): Path<(Uuid, String)>,
    form: Result<Form<ViewForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    let Form(form) = form.map_err(|_| WebError::BadForm)?;
    let (action, done) = match what.as_str() {
        "rename" => (form.name().map(|name| ViewAction::Rename { id, name }), "view-renamed"),
        "delete" => (Ok(ViewAction::Delete { id }), "view-deleted"),
        _ => return Err(WebError::NotFound),
    };
    change(&state, &signed, form.list(), action, done).await
}

async fn change(
    state: &WebState,
    signed: &Signed,
    list: Wanted,
    action: Result<ViewAction, &'static str>,
    done: &str,
) -> Result<Response, WebError> {
    let action = match action {
        Ok(action) => action,
        Err(fault) => return with_fault(state, signed, list, fault, AT).await,
    };
    match state.desk.change_view(&signed.0, action, state.clock.now()).await {
        Ok(()) => {
            let place = list.address();
            let joint = if place.contains('?') { '&' } else { '?' };
            Ok(Redirect::to(&format!("{place}{joint}done={done}")).into_response())
        }
        Err(DeskError::Refused(why)) => with_fault(state, signed, list, &why, AT).await,
        Err(error) => Err(error.into()),
    }
}
