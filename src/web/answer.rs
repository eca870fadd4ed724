//! The page on which an officer writes the answer to a complaint: its points, what was found on each, and the letter.

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::{Form, FormRejection};
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::Ask,
    case::{FieldFault, changed, reference, unchanged},
    desk::{About, DeskAction, DeskError},
    errors::WebError,
    letter::{Words, look_at},
    session::Signed,
    views::CaseView,
};
use crate::casework::Given;
use crate::procedure::event::{Finding, Point, PointOutcome, Points, Route};

/// Most points of one complaint.
const MOST_POINTS: usize = 30;
/// Longest text of a point, in characters.
const POINT_CHARS: usize = 300;
/// Longest other text, in characters.
const TEXT_CHARS: usize = 8_000;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    done: Option<String>,
}

/// The form. The lists stand beside one another: one entry a point.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct AnswerForm {
    #[serde(default)]
    version: String,
    /// `save`, `more`, `take`, `look`, `own`, `send` or `record`.
    #[serde(default)]
    what: String,
    #[serde(default)]
    wanted: String,
    #[serde(default)]
    opening: String,
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    outcome: Vec<String>,
    #[serde(default)]
    reasons: Vec<String>,
    #[serde(default)]
    evidence: Vec<String>,
    #[serde(default)]
    remedy: Vec<String>,
    #[serde(default)]
    learning: Vec<String>,
    #[serde(default)]
    route: Vec<String>,
    /// `yes`: it was decided together with the independent person of stage 2.
    #[serde(default)]
    with_independent: String,
    /// `yes`: the letter says that other families have the same problem.
    #[serde(default)]
    others: String,
    /// The case whose points are taken over.
    #[serde(default)]
    from: String,
    /// How it was given, if not by our letter.
    #[serde(default)]
    how: String,
    /// The letter, perhaps in the officer's own words; and as the template had it.
    #[serde(default)]
    letter: String,
    #[serde(default)]
    letter_was: String,
    /// The documents that go with our letter.
    #[serde(default)]
    with: Vec<String>,
}

#[derive(Serialize)]
struct Shown {
    case: CaseView,
    done: Option<String>,
    /// The points as they are typed, one of them empty for the next.
    points: Vec<Typed>,
    form: AnswerForm,
    /// The letter's words: as the officer changed them, and as the template has them.
    words: Words,
    outcomes: Vec<(&'static str, &'static str)>,
    routes: Vec<(&'static str, &'static str)>,
    faults: Vec<FieldFault>,
}

/// One point as it stands in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Typed {
    text: String,
    outcome: String,
    reasons: String,
    evidence: String,
    remedy: String,
    learning: String,
    route: String,
}

impl Typed {
    fn of(point: &Point) -> Self {
        let finding = point.finding.clone();
        let part =
            |of: fn(&Finding) -> &str| finding.as_ref().map(|finding| of(finding).to_owned()).unwrap_or_default();
        Self {
            text: point.text.clone(),
            outcome: part(|finding| finding.outcome.as_str()),
            reasons: part(|finding| &finding.reasons),
            evidence: part(|finding| &finding.evidence),
            remedy: part(|finding| &finding.remedy),
            learning: part(|finding| &finding.learning),
            route: point.route.as_str().to_owned(),
        }
    }

    fn is_empty(&self) -> bool {
        let route = self.route.clone();
        *self == Self { route, ..Self::default() }
    }
}

fn typed(form: &AnswerForm) -> Vec<Typed> {
    let at = |list: &[String], n: usize| list.get(n).map(|text| text.trim().replace("\r\n", "\n")).unwrap_or_default();
    (0..form.text.len())
        .map(|n| Typed {
            text: at(&form.text, n),
            outcome: at(&form.outcome, n),
            reasons: at(&form.reasons, n),
            evidence: at(&form.evidence, n),
            remedy: at(&form.remedy, n),
            learning: at(&form.learning, n),
            route: at(&form.route, n),
        })
        .collect()
}

