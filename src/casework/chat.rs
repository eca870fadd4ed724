//! What the bot says: every message lies in the outbox in the transaction that caused it, under a key that lets it lie there once.

use chrono::{DateTime, Utc};

use super::{
    CaseworkError, Facts, Office,
    letters::{Beside, Envelope, contents, may_answer, outgoing},
};
use crate::{
    clock::london_date,
    ids::Uuid,
    labelling::danger::danger_words,
    languages::Language,
    procedure::decide::Refusal,
    replies::{
        chat::{Speaker, Spoken, danger_first},
        courier::ChatButton,
        guard::Verdict,
        letters::Letter,
        render::Rendered,
    },
    store::{
        Tx, cases, chat as store_chat,
        intake::{self, Representation},
        outbox::{self, NewOutgoing},
        people, safeguarding,
    },
};

/// The kind of what the bot says beside letters.
pub const CHAT: &str = "chat";
/// The kind of the mail with a code.
const CODE: &str = "chat-code";
/// So many messages an hour to one chat, and no more: whoever presses buttons all day is no family in need of an answer.
const MOST_AN_HOUR: u32 = 60;
/// So many codes to one address in an hour, and for one chat in a day.
const CODES: u32 = 3;
const CODES_A_DAY: i64 = 5;

impl Office {
    /// What says things in `language`, or in the first that is offered.
    #[must_use]
    pub fn speaker(&self, language: Option<Language>) -> Speaker<'_> {
        let first = self.languages.first().copied().unwrap_or_default();
        Speaker {
            catalogues: &self.catalogues,
            language: language.filter(|one| self.languages.contains(one)).unwrap_or(first),
            offered: &self.languages,
            council: self.letters.council(),
        }
    }
}

/// What says things in the language of a chat.
async fn speaker<'a>(office: &'a Office, tx: &mut Tx, chat: &str) -> Result<Speaker<'a>, CaseworkError> {
    let kept = store_chat::kept(tx, chat).await?;
    Ok(office.speaker(kept.and_then(|kept| kept.chat.language)))
}

/// The acknowledgement as the chat gets it: in its language, with the line about danger first where what was written is worrying,
/// and with what can be pressed.
pub(super) async fn acknowledged(
    office: &Office,
    tx: &mut Tx,
    facts: &Facts<'_>,
    beside: &Beside,
    now: DateTime<Utc>,
) -> Result<(Rendered, Vec<Vec<ChatButton>>), CaseworkError> {
    let speaker = speaker(office, tx, facts.address.as_deref().unwrap_or_default()).await?;
    let contents = contents(office, facts, &speaker, beside, now);
    let mut letter = office.in_chat(&speaker, &Letter::ChatAcknowledgement(contents))?;
    if facts.case.nature.safeguarding || danger_words(&facts.reading.visible_text).is_some() {
        // In English the line is the council's own, like the letter.
        let line = match speaker.language {
            Language::English => office.letters.council().danger.text.clone(),
            _ => speaker.say("danger-line", &[]),
        };
        letter.text = danger_first(&speaker.danger(), &line, &letter.text);
    }
    Ok((letter, speaker.menu()))
}

/// What stands above a message that may be in the chat already, in its language.
///
/// # Errors
///
/// The database's.
pub async fn says_it_again(office: &Office, tx: &mut Tx, chat: &str) -> Result<String, CaseworkError> {
    Ok(speaker(office, tx, chat).await?.say("chat-again", &[]))
}

/// Queues a greeting for whoever pressed Start in the chat and said nothing: what to write, and what follows. At most
/// one a chat and day; it belongs to no case.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn greet(
    office: &Office,
    tx: &mut Tx,
    message: &Representation,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let Some(chat) = message.author_address.as_deref() else { return Ok(()) };
    // The key below limits it; and whoever is greeted must still be acknowledged when they say something.
    let held = match may_answer(office, tx, message, chat, "greeting", now).await? {
        Verdict::Never(_) => return Ok(()),
        Verdict::Hold(why) => Some(why),
        Verdict::Send => None,
    };
    let speaker = speaker(office, tx, chat).await?;
    let text = office.in_chat(&speaker, &Letter::ChatGreeting)?.text;
    let spoken = Spoken { text, buttons: speaker.greeting_buttons() };
    let key = format!("greeting:{chat}:{}", london_date(now));
    let message = in_chat(office, "greeting", chat, spoken);
    let new = NewOutgoing {
        id: Uuid::now_v7(),
        dedupe_key: &key,
        case_id: None,
        kind: "greeting",
        channel: "chat",
        message: &message,
        held,
    };
    outbox::put(tx, &new, now).await?;
    Ok(())
}

fn in_chat(office: &Office, what: &str, chat: &str, spoken: Spoken) -> crate::replies::courier::Outgoing {
    let letter = Rendered { subject: String::new(), text: spoken.text, html: None };
    let envelope = Envelope {
        message_id: format!("{what}.{}@{}", Uuid::now_v7().simple(), office.domain()),
        to: chat.to_owned(),
        reply_about: None,
        answered: Vec::new(),
        references: Vec::new(),
        automatic: true,
    };
    let mut message = outgoing(office, letter, envelope);
    message.buttons = spoken.buttons;
    message
}

