//! What learning would have done for a council: its labelled messages arrive in order, an officer decides each that would
//! have been shown, and the heads are fitted anew every so many.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::{Path, PathBuf},
    time::Instant,
};

use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Correction,
    figures::Figures,
    gate::{Compared, OnBoth, objections},
    refit::{Base, ask, refit},
    weigh::divide,
};
use crate::labelling::{
    context::Door,
    heads::{Heads, Thresholds},
    labels::{Procedure, Suggestion, Theme},
    rows::{Labelled, Labels, OwnWords, RowsError, read_rows},
    train::TrainError,
    tuned::{reader::EncoderFiles, taught::Taught},
};

/// Messages that arrive at most.
const ARRIVE: usize = 200;
/// Share of the council's messages that arrive at most: the rest is measured on throughout.
const SHARE: f64 = 2.0 / 3.0;

/// What is simulated.
#[derive(Clone, Debug)]
pub struct SimulateOptions {
    /// Labelled JSON lines of the council that arrives.
    pub left_out: PathBuf,
    /// Labelled JSON lines the first model is fitted to, and that are replayed.
    pub beside: Vec<PathBuf>,
    /// Folder of the regression set.
    pub regression: PathBuf,
    /// Messages that arrive between two fits.
    pub steps: usize,
    /// The encoder.
    pub encoder: EncoderFiles,
    /// What encoders that had not seen them said of the shipped messages.
    pub unseen: PathBuf,
    /// Threads of the encoder.
    pub threads: usize,
    /// Leaves of a body what its author wrote now.
    pub strip: fn(&str) -> OwnWords,
}

/// How the live model does after a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// Messages that have arrived.
    pub arrived: usize,
    /// Of those, decided by an officer: managers' mail below the line is forgotten unseen.
    pub decided: usize,
    /// Decisions fitted to.
    pub corrections: usize,
    /// Decisions kept back.
    pub held_out: usize,
    /// The model that was fitted.
    pub model: String,
    /// Why it was refused; empty if it is live now.
    pub refused: Vec<String>,
    /// The live model on what has not arrived yet.
    pub to_come: Figures,
    /// The live model on the last part, the same messages after each step, of families that never arrive.
    pub last: Figures,
    /// The candidate on the last part, which no gate sees: what it would have been.
    pub candidate_on_last: Figures,
    /// The live model on the regression set.
    pub regression: Figures,
}

/// The curve.
#[derive(Clone, Debug, Serialize)]
pub struct Simulated {
    /// The council that arrived.
    pub council: String,
    /// Messages the first model was fitted to.
    pub base_messages: usize,
    /// Before anything arrived, and after each step.
    pub steps: Vec<Step>,
    /// Candidates that were refused.
    pub refused: usize,
    /// Whether the live model misses more of the regression set in the end than at the start.
    pub regression_lost: bool,
    /// What is live after the roll-back.
    pub rolled_back_to: String,
    /// Its figures are those of the start.
    pub rolled_back_alike: bool,
    /// Seconds it took.
    pub seconds: f64,
}

struct Study {
    encoder: Taught,
    base: Base,
    regression: Vec<Labelled>,
    council: Vec<Labelled>,
    arriving: usize,
}

/// Simulates. Waits, for minutes: call it from a thread that may. The same files give the same figures.
///
/// # Errors
/// [`TrainError`].
pub fn simulate(options: &SimulateOptions) -> Result<Simulated, TrainError> {
    let started = Instant::now();
    let (rows, sha256) = read_rows(&options.beside, options.strip)?;
    let base = Base { rows, sha256 };
    let regression = Base::read(&options.regression, options.strip)?.unwrap_or_default().rows;
    let council = in_order(&options.left_out, options.strip)?;
    let arriving = ARRIVE.min((council.len() as f64 * SHARE) as usize);
    // Mostly the same texts every time: each is encoded once.
    let mut encoder = Taught::start(&options.encoder, &options.unseen, options.threads)?;
    encoder.forget_council(&council);
    let study = Study { encoder, base, regression, council, arriving };
    let first = refit(&study.base, &[], 0.0, &study.encoder)?;
    let mut live = first.clone();
    let mut corrections: Vec<Correction> = Vec::new();
    let mut steps = vec![study.step(&live, &live, 0, (0, 0, 0), Vec::new())?];
    let mut arrived = 0;
    while arrived < study.arriving {
        let next = (arrived + options.steps.max(1)).min(study.arriving);
        corrections.extend(study.decided(&live, arrived..next)?);
        arrived = next;
        let (learn, held_out) = divide(corrections.clone());
        let candidate = refit(&study.base, &learn, first.details.thresholds.keep_above, &study.encoder)?;
        let held_out_rows: Vec<Labelled> = held_out.iter().map(|one| one.row.clone()).collect();
        let compared = Compared {
            before: study.on_both(&live, &held_out_rows)?,
            after: study.on_both(&candidate, &held_out_rows)?,
        };
        let refused = objections(&compared);
        if refused.is_empty() {
            live = candidate.clone();
        }
        let counts = (corrections.len(), learn.len(), held_out.len());
        steps.push(study.step(&live, &candidate, arrived, counts, refused)?);
        // Whoever waits sees that it goes on.
        tracing::info!(arrived, model = candidate.name, "fitted");
    }
    let back = study.step(&first, &first, 0, (0, 0, 0), Vec::new())?;
    let (start, end) = (steps.first(), steps.last());
    let lost = |figures: fn(&Figures) -> usize| match (start, end) {
        (Some(start), Some(end)) => figures(&end.regression) > figures(&start.regression),
        _ => false,
    };
    Ok(Simulated {
        council: study.council.first().map(|row| row.council.clone()).unwrap_or_default(),
        base_messages: study.base.rows.len(),
        refused: steps.iter().filter(|step| !step.refused.is_empty()).count(),
        regression_lost: lost(|figures| figures.missed) || lost(|figures| figures.dangers_missed),
        rolled_back_to: first.name,
        rolled_back_alike: start == Some(&back),
        seconds: started.elapsed().as_secs_f64(),
        steps,
    })
}

