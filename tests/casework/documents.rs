//! What goes with a letter: the same letter in the print that the family wants, the reports that it promises, and what an officer
//! chose; and the documents that officers add to a case. On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use std::{path::PathBuf, sync::Arc};

use crate::{
    council::{Council, mail, now, on_both, settings, suggestion, upheld},
    databases::Database,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use heard::{
    casework::{Given, Office},
    desk::{StoreDesk, Wake},
    ids::{CaseReference, Uuid},
    labelling::labels::{Act, Procedure, Theme},
    procedure::{
        documents::DocumentKind,
        event::{Appointee, Format, Post, Report, Step, Works},
    },
    web::{
        desk::{Desk, DeskAction, DeskError, LetterAction, NewDocument},
        views::{CaseView, NotDelivered},
    },
    workers::send_due,
};
use sha2::Digest;
use tower::ServiceExt;

on_both! {
    letters_carry_the_print_that_the_family_wants print_on_postgres;
    the_answer_of_stage_2_goes_with_both_reports_or_not_by_mail both_reports_on_postgres;
    what_goes_with_a_letter_is_there_and_clean_or_it_does_not_go held_on_postgres;
    officers_add_and_open_documents_on_the_case_s_page pages_on_postgres;
}

const NOOR: &str = "Noor Haddad <noor@mail.example>";

async fn complains(council: &Council, procedure: Procedure) -> CaseReference {
    let raw = mail(NOOR, "noor-1", "Nobody rings", "", "Nobody has rung me back since May about the plan.");
    let said = suggestion(Act::Complaint, 0.97, 0.02, procedure, Theme::Communication);
    council.arrives("complaints", &raw, "2026-11-16T09:00:00Z", &said).await;
    council.reference("Noor").await
}

async fn act(council: &Council, case: CaseReference, action: DeskAction) -> Result<(), DeskError> {
    let version = council.case(case).await.version;
    council.desk.act(case, &council.bell, version, action, now()).await.map(|_| ())
}

async fn step(council: &Council, case: CaseReference, step: Step, given: Given) -> Result<(), DeskError> {
    act(council, case, DeskAction::Step { step: Box::new(step), given }).await
}

fn refused<T: std::fmt::Debug>(answer: Result<T, DeskError>, says: &str) {
    let Err(DeskError::Refused(why)) = answer else { panic!("{answer:?}") };
    assert!(why.contains(says), "{why}");
}

fn needs(format: Format) -> Step {
    Step::Needs { format, language: String::new(), other: String::new() }
}

fn route() -> Step {
    Step::RouteTold { reasons: "It is about a plan.".into() }
}

async fn adds(council: &Council, case: CaseReference, kind: DocumentKind, name: &str, bytes: Vec<u8>) -> Uuid {
    let document = NewDocument { kind, name: name.into(), file_name: "scan.pdf".into(), bytes: bytes.into() };
    council.desk.add_document(case, &council.bell, document, now()).await.unwrap();
    council.case(case).await.documents.list.last().unwrap().id
}

/// A PDF as far as its first bytes go, with bytes that mail likes to change.
fn pdf(what: &str) -> Vec<u8> {
    [b"%PDF-1.7\n", what.as_bytes(), b"\r\nlast\rline\n.\n\0\xff"].concat()
}

/// Sends what is due; the files of the newest letter of `kind`: name, media type and bytes, as mail-parser reads them.
async fn sent_with(council: &Council, kind: &str) -> Vec<(String, String, Vec<u8>)> {
    while send_due(&council.engine).await.unwrap() > 0 {}
    let all = council.database.texts("SELECT kind || '|' || message_id FROM outbox ORDER BY queued_at, id").await;
    let id = all.iter().rev().find_map(|one| one.strip_prefix(&format!("{kind}|"))).unwrap().to_owned();
    let raw = mails(council).into_iter().find(|raw| {
        let head = String::from_utf8_lossy(raw).to_lowercase();
        head.lines().any(|line| line == format!("message-id: <{id}>"))
    });
    let raw = raw.unwrap_or_else(|| panic!("{kind} was not sent"));
    let message = mail_parser::MessageParser::default().parse(&raw).unwrap();
    assert!(message.body_text(0).is_some() && message.body_html(0).is_some(), "the letter itself is there");
    let files = message.attachments().map(|file| {
        use mail_parser::MimeHeaders;
        let media_type = file.content_type().unwrap();
        let media_type = format!("{}/{}", media_type.ctype(), media_type.subtype().unwrap());
        (file.attachment_name().unwrap().to_owned(), media_type, file.contents().to_vec())
    });
    files.collect()
}

fn mails(council: &Council) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(council.folder.path().join("out")) else { return Vec::new() };
    let files = entries.map(|entry| entry.unwrap().path()).filter(|file| file.extension().is_some_and(|e| e == "eml"));
    files.map(|file| std::fs::read(file).unwrap()).collect()
}

