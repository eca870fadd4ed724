//! The sections about signing in with tokens, and about who is told when mail stands still.

use std::{collections::BTreeMap, path::PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use toml::Spanned;

use super::sections::{SecretSource, Settings};
use crate::{alerts::channels, http};

/// `[oauth.NAME]`: where sign-in tokens come from. With a refresh token it is spent for them; else the application signs
/// in with its own rights (client credentials).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OauthSection {
    /// The token server's endpoint.
    pub token_url: Spanned<url::Url>,
    /// The application's id.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: Option<SecretSource>,
    /// What is asked for.
    pub scope: Option<String>,
    /// What a person's sign-in gave once.
    pub refresh_token: Option<SecretSource>,
    /// PEM file of a further certificate authority.
    pub ca_file: Option<PathBuf>,
}

/// All of them by name.
pub type OauthSections = BTreeMap<String, OauthSection>;

/// Who is told, on another channel than mail, that mail is not read or not sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alerts {
    /// The number of a chat that the bot of `[chat]` is in.
    pub telegram_chat: Option<Spanned<i64>>,
    /// Holds the web address that takes the message by POST; whoever has it can write there, so it is a secret.
    pub webhook: Option<SecretSource>,
    /// The JSON that is posted, with `@TEXT@` where the message goes.
    #[serde(default = "usual_body")]
    pub webhook_body: Spanned<String>,
    /// A mailbox that is not read, or letters that are not sent, are told after so many minutes.
    #[serde(default = "ten")]
    pub alert_after_minutes: u32,
    /// And again after so many hours while it lasts.
    #[serde(default = "four")]
    pub repeat_hours: u32,
}

fn usual_body() -> Spanned<String> {
    Spanned::new(0..0, r#"{"text": "@TEXT@"}"#.to_owned())
}

fn ten() -> u32 {
    10
}

fn four() -> u32 {
    4
}

/// A fault at this place of the text.
type Fault = (usize, String);

/// Checks everything about signing in and alerts that the types cannot say. `text` is the whole configuration.
pub(super) fn check(settings: &Settings, text: &str) -> Result<(), Fault> {
    for (name, section) in &settings.oauth {
        check_source(name, section, text)?;
    }
    for mailbox in &settings.mailboxes {
        let Some(imap) = &mailbox.imap else { continue };
        let name = mailbox.name.get_ref();
        if imap.password.is_some() == imap.oauth.is_some() {
            let what = format!(
                "the mailbox \"{name}\" needs either password = {{ … }} or oauth = \"NAME\" in its imap, one of the two"
            );
            return Err((mailbox.name.span().start, what));
        }
        check_name(settings, imap.oauth.as_ref())?;
    }
    if let Some(smtp) = &settings.sending.smtp {
        let at = text.find("smtp").unwrap_or(0);
        match (&smtp.user, smtp.password.is_some(), smtp.oauth.is_some()) {
            (_, true, true) => {
                return Err((at, "[sending] smtp has both password and oauth. Remedy: remove one of the two".into()));
            }
            (None, true, _) | (None, _, true) => {
                return Err((
                    at,
                    "[sending] smtp signs in, but as whom? Remedy: add user = \"…\", the mailbox's address".into(),
                ));
            }
            (Some(_), false, false) => {
                let what = "[sending] smtp has a user, but neither password nor oauth. Remedy: add one of the two, or remove user";
                return Err((at, what.into()));
            }
            _ => {}
        }
        check_name(settings, smtp.oauth.as_ref())?;
    }
    if let Some(alerts) = &settings.alerts {
        check_alerts(settings, alerts, text)?;
    }
    Ok(())
}

fn check_source(name: &str, section: &OauthSection, text: &str) -> Result<(), Fault> {
    let at = text.find(&format!("[oauth.{name}]")).unwrap_or(0);
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
        return Err((at, format!("the name [oauth.{name}] may hold letters, digits, '-' and '_' only")));
    }
    let url = &section.token_url;
    if !http::is_safe(url.get_ref()) {
        return Err((url.span().start, "token_url must begin with https://: the secret is sent there".into()));
    }
    if section.client_id.trim().is_empty() {
        return Err((at, format!("client_id in [oauth.{name}] is empty")));
    }
    if section.refresh_token.is_none() && (section.client_secret.is_none() || section.scope.is_none()) {
        let what = format!(
            "[oauth.{name}] needs client_secret and scope (Exchange Online), or refresh_token (Gmail). Remedy: docs/mailboxes.md \
             shows both, step by step"
        );
        return Err((at, what));
    }
    Ok(())
}

