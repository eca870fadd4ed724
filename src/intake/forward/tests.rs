use proptest::prelude::*;

use super::*;
use crate::intake::{
    reading::Sureness,
    strip::tests::{missing, pieces},
};

fn manager() -> Person {
    Person { name: Some("Mia Manager".into()), address: "mia@council.example".into() }
}

const BLOCK: &str =
    "From: Ann Bell <ann@mail.example>\nSent: 3 May 2026 09:12\nTo: Mia Manager\nSubject: transport\n\nNobody came.";

#[test]
fn prefixes_of_many_programs_are_told_apart() {
    for subject in ["FW: a", "Fwd: a", "fw:a", "WG: a", "[EXTERNAL] Fw: a", "TR : a", "[Fwd: a]"] {
        assert_eq!(prefix(subject), Prefix::Forward, "{subject}");
    }
    for subject in ["Re: a", "RE: FW: a", "Re[2]: a", "AW: a", "SV: a"] {
        assert_eq!(prefix(subject), Prefix::Reply, "{subject}");
    }
    for subject in ["Fwding", "Transport", "I am upset", "Reading", "FAO: manager"] {
        assert_eq!(prefix(subject), Prefix::None, "{subject}");
    }
    assert_eq!(bare_subject("[EXT] RE: Fwd: AW: [Fwd: No bus]"), "No bus");
    assert_eq!(bare_subject("Contact [urgent]"), "Contact [urgent]");
}

#[test]
fn an_outlook_forward_gives_the_original_author_and_the_note() {
    let text = format!("Please log.\n\n{BLOCK}");
    let found = inline(&text, "FW: transport", Some(&manager())).unwrap();
    assert_eq!(found.note, "Please log.");
    assert_eq!(found.forwarded.from.unwrap().address, "ann@mail.example");
    assert_eq!(found.forwarded.text, "Nobody came.");
    assert_eq!(found.forwarded.subject.as_deref(), Some("transport"));
}

#[test]
fn the_same_block_below_a_reply_is_no_forward() {
    let text = format!("We will look into it.\n\n{BLOCK}");
    assert_eq!(inline(&text, "RE: transport", Some(&manager())), None);
    let long = format!("{}\n\n{BLOCK}", "a word ".repeat(60));
    assert_eq!(inline(&long, "transport", Some(&manager())), None);
}

#[test]
fn what_the_writer_wrote_themselves_is_marked_as_their_own() {
    let ann = Person { name: None, address: "ann@mail.example".into() };
    let found = inline(&format!("Did this get lost?\n\n{BLOCK}"), "FW: transport", Some(&ann)).unwrap();
    assert!(found.own);
    assert_eq!((found.note.as_str(), found.forwarded.text.as_str()), ("Did this get lost?", "Nobody came."));
    assert_eq!(inline(BLOCK, "transport", Some(&ann)), None);
}

#[test]
fn a_forward_without_any_header_has_no_author() {
    let text = "See this.\n\n----- Forwarded message -----\n> Nobody came.";
    let found = inline(text, "Fwd: transport", Some(&manager())).unwrap();
    assert_eq!((found.forwarded.from, found.forwarded.text.as_str()), (None, "Nobody came."));
}

#[test]
fn a_colleagues_note_in_between_is_passed_over() {
    let text = format!(
        "Over to you.\n\nFrom: Bo Duty <bo@council.example>\nSent: 4 May 2026 10:00\nTo: Mia\nSubject: FW: transport\n\nSee below.\n\n{BLOCK}"
    );
    let found = inline(&text, "FW: transport", Some(&manager())).unwrap();
    assert_eq!(found.forwarded.from.unwrap().address, "ann@mail.example");
    assert_eq!(found.rest, "See below.");
}

#[test]
fn a_colleague_without_an_address_who_passed_it_on_is_passed_over_and_a_family_without_one_is_not() {
    let text = format!(
        "Over to you.\n\nFrom: Bo Duty\nSent: 4 May 2026 10:00\nTo: Mia Manager\nSubject: FW: transport\n\nfyi\n\n{BLOCK}"
    );
    let found = inline(&text, "FW: transport", Some(&manager())).unwrap();
    assert_eq!(found.forwarded.from.unwrap().address, "ann@mail.example");
    let text =
        "For you.\n\nFrom: Ann Bell\nSent: 4 May 2026 10:00\nTo: Mia Manager\nSubject: transport\n\nNobody came.";
    let found = inline(text, "FW: transport", Some(&manager())).unwrap();
    assert_eq!(found.forwarded.from.unwrap(), Person { name: Some("Ann Bell".into()), address: String::new() });
}

