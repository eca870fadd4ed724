//! Measures the method itself: heads are fitted to all messages but those of some families (or of one council) and
//! measured on these, in turn, until every message has been judged by heads that had not seen its family.

use std::{borrow::Cow, collections::BTreeMap, fmt, path::PathBuf, time::Instant};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    bert::{DIMENSIONS, SentenceEncoder},
    evaluate::{EvaluationReport, measure, worst},
    fit::{FitOptions, Fitter, Targets},
    heads::{Heads, Raw, Seen, Thresholds},
    labels::Suggestion,
    rows::{Labelled, OwnWords, read_rows},
    text::Vocabulary,
    train::{Encoded, TrainError, calibrate, cross_validate, deal, on_its_own_thread},
};

/// Parts the families are dealt into.
const FOLDS: usize = 5;
/// Messages judged worst that are named.
const WORST: usize = 20;
/// A fold's number for messages that are trained on every time.
const BESIDE: usize = usize::MAX;

/// What is measured, and how.
#[derive(Clone, Debug)]
pub struct CrossOptions {
    /// Labelled JSON lines to measure on, one file a council.
    pub inputs: Vec<PathBuf>,
    /// Labelled JSON lines that are trained on every time and never measured.
    pub beside: Vec<PathBuf>,
    /// Also with a quarter, a half and three quarters of what is trained on.
    pub curve: bool,
    /// Also without each part of the method.
    pub parts: bool,
    /// Folder of the sentence encoder.
    pub encoder_dir: PathBuf,
    /// Threads of the encoder.
    pub threads: usize,
    /// Leaves of a body what its author wrote now.
    pub strip: fn(&str) -> OwnWords,
}

/// A part of the method that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Ngrams,
    Encoder,
    Context,
    Windows,
    Beside,
}

/// One way of measuring, and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// Which way.
    pub how: String,
    /// Messages trained on each time, on average.
    pub trained_on: usize,
    /// The figures.
    pub report: EvaluationReport,
}

/// Everything that was measured.
#[derive(Clone, Debug, Serialize)]
pub struct CrossReport {
    /// One entry a way.
    pub measured: Vec<Measured>,
    /// Seconds it took.
    pub seconds: f64,
}

struct Study<'s> {
    rows: &'s [Labelled],
    measured: usize,
    vocabulary: usize,
    seen: Vec<Seen>,
}

/// Measures the method. Waits, for minutes: call it from a thread that may. The same files give the same figures.
///
/// # Errors
/// [`TrainError`].
pub fn cross(options: &CrossOptions) -> Result<CrossReport, TrainError> {
    let started = Instant::now();
    let (mut rows, _) = read_rows(&options.inputs, options.strip)?;
    let measured = rows.len();
    let (mut beside, _) = read_rows(&options.beside, options.strip)?;
    // The families of both are numbered from 0.
    beside.iter_mut().for_each(|row| row.family = format!("beside {}", row.family));
    rows.append(&mut beside);
    let encoder = SentenceEncoder::start(&options.encoder_dir, options.threads)?;
    let encoded = Encoded::new(&rows, &encoder)?;
    let study = Study { rows: &rows, measured, vocabulary: encoded.vocabulary.len(), seen: encoded.seen() };
    let found = on_its_own_thread(|| study.all(options));
    let measured = found.ok_or_else(|| TrainError::Fit("libtorch stopped; is there enough memory?".into()))?;
    Ok(CrossReport { measured, seconds: started.elapsed().as_secs_f64() })
}

