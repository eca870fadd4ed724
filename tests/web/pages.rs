//! The officers' pages without a browser: who gets in, what is refused, what every answer carries, and what the pages say.

use std::sync::Arc;

use crate::memory_desk::{self, BELL, MORGAN, MemoryDesk, PASSWORD, QUINN, now};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use chrono::TimeDelta;
use heard::{
    clock::Clock,
    ids::Uuid,
    labelling::labels::{Act, Procedure, Theme},
    web::{router, views::CaseStatus},
};
use tower::ServiceExt;

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The words of the page, as somebody would read them out.
    fn words(&self) -> String {
        let main = self.body.split("<main").nth(1).unwrap_or(&self.body).split("</main>").next().unwrap_or_default();
        // The reader of HTML leaves out lists of terms.
        let main = ["dl", "dt", "dd"].iter().fold(format!("<main{main}"), |html, tag| {
            html.replace(&format!("<{tag}"), "<div").replace(&format!("</{tag}>"), "</div>")
        });
        let text = html2text::config::plain_no_decorate().string_from_read(main.as_bytes(), 160).unwrap();
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }
}

/// A browser without a screen: keeps its cookie.
struct Visitor {
    pages: Router,
    cookie: Option<String>,
}

impl Visitor {
    fn new(desk: &Arc<MemoryDesk>) -> Self {
        Self { pages: router(memory_desk::state(desk.clone(), Clock::fixed(now()))), cookie: None }
    }

    async fn signed_in(desk: &Arc<MemoryDesk>, email: &str) -> Self {
        let mut visitor = Self::new(desk);
        let answer = visitor.post("/sign-in", &format!("email={email}&password={}", PASSWORD.replace(' ', "+"))).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        visitor
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let request = match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        };
        let response = self.pages.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        if let Some(cookie) = parts.headers.get(header::SET_COOKIE) {
            self.cookie = Some(cookie.to_str().unwrap().split(';').next().unwrap().to_owned());
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    async fn post(&mut self, path: &str, form: &str) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        let request = Request::post(path).header(header::CONTENT_TYPE, kind).header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(form.to_owned())).await
    }
}

fn desk() -> Arc<MemoryDesk> {
    Arc::new(MemoryDesk::new())
}

#[tokio::test]
async fn without_signing_in_every_page_leads_to_the_sign_in() {
    let (desk, id) = (desk(), Uuid::from_u128(71));
    let mut visitor = Visitor::new(&desk);
    let case = format!("/cases/{}", desk.reference(42));
    for path in
        ["/", "/letters", "/filed", "/checks", "/quarantine", "/health", "/users", &case, &format!("/quarantine/{id}")]
    {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/sign-in"), "{path}");
        assert!(answer.body.is_empty(), "{path}");
    }
    let answer = visitor.post(&format!("{case}/confirm"), "version=3").await;
    assert!(answer.header("location").starts_with("/sign-in"));
    assert_eq!(desk.case_now(&desk.reference(42)).status, CaseStatus::ToConfirm);
}

