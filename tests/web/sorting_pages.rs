//! Officers work on a case in a real browser, over the real store: a proposed match answered with one key, cases merged and
//! parted, messages split off and moved, and each undone; who writes, whom it is about, and the answer. `HEARD_SHOTS=folder` keeps a picture of each page.

use std::sync::Arc;

use crate::{
    chromium::{Desk, browse},
    council::{Council, mail, now, said},
    databases::Database,
};
use heard::{
    clock::Clock,
    labelling::labels::Theme,
    web::{WebState, brand::CouncilBrand},
};
use serde_json::json;

async fn browser(council: &Council) -> Desk {
    let brand = CouncilBrand {
        name: "Calderbeck Council".into(),
        service: "Heard: children's services complaints".into(),
        colour: "#1f4e5f".parse().ok(),
        help: "the IT service desk on 01632 960 111".into(),
    };
    let mut state = WebState::new(Arc::new(council.desk.clone()), brand, Clock::fixed(now())).unwrap();
    state.secure_cookies = false;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let pages = heard::web::router(state).into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
    browse(address, "Calderbeck Council").await
}

impl Desk {
    /// Presses one key on the page, as a person would, and waits for the page it leads to.
    async fn key(&self, key: &str) {
        self.browser.execute("window.isOldPage = true", vec![]).await.unwrap();
        self.browser.find(fantoccini::Locator::Css("body")).await.unwrap().send_keys(key).await.unwrap();
        self.wait("return !window.isOldPage && document.readyState === 'complete'", "the key led nowhere").await;
    }

    async fn success(&self) -> String {
        self.text(".moj-alert--success").await
    }

    async fn reference(&self) -> String {
        self.text(".govuk-caption-l").await
    }

    async fn messages(&self) -> usize {
        self.count(".heard-message").await
    }

