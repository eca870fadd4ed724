//! The answer at stage 1: refused until every point has what it must, then sent with its reasons; the case is closed with reasons,
//! and opened again. On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use crate::{
    council::{Council, at, mail, now, on_both, said},
    databases::Database,
};
use heard::{
    casework::Given,
    ids::CaseReference,
    labelling::labels::{Act, Procedure, Theme},
    procedure::event::{Finding, Point, PointOutcome, Points, Route, Step},
    web::{
        desk::{Desk, DeskAction, DeskError},
        joint_views::JointAction,
        views::{CaseStatus, QueueFilter},
    },
};

on_both! {
    no_answer_goes_out_before_every_point_has_its_reasons reasons_on_postgres;
    the_answer_goes_to_the_family_and_the_case_waits_for_them the_answer_on_postgres;
    a_case_is_closed_with_reasons_and_opened_again closed_on_postgres;
    what_was_found_for_one_family_is_begun_with_for_the_next lead_finding_on_postgres;
    a_point_goes_its_own_way_and_the_family_is_told a_points_way_on_postgres;
    a_letter_goes_in_the_officers_own_words own_words_on_postgres;
    the_answer_takes_longer_once_and_the_family_is_told longer_on_postgres;
}

const NOOR: &str = "Noor Haddad <noor@mail.example>";

async fn complains(council: &Council) -> CaseReference {
    let raw = mail(NOOR, "noor-1", "School taxi", "", "The taxi to Hollow Bank has not come for three days.");
    council.arrives("complaints", &raw, "2026-11-16T09:00:00Z", &said(Theme::Transport)).await;
    council.reference("Noor").await
}

/// Another family's case, about another matter.
async fn another(council: &Council) -> CaseReference {
    let words = "The respite money has not been paid since June.";
    let raw = mail("Sami <sami@mail.example>", "sami-1", "Respite", "", words);
    council.arrives("complaints", &raw, "2026-11-17T09:00:00Z", &said(Theme::Finance)).await;
    council.reference("Sami").await
}

async fn act(council: &Council, case: CaseReference, action: DeskAction) -> Result<(), DeskError> {
    let version = council.case(case).await.version;
    council.desk.act(case, &council.bell, version, action, now()).await.map(|_| ())
}

fn refused(answer: Result<(), DeskError>, says: &str) {
    let Err(DeskError::Refused(why)) = answer else { panic!("{answer:?}") };
    assert!(why.contains(says), "{why}");
}

fn point(outcome: PointOutcome, reasons: &str, evidence: &str) -> Point {
    let finding = Finding {
        outcome,
        reasons: reasons.into(),
        evidence: evidence.into(),
        remedy: String::new(),
        learning: String::new(),
    };
    Point { text: format!("The taxi: {}", outcome.as_str()), finding: Some(finding), ..Point::default() }
}

fn points(points: Vec<Point>) -> DeskAction {
    let (wanted, opening) = ("A taxi that comes.".into(), "I am sorry. The taxi should have come.".into());
    DeskAction::SetPoints(Box::new(Points { wanted, opening, points, others: false, with_independent: false }))
}

fn complete() -> DeskAction {
    let remedy = Finding {
        remedy: "A taxi comes from Monday on, and we repay what you spent.".into(),
        learning: "A second firm now stands by.".into(),
        ..point(PointOutcome::Upheld, "The firm did not come on 11, 12 and 13 November.", "The firm’s log.")
            .finding
            .unwrap()
    };
    points(vec![
        Point { text: "The taxi did not come.".into(), finding: Some(remedy), ..Point::default() },
        point(
            PointOutcome::NotUpheld,
            "The escort was there on each day.",
            "The escort’s timesheet <b>and</b> the log.",
        ),
    ])
}

const LETTER: DeskAction = DeskAction::Answer { given: Given::Letter };

mod stories {
    use super::*;

