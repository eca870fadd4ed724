//! Keyed tokens: how an answer shows that it answers *our* letter, and hashes that only we can recompute.
//!
//! A reference can be quoted by anybody. A token cannot be made without the key: HMAC-SHA256 (RFC 2104) over the
//! reference and what the token is for, cut to 80 bits, which is 16 letters of base32. The reference is the case's
//! public id and is never reused, so a token can be checked before any database is asked. A token proves that the
//! letter was ours, not who answers it: the sender must still be known to the case.

use std::fmt;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use hmac::{Hmac, Mac, digest::Output};
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::ids::CaseReference;

/// SHA-256 works on blocks of so many bytes; a shorter HMAC key is filled up with zeros (RFC 2104 section 2).
const BLOCK: usize = 64;
/// 80 bits.
const TOKEN_BYTES: usize = 10;
/// 80 bits in base32.
const TOKEN_CHARACTERS: usize = 16;
/// 160 bits, which is 32 characters of base32.
const TRACK_BYTES: usize = 20;
/// A key with less could be guessed.
const KEY_BYTES: usize = 32;
/// Longest local part of an address (RFC 5321 section 4.5.3.1.1).
const LOCAL_PART_BYTES: usize = 64;

/// Why a key, or an address made with it, cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Too short a key.
    #[error("the key has {0} bytes: make one of at least 32, for example with `openssl rand -hex 32`")]
    WeakKey(usize),
    /// The address that answers should go to is no address.
    #[error("\"{0}\" is no email address that answers can be sent to")]
    NoAddress(String),
    /// The address would become longer than mail servers must take.
    #[error("\"{0}\" is too long to carry a reference: the part before the @ may have about 30 characters")]
    TooLong(String),
}

/// What a token is for. A token for one thing is worthless for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenClass {
    /// In the address that a family answers to.
    Reply,
    /// In the Message-ID of an acknowledgement.
    Acknowledgement,
    /// In the Message-ID of a manager's receipt.
    Receipt,
    /// In the Message-ID of a safeguarding alert.
    Alert,
}

impl TokenClass {
    /// The word that the token covers and that a Message-ID begins with.
    fn word(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Acknowledgement => "ack",
            Self::Receipt => "receipt",
            Self::Alert => "alert",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Reply, Self::Acknowledgement, Self::Receipt, Self::Alert].into_iter().find(|class| class.word() == word)
    }
}

/// One secret key. Wiped when dropped, never printed.
pub struct TokenKey(SecretBox<[u8; BLOCK]>);

impl TokenKey {
    /// A key from at least 32 bytes of secret.
    ///
    /// # Errors
    ///
    /// [`TokenError::WeakKey`] if there are fewer.
    pub fn new(secret: &[u8]) -> Result<Self, TokenError> {
        if secret.len() < KEY_BYTES { Err(TokenError::WeakKey(secret.len())) } else { Ok(Self::from_bytes(secret)) }
    }

    /// A fresh key from the system's source of randomness.
    #[must_use]
    pub fn random() -> Self {
        Self::from_bytes(&rand::random::<[u8; KEY_BYTES]>())
    }

    fn from_bytes(secret: &[u8]) -> Self {
        let mut block = Box::new([0; BLOCK]);
        if secret.len() > BLOCK {
            block.iter_mut().zip(Sha256::digest(secret)).for_each(|(place, byte)| *place = byte);
        } else {
            block.iter_mut().zip(secret).for_each(|(place, byte)| *place = *byte);
        }
        Self(SecretBox::new(block))
    }

    /// HMAC-SHA256 over `parts`, each preceded by its length so that no two lists of parts look the same.
    fn mac(&self, parts: &[&[u8]]) -> Output<Sha256> {
        let mut mac = <Hmac<Sha256> as Mac>::new(self.0.expose_secret().into());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes()
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey(hidden)")
    }
}

/// Keyed hash of a text that is itself forgotten: HMAC-SHA256, 64 hex digits. `kind` keeps hashes of different things
/// apart, e.g. `message-id`.
#[must_use]
pub fn keyed_hash(key: &TokenKey, kind: &str, text: &str) -> String {
    HEXLOWER.encode(&key.mac(&[b"heard hash 1", kind.as_bytes(), text.as_bytes()]))
}

/// The keys in use: new tokens are made with the current one, old letters are recognised by the one before.
#[derive(Debug)]
pub struct TokenKeys {
    current: TokenKey,
    previous: Option<TokenKey>,
}

/// The reference and token found in an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressed {
    /// The case it claims to belong to.
    pub reference: CaseReference,
    /// The token, not yet verified.
    pub token: String,
}

