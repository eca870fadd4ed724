//! The letters as they come with the program.

use super::{HTML, SUBJECT, TEXT};

/// The files of a letter by mail.
macro_rules! by_mail {
    ($name:literal) => {
        (
            $name,
            &[
                (SUBJECT, include_str!(concat!("../../../config/letters/", $name, "/subject.txt"))),
                (TEXT, include_str!(concat!("../../../config/letters/", $name, "/body.txt"))),
                (HTML, include_str!(concat!("../../../config/letters/", $name, "/body.html"))),
            ],
        )
    };
}

/// A letter's folder and its files as they were when the program was built.
pub(super) const BUILT_IN: &[(&str, &[(&str, &str)])] = &[
    by_mail!("acknowledgement"),
    ("chat-acknowledgement", &[(TEXT, include_str!("../../../config/letters/chat-acknowledgement/body.txt"))]),
    ("chat-greeting", &[(TEXT, include_str!("../../../config/letters/chat-greeting/body.txt"))]),
    ("chat-check-in", &[(TEXT, include_str!("../../../config/letters/chat-check-in/body.txt"))]),
    by_mail!("thanks"),
    by_mail!("manager-receipt"),
    by_mail!("stage1-answer"),
    by_mail!("stage2-answer"),
    by_mail!("stage3-answer"),
    by_mail!("extension"),
    by_mail!("message"),
    by_mail!("concern-offer"),
    by_mail!("authority-request"),
    by_mail!("contact-restriction"),
    by_mail!("route-decision"),
    by_mail!("refusal"),
    by_mail!("clock-stopped"),
    by_mail!("clock-runs"),
    by_mail!("next-stage"),
    by_mail!("stage2-statement"),
    by_mail!("panel-invitation"),
    by_mail!("panel-papers"),
    by_mail!("withdrawal"),
    by_mail!("closure"),
    by_mail!("ombudsman-referral"),
    by_mail!("learning-update"),
    by_mail!("access-list"),
    by_mail!("check-in"),
    by_mail!("reminder"),
    by_mail!("safeguarding-alert"),
    by_mail!("designated-officer"),
    by_mail!("contribution-request"),
    by_mail!("praise"),
    by_mail!("survey"),
];
