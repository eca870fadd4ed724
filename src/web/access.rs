//! Who may do what: role × action. Pure. Exclusion from a single case (conflict of interest) is the procedure's matter
//! and comes from the desk.

use serde::{Deserialize, Serialize};

use crate::ids::Uuid;

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works cases.
    Officer,
    /// Co-ordinates all handling (SI 2006/1738, regulation 10(a)).
    ComplaintsManager,
    /// Owns a manager's mailbox, and says whether what was left alone in it may be checked. Sees no case.
    MailboxOwner,
}

impl Role {
    /// The word in the database and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::ComplaintsManager => "complaints_manager",
            Self::MailboxOwner => "mailbox_owner",
        }
    }

    /// The words on the page.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::Officer => "Complaints officer",
            Self::ComplaintsManager => "Complaints manager",
            Self::MailboxOwner => "Owner of a mailbox",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        match text {
            "officer" => Ok(Self::Officer),
            "complaints_manager" => Ok(Self::ComplaintsManager),
            "mailbox_owner" => Ok(Self::MailboxOwner),
            _ => Err(UnknownRole),
        }
    }
}

/// A word that is no role.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of: officer, complaints_manager, mailbox_owner")]
pub struct UnknownRole;

/// Something a person asks the pages for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The queue and the cases in it.
    ReadCases,
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
    /// Mailboxes, outbox, held letters, and messages that could not be read.
    ReadHealth,
    /// Let a letter go or drop it; have a message read again or set it aside.
    MendPost,
    /// The list of officers.
    ReadOfficers,
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
    match (role, ask) {
        (_, Ask::ReadChecks | Ask::AnswerForMailbox { own: true }) => Ok(()),
        (_, Ask::AnswerForMailbox { own: false }) => Err("Only the owner of the mailbox can say this."),
        (Role::MailboxOwner, _) => Err("Your account is for saying whether your own mailbox may be checked."),
        (Role::ComplaintsManager, _)
        | (Role::Officer, Ask::ReadCases | Ask::Triage | Ask::ReadHealth | Ask::MendPost | Ask::CheckMailbox) => Ok(()),
        (Role::Officer, Ask::Assign { to }) if to == who => Ok(()),
        (Role::Officer, Ask::Assign { .. }) => {
            Err("Only a complaints manager can give a case to somebody else. You can take it yourself.")
        }
        (Role::Officer, Ask::Undo { done_by }) if done_by.is_none_or(|by| by == who) => Ok(()),
        (Role::Officer, Ask::Undo { .. }) => {
            Err("Only the officer who did it, or a complaints manager, can undo this.")
        }
        (Role::Officer, Ask::ReadOfficers) => Err("Only a complaints manager can see the list of officers."),
        (Role::Officer, Ask::ReadSettings | Ask::ChangeSettings) => {
            Err("Only a complaints manager can see the settings.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_roles_and_actions_is_this_and_nothing_else() {
        let (me, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let table = [
            // ask, officer, complaints manager, owner of a mailbox
            (Ask::ReadCases, true, true, false),
            (Ask::Triage, true, true, false),
            (Ask::Assign { to: me }, true, true, false),
            (Ask::Assign { to: other }, false, true, false),
            (Ask::Undo { done_by: None }, true, true, false),
            (Ask::Undo { done_by: Some(me) }, true, true, false),
            (Ask::Undo { done_by: Some(other) }, false, true, false),
            (Ask::ReadHealth, true, true, false),
            (Ask::MendPost, true, true, false),
            (Ask::ReadOfficers, false, true, false),
            (Ask::ReadChecks, true, true, true),
            (Ask::CheckMailbox, true, true, false),
            (Ask::AnswerForMailbox { own: true }, true, true, true),
            (Ask::AnswerForMailbox { own: false }, false, false, false),
            (Ask::ReadSettings, false, true, false),
            (Ask::ChangeSettings, false, true, false),
        ];
        for (ask, officer, manager, owner) in table {
            assert_eq!(permit(Role::MailboxOwner, me, ask).is_ok(), owner, "owner, {ask:?}");
            assert_eq!(permit(Role::Officer, me, ask).is_ok(), officer, "officer, {ask:?}");
            assert_eq!(permit(Role::ComplaintsManager, me, ask).is_ok(), manager, "manager, {ask:?}");
        }
    }

    #[test]
    fn a_role_reads_back_from_its_word() {
        for role in [Role::Officer, Role::ComplaintsManager, Role::MailboxOwner] {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert_eq!("admin".parse::<Role>(), Err(UnknownRole));
    }
}
