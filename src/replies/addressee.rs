//! Which names a letter may show.

/// `name` as a letter may show it, or nothing if it does not look like a person's name.
///
/// The name comes from whoever sent the message. An automatic letter must not carry a stranger's link, number or
/// slogan to an address that they forged.
#[must_use]
pub fn plausible_name(name: &str) -> Option<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let allowed = |c: char| {
        if c.is_ascii() {
            c.is_ascii_alphabetic() || " '-.".contains(c)
        } else {
            // Letters of any script with their marks, but no format characters, and no other script's full stops.
            !c.is_control()
                && !c.is_numeric()
                && !matches!(c, '\u{2000}'..='\u{200b}' | '\u{200e}'..='\u{2018}' | '\u{201a}'..='\u{2bff}' | '\u{3000}'..='\u{3004}' | '\u{fe00}'..='\u{ffef}')
        }
    };
    let dot_inside_a_word = name.chars().zip(name.chars().skip(1)).any(|(dot, next)| dot == '.' && next != ' ');
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let fits = letters >= 1 && name.chars().count() <= 60 && name.split(' ').count() <= 6;
    (fits && name.chars().all(allowed) && !dot_inside_a_word).then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_people_are_shown_and_what_is_no_name_is_not() {
        for name in [
            "Priya Nair",
            "Mrs. J. O'Neill-Smith",
            "Siân ap Rhys",
            "José Núñez",
            "प्रिया नायर",
            "محمد علي",
            "王小明",
            "Zoë D’Arcy",
        ] {
            assert_eq!(plausible_name(name).as_deref(), Some(name), "{name}");
        }
        assert_eq!(plausible_name("  Priya \t Nair ").as_deref(), Some("Priya Nair"));
        for name in [
            "",
            "-",
            "win.example",
            "https://win.example",
            "Win £500",
            "call 07700 900123",
            "a@b.example",
            "A\u{202e}B",
            "<b>x</b>",
            "One Two Three Four Five Six Seven",
            "x。example",
            "{{ council.name }}",
        ] {
            assert_eq!(plausible_name(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_shown_name_never_holds_what_makes_a_link(name in "\\PC{0,80}") {
            if let Some(shown) = plausible_name(&name) {
                let makes_links = shown.contains(['/', ':', '@', '<', '>', '&', '\n', '{']);
                prop_assert!(!makes_links);
                prop_assert!(!shown.chars().any(char::is_numeric));
            }
        }
    }
}
