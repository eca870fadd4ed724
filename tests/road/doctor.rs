//! `heard doctor` with real parts: each fault is named with what to do, and the exit status says whether all is well.

use std::fs;

use crate::{
    mail_server::free_port,
    town::{Choices, Database, Town},
};

/// What the program said, both streams, with everything that differs from run to run masked.
fn said(town: &Town, arguments: &[&str]) -> (Option<i32>, String) {
    let output = town.run(arguments);
    let text = [output.stdout, output.stderr].concat();
    let mut text = String::from_utf8(text).unwrap().replace(town.dir().to_str().unwrap(), "[dir]");
    for (pattern, mask) in [
        (r"\b\d{5}\b", "[port]"),
        (
            r"(?:Temporary failure in name resolution|Name or service not known|No address associated with hostname)",
            "[no such name]",
        ),
        (r" \(\d\.\d+ \+ [^)]* secs\)", ""),
        (r"known until \d{4}-\d\d-\d\d", "known until [day]"),
        (r"(?m)^(ok    classifier: ).*$", "$1[model]"),
    ] {
        text = regex::Regex::new(pattern).unwrap().replace_all(&text, mask).into_owned();
    }
    (output.status.code(), text)
}

/// Somebody hears that a child may be at risk.
const DUTY: &str = "\n[safeguarding]\nduty = [\"duty@council.example\"]\n";

/// A council that is in order, without the classifier unless it is wanted.
fn healthy() -> (Town, String) {
    let mut town = Town::on_sqlite();
    let text = town.configure(&Choices { labelling: true, more_mailboxes: true, ..Choices::default() }) + DUTY;
    town.write_config(&text);
    (town, text)
}

#[test]
fn when_all_is_well_it_says_so_and_ends_with_0() {
    let (town, _) = healthy();
    if !town.labelling {
        return;
    }
    let (status, text) = said(&town, &["doctor"]);
    assert_eq!(status, Some(0), "{text}");
    insta::assert_snapshot!(text);
    let output = town.run(&["doctor", "--json"]);
    let findings: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(findings.len() >= 7 && findings.iter().all(|finding| finding["ok"] == true), "{findings:?}");
}

#[test]
fn each_fault_is_named_with_its_remedy_and_ends_with_1() {
    let mut town = Town::on_sqlite();
    let good = town.configure(&Choices::default());
    let port = town.server.imaps.to_string();
    let imap = good.lines().find(|line| line.starts_with("imap = ")).unwrap().to_owned();
    let mailbox = |name: &str, imap: &str| {
        format!(
            "\n[[mailbox]]\nname = \"{name}\"\nkind = \"complaints\"\naddress = \"{name}@council.example\"\n{imap}\n"
        )
    };
    fs::write(town.dir().join("wrong-password"), "guess\n").unwrap();
    let mut text = good.clone();
    text += &mailbox("wrong-password", &imap.replace("complaints-password", "wrong-password"));
    text += &mailbox("wrong-host", &imap.replace("localhost", "no-such-host.invalid"));
    text += &mailbox("closed-port", &imap.replace(&port, &free_port().to_string()));
    text += &mailbox("expired", &imap.replace("localhost", "127.0.0.2"));
    text += &mailbox("other-authority", &imap.replace(", ca_file", ", folder = \"INBOX\" } # "));
    text += &mailbox("no-such-folder", &imap.replace(", ca_file", ", folder = \"Nowhere\", ca_file"));
    let text = text
        .replace(
            "[labelling]\nenabled = false",
            "[labelling]\nencoder = \"missing/encoder\"\nheads = \"missing/heads.safetensors\"",
        )
        .replace(
            &format!("port = {}, security = \"starttls\"", town.server.smtp),
            &format!("port = {}, security = \"starttls\"", free_port()),
        );
    let text = text + &format!("\n[files]\nclamd = \"127.0.0.1:{}\"\n", free_port());
    town.write_config(&text);
    // Not even root can make a file there.
    let database = "sqlite:///proc/heard/heard.db";
    let (status, text) = said(&town, &["doctor", "--database", database]);
    assert_eq!(status, Some(1), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn each_database_that_cannot_be_used_is_named() {
    let mut town = Town::on_sqlite();
    town.configure(&Choices::default());
    let folder = town.dir().join("a-folder.db");
    fs::create_dir(&folder).unwrap();
    let other = town.dir().join("letters.db");
    fs::write(&other, "These are letters and no database. ".repeat(100)).unwrap();
    fs::write(town.dir().join("a-file"), "").unwrap();
    let below = town.dir().join("a-file/heard.db");
    let mut all = String::new();
    for path in [&folder, &other, &below] {
        let (status, text) = said(&town, &["doctor", "--database", &format!("sqlite://{}", path.display())]);
        assert_eq!(status, Some(1), "{text}");
        all += &text.lines().skip_while(|line| !line.contains("database")).take(2).collect::<Vec<_>>().join("\n");
        all += "\n";
    }
    let nowhere = format!("postgres://heard@127.0.0.1:{}/heard", free_port());
    let (status, text) = said(&town, &["doctor", "--database", &nowhere]);
    assert_eq!(status, Some(1), "{text}");
    all += &text.lines().skip_while(|line| !line.contains("database")).take(2).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(all);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_is_well_and_a_database_that_is_not_there_is_named() {
    let Some(database) = Database::postgres().await else { return };
    let mut missing = url::Url::parse(&database.url).unwrap();
    missing.set_path("heard_is_not_here");
    let mut town = Town::on(database);
    let text = town.configure(&Choices::default()) + DUTY;
    town.write_config(&text);
    let (status, text) = said(&town, &["doctor"]);
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("ok    database: Postgres can be read and written\n"), "{text}");
    let (status, text) = said(&town, &["doctor", "--database", missing.as_str()]);
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("heard_is_not_here: database \"heard_is_not_here\" does not exist\n"), "{text}");
    assert!(text.contains("create it, or correct [database] url"), "{text}");
}

#[test]
fn a_fault_of_the_configuration_is_told_before_anything_else() {
    let (town, good) = healthy();
    let unknown = good.replace("[sending]\n", "[sending]\ncolour = \"red\"\n");
    let missing = good.replace("complaints-password", "not-there");
    let neither = good.replace("smtp = {", "# smtp = {");
    let mut all = String::new();
    for (text, mark) in [(&unknown, "colour"), (&missing, "not-there"), (&neither, "[sending]")] {
        town.write_config(text);
        let line = text.lines().position(|line| line.contains(mark)).unwrap() + 1;
        for command in ["doctor", "serve"] {
            let (status, said) = said(&town, &[command]);
            assert_eq!(status, Some(1), "{said}");
            assert!(said.starts_with(&format!("heard: [dir]/heard.toml:{line}: ")), "{said}");
            assert_eq!(said.lines().count(), 1, "{said}");
            if command == "doctor" {
                all += &said.replace(&format!("toml:{line}:"), "toml:[line]:");
            }
        }
    }
    assert!(!town.database.file().unwrap().exists());
    fs::remove_file(town.config()).unwrap();
    let (status, text) = said(&town, &["doctor"]);
    assert_eq!(status, Some(1), "{text}");
    insta::assert_snapshot!(all + &text);
}
