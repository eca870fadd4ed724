//! Which clocks run for a case, from where it stands: the one date that lists show, and all the others beside it. Pure.
//!
//! Source: sections 1.5, 2.2 and 1.11 of the rule book; each date names its duty. Stage 2 of the statutory procedure has two starts
//! that are both in use (the request, and the agreed statement): the request counts, which is the earlier, unless the council chose
//! otherwise, and both are shown.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    case::CaseFile,
    course::Origin,
    due_dates::{DueDate, Suspension, due, due_from},
    duties::{Duties, Duty, Period},
    event::{Freeze, Route, Stage},
    options::{Options, Stage2From},
    state::State,
    working_days::{Calendar, CalendarError},
};
use crate::{
    clock::{london_date, long_date},
    labelling::labels::Procedure,
};

/// What is to be done where a child complains for themselves.
pub const OFFER_ADVOCATE: &str = "Offer the child an advocate";
/// By when. The law sets no day.
const OFFER_RULE: &str =
    "It is a child’s own complaint (Children Act 1989 section 26A); by the next working day is our own rule.";

/// A date that runs, or ran, for a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// What is to be done, e.g. `Answer at stage 2`.
    pub what: String,
    /// By when, and by which rule.
    pub date: DueDate,
    /// When it was done.
    pub done_on: Option<NaiveDate>,
}

/// What dates are counted by.
#[derive(Clone, Copy, Debug)]
pub struct Book<'a> {
    /// The duties.
    pub duties: &'a Duties,
    /// The days that count.
    pub calendar: &'a Calendar,
    /// What the council chose.
    pub options: Options,
}

impl Book<'_> {
    /// The date of a duty of later stages. A rule book without it is refused at start, so the first stage's duty never stands in.
    fn from(&self, id: &str, day0: NaiveDate, stops: &[Suspension]) -> Result<DueDate, CalendarError> {
        let duty = self.duties.by_id(id).unwrap_or(&self.duties.statutory_answer);
        with_stops(duty, day0, stops, self.calendar)
    }

    /// A day that somebody chose.
    fn chosen(&self, id: &str, rule: &str, on: NaiveDate, day0: NaiveDate) -> DueDate {
        let calendar_version = self.calendar.version();
        DueDate { on, duty_id: id.to_owned(), rule: rule.to_owned(), day0, calendar_version }
    }
}

/// The date that a duty in working days gives when its clock stood still, perhaps several times. The days of a stop after its first
/// do not count, nor does the day on which the clock goes on. Other periods do not stand still.
///
/// # Errors
///
/// [`CalendarError`] when the count leaves the years whose bank holidays are known.
pub fn with_stops(
    duty: &Duty,
    day0: NaiveDate,
    stops: &[Suspension],
    calendar: &Calendar,
) -> Result<DueDate, CalendarError> {
    let plain = due_from(duty, day0, calendar)?;
    let Period::WorkingDays(n) = duty.period else { return Ok(plain) };
    let still = |day: NaiveDate| stops.iter().any(|stop| day > stop.from && day <= stop.resumed);
    let (mut on, mut left) = (day0, n.get());
    while left > 0 {
        on = on.succ_opt().ok_or(CalendarError::UnknownAfter(calendar.known_until))?;
        if calendar.is_working_day(on)? && !still(on) {
            left -= 1;
        }
    }
    if on == plain.on {
        return Ok(plain);
    }
    let stood: Vec<String> = stops
        .iter()
        .filter(|stop| stop.resumed > stop.from)
        .map(|stop| format!("from {} to {}", long_date(stop.from), long_date(stop.resumed)))
        .collect();
    let rule = format!("{} The clock stood still {}.", plain.rule, stood.join(" and "));
    Ok(DueDate { on, rule, ..plain })
}

/// The date that lists show: by when the council answers, or, once it has, by when the family may ask for more. `started` is when
/// the acknowledgement went out, which starts the corporate clock.
///
/// # Errors
///
/// [`CalendarError`] when the count leaves the years whose bank holidays are known.
pub fn row_date(case: &CaseFile, started: DateTime<Utc>, book: Book<'_>) -> Result<DueDate, CalendarError> {
    let course = &case.course;
    let stops: Vec<Suspension> = course.stops_now().collect();
    if let Some(stop) = course.standing_still() {
        let words = format!(
            "The clock stands still since {}: we look again on {}.",
            long_date(stop.from),
            long_date(stop.look_on)
        );
        return Ok(book.chosen("LOOK-AGAIN", &words, stop.look_on, stop.from));
    }
    if let Some((at, _)) = case.answered {
        return asked_by(case, at, book);
    }
    stage_date(case, started, case.extended.is_some(), &stops, book)
}

