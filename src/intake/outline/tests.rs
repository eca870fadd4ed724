use std::io::{Cursor, Read};

use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;

use super::*;
use crate::intake::parse::{ReadContext, read, read_outline};

fn small() -> Limits {
    Limits { file: 100, text: 2_000, ..Limits::default() }
}

fn base64(bytes: &[u8]) -> String {
    let letters = data_encoding::BASE64.encode(bytes);
    letters.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned() + "\r\n").collect()
}

/// A message with words, two files and a message that has a file.
fn message(first: &[u8], second: &str) -> String {
    format!(
        "From: Ann <ann@mail.example>\r\nSubject: photographs\r\nContent-Type: multipart/mixed; boundary=\"o\"\r\n\r\n\
         --o\r\nContent-Type: text/plain\r\n\r\nHere they are.\r\n\
         --o\r\nContent-Type: image/jpeg; name=one.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--o\r\n\
         Content-Type: application/x-text; name=two.txt\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{second}\r\n\
         --o\r\nContent-Type: message/rfc822\r\n\r\nSubject: within\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n\
         --i\r\n\r\nWords within.\r\n--i\r\nContent-Type: application/pdf; name=three.pdf\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}--i--\r\n--o--\r\n",
        base64(first),
        base64(&[7; 900]),
    )
}

fn outlined(raw: &[u8], limits: Limits) -> Outline {
    outline(Cursor::new(raw), limits).unwrap()
}

