//! Somebody at the pages without a browser: sends requests to the router and keeps the cookies.
#![allow(dead_code, reason = "each test program uses its own part of this")]

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use tower::ServiceExt;

pub struct Visitor {
    pub pages: Router,
    pub cookies: BTreeMap<String, String>,
}

pub struct Page {
    pub status: StatusCode,
    pub place: String,
    pub body: String,
    /// Every cookie as it was set.
    pub set: Vec<String>,
}

impl Page {
    /// The text between two marks.
    pub fn between(&self, before: &str, after: &str) -> &str {
        let rest = self.body.split_once(before).unwrap_or_else(|| panic!("{before} in {}", self.body)).1;
        rest.split_once(after).unwrap().0
    }
}

impl Visitor {
    pub fn new(pages: &Router) -> Self {
        Self { pages: pages.clone(), cookies: BTreeMap::new() }
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Page {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .header("sec-fetch-site", "same-origin")
            .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 4000))));
        let response = self.pages.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let place = response.headers().get(header::LOCATION).map(|place| place.to_str().unwrap().to_owned());
        let set: Vec<String> =
            response.headers().get_all(header::SET_COOKIE).iter().map(|one| one.to_str().unwrap().to_owned()).collect();
        for one in &set {
            let (name, value) = one.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() || one.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Page { status, place: place.unwrap_or_default(), body: String::from_utf8_lossy(&body).into_owned(), set }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path), Body::empty()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body)).await
    }

    /// A form with a file.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Page {
        const MARK: &str = "----heard-test";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--{MARK}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let (name, bytes) = file;
        let head = format!("--{MARK}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.bytes().chain(bytes.iter().copied()).chain(format!("\r\n--{MARK}--\r\n").bytes()));
        let request = Request::post(path).header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={MARK}"));
        self.send(request, Body::from(body)).await
    }

    /// A families' form, which may have several files.
    pub async fn sends(&mut self, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Page {
        const MARK: &str = "----heard-test";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--{MARK}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        for (name, bytes) in files {
            body.extend(
                format!(
                    "--{MARK}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
                     Content-Type: application/octet-stream\r\n\r\n"
                )
                .bytes(),
            );
            body.extend(bytes.iter().copied().chain(*b"\r\n"));
        }
        body.extend(format!("--{MARK}--\r\n").bytes());
        let request = Request::post(path).header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={MARK}"));
        self.send(request, Body::from(body)).await
    }

    pub async fn signs_in(&mut self, email: &str, password: &str) -> Page {
        self.post("/sign-in", &[("email", email), ("password", password), ("next", "")]).await
    }
}
