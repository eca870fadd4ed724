//! What was not delivered and what could not be read, and what an officer may do about it.

use axum::{
    Form,
    extract::{Path, Query, State, rejection::FormRejection},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::Ask,
    desk::{DeskError, LetterAction, MailAction},
    errors::WebError,
    session::Signed,
    views::{Quarantined, Undelivered},
};
use crate::ids::Uuid;

/// The longest reason that is taken, in characters.
const WHY_CHARS: usize = 500;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    done: Option<String>,
}

/// All that any of these forms may hold.
#[derive(Debug, Default, Deserialize)]
pub(super) struct MendForm {
    #[serde(default)]
    why: String,
    #[serde(default)]
    address: String,
}

/// What was wrong with a form, shown above the list and beside its field.
#[derive(Debug, Serialize)]
struct Fault {
    /// Whose form it was.
    id: Uuid,
    text: String,
    /// Which form: the last part of its address.
    form: String,
    /// The field to mend, if the fault lies in one.
    in_field: bool,
    /// What the officer entered.
    entered: String,
}

#[derive(Serialize)]
struct List<T> {
    list: Vec<T>,
    /// What was just done: the last part of the form's address.
    done: Option<String>,
    fault: Option<Fault>,
}

#[derive(Serialize)]
struct Letters {
    undelivered: Undelivered,
    /// What was just done: the last part of the form's address.
    done: Option<String>,
    fault: Option<Fault>,
}

#[derive(Serialize)]
struct One {
    message: Quarantined,
    fault: Option<Fault>,
}

fn key(text: &str) -> Result<Uuid, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

/// The reason given, or what is wrong with it. Pure.
fn reason(id: Uuid, what: &str, form: MendForm, missing: &str) -> Result<String, Fault> {
    let why = form.why.trim();
    let text = match why.chars().count() {
        0 => missing.to_owned(),
        1..=WHY_CHARS => return Ok(why.to_owned()),
        _ => format!("The reason must be {WHY_CHARS} characters or fewer"),
    };
    Err(Fault { id, text, form: what.to_owned(), in_field: true, entered: form.why })
}

/// What the form of a letter asks for, or what is wrong with it; None for a form that there is not. Pure.
fn letter_action(id: Uuid, what: &str, form: MendForm) -> Option<Result<LetterAction, Fault>> {
    Some(match what {
        "send" => Ok(LetterAction::Send),
        "arrived" => {
            reason(id, what, form, "Enter how you know that it has arrived").map(|why| LetterAction::Arrived { why })
        }
        "told" => reason(id, what, form, "Enter how they were told").map(|why| LetterAction::Told { why }),
        "drop" => reason(id, what, form, "Enter why it is not sent").map(|why| LetterAction::Drop { why }),
        "address" => {
            let address = form.address.trim().to_owned();
            let looks_right = address.chars().count() <= 254 && address.parse::<lettre::Address>().is_ok();
            let text = if address.is_empty() {
                "Enter the right address"
            } else {
                "Enter an email address in the correct format, like name@example.com"
            };
            if looks_right {
                Ok(LetterAction::SendTo { address })
            } else {
                let (text, form, entered) = (text.to_owned(), what.to_owned(), form.address);
                Err(Fault { id, text, form, in_field: true, entered })
            }
        }
        _ => return None,
    })
}

async fn letters_page(
    state: &WebState,
    signed: &Signed,
    done: Option<String>,
    fault: Option<Fault>,
) -> Result<Html<String>, WebError> {
    let undelivered = state.desk.undelivered(&signed.0).await?;
    Ok(state.page_for("letters.html", signed, "/letters", Letters { undelivered, done, fault }).await?)
}

pub(super) async fn letters(
    State(state): State<WebState>,
    signed: Signed,
    Query(Wanted { done }): Query<Wanted>,
) -> Result<Html<String>, WebError> {
    signed.must(Ask::ReadPost)?;
    letters_page(&state, &signed, done, None).await
}

/// The address of a form, opened directly: back to the list.
pub(super) async fn back_to_letters(_: Signed) -> Redirect {
    Redirect::to("/letters")
}

