//! A message taken apart: itself, its sentences, and the windows of sentences that are judged on their own. Pure.

use std::ops::Range;

use super::{
    classifier::Unlabelled,
    context::Context,
    danger::danger_words,
    text::{as_read, bounded, sentences},
};

/// Words at which a window of sentences is long enough to be judged.
const WINDOW_WORDS: usize = 40;
/// Messages of fewer words are judged as a whole only.
const LONG_WORDS: usize = 90;

/// A message taken apart for the encoder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// Subject line.
    pub subject: String,
    /// Subject and text, as a reader sees them.
    pub whole: String,
    /// The sentences of the text, or of the subject if the text has none; as they were written.
    pub sentences: Vec<String>,
    /// Runs of sentences of a long message that are judged on their own, so that what is said in passing is heard. None
    /// for a short message.
    pub windows: Vec<Range<usize>>,
    /// How it came.
    pub context: Context,
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
        Self {
            whole: as_read(&joined(subject, bounded(&message.text))),
            windows: windows(&found),
            sentences: found.into_iter().map(str::to_owned).collect(),
            subject: subject.to_owned(),
            context: message.context,
        }
    }

    /// Texts this message puts before the encoder: itself, then its windows, each with how it came.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        let windows =
            self.windows.iter().map(|window| self.told(&as_read(&joined(&self.subject, &self.words_of(window)))));
        std::iter::once(self.told(&self.whole)).chain(windows)
    }

    /// How many texts those are.
    #[must_use]
    pub fn count(&self) -> usize {
        1 + self.windows.len()
    }

    /// Words of it that tell of danger to a child. None in what a machine sent: it names dangers in every footer.
    #[must_use]
    pub fn danger(&self) -> Option<String> {
        danger_words(&self.whole).filter(|_| !self.context.automatic).map(str::to_owned)
    }

    /// The sentences of `window`.
    #[must_use]
    pub fn words_of(&self, window: &Range<usize>) -> String {
        let sentences = self.sentences.get(window.clone()).unwrap_or(&[]);
        sentences.iter().filter(|sentence| !sentence.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }

    /// `text` with how the message came before it, where that is known.
    fn told(&self, text: &str) -> String {
        let words = self.context.words();
        if words.is_empty() { text.to_owned() } else { format!("{words}: {text}") }
    }

    /// The same message without one of its sentences, whose place stays empty.
    #[must_use]
    pub fn without(&self, sentence: usize) -> Self {
        let mut rest = self.clone();
        let Some(gone) = rest.sentences.get_mut(sentence).map(std::mem::take) else { return rest };
        rest.whole = match rest.whole.split_once(&as_read(&gone)) {
            Some((before, after)) if !gone.is_empty() => joined(before.trim_end(), after.trim_start()),
            _ => rest.whole,
        };
        rest
    }
}

/// Runs of sentences of at least [`WINDOW_WORDS`], each starting past the middle of the one before it.
fn windows(sentences: &[&str]) -> Vec<Range<usize>> {
    let words: Vec<usize> = sentences.iter().map(|s| s.split_whitespace().count()).collect();
    if words.iter().sum::<usize>() < LONG_WORDS {
        return Vec::new();
    }
    let mut windows: Vec<Range<usize>> = Vec::new();
    for start in 0..words.len() {
        let mut sum = 0;
        let more = words.iter().skip(start).take_while(|count| {
            let goes_on = sum < WINDOW_WORDS;
            sum += **count;
            goes_on
        });
        let end = start + more.count();
        let tells_more = windows.last().is_none_or(|last| end > last.end && start > (last.start + last.end - 1) / 2);
        // Nothing is left out between two windows, and the last sentence is in one.
        let needed = windows.last().is_some_and(|last| start == last.end || (end == words.len() && end > last.end));
        if tells_more || needed {
            windows.push(start..end);
        }
    }
    windows
}

fn joined(above: &str, below: &str) -> String {
    match (above.is_empty(), below.is_empty()) {
        (true, _) => below.to_owned(),
        (_, true) => above.to_owned(),
        (false, false) => format!("{above}\n{below}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::labelling::context::{Door, Sender};

    fn prepared(subject: &str, text: &str) -> Prepared {
        Prepared::new(&Unlabelled { subject: subject.into(), text: text.into(), ..Unlabelled::default() })
    }

    #[test]
    fn a_message_without_text_is_read_by_its_subject() {
        assert_eq!(prepared("Taxi late again today", "\n").sentences, ["Taxi late again today"]);
    }

    #[test]
    fn a_sentence_taken_out_is_gone_from_both_readings() {
        let rest = prepared("Taxi", "It was fine. It never came. Bye for now.").without(1);
        assert_eq!(rest.sentences, ["It was fine.", "", "Bye for now."]);
        assert_eq!(rest.whole, "Taxi\nIt was fine.\nBye for now.");
        assert_eq!(prepared("", "It never came.").without(0).whole, "");
        assert_eq!(prepared("Taxi", "It was fine.").without(9), prepared("Taxi", "It was fine."));
    }

    #[test]
    fn a_short_message_has_no_windows() {
        let message = prepared("", "It never came. Nobody rang. I am fed up.");
        assert!(message.windows.is_empty());
        assert_eq!(message.texts().collect::<Vec<_>>(), ["It never came. Nobody rang. I am fed up."]);
    }

    #[test]
    fn how_it_came_stands_before_every_text() {
        let context = Context { sender: Sender::Outside, door: Door::Manager, automatic: false };
        let text = "We waited for the taxi again. ".repeat(20);
        let message = Prepared::new(&Unlabelled { subject: "Taxi".into(), text, context });
        let texts: Vec<String> = message.texts().collect();
        assert!(texts.len() > 3 && texts.len() == message.count());
        assert!(texts.iter().all(|text| text.starts_with("from outside to manager: Taxi\nWe waited")), "{texts:?}");
    }

    proptest! {
        #[test]
        fn windows_cover_every_sentence_of_a_long_message_in_order(lengths in prop::collection::vec(1_usize..30, 1..60)) {
            let text: String = lengths.iter().map(|n| format!("{}.\n\n", "word ".repeat(*n).trim())).collect();
            let message = prepared("", &text);
            let windows = message.windows.clone();
            if !windows.is_empty() {
                for sentence in 0..message.sentences.len() {
                    prop_assert!(windows.iter().any(|window| window.contains(&sentence)));
                }
                prop_assert!(windows.windows(2).all(|pair| pair[0].start < pair[1].start && pair[0].end < pair[1].end));
            }
        }
    }
}
