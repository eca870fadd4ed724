//! One case with all that its page shows.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{
    Answer, StoreDesk, confirms, dues,
    files::{self, CaseFiles},
    history::{self, Names},
    place, post, queue, recount, sentence, shown_address,
};
use crate::{
    casework::{self, Office},
    ids::{CaseReference, Uuid},
    intake::{
        channel::is_chat,
        files::FileKeeper,
        reading::{Forwarded, Person, in_part},
    },
    languages::Language,
    procedure::{
        case::{ACKNOWLEDGEMENT, CaseFile},
        clocks,
        event::{Event, Recorded, Settlement, Stage, standing},
    },
    store::{
        Tx,
        case_view::{self, Letter, Message},
        cases::{self, CaseRow},
        officers, people,
    },
    web::{
        desk::DeskError,
        views::{Acknowledgement, CaseStatus, CaseView, ForwardedView, Looked, MessageView, Officer, OfficerName},
    },
};

/// The case and its key, if `officer` may deal with it.
pub(super) async fn view(
    office: &Office,
    keeper: Option<&FileKeeper>,
    tx: &mut Tx,
    (reference, officer): (CaseReference, Uuid),
    now: DateTime<Utc>,
) -> Answer<(Uuid, CaseView)> {
    let reference = reference.to_string();
    let head = case_view::head(tx, &reference).await?.ok_or(DeskError::NotFound)?;
    super::independence::may_deal_with(tx, head.id, officer).await?;
    let history = cases::history(tx, head.id).await?;
    let case = CaseFile::fold(&history).ok_or_else(|| {
        DeskError::Unavailable(format!("the history of case {reference} is broken: restore it from the backup"))
    })?;
    let names: Names = officers::all(tx).await?.into_iter().map(|officer| (officer.id, officer.name)).collect();
    let letter = case_view::acknowledgement(tx, head.id).await?;
    let status = queue::status(&head.status)?;
    let sent_at = letter.as_ref().filter(|letter| letter.state == "sent").and_then(|letter| letter.settled_at);
    // What came back told nobody anything; what an officer told them did.
    let reached_at = letter.as_ref().filter(|letter| has_reached(letter)).and_then(|letter| letter.settled_at);
    // Beyond the known bank holidays a page still opens.
    let mut more = clocks::running(&case, office.book(&office.calendar())).unwrap_or_default();
    let told_at = case.told_at.or(reached_at);
    more.extend(clocks::of_points(&case, told_at, office.book(&office.calendar())).unwrap_or_default());
    let facts = dues::Facts {
        status,
        dissatisfaction: case.is_dissatisfaction(),
        procedure: case.nature.procedure,
        received_at: case.received_at,
        decide_by: head.decide_by,
        decided_at: if status == CaseStatus::ToConfirm { None } else { decided_at(&history) },
        no_acknowledgement: case.acknowledgement == crate::procedure::case::Acknowledgement::None,
        acknowledged_at: told_at,
        answered: case.settled_at().is_some(),
        due_on: head.due_on,
        due_duty: &head.due_duty,
        due_rule: &head.due_rule,
        more: &more,
        in_more: case.course.stage > Stage::One || case.course.standing_still().is_some(),
    };
    let mut dues = dues::all(&facts, &office.duties, &office.calendar(), now);
    super::safeguarding::add_due(&mut dues, office, &case, now);
    let mut contacts = contacts(tx, head.complainant_id).await?;
    let found = case_view::deliveries(tx, head.id).await?;
    let messages = case_view::messages(tx, head.id).await?;
    let scanner = keeper.is_some_and(|keeper| keeper.scanner.is_some());
    let mut files = CaseFiles::of(tx, head.id, scanner).await?;
    let row = cases::get(tx, head.id).await?.ok_or(DeskError::NotFound)?;
    contacts.extend(reads(office, tx, &row, &case).await?);
    let people = super::people::view(office, tx, &row, &case).await?;
    let suggestion = case_view::suggestion(tx, head.id).await?;
    let mut course = super::course::view(office, tx, officer, &case, now).await?;
    course.prompts.extend(super::course::perhaps_a_child(&case, suggestion.as_ref()));
    let view = CaseView {
        version: case.version,
        people,
        joint: super::joint::of_case(tx, head.id).await?,
        answer: super::answer::view(office, tx, (&row, officer), &case, &history, now).await?,
        course,
        subjects: super::independence::view(&case, &office.directory),
        sorting: super::sorting::view(tx, &case, head.complainant_id, officer).await?,
        family: head.family,
        contacts,
        status,
        act: case.nature.act,
        procedure: case.nature.procedure,
        theme: case.nature.theme,
        childs_own: case.is_childs_own(),
        safeguarding: case.nature.safeguarding,
        protection: super::safeguarding::view(office, &row, &case, &history, &names),
        received_at: case.received_at,
        found_in: place(&head.mailbox),
        assigned_to: case
            .officer
            .map(|id| OfficerName { id, name: names.get(&id).cloned().unwrap_or_else(|| "Not known".to_owned()) }),
        messages: messages.into_iter().map(|message| shown(message, &found, &case, &mut files)).collect(),
        suggestion,
        matched_because: why_opened(&history),
        dues,
        acknowledgement: acknowledgement(letter, &case, status, &history),
        promises: recount::promised(office, &case, &history, status),
        documents: super::documents::view(tx, head.id, keeper).await?,
        contributions: super::contributions::view(tx, head.id, &case).await?,
        papers: super::paper::views(tx, head.id).await?,
        undo: history::undo(&history, &case, &names),
        history: history::entries(&history, &head.mailbox, sent_at, &names),
        looked: Vec::new(),
        anonymised_at: case.keeping.anonymised_at,
        reference,
    };
    Ok((head.id, view))
}

