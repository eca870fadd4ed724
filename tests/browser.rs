//! The officers' pages in a real browser (Chromium, driven by chromedriver): a working day in small, and every page
//! checked by axe-core against WCAG 2.2 AA. `HEARD_SHOTS=folder` keeps a picture of each page.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator, wd::Capabilities};
use heard::{clock::Clock, labelling::labels::Act, web::views::CaseStatus};
use serde_json::{Value, json};
use support::{BELL, MORGAN, MemoryDesk, PASSWORD};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

const RULES: &str = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']";

/// A browser, its driver and the pages, all of which end with it.
struct Desk {
    browser: Client,
    address: String,
    axe: String,
    shots: Option<PathBuf>,
    pages_checked: Vec<String>,
    _driver: Child,
    _profile: tempfile::TempDir,
}

async fn start(desk: Arc<MemoryDesk>) -> Desk {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let pages = heard::web::router(support::state(desk, Clock::fixed(support::now())));
    let pages = pages.into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });

    let (driver, port) = driver().await;
    let profile = tempfile::tempdir().unwrap();
    let browser = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
        .capabilities(capabilities(profile.path()))
        .connect(&format!("http://127.0.0.1:{port}"))
        .await
        .expect("chromedriver is there but no browser: install chromium");
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/assets/tests/axe.min.js");
    Desk {
        browser,
        address,
        axe: std::fs::read_to_string(axe).expect("run setup/assets.sh"),
        shots: std::env::var_os("HEARD_SHOTS").map(PathBuf::from),
        pages_checked: Vec::new(),
        _driver: driver,
        _profile: profile,
    }
}

/// Starts chromedriver on a free port and waits until it says that it is ready.
async fn driver() -> (Child, u16) {
    let mut driver = Command::new("chromedriver")
        .args(["--port=0", "--log-level=SEVERE"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("chromedriver is missing (Debian: apt-get install --no-install-recommends chromium chromium-driver)");
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let found = tokio::time::timeout(Duration::from_secs(30), async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some(port) = line.strip_prefix("ChromeDriver was started successfully on port ") {
                return port.trim_end_matches('.').parse().unwrap();
            }
        }
        panic!("chromedriver ended before it was ready");
    });
    let port = found.await.expect("chromedriver did not say that it is ready within 30 s");
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (driver, port)
}

fn capabilities(profile: &Path) -> Capabilities {
    let profile = format!("--user-data-dir={}", profile.display());
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--window-size=1366,900",
        &profile,
    ];
    let options = json!({"args": arguments});
    let all = json!({"browserName": "chrome", "goog:chromeOptions": options});
    all.as_object().unwrap().clone()
}

