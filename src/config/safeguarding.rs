//! Who hears that a child may be at risk: at once, next, and of an allegation against somebody who works with children.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::sections::Settings;

/// Nobody waits a day to hear that nobody has looked.
const MOST_MINUTES: u32 = 24 * 60;

/// The section `[safeguarding]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SafeguardingSection {
    /// Whoever is on duty. The older `safeguarding_alerts_to` of `[council]` is added to it.
    #[serde(default)]
    pub duty: Vec<String>,
    /// The multi-agency safeguarding hub.
    #[serde(default)]
    pub mash: Vec<String>,
    /// Who hears next while nobody has acknowledged, in this order.
    #[serde(default)]
    pub escalate: Vec<Level>,
    /// The Designated Officer, who is told of allegations against people who work with children.
    pub designated_officer: Option<String>,
}

/// Some of those who hear next.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Who.
    pub to: Vec<String>,
    /// So many minutes after the last who were told.
    #[serde(default = "half_an_hour")]
    pub after_minutes: u32,
}

fn half_an_hour() -> u32 {
    30
}

impl SafeguardingSection {
    /// The section with the older key, each address once and in lower case.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let section = &settings.safeguarding;
        let duty = settings.council.safeguarding_alerts_to.iter().chain(&section.duty);
        Self {
            duty: each_once(duty),
            mash: each_once(section.mash.iter()),
            escalate: section
                .escalate
                .iter()
                .map(|level| Level { to: each_once(level.to.iter()), ..level.clone() })
                .collect(),
            designated_officer: section.designated_officer.as_ref().map(|address| address.trim().to_lowercase()),
        }
    }

    /// Who hears at once, each once.
    #[must_use]
    pub fn at_once(&self) -> Vec<String> {
        each_once(self.duty.iter().chain(&self.mash))
    }
}

fn each_once<'a>(addresses: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    addresses.map(|address| address.trim().to_lowercase()).filter(|address| seen.insert(address.clone())).collect()
}

/// The key at fault, and what to do.
pub(super) fn check(settings: &Settings) -> Result<(), (&'static str, String)> {
    let section = &settings.safeguarding;
    let levels = section.escalate.iter().flat_map(|level| &level.to);
    let addresses = [
        ("safeguarding_alerts_to", settings.council.safeguarding_alerts_to.iter().collect::<Vec<_>>()),
        ("duty", section.duty.iter().collect()),
        ("mash", section.mash.iter().collect()),
        ("escalate", levels.collect()),
        ("designated_officer", section.designated_officer.iter().collect()),
    ];
    for (key, addresses) in addresses {
        if let Some(wrong) = addresses.iter().find(|address| address.trim().parse::<lettre::Address>().is_err()) {
            let what =
                format!("`{key}` holds \"{wrong}\", which is no email address. Remedy: name@domain, one a string");
            return Err((key, what));
        }
    }
    if section.escalate.iter().any(|level| level.to.is_empty()) {
        let what = "a level of `escalate` names nobody. Remedy: to = [\"name@domain\"], or remove the level";
        return Err(("escalate", what.to_owned()));
    }
    if let Some(level) = section.escalate.iter().find(|level| !(1..=MOST_MINUTES).contains(&level.after_minutes)) {
        let what = format!(
            "after_minutes is {}: a level of `escalate` hears after 1 to {MOST_MINUTES} minutes. Remedy: 30 is usual",
            level.after_minutes
        );
        return Err(("after_minutes", what));
    }
    if let Some(wrong) = crate::replies::guard::DoNotReply::first_fault(&settings.sending.do_not_reply) {
        let what = format!(
            "`do_not_reply` holds \"{wrong}\", which is no pattern of addresses. Remedy: \"*@domain\" or \"name@domain\", one a \
             string"
        );
        return Err(("do_not_reply", what));
    }
    Ok(())
}
