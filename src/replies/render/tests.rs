use std::path::Path;

use super::*;
use crate::{labelling::labels::Procedure, replies::letters::ReceiptReason};

fn letters() -> Letters {
    Letters::built_in(CouncilFacts::sample()).unwrap()
}

/// A folder of letters in which `file` of the acknowledgement is changed by `change`.
fn edited(file: &str, change: impl Fn(&str) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let letter = folder.path().join("acknowledgement");
    fs::create_dir(&letter).unwrap();
    for (name, source) in BUILT_IN[0].1 {
        let source = if *name == file { change(source) } else { (*source).to_owned() };
        fs::write(letter.join(name), source).unwrap();
    }
    folder
}

fn fault_of(folder: &Path) -> String {
    let loaded = Letters::load(folder, CouncilFacts::sample());
    let fault = loaded.and_then(|letters| letters.check()).expect_err("the letter is broken");
    fault.to_string().replace(&folder.display().to_string(), "config/letters")
}

#[test]
fn the_built_in_letters_pass_the_check_at_start() {
    letters().check().unwrap();
}

#[test]
fn the_committed_letters_are_the_built_in_ones() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/letters");
    let committed = Letters::load(&folder, CouncilFacts::sample()).unwrap();
    committed.check().unwrap();
    for (label, letter) in Letter::samples() {
        assert_eq!(committed.render(&letter).unwrap(), letters().render(&letter).unwrap(), "{label}");
    }
}

#[test]
fn every_letter_in_every_variant_reads_as_it_should() {
    for (label, letter) in Letter::samples() {
        let rendered = letters().render(&letter).unwrap();
        let name = label.replace(", ", "-").replace(' ', "_");
        insta::assert_snapshot!(format!("{name}.txt"), format!("Subject: {}\n\n{}", rendered.subject, rendered.text));
        if let Some(html) = rendered.html {
            insta::assert_snapshot!(format!("{name}.html"), html);
        }
    }
}

#[test]
fn no_letter_loads_anything_from_elsewhere_and_every_page_names_its_language() {
    for (label, letter) in Letter::samples() {
        let Some(html) = letters().render(&letter).unwrap().html else { continue };
        let lower = html.to_lowercase();
        for forbidden in ["<img", "<script", "<link", "src=", "url(", "@import", "<iframe"] {
            assert!(!lower.contains(forbidden), "{label} holds {forbidden}");
        }
        assert!(html.contains("<html lang=\"en-GB\">"), "{label}");
        assert_eq!(lower.matches("<h1").count(), 1, "{label}");
    }
}

#[test]
fn an_html_letter_says_the_same_words_as_its_plain_text() {
    let words = |text: &str| -> Vec<String> {
        let text = text.replace('’', "'").to_lowercase();
        text.split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter(|word| word.len() > 3)
            .map(str::to_owned)
            .collect()
    };
    for (label, letter) in Letter::samples() {
        let rendered = letters().render(&letter).unwrap();
        let Some(html) = rendered.html else { continue };
        let plain = html2text::from_read(html.as_bytes(), 2000).unwrap();
        let (in_html, in_text) = (words(&plain), words(&rendered.text));
        let lost: Vec<_> = in_text.iter().filter(|word| !in_html.contains(word)).collect();
        assert!(lost.is_empty(), "{label}: only in the text: {lost:?}");
    }
}

#[test]
fn a_letter_to_a_stranger_repeats_no_link_that_came_as_a_name() {
    let facts = AcknowledgementFacts {
        addressee: Some("Claim now https://win.example".into()),
        ..AcknowledgementFacts::sample()
    };
    let rendered = letters().render(&Letter::Acknowledgement(facts)).unwrap();
    assert!(rendered.text.starts_with("Hello,"));
    assert!(!rendered.html.unwrap().contains("win.example"));
}

#[test]
fn names_are_escaped_in_html_and_left_alone_in_text() {
    let facts = AcknowledgementFacts { addressee: Some("Mrs O'Neill".into()), ..AcknowledgementFacts::sample() };
    let rendered = letters().render(&Letter::Acknowledgement(facts)).unwrap();
    assert!(rendered.text.contains("Dear Mrs O'Neill,"));
    assert!(rendered.html.unwrap().contains("Dear Mrs O&#x27;Neill,"));
}

#[test]
fn an_unknown_value_stops_the_start_with_file_line_and_remedy() {
    let folder = edited("body.txt", |source| source.replace("{{ answer_by }}", "{{ answer_date }}"));
    insta::assert_snapshot!(fault_of(folder.path()));
}

#[test]
fn a_tag_left_open_stops_the_start_with_file_line_and_remedy() {
    let folder = edited("body.html", |source| source.replacen("{% endif %}", "", 1));
    insta::assert_snapshot!(fault_of(folder.path()));
}

