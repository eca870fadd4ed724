//! A desk in memory with an invented council's cases, for the tests of the officers' pages.
#![allow(dead_code, missing_docs, clippy::unwrap_used)]

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use chrono::{DateTime, Utc};
use futures::{FutureExt, StreamExt, future::BoxFuture};
use heard::{
    clock::Clock,
    ids::{CaseReference, Uuid},
    replies::render::Rendered,
    web::{
        CouncilBrand, Desk, WebState,
        access::Role,
        account_views::Accounts,
        desk::{Account, DeskAction, DeskError, Done, Download, LetterAction, MailAction, Session, TokenHash},
        figures::Figures,
        joint_views::{JointAction, Joints},
        live::Live,
        paper_views::{Paper, Printing},
        passwords,
        rights_views::Rights,
        views::*,
    },
};

mod cases;
mod post_cases;

pub use cases::now;

pub const PASSWORD: &str = "a long enough password";
pub const BELL: &str = "rowan.bell@haverwick.example";
pub const MORGAN: &str = "sam.morgan@haverwick.example";
pub const QUINN: &str = "alex.quinn@haverwick.example";

/// One row of the case table, and what it was before the last change.
#[derive(Clone)]
struct Kept {
    view: CaseView,
    before: Option<Box<Kept>>,
}

pub struct MemoryDesk {
    state: Mutex<State>,
    pub accounts: Vec<Account>,
}

struct State {
    cases: Vec<Kept>,
    sessions: HashMap<TokenHash, Session>,
    tried: Vec<(Uuid, bool)>,
    letters: Vec<HeldLetter>,
    untold: Vec<Untold>,
    filed: Vec<FiledMessage>,
    unreadable: Vec<Quarantined>,
    mended: Vec<String>,
    looks: usize,
    down: bool,
    /// A case that changes just before the next action on it, as if another officer were quicker.
    race: bool,
}

fn account(number: u128, name: &str, email: &str, role: Role) -> Account {
    let officer = Officer { id: Uuid::from_u128(number), name: name.into(), email: email.into(), role };
    Account { officer, password_hash: Some(passwords::hash(PASSWORD).unwrap()), disabled: false }
}

impl MemoryDesk {
    pub fn new() -> Self {
        let accounts = vec![
            account(1, "Rowan Bell", BELL, Role::Officer),
            account(2, "Sam Morgan", MORGAN, Role::ComplaintsManager),
            Account { disabled: true, ..account(3, "Alex Quinn", QUINN, Role::Officer) },
        ];
        let cases = cases::all().into_iter().map(|view| Kept { view, before: None }).collect();
        let state = State {
            cases,
            sessions: HashMap::new(),
            tried: Vec::new(),
            letters: post_cases::letters(),
            untold: post_cases::untold(),
            filed: post_cases::filed(),
            unreadable: post_cases::quarantine(),
            mended: Vec::new(),
            looks: 0,
            down: false,
            race: false,
        };
        Self { state: Mutex::new(state), accounts }
    }

    pub fn reference(&self, number: u32) -> String {
        CaseReference { year: 2026, number }.to_string()
    }

    pub fn case_now(&self, reference: &str) -> CaseView {
        let state = self.state.lock().unwrap();
        state.cases.iter().find(|kept| kept.view.reference == reference).unwrap().view.clone()
    }

    pub fn set_down(&self, down: bool) {
        self.state.lock().unwrap().down = down;
    }

    pub fn race_once(&self) {
        self.state.lock().unwrap().race = true;
    }

    pub fn sign_ins(&self) -> Vec<(Uuid, bool)> {
        self.state.lock().unwrap().tried.clone()
    }

    /// How often a case was shown.
    pub fn looks(&self) -> usize {
        self.state.lock().unwrap().looks
    }

    /// What was done to letters and unreadable mail.
    pub fn mended(&self) -> Vec<String> {
        self.state.lock().unwrap().mended.clone()
    }

    pub fn sessions(&self) -> Vec<TokenHash> {
        self.state.lock().unwrap().sessions.keys().copied().collect()
    }