#[test]
fn gmail_and_apple_markers_are_believed_without_a_subject() {
    let gmail = "fyi\n\n---------- Forwarded message ---------\nFrom: Ann Bell <ann@mail.example>\nDate: Wed, 27 Oct 2026 at 09:31\nSubject: transport\nTo: <mia@council.example>\n\n\nNobody came.";
    assert_eq!(inline(gmail, "transport", Some(&manager())).unwrap().forwarded.text, "Nobody came.");
    let apple = "Begin forwarded message:\n\n> From: Ann Bell <ann@mail.example>\n> Subject: transport\n> Date: 26 October 2026 at 14:25:08 BST\n> To: mia@council.example\n>\n> Nobody came.";
    let found = inline(apple, "", Some(&manager())).unwrap();
    assert_eq!(found.forwarded.text, "Nobody came.");
    assert_eq!(found.note, "");
}

#[test]
fn a_forward_that_only_says_wrote_is_one_when_the_subject_says_so() {
    let text = "For you.\n\nOn 28/10/2026 12:46, \"Ann Bell\" <ann@mail.example> wrote:\n\n    Nobody came.";
    let found = inline(text, "FW: transport", Some(&manager())).unwrap();
    assert_eq!(
        found.forwarded.from.unwrap(),
        Person { name: Some("Ann Bell".into()), address: "ann@mail.example".into() }
    );
    assert_eq!(found.forwarded.date.as_deref(), Some("28/10/2026 12:46"));
    assert_eq!(inline(text, "Re: transport", Some(&manager())), None);
}

fn sureness(found: &Inline) -> Sureness {
    found.forwarded.confidence.sureness
}

#[test]
fn a_chain_of_managers_is_kept_and_the_family_is_the_author() {
    let text = format!(
        "Third time this week.\n\nFrom: Bo Duty <bo@council.example>\nSent: 5 May 2026 10:00\nTo: Mia Manager\nSubject: FW: transport\n\nOver to you.\n\nFrom: Cy Lead <cy@council.example>\nSent: 4 May 2026 10:00\nTo: Bo Duty\nSubject: FW: transport\n\nOne for your team?\n\n{BLOCK}\n\nRegards\nAnn Bell\n\nFrom: Duty <duty@council.example>\nSent: 1 May 2026 10:00\nTo: Ann\nSubject: transport\n\nIt will come."
    );
    let found = inline(&text, "FW: transport", Some(&manager())).unwrap();
    assert_eq!(found.note, "Third time this week.");
    assert_eq!(found.forwarded.from.as_ref().unwrap().address, "ann@mail.example");
    assert_eq!(found.forwarded.text, "Nobody came.\n\nRegards\nAnn Bell");
    assert!(found.forwarded.whole.as_ref().unwrap().ends_with("It will come."));
    let chain: Vec<&str> = found.forwarded.passed_on_by.iter().map(|p| p.address.as_str()).collect();
    assert_eq!(chain, ["bo@council.example", "cy@council.example"]);
    assert!(found.rest.starts_with("Over to you.\n\nOne for your team?\n\nFrom: Duty"), "{}", found.rest);
    assert_eq!(sureness(&found), Sureness::Sure);
}

#[test]
fn colleagues_are_known_by_the_councils_own_addresses_too() {
    let text = format!(
        "From: Bo Trust <bo@trust.example>\nSent: 4 May 2026 10:00\nTo: Mia\nSubject: FW: transport\n\nSee below.\n\n{BLOCK}"
    );
    let council = ["complaints@trust.example".to_owned()];
    let outer = Outer { person: Some(&manager()), council: &council };
    let found = inline_for(&text, "FW: transport", outer).unwrap();
    assert_eq!(found.forwarded.from.unwrap().address, "ann@mail.example");
    let alone = inline(&text, "FW: transport", Some(&manager())).unwrap();
    assert_eq!(alone.forwarded.from.as_ref().unwrap().address, "bo@trust.example");
    assert_eq!(alone.forwarded.confidence.why, ["the oldest message below was written by somebody else"]);
}

