//! The classifier that runs on this machine: encoder and heads together.

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    sync::Arc,
    time::Duration,
};

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::{
    bert::{Embedding, SentenceEncoder},
    classifier::{Classifier, LabellingError, Unlabelled},
    context::Context,
    heads::{Heads, PROBE, Thresholds},
    labels::{Act, Procedure, Suggestion, Theme},
    prepared::Prepared,
    rows::OwnWords,
};

/// Lines labelled together by [`classify_lines`].
const LINES_TOGETHER: usize = 32;

/// A handle on encoder and heads; clones share both.
#[derive(Clone, Debug)]
pub struct LocalClassifier {
    encoder: SentenceEncoder,
    heads: Arc<Heads>,
    patience: Option<Duration>,
}

impl LocalClassifier {
    /// Loads both from `encoder_dir` and `heads_file`; the encoder computes with `threads` threads (1 or 2 are enough).
    /// Takes about a second; call it from a thread that may wait.
    ///
    /// # Errors
    /// [`LabellingError::NotLoaded`], naming the file and the remedy.
    pub fn start(encoder_dir: &Path, heads_file: &Path, threads: usize) -> Result<Self, LabellingError> {
        let heads = Heads::load(heads_file)?;
        let encoder = SentenceEncoder::start(encoder_dir, threads)?;
        Self::with(encoder, heads).map_err(|e| match e {
            LabellingError::NotLoaded(why) => LabellingError::NotLoaded(format!("{}: {why}", heads_file.display())),
            other => other,
        })
    }

    /// From parts already loaded.
    ///
    /// # Errors
    /// [`LabellingError::NotLoaded`] if the heads were trained with another encoder.
    pub fn with(encoder: SentenceEncoder, heads: Heads) -> Result<Self, LabellingError> {
        let probe = encoder.embed_and_wait(vec![PROBE.into()])?;
        let same =
            probe.first().is_some_and(|found| heads.details.probe.iter().zip(found).all(|(a, b)| (a - b).abs() < 1e-3));
        if !same || heads.details.probe.is_empty() {
            return Err(LabellingError::NotLoaded(
                "the heads were trained with another encoder; run `heard train` again".into(),
            ));
        }
        Ok(Self { encoder, heads: Arc::new(heads), patience: None })
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

    async fn label_all(&self, messages: Vec<Unlabelled>) -> Result<Vec<Suggestion>, LabellingError> {
        let prepared: Vec<Prepared> = messages.iter().map(Prepared::new).collect();
        let texts = prepared.iter().flat_map(Prepared::texts).collect();
        let embeddings = self.encoder.embed(texts).await?;
        let mut suggestions = Vec::with_capacity(prepared.len());
        for (message, embeddings) in split(&prepared, &embeddings) {
            suggestions.push(self.heads.suggest(message, embeddings));
            tokio::task::yield_now().await; // a large batch must not hold up the other tasks of this thread
        }
        self.give_reasons(&prepared, &embeddings, &mut suggestions).await?;
        Ok(suggestions)
    }

    /// Finds the sentence of each message without which its suggestion would be weakest. Where nothing is raised, the
    /// sentence that speaks most for the suggestion by itself will do: three more looks at each message would be too dear.
    async fn give_reasons(
        &self,
        prepared: &[Prepared],
        embeddings: &[Embedding],
        suggestions: &mut [Suggestion],
    ) -> Result<(), LabellingError> {
        let mut tried: Vec<(usize, usize, Prepared)> = Vec::new();
        let Thresholds { keep_above, safeguarding_above, .. } = self.thresholds();
        for (at, ((message, own), suggestion)) in split(prepared, embeddings).zip(suggestions.iter_mut()).enumerate() {
            let candidates = self.heads.candidates(suggestion, message, own);
            if suggestion.dissatisfied < keep_above && suggestion.safeguarding < safeguarding_above {
                let first = candidates.first().and_then(|first| message.sentences.get(*first));
                suggestion.because = first.cloned().unwrap_or_default();
                continue;
            }
            tried.extend(candidates.into_iter().map(|sentence| (at, sentence, message.without(sentence))));
        }
        let wholes = self.encoder.embed(tried.iter().map(|(_, _, rest)| rest.whole.clone()).collect()).await?;
        let messages: Vec<(&Prepared, &[Embedding])> = split(prepared, embeddings).collect();
        let mut weakest = vec![f64::INFINITY; suggestions.len()];
        for ((at, sentence, rest), whole) in tried.iter().zip(wholes) {
            let (Some((message, own)), Some(suggestion)) = (messages.get(*at), suggestions.get_mut(*at)) else {
                continue;
            };
            let kept =
                own.iter().skip(1).enumerate().filter(|(other, _)| other != sentence).map(|(_, own)| own.clone());
            let left: Vec<Embedding> = std::iter::once(whole).chain(kept).collect();
            let strength = self.heads.strength(suggestion, &self.heads.raw(rest, &left));
            if let (Some(lowest), Some(words)) = (weakest.get_mut(*at), message.sentences.get(*sentence))
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

/// Each message with its own part of the embeddings of all their texts.
pub(super) fn split<'a>(
    prepared: &'a [Prepared],
    mut embeddings: &'a [Embedding],
) -> impl Iterator<Item = (&'a Prepared, &'a [Embedding])> {
    prepared.iter().map(move |message| {
        let (own, rest) = embeddings.split_at(message.count().min(embeddings.len()));
        embeddings = rest;
        (message, own)
    })
}

impl Classifier for LocalClassifier {
    fn label(&self, messages: Vec<Unlabelled>) -> BoxFuture<'_, Result<Vec<Suggestion>, LabellingError>> {
        Box::pin(async move {
            match self.patience {
                None => self.label_all(messages).await,
                Some(patience) => tokio::time::timeout(patience, self.label_all(messages))
                    .await
                    .map_err(|_| LabellingError::TooSlow(u64::try_from(patience.as_millis()).unwrap_or(u64::MAX)))?,
            }
        })
    }

    fn model(&self) -> String {
        self.heads.name.clone()
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
                child_author: 0.02,
                on_behalf: 0.02,
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
