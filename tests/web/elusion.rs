//! Checks of what was left alone in a manager's mailbox: a real Dovecot, SQLite and (where `HEARD_TEST_POSTGRES` names a
//! server) Postgres, and the whole path in a real browser.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{
    chromium,
    council::{Council, at, mail, now, on_both, suggestion},
    databases::Database,
    mail_server::{self, MailServer},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures::{FutureExt, future::BoxFuture};
use heard::{
    clock::Clock,
    desk::{checks::StoreChecks, users},
    elusion::{check::Verdict, sample::Span},
    ids::Uuid,
    intake::{imap::ImapMailbox, mailbox::Mailbox},
    labelling::{
        classifier::{Classifier, LabellingError, Unlabelled},
        labels::{Act, Procedure, Suggestion, Theme},
    },
    store::Store,
    web::{
        CouncilBrand, WebState,
        access::Role,
        checks_views::{Checks, ConsentAction, LeftAlone, Look},
        desk::{Desk as _, DeskError},
        router,
        views::{Officer, QueueFilter},
    },
    workers::{check::Looker, fetch_and_read_once},
};
use sqlx::{AssertSqlSafe, Row};

/// As the example's configuration names it, with its owner's address.
const MAILBOX: &str = "manager-fostering";
const OWNER: &str = "head.of.fostering@calderbeck.example";
const PASSWORD: &str = "a long enough password";

/// Takes what says "complain" for dissatisfaction, and nothing else.
struct Words;

impl Classifier for Words {
    fn label(&self, messages: Vec<Unlabelled>) -> BoxFuture<'_, Result<Vec<Suggestion>, LabellingError>> {
        let judge = |message: Unlabelled| {
            let (act, likely) =
                if message.text.contains("complain") { (Act::Complaint, 0.97) } else { (Act::Enquiry, 0.03) };
            suggestion(act, likely, 0.01, Procedure::Statutory, Theme::Communication)
        };
        async move { Ok(messages.into_iter().map(judge).collect()) }.boxed()
    }

    fn model(&self) -> String {
        "words".into()
    }
}

/// Private words, each in one message.
const PRIVATE: [&str; 12] = [
    "quagmire",
    "rhubarb",
    "saxophone",
    "tarantula",
    "umbrella",
    "vermilion",
    "wheelbarrow",
    "xylophone",
    "yardarm",
    "zeppelin",
    "armadillo",
    "bassoon",
];

/// A council whose manager's mailbox lies on a real server and was read: of fifteen messages, two were kept (`complain`),
/// one is of another month, and twelve were left alone, one of them a grievance put quietly.
struct Manager {
    council: Council,
    server: Arc<MailServer>,
    user: String,
    checks: StoreChecks,
    owner: Officer,
    opened: Arc<AtomicUsize>,
}

fn private(word: &str, n: usize) -> String {
    let words = if word == "umbrella" {
        format!("I have rung about the {word} visit for three weeks and nobody rings me back.")
    } else {
        format!("The {word} meeting moves to Thursday.")
    };
    mail(&format!("P {word} <{word}@mail.example>"), &format!("{word}-{n}"), &format!("About {word}"), "", &words)
}

