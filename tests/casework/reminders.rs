//! People are reminded of what is due, whoever has the case first and the complaints manager next, and families are asked how they have
//! been treated since. On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use crate::{
    council::{Council, at, mail, on_both, said, upheld},
    databases::Database,
};
use heard::{
    casework::Given,
    ids::CaseReference,
    intake::prepare::ChatMessage,
    labelling::labels::Theme,
    procedure::event::Step,
    web::{
        desk::{Desk, DeskAction},
        views::Officer,
    },
    workers::{IngestCounts, Ingesting, ingest_one, remind_if_time},
};

on_both! {
    whoever_has_the_case_hears_in_the_morning_and_then_the_manager digest_on_postgres;
    whom_a_complaint_is_about_hears_nothing_of_it barred_on_postgres;
    families_are_asked_how_they_are_treated_and_not_where_they_do_not_want_it check_ins_on_postgres;
    families_who_wrote_by_chat_are_asked_in_the_chat chat_check_ins_on_postgres;
}

const NOOR: &str = "Noor Haddad <noor@mail.example>";

async fn complains(council: &Council) -> CaseReference {
    let raw = mail(NOOR, "noor-1", "School taxi", "", "The taxi to Hollow Bank has not come for three days.");
    council.arrives("complaints", &raw, "2026-11-16T09:00:00Z", &said(Theme::Transport)).await;
    council.reference("Noor").await
}

async fn act(council: &Council, officer: &Officer, case: CaseReference, action: DeskAction, when: &str) {
    let version = council.desk.peek(case, officer, at(when)).await.unwrap().version;
    council.desk.act(case, officer, version, action, at(when)).await.unwrap();
}

/// How many letters were queued at `when`; None when it is not time.
async fn reminded(council: &Council, when: &str) -> Option<usize> {
    remind_if_time(&council.engine, at(when)).await.unwrap()
}

/// Who was reminded, in the order of their addresses.
async fn readers(council: &Council) -> Vec<String> {
    council.database.texts("SELECT recipient FROM outbox WHERE kind = 'reminder' ORDER BY recipient, queued_at").await
}

async fn answered(council: &Council, case: CaseReference, when: &str) {
    let points = upheld("No taxi.", "The firm did not come.", "Its log.");
    act(council, &council.bell, case, points, when).await;
    act(council, &council.bell, case, DeskAction::Answer { given: Given::Letter }, when).await;
}

const BELL: &str = "rowan.bell@calderbeck.example";
const MORGAN: &str = "sam.morgan@calderbeck.example";

mod stories {
    use super::*;

    pub async fn whoever_has_the_case_hears_in_the_morning_and_then_the_manager(council: Council) {
        let case = complains(&council).await;
        act(&council, &council.bell, case, DeskAction::Confirm, "2026-11-16T10:00:00Z").await;
        let take = DeskAction::Assign { to: council.bell.id };
        act(&council, &council.bell, case, take, "2026-11-16T10:00:00Z").await;
        // Due on Monday 30 November; three working days before is Wednesday 25.
        assert_eq!(reminded(&council, "2026-11-24T09:00:00Z").await, Some(0));
        assert_eq!(reminded(&council, "2026-11-25T07:00:00Z").await, None, "it is too early in the day");
        assert_eq!(reminded(&council, "2026-11-25T07:31:00Z").await, Some(1));
        assert_eq!(reminded(&council, "2026-11-25T12:00:00Z").await, Some(0), "nobody hears twice on one day");
        assert_eq!(readers(&council).await, [BELL]);
        assert_eq!(reminded(&council, "2026-11-28T09:00:00Z").await, Some(0), "not on a Saturday");
        let text = council.database.texts("SELECT message ->> 'text' FROM outbox WHERE kind = 'reminder'").await;
        insta::allow_duplicates! { insta::assert_snapshot!("a_digest", text[0].replace(&case.to_string(), "HRD-26-00001-X")) };
        assert!(!text[0].contains("Noor") && !text[0].contains("taxi"), "mail is read in many places");

        // One working day late it is still theirs alone; then the complaints manager hears too.
        assert_eq!(reminded(&council, "2026-12-01T09:00:00Z").await, Some(1));
        assert_eq!(reminded(&council, "2026-12-02T09:00:00Z").await, Some(2));
        assert_eq!(readers(&council).await, [BELL, BELL, BELL, MORGAN]);
        let manager = "SELECT message ->> 'text' FROM outbox WHERE kind = 'reminder' AND recipient LIKE 'sam%'";
        assert!(council.database.texts(manager).await[0].contains("OVERDUE WITH OTHERS"));

        // Answered, nothing is due any more.
        answered(&council, case, "2026-12-02T11:00:00Z").await;
        assert_eq!(reminded(&council, "2026-12-03T09:00:00Z").await, Some(0));
        // What was promised is, also after the end.
        let promised = Step::ActionAdded {
            text: "A taxi on Mondays.".into(),
            owner: "Dominic Okafor".into(),
            due: "2026-12-14".parse().unwrap(),
        };
        let step = DeskAction::Step { step: Box::new(promised), given: Given::Nobody };
        act(&council, &council.bell, case, step, "2026-12-03T11:00:00Z").await;
        let close = DeskAction::Close { reason: "Done.".into() };
        act(&council, &council.bell, case, close, "2026-12-03T11:05:00Z").await;
        assert_eq!(reminded(&council, "2026-12-11T09:00:00Z").await, Some(1));
        let last = "SELECT message ->> 'text' FROM outbox WHERE kind = 'reminder' ORDER BY queued_at DESC LIMIT 1";
        assert!(council.database.texts(last).await[0].contains("Action 1: A taxi on Mondays., by Monday 14 December"));
    }

