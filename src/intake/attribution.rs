//! Whose complaint a message brings, which words count, and who may hear of it before an officer has looked. Pure.
//!
//! | who sent it | whose complaint | who is answered |
//! |---|---|---|
//! | a family | the author (`From`) | the author |
//! | a family, with `Reply-To` elsewhere | the author | nobody until an officer has looked |
//! | staff, passing a message on | its author | the author, if sure and outside the council; staff get a receipt |
//! | staff, redirecting (`Resent-From`) | the author (`From`) | the author; staff get a receipt |
//! | staff, telling of a call | to be completed | nobody until an officer has said who |
//! | somebody who speaks for a family | whom they speak for, if the message gives an address | whoever wrote |
//! | a web form on the council's list | the person in it | the person |
//! | a web form that is not | the person in it | nobody until an officer has looked |
//! | an address that the mail server disowns | the author it names | nobody until an officer has looked |

use super::{
    authentication::Authenticity,
    forward::Outer,
    note,
    reading::{Forwarded, Person, Reading, Sureness},
    screen,
};

/// What is asked about an address.
pub(super) trait Council {
    /// It belongs to staff.
    fn is_staff(&self, address: &str) -> bool;
    /// It is one of the mailboxes that we watch or write from.
    fn is_own(&self, address: &str) -> bool;
}

/// Whose complaint it is, in whose words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attribution {
    /// Staff sent it, and nothing says that it only pretends so: they get a receipt.
    pub staff: Option<Person>,
    /// Staff pass somebody's message on.
    pub passes_on: bool,
    /// Whose complaint it is: a name, an address, or both.
    pub complainant: Option<Person>,
    /// Whom letters go to in their place.
    pub answered: Option<Person>,
    /// Whose being a party to a case opens it to this message.
    pub speaker: Option<String>,
    /// Why nobody is written to before an officer has said whose complaint it is.
    pub unsure: Option<String>,
    /// The mail server says that it does not come from whom it names.
    pub disowned: bool,
    /// Subject of the words.
    pub subject: String,
    /// The words that count.
    pub words: String,
}

/// A note of more words than this is somebody's own message, whatever hangs below it.
const LONG_NOTE: usize = 120;

/// What officers read where the mail server disowns the sender.
pub(crate) const DISOWNED: &str =
    "the mail server says that this message does not come from the address it names, so it may be forged";

pub(super) fn attribute(reading: &Reading, council: &dyn Council) -> Attribution {
    let disowned = reading.authenticity == Authenticity::Failed;
    let mut found = Attribution {
        disowned,
        subject: reading.subject.clone(),
        words: reading.visible_text.clone(),
        ..Attribution::default()
    };
    let is_staff = |person: &Option<Person>| person.as_ref().is_some_and(|p| council.is_staff(&p.address));
    if let Some(form) = &reading.form {
        from_a_form(&mut found, reading, form);
    } else if is_staff(&reading.author) && !disowned {
        from_staff(&mut found, reading, council);
    } else {
        if is_staff(&reading.resent_by) && !disowned {
            found.staff.clone_from(&reading.resent_by);
        }
        from_outside(&mut found, reading, council);
    }
    if disowned {
        found.unsure = Some(DISOWNED.to_owned());
        found.speaker = None;
    }
    found
}

fn from_a_form(found: &mut Attribution, reading: &Reading, form: &super::form::Form) {
    let person = reading.author.clone();
    let address = person.as_ref().map(|p| p.address.clone()).filter(|address| !address.is_empty());
    if !form.answers.trim().is_empty() {
        found.words.clone_from(&form.answers);
    }
    found.unsure = if !form.trusted {
        Some("it seems to come by a web form, but its sender is not on the list of the council's forms".to_owned())
    } else if form.own.is_some() {
        // Whoever filled it in has their receipt on the screen; without an address an officer calls them.
        None
    } else if address.is_none() {
        Some("the web form gives no address to write to".to_owned())
    } else {
        form.other_address.as_ref().map(|_| "the web form gives two addresses".to_owned())
    };
    found.speaker = address.filter(|_| form.trusted);
    found.complainant = person;
}

