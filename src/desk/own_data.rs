//! What is held about one person, for a request of their own.

use chrono::{DateTime, Utc};

use super::{Answer, StoreDesk};
use crate::web::{
    desk::{DeskError, Download},
    rights_views::{OwnDataAsk, PersonAsk, PersonView},
    views::Officer,
};

pub(super) async fn view(
    _desk: &StoreDesk,
    _ask: &PersonAsk,
    _officer: &Officer,
    _now: DateTime<Utc>,
) -> Answer<PersonView> {
    Err(DeskError::NotFound)
}

impl StoreDesk {
    pub(super) async fn make_own_data(
        &self,
        _ask: OwnDataAsk,
        _officer: &Officer,
        _now: DateTime<Utc>,
    ) -> Answer<Download> {
        Err(DeskError::NotFound)
    }
}
