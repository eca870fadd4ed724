//! A council with its desk and its pages, and a folder for its files.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Request, StatusCode},
};
use chrono::{DateTime, Utc};
use heard::{
    casework::Office,
    clock::Clock,
    config::Settings,
    desk::{StoreDesk, Wake, users},
    ids::Uuid,
    intake::files::FileKeeper,
    labelling::{
        labels::{Act, Procedure, Suggestion, Theme},
        policy::Lines,
    },
    replies::folder::FolderCourier,
    store::files::FileStore,
    web::{
        CouncilBrand, WebState,
        access::Role,
        desk::Desk,
        views::{AttachmentView, CaseView, Officer, QueueFilter, QueueOrder, QueueQuery},
    },
    workers::{Couriers, Engine, FileCounts, IngestCounts, Ingesting, ingest_one, keep_all},
};
use sha2::Digest;
use tokio::sync::Notify;
use tower::ServiceExt;

use crate::databases::Database;

/// The largest file that this council keeps (bytes).
pub const LARGEST: u64 = 3_000_000;

/// Friday 20 November 2026, half past ten.
pub fn now() -> DateTime<Utc> {
    "2026-11-20T10:30:00Z".parse().unwrap()
}

pub struct Council {
    pub database: Database,
    pub engine: Engine,
    pub bell: Officer,
    pub folder: tempfile::TempDir,
}

pub fn settings(folder: &Path) -> Settings {
    std::fs::write(folder.join("key"), "c".repeat(64)).unwrap();
    let text = include_str!("../../src/config/embedded.toml").replace("@DATA@", &folder.display().to_string());
    let more = "\n[[mailbox]]\nname = \"manager-send\"\nkind = \"manager\"\nfolder = \"nowhere\"\n";
    Settings::parse(&(text + more), Path::new("embedded.toml")).unwrap()
}

