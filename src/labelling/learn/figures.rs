//! What is compared when a model is to take another's place. Pure.

use serde::{Deserialize, Serialize};

use crate::labelling::{
    evaluate::measure,
    heads::Thresholds,
    labels::Suggestion,
    metrics::{Scored, auroc, lines},
    rows::Labelled,
};

/// How a model does on some messages, each at its own lines: they are part of it, and go live with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Messages that are labelled dissatisfied or not.
    pub messages: usize,
    /// Dissatisfied ones.
    pub dissatisfied: usize,
    /// Of those, below the line from which an officer looks.
    pub missed: usize,
    /// Others at or above that line.
    pub false_alarms: usize,
    /// Others at or above the line from which the family is written to at once.
    pub wrong_at_once: usize,
    /// Area under the ROC curve of dissatisfaction; None without both kinds.
    pub auroc: Option<f64>,
    /// Average precision of dissatisfaction: the area under precision over recall.
    pub average_precision: Option<f64>,
    /// Messages labelled that a child may be at risk.
    pub dangers: usize,
    /// Of those, below their line.
    pub dangers_missed: usize,
    /// Messages labelled that none is, at or above that line.
    pub danger_alarms: usize,
    /// Mean F1 of the acts that occur (0 to 1); None without labelled acts.
    pub act_macro_f1: Option<f64>,
}

impl Figures {
    /// Of `suggestions` about `rows`, by a model with these lines.
    #[must_use]
    pub fn of(rows: &[Labelled], suggestions: &[Suggestion], drawn: Thresholds) -> Self {
        let pairs = || rows.iter().zip(suggestions);
        let scored: Vec<Scored> =
            pairs().filter_map(|(row, s)| Some((s.dissatisfied, row.labels.dissatisfied?))).collect();
        let danger: Vec<Scored> =
            pairs().filter_map(|(row, s)| Some((s.safeguarding, row.labels.safeguarding?))).collect();
        let count = |scored: &[Scored], wanted: bool, above: bool, line: f64| {
            scored.iter().filter(|(p, label)| *label == wanted && (*p >= line) == above).count()
        };
        let labelled = pairs().any(|(row, _)| row.labels.act.is_some());
        let act = labelled.then(|| measure(String::new(), rows, suggestions, drawn).act.macro_f1);
        Self {
            messages: scored.len(),
            dissatisfied: scored.iter().filter(|(_, label)| *label).count(),
            missed: count(&scored, true, false, drawn.keep_above),
            false_alarms: count(&scored, false, true, drawn.keep_above),
            wrong_at_once: count(&scored, false, true, drawn.sure_above),
            auroc: auroc(&scored),
            average_precision: average_precision(&scored),
            dangers: danger.iter().filter(|(_, label)| *label).count(),
            dangers_missed: count(&danger, true, false, drawn.safeguarding_above),
            danger_alarms: count(&danger, false, true, drawn.safeguarding_above),
            act_macro_f1: act,
        }
    }

    /// Messages labelled not dissatisfied.
    #[must_use]
    pub fn others(&self) -> usize {
        self.messages.saturating_sub(self.dissatisfied)
    }

    /// Share of the dissatisfied ones at or above the line; None without any.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.dissatisfied.saturating_sub(self.missed), self.dissatisfied)
    }

    /// Share of dissatisfied ones among those at or above the line; None if none is.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        let right = self.dissatisfied.saturating_sub(self.missed);
        share(right, right + self.false_alarms)
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Mean over the dissatisfied messages of the precision where each is found. None without any.
#[must_use]
pub fn average_precision(scored: &[Scored]) -> Option<f64> {
    let drawn = lines(scored);
    let mut before = 0.0;
    let mut area = 0.0;
    for line in &drawn {
        area += (line.recall - before) * line.precision;
        before = line.recall;
    }
    (!drawn.is_empty()).then_some(area)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::labelling::{
        labels::{Act, Procedure, Theme},
        rows::Labels,
    };

    fn one(dissatisfied: f64, label: bool, safeguarding: f64, danger: Option<bool>) -> (Labelled, Suggestion) {
        let act = |yes| if yes { Act::Complaint } else { Act::Routine };
        let labels =
            Labels { act: Some(act(label)), dissatisfied: Some(label), safeguarding: danger, ..Labels::default() };
        let suggestion = Suggestion {
            model: "m".into(),
            act: act(dissatisfied >= 0.5),
            act_scores: vec![],
            dissatisfied,
            safeguarding,
            procedure: Procedure::Unclear,
            theme: Theme::Other,
            themes: vec![],
            child_author: 0.0,
            on_behalf: 0.0,
            danger: None,
            language: None,
            because: String::new(),
        };
        (Labelled { labels, ..Labelled::default() }, suggestion)
    }

    #[test]
    fn each_mistake_is_counted_at_its_line() {
        let (rows, suggestions): (Vec<_>, Vec<_>) = [
            one(0.95, true, 0.9, Some(true)),
            one(0.2, true, 0.1, Some(true)),
            one(0.92, false, 0.8, Some(false)),
            one(0.4, false, 0.0, None),
            one(0.1, false, 0.0, Some(false)),
        ]
        .into_iter()
        .unzip();
        let drawn = Thresholds { keep_above: 0.3, sure_above: 0.9, safeguarding_above: 0.5 };
        let found = Figures::of(&rows, &suggestions, drawn);
        assert_eq!((found.messages, found.dissatisfied, found.missed), (5, 2, 1));
        assert_eq!((found.false_alarms, found.wrong_at_once), (2, 1));
        assert_eq!((found.dangers, found.dangers_missed, found.danger_alarms), (2, 1, 1));
        assert_eq!((found.recall(), found.precision()), (Some(0.5), Some(1.0 / 3.0)));
        assert_eq!(found.auroc, Some(4.0 / 6.0));
        // Found at the first and at the fourth place.
        assert_eq!(found.average_precision, Some((1.0 + 0.5) / 2.0));
        let nothing = Figures::of(&[], &[], drawn);
        assert_eq!((nothing.recall(), nothing.auroc, nothing.act_macro_f1), (None, None, None));
    }

    proptest! {
        #[test]
        fn figures_stay_within_their_counts(
            all in proptest::collection::vec((0.0_f64..1.0, any::<bool>(), 0.0_f64..1.0, any::<Option<bool>>()), 0..60),
        ) {
            let (rows, said): (Vec<_>, Vec<_>) = all.into_iter().map(|(p, l, s, d)| one(p, l, s, d)).unzip();
            let found = Figures::of(&rows, &said, Thresholds { keep_above: 0.3, sure_above: 0.9, safeguarding_above: 0.4 });
            prop_assert!(found.missed <= found.dissatisfied && found.false_alarms <= found.others());
            prop_assert!(found.wrong_at_once <= found.false_alarms && found.dangers_missed <= found.dangers);
            for figure in [found.auroc, found.average_precision, found.act_macro_f1, found.recall()].into_iter().flatten() {
                prop_assert!((0.0..=1.0 + 1e-9).contains(&figure));
            }
        }
    }
}
