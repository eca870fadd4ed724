//! The heads: linear layers over n-grams and embeddings that turn one message into one suggestion. Pure, no libtorch.

use serde::{Deserialize, Serialize};

use super::{
    bert::{DIMENSIONS, Embedding},
    classifier::Unlabelled,
    labels::{Act, Procedure, Suggestion, Theme},
    metrics::{Platt, softmax},
    text::{Sparse, Vocabulary, count_ngrams, sentences},
};

/// Columns of a row of scores: acts, dissatisfied, safeguarding, procedures, themes.
pub const COLUMNS: usize = Act::ALL.len() + 2 + Procedure::ALL.len() + Theme::ALL.len();
/// Where the acts stand in a row of scores.
pub const ACTS: std::ops::Range<usize> = 0..Act::ALL.len();
/// Where dissatisfaction stands.
pub const DISSATISFIED: usize = ACTS.end;
/// Where safeguarding stands.
pub const SAFEGUARDING: usize = DISSATISFIED + 1;
/// Where the procedures stand.
pub const PROCEDURES: std::ops::Range<usize> = SAFEGUARDING + 1..SAFEGUARDING + 1 + Procedure::ALL.len();
/// Where the themes stand.
pub const THEMES: std::ops::Range<usize> = PROCEDURES.end..COLUMNS;
/// Numbers of the dense part: the embedding of the whole message, then the mean over its sentences.
pub const DENSE: usize = 2 * DIMENSIONS;

/// Words at which half of a sentence's score counts as evidence.
const FEW_WORDS: f64 = 6.0;

/// A row of raw scores, one a column.
pub type Scores = [f64; COLUMNS];

/// A message taken apart for the encoder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// Subject and text.
    pub whole: String,
    /// The sentences of the text, or of the subject if the text has none.
    pub sentences: Vec<String>,
}

impl Prepared {
    /// Takes `message` apart.
    #[must_use]
    pub fn new(message: &Unlabelled) -> Self {
        let mut found = sentences(&message.text);
        if found.is_empty() {
            found = sentences(&message.subject);
        }
        let subject = message.subject.trim();
        let whole = if subject.is_empty() { message.text.clone() } else { format!("{subject}\n{}", message.text) };
        Self { whole, sentences: found.into_iter().map(str::to_owned).collect() }
    }

    /// Texts this message puts before the encoder: itself, then its sentences.
    pub fn texts(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.whole).chain(&self.sentences)
    }

    /// How many texts those are.
    #[must_use]
    pub fn count(&self) -> usize {
        1 + self.sentences.len()
    }
}

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
        let (whole, of_sentences) = match embeddings.split_first() {
            Some((whole, rest)) => (whole.clone(), rest),
            None => (vec![0.0; DIMENSIONS], [].as_slice()),
        };
        let mut mean = vec![0.0_f32; DIMENSIONS];
        for embedding in of_sentences {
            mean.iter_mut().zip(embedding).for_each(|(sum, value)| *sum += value);
        }
        let length = mean.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-6);
        let dense = whole.into_iter().chain(mean.into_iter().map(|v| v / length)).collect();
        Self { sparse: vocabulary.vector(&count_ngrams(&message.whole)), dense }
    }

    /// Of one sentence alone.
    #[must_use]
    pub fn of_sentence(vocabulary: &Vocabulary, sentence: &str, embedding: &[f32]) -> Self {
        let dense = embedding.iter().chain(embedding).copied().collect();
        Self { sparse: vocabulary.vector(&count_ngrams(sentence)), dense }
    }
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
    /// A message at least this likely dissatisfied is kept for an officer: about .95 of the dissatisfied ones are.
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
    /// Calibration of dissatisfaction.
    pub dissatisfied: Platt,
    /// Calibration of safeguarding.
    pub safeguarding: Platt,
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

