//! What mail programs and mail servers add of themselves: "Sent from my phone", confidentiality notices, warnings about
//! external mail, and signatures that are marked as such.

use std::sync::LazyLock;

use regex::Regex;

use super::marker::is_rule;

type Pattern = LazyLock<Option<Regex>>;

fn has(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// Longer lines are never footers (bytes).
const LONGEST_LINE: usize = 200;
/// So many stand one above the other at most.
const MOST_FOOTERS: usize = 40;
/// A disclaimer is no longer (bytes).
const LONGEST_NOTICE: usize = 6_000;

/// Marks as hidden, in `hidden`, the lines of these kinds that stand where programs put them: warnings above the first
/// words, the rest below the last words or right above a quotation.
pub(super) fn hide(lines: &[&str], hidden: &mut [bool]) {
    banner(lines, hidden);
    let mut end = lines.len();
    let mut first_run = true;
    while end > 0 {
        let run_end = (0..end)
            .rev()
            .find(|&at| hidden.get(at) == Some(&false) && !lines.get(at).is_none_or(|l| l.trim().is_empty()));
        let Some(last) = run_end else { break };
        // The run of visible lines that ends here; only its end is looked at.
        let start = (0..=last).rev().find(|&at| hidden.get(at) == Some(&true)).map_or(0, |at| at + 1);
        below(lines, hidden, start, last + 1, first_run);
        first_run = false;
        end = start;
    }
}

/// Footers at the end of the visible lines `start..end`.
fn below(lines: &[&str], hidden: &mut [bool], start: usize, end: usize, is_last: bool) {
    let mut end = end;
    for _ in 0..MOST_FOOTERS {
        while end > start && lines.get(end - 1).is_none_or(|line| line.trim().is_empty()) {
            end -= 1;
        }
        let Some(last) = end.checked_sub(1).filter(|&last| last >= start).and_then(|last| lines.get(last)) else {
            return;
        };
        let last = last.trim();
        let from = if is_device_line(last) || is_scanner_line(last) || last == "--" || last == "ᐧ" {
            end - 1
        } else if let Some(from) = notice(lines, start, end) {
            from
        } else if let Some(from) = signature(lines, start, end).filter(|_| is_last || end < lines.len()) {
            from
        } else {
            return;
        };
        for line in hidden.iter_mut().take(end).skip(from) {
            *line = true;
        }
        end = from;
    }
}

/// Ways to say "sent" that begin a footer, and those that end one.
static SENT: Pattern = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:sent|gesendet|versendet|diese nachricht wurde|von mein\w+|envoy[ée]e?|enviado|enviat|inviato|verzonden|verstuurd|sendt|skickat|l[äa]hetetty|wys[łl]an[eoay]|odesl[áa]no|odoslan[ée]|elk[üu]ldve|trimis|отправлено|надіслано|відправлено|изпратено|poslano|послато|saadetud|nos[ūu]t[īi]ts|i[šs]si[ųu]sta|στάλθηκε|đã gửi|gửi từ|dikirim|ส่งจาก|נשלח|أُ?رسلت|أرسل|发自|發自|從|从|anfonwyd|from my|via)\b|^(?:发自|發自|從|从|ส่งจาก|נשלח|أُ?رسل)|(?:gesendet|g[öo]nderildi|k[üu]ldve|から送信|送信済み|傳送|에서 보냄|에서 보낸)\W*$",
    )
    .ok()
});
/// Things that mail is sent from, and programs that it is sent with.
static DEVICE: Pattern = LazyLock::new(|| {
    Regex::new(
        r"(?i)iphone|ipad|ipod|\bios\b|apple watch|android|samsung|galaxy|blackberry|nokia|lumia|huawei|honor|xiaomi|redmi|oneplus|\bpixel\b|xperia|\bsony\b|\bhtc\b|\blg\b|motorola|\bmoto\b|nexus|windows (?:mail|phone|10|8|\d)|\bphone|smartphone|smarttelefon|\bcell\b|\bmobil|мобильн|мобільн|tablet|surface|kindle|handheld|hand-held|device|gerät|outlook|yahoo|gmail|\bmail\b|mailbox|e-mail app|aol|airmail|spark\b|proton|tutanota|tuta\b|thunderbird|k-9|k9|fairemail|boxer|bluemail|acompli|gmx|web\.de|hotmail|icloud|myMail|zimbra|telefon|téléphone|teléfono|telefono|telemóvel|celular|携帯|手机|手機|휴대폰",
    )
    .ok()
});
static EXCUSE: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)excuse|forgive|pardon|apolog|sorry|typo|spelling|brevity|autocorrect|predictive|entschuldig|bitte|désolé|fautes").ok()
});
static OTHER_DEVICE_LINE: Pattern = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:get|download|holen sie sich|outlook f[üu]r|t[ée]l[ée]charge[rz]|obtene[rz]|obtenha|obtenir|ottieni|scarica|hent|skaff|h[äa]mta|hanki|pobierz|z[íi]sk[aá][tť]|download|ontvang|ob[țt]ine[țt]i|скачать|загрузить|获取|取得|下载|下載)\b.{0,20}outlook (?:for|f[üu]r|pour|para|per|voor|til|till|pro|dla|для|pentru)\b.{0,100}$|^\[?outlook (?:for|f[üu]r) (?:ios|android)\]?.{0,80}$|^yahoo mail: search, organi[sz]e, conquer|^(?:get|获取) \[?outlook|^<<\s*sent (?:by|from|via) .{1,40}>>$|^sent (?:with|using) (?:proton ?mail|tuta(?:nota)?|spark|superhuman|airmail|mailspring|shortwave)\b.{0,60}$|^enjoy the power of outlook|^secured by tutanota",
    )
    .ok()
});
/// `from my TI-85`: a thing nobody knows, named like a thing.
static SOME_THING: Pattern =
    LazyLock::new(|| Regex::new(r"^(?i:sent (?:from|via|with) my) (?:[A-Z0-9][\w-]*\s?){1,4}$").ok());

