//! From the machine's probabilities to what a case seems to be. Pure.

use super::labels::{Act, Procedure, Suggestion, Theme};
use crate::procedure::event::Nature;

/// Where the probabilities are cut. Chosen when the heads were fitted, on messages they had not seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lines {
    /// Dissatisfaction from here: nearly all of it lies above.
    pub keep_from: f64,
    /// Sure enough to write to a family without an officer's look: nearly everything above is dissatisfaction.
    pub sure_from: f64,
    /// A child may be at risk from here.
    pub safeguarding_from: f64,
}

impl Default for Lines {
    fn default() -> Self {
        Self { keep_from: 0.5, sure_from: 0.9, safeguarding_from: 0.5 }
    }
}

/// What a message seems to be, by `suggestion`.
///
/// The recall head decides whether it is dissatisfaction; the act head only which act within that.
#[must_use]
pub fn nature(suggestion: &Suggestion, lines: &Lines) -> Nature {
    let dissatisfied = suggestion.dissatisfied >= lines.keep_from;
    let likeliest = Act::ALL
        .iter()
        .zip(&suggestion.act_scores)
        .filter(|(act, _)| act.is_dissatisfaction() == dissatisfied)
        .max_by(|a, b| a.1.total_cmp(b.1))
        .map(|(act, _)| *act);
    let fallback = if dissatisfied { Act::Concern } else { Act::Enquiry };
    Nature {
        act: likeliest.unwrap_or(fallback),
        procedure: match (dissatisfied, suggestion.procedure) {
            (false, _) => Procedure::None,
            (true, Procedure::None) => Procedure::Unclear,
            (true, procedure) => procedure,
        },
        theme: suggestion.theme,
        safeguarding: suggestion.raises_danger(lines.safeguarding_from),
    }
}

/// What a message to a complaints mailbox is taken for while there is no suggestion: the sender chose the mailbox.
#[must_use]
pub fn unlabelled() -> Nature {
    Nature { act: Act::Complaint, procedure: Procedure::Unclear, theme: Theme::Other, safeguarding: false }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn suggestion(dissatisfied: f64, safeguarding: f64, scores: Vec<f64>) -> Suggestion {
        Suggestion {
            model: "test".into(),
            act: Act::Routine,
            act_scores: scores,
            dissatisfied,
            safeguarding,
            procedure: Procedure::None,
            theme: Theme::Delay,
            themes: vec![],
            child_author: 0.02,
            on_behalf: 0.02,
            danger: None,
            language: None,
            because: String::new(),
        }
    }

    proptest! {
        #[test]
        fn the_act_always_agrees_with_the_recall_head(p in 0.0f64..1.0, s in 0.0f64..1.0, scores in prop::collection::vec(0.0f64..1.0, 7)) {
            let lines = Lines::default();
            let nature = nature(&suggestion(p, s, scores), &lines);
            prop_assert_eq!(nature.act.is_dissatisfaction(), p >= lines.keep_from);
            prop_assert_eq!(nature.safeguarding, s >= lines.safeguarding_from);
            prop_assert_eq!(nature.procedure == Procedure::None, p < lines.keep_from);
        }
    }
}
