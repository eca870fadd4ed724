//! What went wrong behind the desk, as officers are told it.

use super::words::{capital, sentence};
use crate::{casework::CaseworkError, store::StoreError, web::desk::DeskError};

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<CaseworkError> for DeskError {
    fn from(error: CaseworkError) -> Self {
        match error {
            CaseworkError::NotSendable(_) => Self::Refused(sentence(&error.to_string())),
            CaseworkError::Refused(why) => Self::Refused(capital(&why.to_string())),
            CaseworkError::NotFound => Self::NotFound,
            CaseworkError::Changed => Self::Changed,
            other => Self::Unavailable(other.to_string()),
        }
    }
}
