//! Families that name the same rare thing at nearly the same time. Pure.

use std::collections::BTreeSet;

use super::{Found, LEAST_FAMILIES, alike::Ground};

/// Likeness of a case to a group from which it belongs to it. The labelled groups lie above it, each time a member came
/// (`heard evaluate --joint`).
const BELONGS: f64 = 5.4;
/// Cases that name one thing and are compared, the latest: of something that more name, most name it by the way.
const MOST_COMPARED: usize = 80;

/// The groups, each around one thing.
pub(super) fn named(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for entity in ground.entities().iter().filter(|entity| entity.families >= LEAST_FAMILIES) {
        let from = entity.cases.len().saturating_sub(MOST_COMPARED);
        let mut left: BTreeSet<usize> = entity.cases.iter().skip(from).copied().collect();
        while let Some(group) = grown(ground, &left) {
            left.retain(|at| !group.contains(at));
            if ground.families(&group).len() >= LEAST_FAMILIES {
                found.push(Found { cases: group, words: BTreeSet::new() });
            }
        }
    }
    found
}

/// The likest two of `left`, and whatever belongs to them, the likest first.
fn grown(ground: &Ground<'_>, left: &BTreeSet<usize>) -> Option<BTreeSet<usize>> {
    let mut best: Option<(f64, usize, usize)> = None;
    for one in left {
        for two in left.range(one + 1..).filter(|two| !same_family(ground, *one, **two)) {
            let likeness = ground.likeness(*one, *two).total();
            if best.is_none_or(|(so_far, ..)| likeness > so_far) {
                best = Some((likeness, *one, *two));
            }
        }
    }
    let (_, one, two) = best.filter(|(likeness, ..)| *likeness >= BELONGS)?;
    let mut group = BTreeSet::from([one, two]);
    loop {
        let mut next: Option<(f64, usize)> = None;
        for at in left.difference(&group) {
            let likeness = belongs(ground, *at, &group);
            if likeness >= BELONGS && next.is_none_or(|(so_far, _)| likeness > so_far) {
                next = Some((likeness, *at));
            }
        }
        match next {
            Some((_, at)) => group.insert(at),
            None => return Some(group),
        };
    }
}

/// How like a group the case is: in its matter like all of them, in time like the nearest, so that a trouble may go on.
fn belongs(ground: &Ground<'_>, at: usize, group: &BTreeSet<usize>) -> f64 {
    let (mut matter, mut time, mut count) = (0.0, f64::NEG_INFINITY, 0.0);
    for other in group.iter().filter(|other| !same_family(ground, at, **other)) {
        let likeness = ground.likeness(at, *other);
        matter += likeness.of_matter();
        time = likeness.time.max(time);
        count += 1.0;
    }
    if count > 0.0 { matter / count + time } else { f64::NEG_INFINITY }
}

fn same_family(ground: &Ground<'_>, one: usize, two: usize) -> bool {
    let family = |at: usize| ground.cases.get(at).map(|case| case.family);
    family(one) == family(two)
}
