//! A family asks by mail where its complaint is up to: answered at once, at the address it is known by, and no officer has to do
//! anything; whoever else asks gets what any message gets. On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use heard::{
    ids::CaseReference,
    labelling::labels::{Act, Procedure, Theme},
    languages::Language,
    procedure::event::Safeguarding,
    web::{
        desk::DeskAction,
        views::{CaseStatus, QueueFilter},
    },
};

use crate::{
    council::{Council, mail, now, on_both, suggestion},
    databases::Database,
};

on_both! {
    a_family_that_asks_is_told_at_once told_on_postgres;
    whatever_says_more_waits_for_an_officer says_more_on_postgres;
    strangers_and_staff_get_what_any_message_gets strangers_ask_on_postgres;
    what_asks_for_no_case_is_told_of_every_one_that_runs every_case_on_postgres;
    where_nothing_may_go_an_officer_sees_it careful_on_postgres;
}

const NOOR: &str = "Noor Haddad <noor@mail.example>";
const TESS: &str = "Tess Moor <tess@mail.example>";
const LETTERS: &str = "SELECT count(*) FROM outbox WHERE kind = 'status'";
const RELATIONS: &str = "SELECT relation FROM case_message ORDER BY representation_id";

async fn writes(council: &Council, from: &str, id: &str, (subject, more, words): (&str, &str, &str)) -> u64 {
    let raw = mail(from, id, subject, more, words);
    // Whatever a classifier makes of three words.
    let said = suggestion(Act::Complaint, 0.97, 0.02, Procedure::Statutory, Theme::Communication);
    council.arrives("complaints", &raw, "2026-11-20T10:00:00Z", &said).await.cases_opened
}

async fn complains(council: &Council, from: &str, id: &str, words: &str) -> CaseReference {
    assert_eq!(writes(council, from, id, ("A complaint", "", words)).await, 1, "{id}");
    council.newest().await
}

async fn act(council: &Council, case: CaseReference, action: DeskAction) {
    let version = council.case(case).await.version;
    council.act(case, version, action).await.unwrap();
}

/// What came is later than everything that officers did and saw.
async fn comes_later(council: &Council) {
    council.database.run("UPDATE case_message SET added_at = '2026-11-20T11:00:00Z' WHERE relation <> 'new'").await;
    council.database.run("UPDATE case_file SET news = TRUE").await;
}

async fn an_hour_goes_by(council: &Council) {
    council.database.run("UPDATE outbox SET queued_at = '2026-11-20T08:00:00Z' WHERE kind = 'status'").await;
}

const WORDS: &str = "Nobody has rung me back since May about Sami and his plan.";

mod stories {
    use super::*;

