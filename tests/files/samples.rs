//! Mail and files for the tests, all made here.

use std::io::{Cursor, Write};

use zip::{ZipWriter, write::SimpleFileOptions};

/// A mail with these parts, each with its own headers.
pub fn mail(from: &str, id: &str, subject: &str, parts: &[String]) -> String {
    let parts: String = parts.iter().map(|part| format!("--frontier\r\n{part}\r\n")).collect();
    format!(
        "From: {from}\r\nTo: complaints@calderbeck.example\r\nMessage-ID: <{id}@mail.example>\r\nSubject: {subject}\r\n\
         Date: Fri, 20 Nov 2026 08:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=frontier\r\n\r\n\
         {parts}--frontier--\r\n"
    )
}

pub fn words(text: &str) -> String {
    format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{text}")
}

/// An attachment as mail programs send it.
pub fn attached(name: &str, media_type: &str, bytes: &[u8]) -> String {
    let encoded = data_encoding::BASE64.encode(bytes);
    let lines: Vec<&str> = encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!(
        "Content-Type: {media_type}; name=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n{}",
        lines.join("\r\n")
    )
}

/// A PDF of one page with this line (ASCII, no brackets).
pub fn pdf(line: &str) -> Vec<u8> {
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
    let end = format!(
        "xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.extend(end.into_bytes());
    file
}

pub fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

pub fn docx(text: &str) -> Vec<u8> {
    let document =
        format!("<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>");
    archive(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", &document)])
}

pub const ICS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Review of the plan\r\n\
                       DTSTART;TZID=Europe/London:20261120T140000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// A small photograph, as far as its first bytes say.
pub fn photo(seed: u8) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0, 0, 0x10, b'J', b'F', b'I', b'F', 0];
    bytes.extend((0..2_000u32).map(|n| (n.wrapping_mul(31) >> 3) as u8 ^ seed));
    bytes
}

/// A Windows program, as far as its first bytes say.
pub fn program() -> Vec<u8> {
    let mut bytes = b"MZ\x90\x00\x03\x00\x00\x00\x04".to_vec();
    bytes.resize(300, 0);
    bytes
}
