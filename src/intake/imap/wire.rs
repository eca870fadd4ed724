//! One signed-in IMAP connection. Each command is read to its own tagged answer: async-imap's streams end in the same
//! way for `OK`, `NO`, `BYE` and a closed socket, so that mail left out by a fault would look like mail that is not there.

use std::{collections::BTreeMap, time::Duration};

use async_imap::{
    Session,
    error::Error as ImapError,
    imap_proto::{
        AttributeValue, Capability, MailboxDatum, Outcome, RequestId, Response, ResponseCode, SectionPath, Status,
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use secrecy::SecretString;
use tokio::time::{Instant, timeout, timeout_at};

use super::{
    ImapAuth, ImapSettings,
    dial::{Stream, dial},
    sign_in,
};
use crate::{intake::mailbox::MailboxError, oauth::Token};

/// Slowest line that is still worth waiting for, bytes a second.
const SLOWEST: u64 = 16 * 1024;
/// Longest text of a server that is repeated to people, characters.
const LONGEST_WORDS: usize = 200;

/// What one connection signs in with.
enum With<'a> {
    Password(&'a SecretString),
    Token(&'a Token),
}

/// How a command ended if not with `OK`.
#[derive(Debug)]
pub(super) enum Fault {
    /// The server refused (`NO`): the connection is still good.
    No(String),
    /// The server did not understand (`BAD`).
    Bad(String),
    /// The connection is closed or unusable.
    Gone(String),
    /// No answer within the time.
    Silent(Duration),
}

impl From<Fault> for MailboxError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::No(words) => Self::Broken(format!("the server refused a command: {words}")),
            Fault::Bad(words) => Self::Broken(format!("the server did not accept a command: {words}")),
            Fault::Gone(words) => Self::Broken(words),
            Fault::Silent(after) => Self::TimedOut(after),
        }
    }
}

/// What `EXAMINE` told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opened {
    pub uid_validity: u32,
    pub exists: u32,
}

/// What a FETCH told about one message.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    pub size: Option<u64>,
    pub arrived_at: Option<DateTime<Utc>>,
    pub body: Option<Vec<u8>>,
}

/// A connection that is signed in.
#[derive(Debug)]
pub(super) struct Wire {
    session: Session<Stream>,
    timeout: Duration,
    /// The server can do IDLE (RFC 2177) and has not refused it yet.
    pub can_idle: bool,
    /// The server has mentioned a change in the number of messages since this was last set to false.
    pub news: bool,
}

impl Wire {
    /// Connects, encrypts, signs in. A refused token may have been withdrawn before its time: one new one is tried, on a
    /// connection of its own.
    pub async fn connect(settings: &ImapSettings) -> Result<Self, MailboxError> {
        let source = match &settings.auth {
            ImapAuth::Password(password) => return Self::connect_with(settings, With::Password(password)).await,
            ImapAuth::Token(source) => source,
        };
        let who = format!("imap {}", settings.user);
        let token = source.token().await?;
        let connected = match Self::connect_with(settings, With::Token(&token)).await {
            Err(MailboxError::SignIn { .. }) if source.refused(&token, &who) => {
                Self::connect_with(settings, With::Token(&source.token().await?)).await
            }
            other => other,
        };
        if connected.is_ok() {
            source.accepted(&who);
        }
        connected
    }

    async fn connect_with(settings: &ImapSettings, with: With<'_>) -> Result<Self, MailboxError> {
        let within = settings.timeout;
        let client = dial(settings).await?;
        let session = match with {
            With::Password(password) => sign_in::with_password(client, settings, password).await?,
            With::Token(token) => sign_in::with_token(client, settings, token).await?,
        };
        let mut wire = Self { session, timeout: within, can_idle: false, news: false };
        let mut can_idle = false;
        wire.command("CAPABILITY", 0, |response| {
            if let Response::Capabilities(all) = response {
                can_idle |=
                    all.iter().any(|one| matches!(one, Capability::Atom(name) if name.eq_ignore_ascii_case("IDLE")));
            }
        })
        .await?;
        wire.can_idle = can_idle;
        Ok(wire)
    }

