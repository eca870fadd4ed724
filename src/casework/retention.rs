//! How long a case is kept: what is due, what a complaints manager decides, and everything that says who taken out of a case. Rules:
//! [`crate::procedure::retention`].

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{CaseworkError, Office, act, fold};
use crate::{
    clock::london_date,
    ids::Uuid,
    procedure::{
        case::CaseFile,
        decide::{Command, Refusal},
        event::Retention,
        retention::{self as rules, Facts, NotKept, Stand},
    },
    replies::token::keyed_hash,
    store::{
        Store, Tx, cases,
        files::{ContentHash, FileStore, FilesError},
        independence::why_barred,
        retention::{self, Gone},
    },
};

/// Cases merged one into the next that go together.
const MOST_TOGETHER: usize = 100;
/// Before the key of a message of which nothing is left.
const ANONYMISED: &str = "anonymised:";

/// A case that something is to be said about.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Key.
    pub id: Uuid,
    /// Reference.
    pub reference: String,
    /// The case.
    pub case: CaseFile,
    /// What counts of it.
    pub facts: Facts,
    /// Where it stands.
    pub stand: Stand,
}

/// Whether `stand` belongs into the list of `today`: what is due or decided, what will be due soon, what a hold keeps.
fn is_near(stand: &Stand, today: NaiveDate, soon_days: u16) -> bool {
    match stand {
        Stand::Due { .. } | Stand::ByHand { .. } | Stand::ToAnonymise | Stand::Held => true,
        Stand::Kept { until, .. } => *until <= today + TimeDelta::days(soon_days.into()),
        Stand::GoesOn | Stand::Anonymised => false,
    }
}

/// Every case that `officer` may know of and that is due, will be soon, or is held; the longest due first. Without an officer all of
/// them, for whoever runs the program.
///
/// # Errors
///
/// [`CaseworkError`].
pub async fn due(
    office: &Office,
    tx: &mut Tx,
    officer: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<Vec<Listed>, CaseworkError> {
    let (schedule, today) = (&office.options.schedule, london_date(now));
    // Nothing is due that was opened later: it cannot have ended before.
    let days = i64::from(schedule.fewest_years()) * 365 - i64::from(schedule.soon_days);
    let before = today - TimeDelta::days(days - 1);
    let mut listed = Vec::new();
    for (id, reference) in retention::over(tx, before, officer.unwrap_or_default()).await? {
        let case = fold(&cases::history(tx, id).await?, id)?;
        let facts = Facts::of(&case);
        let stand = rules::stand(&facts, schedule, today);
        if is_near(&stand, today, schedule.soon_days) {
            listed.push(Listed { id, reference, case, facts, stand });
        }
    }
    listed.sort_by_key(|one| match &one.stand {
        Stand::Due { since, .. } | Stand::ByHand { since, .. } => *since,
        Stand::Kept { until, .. } => *until,
        _ => today,
    });
    Ok(listed)
}

/// By what a message is known when it comes again, of which nothing is left: `forgotten` is the keyed hash of its content key.
#[must_use]
pub fn anonymised_key(forgotten: &str) -> String {
    format!("{ANONYMISED}{forgotten}")
}

/// The cases that were merged into this one, those farthest away first.
async fn followers(tx: &mut Tx, id: Uuid) -> Result<Vec<(Uuid, Uuid)>, CaseworkError> {
    let mut all: Vec<(Uuid, Uuid)> = Vec::new();
    let mut at = 0;
    let mut here = id;
    loop {
        for other in retention::followers(tx, here).await? {
            if other != id && all.len() < MOST_TOGETHER && !all.iter().any(|(known, _)| *known == other) {
                all.push((other, here));
            }
        }
        let Some((next, _)) = all.get(at) else { break };
        here = *next;
        at += 1;
    }
    all.reverse();
    Ok(all)
}

/// Takes everything that says who out of a case that a complaints manager decided on, and of those merged into it. Returns how many
/// rows of which table went or were emptied.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn anonymise(
    office: &Office,
    tx: &mut Tx,
    (id, seen): (Uuid, Option<i64>),
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<Gone, CaseworkError> {
    let followers = followers(tx, id).await?;
    for one in followers.iter().map(|(one, _)| *one).chain([id]) {
        // Whoever is kept out of one of them is told what they would be told of no case.
        if why_barred(tx, one, by).await?.is_some() {
            return Err(CaseworkError::NotFound);
        }
        if retention::letters_wait(tx, one).await? {
            return Err(Refusal::from(NotKept::LettersWait).into());
        }
    }
    act(office, tx, id, seen, Some(by), &Command::Retention(Retention::Anonymised { with: None }), now).await?;
    for (one, into) in &followers {
        let step = Retention::Anonymised { with: Some(*into) };
        act(office, tx, *one, None, Some(by), &Command::Retention(step), now).await?;
    }
    let (mut gone, mut files, mut people) = (Gone::default(), Vec::new(), BTreeSet::new());
    for one in followers.iter().map(|(one, _)| *one).chain([id]) {
        empty(office, tx, one, now, (&mut gone, &mut files, &mut people)).await?;
    }
    for contact in people {
        retention::remove_person(tx, contact, &mut gone).await?;
    }
    files.sort();
    files.dedup();
    for file in files {
        retention::forget_file(tx, &file, now, &mut gone).await?;
    }
    Ok(gone)
}

async fn empty(
    office: &Office,
    tx: &mut Tx,
    id: Uuid,
    now: DateTime<Utc>,
    (gone, files, people): (&mut Gone, &mut Vec<String>, &mut BTreeSet<Uuid>),
) -> Result<(), CaseworkError> {
    people.extend(retention::contacts(tx, id).await?);
    for message in retention::messages(tx, id).await? {
        if let Some(address) = &message.author_address {
            people.extend(retention::contact_with(tx, address).await?);
        }
        let key = if message.content_key.starts_with(ANONYMISED) {
            message.content_key.clone()
        } else {
            anonymised_key(&keyed_hash(office.keys.current(), "forgotten", &message.content_key))
        };
        retention::empty_message(tx, &message, &key, (files, gone)).await?;
    }
    for recorded in cases::history(tx, id).await? {
        people.extend(rules::contacts_named(&recorded.event));
        let left = rules::anonymised(&recorded.event);
        if left != recorded.event {
            retention::put_event(tx, id, recorded.seq, &left, gone).await?;
        }
    }
    retention::empty_case(tx, id, now, (files, gone)).await?;
    Ok(())
}

/// Why files were not removed.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The database.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// The files folder.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// Removes the bytes of files that nothing names any more. Called once that is committed; what is interrupted goes on the next time.
///
/// # Errors
///
/// [`SweepError`]; what was not removed stays noted.
pub async fn sweep_files(store: &Store, files: &FileStore) -> Result<usize, SweepError> {
    let listed = retention::files_to_remove(&mut store.begin_read().await?).await?;
    let mut removed = 0;
    for (sha256, needed) in listed {
        if !needed && let Ok(hash) = sha256.parse::<ContentHash>() {
            files.delete(hash).await?;
            removed += 1;
        }
        let mut tx = store.begin().await?;
        retention::file_removed(&mut tx, &sha256).await?;
        tx.commit().await?;
    }
    Ok(removed)
}
