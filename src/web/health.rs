//! How the whole is doing, who the officers are, and the two addresses that a supervisor asks.

use axum::{extract::State, http::StatusCode, response::Html};

use super::{WebState, access::Ask, errors::WebError, session::Signed};

pub(super) async fn show(State(state): State<WebState>, signed: Signed) -> Result<Html<String>, WebError> {
    signed.must(Ask::ReadHealth)?;
    let mut health = state.desk.health(state.clock.now()).await?;
    if signed.must(Ask::ReadCases).is_err() {
        // A mail server's refusal names whom the letter was for.
        health.outbox.last_error = health.outbox.last_error.as_deref().map(without_addresses);
    }
    Ok(state.page_for("health.html", &signed, "/health", &health).await?)
}

pub(super) async fn accessibility(
    State(state): State<WebState>,
    signed: Option<axum::Extension<Signed>>,
) -> Result<Html<String>, WebError> {
    let officer = signed.as_ref().map(|signed| &signed.0.0);
    Ok(state.page("accessibility.html", officer, "/accessibility", ())?)
}

/// The keys that pages know.
pub(super) async fn keys(State(state): State<WebState>, signed: Signed) -> Result<Html<String>, WebError> {
    Ok(state.page("keys.html", Some(&signed.0), "/keys", ())?)
}

/// The words of a fault, without an address.
fn without_addresses(words: &str) -> String {
    let told = |word: &str| if word.contains('@') { "(an address)".to_owned() } else { word.to_owned() };
    words.split_whitespace().map(told).collect::<Vec<_>>().join(" ")
}

/// The program runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The program can serve: the database answers.
pub(super) async fn ready(State(state): State<WebState>) -> (StatusCode, &'static str) {
    match state.desk.ready().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_told_without_whom_it_is_about() {
        let fault = "The mail server said 550 5.1.1 <noor@mail.example>: no such user.";
        assert_eq!(without_addresses(fault), "The mail server said 550 5.1.1 (an address) no such user.");
    }
}
