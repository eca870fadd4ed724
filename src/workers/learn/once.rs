//! One refit from beginning to end, and the way back.

use std::{sync::Arc, time::Instant};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use tokio::sync::oneshot;

use super::{
    Examples, LearnError, Learning, LeftOutCount, ModelLine, ModelList, Outcome, RolledBack, Verdict, read_examples,
};
use crate::{
    intake::own_words::own_words,
    labelling::{
        classifier::{Classifier, LabellingError},
        heads::Heads,
        learn::{
            Correction,
            figures::Figures,
            gate::{Compared, OnBoth, objections},
            refit::{Base, ask, refit},
            weigh::divide,
        },
        rows::Labelled,
        tuned::taught::Taught,
    },
    store::learning::{self, Model, NewModel},
};

/// The turn's name in the database.
const TURN: &str = "learning";
/// For so long nobody else begins; a program that was killed holds it up no longer.
const LEASE: TimeDelta = TimeDelta::hours(1);
/// Weights of models that are out of use are kept so long: the newest ones.
const KEPT: usize = 10;
/// How much the fit at night gives way to the program's other work.
const NICE: i32 = 10;

/// What is to be done with the candidate, and who waits for it.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// At night: nobody waits.
    Night,
    /// Somebody at the command line waits.
    Now,
    /// The same, and nothing is kept.
    Trial,
}

/// What the thread that fits is given.
struct Job {
    learning: Learning,
    live: Option<(String, String)>,
    quietly: bool,
    learn: Vec<Correction>,
    held_out: Vec<Labelled>,
}

/// What it gives back.
struct Fitted {
    heads: Heads,
    before: String,
    shipped: String,
    base_messages: usize,
    figures: Compared,
}

impl Learning {
    /// Takes up the model that is live in the database, if it is not in use here yet. Its name if it is now.
    ///
    /// # Errors
    /// [`LearnError`]: the database, or its weights are not there: the model in use here goes on.
    pub async fn take_up_live(&self) -> Result<Option<String>, LearnError> {
        let Some(here) = &self.live else { return Ok(None) };
        let live = learning::live(&mut self.store.begin_read().await?).await?;
        let wanted = live.as_ref().map_or_else(|| here.shipped(), |model| model.name.clone());
        if wanted == here.model() {
            return Ok(None);
        }
        let Some(Model { name, file, .. }) = live else {
            here.take_shipped();
            return Ok(Some(wanted));
        };
        let (shelf, here) = (self.shelf.clone(), Arc::clone(here));
        let taken = move || -> Result<(), LabellingError> {
            let remedy = "copy it there from the program that made it, or let all programs share [labelling] learnt, or \
                          roll back with `heard train --roll-back`";
            let heads = shelf
                .load(&file, &name)
                .map_err(|error| LabellingError::NotLoaded(format!("the live model {name}: {error}; {remedy}")))?;
            here.take(heads)
        };
        tokio::task::spawn_blocking(taken).await.map_err(|_| LearnError::Ended)??;
        Ok(Some(wanted))
    }

    /// Learns from every decision that is there. `trial`: measures and keeps nothing.
    ///
    /// # Errors
    /// [`LearnError`]; then nothing has changed.
    pub async fn learn(&self, trial: bool) -> Result<Outcome, LearnError> {
        if trial {
            let (examples, now) = self.examples().await?;
            return self.refit(examples, now, Mode::Trial).await;
        }
        self.in_turn(None).await?;
        let learnt = async {
            let (examples, now) = self.examples().await?;
            self.refit(examples, now, Mode::Now).await
        };
        let learnt = learnt.await;
        self.give_back().await?;
        learnt
    }

