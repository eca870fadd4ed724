//! Measures the reader on gathered mail with expected answers (HEARD_SHARED/data/mail). Prints figures and holds floors.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a broken fixture must stop the test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use heard::intake::parse::ReadContext;
use serde_json::Value;

mod automatic;
mod forwards;
mod inboxes;
mod large;
mod malformed;
mod replies;
mod road;
mod threading;

fn shared() -> Option<PathBuf> {
    let root = std::env::var("HEARD_SHARED").map_or_else(|_| PathBuf::from("../shared"), PathBuf::from);
    let mail = root.join("data/mail");
    if mail.is_dir() {
        return Some(mail);
    }
    println!("SKIPPED: {} is absent; set HEARD_SHARED to the folder that holds data/mail", mail.display());
    None
}

/// The cases of a set with their inputs.
fn cases(set: &str) -> Vec<(Value, Vec<u8>)> {
    let Some(root) = shared() else { return Vec::new() };
    let folder = root.join(set);
    let mut names: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|e| e == "json") && !path.ends_with("index.json"));
    names.sort();
    names.iter().map(|path| case(&folder, path)).collect()
}

fn case(folder: &Path, path: &Path) -> (Value, Vec<u8>) {
    let case: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let input = fs::read(folder.join(case["input"].as_str().unwrap())).unwrap();
    (case, input)
}

fn context() -> ReadContext {
    ReadContext {
        own_addresses: vec!["complaints@council.example".into(), "complaints.cs@council.example".into()],
        own_domain_suffix_for_message_ids: None,
        form_senders: vec!["no-reply@forms.council.example".into(), "noreply@council.example".into()],
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
