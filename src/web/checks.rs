//! Checks of what was left alone in managers' mailboxes: asked for, agreed to, looked at message by message, counted.
//!
//! A message stands in the answer to a form and nowhere else: no address leads to it, and it is not shown twice.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, Query, State, rejection::FormRejection},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::Ask,
    case::FieldFault,
    checks_views::{CheckView, Checks, ConsentAction, LeftAlone, Look, ManagersMailbox},
    desk::DeskError,
    errors::WebError,
    session::Signed,
};
use crate::{
    clock::london_date,
    elusion::{
        check::Verdict,
        estimate::{LARGEST_SAMPLE, USUAL_SAMPLE, at_most_missed},
        sample::Span,
    },
    ids::{CaseReference, Uuid},
};

/// The longest words about a consent, in characters.
const WORDS: usize = 300;
/// Sample sizes whose worth the page tells.
const EXAMPLES: [u32; 4] = [30, USUAL_SAMPLE, 150, 300];

/// A day as three fields have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct DayFields {
    pub day: String,
    pub month: String,
    pub year: String,
}

impl DayFields {
    pub fn read(&self) -> Option<NaiveDate> {
        let number = |text: &str| text.trim().parse::<u32>().ok();
        let year = i32::try_from(number(&self.year)?).ok().filter(|year| (2000..2200).contains(year))?;
        NaiveDate::from_ymd_opt(year, number(&self.month)?, number(&self.day)?)
    }

    fn of(date: NaiveDate) -> Self {
        let part = |form: &str| date.format(form).to_string();
        Self { day: part("%-d"), month: part("%-m"), year: part("%Y") }
    }
}

/// All that any of the forms may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CheckForm {
    mailbox: String,
    wanted: String,
    #[serde(rename = "from-day")]
    from_day: String,
    #[serde(rename = "from-month")]
    from_month: String,
    #[serde(rename = "from-year")]
    from_year: String,
    #[serde(rename = "to-day")]
    to_day: String,
    #[serde(rename = "to-month")]
    to_month: String,
    #[serde(rename = "to-year")]
    to_year: String,
    by: String,
    how: String,
    #[serde(rename = "on-day")]
    on_day: String,
    #[serde(rename = "on-month")]
    on_month: String,
    #[serde(rename = "on-year")]
    on_year: String,
    place: String,
    verdict: String,
}

impl CheckForm {
    fn from(&self) -> DayFields {
        DayFields { day: self.from_day.clone(), month: self.from_month.clone(), year: self.from_year.clone() }
    }

    fn to(&self) -> DayFields {
        DayFields { day: self.to_day.clone(), month: self.to_month.clone(), year: self.to_year.clone() }
    }

    fn on(&self) -> DayFields {
        DayFields { day: self.on_day.clone(), month: self.on_month.clone(), year: self.on_year.clone() }
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    done: Option<String>,
}

/// What was entered, shown again beside the faults.
#[derive(Debug, Default, Serialize)]
struct Entered {
    mailbox: String,
    wanted: String,
    from: DayFields,
    to: DayFields,
    by: String,
    how: String,
    on: DayFields,
    faults: Vec<FieldFault>,
}

/// What a sample of so many shows if none of it was missed.
#[derive(Debug, Serialize)]
struct Worth {
    messages: u32,
    /// At most so many of 100.
    of_100: String,
}

fn worth(messages: u32) -> Worth {
    Worth { messages, of_100: format!("{:.0}", (at_most_missed(messages) * 100.0).ceil()) }
}

#[derive(Serialize)]
struct ListPage {
    checks: Vec<CheckView>,
    mailboxes: Vec<ManagersMailbox>,
    may_ask: bool,
    entered: Entered,
    worth: Vec<Worth>,
    usual: Worth,
    largest: u32,
}

#[derive(Serialize)]
struct CheckPage {
    check: CheckView,
    may_check: bool,
    done: Option<String>,
    worth: Worth,
    entered: Entered,
}

#[derive(Serialize)]
struct MessagePage {
    check: CheckView,
    place: u32,
    /// None when it was shown before: only the answers are left.
    message: Option<Box<LeftAlone>>,
    /// Why it is not shown, or was not made a case.
    refused: Option<String>,
    /// The case that the message before it has become.
    case: Option<String>,
}

fn checks(state: &WebState) -> Result<Arc<dyn Checks>, WebError> {
    state.checks.clone().ok_or(WebError::NotFound)
}

fn key(text: &str) -> Result<Uuid, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

async fn list_page(state: &WebState, signed: &Signed, entered: Entered) -> Result<Html<String>, WebError> {
    let checks = checks(state)?;
    let page = ListPage {
        checks: checks.list(&signed.0).await?,
        mailboxes: checks.mailboxes(),
        may_ask: signed.must(Ask::CheckMailbox).is_ok(),
        entered,
        worth: EXAMPLES.into_iter().map(worth).collect(),
        usual: worth(USUAL_SAMPLE),
        largest: LARGEST_SAMPLE,
    };
    Ok(state.page_for("checks.html", signed, "/checks", &page).await?)
}

pub(super) async fn list(State(state): State<WebState>, signed: Signed) -> Result<Response, WebError> {
    signed.must(Ask::ReadChecks)?;
    let today = london_date(state.clock.now());
    let weeks_ago = today.checked_sub_days(chrono::Days::new(28)).unwrap_or(today);
    let entered = Entered {
        wanted: USUAL_SAMPLE.to_string(),
        from: DayFields::of(weeks_ago),
        to: DayFields::of(today.pred_opt().unwrap_or(today)),
        ..Entered::default()
    };
    Ok(list_page(&state, &signed, entered).await?.into_response())
}

pub(super) async fn ask(
    State(state): State<WebState>,
    signed: Signed,
    form: Result<Form<CheckForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::CheckMailbox)?;
    let Form(form) = form?;
    let (from, to, wanted) = (form.from().read(), form.to().read(), form.wanted.trim().parse::<u32>());
    let mut faults = Vec::new();
    if form.mailbox.is_empty() {
        faults.push(FieldFault::new("mailbox", "Select a mailbox"));
    }
    if from.is_none() {
        faults.push(FieldFault::new("from-day", "Enter the first day as a day, a month and a year"));
    }
    if to.is_none() {
        faults.push(FieldFault::new("to-day", "Enter the last day as a day, a month and a year"));
    }
    if wanted.is_err() {
        faults.push(FieldFault::new("wanted", "Enter how many messages to look at, in numbers"));
    }
    if let (Some(from_on), Some(to_on), Ok(wanted), true) = (from, to, wanted, faults.is_empty()) {
        let span = Span { from_on, to_on };
        match checks(&state)?.ask(&form.mailbox, span, wanted, &signed.0, state.clock.now()).await {
            Ok(id) => return Ok(Redirect::to(&format!("/checks/{id}?done=ask")).into_response()),
            Err(DeskError::Refused(why)) => faults.push(FieldFault { field: field_of(&why), text: why }),
            Err(error) => return Err(error.into()),
        }
    }
    let entered = Entered {
        from: form.from(),
        to: form.to(),
        mailbox: form.mailbox,
        wanted: form.wanted,
        faults,
        ..Entered::default()
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, list_page(&state, &signed, entered).await?).into_response())
}

