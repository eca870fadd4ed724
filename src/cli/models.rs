//! `heard classify`, `heard train`, `heard evaluate`.

use std::{io::Write, path::PathBuf, sync::Arc};

use clap::Args;

use super::Failure;
use crate::{
    app::{database_url, learning, load_classifier},
    casework::Office,
    clock::Clock,
    config::Settings,
    intake::own_words::own_words,
    labelling::{
        choose::Aim,
        cross::{self, CrossOptions},
        evaluate::{self, EvaluateOptions},
        learn::simulate::{SimulateOptions, simulate},
        local::classify_lines,
        train::{self, TrainOptions},
        tuned::study::{self, StudyOptions},
    },
    matching::{
        joint,
        measure::{self, MeasureOptions},
        pairs,
    },
    store::Store,
};

/// How sure the lines that --choose finds are.
const CONFIDENCE: f64 = 0.95;

#[derive(Args, Debug)]
pub(super) struct TrainArguments {
    /// Labelled JSON lines.
    #[arg(required_unless_present_any = ["from_officers", "roll_back", "models"])]
    inputs: Vec<PathBuf>,
    /// Where the heads go; default: `[labelling] heads`.
    #[arg(long)]
    out: Option<PathBuf>,
    /// First teach the encoder too, in parts that are put into this folder as they are done (an hour each without
    /// a graphics processor); parts that are there are not done again.
    #[arg(long, value_name = "FOLDER")]
    encoder: Option<PathBuf>,
    /// With --encoder: only this part, such as `families-0`.
    #[arg(long, requires = "encoder")]
    part: Option<String>,
    /// With --encoder: also one encoder that is kept from all messages of these councils, separated by commas.
    #[arg(long, value_name = "COUNCILS", requires = "encoder", value_delimiter = ',')]
    apart: Vec<String>,
    /// With --encoder: also encoders taught with a quarter, a half and three quarters of the messages.
    #[arg(long, requires = "encoder")]
    curve: bool,
    /// Instead: learn from what officers decided, now. The new model is used if it is no worse than the live one.
    #[arg(long, conflicts_with_all = ["inputs", "out", "roll_back", "models"])]
    from_officers: bool,
    /// With --from-officers: show the figures and keep nothing.
    #[arg(long, requires = "from_officers")]
    dry_run: bool,
    /// Instead: take the live model out of use, for the one before it.
    #[arg(long, conflicts_with_all = ["inputs", "out", "models"], requires = "why")]
    roll_back: bool,
    /// With --roll-back: for this one (a name from --models).
    #[arg(long, value_name = "NAME", requires = "roll_back")]
    to: Option<String>,
    /// With --roll-back: why; it is kept with the model.
    #[arg(long, value_name = "TEXT", requires = "roll_back")]
    why: Option<String>,
    /// With --roll-back: who does it; default: the user of this machine.
    #[arg(long, value_name = "NAME", requires = "roll_back")]
    by: Option<String>,
    /// Instead: list the models with their states and figures.
    #[arg(long, conflicts_with_all = ["inputs", "out"])]
    models: bool,
}

