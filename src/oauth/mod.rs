//! Sign-in with OAuth2 tokens in place of passwords: where tokens come from, and how they are shown to a mail server.
//!
//! One [`TokenSource`] for each `[oauth.NAME]`, shared by all that signs in with it. It asks its token server when it has
//! no token, or when four fifths of the last one's life are over, and never twice at once. A token lives in memory only.

mod exchange;
mod fault;
mod hint;
mod lifetime;
mod refusals;
mod sasl;
mod vault;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

pub use exchange::{Exchange, ExchangeSettings, Issued};
pub use fault::{TokenError, TokenFault};
pub use hint::lacks_role;
pub use lifetime::{Lifetime, Standing};
pub use sasl::Mechanism;
pub use vault::{MemoryVault, Note, Turn, Vault, VaultError};

use crate::{clock::Clock, config::SecretSource};
use refusals::Refusals;

/// How often another program's turn is waited out, and for how long at most.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// Longer than another program's turn can last: then its lease has ended.
const LONGEST_TURN: Duration = Duration::from_secs(150);

/// How a token is come by.
#[derive(Clone, Debug)]
pub enum Grant {
    /// The application has rights of its own (Exchange Online).
    Client,
    /// A person signed in once; this refresh token came of it (Gmail). Read at each call, so that a new one is taken up
    /// without a restart.
    Refresh(SecretSource),
}

/// A token and which of its source's it is.
#[derive(Clone, Debug)]
pub struct Token {
    /// Signs in.
    pub secret: SecretString,
    serial: u64,
}

/// Where tokens for one `[oauth.NAME]` come from. Cheap to clone; the clones share the token.
#[derive(Clone)]
pub struct TokenSource(Arc<Inner>);

struct Inner {
    name: String,
    grant: Grant,
    exchange: Exchange,
    vault: Arc<dyn Vault>,
    clock: Clock,
    state: Mutex<State>,
    /// Who asks the token server; the others wait for what it gets.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    held: Option<(Token, Lifetime)>,
    serial: u64,
    failures: u32,
    /// After a fault: not asked again before.
    fault: Option<(TokenError, DateTime<Utc>)>,
    refusals: Refusals,
    /// A new refresh token that the database did not take yet, with the seed it descends from.
    unkept: Option<(SecretString, SecretString)>,
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSource").field("name", &self.0.name).finish_non_exhaustive()
    }
}

impl TokenSource {
    /// The source that the configuration calls `name`.
    #[must_use]
    pub fn new(name: &str, grant: Grant, exchange: Exchange, vault: Arc<dyn Vault>, clock: Clock) -> Self {
        let (state, asking) = (Mutex::default(), tokio::sync::Mutex::default());
        Self(Arc::new(Inner { name: name.to_owned(), grant, exchange, vault, clock, state, asking }))
    }

    /// Its configured name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// A token that is good now, asked for if need be. After a fault the server is left alone for a growing while, and the
    /// same fault is the answer.
    ///
    /// # Errors
    ///
    /// [`TokenError`] with the remedy.
    pub async fn token(&self) -> Result<Token, TokenError> {
        if let (Some(token), Standing::Fresh) = self.0.held() {
            return Ok(token);
        }
        // In a task of its own: whoever gives up waiting must not lose a refresh token that the server has just replaced.
        let inner = Arc::clone(&self.0);
        match tokio::spawn(async move { inner.renew().await }).await {
            Ok(result) => result,
            Err(_) => Err(self.0.error(TokenFault::Unreachable, "asking was interrupted")),
        }
    }

    /// A mail server refused `token` to `who` (`imap USER`, `smtp USER`). True when asking for a token again is worth it
    /// now: this one is thrown away, or was already. Else it is not the token, and no new one is asked for.
    #[must_use]
    pub fn refused(&self, token: &Token, who: &str) -> bool {
        let mut state = self.0.state();
        if !state.refusals.refused(who, self.0.clock.now()) {
            return false;
        }
        if state.held.as_ref().is_some_and(|(held, _)| held.serial == token.serial) {
            state.held = None;
        }
        true
    }

    /// A mail server let `who` in.
    pub fn accepted(&self, who: &str) {
        self.0.state().refusals.accepted(who);
    }

    /// How long until a token is to be asked for, so that nobody has to wait for one and a dead source is found out.
    #[must_use]
    pub fn due_in(&self) -> Duration {
        let (state, now) = (self.0.state(), self.0.clock.now());
        let due = match (&state.fault, &state.held) {
            (Some((_, not_before)), _) => *not_before,
            (None, Some(_)) if state.unkept.is_some() => now + TimeDelta::seconds(5),
            (None, Some((_, lifetime))) => lifetime.due(),
            (None, None) => now,
        };
        // At most so long, also when the clock was set back.
        (due - now).clamp(TimeDelta::zero(), TimeDelta::hours(1)).to_std().unwrap_or_default()
    }

