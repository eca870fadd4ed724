//! Fits the linear heads with libtorch: L2-regularised logistic regression for every head at once.
//!
//! There are far more features than messages, so the fit runs over one number a message and column (`alpha`) instead of
//! one a feature: weights = sum over messages of alpha * features is where every minimum of a regularised linear loss
//! lies (the representer theorem), and only products of pairs of messages (the Gram matrix) are needed. It starts at
//! zero, uses all messages at each step and one thread: the same messages give the same heads.

use tch::{Kind, Tensor};

use super::{
    context::CONTEXT,
    heads::{ACTS, COLUMNS, DISSATISFIED, PROCEDURES, SINGLES, Seen, THEMES, Weights},
    labels::{Act, Procedure, Theme},
    rows::Labels,
};

const MAX_STEPS: usize = 3000;
const CLOSE_ENOUGH: f64 = 1e-4;
/// Directions that are taken for steep, and rounds in which they are found.
const STEEP: i64 = 64;
const ROUNDS: usize = 6;

/// What is fitted, and how strongly it is held back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitOptions {
    /// Factor of the n-grams.
    pub ngrams: f64,
    /// Factor of how it came.
    pub context: f64,
    /// L2 penalty of act, of each yes-or-no label, of procedure and theme.
    pub penalties: [f64; 4],
}

impl Default for FitOptions {
    /// Chosen by five-fold cross-validation on the labelled inboxes.
    fn default() -> Self {
        Self { ngrams: 1.0, context: 0.7, penalties: [0.1; 4] }
    }
}

/// Targets and weights, one row of [`COLUMNS`] a message.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    wanted: Vec<f64>,
    weights: Vec<f64>,
}

impl Targets {
    /// From what people decided, and how much each message counts. Procedure and theme are learnt from dissatisfied
    /// messages only.
    #[must_use]
    pub fn new<'r>(rows: impl Iterator<Item = (&'r Labels, f64)>) -> Self {
        let mut targets = Self::default();
        for (labels, weight) in rows {
            let mut wanted = [0.0; COLUMNS];
            let mut weights = [0.0; COLUMNS];
            let mut set = |columns: std::ops::Range<usize>, right: Option<usize>| {
                if let Some(right) = right {
                    weights.iter_mut().take(columns.end).skip(columns.start).for_each(|w| *w = weight);
                    wanted.iter_mut().skip(columns.start + right).take(1).for_each(|w| *w = 1.0);
                }
            };
            set(ACTS, labels.act.and_then(|act| Act::ALL.iter().position(|a| *a == act)));
            if labels.dissatisfied == Some(true) {
                set(PROCEDURES, labels.procedure.and_then(|p| Procedure::ALL.iter().position(|a| *a == p)));
                set(THEMES, labels.theme.and_then(|t| Theme::ALL.iter().position(|a| *a == t)));
            }
            for (column, label) in SINGLES.into_iter().zip(labels.singles()) {
                if let (Some(label), Some(want), Some(count)) = (label, wanted.get_mut(column), weights.get_mut(column))
                {
                    *want = f64::from(u8::from(label));
                    *count = weight;
                }
            }
            targets.wanted.extend(wanted);
            targets.weights.extend(weights);
        }
        targets
    }

    /// Both, messages × [`COLUMNS`], in double precision.
    pub fn tensors(&self) -> (Tensor, Tensor) {
        let shape = [(self.wanted.len() / COLUMNS) as i64, COLUMNS as i64];
        (Tensor::from_slice(&self.wanted).view(shape), Tensor::from_slice(&self.weights).view(shape))
    }
}

/// Messages ready to be fitted: their features and the products of every pair.
pub struct Fitter<'f> {
    seen: &'f [Seen],
    vocabulary: usize,
    options: FitOptions,
    gram: Tensor,
    wanted: Tensor,
    weights: Tensor,
}

impl<'f> Fitter<'f> {
    /// Multiplies every pair of messages. `vocabulary` is the number of n-grams. Takes memory for the square of the
    /// number of messages (8 bytes each). Panics inside libtorch are the caller's to catch.
    #[must_use]
    pub fn new(seen: &'f [Seen], vocabulary: usize, targets: &Targets, options: FitOptions) -> Self {
        let (wanted, weights) = targets.tensors();
        let context = contexts(seen);
        let ngrams = products(seen, vocabulary) * (options.ngrams * options.ngrams);
        // And a feature that is always 1: the bias.
        let gram = context.matmul(&context.tr()) * (options.context * options.context) + ngrams + 1.0;
        Self { seen, vocabulary, options, gram, wanted, weights }
    }

