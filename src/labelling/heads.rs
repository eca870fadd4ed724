//! The heads: linear layers over n-grams and embeddings that turn one message into one suggestion. Pure, no libtorch.

use serde::{Deserialize, Serialize};

use super::{
    bert::{DIMENSIONS, Embedding},
    context::{CONTEXT, Context},
    labels::{Act, Procedure, Suggestion, Theme},
    language::foreign,
    metrics::{Blend, softmax},
    prepared::Prepared,
    text::{Sparse, Vocabulary, count_ngrams},
};

/// Columns of a row of scores: acts, yes-or-no labels, procedures, themes.
pub const COLUMNS: usize = Act::ALL.len() + SINGLES.len() + Procedure::ALL.len() + Theme::ALL.len();
/// Yes-or-no labels: where each stands in a row of scores.
pub const SINGLES: [usize; 4] = [DISSATISFIED, SAFEGUARDING, CHILD_AUTHOR, ON_BEHALF];
/// Where the acts stand in a row of scores.
pub const ACTS: std::ops::Range<usize> = 0..Act::ALL.len();
/// Where dissatisfaction stands.
pub const DISSATISFIED: usize = ACTS.end;
/// Where safeguarding stands.
pub const SAFEGUARDING: usize = DISSATISFIED + 1;
/// Where the young author stands.
pub const CHILD_AUTHOR: usize = SAFEGUARDING + 1;
/// Where speaking for somebody else stands.
pub const ON_BEHALF: usize = CHILD_AUTHOR + 1;
/// Where the procedures stand.
pub const PROCEDURES: std::ops::Range<usize> = ON_BEHALF + 1..ON_BEHALF + 1 + Procedure::ALL.len();
/// Where the themes stand.
pub const THEMES: std::ops::Range<usize> = PROCEDURES.end..COLUMNS;
/// Numbers of the dense part: the embedding of the whole message, then the mean over its sentences, then how it came.
pub const DENSE: usize = 2 * DIMENSIONS + CONTEXT;

/// Words at which half of a sentence's score counts as evidence.
const FEW_WORDS: f64 = 6.0;
/// Sentences that are tried as the reason.
const TRIED: usize = 3;

/// A row of raw scores, one a column.
pub type Scores = [f64; COLUMNS];

/// What the heads see of one text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// TF-IDF of its n-grams.
    pub sparse: Sparse,
    /// [`DENSE`] numbers.
    pub dense: Vec<f32>,
}

impl Features {
    /// Of a whole message, from the embeddings of [`Prepared::texts`].
    #[must_use]
    pub fn of_message(vocabulary: &Vocabulary, message: &Prepared, embeddings: &[Embedding]) -> Self {
        let nothing = vec![0.0; DIMENSIONS];
        let (whole, of_sentences) = embeddings.split_first().unwrap_or((&nothing, &[]));
        Self {
            sparse: vocabulary.vector(&count_ngrams(&message.whole)),
            dense: dense(whole, &mean(of_sentences), message.context),
        }
    }

    /// Of some of its sentences alone, with the subject. `embeddings` are theirs.
    #[must_use]
    pub fn of_sentences(vocabulary: &Vocabulary, message: &Prepared, text: &str, embeddings: &[Embedding]) -> Self {
        let mean = mean(embeddings);
        Self { sparse: vocabulary.vector(&count_ngrams(text)), dense: dense(&mean, &mean, message.context) }
    }
}

/// The mean of `embeddings`, of length 1 again.
fn mean(embeddings: &[Embedding]) -> Embedding {
    let mut mean = vec![0.0_f32; DIMENSIONS];
    for embedding in embeddings {
        mean.iter_mut().zip(embedding).for_each(|(sum, value)| *sum += value);
    }
    let length = mean.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-6);
    mean.iter_mut().for_each(|value| *value /= length);
    mean
}

fn dense(whole: &[f32], mean: &[f32], context: Context) -> Vec<f32> {
    whole.iter().chain(mean).copied().chain(context.numbers()).collect()
}

