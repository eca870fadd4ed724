//! The store: SQLite (embedded default) and Postgres (shared) behind one interface, and the only SQL of the program.
//!
//! One text serves both databases wherever possible; every text is registered once, and a test prepares each of them on
//! both. Every write happens in a transaction that the caller begins and commits: what belongs together is saved together.

pub mod alerts;
pub mod attachments;
pub mod case_view;
pub mod cases;
pub mod chat;
pub mod contributions;
pub mod corrections;
pub mod delivery;
pub mod documents;
pub mod elusion;
mod error;
pub mod exports;
pub mod filed;
pub mod files;
pub mod holidays;
pub mod independence;
pub mod intake;
pub mod joint;
pub mod learning;
pub mod lists;
pub mod near;
pub mod officers;
pub mod outbox;
pub mod own_data;
pub mod paper;
pub mod people;
pub mod personal;
pub mod proposals;
pub mod queue;
pub mod reminders;
pub mod rest;
pub mod retention;
pub mod safeguarding;
pub mod said_done;
pub mod saved_views;
pub mod search;
mod sent_journal;
pub mod settings;
pub mod sign_in;
pub mod status;
pub mod survey;
pub mod tokens;
pub mod track;
pub mod upkeep;

use std::{path::Path, str::FromStr, sync::Arc, time::Duration};

pub use error::StoreError;
use sent_journal::SentJournal;