#[tokio::test]
async fn a_wrong_password_an_unknown_address_and_a_closed_account_get_the_same_answer() {
    let desk = desk();
    let mut visitor = Visitor::new(&desk);
    let right = PASSWORD.replace(' ', "+");
    let mut pages = Vec::new();
    for (email, password) in [(BELL, "wrong"), ("nobody@haverwick.example", "wrong"), (QUINN, right.as_str())] {
        let answer = visitor.post("/sign-in", &format!("email={email}&password={password}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
        assert!(answer.headers.get(header::SET_COOKIE).is_none(), "{email}");
        assert!(answer.headers.get(header::CONTENT_ENCODING).is_none(), "the sign-in page must not be compressed");
        pages.push(answer.body.replace(email, "ADDRESS"));
    }
    assert!(pages[0].contains("Your email address or password is wrong"));
    assert!(pages[0] == pages[1] && pages[1] == pages[2], "the three answers differ");
    assert_eq!(desk.sign_ins(), [(Uuid::from_u128(1), false)], "only a real, open account has something to record");
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_right_password_does_not_get_through_either() {
    let desk = desk();
    let mut visitor = Visitor::new(&desk);
    for _ in 0..10 {
        let answer = visitor.post("/sign-in", &format!("email={BELL}&password=wrong")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let form = format!("email={BELL}&password={}", PASSWORD.replace(' ', "+"));
    let answer = visitor.post("/sign-in", &form).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "60");
    assert!(answer.words().contains("Wait a minute"), "{}", answer.words());
}

#[tokio::test]
async fn the_cookie_is_a_new_secret_at_each_sign_in_and_the_desk_never_sees_it() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    let first = visitor.cookie.clone().unwrap();
    let token = first.split_once('=').unwrap().1.to_owned();
    assert!(token.len() >= 43, "256 random bits are at least 43 letters: {token}");
    let kept = desk.sessions();
    assert_eq!(kept.len(), 1);
    assert_ne!(kept[0].as_slice(), data_encoding::BASE64URL_NOPAD.decode(token.as_bytes()).unwrap().as_slice());

    let form = format!("email={BELL}&password={}", PASSWORD.replace(' ', "+"));
    visitor.post("/sign-in", &form).await;
    assert_ne!(visitor.cookie.as_deref(), Some(first.as_str()));
    visitor.cookie = Some(first);
    assert_eq!(visitor.get("/").await.status, StatusCode::SEE_OTHER, "the old cookie must be worth nothing");
}

#[tokio::test]
async fn over_https_the_cookie_can_only_be_ours() {
    let desk = desk();
    let mut state = memory_desk::state(desk.clone(), Clock::fixed(now()));
    state.secure_cookies = true;
    let mut visitor = Visitor { pages: router(state), cookie: None };
    let answer = visitor.post("/sign-in", &format!("email={BELL}&password={}", PASSWORD.replace(' ', "+"))).await;
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-heard="), "{cookie}");
    for part in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie} lacks {part}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn a_session_left_alone_for_half_an_hour_is_over() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    assert_eq!(visitor.get("/").await.status, StatusCode::OK);
    let later = Clock::fixed(now() + TimeDelta::minutes(30));
    visitor.pages = router(memory_desk::state(desk.clone(), later));
    assert_eq!(visitor.get("/").await.status, StatusCode::SEE_OTHER);
    assert!(desk.sessions().is_empty(), "an old session is ended, not only ignored");
}

#[tokio::test]
async fn an_officer_is_refused_what_only_a_manager_may_do() {
    let desk = desk();
    let mut officer = Visitor::signed_in(&desk, BELL).await;
    let answer = officer.get("/users").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.words().contains("can see the list"), "{}", answer.words());

    let (okafor, hollins) = (desk.reference(42), desk.reference(37));
    let give = format!("version=3&to={}", Uuid::from_u128(2));
    assert_eq!(officer.post(&format!("/cases/{okafor}/assign"), &give).await.status, StatusCode::FORBIDDEN);
    assert!(desk.case_now(&okafor).assigned_to.is_none());
    let answer = officer.post(&format!("/cases/{hollins}/undo"), "version=3").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "another officer's decision");

    let mut manager = Visitor::signed_in(&desk, MORGAN).await;
    assert_eq!(manager.get("/users").await.status, StatusCode::OK);
    assert_eq!(manager.post(&format!("/cases/{okafor}/assign"), &give).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.case_now(&okafor).assigned_to.unwrap().name, "Sam Morgan");
}

#[tokio::test]
async fn a_file_is_handed_over_to_be_saved_and_written_down_like_a_look() {
    let desk = desk();
    let file = |id: u128| format!("/cases/{}/files/{}", desk.reference(42), Uuid::from_u128(id));
    let answer = Visitor::new(&desk).get(&file(91)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header("location").starts_with("/sign-in?next=/cases/") && answer.body.is_empty());
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    let request = Request::get(file(91)).header(header::ACCEPT_ENCODING, "gzip, br");
    let answer = visitor.send(request, Body::empty()).await;
    assert_eq!((answer.status, answer.body.as_str(), desk.looks()), (StatusCode::OK, "a file", 1));
    for (name, value) in [
        (
            "content-disposition",
            "attachment; filename=\"letter 2 September.pdf\"; filename*=UTF-8''letter%202%20September.pdf",
        ),
        ("content-type", "application/pdf"),
        ("content-length", "6"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("content-encoding", ""),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    let hidden = format!("/cases/{}/files/{}", desk.reference(900), Uuid::from_u128(91));
    assert_eq!(visitor.get(&hidden).await.status, StatusCode::FORBIDDEN);
    for path in [file(77), file(91).replace("files/", "files/x"), file(91).replace("HRD-26-00042", "HRD-26-00043")] {
        let answer = visitor.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
    }
}

#[tokio::test]
async fn a_case_the_officer_is_excluded_from_says_why_and_shows_nothing() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    let hidden = desk.reference(900);
    let answer = visitor.get(&format!("/cases/{hidden}")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.words().contains("You are named in this complaint"));
    assert!(!answer.body.contains("Kelechi"));
    let answer = visitor.post(&format!("/cases/{hidden}/confirm"), "version=3").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!visitor.get(&format!("/?q={hidden}")).await.body.contains(&format!("/cases/{hidden}")));
}

