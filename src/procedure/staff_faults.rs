//! What is wrong with the staff directory: each fault lets somebody deal with a case that they should be kept out of, or keeps
//! nobody's name from standing for two. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::independence::Directory;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StaffFault {
    /// Somebody's line manager stands nowhere in it.
    UnknownManager {
        /// Whose, by address.
        email: String,
        /// The manager's address.
        manager: String,
    },
    /// Somebody is named as their own line manager.
    OwnManager {
        /// Who, by address.
        email: String,
    },
    /// A chain of line managers leads back to where it began.
    Circle {
        /// Those in it, by address, in the order of the chain.
        emails: Vec<String>,
    },
    /// Two or more bear one name: a message that names it may be about either.
    SameName {
        /// The name.
        name: String,
        /// Who, by address.
        emails: Vec<String>,
    },
    /// Somebody works cases and stands nowhere in it: their line manager is not known.
    NotInIt {
        /// Who, by address.
        email: String,
    },
}

impl StaffFault {
    /// What is wrong, and what it leads to, as a sentence.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::UnknownManager { email, manager } => format!(
                "{manager} is named as the line manager of {email} and stands in no line: correct the address, or add a line."
            ),
            Self::OwnManager { email } => {
                format!("{email} is named as their own line manager: name another, or leave line_manager empty.")
            }
            Self::Circle { emails } => format!(
                "{} manage each other in a circle: leave line_manager empty for whoever has nobody above them here.",
                emails.join(", ")
            ),
            Self::SameName { name, emails } => format!(
                "{} share the name {name}: when a message names it, an officer has to say who is meant.",
                emails.join(" and ")
            ),
            Self::NotInIt { email } => {
                format!("{email} has an account and stands in no line: add one, so that their line manager is known.")
            }
        }
    }
}

/// All that is wrong with `directory`; `working` are the addresses of accounts that work cases.
#[must_use]
pub fn faults<'a>(directory: &Directory, working: impl IntoIterator<Item = &'a str>) -> Vec<StaffFault> {
    let managers: BTreeMap<&str, &str> =
        directory.all().iter().filter_map(|one| Some((one.email.as_str(), one.manager.as_deref()?))).collect();
    let mut found = BTreeSet::new();
    for (email, manager) in &managers {
        if email == manager {
            found.insert(StaffFault::OwnManager { email: (*email).to_owned() });
        } else if directory.by_email(manager).is_none() {
            let (email, manager) = ((*email).to_owned(), (*manager).to_owned());
            found.insert(StaffFault::UnknownManager { email, manager });
        }
        if let Some(emails) = circle(&managers, email) {
            found.insert(StaffFault::Circle { emails });
        }
    }
    let mut names: BTreeMap<String, (&str, Vec<String>)> = BTreeMap::new();
    for one in directory.all() {
        let key = one.name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        names.entry(key).or_insert((&one.name, Vec::new())).1.push(one.email.clone());
    }
    let same = names.into_values().filter(|(_, emails)| emails.len() > 1);
    found.extend(same.map(|(name, emails)| StaffFault::SameName { name: name.to_owned(), emails }));
    // Without a directory there is nothing that they could be missing from.
    if !directory.all().is_empty() {
        let missing = working.into_iter().filter(|email| directory.by_email(email).is_none());
        found.extend(missing.map(|email| StaffFault::NotInIt { email: email.to_lowercase() }));
    }
    found.into_iter().collect()
}

/// The circle of line managers that begins and ends with `first`, if it is the first of those in it by address.
fn circle(managers: &BTreeMap<&str, &str>, first: &str) -> Option<Vec<String>> {
    let mut chain = vec![first];
    while let Some(manager) = managers.get(chain.last()?) {
        if *manager == first {
            return (chain.len() > 1 && chain.iter().min() == Some(&first))
                .then(|| chain.into_iter().map(str::to_owned).collect());
        }
        if chain.contains(manager) {
            return None;
        }
        chain.push(manager);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procedure::independence::Staff;

    fn directory(lines: &[(&str, &str, &str)]) -> Directory {
        let staff = lines.iter().map(|(email, name, manager)| Staff {
            email: (*email).to_owned(),
            name: (*name).to_owned(),
            job: String::new(),
            team: String::new(),
            manager: Some((*manager).to_owned()).filter(|manager| !manager.is_empty()),
        });
        Directory::new(staff.collect())
    }

    #[test]
    fn each_fault_is_found_once_and_says_what_to_do() {
        let found = faults(
            &directory(&[
                ("a@x", "Ann Lee", "gone@x"),
                ("b@x", "Bo Rae", "b@x"),
                ("c@x", "Cy Dun", "d@x"),
                ("d@x", "Di Fox", "e@x"),
                ("e@x", "Ed Gill", "c@x"),
                ("f@x", "ann  lee", "c@x"),
            ]),
            ["a@x", "z@x"],
        );
        let owned = |emails: &[&str]| emails.iter().map(|email| (*email).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            found,
            [
                StaffFault::UnknownManager { email: "a@x".into(), manager: "gone@x".into() },
                StaffFault::OwnManager { email: "b@x".into() },
                StaffFault::Circle { emails: owned(&["c@x", "d@x", "e@x"]) },
                StaffFault::SameName { name: "Ann Lee".into(), emails: owned(&["a@x", "f@x"]) },
                StaffFault::NotInIt { email: "z@x".into() },
            ]
        );
        assert!(found.iter().all(|fault| fault.words().ends_with('.')));
    }

    #[test]
    fn a_sound_directory_and_none_at_all_have_no_faults() {
        assert!(faults(&directory(&[("a@x", "Ann Lee", "b@x"), ("b@x", "Bo Rae", "")]), ["a@x"]).is_empty());
        assert!(faults(&Directory::default(), ["a@x"]).is_empty());
    }
}
