//! Letters on paper: every letter in every print is accessible by a checker of others, says what the mail says in the same order,
//! and is handed to whoever may deal with the case. On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    council::{Council, mail, now, on_both, said},
    databases::Database,
    outloud,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use heard::{
    casework::Given,
    ids::CaseReference,
    labelling::labels::Theme,
    procedure::event::{Finding, Point, PointOutcome, Points},
    replies::{
        letters::{CouncilFacts, Letter},
        paper,
        render::{Letters, Rendered},
    },
    web::{
        desk::{Desk, DeskAction, DeskError},
        views::Officer,
    },
};
use letterpress::Print;
use sha2::Digest;
use tower::ServiceExt;

on_both! {
    a_letter_is_printed_as_it_was_sent a_letter_is_printed_as_it_was_sent_on_postgres;
    an_answer_can_be_posted_to_whoever_has_no_mail an_answer_can_be_posted_on_postgres;
    what_is_not_theirs_or_not_there_is_not_printed what_is_not_there_is_not_printed_on_postgres;
}

/// Every letter that goes to a family, in every variant, with its label.
fn to_families() -> Vec<(String, Rendered)> {
    let letters = Letters::built_in(CouncilFacts::sample()).unwrap();
    let for_staff = |letter: &Letter| {
        matches!(
            letter,
            Letter::ManagerReceipt(_)
                | Letter::SafeguardingAlert(_)
                | Letter::DesignatedOfficer(_)
                | Letter::ContributionRequest(_)
                | Letter::Digest(_)
        )
    };
    let samples = Letter::samples().into_iter().filter(|(_, letter)| !for_staff(letter));
    let mut rendered: Vec<_> = samples.map(|(label, letter)| (label, letters.render(&letter).unwrap())).collect();
    // A council may have done away with the HTML.
    let texts: Vec<_> = rendered.iter().filter(|(_, letter)| letter.html.is_some()).cloned().collect();
    rendered.extend(
        texts.into_iter().map(|(label, letter)| (format!("{label}, text alone"), Rendered { html: None, ..letter })),
    );
    assert!(rendered.len() > 30, "{}", rendered.len());
    rendered
}

fn printed(letter: &Rendered, print: Print) -> Vec<u8> {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let letter = paper::letter(letter, "Calderbeck Council", "HRD-26-00042-X", day);
    letterpress::typeset(&letter, print).unwrap()
}

/// Writes the letters whose label is `wanted` into `folder`, in `print`.
fn written(folder: &Path, wanted: impl Fn(&str) -> bool, print: Print) -> Vec<(PathBuf, Rendered)> {
    let write = |(label, letter): (String, Rendered)| {
        let file = folder.join(format!("{label}.pdf"));
        std::fs::write(&file, printed(&letter, print)).unwrap();
        (file, letter)
    };
    let files: Vec<_> = to_families().into_iter().filter(|(label, _)| wanted(label)).map(write).collect();
    assert!(!files.is_empty());
    files
}

const ANSWER: &str = "stage1-answer, statutory";

#[test]
fn every_letter_in_normal_print_passes_the_checker_and_says_what_the_mail_says() {
    is_accessible_and_whole(Print::Normal);
}

#[test]
fn every_letter_in_large_print_passes_the_checker_and_says_what_the_mail_says() {
    is_accessible_and_whole(Print::Large);
}

#[test]
fn every_letter_in_the_easy_layout_passes_the_checker_and_says_what_the_mail_says() {
    is_accessible_and_whole(Print::EasyRead);
}

/// So that the tests above can fail: what is no accessible PDF does not pass.
#[test]
fn the_checker_sees_a_pdf_without_tags() {
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = written(folder.path(), |label| label == ANSWER, Print::Normal).remove(0);
    // The same file, whose catalogue names its structure no more.
    let mut bytes = std::fs::read(&file).unwrap();
    let names: Vec<usize> =
        bytes.windows(15).enumerate().filter(|(_, name)| name == b"/StructTreeRoot").map(|(at, _)| at).collect();
    assert!(!names.is_empty());
    names.into_iter().for_each(|at| bytes[at + 1] = b'X');
    std::fs::write(&file, bytes).unwrap();
    let verdict = Command::new("python3")
        .env("PYTHONPATH", outloud::packages())
        .args(["-c", "from outloud.cli import main; main()", "--quiet"])
        .arg(&file)
        .status()
        .unwrap();
    assert!(!verdict.success());
}

