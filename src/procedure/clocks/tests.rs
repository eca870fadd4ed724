use chrono::NaiveTime;
use proptest::prelude::*;

use super::*;
use crate::{
    ids::Uuid,
    labelling::labels::{Act, Theme},
    procedure::{
        due_dates::{decide_due, due_with_suspension},
        event::{Capacity, Complainant, Event, MergedCase, Nature, PointOutcome, Recorded, Step},
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn noon(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap()).and_utc()
}

/// A confirmed complaint, and what happened to it since.
struct Told {
    history: Vec<Recorded>,
    duties: Duties,
    calendar: Calendar,
    options: Options,
}

impl Told {
    fn new(procedure: Procedure, received_at: DateTime<Utc>) -> Self {
        let nature = Nature { act: Act::Complaint, procedure, theme: Theme::Delay, safeguarding: false };
        let mut told = Self {
            history: Vec::new(),
            duties: Duties::built_in().unwrap(),
            calendar: Calendar::england(&[], &[]),
            options: Options::default(),
        };
        told.happens(received_at, Event::Opened { nature, received_at, why: String::new() });
        told.happens(received_at, Event::Confirmed);
        told
    }

    fn happens(&mut self, at: DateTime<Utc>, event: Event) {
        let seq = self.history.len() as i64 + 1;
        self.history.push(Recorded { seq, at, by: Some(Uuid::nil()), event });
    }

    fn step(&mut self, on: &str, step: Step) {
        self.happens(noon(day(on)), Event::Step { step, outbox: None, how: "by post".into() });
    }

    fn answered(&mut self, on: &str) {
        let outcome = PointOutcome::Upheld;
        self.happens(noon(day(on)), Event::Answered { outbox: None, how: "x".into(), outcome, author: String::new() });
    }

    fn book(&self) -> Book<'_> {
        Book { duties: &self.duties, calendar: &self.calendar, options: self.options }
    }

    fn case(&self) -> CaseFile {
        CaseFile::fold(&self.history).unwrap()
    }

    /// Day and duty of the date that lists show.
    fn row(&self) -> (String, String) {
        let case = self.case();
        let date = row_date(&case, case.received_at, self.book()).unwrap();
        (date.on.to_string(), date.duty_id)
    }

    /// Every date, as `duty day done`.
    fn all(&self) -> Vec<String> {
        let running = running(&self.case(), self.book()).unwrap().into_iter();
        running
            .map(|one| {
                let done = one.done_on.map(|day| format!(" done {day}")).unwrap_or_default();
                format!("{} {}{done}", one.date.duty_id, one.date.on)
            })
            .collect()
    }

    fn asked(&mut self, on: &str) {
        self.step(on, Step::NextStageAsked { on: day(on), how: "by email".into(), because: String::new() });
    }
}

fn pair(day: &str, duty: &str) -> (String, String) {
    (day.to_owned(), duty.to_owned())
}

#[test]
fn the_answer_is_counted_from_receipt_or_acknowledgement_and_from_the_earlier_while_nobody_has_decided() {
    // Found in a manager's inbox a week after it came.
    let (received, acknowledged) = (at("2026-11-20T17:45:00Z"), at("2026-11-27T10:00:00Z"));
    let of = |procedure| {
        let told = Told::new(procedure, received);
        row_date(&told.case(), acknowledged, told.book()).unwrap()
    };
    assert_eq!((of(Procedure::Statutory).on, of(Procedure::Corporate).on), (day("2026-12-04"), day("2026-12-11")));
    assert_eq!(of(Procedure::Unclear), of(Procedure::Statutory));
    assert_eq!(of(Procedure::None).duty_id, "S1-10");
    let told = Told::new(Procedure::None, received);
    assert_eq!(decide_due(received, &told.duties, &told.calendar).unwrap().on, day("2026-11-25"));
}

