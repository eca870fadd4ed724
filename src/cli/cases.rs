//! `heard cases export`.

use std::io::Write;

use clap::Subcommand;

use super::Failure;
use crate::{app::database_url, config::Settings, reports::export, store::Store};

/// What can be done with cases.
#[derive(Subcommand, Debug)]
pub enum CasesCommand {
    /// Every case as one JSON line.
    Export,
}

pub(super) async fn run(settings: Settings, database: Option<&str>, command: CasesCommand) -> Result<(), Failure> {
    let CasesCommand::Export = command;
    let store = Store::open(&database_url(&settings, database)?).await?;
    let mut tx = store.begin_read().await?;
    let cases = export::cases(&mut tx).await?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for case in &cases {
        serde_json::to_writer(&mut out, case)?;
        writeln!(out)?;
    }
    out.flush()?;
    drop(tx);
    store.close().await;
    Ok(())
}
