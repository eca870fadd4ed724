//! What families read on pages and in chats, in the languages that they read: catalogues of messages in Fluent's form
//! (`src/languages/<code>/*.ftl`, <https://projectfluent.org>). English is complete and is the one that people at a council check
//! the others against. The others are drafts until a person who speaks the language has read them: a council switches a language on
//! by naming it in its settings. What a draft lacks is said in English.

use std::{borrow::Cow, collections::BTreeMap, str::FromStr};

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use chrono_tz::Europe::London;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

#[derive(RustEmbed)]
#[folder = "src/languages"]
#[include = "*.ftl"]
struct Files;

/// A language that families are written to in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// English in short sentences and everyday words.
    #[serde(rename = "easy")]
    EasyRead,
    /// Welsh.
    #[serde(rename = "cy")]
    Welsh,
    /// Polish.
    #[serde(rename = "pl")]
    Polish,
}

/// No language of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no language of this program; use one of: en, easy, cy, pl")]
pub struct UnknownLanguage(String);

impl Language {
    /// Every one, English first.
    pub const ALL: [Self; 4] = [Self::English, Self::EasyRead, Self::Welsh, Self::Polish];

    /// The word in settings, addresses and the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::EasyRead => "easy",
            Self::Welsh => "cy",
            Self::Polish => "pl",
        }
    }

    /// The tag for a page's `lang` (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English | Self::EasyRead => "en",
            Self::Welsh => "cy",
            Self::Polish => "pl",
        }
    }

    /// Its name in itself.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::EasyRead => "Easy words",
            Self::Welsh => "Cymraeg",
            Self::Polish => "Polski",
        }
    }

    /// Its name for officers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::EasyRead => "Easy words",
            Self::Welsh => "Welsh",
            Self::Polish => "Polish",
        }
    }

    /// The first language of ours that `words` name, in English or in itself: what somebody typed where a language was asked for.
    #[must_use]
    pub fn named(words: &str) -> Option<Self> {
        let words = words.to_lowercase();
        let names: [(Self, &[&str]); 4] = [
            (Self::English, &["english"]),
            (Self::EasyRead, &["easy words", "easy read", "easy-read"]),
            (Self::Welsh, &["welsh", "cymraeg"]),
            (Self::Polish, &["polish", "polski", "polsku", "polskim"]),
        ];
        let place = |names: &[&str]| names.iter().filter_map(|name| words.find(name)).min();
        let found = names.into_iter().filter_map(|(language, names)| place(names).map(|place| (place, language)));
        found.min().map(|(_, language)| language)
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(word: &str) -> Result<Self, UnknownLanguage> {
        Self::ALL
            .into_iter()
            .find(|one| one.code() == word)
            .ok_or_else(|| UnknownLanguage(word.chars().take(40).collect()))
    }
}

/// What is wrong with a catalogue. The tests rule it out for the built-in ones.
#[derive(Debug, thiserror::Error)]
pub enum LanguageError {
    /// Not Fluent's form, or a message twice.
    #[error("{file}: {cause}")]
    Catalogue {
        /// Which file.
        file: String,
        /// What is wrong.
        cause: String,
    },
}

/// A value that a message shows.
pub type Value<'a> = Cow<'a, str>;

/// Every language's messages.
pub struct Catalogues {
    bundles: BTreeMap<Language, FluentBundle<FluentResource>>,
}

impl std::fmt::Debug for Catalogues {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogues").field("languages", &self.bundles.keys()).finish_non_exhaustive()
    }
}

impl Catalogues {
    /// The catalogues that come with the program.
    ///
    /// # Errors
    ///
    /// [`LanguageError`] if one is broken, which the tests rule out.
    pub fn built_in() -> Result<Self, LanguageError> {
        let mut bundles = BTreeMap::new();
        for language in Language::ALL {
            let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            // The marks around values are for mixed writing directions; letters and chats would show them.
            bundle.set_use_isolating(false);
            for file in Files::iter().filter(|file| file.starts_with(&format!("{}/", language.code()))) {
                let fault = |cause: String| LanguageError::Catalogue { file: file.to_string(), cause };
                let source = Files::get(&file).map(|file| String::from_utf8_lossy(&file.data).into_owned());
                let resource = FluentResource::try_new(source.unwrap_or_default()).map_err(|(_, causes)| {
                    fault(causes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
                })?;
                bundle
                    .add_resource(resource)
                    .map_err(|causes| fault(causes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
            }
            bundles.insert(language, bundle);
        }
        Ok(Self { bundles })
    }

    /// The message `key` in `language`, with `values` in their places; in English where the language lacks it. A key that not
    /// even English has comes back as it is: the tests look for such.
    #[must_use]
    pub fn say(&self, language: Language, key: &str, values: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            // A number stays a number: languages have their plurals.
            match value.parse::<i32>() {
                Ok(number) if number.to_string() == *value => args.set(*name, number),
                _ => args.set(*name, (*value).to_owned()),
            }
        }
        [language, Language::English]
            .into_iter()
            .find_map(|language| {
                let bundle = self.bundles.get(&language)?;
                let pattern = bundle.get_message(key)?.value()?;
                Some(bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned())
            })
            .unwrap_or_else(|| key.to_owned())
    }

    /// Whether `language` itself has the message `key`.
    #[must_use]
    pub fn has(&self, language: Language, key: &str) -> bool {
        self.bundles.get(&language).is_some_and(|bundle| bundle.has_message(key))
    }

    /// `day` with its weekday, e.g. `Saturday 21 November 2026`.
    #[must_use]
    pub fn date(&self, language: Language, day: NaiveDate) -> String {
        let weekday = self.say(language, &format!("weekday-{}", day.weekday().number_from_monday()), &[]);
        let month = self.say(language, &format!("month-{}", day.month()), &[]);
        let (number, year) = (day.day().to_string(), day.year().to_string());
        self.say(
            language,
            "long-date",
            &[("weekday", &weekday), ("day", &number), ("month", &month), ("year", &format!("{year}\u{200b}"))],
        )
        .replace('\u{200b}', "")
    }

    /// `instant` on the clocks of England, e.g. `Saturday 21 November 2026 at 9:07pm`.
    #[must_use]
    pub fn moment(&self, language: Language, instant: DateTime<Utc>) -> String {
        let local = instant.with_timezone(&London);
        let date = self.date(language, local.date_naive());
        let (half, hour) = local.hour12();
        let minute = format!("{:02}", local.minute());
        let time = if half { format!("{hour}:{minute}pm") } else { format!("{hour}:{minute}am") };
        let clock = format!("{:02}:{minute}", local.hour());
        self.say(language, "moment", &[("date", &date), ("time", &time), ("clock", &clock)])
    }
}

#[cfg(test)]
mod tests;