#[test]
fn a_statutory_complaint_has_the_dates_of_the_rule_book_at_every_stage() {
    let mut told = Told::new(Procedure::Statutory, at("2026-10-05T09:00:00Z"));
    assert_eq!(told.row(), pair("2026-10-19", "S1-10"));
    // Told of the extension: twenty from the original day.
    let case = told.case();
    let longer = if_extended(&case, case.received_at, told.book()).unwrap().unwrap();
    assert_eq!((longer.on, longer.duty_id.as_str()), (day("2026-11-02"), "S1-20"));
    told.answered("2026-10-16");
    assert_eq!(told.row(), pair("2026-11-13", "S2-REQ-20"));
    told.asked("2026-11-02");
    assert_eq!(told.row(), pair("2026-12-07", "S2-25"));
    let case = told.case();
    let longer = if_extended(&case, case.received_at, told.book()).unwrap().unwrap();
    assert_eq!((longer.on, longer.duty_id.as_str()), (day("2027-02-04"), "S2-65"));
    told.step("2026-11-09", Step::StatementAgreed { on: day("2026-11-09") });
    // The request counts; what the statement would give is shown beside it.
    assert_eq!(told.row(), pair("2026-12-07", "S2-25"));
    assert_eq!(told.all(), ["S2-25 2026-12-07", "S2-65 2027-02-04", "S2-25 2026-12-14"]);
    // A council may count from the statement.
    told.options.stage2_from = Stage2From::Statement;
    assert_eq!(told.row(), pair("2026-12-14", "S2-25"));
    told.options = Options::default();
    told.answered("2026-12-04");
    assert_eq!(told.row(), pair("2027-01-06", "S3-REQ-20"));
    told.asked("2027-01-04");
    assert_eq!(told.row(), pair("2027-02-15", "S3-PANEL-30"));
    told.step("2027-01-11", Step::PanelFixed { on: day("2027-02-10"), place: "x".into() });
    told.step("2027-01-20", Step::PapersSent { on: day("2027-01-20"), papers: "x".into() });
    told.step("2027-02-10", Step::PanelHeld { on: day("2027-02-10") });
    assert_eq!(told.row(), pair("2027-02-17", "S3-REPORT-5"));
    told.step("2027-02-16", Step::PanelReported { on: day("2027-02-16"), recommendations: String::new() });
    assert_eq!(told.row(), pair("2027-03-09", "S3-RESP-15"));
    let case = told.case();
    assert_eq!(if_extended(&case, case.received_at, told.book()).unwrap(), None, "nothing extends a panel's dates");
    told.answered("2027-03-08");
    assert_eq!(told.row(), pair("2027-03-08", "LAST-STAGE"));
    assert_eq!(
        told.all()[3..],
        [
            "S3-ACK-2 2027-01-06 done 2027-01-04",
            "S3-PANEL-30 2027-02-15 done 2027-02-10",
            "S3-PAPERS-10 2027-01-27 done 2027-01-20",
            "S3-REPORT-5 2027-02-17 done 2027-02-16",
            "S3-RESP-15 2027-03-09 done 2027-03-08",
            "S3-50 2027-03-15 done 2027-03-08",
        ]
    );
}

#[test]
fn a_corporate_complaint_has_two_stages_counted_from_the_acknowledgements() {
    let mut told = Told::new(Procedure::Corporate, at("2026-10-05T09:00:00Z"));
    assert_eq!(told.row(), pair("2026-10-19", "C1-10"));
    told.answered("2026-10-16");
    assert_eq!(told.row(), pair("2026-11-13", "C2-REQ-20"));
    // Asked for on a Sunday, acknowledged on Wednesday: the twenty days run from the acknowledgement.
    let asked = Step::NextStageAsked { on: day("2026-11-01"), how: "by email".into(), because: String::new() };
    told.step("2026-11-04", asked);
    assert_eq!(told.row(), pair("2026-12-02", "C2-20"));
    assert_eq!(told.all(), ["C2-ACK-5 2026-11-06 done 2026-11-04", "C2-20 2026-12-02"]);
    let case = told.case();
    let longer = if_extended(&case, case.received_at, told.book()).unwrap().unwrap();
    assert_eq!((longer.on.to_string(), longer.duty_id), pair("2027-01-04", "C2-20+20"));
    told.answered("2026-12-01");
    assert_eq!(told.row(), pair("2026-12-01", "LAST-STAGE"));
}