    pub async fn a_family_that_asks_is_told_at_once(council: Council) {
        let case = complains(&council, NOOR, "noor-1", WORDS).await;
        act(&council, case, DeskAction::Confirm).await;
        act(&council, case, DeskAction::Assign { to: council.bell.id }).await;
        let before = council.case(case).await;
        let asks = ("Where is it up to?", "", "Thanks\nNoor");
        assert_eq!(writes(&council, NOOR, "noor-2", asks).await, 0, "no case of its own");
        let letter = council.letters("status").await.remove(0);
        assert_eq!(letter.to, "noor@mail.example");
        assert!(letter.automatic && letter.reply_to.is_some() && letter.in_reply_to == ["noor-2@mail.example"]);
        let link = regex::Regex::new("link-of-[0-9a-f]{32}").unwrap();
        let shown = format!("{}\n\n{}", letter.subject, link.replace_all(&letter.text, "(CODE)"));
        insta::allow_duplicates! { insta::assert_snapshot!("the_letter", shown) };

        // It is among the messages and in the history, and nobody has to do anything about it.
        let after = council.case(case).await;
        assert_eq!(after.messages.len(), before.messages.len() + 1);
        let asked = after.messages.iter().find(|message| message.subject == "Where is it up to?").unwrap();
        assert_eq!(asked.relation, "Joined this case: it asks where it is up to, and was answered at once");
        assert!(after.history.iter().any(|entry| entry.title == "They asked where it is up to"));
        assert!(after.papers.iter().any(|paper| paper.what.contains("where it is up to")), "{:?}", after.papers);
        comes_later(&council).await;
        assert_eq!(council.families(QueueFilter::NewMessage).await, [""; 0]);
        assert_eq!(council.families(QueueFilter::All).await, ["Noor Haddad"]);
        assert_eq!(council.database.number("SELECT count(*) FROM suggestion").await, 1, "it teaches nothing");

        // Once an hour. What they answer to the letter is a message like any other.
        let asks = ("Status", "", "");
        assert_eq!(writes(&council, NOOR, "noor-3", asks).await, 0);
        assert_eq!(council.database.number(LETTERS).await, 1);
        assert_eq!(council.families(QueueFilter::NewMessage).await, [""; 0]);
        an_hour_goes_by(&council).await;
        assert_eq!(writes(&council, NOOR, "noor-4", asks).await, 0);
        assert_eq!(council.database.number(LETTERS).await, 2);
        let answers = format!("In-Reply-To: <{}>\r\n", council.letters("status").await[0].message_id);
        assert_eq!(writes(&council, NOOR, "noor-5", ("Re: Where it is", &answers, "She still has not rung.")).await, 0);
        assert_eq!(council.database.number(LETTERS).await, 2);
        comes_later(&council).await;
        assert_eq!(council.families(QueueFilter::NewMessage).await, ["Noor Haddad"]);
        assert_eq!(council.database.texts(RELATIONS).await, ["new", "status", "status", "status", "same-issue"]);

        // What is over stays over. In the language in which they ask, where it is offered.
        council.database.run("UPDATE case_file SET status = 'closed'").await;
        an_hour_goes_by(&council).await;
        let polish = ("", "", "Co się dzieje z moją skargą?");
        assert_eq!(writes(&council, NOOR, "noor-6", polish).await, 0);
        assert!(council.letters("status").await[0].subject.starts_with("Where HRD-26-"));
        let council = council.offering(&[Language::English, Language::Polish]);
        an_hour_goes_by(&council).await;
        assert_eq!(writes(&council, NOOR, "noor-7", polish).await, 0);
        let letter = council.letters("status").await.remove(0);
        assert!(letter.subject.starts_with("Na jakim etapie jest HRD-26-"), "{}", letter.subject);
        assert!(letter.text.contains("Tę wiadomość napisał komputer"), "{}", letter.text);
        assert_eq!(council.case(case).await.status, CaseStatus::Closed);
    }

    pub async fn whatever_says_more_waits_for_an_officer(council: Council) {
        complains(&council, NOOR, "noor-1", WORDS).await;
        let thread = "In-Reply-To: <noor-1@mail.example>\r\n";
        let file = "Auto-Submitted: auto-replied\r\nIn-Reply-To: <noor-1@mail.example>\r\n";
        for (id, subject, more, words) in [
            ("noor-2", "Status", thread, "Nobody has rung me."),
            ("noor-3", "He hit him again", thread, "status"),
            ("noor-4", "Re: A complaint", thread, "Status? And ring me on 07700 900123."),
            ("noor-5", "Re: A complaint", file, "status"),
        ] {
            assert_eq!(writes(&council, NOOR, id, (subject, more, words)).await, 0, "{id}");
        }
        assert_eq!(council.database.number(LETTERS).await, 0);
        let relations = council.database.texts(RELATIONS).await;
        assert_eq!(relations, ["new", "same-issue", "same-issue", "same-issue", "automatic"]);
        assert_eq!(council.families(QueueFilter::NewMessage).await, ["Noor Haddad"]);
    }

