//! What families' own pages are like, as a council says it in its settings.

use serde::Deserialize;

use super::sections::Settings;
use crate::languages::Language;

/// Families' pages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FamiliesSection {
    /// The languages that are offered, the first where nobody has chosen: `en`, `easy`, `cy`, `pl`. All but `en` are drafts until
    /// somebody who speaks them has read them.
    pub languages: Vec<Language>,
    /// Where *Exit this page* leads.
    pub exit_url: url::Url,
    /// Acknowledgements hold a link to a page that shows where the case stands.
    pub tracker: bool,
}

impl Default for FamiliesSection {
    fn default() -> Self {
        Self { languages: vec![Language::English], exit_url: exit_url(), tracker: true }
    }
}

#[allow(clippy::expect_used)] // a constant that the tests parse
/// A page that anybody may be looking at (GOV.UK Design System, exit this page).
fn exit_url() -> url::Url {
    url::Url::parse("https://www.bbc.co.uk/weather").expect("the built-in address")
}

/// The key at fault, and what to do.
pub(super) fn check(settings: &Settings) -> Result<(), (&'static str, String)> {
    let families = &settings.families;
    let mut offered = families.languages.clone();
    offered.sort_unstable();
    offered.dedup();
    if families.languages.is_empty() || offered.len() != families.languages.len() {
        let what = "languages of [families] must name at least one language, and each once: [\"en\"]".to_owned();
        return Err(("[families]", what));
    }
    if !matches!(families.exit_url.scheme(), "https" | "http") {
        let what = "exit_url of [families] must be a web address, such as https://www.bbc.co.uk/weather".to_owned();
        return Err(("[families]", what));
    }
    Ok(())
}
