//! Letters as accessible PDF: PDF/UA-1 and PDF/A-2a, the same bytes for the same letter wherever it is made.
//!
//! A letter is plain values ([`Letter`]); what it looks like stands in one template of ours, which gets them as values. Nothing
//! of a letter is ever read as markup, no file and no network is reached, and the fonts are in the program.
//!
//! ```
//! use letterpress::{Block, Letter, Print, Run};
//!
//! let letter = Letter {
//!     title: "We have received your complaint".into(),
//!     council: "Calderbeck Council".into(),
//!     reference: "HRD-26-00042-X".into(),
//!     date: chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
//!     blocks: vec![
//!         Block::Heading { level: 1, runs: vec![Run::plain("We have received your complaint")] },
//!         Block::Paragraph(vec![Run::plain("Dear Ms Nair,")]),
//!     ],
//! };
//! assert!(letterpress::typeset(&letter, Print::Large)?.starts_with(b"%PDF-1.7"));
//! # Ok::<(), letterpress::PressError>(())
//! ```

mod glyphs;
mod press;
mod proof;

pub use proof::with_addresses;

use chrono::NaiveDate;

/// The most characters that a letter may have: some forty pages in normal print, and seconds of work.
pub const MOST_CHARACTERS: usize = 100_000;

/// How deep lists may lie in one another.
pub const DEEPEST: usize = 8;

/// A letter, as plain values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Title of the document, which a screen reader reads first and the first heading of a letter that has none.
    pub title: String,
    /// Whose letter it is.
    pub council: String,
    /// The case's reference: on every page.
    pub reference: String,
    /// The day of the letter.
    pub date: NaiveDate,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A piece of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading {
        /// 1 for the letter's own. Levels that were left out are closed up, so that none is skipped (PDF/UA-1, 7.4.2).
        level: u8,
        /// What it says.
        runs: Vec<Run>,
    },
    /// A paragraph.
    Paragraph(Vec<Run>),
    /// A list, each item with blocks of its own.
    List {
        /// Where the numbering begins; None for a list without numbers.
        from: Option<u32>,
        /// What is listed.
        items: Vec<Vec<Block>>,
    },
}

/// Words in one style. A line break in the text is one on the paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The words, taken as they are.
    pub text: String,
    /// In bold.
    pub bold: bool,
    /// Where it leads: a web page, an address of mail, a number to call. On paper the place is printed beside the words.
    pub link: Option<String>,
}

impl Run {
    /// Words without a style.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

/// How it is laid out. The words are the same in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Print {
    /// 12 point.
    #[default]
    Normal,
    /// 18 point throughout, for people with low vision.
    Large,
    /// 18 point, every sentence on a line of its own, wide apart. The layout alone: it makes no easy read of hard words.
    EasyRead,
}

impl Print {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::EasyRead];

    /// In one word, as addresses name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Large => "large",
            Self::EasyRead => "easy-read",
        }
    }

    /// The one that is called so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|print| print.as_str() == name)
    }
}

/// Why there is no PDF. No fault names what the letter says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PressError {
    /// More than is typeset.
    #[error("the letter has {characters} characters, and {MOST_CHARACTERS} is the most that is typeset: shorten it")]
    TooLong {
        /// How many it has.
        characters: usize,
    },
    /// Lists in lists in lists.
    #[error("the letter has lists more than {DEEPEST} deep in one another: take some of them out")]
    TooDeep,
    /// It says nothing.
    #[error("the letter has no words, or no title: write some")]
    Empty,
    /// A font of the program cannot be read.
    #[error("a font of this program cannot be read: build it anew")]
    Fonts,
    /// The template could not be laid out.
    #[error(
        "the letter could not be laid out (line {line} of the template): this is a fault of the program, report it"
    )]
    Layout {
        /// Line of the template from 1; 0 when not known.
        line: usize,
    },
    /// It was laid out, but is no accessible PDF.
    #[error("the letter cannot be made an accessible PDF ({rule}): this is a fault of the program, report it")]
    Standard {
        /// Which standard.
        rule: String,
    },
}

/// The letter as PDF. It computes for as long as half a minute: call it where nothing else waits.
///
/// # Errors
///
/// [`PressError`], which says what to do.
pub fn typeset(letter: &Letter, print: Print) -> Result<Vec<u8>, PressError> {
    press::press()?.typeset(&proof::proof(letter, print)?, print)
}

/// Whether every character of `text` can be printed.
#[must_use]
pub fn printable(text: &str) -> bool {
    press::press().is_ok_and(|press| glyphs::tidy(text, press.glyphs()).lost == 0)
}
