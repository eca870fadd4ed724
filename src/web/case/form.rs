//! What the forms of a case hold, and what is shown of it again.

use serde::{Deserialize, Serialize};

use super::FieldFault;
use crate::web::{letter::Words, views::LetterView};

/// All that any of the case's forms may hold.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct CaseForm {
    #[serde(default)]
    pub version: String,
    #[serde(default)]
    pub act: String,
    #[serde(default)]
    pub procedure: String,
    #[serde(default)]
    pub theme: String,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub to: String,
    #[serde(default)]
    pub message: Vec<String>,
    /// Another case.
    #[serde(default)]
    pub other: String,
    /// `own` or `other`.
    #[serde(default)]
    pub target: String,
    /// A member of staff: name or work address.
    #[serde(default)]
    pub who: String,
    /// `yes` or `no`.
    #[serde(default)]
    pub is: String,
    /// `look` or `own`, where a letter is looked at before it goes.
    #[serde(default)]
    pub what: String,
    /// The letter, perhaps in the officer's own words; and as the template had it.
    #[serde(default)]
    pub letter: String,
    #[serde(default)]
    pub letter_was: String,
}

/// What the officer entered, shown again beside the faults.
#[derive(Debug, Default, Serialize)]
pub(super) struct Entered {
    /// Which form: the last part of its address.
    pub form: String,
    pub act: String,
    pub procedure: String,
    pub theme: String,
    pub reason: String,
    pub message: Vec<String>,
    pub other: String,
    pub target: String,
    pub who: String,
    pub faults: Vec<FieldFault>,
    /// The letter as it would go, if it was looked at.
    pub letter: Option<LetterView>,
    pub words: Words,
}

impl Entered {
    /// What was typed into the form `what`.
    pub fn of(what: &str, form: CaseForm) -> Self {
        let CaseForm { act, procedure, theme, reason, message, other, target, who, .. } = form;
        Self { form: what.to_owned(), act, procedure, theme, reason, message, other, target, who, ..Self::default() }
    }
}
