//! Mail domains under which strangers to each other have their addresses: the one list of them.

/// Providers of mailboxes for everybody. What two people at one of these have in common is nothing.
const SHARED_DOMAINS: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "outlook.co.uk",
    "hotmail.com",
    "hotmail.co.uk",
    "live.com",
    "live.co.uk",
    "msn.com",
    "yahoo.com",
    "yahoo.co.uk",
    "ymail.com",
    "rocketmail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "aol.co.uk",
    "btinternet.com",
    "btopenworld.com",
    "sky.com",
    "talktalk.net",
    "tiscali.co.uk",
    "virginmedia.com",
    "ntlworld.com",
    "blueyonder.co.uk",
    "o2.co.uk",
    "proton.me",
    "protonmail.com",
    "pm.me",
    "gmx.com",
    "gmx.co.uk",
    "mail.com",
    "zoho.com",
    "fastmail.com",
    "tutanota.com",
];

/// Whether `domain` (lower case) is one of a provider for everybody.
#[must_use]
pub fn is_shared(domain: &str) -> bool {
    SHARED_DOMAINS.contains(&domain)
}