impl Study<'_> {
    fn all(&self, options: &CrossOptions) -> Vec<Measured> {
        let families = self.families();
        let (dealt, councils) = self.councils();
        let mut ways = vec![
            self.one("five-fold, families kept together", &families, FOLDS, None, 1.0),
            self.one("each council by heads that saw only the others", &dealt, councils, None, 1.0),
        ];
        if options.curve {
            for share in [0.25, 0.5, 0.75] {
                let how = format!("five-fold, {:.0} % of what is trained on", share * 100.0);
                ways.push(self.one(&how, &families, FOLDS, None, share));
            }
        }
        if options.parts {
            for (part, name) in [
                (Part::Ngrams, "n-grams"),
                (Part::Encoder, "the encoder"),
                (Part::Context, "how it came"),
                (Part::Windows, "windows"),
                (Part::Beside, "the messages beside"),
            ] {
                ways.push(self.one(&format!("five-fold, without {name}"), &families, FOLDS, Some(part), 1.0));
            }
        }
        ways
    }

    fn families(&self) -> Vec<usize> {
        let mut dealt = deal(self.rows.get(..self.measured).unwrap_or(&[]), FOLDS);
        dealt.resize(self.rows.len(), BESIDE);
        dealt
    }

    fn councils(&self) -> (Vec<usize>, usize) {
        let names: BTreeMap<&str, usize> =
            self.rows.iter().take(self.measured).map(|row| (row.council.as_str(), 0)).collect();
        let number: BTreeMap<&str, usize> = names.into_keys().zip(0..).collect();
        let of = |(at, row): (usize, &Labelled)| match number.get(row.council.as_str()) {
            Some(number) if at < self.measured => *number,
            _ => BESIDE,
        };
        (self.rows.iter().enumerate().map(of).collect(), number.len())
    }

    fn one(&self, how: &str, dealt: &[usize], folds: usize, without: Option<Part>, share: f64) -> Measured {
        let mut options = FitOptions::default();
        if without == Some(Part::Ngrams) {
            options.ngrams = 0.0;
        }
        let seen: Cow<'_, [Seen]> = match without {
            None | Some(Part::Beside) => Cow::Borrowed(&self.seen),
            Some(part) => self.seen.iter().map(|seen| reduced(seen.clone(), part)).collect(),
        };
        let kept = |at: usize, row: &Labelled| {
            let beside = at >= self.measured;
            !(beside && without == Some(Part::Beside)) && chance(row) < share
        };
        // What is left out of training has no weight, and so no say.
        let weights = self.rows.iter().enumerate().map(|(at, row)| {
            let weight = if kept(at, row) { row.weight } else { 0.0 };
            (&row.labels, weight)
        });
        let trained = |from: usize, to: usize| {
            self.rows.iter().enumerate().take(to).skip(from).filter(|(at, row)| kept(*at, row)).count()
        };
        // Of the measured ones all but one fold each time.
        let trained_on = trained(0, self.measured) * (folds - 1) / folds + trained(self.measured, self.rows.len());
        let fitter = Fitter::new(&seen, self.vocabulary, &Targets::new(weights), options);
        let unseen = cross_validate(&fitter, dealt, folds);
        let unseen = unseen.get(..self.measured).unwrap_or(&[]);
        let rows = self.rows.get(..self.measured).unwrap_or(&[]);
        let (suggestions, lines) = judged(rows, unseen, dealt, folds);
        let mut report = measure("cross-validated".into(), rows, &suggestions, lines);
        report.worst = worst(rows, &suggestions, WORST);
        Measured { how: how.to_owned(), trained_on, report }
    }
}

/// A number from 0 to 1 that depends only on what the message is.
fn chance(row: &Labelled) -> f64 {
    let digest = Sha256::digest(format!("share {}/{}", row.council, row.id).as_bytes());
    f64::from(u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]])) / f64::from(u32::MAX)
}

/// What is seen without a part.
fn reduced(mut seen: Seen, without: Part) -> Seen {
    if without == Part::Windows {
        seen.windows.clear();
    }
    for features in std::iter::once(&mut seen.whole).chain(&mut seen.windows) {
        match without {
            Part::Encoder => features.dense.iter_mut().take(2 * DIMENSIONS).for_each(|value| *value = 0.0),
            Part::Context => features.dense.iter_mut().skip(2 * DIMENSIONS).for_each(|value| *value = 0.0),
            Part::Ngrams => features.sparse.clear(),
            Part::Windows | Part::Beside => {}
        }
    }
    seen
}

/// Suggestions whose calibration and lines were found without the fold of the message, and the lines of all together.
fn judged(rows: &[Labelled], unseen: &[Raw], dealt: &[usize], folds: usize) -> (Vec<Suggestion>, Thresholds) {
    let mut suggestions: Vec<Suggestion> = Vec::new();
    let heads: Vec<Heads> = (0..folds)
        .map(|fold| {
            let (others, of_others): (Vec<Labelled>, Vec<Raw>) = rows
                .iter()
                .zip(unseen)
                .zip(dealt)
                .filter(|(_, of)| **of != fold)
                .map(|((row, raw), _)| (row.clone(), *raw))
                .unzip();
            Heads { details: calibrate(&others, &of_others), vocabulary: Vocabulary::default(), ..Heads::default() }
        })
        .collect();
    for (raw, fold) in unseen.iter().zip(dealt) {
        suggestions.extend(heads.get(*fold).map(|heads| heads.judge(raw)));
    }
    (suggestions, calibrate(rows, unseen).thresholds)
}

impl fmt::Display for CrossReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for measured in &self.measured {
            writeln!(f, "== {} ({} messages trained on each time)", measured.how, measured.trained_on)?;
            writeln!(f, "{}", measured.report)?;
        }
        write!(f, "{:.0} seconds", self.seconds)
    }
}
