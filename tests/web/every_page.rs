//! Every page that the router has, in a real browser, with a council whose mail, chats, names, files and notes are full of markup:
//! none of it becomes part of a page; axe-core finds no fault; at 400 % nothing has to be scrolled sideways; and on paper the case is
//! there without what belongs to a screen. `HEARD_SHOTS=folder` keeps a picture of each page (`docs/screens`).

use std::collections::BTreeSet;

use crate::{
    chromium::{Desk as Browser, browse},
    council::{Council, at, now, on_both, said},
    databases::Database,
};
use fantoccini::wd::PrintConfigurationBuilder;
use heard::{
    casework::Given,
    ids::CaseReference,
    intake::prepare::ChatMessage,
    labelling::labels::Theme,
    procedure::{
        documents::DocumentKind,
        event::{Appointee, Group, Member, Noted, Point, Points, Post, Step, Works},
    },
    web::{
        access::Role,
        desk::{Desk, DeskAction, NewDocument},
        views::Officer,
    },
    workers::{IngestCounts, Ingesting, ingest_one},
};
use serde_json::json;

on_both! {
    every_page_is_whole_and_what_others_wrote_stays_words every_page_on_postgres;
}

const PASSWORD: &str = "a long enough password";
/// Each of these would leave a mark in the page if it became part of it.
const MARKUP: &str = "<script>window.planted=1</script><img class=planted src=x onerror=window.planted=1>\
                       \"'><svg class=planted onload=window.planted=1></svg><b class=planted>{{ 7 * 7 }}</b>";

/// Pictures show what a council sees on an ordinary day.
fn planted() -> &'static str {
    if std::env::var_os("HEARD_SHOTS").is_some() { "" } else { MARKUP }
}

/// A mail with markup in its subject, its sender's name, its words, its page and its file's name and words.
fn planted_mail() -> String {
    let planted = planted();
    let quoted = planted.replace('"', "\\\"");
    format!(
        "From: \"Noor {quoted}\" <noor@mail.example>\r\nTo: complaints@calderbeck.example\r\nMessage-ID: <planted@mail.example>\r\n\
         Date: Fri, 20 Nov 2026 08:00:00 +0000\r\nSubject: A complaint {planted}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n\
         --inner\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nNobody has called me back. {planted}\r\n\
         --inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Nobody has called me back. {planted}</p>\r\n--inner--\r\n\
         --outer\r\nContent-Type: text/plain; name=\"{quoted}.txt\"\r\nContent-Disposition: attachment; filename=\"{quoted}.txt\"\r\n\r\n\
         A list {planted}\r\n--outer--\r\n"
    )
}

fn planted_chat() -> ChatMessage {
    let planted = planted();
    ChatMessage {
        id: "tg:7:1".into(),
        address: "telegram:7".into(),
        from_name: Some(format!("Jo {planted}")),
        date: at("2026-11-19T09:00:00Z"),
        text: format!("Nobody has called me back. {planted}"),
        attachments: Vec::new(),
        no_answer: Vec::new(),
        silent: false,
        changes: None,
    }
}

async fn account(council: &Council, name: &str, role: Role) -> Officer {
    let email = format!("{}@calderbeck.example", name.to_lowercase().replace(' ', "."));
    let password = Some(PASSWORD.to_owned().into());
    let planted = planted();
    // What a colleague is called is nothing that we wrote either.
    let name = format!("{name} {planted}");
    heard::desk::users::add(&council.database.store, &email, &name, role, password, now()).await.unwrap();
    council.desk.account(&email).await.unwrap().unwrap().officer
}

async fn does(council: &Council, case: CaseReference, action: DeskAction) {
    let version = council.desk.peek(case, &council.morgan, now()).await.unwrap().version;
    let what = format!("{action:?}");
    council.desk.act(case, &council.morgan, version, action, now()).await.unwrap_or_else(|why| panic!("{what}: {why}"));
}

async fn takes(council: &Council, case: CaseReference, step: Step, given: Given) {
    does(council, case, DeskAction::Step { step: Box::new(step), given }).await;
}

