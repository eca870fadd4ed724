//! How the desk tells the workers that there is something to do.

use std::sync::Arc;

use tokio::sync::Notify;

/// What wakes the workers.
#[derive(Clone)]
pub struct Wake {
    /// The reader: something is to be read.
    pub unread: Arc<Notify>,
    /// The sender: something is to be sent.
    pub outgoing: Arc<Notify>,
}
