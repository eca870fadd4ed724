//! What the program knows about the council when it works on cases: letters, calendar, keys, limits, mailboxes.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;

use super::calendar::LiveCalendar;
use crate::{
    config::{MailboxKind, RemindersSection, SafeguardingSection, Settings, StaffError, staff_directory},
    intake::{authentication::is_within, parse::ReadContext},
    languages::{Catalogues, Language, LanguageError},
    procedure::{
        duties::{Duties, DutiesError},
        independence::Directory,
        options::Options,
    },
    replies::{
        guard::{Caps, DoNotReply},
        letters::{self, CouncilFacts},
        render::{LetterError, Letters},
        token::{TokenError, TokenKey, TokenKeys},
    },
    store::files::FileStore,
};

/// What is kept and answered of a mailbox.
#[derive(Clone, Debug, PartialEq)]
pub struct MailboxPolicy {
    /// What it is for.
    pub kind: MailboxKind,
    /// Its address, empty if unknown.
    pub address: String,
    /// Store, but send nothing.
    pub record_only: bool,
    /// What arrived before is stored, but nothing is sent.
    pub from_date: Option<DateTime<Utc>>,
    /// Manager's mailbox: keep from this probability.
    pub keep_from: Option<f64>,
    /// Manager's mailbox: acknowledge at once from this probability.
    pub acknowledge_from: Option<f64>,
}

impl MailboxPolicy {
    /// A mailbox of this kind with nothing special.
    #[must_use]
    pub fn plain(kind: MailboxKind) -> Self {
        Self {
            kind,
            address: String::new(),
            record_only: false,
            from_date: None,
            keep_from: None,
            acknowledge_from: None,
        }
    }
}

/// What the program knows about the council.
#[derive(Debug)]
pub struct Office {
    /// The letters.
    pub letters: Letters,
    /// What must be done, and within how long.
    pub duties: Duties,
    /// The days that count: see [`Office::calendar`].
    pub(super) calendar: LiveCalendar,
    /// What the council chose where the rules leave a choice.
    pub options: Options,
    /// When people are reminded.
    pub reminders: RemindersSection,
    /// Families who ask who has looked at their case get the names of staff, not only what they are.
    pub name_staff: bool,
    /// The keys of tokens and hashes.
    pub keys: TokenKeys,
    /// Limits on acknowledgements.
    pub caps: Caps,
    /// Limits on receipts for staff, and on greetings in chat, which have a key of their own besides.
    pub caps_for_colleagues: Caps,
    /// Name in `From`.
    pub from_name: String,
    /// Address in `From`.
    pub from_address: String,
    /// The mail server understands plus addresses.
    pub plus_addresses: bool,
    /// Where bounces of our letters come, if anywhere.
    pub bounces_to: Option<String>,
    /// The switch for everything that leaves.
    pub sending: bool,
    /// The largest mail that the mail server takes (bytes).
    pub largest_mail: u64,
    /// Where files are kept that go with letters; None where none are.
    pub files: Option<FileStore>,
    /// A virus scanner is set up: nothing goes out before its word.
    pub scanner: bool,
    /// Who hears that a child may be at risk.
    pub safeguarding: SafeguardingSection,
    /// Addresses that nothing goes to before an officer has looked.
    pub do_not_reply: DoNotReply,
    /// How officers reach the pages, with a slash at the end.
    pub public_url: String,
    /// Families have a page on which they see where their case stands, and get a link to it.
    pub tracker: bool,
    /// Families are asked how we did so many working days after the end; 0: never.
    pub survey_working_days: u16,
    /// What families read beside the letters, in their languages.
    pub catalogues: Arc<Catalogues>,
    /// Every watched mailbox by its name.
    pub mailboxes: BTreeMap<String, MailboxPolicy>,
    /// Members of staff whom a complaint may be about.
    pub directory: Directory,
    /// Days on which the offices are shut.
    pub closures: Vec<chrono::NaiveDate>,
    /// The staff's mail domains.
    pub staff_domains: Vec<String>,
    /// Staff who write from elsewhere.
    pub staff_addresses: Vec<String>,
    /// The receiving servers whose word about senders is believed.
    pub trusted_servers: Vec<String>,
    /// Senders of web forms.
    pub form_senders: Vec<String>,
    /// Messages of one chat within so many days are one conversation.
    pub conversation_days: u32,
    /// The languages that are offered to families, the first where nobody has chosen.
    pub languages: Vec<Language>,
    /// The bot asks for whom somebody writes and what to call them.
    pub bot_asks: bool,
    /// Somebody who has been silent in a chat for so long has said what they wanted to say.
    pub bot_waits: chrono::Duration,
    /// Every source of sign-in tokens by its name, with what signs in with it: names of mailboxes, and `sending`.
    pub tokens: BTreeMap<String, Vec<String>>,
    /// How somebody is told that mail stands still: `Telegram`, `webhook`. Empty: nobody is.
    pub alert_channels: Vec<&'static str>,
}

