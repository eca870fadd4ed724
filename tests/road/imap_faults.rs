//! No message is lost or skipped whatever a mail server does in the middle of an answer.

use std::time::{Duration, Instant};

use crate::faulty_imap::{Fault, FaultyImap, State};
use heard::{
    intake::{
        imap::{ImapAuth, ImapMailbox, ImapSettings},
        mailbox::{Arrived, Batch, BatchLimits, Mailbox as _, MailboxError, Position},
    },
    tls::Security,
};

fn five() -> State {
    let message = |n: u32| format!("Subject: number {n}\r\n\r\n{}", "Text.\r\n".repeat(20));
    State { messages: (1..=5).map(|n| (n * 10, message(n))).collect(), ..State::default() }
}

async fn served(state: State) -> (FaultyImap, ImapMailbox) {
    let server = FaultyImap::start(state).await;
    let settings = ImapSettings {
        host: "127.0.0.1".into(),
        port: server.port,
        security: Security::PlainLoopback,
        user: "complaints".into(),
        auth: ImapAuth::Password("pw".to_owned().into()),
        folder: "INBOX".into(),
        extra_ca: None,
        timeout: Duration::from_millis(300),
        poll: Duration::from_millis(100),
    };
    (server, ImapMailbox::new(settings))
}

fn uids(messages: &[Arrived]) -> Vec<u32> {
    messages.iter().map(|one| one.uid).collect()
}

fn after(uid: u32) -> Option<Position> {
    Some(Position { uid_validity: 7, last_uid: uid })
}

/// Reads as a worker does: the position moves to the last message of a batch, and an error means another try.
async fn read_all(mailbox: &mut ImapMailbox) -> (Vec<Arrived>, usize) {
    let (mut all, mut errors, mut position) = (Vec::new(), 0, None);
    for _ in 0..12 {
        match mailbox.after(position, BatchLimits { messages: 4, ..BatchLimits::default() }).await {
            Ok(Batch { messages, .. }) if messages.is_empty() => break,
            Ok(batch) => {
                position = batch.messages.last().map(|last| Position { uid_validity: 7, last_uid: last.uid });
                all.extend(batch.messages);
            }
            Err(_) => errors += 1,
        }
    }
    (all, errors)
}

#[tokio::test]
async fn an_answer_that_ends_early_loses_and_repeats_nothing() {
    for n in 0..4 {
        for fault in [
            Fault::CloseAfter(n),
            Fault::CutAfter(n),
            Fault::ByeAfter(n),
            Fault::NoAfter(n),
            Fault::OkAfter(n),
            Fault::SilentAfter(n),
        ] {
            let (server, mut mailbox) = served(State { faults: vec![fault], ..five() }).await;
            let (all, errors) = read_all(&mut mailbox).await;
            assert_eq!(uids(&all), [10, 20, 30, 40, 50], "{fault:?}");
            assert!(all.iter().all(|one| one.raw.ends_with(b"Text.\r\n") && one.cut_from.is_none()), "{fault:?}");
            assert!(server.state.lock().unwrap().faults.is_empty(), "{fault:?} did not happen");
            let asked_again_at_once = matches!(fault, Fault::NoAfter(_) | Fault::OkAfter(_));
            assert_eq!(errors == 0, asked_again_at_once, "{fault:?}: {errors} errors");
        }
    }
}

#[tokio::test]
async fn a_message_expunged_meanwhile_is_settled() {
    for uid in [10, 30, 50] {
        let (_server, mut mailbox) = served(State { faults: vec![Fault::ExpungedBefore(uid)], ..five() }).await;
        let batch = mailbox.after(None, BatchLimits::default()).await.unwrap();
        let left: Vec<u32> = [10, 20, 30, 40, 50].into_iter().filter(|one| *one != uid).collect();
        assert_eq!((uids(&batch.messages), batch.waiting), (left, 0));
    }
}

#[tokio::test]
async fn a_socket_closed_on_search_is_not_taken_for_an_empty_mailbox() {
    let (_server, mut mailbox) = served(State { faults: vec![Fault::CloseOnSearch], ..five() }).await;
    let first = mailbox.after(None, BatchLimits::default()).await;
    assert!(matches!(first, Err(MailboxError::Broken(_))), "{first:?}");
    assert_eq!(mailbox.after(None, BatchLimits::default()).await.unwrap().messages.len(), 5);
}