    fn lock(&self) -> Result<MutexGuard<'_, State>, DeskError> {
        let state = self.state.lock().unwrap();
        if state.down { Err(DeskError::Unavailable("database is locked".into())) } else { Ok(state) }
    }

    fn queue_page(&self, query: &QueueQuery, officer: &Officer) -> Result<QueuePage, DeskError> {
        let state = self.lock()?;
        let seen: Vec<&CaseView> = state.cases.iter().map(|kept| &kept.view).filter(|case| !excluded(case)).collect();
        let count = |filter| seen.iter().filter(|case| fits(case, filter, officer)).count() as u64;
        let counts = QueueCounts {
            to_confirm: count(QueueFilter::ToConfirm),
            mine: count(QueueFilter::Mine),
            unassigned: count(QueueFilter::Unassigned),
            overdue: count(QueueFilter::Overdue),
            due_soon: count(QueueFilter::DueSoon),
            safeguarding: count(QueueFilter::Safeguarding),
            unread_alert: count(QueueFilter::UnreadAlert),
            new_message: count(QueueFilter::NewMessage),
            possible: count(QueueFilter::Possible),
            all: count(QueueFilter::All),
        };
        let search = query.search.as_deref().map(str::to_lowercase);
        let mut found: Vec<&CaseView> = seen
            .into_iter()
            .filter(|case| fits(case, query.filter, officer))
            .filter(|case| {
                let words = format!("{} {}", case.reference, case.family.as_deref().unwrap_or_default());
                search.as_deref().is_none_or(|search| words.to_lowercase().contains(search))
            })
            .collect();
        found.sort_by_key(|case| match query.order {
            QueueOrder::DueFirst => {
                let due = next_due(case).map(|due| due.on.to_string()).unwrap_or_else(|| "9".into());
                let open = case.status != CaseStatus::ToConfirm;
                format!("{} {} {due}", i32::from(open), i32::from(!case.safeguarding))
            }
            QueueOrder::By { column: QueueColumn::Family, up: true } => case.family.clone().unwrap_or_default(),
            QueueOrder::NewestFirst | QueueOrder::By { .. } => {
                format!("{:020}", i64::MAX - case.received_at.timestamp())
            }
        });
        let total = found.len() as u64;
        let rows = found.into_iter().skip((query.page.max(1) as usize - 1) * 20).take(20).map(row).collect();
        let trouble =
            Trouble { mailboxes: 1, letters: state.undelivered(), unreadable: state.unreadable.len() as u64, files: 2 };
        Ok(QueuePage { rows, total, views: Vec::new(), found_more: false, per_page: 20, counts, trouble })
    }

    fn act_now(
        &self,
        reference: CaseReference,
        officer: &Officer,
        version: i64,
        action: DeskAction,
        now: DateTime<Utc>,
    ) -> Result<Done, DeskError> {
        let mut state = self.lock()?;
        let race = std::mem::take(&mut state.race);
        let kept = find(&mut state, reference)?;
        if race {
            kept.view.version += 1;
            kept.view.history.insert(0, entry("Given to Sam Morgan", "Sam Morgan", now, ""));
        }
        if kept.view.version != version {
            return Err(DeskError::Changed);
        }
        let name = OfficerName { id: officer.id, name: officer.name.clone() };
        let before = kept.clone();
        let case = &mut kept.view;
        let (title, detail) = match action {
            DeskAction::Undo => {
                let Some(mut earlier) = kept.before.take() else {
                    return Err(DeskError::Refused("There is nothing to undo".into()));
                };
                let undone = case.undo.as_ref().map_or("", |undo| undo.what.as_str()).to_owned();
                earlier.view.version = version + 1;
                earlier.view.history = case.history.clone();
                earlier.view.history.insert(0, entry(&format!("Undone: {undone}"), &officer.name, now, ""));
                *kept = *earlier;
                return Ok(Done { version: version + 1, go_on: None });
            }
            DeskAction::Confirm => {
                case.status = CaseStatus::Open;
                (format!("Confirmed as a {}", case.act.shown().to_lowercase()), String::new())
            }
            DeskAction::Reclassify { act, procedure, theme } => {
                (case.act, case.procedure, case.theme, case.status) = (act, procedure, theme, CaseStatus::Open);
                let detail = format!("{}, {}, {}", act.shown(), procedure.shown(), theme.shown());
                ("Reclassified".to_owned(), detail)
            }
            DeskAction::NotAComplaint { act, reason } => {
                (case.act, case.status) = (act, CaseStatus::NotAComplaint);
                (format!("Not a complaint: {}", act.shown().to_lowercase()), reason)
            }
            DeskAction::Told { why } => {
                case.acknowledgement = Acknowledgement::ToldAnotherWay { at: now, why: why.clone() };
                ("The family was told by an officer".to_owned(), why)
            }
            DeskAction::SetComplainant(whom) => {
                case.people.unsure = None;
                case.family.clone_from(&whom.name);
                case.people.name = whom.name.clone().unwrap_or_default();
                case.people.email = whom.address.clone().unwrap_or_default();
                case.people.phone = whom.phone.clone().unwrap_or_default();
                case.contacts = whom.address.into_iter().map(|address| ("Email".to_owned(), address)).collect();
                case.contacts.extend(whom.phone.map(|phone| ("Telephone".to_owned(), phone)));
                ("Complainant confirmed".to_owned(), String::new())
            }
            DeskAction::AcceptSender { message } => {
                let found = case.messages.iter_mut().find(|one| one.id == message && one.unverified);
                let Some(found) = found else {
                    return Err(DeskError::Refused("This message does not wait to be verified".into()));
                };
                found.unverified = false;
                ("Sender recognised: the message belongs to this case".to_owned(), String::new())
            }
            // Tested over the real store.
            DeskAction::SamePerson { .. }
            | DeskAction::AnotherPerson { .. }
            | DeskAction::SetGroup(_)
            | DeskAction::SetSubject { .. }
            | DeskAction::SetPoints(_)
            | DeskAction::Answer { .. }
            | DeskAction::TakePoints { .. }
            | DeskAction::Extend { .. }
            | DeskAction::Step { .. }
            | DeskAction::Close { .. }
            | DeskAction::Reopen { .. }
            | DeskAction::Safeguarding(_)
            | DeskAction::AdmitManager { .. } => {
                return Err(DeskError::Refused("This desk knows no other people".into()));
            }
            DeskAction::Move { messages, .. } => {
                case.messages.retain(|one| !messages.contains(&one.id));
                ("Messages moved".to_owned(), String::new())
            }
            DeskAction::Untie => {
                let tied = case.joint.joint.take();
                let (reference, _) = tied.ok_or_else(|| DeskError::Refused("It is in no joint complaint".into()))?;
                (format!("Taken out of the joint complaint {reference}"), String::new())
            }
            DeskAction::KeepApart => {
                let other = case.sorting.may_belong.take();
                let other = other.ok_or_else(|| DeskError::Refused("No other case is proposed".into()))?;
                (format!("Another matter than {}", other.reference), String::new())
            }
            DeskAction::Merge { with } => {
                (case.status, case.sorting.may_belong) = (CaseStatus::Closed, None);
                case.sorting.merged_into = Some(with.to_string());
                (format!("Merged into {with}"), String::new())
            }
            DeskAction::Assign { to } => {
                let account = self.accounts.iter().find(|account| account.officer.id == to);
                let to = account.ok_or(DeskError::NotFound)?.officer.clone();
                case.assigned_to = Some(OfficerName { id: to.id, name: to.name.clone() });
                (format!("Given to {}", to.name), String::new())
            }
        };
        case.version += 1;
        let told = title.starts_with("The family was told").then(|| case.reference.clone());
        case.history.insert(0, entry(&title, &officer.name, now, &detail));
        case.undo = Some(Undo { what: title, by: Some(name) });
        kept.before = Some(Box::new(before));
        state.untold.retain(|one| told.as_ref() != Some(&one.reference));
        Ok(Done { version: version + 1, go_on: None })
    }
}

