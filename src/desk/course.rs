//! How far a complaint has come, as its pages show it, and the steps that officers take.

use chrono::{DateTime, Utc};
use letterpress::Print;

use super::{Answer, sentence, shown_letter};
use crate::{
    casework::{self, CaseworkError, Office},
    clock::{london_date, long_date},
    ids::{CaseReference, Uuid},
    labelling::labels::{Act, Procedure, Suggestion},
    procedure::{
        case::CaseFile,
        course::{Action, Origin},
        decide::{Command, Refusal, Setting, decide, may_step},
        due_dates::is_late,
        event::{Format, Freeze, Nature, Route, StepKind, Taken, Tells},
        state::State,
    },
    store::{Store, Tx, cases},
    web::{
        desk::{About, DeskError, StepLetter},
        views::{ActionView, Barred, CourseView, EarlierAnswer, StepOffer},
    },
};

/// From this probability on an officer is asked whether a child wrote it.
const PERHAPS_A_CHILD: f64 = 0.5;

/// What the pages show of it to `officer`.
pub(super) async fn view(
    office: &Office,
    tx: &mut Tx,
    officer: Uuid,
    case: &CaseFile,
    now: DateTime<Utc>,
) -> Answer<CourseView> {
    let actor = casework::actor(tx, Some(officer)).await?;
    let course = &case.course;
    let steps = StepKind::ALL.into_iter().filter(|kind| may_step(case, *kind, actor, office.options).is_ok());
    Ok(CourseView {
        print: casework::print_wanted(case).and_then(|print| match print {
            Print::Normal => None,
            Print::Large => Some("large print"),
            Print::EasyRead => Some("the easy-read layout"),
        }),
        state: State::of(case).shown(),
        stage: course.stage.number(),
        steps: steps
            .map(|kind| StepOffer { word: kind.as_str(), title: kind.to_do(), tells: kind.tells() == Tells::Always })
            .collect(),
        people: course.people.iter().map(|(post, one)| (post.as_str(), post.shown(), one.name.clone())).collect(),
        actions: (1..).zip(&course.actions).map(|(number, action)| shown(number, action)).collect(),
        earlier: course
            .answers
            .iter()
            .filter(|answer| answer.stage < course.stage)
            .map(|answer| EarlierAnswer {
                stage: answer.stage.number(),
                at: answer.at,
                outcome: answer.outcome,
                points: answer.points.clone(),
            })
            .collect(),
        notes: notes(case),
        prompts: prompts(case, now),
        barred: barred(case, &office.setting(&office.calendar(), actor, now)),
    })
}

/// What the rules refuse now, whatever is entered. Asked of them, so that pages and rules cannot differ.
fn barred(case: &CaseFile, setting: &Setting<'_>) -> Barred {
    let why = |command: &Command| decide(case, command, setting).err().map(|why| sentence(&why.to_string()));
    let other = if case.nature.act == Act::Complaint { Act::Concern } else { Act::Complaint };
    let procedure = if case.is_childs_own() { Procedure::Statutory } else { case.nature.procedure };
    Barred {
        kind: why(&Command::Reclassify(Nature { act: other, procedure, ..case.nature })),
        dismiss: why(&Command::Dismiss { act: Act::Enquiry, reason: "asked".to_owned() }),
        merge: case.was_told_outcome().then(|| sentence(&Refusal::AnsweredNotMerged.to_string())),
    }
}

fn shown(number: u32, action: &Action) -> ActionView {
    ActionView {
        number,
        text: action.text.clone(),
        from: match action.origin {
            Origin::Promised => "Promised",
            Origin::Panel => "Recommended by the panel",
            Origin::Ombudsman => "Wanted by the Ombudsman",
        },
        taken: match action.taken {
            None => "",
            Some(Taken::Accepted) => "Accepted",
            Some(Taken::Partly) => "Accepted in part",
            Some(Taken::Rejected) => "Not accepted",
        },
        recommended: action.origin == Origin::Panel,
        open: action.is_open(),
        owner: action.owner.clone(),
        due: action.due,
        done_on: action.done.as_ref().map(|(day, _)| *day),
    }
}

/// What whoever writes to the family must know.
fn notes(case: &CaseFile) -> Vec<String> {
    let course = &case.course;
    let mut notes = Vec::new();
    match course.needs.format {
        Format::Normal => {}
        Format::LargePrint => notes.push("They want letters in large print.".to_owned()),
        Format::EasyRead => notes.push("They want letters in easy words.".to_owned()),
    }
    if !course.needs.language.is_empty() {
        notes.push(format!("Their language: {}.", course.needs.language.trim_end_matches('.')));
    }
    notes.extend(Some(sentence(&course.needs.other)).filter(|other| !other.is_empty()));
    match course.complaining {
        Some(one) if !one.may_receive_child_data => {
            notes.push("They may not be told what is in the child’s records.".to_owned());
        }
        _ => {}
    }
    if let Some(one) = &course.restriction {
        notes.push(format!(
            "Contact is restricted until {}: {} Messages are still read.",
            long_date(one.until),
            sentence(&one.what)
        ));
    }
    if let Some(held) = course.held.as_ref().filter(|held| matches!(held.state, Freeze::Granted | Freeze::Requested)) {
        let is = if held.state == Freeze::Granted { "is held" } else { "is to be held, they ask" };
        notes.push(format!("A disputed decision {is}: {}", sentence(&held.decision)));
    }
    if let Some(one) = course.ombudsman.as_ref().filter(|one| one.decided.is_none()) {
        notes.push(format!("The Ombudsman has it since {}, as {}.", long_date(one.on), one.reference));
    }
    notes
}

