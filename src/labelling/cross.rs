//! Measures the method itself: heads are fitted to all messages but those of some families (or of one council) and
//! measured on these, in turn, until every message has been judged by heads that had not seen its family.

use std::{borrow::Cow, collections::BTreeMap, fmt, path::PathBuf, time::Instant};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    calibrate::calibrate,
    context::Context,
    evaluate::{EvaluationReport, measure, worst},
    fit::{FitOptions, Fitter, Targets},
    heads::{Heads, Raw, Seen, Thresholds},
    labels::Suggestion,
    prepared::Prepared,
    rows::{Labelled, OwnWords, read_rows},
    stack::Said,
    train::{FOLDS, Taken, TrainError, cross_validate, deal, on_its_own_thread},
    tuned::unseen::{BY_COUNCIL, BY_FAMILY, BY_FAMILY_UNTOLD, Key, Unseen, key},
};

/// Messages judged worst that are named.
const WORST: usize = 20;
/// Shares of what is trained on, for the learning curve.
pub const SHARES: [f64; 3] = [0.25, 0.5, 0.75];
/// A fold's number for messages that are trained on every time.
const BESIDE: usize = usize::MAX;

/// What is measured, and how.
#[derive(Clone, Debug)]
pub struct CrossOptions {
    /// Labelled JSON lines to measure on, one file a council.
    pub inputs: Vec<PathBuf>,
    /// Labelled JSON lines that are trained on and never measured.
    pub beside: Vec<PathBuf>,
    /// Also with a quarter, a half and three quarters of what is trained on.
    pub curve: bool,
    /// Also without each part of the method.
    pub parts: bool,
    /// What encoders that had not seen them said of the messages: see [`super::tuned::study`].
    pub unseen: PathBuf,
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
}

/// One way of measuring, and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// Which way.
    pub how: String,
    /// Messages trained on each time, on average.
    pub trained_on: usize,
    /// Share of messages that the heads settled without the encoder.
    pub settled_by_heads: f64,
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
    unseen: Unseen,
    keys: Vec<Key>,
    /// Words of danger in each message.
    danger: Vec<Option<String>>,
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
    let taken = Taken::new(&rows);
    let study = Study {
        rows: &rows,
        measured,
        vocabulary: taken.vocabulary.len(),
        danger: taken.prepared.iter().map(Prepared::danger).collect(),
        seen: taken.seen,
        unseen: Unseen::load(&options.unseen)?,
        keys: rows.iter().map(key).collect(),
    };
    study.complete(BY_FAMILY)?;
    let found = on_its_own_thread(|| study.all(options));
    let measured = found.ok_or_else(|| TrainError::Fit("libtorch stopped; is there enough memory?".into()))?;
    Ok(CrossReport { measured, seconds: started.elapsed().as_secs_f64() })
}

impl Study<'_> {
    /// Refuses to measure messages that no encoder has been kept from.
    fn complete(&self, way: &str) -> Result<(), TrainError> {
        let measured = || self.rows.iter().zip(&self.keys).take(self.measured);
        match measured().find(|(_, key)| self.unseen.get(way, key).is_none()) {
            None => Ok(()),
            Some((row, _)) => Err(TrainError::NotUnseen { council: row.council.clone(), id: row.id.clone() }),
        }
    }

    fn all(&self, options: &CrossOptions) -> Vec<Measured> {
        let families = deal(self.rows, FOLDS);
        let (dealt, councils) = self.councils();
        let by_family = Way { dealt: &families, folds: FOLDS, encoder: BY_FAMILY, without: None, share: 1.0 };
        let by_council = Way { dealt: &dealt, folds: councils, encoder: BY_COUNCIL, ..by_family };
        let mut ways = vec![self.one("five-fold, families kept together", by_family)];
        if self.complete(BY_COUNCIL).is_ok() {
            ways.push(self.one(
                "each council by heads that saw only the others and an encoder that saw none of these councils",
                by_council,
            ));
        } else {
            let how = "each council by heads that saw only the others, without an encoder";
            ways.push(self.one(how, Way { without: Some(Part::Encoder), ..by_council }));
        }
        if options.curve {
            for share in SHARES {
                let encoder = with_share(BY_FAMILY, share);
                if self.complete(&encoder).is_ok() {
                    let how = format!("five-fold, {:.0} % of what is trained on", share * 100.0);
                    ways.push(self.one(&how, Way { encoder: &encoder, share, ..by_family }));
                } else {
                    // Teaching an encoder anew for each share takes hours without a graphics processor.
                    let how = format!("five-fold, heads alone, {:.0} % of what is trained on", share * 100.0);
                    ways.push(self.one(&how, Way { without: Some(Part::Encoder), share, ..by_family }));
                }
            }
        }
        if options.parts {
            for (part, name) in [
                (Part::Ngrams, "n-grams"),
                (Part::Encoder, "the encoder"),
                (Part::Context, "how it came"),
                (Part::Windows, "windows"),
            ] {
                let encoder = if part == Part::Context { BY_FAMILY_UNTOLD } else { BY_FAMILY };
                let how = format!("five-fold, without {name}");
                ways.push(self.one(&how, Way { encoder, without: Some(part), ..by_family }));
            }
        }
        ways
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

    fn one(&self, how: &str, way: Way<'_>) -> Measured {
        let Way { dealt, folds, encoder, without, share } = way;
        let seen: Cow<'_, [Seen]> = match without {
            None => Cow::Borrowed(&self.seen),
            Some(part) => self.seen.iter().map(|seen| reduced(seen.clone(), part)).collect(),
        };
        let kept = |row: &Labelled| chance(row) < share;
        // What is left out of training has no weight, and so no say.
        let weights = self.rows.iter().map(|row| (&row.labels, if kept(row) { row.weight } else { 0.0 }));
        let trained = (0..folds)
            .map(|fold| self.rows.iter().zip(dealt).filter(|(row, of)| **of != fold && kept(row)).count())
            .sum::<usize>();
        let fitter = Fitter::new(&seen, self.vocabulary, &Targets::new(weights), FitOptions::default());
        let of_heads = cross_validate(&fitter, dealt, folds);
        let said: Vec<Said> = of_heads
            .into_iter()
            .zip(&self.keys)
            .take(self.measured)
            .map(|(heads, key)| {
                let encoder = self.unseen.get(encoder, key).filter(|_| without != Some(Part::Encoder));
                let encoder = encoder.map(|raw| if without == Some(Part::Windows) { whole_only(raw) } else { *raw });
                Said { heads: if without == Some(Part::Ngrams) { Raw::default() } else { heads }, encoder }
            })
            .collect();
        let rows = self.rows.get(..self.measured).unwrap_or(&[]);
        let (mut suggestions, lines, settled) = judged(rows, &said, dealt, folds);
        suggestions.iter_mut().zip(&self.danger).for_each(|(one, words)| one.danger.clone_from(words));
        let mut report = measure("cross-validated".into(), rows, &suggestions, lines);
        report.worst = worst(rows, &suggestions, WORST);
        Measured { how: how.to_owned(), trained_on: trained / folds.max(1), settled_by_heads: settled, report }
    }
}

