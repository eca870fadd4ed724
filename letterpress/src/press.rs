//! The typesetter: our template, our fonts, and nothing else within reach.

use std::{collections::BTreeSet, sync::LazyLock};

use chrono::Datelike;
use typst::{
    Library, LibraryExt, World, WorldExt, comemo,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Array, Bytes, Datetime, Dict, Duration, IntoValue, Smart, Value},
    syntax::{FileId, Source},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::{Block, PressError, Print, Run, proof::Proof};

const TEMPLATE: &str = include_str!("letter.typ");

/// What is the same for every letter.
pub(crate) struct Press {
    source: Source,
    fonts: [Font; 2],
    book: LazyHash<FontBook>,
    /// The characters that are in all the fonts, in order.
    glyphs: Vec<u32>,
    standards: PdfStandards,
}

static PRESS: LazyLock<Result<Press, PressError>> = LazyLock::new(Press::new);

pub(crate) fn press() -> Result<&'static Press, PressError> {
    PRESS.as_ref().map_err(Clone::clone)
}

impl Press {
    fn new() -> Result<Self, PressError> {
        let font = |data: &'static [u8]| Font::new(Bytes::new(data), 0).ok_or(PressError::Fonts);
        let fonts = [font(dejavu::sans::regular())?, font(dejavu::sans::bold())?];
        let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a])
            .map_err(|_| PressError::Standard { rule: "PDF/UA-1 with PDF/A-2a".to_owned() })?;
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        let [regular, bold] = fonts.each_ref().map(|font| font.info().coverage.iter().collect::<BTreeSet<u32>>());
        let glyphs = regular.intersection(&bold).copied().collect();
        Ok(Self { source: Source::detached(TEMPLATE), fonts, book, glyphs, standards })
    }

    /// Whether a character is in all the fonts.
    pub(crate) fn glyphs(&self) -> impl Fn(char) -> bool {
        |c| self.glyphs.binary_search(&u32::from(c)).is_ok()
    }

    pub(crate) fn typeset(&self, proof: &Proof, print: Print) -> Result<Vec<u8>, PressError> {
        let inputs = inputs(proof, print).ok_or(PressError::Layout { line: 0 })?;
        let desk = Desk { press: self, library: LazyHash::new(Library::builder().with_inputs(inputs).build()) };
        let bytes = self.print(&desk);
        // What was remembered of this letter helps with no other, and is somebody's.
        comemo::evict(0);
        bytes
    }

    fn print(&self, desk: &Desk<'_>) -> Result<Vec<u8>, PressError> {
        let laid_out = typst::compile::<PagedDocument>(desk).output;
        let document = laid_out.map_err(|faults| PressError::Layout { line: line(desk, &faults) })?;
        let options = PdfOptions {
            creator: Smart::Custom(Some("Heard".to_owned())),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&document, &options).map_err(|faults| PressError::Standard { rule: rule(&faults) })
    }
}

/// Where in the template the first fault lies.
fn line(desk: &Desk<'_>, faults: &[SourceDiagnostic]) -> usize {
    let at = faults.first().and_then(|fault| desk.range(fault.span));
    at.map_or(0, |at| TEMPLATE.get(..at.start).unwrap_or_default().matches('\n').count() + 1)
}

/// What a fault says before it comes to the letter's own words, which have no place in a log.
fn rule(faults: &[SourceDiagnostic]) -> String {
    let said = faults.first().map(|fault| fault.message.as_str()).unwrap_or_default();
    said.split('`').next().unwrap_or_default().trim().to_owned()
}

/// One letter on the press.
struct Desk<'a> {
    press: &'a Press,
    library: LazyHash<Library>,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> FileId {
        self.press.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() { Ok(self.press.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The letter as the template's values.
fn inputs(proof: &Proof, print: Print) -> Option<Dict> {
    let letter = &proof.letter;
    let (month, day) = (u8::try_from(letter.date.month()).ok()?, u8::try_from(letter.date.day()).ok()?);
    let mut values = Dict::new();
    let mut put = |name: &str, value: Value| values.insert(name.into(), value);
    put("title", text(&letter.title));
    put("council", text(&letter.council));
    put("reference", text(&letter.reference));
    put("date", Datetime::from_ymd(letter.date.year(), month, day)?.into_value());
    put("day", text(&letter.date.format("%A %-d %B %Y").to_string()));
    put("blocks", blocks(&letter.blocks));
    put("note", proof.note.map_or(Value::None, text));
    Some(dict([("letter", values.into_value()), ("print", measures(print).into_value())]))
}

fn dict<const N: usize>(entries: [(&str, Value); N]) -> Dict {
    entries.into_iter().map(|(name, value)| (name.into(), value)).collect()
}

fn text(text: &str) -> Value {
    text.into_value()
}

fn blocks(blocks: &[Block]) -> Value {
    let one = |block: &Block| match block {
        Block::Heading { level, runs: words } => {
            dict([("kind", text("heading")), ("level", i64::from(*level).into_value()), ("runs", runs(words))])
        }
        Block::Paragraph(words) => dict([("kind", text("paragraph")), ("runs", runs(words))]),
        Block::List { from, items } => {
            let items: Array = items.iter().map(|item| self::blocks(item)).collect();
            let kind = text(if from.is_some() { "numbers" } else { "bullets" });
            let start = i64::from(from.unwrap_or(1)).into_value();
            dict([("kind", kind), ("start", start), ("items", items.into_value())])
        }
    };
    blocks.iter().map(|block| one(block).into_value()).collect::<Array>().into_value()
}

fn runs(runs: &[Run]) -> Value {
    let one = |run: &Run| {
        let link = run.link.as_deref().map_or(Value::None, text);
        dict([("text", text(&run.text)), ("bold", run.bold.into_value()), ("link", link)]).into_value()
    };
    runs.iter().map(one).collect::<Array>().into_value()
}

/// Sizes in points, millimetres and widths of a letter. 12 point is the least for clear print and 18 for large print (UK
/// Association for Accessible Formats); nothing in a letter is smaller, page numbers included.
fn measures(print: Print) -> Dict {
    let floats = |list: &[f64]| list.iter().map(|n| n.into_value()).collect::<Array>().into_value();
    let (size, leading, gap, margin) = match print {
        Print::Normal => (12.0, 0.75, 1.2, 24.0),
        Print::Large => (18.0, 0.8, 1.2, 20.0),
        Print::EasyRead => (18.0, 1.1, 1.5, 22.0),
    };
    let (heads, above) = match print {
        Print::Normal => ([1.5, 1.2, 1.05, 1.0], [1.2, 2.2, 1.8, 1.6]),
        Print::Large => ([1.35, 1.15, 1.05, 1.0], [1.2, 2.0, 1.7, 1.5]),
        Print::EasyRead => ([1.4, 1.25, 1.1, 1.0], [1.5, 2.8, 2.2, 1.8]),
    };
    dict([
        ("size", size.into_value()),
        ("leading", leading.into_value()),
        ("gap", gap.into_value()),
        ("margin", margin.into_value()),
        ("heads", floats(&heads)),
        ("above", floats(&above)),
    ])
}
