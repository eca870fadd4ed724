//! The letters, each in every variant as an invented family would get it.

use letterpress::{Block, Run};

use super::{Answer, StoreSettings};
use crate::{
    casework::{CaseworkError, Office},
    desk::capital,
    languages::Language,
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

/// A letter as an invented family would get it.
struct Variant {
    label: String,
    letter: Letter,
    language: Language,
}

/// The samples by their letters, in the order in which the letters are checked at the start; what families get after that in each
/// other language that is offered.
fn samples(office: &Office) -> Vec<(&'static str, Vec<Variant>)> {
    let mut letters: Vec<(&'static str, Vec<Variant>)> = Vec::new();
    for (label, letter) in Letter::samples() {
        let name = letter.name();
        let variant = label.strip_prefix(name).unwrap_or(&label).trim_start_matches([',', ' ']).to_owned();
        let label = if variant.is_empty() { "As it is".to_owned() } else { capital(&variant) };
        let variant = Variant { label, letter, language: Language::English };
        match letters.iter_mut().find(|(known, _)| *known == name) {
            Some((_, variants)) => variants.push(variant),
            None => letters.push((name, vec![variant])),
        }
    }
    for (_, variants) in &mut letters {
        let Some(first) = variants.first().map(|first| first.letter.clone()) else { continue };
        let others = office.languages.iter().filter(|language| **language != Language::English);
        variants.extend(others.filter_map(|language| translated(office, &first, *language)));
    }
    letters
}

/// `letter` in a language, where it goes out in that.
fn translated(office: &Office, letter: &Letter, language: Language) -> Option<Variant> {
    let speaker = office.speaker(Some(language));
    let goes = speaker.above(letter).is_some() || speaker.by_chat(letter).is_some();
    goes.then(|| Variant { label: format!("In {}", language.name()), letter: letter.clone(), language })
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
        letters: samples(&desk.office).into_iter().map(|(name, variants)| row(desk, name, variants.len())).collect(),
    }
}

fn variants(desk: &StoreSettings, name: &str) -> Answer<(&'static str, Vec<Variant>)> {
    samples(&desk.office).into_iter().find(|(known, _)| *known == name).ok_or(DeskError::NotFound)
}

fn render(desk: &StoreSettings, variant: &Variant) -> Answer<Rendered> {
    let refused = |fault: CaseworkError| DeskError::Refused(fault.to_string());
    let office = &desk.office;
    let english = office.letters.render(&variant.letter).map_err(|fault| refused(fault.into()))?;
    let speaker = office.speaker(Some(variant.language));
    let letter = speaker.sample(&variant.letter);
    match speaker.above(&letter) {
        _ if variant.language == Language::English => Ok(english),
        Some(_) => office.above(Some(variant.language), &letter, english).map_err(refused),
        None => office.in_chat(&speaker, &letter).map_err(refused),
    }
}

pub(super) fn rendered(desk: &StoreSettings, name: &str, variant: usize) -> Answer<Rendered> {
    let (_, variants) = variants(desk, name)?;
    render(desk, variants.get(variant).ok_or(DeskError::NotFound)?)
}

pub(super) fn preview(desk: &StoreSettings, name: &str, variant: usize) -> Answer<LetterPreview> {
    let (name, variants) = variants(desk, name)?;
    let Rendered { subject, text, html } = render(desk, variants.get(variant).ok_or(DeskError::NotFound)?)?;
    Ok(LetterPreview {
        letter: row(desk, name, variants.len()),
        variant,
        subject,
        text,
        pieces: html.map(|html| paper::from_html(&html).iter().map(piece).collect()),
        variants: variants.into_iter().map(|variant| variant.label).collect(),
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
