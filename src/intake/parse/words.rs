//! The text of a message divided: typed now, quoted, passed on; and messages attached whole.

use mail_parser::{Message, MimeHeaders, PartType};

use super::{ReadContext, media_type, read_mended};
use crate::intake::{
    body::{self, Body},
    containers::Sealed,
    forward::{
        self, Outer,
        confidence::{self, Found, Signs},
    },
    reading::{Automated, Forwarded, Person, Reading},
    repair, strip,
};

/// How deep attached messages are opened.
const DEEPEST_ATTACHED: usize = 6;
/// So many parts are looked through for attached messages.
const MOST_PARTS: usize = 200;
/// So many attached messages are opened at each depth: the first ones.
const MOST_ATTACHED: [usize; DEEPEST_ATTACHED] = [50, 10, 2, 1, 1, 1];

/// The text in its parts.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub visible: String,
    pub quoted: String,
    pub forwarded: Option<Forwarded>,
    pub also_forwarded: Vec<Forwarded>,
    /// Why an attached message cannot be read here, if so.
    pub sealed: Option<Sealed>,
}

/// A message whose text is divided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub message: &'a Message<'a>,
    pub found: &'a Body,
    pub subject: &'a str,
    pub author: Option<&'a Person>,
    pub automated: Option<&'a Automated>,
    pub depth: usize,
}

/// So much of a text is looked through for quotations and forwards (bytes): a book's worth. What follows belongs to what
/// stands before it.
const LOOKED_THROUGH: usize = 256 * 1024;

/// Divides the text as [`divided`] does, in bounded time.
pub(super) fn bounded(source: &Source<'_>, context: &ReadContext) -> Words {
    let text = &source.found.text;
    let begins = body::cut(text, LOOKED_THROUGH);
    let begins = match begins.rsplit_once('\n') {
        Some((lines, _)) if begins.len() < text.len() => lines,
        _ => begins,
    };
    let rest = text.get(begins.len()..).unwrap_or_default();
    if rest.is_empty() {
        return divided(source, context);
    }
    let beginning = Body { text: begins.to_owned(), parts: source.found.parts.clone() };
    let mut words = divided(&Source { found: &beginning, ..*source }, context);
    let quotes = !words.quoted.trim().is_empty() || words.forwarded.is_some();
    body::add_below(if quotes { &mut words.quoted } else { &mut words.visible }, rest);
    words
}

/// Divides the text.
fn divided(source: &Source<'_>, context: &ReadContext) -> Words {
    let is_report = matches!(source.automated, Some(Automated::Bounce | Automated::ReadReceipt));
    let outer = Outer { person: source.author, council: &context.own_addresses };
    let mut words = Words::default();
    let attached = if is_report { Vec::new() } else { attached(source.message, source.depth, context) };
    // Below a forwarded header an attached message is what the family sent along; without one it is what is passed on.
    let inline = forward::inline_for(&source.found.text, source.subject, outer)
        .filter(|inline| !is_report && (attached.is_empty() || inline.own || inline.forwarded.from.is_some()));
    match inline {
        Some(inline) if inline.own => {
            words.visible = inline.note;
            body::add_below(&mut words.visible, &inline.forwarded.text);
            words.quoted = inline.rest;
        }
        Some(inline) => {
            words.visible = inline.note;
            words.quoted = inline.rest;
            words.forwarded = Some(inline.forwarded);
            words.also_forwarded = inline.also;
        }
        None => {
            let split = strip::split(&source.found.text);
            words.visible = split.visible;
            words.quoted = split.quoted;
        }
    }
    for inner in attached {
        take_in(&mut words, inner, &outer);
    }
    let of = |forwarded: &Forwarded| forwarded.from.as_ref().map(|from| from.address.clone());
    let first = words.forwarded.as_ref().and_then(of);
    if words.also_forwarded.iter().any(|other| of(other) != first) {
        for one in words.forwarded.iter_mut().chain(&mut words.also_forwarded) {
            doubt(one, "messages by different people were passed on at once");
        }
    }
    words
}

