//! Points of complaint, and what was found on each.

use serde::{Deserialize, Serialize};

/// What was found on one point of complaint, or on all together. Source: the words of the Ombudsman's remedies guidance and of
/// councils' published reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PointOutcome {
    /// They are right.
    Upheld,
    /// They are right in part.
    PartlyUpheld,
    /// They are not.
    NotUpheld,
    /// It cannot be told.
    NoFinding,
    /// It was not looked into.
    NotInvestigated,
    /// It was settled on terms both agreed to.
    Resolved,
    /// It goes to somebody else: another council, a tribunal.
    Referred,
    /// They took it back.
    Withdrawn,
}

impl PointOutcome {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Upheld,
        Self::PartlyUpheld,
        Self::NotUpheld,
        Self::Resolved,
        Self::NoFinding,
        Self::NotInvestigated,
        Self::Referred,
        Self::Withdrawn,
    ];

    /// The word in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::PartlyUpheld => "partly-upheld",
            Self::NotUpheld => "not-upheld",
            Self::NoFinding => "no-finding",
            Self::NotInvestigated => "not-investigated",
            Self::Resolved => "resolved",
            Self::Referred => "referred",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The outcome with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }

    /// In words, for officers and families.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::Upheld => "Upheld",
            Self::PartlyUpheld => "Partly upheld",
            Self::NotUpheld => "Not upheld",
            Self::NoFinding => "No finding",
            Self::NotInvestigated => "Not investigated",
            Self::Resolved => "Resolved as agreed",
            Self::Referred => "Passed to somebody else",
            Self::Withdrawn => "Withdrawn",
        }
    }

    /// What was found on all points together: all upheld is upheld, one of them upheld is partly upheld, all alike is that.
    #[must_use]
    pub fn of_all(outcomes: &[Self]) -> Option<Self> {
        let first = *outcomes.first()?;
        if outcomes.iter().all(|outcome| *outcome == first) {
            return Some(first);
        }
        let right = |outcome: &Self| matches!(outcome, Self::Upheld | Self::PartlyUpheld);
        if outcomes.iter().any(right) {
            return Some(Self::PartlyUpheld);
        }
        Some(if outcomes.contains(&Self::NotUpheld) { Self::NotUpheld } else { Self::NoFinding })
    }
}

/// What was found on a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Whether they are right.
    pub outcome: PointOutcome,
    /// Why, in words that the family gets.
    pub reasons: String,
    /// What was looked at and relied on; the family gets it.
    pub evidence: String,
    /// What is done for this family.
    pub remedy: String,
    /// What is changed for others.
    pub learning: String,
}

/// One point of complaint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// What they complain of.
    pub text: String,
    /// What was found.
    pub finding: Option<Finding>,
}

/// The points of a complaint, and what goes with them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Points {
    /// What they want to come of it.
    pub wanted: String,
    /// The words before the findings: an apology where something went wrong.
    pub opening: String,
    /// The points.
    pub points: Vec<Point>,
    /// The letter says that other families have told us of the same problem.
    #[serde(default)]
    pub others: bool,
}

#[cfg(test)]
mod tests {
    use super::{PointOutcome::*, *};

    #[test]
    fn the_whole_is_upheld_when_all_is_and_partly_when_some_is() {
        let of = PointOutcome::of_all;
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[Upheld, Upheld]), Some(Upheld));
        assert_eq!(of(&[NotUpheld, Upheld]), Some(PartlyUpheld));
        assert_eq!(of(&[NotUpheld, PartlyUpheld, NoFinding]), Some(PartlyUpheld));
        assert_eq!(of(&[NotUpheld, NoFinding]), Some(NotUpheld));
        assert_eq!(of(&[Withdrawn, Withdrawn]), Some(Withdrawn));
        assert_eq!(of(&[Withdrawn, Referred]), Some(NoFinding));
        for outcome in PointOutcome::ALL {
            assert_eq!(PointOutcome::named(outcome.as_str()), Some(outcome));
        }
    }
}