/// Where the bytes of a file lie.
fn kept_at(council: &Council, bytes: &[u8]) -> PathBuf {
    let name = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(bytes));
    council.folder.path().join("files").join(&name[..2]).join(&name[2..4]).join(name)
}

/// The same council with another office.
fn with(mut council: Council, change: impl FnOnce(&mut Office)) -> Council {
    let mut office = Office::open(&settings(council.folder.path(), "calderbeck")).unwrap();
    office.files = Some(council.engine.files.store.clone());
    change(&mut office);
    let office = Arc::new(office);
    let wake = Wake { unread: council.engine.unread.clone(), outgoing: council.engine.outgoing.clone() };
    council.desk = StoreDesk::new(council.database.store.clone(), office.clone(), None, wake)
        .with_files(council.engine.files.clone());
    council.engine.office = office;
    council
}

fn found() -> DeskAction {
    upheld("Nobody rings back.", "Four calls are in the log.", "The log.")
}

const LETTER: DeskAction = DeskAction::Answer { given: Given::Letter };

/// A statutory complaint at stage 2 with an answer that is ready, but for the documents.
async fn at_stage_2(council: &Council) -> CaseReference {
    let case = complains(council, Procedure::Statutory).await;
    act(council, case, DeskAction::Confirm).await.unwrap();
    let on = now().date_naive();
    let because = "Both agree.".to_owned();
    let asked = Step::NextStageAsked { on, how: "By telephone.".into(), because };
    step(council, case, asked, Given::Letter).await.unwrap();
    for (post, name, works) in [
        (Post::InvestigatingOfficer, "Ines Calloway", Works::Council),
        (Post::IndependentPerson, "Tunde Afolabi", Works::Outside),
        (Post::Adjudicator, "Helen Marsh", Works::ChildrensServices),
    ] {
        let outside = works == Works::Outside;
        let email = if outside { String::new() } else { format!("{}@calderbeck.example", name.replace(' ', ".")) };
        let person = Appointee { name: name.into(), email, works, unconnected: outside, reason: String::new() };
        step(council, case, Step::Appointed { post, person }, Given::Nobody).await.unwrap();
    }
    for report in [Report::Investigation, Report::Independent] {
        step(council, case, Step::ReportCame { report, on }, Given::Nobody).await.unwrap();
    }
    act(council, case, found()).await.unwrap();
    case
}

/// The pages, for the officer who is signed in.
async fn pages(council: &Council) -> Router {
    let token: [u8; 32] = sha2::Sha256::digest(b"a token").into();
    council.desk.open_session(token, council.bell.id, now()).await.unwrap();
    heard::web::router(council.web(now()))
}

