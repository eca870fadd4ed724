//! The page on which a family sees where its case stands: how it is opened, what it shows, what can be done on it, and what nobody
//! else learns. On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres; once in a real browser.

use std::{collections::BTreeSet, time::Duration};

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use heard::{
    casework::{Given, standing},
    ids::CaseReference,
    labelling::labels::{Act, Procedure, Theme},
    languages::Language,
    procedure::event::{Finding, Point, PointOutcome, Points, Step},
    web::{
        desk::{Desk as _, DeskAction},
        joint_views::JointAction,
        paper_views::Printing,
    },
    workers::send_due,
};
use sha2::Digest;

use crate::{
    chromium::{Desk as Browser, browse},
    council::{Council, mail, now, on_both, suggestion},
    databases::Database,
    visitor::{Page, Visitor},
};

on_both! {
    a_link_opens_with_the_code_that_went_to_its_address opens_on_postgres;
    a_stranger_learns_nothing strangers_on_postgres;
    guessing_is_limited_and_says_nothing guessing_on_postgres;
    what_is_sent_from_the_page_is_a_message_of_the_case sent_on_postgres;
    the_language_of_the_page_is_that_of_later_letters later_letters_on_postgres;
    the_page_follows_the_case_to_its_answer follows_on_postgres;
    families_and_parties_see_nothing_of_each_other each_other_on_postgres;
    an_officer_stops_a_link_and_sends_another officers_on_postgres;
    the_page_follows_in_a_browser_and_works_without_scripts browser_on_postgres;
}

const NOOR: &str = "Noor Haddad <noor@mail.example>";
const WORDS: &str = "Nobody has rung me back since May about Sami and his plan.";

async fn complains(council: &Council, from: &str, id: &str, words: &str) -> CaseReference {
    let raw = mail(from, id, "A complaint", "", words);
    let said = suggestion(Act::Complaint, 0.97, 0.02, Procedure::Statutory, Theme::Communication);
    let counts = council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &said).await;
    assert_eq!(counts.cases_opened, 1, "{id}");
    let newest = "SELECT reference FROM case_file ORDER BY reference DESC";
    council.database.texts(newest).await.remove(0).parse().unwrap()
}

async fn act(council: &Council, case: CaseReference, action: DeskAction) {
    let version = council.desk.peek(case, &council.bell, now()).await.unwrap().version;
    council.desk.act(case, &council.bell, version, action, now()).await.unwrap();
}

/// Sends what waits. The letters that went, each as its head and its words; those that went before are gone from the folder.
async fn sent(council: &Council) -> Vec<(String, String)> {
    while send_due(&council.engine).await.unwrap() > 0 {}
    let folder = council.folder.path().join("out");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let files = entries.map(|entry| entry.unwrap().path()).filter(|file| file.extension().is_some_and(|e| e == "eml"));
    let mut letters = Vec::new();
    for file in files.collect::<Vec<_>>() {
        let raw = std::fs::read(&file).unwrap();
        let message = mail_parser::MessageParser::default().parse(&raw).unwrap();
        let to = message.to().unwrap().first().unwrap().address().unwrap().to_owned();
        let html = message.body_html(0).map(|html| html.into_owned()).unwrap_or_default();
        letters.push((to, format!("{}\n{html}", message.body_text(0).unwrap())));
        std::fs::remove_file(file).unwrap();
    }
    letters
}

/// The path of the one link in these letters to `address`.
fn link_in(letters: &[(String, String)], address: &str) -> String {
    let pattern = regex::Regex::new("/track/[a-z2-7]{32}\\b").unwrap();
    let theirs = letters.iter().filter(|(to, _)| to == address).map(|(_, words)| words.as_str());
    let links: BTreeSet<String> =
        theirs.flat_map(|words| pattern.find_iter(words).map(|found| found.as_str().to_owned())).collect();
    assert_eq!(links.len(), 1, "{letters:?}");
    links.into_iter().next().unwrap()
}

