//! Two councils with Heard write to each other: one acknowledgement each, then silence – also where everything that marks a
//! machine's mail is lost on the way.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc, time::Duration};

use crate::{
    council::{self, Council},
    databases::Database,
    mail_server::MailServer,
};
use heard::{
    casework::Office,
    clock::Clock,
    intake::{folder::FolderMailbox, imap::ImapMailbox},
    replies::smtp::{ReturnPath, SmtpCourier, SmtpSettings},
    tls::Security,
    web::{
        desk::Desk as _,
        views::{NotDelivered, QueueFilter, QueueOrder},
    },
    workers::{Couriers, Engine, Watch, Watched, run, run_until_idle},
};
use tokio_util::sync::CancellationToken;

/// A council and the folder that is its complaints mailbox.
struct Side {
    council: Council,
    inbox: tempfile::TempDir,
    /// Letters that were carried on.
    carried: BTreeSet<PathBuf>,
}

impl Side {
    async fn open(called: &str) -> Self {
        let council = Council::called(Database::sqlite().await, called).await;
        Self { council, inbox: tempfile::tempdir().unwrap(), carried: BTreeSet::new() }
    }

    fn put(&self, name: &str, raw: &str) {
        std::fs::write(self.inbox.path().join(name), raw).unwrap();
    }

    /// Reads what came and sends what is due.
    async fn work(&self) {
        let source = Box::new(FolderMailbox::open(self.inbox.path()).unwrap());
        let watched = Watched { name: "complaints".into(), source, poll: Duration::from_secs(60) };
        run_until_idle(&self.council.engine, vec![watched], None).await.unwrap();
    }

    /// The letters that were sent since the last time, and their number.
    fn new_letters(&mut self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.council.folder.path().join("out")) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|e| e == "eml") && self.carried.insert(file.clone()));
        files.sort();
        files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
    }
}

/// What a forged or misled message from one council to the other says, without any sign of a machine.
fn seed(from: &str, to: &str) -> String {
    format!(
        "From: Complaints <complaints@{from}.example>\r\nTo: complaints@{to}.example\r\nSubject: Your complaint\r\nMessage-ID: <seed@{from}.example>\r\n\
         Date: Fri, 20 Nov 2026 08:00:00 +0000\r\n\r\nWe have your complaint and want to make one too.\r\n"
    )
}

/// What the mail systems between the two take away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    Nothing,
    /// All that marks a machine's mail.
    Marks,
    /// That, and all that ties a message to another: what arrives looks like a new message by a person.
    Everything,
    /// And the words: no two letters have any in common.
    Words,
}

/// `letter` as it arrives.
fn on_the_way(letter: &str, lost: Lost, n: usize) -> String {
    let letter = letter.replace("\r\n", "\n");
    let (head, body) = letter.split_once("\n\n").unwrap();
    let mut fields: Vec<String> = Vec::new();
    for line in head.lines() {
        match fields.last_mut().filter(|_| line.starts_with([' ', '\t'])) {
            Some(field) => field.push_str(&format!("\n{line}")),
            None => fields.push(line.to_owned()),
        }
    }
    let marks = ["auto-submitted", "x-auto-response-suppress", "x-loop", "precedence", "return-path"];
    let ties = ["in-reply-to", "references", "reply-to", "message-id", "subject"];
    fields.retain(|field| {
        let name = field.split(':').next().unwrap().to_lowercase();
        !(lost != Lost::Nothing && marks.contains(&name.as_str())
            || matches!(lost, Lost::Everything | Lost::Words) && ties.contains(&name.as_str()))
    });
    let mut body = body.to_owned();
    if matches!(lost, Lost::Everything | Lost::Words) {
        fields.push(format!("Message-ID: <gateway-{n}@gateway.example>\nSubject: Message {n}"));
        // Both councils count from 1, so that the other's reference would be taken for one of ours; and the
        // same words twice by one person are one message.
        body =
            regex::Regex::new(r"HRD-\d\d-\d{5}-[A-Z]").unwrap().replace_all(&body, format!("number {n}")).into_owned();
    }
    if lost == Lost::Words {
        body = (0..12).map(|at| format!("word{n}x{at} ")).collect();
    }
    format!("{}\n\n{body}", fields.join("\n"))
}