    /// What the heads see of each message.
    #[must_use]
    pub fn seen(&self) -> &'f [Seen] {
        self.seen
    }

    /// The weights that fit the messages `trained` on (their numbers); those of all messages for None.
    #[must_use]
    pub fn weights(&self, trained: Option<&[usize]>) -> Weights {
        let alpha = match trained {
            None => solve(&self.gram, &self.wanted, &self.weights, &self.options),
            Some(trained) => {
                let trained = Tensor::from_slice(&trained.iter().map(|at| *at as i64).collect::<Vec<_>>());
                let part = |t: &Tensor| t.index_select(0, &trained);
                let gram = part(&self.gram).index_select(1, &trained);
                let alpha = solve(&gram, &part(&self.wanted), &part(&self.weights), &self.options);
                // Messages that were left out have no say.
                self.wanted.zeros_like().index_copy(0, &trained, &alpha)
            }
        };
        let bias = alpha.sum_dim_intlist(Some([0_i64].as_slice()), false, Kind::Double);
        let context = contexts(self.seen).tr().matmul(&alpha) * self.options.context;
        let rows = self.sparse_weights(&numbers(&alpha));
        let mut highest = [0.0_f32; COLUMNS];
        for row in rows.chunks_exact(COLUMNS) {
            highest.iter_mut().zip(row).for_each(|(high, value)| *high = high.max(value.abs()));
        }
        // Sixteen bits a weight halve the file and cost nothing measurable.
        let scale: Vec<f32> = highest.iter().map(|high| high.max(1e-12) / f32::from(i16::MAX)).collect();
        let sparse = rows
            .chunks_exact(COLUMNS)
            .flat_map(|row| row.iter().zip(&scale).map(|(value, scale)| (value / scale).round() as i16))
            .collect();
        Weights { sparse, scale, context: numbers(&context), bias: numbers(&bias) }
    }

    /// One row of [`COLUMNS`] weights for each n-gram: the sum over messages of `alpha` times how much it stands there.
    fn sparse_weights(&self, alpha: &[f32]) -> Vec<f32> {
        let mut rows = vec![0.0_f32; self.vocabulary * COLUMNS];
        for (message, alpha) in self.seen.iter().zip(alpha.chunks_exact(COLUMNS)) {
            for (at, value) in &message.whole.sparse {
                let value = value * self.options.ngrams as f32;
                let row = rows.iter_mut().skip(*at as usize * COLUMNS).zip(alpha);
                row.for_each(|(weight, alpha)| *weight += value * alpha);
            }
        }
        rows
    }
}

/// How every message came: messages × [`CONTEXT`]. Of each third message it is kept back, so that the heads learn to do
/// without.
fn contexts(seen: &[Seen]) -> Tensor {
    let numbers = |(at, seen): (usize, &Seen)| {
        if at % 3 == 0 { [0.0; CONTEXT] } else { seen.whole.context.numbers() }
    };
    let all: Vec<f32> = seen.iter().enumerate().flat_map(numbers).collect();
    Tensor::from_slice(&all).view([seen.len() as i64, CONTEXT as i64]).to_kind(Kind::Double)
}

/// The product of the n-grams of every pair of messages. For each n-gram only the messages that have it are looked at.
fn products(seen: &[Seen], vocabulary: usize) -> Tensor {
    let mut having: Vec<Vec<(usize, f32)>> = vec![Vec::new(); vocabulary];
    let mut all = vec![0.0_f32; seen.len() * seen.len()];
    for ((number, message), row) in seen.iter().enumerate().zip(all.chunks_exact_mut(seen.len().max(1))) {
        for (at, value) in &message.whole.sparse {
            let Some(having) = having.get_mut(*at as usize) else { continue };
            having.push((number, *value));
            for (other, theirs) in having.iter() {
                if let Some(sum) = row.get_mut(*other) {
                    *sum += value * theirs;
                }
            }
        }
    }
    let count = seen.len() as i64;
    let lower = Tensor::from_slice(&all).view([count, count]);
    (&lower + lower.tr() - Tensor::diag(&lower.diagonal(0, 0, 1), 0)).to_kind(Kind::Double)
}

