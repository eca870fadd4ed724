//! An officer's work on the real store, on SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use std::sync::Arc;

use crate::{
    council::{Council, at, mail, names, now, suggestion},
    databases::Database,
};
use axum::{body::Body, http::Request};
use futures::{FutureExt, future::BoxFuture};
use heard::{
    clock::Clock,
    desk::users,
    ids::CaseReference,
    labelling::{
        classifier::{Classifier, LabellingError, Unlabelled},
        labels::{Act, Procedure, Suggestion, Theme},
    },
    replies::courier::{Courier, Delivery, Outgoing},
    store::{intake, outbox},
    web::{
        access::Role,
        desk::{Desk, DeskAction, DeskError, LetterAction, MailAction},
        views::*,
    },
    workers::{Couriers, Engine, IngestCounts, Ingesting, ingest_one, run_until_idle, send_due},
};
use secrecy::ExposeSecret;
use sha2::Digest;
use tower::ServiceExt;

/// One person's complaints, each about another matter.
const MATTERS: [&str; 5] = [
    "The taxi is late.",
    "No carer came.",
    "The minutes are wrong.",
    "Nobody paid the allowance.",
    "You lost her passport.",
];
const OKAFOR: &str = "Amara Okafor <amara.okafor@mail.example>";

/// Everybody's mail of the week.
async fn a_week_of_mail(council: &Council) {
    let complaint = suggestion(Act::Complaint, 0.97, 0.03, Procedure::Corporate, Theme::Delay);
    let concern = suggestion(Act::Concern, 0.8, 0.05, Procedure::Statutory, Theme::Communication);
    let danger = suggestion(Act::Concern, 0.7, 0.9, Procedure::Statutory, Theme::Communication);
    let routine = suggestion(Act::Routine, 0.02, 0.01, Procedure::None, Theme::Other);
    let transport = mail(
        OKAFOR,
        "okafor-1",
        "School transport",
        "",
        "I want to complain. Nobody has called me back for three weeks about the taxi to school, and she is missing lessons every single day because of it.",
    );
    let first = council.arrives("complaints", &transport, "2026-11-20T09:00:00Z", &complaint).await;
    assert_eq!(first.cases_opened, 1);
    let long = "We have been waiting for somebody to ring about the review ".repeat(3);
    let old = mail("Dele O'Rourke_50% <dele@mail.example>", "old-1", "", "", &long);
    council.arrives("complaints", &old, "2026-11-09T09:00:00Z", &concern).await;
    let wren = mail(
        "D Wren <d.wren@mail.example>",
        "wren-1",
        "please read",
        "",
        "The girls are scared at night and nobody comes.",
    );
    council.arrives("manager-fostering", &wren, "2026-11-19T15:00:00Z", &danger).await;
    let lunch = mail("A Friend <friend@mail.example>", "private-1", "Lunch", "", "Lunch on Friday?");
    assert_eq!(council.arrives("manager-fostering", &lunch, "2026-11-19T16:00:00Z", &routine).await.forgotten, 1);
    let again = council.arrives("manager-fostering", &transport, "2026-11-20T09:30:00Z", &complaint).await;
    assert_eq!(again.delivered_before, 1);
    let answers = "In-Reply-To: <okafor-1@mail.example>\r\n";
    let reply = mail(OKAFOR, "okafor-2", "Re: School transport", answers, "And today again no taxi.");
    assert_eq!(council.arrives("complaints", &reply, "2026-11-20T10:00:00Z", &concern).await.joined, 1);
    let stranger = mail("X <x@elsewhere.example>", "x-1", "Re: School transport", answers, "Send me this file please.");
    assert_eq!(council.arrives("complaints", &stranger, "2026-11-20T10:10:00Z", &routine).await.joined, 1);
    let broken = Ingesting::Mail {
        mailbox: "complaints".into(),
        raw: b"Subject: \x1b[2J?\r\n\r\n\xff".to_vec(),
        file: None,
        arrived_at: at("2026-11-20T07:00:00Z"),
        prepared: Err("it has no sender".into()),
    };
    ingest_one(&council.engine, &broken, &[], &mut IngestCounts::default()).await.unwrap();
}

