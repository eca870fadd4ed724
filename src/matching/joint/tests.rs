use chrono::{Duration, TimeZone};
use proptest::prelude::*;

use super::{
    super::names::{Names, Spoken},
    telling::Message,
    *,
};

const TRANSPORT: usize = 8;
const FINANCE: usize = 9;
const DELAY: usize = 1;

fn about(theme: usize) -> Vec<f64> {
    (0..Theme::ALL.len()).map(|at| if at == theme { 0.89 } else { 0.01 }).collect()
}

fn case(key: usize, author: &str, day: i64, text: &str, theme: usize) -> Case<usize> {
    let recipients = ["Colin Mapper".to_owned()];
    let address = format!("{}@mail.example", author.to_lowercase().replace(' ', "."));
    let names = Names::of(Spoken {
        author_name: Some(author),
        author_address: Some(&address),
        subject: "",
        text,
        recipients: &recipients,
    });
    let at = Utc.timestamp_opt(1_750_000_000, 0).single().unwrap() + Duration::days(day);
    let mut telling = Telling::default();
    telling.add(Message { at, subject: "", text, names: &names, recipients: &recipients, themes: &about(theme) });
    Case { key, family: key, telling }
}

/// Unlike one another and everything else here.
fn others() -> Vec<Case<usize>> {
    let texts = [
        ("Ada Brook", "The review of the plan was put off and I want to know who decided that.", DELAY),
        ("Ben Croft", "Nobody rings me back about contact with the twins in the holidays.", 0),
        ("Cy Dale", "You shared my address with my former husband in a letter.", 6),
        ("Di Eaves", "The assessment says things I never said and leaves out his diagnosis.", 4),
        ("Ed Firth", "Respite has been refused although our carers wrote in support.", 2),
        ("Flo Gill", "She talked over me in front of the whole meeting and laughed.", 3),
        ("Guy Hale", "The tutor stopped in June and there is no teaching at all.", 5),
        ("Hal Ince", "My brother was moved to another home at an hour's notice.", 10),
    ];
    let days = [1, 9, 16, 24, 33, 41, 50, 58];
    texts
        .iter()
        .zip(days)
        .zip(100..)
        .map(|(((who, text, theme), day), key)| case(key, who, day, text, *theme))
        .collect()
}

fn with_others(cases: Vec<Case<usize>>) -> Vec<Case<usize>> {
    others().into_iter().chain(cases).collect()
}

fn bus() -> Vec<Case<usize>> {
    vec![
        case(
            1,
            "Jo Renwick",
            60,
            "Colin, the Q14 from Penn Row did not come and I missed my shift. Levi cried.",
            TRANSPORT,
        ),
        case(2, "Ngozi O", 60, "hi the q14 hasnt come again has Brightway gone bust", TRANSPORT),
        case(
            3,
            "Ruba Harrak",
            62,
            "We were told that Brightway has given up route Q14, which my son Adil needs.",
            TRANSPORT,
        ),
    ]
}

#[test]
fn three_families_whose_bus_does_not_come_are_suggested_and_the_reason_names_it() {
    let groups = suggest(&with_others(bus()));
    let [group] = groups.as_slice() else { panic!("{groups:#?}") };
    assert_eq!(
        (group.cases.as_slice(), group.families, group.theme),
        ([1, 2, 3].as_slice(), 3, Some(Theme::Transport))
    );
    assert_eq!(group.why, "3 families, 14 August to 16 August, all mainly about transport; they name Q14, Brightway");
    assert_eq!(group.title(), "Transport: Q14, Brightway");
}

#[test]
fn two_families_or_three_letters_of_one_are_not_enough() {
    assert_eq!(suggest(&with_others(bus().split_off(1))), []);
    let mut cases = bus();
    cases.iter_mut().for_each(|case| case.family = 1);
    assert_eq!(suggest(&with_others(cases)), []);
}

#[test]
fn a_couple_counts_once_before_anybody_knows_that_they_are_one() {
    let mut cases = bus().split_off(1);
    cases.push(case(4, "Omar Harrak", 62, "My son Adil has no Q14. Brightway has given it up.", TRANSPORT));
    assert_eq!(suggest(&with_others(cases)), []);
}

#[test]
fn the_same_bus_half_a_year_later_is_another_trouble() {
    let mut cases = bus();
    cases.push(case(4, "Pat Quill", 170, "The Q14 was late.", TRANSPORT));
    let groups = suggest(&with_others(cases));
    assert!(groups.iter().all(|group| !group.cases.contains(&4)), "{groups:#?}");
}

