//! Whole letters: what goes in comes out, in every print, the same each time.
#![allow(clippy::unwrap_used, clippy::panic)]

use letterpress::{Block, Letter, MOST_CHARACTERS, PressError, Print, Run, printable, typeset};
use proptest::prelude::*;

fn paragraph(text: &str) -> Block {
    Block::Paragraph(vec![Run::plain(text)])
}

fn letter(blocks: Vec<Block>) -> Letter {
    Letter {
        title: "Our answer to your complaint".into(),
        council: "Calderbeck Council".into(),
        reference: "HRD-26-00042-X".into(),
        date: chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
        blocks,
    }
}

/// The words of a PDF without white space: where lines end is the layout's.
fn words(pdf: &[u8]) -> String {
    pdf_extract::extract_text_from_mem(pdf).unwrap().split_whitespace().collect()
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn markup_comes_out_as_it_was_written() {
    let hostile = [
        "#eval(\"1\") #import \"x\" #read(\"/etc/passwd\") #sys.inputs",
        "*x* _y_ `z` $x^2$ @cite <label> \\ \\u{41} ~ -- --- ... 'q' \"q\"",
        "= not a heading\n- no list\n+ no list\n/ no: term",
        "// no comment /* none */ https:// ]] [[ }} {{ ) ( #",
    ];
    let blocks = hostile.iter().flat_map(|text| {
        let item = || vec![paragraph(text)];
        [
            Block::Heading { level: 2, runs: vec![Run { bold: true, ..Run::plain(text) }] },
            paragraph(text),
            Block::List { from: None, items: vec![item()] },
            Block::List { from: Some(7), items: vec![item(), item()] },
        ]
    });
    let made = Letter { title: hostile[0].into(), council: hostile[1].into(), ..letter(blocks.collect()) };
    for print in Print::ALL {
        let text = words(&typeset(&made, print).unwrap());
        for one in hostile {
            // Parts: a line or a page may end within.
            for part in one.split_whitespace() {
                assert!(text.matches(part).count() >= 5, "{print:?}: {part}");
            }
        }
    }
}

#[test]
fn every_page_has_the_reference_and_its_number() {
    let long = "The firm did not come on 11, 12 and 13 November, and nobody told you. ".repeat(12);
    for (print, least) in [(Print::Normal, 4), (Print::Large, 9), (Print::EasyRead, 12)] {
        let pdf = typeset(&letter(vec![paragraph(&long); 12]), print).unwrap();
        let pages = pdf_extract::extract_text_from_mem_by_pages(&pdf).unwrap();
        assert!(pages.len() >= least, "{print:?}: {}", pages.len());
        for (number, page) in (1..).zip(&pages) {
            let page = bare(page);
            assert!(page.contains(&format!("ReferenceHRD-26-00042-XPage{number}of{}", pages.len())), "{page}");
        }
    }
}

#[test]
fn the_same_letter_gives_the_same_bytes_whatever_was_made_before() {
    let (one, other) = (letter(vec![paragraph("One.")]), letter(vec![paragraph("Another.")]));
    let first = typeset(&one, Print::Large).unwrap();
    assert_ne!(first, typeset(&other, Print::Large).unwrap());
    assert_ne!(first, typeset(&one, Print::Normal).unwrap());
    assert_eq!(first, typeset(&one, Print::Large).unwrap());
    // Also beside others.
    let threads: Vec<_> = (0..3)
        .map(|_| {
            std::thread::spawn({
                let one = one.clone();
                move || typeset(&one, Print::Large)
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap().unwrap(), first);
    }
}

#[test]
fn names_of_many_languages_are_printed_and_what_cannot_be_is_said() {
    let names = "Świątek Nguyễn Çelik Ŵyn Київ Ελένη שלום";
    assert!(printable(names) && printable("مرحبا") && !printable("हिन्दी"));
    let text = words(&typeset(&letter(vec![paragraph(names)]), Print::Normal).unwrap());
    assert!(text.contains("ŚwiątekNguyễnÇelikŴynКиївΕλένη") && !text.contains('□'), "{text}");
    let lost = words(&typeset(&letter(vec![paragraph("Dear हिन्दी, مرحبا")]), Print::Normal).unwrap());
    assert!(lost.contains("Dear□") && lost.contains("□standsforacharacterthatcannotbeprintedhere."), "{lost}");
}

#[test]
fn a_fault_says_what_to_do_and_nothing_of_the_letter() {
    let secret = "Noor ".repeat(MOST_CHARACTERS / 4);
    let fault = typeset(&letter(vec![paragraph(&secret)]), Print::Normal).unwrap_err();
    assert!(matches!(fault, PressError::TooLong { .. }));
    assert!(fault.to_string().contains("shorten it") && !fault.to_string().contains("Noor"));
}

proptest! {
    // A letter takes a third of a second without optimisation.
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_text_makes_a_letter(text in "\\PC{0,60}|.{0,60}|[ -~\\n]{0,200}", link in "\\PC{0,30}|https://\\PC{0,20}", which in 0usize..3) {
        let run = Run { text: text.clone(), bold: true, link: Some(link) };
        let blocks = vec![
            Block::Heading { level: 3, runs: vec![Run::plain(&text), run.clone()] },
            Block::Paragraph(vec![run, Run::plain(&text)]),
            Block::List { from: Some(1), items: vec![vec![paragraph(&text)], vec![]] },
            paragraph("."),
        ];
        let made = Letter { title: format!("T {text}"), reference: format!("R {text}"), ..letter(blocks) };
        let pdf = typeset(&made, Print::ALL[which]);
        prop_assert!(pdf.is_ok(), "{:?}", pdf.err());
    }

    #[test]
    fn plain_text_comes_out_as_it_went_in(text in "[!-~](?:[ -~]{0,80}[!-~])?") {
        let pdf = typeset(&letter(vec![paragraph("Begin."), paragraph(&text), paragraph("End.")]), Print::Normal).unwrap();
        let wanted = bare(&format!("Begin. {text} End."));
        let got = words(&pdf);
        prop_assert!(got.contains(&wanted), "{}\nin {}", wanted, got);
    }
}
