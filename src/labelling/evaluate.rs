//! Measures heads on labelled messages: per class, calibration, by group.

use std::{collections::BTreeMap, fmt, path::PathBuf, time::Instant};

use serde::Serialize;

use super::{
    choose::{Aim, Bands, choose},
    classifier::{Classifier, Unlabelled},
    context::Door,
    heads::{Heads, Thresholds},
    labels::{Act, Procedure, Suggestion, Theme},
    local::LocalClassifier,
    metrics::{Line, Scored, at_recall, at_threshold, auroc, best_f1, brier, calibration_error, f1},
    rows::{Labelled, OwnWords, read_rows},
    train::TrainError,
    tuned::reader::{EncoderFiles, Reader},
};

/// Messages encoded together.
const TOGETHER: usize = 64;

/// What to measure on.
#[derive(Clone, Debug)]
pub struct EvaluateOptions {
    /// Labelled JSON lines, see [`super::rows`].
    pub inputs: Vec<PathBuf>,
    /// The heads file.
    pub heads: PathBuf,
    /// The encoder.
    pub encoder: EncoderFiles,
    /// Ask the encoder about every message, also where the heads would settle it alone.
    pub thorough: bool,
    /// Threads of the encoder.
    pub threads: usize,
    /// Leaves of a body what its author wrote now.
    pub strip: fn(&str) -> OwnWords,
    /// Also choose lines for the three bands.
    pub choose: Option<Aim>,
    /// Also name so many of the worst judged messages.
    pub worst: usize,
}

/// How good the suggestions are.
#[derive(Clone, Debug, Serialize)]
pub struct EvaluationReport {
    /// Name of the model.
    pub model: String,
    /// Messages measured on.
    pub messages: usize,
    /// Wall-clock milliseconds a message.
    pub ms_per_message: f64,
    /// Whether a message is dissatisfied.
    pub dissatisfied: Binary,
    /// Whether a child may be at risk.
    pub safeguarding: Binary,
    /// Acts.
    pub act: Classes,
    /// Procedures of dissatisfied messages.
    pub procedure: Classes,
    /// Themes of dissatisfied messages.
    pub theme: Classes,
    /// Dissatisfaction by group of messages.
    pub groups: Vec<Group>,
    /// The messages judged worst.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub worst: Vec<Wrong>,
    /// Lines for the three bands, by mailbox, if they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chosen: Vec<Bands>,
}

/// A message whose dissatisfaction was judged wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Wrong {
    /// Its file.
    pub council: String,
    /// Its id there.
    pub id: String,
    /// What it is.
    pub dissatisfied: bool,
    /// The probability given.
    pub probability: f64,
}

/// How well a probability parts yes from no. Figures that need both are None without.
#[derive(Clone, Debug, Serialize)]
pub struct Binary {
    /// Messages with this label.
    pub messages: usize,
    /// Of those, yes.
    pub positives: usize,
    /// Area under the ROC curve.
    pub auroc: Option<f64>,
    /// The line with the best F1: chosen on these messages, so flattering.
    pub best_f1: Option<f64>,
    /// Precision where recall reaches .95.
    pub precision_at_recall_95: Option<f64>,
    /// Precision where recall reaches .97.
    pub precision_at_recall_97: Option<f64>,
    /// Precision where recall reaches .99.
    pub precision_at_recall_99: Option<f64>,
    /// Mean squared difference between probability and outcome.
    pub brier: f64,
    /// Expected calibration error, ten bins.
    pub calibration_error: f64,
    /// At probability 0.5.
    pub at_half: Line,
    /// At the thresholds chosen in training, by name.
    pub at_thresholds: BTreeMap<&'static str, Line>,
}

