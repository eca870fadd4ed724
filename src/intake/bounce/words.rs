//! Reports in words: which recipient, which code, and where the message that came back begins.

use std::sync::LazyLock;

use regex::Regex;

use super::{Action, Fault, LONGEST_SAID, Reported, Writer, fields, fields::Fields};
use crate::intake::{body, headers::on_one_line};

type Pattern = LazyLock<Option<Regex>>;

const ADDRESS: &str = r"[A-Za-z0-9._%+=!#$&'*/?^`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*";

/// The words of a report, apart from the message that came back.
#[derive(Clone, Debug, Default)]
pub struct Notice {
    /// What the mail system says.
    pub above: String,
    /// The header of the message that stands below it.
    pub returned: Option<Fields>,
}

/// Fields that begin the header of a message as it travelled.
const OF_A_HEADER: [&str; 5] = ["received", "return-path", "message-id", "mime-version", "dkim-signature"];
const ALSO: [&str; 9] = [
    "from",
    "to",
    "subject",
    "date",
    "content-type",
    "content-transfer-encoding",
    "x-mailer",
    "user-agent",
    "delivered-to",
];

impl Notice {
    /// Divides `text` where the returned message begins: at two or more lines of a header, at the left margin.
    pub fn of(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let name = |line: &str| fields::field(line).filter(|_| !line.starts_with([' ', '\t'])).map(|(name, _)| name);
        for (at, line) in lines.iter().enumerate() {
            let Some(first) = name(line) else { continue };
            let known = |name: &str| OF_A_HEADER.contains(&name) || ALSO.contains(&name);
            if !known(&first) {
                continue;
            }
            // Twelve lines are enough: a long Received field comes before the next one.
            let next: Vec<String> = lines
                .iter()
                .skip(at + 1)
                .take(12)
                .take_while(|line| !line.trim().is_empty())
                .filter_map(|line| name(line))
                .collect();
            let travelled =
                OF_A_HEADER.contains(&first.as_str()) || next.iter().any(|name| OF_A_HEADER.contains(&name.as_str()));
            if travelled && next.iter().filter(|name| known(name)).count() >= 1 {
                let below = lines.get(at..).unwrap_or_default().join("\n");
                return Self {
                    above: lines.get(..at).unwrap_or_default().join("\n"),
                    returned: fields::blocks(&below).into_iter().next(),
                };
            }
        }
        Self { above: text.to_owned(), returned: None }
    }

    /// What the notice says about `address`: its line and those below, up to the next empty one.
    pub fn about(&self, address: &str) -> String {
        let mut lines = self.above.lines().skip_while(|line| !line.to_lowercase().contains(address));
        let mut said = lines.next().unwrap_or_default().to_owned();
        for line in lines.take_while(|line| !line.trim().is_empty()).take(12) {
            said.push(' ');
            said.push_str(line.trim());
        }
        on_one_line(&said)
    }
}

/// Every address in `text`, lower case, in order, each once.
pub fn addresses(text: &str) -> Vec<String> {
    static FIND: Pattern = LazyLock::new(|| Regex::new(ADDRESS).ok());
    let mut found: Vec<String> = Vec::new();
    for one in FIND.iter_matches(text) {
        let one = tidy(one);
        if one.contains('@') && !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

fn tidy(address: &str) -> String {
    address.trim_matches(['.', '\'', '`', '*', '|', '=', '/']).trim_start_matches("mailto:").to_lowercase()
}

/// The matches of a pattern of ours.
trait Matches {
    fn iter_matches<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str>;
    fn iter_captured<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str>;
    fn says(&self, text: &str) -> bool;
}

impl Matches for Pattern {
    fn iter_matches<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        self.as_ref().into_iter().flat_map(move |pattern| pattern.find_iter(text)).map(|found| found.as_str())
    }

    /// What the first group holds.
    fn iter_captured<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let all = self.as_ref().into_iter().flat_map(move |pattern| pattern.captures_iter(text));
        all.filter_map(|found| found.get(1).map(|group| group.as_str()))
    }

    fn says(&self, text: &str) -> bool {
        self.as_ref().is_some_and(|pattern| pattern.is_match(text))
    }
}

/// `Message-ID: <…>` wherever it stands in the words.
pub fn message_ids(text: &str) -> Vec<&str> {
    static FIND: Pattern = LazyLock::new(|| Regex::new(r"(?i)message-id\s*:?\s*(<[^<>\s]{3,900}>)").ok());
    FIND.iter_captured(text).collect()
}

