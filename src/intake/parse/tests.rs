use proptest::prelude::*;

use super::*;

fn context() -> ReadContext {
    ReadContext {
        own_addresses: vec!["complaints@council.example".into()],
        own_domain_suffix_for_message_ids: Some("@heard.council.example".into()),
        form_senders: vec!["forms@council.example".into()],
        staff_domains: vec!["council.example".into()],
        ..ReadContext::default()
    }
}

fn mail(headers: &str, body: &str) -> Vec<u8> {
    format!("{headers}\r\nFrom: Ann Bell <Ann@Mail.example>\r\nTo: complaints@council.example\r\nDate: Mon, 5 Oct 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n\r\n{body}")
        .into_bytes()
}

fn reading(raw: &[u8]) -> Reading {
    read(raw, &context()).unwrap()
}

#[test]
fn a_plain_message_is_read_whole_and_printed_with_exactly_the_promised_keys() {
    let raw = mail(
        "Subject: No bus\r\nMessage-ID: <1@mail.example>\r\nReferences: <a@x.example> <b@x.example>\r\nAuthentication-Results: mx.council.example; dmarc=pass\r\nAuthentication-Results: forged.example; dmarc=pass",
        "Nobody came.\r\n\r\nOn Mon, 5 Oct 2026 at 09:00, Duty <duty@council.example> wrote:\r\n> It will come.\r\n",
    );
    let read = reading(&raw);
    assert_eq!(read.no_answer, Vec::<String>::new());
    let shown = parse_json(&read);
    assert_eq!(
        shown,
        json!({
            "author": {"name": "Ann Bell", "address": "ann@mail.example"},
            "date": "2026-10-05T09:00:00Z",
            "subject": "No bus",
            "visible_text": "Nobody came.",
            "quoted_text": "On Mon, 5 Oct 2026 at 09:00, Duty <duty@council.example> wrote:\n> It will come.",
            "forwarded": null,
            "automated": null,
            "references": ["a@x.example", "b@x.example"],
            "attachments": [],
            "authentication": "mx.council.example; dmarc=pass",
        })
    );
}

#[test]
fn wrong_character_sets_give_the_words_all_the_same() {
    let part = |charset: &str, body: &[u8]| {
        [b"From: a@b.example\nContent-Type: text/plain; charset=".as_slice(), charset.as_bytes(), b"\n\n", body]
            .concat()
    };
    for (charset, body) in [
        ("utf-8", b"Zo\xeb\x92s bus".as_slice()),
        ("us-ascii", "Zoë’s bus".as_bytes()),
        ("iso-8859-1", "Zoë’s bus".as_bytes()),
        ("windows-1252", b"Zo\xeb\x92s bus"),
        ("x-unknown-99", "Zoë’s bus".as_bytes()),
        ("\"\"", "Zoë’s bus".as_bytes()),
    ] {
        assert_eq!(reading(&part(charset, body)).visible_text, "Zoë’s bus", "{charset}");
    }
    assert_eq!(reading(b"From: a@b.example\nSubject: Zo\xeb\n\nx").subject, "Zoë");
}

#[test]
fn controls_in_a_subject_and_nul_in_a_body_are_made_harmless() {
    let read = reading(&mail("Subject: =?utf-8?Q?a=0D=0ABcc:_x=00y?=", "before\0after"));
    assert_eq!(read.subject, "a Bcc: x y");
    assert_eq!(read.visible_text, "before\u{fffd}after");
}

#[test]
fn a_date_that_does_not_exist_is_no_date() {
    for date in [
        "Tue, 31 Feb 2026 10:00:00 +0000",
        "Tue, 3 Feb 2026 25:61:00 +0000",
        "Tue, 3 Feb 2026 10:00:00 +9999",
        "yesterday",
    ] {
        assert_eq!(reading(format!("From: a@b.example\nDate: {date}\n\nx").as_bytes()).date, None, "{date}");
    }
    let raw = b"Received: from a by mx.council.example; Tue, 3 Feb 2026 11:00:00 +0000\nReceived: from b by a; Mon, 2 Feb 2026 11:00:00 +0000\nFrom: a@b.example\n\nx";
    assert_eq!(received_at(raw).unwrap().to_rfc3339(), "2026-02-03T11:00:00+00:00");
    assert_eq!(received_at(b"From: a@b.example\n\nx"), None);
}

#[test]
fn a_missing_boundary_bare_cr_lines_and_a_stub_beside_html_lose_no_words() {
    let open = "Content-Type: multipart/mixed; boundary=\"b\"";
    assert_eq!(
        reading(&mail(open, "--b\r\nContent-Type: text/plain\r\n\r\nno end in sight")).visible_text,
        "no end in sight"
    );
    assert_eq!(reading(b"From: a@b.example\rSubject: s\r\rwords here\r").visible_text, "words here");
    let html = format!("<p>{}</p>", "every word counts ".repeat(30));
    let both = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\nView in a browser\r\n--b\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b--\r\n"
    );
    let read = reading(&mail("Content-Type: multipart/alternative; boundary=\"b\"", &both));
    assert!(read.visible_text.starts_with("every word counts"));
    assert_eq!(read.attachments, vec![]);
}