/// Weights of the linear layers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights {
    /// For each n-gram of the vocabulary one row of [`COLUMNS`] sixteen-bit weights, to be multiplied by `scale`.
    pub sparse: Vec<i16>,
    /// One factor a column.
    pub scale: Vec<f32>,
    /// For each of the [`DENSE`] numbers one row of [`COLUMNS`] weights.
    pub dense: Vec<f32>,
    /// One a column.
    pub bias: Vec<f32>,
}

impl Weights {
    /// Raw scores of `features`.
    #[must_use]
    pub fn scores(&self, features: &Features) -> Scores {
        let mut from_ngrams = [0.0_f64; COLUMNS];
        for (at, value) in &features.sparse {
            let from = *at as usize * COLUMNS;
            for (sum, weight) in from_ngrams.iter_mut().zip(self.sparse.get(from..from + COLUMNS).unwrap_or(&[])) {
                *sum += f64::from(*value) * f64::from(*weight);
            }
        }
        let mut scores = [0.0_f64; COLUMNS];
        for (row, value) in self.dense.chunks_exact(COLUMNS).zip(&features.dense) {
            for (sum, weight) in scores.iter_mut().zip(row) {
                *sum += f64::from(*value) * f64::from(*weight);
            }
        }
        for (((score, ngrams), scale), bias) in scores.iter_mut().zip(from_ngrams).zip(&self.scale).zip(&self.bias) {
            *score += ngrams * f64::from(*scale) + f64::from(*bias);
        }
        scores
    }
}

/// Where to draw lines through the calibrated probabilities, chosen on messages the heads had not seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// A message at least this likely dissatisfied is kept for an officer: about .96 of the dissatisfied ones are.
    pub keep_above: f64,
    /// At or above this about .9 of the messages are dissatisfied.
    pub sure_above: f64,
    /// A message at least this likely about a child at risk is raised; leans to recall.
    pub safeguarding_above: f64,
}

/// What goes with the weights.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// Where to draw lines.
    pub thresholds: Thresholds,
    /// Calibration of the yes-or-no labels, in the order of [`SINGLES`].
    pub singles: [Blend; SINGLES.len()],
    /// Divides the scores of acts before their softmax.
    pub act_temperature: f64,
    /// Messages trained on.
    pub messages: usize,
    /// SHA-256 (hex) of the training files, in order.
    pub training_sha256: String,
    /// First numbers of the embedding of [`PROBE`]: tells whether the encoder is the one trained with.
    pub probe: Vec<f32>,
}

/// The sentence whose embedding identifies the encoder.
pub const PROBE: &str = "Nobody has rung me back about my daughter's plan.";

/// Everything that turns features into a suggestion.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heads {
    /// Known n-grams.
    pub vocabulary: Vocabulary,
    /// Linear layers.
    pub weights: Weights,
    /// Calibration, thresholds, origin.
    pub details: Details,
    /// `minilm-l6-v2+heads-` and the first 8 hex digits of the file's hash.
    pub name: String,
}

/// What the linear layers say of one message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Raw {
    /// Of the whole of it.
    pub scores: Scores,
    /// The highest score of any window, for each of [`SINGLES`]; that of the whole where it has no windows.
    pub strongest: [f64; SINGLES.len()],
}

impl Heads {
    /// What the linear layers say of a message, from the embeddings of [`Prepared::texts`].
    #[must_use]
    pub fn raw(&self, message: &Prepared, embeddings: &[Embedding]) -> Raw {
        self.weights.raw(&Seen::new(&self.vocabulary, message, embeddings))
    }

    /// The suggestion for one message, without its sentence.
    #[must_use]
    pub fn suggest(&self, message: &Prepared, embeddings: &[Embedding]) -> Suggestion {
        let language = foreign(&message.whole).map(str::to_owned);
        Suggestion { language, ..self.judge(&self.raw(message, embeddings)) }
    }