    pub async fn no_answer_goes_out_before_every_point_has_its_reasons(council: Council) {
        let case = complains(&council).await;
        act(&council, case, complete()).await.unwrap();
        refused(act(&council, case, LETTER).await, "onfirm first");
        act(&council, case, DeskAction::Confirm).await.unwrap();
        let bare = Point { text: "The taxi.".into(), finding: None, ..Point::default() };
        for (list, says) in [
            (vec![], "write down the points of the complaint first (LGSCO Complaint Handling Code 6.7)"),
            (vec![bare], "oint 1 has no finding"),
            (vec![point(PointOutcome::Upheld, " ", "")], "oint 1 has no reasons"),
            (
                vec![point(PointOutcome::Upheld, "Yes.", ""), point(PointOutcome::NotUpheld, "No.", " ")],
                "oint 2 names no evidence",
            ),
            (vec![point(PointOutcome::NoFinding, "Unclear.", "")], "oint 1 names no evidence"),
        ] {
            act(&council, case, points(list)).await.unwrap();
            let says = says.trim_start_matches('w');
            refused(act(&council, case, LETTER).await, says);
            let shown = council.case(case).await.answer;
            assert!(
                shown.letter.is_none() && shown.lacking.iter().any(|one| one.contains(says)),
                "{:?}",
                shown.lacking
            );
        }
        refused(act(&council, case, DeskAction::Close { reason: "Done.".into() }).await, "has had no answer");

        // The letter says which procedure it is under, so somebody must have said.
        act(&council, case, complete()).await.unwrap();
        let (act_is, theme) = (Act::Complaint, Theme::Transport);
        let unclear = DeskAction::Reclassify { act: act_is, procedure: Procedure::Unclear, theme };
        act(&council, case, unclear).await.unwrap();
        refused(act(&council, case, LETTER).await, "which procedure applies");
        act(&council, case, DeskAction::Undo).await.unwrap();
        assert!(council.case(case).await.answer.letter.is_some());
        assert_eq!(council.database.number("SELECT count(*) FROM outbox WHERE kind = 'answer'").await, 0);
    }

    pub async fn the_answer_goes_to_the_family_and_the_case_waits_for_them(council: Council) {
        let case = complains(&council).await;
        act(&council, case, DeskAction::Confirm).await.unwrap();
        act(&council, case, complete()).await.unwrap();
        let shown = council.case(case).await;
        let barred = shown.course.barred;
        assert!(barred.kind.is_none() && barred.dismiss.is_none() && barred.merge.is_none(), "{barred:?}");
        let letter = shown.answer.letter.unwrap();
        assert_eq!(letter.to, "noor@mail.example");
        insta::allow_duplicates! { insta::assert_snapshot!("the_answer", format!("Subject: {}\n\n{}", letter.subject, letter.text)) };
        act(&council, case, LETTER).await.unwrap();
        let sent = council.database.texts("SELECT message ->> 'html' FROM outbox WHERE kind = 'answer'").await;
        assert_eq!(sent.len(), 1);
        let words = letter.text.lines().next().unwrap();
        assert!(
            sent[0].contains(words) && sent[0].contains("&lt;b&gt;and&lt;") && !sent[0].contains("<b>and"),
            "what an officer types is no markup"
        );
        let by_a_person = "SELECT count(*) FROM outbox WHERE kind = 'answer' AND CAST(message ->> 'automatic' AS TEXT) IN ('false','0')";
        assert_eq!(council.database.number(by_a_person).await, 1, "an officer wrote it");
        refused(act(&council, case, LETTER).await, "given already");
        refused(act(&council, case, points(vec![])).await, "given already");
        // What was told is not taken back, nor what it rests on.
        refused(act(&council, case, DeskAction::Undo).await, "no decision to undo");
        let reason = "No.".to_owned();
        refused(act(&council, case, DeskAction::NotAComplaint { act: Act::Enquiry, reason }).await, "given already");
        assert_eq!(council.case(case).await.answer.given.unwrap().letter.unwrap(), letter);
        let barred = council.case(case).await.course.barred;
        assert!(barred.kind.is_some() && barred.dismiss.is_some() && barred.merge.is_some(), "{barred:?}");

        // From now on nothing is due but by them: 20 working days to ask for stage 2.
        let shown = council.case(case).await;
        let given = shown.answer.given.unwrap();
        assert_eq!(
            (given.outcome, given.ask_by.unwrap().to_string().as_str()),
            (PointOutcome::PartlyUpheld, "2026-12-18")
        );
        assert_eq!(shown.history[0].title, "Answered: partly upheld");
        assert!(shown.dues.iter().all(|due| due.what != "Answer at stage 1"));
        let later = at("2027-03-01T09:00:00Z");
        let query = heard::web::views::QueueQuery { filter: QueueFilter::Overdue, page: 1, ..Default::default() };
        let overdue = council.desk.queue(&query, &council.bell, later).await.unwrap();
        assert_eq!((overdue.rows.len(), overdue.counts.overdue), (0, 0), "{:?}", overdue.rows.first());

        // What they write back joins the case, by our letter.
        let id = council.database.texts("SELECT message_id FROM outbox WHERE kind = 'answer'").await.remove(0);
        let raw = mail(NOOR, "noor-2", "Re: Our answer", &format!("In-Reply-To: <{id}>\r\n"), "I want stage 2.");
        let counts = council.arrives("complaints", &raw, "2026-11-20T09:30:00Z", &said(Theme::Transport)).await;
        assert_eq!((counts.joined, counts.cases_opened), (1, 0));

        // Another case is not merged with it.
        let other = another(&council).await;
        refused(act(&council, other, DeskAction::Merge { with: case }).await, "was answered already");
    }