/// The status code of RFC 3463 in `text` that says most, of several the first. Numbers of addresses and versions are none.
pub fn enhanced(text: &str) -> Option<String> {
    static FIND: Pattern = LazyLock::new(|| Regex::new(r"[245]\.\d{1,3}\.\d{1,3}").ok());
    let codes = FIND.as_ref()?.find_iter(text).filter(|found| {
        let before = text.get(..found.start()).and_then(|text| text.chars().next_back());
        let mut after = text.get(found.end()..).unwrap_or_default().chars();
        let (next, then) = (after.next(), after.next());
        let part_of_more = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
        let goes_on = next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
            || next == Some('.') && then.is_some_and(|c| c.is_ascii_digit());
        !part_of_more(before) && !goes_on
    });
    codes.map(|found| found.as_str()).min_by_key(|code| vagueness(code)).map(str::to_owned)
}

/// How little a code says: 0 for an exact one. "It took too long" hides why.
pub fn vagueness(code: &str) -> u8 {
    if code.ends_with(".0.0") {
        3
    } else if code.ends_with(".0") {
        2
    } else {
        u8::from(matches!(code, "4.4.7" | "5.4.7"))
    }
}

/// The reply code of SMTP in what a server said.
pub fn reply(text: &str) -> Option<u16> {
    static FIND: Pattern = LazyLock::new(|| Regex::new(r"(?:^|[\s:('<\[;,#])([245][0-5]\d)(?:[ -]|$)").ok());
    FIND.iter_captured(text).next().and_then(|code| code.parse().ok())
}

/// What was done, by the words.
pub fn action(subject: &str, notice: &str) -> Action {
    static DELAYED: Pattern = LazyLock::new(|| {
        Regex::new(r"(?i)warning only|warning message only|not need to resend|no action is required|has not yet been delivered|not been able to deliver[^.]{0,60}yet|(?:delivery|message)[^.\n]{0,60}(?:has been|is|was)? ?delayed|will (?:be retried|retry for|keep trying|continue (?:trying|to try))|delivery incomplete|temporary problem delivering|delivery attempts will continue|still being retried").ok()
    });
    static DELAYED_SUBJECT: Pattern =
        LazyLock::new(|| Regex::new(r"(?i)\bdelay(?:ed)?\b|\bwarning\b|still being retried|deferred").ok());
    static DELIVERED: Pattern = LazyLock::new(|| {
        Regex::new(r"(?i)(?:was|were|been|is) (?:successfully )?(?:delivered|relayed) (?:successfully|to)|successful(?:ly)? (?:mail )?deliver(?:y|ed)").ok()
    });
    static GIVEN_UP: Pattern = LazyLock::new(|| {
        Regex::new(r"(?i)permanent|giv(?:en|ing) up|could ?n[o']t be delivered|could not be delivered|not going to try again|undeliverable|failed").ok()
    });
    let beginning = body::cut(notice, 16 * 1024);
    if DELAYED.says(beginning) || (DELAYED_SUBJECT.says(subject) && !GIVEN_UP.says(beginning)) {
        Action::Delayed
    } else if DELIVERED.says(subject) || (DELIVERED.says(beginning) && !GIVEN_UP.says(beginning)) {
        Action::Delivered
    } else {
        Action::Failed
    }
}

/// The recipients of a report that has no fields.
pub fn recipients(writer: &Writer<'_>) -> Vec<Reported> {
    let notice = &writer.notice.above;
    let action = action(writer.subject, notice);
    let named = named(writer);
    let alone = named.len() == 1;
    named
        .into_iter()
        .map(|address| {
            let near = writer.notice.about(&address);
            let whole = on_one_line(body::cut(notice, 16 * 1024));
            // One recipient: whatever the notice says is about it.
            let said = if alone && (enhanced(&near).is_none() && reply(&near).is_none()) {
                last_words(notice, &near)
            } else {
                near
            };
            let status = enhanced(&said).or_else(|| enhanced(&whole).filter(|_| alone));
            let reply = reply(&said).or_else(|| reply(&whole).filter(|_| alone));
            let fault = match Fault::of(action, status.as_deref(), reply, &said) {
                Fault::Unknown if alone => Fault::of(action, None, None, &format!("{} {whole}", writer.subject)),
                known => known,
            };
            Reported {
                said: body::cut(&said, LONGEST_SAID).to_owned(),
                original: None,
                address,
                action,
                status,
                reply,
                fault,
            }
        })
        .collect()
}

/// The line that gives the reason, if one does; else `near`.
fn last_words(notice: &str, near: &str) -> String {
    static REASON: Pattern = LazyLock::new(|| {
        Regex::new(r"(?im)^.*(?:\b[45][0-5]\d[ -]|[45]\.\d{1,3}\.\d{1,3}|reason|because|error|said:|returned).*$").ok()
    });
    REASON.iter_matches(notice).last().map_or_else(|| near.to_owned(), on_one_line)
}

