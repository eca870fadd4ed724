//! What a family writes on the page on which it sees where its case stands: a message of the case, like a mail that answers a letter of
//! ours. What it asks for there is decided by an officer, who finds it as the first line of the message.

use chrono::{DateTime, Utc};

use super::{hash_of, leads_to};
use crate::{
    casework::{Adding, CaseworkError, Office, add_message},
    ids::Uuid,
    intake::reading::{Attachment, Person, Reading},
    labelling::labels::Suggestion,
    procedure::event::Relation,
    store::{
        Tx,
        attachments::{self, NewAttachment, NewFile},
        cases, corrections,
        intake::{self, Representation},
        retention,
        track::{self, Link},
    },
};

/// Where officers read that such a message was found.
pub const PLACE: &str = "tracker";

/// What a family does on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// It adds something.
    Add,
    /// It asks for the next stage.
    NextStage,
    /// It takes the complaint back.
    Withdraw,
    /// It says how it wants to be written and spoken to.
    Contact,
}

impl Asks {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Add, Self::NextStage, Self::Withdraw, Self::Contact];

    /// The word in addresses and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::NextStage => "next-stage",
            Self::Withdraw => "withdraw",
            Self::Contact => "contact",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

/// A file that came with it: kept already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldFile {
    /// A safe name.
    pub name: String,
    /// Media type as the browser says.
    pub said_type: String,
    /// Bytes.
    pub size: u64,
    /// Its content.
    pub kept: NewFile,
}

/// What was sent from the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// What it is.
    pub asks: Asks,
    /// The first line, for officers; empty where the words alone say it.
    pub first_line: String,
    /// Their words; may be none.
    pub words: String,
    /// Files.
    pub files: Vec<ToldFile>,
    /// The form's own number: sent twice, it is kept once.
    pub form: String,
    /// What the classifier says of it, if it did in time.
    pub suggestion: Option<Suggestion>,
    /// It says that a child may be at risk.
    pub safeguarding: bool,
}

/// Puts what was sent into the case, as a message of whoever the link was made for.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn tell(
    office: &Office,
    tx: &mut Tx,
    link: &Link,
    told: &Told,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    // A reference that was merged leads to where its matter is, as it does for mail.
    let case = match leads_to(tx, link).await? {
        Some(other) => other,
        None => corrections::stands_for(tx, link.case_id).await?,
    };
    let name = match retention::contact_with(tx, &link.address).await? {
        Some(contact) => cases::contact_details(tx, contact).await?.name,
        None => None,
    };
    let message = representation(link, told, name, now);
    if !intake::put_representation(tx, &message, now).await? {
        return Ok(());
    }
    for (number, file) in (1..).zip(&told.files) {
        attachments::put(tx, &attachment(message.id, number, file), now).await?;
    }
    attachments::settle(tx, message.id, "done").await?;
    if let Some(suggestion) = &told.suggestion {
        intake::put_suggestion(tx, message.id, suggestion, now).await?;
    }
    let adding = Adding {
        message: &message,
        relation: Relation::SameIssue,
        why: "they wrote it on the page on which they see where the case stands",
        safeguarding: told.safeguarding,
    };
    add_message(office, tx, case, adding, now).await?;
    track::put_request(tx, link, told.asks.as_str(), message.id, now).await?;
    Ok(())
}

fn representation(link: &Link, told: &Told, name: Option<String>, now: DateTime<Utc>) -> Representation {
    let parts = [told.first_line.trim(), told.words.trim()];
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    let files = told.files.iter().map(|file| Attachment {
        filename: file.name.clone(),
        content_type: file.kept.media_type.to_owned(),
        size: file.size,
    });
    let key = hash_of(&format!("{}:{}", link.id, told.form));
    Representation {
        id: Uuid::now_v7(),
        content_key: format!("{PLACE}:{key}"),
        words_key: None,
        message_id: None,
        channel: "form",
        mailbox: PLACE.to_owned(),
        received_at: now,
        author_name: name.clone(),
        author_address: Some(link.address.clone()),
        passed_on_by: None,
        reading: Reading {
            author: Some(Person { name, address: link.address.clone() }),
            date: Some(now),
            visible_text: text,
            attachments: files.collect(),
            content_hash: key,
            ..Reading::default()
        },
        state: "in-case",
        why: "sent from the page on which they see where the case stands".to_owned(),
    }
}

fn attachment(representation: Uuid, number: i64, file: &ToldFile) -> NewAttachment {
    NewAttachment {
        representation,
        number,
        filename: file.name.clone(),
        inside: None,
        said_type: file.said_type.clone(),
        size: i64::try_from(file.size).unwrap_or(i64::MAX),
        kept: Ok(file.kept),
    }
}
