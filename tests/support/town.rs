//! A council with real parts for one test: its mail server, its database, its configuration, and the program itself.
#![allow(dead_code, reason = "each test program uses its own part of this")]

#[path = "town_database.rs"]
mod database;

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use heard::{
    clock::Clock,
    intake::mailbox::Position,
    store::{Store, intake},
};
use mail_parser::MessageParser;
use serde_json::Value;
use sqlx::{ConnectOptions as _, SqliteConnection};

pub use database::Database;

use super::mail_server::{MailServer, Stored, free_port, password};

/// Longest time that a condition is waited for; the machine may be busy with other things.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The repository, where the program is started.
pub const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// Waits until `look` finds something.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// Where the classifier's files are, as the configuration says it.
pub fn model() -> Option<String> {
    let models = Path::new(HERE).join("models");
    if models.join("encoder/complete").exists() {
        let of = |name: &str| models.join(name).display().to_string();
        return Some(format!(
            "encoder = \"{}\"\ntuned = \"{}\"\nheads = \"{}\"",
            of("encoder"),
            of("tuned.safetensors"),
            of("heads.safetensors")
        ));
    }
    println!("skipped what needs the classifier: fetch the encoder with `make models`");
    None
}

/// What differs from one configuration to another.
#[derive(Clone, Default)]
pub struct Choices {
    /// Use the classifier, if it is there.
    pub labelling: bool,
    /// Watch the mailboxes of a manager and for forwards too.
    pub more_mailboxes: bool,
    /// More lines for the complaints mailbox.
    pub complaints: String,
    /// More lines for `[sending]`.
    pub sending: String,
    /// Another port than the mail server's for sending.
    pub smtp: Option<u16>,
    /// Keep the limits on letters as they are when nothing is configured.
    pub limits: bool,
    /// Where reports on our letters go.
    pub return_path: Option<String>,
}

/// A council.
pub struct Town {
    pub server: MailServer,
    pub database: Database,
    /// With the classifier.
    pub labelling: bool,
    dir: tempfile::TempDir,
    web: u16,
}

impl Town {
    /// A council on SQLite.
    pub fn on_sqlite() -> Self {
        Self::with(|dir| {
            let data = dir.join("data");
            fs::create_dir(&data).unwrap();
            Database::sqlite(&data)
        })
    }

    /// A council on `database`.
    pub fn on(database: Database) -> Self {
        Self::with(|_| database)
    }

    fn with(database: impl FnOnce(&Path) -> Database) -> Self {
        let dir = tempfile::Builder::new().prefix("heard-road-").tempdir().unwrap();
        let server = MailServer::start(dir.path());
        let database = database(dir.path());
        Self { server, database, labelling: false, dir, web: free_port() }
    }

