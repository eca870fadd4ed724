//! Addresses that nothing goes to before an officer has looked: a refuge, an account that a violent partner reads too. Pure.

use serde::{Deserialize, Serialize};

use super::mailbox_of;

/// The word in the database for a letter that waits because of its address.
pub const DO_NOT_REPLY: &str = "do_not_reply";

/// Patterns of addresses, `*` for any letters: `*@refuge.example`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DoNotReply(Vec<String>);

impl DoNotReply {
    /// The patterns.
    #[must_use]
    pub fn new(patterns: &[String]) -> Self {
        Self(patterns.iter().map(|pattern| pattern.trim().to_lowercase()).collect())
    }

    /// Whether one of them fits `address`, with or without what stands behind its plus.
    #[must_use]
    pub fn fits(&self, address: &str) -> bool {
        let (whole, mailbox) = (address.trim().to_lowercase(), mailbox_of(address));
        self.0.iter().any(|pattern| fits(pattern, &whole) || fits(pattern, &mailbox))
    }

    /// The first text that is no pattern of an address: it has one `@` with something on both sides.
    #[must_use]
    pub fn first_fault(patterns: &[String]) -> Option<&str> {
        let good = |pattern: &str| {
            pattern.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty() && domain.chars().any(char::is_alphanumeric) && !domain.contains('@')
            }) && !pattern.contains(char::is_whitespace)
        };
        patterns.iter().map(|pattern| pattern.trim()).find(|pattern| !good(pattern))
    }
}

/// Whether `pattern` fits the whole of `text`.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|left| {
            // What the star stands for may be empty, or end before any later letter.
            left.char_indices()
                .map(|(at, _)| at)
                .chain([left.len()])
                .any(|at| left.get(at..).is_some_and(|left| fits(rest, left)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn patterns(patterns: &[&str]) -> Vec<String> {
        patterns.iter().map(|pattern| (*pattern).to_owned()).collect()
    }

    #[test]
    fn a_refuge_is_known_by_its_domain_and_one_account_by_its_address() {
        let list = DoNotReply::new(&patterns(&["*@Refuge.example", "shared@mail.example", "*@*.shelter.example"]));
        for address in [
            "ann@refuge.example",
            " Ann+x@REFUGE.example ",
            "shared@mail.example",
            "Shared+1@mail.example",
            "a@north.shelter.example",
        ] {
            assert!(list.fits(address), "{address}");
        }
        for address in ["ann@refuge.example.org", "notshared@mail.example", "a@shelter.example", "telegram:1", ""] {
            assert!(!list.fits(address), "{address}");
        }
        assert!(!DoNotReply::default().fits("ann@refuge.example"));
    }

    #[test]
    fn what_is_no_pattern_of_an_address_is_found() {
        assert_eq!(DoNotReply::first_fault(&patterns(&["*@refuge.example", "a@b.example"])), None);
        for wrong in ["refuge.example", "*", "*@*", "@refuge.example", "a@", "a b@c.example", "a@b@c"] {
            assert_eq!(DoNotReply::first_fault(&patterns(&[wrong])), Some(wrong), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_domain_holds_back_all_of_it_and_nothing_else(
            local in "[a-z0-9.+]{1,12}", domain in "[a-z]{1,8}\\.example", other in "[a-z]{1,8}\\.example"
        ) {
            let list = DoNotReply::new(&[format!("*@{domain}")]);
            let address = format!("{local}@{domain}");
            prop_assert!(list.fits(&address));
            prop_assert!(list.fits(&address.to_uppercase()));
            let elsewhere = format!("{local}@{other}");
            prop_assert_eq!(list.fits(&elsewhere), domain == other);
        }
    }
}
