//! Sign-in tokens from a server stand-in, shown to a real Dovecot and a real Postfix that check them by themselves.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    databases::Database,
    mail_server::{MailServer, password},
    token_server::TokenServer,
};
use chrono::{DateTime, TimeDelta, Utc};
use heard::{
    alerts::Trouble,
    app::vault::StoredVault,
    clock::Clock,
    config::SecretSource,
    intake::{
        imap::{ImapAuth, ImapMailbox, ImapSettings},
        mailbox::{BatchLimits, Mailbox as _, MailboxError, Position},
    },
    oauth::{Exchange, ExchangeSettings, Grant, MemoryVault, TokenError, TokenFault, TokenSource, Vault},
    replies::{
        courier::{Courier as _, Delivery, Outgoing},
        smtp::{ReturnPath, SmtpCourier, SmtpSettings, SmtpSignIn},
    },
    sealed::Seal,
    store::Store,
    tls::Security,
};
use secrecy::ExposeSecret as _;
use serde_json::json;

/// A clock that is moved by hand.
#[derive(Clone, Default)]
struct Hands(Arc<AtomicI64>);

impl Hands {
    fn clock(&self) -> Clock {
        let moved = Arc::clone(&self.0);
        let start: DateTime<Utc> = "2026-11-26T09:00:00Z".parse().unwrap();
        Clock::by(move || start + TimeDelta::seconds(moved.load(Ordering::SeqCst)))
    }

    fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

/// A secret in a file of the test.
fn secret(dir: &Path, name: &str, text: &str) -> SecretSource {
    let file = dir.join(name);
    std::fs::write(&file, format!("{text}\n")).unwrap();
    toml::from_str(&format!("file = {file:?}")).unwrap()
}

struct Source {
    server: TokenServer,
    dir: tempfile::TempDir,
    hands: Hands,
}

impl Source {
    async fn start() -> Self {
        let (server, dir) = (TokenServer::start().await, tempfile::tempdir().unwrap());
        Self { server, dir, hands: Hands::default() }
    }

    fn exchange(&self) -> Exchange {
        Exchange::new(ExchangeSettings {
            token_url: self.server.token_url.clone(),
            client_id: "heard".into(),
            client_secret: Some(secret(self.dir.path(), "client-secret", "right")),
            scope: Some("https://outlook.office365.com/.default".into()),
            extra_ca: None,
        })
        .unwrap()
    }

    /// By client credentials.
    fn tokens(&self) -> TokenSource {
        self.tokens_with(Grant::Client, Arc::new(MemoryVault::default()))
    }

    fn tokens_with(&self, grant: Grant, vault: Arc<dyn Vault>) -> TokenSource {
        TokenSource::new("exchange", grant, self.exchange(), vault, self.hands.clock())
    }

    /// By the refresh token `seed`, kept in `store` by a program of its own.
    fn refreshing(&self, seed: &str, store: &Store) -> TokenSource {
        let key = "0123456789abcdef0123456789abcdef".to_owned().into();
        let who = uuid::Uuid::new_v4().to_string();
        let vault = StoredVault::new(store.clone(), Seal::new(&key, None).unwrap(), self.hands.clock(), who, true);
        self.tokens_with(Grant::Refresh(secret(self.dir.path(), "refresh-token", seed)), Arc::new(vault))
    }

