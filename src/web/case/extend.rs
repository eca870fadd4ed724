//! The letter that says that the answer takes longer, looked at before it goes, in the officer's own words if they want.

use axum::response::Response;

use super::{CaseForm, Entered, FieldFault, entered_again};
use crate::{
    ids::CaseReference,
    web::{
        WebState,
        desk::About,
        errors::WebError,
        letter::{Words, look_at},
        session::Signed,
    },
};

/// The words of the letter that the officer typed, where they are other than the template's.
pub(super) fn words(form: &CaseForm) -> Option<String> {
    if form.what == "own" { None } else { Words::changed(&form.letter, &form.letter_was) }
}

/// The case's page with the letter as it would go, or what is wrong with it; or why it was `refused`.
pub(super) async fn look(
    state: &WebState,
    signed: &Signed,
    reference: CaseReference,
    form: CaseForm,
    refused: Option<String>,
) -> Result<Response, WebError> {
    let words = words(&form);
    let mut entered = Entered::of("extend", form);
    let seen = look_at(state, signed, reference, About::Extension(&entered.reason), words).await?;
    let mut fault = |field, text: Option<String>| entered.faults.extend(text.map(|text| FieldFault { field, text }));
    fault("extend-letter", seen.wrong_words);
    fault("extend", seen.no_letter.or(seen.refused));
    // The words are right, and something else is not.
    if entered.faults.is_empty() {
        entered.faults.extend(refused.map(|text| FieldFault { field: "extend", text }));
    }
    (entered.letter, entered.words) = (seen.letter, seen.words);
    entered_again(state, signed, reference, entered).await
}