impl Manager {
    async fn new(mut council: Council) -> Self {
        let server = MailServer::shared();
        let user = server.own_user();
        let begin = at("2026-11-02T09:00:00Z");
        let mut messages: Vec<(String, DateTime<Utc>)> = Vec::new();
        for (n, word) in PRIVATE.into_iter().enumerate() {
            messages.push((private(word, n), begin + TimeDelta::hours(i64::try_from(n).unwrap() * 9)));
        }
        for (n, name) in ["Ann", "Bo"].into_iter().enumerate() {
            let words = "I want to complain: the contact centre cancelled again.";
            let raw = mail(&format!("{name} Kept <{name}@mail.example>"), &format!("kept-{n}"), "Contact", "", words);
            messages.push((raw, begin + TimeDelta::hours(30 + i64::try_from(n).unwrap())));
        }
        messages.push((private("october", 99), at("2026-10-20T09:00:00Z")));
        server.append(&user, &messages).await;

        council.engine.classifier = Some(Arc::new(Words));
        let settings = server.imap_settings(&user);
        let mut source = ImapMailbox::new(settings.clone());
        fetch_and_read_once(&council.engine, MAILBOX, &mut source).await.unwrap();
        // What comes after the last look was not left alone yet.
        server.append(&user, &[(private("unread", 98), begin + TimeDelta::hours(3))]).await;

        let opened = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&opened);
        let open = move |name: &str| {
            counter.fetch_add(1, Ordering::SeqCst);
            (name == MAILBOX).then(|| Ok(Box::new(ImapMailbox::new(settings.clone())) as Box<dyn Mailbox>))
        };
        let looker = Looker::new(council.engine.clone(), Arc::new(open));
        let checks = StoreChecks::new(council.database.store.clone(), council.engine.office.clone(), looker);
        let secret = Some(PASSWORD.to_owned().into());
        users::add(&council.database.store, OWNER, "Helen Marsh", Role::MailboxOwner, secret, now()).await.unwrap();
        let owner = council.desk.account(OWNER).await.unwrap().unwrap().officer;
        Self { council, server, user, checks, owner, opened }
    }

    async fn asked(&self, wanted: u32) -> Uuid {
        self.checks.ask(MAILBOX, november(), wanted, &self.council.bell, now()).await.unwrap()
    }

    async fn agreed(&self, wanted: u32) -> Uuid {
        let id = self.asked(wanted).await;
        self.checks.consent(id, ConsentAction::Agree, &self.owner, now()).await.unwrap();
        id
    }

    async fn look(&self, id: Uuid, place: u32) -> Result<Option<LeftAlone>, String> {
        match self.checks.look(id, place, &self.council.bell, now()).await {
            Ok(Look::Message(message)) => Ok(Some(*message)),
            Ok(Look::NoMore) => Ok(None),
            Err(DeskError::Refused(why)) => Err(why),
            Err(other) => panic!("{other}"),
        }
    }

    async fn answer(&self, id: Uuid, place: u32, verdict: Verdict) -> Result<Option<String>, String> {
        match self.checks.answer(id, place, verdict, &self.council.bell, now()).await {
            Ok(case) => Ok(case.map(|case| case.to_string())),
            Err(DeskError::Refused(why)) => Err(why),
            Err(other) => panic!("{other}"),
        }
    }
}

fn november() -> Span {
    let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
    Span { from_on: day(1), to_on: day(19) }
}

/// The private word of a message.
fn word(message: &LeftAlone) -> String {
    message.subject.trim_start_matches("About ").to_owned()
}

