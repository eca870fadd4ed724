//! A child at risk: the alert reaches whoever is on duty and the MASH, is acknowledged by a person, and goes up the line when it is
//! not; an allegation reaches the Designated Officer; and nothing goes unseen to an address to be careful with. On SQLite and
//! (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use std::sync::Arc;

use crate::{
    council::{Council, at, mail, now, on_both, said, suggestion},
    databases::Database,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures::{FutureExt as _, future::BoxFuture};
use heard::{
    casework::Given,
    config::Level,
    ids::CaseReference,
    labelling::{
        classifier::{Classifier, LabellingError, Unlabelled},
        labels::{Act, Procedure, Suggestion, Theme},
    },
    procedure::event::{Finding, Point, PointOutcome, Points, Safeguarding},
    web::{
        desk::{Desk, DeskAction, DeskError, LetterAction},
        views::{Acknowledgement, CaseStatus, NotDelivered, QueueFilter, QueueOrder},
    },
    workers::{Engine, IngestCounts, Ingesting, ingest_one, look_for_unread_alerts, run_until_idle, send_due},
};

on_both! {
    the_alert_lies_in_the_outbox_with_the_case_for_duty_and_mash alert_on_postgres;
    a_person_acknowledges_it_and_nothing_is_put_aside_before acknowledged_on_postgres;
    a_message_that_is_judged_late_is_told_of_all_the_same judged_late_on_postgres;
    it_goes_up_the_line_while_nobody_has_acknowledged_it up_the_line_on_postgres;
    two_programs_write_to_a_level_once two_programs_on_postgres;
    whom_it_is_about_hears_nothing_and_the_next_do_not_wait passed_over_on_postgres;
    what_is_merged_is_acknowledged_once merged_on_postgres;
    the_designated_officer_is_told_of_an_allegation_once designated_officer_on_postgres;
    nothing_goes_unseen_to_a_refuge refuge_on_postgres;
    an_officer_marks_an_address_and_takes_it_back marked_on_postgres;
}

const WREN: &str = "Dana Wren <d.wren@mail.example>";

/// What the classifier thinks of a message that may tell of a child at risk.
fn at_risk() -> Suggestion {
    suggestion(Act::Concern, 0.97, 0.93, Procedure::Statutory, Theme::Communication)
}

async fn tells(council: &Council, id: &str, words: &str) -> CaseReference {
    let from = if id == "wren-1" { WREN.to_owned() } else { format!("Caller {id} <{id}@mail.example>") };
    let raw = mail(&from, id, "please read today", "", words);
    assert_eq!(council.arrives("complaints", &raw, "2026-11-20T10:30:00Z", &at_risk()).await.cases_opened, 1);
    council.newest().await
}

const SCARED: &str = "Her dad has been round the house again at night and the girls are scared to sleep.";

async fn act_at(
    council: &Council,
    case: CaseReference,
    action: DeskAction,
    when: DateTime<Utc>,
) -> Result<(), DeskError> {
    let version = council.desk.peek(case, &council.morgan, when).await.unwrap().version;
    council.desk.act(case, &council.morgan, version, action, when).await.map(|_| ())
}

async fn act(council: &Council, case: CaseReference, action: DeskAction) -> Result<(), DeskError> {
    act_at(council, case, action, now()).await
}

fn refused(answer: Result<(), DeskError>, says: &str) {
    let Err(DeskError::Refused(why)) = answer else { panic!("{answer:?}") };
    assert!(why.contains(says), "{why}");
}

fn read(what: &str) -> DeskAction {
    DeskAction::Safeguarding(Safeguarding::Read { what: what.into() })
}

fn allegation(is: bool) -> DeskAction {
    DeskAction::Safeguarding(Safeguarding::Allegation { is })
}

fn mark(address: &str, is: bool) -> DeskAction {
    DeskAction::Safeguarding(Safeguarding::DoNotReply { address: address.into(), is })
}

fn enquiry() -> DeskAction {
    DeskAction::NotAComplaint { act: Act::Enquiry, reason: "She asks for term dates.".into() }
}

/// Whom alerts were written to, in the order of writing.
async fn alerted(council: &Council) -> Vec<String> {
    council.database.texts("SELECT recipient FROM outbox WHERE kind = 'alert' ORDER BY id").await
}

async fn look(engine: &Engine, minutes: i64) -> u64 {
    look_for_unread_alerts(engine, now() + TimeDelta::minutes(minutes)).await.unwrap()
}

async fn letter(council: &Council, sql: &'static str) -> String {
    council.database.texts(sql).await.remove(0)
}

const DUTY: &str = "complaints-duty@calderbeck.example";
/// Finds a child at risk in everything.
struct Judges;

impl Classifier for Judges {
    fn model(&self) -> String {
        "judges".into()
    }

    fn label(&self, messages: Vec<Unlabelled>) -> BoxFuture<'_, Result<Vec<Suggestion>, LabellingError>> {
        async move { Ok(vec![at_risk(); messages.len()]) }.boxed()
    }
}

