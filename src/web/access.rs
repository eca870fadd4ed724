//! Who may do what: role × action. Pure. Which cases somebody sees at all depends on the case too: they may be kept out of it
//! (conflict of interest), or see only those that they are appointed in. That is the desk's to ask, by [`Role::sees`].

use serde::{Deserialize, Serialize};

use crate::ids::Uuid;

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Co-ordinates all handling (SI 2006/1738, regulation 10(a)).
    ComplaintsManager,
    /// Works cases.
    Officer,
    /// Decides on the reports of stage 2 (the adjudicating officer), and answers for a service. Sees the cases they are appointed in.
    DecisionMaker,
    /// Investigates at stage 2, or looks into a complaint at stage 1. Sees the cases they are appointed in.
    Investigator,
    /// Goes along with the investigation (SI 2006/1738, regulation 17). Sees the cases they are appointed in.
    IndependentPerson,
    /// Sits on a panel, or chairs it (SI 2006/1738, regulation 19). Sees the cases they are appointed in.
    PanelMember,
    /// Owns a manager's mailbox, and says whether what was left alone in it may be checked. Sees no case.
    MailboxOwner,
    /// Reads figures, never a case.
    ReportReader,
    /// Looks after accounts and settings. Sees no case.
    Administrator,
}

/// Which cases a role sees, if nothing else speaks against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sees {
    /// All.
    EveryCase,
    /// Open ones that they are appointed in.
    CasesGiven,
    /// None.
    NoCase,
}

impl Role {
    /// Every one, the one that sees most of cases first.
    pub const ALL: [Self; 9] = [
        Self::ComplaintsManager,
        Self::Officer,
        Self::DecisionMaker,
        Self::Investigator,
        Self::IndependentPerson,
        Self::PanelMember,
        Self::MailboxOwner,
        Self::ReportReader,
        Self::Administrator,
    ];

    /// The word in the database, on the command line and in the council's own directory.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ComplaintsManager => "complaints_manager",
            Self::Officer => "officer",
            Self::DecisionMaker => "decision_maker",
            Self::Investigator => "investigator",
            Self::IndependentPerson => "independent_person",
            Self::PanelMember => "panel_member",
            Self::MailboxOwner => "mailbox_owner",
            Self::ReportReader => "report_reader",
            Self::Administrator => "administrator",
        }
    }

    /// The words on the page.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::ComplaintsManager => "Complaints manager",
            Self::Officer => "Complaints officer",
            Self::DecisionMaker => "Senior decision-maker",
            Self::Investigator => "Investigating officer",
            Self::IndependentPerson => "Independent person",
            Self::PanelMember => "Member of a panel",
            Self::MailboxOwner => "Owner of a mailbox",
            Self::ReportReader => "Reader of reports",
            Self::Administrator => "Administrator",
        }
    }

    /// What the account may do, in a line, for whoever gives it.
    #[must_use]
    pub fn may(self) -> &'static str {
        match self {
            Self::ComplaintsManager => "Works all cases, gives them to officers, and decides what only a manager may",
            Self::Officer => "Works all cases",
            Self::DecisionMaker => "Reads the cases that they are appointed in, and hands in their decision",
            Self::Investigator => "Reads the cases that they are appointed in, and hands in their report",
            Self::IndependentPerson => "Reads the cases that they are appointed in, and hands in their report",
            Self::PanelMember => "Reads the papers of the cases whose panel they sit on",
            Self::MailboxOwner => "Says whether their own mailbox may be checked; sees no case",
            Self::ReportReader => "Reads figures; sees no case",
            Self::Administrator => "Looks after accounts and settings; sees no case",
        }
    }

    /// Which cases it sees, if nothing else speaks against it.
    #[must_use]
    pub fn sees(self) -> Sees {
        match self {
            Self::ComplaintsManager | Self::Officer => Sees::EveryCase,
            Self::DecisionMaker | Self::Investigator | Self::IndependentPerson | Self::PanelMember => Sees::CasesGiven,
            Self::MailboxOwner | Self::ReportReader | Self::Administrator => Sees::NoCase,
        }
    }

    /// Where it begins after signing in.
    #[must_use]
    pub fn first_page(self) -> &'static str {
        match self {
            Self::ComplaintsManager | Self::Officer => "/",
            Self::DecisionMaker | Self::Investigator | Self::IndependentPerson | Self::PanelMember => "/given",
            Self::MailboxOwner => "/checks",
            Self::ReportReader => "/figures",
            Self::Administrator => "/users",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

/// A word that is no role.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a role is one of: {}",
    Role::ALL.map(Role::as_str).join(", ")
)]
pub struct UnknownRole;

