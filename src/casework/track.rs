//! Families' links to where their case stands: made with the acknowledgement, stopped and sent anew by officers, opened by whoever has
//! the link and the six figures that go to the very address or chat that it was made for.

mod tell;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{
    CaseworkError, Office, Standing,
    letters::{Envelope, outgoing},
    post::{may_go, may_go_by_chat},
    reads::of_party,
    standing, written_to,
};
use crate::{
    ids::Uuid,
    intake::channel::is_chat,
    languages::Language,
    procedure::decide::Refusal,
    replies::{
        render::Rendered,
        token::TokenClass,
        tracking::{PATH, place_of_figures, place_of_link},
    },
    store::{
        Tx,
        cases::{self, CaseRow},
        corrections, independence, officers,
        outbox::{self, NewOutgoing},
        people, retention, safeguarding,
        track::{self, Link},
    },
};

pub use tell::{Asks, PLACE, Told, ToldFile, tell};

/// The letter with the figures.
const FIGURES: &str = "track-code";
/// The letter with a new link.
const NEW_LINK: &str = "track-link";

/// The page for a letter to `address` about a case, below our public address and with the place of its code; None where there is no such
/// page, or nobody to make it for.
pub(super) async fn page(
    office: &Office,
    tx: &mut Tx,
    case: Uuid,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, CaseworkError> {
    if !office.tracker || address.is_empty() {
        return Ok(None);
    }
    let link = link_for(office, tx, case, address, now).await?;
    Ok(Some(format!("{PATH}{}", place_of_link(link))))
}

/// The link that `address` has, or a new one.
async fn link_for(
    office: &Office,
    tx: &mut Tx,
    case: Uuid,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Uuid, CaseworkError> {
    let address = address.to_lowercase();
    if let Some(known) = track::open_for(tx, case, &address).await? {
        return Ok(known);
    }
    let id = Uuid::now_v7();
    let code = office.keys.track_codes(id).next().unwrap_or_default();
    let channel = if is_chat(&address) { "chat" } else { "email" };
    let link = Link {
        id,
        case_id: case,
        code_hash: hash_of(&code),
        address,
        channel: channel.to_owned(),
        made_at: now,
        opened_at: None,
        revoked_at: None,
        asked_at: None,
    };
    track::put(tx, &link).await?;
    Ok(id)
}

/// What is kept of a code, or of a session's token.
#[must_use]
pub fn hash_of(secret: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(secret.as_bytes()))
}

/// The link with this code, if it may be opened: it was not stopped, whoever it was made for is a party to the case and not somebody
/// whom it is about, and the case still says whose it is.
async fn good(office: &Office, tx: &mut Tx, code: &str) -> Result<Option<Link>, CaseworkError> {
    let Some(link) = track::by_code(tx, &hash_of(code)).await? else { return Ok(None) };
    Ok(if is_good(office, tx, &link).await? { Some(link) } else { None })
}

async fn is_good(office: &Office, tx: &mut Tx, link: &Link) -> Result<bool, CaseworkError> {
    Ok(office.tracker
        && link.revoked_at.is_none()
        && !retention::is_anonymised(tx, link.case_id).await?
        && cases::is_participant(tx, link.case_id, &link.address).await?
        && !independence::is_barred(tx, link.case_id, &link.address).await?)
}

/// Lays the figures into the outbox for whoever opens the link with this code, if there is one, and if they may be asked for now. Who asks is told
/// the same whatever became of it.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn send_figures(
    office: &Office,
    tx: &mut Tx,
    (code, language): (&str, Language),
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let Some(link) = good(office, tx, code).await? else { return Ok(()) };
    let Some(row) = cases::get(tx, link.case_id).await? else { return Ok(()) };
    // Where nothing may be written to, no figures lie about until an officer lets them go.
    let closed = office.do_not_reply.fits(&link.address) || safeguarding::is_marked(tx, &link.address).await?;
    if closed || !office.may_write_about(&row.mailbox) || !track::asked(tx, link.id, now).await? {
        return Ok(());
    }
    let asked_at = now.timestamp_micros();
    let words = |key: &str| {
        let figures = place_of_figures(link.id, asked_at);
        office.catalogues.say(language, key, &[("figures", &figures), ("council", office.letters.council_name())])
    };
    let chat = link.channel == "chat";
    let subject = if chat { String::new() } else { words("track-mail-figures-subject") };
    let letter = Rendered { subject, text: words("track-mail-figures"), html: None };
    let key = format!("{FIGURES}:{}:{asked_at}", link.id);
    queue(office, tx, (&row, &link), (FIGURES, &key, letter), now).await
}

/// Opens a session by the figures. False where the link, or they, are not good.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn enter(
    office: &Office,
    tx: &mut Tx,
    (code, typed): (&str, &str),
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<bool, CaseworkError> {
    let Some(link) = good(office, tx, code).await? else { return Ok(false) };
    let Some(asked_at) = link.asked_at else { return Ok(false) };
    if !track::tried(tx, link.id, now).await? {
        return Ok(false);
    }
    let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
    if !office.keys.are_track_figures(&typed, link.id, asked_at.timestamp_micros()) {
        return Ok(false);
    }
    track::begin_session(tx, link.id, token_hash, now).await?;
    let what = format!("a family opened the page on which they see where their case stands: {}", link.id);
    officers::audit(tx, None, &what, Some(link.case_id), now).await?;
    Ok(true)
}

