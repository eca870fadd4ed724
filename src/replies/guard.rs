//! May this message be acknowledged by itself? Pure.
//!
//! Rules: RFC 3834 section 2, RFC 5230 section 4, and what large help desks learnt. Whatever the answer, the message is stored and shown: a wrong no costs
//! an officer a minute, a wrong yes can start a loop or write to somebody who must not be written to.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How many acknowledgements may go out. The backstop that works when a loop carries no header at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Caps {
    /// To one recipient within an hour.
    pub per_recipient_hour: u32,
    /// To one recipient within a day.
    pub per_recipient_day: u32,
    /// To everybody within an hour.
    pub everyone_hour: u32,
}

impl Default for Caps {
    fn default() -> Self {
        Self { per_recipient_hour: 3, per_recipient_day: 10, everyone_hour: 300 }
    }
}

/// What is known when an acknowledgement is about to be queued. Counts do not include this one.
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
    /// Acknowledgements queued to `recipient` within the last hour.
    pub to_recipient_last_hour: u32,
    /// Acknowledgements queued to `recipient` within the last 24 hours.
    pub to_recipient_last_day: u32,
    /// Acknowledgements queued to anybody within the last hour.
    pub to_everyone_last_hour: u32,
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

/// Why an acknowledgement waits for an officer. Officers read it in the list of what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// Enough went to this recipient within the hour.
    RecipientHour(u32),
    /// Enough went to this recipient within the day.
    RecipientDay(u32),
    /// Enough went out in all within the hour.
    EveryoneHour(u32),
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
        match self {
            Self::RecipientHour(most) => write!(f, "this person was sent {most} acknowledgements within an hour"),
            Self::RecipientDay(most) => write!(f, "this person was sent {most} acknowledgements within a day"),
            Self::EveryoneHour(most) => write!(f, "{most} acknowledgements went out within an hour, which is the most"),
        }
    }
}

/// Tells whether the acknowledgement may go out.
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
    if facts.to_recipient_last_hour >= caps.per_recipient_hour {
        Verdict::Hold(Held::RecipientHour(caps.per_recipient_hour))
    } else if facts.to_recipient_last_day >= caps.per_recipient_day {
        Verdict::Hold(Held::RecipientDay(caps.per_recipient_day))
    } else if facts.to_everyone_last_hour >= caps.everyone_hour {
        Verdict::Hold(Held::EveryoneHour(caps.everyone_hour))
    } else {
        Verdict::Send
    }
}

