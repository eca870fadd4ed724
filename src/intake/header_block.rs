//! The few header lines that a mail program writes above a message it quotes or passes on, in many languages.

use std::sync::LazyLock;

use regex::Regex;

use super::{headers::on_one_line, reading::Person};

/// Which header a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Who wrote it.
    From,
    /// When.
    Date,
    /// To whom.
    To,
    /// Copied to whom.
    Cc,
    /// About what.
    Subject,
    /// Anything else that stands in such a block.
    Other,
}

/// Header lines found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Index of its first line.
    pub start: usize,
    /// Index of the line after its last.
    pub end: usize,
    /// How many `>` stand before its lines.
    pub depth: usize,
    /// Who wrote the message below; the address is empty if only a name is given.
    pub from: Option<Person>,
    /// The rest, as written.
    pub to: Option<String>,
    /// As written.
    pub date: Option<String>,
    /// As written.
    pub subject: Option<String>,
}

/// The words that mail programs use, lower case, between bars.
const LABELS: &[(Field, &str)] = &[
    (
        Field::From,
        "from|von|de|da|van|från|fra|od|от|від|від кого|от кого|lähettäjä|feladó|kimden|gönderen|saatja|\
         de la|mittente|nadawca|šalje|remetente|expéditeur|avsändare|afzender|absender|oddi wrth|差出人|送信元|\
         发件人|寄件者|보낸사람|odesílatel|odosielateľ|pošiljatelj",
    ),
    (
        Field::Date,
        "date|sent|sent on|datum|gesendet|gesendet am|verzonden|data|enviado|enviado el|enviada em|\
         inviato|dato|sendt|skickat|wysłano|wysłane|fecha|lähetetty|päivämäärä|pvm|elküldve|dátum|\
         gönderilen|gönderildi|gönderme tarihi|tarih|дата|відправлено|отправлено|надіслано|dată|trimis|\
         envoyé|envoyé le|kuupäev|saadetud|odesláno|odoslané|poslano|dyddiad|anfonwyd|日付|日期|发送时间|送信日時|날짜",
    ),
    (
        Field::To,
        "to|an|para|a|à|aan|til|till|do|komu|кому|vastaanottaja|címzett|kime|alıcı|către|pour|\
         destinataire|prima|adresat|saaja|at|宛先|送信先|收件人|받는사람|pre|za",
    ),
    (
        Field::Cc,
        "cc|c.c.|kopie|kopia|copia|cópia|копия|копія|kopio|másolat|másolatot kap|bilgi|dw|kopi|kópia|\
         copie|copie à|kk|kopie (cc)|kopija|抄送|副本|koopia|udw|bcc",
    ),
    (
        Field::Subject,
        "subject|betreff|oggetto|asunto|assunto|objet|sujet|onderwerp|ämne|emne|temat|тема|aihe|tárgy|\
         konu|predmet|předmět|subiect|naslov|teema|pwnc|件名|主题|主旨|제목|vec",
    ),
    (
        Field::Other,
        "reply-to|reply to|importance|attachments|sensitivity|priority|odpověď|risposta|responder a|\
         rispondi a|répondre à|antwort an|antwort|antwoord aan|vastausosoite|svar til|svara till|\
         odpowiedź do|yanıt|yanıtla|organization|відповісти|reply|message-id|in-reply-to|resposta|\
         responder para|svar|vastaus|odpověď na|odpoveď|válasz|odgovori na|répondre|списку|responde a|\
         rukovoditelj|categories|x-mailer|mime-version|content-type|user-agent|references|resent-from|\
         réf",
    ),
];

fn field_of(label: &str) -> Option<Field> {
    let label = label.to_lowercase();
    LABELS.iter().find(|(_, words)| words.split('|').any(|word| word == label)).map(|(field, _)| *field)
}

/// How many `>` a line begins with, and what follows them.
#[must_use]
pub fn unquoted(line: &str) -> (usize, &str) {
    let mut depth = 0;
    let mut rest = line.trim_start_matches('\u{feff}');
    loop {
        let inner = rest.trim_start_matches([' ', '\t', '\u{a0}']);
        match inner.strip_prefix('>') {
            Some(inner) => {
                depth += 1;
                rest = inner;
            }
            None => break,
        }
    }
    (depth, if depth > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest })
}

