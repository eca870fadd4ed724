//! `heard demo`: the whole system on embedded parts, with an invented council's inbox already read.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use chrono::TimeDelta;
use rust_embed::RustEmbed;
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use super::{App, AppError};
use crate::{
    casework,
    cli::ingest::{IngestOptions, ingest},
    clock::Clock,
    config::{ConfigError, MailboxKind, Settings},
    desk::users::{self, UsersError},
    labelling::labels::Act,
    procedure::{decide::Command, event::Safeguarding},
    web::access::Role,
    workers::{self, StepError},
};

/// The invented inbox: one folder a mailbox, and `chat.jsonl`.
#[derive(RustEmbed)]
#[folder = "tests/data/sample-inbox"]
struct SampleInbox;

/// The mailboxes of the demonstration.
const MAILBOXES: [(&str, &str, &str); 6] = [
    ("complaints", "complaints", "complaints@calderbeck.example"),
    ("complaints-send", "complaints", "send.complaints@calderbeck.example"),
    ("forward-log-a-complaint", "forward", "log-a-complaint@calderbeck.example"),
    ("manager-fostering", "manager", "helen.marsh@calderbeck.example"),
    ("manager-send", "manager", "dominic.okafor@calderbeck.example"),
    ("manager-assessment", "manager", "ruth.pellow@calderbeck.example"),
];

/// Why the demonstration cannot start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The program.
    #[error(transparent)]
    App(#[from] AppError),
    /// The built-in configuration: a fault of ours.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Reading the sample inbox.
    #[error(transparent)]
    Ingest(#[from] crate::cli::ingest::IngestCommandError),
    /// The sign-ins.
    #[error(transparent)]
    Users(#[from] UsersError),
}

fn file_error(path: &Path) -> impl FnOnce(std::io::Error) -> DemoError + '_ {
    move |cause| AppError::File { path: path.to_path_buf(), cause }.into()
}

/// The embedded default: everything under `data`, which is made, with a key of its own.
///
/// # Errors
///
/// When the folder or the key cannot be written.
pub fn embedded_settings(data: &Path) -> Result<Settings, DemoError> {
    Ok(Settings::parse(&embedded_text(data)?, Path::new("(built-in configuration)"))?)
}

fn embedded_text(data: &Path) -> Result<String, DemoError> {
    std::fs::create_dir_all(data).map_err(file_error(data))?;
    let key = data.join("key");
    if !key.exists() {
        let bytes: [u8; 32] = rand::random();
        write_private(&key, &data_encoding::HEXLOWER.encode(&bytes)).map_err(file_error(&key))?;
    }
    Ok(include_str!("../config/embedded.toml").replace("@DATA@", &data.display().to_string().replace('\\', "/")))
}

/// Writes a file that only its owner can read.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// Where the demonstration stands once it is prepared.
pub struct Demo {
    /// The program, ready to serve.
    pub app: App,
    /// Role, address, password.
    pub sign_ins: Vec<(String, String, String)>,
    /// Where everything lies.
    pub data: PathBuf,
}

/// Makes the demonstration in `data` on the first run, and finds it again on later ones.
///
/// # Errors
///
/// [`DemoError`].
pub async fn prepare(
    data: &Path,
    listen: std::net::SocketAddr,
    clock: Clock,
    say: impl Fn(&str),
) -> Result<Demo, DemoError> {
    let first = !data.join("sign-ins").exists();
    let mut text = embedded_text(data)?;
    for (name, kind, address) in MAILBOXES {
        let folder = data.join("inbox").join(name);
        std::fs::create_dir_all(&folder).map_err(file_error(&folder))?;
        text.push_str(&format!("[[mailbox]]\nname = \"{name}\"\nkind = \"{kind}\"\naddress = \"{address}\"\nfolder = \"{}\"\npoll_seconds = 2\n\n", folder.display()));
    }
    let staff = data.join("staff.csv");
    std::fs::write(&staff, include_str!("../../config/staff.example.csv")).map_err(file_error(&staff))?;
    text.push_str(&format!("[staff]\ndirectory = \"{}\"\n\n", staff.display()));
    text.push_str(&format!("[web]\nlisten = \"{listen}\"\npublic_url = \"http://{listen}/\"\n"));
    let settings = Settings::parse(&text, Path::new("(built-in configuration)"))?;
    if first {
        // What an interrupted first run left behind.
        for name in ["heard.db", "heard.db-wal", "heard.db-shm", "heard.db-sent"] {
            let _ = std::fs::remove_file(data.join(name));
        }
        let _ = std::fs::remove_dir_all(data.join("files"));
    }
    say("Loading the classifier");
    let app = App::build(settings, None, clock).await?;
    if let Some(why) = &app.without_classifier {
        say(&format!("Without the classifier: {why}"));
    }
    let sign_ins = if first {
        first_run(&app, data, &say).await?
    } else {
        read_sign_ins(&data.join("sign-ins")).map_err(file_error(data))?
    };
    Ok(Demo { app, sign_ins, data: data.to_path_buf() })
}

async fn first_run(app: &App, data: &Path, say: &impl Fn(&str)) -> Result<Vec<(String, String, String)>, DemoError> {
    let sample = data.join("sample");
    // What an interrupted first run left behind, perhaps with other mailboxes.
    let _ = std::fs::remove_dir_all(&sample);
    let with_private = app.engine.classifier.is_some();
    for name in SampleInbox::iter().filter(|name| with_private || !is_private(name)) {
        if let Some(file) = SampleInbox::get(&name) {
            let path = sample.join(name.as_ref());
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(file_error(folder))?;
            }
            std::fs::write(&path, &file.data).map_err(file_error(&path))?;
        }
    }
    if !with_private {
        // Promise 3: nobody but the classifier may look into a manager's mailbox.
        say("Managers' mailboxes are left out: without the classifier they may not be read");
        say("To have them too: make setup heads, delete the data folder, start again");
    }
    say("Reading the sample inbox of an invented council");
    let options = IngestOptions { progress: false, as_of: Some(app.engine.clock.now()), send: Some(&app.settings) };
    let report = ingest(&app.engine, &sample, &options).await?;
    say(&format!(
        "{} messages: {} cases opened, {} messages joined one, {} private messages forgotten",
        report.counts.messages, report.counts.cases_opened, report.counts.joined, report.counts.forgotten
    ));
    let mut sign_ins = Vec::new();
    for (role, name, email) in [
        (Role::Officer, "Rowan Bell", "rowan.bell@calderbeck.example"),
        (Role::ComplaintsManager, "Imogen Asante", "imogen.asante@calderbeck.example"),
    ] {
        let added = users::add(&app.engine.store, email, name, role, None, app.engine.clock.now()).await?;
        let password = added.made.map(|made| made.expose_secret().to_owned()).unwrap_or_default();
        if role == Role::Officer {
            work_off(app, added.id).await?;
        }
        sign_ins.push((role.as_str().to_owned(), email.to_owned(), password));
    }
    let lines: String =
        sign_ins.iter().map(|(role, email, password)| format!("{role}\t{email}\t{password}\n")).collect();
    let path = data.join("sign-ins");
    write_private(&path, &lines).map_err(file_error(&path))?;
    Ok(sign_ins)
}

