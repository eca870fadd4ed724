//! The chat road with the real program and the third-party Bot API stand-in: a family's message becomes one case and one
//! answer, whatever happens in between. On SQLite, and on Postgres where `HEARD_TEST_POSTGRES` names a server.

use std::time::{Duration, Instant};

use crate::program::{Database, Program, SECRET, TOKEN};
use serde_json::{Value, json};

/// Wednesday 18 November 2026, 11:06 in London, when the families of these tests write.
const DAY_0: i64 = 1_795_000_000;
const A_DAY: i64 = 86_400;

fn text(text: &str, seconds_later: i64) -> Value {
    json!({"text": text, "date": DAY_0 + seconds_later})
}

fn message_ids(case: &Value) -> Vec<String> {
    let messages = case["messages"].as_array().unwrap().iter();
    messages.map(|message| message["message_id"].as_str().unwrap().to_owned()).collect()
}

/// The words of every stored message of a chat, in the order of the export.
async fn words(program: &Program, case: &Value) -> Vec<String> {
    let mut words = Vec::new();
    for id in message_ids(case) {
        words
            .extend(program.texts(&format!("SELECT visible_text FROM representation WHERE message_id = '{id}'")).await);
    }
    words
}

#[tokio::test]
async fn a_message_becomes_one_case_and_is_answered_at_once_with_reference_date_and_officer() {
    for database in Database::each().await {
        let mut program = Program::new(database).await;
        program.start_and_wait().await;
        let written = Instant::now();
        program.telegram.person_sends(TOKEN, 71, "Amara", text("Nobody has rung me back for three weeks.", 0)).await;
        program.until("an answer", 20, async |program| !program.answers_to(71).await.is_empty()).await;
        let took = written.elapsed();
        program.until_all_is_done(20).await;

        let [case] = &program.cases_of(71).await[..] else { panic!("not one case") };
        let [answer] = &program.answers_to(71).await[..] else { panic!("not one answer") };
        println!(
            "{}: answered {} ms after the message, {} characters",
            program.kind(),
            took.as_millis(),
            answer.chars().count()
        );
        assert!(answer.contains(case["reference"].as_str().unwrap()), "{answer}");
        // Ten working days after Wednesday 18 November 2026.
        assert_eq!(case["due"]["answer_by"], "2026-12-02");
        for needed in ["Wednesday 2 December 2026", "Rowan Bell, 01632 960 101", "call 999", "Calderbeck Voices"] {
            assert!(answer.contains(needed), "{needed} is missing: {answer}");
        }
        assert!(answer.chars().count() < 900, "{answer}");
        assert!(!answer.contains("three weeks"), "{answer}");
        assert_eq!(case["complainant"]["name"], "Amara");
        assert_eq!(case["messages"][0]["source"], "telegram");
        assert!(took < Duration::from_secs(5), "{took:?}");
        program.finish().await;
    }
}

#[tokio::test]
async fn three_messages_within_a_minute_are_one_case_and_one_answer() {
    for database in Database::each().await {
        let mut program = Program::new(database).await;
        let said = ["My son has had no school since September.", "I rang four times.", "Nobody ever rings back."];
        // The first burst waits at the service when the program starts, the second comes while it runs.
        for (said, at) in said.iter().zip([0, 20, 40]) {
            program.telegram.person_sends(TOKEN, 72, "Bea", text(said, at)).await;
        }
        program.start_and_wait().await;
        for (said, at) in said.iter().zip([0, 20, 40]) {
            program.telegram.person_sends(TOKEN, 73, "Cass", text(said, at)).await;
        }
        program
            .until("answers", 20, async |program| {
                !program.answers_to(72).await.is_empty() && !program.answers_to(73).await.is_empty()
            })
            .await;
        program
            .until("all six are stored", 20, async |program| {
                program.texts("SELECT visible_text FROM representation").await.len() == 6
            })
            .await;
        program.until_all_is_done(20).await;
        for chat in [72, 73] {
            let [case] = &program.cases_of(chat).await[..] else { panic!("not one case in {chat}") };
            assert_eq!(words(&program, case).await, said);
            let ids = message_ids(case);
            let prefix = format!("tg:{chat}:");
            let numbers: Vec<i64> = ids.iter().map(|id| id.strip_prefix(&prefix).unwrap().parse().unwrap()).collect();
            assert!(numbers.is_sorted() && numbers.len() == 3, "{ids:?}");
            let relations: Vec<_> = case["messages"].as_array().unwrap().iter().map(|m| &m["relation"]).collect();
            assert_eq!(relations, ["new", "same-issue", "same-issue"]);
            assert_eq!(program.answers_to(chat).await.len(), 1);
        }
        program.finish().await;
    }
}

