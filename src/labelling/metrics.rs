//! How good scores are, and how to turn them into probabilities and thresholds. Pure.

use serde::{Deserialize, Serialize};

/// A score and whether it should have been high.
pub type Scored = (f64, bool);

/// Calibration of two scores: probability = logistic(whole * a + strongest * b + offset), Platt 1999 with one score more.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Blend {
    /// Factor of the whole message's score.
    pub whole: f64,
    /// Factor of the strongest window's score.
    pub strongest: f64,
    /// Summand.
    pub offset: f64,
}

impl Default for Blend {
    fn default() -> Self {
        Self { whole: 1.0, strongest: 0.0, offset: 0.0 }
    }
}

/// How far the factors are held back: little, yet enough for scores that part perfectly.
const RIDGE: f64 = 1e-3;

impl Blend {
    /// The blended score: 0 is as likely as not.
    #[must_use]
    pub fn score(&self, whole: f64, strongest: f64) -> f64 {
        self.whole * whole + self.strongest * strongest + self.offset
    }

    /// The probability that the two scores stand for.
    #[must_use]
    pub fn probability(&self, whole: f64, strongest: f64) -> f64 {
        sigmoid(self.score(whole, strongest))
    }

    /// Fits to (whole, strongest, label) of messages that were not trained on: Newton's method on the log loss, with
    /// Platt's softened targets so that a perfect split does not run to certainty. Neither factor goes below 0: a higher
    /// score never means less.
    #[must_use]
    pub fn fit(scored: &[(f64, f64, bool)]) -> Self {
        let both = Self::newton(scored, [true, true]);
        match (both.whole < 0.0, both.strongest < 0.0) {
            (false, false) => both,
            (true, _) => Self::newton(scored, [false, true]),
            (_, true) => Self::newton(scored, [true, false]),
        }
    }

    /// With only the factors that are `free`; the others stay 0.
    fn newton(scored: &[(f64, f64, bool)], free: [bool; 2]) -> Self {
        let positives = scored.iter().filter(|(_, _, positive)| *positive).count() as f64;
        let negatives = scored.len() as f64 - positives;
        let (high, low) = ((positives + 1.0) / (positives + 2.0), 1.0 / (negatives + 2.0));
        let [a, b] = free.map(|free| f64::from(u8::from(free)));
        let mut found = Self { whole: 0.5 * a, strongest: 0.5 * b, offset: 0.0 };
        for _ in 0..100 {
            let mut gradient = [RIDGE * found.whole, RIDGE * found.strongest, 0.0];
            let mut curvature = [[RIDGE, 0.0, 0.0], [0.0, RIDGE, 0.0], [0.0, 0.0, 1e-6]];
            for (whole, strongest, positive) in scored {
                let row = [a * whole, b * strongest, 1.0];
                let p = found.probability(*whole, *strongest);
                let error = p - if *positive { high } else { low };
                let weight = (p * (1.0 - p)).max(1e-9);
                for (g, (curves, x)) in gradient.iter_mut().zip(curvature.iter_mut().zip(row)) {
                    *g += error * x;
                    curves.iter_mut().zip(row).for_each(|(curve, y)| *curve += weight * x * y);
                }
            }
            let Some(step) = solve(curvature, gradient) else { break };
            // Bounded steps: far from the optimum Newton's step can overshoot.
            let [whole, strongest, offset] = step.map(|step| step.clamp(-1.0, 1.0));
            found.whole -= whole * a;
            found.strongest -= strongest * b;
            found.offset -= offset;
            if step.iter().map(|step| step.abs()).sum::<f64>() < 1e-10 {
                break;
            }
        }
        found
    }
}

/// Solves three equations by Cramer's rule. None if they do not have one answer.
fn solve(m: [[f64; 3]; 3], right: [f64; 3]) -> Option<[f64; 3]> {
    let determinant = |[a, b, c]: [[f64; 3]; 3]| {
        a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])
    };
    let whole = determinant(m);
    if whole.abs() < 1e-15 || !whole.is_finite() {
        return None;
    }
    let replaced = |column: usize| {
        let mut with = m;
        for (row, value) in with.iter_mut().zip(right) {
            row.iter_mut().skip(column).take(1).for_each(|place| *place = value);
        }
        determinant(with) / whole
    };
    Some([replaced(0), replaced(1), replaced(2)])
}

