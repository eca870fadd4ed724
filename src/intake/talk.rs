//! One turn of a conversation in a chat, in one transaction: what was written goes into its case, the chat's state moves, and what
//! the bot says lies in the outbox. What is decided is [`conversation`]'s.

use chrono::{DateTime, SubsecRound, Utc};
use subtle::ConstantTimeEq;

use super::{
    channel::{Pressed, Wrote},
    conversation::{self, Asking, Button, Chat, Checked, Input, Known, Note, Say, Take, Turn},
    prepare::{self, ChatMessage, Prepared},
    reading::Automated,
    settle::{Settled, settle},
    status_words::asks,
};
use crate::{
    casework::{self, CaseworkError, MailboxPolicy, Office, Saying},
    clock::{london_date, long_date_time},
    ids::Uuid,
    labelling::{
        danger::danger_words,
        labels::Suggestion,
        policy::{self, Lines},
    },
    languages::Language,
    procedure::event::Relation,
    replies::{
        chat::{About, Speaker, Spoken, StatusFacts},
        token::keyed_hash,
    },
    store::{
        Tx, cases, chat as store,
        chat::{CaseOfChat, Kept},
        near, outbox,
    },
};

/// So many cases are offered at most to choose from.
const CASES: i64 = 8;
/// Whoever was told that what they wrote has arrived is not told again for so long (minutes).
const CONFIRMED_FOR: i64 = 10;
/// A code holds for so long (minutes), and for so many tries.
const CODE_MINUTES: i64 = 15;
const TRIES: i64 = 5;

/// Where a turn happens.
#[derive(Clone, Copy, Debug)]
pub struct Talking<'a> {
    /// The council.
    pub office: &'a Office,
    /// Where probabilities are cut.
    pub lines: &'a Lines,
    /// What is kept and answered of the service's mailbox.
    pub policy: &'a MailboxPolicy,
    /// The mailbox name of the service.
    pub mailbox: &'a str,
    /// The delivery that this is: what is said to it is said once.
    pub delivery: Uuid,
    /// Now.
    pub now: DateTime<Utc>,
}

/// A chat as it stands in a transaction.
struct Standing<'a> {
    chat: &'a str,
    kept: Kept,
    cases: Vec<CaseOfChat>,
    /// The case that was spoken in last.
    case: Option<Uuid>,
}

impl Standing<'_> {
    fn reference(&self) -> Option<String> {
        let found = self.case.and_then(|case| self.cases.iter().find(|one| one.id == case));
        found.or(self.cases.first()).map(|case| case.reference.clone())
    }

    /// The case in hand.
    fn in_hand(&self) -> Option<Uuid> {
        self.case.or(self.cases.first().map(|case| case.id))
    }
}

