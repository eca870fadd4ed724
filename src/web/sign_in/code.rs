//! The second step of a sign-in: the code of the app. Whoever must have a second factor and has none sets one up here.

use axum::{
    Form,
    extract::{Query, State, rejection::FormRejection},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use chrono::TimeDelta;
use serde::Serialize;

use super::{
    super::{
        WebState,
        account::{CodeForm, WRONG_CODE},
        account_views::{NewSecret, SecondFactor},
        desk::TokenHash,
        errors::WebError,
        session::{self, Caller, page_after_sign_in},
        views::Officer,
    },
    Wanted,
};

/// After the password, the code is waited for so long.
const WAITS: TimeDelta = TimeDelta::minutes(10);

/// What is asked for.
#[derive(Serialize)]
struct CodePage {
    next: String,
    /// To be set up first; none: the account has one.
    secret: Option<NewSecret>,
    /// (field, text) pairs.
    errors: Vec<(&'static str, &'static str)>,
}

fn cookie_name(state: &WebState) -> &'static str {
    if state.secure_cookies { "__Host-heard-code" } else { "heard-code" }
}

fn token(state: &WebState, jar: &CookieJar) -> Option<TokenHash> {
    jar.get(cookie_name(state)).map(|cookie| session::hash_of(cookie.value()))
}

/// The page's address, with the page to go on to.
pub(in super::super) fn address(next: &str) -> String {
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    if next.is_empty() { "/sign-in/code".to_owned() } else { format!("/sign-in/code?{query}") }
}

/// The right password was given: the browser gets a cookie that is good for giving the code and for nothing else.
pub(super) async fn ask(state: &WebState, jar: CookieJar, officer: &Officer) -> Result<CookieJar, WebError> {
    let token = session::new_token()?;
    state.desk.begin_half(session::hash_of(&token), officer.id, state.clock.now() + WAITS).await?;
    Ok(jar.add(session::cookie_called(state, cookie_name(state), token)))
}

/// Whoever gave the password with this browser.
async fn half(state: &WebState, jar: &CookieJar) -> Result<Option<(TokenHash, Officer)>, WebError> {
    let Some(token) = token(state, jar) else { return Ok(None) };
    Ok(state.desk.half(token, state.clock.now()).await?.map(|officer| (token, officer)))
}

async fn page(
    state: &WebState,
    officer: &Officer,
    next: &str,
    (status, errors): (StatusCode, Vec<(&'static str, &'static str)>),
) -> Result<Response, WebError> {
    let secret = match state.desk.second_factor(officer.id).await? {
        SecondFactor::On { .. } => None,
        SecondFactor::None => Some(state.desk.begin_second_factor(officer, state.clock.now()).await?),
    };
    let next = page_after_sign_in(next).to_owned();
    Ok((status, state.page("sign-in-code.html", None, "/sign-in", CodePage { next, secret, errors })?).into_response())
}

pub(in super::super) async fn show(
    State(state): State<WebState>,
    Query(wanted): Query<Wanted>,
    jar: CookieJar,
) -> Result<Response, WebError> {
    match half(&state, &jar).await? {
        Some((_, officer)) => page(&state, &officer, &wanted.next, (StatusCode::OK, Vec::new())).await,
        None => Ok(Redirect::to("/sign-in").into_response()),
    }
}

pub(in super::super) async fn submit(
    State(state): State<WebState>,
    jar: CookieJar,
    Caller(address): Caller,
    form: Result<Form<CodeForm>, FormRejection>,
) -> Result<Response, WebError> {
    let Form(form) = form?;
    let Some((token, officer)) = half(&state, &jar).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    if !state.sign_in.allows(&officer.email, &address) {
        tracing::warn!("sign-in refused: too many tries");
        return Err(WebError::TooManyTries);
    }
    let now = state.clock.now();
    let fits = state.desk.takes_code(officer.id, &form.code, now).await?;
    state.desk.record_sign_in(officer.id, fits, now).await?;
    if !fits {
        let wrong = (StatusCode::UNPROCESSABLE_ENTITY, vec![("code", WRONG_CODE)]);
        return page(&state, &officer, &form.next, wrong).await;
    }
    state.desk.end_half(token, now).await?;
    let jar = session::open(&state, jar, &officer).await?;
    let jar = jar.remove(session::cookie_called(&state, cookie_name(&state), String::new()));
    Ok((jar, Redirect::to(page_after_sign_in(&form.next))).into_response())
}
