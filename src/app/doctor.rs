//! `heard doctor`: tries everything that the configuration names, and says how to mend each fault.

mod safeguarding;
mod sign_in;

use std::time::Duration;

use serde::Serialize;

use self::sign_in::Asked;
use super::{connections, database_url, files_folder, load_classifier};
use crate::{
    casework::Office,
    clock::{Clock, london_date},
    config::{MailboxKind, Settings},
    intake::{
        files::scan::Scanner,
        folder::FolderMailbox,
        imap::ImapMailbox,
        mailbox::MailboxError,
        telegram::{self, TelegramSource},
    },
    labelling::classifier::Classifier,
    procedure::{
        bank_holidays::{Given, REMEDY},
        working_days::Calendar,
    },
    replies::{folder::FolderCourier, smtp::SmtpCourier},
    store::{Store, files::FileStore, holidays, lists},
};

/// One thing that was tried.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What was tried, e.g. `mailbox complaints`.
    pub what: String,
    /// It works.
    pub ok: bool,
    /// What was found, or what is wrong.
    pub said: String,
    /// How to mend it.
    pub remedy: Option<String>,
}

fn good(what: impl Into<String>, said: impl Into<String>) -> Finding {
    Finding { what: what.into(), ok: true, said: said.into(), remedy: None }
}

fn bad(what: impl Into<String>, said: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding { what: what.into(), ok: false, said: said.into(), remedy: Some(remedy.into()) }
}

/// Tries everything. The configuration itself was read already; a fault there stops the program before. With `trial`,
/// whoever is to be alerted gets a trial message.
pub async fn examine(settings: &Settings, database: Option<&str>, clock: &Clock, trial: bool) -> Vec<Finding> {
    let mut findings = vec![good("configuration", format!("{} mailboxes", settings.mailboxes.len()))];
    let (database_said, given) = database_finding(settings, database).await;
    findings.push(match Office::open(settings) {
        Ok(office) => {
            let council = &settings.council;
            let calendar = Calendar::of(&given, &council.closures, &council.extra_bank_holidays);
            let until = calendar.known_until;
            if !calendar.runs_out(london_date(clock.now())) {
                let staff = match office.directory.all().len() {
                    0 => "no staff directory: only those who sign in are kept out of complaints about them".to_owned(),
                    n => format!("{n} members of staff are known by name"),
                };
                let longer: Vec<&str> =
                    office.duties.all().iter().filter(|duty| duty.is_longer()).map(|duty| duty.id.as_str()).collect();
                let own = match longer.as_slice() {
                    [] => String::new(),
                    longer => format!("; longer than the rule book allows, by your own.toml: {}", longer.join(", ")),
                };
                good(
                    "letters, keys, staff and calendar",
                    format!("bank holidays are known until {until}; {staff}{own}"),
                )
            } else {
                bad("letters, keys, staff and calendar", format!("bank holidays are known only until {until}"), REMEDY)
            }
        }
        Err(error) => bad(
            "letters, keys, staff and calendar",
            error.to_string(),
            "correct what the message names, then run heard doctor again",
        ),
    });
    findings.push(database_said);
    findings.push(files_finding(settings, database).await);
    if let Some(clamd) = &settings.files.clamd {
        findings.push(match Scanner::at(clamd.get_ref()).version().await {
            Ok(version) => good("virus scanner", version),
            Err(error) => told("virus scanner", &error.to_string()),
        });
    }
    let private = settings.mailboxes.iter().any(|mailbox| mailbox.kind == MailboxKind::Manager);
    findings.push(match load_classifier(settings).await {
        Err(_) if !settings.labelling.enabled && !private => {
            good("classifier", "switched off ([labelling] enabled = false): officers label by hand")
        }
        Ok(classifier) => good("classifier", classifier.model()),
        Err(error) => bad("classifier", error.to_string(), "run `make setup heads`, or correct [labelling] encoder and heads; until then managers' mailboxes are not read"),
    });
    let mut asked = sign_in::ask(settings, database, clock).await;
    findings.append(&mut asked.findings);
    for mailbox in &settings.mailboxes {
        let what = format!("mailbox {}", mailbox.name.get_ref());
        findings.push(match (&mailbox.imap, &mailbox.folder) {
            (Some(imap), _) => imap_finding(settings, what, imap, &asked).await,
            (None, Some(folder)) => match FolderMailbox::open(folder) {
                Ok(_) => good(what, "the folder can be read"),
                Err(error) => {
                    bad(what, error.to_string(), "create the folder, or give the user heard the right to read it")
                }
            },
            (None, None) => bad(what, "it has neither imap nor folder", "add one of the two"),
        });
    }
    findings.push(sending_finding(settings, clock, &asked).await);
    findings.extend(reports_finding(settings));
    findings.push(safeguarding::finding(settings));
    if let Some(section) = &settings.chat {
        findings.push(chat_finding(section).await);
    }
    findings.extend(sign_in::alerts(settings, clock, trial).await);
    findings
}

