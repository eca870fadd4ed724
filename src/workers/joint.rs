//! Looks over the open cases for problems that several families have, and suggests them as joint complaints. Nothing follows
//! from a suggestion: an officer ties the cases, or says that it is none.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use super::Engine;
use crate::{
    casework::Office,
    ids::Uuid,
    labelling::labels::Suggestion,
    matching::{
        joint::{
            Case, Group, OPEN_DAYS, suggest,
            telling::{Message, Telling},
        },
        near::{names_in, recipients_of},
    },
    store::{
        Stored, Tx,
        joint::{self, Made, OpenMessage},
        near,
    },
};

/// How often it is asked whether a case has changed.
const EVERY: Duration = Duration::from_secs(30);
/// Cases that two groups have in common when they are one, grown since.
const SAME_GROUP: usize = 2;

/// Looks until `stop`.
pub(super) async fn run(engine: Engine, stop: CancellationToken) {
    let mut seen = None;
    while super::sleep(None, EVERY, &stop).await {
        match changed(&engine, &mut seen).await {
            Ok(false) => {}
            Ok(true) => {
                if let Err(error) = look(&engine, engine.clock.now()).await {
                    tracing::warn!(%error, "joint complaints were not looked for");
                    seen = None;
                }
            }
            Err(error) => tracing::warn!(%error, "joint complaints were not looked for"),
        }
    }
}

async fn changed(engine: &Engine, seen: &mut Option<(i64, Option<DateTime<Utc>>)>) -> Stored<bool> {
    let since = engine.clock.now() - TimeDelta::days(OPEN_DAYS);
    let state = joint::state_of_cases(&mut engine.store.begin_read().await?, since).await?;
    Ok(seen.replace(state) != Some(state))
}

/// Looks once, as at `now`.
///
/// # Errors
///
/// The database's.
pub async fn look(engine: &Engine, now: DateTime<Utc>) -> Stored<()> {
    let since = now - TimeDelta::days(OPEN_DAYS);
    let messages = joint::said_in_open_cases(&mut engine.store.begin_read().await?, since).await?;
    let office = engine.office.clone();
    // Some hundred milliseconds of reading where there are thousands of cases: not on the thread that serves pages.
    let groups = match tokio::task::spawn_blocking(move || suggest(&cases(&office, &messages))).await {
        Ok(groups) => groups,
        Err(error) => {
            tracing::error!(%error, "looking for joint complaints ended unexpectedly");
            return Ok(());
        }
    };
    let mut tx = engine.store.begin().await?;
    near::take_turn(&mut tx, "joint complaints").await?;
    for change in changes(&groups, &joint::made(&mut tx).await?, &joint::tied(&mut tx).await?) {
        write(&mut tx, change, now).await?;
    }
    tx.commit().await
}

fn cases(office: &Office, messages: &[OpenMessage]) -> Vec<Case<Uuid>> {
    let mut cases: BTreeMap<Uuid, Case<Uuid>> = BTreeMap::new();
    for OpenMessage { case_id, complainant_id, message } in messages {
        let (reading, body) = (&*message.reading, message.body.as_deref());
        let case = cases.entry(*case_id).or_insert_with(|| Case {
            key: *case_id,
            family: complainant_id.unwrap_or(*case_id),
            telling: Telling::default(),
        });
        if body.is_some_and(|body: &Suggestion| !body.act.is_dissatisfaction()) {
            continue;
        }
        let (name, address) = (message.author_name.as_deref(), message.author_address.as_deref());
        let (said, names) = names_in(office, &message.mailbox, message.channel == "chat", reading, name, address);
        let mut recipients = recipients_of(reading);
        // The council's own name says nothing of a problem either.
        recipients.extend(office.staff_domains.iter().filter_map(|domain| domain.split('.').next()).map(str::to_owned));
        case.telling.add(Message {
            at: message.received_at,
            subject: &said.subject,
            text: &said.text,
            names: &names,
            recipients: &recipients,
            themes: body.map(|body| body.themes.as_slice()).unwrap_or_default(),
        });
    }
    cases.into_values().collect()
}

#[derive(Clone, Debug, PartialEq)]
enum Change {
    Suggest(Made),
    Withdraw(Uuid),
}