    /// Opens `folder` for reading only: the server then changes nothing in it, `\Seen` and `\Recent` included (RFC 9051
    /// section 6.3.3).
    pub async fn examine(&mut self, folder: &str) -> Result<Opened, MailboxError> {
        let refused = |cause: String| MailboxError::Folder { folder: folder.to_owned(), cause };
        if folder.chars().any(char::is_control) {
            return Err(refused("its name holds a control character".to_owned()));
        }
        let quoted = folder.replace('\\', "\\\\").replace('"', "\\\"");
        let (mut validity, mut exists) = (None, 0);
        let done = self
            .command(&format!("EXAMINE \"{quoted}\""), 0, |response| match response {
                Response::Data { outcome: Outcome { code: Some(ResponseCode::UidValidity(value)), .. }, .. } => {
                    validity = Some(*value);
                }
                Response::MailboxData(MailboxDatum::Exists(count)) => exists = *count,
                _ => {}
            })
            .await;
        match done {
            Err(Fault::No(cause)) => return Err(refused(cause)),
            other => other?,
        }
        self.news = false;
        let uid_validity = validity
            .ok_or_else(|| MailboxError::Broken("the server gave no UIDVALIDITY, so no position can be kept".into()))?;
        Ok(Opened { uid_validity, exists })
    }

    /// The UIDs from `first` on, rising.
    pub async fn uids_from(&mut self, first: u32) -> Result<Vec<u32>, Fault> {
        // `n:*` names the last message also when its UID is below n (RFC 9051 section 9, seq-range).
        let mut found = self.search(&format!("UID {first}:*")).await?;
        found.retain(|uid| *uid >= first);
        Ok(found)
    }

    /// True if the server still lists `uid`. The NOOP lets it report what was expunged meanwhile.
    pub async fn still_there(&mut self, uid: u32) -> Result<bool, Fault> {
        self.command("NOOP", 0, |_| {}).await?;
        Ok(self.search(&format!("UID {uid}:{uid}")).await?.contains(&uid))
    }

    /// The UIDs of what arrived from `since` to the day before `before`, in the server's own days.
    pub async fn uids_between(&mut self, since: NaiveDate, before: NaiveDate) -> Result<Vec<u32>, Fault> {
        self.search(&format!("SINCE {} BEFORE {}", since.format("%-d-%b-%Y"), before.format("%-d-%b-%Y"))).await
    }