/// By when the family that was answered at `at` may ask for the next stage; where there is none, the day of the answer.
///
/// # Errors
///
/// [`CalendarError`] when the count leaves the years whose bank holidays are known.
pub fn asked_by(case: &CaseFile, at: DateTime<Utc>, book: Book<'_>) -> Result<DueDate, CalendarError> {
    let statutory = case.nature.procedure == Procedure::Statutory;
    match (case.course.stage, statutory) {
        (Stage::One, true) => due(&book.duties.statutory_request, at, book.calendar),
        (Stage::One, false) => due(&book.duties.corporate_request, at, book.calendar),
        (Stage::Two, true) => book.from("S3-REQ-20", london_date(at), &[]),
        _ => {
            let day = london_date(at);
            Ok(book.chosen("LAST-STAGE", "That was the last stage: they may go to the Ombudsman.", day, day))
        }
    }
}

/// By when the answer of the stage is due.
fn stage_date(
    case: &CaseFile,
    started: DateTime<Utc>,
    extended: bool,
    stops: &[Suspension],
    book: Book<'_>,
) -> Result<DueDate, CalendarError> {
    let course = &case.course;
    let statutory = case.nature.procedure == Procedure::Statutory;
    match course.stage {
        Stage::One => {
            let of = |procedure| {
                let (duty, from) = match (procedure, extended) {
                    (Procedure::Corporate, false) => (&book.duties.corporate_answer, started),
                    (Procedure::Corporate, true) => (&book.duties.corporate_extended, started),
                    (_, false) => (&book.duties.statutory_answer, case.received_at),
                    (_, true) => (&book.duties.statutory_extended, case.received_at),
                };
                let day0 = due(duty, from, book.calendar)?.day0;
                with_stops(duty, day0, stops, book.calendar)
            };
            match case.nature.procedure {
                Procedure::Statutory | Procedure::Corporate => of(case.nature.procedure),
                // Not clear yet, or none: the earlier of both, so that no decision about the procedure can make the answer late.
                Procedure::Unclear | Procedure::None if extended => of(Procedure::Statutory),
                Procedure::Unclear | Procedure::None => {
                    let (statutory, corporate) = (of(Procedure::Statutory)?, of(Procedure::Corporate)?);
                    Ok(if statutory.on <= corporate.on { statutory } else { corporate })
                }
            }
        }
        Stage::Two => {
            let Some(asked) = course.asked.get(&Stage::Two) else {
                return due(&book.duties.statutory_answer, case.received_at, book.calendar);
            };
            let id = match (statutory, extended) {
                (true, false) => "S2-25",
                (true, true) => "S2-65",
                (false, false) => "C2-20",
                (false, true) => "C2-20+20",
            };
            let from_statement = course.statement_on.filter(|_| book.options.stage2_from == Stage2From::Statement);
            let day0 = if statutory { from_statement.unwrap_or(asked.on) } else { london_date(asked.acknowledged_at) };
            book.from(id, day0, stops)
        }
        Stage::Three => {
            let panel = &course.panel;
            match (panel.report_on, panel.held_on, course.asked.get(&Stage::Three)) {
                (Some(report), ..) => book.from("S3-RESP-15", report, stops),
                (None, Some(held), _) => book.from("S3-REPORT-5", held, stops),
                (None, None, Some(asked)) => book.from("S3-PANEL-30", asked.on, stops),
                (None, None, None) => due(&book.duties.statutory_answer, case.received_at, book.calendar),
            }
        }
    }
}

/// By when the answer of the stage is due if its date is moved now: once, counted from the original day.
///
/// # Errors
///
/// [`CalendarError`] when the count leaves the years whose bank holidays are known.
pub fn if_extended(case: &CaseFile, started: DateTime<Utc>, book: Book<'_>) -> Result<Option<DueDate>, CalendarError> {
    // A panel's dates are the law's: nothing extends them.
    if case.course.stage == Stage::Three || case.course.standing_still().is_some() {
        return Ok(None);
    }
    let stops: Vec<Suspension> = case.course.stops_now().collect();
    stage_date(case, started, true, &stops, book).map(Some)
}

