//! How much speaks for two families' cases being one problem. Pure.
//!
//! All of it is weighed as log odds: how much likelier it is of one problem than of two. What a thing or a word is worth
//! follows from how many of the council's own open cases have it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use chrono::{DateTime, Utc};

use super::{
    OPEN_DAYS,
    telling::{Telling, is_code},
};
use crate::labelling::labels::Theme;

/// Families that are imagined to name none of it, so that in a council's first weeks a name is rare too.
const UNHEARD: f64 = 50.0;
/// Families beyond which more make nothing rarer: among more there are as many more that name the same by chance.
const ENOUGH: usize = 100;
/// Days in which families with one problem write, on average.
const ONE_PROBLEM_DAYS: f64 = 5.0;
/// Share of messages whose likeliest theme another reader would call by another: about a third in the labelled inboxes.
const THEME_IN_DOUBT: f64 = 0.3;
/// Most that a theme in common adds, and what each theme's share is reckoned from besides the cases.
const MOST_BY_THEME: f64 = 3.0;
const THEME_PRIOR: f64 = 0.5;
/// Likeness of words that strangers have, what more is worth, and the most and least of it.
const USUAL_WORDS: f64 = 0.08;
const BY_WORDS: f64 = 8.0;
const MOST_BY_WORDS: f64 = 2.0;
const LEAST_BY_WORDS: f64 = -0.5;
/// What a school's name counts: it is in every other letter and seldom what is complained of.
const SCHOOL: f64 = 0.5;
/// What a thing is worth besides, that somebody calls by two names: one name of a worker is a weak sign, both are not.
const FULL_NAME: f64 = 1.0;
/// Names from which a letter names so many that each says less.
const MANY_NAMES: f64 = 6.0;
/// Two routes are two problems.
const ANOTHER_ROUTE: f64 = -2.0;
/// A word is a name where it is written with a capital so many times as often as without.
const MOSTLY_CAPITAL: usize = 2;

/// A case among others.
#[derive(Clone, Debug)]
pub(super) struct Known<'t> {
    pub telling: &'t Telling,
    /// Number of its family.
    pub family: usize,
    /// Numbers of the things it names.
    entities: Vec<usize>,
    /// Its other words by number, weighed by rarity; together of length 1.
    words: Vec<(usize, f64)>,
}

impl<'t> Known<'t> {
    pub fn new(telling: &'t Telling, family: usize) -> Self {
        Self { telling, family, entities: Vec::new(), words: Vec::new() }
    }

    /// Days, with their parts, between the nearest messages of both.
    fn days_between(&self, other: &Self) -> f64 {
        let apart = |a: &DateTime<Utc>, b: &DateTime<Utc>| (*a - b).num_seconds().unsigned_abs() as f64 / 86_400.0;
        let all = self.telling.dates.iter().flat_map(|a| other.telling.dates.iter().map(move |b| apart(a, b)));
        all.fold(f64::INFINITY, f64::min)
    }
}

/// What speaks for two cases being one problem, as log odds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Likeness {
    pub named: f64,
    pub theme: f64,
    pub words: f64,
    pub time: f64,
    pub route: f64,
}

impl Likeness {
    pub fn total(&self) -> f64 {
        self.named + self.theme + self.words + self.time + self.route
    }

    /// Without the days between both.
    pub fn of_matter(&self) -> f64 {
        self.total() - self.time
    }
}

/// All cases, with what is rare among them.
#[derive(Debug)]
pub(super) struct Ground<'t> {
    pub cases: Vec<Known<'t>>,
    /// Families that have each word's stem.
    pub stems: BTreeMap<&'t str, BTreeSet<usize>>,
    /// How many families there are.
    pub total: usize,
    /// Share of each theme.
    pub shares: Vec<f64>,
    /// Words that name things, with the number of the thing.
    things: BTreeMap<&'t str, usize>,
    /// By number.
    entities: Vec<Entity>,
    reckoned: RefCell<BTreeMap<(usize, usize), Likeness>>,
}

/// A thing that is named.
#[derive(Clone, Debug, Default)]
pub(super) struct Entity {
    /// Cases that name it.
    pub cases: Vec<usize>,
    /// How many families they are of.
    pub families: usize,
    school: bool,
    full_name: bool,
}

