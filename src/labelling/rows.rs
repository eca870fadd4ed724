//! Labelled messages, read from JSON lines: those of `data/inbox` (labels under `gold`) or flat ones.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    classifier::Unlabelled,
    context::{Context, Door, Sender},
    families::families,
    heads::SINGLES,
    labels::{Act, Procedure, Theme},
};

/// What people decided about one message. What is None is not learnt from and not counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels {
    /// What it does.
    pub act: Option<Act>,
    /// Dissatisfaction by or for a family about the council's own service.
    pub dissatisfied: Option<bool>,
    /// A child may be at risk of harm now.
    pub safeguarding: Option<bool>,
    /// Which procedure applies.
    pub procedure: Option<Procedure>,
    /// What it is mainly about.
    pub theme: Option<Theme>,
    /// Written by a person under 18.
    pub child_author: Option<bool>,
    /// Somebody other than the council's staff speaks for the complainant.
    pub on_behalf: Option<bool>,
}

impl Labels {
    /// The yes-or-no labels, in the order of [`SINGLES`].
    #[must_use]
    pub fn singles(&self) -> [Option<bool>; SINGLES.len()] {
        [self.dissatisfied, self.safeguarding, self.child_author, self.on_behalf]
    }
}

/// A message with its labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labelled {
    /// Its id in its file.
    pub id: String,
    /// Its words, without what they quote.
    pub message: Unlabelled,
    /// What people decided.
    pub labels: Labels,
    /// The name of its file: the council it is of.
    pub council: String,
    /// Messages of one family: never on both sides when the heads are tested on what they have not seen.
    pub family: String,
    /// Staff pass on somebody else's words.
    pub passed_on: bool,
    /// What the labeller wrote beside it.
    pub note: String,
    /// How much it counts in training; 1 unless given, more for officers' decisions.
    pub weight: f64,
}

/// What of a body counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnWords {
    /// What its author wrote now, and what they pass on.
    pub words: String,
    /// They pass somebody else's words on.
    pub passed_on: bool,
}

/// Why labelled messages could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is not a labelled message.
    #[error("{} line {line}: {reason}", path.display())]
    Line {
        /// Which file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// The fields of a line that matter here; others are ignored.
#[derive(Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    subject: Option<String>,
    text: String,
    #[serde(default)]
    mailbox: Option<String>,
    #[serde(default)]
    channel: Option<String>,
    #[serde(default)]
    from_addr: Option<String>,
    #[serde(default)]
    headers: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    context: Option<Context>,
    #[serde(default)]
    weight: Option<f64>,
    #[serde(default)]
    gold: Option<Gold>,
    #[serde(flatten)]
    flat: Gold,
}

#[derive(Default, Deserialize)]
struct Gold {
    act: Option<Act>,
    dissatisfied: Option<bool>,
    safeguarding: Option<bool>,
    procedure: Option<Procedure>,
    theme: Option<Theme>,
    child_author: Option<bool>,
    on_behalf: Option<bool>,
    case_key: Option<String>,
    #[serde(default)]
    complainant: Option<Complainant>,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Default, Deserialize)]
struct Complainant {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    addr: Option<String>,
}

/// Reads `paths` in order. `strip` leaves of a body what its author wrote now, as in production. The string is the
/// SHA-256 (hex) of the files.
///
/// # Errors
/// [`RowsError`], naming the file and the line.
pub fn read_rows(paths: &[PathBuf], strip: fn(&str) -> OwnWords) -> Result<(Vec<Labelled>, String), RowsError> {
    let mut rows = Vec::new();
    let mut signs = Vec::new();
    let mut hash = Sha256::new();
    for path in paths {
        let text = fs::read_to_string(path).map_err(|source| RowsError::Read { path: path.clone(), source })?;
        hash.update(text.as_bytes());
        for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
            let row = read_line(line, path, strip);
            let (row, ties) = row.map_err(|reason| RowsError::Line { path: path.clone(), line: number, reason })?;
            rows.push(row);
            signs.push(ties);
        }
    }
    for (row, family) in rows.iter_mut().zip(families(&signs)) {
        row.family = family.to_string();
    }
    Ok((rows, data_encoding::HEXLOWER.encode(&hash.finalize())))
}

