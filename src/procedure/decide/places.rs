//! What has a place in a case that was merged or is closed, and what the program does by itself. Pure.

use super::{Command, Safeguarding};

/// What still happens to a case that was merged into another: its letters come back, and the merging is taken back. A
/// message that reaches it all the same is better there than nowhere.
pub(super) fn may_follow_a_merge(command: &Command) -> bool {
    matches!(
        command,
        Command::Undo
            | Command::TakeBack { .. }
            | Command::ReportLetter { .. }
            | Command::SettleLetter { .. }
            | Command::DropLetter { .. }
            | Command::AddMessage { .. }
            | Command::NameSubjects { .. }
            | Command::Suggest(_)
            | Command::Worry
            | Command::Recount { .. }
            | Command::Safeguarding(Safeguarding::Read { .. })
            // Which of them have a place, their own rules say.
            | Command::Retention(_)
    )
}

/// What still happens to a closed case: letters, messages, whom it is about; and what an officer takes back or opens again.
pub(super) fn may_follow_closing(command: &Command) -> bool {
    may_follow_a_merge(command)
        || matches!(
            command,
            Command::Reopen { .. }
                | Command::Close { .. }
                | Command::SetSubject { .. }
                | Command::AdmitManager { .. }
                | Command::SendAgain { .. }
                | Command::AcceptSender { .. }
                | Command::MoveMessages { .. }
                | Command::Safeguarding(_)
                | Command::Untie
                | Command::CheckIn { .. }
                // Which of them have a place in a closed case, the table of steps says.
                | Command::Step { .. }
        )
}

/// What the program does by itself: nothing of it closes, refuses or decides anything.
pub(super) fn goes_by_itself(command: &Command) -> bool {
    matches!(
        command,
        Command::AddMessage { .. }
            | Command::NameSubjects { .. }
            | Command::ReportLetter { .. }
            | Command::Suggest(_)
            | Command::Worry
            | Command::CheckIn { .. }
            | Command::Recount { .. }
            | Command::GiveContribution(_)
            | Command::Safeguarding(
                Safeguarding::Escalated { .. } | Safeguarding::DesignatedOfficerTold { outbox: Some(_), .. }
            )
    ) || was_shown(command)
}

/// That two addresses are one person's is shown by a code that came back, and then needs nobody's word.
fn was_shown(command: &Command) -> bool {
    matches!(command, Command::SamePerson { shown, .. } if !shown.is_empty())
}
