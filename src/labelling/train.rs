//! Fits the heads to labelled messages: encode, cross-validate for calibration and thresholds, fit to everything, save.

use std::{
    collections::BTreeMap,
    fmt, fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    thread,
};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    bert::{Embedding, SentenceEncoder},
    classifier::LabellingError,
    fit::{FitOptions, Fitter, Targets},
    heads::{ACTS, DISSATISFIED, Details, Features, Heads, PROBE, Prepared, SAFEGUARDING, Thresholds},
    labels::Act,
    local::split,
    metrics::{Line, Platt, Scored, at_precision, at_recall, auroc, fit_temperature},
    rows::{Labelled, RowsError, read_rows},
    text::{Counts, Vocabulary, count_ngrams},
};

/// Parts the messages are dealt into for cross-validation.
const FOLDS: usize = 5;
/// Messages of each kind (dissatisfied, not) without which training is refused.
const LEAST_OF_EACH: usize = 10;
/// An n-gram is known if it stands in this many messages.
const LEAST_DOCUMENTS: u32 = 2;
/// N-grams known at most: keeps the file under 5 MB.
const MOST_NGRAMS: usize = 80_000;

/// What to train on and where to put the result.
#[derive(Clone, Debug)]
pub struct TrainOptions {
    /// Labelled JSON lines, see [`super::rows`].
    pub inputs: Vec<PathBuf>,
    /// The heads file to write; replaced in one step.
    pub out: PathBuf,
    /// Folder of the sentence encoder.
    pub encoder_dir: PathBuf,
    /// Threads of the encoder.
    pub threads: usize,
    /// Leaves of a body what its author wrote now.
    pub strip: fn(&str) -> String,
}

/// What came of training. Figures are on messages that the heads had not seen (five-fold, cases kept together).
#[derive(Clone, Debug, Serialize)]
pub struct TrainReport {
    /// Name of the model.
    pub model: String,
    /// Where it was written.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: usize,
    /// Messages trained on.
    pub messages: usize,
    /// Dissatisfied ones.
    pub dissatisfied: usize,
    /// N-grams known.
    pub ngrams: usize,
    /// Area under the ROC curve of dissatisfaction.
    pub dissatisfied_auroc: Option<f64>,
    /// Area under the ROC curve of safeguarding.
    pub safeguarding_auroc: Option<f64>,
    /// Share of messages whose act is right.
    pub act_accuracy: f64,
    /// The lines drawn.
    pub thresholds: Thresholds,
}

impl fmt::Display for TrainReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |figure: Option<f64>| figure.map_or_else(|| "not measurable".to_owned(), |v| format!("{v:.3}"));
        writeln!(f, "{} written to {} ({} kB)", self.model, self.path.display(), self.bytes / 1000)?;
        writeln!(f, "trained on {} messages, {} of them dissatisfied", self.messages, self.dissatisfied)?;
        writeln!(f, "on messages not seen in training (five-fold):")?;
        writeln!(f, "  dissatisfied: area under the ROC curve {}", shown(self.dissatisfied_auroc))?;
        writeln!(f, "  safeguarding: area under the ROC curve {}", shown(self.safeguarding_auroc))?;
        writeln!(f, "  act: {:.0}% right", self.act_accuracy * 100.0)?;
        let Thresholds { keep_above, sure_above, safeguarding_above } = self.thresholds;
        write!(
            f,
            "thresholds: keep above {keep_above:.3}, sure above {sure_above:.3}, safeguarding above {safeguarding_above:.3}"
        )
    }
}

