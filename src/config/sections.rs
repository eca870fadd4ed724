//! The sections of the configuration file. A key that is not here is refused.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use toml::Spanned;

pub use super::labelling::Labelling;
use super::{
    chat::Chat,
    families::FamiliesSection,
    procedures::ProceduresSection,
    reminders::RemindersSection,
    safeguarding::SafeguardingSection,
    sign_in::{Alerts, OauthSections},
    single_sign_on::{SecondFactorRule, SingleSignOnSection},
    staff::StaffSection,
};
pub use crate::replies::council::{Advocacy, NamedOfficer, Ombudsman};
use crate::{procedure::retention::Schedule, tls::Security};

/// Everything in `config/heard.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Who we are and what stands in letters.
    pub council: Council,
    /// Where cases are kept.
    #[serde(default)]
    pub database: DatabaseSettings,
    /// The keys.
    pub secrets: Secrets,
    /// Mailboxes that are watched.
    #[serde(default, rename = "mailbox")]
    pub mailboxes: Vec<MailboxSection>,
    /// How it is known that a sender is who they say.
    #[serde(default)]
    pub identity: Identity,
    /// How messages leave.
    pub sending: Sending,
    /// Where sign-in tokens come from, for servers that take no password.
    #[serde(default)]
    pub oauth: OauthSections,
    /// Telegram.
    pub chat: Option<Chat>,
    /// Who hears that a child may be at risk.
    #[serde(default)]
    pub safeguarding: SafeguardingSection,
    /// Who is told when mail stands still.
    pub alerts: Option<Alerts>,
    /// Whom a complaint may be about.
    #[serde(default)]
    pub staff: StaffSection,
    /// The local classifier.
    #[serde(default)]
    pub labelling: Labelling,
    /// Officers' pages.
    #[serde(default)]
    pub web: Web,
    /// Families' own pages.
    #[serde(default)]
    pub families: FamiliesSection,
    /// The council's own directory, with which people sign in to the pages.
    pub single_sign_on: Option<SingleSignOnSection>,
    /// Letters.
    #[serde(default)]
    pub letters: LettersSection,
    /// The table of duties.
    #[serde(default)]
    pub procedures: ProceduresSection,
    /// When people are reminded.
    #[serde(default)]
    pub reminders: RemindersSection,
    /// Files that come with messages.
    #[serde(default)]
    pub files: FilesSection,
    /// How long cases are kept.
    #[serde(default)]
    pub retention: Schedule,
}

/// Who we are and what stands in letters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Council {
    /// `Calderbeck Council`.
    pub name: String,
    /// `Children's services complaints`.
    #[serde(default = "defaults::service")]
    pub service: String,
    /// Mail domains of the council's own staff.
    pub staff_domains: Vec<String>,
    /// Staff who write from elsewhere, e.g. from a health trust's domain: their forwards count as staff's.
    #[serde(default)]
    pub staff_addresses: Vec<String>,
    /// Senders whose mail is a web form's notice: the person is in `Reply-To`.
    #[serde(default)]
    pub form_senders: Vec<String>,
    /// Address families write to.
    pub complaints_address: String,
    /// Telephone for complaints.
    pub complaints_phone: String,
    /// Page that describes the procedure.
    pub procedure_url: String,
    /// The officer named in acknowledgements until a case has its own.
    pub named_officer: NamedOfficer,
    /// Free help to complain.
    pub advocacy: Advocacy,
    /// The Ombudsman.
    #[serde(default)]
    pub ombudsman: Ombudsman,
    /// What to do in danger.
    pub danger: Danger,
    /// What the council offers to make complaining easier, as sentences.
    #[serde(default = "defaults::adjustments")]
    pub adjustments: String,
    /// Whoever is on duty, by an older name: now `duty` of `[safeguarding]`. Both count.
    #[serde(default)]
    pub safeguarding_alerts_to: Vec<String>,
    /// Days on which the offices are shut although they are working days: shown as a warning, never a longer clock.
    #[serde(default)]
    pub closures: Vec<NaiveDate>,
    /// One-off days that a proclamation made a bank holiday after this version was built.
    #[serde(default)]
    pub extra_bank_holidays: Vec<NaiveDate>,
}

/// What to do in danger: stands in every acknowledgement.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Danger {
    /// Children's social care, office hours.
    pub daytime_phone: String,
    /// The emergency duty team, nights and weekends.
    pub out_of_hours_phone: String,
}

/// Where cases are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// File that holds the whole url instead, because it carries a password.
    pub url_file: Option<PathBuf>,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self { url: "sqlite://data/heard.db".into(), url_file: None }
    }
}

/// The keys.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// At least 32 characters; signs reply addresses and the hashes of forgotten mail.
    pub key: SecretSource,
    /// The key before, still accepted in replies.
    pub previous_key: Option<SecretSource>,
}

/// Where a secret is read from; never the configuration file itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum SecretSource {
    /// `{ file = "/run/credentials/imap" }`.
    File(Spanned<PathBuf>),
    /// `{ env = "HEARD_IMAP_PASSWORD" }`.
    Env(Spanned<String>),
}

