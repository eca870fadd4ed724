//! The port that carries one message out: by SMTP, into a folder, or by chat.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use tokio_util::bytes::Bytes;

use crate::alerts::Trouble;

/// One message ready to go. It is complete before the first attempt and the same on every retry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// `Message-ID` without brackets, fixed when it was queued.
    pub message_id: String,
    /// Name and address in `From`.
    pub from_name: String,
    /// Address in `From`.
    pub from_address: String,
    /// Where answers should go (carries the case's keyed token), if not `from_address`.
    pub reply_to: Option<String>,
    /// The one recipient: an email address, or `telegram:<chat id>`.
    pub to: String,
    /// Subject; empty for chat.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML, for mail.
    pub html: Option<String>,
    /// Ids (without brackets) this answers.
    pub in_reply_to: Vec<String>,
    /// `References` ids (without brackets), oldest first.
    pub references: Vec<String>,
    /// True for what the program sends by itself: carries the headers of RFC 3834 and an empty return path.
    pub automatic: bool,
    /// Files that go with it. Without them it does not go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enclosures: Vec<Enclosure>,
    /// What can be pressed below it, row by row; chats show it, mail does not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Vec<ChatButton>>,
    /// Whether somebody must look first at whom it goes to. Settled when it is queued, and not kept.
    #[serde(skip)]
    pub look: Look,
}

/// A button below a message in a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatButton {
    /// What it says.
    pub label: String,
    /// The word that comes back when it is pressed: at most 64 bytes.
    pub word: String,
}

/// A file that goes with a message. What it is, is kept with the message; its bytes lie in the files folder and are read when it
/// is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// What it is called, with its ending.
    pub name: String,
    /// Media type by its bytes.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// The SHA-256 of its bytes, which is its name in the files folder.
    pub sha256: String,
    /// The program made it: no scanner has to say that it may go.
    #[serde(default)]
    pub own: bool,
    /// Its bytes, while it is being sent.
    #[serde(skip)]
    pub bytes: Option<Bytes>,
}

/// Whether somebody must look at whom a message goes to before it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// As the marks of officers say.
    #[default]
    Usual,
    /// Its address is one of those that nothing goes to unseen.
    First,
    /// An officer has looked and lets it go, or it goes to the council's own people.
    Done,
}

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Taken over by the next server, folder or chat service.
    Delivered,
    /// Not before so long from now: the service says itself when it takes messages again.
    Wait(std::time::Duration, String),
    /// Not this message now: a full mailbox, a busy server. To be tried again later.
    TryLater(String),
    /// Nothing can go out this way now: unreachable, a refused sign-in. To be tried again later like the one before.
    Unavailable(Trouble, String),
    /// Nothing said whether the service took it. To be tried again later; it may then arrive twice.
    Unsure(Trouble, String),
    /// Never: the server refused this message or this recipient for good. An officer must see it.
    Refused(String),
}

/// Carries messages out.
pub trait Courier: Send + Sync {
    /// Makes one attempt to deliver `message`.
    fn send<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Delivery>;

    /// The same, and calls `on_the_way` just before the last step that cannot be taken back: a program that ends between
    /// that call and the answer cannot know whether the message arrived. Not called by couriers whose repeated attempt
    /// nobody notices.
    fn send_noting<'a>(&'a self, message: &'a Outgoing, on_the_way: OnTheWay) -> BoxFuture<'a, Delivery> {
        drop(on_the_way);
        self.send(message)
    }
}

/// What is called when a message can no longer be held back.
pub type OnTheWay = Box<dyn FnOnce() + Send>;