/// One label among several.
#[derive(Clone, Debug, Serialize)]
pub struct Class {
    /// Its word.
    pub label: &'static str,
    /// Messages that have it.
    pub messages: usize,
    /// Share of the suggestions of it that are right.
    pub precision: f64,
    /// Share of its messages for which it is suggested.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

/// One label out of several.
#[derive(Clone, Debug, Serialize)]
pub struct Classes {
    /// Share of right suggestions.
    pub accuracy: f64,
    /// Mean F1 of the labels that occur.
    pub macro_f1: f64,
    /// Each label that occurs or is suggested.
    pub classes: Vec<Class>,
}

/// Dissatisfaction within a group of messages.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// Which group, such as `mailbox manager`.
    pub group: String,
    /// Messages in it.
    pub messages: usize,
    /// Dissatisfied ones.
    pub dissatisfied: usize,
    /// Area under the ROC curve.
    pub auroc: Option<f64>,
    /// At `keep_above`.
    pub kept: Line,
    /// At probability 0.5.
    pub at_half: Line,
}

/// Measures the heads in a file. Waits: call it from a thread that may.
///
/// # Errors
/// [`TrainError`].
pub fn evaluate(options: &EvaluateOptions) -> Result<EvaluationReport, TrainError> {
    let (rows, _) = read_rows(&options.inputs, options.strip)?;
    let heads = Heads::load(&options.heads)?;
    let lines = heads.details.thresholds;
    let mut classifier = LocalClassifier::with(Reader::start(&options.encoder, options.threads)?, heads)?;
    if options.thorough {
        classifier = classifier.thorough();
    }
    let model = classifier.model();
    let started = Instant::now();
    let mut suggestions = Vec::with_capacity(rows.len());
    for together in rows.chunks(TOGETHER) {
        let messages: Vec<Unlabelled> = together.iter().map(|row| row.message.clone()).collect();
        suggestions.extend(futures::executor::block_on(classifier.judge(&messages))?);
    }
    let ms = started.elapsed().as_secs_f64() * 1000.0 / rows.len().max(1) as f64;
    Ok(EvaluationReport {
        ms_per_message: ms,
        worst: worst(&rows, &suggestions, options.worst),
        chosen: options.choose.map(|aim| bands(&rows, &suggestions, aim)).unwrap_or_default(),
        ..measure(model, &rows, &suggestions, lines)
    })
}

/// Lines for each kind of mailbox, and for all together.
fn bands(rows: &[Labelled], suggestions: &[Suggestion], aim: Aim) -> Vec<Bands> {
    let groups = [
        ("managers' mailboxes", Some(Door::Manager)),
        ("complaints mailboxes", Some(Door::Complaints)),
        ("chat", Some(Door::Chat)),
        ("web forms", Some(Door::Form)),
        ("all", None),
    ];
    let of = |(name, door): (&str, Option<Door>)| {
        let of_door =
            rows.iter().zip(suggestions).filter(|(row, _)| door.is_none_or(|d| d == row.message.context.door));
        let scored: Vec<Scored> =
            of_door.filter_map(|(row, s)| Some((s.dissatisfied, row.labels.dissatisfied?))).collect();
        (!scored.is_empty()).then(|| choose(name, &scored, aim))
    };
    groups.into_iter().filter_map(of).collect()
}

/// The messages whose dissatisfaction was judged most wrongly, the worst first.
#[must_use]
pub fn worst(rows: &[Labelled], suggestions: &[Suggestion], most: usize) -> Vec<Wrong> {
    let mut found: Vec<(f64, Wrong)> = rows
        .iter()
        .zip(suggestions)
        .filter_map(|(row, s)| {
            let dissatisfied = row.labels.dissatisfied?;
            let off = if dissatisfied { 1.0 - s.dissatisfied } else { s.dissatisfied };
            let (council, id) = (row.council.clone(), row.id.clone());
            Some((off, Wrong { council, id, dissatisfied, probability: s.dissatisfied }))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, wrong)| wrong).take(most).collect()
}

