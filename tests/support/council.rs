//! The example's council on a database of its own, with two officers and their desk.
#![allow(dead_code, reason = "each test program uses its own part of this")]

use std::{path::Path, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use heard::{
    casework::Office,
    clock::Clock,
    config::Settings,
    desk::{
        SecondFactors, StoreDesk, Wake, changes::StoreChanges, settings::StoreSettings, survey::SurveyDesk,
        tell_us::FormDesk, thanks::ThanksDesk, track::StoreTracker, users,
    },
    ids::CaseReference,
    intake::files::FileKeeper,
    labelling::{
        labels::{Act, Procedure, Suggestion, Theme},
        policy::Lines,
    },
    languages::Language,
    procedure::event::{Finding, Point, PointOutcome, Points},
    replies::{courier::Outgoing, folder::FolderCourier},
    sealed::Seal,
    store::files::FileStore,
    web::{
        WebState,
        access::Role,
        brand::CouncilBrand,
        desk::{Desk, DeskAction, DeskError},
        families::{Families, FormGuard, PublicFacts, process},
        views::*,
    },
    workers::{Couriers, Engine, IngestCounts, Ingesting, ingest_one},
};
use tokio::sync::Notify;

use super::databases::Database;

const EXAMPLE: &str = include_str!("../../config/heard.example.toml");
const STAFF: &str = include_str!("../../config/staff.example.csv");

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Friday 20 November 2026, half past ten.
pub fn now() -> DateTime<Utc> {
    at("2026-11-20T10:30:00Z")
}

pub struct Council {
    pub database: Database,
    pub engine: Engine,
    pub desk: StoreDesk,
    pub bell: Officer,
    pub morgan: Officer,
    pub folder: tempfile::TempDir,
    pub settings: Settings,
}

/// The example's council under another name, with a key of its own, sending into a folder.
pub fn settings(folder: &Path, called: &str) -> Settings {
    let key = folder.join("key");
    std::fs::write(&key, format!("{called:0<48}")).unwrap();
    let staff = folder.join("staff.csv");
    std::fs::write(&staff, STAFF.replace("calderbeck", called)).unwrap();
    let text = regex::Regex::new(r#"\{ file = "[^"]*" \}"#)
        .unwrap()
        .replace_all(&EXAMPLE.replace("calderbeck", called), format!("{{ file = {key:?} }}"))
        .lines()
        .filter(|line| !line.starts_with("from_date"))
        .map(|line| {
            if line.starts_with("smtp = ") {
                format!("folder = {:?}\n", folder.join("out"))
            } else {
                format!("{line}\n")
            }
        })
        .collect::<String>();
    let text = format!("{text}\n[staff]\ndirectory = {staff:?}\n[procedures]\nearly_referral = true\n");
    Settings::parse(&text, Path::new("config/heard.example.toml")).unwrap()
}

/// What the tests' council seals secrets with.
pub fn seal() -> Seal {
    Seal::new(&"0123456789abcdef0123456789abcdef".to_owned().into(), None).unwrap()
}

impl Council {
    pub async fn open(database: Database) -> Self {
        Self::called(database, "calderbeck").await
    }

    /// The pages over its desk as they are at `when`, for a browser without TLS.
    pub fn web(&self, when: DateTime<Utc>) -> WebState {
        let brand = CouncilBrand {
            name: "Calderbeck Council".into(),
            service: "Heard".into(),
            colour: None,
            help: "the service desk".into(),
        };
        let mut state = WebState::new(Arc::new(self.desk.clone()), brand, Clock::fixed(when)).unwrap();
        state.secure_cookies = false;
        state.settings = Some(Arc::new(self.shown_settings()));
        state.thanks = Some(Arc::new(ThanksDesk::new(self.engine.clone())));
        state.families = Some(Arc::new(self.for_families()));
        state
    }

    /// What families' pages need, in every language there is.
    pub fn for_families(&self) -> Families {
        let families = &self.settings.families;
        let wake = Wake { unread: self.engine.unread.clone(), outgoing: self.engine.outgoing.clone() };
        let (store, office) = (self.database.store.clone(), self.engine.office.clone());
        Families {
            council: self.engine.office.letters.council().clone(),
            languages: Language::ALL.into(),
            exit_url: families.exit_url.to_string(),
            hours: "Monday to Friday, 9am to 5pm".into(),
            lines: process::lines(&self.engine.office.duties),
            facts: PublicFacts {
                privacy_name: "the data protection officer".into(),
                privacy_email: "dpo@calderbeck.example".into(),
                years: 6,
                statutory_years: 10,
            },
            embed_on: vec!["https://localoffer.calderbeck.example".into()],
            tell_us: Some(Arc::new(FormDesk::new(self.engine.clone()))),
            changes: Some(Arc::new(StoreChanges::new(self.database.store.clone()))),
            guard: FormGuard::default(),
            tracker: Some(Arc::new(StoreTracker::new(store, office, Some(self.engine.files.clone()), wake))),
            survey: Some(Arc::new(SurveyDesk::new(self.engine.clone()))),
            tries: Arc::default(),
        }
    }

    pub fn shown_settings(&self) -> StoreSettings {
        let judged = (self.engine.classifier.clone(), self.engine.lines);
        StoreSettings::new(self.database.store.clone(), self.engine.office.clone(), judged, &self.settings)
    }

    /// A council whose mail domain is `called`.example.
    pub async fn called(database: Database, called: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = FileStore::in_folder(&folder.path().join("files")).unwrap();
        let settings = settings(folder.path(), called);
        let office = Office::open(&settings).unwrap();
        let office = Arc::new(office.with_files(files.clone()));
        let (clock, outgoing) = (Clock::fixed(now()), Arc::new(Notify::new()));
        let store = database.store.clone();
        let email = Arc::new(FolderCourier::new(folder.path().join("out"), clock.clone()));
        let engine = Engine {
            store: store.clone(),
            office: office.clone(),
            classifier: None,
            lines: Lines::default(),
            verifier: None,
            couriers: Couriers { email, chat: None },
            clock,
            patience: Duration::from_secs(1),
            name: "test".into(),
            unread: Arc::new(Notify::new()),
            outgoing: outgoing.clone(),
            files: FileKeeper::new(files, &settings.files, env!("CARGO_BIN_EXE_heard").into()),
        };
        let wake = Wake { unread: engine.unread.clone(), outgoing };
        let desk = StoreDesk::new(store, office, Some("test-model".into()), wake)
            .with_files(engine.files.clone())
            .with_second_factors(SecondFactors::new(seal(), "Calderbeck Council".into()));
        let mut officers = Vec::new();
        for (email, name, role) in [
            ("rowan.bell@calderbeck.example", "Rowan Bell", Role::Officer),
            ("sam.morgan@calderbeck.example", "Sam Morgan", Role::ComplaintsManager),
        ] {
            users::add(&database.store, email, name, role, Some("a long enough password".to_owned().into()), now())
                .await
                .unwrap();
            officers.push(desk.account(email).await.unwrap().unwrap().officer);
        }
        let morgan = officers.pop().unwrap();
        let bell = officers.pop().unwrap();
        Self { database, engine, desk, bell, morgan, folder, settings }
    }

    /// The same with other settings than the example's.
    pub fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.settings.clone();
        change(&mut settings);
        let office = Arc::new(Office::open(&settings).unwrap().with_files(self.engine.files.store.clone()));
        self.engine.office = office.clone();
        let wake = Wake { unread: self.engine.unread.clone(), outgoing: self.engine.outgoing.clone() };
        self.desk = StoreDesk::new(self.database.store.clone(), office, Some("test-model".into()), wake)
            .with_files(self.engine.files.clone())
            .with_second_factors(SecondFactors::new(seal(), "Calderbeck Council".into()));
        self
    }

    /// The same, offering these languages to families.
    pub fn offering(self, languages: &[Language]) -> Self {
        self.with(|settings| settings.families.languages = languages.to_vec())
    }

    /// The case that was opened last.
    pub async fn newest(&self) -> CaseReference {
        self.database.texts("SELECT reference FROM case_file ORDER BY reference DESC").await.remove(0).parse().unwrap()
    }

    /// The letters of this kind in the outbox, the last first.
    pub async fn letters(&self, kind: &str) -> Vec<Outgoing> {
        let all = "SELECT kind || '|' || CAST(message AS TEXT) FROM outbox ORDER BY id DESC";
        let all = self.database.texts(all).await;
        let of_kind = all.iter().filter_map(|row| row.split_once('|').filter(|(found, _)| *found == kind));
        of_kind.map(|(_, json)| serde_json::from_str(json).unwrap()).collect()
    }

    /// Opens an account, and says whose.
    pub async fn account(&self, name: &str, role: Role) -> Officer {
        let email = format!("{}@calderbeck.example", name.to_lowercase().replace(' ', "."));
        let password = Some("a long enough password".to_owned().into());
        users::add(&self.database.store, &email, name, role, password, now()).await.unwrap();
        self.desk.account(&email).await.unwrap().unwrap().officer
    }

    pub async fn arrives(&self, mailbox: &str, raw: &str, when: &str, suggestion: &Suggestion) -> IngestCounts {
        let message = Ingesting::mail(&self.engine, mailbox, raw.as_bytes().to_vec(), at(when));
        let mut counts = IngestCounts::default();
        ingest_one(&self.engine, &message, std::slice::from_ref(suggestion), &mut counts).await.unwrap();
        counts
    }

    pub async fn queue(&self, filter: QueueFilter, search: &str, order: QueueOrder, page: u32) -> QueuePage {
        let search = Some(search.to_owned()).filter(|search| !search.is_empty());
        let query = QueueQuery { filter, order, search, page };
        self.desk.queue(&query, &self.bell, now()).await.unwrap()
    }

    /// Whom the cases of a filter are from, in their order.
    pub async fn families(&self, filter: QueueFilter) -> Vec<String> {
        names(&self.queue(filter, "", QueueOrder::DueFirst, 1).await)
    }

    pub async fn found(&self, search: &str) -> Vec<String> {
        names(&self.queue(QueueFilter::All, search, QueueOrder::DueFirst, 1).await)
    }

    pub async fn reference(&self, family: &str) -> CaseReference {
        let page = self.queue(QueueFilter::All, family, QueueOrder::DueFirst, 1).await;
        // Others may write of them.
        let is_theirs = |row: &&QueueRow| row.family.as_deref().is_some_and(|name| name.contains(family));
        let theirs: Vec<_> = page.rows.iter().filter(|row| page.rows.len() == 1 || is_theirs(row)).collect();
        assert_eq!(theirs.len(), 1, "{family}");
        theirs[0].reference.parse().unwrap()
    }

    pub async fn case(&self, reference: CaseReference) -> CaseView {
        self.desk.case(reference, &self.bell, now()).await.unwrap()
    }

    /// What has not reached whom it is for.
    pub async fn undelivered(&self) -> Undelivered {
        self.desk.undelivered(&self.bell).await.unwrap()
    }

    /// The letters of that.
    pub async fn held(&self) -> Vec<HeldLetter> {
        self.undelivered().await.letters
    }

    pub async fn trouble(&self) -> Trouble {
        self.queue(QueueFilter::All, "", QueueOrder::DueFirst, 1).await.trouble
    }

    pub async fn act(&self, reference: CaseReference, version: i64, action: DeskAction) -> Result<i64, DeskError> {
        self.desk.act(reference, &self.bell, version, action, now()).await.map(|done| done.version)
    }
}

pub fn names(page: &QueuePage) -> Vec<String> {
    page.rows.iter().map(|row| row.family.clone().unwrap_or_else(|| "?".into())).collect()
}

pub fn mail(from: &str, id: &str, subject: &str, more: &str, words: &str) -> String {
    format!(
        "From: {from}\r\nTo: complaints@calderbeck.example\r\nMessage-ID: <{id}@mail.example>\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\n\
         Subject: {subject}\r\n{more}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
    )
}

/// An officer says of one point that it is upheld, for these reasons and by this evidence.
pub fn upheld(text: &str, reasons: &str, evidence: &str) -> DeskAction {
    let finding = Finding {
        outcome: PointOutcome::Upheld,
        reasons: reasons.into(),
        evidence: evidence.into(),
        remedy: String::new(),
        learning: String::new(),
    };
    let point = Point { text: text.into(), finding: Some(finding), ..Point::default() };
    DeskAction::SetPoints(Box::new(Points { points: vec![point], ..Points::default() }))
}

pub fn suggestion(act: Act, dissatisfied: f64, safeguarding: f64, procedure: Procedure, theme: Theme) -> Suggestion {
    Suggestion {
        model: "test-model".into(),
        act,
        act_scores: Act::ALL.iter().map(|other| if *other == act { 0.9 } else { 0.02 }).collect(),
        dissatisfied,
        safeguarding,
        procedure,
        theme,
        themes: vec![],
        child_author: 0.02,
        on_behalf: 0.02,
        danger: None,
        language: None,
        because: "Nobody has called me back.".into(),
    }
}

/// A message of this act about this theme, as the classifier would be sure of it.
pub fn about(theme: Theme, act: Act) -> Suggestion {
    let dissatisfied = if act.is_dissatisfaction() { 0.97 } else { 0.03 };
    let themes = Theme::ALL.iter().map(|other| if *other == theme { 0.89 } else { 0.01 }).collect();
    Suggestion { themes, ..suggestion(act, dissatisfied, 0.02, Procedure::Corporate, theme) }
}

/// A complaint about this theme.
pub fn said(theme: Theme) -> Suggestion {
    about(theme, Act::Complaint)
}

/// A test on SQLite and one on Postgres for each of the `stories`.
#[allow(unused_macros, reason = "not every test program has stories")]
macro_rules! on_both {
    ($($name:ident $on_postgres:ident;)+) => { $(
        #[tokio::test]
        async fn $name() {
            stories::$name(Council::open(Database::sqlite().await).await).await;
        }

        #[tokio::test]
        async fn $on_postgres() {
            match Database::postgres().await {
                Some(database) => stories::$name(Council::open(database).await).await,
                None => println!("skipped: HEARD_TEST_POSTGRES is not set"),
            }
        }
    )+ };
}
#[allow(unused_imports, reason = "not every test program has stories")]
pub(crate) use on_both;