#[derive(Args, Debug)]
pub(super) struct EvaluateArguments {
    /// Labelled JSON lines that the heads were not fitted on.
    #[arg(required_unless_present = "decided")]
    inputs: Vec<PathBuf>,
    /// The heads; default: `[labelling] heads`.
    #[arg(long)]
    heads: Option<PathBuf>,
    /// Also choose the lines from which an officer looks and from which the family is written to at once.
    #[arg(long, conflicts_with = "cross")]
    choose: bool,
    /// With --choose: share of the dissatisfied messages that must be looked at.
    #[arg(long, default_value_t = 0.95, value_parser = share, requires = "choose")]
    recall: f64,
    /// With --choose: share of dissatisfied ones among the messages acted on at once.
    #[arg(long, default_value_t = 0.9, value_parser = share, requires = "choose")]
    precision: f64,
    /// Ask the encoder about every message, also where the heads are sure without it.
    #[arg(long, conflicts_with = "cross")]
    thorough: bool,
    /// Also name so many of the messages that were judged worst.
    #[arg(long, default_value_t = 0)]
    worst: usize,
    /// Measure the method instead: fit heads without some families (then without one council) and judge these.
    #[arg(long, conflicts_with = "heads", group = "method")]
    cross: bool,
    /// Simulate learning instead: the messages of one council arrive at heads fitted to --beside, and are learnt from.
    #[arg(long, conflicts_with_all = ["heads", "choose", "curve", "parts"], group = "method", requires = "beside")]
    learning: bool,
    /// Measure matching instead: which messages belong to one matter, by themselves, without threads.
    #[arg(long, conflicts_with_all = ["heads", "choose", "curve", "parts", "beside"], group = "method")]
    matching: bool,
    /// Measure matching on what this council's officers have decided: which messages are one matter, and which are two.
    #[arg(long, conflicts_with_all = ["inputs", "heads", "choose", "curve", "parts", "beside"], group = "method")]
    decided: bool,
    /// Measure joint complaints instead: which groups of families with one problem are suggested, council by council.
    #[arg(long, conflicts_with_all = ["heads", "choose", "curve", "parts", "beside"], group = "method")]
    joint: bool,
    /// With --learning: messages that arrive between two fits.
    #[arg(long, value_name = "N", default_value_t = 25, value_parser = clap::value_parser!(u16).range(1..), requires = "learning")]
    steps: u16,
    /// With --cross: labelled JSON lines that are always trained on and never measured. With --learning: those the heads
    /// are fitted to first, and that are replayed.
    #[arg(long, num_args = 1.., requires = "method")]
    beside: Vec<PathBuf>,
    /// With --cross: also with less to train on.
    #[arg(long, requires = "cross")]
    curve: bool,
    /// With --cross: also without each part of the method.
    #[arg(long, requires = "cross")]
    parts: bool,
}

fn share(text: &str) -> Result<f64, String> {
    let found: f64 = text.parse().map_err(|_| "no number; give a share between 0 and 1, such as 0.95".to_owned())?;
    if found > 0.0 && found < 1.0 {
        Ok(found)
    } else {
        Err("not between 0 and 1; a share is a number such as 0.95".into())
    }
}

pub(super) async fn classify(settings: Settings) -> Result<(), Failure> {
    let classifier = load_classifier(&settings).await?;
    classify_lines(std::io::stdin(), std::io::stdout(), &*classifier, own_words).await?;
    Ok(())
}

pub(super) async fn train(
    settings: Settings,
    database: Option<&str>,
    arguments: TrainArguments,
    json: bool,
) -> Result<(), Failure> {
    if arguments.from_officers || arguments.roll_back || arguments.models {
        return learn(&settings, database, arguments, json).await;
    }
    if let Some(folder) = arguments.encoder {
        let options = StudyOptions {
            inputs: arguments.inputs.clone(),
            folder,
            part: arguments.part.clone(),
            apart: arguments.apart,
            curve: arguments.curve,
            base: settings.labelling.encoder.clone(),
            tuned: settings.labelling.tuned.clone(),
            unseen: settings.labelling.unseen.clone(),
            threads: std::thread::available_parallelism().map_or(2, usize::from),
            strip: own_words,
        };
        tokio::task::spawn_blocking(move || study::study(&options, &mut |line| eprintln!("{line}"))).await??;
        if arguments.part.is_some() {
            return Ok(());
        }
    }
    let options = TrainOptions {
        inputs: arguments.inputs,
        encoder: settings.labelling.encoder_files(),
        out: arguments.out.unwrap_or(settings.labelling.heads),
        unseen: settings.labelling.unseen,
        threads: 2,
        strip: own_words,
    };
    let report = tokio::task::spawn_blocking(move || train::train(&options)).await??;
    print(&report, json)
}

