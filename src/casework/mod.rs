//! The one door through which a case is changed: load, ask [`procedure::decide`](crate::procedure::decide), and save
//! events, columns and letters in one transaction. Nothing else writes to a case.

mod answer;
mod calendar;
mod chat;
mod contributions;
mod corrections;
mod delivery;
mod enclose;
mod error;
mod independence;
mod joint;
mod letters;
mod office;
mod people;
mod post;
mod proposals;
mod reads;
mod recount;
mod remind;
mod retention;
mod safeguarding;
mod setting;
mod standing;
mod status;
mod steps;
pub mod survey;
mod thanks;
pub mod track;

use chrono::{DateTime, Utc};

pub use answer::{
    ANSWER, EXTENSION, Extension, answer_letter, answer_on_paper, extend, extension, extension_letter, give_answer,
    lead_findings, take_points,
};
pub use chat::{Saying, greet, joined as joined_by_code, note_from_chat, say as say_in_chat, says_it_again, send_code};
pub use contributions::{Asked, asked_by, give as give_contribution};
pub use corrections::{Corrected, Destination, Hand, keep_apart, merge, move_messages, undo};
pub use delivery::{drop_letter, note_report, open_filed, release_letter, send_again, settle_letter};
pub use enclose::{print_wanted, promised as promised_documents};
pub use error::CaseworkError;
pub use independence::{admit_manager, renew_independence, set_subject};
pub use joint::tie;
use letters::Limits;
pub use letters::queue_receipt;

pub use office::{MailboxPolicy, Office, OfficeError};
pub use people::{Whom, accept_sender, another_person, same_person, sender, set_complainant, set_group};
pub use post::{Given, write};
pub(crate) use reads::keep as keep_reading;
pub use reads::{for_reader, of_case as language_of_case};
use recount::dates;
pub use recount::{Promised, Recounted, Trial, promises, recount, would_move};
pub use remind::{check_ins, remind};
pub use retention::{Listed, SweepError, anonymise, anonymised_key, due as due_for_review, sweep_files};
pub use safeguarding::{Mark, do_not_reply, escalate, protect};
pub use setting::actor;
pub use standing::{Coming, Handler, Next, Said, Standing, standing};
pub use status::{Asking, ToldOf, answer as answer_status};
pub use steps::{Look, looks, looks_in_words, step_letter, take_step};
pub use thanks::{pass_thanks_on, why_not_passed_on};

use crate::{
    ids::{CaseReference, Uuid},
    intake::reading::{Person, Reading},
    matching::{decide::Hint, near::telling_names},
    procedure::{
        case::{Acknowledgement, CaseFile, Status},
        decide::{Command, Decision, decide},
        event::{Event, Nature, Recorded, Relation},
    },
    store::{
        StoreError, Tx,
        cases::{self, CaseRow, Dates, NewCase},
        delivery as store_delivery,
        intake::{self, Representation},
        near, outbox, retention as store_retention,
    },
};

/// Everything a letter about a case needs.
pub(crate) struct Facts<'a> {
    pub id: Uuid,
    pub reference: CaseReference,
    pub case: &'a CaseFile,
    pub dates: &'a Dates,
    pub channel: &'a str,
    pub mailbox: &'a str,
    pub name: Option<String>,
    pub address: Option<String>,
    pub message_id: Option<String>,
    pub reading: &'a Reading,
    pub confirmed: bool,
    pub passed_on: bool,
    /// An officer said whose complaint it is.
    pub by_officer: bool,
    /// It was acknowledged before, to somebody else.
    pub anew: bool,
}

/// Whose complaint it is.
const COMPLAINANT: &str = "complainant";
/// Whose complaint somebody else says that it is: found by a search, but no way into the case.
const NAMED: &str = "named";
/// Whom letters go to in their place.
const REPRESENTATIVE: &str = "representative";
/// Somebody whom an officer recognised.
const PARTY: &str = "party";
/// Somebody who complains together with the complainant.
const MEMBER: &str = "member";

/// A message that opens a case.
pub struct Opening<'a> {
    /// The message; stored by the caller in the same transaction.
    pub representation: &'a Representation,
    /// What it seems to be.
    pub nature: Nature,
    /// Why a case is opened.
    pub why: String,
    /// Acknowledge now. Otherwise when an officer confirms.
    pub at_once: bool,
    /// Why nobody is written to before an officer has said whose complaint it is.
    pub unsure: Option<String>,
    /// Whom letters go to in place of the complainant.
    pub answered: Option<Person>,
    /// Somebody else says that the complainant is who they are.
    pub claimed: bool,
    /// Another case that it may belong to, and why.
    pub may_belong_to: Option<Hint>,
}

