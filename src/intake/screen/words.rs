//! Signs in the words: subjects of automatic replies in the languages people's programs speak, receipts, invitations,
//! requests to prove that a person wrote. Words alone never decide the class: people write about machines.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Says, Signs, machines};
use crate::intake::body;

/// A pattern of ours; None is never seen, since the tests use each.
type Pattern = LazyLock<Option<Regex>>;

fn matches(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// What programs put before the subject that they answer. No person begins a subject so, and a reply to such a message
/// begins with "Re:".
static PREFIX: Pattern = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\s*(?:\[[^\]]{1,20}\]\s*)?(?:auto(?:matic|matische|mated)?[ -]?(?:reply|response|answer|antwort)|autoreply|autoresponse|autorespons|out[ -]of[ -](?:the[ -])?office(?:[ -](?:auto)?[ -]?(?:reply|message|notification))?|ooo|abwesenheits?notiz|abwesenheitsnachricht|automatische antwort|automatisch antwoord|r[ée]ponse automatique|absence du bureau|respuesta autom[áa]tica|fuera de la oficina|resposta autom[áa]tica|risposta automatica|odpowied[źz] automatyczna|autosvar|automatisk svar|automatiskt svar|automaattinen vastaus|automatick[áa] odpov[ěe][ďd]|automatick[áa] odpove[ďd]|otomatik yan[ıi]t|r[ăa]spuns automat|automatikus v[áa]lasz|ateb awtomatig|автоматический ответ|автоответ|自動返信|自动回复|자동 회신|vacation (?:reply|response|message)|away)\s*[:：]",
    )
    .ok()
});

/// Subjects of messages about being away. People write such subjects too.
static AWAY: Pattern = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\s*(?:\[[^\]]{1,20}\]\s*)?(?:auto(?:matic|matische|mated)?[ -]?(?:reply|response|answer|antwort)\b|auto(?:\s?re)?:|autoreply|autoresponse|out[ -]of[ -](?:the[ -])?office\b.{0,12}(?:[:(-]|re:|reply|message|$)|ooo\b\s*[:(-]|ooo$|abwesenheits?notiz|abwesend|automatische antwort|automatisch antwoord|r[ée]ponse automatique|absence du bureau|respuesta autom[áa]tica|fuera de la oficina|resposta autom[áa]tica|risposta automatica|odpowied[źz] automatyczna|autosvar|automaattinen vastaus|automatick[áa] odpov[ěe][ďd]|ateb awtomatig|vacation (?:reply|response|message)|away (?:from (?:my|the) (?:mail|office|desk)|until\b)|(?:i am|i'm) (?:currently )?(?:away|on (?:annual |maternity |sick )?leave|out of (?:the )?office))|\bis (?:currently )?out of (?:the )?office\W*$",
    )
    .ok()
});

/// How read receipts are called by programs that do not use RFC 8098.
static READ: Pattern =
    LazyLock::new(|| Regex::new(r"(?i)^\s*(?:read|not read|gelesen|lu|le[íi]do|letto|gelezen)\s?:").ok());

/// How calendar programs call an answer to an invitation; they add the time.
static INVITATION: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:accepted|declined|tentative|tentatively accepted)( invitation)?\s?: .* @ \p{L}{3}\b").ok()
});

/// Filters that let a message through only when its sender proves to be a person (challenge-response).
static CHALLENGE: Pattern = LazyLock::new(|| {
    Regex::new(
        r"(?i)\bverify#|(?:e-?mail|message|address|sender)s? (?:requires?|needs?|awaits?|awaiting) (?:verification|confirmation|approval)|(?:please )?(?:confirm|verify) (?:that you|your (?:e-?mail|message|address|identity))|confirmation required to deliver|(?:to|will) release your (?:e-?mail|message)|added to (?:my|our|the) (?:whitelist|allow ?list|approved senders)|prove (?:that )?you are (?:not a (?:robot|machine|spammer)|(?:a )?human)|sender (?:address )?verification",
    )
    .ok()
});

/// Somebody who says of themselves that they are away.
static I_AM_AWAY: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:I am|I'm|I’m|I will be|I'll be) (?:currently |now )?(?:away|out of (?:the )?office|on (?:annual |maternity |paternity |sick |parental )?leave|on holiday|on vacation|travell?ing)\b|\b(?:ich bin|je suis|ik ben|estoy|sono) (?:derzeit |bis |actuellement |momenteel |actualmente |attualmente )?(?:nicht|abwesend|im urlaub|absente?|en congé|afwezig|fuera|assente|in ferie)|\brwyf allan|\bjestem nieobecn").ok()
});

