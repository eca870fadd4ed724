//! The IMAP source on a real Dovecot, the SMTP courier on a real Postfix.

use std::time::{Duration, Instant};

use crate::mail_server::{self, BUSY, MailServer, REFUSED, free_port, password};
use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt as _;
use heard::{
    clock::Clock,
    intake::{
        imap::{ImapAuth, ImapMailbox, ImapSettings},
        mailbox::{Batch, BatchLimits, Mailbox as _, MailboxError, Position},
    },
    replies::{
        courier::{Courier as _, Delivery, Outgoing},
        smtp::{ReturnPath, SmtpCourier, SmtpSettings, SmtpSignIn},
    },
    tls::Security,
};

fn limits(messages: usize) -> BatchLimits {
    BatchLimits { messages, ..BatchLimits::default() }
}

fn numbered(n: usize) -> String {
    format!("From: mum@family.example\nTo: complaints@council.example\nSubject: number {n}\n\nText {n}.\n")
}

fn base() -> DateTime<Utc> {
    "2026-11-02T09:00:00Z".parse().unwrap()
}

/// A mailbox of the test's own with `count` numbered messages, one a minute.
async fn filled(server: &MailServer, count: usize) -> String {
    let user = server.own_user();
    let messages: Vec<_> =
        (1..=count).map(|n| (numbered(n), base() + TimeDelta::minutes(i64::try_from(n).unwrap()))).collect();
    server.append(&user, &messages).await;
    user
}

fn subjects(batch: &Batch) -> Vec<String> {
    let subject = |raw: &[u8]| {
        let text = String::from_utf8_lossy(raw).into_owned();
        text.lines().find_map(|line| line.strip_prefix("Subject: ").map(str::to_owned)).unwrap_or_default()
    };
    batch.messages.iter().map(|one| subject(&one.raw)).collect()
}

fn end_of(batch: &Batch) -> Option<Position> {
    batch.messages.last().map(|last| Position { uid_validity: batch.uid_validity, last_uid: last.uid })
}

