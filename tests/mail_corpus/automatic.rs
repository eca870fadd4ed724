//! Bounces, automatic mail and people: told apart, and only people are answered. What bounces say is read right.

use std::{collections::BTreeMap, fs};

use heard::intake::{
    bounce::{self, Action, Report},
    parse::read,
    reading::{Automated, Reading},
};
use serde_json::Value;

use super::{cases, context, shared};

/// Cases that are read otherwise than they are labelled, each with the reason why that is right for us.
const KNOWN: &[(&str, &str)] = &[
    ("sisimai__lhost-sendmail-14", "a person passes on a bounce they got; their words are theirs"),
    ("flanker__long-links", "a person at a postmaster's address: mail systems write from it, so no machine answers it"),
];

/// The message of a case. The text of a bounce that a gateway flattened comes from the mail system.
fn message(case: &Value, raw: Vec<u8>) -> Vec<u8> {
    if case["input"].as_str().unwrap().ends_with(".txt") {
        let header = b"From: Mail Delivery <mailer-daemon@mx.example>\nSubject: failure notice\n\n".as_slice();
        [header, &raw].concat()
    } else {
        raw
    }
}

/// Three ways: a mail system's report, another machine's message, a person's.
fn three_ways(automated: Option<&Automated>) -> &'static str {
    match automated {
        Some(Automated::Bounce) => "bounce",
        Some(_) => "automatic",
        None => "human",
    }
}

fn why(id: &str) -> &'static str {
    KNOWN.iter().find(|(known, _)| *known == id).map_or("NOT KNOWN", |(_, why)| *why)
}

#[test]
fn machines_and_people_are_told_apart_and_no_machine_is_answered() {
    let mut table: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut by_label: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut wrong, mut answered, mut withheld, mut people) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for (case, raw) in cases("bounces_autoreplies") {
        let id = case["id"].as_str().unwrap().to_owned();
        let label = case["label"].as_str().unwrap().to_owned();
        let wanted = match label.as_str() {
            "bounce" => "bounce",
            "human" => "human",
            _ => "automatic",
        };
        let read = read(&message(&case, raw), &context());
        let reading = read.as_ref().ok();
        let found = three_ways(reading.and_then(|reading| reading.automated.as_ref()));
        let because = reading.and_then(|reading| reading.automated_because.as_deref());
        assert_eq!(found == "human", because.is_none(), "{id}: every class names the sign that said so");
        let right = found == wanted && reading.is_some();
        let count = by_label.entry(format!("{label}/{}", case["subtype"].as_str().unwrap_or("-"))).or_default();
        *count = (count.0 + usize::from(right), count.1 + 1);
        if !right {
            wrong.push(id.clone());
            println!("  {id}: {label} read as {found} ({}) – {}", because.unwrap_or("no sign"), why(&id));
        }
        *table.entry((because.unwrap_or("a person").to_owned(), found.to_owned())).or_default() += 1;
        let answer = reading.is_some_and(|reading| reading.no_answer.is_empty());
        let may = case["may_acknowledge"].as_bool().unwrap();
        people += usize::from(may);
        if answer && !may {
            answered.push(id.clone());
        }
        if !answer && may {
            println!("  {id}: not answered ({:?}) – {}", reading.map(|reading| &reading.no_answer), why(&id));
            withheld.push(id);
        }
    }
    for ((because, found), count) in &table {
        println!("  {count:4} {found:10} {because}");
    }
    for (label, (right, all)) in &by_label {
        println!("  {label:24} {right:3} of {all:3} right");
    }
    let (right, all) = by_label.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    println!(
        "bounce, automatic or a person: {right} of {all} right {wrong:?}; answered what must not be: {} {answered:?}; people not answered: {} of {people} {withheld:?}",
        answered.len(),
        withheld.len()
    );
    assert_eq!(answered, Vec::<String>::new());
    assert!(right * 100 >= all * 99, "{right} of {all}: {wrong:?}");
    assert!(withheld.len() * 20 <= people, "{withheld:?}");
}