/// Promises 1 and 2. Each round begins when the bot is known to listen, so that the kill falls anywhere between the
/// message and the answer, or shortly after it.
///
/// One instant is beyond any program: the Bot API gives a message no name by which it would know a repeated one. A letter
/// whose call was under way at the kill is sent again, and says that it may be there already: better twice than never.
/// Every other letter must be there exactly once.
#[tokio::test]
async fn killed_anywhere_between_message_and_answer_it_answers_every_family_once() {
    const ROUNDS: i64 = 8;
    for database in Database::each().await {
        let mut program = Program::new(database).await;
        let (mut waits, mut in_hand, mut answered_before) = (Vec::new(), Vec::new(), 0);
        for round in 0..ROUNDS {
            program.start_and_wait().await;
            let chat = 100 + round;
            program.telegram.person_sends(TOKEN, chat, "Dele", text("Nobody answers my letters.", round)).await;
            // Half of the kills fall into the first instants, where everything happens.
            let most = if round % 2 == 0 { 60 } else { 800 };
            let wait = rand::random_range(0..most);
            tokio::time::sleep(Duration::from_millis(wait)).await;
            program.kill().await;
            // Also an answer to an earlier family, whose turn came only after this start.
            program.note_in_hand(100, &mut in_hand).await;
            answered_before += program.answers_to(chat).await.len();
            waits.push(wait);
        }
        program.five_minutes_pass().await;
        program.start_and_wait().await;
        program.until_all_is_done(30).await;
        program.until_answered(100..100 + ROUNDS, 1, 30).await;
        program.until_all_is_done(30).await;
        let mut twice = 0;
        for (round, in_hand) in (0..ROUNDS).zip(&in_hand) {
            let (answers, again) = program.said_once(100 + round).await;
            let [case] = &program.cases_of(100 + round).await[..] else { panic!("not one case in round {round}") };
            assert!(again.is_empty() || *in_hand, "round {round}: {again:?}");
            twice += program.answers_to(100 + round).await.len() - 1;
            assert_eq!(answers.len(), 1, "round {round}, in hand at the kill: {in_hand}");
            assert!(answers[0].contains(case["reference"].as_str().unwrap()));
            assert_eq!(message_ids(case).len(), 1);
        }
        println!(
            "{}: killed after {waits:?} ms; {answered_before} of {ROUNDS} were answered before, {} were in hand, {twice} \
             of them went out twice, and said so",
            program.kind(),
            in_hand.iter().filter(|in_hand| **in_hand).count()
        );
        program.finish().await;
    }
}

#[tokio::test]
async fn what_a_killed_program_had_in_hand_is_sent_at_once_by_the_next() {
    let mut program = Program::new(Database::Sqlite).await;
    program.start_and_wait().await;
    // The service takes the call and never answers: the letter is claimed, and not sent.
    program.telegram.fail("sendMessage", 1, -1, "").await;
    program.telegram.person_sends(TOKEN, 120, "Efe", text("Nobody comes.", 0)).await;
    program.until("an attempt", 20, async |program| program.answers_to(120).await.len() == 1).await;
    program.kill().await;
    let started = Instant::now();
    program.start_and_wait().await;
    program.until("the answer", 20, async |program| program.answers_to(120).await.len() == 2).await;
    println!("answered {} ms after the new start", started.elapsed().as_millis());
    program.until_all_is_done(20).await;
    assert_eq!(program.telegram.said_to(TOKEN, 120).await.len(), 1);
    let (answers, again) = program.said_once(120).await;
    assert_eq!((answers.len(), again.len()), (1, 1), "it says that it may be there already");
    program.finish().await;
}

