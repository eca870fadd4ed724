//! Faults of the configuration, found at start and told with file, line and remedy.

use std::path::{Path, PathBuf};

use super::sections::{SecretSource, Sending, Settings};

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or not readable.
    #[error("{}: the configuration cannot be read ({cause}). Copy config/heard.example.toml there, or name another with --config", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// A line is wrong.
    #[error("{}:{line}: {what}", file.display())]
    Fault {
        /// The file.
        file: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong, and the remedy.
        what: String,
    },
}

impl ConfigError {
    /// A fault that the TOML reader found.
    pub(super) fn from_toml(file: &Path, text: &str, fault: &toml::de::Error) -> Self {
        let line = line_of(text, fault.span().map_or(0, |span| span.start));
        let message = fault.message();
        let remedy = if message.starts_with("unknown field") {
            "remove the key or correct its spelling; config/heard.example.toml lists every key"
        } else if message.starts_with("missing field") {
            "add the key; config/heard.example.toml shows it with its meaning"
        } else {
            "config/heard.example.toml shows the form"
        };
        Self::Fault { file: file.to_path_buf(), line, what: format!("{message}. Remedy: {remedy}") }
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// Checks what the types cannot say.
pub(super) fn check(settings: &Settings, text: &str, file: &Path) -> Result<(), ConfigError> {
    let fault =
        |at: usize, what: String| Err(ConfigError::Fault { file: file.to_path_buf(), line: line_of(text, at), what });
    let mut names: Vec<&str> = Vec::new();
    for mailbox in &settings.mailboxes {
        let (name, at) = (mailbox.name.get_ref().as_str(), mailbox.name.span().start);
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
            return fault(at, format!("the mailbox name \"{name}\" may hold letters, digits, '-', '_' and '.' only"));
        }
        if names.contains(&name) {
            return fault(at, format!("two mailboxes are called \"{name}\". Remedy: give each its own name"));
        }
        names.push(name);
        if mailbox.imap.is_some() == mailbox.folder.is_some() {
            return fault(
                at,
                format!("the mailbox \"{name}\" needs either imap = {{ … }} or folder = \"…\", one of the two"),
            );
        }
        for share in [mailbox.acknowledge_from, mailbox.keep_from].into_iter().flatten() {
            if !(0.0..=1.0).contains(&share) {
                return fault(
                    at,
                    format!("a probability of the mailbox \"{name}\" is {share}: it must lie between 0 and 1"),
                );
            }
        }
    }
    if settings.sending.smtp.is_some() == settings.sending.folder.is_some() {
        let at = text.find("[sending]").unwrap_or(0);
        return fault(at, "[sending] needs either smtp = { … } or folder = \"…\", one of the two".into());
    }
    if let Some(what) = limits_fault(&settings.sending) {
        let key = what.split_whitespace().next().unwrap_or_default();
        return fault(text.find(&format!("\n{key}")).map_or(0, |at| at + 1), what);
    }
    for secret in secrets(settings) {
        let at = match secret {
            SecretSource::File(path) => path.span().start,
            SecretSource::Env(name) => name.span().start,
        };
        if let Err(what) = secret.read() {
            return fault(at, what);
        }
    }
    Ok(())
}

/// What is wrong with the limits on letters; begins with the setting's name.
fn limits_fault(sending: &Sending) -> Option<String> {
    let limits = [
        ("per_address_an_hour", sending.per_address_an_hour),
        ("per_address_a_day", sending.per_address_a_day),
        ("per_address_a_week", sending.per_address_a_week),
        ("per_domain_an_hour", sending.per_domain_an_hour),
        ("receipts_an_hour", sending.receipts_an_hour),
        ("in_all_an_hour", sending.in_all_an_hour),
    ];
    let (name, _) = limits.iter().find(|(_, most)| *most == 0)?;
    Some(format!(
        "{name} is 0, so that every letter would wait for an officer. Remedy: give a number of at least 1; to stop all \
         letters, set enabled = false in [sending]"
    ))
}

fn secrets(settings: &Settings) -> Vec<&SecretSource> {
    let mut all = vec![&settings.secrets.key];
    all.extend(&settings.secrets.previous_key);
    all.extend(settings.mailboxes.iter().filter_map(|mailbox| mailbox.imap.as_ref()).map(|imap| &imap.password));
    all.extend(settings.sending.smtp.iter().filter_map(|smtp| smtp.password.as_ref()));
    all.extend(settings.chat.iter().map(|chat| &chat.token));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = include_str!("../../config/heard.example.toml");

    fn parse(text: &str) -> Result<Settings, String> {
        Settings::parse(text, Path::new("config/heard.toml")).map_err(|fault| fault.to_string())
    }

    /// The example names secrets in files; here they come from a variable that every machine has.
    fn good() -> String {
        regex::Regex::new(r#"\{ file = "[^"]*" \}"#).unwrap().replace_all(GOOD, r#"{ env = "PATH" }"#).into_owned()
    }

    #[test]
    fn the_example_is_a_whole_configuration() {
        let settings = parse(&good()).unwrap();
        assert!(settings.mailboxes.len() >= 3);
    }

    #[test]
    fn an_unknown_key_names_its_line_and_the_remedy() {
        let text = good().replace("[sending]\n", "[sending]\ncolour = \"red\"\n");
        let line = text.lines().position(|line| line.starts_with("colour")).unwrap() + 1;
        let said = parse(&text).unwrap_err();
        assert!(said.starts_with(&format!("config/heard.toml:{line}: unknown field `colour`")), "{said}");
        assert!(said.contains("Remedy"), "{said}");
    }

    #[test]
    fn a_missing_secret_names_its_line_and_the_remedy() {
        let text = good().replacen("{ env = \"PATH\" }", "{ file = \"/nowhere/heard-key\" }", 1);
        let line = text.lines().position(|line| line.contains("/nowhere")).unwrap() + 1;
        let said = parse(&text).unwrap_err();
        assert!(said.starts_with(&format!("config/heard.toml:{line}: the secret file /nowhere/heard-key")), "{said}");
        assert!(said.contains("create it"), "{said}");
    }

    #[test]
    fn a_limit_that_holds_everything_back_is_refused() {
        let text = good().replace("per_address_a_week = 20", "per_address_a_week = 0");
        let line = text.lines().position(|line| line.starts_with("per_address_a_week")).unwrap() + 1;
        let said = parse(&text).unwrap_err();
        assert!(said.starts_with(&format!("config/heard.toml:{line}: per_address_a_week is 0")), "{said}");
        assert!(said.contains("Remedy"), "{said}");
    }

    #[test]
    fn two_mailboxes_of_one_name_and_a_mailbox_without_a_place_are_refused() {
        let text = good() + "\n[[mailbox]]\nname = \"complaints\"\nkind = \"complaints\"\nfolder = \"x\"\n";
        assert!(parse(&text).unwrap_err().contains("two mailboxes are called"));
        let text = good() + "\n[[mailbox]]\nname = \"other\"\nkind = \"complaints\"\n";
        assert!(parse(&text).unwrap_err().contains("needs either imap"));
    }
}
