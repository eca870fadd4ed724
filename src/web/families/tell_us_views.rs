//! What the form needs of the program behind it.

use chrono::{DateTime, NaiveDate, Utc};
use futures::future::BoxFuture;
use serde::Serialize;

use crate::{
    intake::own_form::{SentFile, Submission},
    web::desk::DeskError,
};

/// What whoever sent the form is told at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// What they can quote.
    pub reference: String,
    /// By when they have an answer; None for what asks for none.
    pub answer_by: Option<NaiveDate>,
}

/// What takes in what families send by the form.
pub trait TellUs: Send + Sync {
    /// Stores and settles it. `held`: why an officer looks at it first, if so; then there is no receipt with a reference.
    fn take<'a>(
        &'a self,
        submission: Submission,
        files: Vec<SentFile>,
        held: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Option<Receipt>, DeskError>>;

    /// What says that a form was made at `at`.
    fn stamp(&self, at: DateTime<Utc>) -> String;

    /// When a form was made that comes back with `stamp`; None if it was not made here.
    fn made_at(&self, stamp: &str) -> Option<DateTime<Utc>>;
}
