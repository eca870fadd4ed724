//! Who writes about a case besides the complainant's own address: their other addresses, and who complains together with them.

use axum::{
    Form,
    extract::{Path, Query, State, rejection::FormRejection},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::Ask,
    case::{FieldFault, changed, reference, unchanged},
    desk::{DeskAction, DeskError},
    errors::WebError,
    people::MOST_CHARS,
    session::Signed,
    views::CaseView,
};
use crate::procedure::event::{Group, Member, Safeguarding};

/// Most members of a group.
const MOST_MEMBERS: usize = 500;

/// What was just done: the last part of the form's address.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    done: Option<String>,
}

/// Any of the page's forms.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct WhoForm {
    #[serde(default)]
    version: String,
    /// `same-person`, `another-person`, `group`, `no-group`, `do-not-reply` or `may-reply`.
    #[serde(default)]
    what: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    contact: String,
    /// An address of somebody in the case, as it is.
    #[serde(default)]
    key: String,
    #[serde(default)]
    name: String,
    /// One a line: a name, an address, or both.
    #[serde(default)]
    members: String,
}

#[derive(Serialize)]
struct Shown {
    case: CaseView,
    done: Option<String>,
    form: WhoForm,
    faults: Vec<FieldFault>,
}

/// The forms as they are first shown.
fn filled_in(case: &CaseView) -> WhoForm {
    let group = case.people.group.clone().unwrap_or_default();
    WhoForm {
        address: case.people.unknown_addresses.first().cloned().unwrap_or_default(),
        name: group.name,
        members: group.members.iter().map(line).collect::<Vec<_>>().join("\n"),
        ..WhoForm::default()
    }
}

/// A member, as it is typed.
fn line(member: &Member) -> String {
    [&member.name, &member.address].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
}

/// A line of the form: `Name, address`, `Name <address>`, or either of the two. Pure.
fn member(line: &str) -> Result<Member, String> {
    let separates = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')');
    let address = line.split(separates).find(|word| word.contains('@'));
    if address.is_some_and(|address| address.parse::<lettre::Address>().is_err()) {
        return Err(format!("“{line}”: enter the email address in the correct form, like name@example.com"));
    }
    let name = address.map_or_else(|| line.to_owned(), |address| line.replacen(address, "", 1));
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_matches(separates);
    if name.chars().count() > MOST_CHARS {
        return Err(format!("“{line}”: a name must be {MOST_CHARS} characters or fewer"));
    }
    Ok(Member {
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        address: address.map(str::to_lowercase),
        contact: None,
    })
}

/// What a form asks for, or every field that is wrong. Pure.
fn action(form: &WhoForm) -> Result<DeskAction, Vec<FieldFault>> {
    match form.what.as_str() {
        "same-person" => {
            let address = form.address.trim();
            match address.parse::<lettre::Address>() {
                Ok(_) => Ok(DeskAction::SamePerson { address: address.to_owned() }),
                Err(_) => {
                    let text = "Enter an email address in the correct form, like name@example.com";
                    Err(vec![FieldFault::new("address", text)])
                }
            }
        }
        "another-person" => match form.contact.parse() {
            Ok(contact) => Ok(DeskAction::AnotherPerson { contact }),
            Err(_) => Err(vec![FieldFault::new("address", "Choose the address that is somebody else’s")]),
        },
        "do-not-reply" | "may-reply" => {
            let (address, is) = (form.key.trim().to_owned(), form.what == "do-not-reply");
            Ok(DeskAction::Safeguarding(Safeguarding::DoNotReply { address, is }))
        }
        "no-group" => Ok(DeskAction::SetGroup(None)),
        _ => group(form).map(|group| DeskAction::SetGroup(Some(group))),
    }
}