impl<'t> Ground<'t> {
    pub fn new(cases: &[Known<'t>]) -> Self {
        let mut stems: BTreeMap<&'t str, BTreeSet<usize>> = BTreeMap::new();
        let mut shares = vec![THEME_PRIOR; Theme::ALL.len()];
        for case in cases {
            for word in case.telling.words.keys() {
                stems.entry(word).or_default().insert(case.family);
            }
            for themes in &case.telling.themes {
                let part = case.telling.themes.len() as f64;
                shares.iter_mut().zip(themes).for_each(|(share, p)| *share += p / part);
            }
        }
        let all: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= all);
        let families: BTreeSet<usize> = cases.iter().map(|case| case.family).collect();
        let mut ground = Self {
            cases: cases.to_vec(),
            stems,
            total: families.len(),
            shares,
            things: things(cases),
            entities: Vec::new(),
            reckoned: RefCell::default(),
        };
        ground.number_entities();
        ground.weigh_words();
        ground
    }

    /// Gives every thing, and both parts of a name such as "Leanne Farrow", one number.
    fn number_entities(&mut self) {
        let mut partners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut schools: BTreeSet<&str> = BTreeSet::new();
        for case in &self.cases {
            let telling = case.telling;
            schools.extend(telling.schools.iter().map(String::as_str));
            for (one, two) in &telling.pairs {
                let thing = |word: &str| self.things.contains_key(word) && telling.tells(word);
                if thing(one) && thing(two) {
                    partners.entry(one).or_default().insert(two);
                    partners.entry(two).or_default().insert(one);
                }
            }
        }
        // Only where each stands with no other: there are several of a given name.
        let only =
            |word: &str| partners.get(word).filter(|with| with.len() == 1).and_then(|with| with.first().copied());
        let leads = |word: &'t str| match only(word) {
            Some(other) if only(other) == Some(word) && other < word => Some(other),
            _ => None,
        };
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut entities: Vec<Entity> = Vec::new();
        let words: Vec<&'t str> = self.things.keys().copied().collect();
        for word in words {
            let next = entities.len();
            let number = leads(word).and_then(|other| numbers.get(other).copied()).unwrap_or(next);
            numbers.insert(word, number);
            if number == next {
                entities.push(Entity::default());
            }
            if let Some(entity) = entities.get_mut(number) {
                entity.school |= schools.contains(word);
                entity.full_name |= number != next;
            }
        }
        self.things.iter_mut().for_each(|(word, number)| *number = numbers.get(word).copied().unwrap_or_default());
        let mut families: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for at in 0..self.cases.len() {
            let Some(case) = self.cases.get(at) else { continue };
            let named: BTreeSet<usize> =
                self.things_of(case).filter_map(|word| self.things.get(word).copied()).collect();
            for entity in &named {
                families.entry(*entity).or_default().insert(case.family);
                if let Some(entity) = entities.get_mut(*entity) {
                    entity.cases.push(at);
                }
            }
            if let Some(case) = self.cases.get_mut(at) {
                case.entities = named.into_iter().collect();
            }
        }
        for (entity, of) in families {
            if let Some(entity) = entities.get_mut(entity) {
                entity.families = of.len();
            }
        }
        self.entities = entities;
    }

    fn weigh_words(&mut self) {
        let numbers: BTreeMap<&str, usize> = self.stems.keys().enumerate().map(|(at, word)| (*word, at)).collect();
        let unheard = self.total as f64 + UNHEARD;
        for case in &mut self.cases {
            let telling = case.telling;
            let says = |word: &str| !telling.private.contains(word) && !telling.addressed.contains(word);
            for (word, (count, written)) in &telling.words {
                if self.things.contains_key(written.as_str()) || !says(written) || word.chars().any(char::is_numeric) {
                    continue;
                }
                let families = self.stems.get(word.as_str()).map_or(1, BTreeSet::len) as f64;
                let weight = (1.0 + f64::from(*count).ln()) * (unheard / families).ln();
                case.words.extend(numbers.get(word.as_str()).map(|number| (*number, weight)));
            }
            let length = case.words.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
            case.words.iter_mut().for_each(|(_, weight)| *weight /= length);
        }
    }

    /// The words by which a case names things.
    pub fn things_of<'a>(&'a self, case: &Known<'t>) -> impl Iterator<Item = &'t str> + use<'a, 't> {
        let telling = case.telling;
        let words = telling.spoken.iter().map(String::as_str);
        words.filter(move |word| self.things.contains_key(word) && telling.tells(word))
    }

    /// The things that are named.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// The families of `cases`.
    pub fn families<'c>(&self, cases: impl IntoIterator<Item = &'c usize>) -> BTreeSet<usize> {
        cases.into_iter().filter_map(|at| Some(self.cases.get(*at)?.family)).collect()
    }

    /// How alike the cases at both places are.
    pub fn likeness(&self, one: usize, two: usize) -> Likeness {
        let pair = (one.min(two), one.max(two));
        if let Some(known) = self.reckoned.borrow().get(&pair) {
            return *known;
        }
        let likeness = match (self.cases.get(pair.0), self.cases.get(pair.1)) {
            (Some(one), Some(two)) => self.reckon(one, two),
            _ => Likeness::default(),
        };
        self.reckoned.borrow_mut().insert(pair, likeness);
        likeness
    }

    fn reckon(&self, one: &Known<'_>, two: &Known<'_>) -> Likeness {
        let (own, other) = (&one.telling.codes, &two.telling.codes);
        Likeness {
            named: self.by_names(one, two),
            theme: self.by_theme(one, two),
            words: (BY_WORDS * (cosine(&one.words, &two.words) - USUAL_WORDS)).clamp(LEAST_BY_WORDS, MOST_BY_WORDS),
            time: (OPEN_DAYS as f64 / ONE_PROBLEM_DAYS).ln() - one.days_between(two) / ONE_PROBLEM_DAYS,
            route: if !own.is_empty() && !other.is_empty() && own.is_disjoint(other) { ANOTHER_ROUTE } else { 0.0 },
        }
    }

    fn by_names(&self, one: &Known<'_>, two: &Known<'_>) -> f64 {
        let shared = one.entities.iter().filter(|entity| two.entities.binary_search(entity).is_ok());
        let mut worth: Vec<f64> = shared
            .filter_map(|entity| self.entities.get(*entity))
            .map(|entity| {
                let others = entity.families.saturating_sub(1).max(1) as f64;
                let rarity = ((self.total.min(ENOUGH) as f64 + UNHEARD) / others).ln();
                match entity {
                    Entity { school: true, .. } => rarity * SCHOOL,
                    Entity { full_name: true, .. } => rarity + FULL_NAME,
                    Entity { .. } => rarity,
                }
            })
            .collect();
        worth.sort_by(|a, b| b.total_cmp(a));
        // The second seldom says something of its own: the route and the school it goes to.
        let sum: f64 = worth.iter().zip(1_u32..).map(|(worth, nth)| worth / f64::from(nth)).sum();
        let names = one.entities.len().max(two.entities.len()) as f64;
        sum / (names / MANY_NAMES).max(1.0).sqrt()
    }

    fn by_theme(&self, one: &Known<'_>, two: &Known<'_>) -> f64 {
        let odds = |a: &[f64], b: &[f64]| -> f64 {
            a.iter().zip(b).zip(&self.shares).map(|((p, q), share)| p * q / share).sum()
        };
        let all = one.telling.themes.iter().flat_map(|a| two.telling.themes.iter().map(move |b| odds(a, b)));
        let Some(agreement) = all.reduce(f64::max) else { return 0.0 };
        let sure = (1.0 - THEME_IN_DOUBT).powi(2);
        (sure * agreement + 1.0 - sure).ln().min(MOST_BY_THEME)
    }
}

