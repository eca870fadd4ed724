//! What the targets share: a council to read for, and which panics count.

use std::{panic, sync::Once};

use heard::{
    casework::Office,
    config::Settings,
    intake::{
        parse::ReadContext,
        reading::{Forwarded, Reading},
    },
};

/// Libraries whose panics the reader catches: such a message goes to quarantine. A panic of ours never counts as caught,
/// though the reader would catch it too.
const CAUGHT: &[&str] = &["/mail-parser-", "/html2text-", "/html5ever-", "/markup5ever-", "/tendril-"];

/// libFuzzer's binding ends the program at the first panic, caught or not. From here on it ends at those that count.
pub fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let end = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let file = panic.location().map(panic::Location::file).unwrap_or_default();
            if !CAUGHT.iter().any(|library| file.contains(library)) {
                end(panic);
            }
        }));
    });
}

/// The council that the fuzzed mail is sent to.
pub fn context() -> ReadContext {
    ReadContext {
        own_addresses: vec!["complaints@council.example".into()],
        own_domain_suffix_for_message_ids: Some("@heard.council.example".into()),
        form_senders: vec!["forms@council.example".into()],
        staff_domains: vec!["council.example".into()],
        trusted_servers: Vec::new(),
    }
}

/// An office as the program opens it, with the settings of the demonstration.
#[allow(clippy::unwrap_used, reason = "a broken set-up must stop the run")]
pub fn office() -> Office {
    let folder = std::env::temp_dir().join(format!("heard-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("key"), "0123456789abcdef0123456789abcdef").unwrap();
    let settings = include_str!("../src/config/embedded.toml").replace("@DATA@", &folder.display().to_string());
    let settings = Settings::parse(&settings, &folder.join("embedded.toml")).unwrap();
    let office = Office::open(&settings).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    office
}

/// All words of a reading.
pub fn words(reading: &Reading) -> String {
    let mut all = format!("{}\n{}", reading.visible_text, reading.quoted_text);
    for Forwarded { from, to, date, subject, text, .. } in reading.forwarded.iter().chain(&reading.also_forwarded) {
        all.push_str(text);
        let from = from.clone().unwrap_or_default();
        for field in [Some(from.address), from.name, to.clone(), date.clone(), subject.clone()].into_iter().flatten() {
            all.push('\n');
            all.push_str(&field);
        }
    }
    all
}

/// Letters of a text without white space.
pub fn solid(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// The first line, and what follows it.
pub fn first_line(data: &[u8]) -> (String, String) {
    let text = String::from_utf8_lossy(data);
    let (line, rest) = text.split_once('\n').unwrap_or((&text, ""));
    (line.to_owned(), rest.to_owned())
}