/// "Sent from my phone", in one line, with or without an excuse for its spelling.
pub(super) fn is_device_line(line: &str) -> bool {
    if line.len() > LONGEST_LINE {
        return false;
    }
    static LINK: Pattern = LazyLock::new(|| Regex::new(r"[<(]?https?://[^\s<>()]*[>)]?").ok());
    let Some(link) = LINK.as_ref() else { return false };
    let line = link.replace_all(line, " ");
    let line = line.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '*' | '_' | '"' | '—' | '–' | '-' | '[' | ']' | '​')
    });
    if has(&OTHER_DEVICE_LINE, line) || has(&SOME_THING, line.trim_end_matches('.')) {
        return true;
    }
    if !has(&SENT, line) || !has(&DEVICE, line) {
        return false;
    }
    // What follows the first stop must be an excuse: "Sent from my desk, it is easier than my phone" is a sentence.
    let head_end = line
        .char_indices()
        .find(|(at, c)| {
            matches!(c, ',' | ';' | '!' | '?')
                || (*c == '.' && line.get(at + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with(' ')))
        })
        .map_or(line.len(), |(at, _)| at);
    let (head, tail) = line.split_at_checked(head_end).unwrap_or((line, ""));
    let tail = tail.trim_matches(|c: char| !c.is_alphanumeric());
    head.split_whitespace().count() <= 14 && has(&DEVICE, head) && (tail.is_empty() || has(&EXCUSE, tail))
}

/// A virus scanner's line.
fn is_scanner_line(line: &str) -> bool {
    static SCANNER: Pattern = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:virus-free\.|this e-?mail (?:has been|was|is) (?:checked|scanned|protected)|diese e-?mail wurde .{0,40}(?:avast|avg|virus)|cet(?:te)? (?:e-?mail|courriel|message) a été vérifié|este (?:correo|mensaje) .{0,40}(?:avast|avg|virus)|questa e-?mail è stata (?:controllata|esaminata)|please consider the environment|think before you print|think of the environment|save a tree)\b.{0,150}$").ok()
    });
    line.len() <= LONGEST_LINE && has(&SCANNER, line)
}