#[test]
fn several_messages_passed_on_at_once_are_all_given_and_none_is_sure() {
    for marker in ["---------- Forwarded message ---------\n", "________________________________\n", ""] {
        let one = |from: &str, subject: &str, words: &str| {
            format!(
                "{marker}From: {from}\nSent: 3 May 2026 09:12\nTo: Mia Manager <mia@council.example>\nSubject: {subject}\n\n{words}\n\n"
            )
        };
        let text = format!(
            "Three more.\n\n{}{}{}",
            one("Ann Bell <ann@mail.example>", "transport", "Nobody came."),
            one(
                "Cal Hill <cal@home.example>",
                "school place",
                "Still no place.\n\nFrom: SEN Team <sen@council.example>\nSent: 1 May 2026 09:12\nTo: Cal Hill\nSubject: school place\n\nSoon."
            ),
            one("Dee Moor <dee@mail.example>", "transport", "Ours neither."),
        );
        let found = inline(&text, "FW: three", Some(&manager())).unwrap();
        let all: Vec<(&str, &str)> = std::iter::once(&found.forwarded)
            .chain(&found.also)
            .map(|f| (f.from.as_ref().unwrap().address.as_str(), f.text.as_str()))
            .collect();
        assert_eq!(
            all,
            [
                ("ann@mail.example", "Nobody came."),
                ("cal@home.example", "Still no place."),
                ("dee@mail.example", "Ours neither.")
            ]
        );
        assert_eq!(found.note, "Three more.");
        assert!(found.rest.contains("Soon."));
        for one in std::iter::once(&found.forwarded).chain(&found.also) {
            assert_eq!(one.confidence.sureness, Sureness::Doubtful);
            assert!(one.confidence.why.contains(&"messages by different people were passed on at once".to_owned()));
        }
    }
}

#[test]
fn what_stands_inside_a_message_is_no_message_beside_it() {
    let nested = |below: &str| format!("See.\n\n{BLOCK}\n\n{below}");
    for below in [
        // The family's own thread with us, with another of us, and what the family was sent by somebody.
        "From: Mia Manager <mia@council.example>\nSent: 1 May 2026 09:12\nTo: Ann Bell\nSubject: transport\n\nWe are sorry.",
        "From: Ann Bell <ann@mail.example>\nSent: 1 May 2026 09:12\nTo: Mia Manager\nSubject: transport\n\nNo bus.",
        "---------- Forwarded message ---------\nFrom: School <head@school.example>\nDate: 1 May 2026 09:12\nTo: Ann Bell <ann@mail.example>\nSubject: Bus\n\nNo bus.",
        "From: Bus Ltd <ops@bus.example>\nSent: 1 May 2026 09:12\nTo: parents@bus.example\nSubject: Bus\n\nNo bus.",
    ] {
        let found = inline(&nested(below), "FW: transport", Some(&manager())).unwrap();
        assert_eq!(found.also, Vec::<Forwarded>::new(), "{below}");
        assert_eq!(found.forwarded.text, "Nobody came.");
        let wanted =
            if below.contains("school") || below.contains("Ltd") { Sureness::Doubtful } else { Sureness::Sure };
        assert_eq!(sureness(&found), wanted, "{below}");
    }
}

#[test]
fn two_messages_of_one_family_are_both_given_and_sure() {
    let second = BLOCK.replace("Subject: transport", "Subject: school place").replace("Nobody came", "No place");
    let found = inline(&format!("Two.\n\n{BLOCK}\n\n{second}"), "FW: two", Some(&manager())).unwrap();
    assert_eq!(found.also.iter().map(|f| f.text.as_str()).collect::<Vec<_>>(), ["No place."]);
    assert_eq!((sureness(&found), found.also[0].confidence.sureness), (Sureness::Sure, Sureness::Sure));
}

