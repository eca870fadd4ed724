//! A child's own complaint comes first, the queue shows what is next whatever it is of, and a family can be told who has looked at
//! its case. On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use std::sync::Arc;

use crate::{
    council::{self, Council, at, mail, names, now, on_both, said, suggestion, upheld},
    databases::Database,
};
use chrono::{DateTime, Utc};
use heard::{
    casework::{Given, Office, Whom},
    desk::{StoreDesk, Wake, users},
    ids::CaseReference,
    labelling::labels::{Act, Procedure, Suggestion, Theme},
    procedure::event::{Capacity, Step},
    web::{
        desk::{About, Desk, DeskAction, DeskError, StepLetter},
        views::{Officer, QueueFilter, QueueOrder, QueuePage, QueueQuery, QueueRow},
    },
    workers::send_due,
};

on_both! {
    a_childs_own_complaint_comes_first_and_an_advocate_is_offered childs_own_on_postgres;
    a_childs_own_complaint_is_first_on_the_first_page_and_every_case_is_on_one_page paging_on_postgres;
    what_is_next_stands_in_the_queue_whatever_it_is_of next_on_postgres;
    a_family_can_be_told_who_has_looked looked_on_postgres;
}

async fn arrives(council: &Council, name: &str, words: &str, when: &str) -> CaseReference {
    let address = format!("{}@mail.example", name.to_lowercase().replace(' ', "."));
    let raw = mail(&format!("{name} <{address}>"), &name.replace(' ', "-"), "A complaint", "", words);
    let said = suggestion(Act::Complaint, 0.97, 0.02, Procedure::Statutory, Theme::Delay);
    council.arrives("complaints", &raw, when, &said).await;
    council.reference(name).await
}

async fn act_as(
    council: &Council,
    by: &Officer,
    case: CaseReference,
    action: DeskAction,
    when: DateTime<Utc>,
) -> Result<(), DeskError> {
    let version = council.desk.peek(case, by, when).await?.version;
    council.desk.act(case, by, version, action, when).await.map(|_| ())
}

async fn act(council: &Council, case: CaseReference, action: DeskAction, when: DateTime<Utc>) {
    act_as(council, &council.bell, case, action, when).await.unwrap();
}

fn notes(step: Step) -> DeskAction {
    DeskAction::Step { step: Box::new(step), given: Given::Nobody }
}

fn standing(capacity: Capacity) -> DeskAction {
    let (child_view_sought, child_agrees, may_receive_child_data) = (true, true, true);
    notes(Step::Standing { capacity, child_view_sought, child_agrees, may_receive_child_data })
}

async fn queue(council: &Council, by: &Officer, filter: QueueFilter, when: DateTime<Utc>) -> QueuePage {
    let query = QueueQuery { filter, page: 1, ..QueueQuery::default() };
    council.desk.queue(&query, by, when).await.unwrap()
}

async fn row(council: &Council, name: &str) -> QueueRow {
    let page = council.queue(QueueFilter::All, name, QueueOrder::DueFirst, 1).await;
    page.rows.into_iter().next().unwrap()
}

fn next(row: &QueueRow) -> String {
    row.next_due.as_ref().map_or_else(String::new, |due| format!("{} {}", due.on, due.what))
}

/// How many cases are a child's own by what the migration makes of their events.
async fn by_migration(council: &Council) -> i64 {
    let file = if council.database.kind == "SQLite" {
        include_str!("../../migrations/sqlite/0020_childs_own.sql")
    } else {
        include_str!("../../migrations/postgres/0020_childs_own.sql")
    };
    let update = file.split(';').find(|one| one.contains("SET childs_own")).unwrap();
    council.database.run("UPDATE case_file SET childs_own = (1 = 0)").await;
    council.database.run(update).await;
    council.database.number("SELECT count(*) FROM case_file WHERE childs_own").await
}

mod stories {
    use super::*;

