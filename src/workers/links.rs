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
    store::track,
};

/// Fills the places of a letter. The reason why it may not go, if one cannot be filled.
pub(super) async fn fill(engine: &Engine, message: &mut Outgoing) -> Result<Option<&'static str>, StepError> {
    let in_html = message.html.iter().flat_map(|html| places(html));
    let found: BTreeSet<Place> = places(&message.text).into_iter().chain(in_html).collect();
    let mut given: BTreeMap<Place, String> = BTreeMap::new();
    for place in found.iter().copied() {
        let (Place::Link(id) | Place::Figures(id, _)) = place;
        let known = track::get(&mut engine.store.begin_read().await?, id).await?;
        // A link goes to whom it was made for and to nobody else, whatever anybody wrote into a letter.
        let Some(link) = known.filter(|link| link.address.eq_ignore_ascii_case(&message.to)) else { continue };
        let keys = &engine.office.keys;
        let word = match place {
            Place::Figures(id, asked_at) => keys.track_figures(id, asked_at),
            Place::Link(id) => {
                let hash = |code: &str| data_encoding::HEXLOWER.encode(&Sha256::digest(code.as_bytes()));
                match keys.track_codes(id).find(|code| hash(code) == link.code_hash) {
                    Some(code) => code,
                    None => {
                        return Ok(Some(
                            "the key was changed twice since its link was made: send a new link from the case",
                        ));
                    }
                }
            }
        };
        given.insert(place, word);
    }
    if !found.is_empty() {
        // A place that is not theirs leads to the page that says how to get a link.
        let in_full = |text: &String| shown(&filled(text, |place| given.get(&place).cloned()));
        (message.text, message.html) = (in_full(&message.text), message.html.as_ref().map(in_full));
    }
    Ok(None)
}
