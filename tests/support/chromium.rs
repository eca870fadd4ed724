//! A real browser (Chromium, driven by chromedriver) for the officers' pages; each page it checks is looked over by axe-core
//! against WCAG 2.2 AA. `HEARD_SHOTS=folder` keeps a picture of each page.
#![allow(dead_code, reason = "each test program uses its own part of this")]

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator, key::Key, wd::Capabilities, wd::WebDriverCompatibleCommand};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

const RULES: &str = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']";

/// A browser, its driver and the pages, all of which end with it.
pub struct Desk {
    pub browser: Client,
    address: String,
    council: &'static str,
    axe: String,
    pub shots: Option<PathBuf>,
    pub pages_checked: Vec<String>,
    _driver: Child,
    _profile: tempfile::TempDir,
}

/// A browser for the pages at `address`.
pub async fn browse(address: String, council: &'static str) -> Desk {
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
        council,
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

/// A command of the browser's developer tools.
#[derive(Debug)]
struct Devtools(Value);

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (axum::http::Method, Option<String>) {
        (axum::http::Method::POST, Some(self.0.to_string()))
    }
}

impl Desk {
    pub async fn open(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.address)).await.unwrap();
    }

    pub async fn heading(&self) -> String {
        self.browser.find(Locator::Css("h1")).await.unwrap().text().await.unwrap()
    }

    pub async fn text(&self, selector: &str) -> String {
        self.browser.find(Locator::Css(selector)).await.unwrap().text().await.unwrap()
    }

    /// Waits until that is on the page, whichever page it is by then, with these words in it. Needs no scripts.
    pub async fn until(&self, selector: &str, words: &str) {
        let mut said = String::new();
        for _ in 0..250 {
            // Between two pages there is nothing to be found, and what was found is gone.
            if let Ok(found) = self.browser.find(Locator::Css(selector)).await {
                said = found.text().await.unwrap_or_default();
            }
            if said.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{selector} does not say {words}, but {said}");
    }

    pub async fn count(&self, selector: &str) -> usize {
        self.browser.find_all(Locator::Css(selector)).await.unwrap().len()
    }

    pub async fn click(&self, selector: &str) {
        self.browser.find(Locator::Css(selector)).await.unwrap().click().await.unwrap();
    }

    /// Clicks what leads to another page, and waits until that page is there.
    pub async fn press(&self, selector: &str) {
        self.leave(Locator::Css(selector)).await;
    }

    /// The same for a link with these words.
    pub async fn follow(&self, words: &str) {
        self.leave(Locator::LinkText(words)).await;
    }

    pub async fn leave(&self, by: Locator<'_>) {
        self.browser.execute("window.isOldPage = true", vec![]).await.unwrap();
        self.browser.find(by).await.unwrap().click().await.unwrap();
        self.wait("return !window.isOldPage && document.readyState === 'complete'", "the next page did not come").await;
    }

    pub async fn wait(&self, until: &str, otherwise: &str) {
        for _ in 0..500 {
            // While a page goes away there is no document to ask.
            if self.browser.execute(until, vec![]).await.is_ok_and(|answer| answer == json!(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{otherwise}");
    }

    pub async fn fill(&self, selector: &str, words: &str) {
        self.browser.find(Locator::Css(selector)).await.unwrap().send_keys(words).await.unwrap();
    }

    /// Presses keys where the keyboard is now.
    pub async fn type_keys(&self, keys: &str) {
        self.browser.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Presses keys that lead to another page, and waits until that page is there.
    pub async fn type_away(&self, keys: &str) {
        self.browser.execute("window.isOldPage = true", vec![]).await.unwrap();
        self.type_keys(keys).await;
        self.wait("return !window.isOldPage && document.readyState === 'complete'", "the next page did not come").await;
    }

    /// Presses Tab until the keyboard is at `selector`.
    pub async fn tab_to(&self, selector: &str) {
        let there = format!("return document.activeElement.matches({selector:?})");
        for _ in 0..80 {
            if self.browser.execute(&there, vec![]).await.unwrap() == json!(true) {
                return;
            }
            self.type_keys(&char::from(Key::Tab).to_string()).await;
        }
        panic!("Tab does not lead to {selector}");
    }

    /// The page's scripts have started.
    pub async fn is_ready(&self) {
        let started = "return document.body.classList.contains('govuk-frontend-supported')";
        self.wait(started, "the scripts did not start").await;
    }

    /// Writes over what stands in a field.
    pub async fn replace(&self, selector: &str, words: &str) {
        let field = self.browser.find(Locator::Css(selector)).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(words).await.unwrap();
    }

    pub async fn sign_in(&self, email: &str, password: &str) {
        self.open("/sign-in").await;
        self.fill("#email", email).await;
        self.fill("#password", password).await;
        self.press("main button[type=submit]").await;
    }

    /// The page has no fault that axe-core finds, its scripts have started, and it has a title of its own.
    pub async fn check(&mut self, name: &str) {
        let started = "return document.body.classList.contains('govuk-frontend-supported')";
        let otherwise = format!("{name}: the scripts did not start (is the content security policy too strict?)");
        self.wait(started, &otherwise).await;
        for (width, end) in [(400, "-phone"), (1366, "")] {
            self.shoot(width, &format!("{name}{end}")).await;
        }
        let faults = self.faults().await;
        assert!(faults.is_empty(), "{name}: {faults:#?}");
        let title = self.browser.title().await.unwrap();
        let heading = self.heading().await;
        assert!(title.ends_with(self.council) && !title.starts_with(" –"), "{name}: {title}");
        assert!(!heading.is_empty(), "{name} has no heading");
        self.pages_checked.push(name.to_owned());
    }

    /// A picture of the whole page, if pictures are wanted.
    pub async fn shoot(&self, width: u32, name: &str) {
        let Some(folder) = &self.shots else { return };
        std::fs::create_dir_all(folder).unwrap();
        self.browser.set_window_size(width, 900).await.unwrap();
        let height = "return Math.max(900, document.documentElement.scrollHeight + 150)";
        let height = self.browser.execute(height, vec![]).await.unwrap().as_u64().unwrap();
        self.browser.set_window_size(width, u32::try_from(height).unwrap()).await.unwrap();
        std::fs::write(folder.join(format!("{name}.png")), self.browser.screenshot().await.unwrap()).unwrap();
        self.browser.set_window_size(1366, 900).await.unwrap();
    }

    /// What a screen of 1280 by 900 shows of the page: for the documents (`docs/*.png`).
    pub async fn picture(&self, name: &str) {
        let Some(folder) = &self.shots else { return };
        self.browser.set_window_size(1280, 1040).await.unwrap();
        std::fs::write(folder.join(format!("{name}.png")), self.browser.screenshot().await.unwrap()).unwrap();
        self.browser.set_window_size(1366, 900).await.unwrap();
    }

    /// Nothing on the page is wider than a telephone's screen.
    pub async fn fits_a_telephone(&self, path: &str) {
        self.browser.set_window_size(400, 900).await.unwrap();
        self.open(path).await;
        let wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(self.browser.execute(wider, vec![]).await.unwrap(), json!(0), "{path} scrolls sideways");
        self.browser.set_window_size(1366, 900).await.unwrap();
    }

    /// As on a screen that is so many pixels wide, however small; 0: as the window is.
    pub async fn zoomed(&self, width: u32) {
        let (command, values) = match width {
            0 => ("Emulation.clearDeviceMetricsOverride", json!({})),
            _ => (
                "Emulation.setDeviceMetricsOverride",
                json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false}),
            ),
        };
        self.browser.issue_cmd(Devtools(json!({"cmd": command, "params": values}))).await.unwrap();
    }

    /// A picture of what the screen shows now, if pictures are wanted.
    pub async fn shoot_as_it_is(&self, name: &str) {
        let Some(folder) = &self.shots else { return };
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join(format!("{name}-320.png")), self.browser.screenshot().await.unwrap()).unwrap();
    }

    /// As on paper, or not any more.
    pub async fn printed(&self, on: bool) {
        let values = json!({"media": if on { "print" } else { "" }});
        let command = json!({"cmd": "Emulation.setEmulatedMedia", "params": values});
        self.browser.issue_cmd(Devtools(command)).await.unwrap();
    }

    /// With scripts, or as a browser that has them switched off.
    pub async fn scripts(&self, on: bool) {
        let command = json!({"cmd": "Emulation.setScriptExecutionDisabled", "params": {"value": !on}});
        self.browser.issue_cmd(Devtools(command)).await.unwrap();
    }

    pub async fn faults(&self) -> Vec<String> {
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