fn numbers(tensor: &Tensor) -> Vec<f32> {
    Vec::<f32>::try_from(tensor.to_kind(Kind::Float).contiguous().view(-1)).unwrap_or_default()
}

/// Minimises the sum of weighted log losses plus half the penalty times the squared weights by Nesterov's accelerated
/// gradient, for all columns together, started again where it overshoots (O'Donoghue and Candès 2015). The gradient in
/// the space of weights is (residuals + penalty * alpha) combined over messages, so the same step can be taken on
/// `alpha`.
fn solve(gram: &Tensor, wanted: &Tensor, weights: &Tensor, options: &FitOptions) -> Tensor {
    let penalty = penalties(options);
    let steep = Steep::of(gram);
    // A step no longer than one over the steepest curvature cannot overshoot: half the largest eigenvalue for softmax.
    let curvature = steep.rest * 0.5 * weights.max().double_value(&[]).max(1e-9) + &penalty;
    let mut alpha = wanted.zeros_like();
    let mut ahead = alpha.copy();
    let mut time = 1.0_f64;
    for step in 0..MAX_STEPS {
        let gradient = (probabilities(&gram.matmul(&ahead)) - wanted) * weights + &penalty * &ahead;
        let next = &ahead - steep.levelled(&gradient) / &curvature;
        let change = &next - &alpha;
        if step % 10 == 9 && (gram.matmul(&change) * &gradient).sum(Kind::Double).double_value(&[]) > 0.0 {
            time = 1.0;
        }
        let later = (1.0 + (1.0 + 4.0 * time * time).sqrt()) / 2.0;
        ahead = &next + change * ((time - 1.0) / later);
        (alpha, time) = (next, later);
        if step % 25 == 24 && gradient.abs().max().double_value(&[]) < CLOSE_ENOUGH {
            break;
        }
    }
    alpha
}

/// The few directions in which nearly all messages are alike. Their curvature is many times that of the rest, which
/// would make every step short: steps along them are shortened instead.
struct Steep {
    directions: Tensor,
    shortened: Tensor,
    rest: f64,
}

impl Steep {
    /// Finds them by subspace iteration from a fixed start, so that the same messages give the same directions.
    fn of(gram: &Tensor) -> Self {
        let count = gram.size().first().copied().unwrap_or(0);
        let several = if count < 4 * STEEP { 1 } else { STEEP };
        let start: Vec<f64> =
            (0..count * several).map(|at| ((at * 7919 + 13) % 10_007) as f64 / 10_007.0 - 0.5).collect();
        let mut basis = Tensor::linalg_qr(&Tensor::from_slice(&start).view([count, several]), "reduced").0;
        for _ in 0..if several == 1 { 50 } else { ROUNDS } {
            basis = Tensor::linalg_qr(&gram.matmul(&basis), "reduced").0;
        }
        let (values, vectors) = basis.tr().matmul(&gram.matmul(&basis)).linalg_eigh("L");
        // The lowest of them, with room for what the iteration has not quite found; all of it where there is only one.
        let room = if several == 1 { 1.05 } else { 1.5 };
        let rest = (values.min().double_value(&[]) * room).max(values.max().double_value(&[]) * 1e-3).max(1e-9);
        let shortened: Tensor = 1.0 - rest / values.clamp_min(rest);
        Self { directions: basis.matmul(&vectors), shortened: shortened.unsqueeze(1), rest }
    }

    fn levelled(&self, gradient: &Tensor) -> Tensor {
        gradient - self.directions.matmul(&(self.directions.tr().matmul(gradient) * &self.shortened))
    }
}

fn penalties(options: &FitOptions) -> Tensor {
    let [act, single, procedure, theme] = options.penalties;
    let mut all = vec![act; ACTS.len()];
    all.extend(vec![single; SINGLES.len()]);
    all.extend(vec![procedure; PROCEDURES.len()]);
    all.extend(vec![theme; THEMES.len()]);
    Tensor::from_slice(&all).view([1, COLUMNS as i64])
}

