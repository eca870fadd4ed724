//! What the history of a case teaches about the message that opened it. Pure.
//!
//! An officer decides about a case, the classifier suggests about a message. The two are the same thing only while the
//! case is one message: what an officer decides after more has come in may rest on any of it, so it labels none of it.

use chrono::{DateTime, Utc};

use crate::{
    ids::Uuid,
    labelling::{
        labels::{Procedure, Theme},
        rows::Labels,
    },
    procedure::{
        case::CaseFile,
        event::{Event, Recorded, Relation, standing},
    },
};

/// What an officer decided, as labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// What the decision says. What it does not say is None, and is not learnt from.
    pub labels: Labels,
    /// When it was made.
    pub at: DateTime<Utc>,
}

/// Why a case teaches nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// No officer has decided, or the decision was taken back.
    Undecided,
    /// Something else had come before the decision.
    Together,
    /// Its message has no words, or only files.
    NoWords,
    /// It is in a language that the classifier has not learnt.
    Language,
}

/// What the latest decision about a case says of `message`, the one that opened it.
///
/// # Errors
/// [`LeftOut`]: it says nothing.
pub fn decided(history: &[Recorded], message: Uuid) -> Result<Decided, LeftOut> {
    let decision = standing(history)
        .filter(|recorded| recorded.by.is_some())
        .rfind(|r| matches!(r.event, Event::Confirmed | Event::Reclassified { .. } | Event::Dismissed { .. }))
        .ok_or(LeftOut::Undecided)?;
    if standing(history).take_while(|r| r.seq < decision.seq).fold(false, |others, r| and_others(others, r, message)) {
        return Err(LeftOut::Together);
    }
    let case = CaseFile::fold(history).ok_or(LeftOut::Undecided)?;
    let nature = case.nature;
    let dissatisfied = nature.act.is_dissatisfaction();
    let (procedure, theme) = match &decision.event {
        _ if !dissatisfied => (None, None),
        Event::Reclassified { .. } => (Some(nature.procedure), Some(nature.theme)),
        // Confirming leaves standing what nobody has looked into yet: "not yet clear" and "other" are no answers.
        _ => (
            Some(nature.procedure).filter(|procedure| *procedure != Procedure::Unclear),
            Some(nature.theme).filter(|theme| *theme != Theme::Other),
        ),
    };
    // The flag stays as the program set it when an officer confirms, and it leans to recall: taking every confirmation for
    // agreement would teach the classifier its own false alarms. Only an officer who changes it has said something.
    let risk_changed = standing(history)
        .any(|r| matches!(&r.event, Event::Reclassified { nature, was } if nature.safeguarding != was.safeguarding));
    let labels = Labels {
        act: Some(nature.act),
        dissatisfied: Some(dissatisfied),
        safeguarding: risk_changed.then_some(nature.safeguarding),
        procedure,
        theme,
        ..Labels::default()
    };
    Ok(Decided { labels, at: decision.at })
}

