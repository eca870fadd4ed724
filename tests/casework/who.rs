//! Who writes about a case: one person with several addresses, somebody who was taken for them, and people who complain
//! together, on SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use crate::{
    council::{Council, mail, now, on_both, said},
    databases::Database,
};
use heard::{
    ids::{CaseReference, Uuid},
    labelling::labels::Theme,
    procedure::event::{Group, Member},
    web::{
        desk::{Desk, DeskAction, DeskError},
        people::KnownAddress,
        views::CaseView,
    },
};

on_both! {
    one_person_writes_from_two_addresses two_addresses_on_postgres;
    two_people_who_shared_an_address_are_parted parted_on_postgres;
    a_group_is_entered_once_with_its_members a_group_on_postgres;
}

const HOME: &str = "Noor Haddad <noor@mail.example>";
const WORK: &str = "N. Haddad <noor@work.example>";

async fn act(council: &Council, reference: CaseReference, action: DeskAction) -> Result<(), DeskError> {
    let version = council.case(reference).await.version;
    council.desk.act(reference, &council.bell, version, action, now()).await.map(|_| ())
}

/// A message that answers the one with the Message-ID `to`.
async fn answers(council: &Council, from: &str, id: &str, to: &str, when: &str) {
    let thread = format!("In-Reply-To: <{to}@mail.example>\r\n");
    let raw = mail(from, id, "Re: taxi", &thread, &format!("More about it: the taxi, again. {id}"));
    council.arrives("complaints", &raw, when, &said(Theme::Transport)).await;
}

fn unverified(case: &CaseView) -> Vec<bool> {
    case.messages.iter().map(|message| message.unverified).collect()
}

fn addresses(case: &CaseView) -> Vec<(&str, bool)> {
    case.people.addresses.iter().map(|KnownAddress { address, own, .. }| (address.as_str(), *own)).collect()
}

fn contact(case: &CaseView, address: &str) -> Uuid {
    case.people.addresses.iter().find(|known| known.address == address).unwrap().contact
}

fn member(name: &str, address: Option<&str>) -> Member {
    Member { name: Some(name.into()), address: address.map(str::to_owned), contact: None }
}

mod stories {
    use super::*;

    pub async fn one_person_writes_from_two_addresses(council: Council) {
        let raw = mail(HOME, "noor-1", "Taxi", "", "The taxi to Hollow Bank has not come for three days.");
        council.arrives("complaints", &raw, "2026-11-16T09:00:00Z", &said(Theme::Transport)).await;
        let case = council.reference("Noor").await;
        answers(&council, WORK, "work-1", "noor-1", "2026-11-17T09:00:00Z").await;
        let shown = council.case(case).await;
        assert_eq!(unverified(&shown), [false, true]);
        assert_eq!(shown.people.unknown_addresses, ["noor@work.example"]);

        let tie = || DeskAction::SamePerson { address: "Noor@Work.example".into() };
        act(&council, case, tie()).await.unwrap();
        let shown = council.case(case).await;
        assert_eq!(unverified(&shown), [false, false]);
        assert_eq!(addresses(&shown), [("noor@mail.example", true), ("noor@work.example", false)]);
        assert!(shown.people.unknown_addresses.is_empty());
        assert_eq!(shown.history[0].title, "The complainant also writes from noor@work.example");
        answers(&council, WORK, "work-2", "noor-1", "2026-11-18T09:00:00Z").await;
        assert_eq!(unverified(&council.case(case).await), [false, false, false]);
        assert_eq!(council.found("work.example").await, ["Noor Haddad"], "the search knows every address");
        assert!(matches!(act(&council, case, tie()).await, Err(DeskError::Refused(why)) if why.contains("already")));

        // The same matter from that address, pointing at nothing, is compared with what she wrote from the other.
        let words = "Again the taxi to Hollow Bank has not come, that makes three days, and nobody rings.";
        let raw = mail(WORK, "work-3", "Hollow Bank taxi", "", words);
        let counts = council.arrives("complaints", &raw, "2026-11-18T12:00:00Z", &said(Theme::Transport)).await;
        assert_eq!((counts.cases_opened, council.case(case).await.messages.len()), (0, 4));

        act(&council, case, DeskAction::Undo).await.unwrap();
        let shown = council.case(case).await;
        assert_eq!(addresses(&shown), [("noor@mail.example", true)]);
        assert!(shown.messages[1].unverified && shown.people.unknown_addresses == ["noor@work.example"]);
        answers(&council, WORK, "work-4", "noor-1", "2026-11-19T09:00:00Z").await;
        assert!(council.case(case).await.messages.last().unwrap().unverified);

        let own = DeskAction::SamePerson { address: "complaints@calderbeck.example".into() };
        assert!(matches!(act(&council, case, own).await, Err(DeskError::Refused(why)) if why.contains("own mailbox")));
    }

