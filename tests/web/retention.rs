//! How long cases are kept: what is due, who decides, and that nothing says who any more once a case was anonymised. On SQLite and
//! (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    chromium,
    council::{Council, at, mail, now, on_both, suggestion},
    databases::Database,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use chrono::{DateTime, Utc};
use heard::{
    casework::Given,
    desk::users,
    ids::CaseReference,
    labelling::labels::{Act, Procedure, Theme},
    procedure::{
        documents::DocumentKind,
        event::{Finding, Group, Member, Noted, Point, PointOutcome, Points, Retention, Safeguarding, Step},
    },
    store::{
        Store,
        personal::{Rows, TABLES},
    },
    web::{
        access::Role,
        desk::{Desk, DeskAction, DeskError, NewDocument},
        joint_views::JointAction,
        rights_views::{Kept, Rights},
        views::Officer,
    },
    workers::{keep_all, send_due},
};
use sha2::Digest;
use sqlx::{AssertSqlSafe, Row};
use tower::ServiceExt;

on_both! {
    what_is_due_is_listed_and_a_manager_decides decides_on_postgres;
    nothing_says_who_any_more_once_it_was_anonymised nothing_left_on_postgres;
    a_message_that_comes_again_brings_nothing_back comes_again_on_postgres;
    what_another_case_needs_stays needed_on_postgres;
    a_merged_case_goes_with_the_other goes_with_on_postgres;
    a_joint_complaint_drags_nobody_along joint_on_postgres;
    whoever_is_kept_out_of_a_case_finds_nothing_of_it kept_out_on_postgres;
    every_column_is_on_the_list every_column_on_postgres;
    the_command_lists_and_does_nothing_without_yes command_on_postgres;
}

/// The pages in a browser: each is looked over by axe-core, and every decision is made by its form.
#[tokio::test(flavor = "multi_thread")]
async fn the_pages_work_in_a_browser() {
    let council = Council::open(Database::sqlite().await).await;
    let case = complains(&council, "Noor Haddad", "noor", "a call").await;
    let other = complains(&council, "Sami Tregar", "sami", "a taxi").await;
    closes(&council, case, "a call").await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let pages = heard::web::router(council.web(later())).into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
    let mut desk = chromium::browse(address, "Calderbeck Council").await;
    desk.sign_in("sam.morgan@calderbeck.example", "a long enough password").await;
    desk.open("/retention").await;
    desk.check("retention").await;
    desk.follow(&case.to_string()).await;
    desk.check("case-retention-due").await;
    // Without a reason it is told what is wrong.
    desk.press("#review button").await;
    assert_eq!(desk.text(".govuk-error-summary li").await, "Enter the reason: it is kept with the case");
    desk.check("case-retention-fault").await;
    desk.fill("#go-reason", "Nobody needs it.").await;
    desk.press("#review button").await;
    assert!(desk.text(".moj-alert--success").await.contains("Saved."));
    desk.press("#go button").await;
    desk.check("case-retention-preview").await;
    assert!(desk.text("#go").await.contains("Nothing was done yet"));
    desk.press("#go button").await;
    assert_eq!(desk.heading().await, "Anonymised");
    desk.check("case-anonymised").await;
    desk.open(&format!("/cases/{other}/retention")).await;
    desk.check("case-retention-open").await;
    desk.open("/own-data?who=sami%40mail.example").await;
    desk.check("own-data").await;
    for path in ["/retention", "/own-data?who=sami%40mail.example", &format!("/cases/{other}/retention")] {
        desk.fits_a_telephone(path).await;
    }
    desk.browser.clone().close().await.unwrap();
    council.database.drop().await;
}

/// Stands in everything that the family writes and that is written about them.
const WORD: &str = "zyxwort";
/// More than six years after the end.
const LATER: &str = "2033-01-10T10:00:00Z";

fn later() -> DateTime<Utc> {
    at(LATER)
}

async fn complains(council: &Council, name: &str, id: &str, words: &str) -> CaseReference {
    let said = suggestion(Act::Complaint, 0.97, 0.02, Procedure::Corporate, Theme::Communication);
    let raw = mail(&format!("{name} <{id}@mail.example>"), id, &format!("About {words}"), "", words);
    council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &said).await;
    let references =
        council.database.texts("SELECT reference FROM case_file ORDER BY opened_at DESC, reference DESC").await;
    references[0].parse().unwrap()
}

async fn act(council: &Council, by: &Officer, case: CaseReference, action: DeskAction) {
    let version = council.desk.peek(case, by, now()).await.unwrap().version;
    council.desk.act(case, by, version, action, now()).await.unwrap();
}