/// The field that a refusal is about.
fn field_of(why: &str) -> &'static str {
    match why {
        why if why.contains("last day") => "to-day",
        why if why.contains("number") => "wanted",
        _ => "mailbox",
    }
}

async fn check_page(
    state: &WebState,
    signed: &Signed,
    id: Uuid,
    done: Option<String>,
    entered: Entered,
) -> Result<Html<String>, WebError> {
    let check = checks(state)?.check(id, &signed.0).await?;
    let may_check = signed.must(Ask::CheckMailbox).is_ok();
    let page = CheckPage { worth: worth(check.wanted.max(1)), may_check, done, entered, check };
    Ok(state.page_for("check.html", signed, "/checks", &page).await?)
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Path(id): Path<String>,
    Query(Wanted { done }): Query<Wanted>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadChecks)?;
    let today = DayFields::of(london_date(state.clock.now()));
    let entered = Entered { on: today, ..Entered::default() };
    Ok(check_page(&state, &signed, key(&id)?, done, entered).await?.into_response())
}

/// The address of a form, opened directly: back to its check.
pub(super) async fn back(_: Signed, Path((id, _)): Path<(String, String)>) -> Result<Redirect, WebError> {
    Ok(Redirect::to(&format!("/checks/{}", key(&id)?)))
}

pub(super) async fn act(
    State(state): State<WebState>,
    signed: Signed,
    Path((id, what)): Path<(String, String)>,
    form: Result<Form<CheckForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadChecks)?;
    let (id, Form(form)) = (key(&id)?, form?);
    let (port, now) = (checks(&state)?, state.clock.now());
    let own = port.check(id, &signed.0).await?.own;
    // Saying no and taking it back is the owner's, and an officer's who writes down what the owner said.
    let of_the_owner = || signed.must(Ask::AnswerForMailbox { own }).or_else(|_| signed.must(Ask::CheckMailbox));
    match what.as_str() {
        "agree" => {
            signed.must(Ask::AnswerForMailbox { own })?;
            port.consent(id, ConsentAction::Agree, &signed.0, now).await?;
        }
        "decline" => {
            of_the_owner()?;
            port.consent(id, ConsentAction::Decline, &signed.0, now).await?;
        }
        "withdraw" => {
            of_the_owner()?;
            port.consent(id, ConsentAction::Withdraw, &signed.0, now).await?;
        }
        "record" => {
            signed.must(Ask::CheckMailbox)?;
            match recorded(&form, london_date(now)) {
                Ok(action) => port.consent(id, action, &signed.0, now).await?,
                Err(faults) => {
                    let entered = Entered { on: form.on(), by: form.by, how: form.how, faults, ..Entered::default() };
                    let page = check_page(&state, &signed, id, None, entered).await?;
                    return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
                }
            }
        }
        "end" => {
            signed.must(Ask::CheckMailbox)?;
            port.end(id, &signed.0, now).await?;
        }
        "look" => {
            signed.must(Ask::CheckMailbox)?;
            let place = form.place.parse().map_err(|_| WebError::BadForm)?;
            return look(&state, &signed, id, place, None).await;
        }
        "answer" => {
            signed.must(Ask::CheckMailbox)?;
            let place = form.place.parse().map_err(|_| WebError::BadForm)?;
            let verdict = Verdict::of(&form.verdict).ok_or(WebError::BadForm)?;
            return answer(&state, &signed, id, place, verdict).await;
        }
        _ => return Err(WebError::NotFound),
    }
    Ok(Redirect::to(&format!("/checks/{id}?done={what}")).into_response())
}