pub(super) async fn mend_letter(
    State(state): State<WebState>,
    signed: Signed,
    Path((id, what)): Path<(String, String)>,
    form: Result<Form<MendForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::MendPost)?;
    let id = key(&id)?;
    let Form(form) = form?;
    let action = letter_action(id, &what, form).ok_or(WebError::NotFound)?;
    let fault = match action {
        Err(fault) => fault,
        Ok(action) => match state.desk.mend_letter(id, &signed.0, action, state.clock.now()).await {
            Ok(()) => return Ok(Redirect::to(&format!("/letters?done={what}")).into_response()),
            // Sent, or dealt with by somebody else.
            Err(DeskError::NotFound) => return Ok(Redirect::to("/letters?done=gone").into_response()),
            Err(DeskError::Refused(text)) => Fault { id, text, form: what, in_field: false, entered: String::new() },
            Err(error) => return Err(error.into()),
        },
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, letters_page(&state, &signed, None, Some(fault)).await?).into_response())
}

pub(super) async fn quarantine(
    State(state): State<WebState>,
    signed: Signed,
    Query(Wanted { done }): Query<Wanted>,
) -> Result<Html<String>, WebError> {
    signed.must(Ask::ReadPost)?;
    let list: Vec<Quarantined> = state.desk.quarantine().await?;
    Ok(state.page_for("quarantine.html", &signed, "/quarantine", List { list, done, fault: None }).await?)
}

pub(super) async fn quarantined(
    State(state): State<WebState>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Html<String>, WebError> {
    signed.must(Ask::ReadPost)?;
    let message = state.desk.quarantined(key(&id)?).await?;
    Ok(state.page_for("quarantined.html", &signed, "/quarantine", One { message, fault: None }).await?)
}

/// The address of a form, opened directly: back to its message.
pub(super) async fn back_to_message(_: Signed, Path((id, _)): Path<(String, String)>) -> Result<Redirect, WebError> {
    Ok(Redirect::to(&format!("/quarantine/{}", key(&id)?)))
}

pub(super) async fn mend_mail(
    State(state): State<WebState>,
    signed: Signed,
    Path((id, what)): Path<(String, String)>,
    form: Result<Form<MendForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::MendPost)?;
    let id = key(&id)?;
    let Form(form) = form?;
    let action = match what.as_str() {
        "again" => Ok(MailAction::ReadAgain),
        "nothing" => reason(id, &what, form, "Enter why it is nothing for us").map(|why| MailAction::SetAside { why }),
        _ => return Err(WebError::NotFound),
    };
    match action {
        Err(fault) => {
            let page = One { message: state.desk.quarantined(id).await?, fault: Some(fault) };
            let page = state.page_for("quarantined.html", &signed, "/quarantine", page).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Ok(action) => match state.desk.mend_mail(id, &signed.0, action, state.clock.now()).await {
            Ok(()) => Ok(Redirect::to(&format!("/quarantine?done={what}")).into_response()),
            Err(DeskError::NotFound) => Ok(Redirect::to("/quarantine?done=gone").into_response()),
            Err(error) => Err(error.into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(why: &str) -> MendForm {
        MendForm { why: why.to_owned(), ..MendForm::default() }
    }

    #[test]
    fn a_reason_is_neither_empty_nor_endless() {
        assert_eq!(reason(Uuid::nil(), "told", why(" rung up "), "x").unwrap(), "rung up");
        assert_eq!(reason(Uuid::nil(), "told", why("  "), "Enter why").unwrap_err().text, "Enter why");
        let long = reason(Uuid::nil(), "told", why(&"x".repeat(501)), "Enter why").unwrap_err();
        assert!(long.text.contains("500") && long.in_field);
    }

    #[test]
    fn an_address_is_one_and_every_other_end_of_a_letter_has_its_reason() {
        let address = |address: &str| {
            let form = MendForm { address: address.to_owned(), ..MendForm::default() };
            letter_action(Uuid::nil(), "address", form).unwrap()
        };
        assert_eq!(address(" a@b.example ").unwrap(), LetterAction::SendTo { address: "a@b.example".into() });
        for wrong in ["", "a", "a b@c.example", "a@b.example, c@d.example"] {
            assert!(address(wrong).unwrap_err().in_field, "{wrong}");
        }
        for what in ["arrived", "told", "drop"] {
            assert!(letter_action(Uuid::nil(), what, why(" ")).unwrap().is_err(), "{what}");
            assert!(letter_action(Uuid::nil(), what, why("rung up")).unwrap().is_ok(), "{what}");
        }
        assert!(letter_action(Uuid::nil(), "burn", why("x")).is_none());
    }
}
