//! What `heard due` says: the date that a clock gives, and the rule it comes from; for one start, or for each row of a
//! CSV file. Only the two functions over a reader and a writer touch anything outside; they keep every column they are
//! given and add `computed_date`.
//!
//! `param` changes the duty's own figures: see `due_param.rs`.

use std::io::{Read, Write};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Europe::London;
use serde::Serialize;

use super::{
    due_dates,
    due_param::{Asked, Param, param_error},
    duties::{Duties, Duty, ReceiptRule, Rules},
    working_days::{Calendar, CalendarError},
};
use crate::clock::long_date;

/// The procedures that `heard due` knows.
pub const PROCEDURES: &[&str] = &["statutory", "corporate", "data_protection", "calendar"];

/// Questions to the calendar itself, under the procedure `calendar`.
const CALENDAR_CLOCKS: &[&str] = &["next_working_day_on_or_after", "add_working_days", "subtract_working_days"];

/// The column that the batch adds.
const COMPUTED: &str = "computed_date";

/// A date and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DueAnswer {
    /// As asked, e.g. `statutory`.
    pub procedure: String,
    /// As asked, e.g. `stage1_response_due`.
    pub clock: String,
    /// The day the count starts from.
    pub day0: NaiveDate,
    /// The last day, in London, to its very end.
    pub due: NaiveDate,
    /// The duty, its start and its source in one sentence.
    pub rule: String,
}

/// Why there is no date. Says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DueError {
    /// No such procedure.
    #[error("\"{0}\" is no procedure; use one of: {known}", known = PROCEDURES.join(", "))]
    Procedure(String),
    /// No such clock in that procedure.
    #[error("\"{clock}\" is no clock of the procedure {procedure}; use one of: {known}")]
    Clock {
        /// As given.
        clock: String,
        /// As given.
        procedure: String,
        /// Those there are.
        known: String,
    },
    /// The start is not a date.
    #[error("\"{0}\" is no date; write 2026-11-23, 2026-11-23T16:30 (London time) or 2026-11-23T16:30+00:00")]
    Start(String),
    /// A part of `param` that cannot be used.
    #[error("param \"{part}\": {remedy}")]
    Param {
        /// The part as given.
        part: String,
        /// What to write instead.
        remedy: String,
    },
    /// The calendar does not know the days needed.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// What dates are counted by.
#[derive(Clone, Debug)]
pub struct RuleBook {
    /// The duties.
    pub duties: Duties,
    /// The days that count.
    pub calendar: Calendar,
}

