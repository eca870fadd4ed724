//! How long officers wait for the queue, a case and a search while twenty of them work and the store grows:
//! `lists DATABASE-URL FOLDER CASES…` fills an empty database to each number of cases in turn, asks the real pages, and prints
//! one JSON line for each page, size and way of working. A database that it filled before is asked as it is.

use std::{error::Error, path::Path, sync::Arc, time::Instant};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use chrono::{DateTime, Duration, Utc};
use heard::{
    app::demo::embedded_settings,
    casework::Office,
    clock::Clock,
    desk::{StoreDesk, Wake, users},
    ids::{CaseReference, Uuid},
    intake::reading::{Person, Reading},
    labelling::labels::{Act, Procedure, Suggestion, Theme},
    procedure::event::{Event, Nature, Relation},
    search::folded,
    store::Store,
    web::{WebState, access::Role, brand::CouncilBrand, desk::Desk},
};
use sha2::Digest;
use sqlx::AssertSqlSafe;
use tower::ServiceExt;

/// Officers at work at once.
const OFFICERS: usize = 20;
/// Pages that each asks for.
const PAGES: usize = 40;
/// Cases that are written in one go.
const AT_ONCE: usize = 10_000;
/// Of all cases, those that are worked on: one in this many, and at least [`LEAST_OPEN`].
const OPEN_SHARE: usize = 50;
const LEAST_OPEN: usize = 200;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    // Why a page failed.
    tracing_subscriber::fmt().with_max_level(tracing::Level::ERROR).with_writer(std::io::stderr).init();
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: lists DATABASE-URL FOLDER CASES…".into());
    };
    let sizes = arguments.map(|size| size.parse::<usize>()).collect::<Result<Vec<_>, _>>()?;
    let office = Arc::new(Office::open(&embedded_settings(Path::new(&folder))?)?);
    let store = Store::open(&url).await?;
    let kind = if matches!(store, Store::Sqlite { .. }) { "SQLite" } else { "Postgres" };
    // Those of an earlier run.
    run(&store, "DELETE FROM session").await?;
    let mut officers = Vec::new();
    let wake = Wake { unread: Arc::default(), outgoing: Arc::default() };
    let desk = StoreDesk::new(store.clone(), office, None, wake);
    for n in 0..OFFICERS {
        let email = format!("officer-{n}@council.example");
        if desk.account(&email).await?.is_none() {
            let (name, password) = (format!("Officer {n}"), "a long enough password".to_owned());
            users::add(&store, &email, &name, Role::Officer, Some(password.into()), now()).await?;
        }
        let officer = desk.account(&email).await?.ok_or("no account")?.officer;
        let token: [u8; 32] = sha2::Sha256::digest(email.as_bytes()).into();
        desk.open_session(token, officer.id, now()).await?;
        officers.push(officer.id);
    }
    let brand = CouncilBrand { name: "Bench".into(), service: "Heard".into(), colour: None, help: String::new() };
    let mut state = WebState::new(Arc::new(desk), brand, Clock::fixed(now()))?;
    state.secure_cookies = false;
    let pages = heard::web::router(state);
    let mut there = written(&store).await?;
    for size in sizes {
        let started = Instant::now();
        let has_grown = there < size;
        while there < size {
            let next = (there + AT_ONCE).min(size);
            fill(&store, &officers, there, next, size).await?;
            there = next;
        }
        if has_grown {
            settle(&store).await?;
        }
        let filled = started.elapsed().as_secs_f64();
        for (what, address) in [("queue", queue as fn(usize, usize) -> String), ("case", case), ("search", search)] {
            measured(&pages, size, address, 4, 0).await?;
            for (way, pause_ms) in [("a page a second each", 1_000), ("without a pause", 0)] {
                let mut millis = measured(&pages, size, address, PAGES, pause_ms).await?;
                millis.sort_by(f64::total_cmp);
                let at = |share: f64| millis[((millis.len() - 1) as f64 * share) as usize];
                let line = serde_json::json!({
                    "database": kind, "cases": size, "page": what, "way": way, "median_ms": at(0.5), "p95_ms": at(0.95),
                    "longest_ms": at(1.0), "filled_in_s": filled,
                });
                println!("{line}");
            }
        }
        if std::env::var_os("EACH").is_some() {
            each(&pages, size).await?;
        }
    }
    store.close().await;
    Ok(())
}

