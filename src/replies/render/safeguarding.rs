//! Letters about a child at risk: what their templates may use, and what they must show.

use minijinja::{Value, context, value::Serde};

use super::{
    super::letters::{AlertFacts, CouncilFacts, DesignatedOfficerFacts},
    sentence,
};
use crate::clock::long_date_time;

pub(super) fn alert_values(facts: &AlertFacts, council: &CouncilFacts) -> Value {
    context! {
        reference => facts.reference.as_str(),
        received_at => long_date_time(facts.received_at),
        received_how => facts.received_how.as_str(),
        link => facts.link.as_str(),
        who_must_act => sentence(&facts.who_must_act),
        council => Serde(council),
    }
}

pub(super) fn alert_needed(facts: &AlertFacts) -> Vec<(&'static str, String)> {
    vec![
        ("the reference", facts.reference.clone()),
        ("the link to the case", facts.link.clone()),
        ("who must act", facts.who_must_act.clone()),
    ]
}

pub(super) fn officer_values(facts: &DesignatedOfficerFacts, council: &CouncilFacts) -> Value {
    context! {
        reference => facts.reference.as_str(),
        received_at => long_date_time(facts.received_at),
        received_how => facts.received_how.as_str(),
        link => facts.link.as_str(),
        council => Serde(council),
    }
}

pub(super) fn officer_needed(facts: &DesignatedOfficerFacts, council: &CouncilFacts) -> Vec<(&'static str, String)> {
    vec![
        ("the reference", facts.reference.clone()),
        ("the link to the case", facts.link.clone()),
        ("when it was received", long_date_time(facts.received_at)),
        ("how to reach us (phone)", council.complaints_phone.clone()),
    ]
}
