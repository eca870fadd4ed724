//! The port to where refresh tokens are kept that the server replaces at each use, and where it is noted how a source is.
//!
//! A server may take such a token once only. So there is one turn at a time among all programs on a database: whoever has
//! it spends the token, and the new one is kept before anybody else can have a turn.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use secrecy::SecretString;

use super::fault::TokenError;

/// The database does not answer; in words for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct VaultError(pub String);

/// What came of asking for the turn.
#[derive(Debug)]
pub enum Turn {
    /// It is ours.
    Ours {
        /// The token that was kept last and descends from the configured one; None: the configured one is still to be used.
        kept: Option<SecretString>,
        /// Whoever had the turn before did not give it back: it may have spent the token and died.
        interrupted: bool,
    },
    /// Another program has it.
    Others,
}

/// How a source is.
#[derive(Clone, Copy, Debug)]
pub enum Note<'a> {
    /// It has a token.
    Good {
        /// Until then.
        until: DateTime<Utc>,
    },
    /// It could get none.
    Bad(&'a TokenError),
}

/// Where refresh tokens are kept.
pub trait Vault: Send + Sync {
    /// Asks for the turn of the source `name`; `seed` is the configured token. A seed that is not the one before begins
    /// anew: what was kept of the old one is forgotten.
    fn take<'a>(&'a self, name: &'a str, seed: &'a SecretString) -> BoxFuture<'a, Result<Turn, VaultError>>;

    /// Keeps `new`, if there is one, and gives the turn back. Durable when it returns.
    fn give_back<'a>(
        &'a self,
        name: &'a str,
        seed: &'a SecretString,
        new: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<(), VaultError>>;

    /// Notes how the source is. Faults of the database are the vault's own to tell.
    fn note<'a>(&'a self, name: &'a str, note: Note<'a>) -> BoxFuture<'a, ()>;
}

/// Keeps in memory only: for client credentials, which keep nothing, and for trying out.
#[derive(Debug, Default)]
pub struct MemoryVault(Mutex<Option<SecretString>>);

impl Vault for MemoryVault {
    fn take<'a>(&'a self, _: &'a str, _: &'a SecretString) -> BoxFuture<'a, Result<Turn, VaultError>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(async move { Ok(Turn::Ours { kept, interrupted: false }) })
    }

    fn give_back<'a>(
        &'a self,
        _: &'a str,
        _: &'a SecretString,
        new: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<(), VaultError>> {
        if let Some(new) = new {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(new.clone());
        }
        Box::pin(async { Ok(()) })
    }

    fn note<'a>(&'a self, _: &'a str, _: Note<'a>) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }
}
