//! The values of notices, and what they must show.

use minijinja::{context, value::Serde};

use super::{
    answer::{line, lines},
    sentence,
};
use crate::{
    clock::{london_date, long_date},
    replies::{
        addressee::plausible_name,
        letters::{CouncilFacts, DigestFacts, DigestLine, NamedOfficer, Notice, NoticeFacts},
    },
};

pub(super) fn values(facts: &NoticeFacts, officer: &NamedOfficer, council: &CouncilFacts) -> minijinja::Value {
    let people: Vec<minijinja::Value> =
        facts.people.iter().map(|one| context! { post => one.post.as_str(), name => line(&one.name) }).collect();
    context! {
        reference => facts.reference.as_str(),
        addressee => facts.addressee.as_deref().and_then(plausible_name),
        received_on => long_date(london_date(facts.received_at)),
        procedure => facts.procedure.as_str(),
        stage => facts.stage,
        on => facts.on.map(long_date),
        by => facts.by.map(long_date),
        rule => sentence(&facts.rule),
        old_by => facts.old_by.map(long_date),
        look_on => facts.look_on.map(long_date),
        because => facts.because.as_str(),
        place => line(&facts.place),
        reasons => lines(&facts.reasons),
        items => facts.items.iter().map(|item| line(item)).collect::<Vec<_>>(),
        people => people,
        follow_up => sentence(&facts.follow_up),
        officer => Serde(officer),
        council => Serde(council),
    }
}

/// What it must show, the reference first.
pub(super) fn needed(
    facts: &NoticeFacts,
    officer: &NamedOfficer,
    council: &CouncilFacts,
) -> Vec<(&'static str, String)> {
    let mut needed = vec![
        ("the reference", facts.reference.clone()),
        ("how to answer (follow_up)", sentence(&facts.follow_up)),
        ("the name of the officer", officer.name.clone()),
        ("the name of the Ombudsman", council.ombudsman.name.clone()),
        ("how to reach the Ombudsman (phone)", council.ombudsman.phone.clone()),
        ("the name of the advocacy service", council.advocacy.name.clone()),
    ];
    let (on, by, look_on, people, items) = match facts.notice {
        Notice::Message | Notice::ConcernOffer | Notice::AuthorityRequest | Notice::Refusal => {
            (false, false, false, false, false)
        }
        Notice::ContactRestriction => (true, true, true, false, true),
        Notice::RouteDecision => (false, true, false, false, true),
        Notice::ClockStopped => (true, false, true, false, true),
        Notice::ClockRuns | Notice::NextStage => (true, true, false, false, false),
        Notice::Stage2Statement => (true, true, false, true, true),
        Notice::PanelInvitation => (true, true, false, true, false),
        Notice::PanelPapers | Notice::LearningUpdate | Notice::AccessList => (true, false, false, false, true),
        Notice::Withdrawal | Notice::CheckIn => (true, false, false, false, false),
        Notice::Closure | Notice::OmbudsmanReferral => (false, false, false, false, true),
    };
    let mut day = |wanted: bool, what, day: Option<chrono::NaiveDate>| {
        needed.extend(day.filter(|_| wanted).map(|day| (what, long_date(day))));
    };
    day(on, "the day it is about (on)", facts.on);
    day(by, "the day that is promised (by)", facts.by);
    day(look_on, "when it is looked at again (look_on)", facts.look_on);
    if by && facts.notice != Notice::ContactRestriction {
        needed.push(("where the day comes from (rule)", sentence(&facts.rule)));
    }
    if facts.notice == Notice::Refusal {
        needed.push(("why it is refused (because)", facts.because.clone()));
    }
    if facts.notice == Notice::PanelInvitation {
        needed.push(("when and where the panel meets (place)", line(&facts.place)));
    }
    if people {
        needed.extend(facts.people.iter().map(|one| ("who has a part in it (people)", line(&one.name))));
    }
    if items {
        needed.extend(facts.items.iter().map(|item| ("what it lists (items)", line(item))));
    }
    if facts.notice != Notice::CheckIn {
        needed.extend(lines(&facts.reasons).into_iter().map(|line| ("the officer's words (reasons)", line)));
    }
    needed
}

/// What the question by chat must show, the reference first.
pub(super) fn chat_needed(
    facts: &NoticeFacts,
    officer: &NamedOfficer,
    council: &CouncilFacts,
) -> Vec<(&'static str, String)> {
    let mut needed = needed(facts, officer, council);
    needed.push(("how to reach the officer (phone)", officer.phone.clone()));
    needed.push(("the danger line (council.danger.text)", council.danger.text.clone()));
    needed
}

pub(super) fn digest_values(facts: &DigestFacts, council: &CouncilFacts) -> minijinja::Value {
    let shown = |lines: &[DigestLine]| {
        let line = |one: &DigestLine| {
            context! {
                reference => one.reference.as_str(),
                what => line(&one.what),
                on => long_date(one.on),
                link => one.link.as_str(),
            }
        };
        lines.iter().map(line).collect::<Vec<_>>()
    };
    context! {
        addressee => line(&facts.addressee),
        today => long_date(facts.today),
        missed => shown(&facts.missed),
        soon => shown(&facts.soon),
        up_the_line => shown(&facts.up_the_line),
        council => Serde(council),
    }
}

/// What a digest must show.
pub(super) fn digest_needed(facts: &DigestFacts) -> Vec<(&'static str, String)> {
    let all = [&facts.missed, &facts.soon, &facts.up_the_line].into_iter().flatten();
    all.flat_map(|one| {
        [
            ("every case (reference)", one.reference.clone()),
            ("by when (on)", long_date(one.on)),
            ("its page (link)", one.link.clone()),
        ]
    })
    .collect()
}
