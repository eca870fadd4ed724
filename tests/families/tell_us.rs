//! The form: a message is a case with its receipt at once; a stranger learns nothing; floods and hostile files.

use std::time::Instant;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, stream};
use heard::{
    clock::Clock,
    desk::tell_us::FormDesk,
    labelling::labels::{Act, Procedure, Theme},
    web::{desk::DeskAction, families::TellUs, views::QueueFilter},
    workers::{keep_all, send_due},
};
use tower::ServiceExt;

use crate::{
    council::{Council, mail, now, on_both, said, suggestion},
    databases::Database,
};

on_both! {
    a_message_is_a_case_with_its_receipt_at_once receipts_on_postgres;
    a_stranger_learns_nothing_and_changes_nothing strangers_on_postgres;
    whoever_can_only_be_called_or_wants_nothing_is_taken_in_too called_on_postgres;
    what_is_missing_is_said_and_nothing_typed_is_lost faults_on_postgres;
    thanks_are_passed_on_to_whoever_is_named_and_their_manager thanks_on_postgres;
    hostile_files_are_kept_and_never_run hostile_files_on_postgres;
    ten_thousand_posts_lose_nothing_and_answer_nobody_too_often flood_on_postgres;
}

const MARK: &str = "----heard-test";

/// What a form holds that was opened a minute ago.
fn stamp(council: &Council) -> String {
    stamp_of(council, now() - TimeDelta::minutes(1))
}

fn stamp_of(council: &Council, at: DateTime<Utc>) -> String {
    FormDesk::new(council.engine.clone()).stamp(at)
}

struct Sent {
    status: StatusCode,
    body: String,
}

impl Sent {
    fn reference(&self) -> &str {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self.body.split("heard-number\">").nth(1).unwrap_or_else(|| panic!("{}", self.body)).split('<').next().unwrap()
    }
}

fn form(fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--{MARK}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.bytes());
    }
    for (name, media_type, bytes) in files {
        let head = format!(
            "--{MARK}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: {media_type}\r\n\r\n"
        );
        body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
    }
    body.extend(format!("--{MARK}--\r\n").bytes());
    body
}

async fn posts(pages: &Router, from: [u8; 4], path: &str, body: Vec<u8>) -> Sent {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={MARK}"))
        .header(header::ACCEPT_LANGUAGE, "en-GB")
        .header("sec-fetch-site", "same-origin")
        .extension(ConnectInfo(std::net::SocketAddr::from((from, 4000))));
    // In pieces, as a network brings them.
    let pieces = body.chunks(64 * 1024).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect::<Vec<_>>();
    let body = Body::from_stream(stream::iter(pieces).then(|piece| async move {
        tokio::task::yield_now().await;
        piece
    }));
    let response = pages.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Sent { status, body: String::from_utf8_lossy(&body).into_owned() }
}

const HOME: [u8; 4] = [192, 0, 2, 7];

mod stories {
    use super::*;

