//! The file of a case as one download: what is in it, in which order, without the names that are to be blacked out; and who gets it.
//! On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use std::{
    io::{Cursor, Read},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    council::{Council, mail, now, on_both, said, upheld},
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
    procedure::{
        documents::DocumentKind,
        event::{Group, Member, Noted, Step},
    },
    web::{
        desk::{Desk, DeskAction, NewDocument},
        views::Officer,
    },
    workers::{keep_all, send_due},
};
use sha2::Digest;
use tower::ServiceExt;

on_both! {
    the_file_of_a_case_is_one_download_without_the_names one_download_on_postgres;
    what_is_wrong_with_the_form_is_said_and_nothing_is_made nothing_is_made_on_postgres;
    whoever_is_kept_out_finds_nothing kept_out_on_postgres;
    somebodys_own_data_is_one_download_over_all_their_cases own_data_on_postgres;
}

const NOOR: &str = "Noor Haddad <noor@mail.example>";
const WORDS: &str = "Nobody has rung me back.\r\n\r\nSAMI\r\nTREGAR was told, and sami.tregar@mail.example too. Ms Pellow knows. \
     Tregarth is a place.";

/// A message with two files: one that names somebody, one that does not.
fn with_files() -> String {
    let file = |name: &str, words: &str| {
        format!(
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{words}\r\n"
        )
    };
    format!(
        "From: {NOOR}\r\nTo: complaints@calderbeck.example\r\nMessage-ID: <noor-1@mail.example>\r\n\
         Date: Fri, 20 Nov 2026 08:00:00 +0000\r\nSubject: Nobody rings\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{WORDS}\r\n{}{}--b--\r\n",
        file("Letter to Sami Tregar.txt", "It was Sámi  Tregar who rang."),
        file("diary.txt", "On Monday nobody rang."),
    )
}

async fn act(council: &Council, case: CaseReference, action: DeskAction) {
    let version = council.case(case).await.version;
    council.desk.act(case, &council.bell, version, action, now()).await.unwrap();
}

async fn writes_down(council: &Council, case: CaseReference, what: Noted, with: &str, text: &str) {
    let step = Step::Noted { what, on: now().date_naive(), with: with.into(), text: text.into() };
    act(council, case, DeskAction::Step { step: Box::new(step), given: Given::Nobody }).await;
}

async fn adds(council: &Council, case: CaseReference, name: &str, words: &'static str) {
    let (kind, file_name) = (DocumentKind::Other, "plan.txt".to_owned());
    let document = NewDocument { kind, name: name.into(), file_name, bytes: words.into() };
    council.desk.add_document(case, &council.bell, document, now()).await.unwrap();
}

/// A case with something of everything.
async fn whole(council: &Council) -> CaseReference {
    council.arrives("complaints", &with_files(), "2026-11-16T09:00:00Z", &said(Theme::Communication)).await;
    let case = council.reference("Noor").await;
    while send_due(&council.engine).await.unwrap() > 0 {}
    act(council, case, DeskAction::Confirm).await;
    let member = Member { name: Some("Sami Tregar".into()), address: Some("s1987@mail.example".into()), contact: None };
    let group = Group { name: "Both of us".into(), members: vec![member] };
    act(council, case, DeskAction::SetGroup(Some(group))).await;
    writes_down(council, case, Noted::Call, "Sami Tregar", "They rang s1987@mail.example.").await;
    writes_down(council, case, Noted::Note, "", "A secret of the office.").await;
    adds(council, case, "Plan", "A plan without anybody.").await;
    adds(council, case, "Harmful", "Harmful words.").await;
    act(council, case, upheld("Nobody rings back.", "Sami Tregar was not rung. Rowan Bell says so.", "The log.")).await;
    keep_all(&council.engine).await.unwrap();
    council.database.run("UPDATE kept_file SET scan = 'infected', scan_says = 'Eicar' WHERE sha256 = (SELECT sha256 FROM case_document WHERE name = 'Harmful.txt')").await;
    case
}

async fn pages(council: &Council, officers: &[&Officer]) -> Router {
    for officer in officers {
        let token: [u8; 32] = sha2::Sha256::digest(officer.email.as_bytes()).into();
        council.desk.open_session(token, officer.id, now()).await.unwrap();
    }
    heard::web::router(council.web(now()))
}

