//! Who gets which address: the pages' router against every kind of person, each cell asked for. On SQLite and (where
//! `HEARD_TEST_POSTGRES` names a server) on Postgres.

use std::fmt::Write;

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
    casework::Given,
    ids::CaseReference,
    labelling::labels::Theme,
    procedure::event::{Appointee, Post, Step, Works},
    web::{
        access::Role,
        desk::{Desk, DeskAction},
        views::Officer,
    },
};
use sha2::Digest;
use tower::ServiceExt;

on_both! {
    every_address_is_asked_for_by_everybody every_address_on_postgres;
}

const KEY: &str = "0198b2f4-0000-7000-8000-000000000000";

/// Every address of the router with its methods, as the source has them.
fn addresses() -> Vec<(&'static str, bool, bool)> {
    let sources = [
        include_str!("../../src/web/mod.rs"),
        include_str!("../../src/web/families/mod.rs"),
        include_str!("../../src/web/families/public.rs"),
        include_str!("../../src/web/families/tell_us.rs"),
        include_str!("../../src/web/families/track.rs"),
        include_str!("../../src/web/families/survey.rs"),
    ];
    let routes = sources.into_iter().flat_map(|source| {
        source.split(".route(\"").skip(1).map(|rest| {
            let (path, handlers) = rest.split_once('"').unwrap();
            let handlers = handlers.split(".route(").next().unwrap_or_default();
            let line = handlers.lines().next().unwrap_or_default();
            (path, line.contains("get("), line.contains("post("))
        })
    });
    routes.collect()
}

/// The address with what stands for its parts.
fn filled(path: &str, reference: &str) -> String {
    let action = if path.starts_with("/cases") {
        "confirm"
    } else if path.starts_with("/users") {
        "password"
    } else {
        "send"
    };
    let parts = [
        ("{reference}", reference),
        ("{id}", KEY),
        ("{kind}", "withdrawn"),
        ("{action}", action),
        ("{token}", KEY),
        ("{code}", KEY),
        ("{what}", "add"),
    ];
    let path = parts.into_iter().fold(path.to_owned(), |path, (part, value)| path.replace(part, value));
    let path = path.replace("{name}/{file}", "acknowledgement/1.pdf").replace("{name}", "acknowledgement");
    path.replace("{file}", &format!("{KEY}.pdf")).replace("{*path}", "pages.css")
}

/// The case is a complaint, and this is whoever looks into it.
async fn appoint(council: &Council, case: CaseReference, who: &Officer) {
    let person = Appointee {
        name: who.name.clone(),
        email: who.email.clone(),
        works: Works::Council,
        unconnected: false,
        reason: String::new(),
    };
    let step = Box::new(Step::Appointed { post: Post::Responder, person });
    for action in [DeskAction::Confirm, DeskAction::Step { step, given: Given::Nobody }] {
        let version = council.desk.peek(case, &council.morgan, now()).await.unwrap().version;
        council.desk.act(case, &council.morgan, version, action, now()).await.unwrap();
    }
}

struct Visitor {
    /// As the table's head says.
    name: &'static str,
    cookie: Option<String>,
}

async fn asks(pages: &Router, who: &Visitor, post: bool, path: &str) -> (StatusCode, String, String) {
    let request = if post { Request::post(path) } else { Request::get(path) };
    // From a few addresses, so that so many in one test are no flood.
    let from = [127, 0, 0, who.name.len().try_into().unwrap()];
    let mut request = request
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from((from, 4000))));
    if let Some(cookie) = &who.cookie {
        request = request.header(header::COOKIE, format!("heard={cookie}"));
    }
    let response = pages.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let place = response.headers().get(header::LOCATION).map(|place| place.to_str().unwrap().to_owned());
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, place.unwrap_or_default(), String::from_utf8_lossy(&body).into_owned())
}

/// For everybody, signed in or not.
fn is_public(path: &str) -> bool {
    path.starts_with("/sign-in/")
        || ["/sign-in", "/sign-out", "/healthz", "/readyz", "/accessibility", "/contribution/{token}"].contains(&path)
        || path.starts_with("/assets/")
        || is_families(path)
}

/// Families' own pages.
fn is_families(path: &str) -> bool {
    path == "/reading" || ["/complaints", "/tell-us", "/track", "/survey"].iter().any(|start| path.starts_with(start))
}

/// What everybody has who signs in.
fn is_everybodys(path: &str) -> bool {
    ["/", "/keys"].contains(&path) || path.starts_with("/checks") || path.starts_with("/account")
}

