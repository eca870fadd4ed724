//! The public pages and the form in a real browser: in every language, at 320 pixels, in large print, on paper, with axe-core, and
//! without scripts; and what the line of steps lets others do.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use chrono::TimeDelta;
use fantoccini::wd::PrintConfigurationBuilder;
use heard::clock::Clock;
use serde_json::json;
use tower::ServiceExt;

use crate::{
    chromium::{Desk as Browser, browse},
    council::{Council, now},
    databases::Database,
    visitor::Visitor,
};

const PAGES: [&str; 9] = [
    "/complaints",
    "/complaints/advocacy",
    "/complaints/ombudsman",
    "/complaints/what-we-changed",
    "/complaints/privacy",
    "/complaints/accessibility",
    "/complaints/map",
    "/tell-us",
    "/tell-us/young",
];

/// The pages as if a form were opened a minute before it is sent, whatever the browser does.
async fn start(council: &Council) -> (Browser, String) {
    let mut state = council.web(now());
    let began = std::time::Instant::now();
    // A minute of the council's time is a second of the test's.
    state.clock = Clock::by(move || now() + TimeDelta::seconds(60 * i64::try_from(began.elapsed().as_secs()).unwrap()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let pages = heard::web::router(state).into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
    (browse(address.clone(), "Calderbeck Council").await, address)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_public_page_is_whole_in_every_language_and_size() {
    let council = Council::open(Database::sqlite().await).await;
    let (mut browser, _) = start(&council).await;
    browser.open("/complaints").await;
    for language in ["en", "easy", "cy", "pl"] {
        for print in ["usual", "large"] {
            browser.open(&format!("/reading?language={language}&print={print}&to=/complaints")).await;
            for path in PAGES {
                browser.open(path).await;
                let name = format!("{}-{language}-{print}", path.trim_matches('/').replace('/', "-"));
                if path == "/complaints/map" {
                    // It has no script to wait for.
                    let faults = browser.faults().await;
                    assert!(faults.is_empty(), "{name}: {faults:#?}");
                } else if print == "usual" {
                    browser.check(&name).await;
                } else {
                    let faults = browser.faults().await;
                    assert!(faults.is_empty(), "{name}: {faults:#?}");
                }
                browser.zoomed(320).await;
                browser.open(path).await;
                let wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
                assert_eq!(
                    browser.browser.execute(wider, vec![]).await.unwrap(),
                    json!(0),
                    "{name} scrolls sideways at 320"
                );
                browser.shoot_as_it_is(&name).await;
                browser.zoomed(0).await;
                let text = browser.text("body").await;
                for key in ["form-", "map-", "how-", "privacy-", "within-", "from-"] {
                    assert!(
                        !text.contains(&format!(" {key}")) && !text.contains(&format!("\n{key}")),
                        "{name} shows {key}: {text}"
                    );
                }
            }
        }
    }
    // On paper the steps are there, and the buttons are not.
    browser.open("/reading?language=en&print=usual&to=/complaints").await;
    let paper = browser.browser.print(PrintConfigurationBuilder::default().build().unwrap()).await.unwrap();
    let text = pdf_extract::extract_text_from_mem(&paper).unwrap();
    // Letters are set apart on paper.
    let text: String = text.split_whitespace().collect();
    for part in ["How complaining works", "within 10 working days of the day it reached us", "Stage 3: a panel"] {
        let part: String = part.split_whitespace().collect();
        assert!(text.contains(&part), "{part}: {text}");
    }
    assert!(!text.contains("Exitthispage"), "{text}");
    assert!(browser.pages_checked.len() >= 28, "{}", browser.pages_checked.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mother_tells_us_with_scripts_and_a_child_without() {
    let council = Council::open(Database::sqlite().await).await;
    let (mut browser, _) = start(&council).await;
    browser.open("/complaints").await;
    browser.press("a.govuk-button--start").await;
    let first = browser.text("main").await;
    assert!(first.starts_with("If you or a child is in danger now, call 999."), "{first}");
    browser.press("main form button").await;
    assert!(browser.text(".govuk-error-summary").await.contains("Write what you want to tell us"));
    browser.check("tell-us-faults").await;
    browser.click("#kind").await;
    browser.fill("#words", "The minibus left my son at the gate again.").await;
    browser.fill("#email", "ama@mail.example").await;
    // A second passes here, a minute there.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    browser.press("main form button").await;
    assert_eq!(browser.heading().await, "We have what you told us");
    let reference = browser.text(".govuk-panel strong").await;
    assert!(reference.starts_with("HRD-26-"), "{reference}");
    browser.check("tell-us-received").await;
    browser.zoomed(320).await;
    let wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(browser.browser.execute(wider, vec![]).await.unwrap(), json!(0));
    browser.zoomed(0).await;
    assert_eq!(council.database.texts("SELECT reference FROM case_file").await, [reference]);

    // A child, with scripts switched off.
    browser.scripts(false).await;
    browser.open("/tell-us/young").await;
    let page = browser.text("main").await;
    let place = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words}: {page}"));
    assert!(place("Childline") < place("What do you want to tell us?"), "help comes first");
    browser.fill("#words", "Nobody listens to me.").await;
    browser.click("#answer-3").await;
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    browser.click("main form button").await;
    browser.until("h1", "We have what you told us").await;
    assert!(browser.text("main").await.contains("An advocate can be with you all the way."));
    assert_eq!(council.database.number("SELECT count(*) FROM case_file").await, 2);
    // The trap is there, and neither seen nor read out.
    browser.scripts(true).await;
}

#[tokio::test]
async fn the_steps_may_stand_on_the_councils_own_sites_and_no_other_page_may() {
    let council = Council::open(Database::sqlite().await).await;
    let pages = heard::web::router(council.web(now()));
    for path in PAGES {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = pages.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        let own = "frame-ancestors https://localoffer.calderbeck.example";
        assert_eq!(policy.contains(own), path == "/complaints/map", "{path}: {policy}");
        assert!(path == "/complaints/map" || policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!response.headers().contains_key(header::SET_COOKIE), "{path}");
        let page = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let page = String::from_utf8_lossy(&page);
        assert!(!page.contains("<script") || path != "/complaints/map", "{page}");
        assert!(!page.contains(" style=") && !page.contains(" onclick="), "{path}");
    }
    let mut nobody = Visitor::new(&pages);
    let notice = nobody.get("/complaints/privacy").await.body;
    for part in ["dpo@calderbeck.example", "6 years after it is over", "In children’s social care 10 years."] {
        assert!(notice.contains(part), "{part}: {notice}");
    }
    // The days are the council's own.
    let mut state = council.web(now());
    let mut families = council.for_families();
    for step in families.lines.iter_mut().flat_map(|line| &mut line.steps) {
        if let Some(within) = step.within.as_mut().filter(|_| step.key == "heard") {
            within.n = 1;
        }
    }
    state.families = Some(std::sync::Arc::new(families));
    let map = Visitor::new(&heard::web::router(state)).get("/complaints/map").await.body;
    assert!(map.contains("within 1 working day of the day it reached us"), "{map}");
}

#[tokio::test]
async fn what_we_changed_is_what_a_manager_wrote_and_shows() {
    let council = Council::open(Database::sqlite().await).await;
    changed(council).await;
}

#[tokio::test]
async fn what_we_changed_on_postgres() {
    match Database::postgres().await {
        Some(database) => changed(Council::open(database).await).await,
        None => println!("skipped: HEARD_TEST_POSTGRES is not set"),
    }
}

async fn changed(council: Council) {
    let pages = heard::web::router(council.web(now()));
    let (mut family, mut manager, mut officer) = (Visitor::new(&pages), Visitor::new(&pages), Visitor::new(&pages));
    manager.signs_in("sam.morgan@calderbeck.example", "a long enough password").await;
    officer.signs_in("rowan.bell@calderbeck.example", "a long enough password").await;
    let (public, own) = ("/complaints/what-we-changed", "/settings/what-we-changed");
    assert!(family.get(public).await.body.contains("There is nothing here yet."));
    let line = [("what", "save"), ("you_said", "Nobody rings <b>back</b>."), ("we_did", "Every team has a rota.")];
    // An officer may not, and nobody without saying that no one can be recognised.
    let mut whole = line.to_vec();
    whole.push(("nobody", "yes"));
    assert_eq!(officer.post(own, &whole).await.status, StatusCode::FORBIDDEN);
    assert_ne!(family.post(own, &whole).await.status, StatusCode::OK);
    let refused = manager.post(own, &line).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("Tick that nobody can be recognised") && refused.body.contains("Every team has a rota.")
    );
    assert!(!family.get(public).await.body.contains("rota"));
    manager.post(own, &whole).await;
    let shown = family.get(public).await.body;
    assert!(
        shown.contains("Nobody rings &lt;b&gt;back&lt;/b&gt;.")
            || shown.contains("Nobody rings &lt;b&gt;back&lt;&#x2f;b&gt;."),
        "{shown}"
    );
    assert!(shown.contains("Friday 20 November 2026") && !shown.contains("Morgan"), "{shown}");
    let page = manager.get(own).await;
    let id = page.between("?edit=", "\"").to_owned();
    let edited = manager.get(&format!("{own}?edit={id}")).await;
    assert!(edited.body.contains("Change a line"), "{}", edited.body);
    manager.post(own, &[("what", "hide"), ("id", &id)]).await;
    assert!(!family.get(public).await.body.contains("rota"));
    whole.push(("id", &id));
    whole[2] = ("we_did", "Every team has a rota, and somebody at the phone.");
    manager.post(own, &whole).await;
    assert!(family.get(public).await.body.contains("somebody at the phone"), "shown again when it is written anew");
    assert_eq!(council.database.number("SELECT count(*) FROM said_done").await, 1);
    assert_eq!(council.database.number("SELECT count(*) FROM audit WHERE what LIKE '%of what we changed'").await, 3);
    council.database.drop().await;
}
