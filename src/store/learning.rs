//! What officers' decisions teach, read where it lies, and the models that came of it.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::{
    ids::Uuid,
    intake::reading::Reading,
    labelling::{labels::Suggestion, learn::gate::Compared},
};

/// A case on which an officer may have decided, with the message that opened it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DecidedCase {
    /// Key of the case.
    pub case_id: Uuid,
    /// `HRD-26-00042-K`.
    pub reference: String,
    /// The reference of the complainant's first case: the same for all of a family's, and for ever.
    pub first_reference: String,
    /// Key of the message.
    pub representation_id: Uuid,
    /// Where it was found.
    pub mailbox: String,
    /// `email`, `form`, `chat`.
    pub channel: String,
    /// What was read.
    pub reading: Json<Reading>,
    /// What the classifier said.
    pub suggestion: Json<Suggestion>,
}

/// A refitted model.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Model {
    /// Key.
    pub id: Uuid,
    /// Name, by the hash of its file.
    pub name: String,
    /// Its file in the folder of learnt models.
    pub file: String,
    /// When the decisions were read that it was fitted to.
    pub made_at: DateTime<Utc>,
    /// `candidate`, `live`, `refused`, `retired`.
    pub state: String,
    /// Name of the shipped model whose data were replayed.
    pub shipped: String,
    /// Messages replayed.
    pub base_messages: i64,
    /// Decisions it was fitted to.
    pub corrections: i64,
    /// Decisions kept back to measure on.
    pub held_out: i64,
    /// The live model's figures then, and its own.
    pub figures: Json<Compared>,
    /// Why it was refused or ended, in words.
    pub reason: Option<String>,
    /// When it was first used.
    pub live_at: Option<DateTime<Utc>>,
    /// When it was last not used any more.
    pub ended_at: Option<DateTime<Utc>>,
    /// When somebody took it out of use,
    pub rolled_back_at: Option<DateTime<Utc>>,
    /// who,
    pub rolled_back_by: Option<String>,
    /// and why.
    pub rolled_back_why: Option<String>,
}

statements! {
    learn_decided = "SELECT c.id AS case_id, c.reference, coalesce((SELECT min(o.reference) FROM case_file o WHERE o.complainant_id = c.complainant_id), c.reference) AS first_reference,
  r.id AS representation_id, r.mailbox, r.channel, r.reading, s.body AS suggestion
  FROM case_file c JOIN case_message m ON m.case_id = c.id AND m.relation = 'new' JOIN representation r ON r.id = m.representation_id
  JOIN suggestion s ON s.representation_id = r.id
  WHERE c.status <> 'to-confirm' AND r.automated IS NULL ORDER BY c.updated_at DESC, c.id LIMIT $1";
    model_put = "INSERT INTO model (id, name, file, made_at, state, shipped, base_messages, corrections, held_out, figures) VALUES ($1,$2,$3,$4,'candidate',$5,$6,$7,$8,$9)";
    model_live = "SELECT id, name, file, made_at, state, shipped, base_messages, corrections, held_out, figures, reason, live_at, ended_at, rolled_back_at, rolled_back_by, rolled_back_why
  FROM model WHERE state = 'live'";
    model_all = "SELECT id, name, file, made_at, state, shipped, base_messages, corrections, held_out, figures, reason, live_at, ended_at, rolled_back_at, rolled_back_by, rolled_back_why
  FROM model ORDER BY made_at, id";
    model_refuse = "UPDATE model SET state = 'refused', reason = $2 WHERE id = $1 AND state = 'candidate'";
    model_retire = "UPDATE model SET state = 'retired', ended_at = $1, reason = $2 WHERE state = 'live'";
    model_roll_back = "UPDATE model SET state = 'retired', ended_at = $1, rolled_back_at = $1, rolled_back_by = $2, rolled_back_why = $3 WHERE state = 'live'";
    model_make_live = "UPDATE model SET state = 'live', live_at = coalesce(live_at, $2), ended_at = NULL, reason = $3 WHERE id = $1 AND state IN ('candidate','retired')";
    turn_known = "INSERT INTO turn (name) VALUES ($1) ON CONFLICT (name) DO NOTHING";
    turn_take = "UPDATE turn SET locked_by = $2, locked_until = $3 WHERE name = $1 AND (locked_until IS NULL OR locked_until < $4)";
    turn_take_tonight = "UPDATE turn SET locked_by = $2, locked_until = $3, last_on = $5
  WHERE name = $1 AND (locked_until IS NULL OR locked_until < $4) AND (last_on IS NULL OR last_on < $5)";
    turn_ours = "SELECT count(*) AS n FROM turn WHERE name = $1 AND locked_by = $2";
    turn_give_back = "UPDATE turn SET locked_by = NULL, locked_until = NULL WHERE name = $1 AND locked_by = $2";
}