fn from_staff(found: &mut Attribution, reading: &Reading, council: &dyn Council) {
    found.staff.clone_from(&reading.author);
    let Some(original) = &reading.forwarded else {
        // Nothing is passed on: they tell of a call, or write for themselves.
        if note::writes_as_a_parent(&reading.subject, &reading.visible_text) {
            found.complainant.clone_from(&reading.author);
            found.speaker = reading.author.as_ref().map(|author| author.address.clone());
            found.unsure =
                Some("a member of staff seems to write about their own child from a council address".to_owned());
        } else {
            found.unsure = Some("a member of staff wrote it: whose complaint it is has to be filled in".to_owned());
        }
        return;
    };
    found.passes_on = true;
    found.words.clone_from(&original.text);
    if let Some(subject) = &original.subject {
        found.subject.clone_from(subject);
    }
    let (author, doubt) = author_of(original, council);
    found.speaker = author.as_ref().map(|author| author.address.clone()).filter(|address| !address.is_empty());
    found.complainant = author;
    found.unsure = doubt;
}

/// Who wrote what staff pass on, and why that is not certain.
fn author_of(original: &Forwarded, council: &dyn Council) -> (Option<Person>, Option<String>) {
    let Some(from) = &original.from else {
        return (None, Some("the message passed on does not say who wrote it".to_owned()));
    };
    if council.is_staff(&from.address) {
        // Staff passing on staff's words are nobody's complaint yet.
        return (
            None,
            Some("a member of staff wrote the message passed on: whose complaint it is has to be filled in".to_owned()),
        );
    }
    if let Some((_, other)) = on_behalf(from) {
        let doubt = format!("the message passed on was sent on behalf of {other}, whose address it does not give");
        return (Some(Person { name: Some(other), address: String::new() }), Some(doubt));
    }
    if from.address.is_empty() {
        return (Some(from.clone()), Some("the message passed on names its author without an address".to_owned()));
    }
    if council.is_own(&from.address) || screen::nobody_reads(&from.address) {
        let nameless = Person { address: String::new(), ..from.clone() };
        return (Some(nameless), Some("the message passed on comes from an address that nobody reads".to_owned()));
    }
    let doubt = (original.confidence.sureness != Sureness::Sure).then(|| {
        let why = original.confidence.why.join("; ");
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        format!("the author of the message passed on is not certain{why}")
    });
    (Some(from.clone()), doubt)
}

/// "Jo Head on behalf of Ann Bell": who pressed the button, and whose message it is.
fn on_behalf(person: &Person) -> Option<(String, String)> {
    let name = person.name.as_deref()?;
    let at = name.to_ascii_lowercase().find("on behalf of ")?;
    let (who, other) = (name.get(..at)?, name.get(at + "on behalf of ".len()..)?);
    let tidy = |text: &str| text.trim_matches([' ', ',', '(', ')', '[', ']', '-', '"', '\'']).to_owned();
    let other = tidy(other);
    (!other.is_empty()).then(|| (tidy(who), other))
}

fn from_outside(found: &mut Attribution, reading: &Reading, council: &dyn Council) {
    let Some(author) = reading.author.clone() else { return };
    let address = Some(author.address.clone()).filter(|address| address.contains('@'));
    found.speaker.clone_from(&address);
    if let Some(original) = &reading.forwarded {
        let note = reading.visible_text.trim();
        if let Some(from) = spoken_for(&author, note, original, council) {
            found.complainant = Some(from);
            found.answered = Some(author.clone());
            found.words.clone_from(&original.text);
            if let Some(subject) = &original.subject {
                found.subject.clone_from(subject);
            }
        } else if note.is_empty() {
            // Their own words count, or what they send if they say nothing.
            found.words.clone_from(&original.text);
        }
    } else if let Some(person) = note::represented(&reading.subject, &reading.visible_text, &author, |address| {
        council.is_staff(address) || council.is_own(address)
    }) {
        found.complainant = Some(person);
        found.answered = Some(author.clone());
    }
    if found.complainant.is_none() && (address.is_some() || author.name.is_some()) {
        found.complainant = Some(author.clone());
    }
    answered_elsewhere(found, reading, &author, council);
}