/// A case that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Key.
    pub id: Uuid,
    /// What people quote.
    pub reference: CaseReference,
    /// The family's acknowledgement lies in the outbox.
    pub acknowledged: bool,
}

/// Opens a case for a message.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn open(
    office: &Office,
    tx: &mut Tx,
    opening: &Opening<'_>,
    now: DateTime<Utc>,
) -> Result<Opened, CaseworkError> {
    let message = opening.representation;
    let id = Uuid::now_v7();
    let reference = cases::next_reference(tx, now).await?;
    let complainant = match (&message.author_address, &message.author_name) {
        (Some(address), name) => Some(intake::contact(tx, address, name.as_deref(), now).await?),
        (None, Some(name)) => Some(intake::nameless_contact(tx, Some(name), now).await?),
        (None, None) => None,
    };
    let answered = match &opening.answered {
        Some(person) => Some(intake::contact(tx, &person.address, person.name.as_deref(), now).await?),
        None => None,
    };
    let mut history = vec![
        recorded(
            1,
            now,
            None,
            Event::Opened { nature: opening.nature, received_at: message.received_at, why: opening.why.clone() },
        ),
        recorded(
            2,
            now,
            None,
            Event::MessageAdded { representation: message.id, relation: Relation::New, why: opening.why.clone() },
        ),
    ];
    let mut people = independence::named(office, tx, message, true).await?;
    if let Some(Hint { case: other, .. }) = &opening.may_belong_to {
        let subjects = independence::subjects_of(tx, *other).await?.into_iter();
        let new: Vec<_> = subjects.filter(|one| people.iter().all(|named| named.email != one.email)).collect();
        people.extend(new);
    }
    if !people.is_empty() {
        record(&mut history, now, None, vec![Event::SubjectsNamed { people, barred: true }]);
    }
    let mut case = fold(&history, id)?;
    let dates = dates(office, &case, now)?;
    let facts = |case| Facts {
        id,
        reference,
        case,
        dates: &dates,
        channel: message.channel,
        mailbox: &message.mailbox,
        name: opening.answered.as_ref().map_or_else(|| message.author_name.clone(), |person| person.name.clone()),
        address: opening
            .answered
            .as_ref()
            .map_or_else(|| message.author_address.clone(), |person| Some(person.address.clone())),
        message_id: message.message_id.clone(),
        reading: &message.reading,
        confirmed: false,
        passed_on: message.passed_on_by.is_some(),
        by_officer: false,
        anew: false,
    };
    let new = NewCase {
        id,
        complainant,
        answered,
        passed_on_by: message.passed_on_by.clone(),
        channel: message.channel,
        mailbox: message.mailbox.clone(),
    };
    // The row comes first: letters, participants and threads refer to it.
    cases::put(tx, &new, reference, &case, &dates, &history, now).await?;
    independence::keep_out(office, tx, id, &case).await?;
    let (version, known) = (case.version, history.len());
    let mut later = Vec::new();
    if let Some(why) = &opening.unsure {
        later.push(Event::NotAcknowledged { why: why.clone(), held: true, by_hand: false });
        later.push(Event::ComplainantUnsure { why: why.clone() });
    } else if opening.at_once {
        later.push(letters::acknowledge(office, tx, &facts(&case), Limits::Kept, now).await?);
    } else {
        let why = "waits for an officer to confirm that this is a complaint".into();
        later.push(Event::NotAcknowledged { why, held: true, by_hand: false });
    }
    if let Some(Hint { case: other, why }) = &opening.may_belong_to
        && let Some(row) = cases::get(tx, *other).await?
    {
        later.push(Event::MayBelong { case: *other, reference: row.reference, why: why.to_string() });
    }
    if opening.nature.safeguarding && safeguarding::alert(office, tx, &facts(&case), now).await? {
        later.push(Event::Alerted);
    }
    let acknowledged = matches!(later.first(), Some(Event::Acknowledged { .. }));
    record(&mut history, now, None, later);
    case = fold(&history, id)?;
    cases::append(tx, id, version, &case, &dates, history.get(known..).unwrap_or_default(), true, now).await?;
    remind::keep_next(office, tx, id, &case, &dates).await?;
    if let Some(contact) = complainant {
        cases::add_participant(tx, id, contact, if opening.claimed { NAMED } else { COMPLAINANT }).await?;
    }
    if let Some(contact) = answered {
        cases::add_participant(tx, id, contact, REPRESENTATIVE).await?;
    }
    cases::add_message(tx, id, message.id, Relation::New, &opening.why, now).await?;
    lead_here(office, tx, id, message).await?;
    Ok(Opened { id, reference, acknowledged })
}