/// One row, and what ties it to the other messages of its family.
fn read_line(line: &str, path: &Path, strip: fn(&str) -> OwnWords) -> Result<(Labelled, Vec<String>), String> {
    let read: Line = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let council = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let mut context = read.context.unwrap_or_else(|| context(&read, &council));
    let gold = read.gold.unwrap_or(read.flat);
    if let (Some(act), Some(dissatisfied)) = (gold.act, gold.dissatisfied)
        && act.is_dissatisfaction() != dissatisfied
    {
        return Err(format!(
            "act \"{act}\" and dissatisfied {dissatisfied} contradict each other; correct one of them"
        ));
    }
    let weight = read.weight.unwrap_or(1.0);
    if !(weight > 0.0 && weight <= 1000.0) {
        return Err(format!("weight {weight} is not between 0 and 1000"));
    }
    let sign = |kind: &str, value: &str| format!("{council}/{kind}/{}", value.trim().to_lowercase());
    let mut ties = Vec::new();
    ties.extend(gold.case_key.as_deref().map(|key| sign("case", key)));
    let complainant = gold.complainant.unwrap_or_default();
    ties.extend([complainant.addr, complainant.name].into_iter().flatten().map(|who| sign("person", &who)));
    if context.sender == Sender::Outside && context.door != Door::Form && !context.automatic {
        ties.extend(read.from_addr.as_deref().filter(|a| !a.is_empty()).map(|address| sign("person", address)));
    }
    let own = strip(&read.text);
    let passed_on = context.sender == Sender::Staff && (own.passed_on || gold.dissatisfied == Some(true));
    if passed_on {
        // As intake does with what staff pass on: whose words they are is for the words to say.
        context.sender = Sender::Unknown;
    }
    let row = Labelled {
        id: read.id,
        passed_on,
        message: Unlabelled { subject: read.subject.unwrap_or_default(), text: own.words, context },
        labels: Labels {
            act: gold.act,
            dissatisfied: gold.dissatisfied.or(gold.act.map(Act::is_dissatisfaction)),
            safeguarding: gold.safeguarding,
            procedure: gold.procedure,
            theme: gold.theme,
            child_author: gold.child_author,
            on_behalf: gold.on_behalf,
        },
        council,
        family: String::new(),
        note: gold.note.unwrap_or_default(),
        weight,
    };
    Ok((row, ties))
}

/// How a message of a labelled inbox came, by its fields. A council's own staff write from `<name of the file>.example`.
fn context(line: &Line, council: &str) -> Context {
    let address = line.from_addr.as_deref().unwrap_or_default().to_lowercase();
    let machine = ["no-reply", "noreply", "postmaster", "mailer-daemon"].iter().any(|word| address.contains(word));
    let form = line.channel.as_deref() == Some("webform");
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    let staff = domain == format!("{council}.example") || domain.ends_with(&format!(".{council}.example"));
    let bulk = ["auto-submitted", "precedence", "list-unsubscribe", "list-id"];
    Context {
        sender: match (address.is_empty(), staff && !form && !machine) {
            (true, _) => Sender::Unknown,
            (false, true) => Sender::Staff,
            (false, false) => Sender::Outside,
        },
        door: match (form, line.mailbox.as_deref().unwrap_or_default().split(':').next().unwrap_or_default()) {
            (true, _) => Door::Form,
            (_, "complaints") => Door::Complaints,
            (_, "manager" | "forward") => Door::Manager,
            (_, "chat") => Door::Chat,
            _ => Door::Unknown,
        },
        automatic: machine || line.headers.keys().any(|name| bulk.contains(&name.to_lowercase().as_str())),
    }
}

