//! Which contacts are one person. A contact is one address; an officer says that several are one person's.

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::ids::Uuid;

statements! {
    person_of = "SELECT person_id FROM contact WHERE id = $1";
    person_set = "UPDATE contact SET person_id = $2 WHERE id = $1";
    person_addresses = "SELECT m.id, a.address FROM contact k JOIN contact m ON m.person_id = k.person_id
  JOIN contact_address a ON a.contact_id = m.id WHERE k.id = $1 ORDER BY (m.id <> k.id), a.address";
    person_reads = "SELECT m.reads FROM contact_address a JOIN contact k ON k.id = a.contact_id JOIN contact m ON m.person_id = k.person_id
  WHERE a.address = $1 AND m.reads IS NOT NULL ORDER BY (m.id <> k.id), m.id DESC LIMIT 1";
    contact_reads = "UPDATE contact SET reads = $2 WHERE id = (SELECT contact_id FROM contact_address WHERE address = $1)";
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

/// The code of the language that whoever has this address reads, as one of their addresses has shown; None when none has.
pub async fn reads(tx: &mut Tx, address: &str) -> Stored<Option<String>> {
    Ok(fetch!(tx, person_reads, (String,), optional, address)?.map(|row| row.0))
}

/// Keeps the language that whoever has this address reads, by its code.
pub async fn set_reads(tx: &mut Tx, address: &str, code: &str) -> Stored<()> {
    execute!(tx, contact_reads, address, code).map(|_| ())
}
