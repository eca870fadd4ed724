//! Accounts: the second factor, sessions that end everywhere, what an administrator does, and what those see who are appointed in a
//! case. On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use crate::{
    council::{Council, mail, now, on_both, said},
    databases::Database,
    visitor::{Page, Visitor},
};
use axum::{Router, http::StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use heard::{
    casework::Given,
    clock::Clock,
    ids::CaseReference,
    labelling::labels::Theme,
    procedure::event::{Appointee, Post, Step, Works},
    web::{
        access::Role,
        desk::{Desk, DeskAction},
        views::Officer,
    },
};
use totp_rs::{Builder, Secret};

on_both! {
    a_second_factor_is_set_up_and_asked_for set_up_on_postgres;
    nobody_signs_in_with_a_password_alone_where_the_council_says_so required_on_postgres;
    signing_out_everywhere_ends_every_session everywhere_on_postgres;
    an_administrator_opens_changes_and_closes_accounts_and_sees_no_case administrator_on_postgres;
    whoever_is_appointed_sees_the_case_while_they_are appointed_on_postgres;
    a_reader_of_reports_sees_figures_and_none_that_is_small figures_on_postgres;
}

const PASSWORD: &str = "a long enough password";
const MORGAN: &str = "sam.morgan@calderbeck.example";

/// The pages at a time that is moved by hand.
fn pages(council: &Council, when: DateTime<Utc>, required: bool) -> Router {
    let mut state = council.web(when);
    state.clock = Clock::fixed(when);
    state.second_factor_required = required;
    heard::web::router(state)
}

/// What an app that was given this key shows at `when`.
fn code(key: &str, when: DateTime<Utc>) -> String {
    let secret = Secret::try_from_base32(key.replace(' ', "")).unwrap();
    let app = Builder::new().with_secret(secret).with_account_name("x").build().unwrap();
    app.generate(u64::try_from(when.timestamp()).unwrap()).to_string()
}

fn key(page: &Page) -> String {
    page.between("Key: <strong class=\"heard-number\">", "</strong>").to_owned()
}

/// A complaint of Noor Haddad's that an officer has confirmed.
async fn a_case(council: &Council) -> CaseReference {
    let words = "I complain that nobody has answered my calls about the transport of my son for six weeks.";
    let raw = mail("Noor Haddad <noor@mail.example>", "noor-1", "A complaint", "", words);
    council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::Transport)).await;
    let case = council.database.texts("SELECT reference FROM case_file").await.remove(0).parse().unwrap();
    does(council, case, DeskAction::Confirm).await;
    case
}

async fn does(council: &Council, case: CaseReference, action: DeskAction) {
    let version = council.desk.peek(case, &council.morgan, now()).await.unwrap().version;
    council.desk.act(case, &council.morgan, version, action, now()).await.unwrap();
}

fn appointed(post: Post, who: &Officer) -> DeskAction {
    let person = Appointee {
        name: who.name.clone(),
        email: who.email.clone(),
        works: Works::Council,
        unconnected: false,
        reason: String::new(),
    };
    DeskAction::Step { step: Box::new(Step::Appointed { post, person }), given: Given::Nobody }
}

mod stories {
    use super::*;

