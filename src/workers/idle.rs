//! Runs everything until there is nothing left to do: for batch use and for measuring.

use super::{Engine, StepError, Watched, label, poll, read, send};

/// Fetches every mailbox until it is empty, reads, labels and sends what is due, and returns. Every mailbox is tried
/// also when one fails; the first fault is returned at the end.
///
/// # Errors
///
/// [`StepError`] of the first mailbox that failed, or of the database.
pub async fn run_until_idle(
    engine: &Engine,
    mailboxes: Vec<Watched>,
    chat: Option<crate::intake::telegram::TelegramSource>,
) -> Result<(), StepError> {
    let fetch = async {
        let mut fault = None;
        for mut watched in mailboxes {
            loop {
                match poll::step(engine, &watched.name, &mut *watched.source).await {
                    Ok(0) => break,
                    Ok(_) => {}
                    Err(error) => {
                        poll::say_bad(engine, &watched.name, &error).await;
                        fault.get_or_insert(error);
                        break;
                    }
                }
            }
        }
        if let Some(source) = &chat {
            match super::chat::drain(engine, source).await {
                Ok(()) => {}
                Err(error) => {
                    fault.get_or_insert(error);
                }
            }
        }
        fault
    };
    // Reading and sending go on while mail is fetched; afterwards once more until nothing is left.
    let work = async {
        loop {
            work_off(engine).await?;
            engine.unread.notified().await;
        }
    };
    let fault = tokio::select! {
        fault = fetch => fault,
        stopped = work => { let stopped: Result<(), StepError> = stopped; stopped?; None }
    };
    work_off(engine).await?;
    while label::label_some(engine).await? > 0 {}
    work_off(engine).await?;
    fault.map_or(Ok(()), Err)
}

async fn work_off(engine: &Engine) -> Result<(), StepError> {
    let reading = async {
        while read::read_some(engine).await? > 0 {}
        Ok::<_, StepError>(())
    };
    reading.await?;
    while send::send_due(engine).await? > 0 {}
    Ok(())
}