fn points(text: &str) -> Points {
    let finding = Finding {
        outcome: PointOutcome::Upheld,
        reasons: format!("{text}, because."),
        evidence: format!("The log of {text}."),
        remedy: format!("An apology to {text}."),
        learning: String::new(),
    };
    Points {
        points: vec![Point { text: format!("Nobody rings {text}."), finding: Some(finding), ..Point::default() }],
        with_independent: true,
        wanted: format!("A call to {text}."),
        ..Points::default()
    }
}

async fn closes(council: &Council, case: CaseReference, text: &str) {
    act(council, &council.bell, case, DeskAction::Confirm).await;
    act(council, &council.bell, case, DeskAction::SetPoints(Box::new(points(text)))).await;
    act(council, &council.bell, case, DeskAction::Answer { given: Given::Letter }).await;
    while send_due(&council.engine).await.unwrap() > 0 {}
    act(council, &council.bell, case, DeskAction::Close { reason: format!("Done for {text}.") }).await;
}

async fn keeps(council: &Council, by: &Officer, case: CaseReference, step: Retention) -> Result<(), DeskError> {
    let version = council.desk.peek(case, by, later()).await?.version;
    council.desk.keep((case, version), by, step, later()).await
}

async fn decides(council: &Council, case: CaseReference) {
    let reason = format!("Nobody needs {WORD} any more.");
    keeps(council, &council.morgan, case, Retention::ToAnonymise { reason }).await.unwrap();
}

async fn anonymises(council: &Council, case: CaseReference, really: bool) -> Result<u64, DeskError> {
    let version = council.desk.peek(case, &council.morgan, later()).await?.version;
    let lines = council.desk.anonymise((case, version), &council.morgan, really, later()).await?;
    Ok(lines.iter().map(|line| line.n).sum())
}

fn refused<T: std::fmt::Debug>(answer: Result<T, DeskError>, says: &str) {
    let Err(DeskError::Refused(why)) = answer else { panic!("{answer:?}") };
    assert!(why.contains(says), "{why}");
}

fn listed(kept: &Kept) -> [Vec<&str>; 4] {
    [&kept.due, &kept.decided, &kept.soon, &kept.held]
        .map(|rows| rows.iter().map(|row| row.reference.as_str()).collect())
}

/// Every table with its columns, but for what the database works out from other columns by itself: the full-text index among it.
async fn columns(database: &Database) -> BTreeMap<String, Vec<String>> {
    let sql = match database.kind {
        "SQLite" => {
            "SELECT m.name AS t, p.name AS c FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' \
             AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '_sqlx%' AND m.name NOT LIKE 'case_fts%'"
        }
        _ => {
            "SELECT CAST(table_name AS TEXT) AS t, CAST(column_name AS TEXT) AS c FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' AND is_generated = 'NEVER'"
        }
    };
    let rows: Vec<(String, String)> = match &database.store {
        Store::Sqlite { read, .. } => sqlx::query_as(sql).fetch_all(read).await.unwrap(),
        Store::Postgres { pool, .. } => sqlx::query_as(sql).fetch_all(pool).await.unwrap(),
    };
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in rows {
        tables.entry(table).or_default().push(column);
    }
    tables
}

/// Where the word stands in the database, whatever the column is of.
async fn places(database: &Database, word: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (table, columns) in columns(database).await {
        for column in columns {
            let n: i64 = match &database.store {
                Store::Sqlite { write, .. } => {
                    let sql =
                        format!("SELECT count(*) FROM {table} WHERE lower(CAST({column} AS TEXT)) LIKE '%{word}%'");
                    sqlx::query(AssertSqlSafe(sql)).fetch_one(write).await.unwrap().get(0)
                }
                Store::Postgres { pool, .. } => {
                    let text = if (table.as_str(), column.as_str()) == ("delivery", "raw") {
                        format!("encode({column}, 'escape')")
                    } else {
                        format!("CAST({column} AS TEXT)")
                    };
                    let sql = format!("SELECT count(*) FROM {table} WHERE lower({text}) LIKE '%{word}%'");
                    sqlx::query(AssertSqlSafe(sql)).fetch_one(pool).await.unwrap().get(0)
                }
            };
            if n > 0 {
                found.insert(format!("{table}.{column}"));
            }
        }
    }
    found
}

/// Files on disk below `folder` in which the word stands.
fn files_with(folder: &std::path::Path, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with(&path, word));
        } else if String::from_utf8_lossy(&std::fs::read(&path).unwrap()).to_lowercase().contains(word) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Two files with the word, one message.
