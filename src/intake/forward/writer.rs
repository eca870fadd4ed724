//! Who wrote and when, out of a line such as "On Monday, Ann Bell <ann@…> wrote:".

use std::sync::LazyLock;

use regex::Regex;

use crate::intake::{header_block, reading::Person, strip};

type Pattern = LazyLock<Option<Regex>>;

/// An address between brackets, whatever stands between them besides.
static ADDRESS: Pattern =
    LazyLock::new(|| Regex::new(r"(?:[<(\[]|&lt;)\s*(?:mailto:)?[^<>()\[\]\s]*@[^<>()\[\]\s]+").ok());
/// The name before it: between quotation marks, or back to the last comma, colon or digit.
static NAME: Pattern = LazyLock::new(|| {
    Regex::new(r#"(?:["“„«]\s?(?P<quoted>[^"“”„«»]{1,100}?)\s?["”“»]|(?P<bare>[^,;:"“”„«»\d<>]{1,100}))\s*$"#).ok()
});
/// How such a line opens before the date.
static OPENING: Pattern = LazyLock::new(|| {
    Regex::new(r"^[\s-]*(?:On|At|Am|Le|El|En|Il giorno|In data|Il|Op|Den|Em|No dia|W dniu|Dnia|Dne|Dňa|På|Pe|În|Ar|На|Στις|Vào|在)\s+").ok()
});
/// Words between the date and the name, and what a clock says after the time.
const FURNITURE: &[&str] = &[
    "am",
    "pm",
    "a.m",
    "p.m",
    "uhr",
    "utc",
    "gmt",
    "bst",
    "cet",
    "cest",
    "mez",
    "mesz",
    "est",
    "edt",
    "pst",
    "pdt",
    "eest",
    "eet",
    "oesz",
    "hat",
    "heeft",
    "har",
    "užívateľ",
    "uživatel",
    "používateľ",
    "odesílatel",
    "użytkownik",
    "пользователь",
    "користувач",
    "потребител",
    "lietotājs",
    "kasutaja",
    "je",
    "oseba",
    "korisnik",
    "χρήστης",
    "ο",
    "időpontban",
    "keltezéssel",
    "tarihinde",
    "from",
    "от",
    "від",
    "przez",
    "kell",
    "kello",
    "godz",
    "γραψε",
    "мск",
    "г",
    "р",
    "ч",
    "님이",
    "מאת",
    "بواسطة",
    "via",
];

fn is_furniture(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '.').trim_end_matches('.').to_lowercase();
    bare.is_empty() || FURNITURE.contains(&bare.as_str()) || strip::is_verb(word)
}

/// Who wrote and when, if an address is given.
pub(super) fn writer(lines: &[&str], start: usize, end: usize) -> Option<(Person, Option<String>)> {
    let joined = strip::joined(lines, start, end);
    let joined = joined.trim_start_matches('\u{feff}');
    let person = header_block::person(joined);
    if person.address.is_empty() {
        return None;
    }
    let place = ADDRESS.as_ref()?.find(joined);
    let (before, after) = match place {
        Some(found) => (joined.get(..found.start())?, joined.get(found.end()..)?),
        // Bare: "On 5 October, ann@… wrote:".
        None => {
            let at = joined.find('@')?;
            let at = joined.get(..at)?.rfind(char::is_whitespace).map_or(0, |blank| blank + 1);
            (joined.get(..at)?, joined.get(at..)?)
        }
    };
    let before = before.trim_end_matches(['(', '<', '[', ' ']);
    let (date, name) = if place.is_some() { parted(before) } else { (before, String::new()) };
    let mut date = tidy(date);
    if !date.contains(|c: char| c.is_ascii_digit()) {
        let first = after.find(|c: char| c.is_ascii_digit());
        let last = after.rfind(|c: char| c.is_ascii_digit());
        date = first.zip(last).and_then(|(first, last)| after.get(first..=last)).unwrap_or_default().to_owned();
    }
    let name = (!name.is_empty()).then_some(name);
    Some((Person { name, address: person.address }, (!date.is_empty()).then_some(date)))
}

