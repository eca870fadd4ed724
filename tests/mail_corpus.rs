//! Measures the reader on gathered mail with expected answers (HEARD_SHARED/data/mail). Prints figures and holds floors.
#![allow(clippy::unwrap_used, reason = "a broken fixture must stop the test")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use heard::intake::{
    forward,
    parse::{ReadContext, read},
    reading::Person,
    strip,
};
use serde_json::Value;

fn shared() -> Option<PathBuf> {
    let root = std::env::var("HEARD_SHARED").map_or_else(|_| PathBuf::from("../shared"), PathBuf::from);
    let mail = root.join("data/mail");
    if mail.is_dir() {
        return Some(mail);
    }
    println!("SKIPPED: {} is absent; set HEARD_SHARED to the folder that holds data/mail", mail.display());
    None
}

/// The cases of a set with their inputs.
fn cases(set: &str) -> Vec<(Value, Vec<u8>)> {
    let Some(root) = shared() else { return Vec::new() };
    let folder = root.join(set);
    let mut names: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|e| e == "json") && !path.ends_with("index.json"));
    names.sort();
    names.iter().map(|path| case(&folder, path)).collect()
}

fn case(folder: &Path, path: &Path) -> (Value, Vec<u8>) {
    let case: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let input = fs::read(folder.join(case["input"].as_str().unwrap())).unwrap();
    (case, input)
}

fn context() -> ReadContext {
    ReadContext {
        own_addresses: vec!["complaints@council.example".into(), "complaints.cs@council.example".into()],
        own_domain_suffix_for_message_ids: None,
        form_senders: vec!["no-reply@forms.council.example".into(), "noreply@council.example".into()],
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

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

#[test]
fn forwards_give_the_original_author() {
    let (mut all, mut found, mut address, mut subject, mut body, mut note, mut false_alarm, mut not_forwards) =
        (0, 0, 0, 0, 0, 0, 0, 0);
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
            println!("  missed: {id}");
            continue;
        };
        found += 1;
        let original = &expect["original"];
        let from = got.forwarded.from.clone().unwrap_or_default();
        let wanted = original["from"]["address"].as_str().unwrap_or("");
        if from.address == wanted.to_lowercase() {
            address += 1;
        } else {
            println!("  address: {id} {from:?} for {wanted}");
        }
        let same = |a: Option<&str>, b: Option<&str>| squeezed(a.unwrap_or("")) == squeezed(b.unwrap_or(""));
        let subject_right =
            original["subject"].is_null() || same(got.forwarded.subject.as_deref(), original["subject"].as_str());
        subject += usize::from(subject_right);
        if !subject_right {
            println!("  subject: {id} {:?} for {}", got.forwarded.subject, original["subject"]);
        }
        let body_right = squeezed(&got.forwarded.text) == squeezed(original["body"].as_str().unwrap_or(""));
        body += usize::from(body_right);
        if !body_right {
            println!("  body: {id} {:.120?} for {:.120}", got.forwarded.text, original["body"]);
        }
        let note_right = same(Some(&got.note), expect["manager_note"].as_str());
        note += usize::from(note_right);
        if !note_right {
            println!("  note: {id} {:?} for {}", got.note, expect["manager_note"]);
        }
    }
    println!(
        "forwarded: {found} of {all} found, address right {address}, subject {subject}, body {body}, note {note}; {false_alarm} of {not_forwards} others taken for forwards"
    );
    if all > 0 {
        assert!(address * 100 >= all * 98 && note * 100 >= all * 98 && body * 100 >= all * 90);
        assert_eq!(false_alarm, 0);
    }
}

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
