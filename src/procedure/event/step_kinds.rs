//! The kinds of steps, by name: what forms offer, and what the rules speak of before anything is filled in.

use super::Step;

/// The kind of a [`Step`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// [`Step::Offered`].
    Offered,
    /// [`Step::Noted`].
    Noted,
    /// [`Step::WrittenTo`].
    WrittenTo,
    /// [`Step::Standing`].
    Standing,
    /// [`Step::AuthorityAsked`].
    AuthorityAsked,
    /// [`Step::AuthorityGiven`].
    AuthorityGiven,
    /// [`Step::Needs`].
    Needs,
    /// [`Step::Restricted`].
    Restricted,
    /// [`Step::RestrictionEnded`].
    RestrictionEnded,
    /// [`Step::RouteTold`].
    RouteTold,
    /// [`Step::TakenLate`].
    TakenLate,
    /// [`Step::NotAccepted`].
    NotAccepted,
    /// [`Step::AdvocateOffered`].
    AdvocateOffered,
    /// [`Step::AdvocateWanted`].
    AdvocateWanted,
    /// [`Step::AdvocateSettled`].
    AdvocateSettled,
    /// [`Step::Paused`].
    Paused,
    /// [`Step::Resumed`].
    Resumed,
    /// [`Step::NextStageAsked`].
    NextStageAsked,
    /// [`Step::NextStageRefused`].
    NextStageRefused,
    /// [`Step::Appointed`].
    Appointed,
    /// [`Step::Released`].
    Released,
    /// [`Step::StatementAgreed`].
    StatementAgreed,
    /// [`Step::ReportCame`].
    ReportCame,
    /// [`Step::PanelFixed`].
    PanelFixed,
    /// [`Step::PapersSent`].
    PapersSent,
    /// [`Step::PanelHeld`].
    PanelHeld,
    /// [`Step::PanelReported`].
    PanelReported,
    /// [`Step::RecommendationTaken`].
    RecommendationTaken,
    /// [`Step::ActionAdded`].
    ActionAdded,
    /// [`Step::ActionDone`].
    ActionDone,
    /// [`Step::ContributionAsked`].
    ContributionAsked,
    /// [`Step::ContributionWithdrawn`].
    ContributionWithdrawn,
    /// [`Step::Withdrawn`].
    Withdrawn,
    /// [`Step::ClosureTold`].
    ClosureTold,
    /// [`Step::AccessTold`].
    AccessTold,
    /// [`Step::NoCheckIn`].
    NoCheckIn,
    /// [`Step::Freeze`].
    Freeze,
    /// [`Step::EarlyReferral`].
    EarlyReferral,
    /// [`Step::ToOmbudsman`].
    ToOmbudsman,
    /// [`Step::OmbudsmanDecided`].
    OmbudsmanDecided,
}

impl StepKind {
    /// Every one, in the order of the procedure.
    pub const ALL: [Self; 40] = [
        Self::Noted,
        Self::WrittenTo,
        Self::Offered,
        Self::Standing,
        Self::AuthorityAsked,
        Self::AuthorityGiven,
        Self::Needs,
        Self::Restricted,
        Self::RestrictionEnded,
        Self::RouteTold,
        Self::TakenLate,
        Self::NotAccepted,
        Self::AdvocateOffered,
        Self::AdvocateWanted,
        Self::AdvocateSettled,
        Self::Paused,
        Self::Resumed,
        Self::NextStageAsked,
        Self::NextStageRefused,
        Self::Appointed,
        Self::Released,
        Self::StatementAgreed,
        Self::ReportCame,
        Self::PanelFixed,
        Self::PapersSent,
        Self::PanelHeld,
        Self::PanelReported,
        Self::RecommendationTaken,
        Self::ActionAdded,
        Self::ActionDone,
        Self::ContributionAsked,
        Self::ContributionWithdrawn,
        Self::Withdrawn,
        Self::ClosureTold,
        Self::AccessTold,
        Self::NoCheckIn,
        Self::Freeze,
        Self::EarlyReferral,
        Self::ToOmbudsman,
        Self::OmbudsmanDecided,
    ];

