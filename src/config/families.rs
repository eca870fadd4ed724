//! What families' own pages are like, as a council says it in its settings.

use serde::Deserialize;

use super::sections::Settings;
use crate::{casework::survey::PLACE, intake::own_form::WEB_FORM, languages::Language};

/// Families' pages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FamiliesSection {
    /// The languages that are offered, the first where nobody has chosen: `en`, `easy`, `cy`, `pl`. All but `en` are drafts until
    /// somebody who speaks them has read them.
    pub languages: Vec<Language>,
    /// Where *Exit this page* leads.
    pub exit_url: url::Url,
    /// When the council can be called, e.g. `Monday to Friday, 9am to 5pm`.
    pub hours: String,
    /// Sites on whose pages the line of steps may stand, e.g. `https://localoffer.calderbeck.example`.
    pub embed_on: Vec<String>,
    /// Whom to ask about personal data; the complaints address if left out.
    pub privacy_name: Option<String>,
    /// Their email address.
    pub privacy_email: Option<String>,
    /// There is a form.
    pub form: bool,
    /// Acknowledgements hold a link to a page that shows where the case stands.
    pub tracker: bool,
    /// Families are asked how we did so many working days after their case was closed; 0: never.
    pub survey_working_days: u16,
}

/// The longest wait before families are asked (working days).
const LONGEST_WAIT: u16 = 60;

impl Default for FamiliesSection {
    fn default() -> Self {
        Self {
            languages: vec![Language::English],
            exit_url: exit_url(),
            hours: String::new(),
            embed_on: Vec::new(),
            privacy_name: None,
            privacy_email: None,
            form: true,
            tracker: true,
            survey_working_days: 10,
        }
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
    for site in &families.embed_on {
        // It becomes part of a header: an origin and nothing else.
        let origin =
            url::Url::parse(site).ok().filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
        if origin.is_none_or(|url| url.origin().ascii_serialization() != *site) {
            let what = format!(
                "embed_on of [families] has \"{site}\": give the site alone, such as https://localoffer.calderbeck.example"
            );
            return Err(("[families]", what));
        }
    }
    if families.privacy_email.as_ref().is_some_and(|email| email.parse::<lettre::Address>().is_err()) {
        return Err(("[families]", "privacy_email of [families] must be an email address".to_owned()));
    }
    if families.survey_working_days > LONGEST_WAIT {
        let what = format!(
            "survey_working_days of [families] is {}: {LONGEST_WAIT} is the most. 0 asks nobody",
            families.survey_working_days
        );
        return Err(("[families]", what));
    }
    for (taken, by) in
        [(WEB_FORM, "the form has that name"), (PLACE, "what families answer after the end has that name")]
    {
        if settings.mailboxes.iter().any(|mailbox| mailbox.name.as_ref() == taken) {
            return Err(("[[mailbox]]", format!("a mailbox cannot be called \"{taken}\": {by}. Choose another")));
        }
    }
    Ok(())
}
