//! Alerts on another channel than mail: told once, again while the fault lasts, and cleared; by one of several programs.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use crate::databases::Database;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use heard::{
    alerts::{
        Trouble,
        channels::Channel,
        conditions::{Rules, WatchedBox},
        words::Letterhead,
    },
    casework::Office,
    clock::Clock,
    config::Settings,
    intake::files::FileKeeper,
    labelling::policy::Lines,
    oauth::TokenError,
    replies::folder::FolderCourier,
    store::{Store, alerts, files::FileStore, intake, tokens},
    workers::{Alerting, Couriers, Engine, Memory, look_for_alerts},
};
use tokio::sync::Notify;

const EXAMPLE: &str = include_str!("../../config/heard.example.toml");

/// Takes down what it is told.
#[derive(Clone, Default)]
struct Listener {
    heard: Arc<Mutex<Vec<String>>>,
    deaf: Arc<AtomicBool>,
}

impl Listener {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

impl Channel for Listener {
    fn name(&self) -> &'static str {
        "listener"
    }

    fn tell<'a>(&'a self, text: &'a str) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            if self.deaf.load(Ordering::SeqCst) {
                return Err("nobody is there".into());
            }
            self.heard.lock().unwrap().push(text.to_owned());
            Ok(())
        })
    }
}

/// A council whose time is moved by hand, and which tells a listener.
struct Council {
    store: Store,
    minutes: Arc<AtomicI64>,
    listener: Listener,
    folder: tempfile::TempDir,
}

fn start() -> DateTime<Utc> {
    "2026-11-26T09:00:00Z".parse().unwrap()
}

