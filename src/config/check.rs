//! Faults of the configuration, found at start and told with file, line and remedy.

use std::path::{Path, PathBuf};

use super::{
    families, retention, safeguarding,
    sections::{SecretSource, Sending, Settings},
    sign_in, single_sign_on,
};

/// No message is larger (megabytes).
const MOST_MB: u64 = 100;
/// More files than any person sends.
const MOST_FILES: usize = 1_000;

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
    check_senders(settings)
        .and_then(|()| safeguarding::check(settings))
        .and_then(|()| retention::check(settings))
        .and_then(|()| families::check(settings))
        .or_else(|(key, what)| fault(text.find(key).unwrap_or(0), what))?;
    if settings.sending.smtp.is_some() == settings.sending.folder.is_some() {
        let at = text.find("[sending]").unwrap_or(0);
        return fault(at, "[sending] needs either smtp = { … } or folder = \"…\", one of the two".into());
    }
    if let Err((at, what)) = sign_in::check(settings, text).and_then(|()| single_sign_on::check(settings)) {
        return fault(at, what);
    }
    let mail = &settings.sending.largest_mb;
    if !(1..=MOST_MB).contains(mail.get_ref()) {
        let what = format!("largest_mb of [sending] is {}: a mail may have 1 to {MOST_MB} MB", mail.get_ref());
        return fault(mail.span().start, what);
    }
    let files = &settings.files;
    if !(1..=MOST_MB).contains(files.largest_mb.get_ref()) {
        let n = files.largest_mb.get_ref();
        let what = format!("largest_mb is {n}: a file may have 1 to {MOST_MB} MB, as much as a whole message");
        return fault(files.largest_mb.span().start, what);
    }
    if !(1..=MOST_FILES).contains(files.most_files.get_ref()) {
        let n = files.most_files.get_ref();
        return fault(
            files.most_files.span().start,
            format!("most_files is {n}: of one message 1 to {MOST_FILES} files can be kept"),
        );
    }
    if let Some(clamd) = &files.clamd
        && !is_clamd(clamd.get_ref())
    {
        return fault(
            clamd.span().start,
            format!(
                "clamd = \"{}\" is no place of a scanner: write host:port, such as 127.0.0.1:3310, or the path of its \
                 socket, such as /run/clamav/clamd.ctl",
                clamd.get_ref()
            ),
        );
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

/// `host:port`, or the path of a socket.
fn is_clamd(place: &str) -> bool {
    let host_and_port = |(host, port): (&str, &str)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0);
    place.starts_with('/') || (!place.contains('/') && place.rsplit_once(':').is_some_and(host_and_port))
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

/// Who counts as staff, as a form, and as a server to be believed. The key at fault, and what to do.
fn check_senders(settings: &Settings) -> Result<(), (&'static str, String)> {
    let council = &settings.council;
    for (key, addresses) in [("staff_addresses", &council.staff_addresses), ("form_senders", &council.form_senders)] {
        if let Some(wrong) = addresses.iter().find(|address| address.trim().parse::<lettre::Address>().is_err()) {
            return Err((
                key,
                format!("`{key}` holds \"{wrong}\", which is no email address. Remedy: name@domain, one a string"),
            ));
        }
    }
    let no_host = |name: &&String| name.is_empty() || name.contains(['@', ' ', '/']);
    if let Some(wrong) = settings.identity.trusted_servers.iter().find(no_host) {
        let remedy = "Remedy: the name that stands first in the Authentication-Results of mail you received";
        return Err((
            "trusted_servers",
            format!("`trusted_servers` holds \"{wrong}\", which is no server's name. {remedy}"),
        ));
    }
    Ok(())
}

fn secrets(settings: &Settings) -> Vec<&SecretSource> {
    let mut all = vec![&settings.secrets.key];
    all.extend(&settings.secrets.previous_key);
    all.extend(settings.mailboxes.iter().filter_map(|mailbox| mailbox.imap.as_ref()?.password.as_ref()));
    all.extend(settings.sending.smtp.iter().filter_map(|smtp| smtp.password.as_ref()));
    all.extend(settings.chat.iter().map(|chat| &chat.token));
    all.extend(sign_in::secrets(settings));
    all.extend(settings.single_sign_on.iter().map(|section| &section.client_secret));
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
    fn cases_are_kept_for_years() {
        let with = |line: &str| format!("{}\n[retention]\n{line}\n", good());
        assert_eq!(parse(&good()).unwrap().retention.years, 6);
        assert_eq!(parse(&with("statutory_years = 10")).unwrap().retention.statutory_years, Some(10));
        for wrong in ["years = 0", "statutory_years = 0", "child_birthday = 121", "soon_days = 400"] {
            let said = parse(&with(wrong)).unwrap_err();
            let key = wrong.split(' ').next().unwrap();
            assert!(said.contains(&format!("{key} of [retention] is")), "{said}");
        }
        assert!(parse(&with("year = 6")).unwrap_err().contains("unknown field"));
    }

    #[test]
    fn the_largest_mail_is_as_a_mail_server_may_have_it() {
        assert_eq!(*parse(&good()).unwrap().sending.largest_mb.get_ref(), 20);
        for wrong in ["0", "101"] {
            let text = good().replace("largest_mb = 20 ", &format!("largest_mb = {wrong} "));
            let line = text.lines().position(|line| line.starts_with("largest_mb")).unwrap() + 1;
            let said = parse(&text).unwrap_err();
            assert!(
                said.starts_with(&format!("config/heard.toml:{line}: largest_mb of [sending] is {wrong}")),
                "{said}"
            );
        }
    }

    #[test]
    fn what_is_no_address_and_no_server_is_refused_with_its_line() {
        for (from, to, said) in [
            ("staff_addresses = []", "staff_addresses = [\"jo hill\"]", "which is no email address"),
            (
                "# trusted_servers = [\"mx.calderbeck.example\"]",
                "trusted_servers = [\"https://mx\"]",
                "no server's name",
            ),
            ("# verify = \"mail-auth\"", "verify = \"spf\"", "unknown variant"),
        ] {
            let text = good().replace(from, to);
            let line = text.lines().position(|line| line.contains(to)).unwrap() + 1;
            let fault = parse(&text).unwrap_err();
            assert!(fault.starts_with(&format!("config/heard.toml:{line}: ")) && fault.contains(said), "{fault}");
        }
        let text = good().replace("# verify = ", "verify = ").replace("# name_servers = ", "name_servers = ");
        let identity = parse(&text).unwrap().identity;
        assert_eq!((identity.verify, identity.name_servers.len()), (super::super::Verify::MailAuth, 1));
    }

    #[test]
    fn two_mailboxes_of_one_name_and_a_mailbox_without_a_place_are_refused() {
        let text = good() + "\n[[mailbox]]\nname = \"complaints\"\nkind = \"complaints\"\nfolder = \"x\"\n";
        assert!(parse(&text).unwrap_err().contains("two mailboxes are called"));
        let text = good() + "\n[[mailbox]]\nname = \"other\"\nkind = \"complaints\"\n";
        assert!(parse(&text).unwrap_err().contains("needs either imap"));
    }

    #[test]
    fn limits_and_scanner_of_files_are_checked() {
        let with = |line: &str| good() + &format!("\n[files]\n{line}\n");
        for (line, part) in [
            ("largest_mb = 101", "1 to 100 MB"),
            ("largest_mb = 0", "1 to 100 MB"),
            ("most_files = 0", "1 to 1000 files"),
            ("clamd = \"127.0.0.1\"", "write host:port"),
            ("clamd = \"host:99999\"", "write host:port"),
            ("clamd = \"run/clamd.ctl:1\"", "write host:port"),
        ] {
            let said = parse(&with(line)).unwrap_err();
            let at = with(line).lines().position(|one| one == line).unwrap() + 1;
            assert!(said.starts_with(&format!("config/heard.toml:{at}: ")) && said.contains(part), "{said}");
        }
        for clamd in ["127.0.0.1:3310", "[::1]:3310", "scanner.calderbeck.example:3310", "/run/clamav/clamd.ctl"] {
            let settings = parse(&with(&format!("clamd = \"{clamd}\""))).unwrap();
            assert_eq!(settings.files.clamd.unwrap().get_ref(), clamd);
        }
        let usual = parse(&good()).unwrap().files;
        assert_eq!((*usual.largest_mb.get_ref(), *usual.most_files.get_ref()), (50, 200));
        assert!(usual.refuse.iter().any(|ending| ending == "exe"));
    }
}
