//! Which contacts are one person. A contact is one address; an officer says that several are one person's.

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::ids::Uuid;

statements! {
    person_of = "SELECT person_id FROM contact WHERE id = $1";
    person_set = "UPDATE contact SET person_id = $2 WHERE id = $1";
    person_addresses = "SELECT m.id, a.address FROM contact k JOIN contact m ON m.person_id = k.person_id
  JOIN contact_address a ON a.contact_id = m.id WHERE k.id = $1 ORDER BY (m.id <> k.id), a.address";
}

/// The key that a contact shares with all others of the same person; None when there is no such contact.
pub async fn person_of(tx: &mut Tx, contact: Uuid) -> Stored<Option<Uuid>> {
    Ok(fetch!(tx, person_of, (Uuid,), optional, contact)?.map(|row| row.0))
}

/// The contact is the person's with this key from now on.
pub async fn set_person(tx: &mut Tx, contact: Uuid, person: Uuid) -> Stored<()> {
    execute!(tx, person_set, contact, person).map(|_| ())
}

/// Every address of the person whose contact this is, its own first, each with its contact.
pub async fn addresses(tx: &mut Tx, contact: Uuid) -> Stored<Vec<(Uuid, String)>> {
    fetch!(tx, person_addresses, (Uuid, String), all, contact)
}