#[test]
fn a_worker_called_by_either_name_is_one_worker() {
    let cases = vec![
        case(1, "Jo Renwick", 60, "We hear that Leanne Farrow has been away for weeks and the review is due.", 0),
        case(2, "Tom Dros", 64, "The worker is Mrs Farrow. She does not write about the hours, away it seems.", DELAY),
        case(3, "Yaw Solar", 66, "He asks why Leanne has not come for weeks, and whether she is away.", 5),
    ];
    let groups = suggest(&with_others(cases));
    let [group] = groups.as_slice() else { panic!("{groups:#?}") };
    assert_eq!(group.things, ["Leanne Farrow"]);
}

#[test]
fn so_many_unpaid_within_days_are_suggested_without_a_name_in_common() {
    let cases = vec![
        case(1, "Mags Pender", 60, "Love, no payment has gone in and the debits are bouncing.", FINANCE),
        case(2, "Rukh A", 60, "hi im an auntie, payment not come this fortnight and rent is thursday", FINANCE),
        case(3, "Al Munro", 61, "Two payments are missing for the children who live here.", FINANCE),
        case(4, "Com Badu", 61, "The allowance went astray and payments will not answer.", FINANCE),
    ];
    let groups = suggest(&with_others(cases));
    let [group] = groups.as_slice() else { panic!("{groups:#?}") };
    assert_eq!((group.families, group.words.as_slice()), (4, ["payment".to_owned()].as_slice()));
    assert!(group.why.ends_with("all mainly about finance; they write of “payment”"), "{}", group.why);
}

#[test]
fn nobody_is_grouped_or_named_by_a_childs_or_complainants_name() {
    let cases = vec![
        case(1, "Jo Renwick", 60, "My son Levi was left at the stop, and Ruba Harrak saw it.", TRANSPORT),
        case(2, "Ruba Harrak", 60, "My son Adil and Jo Renwick's boy Levi were left at the stop.", TRANSPORT),
        case(3, "Pat Quill", 61, "I saw Levi and Adil at the stop; ask Ruba Harrak.", TRANSPORT),
    ];
    for group in suggest(&with_others(cases)) {
        for name in ["Renwick", "Levi", "Ruba", "Harrak", "Adil", "Quill"] {
            assert!(!group.why.contains(name) && !group.title().contains(name), "{}", group.why);
        }
    }
}

#[test]
fn hundreds_of_cases_are_no_labour() {
    let all: Vec<Case<usize>> = (0..300)
        .map(|at| {
            let place = char::from(b'a' + (at % 20) as u8);
            let text = format!("We wait at Penn{place}ford for word{at} of the review.");
            case(at, &format!("Author{at} Name{at}"), (at % 120) as i64, &text, at % 12)
        })
        .collect();
    let begun = std::time::Instant::now();
    let _ = suggest(&all);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn groups_are_of_three_families_share_something_and_do_not_depend_on_the_order(
        drawn in prop::collection::vec((0_usize..6, 0_i64..12, 0_usize..4, 0_usize..3, 0_usize..5), 3..14),
        turn in 0_usize..14,
    ) {
        const NAMES: [&str; 4] = ["the Q14", "Brightway", "Leanne Farrow", "route T9 and Brightway"];
        const WORDS: [&str; 3] = ["late payment", "cancelled again", "payments and nights"];
        let mut cases: Vec<Case<usize>> = drawn
            .iter()
            .enumerate()
            .map(|(key, (family, day, name, words, theme))| {
                let name = NAMES.get(*name).copied().unwrap_or_default();
                let text = format!("I write about {name}, {}.", WORDS.get(*words).copied().unwrap_or_default());
                Case { family: 1000 + family, ..case(key, &format!("Wil Auth{}", "x".repeat(*family)), *day, &text, *theme) }
            })
            .collect();
        let groups = suggest(&cases);
        for group in &groups {
            let families: BTreeSet<usize> =
                cases.iter().filter(|case| group.cases.contains(&case.key)).map(|case| case.family).collect();
            prop_assert_eq!(families.len(), group.families);
            prop_assert!(group.families >= LEAST_FAMILIES);
            prop_assert!(!group.things.is_empty() || !group.words.is_empty());
            prop_assert!(group.from <= group.to);
        }
        let all: Vec<usize> = groups.iter().flat_map(|group| group.cases.clone()).collect();
        let once: BTreeSet<usize> = all.iter().copied().collect();
        prop_assert!(once.len() <= cases.len());
        let turn = turn % cases.len();
        cases.rotate_left(turn);
        prop_assert_eq!(&suggest(&cases), &groups);
        cases.reverse();
        prop_assert_eq!(&suggest(&cases), &groups);
    }
}
