//! Documents that officers add to a case, and the letter that may not go without them. Pure.

use super::{
    case::CaseFile,
    decide::Refusal,
    event::{Report, Stage},
};
use crate::labelling::labels::Procedure;

/// The rule on the reports of stage 2 that refusals name.
pub const BOTH_REPORTS: &str = "SI 2006/1738 regulation 17; S2-25: the answer goes with both reports";

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocumentKind {
    /// A report of stage 2.
    Report(Report),
    /// Anything else.
    Other,
}

impl DocumentKind {
    /// All of them, in the order shown.
    pub const ALL: [Self; 3] = [Self::Report(Report::Investigation), Self::Report(Report::Independent), Self::Other];

    /// In one word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report(Report::Investigation) => "investigation",
            Self::Report(Report::Independent) => "independent",
            Self::Other => "other",
        }
    }

    /// The one that is called so.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// In words.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::Report(Report::Investigation) => "Investigation report",
            Self::Report(Report::Independent) => "Independent person’s report",
            Self::Other => "Other document",
        }
    }
}

/// The reports that go with the answer of the stage that the case is at: the letter says that the family gets them.
#[must_use]
pub fn promised_reports(case: &CaseFile) -> &'static [Report] {
    if case.nature.procedure == Procedure::Statutory && case.course.stage == Stage::Two {
        &[Report::Investigation, Report::Independent]
    } else {
        &[]
    }
}

/// Whether the letter with the answer keeps what it says: every report that it promises lies on the case, and may go. `newest` is
/// whether the newest document of a kind may go, None where there is none. Given another way, an answer needs none here.
///
/// # Errors
///
/// [`Refusal::Reports`], which says all that is missing.
pub fn reports_are_there(case: &CaseFile, newest: impl Fn(DocumentKind) -> Option<bool>) -> Result<(), Refusal> {
    let mut wrong = Vec::new();
    for report in promised_reports(case) {
        let whose = match report {
            Report::Investigation => "the investigation report",
            Report::Independent => "the independent person’s report",
        };
        match newest(DocumentKind::Report(*report)) {
            Some(true) => {}
            Some(false) => wrong.push(format!("the virus scanner has not found {whose} clean")),
            None => wrong.push(format!("{whose} is not among the documents of the case")),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Refusal::Reports(wrong.join(", and "))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        labelling::labels::{Act, Theme},
        procedure::event::{Event, Nature, Recorded},
    };

    fn case(procedure: Procedure, stage: Stage) -> CaseFile {
        let at = "2026-11-20T10:00:00Z".parse().unwrap();
        let nature = Nature { act: Act::Complaint, procedure, theme: Theme::Delay, safeguarding: false };
        let opened = Event::Opened { nature, received_at: at, why: String::new() };
        let mut case = CaseFile::fold(&[Recorded { seq: 1, at, by: None, event: opened }]).unwrap();
        case.course.stage = stage;
        case
    }

    #[test]
    fn the_answer_of_stage_2_of_the_statutory_procedure_wants_both_reports_and_no_other_answer_does() {
        let stage2 = case(Procedure::Statutory, Stage::Two);
        assert_eq!(reports_are_there(&stage2, |_| Some(true)), Ok(()));
        let none = reports_are_there(&stage2, |_| None).unwrap_err();
        insta::assert_snapshot!(none.to_string());
        assert_eq!(none.rule(), BOTH_REPORTS);
        let one = |kind| (kind == DocumentKind::Report(Report::Investigation)).then_some(false);
        let one = reports_are_there(&stage2, one).unwrap_err();
        insta::assert_snapshot!(one.to_string());
        for (procedure, stage) in [
            (Procedure::Statutory, Stage::One),
            (Procedure::Statutory, Stage::Three),
            (Procedure::Corporate, Stage::Two),
        ] {
            assert_eq!(reports_are_there(&case(procedure, stage), |_| None), Ok(()), "{procedure:?} {stage:?}");
        }
    }

    #[test]
    fn a_kind_reads_back_from_its_word() {
        for kind in DocumentKind::ALL {
            assert_eq!(DocumentKind::named(kind.as_str()), Some(kind));
        }
        assert_eq!(DocumentKind::named("report"), None);
    }
}
