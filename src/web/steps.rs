//! The pages on which an officer takes a complaint through its procedure: what may be done next, and the form of each step with
//! the letter about it.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::{Form, FormRejection};
use serde::Serialize;

use super::{
    WebState,
    access::Ask,
    case::{FieldFault, changed, reference, unchanged},
    desk::{About, DeskAction, DeskError},
    errors::WebError,
    letter::{Words, look_at},
    session::Signed,
    views::{CaseView, LetterView},
};
use crate::{
    casework::Given,
    ids::Uuid,
    procedure::event::{Step, StepKind, Tells},
};

mod fields;
mod read;

use fields::{Field, fields};
use read::{DAY_PARTS, Typed};

#[derive(Serialize)]
struct Shown {
    case: CaseView,
    kind: &'static str,
    title: &'static str,
    fields: Vec<Field>,
    /// What was typed, the first value of each field.
    typed: BTreeMap<String, String>,
    /// The points that were ticked.
    points: Vec<String>,
    /// The documents that were.
    with: Vec<String>,
    day_parts: [&'static str; 3],
    /// The family is told by it; `if-wanted` where it may be.
    tells: &'static str,
    /// The letter that would go out.
    letter: Option<LetterView>,
    /// Its words: as the officer changed them, and as the template has them.
    words: Words,
    /// Why no letter can go.
    no_letter: Option<String>,
    faults: Vec<FieldFault>,
}

/// The kind of step in an address.
fn kind(word: &str) -> Result<StepKind, WebError> {
    StepKind::named(word).ok_or(WebError::from(DeskError::NotFound))
}

/// What became of the form.
#[derive(Default)]
struct Looked {
    typed: Typed,
    letter: Option<LetterView>,
    words: Words,
    no_letter: Option<String>,
    faults: Vec<FieldFault>,
}

async fn page(
    state: &WebState,
    signed: &Signed,
    case: CaseView,
    kind: StepKind,
    looked: Looked,
) -> Result<Response, WebError> {
    let Looked { typed, letter, words, no_letter, faults } = looked;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = Shown {
        case,
        kind: kind.as_str(),
        title: kind.to_do(),
        fields: fields(kind),
        points: typed.get("points").cloned().unwrap_or_default(),
        with: typed.get("with").cloned().unwrap_or_default(),
        typed: typed.into_iter().filter_map(|(name, values)| Some((name, values.into_iter().next()?))).collect(),
        day_parts: DAY_PARTS,
        tells: match kind.tells() {
            Tells::Always => "always",
            Tells::IfWanted => "if-wanted",
            Tells::Never => "never",
        },
        letter,
        words,
        no_letter,
        faults,
    };
    Ok((status, state.page_for("case-step.html", signed, "/", shown).await?).into_response())
}

pub(super) async fn list(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    signed.must(Ask::Triage)?;
    let case = state.desk.case(reference(&wanted)?, &signed.0, state.clock.now()).await?;
    #[derive(Serialize)]
    struct Steps {
        case: CaseView,
    }
    Ok(state.page_for("case-steps.html", &signed, "/", Steps { case }).await?.into_response())
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Path((wanted, word)): Path<(String, String)>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    signed.must(Ask::Triage)?;
    let kind = kind(&word)?;
    let case = state.desk.case(reference(&wanted)?, &signed.0, state.clock.now()).await?;
    // A step that may not be taken now has no form: what may be done is on the list.
    if !case.course.steps.iter().any(|offered| offered.word == kind.as_str()) {
        return Ok(Redirect::to(&format!("/cases/{}/steps", case.reference)).into_response());
    }
    page(&state, &signed, case, kind, Looked::default()).await
}

pub(super) async fn take(
    State(state): State<WebState>,
    signed: Signed,
    Path((wanted, word)): Path<(String, String)>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::Triage)?;
    let (reference, kind) = (reference(&wanted)?, kind(&word)?);
    let Form(pairs) = form.map_err(|_| WebError::BadForm)?;
    let mut typed = Typed::new();
    for (name, value) in pairs {
        typed.entry(name).or_default().push(value);
    }
    let first = |name: &str| typed.get(name).and_then(|values| values.first()).map(|text| text.trim().to_owned());
    let now = state.clock.now();
    let (case, version) = unchanged(&state, &signed, reference, &first("version").unwrap_or_default()).await?;
    let step = match read::step(kind, &typed) {
        Ok(step) => step,
        Err(faults) => return page(&state, &signed, case, kind, Looked { typed, faults, ..Looked::default() }).await,
    };
    let words = match first("what").as_deref() {
        // The letter as the template has it, again.
        Some("own") => None,
        _ => Words::changed(&first("letter").unwrap_or_default(), &first("letter_was").unwrap_or_default()),
    };
    let given = match first("what").as_deref() {
        Some("send") => {
            let chosen: Result<Vec<Uuid>, _> = typed.get("with").into_iter().flatten().map(|id| id.parse()).collect();
            Given::by_letter(words.clone(), chosen.map_err(|_| WebError::BadForm)?)
        }
        Some("record") if kind.tells() == Tells::Never => Given::Nobody,
        Some("quietly") if kind.tells() == Tells::IfWanted => Given::Nobody,
        Some("record") => match first("told").filter(|how| !how.is_empty()) {
            Some(how) => Given::Otherwise(how),
            None => {
                let faults = vec![FieldFault::new("told", "Enter how they were told, and when")];
                let looked = look(&state, &signed, reference, typed, (&step, words.as_deref())).await?;
                return page(&state, &signed, case, kind, Looked { faults, ..looked }).await;
            }
        },
        _ => {
            let looked = look(&state, &signed, reference, typed, (&step, words.as_deref())).await?;
            return page(&state, &signed, case, kind, looked).await;
        }
    };
    let seen = step.clone();
    let action = DeskAction::Step { step: Box::new(step), given };
    match state.desk.act(reference, &signed.0, version, action, now).await {
        Ok(_) => Ok(Redirect::to(&format!("/cases/{reference}?done=step")).into_response()),
        Err(DeskError::Changed) => Err(changed(&state.desk.peek(reference, &signed.0, now).await?)),
        Err(DeskError::Refused(text)) => {
            let mut looked = look(&state, &signed, reference, typed, (&seen, words.as_deref())).await?;
            // What is wrong with the words is said where they stand.
            if looked.faults.is_empty() {
                looked.faults = vec![FieldFault { field: "step", text }];
            }
            page(&state, &signed, case, kind, looked).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the letter about the step would say, or why there is none.
async fn look(
    state: &WebState,
    signed: &Signed,
    reference: crate::ids::CaseReference,
    typed: Typed,
    (step, words): (&Step, Option<&str>),
) -> Result<Looked, WebError> {
    let seen = look_at(state, signed, reference, About::Step(step), words.map(str::to_owned)).await?;
    let wrong = seen.wrong_words.map(|text| FieldFault { field: "letter", text });
    let refused = seen.refused.map(|text| FieldFault { field: "step", text });
    let faults = wrong.into_iter().chain(refused).collect();
    Ok(Looked { typed, letter: seen.letter, words: seen.words, no_letter: seen.no_letter, faults })
}
