//! `heard due`: a due date and its rule, or a whole file of them.

use std::{fs::File, io::Write, path::PathBuf, process::ExitCode};

use clap::Args;

use super::{Failure, holidays};
use crate::{
    app::database_url,
    clock::long_date,
    config::Settings,
    procedure::{
        due::{RuleBook, due_batch, due_single},
        duties::Duties,
        working_days::Calendar,
    },
};

/// Which clock, and from when.
#[derive(Args, Debug)]
pub struct DueArguments {
    /// statutory, corporate, `data_protection` or calendar.
    #[arg(long, required_unless_present = "batch")]
    procedure: Option<String>,
    /// Name of the clock, e.g. `stage1_response_due` or S1-10.
    #[arg(long, required_unless_present = "batch")]
    clock: Option<String>,
    /// When it starts: 2026-11-23, 2026-11-23T09:15 or with an offset.
    #[arg(long, required_unless_present = "batch")]
    from: Option<String>,
    /// CSV with the columns procedure, event, `start_datetime_local`, param; each row is printed with `computed_date`.
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["procedure", "clock", "from"])]
    batch: Option<PathBuf>,
}

pub(super) async fn run(
    settings: Option<&Settings>,
    database: Option<&str>,
    arguments: &DueArguments,
    json: bool,
) -> Result<ExitCode, Failure> {
    let calendar = match settings {
        Some(settings) => {
            let given = holidays::given(&database_url(settings, database)?).await?;
            Calendar::of(&given, &settings.council.closures, &settings.council.extra_bank_holidays)
        }
        None => Calendar::england(&[], &[]),
    };
    let duties = match settings {
        Some(settings) => Duties::in_use(&settings.procedures.folder)?,
        None => Duties::built_in()?,
    };
    let book = RuleBook { duties, calendar };
    let mut out = std::io::stdout().lock();
    if let Some(path) = &arguments.batch {
        let file = File::open(path).map_err(|cause| format!("{}: {cause}", path.display()))?;
        let outcome = due_batch(file, &mut out, &book)?;
        for failed in &outcome.failed {
            eprintln!("heard: {failed}");
        }
        return Ok(if outcome.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let (Some(procedure), Some(clock), Some(from)) = (&arguments.procedure, &arguments.clock, &arguments.from) else {
        return Err("name --procedure, --clock and --from, or --batch FILE.csv".into());
    };
    let answer = due_single(procedure, clock, from, &book)?;
    if json {
        writeln!(out, "{}", serde_json::to_string(&answer)?)?;
    } else {
        writeln!(out, "{}\n{}", long_date(answer.due), answer.rule)?;
    }
    Ok(ExitCode::SUCCESS)
}
