//! What goes wrong at families' addresses is said on a page of theirs, in their language, with a way on; and it says no more than that.

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header},
};
use tower::ServiceExt;

use crate::{
    council::{Council, now, on_both},
    databases::Database,
};

on_both! {
    every_fault_is_said_on_a_page_of_theirs faults_on_postgres;
}

async fn ask(council: &Council, method: Method, path: &str, language: &str, body: Body) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::ACCEPT_LANGUAGE, language)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 4000))))
        .body(body)
        .unwrap();
    let response = heard::web::router(council.web(now())).oneshot(request).await.unwrap();
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
    assert!(kind.is_some_and(|kind| kind.starts_with("text/html")), "{path}");
    let page = String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
    (status, page.replace("&#x2f;", "/"))
}

mod stories {
    use super::*;

    pub async fn every_fault_is_said_on_a_page_of_theirs(council: Council) {
        let lost =
            ["/complaints/nothing", "/tell-us/nothing", "/track/a2/b/c/d", "/tell-us/nothing/at/all", "/reading/x"];
        for path in lost {
            for (language, said, way) in [
                ("en", "There is nothing at this address", "How complaining works"),
                ("pl", "Pod tym adresem nic nie ma", "Jak wygląda"),
            ] {
                let (status, page) = ask(&council, Method::GET, path, language, Body::empty()).await;
                assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
                assert!(page.contains(&format!("lang=\"{language}\"")), "{path} {language}");
                if language == "en" {
                    assert!(page.contains(said) && page.contains(way), "{path}: {page}");
                }
                for way_on in ["href=\"/tell-us\"", "href=\"/complaints\"", "01632 960 100", "999"] {
                    assert!(page.contains(way_on), "{path}: {way_on}");
                }
                assert!(!page.contains("search for its reference") && !page.contains("Go to the cases"), "{path}");
            }
        }
        // Two addresses that do not open read the same, but for themselves.
        let same = |page: String, path: &str| page.replace(path, "");
        let one = ask(&council, Method::GET, lost[2], "en", Body::empty()).await.1;
        let other = ask(&council, Method::GET, lost[0], "en", Body::empty()).await.1;
        assert_eq!(same(one, lost[2]), same(other, lost[0]));

        // Too much, and what is no form.
        let much = Body::from("x".repeat(64 * 1024 * 1024));
        let (status, page) = ask(&council, Method::POST, "/tell-us", "en", much).await;
        assert!(
            status.is_client_error() && page.contains("href=\"/tell-us\"") && page.contains("01632 960 100"),
            "{status}: {page}"
        );
        assert!(!page.contains("Go to the cases"), "{page}");
        let link = format!("/track/{}/add", "a2".repeat(16));
        let (status, page) = ask(&council, Method::DELETE, &link, "en", Body::empty()).await;
        assert!(status.is_client_error() && page.contains("href=\"/tell-us\""), "{status}: {page}");

        // Officers' addresses have officers' pages.
        let (status, page) = ask(&council, Method::GET, "/nothing", "en", Body::empty()).await;
        assert!(status != StatusCode::OK && !page.contains("href=\"/tell-us\""), "{status}");
    }
}
