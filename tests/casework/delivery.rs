//! What becomes of letters after they were sent: reports, and what officers do about them. On SQLite and (where
//! `HEARD_TEST_POSTGRES` names a server) on Postgres.

use crate::{
    council::{Council, at, mail, now, on_both, suggestion},
    databases::Database,
};
use heard::{
    ids::CaseReference,
    labelling::labels::{Act, Procedure, Theme},
    web::{
        desk::{Desk, DeskAction, DeskError, LetterAction},
        views::*,
    },
    workers::send_due,
};

on_both! {
    a_bounce_makes_work_for_an_officer_and_a_forged_one_changes_nothing a_bounce_on_postgres;
    what_did_not_arrive_is_told_another_way_or_sent_to_the_right_address what_did_not_arrive_on_postgres;
    the_corrected_address_of_whoever_speaks_for_a_family_is_theirs spoken_for_on_postgres;
    machines_change_nothing_about_a_case_however_it_stands machines_on_postgres;
    a_person_taken_for_a_machine_gets_their_case_and_their_clock a_person_on_postgres;
}

/// A family's complaint, acknowledged and sent; the letter's Message-ID.
async fn acknowledged(council: &Council, family: &str, id: &str) -> (CaseReference, String) {
    let complaint = suggestion(Act::Complaint, 0.97, 0.03, Procedure::Corporate, Theme::Delay);
    let raw = mail(&format!("{family} <{id}@mail.example>"), id, "The plan", "", &format!("I complain, says {id}."));
    council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &complaint).await;
    while send_due(&council.engine).await.unwrap() > 0 {}
    let reference = council.reference(family).await;
    (reference, sent_to(council, &format!("{id}@mail.example")).pop().unwrap())
}

/// The Message-IDs of the letters in the outbox folder to `address`, the oldest first.
fn sent_to(council: &Council, address: &str) -> Vec<String> {
    let folder = council.folder.path().join("out");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "eml"));
    files.sort_by_key(|file| file.metadata().unwrap().modified().unwrap());
    let texts = files.iter().map(|file| std::fs::read_to_string(file).unwrap().replace("\r\n", "\n"));
    texts
        .filter(|text| text.lines().any(|line| line == format!("To: {address}")))
        .map(|text| {
            let line = text.lines().find(|line| line.starts_with("Message-ID:")).unwrap().to_owned();
            line["Message-ID:".len()..].trim().trim_matches(['<', '>']).to_owned()
        })
        .collect()
}

/// A mail system's report on the letter `id` to `to`.
fn report(number: u32, to: &str, action: &str, status: &str, id: &str) -> String {
    let said = if action == "failed" { "Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\n" } else { "" };
    format!(
        "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@relay.example>\r\nTo: complaints@calderbeck.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Message-ID: <report-{number}@relay.example>\r\nDate: Fri, 20 Nov 2026 09:{number:02}:00 +0000\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nReport {number}.\r\n--b\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n{said}\r\n--b\r\n\
         Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}>\r\nTo: {to}\r\n\r\n--b--\r\n"
    )
}

async fn reported(council: &Council, raw: &str) {
    let routine = suggestion(Act::Automated, 0.01, 0.01, Procedure::None, Theme::Other);
    council.arrives("complaints", raw, "2026-11-20T09:30:00Z", &routine).await;
}

fn acknowledge(case: &CaseView) -> &Due {
    case.dues.iter().find(|due| due.what == "Acknowledge").unwrap()
}

fn answer_by(case: &CaseView) -> String {
    case.dues.iter().find(|due| due.what == "Answer at stage 1").unwrap().on.to_string()
}

fn titles(case: &CaseView) -> Vec<&str> {
    case.history.iter().map(|entry| entry.title.as_str()).collect()
}

mod stories {
    use super::*;

