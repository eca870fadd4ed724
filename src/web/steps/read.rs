//! What a step's form says. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;

use super::fields::{Fill, fields};
use crate::{
    procedure::event::{Appointee, Noted, Post, RefusedBecause, Step, StepKind},
    web::case::FieldFault,
};

/// Longest text, in characters.
const MOST_CHARS: usize = 4_000;

/// What was typed, by the name of the field.
pub(super) type Typed = BTreeMap<String, Vec<String>>;

/// The parts of a day, as three fields hold them.
pub(super) const DAY_PARTS: [&str; 3] = ["day", "month", "year"];

/// The form as it is read.
struct Reader<'a> {
    typed: &'a Typed,
    faults: Vec<FieldFault>,
}

impl Reader<'_> {
    fn text(&self, name: &str) -> String {
        let first = self.typed.get(name).and_then(|values| values.first());
        first.map(|text| text.trim().replace("\r\n", "\n")).unwrap_or_default()
    }

    fn fault(&mut self, field: &'static str, text: &str) {
        self.faults.push(FieldFault::new(field, text));
    }

    fn tick(&self, name: &str) -> bool {
        self.text(name) == "yes"
    }

    /// A day that may be missing.
    fn maybe_day(&mut self, field: &'static str) -> Option<NaiveDate> {
        let parts = DAY_PARTS.map(|part| self.text(&format!("{field}-{part}")));
        if parts.iter().all(String::is_empty) {
            return None;
        }
        let [day, month, year] = parts.map(|part| part.parse::<u32>().ok());
        let found = match (day, month, year) {
            (Some(day), Some(month), Some(year @ 2000..2100)) => {
                i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
            }
            _ => None,
        };
        if found.is_none() {
            self.fault(field, "Enter a real date, with day, month and year, for example 27 3 2027");
        }
        found
    }

    /// A day that must be there. The fault is told; the day that is returned then is not used.
    fn day(&mut self, field: &'static str) -> NaiveDate {
        let known = self.faults.len();
        let day = self.maybe_day(field);
        if day.is_none() && self.faults.len() == known {
            self.fault(field, "Enter the date");
        }
        day.unwrap_or_default()
    }

    /// One of the words of a choice, read by the type it stands for.
    fn choice<T: DeserializeOwned>(&mut self, field: &'static str, otherwise: T) -> T {
        match serde_json::from_value(serde_json::Value::String(self.text(field))) {
            Ok(found) => found,
            Err(_) => {
                self.fault(field, "Select one");
                otherwise
            }
        }
    }

    /// The numbers of the points that were ticked.
    fn points(&self) -> Vec<u32> {
        self.typed.get("points").into_iter().flatten().filter_map(|one| one.parse().ok()).collect()
    }

    fn number(&mut self, field: &'static str) -> u32 {
        match self.text(field).parse() {
            Ok(number) => number,
            Err(_) => {
                self.fault(field, "Select one");
                0
            }
        }
    }
}