#[test]
fn a_letter_that_lost_its_danger_line_or_its_date_stops_the_start() {
    let folder = edited("body.txt", |source| source.replace("{{ council.danger.text }}", ""));
    insta::assert_snapshot!(fault_of(folder.path()));
    let folder = edited("body.html", |source| source.replace("{{ answer_by }}", "soon"));
    assert!(fault_of(folder.path()).contains("does not show the date of the answer"));
    let folder = edited("subject.txt", |_| "Thank you".to_owned());
    assert!(fault_of(folder.path()).contains("does not show the reference"));
}

#[test]
fn an_endless_letter_is_stopped() {
    let folder = edited("body.txt", |source| format!("{{% for i in range(90000) %}}x{{% endfor %}}{source}"));
    assert!(fault_of(folder.path()).contains("endless loop"));
}

#[test]
fn misspelt_and_missing_files_are_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("acknowledgment")).unwrap();
    insta::assert_snapshot!(fault_of(folder.path()));
    let folder = edited("body.txt", str::to_owned);
    fs::write(folder.path().join("acknowledgement/body.htm"), "x").unwrap();
    assert!(fault_of(folder.path()).contains("acknowledgement/body.htm: no letter uses this"));
    let folder = edited("body.txt", str::to_owned);
    fs::remove_file(folder.path().join("acknowledgement/subject.txt")).unwrap();
    assert!(fault_of(folder.path()).contains("has no subject.txt"));
}

#[test]
fn a_council_may_send_a_letter_as_text_alone_in_its_own_words_and_with_windows_line_ends() {
    let folder =
        edited("body.txt", |source| source.replace("Thank you for telling us.", "Diolch.").replace('\n', "\r\n"));
    fs::remove_file(folder.path().join("acknowledgement/body.html")).unwrap();
    let letters = Letters::load(folder.path(), CouncilFacts::sample()).unwrap();
    letters.check().unwrap();
    let rendered = letters.render(&Letter::Acknowledgement(AcknowledgementFacts::sample())).unwrap();
    assert!(rendered.text.contains("Diolch. We are sorry") && !rendered.text.contains('\r'));
    assert_eq!(rendered.html, None);
}

#[test]
fn without_a_folder_the_built_in_letters_are_used() {
    Letters::load(Path::new("config/no-such-folder"), CouncilFacts::sample()).unwrap().check().unwrap();
}

#[test]
fn a_chat_letter_that_grew_too_long_stops_the_start() {
    let mut council = CouncilFacts::sample();
    council.danger.text = format!("Call 999. {}", "Please. ".repeat(120).trim_end());
    let fault = Letters::built_in(council).unwrap().check().unwrap_err().to_string();
    assert!(fault.contains("1200 is the most"), "{fault}");
}

#[test]
fn a_wrong_setting_of_the_council_stops_the_start() {
    let mut council = CouncilFacts::sample();
    council.danger.text = "Take care.".to_owned();
    let fault = Letters::built_in(council).unwrap().check().unwrap_err().to_string();
    assert!(fault.contains("does not name 999"), "{fault}");
}

#[test]
fn an_alert_holds_no_address_and_a_receipt_no_family_details() {
    let alert = letters().render(&Letter::SafeguardingAlert(crate::replies::letters::AlertFacts::sample())).unwrap();
    assert!(!alert.text.contains('@'));
    let receipt = letters().render(&Letter::ManagerReceipt(ReceiptFacts::sample())).unwrap();
    assert!(!receipt.text.contains("Priya"));
    assert!(receipt.text.contains("nobody has ever called me back"));
    let sample = ReceiptFacts::sample();
    let reason = sample.reason.clone().map(|reason| ReceiptReason { because: "See win.example now.".into(), ..reason });
    let linked = letters().render(&Letter::ManagerReceipt(ReceiptFacts { reason, ..sample })).unwrap();
    assert!(!linked.text.contains("win.example") && !linked.text.contains("TAKEN FOR"), "{}", linked.text);
}

#[test]
fn a_message_is_never_called_a_complaint_unless_it_is_one() {
    let facts =
        AcknowledgementFacts { dissatisfied: false, procedure: Procedure::None, ..AcknowledgementFacts::sample() };
    let rendered = letters().render(&Letter::Acknowledgement(facts)).unwrap();
    assert_eq!(
        rendered.subject,
        format!("We have received your message – {}", AcknowledgementFacts::sample().reference)
    );
    assert!(!rendered.text.contains("your complaint"));
}

#[test]
fn a_tag_on_its_own_line_leaves_no_line_and_one_after_words_keeps_the_break() {
    assert_eq!(
        keep_breaks_after_words("{% if x %}\na {% if y %}b{% endif %}\nc"),
        "{% if x %}\na {% if y %}b{% endif +%}\nc"
    );
    assert_eq!(keep_breaks_after_words("{% if x %}a{% endif %}\n\nb"), "{% if x %}a{% endif +%}\n\nb");
    assert_eq!(tidy("\n\na  \n\n\n\n\nb\n\n"), "a\n\n\nb\n");
    assert_eq!(sentence("ten working\n days"), "Ten working days.");
    assert_eq!(sentence(""), "");
}
