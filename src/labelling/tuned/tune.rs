//! Teaches the encoder: every layer but the word vectors, for all labels at once.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use tch::{
    Device, Kind, Reduction, Tensor,
    nn::{self, OptimizerConfig},
};

use super::net::{LAYER_GROUP, Net};
use crate::labelling::{
    classifier::LabellingError,
    e5::E5File,
    fit::Targets,
    heads::{ACTS, COLUMNS, DISSATISFIED, PROCEDURES, SINGLES, THEMES},
};

/// Texts over which the standardisation is found.
const STANDARD_TEXTS: usize = 512;
/// Batches whose texts are sorted by length together: little padding, yet no order that could be learnt.
const SORTED_TOGETHER: usize = 16;
/// Chance with which a text is shown without how it came, so that it can be judged without.
const WITHOUT_CONTEXT: f64 = 0.4;
/// Weights of the losses of the yes-or-no labels, and of procedure and theme, beside that of the act.
const SINGLE_LOSS: [f64; SINGLES.len()] = [1.0, 1.0, 0.3, 0.3];
const TOPIC_LOSS: f64 = 0.5;

/// How the encoder is taught.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TuneOptions {
    /// Times each message is shown.
    pub epochs: usize,
    /// Messages a step.
    pub batch: usize,
    /// Highest learning rate of the encoder.
    pub rate: f64,
    /// Highest learning rate of the linear layer.
    pub layer_rate: f64,
    /// What chance is seeded with.
    pub seed: u64,
}

impl Default for TuneOptions {
    /// Chosen by five-fold cross-validation on the labelled inboxes.
    fn default() -> Self {
        Self { epochs: 8, batch: 32, rate: 1e-4, layer_rate: 1e-3, seed: 1 }
    }
}

/// One message to learn from.
#[derive(Clone, Debug, Default)]
pub struct Lesson {
    /// Its tokens, with how it came.
    pub told: Vec<u32>,
    /// Its tokens alone.
    pub plain: Vec<u32>,
}

/// Teaches a new net all `lessons`; `targets` has a row for each. On the same machine the same lessons give the same net.
/// `heed` hears of each epoch its number and its mean loss.
///
/// # Errors
/// [`LabellingError`] if `base` does not fit or libtorch refuses.
pub fn tune(
    base: &E5File,
    lessons: &[Lesson],
    targets: &Targets,
    options: &TuneOptions,
    device: Device,
    mut heed: impl FnMut(usize, f64),
) -> Result<Net, LabellingError> {
    let failed = |e: tch::TchError| LabellingError::Failed(e.to_string());
    tch::manual_seed(options.seed as i64);
    let mut chance = StdRng::seed_from_u64(options.seed);
    let mut net = Net::new(base, device)?;
    let apart = lessons.len().div_ceil(STANDARD_TEXTS).max(1);
    net.standardise(&lessons.iter().step_by(apart).map(|lesson| lesson.told.as_slice()).collect::<Vec<_>>());
    let (wanted, counts) = targets.tensors();
    let (wanted, counts) =
        (wanted.to_kind(Kind::Float).to_device(device), counts.to_kind(Kind::Float).to_device(device));
    let mut optimiser = nn::adamw(0.9, 0.999, 0.01).build(&net.vars, options.rate).map_err(failed)?;
    let steps = options.epochs * lessons.len().div_ceil(options.batch.max(1));
    let warm = (steps / 10).max(1);
    let mut step = 0;
    if multiplies_short_numbers(device) {
        net.shorten(base);
    }
    for epoch in 0..options.epochs {
        let batches = batches(lessons, options.batch.max(1), &mut chance);
        let mut sum = Tensor::zeros([1], (Kind::Float, device));
        for batch in &batches {
            let factor = if step < warm {
                (step + 1) as f64 / warm as f64
            } else {
                (steps - step) as f64 / (steps - warm).max(1) as f64
            };
            optimiser.set_lr_group(0, options.rate * factor);
            optimiser.set_lr_group(LAYER_GROUP, options.layer_rate * factor);
            let texts: Vec<&[u32]> = batch
                .iter()
                .filter_map(|at| lessons.get(*at))
                .map(|lesson| if chance.random_bool(WITHOUT_CONTEXT) { &lesson.plain } else { &lesson.told }.as_slice())
                .collect();
            let rows = Tensor::from_slice(&batch.iter().map(|at| *at as i64).collect::<Vec<_>>()).to_device(device);
            let loss = loss(&net.forward(&texts, true), &wanted.index_select(0, &rows), &counts.index_select(0, &rows));
            optimiser.zero_grad();
            loss.backward();
            net.gather();
            optimiser.clip_grad_norm(1.0);
            optimiser.step();
            net.follow();
            sum += loss.detach();
            step += 1;
        }
        heed(epoch + 1, sum.double_value(&[0]) / batches.len().max(1) as f64);
    }
    net.lengthen();
    Ok(net)
}

/// Whether `device` is a processor that multiplies numbers of two bytes (bfloat16) quicker than those of four.
fn multiplies_short_numbers(device: Device) -> bool {
    #[cfg(target_arch = "x86_64")]
    return device == Device::Cpu && std::arch::is_x86_feature_detected!("avx512bf16");
    #[cfg(not(target_arch = "x86_64"))]
    return false;
}

/// The lessons in batches of like length, in a random order.
fn batches(lessons: &[Lesson], size: usize, chance: &mut StdRng) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    order.shuffle(chance);
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for together in order.chunks_mut(size * SORTED_TOGETHER) {
        together.sort_by_key(|at| lessons.get(*at).map_or(0, |lesson| lesson.told.len()));
        batches.extend(together.chunks(size).map(<[usize]>::to_vec));
    }
    batches.shuffle(chance);
    batches
}

/// The mean over messages of the log losses of all their labels. A label that is not known weighs nothing.
fn loss(scores: &Tensor, wanted: &Tensor, counts: &Tensor) -> Tensor {
    let columns = |tensor: &Tensor, of: &std::ops::Range<usize>| tensor.narrow(1, of.start as i64, of.len() as i64);
    let sum = |tensor: Tensor| tensor.sum_dim_intlist(Some([1_i64].as_slice()), false, Kind::Float);
    let several = |of: std::ops::Range<usize>| {
        let right = columns(&scores.shallow_clone(), &of).log_softmax(1, Kind::Float) * columns(wanted, &of);
        -sum(right) * counts.select(1, of.start as i64)
    };
    let singles = DISSATISFIED..DISSATISFIED + SINGLES.len();
    let factors = Tensor::from_slice(&SINGLE_LOSS.map(|factor| factor as f32)).to_device(scores.device());
    let single = columns(scores, &singles).binary_cross_entropy_with_logits::<Tensor>(
        &columns(wanted, &singles),
        None,
        None,
        Reduction::None,
    );
    let single = sum(single * columns(counts, &singles) * factors);
    let topics = (several(PROCEDURES) + several(THEMES)) * TOPIC_LOSS;
    debug_assert_eq!(scores.size().get(1), Some(&(COLUMNS as i64)));
    (several(ACTS) + single + topics).mean(Kind::Float)
}
