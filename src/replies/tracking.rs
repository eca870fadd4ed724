//! The places in a letter where a family's link, the six figures that open it, or the link to what it is asked after the end come in. A
//! letter lies in the outbox with the place; what belongs there is put in just before a courier takes the letter, and is on no page, in
//! no export and in no backup. Pure.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Captures, Regex};

use crate::ids::Uuid;

/// What families' pages with a link begin with, below the public address.
pub const PATH: &str = "track/";
/// What the page begins with on which they are asked something after the end.
pub const SURVEY_PATH: &str = "survey/";

// Each ends where its figures end, so that one is never taken for another.
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\blink-of-([0-9a-f]{32})\b").ok());
static FIGURES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\bfigures-of-([0-9a-f]{32})-([0-9]{1,19})\b").ok());
static SURVEY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\bsurvey-of-([0-9a-f]{32})\b").ok());
// In HTML a slash may stand as a character reference.
static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(track|survey)(?:/|&#x2f;)(?:link|survey)-of-[0-9a-f]{32}\b").ok());

/// The place of a link's code.
#[must_use]
pub fn place_of_link(link: Uuid) -> String {
    format!("link-of-{}", link.simple())
}

/// The place of the figures of a link that were asked for at `asked_at` (microseconds since 1970).
#[must_use]
pub fn place_of_figures(link: Uuid, asked_at: i64) -> String {
    format!("figures-of-{}-{asked_at}", link.simple())
}

/// The place of the code of an invitation to the questions after the end.
#[must_use]
pub fn place_of_survey(invitation: Uuid) -> String {
    format!("survey-of-{}", invitation.simple())
}

/// A place in a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Of the code of this link.
    Link(Uuid),
    /// Of the figures of this link, asked for at this moment.
    Figures(Uuid, i64),
    /// Of the code of this invitation.
    Survey(Uuid),
}

/// Every place in `text`, in no order.
#[must_use]
pub fn places(text: &str) -> Vec<Place> {
    let found = |pattern: &'static Option<Regex>| pattern.iter().flat_map(|pattern| pattern.captures_iter(text));
    let links = found(&LINK).filter_map(|found| link(&found));
    let surveys = found(&SURVEY).filter_map(|found| survey(&found));
    links.chain(found(&FIGURES).filter_map(|found| figures(&found))).chain(surveys).collect()
}

fn key(found: &Captures<'_>) -> Option<Uuid> {
    Uuid::try_parse(found.get(1)?.as_str()).ok()
}

fn link(found: &Captures<'_>) -> Option<Place> {
    key(found).map(Place::Link)
}

fn survey(found: &Captures<'_>) -> Option<Place> {
    key(found).map(Place::Survey)
}

fn figures(found: &Captures<'_>) -> Option<Place> {
    Some(Place::Figures(key(found)?, found.get(2)?.as_str().parse().ok()?))
}

/// What a place is by its text.
type Reads = fn(&Captures<'_>) -> Option<Place>;

/// `text` with what `of` gives in each place; a place that it gives nothing for stays.
pub fn filled(text: &str, of: impl Fn(Place) -> Option<String>) -> String {
    let whole = |found: &Captures<'_>| found.get(0).map_or("", |whole| whole.as_str()).to_owned();
    let mut text = Cow::Borrowed(text);
    let kinds: [(&Option<Regex>, Reads); 3] = [(&*LINK, link), (&*FIGURES, figures), (&*SURVEY, survey)];
    for (pattern, place) in kinds {
        let Some(pattern) = pattern else { continue };
        let put = |found: &Captures<'_>| place(found).and_then(&of).unwrap_or_else(|| whole(found));
        text = Cow::Owned(pattern.replace_all(&text, put).into_owned());
    }
    text.into_owned()
}

/// `text` as it may be shown and printed: an address with the place of a link leads to the page that says how to get one.
#[must_use]
pub fn shown(text: &str) -> String {
    let Some(pattern) = &*ADDRESS else { return text.to_owned() };
    pattern.replace_all(text, "$1").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_filled_and_what_is_shown_has_none() {
        let link = Uuid::from_u128(0xabc);
        let text =
            format!("See https://h.example/{PATH}{}. Figures: {}", place_of_link(link), place_of_figures(link, 12));
        assert_eq!(places(&text), [Place::Link(link), Place::Figures(link, 12)]);
        let full = filled(&text, |place| match place {
            Place::Link(_) => Some("secret".into()),
            Place::Figures(_, at) => Some(format!("at {at}")),
            Place::Survey(_) => None,
        });
        assert_eq!(full, "See https://h.example/track/secret. Figures: at 12");
        assert_eq!(filled(&text, |_| None), text);
        assert!(shown(&text).starts_with("See https://h.example/track. "));
        let html = format!("<a href=\"https:&#x2f;&#x2f;h.example&#x2f;track&#x2f;{}\">", place_of_link(link));
        assert_eq!(shown(&html), "<a href=\"https:&#x2f;&#x2f;h.example&#x2f;track\">");
        let asked = format!("Answer at https://h.example/{SURVEY_PATH}{}", place_of_survey(link));
        assert_eq!(places(&asked), [Place::Survey(link)]);
        assert_eq!(filled(&asked, |_| Some("secret".into())), "Answer at https://h.example/survey/secret");
        assert_eq!(shown(&asked), "Answer at https://h.example/survey");
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,200}") {
            proptest::prop_assert_eq!(filled(&text, |_| None), text.clone());
            let _ = (places(&text), shown(&text));
        }
    }
}
