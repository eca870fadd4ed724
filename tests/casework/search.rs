//! The search over everything in a case, on SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use crate::{
    council::{Council, mail, names, now, on_both, said},
    databases::Database,
};
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use heard::{
    ids::CaseReference,
    labelling::labels::{Act, Theme},
    store::Store,
    web::{
        desk::{Desk, DeskAction},
        views::{Officer, QueueColumn, QueueFilter, QueueOrder, QueuePage, QueueQuery},
    },
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use sha2::Digest;
use tower::ServiceExt;

on_both! {
    every_part_of_a_case_is_found every_part_on_postgres;
    where_it_stands_is_shown_as_text where_it_stands_on_postgres;
    what_is_moved_is_found_where_it_is_now moved_on_postgres;
    whom_a_case_is_about_finds_nothing_of_it about_whom_on_postgres;
    the_best_come_first_and_filters_and_orders_apply the_best_on_postgres;
    what_was_there_before_is_found_after_the_next_start before_on_postgres;
    whatever_is_typed_is_answered whatever_on_postgres;
    a_case_of_very_many_words_is_found_by_each_of_them many_words_on_postgres;
}

const NOOR: &str = "Noor Haddad <noor@mail.example>";
const SIAN: &str = "Siân O’Rourke <sian@mail.example>";

async fn complains(council: &Council, from: &str, id: &str, subject: &str, words: &str) -> CaseReference {
    let raw = mail(from, id, subject, "", words);
    let counts = council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::Transport)).await;
    assert_eq!(counts.cases_opened, 1);
    let newest = "SELECT reference FROM case_file ORDER BY reference DESC";
    council.database.texts(newest).await.remove(0).parse().unwrap()
}

async fn act(council: &Council, reference: CaseReference, action: DeskAction) -> CaseReference {
    let version = council.case(reference).await.version;
    let done = council.desk.act(reference, &council.morgan, version, action, now()).await.unwrap();
    done.go_on.unwrap_or(reference)
}

async fn asked(council: &Council, officer: &Officer, query: QueueQuery) -> QueuePage {
    let page = council.desk.queue(&query, officer, now()).await.unwrap();
    assert_eq!(council.database.number("SELECT count(*) FROM case_words_due").await, 0, "what is stored is found");
    page
}

fn all(search: &str) -> QueueQuery {
    QueueQuery { filter: QueueFilter::All, search: Some(search.into()), page: 1, ..QueueQuery::default() }
}

async fn found(council: &Council, search: &str) -> Vec<String> {
    names(&asked(council, &council.morgan, all(search)).await)
}

mod stories {
    use super::*;

    pub async fn every_part_of_a_case_is_found(council: Council) {
        let noor = complains(&council, NOOR, "noor-1", "Taxi to Hollow Bank", "It did not come on Monday.").await;
        let sian = complains(&council, SIAN, "sian-1", "Ymweliad", "The café visit was cancelled. Nobody rang.").await;
        for typed in
            ["Hollow", "hollow bank", "MONDAY", "\"did not come\"", "noor@mail.example", "hadd", &noor.to_string()]
        {
            assert_eq!(found(&council, typed).await, ["Noor Haddad"], "{typed}");
        }
        for typed in ["sian", "SIÂN", "o'rourke", "ORourke CAFE", "cafe canc", &sian.to_string()[4..12]] {
            let expected: &[&str] = if typed.starts_with("OR") { &[] } else { &["Siân O’Rourke"] };
            assert_eq!(found(&council, typed).await, expected, "{typed}");
        }
        for typed in ["\"not did\"", "\"monda\"", "ollow", "Hollow Rourke", "taxis", "%", "*"] {
            assert_eq!(found(&council, typed).await, Vec::<String>::new(), "{typed}");
        }
        // What an officer writes down, and whom they say it is from.
        let reason = "They asked for the zoetrope timetable.".to_owned();
        act(&council, noor, DeskAction::NotAComplaint { act: Act::Enquiry, reason }).await;
        assert_eq!(found(&council, "zoetrope").await, ["Noor Haddad"]);
        let tie = DeskAction::SamePerson { address: "quennell@work.example".into() };
        act(&council, sian, tie).await;
        assert_eq!(found(&council, "quennell").await, ["Siân O’Rourke"]);
        // A name is another from now on, in every case of theirs.
        council.database.run("UPDATE contact SET name = 'Ines Pettigrew' WHERE name LIKE 'Si%'").await;
        act(&council, sian, DeskAction::Confirm).await;
        assert_eq!(found(&council, "pettigrew").await, ["Ines Pettigrew"]);
    }

