//! The port through which the rest of the program asks for a suggestion.

use futures::future::BoxFuture;

use super::{context::Context, labels::Suggestion, policy::Lines};

/// What is to be labelled: only what the person wrote now, without what they quote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unlabelled {
    /// Subject line, empty when there is none.
    pub subject: String,
    /// The words of the message.
    pub text: String,
    /// How it came, where that is known.
    pub context: Context,
}

/// Why no suggestion came. Never a reason to lose or delay a message to a complaints mailbox.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabellingError {
    /// Model files are missing or broken.
    #[error("the classifier could not be loaded: {0}")]
    NotLoaded(String),
    /// No answer in time.
    #[error("the classifier did not answer within {0} ms")]
    TooSlow(u64),
    /// The model failed on this text, or its thread has ended.
    #[error("the classifier failed: {0}")]
    Failed(String),
}

/// Suggests labels for messages, one suggestion a message in the same order.
pub trait Classifier: Send + Sync {
    /// Labels `messages`.
    fn label(&self, messages: Vec<Unlabelled>) -> BoxFuture<'_, Result<Vec<Suggestion>, LabellingError>>;

    /// Which model answers, for the record beside each suggestion.
    fn model(&self) -> String;

    /// Where that model's probabilities are cut; None where it does not say.
    fn lines(&self) -> Option<Lines> {
        None
    }
}