impl<'a> Talking<'a> {
    async fn standing<'c>(
        &self,
        tx: &mut Tx,
        chat: &'c str,
        language: Option<&str>,
    ) -> Result<Standing<'c>, CaseworkError> {
        // Two messages of one chat are never settled beside each other.
        near::take_turn(tx, chat).await?;
        let kept = match store::kept(tx, chat).await? {
            Some(kept) => kept,
            None => {
                let language = language.and_then(|code| code.parse::<Language>().ok());
                let language = language.filter(|one| self.office.languages.contains(one));
                Kept { chat: Chat { language, ..Chat::default() }, ..Kept::default() }
            }
        };
        let mut standing = Standing { chat, kept, cases: Vec::new(), case: None };
        self.look(tx, &mut standing).await?;
        Ok(standing)
    }

    /// Looks up the cases of the chat.
    async fn look(&self, tx: &mut Tx, standing: &mut Standing<'_>) -> Result<(), CaseworkError> {
        standing.cases = store::cases(tx, standing.chat, CASES).await?;
        let latest = cases::latest_chat(tx, standing.chat).await?.map(|(case, _)| case);
        standing.case = latest.filter(|case| standing.cases.iter().any(|one| one.id == *case));
        Ok(())
    }

    fn known(&self, standing: &Standing<'_>) -> Known<'a> {
        Known {
            now: self.now,
            cases: standing.cases.len(),
            offered: &self.office.languages,
            questions: self.office.bot_asks,
        }
    }

    fn speaker(&self, standing: &Standing<'_>) -> Speaker<'a> {
        self.office.speaker(standing.kept.chat.language)
    }

    /// Somebody wrote. Returns the representation, if what they wrote is kept as one.
    ///
    /// # Errors
    ///
    /// [`CaseworkError`]; then the transaction must not be committed.
    pub async fn wrote(
        &self,
        tx: &mut Tx,
        wrote: &Wrote,
        message: &Prepared,
        suggestions: &[Suggestion],
    ) -> Result<Option<Uuid>, CaseworkError> {
        let chat = wrote.message.address.as_str();
        let edited = wrote.message.changes.is_some();
        // What another program wrote, and what was changed, is answered by nobody.
        if !wrote.private || edited || (wrote.message.silent && !wrote.start) {
            let settled = self.settle(tx, message, suggestions).await?;
            if !wrote.private && !edited && !wrote.message.silent {
                self.answer_group(tx, chat).await?;
            }
            return Ok(settled.representation());
        }
        let language = wrote.language.as_deref();
        let mut standing = self.standing(tx, chat, language).await?;
        if wrote.start {
            // Greeted in their language.
            store::keep(tx, chat, &standing.kept, self.now).await?;
            return Ok(self.settle(tx, message, suggestions).await?.representation());
        }
        let plain = wrote.message.attachments.is_empty() && !wrote.too_large;
        if let Some(button) = self.typed(&standing, wrote, message).filter(|_| plain) {
            self.press(tx, &mut standing, button).await?;
            return Ok(None);
        }
        let turn =
            conversation::take(standing.kept.chat.clone(), Input::Words(&wrote.message.text), &self.known(&standing));
        standing.kept.chat = turn.chat.clone();
        let mut representation = None;
        match &turn.take {
            Take::Message => {
                // The language must be known before the acknowledgement is written.
                store::keep(tx, chat, &standing.kept, self.now).await?;
                let settled = self.settle(tx, message, suggestions).await?;
                representation = settled.representation();
                let new = matches!(settled, Settled::Opened(..));
                self.look(tx, &mut standing).await?;
                if turn.answers == Some(Asking::Name)
                    && let (Settled::Joined(id), Some(case)) = (settled, standing.case)
                {
                    cases::set_relation(tx, case, id, Relation::SameIssue, CALLED).await?;
                }
                let worrying = suggestions.first().is_some_and(|said| policy::nature(said, self.lines).safeguarding)
                    || danger_words(&wrote.message.text).is_some();
                // The acknowledgement says it itself.
                if worrying && !new {
                    self.danger(tx, &standing).await?;
                }
                self.follow_up(tx, &mut standing, &turn, (new, wrote.too_large)).await?;
            }
            Take::Address(address) => self.send_code(tx, chat, address).await?,
            Take::Code(code) => {
                let found = self.check(tx, &standing, code).await?;
                let (chat, say) = conversation::checked(standing.kept.chat.clone(), found);
                standing.kept.chat = chat;
                self.speak(tx, &standing, &say, None).await?;
            }
            Take::Nothing => {}
        }
        if let Some(say) = &turn.say {
            let address = match &turn.take {
                Take::Address(address) => Some(address.clone()),
                _ => None,
            };
            self.speak(tx, &standing, say, address).await?;
        }
        self.note(tx, &standing, &turn).await?;
        store::keep(tx, chat, &standing.kept, self.now).await?;
        Ok(representation)
    }

    /// The button that what they typed stands for: a command, or where there is a case the question where it is up to and nothing else.
    fn typed(&self, standing: &Standing<'_>, wrote: &Wrote, message: &Prepared) -> Option<Button> {
        if let Some(button) = Button::of_command(&wrote.message.text) {
            return Some(button);
        }
        let names = [self.office.letters.council().named_officer.name.as_str()];
        let names = names.into_iter().chain(message.representation.author_name.as_deref());
        let asks = !standing.cases.is_empty() && asks(&wrote.message.text, names).is_some();
        asks.then(|| Button::Status(message.quotes.first().map(ToString::to_string)))
    }

    async fn settle(
        &self,
        tx: &mut Tx,
        message: &Prepared,
        suggestions: &[Suggestion],
    ) -> Result<Settled, CaseworkError> {
        settle(self.office, self.lines, tx, self.policy, message, suggestions, self.now).await
    }

    /// What is said when they have been silent for a while: the first question, or that what they added has arrived. Only a file
    /// that cannot be fetched is said at once.
    async fn follow_up(
        &self,
        tx: &mut Tx,
        standing: &mut Standing<'_>,
        turn: &Turn,
        (new, too_large): (bool, bool),
    ) -> Result<(), CaseworkError> {
        let speaker = self.speaker(standing);
        let Some(reference) = standing.reference() else { return Ok(()) };
        if too_large {
            let saying = self.saying(standing, "file");
            casework::say_in_chat(self.office, tx, saying, speaker.file_too_large(&reference), self.now).await?;
        }
        if new {
            standing.kept.confirmed_at = Some(self.now);
        }
        let at = self.now + self.office.bot_waits;
        if let Some(later) = standing.kept.later {
            if outbox::put_off(tx, later, at).await? {
                return Ok(());
            }
            standing.kept.later = None;
        }
        // One letter for one message.
        if turn.say.is_some() {
            return Ok(());
        }
        // Nobody is asked anything before they know that we have it.
        let told = match standing.in_hand() {
            Some(case) => outbox::was_told(tx, case, standing.chat).await?,
            None => false,
        };
        if !told {
            return Ok(());
        }
        let asked = conversation::first_question(standing.kept.chat.clone(), &self.known(standing));
        let confirmed = |at: DateTime<Utc>| self.now - at < chrono::Duration::minutes(CONFIRMED_FOR);
        let spoken = match asked {
            Some(chat) => {
                standing.kept.chat = chat;
                speaker.question()
            }
            None if too_large || standing.kept.confirmed_at.is_some_and(confirmed) => return Ok(()),
            None => speaker.added(&reference),
        };
        let saying = Saying { at: Some(at), ..self.saying(standing, "later") };
        standing.kept.later = casework::say_in_chat(self.office, tx, saying, spoken, self.now).await?;
        standing.kept.confirmed_at = Some(self.now);
        Ok(())
    }

    /// What they wrote later is worrying: where there is help, at once, and once a day.
    async fn danger(&self, tx: &mut Tx, standing: &Standing<'_>) -> Result<(), CaseworkError> {
        let key = format!("chat-danger:{}:{}", standing.chat, london_date(self.now));
        let saying = Saying { key, ..self.saying(standing, "danger") };
        let spoken = self.speaker(standing).worrying();
        casework::say_in_chat(self.office, tx, saying, spoken, self.now).await?;
        Ok(())
    }

    /// Somebody pressed a button.
    ///
    /// # Errors
    ///
    /// [`CaseworkError`]; then the transaction must not be committed.
    pub async fn pressed(&self, tx: &mut Tx, pressed: &Pressed) -> Result<(), CaseworkError> {
        let Some(button) = Button::of(&pressed.word).filter(|_| pressed.private) else { return Ok(()) };
        let mut standing = self.standing(tx, &pressed.chat, pressed.language.as_deref()).await?;
        self.press(tx, &mut standing, button).await
    }

    async fn press(&self, tx: &mut Tx, standing: &mut Standing<'_>, button: Button) -> Result<(), CaseworkError> {
        let turn = conversation::take(standing.kept.chat.clone(), Input::Pressed(button), &self.known(standing));
        standing.kept.chat = turn.chat.clone();
        // What they are asked to write next is to be answered.
        if matches!(turn.say, Some(Say::Add | Say::Talk)) {
            standing.kept.confirmed_at = None;
        }
        if standing.kept.chat.stopped_at.is_some()
            && let Some(later) = standing.kept.later.take()
        {
            outbox::take_out(tx, later).await?;
        }
        self.note(tx, standing, &turn).await?;
        if let Some(say) = &turn.say {
            self.speak(tx, standing, say, None).await?;
        }
        store::keep(tx, standing.chat, &standing.kept, self.now).await?;
        Ok(())
    }

    fn saying<'s>(&'s self, standing: &'s Standing<'_>, what: &str) -> Saying<'s> {
        Saying {
            chat: standing.chat,
            mailbox: self.mailbox,
            case: standing.in_hand(),
            key: format!("chat-{what}:{}", self.delivery),
            at: None,
        }
    }

    async fn speak(
        &self,
        tx: &mut Tx,
        standing: &Standing<'_>,
        say: &Say,
        address: Option<String>,
    ) -> Result<(), CaseworkError> {
        let speaker = self.speaker(standing);
        let status = match say {
            Say::Status(which) => self.status(tx, &speaker, standing, which.as_deref()).await?,
            _ => Vec::new(),
        };
        // Whom they are told to ask is whoever the page and the letter about it name.
        let handler = match (say, standing.in_hand()) {
            (Say::Talk | Say::Formal | Say::Withdrawn, Some(case)) => {
                Some(casework::standing(self.office, tx, case, self.now).await?.who())
            }
            _ => None,
        };
        let about = About { reference: standing.reference(), address, status, handler };
        let spoken = speaker.speak(say, &about);
        casework::say_in_chat(self.office, tx, self.saying(standing, "say"), spoken, self.now).await?;
        Ok(())
    }

    /// Where the cases of the chat stand: the one that was asked for, the only one that runs, or all to choose from. A reference that
    /// is none of theirs is as if nothing had been asked for by it.
    async fn status(
        &self,
        tx: &mut Tx,
        speaker: &Speaker<'_>,
        standing: &Standing<'_>,
        which: Option<&str>,
    ) -> Result<Vec<StatusFacts>, CaseworkError> {
        let chosen = which.and_then(|which| standing.cases.iter().find(|case| case.reference == which));
        let running = standing.cases.iter().filter(|case| !case.closed).count();
        let only = standing.cases.first().filter(|_| running == 1 || standing.cases.len() == 1);
        let Some(case) = chosen.or(only) else {
            let all = standing.cases.iter();
            return Ok(all.map(|case| StatusFacts { reference: case.reference.clone(), words: Vec::new() }).collect());
        };
        let stands = casework::standing(self.office, tx, case.id, self.now).await?;
        // The law's name and number stand on the page; a chat is read on a telephone.
        let said = stands.with_short_rules().said(speaker.catalogues, speaker.language);
        let words = said.paragraphs();
        Ok(vec![StatusFacts { reference: case.reference.clone(), words }])
    }

    /// What officers read of it, as a message in the case in hand. What is asked for twice a day stands there once.
    async fn note(&self, tx: &mut Tx, standing: &Standing<'_>, turn: &Turn) -> Result<(), CaseworkError> {
        let (Some(note), Some(case)) = (turn.note, standing.in_hand()) else { return Ok(()) };
        let once = match note {
            Note::ForMyself | Note::ForMyChild | Note::ForAnother => self.delivery.to_string(),
            _ => london_date(self.now).to_string(),
        };
        let key = format!("{}:{}:{once}", standing.chat, note.as_str());
        self.write_down(tx, standing.chat, case, (key, note.words().to_owned())).await
    }

    async fn write_down(
        &self,
        tx: &mut Tx,
        chat: &str,
        case: Uuid,
        (id, text): (String, String),
    ) -> Result<(), CaseworkError> {
        let message = ChatMessage {
            id,
            address: chat.to_owned(),
            from_name: None,
            // Whole seconds, as what they write has: of one second, what came first stands first.
            date: self.now.trunc_subsecs(0),
            text,
            attachments: Vec::new(),
            no_answer: Vec::new(),
            silent: false,
            changes: None,
        };
        let mut prepared = prepare::chat(self.office, self.mailbox, message);
        // Our own words teach no classifier, and name nobody.
        prepared.representation.reading.automated = Some(Automated::Notice);
        prepared.representation.reading.automated_because = Some(WRITTEN_DOWN.to_owned());
        casework::note_from_chat(self.office, tx, case, &prepared.representation, self.now).await
    }

    /// A group, or a channel: how to write in private, once a day, and nothing about anybody.
    async fn answer_group(&self, tx: &mut Tx, chat: &str) -> Result<(), CaseworkError> {
        let saying = Saying {
            chat,
            mailbox: self.mailbox,
            case: None,
            key: format!("group:{chat}:{}", london_date(self.now)),
            at: None,
        };
        let spoken = Spoken { text: self.office.speaker(None).group(), buttons: Vec::new() };
        casework::say_in_chat(self.office, tx, saying, spoken, self.now).await?;
        Ok(())
    }

    /// Somebody took messages back: their words stay as they were received, and officers see it.
    ///
    /// # Errors
    ///
    /// [`CaseworkError`]; then the transaction must not be committed.
    pub async fn took_back(&self, tx: &mut Tx, chat: &str, messages: &[String]) -> Result<(), CaseworkError> {
        for message in messages {
            let Some(case) = cases::by_thread_id(tx, message).await? else { continue };
            let text = format!(
                "Took back a message in the chat, on {}. What we received of it stays in this case as it was.",
                long_date_time(self.now)
            );
            self.write_down(tx, chat, case, (format!("{message}:taken-back"), text)).await?;
        }
        Ok(())
    }

    /// Somebody shut the bot out: officers must reach them another way.
    ///
    /// # Errors
    ///
    /// [`CaseworkError`]; then the transaction must not be committed.
    pub async fn shut_out(&self, tx: &mut Tx, chat: &str) -> Result<(), CaseworkError> {
        let standing = self.standing(tx, chat, None).await?;
        let Some(case) = standing.in_hand() else { return Ok(()) };
        let text = "Blocked the bot: what we write to this chat does not arrive. Reach them another way.".to_owned();
        let key = format!("{chat}:shut-out:{}", london_date(self.now));
        self.write_down(tx, chat, case, (key, text)).await
    }

    fn code_hash(&self, chat: &str, address: &str, code: &str) -> String {
        keyed_hash(self.office.keys.current(), "chat code", &format!("{chat}|{address}|{code}"))
    }

    async fn send_code(&self, tx: &mut Tx, chat: &str, address: &str) -> Result<(), CaseworkError> {
        let code = format!("{:06}", rand::random_range(0..1_000_000u32));
        let hash = self.code_hash(chat, address, &code);
        casework::send_code(self.office, tx, (chat, address), (&code, &hash), self.now).await
    }

    /// Looks at a code; the right one joins the two.
    async fn check(&self, tx: &mut Tx, standing: &Standing<'_>, code: &str) -> Result<Checked, CaseworkError> {
        let Some(sent) = store::code(tx, standing.chat).await? else { return Ok(Checked::Over) };
        store::count_try(tx, standing.chat).await?;
        let late = self.now - sent.made_at > chrono::Duration::minutes(CODE_MINUTES);
        if sent.code_hash.is_empty() || late || sent.tries >= TRIES {
            store::end_code(tx, standing.chat).await?;
            return Ok(Checked::Over);
        }
        let hash = self.code_hash(standing.chat, &sent.address, code);
        if !bool::from(hash.as_bytes().ct_eq(sent.code_hash.as_bytes())) {
            return Ok(if sent.tries + 1 >= TRIES { Checked::Over } else { Checked::Wrong });
        }
        store::end_code(tx, standing.chat).await?;
        let case = standing.in_hand();
        casework::joined_by_code(self.office, tx, case, (standing.chat, &sent.address), self.now).await?;
        Ok(Checked::Right)
    }
}

/// How officers see that nobody typed the words of a note.
const WRITTEN_DOWN: &str = "our bot wrote down what they did";
/// Why the answer to the question for a name is in the case.
const CALLED: &str = "answers the bot’s question what to call them";
