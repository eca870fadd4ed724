use super::*;

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
