//! What a database said when it did not do what was asked, with a remedy.

/// What the database said, and to which statement.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.words())]
pub struct StoreError {
    statement: &'static str,
    #[source]
    cause: sqlx::Error,
}

impl StoreError {
    pub(crate) fn new(statement: &'static str, cause: sqlx::Error) -> Self {
        Self { statement, cause }
    }

    /// A row that does not hold what it should: names the statement.
    pub(crate) fn bad_row(statement: &'static str, what: impl std::fmt::Display) -> Self {
        Self { statement, cause: sqlx::Error::Decode(what.to_string().into()) }
    }

    /// The fault in words with a remedy where one is known. Holds no bound value, so no personal data.
    #[must_use]
    pub fn words(&self) -> String {
        format!("database ({}): {}; {}", self.statement, self.said(), self.remedy())
    }

    /// What the database said.
    #[must_use]
    pub fn said(&self) -> String {
        match &self.cause {
            sqlx::Error::Database(fault) => fault.message().to_owned(),
            other => other.to_string(),
        }
    }

    /// How to mend it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        let code = match &self.cause {
            sqlx::Error::Database(fault) => fault.code(),
            _ => None,
        };
        match code.as_deref() {
            Some("13") => "the disk is full: free some space; intake goes on by itself afterwards",
            Some("5" | "6" | "261" | "517") => "another program holds the database: close it; intake goes on by itself",
            Some("8" | "1032" | "1544") => {
                "the database may not be written: give the user heard the right to write the file and its folder"
            }
            Some("14") => "the database file cannot be opened: check the folder and its permissions",
            Some("26") => "the file is no database: correct [database] url, or restore the file from the backup",
            Some("53100") => "the database server's disk is full: free some space",
            Some("28P01" | "28000") => "the database refused the sign-in: check user and password in [database]",
            Some("3D000") => "that database does not exist: create it, or correct [database] url",
            _ if matches!(self.cause, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) => {
                "the database does not answer: check that it runs and that [database] url is right"
            }
            _ => "see the database's own log",
        }
    }

    /// True when the same thing is worth another try later: full disk, lock, lost connection.
    #[must_use]
    pub fn passes(&self) -> bool {
        match &self.cause {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
            sqlx::Error::Database(fault) => matches!(
                fault.code().as_deref(),
                Some(
                    "13" | "5"
                        | "6"
                        | "261"
                        | "517"
                        | "8"
                        | "10"
                        | "40001"
                        | "40P01"
                        | "53100"
                        | "53200"
                        | "53300"
                        | "57P01"
                        | "57P03"
                )
            ),
            _ => false,
        }
    }
}
