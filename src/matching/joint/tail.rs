//! How likely so many or more are by chance. Pure.

use statrs::distribution::{Binomial, DiscreteCDF, Poisson};

/// Probability that there are `n` or more where `expected` are expected (Poisson).
#[must_use]
pub fn poisson(n: usize, expected: f64) -> f64 {
    // Nothing is expected: then nothing comes.
    or_more(n, Poisson::new(expected).ok(), 0.0)
}

/// Probability that `n` or more of `of` are such as have the `share` (0 to 1) of all.
#[must_use]
pub fn binomial(n: usize, of: usize, share: f64) -> f64 {
    or_more(n, Binomial::new(share, of as u64).ok(), 1.0)
}

fn or_more(n: usize, law: Option<impl DiscreteCDF<u64, f64>>, without: f64) -> f64 {
    match n.checked_sub(1) {
        None => 1.0,
        Some(fewer) => law.map_or(without, |law| law.sf(fewer as u64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_those_of_the_tables() {
        assert!((poisson(1, 0.5) - (1.0 - (-0.5_f64).exp())).abs() < 1e-9);
        assert!((poisson(4, 0.2) - 5.684e-5).abs() < 1e-7);
        assert!((binomial(2, 3, 0.5) - 0.5).abs() < 1e-9);
        assert_eq!((poisson(0, 0.1), binomial(0, 5, 0.1), binomial(4, 3, 0.1)), (1.0, 1.0, 0.0));
    }
}