/// What stands above a quoted message: who writes it looks at what they answer.
static QUOTES: Pattern = LazyLock::new(|| {
    Regex::new(r"(?mi)^\s*>|^-{2,}\s*(?:original|forwarded|ursprüngliche|message d'origine)|^.{0,120}\bwrote:\s*$|^\s*(?:from|von|de|van): .*@").ok()
});

/// Calendar parts (RFC 5546).
pub(super) fn calendar(signs: &Signs<'_>, found: &mut Found) {
    let methods =
        signs.parts.iter().filter(|(kind, _)| kind == "text/calendar").filter_map(|(_, method)| method.as_deref());
    for method in methods {
        match method.to_ascii_lowercase().as_str() {
            "reply" | "counter" | "declinecounter" | "refresh" => found.add(Says::Calendar, "a calendar answer"),
            // A person sends it, but what it wants is an answer in the calendar.
            "request" | "cancel" => found.add(Says::Nothing, "an invitation"),
            _ => {}
        }
    }
}

/// Everything else that the words say.
pub(super) fn look(signs: &Signs<'_>, found: &mut Found) {
    let machine = found.has(Says::Replied) || found.has(Says::Generated);
    if machine && matches(&READ, signs.subject) {
        found.add(Says::Receipt, "its subject is that of a read receipt");
    }
    if matches(&INVITATION, signs.subject) {
        found.add(Says::Nothing, "its subject is that of a calendar answer");
    }
    challenge(signs, found);
    json(signs, found);
    let beginning = body::cut(signs.text, 4 * 1024);
    if matches(&PREFIX, signs.subject) {
        // Gateways take the header fields away. That it answers a message without quoting it, that it asks not to be
        // answered, or that its writer is away, is what a person with such a subject does not do.
        let says = if (signs.answers && !matches(&QUOTES, signs.text))
            || machines::suppresses(signs.headers)
            || matches(&I_AM_AWAY, beginning)
        {
            Says::Replied
        } else {
            Says::Nothing
        };
        found.add(says, "its subject is that of an automatic reply");
    } else if matches(&AWAY, signs.subject) {
        found.add(Says::Nothing, "its subject is that of an automatic reply");
    }
}

fn challenge(signs: &Signs<'_>, found: &mut Found) {
    let beginning = body::cut(signs.text, 2 * 1024);
    if !(matches(&CHALLENGE, signs.subject) || matches(&CHALLENGE, beginning)) {
        return;
    }
    let by_machine = signs.answers && matches(&CHALLENGE, signs.subject)
        || machines::from_unread(signs)
        || machines::null_return_path(signs.headers)
        || found.has(Says::Replied);
    if by_machine {
        found.add(Says::Replied, "it asks for proof that a person wrote");
    } else if matches(&CHALLENGE, signs.subject) {
        found.add(Says::Nothing, "its subject asks for proof that a person wrote");
    }
}

/// What one program writes for another.
fn json(signs: &Signs<'_>, found: &mut Found) {
    static JSON: Pattern = LazyLock::new(|| Regex::new(r#"^\s*\{\s*"[^"\n]{1,80}"\s*:"#).ok());
    if matches(&JSON, signs.text) && (machines::from_unread(signs) || found.has(Says::Generated)) {
        found.add(Says::Generated, "written for a program (JSON)");
    }
}

/// Whether the words are those of somebody away; asked only when other signs say that a machine sent it.
pub(super) fn is_away(signs: &Signs<'_>) -> bool {
    static WORDS: Pattern = LazyLock::new(|| {
        Regex::new(r"(?i)\bout of (?:the )?office|\bon (?:annual |maternity |sick )?leave\b|\bon vacation|\bon holiday|\baway (?:from|until|on)|\bI (?:am|will be) away|\bback (?:in the office|on)\b|limited access to (?:my )?e-?mail|\bnicht im (?:b[üu]ro|haus)|abwesen|absent|de vacances|vacaciones|nieobecn|allan o'r swyddfa").ok()
    });
    matches(&AWAY, signs.subject)
        || matches(&PREFIX, signs.subject)
        || signs.headers.first("x-apple-action").is_some_and(|value| value.to_ascii_lowercase().contains("vacation"))
        || signs.headers.first("auto-submitted").is_some_and(|value| value.to_ascii_lowercase().contains("vacation"))
        || matches(&WORDS, body::cut(signs.text, 4 * 1024))
}