async fn files_finding(settings: &Settings, database: Option<&str>) -> Finding {
    let what = "files";
    // Without a database nobody knows where they are.
    let Ok(url) = database_url(settings, database) else {
        return bad(what, "the folder is not known", "mend the database first");
    };
    let folder = files_folder(settings, &url);
    let tried = async {
        let store = FileStore::in_folder(&folder)?;
        store.probe().await
    };
    match tried.await {
        Ok(()) => good(what, format!("the folder {} can be written", folder.display())),
        Err(error) => told(what, &error.to_string()),
    }
}

/// A fault that says its remedy itself.
fn told(what: &str, error: &str) -> Finding {
    match error.split_once(". Remedy: ") {
        Some((said, remedy)) => bad(what, said, remedy),
        None => bad(what, error, "run heard doctor again after mending it"),
    }
}

/// How the database is, and the bank holidays that were given to it.
async fn database_finding(settings: &Settings, database: Option<&str>) -> (Finding, Given) {
    let what = "database";
    let url = match database_url(settings, database) {
        Ok(url) => url,
        Err(error) => {
            let remedy = "create the file that [database] url_file names";
            return (bad(what, error.to_string(), remedy), Given::default());
        }
    };
    let kind = if url.starts_with("postgres") { "Postgres" } else { "SQLite" };
    let tried = async {
        let store = Store::open(&url).await?;
        // A write that is never committed: a database that can only be read is found out here.
        let mut tx = store.begin().await?;
        lists::probe_write(&mut tx).await?;
        drop(tx);
        let newest = holidays::newest(&mut store.begin_read().await?).await?;
        store.close().await;
        Ok::<_, crate::store::StoreError>(newest.map(|newest| newest.given).unwrap_or_default())
    };
    match tried.await {
        Ok(given) => (good(what, format!("{kind} can be read and written")), given),
        Err(error) => {
            let said = format!("{kind} {}: {}", place(&url), error.said());
            (bad(what, said, format!("{}; cases cannot be stored until then", error.remedy())), Given::default())
        }
    }
}

/// Which database, without user and password.
fn place(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(server) if url.starts_with("postgres") => {
            let port = server.port().map_or_else(String::new, |port| format!(":{port}"));
            format!("{}{port}{}", server.host_str().unwrap_or_default(), server.path())
        }
        _ => url.trim_start_matches("sqlite://").to_owned(),
    }
}

async fn imap_finding(all: &Settings, what: String, section: &crate::config::ImapSection, asked: &Asked) -> Finding {
    if let Some(finding) = asked.without_token(&what, section.oauth.as_ref()) {
        return finding;
    }
    let settings = match connections::imap_settings(section, Duration::from_secs(60), &asked.tokens) {
        Ok(settings) => settings,
        Err(error) => return bad(what, error.to_string(), "put the password where the configuration says"),
    };
    match ImapMailbox::probe(&settings).await {
        Ok(report) => {
            let idle = if report.idle { "tells at once when mail arrives" } else { "is asked every minute (no IDLE)" };
            good(what, format!("{} messages; the server {idle}", report.messages))
        }
        Err(error) => {
            let oauth = section.oauth.as_ref().and_then(|name| all.oauth.get(name.get_ref()));
            let source = asked.tokens.named(section.oauth.as_ref());
            let remedy = sign_in::mailbox_remedy(&error, oauth, source.as_ref()).await;
            bad(what, error.to_string(), remedy.unwrap_or_else(|| mailbox_remedy(&error)))
        }
    }
}

