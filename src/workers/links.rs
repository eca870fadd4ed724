//! What stands in a letter that is kept nowhere: the code of a family's link, and the figures that open it. Put in just before the
//! letter goes; a second attempt puts in the same.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::{Engine, StepError};
use crate::{
    replies::{
        courier::Outgoing,
        tracking::{Place, filled, places, shown},
    },
    store::{survey, track},
};

/// Why a letter waits whose link cannot be made any more.
const NEW_LINK: &str = "the key was changed twice since its link was made: send a new link from the case";
/// The same, where no other is made.
const NO_SURVEY: &str = "the key was changed twice since its link was made: do not send it";

/// Fills the places of a letter. The reason why it may not go, if one cannot be filled.
pub(super) async fn fill(engine: &Engine, message: &mut Outgoing) -> Result<Option<&'static str>, StepError> {
    let in_html = message.html.iter().flat_map(|html| places(html));
    let found: BTreeSet<Place> = places(&message.text).into_iter().chain(in_html).collect();
    let mut given: BTreeMap<Place, String> = BTreeMap::new();
    for place in found.iter().copied() {
        let mut tx = engine.store.begin_read().await?;
        let known = match place {
            Place::Link(id) | Place::Figures(id, _) => {
                track::get(&mut tx, id).await?.map(|link| (link.address, link.code_hash))
            }
            Place::Survey(id) => survey::get(&mut tx, id).await?.map(|one| (one.address, one.code_hash)),
        };
        drop(tx);
        // A link goes to whom it was made for and to nobody else, whatever anybody wrote into a letter.
        let Some((_, code_hash)) = known.filter(|(address, _)| address.eq_ignore_ascii_case(&message.to)) else {
            continue;
        };
        let keys = &engine.office.keys;
        let is_it = |code: &String| data_encoding::HEXLOWER.encode(&Sha256::digest(code.as_bytes())) == code_hash;
        let (word, otherwise) = match place {
            Place::Figures(id, asked_at) => (Some(keys.track_figures(id, asked_at)), ""),
            Place::Link(id) => (keys.track_codes(id).find(is_it), NEW_LINK),
            Place::Survey(id) => (keys.survey_codes(id).find(is_it), NO_SURVEY),
        };
        match word {
            Some(word) => given.insert(place, word),
            None => return Ok(Some(otherwise)),
        };
    }
    if !found.is_empty() {
        // A place that is not theirs leads to the page that says how to get a link.
        let in_full = |text: &String| shown(&filled(text, |place| given.get(&place).cloned()));
        (message.text, message.html) = (in_full(&message.text), message.html.as_ref().map(in_full));
    }
    Ok(None)
}
