//! From a sample to all that was left alone: how many were missed, and how many of 100 are found. Pure.

use crate::labelling::choose::at_least;

/// How sure the ends of an interval are.
pub const CONFIDENCE: f64 = 0.95;
/// Messages looked at unless somebody asks for another number.
pub const USUAL_SAMPLE: u32 = 60;
/// The most that one officer is asked to look at.
pub const LARGEST_SAMPLE: u32 = 400;

/// What a check counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages left alone that were there to be drawn from.
    pub left_alone: u32,
    /// Messages an officer gave an answer on.
    pub judged: u32,
    /// Those of them that should have been kept.
    pub missed: u32,
    /// Messages of the same mailbox and days that were kept and are dissatisfaction.
    pub found: u32,
}

/// The ends between which a value lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Between<T> {
    /// The least.
    pub low: T,
    /// The most.
    pub high: T,
}

/// What the counts say about all messages that were left alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Share missed among what was left alone (elusion), 0 to 1.
    pub elusion: f64,
    /// Its interval.
    pub elusion_between: Between<f64>,
    /// How many of the messages left alone were missed, in whole messages.
    pub missed_between: Between<u32>,
    /// Share of all dissatisfaction that was found, 0 to 1; None when nothing was found and nothing missed.
    pub recall: Option<f64>,
    /// Its interval, from that of the missed. What was found is taken as counted.
    pub recall_between: Option<Between<f64>>,
}

/// The interval of a share of which `right` of `all` were seen: Clopper and Pearson 1934, so it covers the truth at least
/// as often as [`CONFIDENCE`] says. Seen none, or all, one end needs no proof, and the whole doubt goes to the other: "at most
/// 5 %" of 60 is a one-sided statement.
#[must_use]
pub fn interval(right: u32, all: u32) -> Between<f64> {
    let (right, all) = (right.min(all) as usize, all as usize);
    let two_sided = f64::midpoint(1.0, CONFIDENCE);
    let (low, high) = match (right, all) {
        (_, 0) => (0.0, 1.0),
        (0, _) => (0.0, 1.0 - at_least(all, all, CONFIDENCE)),
        (right, all) if right == all => (at_least(all, all, CONFIDENCE), 1.0),
        _ => (at_least(right, all, two_sided), 1.0 - at_least(all - right, all, two_sided)),
    };
    Between { low, high }
}

/// The most that can have been missed, as a share, when none of `judged` was.
#[must_use]
pub fn at_most_missed(judged: u32) -> f64 {
    interval(0, judged).high
}