    /// When the token in hand ends.
    #[must_use]
    pub fn until(&self) -> Option<DateTime<Utc>> {
        self.0.state().held.as_ref().map(|(_, lifetime)| lifetime.end())
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn error(&self, fault: TokenFault, detail: impl Into<String>) -> TokenError {
        TokenError::new(fault, self.exchange.place(), detail)
    }

    /// The token in hand and what it is worth; none when it is over.
    fn held(&self) -> (Option<Token>, Standing) {
        let (state, now) = (self.state(), self.clock.now());
        match &state.held {
            Some((token, lifetime)) if lifetime.standing(now) != Standing::Over => {
                let unkept = state.unkept.is_some();
                (Some(token.clone()), if unkept { Standing::Ageing } else { lifetime.standing(now) })
            }
            _ => (None, Standing::Over),
        }
    }

    async fn renew(&self) -> Result<Token, TokenError> {
        let _asking = match self.asking.try_lock() {
            Ok(asking) => asking,
            // Somebody is asking already: with a token that is still good nobody needs to wait.
            Err(_) => match self.held() {
                (Some(token), _) => return Ok(token),
                (None, _) => self.asking.lock().await,
            },
        };
        let (usable, standing) = self.held();
        if let (Some(token), Standing::Fresh) = (&usable, standing) {
            return Ok(token.clone());
        }
        let resting = self.state().fault.clone().filter(|(_, not_before)| {
            // A longer rest than any is a clock that was set back.
            let left = *not_before - self.clock.now();
            left > TimeDelta::zero() && left <= TimeDelta::minutes(5)
        });
        let result = match resting {
            Some((fault, _)) => Err(fault),
            None => self.ask().await,
        };
        // A token that still works is better than the news that the next one cannot be had.
        result.or_else(|fault| usable.filter(|_| self.held().0.is_some()).ok_or(fault))
    }

    async fn ask(&self) -> Result<Token, TokenError> {
        let asked_at = self.clock.now();
        let result = match &self.grant {
            Grant::Client => self.exchange.by_client().await,
            Grant::Refresh(seed) => self.exchange_refresh_token(seed).await,
        };
        match result {
            Ok(issued) => {
                let lifetime = Lifetime::new(asked_at, issued.seconds);
                let token = {
                    let mut state = self.state();
                    state.serial += 1;
                    let token = Token { secret: issued.access, serial: state.serial };
                    state.held = Some((token.clone(), lifetime));
                    (state.failures, state.fault) = (0, None);
                    token
                };
                tracing::info!(tokens = self.name, until = %lifetime.end(), "a new sign-in token");
                self.vault.note(&self.name, Note::Good { until: lifetime.end() }).await;
                Ok(token)
            }
            Err(error) => {
                let failures = {
                    let mut state = self.state();
                    state.failures = state.failures.saturating_add(1);
                    let wait = TimeDelta::from_std(back_off(state.failures)).unwrap_or(TimeDelta::minutes(5));
                    state.fault = Some((error.clone(), self.clock.now() + wait));
                    state.failures
                };
                tracing::warn!(
                    tokens = self.name,
                    fault = error.fault.as_str(),
                    code = error.code,
                    failures,
                    "no sign-in token"
                );
                self.vault.note(&self.name, Note::Bad(&error)).await;
                Err(error)
            }
        }
    }

    /// Spends the refresh token, in our turn, and keeps its successor before the turn ends.
    async fn exchange_refresh_token(&self, seed: &SecretSource) -> Result<Issued, TokenError> {
        let seed = seed.read().map_err(|what| self.error(TokenFault::Secret, what))?;
        let (kept, interrupted) = self.turn(&seed).await?;
        let kept = self.keep_what_was_not(&seed).await?.or(kept);
        let mut result = self.exchange.by_refresh_token(kept.as_ref().unwrap_or(&seed)).await;
        if kept.is_some() && result.as_ref().is_err_and(|error| error.fault.is_about_the_grant()) {
            // Some servers let the first one live on beside its successors.
            if let Ok(issued) = self.exchange.by_refresh_token(&seed).await {
                result = Ok(issued);
            }
        }
        if let Err(error) = &mut result
            && interrupted
            && error.fault == TokenFault::Ended
        {
            error.fault = TokenFault::Interrupted;
        }
        let new = result.as_ref().ok().and_then(|issued| issued.refresh.as_ref());
        if let Err(fault) = self.vault.give_back(&self.name, &seed, new).await {
            // The token itself is good. Its successor is kept in memory, and nothing is asked for before it is kept.
            if let Some(new) = new {
                tracing::error!(tokens = self.name, %fault, "the new refresh token is not kept yet: do not stop the program");
                self.state().unkept = Some((seed.clone(), new.clone()));
            }
        }
        result
    }

    /// Waits for our turn.
    async fn turn(&self, seed: &SecretString) -> Result<(Option<SecretString>, bool), TokenError> {
        let start = tokio::time::Instant::now();
        loop {
            match self.vault.take(&self.name, seed).await {
                Ok(Turn::Ours { kept, interrupted }) => return Ok((kept, interrupted)),
                Ok(Turn::Others) if start.elapsed() < LONGEST_TURN => tokio::time::sleep(LOOK_AGAIN).await,
                Ok(Turn::Others) => return Err(self.error(TokenFault::Turn, "its turn does not end")),
                Err(fault) => return Err(self.error(TokenFault::Keeping, fault.0)),
            }
        }
    }

    /// Keeps a refresh token that the database did not take before, and takes the turn again: it must not be spent before.
    async fn keep_what_was_not(&self, seed: &SecretString) -> Result<Option<SecretString>, TokenError> {
        use secrecy::ExposeSecret;
        let unkept = self.state().unkept.clone();
        let Some((its_seed, token)) = unkept else { return Ok(None) };
        if its_seed.expose_secret() != seed.expose_secret() {
            // Somebody signed in anew meanwhile: the old line of tokens has ended.
            self.state().unkept = None;
            return Ok(None);
        }
        let keeping = |fault: VaultError| self.error(TokenFault::Keeping, fault.0);
        self.vault.give_back(&self.name, seed, Some(&token)).await.map_err(keeping)?;
        self.state().unkept = None;
        self.turn(seed).await?;
        Ok(Some(token))
    }
}

/// How long a token server is left alone after so many faults in a row: 2 s doubling to 5 minutes.
fn back_off(failures: u32) -> Duration {
    Duration::from_secs((1u64 << failures.min(9)).min(300))
}
