//! Spreadsheets, old and new, as rows of cells.

use std::io::{Cursor, Write};

use calamine::{Data, Reader, open_workbook_auto_from_rs};

use super::child::Page;
use crate::intake::body::guarded;

/// Writes the words of every sheet.
pub(super) fn words<W: Write>(bytes: &[u8], page: &mut Page<W>) {
    let Some(Ok(mut book)) = guarded(|| open_workbook_auto_from_rs(Cursor::new(bytes))) else { return };
    for name in book.sheet_names() {
        let Some(Ok(sheet)) = guarded(|| book.worksheet_range(&name)) else { continue };
        if !page.write(&format!("{name}\n")) {
            return;
        }
        for row in sheet.rows() {
            let cells: Vec<String> = row.iter().filter(|cell| **cell != Data::Empty).map(ToString::to_string).collect();
            if !cells.is_empty() && !page.write(&(cells.join("\t") + "\n")) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{child::tests::words_of, documents::tests::archive};

    #[test]
    fn cells_are_read_row_by_row_with_the_sheets_name() {
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let bytes = archive(&[
            ("[Content_Types].xml", "<Types/>"),
            (
                "_rels/.rels",
                &format!(
                    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                &format!(
                    "<workbook xmlns=\"{main}\" xmlns:r=\"{relation}\"><sheets><sheet name=\"Taxi times\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                &format!(
                    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{relation}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                &format!(
                    "<worksheet xmlns=\"{main}\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Monday</t></is></c><c r=\"C1\"><v>42</v></c></row></sheetData></worksheet>"
                ),
            ),
        ]);
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        assert_eq!(words_of(kind, &bytes).trim(), "Taxi times\nMonday\t42");
        words_of(kind, &bytes[..bytes.len() / 2]);
    }
}
