//! What everybody is told that was changed because of complaints: written here by a person, line by line, and shown when they say so.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Query, State, rejection::FormRejection},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::SECTION;
use crate::{
    ids::Uuid,
    web::{
        WebState,
        access::Ask,
        case::FieldFault,
        errors::WebError,
        families::{Change, Changes, Proposal},
        session::Signed,
    },
};

/// Longest words, in characters.
const MOST: usize = 600;

/// All that the forms may hold.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(in crate::web) struct ChangeForm {
    /// `save`, `show`, `hide` or `drop`.
    what: String,
    /// Which; empty for a new one.
    id: String,
    /// The proposal that it is made of; empty for none.
    proposal: String,
    you_said: String,
    we_did: String,
    /// `yes`: nobody can be recognised.
    nobody: String,
}

#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Wanted {
    edit: Option<Uuid>,
    proposal: Option<Uuid>,
    done: Option<String>,
}

#[derive(Serialize)]
struct Page {
    lines: Vec<Change>,
    proposals: Vec<Proposal>,
    form: ChangeForm,
    faults: Vec<FieldFault>,
    /// `yes` or `dropped`: what was done last; else empty.
    done: String,
}

fn changes(state: &WebState) -> Result<Arc<dyn Changes>, WebError> {
    state.families.as_ref().and_then(|families| families.changes.clone()).ok_or(WebError::NotFound)
}

/// What lines can be made of. Whoever sees no case sees none of it: it comes out of cases.
async fn proposals(state: &WebState, signed: &Signed) -> Result<Vec<Proposal>, WebError> {
    match signed.must(Ask::ReadCases) {
        Ok(()) => Ok(changes(state)?.proposals(&signed.0).await?),
        Err(_) => Ok(Vec::new()),
    }
}

async fn page(
    state: &WebState,
    signed: &Signed,
    (form, faults): (ChangeForm, Vec<FieldFault>),
    done: String,
) -> Result<Html<String>, WebError> {
    let (lines, proposals) = (changes(state)?.all().await?, proposals(state, signed).await?);
    let page = Page { lines, proposals, form, faults, done };
    Ok(state.page_for("settings-changed.html", signed, SECTION, &page).await?)
}

pub(in crate::web) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>, WebError> {
    signed.must(Ask::ChangeSettings)?;
    let lines = changes(&state)?.all().await?;
    let edited = lines.into_iter().find(|line| line.id.is_some() && line.id == wanted.edit);
    let proposed = match wanted.proposal {
        Some(id) => proposals(&state, &signed).await?.into_iter().find(|one| one.id == id),
        None => None,
    };
    let form = match (edited, proposed) {
        (Some(line), _) => ChangeForm {
            id: line.id.map(|id| id.to_string()).unwrap_or_default(),
            you_said: line.you_said,
            we_did: line.we_did,
            ..ChangeForm::default()
        },
        (None, Some(proposal)) => ChangeForm {
            proposal: proposal.id.to_string(),
            you_said: proposal.about,
            we_did: proposal.we_did,
            ..ChangeForm::default()
        },
        (None, None) => ChangeForm::default(),
    };
    page(&state, &signed, (form, Vec::new()), wanted.done.unwrap_or_default()).await
}

/// What is wrong with the words.
fn faults(form: &ChangeForm) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    for (field, text, missing) in
        [("you-said", &form.you_said, "Enter what families said"), ("we-did", &form.we_did, "Enter what was done")]
    {
        if text.trim().is_empty() {
            faults.push(FieldFault::new(field, missing));
        } else if text.chars().count() > MOST {
            faults.push(FieldFault::new(field, "Write 600 characters or fewer"));
        }
    }
    if form.nobody != "yes" {
        faults.push(FieldFault::new("nobody", "Tick that nobody can be recognised, or write it so that nobody can"));
    }
    faults
}

pub(in crate::web) async fn change(
    State(state): State<WebState>,
    signed: Signed,
    form: Result<Form<ChangeForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::ChangeSettings)?;
    let changes = changes(&state)?;
    let Form(form) = form?;
    let key = |text: &str| match text {
        "" => Ok(None),
        text => text.parse::<Uuid>().map(Some).map_err(|_| WebError::NotFound),
    };
    let (id, proposal) = (key(&form.id)?, key(&form.proposal)?);
    if proposal.is_some() {
        signed.must(Ask::ReadCases)?;
    }
    let now = state.clock.now();
    match (form.what.as_str(), id) {
        ("show", Some(id)) => changes.show(id, true, &signed.0, now).await?,
        ("hide", Some(id)) => changes.show(id, false, &signed.0, now).await?,
        ("drop", _) => changes.drop_proposal(proposal.ok_or(WebError::NotFound)?, &signed.0, now).await?,
        _ => {
            let faults = faults(&form);
            if !faults.is_empty() {
                let page = page(&state, &signed, (form, faults), String::new()).await?;
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
            let (you_said, we_did) = (form.you_said.trim().to_owned(), form.we_did.trim().to_owned());
            let change = Change { id, you_said, we_did, on: None, shown: true };
            match proposal {
                Some(proposal) => changes.publish(proposal, change, &signed.0, now).await?,
                None => changes.save(change, &signed.0, now).await?,
            }
        }
    }
    let done = if form.what == "drop" { "dropped" } else { "yes" };
    Ok(Redirect::to(&format!("/settings/what-we-changed?done={done}")).into_response())
}
