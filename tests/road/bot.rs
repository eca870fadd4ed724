//! Conversations with the bot, over HTTP, with the real program and the third-party Bot API stand-in: what families read, in the
//! order in which they read it. On SQLite, and on Postgres where `HEARD_TEST_POSTGRES` names a server.

use std::fmt::Write as _;

use crate::program::{Database, Program, TOKEN};
use regex::Regex;
use serde_json::{Value, json};

/// Wednesday 18 November 2026, 11:06 in London.
pub const DAY_0: i64 = 1_795_000_000;

/// One person in a private chat, and what was said on both sides.
pub struct Talk<'a> {
    program: &'a Program,
    chat: i64,
    name: &'static str,
    language: &'static str,
    seen: usize,
    buttons: Vec<(String, String)>,
    pub transcript: String,
}

impl<'a> Talk<'a> {
    pub fn new(program: &'a Program, chat: i64, name: &'static str, language: &'static str) -> Self {
        Self { program, chat, name, language, seen: 0, buttons: Vec::new(), transcript: String::new() }
    }

    pub async fn calls(&self) -> Vec<Value> {
        let calls = self.program.telegram.calls("sendmessage").await;
        calls.into_iter().filter(|call| call["chat_id"] == self.chat).collect()
    }

    /// Waits for `n` more messages of the bot's and writes them down.
    pub async fn hears(&mut self, n: usize) {
        let wanted = self.seen + n;
        let program = self.program;
        program.until(&format!("{} hears {n} more", self.name), 25, async |_| self.calls().await.len() >= wanted).await;
        let calls = self.calls().await;
        for call in &calls[self.seen..] {
            let _ =
                writeln!(self.transcript, "HEARD: {}", call["text"].as_str().unwrap().trim().replace('\n', "\n    "));
            self.buttons.clear();
            for row in call["reply_markup"]["inline_keyboard"].as_array().into_iter().flatten() {
                let row = row.as_array().unwrap();
                let label = |button: &Value| button["text"].as_str().unwrap().to_owned();
                let shown: Vec<_> = row.iter().map(|button| format!("[{}]", label(button))).collect();
                let _ = writeln!(self.transcript, "    {}", shown.join(" "));
                self.buttons.extend(
                    row.iter().map(|button| (label(button), button["callback_data"].as_str().unwrap().to_owned())),
                );
            }
            self.transcript.push('\n');
        }
        self.seen = calls.len();
    }

    pub async fn sends(&mut self, shown: &str, mut fields: Value) {
        let _ = writeln!(self.transcript, "{}: {shown}\n", self.name.to_uppercase());
        let from = json!({"id": self.chat, "is_bot": false, "first_name": self.name, "language_code": self.language});
        fields["from"] = from;
        if fields["date"].is_null() {
            fields["date"] = json!(heard::clock::Clock::system().now().timestamp());
        }
        self.program.telegram.person_sends(TOKEN, self.chat, self.name, fields).await;
    }

    pub async fn says(&mut self, text: &str) {
        self.sends(text, json!({"text": text})).await;
    }

    /// Presses the button with this label below the last message.
    pub async fn presses(&mut self, label: &str) {
        let word = self.buttons.iter().find(|(shown, _)| shown == label).map(|(_, word)| word.clone());
        let word = word.unwrap_or_else(|| panic!("no button {label:?}: {:?}\n{}", self.buttons, self.transcript));
        self.presses_word(label, &word).await;
    }

    pub async fn presses_word(&mut self, label: &str, word: &str) {
        let _ = writeln!(self.transcript, "{} presses [{label}]\n", self.name.to_uppercase());
        self.program.telegram.person_presses(TOKEN, self.chat, self.name, word, self.language).await;
    }

    /// What was said, without what differs from run to run.
    pub fn said(&self) -> String {
        let mut said = self.transcript.clone();
        for (pattern, instead) in [
            (r"HRD-\d\d-\d{5}-[A-Z]", "HRD-26-00001-X"),
            (r"\b\w+day \d{1,2} \w+ \d{4}( at \d{1,2}:\d\d[ap]m)?", "(DAY)"),
            (r"\p{L}+, \d{1,2} \p{L}+ \d{4}(, godz\. \d\d:\d\d)?", "(DZIEŃ)"),
            (r"/track/[a-z0-9]+", "/track/(CODE)"),
        ] {
            said = Regex::new(pattern).unwrap().replace_all(&said, instead).into_owned();
        }
        said
    }
}

