//! Several scores of one message made into one probability. Pure.

use serde::{Deserialize, Serialize};

use super::metrics::{sigmoid, softmax};

/// Scores that are blended: of the whole message and of its strongest window, by the heads and by the encoder.
pub const BLENDED: usize = 4;

/// How far the factors are held back: little, yet enough for scores that part perfectly.
const RIDGE: f64 = 1e-3;
/// Steps of Newton's method, and how often one is halved.
const STEPS: usize = 100;
const HALVINGS: usize = 40;

/// Calibration of several scores: probability = logistic(sum of factors times scores, and an offset): Platt 1999 with more
/// scores than one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Blend {
    /// A factor for each score.
    pub factors: [f64; BLENDED],
    /// Summand.
    pub offset: f64,
}

impl Default for Blend {
    fn default() -> Self {
        Self { factors: [1.0, 0.0, 0.0, 0.0], offset: 0.0 }
    }
}

impl Blend {
    /// The blended score: 0 is as likely as not.
    #[must_use]
    pub fn score(&self, scores: &[f64; BLENDED]) -> f64 {
        self.factors.iter().zip(scores).map(|(factor, score)| factor * score).sum::<f64>() + self.offset
    }

    /// The probability that the scores stand for.
    #[must_use]
    pub fn probability(&self, scores: &[f64; BLENDED]) -> f64 {
        sigmoid(self.score(scores))
    }

    /// Fits to the scores and labels of messages that were not trained on, with Platt's softened targets so that a perfect
    /// split does not run to certainty. Only factors that are `free` are other than 0, and none goes below 0: a higher
    /// score never means less.
    #[must_use]
    pub fn fit(scored: &[([f64; BLENDED], bool)], free: [bool; BLENDED]) -> Self {
        let positives = scored.iter().filter(|(_, positive)| *positive).count() as f64;
        let negatives = scored.len() as f64 - positives;
        let (high, low) = ((positives + 1.0) / (positives + 2.0), 1.0 / (negatives + 2.0));
        let rows: Vec<([f64; BLENDED], f64)> =
            scored.iter().map(|(scores, positive)| (*scores, if *positive { high } else { low })).collect();
        not_below_zero(free, |free| {
            let [factors @ .., offset] = minimise([0.0; BLENDED + 1], |[factors @ .., offset]| {
                let blend = Self { factors: *factors, offset: *offset };
                let mut place = Place::<{ BLENDED + 1 }>::default();
                for (scores, wanted) in &rows {
                    let mut row = [1.0; BLENDED + 1];
                    for ((place, score), free) in row.iter_mut().zip(scores).zip(free) {
                        *place = if free { *score } else { 0.0 };
                    }
                    let score = blend.score(scores);
                    let p = sigmoid(score);
                    // ln(1 + e^score) - wanted * score, which does not overflow.
                    place.loss += score.max(0.0) + (-score.abs()).exp().ln_1p() - wanted * score;
                    place.pull(&row.map(|value| value * (p - wanted)));
                    place.bend(&row, (p * (1.0 - p)).max(1e-9));
                }
                place.held(&[&factors[..], &[0.0]].concat());
                place
            });
            (factors, Self { factors, offset })
        })
    }
}

/// How the scores of several labels, by the heads and by the encoder, are added up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mix {
    /// Factor of the heads' scores.
    pub heads: f64,
    /// Factor of the encoder's.
    pub encoder: f64,
}

impl Default for Mix {
    fn default() -> Self {
        Self { heads: 1.0, encoder: 0.0 }
    }
}

/// Scores of one message's labels by the heads and by the encoder, and which label is right.
pub type Choice = (Vec<f64>, Vec<f64>, usize);

impl Mix {
    /// The scores added up: their softmax is calibrated.
    #[must_use]
    pub fn scores(&self, heads: &[f64], encoder: &[f64]) -> Vec<f64> {
        heads.iter().zip(encoder).map(|(a, b)| self.heads * a + self.encoder * b).collect()
    }