impl State {
    fn undelivered(&self) -> u64 {
        (self.letters.len() + self.untold.len()) as u64
    }
}

fn find(state: &mut State, reference: CaseReference) -> Result<&mut Kept, DeskError> {
    let wanted = reference.to_string();
    let kept = state.cases.iter_mut().find(|kept| kept.view.reference == wanted).ok_or(DeskError::NotFound)?;
    if excluded(&kept.view) {
        let why = "You are named in this complaint, so you cannot open it.";
        return Err(DeskError::Excluded(why.into()));
    }
    Ok(kept)
}

/// One case is about an officer, whom nobody signed in here may see dealing with it.
fn excluded(case: &CaseView) -> bool {
    case.family.as_deref() == Some("Excluded")
}

fn entry(title: &str, by: &str, at: DateTime<Utc>, detail: &str) -> HistoryEntry {
    HistoryEntry { title: title.into(), by: by.into(), at, detail: detail.into() }
}

fn next_due(case: &CaseView) -> Option<&Due> {
    case.dues.iter().find(|due| due.done_at.is_none())
}

fn fits(case: &CaseView, filter: QueueFilter, officer: &Officer) -> bool {
    let live = matches!(case.status, CaseStatus::ToConfirm | CaseStatus::Open);
    match filter {
        QueueFilter::ToConfirm => case.status == CaseStatus::ToConfirm,
        QueueFilter::Mine => live && case.assigned_to.as_ref().is_some_and(|to| to.id == officer.id),
        QueueFilter::Unassigned => live && case.assigned_to.is_none(),
        QueueFilter::Overdue => live && next_due(case).is_some_and(|due| due.working_days_left < 0),
        QueueFilter::DueSoon => live && next_due(case).is_some_and(|due| (0..=3).contains(&due.working_days_left)),
        QueueFilter::Safeguarding => live && case.safeguarding,
        QueueFilter::UnreadAlert => case.protection.unread_since.is_some(),
        QueueFilter::NewMessage => has_new_message(case),
        QueueFilter::Possible => live && case.sorting.may_belong.is_some(),
        QueueFilter::All => true,
    }
}