    pub async fn where_it_stands_is_shown_as_text(council: Council) {
        let words =
            "Good morning.\n\nThe <b>taxi</b> & the escort did not come, and <script>alert(1)</script> nobody rang.";
        complains(&council, NOOR, "noor-1", "No subject", words).await;
        let token: [u8; 32] = sha2::Sha256::digest(b"bell").into();
        council.desk.open_session(token, council.bell.id, now()).await.unwrap();
        let pages = heard::web::router(council.web(now()));
        let ask = async |path: &str| {
            let request = Request::get(path).header(header::COOKIE, "heard=bell").body(Body::empty()).unwrap();
            let response = pages.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
        };
        let page = ask("/?q=taxi+%22did+not+come%22").await;
        let marked =
            "&lt;b&gt;<mark>taxi</mark>&lt;&#x2f;b&gt; &amp; the escort <mark>did not come</mark>, and &lt;script&gt;";
        assert!(page.contains(marked), "{page}");
        assert!(!page.contains("<script>alert"));
        assert!(page.contains("1 case found for “taxi"), "{page}");
        let page = ask("/?q=haddad").await;
        assert!(page.contains("People: </span>Noor <mark>Haddad</mark>"), "{page}");
        let page = ask("/?q=%25%3C%3E%22").await;
        assert!(page.contains("0 cases found for “%&lt;&gt;&quot;”"), "{page}");
        // Found from every page.
        assert!(ask("/health").await.contains("role=\"search\""));
    }

    pub async fn what_is_moved_is_found_where_it_is_now(council: Council) {
        let noor = complains(&council, NOOR, "noor-1", "Taxi", "The taxi to Hollow Bank did not come.").await;
        let thread = "In-Reply-To: <noor-1@mail.example>\r\n";
        let more =
            mail(NOOR, "noor-2", "Re: Taxi", thread, "More about it: the taxi, again, and Larkfield knows of it.");
        council.arrives("complaints", &more, "2026-11-19T11:00:00Z", &said(Theme::Other)).await;
        let references = async |search: &str| {
            let page = asked(&council, &council.morgan, all(search)).await;
            page.rows.iter().map(|row| row.reference.clone()).collect::<Vec<_>>()
        };
        assert_eq!(references("larkfield").await, [noor.to_string()]);
        let moved = council.case(noor).await.messages[1].id;
        let own = act(&council, noor, DeskAction::Move { messages: vec![moved], to: None }).await;
        assert_ne!(own, noor);
        assert_eq!(references("larkfield").await, [own.to_string()]);
        assert_eq!(references("hollow bank").await, [noor.to_string()]);
        act(&council, own, DeskAction::Undo).await;
        assert_eq!(references("larkfield").await, [noor.to_string()]);

        let sian = complains(&council, SIAN, "sian-1", "Bus", "The bus to Marigold House was late.").await;
        act(&council, sian, DeskAction::Merge { with: noor }).await;
        assert_eq!(references("marigold").await, [noor.to_string()]);
        assert_eq!(references("rourke bus").await, [noor.to_string()], "who wrote it came with it");
    }

    pub async fn whom_a_case_is_about_finds_nothing_of_it(council: Council) {
        let words = "I complain about Rowan Bell, who told my son at Foxglove House that nobody would answer him.";
        let about_bell = complains(&council, NOOR, "noor-1", "Nobody answers", words).await;
        complains(&council, SIAN, "sian-1", "Nobody answers", "Nobody answers at the office.").await;
        for typed in ["foxglove", "haddad", "noor", "\"nobody would answer\"", &about_bell.to_string(), "rowan bell"] {
            let page = asked(&council, &council.bell, all(typed)).await;
            assert_eq!((page.rows.len(), page.total, page.found_more), (0, 0, false), "{typed}");
            assert_eq!(found(&council, typed).await, ["Noor Haddad"], "{typed}");
        }
        let page = asked(&council, &council.bell, all("nobody")).await;
        assert_eq!((names(&page), page.total), (vec!["Siân O’Rourke".to_owned()], 1));
        assert_eq!(page.counts.all, 1);
        assert_eq!(found(&council, "nobody").await.len(), 2);
    }

