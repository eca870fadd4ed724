//! `heard holidays`: the bank holidays that are known, and how a council changes them without a new version of the program.

use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use clap::{Args, Subcommand};
use serde::Serialize;

use super::Failure;
use crate::{
    app::database_url,
    clock::{Clock, london_date, long_date},
    config::Settings,
    procedure::{
        bank_holidays::{Changes, Day, Days, Given, HolidaysError, read},
        working_days::Calendar,
    },
    store::{
        Store,
        holidays::{self, Version},
    },
};

/// The largest file that is looked at, in bytes; gov.uk's has about 30 000.
const LARGEST: u64 = 2_000_000;

/// What can be done with bank holidays.
#[derive(Subcommand, Debug)]
pub(super) enum HolidaysCommand {
    /// Take all bank holidays of some years from a file, in place of what is known of these years.
    Import {
        /// gov.uk's bank-holidays.json, or a CSV with the columns date and title; - reads standard input.
        file: PathBuf,
        #[command(flatten)]
        how: How,
    },
    /// List the bank holidays that are in use.
    List {
        /// Of one year only.
        #[arg(long)]
        year: Option<i32>,
    },
    /// Add one day.
    Add {
        /// The day, e.g. 2027-05-10.
        date: NaiveDate,
        /// What it is called.
        title: String,
        #[command(flatten)]
        how: How,
    },
    /// Take one day away.
    Remove {
        /// The day, e.g. 2027-05-10.
        date: NaiveDate,
        #[command(flatten)]
        how: How,
    },
}

/// How a change is made.
#[derive(Args, Debug, Default)]
pub(super) struct How {
    /// Say what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Who gives them; kept with the version.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// What a change did.
#[derive(Serialize)]
struct Report {
    /// The version that is in use now.
    version: i64,
    /// It is a new one.
    stored: bool,
    dry_run: bool,
    #[serde(flatten)]
    changes: Changes,
    known_until: NaiveDate,
}

/// What is in use.
#[derive(Serialize)]
struct Listed {
    /// 0: as shipped.
    version: i64,
    given_at: Option<DateTime<Utc>>,
    given_by: Option<String>,
    what: Option<String>,
    /// Years that are the council's own; the others are as shipped.
    given_years: Vec<i32>,
    known_from: NaiveDate,
    known_until: NaiveDate,
    calendar_version: String,
    days: Vec<Day>,
}

pub(super) async fn run(
    settings: Settings,
    database: Option<&str>,
    command: HolidaysCommand,
    json: bool,
) -> Result<(), Failure> {
    // A file that is no list is told before a database is opened, or made.
    let imported = match &command {
        HolidaysCommand::Import { file, .. } => Some(read_file(file)?),
        _ => None,
    };
    let store = Store::open(&database_url(&settings, database)?).await?;
    let done = act(&settings, &store, command, imported, json).await;
    store.close().await;
    done
}

async fn act(
    settings: &Settings,
    store: &Store,
    command: HolidaysCommand,
    imported: Option<Days>,
    json: bool,
) -> Result<(), Failure> {
    let newest = holidays::newest(&mut store.begin_read().await?).await?;
    let known = newest.as_ref().map(|newest| newest.given.clone()).unwrap_or_default();
    let extra = &settings.council.extra_bank_holidays;
    let (new, how, what) = match command {
        HolidaysCommand::List { year } => return list(settings, newest, year, json),
        HolidaysCommand::Import { how, .. } => (known.import(imported.unwrap_or_default())?, how, "import".to_owned()),
        HolidaysCommand::Add { date, title, how } => {
            let what = format!("{date} added");
            if extra.contains(&date) {
                let there = "an extra day in the settings ([council] extra_bank_holidays)".to_owned();
                return Err(HolidaysError::Known(date, there).into());
            }
            (known.add(date, &title)?, how, what)
        }
        HolidaysCommand::Remove { date, how } => {
            if extra.contains(&date) {
                return Err(format!(
                    "{} stands in the settings: take it out of [council] extra_bank_holidays, and restart Heard",
                    long_date(date)
                )
                .into());
            }
            (known.remove(date)?, how, format!("{date} taken away"))
        }
    };
    let changes = known.changes(&new);
    let number = newest.map_or(0, |newest| newest.number);
    let stored = !changes.is_empty() && !how.dry_run;
    let known_until = Calendar::of(&new, &[], &[]).known_until;
    if stored {
        let by = how.by.map(|by| by.trim().to_owned()).filter(|by| !by.is_empty());
        let version = Version { number: number + 1, made_at: Clock::system().now(), made_by: by, what, given: new };
        let mut tx = store.begin().await?;
        if !holidays::put(&mut tx, &version).await? {
            return Err(
                "somebody else changed the bank holidays at this moment: nothing was stored; do it again".into()
            );
        }
        tx.commit().await?;
    }
    let report = Report { version: number + i64::from(stored), stored, dry_run: how.dry_run, changes, known_until };
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        say(&mut out, &report)?;
    }
    Ok(())
}

