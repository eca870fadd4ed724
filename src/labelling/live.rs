//! The classifier that is in use now. Another model can take its place while messages are being labelled: those that are
//! under way are finished by the model they began with, and each suggestion names the one that made it.

use std::sync::{Arc, PoisonError, RwLock};

use futures::future::BoxFuture;

use super::{
    classifier::{Classifier, LabellingError, Unlabelled},
    heads::Heads,
    labels::Suggestion,
    local::LocalClassifier,
    policy::Lines,
};

/// A classifier whose heads can be changed for others.
#[derive(Debug)]
pub struct Live {
    shipped: Arc<LocalClassifier>,
    now: RwLock<Arc<LocalClassifier>>,
}

impl Live {
    /// The shipped model, in use until another takes its place.
    #[must_use]
    pub fn new(shipped: LocalClassifier) -> Self {
        let shipped = Arc::new(shipped);
        Self { now: RwLock::new(Arc::clone(&shipped)), shipped }
    }

    /// The name of the shipped model.
    #[must_use]
    pub fn shipped(&self) -> String {
        self.shipped.model()
    }

    /// Takes `heads` into use. Waits for the encoder: call it from a thread that may.
    ///
    /// # Errors
    /// [`LabellingError::NotLoaded`] if they were trained with another encoder: then nothing changes.
    pub fn take(&self, heads: Heads) -> Result<(), LabellingError> {
        let next = Arc::new(self.shipped.with_heads(heads)?);
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    /// Takes the shipped model into use again.
    pub fn take_shipped(&self) {
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&self.shipped);
    }

    fn now(&self) -> Arc<LocalClassifier> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Classifier for Live {
    fn label(&self, messages: Vec<Unlabelled>) -> BoxFuture<'_, Result<Vec<Suggestion>, LabellingError>> {
        let now = self.now();
        Box::pin(async move { now.label(messages).await })
    }

    fn model(&self) -> String {
        self.now().model()
    }

    fn lines(&self) -> Option<Lines> {
        self.now().lines()
    }
}
