//! Accounts, for `heard users`: add, list, disable, enable, new password.

use chrono::{DateTime, Utc};
use rand::{TryRngCore, rngs::OsRng};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    ids::Uuid,
    store::{
        Store, StoreError,
        officers::{self, Officer},
        upkeep::{self, OfficerUse},
    },
    web::{
        access::Role,
        passwords::{self, PasswordError},
    },
};

/// Fewer letters than this are guessed.
const SHORTEST: usize = 12;
/// A longer one is hashed for no gain.
const LONGEST: usize = 256;
/// Letters and digits that are not misread: 30 of them, so that 20 hold 98 bits.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz3456789";
const GENERATED: usize = 20;

/// Why an account was not changed. People see this.
#[derive(Debug, thiserror::Error)]
pub enum UsersError {
    /// Taken.
    #[error("there is an account for {0} already: use heard users password or heard users enable")]
    AlreadyThere(String),
    /// No such account.
    #[error("there is no account for {0}: heard users list shows all")]
    NotFound(String),
    /// Not an address.
    #[error("\"{0}\" is not an email address")]
    NotAnAddress(String),
    /// Nothing that other officers could be shown.
    #[error("give the officer's name as others should see it")]
    NoName,
    /// Too easy or too long.
    #[error("a password has {SHORTEST} to {LONGEST} characters: choose another, or leave it out and one is made")]
    PasswordLength,
    /// Could not be hashed or made.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An account that was added.
#[derive(Debug)]
pub struct Added {
    /// Key.
    pub id: Uuid,
    /// The password, if one was made: to be shown once, and kept nowhere.
    pub made: Option<SecretString>,
}

/// Adds an account. Without a `password` one is made.
///
/// # Errors
///
/// [`UsersError`]; then nothing is added.
pub async fn add(
    store: &Store,
    email: &str,
    name: &str,
    role: Role,
    password: Option<SecretString>,
    now: DateTime<Utc>,
) -> Result<Added, UsersError> {
    let email = email.trim().to_lowercase();
    let is_address = email.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'));
    if !is_address || email.contains(char::is_whitespace) {
        return Err(UsersError::NotAnAddress(email));
    }
    let name = name.trim();
    if name.is_empty() {
        return Err(UsersError::NoName);
    }
    let (hash, made) = hashed(password).await?;
    let mut tx = store.begin().await?;
    if officers::by_email(&mut tx, &email).await?.is_some() {
        return Err(UsersError::AlreadyThere(email));
    }
    let id = Uuid::now_v7();
    let account =
        Officer { id, email, name: name.to_owned(), role: role.as_str().to_owned(), password_hash: hash, active: true };
    officers::put(&mut tx, &account, now).await?;
    officers::audit(&mut tx, None, &format!("account added: {}", account.email), None, now).await?;
    tx.commit().await?;
    Ok(Added { id, made })
}

/// Every account by name, with its last sign-in and its open cases.
///
/// # Errors
///
/// The database's.
pub async fn list(store: &Store) -> Result<Vec<OfficerUse>, UsersError> {
    Ok(upkeep::officers(&mut store.begin_read().await?).await?)
}

/// Shuts an account and ends its sessions.
///
/// # Errors
///
/// [`UsersError`].
pub async fn disable(store: &Store, email: &str, now: DateTime<Utc>) -> Result<(), UsersError> {
    set_active(store, email, false, now).await
}

/// Opens an account again.
///
/// # Errors
///
/// [`UsersError`].
pub async fn enable(store: &Store, email: &str, now: DateTime<Utc>) -> Result<(), UsersError> {
    set_active(store, email, true, now).await
}

/// Sets another password and ends the account's sessions. Returns the password if one was made.
///
/// # Errors
///
/// [`UsersError`].
pub async fn password(
    store: &Store,
    email: &str,
    password: Option<SecretString>,
    now: DateTime<Utc>,
) -> Result<Option<SecretString>, UsersError> {
    let email = email.trim().to_lowercase();
    let (hash, made) = hashed(password).await?;
    let mut tx = store.begin().await?;
    if !officers::set_password(&mut tx, &email, &hash).await? {
        return Err(UsersError::NotFound(email));
    }
    officers::audit(&mut tx, None, &format!("password set: {email}"), None, now).await?;
    tx.commit().await?;
    Ok(made)
}

async fn set_active(store: &Store, email: &str, active: bool, now: DateTime<Utc>) -> Result<(), UsersError> {
    let email = email.trim().to_lowercase();
    let mut tx = store.begin().await?;
    if !officers::set_active(&mut tx, &email, active).await? {
        return Err(UsersError::NotFound(email));
    }
    let what = if active { "enabled" } else { "disabled" };
    officers::audit(&mut tx, None, &format!("account {what}: {email}"), None, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The password's hash, and the password itself if it was made here.
async fn hashed(given: Option<SecretString>) -> Result<(String, Option<SecretString>), UsersError> {
    let made = given.is_none();
    let password = match given {
        Some(given) => given,
        None => generated()?,
    };
    let length = password.expose_secret().chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(UsersError::PasswordLength);
    }
    let text = password.clone();
    let hash = tokio::task::spawn_blocking(move || passwords::hash(text.expose_secret()))
        .await
        .map_err(|_| PasswordError::Stopped)??;
    Ok((hash, made.then_some(password)))
}

/// Four groups of five, as they are read out on a telephone.
fn generated() -> Result<SecretString, PasswordError> {
    let mut letters = Vec::with_capacity(GENERATED);
    let mut bytes = [0u8; 64];
    while letters.len() < GENERATED {
        OsRng.try_fill_bytes(&mut bytes).map_err(|error| PasswordError::Hash(error.to_string()))?;
        // 240 is the last multiple of 30: what lies above would favour the first letters.
        let fair = bytes.iter().filter(|byte| **byte < 240);
        letters.extend(fair.filter_map(|byte| ALPHABET.get(usize::from(*byte) % ALPHABET.len())));
    }
    letters.truncate(GENERATED);
    let groups: Vec<String> = letters.chunks(5).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    Ok(SecretString::from(groups.join("-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_password_reads_well_and_never_comes_twice() {
        let (one, two) = (generated().unwrap(), generated().unwrap());
        let text = one.expose_secret();
        assert_eq!(text.split('-').map(str::len).collect::<Vec<_>>(), [5, 5, 5, 5]);
        assert!(text.bytes().all(|byte| byte == b'-' || ALPHABET.contains(&byte)), "{text}");
        assert_ne!(text, two.expose_secret());
        assert_eq!(ALPHABET.len(), 30);
    }
}
