//! The program itself as a process of the test, on a folder and a database of its own, with the chat stand-in.

use std::{
    collections::BTreeSet,
    fs::File,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::process::{Child, Command};

use super::standin::TelegramStandIn;

/// As long and as shaped as a real one.
pub const TOKEN: &str = "7654321:AAG9-invented_for_the_chat_road_abcdefg";
/// What must never be seen of it.
pub const SECRET: &str = "AAG9-invented_for_the_chat_road_abcdefg";

/// Where the cases of a test are kept.
pub enum Database {
    /// A file in the test's folder.
    Sqlite,
    /// A database of its own: the server's url, and the database's.
    Postgres {
        /// Where it was created.
        server: String,
        /// What the program is given.
        url: String,
        /// Its name.
        name: String,
    },
}

impl Database {
    /// SQLite, and Postgres where `HEARD_TEST_POSTGRES` names a server.
    pub async fn each() -> Vec<Self> {
        let mut all = vec![Self::Sqlite];
        match std::env::var("HEARD_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) {
            Some(server) => {
                let name = format!("heard_chat_{}", uuid::Uuid::new_v4().simple());
                let mut connection = PgConnection::connect(&server).await.expect("the Postgres server answers");
                sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
                    .execute(&mut connection)
                    .await
                    .expect("a new database");
                let mut url: url::Url = server.parse().expect("the server's url");
                url.set_path(&name);
                all.push(Self::Postgres { server, url: url.to_string(), name });
            }
            None => println!("skipped on Postgres: HEARD_TEST_POSTGRES is not set"),
        }
        all
    }
}

/// `heard serve`, its folder, and the chat service.
pub struct Program {
    /// The chat service.
    pub telegram: TelegramStandIn,
    folder: tempfile::TempDir,
    database: Database,
    running: Option<Child>,
    starts: u32,
    /// `HEARD_LOG` of the next start.
    pub log_level: &'static str,
}

#[allow(dead_code, reason = "each test file uses a part")]
impl Program {
    /// Configured, not started; the bot asks nothing.
    pub async fn new(database: Database) -> Self {
        Self::with(database, "questions = false\n").await
    }

    /// Configured, not started; the bot asks, soon, and speaks every language.
    pub async fn talking(database: Database) -> Self {
        Self::with(database, "quiet_seconds = 1\n\n[families]\nlanguages = [\"en\", \"easy\", \"cy\", \"pl\"]\n").await
    }

    async fn with(database: Database, more: &str) -> Self {
        let telegram = TelegramStandIn::start().await;
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().display().to_string();
        std::fs::write(folder.path().join("key"), "c".repeat(64)).expect("a key");
        let url = match &database {
            Database::Sqlite => format!("sqlite://{data}/heard.db"),
            Database::Postgres { url, .. } => url.clone(),
        };
        let letters = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("config/letters");
        let settings = include_str!("../../src/config/embedded.toml")
            .replace("sqlite://@DATA@/heard.db", &url)
            .replace("@DATA@", &data);
        let settings = format!(
            "{}\n[chat]\ntoken = {{ env = \"HEARD_TEST_TOKEN\" }}\napi_url = \"{}\"\n{more}\n[labelling]\nenabled = false\n\n\
             [web]\nlisten = \"127.0.0.1:0\"\n\n[letters]\nfolder = \"{}\"\n",
            settings,
            telegram.api,
            letters.display()
        );
        std::fs::write(folder.path().join("heard.toml"), settings).expect("the configuration");
        Self { telegram, folder, database, running: None, starts: 0, log_level: "info" }
    }

    /// What is tested, for messages.
    pub fn kind(&self) -> &'static str {
        if matches!(self.database, Database::Sqlite) { "SQLite" } else { "Postgres" }
    }

    /// Its folder.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The url of its database.
    pub fn database_url(&self) -> String {
        match &self.database {
            Database::Sqlite => format!("sqlite://{}/heard.db", self.folder.path().display()),
            Database::Postgres { url, .. } => url.clone(),
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_heard"));
        command
            .arg("--config")
            .arg(self.folder.path().join("heard.toml"))
            .current_dir(self.folder.path())
            .env("HEARD_TEST_TOKEN", TOKEN)
            .env("HEARD_LOG", self.log_level)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Starts it; its log goes to a file of its own.
    pub fn start(&mut self) {
        assert!(self.running.is_none(), "it runs already");
        self.starts += 1;
        let log = |name: &str| {
            File::create(self.folder.path().join(format!("{name}-{}.log", self.starts))).expect("a file for the log")
        };
        let (out, err) = (log("out"), log("err"));
        let child = self.command().arg("serve").stdout(out).stderr(err).spawn();
        self.running = Some(child.expect("the program starts"));
    }

    /// Starts it and waits until it serves.
    pub async fn start_and_wait(&mut self) {
        self.start();
        let name = format!("err-{}.log", self.starts);
        self.until("it serves", 60, async |program| program.read(&name).contains("\"serving\"")).await;
    }

    /// kill -9.
    pub async fn kill(&mut self) {
        let mut child = self.running.take().expect("it runs");
        assert_eq!(child.try_wait().expect("its state"), None, "it ended by itself: {}", self.log());
        child.kill().await.expect("it can be killed");
    }

    /// Ends it as a service manager does, and waits until it has.
    pub async fn stop(&mut self) {
        let mut child = self.running.take().expect("it runs");
        let id = child.id().expect("it runs").to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.expect("kill runs").success());
        let ended = tokio::time::timeout(Duration::from_secs(30), child.wait()).await;
        assert!(ended.expect("it ends within 30 s").expect("its state").success(), "{}", self.log());
    }

    /// Everything it ever said on its two outputs.
    pub fn log(&self) -> String {
        (1..=self.starts).map(|n| self.read(&format!("out-{n}.log")) + &self.read(&format!("err-{n}.log"))).collect()
    }

    fn read(&self, name: &str) -> String {
        let bytes = std::fs::read(self.folder.path().join(name)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Asks again and again until `holds`, for at most so many seconds.
    pub async fn until(&self, what: &str, seconds: u64, holds: impl AsyncFn(&Self) -> bool) {
        let asked = Instant::now();
        while !holds(self).await {
            assert!(asked.elapsed().as_secs() < seconds, "not within {seconds} s: {what}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// `heard cases export`.
    pub async fn export(&self) -> Vec<Value> {
        let output = self.command().args(["cases", "export"]).output().await.expect("the export runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("text");
        text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
    }

    /// The exported cases of one chat.
    pub async fn cases_of(&self, chat: i64) -> Vec<Value> {
        let address = format!("telegram:{chat}");
        self.export().await.into_iter().filter(|case| case["complainant"]["addr"] == address.as_str()).collect()
    }

    /// Everything that the bot ever said to the chat, oldest first.
    pub async fn answers_to(&self, chat: i64) -> Vec<String> {
        let calls = self.telegram.calls("sendmessage").await;
        let to_chat = calls.into_iter().filter(|call| call["chat_id"] == chat);
        to_chat.map(|call| call["text"].as_str().expect("a text").to_owned()).collect()
    }

    /// Whether the program that was killed had taken the chat's letter to send it, and had not noted that it was sent.
    pub async fn had_in_hand(&self, chat: i64) -> bool {
        let id = if self.kind() == "SQLite" { "lower(hex(id))" } else { "replace(id::text, '-', '')" };
        let taken = format!(
            "SELECT {id} FROM outbox WHERE recipient = 'telegram:{chat}' AND state = 'waiting' AND locked_until IS NOT NULL"
        );
        let noted = self.read("heard.db-sent");
        self.texts(&taken).await.iter().any(|id| noted.lines().all(|line| line != id))
    }

    /// After a kill: one more chat of those from `first` on, and of each whether that letter, or one before, was in hand.
    pub async fn note_in_hand(&self, first: i64, in_hand: &mut Vec<bool>) {
        in_hand.push(false);
        for (chat, in_hand) in (first..).zip(in_hand) {
            *in_hand |= self.had_in_hand(chat).await;
        }
    }

    /// What the bot said to the chat, once each, and of that what came with the word that it may be there already. What came
    /// twice without that word is a fault.
    pub async fn said_once(&self, chat: i64) -> (Vec<String>, Vec<String>) {
        const AGAIN: &str = "You may have this message already. We send it again to be sure.\n\n";
        let (again, first): (Vec<String>, Vec<String>) =
            self.answers_to(chat).await.into_iter().partition(|text| text.starts_with(AGAIN));
        let again: Vec<String> = again.into_iter().map(|text| text.replacen(AGAIN, "", 1)).collect();
        let mut all: BTreeSet<String> = BTreeSet::new();
        for text in &first {
            assert!(all.insert(text.clone()), "twice in {chat}: {text}");
        }
        all.extend(again.iter().cloned());
        (all.into_iter().collect(), again)
    }

    /// Waits until the bot has said at least `answers` things to each of the chats.
    pub async fn until_answered(&self, chats: std::ops::Range<i64>, answers: usize, seconds: u64) {
        let what = format!("every chat has {answers} answers");
        let all = async |program: &Self| {
            for chat in chats.clone() {
                if program.answers_to(chat).await.len() < answers {
                    return false;
                }
            }
            true
        };
        self.until(&what, seconds, all).await;
    }

    /// On Postgres, where another program may live, what a dead one had in hand is free after five minutes. They pass now.
    pub async fn five_minutes_pass(&self) {
        if matches!(self.database, Database::Postgres { .. }) {
            self.texts(
                "UPDATE outbox SET locked_until = locked_until - interval '5 minutes' WHERE locked_until IS NOT NULL \
                 RETURNING state",
            )
            .await;
        }
    }

    /// Waits until everything that came in is read and everything that is to go out has gone.
    pub async fn until_all_is_done(&self, seconds: u64) {
        self.until("all is read and sent", seconds, async |program| {
            let unread = program.texts("SELECT state FROM delivery WHERE state = 'unread'").await;
            unread.is_empty() && program.texts("SELECT state FROM outbox WHERE state = 'waiting'").await.is_empty()
        })
        .await;
    }

    /// The first column of what `sql` finds; it must be text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.database {
            Database::Sqlite => {
                let options = SqliteConnectOptions::new().filename(self.folder.path().join("heard.db"));
                let mut connection = SqliteConnection::connect_with(&options).await.expect("the database");
                sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("rows")
            }
            Database::Postgres { url, .. } => {
                let mut connection = PgConnection::connect(url).await.expect("the database");
                sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("rows")
            }
        }
    }

    /// All that the database holds, as far as it is text.
    pub async fn everything_stored(&self) -> String {
        match &self.database {
            Database::Sqlite => ["heard.db", "heard.db-wal", "heard.db-sent"].map(|name| self.read(name)).concat(),
            Database::Postgres { .. } => {
                let tables = self
                    .texts("SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'")
                    .await;
                let mut all = self.texts("SELECT convert_from(raw, 'UTF8') FROM delivery").await;
                for table in tables {
                    all.extend(self.texts(&format!("SELECT t::text FROM \"{table}\" t")).await);
                }
                all.concat()
            }
        }
    }

    /// Ends everything; the Postgres database goes.
    pub async fn finish(mut self) {
        if self.running.is_some() {
            self.stop().await;
        }
        if let Database::Postgres { server, name, .. } = &self.database {
            let mut connection = PgConnection::connect(server).await.expect("the Postgres server answers");
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            sqlx::query(AssertSqlSafe(drop)).execute(&mut connection).await.expect("the database goes");
        }
    }
}
