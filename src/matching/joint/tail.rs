//! How likely so many or more are by chance. Pure.

/// Probability that there are `n` or more where `expected` are expected (Poisson).
#[must_use]
pub fn poisson(n: usize, expected: f64) -> f64 {
    if n == 0 {
        return 1.0;
    }
    let mut term = (-expected + n as f64 * expected.ln() - log_factorial(n)).exp();
    let (mut sum, mut k) = (0.0, n as f64);
    while term > sum * 1e-12 {
        sum += term;
        k += 1.0;
        term *= expected / k;
    }
    sum.min(1.0)
}

/// Probability that `n` or more of `of` are such as have the `share` (0 to 1) of all.
#[must_use]
pub fn binomial(n: usize, of: usize, share: f64) -> f64 {
    let term = |k: usize| {
        let ways = log_factorial(of) - log_factorial(k) - log_factorial(of - k);
        (ways + k as f64 * share.ln() + (of - k) as f64 * (1.0 - share).ln()).exp()
    };
    if n == 0 { 1.0 } else { (n..=of).map(term).sum::<f64>().min(1.0) }
}

fn log_factorial(n: usize) -> f64 {
    (2..=n).map(|k| (k as f64).ln()).sum()
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