fn probabilities(scores: &Tensor) -> Tensor {
    let part = |columns: std::ops::Range<usize>| scores.narrow(1, columns.start as i64, columns.len() as i64);
    let several = |columns| part(columns).softmax(1, Kind::Double);
    let single = part(DISSATISFIED..DISSATISFIED + SINGLES.len()).sigmoid();
    Tensor::cat(&[several(ACTS), single, several(PROCEDURES), several(THEMES)], 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labelling::{
        context::Context,
        heads::{Features, SAFEGUARDING},
        text::{Vocabulary, count_ngrams},
    };

    fn rows() -> (Vec<Seen>, usize, Targets) {
        let texts = ["late late taxi", "late plan again", "thank you", "many thanks to you"];
        let counts = texts.map(count_ngrams);
        let vocabulary = Vocabulary::learn(&counts, 1, 10_000);
        let features = counts.iter().map(|c| Features { sparse: vocabulary.vector(c), context: Context::default() });
        let features = features.map(|whole| Seen { whole, windows: Vec::new() }).collect();
        let labels: Vec<Labels> = [true, true, false, false]
            .map(|dissatisfied| Labels {
                act: Some(if dissatisfied { Act::Concern } else { Act::Compliment }),
                dissatisfied: Some(dissatisfied),
                ..Labels::default()
            })
            .into();
        (features, vocabulary.len(), Targets::new(labels.iter().map(|l| (l, 1.0))))
    }

    #[test]
    fn the_same_messages_give_the_same_weights_and_those_left_out_have_no_say() {
        let (features, size, targets) = rows();
        let fitter = Fitter::new(&features, size, &targets, FitOptions::default());
        let weights = fitter.weights(None);
        assert_eq!(weights, Fitter::new(&features, size, &targets, FitOptions::default()).weights(None));
        let scores = |weights: &Weights| features.iter().map(|f| weights.scores(&f.whole)).collect::<Vec<_>>();
        for (all, some) in scores(&weights).iter().zip(scores(&fitter.weights(Some(&[0, 1, 2, 3])))) {
            assert!(all.iter().zip(some).all(|(a, b)| (a - b).abs() < 2e-3), "{all:?} {some:?}");
        }
        // Without the two thanks nothing tells them from the rest.
        let half = scores(&fitter.weights(Some(&[0, 1])));
        assert!(half[2][DISSATISFIED] > 0.0, "{half:?}");
    }

    #[test]
    fn dissatisfied_messages_score_higher_and_unlabelled_heads_stay_at_zero() {
        let (features, size, targets) = rows();
        let weights = Fitter::new(&features, size, &targets, FitOptions::default()).weights(None);
        let scores: Vec<_> = features.iter().map(|f| weights.scores(&f.whole)).collect();
        assert!(scores[0][DISSATISFIED] > 0.5 && scores[1][DISSATISFIED] > 0.5);
        assert!(scores[2][DISSATISFIED] < -0.5 && scores[3][DISSATISFIED] < -0.5);
        assert!(scores.iter().all(|s| s[THEMES.start].abs() < 1e-9 && s[SAFEGUARDING].abs() < 1e-9));
    }

    #[test]
    fn many_messages_that_are_much_alike_are_fitted_to_the_end() {
        // Rows with one large number in common, which makes the problem steep in one direction and flat in the others.
        let row = |n: u64| -> Vec<f64> {
            let mut seed = n * 2 + 1;
            let mut next = || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (seed >> 40) as f64 / f64::from(1 << 24) - 0.5
            };
            std::iter::once(10.0).chain((0..40).map(|_| next())).collect()
        };
        let all: Vec<f64> = (0..400).flat_map(row).collect();
        let x = Tensor::from_slice(&all).view([400, 41]);
        let labels: Vec<Labels> = (0..400)
            .map(|n| Labels { dissatisfied: Some(all[n * 41 + 3] + 0.3 * all[n * 41 + 7] > 0.1), ..Labels::default() })
            .collect();
        let (wanted, weights) = Targets::new(labels.iter().map(|l| (l, 1.0))).tensors();
        let options = FitOptions::default();
        let gram = x.matmul(&x.tr());
        let alpha = solve(&gram, &wanted, &weights, &options);
        let gradient = (probabilities(&gram.matmul(&alpha)) - &wanted) * &weights + penalties(&options) * &alpha;
        let left = gradient.abs().max().double_value(&[]);
        assert!(left < 10.0 * CLOSE_ENOUGH, "{left}");
    }
}
