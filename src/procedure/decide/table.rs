//! Every state × every command × every role: what is allowed stands in the snapshot, and whatever else is asked is refused with a rule.

use chrono::{DateTime, NaiveDate, Utc};

use super::*;
use crate::{
    labelling::labels::{Act, Procedure, Theme},
    procedure::{
        event::{
            Appointee, Capacity, Finding, Format, Freeze, Group, Member, MergedCase, Moved, Noted, OmbudsmanDecision,
            Outcome, Point, PointOutcome, Points, Post, Recorded, RefusedBecause, Report, Retention, Settlement, Stage,
            Step, StepKind, Taken, Works,
        },
        options::Stage2From,
        retention::Schedule,
        state::State,
    },
};

mod commands;

use commands::commands;

/// With what is off unless a council says so.
const OPTIONS: Options = Options { stage2_from: Stage2From::Request, early_referral: true, schedule: Schedule::USUAL };

/// Thursday.
const TODAY: &str = "2026-11-19";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    format!("{TODAY}T10:00:00Z").parse().unwrap()
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn nature(act: Act, procedure: Procedure) -> Nature {
    Nature { act, procedure, theme: Theme::Delay, safeguarding: false }
}

fn points() -> Points {
    let finding = Finding {
        outcome: PointOutcome::Upheld,
        reasons: "Nobody rang.".into(),
        evidence: "The log.".into(),
        remedy: String::new(),
        learning: String::new(),
    };
    let point = Point { text: "Nobody rings back.".into(), finding: Some(finding), ..Point::default() };
    Points { points: vec![point], with_independent: true, ..Points::default() }
}

fn person(name: &str, works: Works) -> Appointee {
    let email = format!("{}@x.example", name.to_lowercase());
    Appointee { name: name.into(), email, works, unconnected: true, reason: String::new() }
}

fn appointed(post: Post, name: &str, works: Works) -> Event {
    told(Step::Appointed { post, person: person(name, works) }, "")
}

fn told(step: Step, how: &str) -> Event {
    Event::Step { step, outbox: None, how: how.into() }
}

fn asks_helen() -> Step {
    Step::ContributionAsked {
        from: "helen@x.example".into(),
        name: "Helen".into(),
        question: "x".into(),
        points: vec![1],
        due: day("2026-12-01"),
    }
}

fn asked() -> Event {
    told(Step::NextStageAsked { on: day(TODAY), how: "by email".into(), because: String::new() }, "by post")
}

fn answered() -> Event {
    let author = "tomasz@x.example".to_owned();
    Event::Answered { outbox: None, how: "by post".into(), outcome: PointOutcome::Upheld, author }
}

