//! `heard ingest` and `heard parse`.

use std::{
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use indicatif::ProgressBar;
use serde::Serialize;

use super::Failure;
use crate::{
    app::{App, ConnectionError, connections},
    clock::Clock,
    config::Settings,
    intake::{
        chat_file::{self, ChatFileError},
        folder::{FolderError, TreeMessage, read_tree},
        outline::{Limits, OUTLINE_FROM, outline},
        parse::{ReadContext, parse_json, read, read_outline},
        prepare::{ChatMessage, Prepared},
    },
    labelling::classifier::LabellingError,
    workers::{
        Engine, FileCounts, IngestCounts, Ingesting, StepError, ingest_one, keep_all, look_for_joint_complaints,
        send_due,
    },
};

/// Days of the messages after which the open cases are looked over for joint complaints.
const LOOK_EVERY: TimeDelta = TimeDelta::days(4);
/// Messages read and labelled together.
const TOGETHER: usize = 32;

/// Why a folder could not be read in.
#[derive(Debug, thiserror::Error)]
pub enum IngestCommandError {
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// `chat.jsonl`.
    #[error(transparent)]
    Chat(#[from] ChatFileError),
    /// The database or a rule.
    #[error(transparent)]
    Step(#[from] StepError),
    /// The sender.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// The classifier: a manager's mailbox cannot be judged without.
    #[error(
        "the folder holds a manager's mailbox, which is private: without the classifier nothing of it may be kept. {0}"
    )]
    Labelling(#[from] LabellingError),
}

/// How a folder is read in.
#[derive(Clone, Copy, Debug, Default)]
pub struct IngestOptions<'a> {
    /// Show a progress bar.
    pub progress: bool,
    /// Move all dates forward by whole weeks so that the last message arrived just before.
    pub as_of: Option<DateTime<Utc>>,
    /// Send what each message causes as if it were then. Without, letters wait in the outbox.
    pub send: Option<&'a Settings>,
}

/// What was done, and how long each step took.
#[derive(Clone, Debug, Serialize)]
pub struct IngestReport {
    /// What became of the messages.
    #[serde(flatten)]
    pub counts: IngestCounts,
    /// Files that hold no message.
    pub passed_over: usize,
    /// Seconds for reading files and messages.
    pub read_s: f64,
    /// Seconds for the classifier.
    pub label_s: f64,
    /// Seconds for matching, casework and the database.
    pub settle_s: f64,
    /// What became of the files.
    #[serde(flatten)]
    pub files: FileCounts,
    /// Seconds for keeping, scanning and reading files.
    pub files_s: f64,
}

enum Waiting {
    Mail(TreeMessage),
    Chat(ChatMessage),
}

impl Waiting {
    fn arrived_at(&self) -> DateTime<Utc> {
        match self {
            Self::Mail(message) => message.arrived_at,
            Self::Chat(message) => message.date,
        }
    }
}

/// Reads in a folder in the order of the messages' dates.
///
/// # Errors
///
/// [`IngestCommandError`]; what came before the fault is stored.
pub async fn ingest(
    engine: &Engine,
    dir: &Path,
    options: &IngestOptions<'_>,
) -> Result<IngestReport, IngestCommandError> {
    let (waiting, passed_over) = list(dir)?;
    let shift = options
        .as_of
        .zip(waiting.last())
        .map_or(TimeDelta::zero(), |(now, last)| TimeDelta::weeks((now - last.arrived_at()).num_weeks().max(0)));
    let bar = if options.progress { ProgressBar::new(waiting.len() as u64) } else { ProgressBar::hidden() };
    let mut report = IngestReport {
        counts: IngestCounts::default(),
        passed_over: passed_over.len(),
        read_s: 0.0,
        label_s: 0.0,
        settle_s: 0.0,
        files: FileCounts::default(),
        files_s: 0.0,
    };
    let mut waiting = waiting.into_iter().peekable();
    let (mut looked_at, mut last_at) = (None, DateTime::UNIX_EPOCH);
    while waiting.peek().is_some() {
        let start = Instant::now();
        let mut messages = Vec::with_capacity(TOGETHER);
        for next in waiting.by_ref().take(TOGETHER) {
            messages.push(load(engine, next, shift)?);
        }
        report.read_s += start.elapsed().as_secs_f64();
        let start = Instant::now();
        let suggestions = label(engine, &messages).await?;
        report.label_s += start.elapsed().as_secs_f64();
        let start = Instant::now();
        for (message, suggestion) in messages.iter().zip(&suggestions) {
            // As the program that serves would have: by the days on which the messages came.
            if looked_at.is_none_or(|at| message.arrived_at() - at >= LOOK_EVERY) {
                look_for_joint_complaints(engine, message.arrived_at()).await.map_err(StepError::Store)?;
                looked_at = Some(message.arrived_at());
            }
            ingest_one(engine, message, suggestion, &mut report.counts).await?;
            last_at = message.arrived_at();
            if let Some(settings) = options.send {
                send_as_if_then(engine, settings, message.arrived_at()).await?;
            }
            bar.inc(1);
        }
        report.settle_s += start.elapsed().as_secs_f64();
    }
    look_for_joint_complaints(engine, last_at).await.map_err(StepError::Store)?;
    bar.finish_and_clear();
    let start = Instant::now();
    report.files = keep_all(engine).await?;
    report.files_s = start.elapsed().as_secs_f64();
    Ok(report)
}

/// Sends what is due a few seconds after `arrived_at`, by a clock that stands there.
async fn send_as_if_then(
    engine: &Engine,
    settings: &Settings,
    arrived_at: DateTime<Utc>,
) -> Result<(), IngestCommandError> {
    let clock = Clock::fixed(arrived_at + TimeDelta::seconds(4));
    let couriers = connections::couriers(settings, &connections::Tokens::default(), &clock)?;
    let then = Engine { clock, couriers, ..engine.clone() };
    while send_due(&then).await? > 0 {}
    Ok(())
}

fn list(dir: &Path) -> Result<(Vec<Waiting>, Vec<PathBuf>), IngestCommandError> {
    let tree = read_tree(dir)?;
    let mut waiting: Vec<Waiting> = tree.messages.into_iter().map(Waiting::Mail).collect();
    if let Some(chat) = &tree.chat {
        for line in chat_file::open(chat)? {
            let line = line?;
            let address =
                if line.chat_id.starts_with("telegram:") { line.chat_id } else { format!("telegram:{}", line.chat_id) };
            waiting.push(Waiting::Chat(ChatMessage {
                id: line.id,
                address,
                from_name: Some(line.from_name).filter(|name| !name.is_empty()),
                date: line.date.to_utc(),
                text: line.text,
                attachments: Vec::new(),
                no_answer: Vec::new(),
                silent: false,
                changes: None,
            }));
        }
    }
    waiting.sort_by_key(Waiting::arrived_at);
    Ok((waiting, tree.passed_over))
}

fn load(engine: &Engine, next: Waiting, shift: TimeDelta) -> Result<Ingesting, IngestCommandError> {
    Ok(match next {
        Waiting::Mail(message) => {
            let arrived_at = message.arrived_at + shift;
            Ingesting::file(engine, message, arrived_at)?
        }
        Waiting::Chat(message) => {
            let date = message.date + shift;
            Ingesting::chat(engine, ChatMessage { date, ..message })
        }
    })
}

async fn label(
    engine: &Engine,
    messages: &[Ingesting],
) -> Result<Vec<Vec<crate::labelling::labels::Suggestion>>, IngestCommandError> {
    let private = messages.iter().any(|message| matches!(message, Ingesting::Mail { mailbox, .. } if engine.office.policy(mailbox).kind == crate::config::MailboxKind::Manager));
    let Some(classifier) = &engine.classifier else {
        if private {
            return Err(LabellingError::NotLoaded(
                "Run `make setup heads`, or correct [labelling] in the configuration".into(),
            )
            .into());
        }
        return Ok(vec![Vec::new(); messages.len()]);
    };
    let texts = |message: &Ingesting| message.prepared().map_or(0, |message| message.texts().count());
    let to_label = messages.iter().filter_map(Ingesting::prepared).flat_map(Prepared::texts).cloned().collect();
    let mut answers = classifier.label(to_label).await?.into_iter();
    Ok(messages.iter().map(|message| answers.by_ref().take(texts(message)).collect()).collect())
}

pub(super) async fn run(settings: Settings, database: Option<&str>, dir: &Path, json: bool) -> Result<(), Failure> {
    let app = App::build(settings, database, Clock::system()).await?;
    let mut engine = app.engine;
    // Nothing waits for an answer here: a slow machine labels all the same.
    engine.patience = Duration::from_secs(600);
    let report = ingest(&engine, dir, &IngestOptions { progress: !json, ..IngestOptions::default() }).await?;
    engine.store.close().await;
    // The messages are in; what is left to do with their files is told and done by heard serve.
    let faults = engine.files.faults();
    for fault in [faults.scanning, faults.reading].into_iter().flatten() {
        eprintln!("heard: {fault}");
    }
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
        return Ok(());
    }
    let counts = report.counts;
    writeln!(
        out,
        "{} messages: {} cases opened, {} joined one, {} delivered before, {} filed, {} private ones forgotten, {} in quarantine",
        counts.messages,
        counts.cases_opened,
        counts.joined,
        counts.delivered_before,
        counts.filed,
        counts.forgotten,
        counts.quarantined
    )?;
    writeln!(
        out,
        "reading {:.1} s, labelling {:.1} s, casework {:.1} s; letters lie in the outbox and are sent by heard serve",
        report.read_s, report.label_s, report.settle_s
    )?;
    if report.files.files_kept + report.files.files_refused > 0 {
        let FileCounts { files_kept, files_refused, .. } = report.files;
        writeln!(out, "{files_kept} files kept, {files_refused} refused, in {:.1} s", report.files_s)?;
    }
    if report.passed_over > 0 {
        writeln!(out, "{} files hold no message and were passed over", report.passed_over)?;
    }
    Ok(())
}

/// `heard parse`.
pub(super) fn parse(settings: Settings, file: &Path) -> Result<(), Failure> {
    let own_addresses =
        settings.mailboxes.iter().map(|mailbox| mailbox.address.to_lowercase()).filter(|address| !address.is_empty());
    let context = ReadContext {
        own_addresses: own_addresses.collect(),
        own_domain_suffix_for_message_ids: None,
        form_senders: settings.council.form_senders,
        staff_domains: settings.council.staff_domains,
        trusted_servers: settings.identity.trusted_servers,
    };
    let fault = |cause: std::io::Error| format!("{}: {cause}. Name a file that holds one message", file.display());
    // A large one is read by its outline, which is never more than a few megabytes.
    let size = std::fs::metadata(file).map_err(fault)?.len();
    let reading = if size < OUTLINE_FROM as u64 {
        read(&std::fs::read(file).map_err(fault)?, &context)?
    } else {
        let outline = std::fs::File::open(file).and_then(|file| outline(file, Limits::default())).map_err(fault)?;
        read_outline(&outline, &context)?
    };
    writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&parse_json(&reading))?)?;
    Ok(())
}