    /// Fits to messages that were not trained on. Only factors that are `free` are other than 0, and none goes below 0.
    #[must_use]
    pub fn fit(choices: &[Choice], free: [bool; 2]) -> Self {
        not_below_zero(free, |free| {
            let [a, b] = free.map(|free| f64::from(u8::from(free)));
            let [heads, encoder] = minimise([0.0; 2], |factors| {
                let [heads, encoder] = *factors;
                let mix = Self { heads, encoder };
                let mut place = Place::<2>::default();
                for (heads, encoder, right) in choices {
                    let shares = softmax(&mix.scores(heads, encoder));
                    place.loss -= shares.get(*right).copied().unwrap_or(1.0).max(1e-300).ln();
                    let rows: Vec<[f64; 2]> = heads.iter().zip(encoder).map(|(x, y)| [a * x, b * y]).collect();
                    let mut mean = [0.0; 2];
                    for (row, share) in rows.iter().zip(&shares) {
                        mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += share * value);
                    }
                    let less = |row: &[f64; 2]| [mean[0] - row[0], mean[1] - row[1]];
                    place.pull(&less(&rows.get(*right).copied().unwrap_or(mean)));
                    rows.iter().zip(&shares).for_each(|(row, share)| place.bend(&less(row), *share));
                }
                place.held(factors);
                place
            });
            ([heads, encoder], Self { heads, encoder })
        })
    }
}

/// Fits with those factors that are `free`, and again without the one furthest below 0, until none is.
fn not_below_zero<T, const N: usize>(mut free: [bool; N], fit: impl Fn([bool; N]) -> ([f64; N], T)) -> T {
    loop {
        let (factors, found) = fit(free);
        let lowest = factors.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
        match lowest {
            Some((at, factor)) if *factor < 0.0 => free.iter_mut().skip(at).take(1).for_each(|free| *free = false),
            _ => return found,
        }
    }
}

/// A loss with its gradient and curvature at one place.
struct Place<const N: usize> {
    loss: f64,
    gradient: [f64; N],
    curvature: [[f64; N]; N],
}

impl<const N: usize> Default for Place<N> {
    fn default() -> Self {
        Self { loss: 0.0, gradient: [0.0; N], curvature: [[0.0; N]; N] }
    }
}

impl<const N: usize> Place<N> {
    fn pull(&mut self, by: &[f64; N]) {
        self.gradient.iter_mut().zip(by).for_each(|(sum, value)| *sum += value);
    }

    fn bend(&mut self, row: &[f64; N], weight: f64) {
        for (curves, x) in self.curvature.iter_mut().zip(row) {
            curves.iter_mut().zip(row).for_each(|(curve, y)| *curve += weight * x * y);
        }
    }

    /// Adds the ridge that pulls `factors` to 0.
    fn held(&mut self, factors: &[f64]) {
        for (at, ((sum, curves), factor)) in self.gradient.iter_mut().zip(&mut self.curvature).zip(factors).enumerate()
        {
            self.loss += RIDGE / 2.0 * factor * factor;
            *sum += RIDGE * factor;
            curves.iter_mut().skip(at).take(1).for_each(|curve| *curve += RIDGE);
        }
    }
}

/// The least of a convex loss by Newton's method from `start`. A step that would not lower the loss is halved until it
/// does: scores far apart make the curvature vanish, and full steps would leap back and forth.
fn minimise<const N: usize>(start: [f64; N], loss: impl Fn(&[f64; N]) -> Place<N>) -> [f64; N] {
    let mut at = start;
    let mut place = loss(&at);
    for _ in 0..STEPS {
        let Some(step) = solve(place.curvature, place.gradient) else { break };
        let mut share = 1.0;
        let better = std::iter::repeat_with(|| {
            let mut next = at;
            next.iter_mut().zip(step).for_each(|(value, step)| *value -= share * step);
            share /= 2.0;
            (next, loss(&next))
        })
        .take(HALVINGS)
        .find(|(_, next)| next.loss < place.loss);
        let Some((next, found)) = better else { break };
        let gained = place.loss - found.loss;
        (at, place) = (next, found);
        if gained < 1e-10 * place.loss.abs().max(1.0) {
            break;
        }
    }
    at
}

