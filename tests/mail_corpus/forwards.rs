//! Forwards give the original author and text.

use heard::intake::{forward, reading::Person};

use super::{cases, squeezed};

#[test]
fn forwards_give_the_original_author() {
    let (mut all, mut found, mut address, mut subject, mut body, mut note, mut false_alarm, mut not_forwards) =
        (0, 0, 0, 0, 0, 0, 0, 0);
    let outer = Person { name: Some("Mia Manager".into()), address: "mia.manager@council.example".into() };
    for (case, raw) in cases("forwarded") {
        let id = case["id"].as_str().unwrap();
        let text = String::from_utf8_lossy(&raw).replace("\r\n", "\n");
        let got = forward::inline(&text, case["outer_subject"].as_str().unwrap_or(""), Some(&outer));
        let expect = &case["expect"];
        match expect["forwarded"].as_bool() {
            Some(false) => {
                not_forwards += 1;
                if got.is_some() {
                    false_alarm += 1;
                    println!("  no forward, but taken for one: {id}");
                }
                continue;
            }
            None => continue,
            Some(true) => all += 1,
        }
        let Some(got) = got else {
            println!("  missed: {id}");
            continue;
        };
        found += 1;
        let original = &expect["original"];
        let from = got.forwarded.from.clone().unwrap_or_default();
        let wanted = original["from"]["address"].as_str().unwrap_or("");
        if from.address == wanted.to_lowercase() {
            address += 1;
        } else {
            println!("  address: {id} {from:?} for {wanted}");
        }
        let same = |a: Option<&str>, b: Option<&str>| squeezed(a.unwrap_or("")) == squeezed(b.unwrap_or(""));
        let subject_right =
            original["subject"].is_null() || same(got.forwarded.subject.as_deref(), original["subject"].as_str());
        subject += usize::from(subject_right);
        if !subject_right {
            println!("  subject: {id} {:?} for {}", got.forwarded.subject, original["subject"]);
        }
        let body_right = squeezed(&got.forwarded.text) == squeezed(original["body"].as_str().unwrap_or(""));
        body += usize::from(body_right);
        if !body_right {
            println!("  body: {id} {:.120?} for {:.120}", got.forwarded.text, original["body"]);
        }
        let note_right = same(Some(&got.note), expect["manager_note"].as_str());
        note += usize::from(note_right);
        if !note_right {
            println!("  note: {id} {:?} for {}", got.note, expect["manager_note"]);
        }
    }
    println!(
        "forwarded: {found} of {all} found, address right {address}, subject {subject}, body {body}, note {note}; {false_alarm} of {not_forwards} others taken for forwards"
    );
    if all > 0 {
        assert!(address * 100 >= all * 98 && note * 100 >= all * 98 && body * 100 >= all * 90);
        assert_eq!(false_alarm, 0);
    }
}
