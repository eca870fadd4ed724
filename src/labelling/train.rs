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
    heads::{ACTS, COLUMNS, DISSATISFIED, Details, Heads, PROBE, Raw, SAFEGUARDING, SINGLES, Seen, Thresholds},
    labels::Act,
    local::split,
    metrics::{Blend, Line, Scored, at_precision, at_recall, auroc, fit_temperature},
    prepared::Prepared,
    rows::{Labelled, OwnWords, RowsError, read_rows},
    text::{Counts, Vocabulary, count_ngrams},
};

/// Parts the messages are dealt into for cross-validation.
const FOLDS: usize = 5;
/// Messages of each kind (dissatisfied, not) without which training is refused.
const LEAST_OF_EACH: usize = 10;
/// Share of dissatisfied messages above the line from which an officer looks.
const KEPT: f64 = 0.96;
/// Share of dissatisfied ones among the messages above the line from which the family is written to at once.
const SURE: f64 = 0.9;
/// Share of messages about a child at risk above the line from which they are raised.
const RAISED: f64 = 0.95;
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
    pub strip: fn(&str) -> OwnWords,
}

/// What came of training. Figures are on messages that the heads had not seen (five-fold, families kept together).
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
    let (rows, sha256) = read_rows(&options.inputs, options.strip)?;
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
        let seen = encoded.seen();
        let targets = Targets::new(rows.iter().map(|r| (&r.labels, r.weight)));
        let fitter = Fitter::new(&seen, encoded.vocabulary.len(), &targets, FitOptions::default());
        (cross_validate(&fitter, &deal(rows, FOLDS), FOLDS), fitter.weights(None))
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
    let judged = rows.iter().zip(&unseen).filter_map(|(row, raw)| Some((row.labels.act?, heads.judge(raw).act)));
    let (right, all) = judged.fold((0, 0), |(right, all), (a, b)| (right + usize::from(a == b), all + 1_usize));
    let report = TrainReport {
        model: heads.name.clone(),
        path: PathBuf::new(),
        bytes: bytes.len(),
        messages: rows.len(),
        dissatisfied,
        ngrams: heads.vocabulary.len(),
        dissatisfied_auroc: auroc(&judged_singles(rows, &unseen, &heads, DISSATISFIED)),
        safeguarding_auroc: auroc(&judged_singles(rows, &unseen, &heads, SAFEGUARDING)),
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
        let embeddings = encoder.embed_and_wait(prepared.iter().flat_map(Prepared::texts).collect())?;
        let counts: Vec<Counts> = prepared.iter().map(|p| count_ngrams(&p.whole)).collect();
        Ok(Self { vocabulary: Vocabulary::learn(&counts, LEAST_DOCUMENTS, MOST_NGRAMS), prepared, embeddings })
    }

    /// What the heads see of each message.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        split(&self.prepared, &self.embeddings)
            .map(|(message, own)| Seen::new(&self.vocabulary, message, own))
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

/// What heads that had not seen a message or its family say of it, for every message. `dealt` gives each message its
/// fold, `folds` of them; messages of no fold (a higher number) are trained on every time and get zeros.
#[must_use]
pub fn cross_validate(fitter: &Fitter<'_>, dealt: &[usize], folds: usize) -> Vec<Raw> {
    let nothing = Raw { scores: [0.0; COLUMNS], strongest: [0.0; SINGLES.len()] };
    let mut unseen = vec![nothing; dealt.len()];
    for fold in 0..folds {
        let trained: Vec<usize> = (0..dealt.len()).filter(|row| dealt.get(*row) != Some(&fold)).collect();
        let weights = fitter.weights(Some(&trained));
        for ((place, of), seen) in unseen.iter_mut().zip(dealt).zip(fitter.seen()) {
            if *of == fold {
                *place = weights.raw(seen);
            }
        }
    }
    unseen
}