    pub async fn a_bounce_makes_work_for_an_officer_and_a_forged_one_changes_nothing(council: Council) {
        let (reference, id) = acknowledged(&council, "Ann Bell", "ann").await;
        let before = council.case(reference).await;
        assert!(acknowledge(&before).done_at.is_some());

        // Delayed: a note.
        reported(&council, &report(1, "ann@mail.example", "delayed", "4.4.1", &id)).await;
        let delayed = council.case(reference).await;
        assert!(matches!(&delayed.acknowledgement, Acknowledgement::Sent { note, .. } if note.contains("delayed")));
        assert!(council.held().await.is_empty() && acknowledge(&delayed).done_at.is_some());

        // Without our key anybody may have written it: shown, and nothing else.
        let forged = report(
            2,
            "ann@mail.example",
            "failed",
            "5.1.1",
            "ack.hrd-26-00001-a.aaaaaaaaaaaaaaaa.0@calderbeck.example",
        );
        reported(&council, &forged).await;
        let doubted = council.case(reference).await;
        assert!(acknowledge(&doubted).done_at.is_some(), "a forged report takes nothing back");
        let [listed] = <[HeldLetter; 1]>::try_from(council.held().await).unwrap();
        assert_eq!((listed.how, listed.reference), (NotDelivered::PerhapsCameBack, Some(reference.to_string())));
        assert!(titles(&doubted).contains(&"A report that may be forged says: the acknowledgement did not arrive"));

        // With it: the family was never told.
        reported(&council, &report(3, "ann@mail.example", "failed", "5.1.1", &id)).await;
        let returned = council.case(reference).await;
        assert!(
            matches!(&returned.acknowledgement, Acknowledgement::CameBack { why, .. } if why == "Nobody has this address.")
        );
        assert!(titles(&returned).contains(&"The acknowledgement did not reach them"));
        assert_eq!(acknowledge(&returned).done_at, None, "they were not told, so it is not acknowledged");
        assert_eq!(acknowledge(&returned).on, acknowledge(&before).on);
        assert_eq!(answer_by(&returned), answer_by(&before), "a bounce gives the council no more time");
        assert_eq!(returned.status, before.status);
        let [listed] = <[HeldLetter; 1]>::try_from(council.held().await).unwrap();
        assert_eq!((listed.how, listed.to.as_str()), (NotDelivered::CameBack, "ann@mail.example"));
        assert!(listed.said.contains("550 5.1.1 user unknown"), "{}", listed.said);
        assert_eq!(
            council.desk.waiting(&council.bell).await.unwrap(),
            Waiting { undelivered: 1, unreadable: 0, joint: 0 }
        );
        assert_eq!(council.trouble().await.letters, 1);
        let three_days_on = at("2026-11-30T10:00:00Z");
        let query = QueueQuery { filter: QueueFilter::Overdue, page: 1, ..QueueQuery::default() };
        let late = council.desk.queue(&query, &council.bell, three_days_on).await.unwrap();
        assert_eq!(late.rows.len(), 1, "and the duty to acknowledge runs out");

        // The same again, and what comes later, is no news; every report is kept with the case and answered by nobody.
        reported(&council, &report(4, "ann@mail.example", "failed", "5.1.1", &id)).await;
        reported(&council, &report(5, "ann@mail.example", "delivered", "2.0.0", &id)).await;
        let after = council.case(reference).await;
        assert!(matches!(after.acknowledgement, Acknowledgement::CameBack { .. }));
        assert_eq!(
            titles(&after).iter().filter(|title| **title == "The acknowledgement did not reach them").count(),
            1
        );
        let reports: Vec<_> = after.messages.iter().filter(|message| !message.automatic.is_empty()).collect();
        assert_eq!(reports.len(), 5);
        assert!(reports.iter().all(|report| report.automatic.contains("RFC 3464")), "{:?}", reports[0].automatic);
        while send_due(&council.engine).await.unwrap() > 0 {}
        assert_eq!(sent_to(&council, "ann@mail.example").len(), 1);

        // Somebody else's case is not touched by a report on hers; one about nothing of ours is filed.
        reported(&council, &report(6, "nobody@elsewhere.example", "failed", "5.1.1", "x@elsewhere.example")).await;
        assert_eq!(council.desk.filed().await.unwrap().len(), 1);
        assert_eq!(council.held().await.len(), 1);
        council.database.drop().await;
    }

