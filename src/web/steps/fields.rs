//! What is asked for each step: the fields of its form, in their order.

use serde::Serialize;

use crate::procedure::event::{Capacity, Noted, Post, RefusedBecause, StepKind};

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "options")]
pub(super) enum Fill {
    /// A day.
    Day,
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// One of these: word and text.
    Choice(Vec<(&'static str, &'static str)>),
    /// Yes or nothing.
    Tick,
    /// Some of the case's points.
    Points,
    /// One of the case's actions.
    Action,
    /// Somebody who is appointed.
    Person,
    /// One of the contributions that are waited for.
    Contribution,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub fill: Fill,
}

fn field(name: &'static str, label: &'static str, hint: &'static str, fill: Fill) -> Field {
    Field { name, label, hint, fill }
}

fn on(label: &'static str) -> Field {
    field("on", label, "For example, 27 3 2027", Fill::Day)
}

fn look_on() -> Field {
    field("look", "When it is looked at again", "The family is told. You are reminded.", Fill::Day)
}

fn reasons(label: &'static str, to_them: bool) -> Field {
    let hint = if to_them { "The family gets this. No names of children." } else { "Kept with the case." };
    field("reasons", label, hint, Fill::Text)
}

fn why() -> Field {
    let options = RefusedBecause::ALL.iter().map(|one| (one.as_str(), one.shown())).collect();
    field("why", "Because", "", Fill::Choice(options))
}