/// The words of every message in the one case of a chat, oldest first, as officers read them.
pub async fn in_the_case(program: &Program, chat: i64) -> Vec<String> {
    let [case] = &program.cases_of(chat).await[..] else { panic!("not one case of {chat}") };
    let mut words = Vec::new();
    for message in case["messages"].as_array().unwrap() {
        let id = message["message_id"].as_str().unwrap();
        words
            .extend(program.texts(&format!("SELECT visible_text FROM representation WHERE message_id = '{id}'")).await);
    }
    words
}

/// The code in the last mail that went to an address.
async fn code_for(program: &Program, address: &str) -> String {
    let sql = format!(
        "SELECT CAST(message AS TEXT) FROM outbox WHERE kind = 'chat-code' AND recipient = '{address}' ORDER BY queued_at DESC, id DESC"
    );
    program.until("a code", 20, async |program| !program.texts(&sql).await.is_empty()).await;
    let mail: Value = serde_json::from_str(&program.texts(&sql).await[0]).unwrap();
    Regex::new(r"\d{6}").unwrap().find(mail["text"].as_str().unwrap()).unwrap().as_str().to_owned()
}

#[tokio::test]
async fn a_whole_conversation_from_start_to_stop() {
    for database in Database::each().await {
        let mut program = Program::talking(database).await;
        program.start_and_wait().await;
        let mut talk = Talk::new(&program, 201, "Sam", "en");
        talk.says("/start").await;
        talk.hears(1).await;
        talk.presses("How it works").await;
        talk.hears(1).await;
        talk.says("My social worker said she would ring on Monday. She never rang.").await;
        // At once the acknowledgement; the question when nothing more comes.
        talk.hears(2).await;
        talk.presses("Me").await;
        talk.hears(1).await;
        talk.says("Sammy").await;
        talk.hears(1).await;
        program.telegram.has_file("photo-1", b"\xff\xd8\xff\xe0 a picture of a letter".to_vec()).await;
        let photo = json!([{"file_id": "photo-1", "file_unique_id": "u", "width": 90, "height": 60, "file_size": 30}]);
        talk.sends("(a photo) This is the letter", json!({"photo": photo, "caption": "This is the letter"})).await;
        program
            .until("the photo is in the case", 20, async |program| {
                program.texts("SELECT state FROM attachment").await == ["kept"]
            })
            .await;
        talk.presses("Where is it up to?").await;
        talk.hears(1).await;
        talk.presses("Add something").await;
        talk.hears(1).await;
        talk.presses_word("Talk to a person", "talk").await;
        talk.hears(1).await;
        talk.says("After school please, on 07700 900123").await;
        talk.hears(1).await;
        talk.presses_word("More", "more").await;
        talk.hears(1).await;
        talk.presses("Make it a formal complaint").await;
        talk.hears(1).await;
        talk.presses_word("Take it back", "withdraw").await;
        talk.hears(1).await;
        talk.presses("No, carry on").await;
        talk.hears(1).await;
        talk.presses_word("Take it back", "withdraw").await;
        talk.hears(1).await;
        talk.presses("Yes, take it back").await;
        talk.hears(1).await;
        talk.presses("Free help").await;
        talk.hears(1).await;
        talk.says("/language").await;
        talk.hears(1).await;
        talk.presses("Polski").await;
        talk.hears(1).await;
        talk.presses_word("English", "language en").await;
        talk.hears(1).await;
        talk.presses_word("I also write by email", "email").await;
        talk.hears(1).await;
        talk.says("sam@families.example").await;
        talk.hears(1).await;
        talk.says("12345x").await;
        let code = code_for(&program, "sam@families.example").await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        talk.says(wrong).await;
        talk.hears(1).await;
        program
            .telegram
            .person_sends(
                TOKEN,
                201,
                "Sam",
                json!({"text": code, "date": heard::clock::Clock::system().now().timestamp()}),
            )
            .await;
        talk.transcript.push_str("SAM: (the code)\n\n");
        talk.hears(1).await;
        talk.presses("More").await;
        talk.hears(1).await;
        talk.presses("Stop messages here").await;
        talk.hears(1).await;
        talk.presses_word("Do a trick", "trick").await;
        talk.says("/help").await;
        talk.hears(1).await;
        program.until_all_is_done(20).await;

        insta::with_settings!({description => "A whole conversation"}, {
            insta::assert_snapshot!("a_whole_conversation", talk.said());
        });
        insta::assert_snapshot!("what_officers_read_of_it", in_the_case(&program, 201).await.join("\n---\n"));
        // The two are one person now, and the case says how that was shown.
        let people = program
            .texts(
                "SELECT count(DISTINCT k.person_id) || ' of ' || count(*) FROM contact k JOIN contact_address a ON a.contact_id = k.id \
                 WHERE a.address IN ('telegram:201', 'sam@families.example')",
            )
            .await;
        assert_eq!(people, ["1 of 2"]);
        let events = program.texts("SELECT CAST(body AS TEXT) FROM case_event").await.concat();
        assert!(events.contains("a code that went to the email address was typed in the chat"), "{events}");
        // Nobody's code lies in the database but in the mail itself.
        let hashes = program.texts("SELECT code_hash FROM chat_code").await;
        assert_eq!(hashes, [""]);
        program.finish().await;
    }
}

