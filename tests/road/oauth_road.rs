//! The program with a mail server that is signed in to with tokens: mail goes in and out, a withdrawn secret is told on
//! other channels than mail, and doctor names each fault.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use crate::{
    standin::TelegramStandIn,
    token_server::TokenServer,
    town::{Choices, Database, Mail, Town, until},
};
use axum::{Router, extract::State, routing::post};
use heard::{clock::Clock, desk::users, store::Store, web::access::Role};
use serde_json::{Value, json};

const COMPLAINTS: &str = "complaints@council.example";
const BOT: &str = "7654321:AAG9-invented_for_the_oauth_road_abcdefg";
/// The chat of whoever is on call.
const ON_CALL: i64 = -1_001_234;

/// A council whose complaints mailbox and sender take tokens only, and where they come from.
struct Place {
    town: Town,
    server: TokenServer,
}

impl Place {
    async fn on(database: Option<Database>) -> Self {
        let mut town = database.map_or_else(Town::on_sqlite, Town::on);
        let server = TokenServer::start().await;
        server.is_trusted_by(&town.server.token_keys()).await;
        let text = town.configure(&Choices::default()) + "\n[safeguarding]\nduty = [\"duty@council.example\"]\n";
        fs::write(town.dir().join("client-secret"), "right\n").unwrap();
        let password = format!("password = {{ file = \"{}\" }}", town.dir().join("complaints-password").display());
        assert!(text.contains(&password));
        let text = text.replace(&password, "oauth = \"exchange\"").replace(
            "security = \"starttls\"",
            &format!("security = \"starttls\", user = \"{COMPLAINTS}\", oauth = \"exchange\""),
        );
        let place = Self { town, server };
        place.town.write_config(&format!("{}\n{text}", place.source("exchange")));
        place
    }

    fn source(&self, name: &str) -> String {
        format!(
            "[oauth.{name}]\ntoken_url = \"{}\"\nclient_id = \"heard\"\nclient_secret = {{ file = \"{}\" }}\nscope = \"https://outlook.office365.com/.default\"\n",
            self.server.token_url,
            self.town.dir().join("client-secret").display()
        )
    }

    /// In place of the application's own rights: a refresh token that is replaced at each use.
    async fn with_refresh_token(&self) {
        self.server.set(json!({"rotate": true, "refresh_tokens": ["seed"]})).await;
        let file = self.town.dir().join("refresh");
        fs::write(&file, "seed\n").unwrap();
        let source = format!("refresh_token = {{ file = \"{}\" }}\nscope = ", file.display());
        self.town.write_config(&self.configuration().replace("scope = ", &source));
    }

    fn configuration(&self) -> String {
        fs::read_to_string(self.town.config()).unwrap()
    }
}

