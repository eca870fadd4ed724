//! Whether a message comes from the domain that its `From` names, as the council's own receiving server says (RFC 8601). Pure.
//!
//! A sender can write any header, so only what the trusted server wrote counts: its fields stand above the `Received` line
//! by which it took the message. The result never refuses a complaint; it decides who may be written to and which case a
//! message may join without a look.

use serde::{Deserialize, Serialize};

use super::headers::Headers;

/// What is known about the `From` domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Authenticity {
    /// DMARC passes, or a DKIM or SPF pass is aligned with the `From` domain (RFC 7489 section 3.1).
    Verified,
    /// The domain is not the one that the message names.
    Failed,
    /// Nothing is known, or nothing that decides.
    #[default]
    Unknown,
}

/// The servers' own words and what they come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Authentication {
    pub authenticity: Authenticity,
    /// The fields that count, joined; None when there is none.
    pub text: Option<String>,
}

/// Longest text kept of the fields (bytes).
const LONGEST: usize = 4_000;
/// So many fields of one server are looked at.
const MOST_FIELDS: usize = 10;

/// What the trusted servers say about `from`, the address in `From`; `several` when the message names several authors.
///
/// `trusted` holds the names by which the council's servers sign their results (authserv-ids). Without any, only the
/// topmost field is looked at.
pub(super) fn judge(headers: &Headers, trusted: &[String], from: Option<&str>, several: bool) -> Authentication {
    let fields = counting(headers, trusted);
    let results: Vec<Method> = fields.iter().flat_map(|field| parse(field).methods).collect();
    let authenticity = match from.and_then(|address| address.rsplit_once('@')) {
        // RFC 7489 section 6.6.1: servers do not check such a message, and it may name one author who passes.
        _ if several => Authenticity::Failed,
        Some((_, domain)) => verdict(&results, domain),
        None => Authenticity::Unknown,
    };
    let text = (!fields.is_empty()).then(|| super::body::cut(&fields.join("; "), LONGEST).to_owned());
    Authentication { authenticity, text }
}

/// The fields that a trusted server wrote, from the top down.
fn counting<'a>(headers: &'a Headers, trusted: &[String]) -> Vec<&'a str> {
    if trusted.is_empty() {
        return headers.first("authentication-results").into_iter().collect();
    }
    let ours = |host: &str| trusted.iter().any(|name| is_within(host, name));
    let mut above = Vec::new();
    let mut taken_by_us = false;
    let mut passed_any = false;
    for (name, value) in headers.iter() {
        match name {
            // Without a line of ours, only what stands above the first hop is surely not the sender's.
            "authentication-results" => above.push((value, passed_any)),
            "received" => {
                if received_by(value).is_some_and(|host| ours(&host)) {
                    taken_by_us = true;
                    break;
                }
                passed_any = true;
            }
            _ => {}
        }
    }
    above
        .into_iter()
        .filter(|(_, below_a_hop)| taken_by_us || !below_a_hop)
        .filter(|(value, _)| match parse(value).server {
            Some(server) => ours(&server),
            // Exchange Online leaves its name out: the line by which it took the message says who wrote above it.
            None => taken_by_us,
        })
        .map(|(value, _)| value)
        .take(MOST_FIELDS)
        .collect()
}

/// The host in the `by` clause of a `Received` line.
fn received_by(line: &str) -> Option<String> {
    let bare = without_comments(line);
    let mut words = bare.split(|c: char| c.is_whitespace() || c == ';').filter(|word| !word.is_empty());
    words.by_ref().find(|word| word.eq_ignore_ascii_case("by"))?;
    words.next().map(|host| host.trim_end_matches('.').to_ascii_lowercase())
}

/// Whether `host` is `name` or lies within it.
pub(crate) fn is_within(host: &str, name: &str) -> bool {
    let (host, name) = (host.trim().to_ascii_lowercase(), name.trim().to_ascii_lowercase());
    !name.is_empty() && (host == name || host.strip_suffix(&name).is_some_and(|rest| rest.ends_with('.')))
}

/// One method's result, e.g. `dkim=pass header.d=mail.example`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Method {
    name: String,
    result: String,
    properties: Vec<(String, String)>,
}

