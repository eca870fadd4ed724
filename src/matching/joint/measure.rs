//! How well joint complaints are found, on labelled messages: each council's are replayed in the order in which they came,
//! and a group counts as suggested if it is at any time. Messages without a date are spread evenly over the days looked at.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::LazyLock,
    time::Instant,
};

use chrono::{DateTime, Duration, Utc};
use regex::Regex;
use serde::Serialize;

use super::{
    super::{
        labelled::{Gold, Line, dissatisfied, themes},
        measure::MeasureOptions,
        names::{Names, Spoken},
        regex,
    },
    Case, Group, LEAST_FAMILIES, OPEN_DAYS, suggest,
    telling::{Message, Telling},
};
use crate::labelling::{families::families, rows::Labelled, train::TrainError, tuned::unseen::Unseen};

/// A labelled joint complaint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Joint {
    /// Its cases.
    pub cases: Vec<String>,
    /// Those of them that were suggested as one; empty if it was never suggested.
    pub found: Vec<String>,
    /// Cases suggested with them that are not labelled so.
    pub extra: Vec<String>,
    /// The reasons, as it grew.
    pub why: Vec<String>,
}

/// Cases suggested as one that are not labelled so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Other {
    /// The cases.
    pub cases: Vec<String>,
    /// The reasons, as it grew.
    pub why: Vec<String>,
}

/// The figures of one council.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Council {
    /// Its name.
    pub name: String,
    /// Cases.
    pub cases: usize,
    /// Most seconds that one look at the open cases took.
    pub slowest: f64,
    /// Labelled groups of three or more families.
    pub labelled: Vec<Joint>,
    /// Suggested groups that are no labelled one.
    pub others: Vec<Other>,
}

/// The figures, council by council.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MeasuredJoint(pub Vec<Council>);

struct Read {
    at: DateTime<Utc>,
    case: String,
    family: String,
    subject: String,
    text: String,
    names: Names,
    recipients: Vec<String>,
    themes: Vec<f64>,
    gold: Gold,
}

/// Measures.
///
/// # Errors
/// [`TrainError`].
pub fn measure(options: &MeasureOptions) -> Result<MeasuredJoint, TrainError> {
    let unseen = Unseen::load(&options.unseen)?;
    let mut measured = MeasuredJoint::default();
    for path in &options.inputs {
        let lines = dissatisfied(path, options.strip)?;
        let count = lines.len().max(1) as i64;
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let mut messages: Vec<Read> = lines
            .into_iter()
            .zip(0..)
            .map(|((row, line), nth)| {
                let spread = DateTime::UNIX_EPOCH + Duration::minutes(OPEN_DAYS * 24 * 60 * nth / count);
                read(&row, line, spread, &name, &unseen)
            })
            .collect();
        messages.sort_by(|a, b| (a.at, &a.case).cmp(&(b.at, &b.case)));
        measured.0.push(replayed(name, &messages));
    }
    Ok(measured)
}

fn read(row: &Labelled, line: Line, spread: DateTime<Utc>, council: &str, unseen: &Unseen) -> Read {
    let mut recipients = line.recipients();
    recipients.push(council.to_owned());
    let (author_name, author_address) = line.author(row);
    let (subject, text) = (row.message.subject.clone(), row.message.text.clone());
    let names =
        Names::of(Spoken { author_name, author_address, subject: &subject, text: &text, recipients: &recipients });
    let case = line.gold.case_key.clone().unwrap_or_else(|| row.id.clone());
    let family = line.gold.case_key.as_ref().and_then(|key| key.split('-').next());
    Read {
        at: line.date.unwrap_or(spread),
        family: family.map_or_else(|| format!("family {}", row.family), str::to_owned),
        case,
        subject,
        text,
        names,
        recipients,
        themes: themes(row, unseen),
        gold: line.gold,
    }
}