/// What came back from the pages.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Council {
    pub async fn open(database: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path());
        let clock = Clock::fixed(now());
        let mut engine = Engine {
            store: database.store.clone(),
            office: Arc::new(Office::open(&settings).unwrap()),
            classifier: None,
            lines: Lines::default(),
            verifier: None,
            couriers: Couriers {
                email: Arc::new(FolderCourier::new(folder.path().join("outbox"), clock.clone())),
                chat: None,
            },
            clock,
            patience: Duration::from_secs(1),
            name: "test".into(),
            unread: Arc::new(Notify::new()),
            outgoing: Arc::new(Notify::new()),
            files: FileKeeper::new(
                FileStore::in_folder(&folder.path().join("files")).unwrap(),
                &settings.files,
                env!("CARGO_BIN_EXE_heard").into(),
            ),
        };
        engine.files.rules.largest = LARGEST;
        let password = Some("a long enough password".to_owned().into());
        let email = "rowan.bell@calderbeck.example";
        users::add(&database.store, email, "Rowan Bell", Role::Officer, password, now()).await.unwrap();
        let desk = StoreDesk::new(
            database.store.clone(),
            engine.office.clone(),
            None,
            Wake { unread: engine.unread.clone(), outgoing: engine.outgoing.clone() },
        );
        let bell = desk.account(email).await.unwrap().unwrap().officer;
        desk.open_session(sha2::Sha256::digest(b"a token").into(), bell.id, now()).await.unwrap();
        Self { database, engine, bell, folder }
    }

    /// The desk as it is with the engine's present scanner.
    pub fn desk(&self) -> StoreDesk {
        let wake = Wake { unread: self.engine.unread.clone(), outgoing: self.engine.outgoing.clone() };
        StoreDesk::new(self.database.store.clone(), self.engine.office.clone(), None, wake)
            .with_files(self.engine.files.clone())
    }

    pub async fn arrives(&self, mailbox: &str, raw: &str) -> IngestCounts {
        self.arrives_as(mailbox, raw, &complaint()).await
    }

    pub async fn arrives_as(&self, mailbox: &str, raw: &str, suggestion: &Suggestion) -> IngestCounts {
        let message = Ingesting::mail(&self.engine, mailbox, raw.as_bytes().to_vec(), now());
        let mut counts = IngestCounts::default();
        ingest_one(&self.engine, &message, std::slice::from_ref(suggestion), &mut counts).await.unwrap();
        counts
    }

    pub async fn keep(&self) -> FileCounts {
        keep_all(&self.engine).await.unwrap()
    }

    pub async fn found(&self, search: &str) -> Vec<String> {
        let query =
            QueueQuery { filter: QueueFilter::All, order: QueueOrder::DueFirst, search: Some(search.into()), page: 1 };
        let page = self.desk().queue(&query, &self.bell, now()).await.unwrap();
        page.rows.into_iter().map(|row| row.reference).collect()
    }

    /// The only case of this family.
    pub async fn case_of(&self, family: &str) -> CaseView {
        let found = self.found(family).await;
        assert_eq!(found.len(), 1, "{family}: {found:?}");
        self.case(&found[0]).await
    }

    pub async fn case(&self, reference: &str) -> CaseView {
        self.desk().case(reference.parse().unwrap(), &self.bell, now()).await.unwrap()
    }

    /// Asks the pages, signed in or not.
    pub async fn get(&self, path: &str, signed_in: bool) -> Answer {
        let brand = CouncilBrand { name: "C".into(), service: "Heard".into(), colour: None, help: String::new() };
        let mut state = WebState::new(Arc::new(self.desk()), brand, Clock::fixed(now())).unwrap();
        state.secure_cookies = false;
        let mut request = Request::get(path);
        if signed_in {
            request = request.header("cookie", "heard=a token");
        }
        let response = heard::web::router(state).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn download(&self, reference: &str, id: Option<Uuid>) -> Answer {
        self.get(&format!("/cases/{reference}/files/{}", id.unwrap()), true).await
    }

    /// Every file in the folder by its path there, with its bytes; each is named by what it holds.
    pub fn on_disk(&self) -> BTreeMap<String, Vec<u8>> {
        on_disk(&self.folder.path().join("files"))
    }

    pub async fn close(self) {
        self.database.drop().await;
    }
}

pub fn on_disk(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                if path.file_name().unwrap() != "incoming" {
                    folders.push(path);
                }
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let name = path.strip_prefix(folder).unwrap().display().to_string();
            let hash = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(&bytes));
            assert_eq!(name, format!("{}/{}/{hash}", &hash[..2], &hash[2..4]));
            all.insert(name, bytes);
        }
    }
    all
}

/// Name, standing, and whether it can be opened, of each file of the first message.
pub fn told(case: &CaseView) -> Vec<String> {
    let file = |file: &AttachmentView| {
        let open = if file.id.is_some() { "" } else { " closed" };
        let inside = file.inside.as_deref().map(|inside| format!(" in {inside}")).unwrap_or_default();
        format!("{}{inside}: {}, {:?}{open}", file.name, file.kind, file.standing)
    };
    case.messages[0].attachments.iter().map(file).collect()
}

pub fn file<'a>(case: &'a CaseView, name: &str) -> &'a AttachmentView {
    let mut files = case.messages.iter().flat_map(|message| &message.attachments);
    files.find(|file| file.name == name).unwrap_or_else(|| panic!("{name} is not among {:?}", told(case)))
}

pub fn complaint() -> Suggestion {
    suggestion(Act::Complaint, 0.97)
}

pub fn suggestion(act: Act, dissatisfied: f64) -> Suggestion {
    Suggestion {
        model: "test-model".into(),
        act,
        act_scores: Act::ALL.iter().map(|other| if *other == act { 0.9 } else { 0.02 }).collect(),
        dissatisfied,
        safeguarding: 0.01,
        procedure: Procedure::Corporate,
        theme: Theme::Delay,
        themes: vec![],
        child_author: 0.02,
        on_behalf: 0.02,
        danger: None,
        language: None,
        because: String::new(),
    }
}