use sqlx::{
    Connection as _, PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

/// A statement: its text for each database (the same for both in the usual case).
pub struct Statement {
    /// Name, for messages and for the test that prepares all.
    pub name: &'static str,
    /// Text for SQLite.
    pub sqlite: &'static str,
    /// Text for Postgres.
    pub postgres: &'static str,
}

/// Every statement of the program, by file.
#[must_use]
pub fn all_statements() -> Vec<&'static Statement> {
    [
        alerts::STATEMENTS,
        reminders::STATEMENTS,
        rest::STATEMENTS,
        retention::STATEMENTS,
        attachments::STATEMENTS,
        cases::STATEMENTS,
        chat::STATEMENTS,
        contributions::STATEMENTS,
        corrections::STATEMENTS,
        elusion::STATEMENTS,
        exports::STATEMENTS,
        case_view::STATEMENTS,
        people::STATEMENTS,
        independence::STATEMENTS,
        delivery::STATEMENTS,
        documents::STATEMENTS,
        filed::STATEMENTS,
        holidays::STATEMENTS,
        intake::STATEMENTS,
        joint::STATEMENTS,
        learning::STATEMENTS,
        lists::STATEMENTS,
        near::STATEMENTS,
        officers::STATEMENTS,
        outbox::STATEMENTS,
        own_data::STATEMENTS,
        paper::STATEMENTS,
        proposals::STATEMENTS,
        queue::STATEMENTS,
        safeguarding::STATEMENTS,
        sign_in::STATEMENTS,
        status::STATEMENTS,
        survey::STATEMENTS,
        settings::STATEMENTS,
        said_done::STATEMENTS,
        saved_views::STATEMENTS,
        search::STATEMENTS,
        tokens::STATEMENTS,
        track::STATEMENTS,
        upkeep::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Declares a file's statements: `name = "text for both";` or `name = "text for SQLite" | "text for Postgres";`. A text that shares
/// parts with others is `{ concat!(…) }`.
macro_rules! statements {
    ($($name:ident = $sqlite:tt $(| $postgres:tt)?;)+) => {
        $(
            #[allow(non_upper_case_globals, unused_braces)]
            mod $name {
                pub(super) const SQLITE: &str = $sqlite;
                pub(super) const POSTGRES: &str = $crate::store::last!($sqlite $(, $postgres)?);
            }
        )+
        /// The statements of this file.
        pub(super) const STATEMENTS: &[$crate::store::Statement] = &[
            $($crate::store::Statement { name: stringify!($name), sqlite: $name::SQLITE, postgres: $name::POSTGRES }),+
        ];
    };
}

/// The last of one or two texts.
macro_rules! last {
    ($one:tt) => {
        $one
    };
    ($one:tt, $two:tt) => {
        $two
    };
}

/// Runs one chain of sqlx calls on whichever database the transaction is on; checked by the compiler once for each.
macro_rules! on {
    ($tx:expr, $statement:ident, |$connection:ident, $sql:ident| $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(t) => {
                let $connection = &mut **t;
                let $sql = $statement::SQLITE;
                $body
            }
            $crate::store::Tx::Postgres(t) => {
                let $connection = &mut **t;
                let $sql = $statement::POSTGRES;
                $body
            }
        }
        .map_err(|cause| $crate::store::StoreError::new(stringify!($statement), cause))
    };
}

/// `fetch!(tx, statement, Row, all|one|optional, bind, …)`
macro_rules! fetch {
    ($tx:expr, $s:ident, $row:ty, one $(, $bind:expr)* $(,)?) => { on!($tx, $s, |c, q| sqlx::query_as::<_, $row>(q)$(.bind($bind))*.fetch_one(c).await) };
    ($tx:expr, $s:ident, $row:ty, optional $(, $bind:expr)* $(,)?) => { on!($tx, $s, |c, q| sqlx::query_as::<_, $row>(q)$(.bind($bind))*.fetch_optional(c).await) };
    ($tx:expr, $s:ident, $row:ty, all $(, $bind:expr)* $(,)?) => { on!($tx, $s, |c, q| sqlx::query_as::<_, $row>(q)$(.bind($bind))*.fetch_all(c).await) };
}

/// `execute!(tx, statement, bind, …)` → how many rows it touched.
macro_rules! execute {
    ($tx:expr, $s:ident $(, $bind:expr)* $(,)?) => { on!($tx, $s, |c, q| sqlx::query(q)$(.bind($bind))*.execute(c).await.map(|done| done.rows_affected())) };
}

pub(crate) use {execute, fetch, last, on, statements};

/// The result of asking the store.
pub type Stored<T> = Result<T, StoreError>;

/// More statements than the program has.
const STATEMENTS: usize = 1_000;

/// The database.
#[derive(Clone)]
pub enum Store {
    /// A file. One writer at a time; readers never wait (write-ahead log).
    Sqlite {
        /// Readers.
        read: SqlitePool,
        /// The writer.
        write: SqlitePool,
        /// What was sent a moment ago.
        journal: Arc<SentJournal>,
    },
    /// A server shared by several programs.
    Postgres {
        /// Connections.
        pool: PgPool,
        /// What this program sent a moment ago.
        journal: Arc<SentJournal>,
    },
}

/// A transaction. Dropped without [`Tx::commit`], nothing of it happened.
pub enum Tx {
    /// On SQLite.
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    /// On Postgres.
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Store {
    /// Opens the database at `url` (`sqlite://PATH` or `postgres://…`), creates the file if need be, and brings its
    /// tables to this version.
    ///
    /// # Errors
    ///
    /// [`StoreError`] with a remedy: not reachable, not writable, refused.
    pub async fn open(url: &str) -> Stored<Self> {
        let store = Self::connect(url).await?;
        search::catch_up(&store).await?;
        Ok(store)
    }

    async fn connect(url: &str) -> Stored<Self> {
        if url.starts_with("postgres") {
            let options = PgConnectOptions::from_str(url).map_err(|cause| StoreError::new("open", cause))?;
            // The server shows which programs are alive, and so which letters are in a dead one's hands.
            // All statements stay prepared on a connection.
            let options = options.application_name(&new_name()).statement_cache_capacity(STATEMENTS);
            let pool = PgPoolOptions::new()
                .max_connections(8)
                .acquire_timeout(Duration::from_secs(10))
                // Many short questions at once: to compile one, to share it out or to plan it anew for its values takes longer
                // than to answer it.
                .after_connect(|connection, _| {
                    let settings = "SET jit = off; SET max_parallel_workers_per_gather = 0; \
                         SET plan_cache_mode = force_generic_plan";
                    Box::pin(async move { sqlx::raw_sql(settings).execute(connection).await.map(|_| ()) })
                })
                .connect_with(options)
                .await
                .map_err(|cause| StoreError::new("open", cause))?;
            sqlx::migrate!("migrations/postgres").run(&pool).await.map_err(migration_fault)?;
            // The server's disk is not ours: the journal lies with the program, one for each database it is used with.
            let name = format!("data/postgres-{:016x}", short_hash(url));
            return Ok(Self::Postgres { pool, journal: Arc::new(SentJournal::beside(Path::new(&name))) });
        }
        if let Some(folder) = url.strip_prefix("sqlite://").map(std::path::Path::new).and_then(std::path::Path::parent)
        {
            // A missing folder shows as "unable to open database file" just below, with the remedy.
            let _ = std::fs::create_dir_all(folder);
        }
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|cause| StoreError::new("open", cause))?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL may lose the last commits in a power cut; a family was told that we have their message.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .pragma("trusted_schema", "OFF")
            // 32 MB a connection in place of 2: what is asked about every message stays in memory in a large store too.
            .pragma("cache_size", "-32000")
            // What is deleted is overwritten: erasure must be real.
            .pragma("secure_delete", "ON");
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(30))
            // On a full disk SQLite itself rolls back, and sqlx goes on counting a transaction that is no more: with such a
            // connection nothing could ever be written again.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .connect_with(options.clone())
            .await
            .map_err(|cause| StoreError::new("open", cause))?;
        sqlx::migrate!("migrations/sqlite").run(&write).await.map_err(migration_fault)?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options.read_only(true))
            .await
            .map_err(|cause| StoreError::new("open", cause))?;
        let journal = Arc::new(SentJournal::beside(Path::new(url.trim_start_matches("sqlite://"))));
        Ok(Self::Sqlite { read, write, journal })
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; on SQLite after waiting for the writer in vain.
    pub async fn begin(&self) -> Stored<Tx> {
        match self {
            Self::Sqlite { write, .. } => write.begin_with("BEGIN IMMEDIATE").await.map(Tx::Sqlite),
            Self::Postgres { pool, .. } => pool.begin().await.map(Tx::Postgres),
        }
        .map_err(|cause| StoreError::new("begin", cause))
    }

    /// Begins a transaction that only reads.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn begin_read(&self) -> Stored<Tx> {
        match self {
            Self::Sqlite { read, .. } => read.begin().await.map(Tx::Sqlite),
            Self::Postgres { pool, .. } => pool.begin_with("BEGIN READ ONLY").await.map(Tx::Postgres),
        }
        .map_err(|cause| StoreError::new("begin", cause))
    }

    /// A name for this program among others on the same database, under which it claims letters.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Sqlite { .. } => new_name(),
            Self::Postgres { pool, .. } => {
                pool.connect_options().get_application_name().map_or_else(new_name, str::to_owned)
            }
        }
    }

    fn journal(&self) -> &SentJournal {
        match self {
            Self::Sqlite { journal, .. } | Self::Postgres { journal, .. } => journal,
        }
    }

    /// The note that the letter `id` is on its way, to be made just before the server can take it.
    #[must_use]
    pub fn on_the_way(&self, id: crate::ids::Uuid) -> crate::replies::courier::OnTheWay {
        let journal = match self {
            Self::Sqlite { journal, .. } | Self::Postgres { journal, .. } => Arc::clone(journal),
        };
        Box::new(move || journal.note_on_the_way(id))
    }

    /// Notes that the letter `id` was not taken.
    pub fn note_not_taken(&self, id: crate::ids::Uuid) {
        self.journal().note_not_taken(id);
    }

    /// Notes that the outbox row `id` was sent, before the commit that says so.
    pub fn note_sent(&self, id: crate::ids::Uuid) {
        self.journal().note(id);
    }

    /// The commit that says so is done.
    pub fn marked_sent(&self, id: crate::ids::Uuid) {
        self.journal().marked(id);
    }

    /// Marks what this program sent while the database could not be written. Called before anything is claimed and while
    /// nothing is being sent: such a letter must not go again when its lease ends.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; then it is to be called again.
    pub async fn mark_unmarked(&self, now: chrono::DateTime<chrono::Utc>) -> Stored<()> {
        let unmarked = self.journal().unmarked();
        if unmarked.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        for id in &unmarked {
            outbox::was_sent(&mut tx, *id, now).await?;
        }
        tx.commit().await?;
        for id in unmarked {
            self.journal().marked(id);
        }
        Ok(())
    }

    /// Takes over from the program that ended here last: what it noted as sent is marked, and the letters it had in hand
    /// are free again: on SQLite, which one program serves alone, all of them, on Postgres those of programs that the
    /// server does not know any more. Called before anything is sent. The answer must
    /// be kept for as long as this program serves.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; on SQLite also when another program serves the same file.
    pub async fn take_over(&self, now: chrono::DateTime<chrono::Utc>) -> Stored<Option<std::fs::File>> {
        let alone = match self {
            Self::Sqlite { journal, .. } => {
                Some(journal.serve_alone().map_err(|cause| StoreError::new("serve", sqlx::Error::Io(cause)))?)
            }
            Self::Postgres { .. } => None,
        };
        let noted = self.journal().noted();
        let mut tx = self.begin().await?;
        for id in noted.sent {
            outbox::was_sent(&mut tx, id, now).await?;
        }
        for id in noted.in_doubt {
            outbox::in_doubt(&mut tx, id, now).await?;
        }
        outbox::free_abandoned(&mut tx).await?;
        tokens::free_abandoned(&mut tx).await?;
        tx.commit().await?;
        self.journal().clear();
        Ok(alone)
    }

    /// Writes what was erased over what it was, also in the write-ahead log. On Postgres that is left to the server's own vacuum.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn erase_log(&self) -> Stored<()> {
        match self {
            Self::Sqlite { write, .. } => sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                .execute(write)
                .await
                .map(|_| ())
                .map_err(|cause| StoreError::new("checkpoint", cause)),
            Self::Postgres { .. } => Ok(()),
        }
    }

    /// Closes all connections; on SQLite the write-ahead log goes back into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }
}

fn new_name() -> String {
    format!("heard-{}", uuid::Uuid::new_v4().simple())
}

/// Tells databases apart in a file name; holds nothing of the url, which may carry a password.
fn short_hash(text: &str) -> u64 {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

fn migration_fault(fault: sqlx::migrate::MigrateError) -> StoreError {
    match fault {
        sqlx::migrate::MigrateError::Execute(cause) | sqlx::migrate::MigrateError::ExecuteMigration(cause, _) => {
            StoreError::new("migrate", cause)
        }
        other => StoreError::new("migrate", sqlx::Error::Configuration(Box::new(other))),
    }
}

impl Tx {
    /// Makes everything in the transaction true, with what the search finds of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: nothing of it happened.
    pub async fn commit(mut self) -> Stored<()> {
        search::keep_up(&mut self).await?;
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
        .map_err(|cause| StoreError::new("commit", cause))
    }
}
