//! The file of a case as one download, as its page shows it and as it is asked for.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::ids::CaseReference;

/// The most that a bundle holds, in bytes.
pub const MOST_BYTES: u64 = 500_000_000;
/// The most things in one bundle.
pub const MOST_ITEMS: usize = 300;

/// What a bundle is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Whoever investigates at stage 2, and the independent person.
    Stage2,
    /// The panel at stage 3.
    Panel,
    /// The Ombudsman.
    Ombudsman,
    /// Somebody who wants to see what is held about them.
    OwnData,
}

impl Purpose {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Stage2, Self::Panel, Self::Ombudsman, Self::OwnData];

    /// The word in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stage2 => "stage-2",
            Self::Panel => "panel",
            Self::Ombudsman => "ombudsman",
            Self::OwnData => "own-data",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == word)
    }

    /// In words.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::Stage2 => "The investigation at stage 2",
            Self::Panel => "The review panel at stage 3",
            Self::Ombudsman => "The Local Government and Social Care Ombudsman",
            Self::OwnData => "A request for their own data",
        }
    }
}

/// What a bundle of a case could hold.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BundleView {
    /// Everything, in order.
    pub items: Vec<BundleItem>,
    /// The names to be blacked out that Heard proposes: other people named in the case.
    pub names: Vec<String>,
}

/// One thing.
#[derive(Clone, Debug, Serialize)]
pub struct BundleItem {
    /// Under this it is chosen; empty when it cannot be.
    pub key: String,
    /// Which part of the file it is, e.g. `Letters sent`.
    pub part: &'static str,
    /// What it is.
    pub title: String,
    /// Why it cannot be chosen, or what there is to know, as a sentence; may be empty.
    pub note: String,
    /// Proposed.
    pub ticked: bool,
    /// A file that comes from others: handed on as it is, never changed.
    pub is_file: bool,
    /// A file in whose words one of the names occurs.
    pub holds_name: bool,
    /// Bytes, of a file.
    pub size: u64,
}

/// What goes into a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleAsk {
    /// Of which case.
    pub reference: CaseReference,
    /// What it is for.
    pub purpose: Purpose,
    /// What was chosen, by its keys.
    pub items: BTreeSet<String>,
    /// Files that are put in although a name occurs in them, by their keys.
    pub all_the_same: BTreeSet<String>,
    /// The names to be blacked out.
    pub names: Vec<String>,
    /// So are the names of staff.
    pub staff: bool,
    /// Whose file it is.
    pub council: String,
}
