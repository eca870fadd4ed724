//! The OAuth2 server stand-in as a process of the test: one per test, on a free port of 127.0.0.1, ended with it.
#![allow(dead_code, reason = "each test program uses its own part of this")]

use std::{path::Path, process::Stdio, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};
use url::Url;

/// A running stand-in. `setup/oauth-test.sh` must have fetched it; `make test` does.
pub struct TokenServer {
    /// Where tokens are asked for.
    pub token_url: Url,
    http: reqwest::Client,
    _process: Child,
}

/// One call of the token endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub struct Asked {
    pub grant: Option<String>,
    pub refresh_token: Option<String>,
    pub client_id: Option<String>,
    pub scope: Option<String>,
    pub status: u16,
}

impl TokenServer {
    /// Starts one and waits until it listens.
    pub async fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let fetched = root.join("setup/oauth-test/node_modules/installed-lock.json");
        assert!(fetched.exists(), "the OAuth2 stand-in is not there: run setup/oauth-test.sh");
        let mut process = Command::new("node")
            .arg(root.join("tests/support/oauth_front.cjs"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = timeout(Duration::from_secs(20), lines.next_line()).await.expect("it starts within 20 s");
        let line = line.unwrap().expect("it says where it listens");
        let address: Url = line.strip_prefix("ready ").expect("it is ready").parse().unwrap();
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
        Self { token_url: address.join("/tenant/oauth2/v2.0/token").unwrap(), http, _process: process }
    }

    /// Changes what it does: see the front for the names.
    pub async fn set(&self, what: Value) {
        let url = self.token_url.join("/__set").unwrap();
        assert!(self.http.post(url).json(&what).send().await.unwrap().status().is_success());
    }

    /// Every call of the token endpoint so far, oldest first.
    pub async fn asked(&self) -> Vec<Asked> {
        self.http.get(self.token_url.join("/__requests").unwrap()).send().await.unwrap().json().await.unwrap()
    }

    /// Lets the mail server that has the folder `keys` check this server's tokens.
    pub async fn is_trusted_by(&self, keys: &Path) {
        let url = self.token_url.join("/__key").unwrap();
        let key: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        std::fs::write(keys.join(key["id"].as_str().unwrap()), key["pem"].as_str().unwrap()).unwrap();
    }
}