    /// The sentences that, alone, speak most for the suggestion, the strongest first. The fewer words a sentence has,
    /// the less its score is worth: a few chance n-grams make up all of it.
    #[must_use]
    pub fn candidates(&self, suggestion: &Suggestion, message: &Prepared, embeddings: &[Embedding]) -> Vec<usize> {
        let column = self.column_of_reason(suggestion);
        let bias = self.weights.bias.get(column).copied().map_or(0.0, f64::from);
        let mut found: Vec<(f64, usize)> = Vec::new();
        for ((at, sentence), embedding) in message.sentences.iter().enumerate().zip(embeddings.iter().skip(1)) {
            let words = sentence.split_whitespace().count() as f64;
            let features = Features::of_sentences(&self.vocabulary, message, sentence, std::slice::from_ref(embedding));
            // A greeting or a name says nothing, however it scores.
            let nothing = if words < 3.0 { 1e6 } else { 0.0 };
            let score = value(&self.weights.scores(&features), column) - bias;
            found.push((score * words / (words + FEW_WORDS) - nothing, at));
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, at)| at).take(TRIED).collect()
    }

    /// How strongly `raw` speaks for what `suggestion` says: the score whose fall shows that a sentence was the reason.
    #[must_use]
    pub fn strength(&self, suggestion: &Suggestion, raw: &Raw) -> f64 {
        let column = self.column_of_reason(suggestion);
        let single = SINGLES.iter().position(|single| *single == column);
        match single.and_then(|at| Some((self.details.singles.get(at)?, raw.strongest.get(at)?))) {
            Some((blend, strongest)) => blend.score(value(&raw.scores, column), *strongest),
            None => value(&raw.scores, column),
        }
    }

    /// The suggestion that raw scores amount to, without its sentence.
    #[must_use]
    pub fn judge(&self, raw: &Raw) -> Suggestion {
        let scores = &raw.scores;
        let mut singles = [0.0; SINGLES.len()];
        for (((probability, column), blend), strongest) in
            singles.iter_mut().zip(SINGLES).zip(&self.details.singles).zip(raw.strongest)
        {
            *probability = blend.probability(value(scores, column), strongest);
        }
        let [dissatisfied, safeguarding, child_author, on_behalf] = singles;
        let act_scores = act_probabilities(scores, self.details.act_temperature, dissatisfied);
        // Two steps, so that the act never contradicts the probability shown beside it.
        let act = best(Act::ALL, &act_scores, |act| act.is_dissatisfaction() == (dissatisfied >= 0.5));
        let procedure = if dissatisfied >= self.details.thresholds.keep_above.min(0.5) {
            best(Procedure::ALL, scores.get(PROCEDURES).unwrap_or(&[]), |_| true)
        } else {
            Some(Procedure::None)
        };
        Suggestion {
            model: self.name.clone(),
            act: act.unwrap_or(Act::Routine),
            act_scores,
            dissatisfied,
            safeguarding,
            procedure: procedure.unwrap_or(Procedure::Unclear),
            theme: best(Theme::ALL, scores.get(THEMES).unwrap_or(&[]), |_| true).unwrap_or(Theme::Other),
            child_author,
            on_behalf,
            language: None,
            because: String::new(),
        }
    }

    /// The column whose sentence is shown: danger before dissatisfaction before anything else.
    fn column_of_reason(&self, suggestion: &Suggestion) -> usize {
        if suggestion.safeguarding >= self.details.thresholds.safeguarding_above {
            SAFEGUARDING
        } else if suggestion.dissatisfied >= self.details.thresholds.keep_above {
            DISSATISFIED
        } else {
            Act::ALL.iter().position(|act| *act == suggestion.act).unwrap_or(DISSATISFIED)
        }
    }
}

/// What the heads see of a message: the whole of it, and each window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// The whole message.
    pub whole: Features,
    /// Its windows; none for a short message.
    pub windows: Vec<Features>,
}

