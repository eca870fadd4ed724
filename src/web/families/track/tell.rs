//! What a family can do on the page: add words and files, ask for the next stage, take the complaint back, say how it wants to hear
//! from us. Each is a form of its own; what it sends is a message of the case, and nothing is kept before it is sent.

use axum::{
    extract::{
        Multipart, Path, State,
        multipart::{Field, MultipartError, MultipartRejection},
    },
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Serialize;
use tokio_util::bytes::{Bytes, BytesMut};

use super::{Holder, What, page, too_often};
use crate::{
    casework::track::Asks,
    ids::Uuid,
    languages::Language,
    web::{
        WebState,
        errors::WebError,
        families::track_views::{Limits, Said, SentFile, TrackView},
    },
};

/// Most bytes of a form: five files of ten megabytes, and what stands around them.
pub(super) const FORM_BYTES: usize = 51_000_000;
/// Longest words, in characters.
const MOST_CHARS: usize = 8_000;
/// Longest other field (bytes).
const FIELD_BYTES: usize = 1_000;
/// Longest answer in a line, in characters.
const LINE_CHARS: usize = 200;

/// What was typed and chosen.
#[derive(Default, Serialize)]
struct Entered {
    words: String,
    print: String,
    language: String,
    other: String,
    /// The form's own number.
    form: String,
    #[serde(skip)]
    files: Vec<SentFile>,
    #[serde(skip)]
    too_large: Vec<String>,
    #[serde(skip)]
    too_many: bool,
}

/// Something wrong with a field, as a message of the catalogues.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Wrong {
    field: &'static str,
    key: &'static str,
    /// A file's name.
    name: String,
}

#[derive(Serialize)]
struct Shown {
    address: String,
    what: &'static str,
    reference: String,
    stage: u8,
    limits: Limits,
    most_chars: usize,
    entered: Entered,
    wrong: Vec<Wrong>,
}

/// What they may do now, by its word; None where there is nothing like it.
fn asked(what: &str, view: &TrackView) -> Option<Asks> {
    Asks::named(what).filter(|asks| match asks {
        Asks::NextStage => view.next_stage.is_some(),
        Asks::Withdraw => view.may_withdraw,
        Asks::Add | Asks::Contact => true,
    })
}

pub(super) async fn form(
    State(state): State<WebState>,
    holder: Holder,
    Path((_, what)): What,
) -> Result<Response, WebError> {
    let Some(view) = holder.view(&state).await? else { return Ok(Redirect::to(&holder.address()).into_response()) };
    let Some(asks) = asked(&what, &view) else { return Ok(Redirect::to(&holder.address()).into_response()) };
    let entered = Entered { form: Uuid::now_v7().simple().to_string(), ..Entered::default() };
    form_page(&state, &holder, &view, (asks, entered, Vec::new()))
}

fn form_page(
    state: &WebState,
    holder: &Holder,
    view: &TrackView,
    (asks, entered, wrong): (Asks, Entered, Vec<Wrong>),
) -> Result<Response, WebError> {
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = Shown {
        address: holder.address(),
        what: asks.as_str(),
        reference: view.reference.clone(),
        stage: view.next_stage.unwrap_or_default(),
        limits: holder.tracker.limits(),
        most_chars: MOST_CHARS,
        entered,
        wrong,
    };
    page(state, &holder.reader, status, "families/track-tell.html", shown)
}

