//! A manager is asked for a contribution and gives it by a link that shows what was asked and nothing else of the case. On SQLite
//! and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use std::sync::Arc;

use crate::{
    council::{Council, at, mail, now, on_both, settings, suggestion},
    databases::Database,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use chrono::{DateTime, NaiveDate, Utc};
use heard::{
    casework::{Given, Office},
    desk::{StoreDesk, Wake},
    ids::CaseReference,
    labelling::labels::{Act, Procedure, Theme},
    procedure::event::{Point, Points, Step},
    web::{
        desk::{Desk, DeskAction, DeskError},
        views::QueueFilter,
    },
};
use sha2::Digest;
use tower::ServiceExt;

on_both! {
    a_manager_is_asked_and_answers_by_the_link whole_road_on_postgres;
    whoever_it_is_about_is_not_asked refusals_on_postgres;
    a_link_that_cannot_be_used_says_nothing_but_that links_on_postgres;
}

const NOOR: &str = "Noor Haddad <noor@mail.example>";
const HELEN: &str = "helen.marsh@calderbeck.example";
const WORDS: &str = "Nobody has rung me back since May about Sami and his plan.";
const QUESTION: &str = "When were calls returned?\nWhat did your team do then?";
const ANSWER: &str = "We rang on 3 June <b>twice</b>.\nNobody answered.";

async fn complains(council: &Council) -> CaseReference {
    let raw = mail(NOOR, "noor-1", "Nobody rings", "", WORDS);
    let said = suggestion(Act::Complaint, 0.97, 0.02, Procedure::Corporate, Theme::Communication);
    council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &said).await;
    let case = council.reference("Noor").await;
    act(council, case, DeskAction::Confirm).await.unwrap();
    let points = ["Calls are not returned.", "The plan is late.", "A letter went to the wrong house."];
    let points = points.map(|text| Point { text: text.into(), ..Point::default() }).to_vec();
    act(council, case, DeskAction::SetPoints(Box::new(Points { points, ..Points::default() }))).await.unwrap();
    case
}

async fn act(council: &Council, case: CaseReference, action: DeskAction) -> Result<(), DeskError> {
    let version = council.desk.peek(case, &council.bell, now()).await.unwrap().version;
    council.desk.act(case, &council.bell, version, action, now()).await.map(|_| ())
}

async fn step(council: &Council, case: CaseReference, step: Step) -> Result<(), DeskError> {
    act(council, case, DeskAction::Step { step: Box::new(step), given: Given::Nobody }).await
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn asks(who: &str) -> Step {
    let question = QUESTION.to_owned();
    Step::ContributionAsked {
        from: who.into(),
        name: String::new(),
        question,
        points: vec![1, 3],
        due: day("2026-11-24"),
    }
}

fn withdraws(contribution: u32) -> Step {
    Step::ContributionWithdrawn { contribution, reasons: "It is clear now.".into() }
}

fn refused(answer: Result<(), DeskError>, says: &str) {
    let Err(DeskError::Refused(why)) = answer else { panic!("{answer:?}") };
    assert!(why.contains(says), "{why}");
}

/// The addresses in the letters that ask, the oldest first.
async fn links(council: &Council) -> Vec<String> {
    let sql = "SELECT message ->> 'text' FROM outbox WHERE kind = 'contribution-request' ORDER BY queued_at, id";
    let letters = council.database.texts(sql).await;
    let site = "https://complaints.calderbeck.example";
    let link = |text: &String| text.lines().find_map(|line| line.strip_prefix(site)).map(str::to_owned).unwrap();
    letters.iter().map(link).collect()
}

/// The pages at `when`, for the officer who is signed in, and for everybody.
async fn pages_at(council: &Council, when: DateTime<Utc>) -> Router {
    let token: [u8; 32] = sha2::Sha256::digest(b"a token").into();
    council.desk.end_session(token, when).await.unwrap();
    council.desk.open_session(token, council.bell.id, when).await.unwrap();
    heard::web::router(council.web(when))
}

async fn ask(pages: &Router, path: &str, form: Option<&str>, signed: bool) -> (StatusCode, HeaderMap, String) {
    let request = if form.is_some() { Request::post(path) } else { Request::get(path) };
    let mut request = request
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 4000))));
    if signed {
        request = request.header(header::COOKIE, "heard=a token");
    }
    let body = Body::from(form.unwrap_or_default().to_owned());
    let response = pages.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, headers, String::from_utf8_lossy(&body).into_owned())
}

/// What stands in a browser's form.
fn form(fields: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    form.finish()
}

