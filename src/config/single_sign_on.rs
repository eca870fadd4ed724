//! How people sign in to the pages: with the council's own directory, and whether a second factor is asked of local accounts.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::sections::{SecretSource, Settings};
use crate::{http, web::access::Role};

/// Whether accounts with a password need a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactorRule {
    /// Everybody may set one up.
    #[default]
    Offered,
    /// Nobody signs in with a password alone.
    Required,
}

/// The section `[single_sign_on]`: an OpenID Connect provider, such as Entra ID.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SingleSignOnSection {
    /// Its issuer, as its own description says, e.g. `https://login.microsoftonline.com/TENANT/v2.0`.
    pub issuer: Spanned<url::Url>,
    /// Heard's name there.
    pub client_id: String,
    /// Heard's secret there.
    pub client_secret: SecretSource,
    /// What people call it: it stands on the button.
    #[serde(default = "their_account")]
    pub called: String,
    /// Which of its application roles gives which role here.
    pub roles: Spanned<BTreeMap<String, String>>,
    /// Certificates of an authority of the council's own (PEM).
    pub ca_file: Option<PathBuf>,
}

fn their_account() -> String {
    "your council account".to_owned()
}

impl SingleSignOnSection {
    /// What somebody with these application roles may do: of several the one that sees most of cases; None where none of them
    /// is one of ours. Pure.
    #[must_use]
    pub fn role(&self, app_roles: &[String]) -> Option<Role> {
        let ours = app_roles.iter().filter_map(|role| self.roles.get_ref().get(role)?.parse::<Role>().ok());
        ours.min()
    }
}

/// Where in the file, and what is wrong.
type Fault = (usize, String);

/// Checks the section.
///
/// # Errors
///
/// The first fault.
pub(super) fn check(settings: &Settings) -> Result<(), Fault> {
    let Some(section) = &settings.single_sign_on else { return Ok(()) };
    let (issuer, roles) = (&section.issuer, &section.roles);
    if !http::is_safe(issuer.get_ref()) {
        return Err((issuer.span().start, "issuer must begin with https://: people sign in there".into()));
    }
    if issuer.get_ref().path().split('/').any(|part| part == "common" || part == "organizations") {
        let what = "issuer must name the council's own tenant. Remedy: put its identifier in place of \"common\"";
        return Err((issuer.span().start, what.into()));
    }
    if section.client_id.trim().is_empty() {
        return Err((issuer.span().start, "client_id in [single_sign_on] is empty".into()));
    }
    if roles.get_ref().is_empty() {
        let what = "[single_sign_on.roles] lets nobody in. Remedy: name an application role for each role here";
        return Err((roles.span().start, what.into()));
    }
    match roles.get_ref().values().find_map(|word| word.parse::<Role>().err().map(|fault| (word, fault))) {
        Some((word, fault)) => Err((roles.span().start, format!("\"{word}\" in [single_sign_on.roles]: {fault}"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const GOOD: &str = include_str!("../../config/heard.example.toml");
    const SECTION: &str = "[single_sign_on]\nissuer = \"https://login.example/tenant/v2.0\"\nclient_id = \"heard\"\n\
                           client_secret = { env = \"PATH\" }\nroles = { \"Heard.Officer\" = \"officer\", \"Heard.Manager\" = \"complaints_manager\", \"Heard.Admin\" = \"administrator\" }\n\n[web]";

    fn parse(section: &str) -> Result<Settings, String> {
        let good = regex::Regex::new(r#"\{ file = "[^"]*" \}"#).unwrap().replace_all(GOOD, r#"{ env = "PATH" }"#);
        let text = good.replacen("[web]", section, 1);
        Settings::parse(&text, Path::new("heard.toml")).map_err(|fault| fault.to_string())
    }

    #[test]
    fn the_directory_is_the_councils_own_and_its_roles_are_ours() {
        let section = parse(SECTION).unwrap().single_sign_on.unwrap();
        let role = |names: &[&str]| section.role(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert_eq!(role(&["Heard.Officer"]), Some(Role::Officer));
        assert_eq!(role(&["Other", "Heard.Admin", "Heard.Officer"]), Some(Role::Officer));
        assert_eq!(role(&["Heard.Officer", "Heard.Manager"]), Some(Role::ComplaintsManager));
        assert_eq!(role(&["officer", "heard.officer"]), None);
        assert_eq!(role(&[]), None);
        let said = |from: &str, to: &str| parse(&SECTION.replacen(from, to, 1)).unwrap_err();
        assert!(said("https://login", "http://login").contains("must begin with https://"));
        assert!(said("tenant/v2.0", "common/v2.0").contains("the council's own tenant"));
        assert!(said("\"heard\"", "\" \"").contains("client_id in [single_sign_on] is empty"));
        assert!(said("\"officer\"", "\"root\"").contains("\"root\" in [single_sign_on.roles]: a role is one of"));
        let nobody = parse(
            "[single_sign_on]\nissuer = \"https://login.example/t\"\nclient_id = \"heard\"\nclient_secret = { env = \"PATH\" }\nroles = {}\n\n[web]",
        );
        assert!(nobody.unwrap_err().contains("lets nobody in"));
    }

    #[test]
    fn a_second_factor_is_offered_until_it_is_asked_of_everybody() {
        assert_eq!(parse("[web]").unwrap().web.second_factor, SecondFactorRule::Offered);
        assert_eq!(parse("[web]\nsecond_factor = \"required\"").unwrap().web.second_factor, SecondFactorRule::Required);
        assert!(parse("[web]\nsecond_factor = \"sometimes\"").unwrap_err().contains("unknown variant `sometimes`"));
    }
}