fn has_new_message(case: &CaseView) -> bool {
    case.messages.iter().any(|message| message.unverified)
}

fn row(case: &CaseView) -> QueueRow {
    let first = case.messages.first();
    QueueRow {
        reference: case.reference.clone(),
        version: case.version,
        family: case.family.clone(),
        about: first.map(|m| if m.subject.is_empty() { m.text.clone() } else { m.subject.clone() }).unwrap_or_default(),
        act: case.act,
        procedure: case.procedure,
        status: case.status,
        dissatisfied: case.suggestion.as_ref().map(|s| s.dissatisfied),
        because: case.suggestion.as_ref().map(|s| s.because.clone()).unwrap_or_default(),
        safeguarding: case.safeguarding,
        unread_alert: case.protection.unread_since.is_some(),
        childs_own: case.childs_own,
        new_message: has_new_message(case),
        sealed: first.is_some_and(|message| message.sealed.is_some()),
        to_complete: case.people.unsure.is_some(),
        answered: case.answer.given.is_some(),
        to_verify: case.messages.iter().any(|message| message.unverified),
        may_belong: case.sorting.may_belong.as_ref().map(|other| other.reference.clone()),
        joined_because: if has_new_message(case) { "quotes the reference of this case".into() } else { String::new() },
        received_at: case.received_at,
        next_due: next_due(case).cloned(),
        found_in: case.found_in.clone(),
        assigned_to: case.assigned_to.as_ref().map(|to| to.name.clone()),
        found: None,
    }
}

/// An answer that is ready.
fn ready<'a, T: Send + 'a>(answer: T) -> BoxFuture<'a, T> {
    async move { answer }.boxed()
}

impl Accounts for MemoryDesk {}

impl Figures for MemoryDesk {}

impl Live for MemoryDesk {
    fn counts<'a>(&'a self, officer: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Result<QueueCounts, DeskError>> {
        async move { Ok(self.queue(&QueueQuery::default(), officer, now).await?.counts) }.boxed()
    }
}