fn poppler(program: &str, arguments: &[&str], file: &Path) -> String {
    let output = Command::new(program).args(arguments).arg(file).arg("-").output();
    let output = if program == "pdfinfo" { Command::new(program).args(arguments).arg(file).output() } else { output };
    let output =
        output.expect("poppler-utils is missing (Debian: apt-get install --no-install-recommends poppler-utils)");
    // It prints the titles of headings, which are not looked at, in an encoding of their own.
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a screen reader reads, in its order.
fn read_aloud(file: &Path) -> String {
    let lines = poppler("pdfinfo", &["-struct-text"], file);
    lines.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix('"')).collect()
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The words of the mail are on the paper, in their order.
fn says_what_the_mail_says(files: &[(PathBuf, Rendered)]) {
    for (file, letter) in files {
        let label = file.display();
        let read = bare(&read_aloud(file));
        let head = "CalderbeckCouncilMonday23November2026Ourreference:HRD-26-00042-X";
        let said = read.strip_prefix(head).unwrap_or_else(|| panic!("{label}: {read}"));
        // A letter without a heading begins with its title.
        let title =
            if letter.subject.is_empty() { "About your message to us, HRD-26-00042-X" } else { &letter.subject };
        let said = if letter.html.is_some() {
            said
        } else {
            said.strip_prefix(&bare(title)).unwrap_or_else(|| panic!("{label}: {said}"))
        };
        // What mail shows, by another reader of HTML than ours; a letter that is text alone, as it is.
        let mail = match &letter.html {
            Some(html) => html2text::config::plain_no_decorate()
                .raw_mode(true)
                .link_footnotes(false)
                .string_from_read(html.as_bytes(), 20_000)
                .unwrap(),
            None => letter.text.clone(),
        };
        let mut rest = said;
        for word in mail.split_whitespace() {
            // How the two draw lists and rules is no wording.
            let word = if word == "-" { "" } else { word.trim_matches(['*', '─', '#', '[', ']']) };
            let at = rest.find(word).unwrap_or_else(|| panic!("{label}: {word} is not in the rest: {rest}"));
            // Between two words stands nothing but the place of a link.
            let between = rest.split_at(at).0;
            assert!(between.len() < 90, "{label}: {between} before {word}");
            rest = rest.split_at(at + word.len()).1;
        }
        for page in poppler("pdftotext", &["-layout"], file).split('\u{c}').filter(|page| !page.trim().is_empty()) {
            assert!(bare(page).contains("ReferenceHRD-26-00042-XPage"), "{label}: {page}");
        }
    }
}

fn is_accessible_and_whole(print: Print) {
    let folder = tempfile::tempdir().unwrap();
    let files = written(folder.path(), |_| true, print);
    outloud::passes(folder.path(), &files.iter().map(|(file, _)| file.clone()).collect::<Vec<_>>());
    says_what_the_mail_says(&files);
}

#[test]
fn title_language_and_day_are_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = written(folder.path(), |label| label == ANSWER, Print::Normal).remove(0);
    let told = poppler("pdfinfo", &["-isodates"], &file);
    let line = |name: &str| told.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
    assert_eq!(line("Title:"), "Our answer to your complaint – HRD-26-00042-X", "{told}");
    assert_eq!(
        (line("Tagged:"), line("PDF version:"), line("Author:")),
        ("yes".into(), "1.7".into(), "Calderbeck Council".into())
    );
    assert!(line("CreationDate:").starts_with("2026-11-23T"), "{told}");
    assert!(line("Page size:").contains("A4"), "{told}");
    let bytes = std::fs::read(&file).unwrap();
    let has = |words: &str| bytes.windows(words.len()).any(|part| part == words.as_bytes());
    assert!(has("/Lang (en-GB)") || has("/Lang(en-GB)"));
    assert!(
        has("<pdfuaid:part>1</pdfuaid:part>")
            && has("<pdfaid:part>2</pdfaid:part>")
            && has("<pdfaid:conformance>A</pdfaid:conformance>")
    );
}