/// The case as its page shows it to `officer`, whose look is written down.
pub(super) async fn look(
    desk: &StoreDesk,
    reference: CaseReference,
    officer: &Officer,
    now: DateTime<Utc>,
) -> Answer<CaseView> {
    let mut tx = desk.store.begin_read().await?;
    let (id, mut shown) = view(&desk.office, desk.files.as_ref(), &mut tx, (reference, officer.id), now).await?;
    drop(tx);
    // Whoever looks at a case is written down before they see it: families fear that complaining makes them a mark.
    let mut tx = desk.store.begin().await?;
    officers::audit(&mut tx, Some(officer.id), "opened case", Some(id), now).await?;
    if let Some(other) = &shown.sorting.may_belong {
        let other = cases::by_reference(&mut tx, &other.reference).await?;
        officers::audit(&mut tx, Some(officer.id), "saw the beginning of a case beside another", other, now).await?;
    }
    shown.looked = looked(&mut tx, id).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Who has looked at the case, once whoever looks now is written down.
pub(super) async fn looked(tx: &mut Tx, case: Uuid) -> Answer<Vec<Looked>> {
    let looks = casework::looks(tx, case).await?.into_iter();
    let shown = looks.map(|look| Looked {
        name: look.name,
        role: look.role,
        gone: !look.active,
        first_at: look.first_at,
        last_at: look.last_at,
        times: look.times,
    });
    Ok(shown.collect())
}

/// How the complainant can be reached.
async fn contacts(tx: &mut Tx, complainant: Option<Uuid>) -> Answer<Vec<(String, String)>> {
    let Some(contact) = complainant else { return Ok(Vec::new()) };
    let addresses = people::addresses(tx, contact).await?.into_iter();
    let mut lines: Vec<_> = addresses.map(|(_, address)| contact_line(address)).collect();
    if let Some(phone) = cases::contact_details(tx, contact).await?.phone {
        lines.push(("Telephone".to_owned(), phone));
    }
    Ok(lines)
}

/// In which language they are written to beside English.
async fn reads(office: &Office, tx: &mut Tx, row: &CaseRow, case: &CaseFile) -> Answer<Option<(String, String)>> {
    let language = casework::language_of_case(office, tx, row, case).await?;
    let other = language.filter(|language| *language != Language::English);
    Ok(other.map(|language| ("Reads".to_owned(), format!("{}, with the English below it", language.name()))))
}

fn contact_line(address: String) -> (String, String) {
    if is_chat(&address) { ("Chat".to_owned(), "Telegram".to_owned()) } else { ("Email".to_owned(), address) }
}

/// When an officer last said what it is, unless that was taken back.
fn decided_at(history: &[Recorded]) -> Option<DateTime<Utc>> {
    standing(history).find(|recorded| confirms(&recorded.event)).map(|recorded| recorded.at)
}

fn why_opened(history: &[Recorded]) -> String {
    match history.first().map(|first| &first.event) {
        Some(Event::Opened { why, .. }) if history.iter().any(|one| matches!(one.event, Event::MayBelong { .. })) => {
            format!("{why}, and it is not certain that it belongs to another case.")
        }
        Some(Event::Opened { why, .. }) => format!("{why}, and it answers no message of another case."),
        _ => String::new(),
    }
}

/// Whether the acknowledgement has reached them, for all we know. As the queue has it.
fn has_reached(letter: &Letter) -> bool {
    letter.ended_how.as_deref() == Some("arrived")
        || (letter.state == "sent" && letter.delivery.as_deref() != Some("bounced"))
}

fn acknowledgement(
    letter: Option<Letter>,
    case: &CaseFile,
    status: CaseStatus,
    history: &[Recorded],
) -> Acknowledgement {
    if let Some(at) = case.told_at {
        return Acknowledgement::ToldAnotherWay { at, why: told(history).unwrap_or_default() };
    }
    let Some(letter) = letter else { return none_written(status, history) };
    let to = shown_address(&letter.recipient);
    let why = letter.why.as_deref().map(sentence).unwrap_or_default();
    let at = letter.settled_at.unwrap_or(letter.run_at);
    let ended = |how: &str| letter.ended_how.as_deref() == Some(how);
    if ended("dropped") {
        let why = letter.ended_why.as_deref().map(sentence).unwrap_or_default();
        return Acknowledgement::NotNeeded { why: format!("An officer decided not to send it: {why}") };
    }
    match letter.state.as_str() {
        _ if ended("arrived") => Acknowledgement::Sent { to, at, note: "An officer says that it has arrived.".into() },
        "sent" if letter.delivery.as_deref() == Some("bounced") => {
            let fault = post::fault(letter.delivery_fault.as_deref());
            let (why, advice) = (sentence(fault.words()), post::what_to_do(fault).to_owned());
            Acknowledgement::CameBack { to, at, reported_at: letter.delivery_at.unwrap_or(at), why, advice }
        }
        "sent" => Acknowledgement::Sent { to, at, note: note(letter.delivery.as_deref()).into() },
        "held" if status == CaseStatus::NotAComplaint => not_a_complaint(),
        "held" => Acknowledgement::Held { why, written: true },
        "failed" => Acknowledgement::Failed { why },
        _ => Acknowledgement::Queued { to, next_try_at: letter.run_at, last_error: letter.why },
    }
}

/// What a mail system has said of a letter that was sent, apart from that it came back.
fn note(delivery: Option<&str>) -> &'static str {
    match delivery {
        Some("delayed") => "A mail system says that it is delayed and tried again.",
        Some("delivered") => "A mail system says that it lies in the mailbox.",
        Some("said-bounced") => "A report without our key says that it did not arrive: it may be forged.",
        _ => "",
    }
}

