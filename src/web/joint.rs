//! Joint complaints: what is suggested as one, and the cases that are tied.

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::{Form, FormRejection};
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::Ask,
    case::FieldFault,
    desk::DeskError,
    errors::WebError,
    joint_views::{JointAction, Joints},
    session::Signed,
};
use crate::ids::{CaseReference, Uuid};

/// Longest title, in characters.
const TITLE_CHARS: usize = 120;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    done: Option<String>,
}

/// Either form.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct JointForm {
    #[serde(default)]
    case: Vec<String>,
    /// References as they were typed, one beside the other.
    #[serde(default)]
    references: String,
    #[serde(default)]
    title: String,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    joints: Joints,
    /// What was just done: the joint complaint's reference, `refused` or `gone`.
    done: Option<String>,
    form: JointForm,
    faults: Vec<FieldFault>,
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Query(Wanted { done }): Query<Wanted>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    page(&state, &signed, done, JointForm::default(), Vec::new()).await
}

async fn page(
    state: &WebState,
    signed: &Signed,
    done: Option<String>,
    form: JointForm,
    faults: Vec<FieldFault>,
) -> Result<Response, WebError> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let joints = state.desk.joints(&signed.0).await?;
    let page = state.page_for("joint.html", signed, "/joint", Shown { joints, done, form, faults }).await?;
    Ok((status, page).into_response())
}

/// The address of a form, opened directly: back to the list.
pub(super) async fn back(_: Signed) -> Redirect {
    Redirect::to("/joint")
}

/// Cases that an officer ties without a suggestion.
pub(super) async fn tie(
    State(state): State<WebState>,
    signed: Signed,
    form: Result<Form<JointForm>, FormRejection>,
) -> Result<Response, WebError> {
    let Form(form) = form?;
    answer(&state, &signed, None, form).await
}

/// The answer to a suggestion.
pub(super) async fn act(
    State(state): State<WebState>,
    signed: Signed,
    Path((id, what)): Path<(String, String)>,
    form: Result<Form<JointForm>, FormRejection>,
) -> Result<Response, WebError> {
    let suggestion: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let Form(form) = form?;
    match what.as_str() {
        "tie" => answer(&state, &signed, Some(suggestion), form).await,
        "refuse" => {
            signed.must(Ask::Triage)?;
            let action = JointAction::Refuse { suggestion };
            done(state.desk.mend_joint(&signed.0, action, state.clock.now()).await)
        }
        _ => Err(WebError::NotFound),
    }
}

async fn answer(
    state: &WebState,
    signed: &Signed,
    suggestion: Option<Uuid>,
    form: JointForm,
) -> Result<Response, WebError> {
    signed.must(Ask::Triage)?;
    let action = action(suggestion, &form);
    // What was typed is shown again in the form it was typed into.
    let form = if suggestion.is_some() { JointForm::default() } else { form };
    let action = match action {
        Ok(action) => action,
        Err(faults) => return page(state, signed, None, form, faults).await,
    };
    match state.desk.mend_joint(&signed.0, action, state.clock.now()).await {
        Err(DeskError::Refused(text)) => {
            let fault = FieldFault { field: "joint", text };
            page(state, signed, None, form, vec![fault]).await
        }
        other => done(other),
    }
}

fn done(answer: Result<Option<String>, DeskError>) -> Result<Response, WebError> {
    let done = match answer {
        Ok(Some(reference)) => reference,
        Ok(None) => "refused".to_owned(),
        // Somebody else was quicker.
        Err(DeskError::NotFound) => "gone".to_owned(),
        Err(error) => return Err(error.into()),
    };
    Ok(Redirect::to(&format!("/joint?done={done}")).into_response())
}

/// What the form asks for, or every field that is wrong. Pure.
fn action(suggestion: Option<Uuid>, form: &JointForm) -> Result<JointAction, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let typed = form.references.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    let typed = typed.filter(|reference| !reference.is_empty());
    let mut cases = Vec::new();
    for text in form.case.iter().map(String::as_str).chain(typed) {
        match text.parse::<CaseReference>() {
            Ok(reference) if cases.contains(&reference) => {}
            Ok(reference) => cases.push(reference),
            Err(why) => faults.push(FieldFault::no_reference("references", text, &why)),
        }
    }
    if cases.len() < 2 && faults.is_empty() {
        let field = if suggestion.is_some() { "joint" } else { "references" };
        faults.push(FieldFault::new(field, "Choose two cases or more: a joint complaint ties several families' cases"));
    }
    let title = form.title.trim();
    if title.is_empty() || title.chars().count() > TITLE_CHARS {
        let field = if suggestion.is_some() { "joint" } else { "title" };
        faults.push(FieldFault::new(field, "Enter a few words to know it by, 120 characters at most"));
    }
    if faults.is_empty() { Ok(JointAction::Tie { suggestion, cases, title: title.to_owned() }) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(case: &[&str], references: &str, title: &str) -> JointForm {
        JointForm {
            case: case.iter().map(|one| (*one).to_owned()).collect(),
            references: references.into(),
            title: title.into(),
        }
    }

    #[test]
    fn cases_are_tied_by_twos_and_more_under_a_title() {
        let reference = |number| CaseReference { year: 2026, number };
        let (one, two) = (reference(1).to_string(), reference(2).to_string());
        let typed = form(&[], &format!(" {one},\n{two} {one}"), " The S9 ");
        let tie =
            JointAction::Tie { suggestion: None, cases: vec![reference(1), reference(2)], title: "The S9".into() };
        assert_eq!(action(None, &typed), Ok(tie));
        let fields = |form| action(None, &form).unwrap_err().into_iter().map(|fault| fault.field).collect::<Vec<_>>();
        assert_eq!(fields(form(&[&one], "", "x")), ["references"]);
        assert_eq!(fields(form(&[&one, &two], "", " ")), ["title"]);
        assert_eq!(fields(form(&[&one, &two], "HRD-1", "")), ["references", "title"]);
    }
}