const NOOR: &str = "Noor Haddad <noor@mail.example>";

async fn complains(council: &Council) -> CaseReference {
    let raw = mail(NOOR, "noor-1", "School taxi", "", "The taxi to Hollow Bank has not come for three days.");
    council.arrives("complaints", &raw, "2026-11-16T09:00:00Z", &said(Theme::Transport)).await;
    council.reference("Noor").await
}

async fn act(council: &Council, case: CaseReference, action: DeskAction) -> Result<(), DeskError> {
    let version = council.case(case).await.version;
    council.desk.act(case, &council.bell, version, action, now()).await.map(|_| ())
}

/// A finding that says what would be an order to a typesetter.
const ORDERS: &str = "The firm did not come. #eval(\"1\") *x* $x$ @cite \\ <b>";

fn complete() -> DeskAction {
    let finding = Finding {
        outcome: PointOutcome::Upheld,
        reasons: ORDERS.into(),
        evidence: "The firm’s log.".into(),
        remedy: "A taxi comes from Monday on.".into(),
        learning: "A second firm now stands by.".into(),
    };
    let points = vec![Point { text: "The taxi did not come.".into(), finding: Some(finding), ..Point::default() }];
    let (wanted, opening) = ("A taxi.".into(), "I am sorry.".into());
    DeskAction::SetPoints(Box::new(Points { wanted, opening, points, others: false, with_independent: false }))
}

async fn pages(council: &Council, officers: &[&Officer]) -> Router {
    for officer in officers {
        let token: [u8; 32] = sha2::Sha256::digest(officer.email.as_bytes()).into();
        council.desk.open_session(token, officer.id, now()).await.unwrap();
    }
    heard::web::router(council.web(now()))
}