fn with_files() -> String {
    let file = |name: &str, words: &str| {
        format!(
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{words}\r\n"
        )
    };
    format!(
        "From: Noor {WORD} <{WORD}@mail.example>\r\nTo: complaints@calderbeck.example\r\nMessage-ID: <{WORD}-1@mail.example>\r\n\
         References: <{WORD}-0@mail.example>\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\nSubject: {WORD} is not rung\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         Nobody has rung {WORD} back. Rowan Bell knows {WORD}.\r\n\r\n> {WORD} wrote before\r\n{}{}--b--\r\n",
        file(&format!("{WORD}.txt"), &format!("The diary of {WORD}.")),
        file("plan.txt", &format!("The plan of {WORD}.")),
    )
}

/// A case that has something of everything, closed.
async fn whole(council: &Council) -> CaseReference {
    let said = heard::labelling::labels::Suggestion {
        because: format!("Nobody has rung {WORD} back."),
        ..suggestion(Act::Complaint, 0.97, 0.97, Procedure::Corporate, Theme::Communication)
    };
    council.arrives("complaints", &with_files(), "2026-11-20T09:00:00Z", &said).await;
    let references = council.database.texts("SELECT reference FROM case_file").await;
    let case: CaseReference = references[0].parse().unwrap();
    while send_due(&council.engine).await.unwrap() > 0 {}
    let morgan = &council.morgan;
    let does = |action| act(council, morgan, case, action);
    does(DeskAction::SetSubject { who: "rowan.bell@calderbeck.example".into(), is: false }).await;
    does(DeskAction::Safeguarding(Safeguarding::Read { what: format!("Rang {WORD}.") })).await;
    does(DeskAction::Safeguarding(Safeguarding::DoNotReply { address: format!("{WORD}@mail.example"), is: true }))
        .await;
    does(DeskAction::Confirm).await;
    // A second message, from another address of theirs; and one from a stranger.
    let reply = mail(
        &format!("Noor {WORD} <{WORD}@mail.example>"),
        &format!("{WORD}-2"),
        &format!("Re: {WORD}"),
        &format!("In-Reply-To: <{WORD}-1@mail.example>\r\n"),
        &format!("{WORD} again."),
    );
    council.arrives("complaints", &reply, "2026-11-20T10:00:00Z", &said).await;
    let stranger = mail(
        &format!("Stranger {WORD} <stranger.{WORD}@else.example>"),
        &format!("{WORD}-3"),
        &format!("Re: {WORD}"),
        &format!("In-Reply-To: <{WORD}-1@mail.example>\r\n"),
        &format!("I know {WORD} too."),
    );
    council.arrives("complaints", &stranger, "2026-11-20T10:05:00Z", &said).await;
    let member =
        Member { name: Some(format!("Sami {WORD}")), address: Some(format!("s.{WORD}@mail.example")), contact: None };
    does(DeskAction::SetGroup(Some(Group { name: format!("Friends of {WORD}"), members: vec![member] }))).await;
    let noted = Step::Noted {
        what: Noted::Call,
        on: now().date_naive(),
        with: format!("Noor {WORD}"),
        text: format!("They rang from {WORD}."),
    };
    does(DeskAction::Step { step: Box::new(noted), given: Given::Nobody }).await;
    does(DeskAction::SetPoints(Box::new(points(WORD)))).await;
    let asked = Step::ContributionAsked {
        from: "helen.marsh@calderbeck.example".into(),
        name: String::new(),
        question: format!("What do you know of {WORD}?"),
        points: vec![1],
        due: "2026-11-27".parse().unwrap(),
    };
    does(DeskAction::Step { step: Box::new(asked), given: Given::Nobody }).await;
    let letters = "SELECT message ->> 'text' FROM outbox WHERE kind = 'contribution-request'";
    let text = council.database.texts(letters).await.remove(0);
    let token = text.lines().find_map(|line| line.split_once("/contribution/")).unwrap().1.to_owned();
    let token: [u8; 32] = sha2::Sha256::digest(token.as_bytes()).into();
    council.desk.contribute(token, format!("I rang {WORD}."), now()).await.unwrap();
    let (kind, file_name) = (DocumentKind::Other, format!("{WORD}.txt"));
    let document =
        NewDocument { kind, name: format!("Plan of {WORD}"), file_name, bytes: format!("All about {WORD}.").into() };
    council.desk.add_document(case, morgan, document, now()).await.unwrap();
    keep_all(&council.engine).await.unwrap();
    does(DeskAction::Answer { given: Given::Letter }).await;
    council.database.run("UPDATE do_not_reply SET marked_at = marked_at").await;
    // What waits for somebody to look goes nowhere in this story.
    for letter in council.desk.undelivered(morgan).await.unwrap().letters {
        let why = format!("told {WORD} by telephone");
        council.desk.mend_letter(letter.id, morgan, heard::web::desk::LetterAction::Told { why }, now()).await.unwrap();
    }
    while send_due(&council.engine).await.unwrap() > 0 {}
    does(DeskAction::Close { reason: format!("Done for {WORD}.") }).await;
    case
}

