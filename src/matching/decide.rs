//! The decision which case a message belongs to. Pure.
//!
//! A subject never joins anything: "Complaint" is the commonest subject, and joining two families' mail is the worst
//! mistake there is. A quoted reference joins only what a party to that case wrote; from anybody else it is a hint.

use std::borrow::Cow;

use super::{near::Nearest, report::About};
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
#[derive(Clone, Debug, Default, PartialEq)]
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
    pub same_words: Option<Pointed>,
    /// Its reference, quoted in the subject or the words.
    pub reference: Option<Pointed>,
    /// The same chat, lately.
    pub chat: Option<Uuid>,
    /// What seems to be about the same matter.
    pub near: Nearest,
}

impl Candidates {
    /// Whether something settles which case it is, so that what the message says need not be looked at.
    #[must_use]
    pub fn is_pointed(&self) -> bool {
        self.token.is_some()
            || self.thread.is_some()
            || self.awaited.is_some()
            || self.same_words.is_some()
            || self.chat.is_some()
    }
}

/// What is known of the message itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// No person wrote it.
    pub automated: bool,
    /// Staff pass somebody's message on.
    pub passes_on: bool,
    /// Staff wrote it, and nothing says that it only pretends so.
    pub by_staff: bool,
    /// The mail server says that it does not come from whom it names.
    pub disowned: bool,
    /// It is dissatisfaction, and says that it begins a new matter.
    pub new_matter: bool,
    /// It came by our own form, which anybody can fill in with anybody's address.
    pub unvouched: bool,
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
        why: Cow<'static, str>,
        /// Judged by what it says, not by what it points at.
        judged: bool,
    },
    /// A machine's message that belongs to no case.
    File,
    /// Something new.
    New {
        /// A case that it may belong to: shown to officers, told to nobody.
        hint: Option<Hint>,
    },
}

/// A case that a message may belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Which.
    pub case: Uuid,
    /// Why, for officers.
    pub why: Cow<'static, str>,
}

/// Why a delivery report belongs to a case.
const REPORT: &str = "a mail system's report on a letter of this case";

/// Decides where a message belongs.
#[must_use]
pub fn decide(found: &Candidates, message: Traits) -> Match {
    if let Some(known) = found.same_content {
        return Match::Again(known);
    }
    // Whoever sends it is shown its reference at once: that of another case would tell them that there is one.
    if message.unvouched {
        let pointed =
            found.reference.map(|pointed| (pointed, QUOTES)).or(found.same_words.map(|same| (same, SAME_WORDS)));
        let pointed = pointed.map(|(pointed, why)| Hint { case: pointed.case, why: Cow::Borrowed(why) });
        return Match::New { hint: pointed.or_else(|| possible(found)) };
    }
    let by_token = found.token.map(|pointed| (pointed, "carries the key of our letter"));
    let by_thread = found.thread.map(|pointed| (pointed, "answers a message of this case"));
    let strongest = match (by_token, by_thread) {
        // A party's thread is better evidence than a token in somebody else's hands.
        (Some((token, _)), Some((thread, why))) if !token.by_party && thread.by_party => Some((thread, why)),
        (token, thread) => token.or(thread),
    };
    if let Some((pointed, why)) = strongest {
        let Pointed { case, .. } = pointed;
        if message.automated {
            // The letter that a report names is surer than what it happens to quote.
            return match found.reported.case {
                Some(reported) => join(reported, Relation::Automatic, REPORT),
                None => join(case, Relation::Automatic, "an automatic answer to a message of this case"),
            };
        }
        if message.new_matter && !message.passes_on && standing(pointed, message) == Standing::Party {
            return Match::New { hint: Some(Hint { case, why: Cow::Borrowed(NEW_MATTER) }) };
        }
        let same_words = found.same_words.is_some_and(|same| same.case == case && same.by_party);
        return match standing(pointed, message) {
            Standing::Party if message.passes_on || same_words => {
                join(case, Relation::Duplicate, "the same message, passed on")
            }
            Standing::Party => join(case, Relation::SameIssue, why),
            Standing::Staff => join(case, Relation::SameIssue, "a member of staff writes about this case"),
            Standing::Disowned => join(case, Relation::UnverifiedSender, DISOWNED),
            Standing::Stranger => {
                join(case, Relation::UnverifiedSender, "points at this case, but its sender is no party to it")
            }
        };
    }
    if message.automated {
        return match found.reported.case {
            Some(case) => join(case, Relation::Automatic, REPORT),
            None => Match::File,
        };
    }
    if let Some(case) = found.awaited {
        return if message.disowned {
            join(case, Relation::UnverifiedSender, DISOWNED)
        } else {
            join(case, Relation::SameIssue, "a message of this case refers to it")
        };
    }
    if let Some(pointed) = found.same_words {
        let case = pointed.case;
        return match standing(pointed, message) {
            Standing::Party => join(case, Relation::Duplicate, "the same words by the same person"),
            Standing::Staff => join(case, Relation::Duplicate, "the same message, passed on"),
            Standing::Disowned => join(case, Relation::UnverifiedSender, DISOWNED),
            Standing::Stranger => join(
                case,
                Relation::UnverifiedSender,
                "has the same words as a message of this case, but its sender is no party to it",
            ),
        };
    }
    if let Some(case) = found.chat {
        return join(case, Relation::SameIssue, "the same chat goes on");
    }
    // Anybody can quote a reference: only whoever is in the case already, and staff, are taken at their word.
    if let Some(pointed) = found.reference
        && matches!(standing(pointed, message), Standing::Party | Standing::Staff)
    {
        return join(pointed.case, Relation::SameIssue, QUOTES);
    }
    if let Some(same) = &found.near.same
        && !message.disowned
        && (!message.by_staff || message.passes_on)
    {
        let relation = if same.by_party { Relation::SameIssue } else { Relation::UnverifiedSender };
        return Match::Join { case: same.case, relation, why: Cow::Owned(same.why.clone()), judged: true };
    }
    let quoted = found.reference.map(|pointed| Hint { case: pointed.case, why: Cow::Borrowed(QUOTES) });
    Match::New { hint: quoted.or_else(|| possible(found)) }
}

