//! The bundle itself: everything that Heard typesets without the names, then one thing after the other into the ZIP.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt};
use letterpress::Letter;
use tokio::sync::Semaphore;
use tokio_util::io::ReaderStream;

use super::{Body, Contents, Thing, contents, look_for, names, texts};
use crate::{
    clock::london_date,
    desk::{Answer, StoreDesk},
    intake::files::kinds,
    replies::{
        blackout::Names,
        bundle::{BundleFault, Zipping, parts},
        paper,
        press::{self, PrintFault},
        render::Rendered,
        tracking::shown,
    },
    store::{
        Tx,
        files::{ContentHash, FilesError},
        officers, paper as letters,
    },
    web::{
        bundle_views::{BundleAsk, MOST_BYTES, MOST_ITEMS},
        desk::{DeskError, Download},
        views::Officer,
    },
};

/// So many bundles are made at a time. Others wait their turn.
pub(super) static MAKERS: Semaphore = Semaphore::const_new(2);

/// What goes in, named and numbered.
pub(super) enum Entry {
    Text(String, Letter),
    /// With its name on the page, should it not be there.
    File {
        name: String,
        title: String,
        hash: String,
    },
}

/// All that goes in, and all that does not.
#[derive(Default)]
pub(super) struct Plan {
    entries: Vec<Entry>,
    within: Vec<String>,
    left_out: Vec<(String, String)>,
    found: BTreeSet<usize>,
}

impl From<BundleFault> for DeskError {
    fn from(fault: BundleFault) -> Self {
        match fault {
            BundleFault::TooLarge { .. } => too_large(),
            fault => Self::Unavailable(fault.to_string()),
        }
    }
}

fn too_large() -> DeskError {
    DeskError::Refused(format!(
        "What is chosen is larger than {} MB together. Take some of the files out, and put them in another bundle",
        MOST_BYTES / 1_000_000
    ))
}

impl StoreDesk {
    /// Makes the bundle for `officer`, who is written down before they get a byte.
    pub(in crate::desk) async fn make_bundle(
        &self,
        ask: BundleAsk,
        officer: &Officer,
        now: DateTime<Utc>,
    ) -> Answer<Download> {
        let _turn = MAKERS.acquire().await.map_err(|error| DeskError::Unavailable(error.to_string()))?;
        let mut tx = self.store.begin_read().await?;
        let mut found = contents(self, &mut tx, (ask.reference, officer), now).await?;
        let remove = names::to_remove(&self.office, &mut tx, &found.history, (&ask.names, ask.staff)).await?;
        look_for(&remove, &mut tx, &mut found.things).await?;
        let case = found.case;
        let mut plan = planned(&mut tx, &ask, found, &remove, now).await?;
        drop(tx);
        let index = plan.index(&ask, officer, &remove, now);

        let mut zip = Zipping::begin(MOST_BYTES, now);
        zip.entry("00 Index.pdf").await?;
        zip.bytes(press::typeset_text(index).await.map_err(|fault| unprintable("The index", fault))?.into()).await?;
        let (items, found) = (plan.within.len(), plan.found.len());
        self.put_entries(&mut zip, plan, "").await?;
        let (file, size) = zip.finish().await?;
        let what = format!(
            "made a bundle of the case: {items} {}, {} {} blacked out",
            if items == 1 { "item" } else { "items" },
            found,
            if found == 1 { "name" } else { "names" },
        );
        let mut tx = self.store.begin().await?;
        officers::audit(&mut tx, Some(officer.id), &what, Some(case), now).await?;
        tx.commit().await?;
        let pieces = ReaderStream::new(tokio::fs::File::from_std(file)).boxed();
        Ok(Download { name: format!("{}-bundle.zip", ask.reference), media_type: "application/zip", size, pieces })
    }

    /// Puts what goes in one after the other into the ZIP, below the folder `within`.
    pub(super) async fn put_entries(&self, zip: &mut Zipping, plan: Plan, within: &str) -> Answer<()> {
        for entry in plan.entries {
            match entry {
                Entry::Text(name, letter) => {
                    let title = letter.title.clone();
                    let pdf = press::typeset_text(letter).await.map_err(|fault| unprintable(&title, fault))?;
                    zip.entry(&format!("{within}{name}")).await?;
                    zip.bytes(pdf.into()).await?;
                }
                Entry::File { name, title, hash } => {
                    self.put_file(zip, (&format!("{within}{name}"), &title), &hash).await?;
                }
            }
        }
        Ok(())
    }

    async fn put_file(&self, zip: &mut Zipping, (name, title): (&str, &str), hash: &str) -> Answer<()> {
        let Some(keeper) = &self.files else {
            return Err(DeskError::Refused("Files cannot be opened here.".to_owned()));
        };
        let hash: ContentHash =
            hash.parse().map_err(|_| DeskError::Unavailable("a kept file has no name".to_owned()))?;
        let fault = |fault: FilesError| match fault {
            FilesError::Missing(_) => DeskError::Refused(format!(
                "“{title}” is not in the files folder any more. Take it out, or ask whoever runs Heard to restore it from the \
                 backup"
            )),
            fault => DeskError::Unavailable(fault.to_string()),
        };
        let (_, mut pieces) = keeper.store.get(hash).await.map_err(fault)?;
        zip.entry(name).await?;
        while let Some(piece) = pieces.try_next().await.map_err(fault)? {
            zip.bytes(piece).await?;
        }
        Ok(())
    }
}

