use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// As gov.uk has it for 2027, with other parts of the kingdom beside.
const GOV: &str = r#"{"england-and-wales":{"division":"england-and-wales","events":[
{"title":"New Year’s Day","date":"2027-01-01","notes":"","bunting":true},
{"title":"Good Friday","date":"2027-03-26","notes":"","bunting":false},
{"title":"Easter Monday","date":"2027-03-29","notes":"","bunting":true},
{"title":"Early May bank holiday","date":"2027-05-03","notes":"","bunting":true},
{"title":"Spring bank holiday","date":"2027-05-31","notes":"","bunting":true},
{"title":"Summer bank holiday","date":"2027-08-30","notes":"","bunting":true},
{"title":"Christmas Day","date":"2027-12-27","notes":"Substitute day","bunting":true},
{"title":"Boxing Day","date":"2027-12-28","notes":"Substitute day","bunting":true}]},
"scotland":{"division":"scotland","events":[{"title":"2nd January","date":"2027-01-04","notes":"","bunting":true}]}}"#;

fn csv(days: &[&str]) -> String {
    days.iter().enumerate().fold("date,title\n".to_owned(), |text, (n, day)| format!("{text}{day},Day {n}\n"))
}

const YEAR_2031: [&str; 8] =
    ["2031-01-01", "2031-04-11", "2031-04-14", "2031-05-05", "2031-05-26", "2031-08-25", "2031-12-25", "2031-12-26"];

#[test]
fn the_file_of_gov_uk_changes_nothing_where_all_is_as_shipped() {
    let days = read(GOV).unwrap();
    assert_eq!((days.len(), days[&day("2027-12-27")].as_str()), (8, "Christmas Day"));
    let new = Given::default().import(days).unwrap();
    assert!(Given::default().changes(&new).is_empty(), "{:?}", Given::default().changes(&new));
    let scotland = GOV.replace("\"england-and-wales\"", "\"northern-ireland\"");
    assert_eq!(read(&scotland), Err(HolidaysError::NotEngland));
    let one = r#"{"division":"england-and-wales","events":[{"title":"x","date":"2027-01-01"}]}"#;
    assert_eq!(read(one).unwrap().len(), 1);
    assert_eq!(read(&one.replace("england-and-wales", "scotland")), Err(HolidaysError::NotEngland));
}

#[test]
fn a_moved_and_a_new_day_are_told_and_other_years_stay() {
    let text = GOV.replace("2027-05-03", "2027-05-07").replace(
        "{\"title\":\"Spring bank",
        "{\"title\":\"A jubilee\",\"date\":\"2027-06-04\"},{\"title\":\"Spring bank",
    );
    let new = Given::default().import(read(&text).unwrap()).unwrap();
    let changes = Given::default().changes(&new);
    let of = |days: &[Day]| days.iter().map(|day| format!("{} {}", day.date, day.title)).collect::<Vec<_>>();
    assert_eq!(of(&changes.added), ["2027-05-07 Early May bank holiday", "2027-06-04 A jubilee"]);
    assert_eq!(of(&changes.removed), ["2027-05-03 Early May bank holiday"]);
    assert!(new.all().contains_key(&day("2026-12-28")) && new.all().contains_key(&day("2028-01-03")));
    assert_eq!(new.known(), (2019, 2030));
    // Taken back by the whole year as it was.
    let back = new.import(read(GOV).unwrap()).unwrap();
    assert!(Given::default().changes(&back).is_empty());
}

#[test]
fn a_table_with_dates_as_councils_write_them_is_read() {
    let text = "\u{feff}Name, Date\r\nNew Year's Day, 01/01/2031\r\n,\r\n\"Day, the second\",2031-04-11\r\n";
    let days = read(text).unwrap();
    assert_eq!(days.keys().copied().collect::<Vec<_>>(), [day("2031-01-01"), day("2031-04-11")]);
    assert_eq!(days[&day("2031-04-11")], "Day, the second");
    let new = Given::default().import(read(&csv(&YEAR_2031)).unwrap()).unwrap();
    assert_eq!(new.known(), (2019, 2031));
    assert_eq!(Given::default().changes(&new).new_years, [2031]);
    assert_eq!(Given::default().changes(&new).added.len(), 8);
}

#[test]
fn one_day_is_added_and_taken_away() {
    let with = Given::default().add(day("2027-06-04"), "  A jubilee ").unwrap();
    assert_eq!(with.days[&day("2027-06-04")], "A jubilee");
    assert_eq!(Given::default().changes(&with).added.len(), 1);
    let without = with.remove(day("2027-06-04")).unwrap();
    assert!(Given::default().changes(&without).is_empty());
    let moved = without.remove(day("2027-05-03")).unwrap();
    assert_eq!(Given::default().changes(&moved).removed[0].title, "Early May bank holiday");
}

