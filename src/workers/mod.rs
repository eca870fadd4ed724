//! The loops that make it happen, each in the list below. Every step may run twice: unique keys make the second run a
//! no-op.

mod chat;
mod idle;
mod ingest;
mod label;
mod poll;
mod read;
mod send;

use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use idle::run_until_idle;
pub use ingest::{IngestCounts, Ingesting, ingest_one};
pub use send::send_due;

use crate::{
    casework::{CaseworkError, Office},
    clock::Clock,
    intake::{
        authentication::Authenticity,
        mailbox::{Mailbox, MailboxError},
        verify::Verifier,
    },
    labelling::{
        classifier::{Classifier, LabellingError, Unlabelled},
        labels::Suggestion,
        policy::Lines,
    },
    replies::courier::Courier,
    store::{Store, StoreError},
};

/// What carries messages out.
#[derive(Clone)]
pub struct Couriers {
    /// Mail.
    pub email: Arc<dyn Courier>,
    /// Chat, if there is one.
    pub chat: Option<Arc<dyn Courier>>,
}

/// Everything the workers share.
#[derive(Clone)]
pub struct Engine {
    /// The database.
    pub store: Store,
    /// The council.
    pub office: Arc<Office>,
    /// The classifier; None when it is switched off or could not be loaded.
    pub classifier: Option<Arc<dyn Classifier>>,
    /// Where probabilities are cut.
    pub lines: Lines,
    /// What finds out itself whether a sender is who they say; None when the receiving server's word is all.
    pub verifier: Option<Arc<Verifier>>,
    /// What carries messages out.
    pub couriers: Couriers,
    /// The time.
    pub clock: Clock,
    /// How long a complaints mailbox waits for a suggestion.
    pub patience: Duration,
    /// This program among others on the same database.
    pub name: String,
    /// Something new is stored.
    pub unread: Arc<Notify>,
    /// Something new is to be sent.
    pub outgoing: Arc<Notify>,
}

/// A mailbox to watch.
pub struct Watched {
    /// Its configured name.
    pub name: String,
    /// The connection or folder.
    pub source: Box<dyn Mailbox>,
    /// Poll at least so often.
    pub poll: Duration,
}

/// Why a worker's step failed. Nothing is lost by it; the step is done again.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The mailbox.
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The classifier, and without it private mail must not be judged.
    #[error("private mail waits until the classifier works again: {0}")]
    Labelling(#[from] LabellingError),
    /// A rule or a letter.
    #[error(transparent)]
    Casework(CaseworkError),
    /// The chat service.
    #[error("{0}")]
    Chat(String),
    /// The thread that reads messages ended.
    #[error("the reader failed: {0}")]
    Reader(#[from] tokio::task::JoinError),
}

impl From<CaseworkError> for StepError {
    fn from(error: CaseworkError) -> Self {
        match error {
            CaseworkError::Store(error) => Self::Store(error),
            other => Self::Casework(other),
        }
    }
}

impl StepError {
    /// The sort of fault, for logs: the words themselves may hold a mailbox's address and stand on the health page.
    #[must_use]
    pub fn sort(&self) -> &'static str {
        match self {
            Self::Mailbox(MailboxError::Unreachable { .. }) => "mailbox unreachable",
            Self::Mailbox(MailboxError::Tls { .. }) => "mailbox TLS",
            Self::Mailbox(MailboxError::SignIn { .. }) => "mailbox sign-in",
            Self::Mailbox(MailboxError::Folder { .. }) => "mailbox folder",
            Self::Mailbox(MailboxError::Broken(_) | MailboxError::TimedOut(_)) => "mailbox connection",
            Self::Store(_) => "database",
            Self::Labelling(_) => "classifier",
            Self::Casework(_) => "casework",
            Self::Chat(_) => "chat",
            Self::Reader(_) => "reader",
        }
    }
}

/// Starts every worker; they stop when `stop` is cancelled. Returns when all have.
///
/// | worker | wakes |
/// |---|---|
/// | one per mailbox | IDLE, else every `poll_seconds`; after a fault with growing delays, 1 s to 5 min |
/// | chat | long poll |
/// | read | when something is stored, and every 5 s |
/// | label | every 10 s: suggestions that came too late |
/// | send | when something is queued, and every 5 s |
pub async fn run(
    engine: Engine,
    mailboxes: Vec<Watched>,
    chat: Option<crate::intake::telegram::TelegramSource>,
    stop: CancellationToken,
) {
    let mut all = tokio::task::JoinSet::new();
    for watched in mailboxes {
        all.spawn(poll::watch(engine.clone(), watched, stop.clone()));
    }
    if let Some(source) = chat {
        all.spawn(chat::watch(engine.clone(), source, stop.clone()));
    }
    all.spawn(read::run(engine.clone(), stop.clone()));
    all.spawn(label::run(engine.clone(), stop.clone()));
    all.spawn(send::run(engine, stop));
    while let Some(ended) = all.join_next().await {
        if let Err(error) = ended {
            // A panic in one worker must not go unseen; the others go on.
            tracing::error!(%error, "a worker ended unexpectedly");
        }
    }
}

impl Engine {
    /// Whether each of the messages comes from whom it names, as far as we find out ourselves.
    pub(crate) async fn check_senders(&self, raws: impl Iterator<Item = &[u8]>) -> Vec<Authenticity> {
        match &self.verifier {
            Some(verifier) => futures::future::join_all(raws.map(|raw| verifier.check(raw))).await,
            None => raws.map(|_| Authenticity::Unknown).collect(),
        }
    }

    /// Suggestions for `messages` within the patience; None for all when the classifier is off, fails or is slow.
    pub(crate) async fn suggest(&self, messages: Vec<Unlabelled>) -> Vec<Option<Suggestion>> {
        let n = messages.len();
        let Some(classifier) = self.classifier.as_ref().filter(|_| n > 0) else { return vec![None; n] };
        match tokio::time::timeout(self.patience, classifier.label(messages)).await {
            Ok(Ok(suggestions)) if suggestions.len() == n => suggestions.into_iter().map(Some).collect(),
            Ok(Ok(_)) => vec![None; n],
            Ok(Err(error)) => {
                tracing::warn!(%error, "no suggestions; messages go on without");
                vec![None; n]
            }
            Err(_) => {
                tracing::warn!(messages = n, "the classifier is slow; messages go on without suggestions");
                vec![None; n]
            }
        }
    }
}

/// Waits for `notify`, at most `at_most`. False when it is time to stop.
async fn sleep(notify: Option<&Notify>, at_most: Duration, stop: &CancellationToken) -> bool {
    let woken = async {
        match notify {
            Some(notify) => notify.notified().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = stop.cancelled() => false,
        () = woken => true,
        () = tokio::time::sleep(at_most) => true,
    }
}

/// Delay after `failures` failures in a row: 1 s doubling to 5 min, with jitter so that many do not come back at once.
fn back_off(failures: u32) -> Duration {
    let seconds = (1u64 << failures.min(9)).min(300);
    let jitter = rand::random_range(0.75..1.25);
    Duration::from_secs(seconds).mul_f64(jitter)
}
