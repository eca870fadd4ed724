//! A child at risk: the alert, those who hear next while nobody has acknowledged it, the Designated Officer; and addresses that
//! nothing goes to before somebody has looked. Rules: [`crate::procedure::safeguarding`].

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    CaseworkError, Facts, Office, act, fold,
    letters::{Envelope, outgoing},
};
use crate::{
    clock::long_date_time,
    config::MailboxKind,
    ids::{CaseReference, Uuid},
    procedure::{
        case::CaseFile,
        decide::{Command, Refusal},
        event::{Event, Recorded, Safeguarding, standing},
        safeguarding::NotNow,
    },
    replies::{
        courier::Look,
        guard::mailbox_of,
        letters::{AlertFacts, DesignatedOfficerFacts, Letter},
        token::TokenClass,
    },
    store::{
        StoreError, Tx,
        cases::{self, CaseRow},
        independence::{is_barred, why_barred},
        outbox::{self, NewOutgoing},
        safeguarding,
    },
};

/// The kind of letter that tells people of a child at risk.
const ALERT: &str = "alert";
/// The kind of letter that tells the Designated Officer.
const DESIGNATED_OFFICER: &str = "designated-officer";
/// Cases that were merged with one another and are looked at.
const MOST_MERGED: usize = 20;

/// Why nothing goes to an address before somebody has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// An officer marked it.
    Officer,
    /// A pattern in the settings fits it.
    Pattern,
}

/// Whether somebody must look before anything goes to `address`, and why.
///
/// # Errors
///
/// The database's.
pub async fn do_not_reply(office: &Office, tx: &mut Tx, address: &str) -> Result<Option<Mark>, StoreError> {
    if office.do_not_reply.fits(address) {
        return Ok(Some(Mark::Pattern));
    }
    Ok(safeguarding::is_marked(tx, address).await?.then_some(Mark::Officer))
}

/// What alerts and their like need to know of a case.
struct About {
    id: Uuid,
    reference: CaseReference,
    received_at: DateTime<Utc>,
    /// In words that follow "A message that reached us"; names no manager.
    received_how: String,
}

impl About {
    fn new(office: &Office, id: Uuid, reference: CaseReference, case: &CaseFile, place: (&str, &str)) -> Self {
        let (channel, mailbox) = place;
        let received_how = match (channel, office.policy(mailbox).kind) {
            ("chat", _) => "by message on Telegram",
            (_, MailboxKind::Manager) => "in an email to a manager",
            _ => "by email",
        };
        Self { id, reference, received_at: case.received_at, received_how: received_how.to_owned() }
    }

    fn of(office: &Office, row: &CaseRow, case: &CaseFile) -> Result<Self, CaseworkError> {
        let reference = row.reference.parse().map_err(|_| CaseworkError::BrokenHistory(row.id))?;
        Ok(Self::new(office, row.id, reference, case, (&row.channel, &row.mailbox)))
    }

    fn link(&self, office: &Office) -> String {
        format!("{}cases/{}", office.public_url, self.reference)
    }

    fn alert(&self, office: &Office, who_must_act: String) -> Letter {
        Letter::SafeguardingAlert(AlertFacts {
            reference: self.reference.to_string(),
            received_at: self.received_at,
            received_how: self.received_how.clone(),
            link: self.link(office),
            who_must_act,
        })
    }
}

/// Queues the alert about a child at risk, to whoever is on duty and to the MASH: the reference and a link, no content. Alerts
/// obey the switch for sending, but no limit. False when nobody is configured.
pub(super) async fn alert(
    office: &Office,
    tx: &mut Tx,
    facts: &Facts<'_>,
    now: DateTime<Utc>,
) -> Result<bool, CaseworkError> {
    let plan = &office.safeguarding;
    let at_once = plan.at_once();
    if at_once.is_empty() || !office.may_write_about(facts.mailbox) {
        return Ok(false);
    }
    let mut told = not_barred(tx, facts.id, &at_once).await?;
    // A child at risk is somebody's to act on, whoever the complaint is about.
    if told.is_empty() {
        told = at_once;
    }
    let mut who = "Whoever is on duty must read it now and decide what to do.".to_owned();
    if let Some(next) = plan.escalate.first() {
        let n = next.after_minutes;
        let unit = if n == 1 { "minute" } else { "minutes" };
        who.push_str(&format!(
            " If nobody has said on the case within {n} {unit} that they have read it, others are told."
        ));
    }
    let about = About::new(office, facts.id, facts.reference, facts.case, (facts.channel, facts.mailbox));
    let letter = about.alert(office, who);
    write(office, tx, &about, &letter, (ALERT, &format!("alert:{}", about.id)), &told, now).await?;
    Ok(true)
}

