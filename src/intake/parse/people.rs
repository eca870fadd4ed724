//! Who wrote a message and to whom, out of headers that may be broken or stand twice.

use std::sync::LazyLock;

use mail_parser::{Addr, HeaderName, HeaderValue, Message};
use regex::Regex;

use super::ReadContext;
use crate::intake::{
    authentication::{self, Authentication, Authenticity},
    form::{self, Form},
    header_block,
    headers::{Headers, on_one_line},
    reading::Person,
    screen,
};

/// At most so many recipients are listed.
const MOST_RECIPIENTS: usize = 1_000;

/// The people in the header, and the one a web form names.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Who wrote it: for a form the person in it.
    pub author: Option<Person>,
    /// Everyone in all From fields.
    pub from: Vec<Person>,
    /// Two From fields name different people.
    pub differ: bool,
    /// `Sender`, which says who pressed the button (RFC 5322 section 3.6.2), never whose words it is.
    pub sender: Option<Person>,
    /// `Reply-To`.
    pub reply_to: Option<Person>,
    /// Who redirected it (RFC 5322 section 3.6.6); `From` is still its author.
    pub resent_by: Option<Person>,
    /// `To` and `Cc`.
    pub recipients: Vec<Person>,
    /// What the receiving server says about the sender.
    pub authentication: Authentication,
    /// It came by a web form.
    pub form: Option<Form>,
}

impl People {
    pub fn of(message: &Message<'_>, headers: &Headers, context: &ReadContext) -> Self {
        let from = people(message, &HeaderName::From);
        let first_of_each: Vec<&Person> = from.iter().filter_map(|field| field.first()).collect();
        let differ = first_of_each.windows(2).any(|two| matches!(two, [a, b] if a.address != b.address));
        let first_in = |name: HeaderName<'_>| {
            people(message, &name).into_iter().flatten().find(|person| !person.address.is_empty())
        };
        let sender = people(message, &HeaderName::Sender).into_iter().flatten().next();
        let mut recipients: Vec<Person> = people(message, &HeaderName::To).into_iter().flatten().collect();
        recipients.extend(people(message, &HeaderName::Cc).into_iter().flatten());
        recipients.retain(|person| !person.address.is_empty());
        recipients.truncate(MOST_RECIPIENTS);
        let first = from.first().and_then(|field| {
            // With several authors the sender is the one who pressed the button (RFC 5322 section 3.6.2).
            let named = sender.as_ref().and_then(|sender| field.iter().find(|p| p.address == sender.address));
            named.or_else(|| field.iter().find(|p| !p.address.is_empty())).or_else(|| field.first()).cloned()
        });
        let address = first.as_ref().map(|person| person.address.as_str()).filter(|address| !address.is_empty());
        Self {
            authentication: authentication::judge(headers, &context.trusted_servers, address, differ),
            author: first,
            from: from.into_iter().flatten().collect(),
            differ,
            sender,
            reply_to: first_in(HeaderName::ReplyTo),
            resent_by: first_in(HeaderName::ResentFrom),
            recipients,
            form: None,
        }
    }

    /// Takes the person out of a web form's notice. A form that is not on the list, and one whose address is forged, is
    /// recognised all the same: somebody waits behind it, but an officer looks before they are written to.
    pub fn read_form(&mut self, text: &str, context: &ReadContext) {
        let Some(sender) = self.author.as_ref().map(|person| person.address.clone()) else { return };
        let is_own = |address: &str| context.own_addresses.iter().any(|own| own.eq_ignore_ascii_case(address));
        let usable = |address: &str| address.contains('@') && !is_own(address) && !screen::nobody_reads(address);
        let listed = context.form_senders.iter().any(|form| form.trim().eq_ignore_ascii_case(&sender));
        let local = sender.split('@').next().unwrap_or_default();
        let of_staff = context
            .staff_domains
            .iter()
            .any(|domain| sender.rsplit_once('@').is_some_and(|(_, host)| authentication::is_within(host, domain)));
        let by_machine = screen::nobody_reads(&sender) || (of_staff && is_form_mailbox(local));
        if !listed && !by_machine {
            return;
        }
        let mut answers = form::answers(text);
        answers.address = answers.address.take().filter(|address| usable(address));
        let reply_to = self.reply_to.clone().filter(|person| usable(&person.address));
        let recognised = answers.is_form() || (of_staff && reply_to.is_some() && answers.labels > 0);
        if !listed && !recognised {
            return;
        }
        let person = match (reply_to, answers.person()) {
            (Some(person), named) => Some(Person { name: named.and_then(|p| p.name).or(person.name), ..person }),
            (None, named) => named,
        };
        let answered = person.as_ref().map(|person| person.address.as_str()).unwrap_or_default();
        self.form = Some(Form {
            trusted: listed && !self.differ && self.authentication.authenticity != Authenticity::Failed,
            other_address: answers.address.take().filter(|address| !address.eq_ignore_ascii_case(answered)),
            answers: answers.words,
            phone: answers.phone,
            on_behalf_of: answers.on_behalf_of,
            own: None,
            reads: None,
        });
        self.author = person;
    }

    /// The form may be answered where it says.
    pub fn is_form(&self) -> bool {
        self.form.as_ref().is_some_and(|form| form.trusted) && self.names_somebody()
    }

    /// A form, but it names nobody to answer.
    pub fn is_form_without_person(&self) -> bool {
        self.form.is_some() && !self.names_somebody()
    }

    fn names_somebody(&self) -> bool {
        self.author.as_ref().is_some_and(|person| !person.address.is_empty())
    }
}