impl Rights for MemoryDesk {}

impl Desk for MemoryDesk {
    fn queue<'a>(
        &'a self,
        query: &'a QueueQuery,
        officer: &'a Officer,
        _: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<QueuePage, DeskError>> {
        ready(self.queue_page(query, officer))
    }

    fn case<'a>(
        &'a self,
        reference: CaseReference,
        _: &'a Officer,
        _: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<CaseView, DeskError>> {
        ready(self.lock().and_then(|mut state| {
            let view = find(&mut state, reference)?.view.clone();
            state.looks += 1;
            Ok(view)
        }))
    }

    fn peek<'a>(
        &'a self,
        reference: CaseReference,
        _: &'a Officer,
        _: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<CaseView, DeskError>> {
        ready(self.lock().and_then(|mut state| find(&mut state, reference).map(|kept| kept.view.clone())))
    }

    fn file<'a>(
        &'a self,
        reference: CaseReference,
        id: Uuid,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Download, DeskError>> {
        async move {
            let case = self.case(reference, officer, now).await?;
            let mut files = case.messages.iter().flat_map(|message| &message.attachments);
            let file = files.find(|file| file.id == Some(id)).ok_or(DeskError::NotFound)?;
            let pieces = futures::stream::iter([Ok("a ".into()), Ok("file".into())]).boxed();
            Ok(Download { name: file.name.clone(), media_type: "application/pdf", size: 6, pieces })
        }
        .boxed()
    }

    fn paper<'a>(
        &'a self,
        ask: Printing,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Paper, DeskError>> {
        async move {
            self.case(ask.reference, officer, now).await?;
            let letter = Rendered { subject: "A letter".into(), text: "Dear Jo,".into(), html: None };
            Ok(Paper { kind: "answer".into(), date: now.date_naive(), letter })
        }
        .boxed()
    }

    fn mend_letter<'a>(
        &'a self,
        id: Uuid,
        officer: &'a Officer,
        action: LetterAction,
        _: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>> {
        ready(self.lock().and_then(|mut state| {
            let place = state.letters.iter().position(|letter| letter.id == id).ok_or(DeskError::NotFound)?;
            state.letters.remove(place);
            state.mended.push(format!("{}: {action:?}", officer.name));
            Ok(())
        }))
    }

    fn mend_mail<'a>(
        &'a self,
        id: Uuid,
        officer: &'a Officer,
        action: MailAction,
        _: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>> {
        ready(self.lock().and_then(|mut state| {
            let place = state.unreadable.iter().position(|message| message.id == id).ok_or(DeskError::NotFound)?;
            state.unreadable.remove(place);
            state.mended.push(format!("{}: {action:?}", officer.name));
            Ok(())
        }))
    }

    fn act<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        version: i64,
        action: DeskAction,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Done, DeskError>> {
        ready(self.act_now(reference, officer, version, action, now))
    }