/// Tells whether `address` is one that a courier can use.
fn is_reachable(address: &str) -> bool {
    match address.strip_prefix("telegram:") {
        Some(chat) => !chat.is_empty(),
        None => address.parse::<lettre::Address>().is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn family() -> GuardFacts {
        GuardFacts {
            no_answer: vec![],
            recipient: Some("priya@nair.example".to_owned()),
            recipient_is_ours: false,
            already_acknowledged: false,
            record_only: false,
            sending_off: false,
            from_date: None,
            received_at: "2026-11-21T21:07:00Z".parse().unwrap(),
            to_recipient_last_hour: 0,
            to_recipient_last_day: 0,
            to_everyone_last_hour: 0,
        }
    }

    fn verdict(change: impl FnOnce(&mut GuardFacts)) -> Verdict {
        let mut facts = family();
        change(&mut facts);
        may_acknowledge(&facts, &Caps::default())
    }

    #[test]
    fn a_family_that_writes_for_the_first_time_is_answered_by_mail_and_by_chat() {
        assert_eq!(verdict(|_| ()), Verdict::Send);
        assert_eq!(verdict(|facts| facts.recipient = Some("telegram:-100200".to_owned())), Verdict::Send);
    }

    #[test]
    fn each_reason_never_to_answer_is_named() {
        for address in [None, Some(""), Some("  "), Some("priya"), Some("telegram:")] {
            let none = verdict(|facts| facts.recipient = address.map(str::to_owned));
            assert_eq!(none, Verdict::Never(Never::NoAddress), "{address:?}");
        }
        assert_eq!(verdict(|facts| facts.recipient_is_ours = true), Verdict::Never(Never::OwnAddress));
        assert_eq!(verdict(|facts| facts.already_acknowledged = true), Verdict::Never(Never::AlreadyAcknowledged));
        assert_eq!(verdict(|facts| facts.record_only = true), Verdict::Never(Never::RecordOnly));
        assert_eq!(verdict(|facts| facts.sending_off = true), Verdict::Never(Never::SendingOff));
    }

    #[test]
    fn mail_from_before_the_start_is_not_answered_and_mail_at_the_start_is() {
        let received = family().received_at;
        let after = Some(received + chrono::TimeDelta::seconds(1));
        assert_eq!(verdict(|facts| facts.from_date = after), Verdict::Never(Never::BeforeStart));
        assert_eq!(verdict(|facts| facts.from_date = Some(received)), Verdict::Send);
    }

    #[test]
    fn the_last_one_below_a_cap_goes_and_the_next_is_held() {
        assert_eq!(verdict(|facts| facts.to_recipient_last_hour = 2), Verdict::Send);
        assert_eq!(verdict(|facts| facts.to_recipient_last_hour = 3), Verdict::Hold(Held::RecipientHour(3)));
        assert_eq!(verdict(|facts| facts.to_recipient_last_day = 9), Verdict::Send);
        assert_eq!(verdict(|facts| facts.to_recipient_last_day = 10), Verdict::Hold(Held::RecipientDay(10)));
        assert_eq!(verdict(|facts| facts.to_everyone_last_hour = 299), Verdict::Send);
        assert_eq!(verdict(|facts| facts.to_everyone_last_hour = 300), Verdict::Hold(Held::EveryoneHour(300)));
    }

    #[test]
    fn reasons_are_written_for_officers() {
        let machine =
            Never::NoAnswer(vec!["Auto-Submitted: auto-replied".to_owned(), "Return-Path is empty".to_owned()]);
        let said = "the message must not be answered by machine: Auto-Submitted: auto-replied; Return-Path is empty";
        assert_eq!(machine.to_string(), said);
        assert_eq!(Held::RecipientDay(10).to_string(), "this person was sent 10 acknowledgements within a day");
    }

    prop_compose! {
        fn any_facts()(
            no_answer in prop::collection::vec("[a-z ]{1,12}", 0..3),
            recipient in prop::option::of("[a-z]{1,5}(@[a-z]{1,5}\\.example)?"),
            flags in any::<[bool; 5]>(),
            counts in (0u32..6, 0u32..15, 0u32..400),
        ) -> GuardFacts {
            let [recipient_is_ours, already_acknowledged, record_only, sending_off, early] = flags;
            let received_at = family().received_at;
            GuardFacts {
                no_answer, recipient, recipient_is_ours, already_acknowledged, record_only, sending_off, received_at,
                from_date: early.then(|| received_at + chrono::TimeDelta::days(1)),
                to_recipient_last_hour: counts.0, to_recipient_last_day: counts.1, to_everyone_last_hour: counts.2,
            }
        }
    }

    proptest! {
        #[test]
        fn what_must_not_be_answered_is_never_sent_nor_held(mut facts in any_facts(), reason in "[a-z ]{1,20}") {
            facts.no_answer.push(reason);
            prop_assert!(matches!(may_acknowledge(&facts, &Caps::default()), Verdict::Never(Never::NoAnswer(_))));
        }

        #[test]
        fn nothing_is_sent_when_any_one_rule_forbids_it(facts in any_facts()) {
            let caps = Caps::default();
            if may_acknowledge(&facts, &caps) == Verdict::Send {
                prop_assert!(facts.no_answer.is_empty() && facts.recipient.is_some_and(|address| address.contains('@')));
                prop_assert!(!facts.recipient_is_ours && !facts.already_acknowledged && !facts.record_only);
                prop_assert!(!facts.sending_off && facts.from_date.is_none());
                prop_assert!(facts.to_recipient_last_hour < caps.per_recipient_hour);
                prop_assert!(facts.to_recipient_last_day < caps.per_recipient_day);
                prop_assert!(facts.to_everyone_last_hour < caps.everyone_hour);
            }
        }

        #[test]
        fn a_loop_without_headers_ends_by_itself(rounds in 1u32..200) {
            let caps = Caps::default();
            let mut sent = 0;
            for _ in 0..rounds {
                let facts = GuardFacts { to_recipient_last_hour: sent, to_recipient_last_day: sent, ..family() };
                if may_acknowledge(&facts, &caps) == Verdict::Send { sent += 1; }
            }
            prop_assert_eq!(sent, rounds.min(caps.per_recipient_hour));
        }
    }
}
