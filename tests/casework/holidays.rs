//! Bank holidays that a council changes while the program runs: given on the command line, taken up without a restart, and open
//! cases counted anew by them. On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    council::{Council, at, mail, now, on_both, said, settings, suggestion},
    databases::Database,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use chrono::NaiveDate;
use heard::{
    casework::{Office, recount},
    desk::{StoreDesk, Wake},
    ids::CaseReference,
    labelling::labels::{Act, Procedure, Theme},
    procedure::bank_holidays::Given,
    store::holidays::{self, Version},
    web::{
        CouncilBrand, WebState,
        desk::DeskAction,
        router,
        views::{CaseView, PromiseView},
    },
    workers::{self, Engine, RecountCounts, Watch, count_anew},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

on_both! {
    a_council_gives_its_bank_holidays_on_the_command_line given_on_postgres;
    a_running_program_takes_them_up_and_a_promise_stays taken_up_on_postgres;
    who_was_not_told_is_counted_anew_and_hears_the_new_date untold_on_postgres;
    what_was_told_never_moves_earlier never_earlier_on_postgres;
    a_kill_in_the_middle_leaves_no_case_half_counted_and_none_counted_twice killed_on_postgres;
    a_program_that_lags_behind_does_not_count_back lagging_on_postgres;
    pages_say_what_was_promised_and_when_the_bank_holidays_run_out pages_on_postgres;
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The program with these arguments on the council's database, in a folder of its own.
fn heard(council: &Council, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_heard"))
        .args(arguments)
        .args(["--database", &council.database.url])
        .current_dir(council.folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end without having read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// What it said, when it ended well; today's date is masked.
fn out(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let today = regex::Regex::new(r"(Version \d+ of )\w+ \d+ \w+ \d+").unwrap();
    today.replace_all(&String::from_utf8(output.stdout).unwrap(), "$1[today]").into_owned()
}

/// What it refused, and why.
fn refused(output: Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    said.lines().filter(|line| line.starts_with("heard: ")).collect()
}

/// As gov.uk publishes it, with a jubilee, and the early May holiday moved.
const GOV: &str = r#"{"england-and-wales":{"division":"england-and-wales","events":[
{"title":"New Year’s Day","date":"2027-01-01","notes":"","bunting":true},
{"title":"Good Friday","date":"2027-03-26","notes":"","bunting":false},
{"title":"Easter Monday","date":"2027-03-29","notes":"","bunting":true},
{"title":"Early May bank holiday","date":"2027-05-07","notes":"","bunting":true},
{"title":"Spring bank holiday","date":"2027-05-31","notes":"","bunting":true},
{"title":"An invented jubilee","date":"2027-06-04","notes":"","bunting":true},
{"title":"Summer bank holiday","date":"2027-08-30","notes":"","bunting":true},
{"title":"Christmas Day","date":"2027-12-27","notes":"Substitute day","bunting":true},
{"title":"Boxing Day","date":"2027-12-28","notes":"Substitute day","bunting":true}]},
"scotland":{"division":"scotland","events":[{"title":"2nd January","date":"2027-01-04","notes":"","bunting":true}]}}"#;

/// Gives the council's bank holidays past the command line; the number of the version.
async fn give(council: &Council, change: impl Fn(&Given) -> Given) -> i64 {
    let mut tx = council.database.store.begin().await.unwrap();
    let newest = holidays::newest(&mut tx).await.unwrap();
    let number = newest.as_ref().map_or(0, |newest| newest.number) + 1;
    let given = change(&newest.map(|newest| newest.given).unwrap_or_default());
    let version = Version { number, made_at: now(), made_by: None, what: "test".into(), given };
    assert!(holidays::put(&mut tx, &version).await.unwrap());
    assert!(!holidays::put(&mut tx, &version).await.unwrap(), "a number is given once");
    tx.commit().await.unwrap();
    number
}

/// Monday 23 November 2026 is proclaimed.
async fn proclaim(council: &Council) {
    give(council, |given| given.add(day("2026-11-23"), "A day of thanks").unwrap()).await;
}

/// A case that was acknowledged on Monday 16 November, with its answer due on the 30th.
async fn told(council: &Council, name: &str) -> CaseReference {
    let words = format!("The taxi for {name} has not come for three days.");
    let raw = mail(&format!("{name} <{}@mail.example>", name.to_lowercase()), name, "School taxi", "", &words);
    council.arrives("complaints", &raw, "2026-11-16T09:00:00Z", &said(Theme::Transport)).await;
    council.reference(name).await
}

/// A case that waits for an officer before anybody hears of it.
async fn untold(council: &Council, name: &str) -> CaseReference {
    let raw =
        mail(&format!("{name} <{}@mail.example>", name.to_lowercase()), name, "Respite", "", "Nobody rings back.");
    let sure = suggestion(Act::Concern, 0.7, 0.02, Procedure::Statutory, Theme::Communication);
    council.arrives("manager-fostering", &raw, "2026-11-16T09:00:00Z", &sure).await;
    council.reference(name).await
}

fn answer_due(case: &CaseView) -> NaiveDate {
    case.dues.iter().find(|due| due.what == "Answer at stage 1").unwrap().on
}

fn promise(promised: &str, by_calendar: &str) -> PromiseView {
    PromiseView { what: "Answer".into(), promised: day(promised), by_calendar: day(by_calendar), theirs: false }
}

const RECOUNTED: &str = "SELECT count(*) FROM case_event WHERE CAST(body AS TEXT) LIKE '%recounted%'";

/// Another program on the same database that knows no newer holidays yet.
fn another_program(council: &Council) -> Engine {
    let office = Office::open(&settings(council.folder.path(), "calderbeck")).unwrap();
    Engine { office: Arc::new(office), ..council.engine.clone() }
}

async fn until(what: &str, mut look: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !look().await {
        assert!(start.elapsed() < Duration::from_secs(60), "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

mod stories {
    use super::*;

    pub async fn a_council_gives_its_bank_holidays_on_the_command_line(council: Council) {
        let file = council.folder.path().join("bank-holidays.json");
        std::fs::write(&file, GOV).unwrap();
        let file = file.to_str().unwrap();
        let versions = async || council.database.number("SELECT count(*) FROM holiday_version").await;
        let mut story = String::new();
        let mut say = |arguments: &[&str], said: &str| {
            let arguments = arguments.join(" ").replace(file, "bank-holidays.json");
            story += &format!("$ heard {arguments}\n{said}\n");
        };
        for arguments in [&["holidays", "list", "--year", "2027"][..], &["holidays", "import", file, "--dry-run"]] {
            say(arguments, &out(heard(&council, arguments, "")));
        }
        assert_eq!(versions().await, 0);
        for arguments in [
            &["holidays", "import", file, "--by", "Sam Morgan"][..],
            &["holidays", "import", file],
            &["holidays", "add", "2027-05-10", "An invented coronation"],
            &["holidays", "remove", "2027-06-04"],
            &["holidays", "list", "--year", "2027"],
        ] {
            say(arguments, &out(heard(&council, arguments, "")));
        }
        assert_eq!(versions().await, 3);
        for arguments in [
            &["holidays", "add", "2027-05-10", "Again"][..],
            &["holidays", "add", "2027-05-15", "A Saturday"],
            &["holidays", "add", "2031-05-12", "An unknown year"],
            &["holidays", "remove", "2027-06-04"],
        ] {
            say(arguments, &format!("{}\n", refused(heard(&council, arguments, ""))));
        }
        // A file with one bad line is refused whole.
        for (input, says) in [
            (GOV.replace("2027-12-28", "2027-12-32"), "\"2027-12-32\" is no date"),
            (GOV.replace("england-and-wales", "scotland"), "give the whole file"),
            ("date,title\n2027-12-25,Christmas Day\n".to_owned(), "never count"),
            ("\u{0}\u{0}".to_owned(), "this is no list of bank holidays"),
        ] {
            let why = refused(heard(&council, &["holidays", "import", "-"], &input));
            assert!(why.contains(says), "{why}");
        }
        let missing = refused(heard(&council, &["holidays", "import", "no-such-file.json"], ""));
        assert!(missing.starts_with("heard: no-such-file.json: "), "{missing}");
        assert_eq!(versions().await, 3);
        insta::allow_duplicates! { insta::assert_snapshot!("on_the_command_line", story) };

        let shipped = "date,title\n01/01/2027,New Year\n2027-03-26,Good Friday\n2027-03-29,Easter\n2027-05-03,May\n2027-05-31,Spring\n\
                       2027-08-30,Summer\n2027-12-27,Christmas\n2027-12-28,Boxing Day\n";
        let json = out(heard(&council, &["holidays", "import", "-", "--json"], shipped));
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!((&json["version"], &json["stored"]), (&4.into(), &true.into()));
        assert_eq!(json["added"], serde_json::json!([{"date": "2027-05-03", "title": "May"}]));
        assert_eq!(json["removed"].as_array().unwrap().len(), 2);
        let json = out(heard(&council, &["holidays", "list", "--json"], ""));
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!((&json["version"], &json["given_years"]), (&4.into(), &serde_json::json!([2027])));
        let days = json["days"].as_array().unwrap();
        assert!(days.iter().any(|day| day["date"] == "2026-12-28") && days.len() > 90);

        // What counts a date by itself counts by them too.
        let due = ["due", "--procedure", "calendar", "--clock", "add_working_days", "--from", "2027-06-03"];
        let line = || out(heard(&council, &due, "")).lines().next().unwrap_or_default().to_owned();
        let (batch, rows) = (council.folder.path().join("clocks.csv"), "procedure,event,start_datetime_local,param\n");
        std::fs::write(&batch, format!("{rows}calendar,add_working_days,2027-06-03,n=1\n")).unwrap();
        let counted = |council: &Council| out(heard(council, &["due", "--batch", batch.to_str().unwrap()], ""));
        assert!(counted(&council).contains("2027-06-04"), "{}", line());
        out(heard(&council, &["holidays", "add", "2027-06-04", "A jubilee"], ""));
        assert!(counted(&council).contains("2027-06-07"));
    }

    pub async fn a_running_program_takes_them_up_and_a_promise_stays(council: Council) {
        let case = told(&council, "Noor").await;
        let before = council.case(case).await;
        assert_eq!((answer_due(&before), before.promises.len()), (day("2026-11-30"), 0));
        let stop = CancellationToken::new();
        let running = tokio::spawn(workers::run(council.engine.clone(), Watch::default(), stop.clone()));
        out(heard(&council, &["holidays", "add", "2026-11-23", "A day of thanks"], ""));
        until("the running program counts by the new day", async || !council.case(case).await.promises.is_empty())
            .await;
        let after = council.case(case).await;
        assert_eq!(after.promises, [promise("2026-11-30", "2026-12-01")]);
        assert_eq!(answer_due(&after), day("2026-11-30"), "what was promised is what we keep by");
        assert_eq!(after.history[0].title, "Counted anew: the bank holidays have changed");
        assert_eq!(after.history[0].by, "Heard");
        stop.cancel();
        running.await.unwrap();

        // Whatever is done to the case next, the promise stays; another clock has its own date.
        let act = async |action| {
            let version = council.case(case).await.version;
            council.act(case, version, action).await.unwrap();
        };
        act(DeskAction::Confirm).await;
        assert_eq!(answer_due(&council.case(case).await), day("2026-11-30"));
        let more = DeskAction::Extend {
            reason: "Two people are away.".into(),
            given: heard::casework::Given::Otherwise("By telephone".into()),
        };
        act(more).await;
        let longer = council.case(case).await;
        assert_eq!((answer_due(&longer), longer.promises.len()), (day("2026-12-15"), 0));
    }

    pub async fn who_was_not_told_is_counted_anew_and_hears_the_new_date(council: Council) {
        let case = untold(&council, "Sami").await;
        let before = council.case(case).await;
        assert_eq!(answer_due(&before), day("2026-11-30"));
        proclaim(&council).await;
        let counts = count_anew(&council.engine).await.unwrap();
        assert_eq!(counts, RecountCounts { moved: 1, ..RecountCounts::default() });
        let after = council.case(case).await;
        assert_eq!((answer_due(&after), after.promises.len()), (day("2026-12-01"), 0));
        assert!(after.history[0].detail.contains("Nobody had been told."), "{}", after.history[0].detail);
        council.act(case, after.version, DeskAction::Confirm).await.unwrap();
        let letters =
            council.database.texts("SELECT message ->> 'text' FROM outbox WHERE kind = 'acknowledgement'").await;
        assert!(letters.len() == 1 && letters[0].contains("1 December 2026"), "{letters:?}");
    }

    pub async fn what_was_told_never_moves_earlier(council: Council) {
        proclaim(&council).await;
        count_anew(&council.engine).await.unwrap();
        let (known, silent) = (told(&council, "Noor").await, untold(&council, "Sami").await);
        assert_eq!(answer_due(&council.case(known).await), day("2026-12-01"));
        give(&council, |given| given.remove(day("2026-11-23")).unwrap()).await;
        let counts = count_anew(&council.engine).await.unwrap();
        assert_eq!(counts, RecountCounts { moved: 1, kept: 1, ..RecountCounts::default() });
        let case = council.case(known).await;
        assert_eq!(
            (answer_due(&case), &case.promises[..]),
            (day("2026-12-01"), &[promise("2026-12-01", "2026-11-30")][..])
        );
        assert_eq!(answer_due(&council.case(silent).await), day("2026-11-30"));

        // The day comes back: the promise is what the calendar says, and nothing is left to show.
        proclaim(&council).await;
        count_anew(&council.engine).await.unwrap();
        let case = council.case(known).await;
        assert_eq!((answer_due(&case), case.promises.len()), (day("2026-12-01"), 0));
    }

    pub async fn a_kill_in_the_middle_leaves_no_case_half_counted_and_none_counted_twice(council: Council) {
        let mut cases = Vec::new();
        for name in ["Noor", "Ada", "Bo", "Cleo", "Dov"] {
            cases.push(told(&council, name).await);
        }
        proclaim(&council).await;
        // The first is counted, the second is under way when the program dies.
        let killed = another_program(&council);
        killed.office.take_up_holidays(&mut killed.store.begin_read().await.unwrap()).await.unwrap();
        let all = holidays::to_count(&mut killed.store.begin_read().await.unwrap(), "none", uuid::Uuid::nil()).await;
        let all = all.unwrap();
        assert_eq!(all.len(), 5);
        let mut tx = killed.store.begin().await.unwrap();
        recount(&killed.office, &mut tx, all[0], now()).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = killed.store.begin().await.unwrap();
        recount(&killed.office, &mut tx, all[1], now()).await.unwrap();
        drop(tx);
        assert_eq!(council.database.number(RECOUNTED).await, 1);

        let next = another_program(&council);
        let counts = count_anew(&next).await.unwrap();
        assert_eq!(counts, RecountCounts { kept: 4, ..RecountCounts::default() });
        assert_eq!(council.database.number(RECOUNTED).await, 5);
        // An unchanged calendar: nothing at all is written.
        let total = council.database.texts("SELECT CAST(sum(version) AS TEXT) FROM case_file").await;
        for engine in [&next, &killed, &another_program(&council), &council.engine] {
            assert_eq!(count_anew(engine).await.unwrap(), RecountCounts::default());
        }
        assert_eq!(council.database.texts("SELECT CAST(sum(version) AS TEXT) FROM case_file").await, total);

        for case in &cases {
            assert_eq!(council.case(*case).await.promises, [promise("2026-11-30", "2026-12-01")]);
        }

        // A day that touches no case is another calendar, and no event.
        give(&council, |given| given.add(day("2027-06-04"), "A jubilee").unwrap()).await;
        let counts = count_anew(&next).await.unwrap();
        assert_eq!(counts, RecountCounts { unmoved: 5, ..RecountCounts::default() });
        assert_eq!(council.database.number(RECOUNTED).await, 5);
        assert_eq!(count_anew(&next).await.unwrap(), RecountCounts::default());
    }

    pub async fn a_program_that_lags_behind_does_not_count_back(council: Council) {
        let (known, silent) = (told(&council, "Noor").await, untold(&council, "Sami").await);
        proclaim(&council).await;
        count_anew(&another_program(&council)).await.unwrap();
        // The council's own desk has not heard of it yet, and an officer works on.
        assert_eq!(council.engine.office.holidays_number(), 0);
        let version = council.case(silent).await.version;
        council.act(silent, version, DeskAction::Assign { to: council.bell.id }).await.unwrap();
        assert_eq!(council.engine.office.holidays_number(), 1);
        assert_eq!(answer_due(&council.case(silent).await), day("2026-12-01"));
        assert_eq!(council.database.number(RECOUNTED).await, 2);
        // The other way round: what is done before the worker has come is counted anew by it.
        give(&council, |given| given.add(day("2026-11-24"), "Another").unwrap()).await;
        council.engine.office.take_up_holidays(&mut council.database.store.begin_read().await.unwrap()).await.unwrap();
        let version = council.case(known).await.version;
        council.act(known, version, DeskAction::Confirm).await.unwrap();
        let case = council.case(known).await;
        assert_eq!(
            (answer_due(&case), &case.promises[..]),
            (day("2026-11-30"), &[promise("2026-11-30", "2026-12-02")][..])
        );
        let counts = count_anew(&council.engine).await.unwrap();
        assert_eq!(counts, RecountCounts { moved: 1, ..RecountCounts::default() });
    }

    pub async fn pages_say_what_was_promised_and_when_the_bank_holidays_run_out(council: Council) {
        let case = told(&council, "Noor").await;
        proclaim(&council).await;
        count_anew(&council.engine).await.unwrap();
        let page = page(&council, &format!("/cases/{case}"), "2026-11-20T10:30:00Z").await;
        assert!(
            page.contains("Answer: promised: Monday 30 November 2026; by the calendar now: Tuesday 1 December 2026."),
            "{page}"
        );
        let health = super::page(&council, "/health", "2026-11-20T10:30:00Z").await;
        assert!(health.contains("Tuesday 31 December 2030") && health.contains("Version 1 of the council’s own"));
        assert!(!health.contains("heard holidays import"));
        assert!(!super::page(&council, "/health", "2029-12-31T10:30:00Z").await.contains("heard holidays import"));
        let health = super::page(&council, "/health", "2030-01-01T10:30:00Z").await;
        assert!(health.contains("Bank holidays are known only until Tuesday 31 December 2030"));
        assert!(health.contains("heard holidays import"));
    }
}

/// A page as an officer sees it at `when`, without its tags.
async fn page(council: &Council, path: &str, when: &str) -> String {
    let clock = heard::clock::Clock::fixed(at(when));
    let wake = Wake { unread: council.engine.unread.clone(), outgoing: council.engine.outgoing.clone() };
    let desk = StoreDesk::new(council.database.store.clone(), council.engine.office.clone(), None, wake);
    let brand = CouncilBrand {
        name: "Calderbeck Council".into(),
        service: "Heard".into(),
        colour: None,
        help: "the service desk".into(),
    };
    let mut state = WebState::new(Arc::new(desk), brand, clock).unwrap();
    state.secure_cookies = false;
    let pages: Router = router(state);
    let form = "email=rowan.bell%40calderbeck.example&password=a+long+enough+password";
    let sign_in = Request::post("/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(form))
        .unwrap();
    let answer = pages.clone().oneshot(sign_in).await.unwrap();
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    let answer = pages.oneshot(request).await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let text = String::from_utf8_lossy(&body).replace('\n', " ");
    regex::Regex::new(r"<[^>]*>").unwrap().replace_all(&text, "").into_owned()
}
