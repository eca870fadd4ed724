//! Suggestions that came too late for the acknowledgement: asked again, put beside the message, and into an unconfirmed
//! case.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Engine, StepError};
use crate::{casework, intake::prepare::to_label, labelling::policy, procedure::decide::Command, store::intake};

const BATCH: i64 = 16;

/// Labels what is unlabelled until `stop`.
pub(super) async fn run(engine: Engine, stop: CancellationToken) {
    if engine.classifier.is_none() {
        return;
    }
    while super::sleep(None, Duration::from_secs(10), &stop).await {
        while let Ok(n) = label_some(&engine).await {
            if n == 0 || stop.is_cancelled() {
                break;
            }
        }
    }
}

/// Labels messages in cases that have no suggestion yet. Returns how many.
pub(super) async fn label_some(engine: &Engine) -> Result<usize, StepError> {
    let Some(classifier) = &engine.classifier else { return Ok(0) };
    let unlabelled = {
        let mut tx = engine.store.begin_read().await?;
        intake::unlabelled(&mut tx, BATCH).await?
    };
    if unlabelled.is_empty() {
        return Ok(0);
    }
    let texts = unlabelled
        .iter()
        .map(|message| to_label(&engine.office, &message.mailbox, message.channel == "chat", &message.reading));
    let suggestions = classifier.label(texts.collect()).await?;
    let now = engine.clock.now();
    let mut tx = engine.store.begin().await?;
    for (message, suggestion) in unlabelled.iter().zip(&suggestions) {
        intake::put_suggestion(&mut tx, message.id, suggestion, now).await?;
        let lines = engine.lines();
        if !message.opened {
            // What joined a case says nothing of what the case is, but a child at risk is told of at once, late as it is.
            if policy::nature(suggestion, &lines).safeguarding {
                casework::act(&engine.office, &mut tx, message.case_id, None, None, &Command::Worry, now).await?;
            }
        } else {
            let mut nature = policy::nature(suggestion, &lines);
            // What somebody said themselves counts as it did when it came.
            if let Some(kind) = message.reading.form.as_ref().and_then(|form| form.own) {
                nature = kind.with(nature, Some(suggestion), lines.sure_from);
            }
            let command = Command::Suggest(nature);
            casework::act(&engine.office, &mut tx, message.case_id, None, None, &command, now).await?;
        }
    }
    tx.commit().await?;
    Ok(unlabelled.len())
}
