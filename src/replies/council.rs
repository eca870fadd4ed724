//! What every letter says about the council, as plain values from the settings.

use serde::{Deserialize, Serialize};

/// The officer who answers for a case towards the family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedOfficer {
    /// Full name.
    pub name: String,
    /// Role in words, e.g. `complaints officer`.
    pub role: String,
    /// Email address.
    pub email: String,
    /// Telephone number as people dial it.
    pub phone: String,
}

/// Who helps people to complain, free of charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advocacy {
    /// Name of the service.
    pub name: String,
    /// Telephone number.
    pub phone: String,
    /// Email address.
    pub email: String,
    /// Web address, with `https://`.
    pub url: String,
}

/// Who can be asked after the council.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ombudsman {
    /// Full name.
    pub name: String,
    /// Telephone number.
    pub phone: String,
    /// Web address, with `https://`.
    pub url: String,
}

impl Default for Ombudsman {
    fn default() -> Self {
        Self {
            name: "Local Government and Social Care Ombudsman".into(),
            phone: "0300 061 0614".into(),
            url: "https://www.lgo.org.uk".into(),
        }
    }
}

/// One number to call when a child is in danger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DangerContact {
    /// Whom one reaches, and when.
    pub who: String,
    /// Telephone number.
    pub phone: String,
}

/// The danger line. Stands in every acknowledgement, never only where danger was detected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Danger {
    /// One sentence that names 999.
    pub text: String,
    /// Further numbers, most local first.
    #[serde(default)]
    pub contacts: Vec<DangerContact>,
}

/// What every letter says about the council. Comes from the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CouncilFacts {
    /// Name of the council.
    pub name: String,
    /// Name of the team that deals with complaints.
    pub service: String,
    /// Its email address.
    pub complaints_address: String,
    /// Its telephone number.
    pub complaints_phone: String,
    /// Page that tells how complaints are dealt with, with `https://`.
    pub procedure_url: String,
    /// The officer named when a case has no officer of its own yet.
    pub named_officer: NamedOfficer,
    /// Free help to complain.
    pub advocacy: Advocacy,
    /// The Local Government and Social Care Ombudsman.
    pub ombudsman: Ombudsman,
    /// What to do when a child is in danger.
    pub danger: Danger,
    /// One or more sentences: which adjustments people can ask for, and how.
    pub adjustments: String,
}

impl CouncilFacts {
    /// What is wrong with these settings: one sentence a fault that names the setting. Empty when nothing is.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let texts = [
            ("name", &self.name),
            ("service", &self.service),
            ("complaints_phone", &self.complaints_phone),
            ("named_officer.name", &self.named_officer.name),
            ("named_officer.role", &self.named_officer.role),
            ("named_officer.phone", &self.named_officer.phone),
            ("advocacy.name", &self.advocacy.name),
            ("advocacy.phone", &self.advocacy.phone),
            ("ombudsman.name", &self.ombudsman.name),
            ("ombudsman.phone", &self.ombudsman.phone),
            ("adjustments", &self.adjustments),
        ];
        faults.extend(
            texts
                .iter()
                .filter(|(_, text)| text.trim().is_empty())
                .map(|(key, _)| format!("`{key}` is empty: fill it in")),
        );
        let addresses = [
            ("complaints_address", &self.complaints_address),
            ("named_officer.email", &self.named_officer.email),
            ("advocacy.email", &self.advocacy.email),
        ];
        faults.extend(
            addresses
                .iter()
                .filter(|(_, text)| text.parse::<lettre::Address>().is_err())
                .map(|(key, text)| format!("`{key}` is \"{text}\", which is no email address")),
        );
        let pages = [
            ("procedure_url", &self.procedure_url),
            ("advocacy.url", &self.advocacy.url),
            ("ombudsman.url", &self.ombudsman.url),
        ];
        faults.extend(
            pages
                .iter()
                .filter(|(_, text)| !is_web_address(text))
                .map(|(key, text)| format!("`{key}` is \"{text}\": give a web address that begins with https://")),
        );
        if !self.danger.text.contains("999") {
            faults.push("`danger.text` does not name 999: say that people in danger should call 999".to_owned());
        }
        faults
    }

    /// An invented council, for tests and the demonstration. The national numbers are real.
    #[must_use]
    pub fn sample() -> Self {
        let contact = |who: &str, phone: &str| DangerContact { who: who.to_owned(), phone: phone.to_owned() };
        Self {
            name: "Calderbeck Council".to_owned(),
            service: "Children's complaints team".to_owned(),
            complaints_address: "complaints@calderbeck.example".to_owned(),
            complaints_phone: "01632 960 100".to_owned(),
            procedure_url: "https://www.calderbeck.example/childrens-complaints".to_owned(),
            named_officer: NamedOfficer {
                name: "Rosalind Achebe".to_owned(),
                role: "children's complaints manager".to_owned(),
                email: "rosalind.achebe@calderbeck.example".to_owned(),
                phone: "01632 960 101".to_owned(),
            },
            advocacy: Advocacy {
                name: "Calderbeck Voices".to_owned(),
                phone: "01632 960 140".to_owned(),
                email: "help@calderbeckvoices.example".to_owned(),
                url: "https://calderbeckvoices.example".to_owned(),
            },
            ombudsman: Ombudsman {
                name: "Local Government and Social Care Ombudsman".to_owned(),
                phone: "0300 061 0614".to_owned(),
                url: "https://www.lgo.org.uk".to_owned(),
            },
            danger: Danger {
                text: "If you or a child is in danger now, call 999.".to_owned(),
                contacts: vec![
                    contact("Calderbeck children's services, day and night", "01632 960 199"),
                    contact("NSPCC, if you are worried about a child", "0808 800 5000"),
                    contact("Childline, for children and young people", "0800 1111"),
                ],
            },
            adjustments: "Tell us what would make this easier for you: large print, easy read, another language, an \
                          interpreter, or a phone call in place of letters. You can ask at any time, and it is free."
                .to_owned(),
        }
    }
}

/// Tells whether `text` is a web address that a letter may link to.
pub(super) fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}