/// The other sets and our inboxes hold people's mail: none of it may lose its clock.
#[test]
fn no_person_is_taken_for_a_machine_anywhere() {
    let (mut taken, mut withheld, mut all) = (Vec::new(), Vec::new(), 0);
    let mut look = |id: String, raw: &[u8]| {
        let Ok(reading) = read(raw, &context()) else { return };
        all += 1;
        if let Some(because) = &reading.automated_because {
            taken.push(format!("{id}: {because}"));
        } else if !reading.no_answer.is_empty() {
            withheld.push(format!("{id}: {:?}", reading.no_answer));
        }
    };
    let header = |subject: &str, kind: &str| {
        let subject = subject.replace(['\r', '\n'], " ");
        format!(
            "From: Ann Bell <ann@mail.example>\nSubject: {subject}\nMIME-Version: 1.0\nContent-Type: text/{kind}; charset=utf-8\n\n"
        )
    };
    for set in ["replies", "forwarded"] {
        for (case, raw) in cases(set) {
            let subject = case["outer_subject"].as_str().unwrap_or("Re: my complaint");
            let kind = if case["input"].as_str().unwrap().ends_with(".html") { "html" } else { "plain" };
            look(format!("{set} {}", case["id"]), &[header(subject, kind).as_bytes(), &raw].concat());
        }
    }
    if let Some(inboxes) = shared().map(|mail| mail.join("../inbox")) {
        let mut files: Vec<_> = fs::read_dir(inboxes).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|e| e == "jsonl"));
        files.sort();
        for file in files {
            for line in fs::read_to_string(&file).unwrap().lines() {
                let row: Value = serde_json::from_str(line).unwrap();
                if row["channel"] == "telegram" || row["gold"]["act"] == "automated" {
                    continue;
                }
                let get = |name: &str| row[name].as_str().unwrap_or_default().replace('\n', " ");
                let words = row["text"].as_str().unwrap_or_default();
                let raw = format!(
                    "From: \"{}\" <{}>\nSubject: {}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{words}",
                    get("from_name"),
                    get("from_addr"),
                    get("subject")
                );
                look(format!("{} {}", file.file_stem().unwrap().display(), get("id")), raw.as_bytes());
            }
        }
    }
    println!(
        "people's mail of the other sets and our inboxes: {all} read; taken for a machine: {} {taken:?}; not answered: {} {withheld:?}",
        taken.len(),
        withheld.len()
    );
    assert_eq!(taken, Vec::<String>::new());
    assert!(withheld.len() * 100 <= all, "{withheld:?}");
}

/// What is right of what was expected, by name.
#[derive(Default)]
struct Score {
    right: usize,
    all: usize,
    misses: Vec<String>,
}

impl Score {
    fn count(&mut self, right: bool, miss: impl FnOnce() -> String) {
        self.all += 1;
        if right {
            self.right += 1;
        } else {
            self.misses.push(miss());
        }
    }

    fn print(&self, what: &str, floor: usize) {
        for miss in &self.misses {
            println!("  {what}: {miss}");
        }
        println!("bounces: {what}: {} of {} right", self.right, self.all);
        assert!(self.right * 100 >= self.all * floor, "{what}: {} of {}", self.right, self.all);
    }
}

/// Codes that the expectations make up where a bounce has none.
fn is_made_up(code: &str) -> bool {
    code.split('.')
        .nth(2)
        .and_then(|detail| detail.parse::<u16>().ok())
        .is_some_and(|detail| (900..1000).contains(&detail))
}

