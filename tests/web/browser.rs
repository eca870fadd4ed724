//! The officers' pages in a real browser (Chromium, driven by chromedriver): a working day in small, and every page
//! checked by axe-core against WCAG 2.2 AA. `HEARD_SHOTS=folder` keeps a picture of each page.

use std::{process::Stdio, sync::Arc, time::Duration};

use crate::{
    chromium::{Desk, browse},
    memory_desk::{self, BELL, MORGAN, MemoryDesk, PASSWORD},
};
use fantoccini::Locator;
use heard::{clock::Clock, labelling::labels::Act, web::views::CaseStatus};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

async fn start(desk: Arc<MemoryDesk>) -> Desk {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let pages = heard::web::router(memory_desk::state(desk, Clock::fixed(memory_desk::now())));
    let pages = pages.into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
    browse(address, "Haverwick Council").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officers_day_in_a_real_browser() {
    let cases = Arc::new(MemoryDesk::new());
    let mut desk = start(cases.clone()).await;
    let okafor = cases.reference(42);

    // Signing in: first empty, then wrong, then right, and on to the page that was asked for.
    desk.open(&format!("/cases/{okafor}")).await;
    desk.check("sign-in").await;
    desk.press("main button[type=submit]").await;
    assert!(desk.text(".govuk-error-summary").await.contains("Enter your password"));
    desk.check("sign-in-error").await;
    desk.fill("#email", BELL).await;
    desk.fill("#password", "not the password").await;
    desk.press("main button[type=submit]").await;
    assert!(desk.text(".govuk-error-summary").await.contains("email address or password is wrong"));
    desk.fill("#password", PASSWORD).await;
    desk.press("main button[type=submit]").await;
    assert_eq!(desk.heading().await, "Okafor");

    // The queue, its filters and its search.
    desk.follow("Cases to look at").await;
    desk.check("queue").await;
    let reason = desk.text(&format!("tr:has(a[href='/cases/{okafor}']) .heard-reason")).await;
    assert_eq!(reason, "Because of: “I have rung six times and nobody has ever called me back.”");
    assert!(desk.text("tbody").await.contains("of 100 such messages, about 21 are dissatisfaction"));
    let to_confirm = desk.count("tbody tr").await;
    assert!(to_confirm > 10);
    desk.follow("Mine (3)").await;
    assert_eq!(desk.count("tbody tr").await, 3);
    desk.check("queue-mine").await;
    desk.follow("All cases (31)").await;
    desk.press("a[rel=next]").await;
    assert_eq!(desk.count("tbody tr").await, 11);
    desk.check("queue-page-2").await;
    desk.fill("#q", "ofar").await;
    desk.press(".heard-search button").await;
    assert!(desk.text("main").await.contains("No case has all of these words"));
    desk.open("/?q=farouk").await;
    assert_eq!(desk.count("tbody tr").await, 1);
    desk.open(&format!("/?q={okafor}")).await;
    assert_eq!(desk.heading().await, "Okafor");

    // Confirming, and on to the next case.
    desk.check("case").await;
    assert_eq!(desk.text("mark").await, "I have rung six times and nobody has\never called me back.");
    assert_eq!(desk.count(".heard-words b").await, 0, "a message's own HTML must not take effect");
    desk.press("form[action$='/confirm'] button").await;
    assert!(desk.text(".moj-alert--success").await.contains("Confirmed as a complaint"));
    assert_eq!(cases.case_now(&okafor).status, CaseStatus::Open);
    desk.check("case-confirmed").await;

    // Reclassifying.
    desk.click("#reclassify summary").await;
    desk.click("label[for='reclassify-act-2']").await;
    desk.browser.find(Locator::Css("#theme")).await.unwrap().select_by_value("delay").await.unwrap();
    desk.press("form[action$='/reclassify'] button").await;
    assert!(desk.text(".moj-alert--success").await.contains("Saved: concern, delay"));
    assert_eq!(cases.case_now(&okafor).act, Act::Concern);

    // Undoing: back to what it was.
    desk.press("form[action$='/undo'] button").await;
    assert_eq!(cases.case_now(&okafor).act, Act::Complaint);
    assert!(desk.text(".moj-timeline").await.contains("Undone: Reclassified"));

    // Not a complaint, without saying what or why: the page says what is missing and keeps what was entered.
    desk.click("#not-a-complaint summary").await;
    desk.press("form[action$='/not-a-complaint'] button").await;
    let summary = desk.text(".govuk-error-summary").await;
    assert!(summary.contains("Select what the message is instead"), "{summary}");
    assert!(summary.contains("Enter why it is not a complaint"), "{summary}");
    desk.check("case-error").await;
    desk.click("label[for='not-act-2']").await;
    desk.fill("#reason", "She asks when the plan will come; she withdrew the complaint on the telephone.").await;
    desk.press("form[action$='/not-a-complaint'] button").await;
    assert_eq!(cases.case_now(&okafor).status, CaseStatus::NotAComplaint);
    assert_eq!(cases.case_now(&okafor).act, Act::Enquiry);
    desk.press("form[action$='/assign'] button").await;
    assert_eq!(cases.case_now(&okafor).assigned_to.unwrap().name, "Rowan Bell");

    // A manager's note of a call: whose complaint it is, first with something missing.
    let note = cases.reference(35);
    desk.open(&format!("/cases/{note}")).await;
    desk.check("case-to-complete").await;
    desk.follow("Say whose complaint it is").await;
    assert_eq!(desk.heading().await, "Whose complaint it is");
    desk.check("complainant").await;
    desk.replace("#name", "").await;
    desk.replace("#phone", "soon").await;
    desk.press("main button[type=submit]").await;
    assert!(desk.text(".govuk-error-summary").await.contains("Enter a telephone number"));
    desk.check("complainant-error").await;
    desk.replace("#name", "Dee Adeleke").await;
    desk.fill("#email", "dee@mail.example").await;
    desk.replace("#phone", "01632 960 224").await;
    desk.press("main button[type=submit]").await;
    assert!(desk.text(".moj-alert--success").await.contains("Saved whose complaint it is"));
    assert_eq!(desk.heading().await, "Dee Adeleke");
    desk.check("case-completed").await;

    // Somebody unknown points at a case: they are recognised.
    desk.open(&format!("/cases/{okafor}")).await;
    assert_eq!(desk.count(".heard-message--unverified").await, 1);
    desk.press("form[action$='/accept-sender'] button").await;
    assert!(desk.text(".moj-alert--success").await.contains("The sender is recognised"));
    assert_eq!(desk.count(".heard-message--unverified").await, 0);

    // Somebody else was quicker.
    let zielinski = cases.reference(38);
    desk.open(&format!("/cases/{zielinski}")).await;
    desk.check("case-forwarded").await;
    cases.race_once();
    desk.press("form[action$='/confirm'] button").await;
    assert_eq!(desk.heading().await, "Someone else changed this case");
    assert!(desk.text("main").await.contains("Given to Sam Morgan, by Sam Morgan"));
    desk.check("error-409").await;

    // A letter that came back: they were told another way, first without saying how.
    let quarantined = format!("/quarantine/{}", heard::ids::Uuid::from_u128(72));
    desk.open("/letters").await;
    desk.check("letters").await;
    let told = format!("form[action='/letters/{}/told']", heard::ids::Uuid::from_u128(81));
    desk.click(&format!("details:has({told}) summary")).await;
    desk.press(&format!("{told} button")).await;
    assert!(desk.text(".govuk-error-summary").await.contains("Enter how they were told"));
    desk.check("letters-error").await;
    desk.fill(&format!("{told} input[name=why]"), "By telephone on Monday.").await;
    desk.press(&format!("{told} button")).await;
    assert!(desk.text(".moj-alert--success").await.contains("they were told"));
    desk.press(&format!("form[action='/letters/{}/send'] button", heard::ids::Uuid::from_u128(82))).await;
    desk.check("letters-done").await;
    assert_eq!(cases.mended().len(), 2);

    // A family whom no letter can tell.
    desk.open(&format!("/cases/{}", cases.reference(36))).await;
    desk.check("case-by-hand").await;
    desk.fill("#told", "Rang her on Monday.").await;
    desk.press("form[action$='/told'] button").await;
    assert!(desk.text(".moj-alert--success").await.contains("the family was told"));

    // A machine's message that a person wrote after all.
    desk.open("/filed").await;
    desk.check("filed").await;

    // A message that could not be read.
    desk.open("/quarantine").await;
    desk.check("quarantine").await;
    desk.press("tbody a").await;
    desk.check("quarantined").await;
    desk.press("form[action$='/nothing'] button").await;
    desk.check("quarantined-error").await;
    desk.press("form[action$='/again'] button").await;
    assert!(desk.text(".moj-alert--success").await.contains("being read again"));
    assert_eq!(cases.mended().len(), 3);

    // The other pages.
    for (name, path) in [
        ("case-safeguarding", format!("/cases/{}", cases.reference(41))),
        ("case-chat", format!("/cases/{}", cases.reference(40))),
        ("case-not-a-complaint", format!("/cases/{}", cases.reference(37))),
        ("health", "/health".to_owned()),
        ("accessibility", "/accessibility".to_owned()),
        ("error-404", "/nothing-here".to_owned()),
        ("error-403", "/users".to_owned()),
        ("error-excluded", format!("/cases/{}", cases.reference(900))),
    ] {
        desk.open(&path).await;
        desk.check(name).await;
    }

    // Signing out ends the session, not only the cookie.
    desk.press(".heard-top__out").await;
    assert_eq!(desk.heading().await, "Sign in");
    assert!(cases.sessions().is_empty());

    // A manager sees what an officer does not.
    desk.sign_in(MORGAN, PASSWORD).await;
    desk.open("/users").await;
    desk.check("users").await;
    desk.open(&format!("/cases/{okafor}")).await;
    desk.click("#give summary").await;
    desk.check("case-manager").await;

    // A telephone's width: nothing is wider than the screen.
    let (case, complainant) = (format!("/cases/{okafor}"), format!("/cases/{note}/complainant"));
    for path in ["/", "/letters", "/filed", "/quarantine", &quarantined, "/health", "/users", &case, &complainant] {
        desk.fits_a_telephone(path).await;
    }
    println!("{} pages without a fault that axe-core finds", desk.pages_checked.len());
    desk.browser.clone().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_put_into_a_page_are_found() {
    let desk = start(Arc::new(MemoryDesk::new())).await;
    desk.open("/sign-in").await;
    let plant = "document.querySelector('main').insertAdjacentHTML('beforeend', \
                 '<img src=\"data:,\"><input name=x><p id=pale>pale</p><a href=#></a>'); \
                 document.getElementById('pale').style.color = '#ccc'";
    desk.browser.execute(plant, vec![]).await.unwrap();
    let found = desk.faults().await.join("\n");
    for fault in ["image-alt", "label", "color-contrast", "link-name"] {
        assert!(found.contains(fault), "{fault} was not found in:\n{found}");
    }
    desk.browser.clone().close().await.unwrap();
}

/// The demonstration as people start it, in a folder of its own.
struct Demo {
    program: Child,
    address: String,
    officer: (String, String),
    has_classifier: bool,
    data: tempfile::TempDir,
}

impl Demo {
    async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_heard"))
            .args(["demo", "--listen", &free.to_string(), "--data"])
            .arg(data.path())
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let mut officer = None;
        let mut has_classifier = true;
        let said = tokio::time::timeout(Duration::from_secs(240), async {
            while let Some(line) = lines.next_line().await.unwrap() {
                println!("{line}");
                has_classifier &= !line.contains("Without the classifier");
                let words: Vec<&str> = line.split_whitespace().collect();
                if let ["sign", "in", "as", "officer", email, "password", password] = words.as_slice() {
                    officer = Some(((*email).to_owned(), (*password).to_owned()));
                }
                if line.starts_with("Stop with") {
                    return;
                }
            }
            panic!("the demonstration ended by itself");
        });
        said.await.expect("the demonstration was not ready within four minutes");
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        until("the pages answer", async || tokio::net::TcpStream::connect(free).await.is_ok()).await;
        Self { program, address: format!("http://{free}"), officer: officer.unwrap(), has_classifier, data }
    }

    /// How many letters to `address` have gone out.
    fn letters_to(&self, address: &str) -> usize {
        let files = std::fs::read_dir(self.data.path().join("outbox")).unwrap();
        let to = format!("To: {address}");
        let is_to = |text: String| text.lines().any(|line| line.trim_end().eq_ignore_ascii_case(&to));
        files.filter(|file| std::fs::read_to_string(file.as_ref().unwrap().path()).is_ok_and(is_to)).count()
    }
}

/// Waits at most 10 seconds until `done` says so.
async fn until(what: &str, done: impl AsyncFn() -> bool) {
    let ends = tokio::time::Instant::now() + Duration::from_secs(10);
    while !done().await {
        assert!(tokio::time::Instant::now() < ends, "not within 10 seconds: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

impl Desk {
    /// The case's own address for mail, as its page shows it.
    async fn email_of_case(&self) -> String {
        let find = "return [...document.querySelectorAll('.heard-facts > div')] \
                    .find(fact => fact.querySelector('dt').textContent === 'Email').querySelector('dd').textContent";
        self.browser.execute(find, vec![]).await.unwrap().as_str().unwrap().to_owned()
    }

    /// The sentence that counted stands beside each case that waits; on the case's page it has its place among the reasons
    /// and is marked in the message.
    async fn every_reason_is_in_the_queue_and_on_its_case(&self) {
        self.open("/?show=to-confirm").await;
        let rows = "return [...document.querySelectorAll('tbody tr')].map(row => \
                    [row.querySelector('a').getAttribute('href'), (row.querySelector('.heard-reason') || {}).textContent])";
        let rows = self.browser.execute(rows, vec![]).await.unwrap();
        let one_line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut with_reason = 0;
        for row in rows.as_array().unwrap() {
            let Some(reason) = row[1].as_str() else { continue };
            let reason = reason.trim_start_matches("Because of: “").trim_end_matches('”').to_owned();
            self.open(row[0].as_str().unwrap()).await;
            assert_eq!(one_line(self.text(".heard-because").await), one_line(reason.clone()), "{row}");
            assert_eq!(one_line(self.text(".heard-message mark").await), one_line(reason), "{row}");
            with_reason += 1;
        }
        println!("{with_reason} cases show the sentence that counted");
        assert!(with_reason > 5, "{rows}");
    }

    /// The addresses of the cases that wait to be confirmed.
    async fn waiting_cases(&self) -> Vec<String> {
        self.open("/?show=to-confirm").await;
        let links = "return [...document.querySelectorAll('tbody a')].map(a => a.getAttribute('href'))";
        let links = self.browser.execute(links, vec![]).await.unwrap();
        links.as_array().unwrap().iter().map(|link| link.as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_works_from_the_message_to_the_letter() {
    let mut demo = Demo::start().await;
    let mut desk = browse(demo.address.clone(), "Calderbeck Council").await;
    desk.sign_in(&demo.officer.0, &demo.officer.1).await;
    assert_eq!(desk.heading().await, "Cases to look at");
    desk.check("demo-queue").await;
    desk.picture("docs-queue").await;

    if demo.has_classifier {
        desk.every_reason_is_in_the_queue_and_on_its_case().await;
    }

    // Confirm a case from a manager's mailbox, whose family has heard nothing yet: the letter goes out.
    let waiting = desk.waiting_cases().await;
    assert!(waiting.len() > 5, "{waiting:?}");
    let mut held = None;
    for case in &waiting {
        desk.open(case).await;
        if desk.text("[aria-labelledby=acknowledgement-title]").await.contains("Waits for an officer to confirm") {
            held = Some(case.clone());
            break;
        }
    }
    match (&held, demo.has_classifier) {
        (None, false) => println!("skipped: the manager's mailboxes, as there is no classifier (make setup heads)"),
        (None, true) => panic!("no case of the sample waits for an officer before the family hears"),
        (Some(case), _) => {
            let family = desk.email_of_case().await;
            assert_eq!(demo.letters_to(&family), 0);
            desk.check("demo-case-held").await;
            desk.press("form[action$='/confirm'] button").await;
            assert!(desk.text(".moj-alert--success").await.contains("Confirmed as"));
            until("the letter to the family is in the outbox", async || demo.letters_to(&family) == 1).await;
            desk.open(case).await;
            assert!(desk.text("[aria-labelledby=acknowledgement-title]").await.contains("Sent to"));
            desk.press("form[action$='/undo'] button").await;
            assert!(desk.text(".moj-timeline").await.contains("Undone: confirmed as"));
            assert_eq!(desk.count("form[action$='/confirm']").await, 1, "it waits to be confirmed again");
        }
    }

    if desk.shots.is_some() {
        desk.open("/?q=benn").await;
        desk.press("tbody a").await;
        desk.picture("docs-case").await;
    }

    // Reclassify another one.
    let other = waiting.iter().find(|case| Some(*case) != held.as_ref()).unwrap();
    desk.open(other).await;
    desk.check("demo-case").await;
    desk.click("#reclassify summary").await;
    desk.browser.find(Locator::Css("#procedure")).await.unwrap().select_by_value("corporate").await.unwrap();
    desk.browser.find(Locator::Css("#theme")).await.unwrap().select_by_value("transport").await.unwrap();
    desk.press("form[action$='/reclassify'] button").await;
    let facts = desk.text(".heard-facts").await;
    assert!(facts.contains("Transport") && facts.contains("Corporate"), "{facts}");
    assert!(!desk.waiting_cases().await.contains(other));

    // What can be done next: every form of it, one filled in wrongly, and one for the file.
    desk.open(&format!("{other}/steps")).await;
    desk.check("demo-steps").await;
    let mut forms = Vec::new();
    for link in desk.browser.find_all(Locator::Css("main ul a[href*='/steps/']")).await.unwrap() {
        forms.push(link.attr("href").await.unwrap().unwrap());
    }
    assert!(forms.len() > 8, "{forms:?}");
    for form in &forms {
        desk.open(form).await;
        desk.check(&format!("demo-step-{}", form.rsplit('/').next().unwrap())).await;
        desk.fits_a_telephone(form).await;
    }
    desk.open(&format!("{other}/steps/appointed")).await;
    desk.fill("#name", "Ines Calloway").await;
    desk.press("button[value=record]").await;
    assert!(desk.text(".govuk-error-summary").await.contains("Where they work: select one"));
    desk.check("demo-step-wrong").await;
    desk.browser.find(Locator::Css("#post")).await.unwrap().select_by_value("responder").await.unwrap();
    desk.browser.find(Locator::Css("#works")).await.unwrap().select_by_value("council").await.unwrap();
    desk.press("button[value=record]").await;
    assert!(desk.text("#course").await.contains("Looks into it at stage 1: Ines Calloway"));

    // A document is added to the case, after a form that lacks everything.
    desk.open(other).await;
    desk.click("#documents summary").await;
    desk.press("form[action$='/documents'] button").await;
    let wrong = desk.text(".govuk-error-summary").await;
    assert!(wrong.contains("Select a file") && wrong.contains("Select what it is"), "{wrong}");
    desk.check("demo-document-wrong").await;
    let file = demo.data.path().join("plan.txt");
    std::fs::write(&file, "A plan.").unwrap();
    desk.browser.find(Locator::Css("#document-kind")).await.unwrap().select_by_value("other").await.unwrap();
    desk.fill("#document-name", "The plan").await;
    desk.fill("#document-file", file.to_str().unwrap()).await;
    desk.press("form[action$='/documents'] button").await;
    assert!(desk.text("#documents").await.contains("The plan.txt"));
    desk.check("demo-document").await;
    desk.fits_a_telephone(other).await;

    // A message arrives: it is in the queue, and its sender hears.
    let message = "From: Philippa Quennell <p.quennell@mail.example>\r\nTo: complaints@calderbeck.example\r\n\
                   Message-ID: <quennell-1@mail.example>\r\nSubject: No escort on the school bus\r\n\
                   MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
                   I want to complain. There has been no escort on the bus for two weeks and my son cannot go to school.\r\n";
    std::fs::write(demo.data.path().join("inbox/complaints/quennell.eml"), message).unwrap();
    until("the message is in the queue", async || {
        desk.open("/?q=quennell").await;
        desk.count("tbody tr").await == 1
    })
    .await;
    until("its sender hears", async || demo.letters_to("p.quennell@mail.example") == 1).await;
    desk.press("tbody a").await;
    assert!(desk.text(".heard-words").await.contains("no escort on the bus"));
    desk.check("demo-case-new").await;
    let case = desk.browser.current_url().await.unwrap().path().to_owned();

    // A stranger writes to the same case: it stands out, and they hear nothing.
    let stranger = message.replace("Philippa Quennell <p.quennell@", "B Stranger <stranger@").replace(
        "Message-ID: <quennell-1@mail.example>",
        "Message-ID: <stranger-1@mail.example>\r\nIn-Reply-To: <quennell-1@mail.example>",
    );
    std::fs::write(demo.data.path().join("inbox/complaints/stranger.eml"), stranger).unwrap();
    until("the case is under New message", async || {
        desk.open("/?show=new-message").await;
        desk.count(&format!("tbody a[href='{case}']")).await == 1
    })
    .await;
    desk.check("demo-queue-new-message").await;
    desk.open(&case).await;
    assert!(desk.text(".heard-message--unverified").await.contains("Nothing was sent to them"));
    desk.check("demo-case-stranger").await;
    assert_eq!(demo.letters_to("stranger@mail.example"), 0);

    // A letter is looked at and sent: the family withdraws.
    desk.open(&case).await;
    desk.press("form[action$='/confirm'] button").await;
    desk.open(&format!("{case}/steps/withdrawn")).await;
    let today = heard::clock::london_date(heard::clock::Clock::system().now());
    for (part, format) in [("day", "%-d"), ("month", "%-m"), ("year", "%Y")] {
        desk.fill(&format!("#on-{part}"), &today.format(format).to_string()).await;
    }
    desk.fill("#how", "By telephone.").await;
    desk.press("button[value=look]").await;
    let letter = desk.text("#letter").await;
    assert!(letter.contains("you do not want to go on"), "{letter}");
    desk.check("demo-step-letter").await;
    desk.press("button[value=send]").await;
    assert!(desk.text("#course").await.contains("The case is withdrawn"));
    desk.check("demo-case-withdrawn").await;

    for (name, path) in [
        ("demo-letters", "/letters"),
        ("demo-filed", "/filed"),
        ("demo-quarantine", "/quarantine"),
        ("demo-health", "/health"),
    ] {
        desk.open(path).await;
        desk.check(name).await;
        desk.fits_a_telephone(path).await;
    }
    desk.fits_a_telephone(&case).await;
    desk.browser.clone().close().await.unwrap();
    demo.program.kill().await.unwrap();
}
