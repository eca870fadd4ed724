//! A mailbox read over IMAP (RFC 9051). Every folder is opened with EXAMINE and read with BODY.PEEK, the council's own as
//! well as managers': this module knows no command that changes a mailbox.

mod dial;
mod listing;
mod sign_in;
mod wire;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use futures::{StreamExt, future::BoxFuture, stream::BoxStream};
use secrecy::SecretString;
use tokio_util::bytes::Bytes;

use self::wire::{Fetched, Opened, Wire};
use super::mailbox::{Arrived, Batch, BatchLimits, Listing, Mailbox, MailboxError, Position};
use crate::{oauth::TokenSource, tls::Security};

/// Longest time in one IDLE. RFC 2177 allows 29 minutes; firewalls and some providers cut off after ten.
const LONGEST_IDLE: Duration = Duration::from_secs(9 * 60);
/// How often a message is asked for in vain before only its headers are taken.
const PATIENCE: u8 = 5;

/// How much of a large message is asked for at once (bytes).
const SLICE: usize = 1024 * 1024;

/// How to sign in.
#[derive(Clone, Debug)]
pub enum ImapAuth {
    /// `LOGIN` with a password.
    Password(SecretString),
    /// `AUTHENTICATE` with tokens from there.
    Token(TokenSource),
}

/// Which mailbox, and how to get there.
#[derive(Clone, Debug)]
pub struct ImapSettings {
    /// Host name or address; the certificate must be for it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// User name, often the address.
    pub user: String,
    /// How to sign in.
    pub auth: ImapAuth,
    /// Folder, as the server spells it; `INBOX` for new mail.
    pub folder: String,
    /// PEM file with a further authority to trust.
    pub extra_ca: Option<PathBuf>,
    /// Longest silence that is borne in any one step.
    pub timeout: Duration,
    /// How long to wait between two looks if the server knows no IDLE.
    pub poll: Duration,
}

/// What [`ImapMailbox::probe`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeReport {
    /// Messages in the folder.
    pub messages: u32,
    /// The folder's UIDVALIDITY.
    pub uid_validity: u32,
    /// The server tells at once when mail arrives (IDLE).
    pub idle: bool,
    /// From the first packet to the open folder.
    pub took: Duration,
}

/// A mailbox on an IMAP server. Connects when first used and after any fault.
#[derive(Debug)]
pub struct ImapMailbox {
    settings: ImapSettings,
    /// Signed in and with the folder open; taken out during each use, so that a fault or a cancelled call drops it.
    wire: Option<Wire>,
    /// UIDVALIDITY and UID that could not be had, and how often.
    stubborn: Option<(u32, u32, u8)>,
}

impl ImapMailbox {
    /// A mailbox that is not connected yet.
    #[must_use]
    pub fn new(settings: ImapSettings) -> Self {
        Self { settings, wire: None, stubborn: None }
    }

    /// Signs in, opens the folder, signs out.
    ///
    /// # Errors
    ///
    /// [`MailboxError`] says at which step it failed, and what to check.
    pub async fn probe(settings: &ImapSettings) -> Result<ProbeReport, MailboxError> {
        let start = Instant::now();
        let mut wire = Wire::connect(settings).await?;
        let Opened { uid_validity, exists } = wire.examine(&settings.folder).await?;
        let report = ProbeReport { messages: exists, uid_validity, idle: wire.can_idle, took: start.elapsed() };
        wire.logout().await;
        Ok(report)
    }

    async fn read_after(&mut self, position: Option<Position>, limits: BatchLimits) -> Result<Batch, MailboxError> {
        let (mut wire, opened) = self.opened().await?;
        let last = position.filter(|at| at.uid_validity == opened.uid_validity).map_or(0, |at| at.last_uid);
        let mut batch = Batch { uid_validity: opened.uid_validity, ..Batch::default() };
        if let Some(first) = last.checked_add(1) {
            self.fill(&mut wire, first, limits, &mut batch).await?;
        }
        self.wire = Some(wire);
        Ok(batch)
    }

    /// A connection with the folder freshly opened. One that was cut while nobody used it is no fault of the mailbox, and
    /// is replaced once.
    async fn opened(&mut self) -> Result<(Wire, Opened), MailboxError> {
        if let Some(mut old) = self.wire.take() {
            match old.examine(&self.settings.folder).await {
                Err(MailboxError::Broken(_) | MailboxError::TimedOut(_)) => {}
                other => return other.map(|opened| (old, opened)),
            }
        }
        let mut wire = Wire::connect(&self.settings).await?;
        let opened = wire.examine(&self.settings.folder).await?;
        Ok((wire, opened))
    }