fn check_name(settings: &Settings, name: Option<&Spanned<String>>) -> Result<(), Fault> {
    match name {
        Some(name) if !settings.oauth.contains_key(name.get_ref()) => {
            let what = format!("there is no [oauth.{0}]. Remedy: add it, or correct oauth = \"{0}\"", name.get_ref());
            Err((name.span().start, what))
        }
        _ => Ok(()),
    }
}

fn check_alerts(settings: &Settings, alerts: &Alerts, text: &str) -> Result<(), Fault> {
    let at = text.find("[alerts]").unwrap_or(0);
    if alerts.telegram_chat.is_none() && alerts.webhook.is_none() {
        return Err((
            at,
            "[alerts] tells nobody. Remedy: add telegram_chat, webhook or both, or remove [alerts]".into(),
        ));
    }
    if let Some(chat) = alerts.telegram_chat.as_ref().filter(|_| settings.chat.is_none()) {
        return Err((
            chat.span().start,
            "telegram_chat needs the bot of [chat]. Remedy: add [chat], or use webhook".into(),
        ));
    }
    if alerts.repeat_hours == 0 {
        return Err((at, "repeat_hours must be 1 or more".into()));
    }
    let body = &alerts.webhook_body;
    let place = if body.span().start == 0 { at } else { body.span().start };
    match serde_json::from_str(body.get_ref()) {
        Err(fault) => return Err((place, format!("webhook_body is not JSON: {fault}"))),
        Ok(value) if !channels::has_place(&value) => {
            return Err((
                place,
                format!("webhook_body has no place for the message. Remedy: write {} there", channels::PLACE),
            ));
        }
        Ok(_) => {}
    }
    if let Some(source) = &alerts.webhook {
        // Read by the caller too, with its own words, if it is not there at all.
        if let Ok(secret) = source.read() {
            alerts_url(&secret).map_err(|what| (at, what))?;
        }
    }
    Ok(())
}

/// The webhook's address.
///
/// # Errors
///
/// What is wrong with it, without repeating it.
pub fn alerts_url(secret: &SecretString) -> Result<url::Url, String> {
    let url = url::Url::parse(secret.expose_secret().trim())
        .map_err(|fault| format!("the webhook's address is none: {fault}"))?;
    if http::is_safe(&url) { Ok(url) } else { Err("the webhook's address must begin with https://".to_owned()) }
}