/// Words that name something rather than somebody of a family, anywhere among the cases.
fn things<'t>(cases: &[Known<'t>]) -> BTreeMap<&'t str, usize> {
    let mut counts: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for case in cases {
        let telling = case.telling;
        for word in &telling.named {
            counts.entry(word).or_default().0 += usize::from(telling.tells(word));
        }
        for word in &telling.small {
            counts.entry(word).or_default().1 += 1;
        }
        for word in &telling.private {
            counts.entry(word).or_default().2 += 1;
        }
    }
    counts.retain(|word, (named, small, private)| {
        *named > *private && (is_code(word) || *named >= MOSTLY_CAPITAL * *small)
    });
    counts.into_keys().map(|word| (word, 0)).collect()
}

fn cosine(one: &[(usize, f64)], two: &[(usize, f64)]) -> f64 {
    let (mut sum, mut rest) = (0.0, two.iter().peekable());
    for (word, weight) in one {
        while rest.next_if(|(other, _)| other < word).is_some() {}
        if let Some((_, other)) = rest.next_if(|(other, _)| other == word) {
            sum += weight * other;
        }
    }
    sum
}

/// Pairs of cases whose people share a surname and a child's name.
pub(super) fn related<'t>(cases: impl Iterator<Item = &'t Telling>) -> Vec<(usize, usize)> {
    let mut first: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (at, telling) in cases.enumerate() {
        for surname in &telling.surnames {
            for child in telling.children.iter().filter(|child| *child != surname) {
                let one = *first.entry((surname, child)).or_insert(at);
                if one != at {
                    pairs.push((one, at));
                }
            }
        }
    }
    pairs
}
