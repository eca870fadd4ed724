//! Signing in and out, with limits on guessing.

use std::num::NonZeroU32;

use axum::{
    Form,
    extract::{Query, State, rejection::FormRejection},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    account_views::SecondFactor,
    errors::WebError,
    passwords::{PasswordError, Passwords},
    session::{self, Caller, Signed, page_after_sign_in},
};

pub(super) mod code;

/// Above so many remembered keys, those that are at rest are forgotten.
const KEYS_KEPT: usize = 10_000;

/// What a sign-in must pass: the limits and the password check.
pub struct SignInGuard {
    passwords: Passwords,
    by_account: DefaultKeyedRateLimiter<String>,
    by_address: DefaultKeyedRateLimiter<String>,
    /// Links for people without an account. Apart, so that nobody is kept from signing in by links that are opened beside them.
    by_link: DefaultKeyedRateLimiter<String>,
}

impl SignInGuard {
    /// Ten tries at one account, then one a minute; thirty from one address, then one every ten seconds (a whole
    /// council may sit behind one address).
    ///
    /// # Errors
    ///
    /// [`PasswordError`] if passwords cannot be hashed here.
    pub fn new() -> Result<Self, PasswordError> {
        let burst = |count: u32| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let for_an_address = Quota::per_minute(burst(6)).allow_burst(burst(30));
        Ok(Self {
            passwords: Passwords::new()?,
            by_account: RateLimiter::keyed(Quota::per_minute(NonZeroU32::MIN).allow_burst(burst(10))),
            by_address: RateLimiter::keyed(for_an_address),
            by_link: RateLimiter::keyed(for_an_address),
        })
    }

    /// Whether somebody at this address may open one more link.
    pub(super) fn allows_link(&self, address: &str) -> bool {
        if self.by_link.len() > KEYS_KEPT {
            self.by_link.retain_recent();
        }
        self.by_link.check_key(&address.to_owned()).is_ok()
    }

    pub(super) fn allows(&self, account: &str, address: &str) -> bool {
        for limiter in [&self.by_account, &self.by_address] {
            if limiter.len() > KEYS_KEPT {
                limiter.retain_recent();
            }
        }
        // Both are asked, so that each try counts in both.
        let by_account = self.by_account.check_key(&account.to_owned()).is_ok();
        let by_address = self.by_address.check_key(&address.to_owned()).is_ok();
        by_account && by_address
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    pub(super) next: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Debug, Default, Serialize)]
struct SignInPage {
    email: String,
    next: String,
    /// What the council's own directory is called, if people sign in with it.
    directory: Option<String>,
    /// (field, text) pairs.
    errors: Vec<(&'static str, &'static str)>,
}

fn page(state: &WebState, status: StatusCode, values: SignInPage) -> Result<Response, WebError> {
    let directory = state.directory.as_ref().map(|directory| directory.called.clone());
    let values = SignInPage { directory, ..values };
    Ok((status, state.page("sign-in.html", None, "/sign-in", values)?).into_response())
}

pub(super) async fn show(
    State(state): State<WebState>,
    Query(wanted): Query<Wanted>,
    signed: Option<axum::Extension<Signed>>,
) -> Result<Response, WebError> {
    if signed.is_some() {
        return Ok(Redirect::to(page_after_sign_in(&wanted.next)).into_response());
    }
    let next = page_after_sign_in(&wanted.next).to_owned();
    page(&state, StatusCode::OK, SignInPage { next, ..SignInPage::default() })
}

pub(super) async fn submit(
    State(state): State<WebState>,
    jar: CookieJar,
    Caller(address): Caller,
    form: Result<Form<SignInForm>, FormRejection>,
) -> Result<Response, WebError> {
    let Form(form) = form?;
    let email = form.email.trim().to_lowercase();
    let again = |errors| SignInPage { email: email.clone(), next: form.next.clone(), errors, ..SignInPage::default() };

    let mut missing = Vec::new();
    if email.is_empty() {
        missing.push(("email", "Enter your email address"));
    }
    if form.password.is_empty() {
        missing.push(("password", "Enter your password"));
    }
    if !missing.is_empty() {
        return page(&state, StatusCode::UNPROCESSABLE_ENTITY, again(missing));
    }
    if !state.sign_in.allows(&email, &address) {
        tracing::warn!("sign-in refused: too many tries");
        return Err(WebError::TooManyTries);
    }

    let account = state.desk.account(&email).await?.filter(|account| !account.disabled);
    let known = account.as_ref().and_then(|account| account.password_hash.clone());
    let fits = state.sign_in.passwords.fits(form.password.clone(), known).await;
    let fits = fits.map_err(|error| WebError::Broken(error.to_string()))?;
    let now = state.clock.now();
    if let Some(account) = account.as_ref().filter(|_| !fits) {
        state.desk.record_sign_in(account.officer.id, false, now).await?;
    }
    match account {
        Some(account) if fits => {
            let has_one = state.desk.second_factor(account.officer.id).await? != SecondFactor::None;
            if has_one || state.second_factor_required {
                let jar = code::ask(&state, jar, &account.officer).await?;
                return Ok((jar, Redirect::to(&code::address(&form.next))).into_response());
            }
            state.desk.record_sign_in(account.officer.id, true, now).await?;
            let jar = session::open(&state, jar, &account.officer).await?;
            Ok((jar, Redirect::to(page_after_sign_in(&form.next))).into_response())
        }
        _ => {
            let wrong = vec![("email", "Your email address or password is wrong")];
            page(&state, StatusCode::UNPROCESSABLE_ENTITY, again(wrong))
        }
    }
}

pub(super) async fn sign_out(State(state): State<WebState>, jar: CookieJar) -> Result<Response, WebError> {
    let jar = session::end(&state, jar).await?;
    Ok((jar, Redirect::to("/sign-in")).into_response())
}