/// Deals messages into folds: families whole, dissatisfied and other ones evenly, in an order that depends on nothing
/// but what the messages are.
#[must_use]
pub fn deal(rows: &[Labelled], folds: usize) -> Vec<usize> {
    let mut dissatisfied: BTreeMap<&str, (bool, &Labelled)> = BTreeMap::new();
    for row in rows {
        let family = dissatisfied.entry(&row.family).or_insert((false, row));
        family.0 |= row.labels.dissatisfied == Some(true);
    }
    let mut families: BTreeMap<(bool, [u8; 32]), &str> = BTreeMap::new();
    for (family, (dissatisfied, first)) in &dissatisfied {
        let name = format!("{}/{}", first.council, first.id);
        families.insert((*dissatisfied, Sha256::digest(name.as_bytes()).into()), family);
    }
    let fold: BTreeMap<&str, usize> = families.values().enumerate().map(|(at, family)| (*family, at % folds)).collect();
    rows.iter().map(|row| fold.get(row.family.as_str()).copied().unwrap_or(0)).collect()
}

/// The calibrated probabilities of one of [`SINGLES`] beside what people decided.
fn judged_singles(rows: &[Labelled], unseen: &[Raw], heads: &Heads, column: usize) -> Vec<Scored> {
    let Some(at) = SINGLES.iter().position(|single| *single == column) else { return Vec::new() };
    let blend = heads.details.singles.get(at).copied().unwrap_or_default();
    triples(rows, unseen, at).into_iter().map(|(whole, top, label)| (blend.probability(whole, top), label)).collect()
}

/// Both scores of the single number `at` beside what people decided.
fn triples(rows: &[Labelled], unseen: &[Raw], at: usize) -> Vec<(f64, f64, bool)> {
    let column = SINGLES.get(at).copied().unwrap_or(DISSATISFIED);
    let both = |raw: &Raw| Some((*raw.scores.get(column)?, *raw.strongest.get(at)?));
    rows.iter()
        .zip(unseen)
        .filter_map(|(row, raw)| {
            let (whole, strongest) = both(raw)?;
            Some((whole, strongest, row.labels.singles().get(at).copied().flatten()?))
        })
        .collect()
}

/// Calibration and thresholds from what is said of unseen messages.
#[must_use]
pub fn calibrate(rows: &[Labelled], unseen: &[Raw]) -> Details {
    let mut singles = [Blend::default(); SINGLES.len()];
    let mut calibrated: [Vec<Scored>; SINGLES.len()] = Default::default();
    for (at, (single, scored)) in singles.iter_mut().zip(&mut calibrated).enumerate() {
        let raw = triples(rows, unseen, at);
        let found = Blend::fit(&raw);
        *single = Blend {
            whole: nine_places(found.whole),
            strongest: nine_places(found.strongest),
            offset: nine_places(found.offset),
        };
        *scored = raw.into_iter().map(|(whole, top, label)| (single.probability(whole, top), label)).collect();
    }
    let acts: Vec<(Vec<f64>, usize)> = rows
        .iter()
        .zip(unseen)
        .filter_map(|(row, raw)| {
            let right = Act::ALL.iter().position(|act| Some(*act) == row.labels.act)?;
            Some((raw.scores.get(ACTS)?.to_vec(), right))
        })
        .collect();
    let [dissatisfied, safeguarding, ..] = &calibrated;
    // Rounded down, so that the message the line was drawn at stays above it.
    let threshold = |line: Line| nine_places(line.threshold - 5e-10);
    Details {
        thresholds: Thresholds {
            keep_above: at_recall(dissatisfied, KEPT).map_or(0.1, threshold),
            sure_above: at_precision(dissatisfied, SURE, LEAST_OF_EACH).map_or(0.95, threshold),
            safeguarding_above: at_recall(safeguarding, RAISED).map_or(0.1, threshold),
        },
        singles,
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
    fn a_family_is_never_split_and_folds_are_alike() {
        let rows: Vec<Labelled> = (0..100)
            .map(|n| Labelled {
                family: format!("{}", n / 2),
                id: n.to_string(),
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