/// One way of measuring.
#[derive(Clone, Copy)]
struct Way<'w> {
    /// The part each message is of.
    dealt: &'w [usize],
    /// How many parts there are.
    folds: usize,
    /// What is kept of the encoders taught in this way.
    encoder: &'w str,
    without: Option<Part>,
    /// Of what is trained on.
    share: f64,
}

/// The name of a way in which only a share of the messages was taught.
#[must_use]
pub fn with_share(way: &str, share: f64) -> String {
    format!("{way} {:.0}", share * 100.0)
}

fn whole_only(raw: &Raw) -> Raw {
    Raw::new(raw.scores, std::iter::empty())
}

/// A number from 0 to 1 that depends only on what the message is.
#[must_use]
pub fn chance(row: &Labelled) -> f64 {
    let digest = Sha256::digest(format!("share {}/{}", row.council, row.id).as_bytes());
    f64::from(u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]])) / f64::from(u32::MAX)
}

/// What the heads see without a part.
fn reduced(mut seen: Seen, without: Part) -> Seen {
    if without == Part::Windows {
        seen.windows.clear();
    }
    if without == Part::Context {
        for features in std::iter::once(&mut seen.whole).chain(&mut seen.windows) {
            features.context = Context::default();
        }
    }
    seen
}

/// Suggestions whose calibration and lines were found without the fold of the message, the lines of all together, and the
/// share of messages that the heads settle alone.
fn judged(rows: &[Labelled], said: &[Said], dealt: &[usize], folds: usize) -> (Vec<Suggestion>, Thresholds, f64) {
    let heads: Vec<Heads> = (0..folds)
        .map(|fold| {
            let (others, of_others): (Vec<Labelled>, Vec<Said>) = rows
                .iter()
                .zip(said)
                .zip(dealt)
                .filter(|(_, of)| **of != fold)
                .map(|((row, said), _)| (row.clone(), *said))
                .unzip();
            Heads { details: calibrate(&others, &of_others), ..Heads::default() }
        })
        .collect();
    let mut suggestions: Vec<Suggestion> = Vec::new();
    let mut settled = 0_usize;
    for ((row, said), fold) in rows.iter().zip(said).zip(dealt) {
        let Some(heads) = heads.get(*fold) else { continue };
        let alone = heads.settles(&said.heads, row.message.context);
        settled += usize::from(alone);
        let said = if alone { Said { encoder: None, ..*said } } else { *said };
        suggestions.push(heads.judge(&said));
    }
    let lines = calibrate(rows, said).thresholds;
    (suggestions, lines, settled as f64 / rows.len().max(1) as f64)
}

impl fmt::Display for CrossReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for measured in &self.measured {
            let Measured { how, trained_on, settled_by_heads, .. } = measured;
            writeln!(f, "== {how} ({trained_on} messages trained on each time)")?;
            writeln!(f, "settled without the encoder: {:.0} %", settled_by_heads * 100.0)?;
            writeln!(f, "{}", measured.report)?;
        }
        write!(f, "{:.0} seconds", self.seconds)
    }
}
