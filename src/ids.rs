//! Names of things: the reference people quote, and the keys of rows.

use std::{fmt, str::FromStr};

/// Row keys are version 7 UUIDs: unique without asking the database, and in time order.
pub use uuid::Uuid;

/// Letters that check a reference. Without I, O and U, which are misread or misheard.
const CHECK_LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRSTVWXYZ";

/// What people quote: `HRD-26-00042-K` (year, number, check letter). Never reused.
///
/// The check letter catches one wrong digit and two swapped neighbours, so that a misheard number is refused and does
/// not open another family's case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseReference {
    /// Calendar year in London when the case was opened, e.g. 2026.
    pub year: i32,
    /// Number within the year, from 1.
    pub number: u32,
}

impl CaseReference {
    /// The letter that makes the digits check: weighted sum modulo 23 (a prime above every weight).
    #[must_use]
    pub fn check_letter(self) -> char {
        let digits = format!("{:02}{:05}", self.year.rem_euclid(100), self.number);
        let sum: u32 = digits.bytes().zip(2u32..).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        char::from(CHECK_LETTERS[(sum % 23) as usize])
    }
}

impl fmt::Display for CaseReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HRD-{:02}-{:05}-{}", self.year.rem_euclid(100), self.number, self.check_letter())
    }
}

/// Why a text is not a reference. People see this.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAReference {
    /// Not of the form at all.
    #[error("a reference looks like HRD-26-00042-K")]
    Form,
    /// Looks right but the letter does not fit the digits.
    #[error("that reference has a mistake in it: check each digit and the last letter")]
    CheckLetter,
}

impl FromStr for CaseReference {
    type Err = NotAReference;

    fn from_str(text: &str) -> Result<Self, NotAReference> {
        let upper = text.trim().to_ascii_uppercase();
        let parts: Vec<&str> = upper.split('-').collect();
        let [prefix, year, number, letter] = parts.as_slice() else { return Err(NotAReference::Form) };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if *prefix != "HRD"
            || year.len() != 2
            || number.len() < 5
            || !digits(year)
            || !digits(number)
            || letter.len() != 1
        {
            return Err(NotAReference::Form);
        }
        let year: i32 = year.parse().map_err(|_| NotAReference::Form)?;
        let number = number.parse().map_err(|_| NotAReference::Form)?;
        let reference = Self { year: 2000 + year, number };
        if letter.starts_with(reference.check_letter()) { Ok(reference) } else { Err(NotAReference::CheckLetter) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_reference_reads_back_and_one_wrong_digit_never_passes(number in 1u32..100_000, at in 0usize..7, other in 0u8..10) {
            let reference = CaseReference { year: 2026, number };
            let text = reference.to_string();
            prop_assert_eq!(text.parse::<CaseReference>(), Ok(reference));
            let places = [4, 5, 7, 8, 9, 10, 11];
            let mut wrong = text.clone().into_bytes();
            wrong[places[at]] = b'0' + other;
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(wrong.parse::<CaseReference>().is_ok(), wrong == text);
        }

        #[test]
        fn two_swapped_neighbours_never_pass(number in 1u32..100_000, at in 0usize..4) {
            let text = CaseReference { year: 2026, number }.to_string();
            let mut wrong = text.clone().into_bytes();
            wrong.swap(7 + at, 8 + at);
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(wrong.parse::<CaseReference>().is_ok(), wrong == text);
        }
    }

    #[test]
    fn what_is_not_a_reference_says_why() {
        assert_eq!("hello".parse::<CaseReference>(), Err(NotAReference::Form));
        assert_eq!("HRD-26-1-A".parse::<CaseReference>(), Err(NotAReference::Form));
        let right = CaseReference { year: 2026, number: 42 }.to_string();
        assert_eq!(right.to_lowercase().parse::<CaseReference>().unwrap().number, 42);
    }
}
