//! stub
#![allow(missing_docs, unused_variables)]
use crate::{
    casework::Office,
    ids::{CaseReference, Uuid},
    store::Store,
    web::{
        desk::*,
        views::{CaseView, HealthView, HeldLetter, Officer, OfficerRow, Quarantined, QueuePage, QueueQuery},
    },
};
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use std::sync::Arc;
pub struct StoreDesk;
impl StoreDesk {
    pub fn new(_: Store, _: Arc<Office>, _: Option<String>, _: Arc<tokio::sync::Notify>) -> Self {
        Self
    }
}
impl Desk for StoreDesk {
    fn queue<'a>(
        &'a self,
        query: &'a QueueQuery,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<QueuePage, DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn case<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<CaseView, DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn act<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        version: i64,
        action: DeskAction,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Done, DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn health(&self, now: DateTime<Utc>) -> BoxFuture<'_, Result<HealthView, DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn quarantine(&self) -> BoxFuture<'_, Result<Vec<Quarantined>, DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn quarantined(&self, id: Uuid) -> BoxFuture<'_, Result<Quarantined, DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn held_letters(&self) -> BoxFuture<'_, Result<Vec<HeldLetter>, DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn officers(&self) -> BoxFuture<'_, Result<Vec<OfficerRow>, DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn account<'a>(&'a self, email: &'a str) -> BoxFuture<'a, Result<Option<Account>, DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn record_sign_in(
        &self,
        officer: Uuid,
        succeeded: bool,
        now: DateTime<Utc>,
    ) -> BoxFuture<'_, Result<(), DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn open_session(
        &self,
        token: TokenHash,
        officer: Uuid,
        now: DateTime<Utc>,
    ) -> BoxFuture<'_, Result<(), DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn session(&self, token: TokenHash) -> BoxFuture<'_, Result<Option<Session>, DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn session_seen(&self, token: TokenHash, now: DateTime<Utc>) -> BoxFuture<'_, Result<(), DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn end_session(&self, token: TokenHash, now: DateTime<Utc>) -> BoxFuture<'_, Result<(), DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
    fn ready(&self) -> BoxFuture<'_, Result<(), DeskError>> {
        Box::pin(async { Err(DeskError::Unavailable("stub".into())) })
    }
}
pub mod users {
    use super::*;
    #[derive(Debug, thiserror::Error)]
    #[error("stub")]
    pub struct UsersError;
    #[derive(serde::Serialize)]
    pub struct User {
        pub email: String,
        pub name: String,
        pub role: String,
        pub active: bool,
    }
    pub async fn add(
        _: &Store,
        _: &str,
        _: &str,
        _: &str,
        _: Option<&str>,
        _: DateTime<Utc>,
    ) -> Result<Option<String>, UsersError> {
        Ok(Some("x".into()))
    }
    pub async fn list(_: &Store) -> Result<Vec<User>, UsersError> {
        Ok(vec![])
    }
    pub async fn disable(_: &Store, _: &str) -> Result<(), UsersError> {
        Ok(())
    }
    pub async fn enable(_: &Store, _: &str) -> Result<(), UsersError> {
        Ok(())
    }
    pub async fn password(_: &Store, _: &str, _: DateTime<Utc>) -> Result<String, UsersError> {
        Ok("x".into())
    }
}
