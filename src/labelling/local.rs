//! The classifier that runs on this machine: encoder and heads together.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    sync::Arc,
    time::Duration,
};

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::{
    classifier::{Classifier, LabellingError, Unlabelled},
    context::Context,
    danger::danger_words,
    heads::{Heads, Raw, Scores, Thresholds},
    labels::{Act, Procedure, Suggestion, Theme},
    policy::Lines,
    prepared::Prepared,
    rows::OwnWords,
    stack::Said,
    text::as_read,
    tuned::reader::{EncoderFiles, Reader},
};

/// Lines labelled together by [`classify_lines`].
const LINES_TOGETHER: usize = 32;

/// A handle on encoder and heads; clones share both.
#[derive(Clone, Debug)]
pub struct LocalClassifier {
    encoder: Reader,
    heads: Arc<Heads>,
    patience: Option<Duration>,
    /// Whether the heads may settle what is clear to them.
    quick: bool,
}

impl LocalClassifier {
    /// Loads both; the encoder computes with `threads` threads (1 or 2 are enough). Takes about a second; call it from a
    /// thread that may wait.
    ///
    /// # Errors
    /// [`LabellingError::NotLoaded`], naming the file and the remedy.
    pub fn start(encoder: &EncoderFiles, heads_file: &Path, threads: usize) -> Result<Self, LabellingError> {
        let heads = Heads::load(heads_file)?;
        Self::with(Reader::start(encoder, threads)?, heads).map_err(|e| match e {
            LabellingError::NotLoaded(why) => LabellingError::NotLoaded(format!("{}: {why}", heads_file.display())),
            other => other,
        })
    }

    /// From parts already loaded.
    ///
    /// # Errors
    /// [`LabellingError::NotLoaded`] if the heads were fitted beside another encoder.
    pub fn with(encoder: Reader, heads: Heads) -> Result<Self, LabellingError> {
        if heads.details.encoder != encoder.name() {
            return Err(LabellingError::NotLoaded(format!(
                "the heads were fitted beside the encoder {}, and this is {}; run `heard train` again",
                heads.details.encoder,
                encoder.name()
            )));
        }
        Ok(Self { encoder, heads: Arc::new(heads), patience: None, quick: true })
    }

    /// Asks the encoder about every message, also where the heads would settle it alone.
    #[must_use]
    pub fn thorough(self) -> Self {
        Self { quick: false, ..self }
    }

    /// The same encoder with other heads. Waits: call it from a thread that may.
    ///
    /// # Errors
    /// As [`Self::with`].
    pub fn with_heads(&self, heads: Heads) -> Result<Self, LabellingError> {
        Ok(Self { patience: self.patience, ..Self::with(self.encoder.clone(), heads)? })
    }

