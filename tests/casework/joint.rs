//! Joint complaints: several families with one problem are suggested, tied, and left their own cases, on SQLite and (where
//! `HEARD_TEST_POSTGRES` names a server) on Postgres.

use crate::{
    council::{Council, mail, now, on_both, said},
    databases::Database,
};
use heard::{
    ids::CaseReference,
    labelling::labels::{Act, Theme},
    reports::export,
    web::{
        desk::{Desk, DeskAction, DeskError},
        joint_views::{JointAction, Joints},
        views::{QueueFilter, QueueOrder},
    },
    workers::look_for_joint_complaints,
};

on_both! {
    families_with_one_problem_are_suggested_and_tied suggested_and_tied_on_postgres;
    what_is_no_joint_complaint_is_not_suggested_again not_suggested_again_on_postgres;
    cases_are_tied_by_hand_and_leave_again tied_by_hand_on_postgres;
}

const BUS: [(&str, &str); 4] = [
    (
        "Ruba Harrak",
        "The S9 minibus to Hollow Bank did not come again. Ibrahim was left at the stop and Brightway do not answer.",
    ),
    ("Jo Tregar", "Levi has had no transport since Monday. Brightway say that the S9 has no escort, nobody told us."),
    (
        "Dele Okpara",
        "My daughter Simi waits for the S9 every morning and Brightway has cancelled the run to Hollow Bank.",
    ),
    (
        "Una Winter",
        "Is anybody going to say what happens to the S9? Brightway will not. Niamh is at home for the fifth day.",
    ),
];

async fn arrives(council: &Council, n: usize) {
    let (name, words) = BUS[n];
    let from = format!("{name} <{}@mail.example>", name.to_lowercase().replace(' ', "."));
    let raw = mail(&from, &format!("bus-{n}"), "School transport", "", words);
    let when = format!("2026-11-{}T08:00:00Z", 16 + n);
    let counts = council.arrives("complaints", &raw, &when, &said(Theme::Transport)).await;
    assert_eq!(counts.cases_opened, 1, "{name}");
}