/// Every secret of these sections.
pub(super) fn secrets(settings: &Settings) -> impl Iterator<Item = &SecretSource> {
    let sources = settings.oauth.values().flat_map(|one| one.client_secret.iter().chain(&one.refresh_token));
    sources.chain(settings.alerts.iter().filter_map(|alerts| alerts.webhook.as_ref()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const GOOD: &str = include_str!("../../config/heard.example.toml");

    /// The example with the file's secrets out of a variable that every machine has, `from` replaced by `to`.
    fn parse(from: &str, to: &str) -> Result<Settings, String> {
        let good =
            regex::Regex::new(r#"\{ file = "[^"]*" \}"#).unwrap().replace_all(GOOD, r#"{ env = "PATH" }"#).into_owned();
        assert!(good.contains(from), "{from}");
        let text = good.replacen(from, to, 1);
        Settings::parse(&text, Path::new("heard.toml")).map_err(|fault| fault.to_string())
    }

    const SOURCE: &str = "[oauth.exchange]\ntoken_url = \"https://login.example/token\"\nclient_id = \"id\"\n\
                          client_secret = { env = \"PATH\" }\nscope = \"https://outlook.office365.com/.default\"\n\n[sending]";
    const PASSWORD: &str = r#"password = { env = "PATH" } }"#;

    fn with_source(source: &str) -> Result<Settings, String> {
        parse("[sending]", source)
    }

    #[test]
    fn a_source_is_whole_and_its_secret_goes_encrypted() {
        assert!(with_source(SOURCE).unwrap().oauth.contains_key("exchange"));
        let said = |from: &str, to: &str| with_source(&SOURCE.replacen(from, to, 1)).unwrap_err();
        let plain = said("https://login", "http://login");
        assert!(plain.contains("token_url must begin with https://") && plain.starts_with("heard.toml:"), "{plain}");
        assert!(said("scope = ", "# ").contains("needs client_secret and scope"));
        assert!(said("client_secret = ", "# ").contains("needs client_secret and scope"));
        assert!(said("\"id\"", "\" \"").contains("client_id in [oauth.exchange] is empty"));
        assert!(said("client_id", "client").contains("unknown field"));
        assert!(said("PATH", "HEARD_IS_NOT_HERE").contains("environment variable HEARD_IS_NOT_HERE is not set"));
        let refresh = SOURCE.replacen("client_secret", "refresh_token", 1).replace("scope = ", "# ");
        assert!(with_source(&refresh).is_ok());
    }

    #[test]
    fn a_mailbox_signs_in_in_one_way() {
        let neither = parse(&format!(", {PASSWORD}"), " }").unwrap_err();
        assert!(neither.contains("needs either password = { … } or oauth = \"NAME\""), "{neither}");
        let both = parse(PASSWORD, r#"password = { env = "PATH" }, oauth = "exchange" }"#).unwrap_err();
        assert!(both.contains("one of the two"), "{both}");
        let unknown = parse(PASSWORD, r#"oauth = "exchange" }"#).unwrap_err();
        assert!(unknown.contains("there is no [oauth.exchange]"), "{unknown}");
    }

    #[test]
    fn sending_signs_in_in_one_way_and_as_somebody() {
        let smtp = |part: &str| {
            parse(r#"security = "starttls", user = "complaints@calderbeck.example", password = { env = "PATH" }"#, part)
        };
        assert!(smtp(r#"security = "starttls""#).is_ok());
        assert!(smtp(r#"user = "a""#).unwrap_err().contains("neither password nor oauth"));
        assert!(smtp(r#"password = { env = "PATH" }"#).unwrap_err().contains("as whom?"));
        assert!(smtp(r#"oauth = "x""#).unwrap_err().contains("as whom?"));
        assert!(smtp(r#"user = "a", oauth = "x", password = { env = "PATH" }"#).unwrap_err().contains("both"));
        assert!(smtp(r#"user = "a", oauth = "x""#).unwrap_err().contains("there is no [oauth.x]"));
    }

    #[test]
    fn alerts_reach_somebody() {
        let alerts = |lines: &str| parse("[sending]", &format!("[alerts]\n{lines}\n\n[sending]"));
        assert!(alerts("").unwrap_err().contains("tells nobody"));
        assert!(alerts("telegram_chat = -1001").unwrap_err().contains("needs the bot of [chat]"));
        // PATH is no web address.
        assert!(alerts("webhook = { env = \"PATH\" }").unwrap_err().contains("webhook's address"));
        assert!(alerts("webhook = { env = \"PATH\" }\nwebhook_body = '{'").unwrap_err().contains("is not JSON"));
        assert!(
            alerts("webhook = { env = \"PATH\" }\nwebhook_body = '{\"text\": \"\"}'").unwrap_err().contains("@TEXT@")
        );
        assert!(alerts("webhook = { env = \"PATH\" }\nrepeat_hours = 0").unwrap_err().contains("1 or more"));
        assert!(alerts_url(&"https://hooks.example/x\n".to_owned().into()).is_ok());
        assert!(
            alerts_url(&"http://hooks.example/secret".to_owned().into()).is_err_and(|said| !said.contains("secret"))
        );
    }
}