#[test]
fn flowed_lines_are_joined_before_quotations_are_looked_for() {
    let read = reading(&mail(
        "Content-Type: text/plain; format=flowed; delsp=yes",
        "This is one  \r\n long line.\r\n> and this  \r\n> is quoted\r\n> too\r\n-- \r\nAnn 07700 900123\r\n",
    ));
    assert_eq!(read.visible_text, "This is one long line.\n--\nAnn 07700 900123");
    assert_eq!(read.quoted_text, "> and this is quoted\n> too");
}

#[test]
fn several_authors_are_told_apart_from_one_author_twice() {
    let two = reading(b"From: a@x.example\nFrom: b@x.example\n\nx");
    assert_eq!(two.author.unwrap().address, "a@x.example");
    assert_eq!(two.no_answer, ["more than one author"]);
    let same = reading(b"From: a@x.example\nFrom: A <a@x.example>\n\nx");
    assert_eq!(same.no_answer, Vec::<String>::new());
    let pair = reading(b"From: A <a@x.example>, B <b@x.example>\nSender: b@x.example\n\nx");
    assert_eq!(pair.author.unwrap().address, "b@x.example");
    assert_eq!(pair.no_answer, Vec::<String>::new());
}

#[test]
fn a_form_is_answered_at_its_reply_to_and_not_when_it_names_nobody_or_is_forged() {
    let form = |more: &str| {
        reading(format!("From: Forms <forms@council.example>\nAuto-Submitted: auto-generated\nReturn-Path: <>\n{more}\nSubject: Form\n\nwords").as_bytes())
    };
    let person = form("Reply-To: Ann <ann@mail.example>");
    assert_eq!(person.author.as_ref().unwrap().address, "ann@mail.example");
    assert!(person.by_form);
    assert_eq!((person.automated, person.no_answer), (None, vec![]));
    let with_reply_to = reading(&mail("From: Ann <ann@mail.example>\r\nReply-To: Ann <ann@mail.example>", "words"));
    assert!(!with_reply_to.by_form, "a family's own mail is no form, also when it names where to answer");
    let nobody = form("Reply-To: none given");
    assert_eq!(nobody.author, None);
    assert!(!nobody.no_answer.is_empty());
    let forged = form("Reply-To: Ann <ann@mail.example>\nAuthentication-Results: mx; dmarc=fail");
    assert_eq!(forged.author.as_ref().unwrap().address, "ann@mail.example");
    assert!(!forged.form.unwrap().trusted && !forged.no_answer.is_empty());
    assert!(!form("Reply-To: complaints@council.example").no_answer.is_empty());
    assert!(!form("Reply-To: ann@mail.example\nList-Id: <l.example>").no_answer.is_empty());
}

#[test]
fn a_form_that_is_not_listed_is_recognised_by_its_answers_and_not_trusted() {
    let form = |from: &str, more: &str, text: &str| {
        reading(format!("From: {from}\nAuto-Submitted: auto-generated\n{more}Subject: Form\n\n{text}").as_bytes())
    };
    let answers = "Your name: Ann Bell\nEmail: ann@mail.example\nWhat happened?\nNobody came.";
    let in_body = form("webforms@council.example", "", answers);
    assert_eq!(in_body.author, Some(Person { name: Some("Ann Bell".into()), address: "ann@mail.example".into() }));
    let notice = in_body.form.unwrap();
    assert_eq!((notice.trusted, notice.answers.trim(), in_body.automated), (false, "Nobody came.", None));
    let by_portal = form("no-reply@portal.example", "", answers);
    assert_eq!(by_portal.author.unwrap().address, "ann@mail.example");
    assert!(!by_portal.no_answer.is_empty());
    let reply_to = form("noreply@forms.council.example", "Reply-To: bo@mail.example\n", answers);
    assert_eq!(reply_to.author.as_ref().unwrap().name.as_deref(), Some("Ann Bell"));
    assert_eq!(reply_to.author.unwrap().address, "bo@mail.example");
    assert_eq!(reply_to.form.unwrap().other_address.as_deref(), Some("ann@mail.example"));
    // A colleague, and a machine's notice without answers, are no forms.
    assert!(form("jo@council.example", "Reply-To: bo@mail.example\n", answers).form.is_none());
    assert!(
        form("no-reply@council.example", "Reply-To: bo@mail.example\n", "You have a new voicemail.").form.is_none()
    );
    // On the list, the person may be in the answers alone.
    let listed = form("forms@council.example", "", answers);
    assert_eq!(listed.author.unwrap().address, "ann@mail.example");
    assert!(listed.form.unwrap().trusted && listed.no_answer.is_empty());
}

