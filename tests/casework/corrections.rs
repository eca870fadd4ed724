//! What officers correct in the sorting: cases merged, messages moved, and both taken back, on SQLite and (where
//! `HEARD_TEST_POSTGRES` names a server) on Postgres.

use crate::{
    council::{Council, at, mail, now, on_both, said},
    databases::Database,
};
use heard::{
    ids::CaseReference,
    intake::prepare::ChatMessage,
    labelling::labels::{Act, Theme},
    matching::pairs,
    web::{
        desk::{Desk, DeskAction, DeskError},
        views::{Acknowledgement, CaseStatus, CaseView, QueueFilter, QueueOrder},
    },
    workers::{IngestCounts, Ingesting, ingest_one},
};
use proptest::prelude::*;

on_both! {
    two_cases_of_one_matter_are_merged_and_parted merged_and_parted_on_postgres;
    a_message_is_split_off_and_brought_back split_off_and_brought_back_on_postgres;
    messages_go_to_the_case_they_belong_to messages_go_on_postgres;
    a_proposed_match_is_answered_with_no answered_with_no_on_postgres;
    a_merged_chat_goes_on_where_it_was_merged_to a_merged_chat_on_postgres;
}

const NOOR: &str = "Noor Haddad <noor@mail.example>";
const SAMI: &str = "Sami Haddad <sami@work.example>";

/// A case of its own for this mail.
async fn case_of(council: &Council, from: &str, id: &str, words: &str, when: &str, theme: Theme) -> CaseReference {
    let counts = council.arrives("complaints", &mail(from, id, "", "", words), when, &said(theme)).await;
    assert_eq!(counts.cases_opened, 1, "{id}");
    let page = council.queue(QueueFilter::All, "", QueueOrder::NewestFirst, 1).await;
    let mut references = Vec::new();
    for row in &page.rows {
        let case = council.case(row.reference.parse().unwrap()).await;
        if case.messages.iter().any(|message| message.text == words) {
            references.push(row.reference.parse().unwrap());
        }
    }
    assert_eq!(references.len(), 1, "{id}");
    references[0]
}

async fn act(council: &Council, reference: CaseReference, action: DeskAction) -> Result<CaseReference, DeskError> {
    let version = council.case(reference).await.version;
    let done = council.desk.act(reference, &council.bell, version, action, now()).await?;
    Ok(done.go_on.unwrap_or(reference))
}

fn texts(case: &CaseView) -> Vec<&str> {
    case.messages.iter().map(|message| message.text.as_str()).collect()
}

fn refused(answer: Result<CaseReference, DeskError>, part: &str) {
    let Err(DeskError::Refused(why)) = answer else { panic!("{answer:?} was not refused") };
    assert!(why.contains(part), "{why}");
}