    /// Learns if it is this program's turn tonight and enough is new. None if not.
    ///
    /// # Errors
    /// [`LearnError`].
    pub async fn learn_tonight(&self, night: NaiveDate) -> Result<Option<Outcome>, LearnError> {
        match self.in_turn(Some(night)).await {
            Err(LearnError::Busy) => return Ok(None),
            turn => turn?,
        }
        let learnt = async {
            let (examples, now) = self.examples().await?;
            let models = learning::models(&mut self.store.begin_read().await?).await?;
            let shipped = self.live.as_ref().map(|live| live.shipped());
            if !is_due(&examples, &models, shipped.as_deref(), self.settings.learn_from) {
                return Ok(None);
            }
            self.refit(examples, now, Mode::Night).await.map(Some)
        };
        let learnt = learnt.await;
        self.give_back().await?;
        learnt
    }

    async fn in_turn(&self, night: Option<NaiveDate>) -> Result<(), LearnError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let ours = learning::take_turn(&mut tx, TURN, &self.name, now + LEASE, night, now).await?;
        tx.commit().await?;
        if ours { Ok(()) } else { Err(LearnError::Busy) }
    }

    async fn give_back(&self) -> Result<(), LearnError> {
        let mut tx = self.store.begin().await?;
        learning::give_back(&mut tx, TURN, &self.name).await?;
        Ok(tx.commit().await?)
    }

    /// The decisions, and when they were read: later ones are new the next time.
    async fn examples(&self) -> Result<(Examples, DateTime<Utc>), LearnError> {
        let now = self.clock.now();
        Ok((read_examples(&mut self.store.begin_read().await?, &self.office).await?, now))
    }

    async fn refit(&self, examples: Examples, now: DateTime<Utc>, mode: Mode) -> Result<Outcome, LearnError> {
        let started = Instant::now();
        let Examples { corrections, left_out } = examples;
        let least = self.settings.learn_from;
        if corrections.len() < least {
            return Err(LearnError::TooFew { found: corrections.len(), least });
        }
        let (learn, held_out) = divide(corrections);
        let (number, kept_back) = (learn.len(), held_out.len());
        let live = learning::live(&mut self.store.begin_read().await?).await?;
        let job = Job {
            learning: self.clone(),
            live: live.map(|model| (model.file, model.name)),
            quietly: mode == Mode::Night,
            learn,
            held_out: held_out.into_iter().map(|one| one.row).collect(),
        };
        let fitted = on_its_own_thread(job).await?;
        let reasons = objections(&fitted.figures);
        let mut outcome = Outcome {
            model: fitted.heads.name.clone(),
            before: fitted.before.clone(),
            verdict: match (fitted.heads.name == fitted.before, reasons.is_empty()) {
                (true, _) => Verdict::Same,
                (_, true) => Verdict::WouldBeMadeLive,
                (_, false) => Verdict::WouldBeRefused,
            },
            reasons,
            base_messages: fitted.base_messages,
            corrections: number,
            held_out: kept_back,
            left_out: left_out.into_iter().map(|(why, cases)| LeftOutCount::new(why, cases)).collect(),
            figures: fitted.figures.clone(),
            seconds: started.elapsed().as_secs_f64(),
        };
        if mode != Mode::Trial && outcome.verdict != Verdict::Same {
            self.settle(&fitted, &mut outcome, now).await?;
            self.take_up_live().await?;
        }
        Ok(outcome)
    }

    /// Writes down what came of it: the weights first, so that no program finds a live model without them.
    async fn settle(&self, fitted: &Fitted, outcome: &mut Outcome, read_at: DateTime<Utc>) -> Result<(), LearnError> {
        let mut tx = self.store.begin().await?;
        if !learning::has_turn(&mut tx, TURN, &self.name).await? {
            return Err(LearnError::Busy);
        }
        let models = learning::models(&mut tx).await?;
        let live = models.iter().find(|model| model.state == "live");
        let before = live.map_or(fitted.shipped.as_str(), |model| model.name.as_str());
        if before != fitted.before {
            outcome
                .reasons
                .push(format!("{before} came into use while it was fitted, and it was not compared with that"));
        }
        let back = models.iter().rfind(|model| model.name == fitted.heads.name && model.rolled_back_at.is_some());
        if let Some(Model { rolled_back_by: Some(by), rolled_back_why: Some(why), .. }) = back {
            outcome.reasons.push(format!("it is the very model that {by} took out of use: {why}"));
        }
        let file = if outcome.reasons.is_empty() {
            let bytes = fitted.heads.to_bytes().map_err(|e| crate::labelling::train::TrainError::Fit(e.to_string()))?;
            self.shelf.put(&fitted.heads, &bytes).map_err(|(path, cause)| LearnError::File { path, cause })?
        } else {
            String::new()
        };
        let new = NewModel {
            name: fitted.heads.name.clone(),
            file,
            made_at: read_at,
            shipped: fitted.shipped.clone(),
            base_messages: fitted.base_messages,
            corrections: outcome.corrections,
            held_out: outcome.held_out,
        };
        let id = learning::put_candidate(&mut tx, &new, &fitted.figures).await?;
        let now = self.clock.now();
        if outcome.reasons.is_empty() {
            learning::retire(&mut tx, &format!("{} took its place", new.name), now).await?;
            learning::make_live(&mut tx, id, "no worse than the one before", now).await?;
            outcome.verdict = Verdict::MadeLive;
        } else {
            learning::refuse(&mut tx, id, &outcome.reasons.join("; ")).await?;
            outcome.verdict = Verdict::Refused;
        }
        tx.commit().await?;
        self.tidy(&models, &new.file);
        Ok(())
    }

    /// Removes weights of models long out of use.
    fn tidy(&self, models: &[Model], keep: &str) {
        let retired = models.iter().rev().filter(|model| model.state == "retired" && !model.file.is_empty());
        let (kept, old): (Vec<_>, Vec<_>) = retired.enumerate().partition(|(at, _)| *at < KEPT);
        for (_, model) in old {
            if model.file != keep && !kept.iter().any(|(_, other)| other.file == model.file) {
                self.shelf.remove(&model.file);
            }
        }
    }

    /// Takes the live model out of use, for the one that was live before it or, with `to`, for that one.
    ///
    /// # Errors
    /// [`LearnError`]: nothing to go back to, or its weights are gone. Nothing has changed then.
    pub async fn roll_back(&self, to: Option<&str>, who: &str, why: &str) -> Result<RolledBack, LearnError> {
        let shipped = self.shipped_name().await?;
        let mut tx = self.store.begin().await?;
        let models = learning::models(&mut tx).await?;
        let live = models.iter().find(|model| model.state == "live");
        let from = live.map_or(shipped.as_str(), |model| model.name.as_str()).to_owned();
        let target = match to {
            Some(name) if name == from => return Err(LearnError::InUse(from)),
            Some(name) if name == shipped => None,
            Some(name) => {
                let found = models.iter().rfind(|model| model.name == name && model.state == "retired");
                Some(found.ok_or_else(|| LearnError::NoSuchModel(name.to_owned()))?)
            }
            None => previous(&models, live.ok_or(LearnError::NothingToRollBack)?),
        };
        if let Some(Model { file, name, .. }) = target {
            self.shelf.load(file, name)?;
        }
        let now = self.clock.now();
        learning::roll_back(&mut tx, who, why, now).await?;
        if let Some(model) = target {
            learning::make_live(&mut tx, model.id, &format!("taken into use again by {who}: {why}"), now).await?;
        }
        tx.commit().await?;
        self.take_up_live().await?;
        let to = target.map_or(shipped, |model| model.name.clone());
        Ok(RolledBack { from, to, by: who.to_owned(), why: why.to_owned() })
    }

    /// Every model, the shipped one first.
    ///
    /// # Errors
    /// [`LearnError`].
    pub async fn models(&self) -> Result<ModelList, LearnError> {
        let shipped = self.shipped_name().await?;
        let models = learning::models(&mut self.store.begin_read().await?).await?;
        let mut lines = vec![ModelLine {
            model: shipped,
            state: "shipped".into(),
            in_use: !models.iter().any(|model| model.state == "live"),
            weights: true,
            made_at: None,
            corrections: 0,
            held_out: 0,
            figures: None,
            reason: None,
            rolled_back: None,
        }];
        lines.extend(models.into_iter().map(|model| {
            let weights = self.shelf.has(&model.file);
            ModelLine::of(model, weights)
        }));
        Ok(ModelList(lines))
    }

    async fn shipped_name(&self) -> Result<String, LearnError> {
        if let Some(live) = &self.live {
            return Ok(live.shipped());
        }
        let path = self.shelf.shipped.clone();
        let heads = tokio::task::spawn_blocking(move || Heads::load(&path)).await.map_err(|_| LearnError::Ended)??;
        Ok(heads.name)
    }
}