#[tokio::test]
async fn a_form_sent_from_another_website_changes_nothing() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    let okafor = desk.reference(42);
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
        let request = Request::post(format!("/cases/{okafor}/confirm"))
            .header(header::HOST, "heard.haverwick.example")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(name, value);
        let answer = visitor.send(request, Body::from("version=3")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
        assert!(answer.words().contains("came from another website"), "{}", answer.words());
    }
    assert_eq!(desk.case_now(&okafor).status, CaseStatus::ToConfirm);
    // The same form from our own page passes.
    assert_eq!(visitor.post(&format!("/cases/{okafor}/confirm"), "version=3").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn every_answer_forbids_foreign_scripts_frames_and_caches() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    let case = format!("/cases/{}", desk.reference(42));
    for path in ["/", "/sign-in", "/health", "/nothing", "/users", "/assets/heard.css", "/healthz", &case] {
        let answer = visitor.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        let kept = if path.starts_with("/assets") { "public, max-age=600" } else { "no-store" };
        assert_eq!(answer.header("cache-control"), kept, "{path}");
        assert!(!answer.body.contains("<script>") && !answer.body.contains(" style="), "{path} has inline code");
    }
}

#[tokio::test]
async fn the_case_store_failing_is_said_plainly_and_told_to_the_supervisor() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    assert_eq!(visitor.get("/readyz").await.status, StatusCode::OK);
    desk.set_down(true);
    assert_eq!(visitor.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(visitor.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let answer = visitor.get("/").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.words().contains("The case store does not answer"), "{}", answer.words());
    assert!(!answer.body.contains("locked"), "the cause is for the log, not for the page");
}

#[tokio::test]
async fn every_action_takes_effect_and_leads_back_to_the_case() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    let okafor = desk.reference(42);
    let bell = Uuid::from_u128(1);
    let steps = [
        ("confirm", String::new()),
        ("reclassify", "&act=concern&procedure=statutory&theme=delay".to_owned()),
        ("undo", String::new()),
        ("not-a-complaint", "&act=enquiry&reason=She+asks+for+a+date.".to_owned()),
        ("assign", format!("&to={bell}")),
    ];
    for (step, (action, more)) in (3..).zip(steps) {
        let answer = visitor.post(&format!("/cases/{okafor}/{action}"), &format!("version={step}{more}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{action}: {}", answer.words());
        assert_eq!(answer.header("location"), format!("/cases/{okafor}?done={action}"));
        let case = desk.case_now(&okafor);
        match action {
            "confirm" => assert_eq!((case.status, case.act), (CaseStatus::Open, Act::Complaint)),
            "reclassify" => {
                assert_eq!((case.act, case.procedure, case.theme), (Act::Concern, Procedure::Statutory, Theme::Delay));
            }
            "undo" => assert_eq!((case.status, case.act), (CaseStatus::Open, Act::Complaint)),
            "not-a-complaint" => assert_eq!((case.status, case.act), (CaseStatus::NotAComplaint, Act::Enquiry)),
            _ => assert_eq!(case.assigned_to.map(|to| to.id), Some(bell)),
        }
        assert_eq!(case.history[0].by, "Rowan Bell", "{action} is in the history with who did it");
    }
    assert!(
        visitor.get(&format!("/cases/{okafor}?done=not-a-complaint")).await.words().contains("Next case to confirm")
    );
}

#[tokio::test]
async fn looking_at_a_case_is_written_down_once_for_each_time_it_is_shown() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    let okafor = desk.reference(42);
    visitor.get(&format!("/?q={okafor}")).await;
    assert_eq!(desk.looks(), 0, "a search leads there and shows nothing");
    visitor.get(&format!("/cases/{okafor}")).await;
    assert_eq!(desk.looks(), 1);
    visitor.post(&format!("/cases/{okafor}/confirm"), "version=3").await;
    assert_eq!(desk.looks(), 1, "an action shows nothing itself");
    visitor.post(&format!("/cases/{okafor}/not-a-complaint"), "version=4").await;
    assert_eq!(desk.looks(), 2, "a form with a mistake shows the whole case again");
}