/// How to mend a mailbox.
#[must_use]
pub fn mailbox_remedy(error: &MailboxError) -> &'static str {
    match error {
        MailboxError::Unreachable { .. } => {
            "check host and port in [[mailbox]] imap, and that the firewall lets this machine out to it"
        }
        MailboxError::Tls { .. } => {
            "ask whoever runs the mail server to renew its certificate; if the council has its own authority, name its file in ca_file; check that host is the name in the certificate"
        }
        MailboxError::SignIn { .. } => "check user and password file; the account must be allowed to use IMAP",
        MailboxError::Token(error) => error.fault.remedy(),
        MailboxError::Folder { .. } => "check folder: INBOX for new mail; the account must be allowed to read it",
        MailboxError::Broken(_) | MailboxError::TimedOut(_) | MailboxError::Gone | MailboxError::Withheld => {
            "try again; if it stays, ask whoever runs the mail server"
        }
    }
}

async fn sending_finding(settings: &Settings, clock: &Clock, asked: &Asked) -> Finding {
    let what = "sending";
    if !settings.sending.enabled {
        return good(what, "switched off ([sending] enabled = false): nothing leaves");
    }
    match (&settings.sending.smtp, &settings.sending.folder) {
        (Some(smtp), _) => {
            if let Some(finding) = asked.without_token(what, smtp.oauth.as_ref()) {
                return finding;
            }
            let oauth = smtp.oauth.as_ref().and_then(|name| settings.oauth.get(name.get_ref()));
            let source = asked.tokens.named(smtp.oauth.as_ref());
            let courier = connections::smtp_settings(smtp, &asked.tokens)
                .map_err(|error| error.to_string())
                .and_then(|settings| SmtpCourier::new(settings, clock.clone()).map_err(|error| error.to_string()));
            match courier {
                Ok(courier) => match courier.probe().await {
                    Ok(()) => good(what, format!("{} takes our mail", smtp.host)),
                    Err(error) => {
                        let remedy = sign_in::sending_remedy(&error, oauth, source.as_ref()).await;
                        bad(what, error, remedy)
                    }
                },
                Err(error) => bad(what, error, "check [sending] smtp"),
            }
        }
        (None, Some(folder)) => match FolderCourier::new(folder, clock.clone()).probe() {
            Ok(()) => good(what, format!("into the folder {}", folder.display())),
            Err(error) => bad(what, error, "give the user heard the right to write the folder"),
        },
        (None, None) => bad(what, "neither smtp nor folder", "add one of the two to [sending]"),
    }
}

/// Whether anybody learns of a letter that is lost on its way.
fn reports_finding(settings: &Settings) -> Option<Finding> {
    let what = "reports on letters";
    let smtp = settings.sending.smtp.as_ref().filter(|_| settings.sending.enabled)?;
    let Some(path) = &smtp.return_path else {
        return Some(good(
            what,
            "none come: the return path is empty, so nobody learns that a letter was lost after the mail server took it; \
             name a watched mailbox as return_path in [sending] smtp",
        ));
    };
    let watched = settings.mailboxes.iter().any(|mailbox| {
        mailbox.kind != MailboxKind::Manager && mailbox.address.trim().eq_ignore_ascii_case(path.trim())
    });
    Some(if watched {
        good(what, format!("come to {path}"))
    } else {
        bad(
            what,
            format!("would go to {path}, which is no mailbox that is watched"),
            "watch it as a [[mailbox]] of kind complaints or forward, or name one that is watched as return_path in [sending] smtp",
        )
    })
}

async fn chat_finding(section: &crate::config::Chat) -> Finding {
    let what = "chat";
    let source = section
        .token
        .read()
        .and_then(|token| telegram::bot(&token, section.api_url.as_ref()).map_err(|error| error.to_string()))
        .map(TelegramSource::new);
    match source {
        Ok(source) => match source.name().await {
            Ok(name) => good(what, format!("the bot @{name} answers")),
            Err(error) => bad(what, error.to_string(), "check the token (@BotFather shows it) and [chat] api_url"),
        },
        Err(error) => bad(what, error, "check [chat]"),
    }
}