pub(super) async fn send(
    State(state): State<WebState>,
    holder: Holder,
    Path((_, what)): What,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, WebError> {
    // Whoever may not send anything is told so before a byte is taken from them.
    let (Some(view), Some(token)) = (holder.view(&state).await?, holder.token) else {
        return Ok(Redirect::to(&holder.address()).into_response());
    };
    let Some(asks) = asked(&what, &view) else { return Ok(Redirect::to(&holder.address()).into_response()) };
    if !holder.may_send() {
        return too_often(&state, &holder.reader);
    }
    let limits = holder.tracker.limits();
    let entered = entered(form.map_err(|_| WebError::BadForm)?, limits).await?;
    let mut wrong = wrong(asks, &entered);
    for file in &entered.files {
        let key = if file.bytes.is_empty() {
            "track-fault-empty"
        } else if holder.tracker.refuses(file) {
            "track-fault-kind"
        } else {
            continue;
        };
        wrong.push(Wrong { field: "files", key, name: shown_name(&file.name) });
    }
    if !wrong.is_empty() {
        return form_page(&state, &holder, &view, (asks, entered, wrong));
    }
    let said = Said {
        asks,
        first_line: first_line(asks, &entered, view.next_stage, holder.reader.language),
        reads: holder.reader.language,
        words: entered.words,
        files: entered.files,
        form: entered.form,
    };
    let kept = holder.tracker.tell(&holder.code, token, said, state.clock.now()).await?;
    let told = if kept { format!("?told={}", asks.as_str()) } else { String::new() };
    Ok(Redirect::to(&format!("{}{told}", holder.address())).into_response())
}

/// What officers read first.
fn first_line(asks: Asks, entered: &Entered, stage: Option<u8>, reads: Language) -> String {
    let page = "on the page where they see how it stands";
    let reads =
        if reads == Language::English { String::new() } else { format!(" (They read it in: {}.)", reads.own_name()) };
    match asks {
        Asks::Add => reads.trim().to_owned(),
        Asks::NextStage => format!("They ask for stage {}, {page}.{reads}", stage.unwrap_or_default()),
        Asks::Withdraw => format!("They want to withdraw the complaint: they said so {page}.{reads}"),
        Asks::Contact => {
            let print = match entered.print.as_str() {
                "large" => Some("Letters in large print.".to_owned()),
                "easy" => Some("Letters in easy words.".to_owned()),
                "normal" => Some("Letters as everybody gets them.".to_owned()),
                _ => None,
            };
            let line = |what: &str, text: &str| (!text.is_empty()).then(|| format!("{what}: {text}"));
            let parts = [print, line("Language", &entered.language), line("Also", &entered.other)];
            let parts = parts.into_iter().flatten().collect::<Vec<_>>().join("\n");
            format!("They say how they want to hear from us, {page}.{reads}\n\n{parts}")
        }
    }
}

/// What is wrong with what was typed. Pure.
fn wrong(asks: Asks, entered: &Entered) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let mut say = |field, key, name: &str| wrong.push(Wrong { field, key, name: shown_name(name) });
    if entered.words.chars().count() > MOST_CHARS {
        say("words", "track-fault-long", "");
    }
    for name in &entered.too_large {
        say("files", "track-fault-large", name);
    }
    if entered.too_many {
        say("files", "track-fault-many", "");
    }
    let nothing = entered.words.is_empty() && entered.files.is_empty() && entered.too_large.is_empty();
    if asks == Asks::Add && nothing {
        say("words", "track-fault-nothing", "");
    }
    let nothing = entered.print.is_empty() && entered.language.is_empty() && entered.other.is_empty();
    if asks == Asks::Contact && nothing {
        say("print", "track-fault-nothing-said", "");
    }
    wrong
}

/// A file's name as the page shows it.
fn shown_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}