impl Desk {
    async fn open(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.address)).await.unwrap();
    }

    async fn heading(&self) -> String {
        self.browser.find(Locator::Css("h1")).await.unwrap().text().await.unwrap()
    }

    async fn text(&self, selector: &str) -> String {
        self.browser.find(Locator::Css(selector)).await.unwrap().text().await.unwrap()
    }

    async fn count(&self, selector: &str) -> usize {
        self.browser.find_all(Locator::Css(selector)).await.unwrap().len()
    }

    async fn click(&self, selector: &str) {
        self.browser.find(Locator::Css(selector)).await.unwrap().click().await.unwrap();
    }

    /// Clicks what leads to another page, and waits until that page is there.
    async fn press(&self, selector: &str) {
        self.leave(Locator::Css(selector)).await;
    }

    /// The same for a link with these words.
    async fn follow(&self, words: &str) {
        self.leave(Locator::LinkText(words)).await;
    }

    async fn leave(&self, by: Locator<'_>) {
        self.browser.execute("window.isOldPage = true", vec![]).await.unwrap();
        self.browser.find(by).await.unwrap().click().await.unwrap();
        self.wait("return !window.isOldPage && document.readyState === 'complete'", "the next page did not come").await;
    }

    async fn wait(&self, until: &str, otherwise: &str) {
        for _ in 0..500 {
            // While a page goes away there is no document to ask.
            if self.browser.execute(until, vec![]).await.is_ok_and(|answer| answer == json!(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{otherwise}");
    }

    async fn fill(&self, selector: &str, words: &str) {
        self.browser.find(Locator::Css(selector)).await.unwrap().send_keys(words).await.unwrap();
    }

    async fn sign_in(&self, email: &str) {
        self.open("/sign-in").await;
        self.fill("#email", email).await;
        self.fill("#password", PASSWORD).await;
        self.press("main button[type=submit]").await;
    }

    /// The page has no fault that axe-core finds, its scripts have started, and it has a title of its own.
    async fn check(&mut self, name: &str) {
        let started = "return document.body.classList.contains('govuk-frontend-supported')";
        let otherwise = format!("{name}: the scripts did not start (is the content security policy too strict?)");
        self.wait(started, &otherwise).await;
        if let Some(folder) = &self.shots {
            std::fs::create_dir_all(folder).unwrap();
            let height = "return Math.max(900, document.documentElement.scrollHeight + 150)";
            let height = self.browser.execute(height, vec![]).await.unwrap().as_u64().unwrap();
            self.browser.set_window_size(1366, u32::try_from(height).unwrap()).await.unwrap();
            std::fs::write(folder.join(format!("{name}.png")), self.browser.screenshot().await.unwrap()).unwrap();
            self.browser.set_window_size(1366, 900).await.unwrap();
        }
        let faults = self.faults().await;
        assert!(faults.is_empty(), "{name}: {faults:#?}");
        let title = self.browser.title().await.unwrap();
        let heading = self.heading().await;
        assert!(title.ends_with("Haverwick Council") && !title.starts_with(" –"), "{name}: {title}");
        assert!(!heading.is_empty(), "{name} has no heading");
        self.pages_checked.push(name.to_owned());
    }

    async fn faults(&self) -> Vec<String> {
        self.browser.execute(&self.axe, vec![]).await.unwrap();
        let run = format!(
            "const done = arguments[arguments.length - 1]; \
             axe.run(document, {{runOnly: {{type: 'tag', values: {RULES}}}}}).then(done)"
        );
        let found = self.browser.execute_async(&run, vec![]).await.unwrap();
        let passes = found["passes"].as_array().map_or(0, Vec::len);
        assert!(passes > 10, "axe-core checked almost nothing: {passes} rules");
        let fault = |fault: &Value| format!("{} in {}", fault["id"], fault["nodes"][0]["html"]);
        found["violations"].as_array().unwrap().iter().map(fault).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officers_day_in_a_real_browser() {
    let cases = Arc::new(MemoryDesk::new());
    let mut desk = start(cases.clone()).await;
    let okafor = cases.reference(42);

    // Signing in: first empty, then wrong, then right, and on to the page that was asked for.
    desk.open(&format!("/cases/{okafor}")).await;
    desk.check("sign-in").await;
    desk.press("main button[type=submit]").await;
    assert!(desk.text(".govuk-error-summary").await.contains("Enter your password"));
    desk.check("sign-in-error").await;
    desk.fill("#email", BELL).await;
    desk.fill("#password", "not the password").await;
    desk.press("main button[type=submit]").await;
    assert!(desk.text(".govuk-error-summary").await.contains("email address or password is wrong"));
    desk.fill("#password", PASSWORD).await;
    desk.press("main button[type=submit]").await;
    assert_eq!(desk.heading().await, "Okafor");

    // The queue, its filters and its search.
    desk.follow("Cases to look at").await;
    desk.check("queue").await;
    let to_confirm = desk.count("tbody tr").await;
    assert!(to_confirm > 10);
    desk.follow("Mine (3)").await;
    assert_eq!(desk.count("tbody tr").await, 3);
    desk.check("queue-mine").await;
    desk.follow("All cases (29)").await;
    desk.press("a[rel=next]").await;
    assert_eq!(desk.count("tbody tr").await, 9);
    desk.check("queue-page-2").await;
    desk.fill("#q", "ofar").await;
    desk.press(".heard-search button").await;
    assert!(desk.text("main").await.contains("No case has this reference or name"));
    desk.open("/?q=farouk").await;
    assert_eq!(desk.count("tbody tr").await, 1);
    desk.open(&format!("/?q={okafor}")).await;
    assert_eq!(desk.heading().await, "Okafor");

    // Confirming, and on to the next case.
    desk.check("case").await;
    assert_eq!(desk.text("mark").await, "I have rung six times and nobody has\never called me back.");
    assert_eq!(desk.count(".heard-words b").await, 0, "a message's own HTML must not take effect");
    desk.press("form[action$='/confirm'] button").await;
    assert!(desk.text(".moj-alert--success").await.contains("Confirmed as a complaint"));
    assert_eq!(cases.case_now(&okafor).status, CaseStatus::Open);
    desk.check("case-confirmed").await;

    // Reclassifying.
    desk.click("#reclassify summary").await;
    desk.click("label[for='reclassify-act-2']").await;
    desk.browser.find(Locator::Css("#theme")).await.unwrap().select_by_value("delay").await.unwrap();
    desk.press("form[action$='/reclassify'] button").await;
    assert!(desk.text(".moj-alert--success").await.contains("Saved: concern, delay"));
    assert_eq!(cases.case_now(&okafor).act, Act::Concern);

    // Undoing: back to what it was.
    desk.press("form[action$='/undo'] button").await;
    assert_eq!(cases.case_now(&okafor).act, Act::Complaint);
    assert!(desk.text(".moj-timeline").await.contains("Undone: Reclassified"));

    // Not a complaint, without saying what or why: the page says what is missing and keeps what was entered.
    desk.click("#not-a-complaint summary").await;
    desk.press("form[action$='/not-a-complaint'] button").await;
    let summary = desk.text(".govuk-error-summary").await;
    assert!(summary.contains("Select what the message is instead"), "{summary}");
    assert!(summary.contains("Enter why it is not a complaint"), "{summary}");
    desk.check("case-error").await;
    desk.click("label[for='not-act-2']").await;
    desk.fill("#reason", "She asks when the plan will come; she withdrew the complaint on the telephone.").await;
    desk.press("form[action$='/not-a-complaint'] button").await;
    assert_eq!(cases.case_now(&okafor).status, CaseStatus::NotAComplaint);
    assert_eq!(cases.case_now(&okafor).act, Act::Enquiry);
    desk.press("form[action$='/assign'] button").await;
    assert_eq!(cases.case_now(&okafor).assigned_to.unwrap().name, "Rowan Bell");

    // Somebody else was quicker.
    let zielinski = cases.reference(38);
    desk.open(&format!("/cases/{zielinski}")).await;
    desk.check("case-forwarded").await;
    cases.race_once();
    desk.press("form[action$='/confirm'] button").await;
    assert_eq!(desk.heading().await, "Someone else changed this case");
    assert!(desk.text("main").await.contains("Given to Sam Morgan, by Sam Morgan"));
    desk.check("error-409").await;

    // The other pages.
    for (name, path) in [
        ("case-safeguarding", format!("/cases/{}", cases.reference(41))),
        ("case-chat", format!("/cases/{}", cases.reference(40))),
        ("case-not-a-complaint", format!("/cases/{}", cases.reference(37))),
        ("letters", "/letters".to_owned()),
        ("quarantine", "/quarantine".to_owned()),
        ("quarantined", "/quarantine/00000000-0000-0000-0000-000000000047".to_owned()),
        ("health", "/health".to_owned()),
        ("accessibility", "/accessibility".to_owned()),
        ("error-404", "/nothing-here".to_owned()),
        ("error-403", "/officers".to_owned()),
        ("error-excluded", format!("/cases/{}", cases.reference(900))),
    ] {
        desk.open(&path).await;
        desk.check(name).await;
    }

    // Signing out ends the session, not only the cookie.
    desk.press(".heard-top__out").await;
    assert_eq!(desk.heading().await, "Sign in");
    assert!(cases.sessions().is_empty());

    // A manager sees what an officer does not.
    desk.sign_in(MORGAN).await;
    desk.follow("Officers").await;
    desk.check("officers").await;
    desk.open(&format!("/cases/{okafor}")).await;
    desk.click("#give summary").await;
    desk.check("case-manager").await;

    // A telephone's width: nothing is wider than the screen.
    desk.browser.set_window_size(400, 900).await.unwrap();
    for path in ["/", "/health", &format!("/cases/{okafor}")] {
        desk.open(path).await;
        let wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(desk.browser.execute(wider, vec![]).await.unwrap(), json!(0), "{path} scrolls sideways");
    }
    println!("{} pages without a fault that axe-core finds", desk.pages_checked.len());
    desk.browser.clone().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_put_into_a_page_are_found() {
    let desk = start(Arc::new(MemoryDesk::new())).await;
    desk.open("/sign-in").await;
    let plant = "document.querySelector('main').insertAdjacentHTML('beforeend', \
                 '<img src=\"data:,\"><input name=x><p id=pale>pale</p><a href=#></a>'); \
                 document.getElementById('pale').style.color = '#ccc'";
    desk.browser.execute(plant, vec![]).await.unwrap();
    let found = desk.faults().await.join("\n");
    for fault in ["image-alt", "label", "color-contrast", "link-name"] {
        assert!(found.contains(fault), "{fault} was not found in:\n{found}");
    }
    desk.browser.clone().close().await.unwrap();
}