fn refused(result: Result<(), DeskError>) -> String {
    match result {
        Err(DeskError::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

on_both! {
    without_consent_nothing_is_fetched without_consent_nothing_is_fetched_postgres;
    each_message_is_shown_once_and_only_numbers_are_kept each_message_is_shown_once_and_only_numbers_are_kept_postgres;
    what_a_check_finds_becomes_a_case_whose_family_hears what_a_check_finds_becomes_a_case_whose_family_hears_postgres;
    nobody_but_the_officer_who_asked_looks nobody_but_the_officer_who_asked_looks_postgres;
    what_is_gone_from_the_mailbox_is_passed_over what_is_gone_from_the_mailbox_is_passed_over_postgres;
}

mod stories {
    use super::*;

    pub async fn without_consent_nothing_is_fetched(council: Council) {
        let manager = Manager::new(council).await;
        let id = manager.asked(5).await;
        assert!(manager.look(id, 1).await.err().unwrap().contains("has not agreed"));
        // An officer cannot agree in the owner's place, but write down that the owner did.
        let agree = manager.checks.consent(id, ConsentAction::Agree, &manager.council.bell, now()).await;
        assert!(refused(agree).contains("Only the owner"));
        manager.checks.consent(id, ConsentAction::Decline, &manager.owner, now()).await.unwrap();
        assert!(manager.look(id, 1).await.err().unwrap().contains("did not agree"));
        assert_eq!(manager.opened.load(Ordering::SeqCst), 0, "nobody connected to the mailbox");

        let id = manager.asked(5).await;
        let record = ConsentAction::Record { by: "Helen Marsh".into(), how: "by email".into(), on: now().date_naive() };
        manager.checks.consent(id, record, &manager.council.bell, now()).await.unwrap();
        assert!(manager.look(id, 1).await.unwrap().is_some());
        manager.answer(id, 1, Verdict::Not).await.unwrap();
        manager.checks.consent(id, ConsentAction::Withdraw, &manager.owner, now()).await.unwrap();
        let connections = manager.opened.load(Ordering::SeqCst);
        assert!(manager.look(id, 2).await.err().unwrap().contains("withdrawn"));
        assert_eq!(manager.opened.load(Ordering::SeqCst), connections);
        let check = manager.checks.check(id, &manager.owner).await.unwrap();
        let consent = check.consent.unwrap();
        assert_eq!((consent.by.as_str(), consent.how.as_deref()), ("Helen Marsh", Some("by email")));
        assert_eq!(consent.recorded_by.as_deref(), Some("Rowan Bell"));
        assert_eq!((check.state, check.judged, check.ended_by.as_deref()), ("withdrawn", 1, Some("Helen Marsh")));
    }

    pub async fn each_message_is_shown_once_and_only_numbers_are_kept(council: Council) {
        let captured = Captured::of_this_process();
        let manager = Manager::new(council).await;
        let flags =
            |stored: Vec<mail_server::Stored>| stored.into_iter().map(|one| (one.uid, one.flags)).collect::<Vec<_>>();
        let before = flags(manager.server.messages(&manager.user).await);
        let id = manager.agreed(8).await;
        assert!(manager.look(id, 2).await.is_err(), "one after the other");
        let mut seen = BTreeSet::new();
        for place in 1..=8 {
            let message = manager.look(id, place).await.unwrap().unwrap();
            assert!(message.text.contains(&word(&message)), "{}", message.text);
            assert!(
                PRIVATE.contains(&word(&message).as_str()),
                "{} was kept, is of another month, or unread",
                word(&message)
            );
            assert!(seen.insert(word(&message)), "{} twice", word(&message));
            assert_eq!(
                manager.look(id, place).await.err().unwrap(),
                "This message was shown once already. It is not shown again."
            );
            let verdict = match word(&message).as_str() {
                "umbrella" => Verdict::Missed,
                "quagmire" => Verdict::Unclear,
                _ => Verdict::Not,
            };
            manager.answer(id, place, verdict).await.unwrap();
            assert!(manager.answer(id, place, Verdict::Missed).await.is_err(), "no second answer");
        }
        assert_eq!(manager.look(id, 9).await.err().unwrap(), "This check has ended.");
        let check = manager.checks.check(id, &manager.council.bell).await.unwrap();
        let (missed, unclear) = (u32::from(seen.contains("umbrella")), u32::from(seen.contains("quagmire")));
        assert_eq!((check.state, check.left_alone, check.drawn, check.shown, check.answered), ("done", 12, 8, 8, 8));
        assert_eq!((check.judged, check.missed, check.found, check.cases), (8 - unclear, missed, 2, 0));
        assert_eq!(flags(manager.server.messages(&manager.user).await), before, "no flag was changed");

        let mut left: Vec<String> = PRIVATE.iter().flat_map(|word| traces(&manager.council, word)).collect();
        let logged = String::from_utf8_lossy(&captured.0.lock().unwrap()).into_owned();
        left.extend(PRIVATE.iter().filter(|word| logged.contains(**word)).map(|word| format!("{word} in the log")));
        for word in PRIVATE {
            left.extend(in_database(&manager.council.database.store, word).await);
        }
        assert!(left.is_empty(), "{left:#?}");
        assert!(!in_database(&manager.council.database.store, "contact centre").await.is_empty(), "the search works");
        assert!(logged.len() > 100, "the capture works");
    }

    pub async fn what_a_check_finds_becomes_a_case_whose_family_hears(council: Council) {
        let manager = Manager::new(council).await;
        let id = manager.agreed(60).await;
        let mut case = None;
        for place in 1.. {
            let Ok(Some(message)) = manager.look(id, place).await else { break };
            let verdict = if word(&message) == "umbrella" { Verdict::MakeCase } else { Verdict::Not };
            case = manager.answer(id, place, verdict).await.unwrap().or(case);
        }
        let case = manager.council.case(case.expect("it was among all").parse().unwrap()).await;
        assert_eq!(case.family.as_deref(), Some("P umbrella"));
        assert!(case.act.is_dissatisfaction(), "{:?}", case.act);
        assert!(case.matched_because.contains("left alone in a manager's mailbox"), "{}", case.matched_because);
        assert!(case.messages[0].text.contains("nobody rings me back"));
        assert_eq!(case.found_in, MAILBOX);
        let letters =
            "SELECT count(*) FROM outbox WHERE recipient = 'umbrella@mail.example' AND kind = 'acknowledgement'";
        assert_eq!(manager.council.database.number(letters).await, 1);
        // All were looked at: nothing is left to chance. What the check itself found was not found before.
        let check = manager.checks.check(id, &manager.council.bell).await.unwrap();
        assert_eq!((check.left_alone, check.judged, check.missed, check.cases, check.found), (12, 12, 1, 1, 2));
        assert_eq!(
            check.missed_words,
            "12 messages were left alone. We looked at all 12 of them and found 1 that we should have kept."
        );
        // In the next check it is neither left alone nor found by the machine.
        let again = manager.agreed(3).await;
        manager.look(again, 1).await.unwrap().unwrap();
        let check = manager.checks.check(again, &manager.council.bell).await.unwrap();
        assert_eq!((check.left_alone, check.found), (11, 2));
        let forbidden: Vec<String> = in_database(&manager.council.database.store, "wheelbarrow").await;
        assert!(forbidden.is_empty(), "{forbidden:?}");
    }

    pub async fn nobody_but_the_officer_who_asked_looks(council: Council) {
        let manager = Manager::new(council).await;
        let id = manager.agreed(5).await;
        for other in [&manager.council.morgan, &manager.owner] {
            let Err(DeskError::Refused(_)) = manager.checks.look(id, 1, other, now()).await else {
                panic!("{other:?}")
            };
        }
        let stranger = Officer { email: "someone.else@calderbeck.example".into(), ..manager.owner.clone() };
        assert!(matches!(manager.checks.check(id, &stranger).await, Err(DeskError::NotFound)));
        assert_eq!(manager.checks.list(&stranger).await.unwrap().len(), 0);
        assert_eq!(manager.checks.list(&manager.owner).await.unwrap().len(), 1);
        // Somebody who owns the mailbox and is an officer as well looks at nothing of their own.
        let both = Officer { email: OWNER.to_uppercase(), ..manager.council.bell.clone() };
        match manager.checks.look(id, 1, &both, now()).await {
            Err(DeskError::Refused(why)) => assert!(why.contains("your own mailbox"), "{why}"),
            _ => panic!("shown to the owner"),
        }
        // Two requests at the same moment: one of them sees it.
        let (one, two) = tokio::join!(manager.look(id, 1), manager.look(id, 1));
        assert_eq!([&one, &two].iter().filter(|look| look.is_ok()).count(), 1);
        let complaints = manager.checks.ask("complaints", november(), 5, &manager.council.bell, now()).await;
        assert!(matches!(complaints, Err(DeskError::Refused(_))), "only managers' mailboxes are private");
        let assign = heard::web::desk::DeskAction::Assign { to: manager.owner.id };
        let reference = manager.council.reference("Ann Kept").await;
        let version = manager.council.case(reference).await.version;
        assert!(manager.council.act(reference, version, assign).await.is_err(), "an owner has no cases");
    }

    pub async fn what_is_gone_from_the_mailbox_is_passed_over(council: Council) {
        let manager = Manager::new(council).await;
        let id = manager.agreed(12).await;
        manager.look(id, 1).await.unwrap().unwrap();
        manager.answer(id, 1, Verdict::Not).await.unwrap();
        let user = &manager.user;
        manager.server.doveadm(&["expunge", "-u", user, "mailbox", "INBOX", "uid", "1:6"]);
        let mut shown = 1;
        while let Some(message) = manager.look(id, shown + 1).await.unwrap() {
            assert!(PRIVATE.iter().position(|private| *private == word(&message)).unwrap() >= 6);
            shown += 1;
            let made = manager.answer(id, shown, Verdict::Not).await.unwrap();
            assert_eq!(made, None);
        }
        let check = manager.checks.check(id, &manager.council.bell).await.unwrap();
        assert_eq!((check.state, check.left_alone, check.shown), ("done", 12, shown));
        assert!((6..=7).contains(&shown), "{shown}");
        assert_eq!(check.counted, 0, "they were read on 20 November, after the last of these days");
    }
}

/// Collects all that the program would log.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// Whatever any test of this process makes the program log, at every level.
    fn of_this_process() -> Self {
        static LOG: OnceLock<Captured> = OnceLock::new();
        let start = || {
            let captured = Self::default();
            let writer = captured.clone();
            let log = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
            tracing::subscriber::set_global_default(log.with_writer(move || writer.clone()).finish()).unwrap();
            captured
        };
        LOG.get_or_init(start).clone()
    }
}

impl std::io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

/// The files below `folder` that hold `word`.
fn files_with(folder: &Path, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with(&path, word));
        } else if holds(&std::fs::read(&path).unwrap_or_default(), word) {
            found.push(format!("{word} in {}", path.display()));
        }
    }
    found
}