impl Heads {
    /// The suggestion for one message, from the embeddings of [`Prepared::texts`].
    #[must_use]
    pub fn suggest(&self, message: &Prepared, embeddings: &[Embedding]) -> Suggestion {
        let features = Features::of_message(&self.vocabulary, message, embeddings);
        let scores = self.weights.scores(&features);
        let mut suggestion = self.judge(&scores);
        suggestion.because = self.reason(&suggestion, message, embeddings);
        suggestion
    }

    /// The sentence that, alone, speaks most for the suggestion; empty if there is none. The fewer words a sentence has,
    /// the less its score is worth: a few chance n-grams make up all of it.
    fn reason(&self, suggestion: &Suggestion, message: &Prepared, embeddings: &[Embedding]) -> String {
        let column = self.column_of_reason(suggestion);
        let bias = self.weights.bias.get(column).copied().map_or(0.0, f64::from);
        let mut found = (f64::NEG_INFINITY, "");
        for (sentence, embedding) in message.sentences.iter().zip(embeddings.iter().skip(1)) {
            let features = Features::of_sentence(&self.vocabulary, sentence, embedding);
            let words = sentence.split_whitespace().count() as f64;
            // A greeting or a name says nothing, however it scores.
            let nothing = if words < 3.0 { 1e6 } else { 0.0 };
            let evidence =
                (value(&self.weights.scores(&features), column) - bias) * words / (words + FEW_WORDS) - nothing;
            if evidence > found.0 {
                found = (evidence, sentence);
            }
        }
        found.1.to_owned()
    }

    /// The suggestion that raw `scores` amount to, without its sentence.
    #[must_use]
    pub fn judge(&self, scores: &Scores) -> Suggestion {
        let dissatisfied = self.details.dissatisfied.probability(value(scores, DISSATISFIED));
        let safeguarding = self.details.safeguarding.probability(value(scores, SAFEGUARDING));
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

    #[test]
    fn a_message_without_text_is_read_by_its_subject() {
        let prepared = Prepared::new(&Unlabelled { subject: "Taxi late again today".into(), text: "\n".into() });
        assert_eq!(prepared.sentences, ["Taxi late again today"]);
        let embeddings = vec![vec![0.0; DIMENSIONS]; prepared.count()];
        assert_eq!(heads().suggest(&prepared, &embeddings).because, "Taxi late again today");
    }

    #[test]
    fn an_empty_message_has_a_suggestion_without_a_sentence() {
        let suggestion = heads().suggest(&Prepared::new(&Unlabelled::default()), &[]);
        assert_eq!(suggestion.because, "");
        assert!(suggestion.dissatisfied.is_finite());
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
        let platt = Platt { slope: 4.0, offset: 0.0 };
        heads.details.dissatisfied = platt;
        heads.details.safeguarding = platt;
        let suggest = |text: &str| {
            let prepared = Prepared::new(&Unlabelled { subject: String::new(), text: text.into() });
            heads.suggest(&prepared, &vec![vec![0.0; DIMENSIONS]; prepared.count()])
        };
        let both = suggest("We are fine thanks. The bus was late today. He has a bruise again.");
        assert!(both.safeguarding >= 0.3 && both.because == "He has a bruise again.", "{both:?}");
        let one = suggest("We are fine thanks. The bus was late today. Bye for now.");
        assert!(one.safeguarding < 0.3 && one.because == "The bus was late today.", "{one:?}");
    }

    proptest! {
        #[test]
        fn the_act_agrees_with_the_probability_beside_it(raw in proptest::collection::vec(-5.0_f64..5.0, COLUMNS)) {
            let scores: Scores = raw.try_into().unwrap();
            let heads = heads();
            let suggestion = heads.judge(&scores);
            prop_assert_eq!(suggestion.act.is_dissatisfaction(), suggestion.dissatisfied >= 0.5);
            prop_assert!((suggestion.act_scores.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            let both: f64 = Act::ALL.iter().zip(&suggestion.act_scores)
                .filter(|(a, _)| a.is_dissatisfaction()).map(|(_, s)| s).sum();
            prop_assert!((both - suggestion.dissatisfied).abs() < 1e-9);
        }
    }
}