async fn not_barred(tx: &mut Tx, case: Uuid, addresses: &[String]) -> Result<Vec<String>, StoreError> {
    let mut told = Vec::new();
    for to in addresses {
        if !is_barred(tx, case, to).await? {
            told.push(to.clone());
        }
    }
    Ok(told)
}

/// Queues `letter` to each of `told`, once under its key and their address. The row of the last.
async fn write(
    office: &Office,
    tx: &mut Tx,
    about: &About,
    letter: &Letter,
    (kind, key): (&'static str, &str),
    told: &[String],
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, CaseworkError> {
    let rendered = office.letters.render(letter)?;
    let mut last = None;
    for to in told {
        let id = Uuid::now_v7();
        let envelope = Envelope {
            message_id: office.keys.message_id(TokenClass::Alert, about.reference, id, office.domain()),
            to: to.clone(),
            reply_about: None,
            answered: Vec::new(),
            references: Vec::new(),
            automatic: true,
        };
        let mut message = outgoing(office, rendered.clone(), envelope);
        // The council's own people hear of a child at risk whatever is said of addresses.
        message.look = Look::Done;
        let key = format!("{key}:{to}");
        let new = NewOutgoing {
            id,
            dedupe_key: &key,
            case_id: Some(about.id),
            kind,
            channel: "email",
            message: &message,
            held: None,
        };
        if outbox::put(tx, &new, now).await? {
            last = Some(id);
        }
    }
    Ok(last)
}

/// Writes to those who hear next of a case whose alert nobody has acknowledged, if it is their turn at `now`. False when there is
/// nothing to be done.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed. [`CaseworkError::Changed`] when another program was quicker.
pub async fn escalate(office: &Office, tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool, CaseworkError> {
    let row = cases::get(tx, id).await?.ok_or(CaseworkError::NotFound)?;
    let case = fold(&cases::history(tx, id).await?, id)?;
    let alarm = &case.safeguarding.alarm;
    let levels = &office.safeguarding.escalate;
    let next = usize::try_from(alarm.level).ok().and_then(|level| levels.get(level));
    let (Some(since), Some(told_at), Some(next)) = (alarm.since, alarm.told_at, next) else { return Ok(false) };
    if now < told_at + TimeDelta::minutes(next.after_minutes.into())
        || case.merged_into.is_some()
        || !office.may_write_about(&row.mailbox)
    {
        return Ok(false);
    }
    let level = alarm.level + 1;
    let mut told = not_barred(tx, id, &next.to).await?;
    // Whom the case is about is passed over, but for the last: a child at risk is somebody's to act on.
    if told.is_empty() && usize::try_from(level).is_ok_and(|level| level >= levels.len()) {
        told.clone_from(&next.to);
    }
    let n = u32::try_from(told.len()).unwrap_or(u32::MAX);
    let step = Safeguarding::Escalated { level, told: n };
    act(office, tx, id, Some(row.version), None, &Command::Safeguarding(step), now).await?;
    let about = About::of(office, &row, &case)?;
    let who = format!(
        "Nobody has said that they have read this since {}. You are the next to hear of it: read it now, decide what to do, and \
         say on the case that you have read it.",
        long_date_time(since)
    );
    let letter = about.alert(office, who);
    write(office, tx, &about, &letter, (ALERT, &format!("escalation:{id}:{level}")), &told, now).await?;
    Ok(true)
}

/// An officer acknowledges the alert, marks an allegation against somebody who works with children, says that the Designated
/// Officer was told, or marks an address. Returns the case's new version.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn protect(
    office: &Office,
    tx: &mut Tx,
    (id, seen): (Uuid, Option<i64>),
    by: Uuid,
    step: Safeguarding,
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let step = match step {
        Safeguarding::DoNotReply { address, is } => {
            let address = mailbox_of(&address);
            if safeguarding::is_marked(tx, &address).await? == is {
                return Err(Refusal::from(NotNow::SameMark).into());
            }
            Safeguarding::DoNotReply { address, is }
        }
        other => other,
    };
    let version = act(office, tx, id, seen, Some(by), &Command::Safeguarding(step.clone()), now).await?;
    match step {
        Safeguarding::Read { .. } => follow_merges(office, tx, id, by, &step, now).await?,
        Safeguarding::Allegation { is: true } => {
            if let Some(version) = tell_designated_officer(office, tx, id, now).await? {
                return Ok(version);
            }
        }
        _ => {}
    }
    Ok(version)
}

/// What was read in a case was read in those that went into it, and in the one that it went into: their messages are the same.
async fn follow_merges(
    office: &Office,
    tx: &mut Tx,
    id: Uuid,
    by: Uuid,
    step: &Safeguarding,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let mut known = vec![id];
    let mut at = 0;
    while let Some(here) = known.get(at).copied().filter(|_| at < MOST_MERGED) {
        at += 1;
        let history = cases::history(tx, here).await?;
        let case = fold(&history, here)?;
        if here != id && case.safeguarding.alarm.since.is_some() && why_barred(tx, here, by).await?.is_none() {
            act(office, tx, here, None, Some(by), &Command::Safeguarding(step.clone()), now).await?;
        }
        let from = standing(&history).filter_map(|recorded| match &recorded.event {
            Event::MergedFrom(merged) => Some(merged.case),
            _ => None,
        });
        for other in from.chain(case.merged_into.map(|(other, _)| other)) {
            if !known.contains(&other) {
                known.push(other);
            }
        }
    }
    Ok(())
}

/// Writes to the Designated Officer, if one is configured who may hear of it and nobody has told them. The case's new version.
async fn tell_designated_officer(
    office: &Office,
    tx: &mut Tx,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<i64>, CaseworkError> {
    let Some(to) = &office.safeguarding.designated_officer else { return Ok(None) };
    let row = cases::get(tx, id).await?.ok_or(CaseworkError::NotFound)?;
    let case = fold(&cases::history(tx, id).await?, id)?;
    if case.safeguarding.officer_told.is_some()
        || !office.may_write_about(&row.mailbox)
        || is_barred(tx, id, to).await?
    {
        return Ok(None);
    }
    let about = About::of(office, &row, &case)?;
    let letter = Letter::DesignatedOfficer(DesignatedOfficerFacts {
        reference: about.reference.to_string(),
        received_at: about.received_at,
        received_how: about.received_how.clone(),
        link: about.link(office),
    });
    let key = format!("designated-officer:{id}");
    let to = std::slice::from_ref(to);
    let Some(outbox) = write(office, tx, &about, &letter, (DESIGNATED_OFFICER, &key), to, now).await? else {
        return Ok(None);
    };
    let told = Safeguarding::DesignatedOfficerTold { outbox: Some(outbox), how: String::new() };
    Ok(Some(act(office, tx, id, None, None, &Command::Safeguarding(told), now).await?))
}

/// Brings the marks of addresses in line with what was just said of them, or taken back.
pub(super) async fn follow(tx: &mut Tx, before: &CaseFile, history: &[Recorded]) -> Result<(), StoreError> {
    for recorded in history.iter().filter(|recorded| recorded.seq > before.version) {
        let said = match &recorded.event {
            Event::Undone { seq } => history.iter().find(|earlier| earlier.seq == *seq).map(|one| (&one.event, true)),
            event => Some((event, false)),
        };
        if let Some((Event::Safeguarding(Safeguarding::DoNotReply { address, is }), taken_back)) = said {
            safeguarding::mark(tx, address, *is != taken_back, recorded.at).await?;
        }
    }
    Ok(())
}
