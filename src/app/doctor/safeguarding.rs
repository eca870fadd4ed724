//! Whether anybody hears that a child may be at risk, and whether anybody does next.

use super::{Finding, bad, good};
use crate::config::{SafeguardingSection, Settings};

pub(super) fn finding(settings: &Settings) -> Finding {
    let what = "safeguarding";
    let plan = SafeguardingSection::of(settings);
    let at_once = plan.at_once();
    if at_once.is_empty() {
        return bad(
            what,
            "nobody is told that a child may be at risk: such cases only come first in the queue",
            "name whoever is on duty, and the MASH: duty and mash in [safeguarding]",
        );
    }
    let mut said = format!("told at once: {}", at_once.join(", "));
    if plan.mash.is_empty() {
        said.push_str("; the MASH is not among them: add mash to [safeguarding]");
    }
    if plan.escalate.is_empty() {
        said.push_str("; nobody is told next when nobody acknowledges it: add [[safeguarding.escalate]]");
    }
    for (n, level) in (1..).zip(&plan.escalate) {
        said.push_str(&format!("; level {n} after {} minutes: {}", level.after_minutes, level.to.join(", ")));
    }
    said.push_str(&match &plan.designated_officer {
        Some(address) => format!("; the Designated Officer: {address}"),
        None => "; no letter goes to the Designated Officer: officers tell them (designated_officer in [safeguarding])"
            .to_owned(),
    });
    if !settings.sending.enabled {
        said.push_str("; but nothing leaves ([sending] enabled = false)");
    }
    good(what, said)
}