    async fn search(&mut self, what: &str) -> Result<Vec<u32>, Fault> {
        let mut found = Vec::new();
        self.command(&format!("UID SEARCH {what}"), 0, |response| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found.extend_from_slice(uids);
            }
        })
        .await?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// `items` of the messages `uids`, at most about `expected` bytes in all. What a server leaves out is not there: a `NO`
    /// may mean that only some of them could be given.
    pub async fn fetch(&mut self, uids: &[u32], items: &str, expected: u64) -> Result<BTreeMap<u32, Fetched>, Fault> {
        let mut found: BTreeMap<u32, Fetched> = BTreeMap::new();
        if uids.is_empty() {
            return Ok(found);
        }
        let command = format!("UID FETCH {} (UID {items})", uid_set(uids));
        let done = self
            .command(&command, expected, |response| {
                if let Response::Fetch(_, attributes) = response {
                    note(&mut found, attributes);
                }
            })
            .await;
        match done {
            Ok(()) | Err(Fault::No(_)) => Ok(found),
            Err(fault) => Err(fault),
        }
    }

    /// IDLE for at most `span`, or until the server mentions messages. Then out of IDLE again with the server's `OK`, which
    /// also proves that the connection lives: a dead one is noticed here at the latest.
    pub async fn idle(&mut self, span: Duration) -> Result<(), Fault> {
        let until = Instant::now() + span;
        let tag = self.start("IDLE").await?;
        loop {
            let look = |answer: &Response<'_>| match answer {
                Response::Continue(_) => Ok(None),
                other => Step::of(other, &tag).map(Some),
            };
            match self.next(Instant::now() + self.timeout, look).await? {
                Ok(None) => break,
                Ok(Some(step)) => {
                    self.news |= step.news;
                    if step.done {
                        return Ok(());
                    }
                }
                Err(Fault::No(_) | Fault::Bad(_)) => {
                    self.can_idle = false;
                    return Ok(());
                }
                Err(fault) => return Err(fault),
            }
        }
        while !self.news {
            match self.next(until, |answer| Step::of(answer, &tag)).await {
                Err(Fault::Silent(_)) => break,
                step => self.news |= step??.news,
            }
        }
        timeout(self.timeout, self.session.run_command_untagged("DONE"))
            .await
            .map_err(|_| Fault::Silent(self.timeout))?
            .map_err(|error| Fault::Gone(error_words(&error)))?;
        self.answer(&tag, Instant::now() + self.timeout, |_| {}).await
    }

    /// Says goodbye; whatever comes of it.
    pub async fn logout(mut self) {
        let _ = self.command("LOGOUT", 0, |_| {}).await;
    }

    async fn start(&mut self, command: &str) -> Result<RequestId, Fault> {
        match timeout(self.timeout, self.session.run_command(command)).await {
            Err(_) => Err(Fault::Silent(self.timeout)),
            Ok(Err(error)) => Err(Fault::Gone(error_words(&error))),
            Ok(Ok(tag)) => Ok(tag),
        }
    }

    /// Sends `command` and gives every untagged answer to `each`, until its tagged `OK`.
    async fn command<F>(&mut self, command: &str, expected: u64, each: F) -> Result<(), Fault>
    where
        F: FnMut(&Response<'_>) + Send,
    {
        let tag = self.start(command).await?;
        let until = Instant::now() + self.timeout + Duration::from_secs(expected / SLOWEST);
        self.answer(&tag, until, each).await
    }

    async fn answer<F>(&mut self, tag: &RequestId, until: Instant, mut each: F) -> Result<(), Fault>
    where
        F: FnMut(&Response<'_>) + Send,
    {
        loop {
            let look = |answer: &Response<'_>| {
                each(answer);
                Step::of(answer, tag)
            };
            let step = self.next(until, look).await??;
            self.news |= step.news;
            if step.done {
                return Ok(());
            }
        }
    }

    /// The next answer, seen through `look`.
    async fn next<T>(&mut self, until: Instant, look: impl FnOnce(&Response<'_>) -> T) -> Result<T, Fault> {
        match timeout_at(until, self.session.read_response()).await {
            Err(_) => Err(Fault::Silent(self.timeout)),
            Ok(answer) => Ok(look(received(answer)?.parsed())),
        }
    }
}

/// What one answer means for a command that is under way.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    /// It was the command's tagged `OK`.
    done: bool,
    /// It mentioned the number of messages.
    news: bool,
}

impl Step {
    /// `BYE` is a fault: nothing but the end follows it.
    fn of(answer: &Response<'_>, tag: &RequestId) -> Result<Self, Fault> {
        match answer {
            Response::Done { tag: done, status, outcome } if done == tag => match status {
                Status::Ok => Ok(Self { done: true, news: false }),
                Status::No => Err(Fault::No(outcome_words(outcome))),
                Status::Bad => Err(Fault::Bad(outcome_words(outcome))),
                _ => Err(Fault::Gone(outcome_words(outcome))),
            },
            Response::Data { status: Status::Bye, outcome } => {
                Err(Fault::Gone(format!("the server ended the connection: {}", outcome_words(outcome))))
            }
            other => Ok(Self { done: false, news: matches!(other, Response::MailboxData(MailboxDatum::Exists(_))) }),
        }
    }
}

pub(super) async fn within_time<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, MailboxError> {
    timeout(limit, work).await.map_err(|_| MailboxError::TimedOut(limit))
}

pub(super) fn received<T>(answer: std::io::Result<Option<T>>) -> Result<T, Fault> {
    match answer {
        Ok(Some(data)) => Ok(data),
        Ok(None) => Err(Fault::Gone("the server closed the connection".to_owned())),
        Err(error) => Err(Fault::Gone(io_words(&error))),
    }
}