/// Something a person asks the pages for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The queue and the cases in it.
    ReadCases,
    /// The cases that they are appointed in, and handing in what they were appointed for.
    ReadGiven,
    /// A file or document of a case that they see.
    OpenFiles,
    /// Confirm, reclassify, or say that it is not a complaint.
    Triage,
    /// Give a case to this officer.
    Assign {
        /// To whom.
        to: Uuid,
    },
    /// Take back what this officer (`None`: the program) did.
    Undo {
        /// Who did it.
        done_by: Option<Uuid>,
    },
    /// How mailboxes, the outbox and the classifier are doing; nothing of what they hold.
    ReadHealth,
    /// Letters that did not arrive, messages that could not be read, machines' messages.
    ReadPost,
    /// Let a letter go or drop it; have a message read again or set it aside.
    MendPost,
    /// The list of accounts.
    ReadAccounts,
    /// Open, change and close accounts.
    ChangeAccounts,
    /// Decide how long cases are kept, and answer whoever asks for their own data.
    Retain,
    /// Figures about all complaints, none about a single one.
    ReadFigures,
    /// What families answered after the end, all together.
    ReadSurvey,
    /// Their own account: second factor, sign out everywhere.
    OwnAccount,
    /// The list of checks of what was left alone, for the mailboxes they may know of.
    ReadChecks,
    /// Ask for a check, write an owner's consent down, look at the sample, say what each message was.
    CheckMailbox,
    /// Agree to a check of a mailbox, refuse it or take it back.
    AnswerForMailbox {
        /// Their own.
        own: bool,
    },
    /// The pages about settings: lines, staff directory, bank holidays, letters, audit.
    ReadSettings,
    /// Change what these pages can change.
    ChangeSettings,
}

/// Whether `who`, in `role`, may do `ask`. The error says why not, in words for them.
///
/// # Errors
///
/// The reason for the refusal.
pub fn permit(role: Role, who: Uuid, ask: Ask) -> Result<(), &'static str> {
    use Role::{Administrator, ComplaintsManager, Officer, ReportReader};
    let is_officer = role.sees() == Sees::EveryCase;
    match ask {
        Ask::OwnAccount | Ask::ReadChecks | Ask::AnswerForMailbox { own: true } => Ok(()),
        Ask::AnswerForMailbox { own: false } => Err("Only the owner of the mailbox can say this."),
        Ask::ReadGiven => {
            given(role.sees() == Sees::CasesGiven, "This page is for people who are appointed in a case.")
        }
        Ask::OpenFiles => given(role.sees() != Sees::NoCase, unfit(role)),
        Ask::ReadHealth => given(is_officer || role == Administrator, unfit(role)),
        Ask::ReadFigures => given(is_officer || role == ReportReader, unfit(role)),
        Ask::ReadSurvey => given(
            matches!(role, ComplaintsManager | ReportReader),
            if role == Officer {
                "Only complaints managers and readers of reports see what families answer."
            } else {
                unfit(role)
            },
        ),
        Ask::ReadAccounts if is_officer || role == Administrator => {
            given(role != Officer, "Only a complaints manager or an administrator can see the list of accounts.")
        }
        Ask::ReadSettings | Ask::ChangeSettings if is_officer || role == Administrator => {
            given(role != Officer, "Only a complaints manager or an administrator can see the settings.")
        }
        Ask::ChangeAccounts => given(role == Administrator, "Only an administrator can change accounts."),
        _ if !is_officer => Err(unfit(role)),
        Ask::Assign { to } => given(
            role == ComplaintsManager || to == who,
            "Only a complaints manager can give a case to somebody else. You can take it yourself.",
        ),
        Ask::Undo { done_by } => given(
            role == ComplaintsManager || done_by.is_none_or(|by| by == who),
            "Only the officer who did it, or a complaints manager, can undo this.",
        ),
        Ask::Retain => given(
            role == ComplaintsManager,
            "Only a complaints manager decides how long cases are kept, and answers requests for own data.",
        ),
        Ask::ReadCases
        | Ask::Triage
        | Ask::ReadPost
        | Ask::MendPost
        | Ask::ReadAccounts
        | Ask::ReadSettings
        | Ask::ChangeSettings
        | Ask::CheckMailbox => Ok(()),
    }
}

