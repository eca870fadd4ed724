//! What the questions after the end need of the program behind them.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

use crate::{casework::survey::Given, reports::survey::Figures, web::desk::DeskError};

/// The questions after the end of a case.
pub trait Survey: Send + Sync {
    /// Whether there is an invitation with this code that can be answered now.
    fn is_open<'a>(&'a self, code: &'a str, now: DateTime<Utc>) -> BoxFuture<'a, Result<bool, DeskError>>;

    /// Takes in an answer. False where there is no such invitation.
    fn answer<'a>(&'a self, code: &'a str, given: Given, now: DateTime<Utc>) -> BoxFuture<'a, Result<bool, DeskError>>;

    /// What was answered in the financial year that begins in `year`, in the months that are over.
    fn figures(&self, year: i32, now: DateTime<Utc>) -> BoxFuture<'_, Result<Figures, DeskError>>;
}
