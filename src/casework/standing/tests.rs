use super::*;
use crate::procedure::{
    event::{PointOutcome, Points},
    standing::Changed,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn standing() -> Standing {
    Standing {
        reference: "HRD-26-00042-K".to_owned(),
        was: None,
        version: 3,
        state: State::Stage1,
        stage: 1,
        procedure: Procedure::Statutory,
        decided: true,
        dissatisfied: true,
        received_on: day("2026-11-20"),
        next: vec![coming(Next::Answer, "2026-12-04", "S1-10", Some(10))],
        handler: Handler::Officer("Rowan Bell".to_owned(), "officer"),
        changes: Vec::new(),
        answers: Vec::new(),
        promises: Vec::new(),
        next_stage: None,
        ask_until: None,
        other: None,
        ombudsman: Ombudsman::default(),
        phone: "01632 960 123".to_owned(),
        today: day("2026-11-23"),
    }
}

fn coming(what: Next, on: &str, duty: &str, days: Option<u16>) -> Coming {
    let rule = format!("The rule as officers read it ({duty}: the law).");
    Coming { what, on: day(on), rule, duty: duty.to_owned(), days }
}

fn change(what: Changed, on: &str) -> Change {
    Change { what, on: day(on), stage: 1, reasons: "Milly’s file is not here yet.".to_owned() }
}

fn answer(stage: u8, outcome: PointOutcome) -> Answered {
    let at = "2026-12-03T10:00:00Z".parse().unwrap();
    Answered { stage, on: day("2026-12-03"), at, outcome, points: Points::default() }
}

fn promise(done: Option<&str>) -> Promise {
    Promise {
        text: "Ring Milly’s school".to_owned(),
        from: "promised",
        undecided: false,
        rejected: false,
        reasons: String::new(),
        due: None,
        done_on: done.map(day),
    }
}

/// The main states of a case.
fn states() -> Vec<(&'static str, Standing)> {
    let decide = || coming(Next::Decide, "2026-11-25", "DECIDE-3", Some(3));
    let new = Standing {
        state: State::ToConfirm,
        decided: false,
        next: vec![decide(), coming(Next::Answer, "2026-12-04", "S1-10", Some(10))],
        handler: Handler::Named("Alex Reed".to_owned(), "complaints officer".to_owned()),
        ..standing()
    };
    let answered = Standing {
        state: State::Stage1Answered,
        next: Vec::new(),
        answers: vec![answer(1, PointOutcome::PartlyUpheld)],
        promises: vec![promise(Some("2026-12-05")), promise(None)],
        next_stage: Some(2),
        ask_until: Some(day("2027-01-05")),
        today: day("2026-12-07"),
        ..standing()
    };
    vec![
        ("new", new),
        ("stage 1", standing()),
        ("late", Standing { today: day("2026-12-07"), ..standing() }),
        (
            "extended",
            Standing {
                changes: vec![change(Changed::Extended, "2026-12-03")],
                next: vec![coming(Next::Answer, "2026-12-18", "S1-20", Some(20))],
                ..standing()
            },
        ),
        (
            "waits for an advocate",
            Standing {
                state: State::AdvocateWanted,
                next: vec![coming(Next::LookAgain, "2026-12-01", "LOOK-AGAIN", None)],
                changes: vec![change(Changed::AdvocateWanted, "2026-11-23")],
                ..standing()
            },
        ),
        ("answered", answered.clone()),
        ("window over", Standing { today: day("2027-01-06"), ..answered.clone() }),
        (
            "stage 3",
            Standing {
                state: State::Stage3,
                stage: 3,
                next: vec![coming(Next::PanelFixed, "2027-02-01", "S3-PANEL-30", Some(30))],
                ..standing()
            },
        ),
        ("closed", Standing { state: State::Closed, next_stage: None, ask_until: None, ..answered }),
        (
            "merged",
            Standing { state: State::Merged, next: Vec::new(), other: Some("HRD-26-00007-X".to_owned()), ..standing() },
        ),
        (
            "nobody may be named",
            Standing {
                state: State::Concern,
                procedure: Procedure::Unclear,
                handler: Handler::Team("Complaints team".to_owned()),
                ..standing()
            },
        ),
    ]
}

#[test]
fn it_is_said_in_plain_sentences() {
    let catalogues = Catalogues::built_in().unwrap();
    let said = states()
        .into_iter()
        .map(|(name, standing)| format!("== {name}\n{}\n", standing.words(&catalogues, Language::English).join("\n")));
    insta::assert_snapshot!(said.collect::<String>());
}

#[test]
fn what_officers_wrote_is_not_among_the_words() {
    let catalogues = Catalogues::built_in().unwrap();
    for language in Language::ALL {
        for (name, standing) in states() {
            let words = standing.words(&catalogues, language).join("\n");
            assert!(!words.contains("Milly"), "{name}: {words}");
        }
    }
}

#[test]
fn every_state_and_change_has_its_words_in_every_language() {
    let catalogues = Catalogues::built_in().unwrap();
    for language in Language::ALL {
        for state in State::ALL {
            for procedure in [Procedure::Statutory, Procedure::Corporate, Procedure::Unclear] {
                for (decided, today) in [(true, "2026-11-23"), (false, "2027-06-01")] {
                    let all =
                        [Next::Decide, Next::Answer, Next::LookAgain, Next::Panel, Next::PanelFixed, Next::Report];
                    let standing = Standing {
                        state,
                        procedure,
                        decided,
                        today: day(today),
                        next: all.map(|what| coming(what, "2026-12-04", "S1-10", Some(10))).to_vec(),
                        changes: Changed::ALL.map(|what| change(what, "2026-11-25")).to_vec(),
                        answers: PointOutcome::ALL.map(|outcome| answer(1, outcome)).to_vec(),
                        promises: vec![promise(None)],
                        next_stage: Some(2),
                        ask_until: Some(day("2027-01-05")),
                        ..standing()
                    };
                    for words in standing.words(&catalogues, language) {
                        assert!(!words.contains("standing-") && !words.contains('$'), "{language:?}: {words}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_rule_is_said_in_the_readers_language_with_the_councils_own_figure() {
    let catalogues = Catalogues::built_in().unwrap();
    let own = Standing { next: vec![coming(Next::Answer, "2026-12-04", "S1-10", Some(15))], ..standing() };
    let said = |language| own.words(&catalogues, language).join("\n");
    assert!(said(Language::English).contains("The rule as officers read it (S1-10: the law)."));
    assert!(said(Language::Polish).contains("w ciągu 15 dni roboczych"));
    // Where the catalogue does not have it, or it says more than its duty, it stands as officers read it.
    for next in [coming(Next::Answer, "2026-12-04", "S1-10", None), coming(Next::Answer, "2026-12-04", "X-1", Some(3))]
    {
        let other = Standing { next: vec![next], ..standing() };
        assert!(other.words(&catalogues, Language::Polish).join("\n").contains("The rule as officers read it"));
    }
}

#[test]
fn every_rule_in_the_catalogue_is_one_of_the_rule_book() {
    let duties = crate::procedure::duties::Duties::built_in().unwrap();
    let catalogues = Catalogues::built_in().unwrap();
    let said = duties.all().iter().filter(|duty| catalogues.has(Language::English, &rule_key(&duty.id)));
    assert_eq!(said.count(), 12);
}
