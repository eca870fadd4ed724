//! The questions after the end of a case: a private link that is answered once. The page says nothing of the case, and a link that is
//! none, was used or is over is answered like any other that is none.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Form, Router,
    extract::{FromRequestParts, State, rejection::FormRejection},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use serde::Serialize;
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

use super::{
    Reader, private,
    survey_views::Survey,
    track::{code_of, page, too_often},
};
use crate::{
    casework::survey::Given,
    languages::Language,
    reports::survey::{CHOICES, QUESTIONS, chosen},
    web::{BODY_BYTES, TIME_LIMIT, WebState, errors::WebError, session::Caller},
};

/// The longest free line, in characters; the page says so.
const MOST_CHARS: usize = 2_000;

/// Their addresses.
pub(super) fn router() -> Router<WebState> {
    Router::new()
        .route("/survey", get(none))
        .route("/survey/thanks", get(thanks))
        .route("/survey/{code}", get(show).post(send))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIME_LIMIT))
}

/// What whoever asks has. A page that takes this is not there where nobody is asked anything.
struct Invited {
    reader: Reader,
    /// In lower case, letters and digits.
    code: String,
    survey: Arc<dyn Survey>,
}

impl FromRequestParts<WebState> for Invited {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, WebError> {
        let reader = Reader::from_request_parts(parts, state).await?;
        let survey = reader.families().survey.clone().ok_or(WebError::NotFound)?;
        // Not `Path`: what is no text is answered like any other that is none.
        let code = code_of(parts.uri.path());
        Ok(Self { reader, code, survey })
    }
}

/// A question, and what was chosen.
#[derive(Serialize)]
struct Question<'a> {
    name: &'static str,
    chosen: &'a str,
}

#[derive(Serialize)]
struct Shown<'a> {
    address: String,
    questions: Vec<Question<'a>>,
    choices: [&'static str; 6],
    line: &'a str,
    /// The message that says what to put right; empty if nothing.
    wrong: &'static str,
}

/// The same for whatever code opens nothing.
async fn none(State(state): State<WebState>, reader: Reader) -> Result<Response, WebError> {
    nothing(&state, &reader)
}

fn nothing(state: &WebState, reader: &Reader) -> Result<Response, WebError> {
    state.family_note(reader, StatusCode::NOT_FOUND, "survey-none")
}

async fn thanks(State(state): State<WebState>, reader: Reader) -> Result<Response, WebError> {
    state.family_note(&reader, StatusCode::OK, "survey-thanks")
}

async fn show(State(state): State<WebState>, Caller(caller): Caller, invited: Invited) -> Result<Response, WebError> {
    if !state.sign_in.allows_link(&caller) {
        return too_often(&state, &invited.reader);
    }
    if !invited.survey.is_open(&invited.code, state.clock.now()).await? {
        return nothing(&state, &invited.reader);
    }
    questions(&state, &invited, &BTreeMap::new(), "")
}

type Typed = BTreeMap<String, String>;

fn questions(state: &WebState, invited: &Invited, typed: &Typed, wrong: &'static str) -> Result<Response, WebError> {
    let said = |name: &str| typed.get(name).map_or("", String::as_str);
    let shown = Shown {
        address: format!("/survey/{}", invited.code),
        questions: QUESTIONS.map(|name| Question { name, chosen: said(name) }).into(),
        choices: CHOICES,
        line: said("line"),
        wrong,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(state, &invited.reader, status, "families/survey.html", shown)
}

async fn send(
    State(state): State<WebState>,
    Caller(caller): Caller,
    invited: Invited,
    form: Result<Form<Typed>, FormRejection>,
) -> Result<Response, WebError> {
    if !state.sign_in.allows_link(&caller) || !invited.reader.families().tries.allows_sent(&invited.code) {
        return too_often(&state, &invited.reader);
    }
    let now = state.clock.now();
    let Form(typed) = form?;
    // First of all, so that nothing tells a link that is none from one that is.
    if !invited.survey.is_open(&invited.code, now).await? {
        return nothing(&state, &invited.reader);
    }
    let given = given(&typed, invited.reader.language);
    if given.line.chars().count() > MOST_CHARS {
        return questions(&state, &invited, &typed, "survey-line-long");
    }
    if given.line.is_empty() && given.chosen.is_empty() {
        return questions(&state, &invited, &typed, "survey-nothing");
    }
    if !invited.survey.answer(&invited.code, given, now).await? {
        return nothing(&state, &invited.reader);
    }
    Ok((private(), Redirect::to("/survey/thanks")).into_response())
}

/// What was answered, with line ends as we keep them and nothing that no text can hold.
fn given(typed: &Typed, language: Language) -> Given {
    let line = typed.get("line").map(|line| line.replace("\r\n", "\n")).unwrap_or_default();
    let line: String = line.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    Given {
        chosen: typed.iter().filter_map(|(question, answer)| chosen(question, answer)).collect(),
        line: line.trim().to_owned(),
        language: if language == Language::English { String::new() } else { language.own_name().to_owned() },
    }
}
