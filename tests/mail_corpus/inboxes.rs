//! Our own labelled inboxes.

use std::fs;

use heard::intake::parse::read;
use serde_json::Value;

use super::{context, shared, squeezed};

/// Forwards by council staff in our own labelled inboxes: the original author is whom the label names.
#[test]
fn staff_forwards_in_our_inboxes_name_the_family() {
    let Some(inboxes) = shared().map(|mail| mail.join("../inbox")) else { return };
    let (mut right, mut all, mut misses, mut words_missing, mut messages) = (0, 0, Vec::new(), Vec::new(), 0);
    for council in ["haverwick", "sedgeworth", "ainsdeane", "thornholme", "marlbridge", "brackenfold"] {
        let text = fs::read_to_string(inboxes.join(format!("{council}.jsonl"))).unwrap();
        for line in text.lines() {
            let row: Value = serde_json::from_str(line).unwrap();
            if row["channel"] == "telegram" {
                continue;
            }
            messages += 1;
            let get = |name: &str| row[name].as_str().unwrap_or_default().replace('\n', " ");
            let words = row["text"].as_str().unwrap_or_default();
            let raw = format!(
                "From: \"{}\" <{}>\nSubject: {}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{words}",
                get("from_name"),
                get("from_addr"),
                get("subject")
            );
            let reading = read(raw.as_bytes(), &context()).unwrap();
            let kept = format!(
                "{} {} {} {:?}",
                reading.visible_text,
                reading.quoted_text,
                reading.forwarded.as_ref().map_or("", |f| f.text.as_str()),
                reading.forwarded
            );
            let kept = squeezed(&kept);
            let id = format!("{council} {}", row["id"].as_str().unwrap());
            let in_header = |word: &str| {
                reading.forwarded.is_some()
                    && words.lines().any(|l| l.contains(word) && (l.contains(':') || l.contains("---")))
            };
            if let Some(word) = words
                .split_whitespace()
                .filter(|word| word.chars().any(char::is_alphanumeric))
                .find(|word| !kept.contains(*word) && !in_header(word))
            {
                words_missing.push(format!("{id} {word}"));
            }
            let staff = get("from_addr").ends_with(&format!("@{council}.example"));
            let wanted = row["gold"]["complainant"]["addr"].as_str();
            let forwarded = reading.forwarded.as_ref().and_then(|f| f.from.as_ref());
            if let (true, Some(wanted), Some(from)) = (staff, wanted, forwarded) {
                all += 1;
                if from.address == wanted {
                    right += 1
                } else {
                    misses.push(format!("{id} {} for {wanted}", from.address))
                }
            }
        }
    }
    println!(
        "our inboxes: {messages} messages, staff forwards {right} of {all} right {misses:?}; words missing {words_missing:?}"
    );
    assert_eq!(right, all);
    assert_eq!(words_missing, Vec::<String>::new());
}
