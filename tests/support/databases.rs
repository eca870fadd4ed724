//! A database of its own for a test: a file of SQLite, and, where `HEARD_TEST_POSTGRES` names a server, a database there.
#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::panic)]

use std::str::FromStr;

use heard::store::Store;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, postgres::PgConnectOptions};

pub struct Database {
    pub store: Store,
    pub kind: &'static str,
    /// What another program is given to find it.
    pub url: String,
    server: Option<(PgConnectOptions, String)>,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/heard.db", folder.path().display());
        let store = Store::open(&url).await.unwrap();
        Self { store, kind: "SQLite", url, server: None, _folder: Some(folder) }
    }

    /// None where no server is named.
    pub async fn postgres() -> Option<Self> {
        let url = std::env::var("HEARD_TEST_POSTGRES").ok().filter(|url| !url.is_empty())?;
        let options = PgConnectOptions::from_str(&url).unwrap();
        let name = format!("heard_test_{}", uuid::Uuid::new_v4().simple());
        let mut server = PgConnection::connect_with(&options).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut server).await.unwrap();
        let mut own = url::Url::parse(&url).unwrap();
        own.set_path(&name);
        let store = Store::open(own.as_str()).await.unwrap();
        Some(Self { store, kind: "Postgres", url: own.into(), server: Some((options, name)), _folder: None })
    }

    /// One number from the database, past the program's own statements.
    pub async fn number(&self, sql: &'static str) -> i64 {
        match &self.store {
            Store::Sqlite { write, .. } => sqlx::query(sql).fetch_one(write).await.unwrap().get(0),
            Store::Postgres { pool, .. } => sqlx::query(sql).fetch_one(pool).await.unwrap().get(0),
        }
    }

    /// The texts in the one column of `sql`.
    pub async fn texts(&self, sql: &'static str) -> Vec<String> {
        match &self.store {
            Store::Sqlite { read, .. } => sqlx::query_scalar(sql).fetch_all(read).await,
            Store::Postgres { pool, .. } => sqlx::query_scalar(sql).fetch_all(pool).await,
        }
        .unwrap()
    }

    /// Changes something past the program's own statements.
    pub async fn run(&self, sql: &'static str) {
        match &self.store {
            Store::Sqlite { write, .. } => sqlx::query(sql).execute(write).await.map(|_| ()).unwrap(),
            Store::Postgres { pool, .. } => sqlx::query(sql).execute(pool).await.map(|_| ()).unwrap(),
        }
    }

    pub async fn drop(self) {
        self.store.close().await;
        if let Some((options, name)) = self.server {
            let mut server = PgConnection::connect_with(&options).await.unwrap();
            sqlx::query(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)")))
                .execute(&mut server)
                .await
                .unwrap();
        }
    }
}
