//! Whose complaint it is: what the page shows of it, and the form in which an officer says so.

use axum::{
    Form,
    extract::{Path, State, rejection::FormRejection},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::safeguarding::CarefulAddress;
use super::{
    WebState,
    access::Ask,
    case::{FieldFault, changed, reference, unchanged},
    desk::{DeskAction, DeskError},
    errors::WebError,
    session::Signed,
    views::CaseView,
};
use crate::{casework::Whom, ids::Uuid, procedure::event::Group};

/// The people of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct People {
    /// Why an officer must say whose complaint it is before anybody is written to, as a sentence.
    pub unsure: Option<String>,
    /// The complainant's name, as known or as the message hints.
    pub name: String,
    /// Their email address, likewise; empty in a chat.
    pub email: String,
    /// Their telephone number, likewise.
    pub phone: String,
    /// They write in a chat.
    pub by_chat: bool,
    /// What they are to the child, as an officer wrote it down.
    pub relationship: String,
    /// Who took it down.
    pub recorded_by: String,
    /// Who wrote for them: name and address.
    pub representative: Option<String>,
    /// Letters go to whoever wrote for them.
    pub through_representative: bool,
    /// For whom the web form says that it was filled in.
    pub on_behalf_of: Option<String>,
    /// Where they write from, the address of this case first.
    pub addresses: Vec<KnownAddress>,
    /// Addresses that messages of this case came from whose senders nobody has recognised.
    pub unknown_addresses: Vec<String>,
    /// Who complains together with them.
    pub group: Option<Group>,
    /// Their addresses and those of whoever writes for them or with them, each with whether somebody must look first.
    pub careful: Vec<CarefulAddress>,
    /// Why letters about the case wait until an officer lets them go; `None`: they do not.
    pub letters_wait: Option<String>,
}

/// Somewhere a complainant writes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KnownAddress {
    /// The contact with it.
    pub contact: Uuid,
    /// The address, as it is shown.
    pub address: String,
    /// Letters about this case go there, if they go to the complainant at all.
    pub own: bool,
}

/// Longest answers, in characters.
pub(super) const MOST_CHARS: usize = 100;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct ComplainantForm {
    #[serde(default)]
    version: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    relationship: String,
    #[serde(default)]
    recorded_by: String,
    /// `representative` or `complainant`.
    #[serde(default)]
    write_to: String,
}

#[derive(Serialize)]
struct Shown {
    case: CaseView,
    form: ComplainantForm,
    faults: Vec<FieldFault>,
}

/// The form as it is first shown: what is known, then what the message hints.
fn filled_in(case: &CaseView) -> ComplainantForm {
    let people = case.people.clone();
    ComplainantForm {
        version: case.version.to_string(),
        name: people.name,
        email: people.email,
        phone: people.phone,
        relationship: people.relationship,
        recorded_by: people.recorded_by,
        write_to: if people.through_representative { "representative" } else { "complainant" }.to_owned(),
    }
}

/// What the form says, or every field that is wrong. Pure.
fn whom(form: &ComplainantForm, by_chat: bool) -> Result<Whom, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let mut text = |field: &'static str, value: &str, what: &str| {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if value.chars().count() > MOST_CHARS {
            faults.push(FieldFault::new(field, &format!("{what} must be {MOST_CHARS} characters or fewer")));
        }
        Some(value).filter(|value| !value.is_empty())
    };
    let name = text("name", &form.name, "The name");
    let relationship = text("relationship", &form.relationship, "What they are to the child");
    let recorded_by = text("recorded_by", &form.recorded_by, "Who took it down");
    let phone = text("phone", &form.phone, "The telephone number");
    let address = text("email", &form.email, "The email address");
    if address.as_deref().is_some_and(|address| address.parse::<lettre::Address>().is_err()) {
        faults.push(FieldFault::new("email", "Enter an email address in the correct form, like name@example.com"));
    }
    if phone.as_deref().is_some_and(|phone| phone.chars().filter(char::is_ascii_digit).count() < 5) {
        faults.push(FieldFault::new("phone", "Enter a telephone number, like 01632 960 001"));
    }
    if name.is_none() && address.is_none() && phone.is_none() && !by_chat {
        faults.push(FieldFault::new("name", "Enter a name, an email address or a telephone number"));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let through_representative = form.write_to == "representative";
    Ok(Whom { name, address, phone, relationship, recorded_by, through_representative })
}

async fn page(state: &WebState, signed: &Signed, shown: Shown) -> Result<Html<String>, WebError> {
    Ok(state.page_for("case-complainant.html", signed, "/", shown).await?)
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    signed.must(Ask::Triage)?;
    let case = state.desk.case(reference(&wanted)?, &signed.0, state.clock.now()).await?;
    let form = filled_in(&case);
    Ok(page(&state, &signed, Shown { case, form, faults: Vec::new() }).await?.into_response())
}

pub(super) async fn save(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    form: Result<Form<ComplainantForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::Triage)?;
    let reference = reference(&wanted)?;
    let Form(form) = form?;
    let now = state.clock.now();
    let (case, version) = unchanged(&state, &signed, reference, &form.version).await?;
    let faults = match whom(&form, case.people.by_chat) {
        Err(faults) => faults,
        Ok(whom) => match state.desk.act(reference, &signed.0, version, DeskAction::SetComplainant(whom), now).await {
            Ok(_) => return Ok(Redirect::to(&format!("/cases/{reference}?done=complainant")).into_response()),
            Err(DeskError::Changed) => return Err(changed(&state.desk.peek(reference, &signed.0, now).await?)),
            Err(DeskError::Refused(text)) => vec![FieldFault { field: "name", text }],
            Err(error) => return Err(error.into()),
        },
    };
    // The message is shown once more beside the form, so it is a look like any other.
    let case = state.desk.case(reference, &signed.0, now).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&state, &signed, Shown { case, form, faults }).await?).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(name: &str, email: &str, phone: &str) -> ComplainantForm {
        ComplainantForm { name: name.into(), email: email.into(), phone: phone.into(), ..ComplainantForm::default() }
    }

    fn fields(form: &ComplainantForm) -> Vec<&'static str> {
        whom(form, false).unwrap_err().into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn somebody_must_be_named_and_an_address_must_be_one() {
        assert_eq!(fields(&form(" ", "", "")), ["name"]);
        assert_eq!(fields(&form("Ann", "ann at mail", "call me")), ["email", "phone"]);
        assert_eq!(fields(&form(&"x".repeat(101), "", "")), ["name"]);
        assert!(whom(&form("", "", ""), true).is_ok(), "a chat is an address");
        let found = whom(&form("  Ann   Bell ", "ann@mail.example", ""), false).unwrap();
        assert_eq!((found.name.as_deref(), found.address.as_deref()), (Some("Ann Bell"), Some("ann@mail.example")));
        assert!(!found.through_representative);
    }
}