impl Seen {
    /// From the embeddings of [`Prepared::texts`].
    #[must_use]
    pub fn new(vocabulary: &Vocabulary, message: &Prepared, embeddings: &[Embedding]) -> Self {
        let of_sentences = embeddings.get(1..).unwrap_or(&[]);
        let window = |window: std::ops::Range<usize>| {
            let text = message.sentences.get(window.clone())?.join(" ");
            Some(Features::of_sentences(vocabulary, message, &text, of_sentences.get(window)?))
        };
        Self {
            whole: Features::of_message(vocabulary, message, embeddings),
            windows: message.windows().into_iter().filter_map(window).collect(),
        }
    }
}

impl Weights {
    /// What these layers say of a message and of its windows.
    #[must_use]
    pub fn raw(&self, seen: &Seen) -> Raw {
        let of_singles = |scores: &Scores| SINGLES.map(|column| value(scores, column));
        let scores = self.scores(&seen.whole);
        let windows = seen.windows.iter().map(|window| of_singles(&self.scores(window)));
        let strongest = windows.reduce(|mut highest, window| {
            highest.iter_mut().zip(window).for_each(|(high, value)| *high = high.max(value));
            highest
        });
        Raw { scores, strongest: strongest.unwrap_or_else(|| of_singles(&scores)) }
    }
}

/// Softmax over acts, with the share of complaint and concern together set to `dissatisfied`.
fn act_probabilities(scores: &Scores, temperature: f64, dissatisfied: f64) -> Vec<f64> {
    let mut shares = softmax(scores.get(ACTS).unwrap_or(&[]), temperature);
    for (group, share) in [(true, dissatisfied), (false, 1.0 - dissatisfied)] {
        let of_group = |act: &Act| act.is_dissatisfaction() == group;
        let total: f64 = Act::ALL.iter().zip(&shares).filter(|(act, _)| of_group(act)).map(|(_, s)| s).sum();
        for (act, value) in Act::ALL.iter().zip(&mut shares) {
            if of_group(act) {
                *value *= share / total.max(1e-300);
            }
        }
    }
    shares
}

fn value(scores: &Scores, column: usize) -> f64 {
    scores.get(column).copied().unwrap_or(f64::NEG_INFINITY)
}