/// What `counts` say; None before anything was judged.
#[must_use]
pub fn estimate(counts: Counts) -> Option<Estimate> {
    let Counts { left_alone, judged, missed, found } = counts;
    if judged == 0 || missed > judged || judged > left_alone {
        return None;
    }
    let elusion = f64::from(missed) / f64::from(judged);
    let elusion_between = interval(missed, judged);
    let all = f64::from(left_alone);
    // What was seen is certain: at least the missed ones are missed, at least the others are not.
    let (least, most) = (missed, left_alone - (judged - missed));
    let low = whole((elusion_between.low * all).floor()).clamp(least, most);
    let high = whole((elusion_between.high * all).ceil()).clamp(least, most);
    let missed_between = Between { low, high };
    let found = f64::from(found);
    let recall = |missed: f64| if found + missed > 0.0 { found / (found + missed) } else { 1.0 };
    let known = found + f64::from(missed) > 0.0;
    Some(Estimate {
        elusion,
        elusion_between,
        missed_between,
        recall: known.then(|| recall(elusion * all)),
        recall_between: known.then(|| Between { low: recall(f64::from(high)), high: recall(f64::from(low)) }),
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded just before")]
fn whole(value: f64) -> u32 {
    value.clamp(0.0, f64::from(u32::MAX)) as u32
}

/// What was missed, in sentences for people.
#[must_use]
pub fn missed_words(counts: Counts) -> String {
    let Counts { left_alone, judged, missed, .. } = counts;
    let Some(estimate) = estimate(counts) else {
        return match left_alone {
            0 => "Nothing was left alone on these days, so nothing can have been missed.".to_owned(),
            _ => "Nothing was judged, so nothing can be said.".to_owned(),
        };
    };
    let messages = if left_alone == 1 { "message" } else { "messages" };
    let seen = match missed {
        0 => "none".to_owned(),
        n => n.to_string(),
    };
    if judged == left_alone {
        let them = if judged == 1 { "it".to_owned() } else { format!("all {judged} of them") };
        return format!(
            "{left_alone} {messages} were left alone. We looked at {them} and found {seen} that we should have kept."
        )
        .replace("1 message were", "1 message was");
    }
    let Between { low, high } = estimate.missed_between;
    let so = match (low, high) {
        (0, high) => format!("at most {high} of the {left_alone}"),
        (low, high) if low == high => format!("about {low} of the {left_alone}"),
        (low, high) => format!("between {low} and {high} of the {left_alone}"),
    };
    let were = if high == 1 { "was" } else { "were" };
    format!(
        "Of the {left_alone} {messages} left alone, we looked at {judged} and found {seen} that we should have kept. So {so} {were} \
         probably missed."
    )
}

/// How much of the mailbox's dissatisfaction is found, in sentences for people.
#[must_use]
pub fn recall_words(counts: Counts) -> String {
    let Some(Estimate { recall: Some(recall), recall_between: Some(Between { low, high }), .. }) = estimate(counts)
    else {
        return "Nothing was kept on these days and nothing missed was seen, so how much is found cannot be told."
            .to_owned();
    };
    let kept = match counts.found {
        0 => "No message".to_owned(),
        1 => "1 message".to_owned(),
        n => format!("{n} messages"),
    };
    let were = if counts.found > 1 { "were" } else { "was" };
    let (low, high) = ((low * 100.0).floor(), (high * 100.0).ceil());
    let found = if low >= high { format!("{low:.0}") } else { format!("between {low:.0} and {high:.0}") };
    format!(
        "{kept} of somebody's dissatisfaction {were} kept on the same days. So of 100 such messages, {found} are found; {:.0} is \
         the likeliest.",
        recall * 100.0
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use statrs::function::factorial::ln_binomial;

    use super::*;

    fn counts(left_alone: u32, judged: u32, missed: u32, found: u32) -> Counts {
        Counts { left_alone, judged, missed, found }
    }

    #[test]
    fn one_of_sixty_of_four_hundred_and_twelve_is_said_in_whole_messages() {
        assert_eq!(
            missed_words(counts(412, 60, 1, 38)),
            "Of the 412 messages left alone, we looked at 60 and found 1 that we should have kept. So between 1 and 37 of \
             the 412 were probably missed."
        );
        assert_eq!(
            recall_words(counts(412, 60, 1, 38)),
            "38 messages of somebody's dissatisfaction were kept on the same days. So of 100 such messages, between 50 and \
             98 are found; 85 is the likeliest."
        );
    }

    #[test]
    fn none_of_sixty_is_at_most_five_of_a_hundred() {
        assert!((at_most_missed(60) - 0.0487).abs() < 1e-4, "{}", at_most_missed(60));
        assert_eq!(
            missed_words(counts(412, 60, 0, 0)),
            "Of the 412 messages left alone, we looked at 60 and found none that we should have kept. So at most 21 of the \
             412 were probably missed."
        );
        assert!(recall_words(counts(412, 60, 0, 0)).ends_with("cannot be told."));
    }

    #[test]
    fn what_was_seen_whole_leaves_no_doubt() {
        assert_eq!(estimate(counts(40, 40, 2, 6)).unwrap().missed_between, Between { low: 2, high: 2 });
        assert_eq!(
            missed_words(counts(40, 40, 2, 6)),
            "40 messages were left alone. We looked at all 40 of them and found 2 that we should have kept."
        );
        assert_eq!(
            missed_words(counts(1, 1, 0, 0)),
            "1 message was left alone. We looked at it and found none that we should have kept."
        );
        assert_eq!(
            recall_words(counts(40, 40, 2, 6)),
            "6 messages of somebody's dissatisfaction were kept on the same days. So of 100 such messages, 75 are found; 75 \
             is the likeliest."
        );
    }

    #[test]
    fn nothing_judged_says_nothing() {
        assert_eq!(estimate(counts(412, 0, 0, 3)), None);
        assert!(missed_words(counts(0, 0, 0, 3)).starts_with("Nothing was left alone"));
        assert!(missed_words(counts(9, 0, 0, 3)).starts_with("Nothing was judged"));
    }

    /// Known values of the two-sided interval at 95 %.
    #[test]
    fn the_interval_is_clopper_and_pearsons() {
        for (right, all, low, high) in
            [(1, 60, 0.000_42, 0.089_40), (5, 10, 0.187_09, 0.812_91), (3, 100, 0.006_23, 0.085_18)]
        {
            let found = interval(right, all);
            assert!((found.low - low).abs() < 1e-4 && (found.high - high).abs() < 1e-4, "{right} of {all}: {found:?}");
        }
        assert_eq!(interval(0, 0), Between { low: 0.0, high: 1.0 });
    }

    /// How often the interval of a sample of `all` holds `share`, exactly.
    fn coverage(all: u32, share: f64) -> f64 {
        let mut covered = 0.0;
        for right in 0..=all {
            let Between { low, high } = interval(right, all);
            if low <= share && share <= high {
                // In logarithms: a share near 1 to the power of a large sample is no number any more.
                let (right, wrong) = (f64::from(right), f64::from(all - right));
                let ways = ln_binomial(u64::from(all), right as u64);
                covered += (ways + right * share.ln() + wrong * (1.0 - share).ln()).exp();
            }
        }
        covered
    }

    proptest! {
        /// Where none and some are told in different ways, the doubt of both may add up: never to more than 7.5 %.
        #[test]
        fn the_interval_holds_the_truth_as_often_as_it_says(all in 1_u32..150, share in 0.001_f64..0.999) {
            prop_assert!(coverage(all, share) >= 0.925 - 1e-9, "{}", coverage(all, share));
        }

        #[test]
        fn an_estimate_lies_within_its_ends_and_agrees_with_what_was_seen(
            left_alone in 1_u32..5000, judged_share in 0.0_f64..=1.0, missed_share in 0.0_f64..=1.0, found in 0_u32..500,
        ) {
            let judged = whole(f64::from(left_alone) * judged_share).max(1);
            let missed = whole(f64::from(judged) * missed_share);
            let counted = counts(left_alone, judged, missed, found);
            let Estimate { elusion, elusion_between, missed_between, recall, recall_between } = estimate(counted).unwrap();
            prop_assert!(elusion_between.low <= elusion && elusion <= elusion_between.high);
            prop_assert!(missed <= missed_between.low && missed_between.low <= missed_between.high);
            prop_assert!(missed_between.high <= left_alone - (judged - missed));
            if let (Some(recall), Some(between)) = (recall, recall_between) {
                prop_assert!(0.0 <= between.low && between.high <= 1.0);
                prop_assert!(between.low <= recall + 1e-9 && recall <= between.high + 1e-9, "{recall} {between:?}");
            }
            prop_assert!(!missed_words(counted).is_empty() && !recall_words(counted).is_empty());
        }

        #[test]
        fn a_larger_sample_without_a_miss_says_more(judged in 1_u32..400) {
            prop_assert!(at_most_missed(judged + 1) < at_most_missed(judged));
        }
    }
}
