//! How good scores are, and how to turn them into probabilities and thresholds. Pure.

use serde::Serialize;

/// A score and whether it should have been high.
pub type Scored = (f64, bool);

/// The logistic function.
#[must_use]
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Softmax of `scores`.
#[must_use]
pub fn softmax(scores: &[f64]) -> Vec<f64> {
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = scores.iter().map(|s| (s - highest).exp()).collect();
    let total: f64 = powers.iter().sum();
    powers.into_iter().map(|p| p / total).collect()
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

/// Brier score: the mean squared difference between the probability given and what came true (1950).
#[must_use]
pub fn brier(scored: &[Scored]) -> f64 {
    let wrong = |(probability, positive): &Scored| (probability - f64::from(u8::from(*positive))).powi(2);
    scored.iter().map(wrong).sum::<f64>() / scored.len().max(1) as f64
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
}