#[test]
fn nonsense_is_refused_with_what_to_do() {
    let many: Vec<String> = (0..30).map(|n| (day("2027-03-01") + chrono::Days::new(n)).to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let years_after = YEAR_2031.map(|day| day.replace("2031", "2033"));
    let before = YEAR_2031.map(|day| day.replace("2031", "2016"));
    let none = Given::default();
    let mut said = String::new();
    let mut say = |what: &str, fault: HolidaysError| said += &format!("{what}: {fault}\n");
    for (what, text) in [
        ("nothing", String::new()),
        ("a letter", "Dear Sir or Madam,\nplease find attached".to_owned()),
        ("broken JSON", "{\"england-and-wales\":".to_owned()),
        ("another JSON", "{\"england-and-wales\":{\"days\":[]}}".to_owned()),
        ("a list", "[1,2]".to_owned()),
        ("Scotland", "{\"scotland\":{\"division\":\"scotland\",\"events\":[]}}".to_owned()),
        ("no events", "{\"england-and-wales\":{\"division\":\"england-and-wales\",\"events\":[]}}".to_owned()),
        ("no date", "date,title\nsoon,Easter\n".to_owned()),
        ("the 30th of February", "date,title\n2027-02-30,Easter\n".to_owned()),
        ("no title", "date,title\n2027-03-29, \n".to_owned()),
        ("a slip", "date,title\n20227-03-29,Easter\n".to_owned()),
        ("1927", "date,title\n1927-03-29,Easter\n".to_owned()),
        ("twice", "date,title\n2027-03-29,Easter Monday\n2027-03-29,Spring bank holiday\n".to_owned()),
    ] {
        say(what, read(&text).unwrap_err());
    }
    for (what, days) in [
        ("weekends", &["2027-12-25", "2027-12-26"][..]),
        ("part of a year", &["2027-12-27", "2027-12-28", "2027-12-25"]),
        ("school holidays", &many),
        ("a gap", &years_after.each_ref().map(String::as_str)),
        ("a gap before", &before.each_ref().map(String::as_str)),
    ] {
        say(what, none.import(read(&csv(days)).unwrap()).unwrap_err());
    }
    say("a Saturday", none.add(day("2027-06-05"), "A jubilee").unwrap_err());
    say("known", none.add(day("2027-05-03"), "A jubilee").unwrap_err());
    say("no name", none.add(day("2027-06-04"), "\t").unwrap_err());
    say("an unknown year", none.add(day("2031-06-04"), "A jubilee").unwrap_err());
    say("not there", none.remove(day("2027-06-04")).unwrap_err());
    insta::assert_snapshot!(said);
}

/// A whole year's days: at least six weekdays.
fn year_of_days() -> impl Strategy<Value = Days> {
    (2024i32..=2031, prop::collection::btree_set(0u64..52, 6..=18)).prop_map(|(year, weeks)| {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let monday = (0..7).map(|n| first + chrono::Days::new(n)).find(|day| day.weekday() == Weekday::Mon).unwrap();
        let days = weeks.into_iter().map(|week| monday + chrono::Days::new(7 * week));
        days.filter(|day| day.year() == year).map(|day| (day, format!("Day {day}"))).collect()
    })
}

proptest! {
    #[test]
    fn an_import_is_all_or_nothing_and_a_second_time_nothing(first in year_of_days(), second in year_of_days()) {
        let mut known = Given::default();
        for days in [first, second] {
            let Ok(new) = known.import(days.clone()) else { continue };
            let year = days.keys().next().unwrap().year();
            let of_year: Days = new.all().into_iter().filter(|(day, _)| day.year() == year).collect();
            prop_assert_eq!(&of_year, &days);
            let elsewhere = |given: &Given| given.all().into_iter().filter(|(day, _)| day.year() != year).collect::<Days>();
            prop_assert_eq!(elsewhere(&new), elsewhere(&known));
            let again = new.import(days).unwrap();
            prop_assert!(new.changes(&again).is_empty());
            prop_assert_eq!(&again, &new);
            let stored: Given = serde_json::from_str(&serde_json::to_string(&new).unwrap()).unwrap();
            prop_assert_eq!(&stored, &new);
            known = new;
        }
    }

    #[test]
    fn whatever_is_given_is_read_or_refused(text in "[\\x00-\\x7f]{0,200}") {
        let _ = read(&text);
        let _ = read(&format!("date,title\n{text}"));
    }
}
