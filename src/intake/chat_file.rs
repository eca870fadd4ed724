//! Chat kept in a file: `chat.jsonl`, one contribution a line, oldest first.

use std::{io::BufRead, path::Path};

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// One contribution to a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatLine {
    /// Id of the contribution, unique in the file.
    #[serde(deserialize_with = "text_or_number")]
    pub id: String,
    /// Id of the conversation.
    #[serde(deserialize_with = "text_or_number")]
    pub chat_id: String,
    /// What the person calls themselves; empty if they do not say.
    #[serde(default)]
    pub from_name: String,
    /// When it was sent, with its zone.
    pub date: DateTime<FixedOffset>,
    /// The words.
    pub text: String,
}

/// Why a chat file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ChatFileError {
    /// The file cannot be opened or read.
    #[error("{file} cannot be read: {cause}")]
    Io {
        /// The file.
        file: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A line is not a contribution.
    #[error(
        "line {line} of {file} is not a chat message: {cause}. A line must be one JSON object with id, chat_id, from_name, \
         date (such as 2026-05-03T09:12:00+01:00) and text"
    )]
    Line {
        /// The file.
        file: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        cause: String,
    },
}

/// Chat ids are numbers at some services.
fn text_or_number<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Text(String),
        Number(i64),
    }
    Ok(match Id::deserialize(from)? {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    })
}

/// Longest line that is read (bytes).
const LONGEST_LINE: usize = 1024 * 1024;

/// The contributions in `reader`, one at a time; `file` names it in errors. Empty lines are passed over.
pub fn read_lines<R: BufRead>(reader: R, file: &str) -> impl Iterator<Item = Result<ChatLine, ChatFileError>> + use<R> {
    let file = file.to_owned();
    reader.split(b'\n').enumerate().filter_map(move |(index, line)| {
        let line = match line {
            Ok(line) => line,
            Err(cause) => return Some(Err(ChatFileError::Io { file: file.clone(), cause })),
        };
        let bytes = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        let wrong = |cause: String| ChatFileError::Line { file: file.clone(), line: index + 1, cause };
        if bytes.len() > LONGEST_LINE {
            return Some(Err(wrong("it is longer than 1 MB".to_owned())));
        }
        Some(
            serde_json::from_slice::<ChatLine>(bytes)
                .map_err(|error| wrong(error.to_string().replace(" at line 1", " at")))
                .and_then(|chat| {
                    if chat.id.trim().is_empty() || chat.chat_id.trim().is_empty() {
                        return Err(wrong("id and chat_id must not be empty".to_owned()));
                    }
                    Ok(ChatLine { text: super::body::clean(&chat.text), ..chat })
                }),
        )
    })
}

/// As [`read_lines`], from a file.
///
/// # Errors
///
/// When the file cannot be opened; each line has its own result.
pub fn open(path: &Path) -> Result<impl Iterator<Item = Result<ChatLine, ChatFileError>> + use<>, ChatFileError> {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let opened =
        std::fs::File::open(path).map_err(|cause| ChatFileError::Io { file: path.display().to_string(), cause })?;
    Ok(read_lines(std::io::BufReader::new(opened), &file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_lines_are_read_and_a_bad_one_says_where_it_is_and_what_it_lacks() {
        let text = concat!(
            r#"{"id":"t:1","chat_id":77,"from_name":"Ann","date":"2026-05-03T09:12:00+01:00","text":"nobody\u0000 came"}"#,
            "\n\n",
            r#"{"id":"t:2","chat_id":"77","from_name":"Ann","date":"yesterday","text":"x"}"#,
            "\n",
            r#"{"id":"t:3","chat_id":"77","date":"2026-05-03T09:13:00Z"}"#,
            "\n"
        );
        let lines: Vec<_> = read_lines(text.as_bytes(), "chat.jsonl").collect();
        let first = lines[0].as_ref().unwrap();
        assert_eq!((first.chat_id.as_str(), first.text.as_str()), ("77", "nobody\u{fffd} came"));
        let wrong: Vec<String> = lines[1..].iter().map(|line| line.as_ref().unwrap_err().to_string()).collect();
        assert!(wrong[0].starts_with("line 3 of chat.jsonl is not a chat message"), "{}", wrong[0]);
        assert!(wrong[1].starts_with("line 4") && wrong[1].contains("missing field `text`"), "{}", wrong[1]);
    }
}
