//! Finds, from what is said of messages by heads and an encoder that had not seen them, how to put both together and where
//! to draw lines. Pure.

use super::{
    heads::{Clear, Details, Thresholds},
    labels::Act,
    metrics::{Line, Scored, at_precision, at_recall},
    rows::{Labelled, Labels},
    stack::{Said, Stack, nine_places},
};

/// Share of dissatisfied messages above the line from which an officer looks.
const KEPT: f64 = 0.975;
/// Share of dissatisfied ones among the messages above the line from which the family is written to at once.
const SURE: f64 = 0.99;
/// Messages that must be above that line.
const LEAST_SURE: usize = 10;
/// How far below the least likely lost message the heads may settle: messages to come are unlike those known.
const MARGIN: f64 = 4.0;
/// Share of messages about a child at risk above the line from which they are raised.
const RAISED: f64 = 0.97;

/// Calibration and lines. Where an encoder was not asked, the heads' own calibration serves for both.
#[must_use]
pub fn calibrate(rows: &[Labelled], said: &[Said]) -> Details {
    let pairs: Vec<(&Labels, &Said)> = rows.iter().map(|row| &row.labels).zip(said).collect();
    let asked = said.iter().any(|said| said.encoder.is_some());
    let alone = Stack::fit(&pairs, false);
    let stack = if asked { Stack::fit(&pairs, true) } else { alone };
    let dissatisfied = scored(rows, said, &stack, 0);
    let safeguarding = scored(rows, said, &stack, 1);
    // Rounded down, so that the message the line was drawn at stays above it.
    let threshold = |line: Line| nine_places(line.threshold - 5e-10);
    let thresholds = Thresholds {
        keep_above: at_recall(&dissatisfied, KEPT).map_or(0.1, threshold),
        sure_above: at_precision(&dissatisfied, SURE, LEAST_SURE).map_or(0.95, threshold),
        safeguarding_above: at_recall(&safeguarding, RAISED).map_or(0.1, threshold),
    };
    let clear = if asked { clear(rows, said, &stack, &alone, &thresholds) } else { Clear::default() };
    Details { thresholds, stack, alone, clear, ..Details::default() }
}

/// The calibrated probabilities of the yes-or-no label `at` beside what people decided.
#[must_use]
pub fn scored(rows: &[Labelled], said: &[Said], stack: &Stack, at: usize) -> Vec<Scored> {
    rows.iter()
        .zip(said)
        .filter_map(|(row, said)| Some((stack.probability(said, at), row.labels.singles().get(at).copied().flatten()?)))
        .collect()
}

/// Lines below which the heads settle a message alone: below both of them there is no message that should be raised and
/// would have been if the encoder had been asked too. Each is divided by [`MARGIN`], for messages unlike these.
fn clear(rows: &[Labelled], said: &[Said], stack: &Stack, alone: &Stack, lines: &Thresholds) -> Clear {
    let mut everyday: Vec<[f64; 2]> = Vec::new();
    let mut lost: Vec<[f64; 2]> = Vec::new();
    for (row, said) in rows.iter().zip(said).filter(|(row, _)| row.message.context.is_everyday()) {
        let risks = alone.risks(&said.heads);
        let raised = |at: usize, line: f64| {
            row.labels.singles().get(at).copied().flatten() == Some(true) && stack.probability(said, at) >= line
        };
        if raised(0, lines.keep_above) || raised(1, lines.safeguarding_above) {
            lost.push(risks);
        }
        everyday.push(risks);
    }
    // One line is tried at each of the lost messages; the other follows: the lowest of what the first lets through.
    let settled = |clear: &Clear| everyday.iter().filter(|risks| clear.covers(risks)).count();
    let tries = lost.iter().map(|[dissatisfied, _]| *dissatisfied).chain([1.0]).map(|dissatisfied_below| {
        let let_through = lost.iter().filter(|[found, _]| *found < dissatisfied_below);
        let safeguarding_below = let_through.map(|[_, found]| *found).fold(1.0, f64::min);
        Clear {
            dissatisfied_below: nine_places(dissatisfied_below / MARGIN),
            safeguarding_below: nine_places(safeguarding_below / MARGIN),
        }
    });
    tries.max_by_key(settled).filter(|_| !lost.is_empty()).unwrap_or_default()
}

/// Share of messages whose act is the one people decided.
#[must_use]
pub fn act_accuracy(rows: &[Labelled], judged: impl Iterator<Item = Act>) -> f64 {
    let pairs = rows.iter().zip(judged).filter_map(|(row, act)| Some((row.labels.act?, act)));
    let (right, all) = pairs.fold((0, 0), |(right, all), (a, b)| (right + usize::from(a == b), all + 1_usize));
    right as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labelling::heads::{COLUMNS, DISSATISFIED, Raw, SAFEGUARDING};
    use crate::labelling::{
        classifier::Unlabelled,
        context::{Context, Door},
    };

    fn raw(dissatisfied: f64, safeguarding: f64) -> Raw {
        let mut scores = [0.0; COLUMNS];
        scores[DISSATISFIED] = dissatisfied;
        scores[SAFEGUARDING] = safeguarding;
        Raw::new(scores, std::iter::empty())
    }

    #[test]
    fn nothing_that_should_be_raised_is_settled_by_the_heads_alone() {
        let mut rows = Vec::new();
        let mut said = Vec::new();
        for n in 0..400 {
            let dissatisfied = n % 4 == 0;
            let danger = n % 20 == 0;
            let doubt = f64::from((n * 37) % 100) / 25.0 - 2.0;
            let of = |yes: bool| if yes { 2.0 } else { -2.0 };
            let labels = Labels { dissatisfied: Some(dissatisfied), safeguarding: Some(danger), ..Labels::default() };
            let context = Context { door: Door::Manager, ..Context::default() };
            let message = Unlabelled { context, ..Unlabelled::default() };
            rows.push(Labelled { labels, message, ..Labelled::default() });
            said.push(Said {
                heads: raw(of(dissatisfied) + doubt, of(danger) - doubt),
                encoder: Some(raw(of(dissatisfied) * 2.0, of(danger) * 2.0)),
            });
        }
        let details = calibrate(&rows, &said);
        let heads = crate::labelling::heads::Heads { details, ..Default::default() };
        let settled: Vec<bool> =
            rows.iter().zip(&said).map(|(row, said)| heads.settles(&said.heads, row.message.context)).collect();
        assert!(settled.iter().filter(|settled| **settled).count() > 40, "{:?}", heads.details.clear);
        for ((row, said), settled) in rows.iter().zip(&said).zip(settled) {
            let judged = heads.judge(said);
            let lines = heads.details.thresholds;
            let raised = judged.dissatisfied >= lines.keep_above && row.labels.dissatisfied == Some(true)
                || judged.safeguarding >= lines.safeguarding_above && row.labels.safeguarding == Some(true);
            assert!(!(raised && settled));
        }
    }
}
