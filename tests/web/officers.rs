//! An officer's work in a real browser (Chromium, driven by chromedriver) on the real desk: every page and state that is visited is
//! looked over by axe-core. On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres. `HEARD_SHOTS=folder` keeps
//! pictures.

use crate::{
    chromium::{Desk as Browser, browse},
    council::{Council, mail, now, on_both, said},
    databases::Database,
};
use fantoccini::{Locator, key::Key};
use heard::{
    labelling::labels::Theme,
    web::{
        account_views::Accounts,
        desk::{Desk as _, DeskAction},
    },
};

on_both! {
    an_officer_confirms_and_reclassifies_by_keyboard_alone by_keyboard_on_postgres;
    an_officer_sorts_answers_and_closes sorts_answers_and_closes_on_postgres;
    the_counts_follow_and_the_list_stays_where_it_is live_on_postgres;
    a_manager_gives_a_contribution_and_the_case_goes_on_as_a_bundle contribution_on_postgres;
}

const PASSWORD: &str = "a long enough password";
const BELL: &str = "rowan.bell@calderbeck.example";
const MORGAN: &str = "sam.morgan@calderbeck.example";
const NOOR: &str = "Noor Haddad <noor@mail.example>";

/// The pages in a browser.
async fn pages(council: &Council) -> Browser {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let mut state = council.web(now());
    state.live_every = std::time::Duration::from_millis(100);
    let pages = heard::web::router(state).into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
    browse(address, "Calderbeck Council").await
}

/// A complaint by mail arrives; its reference.
async fn complains(council: &Council, from: &str, id: &str, words: &str) -> String {
    let raw = mail(from, id, "A complaint", "", words);
    let counts = council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::Transport)).await;
    assert_eq!(counts.cases_opened, 1, "{id}");
    let newest = "SELECT reference FROM case_file ORDER BY reference DESC";
    council.database.texts(newest).await.remove(0)
}

async fn success(browser: &Browser, says: &str) {
    let said = browser.text(".moj-alert--success").await;
    assert!(said.contains(says), "{said}");
}

fn key(key: Key) -> String {
    char::from(key).to_string()
}

mod stories {
    use super::*;

    pub async fn an_officer_confirms_and_reclassifies_by_keyboard_alone(council: Council) {
        let first = complains(&council, NOOR, "noor-1", "The taxi did not come on Monday, and nobody told us.").await;
        let second =
            complains(&council, "Jo Tregar <jo@mail.example>", "jo-1", "My son waits for his plan since May.").await;
        let mut browser = pages(&council).await;
        browser.open("/sign-in").await;
        browser.is_ready().await;
        browser.tab_to("#email").await;
        browser.type_keys(BELL).await;
        browser.tab_to("#password").await;
        browser.type_keys(PASSWORD).await;
        browser.type_away(&key(Key::Enter)).await;

        // Down the list and into the first case, without a mouse.
        browser.check("keys-queue").await;
        // Several at once: marked by key, taken by their officer.
        browser.type_keys("jx").await;
        browser.tab_to("button[value=take]").await;
        browser.type_away(&key(Key::Enter)).await;
        success(&browser, "1 case assigned").await;
        browser.is_ready().await;
        browser.check("keys-several").await;
        browser.press("button[value=take]").await;
        assert!(browser.text(".govuk-error-summary").await.contains("Select at least one case"));
        browser.check("keys-several-error").await;
        browser.open("/").await;
        browser.is_ready().await;
        browser.type_keys("jjk").await;
        let at = browser.browser.active_element().await.unwrap().text().await.unwrap();
        assert_eq!(at, first);
        browser.type_away(&key(Key::Enter)).await;
        assert_eq!(browser.heading().await, "Noor Haddad");
        browser.is_ready().await;

        // One key confirms; one leads to the next.
        browser.type_away("c").await;
        success(&browser, "Confirmed as a complaint").await;
        browser.check("keys-confirmed").await;
        browser.type_away(".").await;
        assert_eq!(browser.heading().await, "Jo Tregar");
        browser.is_ready().await;

        // One key opens what it is; arrows and Tab do the rest.
        browser.type_keys("r").await;
        browser.tab_to("input[name=act]").await;
        browser.type_keys(&key(Key::Down)).await;
        browser.check("keys-reclassify").await;
        browser.tab_to("#theme").await;
        browser.type_keys("Delay").await;
        browser.tab_to("form[action$='/reclassify'] button").await;
        browser.type_away(&key(Key::Enter)).await;
        success(&browser, "Saved: concern, delay").await;
        // One takes it back.
        browser.is_ready().await;
        browser.type_away("u").await;
        let history = browser.text(".moj-timeline").await;
        assert!(history.starts_with("Undone: "), "{history}");

        // What is typed into a field is typed, and the keys are explained and can be turned off.
        browser.open("/").await;
        browser.is_ready().await;
        browser.type_keys("/").await;
        browser.type_keys("ck?jr").await;
        assert_eq!(
            browser.browser.find(Locator::Css("#q")).await.unwrap().prop("value").await.unwrap().unwrap(),
            "ck?jr"
        );
        browser.open(&format!("/cases/{second}")).await;
        browser.is_ready().await;
        browser.type_away("?").await;
        assert_eq!(browser.heading().await, "Keyboard keys");
        browser.check("keys").await;
        browser.click("[data-keys-switch]").await;
        browser.open(&format!("/cases/{second}")).await;
        browser.is_ready().await;
        browser.type_keys("r").await;
        assert_eq!(browser.count("#reclassify[open]").await, 0, "turned off, a key does nothing");
        browser.browser.clone().close().await.unwrap();
    }

