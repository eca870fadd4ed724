//! The bot when things go wrong, and when strangers try it: over HTTP, with the real program and the third-party Bot API stand-in. On
//! SQLite, and on Postgres where `HEARD_TEST_POSTGRES` names a server.

use std::time::Duration;

use super::bot::{DAY_0, Talk, in_the_case};
use crate::program::{Database, Program, TOKEN};
use heard::{
    casework::{self, Office},
    config::Settings,
    procedure::event::Step,
    store::{Store, cases, officers},
};
use serde_json::json;

/// Promises 1 and 2, twenty times. A letter whose call was under way at the kill goes out again, and says that it may be there already: the
/// Bot API gives a message no name by which it would know a repeated one, and better twice than never. No other goes out again.
#[tokio::test]
async fn killed_twenty_times_between_receipt_and_answer_nothing_is_lost_or_answered_twice() {
    const ROUNDS: i64 = 20;
    for database in Database::each().await {
        let mut program = Program::talking(database).await;
        let mut in_hand = Vec::new();
        for round in 0..ROUNDS {
            program.start_and_wait().await;
            let chat = 300 + round;
            let said = json!({"text": "Nobody answers my letters.", "date": DAY_0 + round});
            program.telegram.person_sends(TOKEN, chat, "Dele", said).await;
            program.telegram.person_presses(TOKEN, chat, "Dele", "advocacy", "en").await;
            let most = if round % 2 == 0 { 60 } else { 500 };
            tokio::time::sleep(Duration::from_millis(rand::random_range(0..most))).await;
            program.kill().await;
            program.note_in_hand(300, &mut in_hand).await;
        }
        program.five_minutes_pass().await;
        program.start_and_wait().await;
        program.until_answered(300..300 + ROUNDS, 3, 60).await;
        program.until_all_is_done(30).await;
        let (mut said_so, mut twice) = (0, 0);
        for (round, in_hand) in (0..ROUNDS).zip(&in_hand) {
            let chat = 300 + round;
            assert_eq!(in_the_case(&program, chat).await, ["Nobody answers my letters."]);
            let (answers, again) = program.said_once(chat).await;
            assert_eq!(answers.len(), 3, "round {round}: {answers:?}");
            assert!(again.is_empty() || *in_hand, "round {round}: {again:?}");
            said_so += again.len();
            twice += program.answers_to(chat).await.len() - 3;
        }
        println!(
            "{}: {ROUNDS} kills, {} with a letter in hand; {said_so} said that they may be there already, {twice} were",
            program.kind(),
            in_hand.iter().filter(|one| **one).count()
        );
        program.finish().await;
    }
}

#[tokio::test]
async fn a_burst_of_thirty_messages_is_one_case_and_two_letters() {
    for database in Database::each().await {
        let mut program = Program::talking(database).await;
        program.start_and_wait().await;
        for n in 0..30 {
            let said = json!({"text": format!("And another thing, number {n}."), "date": DAY_0 + n});
            program.telegram.person_sends(TOKEN, 221, "Bea", said).await;
        }
        program.until("the question", 40, async |program| program.answers_to(221).await.len() >= 2).await;
        program.until_all_is_done(40).await;
        let words = in_the_case(&program, 221).await;
        let wanted: Vec<String> = (0..30).map(|n| format!("And another thing, number {n}.")).collect();
        assert_eq!(words, wanted);
        assert_eq!(program.answers_to(221).await.len(), 2);
        program.finish().await;
    }
}