#[tokio::test]
async fn letters_and_unreadable_mail_are_dealt_with_and_leave_the_list() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    let [alert, returned, doubt, held] = [83, 81, 84, 82].map(Uuid::from_u128);
    let answer = visitor.post(&format!("/letters/{returned}/told"), "why=+").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains(&format!("href=\"#told-{returned}\"")) && answer.body.contains("<title>Error: "));
    let answer = visitor.post(&format!("/letters/{returned}/address"), "address=tomasz").await;
    assert!(answer.body.contains(&format!("href=\"#address-{returned}\"")) && answer.body.contains("name@example.com"));
    let page = visitor.get("/letters").await;
    assert!(page.body.contains("Not delivered (5)"), "the navigation says how many");
    assert!(page.words().contains("The limit of letters to one person in an hour was reached"));
    for (letter, what, form) in [
        (alert, "told", "why=Rang+the+duty+desk."),
        (returned, "address", "address=tomasz.zielinski%40mail.example"),
        (doubt, "arrived", "why=She+answered+it."),
        (held, "send", ""),
    ] {
        let answer = visitor.post(&format!("/letters/{letter}/{what}"), form).await;
        assert_eq!(answer.header("location"), format!("/letters?done={what}"));
        let page = visitor.get(&format!("/letters?done={what}")).await;
        assert!(page.body.contains("moj-alert--success"), "{what}");
    }
    let answer = visitor.post(&format!("/letters/{held}/send"), "").await;
    assert_eq!(answer.header("location"), "/letters?done=gone");
    assert_eq!(visitor.post(&format!("/letters/{held}/burn"), "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.get(&format!("/letters/{held}/send")).await.header("location"), "/letters");

    // A family whom no letter can tell: an officer says how they were told.
    let moss = desk.reference(36);
    assert!(visitor.get("/letters").await.words().contains("Nobody can be told by Heard"));
    let answer = visitor.post(&format!("/cases/{moss}/told"), "version=3&reason=").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Enter how they were told"));
    let answer = visitor.post(&format!("/cases/{moss}/told"), "version=3&reason=Rang+her.").await;
    assert_eq!(answer.header("location"), format!("/cases/{moss}?done=told"));
    assert!(visitor.get(&format!("/cases/{moss}?done=told")).await.words().contains("An officer told them on"));
    let page = visitor.get("/letters").await;
    assert!(page.words().contains("Every letter has gone out") && !page.body.contains("Not delivered ("));

    // What a person wrote after all.
    let message = Uuid::from_u128(91);
    assert!(visitor.get("/filed").await.words().contains("Auto-Submitted: auto-replied"));
    let answer = visitor.post(&format!("/filed/{message}/open"), "").await;
    assert_eq!(answer.header("location"), format!("/cases/{}?done=opened", desk.reference(1)));
    let answer = visitor.post(&format!("/filed/{message}/open"), "").await;
    assert_eq!(answer.header("location"), "/filed?done=gone");
    assert_eq!(visitor.post(&format!("/filed/{message}/burn"), "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.get(&format!("/filed/{message}/open")).await.header("location"), "/filed");

    let (one, other) = (Uuid::from_u128(71), Uuid::from_u128(72));
    let answer = visitor.post(&format!("/quarantine/{one}/nothing"), "why=").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("href=\"#why\"") && answer.body.contains("id=\"why\""));
    let answer = visitor.post(&format!("/quarantine/{one}/nothing"), "why=An+advertisement").await;
    assert_eq!(answer.header("location"), "/quarantine?done=nothing");
    let answer = visitor.post(&format!("/quarantine/{other}/again"), "").await;
    assert_eq!(answer.header("location"), "/quarantine?done=again");
    assert!(visitor.get("/quarantine?done=again").await.words().contains("being read again"));
    assert_eq!(visitor.get(&format!("/quarantine/{one}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        desk.mended(),
        [
            "Rowan Bell: Told { why: \"Rang the duty desk.\" }",
            "Rowan Bell: SendTo { address: \"tomasz.zielinski@mail.example\" }",
            "Rowan Bell: Arrived { why: \"She answered it.\" }",
            "Rowan Bell: Send",
            "Rowan Bell: opened a case",
            "Rowan Bell: SetAside { why: \"An advertisement\" }",
            "Rowan Bell: ReadAgain",
        ]
    );
}

#[tokio::test]
async fn an_action_on_an_old_version_is_refused_and_says_what_happened() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    let okafor = desk.reference(42);
    let answer = visitor.post(&format!("/cases/{okafor}/confirm"), "version=2").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.words().contains("Someone else changed this case"), "{}", answer.words());
    desk.race_once();
    let answer = visitor.post(&format!("/cases/{okafor}/confirm"), "version=3").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.words().contains("Given to Sam Morgan, by Sam Morgan"), "{}", answer.words());
    assert_eq!(desk.case_now(&okafor).status, CaseStatus::ToConfirm);
}

#[tokio::test]
async fn a_form_with_something_missing_says_what_and_keeps_what_was_entered() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    let okafor = desk.reference(42);
    let form = "version=3&act=complaint&reason=%3Cb%3Ebecause%3C%2Fb%3E";
    let answer = visitor.post(&format!("/cases/{okafor}/not-a-complaint"), form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("<title>Error: "));
    assert!(
        answer.body.contains("href=\"#not-act\"") && answer.body.contains("id=\"not-act\""),
        "the link leads to it"
    );
    assert!(answer.body.contains("&lt;b&gt;because&lt;"), "what was entered is kept, as text");
    let answer = visitor.post(&format!("/cases/{okafor}/reclassify"), "version=3&act=complaint&procedure=x").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["procedure", "theme"] {
        assert!(answer.body.contains(&format!("href=\"#{field}\"")), "{field}");
        assert!(answer.body.contains(&format!("id=\"{field}\"")), "{field}");
    }
    assert_eq!(desk.case_now(&okafor).version, 3);
}