/// Why training failed.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The labelled messages could not be read.
    #[error(transparent)]
    Rows(#[from] RowsError),
    /// Too little to learn from.
    #[error(
        "{dissatisfied} dissatisfied and {others} other messages are too few to learn from; give at least 10 of each"
    )]
    TooFew {
        /// Labelled dissatisfied.
        dissatisfied: usize,
        /// Labelled not dissatisfied.
        others: usize,
    },
    /// The encoder failed.
    #[error(transparent)]
    Encoder(#[from] LabellingError),
    /// libtorch failed.
    #[error("the heads could not be fitted: {0}")]
    Fit(String),
    /// The file could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Trains and saves the heads. Takes about 0.1 s a message, almost all of it the encoder's; the same inputs give the
/// same file on the same machine. Waits: call it from a thread that may.
///
/// # Errors
/// [`TrainError`].
pub fn train(options: &TrainOptions) -> Result<TrainReport, TrainError> {
    let (rows, sha256) = read_rows(&options.inputs, &options.strip)?;
    let encoder = SentenceEncoder::start(&options.encoder_dir, options.threads)?;
    let (heads, mut report) = train_rows(&rows, &sha256, &encoder)?;
    let bytes = heads.to_bytes().map_err(|e| TrainError::Fit(e.to_string()))?;
    write(&options.out, &bytes).map_err(|source| TrainError::Write { path: options.out.clone(), source })?;
    report.path.clone_from(&options.out);
    Ok(report)
}

/// As [`train`], with rows and encoder at hand and nothing written. `sha256` identifies the rows.
///
/// # Errors
/// [`TrainError`].
pub fn train_rows(
    rows: &[Labelled],
    sha256: &str,
    encoder: &SentenceEncoder,
) -> Result<(Heads, TrainReport), TrainError> {
    let labelled = |wanted| rows.iter().filter(|r| r.labels.dissatisfied == Some(wanted)).count();
    let (dissatisfied, others) = (labelled(true), labelled(false));
    if dissatisfied < LEAST_OF_EACH || others < LEAST_OF_EACH {
        return Err(TrainError::TooFew { dissatisfied, others });
    }
    let probe = encoder.embed_and_wait(vec![PROBE.into()])?;
    let probe = probe.first().map(|v| v.iter().copied().take(16).collect()).unwrap_or_default();
    let encoded = Encoded::new(rows, encoder)?;
    let fitted = on_its_own_thread(|| {
        let features = encoded.features();
        let targets = Targets::new(rows.iter().map(|r| (&r.labels, r.weight)));
        let fitter = Fitter::new(&features, encoded.vocabulary.len(), &targets, FitOptions::default());
        (cross_validate(&fitter, rows, FOLDS), fitter.weights())
    });
    let (unseen, weights) =
        fitted.ok_or_else(|| TrainError::Fit("libtorch stopped; is there enough memory?".into()))?;
    let mut details = calibrate(rows, &unseen);
    details.messages = rows.len();
    details.training_sha256 = sha256.to_owned();
    details.probe = probe;
    let heads = Heads { vocabulary: encoded.vocabulary, weights, details, name: String::new() };
    // Read back, so that the name is that of the bytes.
    let bytes = heads.to_bytes().map_err(|e| TrainError::Fit(e.to_string()))?;
    let heads = Heads::from_bytes(&bytes).ok_or_else(|| TrainError::Fit("the heads cannot be read back".to_owned()))?;
    let judged = rows
        .iter()
        .zip(&unseen)
        .filter_map(|(row, scores)| Some((row.labels.act?, heads.judge(&scores.as_slice().try_into().ok()?).act)));
    let (right, all) = judged.fold((0, 0), |(right, all), (a, b)| (right + usize::from(a == b), all + 1_usize));
    let report = TrainReport {
        model: heads.name.clone(),
        path: PathBuf::new(),
        bytes: bytes.len(),
        messages: rows.len(),
        dissatisfied,
        ngrams: heads.vocabulary.len(),
        dissatisfied_auroc: auroc(&column(rows, &unseen, DISSATISFIED, |r| r.labels.dissatisfied)),
        safeguarding_auroc: auroc(&column(rows, &unseen, SAFEGUARDING, |r| r.labels.safeguarding)),
        act_accuracy: right as f64 / all.max(1) as f64,
        thresholds: heads.details.thresholds,
    };
    Ok((heads, report))
}

/// Messages as the encoder and the n-gram counter see them.
pub struct Encoded {
    /// N-grams learnt from these messages.
    pub vocabulary: Vocabulary,
    /// Texts of each message.
    pub prepared: Vec<Prepared>,
    /// Embeddings of all texts of all messages.
    pub embeddings: Vec<Embedding>,
}

impl Encoded {
    /// Encodes `rows` and learns their n-grams.
    ///
    /// # Errors
    /// The encoder's.
    pub fn new(rows: &[Labelled], encoder: &SentenceEncoder) -> Result<Self, LabellingError> {
        let prepared: Vec<Prepared> = rows.iter().map(|row| Prepared::new(&row.message)).collect();
        let embeddings = encoder.embed_and_wait(prepared.iter().flat_map(Prepared::texts).cloned().collect())?;
        let counts: Vec<Counts> = prepared.iter().map(|p| count_ngrams(&p.whole)).collect();
        Ok(Self { vocabulary: Vocabulary::learn(&counts, LEAST_DOCUMENTS, MOST_NGRAMS), prepared, embeddings })
    }

    /// Features of each message.
    #[must_use]
    pub fn features(&self) -> Vec<Features> {
        split(&self.prepared, &self.embeddings)
            .map(|(message, own)| Features::of_message(&self.vocabulary, message, own))
            .collect()
    }
}

/// Runs `work` on a thread whose libtorch uses one thread, so that sums are added in one order. None if it panicked.
pub(super) fn on_its_own_thread<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        let started = scope.spawn(|| {
            tch::set_num_threads(1);
            catch_unwind(AssertUnwindSafe(work)).ok()
        });
        started.join().ok().flatten()
    })
}

