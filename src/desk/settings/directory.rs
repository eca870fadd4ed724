//! The staff directory as officers see it.

use std::collections::BTreeMap;

use super::{Answer, StoreSettings};
use crate::{
    procedure::{independence::Staff, staff_faults::faults},
    store::officers,
    web::{
        access::{Ask, Role, permit},
        settings_views::{DirectoryView, StaffRow},
    },
};

/// How many people the page shows.
const MOST: usize = 200;

pub(super) async fn view(desk: &StoreSettings, search: &str) -> Answer<DirectoryView> {
    let accounts = officers::all(&mut desk.store.begin_read().await?).await?;
    let directory = &desk.office.directory;
    let role = |row: &officers::Officer| row.role.parse::<Role>().ok();
    // Whoever sees no case can be in none.
    let works = |row: &&officers::Officer| {
        row.active && role(row).is_some_and(|role| permit(role, row.id, Ask::ReadCases).is_ok())
    };
    let working: Vec<String> = accounts.iter().filter(works).map(|row| row.email.to_lowercase()).collect();
    let by_email: BTreeMap<String, &officers::Officer> =
        accounts.iter().map(|row| (row.email.to_lowercase(), row)).collect();
    let wanted: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let mut found: Vec<&Staff> = directory.all().iter().filter(|one| is_found(one, &wanted)).collect();
    found.sort_by_key(|one| (one.name.to_lowercase(), &one.email));
    let rows = found.iter().take(MOST).map(|one| {
        let account = by_email.get(&one.email);
        let manager = one.manager.as_ref();
        StaffRow {
            name: one.name.clone(),
            email: one.email.clone(),
            job: one.job.clone(),
            team: one.team.clone(),
            manager: manager.map(|at| directory.by_email(at).map_or_else(|| at.clone(), |known| known.name.clone())),
            account: account.and_then(|row| role(row)).map(Role::shown),
            closed: account.is_some_and(|row| !row.active),
        }
    });
    Ok(DirectoryView {
        search: search.to_owned(),
        people: directory.all().len(),
        found: found.len(),
        rows: rows.collect(),
        faults: faults(directory, working.iter().map(String::as_str)).iter().map(|fault| fault.words()).collect(),
        file: desk.directory.as_ref().map(|file| file.display().to_string()),
    })
}

/// Whether each of the words stands in what the directory says of them.
fn is_found(one: &Staff, wanted: &[String]) -> bool {
    let parts = [one.name.as_str(), &one.email, &one.job, &one.team].map(str::to_lowercase);
    wanted.iter().all(|word| parts.iter().any(|part| part.contains(word)))
}
