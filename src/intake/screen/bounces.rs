//! Signs of a mail system's report: parts that standards define, senders, and the words of the many that use no standard.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Found, Says, Signs,
    machines::{from_unread, local_part, null_return_path},
};
use crate::intake::body;

/// Reports of every kind.
pub(super) fn look(signs: &Signs<'_>, found: &mut Found) {
    if !report(signs, found) {
        free_form(signs, found);
    }
}

/// Reports as RFC 3462 has them.
fn report(signs: &Signs<'_>, found: &mut Found) -> bool {
    let is = |kind: &str| signs.parts.iter().any(|(part, _)| part == kind);
    // A field that stands twice is read by every program in its own way: each of them counts.
    let written: Vec<String> = signs.headers.all("content-type").map(str::to_ascii_lowercase).collect();
    let root = signs.parts.first().is_some_and(|(kind, _)| kind == "multipart/report")
        || written.iter().any(|kind| kind.starts_with("multipart/report"));
    let of = |what: &str| {
        let parsed = signs.parts.first().and_then(|(_, report)| report.as_deref()).unwrap_or_default();
        root && (parsed.contains(what)
            || written.iter().any(|kind| kind.contains("report-type") && kind.contains(what)))
    };
    if of("disposition") || is("message/disposition-notification") {
        found.add(Says::Receipt, "a read receipt (RFC 8098)");
    } else if of("feedback") || is("message/feedback-report") {
        found.add(Says::Bounce, "a report about unwanted mail (RFC 5965)");
    } else if root || is("message/delivery-status") || is("message/global-delivery-status") {
        found.add(Says::Bounce, "a delivery report (RFC 3464)");
    } else {
        return false;
    }
    true
}

fn from_a_mail_system(signs: &Signs<'_>) -> bool {
    signs.authors.iter().chain(signs.sender).any(|person| {
        let local = local_part(&person.address).to_ascii_lowercase();
        local.starts_with("mailer-daemon")
            || local.starts_with("mailer_daemon")
            || matches!(
                local.as_str(),
                "postmaster" | "mail-daemon" | "maildaemon" | "mdaemon" | "mailerdaemon" | "bounce" | "bounces"
            )
            || (person.address.is_empty()
                && person.name.as_deref().is_some_and(|name| {
                    let name = name.to_ascii_lowercase();
                    name.contains("mailer-daemon") || name.contains("postmaster") || name.contains("mail delivery")
                }))
    })
}

/// Words of a report.
static PHRASE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)undeliver(?:able|ed)|(?:could|can) ?not (?:be|deliver)|could ?n[o']t be delivered|delivery (?:has |have )?(?:failed|failure|status|to the following)|delivery (?:notification|error|report|problem)|mail delivery (?:failed|system|sub|fail)|returned (?:mail|to sender|message)|failure (?:notice|notification|delivery)|permanent (?:fatal )?errors?|message you sent .{0,40}(?:blocked|rejected|not)|non.?d(?:elivery|eliver)|user unknown|unknown user|address rejected|mailbox (?:is full|unavailable|not found)|has not yet been delivered|delayed mail|unzustellbar|non remis|no se (?:ha )?pu(?:do|ede) entregar").ok()
});

/// An enhanced or plain status code (RFC 3463, RFC 5321).
static CODE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)(?:^|[\s#(\[:;-])(?:[45]\.\d{1,3}\.\d{1,3}|[45][0-5]\d)(?:[\s)\],;:.-]|$)").ok());

/// The subject that mail providers give to a report of unwanted mail when they do not use RFC 5965.
static FEEDBACK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:complaint about message from|email feedback report for|abuse report:?) \[?[0-9a-f:.]+\]?")
        .ok()
});

/// A sending service's notification for programs.
static EVENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)\\?"(?:notificationType|eventType)\\?"\s*:\s*\\?"(?:Bounce|Complaint|Delivery|DeliveryDelay|Reject)\\?""#).ok()
});

/// What list programs say to whoever may not write to the list.
static NOT_POSTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:not|n't) (?:a )?(?:list )?(?:member|subscribe[dr])|(?:not|n't) (?:allowed|permitted|authori[sz]ed) to (?:post|send)|(?:awaits|awaiting|held for) (?:moderator|moderation|approval)|post(?:ing)? (?:to .{1,60} )?(?:was |has been )?(?:rejected|refused)").ok()
});

/// Reports in words of their own.
fn free_form(signs: &Signs<'_>, found: &mut Found) {
    let beginning = body::cut(signs.text, 16 * 1024);
    let says = |pattern: &LazyLock<Option<Regex>>, text: &str| pattern.as_ref().is_some_and(|p| p.is_match(text));
    let code = says(&CODE, beginning);
    let worded = says(&PHRASE, signs.subject) || says(&PHRASE, beginning);
    let daemon = from_a_mail_system(signs);
    let null = null_return_path(signs.headers);
    let returned =
        signs.parts.iter().any(|(kind, _)| matches!(kind.as_str(), "message/rfc822" | "text/rfc822-headers"));
    let unread = from_unread(signs);
    let named_daemon = signs.authors.iter().any(|person| {
        let local = local_part(&person.address).to_ascii_lowercase();
        local.starts_with("mailer-daemon") || local.starts_with("mailer_daemon") || local == "mailerdaemon"
    });
    let list =
        ["x-mlserver", "x-mailman-version", "list-id", "mailing-list"].iter().any(|name| signs.headers.has(name));
    let by_list = signs.authors.iter().any(|person| {
        let local = local_part(&person.address).to_ascii_lowercase();
        ["-admin", "-owner", "-request", "-bounces", "-help"].iter().any(|end| local.ends_with(end))
    });
    // A family may tell that its mail came back; only a mail system, or nobody, sends the report itself.
    let sign = if signs.headers.has("x-failed-recipients") {
        "the header x-failed-recipients"
    } else if signs.headers.has("x-ms-exchange-message-is-ndr") {
        "the header x-ms-exchange-message-is-ndr"
    } else if named_daemon {
        "sent by a mail system"
    } else if daemon && (worded || code || null) {
        "sent by a mail system, in the words of a delivery report"
    } else if null && worded && (code || says(&PHRASE, signs.subject)) {
        "nobody to answer, and the words of a delivery report"
    } else if unread && worded && returned {
        "sent from an address that nobody reads, with the message that came back"
    } else if returned && says(&FEEDBACK, signs.subject) {
        "a report about unwanted mail"
    } else if says(&EVENT, beginning) && (unread || null) {
        "a sending service's notice for programs"
    } else if list && by_list && (says(&NOT_POSTED, signs.subject) || says(&NOT_POSTED, beginning)) {
        "a list refuses a message"
    } else {
        if daemon {
            found.add(Says::Nothing, "sent by a mail system");
        }
        if says(&PHRASE, beginning) && code {
            found.add(Says::Nothing, "it reads like a delivery report");
        }
        return;
    };
    found.add(Says::Bounce, sign);
}