    async fn count(&self) -> usize {
        self.server.asked().await.len()
    }
}

async fn both() -> Vec<Database> {
    let mut all = vec![Database::sqlite().await];
    match Database::postgres().await {
        Some(database) => all.push(database),
        None => println!("skipped on Postgres: HEARD_TEST_POSTGRES is not set"),
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_ask_at_once_the_server_is_asked_once() {
    let source = Source::start().await;
    source.server.set(json!({"delay": 40})).await;
    let tokens = source.tokens();
    for (round, tasks) in [10, 1, 37, 2, 64].into_iter().enumerate() {
        let ask = |n: usize| {
            let tokens = tokens.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(u64::try_from(n % 7).unwrap() * 3)).await;
                tokens.token().await.unwrap().secret.expose_secret().to_owned()
            })
        };
        let asking: Vec<_> = (0..tasks).map(ask).collect();
        let mut got: Vec<String> = futures::future::join_all(asking).await.into_iter().map(Result::unwrap).collect();
        got.dedup();
        assert_eq!((got.len(), source.count().await), (1, round + 1), "{tasks} tasks");
        source.hands.forward(3600);
    }
    let asked = source.server.asked().await;
    assert!(asked.iter().all(|one| one.grant.as_deref() == Some("client_credentials")
        && one.scope.as_deref() == Some("https://outlook.office365.com/.default")
        && one.status == 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_that_ask_at_once_of_a_server_that_refuses_ask_once_and_then_leave_it_alone_for_a_while() {
    let source = Source::start().await;
    source.server.set(json!({"client_secret": "another", "delay": 40})).await;
    let tokens = source.tokens();
    let asking = (0..20).map(|_| tokens.token());
    let results = futures::future::join_all(asking).await;
    assert!(results.iter().all(|result| result.as_ref().is_err_and(|error| error.fault == TokenFault::WrongSecret)));
    assert_eq!(source.count().await, 1);
    // An hour of asking every second.
    for _ in 0..3600 {
        source.hands.forward(1);
        tokens.token().await.unwrap_err();
    }
    // 2, 4, 8, … 256 seconds, then every 5 minutes.
    let count = source.count().await;
    assert!((15..=22).contains(&count), "{count}");
    // Mended at the server, it is found out within 5 minutes.
    source.server.set(json!({"client_secret": "right"})).await;
    source.hands.forward(300);
    tokens.token().await.unwrap();
    // And a new secret is taken up from its file without a restart.
    source.server.set(json!({"client_secret": "newer"})).await;
    source.hands.forward(3600);
    assert_eq!(tokens.token().await.unwrap_err().fault, TokenFault::WrongSecret);
    secret(source.dir.path(), "client-secret", "newer");
    source.hands.forward(300);
    tokens.token().await.unwrap();
}

#[tokio::test]
async fn a_token_is_renewed_ahead_of_its_end_and_used_to_its_end_when_that_fails() {
    let source = Source::start().await;
    let tokens = source.tokens();
    let first = tokens.token().await.unwrap().secret.expose_secret().to_owned();
    assert_eq!(tokens.due_in(), Duration::from_secs(48 * 60));
    for _ in 0..47 {
        source.hands.forward(60);
        assert_eq!(tokens.token().await.unwrap().secret.expose_secret(), first);
    }
    assert_eq!(source.count().await, 1);

    // At four fifths the server is in trouble: the old one is used on, and the server asked now and then.
    source.server.set(json!({"fault": {"times": 1000, "status": 503}})).await;
    source.hands.forward(60);
    for _ in 0..11 {
        assert_eq!(tokens.token().await.unwrap().secret.expose_secret(), first);
        source.hands.forward(60);
    }
    let error = tokens.token().await.map(drop);
    assert_eq!(error, Ok(()), "59 minutes: still good");
    source.hands.forward(45);
    let error = tokens.token().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no sign-in token: the token server is busy or in trouble (127.0.0.1: it answered with status 503)"
    );
    let asked = source.count().await;
    assert!((5..=9).contains(&asked), "{asked}");

    source.server.set(json!({"fault": null})).await;
    source.hands.forward(300);
    assert_ne!(tokens.token().await.unwrap().secret.expose_secret(), first);
}

#[tokio::test]
async fn whatever_answers_in_place_of_a_token_server_is_named_and_borne() {
    let source = Source::start().await;
    let tokens = source.tokens();
    let answers = [
        (json!({"status": 429, "body": {}}), TokenFault::Busy),
        (json!({"status": 302, "body": "", "headers": {"location": "http://127.0.0.1:1/"}}), TokenFault::NotOauth),
        (
            json!({"status": 200, "body": "<html>Sign in to the guest network</html>", "headers": {"content-type": "text/html"}}),
            TokenFault::NotOauth,
        ),
        (json!({"status": 200, "body": "x".repeat(300_000)}), TokenFault::NotOauth),
        (json!({"status": 200, "body": {"access_token": "a\u{1}b", "token_type": "Bearer"}}), TokenFault::NotOauth),
        (json!({"status": 200, "body": {"access_token": "", "token_type": "Bearer"}}), TokenFault::NotOauth),
        (json!({"status": 0}), TokenFault::Unreachable),
        (
            json!({"status": 400, "body": {"error": "invalid_request", "error_description": "AADSTS90002: Tenant 'x' not found."}}),
            TokenFault::UnknownTenant,
        ),
        (
            json!({"status": 401, "body": {"error": "invalid_client", "error_description": "AADSTS7000222: The provided client secret keys are expired."}}),
            TokenFault::ExpiredSecret,
        ),
    ];
    for (answer, expected) in answers {
        let mut fault = answer.clone();
        fault["times"] = json!(1);
        source.server.set(json!({ "fault": fault })).await;
        let error = tokens.token().await.unwrap_err();
        assert_eq!(error.fault, expected, "{answer}: {error}");
        source.hands.forward(301);
    }
    tokens.token().await.unwrap();
}

fn imap(server: &MailServer, user: &str, tokens: &TokenSource) -> ImapSettings {
    ImapSettings { auth: ImapAuth::Token(tokens.clone()), ..server.imap_settings(user) }
}

fn numbered(n: u32) -> (String, DateTime<Utc>) {
    (format!("From: mum@family.example\nSubject: number {n}\n\nText {n}.\n"), "2026-11-02T09:00:00Z".parse().unwrap())
}

/// Waits until a token of `lives` seconds, got just now, is over by the mail server's clock.
async fn is_over(lives: u64) {
    tokio::time::sleep(Duration::from_millis(lives * 1000 + 1100)).await;
}

#[tokio::test]
async fn a_mailbox_is_read_with_a_token_and_goes_on_when_it_has_ended() {
    let (mail, source) = (MailServer::shared(), Source::start().await);
    source.server.is_trusted_by(&mail.token_keys()).await;
    // The server says an hour, and means two seconds: it is the mail server that refuses.
    source.server.set(json!({"lives": 2})).await;
    let user = mail.own_user();
    mail.append(&user, &[numbered(1), numbered(2)]).await;
    let tokens = source.tokens();
    let mut mailbox = ImapMailbox::new(imap(&mail, &user, &tokens));
    let mut seen = Vec::new();
    let mut position = None;
    for round in 0..2 {
        let batch = mailbox.after(position, BatchLimits::default()).await.unwrap();
        for one in &batch.messages {
            seen.push(String::from_utf8_lossy(&one.raw).lines().nth(1).unwrap().to_owned());
            position = Some(Position { uid_validity: batch.uid_validity, last_uid: one.uid });
        }
        // One token signs in as often as need be, as long as it is good.
        mail.kick(&user).await;
        assert!(mailbox.after(position, BatchLimits::default()).await.unwrap().messages.is_empty());
        assert_eq!(source.count().await, round + 1);
        mail.append(&user, &[numbered(u32::try_from(round).unwrap() + 3)]).await;
        is_over(2).await;
        mail.kick(&user).await;
    }
    assert_eq!(seen, ["Subject: number 1", "Subject: number 2", "Subject: number 3"]);
}

#[tokio::test]
async fn a_server_that_offers_only_oauthbearer_is_signed_in_to_as_well() {
    let (mail, source) = (MailServer::shared(), Source::start().await);
    source.server.is_trusted_by(&mail.token_keys()).await;
    let user = mail.own_user();
    mail.append(&user, &[numbered(1)]).await;
    let port = without_xoauth2(mail.imap).await;
    let tokens = source.tokens();
    let settings = ImapSettings { port, security: Security::PlainLoopback, ..imap(&mail, &user, &tokens) };
    assert_eq!(ImapMailbox::probe(&settings).await.unwrap().messages, 1);
    source.server.set(json!({"lives": -5})).await;
    source.hands.forward(3600);
    let error = ImapMailbox::probe(&settings).await.unwrap_err();
    assert!(matches!(error, MailboxError::SignIn { .. }), "{error:?}");
    let port = without_xoauth2(mail.smtp).await;
    let courier = courier(SmtpSettings { port, security: Security::PlainLoopback, ..smtp(&mail, &tokens) });
    source.server.set(json!({"lives": null})).await;
    source.hands.forward(3600);
    courier.probe().await.unwrap();
}

/// A way to the server on `port` that hides XOAUTH2 from what it offers.
async fn without_xoauth2(port: u16) -> u16 {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = server.into_split();
            tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
            tokio::spawn(async move {
                let mut bytes = vec![0; 65536];
                while let Ok(n @ 1..) = from_server.read(&mut bytes).await {
                    let text = String::from_utf8_lossy(&bytes[..n]).replace("XOAUTH2", "X-NOTHING");
                    if to_client.write_all(text.as_bytes()).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    own
}

#[tokio::test]
async fn a_good_token_that_is_refused_costs_one_more_and_not_one_at_each_poll() {
    let (mail, source) = (MailServer::shared(), Source::start().await);
    source.server.is_trusted_by(&mail.token_keys()).await;
    // Good for the council's mailboxes, and this is none.
    let tokens = source.tokens();
    let settings = imap(&mail, "mum@family.example", &tokens);
    let error = ImapMailbox::probe(&settings).await.unwrap_err();
    assert!(matches!(error, MailboxError::SignIn { .. }), "{error:?}");
    assert!(error.to_string().contains("Authentication failed; the token is good at its token server"), "{error}");
    assert_eq!(source.count().await, 2);
    let mut mailbox = ImapMailbox::new(settings);
    for _ in 0..10 {
        source.hands.forward(5);
        mailbox.after(None, BatchLimits::default()).await.unwrap_err();
    }
    assert_eq!(source.count().await, 2);
    // Another mailbox with the same tokens is not disturbed, and does not make it forget.
    let user = mail.own_user();
    ImapMailbox::probe(&imap(&mail, &user, &tokens)).await.unwrap();
    source.hands.forward(5);
    mailbox.after(None, BatchLimits::default()).await.unwrap_err();
    assert_eq!(source.count().await, 2);
    source.hands.forward(60);
    mailbox.after(None, BatchLimits::default()).await.unwrap_err();
    assert_eq!(source.count().await, 3);
}

#[tokio::test]
async fn a_server_without_tokens_is_named_as_such() {
    let source = Source::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _};
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = tokio::io::BufReader::new(stream);
            stream.write_all(b"* OK ready\r\n").await.unwrap();
            let mut line = String::new();
            stream.read_line(&mut line).await.unwrap();
            let tag = line.split(' ').next().unwrap();
            let _ = stream.write_all(format!("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK\r\n").as_bytes()).await;
        }
    });
    let mail = MailServer::shared();
    let tokens = source.tokens();
    let settings =
        ImapSettings { host: "127.0.0.1".into(), port, security: Security::PlainLoopback, ..imap(&mail, "a", &tokens) };
    let error = ImapMailbox::probe(&settings).await.unwrap_err().to_string();
    assert!(error.contains("it takes no tokens"), "{error}");
}

fn smtp(mail: &MailServer, tokens: &TokenSource) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".into(),
        port: mail.smtp,
        security: Security::StartTls,
        sign_in: Some(SmtpSignIn::Token { user: "complaints@council.example".into(), source: tokens.clone() }),
        extra_ca: Some(mail.ca()),
        return_path: ReturnPath::Empty,
        hello_name: Some("heard.council.example".into()),
        timeout: Duration::from_secs(10),
    }
}