    pub async fn what_did_not_arrive_is_told_another_way_or_sent_to_the_right_address(council: Council) {
        let (reference, id) = acknowledged(&council, "Ben Cole", "ben").await;
        reported(&council, &report(1, "ben@mail.example", "failed", "5.1.1", &id)).await;
        let due = answer_by(&council.case(reference).await);
        // Confirming the case writes to nobody: the address is dead.
        let version = council.case(reference).await.version;
        council.act(reference, version, DeskAction::Confirm).await.unwrap();
        while send_due(&council.engine).await.unwrap() > 0 {}
        assert_eq!(sent_to(&council, "ben@mail.example").len(), 1);

        let letter = council.held().await.remove(0);
        let bell = &council.bell;
        let mend = async |action| council.desk.mend_letter(letter.id, bell, action, now()).await;
        let nothing = mend(LetterAction::Told { why: " ".into() }).await;
        assert!(matches!(nothing, Err(DeskError::Refused(_))), "{nothing:?}");
        mend(LetterAction::Told { why: "Rang him on Friday.".into() }).await.unwrap();
        let told = council.case(reference).await;
        assert!(
            matches!(&told.acknowledgement, Acknowledgement::ToldAnotherWay { why, .. } if why == "Rang him on Friday.")
        );
        assert_eq!(acknowledge(&told).done_at, Some(now()));
        assert!(council.held().await.is_empty());
        let audited = "SELECT count(*) FROM audit WHERE what = 'told somebody in place of a letter: acknowledgement' AND officer_id IS NOT NULL";
        assert_eq!(council.database.number(audited).await, 1);

        // Taken back, it is on the list again, and open.
        council.act(reference, told.version, DeskAction::Undo).await.unwrap();
        assert_eq!(acknowledge(&council.case(reference).await).done_at, None);
        assert_eq!(council.held().await.len(), 1);

        // The right address: a letter of its own goes there, with the date that was promised first.
        for (wrong, says) in [("ben", "not an email address"), ("BEN@mail.example", "could not be delivered to")] {
            let refused = mend(LetterAction::SendTo { address: wrong.into() }).await;
            assert!(matches!(&refused, Err(DeskError::Refused(why)) if why.contains(says)), "{refused:?}");
        }
        mend(LetterAction::SendTo { address: " Ben.Cole@mail.example ".into() }).await.unwrap();
        while send_due(&council.engine).await.unwrap() > 0 {}
        let [again] = <[String; 1]>::try_from(sent_to(&council, "ben.cole@mail.example")).unwrap();
        assert_ne!(again, id, "a late report on the first letter must not be taken for one on the second");
        let case = council.case(reference).await;
        assert!(matches!(&case.acknowledgement, Acknowledgement::Sent { to, .. } if to == "ben.cole@mail.example"));
        assert_eq!((acknowledge(&case).done_at, answer_by(&case)), (Some(now()), due));
        assert!(case.contacts.iter().any(|(_, address)| address == "ben.cole@mail.example"), "{:?}", case.contacts);
        reported(&council, &report(2, "ben@mail.example", "failed", "5.1.1", &id)).await;
        assert!(matches!(council.case(reference).await.acknowledgement, Acknowledgement::Sent { .. }));
        // From the right address he is a party to his case.
        let reply = mail(
            "Ben <ben.cole@mail.example>",
            "ben-2",
            "Re: The plan",
            &format!("In-Reply-To: <{again}>\r\n"),
            "Thank you.",
        );
        let routine = suggestion(Act::Routine, 0.01, 0.01, Procedure::None, Theme::Other);
        assert_eq!(council.arrives("complaints", &reply, "2026-11-20T10:00:00Z", &routine).await.joined, 1);
        assert!(!council.case(reference).await.messages.iter().any(|message| message.unverified));

        // That one comes back too, and has arrived after all, he says.
        reported(&council, &report(3, "ben.cole@mail.example", "failed", "5.2.2", &again)).await;
        let letter = council.held().await.remove(0);
        let arrived = LetterAction::Arrived { why: "He has it.".into() };
        council.desk.mend_letter(letter.id, bell, arrived, now()).await.unwrap();
        let case = council.case(reference).await;
        assert!(matches!(&case.acknowledgement, Acknowledgement::Sent { note, .. } if note.contains("officer")));
        assert_eq!(acknowledge(&case).done_at, Some(now()));
        council.database.drop().await;
    }