/// A case that everything which takes words has taken them for.
async fn a_full_case(council: &Council, investigator: &Officer) -> CaseReference {
    let planted = planted();
    council.arrives("complaints", &planted_mail(), "2026-11-19T09:00:00Z", &said(Theme::Transport)).await;
    let case = council.database.texts("SELECT reference FROM case_file").await.remove(0).parse().unwrap();
    does(council, case, DeskAction::Confirm).await;
    let members =
        vec![Member { name: Some(format!("Member {planted}").trim().to_owned()), address: None, contact: None }];
    does(
        council,
        case,
        DeskAction::SetGroup(Some(Group { name: format!("Parents {planted}").trim().to_owned(), members })),
    )
    .await;
    let point = Point { text: format!("Nobody called back {planted}"), ..Point::default() };
    let points = Points { points: vec![point], ..Points::default() };
    does(council, case, DeskAction::SetPoints(Box::new(points))).await;
    let noted = Step::Noted {
        what: Noted::Call,
        on: now().date_naive(),
        with: format!("Noor {planted}").trim().to_owned(),
        text: format!("She rang {planted}"),
    };
    takes(council, case, noted, Given::Nobody).await;
    let person = Appointee {
        name: format!("Tamsin {planted}").trim().to_owned(),
        email: investigator.email.clone(),
        works: Works::Council,
        unconnected: false,
        reason: String::new(),
    };
    takes(council, case, Step::Appointed { post: Post::Responder, person }, Given::Nobody).await;
    let asked = Step::ContributionAsked {
        from: "ruth.pellow@calderbeck.example".into(),
        name: String::new(),
        question: format!("What was said to the family? {planted}"),
        points: vec![1],
        due: "2026-11-24".parse().unwrap(),
    };
    takes(council, case, asked, Given::Nobody).await;
    let document = NewDocument {
        kind: DocumentKind::Other,
        name: format!("The list {planted}"),
        file_name: format!("{planted}.txt"),
        bytes: format!("A list of what is missing. {planted}").into(),
    };
    council.desk.add_document(case, &council.morgan, document, now()).await.unwrap();
    case
}

/// Every address of the router that may answer with a page.
fn routes() -> BTreeSet<String> {
    let router = include_str!("../../src/web/mod.rs").split(".route(\"").skip(1);
    let get = router.filter(|rest| rest.lines().next().is_some_and(|line| line.contains("get(")));
    get.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// The route that an address is of.
fn route_of(path: &str) -> String {
    let parts: Vec<&str> = path.split(['?', '#']).next().unwrap().split('/').collect();
    let fits = |route: &String| {
        let route: Vec<&str> = route.split('/').collect();
        route.len() == parts.len() && route.iter().zip(&parts).all(|(one, part)| one.starts_with('{') || one == part)
    };
    let holes = |route: &String| route.matches('{').count();
    routes().into_iter().filter(fits).min_by_key(holes).unwrap_or_else(|| panic!("{path} is no address of the router"))
}

/// Addresses that answer with something else than a page of their own.
const NO_PAGES: &[(&str, &str)] = &[
    ("/assets/", "a file"),
    ("/healthz", "a word"),
    ("/readyz", "a word"),
    ("/{action}", "leads back from a form's address"),
    ("/files/{id}", "a file, to be saved"),
    ("/documents/{id}", "a file, to be saved"),
    ("/letters/{file}", "a PDF"),
    ("/answer.pdf", "a PDF"),
    ("/cases/{reference}/documents", "leads back from a form's address"),
    ("/hand-in", "leads back from a form's address"),
    ("/sign-out-everywhere", "leads back from a form's address"),
    ("/sign-in/council", "leads to the directory"),
    ("/sign-in/council/back", "needs a directory"),
    ("/sign-in/code", "needs half a sign-in: tests/casework/accounts.rs"),
    ("/live", "counts, as they change"),
    ("/views", "leads back from a form's address"),
    ("/audit.csv", "a table, to be saved"),
    ("/letters/{name}/{file}", "a PDF"),
    ("/checks", "needs mailboxes to look into: tests/web/elusion.rs"),
    ("/checks/{id}", "needs mailboxes to look into: tests/web/elusion.rs"),
];

struct Walk<'a> {
    browser: &'a mut Browser,
    seen: BTreeSet<String>,
    names: BTreeSet<String>,
}