/// Two more cases of other people about other things, so that words can be common.
async fn others(council: &Council) {
    for (n, (name, words, theme)) in [
        (
            "Al Ferris",
            "Nobody told us that the social worker had left, and the review was cancelled.",
            Theme::Communication,
        ),
        ("Bo Garnet", "The direct payment for October was not paid, and we owe the carer money.", Theme::Finance),
        (
            "Cy Hobbs",
            "The assessment report says that he is nine. He is twelve. It must be corrected.",
            Theme::QualityOfAssessment,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let from = format!("{name} <other-{n}@mail.example>");
        let raw = mail(&from, &format!("other-{n}"), "Complaint", "", words);
        council.arrives("complaints", &raw, "2026-11-15T08:00:00Z", &said(theme)).await;
    }
}

async fn look(council: &Council) -> Joints {
    look_for_joint_complaints(&council.engine, now()).await.unwrap();
    council.desk.joints(&council.bell).await.unwrap()
}

async fn mend(council: &Council, action: JointAction) -> Result<Option<String>, DeskError> {
    council.desk.mend_joint(&council.bell, action, now()).await
}

fn references(cases: &[heard::web::joint_views::JointCase]) -> Vec<CaseReference> {
    cases.iter().map(|case| case.reference.parse().unwrap()).collect()
}

async fn case_of(council: &Council, family: &str) -> CaseReference {
    council.reference(family).await
}

mod stories {
    use super::*;

    /// Two are not enough; the third makes it one problem. Tied, each keeps its own case; the fourth is added to the same one.
    pub async fn families_with_one_problem_are_suggested_and_tied(owner: Council) {
        let council = &owner;
        others(council).await;
        for n in 0..2 {
            arrives(council, n).await;
        }
        assert!(look(council).await.suggestions.is_empty(), "two families are no joint complaint");
        arrives(council, 2).await;
        let joints = look(council).await;
        let [group] = joints.suggestions.as_slice() else { panic!("{joints:?}") };
        assert_eq!(group.cases.len(), 3, "{group:?}");
        assert!(group.why.contains("3 families") && group.why.contains("S9"), "{}", group.why);
        for name in ["Ibrahim", "Levi", "Simi", "Harrak"] {
            assert!(!group.why.contains(name) && !group.title.contains(name), "no family is named in the reason");
        }
        assert_eq!(council.desk.waiting(&council.bell).await.unwrap().joint, 1);
        let hers = case_of(council, "Harrak").await;
        assert_eq!(council.case(hers).await.joint.suggested.as_deref(), Some(group.why.as_str()));
        let exported = export::cases(&mut council.database.store.begin_read().await.unwrap()).await.unwrap();
        let line = exported.iter().find(|case| case.reference == hers.to_string()).unwrap();
        assert_eq!((line.joint.as_deref(), line.joint_suggested.len()), (None, 2));
        // Looked at again, nothing is doubled.
        assert_eq!(look(council).await.suggestions[0].id, group.id);

        let tie = JointAction::Tie {
            suggestion: Some(group.id),
            cases: references(&group.cases),
            title: "Transport: S9".into(),
        };
        let letters = council.database.number("SELECT count(*) FROM outbox").await;
        let reference = mend(council, tie.clone()).await.unwrap().unwrap();
        assert_eq!(reference, "JNT-26-0001");
        assert!(matches!(mend(council, tie).await, Err(DeskError::NotFound)), "somebody was quicker");
        let joints = look(council).await;
        assert!(joints.suggestions.is_empty());
        assert_eq!((joints.joints.len(), joints.joints[0].cases.len()), (1, 3));
        assert_eq!(joints.joints[0].title, "Transport: S9");
        let case = council.case(hers).await;
        assert_eq!(case.joint.joint, Some((reference.clone(), "Transport: S9".into())));
        assert_eq!((case.joint.others, case.joint.suggested, case.messages.len()), (2, None, 1));
        assert_eq!(council.database.number("SELECT count(*) FROM outbox").await, letters, "nobody is written to");
        let exported = export::cases(&mut council.database.store.begin_read().await.unwrap()).await.unwrap();
        assert_eq!(exported.iter().filter(|case| case.joint.as_deref() == Some("JNT-26-0001")).count(), 3);

        // The fourth family: suggested to be added, and added to the same one.
        arrives(council, 3).await;
        let joints = look(council).await;
        let [group] = joints.suggestions.as_slice() else { panic!("{joints:?}") };
        assert_eq!((group.joint.as_deref(), group.cases.len()), (Some("JNT-26-0001"), 4));
        let cases = references(&group.cases);
        let tie = JointAction::Tie { suggestion: Some(group.id), cases, title: group.title.clone() };
        assert_eq!(mend(council, tie).await.unwrap().as_deref(), Some("JNT-26-0001"));
        let joints = look(council).await;
        assert_eq!((joints.joints.len(), joints.joints[0].cases.len(), joints.suggestions.len()), (1, 4, 0));
        owner.database.drop().await;
    }

    /// An officer says no: it stays no, until more families come to it.
    pub async fn what_is_no_joint_complaint_is_not_suggested_again(owner: Council) {
        let council = &owner;
        others(council).await;
        for n in 0..3 {
            arrives(council, n).await;
        }
        let suggestion = look(council).await.suggestions[0].id;
        assert_eq!(mend(council, JointAction::Refuse { suggestion }).await.unwrap(), None);
        assert!(look(council).await.suggestions.is_empty());
        arrives(council, 3).await;
        let joints = look(council).await;
        assert_eq!(joints.suggestions.len(), 1);
        assert_eq!(joints.suggestions[0].cases.len(), 4);
        // All of them but one are put aside: nothing is left to suggest.
        let page = council.queue(QueueFilter::All, "", QueueOrder::DueFirst, 1).await;
        for case in joints.suggestions[0].cases.iter().skip(1) {
            let version = council.case(case.reference.parse().unwrap()).await.version;
            let reason = "It is about the school.".to_owned();
            let action = DeskAction::NotAComplaint { act: Act::Enquiry, reason };
            council.act(case.reference.parse().unwrap(), version, action).await.unwrap();
        }
        assert!(look(council).await.suggestions.is_empty());
        assert_eq!(page.total, 7);
        owner.database.drop().await;
    }

    /// Without a suggestion: tied, merged, taken out, and each of these taken back.
    pub async fn cases_are_tied_by_hand_and_leave_again(owner: Council) {
        let council = &owner;
        others(council).await;
        let (al, bo, cy) =
            (case_of(council, "Ferris").await, case_of(council, "Garnet").await, case_of(council, "Hobbs").await);
        let tie = |cases: Vec<CaseReference>| JointAction::Tie { suggestion: None, cases, title: "Reviews".into() };
        let alone = mend(council, tie(vec![al, al])).await;
        assert!(matches!(&alone, Err(DeskError::Refused(why)) if why.contains("two cases or more")), "{alone:?}");
        let nowhere = CaseReference { year: 2026, number: 999 };
        let missing = mend(council, tie(vec![al, nowhere])).await;
        assert!(matches!(&missing, Err(DeskError::Refused(why)) if why.contains("There is no case")), "{missing:?}");
        assert_eq!(mend(council, tie(vec![al, bo])).await.unwrap().as_deref(), Some("JNT-26-0001"));
        let act = async |reference, action| {
            let version = council.case(reference).await.version;
            council.act(reference, version, action).await.unwrap();
        };
        let members = async || {
            let joints = council.desk.joints(&council.bell).await.unwrap().joints;
            joints.first().map(|joint| references(&joint.cases)).unwrap_or_default()
        };
        act(bo, DeskAction::Untie).await;
        assert_eq!(members().await, [al]);
        act(bo, DeskAction::Undo).await;
        assert_eq!(members().await, [al, bo]);
        // What is merged brings the joint complaint along, and takes it back when they are parted.
        act(cy, DeskAction::Merge { with: bo }).await;
        assert_eq!(members().await, [al, bo]);
        act(bo, DeskAction::Undo).await;
        act(bo, DeskAction::Merge { with: cy }).await;
        act(bo, DeskAction::Undo).await;
        assert_eq!(members().await, [al, bo]);
        act(al, DeskAction::Merge { with: cy }).await;
        assert_eq!(members().await, [al, bo], "the case received first stays, and it is in it");
        owner.database.drop().await;
    }
}
