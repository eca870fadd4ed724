//! The loops that make it happen, each in the list below. Every step may run twice: unique keys make the second run a
//! no-op.

mod alert;
mod calendar;
mod chat;
mod chat_files;
pub mod check;
mod enclosures;
mod escalate;
mod files;
mod idle;
mod ingest;
mod joint;
mod label;
pub mod learn;
mod left_out;
mod links;
mod poll;
mod raw;
mod read;
mod remind;
mod rest;
mod send;
mod survey;
pub mod tell_us;
mod tokens;

use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use alert::{Alerting, Memory, look as look_for_alerts};
pub use calendar::{RecountCounts, look as count_anew};
pub use escalate::look as look_for_unread_alerts;
pub use files::{FileCounts, keep_all};
pub use idle::{fetch_and_read_once, run_until_idle};
pub use ingest::{IngestCounts, Ingesting, ingest_one};
pub use joint::look as look_for_joint_complaints;
pub use remind::remind_if_time;
pub use send::send_due;
pub use survey::ask_how_we_did;

use crate::{
    alerts::Trouble,
    casework::{CaseworkError, Office},
    clock::Clock,
    intake::{
        authentication::Authenticity,
        channel::ChatService,
        files::FileKeeper,
        mailbox::{Mailbox, MailboxError},
        verify::Verifier,
    },
    labelling::{
        classifier::{Classifier, LabellingError, Unlabelled},
        labels::Suggestion,
        policy::Lines,
    },
    oauth::TokenSource,
    replies::courier::Courier,
    store::{Store, StoreError, files::FilesError},
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
    /// Where probabilities are cut while no classifier says where its own are: see [`Engine::lines`].
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
    /// What keeps large messages, and the files that come with messages.
    pub files: FileKeeper,
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
    /// The files folder.
    #[error(transparent)]
    Files(#[from] FilesError),
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
    /// The sort of fault, for logs and alerts: the words themselves may hold a mailbox's address and stand on the health
    /// page.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Mailbox(MailboxError::Unreachable { .. }) => Trouble::Unreachable,
            Self::Mailbox(MailboxError::Tls { .. }) => Trouble::Tls,
            Self::Mailbox(MailboxError::SignIn { .. }) => Trouble::SignIn,
            Self::Mailbox(MailboxError::Token(_)) => Trouble::Token,
            Self::Mailbox(MailboxError::Folder { .. }) => Trouble::Folder,
            Self::Mailbox(MailboxError::Broken(_) | MailboxError::TimedOut(_)) => Trouble::Connection,
            Self::Mailbox(MailboxError::Gone | MailboxError::Withheld) => Trouble::Withheld,
            Self::Store(_) => Trouble::Database,
            Self::Labelling(_) => Trouble::Classifier,
            Self::Casework(_) => Trouble::Casework,
            Self::Chat(_) => Trouble::Chat,
            Self::Files(_) => Trouble::Files,
            Self::Reader(_) => Trouble::Reader,
        }
    }

    /// The same as a word.
    #[must_use]
    pub fn sort(&self) -> &'static str {
        self.trouble().as_str()
    }
}

/// What is watched, and who is told.
#[derive(Default)]
pub struct Watch {
    /// Mailboxes.
    pub mailboxes: Vec<Watched>,
    /// The chat.
    pub chat: Option<Arc<dyn ChatService>>,
    /// Sources of sign-in tokens.
    pub tokens: Vec<TokenSource>,
    /// Who is told on another channel than mail; None: nobody.
    pub alerting: Option<Alerting>,
    /// How the classifier learns; None: there is none.
    pub learning: Option<learn::Learning>,
}

/// Starts every worker; they stop when `stop` is cancelled. Returns when all have.
///
/// | worker | wakes |
/// |---|---|
/// | one per mailbox | IDLE, else every `poll_seconds`; after a fault with growing delays, 1 s to 5 min |
/// | chat | long poll |
/// | read | when something is stored, and every 5 s |
/// | label | every 10 s: suggestions that came too late |
/// | follow | every 20 s: another model may be live |
/// | nightly | every 20 s: learns once a night |
/// | send | when something is queued, and every 5 s |
/// | one per `[oauth.NAME]` | when four fifths of the token's life are over; after a fault with growing delays |
/// | alert | every 15 s |
/// | files | when a message is settled, and every 5 s |
/// | escalate | every 30 s: alerts about a child at risk that nobody has acknowledged in time |
/// | joint | every 30 s: looks over the open cases if one has changed |
/// | remind | every minute: once each working morning; families are asked how we did |
/// | calendar | every 5 s: takes up newer bank holidays, and counts open cases anew by them |
pub async fn run(engine: Engine, watch: Watch, stop: CancellationToken) {
    let Watch { mailboxes, chat, tokens, alerting, learning } = watch;
    let mut all = tokio::task::JoinSet::new();
    for source in tokens {
        all.spawn(tokens::keep(source, stop.clone()));
    }
    if let Some(alerting) = alerting {
        all.spawn(alert::run(engine.clone(), alerting, stop.clone()));
    }
    if let Some(learning) = learning {
        if learning.settings.learn {
            all.spawn(learn::nightly(learning.clone(), stop.clone()));
        }
        all.spawn(learn::follow(learning, stop.clone()));
    }
    for watched in mailboxes {
        all.spawn(poll::watch(engine.clone(), watched, stop.clone()));
    }
    if let Some(source) = chat {
        all.spawn(chat::watch(engine.clone(), source, stop.clone()));
    }
    all.spawn(read::run(engine.clone(), stop.clone()));
    all.spawn(label::run(engine.clone(), stop.clone()));
    all.spawn(files::run(engine.clone(), stop.clone()));
    all.spawn(escalate::run(engine.clone(), stop.clone()));
    all.spawn(joint::run(engine.clone(), stop.clone()));
    all.spawn(remind::run(engine.clone(), stop.clone()));
    all.spawn(calendar::run(engine.clone(), stop.clone()));
    all.spawn(send::run(engine, stop));
    while let Some(ended) = all.join_next().await {
        if let Err(error) = ended {
            // A panic in one worker must not go unseen; the others go on.
            tracing::error!(%error, "a worker ended unexpectedly");
        }
    }
}

impl Engine {
    /// Where probabilities are cut now: another model has other lines.
    #[must_use]
    pub fn lines(&self) -> Lines {
        self.classifier.as_ref().and_then(|classifier| classifier.lines()).unwrap_or(self.lines)
    }

    /// Whether each of the messages comes from whom it names, as far as we find out ourselves.
    pub(crate) async fn check_senders(&self, raws: impl Iterator<Item = Option<&[u8]>>) -> Vec<Authenticity> {
        let Some(verifier) = &self.verifier else { return raws.map(|_| Authenticity::Unknown).collect() };
        let checks = raws.map(|raw| async move {
            match raw {
                Some(raw) => verifier.check(raw).await,
                None => Authenticity::Unknown,
            }
        });
        futures::future::join_all(checks).await
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