impl Study {
    fn on(&self, heads: &Heads, rows: &[Labelled]) -> Result<Figures, TrainError> {
        Ok(Figures::of(rows, &ask(heads, &self.encoder, rows)?, heads.details.thresholds))
    }

    fn on_both(&self, heads: &Heads, held_out: &[Labelled]) -> Result<OnBoth, TrainError> {
        Ok(OnBoth { regression: self.on(heads, &self.regression)?, held_out: self.on(heads, held_out)? })
    }

    /// What officers decide of the messages in `range`, shown by `live`.
    fn decided(&self, live: &Heads, range: std::ops::Range<usize>) -> Result<Vec<Correction>, TrainError> {
        let rows = self.council.get(range).unwrap_or(&[]);
        let suggestions = ask(live, &self.encoder, rows)?;
        let seen = rows.iter().zip(&suggestions).filter(|(row, s)| is_shown(row, s, live.details.thresholds));
        Ok(seen.map(|(row, suggestion)| as_decided(row, suggestion)).collect())
    }

    fn step(
        &self,
        live: &Heads,
        candidate: &Heads,
        arrived: usize,
        (decided, corrections, held_out): (usize, usize, usize),
        refused: Vec<String>,
    ) -> Result<Step, TrainError> {
        let (arriving, last) = self.council.split_at(self.arriving.min(self.council.len()));
        let known: BTreeSet<&str> = arriving.iter().map(|row| row.family.as_str()).collect();
        let last: Vec<Labelled> = last.iter().filter(|row| !known.contains(row.family.as_str())).cloned().collect();
        Ok(Step {
            arrived,
            decided,
            corrections,
            held_out,
            model: candidate.name.clone(),
            refused,
            to_come: self.on(live, self.council.get(arrived..).unwrap_or(&[]))?,
            last: self.on(live, &last)?,
            candidate_on_last: self.on(candidate, &last)?,
            regression: self.on(live, &self.regression)?,
        })
    }
}

/// Whether an officer ever sees the message: what a manager gets is forgotten below the lines, and a machine's is filed.
fn is_shown(row: &Labelled, suggestion: &Suggestion, drawn: Thresholds) -> bool {
    let context = row.message.context;
    let kept = suggestion.dissatisfied >= drawn.keep_above || suggestion.raises_danger(drawn.safeguarding_above);
    !context.automatic && (context.door != Door::Manager || kept) && suggestion.language.is_none()
}

/// The labels that an officer's decision would give: see [`super::decided`].
fn as_decided(row: &Labelled, suggestion: &Suggestion) -> Correction {
    let Labels { act, dissatisfied, procedure, theme, .. } = row.labels;
    let about = dissatisfied == Some(true);
    let labels = Labels {
        act,
        dissatisfied,
        procedure: procedure.filter(|procedure| about && *procedure != Procedure::Unclear),
        theme: theme.filter(|theme| about && *theme != Theme::Other),
        ..Labels::default()
    };
    let row = Labelled { labels, family: format!("left out {}", row.family), weight: 1.0, ..row.clone() };
    Correction { row, suggested: suggestion.dissatisfied, decided_at: DateTime::<Utc>::UNIX_EPOCH }
}

/// The messages of one file in the order of their dates; those without one as they stand there.
fn in_order(path: &Path, strip: fn(&str) -> OwnWords) -> Result<Vec<Labelled>, TrainError> {
    #[derive(Deserialize)]
    struct Dated {
        id: String,
        #[serde(default)]
        date: Option<DateTime<FixedOffset>>,
    }
    let (mut rows, _) = read_rows(&[path.to_path_buf()], strip)?;
    let text = fs::read_to_string(path).map_err(|source| RowsError::Read { path: path.to_path_buf(), source })?;
    let dated = text.lines().filter_map(|line| serde_json::from_str::<Dated>(line).ok());
    let dates: BTreeMap<String, DateTime<FixedOffset>> = dated.filter_map(|line| Some((line.id, line.date?))).collect();
    rows.sort_by_key(|row| dates.get(&row.id).copied());
    Ok(rows)
}

