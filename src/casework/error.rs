//! Why a case was not changed.

use crate::{
    ids::Uuid,
    procedure::{decide::Refusal, working_days::CalendarError},
    replies::{press::PrintFault, render::LetterError},
    store::{StoreError, files::FilesError},
};

/// Why a case was not changed.
#[derive(Debug, thiserror::Error)]
pub enum CaseworkError {
    /// The rule says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No such case.
    #[error("there is no such case")]
    NotFound,
    /// Somebody else was quicker.
    #[error("someone else changed this case in the meantime: look at it again")]
    Changed,
    /// The calendar ends too early.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// A letter could not be written.
    #[error(transparent)]
    Letter(#[from] LetterError),
    /// A letter could not be typeset.
    #[error(transparent)]
    Print(PrintFault),
    /// What goes with a letter could not be kept.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An officer let go what may never be sent.
    #[error("it cannot be sent: {0}")]
    NotSendable(String),
    /// No random bytes could be had.
    #[error("no random bytes could be had: {0}")]
    Random(String),
    /// The stored history does not make a case.
    #[error("the history of case {0} is broken: restore it from the backup")]
    BrokenHistory(Uuid),
}