    /// Answers [`LabellingError::TooSlow`] after `patience`. Needs a tokio runtime with a clock.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience: Some(patience), ..self }
    }

    /// The lines drawn when the heads were trained.
    #[must_use]
    pub fn thresholds(&self) -> Thresholds {
        self.heads.details.thresholds
    }

    /// The suggestions for `messages`, without their sentences.
    ///
    /// # Errors
    /// The encoder's.
    pub async fn judge(&self, messages: &[Unlabelled]) -> Result<Vec<Suggestion>, LabellingError> {
        Ok(self.suggestions(&self.judge_all(messages).await?.0))
    }

    fn suggestions(&self, judged: &[Judged]) -> Vec<Suggestion> {
        judged.iter().map(|judged| self.heads.suggest(&judged.message, &judged.said)).collect()
    }

    async fn label_all(&self, messages: &[Unlabelled]) -> Result<Vec<Suggestion>, LabellingError> {
        let (judged, scores) = self.judge_all(messages).await?;
        let mut suggestions = self.suggestions(&judged);
        self.give_reasons(&judged, &scores, &mut suggestions).await?;
        Ok(suggestions)
    }

    /// What heads and encoder say of `messages`, and all the encoder's scores.
    async fn judge_all(&self, messages: &[Unlabelled]) -> Result<(Vec<Judged>, Vec<Scores>), LabellingError> {
        let mut judged = Vec::with_capacity(messages.len());
        for message in messages {
            let message = Prepared::new(message);
            let heads = self.heads.raw(&message);
            let open =
                !self.quick || danger_words(&message.whole).is_some() || !self.heads.settles(&heads, message.context);
            judged.push(Judged { message, said: Said { heads, encoder: None }, open, of_windows: Vec::new() });
            tokio::task::yield_now().await; // a large batch must not hold up the other tasks of this thread
        }
        let texts = judged.iter().filter(|judged| judged.open).flat_map(|judged| judged.message.texts()).collect();
        let scores = self.encoder.read(texts).await?;
        let mut rest = scores.as_slice();
        for judged in judged.iter_mut().filter(|judged| judged.open) {
            let (own, later) = rest.split_at(judged.message.count().min(rest.len()));
            judged.said.encoder = Some(raw_of(own));
            judged.of_windows = own.iter().skip(1).map(|scores| raw_of(std::slice::from_ref(scores))).collect();
            rest = later;
        }
        Ok((judged, scores))
    }

    /// Finds the sentence of each message without which its suggestion would be weakest. Where nothing is raised, the
    /// sentence that speaks most for the suggestion by itself will do: three more looks at each message would be too dear.
    async fn give_reasons(
        &self,
        judged: &[Judged],
        scores: &[Scores],
        suggestions: &mut [Suggestion],
    ) -> Result<(), LabellingError> {
        let Thresholds { keep_above, safeguarding_above, .. } = self.thresholds();
        let texts = judged.iter().filter(|judged| judged.open).flat_map(|judged| judged.message.texts());
        // Windows that the sentence was not in have been read already.
        let mut known: HashMap<String, Scores> = texts.zip(scores.iter().copied()).collect();
        let mut tried: Vec<(usize, usize, Prepared)> = Vec::new();
        for (at, (judged, suggestion)) in judged.iter().zip(suggestions.iter_mut()).enumerate() {
            let candidates = self.heads.candidates(suggestion, &judged.message, &judged.of_windows);
            let first = candidates.first().and_then(|first| judged.message.sentences.get(*first));
            suggestion.because = first.cloned().unwrap_or_default();
            let likely = suggestion.safeguarding >= safeguarding_above;
            // Raised by its words and not by the probability: then these are the reason.
            let plain = suggestion.danger.as_deref().filter(|_| !likely);
            let worded = plain.and_then(|words| judged.message.sentences.iter().find(|s| as_read(s).contains(words)));
            if let Some(sentence) = worded {
                suggestion.because.clone_from(sentence);
                continue;
            }
            let raised = suggestion.dissatisfied >= keep_above || likely;
            if raised && judged.open && candidates.len() > 1 {
                tried.extend(candidates.into_iter().map(|sentence| (at, sentence, judged.message.without(sentence))));
            }
        }
        let mut new: Vec<String> = tried.iter().flat_map(|(_, _, rest)| rest.texts()).collect();
        new.retain(|text| !known.contains_key(text));
        new.sort_unstable();
        new.dedup();
        known.extend(new.iter().cloned().zip(self.encoder.read(new.clone()).await?));
        let mut weakest = vec![f64::INFINITY; suggestions.len()];
        for (at, sentence, rest) in &tried {
            let (Some(judged), Some(suggestion)) = (judged.get(*at), suggestions.get_mut(*at)) else { continue };
            let own: Vec<Scores> = rest.texts().filter_map(|text| known.get(&text).copied()).collect();
            let said = Said { heads: self.heads.raw(rest), encoder: Some(raw_of(&own)) };
            let strength = self.heads.strength(suggestion, &said);
            if let (Some(lowest), Some(words)) = (weakest.get_mut(*at), judged.message.sentences.get(*sentence))
                && strength < *lowest
            {
                *lowest = strength;
                suggestion.because.clone_from(words);
            }
            tokio::task::yield_now().await;
        }
        Ok(())
    }
}

