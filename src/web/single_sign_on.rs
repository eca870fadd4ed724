//! Signing in with the council's own directory: OpenID Connect, the authorization code flow with PKCE.
//!
//! What must be remembered between the two requests lies sealed in a cookie, so any program that serves the pages can end what
//! another began. The way back comes from another site: the browser sends no `SameSite=Strict` cookie with it, nor with where a
//! redirect would lead, so it ends at a page of ours that goes on by itself.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::{CookieJar, cookie::SameSite};
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::{
    AdditionalClaims, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
        CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::{
    WebState,
    account_views::Claimed,
    desk::DeskError,
    errors::WebError,
    session::{self, Caller, page_after_sign_in},
    sign_in::Wanted,
};
use crate::{
    config::SingleSignOnSection,
    http,
    sealed::{Seal, SealError},
    tls::TlsSetupError,
};

/// So long somebody may take at the directory.
const WAITS: TimeDelta = TimeDelta::minutes(10);
/// The directory's description and keys are asked for again after so long.
const DESCRIBED: TimeDelta = TimeDelta::hours(1);
/// What the cookie is sealed as.
const SEALED_AS: &str = "single sign-on";
/// Where the directory sends people back to.
const BACK: &str = "sign-in/council/back";

/// What Entra ID says besides the standard's claims.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Ours {
    /// Application roles.
    #[serde(default)]
    roles: Vec<String>,
}

impl AdditionalClaims for Ours {}

type Fields = IdTokenFields<
    Ours,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
type Provider = Client<
    Ours,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The council's own directory.
pub struct Directory {
    /// What people call it.
    pub called: String,
    section: SingleSignOnSection,
    secret: SecretString,
    back: RedirectUrl,
    seal: Seal,
    http: reqwest::Client,
    described: Mutex<Option<(DateTime<Utc>, CoreProviderMetadata)>>,
}

/// Why nobody can sign in with the directory at all.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The secret cannot be read.
    #[error("client_secret of [single_sign_on]: {0}")]
    Secret(String),
    /// An address is none.
    #[error("public_url of [web]: {0}")]
    Address(#[from] url::ParseError),
    /// Its authority cannot be used.
    #[error("ca_file of [single_sign_on]: {0}")]
    Tls(#[from] TlsSetupError),
    /// The key.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// What is remembered until they come back.
#[derive(Serialize, Deserialize)]
struct Begun {
    state: String,
    nonce: String,
    verifier: String,
    next: String,
    at: DateTime<Utc>,
}

/// What the directory sends people back with.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    error: Option<String>,
}

impl Directory {
    /// The directory of `section`, for pages that people reach at `public_url`.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`].
    pub fn new(section: SingleSignOnSection, public_url: &url::Url, seal: Seal) -> Result<Self, DirectoryError> {
        Ok(Self {
            called: section.called.clone(),
            secret: section.client_secret.read().map_err(DirectoryError::Secret)?,
            back: RedirectUrl::from_url(public_url.join(BACK)?),
            http: http::client(section.issuer.get_ref(), section.ca_file.as_deref())?,
            described: Mutex::new(None),
            section,
            seal,
        })
    }

    /// The directory as it describes itself.
    async fn provider(&self, now: DateTime<Utc>) -> Result<Provider, WebError> {
        let mut described = self.described.lock().await;
        let metadata = match &*described {
            Some((at, metadata)) if now - *at < DESCRIBED => metadata.clone(),
            _ => {
                let issuer = IssuerUrl::new(self.section.issuer.get_ref().as_str().trim_end_matches('/').to_owned())
                    .map_err(|fault| WebError::Broken(fault.to_string()))?;
                let metadata = CoreProviderMetadata::discover_async(issuer, &self.http).await.map_err(unavailable)?;
                *described = Some((now, metadata.clone()));
                metadata
            }
        };
        let secret = ClientSecret::new(self.secret.expose_secret().to_owned());
        let id = ClientId::new(self.section.client_id.clone());
        Ok(Client::from_provider_metadata(metadata, id, Some(secret)).set_redirect_uri(self.back.clone()))
    }

    fn sealed(&self, begun: &Begun) -> Result<String, WebError> {
        let text = serde_json::to_string(begun).map_err(|fault| WebError::Broken(fault.to_string()))?;
        let sealed = self.seal.seal(SEALED_AS, &text.into()).map_err(|fault| WebError::Broken(fault.to_string()))?;
        Ok(data_encoding::BASE64URL_NOPAD.encode(&sealed))
    }

    /// What the cookie holds, unless it is too old or not ours.
    fn begun(&self, cookie: &str, now: DateTime<Utc>) -> Option<Begun> {
        let sealed = data_encoding::BASE64URL_NOPAD.decode(cookie.as_bytes()).ok()?;
        let text = self.seal.open(SEALED_AS, &sealed)?;
        let begun: Begun = serde_json::from_str(text.expose_secret()).ok()?;
        (now - begun.at < WAITS).then_some(begun)
    }

    /// Whom the directory has let in.
    async fn claimed(&self, back: &Back, begun: Begun, now: DateTime<Utc>) -> Result<Claimed, WebError> {
        let provider = self.provider(now).await?;
        let code = AuthorizationCode::new(back.code.clone());
        let request = provider.exchange_code(code).map_err(unavailable)?;
        let verifier = PkceCodeVerifier::new(begun.verifier);
        let tokens = request.set_pkce_verifier(verifier).request_async(&self.http).await.map_err(unavailable)?;
        let token = tokens.extra_fields().id_token().ok_or_else(|| unavailable("it sent no identity token"))?;
        let verifier = provider.id_token_verifier();
        let claims = token.claims(&verifier, &Nonce::new(begun.nonce)).map_err(unavailable)?;
        let refused = |what: &str| WebError::Forbidden(what.to_owned());
        let role = self.section.role(&claims.additional_claims().roles).ok_or_else(|| {
            refused("Your account in the directory has no role in Heard. Ask an administrator of the directory to give you one.")
        })?;
        if claims.email_verified() == Some(false) {
            return Err(refused("The directory has not confirmed your email address: ask its administrator."));
        }
        let email = claims.email().map(|email| email.as_str());
        let email = email.or_else(|| claims.preferred_username().map(|name| name.as_str())).unwrap_or_default();
        if email.parse::<lettre::Address>().is_err() {
            return Err(refused("The directory does not say your email address: ask its administrator."));
        }
        let name = claims.name().and_then(|name| name.get(None)).map_or(email, |name| name.as_str());
        Ok(Claimed {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            email: email.to_lowercase(),
            name: name.to_owned(),
            role,
        })
    }
}

/// The directory did not do what it should. The text is for the log: it names neither a person nor a secret.
fn unavailable(fault: impl std::fmt::Display) -> WebError {
    WebError::Unavailable(format!("the directory of [single_sign_on]: {fault}"))
}

fn cookie_name(state: &WebState) -> &'static str {
    if state.secure_cookies { "__Host-heard-council" } else { "heard-council" }
}

