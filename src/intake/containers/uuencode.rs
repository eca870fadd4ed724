//! Files that old mail programs write into the text of a message (uuencode, POSIX.1): found, decoded, and taken out of the
//! words. Pure and total.

/// A file that stood in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// As given.
    pub name: String,
    /// Its content; of a text that was cut off, as much as is there.
    pub bytes: Vec<u8>,
}

/// A line of 45 bytes begins with this: in the middle of a file all lines do.
const FULL_LINE: u8 = b'M';

/// `text` without the files in it, and the files; None when there are none.
#[must_use]
pub fn taken_out(text: &str) -> Option<(String, Vec<Decoded>)> {
    if !text.starts_with("begin ") && !text.contains("\nbegin ") {
        return None;
    }
    let (mut words, mut files) = (String::with_capacity(text.len()), Vec::new());
    let mut rest = text;
    while let Some((line, after)) = next_line(rest) {
        match begin(line).and_then(|name| Some((name, file(after)?))) {
            Some((name, (bytes, after))) => {
                files.push(Decoded { name: name.to_owned(), bytes });
                rest = after;
            }
            None => {
                words.push_str(rest.get(..rest.len() - after.len()).unwrap_or_default());
                rest = after;
            }
        }
    }
    (!files.is_empty()).then_some((words, files))
}

/// The first line without its end, and what follows.
fn next_line(text: &str) -> Option<(&str, &str)> {
    if text.is_empty() {
        return None;
    }
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    Some((line.trim_end_matches('\r'), rest))
}

/// The name in `begin 644 name`.
fn begin(line: &str) -> Option<&str> {
    let (mode, name) = line.strip_prefix("begin ")?.split_once(' ')?;
    let octal = (3..=4).contains(&mode.len()) && mode.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
    (octal && !name.trim().is_empty()).then(|| name.trim())
}

/// The file whose data begin with `text`, and what follows its end.
fn file(text: &str) -> Option<(Vec<u8>, &str)> {
    let (mut bytes, mut rest, mut full_lines) = (Vec::new(), text, 0);
    while let Some((line, after)) = next_line(rest) {
        rest = after;
        match line.trim_end() {
            "end" => return Some((bytes, rest)),
            // The line of no bytes before the end; mail programs take its blank away.
            "" | "`" => {}
            _ => {
                if !decode(line, &mut bytes) {
                    return None;
                }
                full_lines += usize::from(line.as_bytes().first() == Some(&FULL_LINE));
            }
        }
    }
    // Cut off in the middle: what is there looks like nothing else.
    (full_lines > 0).then_some((bytes, ""))
}

/// Adds the bytes of one line; false if it is none. Blanks at its end may have been taken away, or a check added.
fn decode(line: &str, bytes: &mut Vec<u8>) -> bool {
    let Some((first, data)) = line.as_bytes().split_first() else { return false };
    let six = |byte: u8| (0x20..=0x60).contains(&byte).then(|| (byte - 0x20) & 0x3f);
    let Some(count) = six(*first).map(usize::from) else { return false };
    let letters = count.div_ceil(3) * 4;
    if count == 0 || data.len() > letters + 2 || data.iter().any(|byte| six(*byte).is_none()) {
        return false;
    }
    let before = bytes.len();
    for group in (0..letters).step_by(4) {
        let at = |n: usize| data.get(group + n).and_then(|byte| six(*byte)).unwrap_or(0);
        let (a, b, c, d) = (at(0), at(1), at(2), at(3));
        bytes.extend([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
    }
    bytes.truncate(before + count);
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(bytes: &[u8], name: &str) -> String {
        let letter = |six: u8| char::from(if six == 0 { b'`' } else { six + 0x20 });
        let mut text = format!("begin 644 {name}\n");
        for line in bytes.chunks(45) {
            text.push(letter(line.len() as u8));
            for three in line.chunks(3) {
                let [a, b, c] = [0, 1, 2].map(|n| three.get(n).copied().unwrap_or(0));
                text.extend([a >> 2, (a << 4 | b >> 4) & 0x3f, (b << 2 | c >> 6) & 0x3f, c & 0x3f].map(letter));
            }
            text.push('\n');
        }
        text + "`\nend\n"
    }

    #[test]
    fn a_file_leaves_the_words_and_is_what_it_was() {
        let text = format!("Hello,\nhere is the letter.\n{}Ann\n", encoded(b"Cat", "my letter.txt"));
        assert!(text.contains("#0V%T"), "{text}");
        let (words, files) = taken_out(&text).unwrap();
        assert_eq!(words, "Hello,\nhere is the letter.\nAnn\n");
        assert_eq!(files, [Decoded { name: "my letter.txt".into(), bytes: b"Cat".to_vec() }]);
    }

    #[test]
    fn what_only_looks_like_it_stays_in_the_words() {
        for text in [
            "begin 644 reasons why I am unhappy\nThe taxi was late.\nend\n",
            "begin again 3\n#0V%T\nend\n",
            "We begin 644 cat.txt\n#0V%T\nend\n",
            "begin 999 cat.txt\n#0V%T\nend\n",
            "begin 644 cat.txt\n#0V%T\n",
            "begin 644 \n",
        ] {
            assert_eq!(taken_out(text), None, "{text}");
        }
    }

    #[test]
    fn a_file_that_is_cut_off_is_kept_as_far_as_it_goes() {
        let whole = encoded(&[7; 450], "photo.jpg");
        let (words, files) = taken_out(&format!("Hello\n{}", &whole[..300])).unwrap();
        assert_eq!(words, "Hello\n");
        assert!(files[0].bytes.len() > 100 && files[0].bytes.iter().all(|byte| *byte == 7 || *byte == 0));
    }

    #[test]
    fn blanks_that_a_mail_program_took_away_count_as_zero() {
        let (_, files) = taken_out("begin 644 zeros\n#\n\nend\n").unwrap();
        assert_eq!(files[0].bytes, [0, 0, 0]);
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..400), before in "[a-z\n]{0,40}") {
            let text = format!("{before}\n{}after\n", encoded(&bytes, "a.bin"));
            let (words, files) = taken_out(&text).unwrap();
            prop_assert_eq!(words, format!("{before}\nafter\n"));
            prop_assert_eq!(&files[0].bytes, &bytes);
        }

        #[test]
        fn any_text_is_borne(text in "(begin 644 x\n|[ -`]{0,60}\n|.{0,60}\n|end\n){0,30}") {
            if let Some((words, files)) = taken_out(&text) {
                prop_assert!(words.len() < text.len() && !files.is_empty());
            }
        }
    }
}