/// Whether `letter` goes to the council's mailbox, perhaps at the address of one of its cases.
fn is_to(letter: &str, council: &str) -> bool {
    letter.lines().any(|line| line.starts_with("To: complaints") && line.ends_with(&format!("@{council}.example")))
}

/// Lets both write until neither does. Returns how many letters each has sent.
async fn until_silence(a: &mut Side, b: &mut Side, lost: Lost) -> (usize, usize) {
    let (mut by_a, mut by_b) = (0, 0);
    for round in 0..100 {
        a.work().await;
        b.work().await;
        let (from_a, from_b) = (a.new_letters(), b.new_letters());
        if from_a.is_empty() && from_b.is_empty() {
            return (by_a, by_b);
        }
        for letter in &from_a {
            by_a += 1;
            assert!(is_to(letter, "bexley"), "{letter}");
            b.put(&format!("{round}-{by_a}.eml"), &on_the_way(letter, lost, by_a));
        }
        for letter in &from_b {
            by_b += 1;
            assert!(is_to(letter, "aston"), "{letter}");
            a.put(&format!("{round}-{by_b}.eml"), &on_the_way(letter, lost, 1000 + by_b));
        }
    }
    panic!("they never fall silent: {by_a} and {by_b} letters");
}

/// Two councils, each with a message that seems to come from the other.
async fn two() -> (Side, Side) {
    let (a, b) = (Side::open("aston").await, Side::open("bexley").await);
    a.put("seed.eml", &seed("bexley", "aston"));
    b.put("seed.eml", &seed("aston", "bexley"));
    (a, b)
}

#[tokio::test]
async fn two_heards_send_one_acknowledgement_each_and_then_nothing() {
    let (mut a, mut b) = two().await;
    assert_eq!(until_silence(&mut a, &mut b, Lost::Nothing).await, (1, 1));
    for side in [&a, &b] {
        // The other's acknowledgement answers what was never sent from here: it is filed, and the one case stays as it is.
        let page = side.council.queue(QueueFilter::All, "", QueueOrder::DueFirst, 1).await;
        assert_eq!(page.total, 1);
        let filed = side.council.desk.filed().await.unwrap();
        assert_eq!(filed.len(), 1);
        assert!(filed[0].because.contains("auto-replied"), "{}", filed[0].because);
        assert!(side.council.held().await.is_empty());
    }
}

#[tokio::test]
async fn without_the_marks_of_a_machine_the_keyed_thread_ends_it_after_one_each() {
    let (mut a, mut b) = (Side::open("aston").await, Side::open("bexley").await);
    a.put("seed.eml", &seed("bexley", "aston"));
    assert_eq!(until_silence(&mut a, &mut b, Lost::Marks).await, (1, 1));
    let page = a.council.queue(QueueFilter::All, "", QueueOrder::DueFirst, 1).await;
    assert_eq!(page.total, 1);
    let case = a.council.case(page.rows[0].reference.parse().unwrap()).await;
    assert_eq!(
        case.messages.len(),
        2,
        "the other's answer to our letter joins the case, though it looks like a person's"
    );
}

#[tokio::test]
async fn without_anything_the_same_words_again_are_the_same_matter() {
    let (mut a, mut b) = two().await;
    let (by_a, by_b) = until_silence(&mut a, &mut b, Lost::Everything).await;
    let most = usize::try_from(a.council.engine.office.caps.per_recipient_hour).unwrap();
    assert!(by_a < most && by_b < most, "the limits were needed: {by_a} and {by_b}");
    for side in [&a, &b] {
        assert!(side.council.undelivered().await.letters.is_empty());
    }
}

#[tokio::test]
async fn without_even_the_words_the_limits_end_it_and_say_so() {
    let (mut a, mut b) = two().await;
    let (by_a, by_b) = until_silence(&mut a, &mut b, Lost::Words).await;
    let most = usize::try_from(a.council.engine.office.caps.per_recipient_hour).unwrap();
    assert_eq!((by_a, by_b), (most, most));
    for side in [&a, &b] {
        let undelivered = side.council.undelivered().await;
        assert!(!undelivered.letters.is_empty(), "what was held back is listed");
        assert!(undelivered.letters.iter().all(|letter| letter.how == NotDelivered::HeldBack));
        let limits: Vec<&str> = undelivered.limits.iter().map(|limit| limit.setting.as_str()).collect();
        assert_eq!(limits, ["per_address_an_hour"]);
    }
}