/// A case of `procedure` in `state`.
fn case(state: State, procedure: Procedure) -> CaseFile {
    let act = match state {
        State::NoComplaint => Act::Enquiry,
        State::Concern => Act::Concern,
        _ => Act::Complaint,
    };
    let procedure = if state == State::Undecided { Procedure::Unclear } else { procedure };
    let mut events = vec![
        Event::Opened { nature: nature(act, procedure), received_at: now(), why: String::new() },
        Event::NotAcknowledged { why: "x".into(), held: true, by_hand: false },
        Event::MessageAdded { representation: id(5), relation: Relation::UnverifiedSender, why: "x".into() },
        Event::MayBelong { case: id(9), reference: "HRD-26-00009-X".into(), why: "x".into() },
        Event::Tied { joint: id(7), reference: "HRD-J-1".into() },
        Event::PointsSet { points: Box::new(points()) },
    ];
    let stage2 = |events: &mut Vec<Event>| {
        events.extend([answered(), asked()]);
        events.push(appointed(Post::Reviewer, "Rhea", Works::Council));
        events.push(appointed(Post::InvestigatingOfficer, "Ines", Works::Council));
        events.push(appointed(Post::IndependentPerson, "Tunde", Works::Outside));
        events.push(appointed(Post::Adjudicator, "Nikhil", Works::ChildrensServices));
        for report in [Report::Investigation, Report::Independent] {
            events.push(told(Step::ReportCame { report, on: day(TODAY) }, ""));
        }
        events.push(Event::PointsSet { points: Box::new(points()) });
    };
    let stage3 = |events: &mut Vec<Event>| {
        stage2(events);
        events.extend([answered(), asked()]);
        events.push(appointed(Post::PanelChair, "Cora", Works::Outside));
        events.push(appointed(Post::PanelMember, "Ben", Works::Outside));
        events.push(appointed(Post::PanelMember, "Dee", Works::Outside));
        events.push(told(Step::PanelFixed { on: day(TODAY), place: "x".into() }, "by post"));
        events.push(told(Step::PapersSent { on: day(TODAY), papers: "x".into() }, "by post"));
    };
    let held = || told(Step::PanelHeld { on: day(TODAY) }, "");
    let reported = || told(Step::PanelReported { on: day(TODAY), recommendations: "Say sorry.\nPay.".into() }, "");
    let taken = |action| {
        let step = Step::RecommendationTaken {
            action,
            taken: Taken::Accepted,
            reasons: String::new(),
            owner: "Nikhil".into(),
            due: Some(day("2026-12-01")),
        };
        told(step, "")
    };
    // A manager is asked for a contribution.
    events.push(told(asks_helen(), ""));
    if state != State::ToConfirm && state != State::Dismissed && state != State::Merged {
        events.push(Event::Confirmed);
    }
    match state {
        State::ToConfirm | State::NoComplaint | State::Concern | State::Undecided | State::Stage1 => {}
        State::Dismissed => events.push(Event::Dismissed { act: Act::Enquiry, reason: "x".into() }),
        State::Merged => events.push(Event::MergedInto { case: id(9), reference: "HRD-26-00009-X".into() }),
        State::AdvocateWanted => {
            events.push(told(Step::AdvocateWanted { on: day(TODAY), look_on: day("2026-12-01") }, "by post"));
        }
        State::Stage1Answered => events.push(answered()),
        State::Stage2 => stage2(&mut events),
        State::Stage2Answered => {
            stage2(&mut events);
            let promised = Step::ActionAdded { text: "x".into(), owner: "x".into(), due: day("2026-12-01") };
            events.extend([answered(), told(promised, "")]);
        }
        State::Stage3 => stage3(&mut events),
        State::PanelHeld => {
            stage3(&mut events);
            events.push(held());
        }
        State::PanelReported => {
            stage3(&mut events);
            events.extend([held(), reported(), taken(1), taken(2)]);
        }
        State::Stage3Answered => {
            stage3(&mut events);
            events.extend([held(), reported(), taken(1), taken(2), answered()]);
        }
        State::Paused => {
            let step = Step::Paused { points: vec![], reasons: "x".into(), look_on: day("2026-12-01") };
            events.push(told(step, "by post"));
        }
        State::Withdrawn => events.push(told(Step::Withdrawn { on: day(TODAY), how: "x".into() }, "by post")),
        State::NotAccepted => {
            let step = Step::NotAccepted { why: RefusedBecause::TooLate, reasons: "x".into() };
            events.push(told(step, "by post"));
        }
        State::Closed => events.extend([answered(), Event::Closed { reason: "x".into() }]),
    }
    let history: Vec<Recorded> =
        (1..).zip(events).map(|(seq, event)| Recorded { seq, at: now(), by: Some(id(1)), event }).collect();
    let mut case = CaseFile::fold(&history).unwrap();
    // Something an officer may take back.
    case.last_undoable.get_or_insert((1, Event::Confirmed));
    case
}

