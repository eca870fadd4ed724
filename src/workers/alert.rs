//! Tells somebody, on another channel than mail, what keeps families' messages from being read or answered.
//!
//! An alert is claimed in the database, carried out, and marked: of several programs on one database one tells it, and a
//! program that dies in between leaves it to the next. It may then be told twice, never not at all.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use super::Engine;
use crate::{
    alerts::{
        Trouble,
        channels::Channel,
        conditions::{Condition, Facts, MailboxFact, Rules, SendingFact, TokenFact, conditions},
        due::{Open, Step, due},
        words::{self, Letterhead},
    },
    oauth::TokenFault,
    store::{StoreError, Stored, Tx, alerts as kept, intake, tokens},
};

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(15);
/// And where every fault is told at once.
const AT_ONCE: Duration = Duration::from_secs(1);
/// For how long telling is claimed: longer than all channels together take.
const CLAIM: TimeDelta = TimeDelta::minutes(2);
/// When nobody could be reached, it is tried again after this time.
const AGAIN: TimeDelta = TimeDelta::minutes(1);

/// Who is told what.
#[derive(Clone)]
pub struct Alerting {
    /// What is told, and when.
    pub rules: Rules,
    /// What stands around it.
    pub head: Letterhead,
    /// Who carries it.
    pub channels: Vec<Arc<dyn Channel>>,
}

/// What is known without the database, when that is the fault.
#[derive(Debug, Default)]
pub struct Memory {
    failing_since: Option<DateTime<Utc>>,
    told_at: Option<DateTime<Utc>>,
    /// Told, and not marked in the database yet.
    unmarked: Vec<(String, Mark)>,
}

/// What became of an alert.
#[derive(Clone, Copy, Debug)]
enum Mark {
    Told,
    Later,
    Over,
}

/// The database failed; what it keeps us from telling has been so since then.
struct Failed {
    error: StoreError,
    since: Option<DateTime<Utc>>,
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self { error, since: None }
    }
}

/// Looks and tells until `stop`.
pub(super) async fn run(engine: Engine, alerting: Alerting, stop: CancellationToken) {
    let every = if alerting.rules.after.is_zero() { AT_ONCE } else { EVERY };
    let mut memory = Memory::default();
    while super::sleep(None, every, &stop).await {
        look(&engine, &alerting, &mut memory).await;
    }
}

/// Looks once, and tells what is due.
pub async fn look(engine: &Engine, alerting: &Alerting, memory: &mut Memory) {
    match tell_what_is_due(engine, alerting, memory).await {
        Ok(()) => database_works(alerting, memory).await,
        Err(failed) => database_fails(engine, alerting, memory, &failed).await,
    }
}

async fn tell_what_is_due(engine: &Engine, alerting: &Alerting, memory: &mut Memory) -> Result<(), Failed> {
    // What could not be marked would be told again.
    mark(engine, memory).await?;
    let now = engine.clock.now();
    let (facts, open) = {
        let mut tx = engine.store.begin_read().await?;
        (facts(&mut tx).await?, open(&mut tx).await?)
    };
    let conditions = conditions(&alerting.rules, &facts, now);
    let steps = due(&conditions, &open, alerting.rules.repeat, now);
    if steps.is_empty() {
        return Ok(());
    }
    let since = conditions.iter().map(|condition| condition.since).min();
    let claimed = claim(engine, &steps, &open, now).await.map_err(|error| Failed { error, since })?;
    let (mut wrong, mut mended) = (Vec::new(), Vec::new());
    for step in steps.iter().filter(|step| claimed.contains(step.about())) {
        match step {
            Step::Tell(condition) => wrong.push((*condition, false)),
            Step::Remind(condition) => wrong.push((*condition, true)),
            Step::Clear(open) => mended.push(*open),
            Step::Forget(open) => memory.unmarked.push((open.about.clone(), Mark::Over)),
        }
    }
    if !wrong.is_empty() || !mended.is_empty() {
        let told = tell(alerting, &words::message(&alerting.head, &wrong, &mended)).await;
        for (condition, again) in wrong {
            let what = if again { "still does not work" } else { "does not work" };
            tracing::warn!(about = condition.about, told, "{what}");
            memory.unmarked.push((condition.about.clone(), if told { Mark::Told } else { Mark::Later }));
        }
        for open in mended {
            tracing::info!(about = open.about, told, "works again");
            memory.unmarked.push((open.about.clone(), if told { Mark::Over } else { Mark::Later }));
        }
    }
    Ok(mark(engine, memory).await?)
}

