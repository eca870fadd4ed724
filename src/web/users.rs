//! The accounts, for complaints managers to see and for administrators to open, change and close.

use axum::{
    Form,
    extract::{Path, State, rejection::FormRejection},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::{Ask, Role, permit},
    account_views::AccountChange,
    case::FieldFault,
    desk::DeskError,
    errors::WebError,
    session::Signed,
    views::OfficerRow,
};
use crate::ids::Uuid;

/// A new account, or what becomes of one, as it is typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct AccountForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
}

/// A role: its word, its name, what it may.
type RoleShown = (&'static str, &'static str, &'static str);

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    row: OfficerRow,
    role: &'static str,
    second_factor: bool,
}

#[derive(Default, Serialize)]
struct Shown {
    list: Vec<Row>,
    may_change: bool,
    roles: Vec<RoleShown>,
    form: AccountForm,
    faults: Vec<FieldFault>,
    /// The account that just got a password, and the password: shown this once.
    made: Option<(String, String)>,
}

#[derive(Serialize)]
struct One {
    one: Row,
    mine: bool,
    roles: Vec<RoleShown>,
    faults: Vec<FieldFault>,
    made: Option<(String, String)>,
    done: &'static str,
}

fn roles() -> Vec<RoleShown> {
    Role::ALL.map(|role| (role.as_str(), role.shown(), role.may())).to_vec()
}

async fn rows(state: &WebState) -> Result<Vec<Row>, WebError> {
    let with = state.desk.with_second_factor().await?;
    let shown = state.desk.officers().await?.into_iter().map(|row| Row {
        role: row.officer.role.shown(),
        second_factor: with.contains(&row.officer.id),
        row,
    });
    Ok(shown.collect())
}

async fn page(state: &WebState, signed: &Signed, shown: Shown) -> Result<Response, WebError> {
    let status = if shown.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let may_change = permit(signed.0.role, signed.0.id, Ask::ChangeAccounts).is_ok();
    let shown = Shown { list: rows(state).await?, may_change, roles: roles(), ..shown };
    Ok((status, state.page_for("users.html", signed, "/users", shown).await?).into_response())
}

pub(super) async fn list(State(state): State<WebState>, signed: Signed) -> Result<Response, WebError> {
    signed.must(Ask::ReadAccounts)?;
    page(&state, &signed, Shown::default()).await
}

/// What is wrong with a new account's fields, as far as it is seen without asking the store. Pure.
fn faults(form: &AccountForm) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if form.name.trim().is_empty() {
        faults.push(FieldFault::new("name", "Enter the name as colleagues should see it"));
    }
    if form.email.trim().parse::<lettre::Address>().is_err() {
        faults.push(FieldFault::new("email", "Enter an email address in the correct form, like name@example.com"));
    }
    if form.role.parse::<Role>().is_err() {
        faults.push(FieldFault::new("role", "Select what the account is for"));
    }
    faults
}

pub(super) async fn add(
    State(state): State<WebState>,
    signed: Signed,
    form: Result<Form<AccountForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::ChangeAccounts)?;
    let Form(form) = form?;
    let wrong = faults(&form);
    let (Ok(role), true) = (form.role.parse::<Role>(), wrong.is_empty()) else {
        return page(&state, &signed, Shown { form, faults: wrong, ..Shown::default() }).await;
    };
    let account = (form.email.trim(), form.name.trim(), role);
    match state.desk.add_account(&signed.0, account, state.clock.now()).await {
        Ok(password) => {
            let made = Some((form.email.trim().to_lowercase(), password.expose_secret().to_owned()));
            page(&state, &signed, Shown { made, ..Shown::default() }).await
        }
        Err(DeskError::Refused(text)) => {
            let faults = vec![FieldFault { field: "email", text }];
            page(&state, &signed, Shown { form, faults, ..Shown::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn one(
    state: &WebState,
    signed: &Signed,
    id: Uuid,
    (faults, made, done): (Vec<FieldFault>, Option<SecretString>, &'static str),
) -> Result<Response, WebError> {
    let one = rows(state).await?.into_iter().find(|row| row.row.officer.id == id).ok_or(WebError::NotFound)?;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let made = made.map(|made| (one.row.officer.email.clone(), made.expose_secret().to_owned()));
    let shown = One { mine: id == signed.0.id, one, roles: roles(), faults, made, done };
    Ok((status, state.page_for("user.html", signed, "/users", shown).await?).into_response())
}

fn key(text: &str) -> Result<Uuid, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    signed.must(Ask::ChangeAccounts)?;
    one(&state, &signed, key(&id)?, (Vec::new(), None, "")).await
}

/// The address of a form, opened directly.
pub(super) async fn back(signed: Signed, Path((id, _)): Path<(String, String)>) -> Result<Redirect, WebError> {
    signed.must(Ask::ChangeAccounts)?;
    Ok(Redirect::to(&format!("/users/{}", key(&id)?)))
}

pub(super) async fn change(
    State(state): State<WebState>,
    signed: Signed,
    Path((id, action)): Path<(String, String)>,
    form: Result<Form<AccountForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::ChangeAccounts)?;
    let (id, Form(form)) = (key(&id)?, form?);
    let (change, done) = match action.as_str() {
        "close" => (AccountChange::Close, "The account is closed."),
        "open" => (AccountChange::Open, "The account is open again."),
        "password" => (AccountChange::Password, ""),
        "second-factor" => (
            AccountChange::ForgetSecondFactor,
            "The second factor is taken off. They can set up another when they sign in.",
        ),
        "role" => match form.role.parse() {
            Ok(role) => (AccountChange::Role(role), "What the account may do is changed."),
            Err(_) => {
                let faults = vec![FieldFault::new("role", "Select what the account is for")];
                return one(&state, &signed, id, (faults, None, "")).await;
            }
        },
        _ => return Err(WebError::NotFound),
    };
    match state.desk.change_account(&signed.0, id, change, state.clock.now()).await {
        Ok(made) => one(&state, &signed, id, (Vec::new(), made, done)).await,
        Err(DeskError::Refused(text)) => {
            let field = if action == "role" { "role" } else { "account" };
            one(&state, &signed, id, (vec![FieldFault { field, text }], None, "")).await
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_is_wrong_is_named() {
        let fields = |form: &AccountForm| faults(form).into_iter().map(|fault| fault.field).collect::<Vec<_>>();
        assert_eq!(fields(&AccountForm::default()), ["name", "email", "role"]);
        let whole = AccountForm {
            name: "Dara Quill".into(),
            email: "dara.quill@calderbeck.example".into(),
            role: "panel_member".into(),
        };
        assert!(fields(&whole).is_empty());
        assert_eq!(fields(&AccountForm { role: "root".into(), ..whole }), ["role"]);
    }
}
