//! PDF, page by page: a page that cannot be read does not take the others with it.

use std::io::Write;

use pdf_extract::{Document, PlainTextOutput, output_doc_page};

use super::child::Page;
use crate::intake::body::guarded;

/// More pages are not read.
const MOST_PAGES: usize = 500;

/// Writes the words of a PDF.
pub(super) fn words<W: Write>(bytes: &[u8], page: &mut Page<W>) {
    let Some(Ok(mut document)) = guarded(|| Document::load_mem(bytes)) else { return };
    // Many are locked against changes only, and open without a password.
    if document.is_encrypted() && !matches!(guarded(|| document.decrypt("")), Some(Ok(_))) {
        return;
    }
    let numbers: Vec<u32> = guarded(|| document.get_pages().into_keys().collect()).unwrap_or_default();
    for number in numbers.into_iter().take(MOST_PAGES) {
        let mut text = String::new();
        let _ = guarded(|| output_doc_page(&document, &mut PlainTextOutput::new(&mut text), number));
        if !page.write(&text) {
            break;
        }
    }
}

#[cfg(test)]
pub(in super::super) mod tests {
    use super::super::child::tests::words_of;

    /// A PDF of one page with this line (ASCII, no brackets).
    pub(in super::super::super) fn pdf(line: &str) -> Vec<u8> {
        let content = format!("BT /F1 12 Tf 72 700 Td ({line}) Tj ET");
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
                .to_owned(),
            format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        ];
        let (mut file, mut places) = (b"%PDF-1.4\n".to_vec(), Vec::new());
        for (at, object) in objects.iter().enumerate() {
            places.push(file.len());
            file.extend(format!("{} 0 obj\n{object}\nendobj\n", at + 1).into_bytes());
        }
        let table: String = places.iter().map(|place| format!("{place:010} 00000 n \n")).collect();
        let start = file.len();
        file.extend(
            format!(
                "xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
            )
            .into_bytes(),
        );
        file
    }

    #[test]
    fn the_words_of_a_pdf_are_read_and_damage_is_borne() {
        let whole = pdf("The panel met on 2 September");
        assert_eq!(words_of("application/pdf", &whole).trim(), "The panel met on 2 September");
        for cut in [0, 9, whole.len() / 2, whole.len() - 20] {
            words_of("application/pdf", &whole[..cut]);
        }
    }
}