    pub async fn a_point_goes_its_own_way_and_the_family_is_told(council: Council) {
        let case = complains(&council).await;
        act(&council, case, DeskAction::Confirm).await.unwrap();
        let going = |route, outcome| Point { route, ..point(outcome, "It is as it is.", "The file.") };
        // Wrongly taking the corporate procedure is itself fault; what a tribunal decides nobody here finds on.
        for (route, outcome, says) in [
            (Route::Statutory, PointOutcome::Upheld, "oint 1 is for the statutory procedure"),
            (Route::Appeal, PointOutcome::NotUpheld, "oint 1 is for somebody else to decide"),
            (Route::Elsewhere, PointOutcome::NoFinding, "oint 1 is for somebody else to decide"),
        ] {
            act(&council, case, points(vec![going(route, outcome)])).await.unwrap();
            refused(act(&council, case, LETTER).await, says);
        }
        let mixed = vec![
            going(Route::Whole, PointOutcome::Upheld),
            going(Route::Appeal, PointOutcome::Referred),
            going(Route::DataProtection, PointOutcome::Upheld),
        ];
        act(&council, case, points(mixed)).await.unwrap();
        let prompts = council.case(case).await.course.prompts.join(" ");
        assert!(prompts.contains("Some points go another way"), "{prompts}");
        let told = Step::RouteTold { reasons: "It is about school transport.".into() };
        let tell = || DeskAction::Step { step: Box::new(told.clone()), given: Given::Letter };
        act(&council, case, tell()).await.unwrap();
        let texts = "SELECT message ->> 'text' FROM outbox WHERE kind = 'route-decision'";
        let letter = council.database.texts(texts).await.remove(0);
        assert!(letter.contains("- The taxi: referred. There is an appeal for this, which decides it"), "{letter}");
        assert!(letter.contains("Information Commissioner"), "{letter}");
        refused(act(&council, case, tell()).await, "hey were told already");
        let dues = council.case(case).await.dues;
        let data = dues.iter().find(|due| due.what.starts_with("Point 3")).unwrap();
        assert_eq!((data.source.as_str(), data.on.to_string().as_str()), ("DP-30D", "2026-12-16"));
        act(&council, case, LETTER).await.unwrap();
        let given = council.case(case).await.answer.given.unwrap();
        // What others decide is no part of what was found.
        assert_eq!(given.outcome, PointOutcome::Upheld);
        assert!(given.letter.unwrap().text.contains("There is an appeal for this"));
    }