    /// The word in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Noted => "noted",
            Self::WrittenTo => "written-to",
            Self::Standing => "standing",
            Self::AuthorityAsked => "authority-asked",
            Self::AuthorityGiven => "authority-given",
            Self::Needs => "needs",
            Self::Restricted => "restricted",
            Self::RestrictionEnded => "restriction-ended",
            Self::RouteTold => "route-told",
            Self::TakenLate => "taken-late",
            Self::NotAccepted => "not-accepted",
            Self::AdvocateOffered => "advocate-offered",
            Self::AdvocateWanted => "advocate-wanted",
            Self::AdvocateSettled => "advocate-settled",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::NextStageAsked => "next-stage-asked",
            Self::NextStageRefused => "next-stage-refused",
            Self::Appointed => "appointed",
            Self::Released => "released",
            Self::StatementAgreed => "statement-agreed",
            Self::ReportCame => "report-came",
            Self::PanelFixed => "panel-fixed",
            Self::PapersSent => "papers-sent",
            Self::PanelHeld => "panel-held",
            Self::PanelReported => "panel-reported",
            Self::RecommendationTaken => "recommendation-taken",
            Self::ActionAdded => "action-added",
            Self::ActionDone => "action-done",
            Self::ContributionAsked => "contribution-asked",
            Self::ContributionWithdrawn => "contribution-withdrawn",
            Self::Withdrawn => "withdrawn",
            Self::ClosureTold => "closure-told",
            Self::AccessTold => "access-told",
            Self::NoCheckIn => "no-check-in",
            Self::Freeze => "freeze",
            Self::EarlyReferral => "early-referral",
            Self::ToOmbudsman => "to-ombudsman",
            Self::OmbudsmanDecided => "ombudsman-decided",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What an officer does by it, as a button says it.
    #[must_use]
    pub fn to_do(self) -> &'static str {
        match self {
            Self::Offered => "Offer the complaints procedure",
            Self::Noted => "Write down a call, a visit or a note",
            Self::WrittenTo => "Write to the family",
            Self::Standing => "Say who complains, and what they may be told",
            Self::AuthorityAsked => "Ask for the authority of whoever they speak for",
            Self::AuthorityGiven => "Record that authority was given",
            Self::Needs => "Record how they want to be written to",
            Self::Restricted => "Restrict contact",
            Self::RestrictionEnded => "End the restriction of contact",
            Self::RouteTold => "Tell the family which procedure it follows",
            Self::TakenLate => "Take a complaint about something long ago",
            Self::NotAccepted => "Do not accept the complaint",
            Self::AdvocateOffered => "Offer the child an advocate",
            Self::AdvocateWanted => "Stop the clock while an advocate is found",
            Self::AdvocateSettled => "Let the clock go on: the advocate is settled",
            Self::Paused => "Wait for a court or the police",
            Self::Resumed => "Go on with what waited, was withdrawn or was not accepted",
            Self::NextStageAsked => "Record that they ask for the next stage",
            Self::NextStageRefused => "Refuse the next stage",
            Self::Appointed => "Appoint somebody",
            Self::Released => "Release somebody from their post",
            Self::StatementAgreed => "Agree with them what stage 2 looks into",
            Self::ReportCame => "Record that a report of stage 2 came",
            Self::PanelFixed => "Fix the day of the panel and invite them",
            Self::PapersSent => "Send the papers for the panel",
            Self::PanelHeld => "Record that the panel met",
            Self::PanelReported => "Record the panel’s report",
            Self::RecommendationTaken => "Decide on a recommendation",
            Self::ActionAdded => "Promise something to be done",
            Self::ActionDone => "Record that something promised was done",
            Self::ContributionAsked => "Ask a manager for a contribution",
            Self::ContributionWithdrawn => "Withdraw a request for a contribution",
            Self::Withdrawn => "Record that they withdraw the complaint",
            Self::ClosureTold => "Tell the family that the case is closed",
            Self::AccessTold => "Tell the family who has looked at the case",
            Self::NoCheckIn => "Do not ask them later how they are treated",
            Self::Freeze => "Hold a disputed decision, or say why not",
            Self::EarlyReferral => "Send them to the Ombudsman before a panel",
            Self::ToOmbudsman => "Record that the Ombudsman has it",
            Self::OmbudsmanDecided => "Record the Ombudsman’s decision",
        }
    }

    /// That it was done, as the history says it.
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Self::Offered => "Offered the complaints procedure",
            Self::Noted => "Written down",
            Self::WrittenTo => "The family was written to",
            Self::Standing => "Who complains, and what they may be told",
            Self::AuthorityAsked => "Authority asked for",
            Self::AuthorityGiven => "Authority given",
            Self::Needs => "How they want to be written to",
            Self::Restricted => "Contact restricted",
            Self::RestrictionEnded => "Restriction of contact ended",
            Self::RouteTold => "The family was told which procedure it follows",
            Self::TakenLate => "Taken, although it is about something long ago",
            Self::NotAccepted => "Not accepted",
            Self::AdvocateOffered => "The child was offered an advocate",
            Self::AdvocateWanted => "The clock stands still: an advocate is being found",
            Self::AdvocateSettled => "The clock goes on: the advocate is settled",
            Self::Paused => "Waits for a court or the police",
            Self::Resumed => "It goes on",
            Self::NextStageAsked => "The next stage was asked for",
            Self::NextStageRefused => "The next stage was refused",
            Self::Appointed => "Appointed",
            Self::Released => "Released",
            Self::StatementAgreed => "What stage 2 looks into was agreed",
            Self::ReportCame => "A report of stage 2 came",
            Self::PanelFixed => "The day of the panel was fixed",
            Self::PapersSent => "The papers for the panel were sent",
            Self::PanelHeld => "The panel met",
            Self::PanelReported => "The panel’s report came",
            Self::RecommendationTaken => "Decided on a recommendation",
            Self::ActionAdded => "Something was promised",
            Self::ActionDone => "Something promised was done",
            Self::ContributionAsked => "A contribution was asked for",
            Self::ContributionWithdrawn => "A contribution is not wanted any more",
            Self::Withdrawn => "Withdrawn",
            Self::ClosureTold => "The family was told that the case is closed",
            Self::AccessTold => "The family was told who has looked at the case",
            Self::NoCheckIn => "They are not asked later how they are treated",
            Self::Freeze => "A disputed decision",
            Self::EarlyReferral => "Sent to the Ombudsman before a panel",
            Self::ToOmbudsman => "The Ombudsman has it",
            Self::OmbudsmanDecided => "The Ombudsman decided",
        }
    }

    /// Whether the family is told by it: by a letter of ours, or another way that the officer writes down. What is done may be told.
    #[must_use]
    pub fn tells(self) -> Tells {
        match self {
            Self::Offered
            | Self::WrittenTo
            | Self::AuthorityAsked
            | Self::Restricted
            | Self::RouteTold
            | Self::NotAccepted
            | Self::AdvocateWanted
            | Self::AdvocateSettled
            | Self::Paused
            | Self::Resumed
            | Self::NextStageAsked
            | Self::NextStageRefused
            | Self::StatementAgreed
            | Self::PanelFixed
            | Self::PapersSent
            | Self::Withdrawn
            | Self::ClosureTold
            | Self::AccessTold
            | Self::EarlyReferral => Tells::Always,
            Self::ActionDone => Tells::IfWanted,
            Self::Noted
            | Self::Standing
            | Self::AuthorityGiven
            | Self::Needs
            | Self::RestrictionEnded
            | Self::TakenLate
            | Self::AdvocateOffered
            | Self::Appointed
            | Self::Released
            | Self::ReportCame
            | Self::PanelHeld
            | Self::PanelReported
            | Self::RecommendationTaken
            | Self::ActionAdded
            | Self::ContributionAsked
            | Self::ContributionWithdrawn
            | Self::NoCheckIn
            | Self::Freeze
            | Self::ToOmbudsman
            | Self::OmbudsmanDecided => Tells::Never,
        }
    }
}

