//! Whether a message that points at no case is about the same matter as one there is. Pure.
//!
//! A matter is the same when it is of the same family and about the same thing, and each of the two is judged by itself. A
//! subject alone is no evidence, nor is a service, a school or a worker: families with the same cancelled bus name all three.

use std::sync::LazyLock;

use regex::Regex;

use super::{likeness::Words, names::Names, regex};

/// From here on two texts are the same one, sent again.
const RESENT: f64 = 0.6;
/// Likeness from which two texts have something to do with one another.
const SOME_LIKENESS: f64 = 0.1;
/// Words below which a text is like another by chance.
const TOO_FEW: usize = 8;
/// Words below which a message of somebody known says too little to be about anything new.
const SHORT: usize = 25;
/// Days after which somebody is likelier to write about something else.
const LONG_AGO: i64 = 180;

/// What is looked at of a message.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// How many words it has, the subject left out.
    pub length: usize,
    /// Subject and own words.
    pub words: Words,
    /// What it quotes.
    pub quoted: Words,
    /// Names in it.
    pub names: Names,
    /// Probability of each theme; empty where it was not labelled.
    pub themes: Vec<f64>,
    /// It is dissatisfaction, as far as the machine can tell.
    pub dissatisfied: bool,
    /// Its own words begin something new ("a different matter").
    pub turns_away: bool,
    /// Its own words refer to what was sent before ("I still have no answer").
    pub follows_up: bool,
}

/// What is looked at of a case.
#[derive(Clone, Debug, Default)]
pub struct Near {
    /// The author of the message is a party, or has written in it before.
    pub of_author: bool,
    /// Neither closed nor dismissed.
    pub open: bool,
    /// It is dissatisfaction.
    pub dissatisfied: bool,
    /// Whole days between its last message and this one.
    pub days: i64,
    /// Its messages.
    pub messages: Vec<Told>,
}

/// What a case is to a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The same matter. How sure (log odds), and why, for officers.
    Same(f64, String),
    /// Perhaps the same matter: an officer decides.
    Possible(f64, String),
    /// Another one.
    Different,
}

/// The likeliest of the cases that a message was compared with: one that is the same matter, and one that may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Best<K> {
    /// The same matter, and why.
    pub same: Option<Choice<K>>,
    /// Perhaps the same matter, and why.
    pub possible: Option<Choice<K>>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice<K> {
    /// Which case.
    pub case: K,
    /// The author is a party, or has written in it before.
    pub of_author: bool,
    /// How sure (log odds).
    pub odds: f64,
    /// Why, for officers.
    pub why: String,
}

impl<K> Default for Best<K> {
    fn default() -> Self {
        Self { same: None, possible: None }
    }
}

impl<K> Best<K> {
    /// Takes `case` if it is likelier than what was offered before. One of the author's own comes before one that only
    /// seems to be of their family, and of equals the first.
    pub fn offer(&mut self, case: K, of_author: bool, verdict: Verdict) {
        let (place, odds, why) = match verdict {
            Verdict::Same(odds, why) => (&mut self.same, odds, why),
            Verdict::Possible(odds, why) => (&mut self.possible, odds, why),
            Verdict::Different => return,
        };
        if place.as_ref().is_none_or(|so_far| (so_far.of_author, so_far.odds) < (of_author, odds)) {
            *place = Some(Choice { case, of_author, odds, why });
        }
    }
}