async fn the_queue_shows_what_there_is(council: &Council) {
    let page = council.queue(QueueFilter::ToConfirm, "", QueueOrder::DueFirst, 1).await;
    assert_eq!(names(&page), ["D Wren", "Dele O'Rourke_50%", "Amara Okafor"]);
    let QueueCounts { to_confirm, mine, unassigned, overdue, due_soon, .. } = page.counts;
    assert_eq!((to_confirm, mine, unassigned, overdue, due_soon), (3, 0, 3, 1, 2));
    let QueueCounts { safeguarding, unread_alert, new_message, possible, all, .. } = page.counts;
    assert_eq!((safeguarding, unread_alert, new_message, possible, all), (1, 1, 1, 0, 3));
    assert_eq!(page.trouble, Trouble { mailboxes: 0, letters: 0, unreadable: 1, files: 0 });
    assert_eq!(council.families(QueueFilter::NewMessage).await, ["Amara Okafor"]);
    assert_eq!((page.total, page.per_page), (3, 25));
    let [wren, orourke, okafor] = page.rows.as_slice() else { panic!() };
    assert_eq!(orourke.about, "We have been waiting for somebody to ring about the review We have been waiting …");
    assert_eq!((wren.found_in.as_str(), okafor.found_in.as_str()), ("manager-fostering", "complaints"));
    assert_eq!((okafor.dissatisfied, okafor.act, okafor.procedure), (Some(0.97), Act::Complaint, Procedure::Corporate));
    assert!(wren.safeguarding && !okafor.safeguarding);
    let due = okafor.next_due.as_ref().unwrap();
    assert_eq!(
        (due.what.as_str(), due.on.to_string().as_str(), due.working_days_left),
        ("Decide what it is", "2026-11-25", 3)
    );
    assert_eq!(due.rule, "Within 3 working days of the day we received it");
    assert!(orourke.next_due.as_ref().unwrap().working_days_left < 0);

    let newest = council.queue(QueueFilter::All, "", QueueOrder::NewestFirst, 1).await;
    // What nobody has acknowledged comes first in every order.
    assert_eq!(names(&newest), ["D Wren", "Amara Okafor", "Dele O'Rourke_50%"]);
    assert_eq!(council.families(QueueFilter::Overdue).await, ["Dele O'Rourke_50%"]);
    assert_eq!(council.families(QueueFilter::Safeguarding).await, ["D Wren"]);
    assert_eq!(council.found("okaf").await, ["Amara Okafor"]);
    assert_eq!(council.found("D.WREN@mail").await, ["D Wren"]);
    assert_eq!(council.found(&okafor.reference.to_lowercase()[4..]).await, ["Amara Okafor"]);
    assert_eq!(council.found("o’rourke_50%").await, ["Dele O'Rourke_50%"]);
    assert!(council.found("%_%").await.is_empty() && council.found("y@elsewhere.example").await.is_empty());
    assert_eq!(council.found("x@elsewhere.example").await, ["Amara Okafor"], "who wrote the message to verify");
    let beyond = council.queue(QueueFilter::All, "", QueueOrder::DueFirst, 7).await;
    assert_eq!((beyond.rows.len(), beyond.total), (0, 3));
}

