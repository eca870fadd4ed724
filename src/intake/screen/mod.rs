//! Two questions about machines, kept apart: did a machine send this, and may an automatic answer go out.
//!
//! Signs and their sources: RFC 3834 section 2 and 3.1 (Auto-Submitted, null return path), RFC 3464, RFC 8098 and RFC 5965
//! (reports), RFC 2369 and RFC 2919 (lists), MS-OXCMAIL 2.1.3.2.20 (X-Auto-Response-Suppress). Whatever is found, the
//! message is stored and shown. To take a person for a machine costs them their clock, so a class needs a sign that only
//! machines give; what people might write too only stops the answer.

mod bounces;
mod machines;
mod words;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use machines::nobody_reads;

use super::{
    headers::Headers,
    reading::{Automated, Person},
};

/// What is looked at.
#[derive(Debug)]
pub struct Signs<'a> {
    /// The message's header.
    pub headers: &'a Headers,
    /// Addresses in all From headers.
    pub authors: &'a [Person],
    /// Whether several From headers name different people.
    pub authors_differ: bool,
    /// `Sender`, if given.
    pub sender: Option<&'a Person>,
    /// Decoded subject.
    pub subject: &'a str,
    /// The text, as far as it was read.
    pub text: &'a str,
    /// Media types of all parts, lower case, with the `method` or `report-type` parameter where there is one.
    pub parts: &'a [(String, Option<String>)],
    /// It names a message that it answers.
    pub answers: bool,
    /// Message-ID without brackets.
    pub message_id: Option<&'a str>,
    /// Our own addresses, lower case.
    pub own_addresses: &'a [String],
    /// What our own Message-IDs end in.
    pub own_message_id_suffix: Option<&'a str>,
    /// A web form that may be answered at its Reply-To.
    pub is_form: bool,
    /// A web form that names nobody to answer.
    pub is_form_without_person: bool,
}

/// The two answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Which machine, if one.
    pub automated: Option<Automated>,
    /// The sign that said so; given whenever `automated` is.
    pub because: Option<String>,
    /// Nothing but our own address as its author says so: whoever uses our mailbox by hand looks the same.
    pub own_by_address_alone: bool,
    /// Why no automatic answer may go out, in the order found.
    pub no_answer: Vec<String>,
}

/// What a sign says about who sent the message. In the order of their weight: the first that was found names the class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    /// We did.
    Own,
    /// A mail program, that it was read.
    Receipt,
    /// A mail system, what became of a message.
    Bounce,
    /// A calendar.
    Calendar,
    /// A program that answers.
    Replied,
    /// A mailing list.
    List,
    /// Some program.
    Generated,
    /// Nothing: people's mail bears it too.
    Nothing,
}

/// A reason against answering, and what it says about the sender.
#[derive(Debug)]
struct Sign {
    says: Says,
    words: String,
    /// It holds against a web form on the list too.
    against_forms: bool,
}

/// The signs found so far.
#[derive(Debug, Default)]
struct Found(Vec<Sign>);

impl Found {
    /// A sign that holds against everybody.
    fn add(&mut self, says: Says, words: impl Into<String>) {
        self.0.push(Sign { says, words: words.into(), against_forms: true });
    }

    /// A sign that a form on the list may bear: RFC 3834 asks not to answer the machine, but the form's Reply-To is a
    /// person who is waiting.
    fn add_but_for_forms(&mut self, says: Says, words: impl Into<String>) {
        self.0.push(Sign { says, words: words.into(), against_forms: false });
    }

    fn has(&self, says: Says) -> bool {
        self.0.iter().any(|sign| sign.says == says)
    }
}

/// Judges one message.
#[must_use]
pub fn judge(signs: &Signs<'_>) -> Verdict {
    let mut found = Found::default();
    let own_by_address = machines::own(signs, &mut found);
    bounces::look(signs, &mut found);
    words::calendar(signs, &mut found);
    machines::lists(signs, &mut found);
    machines::auto_submitted(signs, &mut found);
    machines::machine_headers(signs, &mut found);
    machines::addresses(signs, &mut found);
    words::look(signs, &mut found);
    let own_by_address_alone = own_by_address && found.0.iter().filter(|sign| sign.says < Says::Nothing).count() == 1;
    let form = signs.is_form && ![Says::Own, Says::Receipt, Says::Bounce].iter().any(|says| found.has(*says));
    if form {
        found.0.retain(|sign| sign.against_forms);
    }
    let strongest = found.0.iter().filter(|sign| !form && sign.says < Says::Nothing).min_by_key(|sign| sign.says);
    let away = words::is_away(signs);
    let automated = strongest.map(|sign| match sign.says {
        Says::Own => Automated::Own,
        Says::Receipt => Automated::ReadReceipt,
        Says::Bounce => Automated::Bounce,
        Says::Calendar => Automated::Calendar,
        Says::Replied | Says::Generated if away => Automated::OutOfOffice,
        Says::Replied => Automated::AutoReply,
        Says::List if away && found.has(Says::Generated) => Automated::OutOfOffice,
        Says::List => Automated::List,
        Says::Generated | Says::Nothing => Automated::Notice,
    });
    let because = strongest.map(|sign| sign.words.clone());
    Verdict {
        automated,
        because,
        own_by_address_alone,
        no_answer: found.0.into_iter().map(|sign| sign.words).collect(),
    }
}
