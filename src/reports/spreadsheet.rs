//! Tables that people open in a spreadsheet: no cell of theirs is ever run as a formula.

use std::borrow::Cow;

/// How a formula begins, in the spreadsheets that there are; a tab and a line break can hide one (OWASP, CSV injection).
const BEGINS_A_FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// `cell` so that a spreadsheet shows it as words. An apostrophe before it does that and is not shown.
#[must_use]
pub fn words_only(cell: &str) -> Cow<'_, str> {
    if cell.trim_start_matches([' ', '\n']).starts_with(BEGINS_A_FORMULA) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// A table as CSV with a byte order mark, by which a spreadsheet knows that it is UTF-8.
///
/// # Errors
///
/// The writer's; there is none while it writes into memory.
pub fn csv(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| words_only(cell).into_owned()))?;
    }
    writer.into_inner().map_err(|fault| fault.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_is_never_a_formula() {
        for cell in ["=1+1", "+44 1632", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=cmd|' /c calc'!A1"] {
            assert_eq!(words_only(cell), format!("'{cell}"));
        }
        for cell in ["", "opened case", "2026-11-20", "a=b", "’tis"] {
            assert_eq!(words_only(cell), cell);
        }
        let table = csv(&["what"], [vec!["=1, \"x\"".to_owned()]]).unwrap();
        assert_eq!(String::from_utf8(table).unwrap(), "\u{feff}what\n\"'=1, \"\"x\"\"\"\n");
    }
}