    pub async fn whom_a_complaint_is_about_hears_nothing_of_it(council: Council) {
        let case = complains(&council).await;
        act(&council, &council.bell, case, DeskAction::Confirm, "2026-11-16T10:00:00Z").await;
        let take = DeskAction::Assign { to: council.bell.id };
        act(&council, &council.bell, case, take, "2026-11-16T10:00:00Z").await;
        let about = DeskAction::SetSubject { who: BELL.into(), is: true };
        act(&council, &council.morgan, case, about, "2026-11-16T11:00:00Z").await;
        // Nobody has it now: it is the complaints manager's matter.
        assert_eq!(reminded(&council, "2026-11-25T09:00:00Z").await, Some(1));
        assert_eq!(reminded(&council, "2026-12-10T09:00:00Z").await, Some(1));
        assert_eq!(readers(&council).await, [MORGAN, MORGAN]);
    }

    pub async fn families_are_asked_how_they_are_treated_and_not_where_they_do_not_want_it(council: Council) {
        let case = complains(&council).await;
        act(&council, &council.bell, case, DeskAction::Confirm, "2026-11-16T10:00:00Z").await;
        answered(&council, case, "2026-11-20T11:00:00Z").await;
        let close = DeskAction::Close { reason: "Done.".into() };
        act(&council, &council.bell, case, close, "2026-11-20T12:00:00Z").await;
        let asked = || council.database.number("SELECT count(*) FROM outbox WHERE kind = 'check-in'");
        reminded(&council, "2026-12-19T13:00:00Z").await;
        assert_eq!(asked().await, 0, "29 days after");
        reminded(&council, "2026-12-21T09:00:00Z").await;
        reminded(&council, "2026-12-22T09:00:00Z").await;
        assert_eq!(asked().await, 1, "each time once");
        let shown = council.desk.case(case, &council.bell, at("2026-12-22T09:00:00Z")).await.unwrap();
        assert_eq!(
            (shown.history[0].title.as_str(), shown.history[0].detail.as_str()),
            ("The family was asked how they have been treated since", "30 days after it was closed.")
        );
        let text = council.database.texts("SELECT message ->> 'text' FROM outbox WHERE kind = 'check-in'").await;
        assert!(text[0].contains("was closed on Friday 20 November 2026"), "{}", text[0]);
        // They do not want to be asked again.
        let no = DeskAction::Step { step: Box::new(Step::NoCheckIn), given: Given::Nobody };
        act(&council, &council.bell, case, no, "2027-01-04T09:00:00Z").await;
        reminded(&council, "2027-02-19T09:00:00Z").await;
        assert_eq!(asked().await, 1);
    }

    pub async fn families_who_wrote_by_chat_are_asked_in_the_chat(council: Council) {
        let message = ChatMessage {
            id: "tg:71:1".into(),
            address: "telegram:71".into(),
            from_name: Some("Shay".into()),
            date: at("2026-11-16T09:00:00Z"),
            text: "My PA keeps changing every month.".into(),
            attachments: Vec::new(),
            no_answer: Vec::new(),
            silent: false,
            changes: None,
        };
        let message = Ingesting::chat(&council.engine, message);
        ingest_one(&council.engine, &message, &[said(Theme::Delay)], &mut IngestCounts::default()).await.unwrap();
        let case = council.reference("Shay").await;
        act(&council, &council.bell, case, DeskAction::Confirm, "2026-11-16T10:00:00Z").await;
        let points = upheld("Another PA each month.", "The firm did not come.", "Its log.");
        act(&council, &council.bell, case, points, "2026-11-20T11:00:00Z").await;
        // The answer itself goes by post: it is no letter for a chat.
        let answer = DeskAction::Answer { given: Given::Otherwise("By post.".into()) };
        act(&council, &council.bell, case, answer, "2026-11-20T11:00:00Z").await;
        act(&council, &council.bell, case, DeskAction::Close { reason: "Done.".into() }, "2026-11-20T12:00:00Z").await;
        for day in ["2026-12-21", "2026-12-22", "2027-02-19", "2027-02-22", "2027-03-01"] {
            reminded(&council, &format!("{day}T09:00:00Z")).await;
        }
        let sent = "SELECT channel || ' ' || recipient FROM outbox WHERE kind = 'check-in' ORDER BY queued_at";
        assert_eq!(
            council.database.texts(sent).await,
            ["chat telegram:71", "chat telegram:71"],
            "after 30 and 90 days"
        );
        let text = council.database.texts("SELECT message ->> 'text' FROM outbox WHERE kind = 'check-in'").await;
        assert!(
            text[0].contains("was closed on Friday 20 November 2026") && text[0].chars().count() <= 1_200,
            "{}",
            text[0]
        );
        let dated = council.desk.case(case, &council.bell, at("2027-03-01T09:00:00Z")).await.unwrap();
        assert_eq!(dated.history[0].detail, "90 days after it was closed.");
    }
}
