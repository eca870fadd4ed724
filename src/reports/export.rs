//! `heard cases export`: one JSON line a case. The shape is fixed: other programs read it.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::{
    ids::Uuid,
    store::{
        Stored, Tx,
        exports::{self, CaseLine},
    },
};

/// Whose complaint it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Complainant {
    /// Name, as they gave it.
    pub name: Option<String>,
    /// `local@domain` or `telegram:<chat>`.
    pub addr: Option<String>,
}

/// The dates of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DueDates {
    /// Last day to say which procedure it is.
    pub decide_by: NaiveDate,
    /// Last day for the answer.
    pub answer_by: NaiveDate,
    /// The duty behind `answer_by`, e.g. `S1-10`.
    pub rule: String,
}

/// A message of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExportedMessage {
    /// `Message-ID` without brackets, or `tg:<chat>:<message>`; null when it had none.
    pub message_id: Option<String>,
    /// Mailbox it was found in first, or `chat`.
    pub source: String,
    /// `new`, `same-issue`, `duplicate`, `unverified-sender`, `automatic` or `status`.
    pub relation: String,
}

/// A case as other programs see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExportedCase {
    /// `HRD-26-00042-K`.
    pub reference: String,
    /// `to-confirm`, `open`, `dismissed`, `closed`, or `merged`: then its messages are in the case that it was merged into.
    pub status: String,
    /// Complaint, concern, …
    pub act: String,
    /// Which procedure.
    pub procedure: String,
    /// Stage of the procedure, from 1.
    pub stage: u8,
    /// What it is mainly about.
    pub theme: String,
    /// A child may be at risk.
    pub safeguarding: bool,
    /// Whose complaint it is; null when nobody knows yet.
    pub complainant: Option<Complainant>,
    /// Reference of the joint complaint it belongs to.
    pub joint: Option<String>,
    /// References of the other cases that may be one problem with it, while no officer has said.
    pub joint_suggested: Vec<String>,
    /// When the council received it.
    pub received_at: DateTime<Utc>,
    /// Its dates.
    pub due: DueDates,
    /// Its messages, oldest first.
    pub messages: Vec<ExportedMessage>,
}

/// Every case by its reference.
///
/// # Errors
///
/// The database's.
pub async fn cases(tx: &mut Tx) -> Stored<Vec<ExportedCase>> {
    let mut messages: HashMap<Uuid, Vec<ExportedMessage>> = HashMap::new();
    for line in exports::messages(tx).await? {
        let message = ExportedMessage { message_id: line.message_id, source: line.mailbox, relation: line.relation };
        messages.entry(line.case_id).or_default().push(message);
    }
    let mut suggested: HashMap<String, BTreeSet<String>> = HashMap::new();
    for (reference, other) in exports::suggested(tx).await? {
        suggested.entry(reference).or_default().insert(other);
    }
    let cases = exports::cases(tx).await?.into_iter().map(|line| {
        let others = suggested.remove(&line.reference).unwrap_or_default().into_iter().collect();
        exported(messages.remove(&line.id).unwrap_or_default(), others, line)
    });
    Ok(cases.collect())
}

fn exported(messages: Vec<ExportedMessage>, joint_suggested: Vec<String>, line: CaseLine) -> ExportedCase {
    let known = line.complainant_name.is_some() || line.complainant_address.is_some();
    ExportedCase {
        reference: line.reference,
        status: if line.merged { "merged".to_owned() } else { line.status },
        act: line.act,
        procedure: line.procedure,
        stage: u8::try_from(line.stage).unwrap_or(1),
        theme: line.theme,
        safeguarding: line.safeguarding,
        complainant: known.then_some(Complainant { name: line.complainant_name, addr: line.complainant_address }),
        joint: line.joint,
        joint_suggested,
        received_at: line.received_at,
        due: DueDates { decide_by: line.decide_by, answer_by: line.due_on, rule: line.due_duty },
        messages,
    }
}