/// The label with the highest score among those that `may` be; the first of equals.
fn best<L: Copy>(labels: &[L], scores: &[f64], may: impl Fn(L) -> bool) -> Option<L> {
    let mut found: Option<(L, f64)> = None;
    for (label, score) in labels.iter().zip(scores) {
        if may(*label) && found.is_none_or(|(_, highest)| *score > highest) {
            found = Some((*label, *score));
        }
    }
    found.map(|(label, _)| label)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::labelling::classifier::Unlabelled;

    fn heads() -> Heads {
        let texts = ["my taxi is late again", "thank you so much", "please send the form"];
        let vocabulary = Vocabulary::learn(&texts.map(count_ngrams), 1, 10_000);
        let sparse: Vec<i16> = (0..vocabulary.len() * COLUMNS).map(|n| (n % 7) as i16 - 3).collect();
        Heads {
            weights: Weights {
                sparse,
                scale: vec![0.01; COLUMNS],
                dense: vec![0.0; DENSE * COLUMNS],
                bias: vec![0.0; COLUMNS],
            },
            vocabulary,
            details: Details {
                thresholds: Thresholds { keep_above: 0.2, sure_above: 0.8, safeguarding_above: 0.3 },
                act_temperature: 1.0,
                ..Details::default()
            },
            name: "test".into(),
        }
    }

    fn prepared(text: &str) -> Prepared {
        Prepared::new(&Unlabelled { text: text.into(), ..Unlabelled::default() })
    }

    fn zeros(message: &Prepared) -> Vec<Embedding> {
        vec![vec![0.0; DIMENSIONS]; message.count()]
    }

    #[test]
    fn an_empty_message_has_a_suggestion_and_no_sentence_for_it() {
        let message = prepared("");
        let suggestion = heads().suggest(&message, &[]);
        assert!(suggestion.dissatisfied.is_finite());
        assert_eq!(heads().candidates(&suggestion, &message, &[]), [0_usize; 0]);
    }

    #[test]
    fn the_reason_is_the_sentence_that_moved_the_head_that_raised_it() {
        let mut heads = heads();
        heads.weights.sparse.iter_mut().for_each(|w| *w = 0);
        let danger = count_ngrams("bruise");
        let moan = count_ngrams("late");
        heads.vocabulary = Vocabulary::learn(&[danger.clone(), moan.clone()], 1, 1000);
        heads.weights.sparse = vec![0; heads.vocabulary.len() * COLUMNS];
        for (counts, column) in [(&danger, SAFEGUARDING), (&moan, DISSATISFIED)] {
            for (at, _) in heads.vocabulary.vector(counts) {
                heads.weights.sparse[at as usize * COLUMNS + column] = 300;
            }
        }
        heads.weights.bias[SAFEGUARDING] = -1.0;
        heads.weights.bias[DISSATISFIED] = -1.0;
        heads.details.singles = [Blend { whole: 4.0, strongest: 0.0, offset: 0.0 }; SINGLES.len()];
        let suggest = |text: &str| {
            let message = prepared(text);
            let suggestion = heads.suggest(&message, &zeros(&message));
            let first = heads.candidates(&suggestion, &message, &zeros(&message))[0];
            (suggestion, message.sentences[first].clone())
        };
        let (both, reason) = suggest("We are fine thanks. The bus was late today. He has a bruise again.");
        assert!(both.safeguarding >= 0.3 && reason == "He has a bruise again.", "{both:?} {reason}");
        let (one, reason) = suggest("We are fine thanks. The bus was late today. Bye for now.");
        assert!(one.safeguarding < 0.3 && reason == "The bus was late today.", "{one:?} {reason}");
    }

    #[test]
    fn one_sentence_of_a_long_message_is_judged_by_itself() {
        let mut heads = heads();
        heads.vocabulary = Vocabulary::learn(&[count_ngrams("complain about")], 1, 1000);
        heads.weights.sparse = vec![0; heads.vocabulary.len() * COLUMNS];
        let number = heads.vocabulary.len() as u32;
        (0..number).for_each(|at| heads.weights.sparse[at as usize * COLUMNS + DISSATISFIED] = 100);
        heads.vocabulary = {
            let calm = count_ngrams("we went to the park and had tea with them all");
            let mut both = heads.vocabulary.hashes().to_vec();
            both.extend(calm.keys().filter(|key| !heads.vocabulary.hashes().contains(key)));
            heads.weights.sparse.resize(both.len() * COLUMNS, 0);
            Vocabulary::new(both.clone(), vec![1.0; both.len()])
        };
        let calm = "We went to the park and had tea with them all. ".repeat(20);
        let message = prepared(&format!("{calm}I have to complain about this. {calm}"));
        let raw = heads.raw(&message, &zeros(&message));
        assert!(raw.strongest[0] > raw.scores[DISSATISFIED] * 1.5, "{raw:?}");
    }

    proptest! {
        #[test]
        fn the_act_agrees_with_the_probability_beside_it(raw in proptest::collection::vec(-5.0_f64..5.0, COLUMNS)) {
            let scores: Scores = raw.try_into().unwrap();
            let heads = heads();
            let suggestion = heads.judge(&Raw { scores, strongest: SINGLES.map(|column| scores[column]) });
            prop_assert_eq!(suggestion.act.is_dissatisfaction(), suggestion.dissatisfied >= 0.5);
            prop_assert!((suggestion.act_scores.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            let both: f64 = Act::ALL.iter().zip(&suggestion.act_scores)
                .filter(|(a, _)| a.is_dissatisfaction()).map(|(_, s)| s).sum();
            prop_assert!((both - suggestion.dissatisfied).abs() < 1e-9);
        }
    }
}