/// What the bot is to say, and where.
#[derive(Clone, Debug)]
pub struct Saying<'a> {
    /// The chat: its address.
    pub chat: &'a str,
    /// The mailbox that what it answers came from.
    pub mailbox: &'a str,
    /// The case that it is about.
    pub case: Option<Uuid>,
    /// Said once under this key.
    pub key: String,
    /// Not before.
    pub at: Option<DateTime<Utc>>,
}

/// Queues what the bot says. The row in the outbox; None where nothing may be said, or was said before.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn say(
    office: &Office,
    tx: &mut Tx,
    saying: Saying<'_>,
    spoken: Spoken,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, CaseworkError> {
    if !office.may_write_about(saying.mailbox)
        || outbox::sent_lately(tx, saying.chat, CHAT, now).await?.to_recipient_hour >= MOST_AN_HOUR
    {
        return Ok(None);
    }
    let id = Uuid::now_v7();
    let message = in_chat(office, CHAT, saying.chat, spoken);
    let new = NewOutgoing {
        id,
        dedupe_key: &saying.key,
        case_id: saying.case,
        kind: CHAT,
        channel: "chat",
        message: &message,
        held: None,
    };
    if !outbox::put(tx, &new, now).await? {
        return Ok(None);
    }
    if let Some(at) = saying.at {
        outbox::put_off(tx, id, at).await?;
    }
    Ok(Some(id))
}

/// Sends a code to an email address that somebody in a chat says is theirs, if that may be done. Whether it was, nobody in the chat
/// learns. `hash` is the code's keyed hash.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn send_code(
    office: &Office,
    tx: &mut Tx,
    (chat, address): (&str, &str),
    (code, hash): (&str, &str),
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let before = store_chat::code(tx, chat).await?;
    let often = before.is_some_and(|code| code.sent >= CODES_A_DAY && now - code.since < chrono::Duration::days(1));
    store_chat::put_code(tx, chat, address, hash, now).await?;
    let lately = outbox::sent_lately(tx, address, CODE, now).await?.to_recipient_hour;
    let ours = office.own_addresses().iter().any(|own| own == address) || office.is_staff(address);
    let careful = office.do_not_reply.fits(address) || safeguarding::is_marked(tx, address).await?;
    if !office.sending || often || lately >= CODES || ours || careful {
        return Ok(());
    }
    let (subject, text) = speaker(office, tx, chat).await?.code_mail(code);
    let id = Uuid::now_v7();
    let envelope = Envelope {
        message_id: format!("code.{}@{}", id.simple(), office.domain()),
        to: address.to_owned(),
        reply_about: None,
        answered: Vec::new(),
        references: Vec::new(),
        automatic: true,
    };
    let message = outgoing(office, Rendered { subject, text, html: None }, envelope);
    let key = format!("{CODE}:{id}");
    let new = NewOutgoing {
        id,
        dedupe_key: &key,
        case_id: None,
        kind: CODE,
        channel: "email",
        message: &message,
        held: None,
    };
    outbox::put(tx, &new, now).await?;
    Ok(())
}

/// A code showed that a chat and an email address are one person's: written down in `case`, if there is one, and so from now on.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn joined(
    office: &Office,
    tx: &mut Tx,
    case: Option<Uuid>,
    (chat, address): (&str, &str),
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let (one, other) = (intake::contact(tx, chat, None, now).await?, intake::contact(tx, address, None, now).await?);
    // Whoever is one person with others already stays so: the one who is alone takes their key.
    let alone = people::addresses(tx, other).await?.len() < 2;
    let (stays, comes, of) = if alone { (one, other, address) } else { (other, one, chat) };
    let person = people::person_of(tx, stays).await?.unwrap_or(stays);
    if people::person_of(tx, comes).await? == Some(person) {
        return Ok(());
    }
    let written = match case {
        Some(case) => super::people::shown_to_be(office, tx, case, (of, person), SHOWN, now).await,
        None => Err(Refusal::NoComplainant.into()),
    };
    match written {
        // There is no case to write it into, or it is over; they are one person all the same.
        Err(CaseworkError::Refused(_)) => Ok(people::set_person(tx, comes, person).await?),
        other => other,
    }
}

/// How it was shown, in words for officers.
const SHOWN: &str = "a code that went to the email address was typed in the chat";

/// What the bot writes down for officers in a case, as a message of the family's.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn note_from_chat(
    office: &Office,
    tx: &mut Tx,
    case: Uuid,
    message: &Representation,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let mut message = message.clone();
    message.state = "in-case";
    NOTED.clone_into(&mut message.why);
    if !intake::put_representation(tx, &message, now).await? {
        return Ok(());
    }
    let adding = super::Adding {
        message: &message,
        relation: crate::procedure::event::Relation::SameIssue,
        why: NOTED,
        safeguarding: false,
    };
    super::add_message(office, tx, case, adding, now).await?;
    if let Some(id) = &message.message_id {
        cases::add_thread_id(tx, case, id).await?;
    }
    Ok(())
}

/// Why it is in the case.
const NOTED: &str = "the bot wrote it down: nobody typed these words";
