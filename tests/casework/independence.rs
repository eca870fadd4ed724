//! Whom a case is about is kept out of it: found in the message, said by an officer, and then neither on any page nor in any
//! list nor in any letter of theirs. On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use crate::{
    council::{Council, mail, now, on_both, said},
    databases::Database,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use heard::{
    ids::CaseReference,
    labelling::labels::Theme,
    procedure::{documents::DocumentKind, event::Standing},
    web::{
        access::Role,
        desk::{Desk, DeskAction, DeskError, NewDocument},
        views::{CaseView, Officer, QueueFilter, QueueQuery},
    },
};
use sha2::Digest;
use tower::ServiceExt;

on_both! {
    who_is_named_is_kept_out_until_an_officer_has_said kept_out_on_postgres;
    whom_it_is_about_loses_the_case_and_cannot_be_given_it cannot_be_given_on_postgres;
    a_line_manager_needs_a_reason line_manager_on_postgres;
    on_every_page_and_in_every_list_there_is_nothing_of_it nothing_of_it_on_postgres;
}

const NOOR: &str = "Noor Haddad <noor@mail.example>";
const ABOUT_BELL: &str = "I complain about Rowan Bell, who told my son that nobody would answer him.";

async fn complains(council: &Council, from: &str, id: &str, words: &str) -> CaseReference {
    let raw = mail(from, id, "A complaint", "", words);
    let counts = council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::StaffConduct)).await;
    assert_eq!(counts.cases_opened, 1, "{id}");
    let references = council.database.texts("SELECT reference FROM case_file ORDER BY reference DESC").await;
    references[0].parse().unwrap()
}

async fn seen_by(council: &Council, officer: &Officer, case: CaseReference) -> Result<CaseView, DeskError> {
    council.desk.case(case, officer, now()).await
}

async fn act(council: &Council, by: &Officer, case: CaseReference, action: DeskAction) -> Result<(), DeskError> {
    let version = council.desk.peek(case, &council.morgan, now()).await.unwrap().version;
    council.desk.act(case, by, version, action, now()).await.map(|_| ())
}

fn about(who: &str, is: bool) -> DeskAction {
    DeskAction::SetSubject { who: who.into(), is }
}

fn standings(case: &CaseView) -> Vec<(&str, Standing)> {
    case.subjects.iter().map(|subject| (subject.name.as_str(), subject.standing)).collect()
}

async fn listed(council: &Council, officer: &Officer) -> usize {
    let query = QueueQuery { filter: QueueFilter::All, page: 1, ..QueueQuery::default() };
    council.desk.queue(&query, officer, now()).await.unwrap().rows.len()
}

fn not_found<T: std::fmt::Debug>(answer: Result<T, DeskError>) {
    assert!(matches!(answer, Err(DeskError::NotFound)), "{answer:?}");
}

fn refused<T: std::fmt::Debug>(answer: Result<T, DeskError>, says: &str) {
    let Err(DeskError::Refused(why) | DeskError::Excluded(why)) = answer else { panic!("{answer:?}") };
    assert!(why.contains(says) && why.contains("LGSCO Complaint Handling Code 5.4"), "{why}");
}

/// The pages, for an officer who is signed in.
async fn pages(council: &Council, officer: &Officer) -> Router {
    let token: [u8; 32] = sha2::Sha256::digest(officer.email.as_bytes()).into();
    council.desk.open_session(token, officer.id, now()).await.unwrap();
    heard::web::router(council.web(now()))
}

async fn ask(pages: &Router, officer: &Officer, post: bool, path: &str, form: &str) -> (StatusCode, String) {
    let request = if post { Request::post(path) } else { Request::get(path) };
    let request = request
        .header(header::COOKIE, format!("heard={}", officer.email))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    let response = pages.clone().oneshot(request.body(Body::from(form.to_owned())).unwrap()).await.unwrap();
    let (status, location) = (response.status(), response.headers().get(header::LOCATION).cloned());
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let place = location.map(|place| place.to_str().unwrap().to_owned()).unwrap_or_default();
    (status, format!("{place}\n{}", String::from_utf8_lossy(&body)))
}