/// Whether enough is new since the last refit, or the shipped model is another than the live one rests on.
fn is_due(examples: &Examples, models: &[Model], shipped: Option<&str>, least: usize) -> bool {
    let last = models.iter().map(|model| model.made_at).max();
    let new = examples.corrections.iter().filter(|one| last.is_none_or(|last| one.decided_at > last)).count();
    let newest = models.last();
    let outdated = newest.is_some_and(|model| shipped.is_some_and(|shipped| shipped != model.shipped));
    new >= least || (outdated && examples.corrections.len() >= least)
}

/// What was live before `live`; None: the shipped model. A model that was taken out of use once is no way back.
fn previous<'m>(models: &'m [Model], live: &Model) -> Option<&'m Model> {
    models
        .iter()
        .filter(|model| model.state == "retired" && model.rolled_back_at.is_none() && model.live_at < live.live_at)
        .filter(|model| model.live_at.is_some())
        .max_by_key(|model| model.live_at)
}

/// Fits on a thread of its own, which at night gives way to everything else, and its encoder's thread with it. Not one of
/// the runtime's: those are used again.
async fn on_its_own_thread(job: Job) -> Result<Fitted, LearnError> {
    let (done, fitted) = oneshot::channel();
    std::thread::Builder::new()
        .name("learning".into())
        .spawn(move || {
            if job.quietly {
                // Where the system does not allow it, it is fitted all the same.
                let _ = rustix::process::nice(NICE);
            }
            drop(done.send(fit(job)));
        })
        .map_err(|_| LearnError::Ended)?;
    fitted.await.map_err(|_| LearnError::Ended)?
}

