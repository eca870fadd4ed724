//! The file of a case as one download: an officer chooses what goes in, and which names are blacked out.

use std::collections::BTreeSet;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use axum_extra::extract::{Form, FormRejection};
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::Ask,
    bundle_views::{BundleAsk, BundleView, MOST_BYTES, MOST_ITEMS, Purpose},
    case::{FieldFault, reference},
    desk::DeskError,
    errors::WebError,
    files::handed_over,
    session::Signed,
};
use crate::ids::CaseReference;

/// Most names that are blacked out.
const MOST_NAMES: usize = 200;
/// Longest of them, in characters.
const NAME_CHARS: usize = 100;

/// What was chosen and typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct BundleForm {
    /// `make`, or `look` to see which files hold a name.
    #[serde(default)]
    what: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    item: Vec<String>,
    /// Files that are put in although a name occurs in them.
    #[serde(default)]
    same: Vec<String>,
    #[serde(default)]
    names: String,
    /// `yes`.
    #[serde(default)]
    staff: String,
}

#[derive(Serialize)]
struct Shown {
    reference: String,
    bundle: BundleView,
    form: BundleForm,
    purposes: Vec<(&'static str, &'static str)>,
    most_mb: u64,
    most_items: usize,
    looked: bool,
    faults: Vec<FieldFault>,
}

fn names(typed: &str) -> Vec<String> {
    typed.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// What is asked for, or every field that is wrong. Pure.
fn asked(form: &BundleForm, reference: CaseReference, council: &str) -> Result<BundleAsk, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let mut fault = |field, text: String| faults.push(FieldFault { field, text });
    let items: BTreeSet<String> = form.item.iter().cloned().collect();
    if items.is_empty() {
        fault("item-1", "Select what goes into the bundle".to_owned());
    }
    let purpose = Purpose::named(&form.purpose);
    if purpose.is_none() {
        fault("purpose", "Select what the bundle is for".to_owned());
    }
    let names = names(&form.names);
    if names.len() > MOST_NAMES {
        fault("names", format!("Enter no more than {MOST_NAMES} names"));
    }
    if names.iter().any(|name| name.chars().count() > NAME_CHARS) {
        fault("names", format!("Each name must be {NAME_CHARS} characters or fewer, one in each line"));
    }
    match purpose {
        Some(purpose) if faults.is_empty() => Ok(BundleAsk {
            reference,
            purpose,
            items,
            all_the_same: form.same.iter().cloned().collect(),
            names,
            staff: form.staff == "yes",
            council: council.to_owned(),
        }),
        _ => Err(faults),
    }
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
) -> Result<Html<String>, WebError> {
    signed.must(Ask::ReadCases)?;
    signed.must(Ask::Triage)?;
    let reference = reference(&wanted)?;
    let bundle = state.desk.bundle_list((reference, &signed.0), None, state.clock.now()).await?;
    let proposed = bundle.items.iter().filter(|item| item.ticked).map(|item| item.key.clone());
    let form = BundleForm { item: proposed.collect(), names: bundle.names.join("\n"), ..BundleForm::default() };
    page(&state, &signed, reference, (bundle, form), Vec::new()).await
}

async fn page(
    state: &WebState,
    signed: &Signed,
    reference: CaseReference,
    (bundle, form): (BundleView, BundleForm),
    faults: Vec<FieldFault>,
) -> Result<Html<String>, WebError> {
    let shown = Shown {
        reference: reference.to_string(),
        looked: form.what == "look" && faults.is_empty(),
        bundle,
        form,
        purposes: Purpose::ALL.map(|purpose| (purpose.as_str(), purpose.shown())).to_vec(),
        most_mb: MOST_BYTES / 1_000_000,
        most_items: MOST_ITEMS,
        faults,
    };
    Ok(state.page_for("case-bundle.html", signed, "/", &shown).await?)
}

pub(super) async fn make(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    form: Result<Form<BundleForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    signed.must(Ask::Triage)?;
    let reference = reference(&wanted)?;
    let now = state.clock.now();
    // Whoever may not open the case is told nothing of what is wrong with the form.
    state.desk.peek(reference, &signed.0, now).await?;
    let Form(form) = form?;
    let mut faults = Vec::new();
    if form.what != "look" {
        match asked(&form, reference, &state.council.name) {
            Err(found) => faults = found,
            Ok(ask) => match state.desk.bundle(ask, &signed.0, now).await {
                Ok(bundle) => return handed_over(bundle),
                Err(DeskError::Refused(text)) => faults.push(FieldFault { field: "item-1", text }),
                Err(error) => return Err(error.into()),
            },
        }
    }
    let typed: Vec<String> = names(&form.names).into_iter().take(MOST_NAMES).collect();
    let looked = Some((typed.as_slice(), form.staff == "yes"));
    let bundle = state.desk.bundle_list((reference, &signed.0), looked, now).await?;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page(&state, &signed, reference, (bundle, form), faults).await?).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_is_wrong_is_named() {
        let reference = CaseReference { year: 2026, number: 42 };
        let fields = |form: &BundleForm| -> Vec<&str> {
            asked(form, reference, "").err().unwrap_or_default().iter().map(|fault| fault.field).collect()
        };
        assert_eq!(fields(&BundleForm::default()), ["item-1", "purpose"]);
        let whole = BundleForm {
            purpose: "panel".into(),
            item: vec!["chronology".into()],
            names: " Sami Haddad \r\n\r\nJo".into(),
            ..BundleForm::default()
        };
        let ask = asked(&whole, reference, "Calderbeck").unwrap();
        assert_eq!((ask.names, ask.purpose), (vec!["Sami Haddad".to_owned(), "Jo".to_owned()], Purpose::Panel));
        assert_eq!(fields(&BundleForm { names: "x".repeat(101), ..whole.clone() }), ["names"]);
        assert_eq!(fields(&BundleForm { names: "Jo\n".repeat(201), ..whole }), ["names"]);
    }
}
