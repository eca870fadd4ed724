//! The table of steps: in which states each may be taken, by whom, and by which rule.

use crate::procedure::{contributions::CONTRIBUTION_RULE, event::StepKind, state::State};

/// Whether a step of this kind has a place in `state`.
pub(super) fn belongs_to(kind: StepKind, state: State) -> bool {
    use State::*;
    let running = matches!(
        state,
        Concern | Undecided | Stage1 | AdvocateWanted | Stage2 | Stage3 | PanelHeld | PanelReported | Paused
    );
    let answered = matches!(state, Stage1Answered | Stage2Answered | Stage3Answered);
    let over = matches!(state, Withdrawn | NotAccepted | Closed);
    match kind {
        // What is known of a case may be written down as long as it is one.
        StepKind::Noted | StepKind::WrittenTo => state != Merged,
        StepKind::Offered => state == Concern,
        StepKind::RouteTold => matches!(state, Stage1 | AdvocateWanted),
        StepKind::TakenLate => matches!(state, Concern | Undecided | Stage1),
        StepKind::NotAccepted => matches!(state, Concern | Undecided | Stage1 | AdvocateWanted),
        StepKind::AdvocateWanted => state == Stage1,
        StepKind::AdvocateSettled => state == AdvocateWanted,
        StepKind::Paused => running && state != Paused,
        // Some points may wait while the rest goes on.
        StepKind::Resumed => running || answered || matches!(state, Withdrawn | NotAccepted),
        StepKind::NextStageAsked => matches!(state, Stage1 | Stage1Answered | Stage2Answered),
        StepKind::NextStageRefused => matches!(state, Stage1Answered | Stage2Answered),
        StepKind::Appointed => running || answered,
        StepKind::Released => running,
        StepKind::StatementAgreed | StepKind::ReportCame => state == Stage2,
        StepKind::PanelFixed | StepKind::PapersSent | StepKind::PanelHeld => state == Stage3,
        StepKind::PanelReported => state == PanelHeld,
        StepKind::RecommendationTaken => state == PanelReported,
        StepKind::ActionAdded => running || answered || state == Closed,
        StepKind::ActionDone => running || answered || over,
        StepKind::ContributionAsked => running,
        StepKind::ContributionWithdrawn => running || answered,
        StepKind::Withdrawn => running || answered,
        StepKind::ClosureTold => state == Closed,
        StepKind::AccessTold => running || answered || over,
        StepKind::NoCheckIn => answered || over,
        StepKind::EarlyReferral => state == Stage2Answered,
        StepKind::Freeze => running || answered || state == Closed,
        StepKind::ToOmbudsman | StepKind::OmbudsmanDecided => running || answered || over,
        StepKind::Standing | StepKind::AuthorityAsked | StepKind::AuthorityGiven | StepKind::AdvocateOffered => {
            running || answered
        }
        StepKind::Needs | StepKind::Restricted | StepKind::RestrictionEnded => {
            running || answered || over || state == NoComplaint || state == ToConfirm
        }
    }
}

/// Whether only a complaints manager takes this step: what refuses somebody something.
pub(super) fn only_a_manager(kind: StepKind) -> bool {
    matches!(kind, StepKind::NotAccepted | StepKind::NextStageRefused | StepKind::EarlyReferral | StepKind::Restricted)
}

/// The rule that a step of this kind rests on.
#[must_use]
pub fn rule_of(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Noted => "LGSCO Complaint Handling Code 6: a full record is kept",
        StepKind::WrittenTo => "LGSCO Complaint Handling Code 6: they are kept informed",
        StepKind::Offered => "LGSCO Complaint Handling Code 5.3",
        StepKind::Standing => "Children Act 1989 section 26(3); SI 2006/1738",
        StepKind::AuthorityAsked | StepKind::AuthorityGiven => "LGSCO Complaint Handling Code 3.6",
        StepKind::Needs => "LGSCO Complaint Handling Code 3.1 and 5.6",
        StepKind::Restricted | StepKind::RestrictionEnded => "LGSCO guidance on unreasonable actions",
        StepKind::RouteTold => "LGSCO fact sheet on the Children Act procedure",
        StepKind::TakenLate => "LGSCO Complaint Handling Code 2.2",
        StepKind::NotAccepted => "LGSCO Complaint Handling Code 2.4 and 2.5",
        StepKind::AdvocateOffered => "Children Act 1989 section 26A",
        StepKind::AdvocateWanted | StepKind::AdvocateSettled => "SI 2006/1738, advocacy at stage 1 (S1-SUSP)",
        StepKind::Paused => "SI 2006/1738 regulation 8",
        StepKind::Resumed => "SI 2006/1738 regulation 8; LGSCO Complaint Handling Code 2.1",
        StepKind::NextStageAsked => "S2-REQ-20, C2-REQ-20, S3-REQ-20; LGSCO Complaint Handling Code 5.2",
        StepKind::NextStageRefused => "LGSCO Complaint Handling Code 5.7",
        StepKind::Appointed | StepKind::Released => {
            "SI 2006/1738 regulations 2, 17 and 19; LGSCO Complaint Handling Code 5.4"
        }
        StepKind::StatementAgreed => "SI 2006/1738, stage 2; S2-25",
        StepKind::ReportCame => "SI 2006/1738 regulation 17; S2-25",
        StepKind::PanelFixed | StepKind::PanelHeld => "SI 2006/1738 regulation 19; S3-PANEL-30",
        StepKind::PapersSent => "S3-PAPERS-10",
        StepKind::PanelReported => "SI 2006/1738, review panels; S3-REPORT-5",
        StepKind::RecommendationTaken => "SI 2006/1738, review panels; S3-RESP-15",
        StepKind::ActionAdded | StepKind::ActionDone => "LGSCO Complaint Handling Code 6.6",
        StepKind::ContributionAsked | StepKind::ContributionWithdrawn => CONTRIBUTION_RULE,
        StepKind::Withdrawn => "WITHDRAWN-3: a withdrawal is confirmed in writing",
        StepKind::ClosureTold => "LGSCO Complaint Handling Code 3.7",
        StepKind::AccessTold => "UK GDPR articles 12 and 15; our own rule: families may know who has looked",
        StepKind::NoCheckIn => "LGSCO Complaint Handling Code 5.3",
        StepKind::Freeze => "our own rule: a person decides whether a disputed decision is held",
        StepKind::EarlyReferral => "our own rule: early referral needs all four, and a complaints manager",
        StepKind::ToOmbudsman | StepKind::OmbudsmanDecided => "Local Government Act 1974, part 3",
    }
}
