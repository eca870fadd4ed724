//! The messages of a case, as its page shows them.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::AttachmentView;
use crate::ids::Uuid;

/// Something a family, or somebody for them, sent.
#[derive(Clone, Debug, Serialize)]
pub struct MessageView {
    /// Who wrote it, as they name themselves.
    pub author: Option<String>,
    /// Their address or chat; empty when not known.
    pub address: String,
    /// When the council received it.
    pub received_at: DateTime<Utc>,
    /// Subject; empty for chat.
    pub subject: String,
    /// What they wrote now.
    pub text: String,
    /// What stands below it from earlier messages; may be empty.
    pub quoted: String,
    /// A message passed on inside it.
    pub forwarded: Option<ForwardedView>,
    /// Files that came with it.
    pub attachments: Vec<AttachmentView>,
    /// Every place it was found in (the same message may lie in several inboxes).
    pub found_in: Vec<String>,
    /// How it belongs to the case, e.g. `Opened this case`, `Reply to our acknowledgement`.
    pub relation: String,
    /// It points at the case, but its sender is nobody in it.
    pub unverified: bool,
    /// Which machine sent it and what says so, in words; empty when a person did.
    pub automatic: String,
    /// Why its words cannot be read here and what to do, if so.
    pub sealed: Option<String>,
    /// Why only its beginning is shown, if so.
    pub in_part: Option<String>,
    /// Its key, for what an officer does with it.
    pub id: Uuid,
    /// Why its sender is not taken for somebody in the case, as a sentence; empty for others.
    pub doubt: String,
}

/// A message passed on inside another.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ForwardedView {
    /// Who wrote it, name and address as written.
    pub from: String,
    /// To whom, as written.
    pub to: String,
    /// When, as written.
    pub date: String,
    /// Subject, as written.
    pub subject: String,
    /// Its words.
    pub text: String,
}
