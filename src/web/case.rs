//! One case: what came, why Heard thinks so, the clock, the history, and what an officer may do about it.

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::{Form, FormRejection};
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::{Ask, Sees, permit},
    desk::{DeskAction, DeskError},
    errors::WebError,
    session::Signed,
    views::{CaseView, QueueFilter, QueueQuery},
};
use crate::{
    casework::Given,
    ids::{CaseReference, NotAReference, Uuid},
    labelling::labels::{Act, Procedure, Suggestion, Theme},
    procedure::event::{PointOutcome, Safeguarding},
};

mod extend;
mod form;

use form::{CaseForm, Entered};

/// The longest reason that is taken, in characters.
const REASON_CHARS: usize = 2_000;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    done: Option<String>,
}

/// One wrong field: where it is on the page and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct FieldFault {
    pub field: &'static str,
    pub text: String,
}

impl FieldFault {
    pub fn new(field: &'static str, text: &str) -> Self {
        Self { field, text: text.to_owned() }
    }

    /// What was typed for a case's reference is none.
    pub fn no_reference(field: &'static str, typed: &str, why: &NotAReference) -> Self {
        Self { field, text: format!("“{typed}” is no reference: {why}") }
    }
}

/// A word and what is shown for it, for selects and radios.
type Choice = (&'static str, &'static str);

#[derive(Debug, Serialize)]
struct Shown {
    case: CaseView,
    /// What was just done: the last part of the form's address.
    done: Option<String>,
    /// After a decision: the next case to confirm, and how many there are.
    next: Option<(String, u64)>,
    entered: Entered,
    /// How likely the suggested act is (0 to 1).
    act_probability: Option<f64>,
    can_undo: bool,
    mine: bool,
    /// Officers a manager may give the case to.
    colleagues: Vec<(Uuid, String)>,
    dissatisfied_acts: Vec<Choice>,
    other_acts: Vec<Choice>,
    procedures: Vec<Choice>,
    themes: Vec<Choice>,
    outcomes: Vec<Choice>,
}

fn choices(dissatisfied: bool) -> Vec<Choice> {
    let acts = Act::ALL.iter().filter(|act| act.is_dissatisfaction() == dissatisfied);
    acts.map(|act| (act.as_str(), act.shown())).collect()
}

fn probability_of_act(suggestion: &Suggestion) -> Option<f64> {
    let place = Act::ALL.iter().position(|act| *act == suggestion.act)?;
    suggestion.act_scores.get(place).copied()
}

async fn page(
    state: &WebState,
    signed: &Signed,
    case: CaseView,
    done: Option<String>,
    entered: Entered,
) -> Result<Html<String>, WebError> {
    let next = match done.as_deref() {
        Some("confirm" | "reclassify" | "not-a-complaint") => {
            next_of(state, signed, QueueFilter::ToConfirm, &case.reference).await?
        }
        Some("merge" | "keep-apart") => next_of(state, signed, QueueFilter::Possible, &case.reference).await?,
        _ => None,
    };
    let me = &signed.0;
    let colleagues = colleagues(state, signed).await?;
    let may_undo = |by: Option<Uuid>| permit(me.role, me.id, Ask::Undo { done_by: by }).is_ok();
    let shown = Shown {
        can_undo: case.undo.as_ref().is_some_and(|undo| may_undo(undo.by.as_ref().map(|by| by.id))),
        mine: case.assigned_to.as_ref().is_some_and(|officer| officer.id == me.id),
        colleagues,
        done,
        next,
        entered,
        act_probability: case.suggestion.as_ref().and_then(probability_of_act),
        dissatisfied_acts: choices(true),
        other_acts: choices(false),
        procedures: Procedure::ALL.iter().map(|word| (word.as_str(), word.shown())).collect(),
        themes: Theme::ALL.iter().map(|word| (word.as_str(), word.shown())).collect(),
        outcomes: PointOutcome::ALL.map(|word| (word.as_str(), word.shown())).to_vec(),
        case,
    };
    let page = if shown.case.anonymised_at.is_some() { "case-anonymised.html" } else { "case.html" };
    Ok(state.page_for(page, signed, "/", &shown).await?)
}

/// The officers whom `signed` may give a case to: all for a complaints manager, nobody for others.
pub(super) async fn colleagues(state: &WebState, signed: &Signed) -> Result<Vec<(Uuid, String)>, WebError> {
    if permit(signed.0.role, signed.0.id, Ask::Assign { to: Uuid::nil() }).is_err() {
        return Ok(Vec::new());
    }
    let officers = state.desk.officers().await?.into_iter();
    let may_get = officers.filter(|row| !row.disabled && row.officer.role.sees() == Sees::EveryCase);
    Ok(may_get.map(|row| (row.officer.id, row.officer.name)).collect())
}

