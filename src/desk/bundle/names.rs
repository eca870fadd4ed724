//! Who is named in a case, for whoever blacks names out of its file.

use std::collections::BTreeSet;

use super::super::Answer;
use crate::{
    casework::Office,
    ids::Uuid,
    intake::channel::is_chat,
    matching::likeness::folded,
    procedure::{
        case::CaseFile,
        event::{Event, Recorded, Step, Works},
    },
    replies::blackout::Names,
    store::{Tx, case_view, cases, corrections, joint, officers, people},
    web::views::CaseView,
};

/// Ways to speak to somebody: with their last name, that is a name.
const TITLES: [&str; 5] = ["Mr", "Mrs", "Ms", "Miss", "Dr"];

/// The names, and addresses, of other people in the case than the complainant and staff, as far as `officer` may know of them.
pub(super) async fn of_others(
    office: &Office,
    tx: &mut Tx,
    (id, officer): (Uuid, Uuid),
    case: &CaseFile,
    view: &CaseView,
) -> Answer<Vec<String>> {
    let row = cases::get(tx, id).await?;
    let complainant = row.as_ref().and_then(|row| row.complainant_id);
    let own = match complainant {
        Some(contact) => people::addresses(tx, contact).await?,
        None => Vec::new(),
    };
    let mut named: Vec<Option<String>> = Vec::new();
    if let Some((contact, known)) = cases::representative(tx, id).await?
        && Some(contact) != complainant
    {
        named.extend([known.name, known.address]);
    }
    for party in corrections::parties(tx, id).await? {
        if Some(party) != complainant && !own.iter().any(|(contact, _)| *contact == party) {
            let known = cases::contact_details(tx, party).await?;
            named.extend([known.name, known.address]);
        }
    }
    let members = case.group.iter().flat_map(|group| &group.members);
    named.extend(members.flat_map(|member| [member.name.clone(), member.address.clone()]));
    for message in &view.messages {
        named.extend([message.author.clone(), Some(message.address.clone())]);
        if let Some(inside) = &message.forwarded {
            // As it was written: a name, an address, or a name and an address.
            let (name, address) = inside.from.split_once('<').unwrap_or((&inside.from, ""));
            named.extend([name, address].map(|text| Some(text.trim_matches(['>', '"', ' ']).to_owned())));
        }
    }
    for (other, reference) in joint::others(tx, id, officer).await? {
        named.push(case_view::head(tx, &reference).await?.and_then(|head| head.family));
        if let Some(contact) = cases::get(tx, other).await?.and_then(|row| row.complainant_id) {
            named.push(cases::contact_details(tx, contact).await?.address);
        }
    }

    let mut known: BTreeSet<String> = staff(office, tx, &[]).await?.into_iter().map(|name| folded(&name)).collect();
    let theirs = view.family.iter().chain([&view.people.name, &view.people.email]);
    known.extend(theirs.map(|name| folded(name.trim())));
    known.extend(own.iter().map(|(_, address)| folded(address)));
    let mut names = Vec::new();
    for name in named.into_iter().flatten() {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let somebody = name.chars().filter(|c| c.is_alphanumeric()).count() > 1;
        // A chat has no address that anybody would know.
        let ours = office.is_staff(&name) || office.own_addresses().iter().any(|own| own.eq_ignore_ascii_case(&name));
        if somebody && !ours && !is_chat(&name) && name != "Telegram" && known.insert(folded(&name)) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Staff by name: the directory, the accounts, and who was given a part in the case and works for the council.
async fn staff(office: &Office, tx: &mut Tx, history: &[Recorded]) -> Answer<BTreeSet<String>> {
    let mut names: BTreeSet<String> = office.directory.all().iter().map(|one| one.name.clone()).collect();
    names.extend(officers::all(tx).await?.into_iter().map(|one| one.name));
    names.extend(history.iter().filter_map(|recorded| match &recorded.event {
        Event::Step { step: Step::Appointed { person, .. }, .. } if person.works != Works::Outside => {
            Some(person.name.clone())
        }
        _ => None,
    }));
    Ok(names)
}

/// The names that are to be blacked out: those that were typed, and those of staff where that is wanted, also with a title and the
/// last name alone.
pub(super) async fn to_remove(
    office: &Office,
    tx: &mut Tx,
    history: &[Recorded],
    (typed, with_staff): (&[String], bool),
) -> Answer<Names> {
    let mut names = Names::default();
    typed.iter().for_each(|name| names.add([name.as_str()]));
    if with_staff {
        for name in staff(office, tx, history).await? {
            let last = name.split_whitespace().next_back().unwrap_or_default();
            let titled = TITLES.map(|title| format!("{title} {last}"));
            let titled = titled.iter().map(String::as_str).filter(|_| !last.is_empty() && last != name);
            names.add(titled.chain([name.as_str()]));
        }
    }
    Ok(names)
}
