//! The command line: what can be asked of the program. Prints for people, or one JSON document with `--json`.

pub mod cases;
pub mod due;
mod holidays;
pub mod ingest;
mod models;
mod retention;
mod users;

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{App, demo, doctor},
    clock::Clock,
    config::Settings,
    intake::files::text,
};

/// Where the configuration is looked for.
const CONFIG: &str = "config/heard.toml";
/// Where the embedded default keeps its files.
const DATA: &str = "data";

/// Complaints intake and casework for children's services.
#[derive(Parser, Debug)]
#[command(name = "heard", version, about, propagate_version = true)]
pub struct Arguments {
    /// Configuration file; without one at the default place, the embedded default is used where that makes sense.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Database instead of the configured one: sqlite://PATH or postgres://…
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// One JSON document (or JSON lines) instead of text.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// The whole system on embedded parts with an invented council's inbox.
    Demo {
        /// Where its files lie.
        #[arg(long, default_value = "data/demo")]
        data: PathBuf,
        /// Address of the pages.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: std::net::SocketAddr,
    },
    /// The whole system as configured.
    Serve {
        /// Fetch until every mailbox is empty, send what is due, and end.
        #[arg(long)]
        until_idle: bool,
    },
    /// Check the configuration and every connection, and say how to mend each fault.
    Doctor {
        /// Send whoever is to be alerted a trial message too.
        #[arg(long)]
        alert: bool,
    },
    /// Read a folder with one subfolder a mailbox, and optionally chat.jsonl, as if each message had just arrived.
    Ingest {
        /// The folder.
        dir: PathBuf,
        /// A mail domain of the council's own staff (repeatable).
        #[arg(long, value_name = "DOMAIN")]
        staff_domain: Vec<String>,
    },
    /// How a message is read, as JSON.
    Parse {
        /// The message.
        file: PathBuf,
    },
    /// Label JSON lines from standard input to standard output.
    Classify,
    /// Fit the heads from labelled JSON lines.
    Train(models::TrainArguments),
    /// Measure the heads on labelled JSON lines.
    Evaluate(models::EvaluateArguments),
    /// Count a due date, or a whole file of them.
    Due(due::DueArguments),
    /// Cases.
    #[command(subcommand)]
    Cases(cases::CasesCommand),
    /// Bank holidays: list them, or change them without a new version of Heard.
    #[command(subcommand)]
    Holidays(holidays::HolidaysCommand),
    /// How long cases are kept: list what is due; take everything that says who out of cases that were decided on.
    Retention(retention::RetentionArguments),
    /// Officers' accounts.
    #[command(subcommand)]
    Users(users::UsersCommand),
    /// Read the words of files from standard input; Heard starts itself so, with narrow limits.
    #[command(name = text::COMMAND, hide = true)]
    ExtractText,
}

/// What a command ended with, when not well.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    // Before any thread, log or connection is there.
    if matches!(arguments.command, Command::ExtractText) {
        return text::child::run();
    }
    // The demonstration talks to a person: only what goes wrong is logged beside it.
    start_log(if matches!(arguments.command, Command::Demo { .. }) { "warn" } else { "info" });
    quiet_panics();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("heard: the program could not start its threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(dispatch(arguments));
    // A model or a resolver still at work must not hold up the end.
    runtime.shutdown_background();
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("heard: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A panic's own words may hold what somebody wrote: only its place is told.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a part of the program failed; the others go on");
    }));
}

fn start_log(usual: &str) {
    // async-imap logs passwords and bodies at trace; sqlx logs bound values at debug.
    let filter = tracing_subscriber::EnvFilter::try_from_env("HEARD_LOG").unwrap_or_else(|_| usual.into());
    let quiet =
        ["async_imap=warn", "sqlx=warn", "hyper=warn", "rustls=warn", "teloxide=warn", "lettre=warn", "reqwest=warn"];
    let filter = quiet
        .iter()
        .filter_map(|directive| directive.parse().ok())
        .fold(filter, tracing_subscriber::EnvFilter::add_directive);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        log.with_target(false).init();
    } else {
        log.json().init();
    }
}

async fn dispatch(arguments: Arguments) -> Result<ExitCode, Failure> {
    let Arguments { config, database, json, command } = arguments;
    let settings = || settings(config.as_deref());
    let database = database.as_deref();
    match command {
        Command::Demo { data, listen } => demo::run(&data, listen, stop_signal()).await?,
        Command::Serve { until_idle } => {
            let app = App::build(required(config.as_deref())?, database, Clock::system()).await?;
            if let Some(why) = &app.without_classifier {
                tracing::warn!(%why, "no classifier");
            }
            if until_idle { app.until_idle().await? } else { app.serve(stop_signal()).await? }
        }
        Command::Doctor { alert } => return examine(&required(config.as_deref())?, database, alert, json).await,
        Command::Ingest { dir, staff_domain } => {
            let mut settings = settings()?;
            settings.council.staff_domains.extend(staff_domain);
            ingest::run(settings, database, &dir, json).await?;
        }
        Command::Parse { file } => ingest::parse(settings()?, &file)?,
        Command::Classify => models::classify(settings()?).await?,
        Command::Train(arguments) => models::train(settings()?, database, arguments, json).await?,
        Command::Evaluate(arguments) => models::evaluate(settings()?, database, arguments, json).await?,
        Command::Due(arguments) => {
            // Without a configuration the rules answer as they came; a broken one must not pass for none.
            let named = config.is_some() || Path::new(CONFIG).exists();
            let settings = if named { Some(settings()?) } else { settings().ok() };
            return due::run(settings.as_ref(), database, &arguments, json).await;
        }
        Command::Holidays(command) => holidays::run(settings()?, database, command, json).await?,
        Command::Cases(command) => cases::run(settings()?, database, command).await?,
        Command::Retention(arguments) => retention::run(settings()?, database, arguments, json).await?,
        Command::Users(command) => users::run(settings()?, database, command, json).await?,
        Command::ExtractText => return Ok(text::child::run()),
    }
    Ok(ExitCode::SUCCESS)
}

/// The configuration, which must be there.
fn required(config: Option<&Path>) -> Result<Settings, Failure> {
    Ok(Settings::load(config.unwrap_or(Path::new(CONFIG)))?)
}

/// The configuration, or the embedded default when none is named and none lies at the default place.
fn settings(config: Option<&Path>) -> Result<Settings, Failure> {
    match config {
        Some(path) => Ok(Settings::load(path)?),
        None if Path::new(CONFIG).exists() => Ok(Settings::load(Path::new(CONFIG))?),
        None => Ok(demo::embedded_settings(Path::new(DATA))?),
    }
}

async fn examine(settings: &Settings, database: Option<&str>, trial: bool, json: bool) -> Result<ExitCode, Failure> {
    let findings = doctor::examine(settings, database, &Clock::system(), trial).await;
    let well = findings.iter().all(|finding| finding.ok);
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&findings)?)?;
    } else {
        for finding in &findings {
            writeln!(out, "{} {}: {}", if finding.ok { "ok   " } else { "FAULT" }, finding.what, finding.said)?;
            if let Some(remedy) = &finding.remedy {
                writeln!(out, "      remedy: {remedy}")?;
            }
        }
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Cancelled by Ctrl-C or by the service manager's TERM.
fn stop_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let cancelled = stop.clone();
    tokio::spawn(async move {
        let terminated = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = terminated => {}
        }
        cancelled.cancel();
    });
    stop
}
