//! Accounts, for `heard users`: add, list, disable, enable, new password.

use chrono::{DateTime, Utc};
use rand::{TryRngCore, rngs::OsRng};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    ids::Uuid,
    store::{
        Store, StoreError, Tx,
        officers::{self, Officer},
        sign_in,
        upkeep::{self, OfficerUse},
    },
    web::{
        access::{Role, Sees},
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
    /// Their cases would be nobody's.
    #[error("{0} has open cases: give them to another officer first")]
    HasCases(String),
    /// Whoever may change accounts does not change their own.
    #[error("another administrator must do this to your own account")]
    Own,
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
    add_by(store, None, (email, name, role), password, now).await
}

/// The same, by an administrator.
///
/// # Errors
///
/// [`UsersError`]; then nothing is added.
pub async fn add_by(
    store: &Store,
    by: Option<Uuid>,
    (email, name, role): (&str, &str, Role),
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
    let what = format!("account added: {} as {}", account.email, role.as_str());
    officers::audit(&mut tx, by, &what, None, now).await?;
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
    set_active(store, email, false, None, now).await
}

/// Opens an account again.
///
/// # Errors
///
/// [`UsersError`].
pub async fn enable(store: &Store, email: &str, now: DateTime<Utc>) -> Result<(), UsersError> {
    set_active(store, email, true, None, now).await
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
    password_by(store, email, password, None, now).await
}

/// The same, by an administrator.
///
/// # Errors
///
/// [`UsersError`].
pub async fn password_by(
    store: &Store,
    email: &str,
    password: Option<SecretString>,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<Option<SecretString>, UsersError> {
    let email = email.trim().to_lowercase();
    let (hash, made) = hashed(password).await?;
    let mut tx = store.begin().await?;
    if !officers::set_password(&mut tx, &email, &hash).await? {
        return Err(UsersError::NotFound(email));
    }
    officers::audit(&mut tx, by, &format!("password set: {email}"), None, now).await?;
    tx.commit().await?;
    Ok(made)
}

/// Opens an account or shuts it, which ends its sessions.
///
/// # Errors
///
/// [`UsersError`].
pub async fn set_active(
    store: &Store,
    email: &str,
    active: bool,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<(), UsersError> {
    let email = email.trim().to_lowercase();
    let mut tx = store.begin().await?;
    if !officers::set_active(&mut tx, &email, active).await? {
        return Err(UsersError::NotFound(email));
    }
    let what = if active { "enabled" } else { "disabled" };
    officers::audit(&mut tx, by, &format!("account {what}: {email}"), None, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes an account one for something else, and ends its sessions. Whoever has open cases stays somebody who works cases.
///
/// # Errors
///
/// [`UsersError`].
pub async fn set_role(
    store: &Store,
    email: &str,
    role: Role,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<(), UsersError> {
    let mut tx = store.begin().await?;
    let account = account(&mut tx, email).await?;
    take_role(&mut tx, &account, role, by, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The same within a transaction; whether anything changed.
pub(super) async fn take_role(
    tx: &mut Tx,
    account: &Officer,
    role: Role,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<bool, UsersError> {
    if account.role == role.as_str() {
        return Ok(false);
    }
    let has_cases = upkeep::officers(tx).await?.iter().any(|one| one.id == account.id && one.open_cases > 0);
    if has_cases && role.sees() != Sees::EveryCase {
        return Err(UsersError::HasCases(account.name.clone()));
    }
    sign_in::set_role(tx, account.id, role.as_str()).await?;
    sign_in::end_sessions(tx, account.id).await?;
    let what = format!("account changed: {} from {} to {}", account.email, account.role, role.as_str());
    officers::audit(tx, by, &what, None, now).await?;
    Ok(true)
}

/// Takes the second factor off an account, and ends its sessions.
///
/// # Errors
///
/// [`UsersError`].
pub async fn forget_second_factor(
    store: &Store,
    email: &str,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<(), UsersError> {
    let mut tx = store.begin().await?;
    let account = account(&mut tx, email).await?;
    sign_in::forget_second_factor(&mut tx, account.id).await?;
    sign_in::end_sessions(&mut tx, account.id).await?;
    officers::audit(&mut tx, by, &format!("second factor taken off: {}", account.email), None, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn account(tx: &mut Tx, email: &str) -> Result<Officer, UsersError> {
    let email = email.trim().to_lowercase();
    officers::by_email(tx, &email).await?.ok_or(UsersError::NotFound(email))
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