#[tokio::test]
async fn whose_complaint_it_is_is_saved_or_what_is_wrong_is_said_beside_the_message() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    let note = desk.reference(35);
    let path = format!("/cases/{note}/complainant");
    let shown = visitor.get(&path).await;
    assert!(shown.body.contains("value=\"Mrs Adeleke\"") && shown.body.contains("value=\"01632 960 224\""));
    assert!(!shown.body.contains("accept-sender"), "the message is shown to be read, not to be dealt with");
    let looks = desk.looks();
    let answer = visitor.post(&path, "version=3&name=&email=dee+at+mail&phone=soon").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (field, text) in [("email", "correct form"), ("phone", "telephone number")] {
        assert!(answer.body.contains(&format!("href=\"#{field}\"")) && answer.body.contains(text), "{field}");
    }
    assert!(answer.body.contains("value=\"dee at mail\""), "what was entered is kept");
    assert_eq!(desk.looks(), looks + 1, "it shows the message, so it is a look");
    let answer = visitor.post(&path, "version=3").await;
    assert!(answer.body.contains("Enter a name, an email address or a telephone number"));
    assert_eq!(visitor.post(&path, "version=2&name=Dee").await.status, StatusCode::CONFLICT);
    assert_eq!(visitor.post(&path, "name=Dee").await.status, StatusCode::BAD_REQUEST);
    assert!(desk.case_now(&note).people.unsure.is_some());
    let answer = visitor.post(&path, "version=3&name=Dee+Adeleke&email=dee%40mail.example").await;
    assert_eq!(answer.header("location"), format!("/cases/{note}?done=complainant"));
    assert_eq!(desk.case_now(&note).family.as_deref(), Some("Dee Adeleke"));
    // A stranger's message: recognised once, and nothing for a message that waits for nothing.
    let okafor = desk.reference(42);
    let stranger = Uuid::from_u128(601);
    let accept = format!("/cases/{okafor}/accept-sender");
    let nothing = visitor.post(&accept, &format!("version=3&message={}", Uuid::from_u128(600))).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(visitor.post(&accept, "version=3&message=x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = visitor.post(&accept, &format!("version=3&message={stranger}")).await;
    assert_eq!(answer.header("location"), format!("/cases/{okafor}?done=accept-sender"));
    assert!(!desk.case_now(&okafor).messages[2].unverified);
}

#[tokio::test]
async fn odd_requests_get_a_page_that_says_what_to_do() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    let okafor = desk.reference(42);
    let wrong_letter = format!("{}A", &okafor[..okafor.len() - 1]);
    let too_long = format!("version=3&act=enquiry&reason={}", "x".repeat(300_000));
    for (path, form, status) in [
        ("/nothing".to_owned(), None, 404),
        ("/cases/hello".to_owned(), None, 404),
        (format!("/cases/{wrong_letter}"), None, 404),
        (format!("/cases/{}", desk.reference(99_999)), None, 404),
        ("/quarantine/hello".to_owned(), None, 404),
        (format!("/cases/{okafor}/fly"), Some("version=3"), 404),
        (format!("/cases/{okafor}/confirm"), Some("version=now"), 400),
        (format!("/cases/{okafor}/confirm"), Some(""), 400),
        (format!("/cases/{okafor}/assign"), Some("version=3&to=me"), 400),
        (format!("/cases/{okafor}/not-a-complaint"), Some(too_long.as_str()), 413),
        ("/health".to_owned(), Some("x=1"), 405),
    ] {
        let answer = match form {
            Some(form) => visitor.post(&path, form).await,
            None => visitor.get(&path).await,
        };
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.words());
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert!(answer.body.contains("Rowan Bell"), "{path}: the way back is on the page");
    }
    assert_eq!(desk.case_now(&okafor).version, 3);
    let answer = visitor.get(&format!("/cases/{okafor}/confirm")).await;
    assert_eq!(answer.header("location"), format!("/cases/{okafor}"), "an action's address opened directly");
    let answer = visitor.get(&format!("/?q={wrong_letter}")).await;
    assert!(answer.words().contains("that reference has a mistake in it"), "{}", answer.words());
}

