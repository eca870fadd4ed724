//! Follows the bank holidays: takes up newer ones while the program runs, and counts open cases anew by them.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Engine, StepError};
use crate::{
    casework::{CaseworkError, Recounted, recount},
    clock::london_date,
    ids::Uuid,
    store::holidays,
};

/// How often it is asked whether there are newer ones.
const EVERY: Duration = Duration::from_secs(5);

/// What became of the open cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecountCounts {
    /// Their dates are the same.
    pub unmoved: usize,
    /// Nobody had been told a date that moved.
    pub moved: usize,
    /// Somebody had, and the date that they were told is kept.
    pub kept: usize,
    /// The calendar ends too early for them, or their history is broken.
    pub failed: usize,
    /// Somebody else was at work on them: they come next time.
    pub busy: usize,
}

/// Follows until `stop`.
pub(super) async fn run(engine: Engine, stop: CancellationToken) {
    let mut counted: Option<String> = None;
    loop {
        match follow(&engine, counted.as_deref(), &stop).await {
            Ok(by) => counted = by,
            Err(error) => tracing::warn!(sort = error.sort(), "open cases were not counted anew; it is tried again"),
        }
        if !super::sleep(None, EVERY, &stop).await {
            return;
        }
    }
}

/// `counted`: by which calendar all open cases were counted last. Returns the same of now.
async fn follow(engine: &Engine, counted: Option<&str>, stop: &CancellationToken) -> Result<Option<String>, StepError> {
    engine.office.take_up_holidays(&mut engine.store.begin_read().await?).await?;
    let version = engine.office.calendar_version();
    if counted == Some(&*version) {
        return Ok(Some(version.to_string()));
    }
    warn_if_it_runs_out(engine);
    let counts = all_open(engine, stop).await?;
    Ok((counts.busy == 0 && !stop.is_cancelled()).then(|| version.to_string()))
}

/// Takes up the newest bank holidays, and counts the open cases anew that were counted by others: one after the other, each in
/// a transaction of its own. A second run changes nothing, and after a kill the next one goes on.
///
/// # Errors
///
/// The database's.
pub async fn look(engine: &Engine) -> Result<RecountCounts, StepError> {
    engine.office.take_up_holidays(&mut engine.store.begin_read().await?).await?;
    all_open(engine, &CancellationToken::new()).await
}

async fn all_open(engine: &Engine, stop: &CancellationToken) -> Result<RecountCounts, StepError> {
    let version = engine.office.calendar_version();
    let mut counts = RecountCounts::default();
    let mut last = Uuid::nil();
    loop {
        let some = holidays::to_count(&mut engine.store.begin_read().await?, &version, last).await?;
        let Some(end) = some.last() else { break };
        last = *end;
        for case in some {
            if stop.is_cancelled() {
                return Ok(counts);
            }
            match one(engine, case).await {
                Ok(Recounted::Before) => {}
                Ok(Recounted::Unmoved) => counts.unmoved += 1,
                Ok(Recounted::Moved) => counts.moved += 1,
                Ok(Recounted::Kept) => counts.kept += 1,
                Err(CaseworkError::Changed) => counts.busy += 1,
                Err(CaseworkError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::error!(%case, sort = StepError::from(error).sort(), "a case could not be counted anew: look at its dates by hand");
                    counts.failed += 1;
                }
            }
        }
    }
    if counts != RecountCounts::default() {
        let RecountCounts { unmoved, moved, kept, failed, busy } = counts;
        tracing::info!(%version, unmoved, moved, kept, failed, busy, "open cases were counted anew");
    }
    Ok(counts)
}

async fn one(engine: &Engine, case: Uuid) -> Result<Recounted, CaseworkError> {
    let mut tx = engine.store.begin().await?;
    let done = recount(&engine.office, &mut tx, case, engine.clock.now()).await?;
    tx.commit().await?;
    Ok(done)
}

fn warn_if_it_runs_out(engine: &Engine) {
    let calendar = engine.office.calendar();
    if calendar.runs_out(london_date(engine.clock.now())) {
        tracing::warn!(known_until = %calendar.known_until, "fewer than 12 months of known bank holidays lie ahead; {}", crate::procedure::bank_holidays::REMEDY);
    }
}