fn given(may: bool, why_not: &'static str) -> Result<(), &'static str> {
    if may { Ok(()) } else { Err(why_not) }
}

/// What somebody is told who asks for what their account is not for.
fn unfit(role: Role) -> &'static str {
    match role {
        Role::MailboxOwner => "Your account is for saying whether your own mailbox may be checked.",
        Role::ReportReader => "Your account is for reading figures.",
        Role::Administrator => "Your account is for looking after accounts and settings, and sees no case.",
        _ => "Your account is for the cases that you are appointed in.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_roles_and_actions_is_this_and_nothing_else() {
        let (me, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        // One letter a role: Manager, Officer, Decision-maker, Investigator, independent Person, panel member (N), mailbox owner (B),
        // report Reader, Administrator.
        let letters = "MODIPNBRA";
        let table = [
            (Ask::ReadCases, "MO"),
            (Ask::ReadGiven, "DIPN"),
            (Ask::OpenFiles, "MODIPN"),
            (Ask::Triage, "MO"),
            (Ask::Assign { to: me }, "MO"),
            (Ask::Assign { to: other }, "M"),
            (Ask::Undo { done_by: None }, "MO"),
            (Ask::Undo { done_by: Some(me) }, "MO"),
            (Ask::Undo { done_by: Some(other) }, "M"),
            (Ask::ReadHealth, "MOA"),
            (Ask::ReadPost, "MO"),
            (Ask::MendPost, "MO"),
            (Ask::ReadAccounts, "MA"),
            (Ask::ChangeAccounts, "A"),
            (Ask::ReadSettings, "MA"),
            (Ask::ChangeSettings, "MA"),
            (Ask::ReadFigures, "MOR"),
            (Ask::ReadSurvey, "MR"),
            (Ask::Retain, "M"),
            (Ask::OwnAccount, letters),
            (Ask::ReadChecks, letters),
            (Ask::CheckMailbox, "MO"),
            (Ask::AnswerForMailbox { own: true }, letters),
            (Ask::AnswerForMailbox { own: false }, ""),
        ];
        for (ask, who) in table {
            for (role, letter) in Role::ALL.into_iter().zip(letters.chars()) {
                assert_eq!(permit(role, me, ask).is_ok(), who.contains(letter), "{role:?}, {ask:?}");
            }
        }
    }

    #[test]
    fn a_role_reads_back_from_its_word() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        let unknown = "admin".parse::<Role>().unwrap_err();
        assert_eq!(unknown, UnknownRole);
        insta::assert_snapshot!(unknown.to_string(), @"a role is one of: complaints_manager, officer, decision_maker, investigator, independent_person, panel_member, mailbox_owner, report_reader, administrator");
    }

    #[test]
    fn nobody_is_sent_to_a_page_that_they_may_not_see() {
        for role in Role::ALL {
            let ask = match role.first_page() {
                "/" => Ask::ReadCases,
                "/given" => Ask::ReadGiven,
                "/checks" => Ask::ReadChecks,
                "/figures" => Ask::ReadFigures,
                _ => Ask::ReadAccounts,
            };
            assert!(permit(role, Uuid::nil(), ask).is_ok(), "{role:?}");
        }
    }
}