fn group(form: &WhoForm) -> Result<Group, Vec<FieldFault>> {
    let name = form.name.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut faults = Vec::new();
    if name.is_empty() {
        faults.push(FieldFault::new("name", "Enter what the group is called, or how they came together"));
    }
    if name.chars().count() > MOST_CHARS {
        let text = format!("What the group is called must be {MOST_CHARS} characters or fewer");
        faults.push(FieldFault { field: "name", text });
    }
    let lines = form.members.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut members: Vec<Member> = Vec::new();
    for typed in lines.map(member) {
        match typed {
            Ok(member) if members.contains(&member) => {}
            Ok(member) => members.push(member),
            Err(text) => faults.push(FieldFault { field: "members", text }),
        }
    }
    if members.is_empty() && faults.iter().all(|fault| fault.field != "members") {
        faults.push(FieldFault::new("members", "Enter who complains together, one on a line"));
    }
    if members.len() > MOST_MEMBERS {
        let text = format!("Enter no more than {MOST_MEMBERS} members: attach the whole list to the case by email");
        faults.push(FieldFault { field: "members", text });
    }
    if faults.is_empty() { Ok(Group { name, members }) } else { Err(faults) }
}

async fn page(state: &WebState, signed: &Signed, shown: Shown) -> Result<Response, WebError> {
    let status = if shown.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, state.page_for("case-people.html", signed, "/", shown).await?).into_response())
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    Query(Wanted { done }): Query<Wanted>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    signed.must(Ask::Triage)?;
    let case = state.desk.case(reference(&wanted)?, &signed.0, state.clock.now()).await?;
    let form = filled_in(&case);
    page(&state, &signed, Shown { case, done, form, faults: Vec::new() }).await
}

pub(super) async fn save(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    form: Result<Form<WhoForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::Triage)?;
    let reference = reference(&wanted)?;
    let Form(form) = form?;
    let now = state.clock.now();
    let (_, version) = unchanged(&state, &signed, reference, &form.version).await?;
    let faults = match action(&form) {
        Err(faults) => faults,
        Ok(action) => match state.desk.act(reference, &signed.0, version, action, now).await {
            Ok(_) => {
                return Ok(Redirect::to(&format!("/cases/{reference}/people?done={}", form.what)).into_response());
            }
            Err(DeskError::Changed) => return Err(changed(&state.desk.peek(reference, &signed.0, now).await?)),
            Err(DeskError::Refused(text)) => {
                let field = match form.what.as_str() {
                    "group" | "no-group" => "members",
                    "do-not-reply" | "may-reply" => "careful",
                    _ => "address",
                };
                vec![FieldFault { field, text }]
            }
            Err(error) => return Err(error.into()),
        },
    };
    let case = state.desk.case(reference, &signed.0, now).await?;
    // The other form keeps what is known.
    let known = filled_in(&case);
    let form = if form.what.contains("group") {
        WhoForm { address: known.address, ..form }
    } else if form.what.ends_with("-reply") {
        known
    } else {
        WhoForm { name: known.name, members: known.members, ..form }
    };
    page(&state, &signed, Shown { case, done: None, form, faults }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(name: &str, members: &str) -> WhoForm {
        WhoForm { what: "group".into(), name: name.into(), members: members.into(), ..WhoForm::default() }
    }

    #[test]
    fn members_are_read_as_people_write_them() {
        let read = |line: &str| member(line).map(|member| (member.name, member.address));
        let both = || Ok((Some("Ann Bell".to_owned()), Some("ann@mail.example".to_owned())));
        assert_eq!(read("Ann Bell, ann@mail.example"), both());
        assert_eq!(read("Ann  Bell <Ann@Mail.example>"), both());
        assert_eq!(read("ann@mail.example (Ann Bell)"), both());
        assert_eq!(read("Ann Bell"), Ok((Some("Ann Bell".to_owned()), None)));
        assert_eq!(read("ann@mail.example"), Ok((None, Some("ann@mail.example".to_owned()))));
        assert!(read("Ann, ann@@mail").unwrap_err().contains("correct form"));
    }

    #[test]
    fn a_group_has_a_name_and_members_and_each_once() {
        let fields = |form| group(&form).unwrap_err().into_iter().map(|fault| fault.field).collect::<Vec<_>>();
        assert_eq!(fields(entered("", " \n")), ["name", "members"]);
        assert_eq!(fields(entered("Forum", "Ann, ann@\nBo, bo@")), ["members", "members"]);
        let found = group(&entered(" Parents’  forum ", "Ann\n\nBo, bo@mail.example\nAnn\n")).unwrap();
        assert_eq!((found.name.as_str(), found.members.len()), ("Parents’ forum", 2));
        assert_eq!(found.members.iter().map(line).collect::<Vec<_>>(), ["Ann", "Bo, bo@mail.example"]);
    }
}
