//! Who did and saw what: the lines of the audit, and what officers did to cases, in words that give nothing of a case away.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Answer, StoreSettings};
use crate::{
    clock::{london_date, london_time},
    desk::{capital, count},
    elusion::sample::Span,
    ids::Uuid,
    procedure::event::{Event, Retention, Safeguarding},
    reports::spreadsheet,
    store::{
        Tx, officers,
        settings::{self, AuditRow, AuditWanted, By},
    },
    web::{
        desk::DeskError,
        settings_views::{AuditAsk, AuditLine, AuditView},
        views::Officer,
    },
};

/// Lines on a page.
const ON_A_PAGE: i64 = 50;
/// Lines in a table: what a spreadsheet still opens well.
const IN_A_TABLE: i64 = 50_000;
/// Before there was any.
const FIRST_DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2000, 1, 1);
/// What nobody with an account did.
const PROGRAM: &str = "Heard, or the command line";

fn span(ask: &AuditAsk, now: DateTime<Utc>) -> Span {
    let today = london_date(now);
    match ask.on {
        Some(day) => Span { from_on: day, to_on: day },
        None => Span { from_on: FIRST_DAY.unwrap_or(today), to_on: today },
    }
}

async fn lines(
    tx: &mut Tx,
    ask: &AuditAsk,
    (reader, with_cases): (Uuid, bool),
    now: DateTime<Utc>,
    (limit, offset): (i64, i64),
) -> Answer<(u64, Vec<AuditLine>)> {
    let (from, to) = span(ask, now).instants();
    let by = ask.by.map(|by| by.map_or(By::Nobody, By::Officer));
    let wanted = AuditWanted { reader, with_cases, by, kind: &ask.kind, from, to, limit, offset };
    let rows = settings::audit(tx, &wanted).await?;
    let total = rows.first().map_or(0, |row| count(row.total));
    Ok((total, rows.into_iter().map(line).collect()))
}

pub(super) async fn view(
    desk: &StoreSettings,
    ask: &AuditAsk,
    (who, with_cases): (&Officer, bool),
    now: DateTime<Utc>,
) -> Answer<AuditView> {
    let mut tx = desk.store.begin_read().await?;
    let page = ask.page.max(1);
    let offset = (i64::from(page) - 1).saturating_mul(ON_A_PAGE);
    let (total, lines) = lines(&mut tx, ask, (who.id, with_cases), now, (ON_A_PAGE, offset)).await?;
    let mut people: Vec<(Uuid, String)> =
        officers::all(&mut tx).await?.into_iter().map(|officer| (officer.id, officer.name)).collect();
    people.sort_by_key(|(_, name)| name.to_lowercase());
    let per_page = u64::try_from(ON_A_PAGE).unwrap_or(1);
    let pages = u32::try_from(total.div_ceil(per_page)).unwrap_or(u32::MAX).max(1);
    Ok(AuditView { lines, total, page, pages, people })
}

pub(super) async fn table(
    desk: &StoreSettings,
    ask: &AuditAsk,
    (who, with_cases): (&Officer, bool),
    now: DateTime<Utc>,
) -> Answer<Vec<u8>> {
    let mut tx = desk.store.begin().await?;
    let (total, lines) = lines(&mut tx, ask, (who.id, with_cases), now, (IN_A_TABLE, 0)).await?;
    let what = format!("exported the audit: {} of {total} lines", lines.len());
    officers::audit(&mut tx, Some(who.id), &what, None, now).await?;
    tx.commit().await?;
    let rows = lines.into_iter().map(|line| {
        let at = london_time(line.at).format("%Y-%m-%d %H:%M:%S").to_string();
        vec![at, line.by, line.email, line.kind, line.what, line.reference.unwrap_or_default(), line.key]
    });
    let head = ["when (London)", "who", "address", "sort", "what", "case", "key"];
    spreadsheet::csv(&head, rows).map_err(|fault| DeskError::Unavailable(fault.to_string()))
}

fn line(row: AuditRow) -> AuditLine {
    let (what, key) = match &row.body {
        Some(event) => (done(&event.0).to_owned(), String::new()),
        None => words(&row.what),
    };
    AuditLine {
        at: row.at,
        by: row.officer.unwrap_or_else(|| PROGRAM.to_owned()),
        email: row.email.unwrap_or_default(),
        what,
        key,
        kind: row.kind,
        reference: row.reference,
    }
}