/// What a mailbox is for, and so what is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailboxKind {
    /// Every human message is a case and is acknowledged at once.
    Complaints,
    /// Private: only dissatisfaction, danger, and what is in a language that cannot be judged is kept.
    Manager,
    /// Managers forward strays here.
    Forward,
}

impl MailboxKind {
    /// The word in the configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complaints => "complaints",
            Self::Manager => "manager",
            Self::Forward => "forward",
        }
    }
}

/// One mailbox.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailboxSection {
    /// Short name, used in pages and as the folder name of `heard ingest`.
    pub name: Spanned<String>,
    /// What it is for.
    pub kind: MailboxKind,
    /// Its address.
    #[serde(default)]
    pub address: String,
    /// An IMAP server,
    pub imap: Option<ImapSection>,
    /// or a folder.
    pub folder: Option<PathBuf>,
    /// Seconds between polls; IDLE usually is quicker.
    #[serde(default = "defaults::poll_seconds")]
    pub poll_seconds: u64,
    /// Manager's mailbox: acknowledge at once from this probability of dissatisfaction; below, when an officer confirms.
    pub acknowledge_from: Option<f64>,
    /// Manager's mailbox: keep from this probability of dissatisfaction. Default: the model's own.
    pub keep_from: Option<f64>,
    /// Messages that arrived before are stored but nothing is sent.
    pub from_date: Option<DateTime<Utc>>,
    /// Store, but send nothing.
    #[serde(default)]
    pub record_only: bool,
}

/// An IMAP server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImapSection {
    /// Host name.
    pub host: String,
    /// Port; by default 993 for `tls`, else 143.
    pub port: Option<u16>,
    /// How the connection is protected: `tls`, `starttls`, or `plain` (this machine only).
    #[serde(default = "defaults::tls")]
    pub security: Security,
    /// User name.
    pub user: String,
    /// Password,
    pub password: Option<SecretSource>,
    /// or the `[oauth.NAME]` that signs in.
    pub oauth: Option<Spanned<String>>,
    /// Folder.
    #[serde(default = "defaults::inbox")]
    pub folder: String,
    /// PEM file of a further certificate authority.
    pub ca_file: Option<PathBuf>,
}

/// How it is known that a sender is who they say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Names by which the council's receiving servers sign their `Authentication-Results` (RFC 8601: authserv-ids; for
    /// Exchange Online `mail.protection.outlook.com`). Empty: the topmost field is read, whoever wrote it.
    #[serde(default)]
    pub trusted_servers: Vec<String>,
    /// What is done where the receiving server says nothing.
    #[serde(default)]
    pub verify: Verify,
    /// Name servers for `mail-auth`; empty: those of this machine.
    #[serde(default)]
    pub name_servers: Vec<std::net::IpAddr>,
}

/// Who finds out whether a sender is who they say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verify {
    /// The receiving server alone.
    #[default]
    ReceivingServer,
    /// We as well: DKIM, SPF and DMARC, which ask the name servers.
    MailAuth,
}

/// How messages leave.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sending {
    /// The switch for everything that leaves.
    #[serde(default = "defaults::yes")]
    pub enabled: bool,
    /// Name in `From`.
    pub from_name: String,
    /// Address in `From`; answers come here.
    pub from_address: String,
    /// The mail server understands `name+anything@domain`. Then the reply address carries the case's keyed token.
    #[serde(default = "defaults::yes")]
    pub plus_addresses: bool,
    /// A mail server,
    pub smtp: Option<SmtpSection>,
    /// or a folder.
    pub folder: Option<PathBuf>,
    /// At most so many acknowledgements to one address in an hour.
    #[serde(default = "defaults::per_hour")]
    pub per_address_an_hour: u32,
    /// At most so many acknowledgements to one address in a day.
    #[serde(default = "defaults::per_day")]
    pub per_address_a_day: u32,
    /// At most so many acknowledgements to one address in seven days.
    #[serde(default = "defaults::per_week")]
    pub per_address_a_week: u32,
    /// At most so many acknowledgements to all addresses of one mail domain in an hour, providers for everybody excepted.
    #[serde(default = "defaults::per_domain")]
    pub per_domain_an_hour: u32,
    /// At most so many receipts to one member of staff in an hour; four times as many in a day, ten times in a week.
    #[serde(default = "defaults::receipts")]
    pub receipts_an_hour: u32,
    /// At most so many letters in all in an hour, alerts excepted; what is held back is listed for officers.
    #[serde(default = "defaults::in_all")]
    pub in_all_an_hour: u32,
    /// The largest mail that the mail server takes, in megabytes of a million bytes, with all that goes with it.
    #[serde(default = "defaults::largest_mail")]
    pub largest_mb: Spanned<u64>,
    /// Addresses that nothing goes to before an officer has looked, `*` for any letters: `*@refuge.example`.
    #[serde(default)]
    pub do_not_reply: Vec<String>,
}