/// What is asked of the models that were learnt from officers.
async fn learn(
    settings: &Settings,
    database: Option<&str>,
    arguments: TrainArguments,
    json: bool,
) -> Result<(), Failure> {
    let url = database_url(settings, database)?;
    let store = Store::open(&url).await?;
    let office = Arc::new(Office::open(settings)?);
    let learning = learning(settings, &url, &store, &office, &Clock::system(), None);
    let done = async {
        if arguments.models {
            return print(&learning.models().await?, json);
        }
        if arguments.roll_back {
            let by = arguments.by.or_else(user).unwrap_or_else(|| "somebody at the command line".to_owned());
            let why = arguments.why.unwrap_or_default();
            return print(&learning.roll_back(arguments.to.as_deref(), &by, &why).await?, json);
        }
        tracing::info!("fitting; this takes minutes");
        print(&learning.learn(arguments.dry_run).await?, json)
    };
    let done = done.await;
    store.close().await;
    done
}

/// Who is signed in on this machine.
fn user() -> Option<String> {
    ["SUDO_USER", "USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()))
}

pub(super) async fn evaluate(
    settings: Settings,
    database: Option<&str>,
    arguments: EvaluateArguments,
    json: bool,
) -> Result<(), Failure> {
    if arguments.learning {
        let [left_out] = arguments.inputs.as_slice() else {
            return Err("--learning simulates one council: name one file before --beside".into());
        };
        let options = SimulateOptions {
            left_out: left_out.clone(),
            beside: arguments.beside,
            encoder: settings.labelling.encoder_files(),
            regression: settings.labelling.regression,
            steps: usize::from(arguments.steps),
            unseen: settings.labelling.unseen,
            threads: 2,
            strip: own_words,
        };
        let report = tokio::task::spawn_blocking(move || simulate(&options)).await??;
        return print(&report, json);
    }
    if arguments.cross {
        let options = CrossOptions {
            inputs: arguments.inputs,
            beside: arguments.beside,
            curve: arguments.curve,
            parts: arguments.parts,
            unseen: settings.labelling.unseen,
            strip: own_words,
        };
        let report = tokio::task::spawn_blocking(move || cross::cross(&options)).await??;
        return print(&report, json);
    }
    if arguments.matching {
        let options = MeasureOptions { inputs: arguments.inputs, unseen: settings.labelling.unseen, strip: own_words };
        let measured = tokio::task::spawn_blocking(move || measure::measure(&options)).await??;
        return print(&measured, json);
    }
    if arguments.decided {
        let store = Store::open(&database_url(&settings, database)?).await?;
        let office = Office::open(&settings)?;
        let agreement = pairs::agreement(&office, &mut store.begin_read().await?).await;
        store.close().await;
        return print(&agreement?, json);
    }
    if arguments.joint {
        let options = MeasureOptions { inputs: arguments.inputs, unseen: settings.labelling.unseen, strip: own_words };
        let measured = tokio::task::spawn_blocking(move || joint::measure::measure(&options)).await??;
        return print(&measured, json);
    }
    let aim = Aim { recall: arguments.recall, precision: arguments.precision, confidence: CONFIDENCE };
    let options = EvaluateOptions {
        inputs: arguments.inputs,
        encoder: settings.labelling.encoder_files(),
        thorough: arguments.thorough,
        heads: arguments.heads.unwrap_or(settings.labelling.heads),
        threads: 2,
        strip: own_words,
        choose: arguments.choose.then_some(aim),
        worst: arguments.worst,
    };
    let report = tokio::task::spawn_blocking(move || evaluate::evaluate(&options)).await??;
    print(&report, json)
}

fn print<T: serde::Serialize + std::fmt::Display>(report: &T, json: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(report)?)?;
    } else {
        writeln!(out, "{report}")?;
    }
    Ok(())
}
