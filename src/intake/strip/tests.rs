use proptest::prelude::*;

use super::*;

#[test]
fn the_answer_stays_and_the_quotation_goes() {
    let split = split(
        "Nobody rang.\n\nOn Mon, 5 Oct 2026 at 10:00, Ann Bell <ann@x.example>\nwrote:\n\n> We will ring.\n> Ann",
    );
    assert_eq!(split.visible, "Nobody rang.");
    assert!(split.quoted.starts_with("On Mon"));
}

#[test]
fn an_answer_below_or_between_quotations_stays() {
    let text = "On Mon, 5 Oct 2026 Ann wrote:\n> Did she ring?\nNo she did not.\n> Did they come?\nNo.";
    assert_eq!(split(text).visible, "No she did not.\nNo.");
}

#[test]
fn an_outlook_block_cuts_and_a_signature_stays() {
    let text = "Still nothing.\n\nRegards\nMary\n07700 900000\n\nFrom: Duty <duty@council.example>\nSent: 5 October 2026 10:00\nTo: Mary\nSubject: RE: visit\n\nWe will come.";
    let split = split(text);
    assert_eq!(split.visible, "Still nothing.\n\nRegards\nMary\n07700 900000");
    assert!(split.quoted.ends_with("We will come."));
}

#[test]
fn words_of_the_writer_that_look_like_quotations_stay() {
    for text in [
        "On Friday your manager wrote: \"we do not care\". That is what I complain about.",
        "On 3 March 2026 she told me what my sister wrote:\nthat I am a bad mother. This is wrong.",
        "From: the start nobody helped\nDate: set twice, never kept",
        ">:( I am angry",
        "Timeline\n-----\n3 May: rang\n-----\n4 May: rang",
    ] {
        let split = split(text);
        for word in text.split_whitespace() {
            assert!(split.visible.contains(word), "{word} lost from {text}");
        }
    }
}

#[test]
fn when_all_is_quoted_all_is_visible() {
    assert_eq!(split("> only this").visible, "> only this");
}

