//! The lines in use, and what others would have done with the messages of the last 30 days.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};

use super::{Answer, StoreSettings};
use crate::{
    casework::MailboxPolicy,
    clock::london_date,
    config::MailboxKind,
    desk::count,
    elusion::sample::Span,
    intake::settle::FOUND_IN_CHECK,
    labelling::{
        learn::decided::decided,
        policy::Lines,
        what_if::{Cut, Seen, outcome, values},
    },
    store::{Tx, cases, elusion, independence::barred_from, settings},
    web::{
        settings_views::{LinesInUse, MailboxLines, ThresholdsView, Tried},
        views::Officer,
    },
};

/// How many days are counted.
const DAYS: u64 = 30;
/// How many messages are looked at, the newest first.
const MOST: i64 = 2000;
/// Values of `acknowledge_from` that are always shown.
const ACKNOWLEDGE: [f64; 8] = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99];
/// Values of `keep_from` that are shown above the one in use.
const KEEP: [f64; 10] = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

/// Mailboxes of one kind by the same lines, in the order in which they are shown.
type Groups = BTreeMap<(u8, u64, u64), Vec<MailboxLines>>;

pub(super) async fn view(desk: &StoreSettings, who: &Officer, now: DateTime<Utc>) -> Answer<ThresholdsView> {
    let lines = desk.classifier.as_ref().and_then(|classifier| classifier.lines()).unwrap_or(desk.lines);
    let to_on = london_date(now);
    let span = Span { from_on: to_on.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(to_on), to_on };
    let mut tx = desk.store.begin_read().await?;
    let opened = settings::opened_by(&mut tx, span.instants().0, FOUND_IN_CHECK, MOST).await?;
    let cut_short = i64::try_from(opened.len()).is_ok_and(|n| n >= MOST);
    let mut seen: BTreeMap<String, Vec<Seen>> = BTreeMap::new();
    // Whom a case is about learns nothing of it from a number either.
    let hidden = barred_from(&mut tx, who.id).await?;
    for row in opened.into_iter().filter(|row| !hidden.contains(&row.case_id)) {
        let said = if row.status == "to-confirm" { None } else { Some(cases::history(&mut tx, row.case_id).await?) };
        let labels = said.and_then(|history| decided(&history, row.representation_id).ok());
        let suggestion = &row.suggestion.0;
        let unjudged = suggestion.language.is_some();
        seen.entry(row.mailbox.clone()).or_default().push(Seen {
            private: desk.office.policy(&row.mailbox).kind == MailboxKind::Manager,
            by_staff: row.by_staff,
            dissatisfied: suggestion.dissatisfied,
            kept_anyway: unjudged || suggestion.raises_danger(lines.safeguarding_from),
            unjudged,
            decided: labels.and_then(|decided| decided.labels.dissatisfied),
        });
    }
    let mut groups = Vec::new();
    for ((kind, ..), mailboxes) in grouped(desk.office.mailboxes.iter(), &lines) {
        groups.push(group(&mut tx, kind, mailboxes, &seen, span).await?);
    }
    Ok(ThresholdsView {
        from_on: span.from_on,
        to_on,
        model: desk.classifier.as_ref().map(|classifier| classifier.model()),
        safeguarding_from: lines.safeguarding_from,
        groups,
        cut_short,
    })
}

fn grouped<'a>(mailboxes: impl Iterator<Item = (&'a String, &'a MailboxPolicy)>, lines: &Lines) -> Groups {
    let mut groups = Groups::new();
    for (name, policy) in mailboxes {
        let place = match policy.kind {
            MailboxKind::Manager => 0,
            MailboxKind::Forward => 1,
            MailboxKind::Complaints => 2,
        };
        let one = MailboxLines {
            name: name.clone(),
            keep_from: policy.keep_from.unwrap_or(lines.keep_from),
            keep_is_set: policy.keep_from.is_some(),
            acknowledge_from: policy.acknowledge_from.unwrap_or(lines.sure_from),
            acknowledge_is_set: policy.acknowledge_from.is_some(),
        };
        // Probabilities are never negative, so their bits are in their order. Only managers' mailboxes have the second line.
        let second = if place == 0 { one.acknowledge_from.to_bits() } else { 0 };
        groups.entry((place, one.keep_from.to_bits(), second)).or_default().push(one);
    }
    groups
}

async fn group(
    tx: &mut Tx,
    place: u8,
    mailboxes: Vec<MailboxLines>,
    seen: &BTreeMap<String, Vec<Seen>>,
    span: Span,
) -> Answer<LinesInUse> {
    let messages: Vec<Seen> = mailboxes.iter().filter_map(|one| seen.get(&one.name)).flatten().copied().collect();
    let mut left_alone = 0;
    let kind = match place {
        0 => MailboxKind::Manager,
        1 => MailboxKind::Forward,
        _ => MailboxKind::Complaints,
    };
    if kind == MailboxKind::Manager {
        for one in &mailboxes {
            left_alone += count(elusion::counted(tx, &one.name, span).await?);
        }
    }
    let first = mailboxes.first();
    let (keep, acknowledge) = first.map_or((0.0, 0.0), |one| (one.keep_from, one.acknowledge_from));
    let tried = |value: f64, in_use: f64, cut: Cut| Tried {
        value,
        in_use: value.total_cmp(&in_use).is_eq(),
        outcome: outcome(&messages, cut),
    };
    let by_acknowledge = |value| tried(value, acknowledge, Cut { keep_from: keep, acknowledge_from: value });
    let by_keep = |value| tried(value, keep, Cut { keep_from: value, acknowledge_from: acknowledge });
    Ok(LinesInUse {
        kind: kind.as_str(),
        messages: messages.len() as u64,
        decided: messages.iter().filter(|one| one.decided.is_some()).count() as u64,
        left_alone,
        acknowledge: match kind {
            MailboxKind::Manager => values(&ACKNOWLEDGE, acknowledge, 0.0).into_iter().map(by_acknowledge).collect(),
            _ => Vec::new(),
        },
        // Below the line in use nothing of a manager's mail is kept to try it on; elsewhere all of it is.
        keep: match kind {
            MailboxKind::Manager => values(&KEEP, keep, keep).into_iter().map(by_keep).collect(),
            MailboxKind::Forward => values(&KEEP, keep, 0.0).into_iter().map(by_keep).collect(),
            MailboxKind::Complaints => Vec::new(),
        },
        mailboxes,
    })
}
