//! All that is held about one person, over all their cases, as one download for a request of their own.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use futures::StreamExt;
use letterpress::{Block, Letter};
use tokio_util::io::ReaderStream;

use super::{
    contents, look_for,
    made::{MAKERS, Plan, letter_of, planned, unprintable},
    names, texts,
};
use crate::{
    casework,
    clock::{london_date, long_date},
    desk::{Answer, StoreDesk, independence::may_deal_with, shown_address},
    ids::{CaseReference, Uuid},
    matching::likeness::folded,
    procedure::{case::CaseFile, due_dates::due_from, state::State},
    replies::{bundle::Zipping, press},
    store::{
        Tx, cases, officers,
        own_data::{self, PartIn},
        people, retention,
    },
    web::{
        bundle_views::{BundleAsk, MOST_BYTES, Purpose},
        desk::{DeskError, Download},
        rights_views::{OwnDataAsk, PersonAsk, PersonCase, PersonView},
        views::Officer,
    },
};

/// The duty to answer a request for own data.
const ANSWER: &str = "SAR-1M";
/// Cases of one person in one download.
const MOST_CASES: usize = 200;

/// Somebody, and their cases.
struct Person {
    name: Option<String>,
    phones: Vec<String>,
    addresses: Vec<String>,
    cases: Vec<PartIn>,
}

fn part(role: &str) -> &'static str {
    match role {
        "complainant" => "Complainant",
        "representative" => "Letters go to them in the complainant’s place",
        "member" => "Complains together with others",
        "named" => "Somebody says that it is their complaint",
        "author" => "Wrote a message that is in it",
        _ => "Writes about it",
    }
}

/// Whether all that happened in the case is about them.
fn is_theirs(role: &str) -> bool {
    matches!(role, "complainant" | "representative")
}

/// The person asked for, as far as `officer` may know of them. Of somebody whose cases the officer may not see, nothing is known.
async fn find(tx: &mut Tx, ask: &PersonAsk, officer: Uuid) -> Answer<Person> {
    let contact = match ask {
        PersonAsk::Address(address) => retention::contact_with(tx, &address.trim().to_lowercase()).await?,
        PersonAsk::Case(reference) => {
            let id = cases::by_reference(tx, &reference.to_string()).await?.ok_or(DeskError::NotFound)?;
            may_deal_with(tx, id, officer).await?;
            cases::get(tx, id).await?.and_then(|row| row.complainant_id)
        }
    };
    let contacts = match contact {
        Some(contact) => retention::same_person(tx, contact).await?,
        None => Vec::new(),
    };
    let (mut found, mut addresses, mut phones) = (Vec::new(), Vec::new(), Vec::new());
    let mut name = None;
    for one in &contacts {
        let known = cases::contact_details(tx, *one).await?;
        name = name.or(known.name);
        phones.extend(known.phone);
        found.extend(own_data::cases_of(tx, *one, officer).await?);
        addresses.extend(people::addresses(tx, *one).await?.into_iter().map(|(_, address)| address));
    }
    if let (PersonAsk::Address(address), true) = (ask, contacts.is_empty()) {
        addresses.push(address.trim().to_lowercase());
    }
    addresses.sort();
    addresses.dedup();
    for address in &addresses {
        found.extend(own_data::written_in(tx, address, officer).await?);
    }
    let mut by_case: BTreeMap<(DateTime<Utc>, String), PartIn> = BTreeMap::new();
    for one in found {
        // What they are in it comes before that they wrote to it.
        by_case.entry((one.received_at, one.reference.clone())).or_insert(one);
    }
    if by_case.is_empty() {
        return Err(DeskError::NotFound);
    }
    if by_case.len() > MOST_CASES {
        return Err(DeskError::Refused(format!(
            "They have a part in more than {MOST_CASES} cases, which one download does not hold. Make the file of each case instead"
        )));
    }
    Ok(Person { name, phones, addresses, cases: by_case.into_values().collect() })
}

/// What of a case is theirs.
#[derive(Default)]
struct Own {
    messages: Vec<Uuid>,
    letters: Vec<Uuid>,
    files: Vec<Uuid>,
}

async fn own(tx: &mut Tx, case: Uuid, addresses: &[String]) -> Answer<Own> {
    let mut own = Own::default();
    for address in addresses {
        own.messages.extend(own_data::messages(tx, case, address).await?);
        own.letters.extend(own_data::letters(tx, case, address).await?);
    }
    for message in &own.messages {
        own.files.extend(own_data::files(tx, case, *message).await?);
    }
    Ok(own)
}