    pub async fn a_letter_goes_in_the_officers_own_words(council: Council) {
        let case = complains(&council).await;
        act(&council, case, DeskAction::Confirm).await.unwrap();
        act(&council, case, complete()).await.unwrap();
        let own = council.case(case).await.answer.letter.unwrap().text;
        let words = own.replace("WHAT WE FOUND", "I <i>looked</i> at it on Monday.\n\n\nWHAT WE FOUND");
        // A letter that leaves out what it must say does not go, nor anything else of the answer.
        let without = words.replace("0300 061 0614", "");
        let answer = |words: &str| DeskAction::Answer { given: Given::by_letter(Some(words.to_owned()), vec![]) };
        refused(act(&council, case, answer(&without)).await, "must still say “0300 061 0614”");
        assert!(council.case(case).await.answer.given.is_none());
        act(&council, case, answer(&words)).await.unwrap();
        let given = council.case(case).await.answer.given.unwrap();
        assert_eq!(given.letter.unwrap().text, words);
        let html = "SELECT message ->> 'html' FROM outbox WHERE kind = 'answer'";
        assert!(council.database.texts(html).await[0].contains("I &lt;i&gt;looked&lt;"));
        let looked = "SELECT what FROM audit WHERE what LIKE 'changed the words of a letter%'";
        assert_eq!(council.database.texts(looked).await.len(), 1);
    }

    pub async fn the_answer_takes_longer_once_and_the_family_is_told(council: Council) {
        let case = complains(&council).await;
        let extend = |reason: &str| DeskAction::Extend { reason: reason.into(), given: Given::Letter };
        refused(act(&council, case, extend("Leave.")).await, "onfirm first");
        act(&council, case, DeskAction::Confirm).await.unwrap();
        refused(act(&council, case, extend("  ")).await, "LGSCO Complaint Handling Code 6.4 and 6.5");
        let shown = council.case(case).await;
        let due = |shown: &heard::web::views::CaseView| {
            shown.dues.iter().find(|due| due.what == "Answer at stage 1").unwrap().on
        };
        assert_eq!(due(&shown).to_string(), "2026-11-30");
        let (until, rule) = shown.answer.may_extend.unwrap();
        assert!(until.to_string() == "2026-12-14" && rule.contains("C1-10+10"), "{until}: {rule}");
        act(&council, case, extend("Two people are away until 1 December.")).await.unwrap();
        let shown = council.case(case).await;
        assert_eq!((due(&shown), shown.answer.may_extend.is_none()), (until, true));
        let letter =
            council.database.texts("SELECT message ->> 'text' FROM outbox WHERE kind = 'extension'").await.remove(0);
        for words in ["Monday 30 November 2026", "Monday 14 December 2026", "Two people are away", "Ombudsman"] {
            assert!(letter.contains(words), "{words}: {letter}");
        }
        refused(act(&council, case, extend("Again.")).await, "was moved once already");
        refused(act(&council, case, DeskAction::Undo).await, "no decision to undo");

        // Told another way, no letter goes.
        let other = another(&council).await;
        act(&council, other, DeskAction::Confirm).await.unwrap();
        let told = DeskAction::Extend { reason: "Leave.".into(), given: Given::Otherwise("By telephone today".into()) };
        act(&council, other, told).await.unwrap();
        assert_eq!(council.database.number("SELECT count(*) FROM outbox WHERE kind = 'extension'").await, 1);
        assert_eq!(council.case(other).await.history[0].detail, "By telephone today. Leave.");
    }

