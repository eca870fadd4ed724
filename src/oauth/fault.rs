//! Why there is no token, in words that say what to do. Nothing here names a person or holds a secret.

use std::sync::LazyLock;

use regex::Regex;

use crate::http;

/// The sort of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenFault {
    /// Nothing answers at the token server.
    Unreachable,
    /// TLS to it failed.
    Tls,
    /// It asks to come back later.
    Busy,
    /// Something else answers there.
    NotOauth,
    /// The secret's file or variable is not there.
    Secret,
    /// The database does not take the refresh token.
    Keeping,
    /// Another program on the same database has the refresh token in hand.
    Turn,
    /// Wrong client secret.
    WrongSecret,
    /// Client secret past its date.
    ExpiredSecret,
    /// Unknown client id.
    UnknownClient,
    /// Unknown tenant.
    UnknownTenant,
    /// The app registration was disabled.
    DisabledClient,
    /// Wrong scope.
    WrongScope,
    /// Consent missing or withdrawn.
    NoConsent,
    /// Refresh token expired or withdrawn.
    Ended,
    /// The same, after a program died while it exchanged the token.
    Interrupted,
    /// The account behind the refresh token is disabled, locked or gone.
    NoAccount,
    /// Conditional access or a second factor.
    Blocked,
    /// Refused for another reason.
    Refused,
}

