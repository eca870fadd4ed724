use super::*;
use crate::{
    languages::Catalogues,
    replies::{
        council::CouncilFacts,
        letters::{AnswerFacts, ExtensionFacts},
        paper,
        render::{Letters, Rendered},
    },
};

struct Council {
    catalogues: Catalogues,
    facts: CouncilFacts,
    letters: Letters,
}

impl Council {
    fn sample() -> Self {
        let facts = CouncilFacts::sample();
        Self { catalogues: Catalogues::built_in().unwrap(), letters: Letters::built_in(facts.clone()).unwrap(), facts }
    }

    fn speaker(&self, language: Language) -> Speaker<'_> {
        Speaker { catalogues: &self.catalogues, language, offered: &Language::ALL, council: &self.facts }
    }

    /// `letter` in `language`, with its sentences in that too, above its English.
    fn both(&self, language: Language, letter: &Letter) -> Rendered {
        let speaker = self.speaker(language);
        let own = speaker.sample(letter);
        let written = speaker.above(&own).unwrap();
        self.letters.above(&speaker, &written, self.letters.render(letter).unwrap()).unwrap()
    }
}

/// The words of a text, without what typography makes of them.
fn words(text: &str) -> String {
    let plain = text.replace('’', "'").to_lowercase();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The letters that the catalogues have, by mail, in every variant.
fn whole() -> Vec<(String, Letter)> {
    let council = Council::sample();
    let english = council.speaker(Language::English);
    Letter::samples().into_iter().filter(|(_, letter)| english.letter(letter).is_some()).collect()
}

#[test]
fn the_english_catalogue_says_what_the_built_in_letters_say() {
    let council = Council::sample();
    let speaker = council.speaker(Language::English);
    let own = &council.facts;
    // What a council says of itself stands in its settings, and below the English half.
    let of_council = [&own.danger.text, &own.service, &own.name, &own.complaints_address, &own.complaints_phone];
    let letters = whole();
    assert!(letters.len() > 15, "{}", letters.len());
    for (label, letter) in letters {
        let (written, rendered) = (speaker.letter(&letter).unwrap(), council.letters.render(&letter).unwrap());
        assert_eq!(written.subject.as_deref(), Some(rendered.subject.as_str()), "{label}");
        let (said, built_in) = (words(&written.text()), words(&rendered.text));
        for line in
            written.text().lines().filter(|line| *line != council.catalogues.say(Language::English, "danger-line", &[]))
        {
            assert!(built_in.contains(&words(line)), "{label}, only in the catalogue: {line}");
        }
        for line in rendered.text.lines().filter(|line| of_council.iter().all(|own| own.as_str() != *line)) {
            assert!(said.contains(&words(line)), "{label}, only in the template: {line}");
        }
    }
}

#[test]
fn in_every_language_it_shows_what_counts_and_the_whole_english_letter_below() {
    let council = Council::sample();
    for language in [Language::EasyRead, Language::Welsh, Language::Polish] {
        let speaker = council.speaker(language);
        for (label, letter) in whole() {
            let (own, english) = (speaker.letter(&letter).unwrap().text(), council.letters.render(&letter).unwrap());
            let mut needed = vec![speaker.say("language-draft", &[])];
            match &letter {
                Letter::Acknowledgement(facts) => {
                    needed.extend([
                        facts.reference.clone(),
                        speaker.moment(facts.received_at),
                        speaker.day(facts.answer_by),
                        facts.follow_up.clone(),
                        council.facts.advocacy.phone.clone(),
                        council.facts.ombudsman.phone.clone(),
                        council.facts.procedure_url.clone(),
                        speaker.officer(facts.officer.as_ref()).phone.clone(),
                        speaker.say("danger-line", &[]),
                    ]);
                    needed.extend(facts.follow_url.clone());
                    needed.extend(facts.closure_notice.clone());
                    needed.extend(
                        facts
                            .decide_by
                            .filter(|_| !facts.confirmed && facts.procedure != Procedure::None)
                            .map(|day| speaker.day(day)),
                    );
                }
                Letter::Thanks(facts) => needed.extend([facts.reference.clone(), speaker.moment(facts.received_at)]),
                Letter::Survey(facts) => {
                    needed.extend([facts.reference.clone(), facts.link.clone(), speaker.day(facts.until)]);
                }
                Letter::Notice(facts) => {
                    needed.extend([facts.reference.clone(), speaker.day(facts.on.unwrap()), facts.follow_up.clone()]);
                }
                other => panic!("{other:?}"),
            }
            for what in needed {
                assert!(own.contains(&what), "{language:?}, {label}: no {what} in\n{own}");
            }
            assert!(!own.contains('$') && !own.contains("letter-"), "{language:?}, {label}: {own}");
            let both = council.both(language, &letter);
            assert!(both.text.ends_with(&english.text), "{language:?}, {label}");
            let html = both.html.unwrap();
            assert!(html.starts_with("<!DOCTYPE html>"), "{language:?}, {label}");
            let (above, below) = html.split_at(html.find("<h1").unwrap());
            assert!(above.contains(&format!("<div lang=\"{}\"", language.tag())), "{language:?}, {label}");
            let rest = english.html.unwrap();
            let rest = rest.split_once("<body").unwrap().1.split_once('>').unwrap().1;
            assert!(below.ends_with(rest.trim_start()), "{language:?}, {label}");
        }
    }
}

#[test]
fn what_goes_into_a_chat_is_short_in_every_language() {
    let council = Council::sample();
    for language in Language::ALL {
        let speaker = council.speaker(language);
        for (label, letter) in Letter::samples() {
            let text = match &letter {
                Letter::Survey(_) => speaker.letter(&letter).unwrap().text(),
                other => match speaker.by_chat(&speaker.sample(other)) {
                    Some(text) => text,
                    None => continue,
                },
            };
            let long = text.chars().count();
            assert!(long <= 1_300, "{language:?}, {label}: {long} characters\n{text}");
        }
    }
}

#[test]
fn it_reads_as_it_should() {
    let council = Council::sample();
    let sample = |name: &str| whole().into_iter().find(|(label, _)| label == name).unwrap().1;
    for language in [Language::EasyRead, Language::Welsh, Language::Polish] {
        let code = language.code();
        for (name, label) in [
            ("statutory", "acknowledgement, own officer and page"),
            ("christmas", "acknowledgement, Christmas"),
            ("message", "acknowledgement, message"),
            ("thanks", "thanks"),
            ("survey", "survey"),
            ("check-in", "check-in"),
        ] {
            let speaker = council.speaker(language);
            let written = speaker.letter(&speaker.sample(&sample(label))).unwrap();
            let text = format!("Subject: {}\n\n{}", written.subject.clone().unwrap(), written.text());
            insta::assert_snapshot!(format!("{code}-{name}"), text);
        }
        let leads = [
            Letter::Answer(AnswerFacts::sample()),
            Letter::Extension(ExtensionFacts::sample()),
            Letter::Notice(Box::new(NoticeFacts::sample(Notice::NextStage))),
        ];
        let leads = leads.iter().map(|letter| council.speaker(language).lead(letter).unwrap().text());
        insta::assert_snapshot!(format!("{code}-leads"), leads.collect::<Vec<_>>().join("\n"));
    }
    let both = council.both(Language::Polish, &sample("survey"));
    insta::assert_snapshot!("both-html", both.html.unwrap());
    insta::assert_snapshot!("both-text", both.text);
}

#[test]
fn above_an_officers_letter_stand_a_few_lines_and_its_subject_stays() {
    let council = Council::sample();
    let letter = Letter::Answer(AnswerFacts::sample());
    let english = council.letters.render(&letter).unwrap();
    let both = council.both(Language::Polish, &letter);
    assert_eq!(both.subject, english.subject);
    assert!(both.text.ends_with(&english.text) && both.text.len() > english.text.len());
    assert!(!both.text.contains("PO ANGIELSKU"));
    // What an officer writes as in a conversation may be in any language.
    let speaker = council.speaker(Language::Polish);
    assert_eq!(speaker.lead(&Letter::Notice(Box::new(NoticeFacts::sample(Notice::Message)))), None);
    assert_eq!(speaker.lead(&Letter::ChatGreeting), None);
}

#[test]
fn what_a_council_wrote_without_a_page_around_it_has_the_words_above_it_too() {
    let council = Council::sample();
    let speaker = council.speaker(Language::Polish);
    let letter = Letter::Survey(SurveyFacts::samples().remove(0).1);
    let written = speaker.letter(&letter).unwrap();
    let bare = Rendered { subject: "S".into(), text: "Words.\n".into(), html: Some("<p>Words.</p>".into()) };
    let both = council.letters.above(&speaker, &written, bare.clone()).unwrap();
    let html = both.html.unwrap();
    assert!(html.trim_start().starts_with("<div lang=\"pl\"") && html.ends_with("</div>\n<p>Words.</p>"), "{html}");
    let both = council.letters.above(&speaker, &written, Rendered { html: None, ..bare }).unwrap();
    assert_eq!(both.html, None);
    assert!(both.text.ends_with("TO SAMO PO ANGIELSKU\n\nWords.\n"), "{}", both.text);
    // On paper nothing of it is lost.
    let printed: usize = paper::from_html(&council.both(Language::Polish, &letter).html.unwrap()).len();
    let english: usize = paper::from_html(&council.letters.render(&letter).unwrap().html.unwrap()).len();
    assert!(printed > english + written.parts.len() - 1, "{printed} blocks, {english} in English");
}

#[test]
fn names_and_words_from_elsewhere_are_never_markup() {
    let council = Council::sample();
    let facts = AcknowledgementFacts {
        addressee: Some("Mrs O'Neill".into()),
        officer: Some(NamedOfficer { name: "<script>".into(), ..council.facts.named_officer.clone() }),
        ..AcknowledgementFacts::sample()
    };
    let html = council.both(Language::Welsh, &Letter::Acknowledgement(facts)).html.unwrap();
    assert!(html.contains("Annwyl Mrs O&#x27;Neill,") && !html.contains("<script"), "{html}");
}

#[test]
fn several_days_are_one_list() {
    let council = Council::sample();
    let day = |n| chrono::NaiveDate::from_ymd_opt(2026, 12, n).unwrap();
    let days = |language, days: &[chrono::NaiveDate]| council.speaker(language).days(days);
    assert_eq!(days(Language::English, &[]), "");
    assert_eq!(days(Language::English, &[day(24)]), "Thursday 24 December 2026");
    let three = days(Language::English, &[day(24), day(28), day(29)]);
    assert_eq!(three, "Thursday 24 December 2026, Monday 28 December 2026 and Tuesday 29 December 2026");
    assert_eq!(
        days(Language::Polish, &[day(24), day(28)]),
        "czwartek, 24 grudnia 2026 oraz poniedziałek, 28 grudnia 2026"
    );
}
