//! The pages about settings: lines and what others would have done, staff directory, bank holidays, letters, audit, and what was
//! seen in each mailbox. On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres; each page in a real browser.

use std::sync::Arc;

use crate::{
    chromium,
    council::{Council, about, at, mail, now, on_both, said, suggestion},
    databases::Database,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use heard::{
    ids::CaseReference,
    labelling::{
        labels::{Act, Procedure, Suggestion, Theme},
        what_if::Count,
    },
    languages::Language,
    procedure::independence::{Directory, Staff},
    web::{
        access::Role,
        desk::{Desk, DeskAction},
        settings_views::{AuditAsk, AuditView, HolidayChange, LinesInUse, Settings, ThresholdsView},
        views::{Officer, Seen},
    },
    workers::count_anew,
};
use sha2::Digest;
use tower::ServiceExt;

on_both! {
    other_lines_are_tried_on_what_officers_decided lines_on_postgres;
    the_staff_directory_is_searched_and_its_faults_are_named directory_on_postgres;
    a_bank_holiday_is_added_after_its_effect_was_seen holidays_on_postgres;
    every_letter_is_shown_in_every_variant letters_on_postgres;
    the_audit_says_who_did_and_saw_what_and_nothing_of_a_case_about_the_reader audit_on_postgres;
    what_was_seen_adds_up seen_on_postgres;
}

const PASSWORD: &str = "a long enough password";
const FOSTERING: &str = "manager-fostering";

async fn arrives(council: &Council, mailbox: &str, id: &str, suggestion: &Suggestion) {
    let words = format!("This is message {id}. Nobody has called me back.");
    let raw = mail(&format!("Family {id} <{id}@mail.example>"), id, &format!("About {id}"), "", &words);
    council.arrives(mailbox, &raw, "2026-11-19T09:00:00Z", suggestion).await;
}

async fn act(council: &Council, by: &Officer, case: CaseReference, action: DeskAction) {
    let version = council.desk.peek(case, &council.morgan, now()).await.unwrap().version;
    council.desk.act(case, by, version, action, now()).await.unwrap();
}

async fn account(council: &Council, name: &str, role: Role) -> Officer {
    let email = format!("{}@calderbeck.example", name.to_lowercase().replace(' ', "."));
    let password = Some(PASSWORD.to_owned().into());
    heard::desk::users::add(&council.database.store, &email, name, role, password, now()).await.unwrap();
    council.desk.account(&email).await.unwrap().unwrap().officer
}

/// The pages, for an officer who is signed in.
async fn pages(council: &Council, officer: &Officer) -> Router {
    let token: [u8; 32] = sha2::Sha256::digest(officer.email.as_bytes()).into();
    council.desk.open_session(token, officer.id, now()).await.ok();
    heard::web::router(council.web(now()))
}

async fn ask(pages: &Router, who: &Officer, form: Option<&str>, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = if form.is_some() { Request::post(path) } else { Request::get(path) };
    let request = request
        .header(header::COOKIE, format!("heard={}", who.email))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    let body = Body::from(form.unwrap_or_default().to_owned());
    let response = pages.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

async fn page(pages: &Router, who: &Officer, path: &str) -> String {
    let (status, _, body) = ask(pages, who, None, path).await;
    let body = String::from_utf8(body).unwrap();
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

/// The words of a page.
fn words(page: &str) -> String {
    let main = page.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    let main =
        regex::Regex::new("<[^>]*>").unwrap().replace_all(&main[main.find('>').unwrap() + 1..], " ").into_owned();
    let entities = [("&#x2f;", "/"), ("&#x27;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    let main = entities.iter().fold(main, |text, (entity, sign)| text.replace(entity, sign));
    main.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn group<'a>(view: &'a ThresholdsView, kind: &str) -> &'a LinesInUse {
    view.groups.iter().find(|group| group.kind == kind).unwrap()
}

mod stories {
    use super::*;

    pub async fn other_lines_are_tried_on_what_officers_decided(council: Council) {
        let sure = |p| suggestion(Act::Complaint, p, 0.02, Procedure::Corporate, Theme::Delay);
        for (id, p) in [("surest", 0.99), ("wrong", 0.97), ("unsure", 0.7), ("left", 0.1), ("left-too", 0.2)] {
            arrives(&council, FOSTERING, id, &sure(p)).await;
        }
        // A child who may be at risk is kept whatever the line, and so is what nobody here can read.
        arrives(&council, FOSTERING, "danger", &suggestion(Act::Routine, 0.1, 0.9, Procedure::None, Theme::Delay))
            .await;
        arrives(&council, FOSTERING, "foreign", &Suggestion { language: Some("Polish".into()), ..sure(0.1) }).await;
        arrives(&council, "complaints", "sent", &sure(0.3)).await;
        act(&council, &council.bell, council.reference("Family surest").await, DeskAction::Confirm).await;
        let no = DeskAction::NotAComplaint { act: Act::Compliment, reason: "It is praise.".into() };
        act(&council, &council.bell, council.reference("Family wrong").await, no).await;
        act(&council, &council.bell, council.reference("Family unsure").await, DeskAction::Confirm).await;

        let view = council.shown_settings().thresholds(&council.morgan, now()).await.unwrap();
        let managers = group(&view, "manager");
        let names: Vec<&str> = managers.mailboxes.iter().map(|one| one.name.as_str()).collect();
        assert_eq!((names.as_slice(), managers.messages, managers.decided), (&[FOSTERING][..], 5, 3));
        assert_eq!(managers.left_alone, 2, "only their number is known");
        let lines = &managers.mailboxes[0];
        assert_eq!((lines.acknowledge_from, lines.acknowledge_is_set, lines.keep_is_set), (0.95, true, false));
        let count = |all, dissatisfied, other| Count { all, dissatisfied, other };
        let acknowledge = |value: f64| managers.acknowledge.iter().find(|one| one.value == value).unwrap();
        assert!(acknowledge(0.95).in_use && managers.acknowledge.iter().filter(|one| one.in_use).count() == 1);
        assert_eq!(acknowledge(0.95).outcome.at_once, count(2, 1, 1));
        assert_eq!(acknowledge(0.99).outcome.at_once, count(1, 1, 0), "the wrong one would have waited");
        assert_eq!(acknowledge(0.6).outcome.at_once, count(3, 2, 1));
        assert_eq!(acknowledge(0.6).outcome.waits, count(2, 0, 0));
        let keep = |value: f64| managers.keep.iter().find(|one| one.value == value).unwrap();
        assert!(managers.keep.iter().all(|one| one.value >= lines.keep_from), "what lies below is not there to try");
        assert_eq!(keep(0.8).outcome.left_alone, count(1, 1, 0), "and that would have been missed");
        assert_eq!(keep(0.8).outcome.waits, count(2, 0, 0), "danger and what nobody can read are kept");
        let complaints = group(&view, "complaints");
        assert_eq!((complaints.messages, complaints.keep.len(), complaints.acknowledge.len()), (1, 0, 0));

        // What an officer takes back is undecided again; what came before the 30 days does not count.
        act(&council, &council.bell, council.reference("Family unsure").await, DeskAction::Undo).await;
        let view = council.shown_settings().thresholds(&council.morgan, now()).await.unwrap();
        assert_eq!(group(&view, "manager").decided, 2);
        let later = at("2027-01-20T10:30:00Z");
        let view = council.shown_settings().thresholds(&council.morgan, later).await.unwrap();
        assert_eq!((group(&view, "manager").messages, group(&view, "manager").left_alone), (0, 0));

        let morgan = pages(&council, &council.morgan).await;
        let shown = page(&morgan, &council.morgan, "/settings/thresholds").await;
        let said = words(&shown);
        for part in [
            "0.95, as in the settings",
            "2 were left alone",
            "name = \"manager-fostering\"",
            "Of what was left alone only the number is kept",
        ] {
            assert!(said.contains(part) || shown.contains(part), "{part}: {said}");
        }
        assert!(!shown.contains("Family") && !shown.contains("HRD-"), "nothing of a case");
    }

    pub async fn the_staff_directory_is_searched_and_its_faults_are_named(council: Council) {
        let morgan = pages(&council, &council.morgan).await;
        let all = words(&page(&morgan, &council.morgan, "/settings/directory").await);
        assert!(all.contains("7 people.") && all.contains("Martin Lesk martin.lesk@calderbeck.example Social worker"));
        assert!(all.contains("staff.csv"), "where it is changed");
        // Both officers of the example stand in no line.
        assert!(all.contains("2 things are wrong with it."), "{all}");
        assert!(all.contains("sam.morgan@calderbeck.example has an account and stands in no line"), "{all}");
        let found = words(&page(&morgan, &council.morgan, "/settings/directory?q=fostering+SUPERVISING").await);
        assert!(found.contains("1 of 7 people") && found.contains("Jo Mbeki") && found.contains("Helen Marsh"));
        assert!(!found.contains("Martin Lesk"));
        let none = page(&morgan, &council.morgan, "/settings/directory?q=%3Cscript%3E").await;
        assert!(words(&none).contains("Nobody in it is found by that.") && !none.contains("<script>"));

        let staff = |email: &str, name: &str, manager: Option<&str>| Staff {
            email: email.into(),
            name: name.into(),
            job: String::new(),
            team: String::new(),
            manager: manager.map(str::to_owned),
        };
        let mut other = heard::casework::Office::open(&council.settings).unwrap();
        other.directory = Directory::new(vec![
            staff("rowan.bell@calderbeck.example", "Rowan Bell", Some("sam.morgan@calderbeck.example")),
            staff("sam.morgan@calderbeck.example", "Sam Morgan", Some("gone@calderbeck.example")),
        ]);
        let judged = (None, council.engine.lines);
        let store = council.database.store.clone();
        let shown = heard::desk::settings::StoreSettings::new(store, Arc::new(other), judged, &council.settings);
        let view = shown.directory("").await.unwrap();
        assert_eq!(view.faults.len(), 1, "{:?}", view.faults);
        assert!(view.faults[0].starts_with("gone@calderbeck.example is named as the line manager of sam.morgan@"));
        let accounts: Vec<Option<&str>> = view.rows.iter().map(|row| row.account).collect();
        assert_eq!(accounts, [Some("Complaints officer"), Some("Complaints manager")]);
    }

    pub async fn a_bank_holiday_is_added_after_its_effect_was_seen(council: Council) {
        for id in ["told", "told-too"] {
            let raw = mail(&format!("{id} <{id}@mail.example>"), id, "Taxi", "", &format!("The taxi of {id} is late."));
            council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::Transport)).await;
        }
        let case = council.reference("told-too").await;
        let before = council.case(case).await.dues;
        let (morgan, path) = (pages(&council, &council.morgan).await, "/settings/holidays");
        let shown = words(&page(&morgan, &council.morgan, path).await);
        for part in ["2026 As they came with Heard.", "Friday 25 December 2026 Christmas Day", "31 December 2030"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }

        // What is missing or makes no sense is said beside its field, and nothing is changed.
        let post = async |form: &str| {
            let (status, headers, body) = ask(&morgan, &council.morgan, Some(form), path).await;
            let place = headers.get(header::LOCATION).map(|place| place.to_str().unwrap().to_owned());
            (status, place, String::from_utf8(body).unwrap())
        };
        for (form, why) in [
            ("what=add&on-day=31&on-month=2&on-year=2027&title=x", "Enter the day as a day, a month and a year"),
            ("what=add&on-day=23&on-month=11&on-year=2026&title=+", "Enter what the day is called"),
            ("what=add&on-day=22&on-month=11&on-year=2026&title=x", "name the weekday that is off in its place"),
            ("what=add&on-day=25&on-month=12&on-year=2026&title=x", "is known already, as Christmas Day"),
            ("what=remove&date=2026-11-23", "is no bank holiday"),
            ("what=remove", "Choose a day from the list"),
        ] {
            let (status, _, body) = post(form).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
            assert!(body.contains("There is a problem") && body.contains(why), "{form}: {}", words(&body));
        }

        // First what it would do, then it is done, by the version that was looked at.
        let (status, _, sure) = post("what=add&on-day=23&on-month=11&on-year=2026&title=A+day+of+thanks").await;
        assert_eq!(status, StatusCode::OK);
        let said = words(&sure);
        assert!(said.contains("Dates of 2 of 2 open cases would move."), "{said}");
        assert!(said.contains("2: somebody has been told the date."), "{said}");
        assert_eq!(council.database.number("SELECT count(*) FROM holiday_version").await, 0, "nothing is changed yet");
        let yes = "what=add&date=2026-11-23&title=A+day+of+thanks&version=0&sure=yes";
        let (status, place, _) = post(yes).await;
        assert_eq!((status, place.as_deref()), (StatusCode::SEE_OTHER, Some("/settings/holidays?done=yes")));
        let shown = words(&page(&morgan, &council.morgan, "/settings/holidays?done=yes").await);
        for part in [
            "Monday 23 November 2026 A day of thanks",
            "2026 The council’s own list.",
            "Sam Morgan, Fri 20 Nov 2026, 10:30am (version 1)",
            "Open cases are counted anew within seconds.",
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        let (status, _, body) = post(&yes.replace("11-23", "11-24")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("Somebody else changed the bank holidays at this moment"));

        // The worker that follows the calendar counts the cases anew: what was promised stays, and both are shown.
        let counts = count_anew(&council.engine).await.unwrap();
        assert_eq!((counts.kept, counts.moved), (2, 0));
        let after = council.case(case).await;
        let answer =
            |dues: &[heard::web::views::Due]| dues.iter().find(|due| due.what.starts_with("Answer")).unwrap().on;
        assert_eq!(answer(&after.dues), answer(&before));
        assert!(!after.promises.is_empty());

        // And back: what it was is what it is.
        let (_, _, sure) = post("what=remove&date=2026-11-23").await;
        assert!(words(&sure).contains("“A day of thanks” would be no bank holiday any more"), "{}", words(&sure));
        let (status, ..) = post("what=remove&date=2026-11-23&version=1&sure=yes").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let audit = "SELECT what FROM audit WHERE what LIKE 'changed the bank%' ORDER BY at, id";
        assert_eq!(
            council.database.texts(audit).await,
            ["changed the bank holidays: 2026-11-23 added", "changed the bank holidays: 2026-11-23 taken away"]
        );

        // An officer neither sees nor changes them.
        let bell = pages(&council, &council.bell).await;
        for form in [None, Some(yes)] {
            assert_eq!(ask(&bell, &council.bell, form, path).await.0, StatusCode::FORBIDDEN);
        }
        assert_eq!(council.database.number("SELECT count(*) FROM holiday_version").await, 2);
    }

    pub async fn every_letter_is_shown_in_every_variant(council: Council) {
        let council = council.offering(&[Language::English, Language::Polish]);
        let morgan = pages(&council, &council.morgan).await;
        let list = page(&morgan, &council.morgan, "/settings/letters").await;
        assert!(words(&list).contains("folder config/letters ,"), "which folder: {}", words(&list));
        let view = council.shown_settings().letters();
        assert!(view.letters.len() >= 29 && view.letters.iter().all(|letter| !letter.own));
        for letter in &view.letters {
            assert!(list.contains(&format!("href=\"/settings/letters/{}\"", letter.name)), "{}", letter.name);
            for variant in 0..letter.variants {
                let path = format!("/settings/letters/{}?variant={}", letter.name, variant + 1);
                let shown = words(&page(&morgan, &council.morgan, &path).await);
                let preview = council.shown_settings().letter(&letter.name, variant).unwrap();
                assert!(letter.by_chat || letter.to == "officer" || preview.subject.contains("HRD-26-"), "{path}");
                assert_eq!(preview.pieces.is_some(), !letter.by_chat, "{path}");
                // The text as it goes, to its last line.
                let last = preview.text.trim().lines().last().unwrap().trim();
                let last = last.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(shown.contains(&last), "{path} lacks “{last}”: {shown}");
            }
            let beyond = format!("/settings/letters/{}?variant={}", letter.name, letter.variants + 1);
            assert_eq!(ask(&morgan, &council.morgan, None, &beyond).await.0, StatusCode::NOT_FOUND);
        }
        // What families read in another language that is offered is the last variant; what nobody but staff reads has none.
        for (name, words) in [
            ("acknowledgement", "Odpowiemy Ci najpóźniej: piątek, 4 grudnia 2026. Odpowiedź na etapie 1"),
            ("chat-acknowledgement", "Zobacz, na jakim to jest etapie:"),
            ("extension", "Nasza odpowiedź potrwa dłużej."),
            ("chat-check-in", "Możesz tu do nas pisać w każdej chwili."),
        ] {
            let letter = view.letters.iter().find(|letter| letter.name == name).unwrap();
            let path = format!("/settings/letters/{name}?variant={}", letter.variants);
            let shown = self::words(&page(&morgan, &council.morgan, &path).await);
            assert!(shown.contains("In Polish"), "{path}: {shown}");
            assert!(shown.contains(words) || name == "chat-acknowledgement", "{path}: {shown}");
        }
        for name in ["manager-receipt", "reminder", "message"] {
            let shown = self::words(&page(&morgan, &council.morgan, &format!("/settings/letters/{name}")).await);
            assert!(!shown.contains("In Polish"), "{name}: {shown}");
        }
        let (status, headers, pdf) =
            ask(&morgan, &council.morgan, None, "/settings/letters/extension/1.pdf?print=large").await;
        assert!(status == StatusCode::OK && pdf.starts_with(b"%PDF-"));
        let name = headers.get(header::CONTENT_DISPOSITION).unwrap().to_str().unwrap();
        assert_eq!(name, "attachment; filename=\"HRD-26-00042-X-sample-extension-large-print.pdf\"");
        for nothing in ["/nothing", "/extension/0.pdf", "/extension/9.pdf", "/nothing/1.pdf", "/extension?variant=0"] {
            let path = format!("/settings/letters{nothing}");
            assert_eq!(ask(&morgan, &council.morgan, None, &path).await.0, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(council.database.texts("SELECT kind FROM outbox").await.is_empty(), "nothing was sent");
    }

    pub async fn the_audit_says_who_did_and_saw_what_and_nothing_of_a_case_about_the_reader(council: Council) {
        let quill = account(&council, "Dara Quill", Role::ComplaintsManager).await;
        let complaint = "I complain about Dara Quill, who told my son that nobody would answer him.";
        let raw = mail("Noor Haddad <noor@mail.example>", "noor-1", "A complaint", "", complaint);
        council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::StaffConduct)).await;
        let about_quill: CaseReference =
            council.database.texts("SELECT reference FROM case_file").await.remove(0).parse().unwrap();
        arrives(&council, "complaints", "other", &said(Theme::Delay)).await;
        let other = council.reference("Family other").await;
        for case in [about_quill, other] {
            council.desk.case(case, &council.bell, now()).await.unwrap();
            act(&council, &council.bell, case, DeskAction::Confirm).await;
        }
        council.desk.record_sign_in(council.bell.id, true, now()).await.unwrap();
        let found = format!("made message 3 of the check {} a case: {about_quill}", council.bell.id);
        let mut tx = council.database.store.begin().await.unwrap();
        heard::store::officers::audit(&mut tx, Some(council.bell.id), &found, None, now()).await.unwrap();
        heard::store::officers::audit(&mut tx, None, "=HYPERLINK(\"x\")", None, now()).await.unwrap();
        tx.commit().await.unwrap();

        let shown = council.shown_settings();
        let seen =
            async |ask: AuditAsk, who: &Officer, with_cases| shown.audit(&ask, who, with_cases, now()).await.unwrap();
        let of = |view: &AuditView, case: CaseReference| {
            let case = case.to_string();
            let lines = view.lines.iter().filter(|line| line.reference.as_deref() == Some(&case));
            lines.map(|line| format!("{}: {}", line.by, line.what)).collect::<Vec<_>>()
        };
        let all = seen(AuditAsk::default(), &council.morgan, true).await;
        let mut lines = of(&all, about_quill);
        lines.sort();
        assert_eq!(lines, ["Rowan Bell: Confirmed what it is", "Rowan Bell: Opened case"]);
        assert_eq!(of(&all, other).len(), 2);
        assert!(all.lines.iter().any(|line| line.what.starts_with("Account added: dara.quill@calderbeck.example as ")
            && line.by == "Heard, or the command line"));

        // Whom a case is about sees no line of it, and no number that counts one.
        let hers = seen(AuditAsk::default(), &quill, true).await;
        assert_eq!((of(&hers, about_quill).len(), of(&hers, other).len()), (0, 2));
        assert_eq!(hers.total + 3, all.total);
        let case = about_quill.to_string();
        assert!(!hers.lines.iter().any(|line| line.what.contains(&case)));
        // Whoever reads no cases sees none at all.
        let none = seen(AuditAsk::default(), &council.morgan, false).await;
        assert!(none.lines.iter().all(|line| line.reference.is_none() && !line.what.contains("HRD-")));
        assert_eq!(none.total + 5, all.total);

        // Nor do numbers elsewhere tell of it.
        let added = HolidayChange::Add { date: "2026-11-23".parse().unwrap(), title: "A day of thanks".into() };
        for (who, n) in [(&council.morgan, 2), (&quill, 1)] {
            assert_eq!(shown.try_holidays(&added, who).await.unwrap().open, n, "{}", who.name);
            let lines = shown.thresholds(who, now()).await.unwrap();
            assert_eq!(group(&lines, "complaints").messages, n, "{}", who.name);
        }

        // By person, day and sort.
        let by_bell = AuditAsk { by: Some(Some(council.bell.id)), kind: "look".into(), ..AuditAsk::default() };
        let looks = seen(by_bell.clone(), &council.morgan, true).await;
        assert_eq!((looks.total, looks.lines.len()), (2, 2));
        assert!(looks.lines.iter().all(|line| line.what == "Opened case" && line.by == "Rowan Bell"));
        for (day, total) in [("2026-11-20", 2), ("2026-11-19", 0)] {
            let on = Some(day.parse().unwrap());
            assert_eq!(seen(AuditAsk { on, ..by_bell.clone() }, &council.morgan, true).await.total, total, "{day}");
        }
        let by_nobody = AuditAsk { by: Some(None), ..AuditAsk::default() };
        assert!(seen(by_nobody, &council.morgan, true).await.lines.iter().all(|line| line.email.is_empty()));
        let sign_ins = AuditAsk { kind: "sign-in".into(), ..AuditAsk::default() };
        assert_eq!(seen(sign_ins, &council.morgan, true).await.total, 1);

        // Fifty on a page, each line on one page.
        let mut tx = council.database.store.begin().await.unwrap();
        for n in 0..120 {
            heard::store::officers::audit(&mut tx, Some(quill.id), &format!("line {n}"), None, now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut lines = std::collections::BTreeSet::new();
        for page in 1..=3 {
            let view =
                seen(AuditAsk { by: Some(Some(quill.id)), page, ..AuditAsk::default() }, &council.morgan, true).await;
            assert_eq!((view.total, view.pages), (120, 3));
            lines.extend(view.lines.into_iter().map(|line| line.what));
        }
        assert_eq!(lines.len(), 120);

        // The page, and the table: it runs no formula, and that it was taken is a line itself.
        let morgan = pages(&council, &council.morgan).await;
        let shown =
            words(&page(&morgan, &council.morgan, &format!("/settings/audit?by={}&what=case", council.bell.id)).await);
        assert!(
            shown.contains("2 lines.") && shown.contains(&format!("Rowan Bell Confirmed what it is {case}")),
            "{shown}"
        );
        let (status, _, body) = ask(&morgan, &council.morgan, None, "/settings/audit?on-day=40").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            String::from_utf8(body).unwrap().contains("Enter the day as a day, a month and a year, or leave it empty")
        );
        let (status, headers, table) = ask(&morgan, &council.morgan, None, "/settings/audit.csv").await;
        assert_eq!(
            (status, headers[header::CONTENT_TYPE].to_str().unwrap()),
            (StatusCode::OK, "text/csv; charset=utf-8")
        );
        let table = String::from_utf8(table).unwrap();
        assert!(table.starts_with("\u{feff}when (London),who,address,sort,what,case,key\n"), "{table}");
        assert!(table.contains("\"'=HYPERLINK(\"\"x\"\")\"") && table.contains(&case));
        let hers = pages(&council, &quill).await;
        let (_, _, table) = ask(&hers, &quill, None, "/settings/audit.csv").await;
        assert!(!String::from_utf8(table).unwrap().contains(&case));
        let taken = "SELECT what FROM audit WHERE what LIKE 'exported the audit%' ORDER BY at, id";
        assert_eq!(council.database.texts(taken).await.len(), 2);
        for path in ["/settings/audit", "/settings/audit.csv"] {
            let bell = pages(&council, &council.bell).await;
            assert_eq!(ask(&bell, &council.bell, None, path).await.0, StatusCode::FORBIDDEN, "{path}");
        }
    }

    pub async fn what_was_seen_adds_up(council: Council) {
        arrives(&council, "complaints", "one", &said(Theme::Delay)).await;
        let machine = "Auto-Submitted: auto-replied\r\n";
        let raw = mail("Away <away@mail.example>", "away-1", "Out of office", machine, "I am away until Monday.");
        council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &about(Theme::Other, Act::Routine)).await;
        arrives(&council, FOSTERING, "left", &about(Theme::Other, Act::Routine)).await;
        arrives(&council, FOSTERING, "kept", &said(Theme::Delay)).await;
        let unread = "UPDATE delivery SET state = 'unread' WHERE mailbox = 'complaints' AND representation_id IN \
                      (SELECT representation_id FROM case_message)";
        let health = council.desk.health(now()).await.unwrap();
        let of = |name: &str, boxes: &[heard::web::views::MailboxHealth]| {
            boxes.iter().find(|one| one.name == name).unwrap().seen.clone()
        };
        let complaints = of("complaints", &health.mailboxes);
        let came = Some(at("2026-11-19T09:00:00Z"));
        let expected =
            Seen { all: 2, in_cases: 1, filed: 1, last_came_at: came, last_stored_at: came, ..Seen::default() };
        assert_eq!(complaints, expected);
        let fostering = of(FOSTERING, &health.mailboxes);
        assert_eq!((fostering.all, fostering.in_cases, fostering.forgotten), (2, 1, 1));
        council.database.run(unread).await;
        let health = council.desk.health(now()).await.unwrap();
        let complaints = of("complaints", &health.mailboxes);
        assert_eq!((complaints.all, complaints.in_cases, complaints.unread, complaints.oldest_unread), (2, 0, 1, came));
        for seen in health.mailboxes.iter().map(|one| &one.seen) {
            let parts = seen.in_cases + seen.filed + seen.set_aside + seen.unread + seen.unreadable + seen.forgotten;
            assert_eq!(seen.all, parts, "{seen:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_in_a_real_browser() {
    let council = Council::open(Database::sqlite().await).await.offering(&[Language::English, Language::Polish]);
    arrives(&council, FOSTERING, "kept", &said(Theme::Delay)).await;
    arrives(&council, "complaints", "sent", &said(Theme::Delay)).await;
    for _ in 0..60 {
        council.desk.record_sign_in(council.bell.id, true, now()).await.unwrap();
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let pages = heard::web::router(council.web(now())).into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
    let mut desk = chromium::browse(address, "Calderbeck Council").await;
    desk.sign_in(&council.morgan.email, PASSWORD).await;
    desk.follow("Settings").await;
    desk.check("settings").await;
    for (link, name) in [
        ("Mailboxes and their health", "settings-health"),
        ("Thresholds", "settings-thresholds"),
        ("Staff directory", "settings-directory"),
        ("Letters", "settings-letters"),
        ("Audit", "settings-audit"),
        ("Bank holidays", "settings-holidays"),
    ] {
        desk.open("/settings").await;
        desk.follow(link).await;
        assert_eq!(desk.heading().await, if name == "settings-health" { "Health" } else { link });
        desk.check(name).await;
    }
    // A day is added in two steps.
    desk.press("section form button[type=submit]").await;
    assert!(desk.text(".govuk-error-summary").await.contains("Enter what the day is called"));
    desk.check("settings-holidays-error").await;
    for (field, value) in [("#on-day", "23"), ("#on-month", "11"), ("#on-year", "2026"), ("#title", "A day of thanks")]
    {
        desk.replace(field, value).await;
    }
    desk.press("section form button[type=submit]").await;
    assert_eq!(desk.heading().await, "Add Monday 23 November 2026?");
    desk.check("settings-holidays-sure").await;
    desk.press("main form button[type=submit]").await;
    assert!(desk.text(".moj-alert--success").await.contains("The bank holidays are changed"));
    desk.check("settings-holidays-done").await;
    desk.open("/settings/letters").await;
    desk.follow("Answer at stage 3").await;
    desk.check("settings-letter").await;
    desk.open("/settings/letters/chat-acknowledgement").await;
    desk.check("settings-letter-chat").await;
    let acknowledgement = council.shown_settings().letters().letters.remove(0);
    let polish = format!("/settings/letters/{}?variant={}", acknowledgement.name, acknowledgement.variants);
    desk.open(&polish).await;
    assert!(desk.text("main").await.contains("TO SAMO PO ANGIELSKU"));
    desk.check("settings-letter-polish").await;
    desk.open("/settings/audit?what=sign-in&page=2").await;
    desk.check("settings-audit-page-2").await;
    desk.open("/settings/audit?on-day=40").await;
    desk.check("settings-audit-error").await;
    for path in ["", "/thresholds", "/directory", "/holidays", "/letters", "/letters/stage3-answer", "/audit"] {
        desk.fits_a_telephone(&format!("/settings{path}")).await;
    }
    println!("{} pages without a fault that axe-core finds", desk.pages_checked.len());
    desk.browser.clone().close().await.unwrap();
}