mod stories {
    use super::*;

    pub async fn who_is_named_is_kept_out_until_an_officer_has_said(council: Council) {
        let words = format!("{ABOUT_BELL}\nHer manager Mr Okafor knows of it. Dear Ruth Pellow\n");
        let case = complains(&council, NOOR, "noor-1", &words).await;
        // She is whom letters name for questions; in this one the family is not sent to her.
        let receipt = "SELECT CAST(message AS TEXT) FROM outbox WHERE kind = 'acknowledgement'";
        let receipt = council.database.texts(receipt).await.remove(0);
        assert!(!receipt.contains("Rowan Bell") && !receipt.contains("rowan.bell@"), "{receipt}");
        assert!(receipt.contains("please tell Calderbeck Council straight away"), "{receipt}");
        let shown = seen_by(&council, &council.morgan, case).await.unwrap();
        let proposed = |name| (name, Standing::Proposed);
        assert_eq!(standings(&shown), ["Dominic Okafor", "Rowan Bell", "Ruth Pellow"].map(proposed));
        assert_eq!(shown.subjects[1].because, ABOUT_BELL);
        assert!(shown.history.iter().any(|entry| entry.title.starts_with("May be about ")));
        not_found(seen_by(&council, &council.bell, case).await);
        assert_eq!((listed(&council, &council.bell).await, listed(&council, &council.morgan).await), (0, 1));

        // It is not about the officer: said by somebody else, and then it is hers to see.
        act(&council, &council.morgan, case, about("rowan.bell@calderbeck.example", false)).await.unwrap();
        assert_eq!(seen_by(&council, &council.bell, case).await.unwrap().subjects.len(), 3);
        assert_eq!(listed(&council, &council.bell).await, 1);
        act(&council, &council.morgan, case, DeskAction::Undo).await.unwrap();
        not_found(seen_by(&council, &council.bell, case).await);

        // Who writes and who is greeted are not whom it is about.
        let raw =
            mail("Ruth Pellow <ruth.pellow@calderbeck.example>", "staff-1", "Mine", "", "I complain. Ruth Pellow");
        council.arrives("complaints", &raw, "2026-11-19T10:00:00Z", &said(Theme::Delay)).await;
        let greets = complains(
            &council,
            "Tess Moor <tess@mail.example>",
            "tess-1",
            "Dear Rowan Bell,\nthe taxi did not come. N",
        )
        .await;
        assert!(seen_by(&council, &council.bell, greets).await.unwrap().subjects.is_empty());
    }

    pub async fn whom_it_is_about_loses_the_case_and_cannot_be_given_it(council: Council) {
        let case = complains(&council, NOOR, "noor-1", "The taxi has not come for three days.").await;
        let take = || DeskAction::Assign { to: council.bell.id };
        act(&council, &council.bell, case, take()).await.unwrap();
        // A later message names whoever works on it: an officer is asked, and the work goes on.
        let thread = "In-Reply-To: <noor-1@mail.example>\r\n";
        let raw = mail(NOOR, "noor-2", "Re: A complaint", thread, ABOUT_BELL);
        council.arrives("complaints", &raw, "2026-11-19T12:00:00Z", &said(Theme::StaffConduct)).await;
        let shown = seen_by(&council, &council.bell, case).await.unwrap();
        assert_eq!(standings(&shown), [("Rowan Bell", Standing::Mentioned)]);
        refused(act(&council, &council.bell, case, about("Rowan Bell", true)).await, "for somebody else");

        act(&council, &council.morgan, case, about("Rowan Bell", true)).await.unwrap();
        let shown = seen_by(&council, &council.morgan, case).await.unwrap();
        assert_eq!((shown.assigned_to, shown.history[0].title.as_str()), (None, "It is about Rowan Bell"));
        not_found(act(&council, &council.bell, case, take()).await);
        refused(act(&council, &council.morgan, case, take()).await, "about them");
        act(&council, &council.morgan, case, DeskAction::Undo).await.unwrap();
        let shown = seen_by(&council, &council.morgan, case).await.unwrap();
        assert_eq!(shown.assigned_to.unwrap().name, "Rowan Bell");

        // Nobody by that name, and one who stands in no directory.
        let nobody = act(&council, &council.morgan, case, about("Nobody Atall", true)).await;
        assert!(matches!(nobody, Err(DeskError::Refused(why)) if why.contains("Nobody called “Nobody Atall”")));
        act(&council, &council.morgan, case, about("agency.worker@calderbeck.example", true)).await.unwrap();
        act(&council, &council.morgan, case, about("martin lesk", true)).await.unwrap();
        let shown = seen_by(&council, &council.morgan, case).await.unwrap();
        let confirmed = shown.subjects.iter().filter(|one| one.standing == Standing::Confirmed);
        assert_eq!(confirmed.map(|one| one.job.as_str()).collect::<Vec<_>>(), ["", "Social worker"]);
    }

