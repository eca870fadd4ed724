//! What went wrong, as a page that says what to do. Any error answer that is not yet a page becomes one here.

use axum::{
    extract::{Request, State, rejection::FormRejection},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{WebState, desk::DeskError, families::fault, render::PagesError, session::Signed, views::Officer};

/// Why a page was not shown or an action not done.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// Not for this officer; the reason is in the text.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such page or case.
    #[error("not found")]
    NotFound,
    /// Someone else changed the case meanwhile.
    #[error("changed meanwhile")]
    Changed {
        /// The case.
        reference: String,
        /// What was done last, e.g. `Confirmed as a complaint, by Rowan Bell`.
        last: Option<String>,
    },
    /// The form was not one of ours.
    #[error("bad form")]
    BadForm,
    /// The form held more than we take.
    #[error("too much")]
    TooMuch,
    /// Too many sign-ins.
    #[error("too many tries")]
    TooManyTries,
    /// The desk does not answer now. The text is for the log.
    #[error("{0}")]
    Unavailable(String),
    /// A fault of ours. The text is for the log.
    #[error("{0}")]
    Broken(String),
}

impl From<DeskError> for WebError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NotFound => Self::NotFound,
            DeskError::Changed => Self::Changed { reference: String::new(), last: None },
            DeskError::Excluded(why) | DeskError::Refused(why) => Self::Forbidden(why),
            DeskError::Unavailable(cause) => Self::Unavailable(cause),
        }
    }
}

impl From<FormRejection> for WebError {
    fn from(rejection: FormRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { Self::TooMuch } else { Self::BadForm }
    }
}

impl From<axum_extra::extract::FormRejection> for WebError {
    fn from(rejection: axum_extra::extract::FormRejection) -> Self {
        let status = rejection.into_response().status();
        if status == StatusCode::PAYLOAD_TOO_LARGE { Self::TooMuch } else { Self::BadForm }
    }
}

impl From<PagesError> for WebError {
    fn from(error: PagesError) -> Self {
        // With the chain, which names the template's line.
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        Self::Broken(format!("{error} {cause}"))
    }
}

/// What an error page says.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Fault {
    #[serde(skip)]
    status: StatusCode,
    title: String,
    lines: Vec<String>,
    /// (address, words) of the way on.
    on: (String, String),
}

impl Fault {
    fn new(status: StatusCode, title: &str, lines: &[&str]) -> Self {
        Self {
            status,
            title: title.to_owned(),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            on: ("/".to_owned(), "Go to the cases to look at".to_owned()),
        }
    }

    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::new(
                status,
                "Page not found",
                &[
                    "If you typed the address, check it is correct.",
                    "If you followed a link to a case, search for its reference.",
                ],
            ),
            StatusCode::FORBIDDEN => Self::new(
                status,
                "You cannot do that from here",
                &["The request came from another website, so nothing was changed. Open Heard itself and try again."],
            ),
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::new(status, "That page cannot be opened directly", &["Go back and use the button on the page."])
            }
            StatusCode::PAYLOAD_TOO_LARGE => {
                Self::new(status, "That was too much text", &["Nothing was saved. Shorten it and try again."])
            }
            StatusCode::REQUEST_TIMEOUT => Self::new(
                status,
                "That took too long",
                &["It may or may not have been done: open the case again to see. Then try once more."],
            ),
            status if status.is_client_error() => {
                Self::new(status, "That did not work", &["Nothing was changed. Go back and try again."])
            }
            StatusCode::SERVICE_UNAVAILABLE => Self::new(
                status,
                "The case store does not answer",
                &[
                    "Nothing you entered was saved. Messages from families are not lost: they wait until it answers again.",
                    "Try again in a minute.",
                ],
            ),
            status => Self::new(
                status,
                "Sorry, there is a problem with the service",
                &["What you did last may not have been saved. Open the case again to see, and try once more."],
            ),
        }
    }
}

impl From<WebError> for Fault {
    fn from(error: WebError) -> Self {
        match error {
            WebError::Forbidden(why) => {
                Self::new(StatusCode::FORBIDDEN, "You cannot open or do that", &[&why, "Nothing was changed."])
            }
            WebError::NotFound => Self::of_status(StatusCode::NOT_FOUND),
            WebError::Changed { reference, last } => {
                let mut fault = Self::new(
                    StatusCode::CONFLICT,
                    "Someone else changed this case",
                    &["It changed while you were looking at it, so what you did was not saved."],
                );
                fault.lines.extend(last.map(|last| format!("Last change: {last}.")));
                if !reference.is_empty() {
                    fault.on = (format!("/cases/{reference}"), format!("Open {reference} as it is now"));
                }
                fault
            }
            WebError::BadForm => Self::of_status(StatusCode::BAD_REQUEST),
            WebError::TooMuch => Self::of_status(StatusCode::PAYLOAD_TOO_LARGE),
            WebError::TooManyTries => Self {
                on: ("/sign-in".to_owned(), "Go back to sign in".to_owned()),
                ..Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "Too many tries to sign in",
                    &["Wait a minute and try again.", "If you have forgotten your password, ask for a new one."],
                )
            },
            WebError::Unavailable(cause) => {
                tracing::error!(%cause, "the case store does not answer the pages");
                Self::of_status(StatusCode::SERVICE_UNAVAILABLE)
            }
            WebError::Broken(cause) => {
                tracing::error!(%cause, "a page failed");
                Self::of_status(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }
}

impl IntoResponse for WebError {
    /// A bare answer that [`as_page`] makes into a page.
    fn into_response(self) -> Response {
        let fault = Fault::from(self);
        let mut response = fault.status.into_response();
        response.extensions_mut().insert(fault);
        response
    }
}

/// The page for `fault`.
pub(super) fn page(state: &WebState, officer: Option<&Officer>, fault: Fault) -> Response {
    let mut response = match state.page("error.html", officer, "", &fault) {
        Ok(page) => (fault.status, page).into_response(),
        Err(error) => {
            tracing::error!(%error, "the error page failed");
            (fault.status, fault.title).into_response()
        }
    };
    if fault.status == StatusCode::TOO_MANY_REQUESTS {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}

/// Makes every error answer that is not a page into one: at families' addresses into one of theirs.
pub(super) async fn as_page(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let signed = request.extensions().get::<Signed>().cloned();
    let (reader, request) = fault::reader_of(&state, request).await;
    let mut response = next.run(request).await;
    let status = response.status();
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    if let Some(reader) = reader {
        return fault::page(&state, &reader, status);
    }
    let fault = response.extensions_mut().remove::<Fault>().unwrap_or_else(|| Fault::of_status(status));
    page(&state, signed.as_ref().map(|signed| &signed.0), fault)
}