/// Mailboxes that forms are sent from, as councils call them.
fn is_form_mailbox(local: &str) -> bool {
    static FORMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:.*[-._])?(?:(?:web|e|online|on-line|i)?-?forms?|web-?site|web-?master|web-?admin|web|portal|e-?services?|my-?account|notifications?|notify|digital|online|feedback-?forms?|submissions?|surveys?)(?:[-._+].*)?$").ok()
    });
    FORMS.as_ref().is_some_and(|pattern| pattern.is_match(local))
}

/// The people in every field of a name: one list a field.
fn people(message: &Message<'_>, name: &HeaderName<'_>) -> Vec<Vec<Person>> {
    let fields = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
    fields
        .iter()
        .filter(|field| field.name == *name)
        .take(20)
        .map(|field| match &field.value {
            HeaderValue::Address(address) => {
                let found: Vec<Person> = address
                    .iter()
                    .take(MOST_RECIPIENTS)
                    .filter_map(person)
                    .filter(|p| *p != Person::default())
                    .collect();
                if found.iter().any(|p| p.address.contains('@')) {
                    found
                } else {
                    by_pattern(message, field).unwrap_or(found)
                }
            }
            _ => by_pattern(message, field).unwrap_or_default(),
        })
        .filter(|list| !list.is_empty())
        .collect()
}

fn person(addr: &Addr<'_>) -> Option<Person> {
    let written = addr.address().map(on_one_line).unwrap_or_default();
    let name =
        addr.name().map(on_one_line).map(|n| n.trim_matches(['"', '\'', ' ']).to_owned()).filter(|n| !n.is_empty());
    if written.contains('@') {
        // Two addresses without a comma between are two; one with a blank in it is one.
        let first =
            written.split(' ').find(|word| word.contains('@') && !word.starts_with('@') && !word.ends_with('@'));
        let address = first.map_or_else(|| written.replace(' ', ""), str::to_owned);
        let address = address.trim_matches(['<', '>', '"', '\'', ',', ';']).to_lowercase();
        return Some(Person { name, address });
    }
    // A name without an address is taken for an address by the parser.
    let name = name.or_else(|| (!written.is_empty()).then(|| written.clone()))?;
    Some(Person { name: Some(name), address: String::new() })
}

fn by_pattern(message: &Message<'_>, field: &mail_parser::Header<'_>) -> Option<Vec<Person>> {
    let raw = message.raw_message.get(field.offset_start as usize..field.offset_end as usize)?;
    let found = header_block::person(&String::from_utf8_lossy(raw.get(..2_000).unwrap_or(raw)));
    (!found.address.is_empty()).then(|| vec![found])
}