/// One address after the other, alone, to see which is slow.
async fn each(pages: &Router, size: usize) -> Outcome<()> {
    for (what, address) in [("queue", queue as fn(usize, usize) -> String), ("search", search)] {
        for n in 0..24 {
            let path = address(n, size);
            let _ = ask(pages, 0, &path).await?;
            eprintln!("{:>9.1} ms  {what} {path}", ask(pages, 0, &path).await?);
        }
    }
    Ok(())
}

/// What each page took, in milliseconds, with all officers at work.
async fn measured(
    pages: &Router,
    size: usize,
    address: fn(usize, usize) -> String,
    each: usize,
    pause_ms: u64,
) -> Outcome<Vec<f64>> {
    let mut at_work = tokio::task::JoinSet::new();
    for officer in 0..OFFICERS {
        let pages = pages.clone();
        at_work.spawn(async move {
            let mut millis = Vec::with_capacity(each);
            for n in 0..each {
                if pause_ms > 0 {
                    // Between half and one and a half of it, never all at the same moment.
                    let part = (officer * 7_919 + n * 104_729) as u64 % pause_ms;
                    tokio::time::sleep(std::time::Duration::from_millis(pause_ms / 2 + part)).await;
                }
                millis.push(ask(&pages, officer, &address(officer * 1_009 + n, size)).await?);
            }
            Ok::<_, Box<dyn Error + Send + Sync>>(millis)
        });
    }
    let mut all = Vec::new();
    while let Some(done) = at_work.join_next().await {
        all.extend(done??);
    }
    Ok(all)
}

async fn ask(pages: &Router, officer: usize, path: &str) -> Outcome<f64> {
    let request = Request::get(path)
        .header(header::COOKIE, format!("heard=officer-{officer}@council.example"))
        .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 4000))))
        .body(Body::empty())?;
    let started = Instant::now();
    let response = pages.clone().oneshot(request).await?;
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await?;
    let millis = started.elapsed().as_secs_f64() * 1_000.0;
    // A reference leads to its case.
    if !status.is_redirection() && (!status.is_success() || body.len() < 1_000) {
        return Err(format!("{path}: {status}").into());
    }
    Ok(millis)
}

/// The lists as officers open them: mostly their own and what is to be confirmed.
fn queue(n: usize, _: usize) -> String {
    let lists = [
        "",
        "?show=mine",
        "?show=to-confirm",
        "?show=mine&order=received-down",
        "?show=overdue",
        "?show=unassigned",
        "?show=due-soon",
        "?show=mine",
        "?show=new-message",
        "?show=all",
        "?show=all&order=newest&page=3",
        "?show=mine&order=family",
    ];
    format!("/{}", lists[n % lists.len()])
}

/// Two in three are worked on; the others are from any year.
fn case(n: usize, size: usize) -> String {
    let i = if n.is_multiple_of(3) { n.wrapping_mul(7_919) % size } else { size - 1 - n.wrapping_mul(31) % open(size) };
    format!("/cases/{}", reference(i))
}

/// A name, a reference, words that many cases have, words that few have, a phrase.
fn search(n: usize, size: usize) -> String {
    let i = n.wrapping_mul(7_919) % size;
    let typed = match n % 12 {
        0 | 1 => surname(i),
        2 => reference(i).to_string(),
        3 => format!("person-{i}@mail.example"),
        4 => "school".to_owned(),
        5 => format!("{} taxi", surname(i)),
        6 => rare(i),
        7 => "\"nobody has called\"".to_owned(),
        8 => format!("{} assess", place(i)),
        9 => "smith respite".to_owned(),
        10 => rare(i).chars().take(5).collect(),
        _ => "social worker".to_owned(),
    };
    let list = if n % 24 == 5 { "&show=mine" } else { "" };
    format!("/?q={}{list}", url::form_urlencoded::byte_serialize(typed.as_bytes()).collect::<String>())
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::days(20_777) + Duration::hours(9)
}

/// Cases of `size` that are worked on: the newest.
fn open(size: usize) -> usize {
    (size / OPEN_SHARE).max(LEAST_OPEN).min(size)
}

