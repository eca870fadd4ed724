//! Bounces, automatic mail and people: told apart, and only people are answered.

use std::collections::BTreeMap;

use heard::intake::parse::read;

use super::{cases, context};

#[test]
fn no_machine_would_be_answered_and_people_would() {
    let mut confusion: BTreeMap<(String, String), usize> = BTreeMap::new();
    let (mut wrong_answer, mut withheld, mut people, mut all) = (Vec::new(), Vec::new(), 0, 0);
    for (case, raw) in cases("bounces_autoreplies") {
        let id = case["id"].as_str().unwrap().to_owned();
        let label = case["label"].as_str().unwrap().to_owned();
        let subtype = case["subtype"].as_str().unwrap_or("-").to_owned();
        let raw = if case["input"].as_str().unwrap().ends_with(".txt") {
            // The text of a bounce that a gateway flattened: it comes from the mail system.
            [b"From: Mail Delivery <mailer-daemon@mx.example>\nSubject: failure notice\n\n".as_slice(), &raw].concat()
        } else {
            raw
        };
        all += 1;
        let (class, answer) = match read(&raw, &context()) {
            Ok(reading) => (format!("{:?}", reading.automated), reading.no_answer.is_empty()),
            Err(error) => (format!("unreadable: {error}"), false),
        };
        let may = case["may_acknowledge"].as_bool().unwrap();
        people += usize::from(may);
        if answer && !may {
            wrong_answer.push(id.clone());
        }
        if !answer && may {
            withheld.push(id.clone());
        }
        if label == "human" && class != "None"
            || label == "bounce" && class != "Some(Bounce)"
            || label == "ooo" && class != "Some(OutOfOffice)"
        {
            println!("  class: {id} {label}/{subtype} read as {class}");
        }
        *confusion.entry((format!("{label}/{subtype}"), class)).or_default() += 1;
    }
    for ((label, class), count) in &confusion {
        println!("  {count:4} {label:24} {class}");
    }
    println!(
        "bounces and automatic mail: {all} read; answered what must not be: {} {wrong_answer:?}; not answered of {people} people: {} {withheld:?}",
        wrong_answer.len(),
        withheld.len()
    );
    assert_eq!(wrong_answer, Vec::<String>::new());
    assert!(withheld.len() * 20 <= people, "{withheld:?}");
    if all > 0 {
        let right: usize = confusion
            .iter()
            .filter(|((label, class), _)| {
                label.starts_with("bounce/") && class == "Some(Bounce)"
                    || label.starts_with("human/") && class == "None"
            })
            .map(|(_, count)| count)
            .sum();
        let judged: usize = confusion
            .iter()
            .filter(|((label, _), _)| label.starts_with("bounce/") || label.starts_with("human/"))
            .map(|(_, count)| count)
            .sum();
        println!("class of bounces and people: {right} of {judged} right");
        assert!(right * 100 >= judged * 97, "{right} of {judged}");
    }
}
