//! Steps of a procedure, as the history says them.

use chrono::NaiveDate;

use super::sentence;
use crate::{
    clock::long_date,
    procedure::event::{Freeze, OmbudsmanDecision, Report, Step, Taken, Works},
};

/// What happened.
pub(super) fn title(step: &Step) -> String {
    let done = step.kind().done();
    match step {
        Step::Standing { capacity, .. } => format!("Who complains: {}", lower(capacity.shown())),
        Step::Appointed { post, person } => format!("{}: {}", post.shown(), person.name),
        Step::Released { post, name } => format!("No longer {}: {name}", lower(post.shown())),
        Step::ReportCame { report: Report::Investigation, .. } => "The investigating officer’s report came".to_owned(),
        Step::ReportCame { report: Report::Independent, .. } => "The independent person’s report came".to_owned(),
        Step::RecommendationTaken { action, taken, .. } => {
            let taken = match taken {
                Taken::Accepted => "accepted",
                Taken::Partly => "accepted in part",
                Taken::Rejected => "not accepted",
            };
            format!("Recommendation {action} {taken}")
        }
        Step::ContributionAsked { name, .. } => format!("{name} was asked for a contribution"),
        Step::ContributionWithdrawn { contribution, .. } => {
            format!("Contribution {contribution} is not wanted any more")
        }
        Step::ActionDone { action, .. } => format!("Action {action} was done"),
        Step::Freeze { state, .. } => match state {
            Freeze::Requested => "They ask that a decision is held",
            Freeze::Granted => "A disputed decision is held",
            Freeze::Refused => "A disputed decision is not held",
            Freeze::Ended => "A disputed decision is no longer held",
        }
        .to_owned(),
        Step::OmbudsmanDecided { decision, .. } => match decision {
            OmbudsmanDecision::Upheld => "The Ombudsman found fault",
            OmbudsmanDecision::NotUpheld => "The Ombudsman found no fault",
            OmbudsmanDecision::ClosedEarly => "The Ombudsman closed it after first enquiries",
            OmbudsmanDecision::NotForThem => "The Ombudsman says that it is not for them",
        }
        .to_owned(),
        _ => done.to_owned(),
    }
}

