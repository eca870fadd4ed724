//! Open cases of several families that seem to have one problem: the same cancelled bus, the same absent worker, the same
//! house that closes, the same payment that did not come. Pure; an officer decides.
//!
//! Two things speak for it. Families name the same rare thing – a route, an operator, a place, a worker – at nearly the same
//! time, about nearly the same theme (`named.rs`). Or, without a name in common, so many write about one theme within
//! a few days, with a word in common, that it is hardly chance (`bursts.rs`).

mod alike;
mod bursts;
pub mod measure;
mod named;
mod tail;
pub mod telling;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use alike::{Ground, Known, related};
use bursts::bursts;
use named::named;
use telling::{Telling, is_code};

use super::same::capital;
use crate::{clock::london_date, labelling::labels::Theme};

/// Days back from now whose open cases are worth comparing.
pub const OPEN_DAYS: i64 = 120;
/// Families from which cases are suggested as a joint complaint.
pub const LEAST_FAMILIES: usize = 3;
/// Families that two groups have in common when they are one.
const ONE_GROUP: usize = 2;
/// Likeness from which a further case joins a group that stands by itself, and what its words must add to that: by the
/// theme and the days alone any two complaints about transport would be one.
const JOINS: f64 = 4.6;
const JOINS_BY_WORDS: f64 = 0.3;
/// Things and words that are shown of a group.
const MOST_SHOWN: usize = 4;

/// An open case that is dissatisfaction.
#[derive(Clone, Debug)]
pub struct Case<K> {
    /// Which.
    pub key: K,
    /// The same for all cases of one family, which count once: such as the key of its first case.
    pub family: K,
    /// What it tells.
    pub telling: Telling,
}

/// Cases that may be one problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<K> {
    /// The cases, in the order in which they came.
    pub cases: Vec<K>,
    /// How many families they are of: three or more.
    pub families: usize,
    /// When the earliest case came.
    pub from: DateTime<Utc>,
    /// When the latest case came.
    pub to: DateTime<Utc>,
    /// What they are mainly about, if it can be said of most of them.
    pub theme: Option<Theme>,
    /// What two or more of the families name, the commonest first, as officers read it; nobody's name of a family.
    pub things: Vec<String>,
    /// Words that bind them where they name nothing in common.
    pub words: Vec<String>,
    /// Why, for officers: a clause without a full stop.
    pub why: String,
}

impl<K> Group<K> {
    /// A few words to know it by: "Transport: LF7, Brightway".
    #[must_use]
    pub fn title(&self) -> String {
        let things = if self.things.is_empty() { &self.words } else { &self.things };
        let things: Vec<&str> = things.iter().take(2).map(String::as_str).collect();
        match self.theme {
            Some(theme) => format!("{}: {}", theme.shown(), things.join(", ")),
            None => things.join(", "),
        }
    }
}

/// A group by its cases' places, and what binds it.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub cases: BTreeSet<usize>,
    pub words: BTreeSet<String>,
}

/// The groups among `cases`, which should be those of the last [`OPEN_DAYS`]. The same whatever their order.
#[must_use]
pub fn suggest<K: Copy + Ord>(cases: &[Case<K>]) -> Vec<Group<K>> {
    let mut cases: Vec<&Case<K>> = cases.iter().filter(|case| !case.telling.dates.is_empty()).collect();
    cases.sort_by_key(|case| (case.telling.dates.first().copied(), case.key));
    cases.dedup_by_key(|case| case.key);
    let families = families(&cases);
    let known: Vec<Known<'_>> =
        cases.iter().zip(&families).map(|(case, family)| Known::new(&case.telling, *family)).collect();
    let ground = Ground::new(&known);
    let mut found = named(&ground);
    found.extend(bursts(&ground));
    let mut found = merged(&ground, found);
    join_others(&ground, &mut found);
    let mut groups: Vec<Group<K>> = found.into_iter().filter_map(|found| group(&cases, &ground, &found)).collect();
    groups.sort_by(|a, b| (a.from, &a.cases).cmp(&(b.from, &b.cases)));
    groups
}

/// The number of each case's family. Two who share a surname and a child are of one even if nobody knows yet.
fn families<K: Copy + Ord>(cases: &[&Case<K>]) -> Vec<usize> {
    let mut first: BTreeMap<K, usize> = BTreeMap::new();
    let mut of: Vec<usize> =
        cases.iter().enumerate().map(|(at, case)| *first.entry(case.family).or_insert(at)).collect();
    for (one, two) in related(cases.iter().map(|case| &case.telling)) {
        let (Some(a), Some(b)) = (of.get(one).copied(), of.get(two).copied()) else { continue };
        of.iter_mut().filter(|family| **family == a.max(b)).for_each(|family| *family = a.min(b));
    }
    of
}

/// Groups that have families in common are one.
fn merged(ground: &Ground<'_>, found: Vec<Found>) -> Vec<Found> {
    let mut groups: Vec<Found> = Vec::new();
    for mut one in found {
        while let Some(at) =
            groups.iter().position(|old| ground.families(one.cases.intersection(&old.cases)).len() >= ONE_GROUP)
        {
            let old = groups.remove(at);
            one.cases.extend(old.cases);
            one.words.extend(old.words);
        }
        groups.push(one);
    }
    groups
}

