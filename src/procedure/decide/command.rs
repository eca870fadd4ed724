//! What may be asked of a case.

use chrono::{DateTime, Utc};

use crate::{
    ids::Uuid,
    labelling::labels::Act,
    procedure::{
        event::{
            Complainant, Group, MergedCase, Moved, Named, Nature, Outcome, Points, Relation, Retention, Safeguarding,
            Settlement, Step,
        },
        recount::Recount,
    },
};

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
    /// A child may be at risk, or an address must not be written to: this is to be done about it.
    Safeguarding(Safeguarding),
    /// How long it is kept.
    Retention(Retention),
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
    /// A message that is in it was found late to say that a child may be at risk.
    Worry,
    /// Send the acknowledgement that was held back or refused.
    ReleaseAcknowledgement {
        /// Its row in the outbox.
        outbox: Uuid,
    },
    /// A mail system reports on a letter.
    ReportLetter {
        /// Its row in the outbox.
        outbox: Uuid,
        /// What it is: `acknowledgement`, `receipt`, `alert`.
        letter: String,
        /// What became of it.
        outcome: Outcome,
        /// Status code.
        status: Option<String>,
        /// Why, in words for officers.
        why: String,
        /// The report names the letter by our keyed Message-ID.
        proven: bool,
    },
    /// End the matter of a letter that did not arrive, or of a family whom no letter can tell.
    SettleLetter {
        /// Its row in the outbox; None when there never was one.
        outbox: Option<Uuid>,
        /// What it is.
        letter: String,
        /// How.
        how: Settlement,
        /// Why; required.
        why: String,
    },
    /// Send a letter again that came back.
    SendAgain {
        /// Its row in the outbox.
        outbox: Uuid,
        /// What it is.
        letter: String,
        /// To this address in place of the one it had.
        to: Option<String>,
    },
    /// This is whose complaint it is.
    SetComplainant {
        /// Whose.
        person: Box<Complainant>,
        /// Whose it was taken for.
        was: Box<Complainant>,
    },
    /// The sender of a message that is to be verified is known.
    AcceptSender {
        /// The message.
        representation: Uuid,
        /// The contact who becomes a party by it; None if they are one already.
        contact: Option<Uuid>,
    },
    /// The complainant also writes from another address.
    SamePerson {
        /// The contact with that address.
        contact: Uuid,
        /// The address.
        address: String,
        /// The key that all contacts of the complainant share.
        person: Uuid,
        /// The key that it has.
        was: Uuid,
        /// Messages of the case that came from it.
        messages: Vec<Uuid>,
        /// How it was shown, where no officer says it.
        shown: String,
    },
    /// An address of the complainant's is somebody else's after all.
    AnotherPerson {
        /// The contact with that address.
        contact: Uuid,
        /// The address.
        address: String,
        /// The key that it is to have by itself.
        person: Uuid,
        /// The key that it has.
        was: Uuid,
    },
    /// These complain together with the complainant; None: nobody does.
    SetGroup(Option<Group>),
    /// A message names members of staff.
    NameSubjects {
        /// Whom.
        people: Vec<Named>,
        /// They are kept out of the case until an officer has said whether it is about them.
        barred: bool,
    },
    /// The case is about somebody, or is not.
    SetSubject {
        /// Their work address.
        email: String,
        /// Their name.
        name: String,
        /// It is.
        is: bool,
        /// Accounts that are kept out by it: their own, and their line manager's.
        accounts: Vec<Uuid>,
    },
    /// A line manager of somebody it is about may deal with it.
    AdmitManager {
        /// The line manager's work address.
        email: String,
        /// Their name.
        name: String,
        /// Why; required.
        reason: String,
    },
    /// These are the points of complaint, and what was found on each so far.
    SetPoints(Box<Points>),
    /// The family gets the answer of the stage that the case is at.
    Answer {
        /// Its row in the outbox; None when it went another way.
        outbox: Option<Uuid>,
        /// How it went; required without a row.
        how: String,
        /// The work address of whoever it is by, in lower case.
        author: String,
    },
    /// Ask the family how they have been treated since the case was closed.
    CheckIn {
        /// The row in the outbox.
        outbox: Uuid,
        /// So many days after it was closed.
        after_days: u16,
    },
    /// Take a step of the procedure.
    Step {
        /// Which.
        step: Step,
        /// The row in the outbox of our letter about it.
        outbox: Option<Uuid>,
        /// How the family is told otherwise, in the officer's words.
        how: String,
    },
    /// The answer takes longer, up to the longest period there is.
    Extend {
        /// Its row in the outbox; None when they are told another way.
        outbox: Option<Uuid>,
        /// How they are told; required without a row.
        how: String,
        /// Why; required.
        reason: String,
    },
    /// The case is closed.
    Close {
        /// Why; required.
        reason: String,
    },
    /// A closed case is open again.
    Reopen {
        /// Why; required.
        reason: String,
    },
    /// Messages go to another case.
    MoveMessages {
        /// Which, and how they belong here.
        messages: Vec<Moved>,
        /// The case they go to.
        to: Uuid,
        /// Its reference.
        reference: String,
    },
    /// Messages come from another case.
    TakeMessages {
        /// Which.
        messages: Vec<Uuid>,
        /// The case they come from.
        from: Uuid,
        /// Its reference.
        reference: String,
        /// When the council received the first of them.
        received_at: DateTime<Utc>,
        /// One of them says that a child may be at risk.
        safeguarding: bool,
    },
    /// This case goes into another.
    MergeInto {
        /// The other.
        case: Uuid,
        /// Its reference.
        reference: String,
    },
    /// The messages that this case was made of go back to where they came from.
    GoBack {
        /// That case.
        case: Uuid,
        /// Its reference.
        reference: String,
    },
    /// Another case comes into this one.
    Merge(Box<MergedCase>),
    /// The case that it may belong to is about another matter.
    KeepApart {
        /// The other.
        case: Uuid,
    },
    /// It has the same problem as other families' cases.
    Tie {
        /// The joint complaint.
        joint: Uuid,
        /// Its reference.
        reference: String,
    },
    /// It has another problem than the joint complaint it is in.
    Untie,
    /// The bank holidays changed: these dates move by it, or would.
    Recount {
        /// The calendar that they were counted with.
        version: String,
        /// Which.
        dates: Vec<Recount>,
    },
    /// Take back the decision with this number, because its other half is taken back in another case.
    TakeBack {
        /// Number of the event.
        seq: i64,
    },
    /// A manager gives the contribution with this number, by the link in their letter.
    GiveContribution(u32),
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