/// How they were told, unless that was taken back.
fn told(history: &[Recorded]) -> Option<String> {
    standing(history).rev().find_map(|recorded| match &recorded.event {
        Event::MergedFrom(merged) if merged.told_at.is_some() => {
            Some(format!("They were told under the reference {}, which was merged into this case.", merged.reference))
        }
        Event::LetterSettled { letter, how: Settlement::Told, why, .. } if letter == ACKNOWLEDGEMENT => {
            Some(sentence(why))
        }
        _ => None,
    })
}

fn none_written(status: CaseStatus, history: &[Recorded]) -> Acknowledgement {
    let reason = history.iter().rev().find_map(|recorded| match &recorded.event {
        Event::NotAcknowledged { why, held, by_hand } => Some((sentence(why), *held, *by_hand)),
        _ => None,
    });
    match reason {
        Some((_, true, _) | (_, _, true)) if status == CaseStatus::NotAComplaint => not_a_complaint(),
        Some((why, true, _)) => Acknowledgement::Held { why, written: false },
        Some((why, _, true)) => Acknowledgement::ByHand { why },
        Some((why, false, false)) => Acknowledgement::NotNeeded { why },
        None => Acknowledgement::NotNeeded { why: "None was written.".to_owned() },
    }
}

fn not_a_complaint() -> Acknowledgement {
    Acknowledgement::NotNeeded { why: "It is not a complaint.".to_owned() }
}