#[test]
fn a_clock_that_stands_still_shows_when_it_is_looked_at_and_then_goes_on_with_what_was_left() {
    let mut told = Told::new(Procedure::Statutory, at("2026-11-02T09:00:00Z"));
    told.step("2026-11-04", Step::AdvocateWanted { on: day("2026-11-04"), look_on: day("2026-11-18") });
    assert_eq!(told.row(), pair("2026-11-18", "LOOK-AGAIN"));
    told.step("2026-11-20", Step::AdvocateSettled { on: day("2026-11-20"), how: "Ms Ito".into() });
    // 3 and 4 November are used; eight are left after Friday 20 November.
    assert_eq!(told.row(), pair("2026-12-02", "S1-10"));
    let reasons = || "a court".to_owned();
    told.step("2026-11-24", Step::Paused { points: vec![], reasons: reasons(), look_on: day("2027-01-11") });
    assert_eq!(told.row(), pair("2027-01-11", "LOOK-AGAIN"));
    told.step("2027-01-11", Step::Resumed { on: day("2027-01-11"), reasons: reasons() });
    assert_eq!(told.row(), pair("2027-01-19", "S1-10"));
    let case = told.case();
    let rule = row_date(&case, case.received_at, told.book()).unwrap().rule;
    assert!(rule.contains("stood still from Wednesday 4 November 2026 to Friday 20 November 2026 and from"), "{rule}");
    // A point that waits by itself stops no clock.
    told.step("2027-01-12", Step::Paused { points: vec![1], reasons: reasons(), look_on: day("2027-02-11") });
    assert_eq!(told.row(), pair("2027-01-19", "S1-10"));
}

proptest! {
    #[test]
    fn until_the_procedure_is_decided_the_date_is_never_later_than_either(
        received in 1_600_000_000i64..1_800_000_000, wait in 0i64..2_000_000,
    ) {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let of = |procedure| {
            let told = Told::new(procedure, at(received));
            row_date(&told.case(), at(received + wait), told.book()).unwrap().on
        };
        prop_assert_eq!(of(Procedure::Unclear), of(Procedure::Statutory).min(of(Procedure::Corporate)));
        prop_assert_eq!(of(Procedure::None), of(Procedure::Unclear));
    }

    #[test]
    fn one_stop_counts_as_heard_due_counts_it_and_stops_never_bring_a_date_forward(
        days in 0u64..365 * 9, from in 0i64..60, long in 0i64..60, later in 0i64..30, again in 0i64..30,
    ) {
        let (duties, calendar) = (Duties::built_in().unwrap(), Calendar::england(&[], &[]));
        let duty = &duties.statutory_answer;
        let day0 = day("2020-06-01") + chrono::Days::new(days);
        let first = Suspension {
            from: day0 + chrono::Duration::days(from),
            resumed: day0 + chrono::Duration::days(from + long),
        };
        let one = with_stops(duty, day0, &[first], &calendar).unwrap();
        prop_assert_eq!(one.on, due_with_suspension(duty, day0, first, &calendar).unwrap().on);
        let second = Suspension {
            from: first.resumed + chrono::Duration::days(later),
            resumed: first.resumed + chrono::Duration::days(later + again),
        };
        let both = with_stops(duty, day0, &[first, second], &calendar).unwrap();
        prop_assert!(both.on >= one.on);
        prop_assert_eq!(with_stops(duty, day0, &[], &calendar).unwrap(), due_from(duty, day0, &calendar).unwrap());
    }
}

fn standing(capacity: Capacity) -> Step {
    let (child_view_sought, child_agrees, may_receive_child_data) = (true, true, true);
    Step::Standing { capacity, child_view_sought, child_agrees, may_receive_child_data }
}

