//! Forwards give the original author and text.

use std::collections::BTreeMap;

use heard::intake::{
    forward,
    reading::{Forwarded, Person},
};
use serde_json::Value;

use super::{cases, squeezed};

/// Cases whose expected answer is not ours, and why. They count as misses all the same.
const NOT_OURS: &[(&str, &str)] =
    &[("outlook_2019_pl_body", "the date is expected with the Polish word for \"user\" behind it")];

#[test]
fn forwards_give_the_original_author() {
    let (mut all, mut right, mut false_alarm, mut not_forwards) = (0, 0, 0, 0);
    let mut parts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sure: BTreeMap<String, usize> = BTreeMap::new();
    let outer = Person { name: Some("Mia Manager".into()), address: "mia.manager@council.example".into() };
    for (case, raw) in cases("forwarded") {
        let id = case["id"].as_str().unwrap();
        let text = String::from_utf8_lossy(&raw).replace("\r\n", "\n");
        let got = forward::inline(&text, case["outer_subject"].as_str().unwrap_or(""), Some(&outer));
        let expect = &case["expect"];
        match expect["forwarded"].as_bool() {
            Some(false) => {
                not_forwards += 1;
                if got.is_some() {
                    false_alarm += 1;
                    println!("  no forward, but taken for one: {id}");
                }
                continue;
            }
            None => continue,
            Some(true) => all += 1,
        }
        let Some(got) = got else {
            println!("  not found: {id}");
            continue;
        };
        *sure.entry(format!("{:?}", got.forwarded.confidence.sureness)).or_default() += 1;
        let faults = faults(&got.forwarded, &got.note, expect);
        for part in ["address", "text", "name", "subject", "date", "note"] {
            *parts.entry(part).or_default() += usize::from(!faults.iter().any(|fault| fault.starts_with(part)));
        }
        right += usize::from(!faults.iter().any(|f| f.starts_with("address") || f.starts_with("text")));
        if !faults.is_empty() {
            let why = NOT_OURS.iter().find(|(known, _)| *known == id).map_or("to be mended", |(_, why)| why);
            println!("  {id} {faults:.200?}: {why}");
        }
    }
    println!(
        "forwarded: {right} of {all} right ({:.1} %: original address and text); {parts:?}; author {sure:?}; \
         {false_alarm} of {not_forwards} others taken for forwards",
        100.0 * right as f64 / all.max(1) as f64
    );
    if all > 0 {
        assert!(right * 100 >= all * 98, "{right} of {all}");
        assert!(parts.values().all(|&part| part * 100 >= all * 98), "{parts:?}");
        assert_eq!(false_alarm, 0);
    }
}

/// What is wrong with a forward.
fn faults(got: &Forwarded, note: &str, expect: &Value) -> Vec<String> {
    let original = &expect["original"];
    let from = got.from.clone().unwrap_or_default();
    let text = got.whole.as_deref().unwrap_or(&got.text);
    let wanted = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let pairs = [
        ("address", from.address, wanted(&original["from"]["address"]).to_lowercase()),
        ("name", from.name.unwrap_or_default(), wanted(&original["from"]["name"])),
        ("text", text.to_owned(), wanted(&original["body"])),
        ("subject", got.subject.clone().unwrap_or_default(), wanted(&original["subject"])),
        ("date", got.date.clone().unwrap_or_default(), wanted(&original["date_raw"])),
        ("note", note.to_owned(), wanted(&expect["manager_note"])),
    ];
    pairs
        .into_iter()
        .filter(|(name, got, wanted)| {
            // What upstream does not give cannot be compared.
            let given = matches!(*name, "address" | "text" | "note") || !wanted.is_empty();
            given && squeezed(got) != squeezed(wanted)
        })
        .map(|(name, got, wanted)| format!("{name} {got:.60?} for {wanted:.60?}"))
        .collect()
}