/// A step of each kind that says all it must.
fn step(kind: StepKind, case: &CaseFile) -> Step {
    let (on, later) = (day(TODAY), day("2026-12-31"));
    let text = || "x".to_owned();
    match kind {
        StepKind::WrittenTo => Step::WrittenTo { text: text() },
        StepKind::Noted => Step::Noted { what: Noted::Call, on, with: text(), text: text() },
        StepKind::Offered => Step::Offered,
        StepKind::Standing => Step::Standing {
            capacity: Capacity::Parent,
            child_view_sought: true,
            child_agrees: true,
            may_receive_child_data: false,
        },
        StepKind::AuthorityAsked => Step::AuthorityAsked,
        StepKind::AuthorityGiven => Step::AuthorityGiven { on, how: text() },
        StepKind::Needs => Step::Needs { format: Format::LargePrint, language: text(), other: text() },
        StepKind::Restricted => Step::Restricted { what: text(), reasons: text(), until: later, look_on: later },
        StepKind::RestrictionEnded => Step::RestrictionEnded { reasons: text() },
        StepKind::RouteTold => Step::RouteTold { reasons: text() },
        StepKind::TakenLate => Step::TakenLate { happened_on: day("2024-01-01"), known_on: None, reasons: text() },
        StepKind::NotAccepted => Step::NotAccepted { why: RefusedBecause::TooLate, reasons: text() },
        StepKind::AdvocateOffered => Step::AdvocateOffered { on, how: text() },
        StepKind::AdvocateWanted => Step::AdvocateWanted { on, look_on: later },
        StepKind::AdvocateSettled => Step::AdvocateSettled { on, how: text() },
        StepKind::Paused => Step::Paused { points: vec![], reasons: text(), look_on: later },
        StepKind::Resumed => Step::Resumed { on, reasons: text() },
        StepKind::NextStageAsked => Step::NextStageAsked { on, how: text(), because: text() },
        StepKind::NextStageRefused => Step::NextStageRefused { why: RefusedBecause::OtherRoute, reasons: text() },
        StepKind::Appointed => {
            let post = match case.nature.procedure {
                Procedure::Statutory => Post::Adjudicator,
                _ => Post::Reviewer,
            };
            Step::Appointed { post, person: person("Zoe", Works::Council) }
        }
        StepKind::Released => Step::Released { post: Post::Adjudicator, name: "Nikhil".into() },
        StepKind::StatementAgreed => Step::StatementAgreed { on },
        StepKind::ReportCame => Step::ReportCame { report: Report::Independent, on },
        StepKind::PanelFixed => Step::PanelFixed { on: later, place: text() },
        StepKind::PapersSent => Step::PapersSent { on, papers: text() },
        StepKind::PanelHeld => Step::PanelHeld { on },
        StepKind::PanelReported => Step::PanelReported { on, recommendations: text() },
        StepKind::RecommendationTaken => Step::RecommendationTaken {
            action: 1,
            taken: Taken::Accepted,
            reasons: text(),
            owner: text(),
            due: Some(later),
        },
        StepKind::ActionAdded => Step::ActionAdded { text: text(), owner: text(), due: later },
        StepKind::ActionDone => Step::ActionDone { action: 1, on, evidence: text() },
        StepKind::ContributionAsked => asks_helen(),
        StepKind::ContributionWithdrawn => Step::ContributionWithdrawn { contribution: 1, reasons: text() },
        StepKind::Withdrawn => Step::Withdrawn { on, how: text() },
        StepKind::ClosureTold => Step::ClosureTold,
        StepKind::AccessTold => Step::AccessTold,
        StepKind::NoCheckIn => Step::NoCheckIn,
        StepKind::Freeze => {
            Step::Freeze { decision: text(), state: Freeze::Granted, reasons: text(), look_on: Some(later) }
        }
        StepKind::EarlyReferral => Step::EarlyReferral { thorough: true, upheld: true, planned: true, agreed: true },
        StepKind::ToOmbudsman => Step::ToOmbudsman { reference: text(), on, enquiry_due: None },
        StepKind::OmbudsmanDecided => {
            Step::OmbudsmanDecided { on, decision: OmbudsmanDecision::Upheld, remedies: text(), due: Some(later) }
        }
    }
}

const ACTORS: [(&str, Actor); 4] =
    [("P", Actor::Program), ("O", Actor::Officer), ("M", Actor::ComplaintsManager), ("B", Actor::NoCaseworker)];

#[test]
fn every_state_command_and_role_is_allowed_as_listed_or_refused_with_a_rule() {
    let (duties, calendar, directory) =
        (Duties::built_in().unwrap(), Calendar::england(&[], &[]), Directory::default());
    let (mut table, mut cells, mut allowed) = (String::new(), 0, 0);
    for procedure in [Procedure::Statutory, Procedure::Corporate] {
        for state in State::ALL {
            // A corporate complaint has no third stage.
            let third = matches!(
                state,
                State::Stage3 | State::PanelHeld | State::PanelReported | State::Stage3Answered | State::AdvocateWanted
            );
            if procedure == Procedure::Corporate && third {
                continue;
            }
            let case = case(state, procedure);
            assert_eq!(State::of(&case), state, "{procedure}");
            table.push_str(&format!("{procedure}, {}\n", state.shown()));
            for (name, command) in commands(&case) {
                let mut may = String::new();
                for (letter, actor) in ACTORS {
                    cells += 1;
                    let setting = Setting {
                        today: day(TODAY),
                        duties: &duties,
                        calendar: &calendar,
                        directory: &directory,
                        actor,
                        options: OPTIONS,
                    };
                    match decide(&case, &command, &setting) {
                        Ok(_) => {
                            allowed += 1;
                            may.push_str(letter);
                        }
                        Err(why) => {
                            assert!(!why.rule().is_empty() && !why.to_string().is_empty(), "{name}: {why:?}");
                        }
                    }
                }
                assert!(!may.contains('B'), "whoever owns a mailbox decides nothing: {name}");
                if !may.is_empty() {
                    table.push_str(&format!("  {may:<3} {name}\n"));
                }
            }
        }
    }
    insta::assert_snapshot!(format!(
        "P the program, O officer, M complaints manager. {cells} cells, {allowed} allowed as listed; all others are refused with a \
         rule.\n\n{table}"
    ));
}