/// Whether `message` is about the matter of `case`.
#[must_use]
pub fn verdict(message: &Told, case: &Near) -> Verdict {
    let likest = case.messages.iter().map(|old| likest(message, old)).fold(0.0, f64::max);
    let about = issue(message, case, likest);
    let (odds, reason) = if case.of_author {
        if likest >= RESENT {
            (5.0 + likest, "has the same words as an earlier message of the same person".to_owned())
        } else {
            (about, format!("is by the same person and about the same matter{}", shared(message, case)))
        }
    } else {
        let family = family(message, case);
        if family.points < POSSIBLE_FAMILY {
            return Verdict::Different;
        }
        // Two of one family seldom write about two things, so the surer the family, the likelier the matter.
        let about = about + ((family.points - POSSIBLE_FAMILY) / 2.0).min(MOST_BY_FAMILY);
        let odds = if family.points >= SAME_FAMILY { about } else { about.min(SAME_BY_FAMILY_FROM - 0.1) };
        (odds, format!("seems to be by somebody else of the same family ({}){}", family.reason, shared(message, case)))
    };
    // However likely it is by itself that somebody goes on about one matter: something in the message must say so.
    let alike = likest >= SOME_LIKENESS || topic(message, case).is_some_and(|topic| topic >= 0.5);
    let from = match case.of_author {
        true if alike || message.follows_up => SAME_FROM,
        false if alike => SAME_BY_FAMILY_FROM,
        _ => f64::INFINITY,
    };
    match odds {
        odds if odds >= from && case.open && (!message.turns_away || likest >= RESENT) => Verdict::Same(odds, reason),
        odds if odds >= POSSIBLE_FROM => Verdict::Possible(odds, reason),
        _ => Verdict::Different,
    }
}

/// Log odds from which a message joins a case of its author's, joins one of its author's family's, and from which an officer
/// is asked. They lie in the gaps of what `heard evaluate --matching` shows for the labelled inboxes.
const SAME_FROM: f64 = -0.5;
const SAME_BY_FAMILY_FROM: f64 = 0.0;
const POSSIBLE_FROM: f64 = -1.5;
/// Points of [`family`] from which two people are taken to be of one family, and from which an officer is asked.
const SAME_FAMILY: f64 = 3.5;
const POSSIBLE_FAMILY: f64 = 2.0;
/// Most that these points add to the log odds.
const MOST_BY_FAMILY: f64 = 1.5;

fn likest(message: &Told, old: &Told) -> f64 {
    // A subject is the same in many mails, so where there is little else, it must not speak alone.
    let own = if message.length.min(old.length) < TOO_FEW { 0.0 } else { message.words.likeness(&old.words) };
    own.max(message.quoted.likeness(&old.words))
}

/// Log odds that both are about one thing, if they are of one family.
fn issue(message: &Told, case: &Near, likest: f64) -> f64 {
    let new = &message.names.children;
    let (mut both, mut apart) = (false, false);
    for old in case.messages.iter().map(|old| &old.names.children).filter(|old| !old.is_empty() && !new.is_empty()) {
        both |= !old.is_disjoint(new);
        apart |= old.is_disjoint(new);
    }
    let sum = [
        6.0 * (likest - 0.25),
        match topic(message, case) {
            Some(topic) => 4.0 * (topic - 0.5),
            None if message.dissatisfied => 0.3,
            // Thanks and questions have no theme, and a question of its own wants an answer of its own.
            None => -0.5,
        },
        if message.follows_up { 0.8 } else { 0.0 },
        if message.turns_away { -3.0 } else { 0.0 },
        if apart && !both { -1.5 } else { 0.0 },
        if case.of_author { 2.0 * (1.0 - message.words.count() as f64 / SHORT as f64).max(0.0) } else { 0.0 },
        if case.days > LONG_AGO { -1.0 } else { 0.0 },
    ];
    sum.iter().sum()
}

/// Probability that both have the same theme, if both are dissatisfaction and were labelled.
fn topic(message: &Told, case: &Near) -> Option<f64> {
    let topics = case.messages.iter().filter_map(|old| agreement(&message.themes, &old.themes));
    topics.reduce(f64::max).filter(|_| message.dissatisfied && case.dissatisfied)
}

/// Probability that both have the same theme. None where one was not labelled.
fn agreement(one: &[f64], two: &[f64]) -> Option<f64> {
    (!one.is_empty() && one.len() == two.len()).then(|| one.iter().zip(two).map(|(p, q)| p * q).sum())
}

struct Family {
    points: f64,
    reason: String,
}