    pub async fn a_childs_own_complaint_comes_first_and_an_advocate_is_offered(council: Council) {
        arrives(&council, "Noor Haddad", "The taxi has not come for three days.", "2026-11-02T09:00:00Z").await;
        let shay = arrives(&council, "Shay Bellamy", "My PA keeps changing.", "2026-11-20T10:00:00Z").await;
        let danger = suggestion(Act::Concern, 0.7, 0.9, Procedure::Statutory, Theme::Communication);
        // What the machine guesses changes no order: it asks.
        let tess = Suggestion {
            child_author: 0.9,
            ..suggestion(Act::Complaint, 0.97, 0.02, Procedure::Statutory, Theme::Finance)
        };
        let wren = mail("D Wren <d.wren@mail.example>", "wren", "please read", "", "The girls are scared at night.");
        council.arrives("complaints", &wren, "2026-11-20T10:05:00Z", &danger).await;
        let raw = mail("Tess Moor <tess.moor@mail.example>", "tess", "Money", "", "Nobody paid my allowance.");
        council.arrives("complaints", &raw, "2026-11-20T10:10:00Z", &tess).await;
        let order = |order| {
            let council = &council;
            async move { names(&council.queue(QueueFilter::All, "", order, 1).await) }
        };
        assert_eq!(order(QueueOrder::DueFirst).await, ["D Wren", "Noor Haddad", "Shay Bellamy", "Tess Moor"]);
        act(&council, shay, DeskAction::Confirm, now()).await;
        while send_due(&council.engine).await.unwrap() > 0 {}
        assert_eq!(order(QueueOrder::DueFirst).await, ["D Wren", "Noor Haddad", "Tess Moor", "Shay Bellamy"]);

        // Said to be a child's own, it comes before all but what may be a child at risk, in every order.
        act(&council, shay, standing(Capacity::Child), now()).await;
        assert_eq!(order(QueueOrder::DueFirst).await, ["D Wren", "Shay Bellamy", "Noor Haddad", "Tess Moor"]);
        assert_eq!(order(QueueOrder::NewestFirst).await, ["D Wren", "Shay Bellamy", "Tess Moor", "Noor Haddad"]);
        assert_eq!(by_migration(&council).await, 1);
        let page = council.queue(QueueFilter::All, "", QueueOrder::DueFirst, 1).await;
        assert_eq!(page.rows.iter().map(|row| row.childs_own).collect::<Vec<_>>(), [false, true, false, false]);
        let shown = council.case(shay).await;
        assert!(shown.childs_own && shown.course.steps.iter().any(|one| one.word == "advocate-offered"));
        assert!(shown.course.prompts.iter().any(|prompt| prompt.contains("offer the child an advocate")));
        assert_eq!(next(&row(&council, "Shay").await), "2026-11-23 Offer the child an advocate");

        // Until an officer writes down that it was done.
        let offered = |how: &str| notes(Step::AdvocateOffered { on: now().date_naive(), how: how.into() });
        let refused = act_as(&council, &council.bell, shay, offered(" "), now()).await;
        assert!(matches!(&refused, Err(DeskError::Refused(why)) if why.contains("section 26A")), "{refused:?}");
        act(&council, shay, offered("By telephone: she thinks about it."), now()).await;
        let shown = council.case(shay).await;
        assert!(shown.course.prompts.iter().all(|prompt| !prompt.contains("advocate")));
        assert!(shown.course.steps.iter().all(|one| one.word != "advocate-offered"));
        assert_eq!(
            (shown.history[0].title.as_str(), shown.history[0].detail.as_str()),
            ("The child was offered an advocate", "On Friday 20 November 2026. By telephone: she thinks about it.")
        );
        assert_eq!(next(&row(&council, "Shay").await), "2026-12-04 Answer at stage 1");
        act(&council, shay, DeskAction::Undo, now()).await;
        assert_eq!(next(&row(&council, "Shay").await), "2026-11-23 Offer the child an advocate");

        // Whoever speaks for a child is not the child; and what was said is taken back.
        act(&council, shay, standing(Capacity::Parent), now()).await;
        assert!(!row(&council, "Shay").await.childs_own);
        assert_eq!(by_migration(&council).await, 0);
        act(&council, shay, DeskAction::Undo, now()).await;
        assert!(row(&council, "Shay").await.childs_own);
        assert_eq!(by_migration(&council).await, 1, "what was taken back was not said");
        act(&council, shay, DeskAction::Undo, now()).await;
        assert!(!row(&council, "Shay").await.childs_own);

        // What the complainant is to the child says it as well, before anybody has looked further.
        let whom = |relationship: &str| {
            DeskAction::SetComplainant(Whom {
                name: Some("Tess Moor".into()),
                address: Some("tess.moor@mail.example".into()),
                relationship: Some(relationship.into()),
                ..Whom::default()
            })
        };
        let tess = council.reference("Tess").await;
        let asks =
            |view: heard::web::views::CaseView| view.course.prompts.iter().any(|one| one.starts_with("A child may"));
        assert!(asks(council.case(tess).await) && !asks(council.case(shay).await));
        act(&council, tess, whom("The young person"), now()).await;
        assert_eq!(order(QueueOrder::DueFirst).await[..2], ["D Wren", "Tess Moor"]);
        assert!(!asks(council.case(tess).await), "it was said");
        act(&council, tess, whom("foster carer"), now()).await;
        assert_eq!(order(QueueOrder::DueFirst).await[..2], ["D Wren", "Noor Haddad"]);
        act(&council, tess, DeskAction::Undo, now()).await;
        assert_eq!(order(QueueOrder::DueFirst).await[..2], ["D Wren", "Tess Moor"]);
        // What is no complaint is nobody's own complaint.
        let enquiry = DeskAction::NotAComplaint { act: Act::Enquiry, reason: "She asks for term dates.".into() };
        act(&council, tess, enquiry, now()).await;
        assert_eq!(council.database.number("SELECT count(*) FROM case_file WHERE childs_own").await, 0);
    }

