//! Word, PowerPoint and OpenDocument: XML in a ZIP archive.

use std::io::{BufReader, Cursor, Read, Write};

use quick_xml::{Reader, events::Event};
use zip::ZipArchive;

use super::child::Page;

/// Unpacked of one part (bytes): a bomb is never unpacked beyond.
const MOST_OF_PART: u64 = 24 * 1024 * 1024;
/// More parts than any document has.
const MOST_PARTS: usize = 2_000;

/// Where words stand in a format.
struct Marks {
    /// Only text inside these elements counts; None for all text.
    words: Option<&'static [u8]>,
    /// After these a line ends.
    lines: &'static [&'static [u8]],
    /// These stand for a blank.
    blanks: &'static [&'static [u8]],
}

const OFFICE: Marks = Marks { words: Some(b"t"), lines: &[b"p", b"br", b"cr"], blanks: &[b"tab", b"noBreakHyphen"] };
const OPEN: Marks = Marks { words: None, lines: &[b"p", b"h", b"line-break"], blanks: &[b"s", b"tab"] };

/// Word and PowerPoint.
pub(super) fn office<W: Write>(bytes: &[u8], page: &mut Page<W>) {
    let wanted = |name: &str| {
        let part = |folder: &str, begins: &[&str]| {
            name.strip_prefix(folder).is_some_and(|file| begins.iter().any(|word| file.starts_with(word)))
        };
        name.ends_with(".xml")
            && (part("word/", &["document", "header", "footer", "footnotes", "endnotes", "comments"])
                || part("ppt/slides/", &["slide"])
                || part("ppt/notesSlides/", &["notesSlide"]))
    };
    parts(bytes, wanted, &OFFICE, page);
}

/// OpenDocument text and slides.
pub(super) fn open_document<W: Write>(bytes: &[u8], page: &mut Page<W>) {
    parts(bytes, |name| name == "content.xml", &OPEN, page);
}

fn parts<W: Write>(bytes: &[u8], wanted: impl Fn(&str) -> bool, marks: &Marks, page: &mut Page<W>) {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return };
    let mut names: Vec<(usize, String)> = (0..archive.len().min(MOST_PARTS))
        .filter_map(|at| Some((at, archive.by_index_raw(at).ok()?.name().ok()?.into_owned())))
        .filter(|(_, name)| wanted(name))
        .collect();
    // Slides in their order: slide2 before slide10, the document before its footnotes.
    names.sort_by_key(|(_, name)| (name.len(), name.clone()));
    for (at, _) in names {
        let Ok(part) = archive.by_index(at) else { continue };
        if !xml(BufReader::new(part.take(MOST_OF_PART)), marks, page) {
            break;
        }
    }
}

/// Writes the words of one part. False when there are enough.
fn xml<W: Write>(input: impl std::io::BufRead, marks: &Marks, page: &mut Page<W>) -> bool {
    let mut reader = Reader::from_reader(input);
    reader.config_mut().check_end_names = false;
    let (mut buffer, mut line, mut within) = (Vec::new(), String::new(), 0usize);
    loop {
        buffer.clear();
        let Ok(event) = reader.read_event_into(&mut buffer) else { break };
        match event {
            Event::Eof => break,
            Event::Start(element) => {
                within += usize::from(marks.words == Some(element.local_name().as_ref().as_bytes()));
            }
            Event::End(element) => {
                let name = element.local_name();
                let name = name.as_ref().as_bytes();
                if marks.words == Some(name) {
                    within = within.saturating_sub(1);
                }
                if marks.lines.contains(&name) {
                    line.push('\n');
                }
            }
            Event::Empty(element) => {
                let name = element.local_name();
                let name = name.as_ref().as_bytes();
                if marks.lines.contains(&name) {
                    line.push('\n');
                } else if marks.blanks.contains(&name) {
                    line.push(' ');
                }
            }
            Event::Text(text) if within > 0 || marks.words.is_none() => line.push_str(&text.xml10_content()),
            Event::CData(text) if within > 0 || marks.words.is_none() => line.push_str(&text.xml10_content()),
            Event::GeneralRef(name) if within > 0 || marks.words.is_none() => match name.resolve_char_ref() {
                Ok(Some(letter)) => line.push(letter),
                _ => line.push_str(entity(&name)),
            },
            _ => {}
        }
        if line.len() > 4_096 {
            if !page.write(&line) {
                return false;
            }
            line.clear();
        }
    }
    line.push('\n');
    page.write(&line)
}

fn entity(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

#[cfg(test)]
pub(in super::super) mod tests {
    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::super::child::tests::words_of;
    use super::*;

    /// A ZIP archive of these parts.
    pub(in super::super::super) fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
    const ODT: &str = "application/vnd.oasis.opendocument.text";

    #[test]
    fn the_words_of_a_word_document_come_with_its_notes_and_without_what_was_deleted() {
        let document = "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>Dear Sir &amp; Mad</w:t></w:r>\
                        <w:r><w:t>am&#44;</w:t></w:r></w:p><w:p><w:del><w:r><w:delText>never</w:delText></w:r></w:del><w:r><w:tab/>\
                        <w:t>I complain.</w:t></w:r></w:p></w:body></w:document>";
        let notes = "<w:footnotes xmlns:w=\"w\"><w:p><w:r><w:t>See page 2</w:t></w:r></w:p></w:footnotes>";
        let bytes = archive(&[
            ("[Content_Types].xml", "<Types><t>no words</t></Types>"),
            ("word/footnotes.xml", notes),
            ("word/document.xml", document),
        ]);
        assert_eq!(words_of(WORD, &bytes).trim(), "Dear Sir & Madam,\n I complain.\n\nSee page 2");
    }

    #[test]
    fn slides_come_in_their_order_and_open_documents_too() {
        let slide = |text: &str| format!("<p:sld xmlns:a=\"a\"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>");
        let bytes = archive(&[("ppt/slides/slide10.xml", &slide("ten")), ("ppt/slides/slide2.xml", &slide("two"))]);
        assert_eq!(words_of(SLIDES, &bytes).split_whitespace().collect::<Vec<_>>(), ["two", "ten"]);
        let open = "<office:document-content xmlns:text=\"t\"><text:h>Plan</text:h><text:p>one<text:s/>two<text:span>!</text:span>\
                    </text:p></office:document-content>";
        assert_eq!(words_of(ODT, &archive(&[("content.xml", open)])).trim(), "Plan\none two!");
    }

    #[test]
    fn a_bomb_is_not_unpacked_and_damage_is_borne() {
        let bomb = "x".repeat(3 * 1024 * 1024);
        let many = format!("<w:p><w:t>{bomb}</w:t></w:p>");
        let bytes = archive(&[("word/document.xml", &many)]);
        assert!(bytes.len() < 20_000);
        assert_eq!(words_of(WORD, &bytes).len(), super::super::LONGEST);
        for cut in [0, 10, bytes.len() / 2, bytes.len() - 4] {
            words_of(WORD, &bytes[..cut]);
        }
        let broken = archive(&[("word/document.xml", "<w:p><w:t>before</w:t></w:p><w:p <<< &")]);
        assert_eq!(words_of(WORD, &broken).trim(), "before");
    }
}