    pub async fn the_corrected_address_of_whoever_speaks_for_a_family_is_theirs(council: Council) {
        let words = "She has now written. Could you see what can be done?\r\n\r\n---------- Forwarded message ---------\r\n\
                     From: Nia Okon <nia@mail.example>\r\nDate: Tue, 17 Nov 2026 at 14:02\r\nSubject: please help\r\nTo: <pat@ward.example>\r\n\r\n\
                     The contact centre moved and I miss every second visit.";
        let raw = mail("Cllr Pat Stone <pat@ward.example>", "pat-1", "Fwd: please help", "", words);
        let complaint = suggestion(Act::Complaint, 0.97, 0.03, Procedure::Corporate, Theme::Delay);
        council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &complaint).await;
        while send_due(&council.engine).await.unwrap() > 0 {}
        let id = sent_to(&council, "pat@ward.example").pop().unwrap();
        reported(&council, &report(9, "pat@ward.example", "failed", "5.1.1", &id)).await;
        let letter = council.held().await.remove(0);
        let to = LetterAction::SendTo { address: "patrick@ward.example".into() };
        council.desk.mend_letter(letter.id, &council.bell, to, now()).await.unwrap();
        while send_due(&council.engine).await.unwrap() > 0 {}
        assert_eq!(sent_to(&council, "patrick@ward.example").len(), 1);
        let case = council.case(council.reference("Nia Okon").await).await;
        assert_eq!(case.people.email, "nia@mail.example");
        assert!(!case.contacts.iter().any(|(_, address)| address == "patrick@ward.example"), "{:?}", case.contacts);
        assert_eq!(case.people.representative.as_deref(), Some("Cllr Pat Stone, patrick@ward.example"));
        council.database.drop().await;
    }

    pub async fn machines_change_nothing_about_a_case_however_it_stands(council: Council) {
        for (n, how) in ["to-confirm", "confirmed", "dismissed", "closed"].into_iter().enumerate() {
            let (family, id) = (format!("Family {how}"), format!("family{n}"));
            let (reference, letter) = acknowledged(&council, &family, &id).await;
            let version = council.case(reference).await.version;
            match how {
                "confirmed" | "closed" => {
                    council.act(reference, version, DeskAction::Confirm).await.unwrap();
                }
                "dismissed" => {
                    let aside = DeskAction::NotAComplaint { act: Act::Enquiry, reason: "Asks for a date.".into() };
                    council.act(reference, version, aside).await.unwrap();
                }
                _ => {}
            }
            if how == "closed" {
                // No officer can close a case yet; the column is all there is of it.
                council.database.run("UPDATE case_file SET status = 'closed' WHERE act = 'complaint' AND status = 'open' AND reference IN (SELECT max(reference) FROM case_file)").await;
            }
            let before = council.case(reference).await;
            let answers = format!("In-Reply-To: <{letter}>\r\nReferences: <{letter}>\r\n");
            let away = format!("{answers}Auto-Submitted: auto-replied\r\n");
            let stripped = answers.clone();
            let receipt = format!(
                "{answers}Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n"
            );
            for (what, more, subject) in [
                ("away", &away, "Automatic reply: We have your complaint"),
                ("stripped", &stripped, "Automatic reply: We have your complaint"),
                ("receipt", &receipt, "Read: We have your complaint"),
            ] {
                let from = format!("{family} <{id}@mail.example>");
                let raw = mail(
                    &from,
                    &format!("{id}-{what}"),
                    subject,
                    more,
                    "I am on leave until Monday. I want to complain.",
                );
                // Whatever the classifier would make of its words.
                let loud = suggestion(Act::Complaint, 0.99, 0.99, Procedure::Statutory, Theme::StaffConduct);
                let counts = council.arrives("complaints", &raw, "2026-11-20T10:00:00Z", &loud).await;
                assert_eq!((counts.joined, counts.cases_opened), (1, 0), "{how} {what}");
            }
            let after = council.case(reference).await;
            assert_eq!(after.messages.len(), before.messages.len() + 3, "{how}: all are kept with the case");
            let said = |case: &CaseView| {
                let dues: Vec<_> = case.dues.iter().map(|due| (due.what.clone(), due.on, due.done_at)).collect();
                format!(
                    "{:?}",
                    (
                        case.status,
                        case.act,
                        case.procedure,
                        case.safeguarding,
                        case.received_at,
                        &case.assigned_to,
                        dues,
                        &case.acknowledgement
                    )
                )
            };
            assert_eq!(said(&after), said(&before), "{how}");
            let query = QueueQuery { filter: QueueFilter::NewMessage, page: 1, ..QueueQuery::default() };
            assert_eq!(
                council.desk.queue(&query, &council.bell, now()).await.unwrap().total,
                0,
                "{how}: nothing to read"
            );
            while send_due(&council.engine).await.unwrap() > 0 {}
            assert_eq!(sent_to(&council, &format!("{id}@mail.example")).len(), 1, "{how}: nobody is answered");
        }
        council.database.drop().await;
    }

    pub async fn a_person_taken_for_a_machine_gets_their_case_and_their_clock(council: Council) {
        let bulk =
            mail("Cy Dean <cy@mail.example>", "cy-1", "Nobody listens", "Precedence: bulk\r\n", "I want to complain.");
        let complaint = suggestion(Act::Complaint, 0.97, 0.03, Procedure::Corporate, Theme::Delay);
        let counts = council.arrives("complaints", &bulk, "2026-11-16T09:00:00Z", &complaint).await;
        assert_eq!((counts.filed, counts.cases_opened), (1, 0));
        let filed = council.desk.filed().await.unwrap();
        assert_eq!((filed.len(), filed[0].from.as_str()), (1, "Cy Dean, cy@mail.example"));
        assert!(filed[0].because.contains("Precedence: bulk"), "{}", filed[0].because);
        let reference = council.desk.open_filed(filed[0].id, &council.bell, now()).await.unwrap();
        let again = council.desk.open_filed(filed[0].id, &council.bell, now()).await;
        assert!(matches!(again, Err(DeskError::NotFound)), "{again:?}");
        assert!(council.desk.filed().await.unwrap().is_empty());
        let case = council.case(reference).await;
        assert_eq!(case.received_at, at("2026-11-16T09:00:00Z"), "it counts from when it came");
        assert_eq!(case.messages[0].text.trim(), "I want to complain.");

        // Heard must not answer it, so an officer does; until then it is on the list and the duty is open.
        council.act(reference, case.version, DeskAction::Confirm).await.unwrap();
        let case = council.case(reference).await;
        assert!(
            matches!(&case.acknowledgement, Acknowledgement::ByHand { why } if why.contains("Precedence")),
            "{:?}",
            case.acknowledgement
        );
        assert_eq!(acknowledge(&case).done_at, None);
        let untold = council.desk.undelivered(&council.bell).await.unwrap().untold;
        assert_eq!(untold.iter().map(|one| one.reference.clone()).collect::<Vec<_>>(), [reference.to_string()]);
        assert_eq!(
            (council.trouble().await.letters, council.desk.waiting(&council.bell).await.unwrap().undelivered),
            (1, 1)
        );
        let told = || DeskAction::Told { why: "Rang him.".into() };
        let version = council.act(reference, case.version, told()).await.unwrap();
        let case = council.case(reference).await;
        assert_eq!(acknowledge(&case).done_at, Some(now()));
        assert!(council.desk.undelivered(&council.bell).await.unwrap().untold.is_empty());
        let twice = council.act(reference, version, told()).await;
        assert!(matches!(twice, Err(DeskError::Refused(_))), "{twice:?}");

        // Through a group of the council's own a person is a person, and the whole group is not answered.
        let group = mail(
            "Di Fox <di@mail.example>",
            "di-1",
            "My son's plan",
            "List-Id: Managers <managers.calderbeck.example>\r\nPrecedence: list\r\n",
            "I want to make a complaint.",
        );
        assert_eq!(council.arrives("complaints", &group, "2026-11-20T09:00:00Z", &complaint).await.cases_opened, 1);
        let case = council.case(council.reference("Di Fox").await).await;
        assert!(matches!(case.acknowledgement, Acknowledgement::ByHand { .. }));
        while send_due(&council.engine).await.unwrap() > 0 {}
        assert!(sent_to(&council, "di@mail.example").is_empty() && sent_to(&council, "cy@mail.example").is_empty());
        council.database.drop().await;
    }
}
