use proptest::prelude::*;

use super::*;
use crate::{
    ids::Uuid,
    labelling::labels::{Act, Theme},
    procedure::{
        decide::{Refusal, decide as asked},
        duties::Duties,
        event::{MergedCase, Moved, Nature, OmbudsmanDecision, PointOutcome, Points, Safeguarding, Step, Subject},
        independence::Directory,
        options::Options,
        working_days::Calendar,
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(day: &str) -> DateTime<Utc> {
    format!("{day}T10:00:00Z").parse().unwrap()
}

fn facts(ended_on: &str) -> Facts {
    Facts {
        procedure: Procedure::Statutory,
        ended_on: Some(day(ended_on)),
        goes_on: None,
        childs_own: false,
        born_on: None,
        allegation: false,
        held: false,
        reviewed: None,
        anonymised: false,
    }
}

fn kept_until(facts: &Facts, schedule: &Schedule) -> NaiveDate {
    match stand(facts, schedule, facts.ended_on.unwrap()) {
        Stand::Kept { until, .. } => until,
        other => panic!("{other:?}"),
    }
}

#[test]
fn six_years_after_its_end_a_case_is_due_and_not_a_day_before() {
    let six = facts("2020-11-19");
    assert_eq!(kept_until(&six, &Schedule::USUAL), day("2026-11-19"));
    assert!(matches!(stand(&six, &Schedule::USUAL, day("2026-11-18")), Stand::Kept { .. }));
    let Stand::Due { since, because } = stand(&six, &Schedule::USUAL, day("2026-11-19")) else { panic!() };
    assert_eq!(
        (since, because.as_str()),
        (day("2026-11-19"), "It is kept for 6 years after its end on Thursday 19 November 2020.")
    );
    // A leap day has no anniversary: the day after it, not the day before.
    assert_eq!(kept_until(&facts("2024-02-29"), &Schedule::USUAL), day("2030-03-01"));
}

#[test]
fn a_council_may_keep_statutory_complaints_longer() {
    let longer = Schedule { statutory_years: Some(10), ..Schedule::USUAL };
    assert_eq!(kept_until(&facts("2020-11-19"), &longer), day("2030-11-19"));
    let corporate = Facts { procedure: Procedure::Corporate, ..facts("2020-11-19") };
    assert_eq!(kept_until(&corporate, &longer), day("2026-11-19"));
    assert_eq!(longer.fewest_years(), 6);
}

#[test]
fn a_childs_own_complaint_is_kept_until_they_are_25_if_that_is_later() {
    let child = |born: &str| Facts { childs_own: true, born_on: Some(day(born)), ..facts("2020-11-19") };
    assert_eq!(kept_until(&child("2010-05-01"), &Schedule::USUAL), day("2035-05-01"));
    assert_eq!(kept_until(&child("1999-05-01"), &Schedule::USUAL), day("2026-11-19"));
    assert_eq!(kept_until(&child("2004-02-29"), &Schedule::USUAL), day("2029-03-01"));
    // Nobody else's birthday counts.
    let parent = Facts { childs_own: false, ..child("2010-05-01") };
    assert_eq!(kept_until(&parent, &Schedule::USUAL), day("2026-11-19"));
}

#[test]
fn an_allegation_never_falls_due_by_itself() {
    let allegation = Facts { allegation: true, ..facts("2001-01-01") };
    assert!(matches!(stand(&allegation, &Schedule::USUAL, day("2026-11-19")), Stand::ByHand { .. }));
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0u32..36_500).prop_map(|days| day("1990-01-01") + chrono::Days::new(days.into()))
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let reviewed = prop_oneof![
        Just(None),
        any_day().prop_map(|on| Some(Reviewed::Until(on, String::new()))),
        Just(Some(Reviewed::ToAnonymise(String::new()))),
    ];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (any_day(), prop::option::of(any_day()), reviewed, flags, any::<bool>()).prop_map(
        |(ended, born_on, reviewed, (childs_own, allegation, held, goes_on), statutory)| Facts {
            procedure: if statutory { Procedure::Statutory } else { Procedure::Corporate },
            ended_on: Some(ended),
            goes_on: goes_on.then(|| "is at stage 2".to_owned()),
            childs_own,
            born_on,
            allegation,
            held,
            reviewed,
            anonymised: false,
        },
    )
}

proptest! {
    #[test]
    fn nothing_is_due_or_goes_before_the_end_and_the_years_after_it(facts in any_facts(), today in any_day(), years in 1u16..20) {
        let schedule = Schedule { years, ..Schedule::USUAL };
        let may_go = matches!(stand(&facts, &schedule, today), Stand::Due { .. } | Stand::ByHand { .. } | Stand::ToAnonymise);
        if may_go {
            let ended = facts.ended_on.unwrap();
            prop_assert!(today.year() - ended.year() >= i32::from(years));
            prop_assert!(years_after(ended, years) <= today);
            prop_assert!(!facts.held && facts.goes_on.is_none());
            if facts.childs_own && let Some(born) = facts.born_on {
                prop_assert!(years_after(born, 25) <= today);
            }
        }
    }

    #[test]
    fn a_hold_beats_everything(facts in any_facts(), today in any_day()) {
        let held = Facts { held: true, ..facts };
        prop_assert_eq!(stand(&held, &Schedule::USUAL, today), Stand::Held);
    }

    #[test]
    fn what_goes_on_is_never_due(facts in any_facts(), today in any_day()) {
        let open = Facts { held: false, goes_on: Some("is at stage 2".into()), ..facts };
        prop_assert_eq!(stand(&open, &Schedule::USUAL, today), Stand::GoesOn);
    }

    #[test]
    fn an_allegation_waits_for_a_person(facts in any_facts(), today in any_day()) {
        let allegation = Facts { allegation: true, reviewed: None, ..facts };
        let due = matches!(stand(&allegation, &Schedule::USUAL, today), Stand::Due { .. });
        prop_assert!(!due);
    }

    #[test]
    fn a_day_that_a_review_gave_is_kept(facts in any_facts(), today in any_day(), on in any_day()) {
        let reviewed = Facts { reviewed: Some(Reviewed::Until(on, String::new())), ..facts };
        match stand(&reviewed, &Schedule::USUAL, today) {
            Stand::Due { .. } => prop_assert!(on <= today),
            Stand::ToAnonymise | Stand::ByHand { .. } => prop_assert!(false),
            _ => {}
        }
    }
}

fn nature() -> Nature {
    Nature { act: Act::Complaint, procedure: Procedure::Corporate, theme: Theme::Delay, safeguarding: false }
}

/// A case of these events, each a day after the other from 19 November 2018.
fn case(events: Vec<Event>) -> CaseFile {
    let opened = Event::Opened { nature: nature(), received_at: at("2018-11-19"), why: "Noor".into() };
    let history: Vec<Recorded> = (1..)
        .zip(std::iter::once(opened).chain(events))
        .map(|(seq, event)| Recorded { seq, at: at("2018-11-19") + chrono::TimeDelta::days(seq - 1), by: None, event })
        .collect();
    CaseFile::fold(&history).unwrap()
}

fn does(case: &CaseFile, command: Command, actor: Actor) -> Result<Vec<Event>, Refusal> {
    let (duties, calendar, directory) =
        (Duties::built_in().unwrap(), Calendar::england(&[], &[]), Directory::default());
    let setting = Setting {
        today: day("2026-11-19"),
        duties: &duties,
        calendar: &calendar,
        directory: &directory,
        actor,
        options: Options::default(),
    };
    asked(case, &command, &setting).map(|decision| decision.events)
}

fn manager(case: &CaseFile, step: Retention) -> Result<Vec<Event>, Refusal> {
    does(case, Command::Retention(step), Actor::ComplaintsManager)
}

fn over() -> Vec<Event> {
    let answered = Event::Answered {
        outbox: None,
        how: "by post".into(),
        outcome: PointOutcome::Upheld,
        author: "a@x.example".into(),
    };
    vec![Event::Confirmed, answered, Event::Closed { reason: "done".into() }]
}

fn with(more: Vec<Event>) -> CaseFile {
    case(over().into_iter().chain(more).collect())
}

fn reason() -> String {
    "because".to_owned()
}

fn refused(why: NotKept) -> Result<Vec<Event>, Refusal> {
    Err(Refusal::Retention(why))
}

#[test]
fn only_a_complaints_manager_decides_and_only_with_a_reason() {
    let steps = [
        Retention::Held { reason: reason() },
        Retention::Until { on: day("2030-01-01"), reason: reason() },
        Retention::ToAnonymise { reason: reason() },
    ];
    for step in steps {
        assert!(manager(&with(vec![]), step.clone()).is_ok(), "{step:?}");
        let officer = does(&with(vec![]), Command::Retention(step.clone()), Actor::Officer);
        assert_eq!(officer, refused(NotKept::NotAManager));
        assert_eq!(does(&with(vec![]), Command::Retention(step), Actor::Program), Err(Refusal::OnlyPeople));
    }
    let blank = || "  ".to_owned();
    assert_eq!(manager(&with(vec![]), Retention::Held { reason: blank() }), refused(NotKept::ReasonMissing));
    assert_eq!(manager(&with(vec![]), Retention::ToAnonymise { reason: blank() }), refused(NotKept::ReasonMissing));
}

#[test]
fn a_case_goes_only_once_it_was_reviewed_and_is_not_on_hold() {
    let go = Retention::Anonymised { with: None };
    assert_eq!(manager(&with(vec![]), go.clone()), refused(NotKept::NotReviewed));
    let reviewed = Event::Retention(Retention::ToAnonymise { reason: reason() });
    assert_eq!(manager(&with(vec![reviewed.clone()]), go.clone()).unwrap(), [Event::Retention(go.clone())]);
    let held = Event::Retention(Retention::Held { reason: reason() });
    let on_hold = with(vec![reviewed.clone(), held.clone()]);
    assert_eq!(manager(&on_hold, go.clone()), refused(NotKept::Held));
    assert_eq!(manager(&on_hold, Retention::ToAnonymise { reason: reason() }), refused(NotKept::Held));
    // Lifted, it is looked at anew.
    let lifted = with(vec![reviewed.clone(), held, Event::Retention(Retention::Lifted { reason: reason() })]);
    assert_eq!(manager(&lifted, go.clone()), refused(NotKept::NotReviewed));
    // So is what somebody wrote to since.
    let message = Event::MessageAdded { representation: Uuid::nil(), relation: Relation::SameIssue, why: reason() };
    assert_eq!(manager(&with(vec![reviewed, message]), go.clone()), refused(NotKept::NotReviewed));
    // Open, or ended too short a time ago.
    let open = manager(&case(vec![Event::Confirmed]), Retention::ToAnonymise { reason: reason() });
    assert_eq!(open, refused(NotKept::GoesOn("is at stage 1".into())));
    let asked = Step::ToOmbudsman { reference: "1".into(), on: day("2018-12-01"), enquiry_due: None };
    let step = |step| Event::Step { step, outbox: None, how: String::new() };
    let at_ombudsman = with(vec![step(asked.clone())]);
    let why = manager(&at_ombudsman, Retention::ToAnonymise { reason: reason() });
    assert_eq!(why, refused(NotKept::GoesOn("is with the Ombudsman".into())));
    let decided = Step::OmbudsmanDecided {
        on: day("2022-03-01"),
        decision: OmbudsmanDecision::NotUpheld,
        remedies: String::new(),
        due: None,
    };
    let late = with(vec![step(asked), step(decided)]);
    assert_eq!(
        manager(&late, Retention::ToAnonymise { reason: reason() }),
        refused(NotKept::NotYet(day("2028-03-01")))
    );
}

#[test]
fn nothing_more_happens_to_what_was_anonymised() {
    let done = with(vec![Event::Retention(Retention::Anonymised { with: None })]);
    for command in [
        Command::Undo,
        Command::Reopen { reason: reason() },
        Command::Retention(Retention::Held { reason: reason() }),
        Command::AddMessage {
            representation: Uuid::nil(),
            relation: Relation::SameIssue,
            why: reason(),
            safeguarding: false,
        },
    ] {
        assert_eq!(does(&done, command, Actor::ComplaintsManager), refused(NotKept::Anonymised));
    }
    assert!(does(&done, Command::Recount { version: reason(), dates: vec![] }, Actor::Program).is_ok());
}

fn other_reference() -> String {
    crate::ids::CaseReference { year: 2026, number: 2 }.to_string()
}

fn merged(keeping: Keeping) -> Event {
    Event::MergedFrom(Box::new(MergedCase {
        case: Uuid::nil(),
        reference: other_reference(),
        messages: vec![Moved { representation: Uuid::nil(), relation: Relation::New, why: "Noor".into() }],
        parties: vec![],
        received_at: at("2018-11-19"),
        safeguarding: false,
        alerted: false,
        told_at: None,
        officer: None,
        joint: None,
        subjects: [("rowan@x.example".to_owned(), subject())].into(),
        promised: Default::default(),
        child_since: None,
        protection: Default::default(),
        keeping,
    }))
}

fn subject() -> Subject {
    Subject { name: "Rowan".into(), because: "Rowan".into(), standing: crate::procedure::event::Standing::Confirmed }
}

#[test]
fn a_merged_case_goes_with_the_one_that_took_it_in_and_brings_its_hold_along() {
    let other = Uuid::from_u128(7);
    let gone = case(vec![Event::MergedInto { case: other, reference: "HRD-26-00009-X".into() }]);
    let Stand::GoesOn = stand(&Facts::of(&gone), &Schedule::USUAL, day("2090-01-01")) else { panic!() };
    for step in [
        Retention::Held { reason: reason() },
        Retention::ToAnonymise { reason: reason() },
        Retention::Anonymised { with: None },
        Retention::Anonymised { with: Some(Uuid::from_u128(8)) },
    ] {
        assert_eq!(manager(&gone, step), refused(NotKept::Elsewhere));
    }
    assert!(manager(&gone, Retention::Anonymised { with: Some(other) }).is_ok());

    let hold = Some((at("2018-12-01"), reason()));
    let here = case([merged(Keeping { hold, ..Keeping::default() })].into_iter().chain(over()).collect());
    assert_eq!(stand(&Facts::of(&here), &Schedule::USUAL, day("2090-01-01")), Stand::Held);
}

#[test]
fn what_is_left_of_events_says_nothing_of_anybody_and_counts_the_same() {
    let step = |step| Event::Step { step, outbox: None, how: "Noor was told by Rowan".into() };
    let points = Points { wanted: "Noor".into(), ..Points::default() };
    let events: Vec<Event> = [
        Event::PointsSet { points: Box::new(points) },
        merged(Keeping::default()),
        Event::SubjectSet {
            email: "rowan@x.example".into(),
            name: "Rowan".into(),
            is: true,
            accounts: vec![Uuid::nil()],
        },
        Event::Safeguarding(Safeguarding::Read { what: "Rang Noor".into() }),
        step(Step::Withdrawn { on: day("2018-12-01"), how: "Noor rang".into() }),
        Event::Acknowledged { outbox: Uuid::nil() },
    ]
    .into_iter()
    .chain(over())
    .chain([Event::Retention(Retention::Held { reason: "Noor".into() })])
    .collect();
    let clean: Vec<Event> = events.iter().map(anonymised).collect();
    let text = serde_json::to_string(&clean).unwrap();
    for word in ["Noor", "Rowan", "rowan", "00000000-0000-0000-0000-000000000000\"]", "by post", "because"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    assert!(text.contains(&other_reference()) && text.contains("2018-12-01") && text.contains("upheld"));
    let (before, after) = (case(events), case(clean));
    let figures = |case: &CaseFile| {
        (
            case.status,
            case.nature,
            case.received_at,
            case.closed_at,
            case.course.stage,
            case.answered,
            case.acknowledgement,
        )
    };
    assert_eq!(figures(&before), figures(&after));
    let born = Event::Retention(Retention::Born { on: Some(day("2010-05-01")) });
    assert_eq!(anonymised(&born), Event::Retention(Retention::Born { on: None }));
}
