//! `heard classify`, `heard train`, `heard evaluate`.

use std::{io::Write, path::PathBuf};

use clap::Args;

use super::Failure;
use crate::{
    app::load_classifier,
    config::Settings,
    intake::{forward, strip},
    labelling::{
        evaluate::{self, EvaluateOptions},
        local::classify_lines,
        train::{self, TrainOptions},
    },
};

#[derive(Args, Debug)]
pub(super) struct TrainArguments {
    /// Labelled JSON lines.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Where the heads go; default: `[labelling] heads`.
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct EvaluateArguments {
    /// Labelled JSON lines that the heads were not fitted on.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// The heads; default: `[labelling] heads`.
    #[arg(long)]
    heads: Option<PathBuf>,
}

/// The words that count in a body: what its author wrote now, and what they pass on. As intake reads it.
fn own_words(text: &str) -> String {
    match forward::inline(text, "", None) {
        Some(inline) => format!("{}\n{}", inline.note, inline.forwarded.text),
        None => strip::split(text).visible,
    }
}

pub(super) async fn classify(settings: Settings) -> Result<(), Failure> {
    let (classifier, _) = load_classifier(&settings).await?;
    classify_lines(std::io::stdin(), std::io::stdout(), &*classifier).await?;
    Ok(())
}

pub(super) async fn train(settings: Settings, arguments: TrainArguments, json: bool) -> Result<(), Failure> {
    let options = TrainOptions {
        inputs: arguments.inputs,
        out: arguments.out.unwrap_or(settings.labelling.heads),
        encoder_dir: settings.labelling.encoder,
        threads: 2,
        strip: own_words,
    };
    let report = tokio::task::spawn_blocking(move || train::train(&options)).await??;
    print(&report, json)
}

pub(super) async fn evaluate(settings: Settings, arguments: EvaluateArguments, json: bool) -> Result<(), Failure> {
    let options = EvaluateOptions {
        inputs: arguments.inputs,
        heads: arguments.heads.unwrap_or(settings.labelling.heads),
        encoder_dir: settings.labelling.encoder,
        threads: 2,
        strip: own_words,
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