/// The first case of `filter` after this one, and how many there are.
async fn next_of(
    state: &WebState,
    signed: &Signed,
    filter: QueueFilter,
    this: &str,
) -> Result<Option<(String, u64)>, WebError> {
    let query = QueueQuery { filter, page: 1, ..QueueQuery::default() };
    let queue = state.desk.queue(&query, &signed.0, state.clock.now()).await?;
    let next = queue.rows.iter().find(|row| row.reference != this);
    Ok(next.map(|row| (row.reference.clone(), queue.total)))
}

pub(super) fn reference(text: &str) -> Result<CaseReference, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    Query(Wanted { done }): Query<Wanted>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    let case = state.desk.case(reference(&wanted)?, &signed.0, state.clock.now()).await?;
    Ok(page(&state, &signed, case, done, Entered::default()).await?.into_response())
}

/// The address of a form, opened directly: back to its case.
pub(super) async fn back(_: Signed, Path((wanted, _)): Path<(String, String)>) -> Result<Redirect, WebError> {
    Ok(Redirect::to(&format!("/cases/{}", reference(&wanted)?)))
}

pub(super) async fn act(
    State(state): State<WebState>,
    signed: Signed,
    Path((wanted, what)): Path<(String, String)>,
    form: Result<Form<CaseForm>, FormRejection>,
) -> Result<Response, WebError> {
    let reference = reference(&wanted)?;
    let Form(form) = form?;
    let now = state.clock.now();
    let case = state.desk.peek(reference, &signed.0, now).await?;
    let ask = match what.as_str() {
        "confirm" | "reclassify" | "not-a-complaint" | "accept-sender" | "own-case" | "merge" | "keep-apart"
        | "move" | "untie" | "subject" | "admit" | "close" | "reopen" | "extend" | "read-alert" | "allegation"
        | "designated-officer" => Ask::Triage,
        "told" => Ask::MendPost,
        "assign" => Ask::Assign { to: form.to.parse().map_err(|_| WebError::BadForm)? },
        "undo" => Ask::Undo { done_by: case.undo.as_ref().and_then(|undo| undo.by.as_ref()).map(|by| by.id) },
        _ => return Err(WebError::NotFound),
    };
    signed.must(ask)?;
    let version = form.version.parse::<i64>().map_err(|_| WebError::BadForm)?;
    if version != case.version {
        return Err(changed(&case));
    }
    let action = match action(&what, &form) {
        Ok(action) => action,
        Err(faults) => return again(&state, &signed, reference, what, form, faults).await,
    };
    if what == "extend" && ["look", "own"].contains(&form.what.as_str()) {
        return extend::look(&state, &signed, reference, form, None).await;
    }
    match state.desk.act(reference, &signed.0, version, action, now).await {
        Ok(done) => {
            let at = done.go_on.unwrap_or(reference);
            Ok(Redirect::to(&format!("/cases/{at}?done={what}")).into_response())
        }
        Err(DeskError::Changed) => Err(changed(&state.desk.peek(reference, &signed.0, now).await?)),
        // What is wrong with the officer's own words is said where they stand.
        Err(DeskError::Refused(text)) if what == "extend" && extend::words(&form).is_some() => {
            extend::look(&state, &signed, reference, form, Some(text)).await
        }
        Err(DeskError::Refused(text)) => {
            let field = match what.as_str() {
                "merge" | "move" => "other",
                "subject" => "who",
                "admit" => "admit",
                "close" | "reopen" => "close",
                "extend" => "extend",
                "read-alert" => "read-alert",
                "allegation" | "designated-officer" => "allegation",
                _ => "decide",
            };
            let faults = vec![FieldFault { field, text }];
            again(&state, &signed, reference, what, form, faults).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The case that a form is about, and the version it was shown in, if that is still the case's.
pub(super) async fn unchanged(
    state: &WebState,
    signed: &Signed,
    reference: CaseReference,
    version: &str,
) -> Result<(CaseView, i64), WebError> {
    let case = state.desk.peek(reference, &signed.0, state.clock.now()).await?;
    let version = version.parse::<i64>().map_err(|_| WebError::BadForm)?;
    if version == case.version { Ok((case, version)) } else { Err(changed(&case)) }
}

pub(super) fn changed(case: &CaseView) -> WebError {
    let last = case.history.first().map(|entry| format!("{}, by {}", entry.title, entry.by));
    WebError::Changed { reference: case.reference.clone(), last }
}

/// The case once more, with what is wrong about the document: its kind and name as they were entered.
pub(super) async fn show_again(
    state: &WebState,
    signed: &Signed,
    reference: CaseReference,
    (target, other): (String, String),
    faults: Vec<FieldFault>,
) -> Result<Response, WebError> {
    again(state, signed, reference, "documents".to_owned(), CaseForm { target, other, ..CaseForm::default() }, faults)
        .await
}

async fn again(
    state: &WebState,
    signed: &Signed,
    reference: CaseReference,
    what: String,
    form: CaseForm,
    faults: Vec<FieldFault>,
) -> Result<Response, WebError> {
    entered_again(state, signed, reference, Entered { faults, ..Entered::of(&what, form) }).await
}

/// The case's page with what was entered. Without a fault it is no fault to look at a letter.
async fn entered_again(
    state: &WebState,
    signed: &Signed,
    reference: CaseReference,
    entered: Entered,
) -> Result<Response, WebError> {
    let status = if entered.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    // The whole case is shown once more, so it is a look like any other.
    let case = state.desk.case(reference, &signed.0, state.clock.now()).await?;
    let page = page(state, signed, case, None, entered).await?;
    Ok((status, page).into_response())
}

/// What the form asks for, or every field that is wrong. Pure.
fn action(what: &str, form: &CaseForm) -> Result<DeskAction, Vec<FieldFault>> {
    let fault = |field, text: &str| FieldFault { field, text: text.to_owned() };
    match what {
        "confirm" => Ok(DeskAction::Confirm),
        "undo" => Ok(DeskAction::Undo),
        "told" => match form.reason.trim() {
            "" => Err(vec![fault("told", "Enter how they were told")]),
            why if why.chars().count() > REASON_CHARS => {
                Err(vec![fault("told", "This must be 2,000 characters or fewer")])
            }
            why => Ok(DeskAction::Told { why: why.to_owned() }),
        },
        "accept-sender" | "own-case" => match (messages(form).as_deref(), what) {
            (Some(&[message]), "own-case") => Ok(DeskAction::Move { messages: vec![message], to: None }),
            (Some(&[message]), _) => Ok(DeskAction::AcceptSender { message }),
            _ => Err(vec![fault("decide", "Choose a message that waits to be verified")]),
        },
        "subject" => match (form.who.trim(), form.is.as_str()) {
            ("", _) => Err(vec![fault("who", "Enter the name or the work address of the member of staff")]),
            (who, is) => Ok(DeskAction::SetSubject { who: who.to_owned(), is: is == "yes" }),
        },
        "extend" => Ok(DeskAction::Extend {
            reason: reason(form, "extend", "Enter why it takes longer: the family gets it")?.replace("\r\n", "\n"),
            given: match form.other.trim() {
                "" => Given::by_letter(extend::words(form), Vec::new()),
                how => Given::Otherwise(how.to_owned()),
            },
        }),
        "close" => Ok(DeskAction::Close { reason: reason(form, "close", "Enter why it is closed")? }),
        "reopen" => Ok(DeskAction::Reopen { reason: reason(form, "close", "Enter why it is opened again")? }),
        "admit" => Ok(DeskAction::AdmitManager {
            reason: reason(form, "admit", "Enter why the line manager may deal with it")?,
            email: form.who.clone(),
        }),
        "read-alert" => {
            let what = reason(form, "read-alert", "Enter what you did or decided")?;
            Ok(DeskAction::Safeguarding(Safeguarding::Read { what }))
        }
        "allegation" => Ok(DeskAction::Safeguarding(Safeguarding::Allegation { is: form.is == "yes" })),
        "designated-officer" => {
            let how = reason(form, "allegation", "Enter how and when the Designated Officer was told")?;
            Ok(DeskAction::Safeguarding(Safeguarding::DesignatedOfficerTold { outbox: None, how }))
        }
        "keep-apart" => Ok(DeskAction::KeepApart),
        "untie" => Ok(DeskAction::Untie),
        "merge" => other(form, "other").map(|with| DeskAction::Merge { with }),
        "move" => {
            let mut faults = Vec::new();
            let messages = messages(form).filter(|messages| !messages.is_empty());
            if messages.is_none() {
                faults.push(fault("message", "Select the messages that belong elsewhere"));
            }
            let to = match form.target.as_str() {
                "own" => Ok(None),
                "other" => other(form, "move-other").map(Some),
                _ => Err(vec![fault("target", "Select where they belong")]),
            };
            match (messages, to) {
                (Some(messages), Ok(to)) => Ok(DeskAction::Move { messages, to }),
                (_, to) => {
                    faults.extend(to.err().unwrap_or_default());
                    Err(faults)
                }
            }
        }
        "assign" => match form.to.parse() {
            Ok(to) => Ok(DeskAction::Assign { to }),
            Err(_) => Err(vec![fault("to", "Select who to give the case to")]),
        },
        "reclassify" => {
            let act = form.act.parse::<Act>().ok().filter(|act| act.is_dissatisfaction());
            let (procedure, theme) = (form.procedure.parse::<Procedure>().ok(), form.theme.parse::<Theme>().ok());
            if let (Some(act), Some(procedure), Some(theme)) = (act, procedure, theme) {
                return Ok(DeskAction::Reclassify { act, procedure, theme });
            }
            let mut faults = Vec::new();
            if act.is_none() {
                faults.push(fault("reclassify-act", "Select whether it is a complaint or a concern"));
            }
            if procedure.is_none() {
                faults.push(fault("procedure", "Select which procedure applies"));
            }
            if theme.is_none() {
                faults.push(fault("theme", "Select what it is mainly about"));
            }
            Err(faults)
        }
        _ => {
            let act = form.act.parse::<Act>().ok().filter(|act| !act.is_dissatisfaction());
            let reason = form.reason.trim();
            let mut faults = Vec::new();
            if act.is_none() {
                faults.push(fault("not-act", "Select what the message is instead"));
            }
            if reason.is_empty() {
                faults.push(fault("reason", "Enter why it is not a complaint"));
            } else if reason.chars().count() > REASON_CHARS {
                faults.push(fault("reason", "The reason must be 2,000 characters or fewer"));
            }
            match act {
                Some(act) if faults.is_empty() => Ok(DeskAction::NotAComplaint { act, reason: reason.to_owned() }),
                _ => Err(faults),
            }
        }
    }
}

/// The messages that were chosen; None where one is none.
fn messages(form: &CaseForm) -> Option<Vec<Uuid>> {
    form.message.iter().map(|message| message.parse().ok()).collect()
}

/// The reason that was entered.
fn reason(form: &CaseForm, field: &'static str, missing: &str) -> Result<String, Vec<FieldFault>> {
    match form.reason.trim() {
        "" => Err(vec![FieldFault::new(field, missing)]),
        why if why.chars().count() > REASON_CHARS => {
            Err(vec![FieldFault::new(field, "The reason must be 2,000 characters or fewer")])
        }
        why => Ok(why.to_owned()),
    }
}

/// The other case that was entered.
fn other(form: &CaseForm, field: &'static str) -> Result<CaseReference, Vec<FieldFault>> {
    match form.other.trim() {
        "" => Err(vec![FieldFault::new(field, "Enter the reference of the other case, for example HRD-26-00042-K")]),
        text => text.parse().map_err(|why| vec![FieldFault::no_reference(field, text, &why)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(what: &str, form: &CaseForm) -> Vec<&'static str> {
        action(what, form).unwrap_err().into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn saying_that_it_is_not_a_complaint_needs_what_it_is_and_why() {
        let form = |act: &str, reason: &str| CaseForm { act: act.into(), reason: reason.into(), ..CaseForm::default() };
        assert_eq!(fields("not-a-complaint", &form("", "  ")), ["not-act", "reason"]);
        assert_eq!(fields("not-a-complaint", &form("enquiry", "")), ["reason"]);
        assert_eq!(fields("not-a-complaint", &form("complaint", "why")), ["not-act"]);
        assert_eq!(fields("not-a-complaint", &form("enquiry", &"x".repeat(2_001))), ["reason"]);
        assert_eq!(
            action("not-a-complaint", &form("enquiry", " She asks for a date. ")),
            Ok(DeskAction::NotAComplaint { act: Act::Enquiry, reason: "She asks for a date.".into() })
        );
    }

    #[test]
    fn a_case_is_only_reclassified_within_dissatisfaction() {
        let form = |act: &str| CaseForm {
            act: act.into(),
            procedure: "corporate".into(),
            theme: "delay".into(),
            ..CaseForm::default()
        };
        assert_eq!(fields("reclassify", &form("enquiry")), ["reclassify-act"]);
        assert_eq!(fields("reclassify", &CaseForm::default()), ["reclassify-act", "procedure", "theme"]);
        let (procedure, theme) = (Procedure::Corporate, Theme::Delay);
        assert_eq!(
            action("reclassify", &form("concern")),
            Ok(DeskAction::Reclassify { act: Act::Concern, procedure, theme })
        );
    }
}