/// What the form says, or every field that is wrong. Pure. A finding begins with its outcome; texts without one are kept out of
/// no letter, so they ask for it.
fn points(form: &AnswerForm) -> Result<Points, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let mut fault = |field: &'static str, text: String| faults.push(FieldFault { field, text });
    let mut points = Vec::new();
    for (number, one) in (1..).zip(typed(form)) {
        if one.is_empty() {
            continue;
        }
        if one.text.is_empty() {
            fault("text", format!("Point {number}: enter what they complain of"));
        }
        if one.text.chars().count() > POINT_CHARS {
            fault("text", format!("Point {number}: what they complain of must be {POINT_CHARS} characters or fewer"));
        }
        let texts = [&one.reasons, &one.evidence, &one.remedy, &one.learning];
        if texts.iter().any(|text| text.chars().count() > TEXT_CHARS) {
            fault("text", format!("Point {number}: each answer must be {TEXT_CHARS} characters or fewer"));
        }
        let outcome = PointOutcome::named(&one.outcome);
        if outcome.is_none() && texts.iter().any(|text| !text.is_empty()) {
            fault("text", format!("Point {number}: select what was found"));
        }
        let finding = outcome.map(|outcome| Finding {
            outcome,
            reasons: one.reasons.clone(),
            evidence: one.evidence.clone(),
            remedy: one.remedy.clone(),
            learning: one.learning.clone(),
        });
        points.push(Point { route: Route::named(&one.route).unwrap_or_default(), text: one.text, finding });
    }
    if points.len() > MOST_POINTS {
        fault("text", format!("Enter no more than {MOST_POINTS} points"));
    }
    for (field, text) in [("wanted", &form.wanted), ("opening", &form.opening)] {
        if text.chars().count() > TEXT_CHARS {
            fault(field, format!("This must be {TEXT_CHARS} characters or fewer"));
        }
    }
    let trimmed = |text: &str| text.trim().replace("\r\n", "\n");
    if faults.is_empty() {
        let others = form.others == "yes";
        let with_independent = form.with_independent == "yes";
        Ok(Points { others, with_independent, wanted: trimmed(&form.wanted), opening: trimmed(&form.opening), points })
    } else {
        Err(faults)
    }
}

async fn page(
    state: &WebState,
    signed: &Signed,
    case: CaseView,
    done: Option<String>,
    entered: Option<(AnswerForm, Vec<FieldFault>)>,
) -> Result<Response, WebError> {
    let more = done.as_deref() == Some("more");
    let (form, faults) = entered.unwrap_or_else(|| {
        let known = &case.answer.points;
        let form = AnswerForm {
            others: if known.others { "yes" } else { "" }.to_owned(),
            with_independent: if known.with_independent { "yes" } else { "" }.to_owned(),
            wanted: known.wanted.clone(),
            opening: known.opening.clone(),
            ..AnswerForm::default()
        };
        (form, Vec::new())
    });
    let mut points = if form.text.is_empty() {
        case.answer.points.points.iter().map(Typed::of).collect::<Vec<_>>()
    } else {
        typed(&form)
    };
    if points.is_empty() || more {
        points.push(Typed::default());
    }
    let own = case.answer.letter.as_ref().map(|letter| letter.text.clone()).unwrap_or_default();
    let words = match form.letter_was.as_str() {
        "" => Words { typed: own.clone(), own },
        was => Words { typed: form.letter.clone(), own: was.to_owned() },
    };
    let outcomes = PointOutcome::ALL.map(|outcome| (outcome.as_str(), outcome.shown())).to_vec();
    let routes = Route::ALL.map(|route| (route.as_str(), route.shown())).to_vec();
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = Shown { case, done, points, form, words, outcomes, routes, faults };
    Ok((status, state.page_for("case-answer.html", signed, "/", shown).await?).into_response())
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    Query(Wanted { done }): Query<Wanted>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    signed.must(Ask::Triage)?;
    let case = state.desk.case(reference(&wanted)?, &signed.0, state.clock.now()).await?;
    page(&state, &signed, case, done, None).await
}

