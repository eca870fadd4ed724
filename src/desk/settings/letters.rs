//! The letters, each in every variant as an invented family would get it.

use letterpress::{Block, Run};

use super::{Answer, StoreSettings};
use crate::{
    desk::capital,
    replies::{
        letters::{Letter, moments::moment},
        paper,
        render::Rendered,
    },
    web::{
        desk::DeskError,
        settings_views::{LetterPreview, LetterRow, LettersView, Piece, Words},
    },
};

/// The samples by their letters, in the order in which the letters are checked at the start.
fn samples() -> Vec<(&'static str, Vec<(String, Letter)>)> {
    let mut letters: Vec<(&'static str, Vec<(String, Letter)>)> = Vec::new();
    for (label, letter) in Letter::samples() {
        let name = letter.name();
        let variant = label.strip_prefix(name).unwrap_or(&label).trim_start_matches([',', ' ']).to_owned();
        let variant = if variant.is_empty() { "As it is".to_owned() } else { capital(&variant) };
        match letters.iter_mut().find(|(known, _)| *known == name) {
            Some((_, variants)) => variants.push((variant, letter)),
            None => letters.push((name, vec![(variant, letter)])),
        }
    }
    letters
}

fn row(desk: &StoreSettings, name: &'static str, variants: usize) -> LetterRow {
    let moment = moment(name);
    LetterRow {
        name: name.to_owned(),
        title: moment.title,
        when: moment.when,
        to: moment.to,
        by_chat: name.starts_with("chat-"),
        own: desk.letters.join(name).is_dir() && desk.office.letters.is_edited(name),
        variants,
    }
}

pub(super) fn list(desk: &StoreSettings) -> LettersView {
    LettersView {
        folder: desk.letters.display().to_string(),
        there: desk.letters.is_dir(),
        letters: samples().into_iter().map(|(name, variants)| row(desk, name, variants.len())).collect(),
    }
}

fn variants(name: &str) -> Answer<(&'static str, Vec<(String, Letter)>)> {
    samples().into_iter().find(|(known, _)| *known == name).ok_or(DeskError::NotFound)
}

fn render(desk: &StoreSettings, letter: &Letter) -> Answer<Rendered> {
    desk.office.letters.render(letter).map_err(|fault| DeskError::Refused(fault.to_string()))
}

pub(super) fn rendered(desk: &StoreSettings, name: &str, variant: usize) -> Answer<Rendered> {
    let (_, variants) = variants(name)?;
    let (_, letter) = variants.get(variant).ok_or(DeskError::NotFound)?;
    render(desk, letter)
}

pub(super) fn preview(desk: &StoreSettings, name: &str, variant: usize) -> Answer<LetterPreview> {
    let (name, variants) = variants(name)?;
    let (_, letter) = variants.get(variant).ok_or(DeskError::NotFound)?;
    let Rendered { subject, text, html } = render(desk, letter)?;
    Ok(LetterPreview {
        letter: row(desk, name, variants.len()),
        variant,
        subject,
        text,
        pieces: html.map(|html| paper::from_html(&html).iter().map(piece).collect()),
        variants: variants.into_iter().map(|(label, _)| label).collect(),
    })
}

fn piece(block: &Block) -> Piece {
    match block {
        Block::Heading { runs, .. } => Piece::Heading { words: words(runs) },
        Block::Paragraph(runs) => Piece::Paragraph { words: words(runs) },
        Block::List { from, items } => {
            Piece::List { numbered: from.is_some(), items: items.iter().flat_map(|item| lines(item)).collect() }
        }
    }
}

/// What an item says: its blocks one after the other, and lists in it as further items.
fn lines(item: &[Block]) -> Vec<Vec<Words>> {
    let mut said: Vec<Vec<Words>> = vec![Vec::new()];
    for block in item {
        match block {
            Block::Heading { runs, .. } | Block::Paragraph(runs) => {
                if let Some(line) = said.last_mut() {
                    if !line.is_empty() {
                        line.push(Words { text: " ".to_owned(), bold: false, link: None });
                    }
                    line.extend(words(runs));
                }
            }
            Block::List { items, .. } => said.extend(items.iter().flat_map(|item| lines(item))),
        }
    }
    said.retain(|line| !line.is_empty());
    said
}

fn words(runs: &[Run]) -> Vec<Words> {
    let one = |run: &Run| Words { text: run.text.clone(), bold: run.bold, link: run.link.clone() };
    runs.iter().map(one).collect()
}
