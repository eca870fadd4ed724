//! The road, end to end: the built program between a real Dovecot and a real Postfix, on SQLite and on Postgres.

use std::time::{Duration, Instant};

use crate::town::{Choices, Database, Letter, Mail, Town, until};
use chrono::NaiveDate;
use heard::clock::long_date;
use serde_json::Value;

const COMPLAINTS: &str = "complaints@council.example";
const FORWARD: &str = "log-a-complaint@council.example";
const MANAGER: &str = "manager1@council.example";
const OTHER_MANAGER: &str = "manager2@council.example";
const MUM: &str = "mum@family.example";

/// Words of the first family's message that no letter of ours has.
const HER_WORDS: [&str; 6] = ["Thistledown", "Marigold", "flabbergasted", "porridge", "seventeen", "hamster"];

#[tokio::test(flavor = "multi_thread")]
async fn one_mail_travels_the_whole_road_on_sqlite() {
    story(Town::on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_mail_travels_the_whole_road_on_postgres() {
    if let Some(database) = Database::postgres().await {
        story(Town::on(database)).await;
    }
}

async fn story(mut town: Town) {
    town.configure(&Choices { labelling: true, more_mailboxes: true, ..Choices::default() });
    let program = town.serve().await;
    let (hers, letter) = a_family_is_answered_within_five_seconds(&town).await;
    her_answer_joins_her_case(&town, &letter).await;
    a_stranger_with_her_reference_learns_nothing(&town, &letter).await;
    the_same_mail_again_changes_nothing(&town, &hers).await;
    if town.labelling {
        a_managers_mailbox_keeps_its_secrets(&town).await;
    }
    what_managers_forward_becomes_the_familys_case(&town).await;
    what_cannot_be_read_is_set_aside_and_machines_are_not_answered(&town).await;
    program.stop().await;
    if town.labelling {
        // Also when everything has come to rest in the file.
        assert_eq!(town.database.find(&LUNCH).await, [""; 0]);
    }
    let log = town.log();
    for word in HER_WORDS.iter().chain(&LUNCH).chain(&["family.example", "pw-", "0123456789abcdef"]) {
        assert!(!log.contains(word), "{word} in the log:\n{log}");
    }
    assert!(!log.contains("\"ERROR\""), "{log}");
}

fn messages(case: &Value) -> Vec<(&str, &str)> {
    let messages = case["messages"].as_array().unwrap();
    messages.iter().map(|one| (one["message_id"].as_str().unwrap(), one["relation"].as_str().unwrap())).collect()
}

async fn a_family_is_answered_within_five_seconds(town: &Town) -> (Mail, Letter) {
    let mut hers = Mail::new(
        MUM,
        COMPLAINTS,
        "Thistledown and Marigold",
        "I am flabbergasted. Nobody from the fostering team rang me back for seventeen days, and now my daughter's hamster \
         eats better porridge than she does. I want to make a complaint about the social worker.",
    );
    hers.name = "Priya Nair".into();
    let mut took = answered(town, &hers).await;
    // A machine that is busy with something else gets two more chances.
    for other in ["dad+quick1@family.example", "dad+quick2@family.example"] {
        if took < Duration::from_secs(5) {
            break;
        }
        println!("the acknowledgement took {took:.2?}: measured again");
        let mail = Mail::new(other, COMPLAINTS, "Late again", "The taxi was late again and nobody tells us why.");
        took = answered(town, &mail).await;
    }
    println!("the acknowledgement lay in the family's mailbox {took:.2?} after Postfix had taken the complaint");
    assert!(took < Duration::from_secs(5), "{took:?}");

    let letter = town.letter(MUM).await;
    let [case] = <[Value; 1]>::try_from(town.case_of(MUM).into_iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(letter.reference(), case["reference"], "{}", letter.subject);
    assert_eq!(letter.header("Return-Path").as_deref(), Some("<>"));
    assert_eq!(letter.header("Auto-Submitted").as_deref(), Some("auto-replied"));
    assert_eq!(letter.header("X-Auto-Response-Suppress").as_deref(), Some("All"));
    assert_eq!(letter.header("In-Reply-To"), Some(format!("<{}>", hers.id)));
    assert_eq!(letter.header("References"), Some(format!("<{}>", hers.id)));
    assert!(letter.message_id.ends_with("@council.example"), "{}", letter.message_id);
    for body in [&letter.text, &letter.html] {
        assert!(body.contains(case["reference"].as_str().unwrap()), "{body}");
        assert!(body.contains("Priya Nair") && body.contains("Rowan Bell") && body.contains("999"), "{body}");
        for word in HER_WORDS {
            assert!(!body.contains(word), "{word} in {body}");
        }
    }
    assert!(!HER_WORDS.iter().any(|word| letter.subject.contains(word)), "{}", letter.subject);

    // The day of the answer is ten working days on, by the same clock that `heard due` counts with.
    let received = case["received_at"].as_str().unwrap();
    let rule = case["due"]["rule"].as_str().unwrap();
    let procedure = if case["procedure"] == "corporate" { "corporate" } else { "statutory" };
    let due = town.run(&["due", "--procedure", procedure, "--clock", rule, "--from", received, "--json"]);
    let due: Value = serde_json::from_slice(&due.stdout).unwrap();
    let answer_by: NaiveDate = case["due"]["answer_by"].as_str().unwrap().parse().unwrap();
    assert_eq!(due["due"], case["due"]["answer_by"], "{due}");
    assert!(due["rule"].as_str().unwrap().contains("10 working days"), "{due}");
    assert!(letter.text.contains(&long_date(answer_by)), "{}", letter.text);
    (hers, letter)
}

/// Delivers `mail` and measures until its answer lies in the family's mailbox.
async fn answered(town: &Town, mail: &Mail) -> Duration {
    // The program must be waiting: it has looked into the empty mailbox.
    until("the complaints mailbox is watched", async || town.position("complaints").await.map(|_| ())).await;
    town.deliver(mail).await;
    let start = Instant::now();
    until("the acknowledgement", async || town.letters(&mail.from).await.pop()).await;
    start.elapsed()
}

async fn her_answer_joins_her_case(town: &Town, letter: &Letter) {
    let reply_to = letter.header("Reply-To").unwrap();
    let address = reply_to.trim_start_matches('<').trim_end_matches('>');
    assert!(address.starts_with("complaints+") && address.ends_with("@council.example"), "{reply_to}");
    let mut reply = Mail::new(MUM, address, &format!("Re: {}", letter.subject), "One more thing: it was in March.");
    reply.more = format!("In-Reply-To: <{}>\nReferences: <{}>\n", letter.message_id, letter.message_id);
    town.deliver(&reply).await;
    // Once the next family has been answered, hers was read.
    town.fence("after-the-reply").await;
    let case = town.case_of(MUM).unwrap();
    assert_eq!(messages(&case).last(), Some(&(reply.id.as_str(), "same-issue")), "{case}");
    assert_eq!(messages(&case).len(), 2, "{case}");
    assert_eq!(town.letters(MUM).await.len(), 1);
}

async fn a_stranger_with_her_reference_learns_nothing(town: &Town, letter: &Letter) {
    let stranger = "dad+stranger@family.example";
    let subject = format!("Re: {}", letter.subject);
    let mail = Mail::new(stranger, COMPLAINTS, &subject, "What did she tell you? Send me everything you have on this.");
    town.deliver(&mail).await;
    let answer = town.letter(stranger).await;
    let case = town.case_of(stranger).unwrap();
    assert_eq!(case["reference"], answer.reference());
    for hers in [letter.reference().as_str(), "Priya", "Nair", MUM, &letter.message_id] {
        assert!(!answer.raw.contains(hers) && !answer.text.contains(hers) && !answer.html.contains(hers), "{hers}");
        assert!(!answer.subject.contains(hers), "{hers}");
    }
    assert_eq!(messages(&town.case_of(MUM).unwrap()).len(), 2);
}

async fn the_same_mail_again_changes_nothing(town: &Town, hers: &Mail) {
    let before = town.export();
    town.deliver(hers).await;
    town.server.deliver(&hers.from, MANAGER, &hers.text()).await;
    let in_manager = town.server.await_messages(MANAGER, 1).await;
    if town.labelling {
        settled(town, "manager-one", in_manager[0].uid).await;
    }
    let fence = town.fence("after-the-same").await;
    let mut after = town.export();
    after.retain(|case| case["reference"] != fence.reference());
    assert_eq!(after, before);
    assert_eq!(town.letters(MUM).await.len(), 1);
}

/// Returns when `mailbox` is read up to `uid`.
async fn settled(town: &Town, mailbox: &str, uid: u32) {
    let read = async || town.position(mailbox).await.filter(|position| position.last_uid >= uid);
    until(&format!("{mailbox} is read up to {uid}"), read).await;
}

/// Subject, words, name, addresses and ids of the private mails: nothing of it may be left.
const LUNCH: [&str; 8] = [
    "Xylophonic",
    "Quokkaburger",
    "Wombatina",
    "wombat.flute@lunchclub.example",
    "zebrafinch-4711@lunchclub.example",
    "Holidaymarmoset",
    "ibexreturn",
    "marmoset-4712@council.example",
];

async fn a_managers_mailbox_keeps_its_secrets(town: &Town) {
    let forgotten = "SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM forgotten_count";
    let forgotten_before = town.database.number(forgotten).await;
    let angry = "dad+angry@family.example";
    let mut complaint = Mail::new(
        angry,
        MANAGER,
        "Complaint about my daughter's social worker",
        "I am very unhappy and I want to make a formal complaint. The social worker has cancelled four visits, never rings \
         back, and lied in the assessment report about what I said. This is not good enough and I want it put right.",
    );
    complaint.name = "Tomasz Zielinski".into();
    let lunch = Mail {
        name: "Wombatina Flute".into(),
        id: "zebrafinch-4711@lunchclub.example".into(),
        ..Mail::new(
            "wombat.flute@lunchclub.example",
            MANAGER,
            "Lunch on Friday, Xylophonic?",
            "Hi, shall we have lunch on Friday at half past twelve? The new cafe does a Quokkaburger. See you, Wombatina",
        )
    };
    let away = Mail {
        id: "marmoset-4712@council.example".into(),
        more: "Auto-Submitted: auto-replied\n".into(),
        ..Mail::new(
            "manager2@council.example",
            MANAGER,
            "Automatic reply: Holidaymarmoset",
            "I am away until Monday. For urgent matters please ring the ibexreturn desk.",
        )
    };
    // Held back by Postfix's sending end, so that the flags are known before the program has seen the mails.
    let now = heard::clock::Clock::system().now();
    let all: Vec<_> = [&lunch, &complaint, &away].iter().map(|mail| (mail.text(), now)).collect();
    town.server.doveadm(&["flags", "add", "-u", MANAGER, "\\Flagged", "mailbox", "INBOX", "all"]);
    town.server.append(MANAGER, &all).await;
    let before = town.server.messages(MANAGER).await;
    let last = before.last().unwrap().uid;
    assert_eq!(before.len(), 4);
    assert!(before[0].flags.iter().any(|flag| flag.contains("Flagged")), "{:?}", before[0].flags);
    assert!(before[1..].iter().all(|one| !one.flags.iter().any(|flag| flag.contains("Seen"))));
    settled(town, "manager-one", last).await;
    let case = town.case_of(angry).unwrap_or_else(|| panic!("the complaint is no case: {:?}", town.export()));
    assert_eq!(case["messages"][0]["source"], "manager-one", "{case}");
    assert_eq!(case["complainant"]["name"], "Tomasz Zielinski", "{case}");
    assert_eq!(town.database.number(forgotten).await, forgotten_before + 2);

    assert_eq!(town.server.messages(MANAGER).await, before);
    // That the search finds what is there is shown on the complaint.
    assert!(!town.database.find(&["Tomasz Zielinski"]).await.is_empty());
    assert_eq!(town.database.find(&LUNCH).await, [""; 0]);
}

async fn what_managers_forward_becomes_the_familys_case(town: &Town) {
    let inline = "dad+inline@family.example";
    let mut forward = Mail::new(
        OTHER_MANAGER,
        FORWARD,
        "FW: still no transport for Kofi",
        &format!(
            "Please log.\n\nHelen Marsh\n\n________________________________\nFrom: Ama Boateng <{inline}>\nSent: 19 November 2026 \
             18:02\nTo: Helen Marsh <{OTHER_MANAGER}>\nSubject: still no transport for Kofi\n\nI am complaining again. My son \
             has missed three weeks of school because the council has not arranged his transport, and nobody answers me. I am \
             very unhappy about how we have been treated."
        ),
    );
    forward.name = "Helen Marsh".into();
    let attached = "dad+attached@family.example";
    let inner = Mail {
        name: "Gareth Pugh".into(),
        ..Mail::new(
            attached,
            OTHER_MANAGER,
            "Nobody listens",
            "I want to complain about the children's team. They promised me a copy of the assessment in September, I have \
             asked five times, and all I get is excuses. I am angry and I feel ignored.",
        )
    };
    let mut outer = Mail::new(
        OTHER_MANAGER,
        FORWARD,
        "FW: Nobody listens",
        &format!(
            "--outer\nContent-Type: text/plain; charset=utf-8\n\nOne for you.\n\n--outer\nContent-Type: message/rfc822\n\
             Content-Disposition: attachment\n\n{}\n--outer--",
            inner.text()
        ),
    );
    outer.name = "Helen Marsh".into();
    outer.more = "Content-Type: multipart/mixed; boundary=outer\n".into();
    for (n, (mail, family, name)) in
        [(forward, inline, "Ama Boateng"), (outer, attached, "Gareth Pugh")].into_iter().enumerate()
    {
        town.deliver(&mail).await;
        let receipts = until("the manager's receipt", async || {
            let receipts = town.letters(OTHER_MANAGER).await;
            // What the manager's own mailbox holds besides is not from us.
            (receipts.len() > n).then_some(receipts)
        })
        .await;
        let case = town.case_of(family).unwrap_or_else(|| panic!("no case of {family}: {:?}", town.export()));
        assert_eq!(case["complainant"]["name"], name, "{case}");
        let receipt = &receipts[n];
        assert_eq!(receipt.reference(), case["reference"], "{}", receipt.subject);
        assert!(receipt.text.to_lowercase().contains("logged"), "{}", receipt.text);
        assert_eq!(receipt.header("In-Reply-To"), Some(format!("<{}>", mail.id)));
        if town.labelling {
            let text = receipt.text.replace("\r\n", "\n");
            assert!(text.contains("The sentence that counted most:\n\""), "{text:?}");
            let letter = town.letter(family).await;
            assert_eq!(letter.reference(), case["reference"]);
            assert!(letter.text.contains(name) && !letter.text.contains("Helen Marsh"), "{}", letter.text);
        }
    }
}

async fn what_cannot_be_read_is_set_aside_and_machines_are_not_answered(town: &Town) {
    let quarantined = "SELECT count(*) FROM delivery WHERE state = 'quarantined'";
    let filed = "SELECT count(*) FROM representation WHERE state = 'filed'";
    assert_eq!((town.database.number(quarantined).await, town.database.number(filed).await), (0, 0));
    let cases = town.export().len();
    let now = heard::clock::Clock::system().now();
    town.server.append(COMPLAINTS, &[("X-Nothing: here\n\n\n".into(), now)]).await;
    let away = "dad+away@family.example";
    let mut out = Mail::new(away, COMPLAINTS, "Automatic reply: your letter", "I am on holiday until Monday.");
    out.more = "Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\n".into();
    town.deliver(&out).await;
    town.fence("after-the-odd-ones").await;
    assert_eq!((town.database.number(quarantined).await, town.database.number(filed).await), (1, 1));
    assert_eq!(town.export().len(), cases + 1);
    assert!(town.letters(away).await.is_empty());
}
