//! How the whole is doing, and what waits for somebody to look: letters and unreadable mail.

mod seen;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Answer, capital, count, place, sentence};
use crate::{
    casework::Office,
    config::MailboxKind,
    ids::Uuid,
    intake::{
        files::FileKeeper,
        own_form::{Submission, WEB_FORM},
    },
    oauth::TokenFault,
    store::{
        Tx, alerts, attachments, intake, outbox, safeguarding, tokens,
        upkeep::{self, Unreadable},
    },
    web::{
        desk::DeskError,
        safeguarding::AlertsUnread,
        views::{
            AlertsHealth, FilesHealth, HealthView, MailboxHealth, OpenAlert, OutboxHealth, Quarantined, Seen,
            TokenHealth, Trouble,
        },
    },
};

/// How many lines a list has at most.
const LINES: i64 = 500;
/// How much of an unreadable message is shown, in bytes.
const HEAD_BYTES: i64 = 4000;

/// A fault that goes away by itself within this time is no trouble (minutes).
const PATIENCE_MINUTES: i64 = 15;

/// What somebody must see to, as far as `officer` may deal with it.
pub(super) async fn trouble(
    office: &Office,
    scanner: bool,
    tx: &mut Tx,
    officer: Uuid,
    now: DateTime<Utc>,
) -> Answer<Trouble> {
    let since = now - TimeDelta::minutes(PATIENCE_MINUTES);
    let broken = intake::health(tx).await?.into_iter().filter(|row| {
        // One that was taken out of the settings is nobody's trouble.
        let watched = row.kind == "chat" || office.mailboxes.contains_key(&row.mailbox);
        watched && row.error.is_some() && row.error_since.is_some_and(|began| began <= since)
    });
    let mailboxes = broken.count() as u64;
    let files = attachments::counts(tx, since).await?;
    // Without a scanner a file that was not scanned is open, and no trouble.
    let closed = if scanner { files.not_scanned } else { 0 };
    Ok(Trouble {
        files: count(files.waiting + files.failed + closed),
        mailboxes,
        letters: super::post::not_delivered(tx, officer).await?,
        unreadable: count(upkeep::quarantine_count(tx).await?),
    })
}

/// How the mailboxes, the outbox and the model are doing.
pub(super) async fn view(
    office: &Office,
    model: Option<&str>,
    keeper: Option<&FileKeeper>,
    tx: &mut Tx,
    now: DateTime<Utc>,
) -> Answer<HealthView> {
    let unread: BTreeMap<String, i64> = upkeep::unread_by_mailbox(tx).await?.into_iter().collect();
    let mut mailboxes: BTreeMap<String, MailboxHealth> = office
        .mailboxes
        .iter()
        .map(|(name, policy)| (name.clone(), starting(name, kind_words(policy.kind.as_str()))))
        .collect();
    for row in intake::health(tx).await? {
        let known = mailboxes
            .entry(row.mailbox.clone())
            .or_insert_with(|| starting(&place(&row.mailbox), kind_words(&row.kind)));
        known.last_success_at = row.last_success_at;
        known.waiting = count(row.waiting);
        known.error_since = row.error_since;
        known.advice = row.error.as_deref().map(|error| advice(error, &row.kind)).unwrap_or_default();
        known.error = row.error.as_deref().map(capital);
    }
    for (name, n) in &unread {
        if let Some(mailbox) = mailboxes.get_mut(name) {
            // Fetched and stored, but not read yet: still on its way to a case.
            mailbox.waiting += count(*n);
        }
    }
    let seen = seen::in_mailboxes(tx, mailboxes.keys()).await?;
    for (name, seen) in seen {
        if let Some(mailbox) = mailboxes.get_mut(&name) {
            mailbox.seen = seen;
        }
    }
    let counts = outbox::counts(tx).await?;
    let last_error = upkeep::last_letter_error(tx).await?.map(|why| sentence(&why));
    let files = attachments::counts(tx, now).await?;
    Ok(HealthView {
        mailboxes: mailboxes.into_values().collect(),
        tokens: token_sources(office, tx).await?,
        alerts: alerts_health(office, tx).await?,
        unread: count(intake::unread_count(tx).await?),
        forgotten: count(intake::forgotten_count(tx).await?),
        outbox: OutboxHealth {
            waiting: count(counts.waiting),
            oldest_waiting_at: upkeep::oldest_waiting(tx).await?,
            held: count(counts.held),
            failed: count(counts.failed),
            bounced: count(counts.bounced),
            stopped: !office.sending,
            advice: last_error.as_deref().map(letter_advice).unwrap_or_default(),
            last_error,
        },
        quarantined: count(upkeep::quarantine_count(tx).await?),
        model: model.unwrap_or("none").to_owned(),
        model_error: model.is_none().then(|| {
            "No model is loaded, so managers' mailboxes are not read. Run heard doctor: it says what is missing.".into()
        }),
        safeguarding: alerts_unread(office, tx).await?,
        files: FilesHealth {
            waiting: count(files.waiting),
            failed: count(files.failed),
            scanner: keeper.is_some_and(|keeper| keeper.scanner.is_some()),
            not_scanned: count(files.not_scanned),
            infected: count(files.infected),
            faults: keeper.map(super::files::faults).unwrap_or_default(),
        },
        calendar: super::recount::health(office, now),
    })
}

