//! When a case is closed, what was done because of it is kept as a proposal for "what we changed": the words of the action without the
//! names that we know. An officer makes a line of it, or drops it; nothing is shown by itself.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{CaseworkError, Office};
use crate::{
    ids::Uuid,
    procedure::{case::CaseFile, course::Action, event::Taken, state::State},
    replies::blackout::Names,
    store::{
        Tx,
        cases::{self, CaseRow},
        corrections, officers, people, proposals,
    },
};

/// Parts of a name that are shorter are in too many words (characters).
const SHORTEST_PART: usize = 3;

/// Keeps what was done in a case that is closed; what is taken back goes.
pub(super) async fn keep(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    case: &CaseFile,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    if State::of(case) != State::Closed || case.course.actions.is_empty() {
        return Ok(());
    }
    let mut names = None;
    for (number, action) in (1..).zip(&case.course.actions) {
        if !is_done(action) {
            proposals::undone(tx, row.id, number).await?;
            continue;
        }
        if names.is_none() {
            names = Some(names_of(office, tx, row, case).await?);
        }
        let clean =
            names.as_ref().map_or_else(String::new, |names| names.black_out(action.text.trim(), &mut BTreeSet::new()));
        proposals::put(tx, row.id, number, &clean, now).await?;
    }
    Ok(())
}

fn is_done(action: &Action) -> bool {
    action.done.is_some() && action.taken != Some(Taken::Rejected)
}

/// The names that we know: of the family, of children, of others in the case, of staff.
async fn names_of(office: &Office, tx: &mut Tx, row: &CaseRow, case: &CaseFile) -> Result<Names, CaseworkError> {
    let mut known: Vec<String> = proposals::case_names(tx, row.id).await?;
    let mut contacts: BTreeSet<Uuid> = corrections::parties(tx, row.id).await?.into_iter().collect();
    contacts.extend(row.complainant_id);
    contacts.extend(row.answered_id);
    for contact in contacts {
        known.extend(cases::contact_details(tx, contact).await?.name);
        known.extend(people::addresses(tx, contact).await?.into_iter().map(|(_, address)| address));
    }
    known.extend(case.group.iter().flat_map(|group| &group.members).filter_map(|member| member.name.clone()));
    known.extend(case.subjects.values().map(|subject| subject.name.clone()));
    known.extend(case.course.people.iter().map(|(_, person)| person.name.clone()));
    known.extend(office.directory.all().iter().map(|one| one.name.clone()));
    known.extend(officers::all(tx).await?.into_iter().map(|one| one.name));
    let mut names = Names::default();
    for name in &known {
        let long = |part: &&str| part.chars().count() >= SHORTEST_PART;
        let parts = name.split_whitespace().filter(long).filter(|_| !name.contains('@'));
        names.add([name.as_str()].into_iter().filter(|name| !name.trim().is_empty()).chain(parts));
    }
    Ok(names)
}
