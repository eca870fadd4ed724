//! The real road in small: a folder as a mailbox, SQLite, the workers, no classifier.

use std::{fs, path::PathBuf};

use chrono::{DateTime, Utc};
use heard::{
    app::App,
    clock::Clock,
    config::Settings,
    intake::{folder::FolderMailbox, reading::Reading},
    store::Store,
    workers::{Engine, IngestCounts, Ingesting, Watched, ingest_one, run_until_idle},
};
use serde_json::Value;
use sqlx::Row;

/// A council of a test's own.
pub struct Road {
    pub engine: Engine,
    dir: tempfile::TempDir,
}

/// What became of one delivery.
#[derive(Debug)]
pub struct Settled {
    /// All of the message, wherever it is kept.
    pub raw: Vec<u8>,
    pub state: String,
    pub why: Option<String>,
    pub reading: Option<Reading>,
}

impl Road {
    pub async fn open() -> Self {
        let dir = tempfile::Builder::new().prefix("heard-corpus-").tempdir().unwrap();
        fs::write(dir.path().join("key"), "0123456789abcdef0123456789abcdef").unwrap();
        let text = include_str!("../../src/config/embedded.toml").replace("@DATA@", &dir.path().display().to_string());
        let text = format!("{text}\n[labelling]\nenabled = false\n");
        let settings = Settings::parse(&text, &dir.path().join("heard.toml")).unwrap();
        let clock = Clock::fixed("2026-11-20T10:30:00Z".parse().unwrap());
        let engine = App::build(settings, None, clock).await.unwrap().engine;
        Self { engine, dir }
    }

    /// The folder whose files are the complaints mailbox.
    pub fn inbox(&self) -> PathBuf {
        let inbox = self.dir.path().join("inbox");
        fs::create_dir_all(&inbox).unwrap();
        inbox
    }

    /// Reads the folder to its end, and sends what is due into another.
    pub async fn run(&self) {
        let source = Box::new(FolderMailbox::open(self.inbox()).unwrap());
        let poll = std::time::Duration::from_secs(1);
        run_until_idle(&self.engine, vec![Watched { name: "complaints".into(), source, poll }], None).await.unwrap();
    }

    /// Fetches the folder once and reads what came, but does not come back for the rest of large messages.
    pub async fn step(&self) {
        let mut source = FolderMailbox::open(self.inbox()).unwrap();
        heard::workers::fetch_and_read_once(&self.engine, "complaints", &mut source).await.unwrap();
    }

    /// The number that `sql` gives.
    pub async fn number(&self, sql: &'static str) -> i64 {
        self.rows(sql).await[0].get(0)
    }

    /// Settles one message as if it had just arrived.
    pub async fn arrives(&self, raw: Vec<u8>, at: DateTime<Utc>) -> IngestCounts {
        let message = Ingesting::mail(&self.engine, "complaints", raw, at);
        let mut counts = IngestCounts::default();
        ingest_one(&self.engine, &message, None, &mut counts).await.unwrap();
        counts
    }

    /// Every row that `sql` gives, past the program's own statements.
    pub async fn rows(&self, sql: &'static str) -> Vec<sqlx::sqlite::SqliteRow> {
        let Store::Sqlite { read, .. } = &self.engine.store else { panic!("not SQLite") };
        sqlx::query(sql).fetch_all(read).await.unwrap()
    }

    /// All deliveries in the order in which they were found.
    pub async fn deliveries(&self) -> Vec<Settled> {
        let rows = self
            .rows(
                "SELECT d.raw, d.state, d.why, r.reading, d.raw_file FROM delivery d
                 LEFT JOIN representation r ON r.id = d.representation_id ORDER BY d.uid",
            )
            .await;
        let mut settled = Vec::new();
        for row in rows {
            let raw = match row.get::<Option<String>, _>(4) {
                Some(file) => self.engine.files.store.read(file.parse().unwrap()).await.unwrap().to_vec(),
                None => row.get(0),
            };
            settled.push(Settled {
                raw,
                state: row.get(1),
                why: row.get(2),
                reading: row.get::<Option<String>, _>(3).map(|json| serde_json::from_str(&json).unwrap()),
            });
        }
        settled
    }
}

/// The texts of a list in JSON.
pub fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}