#[tokio::test]
async fn photos_and_voice_messages_are_kept_byte_for_byte_and_fetched_again_when_the_service_breaks_off() {
    for database in Database::each().await {
        let mut program = Program::new(database).await;
        program.start_and_wait().await;
        let photo: Vec<u8> = [b"\xff\xd8\xff\xe0".to_vec(), vec![7; 50_000]].concat();
        let voice: Vec<u8> = [b"OggS".to_vec(), vec![9; 30_000]].concat();
        program.telegram.has_file("p1", photo.clone()).await;
        program.telegram.has_file("v1", voice.clone()).await;
        program.telegram.fail_with("download", 1, 0, json!({})).await;
        let picture = json!({"caption": "the letter", "date": DAY_0,
            "photo": [{"file_id": "p1", "file_unique_id": "p", "width": 9, "height": 9, "file_size": photo.len()}]});
        program.telegram.person_sends(TOKEN, 231, "Idris", picture).await;
        let spoken = json!({"date": DAY_0 + 1, "voice": {"file_id": "v1", "duration": 3, "mime_type": "audio/ogg", "file_size": voice.len()}});
        program.telegram.person_sends(TOKEN, 231, "Idris", spoken).await;
        let gone =
            json!({"date": DAY_0 + 2, "document": {"file_id": "gone", "file_name": "plan.pdf", "file_size": 10}});
        program.telegram.person_sends(TOKEN, 231, "Idris", gone).await;
        let large = json!({"date": DAY_0 + 3, "video": {"file_id": "big", "file_size": 90_000_000}});
        program.telegram.person_sends(TOKEN, 231, "Idris", large).await;
        program
            .until("all four are looked after", 60, async |program| {
                program.texts("SELECT state FROM attachment").await.len() == 4
            })
            .await;
        let kept = program
            .texts("SELECT filename || ' ' || state || ' ' || size || ' ' || coalesce(sha256, why) FROM attachment ORDER BY filename")
            .await;
        let hash = |bytes: &[u8]| heard::store::files::ContentHash::of(bytes).to_string();
        assert_eq!(kept[0], format!("photo.jpg kept {} {}", photo.len(), hash(&photo)));
        assert!(kept[1].starts_with("plan.pdf refused 10 the chat service does not hand it over"), "{}", kept[1]);
        assert!(kept[2].starts_with("video.mp4 refused 90000000 it is larger than 20 MB"), "{}", kept[2]);
        assert_eq!(kept[3], format!("voice.ogg kept {} {}", voice.len(), hash(&voice)));
        for bytes in [&photo, &voice] {
            let name = hash(bytes);
            // Beside a SQLite database, or where the program runs.
            let files = if program.kind() == "SQLite" { "files" } else { "data/files" };
            let file = program.folder().join(files).join(&name[..2]).join(&name[2..4]).join(&name);
            assert_eq!(&std::fs::read(file).unwrap(), bytes);
        }
        // They are told at once of a file that nobody here will ever see.
        program.until("word of it", 20, async |program| program.answers_to(231).await.len() == 2).await;
        assert!(program.answers_to(231).await[1].contains("20 MB is the most"));
        program.finish().await;
    }
}

#[tokio::test]
async fn whoever_blocks_the_bot_is_on_the_list_of_letters_that_did_not_arrive() {
    let mut program = Program::new(Database::Sqlite).await;
    program.start_and_wait().await;
    program.telegram.fail("sendMessage", 1, 403, "Forbidden: bot was blocked by the user").await;
    program.telegram.person_sends(TOKEN, 241, "Mo", json!({"text": "Nobody comes.", "date": DAY_0})).await;
    let failed = "SELECT why FROM outbox WHERE state = 'failed' AND kind = 'acknowledgement' AND dropped_at IS NULL";
    program.until("the letter failed", 20, async |program| !program.texts(failed).await.is_empty()).await;
    let why = program.texts(failed).await;
    assert_eq!(why, ["they have blocked our bot, or have left the chat service: nothing that we write there arrives"]);
    let change =
        json!({"chat": {"id": 241, "type": "private"}, "date": DAY_0 + 60, "new_chat_member": {"status": "kicked"}});
    program.telegram.update(TOKEN, json!({"my_chat_member": change})).await;
    program.until("officers read it in the case", 20, async |program| in_the_case(program, 241).await.len() == 2).await;
    assert!(in_the_case(&program, 241).await[1].starts_with("Blocked the bot"));
    program.finish().await;
}