    pub async fn a_childs_own_complaint_is_first_on_the_first_page_and_every_case_is_on_one_page(council: Council) {
        let rows = "SELECT count(*) FROM case_file";
        for n in 0..53_u32 {
            let (a, b) =
                (char::from(b'A' + u8::try_from(n / 26).unwrap()), char::from(b'a' + u8::try_from(n % 26).unwrap()));
            let raw = mail(&format!("Fam{a}{b} <f{n}@mail.example>"), &format!("f-{n}"), "x", "", "Nobody rings.");
            council.arrives("complaints", &raw, "2026-11-20T10:00:00Z", &said(Theme::Delay)).await;
        }
        assert_eq!(council.database.number(rows).await, 53);
        let last = names(&council.queue(QueueFilter::All, "", QueueOrder::DueFirst, 3).await).pop().unwrap();
        let case = council.reference(&last).await;
        act(&council, case, DeskAction::Confirm, now()).await;
        // The suggestion was corporate: a child's own complaint is statutory.
        let nature =
            DeskAction::Reclassify { act: Act::Complaint, procedure: Procedure::Statutory, theme: Theme::Delay };
        act(&council, case, nature, now()).await;
        act(&council, case, standing(Capacity::Child), now()).await;
        for order in [QueueOrder::DueFirst, QueueOrder::NewestFirst] {
            let mut all = Vec::new();
            for page in 1..=3 {
                all.extend(names(&council.queue(QueueFilter::All, "", order, page).await));
            }
            assert_eq!((all.len(), all[0].as_str()), (53, last.as_str()), "{order:?}");
            all.sort();
            all.dedup();
            assert_eq!(all.len(), 53, "{order:?}");
        }
    }