async fn pages(council: &Council, officers: &[&Officer]) -> Router {
    for officer in officers {
        let token: [u8; 32] = sha2::Sha256::digest(officer.email.as_bytes()).into();
        council.desk.open_session(token, officer.id, later()).await.unwrap();
    }
    heard::web::router(council.web(later()))
}

async fn ask(pages: &Router, officer: &Officer, path: &str, form: Option<&[(&str, &str)]>) -> (StatusCode, String) {
    let request = if form.is_some() { Request::post(path) } else { Request::get(path) };
    let request = request
        .header(header::COOKIE, format!("heard={}", officer.email))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form.unwrap_or_default());
    let response = pages.clone().oneshot(request.body(Body::from(body.finish())).unwrap()).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8_lossy(&bytes).replace("&#x2f;", "/"))
}

mod stories {
    use super::*;

    pub async fn what_is_due_is_listed_and_a_manager_decides(council: Council) {
        let old = complains(&council, "Noor Haddad", "noor", "a call").await;
        let open = complains(&council, "Sami Tregar", "sami", "a taxi").await;
        closes(&council, old, "a call").await;
        let (of, morgan, bell) = (old.to_string(), council.morgan.clone(), council.bell.clone());
        let kept = |when: &'static str| council.desk.kept(&council.morgan, at(when));
        let none: Vec<&str> = Vec::new();
        assert_eq!(
            listed(&kept("2032-08-01T10:00:00Z").await.unwrap()),
            [none.clone(), none.clone(), none.clone(), none.clone()]
        );
        assert_eq!(
            listed(&kept("2032-11-19T10:00:00Z").await.unwrap()),
            [none.clone(), none.clone(), vec![&*of], none.clone()]
        );
        let due = kept("2032-11-20T10:00:00Z").await.unwrap();
        assert_eq!(listed(&due), [vec![&*of], none.clone(), none.clone(), none.clone()]);
        assert_eq!(due.due[0].because, "It is kept for 6 years after its end on Friday 20 November 2026.");

        // An officer decides nothing; an open case has nothing to be decided but a hold.
        let may = Retention::ToAnonymise { reason: "x".into() };
        refused(keeps(&council, &bell, old, may.clone()).await, "Only a complaints manager");
        refused(keeps(&council, &morgan, open, may.clone()).await, "is decided after its end");
        refused(anonymises(&council, old, true).await, "Nobody has decided");
        keeps(&council, &morgan, old, Retention::Held { reason: "The inquiry.".into() }).await.unwrap();
        keeps(&council, &morgan, open, Retention::Held { reason: "The court.".into() }).await.unwrap();
        let held = kept(LATER).await.unwrap();
        assert_eq!(listed(&held), [none.clone(), none.clone(), none.clone(), vec![&*of, &*open.to_string()]]);
        assert_eq!(held.held[0].because, "The inquiry.");
        refused(keeps(&council, &morgan, old, may.clone()).await, "on hold");
        keeps(&council, &morgan, old, Retention::Lifted { reason: "It is over.".into() }).await.unwrap();
        keeps(
            &council,
            &morgan,
            old,
            Retention::Until { on: "2035-01-01".parse().unwrap(), reason: "A claim.".into() },
        )
        .await
        .unwrap();
        assert_eq!(listed(&kept(LATER).await.unwrap())[0], none);
        assert_eq!(listed(&kept("2035-01-01T10:00:00Z").await.unwrap())[0], vec![&*of]);
        keeps(&council, &morgan, old, may).await.unwrap();
        assert_eq!(listed(&kept(LATER).await.unwrap())[1], vec![&*of]);
        let case = council.desk.case(old, &morgan, later()).await.unwrap();
        let titles: Vec<&str> = case.history.iter().take(5).map(|entry| entry.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "Reviewed: to be anonymised",
                "Reviewed: kept until Monday 1 January 2035",
                "Hold lifted",
                "Put on hold: nothing of it may go",
                "Closed",
            ]
        );
        assert_eq!(case.history[2].detail, "It is over.");
        council.database.drop().await;
    }

    pub async fn nothing_says_who_any_more_once_it_was_anonymised(council: Council) {
        let case = whole(&council).await;
        decides(&council, case).await;
        // What this story does not come by is put in by hand.
        for sql in [
            "UPDATE case_file SET passed_on_by = 'zyxwort', unsure = 'zyxwort', next_what = 'zyxwort'",
            "UPDATE contact SET phone = 'zyxwort'",
            "UPDATE delivery SET why = 'zyxwort' WHERE representation_id IS NOT NULL",
            "UPDATE representation SET passed_on_by = 'zyxwort', automated_because = 'zyxwort', why = 'zyxwort', quoted_text = 'zyxwort'",
            "UPDATE case_message SET why = 'zyxwort'",
            "UPDATE outbox SET delivery_fault = 'zyxwort', delivery_why = 'zyxwort', ended_why = 'zyxwort', why = 'zyxwort' WHERE case_id IS NOT NULL",
        ] {
            council.database.run(sql).await;
        }
        let before = places(&council.database, WORD).await;
        // It stands wherever the list says that somebody's words stand, as far as this story goes.
        let texts = [
            "attachment.filename",
            "case_document.name",
            "case_event.body",
            "case_file.passed_on_by",
            "case_file.unsure",
            "case_message.why",
            "case_name.name",
            "contact.name",
            "contact.phone",
            "contact_address.address",
            "contribution.answer",
            "contribution.points",
            "contribution.question",
            "delivery.raw",
            "delivery.why",
            "do_not_reply.mailbox",
            "kept_file.words",
            "outbox.message",
            "outbox.recipient",
            "outbox.mailbox",
            "outbox.ended_why",
            "representation.author_address",
            "representation.author_name",
            "representation.content_key",
            "representation.message_id",
            "representation.quoted_text",
            "representation.reading",
            "representation.subject",
            "representation.visible_text",
            "representation.passed_on_by",
            "suggestion.body",
            "thread_awaited.message_id",
            "thread_id.message_id",
        ];
        for place in texts {
            assert!(before.contains(place), "{place} is not planted: {before:?}");
        }
        let files = council.folder.path().join("files");
        assert_eq!(files_with(&files, WORD).len(), 3);

        let looked = council.desk.case(case, &council.morgan, later()).await.unwrap();
        let would = anonymises(&council, case, false).await.unwrap();
        assert!(would > 30, "{would}");
        // A look at what would go is nothing but that.
        assert_eq!(places(&council.database, WORD).await, before);
        assert_eq!(council.database.number("SELECT count(*) FROM file_to_remove").await, 0);

        let went = anonymises(&council, case, true).await.unwrap();
        assert_eq!(went, would, "the figures of the look are those of the thing itself");
        let left = places(&council.database, WORD).await;
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(files_with(&files, WORD), Vec::<String>::new());
        assert_eq!(council.database.number("SELECT count(*) FROM file_to_remove").await, 0);
        // Nor in what SQLite has written over, or in its log.
        if let Some(path) = council.database.url.strip_prefix("sqlite://") {
            assert_eq!(files_with(std::path::Path::new(path).parent().unwrap(), WORD), Vec::<String>::new());
        }
        // Nobody whom it was about, or who wrote to it, stands anywhere but in the list of accounts.
        assert_eq!(council.database.number("SELECT count(*) FROM case_barred").await, 0);
        assert_eq!(council.database.number("SELECT count(*) FROM contact").await, 0);
        let helen = places(&council.database, "helen").await;
        assert!(helen.is_empty(), "{helen:?}");

        // What figures need is as it was.
        let after = council.desk.case(case, &council.morgan, later()).await.unwrap();
        assert!(after.anonymised_at.is_some() && looked.anonymised_at.is_none());
        let figures = |case: &heard::web::views::CaseView| {
            (
                case.reference.clone(),
                case.status,
                case.act,
                case.procedure,
                case.theme,
                case.received_at,
                case.messages.len(),
            )
        };
        assert_eq!(figures(&after), figures(&looked));
        assert_eq!(after.course.state, looked.course.state);
        assert_eq!(after.answer.points.points.len(), 1);
        let outcome = |case: &heard::web::views::CaseView| {
            case.answer.points.points[0].finding.as_ref().map(|found| found.outcome)
        };
        assert_eq!(outcome(&after), outcome(&looked));
        assert_eq!(after.history.len(), looked.history.len() + 1);
        let audit = "SELECT what FROM audit WHERE what LIKE 'anonymised%'";
        assert_eq!(council.database.texts(audit).await, [format!("anonymised the case: {went} entries")]);
        // Nothing more can be done to it.
        refused(keeps(&council, &council.morgan, case, Retention::Held { reason: "x".into() }).await, "nothing more");
        assert!(anonymises(&council, case, true).await.is_err());

        // Its page says so, and names nobody.
        let pages = pages(&council, &[&council.morgan, &council.bell]).await;
        let (status, page) = ask(&pages, &council.morgan, &format!("/cases/{case}"), None).await;
        assert!(status == StatusCode::OK && page.contains("Anonymised") && page.contains("Closed"), "{page}");
        let (status, page) = ask(&pages, &council.morgan, &format!("/cases/{case}/retention"), None).await;
        assert!(status == StatusCode::OK && page.contains("Nothing more can be done to it"), "{page}");
        for path in ["bundle", "answer", "people", "complainant", "steps"] {
            let (status, page) = ask(&pages, &council.morgan, &format!("/cases/{case}/{path}"), None).await;
            assert!(!status.is_server_error() && !page.to_lowercase().contains(WORD), "{path}: {status}");
        }
        council.database.drop().await;
    }

    pub async fn a_message_that_comes_again_brings_nothing_back(council: Council) {
        let case = complains(&council, "Noor Haddad", "noor", "a call").await;
        closes(&council, case, "a call").await;
        decides(&council, case).await;
        anonymises(&council, case, true).await.unwrap();
        let cases = council.database.number("SELECT count(*) FROM case_file").await;
        let said = suggestion(Act::Complaint, 0.97, 0.02, Procedure::Corporate, Theme::Communication);
        let raw = mail("Noor Haddad <noor@mail.example>", "noor", "About a call", "", "a call");
        let counts = council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &said).await;
        assert_eq!(counts.cases_opened, 0);
        assert_eq!(places(&council.database, "haddad").await, BTreeSet::new());
        // An answer to it is a matter of its own, whatever it quotes.
        let raw = mail(
            "Noor Haddad <noor@mail.example>",
            "noor-2",
            &format!("Re: [{case}] About a call"),
            "In-Reply-To: <noor@mail.example>\r\n",
            "I complain again.",
        );
        let counts = council.arrives("complaints", &raw, "2026-12-11T09:00:00Z", &said).await;
        assert_eq!(counts.cases_opened, 1);
        assert_eq!(council.database.number("SELECT count(*) FROM case_file").await, cases + 1);
        council.database.drop().await;
    }

    pub async fn what_another_case_needs_stays(council: Council) {
        let first = complains(&council, "Noor Haddad", "noor", "a call").await;
        closes(&council, first, "a call").await;
        // The same family complains of something else years later.
        let said = suggestion(Act::Complaint, 0.97, 0.02, Procedure::Corporate, Theme::Transport);
        let raw = mail("Noor Haddad <noor@mail.example>", "noor-9", "The taxi", "", "The taxi never comes on Mondays.");
        council.arrives("complaints", &raw, "2026-11-27T09:00:00Z", &said).await;
        assert_eq!(council.database.number("SELECT count(*) FROM case_file").await, 2);
        decides(&council, first).await;
        anonymises(&council, first, true).await.unwrap();
        assert_eq!(council.database.texts("SELECT address FROM contact_address").await, ["noor@mail.example"]);
        let left = places(&council.database, "haddad").await;
        assert!(left.contains("contact.name") && left.contains("representation.author_name"), "{left:?}");
        assert_eq!(council.database.number("SELECT count(*) FROM representation WHERE subject = ''").await, 1);
        council.database.drop().await;
    }

    pub async fn a_merged_case_goes_with_the_other(council: Council) {
        let one = complains(&council, "Noor Haddad", "noor", "a call").await;
        let two = complains(&council, "Sami Haddad", "sami", "a taxi").await;
        act(&council, &council.bell, two, DeskAction::Merge { with: one }).await;
        closes(&council, one, "a call").await;
        refused(
            keeps(&council, &council.morgan, two, Retention::ToAnonymise { reason: "x".into() }).await,
            "merged into",
        );
        refused(anonymises(&council, two, true).await, "merged into");
        decides(&council, one).await;
        assert_eq!(council.desk.kept_case(one, &council.morgan, later()).await.unwrap().with, [two.to_string()]);
        anonymises(&council, one, true).await.unwrap();
        assert_eq!(council.database.number("SELECT count(*) FROM case_file WHERE anonymised_at IS NOT NULL").await, 2);
        assert_eq!(places(&council.database, "haddad").await, BTreeSet::new());
        council.database.drop().await;
    }

    pub async fn a_joint_complaint_drags_nobody_along(council: Council) {
        let one = complains(&council, "Noor Haddad", "noor", "a call").await;
        let two = complains(&council, "Sami Tregar", "sami", "a taxi").await;
        let tie = JointAction::Tie { suggestion: None, cases: vec![one, two], title: format!("What {WORD} did") };
        council.desk.mend_joint(&council.bell, tie, now()).await.unwrap();
        closes(&council, one, "a call").await;
        decides(&council, one).await;
        // A letter that was held back and never went is nobody's to be sent any more, and on no list.
        council.database.run("UPDATE outbox SET state = 'held' WHERE kind = 'acknowledgement'").await;
        council.database.run("UPDATE outbox SET state = 'waiting' WHERE kind = 'answer'").await;
        refused(anonymises(&council, one, true).await, "still to be sent");
        council.database.run("UPDATE outbox SET state = 'sent' WHERE kind = 'answer'").await;
        anonymises(&council, one, true).await.unwrap();
        let waits = council.desk.undelivered(&council.morgan).await.unwrap().letters;
        assert!(waits.iter().all(|letter| letter.reference.as_deref() != Some(&*one.to_string())), "{waits:?}");
        // The other family's case and what ties them are as they were.
        assert_eq!(council.database.number("SELECT count(*) FROM case_file WHERE anonymised_at IS NULL").await, 1);
        assert!(places(&council.database, "tregar").await.contains("representation.author_name"));
        assert!(places(&council.database, WORD).await.contains("joint.title"));
        act(&council, &council.bell, two, DeskAction::Confirm).await;
        act(&council, &council.bell, two, DeskAction::SetPoints(Box::new(points("a taxi")))).await;
        act(&council, &council.bell, two, DeskAction::Answer { given: Given::Letter }).await;
        while send_due(&council.engine).await.unwrap() > 0 {}
        act(&council, &council.bell, two, DeskAction::Close { reason: "Done.".into() }).await;
        decides(&council, two).await;
        anonymises(&council, two, true).await.unwrap();
        // The title goes with the last of them.
        assert_eq!(council.database.texts("SELECT title FROM joint").await, ["[removed]"]);
        assert_eq!(council.database.number("SELECT count(*) FROM joint_case").await, 2);
        council.database.drop().await;
    }

    pub async fn whoever_is_kept_out_of_a_case_finds_nothing_of_it(council: Council) {
        let password = Some("a long enough password".to_owned().into());
        let email = "dara.quill@calderbeck.example";
        users::add(&council.database.store, email, "Dara Quill", Role::ComplaintsManager, password, now())
            .await
            .unwrap();
        let quill = council.desk.account(email).await.unwrap().unwrap().officer;
        let case = complains(&council, "Noor Haddad", "noor", "what Dara Quill said").await;
        closes(&council, case, "a call").await;
        let kept = council.desk.kept(&quill, later()).await.unwrap();
        assert_eq!(listed(&kept), [vec![], vec![], vec![], Vec::<&str>::new()]);
        assert_eq!(council.desk.kept(&council.morgan, later()).await.unwrap().due.len(), 1);
        let step = Retention::ToAnonymise { reason: "x".into() };
        for answer in [
            council.desk.keep((case, 1), &quill, step, later()).await,
            council.desk.kept_case(case, &quill, later()).await.map(|_| ()),
            council.desk.anonymise((case, 1), &quill, false, later()).await.map(|_| ()),
        ] {
            assert!(matches!(answer, Err(DeskError::NotFound)), "{answer:?}");
        }
        decides(&council, case).await;
        let pages = pages(&council, &[&quill, &council.morgan]).await;
        let (status, page) = ask(&pages, &quill, "/retention", None).await;
        assert!(status == StatusCode::OK && !page.contains(&case.to_string()) && !page.contains("Haddad"), "{page}");
        let nowhere = CaseReference { year: 2026, number: 9_999 };
        for form in
            [None, Some([("what", "preview"), ("version", "1")]), Some([("what", "anonymise"), ("version", "1")])]
        {
            let form = form.as_ref().map(|form| &form[..]);
            let here = ask(&pages, &quill, &format!("/cases/{case}/retention"), form).await;
            let there = ask(&pages, &quill, &format!("/cases/{nowhere}/retention"), form).await;
            assert_eq!((here.0, here.1.replace(&case.to_string(), &nowhere.to_string())), there);
        }
        council.database.drop().await;
    }

    pub async fn the_command_lists_and_does_nothing_without_yes(council: Council) {
        let case = complains(&council, "Noor Haddad", "noor", "a call").await;
        let open = complains(&council, "Sami Tregar", "sami", "a taxi").await;
        closes(&council, case, "a call").await;
        // The command asks the clock of the machine: these are of years ago.
        council.database.run("UPDATE case_event SET at = '2019-11-20T10:30:00Z'").await;
        council.database.run("UPDATE case_file SET opened_at = '2019-11-20T10:30:00Z'").await;
        let folder = tempfile::tempdir().unwrap();
        let url = council.database.url.clone();
        let heard = |arguments: &[&str]| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_heard"));
            command.current_dir(folder.path()).args(["retention", "--database", &url]).args(arguments);
            let output = command.output().unwrap();
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            (output.status.success(), text(&output.stdout), text(&output.stderr))
        };
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap_or_else(|_| panic!("{text}"));
        let (well, out, fault) = heard(&["--json"]);
        assert!(well, "{fault}");
        let list = json(&out);
        assert_eq!(list.as_array().unwrap().len(), 1);
        assert_eq!((&list[0]["reference"], &list[0]["state"]), (&case.to_string().into(), &"due".into()), "{list}");
        assert!(heard(&[]).1.contains(&format!("To be looked at:\n  {case}  ")), "{}", heard(&[]).1);

        // By whom must be said, and only a complaints manager may.
        let of = case.to_string();
        let manager = ["--by", "sam.morgan@calderbeck.example"];
        assert!(!heard(&["--anonymise", &of]).0);
        let (well, _, fault) = heard(&["--anonymise", &of, "--by", "rowan.bell@calderbeck.example"]);
        assert!(!well && fault.contains("only a complaints manager"), "{fault}");
        let (well, out, _) = heard(&["--anonymise", &of, &open.to_string(), manager[0], manager[1]]);
        assert!(!well && out.contains("nobody has decided yet") && out.contains("decided after its end"), "{out}");
        let version = council.desk.peek(case, &council.morgan, now()).await.unwrap().version;
        let step = Retention::ToAnonymise { reason: "Nobody needs it.".into() };
        council.desk.keep((case, version), &council.morgan, step, now()).await.unwrap();

        let (well, out, fault) = heard(&["--decided", "--json", manager[0], manager[1]]);
        assert!(well, "{fault}");
        let would = json(&out);
        assert_eq!((&would["dry_run"], &would["cases"][0]["reference"]), (&true.into(), &of.clone().into()), "{would}");
        assert!(
            would["cases"][0]["rows"]["representation"] == 1 && would["cases"][0]["rows"]["contact"] == 1,
            "{would}"
        );
        assert!(places(&council.database, "haddad").await.len() > 5, "nothing was done");
        let (well, out, fault) = heard(&["--decided", "--yes", "--json", manager[0], manager[1]]);
        assert!(well, "{fault}");
        let did = json(&out);
        assert_eq!((&did["dry_run"], &did["cases"]), (&false.into(), &would["cases"]), "{did}");
        assert_eq!(places(&council.database, "haddad").await, BTreeSet::new());
        assert!(places(&council.database, "tregar").await.len() > 5, "the other is as it was");
        assert!(heard(&["--decided", manager[0], manager[1]]).1.contains("No case was decided on."));
        council.database.drop().await;
    }

    pub async fn every_column_is_on_the_list(council: Council) {
        let words = |text: &'static str| text.split_whitespace().map(str::to_owned);
        let listed: BTreeMap<String, BTreeSet<String>> = TABLES
            .iter()
            .map(|table| (table.name.to_owned(), words(table.kept).chain(words(table.emptied)).collect()))
            .collect();
        assert_eq!(listed.len(), TABLES.len(), "a table stands twice in the list");
        for (table, columns) in columns(&council.database).await {
            let columns: BTreeSet<String> = columns.into_iter().collect();
            let known = listed
                .get(&table)
                .unwrap_or_else(|| panic!("{table} is not in store/personal.rs: say what becomes of it"));
            assert_eq!(&columns, known, "{table}: say in store/personal.rs what becomes of each column");
        }
        assert!(TABLES.iter().all(|table| table.rows == Rows::Stay || table.emptied.is_empty()));
        council.database.drop().await;
    }
}
