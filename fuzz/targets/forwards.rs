//! Any text is divided without losing a word, and any text below any subject is looked through for a forward.
#![no_main]

use heard::intake::{forward, reading::Person, strip};
use heard_fuzz::{count_panics, first_line, solid};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    count_panics();
    let (subject, text) = first_line(data);
    let split = strip::split(&text);
    assert_eq!(solid(&split.visible) + solid(&split.quoted), solid(&text), "words lost or doubled");
    // Words run on into an attribution are parted where it begins.
    for word in text.split(|c: char| !c.is_alphanumeric()).take(200) {
        assert!(split.visible.contains(word) || split.quoted.contains(word), "{word:?} is lost");
    }
    let outer = Person { name: Some("Mia Manager".into()), address: "mia@council.example".into() };
    for outer in [Some(&outer), None] {
        let found = forward::inline(&text, &subject, outer);
        assert_eq!(found, forward::inline(&text, &subject, outer));
        if let Some(found) = found {
            let kept = solid(&found.note) + solid(&found.forwarded.text) + solid(&found.rest);
            let also: usize = found.also.iter().map(|one| solid(&one.text)).sum();
            let kept = kept + also;
            assert!(kept <= solid(&text), "{kept} letters out of {}", solid(&text));
        }
    }
    let _ = (forward::prefix(&subject), forward::bare_subject(&subject));
});
