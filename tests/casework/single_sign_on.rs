//! Signing in with the council's own directory, against an OpenID Connect provider that we did not write. On SQLite and (where
//! `HEARD_TEST_POSTGRES` names a server) on Postgres.

use std::sync::Arc;

use crate::{
    council::{Council, now, on_both, seal},
    databases::Database,
    token_server::TokenServer,
    visitor::{Page, Visitor},
};
use axum::{Router, http::StatusCode};
use chrono::TimeDelta;
use heard::{
    clock::Clock,
    config::SingleSignOnSection,
    web::{desk::Desk, single_sign_on::Directory},
};
use serde_json::{Value, json};

on_both! {
    people_sign_in_with_the_directory_and_are_what_it_says in_on_postgres;
    nothing_else_gets_in out_on_postgres;
}

/// The pages of a council whose directory is `server`. The provider signs by this machine's clock, so the pages have it too.
fn pages(council: &Council, server: &TokenServer, ahead: TimeDelta) -> Router {
    let secret = council.folder.path().join("client-secret");
    std::fs::write(&secret, "right\n").unwrap();
    let section = format!(
        "issuer = \"{}\"\nclient_id = \"heard\"\nclient_secret = {{ file = {secret:?} }}\ncalled = \"your Calderbeck account\"\n\
         roles = {{ \"Heard.Officer\" = \"officer\", \"Heard.Manager\" = \"complaints_manager\", \"Heard.Reports\" = \"report_reader\" }}",
        server.token_url.join("/").unwrap()
    );
    let section: SingleSignOnSection = toml::from_str(&section).unwrap();
    let system = Clock::system();
    let mut state = council.web(now());
    state.clock = Clock::by(move || system.now() + ahead);
    let address = "http://127.0.0.1:8080/".parse().unwrap();
    state.directory = Some(Arc::new(Directory::new(section, &address, seal()).unwrap()));
    heard::web::router(state)
}

async fn is(server: &TokenServer, subject: &str, name: &str, email: &str, roles: Value) {
    let claims = json!({"name": name, "email": email, "roles": roles});
    server.set(json!({"sub": subject, "claims": claims})).await;
}

/// What the directory's page sends the browser back with.
async fn at_the_directory(server: &TokenServer, sent_to: &str) -> String {
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    assert!(sent_to.starts_with(server.token_url.join("/authorize").unwrap().as_str()), "{sent_to}");
    let answer = http.get(sent_to).send().await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    back.strip_prefix("http://127.0.0.1:8080").expect("they come back to us").to_owned()
}

async fn signs_in(server: &TokenServer, visitor: &mut Visitor, next: &str) -> Page {
    let begun = visitor.get(&format!("/sign-in/council?next={next}")).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    assert!(begun.set.iter().any(|one| one.contains("SameSite=Lax") && one.contains("HttpOnly")), "{:?}", begun.set);
    let back = at_the_directory(server, &begun.place).await;
    visitor.get(&back).await
}

mod stories {
    use super::*;

    pub async fn people_sign_in_with_the_directory_and_are_what_it_says(council: Council) {
        let server = TokenServer::start().await;
        let router = pages(&council, &server, TimeDelta::zero());
        is(&server, "oid-1", "Dara Quill", "Dara.Quill@calderbeck.example", json!(["Heard.Officer", "Other"])).await;
        let mut dara = Visitor::new(&router);
        let shown = dara.get("/sign-in?next=/joint").await;
        assert!(shown.body.contains("Sign in with your Calderbeck account"));
        assert!(shown.body.replace("&#x2f;", "/").contains("href=\"/sign-in/council?next=/joint\""), "{}", shown.body);
        // The way back ends at a page of ours that goes on by itself: a redirect would lose the strict cookie.
        let page = signs_in(&server, &mut dara, "/joint").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let goes_on = "<meta http-equiv=\"refresh\" content=\"0; url=/joint\">";
        assert!(page.body.replace("&#x2f;", "/").contains(goes_on), "{}", page.body);
        assert!(
            page.set.iter().any(|one| one.starts_with("heard=") && one.contains("SameSite=Strict")),
            "{:?}",
            page.set
        );
        assert_eq!(dara.get("/joint").await.status, StatusCode::OK);
        let account = council.desk.account("dara.quill@calderbeck.example").await.unwrap().unwrap();
        assert_eq!((account.officer.name.as_str(), account.password_hash), ("Dara Quill", None));

        // The same person under another address and name, with another role: one account, whose sessions have ended.
        is(&server, "oid-1", "Dara Quill-Ashe", "dara.ashe@calderbeck.example", json!(["Heard.Reports"])).await;
        let mut again = Visitor::new(&router);
        assert_eq!(signs_in(&server, &mut again, "/").await.status, StatusCode::OK);
        assert_eq!(again.get("/").await.place, "/figures");
        assert!(dara.get("/joint").await.place.starts_with("/sign-in"));
        assert_eq!(council.database.number("SELECT count(*) FROM officer WHERE subject IS NOT NULL").await, 1);
        // Somebody whose account was opened by hand is let in to it, with their cases.
        is(&server, "oid-2", "Sam Morgan", "sam.morgan@calderbeck.example", json!(["Heard.Manager"])).await;
        let mut morgan = Visitor::new(&router);
        assert_eq!(signs_in(&server, &mut morgan, "/users").await.status, StatusCode::OK);
        assert!(morgan.get("/users").await.body.contains("Dara Quill-Ashe"));
        assert_eq!(council.database.number("SELECT count(*) FROM officer").await, 3);
    }

