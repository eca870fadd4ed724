use super::*;

#[test]
fn an_outlook_block_is_found_and_read() {
    let lines: Vec<&str> = "From: Ann Bell <Ann@Mail.example>\nSent: 3 May 2026 09:12\nTo: Team; \n other@x.example\nSubject: FW: transport\n\nDear all"
        .lines()
        .collect();
    let block = at(&lines, 0, false).unwrap();
    assert_eq!(block.from.unwrap(), Person { name: Some("Ann Bell".into()), address: "ann@mail.example".into() });
    assert_eq!(block.end, 5);
    assert_eq!(block.subject.as_deref(), Some("FW: transport"));
}

#[test]
fn bold_quoted_and_french_labels_are_read() {
    let lines = [
        "> *De :* Zoé <zoe@mail.example>",
        "> *Envoyé :* lundi",
        "> *À :* Service",
        "> *Objet :* plainte",
        ">",
        "> Bonjour",
    ];
    let block = at(&lines, 0, false).unwrap();
    assert_eq!((block.depth, block.end, block.subject.as_deref()), (1, 4, Some("plainte")));
}

#[test]
fn a_letter_headed_from_without_an_address_is_no_block() {
    assert_eq!(at(&["From: Mary Hill", "To: the complaints team", "", "Dear team"], 0, false), None);
    assert_eq!(at(&["From: experience I know", "this: never works"], 0, false), None);
}

#[test]
fn every_common_way_to_write_a_person_is_read() {
    for text in [
        "Ann Bell <ann@mail.example>",
        "\"Ann Bell\" <ann@mail.example>",
        "Ann Bell [mailto:ann@mail.example]",
        "'Ann Bell' <ann@mail.example<mailto:ann@mail.example>>",
        "Ann Bell (ann@mail.example)",
    ] {
        assert_eq!(
            person(text),
            Person { name: Some("Ann Bell".into()), address: "ann@mail.example".into() },
            "{text}"
        );
    }
    assert_eq!(person("o'neil@mail.example").address, "o'neil@mail.example");
    assert_eq!(person("Ann Bell"), Person { name: Some("Ann Bell".into()), address: String::new() });
}
