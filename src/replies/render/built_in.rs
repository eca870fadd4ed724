//! The letters as they come with the program.

use super::{HTML, SUBJECT, TEXT};

/// A letter's folder and its files as they were when the program was built.
pub(super) const BUILT_IN: &[(&str, &[(&str, &str)])] = &[
    (
        "acknowledgement",
        &[
            (SUBJECT, include_str!("../../../config/letters/acknowledgement/subject.txt")),
            (TEXT, include_str!("../../../config/letters/acknowledgement/body.txt")),
            (HTML, include_str!("../../../config/letters/acknowledgement/body.html")),
        ],
    ),
    ("chat-acknowledgement", &[(TEXT, include_str!("../../../config/letters/chat-acknowledgement/body.txt"))]),
    ("chat-greeting", &[(TEXT, include_str!("../../../config/letters/chat-greeting/body.txt"))]),
    (
        "manager-receipt",
        &[
            (SUBJECT, include_str!("../../../config/letters/manager-receipt/subject.txt")),
            (TEXT, include_str!("../../../config/letters/manager-receipt/body.txt")),
            (HTML, include_str!("../../../config/letters/manager-receipt/body.html")),
        ],
    ),
    (
        "stage1-answer",
        &[
            (SUBJECT, include_str!("../../../config/letters/stage1-answer/subject.txt")),
            (TEXT, include_str!("../../../config/letters/stage1-answer/body.txt")),
            (HTML, include_str!("../../../config/letters/stage1-answer/body.html")),
        ],
    ),
    (
        "extension",
        &[
            (SUBJECT, include_str!("../../../config/letters/extension/subject.txt")),
            (TEXT, include_str!("../../../config/letters/extension/body.txt")),
            (HTML, include_str!("../../../config/letters/extension/body.html")),
        ],
    ),
    (
        "safeguarding-alert",
        &[
            (SUBJECT, include_str!("../../../config/letters/safeguarding-alert/subject.txt")),
            (TEXT, include_str!("../../../config/letters/safeguarding-alert/body.txt")),
            (HTML, include_str!("../../../config/letters/safeguarding-alert/body.html")),
        ],
    ),
    (
        "designated-officer",
        &[
            (SUBJECT, include_str!("../../../config/letters/designated-officer/subject.txt")),
            (TEXT, include_str!("../../../config/letters/designated-officer/body.txt")),
            (HTML, include_str!("../../../config/letters/designated-officer/body.html")),
        ],
    ),
];