/// A line as `label: value`, if its label is one that mail programs write.
#[must_use]
pub fn labelled(line: &str) -> Option<(Field, &str)> {
    static LINE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[\s*_|]*([^\s*_:：|][^:：*\n]{0,24}?)[\s*_]*[:：][\s*_|]*(.*?)[\s*|]*$").ok());
    let found = LINE.as_ref()?.captures(line)?;
    let field = field_of(found.get(1)?.as_str().trim())?;
    Some((field, found.get(2).map_or("", |m| m.as_str())))
}

/// The block that begins at line `start`, if one does.
///
/// `marked` says that a forward or reply marker stands above: then a sender is enough. Without, there must be a sender and
/// the moment of sending, or two more kinds of field (three if the sender is a name alone), so that a letter headed
/// "From:" stays a letter.
#[must_use]
pub fn at(lines: &[&str], start: usize, marked: bool) -> Option<Block> {
    let (depth, first) = unquoted(lines.get(start)?);
    labelled(first)?;
    let mut block = Block { start, end: start, depth, ..Block::default() };
    let mut cc = false;
    let mut last = None;
    let mut blanks = 0;
    for (offset, line) in lines.iter().skip(start).take(40).enumerate() {
        let (line_depth, line) = unquoted(line);
        let line = line.trim();
        if line.is_empty() {
            blanks += 1;
            // Some programs put an empty line between; two end the header in any case, and so does one after the subject
            // when what follows is no label.
            if blanks > 1 || last.is_none() {
                break;
            }
            continue;
        }
        if line_depth != depth {
            break;
        }
        match labelled(line) {
            Some((field, value)) => {
                let value = on_one_line(value);
                let again = match field {
                    Field::From => block.from.is_some(),
                    Field::Subject => block.subject.is_some(),
                    Field::Date => block.date.is_some(),
                    Field::To => block.to.is_some(),
                    Field::Cc | Field::Other => false,
                };
                if again || (blanks > 0 && value.is_empty()) {
                    break;
                }
                match field {
                    Field::From => block.from = Some(person(&value)),
                    Field::Date => block.date = Some(value),
                    Field::To => block.to = Some(value),
                    Field::Subject => block.subject = Some(value),
                    Field::Cc => cc = true,
                    Field::Other => {}
                }
                last = Some(field);
            }
            // A long list of recipients, or a sender's address, goes on in the next line.
            None if blanks == 0 && goes_on(last, line) => match last {
                Some(Field::To) => {
                    if let Some(to) = &mut block.to {
                        to.push(' ');
                        to.push_str(line);
                    }
                }
                Some(Field::From) => {
                    let name = block.from.as_ref().and_then(|p| p.name.clone()).unwrap_or_default();
                    block.from = Some(person(&format!("{name} {line}")));
                }
                _ => {}
            },
            // A subject folded over two lines is followed by another field.
            None if blanks == 0
                && last == Some(Field::Subject)
                && lines.get(start + offset + 1).is_some_and(|next| labelled(unquoted(next).1).is_some())
                && block.from.is_none() =>
            {
                if let Some(subject) = &mut block.subject {
                    subject.push(' ');
                    subject.push_str(line);
                }
            }
            None => break,
        }
        blanks = 0;
        block.end = start + offset + 1;
    }
    let others = usize::from(block.date.is_some())
        + usize::from(block.to.is_some() || cc)
        + usize::from(block.subject.is_some());
    let from = block.from.as_ref().filter(|p| !p.address.is_empty() || p.name.is_some())?;
    let enough = match (marked, from.address.is_empty()) {
        (true, _) => true,
        _ if block.date.as_deref().is_some_and(is_moment) => true,
        (_, false) => others >= 2,
        (_, true) => others >= 3,
    };
    enough.then_some(block)
}

/// A year and a time of day: what mail programs write after "Sent:", and people hardly ever after "Date:".
fn is_moment(text: &str) -> bool {
    static MOMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"\b(?:19|20)\d\d\b.*\b\d{1,2}[:.]\d{2}\b|\b\d{1,2}[:.]\d{2}\b.*\b(?:19|20)\d\d\b").ok()
    });
    MOMENT.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

fn goes_on(last: Option<Field>, line: &str) -> bool {
    match last {
        Some(Field::To | Field::Cc) => line.contains('@') || line.ends_with(';') || line.ends_with(','),
        Some(Field::From) => {
            line.len() < 120
                && line.contains('@')
                && line.starts_with(['<', '(', '['])
                && line.ends_with(['>', ')', ']'])
        }
        _ => false,
    }
}