/// The consent that an officer writes down, or every field that is wrong. Pure.
fn recorded(form: &CheckForm, today: NaiveDate) -> Result<ConsentAction, Vec<FieldFault>> {
    let mut faults = Vec::new();
    for (field, text, what) in [("by", &form.by, "Enter who agreed"), ("how", &form.how, "Enter how they agreed")] {
        if text.trim().is_empty() {
            faults.push(FieldFault::new(field, what));
        } else if text.chars().count() > WORDS {
            faults.push(FieldFault { field, text: format!("This must be {WORDS} characters or fewer") });
        }
    }
    match form.on().read() {
        Some(on) if on > today => faults.push(FieldFault::new("on-day", "The day they agreed must not be after today")),
        Some(on) if faults.is_empty() => {
            return Ok(ConsentAction::Record { by: form.by.trim().to_owned(), how: form.how.trim().to_owned(), on });
        }
        Some(_) => {}
        None => faults.push(FieldFault::new("on-day", "Enter the day they agreed as a day, a month and a year")),
    }
    Err(faults)
}

/// Shows the message at `place`, or why not.
async fn look(
    state: &WebState,
    signed: &Signed,
    id: Uuid,
    place: u32,
    case: Option<CaseReference>,
) -> Result<Response, WebError> {
    let port = checks(state)?;
    let (message, refused, status) = match port.look(id, place, &signed.0, state.clock.now()).await {
        Ok(Look::Message(message)) => (Some(message), None, StatusCode::OK),
        Ok(Look::NoMore) => return Ok(Redirect::to(&format!("/checks/{id}?done=end")).into_response()),
        Err(DeskError::Refused(why)) => (None, Some(why), StatusCode::CONFLICT),
        Err(error) => return Err(error.into()),
    };
    let page = message_page(state, signed, id, place, message, refused, case).await?;
    Ok((status, page).into_response())
}

async fn answer(
    state: &WebState,
    signed: &Signed,
    id: Uuid,
    place: u32,
    verdict: Verdict,
) -> Result<Response, WebError> {
    let port = checks(state)?;
    match port.answer(id, place, verdict, &signed.0, state.clock.now()).await {
        Ok(case) => {
            let check = port.check(id, &signed.0).await?;
            if check.state == "agreed" {
                return look(state, signed, id, place.saturating_add(1), case).await;
            }
            let done = case.map_or_else(|| "end".to_owned(), |case| case.to_string());
            Ok(Redirect::to(&format!("/checks/{id}?done={done}")).into_response())
        }
        Err(DeskError::Refused(why)) => {
            let page = message_page(state, signed, id, place, None, Some(why), None).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn message_page(
    state: &WebState,
    signed: &Signed,
    id: Uuid,
    place: u32,
    message: Option<Box<LeftAlone>>,
    refused: Option<String>,
    case: Option<CaseReference>,
) -> Result<Html<String>, WebError> {
    let check = checks(state)?.check(id, &signed.0).await?;
    let page = MessagePage { check, place, message, refused, case: case.map(|case| case.to_string()) };
    Ok(state.page_for("check-message.html", signed, "/checks", &page).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consent_that_is_written_down_says_who_how_and_when() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let form = |by: &str, how: &str, day: &str| CheckForm {
            by: by.into(),
            how: how.into(),
            on_day: day.into(),
            on_month: "11".into(),
            on_year: "2026".into(),
            ..CheckForm::default()
        };
        let fields = |form: &CheckForm| -> Vec<&str> {
            recorded(form, today).unwrap_err().into_iter().map(|fault| fault.field).collect()
        };
        assert_eq!(fields(&form(" ", "", "")), ["by", "how", "on-day"]);
        assert_eq!(fields(&form("Helen Marsh", "by email", "21")), ["on-day"]);
        assert_eq!(fields(&form("Helen Marsh", &"x".repeat(301), "20")), ["how"]);
        let on = NaiveDate::from_ymd_opt(2026, 11, 19).unwrap();
        assert_eq!(
            recorded(&form("Helen Marsh ", "by email", "19"), today),
            Ok(ConsentAction::Record { by: "Helen Marsh".into(), how: "by email".into(), on })
        );
    }

    #[test]
    fn the_worth_of_a_sample_is_told_in_a_hundred() {
        let told = EXAMPLES.map(|messages| worth(messages).of_100);
        assert_eq!(told, ["10", "5", "2", "1"]);
    }
}
