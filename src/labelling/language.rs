//! Whether a message is in a language that the classifier has not learnt. Pure.

use whatlang::{Detector, Lang, Script};

use super::text::bounded;

/// Languages families in England write in that the detector knows; fewer languages, fewer mistakes on odd spelling.
const LANGUAGES: [(Lang, &str); 28] = [
    (Lang::Eng, "English"),
    (Lang::Cym, "Welsh"),
    (Lang::Pol, "Polish"),
    (Lang::Urd, "Urdu"),
    (Lang::Ara, "Arabic"),
    (Lang::Ron, "Romanian"),
    (Lang::Ben, "Bengali"),
    (Lang::Pan, "Punjabi"),
    (Lang::Guj, "Gujarati"),
    (Lang::Hin, "Hindi"),
    (Lang::Tam, "Tamil"),
    (Lang::Pes, "Persian"),
    (Lang::Por, "Portuguese"),
    (Lang::Spa, "Spanish"),
    (Lang::Fra, "French"),
    (Lang::Ita, "Italian"),
    (Lang::Deu, "German"),
    (Lang::Ukr, "Ukrainian"),
    (Lang::Rus, "Russian"),
    (Lang::Bul, "Bulgarian"),
    (Lang::Lit, "Lithuanian"),
    (Lang::Hun, "Hungarian"),
    (Lang::Slk, "Slovak"),
    (Lang::Ces, "Czech"),
    (Lang::Tur, "Turkish"),
    (Lang::Ell, "Greek"),
    (Lang::Cmn, "Chinese"),
    (Lang::Vie, "Vietnamese"),
];
/// Fewer letters tell too little.
const LEAST_LETTERS: usize = 20;
/// A message is taken for foreign from so many foreign words, and this share of all.
const LEAST_WORDS: usize = 4;
const SHARE: usize = 5;
/// Small words without which no English sentence gets far, however it is spelt.
const ENGLISH: [&str; 24] = [
    "the", "and", "is", "it", "to", "of", "my", "you", "for", "in", "has", "have", "was", "that", "on", "with", "not",
    "but", "are", "been", "i'm", "i've", "u", "we",
];

/// The language, by its English name, of a message of which a fifth or more is in another language than English.
#[must_use]
pub fn foreign(text: &str) -> Option<&'static str> {
    let detector = Detector::with_allowlist(LANGUAGES.iter().map(|(lang, _)| *lang).collect());
    let (mut words, mut others) = (0, 0);
    let mut found: Vec<(usize, Lang)> = Vec::new();
    for piece in bounded(text).lines().flat_map(|line| line.split_inclusive(['.', '!', '?', '۔', '؟'])) {
        let count = piece.split_whitespace().count();
        words += count;
        if let Some(lang) = language(&detector, piece) {
            others += count;
            match found.iter_mut().find(|(_, known)| *known == lang) {
                Some((sum, _)) => *sum += count,
                None => found.push((count, lang)),
            }
        }
    }
    if others < LEAST_WORDS || others * SHARE < words {
        return None;
    }
    let (_, lang) = found.into_iter().max_by_key(|(count, _)| *count)?;
    LANGUAGES.iter().find(|(known, _)| *known == lang).map(|(_, name)| *name)
}

/// The language of one sentence, if that is surely not English.
fn language(detector: &Detector, piece: &str) -> Option<Lang> {
    if piece.chars().filter(|c| c.is_alphabetic()).count() < LEAST_LETTERS {
        return None;
    }
    let info = detector.detect(piece)?;
    let latin = matches!(info.script(), Script::Latin);
    let english = piece.split_whitespace().filter(|word| ENGLISH.contains(&word.to_lowercase().as_str())).count() >= 2;
    (info.lang() != Lang::Eng && (!latin || (info.is_reliable() && !english))).then(|| info.lang())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_families_write_in_is_told_from_english() {
        for (text, language) in [
            ("Dzień dobry, syn nie może dziś iść do szkoły, ma gorączkę.", "Polish"),
            ("Bore da, ydy'r tacsi yn dod yfory i fynd â hi i'r ysgol?", "Welsh"),
            ("السلام عليكم، ابنتي لم تحصل على المقعد في الحافلة هذا الأسبوع", "Arabic"),
            ("میری بیٹی کا سوشل ورکر تین ہفتے سے فون نہیں اٹھا رہا ہے۔", "Urdu"),
            ("Bună ziua, fetița mea nu a putut veni sâmbătă la vizită.", "Romanian"),
        ] {
            assert_eq!(foreign(text), Some(language), "{text}");
        }
    }

    #[test]
    fn an_opening_is_seen_where_it_is_a_good_part_of_the_message() {
        let opening = "Dzień dobry, piszę w sprawie mojego syna i jego planu. ";
        assert_eq!(foreign(&format!("{opening}Sorry my English not good. Nobody call me.")), Some("Polish"));
        let long = "We have been waiting for the plan since March and we would like to know what happens next. ";
        assert_eq!(foreign(&format!("{opening}{}", long.repeat(4))), None);
    }

    #[test]
    fn odd_english_is_english() {
        for text in [
            "I'm no greetin aboot it but I've 74 year on me an a bad hip, hen.",
            "dad (mine) has been up and down it six times.",
            "yo when am i getting the laptop u lot said feb n i still aint got it wtf",
            "hello my name Fatima. my english small. taxi not come. my boy cry",
            "IVE RANG AND RANG AND NO ONE PICKS UP ITS A JOKE",
            "😡😡😡",
            "",
        ] {
            assert_eq!(foreign(text), None, "{text}");
        }
    }
}
