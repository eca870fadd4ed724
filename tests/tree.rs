//! What may not stand in the repository, whoever writes it. Looks at the files git knows, so it is fast.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{fs, path::Path, process::Command};

/// Longest file of code, lines. Longer ones hold two things that want two names.
const MOST_LINES: usize = 500;
/// Files that may be longer, each with its reason.
const MAY_BE_LONGER: &[(&str, &str)] = &[];

/// Machine paths: the tree must work wherever it is cloned. In two halves, as this file is looked at too.
const MACHINE_PATHS: &[(&str, &str)] = &[("/wo", "rk/"), ("/ro", "ot/"), ("/ho", "me/")];
/// Hosts of package registries: clients know theirs, and a council may have its own mirror.
const REGISTRIES: &[(&str, &str)] = &[
    ("crates", ".io/"),
    ("crates", ".io-index"),
    ("npmjs", ".org"),
    ("npmjs", ".com"),
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("deb.debian", ".org"),
];
/// Words that speak of whoever wrote a page, not of its subject.
const NOT_IN_PAGES: &[&str] = &["as an ai", "agent", "agents", "subagent", "subagents", "chatgpt", "claude", "copilot"];

/// Every file that git knows or would take, with its text; pictures and the like are left out.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .expect("git runs (Debian: apt-get install git)");
    assert!(listed.status.success(), "git: {}", String::from_utf8_lossy(&listed.stderr));
    let files: Vec<_> = String::from_utf8(listed.stdout)
        .unwrap()
        .split_terminator('\0')
        .filter_map(|name| Some((name.to_owned(), fs::read_to_string(root.join(name)).ok()?)))
        .collect();
    assert!(files.len() > 50, "only {} files were found: is this a clone?", files.len());
    files
}

fn assert_none(faults: &[String], remedy: &str) {
    assert!(faults.is_empty(), "{remedy}\n{}", faults.join("\n"));
}

/// `name:line` of each line of `text` that holds one of `halves`, put together.
fn lines_with(name: &str, text: &str, halves: &[(&str, &str)]) -> Vec<String> {
    let wanted: Vec<String> = halves.iter().map(|(start, end)| format!("{start}{end}")).collect();
    text.lines()
        .enumerate()
        .filter_map(|(number, line)| {
            let found = wanted.iter().find(|wanted| line.contains(wanted.as_str()))?;
            Some(format!("{name}:{}: {found}", number + 1))
        })
        .collect()
}

#[test]
fn no_file_of_code_is_too_long_to_read() {
    let faults: Vec<String> = files()
        .iter()
        .filter(|(name, _)| name.starts_with("src/") && name.ends_with(".rs"))
        .filter(|(name, _)| !MAY_BE_LONGER.iter().any(|(allowed, _)| allowed == name))
        .filter_map(|(name, text)| {
            let lines = text.lines().count();
            (lines > MOST_LINES).then(|| format!("{name}: {lines} lines"))
        })
        .collect();
    assert_none(&faults, "divide these by meaning:");
}

#[test]
fn no_path_of_one_machine_stands_in_the_tree() {
    let faults: Vec<String> = files().iter().flat_map(|(name, text)| lines_with(name, text, MACHINE_PATHS)).collect();
    assert_none(&faults, "these work on one machine only:");
}

#[test]
fn no_package_registry_is_named_by_its_host() {
    // cargo writes its own index into its lock files, and nothing can be done about it.
    let faults: Vec<String> = files()
        .iter()
        .filter(|(name, _)| !name.ends_with("Cargo.lock"))
        .flat_map(|(name, text)| lines_with(name, text, REGISTRIES))
        .collect();
    assert_none(&faults, "let the client find its registry:");
}

#[test]
fn pages_speak_of_their_subject_and_not_of_who_wrote_them() {
    let mut faults = Vec::new();
    for (name, text) in files().iter().filter(|(name, _)| name.ends_with(".md")) {
        for (number, line) in text.lines().enumerate() {
            let words = line.to_lowercase().replace(|c: char| !c.is_alphanumeric() && c != '-', " ");
            let words = format!(" {} ", words.split_whitespace().collect::<Vec<_>>().join(" "));
            if let Some(found) = NOT_IN_PAGES.iter().find(|found| words.contains(&format!(" {found} "))) {
                faults.push(format!("{name}:{}: {found}", number + 1));
            }
        }
    }
    assert_none(&faults, "say it without:");
}

#[test]
fn every_script_of_the_set_up_can_be_started_and_stops_at_a_fault() {
    let mut faults = Vec::new();
    for (name, text) in files().iter().filter(|(name, _)| name.starts_with("setup/") && name.ends_with(".sh")) {
        // common.sh is read by the others, and sets the options for them.
        if name != "setup/common.sh" && !text.starts_with("#!/") {
            faults.push(format!("{name}: no first line that says what runs it"));
        }
        if !["set -euo pipefail", "/common.sh\""].iter().any(|wanted| text.contains(wanted)) {
            faults.push(format!("{name}: goes on after a fault (set -euo pipefail)"));
        }
    }
    assert_none(&faults, "mend these:");
}