/// Alerts about children at risk that nobody has acknowledged.
async fn alerts_unread(office: &Office, tx: &mut Tx) -> Answer<AlertsUnread> {
    let unread = safeguarding::unread(tx).await?;
    let plan = &office.safeguarding;
    Ok(AlertsUnread {
        unread: count(unread.n),
        oldest: unread.oldest,
        at_once: plan.at_once().len(),
        levels: plan.escalate.len(),
    })
}

/// How the configured sources of sign-in tokens are.
async fn token_sources(office: &Office, tx: &mut Tx) -> Answer<Vec<TokenHealth>> {
    let mut known: BTreeMap<String, tokens::Source> =
        tokens::sources(tx).await?.into_iter().map(|row| (row.name.clone(), row)).collect();
    let shown = office.tokens.iter().map(|(name, users)| {
        let row = known.remove(name);
        let fault = row.as_ref().and_then(|row| row.fault.as_deref());
        let advice = fault.map(|word| TokenFault::parse(word).unwrap_or(TokenFault::Refused).remedy());
        TokenHealth {
            name: name.clone(),
            used_by: if users.is_empty() { "nothing".to_owned() } else { users.join(", ") },
            refreshed_at: row.as_ref().and_then(|row| row.refreshed_at),
            ends_at: row.as_ref().and_then(|row| row.ends_at),
            error_since: row.as_ref().and_then(|row| row.error_since),
            advice: advice.map(sentence).unwrap_or_default(),
            error: row.and_then(|row| row.error).map(|error| sentence(&error)),
        }
    });
    Ok(shown.collect())
}

async fn alerts_health(office: &Office, tx: &mut Tx) -> Answer<AlertsHealth> {
    let open = alerts::alerts(tx).await?.into_iter().map(|row| OpenAlert {
        what: capital(&format!("{} has not worked", row.title)),
        since: row.since,
        told_at: row.told_at,
    });
    Ok(AlertsHealth {
        channels: office.alert_channels.iter().map(|&name| capital(name)).collect(),
        open: open.collect(),
    })
}

fn starting(name: &str, kind: String) -> MailboxHealth {
    MailboxHealth {
        name: name.to_owned(),
        kind,
        last_success_at: None,
        waiting: 0,
        error: None,
        error_since: None,
        advice: String::new(),
        seen: Seen::default(),
    }
}

fn kind_words(kind: &str) -> String {
    let manager = MailboxKind::Manager.as_str();
    let forward = MailboxKind::Forward.as_str();
    match kind {
        word if word == manager => "Manager's mailbox, read only",
        word if word == forward => "Staff forward complaints here",
        "chat" => "Chat",
        "form" => "Web form",
        _ => "Complaints mailbox",
    }
    .to_owned()
}