#[tokio::test]
async fn a_message_that_is_never_given_holds_up_the_rest_only_until_its_headers_are_taken() {
    let (_server, mut mailbox) = served(State { withheld: [30].into(), ..five() }).await;
    let first = mailbox.after(None, BatchLimits::default()).await.unwrap();
    assert_eq!((uids(&first.messages), first.waiting), (vec![10, 20], 3));
    for _ in 0..3 {
        let error = mailbox.after(after(20), BatchLimits::default()).await.unwrap_err();
        assert!(error.to_string().contains("lists message 30 but does not give it"), "{error}");
    }
    let last = mailbox.after(after(20), BatchLimits::default()).await.unwrap();
    assert_eq!((uids(&last.messages), last.waiting), (vec![30, 40, 50], 0));
    assert_eq!(last.messages[0].raw, b"Subject: number 3\r\n\r\n");
    assert!(last.messages[0].cut_from.is_some_and(|size| size > 100));
    assert_eq!(last.messages[1].cut_from, None);
}

#[tokio::test]
async fn past_the_last_message_there_is_nothing_though_the_server_names_the_last_again() {
    let (_server, mut mailbox) = served(five()).await;
    for uid in [50, 51, u32::MAX] {
        let batch = mailbox.after(after(uid), BatchLimits::default()).await.unwrap();
        assert_eq!((batch.messages.len(), batch.waiting), (0, 0), "{uid}");
    }
}

#[tokio::test]
async fn an_error_does_not_repeat_what_the_server_sent() {
    let (_server, mut mailbox) = served(State { faults: vec![Fault::Garbage], ..five() }).await;
    let error = mailbox.after(None, BatchLimits::default()).await.unwrap_err();
    assert!(!format!("{error:?} {error}").contains("giraffe"), "{error:?}");
}

#[tokio::test]
async fn a_socket_closed_in_idle_is_an_error_at_once() {
    let (_server, mut mailbox) = served(State { faults: vec![Fault::CloseInIdle], idle: true, ..five() }).await;
    mailbox.after(None, BatchLimits::default()).await.unwrap();
    let start = Instant::now();
    let waited = mailbox.wait(Duration::from_secs(30)).await;
    assert!(matches!(waited, Err(MailboxError::Broken(_))), "{waited:?}");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn without_idle_the_wait_lasts_one_poll() {
    let (_server, mut mailbox) = served(five()).await;
    mailbox.after(None, BatchLimits::default()).await.unwrap();
    let start = Instant::now();
    mailbox.wait(Duration::from_secs(30)).await.unwrap();
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(100) && took < Duration::from_secs(5), "{took:?}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left_after_the_time_out() {
    let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (server, _) = served(five()).await;
    drop(server);
    let settings = ImapSettings {
        host: "127.0.0.1".into(),
        port: mute.local_addr().unwrap().port(),
        security: Security::PlainLoopback,
        user: "complaints".into(),
        auth: ImapAuth::Password("pw".to_owned().into()),
        folder: "INBOX".into(),
        extra_ca: None,
        timeout: Duration::from_millis(300),
        poll: Duration::from_millis(100),
    };
    for security in [Security::PlainLoopback, Security::StartTls, Security::Tls] {
        let error = ImapMailbox::probe(&ImapSettings { security, ..settings.clone() }).await.unwrap_err();
        assert!(matches!(error, MailboxError::TimedOut(_)), "{security:?}: {error:?}");
    }
}

#[tokio::test]
async fn only_commands_that_change_nothing_are_ever_sent() {
    let faults = vec![Fault::OkAfter(1), Fault::ExpungedBefore(20)];
    let (server, mut mailbox) = served(State { faults, idle: true, withheld: [40].into(), ..five() }).await;
    for _ in 0..6 {
        let _ = mailbox.after(None, BatchLimits { whole_up_to: 100, cut_to: 50, ..BatchLimits::default() }).await;
        let _ = mailbox.after(after(30), BatchLimits::default()).await;
        mailbox.wait(Duration::from_millis(20)).await.unwrap();
    }
    let commands = std::mem::take(&mut server.state.lock().unwrap().commands);
    for kind in ["EXAMINE ", "UID SEARCH ", "UID FETCH ", "NOOP", "IDLE", "BODY.PEEK[HEADER]", "BODY.PEEK[]<0.50>"] {
        assert!(commands.iter().any(|one| one.contains(kind)), "{kind} was not tried: {commands:?}");
    }
    for one in commands {
        let first = one.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let harmless = matches!(first.as_str(), "CAPABILITY" | "UID SEARCH" | "UID FETCH" | "NOOP" | "IDLE" | "DONE")
            || first.starts_with("LOGIN ")
            || first.starts_with("EXAMINE ");
        assert!(harmless && !one.replace("BODY.PEEK[", "").contains("BODY["), "{one}");
    }
}
