//! Builds the program from its settings: database, classifier, couriers, mailboxes, workers and pages; starts and stops
//! them together.

pub mod connections;
pub mod demo;
pub mod doctor;
pub mod vault;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    casework::{self, Office},
    clock::Clock,
    config::{SecondFactorRule, Settings},
    desk::{
        SecondFactors, StoreDesk, Wake, changes::StoreChanges, checks::StoreChecks, settings::StoreSettings,
        survey::SurveyDesk, tell_us::FormDesk, thanks::ThanksDesk, track::StoreTracker,
    },
    intake::files::FileKeeper,
    labelling::{
        classifier::{Classifier, LabellingError},
        live::Live,
        local::LocalClassifier,
    },
    oauth::Vault,
    sealed::{Seal, SealError},
    store::{
        Store, StoreError,
        files::{FileStore, FilesError},
    },
    web::{
        self, CouncilBrand, WebStartError, WebState,
        families::{Families, FormGuard, PublicFacts, TellUs, process, track_views::Tracker},
        single_sign_on::{Directory, DirectoryError},
    },
    workers::{
        self, Engine, StepError, Watch,
        check::Looker,
        learn::{Learning, Shelf},
    },
};
pub use connections::{ConnectionError, Tokens};
use vault::StoredVault;

/// Why the program cannot start or go on. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Letters or keys.
    #[error(transparent)]
    Office(#[from] crate::casework::OfficeError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A mailbox, the sender or the chat cannot be set up.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// The classifier.
    #[error(transparent)]
    Labelling(#[from] LabellingError),
    /// The key.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The pages.
    #[error(transparent)]
    Pages(#[from] WebStartError),
    /// The council's own directory cannot be used.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The address of the pages is taken or not ours.
    #[error("the pages cannot be served on {address}: {cause}. Choose another [web] listen, or stop what uses it")]
    Listen {
        /// As configured.
        address: std::net::SocketAddr,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The files folder.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// A worker.
    #[error(transparent)]
    Step(#[from] StepError),
    /// A file or folder.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
}

/// The program, built but not running.
pub struct App {
    /// As configured.
    pub settings: Settings,
    /// What the workers share.
    pub engine: Engine,
    /// Where sign-in tokens come from.
    pub tokens: Tokens,
    /// Why there is no classifier, if there is none.
    pub without_classifier: Option<LabellingError>,
    /// How it learns; None when there is none.
    pub learning: Option<Learning>,
}

/// Which database: the one on the command line, else the configured one.
///
/// # Errors
///
/// When the file with the url cannot be read.
pub fn database_url(settings: &Settings, given: Option<&str>) -> Result<String, AppError> {
    match (given, &settings.database.url_file) {
        (Some(url), _) => Ok(url.to_owned()),
        (None, Some(file)) => std::fs::read_to_string(file)
            .map(|url| url.trim().to_owned())
            .map_err(|cause| AppError::File { path: file.clone(), cause }),
        (None, None) => Ok(settings.database.url.clone()),
    }
}

/// Where files are kept: the configured folder, else `files` beside the SQLite database, with Postgres `data/files`.
#[must_use]
pub fn files_folder(settings: &Settings, url: &str) -> PathBuf {
    settings.files.folder.clone().unwrap_or_else(|| beside_database(url).join("files"))
}

/// The folder of the SQLite database, with Postgres `data`.
fn beside_database(url: &str) -> &Path {
    let database = url.strip_prefix("sqlite://").map(|path| path.split('?').next().unwrap_or_default());
    database.map(Path::new).and_then(Path::parent).unwrap_or(Path::new("data"))
}

/// What learning from officers needs, on the database at `url`. `live` is the classifier in use here, if one is.
#[must_use]
pub fn learning(
    settings: &Settings,
    url: &str,
    store: &Store,
    office: &Arc<Office>,
    clock: &Clock,
    live: Option<Arc<Live>>,
) -> Learning {
    let labelling = settings.labelling.clone();
    Learning {
        shelf: Shelf {
            shipped: labelling.heads.clone(),
            learnt: labelling.learnt.clone().unwrap_or_else(|| beside_database(url).join("models")),
        },
        store: store.clone(),
        office: Arc::clone(office),
        name: store.name(),
        clock: clock.clone(),
        settings: labelling,
        live,
    }
}

impl App {
    /// Opens database, office, classifier and couriers. A missing classifier is no reason not to start: complaints
    /// mailboxes go on without, managers' mailboxes wait and say so.
    ///
    /// # Errors
    ///
    /// [`AppError`] with the remedy.
    pub async fn build(settings: Settings, database: Option<&str>, clock: Clock) -> Result<Self, AppError> {
        let office = Office::open(&settings)?;
        let url = database_url(&settings, database)?;
        let store = Store::open(&url).await?;
        office.take_up_holidays(&mut store.begin_read().await?).await?;
        let files = FileStore::in_folder(&files_folder(&settings, &url))?;
        files.probe().await?;
        if let Err(fault) = casework::sweep_files(&store, &files).await {
            tracing::warn!(%fault, "files of anonymised cases are still in the files folder");
        }
        let office = Arc::new(office.with_files(files.clone()));
        let (live, without_classifier) = match load_classifier(&settings).await {
            Ok(live) => (Some(live), None),
            Err(error) => (None, Some(error)),
        };
        let learning = live.as_ref().map(|live| learning(&settings, &url, &store, &office, &clock, Some(live.clone())));
        if let Some(learning) = &learning
            && let Err(error) = learning.take_up_live().await
        {
            tracing::warn!(%error, "the learnt model cannot be used; the shipped one is in its place");
        }
        let lines = live.as_ref().and_then(|live| live.lines()).unwrap_or_default();
        let classifier = live.map(|live| live as Arc<dyn Classifier>);
        let name = store.name();
        let vault = StoredVault::new(store.clone(), seal(&settings)?, clock.clone(), name.clone(), true);
        let vault: Arc<dyn Vault> = Arc::new(vault);
        let tokens = Tokens::open(&settings, &vault, &clock)?;
        let engine = Engine {
            couriers: connections::couriers(&settings, &tokens, &clock)?,
            name,
            store,
            office,
            classifier,
            lines,
            verifier: connections::verifier(&settings)?,
            clock,
            patience: Duration::from_millis(settings.labelling.patience_ms),
            unread: Arc::new(Notify::new()),
            outgoing: Arc::new(Notify::new()),
            files: FileKeeper::new(files, &settings.files, std::env::current_exe().unwrap_or_default())
                .with_chat(connections::chat(&settings)?),
        };
        Ok(Self { settings, engine, tokens, without_classifier, learning })
    }

    /// Serves mailboxes, chat, letters and pages until `stop`.
    ///
    /// # Errors
    ///
    /// [`AppError`] when a part cannot start. Faults while running are retried and shown on the health page.
    pub async fn serve(self, stop: CancellationToken) -> Result<(), AppError> {
        let _alone = self.engine.store.take_over(self.engine.clock.now()).await?;
        self.renew_independence().await?;
        let watch = Watch {
            mailboxes: connections::mailboxes(&self.settings, &self.tokens)?,
            chat: connections::chat(&self.settings)?,
            tokens: self.tokens.sources(),
            alerting: connections::alerting(
                &self.settings,
                self.engine.couriers.chat.as_ref(),
                self.engine.clock.now(),
            )?,
            learning: self.learning.clone(),
        };
        let listen = self.settings.web.listen;
        let listener =
            tokio::net::TcpListener::bind(listen).await.map_err(|cause| AppError::Listen { address: listen, cause })?;
        let mut pages = self.pages()?;
        pages.stop = stop.clone();
        let pages = web::router(pages);
        tracing::info!(address = %listen, mailboxes = watch.mailboxes.len(), classifier = self.engine.classifier.is_some(), "serving");
        let workers = tokio::spawn(workers::run(self.engine.clone(), watch, stop.clone()));
        let stopped = stop.clone();
        let served = axum::serve(listener, pages.into_make_service_with_connect_info::<std::net::SocketAddr>())
            .with_graceful_shutdown(async move { stopped.cancelled().await })
            .await;
        stop.cancel();
        if let Err(error) = workers.await {
            tracing::error!(%error, "the workers ended unexpectedly");
        }
        self.tokens.end().await;
        self.engine.store.close().await;
        served.map_err(|cause| AppError::Listen { address: listen, cause })
    }

    /// The staff directory may have changed since the program last ran.
    async fn renew_independence(&self) -> Result<(), AppError> {
        let mut tx = self.engine.store.begin().await?;
        match casework::renew_independence(&self.engine.office, &mut tx).await {
            Ok(_) => Ok(tx.commit().await?),
            // What was written down before still holds.
            Err(error) => {
                tracing::error!(%error, "who is kept out of cases could not be looked at anew");
                Ok(())
            }
        }
    }

    /// Fetches until every mailbox is empty, sends what is due, and ends. No pages.
    ///
    /// # Errors
    ///
    /// [`AppError`]: the first mailbox that failed, after the others were served.
    pub async fn until_idle(self) -> Result<(), AppError> {
        let _alone = self.engine.store.take_over(self.engine.clock.now()).await?;
        let mailboxes = connections::mailboxes(&self.settings, &self.tokens)?;
        let chat = connections::chat(&self.settings)?;
        let done = workers::run_until_idle(&self.engine, mailboxes, chat).await;
        self.tokens.end().await;
        self.engine.store.close().await;
        Ok(done?)
    }

    /// The officers' pages over this program's database.
    ///
    /// # Errors
    ///
    /// [`AppError::Pages`].
    pub fn pages(&self) -> Result<WebState, AppError> {
        let brand = CouncilBrand {
            name: self.settings.council.name.clone(),
            service: format!("Heard: {}", self.settings.council.service.to_lowercase()),
            colour: None,
            help: format!(
                "{}, {}",
                self.settings.council.named_officer.name, self.settings.council.named_officer.phone
            ),
        };
        let wake = Wake { unread: self.engine.unread.clone(), outgoing: self.engine.outgoing.clone() };
        let desk = StoreDesk::new(self.engine.store.clone(), self.engine.office.clone(), None, wake)
            .with_classifier(self.engine.classifier.clone())
            .with_files(self.engine.files.clone())
            .with_second_factors(SecondFactors::new(seal(&self.settings)?, self.settings.council.name.clone()));
        let mut state = WebState::new(Arc::new(desk), brand, self.engine.clock.clone())?;
        state.checks = Some(Arc::new(self.checks()));
        state.thanks = Some(Arc::new(ThanksDesk::new(self.engine.clone())));
        state.settings = Some(Arc::new(self.shown_settings()));
        state.secure_cookies = self.settings.web.public_url.scheme() == "https";
        state.trust_forwarded = state.secure_cookies && self.settings.web.listen.ip().is_loopback();
        state.second_factor_required = self.settings.web.second_factor == SecondFactorRule::Required;
        state.families = Some(Arc::new(Families {
            council: self.engine.office.letters.council().clone(),
            languages: self.settings.families.languages.clone(),
            exit_url: self.settings.families.exit_url.to_string(),
            hours: self.settings.families.hours.clone(),
            lines: process::lines(&self.engine.office.duties),
            facts: self.public_facts(),
            embed_on: self.settings.families.embed_on.clone(),
            tell_us: self
                .settings
                .families
                .form
                .then(|| Arc::new(FormDesk::new(self.engine.clone())) as Arc<dyn TellUs>),
            changes: Some(Arc::new(StoreChanges::new(self.engine.store.clone()))),
            guard: FormGuard::default(),
            tracker: self.settings.families.tracker.then(|| Arc::new(self.tracker()) as Arc<dyn Tracker>),
            survey: Some(Arc::new(SurveyDesk::new(self.engine.clone()))),
            tries: Arc::default(),
        }));
        if let Some(section) = &self.settings.single_sign_on {
            let public_url = &self.settings.web.public_url;
            state.directory = Some(Arc::new(Directory::new(section.clone(), public_url, seal(&self.settings)?)?));
        }
        Ok(state)
    }

    fn public_facts(&self) -> PublicFacts {
        let (families, council) = (&self.settings.families, &self.settings.council);
        PublicFacts {
            privacy_name: families.privacy_name.clone().unwrap_or_else(|| council.service.clone()),
            privacy_email: families.privacy_email.clone().unwrap_or_else(|| council.complaints_address.clone()),
            years: self.settings.retention.years.into(),
            statutory_years: self.settings.retention.statutory_years.unwrap_or(self.settings.retention.years).into(),
        }
    }

    /// The page on which families see where their case stands.
    fn tracker(&self) -> StoreTracker {
        let engine = &self.engine;
        let wake = Wake { unread: engine.unread.clone(), outgoing: engine.outgoing.clone() };
        StoreTracker::new(engine.store.clone(), engine.office.clone(), Some(engine.files.clone()), wake)
            .with_classifier(engine.classifier.clone())
    }

    fn shown_settings(&self) -> StoreSettings {
        let engine = &self.engine;
        let judged = (engine.classifier.clone(), engine.lines);
        StoreSettings::new(engine.store.clone(), engine.office.clone(), judged, &self.settings)
    }

    /// Checks of what was left alone in managers' mailboxes, with connections of their own.
    fn checks(&self) -> StoreChecks {
        let (settings, tokens) = (self.settings.clone(), self.tokens.clone());
        let looker =
            Looker::new(self.engine.clone(), Arc::new(move |name| connections::mailbox(&settings, &tokens, name)));
        StoreChecks::new(self.engine.store.clone(), self.engine.office.clone(), looker)
    }
}

/// What seals refresh tokens: the keys of `[secrets]`.
fn seal(settings: &Settings) -> Result<Seal, AppError> {
    let read = |source: &crate::config::SecretSource| source.read().map_err(ConnectionError::Secret);
    let previous = settings.secrets.previous_key.as_ref().map(read).transpose()?;
    Ok(Seal::new(&read(&settings.secrets.key)?, previous.as_ref())?)
}

/// Loads the shipped classifier on a thread that may wait.
///
/// # Errors
///
/// [`LabellingError::NotLoaded`], naming the file and the remedy.
pub async fn load_classifier(settings: &Settings) -> Result<Arc<Live>, LabellingError> {
    let labelling = settings.labelling.clone();
    if !labelling.enabled {
        return Err(LabellingError::NotLoaded("it is switched off ([labelling] enabled = false)".into()));
    }
    let load = move || LocalClassifier::start(&labelling.encoder_files(), &labelling.heads, labelling.threads);
    let classifier =
        tokio::task::spawn_blocking(load).await.map_err(|error| LabellingError::Failed(error.to_string()))??;
    Ok(Arc::new(Live::new(classifier)))
}
