//! The letters about a thank-you: what their templates may use, and what they must show.

use minijinja::{Value, context, value::Serde};

use super::{
    super::{
        addressee::plausible_name,
        letters::{AcknowledgementFacts, CouncilFacts, NamedOfficer, PraiseFacts},
    },
    answer::lines,
};
use crate::clock::{long_date, long_date_time};

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

/// What whoever said thank you is told.
pub(super) fn thanks_needed(
    facts: &AcknowledgementFacts,
    officer: &NamedOfficer,
    council: &CouncilFacts,
) -> Vec<(&'static str, String)> {
    vec![
        ("the reference", facts.reference.clone()),
        ("when the message was received", long_date_time(facts.received_at)),
        ("the name of the officer", officer.name.clone()),
        ("how to reach the officer (phone)", officer.phone.clone()),
        ("how to add something (follow_up)", facts.follow_up.clone()),
        ("the danger line (council.danger.text)", council.danger.text.clone()),
    ]
}