/// All dates of the case after stage 1, and those that somebody chose; done ones too.
///
/// # Errors
///
/// [`CalendarError`] when the count leaves the years whose bank holidays are known.
pub fn running(case: &CaseFile, book: Book<'_>) -> Result<Vec<Running>, CalendarError> {
    let course = &case.course;
    let statutory = case.nature.procedure == Procedure::Statutory;
    let mut all = Vec::new();
    let mut add = |what: &str, date: DueDate, done_on: Option<NaiveDate>| {
        all.push(Running { what: what.to_owned(), date, done_on });
    };
    if let Some(stop) = course.standing_still() {
        let rule = format!("The clock stands still since {}.", long_date(stop.from));
        add("Look whether it can go on", book.chosen("LOOK-AGAIN", &rule, stop.look_on, stop.from), None);
    }
    if let Some(since) = course.child_since.filter(|_| case.is_childs_own()) {
        let on = book.calendar.add_working_days(since, 1)?;
        add(OFFER_ADVOCATE, book.chosen("ADVOCACY", OFFER_RULE, on, since), course.advocate_offered_on);
    }
    if let Some(asked) = course.asked.get(&Stage::Two) {
        let stops: Vec<Suspension> =
            course.stops.iter().filter(|(stage, _)| *stage == Stage::Two).map(|(_, stop)| *stop).collect();
        let answer = course.answer_at(Stage::Two).map(|answer| london_date(answer.at));
        let ack = london_date(asked.acknowledged_at);
        if statutory {
            add("Answer at stage 2", book.from("S2-25", asked.on, &stops)?, answer);
            add("Answer at stage 2 at the latest", book.from("S2-65", asked.on, &stops)?, answer);
            if let Some(agreed) = course.statement_on {
                let other = book.from("S2-25", agreed, &stops)?;
                let rule = format!("{} Counted from the agreed statement, which some councils do.", other.rule);
                add("Answer at stage 2, counted from the agreed statement", DueDate { rule, ..other }, answer);
            }
        } else {
            add("Acknowledge the request for stage 2", book.from("C2-ACK-5", asked.on, &[])?, Some(ack));
            let id = if case.extended.is_some() && course.stage == Stage::Two { "C2-20+20" } else { "C2-20" };
            add("Answer at stage 2", book.from(id, ack, &stops)?, answer);
        }
    }
    if let Some(asked) = course.asked.get(&Stage::Three) {
        let panel = &course.panel;
        let answer = course.answer_at(Stage::Three).map(|answer| london_date(answer.at));
        let ack = london_date(asked.acknowledged_at);
        add("Acknowledge the request for a panel", book.from("S3-ACK-2", asked.on, &[])?, Some(ack));
        add("The panel meets", book.from("S3-PANEL-30", asked.on, &[])?, panel.held_on);
        if let Some(on) = panel.on {
            add("Papers reach the family", book.from("S3-PAPERS-10", on, &[])?, panel.papers_on);
        }
        if let Some(held) = panel.held_on {
            add("The panel’s report", book.from("S3-REPORT-5", held, &[])?, panel.report_on);
        }
        if let Some(report) = panel.report_on {
            add("Answer to the panel’s report", book.from("S3-RESP-15", report, &[])?, answer);
        }
        add("The end of stage 3", book.from("S3-50", asked.on, &[])?, answer);
    }
    for (number, action) in (1..).zip(&course.actions) {
        let (Some(on), true) = (action.due, action.is_open() || action.done.is_some()) else { continue };
        let wanted = match action.origin {
            Origin::Promised => "The council promised it.",
            Origin::Panel => "The panel recommended it, and the council accepted it.",
            Origin::Ombudsman => "The Ombudsman wants it.",
        };
        let date = book.chosen("ACTION", wanted, on, on);
        add(&format!("Action {number}: {}", action.text), date, action.done.as_ref().map(|(day, _)| *day));
    }
    // Without a name: reminders hold none.
    for (number, one) in (1u32..).zip(&course.contributions).filter(|(_, one)| one.withdrawn_on.is_none()) {
        let date = book.chosen("CONTRIBUTION", "A manager was asked to answer by then.", one.due, one.asked_on);
        add(&format!("Contribution {number}: a manager answers"), date, one.given_on);
    }
    if let Some(ombudsman) = &course.ombudsman
        && let Some(on) = ombudsman.enquiry_due
    {
        let date = book.chosen("OMBUDSMAN", "The Ombudsman wants answers by then.", on, ombudsman.on);
        add("Answer the Ombudsman", date, ombudsman.decided.map(|(day, _)| day));
    }
    if let Some(held) = &course.held
        && let (Some(on), Freeze::Requested | Freeze::Granted) = (held.look_on, held.state)
    {
        let date = book.chosen("LOOK-AGAIN", "A disputed decision is held, or is to be.", on, on);
        add("Look at the disputed decision again", date, None);
    }
    if let Some(restriction) = &course.restriction {
        let date = book.chosen("LOOK-AGAIN", "Contact is restricted.", restriction.look_on, restriction.look_on);
        add("Look at the restriction of contact again", date, None);
    }
    // What runs on in a closed case is what was promised.
    if matches!(State::of(case), State::Closed | State::Withdrawn | State::NotAccepted) {
        all.retain(|one| ["ACTION", "OMBUDSMAN"].contains(&one.date.duty_id.as_str()));
    }
    Ok(all)
}

