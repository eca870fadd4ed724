//! The letter that says that the answer takes longer, looked at before it goes, in the officer's own words if they want.

use axum::response::Response;

use super::{CaseForm, Entered, FieldFault, entered_again};
use crate::{
    ids::CaseReference,
    web::{
        WebState,
        desk::{About, DeskError, StepLetter},
        errors::WebError,
        session::Signed,
        steps::Words,
    },
};

/// The words of the letter that the officer typed, where they are other than the template's.
pub(super) fn words(form: &CaseForm) -> Option<String> {
    if form.what == "own" { None } else { Words::changed(&form.letter, &form.letter_was) }
}

/// The case's page with the letter as it would go, or what is wrong with it.
pub(super) async fn look(
    state: &WebState,
    signed: &Signed,
    reference: CaseReference,
    form: CaseForm,
) -> Result<Response, WebError> {
    let words = words(&form);
    let mut entered = Entered::of("extend", form);
    let about = About::Extension(&entered.reason);
    let mut fault = |field, text| entered.faults.push(FieldFault { field, text });
    match state.desk.step_letter(reference, &signed.0, (about, words.as_deref()), state.clock.now()).await {
        Ok(StepLetter::Goes { letter, own, fault: wrong }) => {
            if let Some(text) = wrong {
                fault("extend-letter", text);
            }
            entered.letter = Some(letter);
            entered.words = Words { typed: words.unwrap_or_else(|| own.clone()), own };
        }
        Ok(StepLetter::NoneGoes(why)) => fault("extend", why),
        Err(DeskError::Refused(text)) => fault("extend", text),
        Err(error) => return Err(error.into()),
    }
    entered_again(state, signed, reference, entered).await
}
