//! Any bytes are read or refused: never a panic, the same each time, and bounded.
#![no_main]

use std::sync::LazyLock;

use heard::{
    casework::Office,
    intake::{
        authentication::Authenticity,
        body::LONGEST_TEXT,
        parse::{ReadContext, header_instants, read},
        prepare,
    },
};
use heard_fuzz::{context, count_panics, office, words};
use libfuzzer_sys::fuzz_target;

static CONTEXT: LazyLock<ReadContext> = LazyLock::new(context);
static OFFICE: LazyLock<Office> = LazyLock::new(office);

/// Headers that only machines set; whatever else a message says, none of them is answered.
const AUTOMATIC: &[&str] = &[
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated (vacation)",
    "List-Id: <news.example>",
    "Precedence: bulk",
    "X-Autoreply: yes",
    "Return-Path: <>",
    "X-Loop: complaints@council.example",
    "X-Failed-Recipients: ann@mail.example",
];

fuzz_target!(|data: &[u8]| {
    count_panics();
    let first = read(data, &CONTEXT);
    assert_eq!(first, read(data, &CONTEXT), "the same bytes were read differently");
    if let Ok(reading) = &first {
        // Decoding may lengthen a text (one byte of an old character set becomes three); forwards are in two places at most.
        assert!(words(reading).len() <= (LONGEST_TEXT + 4 * data.len()).min(6 * LONGEST_TEXT), "text without bound");
        assert!(reading.references.len() <= 50 && reading.in_reply_to.len() <= 50);
        assert!(!words(reading).contains('\0') && !reading.subject.contains(['\0', '\n']));
    }
    let now = "2026-11-20T10:30:00Z".parse().expect("a date");
    let _ = header_instants(data);
    let _ = prepare::mail(&OFFICE, "complaints", data, now, Authenticity::Unknown);
    if let Some((first, rest)) = data.split_first() {
        let header = AUTOMATIC.get(usize::from(*first) % AUTOMATIC.len()).unwrap_or(&AUTOMATIC[0]);
        let sent = [header.as_bytes(), b"\r\n", rest].concat();
        if let Ok(reading) = read(&sent, &CONTEXT) {
            assert!(!reading.no_answer.is_empty(), "would be answered: {header}");
        }
    }
});
