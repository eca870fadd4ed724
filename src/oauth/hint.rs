//! What a look into a Microsoft token tells `heard doctor` when the mail server only says no. A hint, never a decision: the
//! token is the mail server's to judge, and its form may change.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// Whether the token was made for an application and lacks the application permission `role`, such as `IMAP.AccessAsApp`.
/// False for everything that is no such token.
#[must_use]
pub fn lacks_role(token: &SecretString, role: &str) -> bool {
    let Some(claims) = claims(token.expose_secret()) else { return false };
    let for_an_app = claims.get("appid").is_some() && claims.get("scp").is_none();
    let roles = claims.get("roles").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for_an_app && !roles.iter().any(|one| one.as_str() == Some(role))
}

fn claims(token: &str) -> Option<Value> {
    let middle = token.split('.').nth(1)?;
    let bytes = data_encoding::BASE64URL_NOPAD.decode(middle.trim_end_matches('=').as_bytes()).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> SecretString {
        format!("e30.{}.c2ln", data_encoding::BASE64URL_NOPAD.encode(claims.as_bytes())).into()
    }

    #[test]
    fn a_role_is_missing_only_from_a_token_that_has_roles_at_all() {
        let lacks = |claims: &str| lacks_role(&token(claims), "IMAP.AccessAsApp");
        assert!(lacks(r#"{"appid":"x","roles":["SMTP.SendAsApp"]}"#));
        assert!(lacks(r#"{"appid":"x"}"#));
        assert!(!lacks(r#"{"appid":"x","roles":["SMTP.SendAsApp","IMAP.AccessAsApp"]}"#));
        assert!(!lacks(r#"{"appid":"x","scp":"IMAP.AccessAsUser.All"}"#));
        assert!(!lacks(r#"{"sub":"complaints@council.example"}"#));
        assert!(!lacks_role(&"opaque".to_owned().into(), "IMAP.AccessAsApp"));
        assert!(!lacks_role(&"a.%%%.c".to_owned().into(), "IMAP.AccessAsApp"));
    }
}
