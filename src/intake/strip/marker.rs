//! Lines between dashes and header blocks: what begins an earlier message without saying "wrote".

use std::sync::LazyLock;

use regex::Regex;

use crate::intake::header_block::{self, unquoted};

/// A line, or a header block, that begins an earlier message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// What the line between dashes says; empty for a block without one.
    pub words: String,
    /// Index of the line after marker and block.
    pub end: usize,
    /// How many `>` stand before it.
    pub depth: usize,
    /// The header block under it.
    pub block: Option<header_block::Block>,
}

/// Longer lines are paragraphs (bytes); a header run on in one line may name many people.
const LONGEST_LINE: usize = 8_000;

/// What begins an earlier message at line `at`, unquoted: words between dashes, a rule over a header block, or a header
/// block alone.
#[must_use]
pub fn marker(lines: &[&str], at: usize) -> Option<Marker> {
    marker_at_depth(lines, at).filter(|marker| marker.depth == 0)
}

/// As [`marker`], also inside quotations.
#[must_use]
pub fn marker_at_depth(lines: &[&str], at: usize) -> Option<Marker> {
    static BETWEEN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[\s*|]*[-–—_=]{2,}\s*(\p{L}[^-–—=<>@]{1,60}?)\s*[-–—_=]{2,}[\s*|]*(.*)$").ok());
    let (depth, line) = unquoted(lines.get(at)?);
    let opening = line.trim();
    if opening.is_empty() || opening.len() > LONGEST_LINE {
        return None;
    }
    let found = if opening.starts_with(['-', '–', '—', '_', '=', '*', '|']) {
        BETWEEN.as_ref().and_then(|pattern| pattern.captures(line))
    } else {
        None
    };
    if let Some(found) = found {
        let words = found.get(1).map_or("", |m| m.as_str()).to_owned();
        let rest = found.get(2).map_or("", |m| m.as_str());
        if let Some(block) = run_on_block(at, depth, rest).or_else(|| block_below(lines, at, true)) {
            return Some(Marker { words, end: block.end, depth, block: Some(block) });
        }
        if rest.is_empty() && names_a_message(&words) {
            return Some(Marker { words, end: at + 1, depth, block: None });
        }
    }
    if is_rule(opening)
        && let Some(block) = block_below(lines, at, false).or_else(|| shaped_below(lines, at))
    {
        return Some(Marker { words: String::new(), end: block.end, depth, block: Some(block) });
    }
    // "Begin forwarded message:" and its like: a short line with a colon over a block.
    if opening.ends_with([':', '：'])
        && opening.chars().count() < 60
        && header_block::labelled(opening).is_none()
        && let Some(block) = block_below(lines, at, names_a_message(opening))
    {
        return Some(Marker { words: opening.to_owned(), end: block.end, depth, block: Some(block) });
    }
    if opening.starts_with("Original Message processed by ") && opening.len() < 60 {
        return Some(Marker { words: "Original Message".to_owned(), end: at + 1, depth, block: None });
    }
    let block = header_block::at(lines, at, false)?;
    Some(Marker { words: String::new(), end: block.end, depth, block: Some(block) })
}

/// A line of nothing but dashes, underscores or the like.
#[must_use]
pub fn is_rule(line: &str) -> bool {
    let line = line.trim().trim_matches('*');
    line.chars().take(5).count() == 5 && line.chars().all(|c| matches!(c, '-' | '_' | '─' | '=' | '—' | '–'))
}

/// The lines after `at` that are looked at for a header block: blank ones are passed over.
fn below(lines: &[&str], at: usize) -> Option<usize> {
    (at + 1..(at + 4).min(lines.len())).find(|&next| lines.get(next).is_some_and(|l| !unquoted(l).1.trim().is_empty()))
}

/// The header block within the next lines after `at`.
fn block_below(lines: &[&str], at: usize, marked: bool) -> Option<header_block::Block> {
    let start = below(lines, at)?;
    header_block::at(lines, start, marked)
}