/// Whether a file of the sample lies in a manager's mailbox.
fn is_private(file: &str) -> bool {
    MAILBOXES.iter().any(|(name, kind, _)| {
        *kind == MailboxKind::Manager.as_str() && file.split('/').next().is_some_and(|folder| folder == *name)
    })
}

/// How many of the newest cases no officer has looked at yet.
const TO_CONFIRM: usize = 15;

/// What an officer has done by now: everything but the newest is theirs and decided, each on the day after it came.
async fn work_off(app: &App, officer: crate::ids::Uuid) -> Result<(), AppError> {
    let engine = &app.engine;
    let mut cases = {
        let mut tx = engine.store.begin_read().await?;
        crate::store::exports::cases(&mut tx).await?
    };
    cases.sort_by_key(|case| case.received_at);
    cases.truncate(cases.len().saturating_sub(TO_CONFIRM));
    for case in &cases {
        let then = case.received_at + TimeDelta::hours(20);
        let act: Result<Act, _> = case.act.parse();
        let decision = match act {
            Ok(act) if !act.is_dissatisfaction() => {
                Command::Dismiss { act, reason: "Passed to the service to answer.".into() }
            }
            _ => Command::Confirm,
        };
        let mut tx = engine.store.begin().await?;
        // Where a child may be at risk, somebody has read it before anything else is decided.
        let read = case.safeguarding.then(|| {
            Command::Safeguarding(Safeguarding::Read { what: "Rang the duty social worker, who has it.".to_owned() })
        });
        for command in [Some(Command::Assign(officer)), read, Some(decision)].into_iter().flatten() {
            casework::act(&engine.office, &mut tx, case.id, None, Some(officer), &command, then)
                .await
                .map_err(StepError::from)?;
        }
        tx.commit().await?;
    }
    while workers::send_due(engine).await? > 0 {}
    Ok(())
}

fn read_sign_ins(path: &Path) -> std::io::Result<Vec<(String, String, String)>> {
    let text = std::fs::read_to_string(path)?;
    let parts = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        Some((parts.next()?, parts.next()?, parts.next()?))
    };
    Ok(text.lines().filter_map(parts).collect())
}

/// Prepares and serves the demonstration until `stop`.
///
/// # Errors
///
/// [`DemoError`].
pub async fn run(data: &Path, listen: std::net::SocketAddr, stop: CancellationToken) -> Result<(), DemoError> {
    let Demo { app, sign_ins, data } = prepare(data, listen, Clock::system(), |line| println!("  {line}")).await?;
    println!("\nHeard runs at  http://{listen}/\n");
    for (role, email, password) in &sign_ins {
        println!("  sign in as {role:<20} {email:<36} password {password}");
    }
    println!("\n  letters that went out    {}", data.join("outbox").display());
    println!("  drop a message (.eml)    {}", data.join("inbox").join("complaints").display());
    println!("  begin again              stop, delete {}, start\n\nStop with Ctrl-C.", data.display());
    Ok(app.serve(stop).await?)
}