fn replayed(name: String, messages: &[Read]) -> Council {
    let cases: BTreeSet<&str> = messages.iter().map(|message| message.case.as_str()).collect();
    let mut council = Council { name, cases: cases.len(), ..Council::default() };
    let mut suggested: Vec<(BTreeSet<&str>, Vec<String>)> = Vec::new();
    for (at, message) in messages.iter().enumerate() {
        let since = message.at - Duration::days(OPEN_DAYS);
        let open: Vec<&Read> = messages.iter().take(at + 1).filter(|old| old.at >= since).collect();
        let known = known(&open);
        let begun = Instant::now();
        let groups = suggest(&known);
        council.slowest = council.slowest.max(begun.elapsed().as_secs_f64());
        for Group { cases, why, .. } in groups {
            let mut cases: BTreeSet<&str> = cases.into_iter().collect();
            let mut reasons = Vec::new();
            while let Some(at) = suggested.iter().position(|(old, _)| !old.is_disjoint(&cases)) {
                let (old, whys) = suggested.remove(at);
                cases.extend(old);
                reasons.extend(whys);
            }
            if !reasons.contains(&why) {
                reasons.push(why);
            }
            suggested.push((cases, reasons));
        }
    }
    let owned = |cases: &BTreeSet<&str>| cases.iter().map(|case| (*case).to_owned()).collect::<Vec<_>>();
    let labelled = labelled(messages);
    for group in &labelled {
        let mut found = Joint { cases: owned(group), ..Joint::default() };
        for (cases, why) in suggested.iter().filter(|(cases, _)| cases.intersection(group).nth(1).is_some()) {
            found.found.extend(cases.intersection(group).map(|case| (*case).to_owned()));
            found.extra.extend(cases.difference(group).map(|case| (*case).to_owned()));
            found.why.extend(why.iter().cloned());
        }
        council.labelled.push(found);
    }
    suggested.retain(|(cases, _)| labelled.iter().all(|group| cases.intersection(group).nth(1).is_none()));
    council.others = suggested.into_iter().map(|(cases, why)| Other { cases: owned(&cases), why }).collect();
    council
}

fn known<'m>(messages: &[&'m Read]) -> Vec<Case<&'m str>> {
    let mut cases: BTreeMap<&str, Case<&str>> = BTreeMap::new();
    for message in messages {
        let case = cases.entry(&message.case).or_insert_with(|| Case {
            key: &message.case,
            family: &message.family,
            telling: Telling::default(),
        });
        let Read { at, subject, text, names, recipients, themes, .. } = *message;
        case.telling.add(Message { at: *at, subject, text, names, recipients, themes });
    }
    cases.into_values().collect()
}

/// The labelled groups of three or more families: cases that are said to be joint with one another, that stand in a group of
/// one name, or that are called alike where one of them is marked as joint.
fn labelled(messages: &[Read]) -> Vec<BTreeSet<&str>> {
    let called = |message: &Read| message.case.split_once('-').map(|(_, called)| called.to_owned());
    let marked = |message: &&Read| message.gold.relation.as_deref() == Some("joint-candidate");
    let joint: BTreeSet<String> = messages.iter().filter(marked).filter_map(called).collect();
    let signs: Vec<Vec<String>> = messages
        .iter()
        .map(|message| {
            let mut signs = vec![format!("case {}", message.case)];
            signs.extend(message.gold.joint_with.iter().map(|case| format!("case {case}")));
            signs.extend(
                called(message).filter(|called| joint.contains(called)).map(|called| format!("called {called}")),
            );
            signs.extend(GROUP.captures(&message.gold.note).and_then(|group| Some(group.get(1)?.as_str().to_owned())));
            signs
        })
        .collect();
    let mut groups: BTreeMap<usize, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for (message, group) in messages.iter().zip(families(&signs)) {
        let (cases, of) = groups.entry(group).or_default();
        cases.insert(&message.case);
        of.insert(&message.family);
    }
    groups.into_values().filter(|(_, of)| of.len() >= LEAST_FAMILIES).map(|(cases, _)| cases).collect()
}

static GROUP: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bjoint (group \w+)"));

impl fmt::Display for MeasuredJoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut labelled, mut found, mut unlabelled) = (0, 0, 0);
        for council in &self.0 {
            let hits = council.labelled.iter().filter(|group| !group.found.is_empty()).count();
            let (of, others) = (council.labelled.len(), council.others.len());
            writeln!(
                f,
                "{}: {} cases; {hits} of {of} labelled groups suggested, {others} others; at most {:.0} ms a look",
                council.name,
                council.cases,
                council.slowest * 1000.0
            )?;
            for Joint { cases, found, extra, why } in &council.labelled {
                writeln!(f, "  {}: {} of {} cases", cases.join(", "), found.len(), cases.len())?;
                let missed: Vec<&str> = cases.iter().filter(|c| !found.contains(c)).map(String::as_str).collect();
                if !missed.is_empty() {
                    writeln!(f, "    missing: {}", missed.join(", "))?;
                }
                if !extra.is_empty() {
                    writeln!(f, "    besides: {}", extra.join(", "))?;
                }
                why.iter().try_for_each(|why| writeln!(f, "    {why}"))?;
            }
            for Other { cases, why } in &council.others {
                writeln!(f, "  not labelled: {}", cases.join(", "))?;
                why.iter().try_for_each(|why| writeln!(f, "    {why}"))?;
            }
            (labelled, found, unlabelled) = (labelled + of, found + hits, unlabelled + others);
        }
        write!(f, "{found} of {labelled} labelled groups suggested, and {unlabelled} others")
    }
}
