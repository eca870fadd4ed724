//! The form "Tell us": one page, no account, nothing saved until it is sent, and the receipt is its answer.

use axum::{
    Router,
    extract::{
        DefaultBodyLimit, Multipart, State,
        multipart::{Field, MultipartError, MultipartRejection},
    },
    http::StatusCode,
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use tokio_util::bytes::BytesMut;
use tower_http::timeout::TimeoutLayer;

use super::{Reader, Receipt, guard::Rate, private};
use crate::{
    intake::own_form::{Answer, Kind, SentFile, Submission, Whom},
    languages::Language,
    web::{UPLOAD_LIMIT, WebState, errors::WebError, first_bytes, session::Caller},
};

/// Most bytes of a form that are read, what is too large for us and let go included.
const FORM_BYTES: usize = 64_000_000;
/// Most files.
const MOST_FILES: usize = 5;
/// Largest file and all of them, in megabytes of a million bytes.
const LARGEST_MB: u64 = 20;
const ALL_MB: u64 = 25;
/// Longest words, in characters, and longest other field.
const MOST_WORDS: usize = 20_000;
const MOST_CHARS: usize = 300;
/// Nobody types this fast; nobody leaves a page open this long.
const FASTEST: TimeDelta = TimeDelta::seconds(3);
const LONGEST: TimeDelta = TimeDelta::hours(24);

pub(super) fn router() -> Router<WebState> {
    Router::new()
        .route("/tell-us", get(show).post(send))
        .route("/tell-us/young", get(show_young).post(send_young))
        .layer(from_fn(first_bytes::wait))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, UPLOAD_LIMIT))
}

/// What was typed, as it is shown again.
#[derive(Clone, Debug, Default, Serialize)]
struct Typed {
    kind: String,
    words: String,
    about: String,
    whom: String,
    name: String,
    email: String,
    phone: String,
    answer: String,
}

/// A form as it came.
#[derive(Default)]
struct Sent {
    typed: Typed,
    made: String,
    /// What nobody sees was filled in.
    trapped: bool,
    files: Vec<SentFile>,
    /// Files that were chosen, whatever became of them.
    chosen: usize,
    too_large: bool,
    /// Files were let go because too much came.
    left: bool,
}

/// One thing to put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Wrong {
    /// The field's id.
    field: &'static str,
    /// The message that says what to do.
    key: &'static str,
    /// A number in it.
    n: u64,
}

#[derive(Serialize)]
struct FormPage<'a> {
    young: bool,
    typed: &'a Typed,
    made: String,
    faults: Vec<Wrong>,
    /// It was sent faster than people type, or long after it was opened: one more press sends it.
    again: bool,
    /// Files were chosen, and have to be chosen again.
    files_again: bool,
    most_files: usize,
    largest_mb: u64,
    all_mb: u64,
    most_words: usize,
}

#[derive(Serialize)]
struct ReceiptPage {
    young: bool,
    kind: &'static str,
    /// None while an officer looks at it first.
    receipt: Option<Receipt>,
    /// They are written to. That does not hang on whether a letter may go there now: the page would tell a stranger something of
    /// whoever's address they typed.
    by_mail: bool,
    /// They are called.
    phone: bool,
    wants_none: bool,
    /// Files were not taken.
    files_left: bool,
    hours: String,
}

async fn show(State(state): State<WebState>, reader: Reader) -> Result<Response, WebError> {
    blank(&state, &reader, false)
}

async fn show_young(State(state): State<WebState>, reader: Reader) -> Result<Response, WebError> {
    blank(&state, &reader, true)
}

fn blank(state: &WebState, reader: &Reader, young: bool) -> Result<Response, WebError> {
    let behind = reader.families().tell_us.as_deref().ok_or(WebError::NotFound)?;
    let made = behind.stamp(state.clock.now());
    form_page(state, reader, StatusCode::OK, young, &Sent::default(), (made, false), Vec::new())
}