#[test]
fn a_form_in_a_table_is_read_by_its_cells() {
    let row = |a: &str, b: &str| format!("<tr><td style=\"x\"><b>{a}</b></td><td>{b}</td></tr>");
    let table: String = [
        ("Full name", "Ann Bell"),
        ("Email address", "ann@mail.example"),
        ("Telephone number", "07700 900123"),
        ("Details of complaint", "Nobody came.<br>Not once."),
        ("How can we put this right?", "Ring me."),
    ]
    .iter()
    .map(|(a, b)| row(a, b))
    .collect();
    let html = format!(
        "<html><body><h1>New submission</h1><table>{table}</table><p>Do not reply to this email.</p></body></html>"
    );
    let read =
        reading(format!("From: forms@council.example\nContent-Type: text/html\nSubject: Form\n\n{html}").as_bytes());
    assert_eq!(
        read.author,
        Some(Person { name: Some("Ann Bell".into()), address: "ann@mail.example".into() }),
        "{read:?}"
    );
    let form = read.form.unwrap();
    assert_eq!(form.phone.as_deref(), Some("07700 900123"));
    assert!(
        form.answers.contains("Nobody came.")
            && form.answers.contains("Not once.")
            && form.answers.contains("Ring me."),
        "{form:?}"
    );
}

#[test]
fn who_redirects_is_not_the_author() {
    let read = reading(b"Resent-From: Head <head@council.example>\nResent-To: complaints@council.example\nFrom: Ann <ann@mail.example>\nSubject: x\n\nNobody came.");
    assert_eq!(read.author.unwrap().address, "ann@mail.example");
    assert_eq!(read.resent_by.unwrap().address, "head@council.example");
}

#[test]
fn an_attached_message_is_the_forward_and_its_author_the_original() {
    let attached = "--b\r\nContent-Type: text/plain\r\n\r\nPlease log.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: Cal <cal@home.example>\r\nTo: ann@mail.example\r\nSubject: My complaint\r\nMessage-ID: <c1@home.example>\r\nDate: Sun, 4 Oct 2026 10:00:00 +0100\r\n\r\nNobody listens.\r\n\r\nOn Sat, 3 Oct 2026 at 09:00, D <d@x.example> wrote:\r\n> old\r\n--b--\r\n";
    let read = reading(&mail("Subject: FW: My complaint\r\nContent-Type: multipart/mixed; boundary=b", attached));
    let forwarded = read.forwarded.unwrap();
    assert_eq!(forwarded.from.unwrap().address, "cal@home.example");
    assert_eq!(forwarded.message_id.as_deref(), Some("c1@home.example"));
    assert_eq!(forwarded.text, "Nobody listens.");
    assert_eq!(read.visible_text, "Please log.");
    assert!(read.quoted_text.contains("> old"));
    assert_eq!(read.attachments[0].content_type, "message/rfc822");
}

#[test]
fn nesting_of_any_kind_neither_overflows_nor_hides_the_words() {
    let levels = 300_000;
    let bombs = [
        "Content-Type: message/rfc822\n\n".repeat(levels),
        "Content-Type: message/(x)global\n\n".repeat(levels),
        (0..20_000)
            .map(|n| format!("--b{n}\nContent-Type: multipart/digest; boundary=b{}\n\n", n + 1))
            .collect::<String>(),
    ];
    for bomb in bombs {
        let raw = format!("From: a@b.example\nSubject: s\nMIME-Version: 1.0\n{bomb}deepest\n");
        assert_eq!(reading(raw.as_bytes()).subject, "s");
        // The same inside base64, which the parser would open by itself.
        let inner = data_encoding::BASE64.encode(raw.get(..raw.len().min(3_000_000)).unwrap().as_bytes());
        let outer = format!(
            "From: a@b.example\nSubject: t\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}"
        );
        assert_eq!(reading(outer.as_bytes()).subject, "t");
    }
    let parts = "--b\nContent-Type: text/plain\n\nword\n".repeat(10_000);
    let read =
        reading(format!("From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n").as_bytes());
    assert!(read.visible_text.contains("word"));
    let shallow: String =
        (0..150).map(|n| format!("--b{n}\nContent-Type: multipart/mixed; boundary=\"b{}\"\n\n", n + 1)).collect();
    let raw = format!(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=b0\n\n{shallow}--b150\nContent-Type: text/plain\n\ndeep\n--b150--\n"
    );
    assert_eq!(reading(raw.as_bytes()).visible_text, "deep");
}

