use proptest::prelude::*;

use super::*;

fn family() -> GuardFacts {
    GuardFacts::nothing_against("priya@nair.example", "2026-11-21T21:07:00Z".parse().unwrap())
}

fn verdict(change: impl FnOnce(&mut GuardFacts)) -> Verdict {
    let mut facts = family();
    change(&mut facts);
    may_acknowledge(&facts, &Caps::default())
}

#[test]
fn a_family_that_writes_for_the_first_time_is_answered_by_mail_and_by_chat() {
    assert_eq!(verdict(|_| ()), Verdict::Send);
    assert_eq!(verdict(|facts| facts.recipient = Some("telegram:-100200".to_owned())), Verdict::Send);
}

#[test]
fn each_reason_never_to_answer_is_named() {
    for address in [None, Some(""), Some("  "), Some("priya"), Some("telegram:")] {
        let none = verdict(|facts| facts.recipient = address.map(str::to_owned));
        assert_eq!(none, Verdict::Never(Never::NoAddress), "{address:?}");
    }
    assert_eq!(verdict(|facts| facts.recipient_is_ours = true), Verdict::Never(Never::OwnAddress));
    assert_eq!(verdict(|facts| facts.already_acknowledged = true), Verdict::Never(Never::AlreadyAcknowledged));
    assert_eq!(verdict(|facts| facts.record_only = true), Verdict::Never(Never::RecordOnly));
    assert_eq!(verdict(|facts| facts.sending_off = true), Verdict::Never(Never::SendingOff));
}

#[test]
fn mail_from_before_the_start_is_not_answered_and_mail_at_the_start_is() {
    let received = family().received_at;
    let after = Some(received + chrono::TimeDelta::seconds(1));
    assert_eq!(verdict(|facts| facts.from_date = after), Verdict::Never(Never::BeforeStart));
    assert_eq!(verdict(|facts| facts.from_date = Some(received)), Verdict::Send);
}

#[test]
fn the_last_one_below_a_cap_goes_and_the_next_is_held() {
    let held = |change: fn(&mut Sent, u32), below: u32| {
        assert_eq!(verdict(|facts| change(&mut facts.sent, below)), Verdict::Send);
        verdict(|facts| change(&mut facts.sent, below + 1))
    };
    assert_eq!(held(|sent, n| sent.to_recipient_hour = n, 2), Verdict::Hold(Held::RecipientHour(3)));
    assert_eq!(held(|sent, n| sent.to_recipient_day = n, 9), Verdict::Hold(Held::RecipientDay(10)));
    assert_eq!(held(|sent, n| sent.to_recipient_week = n, 19), Verdict::Hold(Held::RecipientWeek(20)));
    assert_eq!(held(|sent, n| sent.to_domain_hour = n, 199), Verdict::Hold(Held::DomainHour(200)));
    assert_eq!(held(|sent, n| sent.to_everyone_hour = n, 999), Verdict::Hold(Held::EveryoneHour(1000)));
}

#[test]
fn reasons_are_written_for_officers() {
    let machine = Never::NoAnswer(vec!["Auto-Submitted: auto-replied".to_owned(), "Return-Path is empty".to_owned()]);
    let said = "the message must not be answered by machine: Auto-Submitted: auto-replied; Return-Path is empty";
    assert_eq!(machine.to_string(), said);
    let said: Vec<String> = [
        Held::RecipientHour(1),
        Held::RecipientDay(10),
        Held::RecipientWeek(20),
        Held::DomainHour(200),
        Held::EveryoneHour(1000),
    ]
    .iter()
    .map(|held| format!("{} ({})", held, held.as_str()))
    .collect();
    assert_eq!(
        said,
        [
            "this person was sent 1 letter within an hour, which is the most (per_address_an_hour)",
            "this person was sent 10 letters within a day, which is the most (per_address_a_day)",
            "this person was sent 20 letters within a week, which is the most (per_address_a_week)",
            "people of this mail domain were sent 200 letters within an hour, which is the most (per_domain_an_hour)",
            "1000 letters went out within an hour, which is the most (in_all_an_hour)",
        ]
    );
}