/// The dates of points that go another way than the whole complaint. `started` is when the acknowledgement went out, if it did.
/// The date of the whole is never the later one at stage 1: both are shown, since the point has a right to its own.
///
/// # Errors
///
/// [`CalendarError`] when the count leaves the years whose bank holidays are known.
pub fn of_points(
    case: &CaseFile,
    started: Option<DateTime<Utc>>,
    book: Book<'_>,
) -> Result<Vec<Running>, CalendarError> {
    let course = &case.course;
    let mut all = Vec::new();
    let mut add = |number: u32, what: &str, date: DueDate, done_on| {
        all.push(Running { what: format!("Point {number}: {what}"), date, done_on });
    };
    let answered = |stage| course.answer_at(stage).map(|answer| london_date(answer.at));
    for (number, point) in (1..).zip(&case.points.points) {
        match (point.route, case.nature.procedure) {
            (Route::Corporate, Procedure::Statutory) => {
                let first = if case.extended.is_some() && course.stage == Stage::One { "C1-10+10" } else { "C1-10" };
                let from = started.unwrap_or(case.received_at);
                add(number, "answer at stage 1", book.from(first, london_date(from), &[])?, answered(Stage::One));
                if let Some(asked) = course.asked.get(&Stage::Two) {
                    let day0 = london_date(asked.acknowledged_at);
                    let id = if case.extended.is_some() && course.stage == Stage::Two { "C2-20+20" } else { "C2-20" };
                    add(number, "answer at stage 2", book.from(id, day0, &[])?, answered(Stage::Two));
                }
            }
            (Route::DataProtection, _) => {
                let date = book.from("DP-30D", london_date(case.received_at), &[])?;
                add(number, "acknowledge the complaint about personal data", date, started.map(london_date));
            }
            _ => {}
        }
    }
    Ok(all)
}

/// The next date of the case that is not done, and what is to be done then: what people are reminded of. `answer` is the date that
/// lists show, `decide_by` the last day to say what it is.
///
/// # Errors
///
/// [`CalendarError`] when the count leaves the years whose bank holidays are known.
pub fn next(
    case: &CaseFile,
    answer: NaiveDate,
    decide_by: NaiveDate,
    book: Book<'_>,
) -> Result<Option<(NaiveDate, String)>, CalendarError> {
    let state = State::of(case);
    if matches!(state, State::Dismissed | State::Merged) {
        return Ok(None);
    }
    let mut all: Vec<(NaiveDate, String)> = Vec::new();
    if state == State::ToConfirm {
        all.push((decide_by, "Decide what it is".to_owned()));
    }
    let answer_runs = state.owes_answer() && case.course.standing_still().is_none();
    if answer_runs || (state == State::ToConfirm && case.is_dissatisfaction()) {
        all.push((answer, format!("Answer at stage {}", case.course.stage.number())));
    }
    let open = running(case, book)?.into_iter().filter(|one| one.done_on.is_none());
    all.extend(open.map(|one| (one.date.on, one.what)));
    Ok(all.into_iter().min_by_key(|(day, _)| *day))
}

/// By when the papers reach the family for a panel on `day`.
///
/// # Errors
///
/// [`CalendarError`] when the count leaves the years whose bank holidays are known.
pub fn papers_by(day: NaiveDate, book: Book<'_>) -> Result<DueDate, CalendarError> {
    book.from("S3-PAPERS-10", day, &[])
}

#[cfg(test)]
mod tests;