/// The logistic function.
#[must_use]
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Softmax of `scores` divided by `temperature`.
#[must_use]
pub fn softmax(scores: &[f64], temperature: f64) -> Vec<f64> {
    let temperature = if temperature > 0.0 { temperature } else { 1.0 };
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = scores.iter().map(|s| ((s - highest) / temperature).exp()).collect();
    let total: f64 = powers.iter().sum();
    powers.into_iter().map(|p| p / total).collect()
}

/// The temperature (0.2 to 5) whose softmax gives the right classes the highest likelihood.
#[must_use]
pub fn fit_temperature(rows: &[(Vec<f64>, usize)]) -> f64 {
    let loss = |temperature: f64| -> f64 {
        rows.iter()
            .map(|(scores, right)| -softmax(scores, temperature).get(*right).copied().unwrap_or(1.0).max(1e-12).ln())
            .sum()
    };
    let mut found = (f64::INFINITY, 1.0);
    for step in 0..=64 {
        let temperature = 0.2 * 25.0_f64.powf(f64::from(step) / 64.0);
        let loss = loss(temperature);
        if loss < found.0 {
            found = (loss, temperature);
        }
    }
    found.1
}

/// Area under the ROC curve; ties count half. None without both kinds.
#[must_use]
pub fn auroc(scored: &[Scored]) -> Option<f64> {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let positives = sorted.iter().filter(|(_, positive)| *positive).count() as f64;
    let negatives = sorted.len() as f64 - positives;
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    let (mut ranks, mut before) = (0.0, 0.0);
    for ties in sorted.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let size = ties.len() as f64;
        ranks += ties.iter().filter(|(_, positive)| *positive).count() as f64 * (before + (size + 1.0) / 2.0);
        before += size;
    }
    Some((ranks - positives * (positives + 1.0) / 2.0) / (positives * negatives))
}

/// One way of drawing a line: what is at or above `threshold` counts as found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Line {
    /// The lowest score that is found.
    pub threshold: f64,
    /// Share of the found that are right.
    pub precision: f64,
    /// Share of the right that are found.
    pub recall: f64,
    /// Share of all that are found.
    pub found: f64,
}

impl Line {
    /// Harmonic mean of precision and recall.
    #[must_use]
    pub fn f1(&self) -> f64 {
        f1(self.precision, self.recall)
    }
}

/// Harmonic mean, 0 if both are.
#[must_use]
pub fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
}

/// Every line that can be drawn, from the highest threshold to the lowest. Empty if nothing is right.
#[must_use]
pub fn lines(scored: &[Scored]) -> Vec<Line> {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let positives = sorted.iter().filter(|(_, positive)| *positive).count() as f64;
    if positives == 0.0 {
        return Vec::new();
    }
    let (mut found, mut right) = (0.0, 0.0);
    let mut lines = Vec::new();
    for ties in sorted.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        found += ties.len() as f64;
        right += ties.iter().filter(|(_, positive)| *positive).count() as f64;
        lines.push(Line {
            threshold: ties.first().map_or(0.0, |(score, _)| *score),
            precision: right / found,
            recall: right / positives,
            found: found / sorted.len() as f64,
        });
    }
    lines
}

/// The highest line with at least `recall`.
#[must_use]
pub fn at_recall(scored: &[Scored], recall: f64) -> Option<Line> {
    lines(scored).into_iter().find(|line| line.recall >= recall)
}

/// The lowest line with at least `precision`, among those that find at least `least` messages.
#[must_use]
pub fn at_precision(scored: &[Scored], precision: f64, least: usize) -> Option<Line> {
    let least = least as f64 / scored.len().max(1) as f64;
    lines(scored).into_iter().rfind(|line| line.precision >= precision && line.found >= least)
}

/// The line with the best F1.
#[must_use]
pub fn best_f1(scored: &[Scored]) -> Option<Line> {
    lines(scored).into_iter().max_by(|a, b| a.f1().total_cmp(&b.f1()))
}

/// Precision and recall of what is at or above `threshold`.
#[must_use]
pub fn at_threshold(scored: &[Scored], threshold: f64) -> Line {
    let found = scored.iter().filter(|(score, _)| *score >= threshold).count() as f64;
    let right = scored.iter().filter(|(score, positive)| *positive && *score >= threshold).count() as f64;
    let positives = scored.iter().filter(|(_, positive)| *positive).count() as f64;
    Line {
        threshold,
        precision: if found > 0.0 { right / found } else { 0.0 },
        recall: if positives > 0.0 { right / positives } else { 0.0 },
        found: found / scored.len().max(1) as f64,
    }
}

