//! Passwords: Argon2id with OWASP's parameters, off the async threads, and never more than two at a time because each
//! takes 19 MiB.

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::{SaltString, rand_core::OsRng},
};
use tokio::sync::Semaphore;

/// Why a password could not be hashed or checked. For the log.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Bad parameters, or no memory.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
    /// The program is stopping.
    #[error("the check of a password was cut short")]
    Stopped,
}

/// Hashes and checks passwords.
pub struct Passwords {
    at_once: Semaphore,
    /// Checked when there is no such account, so that the answer takes as long as for a real one.
    nobody: String,
}

fn hasher() -> Result<Argon2<'static>, PasswordError> {
    // OWASP Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1.
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| PasswordError::Hash(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// `password` as a PHC string for the account. Takes about 30 ms and 19 MiB.
///
/// # Errors
///
/// [`PasswordError::Hash`].
pub fn hash(password: &str) -> Result<String, PasswordError> {
    let salt = SaltString::generate(&mut OsRng);
    hasher()?
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| PasswordError::Hash(error.to_string()))
}

impl Passwords {
    /// Makes the hash that stands for an unknown account.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Hash`].
    pub fn new() -> Result<Self, PasswordError> {
        Ok(Self { at_once: Semaphore::new(2), nobody: hash("nobody has this password")? })
    }

    /// Whether `password` fits `known`. Takes as long when there is nothing to compare with, and then says no.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Stopped`] when the program is stopping.
    pub async fn fits(&self, password: String, known: Option<String>) -> Result<bool, PasswordError> {
        let _one = self.at_once.acquire().await.map_err(|_| PasswordError::Stopped)?;
        let is_known = known.is_some();
        let stored = known.unwrap_or_else(|| self.nobody.clone());
        let fits = tokio::task::spawn_blocking(move || {
            let Ok(stored) = PasswordHash::new(&stored) else { return Ok(false) };
            Ok(hasher()?.verify_password(password.as_bytes(), &stored).is_ok())
        })
        .await
        .map_err(|_| PasswordError::Stopped)??;
        Ok(fits && is_known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_account_fits() {
        let passwords = Passwords::new().unwrap();
        let stored = hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.fits("correct horse".into(), Some(stored.clone())).await.unwrap());
        assert!(!passwords.fits("wrong".into(), Some(stored)).await.unwrap());
        assert!(!passwords.fits("nobody has this password".into(), None).await.unwrap());
        assert!(!passwords.fits("x".into(), Some("not a hash".into())).await.unwrap());
    }
}