/// A message on its way to a suggestion.
struct Judged {
    message: Prepared,
    said: Said,
    /// The heads alone do not settle it.
    open: bool,
    /// What the encoder says of each window.
    of_windows: Vec<Raw>,
}

/// Out of the encoder's scores of a message and of its windows, in the order of [`Prepared::texts`].
pub(in crate::labelling) fn raw_of(own: &[Scores]) -> Raw {
    match own.split_first() {
        Some((whole, windows)) => Raw::new(*whole, windows.iter().copied()),
        None => Raw::default(),
    }
}

/// Each message with its own part of the scores of all their texts.
pub(in crate::labelling) fn split<'a>(
    messages: impl Iterator<Item = &'a Prepared>,
    mut scores: &'a [Scores],
) -> impl Iterator<Item = (&'a Prepared, &'a [Scores])> {
    messages.map(move |message| {
        let (own, rest) = scores.split_at(message.count().min(scores.len()));
        scores = rest;
        (message, own)
    })
}

impl Classifier for LocalClassifier {
    fn label(&self, messages: Vec<Unlabelled>) -> BoxFuture<'_, Result<Vec<Suggestion>, LabellingError>> {
        Box::pin(async move {
            match self.patience {
                None => self.label_all(&messages).await,
                Some(patience) => tokio::time::timeout(patience, self.label_all(&messages))
                    .await
                    .map_err(|_| LabellingError::TooSlow(u64::try_from(patience.as_millis()).unwrap_or(u64::MAX)))?,
            }
        })
    }

    fn model(&self) -> String {
        self.heads.name.clone()
    }

    fn lines(&self) -> Option<Lines> {
        let Thresholds { keep_above, sure_above, safeguarding_above } = self.thresholds();
        Some(Lines { keep_from: keep_above, sure_from: sure_above, safeguarding_from: safeguarding_above })
    }
}

