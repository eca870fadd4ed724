//! Each duty of the table gives the date that a person counts with a calendar in hand, and `docs/rules.md` is the table.
use std::{fmt::Write, path::Path};

use chrono::NaiveDate;
use heard::procedure::{
    due_dates::{Suspension, due_from, due_with_suspension, is_late},
    duties::{Duties, Duty, Rules},
    working_days::Calendar,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn england() -> Calendar {
    Calendar::england(&[], &[])
}

/// Monday 2 November 2026: no bank holiday before Christmas, and Christmas Day, Monday 28 December and New Year's Day after.
fn counts(id: &str, on: &str) {
    let duties = Duties::built_in().unwrap();
    let date = due_from(duties.by_id(id).unwrap(), day("2026-11-02"), &england()).unwrap();
    assert_eq!((date.on, date.duty_id.as_str()), (day(on), id), "{}", date.rule);
}

macro_rules! rules {
    ($($test:ident $id:literal $on:literal;)+) => {
        $(#[test] fn $test() { counts($id, $on); })+
        /// Each duty, and the test that counts it.
        const TESTED: &[(&str, &str)] = &[$(($id, stringify!($test))),+];
    };
}

rules! {
    decide_3 "DECIDE-3" "2026-11-05";
    lado_1 "LADO-1" "2026-11-03";
    limit_12m "LIMIT-12M" "2027-11-02";
    withdrawn_3 "WITHDRAWN-3" "2026-11-05";
    ack_local "ACK-LOCAL" "2026-11-05";
    s1_10 "S1-10" "2026-11-16";
    s1_20 "S1-20" "2026-11-30";
    s2_req_20 "S2-REQ-20" "2026-11-30";
    s2_25 "S2-25" "2026-12-07";
    s2_65 "S2-65" "2027-02-04";
    s3_req_20 "S3-REQ-20" "2026-11-30";
    s3_ack_2 "S3-ACK-2" "2026-11-04";
    s3_panel_30 "S3-PANEL-30" "2026-12-14";
    s3_papers_10 "S3-PAPERS-10" "2026-10-19";
    s3_report_5 "S3-REPORT-5" "2026-11-09";
    s3_resp_15 "S3-RESP-15" "2026-11-23";
    s3_50 "S3-50" "2027-01-14";
    c1_ack_5 "C1-ACK-5" "2026-11-09";
    c1_10 "C1-10" "2026-11-16";
    c1_10_10 "C1-10+10" "2026-11-30";
    c2_req_20 "C2-REQ-20" "2026-11-30";
    c2_ack_5 "C2-ACK-5" "2026-11-09";
    c2_20 "C2-20" "2026-11-30";
    c2_20_20 "C2-20+20" "2026-12-30";
    dp_30d "DP-30D" "2026-12-02";
    sar_1m "SAR-1M" "2026-12-02";
    sar_3m "SAR-3M" "2027-02-02";
}

/// S1-SUSP: an advocate is asked for on the third working day and found a fortnight later: seven days are left.
#[test]
fn s1_susp() {
    let stop = Suspension { from: day("2026-11-05"), resumed: day("2026-11-19") };
    let duties = Duties::built_in().unwrap();
    let date = due_with_suspension(&duties.statutory_answer, day("2026-11-02"), stop, &england()).unwrap();
    assert_eq!(date.on, day("2026-11-30"));
}

/// Twelve months from the matter, or from when it became known: a prompt to look at the reasons.
#[test]
fn limit_12m_starts_when_it_became_known() {
    assert!(!is_late(day("2026-11-02"), day("2025-11-02"), None));
    assert!(is_late(day("2026-11-03"), day("2025-11-02"), None));
    assert!(!is_late(day("2026-11-03"), day("2025-11-02"), Some(day("2026-01-10"))));
}

#[test]
fn every_duty_has_its_test() {
    let duties = Duties::built_in().unwrap();
    let mut table: Vec<&str> = duties.all().iter().map(|duty| duty.id.as_str()).collect();
    let mut tested: Vec<&str> = TESTED.iter().map(|(id, _)| *id).collect();
    table.sort_unstable();
    tested.sort_unstable();
    assert_eq!(table, tested);
}

fn row(page: &mut String, duty: &Duty) {
    let test = TESTED.iter().find(|(id, _)| *id == duty.id).map_or("", |(_, test)| test);
    let check = if duty.confirmed { "" } else { " **Check before you go live.**" };
    let Duty { id, what, period, source, .. } = duty;
    let starts = duty.starts.shown();
    let _ = writeln!(page, "| {id} | {what} | {period} {starts} | {source}.{check} | `rules::{test}` |");
}

/// The page as the table makes it.
fn page() -> String {
    let duties = Duties::built_in().unwrap();
    let mut page = String::from(
        "# The duties and their periods\n\n\
         Made from `config/procedures/*.toml` by `tests/casework/rules.rs`; `HEARD_WRITE_DOCS=1 cargo test --test casework rules` writes it anew. A council's\n\
         own figures go into `config/procedures/own.toml`: `config/procedures/examples` has two councils'.\n\n\
         Working days leave out Saturdays, Sundays, Christmas Day, Boxing Day, Good Friday and England's bank holidays (SI 2006/1738\n\
         regulation 2). Day 0 is the day in London on which it reached the council; the last day ends at midnight. Days on which the\n\
         council's offices are shut count. While an advocate is being found, the clock of stage 1 stands still (S1-SUSP, `rules::s1_susp`).\n",
    );
    let both = |duty: &&Duty| duty.rules.len() > 1;
    let sections = [
        ("Both procedures for complaints", duties.all().iter().filter(both).collect::<Vec<_>>()),
        ("Statutory", duties.of(Rules::Statutory).filter(|duty| !both(duty)).collect()),
        ("Corporate", duties.of(Rules::Corporate).filter(|duty| !both(duty)).collect()),
        ("Personal data", duties.of(Rules::DataProtection).collect()),
    ];
    for (title, duties) in sections {
        let _ = write!(page, "\n## {title}\n\n| | what | within | source | test |\n| --- | --- | --- | --- | --- |\n");
        duties.into_iter().for_each(|duty| row(&mut page, duty));
    }
    page
}

#[test]
fn the_page_of_rules_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    if std::env::var_os("HEARD_WRITE_DOCS").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        page(),
        "HEARD_WRITE_DOCS=1 cargo test --test casework rules writes it"
    );
}

#[test]
fn what_nobody_has_confirmed_is_on_the_list_for_going_live() {
    let list = include_str!("../../docs/before-go-live.md");
    let duties = Duties::built_in().unwrap();
    let missing: Vec<&str> = duties
        .all()
        .iter()
        .filter(|duty| !duty.confirmed && !list.contains(&format!("**{}**", duty.id)))
        .map(|duty| duty.id.as_str())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
