//! May this message be acknowledged by itself? Pure.
//!
//! Rules: RFC 3834 section 2, RFC 5230 section 4, and what large help desks learnt. Whatever the answer, the message is stored and shown: a wrong no costs
//! an officer a minute, a wrong yes can start a loop or write to somebody who must not be written to.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::intake::shared_domains::is_shared;

mod do_not_reply;
#[cfg(test)]
mod tests;

pub use do_not_reply::{DO_NOT_REPLY, DoNotReply};

/// The name in the database of what holds a letter whose enclosures are not there, or may not go.
pub const ENCLOSURE: &str = "enclosure";

/// How many letters the program may send by itself. The backstop that works when a loop carries no header at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Caps {
    /// To one mailbox within an hour.
    pub per_recipient_hour: u32,
    /// To one mailbox within a day.
    pub per_recipient_day: u32,
    /// To one mailbox within seven days.
    pub per_recipient_week: u32,
    /// To all mailboxes of one domain within an hour, providers for everybody excepted.
    pub per_domain_hour: u32,
    /// To everybody within an hour.
    pub everyone_hour: u32,
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            per_recipient_hour: 3,
            per_recipient_day: 10,
            per_recipient_week: 20,
            per_domain_hour: 200,
            everyone_hour: 1000,
        }
    }
}

/// What is known when a letter is about to be queued. Counts do not include this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardFacts {
    /// Why reading said that no automatic answer may go out; empty when one may.
    pub no_answer: Vec<String>,
    /// Whom the acknowledgement would go to: an email address or `telegram:<chat id>`.
    pub recipient: Option<String>,
    /// True if `recipient` is one of the council's own mailboxes.
    pub recipient_is_ours: bool,
    /// True if this case was acknowledged before, by any channel.
    pub already_acknowledged: bool,
    /// True while the council only records (trial running).
    pub record_only: bool,
    /// True while the switch that stops all sending is on.
    pub sending_off: bool,
    /// Start of live running: what was received before is stored but not answered.
    pub from_date: Option<DateTime<Utc>>,
    /// When the council received the message.
    pub received_at: DateTime<Utc>,
    /// Letters of this kind that were queued before.
    pub sent: Sent,
}

/// How many letters were queued lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// To the recipient's mailbox within the last hour.
    pub to_recipient_hour: u32,
    /// To the recipient's mailbox within the last 24 hours.
    pub to_recipient_day: u32,
    /// To the recipient's mailbox within the last seven days.
    pub to_recipient_week: u32,
    /// To the recipient's domain within the last hour; 0 for a domain that is not counted.
    pub to_domain_hour: u32,
    /// To anybody within the last hour.
    pub to_everyone_hour: u32,
}

impl GuardFacts {
    /// Facts about `recipient` with nothing that speaks against writing to them.
    #[must_use]
    pub fn nothing_against(recipient: &str, received_at: DateTime<Utc>) -> Self {
        Self {
            no_answer: Vec::new(),
            recipient: Some(recipient.to_owned()),
            recipient_is_ours: false,
            already_acknowledged: false,
            record_only: false,
            sending_off: false,
            from_date: None,
            received_at,
            sent: Sent::default(),
        }
    }
}

/// Why no acknowledgement goes out. Officers read it on the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Never {
    /// A machine wrote the message, or it asks not to be answered.
    NoAnswer(Vec<String>),
    /// Nobody to write to.
    NoAddress,
    /// The recipient is the council itself.
    OwnAddress,
    /// One acknowledgement a case.
    AlreadyAcknowledged,
    /// Trial running.
    RecordOnly,
    /// All sending is switched off.
    SendingOff,
    /// Received before live running began.
    BeforeStart,
}

impl Never {
    /// Whether somebody waits to hear all the same, so that an officer must tell them. Otherwise they were told, or the
    /// council deals with them in its old way.
    #[must_use]
    pub fn leaves_somebody_waiting(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::NoAddress | Self::OwnAddress)
    }
}

/// Why a letter waits for an officer. Officers read it in the list of what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// Enough went to this mailbox within the hour.
    RecipientHour(u32),
    /// Enough went to this mailbox within the day.
    RecipientDay(u32),
    /// Enough went to this mailbox within the week.
    RecipientWeek(u32),
    /// Enough went to this domain within the hour.
    DomainHour(u32),
    /// Enough went out in all within the hour.
    EveryoneHour(u32),
    /// Nothing goes to this address before somebody has looked.
    DoNotReply,
}

impl Held {
    /// Its name in the database; for a limit, the setting that changes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RecipientHour(_) => "per_address_an_hour",
            Self::RecipientDay(_) => "per_address_a_day",
            Self::RecipientWeek(_) => "per_address_a_week",
            Self::DomainHour(_) => "per_domain_an_hour",
            Self::EveryoneHour(_) => "in_all_an_hour",
            Self::DoNotReply => DO_NOT_REPLY,
        }
    }
}

