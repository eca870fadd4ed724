//! S/MIME (RFC 8551): what is signed is read, what is encrypted is known as such. Signatures are not checked: that a mail
//! is signed proves nothing here, and whoever sends it unsigned is heard just the same. Pure and total.

use std::borrow::Cow;

use bcder::{
    Mode, OctetString, Oid, Tag,
    decode::{Constructed, DecodeError, Source},
};
use mail_parser::{MessageParser, MimeHeaders, PartType};

use crate::intake::{body::guarded, repair};

/// What a CMS structure (RFC 5652) holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A message beside its signature.
    Signed(Vec<u8>),
    /// Certificates alone.
    Certificates,
    /// A message that only its recipient can read.
    Encrypted,
    /// Something else, or damaged.
    Other,
}

/// 1.2.840.113549.1.7.2
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// 1.2.840.113549.1.7.3
const ENVELOPED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03];
/// 1.2.840.113549.1.7.6
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06];
/// 1.2.840.113549.1.9.16.1.23
const AUTH_ENVELOPED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17];
/// A message may be signed, and signed again by a gateway.
const DEEPEST: usize = 3;

/// Looks into a CMS structure. Mail programs write it as BER with lengths that are not known beforehand, and put the
/// content in pieces; strict readers of DER refuse that.
#[must_use]
pub fn content(bytes: &[u8]) -> Content {
    let mut found = Content::Other;
    // Certificates and signatures behind the content are of every sort and of no use here: nothing of them is read.
    let _ = guarded(|| Mode::Ber.decode(bytes, |input| content_info(input, &mut found)).map_err(drop));
    found
}

fn content_info<S: Source>(input: &mut Constructed<'_, S>, found: &mut Content) -> Result<(), DecodeError<S::Error>> {
    input.take_sequence(|info| {
        let kind = Oid::take_from(info)?;
        if kind.as_ref() == SIGNED_DATA {
            return info.take_constructed_if(Tag::CTX_0, |explicit| {
                explicit.take_sequence(|data| {
                    *found = signed_data(data)?;
                    Err(data.content_err("read as far as is needed"))
                })
            });
        }
        if [ENVELOPED_DATA, ENCRYPTED_DATA, AUTH_ENVELOPED_DATA].contains(&kind.as_ref()) {
            *found = Content::Encrypted;
        }
        Err(info.content_err("read as far as is needed"))
    })
}

/// Version, digest algorithms, the content.
fn signed_data<S: Source>(data: &mut Constructed<'_, S>) -> Result<Content, DecodeError<S::Error>> {
    data.take_u8()?;
    data.take_set(|algorithms| {
        while algorithms.skip_opt(|_, _, _| Ok(()))?.is_some() {}
        Ok(())
    })?;
    let content = data.take_sequence(|encapsulated| {
        Oid::skip_in(encapsulated)?;
        encapsulated.take_opt_constructed_if(Tag::CTX_0, |explicit| OctetString::take_from(explicit))
    })?;
    Ok(content.map_or(Content::Certificates, |content| Content::Signed(content.into_bytes().to_vec())))
}

/// The message with what was signed in it in the place of the signed bundle, under its own header. Any other message as
/// it is.
#[must_use]
pub fn opened(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut message = Cow::Borrowed(raw);
    for _ in 0..DEEPEST {
        match inner(&message) {
            Some(inner) => message = Cow::Owned(inner),
            None => break,
        }
    }
    message
}

fn inner(raw: &[u8]) -> Option<Vec<u8>> {
    let header_end = repair::header_length(raw);
    let header = raw.get(..header_end)?;
    if !is_bundle(header) {
        return None;
    }
    let message = guarded(|| MessageParser::default().parse(raw)).flatten()?;
    let PartType::Binary(bundle) = &message.parts.first()?.body else { return None };
    let Content::Signed(inner) = content(bundle) else { return None };
    let inner_end = repair::header_length(&inner);
    let mut all = fields(header, |name| !is_about_content(name));
    // Only what says how to read the words: who wrote them stands outside.
    all.extend(fields(inner.get(..inner_end)?, is_about_content));
    if inner_end == inner.len() {
        all.extend_from_slice(b"\r\n");
    }
    all.extend_from_slice(inner.get(inner_end..)?);
    Some(all)
}