fn reference(of: &PartIn) -> Answer<CaseReference> {
    of.reference.parse().map_err(|_| DeskError::Unavailable("a case has no reference".to_owned()))
}

/// Names of others in a case, to be blacked out for this person.
async fn others(
    desk: &StoreDesk,
    tx: &mut Tx,
    (of, person): (&PartIn, &Person),
    officer: &Officer,
    now: DateTime<Utc>,
) -> Answer<Vec<String>> {
    let found = contents(desk, tx, (reference(of)?, officer), now).await?;
    let mut names = names::of_others(&desk.office, tx, (of.id, officer.id), &found.file, &found.view).await?;
    if !is_theirs(&of.role) {
        names.extend(found.view.family.iter().chain([&found.view.people.email]).cloned());
    }
    let own: BTreeSet<String> = person.name.iter().chain(&person.addresses).map(|text| folded(text.trim())).collect();
    names.retain(|name| !name.is_empty() && !own.contains(&folded(name)));
    Ok(names)
}

pub(in crate::desk) async fn view(
    desk: &StoreDesk,
    ask: &PersonAsk,
    officer: &Officer,
    now: DateTime<Utc>,
) -> Answer<PersonView> {
    let mut tx = desk.store.begin_read().await?;
    let person = find(&mut tx, ask, officer.id).await?;
    let (mut shown, mut proposed, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
    for one in &person.cases {
        let own = own(&mut tx, one.id, &person.addresses).await?;
        let case = CaseFile::fold(&cases::history(&mut tx, one.id).await?).ok_or(DeskError::NotFound)?;
        shown.push(PersonCase {
            reference: one.reference.clone(),
            part: part(&one.role).to_owned(),
            received_at: one.received_at,
            status: format!("It is {}", State::of(&case).shown()),
            messages: own.messages.len(),
            letters: own.letters.len(),
            files: own.files.len(),
        });
        for name in others(desk, &mut tx, (one, &person), officer, now).await? {
            if known.insert(folded(&name)) {
                proposed.push(name);
            }
        }
    }
    drop(tx);
    let mut tx = desk.store.begin().await?;
    for one in &person.cases {
        officers::audit(&mut tx, Some(officer.id), "opened case", Some(one.id), now).await?;
    }
    tx.commit().await?;
    Ok(PersonView {
        details: details(&person),
        name: person.name,
        asked_by: match ask {
            PersonAsk::Address(address) => address.clone(),
            PersonAsk::Case(reference) => reference.to_string(),
        },
        cases: shown,
        names: proposed,
    })
}

fn details(person: &Person) -> Vec<(String, String)> {
    let name = person.name.iter().map(|name| ("Name".to_owned(), name.clone()));
    let addresses = person.addresses.iter().map(|address| ("Address".to_owned(), shown_address(address)));
    let phones = person.phones.iter().map(|phone| ("Telephone".to_owned(), phone.clone()));
    name.chain(addresses).chain(phones).collect()
}

/// What a case's part of the index says.
async fn about_case(desk: &StoreDesk, tx: &mut Tx, of: &PartIn, plan: &Plan) -> Answer<Vec<Block>> {
    let case = CaseFile::fold(&cases::history(tx, of.id).await?).ok_or(DeskError::NotFound)?;
    let day = |at: DateTime<Utc>| long_date(london_date(at));
    let mut lines = vec![
        ("Your part in it", part(&of.role).to_owned()),
        ("Received", day(case.received_at)),
        ("Where it stands", format!("It is {}.", State::of(&case).shown())),
    ];
    if is_theirs(&of.role) {
        lines.push(("Procedure", case.nature.procedure.shown().to_owned()));
        if let Some((at, outcome)) = case.answered {
            lines.push(("Answered", format!("{}: {}", day(at), outcome.shown())));
        }
    }
    lines.extend(case.closed_at.map(|at| ("Closed", day(at))));
    let looked = casework::looks_in_words(&desk.office, tx, of.id).await?;
    Ok(texts::own_case(&of.reference, &lines, &looked, (plan.within(), plan.left_out())))
}

impl StoreDesk {
    /// By when a request of that day must be answered; None beyond the years whose bank holidays are known.
    pub(in crate::desk) fn due_of_own_data(&self, asked_on: NaiveDate) -> Option<NaiveDate> {
        let duty = self.office.duties.by_id(ANSWER)?;
        due_from(duty, asked_on, &self.office.calendar()).ok().map(|date| date.on)
    }

    /// Makes it for `officer`, who is written down with each case before they get a byte.
    pub(in crate::desk) async fn make_own_data(
        &self,
        ask: OwnDataAsk,
        officer: &Officer,
        now: DateTime<Utc>,
    ) -> Answer<Download> {
        let _turn = MAKERS.acquire().await.map_err(|error| DeskError::Unavailable(error.to_string()))?;
        let mut tx = self.store.begin_read().await?;
        let person = find(&mut tx, &ask.person, officer.id).await?;
        let mut zip = Zipping::begin(MOST_BYTES, now);
        let mut made = Vec::new();
        let mut index = texts::own_data(&texts::OwnData {
            asked_on: ask.asked_on,
            due: self.due_of_own_data(ask.asked_on),
            at: now,
            details: &details(&person),
            names: !ask.names.is_empty(),
        });
        let mut plans = Vec::new();
        for one in person.cases.iter().filter(|one| ask.cases.contains(&one.reference)) {
            let mut found = contents(self, &mut tx, (reference(one)?, officer), now).await?;
            let remove = names::to_remove(&self.office, &mut tx, &found.history, (&ask.names, false)).await?;
            look_for(&remove, &mut tx, &mut found.things).await?;
            let own = own(&mut tx, one.id, &person.addresses).await?;
            let mut items: BTreeSet<String> = own.messages.iter().map(|id| format!("message-{id}")).collect();
            items.extend(own.letters.iter().map(|id| format!("letter-{id}")));
            items.extend(own.files.iter().map(|id| format!("file-{id}")));
            if is_theirs(&one.role) {
                // What was written down of calls with them, too; notes are for whoever works on it.
                let whole = found.things.iter().map(|thing| &thing.shown);
                let whole = whole.filter(|item| {
                    matches!(item.part, "Chronology" | "Findings") || (item.part == "Notes and calls" && item.ticked)
                });
                items.extend(whole.map(|item| item.key.clone()));
            }
            // What is not theirs is not named either.
            found.things.retain(|thing| items.contains(&thing.shown.key));
            let ask = BundleAsk {
                reference: reference(one)?,
                purpose: Purpose::OwnData,
                items,
                all_the_same: BTreeSet::new(),
                names: ask.names.clone(),
                staff: false,
                council: ask.council.clone(),
            };
            let any = found.things.iter().any(|thing| !thing.shown.holds_name);
            let plan = if any { planned(&mut tx, &ask, found, &remove, now).await? } else { Plan::default() };
            let mut blocks = about_case(self, &mut tx, one, &plan).await?;
            let mut page = Letter { title: String::new(), blocks, ..letter_of(&ask, "", Vec::new(), now) };
            remove.black_out_letter(&mut page, &mut BTreeSet::new());
            blocks = page.blocks;
            index.extend(blocks);
            made.push((one.id, plan.within().len()));
            plans.push((one.reference.clone(), plan));
        }
        drop(tx);
        if plans.is_empty() {
            return Err(DeskError::Refused("Select at least one case".to_owned()));
        }
        let title = "Your own data".to_owned();
        let index = Letter {
            title,
            council: ask.council.clone(),
            reference: "Own data".to_owned(),
            date: london_date(now),
            blocks: index,
        };
        zip.entry("00 Index.pdf").await?;
        zip.bytes(press::typeset_text(index).await.map_err(|fault| unprintable("The index", fault))?.into()).await?;
        for (reference, plan) in plans {
            self.put_entries(&mut zip, plan, &format!("{reference}/")).await?;
        }
        let (file, size) = zip.finish().await?;
        let mut tx = self.store.begin().await?;
        for (case, items) in made {
            let unit = if items == 1 { "item" } else { "items" };
            let what = format!("made a download for a request for own data: {items} {unit}");
            officers::audit(&mut tx, Some(officer.id), &what, Some(case), now).await?;
        }
        tx.commit().await?;
        let pieces = ReaderStream::new(tokio::fs::File::from_std(file)).boxed();
        Ok(Download { name: "own-data.zip".to_owned(), media_type: "application/zip", size, pieces })
    }
}