/// What must be written so that the suggestions are those of `groups`. What officers decided is not suggested to them again
/// unless more cases have come to it. Pure.
fn changes(groups: &[Group<Uuid>], made: &[Made], tied: &[(Uuid, Uuid)]) -> Vec<Change> {
    let tied: BTreeMap<Uuid, Uuid> = tied.iter().copied().collect();
    let mut changes = Vec::new();
    let mut kept: BTreeSet<Uuid> = BTreeSet::new();
    for group in groups {
        let cases: BTreeSet<Uuid> = group.cases.iter().copied().collect();
        let in_joints: BTreeSet<Option<Uuid>> = cases.iter().map(|case| tied.get(case).copied()).collect();
        let settled = in_joints.len() == 1 && !in_joints.contains(&None);
        let refused =
            made.iter().any(|old| old.state == "refused" && cases.iter().all(|case| old.cases.contains(case)));
        if settled || refused {
            continue;
        }
        let common = |old: &Made| old.cases.iter().filter(|case| cases.contains(*case)).count();
        let old = made.iter().filter(|old| old.state == "open" && !kept.contains(&old.id));
        let old = old.filter(|old| common(old) >= SAME_GROUP).max_by_key(|old| common(old));
        if let Some(old) = old {
            kept.insert(old.id);
            // Other cases may make its words commoner: what was seen to belong stays.
            if cases.iter().all(|case| old.cases.contains(case)) {
                continue;
            }
        }
        let earlier = old.into_iter().flat_map(|old| old.cases.iter().copied());
        let cases: Vec<Uuid> = cases.iter().copied().chain(earlier).collect::<BTreeSet<_>>().into_iter().collect();
        changes.push(Change::Suggest(Made {
            id: old.map_or_else(Uuid::now_v7, |old| old.id),
            state: "open".to_owned(),
            title: group.title(),
            why: group.why.clone(),
            standing: cases.len(),
            cases,
        }));
    }
    for old in made.iter().filter(|old| old.state == "open" && !kept.contains(&old.id)) {
        // One that nobody has looked at yet stays although its cases have grown old, or other cases make its words commoner;
        // one whose cases were closed, or tied by themselves, does not.
        if old.standing < SAME_GROUP || old.cases.iter().all(|case| tied.contains_key(case)) {
            changes.push(Change::Withdraw(old.id));
        }
    }
    changes
}

async fn write(tx: &mut Tx, change: Change, now: DateTime<Utc>) -> Stored<()> {
    match change {
        Change::Suggest(made) => joint::suggest(tx, &made, now).await,
        Change::Withdraw(id) => joint::withdraw(tx, id).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn group(cases: &[u128]) -> Group<Uuid> {
        Group {
            cases: cases.iter().copied().map(id).collect(),
            families: cases.len(),
            from: DateTime::UNIX_EPOCH,
            to: DateTime::UNIX_EPOCH,
            theme: None,
            things: vec!["S9".into()],
            words: Vec::new(),
            why: format!("{} families; they name S9", cases.len()),
        }
    }

    fn made(state: &str, cases: &[u128]) -> Made {
        let group = group(cases);
        let (title, why) = (group.title(), group.why);
        Made { id: id(1), state: state.into(), title, why, cases: group.cases, standing: cases.len() }
    }

    fn suggested(changes: &[Change]) -> Vec<(bool, usize)> {
        changes
            .iter()
            .map(|change| match change {
                Change::Suggest(made) => (made.id == id(1), made.cases.len()),
                Change::Withdraw(_) => (false, 0),
            })
            .collect()
    }

    #[test]
    fn what_is_new_is_suggested_once_and_grows() {
        assert_eq!(suggested(&changes(&[group(&[11, 12, 13])], &[], &[])), [(false, 3)]);
        assert!(changes(&[group(&[11, 12, 13])], &[made("open", &[11, 12, 13])], &[]).is_empty());
        assert_eq!(suggested(&changes(&[group(&[11, 12, 13, 14])], &[made("open", &[11, 12, 13])], &[])), [(true, 4)]);
        // What was seen to belong stays.
        assert!(changes(&[group(&[11, 12, 13])], &[made("open", &[11, 12, 13, 14])], &[]).is_empty());
        assert_eq!(suggested(&changes(&[group(&[12, 13, 15])], &[made("open", &[11, 12, 13])], &[])), [(true, 4)]);
        // One case in common is another problem.
        assert_eq!(suggested(&changes(&[group(&[13, 14, 15])], &[made("open", &[11, 12, 13])], &[])), [(false, 3)]);
    }

    #[test]
    fn a_no_holds_until_more_come() {
        let refused = [made("refused", &[11, 12, 13])];
        assert!(changes(&[group(&[11, 12, 13])], &refused, &[]).is_empty());
        assert!(changes(&[group(&[11, 12])], &refused, &[]).is_empty());
        assert_eq!(suggested(&changes(&[group(&[11, 12, 13, 14])], &refused, &[])), [(false, 4)]);
    }

    #[test]
    fn what_is_tied_is_not_suggested_and_who_is_missing_there_is() {
        let tied = [(id(11), id(5)), (id(12), id(5)), (id(13), id(5))];
        assert!(changes(&[group(&[11, 12, 13])], &[made("tied", &[11, 12, 13])], &tied).is_empty());
        assert_eq!(suggested(&changes(&[group(&[11, 12, 13, 14])], &[], &tied)), [(false, 4)]);
        // Tied by hand, the suggestion has had its answer.
        assert_eq!(changes(&[], &[made("open", &[11, 12, 13])], &tied), [Change::Withdraw(id(1))]);
    }

    #[test]
    fn a_suggestion_stays_while_its_cases_are_open_even_if_it_would_not_be_made_today() {
        assert!(changes(&[], &[made("open", &[11, 12, 13])], &[]).is_empty());
        let closed = Made { standing: 1, ..made("open", &[11, 12, 13]) };
        assert_eq!(changes(&[], &[closed], &[]), [Change::Withdraw(id(1))]);
    }
}
