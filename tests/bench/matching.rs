//! How long matching takes for a message while the store grows: `matching DATABASE-URL FOLDER CASES…` fills an empty database to
//! each number of cases in turn, looks up every kind of message in transactions that are not kept, and prints one JSON line for
//! each kind and size.

use std::{error::Error, path::Path, time::Instant};

use chrono::{DateTime, Duration, Utc};
use heard::{
    app::demo::embedded_settings,
    casework::Office,
    intake::{
        authentication::Authenticity,
        prepare,
        reading::{Person, Reading},
    },
    labelling::labels::{Act, Procedure, Suggestion, Theme},
    matching::candidates,
    store::Store,
};
use sqlx::AssertSqlSafe;

/// Messages of each kind that are measured, after as many to warm up as one in four.
const EACH: usize = 200;
/// Cases that are written in one statement.
const AT_ONCE: usize = 20_000;

/// A message about the case with this number: who wrote it, its further headers, its words.
type Written = fn(usize) -> (String, String, String);

/// What one message is to the cases there are.
const KINDS: [(&str, Written); 5] = [
    ("a family not heard of, with a common surname", |i| {
        let from = format!("Alex Smith <new-{i}@elsewhere.example>");
        (from, String::new(), words(i, "Maya"))
    }),
    ("the same person, the same matter, a new thread", |i| {
        (person(i), String::new(), format!("I still have no answer. {}", words(i, &child(i))))
    }),
    ("the other parent, from an address not seen before", |i| {
        let from = format!("Chris {} <other-{i}@elsewhere.example>", surname(i));
        (from, String::new(), words(i, &child(i)))
    }),
    ("an answer in the thread", |i| {
        (person(i), format!("In-Reply-To: <case-{i}@mail.example>\r\n"), words(i, &child(i)))
    }),
    ("long, with many names", |i| {
        let names: String =
            (0..60).map(|n| format!("Then {} rang, and Mrs {} wrote. ", child(n * 7), surname(n * 3))).collect();
        (format!("Robin Smith <long-{i}@elsewhere.example>"), String::new(), format!("{} {names}", words(i, "Maya")))
    }),
];

fn person(i: usize) -> String {
    format!("Jo {} <person-{i}@mail.example>", surname(i))
}

/// One family in fifty is called Smith; the other names are shared by one in 2,000.
fn surname(i: usize) -> String {
    if i.is_multiple_of(50) { "Smith".to_owned() } else { format!("Sur{}", letters(i % 2_000)) }
}

/// One child in a hundred is called Maya.
fn child(i: usize) -> String {
    // No two of the same surname have a child of the same name by the way the numbers run.
    if i.is_multiple_of(100) { "Maya".to_owned() } else { format!("Kin{}", letters((i * 7 + i / 2_000) % 1_000)) }
}

fn letters(n: usize) -> String {
    n.to_string().bytes().map(|digit| char::from(b'a' + digit - b'0')).collect()
}

fn words(i: usize, child: &str) -> String {
    let topics =
        ["taxi", "escort", "assessment", "respite", "allowance", "placement", "tuition", "visit", "report", "plan"];
    let (one, two) = (topics[i % 10], topics[(i / 10) % 10]);
    format!(
        "I am writing about my son {child}. The {one} was promised in September and the {two} in October, and neither has come. \
         We rang the office four times about the {one}, and nobody has called us back. He has been at home for {} days.",
        i % 40
    )
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: matching DATABASE-URL FOLDER CASES…".into());
    };
    let sizes = arguments.map(|size| size.parse::<usize>()).collect::<Result<Vec<_>, _>>()?;
    let office = Office::open(&embedded_settings(Path::new(&folder))?)?;
    let store = Store::open(&url).await?;
    let kind = if matches!(store, Store::Sqlite { .. }) { "SQLite" } else { "Postgres" };
    let mut there = 0;
    for size in sizes {
        let started = Instant::now();
        while there < size {
            let next = (there + AT_ONCE).min(size);
            fill(&store, there, next).await?;
            there = next;
        }
        run(&store, "ANALYZE").await?;
        let filled = started.elapsed().as_secs_f64();
        for (what, message) in KINDS {
            let mut millis = Vec::with_capacity(EACH);
            for n in 0..EACH + EACH / 4 {
                let millisecond = measured(&store, &office, n, size, message).await?;
                if n >= EACH / 4 {
                    millis.push(millisecond);
                }
            }
            millis.sort_by(f64::total_cmp);
            let at = |share: f64| millis[((millis.len() - 1) as f64 * share) as usize];
            let line = serde_json::json!({
                "database": kind, "cases": size, "message": what, "median_ms": at(0.5), "p95_ms": at(0.95),
                "filled_in_s": filled,
            });
            println!("{line}");
        }
    }
    store.close().await;
    Ok(())
}

/// Milliseconds to find what a message belongs to, reading it left out.
async fn measured(
    store: &Store,
    office: &Office,
    n: usize,
    size: usize,
    message: Written,
) -> Result<f64, Box<dyn Error>> {
    // Spread over the whole store, the oldest cases too.
    let i = n.wrapping_mul(7_919) % size;
    let (from, more, words) = message(i);
    let raw = format!(
        "From: {from}\r\nTo: complaints@council.example\r\nMessage-ID: <asked-{n}-{size}@mail.example>\r\n\
         Date: Fri, 20 Nov 2026 08:00:00 +0000\r\nSubject: No answer\r\n{more}\r\n{words}\r\n"
    );
    let arrived_at = now();
    let prepared = prepare::mail(office, "complaints", raw.as_bytes(), arrived_at, Authenticity::Unknown)?;
    let suggestion = suggestion();
    let started = Instant::now();
    let mut tx = store.begin().await?;
    let found = candidates(office, &mut tx, &prepared, Some(&suggestion)).await?;
    let millis = started.elapsed().as_secs_f64() * 1_000.0;
    std::hint::black_box(found);
    Ok(millis)
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::days(20_777) + Duration::hours(9)
}

