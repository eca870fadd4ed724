//! Words that make an officer look for danger to a child, whatever the model thinks. A model can be talked out of what is
//! said plainly; these few turns of phrase cannot be passed over. Pure.

use std::sync::LazyLock;

use regex::Regex;

/// Self-harm, blows, marks, sexual harm, fear, and children who are missing: the plain words for the signs that Working
/// Together to Safeguard Children has everyone act on. Of our own labelled messages that hold one, about half tell of
/// danger now; the rest cost an officer a glance.
const PATTERNS: [&str; 6] = [
    r"\b(?:kill|hurt|harm|cut)(?:t?ing)? (?:my|him|her|them)sel(?:f|ves)\b|\bself[- ]?harm\w*|\bsuicid\w*|\b(?:end|ending|take|took|taking) (?:my|his|her|their) (?:own )?life\b|\b(?:wants?|wanted|going|gonna) (?:to )?die\b|\bwish(?:es|ed)? (?:i|he|she|they) (?:was|were) dead\b|\b(?:don'?t|doesn'?t|didn'?t) want to be (?:here|alive)\b|\boverdos\w*",
    r"\b(?:hits?|hitting|slap(?:s|ped|ping)?|punch(?:es|ed|ing)?|kick(?:s|ed|ing)?|beat(?:s|ing|en)?|strangl(?:es|ed|ing)|chok(?:es|ed|ing)|shak(?:es|en|ing)|shook|smack(?:s|ed)?|burn(?:s|t|ed)|hurts?|hurting) (?:me|him|her|them|my (?:son|daughter|brother|sister)|the (?:baby|boy|girl|child|kids|children))\b",
    r"\bbruis(?:e|es|ed|ing)\b|\bblack eye|\bcigarette burn|\bfinger ?marks?\b|\bbelt marks?\b",
    r"\btouch(?:es|ed|ing) (?:me|him|her|them)\b|\bsexual\w* (?:abus|assault|exploit|touch)\w*|\brap(?:ed|ing)\b|\bnudes?\b|\bgroom(?:ed|ing)\b|\bcounty lines\b",
    r"\b(?:scared|afraid|frightened|terrified) (?:of (?:him|her|them|my|dad|mum|being)|to (?:go|be|sleep)|(?:he|she|they)(?:'ll| will))\b|\b(?:not|isn'?t|aren'?t|don'?t feel|doesn'?t feel) safe\b|\bin danger\b|\block(?:s|ed|ing) (?:me|him|her|them|us) (?:in|out)\b|\bhome alone\b",
    r"\b(?:gone|went|reported|been) missing\b|\bmissing (?:since|all night|again)\b|\bsleeping (?:rough|in (?:a|the|his|her|my) (?:car|van|shed|tent|park))\b",
];

static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("(?i:{})", PATTERNS.join("|"))).ok());

/// The first words of `text` that tell of danger, as they stand there.
#[must_use]
pub fn danger_words(text: &str) -> Option<&str> {
    WORDS.as_ref()?.find(text).map(|found| found.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_of_danger_are_found_as_they_were_written() {
        assert!(WORDS.is_some(), "the patterns are well formed");
        for (text, words) in [
            ("I keep thinking about Killing myself", "Killing myself"),
            ("her ex hit my son again last night", "hit my son"),
            ("There's a BRUISE on his arm", "BRUISE"),
            ("he touched me and said not to tell", "touched me"),
            ("im scared of him when he drinks", "scared of him"),
            ("she has been missing since Tuesday", "been missing"),
            ("we are sleeping in the car tonight", "sleeping in the car"),
        ] {
            assert_eq!(danger_words(text), Some(words), "{text}");
        }
    }

    #[test]
    fn everyday_words_are_not() {
        for text in [
            "Thank you for the lift, the review went well and Tom hit six runs.",
            "The taxi was late again and nobody told us.",
            "I am worried about his reading and the plan is missing two pages.",
            "",
        ] {
            assert_eq!(danger_words(text), None, "{text}");
        }
    }
}