fn note(found: &mut BTreeMap<u32, Fetched>, attributes: &[AttributeValue<'_>]) {
    let uid = attributes.iter().find_map(|one| match one {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    });
    // Without a UID it is a change of flags that the server mentions by itself.
    let Some(uid) = uid else { return };
    let entry = found.entry(uid).or_default();
    for attribute in attributes {
        match attribute {
            AttributeValue::Rfc822Size(size) => entry.size = Some(u64::from(*size)),
            AttributeValue::InternalDate(text) => entry.arrived_at = internal_date(text),
            AttributeValue::BodySection { section: None | Some(SectionPath::Full(_)), data: Some(data), .. } => {
                entry.body = Some(data.to_vec());
            }
            _ => {}
        }
    }
}

/// RFC 9051 section 9, `date-time`; a one-digit day has a blank before it.
fn internal_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_str(text.trim(), "%d-%b-%Y %H:%M:%S %z").ok().map(|at| at.with_timezone(&Utc))
}

/// `1:3,7` for 1, 2, 3, 7. `uids` must rise.
fn uid_set(uids: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for uid in uids {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*uid) => *last = *uid,
            _ => runs.push((*uid, *uid)),
        }
    }
    let texts: Vec<String> = runs
        .iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}:{last}") })
        .collect();
    texts.join(",")
}

pub(super) fn outcome_words(outcome: &Outcome<'_>) -> String {
    tidy(outcome.information.as_deref().unwrap_or("without a reason"))
}

/// The kind only: the parser's own errors quote what the server sent, and that may be somebody's mail.
pub(super) fn io_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::Other => "the server sent something that is not IMAP".to_owned(),
        std::io::ErrorKind::UnexpectedEof => "the server closed the connection".to_owned(),
        kind => kind.to_string(),
    }
}

pub(super) fn error_words(error: &ImapError) -> String {
    match error {
        ImapError::Io(error) => io_words(error),
        ImapError::No(said) | ImapError::Bad(said) => {
            // async-imap gives `code: …, info: Some("…")`.
            let words = said.split_once("info: ").map_or(said.as_str(), |(_, info)| info);
            tidy(words.trim_start_matches("Some(\"").trim_end_matches("\")"))
        }
        ImapError::ConnectionLost => "the server closed the connection".to_owned(),
        _ => "the server sent something unexpected".to_owned(),
    }
}

/// Without a response code (`[AUTHENTICATIONFAILED] `) and a full stop, to go on in a sentence of our own.
fn tidy(words: &str) -> String {
    let words = match words.split_once("] ") {
        Some((code, said)) if code.starts_with('[') => said,
        _ => words,
    };
    let words = words.trim().trim_end_matches('.');
    words.chars().filter(|c| !c.is_control()).take(LONGEST_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn neighbouring_uids_are_asked_for_as_a_range() {
        assert_eq!(uid_set(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
        assert_eq!(uid_set(&[u32::MAX]), "4294967295");
    }

    proptest! {
        #[test]
        fn a_uid_set_names_each_uid_once(uids in proptest::collection::btree_set(1_u32..500, 1..60)) {
            let uids: Vec<u32> = uids.into_iter().collect();
            let mut named = Vec::new();
            for run in uid_set(&uids).split(',') {
                let (first, last) = run.split_once(':').unwrap_or((run, run));
                named.extend(first.parse::<u32>().unwrap()..=last.parse::<u32>().unwrap());
            }
            prop_assert_eq!(named, uids);
        }
    }

    #[test]
    fn an_internal_date_keeps_the_instant_also_with_a_one_digit_day() {
        let at = internal_date(" 7-Nov-2026 09:30:00 +0100").unwrap();
        assert_eq!(at.to_rfc3339(), "2026-11-07T08:30:00+00:00");
        assert_eq!(internal_date("31-Feb-2026 09:30:00 +0000"), None);
    }

    #[test]
    fn what_the_server_sent_is_not_repeated_in_an_error() {
        let parser = std::io::Error::other("Error during parsing of \"* 1 FETCH Subject: My son\"");
        assert_eq!(io_words(&parser), "the server sent something that is not IMAP");
    }
}
