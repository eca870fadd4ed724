//! What the pages about accounts ask of the program: the second factor, sessions, and what an administrator does to accounts.

use chrono::{DateTime, NaiveDate, Utc};
use futures::future::BoxFuture;
use secrecy::SecretString;
use serde::Serialize;

use super::{
    access::Role,
    desk::{DeskError, TokenHash},
    views::{CaseView, Officer},
};
use crate::ids::{CaseReference, Uuid};

/// How an account stands with its second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum SecondFactor {
    /// It has none.
    None,
    /// It is asked for at each sign-in.
    On {
        /// Since when.
        since: DateTime<Utc>,
    },
}

/// A secret that was made for somebody, to be shown once.
#[derive(Clone, Debug, Serialize)]
pub struct NewSecret {
    /// As it is typed into an app, in groups of four.
    pub key: String,
    /// The same as an address that apps read (`otpauth:`), as a picture: SVG in a data URL.
    pub picture: String,
}

/// One of somebody's sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenSession {
    /// Since when.
    pub since: DateTime<Utc>,
    /// The last page.
    pub seen_at: DateTime<Utc>,
    /// It is the one that asks.
    pub this: bool,
}

/// What an administrator does to somebody's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountChange {
    /// It may not sign in any more.
    Close,
    /// It may again.
    Open,
    /// It is for something else.
    Role(Role),
    /// It gets a new password.
    Password,
    /// Its second factor is lost.
    ForgetSecondFactor,
}

/// Somebody whom the council's own directory has let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Which directory.
    pub issuer: String,
    /// Its key for the person: it never changes.
    pub subject: String,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they may do here.
    pub role: Role,
}

/// A case that somebody is appointed in, in their list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GivenRow {
    /// Its reference.
    pub reference: String,
    /// Whose complaint it is.
    pub family: Option<String>,
    /// Which procedure, in words.
    pub procedure: &'static str,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// When the next thing is due.
    pub next_on: Option<NaiveDate>,
    /// To what they are appointed, in words.
    pub posts: Vec<&'static str>,
}

/// A case as somebody sees it who is appointed in it.
#[derive(Clone, Debug, Serialize)]
pub struct GivenCase {
    /// To what they are appointed, in words.
    pub posts: Vec<&'static str>,
    /// What they may hand in: word and text.
    pub may_hand_in: Vec<(&'static str, &'static str)>,
    /// How to reach the family, for those who must speak with them.
    pub contacts: Vec<(String, String)>,
    /// The case, without what is not theirs to see.
    pub case: CaseView,
}

/// Accounts, and the cases of those who are appointed. A desk without accounts has none of it.
pub trait Accounts: Send + Sync {
    /// Whether the account has a second factor.
    fn second_factor(&self, _officer: Uuid) -> BoxFuture<'_, Result<SecondFactor, DeskError>> {
        Box::pin(async { Ok(SecondFactor::None) })
    }

    /// Makes a new secret for an account without a second factor; it counts from its first code on.
    fn begin_second_factor<'a>(
        &'a self,
        _officer: &'a Officer,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<NewSecret, DeskError>> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    /// Whether this is the code of now, never taken before. A secret that waits for its first code counts from now on.
    fn takes_code<'a>(
        &'a self,
        _officer: Uuid,
        _code: &'a str,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<bool, DeskError>> {
        Box::pin(async { Ok(false) })
    }

    /// The right password was given: until `ends_at` the code is waited for.
    fn begin_half(
        &self,
        _token: TokenHash,
        _officer: Uuid,
        _ends_at: DateTime<Utc>,
    ) -> BoxFuture<'_, Result<(), DeskError>> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    /// Whoever is half signed in with this token.
    fn half(&self, _token: TokenHash, _now: DateTime<Utc>) -> BoxFuture<'_, Result<Option<Officer>, DeskError>> {
        Box::pin(async { Ok(None) })
    }

    /// Ends that.
    fn end_half(&self, _token: TokenHash, _now: DateTime<Utc>) -> BoxFuture<'_, Result<(), DeskError>> {
        Box::pin(async { Ok(()) })
    }

    /// The account's sessions, the newest first; `token` is the one that asks.
    fn sessions<'a>(
        &'a self,
        _officer: &'a Officer,
        _token: Option<TokenHash>,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<OpenSession>, DeskError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Ends every session of the account.
    fn end_sessions<'a>(&'a self, _officer: &'a Officer, _now: DateTime<Utc>) -> BoxFuture<'a, Result<(), DeskError>> {
        Box::pin(async { Ok(()) })
    }

    /// Those of the accounts that have a second factor.
    fn with_second_factor(&self) -> BoxFuture<'_, Result<Vec<Uuid>, DeskError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Opens an account; the password that was made for it. [`DeskError::Refused`] says what is wrong.
    fn add_account<'a>(
        &'a self,
        _by: &'a Officer,
        _account: (&'a str, &'a str, Role),
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<SecretString, DeskError>> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    /// Changes an account, and ends its sessions; the password, if one was made.
    fn change_account<'a>(
        &'a self,
        _by: &'a Officer,
        _id: Uuid,
        _change: AccountChange,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Option<SecretString>, DeskError>> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    /// The account of somebody whom the directory has let in: opened at their first time, and for each time what the directory
    /// says that they may do. [`DeskError::Refused`] says why not.
    fn let_in<'a>(&'a self, _who: &'a Claimed, _now: DateTime<Utc>) -> BoxFuture<'a, Result<Officer, DeskError>> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    /// The open cases that `officer` is appointed in, what is due first in front.
    fn given<'a>(&'a self, _officer: &'a Officer) -> BoxFuture<'a, Result<Vec<GivenRow>, DeskError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// One of them, to be shown: that `officer` looked at it is written down.
    fn given_case<'a>(
        &'a self,
        _reference: CaseReference,
        _officer: &'a Officer,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<GivenCase, DeskError>> {
        Box::pin(async { Err(DeskError::NotFound) })
    }
}