fn reference(i: usize) -> CaseReference {
    CaseReference {
        year: 2000 + i32::try_from(i / 90_000).unwrap_or(0),
        number: u32::try_from(i % 90_000 + 1).unwrap_or(1),
    }
}

/// One family in fifty is called Smith; the other names are shared by one in 3,000.
fn surname(i: usize) -> String {
    if i.is_multiple_of(50) { "Smith".to_owned() } else { name(i % 3_000, "son") }
}

fn place(i: usize) -> String {
    format!("{} House", name(i / 7 % 400, "ford"))
}

/// A word that a handful of cases have.
fn rare(i: usize) -> String {
    name(100_000 + i / 4, "er")
}

/// A name of syllables for each number.
fn name(n: usize, end: &str) -> String {
    const FIRST: [&str; 20] = [
        "ba", "ce", "do", "fi", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "yo",
        "za", "bri",
    ];
    let mut word = String::new();
    let mut rest = n;
    for _ in 0..4 {
        word.push_str(FIRST[rest % FIRST.len()]);
        rest /= FIRST.len();
    }
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase()).unwrap_or_default();
    format!("{first}{}{end}", letters.as_str())
}

const SENTENCES: [&str; 24] = [
    "I am writing about my son and the taxi that should take him to school.",
    "The taxi was promised in September and it has not come for three weeks.",
    "We rang the office four times and nobody has called us back.",
    "The social worker said that the assessment would be done before the summer.",
    "The plan has not been changed since the review, and the review was last year.",
    "Nobody told us that the respite weekend had been cancelled.",
    "My daughter waited at the gate for an hour in the rain.",
    "The escort who knew her has been moved to another route.",
    "I was told that the panel would decide in a fortnight.",
    "The letter had the name of another child in it, and their address.",
    "He has been at home since half term and gets no lessons at all.",
    "We were promised direct payments and have had none.",
    "The foster carers were given two days to pack.",
    "Contact with her brother was stopped without a reason.",
    "I asked for the records in May and have heard nothing.",
    "The worker laughed when I said that I would complain.",
    "The placement is sixty miles away from everyone he knows.",
    "She was moved again, for the third time this year.",
    "The speech therapist left in March and was not replaced.",
    "I want an apology, and I want to know who decided this.",
    "The allowance was cut and no letter came to say why.",
    "The meeting was held without us, although we had asked to come.",
    "The house is cold and the window in his room does not close.",
    "Please tell me what will be done and by when.",
];

fn words(i: usize) -> String {
    let mut text = String::from("Dear Sir or Madam,\n\n");
    let mut seed = i.wrapping_mul(2_654_435_761) % 1_000_003;
    for n in 0..6 + i % 7 {
        seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345) % 2_147_483_648;
        text.push_str(SENTENCES[(seed >> 8) % SENTENCES.len()]);
        text.push_str(if n % 3 == 2 { "\n\n" } else { " " });
    }
    format!(
        "{text}It was at {}, and {} knows of it; so does Ms {}.\n\nYours, Jo {}",
        place(i),
        rare(i),
        name(i % 900 + 5_000, "ley"),
        surname(i)
    )
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
        because: "Nobody has called us back.".into(),
    }
}

async fn run(store: &Store, sql: &str) -> Result<(), sqlx::Error> {
    match store {
        Store::Sqlite { write, .. } => sqlx::raw_sql(AssertSqlSafe(sql)).execute(write).await.map(|_| ()),
        // Without triggers: what they would write is written here, at once.
        Store::Postgres { pool, .. } => {
            let sql = format!("SET session_replication_role = replica; {sql}; SET session_replication_role = origin");
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.map(|_| ())
        }
    }
}

/// Cases that are there already.
async fn written(store: &Store) -> Outcome<usize> {
    let count = "SELECT count(*) FROM case_file";
    let count: i64 = match store {
        Store::Sqlite { read, .. } => sqlx::query_scalar(count).fetch_one(read).await?,
        Store::Postgres { pool, .. } => sqlx::query_scalar(count).fetch_one(pool).await?,
    };
    Ok(usize::try_from(count)?)
}