/// How much speaks for the author of `message` being of the family of `case`.
fn family(message: &Told, case: &Near) -> Family {
    let mut all = Names::default();
    case.messages.iter().for_each(|old| all.join(old.names.clone()));
    let new = &message.names;
    let in_case = |word: &&String| case.messages.iter().any(|old| old.words.has(word));
    let mut children: Vec<&str> =
        new.children.iter().filter(|word| all.has(word) || in_case(word)).map(String::as_str).collect();
    children.extend(all.children.iter().filter(|word| new.has(word) || message.words.has(word)).map(String::as_str));
    children.sort_unstable();
    children.dedup();
    let mut people: Vec<&str> = new.author.intersection(&all.author).map(String::as_str).collect();
    // One Sarah is not another, where the names of their families are known.
    let of_families = !new.surnames.is_empty() && !all.surnames.is_empty();
    if people.len() == 1
        && of_families
        && people.iter().all(|word| !new.surnames.contains(*word) || !all.surnames.contains(*word))
    {
        people.clear();
    }
    // "Ingrid's husband here": one names the other. As a name: who writes "I hope" does not name Hope.
    let names = |who: &Names, word: &String| who.others.contains(word) || who.children.contains(word);
    let mut named: Vec<&str> = all.author.iter().filter(|word| names(new, word)).map(String::as_str).collect();
    named.extend(new.author.iter().filter(|word| names(&all, word)).map(String::as_str));
    named.retain(|word| !people.contains(word) && !children.contains(word));
    named.sort_unstable();
    named.dedup();
    let begins = |short: &Names, long: &Names| {
        short
            .initials
            .iter()
            .any(|c| long.author.iter().any(|word| word.starts_with(*c) && !short.author.contains(word)))
    };
    let initial = !people.is_empty() && (begins(new, &all) || begins(&all, new));
    let others = new.others.union(&all.others).filter(|word| message.words.has(word) && in_case(word)).count();
    let strangers = !new.children.is_empty() && !all.children.is_empty() && children.is_empty();
    // Neighbours name one another's children too: only a name of their own, or a child that both call theirs, ties two people.
    let tied = !people.is_empty() || !new.own.is_disjoint(&all.own);
    let points = [
        match people.len() {
            0 => 0.0,
            1 => 2.0,
            // Not enough by itself: there are many of some names.
            _ => 3.0,
        },
        (2.0 * children.len() as f64).min(4.0),
        (1.5 * named.len() as f64).min(3.5),
        if initial { 1.0 } else { 0.0 },
        (0.5 * others as f64).min(1.0),
        if strangers { -3.0 } else { 0.0 },
    ];
    let points = points.iter().sum::<f64>().min(if tied { f64::INFINITY } else { SAME_FAMILY - 0.1 });
    let told: Vec<String> = people.iter().chain(&children).chain(&named).take(3).map(|word| capital(word)).collect();
    Family { points, reason: told.join(", ") }
}

/// The words that both share and that weigh most, as officers read them.
fn shared(message: &Told, case: &Near) -> String {
    let mut words: Vec<(String, f64)> = Vec::new();
    for old in &case.messages {
        words.extend(message.words.shared(&old.words));
    }
    words.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words.dedup_by(|a, b| a.0 == b.0);
    let mut seen: Vec<String> = Vec::new();
    for (word, _) in words {
        if seen.len() < 3 && !seen.contains(&word) && word.chars().count() > 3 {
            seen.push(word);
        }
    }
    let quoted: Vec<String> = seen.iter().map(|word| format!("“{word}”")).collect();
    if quoted.is_empty() { String::new() } else { format!(": both say {}", quoted.join(", ")) }
}

/// `word` with a capital, as officers read a name.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Whether `text` says that it begins something new.
#[must_use]
pub fn turns_away(text: &str) -> bool {
    TURNS_AWAY.is_match(text)
}

/// Whether `text` refers to something sent or promised before.
#[must_use]
pub fn follows_up(text: &str) -> bool {
    FOLLOWS_UP.is_match(text)
}

