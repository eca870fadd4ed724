//! What was done in a closed case is proposed as a line of "what we changed": without names, to nobody who may not know of the case,
//! shown to families only when a person says so, and gone for good when it is dropped.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use heard::{
    ids::CaseReference,
    labelling::labels::{Act, Procedure, Theme},
    procedure::event::Step,
    web::{desk::Desk as _, desk::DeskAction, views::Officer},
};

use crate::{
    council::{Council, at, mail, now, on_both, suggestion, upheld},
    databases::Database,
    visitor::Visitor,
};
use heard::casework::Given;

on_both! {
    what_was_done_in_a_closed_case_is_proposed proposed_on_postgres;
}

const PUBLIC: &str = "/complaints/what-we-changed";
const OWN: &str = "/settings/what-we-changed";

async fn act(council: &Council, by: &Officer, case: CaseReference, action: DeskAction, when: DateTime<Utc>) {
    let version = council.desk.peek(case, by, when).await.unwrap().version;
    council.desk.act(case, by, version, action, when).await.unwrap();
}

fn notes(step: Step) -> DeskAction {
    DeskAction::Step { step: Box::new(step), given: Given::Nobody }
}

mod stories {
    use super::*;

    pub async fn what_was_done_in_a_closed_case_is_proposed(council: Council) {
        let words = "Nobody has rung me back about my son Sami since May.";
        let raw = mail("Noor Haddad <noor@mail.example>", "noor-1", "A complaint", "", words);
        let said = suggestion(Act::Complaint, 0.97, 0.02, Procedure::Corporate, Theme::Communication);
        assert_eq!(council.arrives("complaints", &raw, "2026-11-16T09:00:00Z", &said).await.cases_opened, 1);
        let case: CaseReference = council.database.texts("SELECT reference FROM case_file").await[0].parse().unwrap();
        let (bell, morgan) = (council.bell.clone(), council.morgan.clone());
        act(&council, &bell, case, DeskAction::Confirm, at("2026-11-16T10:00:00Z")).await;
        let points = upheld("No calls.", "Calls were not returned.", "The list of calls.");
        act(&council, &bell, case, points, at("2026-11-17T10:00:00Z")).await;
        act(&council, &bell, case, DeskAction::Answer { given: Given::Letter }, at("2026-11-17T10:00:00Z")).await;
        for text in
            ["Rowan Bell rings Noor Haddad on Mondays.", "Every team has a rota for calls.", "Calls are listed."]
        {
            let added =
                Step::ActionAdded { text: text.into(), owner: "Nikhil Rao".into(), due: "2026-12-14".parse().unwrap() };
            act(&council, &bell, case, notes(added), at("2026-11-17T11:00:00Z")).await;
        }
        let done = |action| {
            notes(Step::ActionDone { action, on: "2026-11-18".parse().unwrap(), evidence: "The rota.".into() })
        };
        act(&council, &bell, case, done(1), at("2026-11-18T10:00:00Z")).await;
        let proposed = "SELECT we_did FROM change_proposal WHERE decided_at IS NULL ORDER BY action";
        assert_eq!(council.database.texts(proposed).await, [""; 0], "not before it is closed");
        act(&council, &bell, case, DeskAction::Close { reason: "Done.".into() }, at("2026-11-18T11:00:00Z")).await;
        let first = "[name removed] rings [name removed] on Mondays.";
        assert_eq!(council.database.texts(proposed).await, [first]);
        // What is done later is proposed too; what is taken back is not.
        act(&council, &bell, case, done(3), at("2026-11-18T12:00:00Z")).await;
        assert_eq!(council.database.texts(proposed).await, [first, "Calls are listed."]);
        act(&council, &bell, case, DeskAction::Undo, at("2026-11-18T12:30:00Z")).await;
        assert_eq!(council.database.texts(proposed).await, [first]);
        act(&council, &bell, case, done(2), at("2026-11-18T13:00:00Z")).await;

        let pages = heard::web::router(council.web(now()));
        let (mut family, mut manager, mut administrator) =
            (Visitor::new(&pages), Visitor::new(&pages), Visitor::new(&pages));
        council.account("Ada Admin", heard::web::access::Role::Administrator).await;
        manager.signs_in(&morgan.email, "a long enough password").await;
        administrator.signs_in("ada.admin@calderbeck.example", "a long enough password").await;
        let page = manager.get(OWN).await;
        assert!(page.body.contains(first) && page.body.contains("Every team has a rota for calls."), "{}", page.body);
        assert!(!page.body.contains("Haddad") && page.body.contains("mainly about: Communication"), "{}", page.body);
        assert!(!family.get(PUBLIC).await.body.contains("rota"), "nothing is shown by itself");
        // Whoever sees no case sees nothing that comes out of one.
        let page = administrator.get(OWN).await;
        assert!(page.status == StatusCode::OK && !page.body.contains("rota"), "{}", page.body);

        // Dropped, it does not come back, whatever is done in the case.
        let of = |action: u8| format!("SELECT CAST(id AS TEXT) FROM change_proposal WHERE action = {action}");
        let hex = |action: u8| format!("SELECT lower(hex(id)) FROM change_proposal WHERE action = {action}");
        let postgres = council.database.kind.to_lowercase().contains("postgres");
        let mut ids = Vec::new();
        for action in [1, 2] {
            let text = if postgres { of(action) } else { hex(action) };
            ids.push(council.database.texts(text.leak()).await.remove(0));
        }
        let refused = administrator.post(OWN, &[("what", "drop"), ("proposal", &ids[0])]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(manager.post(OWN, &[("what", "drop"), ("proposal", &ids[0])]).await.status, StatusCode::SEE_OTHER);
        act(&council, &bell, case, done(3), at("2026-11-18T14:00:00Z")).await;
        assert_eq!(council.database.texts(proposed).await, ["Every team has a rota for calls.", "Calls are listed."]);
        assert_eq!(manager.post(OWN, &[("what", "drop"), ("proposal", &ids[0])]).await.status, StatusCode::NOT_FOUND);

        // A line is made of one: in a person's words, once, and with the care that every line needs.
        let page = manager.get(&format!("{OWN}?proposal={}", ids[1])).await;
        assert!(page.body.contains("Write a line from what was done") && page.body.contains("Communication"));
        let line = |nobody: &'static str| {
            [
                ("what", "save"),
                ("proposal", ids[1].as_str()),
                ("you_said", "Nobody rings back."),
                ("we_did", "Every team has a rota."),
                ("nobody", nobody),
            ]
        };
        let refused = manager.post(OWN, &line("")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.body.contains(&format!("name=\"proposal\" value=\"{}", ids[1]))
                || refused.body.contains("from what was done")
        );
        assert_eq!(manager.post(OWN, &line("yes")).await.status, StatusCode::SEE_OTHER);
        let shown = family.get(PUBLIC).await.body;
        assert!(shown.contains("Every team has a rota.") && !shown.contains(&case.to_string()), "{shown}");
        assert_eq!(manager.post(OWN, &line("yes")).await.status, StatusCode::NOT_FOUND, "once");
        assert_eq!(council.database.number("SELECT count(*) FROM said_done").await, 1);

        // Whom the case is about neither sees what was done in it nor decides on it.
        assert!(manager.get(OWN).await.body.contains("Calls are listed."));
        let about = DeskAction::SetSubject { who: morgan.email.clone(), is: true };
        act(&council, &bell, case, about, at("2026-11-18T15:00:00Z")).await;
        assert!(!manager.get(OWN).await.body.contains("Calls are listed."));
        let last = if postgres { of(3) } else { hex(3) };
        let last = council.database.texts(last.leak()).await.remove(0);
        assert_eq!(manager.post(OWN, &[("what", "drop"), ("proposal", &last)]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(council.database.texts(proposed).await, ["Calls are listed."]);
        council.database.drop().await;
    }
}
