//! Where to draw the lines of the three bands (act at once; an officer looks; leave alone), from messages that the
//! heads have not seen. Pure.

use std::fmt;

use serde::Serialize;
use statrs::distribution::{Beta, ContinuousCDF};

use super::metrics::{Scored, lines};

/// How sure the chosen lines must be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Aim {
    /// Share of the dissatisfied messages that must not be left alone.
    pub recall: f64,
    /// Share of dissatisfied ones among the messages acted on at once.
    pub precision: f64,
    /// How sure that is to hold for messages still to come, from 0 to 1.
    pub confidence: f64,
}

/// One band.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Band {
    /// Its name.
    pub band: &'static str,
    /// Lowest probability in it.
    pub from: f64,
    /// Messages in it.
    pub messages: usize,
    /// Of 100 such messages, about so many are dissatisfied. None without messages.
    pub of_100: Option<u32>,
}

/// The bands of one group of messages.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bands {
    /// Which messages, such as those of managers' mailboxes.
    pub group: String,
    /// Messages they were chosen on.
    pub messages: usize,
    /// Dissatisfied ones.
    pub dissatisfied: usize,
    /// From here an officer looks. 0 if there are too few dissatisfied messages to leave any message alone.
    pub keep_from: f64,
    /// From here the family is written to at once. None if no line is sure enough.
    pub acknowledge_from: Option<f64>,
    /// Recall of the messages looked at or acted on, and the lowest it may be.
    pub recall: (f64, f64),
    /// From the highest band to the lowest.
    pub bands: Vec<Band>,
}

/// Chooses the lines of one group: the highest from which the recall, and the lowest from which the precision, is still
/// as aimed at with the confidence asked for (Clopper and Pearson 1934, one-sided).
#[must_use]
pub fn choose(group: &str, scored: &[Scored], aim: Aim) -> Bands {
    let dissatisfied = scored.iter().filter(|(_, positive)| *positive).count();
    let mut keep_from = 0.0;
    let mut acknowledge_from = None;
    let mut recall = (1.0, at_least(dissatisfied, dissatisfied, aim.confidence));
    for line in lines(scored) {
        let found = (line.found * scored.len() as f64).round() as usize;
        let right = (line.recall * dissatisfied as f64).round() as usize;
        let sure_of_all = at_least(right, dissatisfied, aim.confidence);
        if keep_from == 0.0 && sure_of_all >= aim.recall {
            keep_from = line.threshold;
            recall = (line.recall, sure_of_all);
        }
        if at_least(right, found, aim.confidence) >= aim.precision {
            acknowledge_from = Some(line.threshold);
        }
    }
    // Acting at once on what nobody would look at makes no sense.
    let acknowledge_from = acknowledge_from.map(|line| line.max(keep_from));
    let limits = [
        ("act at once", acknowledge_from.unwrap_or(f64::INFINITY), f64::INFINITY),
        ("an officer looks", keep_from, acknowledge_from.unwrap_or(f64::INFINITY)),
        ("leave alone", f64::NEG_INFINITY, keep_from),
    ];
    let bands = limits.map(|(band, from, to)| {
        let inside = scored.iter().filter(|(score, _)| *score >= from && *score < to);
        let (messages, right) = inside.fold((0, 0), |(all, right), (_, yes)| (all + 1, right + usize::from(*yes)));
        let of_100 = (messages > 0).then(|| (right as f64 * 100.0 / messages as f64).round() as u32);
        Band { band, from: from.clamp(0.0, 1.0), messages, of_100 }
    });
    Bands {
        group: group.to_owned(),
        messages: scored.len(),
        dissatisfied,
        keep_from,
        acknowledge_from,
        recall,
        bands: bands.into(),
    }
}

/// The share that `right` of `all` is surely not below: the lower end of Clopper and Pearson's interval. 0 without any.
#[must_use]
pub fn at_least(right: usize, all: usize, confidence: f64) -> f64 {
    if right == 0 || all == 0 {
        return 0.0;
    }
    let wrong = all.saturating_sub(right) as f64;
    Beta::new(right as f64, wrong + 1.0).map_or(0.0, |beta| beta.inverse_cdf(1.0 - confidence))
}

impl fmt::Display for Bands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} messages, {} of them dissatisfied", self.group, self.messages, self.dissatisfied)?;
        for Band { band, from, messages, of_100 } in &self.bands {
            match of_100 {
                None => writeln!(f, "  {band:<17} from {from:.3}: no message here")?,
                Some(n) => writeln!(
                    f,
                    "  {band:<17} from {from:.3}: {messages} messages; of 100 such messages, about {n} are dissatisfied"
                )?,
            }
        }
        let (recall, surely) = self.recall;
        writeln!(f, "  found {:.1} % of the dissatisfied, surely {:.1} % or more", recall * 100.0, surely * 100.0)?;
        if self.keep_from == 0.0 {
            writeln!(
                f,
                "  too few dissatisfied messages to leave any alone: give more, or ask for less with --recall"
            )?;
        }
        writeln!(f, "  keep_from = {:.3}", floor(self.keep_from))?;
        match self.acknowledge_from {
            Some(line) => writeln!(f, "  acknowledge_from = {:.3}", (line * 1000.0).ceil() / 1000.0),
            None => writeln!(f, "  # no line is sure enough to act at once: every one waits for an officer"),
        }
    }
}

/// Rounded so that the message the line was drawn at stays above it.
fn floor(line: f64) -> f64 {
    (line * 1000.0).floor() / 1000.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AIM: Aim = Aim { recall: 0.95, precision: 0.9, confidence: 0.95 };

    fn even(dissatisfied: usize, others: usize) -> Vec<Scored> {
        let of = |count: usize, from: f64, yes| (0..count).map(move |n| (from + 0.4 * n as f64 / count as f64, yes));
        of(dissatisfied, 0.5, true).chain(of(others, 0.0, false)).collect()
    }

    #[test]
    fn the_interval_is_that_of_the_tables() {
        // 59 of 59: the known least number that shows 95 % with confidence 95 %.
        assert!(at_least(59, 59, 0.95) >= 0.95 && at_least(58, 58, 0.95) < 0.95);
        assert!((at_least(100, 100, 0.95) - 0.9705).abs() < 5e-4);
        assert_eq!(at_least(0, 0, 0.95), 0.0);
    }

    #[test]
    fn too_few_dissatisfied_messages_leave_nothing_alone() {
        assert_eq!(choose("few", &even(40, 100), AIM).keep_from, 0.0);
        let enough = choose("enough", &even(100, 100), AIM);
        assert!(enough.keep_from > 0.49 && enough.acknowledge_from.unwrap() <= 0.6, "{enough:?}");
    }

    #[test]
    fn the_bands_read_well() {
        let mut scored = even(200, 300);
        scored.extend((0..40).map(|n| (0.45 + f64::from(n) / 200.0, n % 2 == 0)));
        insta::assert_snapshot!(choose("managers' mailboxes", &scored, AIM));
    }

    proptest! {
        #[test]
        fn every_message_is_in_one_band_and_the_lines_keep_what_was_aimed_at(
            scored in prop::collection::vec((0.0_f64..1.0, any::<bool>()), 0..200),
        ) {
            let found = choose("any", &scored, AIM);
            prop_assert_eq!(found.bands.iter().map(|band| band.messages).sum::<usize>(), scored.len());
            prop_assert!(found.keep_from == 0.0 || found.recall.1 >= AIM.recall);
            prop_assert!(found.acknowledge_from.is_none_or(|line| line >= found.keep_from));
        }
    }
}