impl Method {
    fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The domain in the first of these properties that is given.
    fn domain(&self, names: &[&str]) -> Option<String> {
        let value = names.iter().find_map(|name| self.property(name))?;
        let domain = value.rsplit_once('@').map_or(value, |(_, domain)| domain);
        let domain = domain.trim_matches(['<', '>', '.']).to_ascii_lowercase();
        (!domain.is_empty() && domain != "none").then_some(domain)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Results {
    server: Option<String>,
    methods: Vec<Method>,
}

/// RFC 8601 section 2.2: `server [version]; method=result [reason=…] [property=…]…; …`. Exchange leaves the server out.
fn parse(value: &str) -> Results {
    let bare = without_comments(value);
    let mut results = Results::default();
    for (place, part) in split_outside_quotes(&bare, ';').into_iter().enumerate() {
        let words = pairs(part);
        let Some((first, rest)) = words.split_first() else { continue };
        match first {
            (server, None) if place == 0 => results.server = Some(server.trim_matches('"').to_ascii_lowercase()),
            (name, Some(result)) => results.methods.push(Method {
                name: name.split('/').next().unwrap_or_default().to_ascii_lowercase(),
                result: result.to_ascii_lowercase(),
                properties: rest
                    .iter()
                    .filter_map(|(key, value)| Some((key.to_ascii_lowercase(), value.as_ref()?.clone())))
                    .collect(),
            }),
            _ => {}
        }
    }
    results
}

/// The words of one result: `key=value` or a word alone. White space around the sign of equality is allowed.
fn pairs(part: &str) -> Vec<(String, Option<String>)> {
    let mut pairs: Vec<(String, Option<String>)> = Vec::new();
    let mut joining = false;
    for word in split_outside_quotes(part, ' ').into_iter().filter(|word| !word.is_empty()) {
        let unquoted = |text: &str| text.trim_matches('"').to_owned();
        if joining {
            if let Some((_, value)) = pairs.last_mut() {
                *value = Some(unquoted(word));
            }
            joining = false;
            continue;
        }
        match word.split_once('=') {
            Some(("", "")) | Some(("", _)) => match pairs.last_mut() {
                Some((_, value)) if word == "=" => {
                    *value = None;
                    joining = true;
                }
                Some((_, value)) => *value = Some(unquoted(word.trim_start_matches('='))),
                None => {}
            },
            Some((key, "")) => {
                pairs.push((key.to_owned(), None));
                joining = true;
            }
            Some((key, value)) => pairs.push((key.to_owned(), Some(unquoted(value)))),
            None => pairs.push((word.to_owned(), None)),
        }
    }
    pairs
}

/// `text` cut at `sign`, but not inside double quotes; any white space counts as a blank.
fn split_outside_quotes(text: &str, sign: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c: char| {
        quoted ^= c == '"';
        !quoted && (c == sign || (sign == ' ' && c.is_whitespace()))
    })
    .collect()
}

/// `text` without comments in brackets (RFC 5322 section 3.2.2), which may nest; a sign of quotation keeps brackets.
fn without_comments(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for c in text.chars() {
        let was_escaped = std::mem::take(&mut escaped);
        match c {
            '\\' if !was_escaped && (depth > 0 || quoted) => escaped = true,
            '"' if !was_escaped && depth == 0 => {
                quoted = !quoted;
                bare.push(c);
            }
            '(' if !was_escaped && !quoted => depth += 1,
            ')' if !was_escaped && !quoted && depth > 0 => {
                depth -= 1;
                bare.push(' ');
            }
            _ if depth == 0 => bare.push(if c.is_whitespace() { ' ' } else { c }),
            _ => {}
        }
    }
    bare
}

/// Relaxed alignment (RFC 7489 section 3.1), as far as it can be told without the list of public suffixes: the same
/// domain, or one within the other.
pub(super) fn aligned(one: &str, other: &str) -> bool {
    is_within(one, other) || is_within(other, one)
}

fn verdict(results: &[Method], from_domain: &str) -> Authenticity {
    let from_domain = from_domain.trim_end_matches('.').to_ascii_lowercase();
    let named = |name: &'static str| results.iter().filter(move |method| method.name == name);
    let aligned_result = |name: &'static str, result: &str, properties: &[&str]| {
        named(name).any(|method| {
            method.result == result && method.domain(properties).is_some_and(|domain| aligned(&domain, &from_domain))
        })
    };
    // A result about another `From` is none about this one.
    let dmarc = named("dmarc")
        .find(|method| method.domain(&["header.from"]).is_none_or(|domain| aligned(&domain, &from_domain)))
        .map(|method| method.result.as_str());
    // Exchange weighs the results itself, e.g. for mail that another trusted service passed on.
    let weighed = named("compauth").next().map(|method| method.result.as_str());
    match dmarc {
        Some("pass" | "bestguesspass") => return Authenticity::Verified,
        Some("fail") if weighed == Some("pass") => return Authenticity::Unknown,
        Some("fail") => return Authenticity::Failed,
        _ => {}
    }
    if aligned_result("dkim", "pass", &["header.d", "header.i"])
        || aligned_result("spf", "pass", &["smtp.mailfrom", "smtp.mail"])
    {
        return Authenticity::Verified;
    }
    // Without DMARC the domain's own list of servers is all there is: `fail` is its flat denial, `softfail` is none.
    if weighed != Some("pass") && aligned_result("spf", "fail", &["smtp.mailfrom", "smtp.mail"]) {
        return Authenticity::Failed;
    }
    Authenticity::Unknown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(lines: &str) -> Headers {
        let raw = format!("{}\r\n\r\n.", lines.trim().replace('\n', "\r\n"));
        Headers::of(&mail_parser::MessageParser::default().parse(raw.as_bytes()).unwrap())
    }

