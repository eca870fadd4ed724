//! A letter that an officer looks at before it goes, perhaps in words of their own.

use serde::Serialize;

use super::{
    WebState,
    desk::{About, DeskError, StepLetter},
    errors::WebError,
    session::Signed,
    views::LetterView,
};
use crate::ids::CaseReference;

/// The words of a letter in a form.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Words {
    /// As they stand in the field.
    pub typed: String,
    /// As the template had them when the field was filled: the same words are no change.
    pub own: String,
}

impl Words {
    /// The officer's own words, if they are other than the template's.
    pub fn changed(typed: &str, own: &str) -> Option<String> {
        let plain = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        (!typed.trim().is_empty() && plain(typed) != plain(own)).then(|| typed.replace("\r\n", "\n"))
    }
}

/// What came of looking at a letter.
#[derive(Default)]
pub(super) struct Seen {
    /// As it would go.
    pub letter: Option<LetterView>,
    pub words: Words,
    /// Why none can go.
    pub no_letter: Option<String>,
    /// What is wrong with the officer's own words.
    pub wrong_words: Option<String>,
    /// Why what it tells of may not be done.
    pub refused: Option<String>,
}

/// The letter as it would go out now, in `words` if there are any.
pub(super) async fn look_at(
    state: &WebState,
    signed: &Signed,
    reference: CaseReference,
    about: About<'_>,
    words: Option<String>,
) -> Result<Seen, WebError> {
    Ok(match state.desk.step_letter(reference, &signed.0, (about, words.as_deref()), state.clock.now()).await {
        Ok(StepLetter::Goes { letter, own, fault: wrong_words }) => {
            let words = Words { typed: words.unwrap_or_else(|| own.clone()), own };
            Seen { letter: Some(letter), words, wrong_words, ..Seen::default() }
        }
        Ok(StepLetter::NoneGoes(why)) => Seen { no_letter: Some(why), ..Seen::default() },
        Err(DeskError::Refused(text)) => Seen { refused: Some(text), ..Seen::default() },
        Err(error) => return Err(error.into()),
    })
}
