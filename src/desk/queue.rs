//! One page of the queue.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Answer, count, dues, health, place, saved_views, search};
use crate::{
    casework::Office,
    ids::Uuid,
    labelling::labels::{Act, Procedure},
    store::{
        Tx,
        queue::{self, Late, Row, Wanted},
    },
    web::{
        desk::DeskError,
        views::{CaseStatus, Officer, QueueCounts, QueueFilter, QueueOrder, QueuePage, QueueQuery, QueueRow},
    },
};

const PER_PAGE: u32 = 25;
/// Letters of a message that has no subject.
const ABOUT_CHARS: usize = 80;

/// The page of the queue that `query` asks for.
pub(super) async fn page(
    office: &Office,
    scanner: bool,
    tx: &mut Tx,
    query: &QueueQuery,
    officer: &Officer,
    now: DateTime<Utc>,
) -> Answer<QueuePage> {
    let late = dues::late(&office.duties, &office.calendar(), office.reminders.days_before, now);
    let search = match query.search.as_deref() {
        Some(search) => Some(search::find(tx, search, officer.id, query.filter != QueueFilter::All).await?),
        None => None,
    };
    let (order, up) = match query.order {
        QueueOrder::DueFirst if search.is_some() => ("found", false),
        QueueOrder::DueFirst => ("due", false),
        QueueOrder::NewestFirst => ("newest", false),
        QueueOrder::By { column, up } => (column.as_str(), up),
    };
    let wanted = |offset, limit| Wanted {
        filter: query.filter.as_str(),
        officer: officer.id,
        late,
        found: search.as_ref().map(|found| found.cases.as_slice()),
        order,
        up,
        limit,
        offset,
    };
    let offset = i64::from(query.page.max(1) - 1) * i64::from(PER_PAGE);
    let found = queue::page(tx, &wanted(offset, i64::from(PER_PAGE))).await?;
    let counts = counted(tx, officer.id, late).await?;
    let total = match found.total {
        Some(total) => count(total),
        None if query.filter == QueueFilter::All && search.is_none() => counts.all,
        // Beyond the last page; how many there are stands in any row.
        None if offset > 0 => count(queue::page(tx, &wanted(0, 1)).await?.total.unwrap_or(0)),
        None => 0,
    };
    let mut rows = Vec::with_capacity(found.ids.len());
    for row in queue::rows(tx, &found.ids, officer.id).await? {
        let found = match &search {
            Some(search) => search::found_in(tx, search, row.id).await?,
            None => None,
        };
        rows.push(QueueRow { found, ..shown(office, row, now)? });
    }
    let trouble = health::trouble(office, scanner, tx, officer.id, now).await?;
    Ok(QueuePage {
        trouble,
        rows,
        views: saved_views::of(tx, officer.id).await?,
        found_more: search.is_some_and(|search| search.more),
        total,
        per_page: PER_PAGE.into(),
        counts,
    })
}

/// How many cases each list has for `officer`, and nothing else of them.
pub(super) async fn counts(office: &Office, tx: &mut Tx, officer: Uuid, now: DateTime<Utc>) -> Answer<QueueCounts> {
    counted(tx, officer, dues::late(&office.duties, &office.calendar(), office.reminders.days_before, now)).await
}

async fn counted(tx: &mut Tx, officer: Uuid, late: Late) -> Answer<QueueCounts> {
    let counts = queue::counts(tx, officer, late).await?;
    Ok(QueueCounts {
        to_confirm: count(counts.to_confirm),
        mine: count(counts.mine),
        unassigned: count(counts.unassigned),
        overdue: count(counts.overdue),
        due_soon: count(counts.due_soon),
        safeguarding: count(counts.safeguarding),
        unread_alert: count(counts.unread_alert),
        new_message: count(counts.new_message),
        possible: count(counts.possible),
        all: count(counts.every),
    })
}

/// The status of a case by the word in the database.
pub(super) fn status(word: &str) -> Answer<CaseStatus> {
    match word {
        "to-confirm" => Ok(CaseStatus::ToConfirm),
        "open" => Ok(CaseStatus::Open),
        "dismissed" => Ok(CaseStatus::NotAComplaint),
        "closed" => Ok(CaseStatus::Closed),
        other => Err(DeskError::Unavailable(format!("a case has the unknown status \"{other}\""))),
    }
}

pub(super) fn word<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Answer<T> {
    text.parse().map_err(|fault: T::Err| DeskError::Unavailable(format!("a case in the queue: {fault}")))
}

fn shown(office: &Office, row: Row, now: DateTime<Utc>) -> Answer<QueueRow> {
    let (act, procedure): (Act, Procedure) = (word(&row.act)?, word(&row.procedure)?);
    let status = status(&row.status)?;
    let facts = dues::Facts {
        status,
        dissatisfaction: act.is_dissatisfaction(),
        procedure,
        received_at: row.received_at,
        decide_by: row.decide_by,
        // When it was decided stands in the case's history; here only whether.
        decided_at: (status != CaseStatus::ToConfirm).then_some(now),
        no_acknowledgement: row.acknowledgement == "none",
        acknowledged_at: row.acknowledged_at,
        answered: row.answered_at.is_some(),
        due_on: row.due_on,
        due_duty: &row.due_duty,
        due_rule: &row.due_rule,
        more: &[],
        // The date of the answer is the one that is kept, if it is the next.
        in_more: row.next_on.is_some(),
    };
    let kept = row.next_on.zip(row.next_what.as_deref()).map(|(on, what)| {
        let rule = if on == row.due_on { row.due_rule.as_str() } else { "" };
        dues::kept(on, what, rule, &office.calendar(), now)
    });
    let next_due = dues::earlier(dues::next(&facts, &office.duties, &office.calendar(), now), kept);
    Ok(QueueRow {
        next_due,
        about: about(row.subject.as_deref().unwrap_or_default(), row.words.as_deref().unwrap_or_default()),
        reference: row.reference,
        version: row.version,
        family: row.family,
        act,
        procedure,
        status,
        dissatisfied: row.suggestion.as_ref().map(|Json(suggestion)| suggestion.dissatisfied),
        because: row.suggestion.map(|Json(suggestion)| suggestion.because).unwrap_or_default(),
        safeguarding: row.safeguarding,
        unread_alert: row.unread_alert,
        childs_own: row.childs_own,
        new_message: row.new_message,
        sealed: row.sealed,
        answered: row.answered_at.is_some(),
        to_complete: row.to_complete && act.is_dissatisfaction() && status != CaseStatus::NotAComplaint,
        to_verify: row.to_verify,
        may_belong: row.may_belong,
        joined_because: row.joined_because.unwrap_or_default(),
        received_at: row.received_at,
        found_in: place(&row.mailbox),
        assigned_to: row.officer,
        found: None,
    })
}

/// The subject, or how the words begin.
pub(super) fn about(subject: &str, words: &str) -> String {
    let subject = subject.trim();
    if !subject.is_empty() {
        return subject.to_owned();
    }
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= ABOUT_CHARS {
        return line;
    }
    let cut: String = line.chars().take(ABOUT_CHARS).collect();
    let whole_words = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole_words} …")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_without_a_subject_shows_how_it_begins() {
        assert_eq!(about(" Transport ", "x"), "Transport");
        assert_eq!(about("", "hi\n is this where\tu complain"), "hi is this where u complain");
        let long = "word ".repeat(40);
        let cut = about("", &long);
        assert!(cut.ends_with("word …") && cut.chars().count() <= ABOUT_CHARS + 2, "{cut}");
        assert_eq!(about("", ""), "");
    }
}