    pub async fn two_people_who_shared_an_address_are_parted(council: Council) {
        for (from, id, words, theme) in [
            (HOME, "noor-1", "The taxi to Hollow Bank has not come for three days.", Theme::Transport),
            (WORK, "work-1", "The respite money for October has not been paid.", Theme::Finance),
        ] {
            let raw = mail(from, id, "", "", words);
            council.arrives("complaints", &raw, "2026-11-16T09:00:00Z", &said(theme)).await;
        }
        let (home, work) = (council.reference("Noor Haddad").await, council.reference("N. Haddad").await);
        act(&council, home, DeskAction::SamePerson { address: "noor@work.example".into() }).await.unwrap();
        // Both cases are hers, whichever address they came from; letters about each go where they went.
        let shown = council.case(work).await;
        assert_eq!(addresses(&shown), [("noor@work.example", true), ("noor@mail.example", false)]);
        answers(&council, HOME, "noor-2", "work-1", "2026-11-17T09:00:00Z").await;
        assert_eq!(unverified(&council.case(work).await), [false, false]);

        // It was her sister-in-law: said where the mistake was seen, and taken back, and said again.
        let parted = DeskAction::AnotherPerson { contact: contact(&shown, "noor@mail.example") };
        act(&council, work, parted.clone()).await.unwrap();
        for (case, own) in [(home, "noor@mail.example"), (work, "noor@work.example")] {
            assert_eq!(addresses(&council.case(case).await), [(own, true)]);
        }
        answers(&council, HOME, "noor-3", "work-1", "2026-11-18T09:00:00Z").await;
        assert_eq!(unverified(&council.case(work).await), [false, false, true]);
        act(&council, work, DeskAction::Undo).await.unwrap();
        assert_eq!(addresses(&council.case(home).await).len(), 2);
        act(&council, work, parted.clone()).await.unwrap();
        assert!(
            matches!(act(&council, work, parted).await, Err(DeskError::Refused(why)) if why.contains("nothing is to be parted"))
        );
    }

    pub async fn a_group_is_entered_once_with_its_members(council: Council) {
        let raw = mail(HOME, "forum-1", "For ten families", "", "I write for the forum: the S9 does not come.");
        council.arrives("complaints", &raw, "2026-11-16T09:00:00Z", &said(Theme::Transport)).await;
        let case = council.reference("Noor").await;
        let group =
            |members| DeskAction::SetGroup(Some(Group { name: "Hollow Bank parents’ forum".into(), members }));
        let all = || vec![member("Ruba Harrak", Some("Ruba@mail.example")), member("Jo Tregar", None)];
        act(&council, case, group(all())).await.unwrap();
        let shown = council.case(case).await;
        assert_eq!(shown.history[0].title, "Complains as a group: Hollow Bank parents’ forum, 2 members");
        let known = shown.people.group.unwrap();
        assert_eq!(known.members[0].address.as_deref(), Some("ruba@mail.example"));
        for name in ["Ruba", "Tregar", "ruba@mail"] {
            assert_eq!(council.found(name).await, ["Noor Haddad"], "{name}");
        }
        answers(&council, "Ruba Harrak <ruba@mail.example>", "ruba-1", "forum-1", "2026-11-17T09:00:00Z").await;
        assert_eq!(unverified(&council.case(case).await), [false, false]);
        let to_her = "SELECT count(*) FROM outbox WHERE recipient = 'ruba@mail.example'";
        assert_eq!(council.database.number(to_her).await, 0, "letters go to the complainant alone");

        // Who stays in the group stays who they are; who leaves it is nobody in the case.
        act(&council, case, group(vec![member("Jo Tregar", None), member("Dele Okpara", None)])).await.unwrap();
        let now_in = council.case(case).await.people.group.unwrap();
        assert_eq!(now_in.members[0].contact, known.members[1].contact);
        assert_eq!(council.found("ruba@mail").await, ["Noor Haddad"], "her message stays in the case");
        assert_eq!(council.found("ruba@mail tregar okpara").await, ["Noor Haddad"]);
        answers(&council, "Ruba Harrak <ruba@mail.example>", "ruba-2", "forum-1", "2026-11-18T09:00:00Z").await;
        assert!(council.case(case).await.messages.last().unwrap().unverified);
        act(&council, case, DeskAction::Undo).await.unwrap();
        assert_eq!(council.case(case).await.people.group.as_ref(), Some(&known));
        act(&council, case, DeskAction::SetGroup(None)).await.unwrap();
        assert_eq!(council.case(case).await.people.group, None);
        assert_eq!(council.found("Tregar").await, Vec::<String>::new());
        assert!(matches!(
            act(&council, case, DeskAction::SetGroup(None)).await,
            Err(DeskError::Refused(why)) if why.contains("othing would change")
        ));
    }
}