#[tokio::test]
async fn styles_come_from_the_program_and_are_not_sent_twice() {
    let mut visitor = Visitor::new(&desk());
    for (path, kind) in [
        ("/assets/heard.css", "text/css"),
        ("/assets/pages.css", "text/css"),
        ("/assets/init.js", "text/javascript"),
        ("/assets/govuk-frontend.min.js", "text/javascript"),
        ("/assets/favicon.svg", "image/svg+xml"),
    ] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.header("content-type").starts_with(kind), "{path}: {}", answer.header("content-type"));
        let again = Request::get(path).header(header::IF_NONE_MATCH, answer.header("etag"));
        assert_eq!(visitor.send(again, Body::empty()).await.status, StatusCode::NOT_MODIFIED, "{path}");
    }
    assert!(visitor.get("/assets/council.css").await.body.contains("#1f4e5f"));
    for path in ["/assets/nothing.css", "/assets/../Cargo.toml", "/assets/%2e%2e/Cargo.toml"] {
        assert_eq!(visitor.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let style = visitor.get("/assets/heard.css").await.body;
    for foreign in ["GDS Transport", "@import", "url(http", "url(\"http", "url(//"] {
        assert!(!style.contains(foreign), "the style sheet has {foreign}");
    }
}

#[tokio::test]
async fn what_the_pages_say() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, MORGAN).await;
    for (name, path) in [
        ("queue", "/?show=safeguarding".to_owned()),
        ("case", format!("/cases/{}", desk.reference(42))),
        ("case_safeguarding", format!("/cases/{}", desk.reference(41))),
        ("case_forwarded", format!("/cases/{}", desk.reference(38))),
        ("case_by_hand", format!("/cases/{}", desk.reference(36))),
        ("case_to_complete", format!("/cases/{}", desk.reference(35))),
        ("complainant", format!("/cases/{}/complainant", desk.reference(35))),
        ("letters", "/letters".to_owned()),
        ("joint", "/joint".to_owned()),
        ("filed", "/filed".to_owned()),
        ("quarantine", "/quarantine".to_owned()),
        ("quarantined", format!("/quarantine/{}", Uuid::from_u128(71))),
        ("health", "/health".to_owned()),
        ("users", "/users".to_owned()),
    ] {
        let answer = visitor.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        insta::assert_snapshot!(name, answer.words());
    }
}

#[tokio::test]
async fn a_childs_own_complaint_is_marked_in_the_queue_and_on_its_page() {
    let desk = desk();
    let mut visitor = Visitor::signed_in(&desk, BELL).await;
    let shay = format!("/cases/{}", desk.reference(40));
    for (path, is) in [("/?q=Shay", true), (shay.as_str(), true), ("/?q=Okafor", false)] {
        assert_eq!(visitor.get(path).await.words().contains("Child’s own complaint"), is, "{path}");
    }
}
