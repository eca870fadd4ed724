//! The officers' accounts and sessions, as the sign-in and the list of officers ask for them.

use chrono::{DateTime, Utc};
use futures::{FutureExt, future::BoxFuture};
use secrecy::SecretString;

use super::{
    Answer, StoreDesk, count, hex, role,
    users::{self, UsersError},
};
use crate::{
    ids::{CaseReference, Uuid},
    reports::figures::{Table, tables},
    store::{
        exports,
        officers::{self, Officer as Account},
        sign_in, upkeep,
    },
    web::{
        access::Role,
        account_views::{AccountChange, Accounts, Claimed, GivenCase, GivenRow, NewSecret, OpenSession, SecondFactor},
        desk::{self, DeskError, Session, TokenHash},
        figures::Figures,
        session::IDLE,
        views::{Officer, OfficerRow},
    },
};

impl StoreDesk {
    pub(super) async fn all_officers(&self) -> Answer<Vec<OfficerRow>> {
        let mut tx = self.store.begin_read().await?;
        let rows = upkeep::officers(&mut tx).await?.into_iter().map(|row| {
            Ok(OfficerRow {
                officer: Officer { id: row.id, name: row.name, email: row.email, role: role(&row.role)? },
                disabled: !row.active,
                last_sign_in_at: row.last_sign_in_at,
                open_cases: count(row.open_cases),
            })
        });
        rows.collect()
    }

    pub(super) async fn find_account(&self, email: &str) -> Answer<Option<desk::Account>> {
        let mut tx = self.store.begin_read().await?;
        let Some(found) = officers::by_email(&mut tx, email).await? else { return Ok(None) };
        Ok(Some(desk::Account {
            password_hash: Some(found.password_hash.clone()).filter(|hash| !hash.is_empty()),
            disabled: !found.active,
            officer: officer(found)?,
        }))
    }

    pub(super) async fn find_session(&self, token: TokenHash) -> Answer<Option<Session>> {
        let mut tx = self.store.begin_read().await?;
        let Some(found) = upkeep::session(&mut tx, &hex(token)).await? else { return Ok(None) };
        Ok(Some(Session {
            officer: Officer { id: found.id, name: found.name, email: found.email, role: role(&found.role)? },
            created_at: found.created_at,
            seen_at: found.seen_at,
        }))
    }
}

impl StoreDesk {
    async fn open_ones(&self, officer: Uuid, token: Option<TokenHash>, now: DateTime<Utc>) -> Answer<Vec<OpenSession>> {
        let mine = token.map(hex);
        let rows = sign_in::sessions(&mut self.store.begin_read().await?, officer, now).await?;
        let alive = rows.into_iter().filter(|row| now - row.seen_at < IDLE);
        let shown = alive.map(|row| OpenSession {
            since: row.created_at,
            seen_at: row.seen_at,
            this: mine.as_deref() == Some(row.token_hash.as_str()),
        });
        Ok(shown.collect())
    }

    async fn change_one(
        &self,
        by: &Officer,
        id: Uuid,
        change: AccountChange,
        now: DateTime<Utc>,
    ) -> Answer<Option<SecretString>> {
        let account = officers::by_id(&mut self.store.begin_read().await?, id).await?.ok_or(DeskError::NotFound)?;
        if account.id == by.id {
            return Err(UsersError::Own.into());
        }
        let (store, email, who) = (&self.store, account.email.as_str(), Some(by.id));
        match change {
            AccountChange::Close => users::set_active(store, email, false, who, now).await?,
            AccountChange::Open => users::set_active(store, email, true, who, now).await?,
            AccountChange::Role(role) => users::set_role(store, email, role, who, now).await?,
            AccountChange::Password => return Ok(users::password_by(store, email, None, who, now).await?),
            AccountChange::ForgetSecondFactor => users::forget_second_factor(store, email, who, now).await?,
        }
        Ok(None)
    }

    /// The directory decides who somebody is and what they may do; whether their account is closed is decided here.
    async fn known(&self, who: &Claimed, now: DateTime<Utc>) -> Answer<Officer> {
        let mut tx = self.store.begin().await?;
        let email = who.email.trim().to_lowercase();
        let account = match sign_in::by_subject(&mut tx, &who.issuer, &who.subject).await? {
            Some(account) => account,
            None => match officers::by_email(&mut tx, &email).await? {
                // An account that was opened by hand becomes theirs, once.
                Some(account) => {
                    if !sign_in::set_subject(&mut tx, account.id, &who.issuer, &who.subject).await? {
                        let why = "Another person of the council’s directory has the account with your address: ask an administrator.";
                        return Err(DeskError::Refused(why.to_owned()));
                    }
                    account
                }
                None => {
                    let account = Account {
                        id: Uuid::now_v7(),
                        email: email.clone(),
                        name: who.name.trim().to_owned(),
                        role: who.role.as_str().to_owned(),
                        // They sign in through the directory alone.
                        password_hash: String::new(),
                        active: true,
                    };
                    officers::put(&mut tx, &account, now).await?;
                    sign_in::set_subject(&mut tx, account.id, &who.issuer, &who.subject).await?;
                    let what = format!("account added by the directory: {email} as {}", account.role);
                    officers::audit(&mut tx, None, &what, None, now).await?;
                    account
                }
            },
        };
        if !account.active {
            return Err(DeskError::Refused("Your account is closed: ask an administrator.".to_owned()));
        }
        users::take_role(&mut tx, &account, who.role, None, now).await?;
        if account.name != who.name.trim() && !who.name.trim().is_empty() {
            sign_in::set_name(&mut tx, account.id, who.name.trim()).await?;
        }
        officers::audit(&mut tx, Some(account.id), upkeep::SIGNED_IN, None, now).await?;
        tx.commit().await?;
        Ok(Officer { id: account.id, name: who.name.trim().to_owned(), email: account.email, role: who.role })
    }
}