/// The step that a form asks for, or every field that is wrong.
pub(super) fn step(kind: StepKind, typed: &Typed) -> Result<Step, Vec<FieldFault>> {
    let mut form = Reader { typed, faults: Vec::new() };
    for field in fields(kind) {
        if matches!(field.fill, Fill::Line | Fill::Text) && form.text(field.name).chars().count() > MOST_CHARS {
            form.fault(field.name, "This must be 4,000 characters or fewer");
        }
    }
    let step = match kind {
        StepKind::Noted => Step::Noted {
            what: form.choice("noted", Noted::Note),
            on: form.day("on"),
            with: form.text("with"),
            text: form.text("text"),
        },
        StepKind::WrittenTo => Step::WrittenTo { text: form.text("text") },
        StepKind::Offered => Step::Offered,
        StepKind::Standing => Step::Standing {
            capacity: form.choice("capacity", crate::procedure::event::Capacity::Unknown),
            child_view_sought: form.tick("asked"),
            child_agrees: form.tick("agrees"),
            may_receive_child_data: form.tick("data"),
        },
        StepKind::AuthorityAsked => Step::AuthorityAsked,
        StepKind::AuthorityGiven => Step::AuthorityGiven { on: form.day("on"), how: form.text("how") },
        StepKind::Needs => Step::Needs {
            format: form.choice("format", crate::procedure::event::Format::Normal),
            language: form.text("language"),
            other: form.text("other"),
        },
        StepKind::Restricted => Step::Restricted {
            what: form.text("what"),
            reasons: form.text("reasons"),
            until: form.day("until"),
            look_on: form.day("look"),
        },
        StepKind::RestrictionEnded => Step::RestrictionEnded { reasons: form.text("reasons") },
        StepKind::RouteTold => Step::RouteTold { reasons: form.text("reasons") },
        StepKind::TakenLate => Step::TakenLate {
            happened_on: form.day("happened"),
            known_on: form.maybe_day("known"),
            reasons: form.text("reasons"),
        },
        StepKind::NotAccepted => {
            Step::NotAccepted { why: form.choice("why", RefusedBecause::Other), reasons: form.text("reasons") }
        }
        StepKind::AdvocateOffered => Step::AdvocateOffered { on: form.day("on"), how: form.text("how") },
        StepKind::AdvocateWanted => Step::AdvocateWanted { on: form.day("on"), look_on: form.day("look") },
        StepKind::AdvocateSettled => Step::AdvocateSettled { on: form.day("on"), how: form.text("how") },
        StepKind::Paused => {
            Step::Paused { points: form.points(), reasons: form.text("reasons"), look_on: form.day("look") }
        }
        StepKind::Resumed => Step::Resumed { on: form.day("on"), reasons: form.text("reasons") },
        StepKind::NextStageAsked => {
            Step::NextStageAsked { on: form.day("on"), how: form.text("how"), because: form.text("because") }
        }
        StepKind::NextStageRefused => {
            Step::NextStageRefused { why: form.choice("why", RefusedBecause::Other), reasons: form.text("reasons") }
        }
        StepKind::Appointed => Step::Appointed {
            post: form.choice("post", Post::Responder),
            person: Appointee {
                name: form.text("name").split_whitespace().collect::<Vec<_>>().join(" "),
                email: form.text("email").to_lowercase(),
                works: form.choice("works", crate::procedure::event::Works::Outside),
                unconnected: form.tick("unconnected"),
                reason: form.text("reasons"),
            },
        },
        StepKind::Released => {
            let chosen = form.text("person");
            let (post, name) = chosen.split_once('/').unwrap_or_default();
            match Post::ALL.into_iter().find(|one| one.as_str() == post) {
                Some(post) => Step::Released { post, name: name.to_owned() },
                None => {
                    form.fault("person", "Select one");
                    Step::Released { post: Post::Responder, name: String::new() }
                }
            }
        }
        StepKind::StatementAgreed => Step::StatementAgreed { on: form.day("on") },
        StepKind::ReportCame => Step::ReportCame {
            report: form.choice("report", crate::procedure::event::Report::Investigation),
            on: form.day("on"),
        },
        StepKind::PanelFixed => Step::PanelFixed { on: form.day("on"), place: form.text("place") },
        StepKind::PapersSent => Step::PapersSent { on: form.day("on"), papers: form.text("papers") },
        StepKind::PanelHeld => Step::PanelHeld { on: form.day("on") },
        StepKind::PanelReported => {
            Step::PanelReported { on: form.day("on"), recommendations: form.text("recommendations") }
        }
        StepKind::RecommendationTaken => Step::RecommendationTaken {
            action: form.number("action"),
            taken: form.choice("taken", crate::procedure::event::Taken::Accepted),
            reasons: form.text("reasons"),
            owner: form.text("owner"),
            due: form.maybe_day("due"),
        },
        StepKind::ActionAdded => {
            Step::ActionAdded { text: form.text("text"), owner: form.text("owner"), due: form.day("due") }
        }
        StepKind::ActionDone => {
            Step::ActionDone { action: form.number("action"), on: form.day("on"), evidence: form.text("evidence") }
        }
        // Who that is, the staff directory says.
        StepKind::ContributionAsked => Step::ContributionAsked {
            from: form.text("who"),
            name: String::new(),
            question: form.text("question"),
            points: form.points(),
            due: form.day("due"),
        },
        StepKind::ContributionWithdrawn => {
            Step::ContributionWithdrawn { contribution: form.number("contribution"), reasons: form.text("reasons") }
        }
        StepKind::Withdrawn => Step::Withdrawn { on: form.day("on"), how: form.text("how") },
        StepKind::ClosureTold => Step::ClosureTold,
        StepKind::AccessTold => Step::AccessTold,
        StepKind::NoCheckIn => Step::NoCheckIn,
        StepKind::Freeze => Step::Freeze {
            decision: form.text("decision"),
            state: form.choice("state", crate::procedure::event::Freeze::Requested),
            reasons: form.text("reasons"),
            look_on: form.maybe_day("look"),
        },
        StepKind::EarlyReferral => Step::EarlyReferral {
            thorough: form.tick("thorough"),
            upheld: form.tick("upheld"),
            planned: form.tick("planned"),
            agreed: form.tick("agreed"),
        },
        StepKind::ToOmbudsman => Step::ToOmbudsman {
            reference: form.text("reference"),
            on: form.day("on"),
            enquiry_due: form.maybe_day("due"),
        },
        StepKind::OmbudsmanDecided => Step::OmbudsmanDecided {
            on: form.day("on"),
            decision: form.choice("decision", crate::procedure::event::OmbudsmanDecision::NotForThem),
            remedies: form.text("remedies"),
            due: form.maybe_day("due"),
        },
    };
    if form.faults.is_empty() { Ok(step) } else { Err(named(kind, form.faults)) }
}

