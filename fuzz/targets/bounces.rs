//! Whatever a delivery report holds, it is read as a machine's and never answered.
#![no_main]

use std::sync::LazyLock;

use heard::intake::{
    bounce,
    parse::{ReadContext, read},
    reading::Automated,
};
use heard_fuzz::{context, count_panics};
use libfuzzer_sys::fuzz_target;

static CONTEXT: LazyLock<ReadContext> = LazyLock::new(context);

/// The parts of a report are divided by this byte in the fuzzed data.
const NEXT: u8 = 0x1e;

/// Whatever a report says, what is kept of it is bounded and the same each time.
fn report(sent: &[u8]) {
    let report = bounce::read(sent);
    assert_eq!(report, bounce::read(sent));
    if let Some(report) = report {
        assert!(report.recipients.len() <= 50);
        assert!(report.recipients.iter().all(|one| one.said.len() <= 1_000 && one.address.len() <= 1_000));
    }
}

fuzz_target!(|data: &[u8]| {
    count_panics();
    let Some((shape, data)) = data.split_first() else { return };
    let mut parts = data.splitn(3, |byte| *byte == NEXT);
    let mut part = || parts.next().unwrap_or_default();
    match shape % 4 {
        // RFC 3464: words, the status of each recipient, and the header of what came back.
        0 => {
            let sent = [
                b"From: Mail Delivery System <mailer-daemon@mx.example>\r\nTo: complaints@council.example\r\n\
                  Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n\
                  Content-Type: multipart/report; report-type=delivery-status; boundary=\"=_b\"\r\n\r\n--=_b\r\n\r\n"
                    .as_slice(),
                part(),
                b"\r\n--=_b\r\nContent-Type: message/delivery-status\r\n\r\n",
                part(),
                b"\r\n--=_b\r\nContent-Type: text/rfc822-headers\r\n\r\n",
                part(),
                b"\r\n--=_b--\r\n",
            ]
            .concat();
            report(&sent);
            let reading = read(&sent, &CONTEXT).expect("a report with a sender is always read");
            assert!(matches!(reading.automated, Some(Automated::Bounce | Automated::Own)), "{:?}", reading.automated);
            assert!(!reading.no_answer.is_empty());
        }
        // The same as one text, as gateways flatten it.
        1 => {
            let sent =
                [b"From: mailer-daemon@mx.example\r\nSubject: failure notice\r\n\r\n".as_slice(), data].concat();
            report(&sent);
            let reading = read(&sent, &CONTEXT).expect("a report with a sender is always read");
            assert!(reading.automated.is_some() && !reading.no_answer.is_empty());
        }
        // A report without a kind, or with one that is the data's.
        2 => {
            let sent = [
                b"From: postmaster@mx.example\r\nContent-Type: multipart/report; boundary=b; report-type=".as_slice(),
                part(),
                b"\r\n\r\n--b\r\n\r\n",
                part(),
                b"\r\n--b\r\nContent-Type: message/",
                part(),
            ]
            .concat();
            let _ = read(&sent, &CONTEXT);
        }
        _ => {
            report(data);
            let _ = read(data, &CONTEXT);
        }
    }
});