async fn ask(pages: &Router, officer: &Officer, path: &str, form: Option<&str>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = if form.is_some() { Request::post(path) } else { Request::get(path) };
    let request = request
        .header(header::COOKIE, format!("heard={}", officer.email))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT_ENCODING, "gzip")
        .header("sec-fetch-site", "same-origin");
    let request = request.body(Body::from(form.unwrap_or_default().to_owned())).unwrap();
    let response = pages.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    (status, headers, to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

async fn page(pages: &Router, officer: &Officer, path: &str, form: Option<&str>) -> String {
    let (_, headers, body) = ask(pages, officer, path, form).await;
    assert!(headers.get(header::CONTENT_ENCODING).is_none(), "not compressed: it repeats what was typed");
    String::from_utf8(body).unwrap().replace("&#x2f;", "/")
}

/// The form as the page has it: what is ticked, and the names.
fn filled(page: &str) -> Vec<(String, String)> {
    let value = |tag: &str, of: &str| {
        tag.split(&format!("{of}=\"")).nth(1).map(|rest| rest.split('"').next().unwrap().to_owned())
    };
    let ticks = page.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap());
    let mut fields: Vec<_> = ticks
        .filter(|tag| tag.contains("type=\"checkbox\"") && tag.contains(" checked"))
        .map(|tag| (value(tag, "name").unwrap(), value(tag, "value").unwrap()))
        .collect();
    let names = page.split("<textarea").nth(1).unwrap().split_once('>').unwrap().1.split("</textarea>").next().unwrap();
    fields.push(("names".into(), names.trim().to_owned()));
    fields
}

fn form(fields: &[(String, String)], more: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    form.extend_pairs(more);
    form.finish()
}

