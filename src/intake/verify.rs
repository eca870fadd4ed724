//! Where the receiving server says nothing, we find out ourselves whether a message comes from the domain in its `From`:
//! DKIM, SPF and DMARC through mail-auth, which asks the name servers. Only where it is configured.
//!
//! SPF needs the address that connected; only the line by which a trusted server took the message knows it. Without one,
//! a message can be found authentic by its signature, but never forged.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    panic::AssertUnwindSafe,
    sync::Mutex,
    time::{Duration, Instant},
};

use futures::FutureExt;
use mail_auth::{
    AuthenticatedMessage, DkimOutput, DkimResult, DmarcResult, MessageAuthenticator, Parameters, ResolverCache,
    SpfOutput, SpfResult, Txt,
    dmarc::verify::DmarcParameters,
    hickory_resolver::config::{NameServerConfig, ResolverConfig, ResolverOpts},
    spf::verify::SpfParameters,
};
use mail_parser::{HeaderName, MessageParser};

use super::{
    authentication::{self, Authenticity},
    headers::Headers,
    repair,
};

/// Longer messages are not checked (bytes): hashing them would hold up the others.
const LONGEST: usize = 32 * 1024 * 1024;
/// Longest time that name servers may take for one message.
const PATIENCE: Duration = Duration::from_secs(10);
/// One answer of a name server.
const ANSWER: Duration = Duration::from_secs(3);
/// So many answers are remembered.
const MOST_REMEMBERED: usize = 20_000;

/// Why the checks cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error(
    "the name servers for [identity] verify = \"mail-auth\" cannot be used ({0}): name some in name_servers, or remove verify"
)]
pub struct VerifierError(String);

/// Finds out whether messages come from whom they name.
pub struct Verifier {
    authenticator: MessageAuthenticator,
    remembered: Remembered,
    trusted: Vec<String>,
}

impl Verifier {
    /// A verifier that asks `name_servers`, or those of this machine when there are none. `trusted`: the receiving servers
    /// whose `Received` lines tell who connected.
    ///
    /// # Errors
    ///
    /// [`VerifierError`].
    pub fn new(name_servers: &[IpAddr], trusted: Vec<String>) -> Result<Self, VerifierError> {
        let authenticator = if name_servers.is_empty() {
            MessageAuthenticator::new_system_conf()
        } else {
            let servers = name_servers.iter().map(|ip| NameServerConfig::udp_and_tcp(*ip)).collect();
            let mut options = ResolverOpts::default();
            options.timeout = ANSWER;
            MessageAuthenticator::new(ResolverConfig::from_parts(None, Vec::new(), servers), options)
        };
        let authenticator = authenticator.map_err(|fault| VerifierError(fault.to_string()))?;
        Ok(Self { authenticator, remembered: Remembered::default(), trusted })
    }

    /// Whether the message comes from the domain that its `From` names. Unknown when the name servers do not answer.
    pub async fn check(&self, raw: &[u8]) -> Authenticity {
        if raw.len() > LONGEST {
            return Authenticity::Unknown;
        }
        // What strangers wrote goes through parsers here: a fault of theirs must not end the reader.
        let checked = AssertUnwindSafe(self.judge(raw)).catch_unwind();
        match tokio::time::timeout(PATIENCE, checked).await {
            Ok(Ok(authenticity)) => authenticity,
            Ok(Err(_)) | Err(_) => Authenticity::Unknown,
        }
    }

    async fn judge(&self, raw: &[u8]) -> Authenticity {
        let Some(message) = AuthenticatedMessage::parse(raw) else { return Authenticity::Unknown };
        let [from] = message.from.as_slice() else { return Authenticity::Unknown };
        let Some(domain) = from.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()) else {
            return Authenticity::Unknown;
        };
        let signatures =
            self.authenticator.verify_dkim(Parameters::new(&message).with_txt_cache(&self.remembered)).await;
        let handover = Handover::of(raw, &self.trusted);
        let (spf, sender_domain) = match &handover {
            Some(handover) => (self.spf(handover).await, handover.sender_domain().to_owned()),
            None => (SpfOutput::new(String::new()), String::new()),
        };
        let facts = DmarcParameters::new(&message, &signatures, &sender_domain, &spf);
        let dmarc = self.authenticator.verify_dmarc(Parameters::new(facts).with_txt_cache(&self.remembered)).await;
        match dmarc.result() {
            DmarcResult::Pass => Authenticity::Verified,
            DmarcResult::Fail(_) if handover.is_some() && spf.result() != SpfResult::TempError => Authenticity::Failed,
            DmarcResult::None if dmarc.dmarc_record().is_none() => without_dmarc(
                &domain,
                &signatures,
                handover.is_some().then_some((spf.result(), sender_domain.as_str())),
            ),
            _ => Authenticity::Unknown,
        }
    }

    async fn spf(&self, handover: &Handover) -> SpfOutput {
        let facts = SpfParameters::verify_mail_from(
            handover.ip,
            &handover.helo,
            handover.by.as_str(),
            handover.sender.as_str(),
        );
        self.authenticator.verify_spf(Parameters::new(facts).with_txt_cache(&self.remembered)).await
    }
}

