//! The lists of cases: sorted by each column, kept under a name, and quick by what stands beside the cases. On SQLite and (where
//! `HEARD_TEST_POSTGRES` names a server) on Postgres.

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
    web::{
        desk::{Desk, DeskAction, DeskError, ViewAction},
        views::{Officer, QueueColumn, QueueFilter, QueueOrder, QueueQuery},
    },
};
use sha2::Digest;
use tower::ServiceExt;

on_both! {
    a_list_is_sorted_by_each_column_over_all_its_pages sorted_on_postgres;
    an_officer_keeps_lists_that_nobody_else_sees kept_on_postgres;
    what_is_new_is_noted_and_never_missed new_on_postgres;
}

async fn complains(council: &Council, name: &str, when: &str) -> CaseReference {
    let id = name.to_lowercase().replace(' ', "-");
    let words = format!("The taxi of {name} did not come to {name} Road.");
    let raw = mail(&format!("{name} <{id}@mail.example>"), &id, "Taxi", "", &words);
    let counts = council.arrives("complaints", &raw, when, &said(Theme::Transport)).await;
    assert_eq!(counts.cases_opened, 1, "{name}");
    let newest = "SELECT reference FROM case_file ORDER BY reference DESC";
    council.database.texts(newest).await.remove(0).parse().unwrap()
}

async fn act(council: &Council, reference: CaseReference, action: DeskAction) {
    let version = council.case(reference).await.version;
    council.desk.act(reference, &council.bell, version, action, now()).await.unwrap();
}

async fn pages(council: &Council, officer: &Officer) -> Router {
    let token: [u8; 32] = sha2::Sha256::digest(officer.email.as_bytes()).into();
    council.desk.open_session(token, officer.id, now()).await.unwrap();
    heard::web::router(council.web(now()))
}

async fn ask(pages: &Router, officer: &Officer, path: &str, form: Option<&str>) -> (StatusCode, String) {
    let request = if form.is_some() { Request::post(path) } else { Request::get(path) };
    let request = request
        .header(header::COOKIE, format!("heard={}", officer.email))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    let body = Body::from(form.unwrap_or_default().to_owned());
    let response = pages.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let status = response.status();
    let place = response.headers().get(header::LOCATION).map(|place| place.to_str().unwrap().to_owned());
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, format!("{}{}", place.unwrap_or_default(), String::from_utf8_lossy(&body)))
}

mod stories {
    use super::*;