/// Why the office cannot open.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// A letter is broken.
    #[error(transparent)]
    Letter(#[from] LetterError),
    /// The table of duties is broken.
    #[error(transparent)]
    Duties(#[from] DutiesError),
    /// A catalogue of messages is broken.
    #[error(transparent)]
    Language(#[from] LanguageError),
    /// The staff directory is broken.
    #[error(transparent)]
    Staff(#[from] StaffError),
    /// A key is missing or weak.
    #[error("[secrets] key: {0}. Remedy: openssl rand -hex 32 > FILE, mode 0600")]
    Key(String),
}

impl From<TokenError> for OfficeError {
    fn from(fault: TokenError) -> Self {
        Self::Key(fault.to_string())
    }
}

impl Office {
    /// Opens the office as configured; checks the letters and the keys.
    ///
    /// # Errors
    ///
    /// [`OfficeError`] with file, line and remedy.
    pub fn open(settings: &Settings) -> Result<Self, OfficeError> {
        let council = council(settings);
        let folder = &settings.letters.folder;
        let letters = if folder.is_dir() { Letters::load(folder, council)? } else { Letters::built_in(council)? };
        letters.check()?;
        let key = |source: &crate::config::SecretSource| -> Result<TokenKey, OfficeError> {
            let secret = source.read().map_err(OfficeError::Key)?;
            Ok(TokenKey::new(secret.expose_secret().as_bytes())?)
        };
        let previous = settings.secrets.previous_key.as_ref().map(key).transpose()?;
        let mailboxes = settings.mailboxes.iter().map(|mailbox| {
            let policy = MailboxPolicy {
                kind: mailbox.kind,
                address: mailbox.address.to_lowercase(),
                record_only: mailbox.record_only,
                from_date: mailbox.from_date,
                keep_from: mailbox.keep_from,
                acknowledge_from: mailbox.acknowledge_from,
            };
            (mailbox.name.get_ref().clone(), policy)
        });
        Ok(Self {
            letters,
            options: settings.procedures.options(settings.retention),
            reminders: settings.reminders,
            name_staff: settings.letters.name_staff,
            duties: Duties::in_use(&settings.procedures.folder)?,
            calendar: LiveCalendar::new(&settings.council.closures, &settings.council.extra_bank_holidays),
            keys: TokenKeys::new(key(&settings.secrets.key)?, previous),
            caps: Caps {
                per_recipient_hour: settings.sending.per_address_an_hour,
                per_recipient_day: settings.sending.per_address_a_day,
                per_recipient_week: settings.sending.per_address_a_week,
                per_domain_hour: settings.sending.per_domain_an_hour,
                everyone_hour: settings.sending.in_all_an_hour,
            },
            caps_for_colleagues: Caps {
                per_recipient_hour: settings.sending.receipts_an_hour,
                per_recipient_day: settings.sending.receipts_an_hour.saturating_mul(4),
                per_recipient_week: settings.sending.receipts_an_hour.saturating_mul(10),
                // The staff's own domain: everybody's receipts go there.
                per_domain_hour: u32::MAX,
                everyone_hour: settings.sending.in_all_an_hour,
            },
            from_name: settings.sending.from_name.clone(),
            from_address: settings.sending.from_address.to_lowercase(),
            plus_addresses: settings.sending.plus_addresses,
            bounces_to: settings
                .sending
                .smtp
                .as_ref()
                .and_then(|smtp| smtp.return_path.as_ref())
                .map(|path| path.to_lowercase()),
            sending: settings.sending.enabled,
            largest_mail: settings.sending.largest_mb.get_ref().saturating_mul(1_000_000),
            files: None,
            scanner: settings.files.clamd.is_some(),
            safeguarding: SafeguardingSection::of(settings),
            do_not_reply: DoNotReply::new(&settings.sending.do_not_reply),
            public_url: settings.web.public_url.to_string(),
            tracker: settings.families.tracker,
            survey_working_days: settings.families.survey_working_days,
            catalogues: Arc::new(Catalogues::built_in()?),
            mailboxes: mailboxes.collect(),
            directory: settings.staff.directory.as_deref().map(staff_directory).transpose()?.unwrap_or_default(),
            closures: settings.council.closures.clone(),
            staff_domains: settings.council.staff_domains.iter().map(|domain| domain.to_lowercase()).collect(),
            staff_addresses: settings.council.staff_addresses.iter().map(|address| address.to_lowercase()).collect(),
            trusted_servers: settings.identity.trusted_servers.clone(),
            form_senders: settings.council.form_senders.iter().map(|address| address.to_lowercase()).collect(),
            conversation_days: settings.chat.as_ref().map_or(14, |chat| chat.conversation_days),
            languages: settings.families.languages.clone(),
            bot_asks: settings.chat.as_ref().is_some_and(|chat| chat.questions),
            bot_waits: chrono::Duration::seconds(settings.chat.as_ref().map_or(30, |chat| chat.quiet_seconds).into()),
            tokens: settings.oauth.keys().map(|name| (name.clone(), signing_in_with(settings, name))).collect(),
            alert_channels: settings.alerts.as_ref().map_or_else(Vec::new, |alerts| {
                let telegram = alerts.telegram_chat.as_ref().map(|_| "Telegram");
                telegram.into_iter().chain(alerts.webhook.as_ref().map(|_| "webhook")).collect()
            }),
        })
    }

    /// The same with files that can go with letters.
    #[must_use]
    pub fn with_files(self, files: FileStore) -> Self {
        Self { files: Some(files), ..self }
    }

    /// Whether anything leaves by itself about what came into this mailbox.
    #[must_use]
    pub fn may_write_about(&self, mailbox: &str) -> bool {
        self.sending && !self.policy(mailbox).record_only
    }

    /// The policy of the mailbox called `name`; one that is not configured takes its kind from its name.
    #[must_use]
    pub fn policy(&self, name: &str) -> MailboxPolicy {
        self.mailboxes.get(name).cloned().unwrap_or_else(|| {
            let kind = if name.starts_with("manager") {
                MailboxKind::Manager
            } else if name.starts_with("forward") {
                MailboxKind::Forward
            } else {
                MailboxKind::Complaints
            };
            MailboxPolicy::plain(kind)
        })
    }

    /// Whether `address` belongs to the council's staff.
    #[must_use]
    pub fn is_staff(&self, address: &str) -> bool {
        let Some((_, domain)) = address.rsplit_once('@') else { return false };
        self.staff_domains.iter().any(|own| is_within(domain, own))
            || self.staff_addresses.iter().any(|own| own.eq_ignore_ascii_case(address))
    }

    /// What must be known about the council to read its mail.
    #[must_use]
    pub fn read_context(&self) -> ReadContext {
        ReadContext {
            own_addresses: self.own_addresses(),
            own_domain_suffix_for_message_ids: None,
            form_senders: self.form_senders.clone(),
            staff_domains: self.staff_domains.clone(),
            trusted_servers: self.trusted_servers.clone(),
        }
    }

    /// The council's own mailboxes: what comes from them is our own mail, and nothing is sent to them.
    #[must_use]
    pub fn own_addresses(&self) -> Vec<String> {
        let watched = self.mailboxes.values().filter(|policy| policy.kind != MailboxKind::Manager);
        let mut own: Vec<String> =
            watched.map(|policy| policy.address.clone()).filter(|address| !address.is_empty()).collect();
        own.push(self.from_address.clone());
        own.extend(self.bounces_to.clone());
        own.sort();
        own.dedup();
        own
    }

    /// The domain of our Message-IDs.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.from_address.rsplit_once('@').map_or("heard.invalid", |(_, domain)| domain)
    }

    /// Where managers forward strays.
    #[must_use]
    pub fn log_address(&self) -> Option<String> {
        self.mailboxes
            .values()
            .find(|policy| policy.kind == MailboxKind::Forward)
            .map(|policy| policy.address.clone())
            .filter(|address| !address.is_empty())
    }
}

/// What signs in with the tokens called `name`.
fn signing_in_with(settings: &Settings, name: &str) -> Vec<String> {
    let mut all: Vec<String> = settings
        .mailboxes
        .iter()
        .filter(|mailbox| {
            mailbox.imap.as_ref().and_then(|imap| imap.oauth.as_ref()).is_some_and(|one| one.get_ref() == name)
        })
        .map(|mailbox| mailbox.name.get_ref().clone())
        .collect();
    let smtp = settings.sending.smtp.as_ref().and_then(|smtp| smtp.oauth.as_ref());
    if smtp.is_some_and(|one| one.get_ref() == name) {
        all.push("sending".to_owned());
    }
    all
}

fn council(settings: &Settings) -> CouncilFacts {
    let council = &settings.council;
    CouncilFacts {
        name: council.name.clone(),
        service: council.service.clone(),
        complaints_address: council.complaints_address.clone(),
        complaints_phone: council.complaints_phone.clone(),
        procedure_url: council.procedure_url.clone(),
        named_officer: council.named_officer.clone(),
        advocacy: council.advocacy.clone(),
        ombudsman: council.ombudsman.clone(),
        danger: letters::Danger {
            contacts: vec![
                letters::DangerContact {
                    who: "Children's social care, in office hours".into(),
                    phone: council.danger.daytime_phone.clone(),
                },
                letters::DangerContact {
                    who: "Emergency duty team, nights and weekends".into(),
                    phone: council.danger.out_of_hours_phone.clone(),
                },
                letters::DangerContact {
                    who: "Childline, for children and young people".into(),
                    phone: "0800 1111".into(),
                },
            ],
            text: "If you or a child is in danger now, call 999.".into(),
        },
        adjustments: council.adjustments.clone(),
    }
}