fn say(out: &mut impl Write, report: &Report) -> std::io::Result<()> {
    let Report { version, stored, dry_run, changes, known_until } = report;
    for (word, days) in [("added", &changes.added), ("removed", &changes.removed)] {
        for day in days {
            writeln!(out, "{word:<8} {}  {}", long_date(day.date), day.title)?;
        }
    }
    if !changes.new_years.is_empty() {
        let years: Vec<String> = changes.new_years.iter().map(ToString::to_string).collect();
        writeln!(out, "known now, too: {}", years.join(", "))?;
    }
    if changes.is_empty() {
        writeln!(out, "Nothing changes: these bank holidays are known already.")?;
    }
    if *stored {
        writeln!(
            out,
            "Stored as version {version}. Heard takes it up within seconds while it runs, else when it starts, and counts open cases anew; a date that a family was told never moves earlier."
        )?;
    } else if *dry_run && !changes.is_empty() {
        writeln!(out, "Nothing was stored: without --dry-run it would be.")?;
    }
    writeln!(out, "Bank holidays are known until {}.", long_date(*known_until))
}

fn list(settings: &Settings, newest: Option<Version>, year: Option<i32>, json: bool) -> Result<(), Failure> {
    let given = newest.as_ref().map(|newest| newest.given.clone()).unwrap_or_default();
    let extra = &settings.council.extra_bank_holidays;
    let calendar = Calendar::of(&given, &[], extra);
    let mut days = given.all();
    for day in extra {
        days.entry(*day).or_insert_with(|| "Extra day in the settings".to_owned());
    }
    let wanted = |date: &NaiveDate| year.is_none_or(|year| date.year() == year);
    let listed = Listed {
        version: newest.as_ref().map_or(0, |newest| newest.number),
        given_at: newest.as_ref().map(|newest| newest.made_at),
        given_by: newest.as_ref().and_then(|newest| newest.made_by.clone()),
        what: newest.as_ref().map(|newest| newest.what.clone()),
        given_years: given.years.iter().copied().collect(),
        known_from: calendar.known_from,
        known_until: calendar.known_until,
        calendar_version: calendar.version(),
        days: days.into_iter().filter(|(date, _)| wanted(date)).map(|(date, title)| Day { date, title }).collect(),
    };
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&listed)?)?;
        return Ok(());
    }
    for day in &listed.days {
        writeln!(out, "{}  {:<9}  {}", day.date, day.date.format("%A"), day.title)?;
    }
    match &newest {
        None => writeln!(out, "These are the bank holidays that came with Heard; none were given here.")?,
        Some(Version { number, made_at, made_by, what, given }) => {
            let by = made_by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
            let years: Vec<String> = given.years.iter().map(ToString::to_string).collect();
            writeln!(
                out,
                "Version {number} of {}{by} ({what}). Given here: {}. The other years are as they came with Heard.",
                long_date(london_date(*made_at)),
                years.join(", ")
            )?;
        }
    }
    writeln!(out, "Bank holidays are known until {}.", long_date(listed.known_until))?;
    Ok(())
}

fn read_file(path: &Path) -> Result<Days, Failure> {
    let mut bytes = Vec::new();
    let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
    let fault = |cause: std::io::Error| format!("{name}: {cause}");
    if path == Path::new("-") {
        std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).map_err(fault)?;
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(fault)?;
    }
    if bytes.len() as u64 > LARGEST {
        return Err(format!("{name}: {}", HolidaysError::NotAList("it is too large".to_owned())).into());
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| format!("{name}: {}", HolidaysError::NotAList("it is no text in UTF-8".to_owned())))?;
    read(&text).map_err(|error| format!("{name}: {error}").into())
}

/// The bank holidays that were given to the database at `url`, if there is one.
pub(super) async fn given(url: &str) -> Result<Given, Failure> {
    // A question about a date makes no database.
    let there = match url.strip_prefix("sqlite://") {
        Some(path) => Path::new(path.split('?').next().unwrap_or_default()).exists(),
        None => true,
    };
    if !there {
        return Ok(Given::default());
    }
    let store = Store::open(url).await?;
    let newest = async { holidays::newest(&mut store.begin_read().await?).await }.await;
    store.close().await;
    Ok(newest?.map(|newest| newest.given).unwrap_or_default())
}