/// What to do about a mailbox's fault, by the words of the fault.
fn advice(error: &str, kind: &str) -> String {
    let has = |part: &str| error.contains(part);
    let what = if has("no sign-in token") {
        "See what is said of its sign-in tokens on this page"
    } else if has("the token is good") {
        "Run heard doctor: it says which right of the application is missing"
    } else if has("refused the sign-in") {
        "Check the user name and the password in the settings, and that the account may use IMAP"
    } else if has("TLS connection") {
        "Check the server's certificate and its name; for a certificate of the council's own, name its authority (ca_file) \
         in the settings"
    } else if has("cannot reach") {
        "Check the server's name and port in the settings, and that a firewall lets this machine through"
    } else if has("cannot be opened") {
        "Check the folder's name in the settings, and that the account may open it"
    } else if has("classifier") {
        "Run heard doctor: it says which file of the model is missing or broken"
    } else if error.starts_with("database") {
        "Mend the database; reading goes on by itself"
    } else if kind == "chat" {
        "Check the bot's token in the settings, and that this machine reaches the chat service"
    } else {
        "Nothing yet: it is tried again by itself. If this stays for an hour, run heard doctor"
    };
    format!("{what}.")
}

/// What to do about a letter that is tried again.
fn letter_advice(error: &str) -> String {
    let has = |part: &str| error.to_lowercase().contains(part);
    let what = if has("no sign-in token") {
        "See what is said of its sign-in tokens on this page"
    } else if has("sign-in") || has("authentic") || has("password") {
        "Check the user name and the password of [sending] in the settings"
    } else if has("tls") || has("certificate") {
        "Check the mail server's certificate and its name in [sending]"
    } else if has("connect") || has("reach") || has("timed out") {
        "Check the mail server's name and port in [sending], and that a firewall lets this machine through"
    } else {
        "Nothing yet: it is tried again by itself. If this stays for an hour, run heard doctor"
    };
    format!("{what}.")
}

/// The messages that could not be read, newest first.
pub(super) async fn quarantine(office: &Office, tx: &mut Tx) -> Answer<Vec<Quarantined>> {
    Ok(upkeep::quarantine(tx, LINES).await?.into_iter().map(|row| shown(office, row)).collect())
}

/// One of them with its beginning.
pub(super) async fn quarantined(office: &Office, tx: &mut Tx, id: Uuid) -> Answer<Quarantined> {
    upkeep::quarantined(tx, id, HEAD_BYTES).await?.map(|row| shown(office, row)).ok_or(DeskError::NotFound)
}

/// Whether what lies in this mailbox is private.
pub(super) fn is_private(office: &Office, mailbox: &str) -> bool {
    office.policy(mailbox).kind == MailboxKind::Manager
}

fn shown(office: &Office, row: Unreadable) -> Quarantined {
    let head = form_words(&row).unwrap_or_else(|| legible(&row.head));
    Quarantined {
        private: is_private(office, &row.mailbox),
        id: row.id,
        mailbox: place(&row.mailbox),
        arrived_at: row.arrived_at,
        size: count(row.size),
        why: row.why.unwrap_or_default(),
        head,
        in_part: row.in_part,
        reference: row.reference,
    }
}

/// What somebody typed into the form that is held for a look.
fn form_words(row: &Unreadable) -> Option<String> {
    if row.mailbox != WEB_FORM || row.head.is_empty() {
        return None;
    }
    let submission = Submission::from_mail(&row.head).ok()?;
    let who = format!("{} <{}>", submission.name, submission.email);
    Some(legible(format!("{who}\n\n{}", submission.for_officers()).as_bytes()))
}

/// Bytes as text without control characters, line breaks and tabs excepted.
fn legible(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_an_unreadable_message_holds_nothing_a_terminal_or_page_obeys() {
        assert_eq!(legible(b"Subject: x\r\n\x1b[2J\x00\x07a\tb\xff"), "Subject: x\n[2Ja\tb\u{fffd}");
    }

    #[test]
    fn every_fault_of_a_mailbox_has_its_own_advice() {
        use crate::{intake::mailbox::MailboxError, oauth::TokenError};
        let (host, cause) = ("imap.calderbeck.example".to_owned(), "x".to_owned());
        let faults = [
            MailboxError::Unreachable { host: host.clone(), port: 993, cause: cause.clone() },
            MailboxError::Tls { host: host.clone(), cause: cause.clone() },
            MailboxError::SignIn { host, user: "u".into(), cause: cause.clone() },
            MailboxError::Folder { folder: "INBOX".into(), cause },
            MailboxError::Broken("x".into()),
            MailboxError::Token(TokenError::refused("login.example", "invalid_client", "")),
        ];
        let said: std::collections::BTreeSet<String> =
            faults.iter().map(|fault| advice(&fault.to_string(), "complaints")).collect();
        assert_eq!(said.len(), faults.len());
    }
}