#[test]
fn how_sure_an_author_is_depends_on_how_they_are_named() {
    let with = |from: &str, subject: &str| {
        let text = format!("For you.\n\n{}", BLOCK.replace("Ann Bell <ann@mail.example>", from));
        sureness(&inline(&text, subject, Some(&manager())).unwrap())
    };
    assert_eq!(with("Ann Bell <ann@mail.example>", "FW: transport"), Sureness::Sure);
    assert_eq!(with("Ann Bell [mailto:ann@mail.example]", "Fwd: transport"), Sureness::Sure);
    assert_eq!(with("Ann Bell <ann@mail.example>", "transport"), Sureness::Likely);
    assert_eq!(with("Ann Bell", "FW: transport"), Sureness::Doubtful);
    assert_eq!(with("Ann <ann@mail.example>; Bo <bo@mail.example>", "FW: transport"), Sureness::Doubtful);
    assert_eq!(with("\"ann@mail.example\" <x@evil.example>", "FW: transport"), Sureness::Doubtful);
    assert_eq!(with("pa@law.example [mailto:pa@law.example] On Behalf Of Ann Bell", "FW: x"), Sureness::Doubtful);
    assert_eq!(with("Enquiries <enquiries@charity.example>", "FW: transport"), Sureness::Doubtful);
}

/// Header blocks as mail programs write them, by language; a block ends with a blank line.
const BLOCKS: &str = include_str!("blocks.txt");

#[test]
fn header_blocks_of_many_programs_and_languages_give_the_author() {
    let mut wrong = Vec::new();
    for block in BLOCKS.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        for (how, text) in [
            ("plain", format!("Please log this.\n\n{block}\n\nNobody came.\n")),
            (
                "under a rule",
                format!("Please log this.\n\n________________________________\n{block}\n\nNobody came.\n"),
            ),
            ("bold", format!("Please log this.\n\n{}\n\nNobody came.\n", bold(block))),
            ("quoted", format!("Please log this.\n\n> {}\n> \n> Nobody came.\n", block.replace('\n', "\n> "))),
            (
                "with line ends of Windows",
                format!("Please log this.\n\n{block}\n\nNobody came.\n").replace('\n', "\r\n"),
            ),
        ] {
            let found = inline(&text, "FW: bus", Some(&manager())).unwrap_or_default();
            let from = found.forwarded.from.unwrap_or_default();
            let split = strip::split(&text);
            if (from.address.as_str(), found.forwarded.text.as_str(), split.visible.as_str())
                != ("ann@mail.example", "Nobody came.", "Please log this.")
            {
                wrong.push(format!("{how}: {block}\n -> {from:?} {} / {}", found.forwarded.text, split.visible));
            }
        }
    }
    assert_eq!(wrong.len(), 0, "{}", wrong.join("\n"));
}

fn bold(block: &str) -> String {
    let line = |line: &str| match line.split_once([':', '：']) {
        Some((label, value)) => format!("*{}:* {}", label.trim(), value.trim()),
        None => line.to_owned(),
    };
    block.lines().map(line).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_word_of_a_forward_is_lost(text in pieces(), subject in prop::sample::select(vec!["FW: bus", "bus", "Re: bus"])) {
        let outer = manager();
        if let Some(found) = inline(&text, subject, Some(&outer)) {
            let mut parts = vec![found.note.as_str(), found.rest.as_str()];
            for one in std::iter::once(&found.forwarded).chain(&found.also) {
                parts.extend([one.header.as_str(), one.whole.as_deref().unwrap_or(&one.text)]);
            }
            let lost = missing(&text, &parts);
            prop_assert!(lost.is_empty(), "{:?} of {:?}", lost, found);
        }
    }

    #[test]
    fn any_text_is_read_as_a_forward_or_not(text in "\\PC{0,200}", subject in "\\PC{0,20}") {
        let _ = inline(&text, &subject, None);
        let _ = (bare_subject(&subject), prefix(&text));
    }
}

#[test]
fn a_forward_of_many_lines_takes_time_in_proportion() {
    for (what, text) in [
        (
            "attributions",
            format!("{}{BLOCK}", "On Mon, 5 Oct 2026 at 10:00, A <a@x.example> wrote:\n> x\n".repeat(20_000)),
        ),
        ("markers", "---------- Forwarded message ---------\nx\n".repeat(20_000)),
        ("messages", format!("{BLOCK}\n\n").repeat(10_000)),
        ("colleagues", format!("{}\n\n", BLOCK.replace("ann@mail", "bo@council")).repeat(10_000)),
    ] {
        let start = std::time::Instant::now();
        let _ = inline(&text, "FW: x", Some(&manager()));
        assert!(start.elapsed().as_secs() < 20, "{what}");
    }
}