    /// The folder of the test.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    fn secret(&self, name: &str, secret: &str) -> String {
        let file = self.dir().join(name);
        fs::write(&file, format!("{secret}\n")).unwrap();
        format!("{{ file = \"{}\" }}", file.display())
    }

    /// Writes the configuration and returns its text.
    pub fn configure(&mut self, choices: &Choices) -> String {
        let model = choices.labelling.then(model).flatten();
        self.labelling = model.is_some();
        let labelling = match model {
            Some(files) => format!("enabled = true\n{files}\npatience_ms = 60000"),
            None => "enabled = false".into(),
        };
        let mut text = format!(
            r#"[council]
name = "Invented Council"
staff_domains = ["council.example"]
complaints_address = "complaints@council.example"
complaints_phone = "01632 960 100"
procedure_url = "https://council.example/complaints"
named_officer = {{ name = "Rowan Bell", role = "Complaints officer", email = "rowan.bell@council.example", phone = "01632 960 101" }}
advocacy = {{ name = "Invented Advocacy", phone = "0800 496 0200", email = "help@advocacy.example", url = "https://advocacy.example" }}
danger = {{ daytime_phone = "01632 960 110", out_of_hours_phone = "01632 960 111" }}

[database]
url = "{database}"

[secrets]
key = {key}

[sending]
from_name = "Invented Council complaints"
from_address = "complaints@council.example"
smtp = {{ host = "localhost", port = {smtp}, security = "starttls", ca_file = "{ca}"{return_path} }}
{limits}
{sending}

[labelling]
{labelling}

[web]
listen = "127.0.0.1:{web}"

[letters]
folder = "{HERE}/config/letters"
"#,
            database = self.database.url,
            key = self.secret("key", "0123456789abcdef0123456789abcdef"),
            smtp = choices.smtp.unwrap_or(self.server.smtp),
            ca = self.server.ca().display(),
            sending = choices.sending,
            // Every family of these tests has its address behind the plus of one mailbox.
            limits = if choices.limits {
                ""
            } else {
                "per_address_an_hour = 1000\nper_address_a_day = 1000\nper_address_a_week = 1000\nper_domain_an_hour = 1000"
            },
            return_path = match &choices.return_path {
                Some(path) => format!(", return_path = \"{path}\""),
                None => String::new(),
            },
            web = self.web,
        );
        text += &self.mailbox("complaints", "complaints", "complaints@council.example", &choices.complaints);
        if choices.more_mailboxes {
            if self.labelling {
                text += &self.mailbox("manager-one", "manager", "manager1@council.example", "");
            }
            text += &self.mailbox("log-a-complaint", "forward", "log-a-complaint@council.example", "");
        }
        self.write_config(&text);
        text
    }

    fn mailbox(&self, name: &str, kind: &str, user: &str, more: &str) -> String {
        format!(
            r#"
[[mailbox]]
name = "{name}"
kind = "{kind}"
address = "{user}"
imap = {{ host = "localhost", port = {port}, user = "{user}", password = {password}, ca_file = "{ca}" }}
{more}
"#,
            port = self.server.imaps,
            password = self.secret(&format!("{name}-password"), &password(user)),
            ca = self.server.ca().display(),
        )
    }

    /// Where the officers' pages are.
    pub fn web_address(&self) -> String {
        format!("http://127.0.0.1:{}", self.web)
    }

    pub fn config(&self) -> PathBuf {
        self.dir().join("heard.toml")
    }

    pub fn write_config(&self, text: &str) {
        fs::write(self.config(), text).unwrap();
    }

    /// The program with this council's configuration.
    pub fn heard(&self, arguments: &[&str]) -> Command {
        let mut command = heard();
        command.current_dir(self.dir()).args(arguments).arg("--config").arg(self.config());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.heard(arguments).output().unwrap()
    }

    /// The cases, as other programs see them.
    pub fn export(&self) -> Vec<Value> {
        let output = self.run(&["cases", "export", "--json", "--database", &self.database.url]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The case of which the complainant has this address.
    pub fn case_of(&self, address: &str) -> Option<Value> {
        self.export().into_iter().find(|case| case["complainant"]["addr"] == address)
    }

    /// How far `mailbox` was read, by the program's own book.
    pub async fn position(&self, mailbox: &str) -> Option<Position> {
        let store = Store::open(&self.database.url).await.unwrap();
        let mut tx = store.begin_read().await.unwrap();
        let position = intake::position(&mut tx, mailbox).await.unwrap();
        drop(tx);
        store.close().await;
        position
    }

    fn log_file(&self) -> PathBuf {
        self.dir().join("heard.log")
    }

    /// Everything the program wrote to its log so far, all runs together.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Starts `heard serve` and waits until it serves.
    pub async fn serve(&self) -> Program<'_> {
        let before = self.log().len();
        let log = fs::OpenOptions::new().create(true).append(true).open(self.log_file()).unwrap();
        let child = self.heard(&["serve"]).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let mut program = Program { town: self, child };
        until("heard serve starts", async || {
            let log = self.log();
            if let Some(status) = program.child.try_wait().unwrap() {
                panic!("heard serve ended with {status}: {}", &log[before..]);
            }
            log[before..].contains("\"serving\"").then_some(())
        })
        .await;
        program
    }

    /// The letters that lie in the mailbox of `to`'s part before the `+`, addressed to `to`.
    pub async fn letters(&self, to: &str) -> Vec<Letter> {
        let (local, domain) = to.split_once('@').unwrap();
        let user = format!("{}@{domain}", local.split('+').next().unwrap());
        let letters = self.server.messages(&user).await.into_iter().map(Letter::read);
        letters.filter(|letter| letter.to.eq_ignore_ascii_case(to)).collect()
    }

    /// The first letter to `to`, as soon as it is there.
    pub async fn letter(&self, to: &str) -> Letter {
        until(&format!("a letter to {to}\n"), async || self.letters(to).await.into_iter().next()).await
    }

    /// A family writes to the complaints mailbox and is answered: what came before has been settled, and what was to be
    /// sent before is on its way.
    pub async fn fence(&self, name: &str) -> Letter {
        let from = format!("dad+{name}@family.example");
        let mail =
            Mail::new(&from, "complaints@council.example", "The bus", "The school bus left without my son again.");
        self.deliver(&mail).await;
        self.letter(&from).await
    }

    /// Hands `mail` to the mail server.
    pub async fn deliver(&self, mail: &Mail) {
        self.server.deliver(&mail.from, &mail.to, &mail.text()).await;
    }
}

