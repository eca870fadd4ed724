use proptest::prelude::*;

use super::*;

fn now() -> DateTime<Utc> {
    "2026-11-18T11:06:00Z".parse().unwrap()
}

fn known(cases: usize) -> Known<'static> {
    Known { now: now(), cases, offered: &[Language::English, Language::Polish], questions: true }
}

fn asked(asking: Asking) -> Chat {
    Chat { asking: Some((asking, now())), ..Chat::default() }
}

#[test]
fn every_button_sends_a_word_that_is_read_as_it() {
    let reference = Some("HRD-26-00042-K".to_owned());
    for button in [Button::Status(reference), Button::Language(Language::Polish), Button::Skip, Button::WithdrawYes] {
        assert!(button.word().len() <= 64);
        assert_eq!(Button::of(&button.word()), Some(button));
    }
    assert_eq!(Button::of("delete everything"), None);
    assert_eq!(Button::of("language xx"), None);
}

#[test]
fn a_command_alone_is_one_and_what_begins_like_one_is_words() {
    assert_eq!(Button::of_command("/help"), Some(Button::Help));
    assert_eq!(Button::of_command(" /STOP@heard_bot "), Some(Button::Stop));
    assert_eq!(Button::of_command("/stop writing to my mum"), None);
    assert_eq!(Button::of_command("stop"), None);
}

#[test]
fn one_question_follows_another_and_neither_is_asked_twice() {
    let chat = first_question(Chat::default(), &known(1)).unwrap();
    assert_eq!(first_question(chat.clone(), &known(1)), None);
    let turn = take(chat, Input::Pressed(Button::ForMyself), &known(1));
    assert_eq!((turn.say, turn.note), (Some(Say::AskName), Some(Note::ForMyself)));
    let turn = take(turn.chat, Input::Words("Sam"), &known(1));
    assert_eq!((turn.take, turn.say, turn.answers), (Take::Message, Some(Say::Noted), Some(Asking::Name)));
    // They press again: it is written down, and nothing is asked again.
    let turn = take(turn.chat, Input::Pressed(Button::ForMyChild), &known(1));
    assert_eq!((turn.say, turn.note), (Some(Say::Noted), Some(Note::ForMyChild)));
    assert_eq!(first_question(turn.chat, &known(1)), None);
}

#[test]
fn whoever_skips_a_question_is_asked_nothing_more() {
    let chat = first_question(Chat::default(), &known(1)).unwrap();
    let turn = take(chat, Input::Pressed(Button::Skip), &known(1));
    assert_eq!((turn.say, turn.chat.asking), (Some(Say::Skipped), None));
    let turn = take(turn.chat, Input::Pressed(Button::ForMyself), &known(1));
    assert_eq!(turn.say, Some(Say::Noted));
}

#[test]
fn what_is_no_name_is_a_message() {
    for text in ["he hit me again last night", "two\nlines", &"long ".repeat(20), ""] {
        let turn = take(asked(Asking::Name), Input::Words(text), &known(1));
        assert_eq!((turn.take, turn.say, turn.answers), (Take::Message, None, None), "{text}");
    }
}

#[test]
fn taking_it_back_is_asked_once_and_an_old_yes_is_none() {
    let turn = take(Chat::default(), Input::Pressed(Button::WithdrawYes), &known(1));
    assert_eq!((turn.say, turn.note), (Some(Say::WithdrawSure), None));
    let sure = take(turn.chat.clone(), Input::Words("Yes."), &known(1));
    assert_eq!((sure.take, sure.say, sure.note), (Take::Message, Some(Say::Withdrawn), Some(Note::Withdraw)));
    let later = Known { now: now() + TimeDelta::hours(25), ..known(1) };
    let late = take(turn.chat.clone(), Input::Pressed(Button::WithdrawYes), &later);
    assert_eq!((late.say, late.note), (Some(Say::WithdrawSure), None));
    let no = take(turn.chat, Input::Pressed(Button::WithdrawNo), &known(1));
    assert_eq!((no.say, no.note, no.chat.asking), (Some(Say::NotWithdrawn), None, None));
}

