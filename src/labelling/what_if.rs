//! What other lines would have done with the messages of the last weeks. Pure, and counts only: nothing of a message is here
//! but how likely it was, and what an officer has said of it since.

use serde::Serialize;

/// A message that opened a case, as far as the lines look at it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// It was found in a manager's mailbox.
    pub private: bool,
    /// Staff wrote it or passed it on.
    pub by_staff: bool,
    /// How likely it is dissatisfaction, as the model said then.
    pub dissatisfied: f64,
    /// Kept whatever its probability: a child may be at risk, or the language cannot be judged.
    pub kept_anyway: bool,
    /// The language cannot be judged: nobody is written to before an officer has read it.
    pub unjudged: bool,
    /// Whether it is dissatisfaction, by an officer; None while nobody has said.
    pub decided: Option<bool>,
}

/// Where the probabilities are cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// Dissatisfaction from here.
    pub keep_from: f64,
    /// A manager's mailbox: the family hears at once from here.
    pub acknowledge_from: f64,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A case, and the family hears at once.
    AtOnce,
    /// A case, and an officer looks before the family hears.
    Waits,
    /// Nothing is kept of it.
    LeftAlone,
}

/// What becomes of `seen` by `cut`: as [`crate::intake::settle`] does with a message that belongs to no case yet.
#[must_use]
pub fn fate(seen: &Seen, cut: Cut) -> Fate {
    let dissatisfied = seen.dissatisfied >= cut.keep_from;
    match (seen.private, dissatisfied) {
        (true, false) if !seen.kept_anyway => Fate::LeftAlone,
        (true, _) => {
            let sure = dissatisfied && seen.dissatisfied >= cut.acknowledge_from;
            if sure && !seen.by_staff && !seen.unjudged { Fate::AtOnce } else { Fate::Waits }
        }
        (false, false) if seen.by_staff => Fate::Waits,
        (false, _) => Fate::AtOnce,
    }
}

/// How many, and what officers have said of them since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Messages.
    pub all: u64,
    /// An officer has said that it is dissatisfaction.
    pub dissatisfied: u64,
    /// An officer has said that it is not.
    pub other: u64,
}

impl Count {
    fn add(&mut self, decided: Option<bool>) {
        self.all += 1;
        self.dissatisfied += u64::from(decided == Some(true));
        self.other += u64::from(decided == Some(false));
    }
}

/// What one cut would have done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The family would have heard at once.
    pub at_once: Count,
    /// An officer would have looked first.
    pub waits: Count,
    /// Kept as it is, and would have been left alone.
    pub left_alone: Count,
}

/// What `cut` would have done with `messages`.
#[must_use]
pub fn outcome<'a>(messages: impl IntoIterator<Item = &'a Seen>, cut: Cut) -> Outcome {
    let mut outcome = Outcome::default();
    for seen in messages {
        let count = match fate(seen, cut) {
            Fate::AtOnce => &mut outcome.at_once,
            Fate::Waits => &mut outcome.waits,
            Fate::LeftAlone => &mut outcome.left_alone,
        };
        count.add(seen.decided);
    }
    outcome
}

