//! Independence: whom a case is about is found in the messages, said by officers, and kept out of it.

use chrono::{DateTime, Utc};

use super::{CaseworkError, Office, act, fold};
use crate::{
    config::MailboxKind,
    ids::Uuid,
    procedure::{
        case::CaseFile,
        decide::{Command, Refusal},
        event::Named,
        independence::{Bar, Directory, NotFound, Staff, barred},
    },
    replies::letters::NamedOfficer,
    store::{
        Tx, cases,
        independence::{self, is_barred, why_barred},
        intake::Representation,
        officers,
    },
};

/// Why the owner of a mailbox may be whom a complaint is about.
const OWN_MAILBOX: &str = "It was found in their own mailbox.";

/// Why whoever is kept out of another case is kept out of one that may belong to it.
const MAY_BELONG: &str = "It may belong to a case that may be about them.";

/// Those who can sign in and stand in no staff directory.
pub(super) async fn accounts(office: &Office, tx: &mut Tx) -> Result<Directory, CaseworkError> {
    let others = officers::all(tx).await?.into_iter().filter(|one| office.directory.by_email(&one.email).is_none());
    let staff = others.map(|account| {
        let (email, name) = (account.email, account.name);
        Staff { email, name, job: String::new(), team: String::new(), manager: None }
    });
    Ok(Directory::new(staff.collect()))
}

/// Whom letters of the case name for questions where the one whom the council names is kept out of it: the team. None: that one.
///
/// # Errors
///
/// The database's.
pub(super) async fn whom_to_ask(
    office: &Office,
    tx: &mut Tx,
    case: Uuid,
) -> Result<Option<NamedOfficer>, CaseworkError> {
    let council = office.letters.council();
    if !is_barred(tx, case, &council.named_officer.email.to_lowercase()).await? {
        return Ok(None);
    }
    Ok(Some(NamedOfficer {
        name: council.name.clone(),
        role: council.service.clone(),
        email: council.complaints_address.clone(),
        phone: council.complaints_phone.clone(),
    }))
}

/// Members of staff whom the message may be about. `opens` says that it opens a case: then whose mailbox it was found in is one.
///
/// # Errors
///
/// The database's.
pub(super) async fn named(
    office: &Office,
    tx: &mut Tx,
    message: &Representation,
    opens: bool,
) -> Result<Vec<Named>, CaseworkError> {
    let accounts = accounts(office, tx).await?;
    let named_in = |text: &str| {
        let mut named = office.directory.named_in(text, &accounts);
        named.extend(accounts.named_in(text, &office.directory));
        named
    };
    let own = |named: &Named| {
        let is =
            |address: &Option<String>| address.as_deref().is_some_and(|one| one.eq_ignore_ascii_case(&named.email));
        is(&message.author_address) || is(&message.passed_on_by)
    };
    let reading = &message.reading;
    let mut people = named_in(&format!("{}\n{}", reading.subject, reading.visible_text));
    // Whoever passes a message on signs their own note; what they pass on may be about them.
    people.retain(|named| !own(named));
    if let Some(forwarded) = &reading.forwarded {
        people.extend(named_in(&forwarded.text));
    }
    let policy = office.policy(&message.mailbox);
    if opens
        && policy.kind == MailboxKind::Manager
        && let Some(owner) = office.directory.by_email(&policy.address).or_else(|| accounts.by_email(&policy.address))
    {
        let because = OWN_MAILBOX.to_owned();
        people.push(Named { email: owner.email.clone(), name: owner.name.clone(), because });
    }
    let mut seen = std::collections::BTreeSet::new();
    people.retain(|named| seen.insert(named.email.clone()));
    Ok(people)
}

/// Who is kept out of the case that another may belong to is kept out of both.
pub(super) async fn subjects_of(tx: &mut Tx, case: Uuid) -> Result<Vec<Named>, CaseworkError> {
    let subjects = fold(&cases::history(tx, case).await?, case)?.subjects.into_iter();
    let barred = subjects.filter(|(_, subject)| subject.standing.bars());
    Ok(barred.map(|(email, subject)| Named { email, name: subject.name, because: MAY_BELONG.to_owned() }).collect())
}

/// A message has joined a case: who is named in it is written down there, for an officer to decide on.
pub(super) async fn note_named(
    office: &Office,
    tx: &mut Tx,
    case: Uuid,
    message: &Representation,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let people = named(office, tx, message, false).await?;
    if !people.is_empty() {
        act(office, tx, case, None, None, &Command::NameSubjects { people, barred: false }, now).await?;
    }
    Ok(())
}

