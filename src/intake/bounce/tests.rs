use super::{Action, Fault, read};

/// Our acknowledgement's Message-ID in these reports.
const ID: &str = "ack.hrd-26-00042-k.aaaaaaaaaaaaaaaa.0190b1f0c0de7000800000000000002a@council.example";

fn report(recipient: &str, returned: &str) -> String {
    format!(
        "From: MAILER-DAEMON@relay.example (Mail Delivery System)\r\nTo: complaints@council.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         I'm sorry to have to inform you that your message could not be delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; relay.example\r\n\r\n{recipient}\r\n--b\r\n{returned}\r\n--b--\r\n"
    )
}

fn whole() -> String {
    format!(
        "Content-Type: message/rfc822\r\n\r\nFrom: complaints@council.example\r\nTo: mum@family.example\r\nMessage-ID: <{ID}>\r\nSubject: We have it\r\n\r\nText"
    )
}

#[test]
fn a_report_by_the_letter_says_who_what_why_and_about_which_message() {
    let fields = "Original-Recipient: rfc822;mum@family.example\r\nFinal-Recipient: rfc822; Mum@backend.family.example\r\nAction: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n <mum@family.example>: Recipient address rejected: User unknown";
    let report = read(report(fields, &whole()).as_bytes()).unwrap();
    assert_eq!(report.about, [ID]);
    assert_eq!(report.addressed_to, ["mum@family.example"]);
    let [one] = report.recipients.as_slice() else { panic!("{report:?}") };
    assert_eq!(
        (one.address.as_str(), one.original.as_deref()),
        ("mum@backend.family.example", Some("mum@family.example"))
    );
    assert_eq!((one.action, one.fault), (Action::Failed, Fault::NoSuchAddress));
    assert_eq!((one.status.as_deref(), one.reply), (Some("5.1.1"), Some(550)));
    assert_eq!(one.said, "550 5.1.1 <mum@family.example>: Recipient address rejected: User unknown");
    assert_eq!(report.of("MUM@family.example"), Some(one));
    assert_eq!(report.of("dad@family.example"), None);
}

#[test]
fn a_header_alone_may_come_back_and_a_forgotten_empty_line_divides_two_recipients() {
    let headers =
        format!("Content-Type: text/rfc822-headers\r\n\r\nMessage-ID:\r\n <{ID}>\r\nTo: mum@family.example\r\n");
    let fields = "Final-Recipient: rfc822; mum@family.example\r\nAction: delayed\r\nStatus: 4.4.1\r\nFinal-Recipient: rfc822; dad@family.example\r\nAction: relayed\r\nStatus: 2.1.9";
    let report = read(report(fields, &headers).as_bytes()).unwrap();
    assert_eq!(report.about, [ID]);
    let found: Vec<_> = report.recipients.iter().map(|one| (one.address.as_str(), one.action)).collect();
    assert_eq!(found, [("mum@family.example", Action::Delayed), ("dad@family.example", Action::Relayed)]);
}

#[test]
fn a_report_in_words_is_read_with_the_reference_below_it() {
    let raw = format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: complaints@council.example\nSubject: failure notice\n\nHi. This is the qmail-send program.\n\
         I'm afraid I wasn't able to deliver your message to the following addresses.\n\n<mum@family.example>:\n192.0.2.1 does not like recipient.\n\
         Remote host said: 552 5.2.2 <mum@family.example>... Mailbox full\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\n\
         Return-Path: <complaints@council.example>\nReceived: (qmail 1 invoked by uid 0)\nMessage-ID: <{ID}>\nTo: mum@family.example\n\nText"
    );
    let report = read(raw.as_bytes()).unwrap();
    assert_eq!(report.about, [ID]);
    let [one] = report.recipients.as_slice() else { panic!("{report:?}") };
    assert_eq!(
        (one.address.as_str(), one.status.as_deref(), one.fault),
        ("mum@family.example", Some("5.2.2"), Fault::MailboxFull)
    );
}

#[test]
fn numbers_of_machines_and_versions_are_no_codes() {
    for text in ["host mx.example[5.1.1.7] said no", "Exim 4.72.1a", "qmail-1.5.1.2", "v5.7.1"] {
        assert_eq!(super::words::enhanced(text), None, "{text}");
    }
    assert_eq!(super::words::enhanced("(#5.1.1)").as_deref(), Some("5.1.1"));
    assert_eq!(super::words::enhanced("550-5.1.1 The").as_deref(), Some("5.1.1"));
    assert_eq!(super::words::enhanced("5.0.0 (5.7.1 no.)").as_deref(), Some("5.7.1"));
}

#[test]
fn a_read_receipt_names_the_message_that_was_read() {
    let raw = format!(
        "From: mum@family.example\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b\n\
         Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;mum@family.example\nOriginal-Message-ID: <{ID}>\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--b--\n"
    );
    assert_eq!(read(raw.as_bytes()).unwrap().about, [ID]);
}

#[test]
fn what_names_neither_a_recipient_nor_a_message_is_no_report() {
    assert_eq!(read(b"From: ann\n\nNobody rang."), None);
    assert_eq!(read(b""), None);
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_reader_fail(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..600)) {
        let _ = read(&bytes);
    }

    #[test]
    fn no_words_make_the_reader_fail(words in "[ \\r\\n<>:;.@a-eA-E0-9=\\-{}\"é]{0,300}") {
        let raw = format!("From: mailer-daemon@x.example\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n{words}\n\n--b\n\n{words}");
        let _ = read(raw.as_bytes());
    }
}
