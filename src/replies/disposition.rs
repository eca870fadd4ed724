//! What a file that is handed over is called, in the two forms that programs read.

use std::fmt::Write as _;

/// A name in ASCII that can stand between quotation marks, for old programs, and the same name in UTF-8, percent-encoded (RFC 8187, and
/// RFC 2231 in mail), for all others.
#[must_use]
pub fn names(name: &str) -> (String, String) {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' })
        .collect();
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    (plain, encoded)
}
