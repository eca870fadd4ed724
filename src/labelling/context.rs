//! How a message came, where that is known: told to the heads beside its words. Pure.

use serde::{Deserialize, Serialize};

/// Who wrote, seen from the council.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sender {
    /// Not told.
    #[default]
    Unknown,
    /// The council's own staff.
    Staff,
    /// Anybody else.
    Outside,
}

/// Where it came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Door {
    /// Not told.
    #[default]
    Unknown,
    /// A complaints mailbox.
    Complaints,
    /// A manager's mailbox, or one that managers forward to.
    Manager,
    /// Chat.
    Chat,
    /// A web form.
    Form,
}

/// How a message came. Nothing is known by default, and the heads are trained to do without it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Context {
    /// Who wrote.
    pub sender: Sender,
    /// Where it came in.
    pub door: Door,
    /// Its headers say that a machine sent it, or that it went to many.
    pub automatic: bool,
}

/// Numbers that stand for a [`Context`].
pub const CONTEXT: usize = 9;

impl Context {
    /// What is known, in words that are put before the message; empty if nothing is.
    #[must_use]
    pub fn words(self) -> String {
        let automatic = if self.automatic { "automatic" } else { "" };
        let sender = match self.sender {
            Sender::Unknown => "",
            Sender::Staff => "from staff",
            Sender::Outside => "from outside",
        };
        let door = match self.door {
            Door::Unknown => "",
            Door::Complaints => "to complaints",
            Door::Manager => "to manager",
            Door::Chat => "by chat",
            Door::Form => "by form",
        };
        [automatic, sender, door].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// A manager's mail or a machine's: most of it is nobody's complaint. What came to a complaints mailbox, a form or chat,
    /// or nobody knows how, is not.
    #[must_use]
    pub fn is_everyday(self) -> bool {
        self.automatic || self.door == Door::Manager
    }

    /// One number for each thing that may be known, 0 or 1; all 0 if nothing is.
    #[must_use]
    pub fn numbers(self) -> [f32; CONTEXT] {
        let staff = self.sender == Sender::Staff;
        let outside = self.sender == Sender::Outside;
        let manager = self.door == Door::Manager;
        [
            staff,
            outside,
            self.door == Door::Complaints,
            manager,
            self.door == Door::Chat,
            self.door == Door::Form,
            self.automatic,
            staff && manager,
            outside && manager,
        ]
        .map(|known| f32::from(u8::from(known)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_known_is_all_zeros_and_every_fact_has_its_place() {
        assert_eq!(Context::default().numbers(), [0.0; CONTEXT]);
        assert_eq!(Context::default().words(), "");
        let staff = Context { sender: Sender::Staff, door: Door::Manager, automatic: true };
        assert_eq!(staff.words(), "automatic from staff to manager");
        assert_eq!(staff.numbers(), [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0]);
    }
}