/// Fault, its word in the database, what is wrong, what to do.
type Entry = (TokenFault, &'static str, &'static str, &'static str);

const ENTRIES: [Entry; 19] = [
    (
        TokenFault::Unreachable,
        "unreachable",
        "the token server cannot be reached",
        "check token_url in [oauth], and that the firewall or proxy lets this machine out to it",
    ),
    (
        TokenFault::Tls,
        "tls",
        "the TLS connection to the token server was refused",
        "if a proxy of the council's own opens encrypted connections, name its authority's file as ca_file in [oauth]; \
         else ask whoever runs the token server",
    ),
    (TokenFault::Busy, "busy", "the token server is busy or in trouble", "nothing yet: it is tried again by itself"),
    (
        TokenFault::NotOauth,
        "not-oauth",
        "what answers at token_url is no token server",
        "check token_url in [oauth]; if it is right, a proxy answers in its place",
    ),
    (
        TokenFault::Secret,
        "secret",
        "a secret of [oauth] cannot be read",
        "put the secret where the configuration says, readable for the user heard alone (mode 0600)",
    ),
    (
        TokenFault::Keeping,
        "keeping",
        "the refresh token cannot be kept in the database",
        "mend the database; it goes on by itself",
    ),
    (
        TokenFault::Turn,
        "turn",
        "another program on this database has the refresh token in hand",
        "nothing yet: it is tried again by itself",
    ),
    (
        TokenFault::WrongSecret,
        "wrong-secret",
        "the client secret is wrong",
        "put the secret's value (not its id) into the file that [oauth] client_secret names; at Microsoft a value is shown \
         once only, so make a new one: Entra, App registrations, Certificates & secrets",
    ),
    (
        TokenFault::ExpiredSecret,
        "expired-secret",
        "the client secret has expired",
        "make a new one (Entra, App registrations, Certificates & secrets), put its value into the file that [oauth] \
         client_secret names, and note its last day in a calendar",
    ),
    (
        TokenFault::UnknownClient,
        "unknown-client",
        "the client id is not known there",
        "check client_id in [oauth] (Entra: Application (client) ID of the registration), and the tenant in token_url",
    ),
    (
        TokenFault::UnknownTenant,
        "unknown-tenant",
        "the tenant in token_url is not known",
        "put the tenant's id into token_url in [oauth] (Entra, Overview: Tenant ID)",
    ),
    (
        TokenFault::DisabledClient,
        "disabled-client",
        "the application was disabled",
        "ask the administrator to enable it again: Entra, Enterprise applications, Properties",
    ),
    (
        TokenFault::WrongScope,
        "wrong-scope",
        "the scope is not valid",
        "check scope in [oauth]: Exchange Online wants https://outlook.office365.com/.default, Gmail https://mail.google.com/",
    ),
    (
        TokenFault::NoConsent,
        "no-consent",
        "the application may not do this: consent is missing or was withdrawn",
        "ask the administrator to grant it again: Entra, App registrations, API permissions, Grant admin consent; with Gmail \
         sign in again and put the new refresh token into its file",
    ),
    (
        TokenFault::Ended,
        "ended",
        "the refresh token has expired or was withdrawn",
        "sign in to the mailbox again, and put the new refresh token into the file that [oauth] refresh_token names; it is \
         taken up without a restart",
    ),
    (
        TokenFault::Interrupted,
        "interrupted",
        "the program was stopped while it exchanged the refresh token, and the server takes the old one no more",
        "sign in to the mailbox again, and put the new refresh token into the file that [oauth] refresh_token names; it is \
         taken up without a restart",
    ),
    (
        TokenFault::NoAccount,
        "no-account",
        "the account behind the refresh token is disabled, locked or gone",
        "ask the administrator to enable the mailbox's account; if its password was changed, sign in again and put the new \
         refresh token into its file",
    ),
    (
        TokenFault::Blocked,
        "blocked",
        "a sign-in rule of the organisation stands in the way (conditional access or a second factor)",
        "ask the administrator to let this application through, or use client credentials, which need no person",
    ),
    (
        TokenFault::Refused,
        "refused",
        "the token server refused",
        "check [oauth]; at Microsoft, login.microsoftonline.com/error explains the AADSTS code",
    ),
];

impl TokenFault {
    fn entry(self) -> &'static Entry {
        let [first, ..] = &ENTRIES;
        ENTRIES.iter().find(|entry| entry.0 == self).unwrap_or(first)
    }

    /// The word for it in the database and in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.entry().1
    }

    /// The fault of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        ENTRIES.iter().find(|entry| entry.1 == word).map(|entry| entry.0)
    }

    /// What is wrong.
    #[must_use]
    pub fn words(self) -> &'static str {
        self.entry().2
    }

    /// What to do.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        self.entry().3
    }

    /// Nothing but a person can mend it: told at once, not after a while.
    #[must_use]
    pub fn needs_a_person(self) -> bool {
        !matches!(self, Self::Unreachable | Self::Tls | Self::Busy | Self::NotOauth | Self::Keeping | Self::Turn)
    }

    /// The refresh token itself is the fault: another one may be good.
    #[must_use]
    pub fn is_about_the_grant(self) -> bool {
        matches!(self, Self::Ended | Self::NoAccount | Self::NoConsent | Self::Blocked)
    }

    /// What a refusal means: RFC 6749 section 5.2, and Microsoft's code, which says more.
    #[must_use]
    pub fn of_refusal(error: &str, description: &str) -> Self {
        if let Some(fault) = aadsts(description).and_then(of_aadsts) {
            return fault;
        }
        let says = |part: &str| description.to_ascii_lowercase().contains(part);
        match error {
            "invalid_client" if says("not found") || says("deleted") => Self::UnknownClient,
            "invalid_client" => Self::WrongSecret,
            "deleted_client" => Self::UnknownClient,
            "disabled_client" => Self::DisabledClient,
            "invalid_grant" => Self::Ended,
            "unauthorized_client" | "access_denied" | "consent_required" | "org_internal" => Self::NoConsent,
            "interaction_required" | "login_required" | "admin_policy_enforced" => Self::Blocked,
            "invalid_scope" | "invalid_resource" => Self::WrongScope,
            "temporarily_unavailable" | "server_error" | "slow_down" => Self::Busy,
            _ => Self::Refused,
        }
    }
}

/// The number in `AADSTS7000215: …`.
#[must_use]
pub fn aadsts(description: &str) -> Option<u32> {
    #[allow(clippy::expect_used)]
    static CODE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"AADSTS(\d{4,9})").expect("the pattern is fixed"));
    CODE.captures(description)?.get(1)?.as_str().parse().ok()
}