async fn the_case_page_shows_all(council: &Council) {
    let okafor = council.reference("Okafor").await;
    let looks =
        "SELECT count(*) FROM audit WHERE what = 'opened case' AND case_id IS NOT NULL AND officer_id IS NOT NULL";
    assert_eq!(council.database.number(looks).await, 0);
    council.desk.peek(okafor, &council.bell, now()).await.unwrap();
    assert_eq!(council.database.number(looks).await, 0, "what is not shown is no look");
    let case = council.case(okafor).await;
    assert_eq!(council.database.number(looks).await, 1);
    assert_eq!(case.messages.iter().map(|message| message.unverified).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(case.reference, okafor.to_string());
    assert_eq!(case.contacts, [("Email".to_owned(), "amara.okafor@mail.example".to_owned())]);
    assert_eq!(case.suggestion.as_ref().unwrap().because, "Nobody has called me back.");
    let told: Vec<String> = case
        .messages
        .iter()
        .map(|m| {
            format!(
                "{} | {} | {} | {}",
                m.author.as_deref().unwrap_or("?"),
                m.subject,
                m.found_in.join(", "),
                m.relation
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "Amara Okafor | School transport | complaints, manager-fostering | Opened this case",
            "Amara Okafor | Re: School transport | complaints | Joined this case: it answers a message of this case",
            "X | Re: School transport | complaints | To verify",
        ]
    );
    let to = "amara.okafor@mail.example";
    assert!(matches!(&case.acknowledgement, Acknowledgement::Queued { to: queued, .. } if queued == to));
    while send_due(&council.engine).await.unwrap() > 0 {}
    let case = council.case(okafor).await;
    assert!(matches!(&case.acknowledgement, Acknowledgement::Sent { to: sent, at, .. } if sent == to && *at == now()));
    assert_eq!(case.history.first().unwrap().title, "Acknowledgement sent");
    assert_eq!(case.history.last().unwrap().title, "Message received");
    let done: Vec<(String, bool)> = case.dues.iter().map(|due| (due.what.clone(), due.done_at.is_some())).collect();
    assert_eq!(
        done,
        [("Decide what it is".into(), false), ("Acknowledge".into(), true), ("Answer at stage 1".into(), false)]
    );
    assert!(case.undo.is_none());
    let wren = council.case(council.reference("Wren").await).await;
    assert!(
        matches!(&wren.acknowledgement, Acknowledgement::Held { why, written: false } if why == "Waits for an officer to confirm that this is a complaint.")
    );
    let unknown = CaseReference { year: 2026, number: 4000 };
    assert!(matches!(council.desk.case(unknown, &council.bell, now()).await, Err(DeskError::NotFound)));
}

async fn officers_decide(council: &Council) {
    let wren = council.reference("Wren").await;
    let seen = council.case(wren).await.version;
    let notified = council.engine.outgoing.notified();
    let confirmed = council.act(wren, seen, DeskAction::Confirm).await.unwrap();
    notified.await;
    assert!(confirmed > seen);
    let case = council.case(wren).await;
    assert_eq!((case.status, case.version), (CaseStatus::Open, confirmed));
    assert!(matches!(&case.acknowledgement, Acknowledgement::Queued { to, .. } if to == "d.wren@mail.example"));
    let undo = case.undo.unwrap();
    assert_eq!((undo.what.as_str(), undo.by.unwrap().name.as_str()), ("Confirmed as a concern", "Rowan Bell"));
    assert_eq!(council.families(QueueFilter::ToConfirm).await.len(), 2);

    let morgan = &council.morgan;
    let late = council.desk.act(wren, morgan, seen, DeskAction::Confirm, now()).await;
    assert!(matches!(late, Err(DeskError::Changed)), "{late:?}");
    let twice = council.act(wren, confirmed, DeskAction::Confirm).await;
    assert!(matches!(&twice, Err(DeskError::Refused(why)) if why == "This case is confirmed already"), "{twice:?}");

    let nature = |act, procedure| DeskAction::Reclassify { act, procedure, theme: Theme::Communication };
    let changed = council.act(wren, confirmed, nature(Act::Complaint, Procedure::Corporate)).await.unwrap();
    let case = council.case(wren).await;
    assert_eq!((case.act, case.procedure, case.safeguarding), (Act::Complaint, Procedure::Corporate, true));
    assert!(case.history.iter().any(|entry| entry.title == "Changed to a complaint" && entry.by == "Rowan Bell"));

    let back = council.act(wren, changed, DeskAction::Undo).await.unwrap();
    let case = council.case(wren).await;
    assert_eq!((case.act, case.procedure, case.status), (Act::Concern, Procedure::Statutory, CaseStatus::Open));
    assert_eq!(case.history.first().unwrap().title, "Undone: changed to a complaint");

    let given = council.act(wren, back, DeskAction::Assign { to: council.bell.id }).await.unwrap();
    assert_eq!(council.families(QueueFilter::Mine).await, ["D Wren"]);
    assert_eq!(council.families(QueueFilter::Unassigned).await.len(), 2);
    assert_eq!(council.case(wren).await.assigned_to.unwrap().name, "Rowan Bell");
    let nobody = DeskAction::Assign { to: heard::ids::Uuid::nil() };
    assert!(matches!(council.act(wren, given, nobody).await, Err(DeskError::NotFound)));

    let okafor = council.reference("Okafor").await;
    let seen = council.case(okafor).await.version;
    let put_aside = |reason: &str| DeskAction::NotAComplaint { act: Act::Enquiry, reason: reason.into() };
    assert!(matches!(council.act(okafor, seen, put_aside(" ")).await, Err(DeskError::Refused(_))));
    assert_eq!(council.case(okafor).await.version, seen);
    council.act(okafor, seen, put_aside("She asks when the taxi comes.")).await.unwrap();
    let case = council.case(okafor).await;
    assert_eq!((case.status, case.act, case.dues.len()), (CaseStatus::NotAComplaint, Act::Enquiry, 0));
    assert_eq!(case.history.first().unwrap().detail, "She asks when the taxi comes.");
    let page = council.queue(QueueFilter::All, "", QueueOrder::DueFirst, 1).await;
    assert_eq!(names(&page), ["D Wren", "Dele O'Rourke_50%", "Amara Okafor"]);

    // "Save and confirm" with nothing changed is a confirmation.
    let orourke = council.reference("Rourke").await;
    let case = council.case(orourke).await;
    let same = DeskAction::Reclassify { act: case.act, procedure: case.procedure, theme: case.theme };
    council.act(orourke, case.version, same).await.unwrap();
    assert_eq!(council.case(orourke).await.undo.unwrap().what, "Confirmed as a concern");
}

/// What a limit held back goes out when an officer confirms, and only once.
async fn a_letter_that_a_limit_held_goes_out_on_confirmation(council: &Council) {
    let complaint = suggestion(Act::Complaint, 0.97, 0.03, Procedure::Corporate, Theme::Delay);
    for (n, words) in MATTERS.into_iter().take(4).enumerate() {
        let raw = mail("B Usman <usman@mail.example>", &format!("usman-{n}"), words, "", words);
        council.arrives("complaints", &raw, "2026-11-20T09:10:00Z", &complaint).await;
    }
    let held = council.held().await;
    assert_eq!(held.len(), 1, "{held:?}");
    assert_eq!(
        (held[0].kind.as_str(), held[0].to.as_str(), held[0].how),
        ("Acknowledgement", "usman@mail.example", NotDelivered::HeldBack)
    );
    assert_eq!(held[0].why, "This person was sent 3 letters within an hour, which is the most.");
    let limits = council.desk.undelivered(&council.bell).await.unwrap().limits;
    let reached: Vec<(&str, u64)> = limits.iter().map(|one| (one.setting.as_str(), one.held)).collect();
    assert_eq!(reached, [("per_address_an_hour", 1)]);
    let reference: CaseReference = held[0].reference.as_deref().unwrap().parse().unwrap();
    let case = council.case(reference).await;
    assert!(matches!(case.acknowledgement, Acknowledgement::Held { .. }));
    let later = now() + chrono::Duration::hours(2);
    council.desk.act(reference, &council.bell, case.version, DeskAction::Confirm, later).await.unwrap();
    assert!(matches!(council.case(reference).await.acknowledgement, Acknowledgement::Queued { .. }));
    assert!(council.held().await.is_empty());
}

/// A mail server that refuses everybody.
struct NoSuchUser;

impl Courier for NoSuchUser {
    fn send<'a>(&'a self, _: &'a Outgoing) -> BoxFuture<'a, Delivery> {
        async { Delivery::Refused("no such user".into()) }.boxed()
    }
}

/// Letters that did not go out: let go, dropped with a reason, or off the list because the case is no complaint.
async fn letters_that_did_not_go_out_are_dealt_with(council: &Council) {
    let desk = &council.desk;
    let complaint = suggestion(Act::Complaint, 0.97, 0.03, Procedure::Corporate, Theme::Delay);
    for (n, words) in MATTERS.into_iter().enumerate() {
        let raw = mail("C Lindqvist <lindqvist@mail.example>", &format!("lindqvist-{n}"), words, "", words);
        council.arrives("complaints", &raw, "2026-11-20T09:20:00Z", &complaint).await;
    }
    let held = council.held().await;
    assert_eq!(held.len(), 2, "{held:?}");
    assert!(held.iter().all(|letter| letter.may_send && !letter.may_drop));
    assert_eq!(council.trouble().await.letters, 2);
    let of = |letter: &HeldLetter| letter.reference.as_deref().unwrap().parse::<CaseReference>().unwrap();
    let (first, second) = (&held[0], &held[1]);

    // Dropped only with a reason, and not while it could be sent.
    let not_yet = desk.mend_letter(first.id, &council.bell, LetterAction::Drop { why: "x".into() }, now()).await;
    assert!(matches!(&not_yet, Err(DeskError::Refused(why)) if why.contains("only held back")), "{not_yet:?}");

    // Let go: the case is acknowledged by the officer, and its clock runs from now.
    let before = council.case(of(first)).await;
    let monday = at("2026-11-23T11:00:00Z");
    let woken = council.engine.outgoing.notified();
    desk.mend_letter(first.id, &council.bell, LetterAction::Send, monday).await.unwrap();
    woken.await;
    let after = desk.case(of(first), &council.bell, monday).await.unwrap();
    assert!(matches!(&after.acknowledgement, Acknowledgement::Queued { .. }), "{:?}", after.acknowledgement);
    let entry = after.history.first().unwrap();
    assert_eq!((entry.title.as_str(), entry.by.as_str()), ("Acknowledgement let go", "Rowan Bell"));
    let answer = |case: &CaseView| case.dues.iter().find(|due| due.what == "Answer at stage 1").unwrap().on.to_string();
    assert_eq!((answer(&before).as_str(), answer(&after).as_str()), ("2026-12-04", "2026-12-07"));
    let again = desk.mend_letter(first.id, &council.bell, LetterAction::Send, monday).await;
    assert!(matches!(again, Err(DeskError::NotFound)), "{again:?}");

    // A case that is no complaint takes its held letter off the list; undone, it is back.
    let case = council.case(of(second)).await;
    let aside = DeskAction::NotAComplaint { act: Act::Enquiry, reason: "She asks for a date.".into() };
    let version = council.act(of(second), case.version, aside.clone()).await.unwrap();
    assert!(council.held().await.is_empty());
    assert_eq!(council.trouble().await.letters, 0);
    let shown = council.case(of(second)).await.acknowledgement;
    assert!(matches!(&shown, Acknowledgement::NotNeeded { why } if why == "It is not a complaint."), "{shown:?}");
    let refused = desk.mend_letter(second.id, &council.bell, LetterAction::Send, now()).await;
    assert!(matches!(&refused, Err(DeskError::Refused(why)) if why.contains("undo that first")), "{refused:?}");
    let version = council.act(of(second), version, DeskAction::Undo).await.unwrap();
    assert_eq!(council.held().await.len(), 1);
    council.act(of(second), version, aside).await.unwrap();
    desk.mend_letter(second.id, &council.morgan, LetterAction::Drop { why: "No complaint.".into() }, now())
        .await
        .unwrap();

    // Refused by the mail server: tried again as it is, refused again, and dropped.
    let email = Arc::new(NoSuchUser);
    let refusing =
        Engine { couriers: Couriers { email, chat: None }, clock: Clock::fixed(monday), ..council.engine.clone() };
    while send_due(&refusing).await.unwrap() > 0 {}
    let failed = council.held().await;
    assert!(
        !failed.is_empty()
            && failed.iter().all(|letter| letter.how == NotDelivered::Refused && letter.may_send && letter.may_drop)
    );
    let letter = failed.iter().find(|letter| letter.id == first.id).unwrap();
    desk.mend_letter(letter.id, &council.bell, LetterAction::Send, monday).await.unwrap();
    let case = desk.case(of(letter), &council.bell, monday).await.unwrap();
    assert_eq!(answer(&case), "2026-12-07", "the clock runs from the first time");
    while send_due(&refusing).await.unwrap() > 0 {}
    for letter in &failed {
        let no_reason =
            desk.mend_letter(letter.id, &council.bell, LetterAction::Drop { why: " ".into() }, monday).await;
        assert!(matches!(no_reason, Err(DeskError::Refused(_))), "{no_reason:?}");
        let why = LetterAction::Drop { why: "Told by telephone.".into() };
        desk.mend_letter(letter.id, &council.bell, why, monday).await.unwrap();
    }
    assert!(council.held().await.is_empty());
    let case = desk.case(of(first), &council.bell, monday).await.unwrap();
    let entry = case.history.first().unwrap();
    assert_eq!(
        (entry.title.as_str(), entry.detail.as_str()),
        ("Decided not to send: acknowledgement", "Told by telephone.")
    );
    let expected = "An officer decided not to send it: Told by telephone.";
    assert!(matches!(&case.acknowledgement, Acknowledgement::NotNeeded { why } if why == expected));
    let audits = "SELECT count(*) FROM audit WHERE officer_id IS NOT NULL AND (what LIKE 'let a letter go%' OR what LIKE 'decided that a letter%')";
    assert_eq!(council.database.number(audits).await, 3 + failed.len() as i64);
}

/// What could not be read is tried again, or set aside; a manager's private message then leaves nothing.
async fn unreadable_mail_is_dealt_with(council: &Council) {
    let desk = &council.desk;
    let raw = mail("G Petrov <petrov@mail.example>", "petrov-1", "The plan", "", "I complain: no plan yet.");
    for (mailbox, raw) in [("complaints", raw.as_str()), ("manager-fostering", "Subject: lunch\r\n\r\nfriday?")] {
        let unreadable = Ingesting::Mail {
            mailbox: mailbox.into(),
            raw: raw.as_bytes().to_vec(),
            file: None,
            arrived_at: at("2026-11-20T07:30:00Z"),
            prepared: Err("the reader failed".into()),
        };
        ingest_one(&council.engine, &unreadable, &[], &mut IngestCounts::default()).await.unwrap();
    }
    let list = desk.quarantine().await.unwrap();
    assert_eq!(council.trouble().await.unreadable, 3);
    let nothing = || MailAction::SetAside { why: "an empty test message".into() };
    let private = list.iter().find(|message| message.private).unwrap();
    desk.mend_mail(private.id, &council.bell, nothing(), now()).await.unwrap();
    assert_eq!(
        council
            .database
            .number("SELECT count(*) FROM delivery WHERE mailbox = 'manager-fostering' AND representation_id IS NULL")
            .await,
        0
    );
    let broken = list.iter().find(|message| message.why == "it has no sender").unwrap();
    desk.mend_mail(broken.id, &council.bell, nothing(), now()).await.unwrap();
    let kept = "SELECT count(*) FROM delivery WHERE state = 'read' AND representation_id IS NULL AND why = 'set aside by an officer: an empty test message'";
    assert_eq!(council.database.number(kept).await, 1);
    let twice = desk.mend_mail(broken.id, &council.bell, MailAction::ReadAgain, now()).await;
    assert!(matches!(twice, Err(DeskError::NotFound)), "{twice:?}");

    let petrov = list.iter().find(|message| message.why == "the reader failed" && !message.private).unwrap();
    let woken = council.engine.unread.notified();
    desk.mend_mail(petrov.id, &council.bell, MailAction::ReadAgain, now()).await.unwrap();
    woken.await;
    assert_eq!(desk.health(now()).await.unwrap().unread, 1);
    run_until_idle(&council.engine, Vec::new(), None).await.unwrap();
    assert!(desk.quarantine().await.unwrap().is_empty());
    assert_eq!(council.found("petrov@mail").await, ["G Petrov"]);
    let audits = "SELECT count(*) FROM audit WHERE what LIKE '%unreadable%' AND officer_id IS NOT NULL";
    assert_eq!(council.database.number(audits).await, 3);
}

/// Takes everything for lunch.
struct Lunch;

impl Classifier for Lunch {
    fn model(&self) -> String {
        "lunch".into()
    }

    fn label(&self, messages: Vec<Unlabelled>) -> BoxFuture<'_, Result<Vec<Suggestion>, LabellingError>> {
        let routine = suggestion(Act::Routine, 0.02, 0.01, Procedure::None, Theme::Other);
        async move { Ok(vec![routine; messages.len()]) }.boxed()
    }
}

/// Private mail that is read again is judged by the classifier, never without it; if it is nothing for us, nothing stays.
async fn private_mail_read_again_is_judged_like_all_private_mail(council: &Council) {
    let desk = &council.desk;
    let raw = mail("A Friend <friend@mail.example>", "private-2", "Tea", "", "Tea on Monday?");
    let unreadable = Ingesting::Mail {
        mailbox: "manager-fostering".into(),
        raw: raw.into_bytes(),
        file: None,
        arrived_at: at("2026-11-20T07:40:00Z"),
        prepared: Err("the reader failed".into()),
    };
    ingest_one(&council.engine, &unreadable, &[], &mut IngestCounts::default()).await.unwrap();
    let id = desk.quarantine().await.unwrap()[0].id;
    desk.mend_mail(id, &council.bell, MailAction::ReadAgain, now()).await.unwrap();
    run_until_idle(&council.engine, Vec::new(), None).await.unwrap();
    let back = desk.quarantine().await.unwrap();
    assert!(back.len() == 1 && back[0].why.contains("the classifier did not answer"), "{back:?}");

    desk.mend_mail(id, &council.bell, MailAction::ReadAgain, now()).await.unwrap();
    let labelling = Engine { classifier: Some(Arc::new(Lunch)), ..council.engine.clone() };
    run_until_idle(&labelling, Vec::new(), None).await.unwrap();
    assert!(desk.quarantine().await.unwrap().is_empty());
    assert_eq!(desk.health(now()).await.unwrap().forgotten, 2);
    let left =
        "SELECT (SELECT count(*) FROM delivery WHERE mailbox = 'manager-fostering' AND representation_id IS NULL)
      + (SELECT count(*) FROM representation WHERE subject = 'Tea')";
    assert_eq!(council.database.number(left).await, 0);
}

/// Private mail in another language is not guessed at: it is kept for an officer, and nobody is written to.
async fn what_the_machine_cannot_read_waits_for_somebody_who_can(council: &Council) {
    let words = "Dzień dobry, taksówka znowu nie przyjechała.";
    let polish = mail("Ewa Lis <ewa@mail.example>", "lis-1", "Taxi", "", words);
    let mut unsure = suggestion(Act::Routine, 0.02, 0.01, Procedure::None, Theme::Other);
    unsure.language = Some("Polish".into());
    let counts = council.arrives("manager-fostering", &polish, "2026-11-20T08:00:00Z", &unsure).await;
    assert_eq!((counts.cases_opened, counts.forgotten), (1, 0));
    let case = council.case(council.reference("Ewa Lis").await).await;
    assert!(case.matched_because.contains("written in Polish"), "{}", case.matched_because);
    assert!(matches!(
        case.acknowledgement,
        Acknowledgement::Held { written: false, .. } | Acknowledgement::NotNeeded { .. }
    ));
}

/// Plain words of danger in private mail are kept for an officer although the model sees none, and the words are the reason.
async fn plain_words_of_danger_are_kept_whatever_the_model_thinks(council: &Council) {
    let words = "Just to say Dad hit my brother again on Sunday. See you at the review.";
    let raw = mail("Tam Reed <tam@mail.example>", "reed-1", "Sunday", "", words);
    let mut calm = suggestion(Act::Routine, 0.02, 0.01, Procedure::None, Theme::Other);
    assert_eq!(council.arrives("manager-fostering", &raw, "2026-11-20T08:10:00Z", &calm).await.forgotten, 1);
    calm.danger = Some("hit my brother".into());
    let raw = raw.replace("reed-1", "reed-2");
    let counts = council.arrives("manager-fostering", &raw, "2026-11-20T08:20:00Z", &calm).await;
    assert_eq!((counts.cases_opened, counts.forgotten), (1, 0));
    let case = council.case(council.reference("Tam Reed").await).await;
    assert!(case.safeguarding && case.matched_because.contains("“hit my brother”"), "{}", case.matched_because);
}

/// A mailbox that fails for a quarter of an hour is told above the queue; one that was taken out of the settings is not.
async fn a_failing_mailbox_is_told_above_the_queue(council: &Council) {
    let store = &council.database.store;
    let mut tx = store.begin().await.unwrap();
    for mailbox in ["complaints", "given-up"] {
        intake::mailbox_bad(&mut tx, mailbox, "complaints", "mailbox unreachable", "cannot reach the server", now())
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    for (minutes, failing) in [(14, 0), (15, 1)] {
        let then = now() + chrono::Duration::minutes(minutes);
        let page =
            council.desk.queue(&QueueQuery { page: 1, ..QueueQuery::default() }, &council.bell, then).await.unwrap();
        assert_eq!(page.trouble.mailboxes, failing, "after {minutes} minutes");
    }
    let health = council.desk.health(now()).await.unwrap();
    let complaints = health.mailboxes.iter().find(|mailbox| mailbox.name == "complaints").unwrap();
    assert_eq!(complaints.error_since, Some(now()));
    assert!(complaints.advice.contains("name and port"), "{}", complaints.advice);
}

async fn the_rest_is_looked_after(council: &Council) {
    let health = council.desk.health(now()).await.unwrap();
    let boxes: Vec<&str> = health.mailboxes.iter().map(|mailbox| mailbox.name.as_str()).collect();
    assert_eq!(boxes, ["complaints", "log-a-complaint", "manager-fostering"]);
    assert_eq!((health.quarantined, health.model.as_str(), health.model_error), (1, "test-model", None));
    assert_eq!((health.unread, health.forgotten), (0, 1));
    assert!(health.outbox.waiting > 0 && health.outbox.oldest_waiting_at.is_some() && !health.outbox.stopped);
    let list = council.desk.quarantine().await.unwrap();
    assert_eq!(
        (list.len(), list[0].why.as_str(), list[0].head.as_str(), list[0].size),
        (1, "it has no sender", "", 19)
    );
    let one = council.desk.quarantined(list[0].id).await.unwrap();
    assert_eq!(one.head, "Subject: [2J?\n\n\u{fffd}");
    assert!(matches!(council.desk.quarantined(heard::ids::Uuid::nil()).await, Err(DeskError::NotFound)));
    council.desk.ready().await.unwrap();
}

async fn accounts_open_and_shut(council: &Council) {
    let (desk, store, bell) = (&council.desk, &council.database.store, &council.bell);
    let token = [7u8; 32];
    desk.record_sign_in(bell.id, false, now()).await.unwrap();
    assert!(desk.officers().await.unwrap()[0].last_sign_in_at.is_none());
    desk.record_sign_in(bell.id, true, now()).await.unwrap();
    desk.open_session(token, bell.id, now()).await.unwrap();
    let later = now() + chrono::Duration::minutes(5);
    desk.session_seen(token, later).await.unwrap();
    let session = desk.session(token).await.unwrap().unwrap();
    assert_eq!((&session.officer, session.created_at, session.seen_at), (bell, now(), later));
    let rows = desk.officers().await.unwrap();
    assert_eq!(rows.iter().map(|row| row.officer.name.as_str()).collect::<Vec<_>>(), ["Rowan Bell", "Sam Morgan"]);
    assert_eq!((rows[0].last_sign_in_at, rows[0].open_cases, rows[1].open_cases), (Some(now()), 1, 0));

    let twice = users::add(store, &bell.email, "R", Role::Officer, None, now()).await;
    assert!(matches!(twice, Err(users::UsersError::AlreadyThere(_))));
    let short = users::password(store, &bell.email, Some("short".to_owned().into()), now()).await;
    assert!(matches!(short, Err(users::UsersError::PasswordLength)));
    assert!(desk.session(token).await.unwrap().is_some());
    let made = users::password(store, "Rowan.Bell@calderbeck.example", None, now()).await.unwrap().unwrap();
    assert!(desk.session(token).await.unwrap().is_none(), "another password ends the sessions");
    let hash = desk.account(&bell.email).await.unwrap().unwrap().password_hash;
    let passwords = heard::web::passwords::Passwords::new().unwrap();
    assert!(passwords.fits(made.expose_secret().to_owned(), hash).await.unwrap());

    desk.open_session(token, bell.id, now()).await.unwrap();
    users::disable(store, &bell.email, now()).await.unwrap();
    assert!(desk.session(token).await.unwrap().is_none());
    assert!(desk.account(&bell.email).await.unwrap().unwrap().disabled);
    let okafor = council.reference("Okafor").await;
    let version = council.case(okafor).await.version;
    let gone = council.act(okafor, version, DeskAction::Assign { to: bell.id }).await;
    assert!(matches!(&gone, Err(DeskError::Refused(why)) if why.starts_with("Rowan Bell may not sign in")), "{gone:?}");
    users::enable(store, &bell.email, now()).await.unwrap();
    assert_eq!(users::list(store).await.unwrap().iter().filter(|row| row.active).count(), 2);
    let unknown = users::disable(store, "nobody@calderbeck.example", now()).await;
    assert!(matches!(unknown, Err(users::UsersError::NotFound(_))));
}

/// The pages themselves, over this desk, for an officer who is signed in.
async fn the_pages_open(council: &Council) {
    let pages = heard::web::router(council.web(now()));
    let token = sha2::Sha256::digest(b"a token");
    council.desk.open_session(token.into(), council.morgan.id, now()).await.unwrap();
    let reference = council.reference("Wren").await;
    let addresses = [
        ("/".to_owned(), "Usman"),
        (format!("/cases/{reference}"), "The girls are scared at night"),
        ("/health".to_owned(), "manager-fostering"),
        ("/letters".to_owned(), "Every letter has gone out"),
        ("/quarantine".to_owned(), "it has no sender"),
        ("/users".to_owned(), "rowan.bell@calderbeck.example"),
        ("/readyz".to_owned(), "ok"),
    ];
    for (address, holds) in addresses {
        let request = Request::get(&address).header("cookie", "heard=a token").body(Body::empty()).unwrap();
        let response = pages.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, "{address}");
        let page = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        assert!(String::from_utf8_lossy(&page).contains(holds), "{address} does not hold {holds}");
    }
}

/// A letter that was on its way when the program ended has most probably arrived: an officer settles it, and need not send
/// it twice to be rid of it.
async fn a_letter_in_doubt_is_settled_without_sending_it_twice(council: &Council) {
    let complaint = suggestion(Act::Complaint, 0.97, 0.03, Procedure::Corporate, Theme::Delay);
    let raw = mail("K Petrov <petrov@mail.example>", "petrov-1", "Nobody came", "", "I complain that nobody came.");
    council.arrives("complaints", &raw, "2026-11-20T09:25:00Z", &complaint).await;
    let mut tx = council.engine.store.begin().await.unwrap();
    let lease = chrono::Duration::minutes(2);
    let claimed = outbox::claim(&mut tx, 100, "a program that is killed", lease, now()).await.unwrap();
    let letter = claimed.iter().find(|one| one.message.to == "petrov@mail.example").unwrap().id;
    outbox::in_doubt(&mut tx, letter, now()).await.unwrap();
    tx.commit().await.unwrap();

    let listed = council.held().await;
    let [one] = &listed[..] else { panic!("{listed:?}") };
    assert!(one.may_send && one.may_arrive && one.how == NotDelivered::InDoubt, "{one:?}");
    assert!(one.why.contains("most probably arrived"), "{one:?}");
    let reference: CaseReference = one.reference.as_deref().unwrap().parse().unwrap();
    let acknowledged = |case: &CaseView| case.dues.iter().find(|due| due.what == "Acknowledge").unwrap().done_at;
    assert_eq!(acknowledged(&council.case(reference).await), None, "nobody knows yet");
    let arrived = LetterAction::Arrived { why: "They answered it.".into() };
    council.desk.mend_letter(one.id, &council.bell, arrived, now()).await.unwrap();
    assert!(council.held().await.is_empty());
    let case = council.case(reference).await;
    assert_eq!(acknowledged(&case), Some(now()), "it was sent then, and has arrived");
    assert!(matches!(&case.acknowledgement, Acknowledgement::Sent { note, .. } if note.contains("An officer says")));
}

async fn story(database: Database) {
    println!("on {}", database.kind);
    let council = Council::open(database).await;
    a_week_of_mail(&council).await;
    the_queue_shows_what_there_is(&council).await;
    the_case_page_shows_all(&council).await;
    officers_decide(&council).await;
    a_letter_that_a_limit_held_goes_out_on_confirmation(&council).await;
    the_rest_is_looked_after(&council).await;
    the_pages_open(&council).await;
    unreadable_mail_is_dealt_with(&council).await;
    private_mail_read_again_is_judged_like_all_private_mail(&council).await;
    a_failing_mailbox_is_told_above_the_queue(&council).await;
    what_the_machine_cannot_read_waits_for_somebody_who_can(&council).await;
    plain_words_of_danger_are_kept_whatever_the_model_thinks(&council).await;
    letters_that_did_not_go_out_are_dealt_with(&council).await;
    a_letter_in_doubt_is_settled_without_sending_it_twice(&council).await;
    accounts_open_and_shut(&council).await;
    assert!(council.folder.path().join("out").is_dir());
    council.database.drop().await;
}

#[tokio::test]
async fn an_officer_works_through_a_week_of_mail_on_sqlite() {
    story(Database::sqlite().await).await;
}

#[tokio::test]
async fn an_officer_works_through_a_week_of_mail_on_postgres() {
    match Database::postgres().await {
        Some(database) => story(database).await,
        None => println!("skipped: HEARD_TEST_POSTGRES is not set"),
    }
}