impl Council {
    fn new(store: Store) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { store, minutes: Arc::default(), listener: Listener::default(), folder }
    }

    fn clock(&self) -> Clock {
        let minutes = Arc::clone(&self.minutes);
        Clock::by(move || start() + TimeDelta::minutes(minutes.load(Ordering::SeqCst)))
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock().now()
    }

    /// A program of the council, just started.
    fn program(&self, name: &str) -> Program {
        let key = self.folder.path().join("key");
        std::fs::write(&key, "0123456789abcdef0123456789abcdef").unwrap();
        let text =
            regex::Regex::new(r#"\{ file = "[^"]*" \}"#).unwrap().replace_all(EXAMPLE, format!("{{ file = {key:?} }}"));
        let settings = Settings::parse(&text, Path::new("heard.toml")).unwrap();
        let engine = Engine {
            store: self.store.clone(),
            office: Arc::new(Office::open(&settings).unwrap()),
            classifier: None,
            lines: Lines::default(),
            verifier: None,
            couriers: Couriers { email: Arc::new(FolderCourier::new(self.folder.path(), self.clock())), chat: None },
            clock: self.clock(),
            patience: Duration::from_secs(1),
            name: name.to_owned(),
            unread: Arc::new(Notify::new()),
            outgoing: Arc::new(Notify::new()),
            files: FileKeeper::new(
                FileStore::in_folder(&self.folder.path().join("files")).unwrap(),
                &settings.files,
                env!("CARGO_BIN_EXE_heard").into(),
            ),
        };
        let watched = |name: &str, tokens: Option<&str>| WatchedBox {
            name: name.to_owned(),
            poll: TimeDelta::minutes(1),
            tokens: tokens.map(str::to_owned),
        };
        let rules = Rules {
            after: TimeDelta::minutes(10),
            repeat: TimeDelta::hours(4),
            started: self.now(),
            mailboxes: vec![
                watched("complaints", Some("exchange")),
                watched("manager-fostering", Some("exchange")),
                watched("manager-send", None),
            ],
            sending_tokens: Some("exchange".into()),
            sending: true,
        };
        let head = Letterhead {
            council: "Calderbeck Council".into(),
            page: "https://complaints.calderbeck.example/health".into(),
            repeat_hours: 4,
        };
        let alerting = Alerting { rules, head, channels: vec![Arc::new(self.listener.clone())] };
        Program { engine, alerting, memory: Memory::default() }
    }

    async fn read_well(&self, mailboxes: &[&str]) {
        let mut tx = self.store.begin().await.unwrap();
        for name in mailboxes {
            intake::mailbox_good(&mut tx, name, "complaints", 0, self.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn read_badly(&self, name: &str, trouble: Trouble) {
        let mut tx = self.store.begin().await.unwrap();
        let words = "imap.example refused the sign-in of a.person@council.example";
        intake::mailbox_bad(&mut tx, name, "complaints", trouble.as_str(), words, self.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn no_token(&self, error: &TokenError) {
        let mut tx = self.store.begin().await.unwrap();
        let (sort, words) = (error.fault.as_str(), error.to_string());
        tokens::bad(&mut tx, "exchange", sort, error.code.as_deref(), &words, self.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn token(&self, minutes: i64) {
        let mut tx = self.store.begin().await.unwrap();
        tokens::good(&mut tx, "exchange", self.now() + TimeDelta::minutes(minutes), self.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn forward(&self, minutes: i64) {
        self.minutes.fetch_add(minutes, Ordering::SeqCst);
    }

    async fn open(&self) -> Vec<(String, bool)> {
        let mut tx = self.store.begin_read().await.unwrap();
        let open = alerts::alerts(&mut tx).await.unwrap();
        open.into_iter().map(|one| (one.about, one.told_at.is_some())).collect()
    }
}

struct Program {
    engine: Engine,
    alerting: Alerting,
    memory: Memory,
}

impl Program {
    async fn look(&mut self) {
        look_for_alerts(&self.engine, &self.alerting, &mut self.memory).await;
    }
}

const ALL: [&str; 3] = ["complaints", "manager-fostering", "manager-send"];
const OTHERS: [&str; 2] = ["manager-fostering", "manager-send"];

async fn both() -> Vec<Database> {
    let mut all = vec![Database::sqlite().await];
    match Database::postgres().await {
        Some(database) => all.push(database),
        None => println!("skipped on Postgres: HEARD_TEST_POSTGRES is not set"),
    }
    all
}

#[tokio::test]
async fn a_mailbox_that_is_not_read_is_told_once_again_after_four_hours_and_cleared_whoever_runs_meanwhile() {
    for database in both().await {
        let council = Council::new(database.store.clone());
        let mut program = council.program("first");
        council.read_well(&ALL).await;
        program.look().await;
        for minute in 1..=300 {
            council.forward(1);
            council.read_well(&OTHERS).await;
            council.read_badly("complaints", Trouble::SignIn).await;
            if minute % 7 == 0 {
                // Started again, perhaps after a crash.
                program = council.program(&format!("after {minute}"));
            }
            program.look().await;
            match minute {
                10 => {
                    let told = council.listener.take();
                    assert_eq!(told.len(), 1, "{}", database.kind);
                    assert!(!told[0].contains("a.person") && !told[0].contains('@'), "{}", told[0]);
                    insta::assert_snapshot!("told", told[0]);
                }
                250 => {
                    let told = council.listener.take();
                    assert!(told.len() == 1 && told[0].contains("still does not work"), "{told:?}");
                }
                _ => assert_eq!(council.listener.take(), [""; 0], "minute {minute} on {}", database.kind),
            }
        }
        council.forward(1);
        council.read_well(&ALL).await;
        program.look().await;
        program.look().await;
        let told = council.listener.take();
        assert_eq!(told.len(), 1, "{told:?}");
        insta::assert_snapshot!("cleared", told[0]);
        assert_eq!(council.open().await, []);
        database.drop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_programs_one_tells() {
    for database in both().await {
        let council = Council::new(database.store.clone());
        council.read_well(&ALL).await;
        let mut programs: Vec<Program> = (0..5).map(|n| council.program(&format!("program {n}"))).collect();
        council.forward(9);
        council.read_badly("complaints", Trouble::Unreachable).await;
        council.forward(1);
        council.read_well(&OTHERS).await;
        council.read_badly("complaints", Trouble::Unreachable).await;
        futures::future::join_all(programs.iter_mut().map(Program::look)).await;
        assert_eq!(council.listener.take().len(), 1, "{}", database.kind);
        council.read_well(&ALL).await;
        futures::future::join_all(programs.iter_mut().map(Program::look)).await;
        assert_eq!(council.listener.take().len(), 1, "{}", database.kind);
        database.drop().await;
    }
}

#[tokio::test]
async fn what_nobody_took_is_told_a_minute_later_and_a_fault_nobody_heard_of_is_not_cleared() {
    let database = Database::sqlite().await;
    let council = Council::new(database.store.clone());
    let mut program = council.program("only");
    council.read_well(&ALL).await;
    council.listener.deaf.store(true, Ordering::SeqCst);
    council.forward(9);
    council.read_badly("complaints", Trouble::Unreachable).await;
    council.forward(1);
    council.read_well(&OTHERS).await;
    council.read_badly("complaints", Trouble::Unreachable).await;
    program.look().await;
    assert_eq!(council.open().await, [("mailbox complaints".to_owned(), false)]);
    council.listener.deaf.store(false, Ordering::SeqCst);
    program.look().await;
    assert_eq!(council.listener.take(), [""; 0], "not at each look");
    council.forward(2);
    program.look().await;
    assert_eq!(council.listener.take().len(), 1);
    assert_eq!(council.open().await, [("mailbox complaints".to_owned(), true)]);

    council.read_well(&ALL).await;
    program.look().await;
    assert_eq!(council.listener.take().len(), 1);
    council.listener.deaf.store(true, Ordering::SeqCst);
    council.forward(9);
    council.read_badly("complaints", Trouble::Unreachable).await;
    council.forward(1);
    council.read_well(&OTHERS).await;
    council.read_badly("complaints", Trouble::Unreachable).await;
    program.look().await;
    council.forward(2);
    council.read_well(&ALL).await;
    council.listener.deaf.store(false, Ordering::SeqCst);
    program.look().await;
    assert_eq!((council.listener.take(), council.open().await), (vec![], vec![]));
}

#[tokio::test]
async fn a_dead_source_of_tokens_is_one_message_within_two_minutes() {
    let database = Database::sqlite().await;
    let council = Council::new(database.store.clone());
    let mut program = council.program("only");
    council.read_well(&ALL).await;
    council.token(60).await;
    council.forward(48);
    council.read_well(&ALL).await;
    let words = "AADSTS7000222: The provided client secret keys for app are expired.";
    council.no_token(&TokenError::refused("login.microsoftonline.com", "invalid_client", words)).await;
    program.look().await;
    assert_eq!(council.listener.take(), [""; 0]);
    council.forward(2);
    program.look().await;
    let told = council.listener.take();
    assert_eq!(told.len(), 1);
    insta::assert_snapshot!("dead_tokens", told[0]);

    // When the last token has ended nothing works that needs one: nobody is told of each.
    council.forward(30);
    council.read_well(&["manager-send"]).await;
    for name in ["complaints", "manager-fostering"] {
        council.read_badly(name, Trouble::Token).await;
    }
    let mut tx = council.store.begin().await.unwrap();
    alerts::sending_bad(&mut tx, "email", Trouble::Token.as_str(), council.now() - TimeDelta::minutes(20))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    program.look().await;
    assert_eq!(council.listener.take(), [""; 0]);

    council.token(60).await;
    program.look().await;
    let told = council.listener.take();
    assert!(told.len() == 1 && told[0].contains("Sign-in with \"exchange\" works again."), "{told:?}");
    // The mailboxes find it out by and by.
    council.forward(5);
    program.look().await;
    council.read_well(&ALL).await;
    let mut tx = council.store.begin().await.unwrap();
    alerts::sending_good(&mut tx, "email", council.now()).await.unwrap();
    tx.commit().await.unwrap();
    program.look().await;
    assert_eq!(council.listener.take(), [""; 0]);
    // One that does not find it out is told.
    council.read_badly("complaints", Trouble::Token).await;
    council.forward(11);
    council.read_well(&OTHERS).await;
    program.look().await;
    assert_eq!(council.listener.take().len(), 1);
}

#[tokio::test]
async fn a_token_server_that_is_away_is_told_when_it_does_harm() {
    let database = Database::sqlite().await;
    let council = Council::new(database.store.clone());
    let mut program = council.program("only");
    council.token(60).await;
    for minute in 1..=75 {
        council.forward(1);
        council.read_well(&ALL).await;
        if minute >= 48 {
            let away = TokenError::new(heard::oauth::TokenFault::Unreachable, "login.example", "no route");
            council.no_token(&away).await;
        }
        program.look().await;
        let told = council.listener.take();
        assert_eq!(told.len(), usize::from(minute == 60), "minute {minute}: {told:?}");
    }
}

#[tokio::test]
async fn sending_that_fails_and_managers_mail_that_is_not_judged_are_told_as_what_they_are() {
    let database = Database::sqlite().await;
    let council = Council::new(database.store.clone());
    let mut program = council.program("only");
    council.read_well(&ALL).await;
    for minute in 1..=10 {
        council.forward(1);
        council.read_well(&["complaints"]).await;
        council.read_badly("manager-fostering", Trouble::Classifier).await;
        council.read_badly("manager-send", Trouble::Classifier).await;
        let mut tx = council.store.begin().await.unwrap();
        alerts::sending_bad(&mut tx, "email", Trouble::Unreachable.as_str(), council.now()).await.unwrap();
        tx.commit().await.unwrap();
        program.look().await;
        assert_eq!(council.listener.take().len(), usize::from(minute == 10), "minute {minute}");
        if minute == 10 {
            council.forward(1);
            council.read_badly("complaints", Trouble::SignIn).await;
        }
    }
    // The sender has failed since minute 1, and is told a minute after the mailboxes.
    program.look().await;
    let told = council.listener.take();
    assert_eq!(told.len(), 1);
    insta::assert_snapshot!("sending", told[0]);
    assert_eq!(council.open().await.len(), 2);
}

#[tokio::test]
async fn a_mailbox_of_which_nothing_is_heard_is_told_but_not_the_time_before_the_start() {
    let database = Database::sqlite().await;
    let council = Council::new(database.store.clone());
    council.read_well(&ALL).await;
    // The program was not running over a weekend.
    council.forward(60 * 48);
    let mut program = council.program("on monday");
    for _ in 0..9 {
        program.look().await;
        council.forward(1);
        council.read_well(&OTHERS).await;
    }
    assert_eq!(council.listener.take(), [""; 0]);
    council.forward(1);
    council.read_well(&OTHERS).await;
    program.look().await;
    let told = council.listener.take();
    assert!(told.len() == 1 && told[0].contains("has stopped or hangs"), "{told:?}");
    // A fault that is found on monday has lasted since friday.
    let other = Council::new(Database::sqlite().await.store);
    other.read_well(&ALL).await;
    other.forward(60 * 48);
    let mut program = other.program("on monday");
    other.read_well(&OTHERS).await;
    other.read_badly("complaints", Trouble::Tls).await;
    program.look().await;
    assert_eq!(other.listener.take(), [""; 0], "it may pass");
    other.forward(1);
    other.read_well(&OTHERS).await;
    program.look().await;
    assert_eq!(other.listener.take().len(), 1);
}

#[tokio::test]
async fn a_database_that_fails_is_told_from_memory_and_cleared() {
    let database = Database::sqlite().await;
    let council = Council::new(database.store.clone());
    let mut program = council.program("only");
    council.read_well(&ALL).await;
    let Store::Sqlite { write, .. } = &council.store else { panic!("not SQLite") };
    sqlx::query("ALTER TABLE mailbox_health RENAME TO away").execute(write).await.unwrap();
    for minute in 0..=250 {
        program.look().await;
        let told = council.listener.take();
        assert_eq!(told.len(), usize::from(minute == 10 || minute == 250), "minute {minute}: {told:?}");
        if minute == 10 {
            insta::assert_snapshot!("database", told[0]);
        }
        council.forward(1);
    }
    sqlx::query("ALTER TABLE away RENAME TO mailbox_health").execute(write).await.unwrap();
    council.read_well(&ALL).await;
    program.look().await;
    program.look().await;
    let told = council.listener.take();
    assert!(told.len() == 1 && told[0].contains("The database works again."), "{told:?}");
}

#[tokio::test]
async fn what_was_told_while_the_database_could_not_be_written_is_not_told_again() {
    let database = Database::sqlite().await;
    let council = Council::new(database.store.clone());
    let mut program = council.program("only");
    council.read_well(&ALL).await;
    council.forward(9);
    council.read_badly("complaints", Trouble::Unreachable).await;
    council.forward(1);
    council.read_well(&OTHERS).await;
    council.read_badly("complaints", Trouble::Tls).await;
    // From the moment somebody is told, nothing can be written down about it.
    let Store::Sqlite { write, .. } = &council.store else { panic!("not SQLite") };
    let refuse =
        "CREATE TRIGGER refuse BEFORE UPDATE OF told_at ON alert BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
    sqlx::query(refuse).execute(write).await.unwrap();
    for _ in 0..5 {
        program.look().await;
        council.forward(1);
        council.read_well(&OTHERS).await;
    }
    assert_eq!(council.listener.take().len(), 1);
    sqlx::query("DROP TRIGGER refuse").execute(write).await.unwrap();
    for _ in 0..5 {
        program.look().await;
        council.forward(1);
        council.read_well(&OTHERS).await;
    }
    assert_eq!(council.listener.take(), [""; 0]);
    assert_eq!(council.open().await, [("mailbox complaints".to_owned(), true)]);
}