fn of_aadsts(code: u32) -> Option<TokenFault> {
    Some(match code {
        7_000_215 | 7_000_218 => TokenFault::WrongSecret,
        7_000_222 => TokenFault::ExpiredSecret,
        700_016 | 70_001 => TokenFault::UnknownClient,
        90_002 | 900_023 => TokenFault::UnknownTenant,
        7_000_112 => TokenFault::DisabledClient,
        70_011 | 1_002_012 | 500_011 | 650_057 | 28_002 | 28_003 => TokenFault::WrongScope,
        65_001 | 65_004 | 650_052 => TokenFault::NoConsent,
        70_000 | 70_008 | 700_082 | 700_084 | 50_173 | 54_005 | 50_089 | 70_043 => TokenFault::Ended,
        50_034 | 50_053 | 50_055 | 50_057 | 51_004 => TokenFault::NoAccount,
        53_000..=53_004 | 530_032 | 50_072 | 50_074 | 50_076 | 50_079 | 50_131 | 50_158 => TokenFault::Blocked,
        50_196 | 90_033 | 90_055 => TokenFault::Busy,
        _ => return None,
    })
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no sign-in token: {} ({place}: {detail})", fault.words())]
pub struct TokenError {
    /// The sort.
    pub fault: TokenFault,
    /// The token server's host.
    pub place: String,
    /// Its code, or what the system said; no address of a person, no secret.
    pub detail: String,
    /// Microsoft's or the server's code alone, for those who look it up.
    pub code: Option<String>,
}

impl TokenError {
    /// A fault on our side or on the way.
    #[must_use]
    pub fn new(fault: TokenFault, place: &str, detail: impl Into<String>) -> Self {
        Self { fault, place: place.to_owned(), detail: detail.into(), code: None }
    }

    /// What the server refused with.
    #[must_use]
    pub fn refused(place: &str, error: &str, description: &str) -> Self {
        let fault = TokenFault::of_refusal(error, description);
        let error: String = error.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
        let code = match aadsts(description) {
            Some(number) => format!("{error} AADSTS{number}"),
            None => error,
        };
        let said = description.split(". ").next().unwrap_or_default();
        let said = match said.split_once(": ") {
            Some((number, said)) if number.starts_with("AADSTS") => said,
            _ => said,
        };
        let said = http::tidy(said);
        // What is known needs no words of the server's, which may name somebody.
        let unknown = fault == TokenFault::Refused && !said.is_empty();
        let detail = if unknown { format!("{code}: {said}") } else { code.clone() };
        Self { fault, place: place.to_owned(), detail, code: Some(code) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_fault_has_its_own_word_and_finds_itself_by_it() {
        let words: BTreeSet<&str> = ENTRIES.iter().map(|entry| entry.0.as_str()).collect();
        assert_eq!(words.len(), ENTRIES.len());
        for (fault, word, said, remedy) in ENTRIES {
            assert_eq!(TokenFault::parse(word), Some(fault));
            assert_eq!((fault.words(), fault.remedy()), (said, remedy));
            assert!(!said.ends_with('.') && !remedy.ends_with('.'), "{word}");
        }
        assert_eq!(TokenFault::parse("another"), None);
    }

    #[test]
    fn microsofts_code_says_more_than_the_standards_word() {
        let of = |error: &str, code: &str| TokenFault::of_refusal(error, &format!("{code}: said so. Trace ID: 1"));
        assert_eq!(of("invalid_client", "AADSTS7000215"), TokenFault::WrongSecret);
        assert_eq!(of("invalid_client", "AADSTS7000222"), TokenFault::ExpiredSecret);
        assert_eq!(of("unauthorized_client", "AADSTS700016"), TokenFault::UnknownClient);
        assert_eq!(of("invalid_request", "AADSTS90002"), TokenFault::UnknownTenant);
        assert_eq!(of("invalid_request", "AADSTS1002012"), TokenFault::WrongScope);
        assert_eq!(of("invalid_grant", "AADSTS65001"), TokenFault::NoConsent);
        assert_eq!(of("invalid_grant", "AADSTS50057"), TokenFault::NoAccount);
        assert_eq!(of("invalid_grant", "AADSTS53003"), TokenFault::Blocked);
        assert_eq!(of("invalid_grant", "AADSTS999999"), TokenFault::Ended);
    }

    #[test]
    fn googles_words_are_understood() {
        let of = TokenFault::of_refusal;
        assert_eq!(of("invalid_grant", "Token has been expired or revoked."), TokenFault::Ended);
        assert_eq!(of("invalid_client", "The OAuth client was not found."), TokenFault::UnknownClient);
        assert_eq!(of("invalid_client", "Unauthorized"), TokenFault::WrongSecret);
        assert_eq!(of("deleted_client", "The OAuth client was deleted."), TokenFault::UnknownClient);
    }

    #[test]
    fn an_error_repeats_no_address_and_no_more_than_the_code_of_what_is_known() {
        let known =
            TokenError::refused("login.example", "invalid_grant", "AADSTS50034: a.b@council.example is gone. T");
        assert_eq!(
            known.to_string(),
            "no sign-in token: the account behind the refresh token is disabled, locked or gone \
             (login.example: invalid_grant AADSTS50034)"
        );
        let other = TokenError::refused("login.example", "odd<b>", "for a.b@council.example only. More");
        assert_eq!(other.detail, "oddb: for (address) only");
        assert_eq!(other.code.as_deref(), Some("oddb"));
    }
}