/// A mail server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSection {
    /// Host name.
    pub host: String,
    /// Port; by default 465 for `tls`, 587 for `starttls`, 25 for `plain`.
    pub port: Option<u16>,
    /// How the connection is protected: `tls`, `starttls`, or `plain` (this machine only).
    #[serde(default = "defaults::tls")]
    pub security: Security,
    /// User name, if the server wants one.
    pub user: Option<String>,
    /// Password,
    pub password: Option<SecretSource>,
    /// or the `[oauth.NAME]` that signs in.
    pub oauth: Option<Spanned<String>>,
    /// PEM file of a further certificate authority.
    pub ca_file: Option<PathBuf>,
    /// Return path of our letters: where mail systems report what did not arrive. It must be the address of a mailbox that
    /// is watched. Without it the path is empty, and nobody ever learns that a letter was lost on its way.
    pub return_path: Option<String>,
}

/// Officers' pages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Web {
    /// Address and port to listen on; a proxy with HTTPS stands in front.
    #[serde(default = "defaults::listen")]
    pub listen: std::net::SocketAddr,
    /// How people reach it; with `https://` the cookies are marked secure.
    #[serde(default = "defaults::public_url")]
    pub public_url: url::Url,
    /// Whether accounts with a password need a second factor.
    #[serde(default)]
    pub second_factor: SecondFactorRule,
}

impl Default for Web {
    fn default() -> Self {
        let second_factor = SecondFactorRule::default();
        Self { listen: defaults::listen(), public_url: defaults::public_url(), second_factor }
    }
}

/// Letters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LettersSection {
    /// Folder with the council's wording.
    #[serde(default = "defaults::letters")]
    pub folder: PathBuf,
    /// A family that asks who has looked at its case gets the names of staff; otherwise what they are, and their team.
    #[serde(default)]
    pub name_staff: bool,
}

impl Default for LettersSection {
    fn default() -> Self {
        Self { folder: defaults::letters(), name_staff: false }
    }
}

/// Files that come with messages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FilesSection {
    /// Where they are kept. By default `files` beside the SQLite database, with Postgres `data/files`.
    pub folder: Option<PathBuf>,
    /// The largest file that is kept, in megabytes of a million bytes. The message itself is kept whole.
    pub largest_mb: Spanned<u64>,
    /// At most so many files of one message are kept.
    pub most_files: Spanned<usize>,
    /// Files whose names end so are never kept for opening, besides the programs that are known by their content.
    pub refuse: Vec<String>,
    /// The virus scanner: `host:port` of clamd, or the path of its socket. Without, files are never called clean.
    pub clamd: Option<Spanned<String>>,
}

impl Default for FilesSection {
    fn default() -> Self {
        Self {
            folder: None,
            largest_mb: Spanned::new(0..0, 50),
            most_files: Spanned::new(0..0, 200),
            refuse: defaults::refuse(),
            clamd: None,
        }
    }
}

mod defaults {
    use std::path::PathBuf;

    /// What a double click would run on somebody's computer.
    const RUNS: &str = "ade adp apk app application appref-ms appx bat chm cmd com command cpl crx csh deb desktop dll dmg exe \
                        gadget hta inf ins iso isp jar jnlp js jse ksh lib lnk mde msc msi msix msp mst nsh pif ppam prg ps1 \
                        ps1xml ps2 psc1 psm1 reg rpm scf scr sct settingcontent-ms sh shb shs sys url vb vbe vbs vhd vhdx vxd \
                        ws wsc wsf wsh xlam xll";

    pub fn refuse() -> Vec<String> {
        RUNS.split_whitespace().map(str::to_owned).collect()
    }

    pub fn largest_mail() -> toml::Spanned<u64> {
        toml::Spanned::new(0..0, 20)
    }

    pub fn tls() -> crate::tls::Security {
        crate::tls::Security::Tls
    }
    pub fn yes() -> bool {
        true
    }
    pub fn service() -> String {
        "Children's services complaints".into()
    }
    pub fn adjustments() -> String {
        "Tell us what would make this easier for you: large print, easy read, another language, an interpreter, or a \
         phone call in place of letters. You can ask at any time, and it is free."
            .into()
    }
    pub fn poll_seconds() -> u64 {
        60
    }
    pub fn inbox() -> String {
        "INBOX".into()
    }
    pub fn per_hour() -> u32 {
        3
    }
    pub fn per_day() -> u32 {
        10
    }
    pub fn per_week() -> u32 {
        20
    }
    pub fn per_domain() -> u32 {
        200
    }
    pub fn receipts() -> u32 {
        30
    }
    pub fn in_all() -> u32 {
        1000
    }
    pub fn letters() -> PathBuf {
        "config/letters".into()
    }
    pub fn listen() -> std::net::SocketAddr {
        std::net::SocketAddr::from(([127, 0, 0, 1], 8080))
    }
    #[allow(clippy::expect_used)] // a constant that the test below parses
    pub fn public_url() -> url::Url {
        url::Url::parse("http://127.0.0.1:8080/").expect("the built-in address")
    }
}