async fn send(
    State(state): State<WebState>,
    reader: Reader,
    Caller(address): Caller,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, WebError> {
    sent(&state, &reader, &address, form, false).await
}

async fn send_young(
    State(state): State<WebState>,
    reader: Reader,
    Caller(address): Caller,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, WebError> {
    sent(&state, &reader, &address, form, true).await
}

async fn sent(
    state: &WebState,
    reader: &Reader,
    address: &str,
    form: Result<Multipart, MultipartRejection>,
    young: bool,
) -> Result<Response, WebError> {
    let families = reader.families();
    let behind = families.tell_us.clone().ok_or(WebError::NotFound)?;
    let broken = |cause: &str| {
        tracing::debug!(cause, "a form could not be read");
        let faults = vec![Wrong { field: "words", key: "form-broken", n: 0 }];
        let made = (behind.stamp(state.clock.now() - FASTEST), false);
        form_page(state, reader, StatusCode::BAD_REQUEST, young, &Sent::default(), made, faults)
    };
    let form = match form {
        Ok(form) => form,
        Err(_) => return broken("no form"),
    };
    let rate = families.guard.count(address);
    // Held until the answer is there: so long the files are in memory.
    let mut room = None;
    let read = read(form, || {
        room = (rate == Rate::Open).then(|| families.guard.room()).flatten();
        room.is_some()
    });
    let mut sent = match read.await {
        Ok(sent) => sent,
        Err(_) => return broken("it broke off"),
    };
    let now = state.clock.now();
    let faults = faults(&sent, rate == Rate::Open);
    if !faults.is_empty() {
        let made = (behind.stamp(now - FASTEST), false);
        return form_page(state, reader, StatusCode::UNPROCESSABLE_ENTITY, young, &sent, made, faults);
    }
    if is_doubtful(behind.made_at(&sent.made), now) {
        let made = (behind.stamp(now - FASTEST), true);
        return form_page(state, reader, StatusCode::UNPROCESSABLE_ENTITY, young, &sent, made, Vec::new());
    }
    let held = match rate {
        Rate::OneAddress => Some("too many messages came by the form from one place: it may be a flood"),
        Rate::Everybody => Some("too many messages came by the form at once: it may be a flood"),
        Rate::Open if sent.trapped => Some("a field that people do not see was filled in: a program may have sent it"),
        Rate::Open => None,
    };
    let files = std::mem::take(&mut sent.files);
    let submission = submission(&sent, young, reader.language, &files);
    let (kind, wants_none) = (submission.kind.as_str(), submission.answer == Answer::None);
    let by_mail = submission.answer == Answer::Email && !submission.email.is_empty();
    let phone = !by_mail && !submission.phone.is_empty();
    let receipt = match behind.take(submission, files, held).await {
        Ok(receipt) => receipt,
        Err(fault) => {
            tracing::error!(%fault, "a form could not be stored; whoever sent it was asked to send it again");
            let made = (behind.stamp(now - FASTEST), false);
            let faults = vec![Wrong { field: "words", key: "form-not-stored", n: 0 }];
            return form_page(state, reader, StatusCode::SERVICE_UNAVAILABLE, young, &sent, made, faults);
        }
    };
    drop(room);
    let (files_left, hours) = (sent.left, families.hours.clone());
    let shown = ReceiptPage { young, kind, receipt, by_mail, phone, wants_none, files_left, hours };
    let page = state.family_page("families/received.html", reader, "/tell-us", shown)?;
    Ok((private(), page).into_response())
}

fn is_doubtful(made: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    made.is_none_or(|made| now - made < FASTEST || now - made > LONGEST)
}

/// Reads the form; `take_files` says whether there is room for the first file that comes.
async fn read(mut form: Multipart, mut take_files: impl FnMut() -> bool) -> Result<Sent, WebError> {
    let mut sent = Sent::default();
    let (mut room, mut all) = (None, 0);
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            // The words come before the files: they are here.
            Err(fault) if fault.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                sent.too_large = true;
                break;
            }
            Err(fault) => return Err(fault.into()),
        };
        let name = field.name().unwrap_or_default().to_owned();
        if name == "files" {
            match file(field, &mut all, &mut || *room.get_or_insert_with(&mut take_files)).await {
                Ok(Some(read)) => {
                    sent.chosen += 1;
                    match read {
                        Read::File(file) if sent.chosen <= MOST_FILES => sent.files.push(file),
                        Read::File(_) => {}
                        Read::TooLarge => sent.too_large = true,
                        Read::NoRoom => sent.left = true,
                    }
                }
                Ok(None) => {}
                Err(fault) if fault.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                    (sent.too_large, sent.chosen) = (true, sent.chosen + 1);
                    break;
                }
                Err(fault) => return Err(fault.into()),
            }
            continue;
        }
        // As much as is shown again; what is longer is said to be too long.
        let text = text(field, 8 * MOST_WORDS).await?;
        match name.as_str() {
            "kind" => sent.typed.kind = text,
            "words" => sent.typed.words = text,
            "about" => sent.typed.about = text,
            "whom" => sent.typed.whom = text,
            "name" => sent.typed.name = text,
            "email" => sent.typed.email = text,
            "phone" => sent.typed.phone = text,
            "answer" => sent.typed.answer = text,
            "made" => sent.made = text,
            "website" => sent.trapped = !text.is_empty(),
            _ => {}
        }
    }
    Ok(sent)
}