/// The fields of a step's form.
pub(super) fn fields(kind: StepKind) -> Vec<Field> {
    match kind {
        StepKind::Offered
        | StepKind::AuthorityAsked
        | StepKind::ClosureTold
        | StepKind::AccessTold
        | StepKind::NoCheckIn => vec![],
        StepKind::Noted => vec![
            field(
                "noted",
                "What it is",
                "",
                Fill::Choice(Noted::ALL.iter().map(|one| (one.as_str(), one.shown())).collect()),
            ),
            on("When it was"),
            field("with", "With whom", "For a call, a visit or a meeting.", Fill::Line),
            field(
                "text",
                "What was said, or what is to be known",
                "Facts, and what was agreed. It is a part of the file: the family can ask to read it.",
                Fill::Text,
            ),
        ],
        StepKind::WrittenTo => vec![field(
            "text",
            "What you write to them",
            "They get it as you type it, by email or in the chat that they wrote from. No names of children.",
            Fill::Text,
        )],
        StepKind::Standing => vec![
            field(
                "capacity",
                "Who complains",
                "",
                Fill::Choice(Capacity::ALL.iter().map(|one| (one.as_str(), one.shown())).collect()),
            ),
            field("asked", "The child was asked what they want", "Where that is possible.", Fill::Tick),
            field("agrees", "The child agrees", "As far as is known.", Fill::Tick),
            field(
                "data",
                "They may be told what is in the child’s records",
                "Only when somebody has looked at their right to it.",
                Fill::Tick,
            ),
        ],
        StepKind::AuthorityGiven => {
            vec![on("When it was given"), field("how", "How", "For example: signed form, in the messages", Fill::Line)]
        }
        StepKind::Needs => vec![
            field(
                "format",
                "Print",
                "",
                Fill::Choice(vec![("normal", "As usual"), ("large-print", "Large print"), ("easy-read", "Easy words")]),
            ),
            field("language", "Language, if not English", "", Fill::Line),
            field(
                "other",
                "Anything else",
                "Times, telephone instead of letters, an interpreter, an advocate.",
                Fill::Text,
            ),
        ],
        StepKind::Restricted => vec![
            field("what", "What is restricted", "One thing a line. The family gets this.", Fill::Text),
            reasons("Why", true),
            field("until", "Until when", "", Fill::Day),
            look_on(),
        ],
        StepKind::RestrictionEnded => vec![reasons("Why it ends", false)],
        StepKind::RouteTold => vec![reasons("Why it is that procedure", true)],
        StepKind::TakenLate => vec![
            field("happened", "When it happened", "For example, 27 3 2025", Fill::Day),
            field("known", "When they came to know of it, if later", "", Fill::Day),
            reasons("Why it is taken", false),
        ],
        StepKind::NotAccepted => vec![why(), reasons("Reasons", true)],
        StepKind::AdvocateOffered => vec![
            on("When they were offered one"),
            field("how", "How, and what they said", "Kept with the case.", Fill::Line),
        ],
        StepKind::AdvocateWanted => vec![on("Since when an advocate is being found"), look_on()],
        StepKind::AdvocateSettled => vec![
            on("From when the clock goes on"),
            field("how", "Who the advocate is, or why there is none", "The family gets this.", Fill::Line),
        ],
        StepKind::Paused => vec![
            field("points", "Only these points", "Leave all empty for the whole complaint.", Fill::Points),
            reasons("Why it waits", true),
            look_on(),
        ],
        StepKind::Resumed => vec![on("From when it goes on"), reasons("Why", true)],
        StepKind::NextStageAsked => vec![
            on("When that reached the council"),
            field("how", "How, and in which words", "Any words are enough, by any way.", Fill::Text),
            field(
                "because",
                "Why it is taken late, or before there is an answer",
                "Only where it is. Kept with the case.",
                Fill::Text,
            ),
        ],
        StepKind::NextStageRefused => vec![why(), reasons("Reasons", true)],
        StepKind::Appointed => vec![
            field(
                "post",
                "To what",
                "",
                Fill::Choice(Post::ALL.iter().map(|post| (post.as_str(), post.shown())).collect()),
            ),
            field("name", "Name", "The family gets it.", Fill::Line),
            field("email", "Work address", "May be empty for people from outside.", Fill::Line),
            field(
                "works",
                "Where they work",
                "",
                Fill::Choice(vec![
                    ("childrens-services", "In children’s services"),
                    ("council", "Elsewhere in the council"),
                    ("outside", "Not for the council"),
                ]),
            ),
            field(
                "unconnected",
                "They have said that they are neither member nor officer of the council, nor the spouse or civil partner of one",
                "For the independent person and the panel.",
                Fill::Tick,
            ),
            field(
                "reasons",
                "Why an investigating officer is from children’s services",
                "Only where it is so. Kept with the case.",
                Fill::Text,
            ),
        ],
        StepKind::Released => vec![field("person", "Who", "", Fill::Person)],
        StepKind::StatementAgreed => vec![on("When they agreed to the points below")],
        StepKind::ReportCame => vec![
            field(
                "report",
                "Whose report",
                "",
                Fill::Choice(vec![
                    ("investigation", "The investigating officer’s"),
                    ("independent", "The independent person’s"),
                ]),
            ),
            on("When it came"),
        ],
        StepKind::PanelFixed => vec![
            on("The day of the panel"),
            field("place", "At what time, and where or by which link", "The family gets this.", Fill::Text),
        ],
        StepKind::PapersSent => vec![
            on("When they were sent"),
            field("papers", "The papers", "One a line. The family gets this list.", Fill::Text),
        ],
        StepKind::PanelHeld => vec![on("When it met")],
        StepKind::PanelReported => vec![
            on("When the report came"),
            field("recommendations", "What it recommends", "One a line. The family gets this.", Fill::Text),
        ],
        StepKind::RecommendationTaken => vec![
            field("action", "Which recommendation", "", Fill::Action),
            field(
                "taken",
                "What the council does",
                "",
                Fill::Choice(vec![("accepted", "All of it"), ("partly", "Some of it"), ("rejected", "None of it")]),
            ),
            field("reasons", "Why not all of it", "The family gets this.", Fill::Text),
            field("owner", "Who does it", "The family gets this.", Fill::Line),
            field("due", "By when", "The family gets this.", Fill::Day),
        ],
        StepKind::ActionAdded => vec![
            field("text", "What is done", "One thing.", Fill::Line),
            field("owner", "Who does it", "", Fill::Line),
            field("due", "By when", "", Fill::Day),
        ],
        StepKind::ActionDone => vec![
            field("action", "What was done", "", Fill::Action),
            on("When"),
            field("evidence", "What shows it", "The family gets this if you tell them.", Fill::Text),
        ],
        StepKind::ContributionAsked => vec![
            field(
                "who",
                "Who is asked",
                "Their name as in the staff directory, or their work address. Not whom the complaint is about, nor their line manager.",
                Fill::Line,
            ),
            field(
                "question",
                "What you want to know",
                "It goes to them by mail as you write it: no names of families or children.",
                Fill::Text,
            ),
            field(
                "points",
                "Show them these points",
                "They see the words of these points, and nothing else of the case.",
                Fill::Points,
            ),
            field("due", "By when", "You are reminded.", Fill::Day),
        ],
        StepKind::ContributionWithdrawn => vec![
            field(
                "contribution",
                "Which",
                "The link in their letter ends. They are not written to.",
                Fill::Contribution,
            ),
            reasons("Why it is not wanted any more", false),
        ],
        StepKind::Withdrawn => vec![
            on("When that reached the council"),
            field("how", "How, and in which words", "Kept with the case.", Fill::Text),
        ],
        StepKind::Freeze => vec![
            field("decision", "Which decision", "", Fill::Line),
            field(
                "state",
                "Whether it is held",
                "",
                Fill::Choice(vec![
                    ("requested", "They ask for it"),
                    ("granted", "It is held"),
                    ("refused", "It is not held"),
                    ("ended", "It is no longer held"),
                ]),
            ),
            reasons("Why", false),
            field("look", "When it is looked at again", "", Fill::Day),
        ],
        StepKind::EarlyReferral => vec![
            field("thorough", "Stage 2 was thorough", "", Fill::Tick),
            field("upheld", "All or nearly all that matters was upheld", "", Fill::Tick),
            field("planned", "There is a plan of what is done", "", Fill::Tick),
            field("agreed", "The complainant agrees", "", Fill::Tick),
        ],
        StepKind::ToOmbudsman => vec![
            field("reference", "The Ombudsman’s reference", "", Fill::Line),
            on("Since when"),
            field("due", "By when they want answers", "May be empty.", Fill::Day),
        ],
        StepKind::OmbudsmanDecided => vec![
            on("When"),
            field(
                "decision",
                "What they decided",
                "",
                Fill::Choice(vec![
                    ("upheld", "Fault was found"),
                    ("not-upheld", "No fault was found"),
                    ("closed-early", "Closed after first enquiries"),
                    ("not-for-them", "Not for the Ombudsman"),
                ]),
            ),
            field("remedies", "What the council must do", "One a line. May be empty.", Fill::Text),
            field("due", "By when", "May be empty.", Fill::Day),
        ],
    }
}