/// What a database that has served for long has: nothing waiting, and figures for its planner.
async fn settle(store: &Store) -> Result<(), sqlx::Error> {
    match store {
        Store::Sqlite { .. } => run(store, "DELETE FROM case_words_due; ANALYZE").await,
        Store::Postgres { pool, .. } => sqlx::raw_sql("VACUUM ANALYZE").execute(pool).await.map(|_| ()),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Writes the cases `from..to` of `size`: a person, one message or two as they came and as they were read, a letter, what was
/// done, and the words of the search.
async fn fill(store: &Store, officers: &[Uuid], from: usize, to: usize, size: usize) -> Outcome<()> {
    let sqlite = matches!(store, Store::Sqlite { .. });
    let raw = |hex: String| if sqlite { format!("x'{hex}'") } else { format!("'{hex}'") };
    let key = |group: u8, i: usize| {
        Uuid::from_u128(
            0x0100_0000_0000_7000_8000_0000_0000_0000 | u128::from(group) << 40 | (i as u128) << 80 | i as u128,
        )
    };
    let id = |group: u8, i: usize| raw(key(group, i).simple().to_string());
    let yes = |is: bool| if sqlite { u8::from(is).to_string() } else { is.to_string() };
    let suggestion = quoted(&serde_json::to_string(&suggestion())?);
    let mut tables: [(&str, Vec<String>); 12] = [
        ("contact (id, person_id, name, created_at)", vec![]),
        ("contact_address (address, contact_id)", vec![]),
        (
            "representation (id, content_key, message_id, channel, mailbox, received_at, author_name, author_address, \
             subject, visible_text, quoted_text, reading, state, why, stored_at, files_state)",
            vec![],
        ),
        ("suggestion (representation_id, model, body, made_at)", vec![]),
        (
            "case_file (id, reference, status, act, procedure, theme, safeguarding, complainant_id, channel, mailbox, received_at, \
             due_on, due_duty, due_rule, decide_by, officer_id, acknowledgement, version, opened_at, updated_at, told_at, answered_at, next_on, next_what, closed_at)",
            vec![],
        ),
        ("case_participant (case_id, contact_id, role)", vec![]),
        ("case_message (case_id, representation_id, relation, why, added_at)", vec![]),
        ("case_event (case_id, seq, at, officer_id, body)", vec![]),
        ("audit (id, at, officer_id, what, case_id)", vec![]),
        ("case_words (case_id, part, people, subjects, words)", vec![]),
        ("delivery (id, mailbox, uid_validity, uid, arrived_at, raw, state, representation_id, stored_at)", vec![]),
        (
            "outbox (id, dedupe_key, case_id, kind, channel, recipient, message, state, queued_at, run_at, attempts, settled_at, \
             mailbox, domain, message_id)",
            vec![],
        ),
    ];
    let raw_mail = data_encoding::HEXLOWER.encode("Subject: Complaint\r\n\r\nAs it came.\r\n".repeat(40).as_bytes());
    let raw_mail = if sqlite { raw(raw_mail) } else { format!("'\\x{raw_mail}'") };
    let letter = quoted(&serde_json::json!({"text": "We have your complaint. ".repeat(60)}).to_string());
    for i in from..to {
        let is_open = i + open(size) >= size;
        let to_confirm = is_open && i % 8 == 0;
        // Some eighty a day where there are very many, the last one today: bank holidays are known from 2019 on.
        let received = now() - Duration::minutes(i64::try_from(size - i)? * if is_open { 15 } else { 18 });
        let at = quoted(&received.to_rfc3339());
        let later = |hours: i64| quoted(&(received + Duration::hours(hours)).min(now()).to_rfc3339());
        let due = received.date_naive() + Duration::days(28);
        let (case, contact) = (id(3, i), id(1, i));
        let (surname, reference, text) = (surname(i), reference(i).to_string(), words(i));
        let person = Person { name: Some(format!("Jo {surname}")), address: format!("person-{i}@mail.example") };
        let (name, address) = (quoted(&format!("Jo {surname}")), quoted(&person.address));
        let subject = ["Complaint", "Transport", "No answer", "The review", "Respite"][i % 5];
        let officer = officers[i % officers.len()];
        let with = (!is_open || i % 5 != 0).then_some(officer);
        let null = || "NULL".to_owned();
        let with = with.map_or_else(null, |officer| raw(officer.simple().to_string()));
        let nature =
            Nature { act: Act::Complaint, procedure: Procedure::Corporate, theme: Theme::Delay, safeguarding: false };
        let mut events = vec![
            (Event::Opened { nature, received_at: received, why: "it complains".into() }, false),
            (
                Event::MessageAdded {
                    representation: key(2, i),
                    relation: Relation::New,
                    why: "it opened the case".into(),
                },
                false,
            ),
        ];
        if !to_confirm {
            events.push((Event::Confirmed, true));
            events.push((Event::Assigned { officer }, true));
        }
        let messages = 1 + usize::from(i % 10 == 3);
        for n in 0..messages {
            // The second came from the same person, of most after an officer had acted.
            let (message, text) = if n == 0 { (id(2, i), text.clone()) } else { (id(4, i), words(i + 17)) };
            let reading = Reading {
                author: Some(person.clone()),
                subject: subject.into(),
                visible_text: text.clone(),
                ..Reading::default()
            };
            let reading = quoted(&serde_json::to_string(&reading)?);
            tables[2].1.push(format!(
                "{message},'content-{i}-{n}','message-{i}-{n}@mail.example','email','complaints',{at},{name},{address},'{subject}',{},'',{reading},'in-case','w',{at},'done'",
                quoted(&text)
            ));
            tables[10].1.push(format!(
                "{},'complaints',1,{},{at},{raw_mail},'read',{message},{at}",
                id(6 + u8::try_from(n)?, i),
                i * 2 + n + 1
            ));
            let relation = if n == 0 { "new" } else { "same-issue" };
            tables[6].1.push(format!(
                "{case},{message},'{relation}','answers a message of this case',{}",
                later(if n == 0 { 0 } else { 30 })
            ));
        }
        tables[0].1.push(format!("{contact},{contact},{name},{at}"));
        tables[1].1.push(format!("{address},{contact}"));
        tables[3].1.push(format!("{},'bench',{suggestion},{at}", id(2, i)));
        let (status, version) = if to_confirm {
            ("to-confirm", 2)
        } else if is_open {
            ("open", 4)
        } else {
            ("closed", 4)
        };
        let over = |value: String| if is_open { null() } else { value };
        let next = if is_open { quoted(&due.to_string()) } else { null() };
        let what = if is_open { "'Answer'".to_owned() } else { null() };
        tables[4].1.push(format!(
            "{case},'{reference}','{status}','complaint','corporate','delay',{},{contact},'email','complaints',{at},'{due}','LGSCO-S1','Within 20 working days','{due}',{with},'queued',{version},{at},{at},{},{},{next},{what},{}",
            yes(is_open && i % 40 == 0), later(2), over(later(200)), over(later(300))
        ));
        tables[5].1.push(format!("{case},{contact},'complainant'"));
        for (seq, (event, by_officer)) in (1..).zip(&events) {
            let by = if *by_officer { raw(officer.simple().to_string()) } else { null() };
            tables[7].1.push(format!(
                "{case},{seq},{},{by},{}",
                later(if *by_officer { 24 + i64::try_from(i % 9)? } else { 0 }),
                quoted(&serde_json::to_string(event)?)
            ));
        }
        tables[8].1.push(format!(
            "{},{},{},'opened case',{case}",
            id(5, i),
            later(50),
            raw(officer.simple().to_string())
        ));
        tables[11].1.push(format!(
            "{},'acknowledgement:{i}',{case},'acknowledgement','email',{address},{letter},'sent',{at},{at},1,{at},{address},NULL,\
             'ack-{i}@council.example'",
            id(8, i)
        ));
        let people = folded(&format!("{reference} Jo {surname} {}", person.address));
        let more = if messages == 2 { words(i + 17) } else { String::new() };
        tables[9].1.push(format!("{case},0,'{people}','{}','{}'", folded(subject), folded(&format!("{text} {more}"))));
    }
    for i in from..to {
        let CaseReference { year, number } = reference(i);
        if i + 1 == to || reference(i + 1).year != year {
            let sql = format!(
                "INSERT INTO reference_counter (year, last) VALUES ({year}, {number}) ON CONFLICT (year) DO UPDATE SET last = excluded.last"
            );
            run(store, &sql).await?;
        }
    }
    for (table, rows) in &tables {
        for part in rows.chunks(1_000) {
            run(store, &format!("INSERT INTO {table} VALUES ({})", part.join("),("))).await?;
        }
    }
    Ok(())
}