    pub async fn strangers_and_staff_get_what_any_message_gets(council: Council) {
        let case = complains(&council, NOOR, "noor-1", WORDS).await;
        let asks = format!("STATUS {case}");
        // The reference of a case and one that is none come to the same.
        assert_eq!(writes(&council, TESS, "tess-1", (&asks, "", "status")).await, 1);
        let other = "Stranger <stranger@mail.example>";
        assert_eq!(writes(&council, other, "stranger-1", ("STATUS HRD-26-09999-A", "", "status")).await, 1);
        let told = "SELECT count(*) FROM outbox WHERE kind = 'acknowledgement' AND recipient IN ('tess@mail.example', 'stranger@mail.example')";
        assert_eq!(
            council.database.number(told).await,
            2,
            "each has told us something new, for all that anybody knows"
        );
        // In the thread, by its id.
        let thread = "In-Reply-To: <noor-1@mail.example>\r\n";
        assert_eq!(writes(&council, TESS, "tess-2", ("Re: A complaint", thread, "status")).await, 0);
        // Whom it is about, and other staff.
        let bell = "Rowan Bell <rowan.bell@calderbeck.example>";
        writes(&council, bell, "bell-1", (&asks, "", "status")).await;
        // Who only says that they are the family.
        let forged = "Authentication-Results: mx.calderbeck.example; dmarc=fail header.from=mail.example\r\n\
                      Received: from out.example (out.example [192.0.2.9]) by mx.calderbeck.example with ESMTP; Fri, 20 Nov 2026 08:00:01 +0000\r\n";
        writes(&council, NOOR, "noor-2", (&asks, forged, "status")).await;
        // Who is to be answered elsewhere.
        let elsewhere = "Reply-To: somebody@else.example\r\n";
        writes(&council, NOOR, "noor-3", (&asks, elsewhere, "status")).await;
        assert_eq!(council.database.number(LETTERS).await, 0);
        assert_eq!(council.database.number("SELECT count(*) FROM case_message WHERE relation = 'status'").await, 0);
        // A party who is one whom it is about hears nothing either.
        let insert =
            "INSERT INTO case_barred (case_id, email, why) SELECT id, 'noor@mail.example', 'subject' FROM case_file
          WHERE reference = (SELECT min(reference) FROM case_file)";
        council.database.run(insert).await;
        writes(&council, NOOR, "noor-4", (&asks, "", "status")).await;
        assert_eq!(council.database.number(LETTERS).await, 0);
    }

    pub async fn what_asks_for_no_case_is_told_of_every_one_that_runs(council: Council) {
        let first = complains(&council, NOOR, "noor-1", WORDS).await;
        let taxi = "The school taxi has not come for three days and the driver was rude to Amira about her chair.";
        let second = complains(&council, NOOR, "noor-2", taxi).await;
        let others = complains(&council, TESS, "tess-1", "The allowance has not come since March.").await;
        let about = |letter: &heard::replies::courier::Outgoing| letter.subject.clone();
        assert_eq!(writes(&council, NOOR, "noor-3", ("Any news?", "", "")).await, 0);
        // Each in a letter of its own, which lies in its case: who may see one case need not see the other.
        let mut subjects: Vec<_> = council.letters("status").await.iter().map(about).collect();
        subjects.sort();
        assert_eq!(subjects, [first, second].map(|case| format!("Where {case} is up to")));
        an_hour_goes_by(&council).await;
        assert_eq!(writes(&council, NOOR, "noor-4", (&format!("STATUS {first}"), "", "")).await, 0);
        assert_eq!(council.database.number(LETTERS).await, 3);
        assert_eq!(about(&council.letters("status").await[0]), format!("Where {first} is up to"));
        // A reference that is none of theirs is as if they had quoted none.
        an_hour_goes_by(&council).await;
        assert_eq!(writes(&council, NOOR, "noor-5", (&format!("STATUS {others}"), "", "")).await, 0);
        an_hour_goes_by(&council).await;
        assert_eq!(writes(&council, NOOR, "noor-6", ("STATUS HRD-26-09999-A", "", "")).await, 0);
        let all = council.letters("status").await;
        assert_eq!(all.len(), 7);
        assert!(
            all.iter().all(|letter| letter.to == "noor@mail.example" && !letter.text.contains(&others.to_string()))
        );
    }

    pub async fn where_nothing_may_go_an_officer_sees_it(council: Council) {
        let case = complains(&council, NOOR, "noor-1", WORDS).await;
        act(
            &council,
            case,
            DeskAction::Safeguarding(Safeguarding::DoNotReply { address: "noor@mail.example".into(), is: true }),
        )
        .await;
        assert_eq!(council.families(QueueFilter::NewMessage).await, [""; 0]);
        council.database.run("UPDATE case_event SET at = '2026-11-20T09:30:00Z'").await;
        assert_eq!(writes(&council, NOOR, "noor-2", ("Status", "", "")).await, 0);
        assert_eq!(council.database.number(LETTERS).await, 0);
        assert_eq!(council.families(QueueFilter::NewMessage).await, ["Noor Haddad"]);
        let asked = council.case(case).await.messages.into_iter().find(|message| message.subject == "Status").unwrap();
        assert!(
            asked.relation.contains("nothing was sent by itself: this address is one to be careful with"),
            "{}",
            asked.relation
        );
        assert!(now() > council.case(case).await.received_at);
    }
}
