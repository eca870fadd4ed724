//! The page on which a manager gives the contribution that an officer asked for. It needs no account: whoever has the link is let in,
//! sees what was asked and nothing else of the case, and answers once.

use axum::{
    Form,
    extract::{
        Path, State,
        rejection::{FormRejection, PathRejection},
    },
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    case::FieldFault,
    desk::DeskError,
    errors::WebError,
    session::{Caller, hash_of},
};
use crate::casework::Asked;

/// Longest answer, in characters.
const MOST_CHARS: usize = 8_000;

#[derive(Debug, Default, Deserialize)]
pub(super) struct GivenForm {
    #[serde(default)]
    answer: String,
    #[serde(default)]
    own: String,
}

/// What the page shows. It is written out here, so that nothing comes onto it by being added elsewhere.
#[derive(Serialize)]
struct Shown {
    reference: String,
    name: String,
    asked_by: String,
    question: String,
    points: Vec<String>,
    due: NaiveDate,
    token: String,
    most_chars: usize,
    answer: String,
    own: bool,
    faults: Vec<FieldFault>,
}

pub(super) async fn show(
    State(state): State<WebState>,
    Caller(address): Caller,
    token: Result<Path<String>, PathRejection>,
) -> Result<Response, WebError> {
    if !state.sign_in.allows_link(&address) {
        return too_often(&state);
    }
    let Ok(Path(token)) = token else { return gone(&state) };
    form_page(&state, token, GivenForm::default(), Vec::new()).await
}

pub(super) async fn give(
    State(state): State<WebState>,
    Caller(address): Caller,
    token: Result<Path<String>, PathRejection>,
    form: Result<Form<GivenForm>, FormRejection>,
) -> Result<Response, WebError> {
    if !state.sign_in.allows_link(&address) {
        return too_often(&state);
    }
    let Ok(Path(token)) = token else { return gone(&state) };
    let Form(form) = form?;
    let words = clean(&form.answer);
    let faults = faults(&words, &form);
    if !faults.is_empty() {
        return form_page(&state, token, form, faults).await;
    }
    match state.desk.contribute(hash_of(&token), words, state.clock.now()).await {
        Ok(()) => page(&state, StatusCode::OK, "contribution-given.html", ()),
        Err(DeskError::NotFound | DeskError::Excluded(_) | DeskError::Refused(_)) => gone(&state),
        Err(error) => Err(error.into()),
    }
}

/// What is wrong with the form, each beside its field.
fn faults(words: &str, form: &GivenForm) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if words.is_empty() {
        faults.push(FieldFault::new("answer", "Enter your answer"));
    } else if words.chars().count() > MOST_CHARS {
        faults.push(FieldFault::new("answer", "Your answer must be 8,000 characters or fewer"));
    }
    if form.own != "yes" {
        faults.push(FieldFault::new("own", "Tick that this is your own account of it"));
    }
    faults
}

/// What was typed, with line ends as we keep them and nothing that no text can hold.
fn clean(typed: &str) -> String {
    let text = typed.replace("\r\n", "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect::<String>().trim().to_owned()
}

async fn form_page(
    state: &WebState,
    token: String,
    form: GivenForm,
    faults: Vec<FieldFault>,
) -> Result<Response, WebError> {
    let asked = match state.desk.contribution(hash_of(&token), state.clock.now()).await {
        Ok(asked) => asked,
        Err(DeskError::NotFound | DeskError::Excluded(_) | DeskError::Refused(_)) => return gone(state),
        Err(error) => return Err(error.into()),
    };
    let Asked { reference, name, asked_by, question, points, due } = asked;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (answer, own, most_chars) = (form.answer, form.own == "yes", MOST_CHARS);
    let shown = Shown { reference, name, asked_by, question, points, due, token, most_chars, answer, own, faults };
    page(state, status, "contribution.html", shown)
}

#[derive(Serialize)]
struct Nothing {
    title: &'static str,
    lines: [&'static str; 2],
}

/// One answer for a link that never was, was used, was withdrawn or is over: nobody learns which.
fn gone(state: &WebState) -> Result<Response, WebError> {
    let nothing = Nothing {
        title: "This link cannot be used",
        lines: [
            "It may have been used already, or is not needed any more. If you typed the address, check it is correct.",
            "If you think that you should answer, call whoever wrote to you.",
        ],
    };
    page(state, StatusCode::NOT_FOUND, "contribution-gone.html", nothing)
}

fn too_often(state: &WebState) -> Result<Response, WebError> {
    tracing::warn!("a link was refused: too many tries");
    let nothing = Nothing {
        title: "Too many tries",
        lines: ["Links were opened too often from where you are.", "Wait a minute and open yours again."],
    };
    let mut response = page(state, StatusCode::TOO_MANY_REQUESTS, "contribution-gone.html", nothing)?;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    Ok(response)
}

/// A page without navigation, whoever may be signed in in the same browser; never to be found by a search.
fn page(state: &WebState, status: StatusCode, template: &str, values: impl Serialize) -> Result<Response, WebError> {
    let page = state.page(template, None, "", values)?;
    let robots = (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    Ok((status, [robots], page).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_words_and_their_own() {
        let form = |answer: &str, own: &str| GivenForm { answer: answer.into(), own: own.into() };
        let wrong = |form: &GivenForm| faults(&clean(&form.answer), form).len();
        assert_eq!(wrong(&form(" \r\n ", "")), 2);
        assert_eq!(wrong(&form("We rang.", "yes")), 0);
        assert_eq!(wrong(&form(&"é".repeat(8_000), "yes")), 0);
        assert_eq!(wrong(&form(&"é".repeat(8_001), "yes")), 1);
        assert_eq!(clean("a\r\nb\0\u{7}\tc "), "a\nb\tc");
    }
}