#[test]
fn a_mailbox_counts_once_whatever_stands_behind_its_plus_and_strangers_share_no_domain() {
    assert_eq!(mailbox_of(" Help+Ticket7@Desk.example "), "help@desk.example");
    assert_eq!(mailbox_of("+x@desk.example"), "+x@desk.example");
    assert_eq!(mailbox_of("telegram:-100"), "telegram:-100");
    assert_eq!(counted_domain("a@Desk.example").as_deref(), Some("desk.example"));
    for shared in ["a@GMAIL.com", "b@hotmail.co.uk", "telegram:1", "nobody", "a@"] {
        assert_eq!(counted_domain(shared), None, "{shared}");
    }
}

prop_compose! {
    fn any_sent()(counts in (0u32..6, 0u32..15, 0u32..30, 0u32..300, 0u32..1400)) -> Sent {
        Sent {
            to_recipient_hour: counts.0,
            to_recipient_day: counts.1,
            to_recipient_week: counts.2,
            to_domain_hour: counts.3,
            to_everyone_hour: counts.4,
        }
    }
}

prop_compose! {
    fn any_facts()(
        no_answer in prop::collection::vec("[a-z ]{1,12}", 0..3),
        recipient in prop::option::of("[a-z]{1,5}(@[a-z]{1,5}\\.example)?"),
        flags in any::<[bool; 5]>(),
        sent in any_sent(),
    ) -> GuardFacts {
        let [recipient_is_ours, already_acknowledged, record_only, sending_off, early] = flags;
        let received_at = family().received_at;
        GuardFacts {
            no_answer, recipient, recipient_is_ours, already_acknowledged, record_only, sending_off, received_at, sent,
            from_date: early.then(|| received_at + chrono::TimeDelta::days(1)),
        }
    }
}

proptest! {
    #[test]
    fn what_must_not_be_answered_is_never_sent_nor_held(mut facts in any_facts(), reason in "[a-z ]{1,20}") {
        facts.no_answer.push(reason);
        prop_assert!(matches!(may_acknowledge(&facts, &Caps::default()), Verdict::Never(Never::NoAnswer(_))));
    }

    #[test]
    fn nothing_is_sent_when_any_one_rule_forbids_it(facts in any_facts()) {
        let caps = Caps::default();
        if may_acknowledge(&facts, &caps) == Verdict::Send {
            prop_assert!(facts.no_answer.is_empty() && facts.recipient.is_some_and(|address| address.contains('@')));
            prop_assert!(!facts.recipient_is_ours && !facts.already_acknowledged && !facts.record_only);
            prop_assert!(!facts.sending_off && facts.from_date.is_none());
            prop_assert!(facts.sent.to_recipient_hour < caps.per_recipient_hour);
            prop_assert!(facts.sent.to_recipient_day < caps.per_recipient_day);
            prop_assert!(facts.sent.to_recipient_week < caps.per_recipient_week);
            prop_assert!(facts.sent.to_domain_hour < caps.per_domain_hour);
            prop_assert!(facts.sent.to_everyone_hour < caps.everyone_hour);
        }
    }

    #[test]
    fn a_loop_without_headers_ends_by_itself(rounds in 1u32..200) {
        let caps = Caps::default();
        let mut n = 0;
        for _ in 0..rounds {
            let sent = Sent { to_recipient_hour: n, to_recipient_day: n, to_recipient_week: n, to_domain_hour: n, to_everyone_hour: n };
            let facts = GuardFacts { sent, ..family() };
            if may_acknowledge(&facts, &caps) == Verdict::Send { n += 1; }
        }
        prop_assert_eq!(n, rounds.min(caps.per_recipient_hour));
    }
}
