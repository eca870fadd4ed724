//! One issue of one family is one case, also where no message points at another: stories on SQLite and (where
//! `HEARD_TEST_POSTGRES` names a server) on Postgres.

use crate::{
    council::{Council, about, mail, on_both},
    databases::Database,
};
use heard::{
    labelling::labels::{Act, Theme},
    web::{
        desk::DeskAction,
        views::{OtherCase, QueueFilter, QueueOrder},
    },
};

on_both! {
    one_issue_is_one_case one_issue_is_one_case_on_postgres;
}

const RUBA: &str = "Ruba Harrak <ruba@mail.example>";
const ADIL: &str = "\"Harrak, Adil (Nights)\" <adil.harrak@freight.example>";
const BUS: &str = "I am the mother of Ibrahim (14) and Zaynab (11). The S9 minibus to Hollow Bank did not come on Monday and \
                   nobody at the operator picks up the telephone.";
const FATHER: &str =
    "You have had an email from my wife about the S9. Nobody replied. Ibrahim and Zaynab have been at home all week.";

async fn cases(council: &Council) -> u64 {
    council.queue(QueueFilter::All, "", QueueOrder::NewestFirst, 1).await.total
}

/// A father is in his wife's case, hears nothing of it before an officer has agreed, and is a party from then on.
async fn the_other_parent_waits_in_the_case_for_an_officer(council: &Council) {
    let transport = about(Theme::Transport, Act::Complaint);
    council
        .arrives("complaints", &mail(RUBA, "ruba-1", "School bus", "", BUS), "2026-11-16T20:14:00Z", &transport)
        .await;
    let letters = "SELECT count(*) FROM outbox";
    assert_eq!((cases(council).await, council.database.number(letters).await), (1, 1));
    for (mailbox, id) in [("manager-fostering", "adil-1"), ("complaints", "adil-2")] {
        let words = format!("{FATHER} ({id})");
        let raw = mail(ADIL, id, "Ibrahim + Zaynab - five days", "", &words);
        let counts = council.arrives(mailbox, &raw, "2026-11-20T07:40:00Z", &transport).await;
        assert_eq!((counts.joined, counts.cases_opened, counts.forgotten), (1, 0, 0), "{mailbox}");
    }
    assert_eq!(council.database.number(letters).await, 1, "he is told nothing of a case that may be another family's");
    let reference = council.reference("Harrak").await;
    let case = council.case(reference).await;
    assert_eq!(case.messages.len(), 3);
    assert_eq!(case.messages.iter().filter(|message| message.unverified).count(), 2);
    let his = case.messages.iter().find(|message| message.address.contains("adil")).unwrap();
    assert!(
        his.unverified && his.doubt.starts_with("Seems to be by somebody else of the same family"),
        "{}",
        his.doubt
    );
    assert!(his.doubt.contains("Harrak") && his.doubt.contains("Ibrahim"), "{}", his.doubt);
    council.act(reference, case.version, DeskAction::AcceptSender { message: his.id }).await.unwrap();
    let raw =
        mail(ADIL, "adil-3", "Monday", "", "Still no minibus to Hollow Bank. What is the plan for Ibrahim and Zaynab?");
    let counts = council.arrives("complaints", &raw, "2026-11-20T08:40:00Z", &transport).await;
    assert_eq!((counts.joined, counts.cases_opened), (1, 0));
    let case = council.case(reference).await;
    assert!(!case.messages.iter().find(|message| message.subject == "Monday").unwrap().unverified);
}

/// The same bus, and a neighbour who names both children: a case of her own, and nothing of hers in the first.
async fn a_neighbour_with_the_same_problem_has_a_case_of_her_own(council: &Council) {
    let transport = about(Theme::Transport, Act::Complaint);
    let words =
        "The S9 to Hollow Bank has not come for my son Levi. Ruba's two, Ibrahim and Zaynab, wait at the same stop.";
    let raw = mail("Jo Tregar <jo@mail.example>", "jo-1", "School bus", "", words);
    let before = cases(council).await;
    let counts = council.arrives("complaints", &raw, "2026-11-17T07:52:00Z", &transport).await;
    assert_eq!((counts.cases_opened, cases(council).await), (1, before + 1));
    let case = council.case(council.reference("Tregar").await).await;
    assert_eq!(case.messages.len(), 1);
}