/// The date that `clock` of `procedure` gives from `from`: an instant with an offset, or a time or a day in London.
///
/// # Errors
///
/// [`DueError`], with what to write instead.
pub fn due_single(procedure: &str, clock: &str, from: &str, book: &RuleBook) -> Result<DueAnswer, DueError> {
    answer(procedure, clock, from, &Param::default(), book)
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchOutcome {
    /// Rows read, without the heading.
    pub rows: u64,
    /// Rows without a date. The command has failed when there is one.
    pub failed: Vec<FailedRow>,
}

/// A row that gave no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {row} (line {line}): {error}")]
pub struct FailedRow {
    /// Number of the row, from 1, without the heading.
    pub row: u64,
    /// Line of the file on which it starts, from 1.
    pub line: u64,
    /// Why, and what to do.
    pub error: RowError,
}

/// Why a row gave no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// The values cannot be used.
    #[error(transparent)]
    Due(#[from] DueError),
    /// More values than the heading has names.
    #[error("{values} values where the heading names {columns}; put quotes around a value that has a comma in it")]
    TooLong {
        /// Values in the row.
        values: usize,
        /// Columns of the heading.
        columns: usize,
    },
}

/// Why a batch stopped.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The heading lacks a column.
    #[error(
        "the first line names no column \"{0}\"; it must name procedure, event and start_datetime_local, and may name param"
    )]
    Column(&'static str),
    /// The file cannot be read or the answer not be written.
    #[error("the CSV file could not be read, or the answer not be written: {0}")]
    Csv(#[from] csv::Error),
    /// The last of the answer could not be written.
    #[error("the answer could not be written: {0}")]
    Write(#[from] std::io::Error),
}

/// Reads rows with the columns `procedure`, `event`, `start_datetime_local` and perhaps `param`, and writes each back with
/// `computed_date`: empty for a row that gives none. Every row is tried.
///
/// # Errors
///
/// [`BatchError`] when the heading lacks a column or the file cannot be read or written; rows that only give no date are
/// in the outcome.
pub fn due_batch(input: impl Read, output: impl Write, book: &RuleBook) -> Result<BatchOutcome, BatchError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let mut writer = csv::Writer::from_writer(output);
    let mut heading = reader.byte_headers()?.clone();
    let column = |name: &'static str| heading.iter().position(|column| column.trim_ascii() == name.as_bytes());
    let procedure = column("procedure").ok_or(BatchError::Column("procedure"))?;
    let event = column("event").ok_or(BatchError::Column("event"))?;
    let start = column("start_datetime_local").ok_or(BatchError::Column("start_datetime_local"))?;
    let param = column("param");
    let computed = column(COMPUTED);
    let columns = heading.len();
    if computed.is_none() {
        heading.push_field(COMPUTED.as_bytes());
    }
    writer.write_byte_record(&heading)?;

    let mut outcome = BatchOutcome::default();
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        outcome.rows += 1;
        let text = |column: Option<usize>| {
            let bytes = column.and_then(|column| record.get(column)).unwrap_or_default();
            String::from_utf8_lossy(bytes).trim().to_owned()
        };
        let date = if record.len() > columns {
            Err(RowError::TooLong { values: record.len(), columns })
        } else {
            Param::read(&text(param))
                .and_then(|param| answer(&text(Some(procedure)), &text(Some(event)), &text(Some(start)), &param, book))
                .map_err(RowError::Due)
        };
        let shown = match date {
            Ok(answer) => answer.due.to_string(),
            Err(error) => {
                let line = record.position().map_or(0, csv::Position::line);
                outcome.failed.push(FailedRow { row: outcome.rows, line, error });
                String::new()
            }
        };
        let mut row: Vec<&[u8]> = record.iter().take(columns).collect();
        row.resize(columns, b"");
        match computed.and_then(|at| row.get_mut(at)) {
            Some(field) => *field = shown.as_bytes(),
            None => row.push(shown.as_bytes()),
        }
        writer.write_record(&row)?;
    }
    writer.flush()?;
    Ok(outcome)
}

fn answer(procedure: &str, clock: &str, from: &str, param: &Param, book: &RuleBook) -> Result<DueAnswer, DueError> {
    let RuleBook { duties, calendar } = book;
    let rules = match procedure {
        "statutory" => Some(Rules::Statutory),
        "corporate" => Some(Rules::Corporate),
        "data_protection" => Some(Rules::DataProtection),
        "calendar" => None,
        _ => return Err(DueError::Procedure(procedure.to_owned())),
    };
    let unknown_clock = || {
        let known: Vec<&str> = match rules {
            Some(rules) => duties.of(rules).map(|duty| duty.event.as_str()).collect(),
            None => CALENDAR_CLOCKS.to_vec(),
        };
        DueError::Clock { clock: clock.to_owned(), procedure: procedure.to_owned(), known: known.join(", ") }
    };
    let widened;
    let calendar = if param.extra_non_working.is_empty() {
        calendar
    } else {
        widened = calendar.with_non_working(&param.extra_non_working);
        &widened
    };
    let (day0, due, rule) = match rules {
        Some(rules) => {
            let duty = param.applied_to(duties.find(rules, clock).ok_or_else(unknown_clock)?)?;
            from_duty(&duty, london_time(from)?, param, calendar)?
        }
        None => {
            let day0 = param.receipt(ReceiptRule::Calendar).day0(london_time(from)?, calendar)?;
            let n = match param.period {
                None => 0,
                Some(Asked::WorkingDays(n)) if param.then.is_none() && param.suspend.is_none() => n,
                Some(_) => return Err(param_error("n", "the calendar counts working days only; write n=10")),
            };
            let (due, words) = match clock {
                "next_working_day_on_or_after" => {
                    let first = calendar.next_working_day_on_or_after(day0)?;
                    (calendar.add_working_days(first, n)?, "The first working day on or after")
                }
                "add_working_days" => (calendar.add_working_days(day0, n)?, "Working days counted on from"),
                "subtract_working_days" => (calendar.subtract_working_days(day0, n)?, "Working days counted back from"),
                _ => return Err(unknown_clock()),
            };
            (day0, due, format!("{words} {} (SI 2006/1738 regulation 2).", long_date(day0)))
        }
    };
    Ok(DueAnswer { procedure: procedure.to_owned(), clock: clock.to_owned(), day0, due, rule })
}