#[test]
fn what_is_no_mail_at_all_is_refused_in_words() {
    assert_eq!(read(b"", &context()).unwrap_err(), Unreadable::NotMail);
    assert!(read(b"\n\n", &context()).unwrap_err().to_string().contains("stored file"));
    assert!(read(b"Subject: only a subject\n\n", &context()).is_ok());
    assert!(read(b"From: a@b.example\n\n", &context()).is_ok());
}

#[test]
fn the_content_hash_is_that_of_the_message_and_not_of_its_delivery() {
    let words = "Nobody came – again, and a line that is rather longer than seventy-six characters so that encodings fold it.\r\n";
    let one = reading(&mail("Subject: No bus\r\nContent-Type: text/plain; charset=utf-8", words)).content_hash;
    let encoded = data_encoding::BASE64.encode(words.as_bytes());
    let other = reading(&mail(
        "Delivered-To: manager@council.example\r\nReceived: from x by y; Mon, 5 Oct 2026 10:00:01 +0100\r\nSubject: =?utf-8?Q?No_bus?=\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64",
        &encoded,
    ))
    .content_hash;
    assert_eq!(one, other);
    assert_ne!(
        one,
        reading(&mail("Subject: No bus\r\nContent-Type: text/plain; charset=utf-8", "Nobody came.")).content_hash
    );
    assert_eq!(one.len(), 64);
}

/// Whole messages for proptest to damage.
fn sound() -> Vec<Vec<u8>> {
    vec![
        mail(
            "Subject: =?utf-8?B?WsOr?=\r\nContent-Type: text/plain; charset=utf-8; format=flowed",
            "a \r\n> b\r\nOn 5 May 2026 10:00, X <x@y.example> wrote:\r\n> c\r\n",
        ),
        mail(
            "Content-Type: multipart/mixed; boundary=b",
            "--b\r\nContent-Type: text/html\r\n\r\n<p>a<blockquote>b</blockquote>\r\n--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nRnJvbTogYUBiLmV4YW1wbGUKCng=\r\n--b--\r\n",
        ),
        mail(
            "Subject: FW: x\r\nAuto-Submitted: no",
            "-----Original Message-----\r\nFrom: A <a@x.example>\r\nSent: now\r\nTo: b\r\nSubject: x\r\n\r\nwords",
        ),
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&bytes, &context());
        let _ = received_at(&bytes);
    }

    #[test]
    fn any_damage_to_a_message_is_borne(which in 0usize..3, changes in proptest::collection::vec((any::<u16>(), any::<u8>(), 0u8..3), 0..30)) {
        let mut bytes = sound().swap_remove(which);
        for (at, byte, kind) in changes {
            let at = usize::from(at) % bytes.len().max(1);
            match kind {
                0 => if let Some(b) = bytes.get_mut(at) { *b = byte },
                1 => bytes.insert(at.min(bytes.len()), byte),
                _ => bytes.truncate(bytes.len().saturating_sub(at % 40)),
            }
        }
        let _ = read(&bytes, &context());
    }

    #[test]
    fn headers_added_on_the_way_change_nothing_of_the_content(hops in proptest::collection::vec("[a-z]{1,12}", 0..5), which in 0usize..3) {
        let message = sound().swap_remove(which);
        let mut delivered = Vec::new();
        for hop in hops {
            delivered.extend(format!("Received: from {hop}.example by mx.example; Mon, 5 Oct 2026 10:00:01 +0100\r\nX-{hop}-Test: 1\r\nDelivered-To: {hop}@council.example\r\n").into_bytes());
        }
        delivered.extend(&message);
        prop_assert_eq!(reading(&message).content_hash, reading(&delivered).content_hash);
    }

    #[test]
    fn no_machine_is_answered_whatever_else_it_says(
        sign in prop::sample::select(vec![
            "Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated (x)", "Return-Path: <>", "List-Id: <l.example>",
            "List-Unsubscribe: <mailto:x@y.example>", "Precedence: bulk", "Precedence: junk", "X-Autoreply: yes", "X-Autorespond: x",
            "X-Auto-Response-Suppress: OOF, DR", "X-Loop: complaints@council.example", "Sender: no-reply@x.example",
            "Sender: MAILER-DAEMON@x.example", "Message-ID: <1@heard.council.example>", "Subject: Automatic reply: a",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b", "X-Failed-Recipients: x@y.example",
        ]),
        other in prop::sample::select(vec!["X-Mailer: Phone", "Auto-Submitted: no", "Reply-To: x@y.example", "Importance: high", "In-Reply-To: <a@b>"]),
        order in any::<bool>(),
    ) {
        let headers = if order { format!("{sign}\r\n{other}") } else { format!("{other}\r\n{sign}") };
        prop_assert!(!reading(&mail(&headers, "words")).no_answer.is_empty(), "{}", headers);
    }
}