    pub async fn nothing_else_gets_in(council: Council) {
        let server = TokenServer::start().await;
        let router = pages(&council, &server, TimeDelta::zero());
        let officer = json!(["Heard.Officer"]);
        let refused = async |who: (&str, &str, &str, Value), says: &str| {
            is(&server, who.0, who.1, who.2, who.3).await;
            let mut visitor = Visitor::new(&router);
            let page = signs_in(&server, &mut visitor, "/").await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{says}");
            assert!(page.body.contains(says), "{says}: {}", page.body);
            assert!(visitor.get("/").await.place.starts_with("/sign-in"));
        };
        refused(("oid-3", "Lee", "lee@calderbeck.example", json!(["officer"])), "has no role in Heard").await;
        refused(("oid-3", "Lee", "lee", officer.clone()), "does not say your email address").await;
        // Whose address is somebody else's account.
        is(&server, "oid-2", "Sam Morgan", "sam.morgan@calderbeck.example", json!(["Heard.Manager"])).await;
        signs_in(&server, &mut Visitor::new(&router), "/").await;
        let taken = ("oid-9", "Sam Morgan", "sam.morgan@calderbeck.example", json!(["Heard.Manager"]));
        refused(taken, "Another person of the council’s directory").await;
        heard::desk::users::disable(&council.database.store, "sam.morgan@calderbeck.example", now()).await.unwrap();
        let closed = ("oid-2", "Sam Morgan", "sam.morgan@calderbeck.example", json!(["Heard.Manager"]));
        refused(closed, "Your account is closed").await;
        assert_eq!(council.database.number("SELECT count(*) FROM officer").await, 2);

        // Another state, another browser, a code that was used, the directory's refusal, and what was begun too long ago.
        is(&server, "oid-4", "Lee", "lee@calderbeck.example", officer).await;
        let mut visitor = Visitor::new(&router);
        let begun = visitor.get("/sign-in/council").await;
        let back = at_the_directory(&server, &begun.place).await;
        let forged = format!("{}&state=other", back.split("&state=").next().unwrap());
        assert_eq!(visitor.get(&forged).await.status, StatusCode::FORBIDDEN);
        assert_eq!(Visitor::new(&router).get(&back).await.status, StatusCode::FORBIDDEN);
        let late = pages(&council, &server, TimeDelta::minutes(11));
        let mut late = Visitor { cookies: visitor.cookies.clone(), ..Visitor::new(&late) };
        assert_eq!(late.get(&back).await.status, StatusCode::FORBIDDEN);
        let error = format!("{back}&error=access_denied");
        assert!(visitor.get(&error).await.body.contains("The directory did not let you in."));
        // What another token was made for is not taken: it holds another nonce.
        let mut other = Visitor::new(&router);
        let others = other.get("/sign-in/council").await;
        let others = at_the_directory(&server, &others.place).await;
        let code = |back: &str| back.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let mixed = back.replace(&code(&back), &code(&others));
        let page = visitor.get(&mixed).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.body);
        assert!(visitor.get("/").await.place.starts_with("/sign-in"));
        assert_eq!(visitor.get(&back).await.status, StatusCode::OK, "their own is");
        // The directory does not answer: the page says so, and passwords still open.
        server.set(json!({"fault": {"times": 1, "status": 503, "body": "down"}})).await;
        let mut unlucky = Visitor::new(&router);
        assert_eq!(signs_in(&server, &mut unlucky, "/").await.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(unlucky.signs_in("rowan.bell@calderbeck.example", "a long enough password").await.place, "/");
    }
}