/// The ids under which answers to `message` may come: its own, and that of the message that staff pass on in it. What
/// others attach may bear any id they like.
fn thread_ids(message: &Representation) -> impl Iterator<Item = &str> {
    let forwarded = message.reading.forwarded.as_ref().filter(|_| message.passed_on_by.is_some());
    let passed_on = forwarded.and_then(|forwarded| forwarded.message_id.as_deref());
    message.message_id.as_deref().into_iter().chain(passed_on)
}

/// Lets answers to `message`, what it answers when that comes late, and what else its family writes, find the case.
async fn lead_here(office: &Office, tx: &mut Tx, case: Uuid, message: &Representation) -> Result<(), StoreError> {
    for message_id in thread_ids(message) {
        cases::add_thread_id(tx, case, message_id).await?;
    }
    for message_id in message.reading.in_reply_to.iter().chain(&message.reading.references) {
        cases::await_id(tx, case, message_id).await?;
    }
    if message.reading.automated.is_none() {
        near::add_names(tx, case, &telling_names(office, message)).await?;
    }
    Ok(())
}

/// A stored message that joins a case.
#[derive(Clone, Copy)]
pub struct Adding<'a> {
    /// The message.
    pub message: &'a Representation,
    /// How it belongs.
    pub relation: Relation,
    /// Why it was matched.
    pub why: &'a str,
    /// It says that a child may be at risk.
    pub safeguarding: bool,
}

/// Puts a stored message into a case.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn add_message(
    office: &Office,
    tx: &mut Tx,
    case: Uuid,
    adding: Adding<'_>,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let Adding { message, relation, why, safeguarding } = adding;
    if !cases::add_message(tx, case, message.id, relation, why, now).await? {
        return Ok(());
    }
    // A stranger's message must not become a way into the case.
    if relation != Relation::UnverifiedSender {
        lead_here(office, tx, case, message).await?;
    }
    let command = Command::AddMessage { representation: message.id, relation, why: why.to_owned(), safeguarding };
    act(office, tx, case, None, None, &command, now).await?;
    if !matches!(relation, Relation::Automatic | Relation::Status) {
        independence::note_named(office, tx, case, message, now).await?;
    }
    Ok(())
}

/// Does `command` to a case. `by` is the officer, None for the program; `seen` is the version the officer looked at.
/// Returns the case's new version.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn act(
    office: &Office,
    tx: &mut Tx,
    id: Uuid,
    seen: Option<i64>,
    by: Option<Uuid>,
    command: &Command,
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let row = cases::get(tx, id).await?.ok_or(CaseworkError::NotFound)?;
    if seen.is_some_and(|seen| seen != row.version) {
        return Err(CaseworkError::Changed);
    }
    if let Command::Assign(officer) = command {
        independence::may_be_given(tx, id, *officer).await?;
    }
    let mut history = cases::history(tx, id).await?;
    let known = history.len();
    let (calendar, _) = recount::catch_up(office, tx, &row, &mut history, now).await?;
    let before = fold(&history, id)?;
    let in_use = office.calendar();
    let setting = office.setting(&in_use, actor(tx, by).await?, now);
    let Decision { mut events, mut acknowledge, beyond_limits, alert, to, reopen, anew } =
        decide(&before, command, &setting)?;
    record(&mut history, now, by, std::mem::take(&mut events));
    let case = fold(&history, id)?;
    let row = people::follow(office, tx, row, &before, &case, &history).await?;
    if anew {
        if people::was_told(tx, &row).await? {
            acknowledge = false;
        } else {
            outbox::supersede(tx, id, now).await?;
        }
    }
    if acknowledge || alert {
        let limits = if beyond_limits { Limits::Waived } else { Limits::Kept };
        let wanted = Wanted { acknowledge: acknowledge.then_some(limits), anew, to, alert };
        // What came back and is written again keeps the dates that it had: a bounce gives the council no more time.
        let started = acknowledged_at(&history).unwrap_or(now);
        let more = write_letters(office, tx, &row, &case, wanted, started, now).await?;
        record(&mut history, now, by.filter(|_| beyond_limits), more);
    }
    if let Some(letter) = reopen {
        store_delivery::reopen(tx, letter).await?;
    }
    let case = fold(&history, id)?;
    let dates = dates(office, &case, acknowledged_at(&history).unwrap_or(case.received_at))?;
    // What machines send never opens a case again, nor does the question where it is up to.
    let by_machine = matches!(
        command,
        Command::AddMessage { relation: Relation::Automatic | Relation::Status, .. } | Command::ReportLetter { .. }
    );
    let new = history.get(known..).unwrap_or_default();
    // Newer holidays may have been taken up while this was worked out: then it is done again by them.
    if *dates.calendar_version != *calendar {
        return Err(CaseworkError::Changed);
    }
    if !cases::append(tx, id, row.version, &case, &dates, new, !by_machine, now).await? {
        return Err(CaseworkError::Changed);
    }
    remind::keep_next(office, tx, id, &case, &dates).await?;
    store_retention::keep(tx, id, &case.keeping).await?;
    proposals::keep(office, tx, &row, &case, now).await?;
    Ok(case.version)
}