/// What is done at random: which case, which other, which message, and what.
fn any_step() -> impl Strategy<Value = (usize, usize, usize, u8)> {
    (0usize..8, 0usize..8, 0usize..4, 0u8..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever officers merge, move and undo in whichever order: every message is in exactly one case, that case is one that
    /// is dealt with, every reference leads to one, and no Message-ID leads to a case that is not.
    #[test]
    fn no_message_is_lost_by_any_corrections(steps in prop::collection::vec(any_step(), 1..30)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(corrected_at_random(&steps));
    }
}

async fn corrected_at_random(steps: &[(usize, usize, usize, u8)]) {
    let council = &Council::open(Database::sqlite().await).await;
    for n in 0..3 {
        let (from, day) = (format!("Person {n} <person-{n}@mail.example>"), 10 + n);
        let words = format!("The words of person {n} about a matter of their own, number {n}.");
        let when = format!("2026-11-{day}T09:00:00Z");
        case_of(council, &from, &format!("first-{n}"), &words, &when, Theme::ALL[n]).await;
        let thread = format!("In-Reply-To: <first-{n}@mail.example>\r\n");
        let raw = mail(&from, &format!("second-{n}"), "Re:", &thread, &format!("More about number {n}."));
        council.arrives("complaints", &raw, &when, &said(Theme::ALL[n])).await;
    }
    for (case, other, message, what) in steps {
        let page = council.queue(QueueFilter::All, "", QueueOrder::NewestFirst, 1).await;
        let reference = |n: usize| page.rows[n % page.rows.len()].reference.parse::<CaseReference>().unwrap();
        let (case, other) = (reference(*case), reference(*other));
        let view = council.case(case).await;
        let messages: Vec<_> = view.messages.iter().skip(*message).map(|message| message.id).collect();
        let action = match what {
            0 => DeskAction::Merge { with: other },
            1 => DeskAction::Move { messages, to: Some(other) },
            2 => DeskAction::Move { messages, to: None },
            3 => DeskAction::Confirm,
            _ => DeskAction::Undo,
        };
        let answer = act(council, case, action.clone()).await;
        assert!(matches!(answer, Ok(_) | Err(DeskError::Refused(_))), "{action:?}: {answer:?}");
        let live =
            "SELECT count(*) FROM case_message m JOIN case_file c ON c.id = m.case_id WHERE c.merged_into IS NULL";
        let leads =
            "SELECT count(*) FROM thread_id t JOIN case_file c ON c.id = t.case_id WHERE c.merged_into IS NOT NULL";
        let openings = "SELECT count(*) FROM case_file c WHERE c.merged_into IS NULL AND NOT EXISTS
            (SELECT 1 FROM case_message m WHERE m.case_id = c.id AND m.relation = 'new')";
        let all = "SELECT count(*) FROM case_message";
        let database = &council.database;
        assert_eq!((database.number(live).await, database.number(all).await), (6, 6), "{action:?}");
        assert_eq!((database.number(leads).await, database.number(openings).await), (0, 0), "{action:?}");
    }
}

const BUS: &str = "The taxi to Hollow Bank has not come for three days.";
const HIS: &str = "Why does nobody answer my wife? Five days without school now, and I lose my shifts.";

/// A message in one chat.
async fn chat(council: &Council, number: u32, text: &str, when: &str) {
    let message = ChatMessage {
        id: format!("tg:7:{number}"),
        address: "telegram:7".into(),
        from_name: Some("Noor".into()),
        date: at(when),
        text: text.into(),
        attachments: Vec::new(),
        no_answer: Vec::new(),
        silent: false,
        changes: None,
    };
    let message = Ingesting::chat(&council.engine, message);
    let suggestion = said(Theme::Transport);
    ingest_one(&council.engine, &message, std::slice::from_ref(&suggestion), &mut IngestCounts::default())
        .await
        .unwrap();
}

async fn letters(council: &Council) -> i64 {
    council.database.number("SELECT count(*) FROM outbox").await
}

mod stories {
    use super::*;

    /// The older case stays. Whoever quotes the other's reference, or answers its letters or its messages, is heard in the one
    /// that stays, and is acknowledged no second time. Undone, each has its own again.
    pub async fn two_cases_of_one_matter_are_merged_and_parted(owner: Council) {
        let council = &owner;
        let hers = case_of(council, NOOR, "noor-1", BUS, "2026-11-16T09:00:00Z", Theme::Transport).await;
        let his = case_of(council, SAMI, "sami-1", HIS, "2026-11-18T09:00:00Z", Theme::Communication).await;
        assert_eq!(letters(council).await, 2);
        // From either page, the older one stays.
        refused(act(council, his, DeskAction::Merge { with: his }).await, "That is this case");
        assert_eq!(act(council, his, DeskAction::Merge { with: hers }).await.unwrap(), hers);
        let merged = council.case(hers).await;
        assert_eq!(texts(&merged), [BUS, HIS]);
        assert_eq!(merged.status, CaseStatus::ToConfirm);
        assert!(merged.messages[1].relation.contains(&format!("opened {his}, which was merged into this case")));
        let gone = council.case(his).await;
        assert_eq!(
            (gone.status, gone.sorting.merged_into, gone.messages.len()),
            (CaseStatus::Closed, Some(hers.to_string()), 0)
        );
        assert!(gone.dues.iter().all(|due| due.done_at.is_some()) || gone.dues.is_empty(), "{:?}", gone.dues);
        refused(act(council, his, DeskAction::Confirm).await, &hers.to_string());
        refused(act(council, hers, DeskAction::Merge { with: his }).await, "That is this case");

        // By the thread, by the reference, by the key of the letter that he was sent.
        let key: String = council
            .database
            .texts("SELECT recipient || ' ' || message FROM outbox")
            .await
            .into_iter()
            .find(|letter| letter.starts_with("sami@work.example"))
            .unwrap();
        let key: serde_json::Value = serde_json::from_str(key.split_once(' ').unwrap().1).unwrap();
        let key = key["message_id"].as_str().unwrap().trim_matches(['<', '>']).to_owned();
        for (n, (subject, more)) in [
            ("Re: school".to_owned(), "In-Reply-To: <sami-1@mail.example>\r\n".to_owned()),
            (format!("About {his}"), String::new()),
            ("Re: We have your complaint".to_owned(), format!("In-Reply-To: <{key}>\r\n")),
        ]
        .into_iter()
        .enumerate()
        {
            let words = format!("Nothing has changed, day {n}.");
            let raw = mail(SAMI, &format!("sami-then-{n}"), &subject, &more, &words);
            let counts = council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::Transport)).await;
            assert_eq!((counts.joined, counts.cases_opened), (1, 0), "{subject}");
            let case = council.case(hers).await;
            let message = case.messages.iter().find(|message| message.text == words).unwrap();
            assert!(!message.unverified, "{subject}");
        }
        assert_eq!(letters(council).await, 2, "nobody is acknowledged a second time");
        assert_eq!(council.database.number("SELECT count(*) FROM matter_pair WHERE same").await, 1);

        // Parted again: each has what was its own; what came since stays where it came to.
        act(council, his, DeskAction::Undo).await.unwrap();
        let (mine, own) = (council.case(hers).await, council.case(his).await);
        assert_eq!(texts(&own), [HIS]);
        assert_eq!((own.status, own.sorting.merged_into.clone()), (CaseStatus::ToConfirm, None));
        assert_eq!((mine.messages.len(), mine.messages[0].text.as_str()), (4, BUS));
        assert_eq!(council.database.number("SELECT count(*) FROM matter_pair").await, 0);
        let raw = mail(SAMI, "sami-last", "Re: school", "In-Reply-To: <sami-1@mail.example>\r\n", "And today again.");
        council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &said(Theme::Transport)).await;
        assert_eq!(texts(&council.case(his).await), [HIS, "And today again."]);
        // What opened it moved on meanwhile: it cannot stand alone again before that is moved back.
        act(council, hers, DeskAction::Merge { with: his }).await.unwrap();
        let moved = council.case(hers).await.messages.iter().find(|message| message.text == HIS).unwrap().id;
        let own = act(council, hers, DeskAction::Move { messages: vec![moved], to: None }).await.unwrap();
        refused(act(council, his, DeskAction::Undo).await, "was moved on since");
        act(council, own, DeskAction::Undo).await.unwrap();
        act(council, his, DeskAction::Undo).await.unwrap();
        // And from the page of the one that stays, a second time.
        act(council, hers, DeskAction::Merge { with: his }).await.unwrap();
        act(council, hers, DeskAction::Undo).await.unwrap();
        assert_eq!(texts(&council.case(his).await), [HIS, "And today again."]);
        assert!(!council.case(his).await.history.iter().any(|entry| entry.title.contains("broken")));
        owner.database.drop().await;
    }

    /// One mail, two matters: the second is a case of its own, acknowledged with its own reference. Brought back, its reference
    /// leads to the case that the message is in again.
    pub async fn a_message_is_split_off_and_brought_back(owner: Council) {
        let council = &owner;
        let hers = case_of(council, NOOR, "noor-1", BUS, "2026-11-16T09:00:00Z", Theme::Transport).await;
        let thread = "In-Reply-To: <noor-1@mail.example>\r\n";
        for (n, words) in ["Again no taxi.", "The respite money was not paid either."].into_iter().enumerate() {
            let raw = mail(NOOR, &format!("noor-then-{n}"), "Re: taxi", thread, words);
            council.arrives("complaints", &raw, "2026-11-18T09:00:00Z", &said(Theme::Finance)).await;
        }
        let case = council.case(hers).await;
        let [opening, again, money] = case.messages.as_slice() else { panic!() };
        let alone = |messages: Vec<_>| DeskAction::Move { messages, to: None };
        refused(act(council, hers, alone(vec![opening.id])).await, "The message that opened a case stays in it");
        refused(act(council, hers, alone(vec![heard::ids::Uuid::nil()])).await, "not in this case");
        let own = act(council, hers, alone(vec![money.id])).await.unwrap();
        assert_ne!(own, hers);
        assert_eq!(texts(&council.case(hers).await), [opening.text.as_str(), again.text.as_str()]);
        let split = council.case(own).await;
        assert_eq!(texts(&split), [money.text.as_str()]);
        assert_eq!((split.theme, split.family.as_deref()), (Theme::Finance, Some("Noor Haddad")));
        assert_eq!(split.received_at.to_rfc3339(), "2026-11-18T09:00:00+00:00", "day 0 is the message's own");
        assert_eq!(letters(council).await, 2, "a matter of its own has a reference of its own");
        // What answers the one goes to the one.
        let raw = mail(
            NOOR,
            "noor-money",
            "Re: money",
            "In-Reply-To: <noor-then-1@mail.example>\r\n",
            "Four hundred pounds.",
        );
        council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::Finance)).await;
        assert_eq!(texts(&council.case(own).await), [money.text.as_str(), "Four hundred pounds."]);
        refused(act(council, hers, DeskAction::Undo).await, "More has come into");
        // Merged in its place, it is one again; that is undone, the later message is moved, and then the split is undone.
        let later = council.case(own).await.messages[1].id;
        act(council, own, DeskAction::Move { messages: vec![later], to: Some(hers) }).await.unwrap();
        assert_eq!(council.case(hers).await.messages.len(), 3);
        act(council, hers, DeskAction::Undo).await.unwrap();
        assert_eq!(council.case(own).await.messages.len(), 2);
        act(council, own, DeskAction::Move { messages: vec![later], to: Some(hers) }).await.unwrap();
        act(council, own, DeskAction::Undo).await.unwrap();
        act(council, own, DeskAction::Move { messages: vec![later], to: None }).await.unwrap();
        assert_eq!(act(council, own, DeskAction::Undo).await.unwrap(), own, "her own is left with what it had");
        assert_eq!(council.case(own).await.messages.len(), 2);
        owner.database.drop().await;
    }

    /// A split that nothing has come into since is undone whole: the case that was made is no more.
    pub async fn messages_go_to_the_case_they_belong_to(owner: Council) {
        let council = &owner;
        let hers = case_of(council, NOOR, "noor-1", BUS, "2026-11-16T09:00:00Z", Theme::Transport).await;
        let his = case_of(council, SAMI, "sami-1", HIS, "2026-11-18T09:00:00Z", Theme::Communication).await;
        // He quotes her reference, and is nobody there: it waits to be verified.
        let raw =
            mail(SAMI, "sami-2", "Re: taxi", "In-Reply-To: <noor-1@mail.example>\r\n", "Nobody rang me back either.");
        council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::Transport)).await;
        let waiting = council.case(hers).await.messages[1].clone();
        assert!(waiting.unverified);
        let own = act(council, hers, DeskAction::Move { messages: vec![waiting.id], to: None }).await.unwrap();
        assert_eq!(council.case(hers).await.messages.len(), 1);
        let back = act(council, own, DeskAction::Undo).await.unwrap();
        assert_eq!(back, hers);
        let again = council.case(hers).await.messages[1].clone();
        assert!(again.unverified && again.doubt == waiting.doubt, "it waits as before");
        assert_eq!(council.case(own).await.sorting.merged_into, Some(hers.to_string()));
        refused(act(council, own, DeskAction::Confirm).await, "was merged into");
        // To the case it belongs to: there it is not in doubt, and he is a party anyhow.
        let to = Some(his);
        assert_eq!(act(council, hers, DeskAction::Move { messages: vec![waiting.id], to }).await.unwrap(), his);
        let case = council.case(his).await;
        assert_eq!((case.messages.len(), case.messages[1].unverified), (2, false));
        assert!(case.messages[1].relation.contains(&format!("moved here by an officer from {hers}")));
        // Day 0 of a matter is that of the first message about it, in the lists too, until it is taken back.
        let raw =
            mail(NOOR, "noor-2", "Re: taxi", "In-Reply-To: <noor-1@mail.example>\r\n", "My husband writes as well.");
        council.arrives("complaints", &raw, "2026-11-17T09:00:00Z", &said(Theme::Transport)).await;
        let earlier = council.case(hers).await.messages.last().unwrap().id;
        act(council, hers, DeskAction::Move { messages: vec![earlier], to }).await.unwrap();
        let received = async || {
            let page = council.queue(QueueFilter::All, &his.to_string(), QueueOrder::DueFirst, 1).await;
            (page.rows[0].received_at, council.case(his).await.received_at)
        };
        assert_eq!(received().await, (at("2026-11-17T09:00:00Z"), at("2026-11-17T09:00:00Z")));
        act(council, his, DeskAction::Undo).await.unwrap();
        assert_eq!(received().await, (at("2026-11-18T09:00:00Z"), at("2026-11-18T09:00:00Z")));
        // Neither a case that is put aside nor one that is not there takes anything in.
        let reason = "It is about the school.".to_owned();
        act(council, hers, DeskAction::NotAComplaint { act: Act::Enquiry, reason }).await.unwrap();
        let moved = case.messages[1].id;
        refused(act(council, his, DeskAction::Move { messages: vec![moved], to: Some(hers) }).await, "put aside");
        let nowhere = CaseReference { year: 2026, number: 999 };
        refused(act(council, his, DeskAction::Merge { with: nowhere }).await, "There is no case");
        // Somebody else was quicker.
        let stale = council.desk.act(his, &council.bell, 1, DeskAction::Undo, now()).await;
        assert!(matches!(stale, Err(DeskError::Changed)), "{stale:?}");
        owner.database.drop().await;
    }

    /// The same person, not sure enough: proposed, in the queue, beside each other on the page; answered, gone from there.
    pub async fn a_proposed_match_is_answered_with_no(owner: Council) {
        let council = &owner;
        let hers = case_of(council, NOOR, "noor-1", BUS, "2026-11-16T09:00:00Z", Theme::Transport).await;
        let raw = mail(
            NOOR,
            "noor-2",
            "Re: taxi",
            "In-Reply-To: <noor-1@mail.example>\r\n",
            "A separate matter: the respite money for October and November has not been paid to us at all.",
        );
        council.arrives("complaints", &raw, "2026-11-19T09:00:00Z", &said(Theme::Finance)).await;
        let possible = council.queue(QueueFilter::Possible, "", QueueOrder::DueFirst, 1).await;
        assert_eq!((possible.total, possible.counts.possible), (1, 1));
        assert_eq!(possible.rows[0].may_belong.as_deref(), Some(hers.to_string().as_str()));
        let own: CaseReference = possible.rows[0].reference.parse().unwrap();
        let other = council.case(own).await.sorting.may_belong.unwrap();
        assert_eq!((other.text.as_str(), other.open, other.somebody_else), (BUS, true, false));
        let looks = "SELECT count(*) FROM audit WHERE what = 'saw the beginning of a case beside another'";
        assert!(council.database.number(looks).await > 0, "whoever sees a case is written down");
        act(council, own, DeskAction::KeepApart).await.unwrap();
        let apart = "SELECT count(*) FROM matter_pair WHERE NOT same";
        assert_eq!(council.database.number(apart).await, 1);
        let store = &council.database.store;
        let agreement = pairs::agreement(&council.engine.office, &mut store.begin_read().await.unwrap()).await.unwrap();
        assert_eq!((agreement.other.pairs, agreement.same.pairs), (1, 0));
        assert_eq!(agreement.other.joined, 0, "she says herself that it is another matter");
        assert_eq!(council.queue(QueueFilter::Possible, "", QueueOrder::DueFirst, 1).await.total, 0);
        refused(act(council, own, DeskAction::KeepApart).await, "No other case is proposed");
        act(council, own, DeskAction::Undo).await.unwrap();
        assert_eq!(council.queue(QueueFilter::Possible, "", QueueOrder::DueFirst, 1).await.total, 1);
        assert_eq!(council.database.number(apart).await, 0);
        // Answered with yes.
        assert_eq!(act(council, own, DeskAction::Merge { with: hers }).await.unwrap(), hers);
        assert_eq!(council.queue(QueueFilter::Possible, "", QueueOrder::DueFirst, 1).await.total, 0);
        let case = council.case(hers).await;
        assert!(!matches!(case.acknowledgement, Acknowledgement::ToldAnotherWay { .. }), "she had this case's own");
        owner.database.drop().await;
    }

    /// A family goes on in the chat: it comes to the case that the conversation was merged into.
    pub async fn a_merged_chat_goes_on_where_it_was_merged_to(owner: Council) {
        let council = &owner;
        let hers = case_of(council, NOOR, "noor-1", BUS, "2026-11-16T09:00:00Z", Theme::Transport).await;
        chat(council, 1, "my taxi didnt come again", "2026-11-18T09:00:00Z").await;
        let page = council.queue(QueueFilter::All, "", QueueOrder::NewestFirst, 1).await;
        assert_eq!(page.total, 2);
        let chatted: CaseReference = page.rows[0].reference.parse().unwrap();
        act(council, chatted, DeskAction::Merge { with: hers }).await.unwrap();
        chat(council, 2, "and today again", "2026-11-19T09:00:00Z").await;
        assert_eq!(texts(&council.case(hers).await), [BUS, "my taxi didnt come again", "and today again"]);
        assert_eq!(council.queue(QueueFilter::All, "", QueueOrder::NewestFirst, 1).await.total, 2);
        act(council, chatted, DeskAction::Undo).await.unwrap();
        assert_eq!(texts(&council.case(chatted).await), ["my taxi didnt come again"]);
        owner.database.drop().await;
    }
}