/// Files an attached message: the writer's own words, or one that is passed on.
fn take_in(words: &mut Words, inner: Reading, outer: &Outer<'_>) {
    let own = inner.author.is_some() && inner.author.as_ref().map(|a| &a.address) == outer.person.map(|a| &a.address);
    body::add_below(&mut words.quoted, &inner.quoted_text);
    words.sealed = words.sealed.or(inner.sealed);
    let mut also = inner.also_forwarded;
    let passes_on = inner.visible_text.trim().is_empty() || outer.is_colleague(inner.author.as_ref());
    let forwarded = match inner.forwarded {
        // An attached message that itself passes one on was written by whoever wrote the innermost.
        Some(mut deeper) if passes_on && !own => {
            body::add_below(&mut words.quoted, &inner.visible_text);
            if inner.author.is_some() && !outer.is_colleague(inner.author.as_ref()) {
                doubt(&mut deeper, "somebody outside the council had passed it on without a word of their own");
            }
            deeper.passed_on_by.splice(0..0, inner.author);
            deeper
        }
        deeper => {
            if let Some(deeper) = deeper {
                body::add_below(&mut words.quoted, &deeper.header);
                body::add_below(&mut words.quoted, deeper.whole.as_deref().unwrap_or(&deeper.text));
            }
            for more in also.drain(..) {
                body::add_below(&mut words.quoted, &more.header);
                body::add_below(&mut words.quoted, more.whole.as_deref().unwrap_or(&more.text));
            }
            if own {
                // Their own earlier message sent along is theirs to be heard, not a quotation.
                body::add_below(&mut words.visible, &inner.visible_text);
                return;
            }
            let confidence = confidence::judge(&Signs {
                from: inner.author.as_ref(),
                found: Found::Attached,
                several_senders: false,
                several_authors: false,
                older_by_another: false,
                passed_on_outside: false,
                text: &inner.visible_text,
            });
            let mut whole = inner.visible_text.clone();
            body::add_below(&mut whole, &inner.quoted_text);
            Forwarded {
                from: inner.author,
                to: recipients_text(&inner.recipients),
                date: inner.date.map(|date| date.to_rfc3339()),
                subject: Some(inner.subject),
                whole: (whole != inner.visible_text).then_some(whole),
                text: inner.visible_text,
                message_id: inner.message_id,
                confidence,
                ..Forwarded::default()
            }
        }
    };
    if words.forwarded.is_none() {
        words.forwarded = Some(forwarded);
    } else {
        words.also_forwarded.push(forwarded);
    }
    words.also_forwarded.append(&mut also);
}

fn doubt(forwarded: &mut Forwarded, why: &str) {
    let confidence = &mut forwarded.confidence;
    if confidence.sureness != crate::intake::reading::Sureness::Doubtful {
        *confidence = crate::intake::reading::Confidence::default();
    }
    if !confidence.why.iter().any(|known| known == why) {
        confidence.why.push(why.to_owned());
    }
}

fn recipients_text(people: &[Person]) -> Option<String> {
    let text: Vec<String> = people
        .iter()
        .map(|person| match &person.name {
            Some(name) => format!("{name} <{}>", person.address),
            None => person.address.clone(),
        })
        .collect();
    (!text.is_empty()).then(|| text.join(", "))
}

/// The attached messages that can be read.
fn attached(message: &Message<'_>, depth: usize, context: &ReadContext) -> Vec<Reading> {
    let most = MOST_ATTACHED.get(depth).copied().unwrap_or(0);
    let context = ReadContext { own_addresses: context.own_addresses.clone(), ..ReadContext::default() };
    message
        .parts
        .iter()
        .take(MOST_PARTS)
        .filter_map(|part| {
            let bytes = match &part.body {
                // The parts of a digest are messages without saying so.
                PartType::Message(_) => {
                    message.raw_message.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default()
                }
                _ if !is_attached_message(&media_type(part.content_type())) => return None,
                PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.as_ref(),
                PartType::Text(text) | PartType::Html(text) => text.as_bytes(),
                PartType::Multipart(_) => return None,
            };
            let inner = repair::mended(bytes);
            read_mended(&inner, &context, depth + 1)
                .ok()
                .filter(|inner| inner.author.is_some() || !inner.subject.is_empty())
        })
        .take(most)
        .collect()
}

fn is_attached_message(kind: &str) -> bool {
    matches!(kind, "message/rfc822" | "message/global")
}

#[cfg(test)]
mod tests {
    use crate::intake::{
        parse::{ReadContext, read},
        reading::{Forwarded, Reading, Sureness},
    };

    fn reading(subject: &str, kind: &str, body: &str) -> Reading {
        let context =
            ReadContext { own_addresses: vec!["complaints@council.example".into()], ..ReadContext::default() };
        let raw = format!(
            "From: Mia Manager <mia@council.example>\r\nTo: complaints@council.example\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: {kind}; boundary=b\r\n\r\n{body}\r\n--b--\r\n"
        );
        read(raw.as_bytes(), &context).unwrap()
    }

    fn note(words: &str) -> String {
        format!("--b\r\nContent-Type: text/plain\r\n\r\n{words}\r\n")
    }

    fn message(from: &str, subject: &str, words: &str) -> String {
        format!(
            "From: {from}\r\nTo: mia@council.example\r\nSubject: {subject}\r\nDate: Sun, 4 Oct 2026 10:00:00 +0100\r\n\r\n{words}\r\n"
        )
    }

    fn attached(from: &str, subject: &str, words: &str) -> String {
        format!("--b\r\nContent-Type: message/rfc822\r\n\r\n{}", message(from, subject, words))
    }

    fn all(reading: &Reading) -> Vec<(&str, &str, Sureness)> {
        reading.forwarded.iter().chain(&reading.also_forwarded).map(shown).collect()
    }