/// What has the shape of a header block under a rule: in a language we do not know, or all in one line.
fn shaped_below(lines: &[&str], at: usize) -> Option<header_block::Block> {
    let start = below(lines, at)?;
    let (depth, line) = unquoted(lines.get(start)?);
    if line.len() < LONGEST_LINE
        && header_block::labelled(line).is_some()
        && let Some(mut block) = run_on_block(start, depth, line)
        && block.date.is_some()
        && block.from.as_ref().is_some_and(|from| !from.address.is_empty())
    {
        block.end = start + 1;
        return Some(block);
    }
    header_block::shaped(lines, start)
}

/// A block that stands in the marker's own line.
fn run_on_block(at: usize, depth: usize, rest: &str) -> Option<header_block::Block> {
    if rest.is_empty() {
        return None;
    }
    let spread = header_block::spread(rest);
    let lines: Vec<&str> = spread.iter().map(String::as_str).collect();
    let mut block = header_block::at(&lines, 0, true)?;
    (block.start, block.end, block.depth) = (at, at + 1, depth);
    Some(block)
}

/// Words that mean "original message" or "forwarded message" in the languages of mail programs.
fn names_a_message(words: &str) -> bool {
    is_forward_word(words) || is_original_word(words)
}

/// "Forwarded message" in many languages.
#[must_use]
pub fn is_forward_word(words: &str) -> bool {
    static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?i)forward|weitergeleitet|transf[ée]r|transmis|r[ée]exp[ée]di|reenvi|reenviat|inoltrat|doorgestuurd|przes[łl]an|przekaz[ay]|encaminhad|reencaminhad|vidarebefordra|vidaresen|videresen[dt]|v[äa]litetty|edelleenl[äa]het|edasi|p[řr]epos[ií]l|p[řr]eposl|proslije|proslje|prosle[đd]|posredova|tov[áa]bb[íi]tott|redirec[țt]ion|[İi]let(?:i|ilmi)|пере(?:слан|напр|сила|сыла|адрес)|препрат|проследи|pārsūt|persi[ųu]s|προωθ|áframsen|diteruskan|chuyển tiếp|転送|转发|轉寄|轉發|전달|ส่งต่อ|הועבר|المعاد توجيه|معاد توجيه|anfonwyd ymlaen",
        )
        .ok()
    });
    WORD.as_ref().is_some_and(|pattern| pattern.is_match(words))
}

/// "Original message" in many languages.
fn is_original_word(words: &str) -> bool {
    static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?i)^(?:original (?:message|e-?mail|mail|appointment)|urspr[üu]ngliche (?:nachricht|e-?mail|mail)|message d['’]origine|message original|courriel original|original-?(?:nachricht|meddelande|melding|besked)|mensaje original|mensagem original|messaggio originale|missatge original|mensaxe orixinal|oorspronkelijk(?:e)? (?:bericht|e-?mail)|oprindelig (?:meddelelse|besked|mail)|opprinnelig melding|ursprungligt meddelande|alkuper[äa]inen viesti|p[ůu]vodn[íi] (?:zpr[áa]va|e-?mail)|p[ôo]vodn[áa] spr[áa]va|wiadomo[śs][ćc] oryginalna|oryginalna wiadomo[śs][ćc]|исходное сообщение|оригинальное сообщение|исходное письмо|оригінальне повідомлення|вихідне повідомлення|оригинално (?:съобщение|писмо)|оригинална порука|izvorna poruka|originalna poruka|izvirno sporo[čc]ilo|algne (?:kiri|s[õo]num)|s[āa]kotn[ēe]jais zi[ņn]ojums|pradinis lai[šs]kas|αρχικό μήνυμα|orijinal (?:ileti|mesaj)|[öo]zg[üu]n ileti|eredeti [üu]zenet|mesaj(?:ul)? (?:original|ini[țt]ial)|upprunaleg skilaboð|pesan asli|tin nhắn gốc|thư gốc|ข้อความ(?:ต้นฉบับ|เดิม)|הודעה מקורית|الرسالة الأصلية|neges wreiddiol|repl(?:y|ied) message|original|原始邮件|原始信件|原邮件|原始郵件|回复的原邮件|元のメッセージ|원본 메(?:시지|일))$",
        )
        .ok()
    });
    WORD.as_ref().is_some_and(|pattern| pattern.is_match(words.trim().trim_end_matches([':', '：']).trim()))
}