#[test]
fn nothing_that_the_program_may_do_closes_rejects_or_refuses() {
    let (duties, calendar, directory) =
        (Duties::built_in().unwrap(), Calendar::england(&[], &[]), Directory::default());
    let setting = Setting {
        today: day(TODAY),
        duties: &duties,
        calendar: &calendar,
        directory: &directory,
        actor: Actor::Program,
        options: OPTIONS,
    };
    for procedure in [Procedure::Statutory, Procedure::Corporate] {
        for state in State::ALL {
            let before = case(state, procedure);
            for (name, command) in commands(&before) {
                let Ok(decision) = decide(&before, &command, &setting) else { continue };
                let ends = decision.events.iter().any(|event| {
                    matches!(
                        event,
                        Event::Closed { .. } | Event::Dismissed { .. } | Event::Step { .. } | Event::Answered { .. }
                    )
                });
                assert!(!ends, "{name} in {state:?}");
            }
        }
    }
}

#[test]
fn stage_two_and_three_are_for_other_people_than_stage_one() {
    let (duties, calendar, directory) =
        (Duties::built_in().unwrap(), Calendar::england(&[], &[]), Directory::default());
    let setting = Setting {
        today: day(TODAY),
        duties: &duties,
        calendar: &calendar,
        directory: &directory,
        actor: Actor::Officer,
        options: OPTIONS,
    };
    let before = case(State::Stage1Answered, Procedure::Statutory);
    let mut before = before;
    before.course.stage = Stage::Two;
    before.answered = None;
    let appoint = |post, one: Appointee| {
        let command = Command::Step { step: Step::Appointed { post, person: one }, outbox: None, how: String::new() };
        decide(&before, &command, &setting).map(|_| ()).map_err(|why| why.to_string())
    };
    let refused = |post, one: Appointee, says: &str| {
        let why = appoint(post, one).unwrap_err();
        assert!(why.contains(says) && why.contains('('), "{why}");
    };
    // Tomasz gave the answer at stage 1.
    for post in [Post::InvestigatingOfficer, Post::Adjudicator] {
        refused(post, person("Tomasz", Works::Council), "they answered at stage 1");
    }
    refused(Post::InvestigatingOfficer, person("Ann", Works::ChildrensServices), "they work in children’s services");
    let reason = "Nobody else knows the law of adoption.".to_owned();
    assert!(
        appoint(Post::InvestigatingOfficer, Appointee { reason, ..person("Ann", Works::ChildrensServices) }).is_ok()
    );
    for post in [Post::IndependentPerson, Post::PanelChair, Post::PanelMember] {
        refused(post, person("Ann", Works::Council), "they must not work for the council");
        let unsaid = Appointee { unconnected: false, ..person("Ann", Works::Outside) };
        refused(post, unsaid, "neither member nor officer");
        assert!(appoint(post, person("Ann", Works::Outside)).is_ok());
    }
    refused(Post::Adjudicator, person("Ann", Works::Outside), "the council decides itself");
    refused(Post::Reviewer, person("Ann", Works::Council), "has an investigating officer");
    // The independent person of stage 2 does not sit on the panel; nobody has two parts.
    let at_panel = case(State::Stage3, Procedure::Statutory);
    for name in ["Tunde", "Ines", "Ben"] {
        let step = Step::Appointed { post: Post::PanelMember, person: person(name, Works::Outside) };
        let why = decide(&at_panel, &Command::Step { step, outbox: None, how: String::new() }, &setting).unwrap_err();
        assert!(why.to_string().contains("they have another part in this case"), "{name}: {why}");
    }
    // Whom it is about is appointed to nothing.
    let subject =
        crate::procedure::event::Subject { name: "Ann".into(), because: String::new(), standing: Standing::Confirmed };
    before.subjects.insert("ann@x.example".into(), subject);
    for post in Post::ALL.into_iter().filter(|post| *post != Post::Reviewer) {
        let step = Step::Appointed { post, person: person("Ann", Works::Council) };
        let why = decide(&before, &Command::Step { step, outbox: None, how: String::new() }, &setting).unwrap_err();
        assert_eq!(why, Refusal::IsSubject);
    }
}
