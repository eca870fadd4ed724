//! How alike two texts are in their words. Pure.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use unicode_normalization::UnicodeNormalization;

use crate::labelling::text::{as_read, bounded};

/// Words that say nothing of what a message is about, sorted: the commonest of our own labelled messages that are no nouns
/// of the trade, the names of months and days, and that it is a complaint.
const COMMON: &str = "a about after again all also am an and any anything april are as ask asked at attached august back be because \
     been before both but by came can can't come complain complained complaining complaint complaints could dear \
     december did didn't do does don't done down every february first five for four friday from get go going gone \
     good got had has have he he's hello her here hi him his how i i'd i'm i've if in is isn't it it's its january \
     july june just know lady last left like made march may me monday morning moved mr mrs my name need never new \
     next no nobody not nothing november now number october of off on one only or other our out over own people \
     please put rang read right ring said same saturday say says see send sent september she she's should since six \
     so somebody someone sorry still sunday take tell thank that that's the them then there there's they thing think \
     this three through thursday time times to today told tuesday two until up us very want was we we've wednesday \
     well went were what when which who will with work would write writing wrote years you your";
static COMMON_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON.split_whitespace().collect());

/// Whether `word` (folded) says nothing of what a message is about.
#[must_use]
pub fn is_common(word: &str) -> bool {
    COMMON_WORDS.contains(word)
}

/// `word` in small letters, without accents, with a straight apostrophe.
#[must_use]
pub fn folded(word: &str) -> String {
    let plain = word.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    plain.flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }).collect()
}

/// The words of `text` as they stand there, without what surrounds them. An apostrophe within a word belongs to it.
pub fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    text.split(move |c| !inner(c)).map(|word| word.trim_matches(['\'', '’'])).filter(|word| !word.is_empty())
}

/// The words of a text that say what it is about, each with its weight; together of length 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    weights: HashMap<String, f64>,
    count: usize,
}

impl Words {
    /// Those of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = as_read(bounded(text));
        let mut counts: HashMap<String, u32> = HashMap::new();
        let mut count = 0;
        for word in words_of(&text) {
            count += 1;
            let word = folded(word);
            if !is_common(&word) {
                *counts.entry(word).or_default() += 1;
            }
        }
        let mut weights: HashMap<String, f64> =
            counts.into_iter().map(|(word, n)| (word, 1.0 + f64::from(n).ln())).collect();
        let length = weights.values().map(|weight| weight * weight).sum::<f64>().sqrt();
        weights.values_mut().for_each(|weight| *weight /= length);
        Self { weights, count }
    }

    /// How alike both are: 0 (no word in common) to 1 (the same words).
    #[must_use]
    pub fn likeness(&self, other: &Self) -> f64 {
        let (few, many) = if self.weights.len() <= other.weights.len() { (self, other) } else { (other, self) };
        // In a fixed order, so that the sum is the same to the last digit every time.
        let mut terms: Vec<f64> =
            few.weights.iter().filter_map(|(word, weight)| Some(weight * many.weights.get(word)?)).collect();
        terms.sort_by(f64::total_cmp);
        terms.iter().sum::<f64>().min(1.0)
    }

    /// Words of the text, the common ones counted.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether the word (folded) stands in it.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.weights.contains_key(word)
    }

    /// The words that stand in both, with how much each makes them alike.
    pub fn shared<'w>(&'w self, other: &'w Self) -> impl Iterator<Item = (String, f64)> + 'w {
        self.weights.iter().filter_map(|(word, weight)| Some((word.clone(), weight * other.weights.get(word)?)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_common_words_are_sorted_and_folded() {
        let words: Vec<&str> = COMMON.split_whitespace().collect();
        assert!(words.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(words.iter().all(|word| folded(word) == *word));
    }

    #[test]
    fn accents_and_capitals_do_not_part_a_name() {
        let one = Words::new("Adam Nov\u{e1}k, the visits");
        let two = Words::new("ADAM NOVAK VISITS");
        assert!(one.likeness(&two) > 0.99, "{}", one.likeness(&two));
    }

    #[test]
    fn what_everybody_writes_makes_nobody_alike() {
        let one = Words::new("Dear Mr Obi, I have not had an answer and I would like to know why. Thank you");
        let two = Words::new("Dear Mr Obi, I would like to know why we have not had it. Thank you, please");
        let about = Words::new("Dear Mr Loomis, the taxi did not come. Thank you");
        assert!(one.likeness(&about) < 0.05 && two.likeness(&about) < 0.05);
    }

    proptest! {
        #[test]
        fn likeness_is_a_share_and_the_same_both_ways(one in any::<String>(), two in any::<String>()) {
            let (one, two) = (Words::new(&one), Words::new(&two));
            let likeness = one.likeness(&two);
            prop_assert!((0.0..=1.0).contains(&likeness));
            prop_assert_eq!(likeness, two.likeness(&one));
            prop_assert!(one.weights.is_empty() || one.likeness(&one) > 0.999);
        }
    }
}