#[tokio::test]
async fn start_alone_is_greeted_once_a_day_and_opens_no_case() {
    for database in Database::each().await {
        let mut program = Program::new(database).await;
        program.start_and_wait().await;
        for said in ["/start", "/start leaflet_7"] {
            program.telegram.person_sends(TOKEN, 74, "Fin", text(said, 0)).await;
        }
        program
            .until("both are stored", 20, async |program| {
                program.texts("SELECT state FROM representation WHERE state = 'filed'").await.len() == 2
            })
            .await;
        program.until("a greeting", 20, async |program| !program.answers_to(74).await.is_empty()).await;
        program.until_all_is_done(20).await;
        assert_eq!(program.export().await, [] as [Value; 0]);
        let [greeting] = &program.answers_to(74).await[..] else { panic!("not one greeting") };
        assert!(greeting.contains("Calderbeck Council") && greeting.contains("call 999"), "{greeting}");
        assert!(!greeting.contains("HRD-"), "{greeting}");

        // Who says something afterwards is answered like everybody; and so is who says it in one breath.
        program.telegram.person_sends(TOKEN, 74, "Fin", text("My PA changes every month.", 30)).await;
        program.telegram.person_sends(TOKEN, 75, "Gwen", text("/start my PA never comes", 30)).await;
        program
            .until("answers", 20, async |program| {
                program.answers_to(74).await.len() == 2 && program.answers_to(75).await.len() == 1
            })
            .await;
        program.until_all_is_done(20).await;
        assert_eq!(program.export().await.len(), 2);
        let answer = &program.answers_to(74).await[1];
        assert!(answer.contains(program.cases_of(74).await[0]["reference"].as_str().unwrap()));
        program.finish().await;
    }
}

#[tokio::test]
async fn groups_edits_pictures_and_unknown_updates_each_have_their_way() {
    for database in Database::each().await {
        let mut program = Program::new(database).await;
        program.start_and_wait().await;
        let group = json!({"text": "Has anybody had an answer from the council?", "date": DAY_0,
            "chat": {"id": -500, "type": "group", "title": "Parents"}});
        program.telegram.person_sends(TOKEN, 76, "Hana", group).await;
        program.telegram.update(TOKEN, json!({"hologram": {"says": "hello", "zero": "a\u{0}b"}})).await;
        program.telegram.update(TOKEN, json!({"my_chat_member": {"chat": {"id": 76, "type": "private"}}})).await;
        let photo = json!({"caption": "This is the letter that I got\u{0}", "date": DAY_0, "photo": [
            {"file_id": "s1", "file_unique_id": "s", "width": 90, "height": 60, "file_size": 1200},
            {"file_id": "l1", "file_unique_id": "l", "width": 1280, "height": 853, "file_size": 98_765},
        ]});
        program.telegram.person_sends(TOKEN, 77, "Idris", photo).await;
        program.telegram.person_sends(TOKEN, 78, "Jo", text("They came to late.", 0)).await;
        program
            .until("answers", 20, async |program| {
                !program.answers_to(77).await.is_empty() && !program.answers_to(78).await.is_empty()
            })
            .await;

        // Changed three weeks later: still the same message of the same case.
        let first = message_ids(&program.cases_of(78).await[0])[0].clone();
        let number: i64 = first.strip_prefix("tg:78:").unwrap().parse().unwrap();
        let edited = json!({"message_id": number, "date": DAY_0, "edit_date": DAY_0 + 21 * A_DAY,
            "from": {"id": 78, "is_bot": false, "first_name": "Jo"}, "chat": {"id": 78, "type": "private"},
            "text": "They came too late, three times."});
        program.telegram.update(TOKEN, json!({"edited_message": edited})).await;
        program
            .until("the change is stored", 20, async |program| {
                program.texts("SELECT visible_text FROM representation").await.len() == 4
            })
            .await;
        program.until_all_is_done(20).await;

        let [group] = &program.cases_of(-500).await[..] else { panic!("the group's message is not in one case") };
        assert_eq!(words(&program, group).await, ["Has anybody had an answer from the council?"]);
        let [edited] = &program.cases_of(78).await[..] else { panic!("not one case") };
        assert_eq!(words(&program, edited).await, ["They came to late.", "They came too late, three times."]);
        assert_eq!(program.cases_of(77).await.len(), 1);
        let reading =
            &program.texts("SELECT CAST(reading AS TEXT) FROM representation WHERE author_name = 'Idris'").await[0];
        let reading: Value = serde_json::from_str(reading).unwrap();
        assert_eq!(
            reading["attachments"],
            json!([{"filename": "photo.jpg", "content_type": "image/jpeg", "size": 98_765}])
        );
        // In the group nothing but how to write in private.
        for (chat, answers) in [(-500, 1), (76, 0), (77, 1), (78, 1)] {
            assert_eq!(program.answers_to(chat).await.len(), answers, "chat {chat}");
        }

        let deliveries = program.texts("SELECT state FROM delivery").await;
        assert_eq!(deliveries, ["read"; 6]);
        let stored = program.everything_stored().await;
        assert!(stored.contains("hologram") && stored.contains("my_chat_member"));
        program.finish().await;
    }
}