#[tokio::test]
async fn a_message_taken_back_stays_as_it_was_and_officers_see_that_it_was() {
    let mut program = Program::new(Database::Sqlite).await;
    program.start_and_wait().await;
    program.telegram.person_sends(TOKEN, 242, "Mo", json!({"text": "Nobody comes.", "date": DAY_0})).await;
    program.until("an answer", 20, async |program| !program.answers_to(242).await.is_empty()).await;
    let id = program.texts("SELECT message_id FROM representation").await[0].clone();
    let number: i64 = id.strip_prefix("tg:242:").unwrap().parse().unwrap();
    let gone =
        json!({"business_connection_id": "b", "chat": {"id": 242, "type": "private"}, "message_ids": [number, 999]});
    program.telegram.update(TOKEN, json!({"deleted_business_messages": gone})).await;
    program.until("a note", 20, async |program| in_the_case(program, 242).await.len() == 2).await;
    let words = in_the_case(&program, 242).await;
    assert_eq!(words[0], "Nobody comes.");
    assert!(words[1].starts_with("Took back a message in the chat"), "{}", words[1]);
    program.finish().await;
}

#[tokio::test]
async fn a_group_is_told_once_a_day_how_to_write_in_private() {
    let mut program = Program::talking(Database::Sqlite).await;
    program.start_and_wait().await;
    for n in 0..3 {
        let said = json!({"text": format!("Has anybody had an answer? {n}"), "date": DAY_0 + n,
            "chat": {"id": -500, "type": "group", "title": "Parents"}});
        program.telegram.person_sends(TOKEN, 243, "Hana", said).await;
    }
    program
        .until("all are stored", 20, async |program| {
            program.texts("SELECT visible_text FROM representation").await.len() == 3
        })
        .await;
    program.until_all_is_done(20).await;
    let said = program.answers_to(-500).await;
    let [only] = &said[..] else { panic!("{said:?}") };
    assert!(only.contains("write to us there") && !only.contains("HRD-"), "{only}");
    // A button below it, pressed by anybody in the group, says nothing about anybody.
    let press = json!({"id": "9", "data": "status", "from": {"id": 243, "is_bot": false, "first_name": "Hana"},
        "message": {"message_id": 1, "date": DAY_0, "chat": {"id": -500, "type": "group"}}});
    program.telegram.update(TOKEN, json!({"callback_query": press})).await;
    program.until_all_is_done(20).await;
    assert_eq!(program.answers_to(-500).await.len(), 1);
    program.finish().await;
}

/// Nobody learns of a case by its reference, nor whether an address is known, and a code cannot be guessed.
#[tokio::test]
async fn a_stranger_learns_nothing_in_the_chat() {
    let mut program = Program::talking(Database::Sqlite).await;
    program.start_and_wait().await;
    let mut family = Talk::new(&program, 251, "Noor", "en");
    family.says("The taxi has not come for three days.").await;
    family.hears(2).await;
    let reference = program.cases_of(251).await[0]["reference"].as_str().unwrap().to_owned();

    let mut stranger = Talk::new(&program, 252, "Rex", "en");
    stranger.presses_word("status", &format!("status {reference}")).await;
    stranger.hears(1).await;
    assert!(stranger.said().contains("You have not told us anything here yet"), "{}", stranger.said());
    let mut said = Vec::new();
    for address in ["noor@families.example", "nobody@nowhere.example", "complaints@calderbeck.example"] {
        stranger.presses_word("email", "email").await;
        stranger.hears(1).await;
        let before = stranger.transcript.len();
        stranger.says(address).await;
        stranger.hears(1).await;
        said.push(stranger.transcript[before..].replace(address, "(the address)"));
    }
    assert!(said.windows(2).all(|two| two[0] == two[1]), "{said:?}");
    // To our own mailbox nothing went.
    let ours = program.texts("SELECT recipient FROM outbox WHERE kind = 'chat-code' ORDER BY queued_at, id").await;
    assert_eq!(ours, ["noor@families.example", "nobody@nowhere.example"]);
    for n in 0..5 {
        stranger.says(&format!("00000{n}")).await;
        stranger.hears(1).await;
    }
    assert!(stranger.said().trim_end().ends_with("[I also write by email]"), "{}", stranger.said());
    assert_eq!(program.cases_of(252).await.len(), 0);
    program.finish().await;
}