    pub async fn a_second_factor_is_set_up_and_asked_for(council: Council) {
        let at = now();
        let router = pages(&council, at, false);
        let mut morgan = Visitor::new(&router);
        assert_eq!(morgan.signs_in(MORGAN, PASSWORD).await.place, "/");
        let mut elsewhere = Visitor::new(&router);
        elsewhere.signs_in(MORGAN, PASSWORD).await;
        // Set up: the page may be opened twice, and a wrong code changes nothing.
        let secret = key(&morgan.get("/account/second-factor").await);
        assert_eq!(key(&morgan.get("/account/second-factor").await), secret);
        let wrong = morgan.post("/account/second-factor", &[("code", "000000")]).await;
        assert_eq!((wrong.status, key(&wrong)), (StatusCode::UNPROCESSABLE_ENTITY, secret.clone()));
        assert_eq!(morgan.signs_in(MORGAN, PASSWORD).await.place, "/", "it does not count before its first code");
        let first = code(&secret, at);
        let on = morgan.post("/account/second-factor", &[("code", &first)]).await;
        assert_eq!(on.place, "/account?done=second-factor");
        assert!(morgan.get(&on.place).await.body.contains("Your second factor is on."));
        assert!(elsewhere.get("/").await.place.starts_with("/sign-in"), "sessions without a code end");
        assert_eq!(morgan.get("/account/second-factor").await.place, "/account", "the secret is not shown again");
        // In the database it is sealed.
        let base32 = secret.replace(' ', "");
        let kept = council.database.number("SELECT CAST(length(sealed) AS BIGINT) FROM second_factor").await;
        assert!(kept > i64::try_from(base32.len()).unwrap());

        // From now on the password opens nothing by itself.
        let mut visitor = Visitor::new(&router);
        let half = visitor.post("/sign-in", &[("email", MORGAN), ("password", PASSWORD), ("next", "/joint")]).await;
        assert_eq!(half.place, "/sign-in/code?next=%2Fjoint");
        assert!(
            half.set.iter().all(|one| one.contains("HttpOnly") && one.contains("SameSite=Strict")),
            "{:?}",
            half.set
        );
        assert!(visitor.get("/").await.place.starts_with("/sign-in"));
        // The code that was used is used up; the next one opens, once.
        let used = visitor.post("/sign-in/code", &[("code", &first), ("next", "/joint")]).await;
        assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY);
        let later = at + TimeDelta::seconds(30);
        let router = pages(&council, later, false);
        let mut visitor = Visitor { cookies: visitor.cookies.clone(), ..Visitor::new(&router) };
        let spaced = code(&secret, later);
        let spaced = format!("{} {}", &spaced[..3], &spaced[3..]);
        let opened = visitor.post("/sign-in/code", &[("code", &spaced), ("next", "/joint")]).await;
        assert_eq!(opened.place, "/joint");
        assert_eq!(visitor.get("/joint").await.status, StatusCode::OK);
        let again = visitor.post("/sign-in/code", &[("code", &spaced), ("next", "/joint")]).await;
        assert_eq!(again.place, "/sign-in", "the half sign-in is over");
        let tried = "SELECT what FROM audit WHERE what LIKE '%signed in%' OR what LIKE '%sign in%' OR what LIKE '%factor%' ORDER BY at, id";
        let tried = council.database.texts(tried).await;
        assert_eq!(
            tried,
            ["signed in", "signed in", "signed in", "set up a second factor", "failed to sign in", "signed in"]
        );

