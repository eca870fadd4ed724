//! Who has looked at a case, from what is written down of every look: for the case's page, and in words for the family.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    casework::{CaseworkError, Office},
    clock::{london_date, long_date},
    ids::Uuid,
    procedure::independence::Directory,
    store::{
        Tx,
        officers::{self, LookRow},
    },
    web::access::Role,
};

/// So many days are named one by one.
const DAYS_NAMED: usize = 3;

/// Somebody who has looked at a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Their account.
    pub officer: Uuid,
    /// Their name.
    pub name: String,
    /// Their work address.
    pub email: String,
    /// What they are.
    pub role: &'static str,
    /// They may still sign in.
    pub active: bool,
    /// When they looked first.
    pub first_at: DateTime<Utc>,
    /// When they looked last.
    pub last_at: DateTime<Utc>,
    /// How often.
    pub times: u64,
    /// On which days in London.
    pub days: BTreeSet<NaiveDate>,
}

/// Who has looked at the case, its files and its letters on paper, whoever looked first before the others.
///
/// # Errors
///
/// The database's.
pub async fn looks(tx: &mut Tx, case: Uuid) -> Result<Vec<Look>, CaseworkError> {
    Ok(by_person(officers::looks(tx, case).await?))
}

/// The same in words for the family, one a line.
///
/// # Errors
///
/// The database's.
pub async fn in_words(office: &Office, tx: &mut Tx, case: Uuid) -> Result<Vec<String>, CaseworkError> {
    let looks = looks(tx, case).await?;
    Ok(looks.iter().map(|look| words(look, &office.directory, office.name_staff)).collect())
}

/// Looks in the order of time, by who looked.
fn by_person(rows: Vec<LookRow>) -> Vec<Look> {
    let mut looks: Vec<Look> = Vec::new();
    for row in rows {
        let day = london_date(row.at);
        if let Some(known) = looks.iter_mut().find(|look| look.officer == row.officer_id) {
            known.last_at = row.at;
            known.times += 1;
            known.days.insert(day);
            continue;
        }
        looks.push(Look {
            officer: row.officer_id,
            role: row.role.parse().map_or("Member of staff", Role::shown),
            name: row.name,
            email: row.email,
            active: row.active,
            first_at: row.at,
            last_at: row.at,
            times: 1,
            days: BTreeSet::from([day]),
        });
    }
    looks
}

/// What the family is told of somebody who looked: what they are, their team, on which days; their name only where the council says so.
fn words(look: &Look, directory: &Directory, by_name: bool) -> String {
    let team = directory.by_email(&look.email).map(|one| one.team.clone()).filter(|team| !team.is_empty());
    let role = if by_name { look.role.to_lowercase() } else { look.role.to_owned() };
    let who: Vec<String> = Some(look.name.clone()).filter(|_| by_name).into_iter().chain([role]).chain(team).collect();
    format!("{}: {}", who.join(", "), days(&look.days))
}

/// "on Friday 20 November 2026 and Monday 23 November 2026".
fn days(days: &BTreeSet<NaiveDate>) -> String {
    let named: Vec<String> = days.iter().map(|day| long_date(*day)).collect();
    match named.as_slice() {
        [] => String::new(),
        [one] => format!("on {one}"),
        [first, .., last] if named.len() > DAYS_NAMED => format!("on {} days, from {first} to {last}", named.len()),
        [others @ .., last] => format!("on {} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procedure::independence::Staff;

    fn row(officer: u128, at: &str) -> LookRow {
        let role = if officer == 1 { "officer" } else { "complaints_manager" };
        LookRow {
            officer_id: Uuid::from_u128(officer),
            name: format!("Person {officer}"),
            email: format!("p{officer}@x.example"),
            role: role.into(),
            active: officer == 1,
            at: at.parse().unwrap(),
        }
    }

    #[test]
    fn each_person_stands_once_with_the_first_and_last_look_and_how_often() {
        let rows = vec![
            row(1, "2026-11-20T10:00:00Z"),
            row(2, "2026-11-20T11:00:00Z"),
            // Half past midnight in summer would be another day; in winter it is not.
            row(1, "2026-11-20T23:30:00Z"),
            row(1, "2026-11-23T09:00:00Z"),
        ];
        let looks = by_person(rows);
        let shown: Vec<_> = looks.iter().map(|one| (one.name.as_str(), one.role, one.times, one.days.len())).collect();
        assert_eq!(shown, [("Person 1", "Complaints officer", 3, 2), ("Person 2", "Complaints manager", 1, 1)]);
        assert_eq!(looks[0].last_at, "2026-11-23T09:00:00Z".parse::<DateTime<Utc>>().unwrap());
    }

    #[test]
    fn the_family_hears_role_team_and_days_and_names_only_where_the_council_says_so() {
        let staff = Staff {
            email: "p1@x.example".into(),
            name: "Person 1".into(),
            job: "Officer".into(),
            team: "Complaints team".into(),
            manager: None,
        };
        let directory = Directory::new(vec![staff]);
        let looks = by_person(vec![row(1, "2026-11-20T10:00:00Z"), row(1, "2026-11-23T09:00:00Z")]);
        assert_eq!(
            words(&looks[0], &directory, false),
            "Complaints officer, Complaints team: on Friday 20 November 2026 and Monday 23 November 2026"
        );
        assert!(words(&looks[0], &directory, true).starts_with("Person 1, complaints officer, Complaints team: on "));
        let many = (20..26).map(|day| row(2, &format!("2026-11-{day}T10:00:00Z"))).collect();
        assert_eq!(
            words(&by_person(many)[0], &directory, false),
            "Complaints manager: on 6 days, from Friday 20 November 2026 to Wednesday 25 November 2026"
        );
    }
}