#[tokio::test]
async fn the_service_is_given_the_rest_that_it_asks_for() {
    let mut program = Program::new(Database::Sqlite).await;
    program.start_and_wait().await;
    let busy = json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 4", "parameters": {"retry_after": 4}});
    program.telegram.fail_with("sendMessage", 1, 429, busy).await;
    let asked = std::time::Instant::now();
    for chat in [261, 262] {
        program.telegram.person_sends(TOKEN, chat, "Ola", json!({"text": "Nobody rings.", "date": DAY_0})).await;
    }
    program
        .until("both are answered", 40, async |program| {
            program.answers_to(261).await.len() + program.answers_to(262).await.len() == 3
        })
        .await;
    assert!(asked.elapsed() >= Duration::from_secs(4), "{:?}", asked.elapsed());
    program.until_all_is_done(20).await;
    program.finish().await;
}

/// An officer writes to the family from the case; it arrives in the chat that they wrote from.
#[tokio::test]
async fn an_officers_words_arrive_in_the_chat() {
    for database in Database::each().await {
        let mut program = Program::new(database).await;
        program.start_and_wait().await;
        program.telegram.person_sends(TOKEN, 271, "Efe", json!({"text": "Nobody comes.", "date": DAY_0})).await;
        program.until("an answer", 20, async |program| !program.answers_to(271).await.is_empty()).await;

        let token = program.folder().join("token");
        std::fs::write(&token, TOKEN).unwrap();
        let text = std::fs::read_to_string(program.folder().join("heard.toml")).unwrap();
        let text = text.replace("{ env = \"HEARD_TEST_TOKEN\" }", &format!("{{ file = \"{}\" }}", token.display()));
        let settings = Settings::parse(&text, std::path::Path::new("heard.toml")).unwrap();
        let office = Office::open(&settings).unwrap();
        let store = Store::open(&program.database_url()).await.unwrap();
        let now = heard::clock::Clock::system().now();
        let reference = program.cases_of(271).await[0]["reference"].as_str().unwrap().to_owned();
        heard::desk::users::add(
            &store,
            "rowan.bell@calderbeck.example",
            "Rowan Bell",
            heard::web::access::Role::Officer,
            Some("a long enough password".to_owned().into()),
            now,
        )
        .await
        .unwrap();
        let mut tx = store.begin().await.unwrap();
        let officer = officers::all(&mut tx).await.unwrap()[0].id;
        let case = cases::by_reference(&mut tx, &reference).await.unwrap().unwrap();
        let text = "I have spoken to the team.\nSomebody comes tomorrow at ten.".to_owned();
        let step = (Step::WrittenTo { text }, casework::Given::Letter);
        casework::take_step(&office, &mut tx, (case, None), officer, step, now).await.unwrap();
        tx.commit().await.unwrap();
        store.close().await;

        program.until("it arrives", 20, async |program| program.answers_to(271).await.len() == 2).await;
        let said = program.answers_to(271).await[1].clone();
        for needed in
            ["Somebody comes tomorrow at ten.", "Write to us here again at any time.", &reference, "Rowan Bell"]
        {
            assert!(said.contains(needed), "{needed} is missing: {said}");
        }
        assert!(!said.contains("Reply to this email"), "{said}");
        program.until_all_is_done(20).await;
        program.finish().await;
    }
}
