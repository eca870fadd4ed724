//! Which labelled messages are of one family: they never stand on both sides when heads are tested. Pure.

use std::collections::HashMap;

/// Gives every message the number of its family. `signs` are the things that tie messages together, one list a
/// message: two messages that share a sign, directly or through others, are of one family.
#[must_use]
pub fn families(signs: &[Vec<String>]) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..signs.len()).collect();
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (at, signs) in signs.iter().enumerate() {
        for sign in signs {
            let other = *first.entry(sign).or_insert(at);
            let (a, b) = (root(&mut parent, at), root(&mut parent, other));
            // The smaller number leads, so that the numbers do not depend on the order of the signs.
            if let Some(place) = parent.get_mut(a.max(b)) {
                *place = a.min(b);
            }
        }
    }
    (0..signs.len()).map(|at| root(&mut parent, at)).collect()
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while let Some(&up) = parent.get(at) {
        if up == at {
            break;
        }
        let above = parent.get(up).copied().unwrap_or(up);
        if let Some(place) = parent.get_mut(at) {
            *place = above;
        }
        at = above;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_chain_of_signs_is_one_family_and_no_sign_is_a_family_of_its_own() {
        let signs = [vec!["a"], vec!["b"], vec!["b", "c"], vec![], vec!["c", "a"], vec![]];
        let signs: Vec<Vec<String>> = signs.map(|s| s.into_iter().map(str::to_owned).collect()).into();
        assert_eq!(families(&signs), [0, 0, 0, 3, 0, 5]);
    }

    proptest! {
        #[test]
        fn whoever_shares_a_sign_is_of_one_family(signs in prop::collection::vec(prop::collection::vec(0_u8..12, 0..3), 0..30)) {
            let signs: Vec<Vec<String>> = signs.iter().map(|s| s.iter().map(u8::to_string).collect()).collect();
            let found = families(&signs);
            for (a, of_a) in found.iter().zip(&signs) {
                for (b, of_b) in found.iter().zip(&signs) {
                    prop_assert!(a == b || of_a.iter().all(|sign| !of_b.contains(sign)));
                }
            }
        }
    }
}
