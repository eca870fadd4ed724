//! What families answer after the end of their cases, all together: how many gave which answer in a financial year. Years do not overlap
//! and a month counts when it is over, so that nothing is worked out by taking one figure from another; and below five nothing is told.
//! Pure.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::figures::SMALLEST;
use crate::store::survey::Tally;

/// The words of the questions, in the order of the page.
pub const QUESTIONS: [&str; 5] = ["easy", "known", "heard", "dealt", "again"];
/// The words of the answers, from agreeing to disagreeing, and of rather not saying.
pub const CHOICES: [&str; 6] = ["1", "2", "3", "4", "5", "none"];
/// What is counted of letters.
pub const INVITED: &str = "invited";
/// What is counted of answers, whatever they hold.
pub const ANSWERED: &str = "answered";

/// The question and the answer with these words; None if there are none such.
#[must_use]
pub fn chosen(question: &str, answer: &str) -> Option<(&'static str, &'static str)> {
    let question = QUESTIONS.into_iter().find(|one| *one == question)?;
    Some((question, CHOICES.into_iter().find(|one| *one == answer)?))
}

/// A question with its answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Its word.
    pub question: &'static str,
    /// How many gave each answer, in the order of [`CHOICES`]; none: too few to be told.
    pub counts: Option<Vec<(&'static str, u64)>>,
}

/// The figures of a financial year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// How many were asked; none: too few to be told.
    pub invited: Option<u64>,
    /// How many answered; none: too few, and then nothing is told of what they answered.
    pub answered: Option<u64>,
    /// What they answered.
    pub questions: Vec<Asked>,
}

/// The financial year that `day` is in, by the calendar year that it begins in.
#[must_use]
pub fn year_of(day: NaiveDate) -> i32 {
    if day.month() < 4 { day.year() - 1 } else { day.year() }
}

/// The first month of the financial year that begins in `year`, and the first month that is not counted: that of `today` is not over.
#[must_use]
pub fn months(year: i32, today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let april = |year| NaiveDate::from_ymd_opt(year, 4, 1).unwrap_or(today);
    let this_month = today.with_day(1).unwrap_or(today);
    (april(year), april(year.saturating_add(1)).min(this_month))
}

/// The figures of these counts.
#[must_use]
pub fn figures(tallies: &[Tally]) -> Figures {
    let count = |what: &str, answer: &str| {
        let found = tallies.iter().find(|one| one.what == what && one.answer == answer);
        found.and_then(|one| u64::try_from(one.n).ok()).unwrap_or_default()
    };
    let told = |n: u64| Some(n).filter(|n| *n >= SMALLEST);
    let answered = told(count(ANSWERED, ""));
    let asked = |question: &'static str| {
        let counts: Vec<(&'static str, u64)> =
            CHOICES.into_iter().map(|choice| (choice, count(question, choice))).collect();
        let all: u64 = counts.iter().map(|(_, n)| n).sum();
        Asked { question, counts: answered.and(told(all)).map(|_| counts) }
    };
    Figures { invited: told(count(INVITED, "")), answered, questions: QUESTIONS.into_iter().map(asked).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(what: &str, answer: &str, n: i64) -> Tally {
        Tally { what: what.into(), answer: answer.into(), n }
    }

    #[test]
    fn below_five_nothing_is_told_but_that_there_are_too_few() {
        let four = [tally("invited", "", 30), tally("answered", "", 4), tally("easy", "1", 4)];
        let told = figures(&four);
        assert_eq!((told.invited, told.answered), (Some(30), None));
        assert!(told.questions.iter().all(|one| one.counts.is_none()), "{told:?}");
        // Enough answered, but too few of them this question.
        let five = [
            tally("invited", "", 4),
            tally("answered", "", 5),
            tally("easy", "1", 4),
            tally("easy", "none", 1),
            tally("known", "5", 4),
        ];
        let told = figures(&five);
        assert_eq!((told.invited, told.answered), (None, Some(5)));
        let easy = vec![("1", 4), ("2", 0), ("3", 0), ("4", 0), ("5", 0), ("none", 1)];
        assert_eq!(told.questions[0], Asked { question: "easy", counts: Some(easy) });
        assert!(told.questions[1..].iter().all(|one| one.counts.is_none()), "{told:?}");
    }

    #[test]
    fn a_year_begins_in_april_and_a_month_counts_when_it_is_over() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!((year_of(day("2026-03-31")), year_of(day("2026-04-01"))), (2025, 2026));
        assert_eq!(months(2026, day("2026-11-27")), (day("2026-04-01"), day("2026-11-01")));
        assert_eq!(months(2025, day("2026-11-27")), (day("2025-04-01"), day("2026-04-01")));
        // Nothing is over yet in the first month.
        assert_eq!(months(2026, day("2026-04-20")), (day("2026-04-01"), day("2026-04-01")));
    }

    #[test]
    fn only_what_stands_on_the_page_is_an_answer() {
        assert_eq!(chosen("easy", "none"), Some(("easy", "none")));
        for (question, answer) in [("easy", "6"), ("easy", ""), ("invited", ""), ("answered", "1")] {
            assert_eq!(chosen(question, answer), None, "{question} {answer}");
        }
    }
}
