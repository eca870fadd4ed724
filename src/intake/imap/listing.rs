//! What lies in a folder, by number and date only.

use chrono::{DateTime, TimeDelta, Utc};

use super::ImapMailbox;
use crate::intake::mailbox::{Listed, Listing, MailboxError};

/// Messages whose dates are asked for at once.
const TOGETHER: usize = 500;

impl ImapMailbox {
    /// The messages that arrived from `from` to just before `to`.
    pub(super) async fn listing(&mut self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Listing, MailboxError> {
        let (mut wire, opened) = self.opened().await?;
        // SEARCH knows days only, in whatever zone the server keeps them: a day more at each end, then the exact times.
        let day = TimeDelta::days(1);
        let uids = wire.uids_between((from - day).date_naive(), (to + day + day).date_naive()).await?;
        let mut messages = Vec::with_capacity(uids.len());
        for some in uids.chunks(TOGETHER) {
            let found = wire.fetch(some, "INTERNALDATE", 0).await?;
            let listed = found.into_iter().filter_map(|(uid, one)| Some(Listed { uid, arrived_at: one.arrived_at? }));
            messages.extend(listed.filter(|one| one.arrived_at >= from && one.arrived_at < to));
        }
        self.wire = Some(wire);
        Ok(Listing { uid_validity: opened.uid_validity, messages })
    }
}