/// Whether a step tells the family something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Not without it.
    Always,
    /// Where the officer wants it.
    IfWanted,
    /// It is for the file.
    Never,
}

impl Step {
    /// Whether a manager hears or reads of it, outside the case: then it is not taken back.
    #[must_use]
    pub fn reaches_a_manager(&self) -> bool {
        matches!(self, Self::ContributionAsked { .. } | Self::ContributionWithdrawn { .. })
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> StepKind {
        match self {
            Self::Offered => StepKind::Offered,
            Self::Noted { .. } => StepKind::Noted,
            Self::WrittenTo { .. } => StepKind::WrittenTo,
            Self::Standing { .. } => StepKind::Standing,
            Self::AuthorityAsked => StepKind::AuthorityAsked,
            Self::AuthorityGiven { .. } => StepKind::AuthorityGiven,
            Self::Needs { .. } => StepKind::Needs,
            Self::Restricted { .. } => StepKind::Restricted,
            Self::RestrictionEnded { .. } => StepKind::RestrictionEnded,
            Self::RouteTold { .. } => StepKind::RouteTold,
            Self::TakenLate { .. } => StepKind::TakenLate,
            Self::NotAccepted { .. } => StepKind::NotAccepted,
            Self::AdvocateOffered { .. } => StepKind::AdvocateOffered,
            Self::AdvocateWanted { .. } => StepKind::AdvocateWanted,
            Self::AdvocateSettled { .. } => StepKind::AdvocateSettled,
            Self::Paused { .. } => StepKind::Paused,
            Self::Resumed { .. } => StepKind::Resumed,
            Self::NextStageAsked { .. } => StepKind::NextStageAsked,
            Self::NextStageRefused { .. } => StepKind::NextStageRefused,
            Self::Appointed { .. } => StepKind::Appointed,
            Self::Released { .. } => StepKind::Released,
            Self::StatementAgreed { .. } => StepKind::StatementAgreed,
            Self::ReportCame { .. } => StepKind::ReportCame,
            Self::PanelFixed { .. } => StepKind::PanelFixed,
            Self::PapersSent { .. } => StepKind::PapersSent,
            Self::PanelHeld { .. } => StepKind::PanelHeld,
            Self::PanelReported { .. } => StepKind::PanelReported,
            Self::RecommendationTaken { .. } => StepKind::RecommendationTaken,
            Self::ActionAdded { .. } => StepKind::ActionAdded,
            Self::ActionDone { .. } => StepKind::ActionDone,
            Self::ContributionAsked { .. } => StepKind::ContributionAsked,
            Self::ContributionWithdrawn { .. } => StepKind::ContributionWithdrawn,
            Self::Withdrawn { .. } => StepKind::Withdrawn,
            Self::ClosureTold => StepKind::ClosureTold,
            Self::AccessTold => StepKind::AccessTold,
            Self::NoCheckIn => StepKind::NoCheckIn,
            Self::Freeze { .. } => StepKind::Freeze,
            Self::EarlyReferral { .. } => StepKind::EarlyReferral,
            Self::ToOmbudsman { .. } => StepKind::ToOmbudsman,
            Self::OmbudsmanDecided { .. } => StepKind::OmbudsmanDecided,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_word_of_its_own() {
        for kind in StepKind::ALL {
            assert_eq!(StepKind::named(kind.as_str()), Some(kind));
        }
        assert_eq!(StepKind::named("confirm"), None);
    }
}