    pub async fn the_counts_follow_and_the_list_stays_where_it_is(council: Council) {
        complains(&council, NOOR, "noor-1", "The taxi did not come on Monday, and nobody told us.").await;
        let mut browser = pages(&council).await;
        browser.sign_in(BELL, PASSWORD).await;
        browser.is_ready().await;
        let to_confirm = "document.querySelector('[data-count=to-confirm]').textContent";
        browser.wait(&format!("return {to_confirm} === '(1)'"), "the list has one").await;
        let top = "return document.querySelector('[data-walk] tr').getBoundingClientRect().top";
        let before = browser.browser.execute(top, vec![]).await.unwrap();
        let second = complains(&council, "Jo Tregar <jo@mail.example>", "jo-1", "My son waits for his plan.").await;
        browser.wait(&format!("return {to_confirm} === '(2)'"), "the count did not follow").await;
        assert_eq!(browser.browser.execute(top, vec![]).await.unwrap(), before, "no row moves");
        assert_eq!(browser.count("[data-walk] tr").await, 1, "the list stays until it is asked for");
        browser.check("live").await;
        browser.press("[data-live] a").await;
        assert_eq!(browser.count("[data-walk] tr").await, 2);
        browser.is_ready().await;
        assert_eq!(browser.count("[data-live] a:not([hidden])").await, 0);
        // A case that is about the officer is counted no more, and its coming tells nothing.
        let case = second.parse().unwrap();
        let version = council.desk.peek(case, &council.morgan, now()).await.unwrap().version;
        let about = DeskAction::SetSubject { who: BELL.into(), is: true };
        council.desk.act(case, &council.morgan, version, about, now()).await.unwrap();
        browser.wait(&format!("return {to_confirm} === '(1)'"), "the count did not follow").await;
        // Signed out elsewhere, it is over.
        council.desk.end_sessions(&council.bell, now()).await.unwrap();
        let told = "return document.querySelector('[data-live]').innerText.includes('You are signed out')";
        browser.wait(told, "the stream goes on").await;
        browser.browser.clone().close().await.unwrap();
    }

