//! The letter that passes a thank-you on: what its template may use, and what it must show.

use minijinja::{Value, context, value::Serde};

use super::{
    super::{
        addressee::plausible_name,
        letters::{CouncilFacts, PraiseFacts},
    },
    answer::lines,
};
use crate::clock::long_date;

pub(super) fn values(facts: &PraiseFacts, council: &CouncilFacts) -> Value {
    context! {
        reference => facts.reference.as_str(),
        addressee => facts.addressee.as_deref().and_then(plausible_name),
        received_on => long_date(facts.received_on),
        words => lines(&facts.words),
        council => Serde(council),
    }
}

pub(super) fn needed(facts: &PraiseFacts) -> Vec<(&'static str, String)> {
    let mut needed = vec![("the reference", facts.reference.clone()), ("when it came", long_date(facts.received_on))];
    needed.extend(lines(&facts.words).into_iter().map(|line| ("what was said (words)", line)));
    needed
}