/// Measures suggestions against what people decided. Pure.
#[must_use]
pub fn measure(model: String, rows: &[Labelled], suggestions: &[Suggestion], lines: Thresholds) -> EvaluationReport {
    let pairs: Vec<(&Labelled, &Suggestion)> = rows.iter().zip(suggestions).collect();
    let scored = |probability: fn(&Suggestion) -> f64, label: fn(&Labelled) -> Option<bool>| -> Vec<Scored> {
        pairs.iter().filter_map(|(row, s)| Some((probability(s), label(row)?))).collect()
    };
    let unhappy: Vec<_> = pairs.iter().copied().filter(|(row, _)| row.labels.dissatisfied == Some(true)).collect();
    EvaluationReport {
        model,
        messages: rows.len(),
        ms_per_message: 0.0,
        dissatisfied: binary(
            &scored(|s| s.dissatisfied, |row| row.labels.dissatisfied),
            &[("keep_above", lines.keep_above), ("sure_above", lines.sure_above)],
        ),
        safeguarding: {
            let mut figures = binary(
                &scored(|s| s.safeguarding, |row| row.labels.safeguarding),
                &[("safeguarding_above", lines.safeguarding_above)],
            );
            let raised =
                scored(|s| if s.danger.is_some() { 1.0 } else { s.safeguarding }, |row| row.labels.safeguarding);
            figures.at_thresholds.insert("or_plain_words", at_threshold(&raised, lines.safeguarding_above));
            figures
        },
        act: classes(Act::ALL, Act::as_str, pairs.iter().filter_map(|(row, s)| Some((row.labels.act?, s.act)))),
        procedure: classes(
            Procedure::ALL,
            Procedure::as_str,
            unhappy.iter().filter_map(|(row, s)| Some((row.labels.procedure?, s.procedure))),
        ),
        theme: classes(
            Theme::ALL,
            Theme::as_str,
            unhappy.iter().filter_map(|(row, s)| Some((row.labels.theme?, s.theme))),
        ),
        groups: groups(&pairs, lines),
        worst: Vec::new(),
        chosen: Vec::new(),
    }
}