fn fit(job: Job) -> Result<Fitted, LearnError> {
    let Job { learning, live, learn, held_out, .. } = job;
    let settings = &learning.settings;
    let read = |folder: &std::path::Path, key| {
        Base::read(folder, own_words)?.ok_or_else(|| LearnError::NoMessages { folder: folder.to_path_buf(), key })
    };
    let base = read(&settings.base, "base")?;
    let regression = read(&settings.regression, "regression")?.rows;
    let shipped = Heads::load(&learning.shelf.shipped)?;
    let shipped_name = shipped.name.clone();
    // Not the live model's: the same decisions must give the same model, whichever is in use.
    let line = shipped.details.thresholds.keep_above;
    let in_use = live.as_ref().map_or_else(|| shipped.name.clone(), |(_, name)| name.clone());
    let before = match live {
        // Weights that were learnt beside an earlier encoder are in use nowhere: the shipped ones are.
        Some((file, name)) => match learning.shelf.load(&file, &name) {
            Ok(heads) if heads.details.encoder == shipped.details.encoder => heads,
            _ => shipped,
        },
        None => shipped,
    };
    let encoder = Taught::start(&settings.encoder_files(), &settings.unseen, settings.threads)?;
    let heads = refit(&base, &learn, line, &encoder)?;
    let on = |heads: &Heads, rows: &[Labelled]| -> Result<Figures, LearnError> {
        Ok(Figures::of(rows, &ask(heads, &encoder, rows)?, heads.details.thresholds))
    };
    let on_both = |heads: &Heads| -> Result<OnBoth, LearnError> {
        Ok(OnBoth { regression: on(heads, &regression)?, held_out: on(heads, &held_out)? })
    };
    let figures = Compared { before: on_both(&before)?, after: on_both(&heads)? };
    Ok(Fitted { before: in_use, shipped: shipped_name, base_messages: base.rows.len(), figures, heads })
}