enum Read {
    File(SentFile),
    TooLarge,
    NoRoom,
}

/// A file; None where none was chosen. What is beyond the limits is read and let go, so that the browser gets its answer.
async fn file(
    mut field: Field<'_>,
    all: &mut u64,
    has_room: &mut impl FnMut() -> bool,
) -> Result<Option<Read>, MultipartError> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let media_type = field.content_type().unwrap_or_default().to_owned();
    let (mut bytes, mut size) = (Vec::new(), 0u64);
    while let Some(piece) = field.chunk().await? {
        size = size.saturating_add(piece.len() as u64);
        if size <= LARGEST_MB * 1_000_000 && all.saturating_add(size) <= ALL_MB * 1_000_000 && has_room() {
            bytes.extend_from_slice(&piece);
        }
    }
    *all = all.saturating_add(size);
    Ok(match (name.is_empty() && size == 0, bytes.len() as u64 == size) {
        (true, _) => None,
        (false, true) => Some(Read::File(SentFile { name, media_type, bytes })),
        (false, false) if size <= LARGEST_MB * 1_000_000 && *all <= ALL_MB * 1_000_000 => Some(Read::NoRoom),
        (false, false) => Some(Read::TooLarge),
    })
}

/// What was typed into a field, with line ends as we keep them and nothing that no text can hold.
async fn text(mut field: Field<'_>, most: usize) -> Result<String, WebError> {
    let mut bytes = BytesMut::new();
    while let Some(piece) = field.chunk().await? {
        let room = most.saturating_sub(bytes.len());
        bytes.extend_from_slice(piece.get(..room).unwrap_or(&piece));
    }
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    Ok(text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect::<String>().trim().to_owned())
}

/// Everything that has to be put right, in the order of the page. Pure.
fn faults(sent: &Sent, files_wanted: bool) -> Vec<Wrong> {
    let typed = &sent.typed;
    let mut faults = Vec::new();
    let mut wrong = |field, key, n: usize| faults.push(Wrong { field, key, n: n as u64 });
    if typed.words.is_empty() {
        wrong("words", "form-words-missing", 0);
    } else if typed.words.chars().count() > MOST_WORDS {
        wrong("words", "form-words-long", MOST_WORDS);
    }
    for (field, text) in [("about", &typed.about), ("name", &typed.name), ("phone", &typed.phone)] {
        if text.chars().count() > MOST_CHARS {
            wrong(field, "form-field-long", MOST_CHARS);
        }
    }
    let is_address = typed.email.parse::<lettre::Address>().is_ok() && typed.email.len() <= 254;
    if !typed.email.is_empty() && !is_address {
        wrong("email", "form-email-wrong", 0);
    }
    let answer = Answer::named(&typed.answer);
    if answer != Answer::None && typed.email.is_empty() && typed.phone.is_empty() {
        wrong("email", "form-way-missing", 0);
    } else if answer == Answer::Phone && typed.phone.is_empty() {
        wrong("phone", "form-phone-missing", 0);
    }
    if sent.chosen > MOST_FILES {
        wrong("files", "form-files-many", MOST_FILES);
    }
    if sent.too_large {
        wrong("files", "form-files-large", LARGEST_MB as usize);
    } else if sent.left && files_wanted {
        wrong("files", "form-files-busy", 0);
    }
    faults
}