fn courier(settings: SmtpSettings) -> SmtpCourier {
    SmtpCourier::new(settings, Clock::system()).unwrap()
}

fn letter(to: &str) -> Outgoing {
    Outgoing {
        message_id: format!("{}@council.example", uuid::Uuid::new_v4()),
        from_name: "Complaints".into(),
        from_address: "complaints@council.example".into(),
        reply_to: None,
        to: to.into(),
        subject: "We have your complaint".into(),
        text: "We have it.\n".into(),
        html: None,
        in_reply_to: vec![],
        references: vec![],
        automatic: true,
        enclosures: Vec::new(),
        buttons: Vec::new(),
        look: Default::default(),
    }
}

#[tokio::test]
async fn letters_go_out_with_a_token_and_go_on_when_it_has_ended() {
    let (mail, source) = (MailServer::shared(), Source::start().await);
    source.server.is_trusted_by(&mail.token_keys()).await;
    source.server.set(json!({"lives": 2})).await;
    let (tokens, family) = (source.tokens(), mail.own_user());
    let sender = courier(smtp(&mail, &tokens));
    sender.probe().await.unwrap();
    assert_eq!(sender.send(&letter(&family)).await, Delivery::Delivered);
    assert_eq!(source.count().await, 1);
    is_over(2).await;
    // A new connection, so that somebody signs in again.
    let sender = courier(smtp(&mail, &tokens));
    assert_eq!(sender.send(&letter(&family)).await, Delivery::Delivered);
    assert_eq!(source.count().await, 2);
    mail.await_messages(&family, 2).await;
    let log = mail.logs();
    assert!(log.contains("sasl_method=XOAUTH2, sasl_username=complaints@council.example"), "{log}");

    // The mail server refuses all that it signs: the letter waits, and the token server is left alone.
    source.server.set(json!({"lives": -5})).await;
    is_over(2).await;
    let sender = courier(smtp(&mail, &tokens));
    for _ in 0..3 {
        let delivery = sender.send(&letter(&family)).await;
        assert!(
            matches!(&delivery, Delivery::Unavailable(Trouble::SignIn, why) if why.contains("535")),
            "{delivery:?}"
        );
    }
    assert_eq!(source.count().await, 3);
    // No token at all is told as what it is.
    source.server.set(json!({"client_secret": "another"})).await;
    source.hands.forward(3600);
    let delivery = sender.send(&letter(&family)).await;
    assert!(
        matches!(&delivery, Delivery::Unavailable(Trouble::Token, why) if why.contains("the client secret is wrong")),
        "{delivery:?}"
    );
    assert_eq!(mail.messages(&family).await.len(), 2);
    // A password still does where one is asked for.
    let user = "complaints@council.example".to_owned();
    let by_password = SmtpSignIn::Password { password: password(&user).into(), user };
    courier(SmtpSettings { sign_in: Some(by_password), ..smtp(&mail, &tokens) }).probe().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_on_one_database_never_spend_a_refresh_token_twice() {
    for database in both().await {
        let source = Source::start().await;
        source.server.set(json!({"rotate": true, "delay": 30})).await;
        let programs: Vec<TokenSource> = (0..3).map(|_| source.refreshing("seed", &database.store)).collect();
        for _ in 0..4 {
            let asking = programs.iter().cycle().take(12).map(|program| {
                let program = program.clone();
                tokio::spawn(async move { program.token().await.map(drop) })
            });
            for result in futures::future::join_all(asking.collect::<Vec<_>>()).await {
                assert_eq!(result.unwrap(), Ok(()), "{}", database.kind);
            }
            source.hands.forward(3600);
        }
        let asked = source.server.asked().await;
        // Each program once a round, each with the token that the one before it was given.
        assert_eq!(asked.len(), 12, "{}", database.kind);
        let mut spent: Vec<_> = asked.iter().map(|one| one.refresh_token.clone().unwrap()).collect();
        assert_eq!(spent[0], "seed");
        spent.sort();
        spent.dedup();
        assert_eq!(spent.len(), 12, "{}", database.kind);
        // A program that starts later goes on from where the others are, though its configuration says "seed".
        let later = source.refreshing("seed", &database.store);
        later.token().await.unwrap();
        assert_eq!(
            database
                .number("SELECT count(*) FROM token_source WHERE sealed IS NOT NULL AND locked_until IS NULL")
                .await,
            1
        );
        assert_eq!(
            database.number("SELECT count(*) FROM token_source WHERE fault IS NULL AND ends_at IS NOT NULL").await,
            1
        );
        database.drop().await;
    }
}

#[tokio::test]
async fn a_refresh_token_in_the_database_is_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("heard.db");
    let store = Store::open(&format!("sqlite://{}", file.display())).await.unwrap();
    let source = Source::start().await;
    source.server.set(json!({"rotate": true})).await;
    let tokens = source.refreshing("seed-that-nobody-may-read", &store);
    source.server.set(json!({"refresh_tokens": ["seed-that-nobody-may-read"]})).await;
    let access = tokens.token().await.unwrap().secret.expose_secret().to_owned();
    source.hands.forward(3600);
    tokens.token().await.unwrap();
    store.close().await;
    let spent: Vec<String> = source.server.asked().await.into_iter().filter_map(|one| one.refresh_token).collect();
    assert_eq!(spent.len(), 2);
    let bytes = std::fs::read(&file).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    for secret in spent.iter().chain([&access]) {
        assert!(!text.contains(secret.as_str()), "{secret} lies in the database");
    }
    assert!(!format!("{tokens:?}").contains("seed"), "{tokens:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gives_up_waiting_does_not_lose_the_refresh_token() {
    let database = Database::sqlite().await;
    let source = Source::start().await;
    source.server.set(json!({"rotate": true, "delay": 300})).await;
    let tokens = source.refreshing("seed", &database.store);
    let gave_up = tokio::time::timeout(Duration::from_millis(50), tokens.token()).await;
    assert!(gave_up.is_err(), "it should have taken longer");
    let start = Instant::now();
    while database.number("SELECT count(*) FROM token_source WHERE sealed IS NOT NULL").await == 0 {
        assert!(start.elapsed() < Duration::from_secs(20), "the new refresh token is not kept");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokens.token().await.unwrap();
    assert_eq!(source.count().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_waits_for_what_is_under_way_and_nothing_is_asked_after_it() {
    let database = Database::sqlite().await;
    let source = Source::start().await;
    source.server.set(json!({"rotate": true, "delay": 300})).await;
    let tokens = source.refreshing("seed", &database.store);
    drop(tokio::time::timeout(Duration::from_millis(50), tokens.token()).await);
    tokens.end().await;
    assert_eq!(database.number("SELECT count(*) FROM token_source WHERE sealed IS NOT NULL").await, 1);
    source.hands.forward(3600);
    tokens.token().await.unwrap_err();
    assert_eq!(source.count().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_on_its_way_is_told_and_a_new_sign_in_mends_it_without_a_restart() {
    for database in both().await {
        let source = Source::start().await;
        source.server.set(json!({"rotate": true, "lose": 1})).await;
        let tokens = source.refreshing("seed", &database.store);
        // The server has spent the token, and nobody here knows its successor.
        assert_eq!(tokens.token().await.unwrap_err().fault, TokenFault::Unreachable);
        source.hands.forward(10);
        let error = tokens.token().await.unwrap_err();
        assert_eq!(error.fault, TokenFault::Ended, "{error}");
        assert!(error.fault.remedy().contains("without a restart"));
        // A server with a grace period takes the old one once more: the mailbox is not lost.
        source.server.set(json!({"refresh_tokens": ["seed"]})).await;
        source.hands.forward(10);
        tokens.token().await.unwrap();
        source.hands.forward(3600);
        tokens.token().await.unwrap();

        // Withdrawn; somebody signs in anew and replaces the file.
        source.server.set(json!({"refresh_tokens": ["second seed"]})).await;
        source.hands.forward(3600);
        assert_eq!(tokens.token().await.unwrap_err().fault, TokenFault::Ended);
        secret(source.dir.path(), "refresh-token", "second seed");
        source.hands.forward(10);
        tokens.token().await.unwrap();
        source.hands.forward(3600);
        tokens.token().await.unwrap();
        database.drop().await;
    }
}

#[tokio::test]
async fn a_program_that_died_in_its_turn_is_waited_out_and_named() {
    for database in both().await {
        let source = Source::start().await;
        source.server.set(json!({"rotate": true})).await;
        source.refreshing("seed", &database.store).token().await.unwrap();
        let key = "0123456789abcdef0123456789abcdef".to_owned().into();
        let dead = StoredVault::new(
            database.store.clone(),
            Seal::new(&key, None).unwrap(),
            source.hands.clock(),
            "dead".into(),
            true,
        );
        dead.take("exchange", &"seed".to_owned().into()).await.unwrap();
        // It had just spent the token.
        source.server.set(json!({"refresh_tokens": []})).await;
        let next = source.refreshing("seed", &database.store);
        let waiting = tokio::spawn(async move { next.token().await.map(drop) });
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert!(!waiting.is_finished(), "the turn belongs to another program");
        source.hands.forward(121);
        let error: TokenError = waiting.await.unwrap().unwrap_err();
        assert_eq!(error.fault, TokenFault::Interrupted, "{}: {error}", database.kind);
        database.drop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_fails_meanwhile_loses_no_refresh_token() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("heard.db");
    let store = Store::open(&format!("sqlite://{}", file.display())).await.unwrap();
    let source = Source::start().await;
    source.server.set(json!({"rotate": true, "delay": 500})).await;
    let tokens = source.refreshing("seed", &store);
    let asking = {
        let tokens = tokens.clone();
        tokio::spawn(async move { tokens.token().await.map(drop) })
    };
    // While the server thinks, the table becomes unusable.
    use sqlx::{ConnectOptions as _, Connection as _};
    let mut other = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    let start = Instant::now();
    loop {
        let turn: i64 = sqlx::query_scalar("SELECT count(*) FROM token_source WHERE locked_until IS NOT NULL")
            .fetch_one(&mut other)
            .await
            .unwrap();
        if turn == 1 {
            break;
        }
        assert!(start.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    sqlx::query("ALTER TABLE token_source RENAME TO away").execute(&mut other).await.unwrap();
    assert_eq!(asking.await.unwrap(), Ok(()), "the token itself is good");
    assert_eq!(tokens.token().await.map(drop), Ok(()));
    sqlx::query("ALTER TABLE away RENAME TO token_source").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    // Now its successor is kept first, and only then spent.
    source.hands.forward(600);
    tokens.token().await.unwrap();
    let asked = source.server.asked().await;
    assert_eq!((asked.len(), asked.iter().all(|one| one.status == 200)), (2, true), "{asked:?}");
    source.hands.forward(3600);
    source.refreshing("seed", &store).token().await.unwrap();
}
