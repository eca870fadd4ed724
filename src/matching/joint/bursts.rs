//! More families than chance would have it, writing about one theme within a few days, with a word in common. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};

use super::{
    Found, LEAST_FAMILIES,
    alike::{Ground, Known},
    tail::{binomial, poisson},
};
use crate::labelling::labels::Theme;

/// Days in which they write.
const DAYS: i64 = 4;
/// Probability from which a case is mainly about a theme.
const MAINLY: f64 = 0.5;
/// How unlikely by chance it must be that so many write about the theme: by its days, and by its part in all that comes, for
/// when there is much of everything.
const RARE_BY_DAYS: f64 = 5e-3;
const RARE_BY_PART: f64 = 0.05;
/// And the same together with the word in common. Twelve themes, every few days, and hundreds of words are tried, so that
/// what is rare must be very rare; of three families most.
const RARE_WITH_WORD: f64 = 2e-8;
const RARE_WITH_WORD_OF_THREE: f64 = 2e-9;
/// Days, and cases, that are imagined before the first, and the cases of the theme among them.
const DAYS_BEFORE: f64 = 20.0;
const CASES_BEFORE: f64 = 8.0;
const OF_THEME_BEFORE: f64 = 1.0;
/// Share of the families in a burst that have the word.
const WORD_WITHIN: f64 = 0.75;
/// Families that are imagined besides the others, and how many of them have it.
const OTHERS_BEFORE: f64 = 10.0;
const WITH_WORD_BEFORE: f64 = 1.0;
/// Other families that have written about the theme, from which it is known which words go with it.
const THEME_KNOWN: usize = 30;
/// Letters of a word that says what it is about.
const LETTERS: usize = 4;

/// The groups, each of one theme.
pub(super) fn bursts(ground: &Ground<'_>) -> Vec<Found> {
    let came: Vec<Option<DateTime<Utc>>> =
        ground.cases.iter().map(|case| case.telling.dates.first().copied()).collect();
    let mut found = Vec::new();
    for theme in 0..Theme::ALL.len() {
        let about = |at: usize, least: f64| {
            let themes = ground.cases.get(at).map_or(&[][..], |case| case.telling.themes.as_slice());
            themes.iter().any(|themes| themes.get(theme).is_some_and(|p| *p >= least))
        };
        let mainly: Vec<usize> = (0..came.len()).filter(|at| about(*at, MAINLY)).collect();
        for end in mainly.iter().filter_map(|at| came.get(*at).copied().flatten()) {
            let inside = |at: &usize| {
                let date = came.get(*at).copied().flatten();
                date.is_some_and(|date| date <= end && end - date <= Duration::days(DAYS))
            };
            let burst: BTreeSet<usize> = mainly.iter().copied().filter(inside).collect();
            let families = ground.families(&burst);
            let Some(first) = burst.first().copied() else { continue };
            if families.len() < LEAST_FAMILIES {
                continue;
            }
            let among: Vec<usize> = (first..came.len()).filter(inside).collect();
            let among = ground.families(&among).len();
            let Some(chance) = chance(&came, &mainly, first, families.len(), among) else { continue };
            let words = common_words(ground, &burst, &mainly, chance);
            if !words.is_empty() {
                // What is said of it less clearly in the same days, if there is little else in them.
                let most = families.len() * 2 > among;
                let share = ground.shares.get(theme).copied().unwrap_or(1.0);
                let cases = (0..came.len())
                    .filter(|at| burst.contains(at) || (most && inside(at) && about(*at, share)))
                    .collect();
                found.push(Found { cases, words });
            }
        }
    }
    found
}

/// Probability of so many `families`, of all who wrote `among` these days, by how many wrote about the theme before; None
/// if that is nothing rare.
fn chance(
    came: &[Option<DateTime<Utc>>],
    mainly: &[usize],
    first: usize,
    families: usize,
    among: usize,
) -> Option<f64> {
    let (start, begin) = (came.get(first).copied().flatten()?, came.first().copied().flatten()?);
    let before = mainly.iter().filter(|at| **at < first).count() as f64 + OF_THEME_BEFORE;
    let days = (start - begin).num_seconds() as f64 / 86_400.0 + DAYS_BEFORE;
    let by_days = poisson(families, DAYS as f64 * before / days);
    let by_part = binomial(families, among.max(families), before / (first as f64 + CASES_BEFORE));
    (by_days < RARE_BY_DAYS && by_part < RARE_BY_PART).then_some(by_days)
}

/// Words that most of the families in the burst have, and so few others – of all, and of those who are `mainly` about its
/// theme – that together with the `chance` of the burst it is rare.
fn common_words(ground: &Ground<'_>, burst: &BTreeSet<usize>, mainly: &[usize], chance: f64) -> BTreeSet<String> {
    let families = &ground.families(burst);
    let of_theme: BTreeSet<usize> = ground.families(mainly).difference(families).copied().collect();
    let members = || burst.iter().filter_map(|at| ground.cases.get(*at));
    let mut of_word: BTreeMap<&str, (BTreeSet<usize>, &str)> = BTreeMap::new();
    for case in members() {
        let Known { telling, family, .. } = case;
        for (word, (_, written)) in &telling.words {
            let (of, shown) = of_word.entry(word).or_insert_with(|| (BTreeSet::new(), written));
            of.insert(*family);
            *shown = (*shown).min(written);
        }
    }
    let limit = if families.len() > LEAST_FAMILIES { RARE_WITH_WORD } else { RARE_WITH_WORD_OF_THREE };
    let others = ground.total.saturating_sub(families.len()) as f64 + OTHERS_BEFORE;
    let least_within = (WORD_WITHIN * families.len() as f64).max(LEAST_FAMILIES as f64);
    of_word.retain(|word, (of, shown)| {
        let all = ground.stems.get(word);
        let without = all.map_or(0, |all| all.difference(families).count()) as f64;
        let mut share = (without + WITH_WORD_BEFORE) / others;
        if of_theme.len() >= THEME_KNOWN {
            let with = all.map_or(0, |all| all.intersection(&of_theme).count()) as f64;
            share = share.max((with + WITH_WORD_BEFORE) / (of_theme.len() as f64 + OTHERS_BEFORE));
        }
        let by_word = binomial(of.len(), families.len(), share);
        let letters = shown.chars().count() >= LETTERS && !shown.chars().any(char::is_numeric);
        let nobody =
            members().all(|case| !case.telling.private.contains(*shown) && !case.telling.addressed.contains(*shown));
        letters && nobody && of.len() as f64 >= least_within && by_word * chance < limit
    });
    of_word.into_values().map(|(_, shown)| shown.to_owned()).collect()
}