/// What a person should look at. Nothing of it happens by itself.
fn prompts(case: &CaseFile, now: DateTime<Utc>) -> Vec<String> {
    let (course, state) = (&case.course, State::of(case));
    let mut prompts = Vec::new();
    let speaks = course.complaining.is_some_and(|one| one.capacity.speaks_for_another());
    if speaks && course.authority_given_on.is_none() {
        prompts.push("They speak for somebody else, and no authority is recorded. Time runs on.".to_owned());
    }
    let decided = matches!(case.nature.procedure, Procedure::Statutory | Procedure::Corporate);
    if state == State::Stage1 && decided && course.route_told.is_some_and(|told| told != case.nature.procedure) {
        prompts.push(
            "They were told of the other procedure: tell them of the change, with the dates. The original day counts."
                .to_owned(),
        );
    }
    let other_ways = case.points.routes().iter().any(|route| *route != Route::Whole);
    if matches!(state, State::Stage1 | State::AdvocateWanted)
        && other_ways
        && course.routes_told != case.points.routes()
    {
        prompts.push(
            "Some points go another way than the whole: tell the family which procedure each follows.".to_owned(),
        );
    }
    if case.is_childs_own() && course.advocate_offered_on.is_none() {
        prompts.push("This is a child’s own complaint: take it first, and offer the child an advocate.".to_owned());
    } else if case.is_childs_own() {
        prompts.push("This is a child’s own complaint: take it first.".to_owned());
    }
    if let Some(happened) = course.taken_late
        && is_late(london_date(case.received_at), happened, None)
        && state == State::Stage1
    {
        prompts.push("It is about something more than 12 months ago, and was taken all the same.".to_owned());
    }
    if let Some(stop) = course.standing_still().filter(|stop| stop.look_on <= london_date(now)) {
        prompts.push(format!("It stands still since {}: look whether it can go on.", long_date(stop.from)));
    }
    prompts
}

/// That a child may have written it, by the machine's guess: an officer says so, and then it comes first.
pub(super) fn perhaps_a_child(case: &CaseFile, suggestion: Option<&Suggestion>) -> Option<String> {
    let said = case.course.complaining.is_some() || case.course.child_since.is_some();
    let guessed = suggestion.is_some_and(|one| one.child_author >= PERHAPS_A_CHILD);
    (guessed && !said && case.is_dissatisfaction())
        .then(|| "A child may have written it: say who complains. A child’s own complaint is taken first.".to_owned())
}

/// The letter as it would go out now.
pub(super) async fn letter(
    store: &Store,
    office: &Office,
    (reference, officer): (CaseReference, Uuid),
    (about, words): (About<'_>, Option<&str>),
    now: DateTime<Utc>,
) -> Answer<StepLetter> {
    let mut tx = store.begin_read().await?;
    let id = cases::by_reference(&mut tx, &reference.to_string()).await?.ok_or(DeskError::NotFound)?;
    super::independence::may_deal_with(&mut tx, id, officer).await?;
    let row = cases::get(&mut tx, id).await?.ok_or(DeskError::NotFound)?;
    let history = cases::history(&mut tx, id).await?;
    let case = CaseFile::fold(&history).ok_or(DeskError::NotFound)?;
    let letter = match about {
        About::Answer => casework::answer_letter(office, &mut tx, &row, &case, officer, now).await,
        About::Extension(reason) => casework::extension_letter(office, &mut tx, &row, &history, reason).await,
        About::Step(step) => casework::step_letter(office, &mut tx, &row, officer, step, now).await,
    };
    let (to, letter) = match letter {
        Ok(letter) => letter,
        Err(CaseworkError::Refused(Refusal::NoLetter(why))) => return Ok(StepLetter::NoneGoes(sentence(why))),
        Err(error) => return Err(error.into()),
    };
    let own = casework::write(office, &letter, None)?;
    let (english, fault) = match casework::write(office, &letter, words) {
        Ok(english) => (english, None),
        Err(CaseworkError::Refused(why @ Refusal::Words(_))) => (own.clone(), Some(sentence(&why.to_string()))),
        Err(error) => return Err(error.into()),
    };
    let letter = shown_letter(&to, casework::for_reader(office, &mut tx, (id, &to), &letter, english).await?);
    Ok(StepLetter::Goes { letter, own: own.text, fault })
}