/// The council's own files that hold `word`: letters, kept files.
fn traces(council: &Council, word: &str) -> Vec<String> {
    files_with(council.folder.path(), word)
}

/// Where `word` stands in what the database keeps: in any row, and on SQLite in any byte of its files.
async fn in_database(store: &Store, word: &str) -> Vec<String> {
    match store {
        Store::Sqlite { write, .. } => {
            let file: String = sqlx::query("PRAGMA database_list").fetch_one(write).await.unwrap().get(2);
            files_with(Path::new(&file).parent().unwrap(), word)
        }
        Store::Postgres { pool, .. } => {
            let tables: Vec<String> =
                sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
                    .fetch_all(pool)
                    .await
                    .unwrap();
            let hex = data_encoding::HEXLOWER.encode(word.as_bytes());
            let mut found = Vec::new();
            for table in tables {
                let sql = AssertSqlSafe(format!("SELECT t::text FROM {table} t"));
                let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(pool).await.unwrap();
                if rows.iter().any(|row| row.contains(word) || row.contains(&hex)) {
                    found.push(format!("{word} in {table}"));
                }
            }
            found
        }
    }
}

/// The council's pages over its own database and mailboxes.
async fn serve(manager: &Manager) -> String {
    let council = &manager.council;
    let brand = CouncilBrand {
        name: "Calderbeck Council".into(),
        service: "Heard: children's services complaints".into(),
        colour: None,
        help: "the IT service desk".into(),
    };
    let mut state = WebState::new(Arc::new(council.desk.clone()), brand, Clock::fixed(now())).unwrap();
    state.secure_cookies = false;
    state.checks = Some(Arc::new(manager.checks.clone()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let pages = router(state).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_from_the_question_to_the_numbers_in_a_real_browser() {
    let manager = Manager::new(Council::open(Database::sqlite().await).await).await;
    let address = serve(&manager).await;
    let bell = &manager.council.bell;
    let mut officer = chromium::browse(address.clone(), "Calderbeck Council").await;
    officer.sign_in(&bell.email, PASSWORD).await;
    officer.follow("Left alone").await;
    officer.check("checks-none").await;
    officer.replace("#wanted", "sixty").await;
    officer.press("main form button").await;
    let summary = officer.text(".govuk-error-summary").await;
    assert!(summary.contains("Select a mailbox") && summary.contains("in numbers"), "{summary}");
    officer.check("checks-error").await;
    officer.click("input[value='manager-fostering']").await;
    for (field, value) in
        [("from-day", "1"), ("from-month", "11"), ("to-day", "19"), ("to-month", "11"), ("wanted", "5")]
    {
        officer.replace(&format!("#{field}"), value).await;
    }
    officer.press("main form button").await;
    assert!(officer.text(".moj-alert--success").await.contains("must agree before anything is fetched"));
    officer.check("check-asked").await;
    let check = officer.browser.current_url().await.unwrap().path().to_owned();

    // The owner signs in, sees this and nothing else, and agrees.
    let mut owner = chromium::browse(address, "Calderbeck Council").await;
    owner.sign_in(OWNER, PASSWORD).await;
    assert_eq!(owner.heading().await, "What was left alone in managers’ mailboxes");
    owner.check("owner-checks").await;
    owner.open("/letters").await;
    assert_eq!(owner.heading().await, "You cannot open or do that");
    owner.open("/checks").await;
    owner.press("tbody a").await;
    owner.check("owner-check-asked").await;
    owner.press("form[action$='/agree'] button").await;
    assert!(owner.text(".moj-alert--success").await.contains("You agreed"));
    owner.check("owner-check-agreed").await;

    // The officer looks at one message after the other; none comes back.
    officer.open(&check).await;
    officer.check("check-agreed").await;
    officer.press("form[action$='/look'] button").await;
    officer.check("check-message").await;
    assert_eq!(officer.heading().await, "Message 1 of 5");
    let words = officer.text(".heard-words").await;
    officer.browser.refresh().await.unwrap();
    officer.wait("return document.readyState === 'complete'", "the page did not come back").await;
    assert!(!officer.text("main").await.contains(&words), "a message was shown twice");
    assert!(officer.text("main").await.contains("shown once already"));
    officer.check("check-message-again").await;
    officer.press("button[value=not]").await;
    for place in 2..=5 {
        assert_eq!(officer.heading().await, format!("Message {place} of 5"));
        let text = officer.text(".heard-words").await;
        let found = if place == 3 || text.contains("nobody rings me back") { "make-case" } else { "not" };
        officer.press(&format!("button[value='{found}']")).await;
        if place == 3 {
            assert!(officer.text(".moj-alert--success").await.contains("The message before is a case now"));
            officer.check("check-message-after-case").await;
        }
    }
    let result = officer.text("[aria-labelledby=result-title]").await;
    assert!(result.contains("Of the 12 messages left alone, we looked at 5 and found"), "{result}");
    officer.check("check-done").await;
    officer.fits_a_telephone(&check).await;
    officer.follow("What was left alone").await;
    officer.check("checks").await;
    officer.fits_a_telephone("/checks").await;
    let families = manager.council.families(QueueFilter::All).await;
    assert!(families.len() >= 3, "the found one is a case: {families:?}");
    officer.browser.clone().close().await.unwrap();
    owner.browser.clone().close().await.unwrap();
}