    fn shown(one: &Forwarded) -> (&str, &str, Sureness) {
        (one.from.as_ref().unwrap().address.as_str(), one.text.as_str(), one.confidence.sureness)
    }

    #[test]
    fn one_attached_message_is_sure_and_several_by_different_people_are_all_given_but_not_sure() {
        let ann = attached("Ann <ann@mail.example>", "Bus", "Nobody came.");
        let one = reading("FW: Bus", "multipart/mixed", &format!("{}{ann}", note("Please log.")));
        assert_eq!(all(&one), [("ann@mail.example", "Nobody came.", Sureness::Sure)]);
        assert_eq!(one.visible_text, "Please log.");
        let cal = attached(
            "Cal <cal@home.example>",
            "School",
            "No place.\r\n\r\nOn Sat, 3 Oct 2026 at 09:00, D <d@x.example> wrote:\r\n> old",
        );
        let two = reading("Two", "multipart/mixed", &format!("{}{ann}{cal}", note("Two of them.")));
        assert_eq!(
            all(&two),
            [
                ("ann@mail.example", "Nobody came.", Sureness::Doubtful),
                ("cal@home.example", "No place.", Sureness::Doubtful)
            ]
        );
        assert!(two.quoted_text.contains("> old"));
        let again = attached("Ann <ann@mail.example>", "School", "Nor a place.");
        let same = reading("Two", "multipart/mixed", &format!("{}{ann}{again}", note("x")));
        assert_eq!(
            all(&same),
            [
                ("ann@mail.example", "Nobody came.", Sureness::Sure),
                ("ann@mail.example", "Nor a place.", Sureness::Sure)
            ]
        );
    }

    #[test]
    fn the_messages_of_a_digest_are_all_given() {
        let one = |from: &str, words: &str| format!("--d\r\n\r\n{}", message(from, "Bus", words));
        let digest = format!(
            "{}--b\r\nContent-Type: multipart/digest; boundary=d\r\n\r\n{}{}--d--\r\n",
            note("This week."),
            one("Ann <ann@mail.example>", "Nobody came."),
            one("Cal <cal@home.example>", "Ours neither.")
        );
        let read = reading("Digest", "multipart/mixed", &digest);
        let authors: Vec<&str> = all(&read).into_iter().map(|(address, ..)| address).collect();
        assert_eq!(authors, ["ann@mail.example", "cal@home.example"]);
    }

    #[test]
    fn an_attached_message_that_passes_one_on_gives_the_family_when_a_colleague_sent_it() {
        let forward = "For you.\r\n\r\nFrom: Ann <ann@mail.example>\r\nSent: 3 October 2026 10:00\r\nTo: Bo\r\nSubject: Bus\r\n\r\nNobody came.";
        let by_bo = attached("Bo <bo@council.example>", "FW: Bus", forward);
        let read = reading("FW: FW: Bus", "multipart/mixed", &format!("{}{by_bo}", note("See.")));
        assert_eq!(all(&read), [("ann@mail.example", "Nobody came.", Sureness::Sure)]);
        assert_eq!(read.forwarded.as_ref().unwrap().passed_on_by[0].address, "bo@council.example");
        assert!(read.quoted_text.contains("For you."));
        // An aunt with words of her own is the author of those, and what she passes on is kept with them.
        let by_aunt = attached("Aunt <aunt@mail.example>", "FW: Bus", forward);
        let read = reading("FW: FW: Bus", "multipart/mixed", &format!("{}{by_aunt}", note("See.")));
        assert_eq!(all(&read), [("aunt@mail.example", "For you.", Sureness::Sure)]);
        assert!(read.quoted_text.contains("Nobody came.") && read.quoted_text.contains("From: Ann"));
        // Without a word it may be anybody's complaint.
        let silent = attached("Aunt <aunt@mail.example>", "FW: Bus", forward.strip_prefix("For you.\r\n\r\n").unwrap());
        let read = reading("FW: FW: Bus", "multipart/mixed", &format!("{}{silent}", note("See.")));
        assert_eq!(all(&read), [("ann@mail.example", "Nobody came.", Sureness::Doubtful)]);
    }

    #[test]
    fn what_a_family_had_attached_does_not_become_the_message_passed_on() {
        let text = "Please log.\r\n\r\nFrom: Ann <ann@mail.example>\r\nSent: 3 October 2026 10:00\r\nTo: Mia\r\nSubject: Bus\r\n\r\nSee what the school says.";
        let school = attached("Head <head@school.example>", "Your son", "He is excluded.");
        let read = reading("FW: Bus", "multipart/mixed", &format!("{}{school}", note(text)));
        assert_eq!(
            all(&read),
            [
                ("ann@mail.example", "See what the school says.", Sureness::Doubtful),
                ("head@school.example", "He is excluded.", Sureness::Doubtful)
            ]
        );
    }
}
