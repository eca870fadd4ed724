//! A database of a test's own, looked into past the program's own statements.

use std::{fs, path::Path, time::Duration};

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

/// A database of the test's own.
pub struct Database {
    pub url: String,
    /// The server, to drop the database in the end; None on SQLite.
    server: Option<(String, String)>,
}

impl Database {
    /// A file in `dir`.
    pub fn sqlite(dir: &Path) -> Self {
        Self { url: format!("sqlite://{}", dir.join("heard.db").display()), server: None }
    }

    /// A fresh database on the server that `HEARD_TEST_POSTGRES` names; None, with a line, when there is none.
    pub async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("HEARD_TEST_POSTGRES") else {
            println!("skipped on Postgres: HEARD_TEST_POSTGRES names no server");
            return None;
        };
        let name = format!("heard_{}", uuid::Uuid::new_v4().simple());
        let mut connection = PgConnection::connect(&server).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let mut url = url::Url::parse(&server).unwrap();
        url.set_path(&name);
        Some(Self { url: url.into(), server: Some((server, name)) })
    }

    /// The file, on SQLite.
    pub fn file(&self) -> Option<&Path> {
        self.url.strip_prefix("sqlite://").map(Path::new)
    }

    /// The single number that `sql` gives.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.file() {
            Some(file) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new()
                    .filename(file)
                    .read_only(true)
                    .busy_timeout(Duration::from_secs(30));
                let mut connection = options.connect().await.unwrap();
                let n = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                n
            }
            None => {
                let mut connection = PgConnection::connect(&self.url).await.unwrap();
                let n = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                n
            }
        }
    }

    /// Where any of `words` stands in what the database keeps, as bytes.
    pub async fn find(&self, words: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(file) = self.file() {
            let folder = file.parent().unwrap();
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_file() {
                    let bytes = fs::read(entry.path()).unwrap();
                    found.extend(
                        words
                            .iter()
                            .filter(|word| holds(&bytes, word))
                            .map(|word| format!("{word} in {}", entry.file_name().display())),
                    );
                }
            }
            return found;
        }
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        let tables: Vec<String> =
            sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
                .fetch_all(&mut connection)
                .await
                .unwrap();
        assert!(tables.len() > 10, "{tables:?}");
        for table in tables {
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("SELECT t::text FROM {table} t")))
                .fetch_all(&mut connection)
                .await
                .unwrap();
            for (row, word) in rows.iter().flat_map(|row| words.iter().map(move |word| (row, word))) {
                // Bytes are printed in hexadecimal digits.
                let hex = data_encoding::HEXLOWER.encode(word.as_bytes());
                if holds(row.as_bytes(), word) || row.contains(&hex) {
                    found.push(format!("{word} in {table}"));
                }
            }
        }
        // The server's own files, where this machine may read them: pages with dead rows, and the log of writes.
        sqlx::query("CHECKPOINT").execute(&mut connection).await.unwrap();
        let (folder, oid): (String, String) = sqlx::query_as(
            "SELECT current_setting('data_directory'), (SELECT oid::text FROM pg_database WHERE datname = current_database())",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap();
        connection.close().await.unwrap();
        for folder in [Path::new(&folder).join("base").join(oid), Path::new(&folder).join("pg_wal")] {
            let Ok(entries) = fs::read_dir(&folder) else {
                println!("not searched as bytes, not readable here: the files of Postgres");
                break;
            };
            for entry in entries.map(Result::unwrap) {
                let bytes = fs::read(entry.path()).unwrap_or_default();
                found.extend(
                    words
                        .iter()
                        .filter(|word| holds(&bytes, word))
                        .map(|word| format!("{word} in {}", entry.path().display())),
                );
            }
        }
        found
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((server, name)) = self.server.take() else { return };
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&server).await.unwrap();
                let sql = AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"));
                sqlx::query(sql).execute(&mut connection).await.unwrap();
            });
        });
        let _ = dropped.join();
    }
}

/// Whether `bytes` holds `word`.
pub fn holds(bytes: &[u8], word: &str) -> bool {
    let (first, rest) = word.as_bytes().split_first().unwrap();
    bytes.iter().enumerate().any(|(at, byte)| byte == first && bytes[at + 1..].starts_with(rest))
}
