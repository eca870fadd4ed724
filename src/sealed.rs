//! Secrets that must lie in the database, sealed with the council's key: a copy of the database opens no mailbox.

use hmac::{Hmac, Mac};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// What the keys for sealing are derived for.
const PURPOSE: &[u8] = b"heard seal 1";

/// Seals and opens (AES-256-GCM, a random nonce in front). A sealed text opens only under the name it was sealed for.
pub struct Seal {
    current: LessSafeKey,
    previous: Option<LessSafeKey>,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(hidden)")
    }
}

/// The key cannot be used; cannot happen with a key of any text.
#[derive(Debug, thiserror::Error)]
#[error("the council's key cannot be used for sealing")]
pub struct SealError;

impl Seal {
    /// From `[secrets] key` and the one before, which only opens.
    ///
    /// # Errors
    ///
    /// [`SealError`].
    pub fn new(key: &SecretString, previous: Option<&SecretString>) -> Result<Self, SealError> {
        Ok(Self { current: derived(key)?, previous: previous.map(derived).transpose()? })
    }

    /// `secret`, to be opened as `name` again.
    ///
    /// # Errors
    ///
    /// [`SealError`].
    pub fn seal(&self, name: &str, secret: &SecretString) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut text = secret.expose_secret().as_bytes().to_vec();
        let aad = Aad::from(name.as_bytes());
        self.current
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut text)
            .map_err(|_| SealError)?;
        Ok([nonce.as_slice(), &text].concat())
    }

    /// What was sealed as `name`; None if it was not, or with another key than these two.
    #[must_use]
    pub fn open(&self, name: &str, sealed: &[u8]) -> Option<SecretString> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>()?;
        [Some(&self.current), self.previous.as_ref()].into_iter().flatten().find_map(|key| {
            let mut text = text.to_vec();
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let open = key.open_in_place(nonce, Aad::from(name.as_bytes()), &mut text).ok()?;
            Some(std::str::from_utf8(open).ok()?.to_owned().into())
        })
    }
}

/// A mark by which the same secret is known again. Not keyed, so that it outlives a change of keys; for secrets that a
/// machine made and nobody can guess.
#[must_use]
pub fn mark(secret: &SecretString) -> String {
    let mut hash = Sha256::new_with_prefix(PURPOSE);
    hash.update(secret.expose_secret());
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

fn derived(key: &SecretString) -> Result<LessSafeKey, SealError> {
    UnboundKey::new(&AES_256_GCM, &mac(key)).map(LessSafeKey::new).map_err(|_| SealError)
}

fn mac(key: &SecretString) -> [u8; 32] {
    #[allow(clippy::expect_used)] // RFC 2104 takes a key of any length
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()).expect("a key of any length");
    mac.update(PURPOSE);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secret(text: &str) -> SecretString {
        text.to_owned().into()
    }

    #[test]
    fn a_sealed_secret_opens_with_its_key_under_its_name_and_no_other_way() {
        let old = Seal::new(&secret("the old key, the old key, the old key"), None).unwrap();
        let both = Seal::new(&secret("the new key"), Some(&secret("the old key, the old key, the old key"))).unwrap();
        let sealed = old.seal("gmail", &secret("1//refresh")).unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("refresh"));
        let open = |seal: &Seal, name: &str| seal.open(name, &sealed).map(|open| open.expose_secret().to_owned());
        assert_eq!(open(&both, "gmail").as_deref(), Some("1//refresh"));
        assert_eq!(open(&both, "other"), None);
        assert_eq!(open(&Seal::new(&secret("the new key"), None).unwrap(), "gmail"), None);
        assert_ne!(sealed, old.seal("gmail", &secret("1//refresh")).unwrap());
        assert_eq!(mark(&secret("a")), mark(&secret("a")));
        assert_ne!(mark(&secret("a")), mark(&secret("b")));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn whatever_lies_there_breaks_nothing_and_nothing_changed_opens(text in "\\PC{0,60}", noise in proptest::collection::vec(any::<u8>(), 0..80), at in any::<prop::sample::Index>(), flip in 1u8..) {
            let seal = Seal::new(&secret("key"), None).unwrap();
            prop_assert!(seal.open("n", &noise).is_none());
            let mut sealed = seal.seal("n", &secret(&text)).unwrap();
            let open = seal.open("n", &sealed).map(|open| open.expose_secret().to_owned());
            prop_assert_eq!(open, Some(text));
            let at = at.index(sealed.len());
            sealed[at] ^= flip;
            prop_assert!(seal.open("n", &sealed).is_none());
        }
    }
}
