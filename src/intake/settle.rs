//! What becomes of a prepared message: another delivery, part of a case, a new case, filed, or (private mail) forgotten.
//! One transaction a message, begun and committed by the caller together with the position or the delivery.

mod status;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{own_form::Kind, prepare::Prepared};
use crate::{
    casework::{self, CaseworkError, MailboxPolicy, Office, Opened, Opening},
    clock::london_date,
    config::MailboxKind,
    ids::Uuid,
    labelling::{
        labels::Suggestion,
        policy::{self, Lines},
        words::of_100,
    },
    matching::{
        self,
        decide::{Hint, Match, Traits, decide},
        same::turns_away,
    },
    procedure::event::{Nature, Relation},
    store::{Tx, intake, near},
};

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Delivered before; the representation that is stored.
    Again(Uuid),
    /// Joined a case; its representation.
    Joined(Uuid),
    /// Opened a case; its representation.
    Opened(Uuid, Opened),
    /// Stored, in no case; its representation.
    Filed(Uuid),
    /// Private and nothing for us: only its keyed hash is left.
    Forgotten,
}

impl Settled {
    /// The stored representation, if anything was stored.
    #[must_use]
    pub fn representation(self) -> Option<Uuid> {
        match self {
            Self::Again(id) | Self::Joined(id) | Self::Opened(id, _) | Self::Filed(id) => Some(id),
            Self::Forgotten => None,
        }
    }
}

/// Settles a message of a mailbox with `policy`, and each of the others that staff passed on in the same one.
///
/// `suggestions` is what the classifier said of [`Prepared::texts`], if it did in time, else empty; a manager's mailbox is
/// never settled without. What is returned is what became of the first that was kept.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed, and the message is settled another time.
pub async fn settle(
    office: &Office,
    lines: &Lines,
    tx: &mut Tx,
    policy: &MailboxPolicy,
    message: &Prepared,
    suggestions: &[Suggestion],
    now: DateTime<Utc>,
) -> Result<Settled, CaseworkError> {
    // In one order everywhere, so that two programs never wait for each other.
    let all = std::iter::once(message).chain(&message.others);
    let authors: BTreeSet<&str> = all.filter_map(|one| one.representation.author_address.as_deref()).collect();
    for author in authors {
        near::take_turn(tx, author).await?;
    }
    let mut suggestions = suggestions.iter();
    let mut kept = settle_one(office, lines, tx, policy, message, suggestions.next(), now).await?;
    for other in &message.others {
        let settled = settle_one(office, lines, tx, policy, other, suggestions.next(), now).await?;
        if kept == Settled::Forgotten {
            kept = settled;
        }
    }
    Ok(kept)
}

async fn settle_one(
    office: &Office,
    lines: &Lines,
    tx: &mut Tx,
    policy: &MailboxPolicy,
    message: &Prepared,
    suggestion: Option<&Suggestion>,
    now: DateTime<Utc>,
) -> Result<Settled, CaseworkError> {
    let private = policy.kind == MailboxKind::Manager;
    // What a machine wrote says nothing about a case, whatever its words.
    let suggestion = suggestion.filter(|_| !message.automated);
    // Everything that says who was taken out of its case years ago: that it is read once more brings nothing back.
    if intake::by_content(tx, &casework::anonymised_key(&message.forgotten_hash)).await?.is_some() {
        return Ok(Settled::Forgotten);
    }
    let found = matching::candidates(office, tx, message, suggestion).await?;
    if let Some(settled) = status::status(office, tx, policy, message, &found, now).await? {
        return Ok(settled);
    }
    let nature = suggestion.map(|suggestion| policy::nature(suggestion, &with_policy(lines, policy)));
    let traits = traits(message, nature.as_ref());
    match decide(&found, traits) {
        Match::Again(known) => Ok(Settled::Again(known.id)),
        // What colleagues write to a manager about a case is the manager's, unless it is dissatisfaction itself.
        Match::Join { case, relation, ref why, judged }
            if private && {
                let staffs = message.by_staff && !message.passes_on;
                let dissatisfied = nature.is_some_and(|nature| nature.act.is_dissatisfaction());
                match judged {
                    // A likeness is no proof, and what is no dissatisfaction is the manager's.
                    true => staffs || !dissatisfied,
                    false => matches!(relation, Relation::UnverifiedSender | Relation::Automatic) || staffs,
                }
            } =>
        {
            let hint = Hint { case, why: why.clone() };
            keep_or_forget(office, lines, tx, policy, message, suggestion, nature, Some(hint), now).await
        }
        Match::Join { case, relation, why, .. } => {
            if !store(tx, message, "in-case", &why, suggestion, now).await? {
                return stored_meanwhile(tx, message).await;
            }
            let safeguarding = nature.is_some_and(|nature| nature.safeguarding);
            let representation = &message.representation;
            casework::add_message(
                office,
                tx,
                case,
                casework::Adding { message: representation, relation, why: &why, safeguarding },
                now,
            )
            .await?;
            note_report(office, tx, &found, message, now).await?;
            // A machine is answered nothing, whoever owns it.
            if !private && message.by_staff && !message.automated {
                casework::queue_receipt(office, tx, representation, case, true, false, now).await?;
            }
            Ok(Settled::Joined(representation.id))
        }
        Match::File if private => forget(tx, message, now).await,
        Match::File => {
            if !store(tx, message, "filed", "a machine's message that belongs to no case", suggestion, now).await? {
                return stored_meanwhile(tx, message).await;
            }
            note_report(office, tx, &found, message, now).await?;
            if message.representation.channel == "chat" {
                // A machine's or a group's says itself that it wants no answer: what is left pressed Start.
                casework::greet(office, tx, &message.representation, now).await?;
            }
            Ok(Settled::Filed(message.representation.id))
        }
        Match::New { hint } if private => {
            keep_or_forget(office, lines, tx, policy, message, suggestion, nature, hint, now).await
        }
        Match::New { hint } => {
            let nature = nature.unwrap_or_else(policy::unlabelled);
            let nature = match own_kind(message) {
                Some(kind) => kind.with(nature, suggestion, lines.sure_from),
                None => nature,
            };
            // Who writes to the complaints mailbox hears at once. What staff pass on is answered at once when the
            // machine agrees that it is dissatisfaction; otherwise an officer looks first.
            let at_once = !message.by_staff || nature.act.is_dissatisfaction();
            open(office, tx, message, suggestion, nature, at_once, why_new(policy, message), hint, now).await
        }
    }
}