    pub async fn the_best_come_first_and_filters_and_orders_apply(council: Council) {
        let text = complains(&council, NOOR, "noor-1", "Escort", "The social worker, Ms Larkin, never rang.").await;
        let subject = complains(&council, SIAN, "sian-1", "About Larkin", "Nobody rang.").await;
        let person = complains(&council, "Bo Larkin <bo@mail.example>", "bo-1", "Bus", "It was late.").await;
        let mut newest = Vec::new();
        for n in 0..30 {
            let from = format!("Ash Number{n:02} <ash{n}@mail.example>");
            newest.push(
                complains(
                    &council,
                    &from,
                    &format!("ash-{n}"),
                    "Taxi",
                    &format!("Larkin again, matter {n} of another family."),
                )
                .await,
            );
        }
        let page = |query: QueueQuery| asked(&council, &council.morgan, query);
        let references = |page: &QueuePage| page.rows.iter().map(|row| row.reference.clone()).collect::<Vec<_>>();
        let first = page(all("larkin")).await;
        assert_eq!((first.rows.len(), first.total), (25, 33));
        assert_eq!(references(&first)[..3], [person.to_string(), subject.to_string(), newest[29].to_string()]);
        let second = page(QueueQuery { page: 2, ..all("larkin") }).await;
        assert_eq!(references(&second).last().unwrap(), &text.to_string(), "the oldest last");
        assert!(!references(&second).iter().any(|one| references(&first).contains(one)));

        act(&council, subject, DeskAction::Assign { to: council.morgan.id }).await;
        let mine = page(QueueQuery { filter: QueueFilter::Mine, ..all("larkin") }).await;
        assert_eq!((references(&mine), mine.total), (vec![subject.to_string()], 1));
        let by = |column, up| QueueQuery { order: QueueOrder::By { column, up }, ..all("larkin") };
        assert_eq!(names(&page(by(QueueColumn::Family, true)).await)[..2], ["Ash Number00", "Ash Number01"]);
        assert_eq!(names(&page(by(QueueColumn::Family, false)).await)[..2], ["Siân O’Rourke", "Noor Haddad"]);
        assert_eq!(references(&page(by(QueueColumn::Reference, true)).await)[0], text.to_string());
    }

    pub async fn what_was_there_before_is_found_after_the_next_start(council: Council) {
        complains(&council, NOOR, "noor-1", "Taxi", "The taxi to Hollow Bank did not come.").await;
        // As the version before left it, and the migration.
        council.database.run("DELETE FROM case_words").await;
        assert!(found(&council, "hollow").await.is_empty());
        council.database.run("INSERT INTO case_words_due (case_id, backlog) SELECT id, TRUE FROM case_file").await;
        Store::open(&council.database.url).await.unwrap().close().await;
        assert_eq!(found(&council, "hollow").await, ["Noor Haddad"]);
    }

    pub async fn whatever_is_typed_is_answered(council: Council) {
        complains(&council, NOOR, "noor-1", "Taxi", "The taxi to Hollow Bank did not come. AND OR NOT NEAR").await;
        for typed in [
            "AND",
            "NOT",
            "near",
            "taxi OR",
            "\"taxi",
            "a:b",
            "people:taxi",
            "(taxi",
            "taxi*",
            "-taxi",
            "^taxi",
            "'taxi'",
            "taxi & !",
            "<->",
        ] {
            let page = asked(&council, &council.bell, all(typed)).await;
            let nothing = ["a:b", "people:taxi", "<->"].contains(&typed);
            assert_eq!(page.rows.len(), usize::from(!nothing), "{typed}");
        }
        let mut runner = TestRunner::deterministic();
        let typed = proptest::prop_oneof![".{0,40}", "[a-z\"'*:()&|!<>^%_\\\\ -]{0,30}"];
        for _ in 0..200 {
            let typed: String = typed.new_tree(&mut runner).unwrap().current();
            // Postgres stores no NUL, and no browser sends one in a search.
            let page = council.desk.queue(&all(&typed), &council.bell, now()).await;
            assert!(page.is_ok(), "{typed:?}: {page:?}");
        }
    }

    pub async fn a_case_of_very_many_words_is_found_by_each_of_them(council: Council) {
        let many: String = (0..30_000).map(|n| format!("w{n}x ")).collect();
        complains(&council, NOOR, "noor-1", "Diary", &format!("Begins. {many} ends zoetrope")).await;
        for typed in ["w0x", "\"w15997x w15998x\"", "w29999x", "\"ends zoetrope\"", "haddad w29999x", "haddad w3x"] {
            assert_eq!(found(&council, typed).await, ["Noor Haddad"], "{typed}");
        }
    }
}