/// An account as the pages know it.
fn officer(account: Account) -> Answer<Officer> {
    Ok(Officer { id: account.id, name: account.name, email: account.email, role: role(&account.role)? })
}

impl From<UsersError> for DeskError {
    fn from(error: UsersError) -> Self {
        match error {
            UsersError::Store(error) => error.into(),
            UsersError::Password(error) => Self::Unavailable(error.to_string()),
            UsersError::AlreadyThere(email) => {
                Self::Refused(format!("There is an account for {email} already: change it in the list."))
            }
            other => Self::Refused(super::sentence(&other.to_string())),
        }
    }
}

impl Accounts for StoreDesk {
    fn second_factor(&self, officer: Uuid) -> BoxFuture<'_, Answer<SecondFactor>> {
        self.factor_of(officer).boxed()
    }

    fn begin_second_factor<'a>(&'a self, officer: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<NewSecret>> {
        self.begin_factor(officer, now).boxed()
    }

    fn takes_code<'a>(&'a self, officer: Uuid, code: &'a str, now: DateTime<Utc>) -> BoxFuture<'a, Answer<bool>> {
        self.take_code(officer, code, now).boxed()
    }

    fn begin_half(&self, token: TokenHash, officer: Uuid, ends_at: DateTime<Utc>) -> BoxFuture<'_, Answer<()>> {
        async move {
            let mut tx = self.store.begin().await?;
            sign_in::begin_half(&mut tx, &hex(token), officer, ends_at).await?;
            Ok(tx.commit().await?)
        }
        .boxed()
    }

    fn half(&self, token: TokenHash, now: DateTime<Utc>) -> BoxFuture<'_, Answer<Option<Officer>>> {
        async move {
            let found = sign_in::half(&mut self.store.begin_read().await?, &hex(token), now).await?;
            found.map(officer).transpose()
        }
        .boxed()
    }

    fn end_half(&self, token: TokenHash, now: DateTime<Utc>) -> BoxFuture<'_, Answer<()>> {
        async move {
            let mut tx = self.store.begin().await?;
            sign_in::end_half(&mut tx, &hex(token), now).await?;
            Ok(tx.commit().await?)
        }
        .boxed()
    }

    fn sessions<'a>(
        &'a self,
        officer: &'a Officer,
        token: Option<TokenHash>,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Vec<OpenSession>>> {
        self.open_ones(officer.id, token, now).boxed()
    }

    fn end_sessions<'a>(&'a self, officer: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<()>> {
        async move {
            let mut tx = self.store.begin().await?;
            sign_in::end_sessions(&mut tx, officer.id).await?;
            officers::audit(&mut tx, Some(officer.id), "signed out everywhere", None, now).await?;
            Ok(tx.commit().await?)
        }
        .boxed()
    }

    fn with_second_factor(&self) -> BoxFuture<'_, Answer<Vec<Uuid>>> {
        async move { Ok(sign_in::with_second_factor(&mut self.store.begin_read().await?).await?) }.boxed()
    }

    fn add_account<'a>(
        &'a self,
        by: &'a Officer,
        account: (&'a str, &'a str, Role),
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<SecretString>> {
        async move {
            let added = users::add_by(&self.store, Some(by.id), account, None, now).await?;
            added.made.ok_or_else(|| DeskError::Unavailable("no password was made".to_owned()))
        }
        .boxed()
    }

    fn change_account<'a>(
        &'a self,
        by: &'a Officer,
        id: Uuid,
        change: AccountChange,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Option<SecretString>>> {
        self.change_one(by, id, change, now).boxed()
    }

    fn let_in<'a>(&'a self, who: &'a Claimed, now: DateTime<Utc>) -> BoxFuture<'a, Answer<Officer>> {
        self.known(who, now).boxed()
    }

    fn given<'a>(&'a self, officer: &'a Officer) -> BoxFuture<'a, Answer<Vec<GivenRow>>> {
        self.given_list(officer).boxed()
    }

    fn given_case<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<GivenCase>> {
        self.given_one(reference, officer, now).boxed()
    }
}

impl Figures for StoreDesk {
    fn figures(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> BoxFuture<'_, Answer<Vec<Table>>> {
        async move { Ok(tables(&exports::counts(&mut self.store.begin_read().await?, from, until).await?)) }.boxed()
    }
}
