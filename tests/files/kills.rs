//! The program is killed while it keeps files; run again, it has the same files as one that was left alone.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use crate::{council::on_disk, samples::*};

const MAILS: i64 = 24;

fn prepare(folder: &Path) {
    std::fs::write(folder.join("key"), "c".repeat(64)).unwrap();
    let data = folder.display().to_string();
    let text = include_str!("../../src/config/embedded.toml").replace("@DATA@", &data);
    let letters = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/letters");
    let more = format!("\n[labelling]\nenabled = false\n\n[letters]\nfolder = \"{}\"\n", letters.display());
    std::fs::write(folder.join("heard.toml"), text + &more).unwrap();
    let inbox = folder.join("in/complaints");
    std::fs::create_dir_all(&inbox).unwrap();
    for n in 0..MAILS {
        let raw = mail(
            &format!("Family {n} <f{n}@mail.example>"),
            &format!("kill-{n}"),
            "Taxi",
            &[
                words(&format!("The taxi was late {n} times.")),
                attached("own.txt", "text/plain", format!("own words {n}").repeat(9_000).as_bytes()),
                attached("photo.jpg", "image/jpeg", &photo(7)),
            ],
        );
        std::fs::write(inbox.join(format!("{n:02}.eml")), raw).unwrap();
    }
}

fn heard(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heard"));
    command.arg("--config").arg(folder.join("heard.toml")).args(arguments).current_dir(folder);
    command.env("HEARD_LOG", "warn").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// What `sql` counts; 0 while there is no such table yet.
async fn number(folder: &Path, sql: &str) -> i64 {
    let options = SqliteConnectOptions::new().filename(folder.join("heard.db")).read_only(true);
    let Ok(mut connection) = options.busy_timeout(Duration::from_secs(10)).connect().await else { return 0 };
    let n = sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut connection).await.unwrap_or(0);
    let _ = connection.close().await;
    n
}

const ROWS: &str = "SELECT count(*) FROM attachment";

#[tokio::test]
async fn a_program_that_is_killed_while_it_keeps_files_loses_and_doubles_none() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    prepare(folder);
    let mut landed = 0;
    // The first kill comes while messages are read in, the others while their files are kept.
    for wanted in [-1, 3, 14, 31] {
        let arguments: &[&str] = if wanted < 4 { &["ingest", "in"] } else { &["serve", "--until-idle"] };
        let mut child = heard(folder, arguments).spawn().unwrap();
        let start = Instant::now();
        loop {
            let there = if wanted < 0 {
                number(folder, "SELECT count(*) FROM representation").await >= 5
            } else {
                number(folder, ROWS).await >= wanted
            };
            if there || child.try_wait().unwrap().is_some() {
                break;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "nothing is kept");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        landed += i32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let rows = number(folder, ROWS).await;
    println!("{landed} kills landed; {rows} of {} files were noted by then", 2 * MAILS);
    assert!(landed >= 2, "only {landed} kills came in time");
    for arguments in [&["ingest", "in"][..], &["serve", "--until-idle"]] {
        let output = heard(folder, arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(number(folder, ROWS).await, 2 * MAILS);
    assert_eq!(number(folder, "SELECT count(*) FROM representation WHERE files_state = 'done'").await, MAILS);
    assert_eq!(number(folder, "SELECT count(*) FROM kept_file WHERE words_state = 'waiting'").await, 0);
    assert_eq!(on_disk(&folder.join("files")).len() as i64, MAILS + 1, "one of each family, and the photo once");
}