    pub async fn a_message_is_a_case_with_its_receipt_at_once(council: Council) {
        let pages = heard::web::router(council.web(now()));
        let made = stamp(&council);
        let words = "The minibus left my son at the gate again, and nobody rings back.";
        let fields = [
            ("kind", "wrong"),
            ("words", words),
            ("about", "Kofi, 7"),
            ("whom", "child"),
            ("name", "Ama Owusu"),
            ("email", "Ama@Mail.example"),
            ("phone", ""),
            ("answer", "email"),
            ("made", made.as_str()),
        ];
        let body = form(&fields, &[("photo.png", "image/png", b"\x89PNG\r\n\x1a\nnot much of a picture")]);
        let sent = posts(&pages, HOME, "/tell-us", body.clone()).await;
        let reference = sent.reference().to_owned();
        assert!(sent.body.contains("You have an answer by Friday 4 December 2026."), "{}", sent.body);
        assert!(sent.body.contains("Rowan Bell makes sure") && sent.body.contains("by email too"), "{}", sent.body);
        // The same page loaded again sends it again: the same receipt, and nothing else.
        assert_eq!(posts(&pages, HOME, "/tell-us", body).await.reference(), reference);
        let row = "SELECT reference || ' ' || channel || ' ' || act FROM case_file";
        assert_eq!(council.database.texts(row).await, [format!("{reference} form complaint")]);
        let letters = "SELECT kind || ' ' || recipient FROM outbox";
        assert_eq!(council.database.texts(letters).await, ["acknowledgement ama@mail.example"]);
        send_due(&council.engine).await.unwrap();
        let letter = std::fs::read_dir(council.folder.path().join("out")).unwrap().next().unwrap().unwrap();
        let letter = std::fs::read_to_string(letter.path()).unwrap().replace("=\r\n", "").replace("=\n", "");
        assert!(letter.contains(&reference), "{letter}");
        assert!(letter.contains("by the form on our website"), "{letter}");

        // The officer has it like every other message, with its file.
        let kept = keep_all(&council.engine).await.unwrap();
        assert_eq!((kept.files_kept, kept.files_refused), (1, 0));
        let case = council.case(reference.parse().unwrap()).await;
        let shown = format!("{case:?}");
        for part in [words, "Kofi, 7", "They say: something is wrong", "photo.png"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert_eq!(council.queue(QueueFilter::All, "minibus", Default::default(), 1).await.rows.len(), 1);
        council.database.drop().await;
    }

    pub async fn a_stranger_learns_nothing_and_changes_nothing(council: Council) {
        let words = "The social worker has not rung me back for three weeks about Kofi, and the meeting at Hollow Bank was moved twice.";
        let raw = mail("Ama Owusu <ama@mail.example>", "ama-1", "A complaint", "", words);
        council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::Communication)).await;
        let hers = council.database.texts("SELECT reference FROM case_file").await.remove(0);
        let version = council.case(hers.parse().unwrap()).await.version;
        let pages = heard::web::router(council.web(now()));
        let made = stamp(&council);
        // Her words, her address and her reference, in somebody else's hands.
        for more in ["", " My reference is ", " Please add this to my case "] {
            let typed = format!("{words}{more}{}", if more.is_empty() { "" } else { &hers });
            let fields = [
                ("words", typed.as_str()),
                ("name", "Ama Owusu"),
                ("email", "ama@mail.example"),
                ("made", made.as_str()),
            ];
            let sent = posts(&pages, HOME, "/tell-us", form(&fields, &[])).await;
            assert_ne!(sent.reference(), hers);
            assert!(!sent.body.contains(&hers), "{}", sent.body);
        }
        let case = council.case(hers.parse().unwrap()).await;
        assert_eq!((case.version, case.messages.len()), (version, 1), "her case is as it was");
        // Officers see that they may belong together.
        let hinted = "SELECT count(*) FROM case_file WHERE may_belong IS NOT NULL";
        assert_eq!(council.database.number(hinted).await, 3);
        let none = posts(
            &pages,
            HOME,
            "/tell-us",
            form(&[("words", "x"), ("email", "new@mail.example"), ("made", &made)], &[]),
        );
        let none = none.await;
        // A page about somebody of whom nothing is known reads just the same.
        let known = [("words", "x"), ("email", "ama@mail.example"), ("made", made.as_str())];
        let known = posts(&pages, HOME, "/tell-us", form(&known, &[])).await;
        assert_eq!(none.body.replace(none.reference(), "-"), known.body.replace(known.reference(), "-"));
        council.database.drop().await;
    }

    pub async fn whoever_can_only_be_called_or_wants_nothing_is_taken_in_too(council: Council) {
        let pages = heard::web::router(council.web(now()));
        let made = stamp(&council);
        let phone = [("words", "Nobody came to the meeting."), ("phone", "01632 960 555"), ("made", made.as_str())];
        let sent = posts(&pages, HOME, "/tell-us", form(&phone, &[])).await;
        assert!(sent.body.contains("We call you on the number"), "{}", sent.body);
        let case = council.case(sent.reference().parse().unwrap()).await;
        let shown = format!("{case:?}");
        assert!(shown.contains("01632 960 555") && shown.contains("call them"), "{shown}");
        let untold = council.queue(QueueFilter::All, "", Default::default(), 1).await;
        assert_eq!(untold.rows.len(), 1);

        let nobody = [
            ("words", "I am scared to say my name."),
            ("answer", "none"),
            ("kind", "worried"),
            ("made", made.as_str()),
        ];
        let sent = posts(&pages, HOME, "/tell-us/young", form(&nobody, &[])).await;
        assert!(
            sent.body.contains("do not want an answer") && sent.body.contains("A person reads it soon"),
            "{}",
            sent.body
        );
        assert!(!sent.body.contains("answer by"), "{}", sent.body);
        let shown = format!("{:?}", council.case(sent.reference().parse().unwrap()).await);
        assert!(shown.contains("the one for children and young people"), "{shown}");

        // Whoever asks to be called is not written to: somebody else may read their mail.
        let called = [
            ("words", "Please ring."),
            ("email", "shared@mail.example"),
            ("phone", "01632 960 556"),
            ("answer", "phone"),
            ("made", made.as_str()),
        ];
        let sent = posts(&pages, HOME, "/tell-us", form(&called, &[])).await;
        assert!(
            sent.body.contains("We call you on the number") && !sent.body.contains("by email too"),
            "{}",
            sent.body
        );
        assert_eq!(
            council.database.number("SELECT count(*) FROM outbox WHERE recipient = 'shared@mail.example'").await,
            0
        );

        // A thank you is one, and asks for no answer by a day.
        let thanks = [
            ("words", "Mo was so kind to us."),
            ("kind", "thanks"),
            ("email", "a@mail.example"),
            ("made", made.as_str()),
        ];
        let sent = posts(&pages, HOME, "/tell-us", form(&thanks, &[])).await;
        assert!(sent.body.contains("glad to hear it") && !sent.body.contains("answer by"), "{}", sent.body);
        sent.reference();
        let thanks = "SELECT message ->> 'subject' FROM outbox WHERE recipient = 'a@mail.example'";
        assert!(council.database.texts(thanks).await[0].starts_with("We have your kind words"));
        let acts = council.database.texts("SELECT act FROM case_file ORDER BY reference").await;
        assert_eq!(acts, ["complaint", "complaint", "complaint", "compliment"]);
        council.database.drop().await;
    }

    pub async fn thanks_are_passed_on_to_whoever_is_named_and_their_manager(council: Council) {
        let staff = &council.engine.office.directory;
        let worker =
            staff.all().iter().find(|one| one.manager.as_deref().is_some_and(|m| staff.by_email(m).is_some())).unwrap();
        let (name, email, manager) = (worker.name.clone(), worker.email.clone(), worker.manager.clone().unwrap());
        let pages = heard::web::router(council.web(now()));
        let made = stamp(&council);
        let words = format!("{name} rang us every day that week. Thank you.");
        let fields = [
            ("kind", "thanks"),
            ("words", &words),
            ("name", "Ama Owusu"),
            ("email", "ama@mail.example"),
            ("made", &made),
        ];
        let case = posts(&pages, HOME, "/tell-us", form(&fields, &[])).await.reference().to_owned();
        let mut officer = crate::visitor::Visitor::new(&pages);
        officer.signs_in("rowan.bell@calderbeck.example", "a long enough password").await;
        let path = format!("/cases/{case}/thanks");
        // Not before an officer has said that it is one.
        assert!(officer.get(&path).await.body.contains("An officer has to say first"));
        let version = council.case(case.parse().unwrap()).await.version;
        council.act(case.parse().unwrap(), version, DeskAction::Confirm).await.unwrap();
        assert!(officer.get(&format!("/cases/{case}")).await.body.contains("Pass on the thanks"));
        let page = officer.get(&path).await;
        assert!(page.body.contains(&email) && page.body.contains(&manager), "{}", page.body);
        let version = page.between("name=\"version\" value=\"", "\"").to_owned();
        let sent = [
            ("version", version.as_str()),
            ("words", &words),
            ("to", &email),
            ("to", &manager),
            ("to", "x@evil.example"),
        ];
        assert_eq!(officer.post(&path, &sent).await.status, StatusCode::SEE_OTHER);
        let praise = "SELECT recipient FROM outbox WHERE kind = 'praise' ORDER BY recipient";
        let mut wanted = vec![email.clone(), manager.clone()];
        wanted.sort();
        assert_eq!(council.database.texts(praise).await, wanted);
        let text =
            council.database.texts("SELECT message ->> 'text' FROM outbox WHERE kind = 'praise'").await.remove(0);
        assert!(text.contains(&words) && !text.contains("Ama") && !text.contains("/cases/"), "{text}");
        assert!(officer.get(&format!("/cases/{case}")).await.body.contains("The thanks were passed on to"));
        // Sent again, nobody gets it twice.
        let version = officer.get(&path).await.between("name=\"version\" value=\"", "\"").to_owned();
        officer.post(&path, &[("version", version.as_str()), ("words", &words), ("to", &email)]).await;
        assert_eq!(council.database.texts(praise).await, wanted);
        // Where something may be wrong, nothing is passed on by itself.
        let raw = mail("Jo <jo@mail.example>", "jo-1", "Thanks", "", &format!("Thank you {name}, at last."));
        let doubt = suggestion(Act::Compliment, 0.7, 0.02, Procedure::None, Theme::Other);
        council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &doubt).await;
        let other = council.reference("Jo").await;
        let version = council.case(other).await.version;
        let put_aside = DeskAction::NotAComplaint { act: Act::Compliment, reason: "They say thank you.".into() };
        council.act(other, version, put_aside).await.unwrap();
        let page = officer.get(&format!("/cases/{other}/thanks")).await;
        assert!(page.body.contains("may be dissatisfaction or danger"), "{}", page.body);
        council.database.drop().await;
    }

    pub async fn what_is_missing_is_said_and_nothing_typed_is_lost(council: Council) {
        let pages = heard::web::router(council.web(now()));
        let made = stamp(&council);
        let none = posts(
            &pages,
            HOME,
            "/tell-us",
            form(&[("name", "Jo <b>"), ("made", &made)], &[("a.txt", "text/plain", b"x")]),
        );
        let none = none.await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        for part in [
            "Write what you want to tell us",
            "Give an email address or a phone number",
            "Jo &lt;b&gt;",
            "choose your files again",
        ] {
            assert!(none.body.contains(part), "{part}: {}", none.body);
        }
        let large = vec![b'x'; 26 * 1024 * 1024];
        let fields = [("words", "With a film."), ("email", "jo@mail.example"), ("made", made.as_str())];
        let sent = posts(&pages, HOME, "/tell-us", form(&fields, &[("film.mp4", "video/mp4", &large)])).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(sent.body.contains("The files are too large") && sent.body.contains("With a film."), "{}", sent.body);
        // More than is read at all: the words were before it.
        let huge = vec![b'x'; 70 * 1024 * 1024];
        let sent = posts(&pages, HOME, "/tell-us", form(&fields, &[("film.mp4", "video/mp4", &huge)])).await;
        assert!(sent.body.contains("The files are too large") && sent.body.contains("With a film."), "{}", sent.body);

        // What is no form of ours is answered by a page that says what to do.
        let broken = posts(&pages, HOME, "/tell-us", b"--nothing".to_vec()).await;
        assert_eq!(broken.status, StatusCode::BAD_REQUEST);
        assert!(broken.body.contains("we could not read what you sent"), "{}", broken.body);

        // Typed by no person, opened long ago, or made elsewhere: shown once more with the words, and one press sends it.
        let doubtful = [
            stamp_of(&council, now()),
            stamp_of(&council, now() - TimeDelta::hours(25)),
            "1.abc".to_owned(),
            String::new(),
        ];
        let mut once_more = String::new();
        for made in doubtful {
            let fields = [("words", "Nobody rings."), ("email", "jo@mail.example"), ("made", made.as_str())];
            let again = posts(&pages, HOME, "/tell-us", form(&fields, &[])).await;
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(
                again.body.contains("Press Send once more") && again.body.contains("Nobody rings."),
                "{}",
                again.body
            );
            assert_eq!(council.database.number("SELECT count(*) FROM delivery").await, 0);
            again
                .body
                .split("name=\"made\" value=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .clone_into(&mut once_more);
        }
        let fields = [("words", "Nobody rings."), ("email", "jo@mail.example"), ("made", once_more.as_str())];
        posts(&pages, HOME, "/tell-us", form(&fields, &[])).await.reference();
        // What nobody sees was filled in: kept, and an officer looks first.
        let fields = [
            ("words", "Buy this"),
            ("email", "b@mail.example"),
            ("website", "http://x.example"),
            ("made", made.as_str()),
        ];
        let held = posts(&pages, [192, 0, 2, 8], "/tell-us", form(&fields, &[])).await;
        assert!(held.body.contains("It is safe with us") && !held.body.contains("HRD-"), "{}", held.body);
        let held = "SELECT why FROM delivery WHERE state = 'quarantined'";
        assert!(council.database.texts(held).await[0].contains("a field that people do not see"));
        assert_eq!(council.database.number("SELECT count(*) FROM outbox").await, 1);
        council.database.drop().await;
    }

    pub async fn hostile_files_are_kept_and_never_run(council: Council) {
        let pages = heard::web::router(council.web(now()));
        let made = stamp(&council);
        let page = b"<html><script>window.planted=1</script></html>";
        let drawing = b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.planted=1'></svg>";
        let program = [b"MZ".as_slice(), &[0; 400]].concat();
        let bomb = bomb();
        let long = format!("{}.pdf", "x".repeat(3000));
        let names: [&[(&str, &str, &[u8])]; 2] = [
            &[
                ("invoice.pdf.exe", "application/pdf", &program),
                ("page.html", "text/html", page),
                ("drawing.svg", "image/svg+xml", drawing),
                ("bomb.zip", "application/zip", &bomb),
                ("photo\u{202e}gpj.exe", "image/jpeg", &program),
            ],
            &[
                ("../../../etc/passwd", "text/plain", b"root"),
                ("con | aux : b?.txt", "text/plain", b"bell"),
                ("message.eml", "message/rfc822", b"From: a@b.example\r\nSubject: inner\r\n\r\nwords\r\n"),
                (&long, "multipart/mixed; boundary=x", b"long"),
            ],
        ];
        let mut references = Vec::new();
        for (n, files) in names.into_iter().enumerate() {
            let words = format!("Here is what I have, part {n}.");
            let fields = [("words", words.as_str()), ("email", "jo@mail.example"), ("made", made.as_str())];
            references.push(posts(&pages, HOME, "/tell-us", form(&fields, files)).await.reference().to_owned());
        }
        let start = Instant::now();
        let counts = keep_all(&council.engine).await.unwrap();
        println!("hostile files: {counts:?} in {:.1?}", start.elapsed());
        assert!(counts.files_refused >= 2, "{counts:?}");
        let signed = {
            let mut visitor = crate::visitor::Visitor::new(&pages);
            visitor.signs_in("rowan.bell@calderbeck.example", "a long enough password").await;
            visitor
        };
        let mut seen = 0;
        for reference in &references {
            let case = council.case(reference.parse().unwrap()).await;
            for file in case.messages.iter().flat_map(|message| &message.attachments) {
                assert!(!file.name.contains(['/', '\\', '\u{202e}', '\u{7}', '\0']), "{:?}", file.name);
                let Some(id) = file.id else { continue };
                let cookie =
                    signed.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
                let request = Request::get(format!("/cases/{reference}/files/{id}"))
                    .header(header::COOKIE, cookie)
                    .header("sec-fetch-site", "same-origin")
                    .extension(ConnectInfo(std::net::SocketAddr::from((HOME, 4000))));
                let response = pages.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
                if response.status() == StatusCode::OK {
                    let told = response.headers()[header::CONTENT_DISPOSITION].to_str().unwrap();
                    assert!(told.starts_with("attachment"), "{told}");
                    seen += 1;
                }
            }
        }
        assert!(seen >= 3, "{seen} files can be saved");
        assert_eq!(council.database.number("SELECT count(*) FROM case_file").await, 2);
        council.database.drop().await;
    }

    /// 10,000 posts from 50 addresses, and in their middle a mother's.
    pub async fn ten_thousand_posts_lose_nothing_and_answer_nobody_too_often(council: Council) {
        let pages = heard::web::router(council.web(now()));
        let made = stamp(&council);
        let before = memory();
        let start = Instant::now();
        let answered = stream::iter(0..10_000u32).map(|n| {
            let (pages, made) = (pages.clone(), made.clone());
            async move {
                if n == 5_000 {
                    let fields = [
                        ("kind", "wrong"),
                        ("words", "My daughter’s school bus never came."),
                        ("email", "ama@mail.example"),
                        ("made", made.as_str()),
                    ];
                    return posts(&pages, HOME, "/tell-us", form(&fields, &[])).await;
                }
                // Six in ten are the same again; all have an address that somebody would be written to at.
                let n = if n % 10 < 6 { n % 100 } else { n };
                let words = format!("Cheap watches number {n}. {}", "Buy now. ".repeat(50));
                let email = format!("person{n}@target{}.example", n % 400);
                let fields = [("words", words.as_str()), ("email", email.as_str()), ("made", made.as_str())];
                posts(&pages, [198, 51, 100, (n % 5) as u8], "/tell-us", form(&fields, &[])).await
            }
        });
        let answers: Vec<Sent> = answered.buffered(16).collect().await;
        let took = start.elapsed();
        let grown = memory().saturating_sub(before);
        assert!(answers.iter().all(|sent| sent.status == StatusCode::OK));
        let mothers = answers[5_000].reference();
        assert!(mothers.starts_with("HRD-"), "{mothers}");
        let with_reference = answers.iter().filter(|sent| sent.body.contains("HRD-")).count();
        let number = |sql| council.database.number(sql);
        let cases = number("SELECT count(*) FROM case_file").await;
        let held = number("SELECT count(*) FROM delivery WHERE state = 'quarantined'").await;
        let letters = number("SELECT count(*) FROM outbox").await;
        println!(
            "10,000 posts on {} in {took:.1?}: {with_reference} with a reference, {cases} cases, {held} held, {letters} letters, memory grew by {} MiB",
            council.database.kind,
            grown / 1024
        );
        // Twelve from each of five addresses and hers; the same again is the same.
        assert!(cases <= 61, "{cases} cases");
        assert!(letters <= 61, "{letters} letters");
        // 4,000 are unlike any other and 60 are told again and again: each is there, as a case or held.
        let kinds = (0..10_000u32).filter(|n| *n != 5_000).map(|n| if n % 10 < 6 { n % 100 } else { n });
        let distinct = kinds.collect::<std::collections::BTreeSet<_>>().len() as i64;
        let lost = "SELECT count(DISTINCT uid) FROM delivery WHERE mailbox = 'web-form'";
        assert_eq!(number(lost).await, distinct + 1);
        assert!(grown < 200 * 1024, "memory grew by {grown} KiB");
        council.database.drop().await;
    }
}

/// Resident memory of this program in KiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A small archive that would be 100 MiB of zeros.
fn bomb() -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("zeros.txt", options).unwrap();
    let zeros = vec![0u8; 1024 * 1024];
    for _ in 0..100 {
        archive.write_all(&zeros).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Somebody at the form in another clock's time.
#[tokio::test]
async fn the_same_words_on_another_day_are_another_message() {
    let council = Council::open(Database::sqlite().await).await;
    let mut state = council.web(now());
    state.clock = Clock::fixed(now());
    let pages = heard::web::router(state);
    let made = stamp(&council);
    let fields = [("words", "The bus did not come."), ("email", "ama@mail.example"), ("made", made.as_str())];
    let first = posts(&pages, HOME, "/tell-us", form(&fields, &[])).await.reference().to_owned();
    let mut engine = council.engine.clone();
    engine.clock = Clock::fixed(now() + TimeDelta::days(1));
    let desk = FormDesk::new(engine);
    let typed = heard::intake::own_form::Submission {
        words: "The bus did not come.".into(),
        email: "ama@mail.example".into(),
        ..Default::default()
    };
    let second = desk.take(typed, Vec::new(), None).await.unwrap().unwrap();
    assert_ne!(second.reference, first);
}