        // Too late, and from an address that tries too often.
        let mut late = Visitor::new(&router);
        late.signs_in(MORGAN, PASSWORD).await;
        let hours = pages(&council, later + TimeDelta::minutes(11), false);
        let mut late = Visitor { cookies: late.cookies.clone(), ..Visitor::new(&hours) };
        assert_eq!(late.get("/sign-in/code").await.place, "/sign-in");
        let mut guesser = Visitor::new(&router);
        guesser.signs_in(MORGAN, PASSWORD).await;
        let mut statuses = Vec::new();
        for guess in 0..12 {
            let guess = format!("{guess:06}");
            statuses.push(guesser.post("/sign-in/code", &[("code", &guess), ("next", "")]).await.status);
        }
        assert!(statuses.contains(&StatusCode::TOO_MANY_REQUESTS), "{statuses:?}");
    }

    pub async fn nobody_signs_in_with_a_password_alone_where_the_council_says_so(council: Council) {
        let router = pages(&council, now(), true);
        let mut morgan = Visitor::new(&router);
        assert_eq!(morgan.signs_in(MORGAN, PASSWORD).await.place, "/sign-in/code");
        let page = morgan.get("/sign-in/code").await;
        assert!(page.body.contains("Set up a second factor"));
        let code = code(&key(&page), now());
        assert_eq!(morgan.post("/sign-in/code", &[("code", &code), ("next", "//bad.example")]).await.place, "/");
        assert_eq!(morgan.get("/").await.status, StatusCode::OK);
        let account = morgan.get("/account").await;
        assert!(
            account.body.contains("If you lose your telephone, an administrator takes it off."),
            "{}",
            account.body
        );
        // An administrator takes a lost one off; then another is set up.
        let store = &council.database.store;
        heard::desk::users::forget_second_factor(store, MORGAN, None, now()).await.unwrap();
        assert!(morgan.get("/").await.place.starts_with("/sign-in"));
        morgan.signs_in(MORGAN, PASSWORD).await;
        assert!(morgan.get("/sign-in/code").await.body.contains("Set up a second factor"));
    }

    pub async fn signing_out_everywhere_ends_every_session(council: Council) {
        let router = pages(&council, now(), false);
        let (mut here, mut there, mut other) = (Visitor::new(&router), Visitor::new(&router), Visitor::new(&router));
        here.signs_in(MORGAN, PASSWORD).await;
        there.signs_in(MORGAN, PASSWORD).await;
        other.signs_in(&council.bell.email, PASSWORD).await;
        let page = here.get("/account").await;
        assert_eq!(page.body.matches("<tr class=\"govuk-table__row\"><th scope=\"row\"").count(), 2);
        assert_eq!(page.body.matches("Here").count(), 1);
        assert_eq!(here.post("/account/sign-out-everywhere", &[]).await.place, "/sign-in");
        for visitor in [&mut here, &mut there] {
            assert!(visitor.get("/").await.place.starts_with("/sign-in"));
        }
        assert_eq!(other.get("/").await.status, StatusCode::OK);
    }

    pub async fn an_administrator_opens_changes_and_closes_accounts_and_sees_no_case(council: Council) {
        let case = a_case(&council).await;
        council.account("Pat Selwyn", Role::Administrator).await;
        let router = pages(&council, now(), false);
        let mut pat = Visitor::new(&router);
        assert_eq!(pat.signs_in("pat.selwyn@calderbeck.example", PASSWORD).await.place, "/");
        assert_eq!(pat.get("/").await.place, "/users");
        let wrong = pat.post("/users", &[("name", " "), ("email", "dara"), ("role", "root")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.body.matches("govuk-error-message").count(), 3, "each field says what is wrong");
        let dara = [("name", "Dara Quill"), ("email", "Dara.Quill@calderbeck.example"), ("role", "officer")];
        let made = pat.post("/users", &dara).await;
        let password = made.between("signs in with <span class=\"heard-number\">", "</span>").to_owned();
        assert!(!pat.get("/users").await.body.contains(&password), "it is shown once");
        assert!(pat.post("/users", &dara).await.body.contains("There is an account for dara.quill"));
        let mut dara = Visitor::new(&router);
        assert_eq!(dara.signs_in("dara.quill@calderbeck.example", &password).await.place, "/");
        assert_eq!(dara.get("/users").await.status, StatusCode::FORBIDDEN);

        let quill = council.desk.account("dara.quill@calderbeck.example").await.unwrap().unwrap().officer;
        let address = format!("/users/{}", quill.id);
        // Whoever has cases goes on working cases.
        does(&council, case, DeskAction::Assign { to: quill.id }).await;
        let refused = pat.post(&format!("{address}/role"), &[("role", "report_reader")]).await;
        assert!(refused.body.contains("Dara Quill has open cases: give them to another officer first."));
        does(&council, case, DeskAction::Assign { to: council.morgan.id }).await;
        assert_eq!(pat.post(&format!("{address}/role"), &[("role", "report_reader")]).await.status, StatusCode::OK);
        assert!(dara.get("/").await.place.starts_with("/sign-in"), "a change ends the sessions");
        dara.signs_in("dara.quill@calderbeck.example", &password).await;
        assert_eq!(dara.get("/").await.place, "/figures");
        let given = council.desk.peek(case, &council.morgan, now()).await.unwrap();
        let to_a_reader = DeskAction::Assign { to: quill.id };
        let answer = council.desk.act(case, &council.morgan, given.version, to_a_reader, now()).await;
        assert!(answer.unwrap_err().to_string().contains("sees no cases"));
        // A new password is another one, and a closed account opens nothing.
        let made = pat.post(&format!("{address}/password"), &[]).await;
        let other = made.between("signs in with <span class=\"heard-number\">", "</span>").to_owned();
        assert_ne!(other, password);
        assert!(dara.get("/figures").await.place.starts_with("/sign-in"));
        pat.post(&format!("{address}/close"), &[]).await;
        assert!(dara.signs_in("dara.quill@calderbeck.example", &other).await.body.contains("is wrong"));
        pat.post(&format!("{address}/open"), &[]).await;
        assert_eq!(dara.signs_in("dara.quill@calderbeck.example", &other).await.place, "/");
        // Nobody makes themselves more than they are.
        let own = council.desk.account("pat.selwyn@calderbeck.example").await.unwrap().unwrap().officer;
        let refused = pat.post(&format!("/users/{}/role", own.id), &[("role", "complaints_manager")]).await;
        assert!(refused.body.contains("Another administrator must do this to your own account."));
        let mut manager = Visitor::new(&router);
        manager.signs_in(MORGAN, PASSWORD).await;
        assert!(manager.get("/users").await.body.contains("Dara Quill"));
        for (path, fields) in [(format!("{address}/close"), vec![]), ("/users".to_owned(), vec![("name", "X")])] {
            assert_eq!(manager.post(&path, &fields).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let audit = council.database.texts("SELECT u.what FROM audit u JOIN officer o ON o.id = u.officer_id WHERE o.role = 'administrator' AND u.what LIKE '%dara%' ORDER BY u.at, u.id").await;
        assert_eq!(
            audit,
            [
                "account added: dara.quill@calderbeck.example as officer",
                "account changed: dara.quill@calderbeck.example from officer to report_reader",
                "password set: dara.quill@calderbeck.example",
                "account disabled: dara.quill@calderbeck.example",
                "account enabled: dara.quill@calderbeck.example"
            ]
        );
    }

    pub async fn whoever_is_appointed_sees_the_case_while_they_are(council: Council) {
        let case = a_case(&council).await;
        let orr = council.account("Tamsin Orr", Role::Investigator).await;
        let tibbs = council.account("Joan Tibbs", Role::Investigator).await;
        let router = pages(&council, now(), false);
        let (mut orrs, mut tibbss) = (Visitor::new(&router), Visitor::new(&router));
        orrs.signs_in(&orr.email, PASSWORD).await;
        tibbss.signs_in(&tibbs.email, PASSWORD).await;
        assert_eq!(orrs.get("/").await.place, "/given");
        assert!(orrs.get("/given").await.body.contains("You are appointed in no open case"));
        let (page, paper) = (format!("/given/{case}"), format!("/given/{case}/hand-in"));
        assert_eq!(orrs.get(&page).await.status, StatusCode::NOT_FOUND);

        does(&council, case, appointed(Post::Responder, &orr)).await;
        assert!(orrs.get("/given").await.body.contains(&case.to_string()));
        let seen = orrs.get(&page).await;
        for words in ["Noor Haddad", "noor@mail.example", "nobody has answered my calls", "Looks into it at stage 1"] {
            assert!(seen.body.contains(words), "{words}");
        }
        let looks = council.database.texts("SELECT o.name FROM audit u JOIN officer o ON o.id = u.officer_id WHERE u.what = 'opened case' AND o.role = 'investigator'").await;
        assert_eq!(looks, ["Tamsin Orr"], "a look is written down");
        // They hand in what they found; officers see it, and the other investigator sees nothing.
        let fields = [("kind", "other"), ("name", "What I found")];
        let wrong = orrs.upload(&paper, &[("kind", "investigation"), ("name", "")], ("a.txt", b"Words")).await;
        assert!(wrong.body.contains("Select what you were appointed to hand in"));
        let kept = orrs.upload(&paper, &fields, ("found.txt", b"The calls were not answered.")).await;
        assert_eq!(kept.place, format!("/given/{case}?done=1"), "{}", kept.body);
        let document = council.desk.peek(case, &council.morgan, now()).await.unwrap().documents.list.remove(0);
        assert_eq!((document.name.as_str(), document.by.as_str()), ("What I found.txt", "Tamsin Orr"));
        let file = format!("/cases/{case}/documents/{}", document.id);
        assert_eq!(orrs.get(&file).await.body, "The calls were not answered.");
        for path in [&page, &file] {
            let (there, nowhere) = (tibbss.get(path).await, tibbss.get(&path.replace("26-", "27-")).await);
            assert_eq!(there.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(there.body.len(), nowhere.body.len(), "{path}");
        }
        assert_eq!(tibbss.upload(&paper, &fields, ("a.txt", b"Words")).await.status, StatusCode::NOT_FOUND);
        // They work no case: not even their own.
        for path in [format!("/cases/{case}"), format!("/cases/{case}/answer"), format!("/cases/{case}/bundle")] {
            assert_eq!(orrs.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let confirm = orrs.post(&format!("/cases/{case}/undo"), &[("version", "1")]).await;
        assert_eq!(confirm.status, StatusCode::FORBIDDEN);

        // The case turns out to be about them.
        does(&council, case, DeskAction::SetSubject { who: orr.email.clone(), is: true }).await;
        assert_eq!(orrs.get(&page).await.status, StatusCode::NOT_FOUND);
        assert!(!orrs.get("/given").await.body.contains(&case.to_string()));
        does(&council, case, DeskAction::SetSubject { who: orr.email.clone(), is: false }).await;
        assert_eq!(orrs.get(&page).await.status, StatusCode::OK);
        // Another takes over, and the case is closed.
        let released = Step::Released { post: Post::Responder, name: orr.name.clone() };
        does(&council, case, DeskAction::Step { step: Box::new(released), given: Given::Nobody }).await;
        assert_eq!(orrs.get(&page).await.status, StatusCode::NOT_FOUND);
        does(&council, case, appointed(Post::Responder, &tibbs)).await;
        assert_eq!(tibbss.get(&page).await.status, StatusCode::OK);
        // A start of the program looks anew at who is appointed.
        council.database.run("DELETE FROM case_appointed").await;
        let mut tx = council.database.store.begin().await.unwrap();
        heard::casework::renew_independence(&council.engine.office, &mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(tibbss.get(&page).await.status, StatusCode::OK);
        council.database.run("UPDATE case_file SET status = 'closed'").await;
        assert_eq!(tibbss.get(&page).await.status, StatusCode::NOT_FOUND);
    }

    pub async fn a_reader_of_reports_sees_figures_and_none_that_is_small(council: Council) {
        for n in 0..7 {
            let from = format!("Family {n} <family{n}@mail.example>");
            let words = format!("I complain that the taxi of my son did not come on day {n} of this month, again.");
            let theme = if n < 5 { Theme::Transport } else { Theme::Finance };
            let raw = mail(&from, &format!("f-{n}"), &format!("Complaint {n}"), "", &words);
            council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(theme)).await;
        }
        assert_eq!(council.database.number("SELECT count(*) FROM case_file").await, 7);
        council.account("Lee Hobday", Role::ReportReader).await;
        let mut lee = Visitor::new(&pages(&council, now(), false));
        lee.signs_in("lee.hobday@calderbeck.example", PASSWORD).await;
        let page = lee.get("/figures").await;
        let words = page.body.replace(['\n', ' '], "");
        assert!(
            words.contains(">Complaint</th><tdclass=\"govuk-table__cellgovuk-table__cell--numeric\">7<"),
            "{}",
            page.body
        );
        // Two about finance are not told, and so neither are the five that would tell them.
        assert!(words.contains(">Transport</th><tdclass=\"govuk-table__cellgovuk-table__cell--numeric\">nottold<"));
        assert!(!page.body.contains("mail.example") && !page.body.contains("HRD-"));
        let before = lee.get("/figures?from=2026-01-01&to=2026-11-18").await;
        assert!(before.body.contains("Nothing"));
        assert!(lee.get("/figures?from=x").await.body.contains("Enter a day like"));
        assert_eq!(lee.get("/users").await.status, StatusCode::FORBIDDEN);
    }
}