    fn said(lines: &str, trusted: &[&str], from: &str) -> Authenticity {
        let trusted: Vec<String> = trusted.iter().map(|&name| name.to_owned()).collect();
        judge(&headers(lines), &trusted, Some(from), false).authenticity
    }

    fn by_result(result: &str) -> Authenticity {
        said(&format!("Authentication-Results: mx.council.example; {result}"), &[], "ann@mail.example")
    }

    #[test]
    fn dmarc_decides_and_without_it_what_is_aligned() {
        use Authenticity::{Failed, Unknown, Verified};
        for (result, wanted) in [
            ("dmarc=pass header.from=mail.example", Verified),
            ("dmarc=pass (p=reject dis=none) header.from=mail.example", Verified),
            ("dmarc=fail (p=none; a \"(\" in words) header.from=mail.example", Failed),
            ("dmarc=bestguesspass action=none header.from=mail.example", Verified),
            ("dmarc=fail header.from=other.example", Unknown),
            ("dkim=pass header.d=mail.example", Verified),
            ("dkim = pass header.d = news.mail.example", Verified),
            ("dkim=pass header.i=@mail.example; dmarc=none", Verified),
            ("dkim=pass header.d=mailer.example; spf=none", Unknown),
            ("dkim/1=pass header.d=\"mail.example\"", Verified),
            ("spf=pass smtp.mailfrom=ann@mail.example", Verified),
            ("spf=pass smtp.mailfrom=bounce.mailer.example", Unknown),
            ("spf=fail smtp.mailfrom=mail.example", Failed),
            ("spf=fail smtp.mailfrom=mail.example; dkim=pass header.d=mail.example", Verified),
            ("spf=softfail smtp.mailfrom=mail.example", Unknown),
            ("spf=fail smtp.mailfrom=list.example", Unknown),
            ("dmarc=temperror header.from=mail.example", Unknown),
            ("none", Unknown),
            ("", Unknown),
        ] {
            assert_eq!(by_result(result), wanted, "{result}");
        }
    }