    async fn value(&self, selector: &str) -> String {
        let field = self.browser.find(fantoccini::Locator::Css(selector)).await.unwrap();
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Chooses from a list, by the word that is sent.
    async fn choose(&self, selector: &str, value: &str) {
        let list = self.browser.find(fantoccini::Locator::Css(selector)).await.unwrap();
        list.select_by_value(value).await.unwrap();
    }

    async fn undo(&self) {
        self.press("form[action$='/undo'] button").await;
        assert!(self.success().await.contains("Undone"));
    }
}

const SEPARATE: &str = "A separate matter: the respite money for October and November has not been paid to us at all.";

/// Noor's taxi, two more of her messages about it, and a second matter that seems to belong to the first; and her husband's case.
async fn a_family(council: &Council) {
    let noor = "Noor Haddad <noor@mail.example>";
    let thread = "In-Reply-To: <noor-1@mail.example>\r\n";
    for (id, more, words, when, theme) in [
        (
            "noor-1",
            "",
            "The taxi to Hollow Bank has not come for three days.",
            "2026-11-16T09:00:00Z",
            Theme::Transport,
        ),
        ("noor-2", thread, "Again no taxi this morning.", "2026-11-17T09:00:00Z", Theme::Transport),
        ("noor-3", thread, "And the escort was rude to him.", "2026-11-18T09:00:00Z", Theme::StaffConduct),
        ("noor-4", thread, SEPARATE, "2026-11-19T09:00:00Z", Theme::Finance),
    ] {
        council.arrives("complaints", &mail(noor, id, "School taxi", more, words), when, &said(theme)).await;
    }
    let words = "Why does nobody answer my wife? I lose my shifts.";
    let raw = mail("Sami Haddad <sami@work.example>", "sami-1", "No answer", "", words);
    council.arrives("complaints", &raw, "2026-11-18T12:00:00Z", &said(Theme::Communication)).await;
}

/// Three families whose bus does not come.
async fn three_families(council: &Council) {
    for (n, (name, words)) in [
        ("Ruba Harrak", "The S9 minibus to Hollow Bank did not come again. Ibrahim was left at the stop and Brightway do not answer."),
        ("Jo Tregar", "Levi has had no transport since Monday. Brightway say that the S9 has no escort, nobody told us."),
        ("Dele Okpara", "My daughter Simi waits for the S9 every morning and Brightway has cancelled the run to Hollow Bank."),
    ]
    .into_iter()
    .enumerate()
    {
        let raw = mail(&format!("{name} <family-{n}@mail.example>"), &format!("bus-{n}"), "Transport", "", words);
        let when = format!("2026-11-{}T08:00:00Z", 16 + n);
        council.arrives("complaints", &raw, &when, &said(Theme::Transport)).await;
    }
    heard::workers::look_for_joint_complaints(&council.engine, now()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_tie_a_joint_complaint_in_a_real_browser() {
    let council = Council::open(Database::sqlite().await).await;
    three_families(&council).await;
    let mut desk = browser(&council).await;
    desk.sign_in("rowan.bell@calderbeck.example", "a long enough password").await;
    desk.open(&format!("/cases/{}", council.reference("Harrak").await)).await;
    assert!(desk.text("main").await.contains("Other families may have the same problem"));
    desk.check("joint-of-case").await;
    desk.follow("Joint complaints (1)").await;
    assert_eq!(desk.count(".heard-joint__cases input[checked]").await, 3);
    desk.check("joint-suggested").await;

    // Nothing chosen is said beside the others; then two of the three.
    for n in 1..=3 {
        desk.click(&format!("label[for='case-1-{n}']")).await;
    }
    desk.press("form[action$='/tie'] button").await;
    assert!(desk.text(".govuk-error-summary").await.contains("Choose two cases or more"));
    desk.check("joint-error").await;
    desk.click("label[for='case-1-3']").await;
    desk.replace("#title-of-1", "Transport: the S9").await;
    desk.press("form[action$='/tie'] button").await;
    assert!(desk.success().await.contains("Tied together as JNT-26-0001"));
    assert_eq!(desk.count("#JNT-26-0001 li").await, 2);
    desk.check("joint-tied").await;

    // What is found for one family is begun with for the other.
    let (first, second) = (council.reference("Harrak").await, council.reference("Tregar").await);
    desk.open(&format!("/cases/{first}/answer")).await;
    desk.fill("#text-1", "The S9 did not come.").await;
    desk.choose("#outcome-1", "upheld").await;
    desk.fill("#reasons-1", "Brightway had no driver from 9 to 20 November.").await;
    desk.press("button[value='save']").await;
    desk.open(&format!("/cases/{second}/answer")).await;
    desk.check("answer-lead").await;
    desk.press("button[value='take']").await;
    assert_eq!(desk.value("#text-1").await, "The S9 did not come.");
    assert!(desk.text("#letter").await.contains("Other families have told us of the same problem"));
    desk.check("answer-of-joint").await;
    desk.open("/joint").await;

    // The third, by its reference; taken out again, and back.
    let third = council.reference("Okpara").await.to_string();
    desk.click("#by-hand summary").await;
    desk.fill("#references", &format!("{third}\n{}", council.reference("Harrak").await)).await;
    desk.fill("#title", "The S9").await;
    desk.press("#by-hand button").await;
    assert_eq!(desk.count("#JNT-26-0001 li").await, 3);
    desk.follow(&third).await;
    desk.press("form[action$='/untie'] button").await;
    assert!(desk.success().await.contains("Taken out of the joint complaint"));
    desk.undo().await;
    assert!(desk.text(".heard-facts").await.contains("JNT-26-0001"));
    desk.check("joint-case").await;
    council.database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_correct_the_sorting_in_a_real_browser() {
    let council = Council::open(Database::sqlite().await).await;
    a_family(&council).await;
    let mut desk = browser(&council).await;
    desk.sign_in("rowan.bell@calderbeck.example", "a long enough password").await;

    // The queue says why, and what may be the same.
    let queue = desk.text("tbody").await;
    assert!(queue.contains("The new message joined because it answers a message of this case"), "{queue}");
    assert!(queue.contains("Possibly the same as HRD-26-00001-"), "{queue}");
    desk.check("sorting-queue").await;
    desk.follow("Possible matches (1)").await;
    assert_eq!(desk.count("tbody tr").await, 1);
    desk.press("tbody a").await;

    // Both texts beside each other; N is no, and is taken back.
    let split = desk.reference().await;
    let sides = desk.text(".heard-compare__sides").await;
    assert!(sides.contains("has not come for three days") && sides.contains("respite money"), "{sides}");
    desk.check("sorting-compare").await;
    desk.key("n").await;
    assert!(desk.success().await.contains("another matter"));
    assert_eq!(desk.count("#possible").await, 0);
    desk.undo().await;
    assert_eq!(desk.count("#possible").await, 1);

    // Turned off, a key does nothing; in a field, it is a letter.
    desk.click("[data-keys-switch]").await;
    desk.browser.find(fantoccini::Locator::Css("body")).await.unwrap().send_keys("n").await.unwrap();
    assert_eq!(desk.browser.execute("return window.isOldPage === undefined", vec![]).await.unwrap(), json!(true));
    desk.click("[data-keys-switch]").await;
    assert_eq!(desk.text("[data-keys-switch]").await, "Turn the keys off");
    desk.click("#merge summary").await;
    desk.fill("#other", "n").await;
    assert_eq!(desk.count("#possible").await, 1);

    // Y is yes: the older case stays, and the other's reference leads there.
    desk.browser.execute("document.activeElement.blur()", vec![]).await.unwrap();
    desk.key("y").await;
    let hers = desk.reference().await;
    assert_ne!(hers, split);
    assert!(desk.success().await.contains("was received first, so it stays"));
    assert_eq!(desk.messages().await, 4);
    desk.check("sorting-merged").await;
    desk.open(&format!("/?q={split}")).await;
    assert!(desk.text("main").await.contains(&format!("Merged into {hers}")));
    desk.check("sorting-gone").await;
    let about = format!("About {split}");
    let raw = mail("Noor Haddad <noor@mail.example>", "noor-5", &about, "", "Is there an answer?");
    let counts = council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &said(Theme::Finance)).await;
    assert_eq!((counts.joined, counts.cases_opened), (1, 0), "the old reference still leads to it");
    desk.undo().await;
    assert_eq!((desk.reference().await, desk.messages().await), (split.clone(), 1));

    // Merged by its reference, first with a wrong one.
    desk.open(&format!("/cases/{hers}")).await;
    let his = council.reference("Sami").await.to_string();
    desk.click("#merge summary").await;
    desk.fill("#other", "HRD-26-0000").await;
    desk.press("form[action$='/merge'] button").await;
    assert!(desk.text(".govuk-error-summary").await.contains("is no reference"));
    desk.check("sorting-merge-error").await;
    desk.replace("#other", &his).await;
    desk.press("form[action$='/merge'] button").await;
    assert_eq!((desk.reference().await, desk.messages().await), (hers.clone(), 5));
    desk.undo().await;
    assert_eq!(desk.messages().await, 4);

    // A message split off; nothing chosen first.
    desk.click("#move summary").await;
    desk.press("form[action$='/move'] button").await;
    let summary = desk.text(".govuk-error-summary").await;
    assert!(summary.contains("Select the messages") && summary.contains("Select where they belong"), "{summary}");
    desk.check("sorting-move-error").await;
    desk.click("label[for='message-2']").await;
    desk.click("label[for='target']").await;
    desk.press("form[action$='/move'] button").await;
    let own = desk.reference().await;
    assert!(own != hers && desk.text(".heard-message").await.contains("escort was rude"));
    desk.check("sorting-split").await;
    desk.undo().await;
    assert_eq!((desk.reference().await, desk.messages().await), (hers.clone(), 4), "it is back, and so is the officer");

    // Moved to the case it belongs to, and back.
    desk.click("#move summary").await;
    desk.click("label[for='message']").await;
    desk.click("label[for='target-2']").await;
    desk.fill("#move-other", &his).await;
    desk.press("form[action$='/move'] button").await;
    assert_eq!((desk.reference().await, desk.messages().await), (his.clone(), 2));
    assert!(desk.text(".moj-timeline").await.contains(&format!("moved here from {hers}")));
    desk.undo().await;
    assert_eq!(desk.messages().await, 1);
    println!("{} pages without a fault: {}", desk.pages_checked.len(), desk.pages_checked.join(", "));
    council.database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_say_who_writes_in_a_real_browser() {
    let council = Council::open(Database::sqlite().await).await;
    a_family(&council).await;
    let hers = council.reference("HRD-26-00001").await.to_string();
    let thread = "In-Reply-To: <noor-1@mail.example>\r\n";
    let raw = mail("noor@work.example", "work-1", "Re: School taxi", thread, "It is me. Is there an answer?");
    council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &said(Theme::Transport)).await;
    let mut desk = browser(&council).await;
    desk.sign_in("rowan.bell@calderbeck.example", "a long enough password").await;
    desk.open(&format!("/cases/{hers}")).await;

    // The message's own link leads to the form, which has the address in it.
    desk.press("a[href$='/people']:has(.govuk-visually-hidden)").await;
    assert_eq!(desk.value("#address").await, "noor@work.example");
    desk.check("people").await;
    desk.replace("#address", "noor at work").await;
    desk.press("form:has(#address) button").await;
    assert!(desk.text(".govuk-error-summary").await.contains("correct form"));
    desk.check("people-error").await;
    desk.replace("#address", "noor@work.example").await;
    desk.press("form:has(#address) button").await;
    assert!(desk.success().await.contains("one person"));
    assert!(desk.text("main").await.contains("Somebody else’s"));
    desk.open(&format!("/cases/{hers}")).await;
    assert_eq!(desk.count(".heard-message--unverified").await, 0);
    desk.undo().await;
    assert_eq!(desk.count(".heard-message--unverified").await, 1);

    // A group, first without a name and with an address that is none.
    desk.follow("Other addresses, group").await;
    desk.fill("#members", "Ruba Harrak, ruba@mail\nJo Tregar").await;
    desk.press("form:has(#members) button").await;
    let summary = desk.text(".govuk-error-summary").await;
    assert!(summary.contains("what the group is called"), "{summary}");
    desk.check("group-error").await;
    desk.fill("#name", "Hollow Bank parents’ forum").await;
    desk.replace("#members", "Ruba Harrak, ruba@mail.example\nJo Tregar").await;
    desk.press("form:has(#members) button").await;
    assert!(desk.success().await.contains("who complains together"));
    desk.check("group").await;
    desk.open(&format!("/cases/{hers}")).await;
    let facts = desk.text(".heard-facts").await;
    assert!(facts.contains("Hollow Bank parents’ forum") && facts.contains("2 members"), "{facts}");
    desk.check("group-case").await;
    desk.follow("Other addresses, group").await;
    desk.press("button[value='no-group']").await;
    assert!(desk.success().await.contains("the complainant alone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_say_whom_it_is_about_in_a_real_browser() {
    let council = Council::open(Database::sqlite().await).await;
    let words = "Martin Lesk has not rung me back since October.\nHis manager Mrs Pellow knows of it.";
    let raw = mail("Noor Haddad <noor@mail.example>", "noor-1", "No answer", "", words);
    council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::StaffConduct)).await;
    let case = council.reference("Noor").await.to_string();
    let mut desk = browser(&council).await;
    desk.sign_in("rowan.bell@calderbeck.example", "a long enough password").await;
    desk.open(&format!("/cases/{case}")).await;
    let box_of = desk.text("#subjects").await;
    assert!(
        box_of.contains("Martin Lesk") && box_of.contains("has not rung me back") && box_of.contains("Ruth Pellow")
    );
    desk.check("subjects-proposed").await;

    // Yes to one, no to the other; then his line manager is kept out until a reason is written down.
    desk.press("form:has(input[value='martin.lesk@calderbeck.example']):has(input[value='yes']) button").await;
    assert!(desk.success().await.contains("whom it is about"));
    desk.press("form:has(input[value='ruth.pellow@calderbeck.example']):has(input[value='no']) button").await;
    assert!(desk.text("#subjects").await.contains("Ruth Pellow, their line manager, is kept out too"));
    desk.click("#subjects details:has(#admit) summary").await;
    desk.press("#subjects form:has(#admit) button").await;
    assert!(desk.text(".govuk-error-summary").await.contains("Enter why the line manager may"));
    desk.check("subjects-admit-error").await;
    desk.fill("#admit", "Nobody else knows the placement, and the family agrees.").await;
    desk.press("#subjects form:has(#admit) button").await;
    assert!(desk.text("#subjects").await.contains("may deal with it: Nobody else knows"));
    desk.undo().await;

    // Somebody whom Heard did not find, first by a name that nobody bears.
    desk.click("#name-subject summary").await;
    desk.fill("#who", "Nobody Atall").await;
    desk.press("#name-subject button").await;
    assert!(desk.text(".govuk-error-summary").await.contains("is in the staff directory"));
    desk.check("subjects-error").await;
    desk.replace("#who", "Jo Mbeki").await;
    desk.press("#name-subject button").await;
    assert!(desk.text("#subjects").await.contains("Supervising social worker"));
    desk.check("subjects").await;
    desk.undo().await;
    assert!(!desk.text("#subjects").await.contains("Mbeki"));
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_answer_in_a_real_browser() {
    let council = Council::open(Database::sqlite().await).await;
    a_family(&council).await;
    let case = council.reference("HRD-26-00001").await.to_string();
    let mut desk = browser(&council).await;
    desk.sign_in("rowan.bell@calderbeck.example", "a long enough password").await;
    desk.open(&format!("/cases/{case}")).await;
    desk.press("form[action$='/confirm'] button").await;
    // More time, first without a reason.
    desk.click("#extend summary").await;
    desk.press("#extend button").await;
    assert!(desk.text(".govuk-error-summary").await.contains("Enter why it takes longer"));
    desk.check("extend-error").await;
    desk.fill("#extend-reason", "Two of the escorts are away until 1 December.").await;
    desk.press("#extend button").await;
    assert!(desk.success().await.contains("The family is told why"));
    assert_eq!(desk.count("#extend").await, 0);

    desk.follow("Write the answer").await;
    desk.check("answer-empty").await;

    // A finding without a point; then two points, the second denied without its evidence.
    desk.fill("#reasons-1", "The firm did not come on three days.").await;
    desk.press("button[value='save']").await;
    assert!(desk.text(".govuk-error-summary").await.contains("Point 1: enter what they complain of"));
    desk.check("answer-error").await;
    desk.fill("#opening", "I am sorry. The taxi should have come, and somebody should have rung you.").await;
    desk.fill("#text-1", "The taxi did not come.").await;
    desk.choose("#outcome-1", "upheld").await;
    desk.press("button[value='more']").await;
    desk.fill("#text-2", "The escort was rude.").await;
    desk.choose("#outcome-2", "not-upheld").await;
    desk.fill("#reasons-2", "Both of the escorts who were there say otherwise.").await;
    desk.press("button[value='save']").await;
    assert!(desk.text("#letter").await.contains("Point 2 names no evidence"));
    desk.check("answer-lacking").await;
    desk.fill("#evidence-2", "What both escorts wrote down on the day.").await;
    desk.press("button[value='save']").await;
    let letter = desk.text("#letter").await;
    assert!(letter.contains("Our finding: Not upheld.") && letter.contains("What both escorts wrote down"), "{letter}");
    desk.check("answer-ready").await;
    desk.press("button[value='send']").await;
    assert!(desk.success().await.contains("on its way"));
    assert!(desk.text("#answer").await.contains("They can ask for stage 2 until"));
    desk.check("answer-sent").await;

    // Closed without a reason, then with one; opened again.
    desk.click("#close summary").await;
    desk.press("#close button").await;
    assert!(desk.text(".govuk-error-summary").await.contains("Enter why it is closed"));
    desk.check("close-error").await;
    desk.fill("#close textarea", "They agreed, and the taxi comes again.").await;
    desk.press("#close button").await;
    assert!(desk.text("#answer").await.contains("They agreed, and the taxi comes again."));
    desk.check("closed").await;
    desk.click("#reopen summary").await;
    desk.fill("#reopen textarea", "The taxi stopped again.").await;
    desk.press("#reopen button").await;
    assert!(desk.success().await.contains("Open again"));
    desk.follow("What was found on each point").await;
    assert!(desk.text("main").await.contains("can no longer be changed"));
    desk.check("answer-given").await;
    desk.open("/?show=all").await;
    assert!(desk.text("tbody").await.contains("Answered"));
}
