//! The writer's words stay, and quotations go.

use heard::intake::{parse::read, strip};
use serde_json::Value;

use super::{cases, context, squeezed};

#[test]
fn the_writers_words_stay_and_quotations_go() {
    let (mut right, mut all, mut lost) = (0, 0, Vec::new());
    let (mut html_right, mut html_all) = (0, 0);
    for (case, raw) in cases("replies") {
        let id = case["id"].as_str().unwrap();
        let expect = &case["expect"];
        let text = String::from_utf8_lossy(&raw).into_owned();
        let is_html = case["kind"] == "html";
        let visible = if is_html {
            let mail = [b"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n".as_slice(), &raw].concat();
            read(&mail, &context()).unwrap().visible_text
        } else {
            strip::split(&text.replace("\r\n", "\n")).visible
        };
        let faults = faults(expect, &visible, &text);
        if is_html {
            html_all += 1;
            html_right += usize::from(faults.is_empty());
        } else {
            all += 1;
            right += usize::from(faults.is_empty());
        }
        if faults.iter().any(|f| f.starts_with("lost")) {
            lost.push(id.to_owned());
        }
        if !faults.is_empty() {
            println!("  {id} {faults:?}");
        }
    }
    println!("replies: {right} of {all} right, HTML {html_right} of {html_all}; words lost in {} {lost:?}", lost.len());
    if all > 0 {
        assert!(right * 100 >= all * 88, "{right} of {all}");
        // Both begin with quoted words that nobody is named for; we file them under what is quoted.
        assert!(lost.len() <= 2, "{lost:?}");
    }
}

/// What is wrong with a visible text; the rules of data/mail/replies.
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
        let left = rest.map(|rest| {
            if optional.iter().any(|o| o.contains(rest)) {
                return String::new();
            }
            optional.iter().fold(rest.to_owned(), |rest, o| rest.replace(o, ""))
        });
        if left.as_deref() != Some("") {
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