/// Takes it on to carry the steps out; another program may be quicker.
async fn claim(
    engine: &Engine,
    steps: &[Step<'_>],
    open: &[Open],
    now: DateTime<Utc>,
) -> Result<BTreeSet<String>, StoreError> {
    let (who, until) = (engine.name.as_str(), now + CLAIM);
    let mut tx = engine.store.begin().await?;
    let mut claimed = BTreeSet::new();
    for step in steps {
        let told_at = open.iter().find(|one| one.about == step.about()).and_then(|one| one.told_at);
        let ours = match step {
            Step::Tell(condition) => {
                let Condition { about, title, since, .. } = condition;
                kept::claim_new(&mut tx, about, title, *since, who, until, now).await?
            }
            _ => kept::claim(&mut tx, step.about(), told_at, who, until, now).await?,
        };
        if ours {
            claimed.insert(step.about().to_owned());
        }
    }
    tx.commit().await?;
    Ok(claimed)
}

/// Writes down what was told.
async fn mark(engine: &Engine, memory: &mut Memory) -> Result<(), StoreError> {
    if memory.unmarked.is_empty() {
        return Ok(());
    }
    let (who, now) = (engine.name.as_str(), engine.clock.now());
    let mut tx = engine.store.begin().await?;
    for (about, mark) in &memory.unmarked {
        match mark {
            Mark::Told => kept::told(&mut tx, about, who, now).await?,
            Mark::Over => kept::over(&mut tx, about, who).await?,
            Mark::Later => kept::later(&mut tx, about, who, now + AGAIN).await?,
        }
    }
    tx.commit().await?;
    memory.unmarked.clear();
    Ok(())
}

/// Says `text` on every channel. True if one of them took it.
async fn tell(alerting: &Alerting, text: &str) -> bool {
    let attempts = alerting.channels.iter().map(|channel| async move {
        let said = channel.tell(text).await;
        if let Err(why) = &said {
            tracing::error!(channel = channel.name(), why, "an alert could not be told");
        }
        said.is_ok()
    });
    futures::future::join_all(attempts).await.contains(&true)
}

async fn facts(tx: &mut Tx) -> Stored<Facts> {
    let trouble = |word: Option<String>| word.map(|word| Trouble::parse(&word).unwrap_or(Trouble::Reader));
    let mailboxes = intake::health(tx).await?.into_iter().map(|row| MailboxFact {
        name: row.mailbox,
        last_success_at: row.last_success_at,
        // A fault noted by an earlier version has no sort.
        trouble: trouble(row.trouble.or(row.error.map(|_| Trouble::Connection.as_str().to_owned()))),
        since: row.error_since,
    });
    let mailboxes = mailboxes.collect();
    let tokens = tokens::sources(tx).await?.into_iter().map(|row| TokenFact {
        name: row.name,
        refreshed_at: row.refreshed_at,
        ends_at: row.ends_at,
        fault: row.fault.map(|word| TokenFault::parse(&word).unwrap_or(TokenFault::Refused)),
        code: row.code,
        since: row.error_since,
    });
    let tokens = tokens.collect();
    let sending = kept::ways_out(tx).await?.into_iter().map(|row| SendingFact {
        channel: row.channel,
        trouble: trouble(row.trouble),
        since: row.trouble_since,
    });
    Ok(Facts { mailboxes, tokens, sending: sending.collect() })
}

async fn open(tx: &mut Tx) -> Stored<Vec<Open>> {
    let rows = kept::alerts(tx).await?.into_iter();
    Ok(rows.map(|row| Open { about: row.about, title: row.title, since: row.since, told_at: row.told_at }).collect())
}

/// The database cannot keep what was told about itself: this program remembers.
async fn database_fails(engine: &Engine, alerting: &Alerting, memory: &mut Memory, failed: &Failed) {
    let now = engine.clock.now();
    let since = *memory.failing_since.get_or_insert(failed.since.unwrap_or(now));
    tracing::error!(error = %failed.error, "alerts cannot use the database");
    let again = match memory.told_at {
        None if now - since >= alerting.rules.after => false,
        Some(told) if now - told >= alerting.rules.repeat => true,
        _ => return,
    };
    let condition = Condition {
        about: "database".to_owned(),
        title: "the database".to_owned(),
        harm: "no mailbox is read, and nothing is sent".to_owned(),
        since,
        fault: "it does not answer or cannot be written".to_owned(),
        remedy: failed.error.remedy().to_owned(),
    };
    if tell(alerting, &words::message(&alerting.head, &[(&condition, again)], &[])).await {
        memory.told_at = Some(now);
    }
}

async fn database_works(alerting: &Alerting, memory: &mut Memory) {
    if let (Some(since), Some(told_at)) = (memory.failing_since, memory.told_at) {
        let (about, title) = ("database".to_owned(), "the database".to_owned());
        let open = Open { about, title, since, told_at: Some(told_at) };
        if !tell(alerting, &words::message(&alerting.head, &[], &[&open])).await {
            return;
        }
    }
    (memory.failing_since, memory.told_at) = (None, None);
}