impl Walk<'_> {
    /// Opens the page and looks it over.
    async fn page(&mut self, who: &str, path: &str) {
        let route = route_of(path);
        let mut name = format!("{who}{}", route.replace(['{', '}'], "").replace('/', "-"));
        if let Some((_, more)) = path.split_once('?') {
            name = format!("{name}-{}", more.replace(['=', '&', ':'], "-"));
        }
        if let Some(kind) = path.split("/steps/").nth(1) {
            name = format!("{name}-{kind}");
        }
        assert!(self.names.insert(name.clone()), "{name} twice");
        self.browser.open(path).await;
        let here = self.browser.browser.current_url().await.unwrap();
        let asked = path.split('?').next().unwrap();
        assert_eq!(here.path(), asked, "{who} is not shown {path}");
        let status = "return performance.getEntriesByType('navigation')[0].responseStatus";
        assert_eq!(self.browser.browser.execute(status, vec![]).await.unwrap(), json!(200), "{path} for {who}");
        self.inert(path).await;
        self.browser.check(&name).await;
        self.fits(path).await;
        self.seen.insert(route);
    }

    /// Nothing that was written elsewhere has become part of the page.
    async fn inert(&self, path: &str) {
        let look = "return [window.planted === undefined, document.querySelectorAll('.planted').length, \
                    [...document.scripts].filter((one) => !one.src.startsWith(location.origin + '/assets/')).length, \
                    [...document.querySelectorAll('*')].filter((one) => [...one.attributes].some((two) => two.name.startsWith('on'))).length, \
                    document.body.innerText.includes('49')]";
        let found = self.browser.browser.execute(look, vec![]).await.unwrap();
        let clean = json!([true, 0, 0, 0]);
        assert_eq!(json!(found.as_array().unwrap()[..4]), clean, "{path}: marks, scripts, handlers");
        // No template runs what is in the words either.
        let braces = "return !document.body.innerText.includes('49</b>')";
        assert_eq!(self.browser.browser.execute(braces, vec![]).await.unwrap(), json!(true), "{path}");
    }

    /// A screen of 1280 pixels at 400 % has 320 (WCAG 2.2, 1.4.10): only tables may be wider, in a box of their own.
    async fn fits(&self, path: &str) {
        self.browser.zoomed(320).await;
        let wider = "const out = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 \
                     && !one.closest('.heard-scroll')); \
                     return [document.documentElement.scrollWidth - document.documentElement.clientWidth, innerWidth, \
                     out.slice(0, 5).map((one) => one.outerHTML.slice(0, 200))]";
        let found = self.browser.browser.execute(wider, vec![]).await.unwrap();
        assert_eq!(
            json!(found.as_array().unwrap()[..2]),
            json!([0, 320]),
            "{path} scrolls sideways at 400 %: {found:#}"
        );
        self.browser.zoomed(0).await;
    }

    /// What the page is on paper.
    async fn on_paper(&self, path: &str) -> String {
        self.browser.open(path).await;
        let print = PrintConfigurationBuilder::default().build().unwrap();
        let pdf = self.browser.browser.print(print).await.unwrap();
        pdf_extract::extract_text_from_mem(&pdf).unwrap()
    }
}

mod stories {
    use super::*;