    pub async fn a_list_is_sorted_by_each_column_over_all_its_pages(council: Council) {
        let mut references = Vec::new();
        for n in 0..30 {
            // The alphabet goes the other way than the days.
            let name = format!("{}lex Number{n:02}", if n % 2 == 0 { "A" } else { "a" });
            references.push(complains(&council, &name, &format!("2026-11-{:02}T09:00:00Z", 19 - n % 10)).await);
        }
        act(&council, references[3], DeskAction::Assign { to: council.morgan.id }).await;
        act(&council, references[4], DeskAction::Assign { to: council.bell.id }).await;
        let shown = async |filter, order| {
            let mut found = Vec::new();
            for page in 1..=2 {
                let query = QueueQuery { filter, order, page, search: None };
                let page = council.desk.queue(&query, &council.bell, now()).await.unwrap();
                assert_eq!(page.total, 30);
                found.extend(page.rows);
            }
            assert_eq!(found.len(), 30, "{order:?}: each case once");
            found
        };
        for filter in [QueueFilter::All, QueueFilter::ToConfirm] {
            for column in QueueColumn::ALL {
                for up in [true, false] {
                    let rows = shown(filter, QueueOrder::By { column, up }).await;
                    let keys: Vec<String> = rows
                        .iter()
                        .map(|row| match column {
                            QueueColumn::Reference => row.reference.clone(),
                            QueueColumn::Family => row.family.clone().unwrap().to_lowercase(),
                            QueueColumn::State => format!("{:?}", row.status),
                            QueueColumn::Procedure => row.procedure.as_str().to_owned(),
                            QueueColumn::Next => row.next_due.as_ref().unwrap().on.to_string(),
                            QueueColumn::Received => row.received_at.to_rfc3339(),
                            // Those that nobody has come last, whichever way.
                            QueueColumn::With => {
                                row.assigned_to.clone().unwrap_or_else(|| if up { "~" } else { "" }.into())
                            }
                        })
                        .collect();
                    let mut sorted = keys.clone();
                    sorted.sort();
                    if !up {
                        sorted.reverse();
                    }
                    assert_eq!(keys, sorted, "{column:?} {up}");
                    let mut all: Vec<_> = rows.iter().map(|row| &row.reference).collect();
                    all.sort();
                    all.dedup();
                    assert_eq!(all.len(), 30);
                }
            }
        }
        let bell = pages(&council, &council.bell).await;
        let (_, page) = ask(&bell, &council.bell, "/?show=all&order=family-down", None).await;
        assert!(
            page.contains(r#"aria-sort="descending"><a class="heard-sort" href="/?show=all&order=family">From"#),
            "{page}"
        );
        assert_eq!(page.matches("aria-sort=\"none\"").count(), 6);
        assert!(page.contains("order=family-down&page=2"), "the order is kept over the pages: {page}");
    }

    pub async fn an_officer_keeps_lists_that_nobody_else_sees(council: Council) {
        complains(&council, "Noor Haddad", "2026-11-19T09:00:00Z").await;
        let bell = pages(&council, &council.bell).await;
        let save = |name: &str| format!("name={name}&show=mine&order=family-down");
        let (status, place) = ask(&bell, &council.bell, "/views", Some(&save("By+%3Cb%3Ename"))).await;
        assert_eq!((status, place.as_str()), (StatusCode::SEE_OTHER, "/?show=mine&order=family-down&done=view-saved"));
        let (_, page) = ask(&bell, &council.bell, &place, None).await;
        assert!(page.contains("The view is kept."), "{page}");
        let link = r#"href="/?show=mine&order=family-down" aria-current="page">By &lt;b&gt;name</a>"#;
        assert!(page.contains(link), "{page}");
        // Kept again under the same name it is another list, not another view.
        ask(&bell, &council.bell, "/views", Some("name=By+%3Cb%3Ename&show=overdue&order=")).await;
        let views = async |officer: &Officer| {
            council.desk.queue(&QueueQuery { page: 1, ..QueueQuery::default() }, officer, now()).await.unwrap().views
        };
        let kept = views(&council.bell).await;
        assert_eq!((kept.len(), kept[0].filter.as_str(), kept[0].order.as_str()), (1, "overdue", ""));
        assert!(views(&council.morgan).await.is_empty());

        // Nobody else can rename or delete it, and neither says that it is there.
        let morgan = pages(&council, &council.morgan).await;
        let of_bell = format!("/views/{}", kept[0].id);
        ask(&morgan, &council.morgan, &format!("{of_bell}/rename"), Some("name=Mine")).await;
        ask(&morgan, &council.morgan, &format!("{of_bell}/delete"), Some("")).await;
        assert_eq!(views(&council.bell).await, kept);

        ask(&bell, &council.bell, &format!("{of_bell}/rename"), Some("name=Late&show=all&order=")).await;
        assert_eq!(views(&council.bell).await[0].name, "Late");
        let long = format!("name={}", "x".repeat(41));
        for (form, says) in [("name=+", "Enter a name for the view"), (long.as_str(), "40 characters or fewer")] {
            let (status, page) = ask(&bell, &council.bell, "/views", Some(form)).await;
            assert!(
                status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(says) && page.contains("#view-name"),
                "{page}"
            );
        }
        for n in 1..12 {
            ask(&bell, &council.bell, "/views", Some(&save(&format!("View+{n}")))).await;
        }
        let (status, page) = ask(&bell, &council.bell, "/views", Some(&save("One+more"))).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("You keep 12 views already"), "{page}");
        let second = views(&council.bell).await[1].id;
        let taken = ViewAction::Rename { id: second, name: "Late".into() };
        assert!(matches!(council.desk.change_view(&council.bell, taken, now()).await, Err(DeskError::Refused(_))));
        let (status, _) = ask(&bell, &council.bell, &format!("{of_bell}/delete"), Some("show=mine")).await;
        assert_eq!((status, views(&council.bell).await.len()), (StatusCode::SEE_OTHER, 11));
        let (status, _) = ask(&bell, &council.bell, &format!("{of_bell}/burn"), Some("")).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }

    pub async fn what_is_new_is_noted_and_never_missed(council: Council) {
        let noor = complains(&council, "Noor Haddad", "2026-11-18T09:00:00Z").await;
        let news = async || {
            (
                council.database.number("SELECT count(*) FROM case_file WHERE news").await,
                council.families(QueueFilter::NewMessage).await.len(),
            )
        };
        let more = async |id: &str, when: &str| {
            let raw = mail(
                "Noor Haddad <noor-haddad@mail.example>",
                id,
                "Re: Taxi",
                "In-Reply-To: <noor-haddad@mail.example>\r\n",
                "More about it: the taxi, again.",
            );
            assert_eq!(council.arrives("complaints", &raw, when, &said(Theme::Transport)).await.joined, 1);
        };
        assert_eq!(news().await, (0, 0));
        more("noor-2", "2026-11-18T10:00:00Z").await;
        assert_eq!(news().await, (1, 1));
        // Acted on.
        act(&council, noor, DeskAction::Assign { to: council.bell.id }).await;
        assert_eq!(news().await, (0, 0));
        council.database.run("UPDATE case_event SET at = '2026-11-18T12:00:00Z' WHERE officer_id IS NOT NULL").await;
        council.database.run("UPDATE audit SET at = '2026-11-18T12:00:00Z'").await;
        more("noor-3", "2026-11-19T10:00:00Z").await;
        assert_eq!(news().await, (1, 1));
        // Seen by somebody else it is still new; seen by its officer it is not.
        council.desk.case(noor, &council.morgan, now()).await.unwrap();
        assert_eq!(news().await, (1, 1));
        council.desk.case(noor, &council.bell, now()).await.unwrap();
        assert_eq!(news().await, (0, 0));
        // Another officer has not seen it; whoever gives it to them has acted.
        act(&council, noor, DeskAction::Assign { to: council.morgan.id }).await;
        assert_eq!(news().await.1, 0);
    }
}