const MASH: &str = "mash@calderbeck.example";
const MANAGER: &str = "complaints-manager@calderbeck.example";
const HEAD: &str = "head-of-safeguarding@calderbeck.example";

mod stories {
    use super::*;

    pub async fn the_alert_lies_in_the_outbox_with_the_case_for_duty_and_mash(council: Council) {
        let began = std::time::Instant::now();
        let case = tells(&council, "wren-1", SCARED).await;
        let took = began.elapsed();
        assert_eq!(alerted(&council).await, [DUTY, MASH]);
        // One transaction: whoever sees the case finds the alert.
        let together = "SELECT count(*) FROM outbox o JOIN case_file c ON c.id = o.case_id WHERE o.kind = 'alert' AND o.state = 'waiting' AND o.queued_at = c.opened_at";
        assert_eq!(council.database.number(together).await, 2);
        println!(
            "the alert lay in the outbox, in the transaction that opened the case, {took:?} after the message came"
        );

        let words = letter(&council, "SELECT message ->> 'text' FROM outbox WHERE kind = 'alert' ORDER BY id").await;
        insta::allow_duplicates! { insta::assert_snapshot!("the_alert", words) };
        assert!(words.contains(&case.to_string()) && !words.contains("Wren") && !words.contains("scared"));
        while send_due(&council.engine).await.unwrap() > 0 {}
        assert_eq!(
            council.database.number("SELECT count(*) FROM outbox WHERE kind = 'alert' AND state = 'sent'").await,
            2
        );
        let shown = council.case(case).await;
        assert!(shown.history.iter().any(|entry| entry.title == "Safeguarding alert written"));
        assert_eq!(shown.protection.next_at, Some(shown.protection.unread_since.unwrap() + TimeDelta::minutes(30)));

        // Whoever is on duty and is named in it hears nothing; the MASH does.
        let council = council.with(|settings| {
            settings.safeguarding.duty = vec!["Ruth.Pellow@calderbeck.example".into()];
            settings.council.safeguarding_alerts_to = vec![MASH.into()];
        });
        tells(&council, "wren-2", "Ruth Pellow saw the bruises on my nephew and did nothing.").await;
        assert_eq!(alerted(&council).await, [DUTY, MASH, MASH]);
        // The older key alone does what it did.
        let council = council.with(|settings| {
            settings.safeguarding = Default::default();
            settings.council.safeguarding_alerts_to = vec!["old@calderbeck.example".into()];
        });
        tells(&council, "wren-3", "The boy next door has not eaten since Sunday, his mother locks him in.").await;
        assert_eq!(alerted(&council).await[3..], ["old@calderbeck.example"]);
        let words = letter(&council, "SELECT message ->> 'text' FROM outbox WHERE recipient LIKE 'old@%'").await;
        assert!(!words.contains("others are told"), "{words}");
    }