pub(super) fn unprintable(title: &str, fault: PrintFault) -> DeskError {
    match fault {
        PrintFault::Letter(why) => DeskError::Refused(format!("“{title}” cannot be printed: {why}. Take it out")),
        PrintFault::Program(why) => DeskError::Unavailable(why),
    }
}

/// Numbers what was chosen, and says why the rest is left out.
pub(super) async fn planned(
    tx: &mut Tx,
    ask: &BundleAsk,
    found: Contents,
    remove: &Names,
    now: DateTime<Utc>,
) -> Answer<Plan> {
    let chosen = |thing: &Thing| !thing.shown.key.is_empty() && ask.items.contains(&thing.shown.key);
    let all_the_same = |thing: &Thing| !thing.shown.holds_name || ask.all_the_same.contains(&thing.shown.key);
    let going = || found.things.iter().filter(|thing| chosen(thing) && all_the_same(thing));
    let (many, bytes) = (going().count(), going().map(|thing| thing.shown.size).sum::<u64>());
    if many > MOST_ITEMS {
        return Err(DeskError::Refused(format!(
            "{many} things are chosen, and a bundle holds {MOST_ITEMS} at most. Take some out, and put them in another bundle"
        )));
    }
    if bytes > MOST_BYTES {
        return Err(too_large());
    }
    if many == 0 {
        let held = found.things.iter().any(&chosen);
        return Err(DeskError::Refused(
            if held {
                "Each file that is chosen holds a name that is to be blacked out"
            } else {
                "Select what goes into the bundle"
            }
            .to_owned(),
        ));
    }
    let mut plan = Plan::default();
    let mut number = 0;
    for thing in found.things {
        let title = remove.black_out(&thing.shown.title, &mut plan.found);
        if !chosen(&thing) {
            let why = if matches!(thing.body, Body::Closed) { thing.shown.note.as_str() } else { "It was not chosen." };
            plan.left_out.push((title, remove.black_out(why, &mut plan.found)));
            continue;
        }
        if !all_the_same(&thing) {
            plan.left_out.push((title, thing.shown.note));
            continue;
        }
        let named = remove.black_out(&thing.name, &mut plan.found);
        match thing.body {
            Body::File(hash) => {
                number += 1;
                let name = numbered(number, &named);
                let said =
                    if thing.shown.note.is_empty() { title.clone() } else { format!("{title}. {}", thing.shown.note) };
                plan.within.push(said);
                plan.entries.push(Entry::File { name, title, hash });
            }
            Body::Text(blocks) => {
                let mut letter = letter_of(ask, &title, blocks, now);
                remove.black_out_letter(&mut letter, &mut plan.found);
                let blocks = std::mem::take(&mut letter.blocks);
                let whole = parts(blocks);
                let many = whole.len();
                for (part, blocks) in (1..).zip(whole) {
                    number += 1;
                    let of = if many == 1 { String::new() } else { format!(", part {part} of {many}") };
                    let title = format!("{title}{of}");
                    plan.within.push(title.clone());
                    let letter = Letter { title, blocks, ..letter.clone() };
                    plan.entries.push(Entry::Text(numbered(number, &format!("{named}{of}.pdf")), letter));
                }
            }
            Body::Letter(id) => {
                let Some((_, at, sent)) = letters::one_of_case(tx, found.case, id).await? else { continue };
                let (text, html) = (shown(&sent.text), sent.html.as_deref().map(shown));
                let sent = Rendered { subject: sent.subject, text, html };
                let mut letter = paper::letter(&sent, &ask.council, &ask.reference.to_string(), london_date(at));
                remove.black_out_letter(&mut letter, &mut plan.found);
                number += 1;
                plan.within.push(title);
                plan.entries.push(Entry::Text(numbered(number, &format!("{named}.pdf")), letter));
            }
            Body::Closed => {}
        }
    }
    Ok(plan)
}

pub(super) fn letter_of(ask: &BundleAsk, title: &str, blocks: Vec<letterpress::Block>, now: DateTime<Utc>) -> Letter {
    let (council, reference) = (ask.council.clone(), ask.reference.to_string());
    Letter { title: title.to_owned(), council, reference, date: london_date(now), blocks }
}

/// A name that no file system misunderstands, in the order of the index.
fn numbered(number: usize, name: &str) -> String {
    format!("{number:02} {}", kinds::safe_name(name))
}

impl Plan {
    /// What is in it, in its order.
    pub(super) fn within(&self) -> &[String] {
        &self.within
    }

    /// What is not, and why.
    pub(super) fn left_out(&self) -> &[(String, String)] {
        &self.left_out
    }

    fn index(&mut self, ask: &BundleAsk, officer: &Officer, remove: &Names, now: DateTime<Utc>) -> Letter {
        let by = if ask.staff { format!("an officer of {}", ask.council) } else { officer.name.clone() };
        let blocks = texts::index(&texts::Index {
            purpose: ask.purpose.shown(),
            at: now,
            by: &by,
            names: !remove.is_empty(),
            removed: self.found.len(),
            within: &self.within,
            left_out: &self.left_out,
        });
        letter_of(ask, &format!("{} – {}", texts::INDEX, ask.reference), blocks, now)
    }
}
