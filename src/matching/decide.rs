//! The decision which case a message belongs to. Pure.
//!
//! A subject never joins anything: "Complaint" is the commonest subject, and joining two families' mail is the worst
//! mistake there is. A quoted reference alone joins nothing either.

use super::report::About;
use crate::{ids::Uuid, procedure::event::Relation, store::intake::Known};

/// A case that a message points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointed {
    /// Which.
    pub case: Uuid,
    /// The author is a party to it.
    pub by_party: bool,
}

/// What speaks for a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// This very message is stored.
    pub same_content: Option<Known>,
    /// Our keyed token, in an address or a Message-ID.
    pub token: Option<Pointed>,
    /// A message that it answers or refers to.
    pub thread: Option<Pointed>,
    /// What a delivery report is about.
    pub reported: About,
    /// A case of the author's in which this message, or what it answers, was referred to before it came.
    pub awaited: Option<Uuid>,
    /// The same words by the same author.
    pub same_words: Option<Uuid>,
    /// The same chat, lately.
    pub chat: Option<Uuid>,
}

/// What a message is to the cases there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// Delivered before: nothing follows but a note of the delivery.
    Again(Known),
    /// Belongs to a case.
    Join {
        /// Which.
        case: Uuid,
        /// How.
        relation: Relation,
        /// Why, for officers.
        why: &'static str,
    },
    /// A machine's message that belongs to no case.
    File,
    /// Something new.
    New,
}

/// Why a delivery report belongs to a case.
const REPORT: &str = "a mail system's report on a letter of this case";

/// Decides where a message belongs. `automated`: no person wrote it. `passes_on`: staff pass somebody's message on.
#[must_use]
pub fn decide(found: &Candidates, automated: bool, passes_on: bool) -> Match {
    if let Some(known) = found.same_content {
        return Match::Again(known);
    }
    let by_token = found.token.map(|pointed| (pointed, "carries the key of our letter"));
    let by_thread = found.thread.map(|pointed| (pointed, "answers a message of this case"));
    let strongest = match (by_token, by_thread) {
        // A party's thread is better evidence than a token in somebody else's hands.
        (Some((token, _)), Some((thread, why))) if !token.by_party && thread.by_party => Some((thread, why)),
        (token, thread) => token.or(thread),
    };
    if let Some((Pointed { case, by_party }, why)) = strongest {
        return match (automated, by_party) {
            // The letter that a report names is surer than what it happens to quote.
            (true, _) if found.reported.case.is_some() => {
                Match::Join { case: found.reported.case.unwrap_or(case), relation: Relation::Automatic, why: REPORT }
            }
            (true, _) => Match::Join {
                case,
                relation: Relation::Automatic,
                why: "an automatic answer to a message of this case",
            },
            (false, true) if passes_on || found.same_words == Some(case) => {
                Match::Join { case, relation: Relation::Duplicate, why: "the same message, passed on" }
            }
            (false, true) => Match::Join { case, relation: Relation::SameIssue, why },
            (false, false) => Match::Join {
                case,
                relation: Relation::UnverifiedSender,
                why: "points at this case, but its sender is no party to it",
            },
        };
    }
    if automated {
        return match found.reported.case {
            Some(case) => Match::Join { case, relation: Relation::Automatic, why: REPORT },
            None => Match::File,
        };
    }
    if let Some(case) = found.awaited {
        return Match::Join { case, relation: Relation::SameIssue, why: "a message of this case refers to it" };
    }
    if let Some(case) = found.same_words {
        return Match::Join { case, relation: Relation::Duplicate, why: "the same words by the same person" };
    }
    if let Some(case) = found.chat {
        return Match::Join { case, relation: Relation::SameIssue, why: "the same chat goes on" };
    }
    Match::New
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pointed(n: u128) -> impl Strategy<Value = Option<Pointed>> {
        prop::option::of(any::<bool>().prop_map(move |by_party| Pointed { case: Uuid::from_u128(n), by_party }))
    }

    proptest! {
        /// Promise 9: who is no party to a case is never taken for one, whatever is quoted.
        #[test]
        fn a_stranger_joins_only_as_a_stranger(token in pointed(1), thread in pointed(2), passes_on: bool) {
            let found = Candidates { token, thread, ..Candidates::default() };
            if let Match::Join { case, relation, .. } = decide(&found, false, passes_on) {
                let party_of = [token, thread].into_iter().flatten().any(|p| p.case == case && p.by_party);
                prop_assert_eq!(relation != Relation::UnverifiedSender, party_of);
            }
        }

        #[test]
        fn a_machine_never_opens_a_case(token in pointed(1), thread in pointed(2), words: bool) {
            let found = Candidates { token, thread, same_words: words.then(|| Uuid::from_u128(3)), ..Candidates::default() };
            prop_assert_ne!(decide(&found, true, false), Match::New);
        }
    }

    #[test]
    fn the_same_message_again_is_never_a_second_entry() {
        let known = Known { id: Uuid::nil(), case_id: None, received_at: "2026-11-21T10:00:00Z".parse().unwrap() };
        let found = Candidates { same_content: Some(known), chat: Some(Uuid::nil()), ..Candidates::default() };
        assert_eq!(decide(&found, false, false), Match::Again(known));
    }
}