/// Signs of a confidentiality notice; three of them make one.
static NOTICE: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"(?i)confidential|privileged|vertraulich|confidenti[ea]l|confidencial|riservat|vertrouwelijk|fortrolig|konfidenti|luottamuksel|poufn|d[ůu]v[ěe]rn|bizalmas|конфиденциальн",
        r"(?i)intended (?:solely |only |exclusively )?(?:for|recipient)|solely for|only for the|recipient|addressee|bestimmt|destinat[aá]r|destinataire|geadresseerde|adresat|mottager|adressat|vastaanottaj|получател",
        r"(?i)in error|by mistake|irrt[üu]mlich|par erreur|por error|por engano|per errore|abusievelijk|ten onrechte|pomy[łl]k|omyłk|ved en fejl|av misstag|erehdyksess|по ошибке",
        r"(?i)delete|destroy|notify|inform the sender|advise the sender|l[öo]schen|vernichten|d[ée]trui|supprim|elimin|cancell|verwijder|usun|slet|radera|poista|удал",
        r"(?i)prohibited|unauthori[sz]ed|unlawful|untersagt|nicht gestattet|interdit|prohib|vietat|verboden|niet toegestaan|zabronion|forbudt|f[öo]rbjud|запрещ",
        r"(?i)virus|malware|scanned|liability|warrant|haftung|responsab|aansprakelijk",
        r"(?i)\bviews\b.{0,60}(?:author|sender|necessarily)|opinions? (?:expressed|contained)|necessarily (?:represent|reflect)",
        r"(?i)monitored|recorded|freedom of information|data protection|archived",
        r"(?i)^\W*(?:disclaimer|confidentiality(?: notice)?|important notice|legal notice|privacy notice)\b",
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});
/// A notice speaks to whoever it was not meant for. A family that was sent another family's letter does not.
static TO_WHOM: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)if you (?:are not|have received|receive|are the wrong|were not)|if (?:this|the) (?:e-?mail|message|communication)|if received in error|not (?:the|an) (?:intended|named)|for the (?:sole )?use of|intended (?:solely|only|exclusively) for|is intended for|(?:sollten|wenn|falls) sie|si vous (?:n['’]|avez|recevez)|s['’]il vous|si (?:usted|ud|ha)|se (?:l[ae]i |voc[êe] |n[ãa]o |non |ha )|indien (?:u|deze)|als u|je[żz]eli|je[śs]li|hvis du|om du|jos |если вы").ok()
});
static FIRST_PERSON: Pattern = LazyLock::new(|| {
    Regex::new(r"\bI(?:['’](?:m|ve|d|ll))?\b|(?i:\bmy\b|\bmine\b|\bmyself\b|\bich\b|\bmein|\bje\b|\bmi hij)").ok()
});

/// Whether `text`, one paragraph, is a confidentiality notice or the like.
fn is_notice(text: &str) -> bool {
    let signs = || NOTICE.iter().filter(|sign| sign.is_match(text)).count();
    text.len() <= LONGEST_NOTICE && text.len() >= 80 && !has(&FIRST_PERSON, text) && has(&TO_WHOM, text) && signs() >= 3
}

/// Where the notice begins that ends at `end`, if one does: its last paragraph, and the heading or rule above it.
fn notice(lines: &[&str], start: usize, end: usize) -> Option<usize> {
    let is_break = |at: usize| lines.get(at).is_none_or(|line| line.trim().is_empty() || is_rule(line));
    let mut paragraph_end = end;
    while paragraph_end > start && is_break(paragraph_end - 1) {
        paragraph_end -= 1;
    }
    let mut from = paragraph_end;
    let mut length = 0;
    while from > start && !is_break(from - 1) {
        from -= 1;
        length += lines.get(from).map_or(0, |line| line.len());
        if length > LONGEST_NOTICE {
            return None;
        }
    }
    let paragraph = lines.get(from..paragraph_end)?.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    // A long notice has paragraphs that say little each: then the one above must be one too.
    let is_part = || is_trailing_part(&paragraph) && notice_above(lines, start, from, &is_break);
    if !is_notice(&paragraph) && !is_part() {
        return None;
    }
    while from > start {
        let above = lines.get(from - 1).map_or("", |line| line.trim());
        if !(above.is_empty() || is_rule(above) || is_heading(above)) {
            break;
        }
        from -= 1;
    }
    Some(from)
}

fn is_trailing_part(paragraph: &str) -> bool {
    let signs = NOTICE.iter().filter(|sign| sign.is_match(paragraph)).count();
    signs >= 1 && paragraph.len() >= 60 && !has(&FIRST_PERSON, paragraph)
}

