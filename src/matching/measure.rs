//! How well matters are told apart, on labelled messages: each is compared with every matter that came before it in its
//! council, and threads are left out of account, for those are surer evidence and need no judging.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::PathBuf,
};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    labelled::{Line, dissatisfied, themes},
    likeness::{Words, words_of},
    names::{Names, Spoken},
    same::{Best, Choice, Near, Told, follows_up, turns_away, verdict},
};
use crate::labelling::{
    rows::{Labelled, OwnWords},
    train::TrainError,
    tuned::unseen::Unseen,
};

/// What is measured.
#[derive(Clone, Debug)]
pub struct MeasureOptions {
    /// Labelled JSON lines.
    pub inputs: Vec<PathBuf>,
    /// What encoders that had not seen them said of the messages.
    pub unseen: PathBuf,
    /// Leaves of a body what its author wrote now.
    pub strip: fn(&str) -> OwnWords,
}

/// What became of the messages of one sort.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Messages.
    pub messages: usize,
    /// Joined the right matter, or began one where there was none.
    pub right: usize,
    /// An officer is asked about the right matter.
    pub asked: usize,
    /// Began a matter though there was one, and nobody is asked.
    pub missed: usize,
    /// Joined another matter of the same family.
    pub merged: usize,
    /// Joined another family's.
    pub mixed: usize,
}

/// The figures.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Measured {
    /// More about a matter of the same person's.
    pub same_person: Counts,
    /// About a matter that somebody else of the family has raised.
    pub same_family: Counts,
    /// The first about its matter, by somebody who has raised another before.
    pub new_of_known: Counts,
    /// The first about its matter, of a family not heard of.
    pub new_of_unknown: Counts,
    /// Answers in a thread that begin a new matter, and how many are seen to.
    pub turned: (usize, usize),
    /// Answers in a thread about its matter, and how many are taken for a new one.
    pub not_turned: (usize, usize),
    /// Which ones went wrong: the message, what became of it, the matter, the reason.
    pub wrong: Vec<[String; 4]>,
}

struct Message {
    id: String,
    at: DateTime<Utc>,
    council: String,
    matter: String,
    author: Option<String>,
    own_id: Option<String>,
    references: Vec<String>,
    told: Told,
}

/// Measures.
///
/// # Errors
/// [`TrainError`].
pub fn measure(options: &MeasureOptions) -> Result<Measured, TrainError> {
    let unseen = Unseen::load(&options.unseen)?;
    let mut messages = Vec::new();
    for path in &options.inputs {
        let rows = dissatisfied(path, options.strip)?;
        messages.extend(rows.iter().filter_map(|(row, line)| message(row, line, &unseen)));
    }
    messages.sort_by(|a, b| (&a.council, a.at, &a.id).cmp(&(&b.council, b.at, &b.id)));
    let mut measured = Measured::default();
    for (at, message) in messages.iter().enumerate() {
        let earlier: Vec<&Message> =
            messages.get(..at).unwrap_or(&[]).iter().filter(|old| old.council == message.council).collect();
        measured.count(message, &earlier);
    }
    Ok(measured)
}

fn message(row: &Labelled, line: &Line, unseen: &Unseen) -> Option<Message> {
    let matter = line.gold.case_key.clone()?;
    let (author_name, author_address) = line.author(row);
    let (subject, text) = (row.message.subject.as_str(), row.message.text.as_str());
    let spoken = Spoken { author_name, author_address, subject, text, recipients: &line.recipients() };
    Some(Message {
        id: row.id.clone(),
        at: line.date?,
        council: row.council.clone(),
        matter,
        author: author_address.map(str::to_owned),
        own_id: line.message_id.clone(),
        references: line.references.clone(),
        told: Told {
            words: Words::new(&format!("{subject}\n{text}")),
            length: words_of(text).count(),
            quoted: Words::default(),
            names: Names::of(spoken),
            themes: themes(row, unseen),
            dissatisfied: true,
            turns_away: turns_away(subject) || turns_away(text),
            follows_up: follows_up(text),
        },
    })
}