#[tokio::test]
async fn messages_come_oldest_first_in_bounded_batches_from_the_position_on() {
    let server = MailServer::shared();
    let user = filled(&server, 7).await;
    let mut mailbox = ImapMailbox::new(server.imap_settings(&user));
    let mut position = None;
    let mut seen = Vec::new();
    for (expected, waiting) in [(3, 4), (3, 1), (1, 0), (0, 0)] {
        let batch = mailbox.after(position, limits(3)).await.unwrap();
        assert_eq!((batch.messages.len(), batch.waiting), (expected, waiting));
        seen.extend(subjects(&batch));
        if let Some(first) = batch.messages.first().filter(|_| position.is_none()) {
            assert_eq!(first.arrived_at, base() + TimeDelta::minutes(1));
            assert_eq!(first.raw, mail_server::crlf(&numbered(1)).as_bytes());
        }
        position = end_of(&batch).or(position);
    }
    assert_eq!(seen, (1..=7).map(|n| format!("number {n}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn starttls_and_plain_on_this_machine_read_the_same_as_tls() {
    let server = MailServer::shared();
    let user = filled(&server, 2).await;
    let mut batches = Vec::new();
    for (security, port) in
        [(Security::Tls, server.imaps), (Security::StartTls, server.imap), (Security::PlainLoopback, server.imap)]
    {
        let mut mailbox = ImapMailbox::new(ImapSettings { security, port, ..server.imap_settings(&user) });
        batches.push(mailbox.after(None, limits(10)).await.unwrap());
    }
    assert_eq!(batches[0].messages.len(), 2);
    assert!(batches.iter().all(|batch| *batch == batches[0]));
}

#[tokio::test]
async fn new_mail_ends_the_wait_within_two_seconds_and_quiet_lasts_the_whole_wait() {
    let server = MailServer::shared();
    let user = filled(&server, 1).await;
    let mut mailbox = ImapMailbox::new(server.imap_settings(&user));
    let position = end_of(&mailbox.after(None, limits(10)).await.unwrap());

    let start = Instant::now();
    mailbox.wait(Duration::from_millis(300)).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(300), "{:?}", start.elapsed());

    let delivered = async {
        server.deliver("mum@family.example", &user, &numbered(2)).await;
        Instant::now()
    };
    let (waited, delivered) = tokio::join!(mailbox.wait(Duration::from_secs(20)), delivered);
    waited.unwrap();
    let delay = delivered.elapsed();
    println!("noticed {delay:?} after Postfix had taken it");
    assert!(delay < Duration::from_secs(2), "{delay:?}");
    assert_eq!(subjects(&mailbox.after(position, limits(10)).await.unwrap()), ["number 2"]);
}

#[tokio::test]
async fn mail_that_comes_between_reading_and_waiting_ends_the_wait_at_once() {
    let server = MailServer::shared();
    let user = filled(&server, 1).await;
    let mut mailbox = ImapMailbox::new(server.imap_settings(&user));
    mailbox.after(None, limits(10)).await.unwrap();
    server.append(&user, &[(numbered(2), base())]).await;
    let start = Instant::now();
    mailbox.wait(Duration::from_secs(20)).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[tokio::test]
async fn reading_changes_no_flag_not_even_recent() {
    let server = MailServer::shared();
    let user = filled(&server, 3).await;
    server.doveadm(&["flags", "add", "-u", &user, "\\Flagged \\Seen", "mailbox", "INBOX", "uid", "2"]);
    let before = server.messages(&user).await;
    assert!(before[0].flags.contains(&"Recent".to_owned()), "{before:?}");
    let mut mailbox = ImapMailbox::new(server.imap_settings(&user));
    let small = BatchLimits { whole_up_to: 10, cut_to: 10, ..limits(2) };
    let position = end_of(&mailbox.after(None, small).await.unwrap());
    mailbox.after(position, limits(10)).await.unwrap();
    mailbox.wait(Duration::from_millis(50)).await.unwrap();
    drop(mailbox);
    assert_eq!(server.messages(&user).await, before);
}

#[tokio::test]
async fn a_list_has_the_messages_of_a_time_and_changes_no_flag() {
    let server = MailServer::shared();
    let user = filled(&server, 5).await;
    let before: Vec<_> = server.messages(&user).await.into_iter().map(|one| (one.uid, one.flags)).collect();
    let mut mailbox = ImapMailbox::new(server.imap_settings(&user));
    let all = mailbox.after(None, limits(10)).await.unwrap();
    let listing = mailbox.list(base() + TimeDelta::minutes(2), base() + TimeDelta::minutes(4)).await.unwrap();
    let expected: Vec<_> = all.messages.get(1..3).unwrap().iter().map(|one| (one.uid, one.arrived_at)).collect();
    assert_eq!(listing.messages.iter().map(|one| (one.uid, one.arrived_at)).collect::<Vec<_>>(), expected);
    assert_eq!(listing.uid_validity, all.uid_validity);
    assert!(mailbox.list(base() + TimeDelta::days(3), base() + TimeDelta::days(9)).await.unwrap().messages.is_empty());
    let after: Vec<_> = server.messages(&user).await.into_iter().map(|one| (one.uid, one.flags)).collect();
    assert_eq!(before, after);
}

#[tokio::test]
async fn another_uidvalidity_starts_again_at_the_first_message() {
    let server = MailServer::shared();
    let user = filled(&server, 3).await;
    let mut mailbox = ImapMailbox::new(server.imap_settings(&user));
    let first = mailbox.after(None, limits(10)).await.unwrap();
    let position = end_of(&first);
    assert!(mailbox.after(position, limits(10)).await.unwrap().messages.is_empty());
    let other = (first.uid_validity + 1000).to_string();
    server.doveadm(&["mailbox", "update", "-u", &user, "--uid-validity", &other, "INBOX"]);
    let again = mailbox.after(position, limits(10)).await.unwrap();
    assert_eq!(again.uid_validity, first.uid_validity + 1000);
    assert_eq!(subjects(&again), ["number 1", "number 2", "number 3"]);
}

#[tokio::test]
async fn a_big_message_is_cut_and_says_how_big_it_was() {
    let server = MailServer::shared();
    let user = server.own_user();
    let big = format!("{}{}", numbered(1), "A line of a very long letter.\n".repeat(10_000));
    server.append(&user, &[(big.clone(), base()), (numbered(2), base())]).await;
    let mut mailbox = ImapMailbox::new(server.imap_settings(&user));
    let batch = mailbox.after(None, BatchLimits { whole_up_to: 100_000, cut_to: 5_000, ..limits(10) }).await.unwrap();
    let whole = mail_server::crlf(&big);
    let [cut, small] = batch.messages.as_slice() else { panic!("{} messages", batch.messages.len()) };
    assert_eq!(cut.cut_from, Some(u64::try_from(whole.len()).unwrap()));
    assert_eq!(cut.raw, whole.as_bytes()[..5_000]);
    assert_eq!((small.cut_from, subjects(&batch)[1].as_str()), (None, "number 2"));
    let batch = mailbox.after(None, BatchLimits { bytes: 1_000, ..limits(10) }).await.unwrap();
    assert_eq!((batch.messages.len(), batch.waiting), (1, 1));
    assert_eq!(batch.messages[0].raw, whole.as_bytes());
}

#[tokio::test]
async fn all_of_a_big_message_comes_in_slices_and_one_that_is_gone_is_named() {
    let server = MailServer::shared();
    let user = server.own_user();
    // One that ends with a full slice, and one that does not.
    let exact = 2 * 1024 * 1024 - mail_server::crlf(&numbered(1)).len();
    let line = "A line of a very long letter, or a photograph.\n";
    let mut full = numbered(1) + &line.repeat(exact / (line.len() + 1));
    full.push_str(&"x".repeat(2 * 1024 * 1024 - mail_server::crlf(&full).len() - 2));
    full.push('\n');
    let longer = numbered(2) + &line.repeat(70_000);
    server.append(&user, &[(full.clone(), base()), (longer.clone(), base())]).await;
    let mut mailbox = ImapMailbox::new(server.imap_settings(&user));
    let uid_validity = mailbox.after(None, limits(10)).await.unwrap().uid_validity;
    for (last_uid, text) in [(1, &full), (2, &longer)] {
        let pieces: Vec<_> = mailbox.whole(Position { uid_validity, last_uid }).collect().await;
        let pieces: Vec<_> = pieces.into_iter().map(Result::unwrap).collect();
        assert!(pieces.iter().all(|piece| piece.len() <= 1024 * 1024));
        assert!(pieces.concat() == mail_server::crlf(text).as_bytes(), "message {last_uid}");
    }
    for gone in [Position { uid_validity, last_uid: 77 }, Position { uid_validity: uid_validity + 1, last_uid: 1 }] {
        let pieces: Vec<_> = mailbox.whole(gone).collect().await;
        assert!(matches!(&pieces[..], [Err(MailboxError::Gone)]), "{pieces:?}");
    }
    assert_eq!(server.messages(&user).await.iter().filter(|one| one.flags.contains(&"Seen".to_owned())).count(), 0);
}

#[tokio::test]
async fn a_connection_cut_while_waiting_is_an_error_and_the_next_call_reads_on() {
    let server = MailServer::shared();
    let user = filled(&server, 1).await;
    let mut mailbox = ImapMailbox::new(server.imap_settings(&user));
    let position = end_of(&mailbox.after(None, limits(10)).await.unwrap());
    let kick = async {
        server.append(&user, &[]).await;
        server.kick(&user).await;
    };
    let start = Instant::now();
    let (waited, ()) = tokio::join!(mailbox.wait(Duration::from_secs(30)), kick);
    assert!(matches!(waited, Err(MailboxError::Broken(_))), "{waited:?}");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    server.append(&user, &[(numbered(2), base())]).await;
    assert_eq!(subjects(&mailbox.after(position, limits(10)).await.unwrap()), ["number 2"]);
    // Cut between two calls: no error at all.
    server.kick(&user).await;
    assert_eq!(mailbox.after(position, limits(10)).await.unwrap().messages.len(), 1);
}

#[tokio::test]
async fn each_wrong_setting_is_named() {
    let server = MailServer::shared();
    let user = filled(&server, 1).await;
    let good = server.imap_settings(&user);
    let report = ImapMailbox::probe(&good).await.unwrap();
    assert!(report.messages == 1 && report.idle && report.uid_validity > 0, "{report:?}");

    let wrong: [(&str, ImapSettings, &str); 9] = [
        (
            "password",
            ImapSettings { auth: ImapAuth::Password("guess".to_owned().into()), ..good.clone() },
            "@council.example: Authentication failed; check the user name and the password",
        ),
        (
            "host",
            ImapSettings { host: "no-such-host.invalid".into(), ..good.clone() },
            "cannot reach no-such-host.invalid",
        ),
        ("port", ImapSettings { port: free_port(), ..good.clone() }, "cannot reach localhost"),
        (
            "expired",
            ImapSettings { host: "127.0.0.2".into(), ..good.clone() },
            "the TLS connection to 127.0.0.2 was refused: the certificate expired on Saturday 1 February 2020; the server needs a new one",
        ),
        ("authority", ImapSettings { extra_ca: None, ..good.clone() }, "name its certificate file as ca_file"),
        (
            "starttls",
            ImapSettings { port: server.imap, ..good.clone() },
            "it did not answer with TLS; check the port, or use security = \"starttls\"",
        ),
        (
            "plain",
            ImapSettings { security: Security::PlainLoopback, host: "mail.council.example".into(), ..good.clone() },
            "allowed to this machine only",
        ),
        (
            "folder",
            ImapSettings { folder: "Complaints".into(), ..good.clone() },
            "the folder \"Complaints\" cannot be opened",
        ),
        (
            "ca file",
            ImapSettings { extra_ca: Some("/nonexistent/ca.pem".into()), ..good.clone() },
            "the certificate file /nonexistent/ca.pem cannot be used",
        ),
    ];
    for (what, settings, expected) in wrong {
        let error = ImapMailbox::probe(&settings).await.unwrap_err();
        let fits = match what {
            "password" => matches!(error, MailboxError::SignIn { .. }),
            "host" | "port" | "plain" => matches!(error, MailboxError::Unreachable { .. }),
            "folder" => matches!(error, MailboxError::Folder { .. }),
            _ => matches!(error, MailboxError::Tls { .. }),
        };
        assert!(fits && error.to_string().contains(expected), "{what}: {error:?}\n{error}");
        let error = ImapMailbox::new(settings).after(None, limits(1)).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{what}: {error}");
    }
}

#[tokio::test]
async fn five_hundred_messages_all_come_and_the_rate_is_printed() {
    let server = MailServer::shared();
    let user = server.own_user();
    let body = "Sixty-four characters of somebody's complaint, again and again.\n".repeat(150);
    let messages: Vec<_> = (1..=500).map(|n| (format!("{}{body}", numbered(n)), base())).collect();
    server.append(&user, &messages).await;
    let mut mailbox = ImapMailbox::new(server.imap_settings(&user));
    let start = Instant::now();
    let (mut position, mut count, mut bytes) = (None, 0, 0);
    loop {
        let batch = mailbox.after(position, BatchLimits::default()).await.unwrap();
        count += batch.messages.len();
        bytes += batch.messages.iter().map(|one| one.raw.len()).sum::<usize>();
        match end_of(&batch) {
            Some(end) => position = Some(end),
            None => break,
        }
    }
    let took = start.elapsed();
    let rate = f64::from(u32::try_from(count).unwrap()) / took.as_secs_f64();
    println!("{count} messages, {bytes} bytes in {took:?}: {rate:.0} messages a second");
    assert_eq!(count, 500);
}

fn sign_in(password: &str) -> SmtpSignIn {
    SmtpSignIn::Password { user: "complaints@council.example".into(), password: password.to_owned().into() }
}

fn smtp_settings(server: &MailServer) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".into(),
        port: server.smtp,
        security: Security::StartTls,
        sign_in: Some(sign_in(&password("complaints@council.example"))),
        extra_ca: Some(server.ca()),
        return_path: ReturnPath::Empty,
        hello_name: Some("heard.council.example".into()),
        timeout: Duration::from_secs(10),
    }
}

fn courier(settings: SmtpSettings) -> SmtpCourier {
    SmtpCourier::new(settings, Clock::fixed("2026-11-21T21:07:00Z".parse().unwrap())).unwrap()
}

fn acknowledgement(to: &str) -> Outgoing {
    Outgoing {
        message_id: "ack.hrd-26-00412.k7q2mz4r@council.example".into(),
        from_name: "Children’s complaints".into(),
        from_address: "complaints@council.example".into(),
        reply_to: Some("complaints+hrd-26-00412.k7q2mz4r@council.example".into()),
        to: to.into(),
        subject: "We have logged your complaint [HRD-26-00412]".into(),
        text: "We have your complaint.\n".into(),
        html: Some("<p>We have your complaint.</p>".into()),
        in_reply_to: vec!["first@family.example".into()],
        references: vec!["zero@family.example".into(), "first@family.example".into()],
        automatic: true,
        enclosures: Vec::new(),
        buttons: Vec::new(),
        look: Default::default(),
    }
}

#[tokio::test]
async fn an_acknowledgement_reaches_the_family_with_its_headers_and_an_empty_return_path() {
    let server = MailServer::shared();
    let courier = courier(smtp_settings(&server));
    courier.probe().await.unwrap();
    assert_eq!(courier.send(&acknowledgement("mum@family.example")).await, Delivery::Delivered);
    let stored = server.await_messages("mum@family.example", 1).await;
    let text = stored[0].text();
    // What Postfix and Dovecot put above our headers names ports and times.
    let (above, ours) = text.split_once("From: ").unwrap();
    assert!(above.contains("Return-Path: <>\n"), "{above}");
    assert!(above.contains("heard.council.example"), "{above}");
    insta::assert_snapshot!(format!("From: {ours}"));
}

#[tokio::test]
async fn files_go_through_the_mail_servers_byte_for_byte() {
    let server = MailServer::shared();
    let user = server.own_user();
    // Bytes that mail likes to change: bare line ends, dots alone on a line, long lines, zeros, and all others.
    let odd: Vec<u8> = [b"%PDF-1.7\n.\r\n..\rFrom me\n".to_vec(), (0..=255).collect(), vec![b'x'; 3_000]].concat();
    let large: Vec<u8> = (0..2_000_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let file = |name: &str, media_type: &str, bytes: &[u8]| heard::replies::courier::Enclosure {
        name: name.into(),
        media_type: media_type.into(),
        size: bytes.len() as u64,
        sha256: String::new(),
        own: false,
        bytes: Some(bytes.to_vec().into()),
    };
    let wanted = [
        ("Zo\u{eb}\u{2019}s report.pdf", "application/pdf", odd.as_slice()),
        ("photo.jpg", "image/jpeg", large.as_slice()),
        ("plan.txt", "text/plain", b"A plan.\nIts second line\r\nand the last".as_slice()),
    ];
    let enclosures = wanted.iter().map(|(name, media_type, bytes)| file(name, media_type, bytes)).collect();
    let letter = Outgoing { enclosures, automatic: false, ..acknowledgement(&user) };
    assert_eq!(courier(smtp_settings(&server)).send(&letter).await, Delivery::Delivered);
    let stored = server.await_messages(&user, 1).await;
    let message = mail_parser::MessageParser::default().parse(&stored[0].raw).unwrap();
    assert_eq!(message.body_text(0).unwrap().trim(), letter.text.trim());
    assert!(message.body_html(0).unwrap().contains("<p>We have your complaint.</p>"));
    let files: Vec<_> = message
        .attachments()
        .map(|one| {
            use mail_parser::MimeHeaders;
            let kind = one.content_type().unwrap();
            let kind = format!("{}/{}", kind.ctype(), kind.subtype().unwrap());
            (one.attachment_name().unwrap().to_owned(), kind, one.contents().to_vec())
        })
        .collect();
    assert_eq!(files.len(), wanted.len());
    for ((name, kind, bytes), (wanted_name, wanted_kind, wanted_bytes)) in files.iter().zip(wanted) {
        assert_eq!((name.as_str(), kind.as_str()), (wanted_name, wanted_kind));
        assert!(bytes == wanted_bytes, "{name} is as it was");
    }
}

#[tokio::test]
async fn what_the_server_refuses_for_good_is_refused_and_all_else_is_tried_later() {
    let server = MailServer::shared();
    let good = smtp_settings(&server);
    let refused = |delivery: &Delivery| matches!(delivery, Delivery::Refused(_));
    let later = |delivery: &Delivery| matches!(delivery, Delivery::TryLater(_));
    let unavailable = |delivery: &Delivery| matches!(delivery, Delivery::Unavailable(..));

    let sender = courier(good.clone());
    for to in ["someone@elsewhere.example", REFUSED, "not an address", "telegram:4711"] {
        let delivery = sender.send(&acknowledgement(to)).await;
        assert!(refused(&delivery), "{to}: {delivery:?}");
        assert!(!format!("{delivery:?}").contains('@'), "{delivery:?}");
    }
    let delivery = sender.send(&acknowledgement(BUSY)).await;
    assert!(later(&delivery), "{delivery:?}");
    // A refusal leaves the connection fit for the next message.
    assert_eq!(sender.send(&acknowledgement("dad@family.example")).await, Delivery::Delivered);

    // Postfix asks nobody to sign in, so only a wrong password can be refused.
    let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let wrong = [
        (
            "password",
            SmtpSettings { sign_in: Some(sign_in("guess")), ..good.clone() },
            "check the user name and the password",
        ),
        ("down", SmtpSettings { port: free_port(), ..good.clone() }, "cannot be used"),
        ("authority", SmtpSettings { extra_ca: None, ..good.clone() }, "name its certificate file as ca_file"),
        (
            "mute",
            SmtpSettings {
                port: mute.local_addr().unwrap().port(),
                timeout: Duration::from_millis(300),
                ..good.clone()
            },
            "no answer within",
        ),
    ];
    for (what, settings, expected) in wrong {
        let sender = courier(settings);
        let delivery = sender.send(&acknowledgement("dad@family.example")).await;
        assert!(unavailable(&delivery) && format!("{delivery:?}").contains(expected), "{what}: {delivery:?}");
        let words = sender.probe().await.unwrap_err();
        assert!(words.contains(expected), "{what}: {words}");
    }
    assert_eq!(server.messages("dad@family.example").await.len(), 1);
}

/// Collects what a program set to `info` would log.
#[derive(Clone, Default)]
struct Captured(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nothing_of_a_message_is_logged_at_info_nor_named_in_an_error() {
    let server = MailServer::shared();
    let user = server.own_user();
    let secret = "From: zebra@family.example\nSubject: giraffe\n\nelephant\n";
    server.append(&user, &[(secret.into(), base())]).await;

    let captured = Captured::default();
    let writer = captured.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_writer(move || writer.clone()).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    tracing::info!("the capture works");
    let mut mailbox = ImapMailbox::new(server.imap_settings(&user));
    assert_eq!(mailbox.after(None, limits(10)).await.unwrap().messages.len(), 1);
    let waiting = tokio::time::timeout(Duration::from_millis(100), mailbox.wait(Duration::from_secs(5))).await;
    assert!(waiting.is_err());
    let sender = courier(smtp_settings(&server));
    for to in [REFUSED, BUSY] {
        let outgoing = Outgoing { subject: "giraffe".into(), text: "elephant".into(), ..acknowledgement(to) };
        let words = format!("{:?}", sender.send(&outgoing).await);
        assert!(!words.contains("giraffe") && !words.contains("elephant") && !words.contains(to), "{words}");
    }
    drop(guard);
    let logged = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("the capture works"));
    for word in ["zebra", "giraffe", "elephant", "family.example", "pw-"] {
        assert!(!logged.contains(word), "{word} in the log:\n{logged}");
    }
}