/// Whose message somebody from outside passes on for them. Their own words keep being their own complaint.
fn spoken_for(author: &Person, note: &str, original: &Forwarded, council: &dyn Council) -> Option<Person> {
    let from = original.from.as_ref()?;
    // Whoever is named without an address is known by name: letters go to whoever wrote for them all the same.
    let usable = if from.address.is_empty() {
        from.name.is_some() && from.name != author.name
    } else {
        !screen::nobody_reads(&from.address)
    };
    let other = !from.address.eq_ignore_ascii_case(&author.address);
    if !usable || !other || council.is_staff(&from.address) || council.is_own(&from.address) {
        return None;
    }
    let short = note.split_whitespace().count() <= LONG_NOTE;
    // A colleague's message is the organisation's own business; a daughter's at the same provider is not.
    let organisation = note::is_representative(author, note);
    let passed_on = if organisation { !of_one_organisation(author, from) } else { note::passes_on(note) };
    (short && passed_on).then(|| from.clone())
}

/// Whether two people write from one organisation, and not from a provider that anybody may use.
fn of_one_organisation(one: &Person, other: &Person) -> bool {
    Outer { person: Some(one), council: &[] }.is_colleague(Some(other))
}

/// `Reply-To` (RFC 5322 section 3.6.2) within the author's own organisation is where they are answered. Anywhere else
/// nobody is written to unseen: a forger may have set it, and a parent may have set it because somebody else reads the
/// mailbox they write from.
fn answered_elsewhere(found: &mut Attribution, reading: &Reading, author: &Person, council: &dyn Council) {
    let Some(reply_to) = reading.reply_to.as_ref().filter(|reply_to| {
        reply_to.address.contains('@')
            && !reply_to.address.eq_ignore_ascii_case(&author.address)
            && !council.is_own(&reply_to.address)
            && !screen::nobody_reads(&reply_to.address)
    }) else {
        return;
    };
    if of_one_organisation(author, reply_to) {
        found.answered = Some(reply_to.clone());
    } else {
        found.unsure = Some(format!("it asks to be answered at {}, not at the address it came from", reply_to.address));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::intake::{
        form::Form,
        reading::{Automated, Confidence},
    };

    struct Town;

    impl Council for Town {
        fn is_staff(&self, address: &str) -> bool {
            address.ends_with("council.example")
        }
        fn is_own(&self, address: &str) -> bool {
            address == "complaints@council.example"
        }
    }

    fn person(name: &str, address: &str) -> Person {
        Person { name: Some(name.into()).filter(|name: &String| !name.is_empty()), address: address.into() }
    }

    fn from(address: &str, text: &str) -> Reading {
        Reading { author: Some(person("Jo", address)), visible_text: text.into(), ..Reading::default() }
    }

    fn passing_on(address: &str, note: &str, original: &str, sureness: Sureness) -> Reading {
        Reading {
            forwarded: Some(Forwarded {
                from: Some(person("Ann Bell", original)),
                text: "Nobody came.".into(),
                confidence: Confidence { sureness, why: vec!["why".into()] },
                ..Forwarded::default()
            }),
            ..from(address, note)
        }
    }

    fn complainant(found: &Attribution) -> &str {
        found.complainant.as_ref().map_or("", |person| person.address.as_str())
    }

    #[test]
    fn a_family_is_answered_at_once_and_a_sure_forward_is_theirs() {
        let own = attribute(&from("ann@mail.example", "Nobody came."), &Town);
        assert_eq!(
            (complainant(&own), &own.unsure, &own.staff, &own.answered),
            ("ann@mail.example", &None, &None, &None)
        );
        let passed = attribute(&passing_on("head@council.example", "Log", "ann@mail.example", Sureness::Sure), &Town);
        assert_eq!((complainant(&passed), passed.unsure.as_deref()), ("ann@mail.example", None));
        assert_eq!((passed.words.as_str(), passed.passes_on), ("Nobody came.", true));
        assert_eq!(passed.speaker.as_deref(), Some("ann@mail.example"));
    }

    #[test]
    fn a_doubtful_author_and_a_phone_note_wait_for_an_officer() {
        for sureness in [Sureness::Doubtful, Sureness::Likely] {
            let found = attribute(&passing_on("head@council.example", "Log", "ann@mail.example", sureness), &Town);
            assert!(found.unsure.unwrap().starts_with("the author of the message passed on is not certain: why"));
        }
        let found =
            attribute(&passing_on("head@council.example", "Log", "other@council.example", Sureness::Sure), &Town);
        assert!(found.complainant.is_none() && found.unsure.is_some());
        let found =
            attribute(&passing_on("head@council.example", "Log", "no-reply@portal.example", Sureness::Sure), &Town);
        assert!(complainant(&found).is_empty() && found.unsure.is_some());
        let found = attribute(&from("head@council.example", "mum rang, very upset"), &Town);
        assert!(found.complainant.is_none() && found.unsure.is_some() && found.staff.is_some());
    }

    #[test]
    fn an_outlook_name_on_behalf_of_somebody_is_not_their_address() {
        let mut reading = passing_on("head@council.example", "Log", "office@school.example", Sureness::Sure);
        reading.forwarded.as_mut().unwrap().from =
            Some(person("School Office on behalf of Ann Bell", "office@school.example"));
        let found = attribute(&reading, &Town);
        assert_eq!(found.complainant, Some(person("Ann Bell", "")));
        assert!(found.unsure.is_some());
    }

    #[test]
    fn who_speaks_for_a_family_is_answered_and_the_family_is_the_complainant() {
        let note = "Mum asked me to send this on.";
        let found = attribute(&passing_on("senco@school.example", note, "ann@mail.example", Sureness::Sure), &Town);
        assert_eq!(
            (complainant(&found), found.answered.as_ref().unwrap().address.as_str()),
            ("ann@mail.example", "senco@school.example")
        );
        assert_eq!(found.speaker.as_deref(), Some("senco@school.example"), "being named opens no case");
        assert!(found.staff.is_none() && found.unsure.is_none());
        let mut by_name = passing_on("senco@school.example", note, "", Sureness::Doubtful);
        by_name.forwarded.as_mut().unwrap().from = Some(person("Ann Bell", ""));
        let found = attribute(&by_name, &Town);
        assert_eq!(
            (found.complainant, found.answered.unwrap().address.as_str()),
            (Some(person("Ann Bell", "")), "senco@school.example")
        );
        // Their own grievance with somebody's mail below it stays theirs.
        let found = attribute(
            &passing_on("ann@mail.example", "Look what she wrote to me!", "teacher@school.example", Sureness::Sure),
            &Town,
        );
        assert_eq!(complainant(&found), "ann@mail.example");
        assert_eq!(found.words, "Look what she wrote to me!");
    }

    #[test]
    fn reply_to_is_used_within_one_organisation_and_looked_at_otherwise() {
        let with = |author: &str, reply_to: &str| {
            let reading = Reading { reply_to: Some(person("", reply_to)), ..from(author, "x") };
            attribute(&reading, &Town)
        };
        let team = with("jo@advocacy.example", "team@advocacy.example");
        assert_eq!((team.answered.unwrap().address.as_str(), team.unsure), ("team@advocacy.example", None));
        for (author, reply_to) in [("ann@mail.example", "ann@other.example"), ("ann@gmail.com", "bob@gmail.com")] {
            let found = with(author, reply_to);
            assert!(found.unsure.unwrap().contains(reply_to) && found.answered.is_none());
        }
        for same in ["ann@mail.example", "no-reply@x.example", "complaints@council.example"] {
            assert_eq!(with("ann@mail.example", same).unsure, None, "{same}");
        }
    }

    #[test]
    fn what_a_manager_redirects_is_the_familys_own_message() {
        let reading =
            Reading { resent_by: Some(person("Head", "head@council.example")), ..from("ann@mail.example", "x") };
        let found = attribute(&reading, &Town);
        assert_eq!((complainant(&found), &found.unsure, found.passes_on), ("ann@mail.example", &None, false));
        assert_eq!(found.staff.unwrap().address, "head@council.example");
        let stranger = Reading { resent_by: Some(person("X", "x@evil.example")), ..from("ann@mail.example", "x") };
        assert_eq!(attribute(&stranger, &Town).staff, None);
    }

    #[test]
    fn a_form_is_answered_only_if_it_is_listed() {
        let with = |form: Form| {
            attribute(&Reading { form: Some(form), ..from("ann@mail.example", "Name: Ann\nwords") }, &Town)
        };
        let listed = with(Form { trusted: true, answers: "words".into(), ..Form::default() });
        assert_eq!(
            (complainant(&listed), listed.unsure.as_deref(), listed.words.as_str()),
            ("ann@mail.example", None, "words")
        );
        let other = with(Form { answers: "words".into(), ..Form::default() });
        assert_eq!((complainant(&other), other.unsure.is_some(), &other.speaker), ("ann@mail.example", true, &None));
    }

    fn any_reading() -> impl Strategy<Value = Reading> {
        let addresses = prop::sample::select(vec![
            "ann@mail.example",
            "bob@gmail.com",
            "head@council.example",
            "complaints@council.example",
            "no-reply@portal.example",
            "senco@school.example",
            "",
        ]);
        let sureness = prop::sample::select(vec![Sureness::Doubtful, Sureness::Likely, Sureness::Sure]);
        let authenticity =
            prop::sample::select(vec![Authenticity::Verified, Authenticity::Failed, Authenticity::Unknown]);
        (
            (
                addresses.clone(),
                addresses.clone(),
                prop::option::of(addresses.clone()),
                prop::option::of(addresses.clone()),
            ),
            prop::option::of((addresses, sureness)),
            authenticity,
            prop::option::of(any::<bool>()),
            prop::sample::select(vec!["", "mum asked me to pass this on", "Nobody came. I am upset."]),
        )
            .prop_map(|((author, _, reply_to, resent), original, authenticity, form, note)| Reading {
                author: Some(person("Jo", author)),
                reply_to: reply_to.map(|address| person("", address)),
                resent_by: resent.map(|address| person("", address)),
                authenticity,
                visible_text: note.into(),
                form: form.map(|trusted| Form { trusted, ..Form::default() }),
                forwarded: original.map(|(address, sureness)| Forwarded {
                    from: Some(person("", address)),
                    confidence: Confidence { sureness, why: Vec::new() },
                    ..Forwarded::default()
                }),
                automated: None::<Automated>,
                ..Reading::default()
            })
    }

    proptest! {
        /// Who may be written to before an officer has looked.
        #[test]
        fn nobody_is_written_to_who_did_not_write_or_is_not_surely_the_author(reading in any_reading()) {
            let found = attribute(&reading, &Town);
            if reading.authenticity == Authenticity::Failed {
                prop_assert!(found.unsure.is_some() && found.staff.is_none() && found.speaker.is_none());
            }
            if found.unsure.is_none() {
                let to = found.answered.as_ref().or(found.complainant.as_ref()).map(|person| person.address.clone()).unwrap_or_default();
                let author = reading.author.as_ref().map(|person| person.address.clone()).unwrap_or_default();
                let wrote = to == author && !Town.is_staff(&author);
                let replies = reading.reply_to.as_ref().is_some_and(|r| r.address == to && of_one_organisation(r, reading.author.as_ref().unwrap()));
                let sure = Town.is_staff(&author) && !Town.is_staff(&to)
                    && reading.forwarded.as_ref().is_some_and(|f| f.confidence.sureness == Sureness::Sure && f.from.as_ref().unwrap().address == to);
                let form = reading.form.as_ref().is_some_and(|form| form.trusted) && to == author;
                prop_assert!(wrote || replies || sure || form, "{:?} for {:?}", found, reading);
            }
        }

        /// Nobody is taken for a party to a case because somebody else names them.
        #[test]
        fn only_whoever_wrote_or_staff_vouch_for_speaks(reading in any_reading()) {
            let found = attribute(&reading, &Town);
            let author = reading.author.as_ref().map(|person| person.address.clone()).unwrap_or_default();
            if let Some(speaker) = found.speaker {
                prop_assert!(speaker == author || (Town.is_staff(&author) && found.passes_on), "{}", speaker);
                prop_assert!(reading.form.as_ref().is_none_or(|form| form.trusted));
            }
        }
    }
}