/// The key of what is called so on the page.
fn key_of(page: &str, title: &str) -> String {
    let before = page.split(title).next().unwrap();
    before.rsplit("name=\"item\" value=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

/// The entries of a bundle, in order; of each PDF its words, of others what is in them.
fn opened(bytes: Vec<u8>, folder: &Path) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut entries = Vec::new();
    for number in 0..zip.len() {
        let mut entry = zip.by_index(number).unwrap();
        let (name, mut bytes) = (entry.name().unwrap().into_owned(), Vec::new());
        entry.read_to_end(&mut bytes).unwrap();
        let words = if name.ends_with(".pdf") {
            let file = folder.join(name.replace('/', "-"));
            std::fs::write(&file, &bytes).unwrap();
            poppler("pdftotext", &file)
        } else {
            String::from_utf8(bytes).unwrap()
        };
        entries.push((name, words.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    entries
}

fn poppler(program: &str, file: &Path) -> String {
    let mut command = Command::new(program);
    command.arg(file);
    if program == "pdftotext" {
        command.arg("-");
    }
    let output = command
        .output()
        .expect("poppler-utils is missing (Debian: apt-get install --no-install-recommends poppler-utils)");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

mod stories {
    use super::*;

    pub async fn the_file_of_a_case_is_one_download_without_the_names(council: Council) {
        let case = whole(&council).await;
        let (pages, bell) = (pages(&council, &[&council.bell]).await, &council.bell);
        let place = format!("/cases/{case}/bundle");
        let link = page_of_case(&pages, bell, case).await;
        assert!(link.contains(&format!("href=\"{place}\"")), "the case's page leads there");

        let shown = page(&pages, bell, &place, None).await;
        let mut fields = filled(&shown);
        assert_eq!(fields.last().unwrap().1, "Sami Tregar\ns1987@mail.example", "not the complainant, not staff");
        let text = words_of(&shown).replace(&case.to_string(), "REFERENCE");
        insta::allow_duplicates! { insta::assert_snapshot!("bundle_page", text) };
        let note = key_of(&shown, "A note for whoever works on it");
        assert!(
            note.starts_with("note-") && !fields.iter().any(|(_, value)| *value == note),
            "an internal note is not ticked"
        );
        assert!(!shown.contains("secret of the office"));

        // As it is proposed.
        let folder = tempfile::tempdir().unwrap();
        let (status, headers, bytes) =
            ask(&pages, bell, &place, Some(&form(&fields, &[("purpose", "panel"), ("what", "make")]))).await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(headers[header::CONTENT_TYPE], "application/zip");
        assert_eq!(headers[header::CONTENT_LENGTH], bytes.len().to_string().as_str());
        assert!(headers.get(header::CONTENT_ENCODING).is_none());
        let called = headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(called.starts_with(&format!("attachment; filename=\"{case}-bundle.zip\"")), "{called}");
        let entries = opened(bytes, folder.path());
        let names: Vec<_> = entries.iter().map(|(name, _)| name.as_str()).collect();
        let expected = [
            "00 Index.pdf",
            "01 Chronology.pdf",
            "02 Message of Monday 16 November 2026.pdf",
            "03 Letter, Acknowledgement.pdf",
            "04 diary.txt",
            "05 Plan.txt",
            "06 A telephone call, Friday 20 November 2026.pdf",
            "07 Points of complaint and findings.pdf",
        ];
        let without_days = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| name.split("Acknowledgement").next().unwrap().to_owned()).collect()
        };
        assert_eq!(without_days(&names), without_days(&expected));
        for (name, words) in &entries {
            let folded = words.to_lowercase();
            assert!(
                !folded.contains("tregar ") && !folded.contains("sami") && !folded.contains("s1987"),
                "{name}: {words}"
            );
            assert!(!words.contains("secret of the office"), "{name}");
        }
        let said = |number: usize| entries[number].1.as_str();
        assert!(
            said(1).contains("A telephone call, Friday 20 November 2026.")
                && said(1).contains("Confirmed as a complaint")
        );
        assert!(
            said(2).contains("[name removed] was told, and [name removed] too. Ms Pellow knows. Tregarth is a place."),
            "{}",
            said(2)
        );
        assert!(said(2).contains("From: Noor Haddad, noor@mail.example"), "the complainant is named: {}", said(2));
        assert!(said(3).contains("We have received your complaint") && said(3).contains("Noor Haddad"));
        assert_eq!(said(4), "On Monday nobody rang.");
        assert!(
            said(6).contains("With: [name removed]") && said(6).contains("They rang [name removed]."),
            "{}",
            said(6)
        );
        assert!(said(7).contains("Found: Upheld") && said(7).contains("Rowan Bell says so"), "{}", said(7));
        let index = said(0).replace(&case.to_string(), "REFERENCE");
        insta::allow_duplicates! { insta::assert_snapshot!("bundle_index", index) };

        // The index and a text are accessible, and say what they are.
        let files: Vec<PathBuf> = [names[0], names[2]].iter().map(|name| folder.path().join(name)).collect();
        outloud::passes(folder.path(), &files);
        let told = poppler("pdfinfo", &files[0]);
        assert!(
            told.contains(&format!("The file of the case – {case}")) && told.contains("Tagged:          yes"),
            "{told}"
        );

        // A file that holds a name goes only if it is put in all the same; staff are blacked out too, where that is wanted.
        let letter = key_of(&shown, "Letter to Sami Tregar.txt");
        fields.retain(|(name, value)| {
            name == "names" || *value == letter || *value == "findings" || value.starts_with("message")
        });
        let more = [("purpose", "own-data"), ("what", "make"), ("same", &letter), ("staff", "yes")];
        let (_, _, bytes) = ask(&pages, bell, &place, Some(&form(&fields, &more))).await;
        let entries = opened(bytes, folder.path());
        let names: Vec<_> = entries.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[2], "02 Letter to [name removed].txt");
        assert_eq!(entries[2].1, "It was Sámi Tregar who rang.", "as it came");
        assert!(entries[0].1.contains("It holds a name that is to be blacked out by hand."), "{}", entries[0].1);
        assert!(entries[0].1.contains("by an officer of Calderbeck Council") && !entries[0].1.contains("Rowan Bell"));
        assert!(entries[1].1.contains("too. [name removed] knows."), "{}", entries[1].1);
        assert!(entries[3].1.contains("was not rung. [name removed] says so."), "{}", entries[3].1);

        // Written down by numbers, and counted among the looks.
        let audit =
            council.database.texts("SELECT what FROM audit WHERE what LIKE 'made a bundle%' ORDER BY at, id").await;
        let made = "made a bundle of the case: ";
        assert_eq!(
            audit,
            [format!("{made}7 items, 2 names blacked out"), format!("{made}3 items, 3 names blacked out")]
        );
    }

    pub async fn what_is_wrong_with_the_form_is_said_and_nothing_is_made(council: Council) {
        let case = whole(&council).await;
        let (pages, bell) = (pages(&council, &[&council.bell]).await, &council.bell);
        let place = format!("/cases/{case}/bundle");
        let (status, _, body) = ask(&pages, bell, &place, Some("what=make&names=Jo")).await;
        let body = String::from_utf8(body).unwrap();
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        for words in ["There is a problem", "Select what the bundle is for", "Select what goes into the bundle"] {
            assert!(body.contains(words), "{words}");
        }
        assert!(body.contains(">Jo</textarea>"), "what was typed stays");

        // Other names than those proposed: the files are looked through for them.
        let shown = page(&pages, bell, &place, Some("what=look&names=Monday&item=chronology")).await;
        assert!(
            shown.contains("Nothing was made yet") && shown.matches("Put it in all the same").count() == 1,
            "{shown}"
        );
        let diary = key_of(&shown, "diary.txt");
        let (_, _, body) =
            ask(&pages, bell, &place, Some(&format!("what=make&purpose=panel&names=Monday&item={diary}"))).await;
        assert!(String::from_utf8(body).unwrap().contains("Each file that is chosen holds a name"));

        // Too much, and a file that is not there.
        council.database.run("UPDATE attachment SET size = 500000001 WHERE filename = 'diary.txt'").await;
        let wanted = format!("what=make&purpose=panel&item={diary}");
        let (status, _, body) = ask(&pages, bell, &place, Some(&wanted)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(String::from_utf8(body).unwrap().contains("larger than 500 MB together"));
        council.database.run("UPDATE attachment SET size = 22 WHERE filename = 'diary.txt'").await;
        std::fs::remove_dir_all(council.folder.path().join("files")).unwrap();
        let (status, _, body) = ask(&pages, bell, &place, Some(&wanted)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(String::from_utf8(body).unwrap().contains("is not in the files folder any more"));
        // What cannot go in is not taken, whatever the form says.
        let (_, _, body) = ask(&pages, bell, &place, Some("what=make&purpose=panel&item=&item=file-x")).await;
        assert!(String::from_utf8(body).unwrap().contains("Select what goes into the bundle"));
        assert_eq!(council.database.number("SELECT count(*) FROM audit WHERE what LIKE 'made a bundle%'").await, 0);
    }

    pub async fn somebodys_own_data_is_one_download_over_all_their_cases(council: Council) {
        let case = whole(&council).await;
        let arrives = async |from: &str, id: &str, theme: Theme, words: &str| {
            let raw = mail(from, id, "A complaint", "", words);
            council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(theme)).await;
            let all = council.database.texts("SELECT reference FROM case_file ORDER BY reference DESC").await;
            all[0].clone()
        };
        let second = arrives(NOOR, "noor-7", Theme::Finance, "The allowance for October was never paid to me.").await;
        let about_morgan =
            arrives(NOOR, "noor-8", Theme::StaffConduct, "I complain about Sam Morgan, who laughed at us.").await;
        let others =
            arrives("Lena Voss <lena@mail.example>", "lena-1", Theme::Transport, "The bus of route 9 is late.").await;
        assert_eq!([&second, &about_morgan, &others].iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
        let (pages, morgan) = (pages(&council, &[&council.morgan, &council.bell]).await, &council.morgan);
        let who = "/own-data?who=noor%40mail.example";
        assert_eq!(ask(&pages, &council.bell, who, None).await.0, StatusCode::FORBIDDEN, "for complaints managers");

        let shown = page(&pages, morgan, who, None).await;
        assert!(shown.contains("Monday 21 December 2026"), "a month ends on a Sunday: {shown}");
        assert!(shown.contains(&case.to_string()) && shown.contains(&second), "{shown}");
        for hidden in [&about_morgan, &others] {
            assert!(!shown.contains(hidden.as_str()), "{hidden}: {shown}");
        }
        let text = words_of(&shown).replace(&case.to_string(), "FIRST").replace(&second, "SECOND");
        insta::allow_duplicates! { insta::assert_snapshot!("own_data_page", text) };
        let by_case = page(&pages, morgan, &format!("/own-data?case={second}"), None).await;
        assert!(by_case.contains(&case.to_string()), "{by_case}");
        // Whoever is unknown and whom somebody else must answer for are answered alike.
        let unknown = words_of(&page(&pages, morgan, "/own-data?who=nobody%40mail.example", None).await);
        let kept_out = words_of(&page(&pages, morgan, &format!("/own-data?case={about_morgan}"), None).await);
        assert!(unknown.contains("Nothing is held under this address"), "{unknown}");
        assert_eq!(unknown.replace("nobody@mail.example", ""), kept_out.replace(&about_morgan, ""));

        let mut fields = filled(&shown);
        assert_eq!(fields.last().unwrap().1, "Sami Tregar\ns1987@mail.example");
        fields.push(("who".into(), "noor@mail.example".into()));
        // Typed in by hand, what is not theirs or not for this manager's eyes is not in it all the same.
        for hidden in [&about_morgan, &others] {
            fields.push(("include".into(), hidden.clone()));
        }
        let made = form(&fields, &[("day", "20"), ("month", "11"), ("year", "2026")]);
        let (status, headers, bytes) = ask(&pages, morgan, "/own-data", Some(&made)).await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&bytes));
        assert!(headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("own-data.zip"));
        let entries = opened(bytes, council.folder.path());
        let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
        let index = &entries[0].1;
        for said in [
            "Your own data",
            "Monday 21 December 2026",
            "noor@mail.example",
            "Who has looked at it",
            "Complaints manager",
            "It is at stage 1.",
            second.as_str(),
        ] {
            assert!(index.contains(said), "{said}: {index}");
        }
        assert!(
            names[1..]
                .iter()
                .all(|name| name.starts_with(&format!("{case}/")) || name.starts_with(&format!("{second}/"))),
            "{names:?}"
        );
        let holds =
            |what: &str| entries.iter().filter(|(name, words)| name.contains(what) || words.contains(what)).count();
        assert!(
            holds("Nobody has rung me back") > 0 && holds("diary.txt") > 0 && holds("The allowance for October") > 0,
            "{names:?}"
        );
        assert!(holds("Letter, acknowledgement") > 0 || holds("Letter") > 0, "{names:?}");
        for hidden in [
            "Sami",
            "TREGAR",
            "s1987",
            "A secret of the office",
            "laughed",
            "Voss",
            "A plan without anybody",
            &about_morgan,
            &others,
        ] {
            assert_eq!(holds(hidden), 0, "{hidden}: {names:?}");
        }
        let audit = "SELECT what FROM audit WHERE what LIKE 'made a download%' ORDER BY what";
        assert_eq!(council.database.texts(audit).await.len(), 2);
        // Every field that is wrong is named, and nothing is made.
        let (status, _, body) = ask(&pages, morgan, "/own-data", Some("who=noor%40mail.example")).await;
        let body = String::from_utf8(body).unwrap();
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("Select at least one case") && body.contains("Enter the day on which"), "{body}");
    }

    pub async fn whoever_is_kept_out_finds_nothing(council: Council) {
        let raw = mail(NOOR, "noor-1", "A complaint", "", "I complain about Rowan Bell, who never rings.");
        council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::StaffConduct)).await;
        let case = council.database.texts("SELECT reference FROM case_file").await.remove(0);
        let pages = pages(&council, &[&council.bell, &council.morgan]).await;
        for form in [None, Some("what=make&purpose=panel&item=chronology"), Some("what=look"), Some("")] {
            let of = |case: String| format!("/cases/{case}/bundle");
            let (status, _, body) = ask(&pages, &council.bell, &of(case.clone()), form).await;
            let nowhere = CaseReference { year: 2026, number: 9_999 }.to_string();
            let (there, _, other) = ask(&pages, &council.bell, &of(nowhere), form).await;
            assert_eq!((status, there, &body), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND, &other), "{form:?}");
            assert_ne!(ask(&pages, &council.morgan, &of(case.clone()), form).await.0, StatusCode::NOT_FOUND);
        }
    }
}

async fn page_of_case(pages: &Router, officer: &Officer, case: CaseReference) -> String {
    let request = Request::get(format!("/cases/{case}")).header(header::COOKIE, format!("heard={}", officer.email));
    let response = pages.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap().replace("&#x2f;", "/")
}

/// The words of the page, as somebody would read them out.
fn words_of(page: &str) -> String {
    let main = page.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    let text = html2text::config::plain_no_decorate().string_from_read(format!("<main{main}").as_bytes(), 160).unwrap();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
