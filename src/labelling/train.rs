//! Fits the heads to labelled messages: cross-validate for calibration and thresholds, fit to everything, save.

use std::{
    collections::BTreeMap,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    thread,
};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    calibrate::{act_accuracy, calibrate, scored},
    classifier::LabellingError,
    fit::{FitOptions, Fitter, Targets},
    heads::{Heads, Raw, Seen, Thresholds},
    kept,
    metrics::auroc,
    prepared::Prepared,
    rows::{Labelled, OwnWords, RowsError, read_rows},
    stack::Said,
    text::{Counts, Vocabulary, count_ngrams},
    tuned::{reader::EncoderFiles, taught::Taught},
};

/// Parts the messages are dealt into for cross-validation.
pub const FOLDS: usize = 5;
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
    /// The encoder.
    pub encoder: EncoderFiles,
    /// What encoders that had not seen them said of the shipped messages.
    pub unseen: PathBuf,
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
    /// Share of messages that the heads settle without the encoder.
    pub settled_by_heads: f64,
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
        writeln!(f, "  settled without the encoder: {:.0}% of messages", self.settled_by_heads * 100.0)?;
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
    /// Nothing is kept of what an encoder that had not seen a message said of it.
    #[error(
        "no encoder is known that has not seen message {id} of {council}; run `heard train --encoder` on these files"
    )]
    NotUnseen {
        /// Its file.
        council: String,
        /// Its id there.
        id: String,
    },
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

/// Fits and saves the heads. Takes a minute or two for the shipped messages, and about 0.1 s more for each that the
/// encoder must read first; the same inputs give the same file on the same machine. Waits: call it from a thread that may.
///
/// # Errors
/// [`TrainError`].
pub fn train(options: &TrainOptions) -> Result<TrainReport, TrainError> {
    let (rows, sha256) = read_rows(&options.inputs, options.strip)?;
    let encoder = Taught::start(&options.encoder, &options.unseen, options.threads)?;
    let (heads, mut report) = train_rows(&rows, &sha256, &encoder)?;
    let bytes = heads.to_bytes().map_err(|e| TrainError::Fit(e.to_string()))?;
    kept::write(&options.out, &bytes).map_err(|source| TrainError::Write { path: options.out.clone(), source })?;
    report.path.clone_from(&options.out);
    Ok(report)
}

/// As [`train`], with everything at hand and nothing written. `sha256` identifies the rows.
///
/// # Errors
/// [`TrainError`].
pub fn train_rows(rows: &[Labelled], sha256: &str, encoder: &Taught) -> Result<(Heads, TrainReport), TrainError> {
    let labelled = |wanted| rows.iter().filter(|r| r.labels.dissatisfied == Some(wanted)).count();
    let (dissatisfied, others) = (labelled(true), labelled(false));
    if dissatisfied < LEAST_OF_EACH || others < LEAST_OF_EACH {
        return Err(TrainError::TooFew { dissatisfied, others });
    }
    let taken = Taken::new(rows);
    let of_encoder = encoder.said(rows, &taken.prepared)?;
    let fitted = on_its_own_thread(|| {
        let targets = Targets::new(rows.iter().map(|r| (&r.labels, r.weight)));
        let fitter = Fitter::new(&taken.seen, taken.vocabulary.len(), &targets, FitOptions::default());
        (cross_validate(&fitter, &deal(rows, FOLDS), FOLDS), fitter.weights(None))
    });
    let (of_heads, weights) =
        fitted.ok_or_else(|| TrainError::Fit("libtorch stopped; is there enough memory?".into()))?;
    let said: Vec<Said> =
        of_heads.into_iter().zip(of_encoder).map(|(heads, raw)| Said { heads, encoder: Some(raw) }).collect();
    let mut details = calibrate(rows, &said);
    details.messages = rows.len();
    details.training_sha256 = sha256.to_owned();
    details.encoder = encoder.reader().name().to_owned();
    let heads = Heads { vocabulary: taken.vocabulary, weights, details, name: String::new() };
    // Read back, so that the name is that of the bytes.
    let bytes = heads.to_bytes().map_err(|e| TrainError::Fit(e.to_string()))?;
    let heads = Heads::from_bytes(&bytes).ok_or_else(|| TrainError::Fit("the heads cannot be read back".to_owned()))?;
    let area = |at| auroc(&scored(rows, &said, &heads.details.stack, at));
    let settled = rows.iter().zip(&said).filter(|(row, said)| heads.settles(&said.heads, row.message.context)).count();
    let report = TrainReport {
        model: heads.name.clone(),
        path: PathBuf::new(),
        bytes: bytes.len(),
        messages: rows.len(),
        dissatisfied,
        ngrams: heads.vocabulary.len(),
        dissatisfied_auroc: area(0),
        safeguarding_auroc: area(1),
        act_accuracy: act_accuracy(rows, said.iter().map(|said| heads.judge(said).act)),
        settled_by_heads: settled as f64 / rows.len().max(1) as f64,
        thresholds: heads.details.thresholds,
    };
    Ok((heads, report))
}

/// Messages taken apart, and what the heads see of each.
pub struct Taken {
    /// N-grams learnt from these messages.
    pub vocabulary: Vocabulary,
    /// Texts of each message.
    pub prepared: Vec<Prepared>,
    /// What the heads see of each message.
    pub seen: Vec<Seen>,
}

impl Taken {
    /// Takes `rows` apart and learns their n-grams.
    #[must_use]
    pub fn new(rows: &[Labelled]) -> Self {
        let prepared: Vec<Prepared> = rows.iter().map(|row| Prepared::new(&row.message)).collect();
        let counts: Vec<Counts> = prepared.iter().map(|p| count_ngrams(&p.whole)).collect();
        let vocabulary = Vocabulary::learn(&counts, LEAST_DOCUMENTS, MOST_NGRAMS);
        let seen = prepared.iter().map(|message| Seen::new(&vocabulary, message)).collect();
        Self { vocabulary, prepared, seen }
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
    let mut unseen = vec![Raw::default(); dealt.len()];
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