/// Writes down who is kept out of the case.
pub(super) async fn keep_out(office: &Office, tx: &mut Tx, id: Uuid, case: &CaseFile) -> Result<(), CaseworkError> {
    let barred = barred(case, &office.directory);
    let rows = barred.iter().map(|(email, bar)| (email.as_str(), bar.as_str()));
    Ok(independence::put_barred(tx, id, rows).await?)
}

/// Writes down who is appointed in the case, as far as their address is known: it is how they are known when they sign in.
pub(super) async fn let_in(tx: &mut Tx, id: Uuid, case: &CaseFile) -> Result<(), CaseworkError> {
    let people = case.course.people.iter().filter(|(_, person)| !person.email.is_empty());
    let rows = people.map(|(post, person)| (person.email.as_str(), post.as_str()));
    Ok(independence::put_appointed(tx, id, rows).await?)
}

/// Whether a case may be given to the officer.
pub(super) async fn may_be_given(tx: &mut Tx, case: Uuid, officer: Uuid) -> Result<(), CaseworkError> {
    match why_barred(tx, case, officer).await? {
        None => Ok(()),
        Some(why) if why == Bar::LineManager.as_str() => Err(Refusal::ManagesSubject.into()),
        Some(_) => Err(Refusal::IsSubject.into()),
    }
}

/// Looks anew at who is kept out of cases and who is appointed in them, after the staff directory may have changed. Returns how many cases were looked at.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn renew_independence(office: &Office, tx: &mut Tx) -> Result<usize, CaseworkError> {
    let cases = independence::cases_with_barred(tx).await?;
    for id in &cases {
        let case = fold(&cases::history(tx, *id).await?, *id)?;
        keep_out(office, tx, *id, &case).await?;
        let_in(tx, *id, &case).await?;
    }
    Ok(cases.len())
}

/// An officer says whether the case is about somebody: `who` is a name in the staff directory, or a work address. Whom it is
/// about is kept out of the case, and it is taken from them. Returns the case's new version.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn set_subject(
    office: &Office,
    tx: &mut Tx,
    (id, seen): (Uuid, Option<i64>),
    by: Uuid,
    who: &str,
    is: bool,
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let case = fold(&cases::history(tx, id).await?, id)?;
    let wanted = who.trim().to_lowercase();
    let found = match office.directory.find(who) {
        Err(NotFound::Nobody) => accounts(office, tx).await?.find(who).cloned(),
        found => found.cloned(),
    };
    let (email, name) = match (case.subjects.get(&wanted), found) {
        (Some(subject), _) => (wanted, subject.name.clone()),
        (None, Ok(one)) => (one.email, one.name),
        // Not everybody stands in the directory.
        (None, Err(_)) if office.is_staff(&wanted) => (wanted.clone(), wanted),
        (None, Err(why)) => return Err(Refusal::NobodyCalled(nobody(who.trim(), why)).into()),
    };
    let account = officers::by_email(tx, &email).await?.map(|account| account.id);
    if is && account == Some(by) {
        return Err(Refusal::OwnSubject.into());
    }
    let manager = office.directory.by_email(&email).and_then(|one| one.manager.clone());
    let manager = match manager.filter(|manager| !case.admitted.contains_key(manager)) {
        Some(manager) => officers::by_email(tx, &manager).await?.map(|account| account.id),
        None => None,
    };
    if is && manager == Some(by) {
        return Err(Refusal::OwnReport.into());
    }
    let accounts = account.into_iter().chain(manager).collect();
    let command = Command::SetSubject { email, name, is, accounts };
    act(office, tx, id, seen, Some(by), &command, now).await
}

pub(super) fn nobody(who: &str, why: NotFound) -> String {
    match why {
        NotFound::Nobody => {
            format!("nobody called “{who}” is in the staff directory: enter their whole name or their work address")
        }
        NotFound::Several => format!("several people are called “{who}”: enter the work address"),
    }
}

/// An officer writes down why a line manager of somebody the case is about may deal with it. Returns the case's new version.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn admit_manager(
    office: &Office,
    tx: &mut Tx,
    (id, seen): (Uuid, Option<i64>),
    by: Uuid,
    email: &str,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let case = fold(&cases::history(tx, id).await?, id)?;
    let email = email.trim().to_lowercase();
    if barred(&case, &office.directory).get(&email) != Some(&Bar::LineManager) {
        return Err(Refusal::NotKeptOut.into());
    }
    let name = office.directory.by_email(&email).map_or_else(|| email.clone(), |one| one.name.clone());
    let command = Command::AdmitManager { email, name, reason: reason.to_owned() };
    act(office, tx, id, seen, Some(by), &command, now).await
}
