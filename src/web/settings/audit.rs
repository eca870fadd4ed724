//! Who did and saw what: by person, day and sort, in pages and as a table.

use std::fmt::Write;

use axum::{
    extract::{Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::{SECTION, settings};
use crate::{
    clock::london_date,
    web::{
        WebState,
        access::Ask,
        case::FieldFault,
        checks::DayFields,
        errors::WebError,
        session::Signed,
        settings_views::{AuditAsk, AuditView},
    },
};

/// The sorts, with their words.
const KINDS: [(&str, &str); 7] = [
    ("sign-in", "Signed in, or tried to"),
    ("look", "Looked at a case, its files or letters"),
    ("case", "Did something to a case"),
    ("check", "Checks of what was left alone"),
    ("account", "Accounts"),
    ("settings", "Settings"),
    ("other", "Anything else"),
];
/// What stands for nobody with an account.
const NOBODY: &str = "nobody";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct AuditQuery {
    by: String,
    what: String,
    #[serde(rename = "on-day")]
    on_day: String,
    #[serde(rename = "on-month")]
    on_month: String,
    #[serde(rename = "on-year")]
    on_year: String,
    page: String,
}

impl AuditQuery {
    fn on(&self) -> DayFields {
        DayFields { day: self.on_day.clone(), month: self.on_month.clone(), year: self.on_year.clone() }
    }

    /// What is asked for, or what is wrong with the day.
    fn ask(&self) -> Result<AuditAsk, FieldFault> {
        let on = self.on();
        let is_empty = [&on.day, &on.month, &on.year].iter().all(|part| part.trim().is_empty());
        let day = on.read();
        if day.is_none() && !is_empty {
            return Err(FieldFault::new("on-day", "Enter the day as a day, a month and a year, or leave it empty"));
        }
        let known = KINDS.iter().find(|(kind, _)| *kind == self.what);
        let by = if self.by == NOBODY { Some(None) } else { self.by.parse().ok().map(Some) };
        let page = self.page.parse().unwrap_or(1).max(1);
        Ok(AuditAsk { by, on: day, kind: known.map_or_else(String::new, |(kind, _)| (*kind).to_owned()), page })
    }

    /// The same as the end of an address, without the page.
    fn address(&self) -> String {
        let mut address = String::new();
        let parts = [
            ("by", &self.by),
            ("what", &self.what),
            ("on-day", &self.on_day),
            ("on-month", &self.on_month),
            ("on-year", &self.on_year),
        ];
        for (name, value) in parts {
            // Keys, words and numbers: whatever else was typed found nothing, and is left out.
            let value: String = value.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            if !value.is_empty() {
                let _ = write!(address, "{name}={value}&");
            }
        }
        address
    }
}

#[derive(Serialize)]
struct AuditPage {
    audit: AuditView,
    with_cases: bool,
    kinds: [(&'static str, &'static str); 7],
    by: String,
    what: String,
    on: DayFields,
    fault: Option<FieldFault>,
    address: String,
}

pub(in crate::web) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Query(query): Query<AuditQuery>,
) -> Result<Response, WebError> {
    let settings = settings(&state, &signed)?;
    let (ask, fault) = match query.ask() {
        Ok(ask) => (ask, None),
        Err(fault) => (AuditAsk::default(), Some(fault)),
    };
    let with_cases = signed.must(Ask::ReadCases).is_ok();
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = AuditPage {
        audit: settings.audit(&ask, &signed.0, with_cases, state.clock.now()).await?,
        with_cases,
        kinds: KINDS,
        on: query.on(),
        address: query.address(),
        by: query.by,
        what: query.what,
        fault,
    };
    Ok((status, state.page_for("settings-audit.html", &signed, SECTION, &page).await?).into_response())
}

/// The same as a table, on one page.
pub(in crate::web) async fn table(
    State(state): State<WebState>,
    signed: Signed,
    Query(query): Query<AuditQuery>,
) -> Result<Response, WebError> {
    let settings = settings(&state, &signed)?;
    let ask = query.ask().map_err(|_| WebError::BadForm)?;
    let with_cases = signed.must(Ask::ReadCases).is_ok();
    let now = state.clock.now();
    let bytes = settings.audit_table(&ask, &signed.0, with_cases, now).await?;
    let name = format!("attachment; filename=\"heard-audit-{}.csv\"", london_date(now));
    let disposition = HeaderValue::from_str(&name).map_err(|error| WebError::Broken(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes).into_response())
}
