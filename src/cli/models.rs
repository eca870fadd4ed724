//! `heard classify`, `heard train`, `heard evaluate`.

use std::{io::Write, path::PathBuf};

use clap::Args;

use super::Failure;
use crate::{
    app::load_classifier,
    config::Settings,
    intake::{forward, strip},
    labelling::{
        choose::Aim,
        cross::{self, CrossOptions},
        evaluate::{self, EvaluateOptions},
        local::classify_lines,
        rows::OwnWords,
        train::{self, TrainOptions},
        tuned::study::{self, StudyOptions},
    },
};

/// How sure the lines that --choose finds are.
const CONFIDENCE: f64 = 0.95;

#[derive(Args, Debug)]
pub(super) struct TrainArguments {
    /// Labelled JSON lines.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Where the heads go; default: `[labelling] heads`.
    #[arg(long)]
    out: Option<PathBuf>,
    /// First teach the encoder too, in parts that are put into this folder as they are done (hours without a graphics
    /// processor); parts that are there are not done again.
    #[arg(long, value_name = "FOLDER")]
    encoder: Option<PathBuf>,
    /// With --encoder: only this part, such as `families-0`.
    #[arg(long, requires = "encoder")]
    part: Option<String>,
    /// With --encoder: also one encoder that is kept from the messages of this council (may be repeated).
    #[arg(long, value_name = "COUNCIL", requires = "encoder")]
    apart: Vec<String>,
    /// With --encoder: also encoders taught with a quarter, a half and three quarters of the messages.
    #[arg(long, requires = "encoder")]
    curve: bool,
}

#[derive(Args, Debug)]
pub(super) struct EvaluateArguments {
    /// Labelled JSON lines that the heads were not fitted on.
    #[arg(required = true)]
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
    #[arg(long, conflicts_with = "heads")]
    cross: bool,
    /// With --cross: labelled JSON lines that are always trained on and never measured.
    #[arg(long, num_args = 1.., requires = "cross")]
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

/// The words that count in a body: what its author wrote now, and what they pass on. As intake reads it.
fn own_words(text: &str) -> OwnWords {
    match forward::inline(text, "", None) {
        Some(inline) => OwnWords { words: format!("{}\n{}", inline.note, inline.forwarded.text), passed_on: true },
        None => OwnWords { words: strip::split(text).visible, passed_on: false },
    }
}

pub(super) async fn classify(settings: Settings) -> Result<(), Failure> {
    let (classifier, _) = load_classifier(&settings).await?;
    classify_lines(std::io::stdin(), std::io::stdout(), &*classifier, own_words).await?;
    Ok(())
}

pub(super) async fn train(settings: Settings, arguments: TrainArguments, json: bool) -> Result<(), Failure> {
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

pub(super) async fn evaluate(settings: Settings, arguments: EvaluateArguments, json: bool) -> Result<(), Failure> {
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
