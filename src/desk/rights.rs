//! How long cases are kept: the lists, one case's page, and everything that says who taken out of it.

use chrono::{DateTime, Utc};
use futures::{FutureExt, future::BoxFuture};

use super::{Answer, StoreDesk, bundle::own_data, capital, count, independence::may_deal_with};
use crate::{
    casework::{self, CaseworkError, Listed},
    clock::{london_date, long_date},
    ids::{CaseReference, Uuid},
    procedure::{
        case::CaseFile,
        decide::Command,
        event::Retention,
        retention::{Facts, Reviewed, Schedule, Stand, stand},
    },
    store::{
        Tx, case_view, cases, officers,
        retention::{self, Gone},
    },
    web::{
        desk::{DeskError, Download},
        rights_views::{GoneLine, Kept, KeptCase, KeptRow, OwnDataAsk, PersonAsk, PersonView, Rights},
        views::Officer,
    },
};

/// Rows in each list of the page.
const MOST_ROWS: usize = 200;

/// What rows of a table are, in words.
#[must_use]
pub fn what_goes(table: &str) -> &'static str {
    match table {
        "representation" => "messages, emptied: who wrote, subject, words",
        "delivery" => "messages as they came, emptied",
        "suggestion" => "the classifier’s suggestions",
        "matter_pair" => "pairs of messages that matching is measured on",
        "attachment" => "files of messages, in the list of files",
        "kept_file" => "files in the files folder",
        "case_document" => "documents",
        "outbox" => "letters, emptied: to whom, and what they said",
        "contribution" => "managers’ contributions",
        "case_name" => "names that lead to the case",
        "thread_id" | "thread_awaited" => "ids of messages that lead to the case",
        "case_participant" => "parties",
        "case_barred" => "marks of whom it was about",
        "case_message" => "reasons for which messages are in the case",
        "case_event" => "entries of the history, without their words",
        "case_file" => "cases, without whose they were",
        "contact" => "people whom no other case needs",
        "contact_address" => "their addresses",
        "do_not_reply" => "marks on their addresses",
        "joint" => "titles of joint complaints",
        "joint_suggestion" | "joint_suggestion_case" => "suggestions of joint complaints",
        _ => "other entries",
    }
}

fn lines(gone: &Gone) -> Vec<GoneLine> {
    let mut lines: Vec<GoneLine> = Vec::new();
    for (table, n) in &gone.0 {
        let what = what_goes(table);
        match lines.iter_mut().find(|line| line.what == what) {
            Some(line) => line.n += n,
            None => lines.push(GoneLine { what, n: *n }),
        }
    }
    lines
}

/// The schedule, a sentence each.
fn in_words(schedule: &Schedule) -> Vec<String> {
    let years = |n: u16| if n == 1 { "1 year".to_owned() } else { format!("{n} years") };
    let mut words = vec![format!("Every case is kept for {} after its end.", years(schedule.years))];
    if let Some(statutory) = schedule.statutory_years {
        words.push(format!("A complaint under the statutory procedure is kept for {}.", years(statutory)));
    }
    words.push(format!(
        "A child’s own complaint is kept until their {}th birthday, if that is later and their date of birth is known.",
        schedule.child_birthday
    ));
    words.push("An allegation against somebody who works with children never falls due by itself.".to_owned());
    words.push("Nothing goes by itself: a complaints manager looks at each case first.".to_owned());
    words
}

/// The word of `stand`, its day and why.
fn told(stand: &Stand, facts: &Facts) -> (&'static str, Option<chrono::NaiveDate>, String) {
    match stand {
        Stand::Anonymised => ("anonymised", None, String::new()),
        Stand::Held => ("held", None, "Nothing of it may go while it is on hold.".to_owned()),
        Stand::GoesOn => {
            let why = facts.goes_on.as_deref().unwrap_or("has no end yet");
            ("goes-on", None, format!("The case {why}."))
        }
        Stand::Kept { until, because } => ("kept", Some(*until), because.clone()),
        Stand::Due { since, because } => ("due", Some(*since), because.clone()),
        Stand::ByHand { since, because } => ("by-hand", Some(*since), because.clone()),
        Stand::ToAnonymise => ("to-anonymise", None, "It was decided that everything that says who may go.".to_owned()),
    }
}

