//! The letter with the questions after the end: what its template may use, and what it must show.

use minijinja::{Value, context, value::Serde};

use super::{
    super::{
        addressee::plausible_name,
        letters::{CouncilFacts, SurveyFacts},
    },
    sentence,
};
use crate::clock::long_date;

pub(super) fn values(facts: &SurveyFacts, council: &CouncilFacts) -> Value {
    context! {
        reference => facts.reference.as_str(),
        addressee => facts.addressee.as_deref().and_then(plausible_name),
        link => facts.link.as_str(),
        until => long_date(facts.until),
        follow_up => sentence(&facts.follow_up),
        council => Serde(council),
    }
}

pub(super) fn needed(facts: &SurveyFacts, council: &CouncilFacts) -> Vec<(&'static str, String)> {
    vec![
        ("the reference", facts.reference.clone()),
        ("the link to the page", facts.link.clone()),
        ("until when", long_date(facts.until)),
        ("where an answer goes (follow_up)", facts.follow_up.clone()),
        ("the danger line (council.danger.text)", council.danger.text.clone()),
    ]
}
