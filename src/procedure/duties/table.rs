//! The table of duties as it is written in `config/procedures`: read, checked, and changed by a council's own figures.

use std::{num::NonZeroU16, path::Path};

use serde::Deserialize;

use super::{Duties, Duty, Period, ReceiptRule, Rules, Starts};

/// The files of the rule book, and whose rules each holds.
const FILES: [(&str, &[Rules], &str); 4] = [
    (
        "complaints.toml",
        &[Rules::Statutory, Rules::Corporate],
        include_str!("../../../config/procedures/complaints.toml"),
    ),
    ("statutory.toml", &[Rules::Statutory], include_str!("../../../config/procedures/statutory.toml")),
    ("corporate.toml", &[Rules::Corporate], include_str!("../../../config/procedures/corporate.toml")),
    ("data-protection.toml", &[Rules::DataProtection], include_str!("../../../config/procedures/data-protection.toml")),
];
/// The council's own figures.
const OWN: &str = "own.toml";

/// Why the table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DutiesError {
    /// A file of it.
    #[error("{file} cannot be read: {cause}")]
    Unreadable {
        /// Which.
        file: String,
        /// What the system said.
        cause: String,
    },
    /// A file of it.
    #[error("{file}: {fault}")]
    File {
        /// Which.
        file: String,
        /// What is wrong, and what to write instead.
        fault: String,
    },
    /// A duty that the program asks for.
    #[error(
        "the table of duties has no {0}: bring the file back as Heard ships it, and put your own figures into own.toml"
    )]
    Missing(&'static str),
    /// Two that contradict each other.
    #[error("{shorter} must not end after {longer}, which is its longest: correct the figure in own.toml")]
    Contradiction {
        /// What ends first.
        shorter: &'static str,
        /// What ends last.
        longer: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    duty: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnFile {
    #[serde(default)]
    own: Vec<OwnRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    event: String,
    what: String,
    working_days: Option<NonZeroU16>,
    working_days_before: Option<NonZeroU16>,
    days: Option<NonZeroU16>,
    months: Option<NonZeroU16>,
    #[serde(default)]
    roll: bool,
    starts: Starts,
    source: String,
    #[serde(default = "yes")]
    confirmed: bool,
}

/// A council's own figure for a duty.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnRow {
    id: String,
    working_days: Option<NonZeroU16>,
    days: Option<NonZeroU16>,
    months: Option<NonZeroU16>,
    /// Who says so: shown with every date.
    source: String,
    #[serde(default = "yes")]
    confirmed: bool,
    /// What comes at or after this time of day, or on a day off, counts from the next working day.
    next_day_from: Option<chrono::NaiveTime>,
}

fn yes() -> bool {
    true
}

impl Row {
    fn period(&self) -> Option<Period> {
        match (self.working_days, self.working_days_before, self.days, self.months) {
            (Some(n), None, None, None) => Some(Period::WorkingDays(n)),
            (None, Some(n), None, None) => Some(Period::WorkingDaysBefore(n)),
            (None, None, Some(n), None) => Some(Period::Days { n, roll: self.roll }),
            (None, None, None, Some(n)) => Some(Period::Months { n, roll: self.roll }),
            _ => None,
        }
    }
}

/// Duties of the later stages, without which no date of theirs could be told.
const LATER: [&str; 13] = [
    "S2-25",
    "S2-65",
    "S3-REQ-20",
    "S3-ACK-2",
    "S3-PANEL-30",
    "S3-PAPERS-10",
    "S3-REPORT-5",
    "S3-RESP-15",
    "S3-50",
    "C2-ACK-5",
    "C2-20",
    "C2-20+20",
    "WITHDRAWN-3",
];

impl Duties {
    /// The rule book as Heard ships it.
    ///
    /// # Errors
    ///
    /// [`DutiesError`] where a shipped file is broken: a fault of ours, found by the tests.
    pub fn built_in() -> Result<Self, DutiesError> {
        let mut all = Vec::new();
        for (name, rules, text) in FILES {
            all.extend(read(name, rules, text)?);
        }
        Self::checked(all)
    }

    /// The rule book from `folder`, or as Heard ships it where there is no such folder.
    ///
    /// # Errors
    ///
    /// As [`Duties::load`].
    pub fn in_use(folder: &Path) -> Result<Self, DutiesError> {
        if folder.is_dir() { Self::load(folder) } else { Self::built_in() }
    }

    /// The rule book from `folder`, with the council's own figures if there are any.
    ///
    /// # Errors
    ///
    /// [`DutiesError`] with the file and the remedy.
    pub fn load(folder: &Path) -> Result<Self, DutiesError> {
        let mut all = Vec::new();
        for (name, rules, _) in FILES {
            let path = folder.join(name);
            all.extend(read(&path.display().to_string(), rules, &text_of(&path)?)?);
        }
        let own = folder.join(OWN);
        if own.exists() {
            change(&mut all, &own.display().to_string(), &text_of(&own)?)?;
        }
        Self::checked(all)
    }

    /// The rule book as Heard ships it, with a council's own figures from a text; `file` is only for messages.
    ///
    /// # Errors
    ///
    /// As [`Duties::load`].
    pub fn with_own(self, file: &str, text: &str) -> Result<Self, DutiesError> {
        let mut all = self.all;
        change(&mut all, file, text)?;
        Self::checked(all)
    }

    fn checked(all: Vec<Duty>) -> Result<Self, DutiesError> {
        let get = |id: &'static str| all.iter().find(|duty| duty.id == id).cloned().ok_or(DutiesError::Missing(id));
        for (shorter, longer) in [("S1-10", "S1-20"), ("S2-25", "S2-65"), ("C1-10", "C1-10+10"), ("C2-20", "C2-20+20")]
        {
            if let (Period::WorkingDays(first), Period::WorkingDays(last)) = (get(shorter)?.period, get(longer)?.period)
                && first > last
            {
                return Err(DutiesError::Contradiction { shorter, longer });
            }
        }
        for id in LATER {
            get(id)?;
        }
        Ok(Self {
            statutory_answer: get("S1-10")?,
            corporate_answer: get("C1-10")?,
            statutory_extended: get("S1-20")?,
            corporate_extended: get("C1-10+10")?,
            decision: get("DECIDE-3")?,
            statutory_acknowledgement: get("ACK-LOCAL")?,
            corporate_acknowledgement: get("C1-ACK-5")?,
            statutory_request: get("S2-REQ-20")?,
            corporate_request: get("C2-REQ-20")?,
            all,
        })
    }
}

fn text_of(path: &Path) -> Result<String, DutiesError> {
    std::fs::read_to_string(path)
        .map_err(|cause| DutiesError::Unreadable { file: path.display().to_string(), cause: cause.to_string() })
}

fn read(file: &str, rules: &[Rules], text: &str) -> Result<Vec<Duty>, DutiesError> {
    let fault = |fault: String| DutiesError::File { file: file.to_owned(), fault };
    let read: File = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
    let mut duties: Vec<Duty> = Vec::new();
    for row in read.duty {
        let Some(period) = row.period() else {
            return Err(fault(format!("{}: give one of working_days, working_days_before, days and months", row.id)));
        };
        if duties.iter().any(|other| other.id == row.id) {
            return Err(fault(format!("{} stands in it twice", row.id)));
        }
        duties.push(Duty {
            id: row.id,
            rules: rules.to_vec(),
            event: row.event,
            what: row.what,
            period,
            starts: row.starts,
            source: row.source,
            confirmed: row.confirmed,
            instead_of: None,
            receipt: ReceiptRule::Calendar,
        });
    }
    Ok(duties)
}

/// Puts a council's own figures in the place of the rule book's.
fn change(all: &mut [Duty], file: &str, text: &str) -> Result<(), DutiesError> {
    let fault = |fault: String| DutiesError::File { file: file.to_owned(), fault };
    let own: OwnFile = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
    for row in own.own {
        let known = all.iter().map(|duty| duty.id.as_str()).collect::<Vec<_>>().join(", ");
        let Some(duty) = all.iter_mut().find(|duty| duty.id == row.id) else {
            return Err(fault(format!("there is no duty {}; there are: {known}", row.id)));
        };
        let period = match (duty.period, row.working_days, row.days, row.months) {
            (Period::WorkingDays(_), Some(n), None, None) => Period::WorkingDays(n),
            (Period::WorkingDaysBefore(_), Some(n), None, None) => Period::WorkingDaysBefore(n),
            (Period::Days { roll, .. }, None, Some(n), None) => Period::Days { n, roll },
            (Period::Months { roll, .. }, None, None, Some(n)) => Period::Months { n, roll },
            (period, None, None, None) if row.next_day_from.is_some() => period,
            _ => return Err(fault(format!("{} is counted otherwise: {} …", row.id, duty.period))),
        };
        if period != duty.period {
            duty.instead_of = Some(duty.period);
            duty.period = period;
        }
        if let Some(cutoff) = row.next_day_from {
            duty.receipt = ReceiptRule::Deemed(cutoff);
        }
        (duty.source, duty.confirmed) = (row.source, row.confirmed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str) -> Result<Duties, String> {
        Duties::built_in().unwrap().with_own("own.toml", text).map_err(|error| error.to_string())
    }

    #[test]
    fn the_examples_change_what_they_say_and_nothing_else() {
        let shipped = Duties::built_in().unwrap();
        for (text, id, longer) in [
            (include_str!("../../../config/procedures/examples/sefton.toml"), "C1-10", true),
            (include_str!("../../../config/procedures/examples/knowsley.toml"), "ACK-LOCAL", true),
        ] {
            let changed = own(text).unwrap();
            let other = |duty: &&Duty| duty.id != id;
            assert!(changed.all().iter().filter(other).eq(shipped.all().iter().filter(other)));
            assert_eq!(changed.by_id(id).unwrap().is_longer(), longer);
        }
        assert_eq!(
            own(include_str!("../../../config/procedures/examples/sefton.toml")).unwrap().corporate_answer.words(),
            "the answer at stage 1, within 15 working days of the day we acknowledged it"
        );
    }

    #[test]
    fn a_broken_figure_says_what_to_write() {
        let fault = |text: &str| own(text).unwrap_err();
        assert!(
            fault("[[own]]\nid = \"S9\"\nworking_days = 3\nsource = \"x\"")
                .contains("there is no duty S9; there are: DECIDE-3")
        );
        assert!(
            fault("[[own]]\nid = \"S1-10\"\nmonths = 3\nsource = \"x\"")
                .contains("counted otherwise: within 10 working days of")
        );
        assert!(fault("[[own]]\nid = \"S1-10\"\nworking_days = 0\nsource = \"x\"").contains("own.toml"));
        assert!(
            fault("[[own]]\nid = \"S1-10\"\nworking_days = 30\nsource = \"x\"")
                .contains("S1-10 must not end after S1-20")
        );
        assert!(fault("[[own]]\nid = \"S1-10\"\nworking_days = 3").contains("source"));
        let later = own("[[own]]\nid = \"S1-10\"\nnext_day_from = \"17:00:00\"\nsource = \"x\"").unwrap();
        assert!(matches!(later.statutory_answer.receipt, ReceiptRule::Deemed(_)));
    }
}