fn family(matter: &str) -> &str {
    matter.split('-').next().unwrap_or(matter)
}

impl Measured {
    fn count(&mut self, message: &Message, earlier: &[&Message]) {
        let answered = earlier.iter().find(|old| {
            old.own_id.as_ref().is_some_and(|id| message.references.contains(id))
                || old.references.iter().any(|id| message.references.contains(id))
        });
        if let Some(old) = answered {
            let place = if old.matter == message.matter { &mut self.not_turned } else { &mut self.turned };
            place.0 += 1;
            place.1 += usize::from(message.told.turns_away);
            return;
        }
        let mut matters: BTreeMap<&str, Vec<&Message>> = BTreeMap::new();
        for old in earlier {
            matters.entry(&old.matter).or_default().push(old);
        }
        let mut best = Best::default();
        for (matter, messages) in &matters {
            let of_author = messages.iter().any(|old| old.author.is_some() && old.author == message.author);
            let days = messages.iter().map(|old| (message.at - old.at).num_days()).min().unwrap_or(0);
            let messages = messages.iter().map(|old| old.told.clone()).collect();
            let near = Near { of_author, open: true, dissatisfied: true, days, messages };
            best.offer(*matter, of_author, verdict(&message.told, &near));
        }
        let own = matters.get(message.matter.as_str());
        let known: BTreeSet<&str> = matters.keys().map(|matter| family(matter)).collect();
        let counts = match own {
            Some(old) if old.iter().any(|old| old.author.is_some() && old.author == message.author) => {
                &mut self.same_person
            }
            Some(_) => &mut self.same_family,
            None if known.contains(family(&message.matter)) => &mut self.new_of_known,
            None => &mut self.new_of_unknown,
        };
        counts.messages += 1;
        let Best { same, possible } = best;
        let is_own = |choice: &Choice<&str>| choice.case == message.matter;
        let what = match (&same, own.is_some()) {
            (Some(same), _) if is_own(same) => "right",
            (None, false) => "right",
            (None, true) if possible.as_ref().is_some_and(is_own) => "asked",
            (None, true) => "missed",
            (Some(same), _) if family(same.case) == family(&message.matter) => "merged",
            (Some(_), _) => "mixed",
        };
        match what {
            "right" => counts.right += 1,
            "asked" => counts.asked += 1,
            "missed" => counts.missed += 1,
            "merged" => counts.merged += 1,
            _ => counts.mixed += 1,
        }
        if what != "right" {
            let (what, matter, why) = match same.or(possible) {
                Some(choice) => (format!("{what} ({:.2})", choice.odds), choice.case.to_owned(), choice.why),
                None => (what.to_owned(), String::new(), String::new()),
            };
            self.wrong.push([format!("{} {}", message.council, message.id), what, matter, why]);
        }
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<58}{:>9}{:>7}{:>7}{:>8}{:>8}{:>7}",
            "", "messages", "right", "asked", "missed", "merged", "mixed"
        )?;
        for (name, counts) in [
            ("more about a matter of the same person's", &self.same_person),
            ("about a matter that somebody else of the family raised", &self.same_family),
            ("a new matter of somebody known", &self.new_of_known),
            ("a new matter of a family not heard of", &self.new_of_unknown),
        ] {
            let Counts { messages, right, asked, missed, merged, mixed } = counts;
            writeln!(f, "{name:<58}{messages:>9}{right:>7}{asked:>7}{missed:>8}{merged:>8}{mixed:>7}")?;
        }
        let ((turned, seen), (not_turned, taken)) = (self.turned, self.not_turned);
        writeln!(f, "answers in a thread that begin a new matter: {seen} of {turned} are seen to")?;
        writeln!(f, "answers in a thread about its matter: {taken} of {not_turned} are taken for a new one")?;
        for [message, what, matter, why] in &self.wrong {
            writeln!(f, "  {message}: {what} {matter} {why}")?;
        }
        Ok(())
    }
}
