//! A child at risk: an alert reaches a person, is acknowledged by a person, and goes up the line when it is not. Pure.
//!
//! Sources: the project's rule book, 6.5 (an alert within minutes to whoever is on duty and the MASH, acknowledged by a person
//! with the time; an allegation about a worker goes to the Designated Officer; nothing flagged is ever closed by itself).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    case::CaseFile,
    event::{Event, Recorded, Safeguarding},
};

/// The longest text that goes with an acknowledgement, in characters.
pub const MOST_CHARS: usize = 2_000;

/// The duty to tell the Designated Officer.
pub const TELL_DESIGNATED_OFFICER: &str = "LADO-1";

/// Where the alert of a case stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alarm {
    /// Since when a child may be at risk and nobody has said that they have read it.
    pub since: Option<DateTime<Utc>>,
    /// When somebody was last written to; None: nobody was.
    pub told_at: Option<DateTime<Utc>>,
    /// How many levels of those who hear next have had their turn.
    pub level: u32,
    /// When somebody last said that they have read it.
    pub read_at: Option<DateTime<Utc>>,
}

impl Alarm {
    /// Another case comes into this one, with its own alert.
    fn take(&mut self, other: &Self) {
        if let Some(since) = other.since {
            self.since = Some(self.since.map_or(since, |known| known.min(since)));
            self.told_at = self.told_at.max(other.told_at);
            self.level = self.level.max(other.level);
        } else {
            self.read_at = self.read_at.max(other.read_at);
        }
    }
}

/// What a case's events say about safeguarding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Protection {
    /// The alert.
    pub alarm: Alarm,
    /// Since when it is marked as an allegation against somebody who works with children.
    pub allegation: Option<DateTime<Utc>>,
    /// When the Designated Officer was told, and how; empty for a letter of ours.
    pub officer_told: Option<(DateTime<Utc>, String)>,
}

impl Protection {
    /// Another case comes into this one.
    fn take(&mut self, other: &Self) {
        self.alarm.take(&other.alarm);
        self.allegation = self.allegation.or(other.allegation);
        self.officer_told = self.officer_told.take().or_else(|| other.officer_told.clone());
    }

    /// What `recorded` changes. `flagged` says that a child may be at risk by what is known after it.
    pub(super) fn note(&mut self, recorded: &Recorded, flagged: bool) {
        let at = recorded.at;
        match &recorded.event {
            Event::Alerted => {
                self.alarm.told_at = Some(at);
                self.alarm.since.get_or_insert(at);
            }
            Event::MergedFrom(merged) => self.take(&merged.protection),
            Event::Safeguarding(step) => match step {
                Safeguarding::Read { .. } => (self.alarm.since, self.alarm.read_at) = (None, Some(at)),
                Safeguarding::Escalated { level, told } => {
                    self.alarm.level = self.alarm.level.max(*level);
                    // Where nobody could be written to, the next level need not wait.
                    if *told > 0 {
                        self.alarm.told_at = Some(at);
                    }
                }
                Safeguarding::Allegation { is } => self.allegation = is.then_some(at),
                Safeguarding::DesignatedOfficerTold { how, .. } => self.officer_told = Some((at, how.clone())),
                // Addresses belong to people, not to the case: their marks stand beside it.
                Safeguarding::DoNotReply { .. } => {}
            },
            _ => {}
        }
        // Flagged without an alert, because nobody is configured or nothing may be sent: a person must read it all the more.
        if flagged && self.alarm.since.is_none() && self.alarm.read_at.is_none() {
            self.alarm.since = Some(at);
        }
    }
}

/// Why one of these is refused, in words for officers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// Nothing says that a child may be at risk.
    #[error("this case was not raised for safeguarding, so there is no alert to acknowledge")]
    NothingRaised,
    /// Acknowledged.
    #[error("somebody has acknowledged this alert already: what they did stands in the history")]
    ReadAlready,
    /// Nothing is said.
    #[error("enter what you did or decided: it is kept with the case")]
    WhatMissing,
    /// Too much is said.
    #[error("what you did or decided must be 2,000 characters or fewer")]
    TooLong,
    /// Another level's turn.
    #[error("this level has had its turn already")]
    NotItsTurn,
    /// Nobody has read it.
    #[error(
        "a child may be at risk, and nobody has acknowledged the alert: read the message and say what you did before the case is put aside"
    )]
    ReadFirst,
    /// Nothing would change about the mark.
    #[error("nothing would change: look at the case again")]
    SameAllegation,
    /// It is not marked.
    #[error("mark it first as an allegation against somebody who works with children")]
    NoAllegation,
    /// They know.
    #[error("the Designated Officer was told already")]
    ToldAlready,
    /// Nobody knows how.
    #[error("enter how and when the Designated Officer was told: it is kept with the case")]
    HowMissing,
    /// It is not an address.
    #[error("choose an address of this case")]
    NoAddress,
    /// Nothing would change about the address.
    #[error("that is said of this address already")]
    SameMark,
}

/// The event of `step`, if it may happen to `case`.
pub(super) fn decide(case: &CaseFile, step: &Safeguarding) -> Result<Event, NotNow> {
    let Protection { alarm, allegation, officer_told } = &case.safeguarding;
    let step = match step {
        Safeguarding::Read { what } => {
            if alarm.since.is_none() {
                return Err(if alarm.read_at.is_some() { NotNow::ReadAlready } else { NotNow::NothingRaised });
            }
            Safeguarding::Read { what: said(what, NotNow::WhatMissing)? }
        }
        Safeguarding::Escalated { level, .. } => {
            if alarm.since.is_none() {
                return Err(NotNow::ReadAlready);
            }
            if *level != alarm.level + 1 {
                return Err(NotNow::NotItsTurn);
            }
            step.clone()
        }
        Safeguarding::Allegation { is } => {
            if allegation.is_some() == *is {
                return Err(NotNow::SameAllegation);
            }
            step.clone()
        }
        Safeguarding::DesignatedOfficerTold { outbox, how } => {
            if allegation.is_none() {
                return Err(NotNow::NoAllegation);
            }
            if officer_told.is_some() {
                return Err(NotNow::ToldAlready);
            }
            let how = if outbox.is_some() { String::new() } else { said(how, NotNow::HowMissing)? };
            Safeguarding::DesignatedOfficerTold { outbox: *outbox, how }
        }
        Safeguarding::DoNotReply { address, .. } => {
            if address.is_empty() {
                return Err(NotNow::NoAddress);
            }
            step.clone()
        }
    };
    Ok(Event::Safeguarding(step))
}

fn said(text: &str, missing: NotNow) -> Result<String, NotNow> {
    match text.trim() {
        "" => Err(missing),
        text if text.chars().count() > MOST_CHARS => Err(NotNow::TooLong),
        text => Ok(text.to_owned()),
    }
}

/// Whether a case that was flagged may be put aside: never before a person has read it.
pub(super) fn may_put_aside(case: &CaseFile) -> Result<(), NotNow> {
    if case.safeguarding.alarm.since.is_some() { Err(NotNow::ReadFirst) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