/// Addresses that the notice names as recipients, the surest way of naming first.
fn named(writer: &Writer<'_>) -> Vec<String> {
    let failed: Vec<String> = writer.headers.all("x-failed-recipients").flat_map(addresses).collect();
    let ways: [&dyn Fn() -> Vec<String>; 5] = [
        &|| failed.clone(),
        &|| on_lines(&writer.notice.above),
        &|| in_sentences(&writer.notice.above),
        &|| writer.addressed_to.to_vec(),
        &|| addresses(&format!("{}\n{}", writer.subject, writer.notice.above)),
    ];
    // A report may be about mail to whoever gets it, or to a postmaster; that is believed only where nothing else is named.
    let sure = ways.get(..3).unwrap_or_default();
    for (ways, anybody) in [(&ways[..], false), (sure, true)] {
        for way in ways {
            let mut found = way();
            found.retain(|address| anybody || writer.is_recipient(address));
            if !found.is_empty() {
                let mut seen = std::collections::BTreeSet::new();
                found.retain(|address| seen.insert(address.clone()));
                return found;
            }
        }
    }
    Vec::new()
}

/// Addresses that begin a line: `<a@b>: host … said`, `a@b` alone, `a@b: no such user`, `a@b<mailto:a@b>`.
fn on_lines(notice: &str) -> Vec<String> {
    static LINE: Pattern = LazyLock::new(|| {
        Regex::new(&format!(r"(?m)^[ \t]*(?:<({ADDRESS})>:?|({ADDRESS})(?:<mailto:[^>]*>)?[ \t]*(?:$|:|\s\())")).ok()
    });
    static BEGINS: Pattern = LazyLock::new(|| Regex::new(&format!(r"(?m)^[ \t]*({ADDRESS})[ \t]")).ok());
    let Some(pattern) = LINE.as_ref() else { return Vec::new() };
    let mut found: Vec<String> = pattern
        .captures_iter(notice)
        .filter_map(|line| line.get(1).or_else(|| line.get(2)))
        .map(|address| tidy(address.as_str()))
        .collect();
    if found.is_empty() {
        found = BEGINS.iter_captured(notice).map(tidy).collect();
    }
    found
}

/// Addresses in a sentence that says what they are.
fn in_sentences(notice: &str) -> Vec<String> {
    static SENTENCE: Pattern = LazyLock::new(|| {
        Regex::new(&format!(
            r"(?i)(?:rcpt to: ?<?|recipients?(?: address)?(?:\(s\))?: ?<?|mail address: ?<?|delivered to:?\s+<?|delivering your (?:mail|message) to\s+<?|your message to\s+<?|following (?:recipient|address)(?:e?s|\(s\))?:?\s+<?|could not be delivered to:?\s+<?|user [^\n(<]{{0,60}}[(<]|\b5\d\d[ -](?:\d\.\d+\.\d+ )?<?)({ADDRESS})"
        ))
        .ok()
    });
    SENTENCE.iter_captured(notice).map(tidy).collect()
}

/// What sending services write for programs: JSON with the recipients in it.
pub fn service_notice(text: &str) -> Option<Vec<Reported>> {
    // Relays break lines of a thousand letters with "!", a line end and a blank.
    let text = text.replace("!\n ", "").replace('\n', " ");
    let json = text.get(text.find('{')?..)?;
    let value: serde_json::Value = serde_json::Deserializer::from_str(json).into_iter().next()?.ok()?;
    // A queueing service wraps the notice as a string.
    let inner = value.get("Message").and_then(|inner| serde_json::from_str(inner.as_str()?).ok());
    let value: serde_json::Value = inner.unwrap_or(value);
    let kind = value.get("notificationType").or_else(|| value.get("eventType"))?.as_str()?.to_owned();
    let text_of =
        |value: &serde_json::Value, name: &str| value.get(name).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let reported = |address: &str, action: Action, status: &str, said: &str| {
        let said = fields::diagnostic(said);
        let status = enhanced(status).or_else(|| enhanced(&said));
        let reply = reply(&said);
        Reported {
            address: address.to_lowercase(),
            original: None,
            fault: Fault::of(action, status.as_deref(), reply, &said),
            said: body::cut(&said, LONGEST_SAID).to_owned(),
            action,
            status,
            reply,
        }
    };
    Some(match kind.as_str() {
        "Bounce" => value
            .pointer("/bounce/bouncedRecipients")?
            .as_array()?
            .iter()
            .map(|one| {
                reported(
                    &text_of(one, "emailAddress"),
                    Action::Failed,
                    &text_of(one, "status"),
                    &text_of(one, "diagnosticCode"),
                )
            })
            .collect(),
        "Delivery" => {
            let said = value.pointer("/delivery/smtpResponse").and_then(|v| v.as_str()).unwrap_or_default();
            let to = value.pointer("/delivery/recipients")?.as_array()?;
            to.iter().filter_map(|one| Some(reported(one.as_str()?, Action::Delivered, "", said))).collect()
        }
        _ => Vec::new(),
    })
}
