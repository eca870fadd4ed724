//! Calendar entries in words: what, when, where, who.

use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Europe::London;
use icalendar::{Calendar, CalendarDateTime, Component, DatePerhapsTime, Event, Property};

use crate::{clock::long_date, intake::body::guarded};

/// More entries are not told.
const MOST_EVENTS: usize = 50;
/// More people are not named.
const MOST_PEOPLE: usize = 100;

/// Entries within entries: a calendar has three levels.
const DEEPEST: usize = 10;
/// More is not read (bytes).
const LONGEST: usize = 1024 * 1024;

/// A calendar file as people read it; empty if it is none.
#[must_use]
pub fn readable(text: &str) -> String {
    // The library descends as deep as it is led, and an overflowing stack cannot be caught.
    if text.len() > LONGEST || depth(text) > DEEPEST {
        return String::new();
    }
    let Some(Ok(calendar)) = guarded(|| text.parse::<Calendar>()) else { return String::new() };
    let mut out = String::new();
    match calendar.property_value("METHOD").map(str::to_ascii_uppercase).as_deref() {
        Some("REQUEST" | "PUBLISH") => out.push_str("An invitation\n"),
        Some("CANCEL") => out.push_str("Cancelled\n"),
        Some("REPLY") => out.push_str("An answer to an invitation\n"),
        Some("COUNTER") => out.push_str("Another time is proposed\n"),
        _ => {}
    }
    for event in calendar.events().take(MOST_EVENTS) {
        describe(event, &mut out);
    }
    out
}

/// How deep entries nest, at most.
fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0usize, 0);
    for line in text.lines() {
        let begins = |word: &str| line.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
        if begins("BEGIN:") {
            now += 1;
            most = most.max(now);
        } else if begins("END:") {
            now = now.saturating_sub(1);
        }
    }
    most
}

fn describe(event: &Event, out: &mut String) {
    let mut line = |word: &str, text: &str| {
        if !text.trim().is_empty() {
            let _ = writeln!(out, "{word}: {}", text.trim());
        }
    };
    line("What", event.get_summary().unwrap_or_default());
    line("When", &when(event.get_start(), event.get_end()));
    if event.property_value("RRULE").is_some() {
        line("Repeats", "yes");
    }
    line("Where", event.property_value("LOCATION").unwrap_or_default());
    if let Some(organiser) = event.properties().get("ORGANIZER") {
        line("Organised by", &person(organiser));
    }
    let several = event.multi_properties().get("ATTENDEE").into_iter().flatten();
    let people: Vec<String> =
        event.properties().get("ATTENDEE").into_iter().chain(several).take(MOST_PEOPLE).map(person).collect();
    line("Who", &people.join("; "));
    line("Notes", event.get_description().unwrap_or_default());
}

/// Name, address and answer.
fn person(property: &Property) -> String {
    let value = property.value();
    let address = value.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).map_or(value, |_| &value[7..]);
    let parameter =
        |name: &str| property.params().get(name).map(|parameter| parameter.value().trim_matches('"').to_owned());
    let answer = match parameter("PARTSTAT").map(|word| word.to_ascii_uppercase()).as_deref() {
        Some("ACCEPTED") => ", accepted",
        Some("DECLINED") => ", declined",
        Some("TENTATIVE") => ", perhaps",
        _ => "",
    };
    match parameter("CN").filter(|name| !name.is_empty() && name != address) {
        Some(name) => format!("{name} <{address}>{answer}"),
        None => format!("{address}{answer}"),
    }
}

fn when(start: Option<DatePerhapsTime>, end: Option<DatePerhapsTime>) -> String {
    let Some((day, time, zone)) = start.map(parts) else { return String::new() };
    let from = moment(day, time);
    let zone = zone.map(|zone| format!(" ({zone})")).unwrap_or_default();
    match end.map(parts) {
        // A whole day ends on the next morning.
        Some((until, None, _)) if until.pred_opt().is_none_or(|last| last <= day) => from + &zone,
        Some((until, None, _)) => format!("{from} to {}{zone}", long_date(until.pred_opt().unwrap_or(until))),
        Some((until, Some(end), _)) if until == day => format!("{from} to {}{zone}", clock(end)),
        Some((until, end, _)) => format!("{from} to {}{zone}", moment(until, end)),
        None => from + &zone,
    }
}

fn moment(day: NaiveDate, time: Option<NaiveDateTime>) -> String {
    time.map_or_else(|| long_date(day), |time| format!("{}, {}", long_date(day), clock(time)))
}

fn clock(time: NaiveDateTime) -> String {
    time.format("%-I:%M%P").to_string()
}

/// Day, time, and the zone where it is not London's or not said.
fn parts(at: DatePerhapsTime) -> (NaiveDate, Option<NaiveDateTime>, Option<String>) {
    match at {
        DatePerhapsTime::Date(day) => (day, None, None),
        DatePerhapsTime::DateTime(CalendarDateTime::Utc(at)) => {
            let local = at.with_timezone(&London).naive_local();
            (local.date(), Some(local), None)
        }
        DatePerhapsTime::DateTime(CalendarDateTime::Floating(at)) => (at.date(), Some(at), None),
        DatePerhapsTime::DateTime(CalendarDateTime::WithTimezone { date_time, tzid }) => {
            let ours = matches!(tzid.trim_matches('"'), "Europe/London" | "GMT Standard Time" | "GB");
            (date_time.date(), Some(date_time), (!ours).then_some(tzid))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn an_invitation_says_what_when_where_and_who() {
        let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Review of Kofi's plan\\, \
                    second\r\nDTSTART;TZID=Europe/London:20261120T140000\r\nDTEND;TZID=Europe/London:20261120T153000\r\n\
                    LOCATION:Room 4\r\nORGANIZER;CN=\"Helen Marsh\":MAILTO:h.marsh@council.example\r\nATTENDEE;PARTSTAT=ACCEPTED;CN=Ama\r\n  \
                    Boateng:mailto:ama@family.example\r\nATTENDEE:mailto:b@c.example\r\nDESCRIPTION:Bring the report.\\nTea is \
                    there.\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(
            readable(text),
            "An invitation\nWhat: Review of Kofi's plan, second\nWhen: Friday 20 November 2026, 2:00pm to 3:30pm\nWhere: Room 4\n\
             Organised by: Helen Marsh <h.marsh@council.example>\nWho: Ama Boateng <ama@family.example>, accepted; b@c.example\n\
             Notes: Bring the report.\nTea is there.\n"
        );
    }

    #[test]
    fn whole_days_and_other_zones_are_told_as_they_are() {
        let of =
            |lines: &str| readable(&format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"));
        let day = "DTSTART;VALUE=DATE:20261120\nDTEND;VALUE=DATE:2026112";
        assert_eq!(of(&format!("{day}1")), "When: Friday 20 November 2026\n");
        assert_eq!(of(&format!("{day}3")), "When: Friday 20 November 2026 to Sunday 22 November 2026\n");
        assert_eq!(of("DTSTART:20260720T130000Z"), "When: Monday 20 July 2026, 2:00pm\n");
        let paris = of("DTSTART;TZID=Europe/Paris:20261120T140000");
        assert_eq!(paris, "When: Friday 20 November 2026, 2:00pm (Europe/Paris)\n");
        assert_eq!(readable("no calendar"), "");
        assert_eq!(readable(&("BEGIN:VCALENDAR\n".to_owned() + &"BEGIN:VEVENT\n".repeat(100_000))), "");
    }
}