    pub async fn every_page_is_whole_and_what_others_wrote_stays_words(council: Council) {
        let planted = planted();
        let investigator = account(&council, "Tamsin Orr", Role::Investigator).await;
        account(&council, "Lee Hobday", Role::ReportReader).await;
        let admin = account(&council, "Pat Selwyn", Role::Administrator).await;
        let case = a_full_case(&council, &investigator).await;
        let chat = Ingesting::chat(&council.engine, planted_chat());
        let suggestion = said(Theme::Delay);
        ingest_one(&council.engine, &chat, std::slice::from_ref(&suggestion), &mut IngestCounts::default())
            .await
            .unwrap();
        // A machine's message, one that cannot be read, and letters that wait.
        let machine = format!(
            "From: Robot {planted} <robot@mail.example>\r\nTo: complaints@calderbeck.example\r\nMessage-ID: <robot@mail.example>\r\n\
             Auto-Submitted: auto-replied\r\nSubject: Out of office {planted}\r\n\r\nI am away. {planted}\r\n"
        );
        council.arrives("complaints", &machine, "2026-11-19T09:30:00Z", &said(Theme::Other)).await;
        let unreadable = Ingesting::Mail {
            mailbox: "complaints".into(),
            raw: format!("Subject: {planted}\r\n\r\n{planted}\r\n").into_bytes(),
            file: None,
            arrived_at: at("2026-11-19T09:40:00Z"),
            prepared: Err("it has no sender".into()),
        };
        ingest_one(&council.engine, &unreadable, &[], &mut IngestCounts::default()).await.unwrap();
        let quarantined = council.desk.quarantine().await.unwrap()[0].id;
        let letter = "SELECT message ->> 'text' FROM outbox WHERE kind = 'contribution-request'";
        let token = council.database.texts(letter).await.remove(0);
        let token = token.split("/contribution/").nth(1).unwrap();
        let token: String = token.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
        council
            .database
            .run("UPDATE outbox SET state = 'held', why = '<b class=planted>held</b>' WHERE kind LIKE 'ack%'")
            .await;

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let pages =
            heard::web::router(council.web(now())).into_make_service_with_connect_info::<std::net::SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
        let mut browser = browse(address, "Calderbeck Council").await;
        let mut walk = Walk { browser: &mut browser, seen: BTreeSet::new(), names: BTreeSet::new() };

        for path in ["/sign-in".to_owned(), "/accessibility".to_owned(), format!("/contribution/{token}")] {
            walk.page("nobody", &path).await;
        }
        walk.browser.sign_in("sam.morgan@calderbeck.example", PASSWORD).await;
        let of_case = ["", "/complainant", "/answer", "/people", "/tracker", "/steps", "/bundle", "/thanks"];
        let mut paths: Vec<String> = of_case.iter().map(|more| format!("/cases/{case}{more}")).collect();
        for step in council.desk.peek(case, &council.morgan, now()).await.unwrap().course.steps {
            paths.push(format!("/cases/{case}/steps/{}", step.word));
        }
        paths.extend(["/", "/?show=all", "/joint", "/letters", "/filed", "/quarantine"].map(str::to_owned));
        paths.push(format!("/quarantine/{quarantined}"));
        paths.extend(
            ["/health", "/figures", "/figures/survey", "/keys", "/users", "/account", "/account/second-factor"]
                .map(str::to_owned),
        );
        let settings =
            ["", "/thresholds", "/directory", "/holidays", "/letters", "/letters/thanks", "/audit", "/what-we-changed"];
        paths.extend(settings.map(|more| format!("/settings{more}")));
        paths.extend(["/retention".to_owned(), "/own-data".to_owned(), format!("/cases/{case}/retention")]);
        for path in &paths {
            walk.page("manager", path).await;
        }
        // On paper: the case, and nothing that only a screen has.
        let paper = walk.on_paper(&format!("/cases/{case}")).await;
        assert!(paper.contains(&case.to_string()) && paper.contains("Nobody has called me back."), "{paper}");
        for word in ["Sign out", "Cases to look at", "Accessibility statement"] {
            assert!(!paper.contains(word), "{word} is printed");
        }
        for (who, email, pages) in [
            ("appointed", &investigator.email, vec!["/given".to_owned(), format!("/given/{case}")]),
            (
                "reader",
                &"lee.hobday@calderbeck.example".to_owned(),
                vec!["/figures".to_owned(), "/figures/survey".to_owned()],
            ),
            (
                "admin",
                &admin.email,
                vec![
                    "/users".to_owned(),
                    format!("/users/{}", council.bell.id),
                    "/health".to_owned(),
                    "/settings".to_owned(),
                    "/settings/audit".to_owned(),
                ],
            ),
        ] {
            walk.browser.press(".heard-top__out").await;
            walk.browser.sign_in(email, PASSWORD).await;
            for path in &pages {
                walk.page(who, path).await;
            }
        }
        let no_page = |route: &String| {
            NO_PAGES.iter().any(|(end, _)| route.ends_with(end) || (end.ends_with('/') && route.starts_with(end)))
        };
        let missed: Vec<String> =
            routes().into_iter().filter(|route| !walk.seen.contains(route) && !no_page(route)).collect();
        assert!(missed.is_empty(), "nobody looked at {missed:?}");
        println!("{} pages", walk.names.len());
        browser.browser.clone().close().await.unwrap();
    }
}
