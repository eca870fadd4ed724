//! Who may not deal with a case: the person it is about, whoever received it about themselves, and – unless a reason is written
//! down – their line manager. Pure.
//!
//! Sources: LGSCO Complaint Handling Code 5.4 (independent, conflict of interest managed). That a line manager needs a reason is the
//! project's own rule.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{case::CaseFile, event::Named};

/// The rule that refusals name.
pub const RULE: &str = "LGSCO Complaint Handling Code 5.4";

/// One member of staff, as the staff directory has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Work address, in lower case.
    pub email: String,
    /// Name.
    pub name: String,
    /// What they are.
    pub job: String,
    /// Where they work.
    pub team: String,
    /// Their line manager's work address, in lower case.
    pub manager: Option<String>,
}

/// Everybody whom a complaint may be about.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    staff: Vec<Staff>,
    /// The words of each one's name.
    names: Vec<Vec<String>>,
    /// How many bear a surname.
    surnames: HashMap<String, usize>,
}

/// Why what was typed is nobody in the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// Nobody is called that.
    Nobody,
    /// Several are called that.
    Several,
}

/// Why somebody may not deal with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// It is about them, or may be.
    Subject,
    /// It is about somebody whose line manager they are.
    LineManager,
}

impl Bar {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::LineManager => "line-manager",
        }
    }
}

impl Directory {
    /// A directory of these.
    #[must_use]
    pub fn new(staff: Vec<Staff>) -> Self {
        let names: Vec<Vec<String>> = staff.iter().map(|one| words(&one.name)).collect();
        let mut surnames = HashMap::new();
        for surname in names.iter().filter_map(|name| name.last()) {
            *surnames.entry(surname.clone()).or_insert(0) += 1;
        }
        Self { staff, names, surnames }
    }

    /// Everybody in it.
    #[must_use]
    pub fn all(&self) -> &[Staff] {
        &self.staff
    }

    /// Who has this address.
    #[must_use]
    pub fn by_email(&self, email: &str) -> Option<&Staff> {
        self.staff.iter().find(|one| one.email.eq_ignore_ascii_case(email.trim()))
    }

    /// Who is meant by an address or a name as an officer types it.
    ///
    /// # Errors
    ///
    /// [`NotFound`].
    pub fn find(&self, typed: &str) -> Result<&Staff, NotFound> {
        if let Some(one) = self.by_email(typed) {
            return Ok(one);
        }
        let wanted = words(typed);
        let mut found = self.staff.iter().zip(&self.names).filter(|(_, name)| **name == wanted).map(|(one, _)| one);
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            (Some(_), Some(_)) => Err(NotFound::Several),
            (None, _) => Err(NotFound::Nobody),
        }
    }

    /// Who is named in what somebody wrote: by their whole name, by a title and a surname that only they bear, or by their address.
    /// The line in which somebody is greeted says whom it is written to, not whom it is about. `besides` are others who may bear
    /// the same surname.
    #[must_use]
    pub fn named_in(&self, text: &str, besides: &Self) -> Vec<Named> {
        let lines: Vec<&str> = text.lines().filter(|line| !is_greeting(line)).collect();
        let told: Vec<(String, &str)> =
            lines.iter().flat_map(|line| words(line).into_iter().map(move |word| (word, *line))).collect();
        let heard: HashSet<&str> = told.iter().map(|(word, _)| word.as_str()).collect();
        let lowered = lines.join("\n").to_lowercase();
        let bearers = |surname: &str| {
            let among = |directory: &Self| directory.surnames.get(surname).copied().unwrap_or(0);
            among(self) + among(besides)
        };
        let mut named = Vec::new();
        for (one, name) in self.staff.iter().zip(&self.names) {
            let Some(surname) = name.last() else { continue };
            let because = if heard.contains(surname.as_str()) {
                let whole = if name.len() < 2 { None } else { place(&told, name) };
                whole.or_else(|| by_title(&told, surname).filter(|_| bearers(surname) == 1)).map(str::to_owned)
            } else {
                None
            };
            let because = because.or_else(|| {
                let line = || lines.iter().find(|line| line.to_lowercase().contains(&one.email));
                lowered.contains(&one.email).then(|| line().map_or_else(String::new, |line| (*line).to_owned()))
            });
            if let Some(because) = because {
                let because = because.trim().chars().take(SHOWN_CHARS).collect();
                named.push(Named { email: one.email.clone(), name: one.name.clone(), because });
            }
        }
        named
    }
}

/// The line in which a title stands before this surname.
fn by_title<'t>(told: &[(String, &'t str)], surname: &str) -> Option<&'t str> {
    TITLES.iter().find_map(|title| place(told, &[(*title).to_owned(), surname.to_owned()]))
}

