//! Outlook's own format, `winmail.dat` (MS-OXTNEF): the files in it and, where they stand as text, its words. Pure and
//! total.
//!
//! The one crate for it stops at attributes that Outlook writes (it has a wrong number for the message text), and its
//! names are those of 1995: the long ones stand among the MAPI properties, which it hands over unread.

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::intake::{body, html};

/// What was in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unpacked<'a> {
    /// The files, in their order.
    pub files: Vec<Packed<'a>>,
    /// The words, if they stand as plain text or HTML.
    pub text: Option<String>,
    /// It also holds words as compressed rich text, which are not read.
    rich_text: bool,
}

impl Unpacked<'_> {
    /// It holds files, and no words that were missed.
    #[must_use]
    pub fn files_only(&self) -> bool {
        !self.files.is_empty() && !self.rich_text
    }
}

/// A file in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed<'a> {
    /// Its name; empty if it has none.
    pub name: String,
    /// Media type as the sender says; empty if it does not.
    pub said_type: String,
    /// Content.
    pub bytes: &'a [u8],
}

/// More files than any person sends.
const MOST_FILES: usize = 1_000;

/// Attribute numbers of MS-OXTNEF 2.1.3.2.
mod attribute {
    pub const OEM_CODEPAGE: u32 = 0x0006_9007;
    pub const BODY: u32 = 0x0002_800c;
    pub const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
    pub const ATTACH_REND_DATA: u32 = 0x0006_9002;
    pub const ATTACH_TITLE: u32 = 0x0001_8010;
    pub const ATTACH_DATA: u32 = 0x0006_800f;
    pub const ATTACH_PROPERTIES: u32 = 0x0006_9005;
}

/// Property numbers of MS-OXPROPS.
mod property {
    pub const BODY: u16 = 0x1000;
    pub const RTF_COMPRESSED: u16 = 0x1009;
    pub const HTML: u16 = 0x1013;
    pub const ATTACH_DATA: u16 = 0x3701;
    pub const ATTACH_LONG_NAME: u16 = 0x3707;
    pub const ATTACH_TYPE: u16 = 0x370e;
}

/// Takes it apart. None if it is not this format, or breaks off: then it is kept as it is.
#[must_use]
pub fn unpacked(bytes: &[u8]) -> Option<Unpacked<'_>> {
    let mut input = Input(bytes);
    if input.u32()? != 0x223e_9f78 {
        return None;
    }
    input.take(2)?; // the key of an attribute that nobody uses
    let mut found = Unpacked::default();
    let mut charset = WINDOWS_1252;
    while !input.0.is_empty() {
        let level = input.take(1)?.first().copied()?;
        let (id, length) = (input.u32()?, input.u32()?);
        let data = input.take(usize::try_from(length).ok()?)?;
        input.take(2)?; // a sum of the bytes, which some programs get wrong
        match (level, id) {
            (1, attribute::OEM_CODEPAGE) => charset = Input(data).u32().and_then(code_page).unwrap_or(WINDOWS_1252),
            (1, attribute::BODY) => found.text = Some(text_of(data, charset)),
            (1, attribute::MESSAGE_PROPERTIES) => message_properties(data, charset, &mut found),
            (2, attribute::ATTACH_REND_DATA) if found.files.len() < MOST_FILES => found.files.push(Packed::default()),
            (2, id) => {
                if let Some(file) = found.files.last_mut() {
                    attachment(id, data, charset, file);
                }
            }
            _ => {}
        }
    }
    found.files.retain(|file| !file.bytes.is_empty());
    let any = !found.files.is_empty() || found.text.as_deref().is_some_and(|text| !text.trim().is_empty());
    any.then_some(found)
}