async fn row(tx: &mut Tx, listed: Listed) -> Answer<KeptRow> {
    let family = case_view::head(tx, &listed.reference).await?.and_then(|head| head.family);
    let (_, on, because) = told(&listed.stand, &listed.facts);
    let because = match &listed.case.keeping.hold {
        Some((_, reason)) => reason.clone(),
        None => because,
    };
    Ok(KeptRow { reference: listed.reference, family, ended_on: listed.facts.ended_on, on, because })
}

async fn kept(desk: &StoreDesk, officer: &Officer, now: DateTime<Utc>) -> Answer<Kept> {
    let mut tx = desk.store.begin_read().await?;
    let mut kept = Kept { schedule: in_words(&desk.office.options.schedule), ..Kept::default() };
    kept.anonymised = count(retention::anonymised_count(&mut tx).await?);
    for listed in casework::due_for_review(&desk.office, &mut tx, Some(officer.id), now).await? {
        let list = match listed.stand {
            Stand::Due { .. } | Stand::ByHand { .. } => &mut kept.due,
            Stand::ToAnonymise => &mut kept.decided,
            Stand::Held => &mut kept.held,
            _ => &mut kept.soon,
        };
        if list.len() < MOST_ROWS {
            list.push(row(&mut tx, listed).await?);
        }
    }
    Ok(kept)
}

/// The case with this reference, if `officer` may deal with it.
async fn found(tx: &mut Tx, reference: CaseReference, officer: &Officer) -> Answer<Uuid> {
    let id = cases::by_reference(tx, &reference.to_string()).await?.ok_or(DeskError::NotFound)?;
    may_deal_with(tx, id, officer.id).await?;
    Ok(id)
}

async fn kept_case(
    desk: &StoreDesk,
    reference: CaseReference,
    officer: &Officer,
    now: DateTime<Utc>,
) -> Answer<KeptCase> {
    let mut tx = desk.store.begin_read().await?;
    let id = found(&mut tx, reference, officer).await?;
    let case = CaseFile::fold(&cases::history(&mut tx, id).await?)
        .ok_or_else(|| DeskError::from(CaseworkError::BrokenHistory(id)))?;
    let facts = Facts::of(&case);
    let (stand, on, because) = told(&stand(&facts, &desk.office.options.schedule, london_date(now)), &facts);
    let mut with = Vec::new();
    for other in retention::followers(&mut tx, id).await? {
        with.extend(cases::get(&mut tx, other).await?.map(|row| row.reference));
    }
    let family = case_view::head(&mut tx, &reference.to_string()).await?.and_then(|head| head.family);
    drop(tx);
    let mut tx = desk.store.begin().await?;
    officers::audit(&mut tx, Some(officer.id), "opened case", Some(id), now).await?;
    tx.commit().await?;
    Ok(KeptCase {
        reference: reference.to_string(),
        version: case.version,
        family,
        act: case.nature.act,
        procedure: case.nature.procedure,
        theme: case.nature.theme,
        stand,
        on,
        because,
        ended_on: facts.ended_on,
        childs_own: facts.childs_own,
        born_on: facts.born_on,
        hold: case.keeping.hold.clone(),
        reviewed: case.keeping.reviewed.map(|reviewed| match reviewed {
            Reviewed::Until(on, why) => (format!("Kept until {}", long_date(on)), why),
            Reviewed::ToAnonymise(why) => ("To be anonymised".to_owned(), why),
        }),
        with,
    })
}

