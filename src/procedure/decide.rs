//! The one door's rule: what a command does to a case, or why it is refused. Pure.

use super::{
    case::{Acknowledgement, CaseFile, Status},
    event::{Event, Nature, Relation},
};
use crate::{ids::Uuid, labelling::labels::Act};

/// What an officer, a message or the passing of time asks of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// The suggestion is right.
    Confirm,
    /// It is something else.
    Reclassify(Nature),
    /// It is not a complaint.
    Dismiss {
        /// What it is instead.
        act: Act,
        /// Why; required.
        reason: String,
    },
    /// Give it to this officer.
    Assign(Uuid),
    /// Take back the last decision.
    Undo,
    /// A message belongs to it.
    AddMessage {
        /// Which.
        representation: Uuid,
        /// How.
        relation: Relation,
        /// Why it was matched.
        why: String,
        /// The message says that a child may be at risk.
        safeguarding: bool,
    },
    /// A suggestion came late.
    Suggest(Nature),
    /// Send the acknowledgement that was held back or refused.
    ReleaseAcknowledgement {
        /// Its row in the outbox.
        outbox: Uuid,
    },
    /// Do not send a letter that was held back or refused.
    DropLetter {
        /// Its row in the outbox.
        outbox: Uuid,
        /// What it is: `acknowledgement`, `receipt`, `alert`.
        letter: String,
        /// It was on its way once (refused, or in doubt), not only held back by a limit.
        tried: bool,
        /// Why; required.
        why: String,
    },
}

/// What follows from a command.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The family is to be acknowledged now (if it may be written to).
    pub acknowledge: bool,
    /// An officer lets the acknowledgement go: the limits do not hold it back.
    pub beyond_limits: bool,
    /// People are to be alerted to a child at risk.
    pub alert: bool,
}

/// Why a command is refused. Officers see this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Confirmed already.
    #[error("this case is confirmed already")]
    AlreadyConfirmed,
    /// Not a complaint any more.
    #[error("this case was decided not to be a complaint; undo that first")]
    Dismissed,
    /// Nothing would change.
    #[error("nothing would change: choose another act, procedure or theme, or confirm")]
    NothingChanges,
    /// A reason is missing.
    #[error("give the reason why this is not a complaint: it is kept with the case")]
    ReasonMissing,
    /// Dismissed as dissatisfaction.
    #[error("a complaint or a concern cannot be put aside as not a complaint; reclassify it instead")]
    StillDissatisfaction,
    /// Has it already.
    #[error("that officer has this case already")]
    AlreadyAssigned,
    /// Nothing to take back.
    #[error("there is no decision to undo")]
    NothingToUndo,
    /// No acknowledgement waits.
    #[error("no acknowledgement of this case waits to be let go")]
    NothingToRelease,
    /// A letter that only waits.
    #[error("this letter is only held back: send it, or decide first that the case is not a complaint")]
    StillToBeSent,
    /// A reason is missing.
    #[error("give the reason why it is not sent: it is kept with the case")]
    DropReasonMissing,
}

