//! Fits the linear heads with libtorch: L2-regularised logistic regression for every head at once.
//!
//! There are far more features than messages, so the fit runs over one number a message and column (`alpha`) instead of
//! one a feature: weights = sum over messages of alpha * features is where every minimum of a regularised linear loss
//! lies (the representer theorem), and only products of pairs of messages (the Gram matrix) are needed. It starts at
//! zero, uses all messages at each step and one thread: the same messages give the same heads.

use tch::{Device, Kind, Tensor};

use super::{
    heads::{ACTS, COLUMNS, DENSE, DISSATISFIED, Features, PROCEDURES, SAFEGUARDING, THEMES, Weights},
    labels::{Act, Procedure, Theme},
    rows::Labels,
};

/// Columns of the sparse part that are made dense at a time.
const CHUNK: usize = 8192;
const MAX_STEPS: usize = 3000;
const CLOSE_ENOUGH: f64 = 1e-4;

/// What is fitted, and how strongly it is held back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitOptions {
    /// Factor of the n-grams.
    pub ngrams: f64,
    /// Factor of the embeddings.
    pub dense: f64,
    /// L2 penalty of act, dissatisfied, safeguarding, procedure, theme.
    pub penalties: [f64; 5],
}

impl Default for FitOptions {
    /// Chosen by five-fold cross-validation on the labelled inboxes.
    fn default() -> Self {
        Self { ngrams: 1.0, dense: 0.7, penalties: [0.1; 5] }
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
            for (column, label) in [(DISSATISFIED, labels.dissatisfied), (SAFEGUARDING, labels.safeguarding)] {
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

    fn tensors(&self) -> (Tensor, Tensor) {
        let shape = [(self.wanted.len() / COLUMNS) as i64, COLUMNS as i64];
        (Tensor::from_slice(&self.wanted).view(shape), Tensor::from_slice(&self.weights).view(shape))
    }
}

/// Messages ready to be fitted: their features and the products of every pair.
pub struct Fitter<'f> {
    features: &'f [Features],
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
    pub fn new(features: &'f [Features], vocabulary: usize, targets: &Targets, options: FitOptions) -> Self {
        let count = features.len() as i64;
        let (wanted, weights) = targets.tensors();
        let gram = Tensor::zeros([count, count], (Kind::Double, Device::Cpu));
        let mut fitter = Self { features, vocabulary, options, gram, wanted, weights };
        let mut gram = fitter.dense().matmul(&fitter.dense().tr()) * (options.dense * options.dense);
        if options.ngrams > 0.0 {
            fitter.each_chunk(|_, chunk| {
                gram += chunk.matmul(&chunk.tr()).to_kind(Kind::Double) * (options.ngrams * options.ngrams);
            });
        }
        fitter.gram = gram + 1.0; // a feature that is always 1: the bias
        fitter
    }

    /// The embeddings of every message: messages × [`DENSE`].
    fn dense(&self) -> Tensor {
        let all: Vec<f32> = self.features.iter().flat_map(|f| f.dense.iter().copied()).collect();
        Tensor::from_slice(&all).view([self.features.len() as i64, DENSE as i64]).to_kind(Kind::Double)
    }

    /// Calls `work` with the n-grams of every message, [`CHUNK`] columns at a time, and the first column's number.
    fn each_chunk(&self, mut work: impl FnMut(usize, &Tensor)) {
        let mut places: Vec<_> = self.features.iter().map(|f| f.sparse.iter().peekable()).collect();
        for from in (0..self.vocabulary).step_by(CHUNK) {
            let width = CHUNK.min(self.vocabulary - from);
            let mut chunk = vec![0.0_f32; width * self.features.len()];
            for (row, entries) in chunk.chunks_exact_mut(width).zip(&mut places) {
                while let Some((at, value)) = entries.next_if(|(at, _)| (*at as usize) < from + width) {
                    row.iter_mut().skip(*at as usize - from).take(1).for_each(|place| *place = *value);
                }
            }
            work(from, &Tensor::from_slice(&chunk).view([self.features.len() as i64, width as i64]));
        }
    }

    /// The weights that fit all messages.
    #[must_use]
    pub fn weights(&self) -> Weights {
        let alpha = solve(&self.gram, &self.wanted, &self.weights, &self.options);
        let bias = alpha.sum_dim_intlist(Some([0_i64].as_slice()), false, Kind::Double);
        let dense = self.dense().tr().matmul(&alpha) * self.options.dense;
        let mut rows: Vec<f32> = Vec::with_capacity(self.vocabulary * COLUMNS);
        let narrow = alpha.to_kind(Kind::Float);
        self.each_chunk(|_, chunk| rows.extend(numbers(&(chunk.tr().matmul(&narrow) * self.options.ngrams))));
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
        Weights { sparse, scale, dense: numbers(&dense), bias: numbers(&bias) }
    }

    /// Scores of the messages `tested` by heads that were fitted to the messages `trained` on: rows of [`COLUMNS`].
    #[must_use]
    pub fn scores_of_unseen(&self, trained: &[usize], tested: &[usize]) -> Vec<Vec<f64>> {
        let index = |rows: &[usize]| Tensor::from_slice(&rows.iter().map(|at| *at as i64).collect::<Vec<_>>());
        let (trained, tested) = (index(trained), index(tested));
        let of_trained = |t: &Tensor| t.index_select(0, &trained);
        let gram = of_trained(&self.gram).index_select(1, &trained);
        let alpha = solve(&gram, &of_trained(&self.wanted), &of_trained(&self.weights), &self.options);
        let scores = self.gram.index_select(0, &tested).index_select(1, &trained).matmul(&alpha);
        Vec::<f64>::try_from(scores.contiguous().view(-1))
            .unwrap_or_default()
            .chunks_exact(COLUMNS)
            .map(<[f64]>::to_vec)
            .collect()
    }
}

fn numbers(tensor: &Tensor) -> Vec<f32> {
    Vec::<f32>::try_from(tensor.to_kind(Kind::Float).contiguous().view(-1)).unwrap_or_default()
}

/// Minimises the sum of weighted log losses plus half the penalty times the squared weights by Nesterov's accelerated
/// gradient, for all columns together. The gradient in the space of weights is (residuals + penalty * alpha) combined
/// over messages, so the same step can be taken on `alpha`.
fn solve(gram: &Tensor, wanted: &Tensor, weights: &Tensor, options: &FitOptions) -> Tensor {
    let penalty = penalties(options);
    // A step no longer than one over the steepest curvature cannot overshoot: half the largest eigenvalue for softmax.
    let curvature = largest_eigenvalue(gram) * 0.5 * weights.max().double_value(&[]).max(1e-9) + &penalty;
    let ratio = (&penalty / &curvature).sqrt();
    let momentum = (1.0 - &ratio) / (1.0 + &ratio);
    let mut alpha = wanted.zeros_like();
    let mut ahead = alpha.copy();
    for step in 0..MAX_STEPS {
        let gradient = (probabilities(&gram.matmul(&ahead)) - wanted) * weights + &penalty * &ahead;
        let next = &ahead - &gradient / &curvature;
        ahead = &next + &momentum * (&next - &alpha);
        alpha = next;
        if step % 25 == 24 && gradient.abs().max().double_value(&[]) < CLOSE_ENOUGH {
            break;
        }
    }
    alpha
}

fn penalties(options: &FitOptions) -> Tensor {
    let [act, dissatisfied, safeguarding, procedure, theme] = options.penalties;
    let mut all = vec![act; ACTS.len()];
    all.extend([dissatisfied, safeguarding]);
    all.extend(vec![procedure; PROCEDURES.len()]);
    all.extend(vec![theme; THEMES.len()]);
    Tensor::from_slice(&all).view([1, COLUMNS as i64])
}

fn probabilities(scores: &Tensor) -> Tensor {
    let part = |columns: std::ops::Range<usize>| scores.narrow(1, columns.start as i64, columns.len() as i64);
    let several = |columns| part(columns).softmax(1, Kind::Double);
    let single = part(DISSATISFIED..SAFEGUARDING + 1).sigmoid();
    Tensor::cat(&[several(ACTS), single, several(PROCEDURES), several(THEMES)], 1)
}

fn largest_eigenvalue(gram: &Tensor) -> f64 {
    let mut vector = Tensor::ones([gram.size().first().copied().unwrap_or(0), 1], (Kind::Double, Device::Cpu));
    let mut value = 1.0;
    for _ in 0..50 {
        let next = gram.matmul(&vector);
        value = next.norm().double_value(&[]).max(1e-12);
        vector = next / value;
    }
    value * 1.05
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labelling::{
        heads::Features,
        text::{Vocabulary, count_ngrams},
    };

    fn rows() -> (Vec<Features>, usize, Targets) {
        let texts = ["late late taxi", "late plan again", "thank you", "many thanks to you"];
        let counts = texts.map(count_ngrams);
        let vocabulary = Vocabulary::learn(&counts, 1, 10_000);
        let features =
            counts.iter().map(|c| Features { sparse: vocabulary.vector(c), dense: vec![0.0; DENSE] }).collect();
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
    fn the_weights_score_messages_as_the_fit_over_pairs_does_and_do_so_every_time() {
        let (features, size, targets) = rows();
        let fitter = Fitter::new(&features, size, &targets, FitOptions::default());
        let weights = fitter.weights();
        assert_eq!(weights, Fitter::new(&features, size, &targets, FitOptions::default()).weights());
        let everything = [0, 1, 2, 3];
        for (features, expected) in features.iter().zip(fitter.scores_of_unseen(&everything, &everything)) {
            for (found, expected) in weights.scores(features).iter().zip(expected) {
                assert!((found - expected).abs() < 2e-3, "{found} {expected}");
            }
        }
    }

    #[test]
    fn dissatisfied_messages_score_higher_and_unlabelled_heads_stay_at_zero() {
        let (features, size, targets) = rows();
        let weights = Fitter::new(&features, size, &targets, FitOptions::default()).weights();
        let scores: Vec<_> = features.iter().map(|f| weights.scores(f)).collect();
        assert!(scores[0][DISSATISFIED] > 0.5 && scores[1][DISSATISFIED] > 0.5);
        assert!(scores[2][DISSATISFIED] < -0.5 && scores[3][DISSATISFIED] < -0.5);
        assert!(scores.iter().all(|s| s[THEMES.start].abs() < 1e-9 && s[SAFEGUARDING].abs() < 1e-9));
    }
}