/// What was said of it, and how the family heard.
pub(super) fn detail(step: &Step, by_letter: bool, how: &str) -> String {
    let on = |day: &NaiveDate| long_date(*day);
    let said = match step {
        Step::Offered | Step::AuthorityAsked | Step::ClosureTold | Step::AccessTold | Step::NoCheckIn => String::new(),
        Step::Standing { child_view_sought, child_agrees, may_receive_child_data, .. } => {
            let yes = |is: &bool| if *is { "yes" } else { "no" };
            format!(
                "The child was asked: {}. The child agrees: {}. They may be told what is in the child’s records: {}.",
                yes(child_view_sought),
                yes(child_agrees),
                yes(may_receive_child_data)
            )
        }
        Step::WrittenTo { text } => text.clone(),
        Step::Noted { what, on: day, with, text } => {
            let with = if with.is_empty() { String::new() } else { format!(" with {with}") };
            format!("{}{with}, {}. {}", what.shown(), on(day), sentence(text))
        }
        Step::AuthorityGiven { on: day, how } => format!("On {}. {}", on(day), sentence(how)),
        Step::Needs { language, other, .. } => [language, other]
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(|text| sentence(text))
            .collect::<Vec<_>>()
            .join(" "),
        Step::Restricted { what, reasons, until, look_on } => {
            format!("{} {} Until {}; looked at again on {}.", sentence(what), sentence(reasons), on(until), on(look_on))
        }
        Step::RestrictionEnded { reasons } | Step::RouteTold { reasons } => reasons.clone(),
        Step::TakenLate { happened_on, known_on, reasons } => {
            let known = known_on.map(|day| format!(", known on {}", long_date(day))).unwrap_or_default();
            format!("It happened on {}{known}. {}", on(happened_on), sentence(reasons))
        }
        Step::NotAccepted { why, reasons } | Step::NextStageRefused { why, reasons } => {
            format!("Because {}. {}", why.shown(), sentence(reasons))
        }
        Step::AdvocateOffered { on: day, how } => format!("On {}. {}", on(day), sentence(how)),
        Step::AdvocateWanted { on: day, look_on } => {
            format!("Since {}; looked at again on {}.", on(day), on(look_on))
        }
        Step::AdvocateSettled { on: day, how } => format!("From {}. {}", on(day), sentence(how)),
        Step::Paused { points, reasons, look_on } => {
            let what = if points.is_empty() {
                "All of it.".to_owned()
            } else {
                let numbers: Vec<String> = points.iter().map(ToString::to_string).collect();
                format!("Points {}.", numbers.join(", "))
            };
            format!("{what} {} Looked at again on {}.", sentence(reasons), on(look_on))
        }
        Step::Resumed { on: day, reasons } => format!("From {}. {}", on(day), sentence(reasons)),
        Step::NextStageAsked { on: day, how, because } => {
            let because = if because.is_empty() { String::new() } else { format!(" {}", sentence(because)) };
            format!("On {}. {}{because}", on(day), sentence(how))
        }
        Step::Appointed { person, .. } => {
            let works = match person.works {
                Works::ChildrensServices => "Works in children’s services.",
                Works::Council => "Works for the council, elsewhere than in children’s services.",
                Works::Outside => "Does not work for the council.",
            };
            if person.reason.is_empty() { works.to_owned() } else { format!("{works} {}", sentence(&person.reason)) }
        }
        Step::Released { .. } => String::new(),
        Step::StatementAgreed { on: day } | Step::ReportCame { on: day, .. } | Step::PanelHeld { on: day } => {
            format!("On {}.", on(day))
        }
        Step::PanelFixed { on: day, place } => format!("On {}. {}", on(day), sentence(place)),
        Step::PapersSent { on: day, papers } => {
            format!("On {}: {}", on(day), sentence(&papers.lines().collect::<Vec<_>>().join("; ")))
        }
        Step::PanelReported { on: day, recommendations } => {
            let n = recommendations.lines().filter(|line| !line.trim().is_empty()).count();
            format!("On {}, with {n} {}.", on(day), if n == 1 { "recommendation" } else { "recommendations" })
        }
        Step::RecommendationTaken { reasons, owner, due, .. } => {
            let who = due.map(|due| format!("{owner}, by {}.", long_date(due))).unwrap_or_default();
            format!("{who} {reasons}").trim().to_owned()
        }
        Step::ActionAdded { text, owner, due } => format!("{} {owner}, by {}.", sentence(text), on(due)),
        Step::ActionDone { on: day, evidence, .. } => format!("On {}. {}", on(day), sentence(evidence)),
        Step::ContributionAsked { question, points, due, .. } => {
            let numbers: Vec<String> = points.iter().map(ToString::to_string).collect();
            let about = match numbers.len() {
                0 => String::new(),
                1 => format!(" About point {}.", numbers.join(", ")),
                _ => format!(" About points {}.", numbers.join(", ")),
            };
            format!("{}{about} By {}.", sentence(question), on(due))
        }
        Step::ContributionWithdrawn { reasons, .. } => sentence(reasons),
        Step::Withdrawn { on: day, how } => format!("On {}. {}", on(day), sentence(how)),
        Step::Freeze { decision, reasons, look_on, .. } => {
            let look = look_on.map(|day| format!(" Looked at again on {}.", long_date(day))).unwrap_or_default();
            format!("{} {}{look}", sentence(decision), sentence(reasons))
        }
        Step::EarlyReferral { .. } => {
            "Stage 2 was thorough, upheld what matters and has a plan, and they agree.".to_owned()
        }
        Step::ToOmbudsman { reference, on: day, enquiry_due } => {
            let due = enquiry_due.map(|day| format!(" Answers by {}.", long_date(day))).unwrap_or_default();
            format!("Their reference {reference}, since {}.{due}", on(day))
        }
        Step::OmbudsmanDecided { on: day, remedies, .. } => {
            format!("On {}. {}", on(day), remedies.lines().map(sentence).collect::<Vec<_>>().join(" "))
        }
    };
    let told = match (by_letter, how.trim()) {
        (true, _) => "Told by a letter of ours, which is kept with the case.".to_owned(),
        (false, "") => String::new(),
        (false, how) => format!("Told: {}", sentence(how)),
    };
    [said.trim(), &told].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn lower(text: &str) -> String {
    super::history::lower_first(text)
}
