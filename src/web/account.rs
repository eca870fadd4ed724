//! Somebody's own account: the second factor, where they are signed in, and signing out everywhere.

use axum::{
    Form,
    extract::{Query, State, rejection::FormRejection},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::Ask,
    account_views::{NewSecret, OpenSession, SecondFactor},
    errors::WebError,
    session::{self, Caller, Signed},
};

/// What is said of a code that does not fit.
pub(super) const WRONG_CODE: &str = "This is not the code that the app shows now: enter the newest one";

/// A code, as it is typed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub next: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    done: Option<String>,
}

#[derive(Serialize)]
struct Shown {
    role: &'static str,
    may: &'static str,
    factor: SecondFactor,
    sessions: Vec<OpenSession>,
    done: Option<String>,
}

#[derive(Serialize)]
struct SetUp {
    secret: NewSecret,
    /// (field, text) pairs.
    errors: Vec<(&'static str, &'static str)>,
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Query(Wanted { done }): Query<Wanted>,
    jar: CookieJar,
) -> Result<Html<String>, WebError> {
    signed.must(Ask::OwnAccount)?;
    let me = &signed.0;
    let shown = Shown {
        role: me.role.shown(),
        may: me.role.may(),
        factor: state.desk.second_factor(me.id).await?,
        sessions: state.desk.sessions(me, session::token(&state, &jar), state.clock.now()).await?,
        done: done.filter(|done| done == "second-factor"),
    };
    Ok(state.page_for("account.html", &signed, "/account", shown).await?)
}

/// A new secret, with the field for its first code.
pub(super) async fn set_up(State(state): State<WebState>, signed: Signed) -> Result<Response, WebError> {
    signed.must(Ask::OwnAccount)?;
    if state.desk.second_factor(signed.0.id).await? != SecondFactor::None {
        return Ok(Redirect::to("/account").into_response());
    }
    set_up_page(&state, &signed, StatusCode::OK, Vec::new()).await
}

async fn set_up_page(
    state: &WebState,
    signed: &Signed,
    status: StatusCode,
    errors: Vec<(&'static str, &'static str)>,
) -> Result<Response, WebError> {
    let secret = state.desk.begin_second_factor(&signed.0, state.clock.now()).await?;
    let page = state.page_for("second-factor.html", signed, "/account", SetUp { secret, errors }).await?;
    Ok((status, page).into_response())
}

/// The first code: from now on one is asked for at each sign-in. Other sessions end, which were begun without one.
pub(super) async fn switch_on(
    State(state): State<WebState>,
    signed: Signed,
    jar: CookieJar,
    Caller(address): Caller,
    form: Result<Form<CodeForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::OwnAccount)?;
    let Form(form) = form?;
    if !state.sign_in.allows(&signed.0.email, &address) {
        return Err(WebError::TooManyTries);
    }
    let now = state.clock.now();
    if !state.desk.takes_code(signed.0.id, &form.code, now).await? {
        return set_up_page(&state, &signed, StatusCode::UNPROCESSABLE_ENTITY, vec![("code", WRONG_CODE)]).await;
    }
    state.desk.end_sessions(&signed.0, now).await?;
    let jar = session::open(&state, jar, &signed.0).await?;
    Ok((jar, Redirect::to("/account?done=second-factor")).into_response())
}

/// Every session of the account ends, this one too.
pub(super) async fn sign_out_everywhere(
    State(state): State<WebState>,
    signed: Signed,
    jar: CookieJar,
) -> Result<Response, WebError> {
    signed.must(Ask::OwnAccount)?;
    state.desk.end_sessions(&signed.0, state.clock.now()).await?;
    let jar = session::end(&state, jar).await?;
    Ok((jar, Redirect::to("/sign-in")).into_response())
}

/// The address of a form, opened directly.
pub(super) async fn back(_: Signed) -> Redirect {
    Redirect::to("/account")
}
