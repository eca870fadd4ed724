//! The values of an answer and of an extension, and what they must show.

use minijinja::{context, value::Serde};

use super::sentence;
use crate::{
    clock::{london_date, long_date},
    procedure::event::Taken,
    replies::{
        addressee::plausible_name,
        letters::{AnswerFacts, CouncilFacts, ExtensionFacts, NamedOfficer},
    },
};

/// A text of several lines, line by line.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// `text` on one line.
pub(super) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn values(facts: &AnswerFacts, officer: &NamedOfficer, council: &CouncilFacts) -> minijinja::Value {
    let points: Vec<minijinja::Value> = facts
        .points
        .iter()
        .map(|point| {
            context! {
                text => line(&point.text),
                way => line(&point.way),
                outcome => point.outcome.shown(),
                reasons => lines(&point.reasons),
                evidence => lines(&point.evidence),
                remedy => lines(&point.remedy),
                learning => lines(&point.learning),
            }
        })
        .collect();
    context! {
        reference => facts.reference.as_str(),
        addressee => facts.addressee.as_deref().and_then(plausible_name),
        received_on => long_date(london_date(facts.received_at)),
        procedure => facts.procedure.as_str(),
        looked_into_by => facts.looked_into_by.as_str(),
        others => facts.others,
        opening => lines(&facts.opening),
        points => points,
        recommendations => recommendations(facts),
        ask_by => facts.ask_by.map(long_date),
        follow_up => sentence(&facts.follow_up),
        officer => Serde(officer),
        council => Serde(council),
    }
}

fn recommendations(facts: &AnswerFacts) -> Vec<minijinja::Value> {
    let shown = facts.recommendations.iter().map(|one| {
        let taken = match one.taken {
            Taken::Accepted => "we will do it",
            Taken::Partly => "we will do a part of it",
            Taken::Rejected => "we will not do it",
        };
        context! {
            text => line(&one.text),
            taken => taken,
            reasons => lines(&one.reasons),
            owner => if one.taken == Taken::Rejected { String::new() } else { line(&one.owner) },
            due => one.due.map(long_date),
        }
    });
    shown.collect()
}

/// What it must show, the reference first.
pub(super) fn needed(
    facts: &AnswerFacts,
    officer: &NamedOfficer,
    council: &CouncilFacts,
) -> Vec<(&'static str, String)> {
    let mut needed = vec![
        ("the reference", facts.reference.clone()),
        ("how to ask for it (follow_up)", sentence(&facts.follow_up)),
        ("who looked into it (looked_into_by)", facts.looked_into_by.clone()),
        ("the name of the officer", officer.name.clone()),
        ("the name of the advocacy service", council.advocacy.name.clone()),
        ("the name of the Ombudsman", council.ombudsman.name.clone()),
        ("how to reach the Ombudsman (phone)", council.ombudsman.phone.clone()),
    ];
    needed.extend(facts.ask_by.map(|day| ("by when the next stage is to be asked for (ask_by)", long_date(day))));
    for one in &facts.recommendations {
        needed.push(("every recommendation (recommendations)", line(&one.text)));
        needed.extend(lines(&one.reasons).into_iter().map(|line| ("why a recommendation is not followed", line)));
    }
    for point in &facts.points {
        needed.push(("every point (points)", line(&point.text)));
        needed.push(("what was found on every point (point.outcome)", point.outcome.shown().to_owned()));
        needed.extend(
            Some(("which other way a point goes (point.way)", line(&point.way))).filter(|(_, way)| !way.is_empty()),
        );
        for text in [&point.reasons, &point.evidence, &point.remedy, &point.learning] {
            let parts = lines(text).into_iter();
            needed.extend(parts.map(|part| ("reasons, evidence, remedy and learning of every point", part)));
        }
    }
    needed
}

pub(super) fn extension_values(
    facts: &ExtensionFacts,
    officer: &NamedOfficer,
    council: &CouncilFacts,
) -> minijinja::Value {
    context! {
        reference => facts.reference.as_str(),
        addressee => facts.addressee.as_deref().and_then(plausible_name),
        received_on => long_date(london_date(facts.received_at)),
        old_date => long_date(facts.old_date),
        new_date => long_date(facts.new_date),
        rule => sentence(&facts.rule),
        reasons => lines(&facts.reasons),
        follow_up => sentence(&facts.follow_up),
        officer => Serde(officer),
        council => Serde(council),
    }
}

/// What an extension must show, the reference first.
pub(super) fn extension_needed(
    facts: &ExtensionFacts,
    officer: &NamedOfficer,
    council: &CouncilFacts,
) -> Vec<(&'static str, String)> {
    let mut needed = vec![
        ("the reference", facts.reference.clone()),
        ("the new date (new_date)", long_date(facts.new_date)),
        ("where that date comes from (rule)", sentence(&facts.rule)),
        ("the name of the officer", officer.name.clone()),
        ("the name of the Ombudsman", council.ombudsman.name.clone()),
        ("how to reach the Ombudsman (phone)", council.ombudsman.phone.clone()),
    ];
    needed.extend(lines(&facts.reasons).into_iter().map(|line| ("the reasons (reasons)", line)));
    needed
}
