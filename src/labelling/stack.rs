//! What the heads and the encoder say of one message, put together. Pure.

use serde::{Deserialize, Serialize};

use super::{
    blend::{BLENDED, Blend, Choice, Mix},
    heads::{ACTS, COLUMNS, PROCEDURES, Raw, SINGLES, THEMES},
    labels::{Act, Procedure, Theme},
    rows::Labels,
};

/// What was said of one message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Said {
    /// By the heads.
    pub heads: Raw,
    /// By the encoder, if it was asked.
    pub encoder: Option<Raw>,
}

impl Said {
    /// The four scores of the yes-or-no label `at` of [`SINGLES`].
    #[must_use]
    pub fn of_single(&self, at: usize) -> [f64; BLENDED] {
        let both = |raw: &Raw| {
            let column = SINGLES.get(at).copied().unwrap_or(0);
            [raw.scores.get(column).copied().unwrap_or(0.0), raw.strongest.get(at).copied().unwrap_or(0.0)]
        };
        let ([a, b], [c, d]) = (both(&self.heads), self.encoder.as_ref().map_or([0.0; 2], both));
        [a, b, c, d]
    }

    fn several(&self, columns: std::ops::Range<usize>) -> (&[f64], &[f64]) {
        let heads = self.heads.scores.get(columns.clone()).unwrap_or(&[]);
        let encoder = self.encoder.as_ref().and_then(|raw| raw.scores.get(columns));
        (heads, encoder.unwrap_or(NOTHING.get(..heads.len()).unwrap_or(&[])))
    }
}

/// What an encoder that was not asked says.
const NOTHING: &[f64] = &[0.0; COLUMNS];

/// How much each of them counts, label by label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stack {
    /// The yes-or-no labels, in the order of [`SINGLES`].
    pub singles: [Blend; SINGLES.len()],
    /// Acts.
    pub act: Mix,
    /// Procedures.
    pub procedure: Mix,
    /// Themes.
    pub theme: Mix,
}

impl Stack {
    /// Fits to what was said of messages by heads and an encoder that had not seen them. With `encoder` off, to what the
    /// heads say alone.
    #[must_use]
    pub fn fit(said: &[(&Labels, &Said)], encoder: bool) -> Self {
        let free = [true, true, encoder, encoder];
        let mut singles = [Blend::default(); SINGLES.len()];
        for (at, blend) in singles.iter_mut().enumerate() {
            let scored: Vec<([f64; BLENDED], bool)> = said
                .iter()
                .filter_map(|(labels, said)| Some((said.of_single(at), labels.singles().get(at).copied().flatten()?)))
                .collect();
            let found = Blend::fit(&scored, free);
            *blend = Blend { factors: found.factors.map(nine_places), offset: nine_places(found.offset) };
        }
        let mix = |columns: std::ops::Range<usize>, right: &dyn Fn(&Labels) -> Option<usize>| {
            let choices: Vec<Choice> = said
                .iter()
                .filter_map(|(labels, said)| {
                    let (heads, encoder) = said.several(columns.clone());
                    Some((heads.to_vec(), encoder.to_vec(), right(labels)?))
                })
                .collect();
            let found = Mix::fit(&choices, [true, encoder]);
            Mix { heads: nine_places(found.heads), encoder: nine_places(found.encoder) }
        };
        // Procedure and theme are learnt from dissatisfied messages only, and so weighed on them.
        let dissatisfied = |labels: &Labels| labels.dissatisfied == Some(true);
        Self {
            singles,
            act: mix(ACTS, &|labels| Act::ALL.iter().position(|act| Some(*act) == labels.act)),
            procedure: mix(PROCEDURES, &|labels| {
                Procedure::ALL.iter().position(|p| dissatisfied(labels) && Some(*p) == labels.procedure)
            }),
            theme: mix(THEMES, &|labels| {
                Theme::ALL.iter().position(|t| dissatisfied(labels) && Some(*t) == labels.theme)
            }),
        }
    }

    /// The probability of the yes-or-no label `at` of [`SINGLES`].
    #[must_use]
    pub fn probability(&self, said: &Said, at: usize) -> f64 {
        self.singles.get(at).copied().unwrap_or_default().probability(&said.of_single(at))
    }

    /// The probabilities of dissatisfaction and of safeguarding by what the heads say alone.
    #[must_use]
    pub fn risks(&self, heads: &Raw) -> [f64; 2] {
        let said = Said { heads: *heads, encoder: None };
        [0, 1].map(|at| self.probability(&said, at))
    }

    /// The scores of all acts; their softmax is calibrated.
    #[must_use]
    pub fn acts(&self, said: &Said) -> Vec<f64> {
        let (heads, encoder) = said.several(ACTS);
        self.act.scores(heads, encoder)
    }

    /// The scores of all procedures.
    #[must_use]
    pub fn procedures(&self, said: &Said) -> Vec<f64> {
        let (heads, encoder) = said.several(PROCEDURES);
        self.procedure.scores(heads, encoder)
    }

    /// The scores of all themes.
    #[must_use]
    pub fn themes(&self, said: &Said) -> Vec<f64> {
        let (heads, encoder) = said.several(THEMES);
        self.theme.scores(heads, encoder)
    }
}

/// Short enough to come back from JSON as it was, which the name of the model rests on.
#[must_use]
pub fn nine_places(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labelling::heads::DISSATISFIED;

    fn raw(score: f64) -> Raw {
        let mut scores = [0.0; COLUMNS];
        scores[DISSATISFIED] = score;
        scores[ACTS.start] = score;
        Raw { scores, strongest: [score; SINGLES.len()] }
    }

    #[test]
    fn the_encoder_is_heard_where_it_knows_more_and_not_missed_where_it_is_silent() {
        let rows: Vec<(Labels, Said)> = (0..200)
            .map(|n| {
                let yes = n % 2 == 0;
                let act = if yes { Act::ALL[0] } else { Act::ALL[3] };
                let labels = Labels { dissatisfied: Some(yes), act: Some(act), ..Labels::default() };
                let sign = if yes { 1.0 } else { -1.0 };
                let doubt = f64::from((n * 37) % 100) / 20.0 - 2.5;
                (labels, Said { heads: raw(sign + doubt), encoder: Some(raw(sign * 2.0 + doubt / 5.0)) })
            })
            .collect();
        let said: Vec<(&Labels, &Said)> = rows.iter().map(|(labels, said)| (labels, said)).collect();
        let both = Stack::fit(&said, true);
        let alone = Stack::fit(&said, false);
        let wrong = |stack: &Stack, encoder: bool| {
            let heard = |said: &Said| if encoder { *said } else { Said { encoder: None, ..*said } };
            rows.iter()
                .filter(|(labels, said)| {
                    (stack.probability(&heard(said), 0) >= 0.5) != (labels.dissatisfied == Some(true))
                })
                .count()
        };
        assert_eq!(wrong(&both, true), 0, "{both:?}");
        assert!((20..80).contains(&wrong(&alone, false)), "{alone:?}");
        assert!(both.act.encoder > 0.0 && alone.act.encoder == 0.0);
    }
}
