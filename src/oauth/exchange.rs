//! One call of a token server (RFC 6749 sections 4.4 and 6).

use std::path::PathBuf;

use futures::future::BoxFuture;
use oauth2::{
    AsyncHttpClient, AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, RefreshToken, RequestTokenError,
    Scope, TokenResponse, TokenUrl,
    basic::{BasicClient, BasicErrorResponse, BasicRequestTokenError, BasicTokenResponse},
    http as messages,
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::fault::{TokenError, TokenFault};
use crate::{
    config::SecretSource,
    http::{self, CallError},
    tls::TlsSetupError,
};

/// Which token server, and who we are there.
#[derive(Clone, Debug)]
pub struct ExchangeSettings {
    /// Its token endpoint.
    pub token_url: Url,
    /// The application's id.
    pub client_id: String,
    /// The application's secret; read at each call, so that a new one is taken up without a restart.
    pub client_secret: Option<SecretSource>,
    /// What is asked for.
    pub scope: Option<String>,
    /// PEM file with a further authority to trust.
    pub extra_ca: Option<PathBuf>,
}

/// What a token server gave.
#[derive(Debug)]
pub struct Issued {
    /// Signs in.
    pub access: SecretString,
    /// For so many seconds, if the server says.
    pub seconds: Option<u64>,
    /// Gets the next one, in place of the refresh token that was sent.
    pub refresh: Option<SecretString>,
}

/// The way to one token server.
#[derive(Debug)]
pub struct Exchange {
    settings: ExchangeSettings,
    caller: Caller,
    place: String,
}

/// Why a call gave no answer of the protocol.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Call(#[from] CallError),
    /// 429 and 5xx: RFC 6749 has no word for them.
    #[error("it answered with status {0}")]
    Busy(u16),
    #[error("it answered with status {0}, which sends us elsewhere")]
    Redirect(u16),
    #[error("{0}")]
    Library(String),
}

/// Calls as [`http`] does, and tells apart what the protocol leaves open.
#[derive(Debug)]
struct Caller(reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Caller {
    type Error = Fault;
    type Future = BoxFuture<'c, Result<HttpResponse, Fault>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(call(&self.0, request))
    }
}

async fn call(client: &reqwest::Client, request: HttpRequest) -> Result<HttpResponse, Fault> {
    let request =
        request.try_into().map_err(|error: reqwest::Error| Fault::Library(error.without_url().to_string()))?;
    let response = client.execute(request).await.map_err(http::call_error)?;
    let status = response.status();
    if status.is_server_error() || status.as_u16() == 429 {
        return Err(Fault::Busy(status.as_u16()));
    }
    if status.is_redirection() {
        return Err(Fault::Redirect(status.as_u16()));
    }
    let mut answer = messages::Response::builder().status(status);
    if let Some(kind) = response.headers().get(messages::header::CONTENT_TYPE) {
        answer = answer.header(messages::header::CONTENT_TYPE, kind);
    }
    answer.body(http::body(response).await?).map_err(|error| Fault::Library(error.to_string()))
}

impl Exchange {
    /// The way to the server in `settings`; calls nobody yet.
    ///
    /// # Errors
    ///
    /// [`TlsSetupError`] if the further authority cannot be used.
    pub fn new(settings: ExchangeSettings) -> Result<Self, TlsSetupError> {
        let caller = Caller(http::client(&settings.token_url, settings.extra_ca.as_deref())?);
        let place = settings.token_url.host_str().unwrap_or_default().to_owned();
        Ok(Self { settings, caller, place })
    }

    /// The server's host.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// A token for the application itself (client credentials).
    ///
    /// # Errors
    ///
    /// [`TokenError`].
    pub async fn by_client(&self) -> Result<Issued, TokenError> {
        let client = self.client()?;
        let request = client.exchange_client_credentials().add_scopes(self.scopes());
        self.issued(request.request_async(&self.caller).await)
    }

    /// A token for the account that `refresh` was given for.
    ///
    /// # Errors
    ///
    /// [`TokenError`].
    pub async fn by_refresh_token(&self, refresh: &SecretString) -> Result<Issued, TokenError> {
        let client = self.client()?;
        let refresh = RefreshToken::new(refresh.expose_secret().to_owned());
        let request = client.exchange_refresh_token(&refresh).add_scopes(self.scopes());
        self.issued(request.request_async(&self.caller).await)
    }

    fn client(&self) -> Result<Client, TokenError> {
        let settings = &self.settings;
        let mut client = BasicClient::new(ClientId::new(settings.client_id.clone()))
            // Microsoft and Google both take the secret in the body; not every server takes the header.
            .set_auth_type(AuthType::RequestBody)
            .set_token_uri(TokenUrl::from_url(settings.token_url.clone()));
        if let Some(source) = &settings.client_secret {
            let secret = source.read().map_err(|what| TokenError::new(TokenFault::Secret, &self.place, what))?;
            client = client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
        }
        Ok(client)
    }

    fn scopes(&self) -> impl Iterator<Item = Scope> + use<> {
        let scopes: Vec<_> =
            self.settings.scope.iter().flat_map(|scope| scope.split_whitespace()).map(str::to_owned).collect();
        scopes.into_iter().map(Scope::new)
    }

    fn issued(&self, answer: Answer) -> Result<Issued, TokenError> {
        let token = answer.map_err(|error| self.error(error))?;
        let access = token.access_token().secret();
        // RFC 6750 section 2.1; anything else would end the line that signs in.
        if access.is_empty() || !access.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::new(TokenFault::NotOauth, &self.place, "its token holds odd characters"));
        }
        Ok(Issued {
            access: access.to_owned().into(),
            seconds: token.expires_in().map(|span| span.as_secs()),
            refresh: token.refresh_token().map(|token| token.secret().to_owned().into()),
        })
    }

    fn error(&self, error: BasicRequestTokenError<Fault>) -> TokenError {
        let of = |fault, detail: String| TokenError::new(fault, &self.place, detail);
        match error {
            RequestTokenError::ServerResponse(said) => self.refused(&said),
            RequestTokenError::Request(Fault::Call(CallError::Tls(words))) => of(TokenFault::Tls, words),
            RequestTokenError::Request(Fault::Call(error @ CallError::TooLong)) => {
                of(TokenFault::NotOauth, error.to_string())
            }
            RequestTokenError::Request(Fault::Call(error)) => of(TokenFault::Unreachable, error.to_string()),
            RequestTokenError::Request(error @ Fault::Busy(_)) => of(TokenFault::Busy, error.to_string()),
            RequestTokenError::Request(error) => of(TokenFault::NotOauth, error.to_string()),
            // The library's own words may quote what was sent.
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                of(TokenFault::NotOauth, "its answer is none of RFC 6749".to_owned())
            }
        }
    }

    fn refused(&self, said: &BasicErrorResponse) -> TokenError {
        let description = said.error_description().map_or("", String::as_str);
        TokenError::refused(&self.place, said.error().as_ref(), description)
    }
}

type Answer = Result<BasicTokenResponse, BasicRequestTokenError<Fault>>;
type Client = BasicClient<
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointSet,
>;