#[test]
fn a_childs_own_complaint_has_an_advocate_to_be_offered_by_the_next_working_day_until_one_was() {
    let mut told = Told::new(Procedure::Statutory, at("2026-11-19T10:00:00Z"));
    let next = |told: &Told| next(&told.case(), day("2026-12-03"), day("2026-11-24"), told.book()).unwrap().unwrap();
    told.step("2026-11-20", standing(Capacity::Child));
    assert!(told.case().is_childs_own());
    // Friday: the next working day is Monday.
    assert_eq!(told.all(), ["ADVOCACY 2026-11-23"]);
    assert_eq!(next(&told), (day("2026-11-23"), OFFER_ADVOCATE.to_owned()));
    // Said once more it is no later.
    told.step("2026-11-24", standing(Capacity::Child));
    assert_eq!(told.all(), ["ADVOCACY 2026-11-23"]);
    told.step("2026-11-25", Step::AdvocateOffered { on: day("2026-11-24"), how: "By telephone.".into() });
    assert_eq!(told.all(), ["ADVOCACY 2026-11-23 done 2026-11-24"]);
    assert_eq!(next(&told), (day("2026-12-03"), "Answer at stage 1".to_owned()));
    told.step("2026-11-26", standing(Capacity::Advocate));
    assert!(!told.case().is_childs_own() && told.all().is_empty());

    // Where one is being found, one was offered; and while the clock stands still no answer is due.
    let mut told = Told::new(Procedure::Statutory, at("2026-11-19T10:00:00Z"));
    told.step("2026-11-20", standing(Capacity::Child));
    told.step("2026-11-20", Step::AdvocateWanted { on: day("2026-11-20"), look_on: day("2026-12-01") });
    assert_eq!(told.all(), ["LOOK-AGAIN 2026-12-01", "ADVOCACY 2026-11-23 done 2026-11-20"]);
    let look = super::next(&told.case(), day("2026-12-01"), day("2026-11-24"), told.book()).unwrap();
    assert_eq!(look, Some((day("2026-12-01"), "Look whether it can go on".to_owned())));
}

#[test]
fn what_the_complainant_is_to_the_child_says_that_they_are_the_child_until_somebody_says_by_what_right_they_complain() {
    let is = |relationship: Option<&str>, then: Option<Capacity>| {
        let mut told = Told::new(Procedure::Statutory, at("2026-11-19T10:00:00Z"));
        let person = Complainant { relationship: relationship.map(str::to_owned), ..Complainant::default() };
        told.happens(
            at("2026-11-20T10:00:00Z"),
            Event::ComplainantSet { person: person.into(), was: Complainant::default().into() },
        );
        if let Some(capacity) = then {
            told.step("2026-11-23", standing(capacity));
        }
        told.case().is_childs_own()
    };
    for child in ["child", "the young person", "The child herself", "Self", "A young person, himself"] {
        assert!(is(Some(child), None) && !is(Some(child), Some(Capacity::Parent)), "{child}");
    }
    for other in ["mother", "the child’s mother", "carer of the young person", "children’s guardian", ""] {
        assert!(!is(Some(other), None) && is(Some(other), Some(Capacity::Child)), "{other}");
    }
    assert!(!is(None, None));
}

#[test]
fn a_childs_own_complaint_stays_one_when_it_is_merged_into_another() {
    let mut told = Told::new(Procedure::Statutory, at("2026-11-19T10:00:00Z"));
    told.happens(
        at("2026-11-20T10:00:00Z"),
        Event::MergedFrom(Box::new(MergedCase {
            case: Uuid::nil(),
            reference: "HRD-26-00009-X".into(),
            messages: vec![],
            parties: vec![],
            received_at: at("2026-11-20T09:00:00Z"),
            safeguarding: false,
            alerted: false,
            told_at: None,
            officer: None,
            joint: None,
            subjects: Default::default(),
            promised: Default::default(),
            child_since: Some(day("2026-11-20")),
            protection: Default::default(),
            keeping: Default::default(),
        })),
    );
    assert!(told.case().is_childs_own());
    // An enquiry is nobody's complaint.
    told.happens(at("2026-11-20T11:00:00Z"), Event::Dismissed { act: Act::Enquiry, reason: "x".into() });
    assert!(!told.case().is_childs_own());
}
