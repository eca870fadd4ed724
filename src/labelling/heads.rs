//! The heads: linear layers over n-grams that, together with the encoder, turn one message into one suggestion. Pure, no
//! libtorch.

use serde::{Deserialize, Serialize};

use super::{
    context::Context,
    labels::{Act, Procedure, Suggestion, Theme},
    language::foreign,
    metrics::softmax,
    prepared::Prepared,
    stack::{Said, Stack, nine_places},
    text::{Sparse, Vocabulary, as_read, count_ngrams},
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
    /// How the message came.
    pub context: Context,
}

impl Features {
    /// Of `text`, as its readers see it.
    #[must_use]
    pub fn new(vocabulary: &Vocabulary, text: &str, context: Context) -> Self {
        Self { sparse: vocabulary.vector(&count_ngrams(text)), context }
    }
}

/// Weights of the linear layers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights {
    /// For each n-gram of the vocabulary one row of [`COLUMNS`] sixteen-bit weights, to be multiplied by `scale`.
    pub sparse: Vec<i16>,
    /// One factor a column.
    pub scale: Vec<f32>,
    /// For each number of the context one row of [`COLUMNS`] weights.
    pub context: Vec<f32>,
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
        for (row, value) in self.context.chunks_exact(COLUMNS).zip(features.context.numbers()) {
            for (sum, weight) in scores.iter_mut().zip(row) {
                *sum += f64::from(value) * f64::from(*weight);
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
    /// Of the messages at or above this about .99 are dissatisfied.
    pub sure_above: f64,
    /// A message at least this likely about a child at risk is raised; leans to recall.
    pub safeguarding_above: f64,
}

/// Below these the heads alone settle a message, and the encoder is not asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Clear {
    /// The heads' own probability of dissatisfaction.
    pub dissatisfied_below: f64,
    /// The heads' own probability of safeguarding.
    pub safeguarding_below: f64,
}

impl Clear {
    /// Whether a message of these [`Stack::risks`] is settled.
    #[must_use]
    pub fn covers(&self, risks: &[f64; 2]) -> bool {
        let [dissatisfied, safeguarding] = *risks;
        dissatisfied < self.dissatisfied_below && safeguarding < self.safeguarding_below
    }
}

/// What goes with the weights.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// Where to draw lines.
    pub thresholds: Thresholds,
    /// How heads and encoder are put together.
    pub stack: Stack,
    /// What the heads amount to alone.
    pub alone: Stack,
    /// Where that is enough.
    pub clear: Clear,
    /// The encoder they were fitted beside.
    pub encoder: String,
    /// Messages trained on.
    pub messages: usize,
    /// SHA-256 (hex) of the training files, in order.
    pub training_sha256: String,
}

/// Everything that turns features into a suggestion.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heads {
    /// Known n-grams.
    pub vocabulary: Vocabulary,
    /// Linear layers.
    pub weights: Weights,
    /// Calibration, thresholds, origin.
    pub details: Details,
    /// The encoder's name, `+heads-` and the first 8 hex digits of the file's hash.
    pub name: String,
}

/// What the linear layers, or the encoder, say of one message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Raw {
    /// Of the whole of it.
    pub scores: Scores,
    /// The highest score of any window, for each of [`SINGLES`]; that of the whole where it has no windows.
    pub strongest: [f64; SINGLES.len()],
}

impl Heads {
    /// What the linear layers say of a message.
    #[must_use]
    pub fn raw(&self, message: &Prepared) -> Raw {
        self.weights.raw(&Seen::new(&self.vocabulary, message))
    }

    /// Whether the heads alone are sure that a message which came as `context` says is nobody's dissatisfaction and no
    /// child's danger.
    #[must_use]
    pub fn settles(&self, raw: &Raw, context: Context) -> bool {
        context.is_everyday() && self.details.clear.covers(&self.details.alone.risks(raw))
    }

    /// The suggestion for one message, without its sentence.
    #[must_use]
    pub fn suggest(&self, message: &Prepared, said: &Said) -> Suggestion {
        let language = foreign(&message.whole).map(str::to_owned);
        Suggestion { language, danger: message.danger(), ..self.judge(said) }
    }