    pub async fn what_was_found_for_one_family_is_begun_with_for_the_next(council: Council) {
        let case = complains(&council).await;
        let words = "The taxi to Hollow Bank is never there for my daughter, I drive her myself.";
        let raw = mail("Jo Tregar <jo@mail.example>", "jo-1", "Taxi", "", words);
        council.arrives("complaints", &raw, "2026-11-17T09:00:00Z", &said(Theme::Transport)).await;
        let other = council.reference("Tregar").await;
        for one in [case, other] {
            act(&council, one, DeskAction::Confirm).await.unwrap();
        }
        act(&council, case, complete()).await.unwrap();
        let take = || DeskAction::TakePoints { from: case };
        refused(act(&council, other, take()).await, "not in the same joint complaint");
        let tie = JointAction::Tie { suggestion: None, cases: vec![case, other], title: "The taxi".into() };
        council.desk.mend_joint(&council.morgan, tie, now()).await.unwrap();
        assert_eq!(council.case(other).await.answer.leads, [(case.to_string(), 2)]);
        act(&council, other, take()).await.unwrap();
        let shown = council.case(other).await.answer;
        let letter = shown.letter.unwrap().text;
        assert!(
            letter.contains("Other families have told us of the same problem") && letter.contains("The firm’s log.")
        );
        assert!(!letter.contains("Noor") && !letter.contains("I am sorry. The taxi should"), "{letter}");
        assert!(!council.case(case).await.answer.letter.unwrap().text.contains("Other families"));

        // Whom the other case is about does not see it here either.
        let version = council.desk.peek(case, &council.morgan, now()).await.unwrap().version;
        let about = DeskAction::SetSubject { who: "rowan.bell@calderbeck.example".into(), is: true };
        council.desk.act(case, &council.morgan, version, about, now()).await.unwrap();
        assert!(council.case(other).await.answer.leads.is_empty());
        refused(act(&council, other, take()).await, "not in the same joint complaint");
    }

    pub async fn a_case_is_closed_with_reasons_and_opened_again(council: Council) {
        let case = complains(&council).await;
        act(&council, case, DeskAction::Confirm).await.unwrap();
        act(&council, case, complete()).await.unwrap();
        refused(
            act(&council, case, DeskAction::Answer { given: Given::Otherwise(" ".into()) }).await,
            "how they were told",
        );
        act(&council, case, DeskAction::Answer { given: Given::Otherwise("By post on 20 November".into()) })
            .await
            .unwrap();
        assert_eq!(council.database.number("SELECT count(*) FROM outbox WHERE kind = 'answer'").await, 0);
        let close = |reason: &str| DeskAction::Close { reason: reason.into() };
        refused(act(&council, case, close("  ")).await, "ive the reason why it is closed");
        act(&council, case, close("They agreed to the taxi.")).await.unwrap();
        let shown = council.case(case).await;
        assert_eq!(
            (shown.status, shown.answer.closed.as_deref()),
            (CaseStatus::Closed, Some("They agreed to the taxi."))
        );
        refused(act(&council, case, close("Again.")).await, "is closed");
        refused(act(&council, case, DeskAction::Confirm).await, "is closed");

        // What they write to a closed case is seen; only an officer opens it again.
        let raw =
            mail(NOOR, "noor-2", "Re: School taxi", "In-Reply-To: <noor-1@mail.example>\r\n", "It stopped again.");
        council.arrives("complaints", &raw, "2026-11-20T11:00:00Z", &said(Theme::Transport)).await;
        assert_eq!(council.families(QueueFilter::NewMessage).await, ["Noor Haddad"]);
        assert_eq!(council.case(case).await.status, CaseStatus::Closed);
        let reopen = |reason: &str| DeskAction::Reopen { reason: reason.into() };
        refused(act(&council, case, reopen("")).await, "ive the reason why it is opened again");
        act(&council, case, reopen("The taxi stopped again within a week.")).await.unwrap();
        assert_eq!(council.case(case).await.status, CaseStatus::Open);
        refused(act(&council, case, reopen("Again.")).await, "is not closed");
        act(&council, case, DeskAction::Undo).await.unwrap();
        assert_eq!(council.case(case).await.status, CaseStatus::Closed);
    }
}
