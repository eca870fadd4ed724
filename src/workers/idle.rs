//! Runs everything until there is nothing left to do: for batch use and for measuring.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use super::{Engine, StepError, Watched, label, poll, read, send};
use crate::{intake::mailbox::Mailbox, store::outbox};

/// Fetches every mailbox until it is empty, reads, labels, sends what is due and keeps files, and returns. Every mailbox is tried
/// also when one fails; the first fault is returned at the end.
///
/// # Errors
///
/// [`StepError`] of the first mailbox that failed, or of the database.
pub async fn run_until_idle(
    engine: &Engine,
    mailboxes: Vec<Watched>,
    chat: Option<std::sync::Arc<dyn crate::intake::channel::ChatService>>,
) -> Result<(), StepError> {
    super::count_anew(engine).await?;
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
            match super::chat::drain(engine, &**source).await {
                Ok(()) => {}
                Err(error) => {
                    fault.get_or_insert(error);
                }
            }
        }
        fault
    };
    let fetched = AtomicBool::new(false);
    let fetch = async {
        let fault = fetch.await;
        fetched.store(true, Ordering::Release);
        engine.unread.notify_one();
        fault
    };
    // Reading and sending go on while mail is fetched; neither is ever broken off with something in hand.
    let work = async {
        loop {
            let last = fetched.load(Ordering::Acquire);
            work_off(engine).await?;
            if last {
                return Ok::<_, StepError>(());
            }
            engine.unread.notified().await;
        }
    };
    let (fault, worked) = tokio::join!(fetch, work);
    worked?;
    while label::label_some(engine).await? > 0 {}
    work_off(engine).await?;
    wait_for_leases(engine).await?;
    super::keep_all(engine).await?;
    fault.map_or(Ok(()), Err)
}

/// Fetches one batch of a mailbox, and reads all that is stored. Nothing is sent, and nobody comes back for the rest of large
/// messages: for tests that look at what is there in between.
///
/// # Errors
///
/// [`StepError`].
pub async fn fetch_and_read_once(engine: &Engine, name: &str, source: &mut dyn Mailbox) -> Result<(), StepError> {
    poll::step(engine, name, source).await?;
    while read::read_some(engine).await? > 0 {}
    Ok(())
}

/// Letters in the hands of a program that died come free after a while: they are sent before we call it idle.
async fn wait_for_leases(engine: &Engine) -> Result<(), StepError> {
    loop {
        let now = engine.clock.now();
        let leased = {
            let mut tx = engine.store.begin_read().await?;
            outbox::leased_until(&mut tx, now).await?
        };
        let Some(until) = leased else { return Ok(()) };
        let wait = (until - now).to_std().unwrap_or_default() + Duration::from_millis(50);
        tokio::time::sleep(wait).await;
        work_off(engine).await?;
    }
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
