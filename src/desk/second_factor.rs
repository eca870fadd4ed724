//! The second factor: codes of six figures that change every 30 seconds (RFC 6238), from an app on the person's telephone.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use totp_rs::{Builder, Secret, Totp};

use super::{Answer, StoreDesk};
use crate::{
    ids::Uuid,
    sealed::Seal,
    store::{officers, sign_in},
    web::{
        account_views::{NewSecret, SecondFactor},
        desk::DeskError,
        views::Officer,
    },
};

/// A secret that waits for its first code is shown again for so long; then another is made.
const SAME_SECRET: TimeDelta = TimeDelta::minutes(10);

/// Whatever the secret's library says is for the log: nothing in it is the person's to mend.
fn broken(fault: impl std::fmt::Display) -> DeskError {
    DeskError::Unavailable(format!("the second factor: {fault}"))
}

/// What the secret of this account is sealed as.
fn sealed_as(officer: Uuid) -> String {
    format!("second factor {officer}")
}

/// The codes of a secret: SHA-1 and 30 seconds, which is all that every app knows; a code of the step before and after counts, for
/// clocks that are off.
fn codes(secret: &SecretString, account: &str, issuer: &str) -> Answer<Totp> {
    let secret = Secret::try_from_base32(secret.expose_secret()).map_err(broken)?;
    // A colon parts the two in the address that apps read.
    let plain = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_secret(secret)
        .with_account_name(plain(account))
        .with_issuer(Some(plain(issuer)))
        .build()
        .map_err(broken)
}

/// What is shown once, of a secret in Base32.
fn shown(secret: &SecretString, account: &str, issuer: &str) -> Answer<NewSecret> {
    let address = codes(secret, account, issuer)?.to_url().map_err(broken)?;
    let picture = qrcode::QrCode::new(address.as_bytes()).map_err(broken)?;
    let picture = picture.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build();
    let letters: Vec<char> = secret.expose_secret().chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(NewSecret {
        key: groups.join(" "),
        picture: format!("data:image/svg+xml;base64,{}", data_encoding::BASE64.encode(picture.as_bytes())),
    })
}

/// What second factors need: the key that seals their secrets, and what apps call us.
pub struct SecondFactors {
    seal: Seal,
    council: String,
}

impl SecondFactors {
    /// Sealed with `seal`; an app lists the account under `council`.
    #[must_use]
    pub fn new(seal: Seal, council: String) -> Self {
        Self { seal, council }
    }
}

impl StoreDesk {
    pub(super) async fn factor_of(&self, officer: Uuid) -> Answer<SecondFactor> {
        let found = sign_in::second_factor(&mut self.store.begin_read().await?, officer).await?;
        Ok(found.and_then(|found| found.since).map_or(SecondFactor::None, |since| SecondFactor::On { since }))
    }

    pub(super) async fn begin_factor(&self, officer: &Officer, now: DateTime<Utc>) -> Answer<NewSecret> {
        let Some(factors) = &self.factors else {
            return Err(DeskError::Refused("A second factor cannot be kept here.".to_owned()));
        };
        // The page may be shown again after a wrong code, or opened twice: the app has the same secret.
        let begun = sign_in::second_factor(&mut self.store.begin_read().await?, officer.id).await?;
        let begun = begun.filter(|begun| begun.since.is_none() && now - begun.begun_at < SAME_SECRET);
        if let Some(secret) = begun.and_then(|begun| factors.seal.open(&sealed_as(officer.id), &begun.sealed)) {
            return shown(&secret, &officer.email, &factors.council);
        }
        let secret = SecretString::from(Secret::generate().to_base32());
        let sealed = factors.seal.seal(&sealed_as(officer.id), &secret).map_err(broken)?;
        let mut tx = self.store.begin().await?;
        if !sign_in::begin_second_factor(&mut tx, officer.id, &sealed, now).await? {
            return Err(DeskError::Refused("Your account has a second factor already.".to_owned()));
        }
        tx.commit().await?;
        shown(&secret, &officer.email, &factors.council)
    }

    pub(super) async fn take_code(&self, officer: Uuid, code: &str, now: DateTime<Utc>) -> Answer<bool> {
        let mut tx = self.store.begin().await?;
        let Some(found) = sign_in::second_factor(&mut tx, officer).await? else { return Ok(false) };
        let secret = self.factors.as_ref().and_then(|factors| factors.seal.open(&sealed_as(officer), &found.sealed));
        let secret = secret.ok_or_else(|| broken("the secret was sealed with another key than [secrets] key"))?;
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let seconds = u64::try_from(now.timestamp()).map_err(broken)?;
        let Some(step) = codes(&secret, "-", "-")?.check(&code, seconds) else { return Ok(false) };
        let step = i64::try_from(step).map_err(broken)?;
        if !sign_in::use_code(&mut tx, officer, step, now).await? {
            return Ok(false);
        }
        if found.since.is_none() {
            officers::audit(&mut tx, Some(officer), "set up a second factor", None, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B: its secret, SHA-1, the last six of the eight figures.
        let secret = SecretString::from(data_encoding::BASE32_NOPAD.encode(b"12345678901234567890"));
        let codes = codes(&secret, "a@b.example", "A: council").unwrap();
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(codes.check(code, seconds), Some(seconds / 30), "{seconds}");
            assert_eq!(codes.check(code, seconds + 30), Some(seconds / 30), "one step late");
            assert_eq!(codes.check(code, seconds + 90), None, "{seconds}");
        }
    }

    #[test]
    fn what_is_shown_once_can_be_typed_and_photographed() {
        let secret = SecretString::from(data_encoding::BASE32_NOPAD.encode(b"12345678901234567890"));
        let shown = shown(&secret, "dara.quill@calderbeck.example", "Calderbeck Council").unwrap();
        assert_eq!(shown.key, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let picture = shown.picture.strip_prefix("data:image/svg+xml;base64,").unwrap();
        assert!(data_encoding::BASE64.decode(picture.as_bytes()).unwrap().starts_with(b"<?xml"));
    }
}