/// Why a case was opened that a check found. Also how its message is told from those that were kept by themselves.
pub const FOUND_IN_CHECK: &str = "an officer found it among what was left alone in a manager's mailbox";

/// Settles a message that was left alone and that an officer has found to be dissatisfaction: as if the mailbox's owner had
/// passed it on. The reference of its case.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn settle_found(
    office: &Office,
    lines: &Lines,
    tx: &mut Tx,
    message: &Prepared,
    suggestion: Option<&Suggestion>,
    now: DateTime<Utc>,
) -> Result<Settled, CaseworkError> {
    let found = matching::candidates(office, tx, message, suggestion).await?;
    // That it is dissatisfaction is decided; which sort, the machine suggests.
    let lines = Lines { keep_from: 0.0, ..*lines };
    let nature = suggestion.map_or_else(policy::unlabelled, |suggestion| policy::nature(suggestion, &lines));
    match decide(&found, traits(message, Some(&nature))) {
        Match::Again(known) => Ok(Settled::Again(known.id)),
        Match::Join { case, relation, why, .. } => {
            if !store(tx, message, "in-case", FOUND_IN_CHECK, suggestion, now).await? {
                return stored_meanwhile(tx, message).await;
            }
            let (message, safeguarding) = (&message.representation, nature.safeguarding);
            casework::add_message(
                office,
                tx,
                case,
                casework::Adding { message, relation, why: &why, safeguarding },
                now,
            )
            .await?;
            Ok(Settled::Joined(message.id))
        }
        Match::File => open(office, tx, message, suggestion, nature, false, FOUND_IN_CHECK.into(), None, now).await,
        Match::New { hint } => {
            let at_once = !message.by_staff;
            open(office, tx, message, suggestion, nature, at_once, FOUND_IN_CHECK.into(), hint, now).await
        }
    }
}

/// Writes down what a mail system's report says about a letter of ours.
async fn note_report(
    office: &Office,
    tx: &mut Tx,
    found: &matching::decide::Candidates,
    message: &Prepared,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    if let (Some(tied), Some(report)) = (&found.reported.tied, &message.representation.reading.report) {
        casework::note_report(office, tx, tied, report, now).await?;
    }
    Ok(())
}

/// What whoever filled in our own form says that it is.
fn own_kind(message: &Prepared) -> Option<Kind> {
    message.representation.reading.form.as_ref().and_then(|form| form.own)
}

fn traits(message: &Prepared, nature: Option<&Nature>) -> Traits {
    let dissatisfied = nature.is_some_and(|nature| nature.act.is_dissatisfaction());
    Traits {
        automated: message.automated,
        passes_on: message.passes_on,
        by_staff: message.by_staff,
        disowned: message.disowned,
        new_matter: dissatisfied && turns_away(&message.to_label.text),
        unvouched: own_kind(message).is_some(),
    }
}

fn with_policy(lines: &Lines, policy: &MailboxPolicy) -> Lines {
    Lines {
        keep_from: policy.keep_from.unwrap_or(lines.keep_from),
        sure_from: policy.acknowledge_from.unwrap_or(lines.sure_from),
        ..*lines
    }
}