fn binary(scored: &[Scored], lines: &[(&'static str, f64)]) -> Binary {
    Binary {
        messages: scored.len(),
        positives: scored.iter().filter(|(_, positive)| *positive).count(),
        auroc: auroc(scored),
        best_f1: best_f1(scored).map(|line| line.f1()),
        precision_at_recall_95: at_recall(scored, 0.95).map(|line| line.precision),
        precision_at_recall_97: at_recall(scored, 0.97).map(|line| line.precision),
        precision_at_recall_99: at_recall(scored, 0.99).map(|line| line.precision),
        brier: brier(scored),
        calibration_error: calibration_error(scored),
        at_half: at_threshold(scored, 0.5),
        at_thresholds: lines.iter().map(|(name, line)| (*name, at_threshold(scored, *line))).collect(),
    }
}

fn classes<L: Copy + PartialEq>(
    all: &[L],
    word: fn(L) -> &'static str,
    pairs: impl Iterator<Item = (L, L)>,
) -> Classes {
    let pairs: Vec<(L, L)> = pairs.collect();
    let count = |is: &dyn Fn(&(L, L)) -> bool| pairs.iter().filter(|pair| is(pair)).count() as f64;
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    let mut classes = Vec::new();
    for label in all {
        let (wanted, said) = (count(&|(w, _)| w == label), count(&|(_, s)| s == label));
        if wanted + said > 0.0 {
            let right = count(&|(w, s)| w == label && s == label);
            let (precision, recall) = (share(right, said), share(right, wanted));
            let f1 = f1(precision, recall);
            classes.push(Class { label: word(*label), messages: wanted as usize, precision, recall, f1 });
        }
    }
    let occurring: Vec<f64> = classes.iter().filter(|c| c.messages > 0).map(|c| c.f1).collect();
    Classes {
        accuracy: share(count(&|(w, s)| w == s), pairs.len() as f64),
        macro_f1: share(occurring.iter().sum(), occurring.len() as f64),
        classes,
    }
}

fn groups(pairs: &[(&Labelled, &Suggestion)], lines: Thresholds) -> Vec<Group> {
    let mut members: BTreeMap<String, Vec<Scored>> = BTreeMap::new();
    for (row, suggestion) in pairs {
        let Some(dissatisfied) = row.labels.dissatisfied else { continue };
        let names = names_of_groups(row);
        for name in names {
            members.entry(name.to_owned()).or_default().push((suggestion.dissatisfied, dissatisfied));
        }
    }
    let group = |(group, scored): (String, Vec<Scored>)| Group {
        group,
        messages: scored.len(),
        dissatisfied: scored.iter().filter(|(_, positive)| *positive).count(),
        auroc: auroc(&scored),
        kept: at_threshold(&scored, lines.keep_above),
        at_half: at_threshold(&scored, 0.5),
    };
    members.into_iter().map(group).collect()
}

/// The groups a message belongs to, as people ask after them.
fn names_of_groups(row: &Labelled) -> Vec<&'static str> {
    let words = row.message.text.split_whitespace().count();
    let note = row.note.to_lowercase();
    let doors = [
        (Door::Complaints, "mailbox complaints"),
        (Door::Manager, "mailbox manager"),
        (Door::Chat, "mailbox chat"),
        (Door::Form, "web form"),
    ];
    let mut names: Vec<&str> =
        doors.iter().filter(|(door, _)| *door == row.message.context.door).map(|(_, name)| *name).collect();
    let others = [
        (row.labels.child_author == Some(true), "written by a child"),
        (row.labels.on_behalf == Some(true), "on behalf of another"),
        (row.passed_on, "passed on by staff"),
        (note.contains("english") || note.contains("first language"), "little English"),
        (words < 20, "under 20 words"),
        (words > 300, "over 300 words"),
    ];
    names.extend(others.iter().filter(|(is, _)| *is).map(|(_, name)| *name));
    names
}

impl fmt::Display for EvaluationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} messages, {:.0} ms each", self.model, self.messages, self.ms_per_message)?;
        for (name, figures) in [("dissatisfied", &self.dissatisfied), ("safeguarding", &self.safeguarding)] {
            writeln!(f, "\n{name}: {} of {}", figures.positives, figures.messages)?;
            writeln!(f, "  area under the ROC curve {}", shown(figures.auroc))?;
            writeln!(f, "  best F1                  {}", shown(figures.best_f1))?;
            writeln!(f, "  precision at recall .95  {}", shown(figures.precision_at_recall_95))?;
            writeln!(f, "  precision at recall .97  {}", shown(figures.precision_at_recall_97))?;
            writeln!(f, "  precision at recall .99  {}", shown(figures.precision_at_recall_99))?;
            writeln!(f, "  calibration error        {:.3}", figures.calibration_error)?;
            writeln!(f, "  Brier score              {:.3}", figures.brier)?;
            let half = ("at one half", &figures.at_half);
            for (name, line) in std::iter::once(half).chain(figures.at_thresholds.iter().map(|(n, l)| (*n, l))) {
                writeln!(
                    f,
                    "  {name:<18} {:.3}: precision {:.3}, recall {:.3}, finds {:.0}% of all",
                    line.threshold,
                    line.precision,
                    line.recall,
                    line.found * 100.0
                )?;
            }
        }
        for (name, classes) in
            [("act", &self.act), ("procedure (dissatisfied)", &self.procedure), ("theme (dissatisfied)", &self.theme)]
        {
            writeln!(f, "\n{name}: {:.1}% right, macro F1 {:.3}", classes.accuracy * 100.0, classes.macro_f1)?;
            writeln!(f, "  {:<26}{:>9}{:>11}{:>8}{:>7}", "", "messages", "precision", "recall", "F1")?;
            for class in &classes.classes {
                writeln!(
                    f,
                    "  {:<26}{:>9}{:>11.3}{:>8.3}{:>7.3}",
                    class.label, class.messages, class.precision, class.recall, class.f1
                )?;
            }
        }
        if !self.groups.is_empty() {
            writeln!(f, "\ndissatisfied, by group")?;
            writeln!(f, "  {:<26}{:>9}{:>8}{:>8}{:>13}", "", "messages", "of them", "AUROC", "recall kept")?;
        }
        for group in &self.groups {
            writeln!(
                f,
                "  {:<26}{:>9}{:>8}{:>8}{:>13.3}",
                group.group,
                group.messages,
                group.dissatisfied,
                group.auroc.map_or_else(|| "-".into(), |v| format!("{v:.3}")),
                group.kept.recall
            )?;
        }
        if !self.worst.is_empty() {
            writeln!(f, "\njudged worst")?;
        }
        for wrong in &self.worst {
            let is = if wrong.dissatisfied { "dissatisfied" } else { "not dissatisfied" };
            writeln!(f, "  {} {}: {is}, judged {:.3}", wrong.council, wrong.id, wrong.probability)?;
        }
        for bands in &self.chosen {
            write!(f, "\n{bands}")?;
        }
        Ok(())
    }
}