    pub async fn a_line_manager_needs_a_reason(council: Council) {
        // Ruth Pellow is Martin Lesk's line manager, and a complaints officer for a while.
        let (email, name) = ("ruth.pellow@calderbeck.example", "Ruth Pellow");
        let password = Some("a long enough password".to_owned().into());
        let store = &council.database.store;
        heard::desk::users::add(store, email, name, Role::Officer, password, now()).await.unwrap();
        let pellow = council.desk.account(email).await.unwrap().unwrap().officer;
        let case = complains(&council, NOOR, "noor-1", "Martin Lesk has not rung me back since October.").await;
        assert!(seen_by(&council, &pellow, case).await.is_ok(), "nobody has said that it is about him");
        act(&council, &pellow, case, DeskAction::Assign { to: pellow.id }).await.unwrap();
        refused(act(&council, &pellow, case, about("Martin Lesk", true)).await, "somebody you manage");
        act(&council, &council.morgan, case, about("Martin Lesk", true)).await.unwrap();
        assert_eq!(seen_by(&council, &council.morgan, case).await.unwrap().assigned_to, None, "it is taken from her");
        refused(seen_by(&council, &pellow, case).await, "line manager");
        assert_eq!(listed(&council, &pellow).await, 0);
        refused(act(&council, &council.morgan, case, DeskAction::Assign { to: pellow.id }).await, "line manager");
        let admit = |reason: &str| DeskAction::AdmitManager { email: email.into(), reason: reason.into() };
        refused(act(&council, &council.morgan, case, admit(" ")).await, "ive the reason");
        act(&council, &council.morgan, case, admit("Nobody else knows the placement.")).await.unwrap();
        let shown = seen_by(&council, &pellow, case).await.unwrap();
        let manager = shown.subjects[0].manager.clone().unwrap();
        assert_eq!(
            (manager.name.as_str(), manager.admitted.as_deref()),
            (name, Some("Nobody else knows the placement."))
        );
        act(&council, &council.morgan, case, DeskAction::Assign { to: pellow.id }).await.unwrap();

        // The directory changes: who manages him now is kept out, and she no longer is.
        let mut tx = store.begin().await.unwrap();
        let looked_at = heard::casework::renew_independence(&council.engine.office, &mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(looked_at, 1);
        assert!(seen_by(&council, &pellow, case).await.is_ok());
    }

    pub async fn on_every_page_and_in_every_list_there_is_nothing_of_it(council: Council) {
        // Three families with one problem, one of them about the officer; a letter that was held back; a case beside another.
        let about_bell =
            complains(&council, NOOR, "noor-1", &format!("{ABOUT_BELL} The S9 minibus did not come again.")).await;
        for (n, name) in ["Jo Tregar", "Dele Okpara"].into_iter().enumerate() {
            let words = "The S9 minibus to Hollow Bank did not come, and Brightway do not answer.";
            let raw = mail(&format!("{name} <family-{n}@mail.example>"), &format!("bus-{n}"), "Bus", "", words);
            council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::Transport)).await;
        }
        let own = council.reference("Tregar").await;
        let cases = vec![about_bell, own, council.reference("Okpara").await];
        let tie = heard::web::joint_views::JointAction::Tie { suggestion: None, cases, title: "The S9".into() };
        council.desk.mend_joint(&council.morgan, tie, now()).await.unwrap();
        let raw = mail("Sami <sami@mail.example>", "sami-1", &format!("About {about_bell}"), "", "Is there an answer?");
        council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::StaffConduct)).await;
        let may_belong =
            council.database.texts("SELECT reference FROM case_file WHERE may_belong IS NOT NULL").await.remove(0);
        let raise =
            "UPDATE outbox SET state = 'failed', attempts = 1, why = 'refused' WHERE recipient = 'noor@mail.example'";
        council.database.run(raise).await;
        let letter = council.desk.undelivered(&council.morgan).await.unwrap().letters.remove(0).id;

        let report = NewDocument {
            kind: DocumentKind::Other,
            name: "Noor Haddad’s plan".into(),
            file_name: "plan.txt".into(),
            bytes: "What nobody would answer.".into(),
        };
        council.desk.add_document(about_bell, &council.morgan, report.clone(), now()).await.unwrap();
        let document = seen_by(&council, &council.morgan, about_bell).await.unwrap().documents.list[0].id;
        not_found(council.desk.add_document(about_bell, &council.bell, report, now()).await);
        not_found(council.desk.document(about_bell, document, &council.bell, now()).await.map(|_| ()));

        let hidden =
            [about_bell.to_string(), "noor@mail.example".into(), "Haddad".into(), "nobody would answer".into()];
        let mut gets: Vec<String> =
            ["/", "/joint", "/letters", "/filed", "/quarantine", "/checks", "/health", "/users"]
                .map(str::to_owned)
                .into();
        gets.push("/accessibility".into());
        let settings = [
            "",
            "/thresholds",
            "/directory",
            "/holidays",
            "/letters",
            "/letters/acknowledgement",
            "/audit",
            "/what-we-changed",
        ];
        gets.extend(settings.map(|more| format!("/settings{more}")));
        gets.extend(["/settings/audit.csv".into(), "/settings/letters/acknowledgement/1.pdf".into()]);
        for filter in QueueFilter::ALL {
            gets.push(format!("/?show={}", filter.as_str()));
        }
        gets.extend([format!("/?q={about_bell}"), "/?q=Haddad".into(), "/?show=all&q=noor".into()]);
        gets.extend([
            "/?q=%22nobody+would+answer%22".to_owned(),
            "/?q=plan.txt".into(),
            "/?q=staff&order=family-down".into(),
        ]);
        gets.extend(
            ["/?show=all&order=reference", "/?show=all&order=received-down", "/?show=all&order=newest"]
                .map(str::to_owned),
        );
        gets.extend([format!("/cases/{own}"), format!("/cases/{may_belong}")]);
        let nothing = [
            "",
            "/complainant",
            "/people",
            "/answer",
            "/steps",
            "/steps/withdrawn",
            "/steps/access-told",
            "/steps/advocate-offered",
            "/confirm",
            "/files/0198b2f4-0000-7000-8000-000000000000",
            "/documents",
            "/bundle",
            "/thanks",
        ];
        gets.extend(nothing.map(|more| format!("/cases/{about_bell}{more}")));
        let papers =
            [format!("/letters/{letter}.pdf?print=large"), "/answer.pdf".to_owned(), format!("/documents/{document}")];
        gets.extend(papers.iter().map(|more| format!("/cases/{about_bell}{more}")));
        gets.push(format!("/cases/{own}/letters/{letter}.pdf"));
        gets.push(format!("/cases/{own}/documents/{document}"));
        let bell = pages(&council, &council.bell).await;
        for path in &gets {
            let (status, page) = ask(&bell, &council.bell, false, path, "").await;
            assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
            // What was typed is shown again.
            let page =
                if path.contains("q=") { page.split("<tbody").nth(1).unwrap_or_default().to_owned() } else { page };
            let of_itself = path.contains(&hidden[0]);
            for words in hidden.iter().skip(usize::from(of_itself)) {
                assert!(!page.contains(words.as_str()), "{path} shows {words}");
            }
        }
        let pages_of = [
            "",
            "/complainant",
            "/people",
            "/tracker",
            "/answer",
            "/bundle",
            "/steps",
            "/steps/withdrawn",
            "/steps/access-told",
        ];
        for more in pages_of.into_iter().chain(papers.iter().map(String::as_str)) {
            let (status, page) = ask(&bell, &council.bell, false, &format!("/cases/{about_bell}{more}"), "").await;
            let (other, nowhere) = ask(&bell, &council.bell, false, &format!("/cases/HRD-26-09999-X{more}"), "").await;
            assert_eq!((status, other), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{more}");
            assert_eq!(page, nowhere, "it is as if there were none");
        }
        // Whatever is done to it is done to nothing.
        let seen = council.database.number("SELECT count(*) FROM case_event").await;
        let actions = [
            "confirm",
            "reclassify",
            "not-a-complaint",
            "accept-sender",
            "own-case",
            "merge",
            "keep-apart",
            "move",
            "untie",
            "told",
            "assign",
            "undo",
            "subject",
            "admit",
            "complainant",
            "people",
            "tracker",
            "close",
            "extend",
            "reopen",
            "answer",
            "steps/withdrawn",
            "steps/appointed",
            "steps/access-told",
            "steps/advocate-offered",
            "steps/contribution-asked",
            "steps/contribution-withdrawn",
            "read-alert",
            "allegation",
            "designated-officer",
            "documents",
            "bundle",
            "retention",
        ];
        let form =
            format!("version=5&to={}&who=rowan.bell@calderbeck.example&is=no&reason=x&what=no-group", council.bell.id);
        for action in actions {
            let (status, _) = ask(&bell, &council.bell, true, &format!("/cases/{about_bell}/{action}"), &form).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{action}");
        }
        let merge = format!("version=VERSION&other={about_bell}");
        let version = council.case(own).await.version.to_string();
        let (_, page) =
            ask(&bell, &council.bell, true, &format!("/cases/{own}/merge"), &merge.replace("VERSION", &version)).await;
        assert!(page.contains("There is no case"), "{page}");
        let (_, page) =
            ask(&bell, &council.bell, true, "/joint", &format!("references={about_bell}%0A{own}&title=x")).await;
        assert!(page.contains("There is no case"), "{page}");
        for action in ["send", "drop", "told", "arrived"] {
            let (status, page) = ask(&bell, &council.bell, true, &format!("/letters/{letter}/{action}"), "why=x").await;
            assert!(!status.is_success() && !page.contains("Haddad"), "{action}: {status}");
        }
        assert_eq!(council.database.number("SELECT count(*) FROM case_event").await, seen);
        assert_eq!(council.database.number("SELECT count(*) FROM case_document").await, 1);

        // The complaints manager, whom it is not about, finds it in each.
        let morgan = pages(&council, &council.morgan).await;
        let case = format!("/cases/{about_bell}");
        for path in ["/", "/joint", "/letters", "/?q=Haddad", case.as_str()] {
            assert!(ask(&morgan, &council.morgan, false, path, "").await.1.contains(&about_bell.to_string()), "{path}");
        }
    }
}

/// Every address of the pages, as the router has it: whoever adds one says here that it was walked.
#[test]
fn no_address_was_left_out() {
    let router = include_str!("../../src/web/mod.rs");
    let mut routes: Vec<&str> =
        router.split(".route(\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default()).collect();
    routes.sort_unstable();
    insta::assert_snapshot!(routes.join("\n"));
}