#[tokio::test]
async fn five_people_write_and_are_heard() {
    let mut program = Program::talking(Database::Sqlite).await;
    program.start_and_wait().await;

    let mut child = Talk::new(&program, 211, "xX_kai_Xx", "en");
    child.says("hi is this the complaints thing").await;
    child.hears(2).await;
    child.says("they moved me again n didnt even tell me. 3rd time this yr. i dont feel safe at the new place").await;
    child.hears(1).await;
    child.presses_word("Me", "for myself").await;
    child.hears(1).await;
    child.presses("Skip").await;
    child.hears(1).await;
    child.presses("Free help").await;
    child.hears(1).await;

    let mut frightened = Talk::new(&program, 212, "Lee", "en");
    frightened.says("im 15. my foster dad hit me last nite and nobody at social services picks up").await;
    frightened.hears(2).await;
    frightened.presses("Skip").await;
    frightened.hears(1).await;

    let mut parent = Talk::new(&program, 213, "Agnieszka", "pl");
    parent.says("/start").await;
    parent.hears(1).await;
    parent.says("Dzien dobry. My son no school 6 week. Nobody say why. Please help").await;
    parent.hears(2).await;
    parent.presses("Mojego dziecka").await;
    parent.hears(1).await;
    parent.says("Agnieszka Nowak").await;
    parent.hears(1).await;
    parent.presses("Co się dzieje w sprawie?").await;
    parent.hears(1).await;

    let mut grandparent = Talk::new(&program, 214, "Doreen", "en");
    grandparent.says("Good morning. I hope this is the right place. I have looked after my grandson since March and the allowance has still not come.").await;
    grandparent.hears(2).await;
    grandparent.presses("Someone else").await;
    grandparent.hears(1).await;
    grandparent.says("Mrs Doreen Ashby").await;
    grandparent.hears(1).await;
    grandparent.presses("Talk to a person").await;
    grandparent.hears(1).await;
    grandparent.says("After ten in the morning please, 01632 960 555. I am a little deaf.").await;
    grandparent.hears(1).await;

    let mut father = Talk::new(&program, 215, "Craig", "en");
    father.says("YOU LOT ARE A JOKE. 4 MONTHS. NOT ONE CALL BACK").await;
    father.says("I want the name of the manager NOW").await;
    father.hears(2).await;
    father.presses("Skip").await;
    father.hears(1).await;
    father.presses("More").await;
    father.hears(1).await;
    father.presses("Make it a formal complaint").await;
    father.hears(1).await;

    let mut advocate = Talk::new(&program, 216, "Imani (Voices)", "en");
    advocate.says("I am an independent advocate. I write for a young person of 16 who asks me to complain about the delay with her pathway plan. She agrees to this message.").await;
    advocate.hears(2).await;
    advocate.presses("Someone else").await;
    advocate.hears(1).await;
    advocate.says("Imani Okoro, Calderbeck Voices").await;
    advocate.hears(1).await;
    advocate.presses("Where is it up to?").await;
    advocate.hears(1).await;
    advocate.says("Hello, what is happening with my complaint? Thanks").await;
    advocate.hears(1).await;

    program.until_all_is_done(20).await;
    for (who, talk) in [
        ("a_fifteen_year_old_in_care", &child),
        ("a_child_who_was_hit", &frightened),
        ("a_parent_with_little_english", &parent),
        ("a_grandparent", &grandparent),
        ("an_angry_father", &father),
        ("an_advocate", &advocate),
    ] {
        insta::assert_snapshot!(who, talk.said());
        let wording = talk.said().to_lowercase();
        assert!(!wording.contains("unfortunately") && !wording.contains("heard: !"), "{who}");
    }
    // Whoever tells of danger reads where there is help before anything else, and only once.
    let first = &program.answers_to(212).await[0];
    assert!(first.starts_with("If you or a child is in danger now, call 999."), "{first}");
    assert!(first.contains("0800 1111") && first.matches("999").count() == 1, "{first}");
    assert!(program.answers_to(213).await.iter().all(|said| !said.contains("Thank you")));
    program.finish().await;
}