#[test]
fn an_address_and_a_code_are_read_however_they_are_typed() {
    let turn = take(asked(Asking::Address), Input::Words(" Mum@Families.example "), &known(1));
    assert_eq!((turn.take, turn.say), (Take::Address("mum@families.example".into()), Some(Say::CodeSent)));
    assert_eq!(take(turn.chat.clone(), Input::Words("123 456"), &known(1)).take, Take::Code("123456".into()));
    assert_eq!(take(turn.chat, Input::Words("I have no code"), &known(1)).take, Take::Message);
    let turn = take(asked(Asking::Address), Input::Words("nobody@ rings me back"), &known(1));
    assert_eq!((turn.take, turn.say, turn.chat.asking), (Take::Message, None, None));
}

#[test]
fn stop_holds_until_they_write_again() {
    let turn = take(Chat::default(), Input::Pressed(Button::Stop), &known(1));
    assert_eq!((turn.say, turn.note), (Some(Say::Stopped), Some(Note::Stop)));
    assert!(turn.chat.stopped_at.is_some());
    let looked = take(turn.chat, Input::Pressed(Button::Status(None)), &known(1));
    assert!(looked.chat.stopped_at.is_some());
    assert_eq!(take(looked.chat, Input::Words("Hello?"), &known(1)).chat.stopped_at, None);
}

#[test]
fn a_language_that_is_not_offered_is_not_taken() {
    let turn = take(Chat::default(), Input::Pressed(Button::Language(Language::Welsh)), &known(0));
    assert_eq!((turn.chat.language, turn.say), (None, Some(Say::Languages)));
}

fn any_button() -> impl Strategy<Value = Button> {
    prop_oneof![
        prop::sample::select(vec![
            Button::Add,
            Button::Talk,
            Button::Formal,
            Button::Withdraw,
            Button::WithdrawYes,
            Button::WithdrawNo,
            Button::Advocacy,
            Button::Languages,
            Button::Stop,
            Button::Email,
            Button::More,
            Button::Help,
            Button::ForMyself,
            Button::ForMyChild,
            Button::ForAnother,
            Button::Skip,
        ]),
        prop::option::of("[A-Z0-9-]{0,20}").prop_map(Button::Status),
        prop::sample::select(Language::ALL.to_vec()).prop_map(Button::Language),
    ]
}

#[derive(Clone, Debug)]
enum Does {
    Writes(String),
    Presses(Button),
    Waits(i64),
    IsAsked,
}

fn any_deed() -> impl Strategy<Value = Does> {
    prop_oneof![
        prop_oneof![
            Just("Sam".to_owned()),
            Just("yes".to_owned()),
            Just("123456".to_owned()),
            Just("mum@families.example".to_owned()),
            "\\PC{0,80}"
        ]
        .prop_map(Does::Writes),
        any_button().prop_map(Does::Presses),
        (0i64..40).prop_map(Does::Waits),
        Just(Does::IsAsked),
    ]
}

proptest! {
    /// No question is asked twice, at most one is open, a press is always answered by one letter, and whatever is written that is
    /// not the address or the code that was asked for goes to the case.
    #[test]
    fn whatever_somebody_does_nothing_is_lost_or_asked_twice(deeds in prop::collection::vec(any_deed(), 1..40), cases in 0usize..3) {
        let (mut chat, mut at) = (Chat::default(), now());
        let (mut who, mut names) = (0, 0);
        for deed in deeds {
            let known = Known { now: at, ..known(cases) };
            let waits = chat.asks(at);
            match deed {
                Does::Waits(hours) => at += TimeDelta::hours(hours),
                Does::IsAsked => {
                    if let Some(asked) = first_question(chat.clone(), &known) {
                        who += 1;
                        chat = asked;
                    }
                }
                Does::Presses(button) => {
                    let turn = take(chat, Input::Pressed(button), &known);
                    prop_assert_eq!(&turn.take, &Take::Nothing);
                    prop_assert!(turn.say.is_some());
                    prop_assert!(turn.note.is_none() || cases > 0);
                    names += usize::from(turn.say == Some(Say::AskName));
                    chat = turn.chat;
                }
                Does::Writes(text) => {
                    let turn = take(chat, Input::Words(&text), &known);
                    match &turn.take {
                        Take::Message => {}
                        Take::Address(_) => prop_assert_eq!(waits, Some(Asking::Address)),
                        Take::Code(_) => prop_assert_eq!((waits, &turn.say), (Some(Asking::Code), &None)),
                        Take::Nothing => prop_assert!(false, "words were lost: {}", text),
                    }
                    prop_assert!(turn.chat.stopped_at.is_none());
                    names += usize::from(turn.say == Some(Say::AskName));
                    chat = turn.chat;
                }
            }
        }
        prop_assert!(who <= 1 && names <= 1);
    }
}