    /// Adds the oldest messages from `first` on to `batch`, up to the first that cannot be had.
    async fn fill(
        &mut self,
        wire: &mut Wire,
        first: u32,
        limits: BatchLimits,
        batch: &mut Batch,
    ) -> Result<(), MailboxError> {
        let uids = wire.uids_from(first).await?;
        let mut rest = uids.as_slice();
        // One round, unless all of its messages turn out to be expunged.
        while batch.messages.is_empty() && !rest.is_empty() {
            let (candidates, _) = rest.split_at(limits.messages.clamp(1, rest.len()));
            let plan = plan(&sizes(wire, candidates).await?, limits);
            let mut fetched = fetch_bodies(wire, &plan, limits).await?;
            for wanted in &plan {
                let arrived = match fetched.remove(&wanted.uid).and_then(|found| wanted.arrived(found)) {
                    Some(arrived) => Some(arrived),
                    None => match self.ask_again(wire, wanted, batch.uid_validity, limits).await? {
                        Again::Here(arrived) => Some(arrived),
                        Again::Expunged => None,
                        Again::Withheld if batch.messages.is_empty() => {
                            return Err(MailboxError::Broken(format!(
                                "the server lists message {} but does not give it",
                                wanted.uid
                            )));
                        }
                        Again::Withheld => {
                            batch.waiting = count(rest);
                            return Ok(());
                        }
                    },
                };
                batch.messages.extend(arrived);
                rest = rest.split_first().map_or(&[], |(_, behind)| behind);
            }
        }
        batch.waiting = count(rest);
        Ok(())
    }

    /// Asks singly for a message that was left out of an answer. After [`PATIENCE`] calls in vain its headers must do, so
    /// that one unreadable message does not hold up all later ones.
    async fn ask_again(
        &mut self,
        wire: &mut Wire,
        wanted: &Wanted,
        uid_validity: u32,
        limits: BatchLimits,
    ) -> Result<Again, MailboxError> {
        let mut found = fetch_bodies(wire, std::slice::from_ref(wanted), limits).await?;
        if let Some(arrived) = found.remove(&wanted.uid).and_then(|found| wanted.arrived(found)) {
            return Ok(Again::Here(arrived));
        }
        if !wire.still_there(wanted.uid).await? {
            return Ok(Again::Expunged);
        }
        let tries = match self.stubborn {
            Some((validity, uid, tries)) if (validity, uid) == (uid_validity, wanted.uid) => tries.saturating_add(1),
            _ => 1,
        };
        self.stubborn = Some((uid_validity, wanted.uid, tries));
        if tries < PATIENCE {
            return Ok(Again::Withheld);
        }
        let mut found = wire.fetch(&[wanted.uid], "INTERNALDATE BODY.PEEK[HEADER]", limits.cut_to).await?;
        let headers = found.remove(&wanted.uid).unwrap_or_default();
        Ok(match (headers.arrived_at, headers.body) {
            (Some(arrived_at), Some(raw)) => {
                Again::Here(Arrived { uid: wanted.uid, arrived_at, raw, cut_from: Some(wanted.size.unwrap_or(0)) })
            }
            _ => Again::Withheld,
        })
    }

    /// The bytes of a message from `at` on, at most a slice; fewer than a slice are the last.
    async fn slice(&mut self, place: Position, at: u64) -> Result<Vec<u8>, MailboxError> {
        let mut wire = match self.wire.take().filter(|_| at > 0) {
            Some(wire) => wire,
            None => {
                let (wire, opened) = self.opened().await?;
                if opened.uid_validity != place.uid_validity {
                    self.wire = Some(wire);
                    return Err(MailboxError::Gone);
                }
                wire
            }
        };
        let items = format!("BODY.PEEK[]<{at}.{SLICE}>");
        let mut found = wire.fetch(&[place.last_uid], &items, SLICE as u64).await?;
        let slice = match found.remove(&place.last_uid).and_then(|found| found.body) {
            Some(slice) if slice.len() <= SLICE => slice,
            Some(_) => return Err(MailboxError::Withheld),
            None if !wire.still_there(place.last_uid).await? => {
                self.wire = Some(wire);
                return Err(MailboxError::Gone);
            }
            // Some servers answer NIL behind the end.
            None if at > 0 => Vec::new(),
            None => return Err(MailboxError::Withheld),
        };
        self.wire = Some(wire);
        Ok(slice)
    }

    async fn wait_for_news(&mut self, at_most: Duration) -> Result<(), MailboxError> {
        let until = tokio::time::Instant::now() + at_most;
        let Some(mut wire) = self.wire.take() else {
            // Something may have come while there was no connection.
            self.wire = Some(self.opened().await?.0);
            return Ok(());
        };
        while !wire.news {
            let left = until.saturating_duration_since(tokio::time::Instant::now());
            if left.is_zero() {
                break;
            }
            if wire.can_idle {
                wire.idle(left.min(LONGEST_IDLE)).await?;
            } else {
                tokio::time::sleep(left.min(self.settings.poll)).await;
                break;
            }
        }
        self.wire = Some(wire);
        Ok(())
    }
}