fn shown(message: Message, found: &[(Uuid, String)], case: &CaseFile, files: &mut CaseFiles) -> MessageView {
    let Message { id, author_name, author_address, passed_on_by, received_at, mailbox, reading, relation, why } =
        message;
    let Json(reading) = reading;
    let mut found_in = vec![place(&mailbox)];
    for (_, other) in found.iter().filter(|(representation, _)| *representation == id) {
        let other = place(other);
        if !found_in.contains(&other) {
            found_in.push(other);
        }
    }
    let by_chat = author_address.as_deref().is_some_and(is_chat);
    // The page shows the message as it came: by staff, with the family's words inside, when staff passed it on.
    let author =
        reading.author.clone().unwrap_or(Person { name: author_name, address: author_address.unwrap_or_default() });
    MessageView {
        author: author.name,
        address: shown_address(&author.address),
        received_at,
        found_in,
        unverified: relation == "unverified-sender",
        automatic: match &reading.automated {
            Some(kind) => post::classified(Some(kind), reading.automated_because.as_deref()),
            None => String::new(),
        },
        in_part: in_part(&reading.beyond).map(|why| sentence(&why)),
        doubt: if case.to_verify.contains(&id) { sentence(&why) } else { String::new() },
        id,
        relation: relation_words(&relation, &why, passed_on_by.is_some()),
        forwarded: reading.forwarded.as_ref().map(forwarded),
        attachments: files.of_message(id, &reading, by_chat),
        sealed: reading.sealed.map(|sealed| files::sealed_words(sealed).to_owned()),
        subject: reading.subject,
        text: reading.visible_text,
        quoted: reading.quoted_text,
    }
}

fn relation_words(relation: &str, why: &str, passed_on: bool) -> String {
    match relation {
        "new" if passed_on => "Passed on by staff; opened this case".to_owned(),
        "new" => "Opened this case".to_owned(),
        "same-issue" | "status" => format!("Joined this case: it {}", as_predicate(why)),
        "duplicate" => format!("Came again: {why}"),
        "unverified-sender" => "To verify".to_owned(),
        "automatic" => "Joined this case as a machine's message".to_owned(),
        other => other.to_owned(),
    }
}

/// The reasons of the matching that are no predicates by themselves.
fn as_predicate(why: &str) -> String {
    if why == "the same chat goes on" { "goes on in the same chat".to_owned() } else { why.to_owned() }
}

pub(super) fn forwarded(inside: &Forwarded) -> ForwardedView {
    let from = inside.from.as_ref().map_or_else(String::new, |person| match &person.name {
        Some(name) if person.address.is_empty() => name.clone(),
        Some(name) => format!("{name} <{}>", person.address),
        None => person.address.clone(),
    });
    ForwardedView {
        from,
        to: inside.to.clone().unwrap_or_default(),
        date: inside.date.clone().unwrap_or_default(),
        subject: inside.subject.clone().unwrap_or_default(),
        text: inside.text.clone(),
    }
}