/// A domain that publishes no policy: an aligned signature or list of servers speaks for it, its list's denial against.
fn without_dmarc(domain: &str, signatures: &[DkimOutput<'_>], spf: Option<(SpfResult, &str)>) -> Authenticity {
    let signed = signatures.iter().any(|signature| {
        *signature.result() == DkimResult::Pass
            && signature.signature().is_some_and(|signature| authentication::aligned(&signature.d, domain))
    });
    match spf.filter(|(_, sender)| authentication::aligned(sender, domain)) {
        _ if signed => Authenticity::Verified,
        Some((SpfResult::Pass, _)) => Authenticity::Verified,
        Some((SpfResult::Fail, _)) => Authenticity::Failed,
        _ => Authenticity::Unknown,
    }
}

/// How a trusted server took the message over.
struct Handover {
    ip: IpAddr,
    helo: String,
    by: String,
    /// The envelope's sender; a bounce has none, and then the greeting speaks (RFC 7208 section 2.4).
    sender: String,
}

impl Handover {
    fn of(raw: &[u8], trusted: &[String]) -> Option<Self> {
        let header = raw.get(..repair::header_length(raw)).unwrap_or_default();
        let message = MessageParser::default().parse_headers(header)?;
        let headers = Headers::of(&message);
        let fields = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
        let received = fields.iter().filter(|field| field.name == HeaderName::Received).find_map(|field| {
            let received = field.value.as_received()?;
            let by = received.by.as_ref()?.to_string();
            trusted.iter().any(|name| authentication::is_within(&by, name)).then_some((received, by))
        });
        let (received, by) = received?;
        let helo = received.from.as_ref().map(ToString::to_string).unwrap_or_default();
        // Written by our own server when it delivered the message.
        let sender = headers.first("return-path")?.trim_matches(['<', '>', ' ']).to_lowercase();
        let sender = if sender.contains('@') { sender } else { format!("postmaster@{helo}") };
        Some(Self { ip: received.from_ip?, helo, by, sender })
    }

    fn sender_domain(&self) -> &str {
        self.sender.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Answers of name servers for as long as they hold.
#[derive(Default)]
struct Remembered(Mutex<HashMap<Box<str>, (Txt, Instant)>>);

impl Remembered {
    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<Box<str>, (Txt, Instant)>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl ResolverCache<Box<str>, Txt> for Remembered {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.map().get(name).filter(|(_, until)| *until > Instant::now()).map(|(record, _)| record.clone())
    }

    fn remove<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.map().remove(name).map(|(record, _)| record)
    }

    fn insert(&self, name: Box<str>, record: Txt, valid_until: Instant) {
        let mut map = self.map();
        if map.len() >= MOST_REMEMBERED {
            map.clear();
        }
        map.insert(name, (record, valid_until));
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;
    use mail_auth::{
        DnsError, Error,
        common::{crypto::Ed25519Key, headers::HeaderWriter, parse::TxtRecordParser, verify::DomainKey},
        dkim::DkimSigner,
        dmarc::Dmarc,
        spf::Spf,
    };

    use super::*;

    const HANDED_OVER: &str = "Return-Path: <ann@mail.example>\r\n\
        Received: from mail.example (mail.example [192.0.2.1]) by mx.council.example (Postfix) with ESMTP id 1; Thu, 1 Jan 2026 10:00:00 +0000\r\n";
    const MESSAGE: &str = "From: Ann <ann@mail.example>\r\nTo: complaints@council.example\r\nSubject: No bus\r\n\
        Date: Thu, 1 Jan 2026 09:59:00 +0000\r\nMessage-ID: <1@mail.example>\r\n\r\nThe bus never came.\r\n";

    /// A verifier that knows what these names hold, and that no other name of the tests holds anything.
    fn verifier(records: &[(&str, Txt)]) -> Verifier {
        let nowhere = [IpAddr::from([127, 0, 0, 1])];
        let verifier = Verifier::new(&nowhere, vec!["mx.council.example".into()]).unwrap();
        let until = Instant::now() + Duration::from_secs(600);
        for name in [
            "mail.example.",
            "_dmarc.mail.example.",
            "_dmarc.example.",
            "s1._domainkey.mail.example.",
            "evil.example.",
            "_dmarc.evil.example.",
        ] {
            let nothing = Txt::Error(Error::Dns(DnsError::InvalidRecordType));
            verifier.remembered.insert(name.into(), nothing, until);
        }
        for (name, record) in records {
            verifier.remembered.insert((*name).into(), record.clone(), until);
        }
        verifier
    }

    fn signed(text: &str, domain: &str) -> (String, Txt) {
        let key = Ed25519Key::from_pkcs8_maybe_unchecked_der(&Ed25519Key::generate_pkcs8().unwrap()).unwrap();
        let record = format!("v=DKIM1; k=ed25519; p={}", BASE64.encode(&key.public_key()));
        let signer = DkimSigner::from_key(key).domain(domain).selector("s1").headers(["From", "To", "Subject", "Date"]);
        let signature = signer.sign(text.as_bytes()).unwrap().to_header();
        (format!("{signature}{text}"), DomainKey::parse(record.as_bytes()).unwrap().into())
    }

    fn dmarc() -> (&'static str, Txt) {
        ("_dmarc.mail.example.", Dmarc::parse(b"v=DMARC1; p=reject; rua=mailto:d@mail.example").unwrap().into())
    }

    fn spf(record: &str) -> (&'static str, Txt) {
        ("mail.example.", Spf::parse(record.as_bytes()).unwrap().into())
    }

    #[tokio::test]
    async fn a_signed_message_is_verified_and_a_changed_one_is_not() {
        let (text, key) = signed(MESSAGE, "mail.example");
        let key = ("s1._domainkey.mail.example.", key);
        for records in [vec![key.clone()], vec![key.clone(), dmarc()]] {
            let verifier = verifier(&records);
            assert_eq!(verifier.check(text.as_bytes()).await, Authenticity::Verified);
            let changed = text.replace("never came", "always came");
            assert_eq!(
                verifier.check(changed.as_bytes()).await,
                Authenticity::Unknown,
                "who handed it over is not known"
            );
            let handed_over = format!("{HANDED_OVER}{changed}");
            let wanted = if records.len() == 2 { Authenticity::Failed } else { Authenticity::Unknown };
            assert_eq!(verifier.check(handed_over.as_bytes()).await, wanted);
        }
    }

    #[tokio::test]
    async fn the_list_of_servers_counts_for_the_address_that_connected() {
        let text = format!("{HANDED_OVER}{MESSAGE}");
        let good = verifier(&[dmarc(), spf("v=spf1 ip4:192.0.2.0/24 -all")]);
        assert_eq!(good.check(text.as_bytes()).await, Authenticity::Verified);
        let bad = verifier(&[dmarc(), spf("v=spf1 ip4:198.51.100.0/24 -all")]);
        assert_eq!(bad.check(text.as_bytes()).await, Authenticity::Failed);
        let denied = verifier(&[spf("v=spf1 -all")]);
        assert_eq!(denied.check(text.as_bytes()).await, Authenticity::Failed, "without a policy, the list's denial");
        assert_eq!(verifier(&[]).check(text.as_bytes()).await, Authenticity::Unknown);
        // Another server's line proves nothing.
        let elsewhere = text.replace("by mx.council.example", "by mx.evil.example");
        assert_eq!(bad.check(elsewhere.as_bytes()).await, Authenticity::Unknown);
    }

    #[tokio::test]
    async fn a_strangers_own_signature_does_not_speak_for_another_domain() {
        let (text, key) = signed(MESSAGE, "evil.example");
        let records = [("s1._domainkey.evil.example.", key), dmarc()];
        assert_eq!(verifier(&records).check(text.as_bytes()).await, Authenticity::Unknown);
        let text = format!("{}{text}", HANDED_OVER.replace("ann@mail.example", "x@evil.example"));
        assert_eq!(verifier(&records).check(text.as_bytes()).await, Authenticity::Failed);
    }

    #[tokio::test]
    async fn what_is_no_mail_is_not_known() {
        for raw in [&b""[..], b"\xff\x00", b"From: a\r\n\r\n", b"From: a@b.example\r\nFrom: c@d.example\r\n\r\nx"] {
            assert_eq!(verifier(&[]).check(raw).await, Authenticity::Unknown);
        }
    }
}
