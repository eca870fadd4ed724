//! What Heard itself typesets for the file of a case. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use letterpress::{Block, Run};

use crate::{
    clock::{long_date, long_date_time},
    procedure::event::{Event, Noted, Point, Points, Recorded, Step, StepKind},
    web::views::{HistoryEntry, MessageView},
};

/// Title of the index. The reference stands at the head of every page.
pub(super) const INDEX: &str = "The file of the case";
/// So many things that are not in the bundle are named in the index.
const MOST_LEFT_OUT: usize = 200;

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, runs: vec![Run::plain(text)] }
}

fn list(from: Option<u32>, lines: &[String]) -> Block {
    Block::List { from, items: lines.iter().map(|line| vec![paragraph(line)]).collect() }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(vec![Run::plain(text)])
}

/// A word, and what is said of it.
fn line(word: &str, text: &str) -> Block {
    Block::Paragraph(vec![Run { bold: true, ..Run::plain(&format!("{word}: ")) }, Run::plain(text)])
}

/// What was written, with its own lines: none of it is taken for a heading or a list.
fn written(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let paragraphs = lines.split(|line| line.trim().is_empty()).filter(|lines| !lines.is_empty());
    paragraphs.map(|lines| paragraph(&lines.join("\n"))).collect()
}

/// What happened, the oldest first. What was written down of calls and visits is a text of its own, so that it can be left out.
pub(super) fn chronology(entries: &[HistoryEntry], history: &[Recorded]) -> Vec<Block> {
    let mut blocks = vec![heading(1, "Chronology")];
    let noted = |entry: &HistoryEntry| {
        history.iter().find_map(|recorded| match &recorded.event {
            Event::Step { step: Step::Noted { what, on, .. }, .. }
                if recorded.at == entry.at && entry.title == StepKind::Noted.done() =>
            {
                Some(format!("{}, {}.", what.shown(), long_date(*on)))
            }
            _ => None,
        })
    };
    for entry in entries.iter().rev() {
        let detail = noted(entry).unwrap_or_else(|| entry.detail.clone());
        let more = if detail.is_empty() { String::new() } else { format!("\n{detail}") };
        let title = Run { bold: true, ..Run::plain(&entry.title) };
        let when = Run::plain(&format!("{}\n", long_date_time(entry.at)));
        blocks.push(Block::Paragraph(vec![when, title, Run::plain(&format!("\nBy {}.{more}", entry.by))]));
    }
    blocks
}

/// Who wrote it, in short.
pub(super) fn author(message: &MessageView) -> &str {
    message.author.as_deref().filter(|name| !name.is_empty()).unwrap_or(if message.address.is_empty() {
        "somebody not named"
    } else {
        &message.address
    })
}

/// A message, with what stands below it and what was passed on inside it.
pub(super) fn message(title: &str, message: &MessageView) -> Vec<Block> {
    let mut blocks = vec![heading(1, title)];
    let from = match (&message.author, message.address.as_str()) {
        (Some(name), "") => name.clone(),
        (Some(name), address) => format!("{name}, {address}"),
        (None, address) => address.to_owned(),
    };
    blocks.push(line("From", &from));
    blocks.push(line("Received", &long_date_time(message.received_at)));
    if !message.subject.is_empty() {
        blocks.push(line("Subject", &message.subject));
    }
    let files: Vec<_> = message.attachments.iter().map(|file| file.name.as_str()).collect();
    if !files.is_empty() {
        blocks.push(line("Files that came with it", &files.join("; ")));
    }
    blocks.extend(message.in_part.iter().map(|why| paragraph(why)));
    if message.sealed.is_some() {
        blocks.push(paragraph(
            "Its words, or a part of them, could not be read by the program. The mailbox holds it whole.",
        ));
    }
    blocks.extend(written(&message.text));
    if let Some(inside) = &message.forwarded {
        blocks.push(heading(2, "Passed on inside it"));
        let lines = [("From", &inside.from), ("To", &inside.to), ("Date", &inside.date), ("Subject", &inside.subject)];
        blocks.extend(lines.iter().filter(|(_, text)| !text.is_empty()).map(|(word, text)| line(word, text)));
        blocks.extend(written(&inside.text));
    }
    if !message.quoted.trim().is_empty() {
        blocks.push(heading(2, "Below it, from earlier messages"));
        blocks.extend(written(&message.quoted));
    }
    blocks
}

/// A call, a visit or a note that was written down.
pub(super) fn note(what: Noted, on: &str, with: &str, text: &str, by: (&str, DateTime<Utc>)) -> Vec<Block> {
    let mut blocks = vec![heading(1, &format!("{}, {on}", what.shown()))];
    if !with.is_empty() {
        blocks.push(line("With", with));
    }
    blocks.push(line("Written down", &format!("{}, by {}", long_date_time(by.1), by.0)));
    blocks.extend(written(text));
    blocks
}