/// Whether the paragraph that ends above `end` is a notice by itself.
fn notice_above(lines: &[&str], start: usize, end: usize, is_break: &dyn Fn(usize) -> bool) -> bool {
    let mut last = end;
    while last > start && is_break(last - 1) {
        last -= 1;
    }
    let mut from = last;
    let mut length = 0;
    while from > start && !is_break(from - 1) && length <= LONGEST_NOTICE {
        from -= 1;
        length += lines.get(from).map_or(0, |line| line.len());
    }
    lines
        .get(from..last)
        .is_some_and(|part| is_notice(&part.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")))
}

fn is_heading(line: &str) -> bool {
    static HEADING: Pattern = LazyLock::new(|| {
        Regex::new(r"(?i)^\W*(?:e-?mail )?(?:disclaimer|confidentiality(?: (?:notice|statement|note))?|important(?: notice)?|legal notice|notice|haftungsausschluss|avis de confidentialit[ée]|aviso (?:legal|de confidencialidad)|avviso di riservatezza)\W*$").ok()
    });
    line.len() < 60 && has(&HEADING, line)
}

/// Lines that warn of mail from outside, above the first words.
fn banner(lines: &[&str], hidden: &mut [bool]) {
    static WARNS: Pattern = LazyLock::new(|| {
        Regex::new(r"(?i)(?:e-?mail|message|sender).{0,40}(?:originated|sent|came|comes|is|received) (?:from )?(?:an? )?(?:outside|external)|external (?:e-?mail|message|sender)|do not click (?:on )?(?:any )?(?:links|attachments)|you don['’]t often get e-?mail from|be cautious|(?:links|attachments) unless you (?:recogni[sz]e|know|trust)|some people who received this message don['’]t often").ok()
    });
    static TAG: Pattern = LazyLock::new(|| {
        Regex::new(r"(?i)^\W*(?:caution|warning|external(?: (?:e-?mail|sender|message))?|\[external\])\W*$").ok()
    });
    let words: Vec<usize> = (0..lines.len())
        .filter(|&at| hidden.get(at) == Some(&false) && lines.get(at).is_some_and(|line| !line.trim().is_empty()))
        .take(6)
        .collect();
    let mut end = 0;
    for (n, at) in words.iter().enumerate() {
        let line = lines.get(*at).map_or("", |line| line.trim());
        let is_warning = line.len() <= 600 && has(&WARNS, line) && !has(&FIRST_PERSON, line);
        let is_tag = line.len() < 60 && has(&TAG, line);
        if is_warning || is_tag {
            if is_warning {
                end = n + 1;
            }
            continue;
        }
        break;
    }
    // A message that is nothing but the warning keeps it.
    if end < words.len() {
        for at in words.into_iter().take(end) {
            if let Some(line) = hidden.get_mut(at) {
                *line = true;
            }
        }
    }
}

/// A signature is no longer (lines that say something, bytes a line).
const LONGEST_SIGNATURE: (usize, usize) = (8, 80);

/// Where the signature begins that is marked by a line "--" (RFC 3676, section 4.3) and ends at `end`. One with a
/// telephone number, or with sentences, stays.
fn signature(lines: &[&str], start: usize, end: usize) -> Option<usize> {
    static NUMBER: Pattern = LazyLock::new(|| Regex::new(r"(?:\+\d|\(?\b0\d|\b\d{2})[\d\s().-]{7,}\d\b").ok());
    let mut said = 0;
    let mut at = end;
    while at > start {
        at -= 1;
        let line = lines.get(at)?.trim();
        if line == "--" {
            return (said > 0 && at > start).then_some(at);
        }
        if line.is_empty() {
            continue;
        }
        said += 1;
        let sentence = line.split_whitespace().count() > 5 && line.ends_with(['.', '!', '?']);
        let postscript = line.to_lowercase().starts_with("p.s") || line.starts_with("PS");
        if said > LONGEST_SIGNATURE.0
            || line.len() > LONGEST_SIGNATURE.1
            || sentence
            || postscript
            || has(&NUMBER, line)
        {
            return None;
        }
    }
    None
}