    pub async fn a_person_acknowledges_it_and_nothing_is_put_aside_before(council: Council) {
        let raw = mail("Noor <noor@mail.example>", "noor-1", "Taxi", "", "The taxi has not come for three days.");
        council.arrives("complaints", &raw, "2026-11-02T09:00:00Z", &said(Theme::Transport)).await;
        let taxi = council.newest().await;
        refused(act(&council, taxi, read("x")).await, "was not raised for safeguarding");
        let case = tells(&council, "wren-1", SCARED).await;
        // It comes first, before what is overdue and before what is newer.
        let late = mail("Sami <sami@mail.example>", "sami-1", "Respite", "", "The respite money has not been paid.");
        council.arrives("complaints", &late, "2026-11-20T10:29:00Z", &said(Theme::Finance)).await;
        for order in [QueueOrder::DueFirst, QueueOrder::NewestFirst] {
            let page = council.queue(QueueFilter::All, "", order, 1).await;
            assert_eq!(
                (page.rows[0].reference.clone(), page.rows[0].unread_alert),
                (case.to_string(), true),
                "{order:?}"
            );
            assert!(page.rows[1..].iter().all(|row| !row.unread_alert));
            assert_eq!(page.counts.unread_alert, 1);
        }
        assert_eq!(council.families(QueueFilter::UnreadAlert).await, ["Dana Wren"]);
        let health = council.desk.health(now()).await.unwrap().safeguarding;
        assert_eq!((health.unread, health.oldest, health.at_once, health.levels), (1, Some(now()), 2, 2));

        refused(act(&council, case, enquiry()).await, "nobody has acknowledged the alert");
        refused(act(&council, case, read("  ")).await, "nter what you did or decided");
        refused(act(&council, case, read(&"x".repeat(2_001))).await, "2,000 characters");
        let what = "Rang the duty social worker at 10:40. She visits today.";
        act_at(&council, case, read(what), at("2026-11-20T10:41:00Z")).await.unwrap();
        let shown = council.case(case).await;
        let entry = &shown.history[0];
        assert_eq!(
            (entry.title.as_str(), entry.by.as_str(), entry.at, entry.detail.as_str()),
            ("Safeguarding alert acknowledged", "Sam Morgan", at("2026-11-20T10:41:00Z"), what)
        );
        assert_eq!((shown.protection.unread_since, shown.protection.read.len()), (None, 1));
        assert!(shown.undo.is_none(), "it cannot be taken back");
        refused(act(&council, case, read(what)).await, "acknowledged this alert already");
        assert_eq!(council.queue(QueueFilter::All, "", QueueOrder::DueFirst, 1).await.counts.unread_alert, 0);
        assert_eq!(council.desk.health(now()).await.unwrap().safeguarding.unread, 0);

        // A later message that raises it again asks nobody again.
        let raw = mail(WREN, "wren-2", "Re: please read today", "In-Reply-To: <wren-1@mail.example>\r\n", SCARED);
        let counts = council.arrives("complaints", &raw, "2026-11-20T10:45:00Z", &at_risk()).await;
        assert_eq!((counts.joined, alerted(&council).await.len()), (1, 2));
        assert_eq!(council.case(case).await.protection.unread_since, None);
        act(&council, case, enquiry()).await.unwrap();
        // One that raises it for the first time does.
        let raw =
            mail("Noor <noor@mail.example>", "noor-2", "Re: Taxi", "In-Reply-To: <noor-1@mail.example>\r\n", SCARED);
        council.arrives("complaints", &raw, "2026-11-20T10:46:00Z", &at_risk()).await;
        assert_eq!(alerted(&council).await.len(), 4);
        refused(act(&council, taxi, enquiry()).await, "nobody has acknowledged the alert");

        // Flagged while nothing is sent: nobody was alerted, and it waits for a person all the same, closed or not.
        let council = council.with(|settings| settings.sending.enabled = false);
        let silent =
            tells(&council, "wren-3", "There are bruises on the baby again, the big ones, look at them.").await;
        assert_eq!(alerted(&council).await.len(), 4);
        assert!(!council.case(silent).await.protection.alerted);
        refused(act(&council, silent, enquiry()).await, "nobody has acknowledged the alert");
        act(&council, silent, read("Passed on to the duty team.")).await.unwrap();
        act(&council, silent, enquiry()).await.unwrap();
        assert_eq!(council.case(silent).await.status, CaseStatus::NotAComplaint);
    }