fn why_new(policy: &MailboxPolicy, message: &Prepared) -> String {
    match (policy.kind, message.representation.channel) {
        (_, "chat") => "a family began a conversation".into(),
        (_, "form") => "the web form was sent".into(),
        (MailboxKind::Forward, _) => "a member of staff passed it on".into(),
        _ if message.by_staff => "staff sent it to the complaints mailbox".into(),
        _ => "it was sent to the complaints mailbox".into(),
    }
}

/// Private mail: dissatisfaction and danger become a case, everything else is forgotten.
#[allow(clippy::too_many_arguments)]
async fn keep_or_forget(
    office: &Office,
    lines: &Lines,
    tx: &mut Tx,
    policy: &MailboxPolicy,
    message: &Prepared,
    suggestion: Option<&Suggestion>,
    nature: Option<Nature>,
    hint: Option<Hint>,
    now: DateTime<Utc>,
) -> Result<Settled, CaseworkError> {
    let (Some(suggestion), Some(mut nature)) = (suggestion, nature) else { return forget(tx, message, now).await };
    let worth_a_look = nature.act.is_dissatisfaction() || nature.safeguarding || suggestion.language.is_some();
    if message.automated || !worth_a_look {
        return forget(tx, message, now).await;
    }
    let dissatisfied = nature.act.is_dissatisfaction();
    if nature.safeguarding && !dissatisfied {
        // Only safeguarding: kept and alerted wherever it was found, as a case that is no complaint.
        nature.act = crate::labelling::labels::Act::Routine;
    }
    let sure = suggestion.dissatisfied >= with_policy(lines, policy).sure_from;
    let why = if let Some(language) = &suggestion.language {
        format!("found in a manager's mailbox, written in {language}, which Heard cannot judge: somebody must read it")
    } else if dissatisfied {
        let likely = of_100(suggestion.dissatisfied);
        format!("found in a manager's mailbox, and of 100 such messages, {likely} dissatisfaction")
    } else if let Some(words) = suggestion.danger.as_ref().filter(|_| suggestion.safeguarding < lines.safeguarding_from)
    {
        // Raised by its words, whatever was weighed: a percentage would say that it can be passed over.
        format!("found in a manager's mailbox with words that may tell of danger to a child: “{words}”")
    } else {
        format!(
            "found in a manager's mailbox as a child who may be at risk ({:.0}% likely)",
            suggestion.safeguarding * 100.0
        )
    };
    let at_once = dissatisfied && sure && !message.by_staff && suggestion.language.is_none();
    open(office, tx, message, Some(suggestion), nature, at_once, why, hint, now).await
}

#[allow(clippy::too_many_arguments)]
async fn open(
    office: &Office,
    tx: &mut Tx,
    message: &Prepared,
    suggestion: Option<&Suggestion>,
    nature: Nature,
    at_once: bool,
    why: String,
    hint: Option<Hint>,
    now: DateTime<Utc>,
) -> Result<Settled, CaseworkError> {
    if !store(tx, message, "in-case", &why, suggestion, now).await? {
        return stored_meanwhile(tx, message).await;
    }
    let representation = &message.representation;
    let opening = Opening {
        representation,
        nature,
        why,
        at_once,
        unsure: message.unsure.clone(),
        answered: message.answered.clone(),
        claimed: message.claimed,
        may_belong_to: hint,
    };
    let opened = casework::open(office, tx, &opening, now).await?;
    if message.by_staff && office.policy(&representation.mailbox).kind != MailboxKind::Manager {
        casework::queue_receipt(office, tx, representation, opened.id, false, opened.acknowledged, now).await?;
    }
    Ok(Settled::Opened(representation.id, opened))
}

/// Another program stored the same message between our look and our write.
async fn stored_meanwhile(tx: &mut Tx, message: &Prepared) -> Result<Settled, CaseworkError> {
    match intake::by_content(tx, &message.representation.content_key).await? {
        Some(known) => Ok(Settled::Again(known.id)),
        None => Err(CaseworkError::Changed),
    }
}

async fn store(
    tx: &mut Tx,
    message: &Prepared,
    state: &'static str,
    why: &str,
    suggestion: Option<&Suggestion>,
    now: DateTime<Utc>,
) -> Result<bool, CaseworkError> {
    let mut representation = message.representation.clone();
    representation.state = state;
    why.clone_into(&mut representation.why);
    if !intake::put_representation(tx, &representation, now).await? {
        return Ok(false);
    }
    if let Some(suggestion) = suggestion {
        intake::put_suggestion(tx, representation.id, suggestion, now).await?;
    }
    Ok(true)
}

async fn forget(tx: &mut Tx, message: &Prepared, now: DateTime<Utc>) -> Result<Settled, CaseworkError> {
    intake::forget(tx, &message.representation.mailbox, &message.forgotten_hash, london_date(now)).await?;
    Ok(Settled::Forgotten)
}
