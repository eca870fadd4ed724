//! What is large, deep or built to be slow is read in time that grows with its size and no faster.
use std::time::Instant;

use heard::intake::{
    parse::{ReadContext, read},
    reading::Beyond,
};

/// Seconds to read it.
fn seconds(raw: &[u8]) -> f64 {
    let start = Instant::now();
    let _ = read(raw, &ReadContext::default());
    start.elapsed().as_secs_f64()
}

const HEAD: &str = "From: Ann <ann@mail.example>\r\nTo: complaints@council.example\r\n";

/// Each makes a message of about `n` bytes that is all one thing.
type Shape = fn(usize) -> String;

const SHAPES: &[(&str, Shape)] = &[
    ("multiparts inside one another", |n| {
        let level = |l: usize| format!("Content-Type: multipart/mixed; boundary=b{l}\r\n\r\n--b{l}\r\n");
        format!("{HEAD}{}\r\ndeep", (0..n / 50).map(level).collect::<String>())
    }),
    ("messages inside one another", |n| {
        format!("{HEAD}{}\r\ndeep", "Content-Type: message/rfc822\r\n\r\n".repeat(n / 32))
    }),
    ("parts beside one another", |n| {
        format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n\r\nword\r\n".repeat(n / 13))
    }),
    ("multiparts whose boundary never comes", |n| {
        let part = "--b\r\nContent-Type: multipart/mixed; boundary=never\r\n\r\nword\r\n";
        format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", part.repeat(n / part.len()))
    }),
    ("header fields", |n| format!("{HEAD}{}\r\nwords", "X-Junk: something\r\n".repeat(n / 19))),
    ("one header field", |n| format!("{HEAD}X-Junk: {}\r\n\r\nwords", "word ".repeat(n / 5))),
    ("recipients", |n| format!("{HEAD}Cc: {}\r\n\r\nwords", "a.person@council.example,\r\n ".repeat(n / 28))),
    ("references", |n| format!("{HEAD}References: {}\r\n\r\nwords", "<one.id@mail.example>\r\n ".repeat(n / 24))),
    ("encoded words", |n| format!("{HEAD}Subject: {}\r\n\r\nwords", "=?utf-8?Q?=C3=A9?=\r\n ".repeat(n / 21))),
    ("attributions before a forward", |n| {
        let line = "On Mon, 5 Oct 2026 at 10:00, Ann <ann@mail.example> wrote:\r\n> no\r\n";
        let block = "From: Bo <bo@mail.example>\r\nSent: 5 October 2026 10:00\r\nTo: x\r\nSubject: y\r\n\r\nwords";
        format!("{HEAD}Subject: FW: this\r\n\r\n{}{block}", line.repeat(n / line.len()))
    }),
    ("header blocks", |n| {
        let block = "From: Bo <bo@mail.example>\r\nSent: 5 October 2026 10:00\r\nTo: x\r\nSubject: y\r\n\r\nwords\r\n";
        format!("{HEAD}Subject: Re: this\r\n\r\n{}", block.repeat(n / block.len()))
    }),
    ("labels", |n| format!("{HEAD}\r\n{}", "To:\r\n".repeat(n / 5))),
    ("quotation signs", |n| format!("{HEAD}\r\n{}", ">".repeat(n))),
    ("blank lines", |n| format!("{HEAD}\r\nOn 5 May 2026 Ann wrote:{}", "\r\n".repeat(n / 2))),
    ("elements of HTML", |n| format!("{HEAD}Content-Type: text/html\r\n\r\n{}word", "<div>".repeat(n / 5))),
    ("comments of HTML", |n| format!("{HEAD}Content-Type: text/html\r\n\r\n{}word", "<!--".repeat(n / 4))),
    ("tables in tables", |n| format!("{HEAD}Content-Type: text/html\r\n\r\n{}word", "<table><tr><td>".repeat(n / 15))),
];

#[test]
fn time_grows_with_the_size_and_not_with_its_square() {
    let mut faults = Vec::new();
    // What is set up once is set up before anything is measured.
    seconds(format!("{HEAD}Content-Type: text/html\r\n\r\n<p>On 5 May 2026 Ann wrote:</p>").as_bytes());
    for (name, shape) in SHAPES {
        let (small, large) = (shape(40_000), shape(160_000));
        let (mut one, mut four) = (seconds(small.as_bytes()), seconds(large.as_bytes()));
        // Four times the size takes four times as long; its square would be sixteen. What takes no time to speak of is not
        // measured, and a suspicion is measured again: whatever else the machine does only ever adds.
        let suspicious = |one: f64, four: f64| four > 0.3 && four > 9.0 * one;
        for _ in 0..4 {
            if suspicious(one, four) {
                (one, four) = (one.max(seconds(small.as_bytes())), four.min(seconds(large.as_bytes())));
            }
        }
        println!("{name}: {one:.3} s for {} kB, {four:.3} s for {} kB", small.len() / 1000, large.len() / 1000);
        if suspicious(one, four) {
            faults.push(format!("{name}: {one:.3} s, then {four:.3} s"));
        }
    }
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn the_largest_messages_are_read_as_far_as_the_limits_and_say_so() {
    let header =
        format!("X-Junk: {}\r\n{HEAD}Subject: behind a header of megabytes\r\n\r\nwords", "x".repeat(5_000_000));
    let found = read(header.as_bytes(), &ReadContext::default()).unwrap();
    assert_eq!(
        (found.beyond.as_slice(), found.subject.as_str()),
        ([Beyond::Header].as_slice(), "behind a header of megabytes")
    );
    assert!(found.no_answer.is_empty(), "its sender is answered like any other: {:?}", found.no_answer);
    let file =
        "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODk=\r\n".repeat(250_000);
    let raw = format!(
        "{HEAD}Subject: a film\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the film.\r\n--b\r\n\
         Content-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n{file}--b--\r\n"
    );
    let found = read(raw.as_bytes(), &ReadContext::default()).unwrap();
    assert_eq!((found.visible_text.as_str(), found.beyond.as_slice()), ("See the film.", [].as_slice()));
    assert_eq!((found.attachments[0].filename.as_str(), found.attachments[0].size), ("film.mp4", 62 * 250_000));
}