    pub async fn an_officer_sorts_answers_and_closes(council: Council) {
        let noor = complains(&council, NOOR, "noor-1", "The taxi did not come on Monday, and nobody told us.").await;
        let again = complains(
            &council,
            "Noor Haddad <noor.h@post.example>",
            "noor-2",
            "You still have not told me why nobody came for him that morning.",
        )
        .await;
        let about_bell = "I complain about Rowan Bell, who told my son that nobody would answer him.";
        let barred = complains(&council, "Jo Tregar <jo@mail.example>", "jo-1", about_bell).await;
        let mut browser = pages(&council).await;

        // Whom it is about cannot be given it.
        browser.sign_in(MORGAN, PASSWORD).await;
        browser.open(&format!("/cases/{barred}")).await;
        browser.press("form[action$='/confirm'] button").await;
        browser.click("#give summary").await;
        let bell = browser.browser.find(Locator::Css("#to")).await.unwrap();
        bell.select_by_label("Rowan Bell").await.unwrap();
        browser.press("#give button").await;
        let refusal = browser.text(".govuk-error-summary").await;
        assert!(refusal.contains("whom a complaint is about neither sees it nor works on it"), "{refusal}");
        browser.check("work-refused").await;
        browser.press(".heard-top__out").await;

        browser.sign_in(BELL, PASSWORD).await;
        browser.open(&format!("/cases/{barred}")).await;
        assert_eq!(browser.text("h1").await, "Page not found");
        browser.check("work-not-found").await;

        // Two cases of one matter are merged; what is another matter is moved out again.
        browser.open(&format!("/cases/{noor}")).await;
        browser.press("form[action$='/confirm'] button").await;
        browser.click("#merge summary").await;
        browser.fill("#other", &again).await;
        browser.press("#merge button").await;
        success(&browser, "Merged.").await;
        browser.check("work-merged").await;
        browser.click("#move summary").await;
        browser.click("label[for='message']").await;
        browser.click("label[for='target']").await;
        browser.press("#move button").await;
        success(&browser, "Moved.").await;
        browser.check("work-moved").await;

        // It takes longer.
        browser.open(&format!("/cases/{noor}")).await;
        browser.click("#extend summary").await;
        browser.press("#extend button").await;
        assert!(browser.text(".govuk-error-summary").await.contains("why it takes longer"));
        browser.check("work-extend-error").await;
        browser.fill("#extend-reason", "The taxi firm has not sent its log yet.").await;
        browser.press("#extend button[value=look]").await;
        let letter = browser.text("#extend .heard-words").await;
        assert!(letter.contains("The taxi firm has not sent its log yet."), "{letter}");
        browser.click("#extend details summary").await;
        let words = browser.browser.find(Locator::Css("#letter-words")).await.unwrap();
        words.clear().await.unwrap();
        words.send_keys("It takes longer.").await.unwrap();
        browser.press("#extend .heard-box__row button").await;
        let fault = browser.text(".govuk-error-summary").await;
        assert!(fault.contains("must still say"), "{fault}");
        browser.check("work-extend-words").await;
        browser.press("button[value=own]").await;
        browser.press("#extend .heard-box__row button").await;
        success(&browser, "The family is told why").await;

        // "Not upheld" without evidence is refused; with it, the letter is there, is changed, looked at and sent.
        browser.follow("Write the answer").await;
        browser.fill("#text-1", "The taxi did not come.").await;
        let outcome = browser.browser.find(Locator::Css("#outcome-1")).await.unwrap();
        outcome.select_by_value("not-upheld").await.unwrap();
        browser.fill("#reasons-1", "It came at eight, as agreed.").await;
        browser.press("button[value=save]").await;
        let lacking = browser.text("#letter").await;
        assert!(lacking.contains("names no evidence"), "{lacking}");
        browser.check("work-no-evidence").await;
        browser.fill("#evidence-1", "The firm’s log.").await;
        browser.press("button[value=save]").await;
        browser.check("work-letter").await;
        browser.click("#letter summary").await;
        let words = browser.browser.find(Locator::Css("#letter-words")).await.unwrap();
        words.send_keys("\nWith best wishes from the team.").await.unwrap();
        browser.press("button[value=look]").await;
        assert!(browser.text("#letter .heard-words").await.contains("With best wishes from the team."));
        browser.check("work-own-words").await;
        let words = browser.browser.find(Locator::Css("#letter-words")).await.unwrap();
        words.clear().await.unwrap();
        words.send_keys("We close it.").await.unwrap();
        browser.press("button[value=send]").await;
        let fault = browser.text(".govuk-error-summary").await;
        assert!(fault.contains("must still say"), "{fault}");
        browser.check("work-words-refused").await;
        browser.press("button[value=own]").await;
        browser.press("button[value=send]").await;
        success(&browser, "The answer is on its way").await;
        browser.check("work-answered").await;

        // It is closed, and found again.
        browser.click("#close summary").await;
        browser.fill("#close textarea", "They have their answer.").await;
        browser.press("#close button").await;
        success(&browser, "Closed.").await;
        browser.check("work-closed").await;
        browser.open("/").await;
        browser.fill("#q", "haddad").await;
        browser.press(".heard-search button").await;
        assert!(browser.text("tbody").await.contains(&noor));
        browser.check("work-search").await;
        browser.browser.clone().close().await.unwrap();
    }