    #[test]
    fn exchange_names_no_server_and_adds_its_own_weighing() {
        let exchange = |dmarc: &str, weighed: &str| {
            let lines = format!(
                "Received: from A.prod.outlook.example (2603::1) by B.prod.outlook.example (2603::2) with HTTPS; Thu, 1 Jan 2026 10:00:02 +0000\n\
                 Authentication-Results: spf=none (sender IP is 192.0.2.1)\n smtp.helo=mail.example; dkim=none (message not signed)\n header.d=none; dmarc={dmarc} action=none\n header.from=mail.example;compauth={weighed} reason=202\n\
                 Received: from mail.example (192.0.2.1) by FR1.mail.protection.outlook.example (10.0.0.1) with Microsoft SMTP Server; Thu, 1 Jan 2026 10:00:00 +0000"
            );
            said(&lines, &["mail.protection.outlook.example"], "ann@mail.example")
        };
        assert_eq!(exchange("pass", "pass"), Authenticity::Verified);
        assert_eq!(exchange("fail", "softpass"), Authenticity::Failed);
        assert_eq!(exchange("fail", "pass"), Authenticity::Unknown, "weighed as authentic after all");
        assert_eq!(exchange("none", "none"), Authenticity::Unknown);
    }

    const OURS: &str = "Received: from internal by store.council.example with LMTP; Thu, 1 Jan 2026 10:00:01 +0000\n\
                        Authentication-Results: mx.council.example; dmarc=fail header.from=mail.example\n\
                        Authentication-Results: mx.council.example; spf=pass smtp.mailfrom=evil.example\n\
                        Received: from evil.example (evil.example [192.0.2.66]) by mx.council.example (Postfix) with ESMTP id 1; Thu, 1 Jan 2026 10:00:00 +0000\n";

    #[test]
    fn what_the_sender_wrote_counts_for_nothing() {
        let forged = "Authentication-Results: mx.council.example; dmarc=pass header.from=mail.example\n\
                      Received: from x by mx.council.example; Thu, 1 Jan 2026 09:00:00 +0000\n";
        assert_eq!(said(&format!("{OURS}{forged}"), &["mx.council.example"], "ann@mail.example"), Authenticity::Failed);
        // Another server's results, and ours when ours wrote none.
        let other = OURS.replace("Results: mx.council", "Results: mx.evil");
        assert_eq!(said(&other, &["mx.council.example"], "ann@mail.example"), Authenticity::Unknown);
        let none: String =
            OURS.lines().filter(|line| !line.starts_with("Auth")).map(|line| format!("{line}\n")).collect();
        assert_eq!(
            said(&format!("{none}{forged}"), &["mx.council.example"], "ann@mail.example"),
            Authenticity::Unknown
        );
        // A server whose lines are never seen is believed above the first hop only.
        assert_eq!(said(&format!("{forged}{none}"), &["id.example"], "ann@mail.example"), Authenticity::Unknown);
        let id = "Authentication-Results: id.example; dmarc=pass header.from=mail.example\n";
        assert_eq!(said(&format!("{id}{none}"), &["id.example"], "ann@mail.example"), Authenticity::Verified);
        assert_eq!(said(&format!("{none}{id}"), &["id.example"], "ann@mail.example"), Authenticity::Unknown);
    }

    #[test]
    fn several_authors_are_never_verified() {
        let judged = judge(
            &headers("Authentication-Results: mx; dmarc=pass header.from=mail.example"),
            &[],
            Some("ann@mail.example"),
            true,
        );
        assert_eq!(judged.authenticity, Authenticity::Failed);
    }

    #[test]
    fn domains_align_within_each_other_and_not_by_their_endings() {
        assert!(aligned("mail.example", "MAIL.example") && aligned("a.mail.example", "mail.example"));
        assert!(!aligned("evilmail.example", "mail.example") && !aligned("", "mail.example"));
    }

    proptest! {
        #[test]
        fn any_field_is_read_without_a_fault(value in "\\PC{0,200}", name in "[a-z.]{0,12}") {
            let _ = parse(&value);
            let _ = verdict(&parse(&value).methods, &name);
            let _ = received_by(&value);
        }

        /// Whatever stands below our line, nothing of it is believed.
        #[test]
        fn nothing_below_our_line_changes_the_verdict(result in "(dmarc|spf|dkim)=(pass|fail|none)", server in "(mx.council.example; )?") {
            let below = format!("Authentication-Results: {server}{result} header.from=mail.example header.d=mail.example smtp.mailfrom=mail.example\n");
            let with = said(&format!("{OURS}{below}"), &["mx.council.example"], "ann@mail.example");
            prop_assert_eq!(with, said(OURS, &["mx.council.example"], "ann@mail.example"));
        }
    }
}