/// A council on the real mail server.
async fn on_the_server(server: &MailServer, called: &str, user: &str) -> (Council, Vec<Watched>) {
    let mut council = Council::called(Database::sqlite().await, called).await;
    let mut settings = council::settings(council.folder.path(), called);
    settings.sending.from_address = user.to_owned();
    for mailbox in settings.mailboxes.iter_mut().filter(|mailbox| mailbox.name.get_ref() == "complaints") {
        mailbox.address = user.to_owned();
    }
    let clock = Clock::system();
    let courier = SmtpSettings {
        host: "localhost".into(),
        port: server.smtp,
        security: Security::StartTls,
        sign_in: None,
        extra_ca: Some(server.ca()),
        return_path: ReturnPath::Empty,
        hello_name: None,
        timeout: Duration::from_secs(20),
    };
    council.engine = Engine {
        office: Arc::new(Office::open(&settings).unwrap()),
        couriers: Couriers { email: Arc::new(SmtpCourier::new(courier, clock.clone()).unwrap()), chat: None },
        clock,
        ..council.engine
    };
    let source = Box::new(ImapMailbox::new(server.imap_settings(user)));
    (council, vec![Watched { name: "complaints".into(), source, poll: Duration::from_secs(1) }])
}

/// Waits until `sql` gives `wanted`.
async fn until_it_is(council: &Council, sql: &'static str, wanted: i64) {
    let start = std::time::Instant::now();
    loop {
        let found = council.database.number(sql).await;
        if found == wanted {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{sql}: {found}, not {wanted}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// The same over a real Postfix and Dovecot, with both running as they do in service.
#[tokio::test(flavor = "multi_thread")]
async fn over_real_mail_servers_they_fall_silent_too() {
    let server = MailServer::shared();
    let (user_a, user_b) = (server.own_user(), server.own_user());
    let (a, watched_a) = on_the_server(&server, "aston", &user_a).await;
    let (b, watched_b) = on_the_server(&server, "bexley", &user_b).await;
    let stop = CancellationToken::new();
    let running = [
        tokio::spawn(run(a.engine.clone(), Watch { mailboxes: watched_a, ..Watch::default() }, stop.clone())),
        tokio::spawn(run(b.engine.clone(), Watch { mailboxes: watched_b, ..Watch::default() }, stop.clone())),
    ];
    let words = "Subject: Your complaint\n\nWe have your complaint and want to make one too.\n";
    server
        .deliver(&user_b, &user_a, &format!("From: {user_b}\nTo: {user_a}\nMessage-ID: <seed-a@x.example>\n{words}"))
        .await;
    server
        .deliver(&user_a, &user_b, &format!("From: {user_a}\nTo: {user_b}\nMessage-ID: <seed-b@x.example>\n{words}"))
        .await;
    let read = "SELECT count(*) FROM delivery WHERE state = 'read'";
    let sent = "SELECT count(*) FROM outbox WHERE state = 'sent'";
    for council in [&a, &b] {
        until_it_is(council, sent, 1).await;
        // The seed, and the other's acknowledgement.
        until_it_is(council, read, 2).await;
    }
    // Whatever would have followed has been written before a family who comes later is answered.
    for (council, user) in [(&a, &user_a), (&b, &user_b)] {
        let mum = "From: mum@family.example\nSubject: The bus\n\nThe bus left without my son again.\n";
        server.deliver("mum@family.example", user, mum).await;
        until_it_is(council, sent, 2).await;
        until_it_is(council, read, 3).await;
        assert_eq!(council.database.number("SELECT count(*) FROM outbox").await, 2);
        assert_eq!(
            council.database.number("SELECT count(*) FROM representation WHERE automated = 'auto-reply'").await,
            1
        );
    }
    stop.cancel();
    for one in running {
        one.await.unwrap();
    }
    assert_eq!(server.messages(&user_a).await.len(), 3);
    assert_eq!(server.messages(&user_b).await.len(), 3);
}
