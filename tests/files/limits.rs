//! Hostile files: the process that reads them ends within its limits, and nothing else notices.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use futures::stream;
use heard::intake::files::text::{Session, TextReader};
use tokio_util::bytes::Bytes;

use crate::samples::{DOCX, archive, docx, pdf};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn read(session: &mut Session<'_>, media_type: &str, bytes: Vec<u8>) -> String {
    let pieces: Vec<_> = bytes.chunks(64 * 1024).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    let start = Instant::now();
    let text = session.read(media_type, bytes.len() as u64, stream::iter(pieces)).await.unwrap();
    println!("{media_type}: {} bytes of text from {} in {:.2?}", text.len(), bytes.len(), start.elapsed());
    text
}

/// A spreadsheet with one cell at each end of the largest sheet there can be: laid out whole it has 17,000 million cells.
fn endless_sheet() -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let cell = |at: &str, row: u32| format!("<row r=\"{row}\"><c r=\"{at}\"><v>1</v></c></row>");
    archive(&[
        (
            "_rels/.rels",
            &format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"a\" Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relation}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"b\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"b\" Type=\"{relation}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            &format!(
                "<worksheet xmlns=\"{main}\"><sheetData>{}{}</sheetData></worksheet>",
                cell("A1", 1),
                cell("XFD1048576", 1_048_576)
            ),
        ),
    ])
}

/// An archive whose one part unpacks to 40 MB.
fn bomb() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let piece = vec![b'<'; 1 << 20];
    for _ in 0..40 {
        writer.write_all(&piece).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_hostile_file_has_no_words_and_a_good_one_after_it_has() {
    let reader = TextReader::new(env!("CARGO_BIN_EXE_heard").into());
    let s = &mut reader.session();
    assert_eq!(read(s, DOCX, docx("I complain.")).await, "I complain.");
    assert_eq!(read(s, "application/pdf", pdf("I complain")).await, "I complain");
    read(s, XLSX, endless_sheet()).await;
    assert_eq!(read(s, DOCX, bomb()).await.trim_matches('<'), "");
    let deep = "<div>".repeat(300_000) + "deepest";
    assert!(read(s, "text/html", deep.into_bytes()).await.len() < 100);
    let nested = "BEGIN:VEVENT\r\n".repeat(200_000);
    assert_eq!(read(s, "text/calendar", format!("BEGIN:VCALENDAR\r\n{nested}").into_bytes()).await, "");
    let looped = String::from_utf8(pdf("x")).unwrap().replace("/Kids [3 0 R]", "/Kids [2 0 R]");
    read(s, "application/pdf", looped.into_bytes()).await;
    assert_eq!(read(s, DOCX, docx("Still here.")).await, "Still here.");
}

#[tokio::test]
async fn whoever_takes_too_long_is_stopped() {
    let reader =
        TextReader { time_limit: Duration::from_millis(700), ..TextReader::new(env!("CARGO_BIN_EXE_heard").into()) };
    // A file that never ends.
    let endless = stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Some((Ok(Bytes::from_static(b"words ")), ()))
    });
    let start = Instant::now();
    assert_eq!(reader.session().read("text/html", 1_000_000, endless).await.unwrap(), "");
    assert!(start.elapsed() < Duration::from_secs(5));
}
