//! Why a command is refused, in words for officers.

use super::steps::StepRefusal;

/// The project's own promises: the program proposes, officers decide; everybody sees only what is for them.
pub const OUR_PROMISE: &str = "our own rule: the program proposes, officers decide";

/// Why a command is refused. Officers see this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// What the rules on safeguarding say.
    #[error(transparent)]
    Safeguarding(#[from] crate::procedure::safeguarding::NotNow),
    /// What the rules on how long a case is kept say.
    #[error(transparent)]
    Retention(#[from] crate::procedure::retention::NotKept),
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
    /// Nobody knows whose complaint it is.
    #[error("say first whose complaint it is: nothing is sent before that")]
    ComplainantUnsure,
    /// Nothing is said about them.
    #[error("enter a name, an email address or a telephone number")]
    NobodyNamed,
    /// Nothing would change about them.
    #[error("nothing would change about whose complaint it is")]
    SameComplainant,
    /// Nobody is known whose address it could be.
    #[error("say first whose complaint it is")]
    NoComplainant,
    /// It is theirs already.
    #[error("that is an address of the complainant’s already")]
    SamePersonAlready,
    /// It is not one of several.
    #[error("that is no other address of the complainant’s: nothing is to be parted")]
    AnotherPersonAlready,
    /// The council's own mailbox is no person.
    #[error("that is one of the council’s own mailboxes, which no family writes from")]
    OwnAddress,
    /// Nothing would change about the group.
    #[error("nothing would change about who complains together")]
    SameGroup,
    /// A group of nobody.
    #[error("enter who complains together, one on a line")]
    EmptyGroup,
    /// Said already.
    #[error("it is about them already")]
    SubjectAlready,
    /// Whom it is about says nothing of it.
    #[error("a case about yourself is for somebody else: ask a colleague to say so, and to take it ({rule})", rule = crate::procedure::independence::RULE)]
    OwnSubject,
    /// Their line manager says nothing of it.
    #[error("a case about somebody you manage is for somebody else: ask a colleague to say so, and to take it ({rule})", rule = crate::procedure::independence::RULE)]
    OwnReport,
    /// It never was about them.
    #[error("it is not about them")]
    NoSubject,
    /// Nobody, or several, are called that.
    #[error("{0}")]
    NobodyCalled(String),
    /// It is about them.
    #[error("the case is about them, or may be: whom a complaint is about neither sees it nor works on it ({rule})", rule = crate::procedure::independence::RULE)]
    IsSubject,
    /// It is about somebody whose line manager they are.
    #[error("they are the line manager of somebody the case is about: write down first why they may deal with it ({rule})", rule = crate::procedure::independence::RULE)]
    ManagesSubject,
    /// Nobody waits for it.
    #[error("nobody waits for this contribution")]
    NoContribution,
    /// They manage nobody it is about.
    #[error("they are kept out of nothing here")]
    NotKeptOut,
    /// A reason is missing.
    #[error("give the reason why the line manager may deal with it: it is kept with the case ({rule})", rule = crate::procedure::independence::RULE)]
    AdmitReasonMissing,
    /// Admitted already.
    #[error("they may deal with it already")]
    AdmittedAlready,
    /// Not looked at yet.
    #[error("confirm first what it is")]
    ConfirmFirst,
    /// Only a complaint or a concern is answered here.
    #[error("only a complaint or a concern is answered here")]
    NoDissatisfaction,
    /// Nobody has said which procedure it is under.
    #[error("say first which procedure applies: the answer names it, and how long there is to ask for stage 2")]
    NoProcedure,
    /// Answered already.
    #[error("the answer was given already")]
    AnsweredAlready,
    /// What was answered stays as it was answered.
    #[error("one of the two cases was answered already: what is new is a case of its own")]
    AnsweredNotMerged,
    /// No other case of the joint complaint has points.
    #[error("that case is not in the same joint complaint, or nothing is written down there")]
    NoLead,
    /// Nothing would change about the points.
    #[error("nothing would change about the points")]
    SamePoints,
    /// Nothing to answer.
    #[error("write down the points of the complaint first ({rule})", rule = super::answer::EVERY_POINT)]
    NoPoints,
    /// A point was not answered.
    #[error("point {0} has no finding: every point is answered ({rule})", rule = super::answer::EVERY_POINT)]
    PointWithoutFinding(u32),
    /// A finding without reasons.
    #[error("point {0} has no reasons: say why you found what you found ({rule})", rule = super::answer::EVERY_POINT)]
    FindingWithoutReasons(u32),
    /// A point that only the statutory procedure is for.
    #[error("point {0} is for the statutory procedure: change the whole complaint to it, which it then follows ({rule})", rule = super::answer::STATUTORY_POINT)]
    PointIsStatutory(u32),
    /// A finding on what somebody else decides.
    #[error("point {0} is for somebody else to decide: it can be passed on, not looked into or withdrawn, and the reasons say where they go ({rule})", rule = super::answer::OWN_APPEAL)]
    PointIsNotOurs(u32),
    /// They are told that they are wrong, and not why.
    #[error("point {0} names no evidence: nothing is “not upheld” without what that rests on ({rule})", rule = super::answer::EVIDENCE)]
    FindingWithoutEvidence(u32),
    /// The answer is due as late as it can be.
    #[error("the answer is due as late as it may be already")]
    NoLonger,
    /// There is no second extension.
    #[error("the date was moved once already: past it the answer is late, not extended ({rule})", rule = super::answer::EXTENSION)]
    ExtendedAlready,
    /// A reason is missing.
    #[error("give the reason why it takes longer: the family gets it ({rule})", rule = super::answer::EXTENSION)]
    ExtendReasonMissing,
    /// Nobody knows how it went.
    #[error("say how they were told, or got the answer: it is kept with the case")]
    HowMissing,
    /// Words that do not make the letter.
    #[error("{0}")]
    Words(String),
    /// A letter that cannot go by mail.
    #[error("{0}")]
    NoLetter(&'static str),
    /// The letter says that both reports go with it.
    #[error("{0}: the letter says that they get both reports. Add what is missing to the documents of the case, or say how they got the answer another way ({rule})", rule = crate::procedure::documents::BOTH_REPORTS)]
    Reports(String),
    /// What was chosen to go with a letter is not there.
    #[error("a document that was chosen is not on this case: choose again")]
    NoDocument,
    /// What was chosen to go with a letter may not go.
    #[error("“{0}” cannot go with a letter: the virus scanner has not found it clean")]
    DocumentNotClean(String),
    /// No mail server takes it.
    #[error(
        "the letter with all that goes with it has about {megabytes} MB, and the mail server takes {most}: choose fewer documents and give them the others another way ([sending] largest_mb)"
    )]
    MailTooLarge {
        /// What it has.
        megabytes: u64,
        /// What may go.
        most: u64,
    },
    /// The family wants letters in a print that this one cannot be made in.
    #[error("they want letters in large print or easy-read layout, and this one cannot be made so: {0}")]
    NotPrinted(String),
    /// Nothing closes without an answer.
    #[error("the family has had no answer: answer every point before the case is closed ({rule})", rule = super::answer::EVERY_POINT)]
    NotAnswered,
    /// A reason is missing.
    #[error("give the reason why it is closed: it is kept with the case")]
    CloseReasonMissing,
    /// Closed already.
    #[error("this case is closed: open it again first")]
    ClosedAlready,
    /// Not closed.
    #[error("this case is not closed")]
    NotClosed,
    /// A reason is missing.
    #[error("give the reason why it is opened again: it is kept with the case")]
    ReopenReasonMissing,
    /// A step has no place now, or says too little.
    #[error(transparent)]
    Step(#[from] StepRefusal),
    /// Nobody decides for a person.
    #[error("only a person does this: the program proposes, officers decide ({rule})", rule = OUR_PROMISE)]
    OnlyPeople,
    /// The account deals with no case.
    #[error("your account is for saying whether your own mailbox may be checked ({rule})", rule = OUR_PROMISE)]
    NoCasework,
    /// A child's own complaint.
    #[error("a child’s own complaint is always statutory ({rule})", rule = "Children Act 1989 section 26(3)")]
    ChildIsStatutory,
    /// Nothing is answered now.
    #[error("nothing is answered now: the case is {0}")]
    NothingIsAnswered(&'static str),
    /// The family is not asked again.
    #[error("the family was asked already, or does not want to be")]
    NothingToAsk,
    /// The calendar ends too early.
    #[error("{0}")]
    Calendar(String),
    /// The message needs no verifying.
    #[error("this message does not wait to be verified")]
    NotToVerify,
    /// The message is not in the case.
    #[error("choose the messages that belong elsewhere: those chosen are not in this case")]
    NotInCase,
    /// The case would be left without its beginning.
    #[error(
        "the message that opened a case stays in it: move the others out, or merge the whole case into the one it belongs to"
    )]
    OpeningMessage,
    /// The same case twice.
    #[error("that is this case: enter the reference of another one")]
    SameCase,
    /// What was merged is dealt with in the other case.
    #[error("this case was merged into {0}: go on there, or undo that first")]
    Merged(String),
    /// A closed case takes nothing in.
    #[error("{0} is closed or was put aside: what is new about it belongs to an open case")]
    OtherNotOpen(String),
    /// No other case is proposed.
    #[error("no other case is proposed for this one any more")]
    NothingProposed,
    /// In a joint complaint already.
    #[error("this case is in the joint complaint {0} already: take it out there first")]
    TiedAlready(String),
    /// In no joint complaint.
    #[error("this case is in no joint complaint")]
    NotTied,
    /// One case is no joint complaint.
    #[error("choose two cases or more: a joint complaint ties several families' cases")]
    TooFewToTie,
    /// They are in several.
    #[error("these cases are in several joint complaints: take some out first")]
    SeveralJoints,
    /// What would open the case again is elsewhere.
    #[error("the message that opened {0} was moved on since: move it back first")]
    MovedSince(String),
    /// More came since.
    #[error("more has come into {0} since: merge it with this case in place of the undo")]
    MoreCameSince(String),
    /// A letter that only waits.
    #[error("this letter is only held back: send it, or decide first that the case is not a complaint")]
    StillToBeSent,
    /// A reason is missing.
    #[error("give the reason why it is not sent: it is kept with the case")]
    DropReasonMissing,
    /// A reason is missing.
    #[error("say how you know, or how they were told: it is kept with the case")]
    SettleReasonMissing,
    /// The family has heard.
    #[error("nobody waits to be told: the acknowledgement was sent, or an officer has told them")]
    AlreadyTold,
}