/// Waits until it is so.
async fn until(what: &str, so: impl AsyncFn() -> bool) {
    for _ in 0..250 {
        if so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not within five seconds: {what}");
}

/// Letters with a code were queued so often; waits for that.
async fn codes_queued(council: &Council, wanted: i64) {
    let queued = "SELECT count(*) FROM outbox WHERE kind = 'track-code'";
    until(&format!("{wanted} codes are queued"), async || council.database.number(queued).await == wanted).await;
}

/// What runs beside the test.
fn at_work() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

/// Waits until no more runs beside the test than did at first: what was asked for is done, or was refused.
async fn until_all_is_done(at_first: usize) {
    until(&format!("no more than {at_first} are at work"), async || at_work() <= at_first).await;
}

/// The code in the only letter that goes to `address` now.
async fn code(council: &Council, address: &str) -> String {
    // The clock of whoever sends stands still.
    council.database.run("UPDATE outbox SET run_at = (SELECT min(run_at) FROM outbox) WHERE state = 'waiting'").await;
    let letters = sent(council).await;
    let found = regex::Regex::new("Your code is ([0-9]{6})").unwrap();
    let theirs: Vec<_> = letters.iter().filter(|(to, _)| to == address).collect();
    assert_eq!(theirs.len(), 1, "{letters:?}");
    found.captures(&theirs[0].1).unwrap()[1].to_owned()
}

/// Opens `link` for `visitor`, who reads what goes to `address`.
async fn opens(council: &Council, visitor: &mut Visitor, link: &str, address: &str) -> Page {
    let before = council.database.number("SELECT count(*) FROM outbox WHERE kind = 'track-code'").await;
    visitor.post(&format!("{link}/code"), &[]).await;
    codes_queued(council, before + 1).await;
    let code = code(council, address).await;
    let page = visitor.post(&format!("{link}/code"), &[("figures", &code)]).await;
    assert_eq!((page.status, page.place.as_str()), (StatusCode::SEE_OTHER, link));
    visitor.get(link).await
}

fn visitor(council: &Council, when: DateTime<Utc>) -> Visitor {
    Visitor::new(&heard::web::router(council.web(when)))
}

fn later(seconds: i64) -> DateTime<Utc> {
    now() + TimeDelta::seconds(seconds)
}

/// A code that can be one, and is none.
fn no_link() -> String {
    format!("/track/{}", "a2".repeat(16))
}

fn finding(outcome: PointOutcome) -> Points {
    let finding = Finding {
        outcome,
        reasons: "Three calls were not returned in June.".into(),
        evidence: "The list of calls.".into(),
        remedy: "Sam Morgan rings on Monday.".into(),
        learning: "Calls are listed from now on.".into(),
    };
    let point = Point { text: "Calls are not returned.".into(), finding: Some(finding), ..Point::default() };
    Points { opening: "We are sorry.".into(), points: vec![point], ..Points::default() }
}

mod stories {
    use super::*;

    pub async fn a_link_opens_with_the_code_that_went_to_its_address(council: Council) {
        let case = complains(&council, NOOR, "noor-1", WORDS).await;
        // The letter in the database holds a place; the one that goes holds the link, and a second attempt the same.
        let stored = "SELECT CAST(message AS TEXT) FROM outbox WHERE kind = 'acknowledgement'";
        let letter = council.database.texts(stored).await.remove(0);
        assert!(letter.contains("link-of-"), "{letter}");
        let letters = sent(&council).await;
        let link = link_in(&letters, "noor@mail.example");
        assert!(!letters[0].1.contains("link-of-"));
        council.database.run("UPDATE outbox SET state = 'waiting', settled_at = NULL").await;
        assert_eq!(link_in(&sent(&council).await, "noor@mail.example"), link);
        let secret = link.strip_prefix("/track/").unwrap();
        let kept = council.database.texts("SELECT code_hash FROM track_link").await;
        assert_eq!(kept, [data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(secret.as_bytes()))]);
        let everything = council.database.texts("SELECT CAST(message AS TEXT) FROM outbox").await.concat();
        assert!(!everything.contains(secret));
        // On paper it leads to the page that says how to get one.
        let id = council.case(case).await.papers[0].id;
        let paper =
            council.desk.paper(Printing { reference: case, letter: Some(id) }, &council.bell, now()).await.unwrap();
        let printed = format!("{}{}", paper.letter.text, paper.letter.html.unwrap_or_default());
        assert!(!printed.contains("link-of-") && printed.contains("track"), "{printed}");

        // Before the code: the council's name, a button, and nothing else.
        let mut noor = visitor(&council, now());
        let page = noor.get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("Send me a code") && page.body.contains("Calderbeck"), "{}", page.body);
        for secret in [case.to_string().as_str(), "Haddad", "Sami", "noor@"] {
            assert!(!page.body.contains(secret), "{secret}: {}", page.body);
        }
        for more in ["/add", "/contact", "/withdraw", "/next-stage"] {
            let page = noor.get(&format!("{link}{more}")).await;
            assert_eq!((page.status, page.place.as_str()), (StatusCode::SEE_OTHER, link.as_str()), "{more}");
        }
        assert_eq!(noor.get(&format!("{link}/live")).await.status, StatusCode::NOT_FOUND);
        let page = opens(&council, &mut noor, &link, "noor@mail.example").await;
        assert_eq!(page.status, StatusCode::OK);
        let due = council.case(case).await.dues;
        // By the same rule as officers read it.
        let rule = &due.iter().find(|due| due.what.starts_with("Answer")).unwrap().rule[1..];
        let reference = case.to_string();
        for shown in [&reference, "We will answer you by", "That we have your message", "Nobody has rung me back", rule]
        {
            assert!(page.body.contains(shown), "{shown}: {}", page.body);
        }
        // The code is nowhere in the database, and in no list of the case's letters.
        assert!(
            !council.database.texts("SELECT CAST(message AS TEXT) FROM outbox").await.concat().contains("code is 0")
        );
        assert!(council.case(case).await.papers.iter().all(|one| !one.what.contains("code")));
        let looked = "SELECT count(*) FROM audit WHERE what LIKE 'a family opened the page%' AND officer_id IS NULL";
        assert_eq!(council.database.number(looked).await, 1);
        assert_eq!(council.database.number("SELECT count(*) FROM track_link WHERE opened_at IS NOT NULL").await, 1);
        // Half an hour without a page, and it asks again; so it does after signing out.
        let mut late = visitor(&council, later(31 * 60));
        late.cookies = noor.cookies.clone();
        assert!(late.get(&link).await.body.contains("Send me a code"));
        let cookies = noor.cookies.clone();
        let page = noor.post(&format!("{link}/out"), &[]).await;
        assert!(page.body.contains("You have left the page"), "{}", page.body);
        noor.cookies = cookies;
        assert!(noor.get(&link).await.body.contains("Send me a code"), "the session is gone, not only the cookie");
        let page = noor.get("/track").await;
        assert!(page.status == StatusCode::OK && page.body.contains("Open the link in our letter"));
    }

    pub async fn a_stranger_learns_nothing(council: Council) {
        let case = complains(&council, NOOR, "noor-1", WORDS).await;
        let link = link_in(&sent(&council).await, "noor@mail.example");
        let tracker = council.for_families().tracker.unwrap();
        let asks = |link: String| {
            let council = &council;
            async move {
                let mut stranger = visitor(council, now());
                let mut all = Vec::new();
                all.push(stranger.get(&link).await);
                all.push(stranger.get(&format!("{link}/code")).await);
                all.push(stranger.post(&format!("{link}/code"), &[("figures", "000000")]).await);
                all.push(stranger.post(&format!("{link}/code"), &[]).await);
                all.push(stranger.get(&format!("{link}/add")).await);
                all.push(stranger.post(&format!("{link}/withdraw"), &[]).await);
                all.push(stranger.get(&format!("{link}/live")).await);
                let code = link.strip_prefix("/track/").unwrap().to_owned();
                let said = all.into_iter().map(|page| (page.status, page.place, page.body));
                said.map(|(status, place, body)| (status, place.replace(&code, "CODE"), body.replace(&code, "CODE")))
                    .collect::<Vec<_>>()
            }
        };
        let at_first = at_work();
        let good = asks(link.clone()).await;
        codes_queued(&council, 1).await;
        sent(&council).await;
        assert_eq!(asks(no_link()).await, good, "a code that never was");
        // Whom it is about: their own link, if they ever had one, is none.
        council
            .database
            .run("INSERT INTO case_barred (case_id, email, why) SELECT case_id, address, 'subject' FROM track_link")
            .await;
        assert_eq!(asks(link.clone()).await, good, "the subject of the complaint");
        council.database.run("DELETE FROM case_barred").await;
        council.database.run("UPDATE case_participant SET role = 'named'").await;
        assert_eq!(asks(link.clone()).await, good, "somebody who is no party any more");
        council.database.run("UPDATE case_participant SET role = 'complainant'").await;
        council.database.run("UPDATE case_file SET anonymised_at = opened_at").await;
        assert_eq!(asks(link.clone()).await, good, "an anonymised case");
        council.database.run("UPDATE case_file SET anonymised_at = NULL").await;
        let id = tracker.links(case, &council.bell, now()).await.unwrap().links[0].id;
        tracker.stop(case, &council.bell, id, now()).await.unwrap();
        assert_eq!(asks(link.clone()).await, good, "a stopped link");
        // None of them was sent a code, and nothing was written into the case.
        until_all_is_done(at_first).await;
        codes_queued(&council, 1).await;
        assert!(sent(&council).await.is_empty());
        assert_eq!(council.case(case).await.messages.len(), 1);
        // What cannot be a code comes into no address and no cookie.
        let mut stranger = visitor(&council, now());
        for odd in ["/track/x", "/track/%22%3E%3Cscript%3E", "/track/..%2f..", "/track/%FF"] {
            let page = stranger.get(odd).await;
            assert!(page.status == StatusCode::OK && !page.body.contains("<script>"), "{odd}: {}", page.body);
            let address = if odd == "/track/x" { "x" } else { "0" };
            assert!(page.body.contains(&format!("action=\"&#x2f;track&#x2f;{address}/code\"")), "{}", page.body);
        }
    }

    pub async fn guessing_is_limited_and_says_nothing(council: Council) {
        complains(&council, NOOR, "noor-1", WORDS).await;
        let link = link_in(&sent(&council).await, "noor@mail.example");
        let at_first = at_work();
        let mut noor = visitor(&council, now());
        let send = format!("{link}/code");
        noor.post(&send, &[]).await;
        codes_queued(&council, 1).await;
        let right = code(&council, "noor@mail.example").await;
        let wrong = if right == "123456" { "654321" } else { "123456" };
        // A code goes out once a minute.
        noor.post(&send, &[]).await;
        until_all_is_done(at_first).await;
        codes_queued(&council, 1).await;
        // Five tries; then the right one is as wrong as any other.
        let first = noor.post(&send, &[("figures", wrong)]).await;
        assert_eq!(first.status, StatusCode::UNPROCESSABLE_ENTITY);
        for _ in 0..4 {
            noor.post(&send, &[("figures", wrong)]).await;
        }
        let late = noor.post(&send, &[("figures", &right)]).await;
        assert_eq!((late.status, &late.body), (first.status, &first.body));
        // A minute later another code goes out, and that is good once, with spaces in it too.
        let mut again = visitor(&council, later(61));
        again.post(&send, &[]).await;
        codes_queued(&council, 2).await;
        let right = code(&council, "noor@mail.example").await;
        let spaced = format!(" {} {}", &right[..3], &right[3..]);
        assert_eq!(again.post(&send, &[("figures", &spaced)]).await.status, StatusCode::SEE_OTHER);
        assert!(again.get(&link).await.body.contains("Where it is now"));
        let mut other = visitor(&council, later(62));
        assert_eq!(other.post(&send, &[("figures", &right)]).await.body, first.body, "a code is good once");
        // A quarter of an hour later it is over.
        let mut slow = visitor(&council, later(200));
        slow.post(&send, &[]).await;
        codes_queued(&council, 3).await;
        let right = code(&council, "noor@mail.example").await;
        let mut over = visitor(&council, later(200 + 15 * 60));
        assert_eq!(over.post(&send, &[("figures", &right)]).await.body, first.body);
        // One link is tried so often and no more, whether it is one or not.
        for link in [link.clone(), no_link()] {
            let mut guesser = visitor(&council, later(2_000));
            let mut said = Vec::new();
            for _ in 0..11 {
                said.push(guesser.post(&format!("{link}/code"), &[("figures", wrong)]).await.status);
            }
            assert_eq!(said[9], StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(said[10], StatusCode::TOO_MANY_REQUESTS);
        }
        // Nor are links themselves.
        let mut guesser = visitor(&council, later(3_000));
        let mut said = Vec::new();
        for n in 0..31 {
            let page = guesser.get(&format!("/track/{}{}", "b".repeat(30), ["aa", "ab", "ac"][n % 3])).await;
            said.push(page.status);
        }
        assert_eq!((said[29], said[30]), (StatusCode::OK, StatusCode::TOO_MANY_REQUESTS));
    }

    pub async fn the_language_of_the_page_is_that_of_later_letters(council: Council) {
        let council = council.offering(&[Language::English, Language::Polish]);
        let case = complains(&council, NOOR, "noor-1", WORDS).await;
        let letters = sent(&council).await;
        assert!(!letters[0].1.contains("PO ANGIELSKU"), "nobody knows yet: {}", letters[0].1);
        let link = link_in(&letters, "noor@mail.example");
        let mut noor = visitor(&council, now());
        opens(&council, &mut noor, &link, "noor@mail.example").await;
        noor.cookies.insert("heard-reading".into(), "pl.usual".into());
        let add = format!("{link}/add");
        let form = noor.get(&add).await;
        let number = form.between("name=\"form\" value=\"", "\"").to_owned();
        let page = noor.sends(&add, &[("form", &number), ("words", "They rang today.")], &[]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        let contacts = council.case(case).await.contacts;
        assert!(contacts.contains(&("Reads".into(), "Polish, with the English below it".into())), "{contacts:?}");
        // A new link comes in it too, and leads to the page in it.
        let tracker = council.for_families().tracker.unwrap();
        tracker.send_new(case, &council.bell, now()).await.unwrap();
        let letters = sent(&council).await;
        assert!(letters.iter().any(|(_, words)| words.contains("/reading?language=pl&to=/track/")), "{letters:?}");
    }

    pub async fn what_is_sent_from_the_page_is_a_message_of_the_case(council: Council) {
        let case = complains(&council, NOOR, "noor-1", WORDS).await;
        let link = link_in(&sent(&council).await, "noor@mail.example");
        let mut noor = visitor(&council, now());
        opens(&council, &mut noor, &link, "noor@mail.example").await;
        let add = format!("{link}/add");
        let form = noor.get(&add).await;
        let number = form.between("name=\"form\" value=\"", "\"").to_owned();
        let fields = |words| [("form", number.as_str()), ("words", words)];
        // Nothing said, too much said, and files that are none for us: nothing is kept.
        let page = noor.sends(&add, &fields(" \r\n"), &[]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains("There is a problem") && page.body.contains("Write something, or choose a file"));
        let long = "x".repeat(8_001);
        assert!(noor.sends(&add, &fields(&long), &[]).await.body.contains("8,000 characters or fewer"));
        let program: &[u8] = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00";
        let six: Vec<(&str, &[u8])> = (0..6).map(|_| ("a.txt", b"words".as_slice())).collect();
        let large = vec![b'x'; 10_000_001];
        for (files, says) in [
            (vec![("run.exe", program)], "“run.exe” is a kind of file"),
            (vec![("../../run.EXE", b"words".as_slice())], "is a kind of file"),
            (vec![("empty.pdf", b"".as_slice())], "“empty.pdf” is empty"),
            (vec![("large.txt", large.as_slice())], "“large.txt” is larger than 10 MB"),
            (six, "up to 5 files"),
        ] {
            let page = noor.sends(&add, &fields("Here they are."), &files).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
            assert!(page.body.contains(says), "{says}: {}", page.body);
            assert!(page.body.contains("Here they are."), "what was typed stays");
        }
        assert_eq!(council.case(case).await.messages.len(), 1);
        assert_eq!(council.database.number("SELECT count(*) FROM attachment").await, 0);

        // What is good is a message of theirs; sent twice, it is one. What would run in a browser is bytes.
        let words = "He <script>alert(1)</script> is still at home.\r\nThe letter is here.";
        let files: Vec<(&str, &[u8])> = vec![
            ("../../etc/letter.txt", b"Dear Noor"),
            ("page.html", b"<html><script>alert(2)</script></html>"),
            ("a\u{202e}gpj.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(3)'/>"),
        ];
        for _ in 0..2 {
            let page = noor.sends(&add, &fields(words), &files).await;
            assert_eq!((page.status, page.place), (StatusCode::SEE_OTHER, format!("{link}?told=add")), "{}", page.body);
        }
        let page = noor.get(&format!("{link}?told=add")).await;
        assert!(page.body.contains("We have it") && page.body.contains("on our website"), "{}", page.body);
        assert!(page.body.contains("letter.txt") && !page.body.contains("<script>alert"), "{}", page.body);
        let shown = council.case(case).await;
        assert_eq!(shown.messages.len(), 2);
        let message = &shown.messages[1];
        assert!(message.text.contains("still at home") && message.text.contains("The letter is here."));
        assert!(!message.unverified);
        let names = "SELECT filename FROM attachment ORDER BY number";
        assert_eq!(council.database.texts(names).await, ["letter.txt", "page.html", "agpj.svg"]);
        assert_eq!(council.database.number("SELECT count(*) FROM kept_file WHERE scan = 'not-scanned'").await, 3);
        assert_eq!(council.database.number("SELECT count(*) FROM case_file WHERE news").await, 1);
        // It is acknowledged on the screen, and nobody is written to about it.
        assert!(sent(&council).await.is_empty());

        // Danger is raised at once, whatever the classifier is doing.
        let form = noor.get(&add).await;
        let number = form.between("name=\"form\" value=\"", "\"").to_owned();
        let danger = [("form", number.as_str()), ("words", "Her ex hit my son again last night.")];
        assert_eq!(noor.sends(&add, &danger, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(council.database.number("SELECT count(*) FROM case_file WHERE safeguarding").await, 1);
        let page = noor.get(&link).await;
        assert!(!page.body.to_lowercase().contains("safeguarding") && !page.body.contains("at risk"), "{}", page.body);

        // How they want to hear from us, and that they stop: asked for, seen by officers first, decided by them.
        let form = noor.get(&format!("{link}/contact")).await;
        let number = form.between("name=\"form\" value=\"", "\"").to_owned();
        let nothing = noor.sends(&format!("{link}/contact"), &[("form", &number)], &[]).await;
        assert!(nothing.body.contains("Choose or write what you want"), "{}", nothing.body);
        let fields = [("form", number.as_str()), ("print", "large"), ("language", "Urdu"), ("other", "after six")];
        noor.sends(&format!("{link}/contact"), &fields, &[]).await;
        let form = noor.get(&format!("{link}/withdraw")).await;
        let number = form.between("name=\"form\" value=\"", "\"").to_owned();
        noor.sends(&format!("{link}/withdraw"), &[("form", &number), ("words", "It is too much.")], &[]).await;
        let shown = council.case(case).await;
        let texts: Vec<&str> = shown.messages.iter().map(|message| message.text.as_str()).collect();
        let says = |words: &str| texts.iter().any(|text| text.contains(words));
        assert!(says("Letters in large print.\nLanguage: Urdu\nAlso: after six"), "{texts:?}");
        assert!(says("They want to withdraw the complaint"), "{texts:?}");
        assert_ne!(shown.course.state, "withdrawn");
        let page = noor.get(&link).await;
        assert!(page.body.contains("You asked us to stop on Friday 20 November 2026"), "{}", page.body);
        // There is no next stage to ask for yet.
        let page = noor.get(&format!("{link}/next-stage")).await;
        assert_eq!((page.status, page.place), (StatusCode::SEE_OTHER, link.clone()));
        // Whoever sends without end is stopped.
        let mut last = StatusCode::OK;
        for _ in 0..30 {
            last = noor.sends(&add, &[("words", "")], &[]).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    }

    pub async fn the_page_follows_the_case_to_its_answer(council: Council) {
        let case = complains(&council, NOOR, "noor-1", WORDS).await;
        let link = link_in(&sent(&council).await, "noor@mail.example");
        let mut noor = visitor(&council, now());
        opens(&council, &mut noor, &link, "noor@mail.example").await;
        act(&council, case, DeskAction::Confirm).await;
        act(&council, case, DeskAction::Assign { to: council.bell.id }).await;
        // A draft of an answer is nobody's yet.
        act(&council, case, DeskAction::SetPoints(Box::new(finding(PointOutcome::PartlyUpheld)))).await;
        let reason = "We wait for a list of calls.".to_owned();
        act(&council, case, DeskAction::Extend { reason, given: Given::Letter }).await;
        let page = noor.get(&link).await;
        for shown in
            ["It is at stage 1.", "Rowan Bell, complaints officer", "takes longer", "We wait for a list of calls."]
        {
            assert!(page.body.contains(shown), "{shown}: {}", page.body);
        }
        assert!(!page.body.contains("Three calls"), "{}", page.body);
        let added = Step::ActionAdded {
            text: "List every call".into(),
            owner: "Helen Marsh".into(),
            due: "2026-12-01".parse().unwrap(),
        };
        act(&council, case, DeskAction::Step { step: Box::new(added), given: Given::Nobody }).await;
        act(&council, case, DeskAction::Answer { given: Given::Letter }).await;
        sent(&council).await;
        let page = noor.get(&link).await;
        for shown in [
            "You have our answer at stage 1.",
            "upheld in part",
            "Calls are not returned.",
            "Three calls were not returned in June.",
            "The list of calls.",
            "Calls are listed from now on.",
            "List every call",
            "By Tuesday 1 December 2026",
            "you can ask for stage 2 until",
            "Ask for stage 2",
            "Our answer: ",
        ] {
            assert!(page.body.contains(shown), "{shown}: {}", page.body);
        }
        assert!(!page.body.contains("Helen Marsh"), "nobody is named but who deals with it: {}", page.body);
        // Asked for on the page: a message with a clear first line, and no stage begun.
        let ask = format!("{link}/next-stage");
        let form = noor.get(&ask).await;
        let number = form.between("name=\"form\" value=\"", "\"").to_owned();
        noor.sends(&ask, &[("form", &number), ("words", "They rang once.")], &[]).await;
        let shown = council.case(case).await;
        let last = shown.messages.iter().find(|message| message.text.contains("They rang once.")).unwrap();
        assert!(
            last.text.starts_with("They ask for stage 2, on the page where they see how it stands."),
            "{}",
            last.text
        );
        assert_eq!(shown.course.stage, 1);
        assert!(noor.get(&link).await.body.contains("You asked for the next stage on Friday 20 November 2026"));
        // In another language it is said in that.
        noor.get(&format!("/reading?language=pl&to={link}")).await;
        let page = noor.get(&link).await;
        assert!(
            page.body.contains("lang=\"pl\"") && page.body.contains("Masz naszą odpowiedź na etapie 1."),
            "{}",
            page.body
        );
        // The words are those of every other way to ask.
        let mut tx = council.database.store.begin_read().await.unwrap();
        let id = heard::store::cases::by_reference(&mut tx, &case.to_string()).await.unwrap().unwrap();
        let said = standing(&council.engine.office, &mut tx, id, now()).await.unwrap();
        drop(tx);
        noor.get(&format!("/reading?language=en&to={link}")).await;
        let page = noor.get(&link).await;
        for words in said.words(&council.engine.office.catalogues, Language::English) {
            let html = words.replace('\'', "&#x27;").replace('/', "&#x2f;");
            assert!(page.body.contains(&html), "{words}: {}", page.body);
        }
    }

    pub async fn families_and_parties_see_nothing_of_each_other(council: Council) {
        let noors = complains(&council, NOOR, "noor-1", WORDS).await;
        let jos = complains(&council, "Jo Tregar <jo@mail.example>", "jo-1", "Levi has had no bus since Monday.").await;
        let tie = JointAction::Tie { suggestion: None, cases: vec![noors, jos], title: "The S9 minibus".into() };
        council.desk.mend_joint(&council.bell, tie, now()).await.unwrap();
        let letters = sent(&council).await;
        let (noor_link, jo_link) = (link_in(&letters, "noor@mail.example"), link_in(&letters, "jo@mail.example"));
        let mut noor = visitor(&council, now());
        let page = opens(&council, &mut noor, &noor_link, "noor@mail.example").await;
        for secret in [jos.to_string().as_str(), "Tregar", "Levi", "S9", "JNT"] {
            assert!(!page.body.contains(secret), "{secret}: {}", page.body);
        }
        // A session is good for its own link alone.
        let token = noor.cookies.get("heard-track").cloned().unwrap();
        let mut other = visitor(&council, now());
        other.cookies.insert("heard-track".into(), token);
        let page = other.get(&jo_link).await;
        assert!(page.body.contains("Send me a code") && !page.body.contains("Levi"), "{}", page.body);
        assert_eq!(other.get(&format!("{jo_link}/live")).await.status, StatusCode::NOT_FOUND);
        // Another parent who is a party to the same case by an officer's word.
        let reply = "SELECT message ->> 'reply_to' FROM outbox WHERE recipient = 'noor@mail.example'";
        let to = council.database.texts(reply).await.remove(0);
        let raw = mail(
            "Hari <hari@mail.example>",
            "hari-1",
            "Re: your letter",
            "",
            "I am the father, and she knows nothing of it.",
        )
        .replace("To: complaints@calderbeck.example", &format!("To: {to}"));
        let said = suggestion(Act::Complaint, 0.97, 0.02, Procedure::Statutory, Theme::Communication);
        council.arrives("complaints", &raw, "2026-11-20T10:00:00Z", &said).await;
        let waits = council.case(noors).await.messages.into_iter().find(|message| message.unverified).unwrap();
        let page = noor.get(&noor_link).await;
        assert!(!page.body.contains("she knows nothing") && !page.body.contains("hari"), "{}", page.body);
        act(&council, noors, DeskAction::AcceptSender { message: waits.id }).await;
        let page = noor.get(&noor_link).await;
        assert!(page.body.contains("Nobody has rung me back"), "{}", page.body);
        for secret in ["she knows nothing", "Hari", "hari@"] {
            assert!(!page.body.contains(secret), "{secret}: {}", page.body);
        }
    }

    pub async fn an_officer_stops_a_link_and_sends_another(council: Council) {
        let case = complains(&council, NOOR, "noor-1", WORDS).await;
        let old = link_in(&sent(&council).await, "noor@mail.example");
        let mut noor = visitor(&council, now());
        opens(&council, &mut noor, &old, "noor@mail.example").await;
        let mut bell = visitor(&council, now());
        bell.signs_in("rowan.bell@calderbeck.example", "a long enough password").await;
        let path = format!("/cases/{case}/tracker");
        let page = bell.get(&path).await;
        assert!(page.body.contains("noor@mail.example") && page.body.contains("opened last"), "{}", page.body);
        assert!(!page.body.contains(old.strip_prefix("/track/").unwrap()), "no officer sees a link");
        let id = page.between("name=\"link\" value=\"", "\"").to_owned();
        assert_eq!(bell.post(&path, &[("what", "stop"), ("link", &id)]).await.status, StatusCode::SEE_OTHER);
        assert!(noor.get(&old).await.body.contains("Send me a code"), "whoever has it open is signed out");
        assert_eq!(bell.post(&path, &[("what", "send")]).await.status, StatusCode::SEE_OTHER);
        let new = link_in(&sent(&council).await, "noor@mail.example");
        assert_ne!(new, old);
        assert!(opens(&council, &mut noor, &new, "noor@mail.example").await.body.contains("Where it is now"));
        // Sent once more, the one before stops; the audit has it all, and no link.
        assert_eq!(bell.post(&path, &[("what", "send")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(council.database.number("SELECT count(*) FROM track_link WHERE revoked_at IS NULL").await, 1);
        let audit = council.database.texts("SELECT what FROM audit WHERE what LIKE '%link%' ORDER BY at, id").await;
        let said: Vec<&str> = audit.iter().map(|what| what.split(':').next().unwrap()).collect();
        assert_eq!(said, ["stopped a family’s link", "sent a family a new link", "sent a family a new link"]);
        // An address that nothing goes to unseen is sent no code, and a new link waits for an officer.
        sent(&council).await;
        council.database.run("INSERT INTO do_not_reply (mailbox, marked_at) SELECT 'noor@mail.example', made_at FROM track_link WHERE revoked_at IS NULL").await;
        assert_eq!(bell.post(&path, &[("what", "send")]).await.status, StatusCode::SEE_OTHER);
        assert!(sent(&council).await.is_empty());
        assert_eq!(
            council.database.number("SELECT count(*) FROM outbox WHERE kind = 'track-link' AND state = 'held'").await,
            1
        );
        // When the case is anonymised, nothing is left of links.
        let mut tx = council.database.store.begin().await.unwrap();
        let key = heard::store::cases::by_reference(&mut tx, &case.to_string()).await.unwrap().unwrap();
        heard::store::track::gone(&mut tx, key).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(council.database.number("SELECT count(*) FROM track_link").await, 0);
    }

    /// The pages in a browser.
    async fn pages(council: &Council) -> Browser {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let pages =
            heard::web::router(council.web(now())).into_make_service_with_connect_info::<std::net::SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
        browse(address, "Calderbeck Council").await
    }

    pub async fn the_page_follows_in_a_browser_and_works_without_scripts(council: Council) {
        let case = complains(&council, NOOR, "noor-1", WORDS).await;
        let link = link_in(&sent(&council).await, "noor@mail.example");
        let mut browser = pages(&council).await;
        browser.open(&link).await;
        browser.check("track-ask").await;
        browser.press("main form button").await;
        browser.check("track-code").await;
        codes_queued(&council, 1).await;
        let code = code(&council, "noor@mail.example").await;
        browser.fill("#figures", "12").await;
        browser.press("main form button").await;
        assert!(browser.text(".govuk-error-summary").await.contains("That code is not right"));
        browser.check("track-code-wrong").await;
        browser.fill("#figures", &code).await;
        browser.press("main form button").await;
        browser.check("track").await;

        // What an officer does is on the open page within two seconds, it is said aloud, and the keyboard stays where it was.
        let listens = "return performance.getEntriesByType('resource').some((one) => one.name.endsWith('/track.js'))";
        browser.wait(listens, "the page does not listen").await;
        browser.browser.execute("document.getElementById('do-add').focus()", vec![]).await.unwrap();
        act(&council, case, DeskAction::Confirm).await;
        let start = std::time::Instant::now();
        act(&council, case, DeskAction::Assign { to: council.bell.id }).await;
        let changed = "return document.querySelector('#track-who').parentElement.textContent.includes('Rowan Bell')";
        browser.wait(changed, "the page did not follow").await;
        let took = start.elapsed();
        println!("an officer's update was on the open page after {} ms", took.as_millis());
        assert!(took < Duration::from_secs(2), "{took:?}");
        let said =
            "return document.querySelector('[data-track-new]').textContent === 'This page has changed just now.'";
        browser.wait(said, "it is not said aloud").await;
        let at = browser.browser.execute("return document.activeElement.id", vec![]).await.unwrap();
        assert_eq!(at, "do-add");
        browser.check("track-changed").await;

        // Its forms, with what is wrong in them.
        for what in ["add", "contact", "withdraw"] {
            browser.open(&format!("{link}/{what}")).await;
            browser.check(&format!("track-{what}")).await;
        }
        browser.open(&format!("{link}/add")).await;
        browser.press("main form button[type=submit]").await;
        browser.check("track-add-wrong").await;
        browser.fill("#words", "The bus has still not come.").await;
        browser.press("main form button[type=submit]").await;
        assert!(browser.text(".govuk-notification-banner").await.contains("We have what you sent us"));
        browser.check("track-told").await;
        // On a small screen, in large print, and on paper.
        for path in ["", "/add", "/contact", "/code"] {
            browser.fits_a_telephone(&format!("{link}{path}")).await;
        }
        browser.open(&format!("/reading?print=large&to={link}")).await;
        for width in [320, 390] {
            browser.zoomed(width).await;
            for path in ["", "/add", "/contact"] {
                browser.open(&format!("{link}{path}")).await;
                let wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
                assert_eq!(browser.browser.execute(wider, vec![]).await.unwrap(), 0, "{path} at {width}");
            }
        }
        browser.zoomed(0).await;
        browser.open(&link).await;
        browser.check("track-large").await;
        browser.open(&format!("/reading?print=usual&to={link}")).await;
        browser.printed(true).await;
        let printed = browser.text("body").await;
        assert!(printed.contains(&case.to_string()) && printed.contains("We will answer you by"), "{printed}");
        for word in ["Exit this page", "Leave this page", "What you can do"] {
            assert!(!printed.contains(word), "{word} is printed");
        }
        browser.printed(false).await;

        // The same without scripts: every step by links and buttons alone.
        browser.scripts(false).await;
        browser.open(&link).await;
        assert_eq!(browser.count(".js-enabled").await, 0, "no script ran");
        act(&council, case, DeskAction::Extend { reason: "We wait for a list.".into(), given: Given::Letter }).await;
        browser.click("#do-look").await;
        browser.until("#track-changes + ul", "We wait for a list.").await;
        browser.click("#do-contact").await;
        browser.until("h1", "Say how you want to hear from us").await;
        browser.click("#print-2").await;
        browser.click("main form button[type=submit]").await;
        browser.until(".govuk-notification-banner", "We have what you sent us").await;
        browser.click(".heard-track__out button").await;
        browser.until("h1", "You have left the page").await;
        browser.open(&link).await;
        assert_eq!(browser.heading().await, "Check that it is you");
        browser.scripts(true).await;

        // An officer's page about it.
        browser.sign_in("rowan.bell@calderbeck.example", "a long enough password").await;
        browser.open(&format!("/cases/{case}/tracker")).await;
        browser.check("case-tracker").await;
        println!("{} pages without a fault: {}", browser.pages_checked.len(), browser.pages_checked.join(", "));
        browser.browser.clone().close().await.unwrap();
    }
}