    /// The sentences that, alone, speak most for the suggestion, the strongest first. The fewer words a sentence has,
    /// the less its score is worth: a few chance n-grams make up all of it. `of_window` is what the encoder says of each
    /// window, where there are any.
    #[must_use]
    pub fn candidates(&self, suggestion: &Suggestion, message: &Prepared, of_window: &[Raw]) -> Vec<usize> {
        let mut found: Vec<(f64, usize)> = Vec::new();
        for (at, sentence) in message.sentences.iter().enumerate() {
            let words = sentence.split_whitespace().count() as f64;
            let features = Features::new(&self.vocabulary, &as_read(sentence), message.context);
            let scores = self.weights.scores(&features);
            let around = message.windows.iter().zip(of_window).filter(|(window, _)| window.contains(&at));
            let said = |encoder: Option<Raw>| {
                let heads = Raw { scores, strongest: SINGLES.map(|column| value(&scores, column)) };
                self.strength(suggestion, &Said { heads, encoder })
            };
            let score = around.map(|(_, raw)| said(Some(*raw))).reduce(f64::max).unwrap_or_else(|| said(None));
            // A greeting or a name says nothing, however it scores.
            let nothing = if words < 3.0 { 1e6 } else { 0.0 };
            found.push((score * words / (words + FEW_WORDS) - nothing, at));
        }
        found.retain(|(_, at)| message.sentences.get(*at).is_some_and(|sentence| !sentence.is_empty()));
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, at)| at).take(TRIED).collect()
    }

    /// How strongly what was said speaks for `suggestion`: the score whose fall shows that a sentence was the reason.
    #[must_use]
    pub fn strength(&self, suggestion: &Suggestion, said: &Said) -> f64 {
        let stack = self.stack(said);
        let column = self.column_of_reason(suggestion);
        match SINGLES.iter().position(|single| *single == column) {
            Some(at) => stack.singles.get(at).map_or(0.0, |blend| blend.score(&said.of_single(at))),
            None => stack.acts(said).get(column).copied().unwrap_or(0.0),
        }
    }

    /// The suggestion that what was said amounts to, without its sentence.
    #[must_use]
    pub fn judge(&self, said: &Said) -> Suggestion {
        let stack = self.stack(said);
        let mut singles = [0.0; SINGLES.len()];
        singles.iter_mut().enumerate().for_each(|(at, probability)| *probability = stack.probability(said, at));
        let [dissatisfied, safeguarding, child_author, on_behalf] = singles;
        let act_scores = act_probabilities(&stack.acts(said), dissatisfied);
        // Two steps, so that the act never contradicts the probability shown beside it.
        let act = best(Act::ALL, &act_scores, |act| act.is_dissatisfaction() == (dissatisfied >= 0.5));
        let procedure = if dissatisfied >= self.details.thresholds.keep_above.min(0.5) {
            best(Procedure::ALL, &stack.procedures(said), |_| true)
        } else {
            Some(Procedure::None)
        };
        let themes: Vec<f64> = softmax(&stack.themes(said)).into_iter().map(nine_places).collect();
        Suggestion {
            model: self.name.clone(),
            act: act.unwrap_or(Act::Routine),
            act_scores,
            dissatisfied,
            safeguarding,
            procedure: procedure.unwrap_or(Procedure::Unclear),
            theme: best(Theme::ALL, &themes, |_| true).unwrap_or(Theme::Other),
            themes,
            child_author,
            on_behalf,
            language: None,
            danger: None,
            because: String::new(),
        }
    }

    fn stack(&self, said: &Said) -> &Stack {
        if said.encoder.is_some() { &self.details.stack } else { &self.details.alone }
    }

    /// The column whose sentence is shown: danger before dissatisfaction before anything else.
    fn column_of_reason(&self, suggestion: &Suggestion) -> usize {
        if suggestion.raises_danger(self.details.thresholds.safeguarding_above) {
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
    /// Of `message`.
    #[must_use]
    pub fn new(vocabulary: &Vocabulary, message: &Prepared) -> Self {
        let window = |window: &std::ops::Range<usize>| {
            Features::new(vocabulary, &as_read(&message.words_of(window)), message.context)
        };
        Self {
            whole: Features::new(vocabulary, &message.whole, message.context),
            windows: message.windows.iter().map(window).collect(),
        }
    }
}

impl Default for Raw {
    fn default() -> Self {
        Self { scores: [0.0; COLUMNS], strongest: [0.0; SINGLES.len()] }
    }
}

impl Raw {
    /// Out of the scores of a whole message and of its windows.
    #[must_use]
    pub fn new(whole: Scores, windows: impl Iterator<Item = Scores>) -> Self {
        let of_singles = |scores: &Scores| SINGLES.map(|column| value(scores, column));
        let strongest = windows.map(|window| of_singles(&window)).reduce(|mut highest, window| {
            highest.iter_mut().zip(window).for_each(|(high, value)| *high = high.max(value));
            highest
        });
        Self { strongest: strongest.unwrap_or_else(|| of_singles(&whole)), scores: whole }
    }
}

impl Weights {
    /// What these layers say of a message and of its windows.
    #[must_use]
    pub fn raw(&self, seen: &Seen) -> Raw {
        Raw::new(self.scores(&seen.whole), seen.windows.iter().map(|window| self.scores(window)))
    }
}

/// Softmax over acts, with the share of complaint and concern together set to `dissatisfied`.
fn act_probabilities(scores: &[f64], dissatisfied: f64) -> Vec<f64> {
    let mut shares = softmax(scores);
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
    use crate::labelling::{
        blend::Blend,
        classifier::Unlabelled,
        context::{CONTEXT, Door},
    };

    fn heads() -> Heads {
        let texts = ["my taxi is late again", "thank you so much", "please send the form"];
        let vocabulary = Vocabulary::learn(&texts.map(count_ngrams), 1, 10_000);
        let sparse: Vec<i16> = (0..vocabulary.len() * COLUMNS).map(|n| (n % 7) as i16 - 3).collect();
        Heads {
            weights: Weights {
                sparse,
                scale: vec![0.01; COLUMNS],
                context: vec![0.0; CONTEXT * COLUMNS],
                bias: vec![0.0; COLUMNS],
            },
            vocabulary,
            details: Details {
                thresholds: Thresholds { keep_above: 0.2, sure_above: 0.8, safeguarding_above: 0.3 },
                ..Details::default()
            },
            name: "test".into(),
        }
    }

    fn prepared(text: &str) -> Prepared {
        Prepared::new(&Unlabelled { text: text.into(), ..Unlabelled::default() })
    }

    fn alone(heads: &Heads, message: &Prepared) -> Said {
        Said { heads: heads.raw(message), encoder: None }
    }

    #[test]
    fn an_empty_message_has_a_suggestion_and_no_sentence_for_it() {
        let message = prepared("");
        let suggestion = heads().suggest(&message, &alone(&heads(), &message));
        assert!(suggestion.dissatisfied.is_finite());
        assert_eq!(heads().candidates(&suggestion, &message, &[]), [0_usize; 0]);
    }

    #[test]
    fn the_reason_is_the_sentence_that_moved_the_head_that_raised_it() {
        let mut heads = heads();
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
        heads.details.alone.singles = [Blend { factors: [4.0, 0.0, 0.0, 0.0], offset: 0.0 }; SINGLES.len()];
        let suggest = |text: &str| {
            let message = prepared(text);
            let suggestion = heads.suggest(&message, &alone(&heads, &message));
            let first = heads.candidates(&suggestion, &message, &[])[0];
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
        let raw = heads.raw(&prepared(&format!("{calm}I have to complain about this. {calm}")));
        assert!(raw.strongest[0] > raw.scores[DISSATISFIED] * 1.5, "{raw:?}");
    }

    #[test]
    fn a_message_is_settled_by_the_heads_only_below_both_lines() {
        let mut heads = heads();
        heads.details.clear = Clear { dissatisfied_below: 0.1, safeguarding_below: 0.1 };
        let raw = |dissatisfied: f64, safeguarding: f64| {
            let mut scores = [0.0; COLUMNS];
            scores[DISSATISFIED] = dissatisfied;
            scores[SAFEGUARDING] = safeguarding;
            Raw::new(scores, std::iter::empty())
        };
        let manager = Context { door: Door::Manager, ..Context::default() };
        assert!(heads.settles(&raw(-4.0, -4.0), manager));
        assert!(!heads.settles(&raw(-4.0, 0.0), manager) && !heads.settles(&raw(0.0, -4.0), manager));
        let complaints = Context { door: Door::Complaints, ..Context::default() };
        assert!(!heads.settles(&raw(-4.0, -4.0), complaints), "what is sent to complain is read with care");
        heads.details.clear = Clear::default();
        assert!(!heads.settles(&raw(-40.0, -40.0), manager), "no line, nothing settled");
    }

    proptest! {
        #[test]
        fn the_act_agrees_with_the_probability_beside_it(raw in proptest::collection::vec(-5.0_f64..5.0, COLUMNS)) {
            let scores: Scores = raw.try_into().unwrap();
            let heads = heads();
            let suggestion = heads.judge(&Said { heads: Raw::new(scores, std::iter::empty()), encoder: None });
            prop_assert_eq!(suggestion.act.is_dissatisfaction(), suggestion.dissatisfied >= 0.5);
            prop_assert!((suggestion.act_scores.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            let both: f64 = Act::ALL.iter().zip(&suggestion.act_scores)
                .filter(|(a, _)| a.is_dissatisfaction()).map(|(_, s)| s).sum();
            prop_assert!((both - suggestion.dissatisfied).abs() < 1e-9);
        }
    }
}
