//! How a suggestion is told to people: on pages, in letters and in the reasons of a case. Pure.

use super::labels::{Act, Suggestion};

/// An act where a sentence goes on: `a complaint`, `an enquiry`, `routine mail`.
#[must_use]
pub fn a_what(act: Act) -> &'static str {
    match act {
        Act::Complaint => "a complaint",
        Act::Concern => "a concern",
        Act::Compliment => "a compliment",
        Act::Enquiry => "an enquiry",
        Act::Routine => "routine mail",
        Act::Automated => "automatic mail",
        Act::StaffInternal => "mail between staff",
    }
}

/// So many of 100 messages that are judged like this one, where a sentence goes on: a calibrated probability as people
/// count. `about 21 are`, `99 or more are`, `hardly any is`.
#[must_use]
pub fn of_100(probability: f64) -> String {
    match (probability * 100.0).round() {
        n if !n.is_finite() => "an unknown number are".to_owned(),
        n if n < 1.0 => "hardly any is".to_owned(),
        n if n > 99.0 => "99 or more are".to_owned(),
        1.0 => "about 1 is".to_owned(),
        n => format!("about {n:.0} are"),
    }
}

/// Whether `act` is only a possibility: dissatisfaction that is kept for an officer's look although most messages judged
/// like it are none.
#[must_use]
pub fn only_possibly(act: Act, suggestion: &Suggestion) -> bool {
    act.is_dissatisfaction() && suggestion.dissatisfied < 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probability_is_told_as_people_count_and_never_as_certain() {
        assert_eq!(
            [0.0, 0.012, 0.21, 0.866].map(of_100),
            ["hardly any is", "about 1 is", "about 21 are", "about 87 are"]
        );
        assert_eq!([0.999, 1.0, f64::NAN].map(of_100), ["99 or more are", "99 or more are", "an unknown number are"]);
    }
}