    pub async fn a_manager_gives_a_contribution_and_the_case_goes_on_as_a_bundle(council: Council) {
        let noor = complains(&council, NOOR, "noor-1", "The taxi did not come on Monday, and nobody told us.").await;
        let mut browser = pages(&council).await;
        browser.sign_in(BELL, PASSWORD).await;
        browser.open(&format!("/cases/{noor}")).await;
        browser.press("form[action$='/confirm'] button").await;
        browser.open(&format!("/cases/{noor}/steps/contribution-asked")).await;
        browser.check("contribution-ask").await;
        browser.fill("#who", "Helen Marsh").await;
        browser.fill("#question", "When did the taxi come?").await;
        for (part, value) in [("day", "27"), ("month", "11"), ("year", "2026")] {
            browser.fill(&format!("#due-{part}"), value).await;
        }
        browser.press("#step button[value=record]").await;
        assert!(browser.text("#contributions").await.contains("Waited for"));
        browser.check("contribution-asked").await;

        let sql = "SELECT message ->> 'text' FROM outbox WHERE kind = 'contribution-request'";
        let letter = council.database.texts(sql).await.remove(0);
        let link = letter.lines().find_map(|line| line.strip_prefix("https://complaints.calderbeck.example")).unwrap();
        browser.open(link).await;
        browser.check("contribution").await;
        browser.press("main button[type=submit]").await;
        assert!(browser.text(".govuk-error-summary").await.contains("Enter your answer"));
        browser.check("contribution-error").await;
        browser.fits_a_telephone(link).await;
        browser.fill("#answer", "It came at eight.").await;
        browser.click("label[for='own']").await;
        browser.press("main button[type=submit]").await;
        assert_eq!(browser.heading().await, "Thank you");
        browser.check("contribution-given").await;
        browser.open(link).await;
        assert_eq!(browser.heading().await, "This link cannot be used");
        browser.check("contribution-gone").await;
        browser.open(&format!("/cases/{noor}")).await;
        browser.click("#contributions summary").await;
        assert!(browser.text("#contributions").await.contains("It came at eight."));
        browser.check("contribution-read").await;

        // The whole case as one download, with the other parent's name blacked out, for the next stage.
        browser.open(&format!("/cases/{noor}/bundle")).await;
        browser.check("bundle").await;
        browser.press("button[value=make]").await;
        assert!(browser.text(".govuk-error-summary").await.contains("Select what the bundle is for"));
        browser.check("bundle-error").await;
        browser.click("input[name=purpose]").await;
        browser.replace("#names", "Karim Haddad").await;
        browser.press("button[value=look]").await;
        assert_eq!(browser.count(".govuk-error-summary").await, 0);
        browser.check("bundle-looked").await;
        let download = "const done = arguments[arguments.length - 1]; const form = document.querySelector('main form'); \
                        const sent = new URLSearchParams(new FormData(form)); sent.set('what', 'make'); \
                        fetch(form.action, {method: 'POST', body: sent}).then(async (answer) => done([answer.status, \
                        answer.headers.get('content-type'), String.fromCharCode(...new Uint8Array(await answer.arrayBuffer()).slice(0, 2))]))";
        let bundle = browser.browser.execute_async(download, vec![]).await.unwrap();
        assert_eq!(bundle, serde_json::json!([200, "application/zip", "PK"]));
        browser.browser.clone().close().await.unwrap();
    }
}
