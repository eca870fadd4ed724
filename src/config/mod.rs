//! Settings: one TOML file, checked whole at start. Every fault names the file, the line and the remedy.

mod chat;
mod check;
mod families;
mod labelling;
mod procedures;
mod reminders;
mod retention;
mod safeguarding;
mod sections;
mod sign_in;
mod single_sign_on;
mod staff;

use std::path::Path;

use secrecy::SecretString;

pub use chat::Chat;
pub use check::ConfigError;
pub use families::FamiliesSection;
pub use labelling::Labelling;
pub use procedures::ProceduresSection;
pub use reminders::RemindersSection;
pub use safeguarding::{Level, SafeguardingSection};
pub use sections::{
    Advocacy, Council, Danger, DatabaseSettings, FilesSection, Identity, ImapSection, LettersSection, MailboxKind,
    MailboxSection, NamedOfficer, Ombudsman, SecretSource, Secrets, Sending, Settings, SmtpSection, Verify, Web,
};
pub use sign_in::{Alerts, OauthSection, OauthSections, alerts_url};
pub use single_sign_on::{SecondFactorRule, SingleSignOnSection};
pub use staff::{StaffError, StaffSection, load as staff_directory};

impl Settings {
    /// Reads and checks the file at `path`.
    ///
    /// Relative paths in it are taken from the folder the program is started in.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with file, line and remedy: not readable, not TOML, unknown key, wrong value, missing secret.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|cause| ConfigError::Unreadable { file: path.to_path_buf(), cause: cause.to_string() })?;
        Self::parse(&text, path)
    }

    /// The same from a text; `path` is only for messages.
    ///
    /// # Errors
    ///
    /// As [`Settings::load`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let settings: Self = toml::from_str(text).map_err(|fault| ConfigError::from_toml(path, text, &fault))?;
        check::check(&settings, text, path)?;
        Ok(settings)
    }

    /// The mailbox called `name`, if one is configured.
    #[must_use]
    pub fn mailbox(&self, name: &str) -> Option<&MailboxSection> {
        self.mailboxes.iter().find(|mailbox| mailbox.name.get_ref() == name)
    }
}

impl SecretSource {
    /// Reads the secret. Called at start, so that a missing one stops the program then and not at the first message.
    ///
    /// # Errors
    ///
    /// What is missing and where to put it.
    pub fn read(&self) -> Result<SecretString, String> {
        let text = match self {
            Self::File(file) => std::fs::read_to_string(file.get_ref()).map_err(|cause| {
                format!(
                    "the secret file {} cannot be read ({cause}): create it with mode 0600, holding the secret alone",
                    file.get_ref().display()
                )
            })?,
            Self::Env(name) => std::env::var(name.get_ref()).map_err(|_| {
                format!("the environment variable {} is not set: set it, or name a file instead", name.get_ref())
            })?,
        };
        let secret = text.trim_end_matches(['\r', '\n']);
        if secret.is_empty() {
            return Err("the secret is empty".to_owned());
        }
        Ok(SecretString::from(secret.to_owned()))
    }
}