fn attachment<'a>(id: u32, data: &'a [u8], charset: &'static Encoding, file: &mut Packed<'a>) {
    match id {
        attribute::ATTACH_TITLE if file.name.is_empty() => file.name = text_of(data, charset),
        attribute::ATTACH_DATA => file.bytes = data,
        attribute::ATTACH_PROPERTIES => {
            for (id, kind, value) in properties(data) {
                match id {
                    property::ATTACH_LONG_NAME => file.name = value_text(kind, value, charset),
                    property::ATTACH_TYPE => file.said_type = value_text(kind, value, charset).to_lowercase(),
                    // The identifier of the interface stands before an embedded object.
                    property::ATTACH_DATA if file.bytes.is_empty() => file.bytes = value.get(16..).unwrap_or_default(),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn message_properties(data: &[u8], charset: &'static Encoding, found: &mut Unpacked<'_>) {
    for (id, kind, value) in properties(data) {
        match id {
            property::BODY => found.text = Some(value_text(kind, value, charset)),
            property::HTML if found.text.is_none() => {
                let (text, ..) = encoding_rs::UTF_8.decode(value);
                found.text = Some(html::to_text(&text));
            }
            property::RTF_COMPRESSED => found.rich_text = true,
            _ => {}
        }
    }
    found.rich_text &= found.text.is_none();
}

/// The properties of MS-OXTNEF 2.1.3.4 up to the first that is not understood: number, type, value.
fn properties(data: &[u8]) -> Vec<(u16, u16, &[u8])> {
    let mut input = Input(data);
    let mut all = Vec::new();
    let count = input.u32().unwrap_or(0);
    for _ in 0..count {
        let Some(next) = input.property() else { break };
        all.push(next);
    }
    all
}

fn code_page(number: u32) -> Option<&'static Encoding> {
    let label = match number {
        65001 => "utf-8".to_owned(),
        number => format!("windows-{number}"),
    };
    Encoding::for_label(label.as_bytes())
}

fn text_of(bytes: &[u8], charset: &'static Encoding) -> String {
    let text = charset.decode(bytes).0;
    body::clean(body::cut(text.trim_end_matches('\0'), body::LONGEST_TEXT))
}

const UNICODE: u16 = 0x001f;

fn value_text(kind: u16, value: &[u8], charset: &'static Encoding) -> String {
    text_of(value, if kind == UNICODE { encoding_rs::UTF_16LE } else { charset })
}

/// Bytes still to be read, little-endian.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    /// Bytes with their length before them, filled up to a multiple of four.
    fn sized(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.u32()?).ok()?;
        let value = self.take(length)?;
        self.take(length.next_multiple_of(4) - length)?;
        Some(value)
    }

    /// The next property: number, type, and its (first) value.
    fn property(&mut self) -> Option<(u16, u16, &'a [u8])> {
        const SEVERAL: u16 = 0x1000;
        let (kind, id) = (self.u16()?, self.u16()?);
        if id >= 0x8000 {
            self.take(16)?;
            match self.u32()? {
                0 => self.take(4)?,
                _ => self.sized()?,
            };
        }
        let single = kind & !SEVERAL;
        let counted = kind & SEVERAL != 0 || matches!(single, 0x000d | 0x001e | UNICODE | 0x0102);
        let count = if counted { self.u32()? } else { 1 };
        let mut first = None;
        for _ in 0..count {
            let value = match single {
                0x0002 | 0x0003 | 0x0004 | 0x000a | 0x000b => self.take(4)?,
                0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => self.take(8)?,
                0x0048 => self.take(16)?,
                0x000d | 0x001e | UNICODE | 0x0102 => self.sized()?,
                _ => return None,
            };
            first = first.or(Some(value));
        }
        Some((id, single, first.unwrap_or_default()))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
        let sum = data.iter().fold(0u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
        let length = u32::try_from(data.len()).unwrap();
        [&[level][..], &id.to_le_bytes(), &length.to_le_bytes(), data, &sum.to_le_bytes()].concat()
    }

    fn text_property(id: u16, text: &str) -> Vec<u8> {
        let mut value: Vec<u8> = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        let length = u32::try_from(value.len()).unwrap();
        value.resize(value.len().next_multiple_of(4), 0);
        [&UNICODE.to_le_bytes()[..], &id.to_le_bytes(), &1u32.to_le_bytes(), &length.to_le_bytes(), &value].concat()
    }

    /// A `winmail.dat` with these words and files, as Outlook writes it: with attributes nobody needs, a short name in
    /// the attribute and the long one among the properties.
    pub(crate) fn winmail(words: Option<&str>, files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut all = [&0x223e_9f78u32.to_le_bytes()[..], &[1, 0]].concat();
        all.extend(attribute(1, 0x0008_9006, &[0, 0, 1, 0]));
        all.extend(attribute(1, attribute::OEM_CODEPAGE, &[0xe4, 4, 0, 0, 0, 0, 0, 0]));
        all.extend(attribute(1, 0x0001_800a, b"parent\0"));
        // A yes or no, one with a name of its own, and the words.
        let mut own = [&0x000bu16.to_le_bytes()[..], &0x0e1bu16.to_le_bytes(), &1u32.to_le_bytes()].concat();
        own.extend([&0x0003u16.to_le_bytes()[..], &0x8001u16.to_le_bytes(), &[9; 16]].concat());
        own.extend([&0u32.to_le_bytes()[..], &77u32.to_le_bytes(), &5u32.to_le_bytes()].concat());
        own.extend(words.map(|words| text_property(property::BODY, words)).unwrap_or_default());
        let count = 2 + u32::from(words.is_some());
        all.extend(attribute(1, attribute::MESSAGE_PROPERTIES, &[&count.to_le_bytes()[..], &own].concat()));
        for (name, bytes) in files {
            all.extend(attribute(2, attribute::ATTACH_REND_DATA, &[0; 14]));
            all.extend(attribute(2, attribute::ATTACH_DATA, bytes));
            all.extend(attribute(2, attribute::ATTACH_TITLE, b"SHORT~1.TXT\0"));
            let long = text_property(property::ATTACH_LONG_NAME, name);
            all.extend(attribute(2, attribute::ATTACH_PROPERTIES, &[&1u32.to_le_bytes()[..], &long].concat()));
        }
        all
    }

    #[test]
    fn words_and_files_come_out_under_their_long_names() {
        let packed = winmail(Some("I want to complain – Zoë"), &[("Zoë's letter.txt", b"words"), ("b.bin", b"\0\x01")]);
        let open = unpacked(&packed).unwrap();
        assert_eq!(open.text.as_deref(), Some("I want to complain – Zoë"));
        let names: Vec<_> = open.files.iter().map(|file| (file.name.as_str(), file.bytes)).collect();
        assert_eq!(names, [("Zoë's letter.txt", &b"words"[..]), ("b.bin", b"\0\x01")]);
        assert!(open.files_only());
    }

    #[test]
    fn the_old_attributes_are_read_in_their_code_page() {
        let mut old = [&0x223e_9f78u32.to_le_bytes()[..], &[1, 0]].concat();
        old.extend(attribute(1, attribute::OEM_CODEPAGE, &[0xe4, 4, 0, 0, 0, 0, 0, 0]));
        old.extend(attribute(1, attribute::BODY, b"Zo\xeb was not fetched\0"));
        old.extend(attribute(2, attribute::ATTACH_REND_DATA, &[0; 14]));
        old.extend(attribute(2, attribute::ATTACH_TITLE, b"Zo\xeb.txt\0"));
        old.extend(attribute(2, attribute::ATTACH_DATA, b"x"));
        let open = unpacked(&old).unwrap();
        assert_eq!((open.text.as_deref(), open.files[0].name.as_str()), (Some("Zoë was not fetched"), "Zoë.txt"));
    }

    #[test]
    fn what_breaks_off_or_is_something_else_is_left_whole() {
        let packed = winmail(None, &[("letter.txt", b"words of a letter")]);
        assert!(unpacked(&packed[..packed.len() - 3]).is_none());
        assert!(unpacked(b"").is_none() && unpacked(b"PK\x03\x04 no").is_none());
        assert!(unpacked(&winmail(None, &[])).is_none());
    }

    proptest! {
        #[test]
        fn any_damage_is_borne(at in 0usize..400, byte: u8, cut in 0usize..400) {
            let mut packed = winmail(Some("words"), &[("a.txt", b"content"), ("b.txt", b"more")]);
            let n = packed.len();
            packed[at % n] = byte;
            packed.truncate(n - cut % n);
            let _ = unpacked(&packed);
        }
    }
}
