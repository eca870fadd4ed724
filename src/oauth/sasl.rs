//! How a token is shown to a mail server: XOAUTH2 (Google's and Microsoft's) and OAUTHBEARER (RFC 7628).

use secrecy::{ExposeSecret, SecretString};

/// A mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// `XOAUTH2`.
    Xoauth2,
    /// `OAUTHBEARER`.
    OauthBearer,
}

impl Mechanism {
    /// The better of those that a server offers, by the names it gives. XOAUTH2 first: it is what both great providers
    /// document for mail.
    #[must_use]
    pub fn offered<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let (mut xoauth2, mut bearer) = (false, false);
        for name in names {
            xoauth2 |= name.eq_ignore_ascii_case("XOAUTH2");
            bearer |= name.eq_ignore_ascii_case("OAUTHBEARER");
        }
        if xoauth2 { Some(Self::Xoauth2) } else { bearer.then_some(Self::OauthBearer) }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Xoauth2 => "XOAUTH2",
            Self::OauthBearer => "OAUTHBEARER",
        }
    }

    /// What the client says first: `user` signs in with `token` at `host`.
    #[must_use]
    pub fn first(self, user: &str, token: &SecretString, host: &str, port: u16) -> SecretString {
        let token = token.expose_secret();
        let text = match self {
            Self::Xoauth2 => format!("user={user}\x01auth=Bearer {token}\x01\x01"),
            Self::OauthBearer => {
                // RFC 5801 section 4, saslname.
                let user = user.replace('=', "=3D").replace(',', "=2C");
                format!("n,a={user},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01")
            }
        };
        text.into()
    }

    /// What the client says to a refusal, which comes as a challenge; only then does the server end the exchange.
    #[must_use]
    pub fn second(self) -> &'static str {
        match self {
            Self::Xoauth2 => "",
            Self::OauthBearer => "\x01",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_are_those_of_the_documents() {
        let token: SecretString = "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg".to_owned().into();
        // Google's example for XOAUTH2.
        let said = Mechanism::Xoauth2.first("someuser@example.com", &token, "imap.example.com", 993);
        assert_eq!(
            data_encoding::BASE64.encode(said.expose_secret().as_bytes()),
            "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ=="
        );
        // RFC 7628 section 4.1.
        let token: SecretString = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==".to_owned().into();
        let said = Mechanism::OauthBearer.first("user@example.com", &token, "server.example.com", 143);
        assert_eq!(
            said.expose_secret(),
            "n,a=user@example.com,\x01host=server.example.com\x01port=143\x01auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01"
        );
        let odd = Mechanism::OauthBearer.first("a=b,c", &token, "h", 1);
        assert!(odd.expose_secret().starts_with("n,a=a=3Db=2Cc,\x01"));
    }

    #[test]
    fn xoauth2_is_chosen_where_both_are_offered() {
        assert_eq!(Mechanism::offered(["PLAIN", "oauthbearer", "xoauth2"]), Some(Mechanism::Xoauth2));
        assert_eq!(Mechanism::offered(["OAUTHBEARER"]), Some(Mechanism::OauthBearer));
        assert_eq!(Mechanism::offered(["PLAIN", "LOGIN"]), None);
    }
}