fn suggestion() -> Suggestion {
    Suggestion {
        model: "bench".into(),
        act: Act::Complaint,
        act_scores: Act::ALL.iter().map(|act| if *act == Act::Complaint { 0.9 } else { 0.02 }).collect(),
        dissatisfied: 0.97,
        safeguarding: 0.02,
        procedure: Procedure::Corporate,
        theme: Theme::Delay,
        themes: Theme::ALL.iter().map(|theme| if *theme == Theme::Delay { 0.8 } else { 0.02 }).collect(),
        child_author: 0.02,
        on_behalf: 0.02,
        danger: None,
        language: None,
        because: String::new(),
    }
}

async fn run(store: &Store, sql: &str) -> Result<(), sqlx::Error> {
    match store {
        Store::Sqlite { write, .. } => sqlx::raw_sql(AssertSqlSafe(sql)).execute(write).await.map(|_| ()),
        Store::Postgres { pool, .. } => sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.map(|_| ()),
    }
}

/// Writes the cases `from..to`, each with a person, a message, a suggestion, its thread and its names.
async fn fill(store: &Store, from: usize, to: usize) -> Result<(), Box<dyn Error>> {
    let sqlite = matches!(store, Store::Sqlite { .. });
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let id = |group: u8, i: usize| {
        let hex = format!("01{group:02x}{i:08x}0000700080000000{i:08x}").chars().take(32).collect::<String>();
        if sqlite { format!("x'{hex}'") } else { format!("'{hex}'") }
    };
    let suggestion = quoted(&serde_json::to_string(&suggestion())?);
    let mut tables: [(&str, Vec<String>); 9] = [
        ("contact (id, person_id, name, created_at)", vec![]),
        ("contact_address (address, contact_id)", vec![]),
        (
            "representation (id, content_key, words_key, message_id, channel, mailbox, received_at, author_name, author_address, \
             subject, visible_text, quoted_text, reading, state, why, stored_at)",
            vec![],
        ),
        ("suggestion (representation_id, model, body, made_at)", vec![]),
        (
            "case_file (id, reference, status, act, procedure, theme, safeguarding, complainant_id, channel, mailbox, received_at, \
             due_on, due_duty, due_rule, decide_by, acknowledgement, version, opened_at, updated_at)",
            vec![],
        ),
        ("case_participant (case_id, contact_id, role)", vec![]),
        ("case_message (case_id, representation_id, relation, why, added_at)", vec![]),
        ("thread_id (message_id, case_id)", vec![]),
        ("case_name (name, case_id)", vec![]),
    ];
    for i in from..to {
        let (contact, message, case) = (id(1, i), id(2, i), id(3, i));
        // Ten a day, the last one today.
        let at = quoted(&(now() - Duration::minutes(i64::try_from(to - i)? * 140)).to_rfc3339());
        let day = quoted("2026-12-04");
        let (surname, child) = (surname(i), child(i));
        let words = words(i, &child);
        let reading = Reading {
            author: Some(Person { name: Some(format!("Jo {surname}")), address: format!("person-{i}@mail.example") }),
            subject: "No answer".into(),
            visible_text: words.clone(),
            message_id: Some(format!("case-{i}@mail.example")),
            ..Reading::default()
        };
        let reading = quoted(&serde_json::to_string(&reading)?);
        let (name, address) = (quoted(&format!("Jo {surname}")), quoted(&format!("person-{i}@mail.example")));
        let (key, thread) = (quoted(&format!("content-{i}")), quoted(&format!("case-{i}@mail.example")));
        let (no, text) = (if sqlite { "0" } else { "FALSE" }, quoted(&words));
        let rows = [
            vec![format!("{contact},{contact},{name},{at}")],
            vec![format!("{address},{contact}")],
            vec![format!(
                "{message},{key},{},{thread},'email','complaints',{at},{name},{address},'No answer',{text},'',{reading},'in-case','w',{at}",
                quoted(&format!("words-{i}"))
            )],
            vec![format!("{message},'bench',{suggestion},{at}")],
            vec![format!(
                "{case},'HRD-20-{i:06}','open','complaint','corporate','delay',{no},{contact},'email','complaints',{at},{day},'S1-10','r',{day},'queued',2,{at},{at}"
            )],
            vec![format!("{case},{contact},'complainant'")],
            vec![format!("{case},{message},'new','w',{at}")],
            vec![format!("{thread},{case}")],
            vec![
                format!("{},{case}", quoted(&surname.to_lowercase())),
                format!("{},{case}", quoted(&child.to_lowercase())),
            ],
        ];
        for ((_, into), rows) in tables.iter_mut().zip(rows) {
            into.extend(rows.into_iter().map(|row| format!("({row})")));
        }
    }
    for (table, rows) in &tables {
        for part in rows.chunks(2_000) {
            run(store, &format!("INSERT INTO {table} VALUES {}", part.join(","))).await?;
        }
    }
    Ok(())
}