fn file(raw: &[u8], part: &LeftOut) -> Vec<u8> {
    let mut bytes = Vec::new();
    let body = &raw[usize::try_from(part.offset).unwrap()..][..usize::try_from(part.length).unwrap()];
    decoded(body, part.encoding).read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn files_are_left_out_and_come_out_of_the_message_as_they_were() {
    let first: Vec<u8> = (0..5_000_u32).map(|n| (n % 251) as u8).collect();
    let second = "caf=C3=A9 and=\r\n more, so that it is long enough to be left out of the outline of this message.";
    let raw = message(&first, second);
    let found = outlined(raw.as_bytes(), small());
    assert!(found.bytes.len() < 1_500, "{}", String::from_utf8_lossy(&found.bytes));
    assert_eq!(found.size, raw.len() as u64);
    assert_eq!(found.beyond, []);
    let [one, two, within, three] = &found.parts[..] else { panic!("{:?}", found.parts) };
    assert_eq!(file(raw.as_bytes(), one), first);
    let plain = "café and more, so that it is long enough to be left out of the outline of this message.";
    assert_eq!(String::from_utf8(file(raw.as_bytes(), two)).unwrap(), plain);
    assert!(file(raw.as_bytes(), within).starts_with(b"Subject: within\r\n"));
    assert_eq!(file(raw.as_bytes(), three), [7; 900]);
    assert_eq!([one.size, two.size, three.size], [5_000, plain.len() as u64, 900]);
    let parsed = MessageParser::default().parse(&found.bytes).unwrap();
    let numbers: Vec<Option<usize>> = parsed.parts.iter().map(number_of).collect();
    assert_eq!(numbers, [None, None, Some(0), Some(1), Some(2)]);
    assert_eq!(parsed.parts.iter().find(|part| number_of(part) == Some(0)).unwrap().attachment_name(), Some("one.jpg"));
}

#[test]
fn a_message_reads_the_same_by_its_outline() {
    let raw = message(&[1; 3_000], &"x=20y ".repeat(40));
    let context = ReadContext::default();
    let whole = read(raw.as_bytes(), &context).unwrap();
    let found = read_outline(&outlined(raw.as_bytes(), small()), &context).unwrap();
    assert_eq!(found, whole);
    assert_eq!(found.attachments.len(), 3);
}

#[test]
fn what_goes_beyond_a_limit_is_named_and_the_rest_is_read() {
    let context = ReadContext::default();
    let nested = |levels: usize| {
        let mut raw = "From: ann@mail.example\r\nSubject: deep\r\n".to_owned();
        for level in 0..levels {
            raw.push_str(&format!("Content-Type: multipart/mixed; boundary=\"b{level}x\"\r\n\r\nwords above\r\n--b{level}x\r\n\r\nword{level}\r\n--b{level}x\r\n"));
        }
        raw.push_str("\r\nthe innermost words\r\n");
        for level in (0..levels).rev() {
            raw.push_str(&format!("--b{level}x--\r\n"));
        }
        raw
    };
    let reading = read(nested(150).as_bytes(), &context).unwrap();
    assert_eq!(reading.beyond, []);
    assert!(reading.visible_text.contains("the innermost words") && reading.visible_text.contains("word3"));
    let reading = read(nested(400).as_bytes(), &context).unwrap();
    assert_eq!(reading.beyond, [Beyond::Depth]);
    assert!(reading.visible_text.contains("word100") && !reading.visible_text.contains("word300"));
    let many = format!(
        "From: ann@mail.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{}",
        "--b\r\n\r\nhello\r\n".repeat(12_000)
    );
    let reading = read(many.as_bytes(), &context).unwrap();
    assert_eq!(reading.beyond, [Beyond::Parts]);
    assert_eq!(reading.visible_text.matches("hello").count(), 9_999);
    let header =
        format!("X-Junk: {}\r\nSubject: behind it\r\nFrom: ann@mail.example\r\n\r\nwords", "a".repeat(5_000_000));
    let reading = read(header.as_bytes(), &context).unwrap();
    assert_eq!((reading.beyond.as_slice(), reading.subject.as_str()), ([Beyond::Header].as_slice(), "behind it"));
    assert_eq!(reading.author.unwrap().address, "ann@mail.example");
    let long = format!("From: ann@mail.example\r\n\r\nfirst words\r\n{}", "more words\r\n".repeat(500_000));
    let reading = read(long.as_bytes(), &context).unwrap();
    assert_eq!(reading.beyond, [Beyond::Text]);
    assert!(reading.visible_text.starts_with("first words"));
}

#[test]
fn an_outline_stays_small_whatever_the_message_is_made_of() {
    let limits = Limits { outline: 10_000, ..small() };
    for unit in ["--b\r\n\r\n", "--b\r\nContent-Type: a/b\r\n\r\nxx\r\n", "A: b\r\n", "words\r\n", "--b--\r\n", "\r\n"]
    {
        let raw = format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{}", unit.repeat(20_000));
        let found = outlined(raw.as_bytes(), limits);
        assert!(found.bytes.len() <= 10_000, "{unit:?}");
        assert_eq!(found.size, raw.len() as u64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Pieces of whatever length give the same outline, and every part lies within the message.
    #[test]
    fn any_pieces_of_any_bytes_give_one_outline(
        units in prop::collection::vec(prop::sample::select(UNITS), 0..60),
        piece in 1_usize..200,
    ) {
        let raw: Vec<u8> = units.concat();
        let whole = outlined(&raw, small());
        let mut outliner = Outliner::new(small());
        for piece in raw.chunks(piece) {
            outliner.push(piece);
        }
        prop_assert_eq!(outliner.size(), raw.len() as u64);
        prop_assert_eq!(&outliner.finish(), &whole);
        for part in &whole.parts {
            prop_assert!(part.offset + part.length <= raw.len() as u64);
            let bytes = file(&raw, part);
            prop_assert!(bytes.len() as u64 <= part.length);
        }
    }
}

const UNITS: &[&[u8]] = &[
    b"From: a@b.example\r\n",
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Content-Type: multipart/digest; boundary=bb\n",
    b"Content-Type: message/rfc822\r\n",
    b"Content-Type: image/png\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"\r\n",
    b"\n",
    b"\r",
    b"--b\r\n",
    b"--b",
    b"--bb\n",
    b"--b--\r\n",
    b"AAECAwQFBgcICQ==\r\n",
    b"=C3=A9=\r\n",
    b"words\r\n",
    b"\xff\x00",
    b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];
