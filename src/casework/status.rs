//! Where a case is up to, by mail, for whoever asked by mail: the page's words, at once.

use chrono::{DateTime, Utc};

use super::{
    CaseworkError, Office, enclose, fold,
    letters::{Envelope, may_answer, outgoing, thread},
    reads::reads,
    standing, track,
};
use crate::{
    ids::Uuid,
    languages::Language,
    procedure::case::Acknowledgement,
    replies::{guard::Verdict, render::Rendered, token::TokenClass},
    store::{
        Tx, cases,
        intake::Representation,
        outbox::{self, NewOutgoing},
        safeguarding, status,
    },
};

/// The letter's kind in the outbox.
const STATUS: &str = "status";

/// Somebody asks where a case is up to.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The case.
    pub case: Uuid,
    /// In this message.
    pub message: &'a Representation,
    /// Writing from this address, which is a party's.
    pub address: &'a str,
    /// In this language.
    pub language: Language,
}

/// Whether they were told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToldOf {
    /// The letter lies in the outbox.
    Now,
    /// They were told within the hour.
    Lately,
    /// Nothing may go by itself: why, for officers.
    Not(String),
}

/// Answers where a case is up to, once an hour to one address. The caller has seen that the address is a party's, and that nobody
/// but whoever has it is written to.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn answer(
    office: &Office,
    tx: &mut Tx,
    asking: &Asking<'_>,
    now: DateTime<Utc>,
) -> Result<ToldOf, CaseworkError> {
    let Asking { case, message, address, language } = *asking;
    if status::told_lately(tx, case, address, now).await? {
        return Ok(ToldOf::Lately);
    }
    let row = cases::get(tx, case).await?.ok_or(CaseworkError::NotFound)?;
    let file = fold(&cases::history(tx, case).await?, case)?;
    if file.unsure.is_some() || file.acknowledgement == Acknowledgement::Held {
        return Ok(ToldOf::Not("an officer looks at this case before anybody is written to".to_owned()));
    }
    if office.do_not_reply.fits(address) || safeguarding::is_marked(tx, address).await? {
        return Ok(ToldOf::Not("this address is one to be careful with".to_owned()));
    }
    match may_answer(office, tx, message, address, STATUS, now).await? {
        Verdict::Send => {}
        Verdict::Never(why) => return Ok(ToldOf::Not(why.to_string())),
        Verdict::Hold(why) => return Ok(ToldOf::Not(why.to_string())),
    }
    let stands = standing(office, tx, case, now).await?;
    let page = track::page(office, tx, case, address, now).await?;
    // What they ask in English may be all the English that they write.
    let known = match language {
        Language::English => reads(office, tx, Some((case, &file)), address).await?,
        _ => None,
    };
    let speaker = office.speaker(Some(known.unwrap_or(language)));
    let page = page.map(|page| office.page_in(speaker.language, &page));
    let say = |key: &str, values: &[(&str, &str)]| speaker.say(key, values);
    let mut parts = vec![say("track-mail-status", &[("reference", &row.reference)])];
    parts.extend(stands.said(speaker.catalogues, speaker.language).paragraphs());
    parts.extend(page.map(|url| say("track-mail-status-page", &[("url", &url)])));
    parts.push(say("track-mail-status-end", &[]));
    parts.push(say("danger-line", &[]));
    parts.extend((speaker.language != Language::English).then(|| say("language-draft", &[])));
    parts.push(office.letters.council_name().to_owned());
    let letter = Rendered {
        subject: say("track-mail-status-subject", &[("reference", &row.reference)]),
        text: format!("{}\n", parts.join("\n\n")),
        html: None,
    };
    let reference = row.reference.parse().map_err(|_| CaseworkError::BrokenHistory(case))?;
    let printed = enclose::printed(office, tx, &file, (reference, STATUS, &letter), now).await?;
    let (answered, references) = thread(message.channel, &message.reading, message.message_id.as_deref(), address);
    let id = Uuid::now_v7();
    let envelope = Envelope {
        message_id: office.keys.message_id(TokenClass::Acknowledgement, reference, id, office.domain()),
        to: address.to_owned(),
        reply_about: Some(reference),
        answered,
        references,
        automatic: true,
    };
    let mut mail = outgoing(office, letter, envelope);
    mail.enclosures = printed.into_iter().collect();
    let key = format!("{STATUS}:{case}:{}", message.id);
    let new = NewOutgoing {
        id,
        dedupe_key: &key,
        case_id: Some(case),
        kind: STATUS,
        channel: "email",
        message: &mail,
        held: None,
    };
    outbox::put(tx, &new, now).await?;
    cases::add_thread_id(tx, case, &mail.message_id).await?;
    Ok(ToldOf::Now)
}