/// What else each of those has who does not work cases.
fn is_theirs(who: &str, path: &str) -> bool {
    match who {
        "reader" => path.starts_with("/figures"),
        "admin" => path.starts_with("/users") || path == "/health" || path.starts_with("/settings"),
        "appointed" => {
            path.starts_with("/given")
                || ["/cases/{reference}/files/{id}", "/cases/{reference}/documents/{id}"].contains(&path)
        }
        "panel" => path == "/given",
        _ => false,
    }
}

mod stories {
    use super::*;

    pub async fn every_address_is_asked_for_by_everybody(council: Council) {
        let raw = mail(
            "Noor Haddad <noor@mail.example>",
            "noor-1",
            "A complaint",
            "",
            "I complain about Rowan Bell, who told my son that nobody would answer him.",
        );
        council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::StaffConduct)).await;
        let case = council.database.texts("SELECT reference FROM case_file").await.remove(0);
        let officer = council.account("Dara Quill", Role::Officer).await;
        let owner = council.account("Ines Marsh", Role::MailboxOwner).await;
        let appointed = council.account("Tamsin Orr", Role::Investigator).await;
        let panel = council.account("Joan Tibbs", Role::PanelMember).await;
        let reader = council.account("Lee Hobday", Role::ReportReader).await;
        let admin = council.account("Pat Selwyn", Role::Administrator).await;
        appoint(&council, case.parse().unwrap(), &appointed).await;
        let state = council.web(now());
        // What goes on telling ends at once.
        state.stop.cancel();
        let pages = heard::web::router(state);
        let everybody = [
            ("owner", &owner),
            ("reader", &reader),
            ("admin", &admin),
            ("panel", &panel),
            ("appointed", &appointed),
            ("kept out", &council.bell),
            ("officer", &officer),
            ("manager", &council.morgan),
        ];
        let mut visitors = vec![Visitor { name: "nobody", cookie: None }];
        for (name, who) in everybody {
            let who: &Officer = who;
            visitors.push(Visitor { name, cookie: Some(who.email.clone()) });
        }
        // Well made, and of no case.
        let nowhere = CaseReference { year: 2026, number: 9_999 }.to_string();
        let mut table = format!("{:<46}", "");
        for who in &visitors {
            write!(table, "{:>10}", who.name).unwrap();
        }
        table.push('\n');
        for (path, get, post) in addresses() {
            for (post, _) in [(false, get), (true, post)].into_iter().filter(|(_, there)| *there) {
                let method = if post { "POST" } else { "GET" };
                write!(table, "{:<46}", format!("{method} {path}")).unwrap();
                for who in &visitors {
                    // A session ends with each sign-out, so each is begun anew.
                    if let Some(cookie) = &who.cookie {
                        let token: [u8; 32] = sha2::Sha256::digest(cookie.as_bytes()).into();
                        let (_, one) = everybody.iter().find(|(_, one)| one.email == *cookie).unwrap();
                        council.desk.open_session(token, one.id, now()).await.ok();
                    }
                    let (status, place, body) = asks(&pages, who, post, &filled(path, &case)).await;
                    let cell = format!("{method} {path} for {}: {status} {place}", who.name);
                    assert!(!status.is_server_error(), "{cell}");
                    let refused = matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
                    match who.name {
                        "nobody" if !is_public(path) => {
                            assert!(status == StatusCode::SEE_OTHER && place.starts_with("/sign-in"), "{cell}");
                        }
                        "owner" | "reader" | "admin" | "panel" | "appointed"
                            if !is_public(path) && !is_everybodys(path) && !is_theirs(who.name, path) =>
                        {
                            let away =
                                status == StatusCode::SEE_OTHER && !place.starts_with(&format!("/cases/{case}/"));
                            assert!(refused || away, "{cell}");
                            assert!(!body.contains("Haddad"), "{cell}");
                        }
                        "kept out" if path.starts_with("/cases/") => {
                            let (there, _, page) = asks(&pages, who, post, &filled(path, &nowhere)).await;
                            assert_eq!(status, there, "{cell}");
                            assert_eq!(body.replace(&case, &nowhere), page, "{cell}");
                            assert!(!body.contains("Haddad"), "{cell}");
                        }
                        _ => {}
                    }
                    // Whoever is not appointed in it hears of it what they would hear of none.
                    if who.name == "panel" && path.contains("{reference}") {
                        let (there, place, page) = asks(&pages, who, post, &filled(path, &nowhere)).await;
                        assert_eq!((status, body.replace(&case, &nowhere)), (there, page), "{cell} {place}");
                    }
                    write!(table, "{:>10}", status.as_u16()).unwrap();
                }
                table.push('\n');
            }
        }
        insta::allow_duplicates! { insta::assert_snapshot!("who_gets_which_address", table) };
    }
}