async fn get(pages: &Router, officer: &Officer, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = Request::get(path).header(header::COOKIE, format!("heard={}", officer.email));
    let response = pages.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    (status, headers, to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

/// A page with the slashes that the templates write as entities.
fn shown(page: Vec<u8>) -> String {
    String::from_utf8(page).unwrap().replace("&#x2f;", "/")
}

/// What is read aloud of the PDF under `path`, and what it is called.
async fn read(pages: &Router, officer: &Officer, path: &str) -> (String, String) {
    let (status, headers, bytes) = get(pages, officer, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&bytes));
    assert_eq!(headers[header::CONTENT_TYPE], "application/pdf");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.pdf");
    std::fs::write(&file, bytes).unwrap();
    (read_aloud(&file), headers[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned())
}

mod stories {
    use super::*;

    pub async fn a_letter_is_printed_as_it_was_sent(council: Council) {
        let case = complains(&council).await;
        let pages = pages(&council, &[&council.bell]).await;
        let address = format!("/cases/{case}");
        let page = shown(get(&pages, &council.bell, &address).await.2);
        let letter = council.case(case).await.papers.remove(0);
        let place = format!("{address}/letters/{}.pdf", letter.id);
        for (more, name) in [("", ""), ("?print=large", "-large-print"), ("?print=easy-read", "-easy-read")] {
            assert!(page.contains(&format!("href=\"{place}{more}\"")), "{page}");
            let (words, called) = read(&pages, &council.bell, &format!("{place}{more}")).await;
            assert!(
                words.contains(&format!("Our reference: {case}")) && words.contains("We have received your complaint"),
                "{words}"
            );
            // As it was sent, by a council that has changed its words since: what lies in the outbox is printed.
            assert!(words.contains("Noor Haddad"), "{words}");
            assert_eq!(called, format!("attachment; filename=\"{case}-acknowledgement{name}.pdf\""));
        }
        let printed = council.database.texts("SELECT what FROM audit WHERE what LIKE 'printed%'").await;
        assert_eq!(printed, vec![format!("printed a letter: {}", letter.id); 3]);
        let (_, _, one) = get(&pages, &council.bell, &place).await;
        assert_eq!(get(&pages, &council.bell, &place).await.2, one, "the same letter, the same bytes");
    }

    pub async fn an_answer_can_be_posted_to_whoever_has_no_mail(council: Council) {
        let case = complains(&council).await;
        let pages = pages(&council, &[&council.bell]).await;
        let place = format!("/cases/{case}/answer.pdf");
        act(&council, case, DeskAction::Confirm).await.unwrap();
        let (status, _, page) = get(&pages, &council.bell, &place).await;
        let page = String::from_utf8(page).unwrap();
        assert!(status == StatusCode::FORBIDDEN && page.contains("points of the complaint first"), "{page}");
        act(&council, case, complete()).await.unwrap();
        // Nobody has an address any more: no mail can go, and the letter can be printed all the same.
        council.database.run("DELETE FROM contact_address").await;
        let page = shown(get(&pages, &council.bell, &format!("/cases/{case}/answer")).await.2);
        assert!(
            page.contains("no email address here") && page.contains(&format!("href=\"{place}?print=large\"")),
            "{page}"
        );
        let (words, called) = read(&pages, &council.bell, &format!("{place}?print=large")).await;
        assert!(words.contains("Call us or write to us") && !words.contains("Reply to this email"), "{words}");
        assert!(bare(&words).contains(&bare(ORDERS)), "{words}");
        assert_eq!(called, format!("attachment; filename=\"{case}-answer-large-print.pdf\""));

        // What was posted can be printed again as it was, by somebody else on another day.
        let before = get(&pages, &council.bell, &place).await.2;
        act(&council, case, DeskAction::Answer { given: Given::Otherwise("By post on 20 November".into()) })
            .await
            .unwrap();
        assert!(council.case(case).await.papers.iter().all(|paper| paper.what == "Acknowledgement"));
        let later = super::pages(&council, &[&council.morgan]).await;
        assert_eq!(get(&later, &council.morgan, &place).await.2, before);
        let printed = council.database.texts("SELECT what FROM audit WHERE what LIKE 'printed%'").await;
        assert_eq!(printed, ["printed the answer"; 3]);
    }

    pub async fn what_is_not_theirs_or_not_there_is_not_printed(council: Council) {
        let case = complains(&council).await;
        let words = "The respite money has not been paid since June.";
        let raw = mail("Sami <sami@mail.example>", "sami-1", "Respite", "", words);
        council.arrives("complaints", &raw, "2026-11-17T09:00:00Z", &said(Theme::Finance)).await;
        let other = council.reference("Sami").await;
        let theirs = council.case(other).await.papers.remove(0).id;
        let own = council.case(case).await.papers.remove(0).id;
        // Letters for staff lie in the same outbox, under the same case.
        let pages = pages(&council, &[&council.bell]).await;
        let address = format!("/cases/{case}");
        let nowhere = String::from_utf8(get(&pages, &council.bell, "/cases/HRD-26-09999-X").await.2).unwrap();
        let is_nothing = async |path: String| {
            let (status, _, page) = get(&pages, &council.bell, &path).await;
            assert_eq!((status, String::from_utf8(page).unwrap()), (StatusCode::NOT_FOUND, nowhere.clone()), "{path}");
        };
        for path in [
            format!("{address}/letters/{theirs}.pdf"),
            format!("{address}/letters/{own}"),
            format!("{address}/letters/{own}.pdf?print=huge"),
            format!("{address}/letters/0198b2f4-0000-7000-8000-000000000000.pdf"),
            format!("{address}/letters/x.pdf"),
            format!("/cases/HRD-26-09999-X/letters/{own}.pdf"),
            "/cases/HRD-26-09999-X/answer.pdf".into(),
        ] {
            is_nothing(path).await;
        }
        for (change, listed) in [
            ("UPDATE outbox SET kind = 'receipt'", 0),
            ("UPDATE outbox SET kind = 'alert'", 0),
            ("UPDATE outbox SET kind = 'earlier acknowledgement'", 0),
            ("UPDATE outbox SET kind = 'acknowledgement', ended_how = 'dropped'", 0),
            ("UPDATE outbox SET ended_how = NULL, state = 'failed'", 1),
        ] {
            council.database.run(change).await;
            assert_eq!(council.case(case).await.papers.len(), listed, "{change}");
            if listed == 0 {
                is_nothing(format!("{address}/letters/{own}.pdf")).await;
            } else {
                read(&pages, &council.bell, &format!("{address}/letters/{own}.pdf")).await;
            }
        }
    }
}