/// What `command` does to `case`.
///
/// # Errors
///
/// [`Refusal`], and then nothing changes.
pub fn decide(case: &CaseFile, command: &Command) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    match command {
        Command::Confirm => {
            match case.status {
                Status::ToConfirm => {}
                Status::Open => return Err(Refusal::AlreadyConfirmed),
                Status::Dismissed => return Err(Refusal::Dismissed),
            }
            decision.events.push(Event::Confirmed);
            decision.acknowledge = case.is_dissatisfaction();
        }
        Command::Reclassify(nature) => {
            if case.status == Status::Dismissed {
                return Err(Refusal::Dismissed);
            }
            if *nature == case.nature {
                return Err(Refusal::NothingChanges);
            }
            decision.events.push(Event::Reclassified { nature: *nature, was: case.nature });
            decision.acknowledge = nature.act.is_dissatisfaction();
            decision.alert = nature.safeguarding && !case.alerted;
        }
        Command::Dismiss { act, reason } => {
            if case.status == Status::Dismissed {
                return Err(Refusal::Dismissed);
            }
            if !CaseFile::may_be_dismissed_as(*act) {
                return Err(Refusal::StillDissatisfaction);
            }
            if reason.trim().is_empty() {
                return Err(Refusal::ReasonMissing);
            }
            decision.events.push(Event::Dismissed { act: *act, reason: reason.trim().to_owned() });
        }
        Command::Assign(officer) => {
            if case.officer == Some(*officer) {
                return Err(Refusal::AlreadyAssigned);
            }
            decision.events.push(Event::Assigned { officer: *officer });
        }
        Command::Undo => {
            let Some((seq, _)) = &case.last_undoable else { return Err(Refusal::NothingToUndo) };
            decision.events.push(Event::Undone { seq: *seq });
        }
        Command::AddMessage { representation, relation, why, safeguarding } => {
            decision.events.push(Event::MessageAdded {
                representation: *representation,
                relation: *relation,
                why: why.clone(),
            });
            if *safeguarding && !case.nature.safeguarding {
                decision.events.push(Event::Suggested { nature: Nature { safeguarding: true, ..case.nature } });
            }
            decision.alert = *safeguarding && !case.alerted;
        }
        Command::Suggest(nature) => {
            decision.events.push(Event::Suggested { nature: *nature });
            decision.alert = nature.safeguarding && !case.alerted;
        }
        Command::ReleaseAcknowledgement { outbox } => match (case.status, case.acknowledgement) {
            (Status::Dismissed, _) => return Err(Refusal::Dismissed),
            // Held back: written anew, with the dates of today.
            (_, Acknowledgement::Held) => (decision.acknowledge, decision.beyond_limits) = (true, true),
            // Refused: the same letter once more. The clock runs from the first time.
            (_, Acknowledgement::Queued) => decision.events.push(Event::Acknowledged { outbox: *outbox }),
            (_, Acknowledgement::None) => return Err(Refusal::NothingToRelease),
        },
        Command::DropLetter { outbox, letter, tried, why } => {
            if why.trim().is_empty() {
                return Err(Refusal::DropReasonMissing);
            }
            if !tried && case.status != Status::Dismissed {
                return Err(Refusal::StillToBeSent);
            }
            decision.events.push(Event::LetterDropped {
                outbox: *outbox,
                letter: letter.clone(),
                why: why.trim().to_owned(),
            });
        }
    }
    Ok(decision)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;

    use super::*;
    use crate::{
        labelling::labels::{Procedure, Theme},
        procedure::event::Recorded,
    };

    fn at() -> DateTime<Utc> {
        "2026-11-21T10:00:00Z".parse().unwrap()
    }

    fn concern() -> Nature {
        Nature { act: Act::Concern, procedure: Procedure::Unclear, theme: Theme::Delay, safeguarding: false }
    }

    fn opened() -> Vec<Recorded> {
        vec![Recorded {
            seq: 1,
            at: at(),
            by: None,
            event: Event::Opened { nature: concern(), received_at: at(), why: "new".into() },
        }]
    }

    fn run(history: &mut Vec<Recorded>, command: &Command) -> Result<Decision, Refusal> {
        let decision = decide(&CaseFile::fold(history).unwrap(), command)?;
        for event in &decision.events {
            let seq = history.len() as i64 + 1;
            history.push(Recorded { seq, at: at(), by: Some(Uuid::nil()), event: event.clone() });
        }
        Ok(decision)
    }

    #[test]
    fn confirming_acknowledges_and_a_second_time_is_refused() {
        let mut history = opened();
        assert!(run(&mut history, &Command::Confirm).unwrap().acknowledge);
        assert_eq!(CaseFile::fold(&history).unwrap().status, Status::Open);
        assert_eq!(run(&mut history, &Command::Confirm), Err(Refusal::AlreadyConfirmed));
    }

    #[test]
    fn nothing_is_put_aside_without_a_reason_or_as_a_complaint() {
        let mut history = opened();
        let dismiss = |act, reason: &str| Command::Dismiss { act, reason: reason.into() };
        assert_eq!(run(&mut history, &dismiss(Act::Enquiry, "  ")), Err(Refusal::ReasonMissing));
        assert_eq!(run(&mut history, &dismiss(Act::Concern, "x")), Err(Refusal::StillDissatisfaction));
        assert!(!run(&mut history, &dismiss(Act::Enquiry, "asks for term dates")).unwrap().acknowledge);
        assert_eq!(CaseFile::fold(&history).unwrap().status, Status::Dismissed);
        assert_eq!(run(&mut history, &Command::Confirm), Err(Refusal::Dismissed));
    }

    #[test]
    fn an_acknowledgement_is_let_go_only_where_one_waits_and_the_case_is_not_put_aside() {
        let outbox = Uuid::from_u128(7);
        let release = Command::ReleaseAcknowledgement { outbox };
        let held = Event::NotAcknowledged { why: "a limit".into(), held: true };
        let mut history = opened();
        assert_eq!(run(&mut history, &release), Err(Refusal::NothingToRelease));
        history.push(Recorded { seq: 2, at: at(), by: None, event: held });
        let decision = run(&mut history, &release).unwrap();
        assert!(decision.acknowledge && decision.beyond_limits && decision.events.is_empty());
        history.push(Recorded { seq: 3, at: at(), by: None, event: Event::Acknowledged { outbox } });
        assert_eq!(run(&mut history, &release).unwrap().events, [Event::Acknowledged { outbox }]);
        run(&mut history, &Command::Dismiss { act: Act::Enquiry, reason: "asks for term dates".into() }).unwrap();
        assert_eq!(run(&mut history, &release), Err(Refusal::Dismissed));
    }

    #[test]
    fn a_letter_is_dropped_with_a_reason_and_not_while_it_is_only_held_back() {
        let drop = |tried, why: &str| Command::DropLetter {
            outbox: Uuid::nil(),
            letter: "acknowledgement".into(),
            tried,
            why: why.into(),
        };
        let mut history = opened();
        assert_eq!(run(&mut history, &drop(true, " ")), Err(Refusal::DropReasonMissing));
        assert_eq!(run(&mut history, &drop(false, "rung up")), Err(Refusal::StillToBeSent));
        let before = CaseFile::fold(&history).unwrap();
        run(&mut history, &drop(true, "rung up")).unwrap();
        let after = CaseFile::fold(&history).unwrap();
        assert_eq!((after.status, after.acknowledgement), (before.status, before.acknowledgement));
        run(&mut history, &Command::Dismiss { act: Act::Enquiry, reason: "asks for term dates".into() }).unwrap();
        assert!(run(&mut history, &drop(false, "not a complaint")).is_ok());
    }

    #[test]
    fn a_late_suggestion_never_overrules_an_officer() {
        let mut history = opened();
        run(&mut history, &Command::Confirm).unwrap();
        run(&mut history, &Command::Suggest(Nature { act: Act::Routine, ..concern() })).unwrap();
        assert_eq!(CaseFile::fold(&history).unwrap().nature, concern());
    }

    #[test]
    fn the_words_of_every_event_read_back() {
        let mut history = opened();
        run(&mut history, &Command::Reclassify(Nature { act: Act::Complaint, safeguarding: true, ..concern() }))
            .unwrap();
        run(
            &mut history,
            &Command::AddMessage {
                representation: Uuid::nil(),
                relation: Relation::UnverifiedSender,
                why: "w".into(),
                safeguarding: false,
            },
        )
        .unwrap();
        for recorded in &history {
            let text = serde_json::to_string(&recorded.event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), recorded.event, "{text}");
        }
    }

    fn any_command() -> impl Strategy<Value = Command> {
        prop_oneof![
            Just(Command::Confirm),
            (0usize..Act::ALL.len(), any::<bool>()).prop_map(|(act, safeguarding)| Command::Reclassify(Nature {
                act: Act::ALL[act],
                safeguarding,
                ..concern()
            })),
            (0usize..Act::ALL.len()).prop_map(|act| Command::Dismiss { act: Act::ALL[act], reason: "because".into() }),
            any::<u128>().prop_map(|id| Command::Assign(Uuid::from_u128(id))),
        ]
    }

    proptest! {
        /// Promise 5: every decision can be undone in one step, and then the case is as before.
        #[test]
        fn undo_takes_the_last_decision_back_and_nothing_else(commands in prop::collection::vec(any_command(), 0..6), last in any_command()) {
            let mut history = opened();
            for command in &commands {
                let _ = run(&mut history, command);
            }
            let before = CaseFile::fold(&history).unwrap();
            if run(&mut history, &last).is_ok() {
                run(&mut history, &Command::Undo).unwrap();
                let after = CaseFile::fold(&history).unwrap();
                prop_assert_eq!((after.status, after.nature, after.officer, after.last_undoable), (before.status, before.nature, before.officer, before.last_undoable));
                prop_assert!(after.version > before.version);
            }
        }
    }
}