impl Mailbox for ImapMailbox {
    fn after(&mut self, position: Option<Position>, limits: BatchLimits) -> BoxFuture<'_, Result<Batch, MailboxError>> {
        Box::pin(self.read_after(position, limits))
    }

    fn list(&mut self, from: DateTime<Utc>, to: DateTime<Utc>) -> BoxFuture<'_, Result<Listing, MailboxError>> {
        Box::pin(self.listing(from, to))
    }

    fn whole(&mut self, place: Position) -> BoxStream<'_, Result<Bytes, MailboxError>> {
        // The end is where a slice is not full: sizes are estimates on some servers.
        let slices = futures::stream::try_unfold((self, Some(0)), move |(this, at)| async move {
            let Some(at) = at else { return Ok(None) };
            let slice = this.slice(place, at).await?;
            let next = (slice.len() == SLICE).then_some(at + SLICE as u64);
            Ok(Some((Bytes::from(slice), (this, next))))
        });
        slices.boxed()
    }

    fn wait(&mut self, at_most: Duration) -> BoxFuture<'_, Result<(), MailboxError>> {
        Box::pin(self.wait_for_news(at_most))
    }
}

/// What came of asking for one message once more.
enum Again {
    Here(Arrived),
    Expunged,
    Withheld,
}

/// One message of a batch to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wanted {
    uid: u32,
    size: Option<u64>,
    cut: bool,
}

impl Wanted {
    fn arrived(&self, found: Fetched) -> Option<Arrived> {
        let cut_from = if self.cut { Some(self.size.unwrap_or(0)) } else { None };
        let raw = match found.body {
            None if self.size == Some(0) => Vec::new(),
            body => body?,
        };
        Some(Arrived { uid: self.uid, arrived_at: found.arrived_at?, raw, cut_from })
    }
}

fn count(uids: &[u32]) -> u64 {
    u64::try_from(uids.len()).unwrap_or(u64::MAX)
}

async fn sizes(wire: &mut Wire, uids: &[u32]) -> Result<Vec<(u32, Option<u64>)>, MailboxError> {
    let found = wire.fetch(uids, "RFC822.SIZE", 0).await?;
    Ok(uids.iter().map(|uid| (*uid, found.get(uid).and_then(|one| one.size))).collect())
}

/// What to fetch, whole or cut, within the bytes of `limits`; always at least one message. A message without a known size
/// is taken for a small one: most often it has just been expunged.
fn plan(sizes: &[(u32, Option<u64>)], limits: BatchLimits) -> Vec<Wanted> {
    let mut plan: Vec<Wanted> = Vec::new();
    let mut held = 0_u64;
    for (uid, size) in sizes {
        let cut = size.is_some_and(|size| size > limits.whole_up_to);
        let cost = if cut { limits.cut_to } else { size.unwrap_or(0) };
        held = held.saturating_add(cost);
        if !plan.is_empty() && held > limits.bytes {
            break;
        }
        plan.push(Wanted { uid: *uid, size: *size, cut });
    }
    plan
}

/// The bodies of `plan`, in one command for the whole ones and one for the cut ones.
async fn fetch_bodies(
    wire: &mut Wire,
    plan: &[Wanted],
    limits: BatchLimits,
) -> Result<std::collections::BTreeMap<u32, Fetched>, MailboxError> {
    let pick = |cut: bool| plan.iter().filter(move |one| one.cut == cut);
    let whole: Vec<u32> = pick(false).map(|one| one.uid).collect();
    let bytes = pick(false).filter_map(|one| one.size).fold(0, u64::saturating_add);
    let mut found = wire.fetch(&whole, "INTERNALDATE BODY.PEEK[]", bytes).await?;
    let cut: Vec<u32> = pick(true).map(|one| one.uid).collect();
    let bytes = limits.cut_to.saturating_mul(count(&cut));
    let items = format!("INTERNALDATE BODY.PEEK[]<0.{}>", limits.cut_to);
    found.extend(wire.fetch(&cut, &items, bytes).await?);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: BatchLimits = BatchLimits { messages: 10, bytes: 100, whole_up_to: 60, cut_to: 20 };

    fn planned(sizes: &[(u32, Option<u64>)]) -> Vec<(u32, bool)> {
        plan(sizes, LIMITS).into_iter().map(|one| (one.uid, one.cut)).collect()
    }

    #[test]
    fn a_batch_stops_before_the_message_that_would_be_too_much() {
        assert_eq!(planned(&[(1, Some(50)), (2, Some(50)), (3, Some(1))]), [(1, false), (2, false)]);
    }

    #[test]
    fn a_big_message_is_cut_and_counts_only_what_is_fetched_of_it() {
        assert_eq!(planned(&[(1, Some(5000)), (2, Some(60)), (3, Some(20))]), [(1, true), (2, false), (3, false)]);
    }

    #[test]
    fn the_first_message_is_fetched_whatever_its_size() {
        let limits = BatchLimits { bytes: 1, ..LIMITS };
        assert_eq!(plan(&[(4, Some(60))], limits).len(), 1);
    }

    #[test]
    fn a_message_without_a_size_is_still_asked_for() {
        assert_eq!(planned(&[(1, None), (2, Some(5))]), [(1, false), (2, false)]);
    }
}