/// Raw scores of every message by heads that had not seen it or its case.
#[must_use]
pub fn cross_validate(fitter: &Fitter<'_>, rows: &[Labelled], folds: usize) -> Vec<Vec<f64>> {
    let dealt = deal(rows, folds);
    let mut unseen = vec![Vec::new(); rows.len()];
    for fold in 0..folds {
        let (tested, trained): (Vec<usize>, Vec<usize>) =
            (0..rows.len()).partition(|row| dealt.get(*row) == Some(&fold));
        for (row, scores) in tested.iter().zip(fitter.scores_of_unseen(&trained, &tested)) {
            if let Some(place) = unseen.get_mut(*row) {
                *place = scores;
            }
        }
    }
    unseen
}

/// Deals messages into folds: cases whole, dissatisfied and other ones evenly, in an order that depends on nothing but
/// the names of the cases.
fn deal(rows: &[Labelled], folds: usize) -> Vec<usize> {
    let mut cases: BTreeMap<(bool, [u8; 32]), &str> = BTreeMap::new();
    let mut dissatisfied: BTreeMap<&str, bool> = BTreeMap::new();
    for row in rows {
        *dissatisfied.entry(&row.group).or_default() |= row.labels.dissatisfied == Some(true);
    }
    for (group, dissatisfied) in &dissatisfied {
        cases.insert((*dissatisfied, Sha256::digest(group.as_bytes()).into()), group);
    }
    let fold: BTreeMap<&str, usize> = cases.values().enumerate().map(|(at, group)| (*group, at % folds)).collect();
    rows.iter().map(|row| fold.get(row.group.as_str()).copied().unwrap_or(0)).collect()
}

/// One column of scores beside what people decided.
pub(super) fn column(
    rows: &[Labelled],
    scores: &[Vec<f64>],
    at: usize,
    label: impl Fn(&Labelled) -> Option<bool>,
) -> Vec<Scored> {
    rows.iter().zip(scores).filter_map(|(row, scores)| Some((*scores.get(at)?, label(row)?))).collect()
}

/// Calibration and thresholds from scores of unseen messages.
fn calibrate(rows: &[Labelled], unseen: &[Vec<f64>]) -> Details {
    let fitted = |at, label: fn(&Labelled) -> Option<bool>| {
        let raw = column(rows, unseen, at, label);
        let Platt { slope, offset } = Platt::fit(&raw);
        let platt = Platt { slope: nine_places(slope), offset: nine_places(offset) };
        let calibrated: Vec<Scored> = raw.iter().map(|(s, label)| (platt.probability(*s), *label)).collect();
        (platt, calibrated)
    };
    let (dissatisfied, of_dissatisfied) = fitted(DISSATISFIED, |row| row.labels.dissatisfied);
    let (safeguarding, of_safeguarding) = fitted(SAFEGUARDING, |row| row.labels.safeguarding);
    let acts: Vec<(Vec<f64>, usize)> = rows
        .iter()
        .zip(unseen)
        .filter_map(|(row, scores)| {
            let right = Act::ALL.iter().position(|act| Some(*act) == row.labels.act)?;
            Some((scores.get(ACTS)?.to_vec(), right))
        })
        .collect();
    // Rounded down, so that the message the line was drawn at stays above it.
    let threshold = |line: Line| nine_places(line.threshold - 5e-10);
    Details {
        thresholds: Thresholds {
            keep_above: at_recall(&of_dissatisfied, 0.95).map_or(0.1, threshold),
            sure_above: at_precision(&of_dissatisfied, 0.9, LEAST_OF_EACH).map_or(0.95, threshold),
            safeguarding_above: at_recall(&of_safeguarding, 0.9).map_or(0.1, threshold),
        },
        dissatisfied,
        safeguarding,
        act_temperature: nine_places(fit_temperature(&acts)),
        ..Details::default()
    }
}

/// Short enough to come back from JSON as it was, which the name of the model rests on.
fn nine_places(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

/// Writes beside `path` and renames, so that a reader never meets half a file.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    fs::write(&beside, bytes)?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labelling::rows::Labels;

    #[test]
    fn a_case_is_never_split_and_folds_are_alike() {
        let rows: Vec<Labelled> = (0..100)
            .map(|n| Labelled {
                group: format!("case {}", n / 2),
                labels: Labels { dissatisfied: Some(n < 40), ..Labels::default() },
                ..Labelled::default()
            })
            .collect();
        let dealt = deal(&rows, 5);
        assert!(dealt.chunks(2).all(|pair| pair[0] == pair[1]));
        for fold in 0..5 {
            let of_fold = |range: std::ops::Range<usize>| dealt[range].iter().filter(|f| **f == fold).count();
            assert_eq!((of_fold(0..40), of_fold(40..100)), (8, 12));
        }
    }

    #[test]
    fn a_panic_while_fitting_is_an_answer_and_no_end() {
        assert_eq!(on_its_own_thread(|| 3), Some(3));
        assert_eq!(on_its_own_thread(|| -> i32 { panic!("on purpose") }), None);
    }
}
