//! Joint complaints: cases of several families with one problem are tied together. Each keeps its own clock, letters and
//! outcome, and nobody sees another family's.

use chrono::{DateTime, Utc};

use super::{CaseworkError, Office, act, fold};
use crate::{
    ids::Uuid,
    procedure::decide::{Command, Refusal},
    store::{Tx, cases, corrections, joint},
};

/// Ties cases together, in the joint complaint that some of them are in or in a new one called `title`. Returns its reference.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn tie(
    office: &Office,
    tx: &mut Tx,
    chosen: &[Uuid],
    title: &str,
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<String, CaseworkError> {
    let (mut alone, mut there, mut tied) = (Vec::new(), Vec::new(), 0);
    for case in chosen {
        let case = corrections::stands_for(tx, *case).await?;
        let file = fold(&cases::history(tx, case).await?, case)?;
        match file.joint {
            Some(joint) => {
                tied += 1;
                there.push(joint);
            }
            None if !alone.contains(&case) => alone.push(case),
            None => {}
        }
    }
    there.sort();
    there.dedup();
    if alone.len() + tied < 2 || alone.is_empty() {
        return Err(Refusal::TooFewToTie.into());
    }
    let (id, reference) = match there.as_slice() {
        [] => {
            let id = Uuid::now_v7();
            (id, joint::open(tx, id, title, by, now).await?)
        }
        [one] => one.clone(),
        _ => return Err(Refusal::SeveralJoints.into()),
    };
    for case in alone {
        let command = Command::Tie { joint: id, reference: reference.clone() };
        act(office, tx, case, None, Some(by), &command, now).await?;
    }
    Ok(reference)
}