/// The parts of a Message-ID of our form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OurMessageId {
    /// What kind of letter.
    pub class: TokenClass,
    /// The case it belongs to.
    pub reference: CaseReference,
    /// The letter's own key.
    pub uuid: Uuid,
}

impl TokenKeys {
    /// Keys for making and checking tokens.
    #[must_use]
    pub fn new(current: TokenKey, previous: Option<TokenKey>) -> Self {
        Self { current, previous }
    }

    /// The key for [`keyed_hash`]. Hashes made with an earlier key are not found again.
    #[must_use]
    pub fn current(&self) -> &TokenKey {
        &self.current
    }

    /// The token for `reference` and `class`: 16 letters and digits of lower-case base32.
    #[must_use]
    pub fn token(&self, reference: CaseReference, class: TokenClass) -> String {
        token(&self.current, reference, class)
    }

    /// Tells in constant time whether `claimed` is a token for `reference` and `class`, made with either key. Case
    /// does not count: mail servers change the case of addresses.
    #[must_use]
    pub fn verify(&self, reference: CaseReference, class: TokenClass, claimed: &str) -> bool {
        let claimed = claimed.to_ascii_lowercase();
        let fits = |key: &TokenKey| token(key, reference, class).as_bytes().ct_eq(claimed.as_bytes());
        // Both keys are always tried, so that the time does not tell which one fits.
        let current = fits(&self.current);
        let previous = self.previous.as_ref().map_or(0.into(), fits);
        (current | previous).into()
    }

    /// The address that answers about `reference` go to: `complaints@…` becomes `complaints+hrd-26-00042-k.<token>@…`.
    ///
    /// # Errors
    ///
    /// [`TokenError`] if `base` is no address or leaves no room.
    pub fn reply_address(&self, base: &str, reference: CaseReference) -> Result<String, TokenError> {
        let base: lettre::Address = base.trim().parse().map_err(|_| TokenError::NoAddress(base.to_owned()))?;
        let local = format!("{}+{}.{}", base.user(), lower(reference), self.token(reference, TokenClass::Reply));
        if local.len() > LOCAL_PART_BYTES {
            return Err(TokenError::TooLong(base.to_string()));
        }
        Ok(format!("{local}@{}", base.domain()))
    }

    /// The case that `address` proves an answer to, if it carries a token that verifies.
    #[must_use]
    pub fn answered_case(&self, address: &str) -> Option<CaseReference> {
        let Addressed { reference, token } = parse_reply_address(address)?;
        self.verify(reference, TokenClass::Reply, &token).then_some(reference)
    }

    /// A Message-ID (without brackets) for a letter about `reference`: `ack.<reference>.<token>.<uuid>@<domain>`.
    #[must_use]
    pub fn message_id(&self, class: TokenClass, reference: CaseReference, uuid: Uuid, domain: &str) -> String {
        format!("{}.{}.{}.{}@{domain}", class.word(), lower(reference), self.token(reference, class), uuid.simple())
    }

    /// The parts of `message_id` (with or without brackets) if it is of our making: its token verifies.
    #[must_use]
    pub fn our_message_id(&self, message_id: &str) -> Option<OurMessageId> {
        let id = message_id.trim().trim_start_matches('<').trim_end_matches('>').to_ascii_lowercase();
        let (local, _) = id.split_once('@')?;
        let parts: Vec<&str> = local.split('.').collect();
        let [word, reference, token, uuid] = parts.as_slice() else { return None };
        let class = TokenClass::from_word(word)?;
        let reference = reference.parse().ok()?;
        let uuid = Uuid::try_parse(uuid).ok()?;
        self.verify(reference, class, token).then_some(OurMessageId { class, reference, uuid })
    }

    /// Tells whether `message_id` is of our making.
    #[must_use]
    pub fn is_ours(&self, message_id: &str) -> bool {
        self.our_message_id(message_id).is_some()
    }
}