/// Why [`classify_lines`] stopped. Lines before it have been answered.
#[derive(Debug, thiserror::Error)]
pub enum LinesError {
    /// A line is no message.
    #[error("line {line}: {reason}; a line looks like {{\"id\":\"1\",\"subject\":\"…\",\"text\":\"…\"}}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The classifier failed on the lines up to this one.
    #[error("at line {line}: {source}")]
    Label {
        /// Counted from 1.
        line: usize,
        /// Why.
        source: LabellingError,
    },
    /// The input cannot be read or the output cannot be written.
    #[error("reading or writing failed: {0}")]
    Io(#[from] std::io::Error),
}

#[derive(Deserialize)]
struct LineIn {
    id: String,
    #[serde(default)]
    subject: Option<String>,
    text: String,
    #[serde(default)]
    context: Context,
}

#[derive(Serialize)]
struct LineOut {
    id: String,
    act: Act,
    dissatisfied: f64,
    safeguarding: f64,
    procedure: Procedure,
    theme: Theme,
    because: String,
}

/// Answers each JSON line of `input` (`{"id","text","subject"?,"context"?}`) with one of `output` (`{"id","act","dissatisfied",
/// "safeguarding","procedure","theme","because"}`), in order. Lines that are already there are labelled together; an
/// answer never waits for a line that is not. `strip` leaves of a text what its author wrote now. Returns how many were answered.
///
/// # Errors
/// [`LinesError`], with the number of the line.
pub async fn classify_lines<R: Read, W: Write>(
    input: R,
    mut output: W,
    classifier: &dyn Classifier,
    strip: fn(&str) -> OwnWords,
) -> Result<usize, LinesError> {
    let mut input = BufReader::new(input);
    let mut waiting: Vec<LineIn> = Vec::new();
    let (mut line, mut answered) = (0, 0);
    let mut text = String::new();
    loop {
        text.clear();
        let ended = input.read_line(&mut text)? == 0;
        let mut wrong = None;
        if !ended {
            line += 1;
            if !text.trim().is_empty() {
                match serde_json::from_str::<LineIn>(&text) {
                    Ok(read) => waiting.push(read),
                    Err(e) => wrong = Some(LinesError::Line { line, reason: e.to_string() }),
                }
            }
        }
        let more_at_hand = input.buffer().contains(&b'\n');
        if ended || wrong.is_some() || waiting.len() >= LINES_TOGETHER || !more_at_hand {
            answered += waiting.len();
            answer(&mut waiting, &mut output, classifier, strip).await.map_err(|e| match e {
                Ok(source) => LinesError::Label { line, source },
                Err(e) => LinesError::Io(e),
            })?;
        }
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        if ended {
            return Ok(answered);
        }
    }
}

/// Answers what is waiting; the error is the classifier's or the output's.
async fn answer(
    waiting: &mut Vec<LineIn>,
    output: &mut impl Write,
    classifier: &dyn Classifier,
    strip: fn(&str) -> OwnWords,
) -> Result<(), Result<LabellingError, std::io::Error>> {
    let (ids, messages): (Vec<_>, Vec<_>) = waiting
        .drain(..)
        .map(|LineIn { id, subject, text, context }| {
            (id, Unlabelled { subject: subject.unwrap_or_default(), text: strip(&text).words, context })
        })
        .unzip();
    if ids.is_empty() {
        return Ok(());
    }
    let suggestions = classifier.label(messages).await.map_err(Ok)?;
    for (id, s) in ids.into_iter().zip(suggestions) {
        let out = LineOut {
            id,
            act: s.act,
            dissatisfied: rounded(s.dissatisfied),
            safeguarding: rounded(s.safeguarding),
            procedure: s.procedure,
            theme: s.theme,
            because: s.because,
        };
        serde_json::to_writer(&mut *output, &out).map_err(|e| Err(e.into()))?;
        output.write_all(b"\n").map_err(Err)?;
    }
    output.flush().map_err(Err)
}

/// To six places: more would say nothing, and hide that a lone message and one in a batch differ in the eighth.
fn rounded(probability: f64) -> f64 {
    (probability * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labelling::rows::cut_quoted_tail;

    /// Says that everything is a concern because of its first word.
    struct Echo;

    impl Classifier for Echo {
        fn label(&self, messages: Vec<Unlabelled>) -> BoxFuture<'_, Result<Vec<Suggestion>, LabellingError>> {
            let suggest = |m: Unlabelled| Suggestion {
                model: "echo".into(),
                act: Act::Concern,
                act_scores: vec![],
                dissatisfied: 0.123_456_78,
                safeguarding: 0.0,
                procedure: Procedure::Unclear,
                theme: Theme::Other,
                themes: vec![],
                child_author: 0.02,
                on_behalf: 0.02,
                danger: None,
                language: None,
                because: m.text,
            };
            Box::pin(async move { Ok(messages.into_iter().map(suggest).collect()) })
        }

        fn model(&self) -> String {
            "echo".into()
        }
    }

    #[tokio::test]
    async fn each_line_is_answered_in_order() {
        let input = (0..70).map(|n| format!("{{\"id\":\"{n}\",\"text\":\"t{n}\"}}\n")).collect::<String>();
        let mut output = Vec::new();
        assert_eq!(classify_lines(input.as_bytes(), &mut output, &Echo, cut_quoted_tail).await.unwrap(), 70);
        let output = String::from_utf8(output).unwrap();
        assert_eq!(output.lines().count(), 70);
        assert_eq!(
            output.lines().nth(41),
            Some(
                r#"{"id":"41","act":"concern","dissatisfied":0.123457,"safeguarding":0.0,"procedure":"unclear","theme":"other","because":"t41"}"#
            )
        );
    }

    #[tokio::test]
    async fn a_bad_line_is_named_after_the_good_ones_before_it_are_answered() {
        let input = "{\"id\":\"1\",\"text\":\"a\"}\n\n{\"id\":\"2\"}\n{\"id\":\"3\",\"text\":\"c\"}\n";
        let mut output = Vec::new();
        let error =
            classify_lines(input.as_bytes(), &mut output, &Echo, cut_quoted_tail).await.unwrap_err().to_string();
        assert!(error.starts_with("line 3: missing field `text`"), "{error}");
        assert_eq!(String::from_utf8(output).unwrap().lines().count(), 1);
    }
}
