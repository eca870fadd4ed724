//! The Bot API stand-in as a process of the test: one per test, on a free port of 127.0.0.1, ended with it.

use std::{path::Path, process::Stdio, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};
use url::Url;

/// A running stand-in. `setup/telegram-test.sh` must have fetched it; `make test` does.
pub struct TelegramStandIn {
    /// The Bot API's address for the bot.
    pub api: Url,
    http: reqwest::Client,
    process: std::sync::Mutex<Child>,
}

#[allow(dead_code, reason = "each test file uses a part")]
impl TelegramStandIn {
    /// Starts one and waits until it listens.
    pub async fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let fetched = root.join("setup/telegram-test/node_modules/installed-lock.json");
        assert!(fetched.exists(), "the chat stand-in is not there: run setup/telegram-test.sh");
        let mut process = Command::new("node")
            .arg(root.join("tests/support/telegram_front.cjs"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let line = timeout(Duration::from_secs(20), lines.next_line()).await.expect("it starts within 20 s");
        let line = line.expect("its output is text").expect("it says where it listens");
        let api = line.strip_prefix("ready ").expect("it is ready").parse().expect("an address");
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().expect("a client");
        Self { api, http, process: process.into() }
    }

    /// A person writes to the bot in a private chat with the same number as the person.
    pub async fn person_says(&self, token: &str, chat_id: i64, first_name: &str, text: &str) {
        self.person_sends(token, chat_id, first_name, json!({ "text": text })).await;
    }

    /// A person sends something else: `fields` of a Bot API message, e.g. `photo` and `caption`.
    pub async fn person_sends(&self, token: &str, chat_id: i64, first_name: &str, fields: Value) {
        let mut message = json!({
            "botToken": token, "date": 1_795_000_000,
            "from": {"id": chat_id, "is_bot": false, "first_name": first_name},
            "chat": {"id": chat_id, "type": "private", "first_name": first_name},
        });
        for (key, value) in fields.as_object().expect("fields") {
            message[key] = value.clone();
        }
        self.post("sendMessage", &message).await;
    }

    /// The person presses a button below a message of the bot's: it sends `word`.
    pub async fn person_presses(&self, token: &str, chat_id: i64, first_name: &str, word: &str, language: &str) {
        let press = json!({
            "botToken": token, "data": word,
            "from": {"id": chat_id, "is_bot": false, "first_name": first_name, "language_code": language},
            "message": {"message_id": 1, "date": 1_795_000_000, "chat": {"id": chat_id, "type": "private"}},
        });
        self.post("sendCallback", &press).await;
    }

    /// A file that messages may name by `id`.
    pub async fn has_file(&self, id: &str, bytes: Vec<u8>) {
        let url = self.api.join(&format!("__file/{id}")).expect("an address");
        self.http.put(url).body(bytes).send().await.expect("an answer");
    }

    /// An update of any kind arrives; `update` has no `update_id`.
    pub async fn update(&self, token: &str, update: Value) {
        self.post("__update", &json!({ "token": token, "update": update })).await;
    }

    /// The next `times` calls of `method` fail so; status 0 breaks the connection, -1 never answers.
    pub async fn fail(&self, method: &str, times: u32, status: i16, description: &str) {
        let body = json!({"ok": false, "error_code": status, "description": description});
        self.fail_with(method, times, status, body).await;
    }

    /// The next `times` calls of `method` get this answer.
    pub async fn fail_with(&self, method: &str, times: u32, status: i16, body: Value) {
        self.post("__fail", &json!({"method": method, "times": times, "status": status, "body": body})).await;
    }

    /// What the bot said to the chat since this was last asked, oldest first.
    pub async fn said_to(&self, token: &str, chat_id: i64) -> Vec<String> {
        let answer = self.post("getUpdates", &json!({"token": token, "chatId": chat_id})).await;
        let said = answer["result"].as_array().expect("a list");
        said.iter().map(|update| update["message"]["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The arguments of every call of `method` by the bot, oldest first.
    pub async fn calls(&self, method: &str) -> Vec<Value> {
        let url = self.api.join("__calls").expect("an address");
        let calls: Vec<Value> = self.http.get(url).send().await.expect("an answer").json().await.expect("JSON");
        calls.into_iter().filter(|call| call["method"] == method).map(|mut call| call["arguments"].take()).collect()
    }

    /// Ends it, as if the service were gone.
    pub fn end(&self) {
        self.process.lock().expect("the process").start_kill().expect("it ends");
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let url = self.api.join(path).expect("an address");
        let answer: Value = self.http.post(url).json(body).send().await.expect("an answer").json().await.expect("JSON");
        assert_eq!(answer["ok"], true, "{path}");
        answer
    }
}
