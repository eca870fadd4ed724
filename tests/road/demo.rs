//! `heard demo` where nothing is set up: it starts without the classifier, and says what is left out.
use std::{process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

#[tokio::test]
async fn without_the_classifier_the_demonstration_leaves_private_mailboxes_out_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_heard"))
        .args(["demo", "--listen", "127.0.0.1:0", "--data", "data"])
        // There are no models here.
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut said = String::new();
    let ready = tokio::time::timeout(Duration::from_secs(60), async {
        while let Some(line) = lines.next_line().await.unwrap() {
            said.push_str(&line);
            said.push('\n');
            if line.starts_with("Stop with") {
                return true;
            }
        }
        false
    });
    assert!(ready.await.unwrap(), "it ended by itself:\n{said}");
    for expected in [
        "Without the classifier: ",
        "Managers' mailboxes are left out",
        "make setup heads",
        "cases opened",
        "sign in as officer",
    ] {
        assert!(said.contains(expected), "{expected} is missing in:\n{said}");
    }
    let sample = folder.path().join("data/sample");
    assert!(sample.join("complaints").is_dir());
    assert!(!sample.join("manager-fostering").exists());
    program.kill().await.unwrap();
}