fn submission(sent: &Sent, young: bool, language: Language, files: &[SentFile]) -> Submission {
    let typed = sent.typed.clone();
    let note = match (sent.left, typed.email.is_empty(), typed.phone.is_empty()) {
        (true, ..) => "files that they chose were not taken: ask them to send them by mail".to_owned(),
        (_, true, false) => "they gave no email address: call them, and tell them that you have it".to_owned(),
        _ => String::new(),
    };
    let listed = |file: &SentFile| crate::intake::reading::Attachment {
        filename: file.name.chars().filter(|c| !c.is_control()).take(200).collect(),
        content_type: "application/octet-stream".to_owned(),
        size: file.bytes.len() as u64,
    };
    Submission {
        kind: Kind::named(&typed.kind),
        words: typed.words,
        about: one_line(&typed.about),
        whom: Whom::named(&typed.whom),
        name: one_line(&typed.name),
        email: typed.email,
        phone: one_line(&typed.phone),
        answer: Answer::named(&typed.answer),
        young,
        language: if language == Language::English { String::new() } else { language.own_name().to_owned() },
        note,
        files: files.iter().map(listed).collect(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn form_page(
    state: &WebState,
    reader: &Reader,
    status: StatusCode,
    young: bool,
    sent: &Sent,
    (made, again): (String, bool),
    faults: Vec<Wrong>,
) -> Result<Response, WebError> {
    let shown = FormPage {
        young,
        typed: &sent.typed,
        made,
        faults,
        again,
        files_again: sent.chosen > 0,
        most_files: MOST_FILES,
        largest_mb: LARGEST_MB,
        all_mb: ALL_MB,
        most_words: MOST_WORDS,
    };
    let page = state.family_page("families/tell-us.html", reader, "/tell-us", shown)?;
    Ok((status, private(), page).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(change: impl Fn(&mut Sent)) -> Vec<&'static str> {
        let mut sent = Sent::default();
        sent.typed.words = "Nobody called back.".into();
        sent.typed.email = "ann@mail.example".into();
        change(&mut sent);
        faults(&sent, true).iter().map(|wrong| wrong.key).collect()
    }

    #[test]
    fn nothing_is_required_but_words_and_a_way_to_answer() {
        assert!(keys(|_| {}).is_empty());
        assert!(keys(|sent| (sent.typed.email, sent.typed.answer) = (String::new(), "none".into())).is_empty());
        assert!(keys(|sent| (sent.typed.email, sent.typed.phone) = (String::new(), "01632 960 000".into())).is_empty());
        assert_eq!(keys(|sent| sent.typed = Typed::default()), ["form-words-missing", "form-way-missing"]);
        assert_eq!(keys(|sent| sent.typed.answer = "phone".into()), ["form-phone-missing"]);
        assert_eq!(keys(|sent| sent.typed.email = "ann at mail".into()), ["form-email-wrong"]);
        assert_eq!(keys(|sent| sent.typed.words = "é".repeat(MOST_WORDS + 1)), ["form-words-long"]);
        assert_eq!(keys(|sent| sent.typed.name = "x".repeat(MOST_CHARS + 1)), ["form-field-long"]);
        assert_eq!(keys(|sent| (sent.chosen, sent.too_large) = (6, true)), ["form-files-many", "form-files-large"]);
        assert_eq!(keys(|sent| sent.left = true), ["form-files-busy"]);
    }

    #[test]
    fn a_form_is_doubtful_when_nobody_can_have_typed_it_or_it_is_old_or_not_ours() {
        let now: DateTime<Utc> = "2026-11-20T10:30:00Z".parse().unwrap();
        let ago = |time: TimeDelta| is_doubtful(Some(now - time), now);
        assert!(ago(TimeDelta::seconds(2)) && ago(TimeDelta::hours(25)) && is_doubtful(None, now));
        assert!(!ago(FASTEST) && !ago(TimeDelta::hours(23)));
    }
}