fn shown(figure: Option<f64>) -> String {
    figure.map_or_else(|| "not measurable here".into(), |v| format!("{v:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labelling::{classifier::Unlabelled, context::Context, rows::Labels};

    fn pair(door: Door, act: Act, said: Act, probability: f64) -> (Labelled, Suggestion) {
        let dissatisfied = act.is_dissatisfaction();
        let labels = Labels {
            act: Some(act),
            dissatisfied: Some(dissatisfied),
            safeguarding: Some(false),
            procedure: Some(if dissatisfied { Procedure::Statutory } else { Procedure::None }),
            theme: dissatisfied.then_some(Theme::Delay),
            child_author: Some(door == Door::Chat),
            on_behalf: Some(false),
        };
        let row = Labelled {
            message: Unlabelled { context: Context { door, ..Context::default() }, ..Unlabelled::default() },
            labels,
            weight: 1.0,
            ..Labelled::default()
        };
        let suggestion = Suggestion {
            model: "test".into(),
            act: said,
            act_scores: vec![],
            dissatisfied: probability,
            safeguarding: 0.1,
            procedure: Procedure::Statutory,
            theme: Theme::Finance,
            themes: vec![],
            child_author: 0.02,
            on_behalf: 0.02,
            danger: None,
            language: None,
            because: String::new(),
        };
        (row, suggestion)
    }

    fn report() -> EvaluationReport {
        let (rows, suggestions): (Vec<_>, Vec<_>) = [
            pair(Door::Manager, Act::Complaint, Act::Complaint, 0.9),
            pair(Door::Manager, Act::Concern, Act::Routine, 0.3),
            pair(Door::Manager, Act::Routine, Act::Routine, 0.1),
            pair(Door::Chat, Act::Concern, Act::Concern, 0.8),
            pair(Door::Chat, Act::Enquiry, Act::Concern, 0.6),
        ]
        .into_iter()
        .unzip();
        let lines = Thresholds { keep_above: 0.25, sure_above: 0.7, safeguarding_above: 0.2 };
        measure("test".into(), &rows, &suggestions, lines)
    }

    #[test]
    fn figures_are_those_counted_by_hand() {
        let report = report();
        assert_eq!(report.dissatisfied.auroc, Some(5.0 / 6.0));
        assert_eq!(report.dissatisfied.at_half.precision, 2.0 / 3.0);
        assert_eq!(report.dissatisfied.at_thresholds["keep_above"].recall, 1.0);
        assert_eq!(report.dissatisfied.at_thresholds["sure_above"].recall, 2.0 / 3.0);
        assert_eq!(report.safeguarding.auroc, None);
        assert!((report.act.accuracy - 0.6).abs() < 1e-12);
        assert_eq!((report.procedure.accuracy, report.theme.accuracy), (1.0, 0.0));
        let chat = report.groups.iter().find(|g| g.group == "mailbox chat").unwrap();
        assert_eq!((chat.messages, chat.dissatisfied, chat.auroc), (2, 1, Some(1.0)));
    }

    #[test]
    fn the_report_for_people_reads_well() {
        insta::assert_snapshot!(report());
    }
}