/// The `most` cases that changed last and are not waiting for a decision, each with its first message, where that has a
/// suggestion.
pub async fn decided_cases(tx: &mut Tx, most: i64) -> Stored<Vec<DecidedCase>> {
    fetch!(tx, learn_decided, DecidedCase, all, most)
}

/// A model to keep.
#[derive(Clone, Debug)]
pub struct NewModel {
    /// Name, by the hash of its file.
    pub name: String,
    /// Its file in the folder of learnt models.
    pub file: String,
    /// When the decisions were read.
    pub made_at: DateTime<Utc>,
    /// Name of the shipped model.
    pub shipped: String,
    /// Messages replayed.
    pub base_messages: usize,
    /// Decisions it was fitted to.
    pub corrections: usize,
    /// Decisions kept back.
    pub held_out: usize,
}

/// Keeps a candidate. Returns its key.
pub async fn put_candidate(tx: &mut Tx, new: &NewModel, figures: &Compared) -> Stored<Uuid> {
    let id = Uuid::now_v7();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    execute!(
        tx,
        model_put,
        id,
        &new.name,
        &new.file,
        new.made_at,
        &new.shipped,
        count(new.base_messages),
        count(new.corrections),
        count(new.held_out),
        Json(figures)
    )?;
    Ok(id)
}

/// The model in use; None: the shipped one.
pub async fn live(tx: &mut Tx) -> Stored<Option<Model>> {
    fetch!(tx, model_live, Model, optional)
}

/// Every model, in the order they were made.
pub async fn models(tx: &mut Tx) -> Stored<Vec<Model>> {
    fetch!(tx, model_all, Model, all)
}

/// It must not be used, and why.
pub async fn refuse(tx: &mut Tx, model: Uuid, reason: &str) -> Stored<()> {
    execute!(tx, model_refuse, model, reason).map(|_| ())
}

/// The live model ends because of `reason`; the shipped one is live until [`make_live`] says otherwise.
pub async fn retire(tx: &mut Tx, reason: &str, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, model_retire, now, reason)? == 1)
}

/// `who` takes the live model out of use. False if none is.
pub async fn roll_back(tx: &mut Tx, who: &str, why: &str, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, model_roll_back, now, who, why)? == 1)
}

/// Takes a candidate or a retired model into use because of `reason`, after [`retire`] or [`roll_back`]. False if it is
/// neither.
pub async fn make_live(tx: &mut Tx, model: Uuid, reason: &str, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, model_make_live, model, now, reason)? == 1)
}

/// Asks for the turn at `what` until `until`; with a night, only if nobody had it for that night. False: another program
/// has it, or had it.
pub async fn take_turn(
    tx: &mut Tx,
    what: &str,
    who: &str,
    until: DateTime<Utc>,
    night: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Stored<bool> {
    execute!(tx, turn_known, what)?;
    let taken = match night {
        Some(night) => execute!(tx, turn_take_tonight, what, who, until, now, night)?,
        None => execute!(tx, turn_take, what, who, until, now)?,
    };
    Ok(taken == 1)
}

/// Whether `who` still has the turn.
pub async fn has_turn(tx: &mut Tx, what: &str, who: &str) -> Stored<bool> {
    Ok(fetch!(tx, turn_ours, (i64,), one, what, who)?.0 == 1)
}

/// Gives the turn back.
pub async fn give_back(tx: &mut Tx, what: &str, who: &str) -> Stored<()> {
    execute!(tx, turn_give_back, what, who).map(|_| ())
}
