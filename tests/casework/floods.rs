//! Floods of mail that programs write: nobody is answered who must not be, and limits end what no header ends. On SQLite and
//! (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use crate::{
    council::{Council, at, mail, on_both, suggestion},
    databases::Database,
};
use chrono::Duration;
use heard::{
    intake::{folder::FolderMailbox, prepare::ChatMessage},
    labelling::labels::{Act, Procedure, Theme},
    web::views::*,
    workers::{IngestCounts, Ingesting, Watched, ingest_one, run_until_idle},
};

on_both! {
    a_thousand_out_of_office_replies_are_answered_by_nobody a_thousand_on_postgres;
    limits_hold_letters_back_and_say_so limits_on_postgres;
}

mod stories {
    use super::*;

    pub async fn a_thousand_out_of_office_replies_are_answered_by_nobody(council: Council) {
        let folder = tempfile::tempdir().unwrap();
        let subjects = [
            "Automatic reply: Your letter",
            "Out of Office",
            "Abwesenheitsnotiz",
            "Ateb awtomatig: llythyr",
            "Thank you for your email",
        ];
        let signs = [
            "Auto-Submitted: auto-replied",
            "X-Autoreply: yes",
            "Precedence: auto_reply",
            "X-Auto-Response-Suppress: All\r\nAuto-Submitted: auto-generated",
            "X-Apple-Action: VACATION",
            "Return-Path: <>\r\nAuto-Submitted: auto-replied (vacation)",
        ];
        for n in 0..1000 {
            let from = format!("Person {n} <person{n}@org{}.example>", n % 40);
            let raw = mail(
                &from,
                &format!("away-{n}"),
                subjects[n % subjects.len()],
                &format!("{}\r\n", signs[n % signs.len()]),
                &format!("I am away until Monday ({n})."),
            );
            std::fs::write(folder.path().join(format!("{n:04}.eml")), raw).unwrap();
        }
        let source = Box::new(FolderMailbox::open(folder.path()).unwrap());
        let watched = Watched { name: "complaints".into(), source, poll: std::time::Duration::from_secs(60) };
        let start = std::time::Instant::now();
        run_until_idle(&council.engine, vec![watched], None).await.unwrap();
        println!("1,000 out-of-office replies on {} in {:.1?}", council.database.kind, start.elapsed());
        for (sql, expected) in [
            (
                "SELECT count(*) FROM representation WHERE state = 'filed' AND automated IS NOT NULL AND automated_because IS NOT NULL",
                1000,
            ),
            ("SELECT count(*) FROM delivery WHERE state = 'read'", 1000),
            ("SELECT count(*) FROM case_file", 0),
            ("SELECT count(*) FROM outbox", 0),
        ] {
            assert_eq!(council.database.number(sql).await, expected, "{sql}");
        }
        assert!(!council.folder.path().join("out").exists(), "nothing was sent");
        council.database.drop().await;
    }

    pub async fn limits_hold_letters_back_and_say_so(council: Council) {
        let complaint = suggestion(Act::Complaint, 0.97, 0.03, Procedure::Corporate, Theme::Delay);
        // A program with a new address behind the plus for every answer counts as one mailbox.
        for n in 0..5 {
            let raw = mail(
                &format!("Desk <desk+{n}@tickets.example>"),
                &format!("t-{n}"),
                &format!("Ticket {n}"),
                "",
                &format!("Your enquiry {n} was logged."),
            );
            council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &complaint).await;
        }
        assert_eq!(council.held().await.len(), 2);
        // Within a day and within a week, other limits end what goes on slowly.
        for hours in [2, 4, 6, 30, 55, 80, 100] {
            for n in 0..3 {
                let when = (at("2026-11-20T09:00:00Z") + Duration::hours(hours)).to_rfc3339();
                let id = format!("t-{hours}-{n}");
                let raw = mail(
                    &format!("Desk <desk+{id}@tickets.example>"),
                    &id,
                    &format!("Ticket {id}"),
                    "",
                    &format!("Your enquiry {id} was logged."),
                );
                council.arrives("complaints", &raw, &when, &complaint).await;
            }
        }
        let limits = council.undelivered().await.limits;
        let said: Vec<(&str, u64)> = limits.iter().map(|limit| (limit.setting.as_str(), limit.held)).collect();
        assert_eq!(said, [("per_address_a_day", 2), ("per_address_a_week", 2), ("per_address_an_hour", 2)]);
        assert_eq!(
            council
                .database
                .number("SELECT count(*) FROM outbox WHERE mailbox = 'desk@tickets.example' AND state <> 'held'")
                .await,
            20
        );

        // A colleague's mailbox that forwards our receipts back to us by a rule, as new messages each time: an end to that too.
        let most = council.engine.office.caps_for_colleagues.per_recipient_hour;
        for n in 0..most + 3 {
            let words =
                format!("Stray number {n}: please log it, the family rang about the plan and nobody rang back.");
            let raw =
                mail("Head <head@calderbeck.example>", &format!("rule-{n}"), &format!("FW: stray {n}"), "", &words);
            council.arrives("log-a-complaint", &raw, "2026-11-26T09:00:00Z", &complaint).await;
        }
        let receipts = "SELECT count(*) FROM outbox WHERE kind = 'receipt' AND state <> 'held'";
        assert_eq!(council.database.number(receipts).await, i64::from(most));
        let letters = council.held().await;
        assert_eq!(letters.iter().filter(|letter| letter.kind == "Receipt for staff").count(), 3);

        // Chats are counted too, each by itself.
        for (chat, minute) in [(1, 0), (1, 1), (1, 2), (1, 3), (2, 4)] {
            let message = ChatMessage {
                id: format!("tg:{chat}:{minute}"),
                address: format!("telegram:{chat}"),
                from_name: Some(format!("Chat {chat}")),
                date: at("2026-11-27T09:00:00Z") + Duration::minutes(minute),
                text: format!("Nobody rings me back, number {minute}."),
                attachments: Vec::new(),
                no_answer: Vec::new(),
                silent: false,
                changes: None,
            };
            let message = Ingesting::chat(&council.engine, message);
            ingest_one(&council.engine, &message, std::slice::from_ref(&complaint), &mut IngestCounts::default())
                .await
                .unwrap();
            // A new matter each time: the one before has been put aside.
            council.database.run("UPDATE case_file SET status = 'dismissed' WHERE channel = 'chat'").await;
        }
        let chats = "SELECT count(*) FROM outbox WHERE channel = 'chat' AND state <> 'held'";
        assert_eq!(council.database.number(chats).await, 4);
        assert_eq!(
            council
                .database
                .number("SELECT count(*) FROM outbox WHERE channel = 'chat' AND held_by = 'per_address_an_hour'")
                .await,
            1
        );

        assert!(
            letters
                .iter()
                .all(|letter| letter.how == NotDelivered::HeldBack && letter.why.contains("which is the most"))
        );
        council.database.drop().await;
    }
}