/// What a family's link to where its case stands is made of. Neither is stored: who reads the database cannot open a page.
impl TokenKeys {
    /// The code in the address of the link with this key: 160 bits in base32. By the current key, then by the one before: a link
    /// lives on when the key changes.
    pub fn track_codes(&self, link: Uuid) -> impl Iterator<Item = String> + '_ {
        self.codes(b"heard track 1", link)
    }

    /// The same for an invitation to the questions after the end of a case.
    pub fn survey_codes(&self, invitation: Uuid) -> impl Iterator<Item = String> + '_ {
        self.codes(b"heard survey 1", invitation)
    }

    fn codes<'a>(&'a self, what: &'static [u8], id: Uuid) -> impl Iterator<Item = String> + 'a {
        let of = move |key: &TokenKey| {
            let mac = key.mac(&[what, b"link", id.as_bytes()]);
            let (cut, _) = mac.split_at(TRACK_BYTES);
            BASE32_NOPAD.encode(cut).to_ascii_lowercase()
        };
        std::iter::once(&self.current).chain(&self.previous).map(of)
    }

    /// The six figures that were asked for at `asked_at` (microseconds since 1970).
    #[must_use]
    pub fn track_figures(&self, link: Uuid, asked_at: i64) -> String {
        let mac = self.current.mac(&[b"heard track 1", b"figures", link.as_bytes(), &asked_at.to_be_bytes()]);
        let number = mac.iter().take(8).fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }

    /// Whether `typed` are those figures. The time that it takes tells nothing of them.
    #[must_use]
    pub fn are_track_figures(&self, typed: &str, link: Uuid, asked_at: i64) -> bool {
        self.track_figures(link, asked_at).as_bytes().ct_eq(typed.as_bytes()).into()
    }
}

/// Reads reference and token from `complaints+hrd-26-00042-k.<token>@…`. Proves nothing by itself.
#[must_use]
pub fn parse_reply_address(address: &str) -> Option<Addressed> {
    let (local, _) = address.trim().trim_start_matches('<').trim_end_matches('>').rsplit_once('@')?;
    let (_, detail) = local.rsplit_once('+')?;
    let (reference, token) = detail.split_once('.')?;
    let token = token.to_ascii_lowercase();
    let letters = token.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'));
    if token.len() != TOKEN_CHARACTERS || !letters {
        return None;
    }
    Some(Addressed { reference: reference.parse().ok()?, token })
}

fn lower(reference: CaseReference) -> String {
    reference.to_string().to_ascii_lowercase()
}

