//! How often the rule would decide as officers did, on the pairs of messages that a council's own officers have decided.

use std::fmt;

use serde::Serialize;

use super::{
    near::told_in,
    same::{Near, Verdict, verdict},
};
use crate::{
    casework::Office,
    store::{Stored, Tx, corrections, intake},
};

/// What the rule says of the pairs that officers decided in one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Agreed {
    /// Pairs.
    pub pairs: usize,
    /// It joins them.
    pub joined: usize,
    /// It asks an officer.
    pub asked: usize,
    /// It keeps them apart.
    pub apart: usize,
}

/// What the rule says of what officers decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Of what officers said is one matter.
    pub same: Agreed,
    /// Of what officers said is two.
    pub other: Agreed,
}

/// Looks at every pair that officers have decided. What the messages point at, such as a thread, is left out of account.
///
/// # Errors
///
/// The database's.
pub async fn agreement(office: &Office, tx: &mut Tx) -> Stored<Agreement> {
    let mut agreement = Agreement::default();
    for (one, other, same) in corrections::pairs(tx).await? {
        let (Some(new), Some(old)) = (intake::representation(tx, one).await?, intake::representation(tx, other).await?)
        else {
            continue;
        };
        let of_author = new.author_address.is_some() && new.author_address == old.author_address;
        let (said, said_before) = (intake::suggestion(tx, one).await?, intake::suggestion(tx, other).await?);
        let near = Near {
            of_author,
            open: true,
            dissatisfied: said_before.as_ref().is_none_or(|said| said.act.is_dissatisfaction()),
            days: (new.received_at - old.received_at).num_days(),
            messages: vec![told_in(office, &old, said_before.as_ref())],
        };
        let counts = if same { &mut agreement.same } else { &mut agreement.other };
        counts.pairs += 1;
        match verdict(&told_in(office, &new, said.as_ref()), &near) {
            Verdict::Same(..) => counts.joined += 1,
            Verdict::Possible(..) => counts.asked += 1,
            Verdict::Different => counts.apart += 1,
        }
    }
    Ok(agreement)
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, Agreed { pairs, joined, asked, apart }) in [("one matter", self.same), ("two matters", self.other)] {
            writeln!(
                f,
                "{pairs} pairs that officers decided are {what}: {joined} joined, {asked} asked about, {apart} kept apart"
            )?;
        }
        Ok(())
    }
}