/// What may be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Queue it.
    Send,
    /// Keep it for an officer to release: a cap was reached.
    Hold(Held),
    /// Do not write to this person by machine.
    Never(Never),
}

impl fmt::Display for Never {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer(reasons) => write!(f, "the message must not be answered by machine: {}", reasons.join("; ")),
            Self::NoAddress => f.write_str("the message gives no address to write to"),
            Self::OwnAddress => f.write_str("the answer would go to one of the council's own mailboxes"),
            Self::AlreadyAcknowledged => f.write_str("this case has been acknowledged before"),
            Self::RecordOnly => f.write_str("the system only records for now and sends nothing (record_only)"),
            Self::SendingOff => f.write_str("all sending is switched off"),
            Self::BeforeStart => f.write_str("it was received before the system went live (from_date)"),
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = |n: u32| format!("{n} {}", if n == 1 { "letter" } else { "letters" });
        match *self {
            Self::RecipientHour(n) => write!(f, "this person was sent {} within an hour, which is the most", most(n)),
            Self::RecipientDay(n) => write!(f, "this person was sent {} within a day, which is the most", most(n)),
            Self::RecipientWeek(n) => write!(f, "this person was sent {} within a week, which is the most", most(n)),
            Self::DomainHour(n) => {
                write!(f, "people of this mail domain were sent {} within an hour, which is the most", most(n))
            }
            Self::DoNotReply => f.write_str(
                "this address is one to be careful with: whoever else reads it may do harm, so nothing goes there before an officer \
                 has looked",
            ),
            Self::EveryoneHour(n) => write!(f, "{} went out within an hour, which is the most", most(n)),
        }
    }
}

/// Tells whether the letter may go out.
///
/// What can never be right comes before the caps, so that officers are not asked to release it.
#[must_use]
pub fn may_acknowledge(facts: &GuardFacts, caps: &Caps) -> Verdict {
    let address = facts.recipient.as_deref().map(str::trim).unwrap_or_default();
    let never = if !facts.no_answer.is_empty() {
        Some(Never::NoAnswer(facts.no_answer.clone()))
    } else if !is_reachable(address) {
        Some(Never::NoAddress)
    } else if facts.recipient_is_ours {
        Some(Never::OwnAddress)
    } else if facts.already_acknowledged {
        Some(Never::AlreadyAcknowledged)
    } else if facts.sending_off {
        Some(Never::SendingOff)
    } else if facts.record_only {
        Some(Never::RecordOnly)
    } else if facts.from_date.is_some_and(|start| facts.received_at < start) {
        Some(Never::BeforeStart)
    } else {
        None
    };
    if let Some(never) = never {
        return Verdict::Never(never);
    }
    let sent = &facts.sent;
    let limits = [
        (sent.to_recipient_hour, caps.per_recipient_hour, Held::RecipientHour as fn(u32) -> Held),
        (sent.to_recipient_day, caps.per_recipient_day, Held::RecipientDay),
        (sent.to_recipient_week, caps.per_recipient_week, Held::RecipientWeek),
        (sent.to_domain_hour, caps.per_domain_hour, Held::DomainHour),
        (sent.to_everyone_hour, caps.everyone_hour, Held::EveryoneHour),
    ];
    let reached = limits.into_iter().find(|(sent, most, _)| sent >= most);
    reached.map_or(Verdict::Send, |(_, most, held)| Verdict::Hold(held(most)))
}

/// The mailbox that an address reaches, under which letters to it are counted: `a+anything@b` is `a@b`, so that a program
/// with a new address for every answer counts as one. Lower case.
#[must_use]
pub fn mailbox_of(address: &str) -> String {
    let address = address.trim().to_lowercase();
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            let base = local.split_once('+').map_or(local, |(base, _)| base);
            format!("{}@{domain}", if base.is_empty() { local } else { base })
        }
        None => address,
    }
}

/// The domain under which letters to an address are counted. None for chats, and for providers where strangers to each
/// other have their addresses.
#[must_use]
pub fn counted_domain(address: &str) -> Option<String> {
    let (_, domain) = address.trim().rsplit_once('@')?;
    let domain = domain.to_lowercase();
    (!domain.is_empty() && !is_shared(&domain)).then_some(domain)
}

/// Tells whether `address` is one that a courier can use.
fn is_reachable(address: &str) -> bool {
    match address.strip_prefix("telegram:") {
        Some(chat) => !chat.is_empty(),
        None => address.parse::<lettre::Address>().is_ok(),
    }
}
