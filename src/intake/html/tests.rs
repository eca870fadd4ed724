use super::*;
use crate::intake::strip;

#[test]
fn words_are_kept_and_scripts_styles_and_links_are_not() {
    let html = "<html><head><title>T</title><style>p{color:red}</style></head><body><p>I want to <b>complain</b>\
                <script>alert(1)</script><a href=\"http://x.example/\">here</a></p>\
                <table><tr><td>one</td><td>two</td></tr></table><blockquote>before</blockquote></body></html>";
    let text = to_text(html);
    for word in ["I want to complain", "here", "one", "two", "> before"] {
        assert!(text.contains(word), "{word} in {text}");
    }
    for word in ["alert", "color", "x.example", "T\n"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
}

#[test]
fn deep_nesting_and_huge_html_still_give_the_words() {
    let deep = format!("{}deep{}", "<div>".repeat(20_000), "</div>".repeat(20_000));
    assert!(to_text(&deep).contains("deep"));
    let quotes = format!("{}deep{}", "<blockquote>".repeat(140), "</blockquote>".repeat(140));
    assert!(to_text(&quotes).contains("deep"));
    let unclosed = format!("{}open", "<b>".repeat(30_000));
    assert!(to_text(&unclosed).contains("open"));
}

#[test]
fn a_long_paragraph_stays_one_line() {
    let html = format!("<p>{}</p>", "word ".repeat(2_000));
    assert_eq!(to_text(&html).trim().lines().count(), 1);
}

/// Replies as mail programs write them: each says "Nobody came again." and quotes "It will come.".
const REPLIES: &[(&str, &str)] = &[
    (
        "Gmail",
        r#"<div dir="ltr">Nobody came again.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, 5 Oct 2026 at 10:00, Duty &lt;<a href="mailto:duty@council.example">duty@council.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"><div dir="ltr">It will come.</div></blockquote></div>"#,
    ),
    (
        "Gmail in a language we do not know",
        r#"<div dir="ltr">Nobody came again.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Duty erabiltzaileak hau idatzi du:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">It will come.</blockquote></div>"#,
    ),
    (
        "Gmail, answered inside",
        r#"<div dir="ltr"><br></div><div class="gmail_quote"><div class="gmail_attr">On Mon, 5 Oct 2026 at 10:00, Duty &lt;duty@council.example&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">It will come.</blockquote><div>Nobody came again.</div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid">It will come.</blockquote></div>"#,
    ),
    (
        "Outlook for Windows",
        r#"<html><head><style><!-- p.MsoNormal {margin:0cm} --></style></head><body lang="EN-GB"><div class="WordSection1"><p class="MsoNormal">Nobody came again.<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b><span lang="EN-US">From:</span></b><span lang="EN-US"> Duty &lt;duty@council.example&gt; <br><b>Sent:</b> 05 October 2026 10:00<br><b>To:</b> Ann Bell<br><b>Subject:</b> Bus<o:p></o:p></span></p></div></div><p class="MsoNormal">It will come.<o:p></o:p></p></div></body></html>"#,
    ),
    (
        "Outlook in a language we do not know",
        r#"<div class="WordSection1"><p class="MsoNormal">Nobody came again.</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>Igorlea:</b> Duty &lt;duty@council.example&gt;<br><b>Bidalia:</b> 2026(e)ko urriaren 5a 10:00<br><b>Hartzailea:</b> Ann Bell<br><b>Gaia zera:</b> Bus</p></div></div><p class="MsoNormal">It will come.</p></div>"#,
    ),
    (
        "Outlook on the web",
        r#"<div class="elementToProof">Nobody came again.</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt"><b>From:</b> Duty &lt;duty@council.example&gt;<br><b>Sent:</b> 05 October 2026 10:00<br><b>To:</b> Ann Bell &lt;ann@mail.example&gt;<br><b>Subject:</b> Bus</font><div>&nbsp;</div></div><div><p>It will come.</p></div>"#,
    ),
    (
        "Outlook for phones",
        r#"<div dir="auto">Nobody came again.</div><div id="ms-outlook-mobile-signature"><div><br></div>Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><div id="mail-editor-reference-message-container"><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg"><b>From:</b> Duty &lt;duty@council.example&gt;<br><b>Sent:</b> Monday, October 5, 2026 10:00:00 AM<br><b>To:</b> Ann Bell<br><b>Subject:</b> Bus</div><div>It will come.</div></div>"#,
    ),
    (
        "Apple Mail",
        r#"<html><body style="overflow-wrap: break-word;">Nobody came again.<br><div><br><blockquote type="cite"><div>On 5 Oct 2026, at 10:00, Duty &lt;duty@council.example&gt; wrote:</div><br class="Apple-interchange-newline"><div><div>It will come.</div></div></blockquote></div><br></body></html>"#,
    ),
    (
        "iPhone",
        r#"<html><body dir="auto"><div dir="ltr">Nobody came again.</div><div dir="ltr"><br id="lineBreakAtBeginningOfSignature"><div>Sent from my iPhone</div></div><div dir="ltr"><br><blockquote type="cite">On 5 Oct 2026, at 10:00, Duty &lt;duty@council.example&gt; wrote:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">﻿It will come.</div></blockquote></body></html>"#,
    ),
    (
        "Thunderbird",
        r#"<html><body><p>Nobody came again.<br></p><div class="moz-cite-prefix">On 05/10/2026 10:00, Duty wrote:<br></div><blockquote type="cite" cite="mid:1@council.example">It will come.</blockquote></body></html>"#,
    ),
    (
        "Thunderbird, answered below",
        r#"<html><body><div class="moz-cite-prefix">On 05/10/2026 10:00, Duty wrote:<br></div><blockquote type="cite" cite="mid:1@council.example"><p>It will come.</p></blockquote><p>Nobody came again.</p></body></html>"#,
    ),
    (
        "Yahoo",
        r#"<div class="ydp1yahoo-style-wrap"><div dir="ltr">Nobody came again.</div><div><br></div></div><div id="yahoo_quoted_1234" class="yahoo_quoted"><div style="font-size:13px"><div>On Monday, 5 October 2026 at 10:00:21 BST, Duty &lt;duty@council.example&gt; wrote:</div><div><br></div><div><div dir="ltr">It will come.</div></div></div></div>"#,
    ),
    (
        "Zimbra",
        r#"<html><body><div style="font-family: arial"><div>Nobody came again.</div><div><br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote style="border-left:2px solid #1010FF;margin-left:5px;padding-left:5px;"><b>From: </b>"Duty" &lt;duty@council.example&gt;<br><b>To: </b>"Ann" &lt;ann@mail.example&gt;<br><b>Sent: </b>Monday, 5 October, 2026 10:00:21<br><b>Subject: </b>Bus<br></blockquote></div><div data-marker="__QUOTED_TEXT__"><blockquote style="border-left:2px solid #1010FF;">It will come.</blockquote></div></div></body></html>"#,
    ),
    (
        "Windows Mail",
        r#"<html><body><div data-externalstyle="false" dir="ltr"><div>Nobody came again.</div><div data-signatureblock="true"><div><br></div></div><div style="padding-top: 5px; border-top-color: rgb(229, 229, 229); border-top-width: 1px; border-top-style: solid;"><div><font face="Calibri"><b>From:</b>&nbsp;<a href="mailto:duty@council.example" target="_parent">Duty</a><br><b>Sent:</b>&nbsp;Monday, 5 October 2026 10:00<br><b>To:</b>&nbsp;<a href="mailto:ann@mail.example">Ann</a></font></div></div><div><br></div><div>It will come.</div></div></body></html>"#,
    ),
    (
        "Proton",
        r#"<div style="font-family: Arial">Nobody came again.<br></div><div class="protonmail_signature_block"><div>Sent with <a href="https://proton.me/">Proton Mail</a> secure email.</div></div><div class="protonmail_quote">On Monday, October 5th, 2026 at 10:00 AM, Duty &lt;duty@council.example&gt; wrote:<br><blockquote class="protonmail_quote" type="cite"><div>It will come.</div></blockquote></div>"#,
    ),
    (
        "Tuta",
        r#"<div>Nobody came again.</div><div><br></div><div>5 Oct 2026, 10:00 by duty@council.example:<br></div><blockquote class="tutanota_quote" style="border-left: 1px solid #93A3B8; padding-left: 10px; margin-left: 5px;"><div>It will come.</div></blockquote>"#,
    ),
    (
        "mail.ru",
        r#"<HTML><BODY><p style="">Nobody came again.</p><p><br>Понедельник, 5 октября 2026, 10:00 +03:00 от Duty &lt;duty@council.example&gt;:<br></p><blockquote style="border-left:1px solid #0857A6; margin:10px; padding:0 0 0 10px;"><div><div>It will come.</div></div></blockquote></BODY></HTML>"#,
    ),
    (
        "Yandex",
        r#"<div>Nobody came again.</div><div> </div><div>05.10.2026, 10:00, "Duty" &lt;duty@council.example&gt;:</div><blockquote type="cite"><div>It will come.</div></blockquote>"#,
    ),
    (
        "GMX",
        r#"<html><body><div style="font-family: Verdana;"><div>Nobody came again.</div><div>&nbsp;<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5;"><div style="margin:0 0 10px 0;"><b>Gesendet:</b>&nbsp;Montag, 05. Oktober 2026 um 10:00 Uhr<br/><b>Von:</b>&nbsp;"Duty" &lt;duty@council.example&gt;<br/><b>An:</b>&nbsp;ann@mail.example<br/><b>Betreff:</b>&nbsp;Bus</div><div name="quoted-content">It will come.</div></div></div></div></body></html>"#,
    ),
    (
        "Zoho",
        r#"<div style="font-family: Verdana;">Nobody came again.<br></div><div class="zmail_extra_hr" style="border-top: 1px solid rgb(204, 204, 204); min-height: 0px;"><br></div><div class="zmail_extra"><div id="Zm-_Id_-Sgn1">---- On Mon, 05 Oct 2026 10:00:21 +0100 <b>Duty &lt;duty@council.example&gt;</b> wrote ----<br></div><div><br></div><blockquote style="margin: 0px;"><div>It will come.</div></blockquote></div>"#,
    ),
    (
        "Roundcube",
        r#"<html><body><p>Nobody came again.</p><p id="reply-intro">On 2026-10-05 10:00, Duty wrote:</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0"><div>It will come.</div></blockquote></body></html>"#,
    ),
    (
        "Samsung",
        r#"<html><body dir="auto"><div dir="auto">Nobody came again.</div><div dir="auto"><br></div><div id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757">Sent from my Galaxy</div></div><div><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000"><div>-------- Original message --------</div><div>From: Duty &lt;duty@council.example&gt; </div><div>Date: 05/10/2026  10:00  (GMT+00:00) </div><div>To: ann@mail.example </div><div>Subject: Bus </div><div><br></div></div><div>It will come.</div></body></html>"#,
    ),
    (
        "Hotmail",
        r#"<html><body class='hmmessage'><div dir='ltr'>Nobody came again.<br><br><div><hr id="stopSpelling">Date: Mon, 5 Oct 2026 10:00:21 +0100<br>Subject: Bus<br>From: duty@council.example<br>To: ann@mail.example<br><br><div dir="ltr">It will come.</div></div></div></body></html>"#,
    ),
    (
        "a header shared with the words",
        r#"<body><div>Nobody came again.<br><br><hr>Date: Mon, 5 Oct 2026 10:00:21 +0100<br>To: ann@mail.example<br>From: duty@council.example<br>Subject: Bus<br><br>It will come.</div></body>"#,
    ),
    (
        "Lotus Notes",
        r#"<div>Nobody came again.</div><br><font color="purple">-----Duty/COUNCIL wrote: -----</font><div style="padding-left:5px;"><div style="padding-right:0px;padding-left:5px;border-left:solid black 2px">To: ann@mail.example<br>From: Duty/COUNCIL<br>Date: 05/10/2026 10:00AM<br>Subject: Bus<br><br>It will come.</div></div>"#,
    ),
    (
        "QQ",
        r#"<div>Nobody came again.</div><div><br></div><div style="font-size: 12px;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;"><div><b>发件人:</b>&nbsp;"Duty"&lt;duty@council.example&gt;;</div><div><b>发送时间:</b>&nbsp;2026年10月5日(星期一) 上午10:00</div><div><b>收件人:</b>&nbsp;"Ann"&lt;ann@mail.example&gt;;</div><div><b>主题:</b>&nbsp;Bus</div></div><div>It will come.</div>"#,
    ),
    (
        "K-9",
        r#"<html><head></head><body>Nobody came again.<br><br><div class="gmail_quote">On 5 October 2026 10:00:21 BST, Duty &lt;duty@council.example&gt; wrote:<blockquote class="gmail_quote" style="margin: 0pt 0pt 0pt 0.8ex; border-left: 1px solid rgb(204, 204, 204); padding-left: 1ex;">It will come.</blockquote></div></body></html>"#,
    ),
    ("Lists in the answer", r#"<div>Nobody came again.</div><blockquote>It will come.</blockquote>"#),
];

#[test]
fn what_mail_programs_quote_in_html_goes_and_the_answer_stays() {
    let mut wrong = Vec::new();
    for (program, html) in REPLIES {
        for html in [(*html).to_owned(), html.replace("><", ">\r\n<")] {
            let text = to_text(&html);
            let split = strip::split(&text);
            let all = format!("{}{}", split.visible, split.quoted);
            if split.visible != "Nobody came again." || !all.contains("It will come.") {
                wrong.push(format!("{program}: {:?} of {text:?}", split.visible));
            }
        }
    }
    assert_eq!(wrong.len(), 0, "{}", wrong.join("\n"));
}

#[test]
fn what_people_indent_or_write_around_stays() {
    for (html, wanted) in [
        (
            "<p>She said</p><blockquote>we do not care</blockquote><p>That is wrong.</p><div>On Mon, 5 Oct 2026 at 10:00, D &lt;d@x.example&gt; wrote:</div><blockquote type=cite>old</blockquote>",
            "She said\n\nwe do not care\n\nThat is wrong.",
        ),
        (
            "<blockquote>All that I write is indented.<p>Twice.</p></blockquote>",
            "All that I write is indented.\n\nTwice.",
        ),
        ("<div>One</div><hr><div>Two</div>", "One\n________________________________\nTwo"),
        ("<div style='border-top:solid 1px'>My letter</div><p>Nobody came.</p>", "My letter\n\nNobody came."),
        (
            "<p>Write to <a href='mailto:ann@mail.example?subject=x'>me</a> or <a href='mailto:a@b.example'>a@b.example</a></p>",
            "Write to me <ann@mail.example> or a@b.example",
        ),
    ] {
        assert_eq!(strip::split(&to_text(html)).visible, wanted, "{html}");
    }
}

#[test]
fn a_forward_in_html_is_no_quotation() {
    let html = r#"<div dir="ltr">Please log.</div><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>From: <strong class="gmail_sendername" dir="auto">Ann Bell</strong> <span dir="auto">&lt;<a href="mailto:ann@mail.example">ann@mail.example</a>&gt;</span><br>Date: Mon, 5 Oct 2026 at 10:00<br>Subject: Bus<br>To: &lt;mia@council.example&gt;<br></div><br><br><div dir="ltr">Nobody came.</div></div>"#;
    let found = crate::intake::forward::inline(&to_text(html), "Fwd: Bus", None).unwrap();
    assert_eq!((found.note.as_str(), found.forwarded.text.as_str()), ("Please log.", "Nobody came."));
    assert_eq!(found.forwarded.from.unwrap().address, "ann@mail.example");
}
