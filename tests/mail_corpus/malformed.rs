//! Broken mail: it never fails, its words are found, and on the real road every one is stored or in quarantine.

use std::{collections::BTreeMap, fs, time::Instant};

use heard::intake::{parse::read, reading::Reading};
use serde_json::Value;

use super::{
    cases, context,
    road::{Road, texts},
    squeezed,
};

/// The words that must be found and are not.
fn missing(case: &Value, reading: &Reading) -> Vec<String> {
    let mut text = format!("{}\n{}", reading.visible_text, reading.quoted_text);
    if let Some(forwarded) = &reading.forwarded {
        text.push('\n');
        text.push_str(&forwarded.text);
        text.push_str(&format!("{:?} {:?} Forwarded message", forwarded.from, forwarded.subject));
    }
    let text = squeezed(&text);
    let words = texts(&case["expect"]["must_contain_in_text"]);
    words.filter(|word| !text.contains(&squeezed(word))).map(str::to_owned).collect()
}

fn name(case: &Value) -> &str {
    case["id"].as_str().unwrap()
}

#[test]
fn malformed_mail_never_fails_and_its_words_are_found() {
    let (mut all, mut with_words, mut found, mut words_all, mut words_found) = (0, 0, 0, 0, 0);
    let (mut from_right, mut from_all, mut subject_right, mut subject_all, mut unreadable) = (0, 0, 0, 0, 0);
    let mut slowest = (0.0, String::new());
    for (case, raw) in cases("malformed") {
        all += 1;
        let id = name(&case);
        let start = Instant::now();
        let reading = read(&raw, &context());
        let took = start.elapsed().as_secs_f64();
        if took > slowest.0 {
            slowest = (took, id.to_owned());
        }
        let expect = &case["expect"];
        let words = texts(&expect["must_contain_in_text"]).count();
        let Ok(reading) = reading else {
            unreadable += 1;
            if words > 0 {
                println!("  unreadable with words: {id}");
            }
            continue;
        };
        if words > 0 {
            with_words += 1;
            let missing = missing(&case, &reading);
            words_all += words;
            words_found += words - missing.len();
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

#[tokio::test]
async fn every_malformed_mail_is_stored_or_in_quarantine_and_none_stops_the_road() {
    let cases = cases("malformed");
    if cases.is_empty() {
        return;
    }
    let road = Road::open().await;
    for (number, (_, raw)) in cases.iter().enumerate() {
        fs::write(road.inbox().join(format!("{number:04}.eml")), raw).unwrap();
    }
    road.run().await;
    let deliveries = road.deliveries().await;
    let by_bytes: BTreeMap<&[u8], _> = deliveries.iter().map(|one| (one.raw.as_slice(), one)).collect();
    let (mut stored, mut in_part, mut quarantined, mut lost, mut words_missing) =
        (0, 0, Vec::new(), Vec::new(), Vec::new());
    for (case, raw) in &cases {
        let id = name(case);
        // The bytes are kept as they came, whatever became of them.
        match by_bytes.get(raw.as_slice()) {
            // What was read in part has its case too, and is listed for an officer besides.
            Some(one) if one.state == "read" || one.reading.is_some() => match &one.reading {
                Some(reading) => {
                    stored += 1;
                    in_part += usize::from(one.state == "quarantined");
                    let missing = missing(case, reading);
                    if !missing.is_empty() {
                        words_missing.push(format!("{id} {missing:?}"));
                    }
                }
                None => lost.push(id),
            },
            Some(one) if one.state == "quarantined" => {
                quarantined.push(format!("{id} ({})", one.why.as_deref().unwrap_or_default()));
                if texts(&case["expect"]["must_contain_in_text"]).next().is_some() {
                    words_missing.push(format!("{id}, in quarantine"));
                }
            }
            _ => lost.push(id),
        }
    }
    println!(
        "malformed, by the real road: {stored} stored ({in_part} of them in part) and {} in quarantine of {}; in quarantine: {quarantined:?}; lost: {lost:?}; words missing: {words_missing:?}",
        quarantined.len(),
        cases.len()
    );
    assert_eq!(lost, Vec::<&str>::new());
    assert_eq!(stored + quarantined.len(), cases.len());
    assert!(words_missing.len() * 100 <= cases.len() * 4, "{words_missing:?}");
}
