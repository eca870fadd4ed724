//! The staff directory: a CSV file with one member of staff a line.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::procedure::independence::{Directory, Staff};

/// Members of staff whom a complaint may be about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffSection {
    /// A CSV file with the columns `email`, `name`, `job`, `team` and `line_manager` (an address). Without one, only those who
    /// can sign in are known.
    pub directory: Option<PathBuf>,
}

/// Why the staff directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The file.
    #[error(
        "the staff directory {file} cannot be read: {cause}. Remedy: name the file in [staff] directory, or leave the key out"
    )]
    Unreadable {
        /// Which.
        file: String,
        /// What the system said.
        cause: String,
    },
    /// A line of it.
    #[error(
        "{file}, line {line}: {fault}. Remedy: the first line names the columns email, name and, as far as known, job, team, line_manager"
    )]
    Line {
        /// Which file.
        file: String,
        /// Which line, from 1.
        line: u64,
        /// What is wrong with it.
        fault: String,
    },
}

#[derive(Deserialize)]
struct Row {
    email: String,
    name: String,
    #[serde(default)]
    job: String,
    #[serde(default)]
    team: String,
    #[serde(default)]
    line_manager: String,
}

/// Reads the directory at `path`.
///
/// # Errors
///
/// [`StaffError`] with file, line and remedy.
pub fn load(path: &Path) -> Result<Directory, StaffError> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|cause| StaffError::Unreadable { file: file.clone(), cause: cause.to_string() })?;
    parse(&text, &file)
}

/// The same from a text; `file` is only for messages.
///
/// # Errors
///
/// As [`load`].
pub fn parse(text: &str, file: &str) -> Result<Directory, StaffError> {
    let fault = |line: u64, fault: String| StaffError::Line { file: file.to_owned(), line, fault };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().cloned().map_err(|error| fault(1, error.to_string()))?;
    let mut staff: Vec<Staff> = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|error| fault(error.position().map_or(0, csv::Position::line), error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row: Row = record.deserialize(Some(&headers)).map_err(|error| fault(line, error.to_string()))?;
        let addresses = std::iter::once(&row.email).chain(Some(&row.line_manager).filter(|one| !one.is_empty()));
        for address in addresses {
            if address.parse::<lettre::Address>().is_err() {
                return Err(fault(line, format!("“{address}” is no email address")));
            }
        }
        if row.name.is_empty() {
            return Err(fault(line, "the name is missing".to_owned()));
        }
        let email = row.email.to_lowercase();
        if staff.iter().any(|other| other.email == email) {
            return Err(fault(line, format!("{email} stands in it twice")));
        }
        let manager = Some(row.line_manager.to_lowercase()).filter(|manager| !manager.is_empty());
        staff.push(Staff { email, name: row.name, job: row.job, team: row.team, manager });
    }
    Ok(Directory::new(staff))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_needs_addresses_and_names() {
        let found =
            parse("name,email,line_manager\nHelen Marsh, H.Marsh@a.example ,p@a.example\nPeter,p@a.example,\n", "f");
        let found = found.unwrap();
        let helen = found.by_email("h.marsh@a.example").unwrap();
        assert_eq!((helen.name.as_str(), helen.manager.as_deref()), ("Helen Marsh", Some("p@a.example")));
        let fault = |text: &str| parse(text, "staff.csv").unwrap_err().to_string();
        assert!(fault("email,name\nh@a.example,\n").contains("staff.csv, line 2: the name is missing"));
        assert!(fault("email,name\nhelen,Helen\n").contains("“helen” is no email address"));
        assert!(fault("email,name\n,Helen\n").contains("“” is no email address"));
        assert!(fault("email,name\na@a.example,A\nA@a.example,B\n").contains("line 3: a@a.example stands in it twice"));
        assert!(fault("mail,name\na@a.example,A\n").contains("the columns email, name"));
    }
}
