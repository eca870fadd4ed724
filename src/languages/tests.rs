use std::collections::BTreeSet;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::*;

/// The keys of a language, each with the values that it shows.
fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys = BTreeMap::new();
    for file in Files::iter().filter(|file| file.starts_with(&format!("{}/", language.code()))) {
        let source = String::from_utf8(Files::get(&file).unwrap().data.into_owned()).unwrap();
        for entry in fluent_syntax::parser::parse(source).unwrap().body {
            let Entry::Message(message) = entry else { continue };
            let mut values = BTreeSet::new();
            shown(message.value.as_ref().unwrap(), &mut values);
            assert!(keys.insert(message.id.name.clone(), values).is_none(), "{file}: {} twice", message.id.name);
        }
    }
    keys
}

fn shown(pattern: &Pattern<String>, values: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        let inline = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                for variant in variants {
                    shown(&variant.value, values);
                }
                selector
            }
        };
        if let InlineExpression::VariableReference { id } = inline {
            values.insert(id.name.clone());
        }
    }
}

#[test]
fn every_language_says_all_that_english_says_with_the_same_values() {
    let english = keys(Language::English);
    assert!(english.len() > 20, "{} messages", english.len());
    for language in Language::ALL {
        let own = keys(language);
        let missing: Vec<_> = english.keys().filter(|key| !own.contains_key(*key)).collect();
        let unknown: Vec<_> = own.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty() && unknown.is_empty(), "{language:?} lacks {missing:?}, alone has {unknown:?}");
        for (key, values) in &english {
            // How a date is put together differs; that it names a day does not. An officer's post is in English.
            if !["moment", "long-date", "letter-officer"].contains(&key.as_str()) {
                assert_eq!(&own[key], values, "{language:?}: {key}");
            }
        }
    }
}

#[test]
fn a_draft_says_that_it_is_one() {
    for file in Files::iter().filter(|file| !file.starts_with("en/")) {
        let source = String::from_utf8(Files::get(&file).unwrap().data.into_owned()).unwrap();
        assert!(
            source.starts_with("# Draft: to be read by a person who speaks the language before it is used."),
            "{file}"
        );
    }
}

#[test]
fn what_somebody_typed_names_a_language() {
    for language in Language::ALL {
        assert_eq!(Language::named(language.own_name()), Some(language));
        assert_eq!(Language::named(language.name()), Some(language));
    }
    assert_eq!(Language::named("Polish, and some English"), Some(Language::Polish));
    assert_eq!(Language::named("po polsku"), Some(Language::Polish));
    assert_eq!(Language::named("Urdu"), None);
    assert_eq!(Language::named(""), None);
}

#[test]
fn days_and_times_are_said_as_people_say_them() {
    let catalogues = Catalogues::built_in().unwrap();
    let at: DateTime<Utc> = "2026-11-21T21:07:00Z".parse().unwrap();
    assert_eq!(catalogues.moment(Language::English, at), crate::clock::long_date_time(at));
    assert_eq!(catalogues.moment(Language::Welsh, at), "dydd Sadwrn 21 Tachwedd 2026 am 9:07pm");
    assert_eq!(catalogues.moment(Language::Polish, at), "sobota, 21 listopada 2026, godz. 21:07");
    assert_eq!(catalogues.say(Language::Polish, "nothing-like-it", &[]), "nothing-like-it");
}