/// Nothing of the family's, of their message, or of the rest of the case.
fn names_nobody(text: &str) {
    for what in ["Noor", "Haddad", "mail.example", "Sami", "since May", "The plan is late.", "Nobody rings"] {
        assert!(!text.contains(what), "{what}: {text}");
    }
}

mod stories {
    use super::*;

    pub async fn a_manager_is_asked_and_answers_by_the_link(council: Council) {
        let case = complains(&council).await;
        let pages = pages_at(&council, now()).await;
        // The officer fills in the form of the step; the name is found in the staff directory.
        let path = format!("/cases/{case}/steps/contribution-asked");
        let (status, _, page) = ask(&pages, &path, None, true).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("Show them these points") && page.contains("1. Calls are not returned."), "{page}");
        let version = council.case(case).await.version.to_string();
        let filled = form(&[
            ("version", &version),
            ("who", "helen marsh"),
            ("question", QUESTION),
            ("points", "1"),
            ("points", "3"),
            ("due-day", "24"),
            ("due-month", "11"),
            ("due-year", "2026"),
            ("what", "record"),
        ]);
        let (status, headers, page) = ask(&pages, &path, Some(&filled), true).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        assert_eq!(headers[header::LOCATION], format!("/cases/{case}?done=step"));

        // One letter, to her, with the question and the link, and nothing of the family.
        let sql = "SELECT recipient || '|' || (message ->> 'subject') || '|' || (message ->> 'text') FROM outbox WHERE kind = 'contribution-request'";
        let letters = council.database.texts(sql).await;
        assert_eq!(letters.len(), 1);
        let link = links(&council).await.remove(0);
        names_nobody(&letters[0]);
        let token = link.strip_prefix("/contribution/").unwrap();
        assert_eq!(data_encoding::BASE64URL_NOPAD.decode(token.as_bytes()).unwrap().len(), 32);
        let shown = letters[0].replace(token, "TOKEN").replace(&case.to_string(), "HRD-26-00001-X");
        insta::allow_duplicates! { insta::assert_snapshot!("the_letter", shown) };
        // The token is in the letter alone.
        let kept = council.database.texts("SELECT token_hash FROM contribution").await;
        assert_eq!(kept, [data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(token.as_bytes()))]);
        assert_eq!(council.case(case).await.papers.iter().filter(|one| one.what.contains("contribution")).count(), 0);

        // It is a date of the case, and what is next.
        let next = council.database.texts("SELECT next_what FROM case_file").await;
        assert_eq!(next, ["Contribution 1: a manager answers"]);
        let dues = council.case(case).await.dues;
        let due = dues.iter().find(|due| due.what == next[0]).unwrap();
        assert_eq!((due.on, due.done_at), (day("2026-11-24"), None));
        let seen = council.case(case).await.contributions;
        assert_eq!((seen[0].name.as_str(), seen[0].email.as_str(), seen[0].open), ("Helen Marsh", HELEN, true));

        // A point that is changed later is shown as it was when she was asked.
        let mut points = council.case(case).await.answer.points;
        points.points.remove(0);
        act(&council, case, DeskAction::SetPoints(Box::new(points))).await.unwrap();

        // The page: what was asked, and nothing else, with or without a session in the same browser.
        let (status, headers, page) = ask(&pages, &link, None, false).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers["x-robots-tag"], "noindex, nofollow");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(ask(&pages, &link, None, true).await.2, page);
        for what in [
            &case.to_string(),
            "Rowan Bell asks Helen Marsh to answer by <strong>Tuesday 24 November 2026",
            "What did your team do then?",
            "Calls are not returned.",
            "A letter went to the wrong house.",
            "noindex",
        ] {
            assert!(page.contains(what), "{what}: {page}");
        }
        names_nobody(&page);
        assert!(!page.contains("href=\"/\"") && !page.contains("<nav"), "{page}");
        let looked = "SELECT count(*) FROM audit WHERE officer_id IS NULL AND case_id IS NOT NULL AND what LIKE 'a manager opened the link to a contribution: %'";
        assert_eq!(council.database.number(looked).await, 2);

        // What is missing is said beside its field, and what was typed stays.
        let (status, _, page) = ask(&pages, &link, Some(&form(&[("answer", ""), ("own", "yes")])), false).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("There is a problem") && page.contains("Enter your answer"), "{page}");
        let (status, _, page) = ask(&pages, &link, Some(&form(&[("answer", ANSWER)])), false).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("href=\"#own\"") && page.contains("We rang on 3 June &lt;b&gt;twice"), "{page}");
        let long = form(&[("answer", &"x".repeat(8_001)), ("own", "yes")]);
        let (status, _, page) = ask(&pages, &link, Some(&long), false).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("8,000 characters or fewer"), "{page}");
        assert_eq!(council.database.number("SELECT count(*) FROM contribution WHERE answer IS NOT NULL").await, 0);

        // Given, once.
        let later = pages_at(&council, at("2026-11-23T09:00:00Z")).await;
        let given = form(&[("answer", ANSWER), ("own", "yes")]);
        let (status, _, page) = ask(&later, &link, Some(&given), false).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("Thank you") && !page.contains(&case.to_string()) && !page.contains("<form"), "{page}");
        names_nobody(&page);
        assert_eq!(ask(&later, &link, Some(&given), false).await.0, StatusCode::NOT_FOUND);
        assert_eq!(ask(&later, &link, None, false).await.0, StatusCode::NOT_FOUND);

        // It is marked in the queue until an officer has looked or done something.
        assert_eq!(council.families(QueueFilter::NewMessage).await, ["Noor Haddad"]);
        let seen = council.case(case).await;
        let one = &seen.contributions[0];
        assert_eq!((one.answer.as_deref(), one.open), (Some(ANSWER), false));
        assert_eq!(one.answered_at, Some(at("2026-11-23T09:00:00Z")));
        assert!(seen.history.iter().any(|entry| entry.title == "Helen Marsh gave their contribution"));
        assert!(seen.dues.iter().any(|due| due.what == next[0] && due.done_at.is_some()), "{:?}", seen.dues);
        assert_ne!(council.database.texts("SELECT next_what FROM case_file").await, next);
        let (_, _, page) = ask(&later, &format!("/cases/{case}"), None, true).await;
        assert!(page.contains("What Helen Marsh says") && page.contains("We rang on 3 June &lt;b&gt;twice"), "{page}");
        let note = Step::Noted {
            what: heard::procedure::event::Noted::Note,
            on: day("2026-11-23"),
            with: String::new(),
            text: "Read.".into(),
        };
        let version = seen.version;
        let action = DeskAction::Step { step: Box::new(note), given: Given::Nobody };
        let at_ten = at("2026-11-23T10:00:00Z");
        council.desk.act(case, &council.bell, version, action, at_ten).await.unwrap();
        assert!(council.families(QueueFilter::NewMessage).await.is_empty());
        refused(step(&council, case, withdraws(1)).await, "o contribution is waited for");
    }

    pub async fn whoever_it_is_about_is_not_asked(council: Council) {
        let case = complains(&council).await;
        let about = DeskAction::SetSubject { who: "Martin Lesk".into(), is: true };
        act(&council, case, about).await.unwrap();
        let rule = "LGSCO Complaint Handling Code 5.4";
        for who in ["martin.lesk@calderbeck.example", "Martin Lesk", "ruth pellow"] {
            refused(step(&council, case, asks(who)).await, rule);
        }
        // Whose line manager may deal with it may be asked.
        let admitted = DeskAction::AdmitManager {
            email: "ruth.pellow@calderbeck.example".into(),
            reason: "Only she knows.".into(),
        };
        act(&council, case, admitted).await.unwrap();
        step(&council, case, asks("ruth pellow")).await.unwrap();
        refused(step(&council, case, asks("Nobody Atall")).await, "obody called");
        refused(step(&council, case, asks("someone@elsewhere.example")).await, "obody called");
        refused(step(&council, case, asks("complaints@calderbeck.example")).await, "one of ours");
        refused(step(&council, case, asks(" ")).await, "nter their name or their work address");
        // Staff who stand in no directory are asked by their address.
        step(&council, case, asks("New.Starter@calderbeck.example")).await.unwrap();
        let wrong = |question: &str, points: Vec<u32>, due: &str| Step::ContributionAsked {
            from: HELEN.into(),
            name: String::new(),
            question: question.into(),
            points,
            due: day(due),
        };
        refused(step(&council, case, wrong(QUESTION, vec![1], "2026-11-20")).await, "still to come");
        refused(step(&council, case, wrong(QUESTION, vec![1, 4], "2026-11-24")).await, "no point with that number");
        refused(step(&council, case, wrong(" ", vec![1], "2026-11-24")).await, "what you want to know");
        refused(step(&council, case, withdraws(3)).await, "not waited for");
        let asked = "SELECT email FROM contribution ORDER BY number";
        let both = ["ruth.pellow@calderbeck.example", "new.starter@calderbeck.example"];
        assert_eq!(council.database.texts(asked).await, both);

        // Where nothing is sent, nobody can be asked, and nothing is left of it.
        let mut office = Office::open(&settings(council.folder.path(), "calderbeck")).unwrap();
        office.sending = false;
        let wake = Wake { unread: council.engine.unread.clone(), outgoing: council.engine.outgoing.clone() };
        let silent = StoreDesk::new(council.database.store.clone(), Arc::new(office), None, wake);
        let version = council.case(case).await.version;
        let action = DeskAction::Step { step: Box::new(asks(HELEN)), given: Given::Nobody };
        refused(silent.act(case, &council.bell, version, action, now()).await.map(|_| ()), "othing is sent");
        assert_eq!(council.case(case).await.version, version);
        assert_eq!(council.database.texts(asked).await, both);
        // What reached somebody is not taken back.
        assert!(council.case(case).await.undo.is_none_or(|undo| !undo.what.contains("contribution")));
    }

    pub async fn a_link_that_cannot_be_used_says_nothing_but_that(council: Council) {
        let case = complains(&council).await;
        for who in ["Helen Marsh", "Dominic Okafor", "Ruth Pellow", "Amrit Sandhu"] {
            step(&council, case, asks(who)).await.unwrap();
        }
        let links = links(&council).await;
        let [used, withdrawn, about, open] = <[String; 4]>::try_from(links).unwrap();
        let pages = pages_at(&council, now()).await;
        let given = form(&[("answer", ANSWER), ("own", "yes")]);
        for link in [&used, &withdrawn, &about, &open] {
            assert_eq!(ask(&pages, link, None, false).await.0, StatusCode::OK);
        }
        assert_eq!(ask(&pages, &used, Some(&given), false).await.0, StatusCode::OK);
        step(&council, case, withdraws(2)).await.unwrap();
        act(&council, case, DeskAction::SetSubject { who: "Ruth Pellow".into(), is: true }).await.unwrap();
        let wrong = format!("/contribution/{}", data_encoding::BASE64URL_NOPAD.encode(&[7; 32]));
        let (status, headers, nothing) = ask(&pages, &wrong, None, false).await;
        assert_eq!((status, &headers["x-robots-tag"]), (StatusCode::NOT_FOUND, &"noindex, nofollow".parse().unwrap()));
        names_nobody(&nothing);
        let dead = ["/contribution/x", "/contribution/%FF%00", &used, &withdrawn, &about];
        for link in dead {
            for form in [None, Some(given.as_str()), Some("answer=")] {
                let (status, _, page) = ask(&pages, link, form, false).await;
                assert_eq!((status, page == nothing), (StatusCode::NOT_FOUND, true), "{link} {form:?}");
            }
        }
        // The last day is over; and, by a closed case, every link.
        let late = pages_at(&council, at("2027-01-23T00:00:00Z")).await;
        let (status, _, page) = ask(&late, &open, Some(&given), false).await;
        assert_eq!((status, page == nothing.replace("2026", "2027")), (StatusCode::NOT_FOUND, true), "{page}");
        let early = pages_at(&council, at("2027-01-22T23:59:00Z")).await;
        assert_eq!(ask(&early, &open, None, false).await.0, StatusCode::OK);
        let withdraw = Step::Withdrawn { on: day("2026-11-20"), how: "By telephone.".into() };
        let told = Given::Otherwise("By telephone.".into());
        act(&council, case, DeskAction::Step { step: Box::new(withdraw), given: told }).await.unwrap();
        let pages = pages_at(&council, now()).await;
        assert_eq!(ask(&pages, &open, None, false).await.0, StatusCode::NOT_FOUND);
        act(&council, case, DeskAction::Close { reason: "Withdrawn.".into() }).await.unwrap();
        let (status, _, page) = ask(&pages, &open, Some(&given), false).await;
        assert_eq!((status, page == nothing), (StatusCode::NOT_FOUND, true), "{page}");
        assert_eq!(council.database.number("SELECT count(*) FROM contribution WHERE answer IS NOT NULL").await, 1);

        // Guessing is slowed down by address, and keeps nobody from signing in.
        let pages = pages_at(&council, now()).await;
        for _ in 0..30 {
            assert_eq!(ask(&pages, &wrong, None, false).await.0, StatusCode::NOT_FOUND);
        }
        let (status, headers, page) = ask(&pages, &open, None, false).await;
        assert_eq!((status, &headers[header::RETRY_AFTER]), (StatusCode::TOO_MANY_REQUESTS, &"60".parse().unwrap()));
        names_nobody(&page);
        let sign_in = form(&[("email", "rowan.bell@calderbeck.example"), ("password", "a long enough password")]);
        assert_eq!(ask(&pages, "/sign-in", Some(&sign_in), false).await.0, StatusCode::SEE_OTHER);
    }
}