/// Whether the whole message is one bundle.
fn is_bundle(header: &[u8]) -> bool {
    let parsed = guarded(|| {
        let message = MessageParser::default().parse_headers(header)?;
        let kind = message.content_type()?;
        let (kind, sub) = (kind.ctype().to_ascii_lowercase(), kind.subtype().unwrap_or_default().to_ascii_lowercase());
        let named = message.attachment_name().is_some_and(|name| name.to_ascii_lowercase().ends_with(".p7m"));
        let bundle = matches!(sub.as_str(), "pkcs7-mime" | "x-pkcs7-mime") || (sub == "octet-stream" && named);
        Some(kind == "application" && bundle)
    });
    parsed.flatten().unwrap_or(false)
}

fn is_about_content(name: &[u8]) -> bool {
    let begins = |word: &[u8]| name.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    begins(b"content-") || begins(b"mime-version")
}

/// The header fields, with their continuations, whose name `wanted` takes.
fn fields(header: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut kept = Vec::with_capacity(header.len());
    let mut keeping = false;
    for line in header.split_inclusive(|byte| *byte == b'\n') {
        if !matches!(line.first(), Some(b' ' | b'\t')) {
            keeping = wanted(line);
        }
        if keeping {
            kept.extend_from_slice(line);
            if !line.ends_with(b"\n") {
                kept.extend_from_slice(b"\r\n");
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One BER value: tag, length, content.
    fn value(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let mut all = vec![tag];
        match length {
            0..0x80 => all.push(length as u8),
            0x80..0x100 => all.extend([0x81, length as u8]),
            _ => all.extend([0x82, (length >> 8) as u8, length as u8]),
        }
        [all, content.to_vec()].concat()
    }

    /// The same with its end marked in place of a length.
    fn open_ended(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, 0x80], content, &[0, 0]].concat()
    }

    fn signed(content: Option<&[u8]>, value_of: fn(u8, &[u8]) -> Vec<u8>) -> Vec<u8> {
        let data = value(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]);
        let content = content.map_or_else(Vec::new, |content| {
            let half = content.len() / 2;
            let pieces = [value(4, &content[..half]), value(4, &content[half..])].concat();
            value_of(0xa0, &value_of(0x24, &pieces))
        });
        let encapsulated = value_of(0x30, &[data, content].concat());
        let body = [value(2, &[1]), value(0x31, &[]), encapsulated, value(0x31, &[])].concat();
        value_of(0x30, &[value(6, SIGNED_DATA), value_of(0xa0, &value_of(0x30, &body))].concat())
    }

    const INNER: &[u8] =
        b"Content-Type: text/plain; charset=utf-8\r\nFrom: spoof@elsewhere.example\r\n\r\nThe taxi was late.\r\n";

    #[test]
    fn signed_content_is_found_in_either_form_of_length() {
        for form in [value, open_ended] {
            assert_eq!(content(&signed(Some(INNER), form)), Content::Signed(INNER.to_vec()));
            assert_eq!(content(&signed(None, form)), Content::Certificates);
        }
        let sealed = value(0x30, &[value(6, ENVELOPED_DATA), value(0xa0, &value(0x30, &[]))].concat());
        assert_eq!(content(&sealed), Content::Encrypted);
        for other in [&b""[..], b"\x30\x80", b"hello", &sealed[..9]] {
            assert_eq!(content(other), Content::Other, "{other:?}");
        }
    }

    fn mail(bundle: &[u8]) -> Vec<u8> {
        let body = data_encoding::BASE64.encode(bundle);
        format!(
            "From: Ann <ann@family.example>\r\nSubject: Taxi\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime;\r\n\
             \tsmime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\n\r\n{body}\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn a_signed_mail_is_read_as_the_mail_inside_under_the_outer_names() {
        let raw = mail(&signed(Some(INNER), open_ended));
        let open = String::from_utf8(opened(&raw).into_owned()).unwrap();
        assert_eq!(
            open,
            "From: Ann <ann@family.example>\r\nSubject: Taxi\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\nThe taxi was late.\r\n"
        );
    }

    #[test]
    fn any_other_mail_is_left_alone() {
        let plain = b"From: a@b.example\r\nContent-Type: text/plain\r\n\r\nwords\r\n";
        assert!(matches!(opened(plain), Cow::Borrowed(_)));
        assert!(matches!(opened(&mail(b"damaged")), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn any_damage_is_borne(at in 0usize..300, byte: u8, cut in 0usize..300) {
            let mut bundle = signed(Some(INNER), open_ended);
            let n = bundle.len();
            bundle[at % n] = byte;
            bundle.truncate(n - cut % n);
            let _ = content(&bundle);
            let _ = opened(&mail(&bundle));
        }
    }
}