/// Pieces of mail, put together at random: what the rules look at, and words.
pub(in crate::intake) fn pieces() -> impl Strategy<Value = String> {
    let lines = ATTRIBUTIONS.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    const FIXED: &[&str] = &[
        "> ",
        ">> ",
        "| ",
        "\n",
        "\n\n",
        "\n> ",
        "\r\n",
        " ",
        "--\n",
        "-- \n",
        "________________________________\n",
        "-----Original Message-----\n",
        "---------- Forwarded message ---------\n",
        "Begin forwarded message:\n",
        "From: Ann Bell <ann@mail.example>\nSent: 5 October 2026 10:00\nTo: Mia\nCc: Bo\nSubject: FW: bus\n\n",
        "Von: Bo <bo@council.example>\nDatum: 5. Oktober 2026 10:00\nBetreff: Bus\n",
        "From: x\n",
        "To: y;\n z\n",
        "Subject: s\n",
        "On Mon, ",
        "On ",
        "wrote:",
        "<",
        ">",
        "ann@mail.example",
        "Sent from my iPhone\n",
        "Get Outlook for iOS\n",
        "CAUTION: This email originated from outside the council. Do not click links.\n",
        "If you are not the intended recipient, this confidential message was sent in error: delete it.\n",
        "(http://x.example/a) >\n",
        "\u{feff}",
        "\u{a0}",
        "\u{202a}",
        "07700 900123\n",
        "Regards\nAnn\n",
        "*From:* a@b.example\n",
    ];
    let piece = prop_oneof![
        3 => "[a-zé]{1,8}[ .!?:]",
        2 => prop::sample::select(FIXED).prop_map(str::to_owned),
        1 => prop::sample::select(lines),
        1 => "\\PC{0,12}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// The words of `text` that are missing from all of `parts`.
pub(in crate::intake) fn missing(text: &str, parts: &[&str]) -> Vec<String> {
    let count = |text: &str| {
        let mut words = std::collections::HashMap::new();
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            *words.entry(word.to_owned()).or_insert(0_usize) += 1;
        }
        words
    };
    let mut kept = std::collections::HashMap::new();
    for part in parts {
        for (word, times) in count(part) {
            *kept.entry(word).or_insert(0) += times;
        }
    }
    let lost = |(word, times): &(String, usize)| kept.get(word).copied().unwrap_or(0) < *times;
    count(text).into_iter().filter(lost).map(|(word, _)| word).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_word_is_ever_lost_and_none_is_doubled(text in pieces()) {
        let split = split(&text);
        let lost = missing(&text, &[&split.visible, &split.quoted]);
        prop_assert!(lost.is_empty(), "{:?}", lost);
        let doubled = missing(&format!("{} {}", split.visible, split.quoted), &[&text]);
        prop_assert!(doubled.is_empty(), "{:?}", doubled);
    }

    #[test]
    fn any_text_is_divided_and_what_is_visible_stays_so(text in "\\PC{0,200}") {
        let once = split(&text);
        prop_assert!(missing(&text, &[&once.visible, &once.quoted]).is_empty());
    }
}

/// Texts that would never end if a rule looked at every other line from every line.
#[test]
fn a_text_of_many_lines_takes_time_in_proportion() {
    let lines = |line: &str, count: usize| line.repeat(count);
    for (what, text) in [
        ("attributions", lines("On Mon, 5 Oct 2026 at 10:00, Ann <ann@mail.example> wrote:\n", 40_000)),
        ("openings", lines("On Mon, 5 Oct 2026 at 10:00, Ann\n", 10_000)),
        ("headers", lines("From: Ann\nTo: Bo\n\nwords\n", 10_000)),
        ("markers", lines("> -----Original Message-----\n", 10_000)),
        ("blank lines", format!("words\n{}words", lines("\n", 400_000))),
        ("quotations", lines("> a\nb\nSent from my iPhone\n\n", 10_000)),
        ("dashes", lines("--\nAnn\n", 10_000)),
        ("one line", lines("On Mon, 5 Oct 2026 at 10:00, Ann <ann@mail.example> wrote: ", 20_000)),
    ] {
        // A second or two without optimisation; every line with every other would be an hour.
        let start = std::time::Instant::now();
        let _ = split(&text);
        assert!(start.elapsed().as_secs() < 20, "{what}");
    }
}

/// How mail programs introduce what they quote, one per line: Gmail, Outlook, Apple Mail, Thunderbird, Yahoo and others
/// in the languages that families here write in, and more. Names and addresses are invented.
const ATTRIBUTIONS: &str = include_str!("attributions.txt");

/// As Gmail folds: before column 78, at a blank, and after a bracket.
fn folded(line: &str, width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in line.split(' ') {
        if column > 0 && column + word.chars().count() >= width {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
        }
        out.push_str(word);
        column += word.chars().count() + 1;
    }
    out
}

#[test]
fn what_mail_programs_put_above_a_quotation_is_known_in_every_language_folded_or_not() {
    let mut wrong = Vec::new();
    for line in ATTRIBUTIONS.lines().filter(|line| !line.is_empty()) {
        let bracket = line.replacen(" <", " <\n", 1);
        for (how, line) in [
            ("", line.to_owned()),
            ("folded at 76", folded(line, 76)),
            ("folded at 50", folded(line, 50)),
            ("folded after the bracket", bracket),
        ] {
            for (quotes, tail) in [
                ("marked", "\n> It will come.\n>\n> Ann\n"),
                ("blank and marked", "\n\n> It will come.\n"),
                ("unmarked", "\n\nIt will come.\nAnn\n"),
            ] {
                let text = format!("Nobody came again.\nIt is the third time.\n\n{line}{tail}");
                let split = split(&text);
                if split.visible != "Nobody came again.\nIt is the third time." {
                    wrong.push(format!("{how} {quotes}: {line}\n -> {}", split.visible.replace('\n', " / ")));
                }
            }
        }
    }
    assert_eq!(wrong.len(), 0, "{}", wrong.join("\n"));
}

/// Letters that cite: not a word of them may be taken for a program's line.
#[test]
fn what_people_write_about_what_others_wrote_stays() {
    for text in [
        "Dear team\nOn 5 May 2026 you wrote:\n\nWe will call you within ten days.\n\nYou never called.",
        "Dear team\n\nOn 5 May 2026 you wrote:\n\n\"We will call you.\" You never called.",
        "Dear team\n\nOn 5 May 2026 at 10:30 Mrs Jones wrote:\n\n“I am closing the case.”\n\nThis is not right.",
        "He refused to help and then the manager wrote:\nwe cannot take this further.\nThat is not fair.",
        "On 3 March 2026 she told me what my sister wrote:\nthat I am a bad mother. This is wrong.",
        "On 5 May 2026 at 10:30 I emailed Ann <ann@council.example> and asked:\n\nwhere is my son?\n\nNo answer.",
        "My complaint\n\nOn Friday 8 May 2026 my son's social worker wrote:\n\nhe will be moved.\n\nHe was not told.",
        "At the meeting on 8 May 2026 at 14:00 they said:\n\nno transport.\n\nI disagree.",
        "Timeline:\n\n12/05/2026 10:30 rang duty, was told:\n\nring tomorrow.\n\n13/05/2026 rang again.",
        "Hello\n\nFrom: the start of term nobody came\nTo: this day I have waited\n\nWhy?",
        "What I want:\n-----\nan apology\n-----\nand transport",
        "Sent from my desk to yours, with anger. My phone is off.\nSent to three addresses and not one answered.",
        "I was sent from the phone line to the front desk and back",
        "I received another family's letter in error. It is confidential and was intended for them. I am not the intended \
         recipient and I want you to delete my data if you are not able to keep it.",
        "Thanks\n--\nPlease do not ignore me this time. My son is eight years old.",
        "Not happy.\n\n--\nMary Hill\n07700 900123",
        "See you Friday.\n\nMum x",
        "Name: Ann\nDate: 3 May\nSubject: my complaint\n\nNobody came.",
        "1. > 20 days late\n2. no reply",
        "Ratings:\n>9 hours waiting\nno seat",
    ] {
        assert_eq!(split(text).visible, tidy(text), "{text}");
    }
}

#[test]
fn what_programs_and_servers_add_is_folded_away() {
    let devices = [
        "Sent from my iPhone",
        "Sent from my Galaxy",
        "Sent from my Samsung Galaxy smartphone.",
        "Sent from Outlook for Android",
        "Sent from Outlook for iOS<https://aka.ms/o0ukef>",
        "Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows",
        "Sent from Yahoo Mail for iPhone",
        "Sent from Yahoo Mail on Android",
        "Sent from my iPad, please excuse typos",
        "Sent from my mobile. Sorry for any spelling mistakes.",
        "Get Outlook for iOS",
        "Get Outlook for Android<https://aka.ms/AAb9ysg>",
        "Sent with Proton Mail secure email.",
        "Von meinem iPhone gesendet",
        "Gesendet mit der GMX Mail App",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Wysłane z iPhone'a",
        "Wysłano z mojego telefonu Samsung",
        "Trimis de pe iPhone-ul meu",
        "iPhone'umdan gönderildi",
        "Отправлено с iPhone",
        "Надіслано з iPhone",
        "发自我的 iPhone",
        "iPhoneから送信",
        "나의 iPhone에서 보냄",
        "أُرسلت من الـ iPhone",
        "Στάλθηκε από το iPhone μου",
        "Anfonwyd o fy iPhone",
        "Đã gửi từ iPhone của tôi",
    ];
    for device in devices {
        assert_eq!(split(&format!("Nobody came.\n\nAnn\n\n{device}\n")).visible, "Nobody came.\n\nAnn", "{device}");
        let above =
            format!("Nobody came.\n\n{device}\n\nOn Mon, 5 Oct 2026 at 10:00, A <a@x.example> wrote:\n\nIt will.");
        assert_eq!(split(&above).visible, "Nobody came.", "{device}");
    }
    let notice = "Hello, it is late.\n\nAnn\n\nDisclaimer\n\nThe information in this email is confidential and intended solely \
                  for the addressee. If you are not the intended recipient you must not copy it and should delete it at \
                  once.\n\nThis email has been scanned for viruses by the sender's service and may be archived.";
    let split_notice = split(notice);
    assert_eq!(split_notice.visible, "Hello, it is late.\n\nAnn");
    assert!(split_notice.quoted.contains("Disclaimer") && split_notice.quoted.contains("scanned for viruses"));
    let banner = "CAUTION: This email originated from outside the organisation. Do not click links.\n\nNobody came.";
    assert_eq!(split(banner).visible, "Nobody came.");
    assert_eq!(split("Sent from my iPhone").visible, "Sent from my iPhone", "it is all there is");
}

/// Replies in shapes that programs give them besides the usual one.
#[test]
fn replies_of_odd_shapes_are_divided() {
    let mut wrong = Vec::new();
    for (text, visible) in [
        (
            "It did not come\n On Mar 8, 2026 9:59 AM, \"Duty\" <\nduty+7f1b094ceb90e18cca93@council.example> wrote:\n\n\n>**\n>  It will come",
            "It did not come",
        ),
        ("No bus\n\nSent from Samsung MobileDuty <duty@council.example> wrote:\n\n>\n> It will\n>\n> Duty", "No bus"),
        (
            "No bus\n\nOn Nov 30, 2026, at 12:47 PM, Duty <\n416ffd3258d4d2fa4c85cfa4c44e1721d66e3e8f4@council.example>\nwrote:\n\nIt will\n",
            "No bus",
        ),
        (
            "No bus\n\n  *From:* duty@council.example [mailto:\n  duty@council.example]\n  *Sent:* Wednesday, June 24, 2026 3:05 PM\n  *To:* ann@mail.example\n  *Subject:* Bus\n\nIt will",
            "No bus",
        ),
        ("No bus\nDate: Wed, 24 Jun 2026 00:15:02 -0600\nTo: ann@mail.example\n\nIt will", "No bus"),
        (
            "8.45am-1pm\n\nFrom: duty@council.example\nDate: Wed, 24 Jun 2026 00:15:02 -0600\n\n<http://x.example/c/dHJhY2tpbmdfY29kZT1m\n>  <bob@x.example <mailto:bob@x.example> >\n\nRequester:",
            "8.45am-1pm",
        ),
        (
            "Interview:\n\nDate: Wednesday 3, October 2026\nTime: 7 : 00am\nAddress: 130 Fox St\n\nBring your papers.",
            "Interview:\n\nDate: Wednesday 3, October 2026\nTime: 7 : 00am\nAddress: 130 Fox St\n\nBring your papers.",
        ),
        (
            "> Message du 05/10/26 10:00\n> De : \"Duty\" <duty@council.example>\n> A : ann@mail.example\n> Copie à : \n> Objet : Bus\n>\n> It will",
            "> Message du 05/10/26 10:00\n> De : \"Duty\" <duty@council.example>\n> A : ann@mail.example\n> Copie à : \n> Objet : Bus\n>\n> It will",
        ),
        (
            "No bus\n\n> Message du 05/10/26 10:00\n> De : \"Duty\" <duty@council.example>\n> A : ann@mail.example\n> Objet : Bus\n>\n> It will",
            "No bus",
        ),
        (
            "No bus\n\n========================================\n\nMessage du : 05/10/2026 10:00\nDe : \"Duty \" <duty@council.example>\nA : ann@mail.example\nCopie à : \nSujet :  Bus\n\nIt will",
            "No bus",
        ),
        ("No bus\n\n-----Original Message-----\nFrom: Duty <duty@council.example>\n\nIt will", "No bus"),
        ("No bus\n\n----- Original Message -----\n\nIt will", "No bus"),
        (
            "No bus\n\n-----Opprinnelig melding-----\nFra: Duty\nSendt: 5. oktober 2026 10:00\nTil: Ann\nEmne: Buss\n\nIt will",
            "No bus",
        ),
        (
            "No bus\n\n-----Messaggio originale-----\nDa: Duty [mailto:duty@council.example]\nInviato: lunedì 5 ottobre 2026 10:00\nA: Ann\nOggetto: Bus\n\nIt will",
            "No bus",
        ),
        ("No bus\n\n-------- Wiadomość oryginalna --------\nOd: Duty\nData: 05.10.2026 10:00\n\nIt will", "No bus"),
        (
            "No bus\n\n  ----- Ursprüngliche Mail -----\nVon: \"Duty\" <duty@council.example>\nAn: ann@mail.example\nGesendet: Montag, 5. Oktober 2026 10:00:21\nBetreff: Bus\n\nIt will",
            "No bus",
        ),
        (
            "No bus\n________________________________________\nFrom: Duty [duty@council.example]\nSent: Monday, 5 October 2026 5:08 p.m.\nTo: Ann\nSubject: Bus\n\nIt will",
            "No bus",
        ),
        (
            "No bus\n\n\n From: Duty <duty@council.example>\n To: Ann <ann@mail.example>\n Sent: Monday, 5 October 2026, 10:00\n Subject: Bus\n  \nIt will",
            "No bus",
        ),
        (
            "No bus\n\n________________________________\nVon: Duty\nGesendet: Montag, 5. Oktober 2026 10:00\nAn: Ann\nBetreff: Bus\n\nIt will",
            "No bus",
        ),
        (
            "No bus\n\n---- Replied Message ----\n| From | Duty<duty@council.example> |\n| Date | 10/05/2026 10:00 |\n| To | <ann@mail.example> |\n| Subject | Bus |\n\nIt will",
            "No bus",
        ),
        ("No bus\n\n--- Duty via Council wrote ---\n> It will", "No bus"),
        ("No bus\nDuty via Council Complaints wrote:\n> It will\n> come", "No bus"),
        ("No bus\n\nDuty <duty@council.example> (05/10/2026 10:00):\n> It will\n", "No bus"),
        ("No bus\n\n>>> Duty <duty@council.example> 05/10/2026 10:00 >>>\nIt will\n", "No bus"),
        ("No bus\n\nEl jueves, 8 de octubre de 2026, Duty  escribió:\n\n> It will\n> come", "No bus"),
        (
            "On Mon, 5 Oct 2026 at 10:00, D <d@x.example> wrote:\n\n> It will come.\n> D\n\nIt did not.\n\n-- \nAnn",
            "It did not.",
        ),
        ("On Mon, 5 Oct 2026 at 10:00, D <d@x.example> wrote:\n> Will it?\nNo.\n> Why?\nAsk them.\n", "No.\nAsk them."),
        (
            "Yes\n\nOn Mon, 5 Oct 2026 at 10:00, D <d@x.example> wrote:\n> > On Sun, 4 Oct 2026 at 10:00, A <a@x.example> wrote:\n> > No bus\n> It will\n\nSee my answer in the text.",
            "Yes\n\n\nSee my answer in the text.",
        ),
        ("No bus\n\nLe lun. 5 oct. 2026 à\n10:00, Duty <duty@council.example> a\nécrit :\n\n> It will", "No bus"),
        ("No bus\n\n> -----Original Message-----\n> From: Duty\n> It will", "No bus"),
    ] {
        for text in [text.to_owned(), text.replace('\n', "\r\n")] {
            let got = split(&text).visible;
            if got != tidy(visible) {
                wrong.push(format!("{text:?}\n -> {got:?}"));
            }
        }
    }
    assert_eq!(wrong.len(), 0, "{}", wrong.join("\n"));
}