pub(super) async fn save(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    form: Result<Form<AnswerForm>, FormRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::Triage)?;
    let reference = reference(&wanted)?;
    let Form(form) = form.map_err(|_| WebError::BadForm)?;
    let now = state.clock.now();
    let (seen, version) = unchanged(&state, &signed, reference, &form.version).await?;
    let action = match form.what.as_str() {
        "look" | "own" => {
            let words = if form.what == "look" { Words::changed(&form.letter, &form.letter_was) } else { None };
            return look(&state, &signed, seen, form, words, None).await;
        }
        "send" => match form.with.iter().map(|id| id.parse()).collect() {
            Ok(with) => {
                let words = Words::changed(&form.letter, &form.letter_was);
                Ok(DeskAction::Answer { given: Given::by_letter(words, with) })
            }
            Err(_) => return Err(WebError::BadForm),
        },
        "take" => form
            .from
            .parse()
            .map(|from| DeskAction::TakePoints { from })
            .map_err(|_| vec![FieldFault::new("text", "Choose a case of the joint complaint")]),
        "record" => match form.how.trim() {
            "" => Err(vec![FieldFault::new("how", "Enter how they got the answer, and when")]),
            how => Ok(DeskAction::Answer { given: Given::Otherwise(how.to_owned()) }),
        },
        _ => points(&form).map(|points| DeskAction::SetPoints(Box::new(points))),
    };
    let unchanged = matches!(&action, Ok(DeskAction::SetPoints(points)) if **points == seen.answer.points);
    let faults = match action {
        Err(faults) => faults,
        // More room for a point is no change of the case.
        Ok(_) if unchanged => return Ok(done(&form.what, reference)),
        Ok(action) => match state.desk.act(reference, &signed.0, version, action, now).await {
            Ok(_) => return Ok(done(&form.what, reference)),
            Err(DeskError::Changed) => return Err(changed(&state.desk.peek(reference, &signed.0, now).await?)),
            Err(DeskError::Refused(text)) => {
                let words = Words::changed(&form.letter, &form.letter_was).filter(|_| form.what == "send");
                if words.is_some() {
                    return look(&state, &signed, seen, form, words, Some(text)).await;
                }
                let field = match form.what.as_str() {
                    "record" => "how",
                    "send" => "send",
                    _ => "text",
                };
                vec![FieldFault { field, text }]
            }
            Err(error) => return Err(error.into()),
        },
    };
    let case = state.desk.case(reference, &signed.0, now).await?;
    page(&state, &signed, case, None, Some((form, faults))).await
}

/// The page with the letter in the officer's own words, or what is wrong with them; or why it was `refused` with them.
async fn look(
    state: &WebState,
    signed: &Signed,
    mut case: CaseView,
    mut form: AnswerForm,
    words: Option<String>,
    refused: Option<String>,
) -> Result<Response, WebError> {
    let seen = look_at(state, signed, reference(&case.reference)?, About::Answer, words).await?;
    let mut faults: Vec<FieldFault> =
        seen.wrong_words.map(|text| FieldFault { field: "letter", text }).into_iter().collect();
    faults.extend(seen.no_letter.or(seen.refused).map(|text| FieldFault { field: "text", text }));
    // The words are right, and something else is not.
    if faults.is_empty() {
        faults.extend(refused.map(|text| FieldFault { field: "send", text }));
    }
    if seen.letter.is_some() {
        (form.letter, form.letter_was) = (seen.words.typed, seen.words.own);
        case.answer.letter = seen.letter;
    }
    // Everything else in the form is as it is saved.
    let known = &case.answer.points;
    form.others = if known.others { "yes" } else { "" }.to_owned();
    form.with_independent = if known.with_independent { "yes" } else { "" }.to_owned();
    (form.wanted, form.opening) = (known.wanted.clone(), known.opening.clone());
    page(state, signed, case, None, Some((form, faults))).await
}

fn done(what: &str, reference: crate::ids::CaseReference) -> Response {
    let place = match what {
        "send" | "record" => format!("/cases/{reference}?done=answer"),
        what => format!("/cases/{reference}/answer?done={}", if what == "more" { "more" } else { "save" }),
    };
    Redirect::to(&place).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(rows: &[[&str; 4]]) -> AnswerForm {
        let column = |n: usize| rows.iter().map(|row| row[n].to_owned()).collect::<Vec<_>>();
        AnswerForm {
            text: column(0),
            outcome: column(1),
            reasons: column(2),
            evidence: column(3),
            ..AnswerForm::default()
        }
    }

    #[test]
    fn a_point_may_wait_for_its_finding_and_an_empty_one_is_none() {
        let found =
            points(&form(&[["Nobody rings.", "", "", ""], ["", "", "", ""], ["Late.", "upheld", " Yes.\r\nSo. ", ""]]))
                .unwrap();
        assert_eq!(found.points.len(), 2);
        assert_eq!(found.points[0].finding, None);
        assert_eq!(found.points[1].finding.as_ref().unwrap().reasons, "Yes.\nSo.");
    }

    #[test]
    fn reasons_want_a_point_and_an_outcome() {
        let texts = |rows: &[[&str; 4]]| -> Vec<String> {
            points(&form(rows)).unwrap_err().into_iter().map(|fault| fault.text).collect()
        };
        assert_eq!(texts(&[["", "upheld", "x", ""]]), ["Point 1: enter what they complain of"]);
        assert_eq!(texts(&[["Late.", "maybe", "x", ""]]), ["Point 1: select what was found"]);
        assert_eq!(texts(&[[&"x".repeat(301), "", "", ""]]).len(), 1);
    }
}