/// The faults with the names of their fields, so that a list of them can be read by itself.
fn named(kind: StepKind, faults: Vec<FieldFault>) -> Vec<FieldFault> {
    let fields = fields(kind);
    let named = faults.into_iter().map(|fault| {
        let label = fields.iter().find(|field| field.name == fault.field).map_or("", |field| field.label);
        let mut text = fault.text;
        if !label.is_empty() {
            if let Some(first) = text.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            text = format!("{label}: {text}");
        }
        FieldFault { field: fault.field, text }
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        let mut typed = Typed::new();
        for (name, value) in pairs {
            typed.entry((*name).to_owned()).or_default().push((*value).to_owned());
        }
        typed
    }

    #[test]
    fn an_empty_form_names_every_field_that_it_needs_and_breaks_nothing() {
        for kind in StepKind::ALL {
            if let Ok(step) = step(kind, &Typed::new()) {
                assert_eq!(step.kind(), kind);
            }
            // Every field of a form has one name.
            let mut names: Vec<_> = fields(kind).into_iter().map(|field| field.name).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{kind:?}");
            // Every word that is offered is taken.
            for field in fields(kind) {
                if let Fill::Choice(options) = field.fill {
                    for (word, _) in options {
                        let faults = step(kind, &typed(&[(field.name, word)])).err().unwrap_or_default();
                        assert!(faults.iter().all(|fault| fault.field != field.name), "{kind:?} {word}");
                    }
                }
            }
        }
    }

    #[test]
    fn days_are_read_from_their_three_parts() {
        let day = |day: &str, month: &str, year: &str| {
            let form = typed(&[("on-day", day), ("on-month", month), ("on-year", year)]);
            step(StepKind::PanelHeld, &form).map_err(|faults| faults[0].text.clone())
        };
        assert_eq!(day("7", "12", "2026"), Ok(Step::PanelHeld { on: NaiveDate::from_ymd_opt(2026, 12, 7).unwrap() }));
        assert!(day("31", "2", "2026").unwrap_err().contains("real date"));
        assert!(day("7", "", "2026").unwrap_err().contains("real date"));
        assert!(day("7", "12", "26").unwrap_err().contains("real date"));
        assert_eq!(day("", "", "").unwrap_err(), "When it met: enter the date");
    }
}