/// A line of the audit in words, and the key of what it is about apart from them.
fn words(what: &str) -> (String, String) {
    match what.rsplit_once(": ").filter(|(_, key)| key.parse::<Uuid>().is_ok()) {
        Some((what, key)) => (capital(what), key.to_owned()),
        None => (capital(what), String::new()),
    }
}

/// What an officer did to a case. No names, references or reasons: they are the case's.
fn done(event: &Event) -> &'static str {
    match event {
        Event::Opened { .. } => "Opened the case",
        Event::MessageAdded { .. } => "Added a message",
        Event::Suggested { .. } => "Suggested what it is",
        Event::Acknowledged { .. } => "Let the acknowledgement go",
        Event::NotAcknowledged { .. } => "No acknowledgement went",
        Event::Alerted => "Alert written",
        Event::Safeguarding(Safeguarding::Read { .. }) => "Acknowledged the alert",
        Event::Safeguarding(_) => "Wrote down something about safeguarding",
        Event::Confirmed => "Confirmed what it is",
        Event::Reclassified { .. } => "Changed what it is",
        Event::Dismissed { .. } => "Said that it is not a complaint",
        Event::Assigned { .. } => "Took the case or gave it to somebody",
        Event::LetterDropped { .. } => "Decided that a letter is not sent",
        Event::LetterReported { .. } => "A letter was reported on",
        Event::LetterSettled { .. } => "Said what became of a letter",
        Event::LetterSentAgain { .. } => "Sent a letter again",
        Event::ComplainantUnsure { .. } => "The complainant is not certain",
        Event::ComplainantSet { .. } => "Said whose complaint it is",
        Event::SenderAccepted { .. } => "Said that a sender belongs to the case",
        Event::SamePerson { .. } => "Said that an address is the complainant’s",
        Event::AnotherPerson { .. } => "Said that an address is not the complainant’s",
        Event::GroupSet { .. } => "Said who complains together",
        Event::SubjectsNamed { .. } => "Somebody it may be about was found",
        Event::SubjectSet { .. } => "Said whom it is about, or is not",
        Event::ManagerAdmitted { .. } => "Let a line manager deal with it",
        Event::PointsSet { .. } => "Wrote down the points of complaint",
        Event::Answered { .. } => "Gave the answer",
        Event::Step { step, .. } => step.kind().done(),
        Event::ContributionGiven { .. } => "A contribution came",
        Event::Extended { .. } => "Told the family that it takes longer",
        Event::CheckedIn { .. } => "Asked how the family was treated since",
        Event::Closed { .. } => "Closed the case",
        Event::Reopened { .. } => "Opened the case again",
        Event::MessagesMoved { .. } => "Moved messages to another case",
        Event::MessagesCame { .. } => "Moved messages here",
        Event::MergedInto { .. } => "Merged the case into another",
        Event::WentBack { .. } => "Took a moving of messages back",
        Event::MergedFrom(_) => "Merged another case into this one",
        Event::KeptApart { .. } => "Said that another case is another matter",
        Event::Tied { .. } => "Tied the case to a joint complaint",
        Event::Untied { .. } => "Took the case out of a joint complaint",
        Event::MovedOut { .. } => "Made a message a case of its own",
        Event::MayBelong { .. } => "It may belong to another case",
        Event::Recounted { .. } => "Counted anew by the bank holidays",
        Event::Retention(Retention::Held { .. }) => "Said that nothing of the case may go",
        Event::Retention(Retention::Lifted { .. }) => "Lifted the hold",
        Event::Retention(Retention::Until { .. }) => "Reviewed it: it is kept",
        Event::Retention(Retention::ToAnonymise { .. }) => "Reviewed it: everything that says who may go",
        Event::Retention(Retention::Born { .. }) => "Wrote down when the child was born",
        Event::Retention(Retention::Anonymised { .. }) => "Everything that says who was taken out",
        Event::Undone { .. } => "Took the last thing back",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_shown_apart_from_the_words_and_words_with_a_colon_stay_whole() {
        let key = Uuid::from_u128(7).to_string();
        assert_eq!(words(&format!("opened a file: {key}")), ("Opened a file".to_owned(), key));
        assert_eq!(words("opened case"), ("Opened case".to_owned(), String::new()));
        let account = "account added: rowan.bell@calderbeck.example";
        assert_eq!(words(account), (capital(account), String::new()));
    }
}
