//! Rich text (RTF 1.9): its words, for the search. Pure and total.

use encoding_rs::WINDOWS_1252;

/// Groups that begin with one of these hold no words.
const NO_WORDS: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "footer",
    "themedata",
    "datastore",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "generator",
    "xmlnstbl",
];
/// Deeper groups are passed over.
const DEEPEST: usize = 500;

/// The words of an RTF file.
#[must_use]
pub(super) fn words(bytes: &[u8]) -> String {
    let mut out = String::new();
    // Whether each open group is passed over.
    let mut groups: Vec<bool> = Vec::new();
    let mut skip_after_unicode = 0u32;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        let silent = groups.last().copied().unwrap_or(false);
        match byte {
            b'{' if groups.len() < DEEPEST => groups.push(silent),
            b'}' => {
                groups.pop();
            }
            b'\\' => {
                let control = Control::read(bytes.get(at..).unwrap_or_default());
                at += control.length;
                match control.word {
                    "*" => silence(&mut groups),
                    "'" if skip_after_unicode > 0 => skip_after_unicode -= 1,
                    "'" if !silent => {
                        if let Some(letter) = control.number.and_then(|number| u8::try_from(number).ok()) {
                            out.push_str(&WINDOWS_1252.decode(&[letter]).0);
                        }
                    }
                    "u" if !silent => {
                        // Numbers above 32,767 are written as negative ones.
                        let number = control.number.unwrap_or(0).rem_euclid(65_536);
                        out.extend(u32::try_from(number).ok().and_then(char::from_u32));
                        skip_after_unicode = 1;
                    }
                    "par" | "line" | "row" | "sect" | "page" if !silent => out.push('\n'),
                    "tab" | "cell" if !silent => out.push(' '),
                    "\\" | "{" | "}" if !silent => out.push_str(control.word),
                    "~" if !silent => out.push(' '),
                    "bin" => at += usize::try_from(control.number.unwrap_or(0)).unwrap_or(0),
                    word if NO_WORDS.contains(&word) => silence(&mut groups),
                    _ => {}
                }
            }
            b'\r' | b'\n' => {}
            _ if silent => {}
            _ if skip_after_unicode > 0 => skip_after_unicode -= 1,
            byte => out.push_str(&WINDOWS_1252.decode(&[byte]).0),
        }
    }
    out
}

fn silence(groups: &mut [bool]) {
    if let Some(group) = groups.last_mut() {
        *group = true;
    }
}

/// What follows a backslash.
struct Control<'a> {
    word: &'a str,
    number: Option<i32>,
    length: usize,
}

impl<'a> Control<'a> {
    fn read(rest: &'a [u8]) -> Self {
        let text = |from: usize, to: usize| {
            rest.get(from..to).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
        };
        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if letters == 0 {
            if rest.first() == Some(&b'\'') {
                return Self { word: "'", number: i32::from_str_radix(text(1, 3), 16).ok(), length: 3.min(rest.len()) };
            }
            return Self { word: text(0, 1), number: None, length: 1.min(rest.len()) };
        }
        let minus = usize::from(rest.get(letters) == Some(&b'-'));
        let digits = rest.iter().skip(letters + minus).take_while(|byte| byte.is_ascii_digit()).count();
        let end = if digits == 0 { letters } else { letters + minus + digits };
        let blank = usize::from(rest.get(end) == Some(&b' '));
        Self { word: text(0, letters), number: text(letters, end).parse().ok(), length: end + blank }
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_read_and_tables_of_fonts_and_pictures_are_not() {
        let file = br"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator Writer;}\pard\b Dear Zo\'eb\b0 ,\par The taxi \{late\}\line\u8211?\tab 5{\pict\bin3 }}}}\par}";
        assert_eq!(words(file).trim(), "Dear Zoë,\nThe taxi {late}\n– 5");
        assert_eq!(words(b"\\"), "");
        assert_eq!(words(b"{\\rtf1 \\u-10179?\\'"), "");
    }
}
