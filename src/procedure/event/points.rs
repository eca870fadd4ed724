//! Points of complaint, and what was found on each.

use serde::{Deserialize, Serialize};

use crate::labelling::labels::Procedure;

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

    /// Whether they are right, at least in part.
    #[must_use]
    pub fn is_right(self) -> bool {
        matches!(self, Self::Upheld | Self::PartlyUpheld)
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
        if outcomes.iter().any(|outcome| outcome.is_right()) {
            return Some(Self::PartlyUpheld);
        }
        Some(if outcomes.contains(&Self::NotUpheld) { Self::NotUpheld } else { Self::NoFinding })
    }
}

/// The way of one point, where that is another than the way of the whole complaint. Sources: rule book 0.4 (a case may hold points
/// of both procedures; wrongly using the corporate one is itself fault), 2.4 (what has an appeal of its own), 6.3 (personal data).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// As the whole complaint.
    #[default]
    Whole,
    /// The statutory procedure.
    Statutory,
    /// The council's own procedure.
    Corporate,
    /// An appeal of its own: a tribunal or a court.
    Appeal,
    /// The rules on complaints about personal data.
    DataProtection,
    /// Another organisation.
    Elsewhere,
}

impl Route {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::Whole, Self::Statutory, Self::Corporate, Self::DataProtection, Self::Appeal, Self::Elsewhere];

    /// The word in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Statutory => "statutory",
            Self::Corporate => "corporate",
            Self::Appeal => "appeal",
            Self::DataProtection => "data-protection",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// The way with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|route| route.as_str() == word)
    }

    /// In words, for officers.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::Whole => "As the whole complaint",
            Self::Statutory => "Children’s social care complaints procedure (statutory)",
            Self::Corporate => "The council’s own complaints procedure (corporate)",
            Self::Appeal => "It has an appeal of its own: a tribunal or a court",
            Self::DataProtection => "A complaint about personal data",
            Self::Elsewhere => "It is for another organisation",
        }
    }

    /// What the family is told about a point that goes this way, in a complaint under `procedure`; none where nothing differs.
    #[must_use]
    pub fn to_them(self, procedure: Procedure) -> Option<&'static str> {
        match (self, procedure) {
            (Self::Whole, _) | (Self::Statutory, Procedure::Statutory) | (Self::Corporate, Procedure::Corporate) => {
                None
            }
            (Self::Statutory, _) => Some("This is for the children's social care complaints procedure."),
            (Self::Corporate, _) => Some(
                "By itself this would be for the council's own complaints procedure. We look into it together with the rest, \
                 so that you get one answer, and no later.",
            ),
            (Self::Appeal, _) => Some(
                "There is an appeal for this, which decides it; a complaint cannot. The letter with the decision says how \
                 and by when to appeal. Please look at it soon: the time to appeal goes on while we answer the rest.",
            ),
            (Self::DataProtection, _) => Some(
                "This is about personal data. We look into it together with the rest. If you are not satisfied, you can \
                 also go to the Information Commissioner.",
            ),
            (Self::Elsewhere, _) => {
                Some("This is for another organisation. We tell you which one, and how to reach it.")
            }
        }
    }

    /// Whether the council decides on the point.
    #[must_use]
    pub fn is_ours(self) -> bool {
        !matches!(self, Self::Appeal | Self::Elsewhere)
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
    /// The way it goes.
    #[serde(default)]
    pub route: Route,
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
    /// At stage 3: it was decided together with the independent person of stage 2.
    #[serde(default)]
    pub with_independent: bool,
}

impl Points {
    /// The way of each, in their order.
    #[must_use]
    pub fn routes(&self) -> Vec<Route> {
        self.points.iter().map(|point| point.route).collect()
    }

    /// What was found on all together. What is for somebody else counts only where all is.
    #[must_use]
    pub fn outcome(&self) -> Option<PointOutcome> {
        let found = |ours: bool| -> Vec<PointOutcome> {
            let points = self.points.iter().filter(|point| point.route.is_ours() || !ours);
            points.filter_map(|point| point.finding.as_ref()).map(|finding| finding.outcome).collect()
        };
        PointOutcome::of_all(&found(true)).or_else(|| PointOutcome::of_all(&found(false)))
    }
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