/// Once there is a group, another case about the same needs less to speak for it.
fn join_others(ground: &Ground<'_>, groups: &mut [Found]) {
    let mut taken: BTreeSet<usize> = groups.iter().flat_map(|group| group.cases.iter().copied()).collect();
    for group in groups {
        let core = group.cases.clone();
        let families = ground.families(&core);
        for at in 0..ground.cases.len() {
            let known = ground.cases.get(at).is_none_or(|case| families.contains(&case.family));
            let speaks = |other: &usize| {
                let likeness = ground.likeness(at, *other);
                likeness.total() >= JOINS && likeness.words >= JOINS_BY_WORDS
            };
            if !known && !taken.contains(&at) && core.iter().any(speaks) {
                group.cases.insert(at);
                taken.insert(at);
            }
        }
    }
}

fn group<K: Copy + Ord>(cases: &[&Case<K>], ground: &Ground<'_>, found: &Found) -> Option<Group<K>> {
    let families = ground.families(&found.cases).len();
    let members: Vec<&Case<K>> = found.cases.iter().filter_map(|at| cases.get(*at).copied()).collect();
    let things = shown_things(ground, &found.cases);
    let named = |word: &&String| things.iter().any(|thing| thing.to_lowercase().split(' ').any(|part| part == *word));
    let words: Vec<String> = found.words.iter().filter(|word| !named(word)).take(MOST_SHOWN).cloned().collect();
    if families < LEAST_FAMILIES || (things.is_empty() && words.is_empty()) {
        return None;
    }
    let dates: Vec<DateTime<Utc>> = members.iter().filter_map(|case| case.telling.dates.first().copied()).collect();
    let (from, to) = (dates.iter().min().copied()?, dates.iter().max().copied()?);
    let (theme, all) = theme(ground, &found.cases);
    let mut why = format!("{families} families, {}", days(from, to));
    if let Some(theme) = theme {
        let shown = theme.shown().to_lowercase();
        why += &format!(", {} mainly about {shown}", if all { "all" } else { "most" });
    }
    if !things.is_empty() {
        why += &format!("; they name {}", things.join(", "));
    }
    if !words.is_empty() {
        let quoted: Vec<String> = words.iter().map(|word| format!("“{word}”")).collect();
        why += &format!("; they write of {}", quoted.join(", "));
    }
    Some(Group { cases: members.iter().map(|case| case.key).collect(), families, from, to, theme, things, words, why })
}

fn days(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    let (from, to) = (london_date(from), london_date(to));
    if from == to {
        from.format("%-d %B").to_string()
    } else {
        format!("{} to {}", from.format("%-d %B"), to.format("%-d %B"))
    }
}

/// The theme that more than half are likeliest about, and whether all are.
fn theme(ground: &Ground<'_>, cases: &BTreeSet<usize>) -> (Option<Theme>, bool) {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    let likeliest = |themes: &Vec<f64>| themes.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(at, _)| at);
    for case in cases.iter().filter_map(|at| ground.cases.get(*at)) {
        let of_case: BTreeSet<usize> = case.telling.themes.iter().filter_map(likeliest).collect();
        of_case.into_iter().for_each(|at| *counts.entry(at).or_default() += 1);
    }
    let commonest = counts.into_iter().max_by_key(|(at, count)| (*count, std::cmp::Reverse(*at)));
    match commonest.filter(|(_, count)| count * 2 > cases.len()) {
        Some((at, count)) => (Theme::ALL.get(at).copied(), count == cases.len()),
        None => (None, false),
    }
}

/// What two or more of the families name and nobody of them bears as a name.
fn shown_things(ground: &Ground<'_>, cases: &BTreeSet<usize>) -> Vec<String> {
    let mut families: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    let mut pairs: BTreeSet<&(String, String)> = BTreeSet::new();
    let members = || cases.iter().filter_map(|at| ground.cases.get(*at));
    for case in members() {
        for word in ground.things_of(case) {
            families.entry(word).or_default().insert(case.family);
        }
        pairs.extend(&case.telling.pairs);
    }
    families.retain(|word, of| of.len() >= 2 && members().all(|case| !case.telling.private.contains(*word)));
    let mut things: Vec<(usize, String)> = Vec::new();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for (one, two) in pairs {
        if let (Some(a), Some(b)) = (families.get(one.as_str()), families.get(two.as_str()))
            && !told.contains(one.as_str())
            && !told.contains(two.as_str())
        {
            things.push((a.union(b).count(), format!("{} {}", written(one), written(two))));
            told.extend([one.as_str(), two.as_str()]);
        }
    }
    let alone = families.iter().filter(|(word, _)| !told.contains(**word));
    things.extend(alone.map(|(word, of)| (of.len(), written(word))));
    things.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    things.into_iter().take(MOST_SHOWN).map(|(_, thing)| thing).collect()
}

fn written(word: &str) -> String {
    if is_code(word) { word.to_uppercase() } else { capital(word) }
}

#[cfg(test)]
mod tests;