/// Longest line that is shown as the reason, in characters.
const SHOWN_CHARS: usize = 240;
const TITLES: [&str; 8] = ["mr", "mrs", "ms", "miss", "mx", "dr", "cllr", "councillor"];
const GREETINGS: [&str; 8] = ["dear", "hi", "hello", "hey", "hiya", "good", "morning", "afternoon"];
/// Most words of a line that only greets.
const GREETING_WORDS: usize = 6;

fn is_greeting(line: &str) -> bool {
    let words = words(line);
    words.len() <= GREETING_WORDS && words.first().is_some_and(|first| GREETINGS.contains(&first.as_str()))
}

/// The words of a text in lower case, without a possessive ending.
fn words(text: &str) -> Vec<String> {
    let apart = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'' | '’'));
    let clean = |word: &str| {
        let word = word.to_lowercase().replace('’', "'");
        word.strip_suffix("'s").unwrap_or(&word).trim_matches('\'').to_owned()
    };
    text.split(apart).map(clean).filter(|word| !word.is_empty()).collect()
}

/// The line in which `wanted` stand one after the other.
fn place<'t>(told: &[(String, &'t str)], wanted: &[String]) -> Option<&'t str> {
    let stands = |window: &[(String, &str)]| window.iter().map(|(word, _)| word).eq(wanted);
    told.windows(wanted.len()).find(|window| stands(window)).and_then(|window| window.first()).map(|(_, line)| *line)
}

/// Who may not deal with `case`, by their addresses, and why.
#[must_use]
pub fn barred(case: &CaseFile, directory: &Directory) -> BTreeMap<String, Bar> {
    let mut barred = BTreeMap::new();
    for (email, subject) in &case.subjects {
        if subject.standing.is_confirmed()
            && let Some(manager) = directory.by_email(email).and_then(|one| one.manager.clone())
            && !case.admitted.contains_key(&manager)
        {
            barred.entry(manager).or_insert(Bar::LineManager);
        }
        if subject.standing.bars() {
            barred.insert(email.clone(), Bar::Subject);
        }
    }
    barred
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> Directory {
        let one = |name: &str, email: &str, manager: Option<&str>| Staff {
            email: format!("{email}@calderbeck.example"),
            name: name.into(),
            job: String::new(),
            team: String::new(),
            manager: manager.map(|manager| format!("{manager}@calderbeck.example")),
        };
        Directory::new(vec![
            one("Helen Marsh", "helen.marsh", Some("peter.hale")),
            one("Peter Hale", "peter.hale", None),
            one("Ann O’Brien-Cole", "ann.cole", None),
            one("Tom Webb", "tom.webb", None),
            one("Sue Webb", "sue.webb", None),
        ])
    }

    fn named(text: &str) -> Vec<String> {
        directory().named_in(text, &Directory::default()).into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn people_are_named_by_name_by_title_or_by_address() {
        assert_eq!(named("It was HELEN marsh who said so."), ["Helen Marsh"]);
        assert_eq!(named("We rely on Helen\nMarsh's word."), ["Helen Marsh"], "over the end of a line");
        assert_eq!(named("Mr Hale never rang. Ann O'Brien-Cole did."), ["Peter Hale", "Ann O’Brien-Cole"]);
        assert_eq!(named("I wrote to helen.marsh@calderbeck.example twice"), ["Helen Marsh"]);
        assert_eq!(named("Mrs Webb never rang."), Vec::<String>::new(), "two bear that name");
        assert_eq!(named("Helen never rang. Marsh Lane is closed. Peters Hales."), Vec::<String>::new());
    }

    #[test]
    fn whom_a_message_greets_it_is_written_to() {
        assert_eq!(named("Dear Helen Marsh,\nthe taxi did not come."), Vec::<String>::new());
        assert_eq!(named("Dear Mr Hale,\nHelen Marsh has not rung."), ["Helen Marsh"]);
        let because = |text: &str| directory().named_in(text, &Directory::default()).remove(0).because;
        assert_eq!(because("Hello\nToday  Helen Marsh came late.\nBye"), "Today  Helen Marsh came late.");
    }

    #[test]
    fn a_typed_name_or_address_is_one_person_or_says_why_not() {
        let directory = directory();
        let found = |typed| directory.find(typed).map(|one| one.name.as_str());
        assert_eq!(found(" Helen.Marsh@calderbeck.example "), Ok("Helen Marsh"));
        assert_eq!(found("ann o'brien-cole"), Ok("Ann O’Brien-Cole"));
        assert_eq!(found("Webb"), Err(NotFound::Nobody));
    }
}