    pub async fn what_is_next_stands_in_the_queue_whatever_it_is_of(council: Council) {
        let case = arrives(&council, "Noor Haddad", "The taxi has not come.", "2026-11-16T09:00:00Z").await;
        act(&council, case, DeskAction::Confirm, at("2026-11-16T10:00:00Z")).await;
        while send_due(&council.engine).await.unwrap() > 0 {}
        let points = upheld("No taxi.", "The firm did not come.", "Its log.");
        act(&council, case, points, at("2026-11-17T10:00:00Z")).await;
        act(&council, case, DeskAction::Answer { given: Given::Letter }, at("2026-11-17T10:00:00Z")).await;
        // What each filter counts is what it lists, for whoever may see it.
        let found = |by: Officer, when: &'static str| {
            let council = &council;
            async move {
                let mut found = Vec::new();
                for filter in [QueueFilter::Overdue, QueueFilter::DueSoon] {
                    let page = queue(council, &by, filter, at(when)).await;
                    let count = if filter == QueueFilter::Overdue { page.counts.overdue } else { page.counts.due_soon };
                    assert_eq!((page.total, page.rows.len() as u64), (count, count), "{filter:?}");
                    found.extend(page.rows.first().map(|row| {
                        let due = row.next_due.as_ref().unwrap();
                        format!("{}: {}, {} working days", filter.as_str(), next(row), due.working_days_left)
                    }));
                }
                found
            }
        };
        let (bell, morgan) = (council.bell.clone(), council.morgan.clone());
        assert_eq!(found(bell.clone(), "2026-12-10T09:00:00Z").await, Vec::<String>::new(), "all was done");
        let promised = Step::ActionAdded {
            text: "A taxi on Mondays.".into(),
            owner: "Dominic Okafor".into(),
            due: "2026-12-14".parse().unwrap(),
        };
        act(&council, case, notes(promised), at("2026-11-18T10:00:00Z")).await;
        let shown = row(&council, "Noor").await;
        assert!(shown.answered && next(&shown) == "2026-12-14 Action 1: A taxi on Mondays.", "{}", next(&shown));
        assert_eq!(found(bell.clone(), "2026-12-08T09:00:00Z").await, Vec::<String>::new(), "not yet");
        let soon = ["due-soon: 2026-12-14 Action 1: A taxi on Mondays., 3 working days"];
        assert_eq!(found(bell.clone(), "2026-12-09T09:00:00Z").await, soon);
        // Also when the case is closed.
        act(&council, case, DeskAction::Close { reason: "Done.".into() }, at("2026-12-09T10:00:00Z")).await;
        assert_eq!(found(bell.clone(), "2026-12-09T11:00:00Z").await, soon);
        let late = ["overdue: 2026-12-14 Action 1: A taxi on Mondays., -2 working days"];
        assert_eq!(found(bell.clone(), "2026-12-16T09:00:00Z").await, late);

        // Whoever is kept out of it finds nothing of it, in rows or in figures.
        let about = DeskAction::SetSubject { who: bell.email.clone(), is: true };
        act_as(&council, &morgan, case, about, at("2026-12-16T10:00:00Z")).await.unwrap();
        assert_eq!(found(bell, "2026-12-16T11:00:00Z").await, Vec::<String>::new());
        assert_eq!(found(morgan.clone(), "2026-12-16T11:00:00Z").await, late);