fn complaint(from: &str) -> Mail {
    Mail::new(from, COMPLAINTS, "Please help", &format!("Nobody has rung me back since May. I am writing as {from}."))
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_comes_and_goes_with_tokens_that_end_again_and_again_on_sqlite() {
    mail_comes_and_goes(Place::on(None).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_comes_and_goes_with_tokens_that_end_again_and_again_on_postgres() {
    if let Some(database) = Database::postgres().await {
        mail_comes_and_goes(Place::on(Some(database)).await).await;
    }
}

async fn mail_comes_and_goes(place: Place) {
    let town = &place.town;
    place.server.set(json!({"expires_in": 5})).await;
    let program = town.serve().await;
    let families: Vec<String> = (0..3).map(|n| format!("mum+{n}@family.example")).collect();
    for family in &families {
        town.deliver(&complaint(family)).await;
        // Somebody must sign in again, with whatever token there is now.
        until("the connection is cut", async || town.server.cut(COMPLAINTS).then_some(())).await;
        let asked = place.server.asked().await.len();
        town.letter(family).await;
        until("the next token", async || (place.server.asked().await.len() > asked).then_some(())).await;
    }
    program.stop().await;
    let cases = town.export();
    assert_eq!(cases.len(), families.len());
    for family in &families {
        let case = cases.iter().find(|case| case["complainant"]["addr"] == family.as_str()).unwrap();
        assert_eq!(case["messages"].as_array().unwrap().len(), 1, "{case}");
        assert_eq!(town.letters(family).await.len(), 1, "{family}");
    }
    let asked = place.server.asked().await;
    assert!(asked.iter().all(|one| one.status == 200), "{asked:?}");
    let log = town.log();
    for secret in ["eyJ", "right", "Bearer"] {
        assert!(!log.contains(secret), "{secret} in the log:\n{log}");
    }
    // Dovecot's own word for it.
    let logs = town.server.logs();
    assert!(logs.contains(&format!("Login: user=<{COMPLAINTS}>, method=XOAUTH2")), "{logs}");
}

/// A web address that takes alerts, and what it took.
async fn receiver() -> (String, Arc<Mutex<Vec<Value>>>) {
    let took: Arc<Mutex<Vec<Value>>> = Arc::default();
    let take = |State(took): State<Arc<Mutex<Vec<Value>>>>, axum::Json(body): axum::Json<Value>| async move {
        took.lock().unwrap().push(body);
    };
    let app = Router::new().route("/hooks/secret-part", post(take)).with_state(Arc::clone(&took));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks/secret-part", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (url, took)
}

/// What an officer reads on the health page, without its tags.
async fn health_page(town: &Town) -> String {
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let base = town.web_address();
    let form = "email=rowan.bell%40council.example&password=a+long+enough+password";
    let sign_in = http
        .post(format!("{base}/sign-in"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", &base)
        .body(form)
        .send()
        .await
        .unwrap();
    let cookie =
        sign_in.headers().get("set-cookie").expect("a session").to_str().unwrap().split(';').next().unwrap().to_owned();
    let page = http.get(format!("{base}/health")).header("cookie", cookie).send().await.unwrap();
    assert!(page.status().is_success());
    let page = page.text().await.unwrap();
    let text = regex::Regex::new("<[^>]*>").unwrap().replace_all(&page, " ").into_owned();
    let text = text.replace("&quot;", "\"").replace("&#x27;", "'").replace("&#39;", "'");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn add_officer(town: &Town) {
    let store = Store::open(&town.database.url).await.unwrap();
    let (email, password) = ("rowan.bell@council.example", "a long enough password".to_owned());
    users::add(&store, email, "Rowan Bell", Role::Officer, Some(password.into()), Clock::system().now()).await.unwrap();
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_secret_is_told_once_on_both_channels_and_cleared() {
    let place = Place::on(None).await;
    let (url, took) = receiver().await;
    let telegram = TelegramStandIn::start().await;
    fs::write(place.town.dir().join("webhook"), url).unwrap();
    fs::write(place.town.dir().join("bot"), BOT).unwrap();
    let more = format!(
        "[chat]\ntoken = {{ file = \"{dir}/bot\" }}\napi_url = \"{api}\"\n\n[alerts]\ntelegram_chat = {ON_CALL}\nwebhook = {{ file = \"{dir}/webhook\" }}\nwebhook_body = '{{\"topic\": \"heard\", \"message\": \"@TEXT@\"}}'\nalert_after_minutes = 0\n",
        dir = place.town.dir().display(),
        api = telegram.api,
    );
    place.town.write_config(&format!("{more}\n{}", place.configuration()));
    let town = &place.town;
    add_officer(town).await;
    place.server.set(json!({"expires_in": 5})).await;
    let program = town.serve().await;
    town.deliver(&complaint("mum@family.example")).await;
    town.letter("mum@family.example").await;
    let working = health_page(town).await;
    assert!(
        working.contains("exchange For complaints, sending") && working.contains("By Telegram and Webhook"),
        "{working}"
    );
    assert!(took.lock().unwrap().is_empty());

    // Somebody withdraws the secret; nobody touches the mail server.
    place.server.set(json!({"client_secret": "another"})).await;
    let told = until("the webhook is told", async || took.lock().unwrap().first().cloned()).await;
    assert_eq!(told["topic"], "heard");
    let text = told["message"].as_str().unwrap().to_owned();
    for part in [
        "Invented Council: Heard needs somebody.",
        "Heard can no longer sign in to the mailbox complaints, and no letter can be sent.",
        "Why: the client secret is wrong (invalid_client AADSTS7000215).",
        "What to do: put the secret's value (not its id)",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert!(!text.contains('@') && !text.contains("secret-part"), "{text}");
    let in_chat =
        until("the chat is told", async || Some(telegram.said_to(BOT, ON_CALL).await).filter(|said| !said.is_empty()))
            .await;
    assert_eq!(in_chat, [text]);
    let page = health_page(town).await;
    for part in [
        "No sign-in token: the client secret is wrong (127.0.0.1: invalid_client AADSTS7000215).",
        "What to do: Put the secret's value (not its id)",
        "Sign-in with \"exchange\" has not worked since",
    ] {
        assert!(page.contains(part), "{part} is missing in:\n{page}");
    }

    // A restart tells nobody anew, though all the mailboxes fail by now.
    program.stop().await;
    let program = town.serve().await;
    let before = place.server.asked().await.len();
    until("it has asked for a token", async || (place.server.asked().await.len() > before).then_some(())).await;
    town.deliver(&complaint("dad@family.example")).await;
    assert_eq!(took.lock().unwrap().len(), 1);
    assert_eq!(telegram.said_to(BOT, ON_CALL).await, [""; 0]);

    // The new secret goes into its file, and the program goes on without a restart.
    fs::write(town.dir().join("client-secret"), "another\n").unwrap();
    let cleared = until("the all-clear", async || took.lock().unwrap().get(1).cloned()).await;
    let cleared = cleared["message"].as_str().unwrap().to_owned();
    assert!(cleared.contains("Sign-in with \"exchange\" works again."), "{cleared}");
    town.letter("dad@family.example").await;
    assert_eq!(town.letters("mum@family.example").await.len(), 1);
    let page = health_page(town).await;
    assert!(page.contains("Being told now Nothing") && !page.contains("No sign-in token"), "{page}");
    program.stop().await;
    assert_eq!(took.lock().unwrap().len(), 2);
    assert_eq!(telegram.said_to(BOT, ON_CALL).await, [cleared]);
    let log = town.log();
    for secret in ["eyJ", "secret-part", "AAG9"] {
        assert!(!log.contains(secret), "{secret} in the log:\n{log}");
    }
}

/// What doctor said, with everything that differs from run to run masked.
fn said(town: &Town, arguments: &[&str]) -> (Option<i32>, String) {
    let output = town.run(arguments);
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    let mut text = text.replace(town.dir().to_str().unwrap(), "[dir]");
    for (pattern, mask) in [(r"\b\d{5}\b", "[port]"), (r"known until \d{4}-\d\d-\d\d", "known until [day]")] {
        text = regex::Regex::new(pattern).unwrap().replace_all(&text, mask).into_owned();
    }
    (output.status.code(), text)
}

/// The lines about tokens, mailboxes, sending and alerts.
fn about_sign_in(text: &str) -> String {
    let mut shown = String::new();
    let mut wanted = false;
    for line in text.lines() {
        if !line.starts_with(' ') {
            wanted = ["tokens", "mailbox", "sending", "alerts"].iter().any(|what| line[6..].starts_with(what));
        }
        if wanted {
            shown += &format!("{line}\n");
        }
    }
    shown
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_signs_in_with_a_token_and_names_each_fault() {
    let place = Place::on(None).await;
    let town = &place.town;
    let good = place.configuration();
    let (status, text) = said(town, &["doctor"]);
    assert_eq!(status, Some(0), "{text}");
    let mut all = format!("when all is well:\n{}", about_sign_in(&text));
    assert_eq!(place.server.asked().await.len(), 1, "one token does for all");

    let refusals = [
        ("wrong tenant", 400, "invalid_request", "AADSTS90002: Tenant 'nowhere' not found."),
        ("wrong client id", 400, "unauthorized_client", "AADSTS700016: Application with identifier 'x' was not found."),
        ("wrong secret", 401, "invalid_client", "AADSTS7000215: Invalid client secret provided."),
        ("expired secret", 401, "invalid_client", "AADSTS7000222: The provided client secret keys are expired."),
        ("wrong scope", 400, "invalid_request", "AADSTS1002012: The provided value for scope is not valid."),
        ("no consent", 400, "invalid_grant", "AADSTS65001: The user or administrator has not consented."),
        (
            "unheard of",
            400,
            "invalid_request",
            "AADSTS123456789: Something new, for a.person@council.example. Trace ID: 1",
        ),
    ];
    for (what, status, error, description) in refusals {
        let body = json!({"error": error, "error_description": description});
        place.server.set(json!({"fault": {"times": 1, "status": status, "body": body}})).await;
        let (status, text) = said(town, &["doctor"]);
        assert_eq!(status, Some(1), "{what}: {text}");
        assert!(!text.contains("a.person"), "{text}");
        all += &format!("\n{what}:\n{}", about_sign_in(&text).lines().take(2).collect::<Vec<_>>().join("\n"));
        all += "\n";
    }
    // The first of them whole: what needs the token is not tried.
    place.server.set(json!({"client_secret": "another"})).await;
    let (_, text) = said(town, &["doctor"]);
    all += &format!("\nwhat hangs on a token:\n{}", about_sign_in(&text));
    place.server.set(json!({"client_secret": "right"})).await;

    // The token is good, and the mailbox not ours.
    let other = "dad@family.example";
    town.write_config(&good.replace(&format!("user = \"{COMPLAINTS}\""), &format!("user = \"{other}\"")));
    let (status, text) = said(town, &["doctor"]);
    assert_eq!(status, Some(1), "{text}");
    all += &format!("\nno right to the mailbox:\n{}", about_sign_in(&text));
    place.server.set(json!({"claims": {"appid": "x", "roles": ["Mail.Read"]}})).await;
    let (_, text) = said(town, &["doctor"]);
    all += &format!("\nno application permission:\n{}", about_sign_in(&text));
    insta::assert_snapshot!(all);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_in_the_midst_of_an_exchange_it_keeps_the_refresh_token_and_killed_it_says_what_happened() {
    stopped_in_the_midst(Place::on(None).await).await;
    if let Some(database) = Database::postgres().await {
        stopped_in_the_midst(Place::on(Some(database)).await).await;
    }
}

async fn stopped_in_the_midst(place: Place) {
    place.with_refresh_token().await;
    let town = &place.town;
    place.server.set(json!({"delay": 1500})).await;
    let in_the_midst = async || {
        until("an exchange is under way", async || (place.server.under_way().await == 1).then_some(())).await;
    };
    let program = town.serve().await;
    in_the_midst().await;
    program.stop().await;
    assert_eq!(place.server.asked().await.len(), 1);
    place.server.set(json!({"delay": 0, "expires_in": 5})).await;
    let program = town.serve().await;
    until("the next exchange", async || (place.server.asked().await.len() > 2).then_some(())).await;
    place.server.set(json!({"delay": 1500})).await;
    in_the_midst().await;
    program.kill();
    let asked = place.server.asked().await;
    assert!(asked.iter().all(|one| one.status == 200), "{asked:?}");

    // The server has spent the token meanwhile, and grants no grace.
    until("the server is done", async || (place.server.asked().await.len() > asked.len()).then_some(())).await;
    place.server.set(json!({"delay": 0})).await;
    let program = town.serve().await;
    until("it is told why", async || town.log().contains("\"fault\":\"interrupted\"").then_some(())).await;
    // Somebody signs in anew.
    place.server.set(json!({"refresh_tokens": ["second"]})).await;
    fs::write(town.dir().join("refresh"), "second\n").unwrap();
    town.deliver(&complaint("mum@family.example")).await;
    town.letter("mum@family.example").await;
    program.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_keeps_the_refresh_token_it_is_given() {
    let place = Place::on(None).await;
    let town = &place.town;
    place.with_refresh_token().await;
    for _ in 0..3 {
        let (status, text) = said(town, &["doctor"]);
        assert_eq!(status, Some(0), "{text}");
    }
    let program = town.serve().await;
    town.deliver(&complaint("mum@family.example")).await;
    town.letter("mum@family.example").await;
    program.stop().await;
    let asked = place.server.asked().await;
    assert!(asked.len() == 4 && asked.iter().all(|one| one.status == 200), "{asked:?}");
    // Where it could not be kept, it is not spent.
    let (_, text) = said(town, &["doctor", "--database", "sqlite:///proc/heard/heard.db"]);
    assert!(text.contains("not tried: the new refresh token could not be kept"), "{text}");
    assert_eq!(place.server.asked().await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_tries_the_alerts_out() {
    let place = Place::on(None).await;
    let town = &place.town;
    let (url, took) = receiver().await;
    fs::write(town.dir().join("webhook"), format!("{url}\n")).unwrap();
    let alerts = format!("[alerts]\nwebhook = {{ file = \"{}\" }}\n", town.dir().join("webhook").display());
    town.write_config(&format!("{alerts}\n{}", place.configuration()));
    let (status, text) = said(town, &["doctor"]);
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("ok    alerts: by webhook after 10 minutes; heard doctor --alert tries it out"), "{text}");
    assert!(took.lock().unwrap().is_empty());
    let (status, text) = said(town, &["doctor", "--alert"]);
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("ok    alerts by webhook: the trial went out; see that it arrived"), "{text}");
    let body = took.lock().unwrap().first().cloned().unwrap();
    assert_eq!(
        body,
        json!({"text": "Invented Council: this is a trial. Heard will tell here when mail cannot be read or sent."})
    );
    fs::write(town.dir().join("webhook"), url.replace("secret-part", "other-part")).unwrap();
    let (status, text) = said(town, &["doctor", "--alert"]);
    assert_eq!(status, Some(1), "{text}");
    assert!(
        text.contains("FAULT alerts by webhook: it answered with status 404") && !text.contains("other-part"),
        "{text}"
    );
}
