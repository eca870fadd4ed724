//! The form of families' pages over the program's own road.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use subtle::ConstantTimeEq;

use super::Answer;
use crate::{
    intake::own_form::{SentFile, Submission},
    labelling::labels::Act,
    replies::token::keyed_hash,
    web::{
        desk::DeskError,
        families::{Receipt, TellUs},
    },
    workers::{
        Engine,
        tell_us::{Taken, take},
    },
};

/// Takes in what is sent by the form.
pub struct FormDesk {
    engine: Engine,
}

impl FormDesk {
    /// On the road of `engine`.
    #[must_use]
    pub fn new(engine: Engine) -> Self {
        Self { engine }
    }

    fn signed(&self, seconds: &str) -> String {
        keyed_hash(self.engine.office.keys.current(), "form", seconds)
    }
}

impl TellUs for FormDesk {
    fn take<'a>(
        &'a self,
        submission: Submission,
        files: Vec<SentFile>,
        held: Option<&'a str>,
    ) -> BoxFuture<'a, Answer<Option<Receipt>>> {
        Box::pin(async move {
            let taken = take(&self.engine, &submission, files, held).await;
            let taken = taken.map_err(|fault| DeskError::Unavailable(fault.to_string()))?;
            Ok(match taken {
                Taken::Held => None,
                Taken::Case { row, nature } => Some(Receipt {
                    reference: row.reference,
                    // Everything else is answered by a day, and the letter names it.
                    answer_by: (nature.act != Act::Compliment).then_some(row.due_on),
                }),
            })
        })
    }

    fn stamp(&self, at: DateTime<Utc>) -> String {
        let seconds = at.timestamp().to_string();
        format!("{seconds}.{}", self.signed(&seconds))
    }

    fn made_at(&self, stamp: &str) -> Option<DateTime<Utc>> {
        let (seconds, signature) = stamp.split_once('.')?;
        let own: bool = self.signed(seconds).as_bytes().ct_eq(signature.as_bytes()).into();
        DateTime::from_timestamp(seconds.parse().ok()?, 0).filter(|_| own)
    }
}
