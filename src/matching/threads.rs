//! Which case a thread belongs to, out of what its ids lead to. Pure.
//!
//! The rule is that of JWZ and RFC 5256 as far as ids go: references, the answered message, ids that nobody has seen yet.
//! Their last step, which groups what bears the same subject, is left out on purpose: "Complaint" is the commonest subject.

use crate::ids::Uuid;

/// The cases that a message's ids lead to (`led_to`, nearest id first), best first: the one that most ids lead to; of two
/// with as many, the one the thread began in. One reply without headers in the middle of a thread has a case of its own,
/// and must not draw the rest of the thread away.
#[must_use]
pub fn by_weight(led_to: &[Uuid]) -> Vec<Uuid> {
    let mut found: Vec<(Uuid, usize)> = Vec::new();
    for case in led_to {
        match found.iter_mut().find(|(known, _)| known == case) {
            Some((_, ids)) => *ids += 1,
            None => found.push((*case, 1)),
        }
    }
    found.reverse();
    found.sort_by_key(|(_, ids)| std::cmp::Reverse(*ids));
    found.into_iter().map(|(case, _)| case).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[test]
    fn most_ids_win_and_then_the_beginning_of_the_thread() {
        assert_eq!(by_weight(&[case(1), case(2), case(2)]), [case(2), case(1)]);
        assert_eq!(by_weight(&[case(1), case(2)]), [case(2), case(1)]);
        assert!(by_weight(&[]).is_empty());
    }
}
