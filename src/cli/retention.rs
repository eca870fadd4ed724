//! `heard retention`: what is due to be looked at, and everything that says who taken out of cases that were decided on.

use std::io::Write;

use clap::Args;
use serde::Serialize;

use super::Failure;
use crate::{
    app::{database_url, files_folder},
    casework::{self, Listed, Office},
    clock::{Clock, long_date},
    config::Settings,
    desk::what_goes,
    ids::{CaseReference, Uuid},
    procedure::retention::Stand,
    store::{Store, cases, files::FileStore, officers, retention::Gone},
    web::access::Role,
};

/// What is wanted.
#[derive(Args, Debug)]
pub(super) struct RetentionArguments {
    /// Take everything that says who out of these cases. Without --yes nothing happens, and it is said what would.
    #[arg(long, value_name = "REFERENCE", num_args = 1.., conflicts_with = "decided", requires = "by")]
    anonymise: Vec<CaseReference>,
    /// The same for every case of which a complaints manager decided that it may go.
    #[arg(long, requires = "by")]
    decided: bool,
    /// The complaints manager who does it, by their account's address; kept with the cases.
    #[arg(long, value_name = "ADDRESS")]
    by: Option<String>,
    /// Do it.
    #[arg(long)]
    yes: bool,
}

/// A case in the list.
#[derive(Serialize)]
struct Line {
    reference: String,
    /// `due`, `by-hand`, `to-anonymise`, `soon` or `held`.
    state: &'static str,
    on: Option<chrono::NaiveDate>,
    because: String,
}

/// What went of one case, or would.
#[derive(Serialize)]
struct Went {
    reference: String,
    /// Why nothing can go.
    refused: Option<String>,
    rows: Gone,
}

/// What was done.
#[derive(Serialize)]
struct Report {
    dry_run: bool,
    cases: Vec<Went>,
    files_removed: usize,
}

pub(super) async fn run(
    settings: Settings,
    database: Option<&str>,
    arguments: RetentionArguments,
    json: bool,
) -> Result<(), Failure> {
    let office = Office::open(&settings)?;
    let url = database_url(&settings, database)?;
    let store = Store::open(&url).await?;
    let files = FileStore::in_folder(&files_folder(&settings, &url))?;
    let done = act(&office, &store, &files, arguments, json).await;
    store.close().await;
    done
}

async fn act(
    office: &Office,
    store: &Store,
    files: &FileStore,
    arguments: RetentionArguments,
    json: bool,
) -> Result<(), Failure> {
    office.take_up_holidays(&mut store.begin_read().await?).await?;
    let now = Clock::system().now();
    let mut out = std::io::stdout().lock();
    if arguments.anonymise.is_empty() && !arguments.decided {
        let listed = casework::due_for_review(office, &mut store.begin_read().await?, None, now).await?;
        let lines: Vec<Line> = listed.into_iter().map(line).collect();
        if json {
            writeln!(out, "{}", serde_json::to_string_pretty(&lines)?)?;
        } else {
            list(&mut out, &lines)?;
        }
        return Ok(());
    }
    let by = manager(store, arguments.by.as_deref().unwrap_or_default()).await?;
    let wanted: Vec<String> = if arguments.decided {
        let listed = casework::due_for_review(office, &mut store.begin_read().await?, Some(by), now).await?;
        listed.into_iter().filter(|one| one.stand == Stand::ToAnonymise).map(|one| one.reference).collect()
    } else {
        arguments.anonymise.iter().map(ToString::to_string).collect()
    };
    let mut report = Report { dry_run: !arguments.yes, cases: Vec::new(), files_removed: 0 };
    for reference in wanted {
        // Each case in a transaction of its own: what one is refused for does not hold up the others.
        let mut tx = store.begin().await?;
        let Some(id) = cases::by_reference(&mut tx, &reference).await? else {
            let refused = Some("there is no case with this reference".to_owned());
            report.cases.push(Went { reference, refused, rows: Gone::default() });
            continue;
        };
        match casework::anonymise(office, &mut tx, (id, None), by, now).await {
            Ok(rows) => {
                if arguments.yes {
                    let what = format!("anonymised the case: {} entries", rows.rows());
                    officers::audit(&mut tx, Some(by), &what, Some(id), now).await?;
                    tx.commit().await?;
                }
                report.cases.push(Went { reference, refused: None, rows });
            }
            Err(why) => report.cases.push(Went { reference, refused: Some(why.to_string()), rows: Gone::default() }),
        }
    }
    if arguments.yes {
        report.files_removed = casework::sweep_files(store, files).await?;
        store.erase_log().await?;
    }
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        say(&mut out, &report)?;
    }
    if report.cases.iter().any(|one| one.refused.is_some()) {
        return Err("not every case could be anonymised".into());
    }
    Ok(())
}

/// The account of the complaints manager who does it.
async fn manager(store: &Store, address: &str) -> Result<Uuid, Failure> {
    let accounts = officers::all(&mut store.begin_read().await?).await?;
    let found = accounts.into_iter().find(|one| one.active && one.email.eq_ignore_ascii_case(address.trim()));
    match found {
        Some(one) if one.role == Role::ComplaintsManager.as_str() => Ok(one.id),
        Some(_) => Err("only a complaints manager decides that: name another account with --by".into()),
        None => Err("no account has this address: name a complaints manager with --by".into()),
    }
}

fn line(listed: Listed) -> Line {
    let (state, on, because) = match listed.stand {
        Stand::Due { since, because } => ("due", Some(since), because),
        Stand::ByHand { since, because } => ("by-hand", Some(since), because),
        Stand::Kept { until, because } => ("soon", Some(until), because),
        Stand::ToAnonymise => ("to-anonymise", None, String::new()),
        _ => ("held", None, String::new()),
    };
    Line { reference: listed.reference, state, on, because }
}

fn list(out: &mut impl Write, lines: &[Line]) -> std::io::Result<()> {
    for (state, title) in [
        ("due", "To be looked at:"),
        ("by-hand", "May be looked at, and never fall due by themselves:"),
        ("to-anonymise", "Decided, to be anonymised:"),
        ("soon", "Soon:"),
        ("held", "On hold:"),
    ] {
        let these: Vec<&Line> = lines.iter().filter(|line| line.state == state).collect();
        if these.is_empty() {
            continue;
        }
        writeln!(out, "{title}")?;
        for line in these {
            let on = line.on.map(long_date).unwrap_or_default();
            writeln!(out, "  {}  {on}  {}", line.reference, line.because)?;
        }
    }
    if lines.is_empty() {
        writeln!(out, "Nothing is due.")?;
    }
    writeln!(out, "Nothing goes by itself: a complaints manager decides on each case, on the page How long kept.")
}

fn say(out: &mut impl Write, report: &Report) -> std::io::Result<()> {
    for case in &report.cases {
        match &case.refused {
            Some(why) => writeln!(out, "{}: {why}", case.reference)?,
            None => {
                writeln!(out, "{}:", case.reference)?;
                for (table, n) in &case.rows.0 {
                    writeln!(out, "  {n:>6}  {table}: {}", what_goes(table))?;
                }
            }
        }
    }
    if report.cases.is_empty() {
        writeln!(out, "No case was decided on.")?;
    } else if report.dry_run {
        writeln!(out, "Nothing was done: with --yes it is. It cannot be undone.")?;
    } else {
        writeln!(
            out,
            "Done; {} files were removed. Backups from before hold it until they age out.",
            report.files_removed
        )?;
    }
    Ok(())
}