fn strings(value: &Value) -> Vec<String> {
    let mut found: Vec<String> =
        value.as_array().into_iter().flatten().filter_map(|one| Some(one.as_str()?.to_lowercase())).collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn what_bounces_say_is_read_right() {
    let [mut recipients, mut status, mut lasting, mut action, mut of_class] = [(); 5].map(|()| Score::default());
    let mut returned = (0, 0);
    for (case, raw) in cases("bounces_autoreplies") {
        let (id, dsn) = (case["id"].as_str().unwrap(), &case["dsn"]);
        let is_arf = case["subtype"] == "arf";
        if case["label"] != "bounce" || is_arf {
            continue;
        }
        let raw = message(&case, raw);
        let report = bounce::read(&raw).unwrap_or_default();
        if let Ok(Reading { automated: Some(Automated::Bounce), report: stored, .. }) = read(&raw, &context()) {
            assert_eq!(stored.unwrap_or_default(), report, "{id}: read alone and with its message");
        }
        returned = (returned.0 + usize::from(!report.about.is_empty()), returned.1 + 1);
        let mut found: Vec<String> = report.recipients.iter().map(|one| one.address.clone()).collect();
        found.sort();
        let mut wanted = strings(&dsn["final_recipients"]);
        wanted.retain(|address| address.contains('@'));
        wanted.extend(
            ["recipient", "final_recipient"].iter().filter_map(|name| Some(dsn[name].as_str()?.to_lowercase())),
        );
        if !wanted.is_empty() {
            recipients.count(found == wanted, || format!("{id}: {found:?} for {wanted:?}"));
        }
        if let Some(code) = dsn["status"].as_str() {
            let found = codes(&report);
            status.count(found.iter().any(|one| one == code), || format!("{id}: {found:?} for {code}"));
        }
        let rows: Vec<&Value> = dsn["rows"].as_array().into_iter().flatten().collect();
        let mut wanted: Vec<&str> =
            rows.iter().filter_map(|row| row["status"].as_str()).filter(|code| !is_made_up(code)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        if !wanted.is_empty() {
            let found = codes(&report);
            let right = wanted.iter().all(|code| found.iter().any(|one| one == code));
            status.count(right, || format!("{id}: {found:?} for {wanted:?}"));
        }
        // "filtered" is how the expectations call "user unknown" when it comes late, and "suspend" an account that is closed: to
        // write there again is in vain all the same, which they do not say.
        let comparable =
            rows.iter().all(|row| !["delivered", "filtered", "suspend"].iter().any(|reason| row["reason"] == *reason));
        if !rows.is_empty() && comparable {
            let wanted = rows.iter().any(|row| row["permanent"] == true);
            let found = report.recipients.iter().any(|one| one.fault.is_lasting());
            lasting.count(found == wanted, || {
                let said =
                    report.recipients.first().map(|one| (one.fault, one.said.chars().take(110).collect::<String>()));
                format!("{id}: {found}, not {wanted} ({}): {said:?}", rows[0]["reason"])
            });
        }
        if let Some(permanent) = dsn["permanent"].as_bool() {
            let one = report.recipients.first();
            let class = one.and_then(|one| {
                one.status
                    .as_deref()
                    .and_then(|code| code.chars().next())
                    .or_else(|| one.reply.and_then(|reply| reply.to_string().chars().next()))
            });
            let found = class == Some('5') && one.is_some_and(|one| one.action == Action::Failed);
            of_class.count(found == permanent, || format!("{id}: class {class:?}, permanent {permanent}"));
        }
        let wanted = match (dsn["action"].as_str(), strings(&dsn["actions"]).as_slice()) {
            (Some(one), _) => Some(one.to_owned()),
            (None, [one]) => Some(one.clone()),
            _ => None,
        };
        if let Some(wanted) = wanted {
            let word = |action: Action| serde_json::to_value(action).unwrap().as_str().unwrap().to_owned();
            let found: Vec<String> = report.recipients.iter().map(|one| word(one.action)).collect();
            action.count(!found.is_empty() && found.iter().all(|one| *one == wanted), || {
                format!("{id}: {found:?} for {wanted}")
            });
        }
    }
    println!("bounces: the returned message is named in {} of {}", returned.0, returned.1);
    action.print("what was done", 98);
    recipients.print("recipients", 98);
    status.print("status code", 95);
    of_class.print("permanent or not, by code", 98);
    lasting.print("another attempt is in vain", 85);
}

fn codes(report: &Report) -> Vec<String> {
    report.recipients.iter().filter_map(|one| one.status.clone()).collect()
}
