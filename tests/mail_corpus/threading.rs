//! Threads by JWZ and RFC 5256: which messages our matching puts into one case, each set of messages by the real road.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use serde_json::Value;
use sqlx::Row;

use super::{
    road::{Road, texts},
    shared,
};

/// Messages that belong together, by their ids in the case's file.
type Threads = BTreeSet<BTreeSet<String>>;

fn id(message: &Value) -> String {
    message["id"].as_str().unwrap().to_owned()
}

fn expected(case: &Value) -> Threads {
    let threads = case["expected"]["threads"].as_array().unwrap();
    threads.iter().map(|thread| texts(&thread["messages"]).map(str::to_owned).collect()).collect()
}

/// The mail of one message; its words name it.
fn mail(message: &Value) -> Vec<u8> {
    let date: chrono::DateTime<chrono::Utc> = message["date"].as_str().unwrap().parse().unwrap();
    let mut mail = format!(
        "From: Ann Bell <ann@mail.example>\r\nTo: complaints@calderbeck.example\r\nDate: {}\r\nSubject: {}\r\n",
        date.to_rfc2822(),
        message["subject"].as_str().unwrap_or_default()
    );
    for (name, value) in [("Message-ID", &message["message_id"]), ("In-Reply-To", &message["in_reply_to"])] {
        if let Some(value) = value.as_str() {
            mail.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    let references: Vec<&str> = texts(&message["references"]).collect();
    if !references.is_empty() {
        mail.push_str(&format!("References: {}\r\n", references.join("\r\n ")));
    }
    format!("{mail}\r\nThis is {}\r\n", id(message)).into_bytes()
}

/// What is in one case after all messages came, in the order of the file.
async fn ours(case: &Value) -> Threads {
    let road = Road::open().await;
    for message in case["input"].as_array().unwrap() {
        let at = message["date"].as_str().unwrap().parse().unwrap();
        road.arrives(mail(message), at).await;
    }
    let rows = road
        .rows(
            "SELECT hex(m.case_id), r.visible_text FROM case_message m JOIN representation r ON r.id = m.representation_id",
        )
        .await;
    let mut cases: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        let words: String = row.get(1);
        cases.entry(row.get(0)).or_default().insert(words.trim_start_matches("This is ").to_owned());
    }
    cases.into_values().collect()
}

/// Which messages their ids tie together, whatever their subjects.
fn by_ids(case: &Value) -> Threads {
    let messages = case["input"].as_array().unwrap();
    let mut groups: Vec<(BTreeSet<String>, BTreeSet<String>)> = Vec::new();
    let mut taken = BTreeSet::new();
    for message in messages {
        // The second message with an id is not the one that others answer.
        let own = message["message_id"].as_str().filter(|id| taken.insert(id.to_string()));
        let answered = message["in_reply_to"].as_str().into_iter().chain(texts(&message["references"]));
        let ids: BTreeSet<String> = own.into_iter().chain(answered).map(str::to_owned).collect();
        let (mut joined, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(known, _)| !known.is_disjoint(&ids));
        joined.push((ids, BTreeSet::from([id(message)])));
        groups = apart;
        groups.push(joined.into_iter().fold(Default::default(), |mut all: (BTreeSet<_>, BTreeSet<_>), one| {
            all.0.extend(one.0);
            all.1.extend(one.1);
            all
        }));
    }
    groups.into_iter().map(|(_, messages)| messages).collect()
}

#[tokio::test]
async fn messages_are_in_one_case_as_their_ids_say_and_never_by_their_subject() {
    let Some(folder) = shared().map(|mail| mail.join("threading")) else { return };
    let index: Vec<String> = serde_json::from_slice(&fs::read(folder.join("index.json")).unwrap()).unwrap();
    let (mut right, mut apart, mut wrong) = (0, Vec::new(), Vec::new());
    for name in &index {
        let case: Value = serde_json::from_slice(&fs::read(folder.join(format!("{name}.json"))).unwrap()).unwrap();
        let (ours, expected, by_ids) = (ours(&case).await, expected(&case), by_ids(&case));
        if ours == expected {
            right += 1;
        } else if ours == by_ids && ours.iter().all(|our| expected.iter().any(|whole| our.is_subset(whole))) {
            // Upstream joins these by an equal subject alone: for us not joining them is right.
            apart.push(name.as_str());
        } else {
            wrong.push(format!("{name}: {ours:?} for {expected:?}"));
        }
    }
    println!(
        "threading: {} of {} right, {} of them because an equal subject alone joins nothing here: {apart:?}; wrong: {wrong:?}",
        right + apart.len(),
        index.len(),
        apart.len()
    );
    assert_eq!(wrong, Vec::<String>::new());
}
