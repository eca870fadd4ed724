use super::*;
use crate::{
    labelling::labels::{Act, Procedure, Theme},
    procedure::event::{Nature, RefusedBecause},
};

fn history(events: Vec<Event>) -> Vec<Recorded> {
    let nature =
        Nature { act: Act::Complaint, procedure: Procedure::Statutory, theme: Theme::Delay, safeguarding: false };
    let at: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
    let opened = Event::Opened { nature, received_at: at, why: String::new() };
    let all = [opened, Event::Confirmed].into_iter().chain(events);
    (1..).zip(all).map(|(seq, event)| Recorded { seq, at, by: None, event }).collect()
}

fn told(step: Step) -> Event {
    Event::Step { step, outbox: None, how: "by telephone".to_owned() }
}

fn untold(step: Step) -> Event {
    Event::Step { step, outbox: None, how: String::new() }
}

#[test]
fn only_what_they_were_told_is_a_change() {
    let day: NaiveDate = "2026-11-21".parse().unwrap();
    let reasons = || "A court decides first.".to_owned();
    let paused = || Step::Paused { points: Vec::new(), reasons: reasons(), look_on: day };
    let all = history(vec![
        Event::Extended { outbox: None, how: "by telephone".into(), reason: " The file is not here. ".into() },
        untold(paused()),
        told(paused()),
        untold(Step::Noted {
            what: crate::procedure::event::Noted::ALL[0],
            on: day,
            with: "a teacher".into(),
            text: "secret".into(),
        }),
        Event::Closed { reason: "for officers only".into() },
        Event::Undone { seq: 7 },
    ]);
    let changes = changes(&all);
    let said: Vec<_> = changes.iter().map(|one| (one.what, one.reasons.as_str())).collect();
    assert_eq!(said, [(Changed::Extended, "The file is not here."), (Changed::Paused, "A court decides first.")]);
}

#[test]
fn the_next_stage_can_be_asked_for_after_an_answer_and_not_once_it_was_refused() {
    let answered = |at_stage_2: bool| {
        let mut events = vec![Event::Answered {
            outbox: None,
            how: "by hand".into(),
            outcome: PointOutcome::NotUpheld,
            author: String::new(),
        }];
        if at_stage_2 {
            let asked = Step::NextStageAsked {
                on: "2026-11-21".parse().unwrap(),
                how: "by mail".into(),
                because: String::new(),
            };
            events.push(told(asked));
        }
        events
    };
    let of = |events| CaseFile::fold(&history(events)).unwrap();
    assert_eq!(next_stage(&of(Vec::new())), None);
    assert_eq!(next_stage(&of(answered(false))), Some(2));
    assert_eq!(next_stage(&of(answered(true))), None);
    let mut refused = answered(false);
    let why = RefusedBecause::DecidedBefore;
    refused.push(told(Step::NextStageRefused { why, reasons: "It was looked into.".into() }));
    assert_eq!(next_stage(&of(refused.clone())), None);
    let last = changes(&history(refused)).pop().unwrap();
    assert_eq!((last.what, last.stage), (Changed::NextStageRefused, 2));
}

#[test]
fn an_answer_that_was_not_given_is_not_shown() {
    let points = Points {
        points: vec![crate::procedure::event::Point { text: "A draft".into(), ..Default::default() }],
        ..Points::default()
    };
    let case = CaseFile::fold(&history(vec![Event::PointsSet { points: Box::new(points) }])).unwrap();
    assert!(answers(&case).is_empty());
}
