//! What `heard doctor` says about sign-in tokens, and about mailboxes that are signed in to with them.

use std::sync::Arc;

use super::{Finding, bad, good};
use crate::{
    app::{Tokens, connections, database_url, seal, vault::StoredVault},
    clock::Clock,
    config::{OauthSection, Settings},
    intake::mailbox::MailboxError,
    oauth::{MemoryVault, TokenSource, Vault, lacks_role},
    store::Store,
};

/// What came of asking for tokens.
#[derive(Default)]
pub(super) struct Asked {
    pub tokens: Tokens,
    pub findings: Vec<Finding>,
    /// Sources that give none.
    dead: Vec<String>,
}

impl Asked {
    /// What is said of a mailbox or of sending whose source gives no token.
    pub fn without_token(&self, what: &str, section: Option<&toml::Spanned<String>>) -> Option<Finding> {
        let name = section?.get_ref();
        self.dead.contains(name).then(|| {
            bad(
                what,
                format!("there is no token to sign in with (tokens {name})"),
                format!("mend the tokens {name} first, then run heard doctor again"),
            )
        })
    }
}

/// Asks each source once.
pub(super) async fn ask(settings: &Settings, database: Option<&str>, clock: &Clock) -> Asked {
    let mut asked = Asked::default();
    let (vault, keeps) = vault(settings, database, clock).await;
    let sources = match Tokens::open(settings, &vault, clock) {
        Ok(tokens) => tokens,
        Err(error) => {
            asked.dead = settings.oauth.keys().cloned().collect();
            asked.findings.push(bad("tokens", error.to_string(), "correct ca_file in [oauth]"));
            return asked;
        }
    };
    for source in sources.sources() {
        let (name, what) = (source.name().to_owned(), format!("tokens {}", source.name()));
        let spends = settings.oauth.get(&name).is_some_and(|section| section.refresh_token.is_some());
        if spends && !keeps {
            // A refresh token that is spent and whose successor is not kept would lose the mailbox.
            asked.findings.push(bad(
                what,
                "not tried: the new refresh token could not be kept",
                "mend the database first",
            ));
            asked.dead.push(name);
            continue;
        }
        match source.token().await {
            Ok(_) => {
                let minutes = source.until().map_or(0, |until| (until - clock.now()).num_seconds() / 60 + 1);
                asked.findings.push(good(what, format!("the token server gave a token, good for {minutes} minutes")));
            }
            Err(error) => {
                asked.findings.push(bad(what, error.to_string(), error.fault.remedy()));
                asked.dead.push(name);
            }
        }
    }
    asked.tokens = sources;
    asked
}

/// Where refresh tokens are kept, and whether they can be.
async fn vault(settings: &Settings, database: Option<&str>, clock: &Clock) -> (Arc<dyn Vault>, bool) {
    if settings.oauth.values().any(|section| section.refresh_token.is_some()) {
        let opened = async {
            let store = Store::open(&database_url(settings, database).ok()?).await.ok()?;
            let who = store.name();
            Some(StoredVault::new(store, seal(settings).ok()?, clock.clone(), who, false))
        };
        if let Some(vault) = opened.await {
            return (Arc::new(vault), true);
        }
    }
    (Arc::new(MemoryVault::default()), false)
}

/// How to mend a mailbox that is signed in to with tokens and does not let us in; None: as with any other.
pub(super) async fn mailbox_remedy(
    error: &MailboxError,
    section: Option<&OauthSection>,
    source: Option<&TokenSource>,
) -> Option<&'static str> {
    let section = section?;
    let not_let_in = match error {
        MailboxError::SignIn { .. } => true,
        // What Exchange Online says when the sign-in is good and the mailbox is not ours to read.
        MailboxError::Broken(words) => words.contains("authenticated but not connected"),
        _ => false,
    };
    if !not_let_in {
        return None;
    }
    if section.refresh_token.is_some() {
        return Some(
            "check that user is the address that signed in for the refresh token, that IMAP is switched on in the mailbox's \
             settings, and that the scope lets mail be read (docs/mailboxes.md)",
        );
    }
    if lacks(source, "IMAP.AccessAsApp").await {
        return Some(
            "the token lacks IMAP.AccessAsApp: add it in Entra (App registrations, API permissions, Office 365 Exchange \
             Online, application permission) and grant admin consent",
        );
    }
    Some(
        "give the application the mailbox (docs/mailboxes.md): New-ServicePrincipal with the object id of the enterprise \
         application, not of the registration; Add-MailboxPermission for this mailbox; user is the mailbox's address; \
         Set-CASMailbox -ImapEnabled $true",
    )
}

/// How to mend sending with tokens.
pub(super) async fn sending_remedy(
    said: &str,
    section: Option<&OauthSection>,
    source: Option<&TokenSource>,
) -> &'static str {
    if said.contains("5.7.139") || said.contains("SmtpClientAuthentication") {
        return "switch on SMTP for the mailbox: Set-CASMailbox -Identity MAILBOX -SmtpClientAuthenticationDisabled $false";
    }
    if said.contains("5.7.30") {
        return "the server takes passwords no more: sign in with oauth in [sending] smtp (docs/mailboxes.md)";
    }
    match section.filter(|_| said.contains("sign-in")) {
        None => "check host, port, security, user and password in [sending] smtp",
        Some(section) if section.refresh_token.is_some() => {
            "check that user is the address that signed in for the refresh token, and that the scope lets mail be sent"
        }
        Some(_) if lacks(source, "SMTP.SendAsApp").await => {
            "the token lacks SMTP.SendAsApp: add it in Entra (App registrations, API permissions, Office 365 Exchange Online, \
             application permission) and grant admin consent"
        }
        Some(_) => {
            "give the application the mailbox that sends (docs/mailboxes.md): New-ServicePrincipal, Add-MailboxPermission; \
             user is the mailbox's address"
        }
    }
}

async fn lacks(source: Option<&TokenSource>, role: &str) -> bool {
    match source {
        Some(source) => source.token().await.is_ok_and(|token| lacks_role(&token.secret, role)),
        None => false,
    }
}

/// Who is told when mail stands still; with `trial`, they are told now that this is a trial.
pub(super) async fn alerts(settings: &Settings, clock: &Clock, trial: bool) -> Vec<Finding> {
    let what = "alerts";
    let nobody = "nobody is told on another channel when mail cannot be read or sent: add [alerts]";
    let chat = match connections::chat_courier(settings) {
        Ok(chat) => chat,
        Err(error) => return vec![bad(what, error.to_string(), "correct [chat]")],
    };
    let alerting = match connections::alerting(settings, chat.as_ref(), clock.now()) {
        Ok(Some(alerting)) => alerting,
        Ok(None) => return vec![good(what, nobody)],
        Err(error) => return vec![bad(what, error.to_string(), "correct [alerts]")],
    };
    if !trial {
        let names: Vec<&str> = alerting.channels.iter().map(|channel| channel.name()).collect();
        let minutes = alerting.rules.after.num_minutes();
        let said = format!("by {} after {minutes} minutes; heard doctor --alert tries it out", names.join(" and "));
        return vec![good(what, said)];
    }
    let text = crate::alerts::words::trial(&alerting.head);
    let mut findings = Vec::new();
    for channel in &alerting.channels {
        let what = format!("{what} by {}", channel.name());
        let remedy = "correct [alerts]: the chat's number, and that the bot is in it; or the webhook's address";
        findings.push(match channel.tell(&text).await {
            Ok(()) => good(what, "the trial went out; see that it arrived"),
            Err(why) => bad(what, why, remedy),
        });
    }
    findings
}
