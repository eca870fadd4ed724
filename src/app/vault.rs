//! The vault of refresh tokens in the program's own database, sealed with the council's key.

use chrono::TimeDelta;
use futures::future::BoxFuture;
use secrecy::SecretString;

use crate::{
    clock::Clock,
    oauth::{Note, Turn, Vault, VaultError},
    sealed::{self, Seal},
    store::{Store, StoreError, tokens},
};

/// A turn lasts so long at most; a call of a token server is shorter.
const TURN: TimeDelta = TimeDelta::minutes(2);

/// A vault in the database.
pub struct StoredVault {
    store: Store,
    seal: Seal,
    clock: Clock,
    who: String,
    notes: bool,
}

impl StoredVault {
    /// The vault in `store` for the program called `who`. With `notes`, how a source is is noted for the health page.
    #[must_use]
    pub fn new(store: Store, seal: Seal, clock: Clock, who: String, notes: bool) -> Self {
        Self { store, seal, clock, who, notes }
    }

    async fn take_turn(&self, name: &str, seed: &SecretString) -> Result<Turn, VaultError> {
        let now = self.clock.now();
        let turn = async {
            let mut tx = self.store.begin().await?;
            let turn = tokens::take(&mut tx, name, &sealed::mark(seed), &self.who, now + TURN, now).await?;
            tx.commit().await?;
            Ok::<_, StoreError>(turn)
        };
        match turn.await.map_err(fault)? {
            tokens::Turn::Others => Ok(Turn::Others),
            tokens::Turn::Ours { sealed, interrupted } => {
                let kept = sealed.and_then(|sealed| {
                    let kept = self.seal.open(name, &sealed);
                    if kept.is_none() {
                        tracing::warn!(
                            tokens = name,
                            "the kept refresh token was sealed with another key: the configured one is used"
                        );
                    }
                    kept
                });
                Ok(Turn::Ours { kept, interrupted })
            }
        }
    }

    async fn end_turn(&self, name: &str, seed: &SecretString, new: Option<&SecretString>) -> Result<(), VaultError> {
        let sealed =
            new.map(|new| self.seal.seal(name, new)).transpose().map_err(|error| VaultError(error.to_string()))?;
        let ended = async {
            let mut tx = self.store.begin().await?;
            let ours = tokens::give_back(&mut tx, name, &sealed::mark(seed), &self.who, sealed.as_deref()).await?;
            tx.commit().await?;
            Ok::<_, StoreError>(ours)
        };
        if !ended.await.map_err(fault)? && new.is_some() {
            tracing::warn!(tokens = name, "the turn was lost meanwhile: the new refresh token is not kept");
        }
        Ok(())
    }

    async fn write_note(&self, name: &str, note: Note<'_>) {
        if !self.notes {
            return;
        }
        let now = self.clock.now();
        let written = async {
            let mut tx = self.store.begin().await?;
            match note {
                Note::Good { until } => tokens::good(&mut tx, name, until, now).await?,
                Note::Bad(error) => {
                    let (sort, words) = (error.fault.as_str(), error.to_string());
                    tokens::bad(&mut tx, name, sort, error.code.as_deref(), &words, now).await?;
                }
            }
            tx.commit().await
        };
        if let Err(error) = written.await {
            tracing::warn!(tokens = name, %error, "how the sign-in tokens are could not be noted");
        }
    }
}

fn fault(error: StoreError) -> VaultError {
    VaultError(error.words())
}

impl Vault for StoredVault {
    fn take<'a>(&'a self, name: &'a str, seed: &'a SecretString) -> BoxFuture<'a, Result<Turn, VaultError>> {
        Box::pin(self.take_turn(name, seed))
    }

    fn give_back<'a>(
        &'a self,
        name: &'a str,
        seed: &'a SecretString,
        new: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<(), VaultError>> {
        Box::pin(self.end_turn(name, seed, new))
    }

    fn note<'a>(&'a self, name: &'a str, note: Note<'a>) -> BoxFuture<'a, ()> {
        Box::pin(self.write_note(name, note))
    }
}