fn from_duty(
    duty: &Duty,
    started: NaiveDateTime,
    param: &Param,
    calendar: &Calendar,
) -> Result<(NaiveDate, NaiveDate, String), CalendarError> {
    let day0 = duty.receipt.day0(started, calendar)?;
    let first = match param.suspend {
        Some(stop) => due_dates::due_with_suspension(duty, day0, stop, calendar)?,
        None => due_dates::due_from(duty, day0, calendar)?,
    };
    let Some(then) = param.then else { return Ok((day0, first.on, first.rule)) };
    let second_from = param.second_from.unwrap_or(first.on);
    let second = due_dates::due_from(&duty.with_working_days(then), second_from, calendar)?;
    Ok((day0, second.on, second.rule))
}

/// Reads an instant with an offset, or a time or a day in London, as London's time of day.
///
/// A time that comes twice on the night the clocks go back is read as the first of the two, and one that does not come
/// in March as written: the day is the same either way.
fn london_time(text: &str) -> Result<NaiveDateTime, DueError> {
    let text = text.trim();
    for form in ["%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%d %H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M%:z", "%Y-%m-%d %H:%M%:z"] {
        // `%:z` does not read the Z of RFC 3339.
        let spelt_out = text.strip_suffix(['Z', 'z']).map(|start| format!("{start}+00:00"));
        if let Ok(instant) = DateTime::parse_from_str(spelt_out.as_deref().unwrap_or(text), form) {
            return Ok(instant.with_timezone(&London).naive_local());
        }
    }
    for form in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"] {
        if let Ok(local) = NaiveDateTime::parse_from_str(text, form) {
            return Ok(local);
        }
    }
    match text.parse::<NaiveDate>() {
        Ok(day) => Ok(day.and_time(NaiveTime::MIN)),
        Err(_) => Err(DueError::Start(text.chars().take(60).collect())),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::*;

    /// Counted by hand on a wall calendar; none is taken from elsewhere.
    const OWN: &str = "\
procedure,event,start_datetime_local,param,expected_date,why
statutory,stage1_response_due,2026-10-05T11:00+01:00,,2026-10-19,the duty's own ten days: two full weeks
statutory,stage1_response_due,2026-12-18T09:00,n=10;receipt=calendar,2027-01-06,\"25 and 28 December and 1 January do not count\"
statutory,stage1_extended_due,2026-10-05,,2026-11-02,four full weeks from a plain date
statutory,stage1_response_due,2027-08-27T17:00+01:00,receipt=deemed;cutoff=17:00,2027-09-14,deemed Tuesday after the bank holiday
statutory,stage1_response_due,2026-11-02T10:00,suspend=2026-11-04..2026-11-20,2026-12-02,two used and eight left
statutory,stage3_papers_due,2027-04-07T10:00+01:00,,2027-03-22,counted back over Easter
statutory,time_limit_last_day,2024-02-29,,2025-02-28,no 29 February in 2025
statutory,stage2_maximum_due,2026-02-02T12:00Z,weeks=13,2026-05-04,weeks ignore the bank holiday they end on
corporate,stage1_response_due,2026-09-28T09:00:30+01:00,n=5+10;ack=2026-09-30,2026-10-14,ten from the acknowledgement on day two
corporate,stage1_response_due,2026-09-28T09:00:30+01:00,n=5+10;ack=last_day,2026-10-19,fifteen when acknowledged on the last day
corporate,stage2_extended_due,2026-06-01 09:00,extra_non_working=2026-06-10|2026-06-12,2026-07-29,two days more than eight weeks
calendar,next_working_day_on_or_after,2026-12-26,,2026-12-29,Boxing Day on a Saturday has a substitute
data_protection,sar_response_due,2027-01-31T10:00,,2027-03-01,28 February 2027 is a Sunday
data_protection,dp_complaint_ack_due,2027-01-01T00:30,roll=none,2027-01-31,\"a Sunday, not moved\"
statutory,stage1_response_due,2026-06-30T23:30Z,,2026-07-15,half past midnight in London: the next day
";

    fn book() -> RuleBook {
        RuleBook { duties: Duties::built_in().unwrap(), calendar: Calendar::england(&[], &[]) }
    }

    /// How many rows of `csv` give their `expected_date`, of how many, and those that do not.
    fn score(csv_text: &str) -> (usize, usize, Vec<String>) {
        let mut out = Vec::new();
        let outcome = due_batch(csv_text.as_bytes(), &mut out, &book()).unwrap();
        let mut wrong: Vec<String> = outcome.failed.iter().map(ToString::to_string).collect();
        let mut reader = csv::Reader::from_reader(out.as_slice());
        let heading = reader.headers().unwrap().clone();
        let of = |row: &csv::StringRecord, name| {
            row.get(heading.iter().position(|column| column == name).unwrap()).unwrap().to_owned()
        };
        let (mut right, mut all) = (0, 0);
        for row in reader.records().map(Result::unwrap) {
            all += 1;
            if of(&row, "computed_date") == of(&row, "expected_date") {
                right += 1;
            } else {
                wrong.push(row.iter().collect::<Vec<_>>().join(","));
            }
        }
        (right, all, wrong)
    }

    #[test]
    fn our_own_vectors_give_the_dates_counted_by_hand() {
        let (right, all, wrong) = score(OWN);
        assert_eq!((right, all), (15, 15), "{wrong:#?}");
    }

    #[test]
    fn the_shared_vectors_give_their_dates() {
        let shared = std::env::var("HEARD_SHARED").unwrap_or_else(|_| "../shared".into());
        let path = PathBuf::from(shared).join("data/clock_vectors.csv");
        let Ok(vectors) = std::fs::read_to_string(&path) else {
            eprintln!("skipped: no {}", path.display());
            return;
        };
        let (right, all, wrong) = score(&vectors);
        println!("clock vectors: {right}/{all}");
        assert!(all > 0);
        assert_eq!(right, all, "{wrong:#?}");
    }

    #[test]
    fn one_date_comes_with_its_rule() {
        let answer = due_single("statutory", "stage1_response_due", "2026-11-20T23:58+00:00", &book()).unwrap();
        assert_eq!(
            serde_json::to_string(&answer).unwrap(),
            r#"{"procedure":"statutory","clock":"stage1_response_due","day0":"2026-11-20","due":"2026-12-04","rule":"The answer at stage 1, within 10 working days of the day we received it, Friday 20 November 2026 (S1-10: Children Act 1989 representations procedure, SI 2006/1738; working days as in its regulation 2)."}"#
        );
        let weekend = due_single("calendar", "next_working_day_on_or_after", "2026-11-21", &book()).unwrap();
        assert_eq!(weekend.due.to_string(), "2026-11-23");
    }

    #[test]
    fn the_hour_that_comes_twice_and_the_hour_that_never_comes_are_dates_like_any_other() {
        for (from, due) in [
            ("2026-10-25T01:30", "2026-11-06"),
            ("2026-10-25T01:30+01:00", "2026-11-06"),
            ("2026-10-25T01:30+00:00", "2026-11-06"),
            ("2027-03-28T01:30", "2027-04-12"),
        ] {
            let answer = due_single("statutory", "S1-10", from, &book()).unwrap();
            assert_eq!(answer.due.to_string(), due, "{from}");
        }
    }

    #[test]
    fn every_fault_says_what_to_write() {
        let single = |procedure, clock, from| due_single(procedure, clock, from, &book()).unwrap_err().to_string();
        insta::assert_snapshot!(
            [
                single("statutary", "stage1_response_due", "2026-11-23"),
                single("data_protection", "stage1_response_due", "2026-11-23"),
                single("calendar", "christmas", "2026-11-23"),
                single("statutory", "stage1_response_due", "23/11/2026"),
                single("statutory", "stage1_response_due", "2030-12-24"),
                single("statutory", "stage1_response_due", "2012-12-24"),
            ]
            .join("\n")
        );
    }

    #[test]
    fn a_bad_row_is_named_and_the_others_are_still_computed() {
        let rows = "\u{feff}event,procedure,note,start_datetime_local,param\r
stage1_response_due,statutory,\"kept, as it is\",2026-11-23,\r
stage1_response_due,statutory,a,yesterday,\r
stage1_response_due,statutory,b,2026-11-23,n=ten\r
stage1_response_due,statutory,c,2026-11-23,n=0\r
stage1_response_due,statutory,d,2026-11-23,n=1;months=2\r
stage1_response_due,statutory,e,2026-11-23,m=10\r
stage1_response_due,statutory,f,2026-11-23,suspend=2026-11-25\r
stage1_response_due,statutory,\r
stage1_response_due,statutory,g,2026-11-23,n=1,more\r
sar_response_due,data_protection,h,2026-11-23,suspend=2026-11-25..2026-11-26\r
stage1_response_due,statutory,last,2026-11-24,n=10\r
";
        let mut out = Vec::new();
        let outcome = due_batch(rows.as_bytes(), &mut out, &book()).unwrap();
        assert_eq!((outcome.rows, outcome.failed.len()), (11, 9));
        let failed: Vec<String> = outcome.failed.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(format!("{}\n{}", String::from_utf8(out).unwrap(), failed.join("\n")));
    }

    #[test]
    fn a_heading_without_a_needed_column_stops_the_batch() {
        let error = due_batch("procedure,event\nstatutory,x\n".as_bytes(), Vec::new(), &book()).unwrap_err();
        assert!(error.to_string().contains("start_datetime_local"), "{error}");
    }

    #[test]
    fn computing_twice_changes_nothing() {
        let (mut once, mut twice) = (Vec::new(), Vec::new());
        due_batch(OWN.as_bytes(), &mut once, &book()).unwrap();
        due_batch(once.as_slice(), &mut twice, &book()).unwrap();
        assert_eq!(String::from_utf8(once).unwrap(), String::from_utf8(twice).unwrap());
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(procedure in "\\PC{0,12}", clock in "\\PC{0,12}", from in "\\PC{0,24}", param in "[\\PC=;.|+0-9]{0,40}") {
            prop_assert!(due_single(&procedure, &clock, &from, &book()).is_err());
            let _ = Param::read(&param).map(|param| answer("statutory", "S1-10", "2026-11-23", &param, &book()));
            let _ = london_time(&from);
        }

        #[test]
        fn any_bytes_at_all_are_read_row_by_row(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut file = b"procedure,event,start_datetime_local,param\n".to_vec();
            file.extend(&bytes);
            let outcome = due_batch(file.as_slice(), Vec::new(), &book()).unwrap();
            prop_assert_eq!(outcome.failed.len() as u64, outcome.rows);
        }
    }
}