/// What the author wrote above the usual separators of replies and quoted lines. A message that is nothing but a
/// forward is kept whole. Stands in where no reader of whole messages is at hand.
#[must_use]
pub fn cut_quoted_tail(text: &str) -> OwnWords {
    let mut kept = Vec::new();
    let mut passed_on = false;
    for line in text.lines() {
        let start = line.trim_start();
        let wrote = start.starts_with("On ") && start.trim_end().ends_with("wrote:");
        passed_on = start.starts_with("-----Original Message-----");
        if wrote || passed_on {
            break;
        }
        if !start.starts_with('>') {
            kept.push(line);
        }
    }
    let own = kept.join("\n").trim().to_owned();
    let words = own.split_whitespace().count();
    let whole = own.is_empty() || (passed_on && words < 4);
    OwnWords { words: if whole { text.trim().to_owned() } else { own }, passed_on }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Labelled, String> {
        read_line(line, Path::new("some/haverwick.jsonl"), cut_quoted_tail).map(|(row, _)| row)
    }

    #[test]
    fn a_row_of_a_labelled_inbox_and_a_flat_line_are_both_read() {
        let row = read(
            r#"{"id":"B1","mailbox":"manager:ehcp","subject":"Plan","text":"Late.","to":"x","gold":{"act":"concern",
               "dissatisfied":true,"safeguarding":false,"procedure":"corporate","theme":"delay","case_key":"k"}}"#,
        )
        .unwrap();
        assert_eq!((row.message.context.door, row.council.as_str()), (Door::Manager, "haverwick"));
        assert_eq!(row.labels.theme, Some(Theme::Delay));
        let flat = read(r#"{"id":"1","text":"Thanks","act":"compliment","theme":null,"weight":5}"#).unwrap();
        assert_eq!((flat.labels.act, flat.labels.dissatisfied), (Some(Act::Compliment), Some(false)));
        assert_eq!((flat.labels.safeguarding, flat.weight), (None, 5.0));
    }

    #[test]
    fn how_a_message_came_is_read_off_its_fields() {
        let staff =
            read(r#"{"id":"1","text":"x","mailbox":"manager:send","from_addr":"a@haverwick.example"}"#).unwrap();
        assert_eq!(staff.message.context, Context { sender: Sender::Staff, door: Door::Manager, automatic: false });
        let form = read(
            r#"{"id":"1","text":"x","mailbox":"complaints","channel":"webform","from_addr":"forms@haverwick.example"}"#,
        );
        assert_eq!(
            form.unwrap().message.context,
            Context { sender: Sender::Outside, door: Door::Form, automatic: false }
        );
        let list = read(r#"{"id":"1","text":"x","from_addr":"news@list.example","headers":{"List-Unsubscribe":"y"}}"#);
        assert!(list.unwrap().message.context.automatic);
        assert_eq!(read(r#"{"id":"1","text":"x"}"#).unwrap().message.context, Context::default());
    }

    #[test]
    fn messages_of_one_family_share_a_name_and_others_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("haverwick.jsonl");
        let lines = [
            r#"{"id":"1","text":"x","from_addr":"a@x.example","case_key":"k"}"#,
            r#"{"id":"2","text":"x","from_addr":"b@x.example","case_key":"k"}"#,
            r#"{"id":"3","text":"x","from_addr":"B@x.example"}"#,
            r#"{"id":"4","text":"x","from_addr":"c@haverwick.example"}"#,
            r#"{"id":"5","text":"x","from_addr":"c@haverwick.example"}"#,
        ];
        fs::write(&path, lines.join("\n")).unwrap();
        let (rows, _) = read_rows(&[path], cut_quoted_tail).unwrap();
        let families: Vec<&str> = rows.iter().map(|row| row.family.as_str()).collect();
        assert_eq!(families, ["0", "0", "0", "3", "4"]);
    }

    #[test]
    fn a_wrong_line_says_what_is_wrong() {
        let contradiction = read(r#"{"id":"1","text":"x","act":"routine","dissatisfied":true}"#).unwrap_err();
        assert!(contradiction.contains("contradict"), "{contradiction}");
        let word = read(r#"{"id":"1","text":"x","act":"moan"}"#).unwrap_err();
        assert!(word.contains("moan"), "{word}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, "{\"id\":\"1\",\"text\":\"x\",\"act\":\"routine\"}\n\nnonsense\n").unwrap();
        let error = read_rows(&[path], cut_quoted_tail).unwrap_err().to_string();
        assert!(error.contains("a.jsonl line 3"), "{error}");
    }

    #[test]
    fn what_is_quoted_goes_and_what_is_only_forwarded_stays() {
        assert_eq!(cut_quoted_tail("Still late.\n\nOn 3 May, Jo wrote:\n> sorry").words, "Still late.");
        let forward = "FYI\n-----Original Message-----\nFrom: A\n\nThe taxi never came.";
        assert_eq!(cut_quoted_tail(forward), OwnWords { words: forward.to_owned(), passed_on: true });
    }
}