async fn ask(pages: &Router, request: axum::http::request::Builder, body: Vec<u8>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = request.header(header::COOKIE, "heard=a token").header("sec-fetch-site", "same-origin");
    let response = pages.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    (status, headers, to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

async fn get(pages: &Router, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    ask(pages, Request::get(path), Vec::new()).await
}

/// What a browser sends for the form.
async fn upload(
    pages: &Router,
    case: CaseReference,
    (kind, name): (&str, &str),
    file: Option<(&str, &[u8])>,
) -> (StatusCode, String) {
    let mut body = Vec::new();
    for (field, value) in [("kind", kind), ("name", name)] {
        body.extend_from_slice(
            format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    let (file_name, bytes) = file.unwrap_or(("", b""));
    let head = "Content-Type: application/octet-stream";
    let part =
        format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n{head}\r\n\r\n");
    body.extend_from_slice(part.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let request = Request::post(format!("/cases/{case}/documents"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    let (status, headers, page) = ask(pages, request, body).await;
    let place = headers.get(header::LOCATION).map(|place| place.to_str().unwrap().to_owned()).unwrap_or_default();
    (status, format!("{place}\n{}", String::from_utf8_lossy(&page)))
}

fn with_letters(case: &CaseView) -> Vec<(String, Vec<String>)> {
    let names = |files: &[(String, u64)]| files.iter().map(|(name, _)| name.clone()).collect();
    case.papers.iter().map(|letter| (letter.what.clone(), names(&letter.with))).collect()
}

mod stories {
    use super::*;

    pub async fn letters_carry_the_print_that_the_family_wants(council: Council) {
        let case = complains(&council, Procedure::Statutory).await;
        act(&council, case, DeskAction::Confirm).await.unwrap();
        step(&council, case, needs(Format::LargePrint), Given::Nobody).await.unwrap();
        assert_eq!(council.case(case).await.course.print, Some("large print"));
        step(&council, case, route(), Given::Letter).await.unwrap();
        let files = sent_with(&council, "route-decision").await;
        let name = format!("{case}-route-decision-large-print.pdf");
        assert_eq!(files.len(), 1);
        assert_eq!((files[0].0.as_str(), files[0].1.as_str()), (name.as_str(), "application/pdf"));
        assert!(files[0].2.starts_with(b"%PDF-1.7"));
        // What was sent is kept, and shown on the case.
        assert_eq!(std::fs::read(kept_at(&council, &files[0].2)).unwrap(), files[0].2);
        let shown = with_letters(&council.case(case).await);
        assert!(shown.iter().any(|(_, with)| *with == [name.clone()]), "{shown:?}");

        // More time and the answer go so too; in easy-read layout where that is wanted; and as usual nothing goes with them.
        let longer = DeskAction::Extend { reason: "Leave.".into(), given: Given::Letter };
        act(&council, case, longer).await.unwrap();
        assert_eq!(sent_with(&council, "extension").await[0].0, format!("{case}-extension-large-print.pdf"));
        step(&council, case, needs(Format::EasyRead), Given::Nobody).await.unwrap();
        act(&council, case, found()).await.unwrap();
        act(&council, case, LETTER).await.unwrap();
        assert_eq!(sent_with(&council, "answer").await[0].0, format!("{case}-answer-easy-read.pdf"));
        step(&council, case, needs(Format::Normal), Given::Nobody).await.unwrap();
        act(&council, case, DeskAction::Close { reason: "Done.".into() }).await.unwrap();
        step(&council, case, Step::ClosureTold, Given::Letter).await.unwrap();
        assert!(sent_with(&council, "closure").await.is_empty());

        // An acknowledgement that waited for an officer: by then it is known how they want to be written to.
        let raw = mail("Jo Tregar <jo@mail.example>", "jo-1", "Taxi", "", "The taxi does not come.");
        let said = suggestion(Act::Complaint, 0.6, 0.02, Procedure::Corporate, Theme::Transport);
        council.arrives("manager-fostering", &raw, "2026-11-20T09:00:00Z", &said).await;
        let other = council.reference("Tregar").await;
        step(&council, other, needs(Format::LargePrint), Given::Nobody).await.unwrap();
        act(&council, other, DeskAction::Confirm).await.unwrap();
        assert_eq!(
            sent_with(&council, "acknowledgement").await[0].0,
            format!("{other}-acknowledgement-large-print.pdf")
        );
    }

    pub async fn the_answer_of_stage_2_goes_with_both_reports_or_not_by_mail(council: Council) {
        let case = at_stage_2(&council).await;
        let shown = council.case(case).await.answer;
        assert!(shown.letter.is_none() && shown.lacking.is_empty(), "{:?}", shown.lacking);
        let why = shown.no_letter.unwrap();
        assert!(
            why.contains("he investigation report is not among the documents of the case, and the independent"),
            "{why}"
        );
        refused(act(&council, case, LETTER).await, "SI 2006/1738 regulation 17");

        // Two of one kind are not both; the newest of each goes.
        let investigation = DocumentKind::Report(Report::Investigation);
        adds(&council, case, investigation, "First draft", pdf("draft")).await;
        let report = pdf("investigation");
        let io = adds(&council, case, investigation, "", report.clone()).await;
        refused(act(&council, case, LETTER).await, "The independent person’s report is not among");
        let words = pdf("independent");
        let kind = DocumentKind::Report(Report::Independent);
        let ip = adds(&council, case, kind, "Report of Tunde Afolabi", words.clone()).await;
        let plan =
            adds(&council, case, DocumentKind::Other, "Plan", b"A plan in words, dad\xe2\x80\x99s too.\n".to_vec())
                .await;
        assert_eq!(council.case(case).await.answer.promised, [io, ip]);

        // What is too large for the mail server is refused when it is queued.
        let small = with(council, |office| office.largest_mail = 20_000);
        let big = adds(&small, case, DocumentKind::Other, "Photos", [pdf("x"), vec![b'x'; 20_000]].concat()).await;
        let answer = DeskAction::Answer { given: Given::by_letter(None, vec![big]) };
        refused(act(&small, case, answer).await, "MB, and the mail server takes 0");
        let council = with(small, |_| {});
        refused(
            act(&council, case, DeskAction::Answer { given: Given::by_letter(None, vec![Uuid::nil()]) }).await,
            "not on this case",
        );
        // Nor is the reason lost where the letter is in the officer's own words.
        let shown = council.case(case).await;
        let own = shown.answer.letter.unwrap().text;
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("version", &shown.version.to_string())
            .append_pair("what", "send")
            .append_pair("with", &Uuid::nil().to_string())
            .append_pair("letter_was", &own)
            .append_pair("letter", &format!("{own}\nWith best wishes."))
            .finish();
        let request = Request::post(format!("/cases/{case}/answer"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (status, _, page) = ask(&pages(&council).await, request, form.into_bytes()).await;
        let page = String::from_utf8(page).unwrap();
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("not on this case") && page.contains("With best wishes."), "{page}");
        assert_eq!(council.database.number("SELECT count(*) FROM outbox WHERE kind = 'answer'").await, 0);

        // Chosen twice, or promised already, a document goes once.
        let answer = DeskAction::Answer { given: Given::by_letter(None, vec![plan, io, plan]) };
        act(&council, case, answer).await.unwrap();
        let files = sent_with(&council, "answer").await;
        let names: Vec<_> = files.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["Investigation report.pdf", "Report of Tunde Afolabi.pdf", "Plan.txt"]);
        assert_eq!(files[0].2, report);
        assert_eq!(files[1].2, words);
        assert_eq!(files[2].1, "text/plain");
        let shown = council.case(case).await;
        assert!(shown.papers.iter().any(|letter| letter.with.len() == 3), "{:?}", with_letters(&shown));
        let of_the_reports = shown.papers.iter().flat_map(|letter| &letter.with).map(|(_, bytes)| *bytes).sum::<u64>();
        assert!(of_the_reports > (report.len() + words.len()) as u64);
    }

    pub async fn what_goes_with_a_letter_is_there_and_clean_or_it_does_not_go(mut council: Council) {
        let case = complains(&council, Procedure::Statutory).await;
        act(&council, case, DeskAction::Confirm).await.unwrap();
        while send_due(&council.engine).await.unwrap() > 0 {}
        let leaflet = pdf("leaflet");
        let id = adds(&council, case, DocumentKind::Other, "Leaflet", leaflet.clone()).await;
        step(&council, case, route(), Given::by_letter(None, vec![id])).await.unwrap();
        let known = mails(&council).len();

        // The file is gone: nothing is sent, and an officer sees why.
        let place = kept_at(&council, &leaflet);
        std::fs::remove_file(&place).unwrap();
        while send_due(&council.engine).await.unwrap() > 0 {}
        let held = council.held().await.remove(0);
        assert_eq!((held.how, held.may_drop, held.may_arrive), (NotDelivered::Enclosure, true, false));
        assert!(held.why.contains("“Leaflet.pdf” goes with it, and is not in the files folder"), "{}", held.why);
        assert!(council.undelivered().await.limits.is_empty(), "no limit was reached");
        let said =
            council.desk.mend_letter(held.id, &council.bell, LetterAction::Arrived { why: "x".into() }, now()).await;
        refused(said, "never left");

        // Nor is another file in its place, one that the scanner has not seen, or one in which it found something.
        std::fs::write(&place, b"something else").unwrap();
        let again = |council: &Council| {
            let (desk, bell) = (council.desk.clone(), council.bell.clone());
            async move { desk.mend_letter(held.id, &bell, LetterAction::Send, now()).await.unwrap() }
        };
        again(&council).await;
        while send_due(&council.engine).await.unwrap() > 0 {}
        assert!(council.held().await[0].why.contains("was changed in the files folder"));
        std::fs::write(&place, &leaflet).unwrap();
        let without = council.engine.files.scanner.take();
        council.engine.files.scanner = Some(heard::intake::files::scan::Scanner::at("127.0.0.1:9"));
        again(&council).await;
        while send_due(&council.engine).await.unwrap() > 0 {}
        assert!(council.held().await[0].why.contains("has not looked at it yet"));
        council.engine.files.scanner = without;
        council.database.run("UPDATE kept_file SET scan = 'infected', scan_says = 'Eicar'").await;
        again(&council).await;
        while send_due(&council.engine).await.unwrap() > 0 {}
        assert!(council.held().await[0].why.contains("found something in it"));
        assert_eq!(mails(&council).len(), known, "nothing went out meanwhile");
        // Nothing more is sent with it, and it is not opened.
        let restricted = Step::AuthorityAsked;
        refused(
            step(&council, case, restricted.clone(), Given::by_letter(None, vec![id])).await,
            "has not found it clean",
        );
        let opened = council.desk.document(case, id, &council.bell, now()).await.map(|_| ());
        refused(opened, "found Eicar");

        council.database.run("UPDATE kept_file SET scan = 'clean', scan_says = NULL").await;
        again(&council).await;
        let files = sent_with(&council, "route-decision").await;
        assert_eq!((files[0].0.as_str(), &files[0].2), ("Leaflet.pdf", &leaflet));
        assert!(council.held().await.is_empty());
        assert_eq!(mails(&council).len(), known + 1);
        // What the program made itself needs no scanner's word.
        council.engine.files.scanner = Some(heard::intake::files::scan::Scanner::at("127.0.0.1:9"));
        step(&council, case, needs(Format::LargePrint), Given::Nobody).await.unwrap();
        step(&council, case, restricted, Given::Letter).await.unwrap();
        assert_eq!(sent_with(&council, "authority-request").await.len(), 1);
    }

    pub async fn officers_add_and_open_documents_on_the_case_s_page(council: Council) {
        let case = complains(&council, Procedure::Statutory).await;
        act(&council, case, DeskAction::Confirm).await.unwrap();
        let pages = pages(&council).await;
        let report = pdf("report");
        for (fields, file, says) in [
            (("", ""), None, vec!["Select a file", "Select what it is"]),
            (("other", ""), Some(("a.pdf", &report[..])), vec!["Enter what it is called"]),
            (
                ("other", "A page"),
                Some(("a.pdf", &b"<html><script>"[..])),
                vec!["The file must be a PDF, a Word document"],
            ),
            (("other", "A script"), Some(("a.pdf", &b"#!/bin/sh\nrm"[..])), vec!["it is a script"]),
            (("other", "Nothing"), Some(("a.pdf", &b""[..])), vec!["The file is empty"]),
        ] {
            let (status, page) = upload(&pages, case, fields, file).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{says:?}");
            for words in says {
                assert!(page.contains("There is a problem") && page.matches(words).count() >= 2, "{words}");
            }
        }
        // Larger than a file may be: read to its end and answered in words.
        let large = vec![b'x'; 50_000_001];
        let (status, page) = upload(&pages, case, ("other", "Large"), Some(("a.txt", &large))).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("The file must be smaller than 50 MB"));
        assert_eq!(council.database.number("SELECT count(*) FROM case_document").await, 0);

        let (status, place) =
            upload(&pages, case, ("investigation", ""), Some(("Zo\u{eb} Haddad.docx", &report[..]))).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{place}");
        assert!(place.starts_with(&format!("/cases/{case}?done=documents#documents")));
        let (_, _, page) = get(&pages, &format!("/cases/{case}?done=documents")).await;
        let page = String::from_utf8(page).unwrap();
        let link = page.split("/documents/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(page.contains("Investigation report.pdf") && page.contains("added ") && page.contains("by Rowan Bell"));
        let (status, headers, bytes) = get(&pages, &format!("/cases/{case}/documents/{link}")).await;
        assert_eq!((status, bytes), (StatusCode::OK, report));
        assert_eq!(headers[header::CONTENT_TYPE], "application/pdf");
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; sandbox");
        let disposition = headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(disposition.starts_with("attachment; filename=\"Investigation report.pdf\""), "{disposition}");
        // Under another case, or another key, there is none.
        let other = mail("Jo Tregar <jo@mail.example>", "jo-1", "Taxi", "", "The taxi does not come.");
        let said = suggestion(Act::Complaint, 0.97, 0.02, Procedure::Corporate, Theme::Transport);
        council.arrives("complaints", &other, "2026-11-20T09:00:00Z", &said).await;
        let other = council.reference("Tregar").await;
        for path in [format!("/cases/{other}/documents/{link}"), format!("/cases/{case}/documents/{}", Uuid::nil())] {
            assert_eq!(get(&pages, &path).await.0, StatusCode::NOT_FOUND, "{path}");
        }
        // Both are written down, by key and not by name.
        let audit =
            council.database.texts("SELECT what FROM audit WHERE what LIKE '%a document%' ORDER BY at, id").await;
        assert_eq!(audit, [format!("added a document: {link}"), format!("opened a document: {link}")]);

        // It can be chosen beside a letter, whose page says what goes with it.
        step(&council, case, needs(Format::LargePrint), Given::Nobody).await.unwrap();
        let version = council.case(case).await.version;
        let form =
            |what: &str| format!("version={version}&reasons=It+is+about+a+plan.&what={what}&with={link}").into_bytes();
        let request = || {
            Request::post(format!("/cases/{case}/steps/route-told"))
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        };
        let (_, _, page) = ask(&pages, request(), form("look")).await;
        let page = String::from_utf8(page).unwrap();
        assert!(page.contains("A PDF in large print goes with it."), "{page}");
        let tick = page.split("name=\"with\"").nth(1).unwrap().split('>').next().unwrap();
        assert!(tick.contains(&link) && tick.contains("checked"), "{tick}");
        let (status, ..) = ask(&pages, request(), form("send")).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert_eq!(sent_with(&council, "route-decision").await.len(), 2);
        let (_, _, page) = get(&pages, &format!("/cases/{case}")).await;
        let page = String::from_utf8(page).unwrap();
        let letters = page.split("Letters to print").nth(1).unwrap();
        assert!(letters.contains("With it:") && letters.contains("Investigation report.pdf</span> ("), "{letters}");
    }
}
