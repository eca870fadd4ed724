//! How a complaint goes, as a line of steps: each period is the council's own duty, never written twice. Pure.

use serde::Serialize;

use crate::procedure::duties::{Duties, Duty, Period, Starts};

/// One procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// `statutory` or `corporate`: what the messages about it are called.
    pub key: &'static str,
    /// In their order.
    pub steps: Vec<Step>,
    /// The duties behind them as officers read them, each with who says so.
    pub rules: Vec<(String, String)>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What the messages about it are called.
    pub key: &'static str,
    /// It is the family's to do.
    pub yours: bool,
    /// Within how long.
    pub within: Option<Spell>,
    /// At the latest, where it may take longer.
    pub longest: Option<Spell>,
}

/// A period, as the messages say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spell {
    /// `working-days`, `days` or `months`.
    pub unit: &'static str,
    /// How many.
    pub n: u16,
    /// Of what, as the messages are called.
    pub starts: &'static str,
}

/// (step, its duty, the duty that is its end, the family's own)
type Row = (&'static str, Option<&'static str>, Option<&'static str>, bool);

const STATUTORY: [Row; 9] = [
    ("told", None, None, true),
    ("heard", Some("ACK-LOCAL"), None, false),
    ("answer", Some("S1-10"), Some("S1-20"), false),
    ("ask-second", Some("S2-REQ-20"), None, true),
    ("investigation", Some("S2-25"), Some("S2-65"), false),
    ("ask-panel", Some("S3-REQ-20"), None, true),
    ("panel", Some("S3-PANEL-30"), None, false),
    ("panel-answer", Some("S3-RESP-15"), None, false),
    ("ombudsman", None, None, true),
];

const CORPORATE: [Row; 6] = [
    ("told", None, None, true),
    ("heard", Some("C1-ACK-5"), None, false),
    ("answer", Some("C1-10"), Some("C1-10+10"), false),
    ("ask-second", Some("C2-REQ-20"), None, true),
    ("second-answer", Some("C2-20"), Some("C2-20+20"), false),
    ("ombudsman", None, None, true),
];

/// Both procedures, by the council's own duties.
#[must_use]
pub fn lines(duties: &Duties) -> Vec<Line> {
    vec![line("statutory", &STATUTORY, duties), line("corporate", &CORPORATE, duties)]
}

fn line(key: &'static str, rows: &[Row], duties: &Duties) -> Line {
    let spell = |id: &Option<&'static str>| id.and_then(|id| duties.by_id(id)).map(spell);
    let steps = rows.iter().map(|(key, within, longest, yours)| Step {
        key,
        yours: *yours,
        within: spell(within),
        longest: spell(longest),
    });
    let ids = rows.iter().flat_map(|(_, within, longest, _)| [within, longest]).flatten();
    let rules = ids.filter_map(|id| duties.by_id(id)).map(|duty| (duty.words(), duty.source.clone()));
    Line { key, steps: steps.collect(), rules: rules.collect() }
}

fn spell(duty: &Duty) -> Spell {
    let (unit, n) = match duty.period {
        Period::WorkingDays(n) | Period::WorkingDaysBefore(n) => ("working-days", n),
        Period::Days { n, .. } => ("days", n),
        Period::Months { n, .. } => ("months", n),
    };
    Spell { unit, n: n.get(), starts: starts(duty.starts) }
}

fn starts(from: Starts) -> &'static str {
    match from {
        Starts::Receipt => "receipt",
        Starts::Acknowledgement => "acknowledgement",
        Starts::Stage1Answer => "first-answer",
        Starts::Stage2Request => "second-request",
        Starts::Stage2Acknowledgement => "second-acknowledgement",
        Starts::Stage2Answer => "second-answer",
        Starts::PanelRequest => "panel-request",
        Starts::Panel => "panel",
        Starts::PanelReport => "panel-report",
        Starts::Withdrawal => "withdrawal",
        Starts::Matter => "matter",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_its_duty_and_its_days_are_the_dutys() {
        let duties = Duties::built_in().unwrap();
        for (line, rows) in lines(&duties).iter().zip([&STATUTORY[..], &CORPORATE[..]]) {
            for (step, row) in line.steps.iter().zip(rows) {
                assert_eq!(step.within.is_some(), row.1.is_some(), "{}", step.key);
                assert_eq!(step.longest.is_some(), row.2.is_some(), "{}", step.key);
            }
        }
        let answer = &lines(&duties)[0].steps[2];
        assert_eq!(answer.within, Some(Spell { unit: "working-days", n: 10, starts: "receipt" }));
        assert_eq!(answer.longest.as_ref().map(|longest| longest.n), Some(20));
    }
}