/// What stands before an address, as what belongs to the date, and the name.
fn parted(before: &str) -> (&str, String) {
    let Some(found) = NAME.as_ref().and_then(|pattern| pattern.captures(before)) else {
        return (before, String::new());
    };
    let date = found.get(0).and_then(|whole| before.get(..whole.start())).unwrap_or_default();
    if let Some(quoted) = found.name("quoted") {
        return (date, quoted.as_str().trim().to_owned());
    }
    let words: Vec<&str> = found.name("bare").map_or("", |bare| bare.as_str()).split_whitespace().collect();
    let first = words.iter().position(|word| !is_furniture(word)).unwrap_or(words.len());
    let name = words.get(first..).unwrap_or_default().join(" ");
    let name = header_block::person(&name).name.unwrap_or_default();
    (date, name)
}

/// A date without what stands around it.
fn tidy(date: &str) -> String {
    let date = OPENING.as_ref().map_or(date.into(), |pattern| pattern.replace(date, ""));
    let mut date = date.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '"' | '<' | '\'' | '、' | '，'));
    while let Some((rest, last)) = date.rsplit_once(' ') {
        let has_digit = last.contains(|c: char| c.is_ascii_digit());
        if has_digit || !is_furniture(last) || is_clock(last) {
            break;
        }
        date = rest.trim_end_matches([',', ' ']);
    }
    date.to_owned()
}

/// "PM", "UTC": part of the time.
fn is_clock(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphabetic());
    word.len() <= 5 && word.is_ascii() && word.chars().all(|c| c.is_ascii_uppercase())
        || word.eq_ignore_ascii_case("am")
        || word.eq_ignore_ascii_case("pm")
        || word == "Uhr"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_address_and_date_are_found_in_lines_of_many_programs() {
        for (line, date) in [
            ("On Mon, 5 Oct 2026 at 10:00, Ann Bell <ann@mail.example> wrote:", "Mon, 5 Oct 2026 at 10:00"),
            ("On 5/10/2026 10:00, \"Ann Bell\" <ann@mail.example> wrote:", "5/10/2026 10:00"),
            ("On Mon, Oct 5, 2026 at 10:00 AM Ann Bell <ann@mail.example> wrote:", "Mon, Oct 5, 2026 at 10:00"),
            ("Am Mo., 5. Okt. 2026 um 10:00 Uhr schrieb Ann Bell <ann@mail.example>:", "Mo., 5. Okt. 2026 um 10:00"),
            ("Le 05/10/2026, 10:00, « Ann Bell » <ann@mail.example> a écrit :", "05/10/2026, 10:00"),
            ("El lun, 5 oct 2026 a las 10:00, Ann Bell (<ann@mail.example>) escribió:", "lun, 5 oct 2026 a las 10:00"),
            ("Op 05/10/2026 10:00 heeft Ann Bell <ann@mail.example> geschreven:", "05/10/2026 10:00"),
            ("Den 05/10/2026 10:00 skrev \"Ann Bell\" <ann@mail.example> följande:", "05/10/2026 10:00"),
            ("Dne 05/10/2026 10:00 uživatel Ann Bell <ann@mail.example> napsal:", "05/10/2026 10:00"),
            ("Ann Bell <ann@mail.example> kirjoitti 5.10.2026 kello 10.00:", "5.10.2026 kello 10.00"),
            ("Ann Bell <ann@mail.example>, 5 Eki 2026 Pzt, 10:00 tarihinde şunu yazdı:", "5 Eki 2026 Pzt, 10:00"),
            ("05/10/2026 10:00 időpontban Ann Bell (ann@mail.example) ezt írta:", "05/10/2026 10:00"),
        ] {
            let (person, found) = writer(&[line], 0, 1).unwrap();
            assert_eq!(person, Person { name: Some("Ann Bell".into()), address: "ann@mail.example".into() }, "{line}");
            assert_eq!(found.as_deref(), Some(date), "{line}");
        }
        let (bare, date) = writer(&["On Wed, 24 Feb 2021 14:02:50 +0530 ann@mail.example wrote:"], 0, 1).unwrap();
        assert_eq!((bare.name, bare.address.as_str()), (None, "ann@mail.example"));
        assert_eq!(date.as_deref(), Some("Wed, 24 Feb 2021 14:02:50 +0530"));
        assert_eq!(writer(&["On Monday Ann wrote:"], 0, 1), None);
    }
}
