//! Header fields by name, unfolded. What mail-parser parses is taken from it; these are for the fields it leaves raw and
//! for those that stand more than once.

use mail_parser::Message;

/// The header fields of one message, in order, names in lower case, values unfolded and trimmed.
#[derive(Clone, Debug, Default)]
pub struct Headers(Vec<(String, String)>);

/// More fields than any real message has; the rest are not looked at.
const MOST_FIELDS: usize = 5_000;
/// Longer values are cut (bytes).
const LONGEST_VALUE: usize = 64 * 1024;

impl Headers {
    /// The header of a parsed message.
    #[must_use]
    pub fn of(message: &Message<'_>) -> Self {
        let raw = message.raw_message.as_ref();
        let fields = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
        Self(
            fields
                .iter()
                .take(MOST_FIELDS)
                .map(|field| {
                    let bytes = raw.get(field.offset_start as usize..field.offset_end as usize).unwrap_or_default();
                    let bytes = bytes.get(..LONGEST_VALUE).unwrap_or(bytes);
                    (field.name.as_str().to_ascii_lowercase(), on_one_line(&String::from_utf8_lossy(bytes)))
                })
                .collect(),
        )
    }

    /// The first (topmost) value of a field; `name` in lower case.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// All values of a field from the top down; `name` in lower case.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// All fields with their values, from the top down; names in lower case.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether the field is there at all, whatever it says.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }
}

/// `text` without control characters and with each run of white space as one blank: fit for a line.
#[must_use]
pub fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}