/// Solves as many equations as unknowns by elimination. None if they do not have one answer.
fn solve<const N: usize>(mut m: [[f64; N]; N], mut right: [f64; N]) -> Option<[f64; N]> {
    for at in 0..N {
        let column = |row: &[f64; N]| row.get(at).copied().unwrap_or(0.0);
        let best = (at..N).max_by(|a, b| {
            let size = |row: &usize| m.get(*row).map_or(0.0, column).abs();
            size(a).total_cmp(&size(b))
        })?;
        m.swap(at, best);
        right.swap(at, best);
        let pivot = *m.get(at)?;
        let (lead, of_right) = (column(&pivot), *right.get(at)?);
        if lead.abs() < 1e-15 || !lead.is_finite() {
            return None;
        }
        for (number, (row, value)) in m.iter_mut().zip(&mut right).enumerate() {
            if number != at {
                let times = column(row) / lead;
                row.iter_mut().zip(&pivot).for_each(|(place, of_pivot)| *place -= times * of_pivot);
                *value -= times * of_right;
            }
        }
    }
    let mut found = right;
    for (at, (value, row)) in found.iter_mut().zip(&m).enumerate() {
        *value /= row.get(at)?;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [bool; BLENDED] = [true; BLENDED];

    #[test]
    fn a_blend_finds_the_odds_behind_the_scores() {
        // At a score of s, s of 10 are positive.
        let scored: Vec<([f64; BLENDED], bool)> = (1..10)
            .flat_map(|share| (0..1000).map(move |n| (share, n % 10 < share)))
            .map(|(share, positive)| {
                let odds = f64::from(share) / f64::from(10 - share);
                ([odds.ln() / 2.0, 0.0, 0.0, 0.0], positive)
            })
            .collect();
        let blend = Blend::fit(&scored, ALL);
        assert!((blend.factors[0] - 2.0).abs() < 0.05 && blend.offset.abs() < 0.05, "{blend:?}");
    }

    #[test]
    fn scores_that_are_far_too_sure_are_brought_down() {
        // One in ten of these is wrong, at a score that says one in three thousand.
        let scored: Vec<([f64; BLENDED], bool)> = (0..2000)
            .map(|n| {
                let high = n % 2 == 0;
                let score = if high { 8.0 } else { -8.0 };
                ([score, 0.0, score, 0.0], high != (n % 20 < 2))
            })
            .collect();
        let blend = Blend::fit(&scored, ALL);
        assert!((blend.probability(&[8.0, 0.0, 8.0, 0.0]) - 0.9).abs() < 0.01, "{blend:?}");
    }

    #[test]
    fn the_better_score_has_the_greater_say_and_a_contrary_one_none() {
        let scored: Vec<([f64; BLENDED], bool)> = (0..400)
            .map(|n| {
                let positive = n % 2 == 0;
                let sign = if positive { 1.0 } else { -1.0 };
                let noise = f64::from((n * 37) % 100) / 50.0 - 1.0;
                ([sign + noise * 3.0, -sign, sign + noise, 0.0], positive)
            })
            .collect();
        let blend = Blend::fit(&scored, ALL);
        assert!(blend.factors[2] > blend.factors[0] && blend.factors[1] == 0.0, "{blend:?}");
        let alone = Blend::fit(&scored, [true, true, false, false]);
        assert!(alone.factors[0] > 0.0 && alone.factors[1..] == [0.0; 3], "{alone:?}");
    }

    #[test]
    fn a_mix_leans_on_the_scores_that_know() {
        let choices: Vec<Choice> = (0..300)
            .map(|n| {
                let right = n % 3;
                let knows = (0..3).map(|label| if label == right && n % 10 != 0 { 2.0 } else { 0.0 }).collect();
                let guesses = (0..3).map(|label| f64::from(((n * 7 + label * 13) % 10) as u8) / 10.0).collect();
                (guesses, knows, right)
            })
            .collect();
        let mix = Mix::fit(&choices, [true, true]);
        assert!(mix.encoder > 0.8 && mix.heads < 0.5, "{mix:?}");
        assert_eq!(Mix::fit(&choices, [true, false]).encoder, 0.0);
    }

    proptest! {
        #[test]
        fn no_factor_is_negative_and_all_are_finite(
            scored in prop::collection::vec((prop::array::uniform4(-9.0_f64..9.0), any::<bool>()), 0..60),
        ) {
            let blend = Blend::fit(&scored, ALL);
            prop_assert!(blend.factors.iter().all(|factor| *factor >= 0.0 && factor.is_finite()));
            prop_assert!(blend.offset.is_finite());
        }

        #[test]
        fn solutions_solve(m in prop::array::uniform3(prop::array::uniform3(-5.0_f64..5.0)), right in prop::array::uniform3(-5.0_f64..5.0)) {
            if let Some(found) = solve(m, right) {
                let size = found.iter().fold(1.0_f64, |high, value| high.max(value.abs()));
                for (row, wanted) in m.iter().zip(right) {
                    let sum: f64 = row.iter().zip(found).map(|(a, b)| a * b).sum();
                    prop_assert!((sum - wanted).abs() < 1e-6 * size * size, "{} {}", sum, wanted);
                }
            }
        }
    }
}
