//! What came of learning, for people and as JSON.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    labelling::learn::{
        decided::LeftOut,
        figures::Figures,
        gate::{Compared, OnBoth},
    },
    store::learning::Model,
};

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is in use now.
    MadeLive,
    /// The live model stays.
    Refused,
    /// It would be in use now, had this not been a trial.
    WouldBeMadeLive,
    /// It would have been refused.
    WouldBeRefused,
    /// The fit gave the model that is live already.
    Same,
}

/// Decided cases that teach nothing.
#[derive(Clone, Debug, Serialize)]
pub struct LeftOutCount {
    /// Why, in words.
    pub why: &'static str,
    /// How many.
    pub cases: usize,
}

impl LeftOutCount {
    /// In words.
    #[must_use]
    pub fn new(why: LeftOut, cases: usize) -> Self {
        let why = match why {
            LeftOut::Undecided => "not decided by an officer, or taken back",
            LeftOut::Together => "decided after more than one message had come",
            LeftOut::NoWords => "without words of its own",
            LeftOut::Language => "in another language than English",
        };
        Self { why, cases }
    }
}

/// What came of a refit.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// The candidate's name.
    pub model: String,
    /// What was live before.
    pub before: String,
    /// What became of it.
    pub verdict: Verdict,
    /// Why it was refused; empty if not.
    pub reasons: Vec<String>,
    /// Messages replayed.
    pub base_messages: usize,
    /// Decisions fitted to.
    pub corrections: usize,
    /// Decisions kept back and measured on.
    pub held_out: usize,
    /// Decided cases that teach nothing.
    pub left_out: Vec<LeftOutCount>,
    /// Both models on both sets.
    pub figures: Compared,
    /// Seconds it took.
    pub seconds: f64,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { model, before, base_messages, corrections, held_out, figures, .. } = self;
        writeln!(
            f,
            "{model}: fitted to {corrections} of officers' decisions and {base_messages} messages of the base data in \
             {:.0} s; {held_out} decisions kept back",
            self.seconds
        )?;
        for LeftOutCount { why, cases } in &self.left_out {
            writeln!(f, "  {cases} cases teach nothing: {why}")?;
        }
        write_figures(f, before, model, figures)?;
        match self.verdict {
            Verdict::MadeLive => write!(f, "in use now, in place of {before}; `heard train --roll-back` takes it back"),
            Verdict::WouldBeMadeLive => write!(f, "it would take the place of {before}; nothing was kept (--dry-run)"),
            Verdict::Same => write!(f, "the decisions give the model that is in use already: nothing changes"),
            Verdict::Refused | Verdict::WouldBeRefused => {
                write!(f, "refused, {before} stays in use:")?;
                self.reasons.iter().try_for_each(|reason| write!(f, "\n  {reason}"))
            }
        }
    }
}

fn write_figures(f: &mut fmt::Formatter<'_>, before: &str, after: &str, figures: &Compared) -> fmt::Result {
    writeln!(
        f,
        "{:<29} {:>6} {:>7} {:>7} {:>8} {:>7} {:>7} {:>9} {:>7}",
        "", "AUROC", "missed", "looked", "at once", "danger", "danger", "acts' F1", "of"
    )?;
    writeln!(f, "{:<29} {:>6} {:>7} {:>7} {:>8} {:>7} {:>7}", "", "", "", "at for", "for", "missed", "raised")?;
    writeln!(f, "{:<29} {:>6} {:>7} {:>7} {:>8} {:>7} {:>7}", "", "", "", "nothing", "nothing", "", "wrongly")?;
    let OnBoth { regression, held_out } = &figures.before;
    for (set, was, is) in [
        ("regression set", regression, &figures.after.regression),
        ("decisions kept back", held_out, &figures.after.held_out),
    ] {
        writeln!(f, "{set}")?;
        write_row(f, before, was)?;
        write_row(f, after, is)?;
    }
    Ok(())
}

fn write_row(f: &mut fmt::Formatter<'_>, name: &str, figures: &Figures) -> fmt::Result {
    let shown = |figure: Option<f64>| figure.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"));
    writeln!(
        f,
        "  {name:<27} {:>6} {:>7} {:>7} {:>8} {:>7} {:>7} {:>9} {:>7}",
        shown(figures.auroc),
        figures.missed,
        figures.false_alarms,
        figures.wrong_at_once,
        figures.dangers_missed,
        figures.danger_alarms,
        shown(figures.act_macro_f1),
        figures.messages
    )
}

/// A model was taken out of use.
#[derive(Clone, Debug, Serialize)]
pub struct RolledBack {
    /// Which.
    pub from: String,
    /// What is in use now.
    pub to: String,
    /// Who did it,
    pub by: String,
    /// and why.
    pub why: String,
}

impl fmt::Display for RolledBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, by, why } = self;
        write!(f, "{to} is in use in place of {from} ({by}: {why}); running programs take it within a minute")
    }
}

/// One line of the list of models.
#[derive(Clone, Debug, Serialize)]
pub struct ModelLine {
    /// Its name.
    pub model: String,
    /// `shipped`, `live`, `refused`, `retired`.
    pub state: String,
    /// It is the one in use.
    pub in_use: bool,
    /// Its weights are there.
    pub weights: bool,
    /// When it was made.
    pub made_at: Option<DateTime<Utc>>,
    /// Decisions it was fitted to.
    pub corrections: i64,
    /// Decisions kept back.
    pub held_out: i64,
    /// What it was compared with, and how it did.
    pub figures: Option<Compared>,
    /// Why it was refused, or is in use or not any more.
    pub reason: Option<String>,
    /// When somebody took it out of use, who, and why.
    pub rolled_back: Option<(DateTime<Utc>, String, String)>,
}

impl ModelLine {
    /// Of a row of the table.
    #[must_use]
    pub fn of(model: Model, weights: bool) -> Self {
        let back = model.rolled_back_at.zip(model.rolled_back_by).zip(model.rolled_back_why);
        Self {
            in_use: model.state == "live",
            model: model.name,
            state: model.state,
            weights,
            made_at: Some(model.made_at),
            corrections: model.corrections,
            held_out: model.held_out,
            figures: Some(model.figures.0),
            reason: model.reason,
            rolled_back: back.map(|((at, by), why)| (at, by, why)),
        }
    }
}

/// Every model.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct ModelList(pub Vec<ModelLine>);

impl fmt::Display for ModelList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, line) in self.0.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            let mark = if line.in_use { "*" } else { " " };
            write!(f, "{mark} {:<27} {:<8}", line.model, line.state)?;
            if let Some(made) = line.made_at {
                write!(f, " {} {:>4} decisions", made.format("%Y-%m-%d %H:%M"), line.corrections)?;
            }
            if let Some(figures) = &line.figures {
                for (name, figures) in
                    [("regression", &figures.after.regression), ("kept back", &figures.after.held_out)]
                {
                    let auroc = figures.auroc.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"));
                    write!(f, "; {name}: AUROC {auroc}, {} of {} missed", figures.missed, figures.dissatisfied)?;
                }
            }
            if !line.weights {
                write!(f, "; weights gone")?;
            }
            if let Some(reason) = &line.reason {
                write!(f, "\n    {reason}")?;
            }
            if let Some((at, by, why)) = &line.rolled_back {
                write!(f, "\n    rolled back {} by {by}: {why}", at.format("%Y-%m-%d %H:%M"))?;
            }
        }
        Ok(())
    }
}
