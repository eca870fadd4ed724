//! Keeps a source of sign-in tokens fresh, so that no mailbox waits for a token, and a source that has died is found out
//! while the last token is still good.

use tokio_util::sync::CancellationToken;

use crate::oauth::TokenSource;

/// Asks for tokens ahead of their end until `stop`.
pub(super) async fn keep(source: TokenSource, stop: CancellationToken) {
    while super::sleep(None, source.due_in(), &stop).await {
        // What is wrong is noted by the source itself, and told by the alerts.
        let _ = source.token().await;
    }
}