/// Letters that follow from a command.
struct Wanted {
    acknowledge: Option<Limits>,
    /// Once more, to another than before.
    anew: bool,
    /// To this address, not to the one we know.
    to: Option<String>,
    alert: bool,
}

/// `started` is when the clock that an acknowledgement starts began to run.
async fn write_letters(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    case: &CaseFile,
    wanted: Wanted,
    started: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, CaseworkError> {
    let (message_id, reading) = cases::opening_message(tx, row.id).await?.unwrap_or_default();
    let known = written_to(tx, row).await?;
    let dates = dates(office, case, started)?;
    let facts = Facts {
        id: row.id,
        reference: row.reference.parse().map_err(|_| CaseworkError::BrokenHistory(row.id))?,
        case,
        dates: &dates,
        channel: &row.channel,
        mailbox: &row.mailbox,
        name: known.name,
        address: wanted.to.or(known.address),
        message_id,
        reading: &reading,
        confirmed: case.status == Status::Open,
        passed_on: row.passed_on_by.is_some(),
        by_officer: case.complainant.is_some(),
        anew: wanted.anew,
    };
    let mut events = Vec::new();
    if let Some(limits) = wanted.acknowledge
        && (wanted.anew || awaits_letter(case, limits))
    {
        let event = letters::acknowledge(office, tx, &facts, limits, now).await?;
        if let (Limits::Waived, Event::NotAcknowledged { why, held: false, .. }) = (limits, &event) {
            return Err(CaseworkError::NotSendable(why.clone()));
        }
        events.push(event);
    }
    if wanted.alert && safeguarding::alert(office, tx, &facts, now).await? {
        events.push(Event::Alerted);
    }
    Ok(events)
}

/// Whom letters about the case go to: the complainant, or whoever speaks for them. Nothing is known of nobody.
///
/// # Errors
///
/// The database's.
pub async fn written_to(tx: &mut Tx, row: &CaseRow) -> Result<cases::ContactDetails, CaseworkError> {
    match row.answered_id.or(row.complainant_id) {
        Some(contact) => Ok(cases::contact_details(tx, contact).await?),
        None => Ok(cases::ContactDetails::default()),
    }
}

/// Whether an acknowledgement is still to be written. One that came back, and a family that an officer has told, are an
/// officer's to decide on: confirming the case writes to nobody a second time.
fn awaits_letter(case: &CaseFile, limits: Limits) -> bool {
    match case.acknowledgement {
        Acknowledgement::Queued => false,
        Acknowledgement::NotReached => limits == Limits::Waived,
        Acknowledgement::Held | Acknowledgement::None | Acknowledgement::ByHand => {
            limits == Limits::Waived || case.told_at.is_none()
        }
    }
}

/// When the clock that an acknowledgement starts began to run.
fn started(case: &CaseFile, history: &[Recorded]) -> DateTime<Utc> {
    acknowledged_at(history).unwrap_or(case.received_at).max(case.received_at)
}

fn acknowledged_at(history: &[Recorded]) -> Option<DateTime<Utc>> {
    history.iter().find(|recorded| matches!(recorded.event, Event::Acknowledged { .. })).map(|recorded| recorded.at)
}

fn fold(history: &[Recorded], id: Uuid) -> Result<CaseFile, CaseworkError> {
    CaseFile::fold(history).ok_or(CaseworkError::BrokenHistory(id))
}

fn record(history: &mut Vec<Recorded>, at: DateTime<Utc>, by: Option<Uuid>, events: Vec<Event>) {
    for event in events {
        let seq = history.last().map_or(1, |last| last.seq + 1);
        history.push(recorded(seq, at, by, event));
    }
}

fn recorded(seq: i64, at: DateTime<Utc>, by: Option<Uuid>, event: Event) -> Recorded {
    Recorded { seq, at, by, event }
}