fn token(key: &TokenKey, reference: CaseReference, class: TokenClass) -> String {
    let mac = key.mac(&[b"heard token 1", class.word().as_bytes(), lower(reference).as_bytes()]);
    let (cut, _) = mac.split_at(TOKEN_BYTES);
    BASE32_NOPAD.encode(cut).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(fill: u8) -> TokenKey {
        TokenKey::new(&[fill; 32]).unwrap()
    }

    fn keys() -> TokenKeys {
        TokenKeys::new(key(1), None)
    }

    fn case(number: u32) -> CaseReference {
        CaseReference { year: 2026, number }
    }

    #[test]
    fn keys_of_every_length_give_the_hmac_of_the_library() {
        for length in [32, 63, 64, 65, 200] {
            let secret: Vec<u8> = (0u8..=255).cycle().take(length).collect();
            let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&secret).unwrap();
            mac.update(&3u64.to_be_bytes());
            mac.update(b"abc");
            assert_eq!(TokenKey::new(&secret).unwrap().mac(&[b"abc"]), mac.finalize().into_bytes(), "{length}");
        }
    }

    #[test]
    fn tokens_and_hashes_stay_the_same_from_release_to_release() {
        let keys = keys();
        insta::assert_snapshot!(
            [
                keys.token(case(42), TokenClass::Reply),
                keys.reply_address("complaints@calderbeck.example", case(42)).unwrap(),
                keys.message_id(TokenClass::Acknowledgement, case(42), Uuid::from_u128(7), "calderbeck.example"),
                keyed_hash(keys.current(), "message-id", "a@b.example"),
            ]
            .join("\n")
        );
    }

    #[test]
    fn a_short_key_is_refused_and_no_key_is_printed() {
        assert_eq!(TokenKey::new(&[1; 31]).unwrap_err(), TokenError::WeakKey(31));
        assert_eq!(format!("{:?}", keys()), "TokenKeys { current: TokenKey(hidden), previous: None }");
        assert_ne!(keyed_hash(&TokenKey::random(), "a", "b"), keyed_hash(&TokenKey::random(), "a", "b"));
    }

    #[test]
    fn after_a_change_of_keys_old_letters_are_still_known_and_older_ones_are_not() {
        let old = TokenKeys::new(key(1), None).token(case(42), TokenClass::Reply);
        assert!(TokenKeys::new(key(2), Some(key(1))).verify(case(42), TokenClass::Reply, &old));
        assert!(!TokenKeys::new(key(3), Some(key(2))).verify(case(42), TokenClass::Reply, &old));
    }

    #[test]
    fn a_token_for_one_thing_is_worthless_for_another() {
        let keys = keys();
        let reply = keys.token(case(42), TokenClass::Reply);
        for class in [TokenClass::Acknowledgement, TokenClass::Receipt, TokenClass::Alert] {
            assert!(!keys.verify(case(42), class, &reply));
        }
        let forged = format!("ack.hrd-26-00042-{}.{reply}.{}@x.example", case(42).check_letter(), Uuid::nil().simple());
        assert!(!keys.is_ours(&forged));
    }

    #[test]
    fn a_reference_alone_proves_nothing() {
        let keys = keys();
        let reference = case(42).to_string().to_lowercase();
        assert_eq!(keys.answered_case(&format!("complaints+{reference}@calderbeck.example")), None);
        assert_eq!(keys.answered_case(&format!("complaints+{reference}.aaaaaaaaaaaaaaaa@calderbeck.example")), None);
        assert_eq!(keys.answered_case("complaints@calderbeck.example"), None);
    }

    #[test]
    fn an_address_that_cannot_carry_a_token_is_refused() {
        assert_eq!(keys().reply_address("complaints", case(1)), Err(TokenError::NoAddress("complaints".to_owned())));
        let long = format!("{}@calderbeck.example", "c".repeat(33));
        assert_eq!(keys().reply_address(&long, case(1)), Err(TokenError::TooLong(long)));
        let fits = format!("{}@calderbeck.example", "c".repeat(32));
        assert!(keys().reply_address(&fits, case(1)).is_ok());
    }

    #[test]
    fn a_links_code_is_long_its_own_and_outlives_a_change_of_keys() {
        let (link, other) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let code = |keys: &TokenKeys, link| keys.track_codes(link).next().unwrap();
        let old = keys();
        assert_eq!(code(&old, link).len(), 32);
        assert_ne!(code(&old, link), code(&old, other));
        let new = TokenKeys::new(key(2), Some(key(1)));
        assert_ne!(code(&new, link), code(&old, link));
        assert_eq!(new.track_codes(link).nth(1), Some(code(&old, link)));
        // What opens the one opens nothing of the other.
        assert_ne!(old.survey_codes(link).next(), old.track_codes(link).next());
    }

    #[test]
    fn figures_are_six_and_others_for_every_asking() {
        let link = Uuid::from_u128(7);
        let figures = keys().track_figures(link, 1);
        assert!(figures.len() == 6 && figures.bytes().all(|byte| byte.is_ascii_digit()), "{figures}");
        assert!(keys().are_track_figures(&figures, link, 1));
        assert!(!keys().are_track_figures(&figures, link, 2) && !keys().are_track_figures("", link, 1));
        assert!(!keys().are_track_figures(&figures, Uuid::from_u128(8), 1));
    }

    #[test]
    fn parts_cannot_be_shifted_from_one_to_the_next() {
        assert_ne!(keyed_hash(&key(1), "ab", "c"), keyed_hash(&key(1), "a", "bc"));
    }

    proptest! {
        #[test]
        fn what_we_write_we_know_again_whatever_the_case(number in 1u32..100_000, uuid in any::<u128>(), shout in any::<bool>()) {
            let keys = keys();
            let turn = |text: String| if shout { text.to_uppercase() } else { text };
            let address = turn(keys.reply_address("complaints@calderbeck.example", case(number)).unwrap());
            prop_assert_eq!(keys.answered_case(&address), Some(case(number)));
            let uuid = Uuid::from_u128(uuid);
            let id = turn(keys.message_id(TokenClass::Acknowledgement, case(number), uuid, "calderbeck.example"));
            let known = OurMessageId { class: TokenClass::Acknowledgement, reference: case(number), uuid };
            prop_assert_eq!(keys.our_message_id(&format!("<{id}>")), Some(known));
        }

        #[test]
        fn a_token_opens_no_other_case(one in 1u32..100_000, other in 1u32..100_000) {
            let token = keys().token(case(one), TokenClass::Reply);
            prop_assert_eq!(keys().verify(case(other), TokenClass::Reply, &token), one == other);
        }

        #[test]
        fn one_wrong_letter_is_enough(number in 1u32..100_000, at in 0usize..TOKEN_CHARACTERS, letter in "[a-z2-7]") {
            let token = keys().token(case(number), TokenClass::Reply);
            let mut wrong = token.clone();
            wrong.replace_range(at..=at, &letter);
            prop_assert_eq!(keys().verify(case(number), TokenClass::Reply, &wrong), wrong == token);
        }

        #[test]
        fn no_text_makes_the_parsers_panic_or_passes(text in "\\PC{0,80}", address in "[a-z+.@<>0-9-]{0,60}") {
            prop_assert_eq!(keys().answered_case(&text), None);
            prop_assert_eq!(keys().answered_case(&address), None);
            prop_assert!(!keys().is_ours(&text) && !keys().is_ours(&address));
            prop_assert!(!keys().verify(case(42), TokenClass::Reply, &text));
        }
    }
}
