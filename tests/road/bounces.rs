//! A letter that a real Postfix cannot deliver: its report comes back to the program and makes work for an officer.

use crate::town::{Choices, Mail, Town, until};

const COMPLAINTS: &str = "complaints@council.example";
/// Postfix takes mail for this address, and Dovecot has no such mailbox: as with large providers, the refusal comes later.
const LOST: &str = "no-such-mailbox@family.example";

#[tokio::test(flavor = "multi_thread")]
async fn a_family_whose_address_is_wrong_is_not_thought_to_have_been_told() {
    let mut town = Town::on_sqlite();
    town.configure(&Choices { return_path: Some(COMPLAINTS.into()), ..Choices::default() });
    let program = town.serve().await;
    let mail = Mail::new(LOST, COMPLAINTS, "Nobody rings", "Nobody has rung me back for three weeks.");
    town.deliver(&mail).await;
    let bounced =
        "SELECT count(*) FROM outbox WHERE state = 'sent' AND delivery = 'bounced' AND delivery_code LIKE '5.1.%'";
    let _logs = OnPanic(&town);
    until("the report on the acknowledgement", async || (town.database.number(bounced).await == 1).then_some(())).await;
    for (what, sql) in [
        ("the case says so", "SELECT count(*) FROM case_file WHERE acknowledgement = 'not-reached'"),
        ("the report lies in the case", "SELECT count(*) FROM case_message WHERE relation = 'automatic'"),
        (
            "and is known for what it is",
            "SELECT count(*) FROM representation WHERE automated = 'bounce' AND automated_because LIKE '%RFC 3464%'",
        ),
        ("the address is known not to work", "SELECT count(*) FROM contact_address WHERE unreachable_at IS NOT NULL"),
    ] {
        assert_eq!(town.database.number(sql).await, 1, "{what}");
    }

    // Nobody answers the mail system, whose mail asks for no answer in every way there is; families are answered as before.
    let letter = town.fence("after-the-report").await;
    assert_eq!(letter.header("Return-Path"), Some(format!("<{COMPLAINTS}>")));
    assert_eq!(town.database.number("SELECT count(*) FROM outbox").await, 2);
    assert_eq!(town.export().len(), 2);
    program.stop().await;
    let log = town.log();
    // Not "550" alone: a time to the microsecond holds it now and then.
    for word in ["no-such-mailbox", "Mailbox", "550 5.1", "550-5.1", "family.example"] {
        assert!(!log.contains(word), "{word} in the log:\n{log}");
    }
}

/// Shows what the mail servers say when a wait was in vain.
struct OnPanic<'a>(&'a Town);

impl Drop for OnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the mail servers:\n{}", self.0.server.logs());
        }
    }
}