    fn health(&self, now: DateTime<Utc>) -> BoxFuture<'_, Result<HealthView, DeskError>> {
        ready(self.lock().map(|_| cases::health(now)))
    }

    fn quarantine(&self) -> BoxFuture<'_, Result<Vec<Quarantined>, DeskError>> {
        let bare = |message: Quarantined| Quarantined { head: String::new(), ..message };
        ready(self.lock().map(|state| state.unreadable.iter().cloned().map(bare).collect()))
    }

    fn quarantined(&self, id: Uuid) -> BoxFuture<'_, Result<Quarantined, DeskError>> {
        ready(self.lock().and_then(|state| {
            state.unreadable.iter().find(|message| message.id == id).cloned().ok_or(DeskError::NotFound)
        }))
    }

    fn joints<'a>(&'a self, _: &'a Officer) -> BoxFuture<'a, Result<Joints, DeskError>> {
        ready(self.lock().map(|_| cases::joints()))
    }

    fn mend_joint<'a>(
        &'a self,
        _: &'a Officer,
        action: JointAction,
        _: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Option<String>, DeskError>> {
        ready(Ok(match action {
            JointAction::Tie { .. } => Some("JNT-26-0002".to_owned()),
            JointAction::Refuse { .. } => None,
        }))
    }

    fn waiting<'a>(&'a self, _: &'a Officer) -> BoxFuture<'a, Result<Waiting, DeskError>> {
        ready(self.lock().map(|state| Waiting {
            undelivered: state.undelivered(),
            unreadable: state.unreadable.len() as u64,
            joint: 1,
        }))
    }

    fn undelivered<'a>(&'a self, _: &'a Officer) -> BoxFuture<'a, Result<Undelivered, DeskError>> {
        ready(self.lock().map(|state| Undelivered {
            limits: post_cases::limits(&state.letters),
            letters: state.letters.clone(),
            untold: state.untold.clone(),
        }))
    }

    fn filed(&self) -> BoxFuture<'_, Result<Vec<FiledMessage>, DeskError>> {
        ready(self.lock().map(|state| state.filed.clone()))
    }

    fn open_filed<'a>(
        &'a self,
        id: Uuid,
        officer: &'a Officer,
        _: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<CaseReference, DeskError>> {
        ready(self.lock().and_then(|mut state| {
            let place = state.filed.iter().position(|message| message.id == id).ok_or(DeskError::NotFound)?;
            state.filed.remove(place);
            state.mended.push(format!("{}: opened a case", officer.name));
            Ok(CaseReference { year: 2026, number: 1 })
        }))
    }

    fn officers(&self) -> BoxFuture<'_, Result<Vec<OfficerRow>, DeskError>> {
        let rows = self.accounts.iter().map(|account| OfficerRow {
            officer: account.officer.clone(),
            disabled: account.disabled,
            last_sign_in_at: (!account.disabled).then(now),
            open_cases: if account.disabled { 0 } else { 6 },
        });
        ready(self.lock().map(|_| rows.collect()))
    }

    fn account<'a>(&'a self, email: &'a str) -> BoxFuture<'a, Result<Option<Account>, DeskError>> {
        ready(self.lock().map(|_| self.accounts.iter().find(|account| account.officer.email == email).cloned()))
    }

    fn record_sign_in(&self, officer: Uuid, succeeded: bool, _: DateTime<Utc>) -> BoxFuture<'_, Result<(), DeskError>> {
        ready(self.lock().map(|mut state| state.tried.push((officer, succeeded))))
    }

    fn open_session(
        &self,
        token: TokenHash,
        officer: Uuid,
        now: DateTime<Utc>,
    ) -> BoxFuture<'_, Result<(), DeskError>> {
        let officer = self.accounts.iter().find(|account| account.officer.id == officer).unwrap().officer.clone();
        let session = Session { officer, created_at: now, seen_at: now };
        ready(self.lock().map(|mut state| drop(state.sessions.insert(token, session))))
    }

    fn session(&self, token: TokenHash) -> BoxFuture<'_, Result<Option<Session>, DeskError>> {
        ready(self.lock().map(|state| state.sessions.get(&token).cloned()))
    }

    fn session_seen(&self, token: TokenHash, now: DateTime<Utc>) -> BoxFuture<'_, Result<(), DeskError>> {
        ready(self.lock().map(|mut state| {
            if let Some(session) = state.sessions.get_mut(&token) {
                session.seen_at = now;
            }
        }))
    }

    fn end_session(&self, token: TokenHash, _: DateTime<Utc>) -> BoxFuture<'_, Result<(), DeskError>> {
        ready(self.lock().map(|mut state| drop(state.sessions.remove(&token))))
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), DeskError>> {
        ready(self.lock().map(drop))
    }
}

/// The pages over `desk` at [`now`], with cookies that work without TLS.
pub fn state(desk: Arc<MemoryDesk>, clock: Clock) -> WebState {
    let council = CouncilBrand {
        name: "Haverwick Council".into(),
        service: "Heard: children's services complaints".into(),
        colour: "#1f4e5f".parse().ok(),
        help: "the IT service desk on 01632 960 111".into(),
    };
    let mut state = WebState::new(desk, council, clock).unwrap();
    state.secure_cookies = false;
    state
}