/// Expected calibration error in ten bins of equal width (Guo et al. 2017): how far probabilities are from frequencies.
#[must_use]
pub fn calibration_error(scored: &[Scored]) -> f64 {
    let mut bins = [(0.0_f64, 0.0_f64, 0.0_f64); 10];
    for (probability, positive) in scored {
        let at = ((probability * 10.0) as usize).min(9);
        if let Some((count, sum, right)) = bins.get_mut(at) {
            *count += 1.0;
            *sum += probability;
            *right += f64::from(u8::from(*positive));
        }
    }
    let total = scored.len().max(1) as f64;
    bins.iter().map(|(_, sum, right)| (sum - right).abs() / total).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SOME: [Scored; 5] = [(0.9, true), (0.8, false), (0.7, true), (0.2, false), (0.1, false)];

    #[test]
    fn area_under_the_curve_counts_right_pairs_and_half_of_ties() {
        assert_eq!(auroc(&SOME), Some(5.0 / 6.0));
        assert_eq!(auroc(&[(1.0, true), (1.0, false)]), Some(0.5));
        assert_eq!(auroc(&[(1.0, true)]), None);
    }

    #[test]
    fn lines_are_drawn_where_recall_or_precision_is_reached() {
        let all = at_recall(&SOME, 0.95).unwrap();
        assert_eq!((all.threshold, all.precision, all.found), (0.7, 2.0 / 3.0, 0.6));
        assert_eq!(at_precision(&SOME, 0.9, 1).unwrap().threshold, 0.9);
        assert_eq!(at_precision(&SOME, 0.9, 2), None);
        assert_eq!(at_threshold(&SOME, 0.75).recall, 0.5);
        assert!((best_f1(&SOME).unwrap().f1() - 0.8).abs() < 1e-12);
    }

    #[test]
    fn a_blend_recovers_known_probabilities() {
        let truth = Blend { whole: 2.0, strongest: 0.5, offset: -1.0 };
        let mut scored = Vec::new();
        for step in -15..=15 {
            for other in -3..=3 {
                let (whole, strongest) = (f64::from(step) / 5.0, f64::from(step + 4 * other) / 5.0);
                let right = (truth.probability(whole, strongest) * 200.0).round() as usize;
                scored.extend((0..200).map(|n| (whole, strongest, n < right)));
            }
        }
        let found = Blend::fit(&scored);
        let near = |a: f64, b: f64| (a - b).abs() < 0.05;
        assert!(near(found.whole, 2.0) && near(found.strongest, 0.5) && near(found.offset, -1.0), "{found:?}");
        let calibrated: Vec<Scored> = scored.iter().map(|(w, s, p)| (found.probability(*w, *s), *p)).collect();
        assert!(calibration_error(&calibrated) < 0.01);
    }

    #[test]
    fn a_higher_score_never_means_less() {
        let scored: Vec<_> = (-20..20).map(|n| (f64::from(n), f64::from(-n % 7), n > 0)).collect();
        let found = Blend::fit(&scored);
        assert!(found.whole > 0.0 && found.strongest >= 0.0, "{found:?}");
    }

    #[test]
    fn a_temperature_above_one_softens_scores_that_are_too_sure() {
        let rows: Vec<_> = (0..100).map(|n| (vec![6.0, 0.0], usize::from(n >= 75))).collect();
        let temperature = fit_temperature(&rows);
        let p = softmax(&[6.0, 0.0], temperature);
        assert!((p[0] - 0.75).abs() < 0.05, "{p:?} at {temperature}");
    }

    proptest! {
        #[test]
        fn a_blend_never_leaves_the_numbers(
            scored in proptest::collection::vec((-50.0_f64..50.0, -50.0_f64..50.0, any::<bool>()), 0..60),
        ) {
            let blend = Blend::fit(&scored);
            prop_assert!(blend.whole >= 0.0 && blend.strongest >= 0.0 && blend.offset.is_finite());
            for (whole, strongest, _) in scored {
                prop_assert!((0.0..=1.0).contains(&blend.probability(whole, strongest)));
            }
        }
    }
}
