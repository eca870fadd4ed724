use std::fmt::Write as _;

use super::*;

const EVERY: [Say; 22] = [
    Say::Help,
    Say::Status(None),
    Say::Add,
    Say::Talk,
    Say::Formal,
    Say::WithdrawSure,
    Say::Withdrawn,
    Say::NotWithdrawn,
    Say::Advocacy,
    Say::Languages,
    Say::LanguageSet,
    Say::Stopped,
    Say::More,
    Say::NothingYet,
    Say::AskName,
    Say::Noted,
    Say::Skipped,
    Say::AskAddress,
    Say::CodeSent,
    Say::Joined,
    Say::CodeWrong,
    Say::CodeOver,
];

/// All that the bot can say.
fn everything(speaker: &Speaker<'_>) -> String {
    let facts = AcknowledgementFacts::sample();
    let status = vec![StatusFacts { reference: facts.reference.clone(), words: vec!["Where it stands.".into()] }];
    let about = About {
        reference: Some(facts.reference.clone()),
        address: Some("mum@families.example".into()),
        status,
        handler: None,
    };
    let mut all = String::new();
    let mut add = |name: &str, spoken: &Spoken| {
        let rows: Vec<String> = spoken
            .buttons
            .iter()
            .map(|row| row.iter().map(|button| format!("[{}]", button.label)).collect::<Vec<_>>().join(" "))
            .collect();
        assert!(spoken.text.chars().count() <= 1200, "{name}");
        assert!(spoken.buttons.iter().flatten().all(|button| button.word.len() <= 64 && !button.label.is_empty()));
        let _ = writeln!(all, "--- {name}\n{}\n{}\n", spoken.text.trim(), rows.join("\n"));
    };
    add("greeting", &speaker.greeting());
    let letter = speaker.acknowledgement(&facts);
    add("acknowledgement", &Spoken { text: letter.clone(), buttons: speaker.menu() });
    let line = speaker.catalogues.say(speaker.language, "danger-line", &[]);
    let first = danger_first(&speaker.danger(), &line, &letter);
    assert_eq!(first.matches("999").count(), 1);
    add("acknowledgement of what is worrying", &Spoken { text: first, buttons: Vec::new() });
    add("question", &speaker.question());
    for say in &EVERY {
        add(&format!("{say:?}"), &speaker.speak(say, &about));
    }
    add("talk, before there is a case", &speaker.speak(&Say::Talk, &About::default()));
    add("what was written later is worrying", &speaker.worrying());
    add("added", &speaker.added(&facts.reference));
    add("file too large", &speaker.file_too_large(&facts.reference));
    add("group", &Spoken { text: speaker.group(), buttons: Vec::new() });
    let (subject, text) = speaker.code_mail("042137");
    add(&subject, &Spoken { text, buttons: Vec::new() });
    all
}

#[test]
fn everything_that_the_bot_says_is_short_and_names_what_it_must_in_every_language() {
    let catalogues = Catalogues::built_in().unwrap();
    let council = CouncilFacts::sample();
    for language in Language::ALL {
        let speaker = Speaker { catalogues: &catalogues, language, offered: &Language::ALL, council: &council };
        let all = everything(&speaker);
        assert!(!all.contains("chat-") && !all.contains("{ $"), "{language:?} lacks words");
        let facts = AcknowledgementFacts::sample();
        let letter = speaker.acknowledgement(&facts);
        for needed in [
            facts.reference.as_str(),
            "999",
            &council.named_officer.name,
            &council.named_officer.phone,
            &council.advocacy.phone,
            &council.ombudsman.phone,
            &council.procedure_url,
            &catalogues.date(language, facts.answer_by),
        ] {
            assert!(letter.contains(needed), "{language:?} lacks {needed}: {letter}");
        }
        insta::assert_snapshot!(format!("everything_{}", language.code()), all);
    }
}

#[test]
fn the_line_about_danger_moves_to_the_top() {
    let letter = "Thank you.\n\nIf in danger, call 999.\n\nWho to ask: Rowan\n";
    assert_eq!(
        danger_first("CALL 999 NOW", "If in danger, call 999.", letter),
        "CALL 999 NOW\n\nThank you.\n\nWho to ask: Rowan"
    );
}
