//! Figures about all complaints of a time, for people who see no case. A small number could point at a child, so none under five is
//! told, nor one that could be worked out from the others. Pure.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    labelling::labels::{Act, Procedure, Theme},
    store::exports::CountLine,
};

/// The smallest number that is told.
pub const SMALLEST: u64 = 5;

/// Counts of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What is counted.
    pub title: &'static str,
    /// What, and how many; none: too few to be told, or kept back so that too few cannot be worked out.
    pub rows: Vec<(String, Option<u64>)>,
}

/// Keeps back what is too small; and if that leaves one number to be worked out from the total, the next smallest too.
fn kept_back(counts: BTreeMap<String, u64>) -> Vec<(String, Option<u64>)> {
    let mut rows: Vec<(String, Option<u64>)> =
        counts.into_iter().map(|(what, n)| (what, Some(n).filter(|n| *n >= SMALLEST))).collect();
    if rows.iter().filter(|(_, n)| n.is_none()).count() == 1
        && let Some(next) = rows.iter_mut().filter(|(_, n)| n.is_some()).min_by_key(|(_, n)| *n)
    {
        next.1 = None;
    }
    rows.sort_by_key(|(what, n)| (std::cmp::Reverse(n.unwrap_or_default()), what.clone()));
    rows
}

/// The figures: of complaints and concerns by what they are, and the same by procedure, theme, stage and where they stand.
#[must_use]
pub fn tables(lines: &[CountLine]) -> Vec<Table> {
    let is_dissatisfaction = |line: &&CountLine| line.act.parse::<Act>().is_ok_and(Act::is_dissatisfaction);
    let words = |word: &str, shown: Option<&'static str>| shown.map_or_else(|| word.to_owned(), str::to_owned);
    let table = |title, of: &dyn Fn(&CountLine) -> String, all: bool| {
        let mut counts = BTreeMap::new();
        for line in lines.iter().filter(|line| all || is_dissatisfaction(line)) {
            *counts.entry(of(line)).or_default() += u64::try_from(line.n).unwrap_or_default();
        }
        Table { title, rows: kept_back(counts) }
    };
    let status = |line: &CountLine| match (line.status.as_str(), line.answered) {
        ("to-confirm", _) => "Waits to be confirmed",
        ("dismissed", _) => "Was no complaint",
        (_, true) => "Answered",
        ("closed", false) => "Closed without an answer",
        _ => "Being dealt with",
    };
    vec![
        table("What was received", &|line| words(&line.act, line.act.parse().ok().map(Act::shown)), true),
        table(
            "Which procedure",
            &|line| words(&line.procedure, line.procedure.parse().ok().map(Procedure::shown)),
            false,
        ),
        table("What it is mainly about", &|line| words(&line.theme, line.theme.parse().ok().map(Theme::shown)), false),
        table("Which stage it has come to", &|line| format!("Stage {}", line.stage), false),
        table("Where it stands", &|line| status(line).to_owned(), false),
    ]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counts(of: &[(&str, u64)]) -> Vec<(String, Option<u64>)> {
        kept_back(of.iter().map(|(what, n)| ((*what).to_owned(), *n)).collect())
    }

    #[test]
    fn what_is_too_small_cannot_be_worked_out() {
        let told = |of| counts(of).into_iter().map(|(_, n)| n).collect::<Vec<_>>();
        assert_eq!(told(&[("a", 5), ("b", 9)]), [Some(9), Some(5)]);
        assert_eq!(told(&[("a", 4), ("b", 9), ("c", 6)]), [Some(9), None, None]);
        assert_eq!(told(&[("a", 4), ("b", 9), ("c", 1)]), [Some(9), None, None]);
        assert_eq!(told(&[("a", 4)]), [None]);
    }

    #[test]
    fn the_figures_are_counted_by_their_words() {
        let line = |act: &str, theme: &str, status: &str, n| CountLine {
            act: act.into(),
            procedure: "statutory".into(),
            theme: theme.into(),
            stage: 1,
            status: status.into(),
            answered: status == "closed",
            n,
        };
        let lines = [
            line("complaint", "delay", "open", 7),
            line("complaint", "delay", "closed", 6),
            line("concern", "finance", "open", 6),
            line("compliment", "other", "closed", 8),
        ];
        insta::assert_debug_snapshot!(tables(&lines));
    }

    proptest! {
        #[test]
        fn no_small_number_is_told_and_none_is_alone(of in proptest::collection::btree_map("[a-f]", 1u64..20, 0..6)) {
            let rows = kept_back(of.clone());
            prop_assert_eq!(rows.len(), of.len());
            prop_assert!(rows.iter().all(|(what, n)| n.is_none_or(|n| n >= SMALLEST && of[what] == n)));
            let hidden = rows.iter().filter(|(_, n)| n.is_none()).count();
            prop_assert!(hidden != 1 || of.len() == 1);
        }
    }
}