async fn keep(
    desk: &StoreDesk,
    (reference, version): (CaseReference, i64),
    officer: &Officer,
    step: Retention,
    now: DateTime<Utc>,
) -> Answer<()> {
    // That something went is said by the program that took it out.
    if matches!(step, Retention::Anonymised { .. }) {
        return Err(DeskError::NotFound);
    }
    let mut tx = desk.store.begin().await?;
    let id = found(&mut tx, reference, officer).await?;
    let command = Command::Retention(step);
    casework::act(&desk.office, &mut tx, id, Some(version), Some(officer.id), &command, now).await?;
    Ok(tx.commit().await?)
}

async fn anonymise(
    desk: &StoreDesk,
    (reference, version): (CaseReference, i64),
    officer: &Officer,
    really: bool,
    now: DateTime<Utc>,
) -> Answer<Vec<GoneLine>> {
    let mut tx = desk.store.begin().await?;
    let id = found(&mut tx, reference, officer).await?;
    let gone = casework::anonymise(&desk.office, &mut tx, (id, Some(version)), officer.id, now).await?;
    if !really {
        // Dropped without a commit, nothing of it happened: the figures are those of the thing itself.
        return Ok(lines(&gone));
    }
    let what = format!("anonymised the case: {} entries", gone.rows());
    officers::audit(&mut tx, Some(officer.id), &what, Some(id), now).await?;
    tx.commit().await?;
    if let Some(keeper) = &desk.files
        && let Err(fault) = casework::sweep_files(&desk.store, &keeper.store).await
    {
        // What was not removed is noted, and removed the next time.
        tracing::warn!(%fault, "files of an anonymised case are still in the files folder");
    }
    desk.store.erase_log().await?;
    Ok(lines(&gone))
}

impl Rights for StoreDesk {
    fn kept<'a>(&'a self, officer: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<Kept>> {
        kept(self, officer, now).boxed()
    }

    fn kept_case<'a>(
        &'a self,
        of: CaseReference,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<KeptCase>> {
        kept_case(self, of, officer, now).boxed()
    }

    fn keep<'a>(
        &'a self,
        of: (CaseReference, i64),
        officer: &'a Officer,
        step: Retention,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<()>> {
        keep(self, of, officer, step, now).boxed()
    }

    fn anonymise<'a>(
        &'a self,
        of: (CaseReference, i64),
        officer: &'a Officer,
        really: bool,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Vec<GoneLine>>> {
        anonymise(self, of, officer, really, now).boxed()
    }

    fn person<'a>(
        &'a self,
        ask: &'a PersonAsk,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<PersonView>> {
        own_data::view(self, ask, officer, now).boxed()
    }

    fn own_data_due(&self, asked_on: chrono::NaiveDate) -> Option<chrono::NaiveDate> {
        self.due_of_own_data(asked_on)
    }

    fn own_data<'a>(
        &'a self,
        ask: OwnDataAsk,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Download>> {
        self.make_own_data(ask, officer, now).boxed()
    }
}

/// What happened, as a title.
pub(super) fn title(step: &Retention) -> String {
    match step {
        Retention::Held { .. } => "Put on hold: nothing of it may go".to_owned(),
        Retention::Lifted { .. } => "Hold lifted".to_owned(),
        Retention::Until { on, .. } => format!("Reviewed: kept until {}", long_date(*on)),
        Retention::ToAnonymise { .. } => "Reviewed: to be anonymised".to_owned(),
        Retention::Born { on: Some(on) } => format!("The child’s date of birth was written down: {}", long_date(*on)),
        Retention::Born { on: None } => "The child’s date of birth was written down".to_owned(),
        Retention::Anonymised { .. } => "Anonymised: everything that says who was taken out".to_owned(),
    }
}

/// And its reasons.
pub(super) fn detail(step: &Retention) -> String {
    match step {
        Retention::Held { reason }
        | Retention::Lifted { reason }
        | Retention::Until { reason, .. }
        | Retention::ToAnonymise { reason } => capital(reason),
        Retention::Born { .. } | Retention::Anonymised { .. } => String::new(),
    }
}