impl Refusal {
    /// The rule that it rests on: the law, the Code, or one of the project's own.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        use super::answer::{EVERY_POINT, EVIDENCE, EXTENSION, OWN_APPEAL, STATUTORY_POINT};
        match self {
            Self::Step(step) => step.rule,
            Self::Retention(_) => crate::procedure::retention::RULE,
            Self::NoPoints
            | Self::PointWithoutFinding(_)
            | Self::FindingWithoutReasons(_)
            | Self::NotAnswered
            | Self::NothingIsAnswered(_) => EVERY_POINT,
            Self::FindingWithoutEvidence(_) => EVIDENCE,
            Self::Reports(_) => crate::procedure::documents::BOTH_REPORTS,
            Self::NotPrinted(_) => "LGSCO Complaint Handling Code 3.1 and 5.6",
            Self::ExtendedAlready | Self::ExtendReasonMissing | Self::NoLonger => EXTENSION,
            Self::OwnSubject
            | Self::OwnReport
            | Self::IsSubject
            | Self::ManagesSubject
            | Self::NoContribution
            | Self::AdmitReasonMissing
            | Self::NoSubject
            | Self::SubjectAlready
            | Self::AdmittedAlready
            | Self::NotKeptOut => crate::procedure::independence::RULE,
            Self::ChildIsStatutory | Self::PointIsStatutory(_) => STATUTORY_POINT,
            Self::PointIsNotOurs(_) => OWN_APPEAL,
            Self::NoProcedure => "SI 2006/1738; LGSCO Complaint Handling Code 6",
            Self::StillDissatisfaction | Self::ReasonMissing => "LGSCO Complaint Handling Code 1.4 and 2.4",
            Self::ComplainantUnsure | Self::NotToVerify => {
                "our own rule: nobody is written to before it is sure who they are"
            }
            Self::ClosedAlready | Self::CloseReasonMissing | Self::NotClosed | Self::ReopenReasonMissing => {
                "our own rule: a case is closed and opened again by a person, with reasons"
            }
            Self::AnsweredAlready | Self::AnsweredNotMerged => {
                "our own rule: what a family was told stays as it was told"
            }
            Self::Merged(_) | Self::SameCase | Self::OtherNotOpen(_) | Self::NotInCase | Self::OpeningMessage => {
                "our own rule: one issue of one family is one case"
            }
            _ => OUR_PROMISE,
        }
    }
}