impl fmt::Display for Simulated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |figure: Option<f64>| figure.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"));
        let Self { council, base_messages, steps, seconds, .. } = self;
        writeln!(
            f,
            "{council} arrives at a model fitted to {base_messages} messages of other councils ({seconds:.0} s)"
        )?;
        writeln!(f, "P, R: precision and recall at the model's own line; AP: average precision")?;
        for (title, of) in [
            (
                "the last part, the same after each step, families that never arrive",
                (|s| &s.last) as fn(&Step) -> &Figures,
            ),
            ("what has not arrived yet", |s| &s.to_come),
            ("the regression set", |s| &s.regression),
        ] {
            let messages = steps.first().map_or(0, |step| of(step).messages);
            writeln!(f, "\n{title} ({messages} messages at first)")?;
            writeln!(f, "arrived decided      P     R  AUROC    AP  missed  looked at for nothing  danger missed")?;
            for step in steps {
                let figures = of(step);
                let verdict = if step.refused.is_empty() { "" } else { "  refused, the one before stays" };
                writeln!(
                    f,
                    "{:>7} {:>7}  {:>5} {:>5}  {:>5} {:>5}  {:>6}  {:>21}  {:>13}{verdict}",
                    step.arrived,
                    step.decided,
                    shown(figures.precision()),
                    shown(figures.recall()),
                    shown(figures.auroc),
                    shown(figures.average_precision),
                    figures.missed,
                    figures.false_alarms,
                    figures.dangers_missed
                )?;
            }
        }
        for step in steps.iter().filter(|step| !step.refused.is_empty()) {
            writeln!(f, "\nrefused after {} messages: {}", step.arrived, step.refused.join("; "))?;
        }
        let lost = if self.regression_lost { "misses MORE" } else { "misses no more" };
        writeln!(f, "\nin the end the live model {lost} of the regression set than at the start")?;
        let alike =
            if self.rolled_back_alike { "the figures of the start again" } else { "OTHER figures than at the start" };
        write!(f, "rolled back to {}: {alike}", self.rolled_back_to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labelling::{context::Context, labels::Act, rows::cut_quoted_tail};

    #[test]
    fn messages_arrive_in_the_order_of_their_dates() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let lines = [
            r#"{"id":"late","text":"x","date":"2026-04-03T09:00:00+01:00","act":"routine"}"#,
            r#"{"id":"early","text":"x","date":"2026-04-03T08:30:00+00:00","act":"routine"}"#,
            r#"{"id":"first","text":"x","date":"2026-04-01T23:00:00+01:00","act":"routine"}"#,
        ];
        fs::write(&path, lines.join("\n")).unwrap();
        let ids: Vec<String> = in_order(&path, cut_quoted_tail).unwrap().into_iter().map(|row| row.id).collect();
        assert_eq!(ids, ["first", "late", "early"]);
    }

    #[test]
    fn officers_see_what_the_road_shows_them_and_decide_no_more_than_it_asks() {
        let drawn = Thresholds { keep_above: 0.3, sure_above: 0.9, safeguarding_above: 0.5 };
        let said = |dissatisfied: f64, safeguarding: f64| Suggestion {
            model: "m".into(),
            act: Act::Routine,
            act_scores: vec![],
            dissatisfied,
            safeguarding,
            procedure: Procedure::None,
            theme: Theme::Other,
            themes: vec![],
            child_author: 0.0,
            on_behalf: 0.0,
            danger: None,
            language: None,
            because: String::new(),
        };
        let mut row = Labelled::default();
        row.message.context = Context { door: Door::Manager, ..Context::default() };
        assert!(!is_shown(&row, &said(0.29, 0.1), drawn));
        assert!(is_shown(&row, &said(0.31, 0.1), drawn) && is_shown(&row, &said(0.1, 0.6), drawn));
        row.message.context.door = Door::Complaints;
        assert!(is_shown(&row, &said(0.0, 0.0), drawn));
        row.message.context.automatic = true;
        assert!(!is_shown(&row, &said(0.99, 0.0), drawn));
        row.labels = Labels {
            act: Some(Act::Complaint),
            dissatisfied: Some(true),
            safeguarding: Some(true),
            procedure: Some(Procedure::Unclear),
            theme: Some(Theme::Delay),
            child_author: Some(true),
            on_behalf: Some(false),
        };
        let labels = as_decided(&row, &said(0.4, 0.0)).row.labels;
        let wanted = Labels {
            act: Some(Act::Complaint),
            dissatisfied: Some(true),
            theme: Some(Theme::Delay),
            ..Labels::default()
        };
        assert_eq!(labels, wanted);
    }
}