#[tokio::test]
async fn a_message_weeks_later_opens_a_new_case() {
    for database in Database::each().await {
        let mut program = Program::new(database).await;
        program.start_and_wait().await;
        for (said, days) in [("No transport.", 0), ("Still none.", 14), ("Now the plan is late.", 29)] {
            program.telegram.person_sends(TOKEN, 79, "Kit", text(said, days * A_DAY)).await;
        }
        program.until("two answers", 20, async |program| program.answers_to(79).await.len() == 2).await;
        program.until_all_is_done(20).await;
        let cases = program.cases_of(79).await;
        let [first, second] = &cases[..] else { panic!("not two cases") };
        assert_eq!(words(&program, first).await, ["No transport.", "Still none."]);
        assert_eq!(words(&program, second).await, ["Now the plan is late."]);
        let answers = program.answers_to(79).await;
        assert!(answers[0].contains(first["reference"].as_str().unwrap()));
        assert!(answers[1].contains(second["reference"].as_str().unwrap()));
        program.finish().await;
    }
}

/// Also at the most talkative log, also when the service breaks connections, and also when it is gone: then the HTTP
/// library's error names the address, which holds the token.
#[tokio::test]
async fn the_token_stands_in_no_log_and_in_no_database() {
    for database in Database::each().await {
        let mut program = Program::new(database).await;
        program.log_level = "trace";
        program.start_and_wait().await;
        program.telegram.fail("getUpdates", 1, 0, "").await;
        program.telegram.fail("sendMessage", 1, 0, "").await;
        program.telegram.person_sends(TOKEN, 80, "Lou", text("Nobody listens.", 0)).await;
        program.until("the second attempt", 30, async |program| program.answers_to(80).await.len() == 2).await;
        program.until_all_is_done(20).await;
        program.telegram.end();
        program
            .until("the fault on the health page", 30, async |program| {
                let faults =
                    program.texts("SELECT error FROM mailbox_health WHERE error IS NOT NULL AND kind = 'chat'").await;
                faults.iter().any(|fault| fault.contains("cannot be reached"))
            })
            .await;
        let log = program.log();
        assert!(log.contains("\"serving\"") && log.contains("chat not read"));
        assert!(!log.contains(SECRET), "the token is in the log");
        let stored = program.everything_stored().await;
        assert!(stored.contains("Nobody listens.") && !stored.contains(SECRET), "the token is in the database");
        if let Some(line) = program
            .log()
            .lines()
            .find(|line| line.contains("Nobody listens.") && !line.contains("TRACE") && !line.contains("DEBUG"))
        {
            panic!("words of a family in the log: {line}");
        }
        program.finish().await;
    }
}