/// Whether, after `recorded`, somebody's words are in the case besides `message`. Copies of the same words and machines'
/// answers say nothing of their own.
fn and_others(others: bool, recorded: &Recorded, message: Uuid) -> bool {
    match &recorded.event {
        Event::MessageAdded { representation, relation, .. } => {
            let own = *representation == message
                || matches!(relation, Relation::Duplicate | Relation::Automatic | Relation::Status);
            others || !own
        }
        Event::MessagesCame { messages, .. } => others || messages.iter().any(|came| *came != message),
        Event::MergedFrom(_) => true,
        _ => others,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        labelling::labels::{Act, Procedure, Theme},
        procedure::event::{MergedCase, Nature},
    };

    const MESSAGE: Uuid = Uuid::from_u128(1);

    fn nature(act: Act) -> Nature {
        Nature { act, procedure: Procedure::Unclear, theme: Theme::Delay, safeguarding: true }
    }

    fn history(events: Vec<Event>) -> Vec<Recorded> {
        let at: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let opened = Event::Opened { nature: nature(Act::Concern), received_at: at, why: String::new() };
        let added = joined(1, Relation::New);
        [opened, added]
            .into_iter()
            .chain(events)
            .zip(1..)
            .map(|(event, seq)| {
                let officer = event.can_be_undone() || matches!(event, Event::Undone { .. });
                Recorded { seq, at: at + chrono::TimeDelta::minutes(seq), by: officer.then(Uuid::nil), event }
            })
            .collect()
    }

    fn joined(id: u128, relation: Relation) -> Event {
        Event::MessageAdded { representation: Uuid::from_u128(id), relation, why: String::new() }
    }

    fn reclassified(act: Act) -> Event {
        Event::Reclassified { nature: nature(act), was: nature(Act::Concern) }
    }

    fn dismissed() -> Event {
        Event::Dismissed { act: Act::Enquiry, reason: "asks".into() }
    }

    #[test]
    fn confirming_says_what_was_shown_and_leaves_open_what_is_open() {
        let found = decided(&history(vec![Event::Confirmed]), MESSAGE).unwrap();
        let labels = Labels {
            act: Some(Act::Concern),
            dissatisfied: Some(true),
            theme: Some(Theme::Delay),
            ..Labels::default()
        };
        assert_eq!(found.labels, labels, "neither the procedure that is not clear nor the program's alarm is a label");
    }

    #[test]
    fn the_latest_decision_that_stands_counts() {
        let events = vec![Event::Confirmed, reclassified(Act::Complaint), dismissed()];
        let found = decided(&history(events.clone()), MESSAGE).unwrap();
        assert_eq!((found.labels.act, found.labels.dissatisfied), (Some(Act::Enquiry), Some(false)));
        assert_eq!((found.labels.procedure, found.labels.theme), (None, None));
        // Taken back, the one before stands, with its own time.
        let undone = [events, vec![Event::Undone { seq: 5 }]].concat();
        let found = decided(&history(undone), MESSAGE).unwrap();
        assert_eq!((found.labels.act, found.labels.procedure), (Some(Act::Complaint), Some(Procedure::Unclear)));
        assert_eq!(found.at, history(vec![Event::Confirmed, reclassified(Act::Complaint)])[3].at);
        let nothing = vec![Event::Confirmed, Event::Undone { seq: 3 }];
        assert_eq!(decided(&history(nothing), MESSAGE), Err(LeftOut::Undecided));
        assert_eq!(decided(&history(vec![]), MESSAGE), Err(LeftOut::Undecided));
    }

    #[test]
    fn what_was_decided_after_more_had_come_labels_nothing() {
        let before = vec![joined(2, Relation::SameIssue), Event::Confirmed];
        assert_eq!(decided(&history(before), MESSAGE), Err(LeftOut::Together));
        let stranger = vec![joined(2, Relation::UnverifiedSender), Event::Confirmed];
        assert_eq!(decided(&history(stranger), MESSAGE), Err(LeftOut::Together));
        let after = vec![Event::Confirmed, joined(2, Relation::SameIssue)];
        assert!(decided(&history(after), MESSAGE).is_ok());
        let copies = vec![joined(2, Relation::Duplicate), joined(3, Relation::Automatic), Event::Confirmed];
        assert!(decided(&history(copies), MESSAGE).is_ok());
        let again = vec![Event::Confirmed, joined(2, Relation::SameIssue), reclassified(Act::Complaint)];
        assert_eq!(decided(&history(again), MESSAGE), Err(LeftOut::Together));
        let came = |id| Event::MessagesCame {
            messages: vec![Uuid::from_u128(id)],
            from: Uuid::nil(),
            reference: String::new(),
            received_at: DateTime::UNIX_EPOCH,
        };
        // A case made of the one message is about it alone.
        assert!(decided(&history(vec![came(1), Event::Confirmed]), MESSAGE).is_ok());
        assert_eq!(decided(&history(vec![came(2), Event::Confirmed]), MESSAGE), Err(LeftOut::Together));
        let merged = Event::MergedFrom(Box::new(MergedCase {
            case: Uuid::nil(),
            reference: String::new(),
            messages: vec![],
            parties: vec![],
            received_at: DateTime::UNIX_EPOCH,
            safeguarding: false,
            alerted: false,
            told_at: None,
            officer: None,
            joint: None,
            subjects: std::collections::BTreeMap::new(),
            promised: std::collections::BTreeMap::new(),
            child_since: None,
            protection: Default::default(),
            keeping: Default::default(),
        }));
        assert_eq!(decided(&history(vec![merged, Event::Confirmed]), MESSAGE), Err(LeftOut::Together));
    }

    #[test]
    fn a_risk_is_a_label_only_when_an_officer_changed_it() {
        let calm = Nature { safeguarding: false, ..nature(Act::Complaint) };
        let events = vec![Event::Reclassified { nature: calm, was: nature(Act::Concern) }];
        assert_eq!(decided(&history(events), MESSAGE).unwrap().labels.safeguarding, Some(false));
        let kept = decided(&history(vec![reclassified(Act::Complaint)]), MESSAGE).unwrap();
        assert_eq!(kept.labels.safeguarding, None);
    }

    proptest! {
        #[test]
        fn act_and_dissatisfaction_never_contradict_each_other(which in proptest::collection::vec(0_u8..5, 0..12)) {
            let mut events: Vec<Event> = Vec::new();
            for (what, seq) in which.into_iter().zip(3_i64..) {
                events.push(match what {
                    0 => Event::Confirmed,
                    1 => reclassified(Act::Complaint),
                    2 => dismissed(),
                    3 => joined(2, Relation::SameIssue),
                    _ => Event::Undone { seq: seq - 1 },
                });
            }
            if let Ok(found) = decided(&history(events), MESSAGE) {
                prop_assert_eq!(found.labels.act.map(Act::is_dissatisfaction), found.labels.dissatisfied);
                prop_assert!(found.labels.dissatisfied == Some(true) || found.labels.theme.is_none());
            }
        }
    }
}