fn directory(state: &WebState) -> Result<Arc<Directory>, WebError> {
    state.directory.clone().ok_or(WebError::NotFound)
}

/// Sends the browser to the directory.
pub(super) async fn begin(
    State(state): State<WebState>,
    Query(wanted): Query<Wanted>,
    jar: CookieJar,
) -> Result<Response, WebError> {
    let directory = directory(&state)?;
    let now = state.clock.now();
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let provider = directory.provider(now).await?;
    let (url, csrf, nonce) = provider
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(["email", "profile"].map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    let begun = Begun {
        state: csrf.secret().clone(),
        nonce: nonce.secret().clone(),
        verifier: verifier.secret().clone(),
        next: page_after_sign_in(&wanted.next).to_owned(),
        at: now,
    };
    let mut cookie = session::cookie_called(&state, cookie_name(&state), directory.sealed(&begun)?);
    // The browser comes back from another site.
    cookie.set_same_site(SameSite::Lax);
    Ok((jar.add(cookie), Redirect::to(url.as_str())).into_response())
}

#[derive(Serialize)]
struct SignedIn {
    next: String,
}

/// The way back.
pub(super) async fn end(
    State(state): State<WebState>,
    Query(back): Query<Back>,
    jar: CookieJar,
    Caller(address): Caller,
) -> Result<Response, WebError> {
    let directory = directory(&state)?;
    let now = state.clock.now();
    if !state.sign_in.allows_link(&address) {
        return Err(WebError::TooManyTries);
    }
    let begun = jar.get(cookie_name(&state)).and_then(|cookie| directory.begun(cookie.value(), now));
    let again = || {
        WebError::Forbidden(
            "The sign-in took too long, or was begun in another browser. Begin again from the sign-in page.".to_owned(),
        )
    };
    let begun = begun.filter(|begun| same(&begun.state, &back.state)).ok_or_else(again)?;
    if let Some(error) = &back.error {
        tracing::warn!(error = error.chars().take(60).collect::<String>(), "the directory let nobody in");
        return Err(WebError::Forbidden("The directory did not let you in.".to_owned()));
    }
    let next = begun.next.clone();
    let who = directory.claimed(&back, begun, now).await?;
    let officer = state.desk.let_in(&who, now).await.map_err(|error| match error {
        DeskError::Refused(why) => WebError::Forbidden(why),
        error => error.into(),
    })?;
    let jar = session::open(&state, jar, &officer).await?;
    let jar = jar.remove(session::cookie_called(&state, cookie_name(&state), String::new()));
    let page = state.page("signed-in.html", None, "/sign-in", SignedIn { next })?;
    Ok((jar, page).into_response())
}

/// Whether two texts are the same, however far they agree.
fn same(one: &str, other: &str) -> bool {
    !one.is_empty() && bool::from(subtle::ConstantTimeEq::ct_eq(one.as_bytes(), other.as_bytes()))
}