/// The values to compare `in_use` with, from the lowest, itself among them. `from`: none lower is worth a line.
#[must_use]
pub fn values(usual: &[f64], in_use: f64, from: f64) -> Vec<f64> {
    let same = |a: f64, b: f64| (a - b).abs() < 0.005;
    let others = usual.iter().copied().filter(|value| *value >= from && !same(*value, in_use));
    let mut values: Vec<f64> = others.chain([in_use]).collect();
    values.sort_by(f64::total_cmp);
    values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seen(private: bool, dissatisfied: f64, decided: Option<bool>) -> Seen {
        Seen { private, by_staff: false, dissatisfied, kept_anyway: false, unjudged: false, decided }
    }

    const CUT: Cut = Cut { keep_from: 0.4, acknowledge_from: 0.9 };

    #[test]
    fn a_managers_mailbox_has_three_bands_and_what_is_dangerous_or_foreign_is_kept() {
        let fate_of = |seen: Seen| fate(&seen, CUT);
        assert_eq!(fate_of(seen(true, 0.9, None)), Fate::AtOnce, "a line is its own first value");
        assert_eq!(fate_of(seen(true, 0.89, None)), Fate::Waits);
        assert_eq!(fate_of(seen(true, 0.39, None)), Fate::LeftAlone);
        let danger = Seen { kept_anyway: true, ..seen(true, 0.1, None) };
        assert_eq!(fate_of(danger), Fate::Waits);
        assert_eq!(fate_of(Seen { kept_anyway: true, unjudged: true, ..seen(true, 0.99, None) }), Fate::Waits);
        assert_eq!(fate_of(Seen { by_staff: true, ..seen(true, 0.99, None) }), Fate::Waits, "staff are not the family");
        let crossed = Cut { keep_from: 0.8, acknowledge_from: 0.5 };
        assert_eq!(fate(&seen(true, 0.6, None), crossed), Fate::LeftAlone, "what is not kept is not answered");
    }

    #[test]
    fn what_is_sent_to_the_complaints_mailbox_is_never_left_alone() {
        for probability in [0.0, 0.39, 0.4, 1.0] {
            assert_eq!(fate(&seen(false, probability, None), CUT), Fate::AtOnce);
        }
        let staff = |dissatisfied| Seen { by_staff: true, ..seen(false, dissatisfied, None) };
        assert_eq!((fate(&staff(0.39), CUT), fate(&staff(0.4), CUT)), (Fate::Waits, Fate::AtOnce));
    }

    #[test]
    fn officers_decisions_say_what_would_have_been_right() {
        let messages = [
            seen(true, 0.95, Some(true)),
            seen(true, 0.92, Some(false)),
            seen(true, 0.7, None),
            seen(true, 0.6, Some(true)),
            seen(true, 0.45, Some(false)),
        ];
        let now = outcome(&messages, CUT);
        assert_eq!(now.at_once, Count { all: 2, dissatisfied: 1, other: 1 });
        assert_eq!(now.waits, Count { all: 3, dissatisfied: 1, other: 1 });
        assert_eq!(now.left_alone, Count::default());
        let higher = outcome(&messages, Cut { keep_from: 0.65, acknowledge_from: 0.94 });
        assert_eq!(higher.at_once, Count { all: 1, dissatisfied: 1, other: 0 });
        assert_eq!(higher.left_alone, Count { all: 2, dissatisfied: 1, other: 1 }, "one complaint would be missed");
    }

    #[test]
    fn the_value_in_use_stands_among_the_others_once() {
        assert_eq!(values(&[0.5, 0.7, 0.9], 0.9, 0.0), [0.5, 0.7, 0.9]);
        assert_eq!(values(&[0.5, 0.7, 0.9], 0.653, 0.653), [0.653, 0.7, 0.9]);
        assert_eq!(values(&[], 0.3, 0.5), [0.3]);
    }

    proptest! {
        #[test]
        fn every_message_has_one_fate_and_a_higher_line_never_acts_on_more(
            probabilities in prop::collection::vec((0.0_f64..1.0, any::<bool>(), any::<bool>(), any::<bool>()), 0..60),
            low in 0.0_f64..1.0,
            more in 0.0_f64..1.0,
        ) {
            let messages: Vec<Seen> = probabilities
                .into_iter()
                .map(|(p, private, by_staff, kept_anyway)| Seen { by_staff, kept_anyway, ..seen(private, p, Some(by_staff)) })
                .collect();
            let at = |acknowledge_from| outcome(&messages, Cut { acknowledge_from, ..CUT });
            let (below, above) = (at(low), at(low + more));
            prop_assert!(above.at_once.all <= below.at_once.all);
            for outcome in [below, above] {
                let all = outcome.at_once.all + outcome.waits.all + outcome.left_alone.all;
                prop_assert_eq!(all, messages.len() as u64);
            }
        }
    }
}