static TURNS_AWAY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:different|separate|new|another|the other) (?:thing|matter|question|issue|problem|subject|complaint)\b|\bsomething else\b|\bon another (?:note|matter)\b|\bold e-?mail\b|\bthis is not about\b|\bnothing to do with (?:that|the last|my last)\b|\bunrelated\b",
    )
});
static FOLLOWS_UP: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\breminder\b|\bchas(?:e|ing)\b|\bfollow(?:ing)?[ -]up\b|\bfurther to\b|\bresen[dt]\b|\bmy (?:last|previous|earlier|first) (?:e-?mail|message|letter|complaint)\b|\bI (?:have )?(?:wrote|written|e-?mailed|put this|sent this|told you)\b|\byou (?:promised|wrote|said|answered)\b|\bstill (?:no|not|have|haven|has|waiting|don)|\b(?:no|any) (?:reply|answer|news)\b|\bnobody (?:has )?(?:replied|answered|rang|called)\b|\bsending (?:this |it )?(?:again|here)\b|\bpasting what i\b|\bonce more\b|\bhappened again\b|\bmy (?:husband|wife|partner|mum|mother|dad|father|son|daughter)(?: \w+)? (?:wrote|filled|sent|e-?mailed|has written|complained|put)\b|\bfrom my (?:husband|wife|partner)\b",
    )
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::{likeness::words_of, names::Spoken},
        *,
    };

    const THEMES: usize = 12;

    fn about(theme: usize) -> Vec<f64> {
        (0..THEMES).map(|at| if at == theme { 0.89 } else { 0.01 }).collect()
    }

    fn told(name: &str, address: &str, subject: &str, text: &str, theme: usize) -> Told {
        let recipients = ["Colin Mapper".to_owned()];
        let spoken =
            Spoken { author_name: Some(name), author_address: Some(address), subject, text, recipients: &recipients };
        Told {
            words: Words::new(&format!("{subject}\n{text}")),
            length: words_of(text).count(),
            quoted: Words::default(),
            names: Names::of(spoken),
            themes: about(theme),
            dissatisfied: true,
            turns_away: turns_away(text),
            follows_up: follows_up(text),
        }
    }

    fn case(of_author: bool, messages: &[&Told]) -> Near {
        Near {
            of_author,
            open: true,
            dissatisfied: true,
            days: 4,
            messages: messages.iter().map(|one| (*one).clone()).collect(),
        }
    }

    fn bus() -> Told {
        let text = "I am the mother of Ibrahim (14) and Zaynab (11). The S9 minibus to Hollow Bank did not come on Monday, \
                    Colin, and nobody at the operator picks up.";
        told("Ruba Harrak", "ruba@mail.example", "School bus", text, 8)
    }

    #[test]
    fn the_father_writes_about_the_same_bus_from_his_work_address() {
        let father = told(
            "Harrak, Adil (Nights)",
            "adil.harrak@freight.example",
            "Five days",
            "You have had an email from my wife. Ibrahim and Zaynab have been at home all week.",
            8,
        );
        let found = verdict(&father, &case(false, &[&bus()]));
        assert!(
            matches!(&found, Verdict::Same(_, why) if why.contains("Harrak") && why.contains("Ibrahim")),
            "{found:?}"
        );
    }

    #[test]
    fn a_neighbour_with_the_same_bus_who_names_both_children_is_another_family() {
        let text = "The S9 to Hollow Bank has not come for Levi. Ruba's two, Ibrahim and Zaynab, wait at the same stop, Colin.";
        let neighbour = told("Jo Tregar", "jo@mail.example", "S9", text, 8);
        let found = verdict(&neighbour, &case(false, &[&bus()]));
        assert!(!matches!(found, Verdict::Same(..)), "{found:?}");
    }

    #[test]
    fn two_families_of_one_name_are_not_joined_by_it() {
        let one = told(
            "Nadia Akbar",
            "nadia@mail.example",
            "Akbar - assessment",
            "The assessment of my sons Yusuf and Idris is wrong about my husband Irfan.",
            4,
        );
        let two = told(
            "Shabnam Akbar",
            "shabnam@mail.example",
            "Akbar - assessment",
            "You refused the assessment of my daughter Aaliyah and nobody rings.",
            2,
        );
        assert_eq!(verdict(&two, &case(false, &[&one])), Verdict::Different);
        let three = told("Sarah Jones", "sj@mail.example", "Bus", "My son Leo was left at the stop by the bus.", 8);
        let four = told("Sarah Khan", "sk@mail.example", "Bus", "My son Leo was left at the stop by the bus.", 8);
        assert!(!matches!(verdict(&four, &case(false, &[&three])), Verdict::Same(..)));
    }

    #[test]
    fn a_word_that_is_a_name_elsewhere_ties_nobody() {
        let letter =
            "The letter about the plan went to the wrong address. I want an apology from the team for the letter.";
        for other in ["Lewis Partner", "Hope Lewis"] {
            let theirs = told(other, "other@agency.example", "Data breach", letter, 3);
            let new = format!("{letter} I hope that my partner hears from you.");
            let new = told("Imran Lewis", "imran@mail.example", "Data breach", &new, 3);
            let verdict = verdict(&new, &case(false, &[&theirs]));
            assert!(!matches!(verdict, Verdict::Same(..)), "{other}: {verdict:?}");
        }
    }

    #[test]
    fn two_people_of_one_name_with_nothing_else_in_common_are_not_joined() {
        let one = told("Alex Rivers", "alex@mail.example", "Nobody rings", "Nobody has rung me back for weeks.", 0);
        let two = told("Alex Rivers", "ar9@mail.example", "The bus", "The bus left without my son again.", 8);
        assert!(!matches!(verdict(&two, &case(false, &[&one])), Verdict::Same(..)));
        let untold = |one: Told| Told { themes: Vec::new(), ..one };
        assert!(!matches!(verdict(&untold(two), &case(false, &[&untold(one)])), Verdict::Same(..)));
    }

    #[test]
    fn a_few_words_about_nothing_that_was_said_are_not_more_about_it() {
        let late = Told { themes: Vec::new(), ..told("Kit", "telegram:79", "", "Now the plan is late.", 0) };
        let none = Told { themes: Vec::new(), ..told("Kit", "telegram:79", "", "No transport.", 0) };
        assert!(matches!(verdict(&late, &case(true, &[&none])), Verdict::Possible(..)));
    }

    #[test]
    fn the_same_person_may_go_on_or_raise_something_else() {
        let still = told(
            "Ruba Harrak",
            "ruba@mail.example",
            "Bus",
            "Still no minibus to Hollow Bank, and nobody has answered.",
            8,
        );
        assert!(matches!(verdict(&still, &case(true, &[&bus()])), Verdict::Same(..)));
        let money = told(
            "Ruba Harrak",
            "ruba@mail.example",
            "Payment",
            "The direct payment for respite has not been made since July and we have paid the carer ourselves out of savings, four hundred pounds.",
            9,
        );
        assert_eq!(verdict(&money, &case(true, &[&bus()])), Verdict::Different);
        let again = Told { turns_away: true, ..bus() };
        assert!(
            matches!(verdict(&again, &case(true, &[&bus()])), Verdict::Same(..)),
            "the same words are the same matter"
        );
        let closed = Near { open: false, ..case(true, &[&bus()]) };
        assert!(matches!(verdict(&still, &closed), Verdict::Possible(..)), "an officer opens a closed case again");
    }

    proptest! {
        /// A name alone never joins two people, whatever they write about and however alike their words are.
        #[test]
        fn nobody_joins_anothers_case_without_a_name_of_theirs(
            text in "[a-z ]{0,200}",
            name in "[A-Z][a-z]{3,9} [A-Z][a-z]{3,9}",
            theme in 0..THEMES,
        ) {
            let one = told("Ruba Harrak", "ruba@mail.example", "Bus", &text, theme);
            let two = told(&name, "q1@mail.example", "Bus", &text, theme);
            let shares = one.names.author.intersection(&two.names.author).next().is_some();
            let found = verdict(&two, &case(false, &[&one]));
            prop_assert!(shares || !matches!(found, Verdict::Same(..)), "{:?}", found);
        }
    }
}