/// The built program, started in the repository with nothing inherited that changes what it does.
pub fn heard() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heard"));
    command.current_dir(HERE).env_remove("HEARD_LOG").stdin(Stdio::null());
    command
}

/// Runs a command with `input` on its standard input.
pub fn run_with(mut command: Command, input: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// The running program. Dropped, it is killed.
pub struct Program<'a> {
    town: &'a Town,
    child: Child,
}

impl Program<'_> {
    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Ends it as the service manager does; it must end well.
    pub async fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let status = until("heard serve stops", async || self.child.try_wait().unwrap()).await;
        assert!(status.success(), "{status}: {}", self.town.log());
    }
}

impl Drop for Program<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let log = self.town.log();
            eprintln!(
                "the log of the program ends:\n{}",
                &log[log.floor_char_boundary(log.len().saturating_sub(6000))..]
            );
        }
    }
}

/// A mail to send.
#[derive(Clone)]
pub struct Mail {
    pub name: String,
    pub from: String,
    pub to: String,
    pub id: String,
    pub date: String,
    pub subject: String,
    /// Header lines, each with its end.
    pub more: String,
    pub body: String,
}

impl Mail {
    pub fn new(from: &str, to: &str, subject: &str, body: &str) -> Self {
        let id = format!("{}@{}", uuid::Uuid::new_v4().simple(), from.split('@').nth(1).unwrap());
        let name = "Alex Rivers".into();
        let (from, to) = (from.into(), to.into());
        let date = Clock::system().now().to_rfc2822();
        Self { name, from, to, id, date, subject: subject.into(), more: String::new(), body: body.into() }
    }

    pub fn text(&self) -> String {
        let Self { name, from, to, id, date, subject, more, body } = self;
        let kind = if more.contains("Content-Type") { "" } else { "Content-Type: text/plain; charset=utf-8\n" };
        format!(
            "From: {name} <{from}>\nTo: {to}\nSubject: {subject}\nDate: {date}\nMessage-ID: <{id}>\nMIME-Version: 1.0\n{kind}{more}\n{body}\n"
        )
    }
}

/// A letter as it lies in a family's mailbox.
#[derive(Clone, Debug)]
pub struct Letter {
    pub raw: String,
    pub to: String,
    pub message_id: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Letter {
    fn read(stored: Stored) -> Self {
        let message = MessageParser::default().parse(&stored.raw).unwrap();
        let to = message.to().and_then(|to| to.first()).and_then(|to| to.address()).unwrap_or_default();
        Self {
            to: to.to_owned(),
            message_id: message.message_id().unwrap_or_default().to_owned(),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
            raw: stored.text(),
        }
    }

    /// The value of the header line `name`, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.raw.split("\n\n").next().unwrap().replace("\n ", " ").replace("\n\t", " ");
        let start = format!("{}:", name.to_lowercase());
        head.lines()
            .find(|line| line.to_lowercase().starts_with(&start))
            .map(|line| line[start.len()..].trim().to_owned())
    }

    /// The reference in the subject.
    pub fn reference(&self) -> String {
        let found = regex::Regex::new(r"HRD-\d{2}-\d{5}-[A-Z]").unwrap().find(&self.subject);
        found.unwrap_or_else(|| panic!("no reference in {}", self.subject)).as_str().to_owned()
    }
}

/// A connection to the SQLite file for locking it.
pub async fn sqlite(file: &Path) -> SqliteConnection {
    sqlx::sqlite::SqliteConnectOptions::new().filename(file).connect().await.unwrap()
}