async fn entered(mut form: Multipart, limits: Limits) -> Result<Entered, WebError> {
    let largest = usize::try_from(limits.mb.saturating_mul(1_000_000)).unwrap_or(usize::MAX);
    let mut entered = Entered::default();
    while let Some(field) = form.next_field().await.map_err(fault)? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "files" => {
                let file_name = field.file_name().unwrap_or_default().to_owned();
                let said_type = field.content_type().unwrap_or_default().to_owned();
                let full = entered.files.len() >= limits.files;
                let (bytes, too_large) = read(field, if full { 0 } else { largest }).await?;
                // A browser sends a nameless, empty file where none was chosen.
                if file_name.is_empty() && bytes.is_empty() && !too_large {
                    continue;
                }
                if full {
                    entered.too_many = true;
                } else if too_large {
                    entered.too_large.push(file_name);
                } else {
                    entered.files.push(SentFile { name: file_name, said_type, bytes });
                }
            }
            "words" => entered.words = text(field, MOST_CHARS * 4 + FIELD_BYTES).await?,
            "print" => entered.print = line(field).await?,
            "language" => entered.language = line(field).await?,
            "other" => entered.other = line(field).await?,
            "form" => entered.form = line(field).await?,
            _ => {
                read(field, 0).await?;
            }
        }
    }
    Ok(entered)
}

fn fault(fault: MultipartError) -> WebError {
    if fault.status() == StatusCode::PAYLOAD_TOO_LARGE { WebError::TooMuch } else { WebError::BadForm }
}

/// A field's bytes; what is beyond `most` is read and let go, so that the browser gets its answer.
async fn read(mut field: Field<'_>, most: usize) -> Result<(Bytes, bool), WebError> {
    let (mut bytes, mut too_large) = (BytesMut::new(), false);
    while let Some(piece) = field.chunk().await.map_err(fault)? {
        too_large |= bytes.len().saturating_add(piece.len()) > most;
        if !too_large {
            bytes.extend_from_slice(&piece);
        }
    }
    Ok((bytes.freeze(), too_large))
}

/// What was typed, with line ends as we keep them and nothing that no text can hold. What is too long stays too long.
async fn text(field: Field<'_>, most: usize) -> Result<String, WebError> {
    let (bytes, too_large) = read(field, most).await?;
    if too_large {
        return Ok("x".repeat(MOST_CHARS + 1));
    }
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    let kept: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    Ok(kept.trim().to_owned())
}

async fn line(field: Field<'_>) -> Result<String, WebError> {
    let (bytes, _) = read(field, FIELD_BYTES).await?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LINE_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(asks: Asks, entered: &Entered) -> Vec<&'static str> {
        wrong(asks, entered).iter().map(|one| one.key).collect()
    }

    #[test]
    fn something_must_be_said_and_not_too_much() {
        assert_eq!(keys(Asks::Add, &Entered::default()), ["track-fault-nothing"]);
        assert_eq!(keys(Asks::Contact, &Entered::default()), ["track-fault-nothing-said"]);
        assert!(keys(Asks::NextStage, &Entered::default()).is_empty());
        assert!(keys(Asks::Withdraw, &Entered::default()).is_empty());
        let long = Entered { words: "é".repeat(MOST_CHARS + 1), ..Entered::default() };
        assert_eq!(keys(Asks::Add, &long), ["track-fault-long"]);
        let fits = Entered { words: "é".repeat(MOST_CHARS), ..Entered::default() };
        assert!(keys(Asks::Add, &fits).is_empty());
        let large = Entered { too_large: vec!["a\u{7}.mp4".into()], too_many: true, ..Entered::default() };
        assert_eq!(keys(Asks::Add, &large), ["track-fault-large", "track-fault-many"]);
        assert_eq!(wrong(Asks::Add, &large)[0].name, "a.mp4");
    }

    #[test]
    fn officers_read_first_what_is_asked_for() {
        let entered = Entered { print: "large".into(), language: "Urdu".into(), ..Entered::default() };
        let line = |asks| first_line(asks, &entered, Some(2), Language::English);
        assert_eq!(line(Asks::Add), "");
        assert_eq!(line(Asks::NextStage), "They ask for stage 2, on the page where they see how it stands.");
        assert!(line(Asks::Withdraw).starts_with("They want to withdraw the complaint"));
        assert!(line(Asks::Contact).ends_with("Letters in large print.\nLanguage: Urdu"));
        assert_eq!(first_line(Asks::Add, &entered, None, Language::Polish), "(They read it in: Polski.)");
    }
}