/// The fields that some programs write all in one line (`From: a To: b Sent: …`) each on a line of its own.
#[must_use]
pub fn spread(run: &str) -> Vec<String> {
    static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let mut words: Vec<String> = LABELS.iter().flat_map(|(_, words)| words.split('|')).map(regex::escape).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Regex::new(&format!(r"(?i)({})\s?:\s", words.join("|"))).ok()
    });
    let Some(label) = LABEL.as_ref() else { return Vec::new() };
    let mut lines: Vec<String> = Vec::new();
    let mut from = 0;
    for found in label.find_iter(run) {
        let before = run.get(..found.start()).unwrap_or_default().chars().next_back();
        // "Date: …AM GMT+1Subject:" has no blank before the label, "Re: To: x" is one; a label inside a word of letters in
        // lower case ("data" in "metadata:") is none.
        let glued_to_word = before.is_some_and(char::is_lowercase)
            && run.get(found.range()).is_some_and(|l| l.chars().next().is_some_and(char::is_lowercase));
        if glued_to_word {
            continue;
        }
        if found.start() > from {
            lines.push(run.get(from..found.start()).unwrap_or_default().trim().to_owned());
        }
        from = found.start();
    }
    lines.push(run.get(from..).unwrap_or_default().trim().to_owned());
    lines.retain(|line| !line.is_empty());
    lines
}

/// A name and an address out of what a header line says: `Name <a@b>`, `a@b`, `Name [mailto:a@b]`, `a@b<mailto:a@b>`, or a
/// name alone.
#[must_use]
pub fn person(text: &str) -> Person {
    static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?"#).ok()
    });
    let text = on_one_line(text);
    let address = ADDRESS.as_ref().and_then(|pattern| pattern.find(&text));
    let (name, address) = match address {
        Some(found) => {
            // An apostrophe before an address is a quotation mark far more often than a part of it.
            let address = found.as_str().trim_start_matches(['\'', '*', '_', '`', '|']).to_lowercase();
            let before = text.get(..found.start()).unwrap_or_default();
            (before.trim_end_matches("mailto:").to_owned(), address)
        }
        None => (text.clone(), String::new()),
    };
    let name = name
        .trim_matches(|c: char| {
            c.is_whitespace()
                || matches!(c, '<' | '>' | '"' | '\'' | '[' | ']' | '(' | ')' | ',' | ';' | '*' | '‘' | '’' | '“' | '”')
        })
        .trim();
    let name = name.split("<mailto").next().unwrap_or_default().trim();
    Person { name: (!name.is_empty()).then(|| name.to_owned()), address }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outlook_block_is_found_and_read() {
        let lines: Vec<&str> = "From: Ann Bell <Ann@Mail.example>\nSent: 3 May 2026 09:12\nTo: Team; \n other@x.example\nSubject: FW: transport\n\nDear all"
            .lines()
            .collect();
        let block = at(&lines, 0, false).unwrap();
        assert_eq!(block.from.unwrap(), Person { name: Some("Ann Bell".into()), address: "ann@mail.example".into() });
        assert_eq!(block.end, 5);
        assert_eq!(block.subject.as_deref(), Some("FW: transport"));
    }

    #[test]
    fn bold_quoted_and_french_labels_are_read() {
        let lines = [
            "> *De :* Zoé <zoe@mail.example>",
            "> *Envoyé :* lundi",
            "> *À :* Service",
            "> *Objet :* plainte",
            ">",
            "> Bonjour",
        ];
        let block = at(&lines, 0, false).unwrap();
        assert_eq!((block.depth, block.end, block.subject.as_deref()), (1, 4, Some("plainte")));
    }

    #[test]
    fn a_letter_headed_from_without_an_address_is_no_block() {
        assert_eq!(at(&["From: Mary Hill", "To: the complaints team", "", "Dear team"], 0, false), None);
        assert_eq!(at(&["From: experience I know", "this: never works"], 0, false), None);
    }

    #[test]
    fn every_common_way_to_write_a_person_is_read() {
        for text in [
            "Ann Bell <ann@mail.example>",
            "\"Ann Bell\" <ann@mail.example>",
            "Ann Bell [mailto:ann@mail.example]",
            "'Ann Bell' <ann@mail.example<mailto:ann@mail.example>>",
            "Ann Bell (ann@mail.example)",
        ] {
            assert_eq!(
                person(text),
                Person { name: Some("Ann Bell".into()), address: "ann@mail.example".into() },
                "{text}"
            );
        }
        assert_eq!(person("o'neil@mail.example").address, "o'neil@mail.example");
        assert_eq!(person("Ann Bell"), Person { name: Some("Ann Bell".into()), address: String::new() });
    }
}