/// The case that seems to be about the same matter.
fn possible(found: &Candidates) -> Option<Hint> {
    let near = found.near.same.as_ref().or(found.near.possible.as_ref());
    near.map(|found| Hint { case: found.case, why: Cow::Owned(found.why.clone()) })
}

/// Why a message belongs to a case, or may belong to one that its author is no party to.
pub const QUOTES: &str = "quotes the reference of this case";
/// Why a message of our own form may belong to a case.
const SAME_WORDS: &str = "has the same words as a message of this case";
/// Why an answer in the thread of a case is a case of its own.
const NEW_MATTER: &str = "answers a message of this case, but says that it is about something else";
/// What officers read where the sender is disowned.
const DISOWNED: &str = "points at this case, but the mail server says that it does not come from the address it names";

fn join(case: Uuid, relation: Relation, why: &'static str) -> Match {
    Match::Join { case, relation, why: Cow::Borrowed(why), judged: false }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Party,
    Staff,
    Stranger,
    Disowned,
}

fn standing(pointed: Pointed, message: Traits) -> Standing {
    match (message.disowned, pointed.by_party, message.by_staff) {
        (true, ..) => Standing::Disowned,
        (false, true, _) => Standing::Party,
        // What staff pass on is another person's: that person is no party.
        (false, false, true) if !message.passes_on => Standing::Staff,
        (false, false, _) => Standing::Stranger,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::near::Found, *};

    fn pointed(n: u128) -> impl Strategy<Value = Option<Pointed>> {
        prop::option::of(any::<bool>().prop_map(move |by_party| Pointed { case: Uuid::from_u128(n), by_party }))
    }

    prop_compose! {
        fn any_candidates()(token in pointed(1), thread in pointed(2), same_words in pointed(3), reference in pointed(4)) -> Candidates {
            Candidates { token, thread, same_words, reference, ..Candidates::default() }
        }
    }

    prop_compose! {
        fn any_traits()(automated: bool, passes_on: bool, by_staff: bool, disowned: bool) -> Traits {
            Traits { automated, passes_on, by_staff: by_staff && !disowned, disowned, new_matter: false, unvouched: false }
        }
    }

    proptest! {
        /// Promise 9: who is no party to a case is never taken for one, whatever is quoted and whatever they pretend.
        #[test]
        fn a_stranger_joins_only_as_a_stranger(found in any_candidates(), message in any_traits()) {
            if let Match::Join { case, relation, .. } = decide(&found, message) {
                let all = [found.token, found.thread, found.same_words, found.reference];
                let party_of = all.into_iter().flatten().any(|p| p.case == case && p.by_party);
                let entitled = !message.disowned && (party_of || (message.by_staff && !message.passes_on));
                prop_assert_eq!(relation != Relation::UnverifiedSender, entitled || message.automated, "{:?}", relation);
                prop_assert_eq!(relation == Relation::Automatic, message.automated);
            }
        }

        /// A reference that anybody can quote never opens a case to somebody who is not in it.
        #[test]
        fn a_bare_reference_is_a_hint_and_no_more(by_party: bool, message in any_traits()) {
            let case = Uuid::from_u128(4);
            let found = Candidates { reference: Some(Pointed { case, by_party }), ..Candidates::default() };
            let decided = decide(&found, Traits { automated: false, ..message });
            if !message.disowned && (by_party || (message.by_staff && !message.passes_on)) {
                prop_assert_eq!(decided, join(case, Relation::SameIssue, "quotes the reference of this case"));
            } else {
                prop_assert_eq!(decided, Match::New { hint: Some(Hint { case, why: Cow::Borrowed(QUOTES) }) });
            }
        }

        /// Our own form shows a reference at once, to whoever filled it in: never that of a case that was there.
        #[test]
        fn what_nobody_vouches_for_joins_no_case(found in any_candidates(), message in any_traits()) {
            let decided = decide(&found, Traits { unvouched: true, ..message });
            let opens = matches!(decided, Match::New { .. });
            prop_assert!(opens);
        }

        #[test]
        fn a_machine_never_opens_a_case(found in any_candidates(), message in any_traits()) {
            let decided = decide(&found, Traits { automated: true, ..message });
            let opens = matches!(decided, Match::New { .. });
            prop_assert!(!opens);
        }
    }

    #[test]
    fn a_matter_that_only_seems_the_same_joins_for_its_author_and_waits_for_anybody_else() {
        let case = Uuid::from_u128(7);
        let near = |by_party| Candidates {
            near: Nearest { same: Some(Found { case, by_party, why: "is alike".into() }), possible: None },
            ..Candidates::default()
        };
        let relation = |found: &Candidates, message| match decide(found, message) {
            Match::Join { relation, judged: true, .. } => Some(relation),
            _ => None,
        };
        assert_eq!(relation(&near(true), Traits::default()), Some(Relation::SameIssue));
        assert_eq!(relation(&near(false), Traits::default()), Some(Relation::UnverifiedSender));
        // What staff write themselves, and what the mail server disowns, is at most a hint.
        for message in [Traits { by_staff: true, ..Traits::default() }, Traits { disowned: true, ..Traits::default() }]
        {
            assert_eq!(
                decide(&near(true), message),
                Match::New { hint: Some(Hint { case, why: Cow::Borrowed("is alike") }) }
            );
        }
    }

    #[test]
    fn a_party_who_says_that_it_is_something_else_gets_a_case_of_its_own() {
        let thread = Some(Pointed { case: Uuid::from_u128(2), by_party: true });
        let found = Candidates { thread, ..Candidates::default() };
        let decided = decide(&found, Traits { new_matter: true, ..Traits::default() });
        assert!(matches!(decided, Match::New { hint: Some(Hint { case, .. }) } if case == Uuid::from_u128(2)));
        // A stranger in the thread stays a stranger.
        let thread = Some(Pointed { case: Uuid::from_u128(2), by_party: false });
        let found = Candidates { thread, ..Candidates::default() };
        let decided = decide(&found, Traits { new_matter: true, ..Traits::default() });
        assert!(matches!(decided, Match::Join { relation: Relation::UnverifiedSender, .. }));
    }

    #[test]
    fn the_same_message_again_is_never_a_second_entry() {
        let known = Known { id: Uuid::nil(), case_id: None, received_at: "2026-11-21T10:00:00Z".parse().unwrap() };
        let found = Candidates { same_content: Some(known), chat: Some(Uuid::nil()), ..Candidates::default() };
        assert_eq!(decide(&found, Traits::default()), Match::Again(known));
    }

    #[test]
    fn a_token_in_strange_hands_yields_to_a_partys_thread() {
        let at = |n, by_party| Some(Pointed { case: Uuid::from_u128(n), by_party });
        let found = Candidates { token: at(1, false), thread: at(2, true), ..Candidates::default() };
        let Match::Join { case, relation, .. } = decide(&found, Traits::default()) else { panic!() };
        assert_eq!((case, relation), (Uuid::from_u128(2), Relation::SameIssue));
    }
}