/// Somebody known writes about something else, in a mail of its own or in an old thread: another case, which says why.
async fn another_matter_of_the_same_person_is_another_case(council: &Council) {
    let before = cases(council).await;
    let money = "The direct payment for respite has not been made since July and we have paid the carer ourselves out of \
                 savings, four hundred pounds so far.";
    let raw = mail(RUBA, "ruba-2", "Payments", "", money);
    council.arrives("complaints", &raw, "2026-11-18T09:00:00Z", &about(Theme::Finance, Act::Complaint)).await;
    assert_eq!(cases(council).await, before + 1);
    let records =
        "Thank you, that is settled. Separate matter: the minutes of the review have our new address on them.";
    let raw = mail(RUBA, "ruba-3", "Re: School bus", "References: <ruba-1@mail.example>\r\n", records);
    council
        .arrives("complaints", &raw, "2026-11-19T09:00:00Z", &about(Theme::InformationAndRecords, Act::Complaint))
        .await;
    assert_eq!(cases(council).await, before + 2);
    let page = council.queue(QueueFilter::All, "", QueueOrder::NewestFirst, 1).await;
    let case = council.case(page.rows[0].reference.parse().unwrap()).await;
    let OtherCase { reference: other, why, .. } = case.sorting.may_belong.unwrap();
    assert_ne!(other, case.reference);
    assert!(why.contains("says that it is about something else"), "{why}");
}

/// What a party of a case writes to a manager about other things stays the manager's, however alike the words are.
async fn private_mail_that_only_resembles_a_case_is_forgotten(council: &Council) {
    let words = "Thank you for the S9 minibus to Hollow Bank, Ibrahim and Zaynab were on it. Shall we meet about the summer fete?";
    let raw = mail(RUBA, "ruba-4", "School bus", "", words);
    let before = cases(council).await;
    let counts = council
        .arrives("manager-fostering", &raw, "2026-11-20T09:30:00Z", &about(Theme::Transport, Act::Routine))
        .await;
    assert_eq!((counts.forgotten, counts.joined, cases(council).await), (1, 0, before));
    let kept =
        council.database.number("SELECT count(*) FROM representation WHERE visible_text LIKE '%summer fete%'").await;
    assert_eq!(kept, 0);
}

const SYLLABLES: [&str; 10] = ["Ald", "Brom", "Cors", "Dreth", "Ens", "Folk", "Gram", "Hult", "Isk", "Jarn"];
const MAILBOXES: [&str; 5] =
    ["manager-fostering", "manager-send", "complaints", "manager-transport", "manager-early-help"];

/// One complaint, sent to four managers and to the complaints mailbox, settled at the same moment and in any order: one case
/// that all five hold, and one acknowledgement.
async fn one_complaint_to_five_mailboxes_at_once(council: &Council) {
    let transport = about(Theme::Transport, Act::Complaint);
    let mut orders: Vec<Vec<usize>> = (0..5).map(|first| (0..5).map(|at| (first + at) % 5).collect()).collect();
    orders.extend((0..5).map(|first| (0..5).map(|at| (first + 5 - at) % 5).collect()));
    for (n, order) in orders.iter().enumerate() {
        for separately in [false, true] {
            let run = format!("{n}-{separately}");
            let surname = format!("{}{}", SYLLABLES[n], if separately { "owitz" } else { "ensen" });
            let child = format!("{}{}", SYLLABLES[9 - n], if separately { "ela" } else { "ik" });
            let from = format!("Robin {surname} <five-{run}@mail.example>");
            let before = cases(council).await;
            let letters = council.database.number("SELECT count(*) FROM outbox").await;
            let arrivals = order.iter().map(|at| {
                let mailbox = MAILBOXES[*at];
                // Once for all of them, or typed in for each.
                let id = if separately { format!("five-{run}-{mailbox}") } else { format!("five-{run}") };
                let greeting = if separately { format!("Dear {mailbox},\r\n\r\n") } else { String::new() };
                let words =
                    format!("{greeting}My child {child} has had no taxi for three weeks and nobody rings us back.");
                let raw = mail(&from, &id, "No taxi", "", &words);
                let transport = &transport;
                async move { council.arrives(mailbox, &raw, "2026-11-18T07:52:00Z", transport).await }
            });
            futures::future::join_all(arrivals).await;
            assert_eq!(cases(council).await, before + 1, "{run} {order:?}");
            assert_eq!(council.database.number("SELECT count(*) FROM outbox").await, letters + 1, "{run} {order:?}");
            let case = council.case(council.reference(&format!("five-{run}@mail.example")).await).await;
            let mut found: Vec<&str> =
                case.messages.iter().flat_map(|message| message.found_in.iter().map(String::as_str)).collect();
            found.sort_unstable();
            assert_eq!(found.len(), 5, "{run}: {found:?}");
            assert_eq!(case.messages.len(), if separately { 5 } else { 1 });
        }
    }
}

mod stories {
    use super::*;

    pub async fn one_issue_is_one_case(council: Council) {
        the_other_parent_waits_in_the_case_for_an_officer(&council).await;
        a_neighbour_with_the_same_problem_has_a_case_of_her_own(&council).await;
        another_matter_of_the_same_person_is_another_case(&council).await;
        private_mail_that_only_resembles_a_case_is_forgotten(&council).await;
        one_complaint_to_five_mailboxes_at_once(&council).await;
        council.database.drop().await;
    }
}
