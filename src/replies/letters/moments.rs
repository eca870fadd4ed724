//! What each letter is called for people, and when it goes out: for whoever looks after the wording.

/// What people want to know of a letter before they change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What it is.
    pub title: &'static str,
    /// When it goes out.
    pub when: &'static str,
    /// Whom it goes to: `family`, `colleague` or `officer`.
    pub to: &'static str,
}

const fn family(title: &'static str, when: &'static str) -> Moment {
    Moment { title, when, to: "family" }
}

const fn colleague(title: &'static str, when: &'static str) -> Moment {
    Moment { title, when, to: "colleague" }
}

/// The letter called `name`, as its folder is.
#[must_use]
pub fn moment(name: &str) -> Moment {
    match name {
        "acknowledgement" => family(
            "Acknowledgement",
            "At once when a complaint or concern comes in by email or web form; from a manager’s mailbox at once only when the machine is sure, otherwise when an officer confirms it.",
        ),
        "thanks" => family(
            "Thank you for kind words",
            "In place of the acknowledgement, when somebody says thank you by the form and nothing speaks of dissatisfaction or danger.",
        ),
        "chat-acknowledgement" => family("Acknowledgement in a chat", "At once when somebody writes by chat."),
        "chat-greeting" => family("Greeting in a chat", "When somebody presses Start in the chat, at most once a day."),
        "manager-receipt" => colleague(
            "Receipt for a colleague",
            "At once when a member of staff passes a message on, to say where it went.",
        ),
        "stage1-answer" => family("Answer at stage 1", "When an officer sends the answer at stage 1."),
        "stage2-answer" => family("Answer at stage 2", "When an officer sends the answer at stage 2."),
        "stage3-answer" => {
            family("Answer at stage 3", "When an officer sends the council’s answer after the review panel.")
        }
        "extension" => {
            family("The answer takes longer", "When an officer moves the date of the answer, once, with reasons.")
        }
        "reminder" => Moment {
            title: "What is due",
            when: "Each working morning, to officers who have something that is due soon or over.",
            to: "officer",
        },
        "message" => family(
            "Message from an officer",
            "When an officer writes to the family in their own words, by email or in the chat that they wrote from.",
        ),
        "concern-offer" => family(
            "Offer of the complaints procedure",
            "When an officer deals with a concern and says that it can be a complaint.",
        ),
        "authority-request" => family(
            "Request for authority",
            "When somebody complains for another person and has not shown that they may.",
        ),
        "contact-restriction" => {
            family("How they can reach us", "When an officer limits for a time how somebody can reach the council.")
        }
        "route-decision" => family(
            "Which procedure it follows",
            "When an officer says which procedure the complaint, or a point of it, follows.",
        ),
        "refusal" => family("Refusal", "When an officer refuses a complaint, or its next stage, with the reason."),
        "clock-stopped" => {
            family("Why it waits", "When an officer stops the clock, for a court case or an inquiry that goes first.")
        }
        "clock-runs" => family("It goes on", "When an officer lets the clock run again."),
        "next-stage" => family("The next stage", "When the family asks for the next stage and an officer begins it."),
        "stage2-statement" => {
            family("What stage 2 looks into", "When the points of stage 2 and who looks into them are settled.")
        }
        "panel-invitation" => {
            family("Invitation to the panel", "When the day and the place of the review panel are set.")
        }
        "panel-papers" => family("Papers for the panel", "When the papers go to the panel and the family."),
        "withdrawal" => family("They took it back", "When the family takes its complaint back."),
        "closure" => family("It is closed", "When an officer closes the case and tells the family so."),
        "ombudsman-referral" => {
            family("To the Ombudsman early", "When both sides agree that the Ombudsman looks at it before a panel.")
        }
        "learning-update" => family(
            "What has been done since",
            "When something that was promised in an answer is done and the family is to hear.",
        ),
        "access-list" => family("Who has looked at it", "When the family asks who has looked at its complaint."),
        "check-in" => family(
            "How they were treated since",
            "30 and 90 days after the end, by email, unless the family does not want that.",
        ),
        "chat-check-in" => family(
            "How they were treated since, in a chat",
            "30 and 90 days after the end, to a family that wrote by chat.",
        ),
        "survey" => family(
            "How we did",
            "Some working days after a case was closed with an answer (survey_working_days of [families]), by email or in the chat.",
        ),
        "safeguarding-alert" => colleague(
            "Safeguarding alert",
            "At once when a message may tell of a child at risk, to those on duty; then to those who hear next while nobody acknowledges it.",
        ),
        "designated-officer" => colleague(
            "To the Designated Officer",
            "When an officer passes on an allegation against somebody who works with children.",
        ),
        "praise" => colleague(
            "Somebody said thank you",
            "When an officer passes a thank-you on to whoever did it well and to their manager.",
        ),
        "contribution-request" => colleague(
            "Request for a contribution",
            "When an officer asks a manager for their own account of a complaint.",
        ),
        _ => Moment { title: "", when: "", to: "family" },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::replies::letters::Letter;

    #[test]
    fn every_letter_says_what_it_is_and_when_it_goes_out_and_no_two_are_called_the_same() {
        let names: BTreeSet<&str> = Letter::samples().iter().map(|(_, letter)| letter.name()).collect();
        let mut titles = BTreeSet::new();
        for name in names {
            let moment = moment(name);
            assert!(!moment.title.is_empty() && moment.when.ends_with('.'), "{name}");
            assert!(titles.insert(moment.title), "{name}: {}", moment.title);
        }
        assert_eq!(moment("nothing").title, "");
    }
}