    pub async fn a_message_that_is_judged_late_is_told_of_all_the_same(council: Council) {
        let raw = mail(WREN, "wren-1", "Taxi", "", "The taxi has not come for three days.");
        council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &said(Theme::Transport)).await;
        let case = council.newest().await;
        act(&council, case, DeskAction::Confirm).await.unwrap();
        // The classifier does not answer in time, and no word of it is one that says danger by itself.
        let answers = "In-Reply-To: <wren-1@mail.example>\r\n";
        let raw = mail(WREN, "wren-2", "Re: Taxi", answers, SCARED);
        let message = Ingesting::mail(&council.engine, "complaints", raw.into_bytes(), now());
        let mut counts = IngestCounts::default();
        ingest_one(&council.engine, &message, &[], &mut counts).await.unwrap();
        assert_eq!((counts.cases_opened, council.case(case).await.messages.len()), (0, 2));
        assert_eq!(alerted(&council).await, [""; 0]);
        let judging = Engine { classifier: Some(Arc::new(Judges)), ..council.engine.clone() };
        run_until_idle(&judging, Vec::new(), None).await.unwrap();
        assert_eq!(alerted(&council).await, [DUTY, MASH]);
        assert!(council.case(case).await.protection.unread_since.is_some());
        // Once.
        run_until_idle(&judging, Vec::new(), None).await.unwrap();
        assert_eq!(alerted(&council).await, [DUTY, MASH]);
    }

    pub async fn it_goes_up_the_line_while_nobody_has_acknowledged_it(council: Council) {
        let case = tells(&council, "wren-1", SCARED).await;
        assert_eq!((look(&council.engine, 29).await, alerted(&council).await.len()), (0, 2));
        assert_eq!((look(&council.engine, 30).await, look(&council.engine, 31).await), (1, 0));
        assert_eq!(alerted(&council).await, [DUTY, MASH, MANAGER]);
        let words =
            letter(&council, "SELECT message ->> 'text' FROM outbox WHERE recipient LIKE 'complaints-manager@%'").await;
        insta::allow_duplicates! { insta::assert_snapshot!("those_who_hear_next", words) };
        let shown = council.case(case).await;
        assert_eq!(shown.history[0].title, "Nobody had acknowledged the alert: written to level 1");
        assert_eq!(shown.protection.next_at, Some(now() + TimeDelta::minutes(60)));

        // The switch for sending keeps those who hear next from hearing, and they hear when it is on again.
        let council = council.with(|settings| settings.sending.enabled = false);
        assert_eq!(look(&council.engine, 61).await, 0);
        assert!(council.desk.health(now()).await.unwrap().outbox.stopped);
        let council = council.with(|_| ());
        assert_eq!(look(&council.engine, 62).await, 1);
        assert_eq!(alerted(&council).await, [DUTY, MASH, MANAGER, HEAD]);
        assert_eq!((look(&council.engine, 100_000).await, alerted(&council).await.len()), (0, 4));
        act(&council, case, read("Seen by the head of safeguarding.")).await.unwrap();

        // Acknowledged in time, nobody hears next.
        let other = tells(&council, "wren-2", "There are bruises on the baby again, the big ones, look at them.").await;
        act(&council, other, read("A social worker is there.")).await.unwrap();
        assert_eq!((look(&council.engine, 500).await, alerted(&council).await.len()), (0, 6));

        // Confirming a case is not acknowledging its alert.
        let third =
            tells(&council, "wren-3", "He said that he will hurt my little brother tonight when mum is out.").await;
        act(&council, third, DeskAction::Confirm).await.unwrap();
        assert_eq!(look(&council.engine, 30).await, 1);
        assert_eq!(alerted(&council).await[6..], [DUTY, MASH, MANAGER]);
    }

    pub async fn two_programs_write_to_a_level_once(council: Council) {
        for n in 0..5 {
            let words = format!("There are bruises on the baby again, number {n} of them, look at her now.");
            let raw = mail(
                &format!("Aunt {n} <aunt-{n}@mail.example>"),
                &format!("aunt-{n}"),
                &format!("Baby {n}"),
                "",
                &words,
            );
            council.arrives("complaints", &raw, "2026-11-20T10:30:00Z", &at_risk()).await;
        }
        let other = Engine { name: "other".into(), ..council.engine.clone() };
        let (one, two) = tokio::join!(look(&council.engine, 30), look(&other, 30));
        let told =
            council.database.number("SELECT count(*) FROM outbox WHERE recipient LIKE 'complaints-manager@%'").await;
        let escalated = "SELECT count(*) FROM case_event WHERE body ->> 'step' = 'escalated'";
        let cases = council.database.number("SELECT count(*) FROM case_file").await;
        assert!(cases >= 1);
        assert_eq!((one + two, told, council.database.number(escalated).await), (5, 5, 5), "{cases} cases");
    }

    pub async fn whom_it_is_about_hears_nothing_and_the_next_do_not_wait(council: Council) {
        let council = council.with(|settings| {
            let level = |to: &str, after_minutes| Level { to: vec![to.into()], after_minutes };
            settings.safeguarding.escalate = vec![
                level("ruth.pellow@calderbeck.example", 30),
                level(HEAD, 1),
                level("dominic.okafor@calderbeck.example", 30),
            ];
        });
        let case =
            tells(&council, "wren-1", "Ruth Pellow and Mr Okafor saw the bruises on my nephew and did nothing.").await;
        assert_eq!(look(&council.engine, 30).await, 1);
        assert_eq!(alerted(&council).await, [DUTY, MASH], "the first level is about her");
        assert_eq!(
            council.desk.case(case, &council.morgan, now()).await.unwrap().history[0].title,
            "Nobody had acknowledged the alert: level 1 was passed over"
        );
        assert_eq!(look(&council.engine, 31).await, 1);
        assert_eq!(alerted(&council).await, [DUTY, MASH, HEAD]);
        // A child at risk is somebody's to act on: the last of them hears, whoever it is about.
        assert_eq!(look(&council.engine, 61).await, 1);
        assert_eq!(alerted(&council).await.last().unwrap(), "dominic.okafor@calderbeck.example");
    }

    pub async fn what_is_merged_is_acknowledged_once(council: Council) {
        let first = tells(&council, "wren-1", SCARED).await;
        let raw =
            mail("Jo Tregar <jo@mail.example>", "jo-1", "Next door", "", "I hear the girls next door cry at night.");
        council.arrives("complaints", &raw, "2026-11-20T10:29:00Z", &at_risk()).await;
        let second = council.newest().await;
        act(&council, second, DeskAction::Merge { with: first }).await.unwrap();
        // It waits in the case that stands, once.
        assert_eq!(council.queue(QueueFilter::All, "", QueueOrder::DueFirst, 1).await.counts.unread_alert, 1);
        assert_eq!(look(&council.engine, 30).await, 1);
        // Whoever comes by the alert of the one that went into the other finds it there, and what they say holds for both.
        act(&council, first, read("Both families are seen today.")).await.unwrap();
        for case in [first, second] {
            let shown = council.case(case).await;
            assert_eq!((shown.protection.unread_since, shown.protection.read.len()), (None, 1), "{case}");
        }
        assert_eq!(
            (look(&council.engine, 90).await, council.desk.health(now()).await.unwrap().safeguarding.unread),
            (0, 0)
        );
    }

    pub async fn the_designated_officer_is_told_of_an_allegation_once(council: Council) {
        let words = "Martin Lesk hit my son in the car park of the contact centre on Tuesday.";
        let by_hand = tells(&council, "wren-1", words).await;
        let shown = council.case(by_hand).await;
        assert_eq!(shown.protection.proposed_by, ["Martin Lesk"], "it is proposed");
        assert!(shown.dues.iter().all(|due| due.what != "Tell the Designated Officer"));
        let told =
            |how: &str| DeskAction::Safeguarding(Safeguarding::DesignatedOfficerTold { outbox: None, how: how.into() });
        refused(act(&council, by_hand, told("Rung")).await, "ark it first");
        // Nobody is configured: an officer tells them.
        act(&council, by_hand, allegation(true)).await.unwrap();
        let due = |shown: &heard::web::views::CaseView| {
            shown
                .dues
                .iter()
                .find(|due| due.what == "Tell the Designated Officer")
                .map(|due| (due.on.to_string(), due.done_at))
        };
        assert_eq!(due(&council.case(by_hand).await), Some(("2026-11-23".into(), None)), "the next working day");
        refused(act(&council, by_hand, told(" ")).await, "how and when");
        act(&council, by_hand, told("Rung at 11:00, spoke to the duty adviser")).await.unwrap();
        assert_eq!(due(&council.case(by_hand).await), Some(("2026-11-23".into(), Some(now()))));

        let council = council.with(|settings| {
            settings.safeguarding.designated_officer = Some("LADO@calderbeck.example".into());
        });
        let case = tells(&council, "wren-2", "Mr Lesk pushed my daughter against the minibus, her arm is blue.").await;
        act(&council, case, allegation(true)).await.unwrap();
        refused(act(&council, case, allegation(true)).await, "othing would change");
        let sql = "SELECT message ->> 'text' FROM outbox WHERE kind = 'designated-officer'";
        let words = letter(&council, sql).await;
        insta::allow_duplicates! { insta::assert_snapshot!("the_designated_officer", words) };
        assert!(!words.contains("Lesk") && !words.contains("Wren"));
        let shown = council.case(case).await;
        assert_eq!(shown.history[0].title, "Letter to the Designated Officer written");
        assert_eq!(due(&shown).unwrap().1, Some(now()));
        // Taken back and marked again, no second letter goes.
        act(&council, case, DeskAction::Undo).await.unwrap();
        assert!(council.case(case).await.protection.allegation.is_none() && due(&council.case(case).await).is_none());
        act(&council, case, allegation(true)).await.unwrap();
        let recipients = council.database.texts("SELECT recipient FROM outbox WHERE kind = 'designated-officer'").await;
        assert_eq!(recipients, ["lado@calderbeck.example"]);
        refused(act(&council, case, told("Again")).await, "was told already");
    }

    pub async fn nothing_goes_unseen_to_a_refuge(council: Council) {
        let council = council.with(|settings| settings.sending.do_not_reply = vec!["*@refuge.example".into()]);
        let raw = mail("Ann Bell <ann@refuge.example>", "ann-1", "School", "", "The school has no place for my son.");
        council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &said(Theme::Delay)).await;
        let case = council.newest().await;
        let state = "SELECT state FROM outbox WHERE kind = 'acknowledgement'";
        assert_eq!(council.database.texts(state).await, ["held"]);
        let shown = council.case(case).await;
        assert!(
            matches!(&shown.acknowledgement, Acknowledgement::Held { why, written: true } if why.contains("before an officer has looked"))
        );
        assert!(shown.people.letters_wait.as_ref().unwrap().contains("the settings say so"));
        let undelivered = council.undelivered().await;
        let [held] = <[_; 1]>::try_from(undelivered.letters).unwrap();
        assert!(
            undelivered.limits.is_empty() && held.how == NotDelivered::DoNotReply && held.may_send && held.may_drop
        );
        insta::allow_duplicates! { insta::assert_snapshot!("why_it_waits", format!("{}\n{}", held.why, held.advice)) };
        while send_due(&council.engine).await.unwrap() > 0 {}
        assert_eq!(council.database.texts(state).await, ["held"], "nothing goes by itself");
        council.desk.mend_letter(held.id, &council.bell, LetterAction::Send, now()).await.unwrap();
        assert_eq!(council.database.texts(state).await, ["waiting"]);
        while send_due(&council.engine).await.unwrap() > 0 {}
        assert_eq!(council.database.texts(state).await, ["sent"]);
        assert!(matches!(council.case(case).await.acknowledgement, Acknowledgement::Sent { .. }));

        // It comes back: who sends it again is asked again.
        council
            .database
            .run("UPDATE outbox SET delivery = 'bounced', delivery_at = settled_at WHERE kind = 'acknowledgement'")
            .await;
        council.database.run("UPDATE case_file SET acknowledgement = 'not-reached'").await;
        let [back] = <[_; 1]>::try_from(council.held().await).unwrap();
        assert_eq!(back.how, NotDelivered::CameBack);
        council.desk.mend_letter(back.id, &council.bell, LetterAction::Send, now()).await.unwrap();
        let [again] = <[_; 1]>::try_from(council.held().await).unwrap();
        assert_eq!(
            (again.how, council.database.texts(state).await),
            (NotDelivered::DoNotReply, vec!["held".to_owned()])
        );
        council.desk.mend_letter(again.id, &council.bell, LetterAction::Send, now()).await.unwrap();
        assert_eq!(council.database.texts(state).await, ["waiting"]);

        // Letting one go lets no other go: what an officer writes waits too, and the page has said so.
        act(&council, case, DeskAction::Confirm).await.unwrap();
        let extend = DeskAction::Extend { reason: "Two people are away.".into(), given: Given::Letter };
        act(&council, case, extend).await.unwrap();
        let finding = Finding {
            outcome: PointOutcome::Upheld,
            reasons: "We had no place.".into(),
            evidence: "The list.".into(),
            remedy: String::new(),
            learning: String::new(),
        };
        let points = vec![Point { text: "No place.".into(), finding: Some(finding), ..Point::default() }];
        let points = Points {
            wanted: "A place.".into(),
            opening: "I am sorry.".into(),
            points,
            others: false,
            with_independent: false,
        };
        act(&council, case, DeskAction::SetPoints(Box::new(points))).await.unwrap();
        act(&council, case, DeskAction::Answer { given: Given::Letter }).await.unwrap();
        let held = "SELECT kind FROM outbox WHERE state = 'held' AND held_by = 'do_not_reply' ORDER BY kind";
        assert_eq!(council.database.texts(held).await, ["answer", "extension"]);
        let letters = council.held().await;
        let answer = letters.iter().find(|letter| letter.kind == "Answer").unwrap();
        let drop = LetterAction::Drop { why: "She was told at the refuge.".into() };
        let extension = letters.iter().find(|letter| letter.id != answer.id).unwrap();
        council.desk.mend_letter(extension.id, &council.bell, drop, now()).await.unwrap();
        council.desk.mend_letter(answer.id, &council.bell, LetterAction::Send, now()).await.unwrap();
        assert_eq!(
            council.database.number("SELECT count(*) FROM outbox WHERE kind = 'answer' AND state = 'waiting'").await,
            1
        );
        assert!(council.held().await.is_empty());

        // The receipt of whoever passes a message on obeys it as well; an alert to the council's own people does not.
        let council = council.with(|settings| settings.sending.do_not_reply = vec!["*@calderbeck.example".into()]);
        tells(&council, "wren-1", SCARED).await;
        let alerts = "SELECT count(*) FROM outbox WHERE kind = 'alert' AND state = 'waiting'";
        assert_eq!(council.database.number(alerts).await, 2);
    }

    pub async fn an_officer_marks_an_address_and_takes_it_back(council: Council) {
        let raw = mail("Dele <shared@mail.example>", "dele-1", "Taxi", "", "The taxi has not come for three days.");
        council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &said(Theme::Transport)).await;
        let case = council.newest().await;
        let state = "SELECT state FROM outbox WHERE kind = 'acknowledgement' ORDER BY id";
        assert_eq!(council.database.texts(state).await, ["waiting"]);
        act(&council, case, mark("Shared@mail.example", true)).await.unwrap();
        // What waited to go does not go.
        assert_eq!(council.database.texts(state).await, ["held"]);
        let shown = council.case(case).await;
        assert_eq!(shown.history[0].title, "Nothing goes to shared@mail.example before somebody has looked");
        assert!(shown.people.careful[0].marked && shown.people.letters_wait.unwrap().contains("an officer marked it"));
        refused(act(&council, case, mark("shared@mail.example", true)).await, "said of this address already");

        // It is the address that is marked, in every case.
        let raw = mail(
            "Dele <shared+x@mail.example>",
            "dele-2",
            "Respite",
            "",
            "The respite money has not been paid since June.",
        );
        council.arrives("complaints", &raw, "2026-11-20T09:30:00Z", &said(Theme::Finance)).await;
        assert_eq!(council.database.texts(state).await, ["held", "held"]);
        let [first, second] = <[_; 2]>::try_from(council.held().await).unwrap();
        assert_eq!((first.how, second.how), (NotDelivered::DoNotReply, NotDelivered::DoNotReply));

        act(&council, case, DeskAction::Undo).await.unwrap();
        assert!(!council.case(case).await.people.careful[0].marked);
        assert_eq!(council.database.number("SELECT count(*) FROM do_not_reply").await, 0);
        assert_eq!(council.database.texts(state).await, ["held", "held"], "what waits goes only when somebody lets it");
        for letter in [first.id, second.id] {
            council.desk.mend_letter(letter, &council.bell, LetterAction::Send, now()).await.unwrap();
        }
        assert_eq!(council.database.texts(state).await, ["waiting", "waiting"]);
        // Marked, and said otherwise later.
        act(&council, case, mark("shared@mail.example", true)).await.unwrap();
        act(&council, case, mark("shared@mail.example", false)).await.unwrap();
        assert_eq!(council.database.number("SELECT count(*) FROM do_not_reply").await, 0);
        act(&council, case, DeskAction::Undo).await.unwrap();
        assert_eq!(council.database.number("SELECT count(*) FROM do_not_reply").await, 1);
    }
}
