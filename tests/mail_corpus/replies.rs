//! The writer's words stay, and quotations go.

use std::{collections::BTreeMap, fmt::Write as _};

use heard::intake::{parse::read, strip};
use serde_json::{Value, json};

use super::{cases, context, squeezed};

/// Cases whose expected answer is not ours, and why. They count as misses all the same.
const NOT_OURS: &[(&str, &str)] = &[
    (
        "talon__standard_replies__9",
        "\"Sent from my iPhone\" is expected to stay; it is no word of the writer's and is folded away",
    ),
    (
        "talon__reply_separated_by_hr__1",
        "the writer's name above the rule is expected to go; signatures stay, nobody's word is lost",
    ),
    (
        "talon__gmail_forwarded_msg__1",
        "a message passed on is expected among the writer's words; it is read as forwarded, with its author",
    ),
    (
        "talon__readable_html_empty__1",
        "a quotation inside one block with the answer is expected to stay, because the block is all there is",
    ),
];

#[test]
fn the_writers_words_stay_and_quotations_go() {
    let (mut all, mut right, mut lost, mut as_messages) = (0, 0, Vec::new(), 0);
    let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut results = String::new();
    for (case, raw) in cases("replies") {
        let id = case["id"].as_str().unwrap();
        let kind = case["kind"].as_str().unwrap();
        let expect = &case["expect"];
        let text = String::from_utf8_lossy(&raw).into_owned();
        let header = format!("From: a@b.example\nContent-Type: text/{kind}; charset=utf-8\n\n");
        let message = read(&[header.as_bytes(), &raw].concat(), &context()).unwrap().visible_text;
        as_messages += usize::from(faults(expect, &message, &text).is_empty());
        let visible = if kind == "html" { message } else { strip::split(&text.replace("\r\n", "\n")).visible };
        let faults = faults(expect, &visible, &text);
        all += 1;
        let of_kind = kinds.entry(kind.to_owned()).or_default();
        of_kind.1 += 1;
        if faults.is_empty() {
            right += 1;
            of_kind.0 += 1;
        } else {
            let why = NOT_OURS.iter().find(|(known, _)| *known == id).map_or("to be mended", |(_, why)| why);
            println!("  {id} {faults:?}: {why}");
        }
        if faults.iter().any(|fault| fault.starts_with("lost")) {
            lost.push(id.to_owned());
        }
        writeln!(results, "{}", json!({ "id": id, "out": visible })).unwrap();
    }
    let percent = |part: usize| 100.0 * part as f64 / all.max(1) as f64;
    println!(
        "replies: {right} of {all} right ({:.1} %) {kinds:?}; read as whole messages {as_messages} ({:.1} %); words lost in {} {lost:?}",
        percent(right),
        percent(as_messages),
        lost.len()
    );
    // For the reference scorer: score.py RESULTS.jsonl.
    if let Ok(path) = std::env::var("HEARD_REPLY_RESULTS") {
        std::fs::write(path, results).unwrap();
    }
    if all > 0 {
        assert!(right * 100 >= all * 97, "{right} of {all}");
        assert!(lost.len() * 100 <= all, "{lost:?}");
    }
}

/// What is wrong with a visible text, by the rules of data/mail/replies/score.py.
fn faults(expect: &Value, visible: &str, whole: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let got = squeezed(visible);
    let list = |name: &str| -> Vec<String> {
        expect[name]
            .as_array()
            .map(|l| l.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            .unwrap_or_default()
    };
    if let Some(wanted) = expect["visible"].as_str() {
        let rest = got.strip_prefix(&squeezed(wanted));
        let mut optional: Vec<String> = list("optional").iter().map(|o| squeezed(o)).collect();
        optional.sort_by_key(|o| std::cmp::Reverse(o.len()));
        let is_optional = |rest: &str| {
            rest.is_empty() || optional.iter().any(|o| o.contains(rest)) || {
                let any = optional.iter().map(|o| regex::escape(o)).collect::<Vec<_>>().join("|");
                !any.is_empty() && regex::Regex::new(&any).unwrap().replace_all(rest, "").is_empty()
            }
        };
        if !rest.is_some_and(is_optional) {
            faults.push("visible".to_owned());
        }
        let words = regex::Regex::new(r"[^\W\d_]{3,}").unwrap();
        if let Some(word) = words.find_iter(wanted).find(|word| !visible.contains(word.as_str())) {
            faults.push(format!("lost {}", word.as_str()));
        }
    }
    if let Some(wanted) = expect["starts_with"].as_str()
        && !got.starts_with(&squeezed(wanted))
    {
        faults.push("lost the beginning".to_owned());
    }
    for wanted in list("contains") {
        if !got.contains(&squeezed(&wanted)) {
            faults.push(format!("lost {wanted:.30}"));
        }
    }
    for unwanted in list("not_contains") {
        if got.contains(&squeezed(&unwanted)) {
            faults.push(format!("quotes {unwanted:.30}"));
        }
    }
    if expect["all_visible"] == true && got != squeezed(whole) {
        faults.push("not all visible".to_owned());
    }
    if let Some(wanted) = expect["visible_text_no_whitespace"].as_str()
        && got != wanted
    {
        faults.push("html".to_owned());
    }
    faults
}
