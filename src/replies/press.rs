//! Typesets letters apart from everything else, a few at a time, and says what the file is called.

use chrono::NaiveDate;
use letterpress::{Letter, PressError, Print};
use tokio::sync::Semaphore;

use super::{paper, render::Rendered};
use crate::ids::CaseReference;

/// So many letters are typeset at a time: the program has other things to do. Others wait their turn.
static PRESSES: Semaphore = Semaphore::const_new(2);

/// Why there is no PDF. Names nothing of what the letter says.
#[derive(Debug, thiserror::Error)]
pub enum PrintFault {
    /// The letter as it is cannot be typeset: whoever wrote it can mend it.
    #[error("it cannot be made a PDF: {0}")]
    Letter(PressError),
    /// A fault of the program.
    #[error("{0}")]
    Program(String),
}

impl From<PressError> for PrintFault {
    fn from(fault: PressError) -> Self {
        match fault {
            PressError::TooLong { .. } | PressError::TooDeep | PressError::Empty => Self::Letter(fault),
            fault => Self::Program(fault.to_string()),
        }
    }
}

/// `rendered` as an accessible PDF in `print`, for `council` on `date`.
///
/// # Errors
///
/// [`PrintFault`].
pub async fn typeset(
    rendered: Rendered,
    council: String,
    reference: CaseReference,
    date: NaiveDate,
    print: Print,
) -> Result<Vec<u8>, PrintFault> {
    work(move || letterpress::typeset(&paper::letter(&rendered, &council, &reference.to_string(), date), print)).await
}

/// A text that is no letter of ours as an accessible PDF in normal print.
///
/// # Errors
///
/// [`PrintFault`].
pub async fn typeset_text(letter: Letter) -> Result<Vec<u8>, PrintFault> {
    work(move || letterpress::typeset(&letter, Print::Normal)).await
}

/// Does the work in its turn.
async fn work(typeset: impl FnOnce() -> Result<Vec<u8>, PressError> + Send + 'static) -> Result<Vec<u8>, PrintFault> {
    let ended = |error: &dyn std::error::Error| PrintFault::Program(error.to_string());
    let turn = PRESSES.acquire().await.map_err(|error| ended(&error))?;
    let work = move || {
        // Kept until the work is done, also when nobody waits for it any more.
        let _turn = turn;
        typeset()
    };
    Ok(tokio::task::spawn_blocking(work).await.map_err(|error| ended(&error))??)
}

/// The reference and what it is: never whom it is for.
#[must_use]
pub fn file_name(reference: CaseReference, kind: &str, print: Print) -> String {
    let kind: String =
        kind.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    match print {
        Print::Normal => format!("{reference}-{kind}.pdf"),
        Print::Large => format!("{reference}-{kind}-large-print.pdf"),
        Print::EasyRead => format!("{reference}-{kind}-easy-read.pdf"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_called_by_reference_and_kind_alone() {
        let reference = CaseReference { year: 2026, number: 42 };
        assert_eq!(file_name(reference, "answer", Print::Normal), "HRD-26-00042-X-answer.pdf");
        assert_eq!(
            file_name(reference, "stage\"2\r\nZoë", Print::Large),
            "HRD-26-00042-X-stage-2--zo--large-print.pdf"
        );
    }
}
