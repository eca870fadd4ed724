//! The sorts of trouble with mailboxes and sending, in words that hold nothing about persons.

/// What is wrong with a way in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing answers there.
    Unreachable,
    /// Certificate or protocol.
    Tls,
    /// User, password or permission.
    SignIn,
    /// There is no token to sign in with.
    Token,
    /// The folder does not open.
    Folder,
    /// The connection breaks.
    Connection,
    /// A large message is not handed over.
    Withheld,
    /// Our own database.
    Database,
    /// The classifier, without which private mail is not judged.
    Classifier,
    /// A rule or a letter.
    Casework,
    /// The chat service.
    Chat,
    /// The folder where files are kept.
    Files,
    /// The thread that reads messages.
    Reader,
    /// Nothing at all is heard of it.
    Silent,
}

/// Trouble, its word in database and log, what is wrong, what to do.
type Entry = (Trouble, &'static str, &'static str, &'static str);

const ENTRIES: [Entry; 14] = [
    (
        Trouble::Unreachable,
        "mailbox unreachable",
        "the mail server cannot be reached",
        "check its name and port in the configuration, and that the firewall lets this machine out to it",
    ),
    (
        Trouble::Tls,
        "mailbox TLS",
        "the TLS connection to the mail server is refused",
        "ask whoever runs the mail server to look at its certificate",
    ),
    (
        Trouble::SignIn,
        "mailbox sign-in",
        "the mail server refuses the sign-in",
        "run heard doctor: it says whether it is the password, the token or a permission",
    ),
    (
        Trouble::Token,
        "token",
        "there is no token to sign in with",
        "run heard doctor: it says why the token is refused",
    ),
    (
        Trouble::Folder,
        "mailbox folder",
        "the folder cannot be opened",
        "check its name in the configuration, and that the account may read it",
    ),
    (
        Trouble::Connection,
        "mailbox connection",
        "the connection to the mail server breaks again and again",
        "run heard doctor; if it finds nothing, ask whoever runs the mail server",
    ),
    (
        Trouble::Withheld,
        "mailbox withholds a large message",
        "the mail server does not hand over all of a large message",
        "open that message in the mailbox itself, and ask whoever runs the mail server",
    ),
    (Trouble::Database, "database", "Heard's database cannot be used", "run heard doctor: it says how to mend it"),
    (
        Trouble::Classifier,
        "classifier",
        "the classifier does not answer, and without it private mail may not be judged",
        "run heard doctor: it says which file of the model is missing or broken",
    ),
    (Trouble::Casework, "casework", "a message cannot be settled", "look into Heard's log"),
    (
        Trouble::Chat,
        "chat",
        "the chat service does not answer or refuses",
        "run heard doctor: it checks the bot's token and the address",
    ),
    (
        Trouble::Files,
        "files folder",
        "files cannot be kept in Heard's own folder",
        "run heard doctor: it says what is wrong with the folder",
    ),
    (Trouble::Reader, "reader", "a part of the program failed", "start Heard again, and keep its log"),
    (
        Trouble::Silent,
        "silent",
        "nothing is heard of it at all: the part of the program that reads it has stopped or hangs",
        "start Heard again, and keep its log",
    ),
];

impl Trouble {
    fn entry(self) -> &'static Entry {
        let [first, ..] = &ENTRIES;
        ENTRIES.iter().find(|entry| entry.0 == self).unwrap_or(first)
    }

    /// The word for it in the database and in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.entry().1
    }

    /// The trouble of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        ENTRIES.iter().find(|entry| entry.1 == word).map(|entry| entry.0)
    }

    /// What is wrong.
    #[must_use]
    pub fn words(self) -> &'static str {
        self.entry().2
    }

    /// What to do.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        self.entry().3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_has_its_own_word_and_finds_itself_by_it() {
        for (trouble, word, words, remedy) in ENTRIES {
            assert_eq!((Trouble::parse(word), trouble.as_str()), (Some(trouble), word));
            assert_eq!((trouble.words(), trouble.remedy()), (words, remedy));
        }
    }
}