        // Done, it is nobody's matter any more.
        let done = Step::ActionDone { action: 1, on: "2026-12-16".parse().unwrap(), evidence: "The log.".into() };
        act_as(&council, &morgan, case, notes(done), at("2026-12-16T12:00:00Z")).await.unwrap();
        assert_eq!(found(morgan, "2026-12-17T09:00:00Z").await, Vec::<String>::new());
    }

    pub async fn a_family_can_be_told_who_has_looked(mut council: Council) {
        let case = arrives(&council, "Noor Haddad", "The taxi has not come.", "2026-11-16T09:00:00Z").await;
        let (bell, morgan) = (council.bell.clone(), council.morgan.clone());
        council.desk.case(case, &morgan, at("2026-11-16T10:00:00Z")).await.unwrap();
        act(&council, case, DeskAction::Confirm, at("2026-11-17T10:00:00Z")).await;
        council.desk.case(case, &bell, at("2026-11-17T10:00:00Z")).await.unwrap();
        council.desk.peek(case, &bell, at("2026-11-17T11:00:00Z")).await.unwrap();
        users::disable(&council.database.store, &morgan.email, at("2026-11-18T09:00:00Z")).await.unwrap();
        // Whoever looks now is in it, and so is whoever has left.
        let shown = council.desk.case(case, &bell, at("2026-11-18T10:00:00Z")).await.unwrap();
        let looked: Vec<String> = shown
            .looked
            .iter()
            .map(|one| {
                let (first, last) = (one.first_at.format("%-d %H:%M"), one.last_at.format("%-d %H:%M"));
                format!("{}, {}, gone {}: {first} to {last}, {} times", one.name, one.role, one.gone, one.times)
            })
            .collect();
        assert_eq!(
            looked,
            [
                "Sam Morgan, Complaints manager, gone true: 16 10:00 to 16 10:00, 1 times",
                "Rowan Bell, Complaints officer, gone false: 17 10:00 to 18 10:00, 2 times"
            ]
        );

        // The letter says what they are and when, and names nobody.
        let preview = |by: Officer| {
            let council = &council;
            async move {
                council
                    .desk
                    .step_letter(case, &by, (About::Step(&Step::AccessTold), None), at("2026-11-18T10:30:00Z"))
                    .await
            }
        };
        let Ok(StepLetter::Goes { letter, .. }) = preview(bell.clone()).await else { panic!("no letter") };
        insta::allow_duplicates! { insta::assert_snapshot!("the_list", letter.text.replace(&case.to_string(), "HRD-26-00001-X")) };
        // Whom they may ask is named; whoever looked is not.
        let mut list = letter.text.lines().filter(|line| line.starts_with("- "));
        assert!(list.all(|line| !line.contains("Rowan") && !line.contains("Morgan")), "{}", letter.text);
        let tell = || DeskAction::Step { step: Box::new(Step::AccessTold), given: Given::Letter };
        act(&council, case, tell(), at("2026-11-18T10:30:00Z")).await;
        let sent = "SELECT message ->> 'text' FROM outbox WHERE kind = 'access-list' ORDER BY queued_at";
        assert_eq!(council.database.texts(sent).await, [letter.text]);
        let shown = council.case(case).await;
        assert_eq!(shown.history[0].title, "The family was told who has looked at the case");
        assert!(shown.undo.is_none_or(|undo| !undo.what.contains("looked")), "what they were told is not taken back");
        assert!(shown.papers.iter().any(|paper| paper.what == "List of who has looked"));
        // They may ask again.
        act(&council, case, tell(), at("2026-11-25T10:30:00Z")).await;
        assert_eq!(council.database.texts(sent).await.len(), 2);

        // A council may name its staff, with the team that the directory has.
        let mut changed = council::settings(council.folder.path(), "calderbeck");
        let staff = council.folder.path().join("others.csv");
        std::fs::write(&staff, format!("email,name,team\n{},Rowan Bell,Complaints team\n", bell.email)).unwrap();
        (changed.letters.name_staff, changed.staff.directory) = (true, Some(staff));
        let wake = Wake { unread: council.engine.unread.clone(), outgoing: council.engine.outgoing.clone() };
        let (store, office) = (council.database.store.clone(), Arc::new(Office::open(&changed).unwrap()));
        council.desk = StoreDesk::new(store, office, None, wake);
        let answer = council
            .desk
            .step_letter(case, &bell, (About::Step(&Step::AccessTold), None), at("2026-11-25T11:00:00Z"))
            .await;
        let Ok(StepLetter::Goes { letter, .. }) = answer else { panic!("{answer:?}") };
        assert!(letter.text.contains("- Rowan Bell, complaints officer, Complaints team: on "), "{}", letter.text);
        assert!(letter.text.contains("- Sam Morgan, complaints manager: on Monday 16 November 2026"));

        // Whoever is kept out of it learns nothing of who looked.
        users::enable(&council.database.store, &morgan.email, now()).await.unwrap();
        let about = DeskAction::SetSubject { who: bell.email.clone(), is: true };
        act_as(&council, &morgan, case, about, at("2026-11-25T12:00:00Z")).await.unwrap();
        let kept_out = council
            .desk
            .step_letter(case, &bell, (About::Step(&Step::AccessTold), None), at("2026-11-25T13:00:00Z"))
            .await;
        assert!(matches!(kept_out, Err(DeskError::NotFound)), "{kept_out:?}");
        assert!(matches!(council.desk.case(case, &bell, now()).await, Err(DeskError::NotFound)));
    }
}