/// The link with this code, while it is good and this session is one of it and lasts: half an hour without a page, twelve hours in all.
///
/// # Errors
///
/// The database's.
pub async fn signed_in(
    office: &Office,
    tx: &mut Tx,
    (code, token_hash): (&str, &str),
    lasts: impl Fn(DateTime<Utc>, DateTime<Utc>) -> bool,
) -> Result<Option<(Link, track::Session)>, CaseworkError> {
    let Some(session) = track::session(tx, token_hash).await? else { return Ok(None) };
    let Some(link) = good(office, tx, code).await? else { return Ok(None) };
    let is_theirs = session.link_id == link.id && lasts(session.created_at, session.seen_at);
    Ok(is_theirs.then_some((link, session)))
}

/// Every address of the person whom a link was made for.
///
/// # Errors
///
/// The database's.
pub async fn addresses(tx: &mut Tx, link: &Link) -> Result<BTreeSet<String>, CaseworkError> {
    let mut all = BTreeSet::from([link.address.clone()]);
    if let Some(contact) = retention::contact_with(tx, &link.address).await? {
        all.extend(people::addresses(tx, contact).await?.into_iter().map(|(_, address)| address.to_lowercase()));
    }
    Ok(all)
}

/// The case that a link shows: its own, or the one that this was merged into, if they are a party to that too.
///
/// # Errors
///
/// [`CaseworkError`].
pub async fn shows(office: &Office, tx: &mut Tx, link: &Link, now: DateTime<Utc>) -> Result<Standing, CaseworkError> {
    let own = standing(office, tx, link.case_id, now).await?;
    let Some(other) = leads_to(tx, link).await? else { return Ok(own) };
    Ok(Standing { was: Some(own.reference), ..standing(office, tx, other, now).await? })
}

/// The case that the case of a link was merged into, if they are a party to it and it is not about them.
///
/// # Errors
///
/// The database's.
pub async fn leads_to(tx: &mut Tx, link: &Link) -> Result<Option<Uuid>, CaseworkError> {
    let other = corrections::stands_for(tx, link.case_id).await?;
    let theirs = other != link.case_id
        && cases::is_participant(tx, other, &link.address).await?
        && !independence::is_barred(tx, other, &link.address).await?;
    Ok(theirs.then_some(other))
}

/// An officer stops a link of a case. False if it is none, or was stopped before.
///
/// # Errors
///
/// The database's.
pub async fn stop(tx: &mut Tx, case: Uuid, link: Uuid, by: Uuid, now: DateTime<Utc>) -> Result<bool, CaseworkError> {
    let stopped = track::revoke(tx, case, link, by, now).await?;
    if stopped {
        officers::audit(tx, Some(by), &format!("stopped a family’s link: {link}"), Some(case), now).await?;
    }
    Ok(stopped)
}

/// An officer sends a new link to whoever letters of the case go to. One that they had is stopped.
///
/// # Errors
///
/// [`Refusal::NoLetter`] where none can go; [`CaseworkError`]. Then the transaction must not be committed.
pub async fn send_new(
    office: &Office,
    tx: &mut Tx,
    case: Uuid,
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let row = cases::get(tx, case).await?.ok_or(CaseworkError::NotFound)?;
    if !office.tracker {
        return Err(Refusal::NoLetter("families have no such page here ([families] tracker)").into());
    }
    let known = written_to(tx, &row).await?;
    let to = match may_go_by_chat(office, &row, &known) {
        Some(chat) => chat,
        None => may_go(office, &row, &known).map_err(Refusal::NoLetter)?,
    };
    if !cases::is_participant(tx, case, &to).await? || independence::is_barred(tx, case, &to).await? {
        return Err(Refusal::NoLetter(
            "letters of this case go to nobody who may see it: correct whose complaint it is",
        )
        .into());
    }
    if let Some(old) = track::open_for(tx, case, &to.to_lowercase()).await? {
        track::revoke(tx, case, old, by, now).await?;
    }
    let id = link_for(office, tx, case, &to, now).await?;
    let link = track::get(tx, id).await?.ok_or(CaseworkError::NotFound)?;
    let speaker = office.speaker(of_party(office, tx, case, &to).await?);
    let url = office.page_in(speaker.language, &format!("{PATH}{}", place_of_link(id)));
    let words = |key: &str| {
        let values = [("url", &*url), ("reference", &row.reference), ("council", office.letters.council_name())];
        speaker.say(key, &values)
    };
    let subject = if link.channel == "chat" { String::new() } else { words("track-mail-link-subject") };
    let letter = Rendered { subject, text: words("track-mail-link"), html: None };
    queue(office, tx, (&row, &link), (NEW_LINK, &format!("{NEW_LINK}:{id}"), letter), now).await?;
    officers::audit(tx, Some(by), &format!("sent a family a new link: {id}"), Some(case), now).await?;
    Ok(())
}

/// Lays a letter about a link into the outbox, to whom it was made for.
async fn queue(
    office: &Office,
    tx: &mut Tx,
    (row, link): (&CaseRow, &Link),
    (kind, key, letter): (&'static str, &str, Rendered),
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let reference = row.reference.parse().map_err(|_| CaseworkError::BrokenHistory(row.id))?;
    let id = Uuid::now_v7();
    let envelope = Envelope {
        // Like an alert: what answers it leads into no case by itself; the address that answers go to does.
        message_id: office.keys.message_id(TokenClass::Alert, reference, id, office.domain()),
        to: link.address.clone(),
        reply_about: Some(reference),
        answered: Vec::new(),
        references: Vec::new(),
        automatic: true,
    };
    let message = outgoing(office, letter, envelope);
    let channel = if link.channel == "chat" { "chat" } else { "email" };
    let new = NewOutgoing { id, dedupe_key: key, case_id: Some(row.id), kind, channel, message: &message, held: None };
    outbox::put(tx, &new, now).await?;
    Ok(())
}
