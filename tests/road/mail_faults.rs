//! The road when things go wrong: killed programs, a mail server that is down, a locked database, a full disk, and the
//! switches for going live.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
    time::Duration,
};

use crate::{
    mail_server::free_port,
    town::{self, Choices, Database, Mail, Town, until},
};
use heard::{
    clock::Clock,
    ids::Uuid,
    replies::courier::Outgoing,
    store::{
        Store,
        outbox::{self, NewOutgoing},
    },
};
use sqlx::Connection as _;

const COMPLAINTS: &str = "complaints@council.example";
const MUM: &str = "mum@family.example";

/// Messages that arrive while the program is killed again and again.
const MESSAGES: usize = 30;
/// How often it is killed.
const KILLS: usize = 6;

fn family(n: usize) -> String {
    format!("{}+{n}@family.example", if n.is_multiple_of(2) { "mum" } else { "dad" })
}

fn complaint(from: &str) -> Mail {
    Mail::new(from, COMPLAINTS, "Please help", &format!("Nobody has rung me back since May. I am writing as {from}."))
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_it_loses_nothing_and_answers_once_on_sqlite() {
    killed_at_any_moment(Town::on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_it_loses_nothing_and_answers_once_on_postgres() {
    if let Some(database) = Database::postgres().await {
        killed_at_any_moment(Town::on(database)).await;
    }
}

async fn killed_at_any_moment(mut town: Town) {
    town.configure(&Choices::default());
    let arrive = async {
        for n in 0..MESSAGES {
            town.deliver(&complaint(&family(n))).await;
            tokio::time::sleep(Duration::from_millis(rand::random_range(0..60))).await;
        }
    };
    let kill = async {
        for n in 1..=KILLS {
            let program = town.serve().await;
            // Killed in the midst of work: after it has stored a few more, and a moment of any length.
            let wanted = i64::try_from(n * MESSAGES / (KILLS + 2)).unwrap();
            until("some mail is stored", async || {
                (town.database.number("SELECT count(*) FROM delivery").await >= wanted).then_some(())
            })
            .await;
            tokio::time::sleep(Duration::from_millis(rand::random_range(0..80))).await;
            program.kill();
        }
    };
    tokio::join!(arrive, kill);
    let unfinished = town.database.number("SELECT count(*) FROM outbox WHERE state = 'waiting'").await
        + town.database.number("SELECT count(*) FROM delivery WHERE state = 'unread'").await;
    let program = town.serve().await;
    until("everything is read and sent", async || {
        let open = town.database.number("SELECT count(*) FROM outbox WHERE state = 'waiting'").await;
        // One that was on its way at a kill is held: it has arrived all the same, or an officer sends it again.
        let settled = town.database.number("SELECT count(*) FROM outbox WHERE state IN ('sent', 'held')").await;
        (open == 0 && settled == i64::try_from(MESSAGES).unwrap()).then_some(())
    })
    .await;
    // Everything that was sent has reached its mailbox once this has.
    town.fence("after-the-kills").await;
    program.stop().await;
    let mut in_doubt = BTreeSet::new();
    for n in 0..MESSAGES {
        let held = format!("SELECT count(*) FROM outbox WHERE state = 'held' AND recipient = '{}'", family(n));
        if town.database.number(&held).await > 0 {
            in_doubt.insert(n);
        }
    }

    let mut cases: BTreeMap<String, usize> = BTreeMap::new();
    for case in town.export() {
        assert_eq!(case["messages"].as_array().unwrap().len(), 1, "{case}");
        *cases.entry(case["complainant"]["addr"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(cases.remove("dad+after-the-kills@family.example"), Some(1));
    let once: BTreeMap<String, usize> = (0..MESSAGES).map(|n| (family(n), 1)).collect();
    assert_eq!(cases, once);
    let mut repeats = 0;
    for n in 0..MESSAGES {
        let letters = town.letters(&family(n)).await;
        let ids: BTreeSet<&str> = letters.iter().map(|letter| letter.message_id.as_str()).collect();
        // The kill may have come before the mail server had taken the letter: then an officer has it to send again.
        assert!(ids.len() == 1 || in_doubt.contains(&n), "{}: {ids:?}", family(n));
        repeats += letters.len().saturating_sub(1);
    }
    println!(
        "{KILLS} kills while {MESSAGES} mails arrived ({unfinished} steps open at the last): each in one case, each answered \
         with one Message-ID, or held for an officer ({}); sent a second time under the same Message-ID: {repeats}",
        in_doubt.len()
    );
    // What was on its way at a kill is in doubt (RFC 1047) and waits for an officer: nobody hears twice.
    assert_eq!(repeats, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_mail_server_is_down_the_answer_waits_and_keeps_its_message_id() {
    let mut town = Town::on_sqlite();
    town.configure(&Choices { smtp: Some(free_port()), ..Choices::default() });
    let program = town.serve().await;
    town.deliver(&complaint(MUM)).await;
    until("an attempt to send failed", async || town.log().contains("not sent yet").then_some(())).await;
    assert_eq!(
        town.database.number("SELECT count(*) FROM outbox WHERE state = 'waiting' AND why IS NOT NULL").await,
        1
    );
    assert_eq!(town.export().len(), 1);
    program.stop().await;
    assert!(town.letters(MUM).await.is_empty());
    let file = town.database.file().unwrap().to_owned();
    let mut connection = town::sqlite(&file).await;
    let fixed: String = sqlx::query_scalar("SELECT json_extract(message, '$.message_id') FROM outbox")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();

    town.configure(&Choices::default());
    let program = town.serve().await;
    let letter = town.letter(MUM).await;
    assert_eq!(letter.message_id, fixed);
    program.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_going_live_everything_is_stored_and_nothing_is_sent() {
    let mut town = Town::on_sqlite();
    let before = [
        ("all sending is switched off", Choices { sending: "enabled = false".into(), ..Choices::default() }),
        ("the mailbox only records", Choices { complaints: "record_only = true".into(), ..Choices::default() }),
        (
            "it arrived before the first day",
            Choices { complaints: "from_date = \"2099-01-01T00:00:00Z\"".into(), ..Choices::default() },
        ),
    ];
    for (n, (what, choices)) in before.into_iter().enumerate() {
        town.configure(&choices);
        town.deliver(&complaint(&family(n))).await;
        town.server.await_messages(COMPLAINTS, n + 1).await;
        let output = town.run(&["serve", "--until-idle"]);
        assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(town.case_of(&family(n)).is_some(), "{what}: {:?}", town.export());
    }
    // Live now: the next family is answered, those before never.
    town.configure(&Choices { complaints: "from_date = \"2026-01-01T00:00:00Z\"".into(), ..Choices::default() });
    town.deliver(&complaint("mum+live@family.example")).await;
    town.server.await_messages(COMPLAINTS, 4).await;
    let output = town.run(&["serve", "--until-idle"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    town.letter("mum+live@family.example").await;
    for n in 0..3 {
        assert!(town.letters(&family(n)).await.is_empty(), "{}", family(n));
    }
    assert_eq!(town.export().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_database_stops_intake_and_nothing_is_passed_over() {
    let mut town = Town::on_sqlite();
    town.configure(&Choices::default());
    let program = town.serve().await;
    town.fence("before").await;
    let before = town.position("complaints").await.unwrap();

    let mut lock = town::sqlite(town.database.file().unwrap()).await;
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut lock).await.unwrap();
    town.deliver(&complaint(MUM)).await;
    until("the fault is told", async || {
        let log = town.log();
        (log.contains("\"fault\":\"database\"") && log.contains("another program holds the database")).then_some(())
    })
    .await;
    let last: i64 = sqlx::query_scalar("SELECT last_uid FROM cursor").fetch_one(&mut lock).await.unwrap();
    assert_eq!(last, i64::from(before.last_uid));
    assert!(town.letters(MUM).await.is_empty());

    sqlx::query("ROLLBACK").execute(&mut lock).await.unwrap();
    lock.close().await.unwrap();
    town.letter(MUM).await;
    let after = town.position("complaints").await.unwrap();
    assert_eq!(after.last_uid, before.last_uid + 1);
    program.stop().await;
}

#[tokio::test]
async fn a_letter_sent_while_the_database_could_not_be_written_is_marked_before_its_lease_ends() {
    let dir = tempfile::tempdir().unwrap();
    let mut databases = vec![Database::sqlite(dir.path())];
    databases.extend(Database::postgres().await);
    for database in &databases {
        let store = Store::open(&database.url).await.unwrap();
        let now = Clock::system().now();
        let later = now + chrono::Duration::hours(1);
        let message = Outgoing {
            message_id: "1@council.example".into(),
            from_name: "Complaints".into(),
            from_address: COMPLAINTS.into(),
            reply_to: None,
            to: MUM.into(),
            subject: "We have it".into(),
            text: "We have it.".into(),
            html: None,
            in_reply_to: vec![],
            references: vec![],
            automatic: true,
            enclosures: Vec::new(),
            buttons: Vec::new(),
            look: Default::default(),
        };
        for (dedupe_key, id) in [("sent", Uuid::now_v7()), ("not sent", Uuid::now_v7())] {
            let (kind, channel, message) = ("acknowledgement", "email", &message);
            let new = NewOutgoing { id, dedupe_key, case_id: None, kind, channel, message, held: None };
            let mut tx = store.begin().await.unwrap();
            assert!(outbox::put(&mut tx, &new, now).await.unwrap());
            tx.commit().await.unwrap();
        }
        let claim = async |at| {
            let mut tx = store.begin().await.unwrap();
            let claimed = outbox::claim(&mut tx, 5, &store.name(), chrono::Duration::minutes(2), at).await.unwrap();
            tx.commit().await.unwrap();
            claimed.into_iter().map(|claimed| claimed.id).collect::<Vec<_>>()
        };
        let claimed = claim(now).await;
        assert_eq!(claimed.len(), 2);
        // The mail server has the first; the commit that says so never came about.
        store.note_sent(claimed[0]);
        store.mark_unmarked(now).await.unwrap();
        assert_eq!(claim(later).await, [claimed[1]], "{}", database.url);
        store.close().await;
    }
}

/// A file system of a few megabytes in memory.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    /// None, with a line, where mounting is not permitted.
    fn mount(at: &'a Path) -> Option<Self> {
        std::fs::create_dir(at).unwrap();
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(at).output();
        match done {
            Ok(output) if output.status.success() => Some(Self(at)),
            other => {
                println!("skipped: a small disk cannot be mounted here ({other:?})");
                None
            }
        }
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_intake_and_it_goes_on_when_there_is_space() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("disk");
    let Some(disk) = SmallDisk::mount(&at) else { return };
    let mut town = Town::on(Database::sqlite(disk.0));
    town.configure(&Choices::default());
    let program = town.serve().await;
    town.fence("before").await;
    let before = town.position("complaints").await.unwrap();

    let filler = disk.0.join("filler");
    let full = std::fs::write(&filler, vec![b'x'; 32 << 20]).unwrap_err();
    assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    let mut long = complaint(MUM);
    long.body += &"\nAnd it goes on, day after day, without an answer from anybody.".repeat(10_000);
    town.deliver(&long).await;
    until("the fault is told", async || {
        let log = town.log();
        (log.contains("\"fault\":\"database\"") && log.contains("the disk is full: free some space")).then_some(())
    })
    .await;
    let last = town.database.number("SELECT last_uid FROM cursor WHERE mailbox = 'complaints'").await;
    assert_eq!(last, i64::from(before.last_uid));

    std::fs::remove_file(&filler).unwrap();
    town.letter(MUM).await;
    assert_eq!(town.position("complaints").await.unwrap().last_uid, before.last_uid + 1);
    assert_eq!(town.export().len(), 2);
    program.stop().await;
}
