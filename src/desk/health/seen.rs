//! What was seen in each mailbox and became of it: every message is counted once.

use std::collections::BTreeMap;

use crate::{
    desk::{Answer, count},
    store::{
        Tx,
        settings::{self, SeenRow},
    },
    web::views::Seen,
};

/// For each of these mailboxes that something was seen in.
pub(super) async fn in_mailboxes(tx: &mut Tx, names: impl Iterator<Item = &String>) -> Answer<BTreeMap<String, Seen>> {
    let mut all: BTreeMap<String, Seen> =
        settings::seen(tx).await?.into_iter().map(|row| (row.mailbox.clone(), stored(&row))).collect();
    for (mailbox, n) in settings::forgotten(tx).await? {
        let seen = all.entry(mailbox).or_default();
        seen.forgotten = count(n);
        seen.all += count(n);
    }
    let mut known = BTreeMap::new();
    for name in names {
        let Some(mut seen) = all.remove(name) else { continue };
        if let Some((came, stored)) = settings::newest(tx, name).await? {
            (seen.last_came_at, seen.last_stored_at) = (Some(came), Some(stored));
        }
        known.insert(name.clone(), seen);
    }
    Ok(known)
}

fn stored(row: &SeenRow) -> Seen {
    // What was read, is in no case and was not set aside is a machine's, on the list of automatic mail.
    let filed = row.stored - row.in_cases - row.set_aside - row.unread - row.unreadable;
    Seen {
        all: count(row.stored),
        in_cases: count(row.in_cases),
        filed: count(filed),
        set_aside: count(row.set_aside),
        unread: count(row.unread),
        unreadable: count(row.unreadable),
        oldest_unread: row.oldest_unread,
        ..Seen::default()
    }
}