/// The points of the complaint and what was found on each.
pub(super) fn findings(points: &Points) -> Vec<Block> {
    let mut blocks = vec![heading(1, "Points of complaint and findings")];
    if !points.wanted.is_empty() {
        blocks.push(heading(2, "What they want to come of it"));
        blocks.extend(written(&points.wanted));
    }
    for (number, Point { text, finding, .. }) in (1..).zip(&points.points) {
        blocks.push(heading(2, &format!("Point {number}")));
        blocks.extend(written(text));
        let Some(found) = finding else {
            blocks.push(line("Found", "nothing yet"));
            continue;
        };
        blocks.push(line("Found", found.outcome.shown()));
        for (word, text) in [
            ("Why", &found.reasons),
            ("What it rests on", &found.evidence),
            ("What is done for them", &found.remedy),
            ("What changes for others", &found.learning),
        ] {
            if !text.is_empty() {
                blocks.push(heading(3, word));
                blocks.extend(written(text));
            }
        }
    }
    blocks
}

/// What the index says.
pub(super) struct Index<'a> {
    /// For whom, in words.
    pub purpose: &'static str,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Who made it.
    pub by: &'a str,
    /// Names were asked to be blacked out.
    pub names: bool,
    /// So many of them were in the texts.
    pub removed: usize,
    /// What is in it, in its order.
    pub within: &'a [String],
    /// What is not, and why, as sentences.
    pub left_out: &'a [(String, String)],
}

/// The first page of a bundle.
pub(super) fn index(index: &Index<'_>) -> Vec<Block> {
    let mut blocks = vec![
        heading(1, INDEX),
        line("For", index.purpose),
        line("Made", &format!("{}, by {}", long_date_time(index.at), index.by)),
    ];
    blocks.push(paragraph(&match (index.names, index.removed) {
        (false, _) => "No names were blacked out.".to_owned(),
        (true, 0) => "Names of other people were to be blacked out, and none of them is in the texts.".to_owned(),
        (true, n) => format!(
            "Names of other people were blacked out in the texts: {}. “[name removed]” stands in their place. Files that came from \
             others are as they came.",
            if n == 1 { "one name".to_owned() } else { format!("{n} names") }
        ),
    }));
    blocks.push(heading(2, "What is in it"));
    blocks.push(list(Some(1), index.within));
    if !index.left_out.is_empty() {
        blocks.push(heading(2, "What was left out, and why"));
        let named = index.left_out.iter().take(MOST_LEFT_OUT).map(|(title, why)| format!("{title}. {why}"));
        blocks.push(list(None, &named.collect::<Vec<_>>()));
        let more = index.left_out.len().saturating_sub(MOST_LEFT_OUT);
        if more > 0 {
            blocks.push(paragraph(&format!("And {more} more.")));
        }
    }
    blocks
}

/// What the first page of somebody's own data says.
pub(super) struct OwnData<'a> {
    /// When they asked.
    pub asked_on: NaiveDate,
    /// By when they must have it.
    pub due: Option<NaiveDate>,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Their name, addresses and telephone numbers.
    pub details: &'a [(String, String)],
    /// Names were asked to be blacked out.
    pub names: bool,
}

/// The first page of somebody's own data. What is said of each case follows.
pub(super) fn own_data(of: &OwnData<'_>) -> Vec<Block> {
    let mut blocks = vec![heading(1, "Your own data"), line("Asked for", &long_date(of.asked_on))];
    blocks.extend(of.due.map(|due| line("To be answered by", &long_date(due))));
    blocks.push(line("Made", &long_date_time(of.at)));
    blocks.push(heading(2, "What we know you by"));
    blocks.extend(of.details.iter().map(|(word, text)| line(word, text)));
    blocks.push(paragraph(
        "Below is each complaint that we hold something of yours in: your messages, our letters to you, the files that you sent, \
         what happened and what was decided. Each has a folder of its own in this download.",
    ));
    if of.names {
        blocks.push(paragraph(
            "Names of other people were blacked out in the texts: “[name removed]” stands in their place. A file that names one of \
             them was left out.",
        ));
    }
    blocks.push(paragraph(
        "Complaints that whoever made this may not see are not in it, nor is what was anonymised because its time was over.",
    ));
    blocks
}

/// What is said of one of their cases.
pub(super) fn own_case(
    reference: &str,
    lines: &[(&str, String)],
    looked: &[String],
    (within, left_out): (&[String], &[(String, String)]),
) -> Vec<Block> {
    let mut blocks = vec![heading(2, reference)];
    blocks.extend(lines.iter().map(|(word, text)| line(word, text)));
    if !looked.is_empty() {
        blocks.push(heading(3, "Who has looked at it"));
        blocks.push(list(None, looked));
    }
    if within.is_empty() {
        blocks.push(paragraph("Nothing of it is in this download."));
    } else {
        blocks.push(heading(3, "What of it is in this download"));
        blocks.push(list(Some(1), within));
    }
    if !left_out.is_empty() {
        blocks.push(heading(3, "What was left out, and why"));
        let named = left_out.iter().take(MOST_LEFT_OUT).map(|(title, why)| format!("{title}. {why}"));
        blocks.push(list(None, &named.collect::<Vec<_>>()));
    }
    blocks
}
