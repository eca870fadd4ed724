//! Broken mail: it never fails, and its words are found.

use std::time::Instant;

use heard::intake::parse::read;
use serde_json::Value;

use super::{cases, context, squeezed};

#[test]
fn malformed_mail_never_fails_and_its_words_are_found() {
    let (mut all, mut with_words, mut found, mut words_all, mut words_found) = (0, 0, 0, 0, 0);
    let (mut from_right, mut from_all, mut subject_right, mut subject_all, mut unreadable) = (0, 0, 0, 0, 0);
    let mut slowest = (0.0, String::new());
    for (case, raw) in cases("malformed") {
        all += 1;
        let id = case["id"].as_str().unwrap();
        let start = Instant::now();
        let reading = read(&raw, &context());
        let took = start.elapsed().as_secs_f64();
        if took > slowest.0 {
            slowest = (took, id.to_owned());
        }
        let expect = &case["expect"];
        let Ok(reading) = reading else {
            unreadable += 1;
            if expect["must_contain_in_text"].as_array().is_some_and(|w| !w.is_empty()) {
                println!("  unreadable with words: {id}");
            }
            continue;
        };
        let mut text = format!("{}\n{}", reading.visible_text, reading.quoted_text);
        if let Some(forwarded) = &reading.forwarded {
            text.push('\n');
            text.push_str(&forwarded.text);
            text.push_str(&format!("{:?} {:?} Forwarded message", forwarded.from, forwarded.subject));
        }
        let text = squeezed(&text);
        if let Some(words) = expect["must_contain_in_text"].as_array().filter(|w| !w.is_empty()) {
            with_words += 1;
            let missing: Vec<&str> =
                words.iter().filter_map(Value::as_str).filter(|word| !text.contains(&squeezed(word))).collect();
            words_all += words.len();
            words_found += words.len() - missing.len();
            if missing.is_empty() {
                found += 1;
            } else {
                println!("  words missing: {id} {missing:?}");
            }
        }
        if let Some(from) = expect["from_address"].as_str() {
            from_all += 1;
            let got = reading.author.as_ref().map(|p| p.address.clone()).unwrap_or_default();
            if got == from.to_lowercase() {
                from_right += 1;
            } else {
                println!("  from: {id} {got} for {from}");
            }
        }
        if let Some(subject) = expect["subject"].as_str() {
            subject_all += 1;
            if squeezed(subject) == squeezed(&reading.subject) {
                subject_right += 1;
            } else {
                println!("  subject: {id} {:?} for {subject:?}", reading.subject);
            }
        }
    }
    println!(
        "malformed: {all} read, {unreadable} unreadable, all words found in {found} of {with_words} ({words_found} of {words_all} words), \
         from {from_right} of {from_all}, subject {subject_right} of {subject_all}, slowest {:.3} s {}",
        slowest.0, slowest.1
    );
    if all > 0 {
        assert!(slowest.0 < 20.0, "{slowest:?}");
        assert!(unreadable <= 5, "{unreadable}");
        assert!(found * 100 >= with_words * 96, "{found} of {with_words}");
        assert!(from_right * 100 >= from_all * 98 && subject_right * 100 >= subject_all * 97);
    }
}
