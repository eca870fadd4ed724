//! The letter to a manager who is asked for a contribution: what its template may use, and what it must show.

use minijinja::{Value, context, value::Serde};

use super::{
    super::{
        addressee::plausible_name,
        letters::{ContributionFacts, CouncilFacts},
    },
    answer::lines,
};
use crate::clock::long_date;

pub(super) fn values(facts: &ContributionFacts, council: &CouncilFacts) -> Value {
    context! {
        reference => facts.reference.as_str(),
        addressee => facts.addressee.as_deref().and_then(plausible_name),
        asked_by => facts.asked_by.as_str(),
        question => lines(&facts.question),
        by => long_date(facts.by),
        link => facts.link.as_str(),
        council => Serde(council),
    }
}

pub(super) fn needed(facts: &ContributionFacts, council: &CouncilFacts) -> Vec<(&'static str, String)> {
    let mut needed = vec![
        ("the reference", facts.reference.clone()),
        ("who asks", facts.asked_by.clone()),
        ("by when", long_date(facts.by)),
        ("the link to the page", facts.link.clone()),
        ("how to reach us (phone)", council.complaints_phone.clone()),
    ];
    needed.extend(lines(&facts.question).into_iter().map(|line| ("what is asked (question)", line)));
    needed
}
